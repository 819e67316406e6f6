// Written by capi/bindings.py from orthant.h; do not edit.
use orthant_sys as sys;

/// The fields of `orthant_unmix_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnmixConfig {
    pub bands: i32,
    pub endmembers: i32,
    pub sum_to_one: i32,
    pub method: i32,
    pub max_iter: i32,
    pub data: i32,
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

/// The fields of `orthant_nmf_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NmfConfig {
    pub rows: i32,
    pub cols: i32,
    pub rank: i32,
    pub method: i32,
    pub start: i32,
    pub max_iter: i32,
    pub sweeps: i32,
    pub loss: i32,
    pub data: i32,
    pub ortho_axis: i32,
    pub full_step: i32,
    pub fixed_w: i32,
    pub tol: f64,
    pub tol_obj: f64,
    pub rho: f64,
    pub beta: f64,
    pub l1_w: f64,
    pub l1_h: f64,
    pub l2_w: f64,
    pub l2_h: f64,
    pub ortho_w: f64,
    pub ortho_h: f64,
    pub volume: f64,
    pub delta: f64,
    pub tau: f64,
    pub anneal: f64,
    pub zero_tol: f64,
    pub min_step: f64,
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

/// The fields of `orthant_endmembers_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EndmembersConfig {
    pub bands: i32,
    pub pixels: i32,
    pub endmembers: i32,
    pub method: i32,
    pub max_iter: i32,
    pub projection: i32,
    pub precise: i32,
    pub seed: u64,
    pub draws: i32,
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

/// The fields of `orthant_scores_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoresConfig {
    pub bands: i32,
    pub endmembers: i32,
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

/// The fields of `orthant_dimension_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DimensionConfig {
    pub bands: i32,
    pub method: i32,
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

/// The fields of `orthant_factormer_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FactormerConfig {
    pub rows: i32,
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

/// The fields of `orthant_library_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LibraryConfig {
    pub bands: i32,
    pub spectra: i32,
    pub sum_to_one: i32,
    pub max_iter: i32,
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

/// The fields of `orthant_mesma_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MesmaConfig {
    pub bands: i32,
    pub spectra: i32,
    pub classes: i32,
    pub least: i32,
    pub most: i32,
    pub sum_to_one: i32,
    pub normalize: i32,
    pub slack: f64,
    pub max_shade: f64,
    pub max_rmse: f64,
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

/// The fields of `orthant_bootstrap_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BootstrapConfig {
    pub bands: i32,
    pub spectra: i32,
    pub classes: i32,
    pub each: i32,
    pub draws: i32,
    pub sum_to_one: i32,
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

/// The fields of `orthant_nalmu_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NalmuConfig {
    pub bands: i32,
    pub pixels: i32,
    pub endmembers: i32,
    pub layers: i32,
    pub factors: i32,
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

/// The fields of `orthant_qp_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QpConfig {
    pub n: i32,
    pub rule: i32,
    pub max_iter: i32,
    pub full_step: i32,
    pub tol: f64,
    pub tau: f64,
    pub anneal: f64,
    pub zero_tol: f64,
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

/// The fields of `orthant_relu_nmd_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReluNmdConfig {
    pub rows: i32,
    pub cols: i32,
    pub rank: i32,
    pub method: i32,
    pub start: i32,
    pub z_start: i32,
    pub max_iter: i32,
    pub history: i32,
    pub svd_steps: i32,
    pub tol: f64,
    pub tol_obj: f64,
    pub alpha: f64,
    pub beta: f64,
    pub lambda: f64,
    pub svd_tol: f64,
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

/// The fields of `orthant_tsvd_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TsvdConfig {
    pub rows: i32,
    pub cols: i32,
    pub rank: i32,
    pub max_iter: i32,
    pub warm: i32,
    pub tol: f64,
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

/// The fields of `orthant_graph_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GraphConfig {
    pub features: i32,
    pub samples: i32,
    pub kind: i32,
    pub neighbours: i32,
    pub scale_at: i32,
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

/// The fields of `orthant_symnmf_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SymnmfConfig {
    pub n: i32,
    pub rank: i32,
    pub method: i32,
    pub start: i32,
    pub penalty: i32,
    pub max_iter: i32,
    pub bound: i32,
    pub lambda: f64,
    pub tol: f64,
    pub tol_obj: f64,
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

/// The fields of `orthant_clusters_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClustersConfig {
    pub samples: i32,
    pub clusters: i32,
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

/// The fields of `orthant_symnet_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SymnetConfig {
    pub n: i32,
    pub rank: i32,
    pub layers: i32,
    pub epochs: i32,
    pub max_iter: i32,
    pub start: i32,
    pub lambda_bound: i32,
    pub last_only: i32,
    pub l1_all: i32,
    pub bound: i32,
    pub beta: f64,
    pub rate: f64,
    pub decay: f64,
    pub weight_decay: f64,
    pub l1: f64,
    pub lambda: f64,
    pub leak: f64,
    pub leak_until: f64,
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
