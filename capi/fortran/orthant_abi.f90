! Written by capi/bindings.py from orthant.h; do not edit.
! The C interface as it is: what a call means stands in orthant.h.
! Arrays are addresses (c_loc); an absent optional argument is a null pointer.
module orthant_raw
  use, intrinsic :: iso_c_binding
  implicit none
  public
  character(*), parameter :: orthant_header_version = "0.1.0"
  integer(c_int32_t), parameter :: ORTHANT_HEADER_ABI = 2
  integer(c_int32_t), parameter :: ORTHANT_OK = 0
  integer(c_int32_t), parameter :: ORTHANT_E_ARG = -1
  integer(c_int32_t), parameter :: ORTHANT_E_SCRATCH = -2
  integer(c_int32_t), parameter :: ORTHANT_E_DATA = -3
  integer(c_int32_t), parameter :: ORTHANT_E_BLOB = -4
  integer(c_int32_t), parameter :: ORTHANT_E_UNSUPPORTED = -5
  integer(c_int32_t), parameter :: ORTHANT_E_READ = -6
  integer(c_int32_t), parameter :: ORTHANT_E_REDUCE = -7
  integer(c_int32_t), parameter :: ORTHANT_NONE = -1
  integer(c_int32_t), parameter :: ORTHANT_DENSE = 0
  integer(c_int32_t), parameter :: ORTHANT_CSC = 1
  integer(c_int32_t), parameter :: ORTHANT_CSR = 2
  integer(c_int32_t), parameter :: ORTHANT_MASKED = 3
  integer(c_int32_t), parameter :: ORTHANT_STREAM = 4
  integer(c_int32_t), parameter :: ORTHANT_DATA_NOT_NEGATIVE = 1
  integer(c_int32_t), parameter :: ORTHANT_DATA_POSITIVE = 2
  integer(c_int32_t), parameter :: ORTHANT_DATA_SYMMETRIC = 4
  integer(c_int32_t), parameter :: ORTHANT_DATA_ROOM = 8
  integer(c_int32_t), parameter :: ORTHANT_DATA_COLUMNS = 16
  integer(c_int32_t), parameter :: ORTHANT_STOP_ITERATIONS = 1
  integer(c_int32_t), parameter :: ORTHANT_STOP_KKT = 2
  integer(c_int32_t), parameter :: ORTHANT_STOP_OBJECTIVE = 3
  integer(c_int32_t), parameter :: ORTHANT_STOP_CANCELLED = 4
  integer(c_int32_t), parameter :: ORTHANT_STOP_NONFINITE = 5
  integer(c_int32_t), parameter :: ORTHANT_STOP_STEP = 6
  integer(c_int32_t), parameter :: ORTHANT_STOP_ERROR = 7
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_VCA = 1
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_SPA = 2
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_NFINDR = 3
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_AFFINE = 1
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_PROJECTIVE = 2
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_PUBLISHED = 3
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_BPP = 1
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_ACTIVE_SET = 2
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_HALS = 3
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_ADMM = 4
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_FAST_PG = 5
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_MU = 6
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_UNCONSTRAINED = 7
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_CLIP = 8
  integer(c_int32_t), parameter :: ORTHANT_NMF_EHALS = 1
  integer(c_int32_t), parameter :: ORTHANT_NMF_HALS = 2
  integer(c_int32_t), parameter :: ORTHANT_NMF_AHALS = 3
  integer(c_int32_t), parameter :: ORTHANT_NMF_ANLS = 4
  integer(c_int32_t), parameter :: ORTHANT_NMF_AOADMM = 5
  integer(c_int32_t), parameter :: ORTHANT_NMF_PG = 6
  integer(c_int32_t), parameter :: ORTHANT_NMF_MU = 7
  integer(c_int32_t), parameter :: ORTHANT_NMF_CCD = 8
  integer(c_int32_t), parameter :: ORTHANT_NMF_MINVOL = 9
  integer(c_int32_t), parameter :: ORTHANT_NMF_MURNMF = 10
  integer(c_int32_t), parameter :: ORTHANT_NMF_AURNMF = 11
  integer(c_int32_t), parameter :: ORTHANT_START_COLS = 1
  integer(c_int32_t), parameter :: ORTHANT_START_SPAS = 2
  integer(c_int32_t), parameter :: ORTHANT_START_SPA = 3
  integer(c_int32_t), parameter :: ORTHANT_START_RANDOM = 4
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVD = 5
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVDA = 6
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVDAR = 7
  integer(c_int32_t), parameter :: ORTHANT_START_GIVEN = 8
  integer(c_int32_t), parameter :: ORTHANT_START_SUB = 9
  integer(c_int32_t), parameter :: ORTHANT_START_NNSVDLRC = 10
  integer(c_int32_t), parameter :: ORTHANT_START_ROUGH = 11
  integer(c_int32_t), parameter :: ORTHANT_LOSS_FROBENIUS = 0
  integer(c_int32_t), parameter :: ORTHANT_LOSS_KL = 1
  integer(c_int32_t), parameter :: ORTHANT_LOSS_IS = 2
  integer(c_int32_t), parameter :: ORTHANT_LOSS_BETA = 3
  integer(c_int32_t), parameter :: ORTHANT_ORTHO_COMPONENTS = 1
  integer(c_int32_t), parameter :: ORTHANT_ORTHO_OBSERVATIONS = 2
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_HYSIME = 1
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_HFC = 2
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_NWHFC = 3
  integer(c_int32_t), parameter :: ORTHANT_BLOB_VERSION = 1
  integer(c_int32_t), parameter :: ORTHANT_MODEL_NALMU = 1
  integer(c_int32_t), parameter :: ORTHANT_MODEL_RALMU = 2
  integer(c_int32_t), parameter :: ORTHANT_MODEL_SYMNMF_NET = 3
  integer(c_int32_t), parameter :: ORTHANT_MODEL_FACTORMER = 4
  integer(c_int32_t), parameter :: ORTHANT_MODEL_SCHEDULE = 5
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F32 = 0
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F16 = 1
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_BF16 = 2
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I8 = 3
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I16 = 4
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I32 = 5
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F64 = 6
  integer(c_int32_t), parameter :: ORTHANT_NALMU_ONE = 1
  integer(c_int32_t), parameter :: ORTHANT_NALMU_BOTH = 2
  integer(c_int32_t), parameter :: ORTHANT_IDENTITY = 0
  integer(c_int32_t), parameter :: ORTHANT_SCALAR = 1
  integer(c_int32_t), parameter :: ORTHANT_DIAGONAL = 2
  integer(c_int32_t), parameter :: ORTHANT_SYMMETRIC = 3
  integer(c_int32_t), parameter :: ORTHANT_QP_LEE_SEUNG = 1
  integer(c_int32_t), parameter :: ORTHANT_QP_ESCAPE = 2
  integer(c_int32_t), parameter :: ORTHANT_QP_COMPLEMENTARITY = 3
  integer(c_int32_t), parameter :: ORTHANT_QP_SQRT = 4
  integer(c_int32_t), parameter :: ORTHANT_QP_STEEPEST = 5
  integer(c_int32_t), parameter :: ORTHANT_QP_LEMMA_B = 6
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_QN = 1
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_TM = 2
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_3B = 3
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_ANMD = 4
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_NAIVE = 5
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_ANAIVE = 6
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_EM = 7
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_AEM = 8
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_TSVD = 1
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_NUCLEAR = 2
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_RANDOM = 3
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_GIVEN = 4
  integer(c_int32_t), parameter :: ORTHANT_RELU_Z_DATA = 1
  integer(c_int32_t), parameter :: ORTHANT_RELU_Z_FEASIBLE = 2
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_GAUSSIAN = 1
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_COSINE = 2
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_BINARY = 3
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ANLS = 1
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_HALS = 2
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ALTERNATE = 3
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_FIXED_POINT = 4
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ADMM = 5
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_NEWTON = 6
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_PGD = 7
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_SCALED = 1
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_PLAIN = 2
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_GIVEN = 3
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_SPECTRAL = 4
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_PRACTICAL = 1
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_SUFFICIENT = 2
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_NONE = 3
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_SUFFICIENT = 1
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_PROP1 = 2
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_FREE = 3

  type, bind(c) :: orthant_matrix_f32
    integer(c_int32_t) :: size = 72
    integer(c_int32_t) :: kind = 0
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: ld = 0
    integer(c_int32_t) :: ld_weights = 0
    type(c_ptr) :: values = c_null_ptr
    type(c_ptr) :: starts = c_null_ptr
    type(c_ptr) :: indices = c_null_ptr
    type(c_ptr) :: weights = c_null_ptr
    type(c_funptr) :: read = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
  end type orthant_matrix_f32

  type, bind(c) :: orthant_matrix_f64
    integer(c_int32_t) :: size = 72
    integer(c_int32_t) :: kind = 0
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: ld = 0
    integer(c_int32_t) :: ld_weights = 0
    type(c_ptr) :: values = c_null_ptr
    type(c_ptr) :: starts = c_null_ptr
    type(c_ptr) :: indices = c_null_ptr
    type(c_ptr) :: weights = c_null_ptr
    type(c_funptr) :: read = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
  end type orthant_matrix_f64

  type, bind(c) :: orthant_parallel
    integer(c_int32_t) :: size = 24
    integer(c_int32_t) :: workers = 0
    type(c_funptr) :: run = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
  end type orthant_parallel

  type, bind(c) :: orthant_reduce
    integer(c_int32_t) :: size = 40
    integer(c_int32_t) :: process = 0
    integer(c_int32_t) :: processes = 0
    integer(c_int32_t) :: first_column = 0
    integer(c_int32_t) :: all_columns = 0
    integer(c_int32_t) :: reserved = 0
    type(c_funptr) :: sum = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
  end type orthant_reduce

  type, bind(c) :: orthant_report
    integer(c_int32_t) :: size = 72
    integer(c_int32_t) :: stop = 0
    integer(c_int32_t) :: iters = 0
    integer(c_int32_t) :: worst = 0
    integer(c_int32_t) :: clipped = 0
    integer(c_int32_t) :: proposals = 0
    real(c_double) :: objective = 0
    real(c_double) :: rel_error = 0
    real(c_double) :: kkt = 0
    real(c_double) :: gap = 0
    real(c_double) :: bound = 0
    integer(c_int64_t) :: reduced_bytes = 0
  end type orthant_report

  type, bind(c) :: orthant_unmix_config
    integer(c_int32_t) :: size = 56
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: endmembers = 0
    integer(c_int32_t) :: sum_to_one = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: data = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: tol = 0
    type(c_ptr) :: parallel = c_null_ptr
    type(c_ptr) :: model = c_null_ptr
  end type orthant_unmix_config

  type, bind(c) :: orthant_nmf_config
    integer(c_int32_t) :: size = 240
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: start = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: sweeps = 0
    integer(c_int32_t) :: loss = 0
    integer(c_int32_t) :: data = 0
    integer(c_int32_t) :: ortho_axis = 0
    integer(c_int32_t) :: full_step = 0
    integer(c_int32_t) :: fixed_w = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: tol = 0
    real(c_double) :: tol_obj = 0
    real(c_double) :: rho = 0
    real(c_double) :: beta = 0
    real(c_double) :: l1_w = 0
    real(c_double) :: l1_h = 0
    real(c_double) :: l2_w = 0
    real(c_double) :: l2_h = 0
    real(c_double) :: ortho_w = 0
    real(c_double) :: ortho_h = 0
    real(c_double) :: volume = 0
    real(c_double) :: delta = 0
    real(c_double) :: tau = 0
    real(c_double) :: anneal = 0
    real(c_double) :: zero_tol = 0
    real(c_double) :: min_step = 0
    integer(c_int64_t) :: seed = 0
    type(c_funptr) :: progress = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
    type(c_ptr) :: model = c_null_ptr
    type(c_ptr) :: schedule = c_null_ptr
    type(c_ptr) :: reduce = c_null_ptr
  end type orthant_nmf_config

  type, bind(c) :: orthant_endmembers_config
    integer(c_int32_t) :: size = 56
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: pixels = 0
    integer(c_int32_t) :: endmembers = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: projection = 0
    integer(c_int32_t) :: precise = 0
    integer(c_int64_t) :: seed = 0
    type(c_ptr) :: parallel = c_null_ptr
    integer(c_int32_t) :: draws = 0
    integer(c_int32_t) :: data = 0
  end type orthant_endmembers_config

  type, bind(c) :: orthant_scores_config
    integer(c_int32_t) :: size = 16
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: endmembers = 0
    integer(c_int32_t) :: pixels = 0
  end type orthant_scores_config

  type, bind(c) :: orthant_scores
    integer(c_int32_t) :: size = 32
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: mean_angle = 0
    real(c_double) :: rmse = 0
    real(c_double) :: armse = 0
  end type orthant_scores

  type, bind(c) :: orthant_dimension_config
    integer(c_int32_t) :: size = 32
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: false_alarm = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_dimension_config

  type, bind(c) :: orthant_record
    integer(c_int32_t) :: size = 72
    integer(c_int32_t) :: element = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: zero_point = 0
    integer(c_int32_t) :: dims(4) = 0
    real(c_float) :: scale = 0
    integer(c_int32_t) :: reserved = 0
    type(c_ptr) :: name = c_null_ptr
    type(c_ptr) :: data = c_null_ptr
    integer(c_size_t) :: count = 0
    integer(c_size_t) :: bytes = 0
  end type orthant_record

  type, bind(c) :: orthant_factormer_info
    integer(c_int32_t) :: size = 40
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: width = 0
    integer(c_int32_t) :: heads = 0
    integer(c_int32_t) :: layers = 0
    integer(c_int32_t) :: hidden = 0
    integer(c_int32_t) :: accelerates = 0
    integer(c_int32_t) :: reserved = 0
    integer(c_int64_t) :: parameters = 0
  end type orthant_factormer_info

  type, bind(c) :: orthant_factormer_config
    integer(c_int32_t) :: size = 32
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: reserved = 0
    type(c_ptr) :: model = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_factormer_config

  type, bind(c) :: orthant_library_config
    integer(c_int32_t) :: size = 40
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: spectra = 0
    integer(c_int32_t) :: sum_to_one = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: l1 = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_library_config

  type, bind(c) :: orthant_mesma_config
    integer(c_int32_t) :: size = 72
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: spectra = 0
    integer(c_int32_t) :: classes = 0
    integer(c_int32_t) :: least = 0
    integer(c_int32_t) :: most = 0
    integer(c_int32_t) :: sum_to_one = 0
    integer(c_int32_t) :: normalize = 0
    real(c_double) :: slack = 0
    real(c_double) :: max_shade = 0
    real(c_double) :: max_rmse = 0
    real(c_double) :: gain = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_mesma_config

  type, bind(c) :: orthant_bootstrap_config
    integer(c_int32_t) :: size = 48
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: spectra = 0
    integer(c_int32_t) :: classes = 0
    integer(c_int32_t) :: each = 0
    integer(c_int32_t) :: draws = 0
    integer(c_int32_t) :: sum_to_one = 0
    integer(c_int32_t) :: reserved = 0
    integer(c_int64_t) :: seed = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_bootstrap_config

  type, bind(c) :: orthant_nalmu_config
    integer(c_int32_t) :: size = 48
    integer(c_int32_t) :: bands = 0
    integer(c_int32_t) :: pixels = 0
    integer(c_int32_t) :: endmembers = 0
    integer(c_int32_t) :: layers = 0
    integer(c_int32_t) :: factors = 0
    integer(c_int32_t) :: given = 0
    integer(c_int32_t) :: reserved = 0
    type(c_ptr) :: model = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_nalmu_config

  type, bind(c) :: orthant_symmetric_f32
    integer(c_int32_t) :: kind = 0
    integer(c_int32_t) :: ld = 0
    real(c_double) :: factor = 0
    type(c_ptr) :: values = c_null_ptr
  end type orthant_symmetric_f32

  type, bind(c) :: orthant_symmetric_f64
    integer(c_int32_t) :: kind = 0
    integer(c_int32_t) :: ld = 0
    real(c_double) :: factor = 0
    type(c_ptr) :: values = c_null_ptr
  end type orthant_symmetric_f64

  type, bind(c) :: orthant_penalty_f32
    type(orthant_symmetric_f32) :: left
    type(orthant_symmetric_f32) :: right
  end type orthant_penalty_f32

  type, bind(c) :: orthant_penalty_f64
    type(orthant_symmetric_f64) :: left
    type(orthant_symmetric_f64) :: right
  end type orthant_penalty_f64

  type, bind(c) :: orthant_terms_f32
    integer(c_int32_t) :: size = 104
    integer(c_int32_t) :: penalties_w = 0
    integer(c_int32_t) :: penalties_h = 0
    integer(c_int32_t) :: ldl1_w = 0
    integer(c_int32_t) :: ldl1_h = 0
    integer(c_int32_t) :: reserved = 0
    type(orthant_symmetric_f32) :: weight_rows
    type(orthant_symmetric_f32) :: weight_cols
    type(c_ptr) :: l1_w = c_null_ptr
    type(c_ptr) :: l1_h = c_null_ptr
    type(c_ptr) :: penalty_w = c_null_ptr
    type(c_ptr) :: penalty_h = c_null_ptr
  end type orthant_terms_f32

  type, bind(c) :: orthant_terms_f64
    integer(c_int32_t) :: size = 104
    integer(c_int32_t) :: penalties_w = 0
    integer(c_int32_t) :: penalties_h = 0
    integer(c_int32_t) :: ldl1_w = 0
    integer(c_int32_t) :: ldl1_h = 0
    integer(c_int32_t) :: reserved = 0
    type(orthant_symmetric_f64) :: weight_rows
    type(orthant_symmetric_f64) :: weight_cols
    type(c_ptr) :: l1_w = c_null_ptr
    type(c_ptr) :: l1_h = c_null_ptr
    type(c_ptr) :: penalty_w = c_null_ptr
    type(c_ptr) :: penalty_h = c_null_ptr
  end type orthant_terms_f64

  type, bind(c) :: orthant_qp_config
    integer(c_int32_t) :: size = 88
    integer(c_int32_t) :: n = 0
    integer(c_int32_t) :: rule = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: full_step = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: tol = 0
    real(c_double) :: tau = 0
    real(c_double) :: anneal = 0
    real(c_double) :: zero_tol = 0
    real(c_double) :: min_step = 0
    type(c_funptr) :: progress = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_qp_config

  type, bind(c) :: orthant_relu_nmd_config
    integer(c_int32_t) :: size = 120
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: start = 0
    integer(c_int32_t) :: z_start = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: history = 0
    integer(c_int32_t) :: svd_steps = 0
    real(c_double) :: tol = 0
    real(c_double) :: tol_obj = 0
    real(c_double) :: alpha = 0
    real(c_double) :: beta = 0
    real(c_double) :: lambda = 0
    real(c_double) :: svd_tol = 0
    integer(c_int64_t) :: seed = 0
    type(c_funptr) :: progress = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_relu_nmd_config

  type, bind(c) :: orthant_tsvd_config
    integer(c_int32_t) :: size = 48
    integer(c_int32_t) :: rows = 0
    integer(c_int32_t) :: cols = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: warm = 0
    real(c_double) :: tol = 0
    integer(c_int64_t) :: seed = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_tsvd_config

  type, bind(c) :: orthant_graph_config
    integer(c_int32_t) :: size = 40
    integer(c_int32_t) :: features = 0
    integer(c_int32_t) :: samples = 0
    integer(c_int32_t) :: kind = 0
    integer(c_int32_t) :: neighbours = 0
    integer(c_int32_t) :: scale_at = 0
    integer(c_int32_t) :: unnormalised = 0
    integer(c_int32_t) :: reserved = 0
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_graph_config

  type, bind(c) :: orthant_symnmf_config
    integer(c_int32_t) :: size = 88
    integer(c_int32_t) :: n = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: method = 0
    integer(c_int32_t) :: start = 0
    integer(c_int32_t) :: penalty = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: bound = 0
    real(c_double) :: lambda = 0
    real(c_double) :: tol = 0
    real(c_double) :: tol_obj = 0
    integer(c_int64_t) :: seed = 0
    type(c_funptr) :: progress = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_symnmf_config

  type, bind(c) :: orthant_clusters_config
    integer(c_int32_t) :: size = 16
    integer(c_int32_t) :: samples = 0
    integer(c_int32_t) :: clusters = 0
    integer(c_int32_t) :: classes = 0
  end type orthant_clusters_config

  type, bind(c) :: orthant_clusters_scores
    integer(c_int32_t) :: size = 64
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: accuracy = 0
    real(c_double) :: purity = 0
    real(c_double) :: nmi = 0
    real(c_double) :: nmi_min = 0
    real(c_double) :: nmi_sqrt = 0
    real(c_double) :: nmi_mean = 0
    real(c_double) :: nmi_joint = 0
  end type orthant_clusters_scores

  type, bind(c) :: orthant_symnet_config
    integer(c_int32_t) :: size = 144
    integer(c_int32_t) :: n = 0
    integer(c_int32_t) :: rank = 0
    integer(c_int32_t) :: layers = 0
    integer(c_int32_t) :: epochs = 0
    integer(c_int32_t) :: max_iter = 0
    integer(c_int32_t) :: start = 0
    integer(c_int32_t) :: lambda_bound = 0
    integer(c_int32_t) :: last_only = 0
    integer(c_int32_t) :: l1_all = 0
    integer(c_int32_t) :: bound = 0
    integer(c_int32_t) :: reserved = 0
    real(c_double) :: beta = 0
    real(c_double) :: rate = 0
    real(c_double) :: decay = 0
    real(c_double) :: weight_decay = 0
    real(c_double) :: l1 = 0
    real(c_double) :: lambda = 0
    real(c_double) :: leak = 0
    real(c_double) :: leak_until = 0
    integer(c_int64_t) :: seed = 0
    type(c_funptr) :: progress = c_null_funptr
    type(c_ptr) :: user = c_null_ptr
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_symnet_config

  interface
    function orthant_status_text(status) result(result_) bind(c, name="orthant_status_text")
      import
      integer(c_int32_t), value :: status
      type(c_ptr) :: result_
    end function orthant_status_text
    function orthant_version() result(result_) bind(c, name="orthant_version")
      import
      type(c_ptr) :: result_
    end function orthant_version
    function orthant_abi() result(result_) bind(c, name="orthant_abi")
      import
      integer(c_int32_t) :: result_
    end function orthant_abi
    function orthant_build() result(result_) bind(c, name="orthant_build")
      import
      type(c_ptr) :: result_
    end function orthant_build
    function orthant_build_kernels() result(result_) bind(c, name="orthant_build_kernels")
      import
      type(c_ptr) :: result_
    end function orthant_build_kernels
    function orthant_matrix_problem_f32(X, what, text, room) result(result_) bind(c, &
        name="orthant_matrix_problem_f32")
      import
      type(orthant_matrix_f32), intent(in), optional :: X
      integer(c_int32_t), value :: what
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_matrix_problem_f32
    function orthant_matrix_problem_f64(X, what, text, room) result(result_) bind(c, &
        name="orthant_matrix_problem_f64")
      import
      type(orthant_matrix_f64), intent(in), optional :: X
      integer(c_int32_t), value :: what
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_matrix_problem_f64
    function orthant_unmix_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_unmix_config_problem")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_unmix_config_problem
    function orthant_unmix_size_f32(c, bytes) result(result_) bind(c, name="orthant_unmix_size_f32")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_unmix_size_f32
    function orthant_unmix_init_f32(c, E, lde, mem, bytes, out) result(result_) bind(c, &
        name="orthant_unmix_init_f32")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_unmix_init_f32
    function orthant_unmix_run_f32(s, Y, A, lda, r) result(result_) bind(c, name="orthant_unmix_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_run_f32
    function orthant_unmix_check_f32(s, Y, A, lda, rms, kkt, r) result(result_) bind(c, &
        name="orthant_unmix_check_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: rms
      type(c_ptr), value :: kkt
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_check_f32
    function orthant_unmix_size_f64(c, bytes) result(result_) bind(c, name="orthant_unmix_size_f64")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_unmix_size_f64
    function orthant_unmix_init_f64(c, E, lde, mem, bytes, out) result(result_) bind(c, &
        name="orthant_unmix_init_f64")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_unmix_init_f64
    function orthant_unmix_run_f64(s, Y, A, lda, r) result(result_) bind(c, name="orthant_unmix_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_run_f64
    function orthant_unmix_check_f64(s, Y, A, lda, rms, kkt, r) result(result_) bind(c, &
        name="orthant_unmix_check_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: rms
      type(c_ptr), value :: kkt
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_check_f64
    function orthant_nmf_config_problem(c, text, room) result(result_) bind(c, name="orthant_nmf_config_problem")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_nmf_config_problem
    function orthant_nmf_size_f32(c, bytes) result(result_) bind(c, name="orthant_nmf_size_f32")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nmf_size_f32
    function orthant_nmf_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_nmf_init_f32")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nmf_init_f32
    function orthant_nmf_start_f32(s, V, W, ldw, H, ldh) result(result_) bind(c, name="orthant_nmf_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      integer(c_int32_t) :: result_
    end function orthant_nmf_start_f32
    function orthant_nmf_run_f32(s, V, W, ldw, H, ldh, r) result(result_) bind(c, name="orthant_nmf_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_nmf_run_f32
    function orthant_nmf_size_f64(c, bytes) result(result_) bind(c, name="orthant_nmf_size_f64")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nmf_size_f64
    function orthant_nmf_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_nmf_init_f64")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nmf_init_f64
    function orthant_nmf_start_f64(s, V, W, ldw, H, ldh) result(result_) bind(c, name="orthant_nmf_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      integer(c_int32_t) :: result_
    end function orthant_nmf_start_f64
    function orthant_nmf_run_f64(s, V, W, ldw, H, ldh, r) result(result_) bind(c, name="orthant_nmf_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_nmf_run_f64
    function orthant_endmembers_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_endmembers_config_problem")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_endmembers_config_problem
    function orthant_endmembers_size_f32(c, bytes) result(result_) bind(c, name="orthant_endmembers_size_f32")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_endmembers_size_f32
    function orthant_endmembers_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_endmembers_init_f32")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_endmembers_init_f32
    function orthant_endmembers_run_f32(s, Y, D, ldd, E, lde, pixel) result(result_) bind(c, &
        name="orthant_endmembers_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: pixel
      integer(c_int32_t) :: result_
    end function orthant_endmembers_run_f32
    function orthant_endmembers_size_f64(c, bytes) result(result_) bind(c, name="orthant_endmembers_size_f64")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_endmembers_size_f64
    function orthant_endmembers_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_endmembers_init_f64")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_endmembers_init_f64
    function orthant_endmembers_run_f64(s, Y, D, ldd, E, lde, pixel) result(result_) bind(c, &
        name="orthant_endmembers_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: pixel
      integer(c_int32_t) :: result_
    end function orthant_endmembers_run_f64
    function orthant_scores_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_scores_config_problem")
      import
      type(orthant_scores_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_scores_config_problem
    function orthant_scores_size_f32(c, bytes) result(result_) bind(c, name="orthant_scores_size_f32")
      import
      type(orthant_scores_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_scores_size_f32
    function orthant_scores_run_f32(c, mem, bytes, E, lde, E_true, ldet, A, lda, A_true, ldat, match, angle, &
        out) result(result_) bind(c, name="orthant_scores_run_f32")
      import
      type(orthant_scores_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: E_true
      integer(c_int32_t), value :: ldet
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: A_true
      integer(c_int32_t), value :: ldat
      type(c_ptr), value :: match
      type(c_ptr), value :: angle
      type(orthant_scores), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_scores_run_f32
    function orthant_scores_size_f64(c, bytes) result(result_) bind(c, name="orthant_scores_size_f64")
      import
      type(orthant_scores_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_scores_size_f64
    function orthant_scores_run_f64(c, mem, bytes, E, lde, E_true, ldet, A, lda, A_true, ldat, match, angle, &
        out) result(result_) bind(c, name="orthant_scores_run_f64")
      import
      type(orthant_scores_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: E_true
      integer(c_int32_t), value :: ldet
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: A_true
      integer(c_int32_t), value :: ldat
      type(c_ptr), value :: match
      type(c_ptr), value :: angle
      type(orthant_scores), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_scores_run_f64
    function orthant_nmf_method_name(method) result(result_) bind(c, name="orthant_nmf_method_name")
      import
      integer(c_int32_t), value :: method
      type(c_ptr) :: result_
    end function orthant_nmf_method_name
    function orthant_nmf_start_name(start) result(result_) bind(c, name="orthant_nmf_start_name")
      import
      integer(c_int32_t), value :: start
      type(c_ptr) :: result_
    end function orthant_nmf_start_name
    function orthant_nmf_loss_name(loss) result(result_) bind(c, name="orthant_nmf_loss_name")
      import
      integer(c_int32_t), value :: loss
      type(c_ptr) :: result_
    end function orthant_nmf_loss_name
    function orthant_dimension_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_dimension_config_problem")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_dimension_config_problem
    function orthant_dimension_size_f32(c, bytes) result(result_) bind(c, name="orthant_dimension_size_f32")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_dimension_size_f32
    function orthant_dimension_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_dimension_init_f32")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_dimension_init_f32
    function orthant_dimension_run_f32(s, Y, power, limit, noise, count) result(result_) bind(c, &
        name="orthant_dimension_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: power
      type(c_ptr), value :: limit
      type(c_ptr), value :: noise
      type(c_ptr), value :: count
      integer(c_int32_t) :: result_
    end function orthant_dimension_run_f32
    function orthant_dimension_size_f64(c, bytes) result(result_) bind(c, name="orthant_dimension_size_f64")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_dimension_size_f64
    function orthant_dimension_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_dimension_init_f64")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_dimension_init_f64
    function orthant_dimension_run_f64(s, Y, power, limit, noise, count) result(result_) bind(c, &
        name="orthant_dimension_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: power
      type(c_ptr), value :: limit
      type(c_ptr), value :: noise
      type(c_ptr), value :: count
      integer(c_int32_t) :: result_
    end function orthant_dimension_run_f64
    function orthant_model_open(blob, bytes, out) result(result_) bind(c, name="orthant_model_open")
      import
      type(c_ptr), value :: blob
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_model_open
    function orthant_model_verify(m) result(result_) bind(c, name="orthant_model_verify")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_verify
    function orthant_model_problem(blob, bytes) result(result_) bind(c, name="orthant_model_problem")
      import
      type(c_ptr), value :: blob
      integer(c_size_t), value :: bytes
      type(c_ptr) :: result_
    end function orthant_model_problem
    function orthant_model_kind(m) result(result_) bind(c, name="orthant_model_kind")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_kind
    function orthant_model_records(m) result(result_) bind(c, name="orthant_model_records")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_records
    function orthant_model_bytes(m) result(result_) bind(c, name="orthant_model_bytes")
      import
      type(c_ptr), value :: m
      integer(c_size_t) :: result_
    end function orthant_model_bytes
    function orthant_model_kind_name(kind) result(result_) bind(c, name="orthant_model_kind_name")
      import
      integer(c_int32_t), value :: kind
      type(c_ptr) :: result_
    end function orthant_model_kind_name
    function orthant_element_name(element) result(result_) bind(c, name="orthant_element_name")
      import
      integer(c_int32_t), value :: element
      type(c_ptr) :: result_
    end function orthant_element_name
    function orthant_model_record(m, i, out) result(result_) bind(c, name="orthant_model_record")
      import
      type(c_ptr), value :: m
      integer(c_int32_t), value :: i
      type(orthant_record), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_model_record
    function orthant_model_values_f32(m, i, from, count, out) result(result_) bind(c, &
        name="orthant_model_values_f32")
      import
      type(c_ptr), value :: m
      integer(c_int32_t), value :: i
      integer(c_size_t), value :: from
      integer(c_size_t), value :: count
      type(c_ptr), value :: out
      integer(c_int32_t) :: result_
    end function orthant_model_values_f32
    function orthant_model_values_f64(m, i, from, count, out) result(result_) bind(c, &
        name="orthant_model_values_f64")
      import
      type(c_ptr), value :: m
      integer(c_int32_t), value :: i
      integer(c_size_t), value :: from
      integer(c_size_t), value :: count
      type(c_ptr), value :: out
      integer(c_int32_t) :: result_
    end function orthant_model_values_f64
    function orthant_model_convert(m, element, alignment, out, capacity, bytes) result(result_) bind(c, &
        name="orthant_model_convert")
      import
      type(c_ptr), value :: m
      integer(c_int32_t), value :: element
      integer(c_int32_t), value :: alignment
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_model_convert
    function orthant_factormer_describe(m, out) result(result_) bind(c, name="orthant_factormer_describe")
      import
      type(c_ptr), value :: m
      type(orthant_factormer_info), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_describe
    function orthant_factormer_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_factormer_config_problem")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_factormer_config_problem
    function orthant_factormer_size_f32(c, bytes) result(result_) bind(c, name="orthant_factormer_size_f32")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_factormer_size_f32
    function orthant_factormer_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_factormer_init_f32")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_init_f32
    function orthant_factormer_run_f32(s, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0) result(result_) bind(c, &
        name="orthant_factormer_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(c_ptr), value :: W0
      integer(c_int32_t), value :: ldw0
      type(c_ptr), value :: H0
      integer(c_int32_t), value :: ldh0
      integer(c_int32_t) :: result_
    end function orthant_factormer_run_f32
    function orthant_factormer_size_f64(c, bytes) result(result_) bind(c, name="orthant_factormer_size_f64")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_factormer_size_f64
    function orthant_factormer_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_factormer_init_f64")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_init_f64
    function orthant_factormer_run_f64(s, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0) result(result_) bind(c, &
        name="orthant_factormer_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: V
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(c_ptr), value :: W0
      integer(c_int32_t), value :: ldw0
      type(c_ptr), value :: H0
      integer(c_int32_t), value :: ldh0
      integer(c_int32_t) :: result_
    end function orthant_factormer_run_f64
    function orthant_fixed_quantize_i16(X, ldx, rows, cols, Q, ldq, steps) result(result_) bind(c, &
        name="orthant_fixed_quantize_i16")
      import
      type(c_ptr), value :: X
      integer(c_int32_t), value :: ldx
      integer(c_int32_t), value :: rows
      integer(c_int32_t), value :: cols
      type(c_ptr), value :: Q
      integer(c_int32_t), value :: ldq
      type(c_ptr), value :: steps
      integer(c_int32_t) :: result_
    end function orthant_fixed_quantize_i16
    function orthant_fixed_quantize_i8(X, ldx, rows, cols, Q, ldq, steps) result(result_) bind(c, &
        name="orthant_fixed_quantize_i8")
      import
      type(c_ptr), value :: X
      integer(c_int32_t), value :: ldx
      integer(c_int32_t), value :: rows
      integer(c_int32_t), value :: cols
      type(c_ptr), value :: Q
      integer(c_int32_t), value :: ldq
      type(c_ptr), value :: steps
      integer(c_int32_t) :: result_
    end function orthant_fixed_quantize_i8
    function orthant_fixed_project_i16(E, lde, e_steps, Y, ldy, y_steps, bands, endmembers, pixels, B, &
        ldb) result(result_) bind(c, name="orthant_fixed_project_i16")
      import
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: e_steps
      type(c_ptr), value :: Y
      integer(c_int32_t), value :: ldy
      type(c_ptr), value :: y_steps
      integer(c_int32_t), value :: bands
      integer(c_int32_t), value :: endmembers
      integer(c_int32_t), value :: pixels
      type(c_ptr), value :: B
      integer(c_int32_t), value :: ldb
      integer(c_int32_t) :: result_
    end function orthant_fixed_project_i16
    function orthant_fixed_project_i8(E, lde, e_steps, Y, ldy, y_steps, bands, endmembers, pixels, B, &
        ldb) result(result_) bind(c, name="orthant_fixed_project_i8")
      import
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: e_steps
      type(c_ptr), value :: Y
      integer(c_int32_t), value :: ldy
      type(c_ptr), value :: y_steps
      integer(c_int32_t), value :: bands
      integer(c_int32_t), value :: endmembers
      integer(c_int32_t), value :: pixels
      type(c_ptr), value :: B
      integer(c_int32_t), value :: ldb
      integer(c_int32_t) :: result_
    end function orthant_fixed_project_i8
    function orthant_unmix_products_f32(s, B, ldb, pixels, A, lda) result(result_) bind(c, &
        name="orthant_unmix_products_f32")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: B
      integer(c_int32_t), value :: ldb
      integer(c_int32_t), value :: pixels
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      integer(c_int32_t) :: result_
    end function orthant_unmix_products_f32
    function orthant_unmix_products_f64(s, B, ldb, pixels, A, lda) result(result_) bind(c, &
        name="orthant_unmix_products_f64")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: B
      integer(c_int32_t), value :: ldb
      integer(c_int32_t), value :: pixels
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      integer(c_int32_t) :: result_
    end function orthant_unmix_products_f64
    function orthant_library_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_library_config_problem")
      import
      type(orthant_library_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_library_config_problem
    function orthant_library_size_f32(c, bytes) result(result_) bind(c, name="orthant_library_size_f32")
      import
      type(orthant_library_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_library_size_f32
    function orthant_library_init_f32(c, E, lde, variance, mem, bytes, out) result(result_) bind(c, &
        name="orthant_library_init_f32")
      import
      type(orthant_library_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: variance
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_library_init_f32
    function orthant_library_run_f32(s, Y, A, lda, D, ldd, r) result(result_) bind(c, &
        name="orthant_library_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_library_run_f32
    function orthant_library_size_f64(c, bytes) result(result_) bind(c, name="orthant_library_size_f64")
      import
      type(orthant_library_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_library_size_f64
    function orthant_library_init_f64(c, E, lde, variance, mem, bytes, out) result(result_) bind(c, &
        name="orthant_library_init_f64")
      import
      type(orthant_library_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: variance
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_library_init_f64
    function orthant_library_run_f64(s, Y, A, lda, D, ldd, r) result(result_) bind(c, &
        name="orthant_library_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_library_run_f64
    function orthant_mesma_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_mesma_config_problem")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_mesma_config_problem
    function orthant_mesma_size_f32(c, bytes) result(result_) bind(c, name="orthant_mesma_size_f32")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_mesma_size_f32
    function orthant_mesma_init_f32(c, E, lde, class_of, mem, bytes, out) result(result_) bind(c, &
        name="orthant_mesma_init_f32")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: class_of
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_mesma_init_f32
    function orthant_mesma_run_f32(s, Y, model, ldm, A, lda, rms, r) result(result_) bind(c, &
        name="orthant_mesma_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: model
      integer(c_int32_t), value :: ldm
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: rms
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_mesma_run_f32
    function orthant_mesma_size_f64(c, bytes) result(result_) bind(c, name="orthant_mesma_size_f64")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_mesma_size_f64
    function orthant_mesma_init_f64(c, E, lde, class_of, mem, bytes, out) result(result_) bind(c, &
        name="orthant_mesma_init_f64")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: class_of
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_mesma_init_f64
    function orthant_mesma_run_f64(s, Y, model, ldm, A, lda, rms, r) result(result_) bind(c, &
        name="orthant_mesma_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: model
      integer(c_int32_t), value :: ldm
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: rms
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_mesma_run_f64
    function orthant_bootstrap_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_bootstrap_config_problem")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_bootstrap_config_problem
    function orthant_bootstrap_size_f32(c, bytes) result(result_) bind(c, name="orthant_bootstrap_size_f32")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_size_f32
    function orthant_bootstrap_init_f32(c, E, lde, class_of, variance, mem, bytes, out) result(result_) bind(c, &
        name="orthant_bootstrap_init_f32")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: class_of
      type(c_ptr), value :: variance
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_init_f32
    function orthant_bootstrap_run_f32(s, Y, A, lda, D, ldd, r) result(result_) bind(c, &
        name="orthant_bootstrap_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_run_f32
    function orthant_bootstrap_size_f64(c, bytes) result(result_) bind(c, name="orthant_bootstrap_size_f64")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_size_f64
    function orthant_bootstrap_init_f64(c, E, lde, class_of, variance, mem, bytes, out) result(result_) bind(c, &
        name="orthant_bootstrap_init_f64")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      type(c_ptr), value :: E
      integer(c_int32_t), value :: lde
      type(c_ptr), value :: class_of
      type(c_ptr), value :: variance
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_init_f64
    function orthant_bootstrap_run_f64(s, Y, A, lda, D, ldd, r) result(result_) bind(c, &
        name="orthant_bootstrap_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(c_ptr), value :: D
      integer(c_int32_t), value :: ldd
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_run_f64
    function orthant_nalmu_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_nalmu_config_problem")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_nalmu_config_problem
    function orthant_nalmu_size_f32(c, bytes) result(result_) bind(c, name="orthant_nalmu_size_f32")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nalmu_size_f32
    function orthant_nalmu_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_nalmu_init_f32")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nalmu_init_f32
    function orthant_nalmu_run_f32(s, Y, W, ldw, H, ldh, r) result(result_) bind(c, name="orthant_nalmu_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_nalmu_run_f32
    function orthant_nalmu_size_f64(c, bytes) result(result_) bind(c, name="orthant_nalmu_size_f64")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nalmu_size_f64
    function orthant_nalmu_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_nalmu_init_f64")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nalmu_init_f64
    function orthant_nalmu_run_f64(s, Y, W, ldw, H, ldh, r) result(result_) bind(c, name="orthant_nalmu_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: W
      integer(c_int32_t), value :: ldw
      type(c_ptr), value :: H
      integer(c_int32_t), value :: ldh
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_nalmu_run_f64
    function orthant_nmf_terms_f32(s, terms) result(result_) bind(c, name="orthant_nmf_terms_f32")
      import
      type(c_ptr), value :: s
      type(orthant_terms_f32), intent(in), optional :: terms
      integer(c_int32_t) :: result_
    end function orthant_nmf_terms_f32
    function orthant_nmf_terms_f64(s, terms) result(result_) bind(c, name="orthant_nmf_terms_f64")
      import
      type(c_ptr), value :: s
      type(orthant_terms_f64), intent(in), optional :: terms
      integer(c_int32_t) :: result_
    end function orthant_nmf_terms_f64
    function orthant_qp_config_problem(c, text, room) result(result_) bind(c, name="orthant_qp_config_problem")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_qp_config_problem
    function orthant_qp_size_f32(c, bytes) result(result_) bind(c, name="orthant_qp_size_f32")
      import
      type(orthant_qp_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_qp_size_f32
    function orthant_qp_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_qp_init_f32")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_qp_init_f32
    function orthant_qp_run_f32(s, G, ldg, d, x, r) result(result_) bind(c, name="orthant_qp_run_f32")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: G
      integer(c_int32_t), value :: ldg
      type(c_ptr), value :: d
      type(c_ptr), value :: x
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_qp_run_f32
    function orthant_qp_size_f64(c, bytes) result(result_) bind(c, name="orthant_qp_size_f64")
      import
      type(orthant_qp_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_qp_size_f64
    function orthant_qp_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_qp_init_f64")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_qp_init_f64
    function orthant_qp_run_f64(s, G, ldg, d, x, r) result(result_) bind(c, name="orthant_qp_run_f64")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: G
      integer(c_int32_t), value :: ldg
      type(c_ptr), value :: d
      type(c_ptr), value :: x
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_qp_run_f64
    function orthant_relu_nmd_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_relu_nmd_config_problem")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_relu_nmd_config_problem
    function orthant_relu_nmd_size_f32(c, bytes) result(result_) bind(c, name="orthant_relu_nmd_size_f32")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_size_f32
    function orthant_relu_nmd_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_relu_nmd_init_f32")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_init_f32
    function orthant_relu_nmd_start_f32(s, M, U, ldu, V, ldv) result(result_) bind(c, &
        name="orthant_relu_nmd_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: M
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_start_f32
    function orthant_relu_nmd_run_f32(s, M, U, ldu, V, ldv, r) result(result_) bind(c, &
        name="orthant_relu_nmd_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: M
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_run_f32
    function orthant_relu_nmd_size_f64(c, bytes) result(result_) bind(c, name="orthant_relu_nmd_size_f64")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_size_f64
    function orthant_relu_nmd_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_relu_nmd_init_f64")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_init_f64
    function orthant_relu_nmd_start_f64(s, M, U, ldu, V, ldv) result(result_) bind(c, &
        name="orthant_relu_nmd_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: M
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_start_f64
    function orthant_relu_nmd_run_f64(s, M, U, ldu, V, ldv, r) result(result_) bind(c, &
        name="orthant_relu_nmd_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: M
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_run_f64
    function orthant_tsvd_config_problem(c, text, room) result(result_) bind(c, name="orthant_tsvd_config_problem")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_tsvd_config_problem
    function orthant_tsvd_size_f32(c, bytes) result(result_) bind(c, name="orthant_tsvd_size_f32")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_tsvd_size_f32
    function orthant_tsvd_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_tsvd_init_f32")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_tsvd_init_f32
    function orthant_tsvd_run_f32(t, X, U, ldu, s, V, ldv, r) result(result_) bind(c, name="orthant_tsvd_run_f32")
      import
      type(c_ptr), value :: t
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: s
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_tsvd_run_f32
    function orthant_tsvd_size_f64(c, bytes) result(result_) bind(c, name="orthant_tsvd_size_f64")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_tsvd_size_f64
    function orthant_tsvd_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_tsvd_init_f64")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_tsvd_init_f64
    function orthant_tsvd_run_f64(t, X, U, ldu, s, V, ldv, r) result(result_) bind(c, name="orthant_tsvd_run_f64")
      import
      type(c_ptr), value :: t
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: s
      type(c_ptr), value :: V
      integer(c_int32_t), value :: ldv
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_tsvd_run_f64
    function orthant_schedule_default(out, capacity, bytes) result(result_) bind(c, &
        name="orthant_schedule_default")
      import
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_schedule_default
    function orthant_graph_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_graph_config_problem")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_graph_config_problem
    function orthant_graph_capacity(c, entries) result(result_) bind(c, name="orthant_graph_capacity")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: entries
      integer(c_int32_t) :: result_
    end function orthant_graph_capacity
    function orthant_graph_size_f32(c, bytes) result(result_) bind(c, name="orthant_graph_size_f32")
      import
      type(orthant_graph_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_graph_size_f32
    function orthant_graph_run_f32(c, mem, bytes, M, starts, indices, values, capacity) result(result_) bind(c, &
        name="orthant_graph_run_f32")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(orthant_matrix_f32), intent(in), optional :: M
      type(c_ptr), value :: starts
      type(c_ptr), value :: indices
      type(c_ptr), value :: values
      integer(c_int32_t), value :: capacity
      integer(c_int32_t) :: result_
    end function orthant_graph_run_f32
    function orthant_graph_dense_f32(samples, starts, indices, values, X, ldx) result(result_) bind(c, &
        name="orthant_graph_dense_f32")
      import
      integer(c_int32_t), value :: samples
      type(c_ptr), value :: starts
      type(c_ptr), value :: indices
      type(c_ptr), value :: values
      type(c_ptr), value :: X
      integer(c_int32_t), value :: ldx
      integer(c_int32_t) :: result_
    end function orthant_graph_dense_f32
    function orthant_graph_size_f64(c, bytes) result(result_) bind(c, name="orthant_graph_size_f64")
      import
      type(orthant_graph_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_graph_size_f64
    function orthant_graph_run_f64(c, mem, bytes, M, starts, indices, values, capacity) result(result_) bind(c, &
        name="orthant_graph_run_f64")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(orthant_matrix_f64), intent(in), optional :: M
      type(c_ptr), value :: starts
      type(c_ptr), value :: indices
      type(c_ptr), value :: values
      integer(c_int32_t), value :: capacity
      integer(c_int32_t) :: result_
    end function orthant_graph_run_f64
    function orthant_graph_dense_f64(samples, starts, indices, values, X, ldx) result(result_) bind(c, &
        name="orthant_graph_dense_f64")
      import
      integer(c_int32_t), value :: samples
      type(c_ptr), value :: starts
      type(c_ptr), value :: indices
      type(c_ptr), value :: values
      type(c_ptr), value :: X
      integer(c_int32_t), value :: ldx
      integer(c_int32_t) :: result_
    end function orthant_graph_dense_f64
    function orthant_symnmf_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_symnmf_config_problem")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_symnmf_config_problem
    function orthant_symnmf_size_f32(c, bytes) result(result_) bind(c, name="orthant_symnmf_size_f32")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnmf_size_f32
    function orthant_symnmf_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnmf_init_f32")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnmf_init_f32
    function orthant_symnmf_start_f32(s, X, U, ldu) result(result_) bind(c, name="orthant_symnmf_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnmf_start_f32
    function orthant_symnmf_run_f32(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnmf_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnmf_run_f32
    function orthant_symnmf_size_f64(c, bytes) result(result_) bind(c, name="orthant_symnmf_size_f64")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnmf_size_f64
    function orthant_symnmf_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnmf_init_f64")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnmf_init_f64
    function orthant_symnmf_start_f64(s, X, U, ldu) result(result_) bind(c, name="orthant_symnmf_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnmf_start_f64
    function orthant_symnmf_run_f64(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnmf_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnmf_run_f64
    function orthant_clusters_labels_f32(samples, clusters, U, ldu, labels, sparse_factor) result(result_) bind(c, &
        name="orthant_clusters_labels_f32")
      import
      integer(c_int32_t), value :: samples
      integer(c_int32_t), value :: clusters
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: labels
      type(c_ptr), value :: sparse_factor
      integer(c_int32_t) :: result_
    end function orthant_clusters_labels_f32
    function orthant_clusters_labels_f64(samples, clusters, U, ldu, labels, sparse_factor) result(result_) bind(c, &
        name="orthant_clusters_labels_f64")
      import
      integer(c_int32_t), value :: samples
      integer(c_int32_t), value :: clusters
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(c_ptr), value :: labels
      type(c_ptr), value :: sparse_factor
      integer(c_int32_t) :: result_
    end function orthant_clusters_labels_f64
    function orthant_clusters_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_clusters_config_problem")
      import
      type(orthant_clusters_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_clusters_config_problem
    function orthant_clusters_size(c, bytes) result(result_) bind(c, name="orthant_clusters_size")
      import
      type(orthant_clusters_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_clusters_size
    function orthant_clusters_score(c, mem, bytes, found, truth, out) result(result_) bind(c, &
        name="orthant_clusters_score")
      import
      type(orthant_clusters_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), value :: found
      type(c_ptr), value :: truth
      type(orthant_clusters_scores), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_clusters_score
    function orthant_symnet_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_symnet_config_problem")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_symnet_config_problem
    function orthant_symnet_size_f32(c, bytes) result(result_) bind(c, name="orthant_symnet_size_f32")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_size_f32
    function orthant_symnet_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnet_init_f32")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnet_init_f32
    function orthant_symnet_start_f32(s, X, U, ldu) result(result_) bind(c, name="orthant_symnet_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_start_f32
    function orthant_symnet_run_f32(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnet_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnet_run_f32
    function orthant_symnet_save_f32(s, out, capacity, bytes) result(result_) bind(c, &
        name="orthant_symnet_save_f32")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_save_f32
    function orthant_symnet_load_f32(s, X, m, U, ldu) result(result_) bind(c, name="orthant_symnet_load_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_load_f32
    function orthant_symnet_problem_f32(s, X, m) result(result_) bind(c, name="orthant_symnet_problem_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr) :: result_
    end function orthant_symnet_problem_f32
    function orthant_symnet_size_f64(c, bytes) result(result_) bind(c, name="orthant_symnet_size_f64")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_size_f64
    function orthant_symnet_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnet_init_f64")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnet_init_f64
    function orthant_symnet_start_f64(s, X, U, ldu) result(result_) bind(c, name="orthant_symnet_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_start_f64
    function orthant_symnet_run_f64(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnet_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnet_run_f64
    function orthant_symnet_save_f64(s, out, capacity, bytes) result(result_) bind(c, &
        name="orthant_symnet_save_f64")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_save_f64
    function orthant_symnet_load_f64(s, X, m, U, ldu) result(result_) bind(c, name="orthant_symnet_load_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_load_f64
    function orthant_symnet_problem_f64(s, X, m) result(result_) bind(c, name="orthant_symnet_problem_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr) :: result_
    end function orthant_symnet_problem_f64
  end interface
end module orthant_raw
