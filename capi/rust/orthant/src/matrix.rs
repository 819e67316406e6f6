//! The data of a job, by reference.
use crate::element::Functions;
use crate::{sys, Error, Result};
use core::marker::PhantomData;

/// `f32` or `f64`.
pub trait Element: private::Build + Default + PartialEq + 'static {}
impl Element for f32 {}
impl Element for f64 {}

mod private {
    use super::*;
    pub trait Build: Functions {
        fn build(parts: Parts<Self>) -> Self::Matrix;
    }
    #[derive(Clone, Copy)]
    pub struct Parts<T> {
        pub kind: i32,
        pub rows: i32,
        pub cols: i32,
        pub ld: i32,
        pub values: *const T,
        pub starts: *const i32,
        pub indices: *const i32,
        pub weights: *const T,
    }
    macro_rules! build {
        ($T:ty, $M:ident) => {
            impl Build for $T {
                fn build(p: Parts<Self>) -> Self::Matrix {
                    sys::$M {
                        kind: p.kind,
                        rows: p.rows,
                        cols: p.cols,
                        ld: p.ld,
                        values: p.values,
                        starts: p.starts,
                        indices: p.indices,
                        weights: p.weights,
                        ld_weights: if p.weights.is_null() { 0 } else { p.ld },
                        ..Default::default()
                    }
                }
            }
        };
    }
    build!(f32, orthant_matrix_f32);
    build!(f64, orthant_matrix_f64);
}
use private::Parts;

/// A matrix in place: dense by columns, sparse, or with missing entries.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T: Element> {
    pub(crate) abi: T::Matrix,
    rows: usize,
    cols: usize,
    borrowed: PhantomData<&'a [T]>,
}

pub(crate) fn int(n: usize) -> Result<i32> {
    i32::try_from(n).map_err(|_| Error::Argument)
}

/// A slice holds `cols` columns of `rows` numbers, each `ld` after the one before.
pub(crate) fn holds(length: usize, rows: usize, cols: usize, ld: usize) -> Result<()> {
    let needed = cols.checked_sub(1).and_then(|n| n.checked_mul(ld)).and_then(|n| n.checked_add(rows));
    match needed {
        Some(n) if n <= length && ld >= rows && rows > 0 => Ok(()),
        _ => Err(Error::Argument),
    }
}

impl<'a, T: Element> Matrix<'a, T> {
    fn of(rows: usize, cols: usize, parts: Parts<T>) -> Self {
        Matrix { abi: T::build(parts), rows, cols, borrowed: PhantomData }
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    /// Why a call refuses it, in words that name the first bad entry; empty where nothing is wrong.  `what`: a sum of
    /// `sys::ORTHANT_DATA_...`, what the call asks of it besides finite numbers.
    #[cfg(feature = "std")]
    pub fn problem(&self, what: i32) -> std::string::String {
        // SAFETY: the slices are borrowed for as long as the matrix lives, and the room is the text's.
        crate::words(|text, room| unsafe { T::matrix_problem(&self.abi, what, text, room) })
    }

    /// Columns without gaps between them; the slice has just `rows * cols` numbers.
    pub fn dense(values: &'a [T], rows: usize, cols: usize) -> Result<Self> {
        if rows.checked_mul(cols) != Some(values.len()) {
            return Err(Error::Argument);
        }
        Self::strided(values, rows, cols, rows)
    }

    /// Column `j` begins at `values[ld * j]`.
    pub fn strided(values: &'a [T], rows: usize, cols: usize, ld: usize) -> Result<Self> {
        holds(values.len(), rows, cols, ld)?;
        let null = core::ptr::null();
        Ok(Self::of(rows, cols, Parts {
            kind: sys::ORTHANT_DENSE, rows: int(rows)?, cols: int(cols)?, ld: int(ld)?, values: values.as_ptr(),
            starts: core::ptr::null(), indices: core::ptr::null(), weights: null,
        }))
    }

    /// Dense, where NaN is a missing entry and weights in [0, 1], if given, are as many as values.
    pub fn masked(values: &'a [T], weights: Option<&'a [T]>, rows: usize, cols: usize) -> Result<Self> {
        if rows.checked_mul(cols) != Some(values.len()) || weights.map_or(false, |w| w.len() != values.len()) {
            return Err(Error::Argument);
        }
        holds(values.len(), rows, cols, rows)?;
        Ok(Self::of(rows, cols, Parts {
            kind: sys::ORTHANT_MASKED, rows: int(rows)?, cols: int(cols)?, ld: int(rows)?, values: values.as_ptr(),
            starts: core::ptr::null(), indices: core::ptr::null(),
            weights: weights.map_or(core::ptr::null(), |w| w.as_ptr()),
        }))
    }

    /// Sparse by columns: column `j` has `values[t]` at row `indices[t]` for `starts[j] <= t < starts[j + 1]`.
    pub fn csc(values: &'a [T], starts: &'a [i32], indices: &'a [i32], rows: usize, cols: usize) -> Result<Self> {
        Self::sparse(sys::ORTHANT_CSC, values, starts, indices, rows, cols, cols)
    }

    /// Sparse by rows.
    pub fn csr(values: &'a [T], starts: &'a [i32], indices: &'a [i32], rows: usize, cols: usize) -> Result<Self> {
        Self::sparse(sys::ORTHANT_CSR, values, starts, indices, rows, cols, rows)
    }

    fn sparse(kind: i32, values: &'a [T], starts: &'a [i32], indices: &'a [i32], rows: usize, cols: usize,
              majors: usize) -> Result<Self> {
        // The library checks that starts ascend and that indices are inside; here, that both are as long as they say.
        let entries = starts.last().map_or(Err(Error::Argument), |&n| usize::try_from(n).map_err(|_| Error::Argument))?;
        if starts.len() - 1 != majors || values.len() < entries || indices.len() < entries {
            return Err(Error::Argument);
        }
        Ok(Self::of(rows, cols, Parts {
            kind, rows: int(rows)?, cols: int(cols)?, ld: 0, values: values.as_ptr(), starts: starts.as_ptr(),
            indices: indices.as_ptr(), weights: core::ptr::null(),
        }))
    }
}
