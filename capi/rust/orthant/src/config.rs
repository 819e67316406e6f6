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
    pub tol: f64,
    pub tol_obj: f64,
    pub rho: f64,
    pub seed: u64,
    pub loss: i32,
    pub ortho_axis: i32,
    pub beta: f64,
    pub l1_w: f64,
    pub l1_h: f64,
    pub l2_w: f64,
    pub l2_h: f64,
    pub ortho_w: f64,
    pub ortho_h: f64,
    pub volume: f64,
    pub delta: f64,
    pub clip_paper: i32,
    pub direction_paper: i32,
    pub curvature_paper: i32,
    pub full_step: i32,
    pub tau: f64,
    pub anneal: f64,
    pub zero_tol: f64,
    pub min_step: f64,
    pub data: i32,
    pub fixed_w: i32,
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
            tol: self.tol,
            tol_obj: self.tol_obj,
            rho: self.rho,
            seed: self.seed,
            loss: self.loss,
            ortho_axis: self.ortho_axis,
            beta: self.beta,
            l1_w: self.l1_w,
            l1_h: self.l1_h,
            l2_w: self.l2_w,
            l2_h: self.l2_h,
            ortho_w: self.ortho_w,
            ortho_h: self.ortho_h,
            volume: self.volume,
            delta: self.delta,
            clip_paper: self.clip_paper,
            direction_paper: self.direction_paper,
            curvature_paper: self.curvature_paper,
            full_step: self.full_step,
            tau: self.tau,
            anneal: self.anneal,
            zero_tol: self.zero_tol,
            min_step: self.min_step,
            data: self.data,
            fixed_w: self.fixed_w,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
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
    pub seed: u64,
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
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
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
}

/// The fields of `orthant_scene_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SceneConfig {
    pub bands: i32,
    pub lines: i32,
    pub samples: i32,
    pub endmembers: i32,
    pub seed: u64,
    pub snr_db: f64,
}
impl SceneConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self) -> sys::orthant_scene_config {
        sys::orthant_scene_config {
            bands: self.bands,
            lines: self.lines,
            samples: self.samples,
            endmembers: self.endmembers,
            seed: self.seed,
            snr_db: self.snr_db,
            ..Default::default()
        }
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
}

/// The fields of `orthant_factormer_train_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FactormerTrainConfig {
    pub max_rows: i32,
    pub max_cols: i32,
    pub rank: i32,
    pub width: i32,
    pub heads: i32,
    pub layers: i32,
    pub hidden: i32,
    pub residual: i32,
    pub separate: i32,
    pub wide_scale: i32,
    pub last_norm: i32,
    pub accelerates: i32,
    pub unrolled: i32,
    pub epoch_steps: i32,
    pub epochs: i32,
    pub one_cycle: i32,
    pub warmup: i32,
    pub grow_epochs: i32,
    pub rate: f64,
    pub epoch_decay: f64,
    pub weight_decay: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub clip: f64,
    pub rho: f64,
    pub gamma: f64,
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl FactormerTrainConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_factormer_train_config {
        sys::orthant_factormer_train_config {
            max_rows: self.max_rows,
            max_cols: self.max_cols,
            rank: self.rank,
            width: self.width,
            heads: self.heads,
            layers: self.layers,
            hidden: self.hidden,
            residual: self.residual,
            separate: self.separate,
            wide_scale: self.wide_scale,
            last_norm: self.last_norm,
            accelerates: self.accelerates,
            unrolled: self.unrolled,
            epoch_steps: self.epoch_steps,
            epochs: self.epochs,
            one_cycle: self.one_cycle,
            warmup: self.warmup,
            grow_epochs: self.grow_epochs,
            rate: self.rate,
            epoch_decay: self.epoch_decay,
            weight_decay: self.weight_decay,
            beta1: self.beta1,
            beta2: self.beta2,
            epsilon: self.epsilon,
            clip: self.clip,
            rho: self.rho,
            gamma: self.gamma,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
}

/// The fields of `orthant_factors_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FactorsConfig {
    pub rank: i32,
    pub set: i32,
    pub noise: f64,
    pub seed: u64,
}
impl FactorsConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self) -> sys::orthant_factors_config {
        sys::orthant_factors_config {
            rank: self.rank,
            set: self.set,
            noise: self.noise,
            seed: self.seed,
            ..Default::default()
        }
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
}

/// The fields of `orthant_nalmu_train_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NalmuTrainConfig {
    pub bands: i32,
    pub endmembers: i32,
    pub columns: i32,
    pub layers: i32,
    pub factors: i32,
    pub order: i32,
    pub tied: i32,
    pub spread_w: i32,
    pub spread_h: i32,
    pub positivity: i32,
    pub nu: i32,
    pub loss_w: i32,
    pub loss_h: i32,
    pub keep: i32,
    pub lines: i32,
    pub kernel: i32,
    pub divergence: i32,
    pub beta: f64,
    pub low_w: f64,
    pub high_w: f64,
    pub low_h: f64,
    pub high_h: f64,
    pub start_h: f64,
    pub rate: f64,
    pub rate_decay: f64,
    pub weight_decay: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl NalmuTrainConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_nalmu_train_config {
        sys::orthant_nalmu_train_config {
            bands: self.bands,
            endmembers: self.endmembers,
            columns: self.columns,
            layers: self.layers,
            factors: self.factors,
            order: self.order,
            tied: self.tied,
            spread_w: self.spread_w,
            spread_h: self.spread_h,
            positivity: self.positivity,
            nu: self.nu,
            loss_w: self.loss_w,
            loss_h: self.loss_h,
            keep: self.keep,
            lines: self.lines,
            kernel: self.kernel,
            divergence: self.divergence,
            beta: self.beta,
            low_w: self.low_w,
            high_w: self.high_w,
            low_h: self.low_h,
            high_h: self.high_h,
            start_h: self.start_h,
            rate: self.rate,
            rate_decay: self.rate_decay,
            weight_decay: self.weight_decay,
            beta1: self.beta1,
            beta2: self.beta2,
            epsilon: self.epsilon,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
    }
}

/// The fields of `orthant_mixtures_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MixturesConfig {
    pub bands: i32,
    pub endmembers: i32,
    pub lines: i32,
    pub samples: i32,
    pub spectra: i32,
    pub abundances: i32,
    pub active: i32,
    pub unit: i32,
    pub map_columns: i32,
    pub alpha: f64,
    pub snr_db: f64,
    pub spread: f64,
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl MixturesConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_mixtures_config {
        sys::orthant_mixtures_config {
            bands: self.bands,
            endmembers: self.endmembers,
            lines: self.lines,
            samples: self.samples,
            spectra: self.spectra,
            abundances: self.abundances,
            active: self.active,
            unit: self.unit,
            map_columns: self.map_columns,
            alpha: self.alpha,
            snr_db: self.snr_db,
            spread: self.spread,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
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
}

/// The fields of `orthant_schedule_train_config` in orthant.h; zero means default.
#[allow(missing_docs, dead_code)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScheduleTrainConfig {
    pub problems: i32,
    pub largest: i32,
    pub population: i32,
    pub iterations: i32,
    pub seed: u64,
    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.
    pub workers: i32,
}
impl ScheduleTrainConfig {
    #[allow(dead_code)]
    pub(crate) fn raw(&self, threads: &mut sys::orthant_parallel) -> sys::orthant_schedule_train_config {
        sys::orthant_schedule_train_config {
            problems: self.problems,
            largest: self.largest,
            population: self.population,
            iterations: self.iterations,
            seed: self.seed,
            parallel: crate::threads::given(self.workers, threads),
            ..Default::default()
        }
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
}
