//! Weight blobs, read in place.
use crate::{check, sys, text, Error, Result};
use core::marker::PhantomData;

/// A checked view of a blob.  The slice must begin at a multiple of the blob's alignment (64).
#[derive(Clone, Copy)]
pub struct Model<'b> {
    pub(crate) handle: *const sys::orthant_model,
    borrowed: PhantomData<&'b [u8]>,
}

// SAFETY: a model is read-only bytes that any number of threads may share.
unsafe impl Send for Model<'_> {}
unsafe impl Sync for Model<'_> {}

impl<'b> Model<'b> {
    /// Check all but the checksum of the data.
    pub fn open(blob: &'b [u8]) -> Result<Self> {
        let mut handle = core::ptr::null();
        // SAFETY: the slice is readable, and lives as long as the model.
        check(unsafe { sys::orthant_model_open(blob.as_ptr().cast(), blob.len(), &mut handle) })?;
        Ok(Model { handle, borrowed: PhantomData })
    }

    /// What is wrong with a blob, or "ok".
    pub fn problem(blob: &[u8]) -> &'static str {
        // SAFETY: the slice is readable; the answer is static.
        unsafe { text(sys::orthant_model_problem(blob.as_ptr().cast(), blob.len())) }.unwrap_or("")
    }

    /// Compare the checksum of the data.
    pub fn verify(&self) -> Result<()> {
        // SAFETY: an open model.
        check(unsafe { sys::orthant_model_verify(self.handle) })
    }

    /// `ORTHANT_MODEL_...`
    pub fn kind(&self) -> i32 {
        // SAFETY: an open model.
        unsafe { sys::orthant_model_kind(self.handle) }
    }

    /// How many arrays it has.
    pub fn records(&self) -> usize {
        // SAFETY: an open model.
        unsafe { sys::orthant_model_records(self.handle) as usize }
    }

    /// Name and number of elements of array `i`.
    pub fn record(&self, i: usize) -> Result<(&'b str, usize)> {
        let mut record = sys::orthant_record::default();
        let i = i32::try_from(i).map_err(|_| Error::Argument)?;
        // SAFETY: an open model; the name lies in the blob.
        check(unsafe { sys::orthant_model_record(self.handle, i, &mut record) })?;
        Ok((unsafe { text(record.name) }.unwrap_or(""), record.count))
    }
}
