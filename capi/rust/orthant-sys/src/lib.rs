//! The C interface of Orthant as it is: what a call means stands in orthant.h.
//! Written by capi/bindings.py from orthant.h; do not edit.
#![no_std]
#![allow(non_camel_case_types, non_snake_case, clippy::too_many_arguments)]

pub use core::ffi::c_void;
/// `char` of C; only ever behind a pointer to a static string.
pub type c_char = i8;

pub const ORTHANT_VERSION: &str = "0.1.0";
pub const ORTHANT_ABI: i32 = 2;
pub const ORTHANT_OK: i32 = 0;
pub const ORTHANT_E_ARG: i32 = -1;
pub const ORTHANT_E_SCRATCH: i32 = -2;
pub const ORTHANT_E_DATA: i32 = -3;
pub const ORTHANT_E_BLOB: i32 = -4;
pub const ORTHANT_E_UNSUPPORTED: i32 = -5;
pub const ORTHANT_E_READ: i32 = -6;
pub const ORTHANT_E_REDUCE: i32 = -7;
pub const ORTHANT_NONE: i32 = -1;
pub const ORTHANT_DENSE: i32 = 0;
pub const ORTHANT_CSC: i32 = 1;
pub const ORTHANT_CSR: i32 = 2;
pub const ORTHANT_MASKED: i32 = 3;
pub const ORTHANT_STREAM: i32 = 4;
pub const ORTHANT_DATA_NOT_NEGATIVE: i32 = 1;
pub const ORTHANT_DATA_POSITIVE: i32 = 2;
pub const ORTHANT_DATA_SYMMETRIC: i32 = 4;
pub const ORTHANT_DATA_ROOM: i32 = 8;
pub const ORTHANT_DATA_COLUMNS: i32 = 16;
pub const ORTHANT_STOP_ITERATIONS: i32 = 1;
pub const ORTHANT_STOP_KKT: i32 = 2;
pub const ORTHANT_STOP_OBJECTIVE: i32 = 3;
pub const ORTHANT_STOP_CANCELLED: i32 = 4;
pub const ORTHANT_STOP_NONFINITE: i32 = 5;
pub const ORTHANT_STOP_STEP: i32 = 6;
pub const ORTHANT_STOP_ERROR: i32 = 7;
pub const ORTHANT_ENDMEMBERS_VCA: i32 = 1;
pub const ORTHANT_ENDMEMBERS_SPA: i32 = 2;
pub const ORTHANT_ENDMEMBERS_NFINDR: i32 = 3;
pub const ORTHANT_PROJECTION_AFFINE: i32 = 1;
pub const ORTHANT_PROJECTION_PROJECTIVE: i32 = 2;
pub const ORTHANT_PROJECTION_PUBLISHED: i32 = 3;
pub const ORTHANT_UNMIX_BPP: i32 = 1;
pub const ORTHANT_UNMIX_ACTIVE_SET: i32 = 2;
pub const ORTHANT_UNMIX_HALS: i32 = 3;
pub const ORTHANT_UNMIX_ADMM: i32 = 4;
pub const ORTHANT_UNMIX_FAST_PG: i32 = 5;
pub const ORTHANT_UNMIX_MU: i32 = 6;
pub const ORTHANT_UNMIX_UNCONSTRAINED: i32 = 7;
pub const ORTHANT_UNMIX_CLIP: i32 = 8;
pub const ORTHANT_NMF_EHALS: i32 = 1;
pub const ORTHANT_NMF_HALS: i32 = 2;
pub const ORTHANT_NMF_AHALS: i32 = 3;
pub const ORTHANT_NMF_ANLS: i32 = 4;
pub const ORTHANT_NMF_AOADMM: i32 = 5;
pub const ORTHANT_NMF_PG: i32 = 6;
pub const ORTHANT_NMF_MU: i32 = 7;
pub const ORTHANT_NMF_CCD: i32 = 8;
pub const ORTHANT_NMF_MINVOL: i32 = 9;
pub const ORTHANT_NMF_MURNMF: i32 = 10;
pub const ORTHANT_NMF_AURNMF: i32 = 11;
pub const ORTHANT_START_COLS: i32 = 1;
pub const ORTHANT_START_SPAS: i32 = 2;
pub const ORTHANT_START_SPA: i32 = 3;
pub const ORTHANT_START_RANDOM: i32 = 4;
pub const ORTHANT_START_NNDSVD: i32 = 5;
pub const ORTHANT_START_NNDSVDA: i32 = 6;
pub const ORTHANT_START_NNDSVDAR: i32 = 7;
pub const ORTHANT_START_GIVEN: i32 = 8;
pub const ORTHANT_START_SUB: i32 = 9;
pub const ORTHANT_START_NNSVDLRC: i32 = 10;
pub const ORTHANT_START_ROUGH: i32 = 11;
pub const ORTHANT_LOSS_FROBENIUS: i32 = 0;
pub const ORTHANT_LOSS_KL: i32 = 1;
pub const ORTHANT_LOSS_IS: i32 = 2;
pub const ORTHANT_LOSS_BETA: i32 = 3;
pub const ORTHANT_ORTHO_COMPONENTS: i32 = 1;
pub const ORTHANT_ORTHO_OBSERVATIONS: i32 = 2;
pub const ORTHANT_DIMENSION_HYSIME: i32 = 1;
pub const ORTHANT_DIMENSION_HFC: i32 = 2;
pub const ORTHANT_DIMENSION_NWHFC: i32 = 3;
pub const ORTHANT_BLOB_VERSION: i32 = 1;
pub const ORTHANT_MODEL_NALMU: i32 = 1;
pub const ORTHANT_MODEL_RALMU: i32 = 2;
pub const ORTHANT_MODEL_SYMNMF_NET: i32 = 3;
pub const ORTHANT_MODEL_FACTORMER: i32 = 4;
pub const ORTHANT_MODEL_SCHEDULE: i32 = 5;
pub const ORTHANT_ELEMENT_F32: i32 = 0;
pub const ORTHANT_ELEMENT_F16: i32 = 1;
pub const ORTHANT_ELEMENT_BF16: i32 = 2;
pub const ORTHANT_ELEMENT_I8: i32 = 3;
pub const ORTHANT_ELEMENT_I16: i32 = 4;
pub const ORTHANT_ELEMENT_I32: i32 = 5;
pub const ORTHANT_ELEMENT_F64: i32 = 6;
pub const ORTHANT_NALMU_ONE: i32 = 1;
pub const ORTHANT_NALMU_BOTH: i32 = 2;
pub const ORTHANT_IDENTITY: i32 = 0;
pub const ORTHANT_SCALAR: i32 = 1;
pub const ORTHANT_DIAGONAL: i32 = 2;
pub const ORTHANT_SYMMETRIC: i32 = 3;
pub const ORTHANT_QP_LEE_SEUNG: i32 = 1;
pub const ORTHANT_QP_ESCAPE: i32 = 2;
pub const ORTHANT_QP_COMPLEMENTARITY: i32 = 3;
pub const ORTHANT_QP_SQRT: i32 = 4;
pub const ORTHANT_QP_STEEPEST: i32 = 5;
pub const ORTHANT_QP_LEMMA_B: i32 = 6;
pub const ORTHANT_RELU_NMD_QN: i32 = 1;
pub const ORTHANT_RELU_NMD_TM: i32 = 2;
pub const ORTHANT_RELU_NMD_3B: i32 = 3;
pub const ORTHANT_RELU_NMD_ANMD: i32 = 4;
pub const ORTHANT_RELU_NMD_NAIVE: i32 = 5;
pub const ORTHANT_RELU_NMD_ANAIVE: i32 = 6;
pub const ORTHANT_RELU_NMD_EM: i32 = 7;
pub const ORTHANT_RELU_NMD_AEM: i32 = 8;
pub const ORTHANT_RELU_START_TSVD: i32 = 1;
pub const ORTHANT_RELU_START_NUCLEAR: i32 = 2;
pub const ORTHANT_RELU_START_RANDOM: i32 = 3;
pub const ORTHANT_RELU_START_GIVEN: i32 = 4;
pub const ORTHANT_RELU_Z_DATA: i32 = 1;
pub const ORTHANT_RELU_Z_FEASIBLE: i32 = 2;
pub const ORTHANT_GRAPH_GAUSSIAN: i32 = 1;
pub const ORTHANT_GRAPH_COSINE: i32 = 2;
pub const ORTHANT_GRAPH_BINARY: i32 = 3;
pub const ORTHANT_SYMNMF_ANLS: i32 = 1;
pub const ORTHANT_SYMNMF_HALS: i32 = 2;
pub const ORTHANT_SYMNMF_ALTERNATE: i32 = 3;
pub const ORTHANT_SYMNMF_FIXED_POINT: i32 = 4;
pub const ORTHANT_SYMNMF_ADMM: i32 = 5;
pub const ORTHANT_SYMNMF_NEWTON: i32 = 6;
pub const ORTHANT_SYMNMF_PGD: i32 = 7;
pub const ORTHANT_SYMNMF_START_SCALED: i32 = 1;
pub const ORTHANT_SYMNMF_START_PLAIN: i32 = 2;
pub const ORTHANT_SYMNMF_START_GIVEN: i32 = 3;
pub const ORTHANT_SYMNMF_START_SPECTRAL: i32 = 4;
pub const ORTHANT_PENALTY_PRACTICAL: i32 = 1;
pub const ORTHANT_PENALTY_SUFFICIENT: i32 = 2;
pub const ORTHANT_PENALTY_NONE: i32 = 3;
pub const ORTHANT_SYMNET_SUFFICIENT: i32 = 1;
pub const ORTHANT_SYMNET_PROP1: i32 = 2;
pub const ORTHANT_SYMNET_FREE: i32 = 3;

pub type orthant_read_fn_f32 = Option<unsafe extern "C" fn(user: *mut c_void, first: i32, count: i32,
    out: *mut f32) -> i32>;
pub type orthant_read_fn_f64 = Option<unsafe extern "C" fn(user: *mut c_void, first: i32, count: i32,
    out: *mut f64) -> i32>;
pub type orthant_task_fn = Option<unsafe extern "C" fn(arg: *mut c_void, index: i32, worker: i32)>;
pub type orthant_run_fn = Option<unsafe extern "C" fn(user: *mut c_void, tasks: i32, task: orthant_task_fn,
    arg: *mut c_void)>;
pub type orthant_sum_fn = Option<unsafe extern "C" fn(user: *mut c_void, buffer: *mut c_void, count: i32,
    is_f64: i32) -> i32>;
pub type orthant_progress_fn = Option<unsafe extern "C" fn(user: *mut c_void,
    so_far: *const orthant_report) -> i32>;

#[repr(C)]
pub struct orthant_unmix_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_unmix_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_nmf_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_nmf_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_endmembers_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_endmembers_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_dimension_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_dimension_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_model {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_factormer_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_factormer_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_library_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_library_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_mesma_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_mesma_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_bootstrap_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_bootstrap_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_nalmu_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_nalmu_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_qp_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_qp_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_relu_nmd_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_relu_nmd_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_tsvd_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_tsvd_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_symnmf_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_symnmf_f64 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_symnet_f32 {
    _private: [u8; 0],
}

#[repr(C)]
pub struct orthant_symnet_f64 {
    _private: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_matrix_f32 {
    pub size: u32,
    pub kind: i32,
    pub rows: i32,
    pub cols: i32,
    pub ld: i32,
    pub ld_weights: i32,
    pub values: *const f32,
    pub starts: *const i32,
    pub indices: *const i32,
    pub weights: *const f32,
    pub read: orthant_read_fn_f32,
    pub user: *mut c_void,
}
impl Default for orthant_matrix_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_matrix_f64 {
    pub size: u32,
    pub kind: i32,
    pub rows: i32,
    pub cols: i32,
    pub ld: i32,
    pub ld_weights: i32,
    pub values: *const f64,
    pub starts: *const i32,
    pub indices: *const i32,
    pub weights: *const f64,
    pub read: orthant_read_fn_f64,
    pub user: *mut c_void,
}
impl Default for orthant_matrix_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_parallel {
    pub size: u32,
    pub workers: i32,
    pub run: orthant_run_fn,
    pub user: *mut c_void,
}
impl Default for orthant_parallel {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_reduce {
    pub size: u32,
    pub process: i32,
    pub processes: i32,
    pub first_column: i32,
    pub all_columns: i32,
    pub reserved: i32,
    pub sum: orthant_sum_fn,
    pub user: *mut c_void,
}
impl Default for orthant_reduce {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_report {
    pub size: u32,
    pub stop: i32,
    pub iters: i32,
    pub worst: i32,
    pub clipped: i32,
    pub proposals: i32,
    pub objective: f64,
    pub rel_error: f64,
    pub kkt: f64,
    pub gap: f64,
    pub bound: f64,
    pub reduced_bytes: u64,
}
impl Default for orthant_report {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_unmix_config {
    pub size: u32,
    pub bands: i32,
    pub endmembers: i32,
    pub sum_to_one: i32,
    pub method: i32,
    pub max_iter: i32,
    pub data: i32,
    pub reserved: i32,
    pub tol: f64,
    pub parallel: *const orthant_parallel,
    pub model: *const orthant_model,
}
impl Default for orthant_unmix_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_nmf_config {
    pub size: u32,
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
    pub reserved: i32,
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
    pub progress: orthant_progress_fn,
    pub user: *mut c_void,
    pub parallel: *const orthant_parallel,
    pub model: *const orthant_model,
    pub schedule: *const orthant_model,
    pub reduce: *const orthant_reduce,
}
impl Default for orthant_nmf_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_endmembers_config {
    pub size: u32,
    pub bands: i32,
    pub pixels: i32,
    pub endmembers: i32,
    pub method: i32,
    pub max_iter: i32,
    pub projection: i32,
    pub precise: i32,
    pub seed: u64,
    pub parallel: *const orthant_parallel,
    pub draws: i32,
    pub data: i32,
}
impl Default for orthant_endmembers_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_scores_config {
    pub size: u32,
    pub bands: i32,
    pub endmembers: i32,
    pub pixels: i32,
}
impl Default for orthant_scores_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_scores {
    pub size: u32,
    pub reserved: u32,
    pub mean_angle: f64,
    pub rmse: f64,
    pub armse: f64,
}
impl Default for orthant_scores {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_dimension_config {
    pub size: u32,
    pub bands: i32,
    pub method: i32,
    pub reserved: i32,
    pub false_alarm: f64,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_dimension_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_record {
    pub size: u32,
    pub element: i32,
    pub rank: i32,
    pub zero_point: i32,
    pub dims: [u32; 4],
    pub scale: f32,
    pub reserved: u32,
    pub name: *const c_char,
    pub data: *const c_void,
    pub count: usize,
    pub bytes: usize,
}
impl Default for orthant_record {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_factormer_info {
    pub size: u32,
    pub rank: i32,
    pub width: i32,
    pub heads: i32,
    pub layers: i32,
    pub hidden: i32,
    pub accelerates: i32,
    pub reserved: i32,
    pub parameters: u64,
}
impl Default for orthant_factormer_info {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_factormer_config {
    pub size: u32,
    pub rows: i32,
    pub cols: i32,
    pub reserved: i32,
    pub model: *const orthant_model,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_factormer_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_library_config {
    pub size: u32,
    pub bands: i32,
    pub spectra: i32,
    pub sum_to_one: i32,
    pub max_iter: i32,
    pub reserved: i32,
    pub l1: f64,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_library_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_mesma_config {
    pub size: u32,
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
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_mesma_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_bootstrap_config {
    pub size: u32,
    pub bands: i32,
    pub spectra: i32,
    pub classes: i32,
    pub each: i32,
    pub draws: i32,
    pub sum_to_one: i32,
    pub reserved: i32,
    pub seed: u64,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_bootstrap_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_nalmu_config {
    pub size: u32,
    pub bands: i32,
    pub pixels: i32,
    pub endmembers: i32,
    pub layers: i32,
    pub factors: i32,
    pub given: i32,
    pub reserved: i32,
    pub model: *const orthant_model,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_nalmu_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symmetric_f32 {
    pub kind: i32,
    pub ld: i32,
    pub factor: f64,
    pub values: *const f32,
}
impl Default for orthant_symmetric_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symmetric_f64 {
    pub kind: i32,
    pub ld: i32,
    pub factor: f64,
    pub values: *const f64,
}
impl Default for orthant_symmetric_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_penalty_f32 {
    pub left: orthant_symmetric_f32,
    pub right: orthant_symmetric_f32,
}
impl Default for orthant_penalty_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_penalty_f64 {
    pub left: orthant_symmetric_f64,
    pub right: orthant_symmetric_f64,
}
impl Default for orthant_penalty_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_terms_f32 {
    pub size: u32,
    pub penalties_w: i32,
    pub penalties_h: i32,
    pub ldl1_w: i32,
    pub ldl1_h: i32,
    pub reserved: i32,
    pub weight_rows: orthant_symmetric_f32,
    pub weight_cols: orthant_symmetric_f32,
    pub l1_w: *const f32,
    pub l1_h: *const f32,
    pub penalty_w: *const orthant_penalty_f32,
    pub penalty_h: *const orthant_penalty_f32,
}
impl Default for orthant_terms_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_terms_f64 {
    pub size: u32,
    pub penalties_w: i32,
    pub penalties_h: i32,
    pub ldl1_w: i32,
    pub ldl1_h: i32,
    pub reserved: i32,
    pub weight_rows: orthant_symmetric_f64,
    pub weight_cols: orthant_symmetric_f64,
    pub l1_w: *const f64,
    pub l1_h: *const f64,
    pub penalty_w: *const orthant_penalty_f64,
    pub penalty_h: *const orthant_penalty_f64,
}
impl Default for orthant_terms_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_qp_config {
    pub size: u32,
    pub n: i32,
    pub rule: i32,
    pub max_iter: i32,
    pub full_step: i32,
    pub reserved: i32,
    pub tol: f64,
    pub tau: f64,
    pub anneal: f64,
    pub zero_tol: f64,
    pub min_step: f64,
    pub progress: orthant_progress_fn,
    pub user: *mut c_void,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_qp_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_relu_nmd_config {
    pub size: u32,
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
    pub progress: orthant_progress_fn,
    pub user: *mut c_void,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_relu_nmd_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_tsvd_config {
    pub size: u32,
    pub rows: i32,
    pub cols: i32,
    pub rank: i32,
    pub max_iter: i32,
    pub warm: i32,
    pub tol: f64,
    pub seed: u64,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_tsvd_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_graph_config {
    pub size: u32,
    pub features: i32,
    pub samples: i32,
    pub kind: i32,
    pub neighbours: i32,
    pub scale_at: i32,
    pub unnormalised: i32,
    pub reserved: i32,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_graph_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symnmf_config {
    pub size: u32,
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
    pub progress: orthant_progress_fn,
    pub user: *mut c_void,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_symnmf_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_clusters_config {
    pub size: u32,
    pub samples: i32,
    pub clusters: i32,
    pub classes: i32,
}
impl Default for orthant_clusters_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_clusters_scores {
    pub size: u32,
    pub reserved: u32,
    pub accuracy: f64,
    pub purity: f64,
    pub nmi: f64,
    pub nmi_min: f64,
    pub nmi_sqrt: f64,
    pub nmi_mean: f64,
    pub nmi_joint: f64,
}
impl Default for orthant_clusters_scores {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symnet_config {
    pub size: u32,
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
    pub reserved: i32,
    pub beta: f64,
    pub rate: f64,
    pub decay: f64,
    pub weight_decay: f64,
    pub l1: f64,
    pub lambda: f64,
    pub leak: f64,
    pub leak_until: f64,
    pub seed: u64,
    pub progress: orthant_progress_fn,
    pub user: *mut c_void,
    pub parallel: *const orthant_parallel,
}
impl Default for orthant_symnet_config {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        let mut new: Self = unsafe { core::mem::zeroed() };
        new.size = core::mem::size_of::<Self>() as u32;
        new
    }
}

// As a C compiler lays them out with pointers of eight bytes.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_matrix_f32>() == 72);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_matrix_f64>() == 72);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_parallel>() == 24);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_reduce>() == 40);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_report>() == 72);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_unmix_config>() == 56);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_nmf_config>() == 240);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_endmembers_config>() == 56);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_scores_config>() == 16);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_scores>() == 32);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_dimension_config>() == 32);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_record>() == 72);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_factormer_info>() == 40);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_factormer_config>() == 32);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_library_config>() == 40);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_mesma_config>() == 72);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_bootstrap_config>() == 48);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_nalmu_config>() == 48);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_symmetric_f32>() == 24);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_symmetric_f64>() == 24);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_penalty_f32>() == 48);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_penalty_f64>() == 48);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_terms_f32>() == 104);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_terms_f64>() == 104);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_qp_config>() == 88);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_relu_nmd_config>() == 120);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_tsvd_config>() == 48);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_graph_config>() == 40);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_symnmf_config>() == 88);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_clusters_config>() == 16);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_clusters_scores>() == 64);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(core::mem::size_of::<orthant_symnet_config>() == 144);

extern "C" {
    pub fn orthant_status_text(status: i32) -> *const c_char;
    pub fn orthant_version() -> *const c_char;
    pub fn orthant_abi() -> i32;
    pub fn orthant_build() -> *const c_char;
    pub fn orthant_build_kernels() -> *const c_char;
    pub fn orthant_matrix_problem_f32(X: *const orthant_matrix_f32, what: i32, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_matrix_problem_f64(X: *const orthant_matrix_f64, what: i32, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_unmix_config_problem(c: *const orthant_unmix_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_unmix_size_f32(c: *const orthant_unmix_config, bytes: *mut usize) -> i32;
    pub fn orthant_unmix_init_f32(c: *const orthant_unmix_config, E: *const f32, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut orthant_unmix_f32) -> i32;
    pub fn orthant_unmix_run_f32(s: *mut orthant_unmix_f32, Y: *const orthant_matrix_f32, A: *mut f32, lda: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_unmix_check_f32(s: *mut orthant_unmix_f32, Y: *const orthant_matrix_f32, A: *const f32,
        lda: i32, rms: *mut f32, kkt: *mut f32, r: *mut orthant_report) -> i32;
    pub fn orthant_unmix_size_f64(c: *const orthant_unmix_config, bytes: *mut usize) -> i32;
    pub fn orthant_unmix_init_f64(c: *const orthant_unmix_config, E: *const f64, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut orthant_unmix_f64) -> i32;
    pub fn orthant_unmix_run_f64(s: *mut orthant_unmix_f64, Y: *const orthant_matrix_f64, A: *mut f64, lda: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_unmix_check_f64(s: *mut orthant_unmix_f64, Y: *const orthant_matrix_f64, A: *const f64,
        lda: i32, rms: *mut f64, kkt: *mut f64, r: *mut orthant_report) -> i32;
    pub fn orthant_nmf_config_problem(c: *const orthant_nmf_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_nmf_size_f32(c: *const orthant_nmf_config, bytes: *mut usize) -> i32;
    pub fn orthant_nmf_init_f32(c: *const orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nmf_f32) -> i32;
    pub fn orthant_nmf_start_f32(s: *mut orthant_nmf_f32, V: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32) -> i32;
    pub fn orthant_nmf_run_f32(s: *mut orthant_nmf_f32, V: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_nmf_size_f64(c: *const orthant_nmf_config, bytes: *mut usize) -> i32;
    pub fn orthant_nmf_init_f64(c: *const orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nmf_f64) -> i32;
    pub fn orthant_nmf_start_f64(s: *mut orthant_nmf_f64, V: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32) -> i32;
    pub fn orthant_nmf_run_f64(s: *mut orthant_nmf_f64, V: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_endmembers_config_problem(c: *const orthant_endmembers_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_endmembers_size_f32(c: *const orthant_endmembers_config, bytes: *mut usize) -> i32;
    pub fn orthant_endmembers_init_f32(c: *const orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_endmembers_f32) -> i32;
    pub fn orthant_endmembers_run_f32(s: *mut orthant_endmembers_f32, Y: *const orthant_matrix_f32, D: *const f32,
        ldd: i32, E: *mut f32, lde: i32, pixel: *mut i32) -> i32;
    pub fn orthant_endmembers_size_f64(c: *const orthant_endmembers_config, bytes: *mut usize) -> i32;
    pub fn orthant_endmembers_init_f64(c: *const orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_endmembers_f64) -> i32;
    pub fn orthant_endmembers_run_f64(s: *mut orthant_endmembers_f64, Y: *const orthant_matrix_f64, D: *const f64,
        ldd: i32, E: *mut f64, lde: i32, pixel: *mut i32) -> i32;
    pub fn orthant_scores_config_problem(c: *const orthant_scores_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_scores_size_f32(c: *const orthant_scores_config, bytes: *mut usize) -> i32;
    pub fn orthant_scores_run_f32(c: *const orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const f32,
        lde: i32, E_true: *const f32, ldet: i32, A: *const f32, lda: i32, A_true: *const f32, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut orthant_scores) -> i32;
    pub fn orthant_scores_size_f64(c: *const orthant_scores_config, bytes: *mut usize) -> i32;
    pub fn orthant_scores_run_f64(c: *const orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const f64,
        lde: i32, E_true: *const f64, ldet: i32, A: *const f64, lda: i32, A_true: *const f64, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut orthant_scores) -> i32;
    pub fn orthant_nmf_method_name(method: i32) -> *const c_char;
    pub fn orthant_nmf_start_name(start: i32) -> *const c_char;
    pub fn orthant_nmf_loss_name(loss: i32) -> *const c_char;
    pub fn orthant_dimension_config_problem(c: *const orthant_dimension_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_dimension_size_f32(c: *const orthant_dimension_config, bytes: *mut usize) -> i32;
    pub fn orthant_dimension_init_f32(c: *const orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_dimension_f32) -> i32;
    pub fn orthant_dimension_run_f32(s: *mut orthant_dimension_f32, Y: *const orthant_matrix_f32, power: *mut f64,
        limit: *mut f64, noise: *mut f64, count: *mut i32) -> i32;
    pub fn orthant_dimension_size_f64(c: *const orthant_dimension_config, bytes: *mut usize) -> i32;
    pub fn orthant_dimension_init_f64(c: *const orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_dimension_f64) -> i32;
    pub fn orthant_dimension_run_f64(s: *mut orthant_dimension_f64, Y: *const orthant_matrix_f64, power: *mut f64,
        limit: *mut f64, noise: *mut f64, count: *mut i32) -> i32;
    pub fn orthant_model_open(blob: *const c_void, bytes: usize, out: *mut *const orthant_model) -> i32;
    pub fn orthant_model_verify(m: *const orthant_model) -> i32;
    pub fn orthant_model_problem(blob: *const c_void, bytes: usize) -> *const c_char;
    pub fn orthant_model_kind(m: *const orthant_model) -> i32;
    pub fn orthant_model_records(m: *const orthant_model) -> i32;
    pub fn orthant_model_bytes(m: *const orthant_model) -> usize;
    pub fn orthant_model_kind_name(kind: i32) -> *const c_char;
    pub fn orthant_element_name(element: i32) -> *const c_char;
    pub fn orthant_model_record(m: *const orthant_model, i: i32, out: *mut orthant_record) -> i32;
    pub fn orthant_model_values_f32(m: *const orthant_model, i: i32, from: usize, count: usize,
        out: *mut f32) -> i32;
    pub fn orthant_model_values_f64(m: *const orthant_model, i: i32, from: usize, count: usize,
        out: *mut f64) -> i32;
    pub fn orthant_model_convert(m: *const orthant_model, element: i32, alignment: i32, out: *mut c_void,
        capacity: usize, bytes: *mut usize) -> i32;
    pub fn orthant_factormer_describe(m: *const orthant_model, out: *mut orthant_factormer_info) -> i32;
    pub fn orthant_factormer_config_problem(c: *const orthant_factormer_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_factormer_size_f32(c: *const orthant_factormer_config, bytes: *mut usize) -> i32;
    pub fn orthant_factormer_init_f32(c: *const orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_factormer_f32) -> i32;
    pub fn orthant_factormer_run_f32(s: *mut orthant_factormer_f32, V: *const orthant_matrix_f32, W: *mut f32,
        ldw: i32, H: *mut f32, ldh: i32, W0: *const f32, ldw0: i32, H0: *const f32, ldh0: i32) -> i32;
    pub fn orthant_factormer_size_f64(c: *const orthant_factormer_config, bytes: *mut usize) -> i32;
    pub fn orthant_factormer_init_f64(c: *const orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_factormer_f64) -> i32;
    pub fn orthant_factormer_run_f64(s: *mut orthant_factormer_f64, V: *const orthant_matrix_f64, W: *mut f64,
        ldw: i32, H: *mut f64, ldh: i32, W0: *const f64, ldw0: i32, H0: *const f64, ldh0: i32) -> i32;
    pub fn orthant_fixed_quantize_i16(X: *const f32, ldx: i32, rows: i32, cols: i32, Q: *mut i16, ldq: i32,
        steps: *mut f32) -> i32;
    pub fn orthant_fixed_quantize_i8(X: *const f32, ldx: i32, rows: i32, cols: i32, Q: *mut i8, ldq: i32,
        steps: *mut f32) -> i32;
    pub fn orthant_fixed_project_i16(E: *const i16, lde: i32, e_steps: *const f32, Y: *const i16, ldy: i32,
        y_steps: *const f32, bands: i32, endmembers: i32, pixels: i32, B: *mut f32, ldb: i32) -> i32;
    pub fn orthant_fixed_project_i8(E: *const i8, lde: i32, e_steps: *const f32, Y: *const i8, ldy: i32,
        y_steps: *const f32, bands: i32, endmembers: i32, pixels: i32, B: *mut f32, ldb: i32) -> i32;
    pub fn orthant_unmix_products_f32(s: *mut orthant_unmix_f32, B: *const f32, ldb: i32, pixels: i32,
        A: *mut f32, lda: i32) -> i32;
    pub fn orthant_unmix_products_f64(s: *mut orthant_unmix_f64, B: *const f64, ldb: i32, pixels: i32,
        A: *mut f64, lda: i32) -> i32;
    pub fn orthant_library_config_problem(c: *const orthant_library_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_library_size_f32(c: *const orthant_library_config, bytes: *mut usize) -> i32;
    pub fn orthant_library_init_f32(c: *const orthant_library_config, E: *const f32, lde: i32,
        variance: *const f32, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_library_f32) -> i32;
    pub fn orthant_library_run_f32(s: *mut orthant_library_f32, Y: *const orthant_matrix_f32, A: *mut f32,
        lda: i32, D: *mut f32, ldd: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_library_size_f64(c: *const orthant_library_config, bytes: *mut usize) -> i32;
    pub fn orthant_library_init_f64(c: *const orthant_library_config, E: *const f64, lde: i32,
        variance: *const f64, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_library_f64) -> i32;
    pub fn orthant_library_run_f64(s: *mut orthant_library_f64, Y: *const orthant_matrix_f64, A: *mut f64,
        lda: i32, D: *mut f64, ldd: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_mesma_config_problem(c: *const orthant_mesma_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_mesma_size_f32(c: *const orthant_mesma_config, bytes: *mut usize) -> i32;
    pub fn orthant_mesma_init_f32(c: *const orthant_mesma_config, E: *const f32, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut orthant_mesma_f32) -> i32;
    pub fn orthant_mesma_run_f32(s: *mut orthant_mesma_f32, Y: *const orthant_matrix_f32, model: *mut i32,
        ldm: i32, A: *mut f32, lda: i32, rms: *mut f32, r: *mut orthant_report) -> i32;
    pub fn orthant_mesma_size_f64(c: *const orthant_mesma_config, bytes: *mut usize) -> i32;
    pub fn orthant_mesma_init_f64(c: *const orthant_mesma_config, E: *const f64, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut orthant_mesma_f64) -> i32;
    pub fn orthant_mesma_run_f64(s: *mut orthant_mesma_f64, Y: *const orthant_matrix_f64, model: *mut i32,
        ldm: i32, A: *mut f64, lda: i32, rms: *mut f64, r: *mut orthant_report) -> i32;
    pub fn orthant_bootstrap_config_problem(c: *const orthant_bootstrap_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_bootstrap_size_f32(c: *const orthant_bootstrap_config, bytes: *mut usize) -> i32;
    pub fn orthant_bootstrap_init_f32(c: *const orthant_bootstrap_config, E: *const f32, lde: i32,
        class_of: *const i32, variance: *const f32, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_bootstrap_f32) -> i32;
    pub fn orthant_bootstrap_run_f32(s: *mut orthant_bootstrap_f32, Y: *const orthant_matrix_f32, A: *mut f32,
        lda: i32, D: *mut f32, ldd: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_bootstrap_size_f64(c: *const orthant_bootstrap_config, bytes: *mut usize) -> i32;
    pub fn orthant_bootstrap_init_f64(c: *const orthant_bootstrap_config, E: *const f64, lde: i32,
        class_of: *const i32, variance: *const f64, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_bootstrap_f64) -> i32;
    pub fn orthant_bootstrap_run_f64(s: *mut orthant_bootstrap_f64, Y: *const orthant_matrix_f64, A: *mut f64,
        lda: i32, D: *mut f64, ldd: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_nalmu_config_problem(c: *const orthant_nalmu_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_nalmu_size_f32(c: *const orthant_nalmu_config, bytes: *mut usize) -> i32;
    pub fn orthant_nalmu_init_f32(c: *const orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nalmu_f32) -> i32;
    pub fn orthant_nalmu_run_f32(s: *mut orthant_nalmu_f32, Y: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_nalmu_size_f64(c: *const orthant_nalmu_config, bytes: *mut usize) -> i32;
    pub fn orthant_nalmu_init_f64(c: *const orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nalmu_f64) -> i32;
    pub fn orthant_nalmu_run_f64(s: *mut orthant_nalmu_f64, Y: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_nmf_terms_f32(s: *mut orthant_nmf_f32, terms: *const orthant_terms_f32) -> i32;
    pub fn orthant_nmf_terms_f64(s: *mut orthant_nmf_f64, terms: *const orthant_terms_f64) -> i32;
    pub fn orthant_qp_config_problem(c: *const orthant_qp_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_qp_size_f32(c: *const orthant_qp_config, bytes: *mut usize) -> i32;
    pub fn orthant_qp_init_f32(c: *const orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_qp_f32) -> i32;
    pub fn orthant_qp_run_f32(s: *mut orthant_qp_f32, G: *const f32, ldg: i32, d: *const f32, x: *mut f32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_qp_size_f64(c: *const orthant_qp_config, bytes: *mut usize) -> i32;
    pub fn orthant_qp_init_f64(c: *const orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_qp_f64) -> i32;
    pub fn orthant_qp_run_f64(s: *mut orthant_qp_f64, G: *const f64, ldg: i32, d: *const f64, x: *mut f64,
        r: *mut orthant_report) -> i32;
    pub fn orthant_relu_nmd_config_problem(c: *const orthant_relu_nmd_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_relu_nmd_size_f32(c: *const orthant_relu_nmd_config, bytes: *mut usize) -> i32;
    pub fn orthant_relu_nmd_init_f32(c: *const orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_relu_nmd_f32) -> i32;
    pub fn orthant_relu_nmd_start_f32(s: *mut orthant_relu_nmd_f32, M: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32, V: *mut f32, ldv: i32) -> i32;
    pub fn orthant_relu_nmd_run_f32(s: *mut orthant_relu_nmd_f32, M: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32, V: *mut f32, ldv: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_relu_nmd_size_f64(c: *const orthant_relu_nmd_config, bytes: *mut usize) -> i32;
    pub fn orthant_relu_nmd_init_f64(c: *const orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_relu_nmd_f64) -> i32;
    pub fn orthant_relu_nmd_start_f64(s: *mut orthant_relu_nmd_f64, M: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32, V: *mut f64, ldv: i32) -> i32;
    pub fn orthant_relu_nmd_run_f64(s: *mut orthant_relu_nmd_f64, M: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32, V: *mut f64, ldv: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_tsvd_config_problem(c: *const orthant_tsvd_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_tsvd_size_f32(c: *const orthant_tsvd_config, bytes: *mut usize) -> i32;
    pub fn orthant_tsvd_init_f32(c: *const orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_tsvd_f32) -> i32;
    pub fn orthant_tsvd_run_f32(t: *mut orthant_tsvd_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        s: *mut f32, V: *mut f32, ldv: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_tsvd_size_f64(c: *const orthant_tsvd_config, bytes: *mut usize) -> i32;
    pub fn orthant_tsvd_init_f64(c: *const orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_tsvd_f64) -> i32;
    pub fn orthant_tsvd_run_f64(t: *mut orthant_tsvd_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        s: *mut f64, V: *mut f64, ldv: i32, r: *mut orthant_report) -> i32;
    pub fn orthant_schedule_default(out: *mut c_void, capacity: usize, bytes: *mut usize) -> i32;
    pub fn orthant_graph_config_problem(c: *const orthant_graph_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_graph_capacity(c: *const orthant_graph_config, entries: *mut i32) -> i32;
    pub fn orthant_graph_size_f32(c: *const orthant_graph_config, bytes: *mut usize) -> i32;
    pub fn orthant_graph_run_f32(c: *const orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const orthant_matrix_f32, starts: *mut i32, indices: *mut i32, values: *mut f32, capacity: i32) -> i32;
    pub fn orthant_graph_dense_f32(samples: i32, starts: *const i32, indices: *const i32, values: *const f32,
        X: *mut f32, ldx: i32) -> i32;
    pub fn orthant_graph_size_f64(c: *const orthant_graph_config, bytes: *mut usize) -> i32;
    pub fn orthant_graph_run_f64(c: *const orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const orthant_matrix_f64, starts: *mut i32, indices: *mut i32, values: *mut f64, capacity: i32) -> i32;
    pub fn orthant_graph_dense_f64(samples: i32, starts: *const i32, indices: *const i32, values: *const f64,
        X: *mut f64, ldx: i32) -> i32;
    pub fn orthant_symnmf_config_problem(c: *const orthant_symnmf_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_symnmf_size_f32(c: *const orthant_symnmf_config, bytes: *mut usize) -> i32;
    pub fn orthant_symnmf_init_f32(c: *const orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnmf_f32) -> i32;
    pub fn orthant_symnmf_start_f32(s: *mut orthant_symnmf_f32, X: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32) -> i32;
    pub fn orthant_symnmf_run_f32(s: *mut orthant_symnmf_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_symnmf_size_f64(c: *const orthant_symnmf_config, bytes: *mut usize) -> i32;
    pub fn orthant_symnmf_init_f64(c: *const orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnmf_f64) -> i32;
    pub fn orthant_symnmf_start_f64(s: *mut orthant_symnmf_f64, X: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32) -> i32;
    pub fn orthant_symnmf_run_f64(s: *mut orthant_symnmf_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_clusters_labels_f32(samples: i32, clusters: i32, U: *const f32, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32;
    pub fn orthant_clusters_labels_f64(samples: i32, clusters: i32, U: *const f64, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32;
    pub fn orthant_clusters_config_problem(c: *const orthant_clusters_config, text: *mut c_char,
        room: usize) -> usize;
    pub fn orthant_clusters_size(c: *const orthant_clusters_config, bytes: *mut usize) -> i32;
    pub fn orthant_clusters_score(c: *const orthant_clusters_config, mem: *mut c_void, bytes: usize,
        found: *const i32, truth: *const i32, out: *mut orthant_clusters_scores) -> i32;
    pub fn orthant_symnet_config_problem(c: *const orthant_symnet_config, text: *mut c_char, room: usize) -> usize;
    pub fn orthant_symnet_size_f32(c: *const orthant_symnet_config, bytes: *mut usize) -> i32;
    pub fn orthant_symnet_init_f32(c: *const orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnet_f32) -> i32;
    pub fn orthant_symnet_start_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32) -> i32;
    pub fn orthant_symnet_run_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_symnet_save_f32(s: *mut orthant_symnet_f32, out: *mut c_void, capacity: usize,
        bytes: *mut usize) -> i32;
    pub fn orthant_symnet_load_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32,
        m: *const orthant_model, U: *mut f32, ldu: i32) -> i32;
    pub fn orthant_symnet_problem_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32,
        m: *const orthant_model) -> *const c_char;
    pub fn orthant_symnet_size_f64(c: *const orthant_symnet_config, bytes: *mut usize) -> i32;
    pub fn orthant_symnet_init_f64(c: *const orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnet_f64) -> i32;
    pub fn orthant_symnet_start_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32) -> i32;
    pub fn orthant_symnet_run_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        r: *mut orthant_report) -> i32;
    pub fn orthant_symnet_save_f64(s: *mut orthant_symnet_f64, out: *mut c_void, capacity: usize,
        bytes: *mut usize) -> i32;
    pub fn orthant_symnet_load_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64,
        m: *const orthant_model, U: *mut f64, ldu: i32) -> i32;
    pub fn orthant_symnet_problem_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64,
        m: *const orthant_model) -> *const c_char;
}
