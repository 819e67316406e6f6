"""Written by capi/bindings.py from orthant.h; do not edit."""
# pylint: skip-file
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_float, c_int8, c_int16, c_int32,
                    c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p)

VERSION = "0.1.0"
NUMBERS = {
    "ORTHANT_ABI": 2,
    "ORTHANT_OK": 0,
    "ORTHANT_E_ARG": -1,
    "ORTHANT_E_SCRATCH": -2,
    "ORTHANT_E_DATA": -3,
    "ORTHANT_E_BLOB": -4,
    "ORTHANT_E_UNSUPPORTED": -5,
    "ORTHANT_DENSE": 0,
    "ORTHANT_CSC": 1,
    "ORTHANT_CSR": 2,
    "ORTHANT_MASKED": 3,
    "ORTHANT_STOP_ITERATIONS": 1,
    "ORTHANT_STOP_KKT": 2,
    "ORTHANT_STOP_OBJECTIVE": 3,
    "ORTHANT_STOP_CANCELLED": 4,
    "ORTHANT_STOP_NONFINITE": 5,
    "ORTHANT_STOP_STEP": 6,
    "ORTHANT_STOP_ERROR": 7,
    "ORTHANT_ENDMEMBERS_VCA": 1,
    "ORTHANT_ENDMEMBERS_SPA": 2,
    "ORTHANT_ENDMEMBERS_NFINDR": 3,
    "ORTHANT_PROJECTION_AFFINE": 1,
    "ORTHANT_PROJECTION_PROJECTIVE": 2,
    "ORTHANT_PROJECTION_PUBLISHED": 3,
    "ORTHANT_UNMIX_BPP": 1,
    "ORTHANT_UNMIX_ACTIVE_SET": 2,
    "ORTHANT_UNMIX_HALS": 3,
    "ORTHANT_UNMIX_ADMM": 4,
    "ORTHANT_UNMIX_FAST_PG": 5,
    "ORTHANT_UNMIX_MU": 6,
    "ORTHANT_UNMIX_UNCONSTRAINED": 7,
    "ORTHANT_UNMIX_CLIP": 8,
    "ORTHANT_NMF_EHALS": 1,
    "ORTHANT_NMF_HALS": 2,
    "ORTHANT_NMF_AHALS": 3,
    "ORTHANT_NMF_ANLS": 4,
    "ORTHANT_NMF_AOADMM": 5,
    "ORTHANT_NMF_PG": 6,
    "ORTHANT_NMF_MU": 7,
    "ORTHANT_NMF_CCD": 8,
    "ORTHANT_NMF_MINVOL": 9,
    "ORTHANT_NMF_MURNMF": 10,
    "ORTHANT_NMF_AURNMF": 11,
    "ORTHANT_START_COLS": 1,
    "ORTHANT_START_SPAS": 2,
    "ORTHANT_START_SPA": 3,
    "ORTHANT_START_RANDOM": 4,
    "ORTHANT_START_NNDSVD": 5,
    "ORTHANT_START_NNDSVDA": 6,
    "ORTHANT_START_NNDSVDAR": 7,
    "ORTHANT_START_GIVEN": 8,
    "ORTHANT_START_SUB": 9,
    "ORTHANT_START_NNSVDLRC": 10,
    "ORTHANT_START_ROUGH": 11,
    "ORTHANT_LOSS_FROBENIUS": 0,
    "ORTHANT_LOSS_KL": 1,
    "ORTHANT_LOSS_IS": 2,
    "ORTHANT_LOSS_BETA": 3,
    "ORTHANT_ORTHO_COMPONENTS": 1,
    "ORTHANT_ORTHO_OBSERVATIONS": 2,
    "ORTHANT_BLOB_VERSION": 1,
    "ORTHANT_MODEL_NALMU": 1,
    "ORTHANT_MODEL_RALMU": 2,
    "ORTHANT_MODEL_SYMNMF_NET": 3,
    "ORTHANT_MODEL_FACTORMER": 4,
    "ORTHANT_MODEL_SCHEDULE": 5,
    "ORTHANT_ELEMENT_F32": 0,
    "ORTHANT_ELEMENT_F16": 1,
    "ORTHANT_ELEMENT_BF16": 2,
    "ORTHANT_ELEMENT_I8": 3,
    "ORTHANT_ELEMENT_I16": 4,
    "ORTHANT_ELEMENT_I32": 5,
    "ORTHANT_ELEMENT_F64": 6,
    "ORTHANT_NALMU_ONE": 1,
    "ORTHANT_NALMU_BOTH": 2,
    "ORTHANT_IDENTITY": 0,
    "ORTHANT_SCALAR": 1,
    "ORTHANT_DIAGONAL": 2,
    "ORTHANT_SYMMETRIC": 3,
    "ORTHANT_QP_LEE_SEUNG": 1,
    "ORTHANT_QP_ESCAPE": 2,
    "ORTHANT_QP_COMPLEMENTARITY": 3,
    "ORTHANT_QP_SQRT": 4,
    "ORTHANT_QP_STEEPEST": 5,
    "ORTHANT_QP_LEMMA_B": 6,
    "ORTHANT_RELU_NMD_QN": 1,
    "ORTHANT_RELU_NMD_TM": 2,
    "ORTHANT_RELU_NMD_3B": 3,
    "ORTHANT_RELU_NMD_ANMD": 4,
    "ORTHANT_RELU_NMD_NAIVE": 5,
    "ORTHANT_RELU_NMD_ANAIVE": 6,
    "ORTHANT_RELU_NMD_EM": 7,
    "ORTHANT_RELU_NMD_AEM": 8,
    "ORTHANT_RELU_START_TSVD": 1,
    "ORTHANT_RELU_START_NUCLEAR": 2,
    "ORTHANT_RELU_START_RANDOM": 3,
    "ORTHANT_RELU_START_GIVEN": 4,
    "ORTHANT_RELU_Z_DATA": 1,
    "ORTHANT_RELU_Z_FEASIBLE": 2,
    "ORTHANT_GRAPH_GAUSSIAN": 1,
    "ORTHANT_GRAPH_COSINE": 2,
    "ORTHANT_GRAPH_BINARY": 3,
    "ORTHANT_SYMNMF_ANLS": 1,
    "ORTHANT_SYMNMF_HALS": 2,
    "ORTHANT_SYMNMF_ALTERNATE": 3,
    "ORTHANT_SYMNMF_FIXED_POINT": 4,
    "ORTHANT_SYMNMF_ADMM": 5,
    "ORTHANT_SYMNMF_NEWTON": 6,
    "ORTHANT_SYMNMF_PGD": 7,
    "ORTHANT_SYMNMF_START_SCALED": 1,
    "ORTHANT_SYMNMF_START_PLAIN": 2,
    "ORTHANT_SYMNMF_START_GIVEN": 3,
    "ORTHANT_SYMNMF_START_SPECTRAL": 4,
    "ORTHANT_PENALTY_PRACTICAL": 1,
    "ORTHANT_PENALTY_SUFFICIENT": 2,
    "ORTHANT_PENALTY_NONE": 3,
    "ORTHANT_SYMNET_SUFFICIENT": 1,
    "ORTHANT_SYMNET_PROP1": 2,
    "ORTHANT_SYMNET_FREE": 3,
}

orthant_task_fn = CFUNCTYPE(None, c_void_p, c_int32, c_int32)
orthant_run_fn = CFUNCTYPE(None, c_void_p, c_int32, orthant_task_fn, c_void_p)
orthant_progress_fn = CFUNCTYPE(c_int32, c_void_p, c_void_p)


class orthant_matrix_f32(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("kind", c_int32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("ld", c_int32),
        ("ld_weights", c_int32),
        ("values", c_void_p),
        ("starts", c_void_p),
        ("indices", c_void_p),
        ("weights", c_void_p),
    ]


class orthant_matrix_f64(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("kind", c_int32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("ld", c_int32),
        ("ld_weights", c_int32),
        ("values", c_void_p),
        ("starts", c_void_p),
        ("indices", c_void_p),
        ("weights", c_void_p),
    ]


class orthant_parallel(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("workers", c_int32),
        ("run", orthant_run_fn),
        ("user", c_void_p),
    ]


class orthant_report(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("stop", c_int32),
        ("iters", c_int32),
        ("worst", c_int32),
        ("clipped", c_int32),
        ("proposals", c_int32),
        ("objective", c_double),
        ("rel_error", c_double),
        ("kkt", c_double),
        ("gap", c_double),
        ("bound", c_double),
    ]


class orthant_unmix_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("bands", c_int32),
        ("endmembers", c_int32),
        ("sum_to_one", c_int32),
        ("method", c_int32),
        ("max_iter", c_int32),
        ("data", c_int32),
        ("reserved", c_int32),
        ("tol", c_double),
        ("parallel", POINTER(orthant_parallel)),
        ("model", c_void_p),
    ]


class orthant_nmf_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("rank", c_int32),
        ("method", c_int32),
        ("start", c_int32),
        ("max_iter", c_int32),
        ("sweeps", c_int32),
        ("loss", c_int32),
        ("data", c_int32),
        ("ortho_axis", c_int32),
        ("full_step", c_int32),
        ("fixed_w", c_int32),
        ("reserved", c_int32),
        ("tol", c_double),
        ("tol_obj", c_double),
        ("rho", c_double),
        ("beta", c_double),
        ("l1_w", c_double),
        ("l1_h", c_double),
        ("l2_w", c_double),
        ("l2_h", c_double),
        ("ortho_w", c_double),
        ("ortho_h", c_double),
        ("volume", c_double),
        ("delta", c_double),
        ("tau", c_double),
        ("anneal", c_double),
        ("zero_tol", c_double),
        ("min_step", c_double),
        ("seed", c_uint64),
        ("progress", orthant_progress_fn),
        ("user", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
        ("model", c_void_p),
        ("schedule", c_void_p),
    ]


class orthant_endmembers_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("bands", c_int32),
        ("pixels", c_int32),
        ("endmembers", c_int32),
        ("method", c_int32),
        ("max_iter", c_int32),
        ("projection", c_int32),
        ("reserved", c_int32),
        ("seed", c_uint64),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_scores_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("bands", c_int32),
        ("endmembers", c_int32),
        ("pixels", c_int32),
    ]


class orthant_scores(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("reserved", c_uint32),
        ("mean_angle", c_double),
        ("rmse", c_double),
        ("armse", c_double),
    ]


class orthant_record(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("element", c_int32),
        ("rank", c_int32),
        ("zero_point", c_int32),
        ("dims", c_uint32 * 4),
        ("scale", c_float),
        ("reserved", c_uint32),
        ("name", c_char_p),
        ("data", c_void_p),
        ("count", c_size_t),
        ("bytes", c_size_t),
    ]


class orthant_factormer_info(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("rank", c_int32),
        ("width", c_int32),
        ("heads", c_int32),
        ("layers", c_int32),
        ("hidden", c_int32),
        ("accelerates", c_int32),
        ("reserved", c_int32),
        ("parameters", c_uint64),
    ]


class orthant_factormer_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("reserved", c_int32),
        ("model", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_nalmu_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("bands", c_int32),
        ("pixels", c_int32),
        ("endmembers", c_int32),
        ("layers", c_int32),
        ("factors", c_int32),
        ("given", c_int32),
        ("reserved", c_int32),
        ("model", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_symmetric_f32(Structure):
    _fields_ = [
        ("kind", c_int32),
        ("ld", c_int32),
        ("factor", c_double),
        ("values", c_void_p),
    ]


class orthant_symmetric_f64(Structure):
    _fields_ = [
        ("kind", c_int32),
        ("ld", c_int32),
        ("factor", c_double),
        ("values", c_void_p),
    ]


class orthant_penalty_f32(Structure):
    _fields_ = [
        ("left", orthant_symmetric_f32),
        ("right", orthant_symmetric_f32),
    ]


class orthant_penalty_f64(Structure):
    _fields_ = [
        ("left", orthant_symmetric_f64),
        ("right", orthant_symmetric_f64),
    ]


class orthant_terms_f32(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("penalties_w", c_int32),
        ("penalties_h", c_int32),
        ("ldl1_w", c_int32),
        ("ldl1_h", c_int32),
        ("reserved", c_int32),
        ("weight_rows", orthant_symmetric_f32),
        ("weight_cols", orthant_symmetric_f32),
        ("l1_w", c_void_p),
        ("l1_h", c_void_p),
        ("penalty_w", POINTER(orthant_penalty_f32)),
        ("penalty_h", POINTER(orthant_penalty_f32)),
    ]


class orthant_terms_f64(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("penalties_w", c_int32),
        ("penalties_h", c_int32),
        ("ldl1_w", c_int32),
        ("ldl1_h", c_int32),
        ("reserved", c_int32),
        ("weight_rows", orthant_symmetric_f64),
        ("weight_cols", orthant_symmetric_f64),
        ("l1_w", c_void_p),
        ("l1_h", c_void_p),
        ("penalty_w", POINTER(orthant_penalty_f64)),
        ("penalty_h", POINTER(orthant_penalty_f64)),
    ]


class orthant_qp_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("n", c_int32),
        ("rule", c_int32),
        ("max_iter", c_int32),
        ("full_step", c_int32),
        ("reserved", c_int32),
        ("tol", c_double),
        ("tau", c_double),
        ("anneal", c_double),
        ("zero_tol", c_double),
        ("min_step", c_double),
        ("progress", orthant_progress_fn),
        ("user", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_relu_nmd_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("rank", c_int32),
        ("method", c_int32),
        ("start", c_int32),
        ("z_start", c_int32),
        ("max_iter", c_int32),
        ("history", c_int32),
        ("svd_steps", c_int32),
        ("tol", c_double),
        ("tol_obj", c_double),
        ("alpha", c_double),
        ("beta", c_double),
        ("lambda", c_double),
        ("svd_tol", c_double),
        ("seed", c_uint64),
        ("progress", orthant_progress_fn),
        ("user", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_tsvd_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("rows", c_int32),
        ("cols", c_int32),
        ("rank", c_int32),
        ("max_iter", c_int32),
        ("warm", c_int32),
        ("tol", c_double),
        ("seed", c_uint64),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_graph_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("features", c_int32),
        ("samples", c_int32),
        ("kind", c_int32),
        ("neighbours", c_int32),
        ("scale_at", c_int32),
        ("unnormalised", c_int32),
        ("reserved", c_int32),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_symnmf_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("n", c_int32),
        ("rank", c_int32),
        ("method", c_int32),
        ("start", c_int32),
        ("penalty", c_int32),
        ("max_iter", c_int32),
        ("bound", c_int32),
        ("lambda", c_double),
        ("tol", c_double),
        ("tol_obj", c_double),
        ("seed", c_uint64),
        ("progress", orthant_progress_fn),
        ("user", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


class orthant_clusters_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("samples", c_int32),
        ("clusters", c_int32),
        ("classes", c_int32),
    ]


class orthant_clusters_scores(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("reserved", c_uint32),
        ("accuracy", c_double),
        ("purity", c_double),
        ("nmi", c_double),
        ("nmi_min", c_double),
        ("nmi_sqrt", c_double),
        ("nmi_mean", c_double),
        ("nmi_joint", c_double),
    ]


class orthant_symnet_config(Structure):
    _fields_ = [
        ("size", c_uint32),
        ("n", c_int32),
        ("rank", c_int32),
        ("layers", c_int32),
        ("epochs", c_int32),
        ("max_iter", c_int32),
        ("start", c_int32),
        ("lambda_bound", c_int32),
        ("last_only", c_int32),
        ("l1_all", c_int32),
        ("bound", c_int32),
        ("reserved", c_int32),
        ("beta", c_double),
        ("rate", c_double),
        ("decay", c_double),
        ("weight_decay", c_double),
        ("l1", c_double),
        ("lambda", c_double),
        ("leak", c_double),
        ("leak_until", c_double),
        ("seed", c_uint64),
        ("progress", orthant_progress_fn),
        ("user", c_void_p),
        ("parallel", POINTER(orthant_parallel)),
    ]


# name: (result, [(argument, type, element, is an input)])
FUNCTIONS = {
    "orthant_status_text": (c_char_p, [
        ("status", c_int32, "int32_t", False),
    ]),
    "orthant_version": (c_char_p, [
    ]),
    "orthant_abi": (c_int32, [
    ]),
    "orthant_build": (c_char_p, [
    ]),
    "orthant_build_kernels": (c_char_p, [
    ]),
    "orthant_unmix_size_f32": (c_int32, [
        ("c", POINTER(orthant_unmix_config), "orthant_unmix_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_unmix_init_f32": (c_int32, [
        ("c", POINTER(orthant_unmix_config), "orthant_unmix_config", True),
        ("E", c_void_p, "float", True),
        ("lde", c_int32, "int32_t", False),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_unmix_f32", False),
    ]),
    "orthant_unmix_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f32", False),
        ("Y", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("A", c_void_p, "float", False),
        ("lda", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_unmix_check_f32": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f32", False),
        ("Y", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("A", c_void_p, "float", True),
        ("lda", c_int32, "int32_t", False),
        ("rms", c_void_p, "float", False),
        ("kkt", c_void_p, "float", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_unmix_size_f64": (c_int32, [
        ("c", POINTER(orthant_unmix_config), "orthant_unmix_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_unmix_init_f64": (c_int32, [
        ("c", POINTER(orthant_unmix_config), "orthant_unmix_config", True),
        ("E", c_void_p, "double", True),
        ("lde", c_int32, "int32_t", False),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_unmix_f64", False),
    ]),
    "orthant_unmix_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f64", False),
        ("Y", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("A", c_void_p, "double", False),
        ("lda", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_unmix_check_f64": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f64", False),
        ("Y", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("A", c_void_p, "double", True),
        ("lda", c_int32, "int32_t", False),
        ("rms", c_void_p, "double", False),
        ("kkt", c_void_p, "double", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_nmf_size_f32": (c_int32, [
        ("c", POINTER(orthant_nmf_config), "orthant_nmf_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_nmf_init_f32": (c_int32, [
        ("c", POINTER(orthant_nmf_config), "orthant_nmf_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_nmf_f32", False),
    ]),
    "orthant_nmf_start_f32": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f32", False),
        ("V", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("W", c_void_p, "float", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "float", False),
        ("ldh", c_int32, "int32_t", False),
    ]),
    "orthant_nmf_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f32", False),
        ("V", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("W", c_void_p, "float", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "float", False),
        ("ldh", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_nmf_size_f64": (c_int32, [
        ("c", POINTER(orthant_nmf_config), "orthant_nmf_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_nmf_init_f64": (c_int32, [
        ("c", POINTER(orthant_nmf_config), "orthant_nmf_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_nmf_f64", False),
    ]),
    "orthant_nmf_start_f64": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f64", False),
        ("V", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("W", c_void_p, "double", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "double", False),
        ("ldh", c_int32, "int32_t", False),
    ]),
    "orthant_nmf_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f64", False),
        ("V", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("W", c_void_p, "double", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "double", False),
        ("ldh", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_endmembers_size_f32": (c_int32, [
        ("c", POINTER(orthant_endmembers_config), "orthant_endmembers_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_endmembers_init_f32": (c_int32, [
        ("c", POINTER(orthant_endmembers_config), "orthant_endmembers_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_endmembers_f32", False),
    ]),
    "orthant_endmembers_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_endmembers_f32", False),
        ("Y", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("D", c_void_p, "float", True),
        ("ldd", c_int32, "int32_t", False),
        ("E", c_void_p, "float", False),
        ("lde", c_int32, "int32_t", False),
        ("pixel", c_void_p, "int32_t", False),
    ]),
    "orthant_endmembers_size_f64": (c_int32, [
        ("c", POINTER(orthant_endmembers_config), "orthant_endmembers_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_endmembers_init_f64": (c_int32, [
        ("c", POINTER(orthant_endmembers_config), "orthant_endmembers_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_endmembers_f64", False),
    ]),
    "orthant_endmembers_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_endmembers_f64", False),
        ("Y", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("D", c_void_p, "double", True),
        ("ldd", c_int32, "int32_t", False),
        ("E", c_void_p, "double", False),
        ("lde", c_int32, "int32_t", False),
        ("pixel", c_void_p, "int32_t", False),
    ]),
    "orthant_scores_size_f32": (c_int32, [
        ("c", POINTER(orthant_scores_config), "orthant_scores_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_scores_run_f32": (c_int32, [
        ("c", POINTER(orthant_scores_config), "orthant_scores_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("E", c_void_p, "float", True),
        ("lde", c_int32, "int32_t", False),
        ("E_true", c_void_p, "float", True),
        ("ldet", c_int32, "int32_t", False),
        ("A", c_void_p, "float", True),
        ("lda", c_int32, "int32_t", False),
        ("A_true", c_void_p, "float", True),
        ("ldat", c_int32, "int32_t", False),
        ("match", c_void_p, "int32_t", False),
        ("angle", c_void_p, "double", False),
        ("out", POINTER(orthant_scores), "orthant_scores", False),
    ]),
    "orthant_scores_size_f64": (c_int32, [
        ("c", POINTER(orthant_scores_config), "orthant_scores_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_scores_run_f64": (c_int32, [
        ("c", POINTER(orthant_scores_config), "orthant_scores_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("E", c_void_p, "double", True),
        ("lde", c_int32, "int32_t", False),
        ("E_true", c_void_p, "double", True),
        ("ldet", c_int32, "int32_t", False),
        ("A", c_void_p, "double", True),
        ("lda", c_int32, "int32_t", False),
        ("A_true", c_void_p, "double", True),
        ("ldat", c_int32, "int32_t", False),
        ("match", c_void_p, "int32_t", False),
        ("angle", c_void_p, "double", False),
        ("out", POINTER(orthant_scores), "orthant_scores", False),
    ]),
    "orthant_nmf_method_name": (c_char_p, [
        ("method", c_int32, "int32_t", False),
    ]),
    "orthant_nmf_start_name": (c_char_p, [
        ("start", c_int32, "int32_t", False),
    ]),
    "orthant_nmf_loss_name": (c_char_p, [
        ("loss", c_int32, "int32_t", False),
    ]),
    "orthant_model_open": (c_int32, [
        ("blob", c_void_p, "void", True),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_model", True),
    ]),
    "orthant_model_verify": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
    ]),
    "orthant_model_problem": (c_char_p, [
        ("blob", c_void_p, "void", True),
        ("bytes", c_size_t, "size_t", False),
    ]),
    "orthant_model_kind": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
    ]),
    "orthant_model_records": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
    ]),
    "orthant_model_bytes": (c_size_t, [
        ("m", c_void_p, "orthant_model", True),
    ]),
    "orthant_model_kind_name": (c_char_p, [
        ("kind", c_int32, "int32_t", False),
    ]),
    "orthant_element_name": (c_char_p, [
        ("element", c_int32, "int32_t", False),
    ]),
    "orthant_model_record": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
        ("i", c_int32, "int32_t", False),
        ("out", POINTER(orthant_record), "orthant_record", False),
    ]),
    "orthant_model_values_f32": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
        ("i", c_int32, "int32_t", False),
        ("from", c_size_t, "size_t", False),
        ("count", c_size_t, "size_t", False),
        ("out", c_void_p, "float", False),
    ]),
    "orthant_model_values_f64": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
        ("i", c_int32, "int32_t", False),
        ("from", c_size_t, "size_t", False),
        ("count", c_size_t, "size_t", False),
        ("out", c_void_p, "double", False),
    ]),
    "orthant_model_convert": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
        ("element", c_int32, "int32_t", False),
        ("alignment", c_int32, "int32_t", False),
        ("out", c_void_p, "void", False),
        ("capacity", c_size_t, "size_t", False),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_factormer_describe": (c_int32, [
        ("m", c_void_p, "orthant_model", True),
        ("out", POINTER(orthant_factormer_info), "orthant_factormer_info", False),
    ]),
    "orthant_factormer_size_f32": (c_int32, [
        ("c", POINTER(orthant_factormer_config), "orthant_factormer_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_factormer_init_f32": (c_int32, [
        ("c", POINTER(orthant_factormer_config), "orthant_factormer_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_factormer_f32", False),
    ]),
    "orthant_factormer_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_factormer_f32", False),
        ("V", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("W", c_void_p, "float", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "float", False),
        ("ldh", c_int32, "int32_t", False),
        ("W0", c_void_p, "float", True),
        ("ldw0", c_int32, "int32_t", False),
        ("H0", c_void_p, "float", True),
        ("ldh0", c_int32, "int32_t", False),
    ]),
    "orthant_factormer_size_f64": (c_int32, [
        ("c", POINTER(orthant_factormer_config), "orthant_factormer_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_factormer_init_f64": (c_int32, [
        ("c", POINTER(orthant_factormer_config), "orthant_factormer_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_factormer_f64", False),
    ]),
    "orthant_factormer_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_factormer_f64", False),
        ("V", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("W", c_void_p, "double", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "double", False),
        ("ldh", c_int32, "int32_t", False),
        ("W0", c_void_p, "double", True),
        ("ldw0", c_int32, "int32_t", False),
        ("H0", c_void_p, "double", True),
        ("ldh0", c_int32, "int32_t", False),
    ]),
    "orthant_fixed_quantize_i16": (c_int32, [
        ("X", c_void_p, "float", True),
        ("ldx", c_int32, "int32_t", False),
        ("rows", c_int32, "int32_t", False),
        ("cols", c_int32, "int32_t", False),
        ("Q", c_void_p, "int16_t", False),
        ("ldq", c_int32, "int32_t", False),
        ("steps", c_void_p, "float", False),
    ]),
    "orthant_fixed_quantize_i8": (c_int32, [
        ("X", c_void_p, "float", True),
        ("ldx", c_int32, "int32_t", False),
        ("rows", c_int32, "int32_t", False),
        ("cols", c_int32, "int32_t", False),
        ("Q", c_void_p, "int8_t", False),
        ("ldq", c_int32, "int32_t", False),
        ("steps", c_void_p, "float", False),
    ]),
    "orthant_fixed_project_i16": (c_int32, [
        ("E", c_void_p, "int16_t", True),
        ("lde", c_int32, "int32_t", False),
        ("e_steps", c_void_p, "float", True),
        ("Y", c_void_p, "int16_t", True),
        ("ldy", c_int32, "int32_t", False),
        ("y_steps", c_void_p, "float", True),
        ("bands", c_int32, "int32_t", False),
        ("endmembers", c_int32, "int32_t", False),
        ("pixels", c_int32, "int32_t", False),
        ("B", c_void_p, "float", False),
        ("ldb", c_int32, "int32_t", False),
    ]),
    "orthant_fixed_project_i8": (c_int32, [
        ("E", c_void_p, "int8_t", True),
        ("lde", c_int32, "int32_t", False),
        ("e_steps", c_void_p, "float", True),
        ("Y", c_void_p, "int8_t", True),
        ("ldy", c_int32, "int32_t", False),
        ("y_steps", c_void_p, "float", True),
        ("bands", c_int32, "int32_t", False),
        ("endmembers", c_int32, "int32_t", False),
        ("pixels", c_int32, "int32_t", False),
        ("B", c_void_p, "float", False),
        ("ldb", c_int32, "int32_t", False),
    ]),
    "orthant_unmix_products_f32": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f32", False),
        ("B", c_void_p, "float", True),
        ("ldb", c_int32, "int32_t", False),
        ("pixels", c_int32, "int32_t", False),
        ("A", c_void_p, "float", False),
        ("lda", c_int32, "int32_t", False),
    ]),
    "orthant_unmix_products_f64": (c_int32, [
        ("s", c_void_p, "orthant_unmix_f64", False),
        ("B", c_void_p, "double", True),
        ("ldb", c_int32, "int32_t", False),
        ("pixels", c_int32, "int32_t", False),
        ("A", c_void_p, "double", False),
        ("lda", c_int32, "int32_t", False),
    ]),
    "orthant_nalmu_size_f32": (c_int32, [
        ("c", POINTER(orthant_nalmu_config), "orthant_nalmu_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_nalmu_init_f32": (c_int32, [
        ("c", POINTER(orthant_nalmu_config), "orthant_nalmu_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_nalmu_f32", False),
    ]),
    "orthant_nalmu_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_nalmu_f32", False),
        ("Y", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("W", c_void_p, "float", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "float", False),
        ("ldh", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_nalmu_size_f64": (c_int32, [
        ("c", POINTER(orthant_nalmu_config), "orthant_nalmu_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_nalmu_init_f64": (c_int32, [
        ("c", POINTER(orthant_nalmu_config), "orthant_nalmu_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_nalmu_f64", False),
    ]),
    "orthant_nalmu_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_nalmu_f64", False),
        ("Y", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("W", c_void_p, "double", False),
        ("ldw", c_int32, "int32_t", False),
        ("H", c_void_p, "double", False),
        ("ldh", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_nmf_terms_f32": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f32", False),
        ("terms", POINTER(orthant_terms_f32), "orthant_terms_f32", True),
    ]),
    "orthant_nmf_terms_f64": (c_int32, [
        ("s", c_void_p, "orthant_nmf_f64", False),
        ("terms", POINTER(orthant_terms_f64), "orthant_terms_f64", True),
    ]),
    "orthant_qp_size_f32": (c_int32, [
        ("c", POINTER(orthant_qp_config), "orthant_qp_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_qp_init_f32": (c_int32, [
        ("c", POINTER(orthant_qp_config), "orthant_qp_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_qp_f32", False),
    ]),
    "orthant_qp_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_qp_f32", False),
        ("G", c_void_p, "float", True),
        ("ldg", c_int32, "int32_t", False),
        ("d", c_void_p, "float", True),
        ("x", c_void_p, "float", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_qp_size_f64": (c_int32, [
        ("c", POINTER(orthant_qp_config), "orthant_qp_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_qp_init_f64": (c_int32, [
        ("c", POINTER(orthant_qp_config), "orthant_qp_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_qp_f64", False),
    ]),
    "orthant_qp_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_qp_f64", False),
        ("G", c_void_p, "double", True),
        ("ldg", c_int32, "int32_t", False),
        ("d", c_void_p, "double", True),
        ("x", c_void_p, "double", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_relu_nmd_size_f32": (c_int32, [
        ("c", POINTER(orthant_relu_nmd_config), "orthant_relu_nmd_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_relu_nmd_init_f32": (c_int32, [
        ("c", POINTER(orthant_relu_nmd_config), "orthant_relu_nmd_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_relu_nmd_f32", False),
    ]),
    "orthant_relu_nmd_start_f32": (c_int32, [
        ("s", c_void_p, "orthant_relu_nmd_f32", False),
        ("M", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
        ("V", c_void_p, "float", False),
        ("ldv", c_int32, "int32_t", False),
    ]),
    "orthant_relu_nmd_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_relu_nmd_f32", False),
        ("M", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
        ("V", c_void_p, "float", False),
        ("ldv", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_relu_nmd_size_f64": (c_int32, [
        ("c", POINTER(orthant_relu_nmd_config), "orthant_relu_nmd_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_relu_nmd_init_f64": (c_int32, [
        ("c", POINTER(orthant_relu_nmd_config), "orthant_relu_nmd_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_relu_nmd_f64", False),
    ]),
    "orthant_relu_nmd_start_f64": (c_int32, [
        ("s", c_void_p, "orthant_relu_nmd_f64", False),
        ("M", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
        ("V", c_void_p, "double", False),
        ("ldv", c_int32, "int32_t", False),
    ]),
    "orthant_relu_nmd_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_relu_nmd_f64", False),
        ("M", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
        ("V", c_void_p, "double", False),
        ("ldv", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_tsvd_size_f32": (c_int32, [
        ("c", POINTER(orthant_tsvd_config), "orthant_tsvd_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_tsvd_init_f32": (c_int32, [
        ("c", POINTER(orthant_tsvd_config), "orthant_tsvd_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_tsvd_f32", False),
    ]),
    "orthant_tsvd_run_f32": (c_int32, [
        ("t", c_void_p, "orthant_tsvd_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
        ("s", c_void_p, "float", False),
        ("V", c_void_p, "float", False),
        ("ldv", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_tsvd_size_f64": (c_int32, [
        ("c", POINTER(orthant_tsvd_config), "orthant_tsvd_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_tsvd_init_f64": (c_int32, [
        ("c", POINTER(orthant_tsvd_config), "orthant_tsvd_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_tsvd_f64", False),
    ]),
    "orthant_tsvd_run_f64": (c_int32, [
        ("t", c_void_p, "orthant_tsvd_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
        ("s", c_void_p, "double", False),
        ("V", c_void_p, "double", False),
        ("ldv", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_schedule_default": (c_int32, [
        ("out", c_void_p, "void", False),
        ("capacity", c_size_t, "size_t", False),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_graph_capacity": (c_int32, [
        ("c", POINTER(orthant_graph_config), "orthant_graph_config", True),
        ("entries", c_void_p, "int32_t", False),
    ]),
    "orthant_graph_size_f32": (c_int32, [
        ("c", POINTER(orthant_graph_config), "orthant_graph_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_graph_run_f32": (c_int32, [
        ("c", POINTER(orthant_graph_config), "orthant_graph_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("M", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("starts", c_void_p, "int32_t", False),
        ("indices", c_void_p, "int32_t", False),
        ("values", c_void_p, "float", False),
        ("capacity", c_int32, "int32_t", False),
    ]),
    "orthant_graph_dense_f32": (c_int32, [
        ("samples", c_int32, "int32_t", False),
        ("starts", c_void_p, "int32_t", True),
        ("indices", c_void_p, "int32_t", True),
        ("values", c_void_p, "float", True),
        ("X", c_void_p, "float", False),
        ("ldx", c_int32, "int32_t", False),
    ]),
    "orthant_graph_size_f64": (c_int32, [
        ("c", POINTER(orthant_graph_config), "orthant_graph_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_graph_run_f64": (c_int32, [
        ("c", POINTER(orthant_graph_config), "orthant_graph_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("M", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("starts", c_void_p, "int32_t", False),
        ("indices", c_void_p, "int32_t", False),
        ("values", c_void_p, "double", False),
        ("capacity", c_int32, "int32_t", False),
    ]),
    "orthant_graph_dense_f64": (c_int32, [
        ("samples", c_int32, "int32_t", False),
        ("starts", c_void_p, "int32_t", True),
        ("indices", c_void_p, "int32_t", True),
        ("values", c_void_p, "double", True),
        ("X", c_void_p, "double", False),
        ("ldx", c_int32, "int32_t", False),
    ]),
    "orthant_symnmf_size_f32": (c_int32, [
        ("c", POINTER(orthant_symnmf_config), "orthant_symnmf_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnmf_init_f32": (c_int32, [
        ("c", POINTER(orthant_symnmf_config), "orthant_symnmf_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_symnmf_f32", False),
    ]),
    "orthant_symnmf_start_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnmf_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
    "orthant_symnmf_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnmf_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_symnmf_size_f64": (c_int32, [
        ("c", POINTER(orthant_symnmf_config), "orthant_symnmf_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnmf_init_f64": (c_int32, [
        ("c", POINTER(orthant_symnmf_config), "orthant_symnmf_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_symnmf_f64", False),
    ]),
    "orthant_symnmf_start_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnmf_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
    "orthant_symnmf_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnmf_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_clusters_labels_f32": (c_int32, [
        ("samples", c_int32, "int32_t", False),
        ("clusters", c_int32, "int32_t", False),
        ("U", c_void_p, "float", True),
        ("ldu", c_int32, "int32_t", False),
        ("labels", c_void_p, "int32_t", False),
        ("sparse_factor", c_void_p, "double", False),
    ]),
    "orthant_clusters_labels_f64": (c_int32, [
        ("samples", c_int32, "int32_t", False),
        ("clusters", c_int32, "int32_t", False),
        ("U", c_void_p, "double", True),
        ("ldu", c_int32, "int32_t", False),
        ("labels", c_void_p, "int32_t", False),
        ("sparse_factor", c_void_p, "double", False),
    ]),
    "orthant_clusters_size": (c_int32, [
        ("c", POINTER(orthant_clusters_config), "orthant_clusters_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_clusters_score": (c_int32, [
        ("c", POINTER(orthant_clusters_config), "orthant_clusters_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("found", c_void_p, "int32_t", True),
        ("truth", c_void_p, "int32_t", True),
        ("out", POINTER(orthant_clusters_scores), "orthant_clusters_scores", False),
    ]),
    "orthant_symnet_size_f32": (c_int32, [
        ("c", POINTER(orthant_symnet_config), "orthant_symnet_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnet_init_f32": (c_int32, [
        ("c", POINTER(orthant_symnet_config), "orthant_symnet_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_symnet_f32", False),
    ]),
    "orthant_symnet_start_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
    "orthant_symnet_run_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_symnet_save_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f32", False),
        ("out", c_void_p, "void", False),
        ("capacity", c_size_t, "size_t", False),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnet_load_f32": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f32", False),
        ("X", POINTER(orthant_matrix_f32), "orthant_matrix_f32", True),
        ("m", c_void_p, "orthant_model", True),
        ("U", c_void_p, "float", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
    "orthant_symnet_size_f64": (c_int32, [
        ("c", POINTER(orthant_symnet_config), "orthant_symnet_config", True),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnet_init_f64": (c_int32, [
        ("c", POINTER(orthant_symnet_config), "orthant_symnet_config", True),
        ("mem", c_void_p, "void", False),
        ("bytes", c_size_t, "size_t", False),
        ("out", POINTER(c_void_p), "orthant_symnet_f64", False),
    ]),
    "orthant_symnet_start_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
    "orthant_symnet_run_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
        ("r", POINTER(orthant_report), "orthant_report", False),
    ]),
    "orthant_symnet_save_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f64", False),
        ("out", c_void_p, "void", False),
        ("capacity", c_size_t, "size_t", False),
        ("bytes", POINTER(c_size_t), "size_t", False),
    ]),
    "orthant_symnet_load_f64": (c_int32, [
        ("s", c_void_p, "orthant_symnet_f64", False),
        ("X", POINTER(orthant_matrix_f64), "orthant_matrix_f64", True),
        ("m", c_void_p, "orthant_model", True),
        ("U", c_void_p, "double", False),
        ("ldu", c_int32, "int32_t", False),
    ]),
}
