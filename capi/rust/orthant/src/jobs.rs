//! The nouns: each asks for bytes, is placed in a buffer, and works.
use crate::matrix::{int, Element, Matrix};
use crate::model::Model;
use crate::{check, config::*, sys, Error, Report, Result};
use core::marker::PhantomData;
use sys::c_void;

/// A slice is just a matrix without gaps.
fn exact<T>(slice: &[T], rows: i32, cols: i32) -> Result<()> {
    let wanted = (rows.max(0) as usize).checked_mul(cols.max(0) as usize);
    if wanted == Some(slice.len()) { Ok(()) } else { Err(Error::Argument) }
}

fn fresh() -> sys::orthant_report {
    sys::orthant_report::default()
}

/// Calls a closure of the user between iterations.  A panic must not pass through C: it aborts.
unsafe extern "C" fn progress<F: FnMut(&Report) -> bool>(user: *mut c_void, report: *const sys::orthant_report) -> i32 {
    struct Abort;
    impl Drop for Abort {
        fn drop(&mut self) {
            panic!("a progress function panicked"); // the second panic of an unwinding thread aborts
        }
    }
    let abort = Abort;
    let stop = (*user.cast::<F>())(&Report::new(&*report));
    core::mem::forget(abort);
    i32::from(stop)
}

/// A job with one config, two or one factors, `start` and `run`.
macro_rules! job {
    ($(#[$doc:meta])* $Job:ident, $Config:ident, $size:ident, $init:ident, $start:ident, $run:ident,
     $X:ident($rows:ident, $cols:ident), $($F:ident($frows:ident, $fcols:ident)),*) => {
        $(#[$doc])*
        pub struct $Job<'m, T: Element> {
            handle: *mut c_void,
            config: $Config,
            borrowed: PhantomData<(&'m mut [u8], T)>,
        }

        impl<'m, T: Element> $Job<'m, T> {
            /// Bytes of workspace.
            pub fn bytes(config: &$Config) -> Result<usize> {
                let mut bytes = 0;
                // SAFETY: both are valid for the call.
                check(unsafe { T::$size(&config.raw(&mut Default::default()), &mut bytes) })?;
                Ok(bytes)
            }

            /// Place a job in a buffer of at least `bytes`, at any address.
            pub fn new(config: &$Config, memory: &'m mut [u8]) -> Result<Self> {
                Self::place(config, &config.raw(&mut Default::default()), memory)
            }

            /// The same with a closure that is called between iterations; true stops.
            pub fn with_progress<F: FnMut(&Report) -> bool>(config: &$Config, memory: &'m mut [u8], f: &'m mut F)
                                                            -> Result<Self> {
                let mut threads = Default::default();
                let mut raw = config.raw(&mut threads);
                raw.progress = Some(progress::<F>);
                raw.user = (f as *mut F).cast();
                Self::place(config, &raw, memory)
            }

            fn place(config: &$Config, raw: &sys_config!($Config), memory: &'m mut [u8]) -> Result<Self> {
                let mut handle = core::ptr::null_mut();
                // SAFETY: the buffer is exclusively borrowed for as long as the job lives.
                check(unsafe { T::$init(raw, memory.as_mut_ptr().cast(), memory.len(), &mut handle) })?;
                Ok($Job { handle, config: *config, borrowed: PhantomData })
            }

            #[allow(non_snake_case)]
            fn fits(&self, $X: &Matrix<T>, $($F: &[T]),*) -> Result<()> {
                let (rows, cols) = $X.shape();
                if (int(rows)?, int(cols)?) != (self.config.$rows, self.config.$cols) {
                    return Err(Error::Argument);
                }
                $(exact($F, self.config.$frows, self.config.$fcols)?;)*
                Ok(())
            }

            /// Make the starting point, and check the data.
            #[allow(non_snake_case)]
            pub fn start(&mut self, $X: &Matrix<T>, $($F: &mut [T]),*) -> Result<()> {
                self.fits($X, $($F),*)?;
                // SAFETY: the shapes were checked, and the borrows keep the arrays apart.
                check(unsafe { T::$start(self.handle, &$X.abi, $($F.as_mut_ptr(), self.config.$frows),*) })
            }

            /// Iterate; call again to go on.
            #[allow(non_snake_case)]
            pub fn run(&mut self, $X: &Matrix<T>, $($F: &mut [T]),*) -> Result<Report> {
                self.fits($X, $($F),*)?;
                let mut report = fresh();
                // SAFETY: as for start.
                check(unsafe { T::$run(self.handle, &$X.abi, $($F.as_mut_ptr(), self.config.$frows,)* &mut report) })?;
                Ok(Report::new(&report))
            }
        }
    };
}
macro_rules! sys_config {
    (NmfConfig) => { sys::orthant_nmf_config };
    (ReluNmdConfig) => { sys::orthant_relu_nmd_config };
    (SymnmfConfig) => { sys::orthant_symnmf_config };
    (SymnetConfig) => { sys::orthant_symnet_config };
}

job! {
    /// `V ~ W H`, all nonnegative: `V` rows x cols, `W` rows x rank, `H` rank x cols.
    Nmf, NmfConfig, nmf_size, nmf_init, nmf_start, nmf_run, V(rows, cols), W(rows, rank), H(rank, cols)
}
job! {
    /// `M ~ max(0, U V)`, `U` and `V` of any sign: `U` rows x rank, `V` rank x cols.
    ReluNmd, ReluNmdConfig, relu_nmd_size, relu_nmd_init, relu_nmd_start, relu_nmd_run, M(rows, cols), U(rows, rank),
    V(rank, cols)
}
job! {
    /// `X ~ U U'`, nonnegative: `X` n x n and symmetric, `U` n x rank.
    SymNmf, SymnmfConfig, symnmf_size, symnmf_init, symnmf_start, symnmf_run, X(n, n), U(n, rank)
}
job! {
    /// The same by training the unrolled net on `X`.
    SymNet, SymnetConfig, symnet_size, symnet_init, symnet_start, symnet_run, X(n, n), U(n, rank)
}

/// Abundances of many pixels for fixed endmembers `E` (bands x endmembers), which are read in place by every run.
pub struct Unmix<'m, T: Element> {
    handle: *mut c_void,
    config: UnmixConfig,
    borrowed: PhantomData<(&'m mut [u8], &'m [T])>,
}

impl<'m, T: Element> Unmix<'m, T> {
    /// Bytes of workspace; they do not grow with the pixels.
    pub fn bytes(config: &UnmixConfig) -> Result<usize> {
        Self::size(&config.raw(&mut Default::default()))
    }

    /// The same for an unmixing with a model.
    pub fn bytes_with_model(config: &UnmixConfig, model: Model<'_>) -> Result<usize> {
        Self::size(&sys::orthant_unmix_config { model: model.handle, ..config.raw(&mut Default::default()) })
    }

    fn size(raw: &sys::orthant_unmix_config) -> Result<usize> {
        let mut bytes = 0;
        // SAFETY: both are valid for the call.
        check(unsafe { T::unmix_size(raw, &mut bytes) })?;
        Ok(bytes)
    }

    /// Place it in a buffer.
    pub fn new(config: &UnmixConfig, endmembers: &'m [T], memory: &'m mut [u8]) -> Result<Self> {
        Self::place(config, &config.raw(&mut Default::default()), endmembers, memory)
    }

    /// The same with a model that proposes starting points.
    pub fn with_model(config: &UnmixConfig, endmembers: &'m [T], model: Model<'m>, memory: &'m mut [u8])
                      -> Result<Self> {
        let mut threads = Default::default();
        let raw = sys::orthant_unmix_config { model: model.handle, ..config.raw(&mut threads) };
        Self::place(config, &raw, endmembers, memory)
    }

    fn place(config: &UnmixConfig, raw: &sys::orthant_unmix_config, e: &'m [T], memory: &'m mut [u8]) -> Result<Self> {
        exact(e, config.bands, config.endmembers)?;
        let mut handle = core::ptr::null_mut();
        // SAFETY: buffer, endmembers and model are borrowed for as long as the job lives.
        check(unsafe {
            T::unmix_init(raw, e.as_ptr(), config.bands, memory.as_mut_ptr().cast(), memory.len(), &mut handle)
        })?;
        Ok(Unmix { handle, config: *config, borrowed: PhantomData })
    }

    /// `A` (endmembers x pixels) of the pixels `Y` (bands x pixels).  A pixel with NaN or infinite entries has the
    /// abundances NaN; `Error::Data` only where all have.
    pub fn run(&mut self, pixels: &Matrix<T>, abundances: &mut [T]) -> Result<Report> {
        let (bands, count) = pixels.shape();
        exact(abundances, self.config.endmembers, int(count)?)?;
        if int(bands)? != self.config.bands {
            return Err(Error::Argument);
        }
        let mut report = fresh();
        // SAFETY: the shapes were checked, and the borrows keep the arrays apart.
        let done = check(unsafe {
            T::unmix_run(self.handle, &pixels.abi, abundances.as_mut_ptr(), self.config.endmembers, &mut report)
        });
        #[allow(clippy::eq_op)]
        if done != Err(Error::Data) || abundances.iter().all(|a| a != a) {
            done?;
        }
        Ok(Report::new(&report))
    }
}

/// Spectra at the corners of the pixels of an image.
pub struct Endmembers<'m, T: Element> {
    handle: *mut c_void,
    config: EndmembersConfig,
    borrowed: PhantomData<(&'m mut [u8], T)>,
}

impl<'m, T: Element> Endmembers<'m, T> {
    /// Bytes of workspace.
    pub fn bytes(config: &EndmembersConfig) -> Result<usize> {
        let mut bytes = 0;
        // SAFETY: both are valid for the call.
        check(unsafe { T::endmembers_size(&config.raw(&mut Default::default()), &mut bytes) })?;
        Ok(bytes)
    }

    /// Place it in a buffer.
    pub fn new(config: &EndmembersConfig, memory: &'m mut [u8]) -> Result<Self> {
        let mut handle = core::ptr::null_mut();
        // SAFETY: the buffer is exclusively borrowed for as long as the job lives.
        let mut threads = Default::default();
        let raw = config.raw(&mut threads);
        check(unsafe { T::endmembers_init(&raw, memory.as_mut_ptr().cast(), memory.len(), &mut handle) })?;
        Ok(Endmembers { handle, config: *config, borrowed: PhantomData })
    }

    /// `E` (bands x endmembers) and the indices of the chosen pixels of `Y` (bands x pixels).
    pub fn run(&mut self, pixels: &Matrix<T>, spectra: &mut [T], chosen: &mut [i32]) -> Result<()> {
        let (bands, count) = pixels.shape();
        exact(spectra, self.config.bands, self.config.endmembers)?;
        exact(chosen, self.config.endmembers, 1)?;
        if (int(bands)?, int(count)?) != (self.config.bands, self.config.pixels) {
            return Err(Error::Argument);
        }
        // SAFETY: the shapes were checked; null directions are drawn from the seed.
        check(unsafe {
            T::endmembers_run(self.handle, &pixels.abi, core::ptr::null(), 0, spectra.as_mut_ptr(), self.config.bands,
                              chosen.as_mut_ptr())
        })
    }
}
