// Written by capi/bindings.py from orthant.h; do not edit.
use orthant_sys as sys;

/// What to unmix.  All but `bands` and `endmembers` may stay zero.
///
/// These are the fields of `orthant_unmix_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnmixConfig {
    /// required: rows and columns of E
    pub bands: i32,
    /// required: rows and columns of E
    pub endmembers: i32,
    /// 1: the abundances of each pixel sum to one (FCLS); 0: they are only nonnegative
    pub sum_to_one: i32,
    /// advanced: ORTHANT_UNMIX_...; 0: ACTIVE_SET, which is exact
    pub method: i32,
    /// advanced: inner iterations of a pixel; 0: 30 \* endmembers, if inexact 1000
    pub max_iter: i32,
    /// the kind of Y: ORTHANT_DENSE, ORTHANT_MASKED for pixels that lack bands, or
    /// ORTHANT_STREAM
    pub data: i32,
    /// advanced: an inexact method stops when kkt \<= tol; 0: 1e-6 in f32, 1e-12 in f64;
    /// \< 0: none
    pub tol: f64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl UnmixConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_unmix_config {
        sys::orthant_unmix_config {
            bands: self.bands,
            endmembers: self.endmembers,
            sum_to_one: self.sum_to_one,
            method: self.method,
            max_iter: self.max_iter,
            data: self.data,
            tol: self.tol,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_unmix_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to factor, and how.  All but `rows`, `cols` and `rank` may stay zero: then the loss is Frobenius, and start and
/// method are those that reach a small residual soonest.  "Advanced: NMF" below says for each method
/// which fields it reads.  Others are ignored, but one that would change what is minimised is refused
/// (E_UNSUPPORTED).
///
/// These are the fields of `orthant_nmf_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NmfConfig {
    /// required: V is rows x cols, rank \>= 1; with `reduce` this process's share of V
    pub rows: i32,
    /// required: V is rows x cols, rank \>= 1; with `reduce` this process's share of V
    pub cols: i32,
    /// required: V is rows x cols, rank \>= 1; with `reduce` this process's share of V
    pub rank: i32,
    /// advanced: ORTHANT_NMF_...; 0: chosen by loss and data
    pub method: i32,
    /// advanced: ORTHANT_START_...; 0: chosen by method and data
    pub start: i32,
    /// outer iterations of one run; 0: 500, of MURNMF and AURNMF 1000; \< 0: none,
    /// the report only
    pub max_iter: i32,
    /// advanced: inner steps of a half step; 0: by the method's rule
    pub sweeps: i32,
    /// ORTHANT_LOSS_...; 0: Frobenius
    pub loss: i32,
    /// the kind of V that start and run will be given: ORTHANT_DENSE, ORTHANT_CSC, ...
    pub data: i32,
    /// advanced: ORTHANT_ORTHO_...; 0: COMPONENTS, of MURNMF and AURNMF OBSERVATIONS
    pub ortho_axis: i32,
    /// advanced: 1: steps of length one in AURNMF
    pub full_step: i32,
    /// 1: W stays as given and only H is solved for
    pub fixed_w: i32,
    /// stop when kkt \<= tol; 0: 1e-4; \< 0: none
    pub tol: f64,
    /// stop when the objective falls by less than tol_obj times its first value;
    /// 0, \< 0: none
    pub tol_obj: f64,
    /// advanced: penalty of AOADMM; 0: trace(Gram matrix) / rank
    pub rho: f64,
    /// of ORTHANT_LOSS_BETA
    pub beta: f64,
    /// + l1_w sum(W) + l1_h sum(H); 0: none
    pub l1_w: f64,
    /// + l1_w sum(W) + l1_h sum(H); 0: none
    pub l1_h: f64,
    /// + l2_w/2 \|W\|^2 + l2_h/2 \|H\|^2; 0: none
    pub l2_w: f64,
    /// + l2_w/2 \|W\|^2 + l2_h/2 \|H\|^2; 0: none
    pub l2_h: f64,
    /// + ortho_w times the sum of w_k'w_l over pairs k \< l of columns of W, ortho_h the same
    /// for H along ortho_axis; 0: none
    pub ortho_w: f64,
    /// + ortho_w times the sum of w_k'w_l over pairs k \< l of columns of W, ortho_h the same
    /// for H along ortho_axis; 0: none
    pub ortho_h: f64,
    /// advanced: of MINVOL; 0: 0.1 each; volume \< 0: none
    pub volume: f64,
    /// advanced: of MINVOL; 0: 0.1 each; volume \< 0: none
    pub delta: f64,
    /// advanced: of AURNMF; 0: 0.1 and 0.01; anneal \< 0: none
    pub tau: f64,
    /// advanced: of AURNMF; 0: 0.1 and 0.01; anneal \< 0: none
    pub anneal: f64,
    /// advanced: AURNMF sets entries at or below it to zero; 0: 1e-12; \< 0: none
    pub zero_tol: f64,
    /// advanced: MURNMF and AURNMF stop when no entry changes by more; 0: 1e-9; \< 0: none
    pub min_step: f64,
    /// of the random starts; every value is good
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl NmfConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_nmf_config {
        sys::orthant_nmf_config {
            rows: self.rows,
            cols: self.cols,
            rank: self.rank,
            method: self.method,
            start: self.start,
            max_iter: self.max_iter,
            sweeps: self.sweeps,
            loss: self.loss,
            data: self.data,
            ortho_axis: self.ortho_axis,
            full_step: self.full_step,
            fixed_w: self.fixed_w,
            tol: self.tol,
            tol_obj: self.tol_obj,
            rho: self.rho,
            beta: self.beta,
            l1_w: self.l1_w,
            l1_h: self.l1_h,
            l2_w: self.l2_w,
            l2_h: self.l2_h,
            ortho_w: self.ortho_w,
            ortho_h: self.ortho_h,
            volume: self.volume,
            delta: self.delta,
            tau: self.tau,
            anneal: self.anneal,
            zero_tol: self.zero_tol,
            min_step: self.min_step,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_nmf_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// Which endmembers to look for.
///
/// These are the fields of `orthant_endmembers_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EndmembersConfig {
    /// required; 1 \<= endmembers \<= min(bands, pixels); NFINDR: at least 2
    pub bands: i32,
    /// required; 1 \<= endmembers \<= min(bands, pixels); NFINDR: at least 2
    pub pixels: i32,
    /// required; 1 \<= endmembers \<= min(bands, pixels); NFINDR: at least 2
    pub endmembers: i32,
    /// ORTHANT_ENDMEMBERS_...; 0: VCA
    pub method: i32,
    /// NFINDR: sweeps over the positions; 0: 3 \* endmembers
    pub max_iter: i32,
    /// VCA: ORTHANT_PROJECTION_...; 0: PROJECTIVE where every pixel is bright enough,
    /// else AFFINE
    pub projection: i32,
    /// VCA and NFINDR: how well the subspace is found.  0: until no singular value
    /// changes by more than 1e-4 of the largest: the spectra of VCA, projected on it,
    /// are exact to some 1e-5 of their size, where Y is little but noise to 1e-2;
    /// 1: to rounding, in several times as many steps of two readings of Y, at
    /// most 2000
    pub precise: i32,
    /// VCA: of the directions, where the caller gives none
    pub seed: u64,
    /// VCA: draws of the directions, of which the one with the largest simplex is
    /// kept; 0: 1, as in the paper.  Not read where the caller gives them
    pub draws: i32,
    /// the kind of Y: ORTHANT_DENSE or ORTHANT_STREAM
    pub data: i32,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl EndmembersConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_endmembers_config {
        sys::orthant_endmembers_config {
            bands: self.bands,
            pixels: self.pixels,
            endmembers: self.endmembers,
            method: self.method,
            max_iter: self.max_iter,
            projection: self.projection,
            precise: self.precise,
            seed: self.seed,
            draws: self.draws,
            data: self.data,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_endmembers_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// The sizes of what is compared.
///
/// These are the fields of `orthant_scores_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoresConfig {
    /// required where spectra are given, else 0
    pub bands: i32,
    /// required
    pub endmembers: i32,
    /// required where abundances are given, else 0
    pub pixels: i32,
}
impl ScoresConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self) -> sys::orthant_scores_config {
        sys::orthant_scores_config {
            bands: self.bands,
            endmembers: self.endmembers,
            pixels: self.pixels,
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_scores_config_problem(&self.raw(), text, room)
        })
    }
}

/// How to count.
///
/// These are the fields of `orthant_dimension_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DimensionConfig {
    /// required
    pub bands: i32,
    /// ORTHANT_DIMENSION_...; 0: HYSIME
    pub method: i32,
    /// the probability that a noise eigenvalue is counted, in (0, 0.5); 0: 1e-3
    pub false_alarm: f64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl DimensionConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_dimension_config {
        sys::orthant_dimension_config {
            bands: self.bands,
            method: self.method,
            false_alarm: self.false_alarm,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_dimension_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to apply, and to which sizes.
///
/// These are the fields of `orthant_factormer_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FactormerConfig {
    /// required: V is rows x cols
    pub rows: i32,
    /// required: V is rows x cols
    pub cols: i32,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl FactormerConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_factormer_config {
        sys::orthant_factormer_config {
            rows: self.rows,
            cols: self.cols,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_factormer_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to unmix by.  All but `bands` and `spectra` may stay zero.
///
/// These are the fields of `orthant_library_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LibraryConfig {
    /// required: rows and columns of E; spectra may be more than bands
    pub bands: i32,
    /// required: rows and columns of E; spectra may be more than bands
    pub spectra: i32,
    /// 1: abundances sum to one; l1 then changes nothing
    pub sum_to_one: i32,
    /// steps of the active set of one pixel; 0: 30 min(spectra, bands + 1)
    pub max_iter: i32,
    /// weight of the sum of the abundances, for fewer of them; 0: none
    pub l1: f64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl LibraryConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_library_config {
        sys::orthant_library_config {
            bands: self.bands,
            spectra: self.spectra,
            sum_to_one: self.sum_to_one,
            max_iter: self.max_iter,
            l1: self.l1,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_library_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// Which models to try, and what a model must be.  All but `bands`, `spectra` and `classes` may stay zero.
///
/// These are the fields of `orthant_mesma_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MesmaConfig {
    /// required
    pub bands: i32,
    /// required
    pub spectra: i32,
    /// required
    pub classes: i32,
    /// how many classes a model has; 0: 1 and `classes`
    pub least: i32,
    /// how many classes a model has; 0: 1 and `classes`
    pub most: i32,
    /// 1: fractions sum to one; 0: shade, which reflects nothing, is the rest
    pub sum_to_one: i32,
    /// 1: every spectrum and every pixel is divided by its root mean square
    pub normalize: i32,
    /// fractions lie in \[-slack, 1 + slack\]; 0: 0.05; \< 0: none
    pub slack: f64,
    /// shade is at most this; 0: 0.8; \< 0: none
    pub max_shade: f64,
    /// RMSE is at most this, in the unit of Y; 0: 0.025; \< 0: none
    pub max_rmse: f64,
    /// a model of more classes is taken where its RMSE is less by this; 0: 0.007;
    /// \< 0: none
    pub gain: f64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl MesmaConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_mesma_config {
        sys::orthant_mesma_config {
            bands: self.bands,
            spectra: self.spectra,
            classes: self.classes,
            least: self.least,
            most: self.most,
            sum_to_one: self.sum_to_one,
            normalize: self.normalize,
            slack: self.slack,
            max_shade: self.max_shade,
            max_rmse: self.max_rmse,
            gain: self.gain,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_mesma_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to draw.  All but `bands`, `spectra` and `classes` may stay zero.
///
/// These are the fields of `orthant_bootstrap_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BootstrapConfig {
    /// required
    pub bands: i32,
    /// required
    pub spectra: i32,
    /// required
    pub classes: i32,
    /// spectra of each class in a draw, or all that it has; 0: 1
    pub each: i32,
    /// 0: 50; at least 2
    pub draws: i32,
    /// 1: abundances sum to one
    pub sum_to_one: i32,
    /// of the draws; every value is good
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl BootstrapConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_bootstrap_config {
        sys::orthant_bootstrap_config {
            bands: self.bands,
            spectra: self.spectra,
            classes: self.classes,
            each: self.each,
            draws: self.draws,
            sum_to_one: self.sum_to_one,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_bootstrap_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to factor.  Without a model all multipliers are one: multiplicative updates as they are.
///
/// These are the fields of `orthant_nalmu_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NalmuConfig {
    /// required: Y is bands x pixels
    pub bands: i32,
    /// required: Y is bands x pixels
    pub pixels: i32,
    /// columns of W; 0: the model's; required without a model
    pub endmembers: i32,
    /// how many of the model's; 0: all; required without a model
    pub layers: i32,
    /// ORTHANT_NALMU_...; 0: the model's, without one BOTH
    pub factors: i32,
    /// 1: start from W and H as the caller left them; 0: H starts constant, W from the model's
    /// own start, or as the caller left it where the model has none
    pub given: i32,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl NalmuConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_nalmu_config {
        sys::orthant_nalmu_config {
            bands: self.bands,
            pixels: self.pixels,
            endmembers: self.endmembers,
            layers: self.layers,
            factors: self.factors,
            given: self.given,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_nalmu_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to solve.  All but `n` may stay zero.
///
/// These are the fields of `orthant_qp_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QpConfig {
    /// required
    pub n: i32,
    /// advanced: ORTHANT_QP_...; 0: LEE_SEUNG
    pub rule: i32,
    /// of one run; 0: 1000; \< 0: none, the report only
    pub max_iter: i32,
    /// advanced: 1: steps of length one within the boundary, in the place of the minimiser
    pub full_step: i32,
    /// stop when kkt \<= tol; 0, \< 0: none
    pub tol: f64,
    /// advanced: tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5 and 0.25; anneal \< 0: none
    pub tau: f64,
    /// advanced: tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5 and 0.25; anneal \< 0: none
    pub anneal: f64,
    /// entries at or below it become zero; 0: 1e-9; \< 0: none
    pub zero_tol: f64,
    /// stop when no entry changes by more; 0: 1e-9; \< 0: none
    pub min_step: f64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl QpConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_qp_config {
        sys::orthant_qp_config {
            n: self.n,
            rule: self.rule,
            max_iter: self.max_iter,
            full_step: self.full_step,
            tol: self.tol,
            tau: self.tau,
            anneal: self.anneal,
            zero_tol: self.zero_tol,
            min_step: self.min_step,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_qp_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to decompose, and how.  All but `rows`, `cols` and `rank` may stay zero; "Advanced: ReLU decomposition" below
/// says for each method which of the advanced fields it reads.
///
/// These are the fields of `orthant_relu_nmd_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReluNmdConfig {
    /// required: M is rows x cols; rank may exceed both
    pub rows: i32,
    /// required: M is rows x cols; rank may exceed both
    pub cols: i32,
    /// required: M is rows x cols; rank may exceed both
    pub rank: i32,
    /// advanced: ORTHANT_RELU_NMD_...; 0: 3B with alpha 0.9 while f falls, at most 20
    /// iterations, then QN
    pub method: i32,
    /// advanced: ORTHANT_RELU_START_...; 0: TSVD
    pub start: i32,
    /// advanced: ORTHANT_RELU_Z_...; 0: DATA
    pub z_start: i32,
    /// iterations of one run; 0: 1000; \< 0: none, the report only
    pub max_iter: i32,
    /// advanced: pairs that QN keeps, each twice as large as U and V; 0: 5; at most 64
    pub history: i32,
    /// advanced: most steps of a truncated SVD; 0: 10
    pub svd_steps: i32,
    /// stop when rel_error \<= tol; 0: 1e-4; \< 0: none
    pub tol: f64,
    /// stop when rel_error is within tol_obj of what it was 11 iterations before, from the
    /// 11th on; 0: 1e-5; \< 0: none
    pub tol_obj: f64,
    /// advanced: momentum in \[0, 1\]; 0: the method's own; \< 0: none
    pub alpha: f64,
    /// advanced: share of the new factors in TM, in (0, 1\]; 0: 0.95
    pub beta: f64,
    /// advanced: + lambda/2 (\|U\|^2 + \|V\|^2) in TM; 0: 1e-4; \< 0: none
    pub lambda: f64,
    /// advanced: as tol of orthant_tsvd_config; 0: 1e-4; \< 0: none
    pub svd_tol: f64,
    /// of the starts and of the SVD's first block
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl ReluNmdConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_relu_nmd_config {
        sys::orthant_relu_nmd_config {
            rows: self.rows,
            cols: self.cols,
            rank: self.rank,
            method: self.method,
            start: self.start,
            z_start: self.z_start,
            max_iter: self.max_iter,
            history: self.history,
            svd_steps: self.svd_steps,
            tol: self.tol,
            tol_obj: self.tol_obj,
            alpha: self.alpha,
            beta: self.beta,
            lambda: self.lambda,
            svd_tol: self.svd_tol,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_relu_nmd_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to decompose.
///
/// These are the fields of `orthant_tsvd_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TsvdConfig {
    /// required; 1 \<= rank \<= min(rows, cols)
    pub rows: i32,
    /// required; 1 \<= rank \<= min(rows, cols)
    pub cols: i32,
    /// required; 1 \<= rank \<= min(rows, cols)
    pub rank: i32,
    /// steps; 0: 100
    pub max_iter: i32,
    /// 1: every run starts from V as the caller left it, s is ignored
    pub warm: i32,
    /// stop when no singular value changes by more than tol times the largest; 0: 1e-6 in f32,
    /// 1e-12 in f64; \< 0: none
    pub tol: f64,
    /// of the first block
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl TsvdConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_tsvd_config {
        sys::orthant_tsvd_config {
            rows: self.rows,
            cols: self.cols,
            rank: self.rank,
            max_iter: self.max_iter,
            warm: self.warm,
            tol: self.tol,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_tsvd_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// Which graph.  All but `features` and `samples` may stay zero.
///
/// These are the fields of `orthant_graph_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GraphConfig {
    /// required: M is features x samples; samples \>= 2
    pub features: i32,
    /// required: M is features x samples; samples \>= 2
    pub samples: i32,
    /// ORTHANT_GRAPH_...; 0: GAUSSIAN
    pub kind: i32,
    /// 0: floor(log2(samples)) + 1; at most samples - 1 count
    pub neighbours: i32,
    /// of GAUSSIAN; 0: 7; at most samples - 1 count
    pub scale_at: i32,
    /// 1: X = A; 0: X = D^-1/2 A D^-1/2 with D_ii = sum_j A_ij (normalised cut)
    pub unnormalised: i32,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl GraphConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_graph_config {
        sys::orthant_graph_config {
            features: self.features,
            samples: self.samples,
            kind: self.kind,
            neighbours: self.neighbours,
            scale_at: self.scale_at,
            unnormalised: self.unnormalised,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_graph_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// What to factor, and how.  All but `n` and `rank` may stay zero.
///
/// These are the fields of `orthant_symnmf_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SymnmfConfig {
    /// required: X is n x n; rank \<= n
    pub n: i32,
    /// required: X is n x n; rank \<= n
    pub rank: i32,
    /// advanced: ORTHANT_SYMNMF_...; 0: HALS
    pub method: i32,
    /// advanced: ORTHANT_SYMNMF_START_...; 0: SCALED
    pub start: i32,
    /// advanced: ORTHANT_PENALTY_...; 0: PRACTICAL
    pub penalty: i32,
    /// iterations of one run; 0: 500; \< 0: none, the report only
    pub max_iter: i32,
    /// 1: find the spectral bound at start
    pub bound: i32,
    /// advanced: \> 0: this number in the place of `penalty`
    pub lambda: f64,
    /// stop when kkt \<= tol; 0: 1e-5; \< 0: none
    pub tol: f64,
    /// stop when the objective falls by less than tol_obj times its first value; 0, \< 0: none
    pub tol_obj: f64,
    /// of the random starts
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl SymnmfConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_symnmf_config {
        sys::orthant_symnmf_config {
            n: self.n,
            rank: self.rank,
            method: self.method,
            start: self.start,
            penalty: self.penalty,
            max_iter: self.max_iter,
            bound: self.bound,
            lambda: self.lambda,
            tol: self.tol,
            tol_obj: self.tol_obj,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_symnmf_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}

/// The sizes of what is compared.
///
/// These are the fields of `orthant_clusters_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClustersConfig {
    /// required
    pub samples: i32,
    /// required; they may differ
    pub clusters: i32,
    /// required; they may differ
    pub classes: i32,
}
impl ClustersConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self) -> sys::orthant_clusters_config {
        sys::orthant_clusters_config {
            samples: self.samples,
            clusters: self.clusters,
            classes: self.classes,
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_clusters_config_problem(&self.raw(), text, room)
        })
    }
}

/// What to factor, by a network that is trained on this one X.  All but `n` and `rank` may stay zero.
///
/// These are the fields of `orthant_symnet_config` in orthant.h; zero means default.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SymnetConfig {
    /// required: X is n x n; rank \<= n
    pub n: i32,
    /// required: X is n x n; rank \<= n
    pub rank: i32,
    /// L; 0: 10
    pub layers: i32,
    /// length of the schedule; 0: 400
    pub epochs: i32,
    /// epochs of one run; 0: as many as `epochs`; \< 0: none, the report only
    pub max_iter: i32,
    /// ORTHANT_SYMNMF_START_..., of U_0; 0: SPECTRAL
    pub start: i32,
    /// advanced: ORTHANT_SYMNET_...; 0: SUFFICIENT
    pub lambda_bound: i32,
    /// advanced: 1: w = (0, .., 0, 1); 0: all w_i are 1
    pub last_only: i32,
    /// advanced: 1: the l1 term on every layer; 0: on the last
    pub l1_all: i32,
    /// 1: find the spectral bound at start
    pub bound: i32,
    /// advanced: weight of the residuals R_i; 0: 0.4 / \|X\|^2; \< 0: none
    pub beta: f64,
    /// step of Adam; 0: 0.1
    pub rate: f64,
    /// the rate of epoch t is rate \* decay^(t / epochs); 0: 0.1
    pub decay: f64,
    /// advanced: of AdamW; 0, \< 0: none
    pub weight_decay: f64,
    /// advanced: weight of sum(U_L); 0: none
    pub l1: f64,
    /// advanced: where lambda begins; 0: \|X\|
    pub lambda: f64,
    /// advanced: slope of a unit below zero at first; 0: 1; \< 0: none
    pub leak: f64,
    /// advanced: the slope falls linearly to 0 at this share of the epochs; 0: 0.9
    pub leak_until: f64,
    /// of U_0
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl SymnetConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_symnet_config {
        sys::orthant_symnet_config {
            n: self.n,
            rank: self.rank,
            layers: self.layers,
            epochs: self.epochs,
            max_iter: self.max_iter,
            start: self.start,
            lambda_bound: self.lambda_bound,
            last_only: self.last_only,
            l1_all: self.l1_all,
            bound: self.bound,
            beta: self.beta,
            rate: self.rate,
            decay: self.decay,
            weight_decay: self.weight_decay,
            l1: self.l1,
            lambda: self.lambda,
            leak: self.leak,
            leak_until: self.leak_until,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as null.
    #[cfg(feature = "std")]
    pub fn problem(&self) -> std::string::String {
        // SAFETY: the config lives for the call, and the room is the text's.
        crate::words(|text, room| unsafe {
            sys::orthant_symnet_config_problem(&self.raw(&mut Default::default()), text, room)
        })
    }
}
