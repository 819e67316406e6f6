//! Nonnegative matrix factorization and hyperspectral unmixing in memory that you own.
//!
//! A job asks for bytes, is given a buffer, and works in it; nothing allocates, and the crate is `no_std`.  Matrices
//! are column-major slices.  What each call means, its shapes and costs stand in `orthant.h`, of which [`sys`] has every
//! function and constant with its comment.
//!
//! ```
//! use orthant::{Matrix, Nmf, NmfConfig};
//! let v: Vec<f32> = (0..60 * 80).map(|i| (i * 7919 % 101) as f32).collect();
//! let config = NmfConfig { rows: 60, cols: 80, rank: 4, ..Default::default() };
//! let mut memory = vec![0; Nmf::<f32>::bytes(&config)?];
//! let (mut w, mut h) = (vec![0.0; 60 * 4], vec![0.0; 4 * 80]);
//!
//! let data = Matrix::dense(&v, 60, 80)?;
//! let mut nmf = Nmf::new(&config, &mut memory)?;
//! nmf.start(&data, &mut w, &mut h)?;
//! let report = nmf.run(&data, &mut w, &mut h)?;
//! assert!(report.rel_error < 0.3);
//! # Ok::<(), orthant::Error>(())
//! ```
//!
//! A job cannot outlive its buffer:
//!
//! ```compile_fail,E0597
//! use orthant::{Nmf, NmfConfig};
//! let config = NmfConfig { rows: 6, cols: 8, rank: 2, ..Default::default() };
//! let nmf = {
//!     let mut memory = vec![0; Nmf::<f32>::bytes(&config).unwrap()];
//!     Nmf::<f32>::new(&config, &mut memory).unwrap()
//! };
//! drop(nmf);
//! ```
//!
//! nor can the buffer be touched, or given to another, while the job works:
//!
//! ```compile_fail,E0499
//! use orthant::{Nmf, NmfConfig};
//! let config = NmfConfig { rows: 6, cols: 8, rank: 2, ..Default::default() };
//! let mut memory = vec![0; Nmf::<f32>::bytes(&config).unwrap()];
//! let first = Nmf::<f32>::new(&config, &mut memory).unwrap();
//! let second = Nmf::<f32>::new(&config, &mut memory).unwrap();
//! drop(first);
//! ```
//!
//! A model cannot outlive its blob, and an unmixing neither its model nor its endmembers:
//!
//! ```compile_fail,E0505
//! # let blob = vec![0u8; 64];
//! let model = orthant::Model::open(&blob).unwrap();
//! drop(blob);
//! model.kind();
//! ```
//!
//! ```compile_fail,E0597
//! use orthant::{Model, Unmix, UnmixConfig};
//! # let (config, e, mut memory) = (UnmixConfig::default(), vec![0f32; 12], vec![0u8; 1 << 20]);
//! let unmix = {
//!     let blob = vec![0u8; 4096];
//!     Unmix::with_model(&config, &e, Model::open(&blob).unwrap(), &mut memory).unwrap()
//! };
//! drop(unmix);
//! ```
//!
//! ```compile_fail,E0506
//! use orthant::{Unmix, UnmixConfig};
//! # let (config, mut memory) = (UnmixConfig::default(), vec![0u8; 1 << 20]);
//! let mut e = [0f32; 12];
//! let unmix = Unmix::new(&config, &e, &mut memory).unwrap();
//! e[0] = 1.0;
//! drop(unmix);
//! ```
//!
//! What is written cannot overlap what is read, and element types do not mix:
//!
//! ```compile_fail,E0502
//! fn wrong(nmf: &mut orthant::Nmf<f32>, v: &mut [f32], h: &mut [f32]) {
//!     let data = orthant::Matrix::dense(v, 6, 8).unwrap();
//!     nmf.start(&data, &mut v[..12], h).unwrap();
//! }
//! ```
//!
//! ```compile_fail,E0308
//! fn wrong(nmf: &mut orthant::Nmf<f32>, v: &[f64], w: &mut [f32], h: &mut [f32]) {
//!     nmf.start(&orthant::Matrix::dense(v, 6, 8).unwrap(), w, h).unwrap();
//! }
//! ```
#![no_std]
#![deny(missing_docs)]
#[cfg(feature = "std")]
extern crate std;

pub use orthant_sys as sys;

mod config;
mod element;
mod jobs;
mod matrix;
mod model;
mod threads;

pub use config::*;
pub use jobs::{Endmembers, Nmf, ReluNmd, SymNet, SymNmf, Unmix};
pub use matrix::{Element, Matrix};
pub use model::Model;

use core::fmt;

/// Why a call was refused; a refused call changes nothing.  Which field it is about, or which entry, says `problem` of
/// the config, of which each has one, and of [`Matrix`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Out of range, a slice of the wrong length, or sizes that overflow.
    Argument,
    /// The buffer is smaller than `bytes` said.
    Scratch,
    /// NaN, infinite, or negative where that is forbidden.
    Data,
    /// Weights malformed, misaligned, or of another kind than is needed.
    Blob,
    /// A valid request that this method or this build does not support.
    Unsupported,
    /// A status that this crate does not know.
    Other(i32),
}

impl Error {
    /// The code in `orthant.h`.
    pub fn status(self) -> i32 {
        match self {
            Error::Argument => sys::ORTHANT_E_ARG,
            Error::Scratch => sys::ORTHANT_E_SCRATCH,
            Error::Data => sys::ORTHANT_E_DATA,
            Error::Blob => sys::ORTHANT_E_BLOB,
            Error::Unsupported => sys::ORTHANT_E_UNSUPPORTED,
            Error::Other(status) => status,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: any status has a static text.
        f.write_str(unsafe { text(sys::orthant_status_text(self.status())) }.unwrap_or("unknown status"))
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Error {}

/// What every call returns.
pub type Result<T> = core::result::Result<T, Error>;

fn check(status: i32) -> Result<()> {
    match status {
        sys::ORTHANT_OK => Ok(()),
        sys::ORTHANT_E_ARG => Err(Error::Argument),
        sys::ORTHANT_E_SCRATCH => Err(Error::Scratch),
        sys::ORTHANT_E_DATA => Err(Error::Data),
        sys::ORTHANT_E_BLOB => Err(Error::Blob),
        sys::ORTHANT_E_UNSUPPORTED => Err(Error::Unsupported),
        other => Err(Error::Other(other)),
    }
}

/// A string of the library or of a blob.
///
/// # Safety
/// `at` is null or a string that ends with a zero and lives for `'a`.
unsafe fn text<'a>(at: *const sys::c_char) -> Option<&'a str> {
    if at.is_null() {
        return None;
    }
    let mut length = 0;
    while *at.add(length) != 0 {
        length += 1;
    }
    core::str::from_utf8(core::slice::from_raw_parts(at.cast(), length)).ok()
}

/// What a function of the library writes into the room that it is given.
#[cfg(feature = "std")]
pub(crate) fn words(write: impl Fn(*mut sys::c_char, usize) -> usize) -> std::string::String {
    let mut room = std::vec![0u8; write(core::ptr::null_mut(), 0) + 1];
    let length = write(room.as_mut_ptr().cast(), room.len());
    room.truncate(length);
    std::string::String::from_utf8_lossy(&room).into_owned()
}

/// The release of the library that runs.
pub fn version() -> &'static str {
    // SAFETY: a static string.
    unsafe { text(sys::orthant_version()) }.unwrap_or("")
}

/// How it was built: backend and element types.
pub fn build() -> &'static str {
    // SAFETY: a static string.
    unsafe { text(sys::orthant_build()) }.unwrap_or("")
}

/// Why a run ended, and how good the result is: `orthant_report`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// `ORTHANT_STOP_...`
    pub stop: i32,
    /// Iterations.
    pub iters: i32,
    /// Unmixing: the pixel with the largest residual.
    pub worst: i32,
    /// What was minimised.
    pub objective: f64,
    /// Relative to the norm of the data.
    pub rel_error: f64,
    /// Relative KKT residual.
    pub kkt: f64,
    /// Symmetric NMF: distance of the two factors.
    pub gap: f64,
    /// Symmetric NMF: lower bound of the squared `rel_error`.
    pub bound: f64,
}

impl Report {
    fn new(r: &sys::orthant_report) -> Self {
        Report {
            stop: r.stop,
            iters: r.iters,
            worst: r.worst,
            objective: r.objective,
            rel_error: r.rel_error,
            kkt: r.kkt,
            gap: r.gap,
            bound: r.bound,
        }
    }
}
