! Written by capi/bindings.py from orthant.h; do not edit.
! The C interface as it is, with the comments of orthant.h.
! Arrays are addresses (c_loc); an absent optional argument is a null pointer.
module orthant_raw
  use, intrinsic :: iso_c_binding
  implicit none
  public
  ! The release of orthant.h.
  character(*), parameter :: orthant_header_version = "0.1.0"
  ! the binary interface; the shared library's soversion
  integer(c_int32_t), parameter :: ORTHANT_HEADER_ABI = 2
  ! what the function is for was done
  integer(c_int32_t), parameter :: ORTHANT_OK = 0
  ! null, out of range, a leading dimension too small, or sizes that overflow
  integer(c_int32_t), parameter :: ORTHANT_E_ARG = -1
  ! the workspace is smaller than `_size` said
  integer(c_int32_t), parameter :: ORTHANT_E_SCRATCH = -2
  ! NaN, infinite, or negative or not symmetric where that is forbidden
  integer(c_int32_t), parameter :: ORTHANT_E_DATA = -3
  ! weights malformed, misaligned, or of another kind than is needed
  integer(c_int32_t), parameter :: ORTHANT_E_BLOB = -4
  ! a valid request that this method or this build cannot meet
  integer(c_int32_t), parameter :: ORTHANT_E_UNSUPPORTED = -5
  ! the `read` of a matrix of kind ORTHANT_STREAM failed
  integer(c_int32_t), parameter :: ORTHANT_E_READ = -6
  ! the `sum` of an orthant_reduce failed, or another process left the call
  integer(c_int32_t), parameter :: ORTHANT_E_REDUCE = -7
  ! none of it, in a field of a config that says "< 0: none"
  integer(c_int32_t), parameter :: ORTHANT_NONE = -1
  ! entry (i, j) is values[i + (size_t)ld * j], ld >= rows
  integer(c_int32_t), parameter :: ORTHANT_DENSE = 0
  ! sparse by columns: column j has values[t] at row indices[t] for t from starts[j] to starts[j + 1] - 1;
  ! starts has cols + 1 entries, the first is 0; any order within a column, no entry twice
  integer(c_int32_t), parameter :: ORTHANT_CSC = 1
  ! sparse by rows, in the same way: starts has rows + 1 entries, indices are columns
  integer(c_int32_t), parameter :: ORTHANT_CSR = 2
  ! as DENSE; an entry that is NaN is missing, and each square of the sum has the weight weights[i +
  ! (size_t)ld_weights * j] in [0, 1], or 1 where weights is null. An entry of weight 0 is missing too
  integer(c_int32_t), parameter :: ORTHANT_MASKED = 3
  ! dense data that need not fit in memory: `read` is asked for columns, many at a time
  integer(c_int32_t), parameter :: ORTHANT_STREAM = 4
  ! no entry may be negative
  integer(c_int32_t), parameter :: ORTHANT_DATA_NOT_NEGATIVE = 1
  ! nor may one be zero
  integer(c_int32_t), parameter :: ORTHANT_DATA_POSITIVE = 2
  ! entries (i, j) and (j, i) agree to half the digits
  integer(c_int32_t), parameter :: ORTHANT_DATA_SYMMETRIC = 4
  ! the sum of all squares has room to grow 2^20 times, and to fall
  integer(c_int32_t), parameter :: ORTHANT_DATA_ROOM = 8
  ! dense: the squares of no column overflow or, but for a zero column, vanish
  integer(c_int32_t), parameter :: ORTHANT_DATA_COLUMNS = 16
  ! max_iter was reached
  integer(c_int32_t), parameter :: ORTHANT_STOP_ITERATIONS = 1
  ! kkt <= tol
  integer(c_int32_t), parameter :: ORTHANT_STOP_KKT = 2
  ! the objective fell by less than tol_obj asks for
  integer(c_int32_t), parameter :: ORTHANT_STOP_OBJECTIVE = 3
  ! the progress function asked for it
  integer(c_int32_t), parameter :: ORTHANT_STOP_CANCELLED = 4
  ! overflow; the last finite iterate was kept
  integer(c_int32_t), parameter :: ORTHANT_STOP_NONFINITE = 5
  ! no entry changed by more than min_step
  integer(c_int32_t), parameter :: ORTHANT_STOP_STEP = 6
  ! rel_error reached the tolerance
  integer(c_int32_t), parameter :: ORTHANT_STOP_ERROR = 7
  ! vertex component analysis [Nascimento and Dias 2005]; the default. Reads projection, draws, seed
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_VCA = 1
  ! successive projections [Araujo 2001; Gillis and Vavasis 2014]; deterministic
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_SPA = 2
  ! largest simplex volume [Winter 1999], from the pixels of SPA. Reads max_iter
  integer(c_int32_t), parameter :: ORTHANT_ENDMEMBERS_NFINDR = 3
  ! VCA reduces the pixels on principal axes
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_AFFINE = 1
  ! ... on singular axes, each pixel divided by its brightness: dark, noisy pixels may become false vertices
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_PROJECTIVE = 2
  ! PROJECTIVE where the average signal-to-noise ratio is above 15 + 10 log10(endmembers) dB, else AFFINE: the
  ! paper's rule
  integer(c_int32_t), parameter :: ORTHANT_PROJECTION_PUBLISHED = 3
  ! block principal pivoting, exact, the supports of many pixels at once [Kim and Park 2011]. Reads max_iter
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_BPP = 1
  ! active set, exact, each pixel from the support of the last [Lawson and Hanson 1974; Heinz and Chang 2001];
  ! the default. Reads sum_to_one, max_iter, model
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_ACTIVE_SET = 2
  ! coordinate descent, inexact. Reads max_iter, tol
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_HALS = 3
  ! splitting, rho = trace(S) / endmembers, S = E'E of columns scaled to norms near one, inexact. Reads
  ! max_iter, tol
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_ADMM = 4
  ! accelerated projected gradient, inexact. Reads max_iter, tol
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_FAST_PG = 5
  ! multiplicative updates, inexact; a negative entry of E is E_DATA. Reads max_iter, tol
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_MU = 6
  ! least squares without a >= 0 (UCLS). Reads sum_to_one
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_UNCONSTRAINED = 7
  ! UNCONSTRAINED, clipped at zero and, with sum_to_one, rescaled: fast, not the minimiser. Reads sum_to_one
  integer(c_int32_t), parameter :: ORTHANT_UNMIX_CLIP = 8
  ! extrapolated HALS with restarts [Ang and Gillis 2019]; the default for the Frobenius norm. Reads sweeps (0:
  ! 8 to 20, sparse V 4), penalties, fixed_w, model, schedule
  integer(c_int32_t), parameter :: ORTHANT_NMF_EHALS = 1
  ! coordinate descent [Cichocki 2007]; descends. Reads sweeps (0: 1), penalties, fixed_w, model
  integer(c_int32_t), parameter :: ORTHANT_NMF_HALS = 2
  ! coordinate descent, as many sweeps as pay for a reading of V [Gillis and Glineur 2012]; descends. Reads
  ! sweeps (the most; 0: by a flop count), penalties, fixed_w, model
  integer(c_int32_t), parameter :: ORTHANT_NMF_AHALS = 3
  ! exact half steps by block principal pivoting [Kim and Park 2011]; descends. Reads penalties, fixed_w, model
  integer(c_int32_t), parameter :: ORTHANT_NMF_ANLS = 4
  ! a few ADMM steps, the dual variable kept [Huang, Sidiropoulos and Liavas 2016]. Reads sweeps (steps; 0: 10),
  ! rho, penalties but ortho_w and ortho_h, fixed_w, model
  integer(c_int32_t), parameter :: ORTHANT_NMF_AOADMM = 5
  ! projected gradient steps; descends. Reads sweeps (steps; 0: as AHALS, at most 10), penalties, fixed_w, model
  integer(c_int32_t), parameter :: ORTHANT_NMF_PG = 6
  ! multiplicative updates [Lee and Seung 2001]; descends; the default for other losses but KL of dense data.
  ! Frobenius norm: reads sweeps (0: 1), penalties, fixed_w, model. Other losses: reads loss, beta, l1_w, l1_h,
  ! fixed_w, with KL l2_w and l2_h
  integer(c_int32_t), parameter :: ORTHANT_NMF_MU = 7
  ! coordinate descent for KL of dense data [Hsieh and Dhillon 2011], with steps that cannot ascend; the default
  ! there. Reads loss, sweeps (0: 1), l1_w, l1_h, l2_w, l2_h, fixed_w
  integer(c_int32_t), parameter :: ORTHANT_NMF_CCD = 8
  ! smallest volume of the columns of W, which sum to one, by fast gradient steps [Leplat, Ang and Gillis 2019].
  ! Reads sweeps (steps; 0: 10), volume, delta
  integer(c_int32_t), parameter :: ORTHANT_NMF_MINVOL = 9
  ! multiplicative, with every weight and penalty. Reads penalties, min_step
  integer(c_int32_t), parameter :: ORTHANT_NMF_MURNMF = 10
  ! additive, with every weight and penalty. Reads penalties, min_step, full_step, tau (first share of the way
  ! to the boundary), anneal (its growth), zero_tol
  integer(c_int32_t), parameter :: ORTHANT_NMF_AURNMF = 11
  ! rank random columns of V; the default but for SUB, ROUGH and MINVOL
  integer(c_int32_t), parameter :: ORTHANT_START_COLS = 1
  ! SPA on 100 random columns
  integer(c_int32_t), parameter :: ORTHANT_START_SPAS = 2
  ! SPA on all columns; the default of MINVOL
  integer(c_int32_t), parameter :: ORTHANT_START_SPA = 3
  ! uniform in [0, 1), scaled by the best common factor
  integer(c_int32_t), parameter :: ORTHANT_START_RANDOM = 4
  ! from a truncated SVD [Boutsidis and Gallopoulos 2008]; zeros stay zero
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVD = 5
  ! the same, zeros filled with the mean of V
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVDA = 6
  ! the same, zeros filled with small random numbers
  integer(c_int32_t), parameter :: ORTHANT_START_NNDSVDAR = 7
  ! W and H as the caller left them
  integer(c_int32_t), parameter :: ORTHANT_START_GIVEN = 8
  ! coarse to fine: EHALS on a sample of rows and columns, then W for all rows from the sampled columns; the
  ! default of EHALS where V is dense and has at least 80 000 entries and 64 rank^2, with fewer than 5
  ! iterations only where it costs no more than 1.1 of them
  integer(c_int32_t), parameter :: ORTHANT_START_SUB = 9
  ! from a truncated SVD of half the rank, corrected by HALS on it in place of V [Atif, Qazi and Gillis 2019];
  ! few zeros; dense and sparse V
  integer(c_int32_t), parameter :: ORTHANT_START_NNSVDLRC = 10
  ! NNDSVD from two steps of subspace iteration, dense and sparse V; the default of EHALS for 30 iterations and
  ! more where V is sparse
  integer(c_int32_t), parameter :: ORTHANT_START_ROUGH = 11
  ! 1/2 |V - W H|^2
  integer(c_int32_t), parameter :: ORTHANT_LOSS_FROBENIUS = 0
  ! Kullback and Leibler: sum of v log(v/p) - v + p, p = (W H)_ij; b = 1
  integer(c_int32_t), parameter :: ORTHANT_LOSS_KL = 1
  ! Itakura and Saito: sum of v/p - log(v/p) - 1; b = 0: V > 0
  integer(c_int32_t), parameter :: ORTHANT_LOSS_IS = 2
  ! sum of (v^b + (b-1) p^b - b v p^(b-1)) / (b (b-1)), b the field beta; b = 2 is the Frobenius norm; b <= 0
  ! needs V > 0 (E_DATA)
  integer(c_int32_t), parameter :: ORTHANT_LOSS_BETA = 3
  ! ortho_h is for pairs of rows of H
  integer(c_int32_t), parameter :: ORTHANT_ORTHO_COMPONENTS = 1
  ! ortho_h is for pairs of columns of H
  integer(c_int32_t), parameter :: ORTHANT_ORTHO_OBSERVATIONS = 2
  ! the subspace with the least error of signal and noise [Bioucas-Dias and Nascimento 2008]; the default
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_HYSIME = 1
  ! virtual dimensionality [Harsanyi, Farrand and Chang 1994; Chang and Du 2004]. Reads false_alarm
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_HFC = 2
  ! the same after each band is divided by its noise [Chang and Du 2004]. Reads false_alarm
  integer(c_int32_t), parameter :: ORTHANT_DIMENSION_NWHFC = 3
  ! the major version of the format
  integer(c_int32_t), parameter :: ORTHANT_BLOB_VERSION = 1
  ! multiplicative updates with learned multipliers
  integer(c_int32_t), parameter :: ORTHANT_MODEL_NALMU = 1
  ! ... whose multipliers come from a small network
  integer(c_int32_t), parameter :: ORTHANT_MODEL_RALMU = 2
  ! SymNMF-Net of one matrix
  integer(c_int32_t), parameter :: ORTHANT_MODEL_SYMNMF_NET = 3
  ! a transformer that proposes factors
  integer(c_int32_t), parameter :: ORTHANT_MODEL_FACTORMER = 4
  ! a learned schedule of extrapolated HALS
  integer(c_int32_t), parameter :: ORTHANT_MODEL_SCHEDULE = 5
  ! IEEE single precision
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F32 = 0
  ! IEEE half precision
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F16 = 1
  ! the upper half of an f32
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_BF16 = 2
  ! of eight bits, with a scale and a zero point
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I8 = 3
  ! of sixteen bits, in the same way
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I16 = 4
  ! whole numbers: shapes and choices of a model
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_I32 = 5
  ! IEEE double precision: states of a training
  integer(c_int32_t), parameter :: ORTHANT_ELEMENT_F64 = 6
  ! W is given and stays: nonnegative least squares
  integer(c_int32_t), parameter :: ORTHANT_NALMU_ONE = 1
  ! W and H are updated
  integer(c_int32_t), parameter :: ORTHANT_NALMU_BOTH = 2
  ! ones on the diagonal
  integer(c_int32_t), parameter :: ORTHANT_IDENTITY = 0
  ! factor times the identity
  integer(c_int32_t), parameter :: ORTHANT_SCALAR = 1
  ! values: its diagonal
  integer(c_int32_t), parameter :: ORTHANT_DIAGONAL = 2
  ! values: all of it, with the leading dimension ld
  integer(c_int32_t), parameter :: ORTHANT_SYMMETRIC = 3
  ! h = -g x / (G x); the default; fixed points: x g = 0
  integer(c_int32_t), parameter :: ORTHANT_QP_LEE_SEUNG = 1
  ! the same, and max(-g, 0) where x = 0; fixed points: the minimiser
  integer(c_int32_t), parameter :: ORTHANT_QP_ESCAPE = 2
  ! h = -g x
  integer(c_int32_t), parameter :: ORTHANT_QP_COMPLEMENTARITY = 3
  ! h = -g sqrt(x)
  integer(c_int32_t), parameter :: ORTHANT_QP_SQRT = 4
  ! h = -g
  integer(c_int32_t), parameter :: ORTHANT_QP_STEEPEST = 5
  ! h = -g b / (G b), b = max(x + d / diag(G), 0)
  integer(c_int32_t), parameter :: ORTHANT_QP_LEMMA_B = 6
  ! limited-memory BFGS on U and V; descends, never diverges, reads M alone. Reads history
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_QN = 1
  ! NMD-TM: Z and U V with momentum. Reads alpha (0: 0.95), beta, lambda, z_start
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_TM = 2
  ! 3B-NMD: TM with beta 1 and lambda 0; may diverge for alpha near one. Reads alpha (0: 0.7), z_start
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_3B = 3
  ! A-NMD: truncated SVDs, adaptive momentum. Reads alpha (where it starts; 0: 0.9), z_start, svd_steps, svd_tol
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_ANMD = 4
  ! Z = Pi(Theta), Theta the truncated SVD of Z; |Z - Theta| descends. Reads z_start, svd_steps, svd_tol
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_NAIVE = 5
  ! NAIVE with momentum on Z. Reads alpha (0: 0.7), z_start, svd_steps, svd_tol
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_ANAIVE = 6
  ! EM for max(0, N(Theta, sigma^2)); the likelihood ascends. Reads z_start, svd_steps, svd_tol
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_EM = 7
  ! EM with momentum on Z. Reads alpha (0: 0.6), z_start, svd_steps, svd_tol
  integer(c_int32_t), parameter :: ORTHANT_RELU_NMD_AEM = 8
  ! the truncated SVD of M; the default
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_TSVD = 1
  ! three subgradient steps on the nuclear norm of Z, from random entries
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_NUCLEAR = 2
  ! normal numbers of the scale of M
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_RANDOM = 3
  ! U and V as the caller left them
  integer(c_int32_t), parameter :: ORTHANT_RELU_START_GIVEN = 4
  ! the first Z is M; the default
  integer(c_int32_t), parameter :: ORTHANT_RELU_Z_DATA = 1
  ! the first Z is Pi(U V)
  integer(c_int32_t), parameter :: ORTHANT_RELU_Z_FEASIBLE = 2
  ! A_ij = exp(-|m_i - m_j|^2 / (s_i s_j)), s_i the distance of sample i to its scale_at-th neighbour [Zelnik-
  ! Manor and Perona 2004]. Reads scale_at
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_GAUSSIAN = 1
  ! A_ij = the cosine of m_i and m_j, not negative; neighbours by angle: for text
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_COSINE = 2
  ! A_ij = 1
  integer(c_int32_t), parameter :: ORTHANT_GRAPH_BINARY = 3
  ! exact half steps [Zhu 2018]; g descends. Reads the penalty (PRACTICAL: 0.66 times the largest singular value
  ! of X)
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ANLS = 1
  ! one sweep of coordinate descent a half step [Zhu 2018]; g descends; the default. Reads the penalty (as ANLS)
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_HALS = 2
  ! max(0, (X + lambda) U (U'U + lambda)^-1) for two factors alternately. Reads the penalty (PRACTICAL: |X|)
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ALTERNATE = 3
  ! the same with one factor: what SymNMF-Net unrolls. Reads the penalty (as ALTERNATE)
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_FIXED_POINT = 4
  ! NS-SymNMF [Lu 2017]. Reads the penalty, its rho (PRACTICAL: 10)
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_ADMM = 5
  ! projected Newton [Kuang 2012]; f descends; workspace of rank * n^2
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_NEWTON = 6
  ! projected gradient, the step halved until f descends
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_PGD = 7
  ! uniform in [0, 1) times 2 sqrt(mean(X) / rank); the default. Reads seed
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_SCALED = 1
  ! uniform in [0, 1), far too large for a graph. Reads seed
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_PLAIN = 2
  ! U as the caller left it
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_GIVEN = 3
  ! the leading eigenvectors, rotated into the orthant [Damle, Minden and Ying 2019]; the default of SymNMF-Net
  integer(c_int32_t), parameter :: ORTHANT_SYMNMF_START_SPECTRAL = 4
  ! what works: it stands with each method; the default
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_PRACTICAL = 1
  ! the bound that makes every critical point symmetric: the largest singular value of X plus 1/2 |X - U0 U0'|;
  ! ADMM: rho > 6 n tau with rows |u|^2 <= tau
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_SUFFICIENT = 2
  ! lambda = 0; refused for ADMM
  integer(c_int32_t), parameter :: ORTHANT_PENALTY_NONE = 3
  ! lambda >= 1/2 (|X| + |X - U0 U0'|)
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_SUFFICIENT = 1
  ! and >= a^2 + 4 a e, a the largest |U_i|, e of |R_i| / |(X + lambda I) U_{i-1}|, by a forward pass after each
  ! step with the lambda that is to be raised
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_PROP1 = 2
  ! lambda > 0
  integer(c_int32_t), parameter :: ORTHANT_SYMNET_FREE = 3

  ! A matrix of data, by reference: SciPy's csc_matrix and csr_matrix are used where they lie.  Each function
  ! says which
  ! kinds it takes.  The macros below fill it.
  type, bind(c) :: orthant_matrix_f32
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 72
    ! ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED or ORTHANT_STREAM
    integer(c_int32_t) :: kind = 0
    ! required
    integer(c_int32_t) :: rows = 0
    ! required
    integer(c_int32_t) :: cols = 0
    ! leading dimension of values: DENSE and MASKED
    integer(c_int32_t) :: ld = 0
    ! leading dimension of weights: MASKED
    integer(c_int32_t) :: ld_weights = 0
    ! required but of STREAM
    type(c_ptr) :: values = c_null_ptr
    ! CSC and CSR
    type(c_ptr) :: starts = c_null_ptr
    ! CSC and CSR
    type(c_ptr) :: indices = c_null_ptr
    ! MASKED, or null
    type(c_ptr) :: weights = c_null_ptr
    ! STREAM
    type(c_funptr) :: read = c_null_funptr
    ! passed on to `read`
    type(c_ptr) :: user = c_null_ptr
  end type orthant_matrix_f32

  ! The same in double precision.
  type, bind(c) :: orthant_matrix_f64
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 72
    ! ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED or ORTHANT_STREAM
    integer(c_int32_t) :: kind = 0
    ! required
    integer(c_int32_t) :: rows = 0
    ! required
    integer(c_int32_t) :: cols = 0
    ! leading dimension of values: DENSE and MASKED
    integer(c_int32_t) :: ld = 0
    ! leading dimension of weights: MASKED
    integer(c_int32_t) :: ld_weights = 0
    ! required but of STREAM
    type(c_ptr) :: values = c_null_ptr
    ! CSC and CSR
    type(c_ptr) :: starts = c_null_ptr
    ! CSC and CSR
    type(c_ptr) :: indices = c_null_ptr
    ! MASKED, or null
    type(c_ptr) :: weights = c_null_ptr
    ! STREAM
    type(c_funptr) :: read = c_null_funptr
    ! passed on to `read`
    type(c_ptr) :: user = c_null_ptr
  end type orthant_matrix_f64

  ! Your threads, for configs that have a field `parallel`.  Work is cut by shapes alone and sums are taken in a
  ! fixed
  ! order, so results are the same bits for any number of workers.  The struct is copied at init; the workspace
  ! grows
  ! with the number of workers.
  type, bind(c) :: orthant_parallel
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 24
    ! required: at least 1
    integer(c_int32_t) :: workers = 0
    ! Required for two workers and more: call task(arg, index, worker) once for every index in [0, tasks), with
    ! a worker in [0, workers) that no other call has at the same time; return when all have returned.
    type(c_funptr) :: run = c_null_funptr
    ! passed on to `run`
    type(c_ptr) :: user = c_null_ptr
  end type orthant_parallel

  ! Your sums over processes, for orthant_nmf_config: the columns of V and H are spread over the processes, W is
  ! on
  ! each.  orthant/mpi.h fills it from an MPI communicator.  The struct is copied at init.
  ! Every process makes the same calls: size and init with the same config but for `cols`, which is its own
  ! share and
  ! may be 0, and this struct; then start and run with its own columns of V and of H and with all of W, where V
  ! is dense,
  ! streamed or sparse.  W, the report and the status come out the same on all, to the bit; H comes out in
  ! shares.  With
  ! the same columns in other shares sums are rounded in another order: the objective agrees to some units of
  ! rounding of
  ! |V|^2, and in f32 EHALS may decide another way on a restart where the objective changes by no more than
  ! these.  A
  ! start that is left open is ORTHANT_START_COLS.
  ! An iteration adds up rank (rows + rank) elements, V H' and H H', and 7 numbers of f64, which in f64 are in
  ! the same
  ! sum and in f32 in one of their own.  MU for other losses than the Frobenius norm: rank rows elements (KL) or
  ! twice
  ! that, and 6 + 3 rank numbers.  Beside these an iteration takes a sum of one number for each thing that is
  ! looked at
  ! and lies with H alone: l1_h, and the residual where it is so small that it is summed up entry by entry.  A
  ! call
  ! begins with a sum of 4 processes numbers, by which the processes see that all of them make this call, that
  ! their
  ! configs and W agree, and that their shares follow each other (else E_ARG on all); COLS and SPA add up the
  ! columns
  ! that they choose.  So a call that is refused on one process, for a NaN in its share, is refused on all with
  ! the same
  ! status.
  ! All processes run the same release on the same instruction set (orthant_build_kernels; else E_ARG at start).
  ! A
  ! process that fails outside of these calls, at init say, must tell the others by your own means.  A progress
  ! function
  ! is given on all or on none; where it asks for the end on one, the run ends on all, one iteration later.
  ! Where a `sum` fails the call ends with E_REDUCE on each process whose sum fails, and W and H are a finite
  ! iterate.
  ! A copy of each handle with W and H goes on with the same bits on the same number of processes.  On another
  ! number:
  ! init with the new shares, and start with ORTHANT_START_GIVEN from W and the columns of H.  That is exact but
  ! for
  ! rounding for the methods that keep nothing but W and H (HALS, AHALS, ANLS, PG, MU); EHALS begins its
  ! momentum anew,
  ! AOADMM its dual variables.
  type, bind(c) :: orthant_reduce
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 40
    ! required: this one, from 0, and how many
    integer(c_int32_t) :: process = 0
    ! required: this one, from 0, and how many
    integer(c_int32_t) :: processes = 0
    ! required: the first column of V that is this process's
    integer(c_int32_t) :: first_column = 0
    ! required: of V, on all processes together
    integer(c_int32_t) :: all_columns = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! Required: each of `count` numbers in `buffer`, float or with is_f64 double, becomes its sum over all
    ! processes, with the same bits on each. Called on the thread that called start or run. 0; any other number:
    ! it failed.
    type(c_funptr) :: sum = c_null_funptr
    ! passed on to `sum`
    type(c_ptr) :: user = c_null_ptr
  end type orthant_reduce

  ! Why a run ended, and how good the result is.  Set `size`; the rest is written.  Where a function takes a
  ! report,
  ! null is allowed.  What a number means for one job stands with that job's run; a number that it has not is 0,
  ! and one
  ! that overflowed is DBL_MAX.
  type, bind(c) :: orthant_report
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 72
    ! ORTHANT_STOP_...
    integer(c_int32_t) :: stop = 0
    ! iterations since start; unmixing: most inner iterations of any pixel
    integer(c_int32_t) :: iters = 0
    ! unmixing: the pixel with the largest kkt
    integer(c_int32_t) :: worst = 0
    ! NMF by MURNMF: numerators that were clipped in the last iteration
    integer(c_int32_t) :: clipped = 0
    ! NMF with a model: how many of its proposals were taken; -1: V is unlike the model's training, and it was
    ! not asked
    integer(c_int32_t) :: proposals = 0
    ! what is minimised; unmixing: summed over the pixels
    real(c_double) :: objective = 0
    ! |V - W H| / |V|
    real(c_double) :: rel_error = 0
    ! relative residual of the Karush-Kuhn-Tucker conditions
    real(c_double) :: kkt = 0
    ! symmetric NMF: distance of the two factors
    real(c_double) :: gap = 0
    ! symmetric NMF: lower bound of the squared rel_error, where it is asked for
    real(c_double) :: bound = 0
    ! NMF on many processes: bytes that this one has given to sums since start
    integer(c_int64_t) :: reduced_bytes = 0
  end type orthant_report

  ! What to unmix.  All but `bands` and `endmembers` may stay zero.
  type, bind(c) :: orthant_unmix_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 56
    ! required: rows and columns of E
    integer(c_int32_t) :: bands = 0
    ! required: rows and columns of E
    integer(c_int32_t) :: endmembers = 0
    ! 1: the abundances of each pixel sum to one (FCLS); 0: they are only nonnegative
    integer(c_int32_t) :: sum_to_one = 0
    ! advanced: ORTHANT_UNMIX_...; 0: ACTIVE_SET, which is exact
    integer(c_int32_t) :: method = 0
    ! advanced: inner iterations of a pixel; 0: 30 * endmembers, if inexact 1000
    integer(c_int32_t) :: max_iter = 0
    ! the kind of Y: ORTHANT_DENSE, ORTHANT_MASKED for pixels that lack bands, or ORTHANT_STREAM
    integer(c_int32_t) :: data = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! advanced: an inexact method stops when kkt <= tol; 0: 1e-6 in f32, 1e-12 in f64; < 0: none
    real(c_double) :: tol = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
    ! advanced: where ACTIVE_SET starts, or null
    type(c_ptr) :: model = c_null_ptr
  end type orthant_unmix_config

  ! What to factor, and how.  All but `rows`, `cols` and `rank` may stay zero: then the loss is Frobenius, and
  ! start and
  ! method are those that reach a small residual soonest.  "Advanced: NMF" below says for each method
  ! which fields it reads.  Others are ignored, but one that would change what is minimised is refused
  ! (E_UNSUPPORTED).
  type, bind(c) :: orthant_nmf_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 240
    ! required: V is rows x cols, rank >= 1; with `reduce` this process's share of V
    integer(c_int32_t) :: rows = 0
    ! required: V is rows x cols, rank >= 1; with `reduce` this process's share of V
    integer(c_int32_t) :: cols = 0
    ! required: V is rows x cols, rank >= 1; with `reduce` this process's share of V
    integer(c_int32_t) :: rank = 0
    ! advanced: ORTHANT_NMF_...; 0: chosen by loss and data
    integer(c_int32_t) :: method = 0
    ! advanced: ORTHANT_START_...; 0: chosen by method and data
    integer(c_int32_t) :: start = 0
    ! outer iterations of one run; 0: 500, of MURNMF and AURNMF 1000; < 0: none, the report only
    integer(c_int32_t) :: max_iter = 0
    ! advanced: inner steps of a half step; 0: by the method's rule
    integer(c_int32_t) :: sweeps = 0
    ! ORTHANT_LOSS_...; 0: Frobenius
    integer(c_int32_t) :: loss = 0
    ! the kind of V that start and run will be given: ORTHANT_DENSE, ORTHANT_CSC, ...
    integer(c_int32_t) :: data = 0
    ! advanced: ORTHANT_ORTHO_...; 0: COMPONENTS, of MURNMF and AURNMF OBSERVATIONS
    integer(c_int32_t) :: ortho_axis = 0
    ! advanced: 1: steps of length one in AURNMF
    integer(c_int32_t) :: full_step = 0
    ! 1: W stays as given and only H is solved for
    integer(c_int32_t) :: fixed_w = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! stop when kkt <= tol; 0: 1e-4; < 0: none
    real(c_double) :: tol = 0
    ! stop when the objective falls by less than tol_obj times its first value; 0, < 0: none
    real(c_double) :: tol_obj = 0
    ! advanced: penalty of AOADMM; 0: trace(Gram matrix) / rank
    real(c_double) :: rho = 0
    ! of ORTHANT_LOSS_BETA
    real(c_double) :: beta = 0
    ! + l1_w sum(W) + l1_h sum(H); 0: none
    real(c_double) :: l1_w = 0
    ! + l1_w sum(W) + l1_h sum(H); 0: none
    real(c_double) :: l1_h = 0
    ! + l2_w/2 |W|^2 + l2_h/2 |H|^2; 0: none
    real(c_double) :: l2_w = 0
    ! + l2_w/2 |W|^2 + l2_h/2 |H|^2; 0: none
    real(c_double) :: l2_h = 0
    ! + ortho_w times the sum of w_k'w_l over pairs k < l of columns of W, ortho_h the same for H along
    ! ortho_axis; 0: none
    real(c_double) :: ortho_w = 0
    ! + ortho_w times the sum of w_k'w_l over pairs k < l of columns of W, ortho_h the same for H along
    ! ortho_axis; 0: none
    real(c_double) :: ortho_h = 0
    ! advanced: of MINVOL; 0: 0.1 each; volume < 0: none
    real(c_double) :: volume = 0
    ! advanced: of MINVOL; 0: 0.1 each; volume < 0: none
    real(c_double) :: delta = 0
    ! advanced: of AURNMF; 0: 0.1 and 0.01; anneal < 0: none
    real(c_double) :: tau = 0
    ! advanced: of AURNMF; 0: 0.1 and 0.01; anneal < 0: none
    real(c_double) :: anneal = 0
    ! advanced: AURNMF sets entries at or below it to zero; 0: 1e-12; < 0: none
    real(c_double) :: zero_tol = 0
    ! advanced: MURNMF and AURNMF stop when no entry changes by more; 0: 1e-9; < 0: none
    real(c_double) :: min_step = 0
    ! of the random starts; every value is good
    integer(c_int64_t) :: seed = 0
    ! called between iterations, or null
    type(c_funptr) :: progress = c_null_funptr
    ! passed on to `progress`
    type(c_ptr) :: user = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
    ! advanced: a Factormer that proposes factors, or null
    type(c_ptr) :: model = c_null_ptr
    ! advanced: a learned schedule of EHALS; null: the library's own, or none
    type(c_ptr) :: schedule = c_null_ptr
    ! your sums over processes; null: there is one process
    type(c_ptr) :: reduce = c_null_ptr
  end type orthant_nmf_config

  ! Which endmembers to look for.
  type, bind(c) :: orthant_endmembers_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 56
    ! required; 1 <= endmembers <= min(bands, pixels); NFINDR: at least 2
    integer(c_int32_t) :: bands = 0
    ! required; 1 <= endmembers <= min(bands, pixels); NFINDR: at least 2
    integer(c_int32_t) :: pixels = 0
    ! required; 1 <= endmembers <= min(bands, pixels); NFINDR: at least 2
    integer(c_int32_t) :: endmembers = 0
    ! ORTHANT_ENDMEMBERS_...; 0: VCA
    integer(c_int32_t) :: method = 0
    ! NFINDR: sweeps over the positions; 0: 3 * endmembers
    integer(c_int32_t) :: max_iter = 0
    ! VCA: ORTHANT_PROJECTION_...; 0: PROJECTIVE where every pixel is bright enough, else AFFINE
    integer(c_int32_t) :: projection = 0
    ! VCA and NFINDR: how well the subspace is found. 0: until no singular value changes by more than 1e-4 of
    ! the largest: the spectra of VCA, projected on it, are exact to some 1e-5 of their size, where Y is little
    ! but noise to 1e-2; 1: to rounding, in several times as many steps of two readings of Y, at most 2000
    integer(c_int32_t) :: precise = 0
    ! VCA: of the directions, where the caller gives none
    integer(c_int64_t) :: seed = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
    ! VCA: draws of the directions, of which the one with the largest simplex is kept; 0: 1, as in the paper.
    ! Not read where the caller gives them
    integer(c_int32_t) :: draws = 0
    ! the kind of Y: ORTHANT_DENSE or ORTHANT_STREAM
    integer(c_int32_t) :: data = 0
  end type orthant_endmembers_config

  ! The sizes of what is compared.
  type, bind(c) :: orthant_scores_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 16
    ! required where spectra are given, else 0
    integer(c_int32_t) :: bands = 0
    ! required
    integer(c_int32_t) :: endmembers = 0
    ! required where abundances are given, else 0
    integer(c_int32_t) :: pixels = 0
  end type orthant_scores_config

  ! Set `size`; the rest is written.
  type, bind(c) :: orthant_scores
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 32
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! mean over the endmembers of the spectral angle, in radians
    real(c_double) :: mean_angle = 0
    ! sqrt(mean over all entries of (A - A_true)^2)
    real(c_double) :: rmse = 0
    ! mean over the pixels of sqrt(mean over the endmembers of (A - A_true)^2)
    real(c_double) :: armse = 0
  end type orthant_scores

  ! How to count.
  type, bind(c) :: orthant_dimension_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 32
    ! required
    integer(c_int32_t) :: bands = 0
    ! ORTHANT_DIMENSION_...; 0: HYSIME
    integer(c_int32_t) :: method = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! the probability that a noise eigenvalue is counted, in (0, 0.5); 0: 1e-3
    real(c_double) :: false_alarm = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_dimension_config

  ! One array of a model.  Set `size`; the rest is written.  A number is scale * (stored - zero_point).
  type, bind(c) :: orthant_record
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 72
    ! ORTHANT_ELEMENT_...
    integer(c_int32_t) :: element = 0
    ! 0 to 4
    integer(c_int32_t) :: rank = 0
    ! 0 for floating-point types
    integer(c_int32_t) :: zero_point = 0
    ! beyond rank: 0; dims[0] runs fastest
    integer(c_int32_t) :: dims(4) = 0
    ! 1 for floating-point types
    real(c_float) :: scale = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! in the file
    type(c_ptr) :: name = c_null_ptr
    ! in the file, little-endian
    type(c_ptr) :: data = c_null_ptr
    ! elements
    integer(c_size_t) :: count = 0
    ! that they take
    integer(c_size_t) :: bytes = 0
  end type orthant_record

  ! Set `size`; the rest is written.
  type, bind(c) :: orthant_factormer_info
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 40
    ! of the factors; rows and columns are free
    integer(c_int32_t) :: rank = 0
    ! of the network
    integer(c_int32_t) :: width = 0
    ! of the network
    integer(c_int32_t) :: heads = 0
    ! of the network
    integer(c_int32_t) :: layers = 0
    ! of the network
    integer(c_int32_t) :: hidden = 0
    ! 1: it needs the factors before and after a step of the solver; 0: it proposes a start
    integer(c_int32_t) :: accelerates = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! how many
    integer(c_int64_t) :: parameters = 0
  end type orthant_factormer_info

  ! What to apply, and to which sizes.
  type, bind(c) :: orthant_factormer_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 32
    ! required: V is rows x cols
    integer(c_int32_t) :: rows = 0
    ! required: V is rows x cols
    integer(c_int32_t) :: cols = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! required: of kind ORTHANT_MODEL_FACTORMER; it must outlive the handle
    type(c_ptr) :: model = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_factormer_config

  ! What to unmix by.  All but `bands` and `spectra` may stay zero.
  type, bind(c) :: orthant_library_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 40
    ! required: rows and columns of E; spectra may be more than bands
    integer(c_int32_t) :: bands = 0
    ! required: rows and columns of E; spectra may be more than bands
    integer(c_int32_t) :: spectra = 0
    ! 1: abundances sum to one; l1 then changes nothing
    integer(c_int32_t) :: sum_to_one = 0
    ! steps of the active set of one pixel; 0: 30 min(spectra, bands + 1)
    integer(c_int32_t) :: max_iter = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! weight of the sum of the abundances, for fewer of them; 0: none
    real(c_double) :: l1 = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_library_config

  ! Which models to try, and what a model must be.  All but `bands`, `spectra` and `classes` may stay zero.
  type, bind(c) :: orthant_mesma_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 72
    ! required
    integer(c_int32_t) :: bands = 0
    ! required
    integer(c_int32_t) :: spectra = 0
    ! required
    integer(c_int32_t) :: classes = 0
    ! how many classes a model has; 0: 1 and `classes`
    integer(c_int32_t) :: least = 0
    ! how many classes a model has; 0: 1 and `classes`
    integer(c_int32_t) :: most = 0
    ! 1: fractions sum to one; 0: shade, which reflects nothing, is the rest
    integer(c_int32_t) :: sum_to_one = 0
    ! 1: every spectrum and every pixel is divided by its root mean square
    integer(c_int32_t) :: normalize = 0
    ! fractions lie in [-slack, 1 + slack]; 0: 0.05; < 0: none
    real(c_double) :: slack = 0
    ! shade is at most this; 0: 0.8; < 0: none
    real(c_double) :: max_shade = 0
    ! RMSE is at most this, in the unit of Y; 0: 0.025; < 0: none
    real(c_double) :: max_rmse = 0
    ! a model of more classes is taken where its RMSE is less by this; 0: 0.007; < 0: none
    real(c_double) :: gain = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_mesma_config

  ! What to draw.  All but `bands`, `spectra` and `classes` may stay zero.
  type, bind(c) :: orthant_bootstrap_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 48
    ! required
    integer(c_int32_t) :: bands = 0
    ! required
    integer(c_int32_t) :: spectra = 0
    ! required
    integer(c_int32_t) :: classes = 0
    ! spectra of each class in a draw, or all that it has; 0: 1
    integer(c_int32_t) :: each = 0
    ! 0: 50; at least 2
    integer(c_int32_t) :: draws = 0
    ! 1: abundances sum to one
    integer(c_int32_t) :: sum_to_one = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! of the draws; every value is good
    integer(c_int64_t) :: seed = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_bootstrap_config

  ! What to factor.  Without a model all multipliers are one: multiplicative updates as they are.
  type, bind(c) :: orthant_nalmu_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 48
    ! required: Y is bands x pixels
    integer(c_int32_t) :: bands = 0
    ! required: Y is bands x pixels
    integer(c_int32_t) :: pixels = 0
    ! columns of W; 0: the model's; required without a model
    integer(c_int32_t) :: endmembers = 0
    ! how many of the model's; 0: all; required without a model
    integer(c_int32_t) :: layers = 0
    ! ORTHANT_NALMU_...; 0: the model's, without one BOTH
    integer(c_int32_t) :: factors = 0
    ! 1: start from W and H as the caller left them; 0: H starts constant, W from the model's own start, or as
    ! the caller left it where the model has none
    integer(c_int32_t) :: given = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! of kind ORTHANT_MODEL_NALMU or RALMU, or null; it must outlive the handle
    type(c_ptr) :: model = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_nalmu_config

  ! A symmetric nonnegative matrix whose order is known from where it stands.  All zero: the identity.
  type, bind(c) :: orthant_symmetric_f32
    ! ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL or ORTHANT_SYMMETRIC
    integer(c_int32_t) :: kind = 0
    ! SYMMETRIC
    integer(c_int32_t) :: ld = 0
    ! SCALAR
    real(c_double) :: factor = 0
    ! DIAGONAL and SYMMETRIC
    type(c_ptr) :: values = c_null_ptr
  end type orthant_symmetric_f32

  ! The same in double precision.
  type, bind(c) :: orthant_symmetric_f64
    ! ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL or ORTHANT_SYMMETRIC
    integer(c_int32_t) :: kind = 0
    ! SYMMETRIC
    integer(c_int32_t) :: ld = 0
    ! SCALAR
    real(c_double) :: factor = 0
    ! DIAGONAL and SYMMETRIC
    type(c_ptr) :: values = c_null_ptr
  end type orthant_symmetric_f64

  ! The penalty 1/2 tr(X' left X right) of a factor X.
  type, bind(c) :: orthant_penalty_f32
    ! of the orders of the rows and of the columns of X
    type(orthant_symmetric_f32) :: left
    ! of the orders of the rows and of the columns of X
    type(orthant_symmetric_f32) :: right
  end type orthant_penalty_f32

  ! The same in double precision.
  type, bind(c) :: orthant_penalty_f64
    ! of the orders of the rows and of the columns of X
    type(orthant_symmetric_f64) :: left
    ! of the orders of the rows and of the columns of X
    type(orthant_symmetric_f64) :: right
  end type orthant_penalty_f64

  ! What is minimised by MURNMF and AURNMF, with the penalties of the config:
  !   1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H>
  !     + 1/2 sum_j tr(W' A_j W B_j) + 1/2 sum_j tr(H' C_j H D_j)
  ! All matrices are nonnegative, and all but L_W and L_H symmetric.  No rows x cols array of weights is ever
  ! formed.
  ! With an indefinite P or Q the first term is no square, and the objective may be negative.  All zero: no
  ! terms.
  type, bind(c) :: orthant_terms_f32
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 104
    ! how many pairs in penalty_w and penalty_h
    integer(c_int32_t) :: penalties_w = 0
    ! how many pairs in penalty_w and penalty_h
    integer(c_int32_t) :: penalties_h = 0
    ! leading dimensions of L_W, >= rows, and of L_H, >= rank
    integer(c_int32_t) :: ldl1_w = 0
    ! leading dimensions of L_W, >= rows, and of L_H, >= rank
    integer(c_int32_t) :: ldl1_h = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! P, rows x rows
    type(orthant_symmetric_f32) :: weight_rows
    ! Q, cols x cols
    type(orthant_symmetric_f32) :: weight_cols
    ! L_W, rows x rank, or null: none
    type(c_ptr) :: l1_w = c_null_ptr
    ! L_H, rank x cols, or null: none
    type(c_ptr) :: l1_h = c_null_ptr
    ! pairs (A_j, B_j): rows x rows, rank x rank
    type(c_ptr) :: penalty_w = c_null_ptr
    ! pairs (C_j, D_j): rank x rank, cols x cols
    type(c_ptr) :: penalty_h = c_null_ptr
  end type orthant_terms_f32

  ! The same in double precision.
  type, bind(c) :: orthant_terms_f64
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 104
    ! how many pairs in penalty_w and penalty_h
    integer(c_int32_t) :: penalties_w = 0
    ! how many pairs in penalty_w and penalty_h
    integer(c_int32_t) :: penalties_h = 0
    ! leading dimensions of L_W, >= rows, and of L_H, >= rank
    integer(c_int32_t) :: ldl1_w = 0
    ! leading dimensions of L_W, >= rows, and of L_H, >= rank
    integer(c_int32_t) :: ldl1_h = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! P, rows x rows
    type(orthant_symmetric_f64) :: weight_rows
    ! Q, cols x cols
    type(orthant_symmetric_f64) :: weight_cols
    ! L_W, rows x rank, or null: none
    type(c_ptr) :: l1_w = c_null_ptr
    ! L_H, rank x cols, or null: none
    type(c_ptr) :: l1_h = c_null_ptr
    ! pairs (A_j, B_j): rows x rows, rank x rank
    type(c_ptr) :: penalty_w = c_null_ptr
    ! pairs (C_j, D_j): rank x rank, cols x cols
    type(c_ptr) :: penalty_h = c_null_ptr
  end type orthant_terms_f64

  ! What to solve.  All but `n` may stay zero.
  type, bind(c) :: orthant_qp_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 88
    ! required
    integer(c_int32_t) :: n = 0
    ! advanced: ORTHANT_QP_...; 0: LEE_SEUNG
    integer(c_int32_t) :: rule = 0
    ! of one run; 0: 1000; < 0: none, the report only
    integer(c_int32_t) :: max_iter = 0
    ! advanced: 1: steps of length one within the boundary, in the place of the minimiser
    integer(c_int32_t) :: full_step = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! stop when kkt <= tol; 0, < 0: none
    real(c_double) :: tol = 0
    ! advanced: tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5 and 0.25; anneal < 0: none
    real(c_double) :: tau = 0
    ! advanced: tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5 and 0.25; anneal < 0: none
    real(c_double) :: anneal = 0
    ! entries at or below it become zero; 0: 1e-9; < 0: none
    real(c_double) :: zero_tol = 0
    ! stop when no entry changes by more; 0: 1e-9; < 0: none
    real(c_double) :: min_step = 0
    ! called between iterations, or null
    type(c_funptr) :: progress = c_null_funptr
    ! passed on to `progress`
    type(c_ptr) :: user = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_qp_config

  ! What to decompose, and how.  All but `rows`, `cols` and `rank` may stay zero; "Advanced: ReLU decomposition"
  ! below
  ! says for each method which of the advanced fields it reads.
  type, bind(c) :: orthant_relu_nmd_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 120
    ! required: M is rows x cols; rank may exceed both
    integer(c_int32_t) :: rows = 0
    ! required: M is rows x cols; rank may exceed both
    integer(c_int32_t) :: cols = 0
    ! required: M is rows x cols; rank may exceed both
    integer(c_int32_t) :: rank = 0
    ! advanced: ORTHANT_RELU_NMD_...; 0: 3B with alpha 0.9 while f falls, at most 20 iterations, then QN
    integer(c_int32_t) :: method = 0
    ! advanced: ORTHANT_RELU_START_...; 0: TSVD
    integer(c_int32_t) :: start = 0
    ! advanced: ORTHANT_RELU_Z_...; 0: DATA
    integer(c_int32_t) :: z_start = 0
    ! iterations of one run; 0: 1000; < 0: none, the report only
    integer(c_int32_t) :: max_iter = 0
    ! advanced: pairs that QN keeps, each twice as large as U and V; 0: 5; at most 64
    integer(c_int32_t) :: history = 0
    ! advanced: most steps of a truncated SVD; 0: 10
    integer(c_int32_t) :: svd_steps = 0
    ! stop when rel_error <= tol; 0: 1e-4; < 0: none
    real(c_double) :: tol = 0
    ! stop when rel_error is within tol_obj of what it was 11 iterations before, from the 11th on; 0: 1e-5; < 0:
    ! none
    real(c_double) :: tol_obj = 0
    ! advanced: momentum in [0, 1]; 0: the method's own; < 0: none
    real(c_double) :: alpha = 0
    ! advanced: share of the new factors in TM, in (0, 1]; 0: 0.95
    real(c_double) :: beta = 0
    ! advanced: + lambda/2 (|U|^2 + |V|^2) in TM; 0: 1e-4; < 0: none
    real(c_double) :: lambda = 0
    ! advanced: as tol of orthant_tsvd_config; 0: 1e-4; < 0: none
    real(c_double) :: svd_tol = 0
    ! of the starts and of the SVD's first block
    integer(c_int64_t) :: seed = 0
    ! called between iterations, or null
    type(c_funptr) :: progress = c_null_funptr
    ! passed on to `progress`
    type(c_ptr) :: user = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_relu_nmd_config

  ! What to decompose.
  type, bind(c) :: orthant_tsvd_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 48
    ! required; 1 <= rank <= min(rows, cols)
    integer(c_int32_t) :: rows = 0
    ! required; 1 <= rank <= min(rows, cols)
    integer(c_int32_t) :: cols = 0
    ! required; 1 <= rank <= min(rows, cols)
    integer(c_int32_t) :: rank = 0
    ! steps; 0: 100
    integer(c_int32_t) :: max_iter = 0
    ! 1: every run starts from V as the caller left it, s is ignored
    integer(c_int32_t) :: warm = 0
    ! stop when no singular value changes by more than tol times the largest; 0: 1e-6 in f32, 1e-12 in f64; < 0:
    ! none
    real(c_double) :: tol = 0
    ! of the first block
    integer(c_int64_t) :: seed = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_tsvd_config

  ! Which graph.  All but `features` and `samples` may stay zero.
  type, bind(c) :: orthant_graph_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 40
    ! required: M is features x samples; samples >= 2
    integer(c_int32_t) :: features = 0
    ! required: M is features x samples; samples >= 2
    integer(c_int32_t) :: samples = 0
    ! ORTHANT_GRAPH_...; 0: GAUSSIAN
    integer(c_int32_t) :: kind = 0
    ! 0: floor(log2(samples)) + 1; at most samples - 1 count
    integer(c_int32_t) :: neighbours = 0
    ! of GAUSSIAN; 0: 7; at most samples - 1 count
    integer(c_int32_t) :: scale_at = 0
    ! 1: X = A; 0: X = D^-1/2 A D^-1/2 with D_ii = sum_j A_ij (normalised cut)
    integer(c_int32_t) :: unnormalised = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_graph_config

  ! What to factor, and how.  All but `n` and `rank` may stay zero.
  type, bind(c) :: orthant_symnmf_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 88
    ! required: X is n x n; rank <= n
    integer(c_int32_t) :: n = 0
    ! required: X is n x n; rank <= n
    integer(c_int32_t) :: rank = 0
    ! advanced: ORTHANT_SYMNMF_...; 0: HALS
    integer(c_int32_t) :: method = 0
    ! advanced: ORTHANT_SYMNMF_START_...; 0: SCALED
    integer(c_int32_t) :: start = 0
    ! advanced: ORTHANT_PENALTY_...; 0: PRACTICAL
    integer(c_int32_t) :: penalty = 0
    ! iterations of one run; 0: 500; < 0: none, the report only
    integer(c_int32_t) :: max_iter = 0
    ! 1: find the spectral bound at start
    integer(c_int32_t) :: bound = 0
    ! advanced: > 0: this number in the place of `penalty`
    real(c_double) :: lambda = 0
    ! stop when kkt <= tol; 0: 1e-5; < 0: none
    real(c_double) :: tol = 0
    ! stop when the objective falls by less than tol_obj times its first value; 0, < 0: none
    real(c_double) :: tol_obj = 0
    ! of the random starts
    integer(c_int64_t) :: seed = 0
    ! called between iterations, or null
    type(c_funptr) :: progress = c_null_funptr
    ! passed on to `progress`
    type(c_ptr) :: user = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_symnmf_config

  ! The sizes of what is compared.
  type, bind(c) :: orthant_clusters_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 16
    ! required
    integer(c_int32_t) :: samples = 0
    ! required; they may differ
    integer(c_int32_t) :: clusters = 0
    ! required; they may differ
    integer(c_int32_t) :: classes = 0
  end type orthant_clusters_config

  ! Set `size`; the rest is written.
  type, bind(c) :: orthant_clusters_scores
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 64
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! under the best one-to-one map of clusters to classes [Kuhn 1955]
    real(c_double) :: accuracy = 0
    ! share of the samples that are in the majority class of their cluster
    real(c_double) :: purity = 0
    ! mutual information over the larger entropy; 1 where both entropies are zero
    real(c_double) :: nmi = 0
    ! ... over the smaller entropy
    real(c_double) :: nmi_min = 0
    ! ... over their geometric mean
    real(c_double) :: nmi_sqrt = 0
    ! ... over their mean
    real(c_double) :: nmi_mean = 0
    ! ... over the joint entropy
    real(c_double) :: nmi_joint = 0
  end type orthant_clusters_scores

  ! What to factor, by a network that is trained on this one X.  All but `n` and `rank` may stay zero.
  type, bind(c) :: orthant_symnet_config
    ! required: sizeof this struct
    integer(c_int32_t) :: size = 144
    ! required: X is n x n; rank <= n
    integer(c_int32_t) :: n = 0
    ! required: X is n x n; rank <= n
    integer(c_int32_t) :: rank = 0
    ! L; 0: 10
    integer(c_int32_t) :: layers = 0
    ! length of the schedule; 0: 400
    integer(c_int32_t) :: epochs = 0
    ! epochs of one run; 0: as many as `epochs`; < 0: none, the report only
    integer(c_int32_t) :: max_iter = 0
    ! ORTHANT_SYMNMF_START_..., of U_0; 0: SPECTRAL
    integer(c_int32_t) :: start = 0
    ! advanced: ORTHANT_SYMNET_...; 0: SUFFICIENT
    integer(c_int32_t) :: lambda_bound = 0
    ! advanced: 1: w = (0, .., 0, 1); 0: all w_i are 1
    integer(c_int32_t) :: last_only = 0
    ! advanced: 1: the l1 term on every layer; 0: on the last
    integer(c_int32_t) :: l1_all = 0
    ! 1: find the spectral bound at start
    integer(c_int32_t) :: bound = 0
    ! zero
    integer(c_int32_t) :: reserved = 0
    ! advanced: weight of the residuals R_i; 0: 0.4 / |X|^2; < 0: none
    real(c_double) :: beta = 0
    ! step of Adam; 0: 0.1
    real(c_double) :: rate = 0
    ! the rate of epoch t is rate * decay^(t / epochs); 0: 0.1
    real(c_double) :: decay = 0
    ! advanced: of AdamW; 0, < 0: none
    real(c_double) :: weight_decay = 0
    ! advanced: weight of sum(U_L); 0: none
    real(c_double) :: l1 = 0
    ! advanced: where lambda begins; 0: |X|
    real(c_double) :: lambda = 0
    ! advanced: slope of a unit below zero at first; 0: 1; < 0: none
    real(c_double) :: leak = 0
    ! advanced: the slope falls linearly to 0 at this share of the epochs; 0: 0.9
    real(c_double) :: leak_until = 0
    ! of U_0
    integer(c_int64_t) :: seed = 0
    ! called after each epoch, or null; objective is the loss before its step
    type(c_funptr) :: progress = c_null_funptr
    ! passed on to `progress`
    type(c_ptr) :: user = c_null_ptr
    ! your threads; null: serial
    type(c_ptr) :: parallel = c_null_ptr
  end type orthant_symnet_config

  interface
    ! What a status means, in a static string; never null.
    function orthant_status_text(status) result(result_) bind(c, name="orthant_status_text")
      import
      integer(c_int32_t), value :: status
      type(c_ptr) :: result_
    end function orthant_status_text
    ! The release of the library at work, which may be later than that of this header.
    function orthant_version() result(result_) bind(c, name="orthant_version")
      import
      type(c_ptr) :: result_
    end function orthant_version
    ! The interface number of the library at work; programs compiled with another one must not go on.
    function orthant_abi() result(result_) bind(c, name="orthant_abi")
      import
      integer(c_int32_t) :: result_
    end function orthant_abi
    ! How the library was built, backend and element types, in a static string such as "blis+lapacke f32 f64".
    function orthant_build() result(result_) bind(c, name="orthant_build")
      import
      type(c_ptr) :: result_
    end function orthant_build
    ! The instruction set that is used on this processor, in a static string such as "avx2".
    function orthant_build_kernels() result(result_) bind(c, name="orthant_build_kernels")
      import
      type(c_ptr) :: result_
    end function orthant_build_kernels
    ! Why a matrix is refused (E_ARG, E_DATA), in a sentence that names its field or the first bad entry: "entry
    ! (3, 4),
    ! counted from 0, is -2, which is negative".
    !   what  in   what is asked for besides finite entries whose squares are finite, and weights in [0, 1]: a sum of
    !              ORTHANT_DATA_...  NMF: NOT_NEGATIVE and ROOM, with the losses that need V > 0 POSITIVE; ReLU
    !              decomposition as NMF; symmetric NMF and SymNMF-Net: SYMMETRIC too; endmembers and the truncated SVD:
    !              ROOM; unmixing: COLUMNS of E, 0 of Y
    !   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    !   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    !   Of STREAM the struct alone is looked at: there is no memory here to read columns to
    !   Cost: three readings of the matrix; SYMMETRIC of a sparse one a search in a column for each entry
    function orthant_matrix_problem_f32(X, what, text, room) result(result_) bind(c, &
        name="orthant_matrix_problem_f32")
      import
      type(orthant_matrix_f32), intent(in), optional :: X
      integer(c_int32_t), value :: what
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_matrix_problem_f32
    ! Why a matrix is refused (E_ARG, E_DATA), in a sentence that names its field or the first bad entry: "entry
    ! (3, 4),
    ! counted from 0, is -2, which is negative".
    !   what  in   what is asked for besides finite entries whose squares are finite, and weights in [0, 1]: a sum of
    !              ORTHANT_DATA_...  NMF: NOT_NEGATIVE and ROOM, with the losses that need V > 0 POSITIVE; ReLU
    !              decomposition as NMF; symmetric NMF and SymNMF-Net: SYMMETRIC too; endmembers and the truncated SVD:
    !              ROOM; unmixing: COLUMNS of E, 0 of Y
    !   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    !   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    !   Of STREAM the struct alone is looked at: there is no memory here to read columns to
    !   Cost: three readings of the matrix; SYMMETRIC of a sparse one a search in a column for each entry
    function orthant_matrix_problem_f64(X, what, text, room) result(result_) bind(c, &
        name="orthant_matrix_problem_f64")
      import
      type(orthant_matrix_f64), intent(in), optional :: X
      integer(c_int32_t), value :: what
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_matrix_problem_f64
    ! Why a config is refused by size (E_ARG, E_UNSUPPORTED, E_BLOB), in a sentence that begins with the name of
    ! a field:
    ! "bands is 0; it must be at least 1"; or, where fields are refused together, has those of which one would
    ! have to be
    ! zero.  The config is looked at again, by size in f32 too; nothing is kept from the call that failed.
    !   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    !   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    function orthant_unmix_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_unmix_config_problem")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_unmix_config_problem
    ! Bytes of workspace.  They depend on the config alone, not on the number of pixels.
    !   bytes  out  the least size of `mem` at init
    !   OK | E_ARG | E_UNSUPPORTED | E_BLOB (the model does not fit)
    function orthant_unmix_size_f32(c, bytes) result(result_) bind(c, name="orthant_unmix_size_f32")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_unmix_size_f32
    ! Place a handle.
    !   E    in   bands x endmembers, lde >= bands; finite; |e_k|^2 neither overflows nor, but for a zero column, vanishes
    !             (below 1e-31 in f32, 1e-292 in f64); used in place by every run: it must outlive the handle
    !   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   out  out  the handle
    !   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED | E_BLOB
    !   Cost: bands * endmembers^2 multiply-adds
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
    ! Abundances of the Y->cols pixels of Y.  The same problem is nonnegative least squares with one matrix and
    ! many
    ! right-hand sides.
    !   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
    !   Y  in   bands x pixels, of the kind that the config names; finite, in the unit of E.  MASKED: each pixel is fitted
    !           and judged by the bands that it has, with their weights
    !   A  out  endmembers x pixels, lda >= endmembers; fractions of the columns of E; must not overlap Y or E
    !   r  out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|;  kkt: the largest over the pixels and
    !           over k of |min(a_k / u_k, u_k g_k)| / max(|y|, |E a|) with g = E'(E a - y) and u_k the power of two in
    !           (1/2, 1] / |e_k|, as if the columns of E had norms near one; if sum_to_one with g less its mean over the
    !           support, weighted by u_k^2, and u_k at most the largest there; without sign constraint |u_k g_k| in the
    !           place of the minimum;  worst: its pixel
    !   OK | E_ARG | E_DATA (a pixel has NaN or infinite entries, or its squares or its abundances overflow, or MASKED and
    !   no band at all: its abundances are NaN, those of all other pixels are valid) | E_READ (STREAM: the abundances of
    !   all pixels that were read before are valid, the others as they were)
    !   On microcontrollers inexact methods do not scale columns of uneven norms, and a pixel whose squares vanish counts as
    !   zero: flash is short there
    !   Cost of a pixel: bands * endmembers multiply-adds for E'y, then about iterations * endmembers^2; MASKED with bands
    !   missing: bands * endmembers^2 for its own Gram matrix
    !   Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; tools/docs/algorithms.md, "Unmixing"
    function orthant_unmix_run_f32(s, Y, A, lda, r) result(result_) bind(c, name="orthant_unmix_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_run_f32
    ! How well given abundances explain given pixels, from E and Y directly and not from the Gram matrix.
    !   Y    in   as at run
    !   A    in   endmembers x pixels, lda >= endmembers, from any source
    !   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of the weights
    !   kkt  out  pixels, or null: the residual defined at run, of each pixel
    !   r    out  objective, rel_error, the largest kkt and its pixel
    !   OK | E_ARG | E_READ
    !   Cost of a pixel: 2 * bands * endmembers multiply-adds
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
    ! Bytes of workspace.  They depend on the config alone, not on the number of pixels.
    !   bytes  out  the least size of `mem` at init
    !   OK | E_ARG | E_UNSUPPORTED | E_BLOB (the model does not fit)
    function orthant_unmix_size_f64(c, bytes) result(result_) bind(c, name="orthant_unmix_size_f64")
      import
      type(orthant_unmix_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_unmix_size_f64
    ! Place a handle.
    !   E    in   bands x endmembers, lde >= bands; finite; |e_k|^2 neither overflows nor, but for a zero column, vanishes
    !             (below 1e-31 in f32, 1e-292 in f64); used in place by every run: it must outlive the handle
    !   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   out  out  the handle
    !   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED | E_BLOB
    !   Cost: bands * endmembers^2 multiply-adds
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
    ! Abundances of the Y->cols pixels of Y.  The same problem is nonnegative least squares with one matrix and
    ! many
    ! right-hand sides.
    !   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
    !   Y  in   bands x pixels, of the kind that the config names; finite, in the unit of E.  MASKED: each pixel is fitted
    !           and judged by the bands that it has, with their weights
    !   A  out  endmembers x pixels, lda >= endmembers; fractions of the columns of E; must not overlap Y or E
    !   r  out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|;  kkt: the largest over the pixels and
    !           over k of |min(a_k / u_k, u_k g_k)| / max(|y|, |E a|) with g = E'(E a - y) and u_k the power of two in
    !           (1/2, 1] / |e_k|, as if the columns of E had norms near one; if sum_to_one with g less its mean over the
    !           support, weighted by u_k^2, and u_k at most the largest there; without sign constraint |u_k g_k| in the
    !           place of the minimum;  worst: its pixel
    !   OK | E_ARG | E_DATA (a pixel has NaN or infinite entries, or its squares or its abundances overflow, or MASKED and
    !   no band at all: its abundances are NaN, those of all other pixels are valid) | E_READ (STREAM: the abundances of
    !   all pixels that were read before are valid, the others as they were)
    !   On microcontrollers inexact methods do not scale columns of uneven norms, and a pixel whose squares vanish counts as
    !   zero: flash is short there
    !   Cost of a pixel: bands * endmembers multiply-adds for E'y, then about iterations * endmembers^2; MASKED with bands
    !   missing: bands * endmembers^2 for its own Gram matrix
    !   Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; tools/docs/algorithms.md, "Unmixing"
    function orthant_unmix_run_f64(s, Y, A, lda, r) result(result_) bind(c, name="orthant_unmix_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: Y
      type(c_ptr), value :: A
      integer(c_int32_t), value :: lda
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_unmix_run_f64
    ! How well given abundances explain given pixels, from E and Y directly and not from the Gram matrix.
    !   Y    in   as at run
    !   A    in   endmembers x pixels, lda >= endmembers, from any source
    !   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of the weights
    !   kkt  out  pixels, or null: the residual defined at run, of each pixel
    !   r    out  objective, rel_error, the largest kkt and its pixel
    !   OK | E_ARG | E_READ
    !   Cost of a pixel: 2 * bands * endmembers multiply-adds
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_nmf_config_problem(c, text, room) result(result_) bind(c, name="orthant_nmf_config_problem")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_nmf_config_problem
    ! Bytes of workspace: about (2 rows + cols) * rank elements, twice that for EHALS and AOADMM; never rows *
    ! cols.
    !   bytes  out  the least size of `mem` at init
    !   OK | E_ARG | E_UNSUPPORTED (no method does what the fields ask for together) | E_BLOB (a model does not fit)
    function orthant_nmf_size_f32(c, bytes) result(result_) bind(c, name="orthant_nmf_size_f32")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nmf_size_f32
    ! Place a handle.
    !   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   out  out  the handle
    !   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED | E_BLOB
    function orthant_nmf_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_nmf_init_f32")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nmf_init_f32
    ! Make the starting point, and check V.
    !   V  in   rows x cols, of the kind that the config names; finite, nonnegative
    !   W  out  rows x rank, ldw >= rows; in with ORTHANT_START_GIVEN or fixed_w
    !   H  out  rank x cols, ldh >= rank; in with ORTHANT_START_GIVEN
    !   V, W and H must not overlap
    !   OK | E_ARG | E_DATA | E_READ (W and H then hold no result)
    !   Cost: one to three readings of V; of the start SPA rank readings, of NNDSVD tens
    !   Source: tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine"
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
    ! Iterate; call it again to go on.
    !   minimise 1/2 |V - W H|^2 + the penalties of the config  over W >= 0, H >= 0
    ! or the other losses and methods of "Advanced: NMF".  An outer iteration updates W, then H with the new W,
    ! and reads V
    ! once.  Between calls V, W and H stay as they are; to go on from other factors call start with
    ! ORTHANT_START_GIVEN.
    ! Without a start the first run takes W and H as given.
    !   V  in      as at start
    !   W  in/out  rows x rank, ldw >= rows
    !   H  in/out  rank x cols, ldh >= rank
    !   V, W and H must not overlap
    !   r  out     objective: with all penalties;  rel_error: |V - W H| / |V|, without them;  kkt: the root of the sum over
    !              the components k of (|P_Wk|^2 / |h_k|^2 + |P_Hk|^2 / |w_k|^2) / |V|^2, P the projected gradient (the
    !              gradient g where g < 0 or the entry is positive, else 0).  It is zero exactly at a stationary point, and
    !              does not change when V, or a component against its partner, is scaled
    !   OK | E_ARG | E_DATA | E_READ (STREAM: W and H are those of the last iteration that was complete, of EHALS the best;
    !   with losses other than the Frobenius norm W and those columns of H are new that were read, and the objective has
    !   not risen.  The next run begins from them)
    !   Cost of an iteration: 2 * rows * cols * rank multiply-adds (sparse: nonzeros in the place of rows * cols) and one
    !   reading of V, then sweeps * (rows + cols) * rank^2.  EHALS that ends before max_iter reads V once more.  What
    !   EHALS reports to `progress` does not rise, and what it hands back is not above any of that nor above the start
    !   Source: Ang and Gillis 2019 (EHALS, the default); tools/docs/algorithms.md, "Extrapolated HALS"
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
    ! Bytes of workspace: about (2 rows + cols) * rank elements, twice that for EHALS and AOADMM; never rows *
    ! cols.
    !   bytes  out  the least size of `mem` at init
    !   OK | E_ARG | E_UNSUPPORTED (no method does what the fields ask for together) | E_BLOB (a model does not fit)
    function orthant_nmf_size_f64(c, bytes) result(result_) bind(c, name="orthant_nmf_size_f64")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nmf_size_f64
    ! Place a handle.
    !   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   out  out  the handle
    !   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED | E_BLOB
    function orthant_nmf_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_nmf_init_f64")
      import
      type(orthant_nmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nmf_init_f64
    ! Make the starting point, and check V.
    !   V  in   rows x cols, of the kind that the config names; finite, nonnegative
    !   W  out  rows x rank, ldw >= rows; in with ORTHANT_START_GIVEN or fixed_w
    !   H  out  rank x cols, ldh >= rank; in with ORTHANT_START_GIVEN
    !   V, W and H must not overlap
    !   OK | E_ARG | E_DATA | E_READ (W and H then hold no result)
    !   Cost: one to three readings of V; of the start SPA rank readings, of NNDSVD tens
    !   Source: tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine"
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
    ! Iterate; call it again to go on.
    !   minimise 1/2 |V - W H|^2 + the penalties of the config  over W >= 0, H >= 0
    ! or the other losses and methods of "Advanced: NMF".  An outer iteration updates W, then H with the new W,
    ! and reads V
    ! once.  Between calls V, W and H stay as they are; to go on from other factors call start with
    ! ORTHANT_START_GIVEN.
    ! Without a start the first run takes W and H as given.
    !   V  in      as at start
    !   W  in/out  rows x rank, ldw >= rows
    !   H  in/out  rank x cols, ldh >= rank
    !   V, W and H must not overlap
    !   r  out     objective: with all penalties;  rel_error: |V - W H| / |V|, without them;  kkt: the root of the sum over
    !              the components k of (|P_Wk|^2 / |h_k|^2 + |P_Hk|^2 / |w_k|^2) / |V|^2, P the projected gradient (the
    !              gradient g where g < 0 or the entry is positive, else 0).  It is zero exactly at a stationary point, and
    !              does not change when V, or a component against its partner, is scaled
    !   OK | E_ARG | E_DATA | E_READ (STREAM: W and H are those of the last iteration that was complete, of EHALS the best;
    !   with losses other than the Frobenius norm W and those columns of H are new that were read, and the objective has
    !   not risen.  The next run begins from them)
    !   Cost of an iteration: 2 * rows * cols * rank multiply-adds (sparse: nonzeros in the place of rows * cols) and one
    !   reading of V, then sweeps * (rows + cols) * rank^2.  EHALS that ends before max_iter reads V once more.  What
    !   EHALS reports to `progress` does not rise, and what it hands back is not above any of that nor above the start
    !   Source: Ang and Gillis 2019 (EHALS, the default); tools/docs/algorithms.md, "Extrapolated HALS"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_endmembers_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_endmembers_config_problem")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_endmembers_config_problem
    ! Bytes of workspace.   OK | E_ARG
    function orthant_endmembers_size_f32(c, bytes) result(result_) bind(c, name="orthant_endmembers_size_f32")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_endmembers_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_endmembers_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_endmembers_init_f32")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_endmembers_init_f32
    ! Find pixels of Y whose simplex holds the others: Y is close to E A with A >= 0 and 1'A = 1'.
    !   Y      in   bands x pixels, of the kind that the config names, finite; any unit
    !   D      in   endmembers x endmembers, ldd >= endmembers: the random directions of VCA, finite, the zero vector or one
    !               in the span of those before is replaced by an axis; null: drawn from the seed
    !   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels, in the unit of Y; VCA: projected on
    !               the signal subspace
    !   pixel  out  endmembers: the columns of Y that were chosen
    !   no output overlaps another array
    !   OK | E_ARG | E_DATA (also where Y has fewer independent pixels than endmembers) | E_READ (E and pixel then hold no
    !   result)
    !   Cost: SPA 2 * endmembers readings of Y; VCA and NFINDR a truncated SVD, which are two readings a step and pixels *
    !   (endmembers + 8) elements of workspace, then endmembers passes over the reduced data, VCA in each draw
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
    ! Bytes of workspace.   OK | E_ARG
    function orthant_endmembers_size_f64(c, bytes) result(result_) bind(c, name="orthant_endmembers_size_f64")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_endmembers_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_endmembers_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_endmembers_init_f64")
      import
      type(orthant_endmembers_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_endmembers_init_f64
    ! Find pixels of Y whose simplex holds the others: Y is close to E A with A >= 0 and 1'A = 1'.
    !   Y      in   bands x pixels, of the kind that the config names, finite; any unit
    !   D      in   endmembers x endmembers, ldd >= endmembers: the random directions of VCA, finite, the zero vector or one
    !               in the span of those before is replaced by an axis; null: drawn from the seed
    !   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels, in the unit of Y; VCA: projected on
    !               the signal subspace
    !   pixel  out  endmembers: the columns of Y that were chosen
    !   no output overlaps another array
    !   OK | E_ARG | E_DATA (also where Y has fewer independent pixels than endmembers) | E_READ (E and pixel then hold no
    !   result)
    !   Cost: SPA 2 * endmembers readings of Y; VCA and NFINDR a truncated SVD, which are two readings a step and pixels *
    !   (endmembers + 8) elements of workspace, then endmembers passes over the reduced data, VCA in each draw
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
    ! The word for a number of the field `method`: "vca", "spa", "nfindr"; 0: "auto"; null where there is no
    ! such method.
    function orthant_endmembers_method_name(method) result(result_) bind(c, name="orthant_endmembers_method_name")
      import
      integer(c_int32_t), value :: method
      type(c_ptr) :: result_
    end function orthant_endmembers_method_name
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_scores_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_scores_config_problem")
      import
      type(orthant_scores_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_scores_config_problem
    ! Bytes of workspace.   OK | E_ARG
    function orthant_scores_size_f32(c, bytes) result(result_) bind(c, name="orthant_scores_size_f32")
      import
      type(orthant_scores_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_scores_size_f32
    ! Match estimated endmembers to the true ones, one to one, and compare.
    !   minimise over permutations the sum of the spectral angles arccos(e't / (|e| |t|)), or, where no spectra are given,
    !   of the squared differences of abundances
    !   mem        the workspace of `bytes` bytes, at any address, cleared or not
    !   E, E_true  in   bands x endmembers, lde and ldet >= bands; or both null
    !   A, A_true  in   endmembers x pixels, lda and ldat >= endmembers; or both null; at least one pair is given
    !   match      out  endmembers, or null: estimate match[i] belongs to truth i
    !   angle      out  endmembers, or null: spectral angles in radians, in the order of the truth
    !   out        out  the scores, or null
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3
    !   Source: Kuhn 1955 (assignment)
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
    ! Bytes of workspace.   OK | E_ARG
    function orthant_scores_size_f64(c, bytes) result(result_) bind(c, name="orthant_scores_size_f64")
      import
      type(orthant_scores_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_scores_size_f64
    ! Match estimated endmembers to the true ones, one to one, and compare.
    !   minimise over permutations the sum of the spectral angles arccos(e't / (|e| |t|)), or, where no spectra are given,
    !   of the squared differences of abundances
    !   mem        the workspace of `bytes` bytes, at any address, cleared or not
    !   E, E_true  in   bands x endmembers, lde and ldet >= bands; or both null
    !   A, A_true  in   endmembers x pixels, lda and ldat >= endmembers; or both null; at least one pair is given
    !   match      out  endmembers, or null: estimate match[i] belongs to truth i
    !   angle      out  endmembers, or null: spectral angles in radians, in the order of the truth
    !   out        out  the scores, or null
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3
    !   Source: Kuhn 1955 (assignment)
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
    ! The word for a number of the field `method`, as the languages have it ("bpp", "active_set", ...; 0:
    ! "auto"), in a
    ! static string; null where there is no such method.
    function orthant_unmix_method_name(method) result(result_) bind(c, name="orthant_unmix_method_name")
      import
      integer(c_int32_t), value :: method
      type(c_ptr) :: result_
    end function orthant_unmix_method_name
    ! The word for a number of the field `method`, as the command line has it ("ehals", "hals", ...; 0: "auto"),
    ! in a
    ! static string; null where there is no such method.
    function orthant_nmf_method_name(method) result(result_) bind(c, name="orthant_nmf_method_name")
      import
      integer(c_int32_t), value :: method
      type(c_ptr) :: result_
    end function orthant_nmf_method_name
    ! The same for the field `start`: "cols", "spas", ...
    function orthant_nmf_start_name(start) result(result_) bind(c, name="orthant_nmf_start_name")
      import
      integer(c_int32_t), value :: start
      type(c_ptr) :: result_
    end function orthant_nmf_start_name
    ! The same for the field `loss`: "frobenius", "kl", "is", "beta".
    function orthant_nmf_loss_name(loss) result(result_) bind(c, name="orthant_nmf_loss_name")
      import
      integer(c_int32_t), value :: loss
      type(c_ptr) :: result_
    end function orthant_nmf_loss_name
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_dimension_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_dimension_config_problem")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_dimension_config_problem
    ! Bytes of workspace: four matrices of bands x bands, in double on a host.  They do not grow with the
    ! pixels.
    !   OK | E_ARG
    function orthant_dimension_size_f32(c, bytes) result(result_) bind(c, name="orthant_dimension_size_f32")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_dimension_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_dimension_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_dimension_init_f32")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_dimension_init_f32
    ! Count the spectra that Y is mixed from.  With R = Y Y' / pixels and P = R^-1, regression of band i on all
    ! others
    ! leaves noise of variance 1 / P_ii.
    !   HYSIME  counts the eigenvectors q of the signal's correlation with q'R q > 2 q'N q, N the noise variances plus
    !           1e-5 of the signal's mean power
    !   HFC     counts the bands k where the eigenvalue l_k of R exceeds that of the covariance, m_k, by more than
    !           t sqrt(2 / pixels (l_k^2 + m_k^2)), t the normal quantile of false_alarm; both sorted
    !   Y      in   bands x pixels, dense, finite, pixels > bands; any unit
    !   power  out  bands: what is compared, falling, in the unit of Y squared (NWHFC: without unit); for a plot
    !   limit  out  bands: what it must exceed
    !   noise  out  bands, or null: the standard deviation of each band's noise, in the unit of Y
    !   count  out  how many exceed it: HYSIME and HFC of an image of one material in many brightnesses say 1
    !   no output overlaps another array
    !   OK | E_ARG | E_DATA
    !   Cost: pixels * bands^2 / 2 multiply-adds, then about 10 bands^3
    !   Source: tools/docs/algorithms.md, "How many endmembers"
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
    ! Bytes of workspace: four matrices of bands x bands, in double on a host.  They do not grow with the
    ! pixels.
    !   OK | E_ARG
    function orthant_dimension_size_f64(c, bytes) result(result_) bind(c, name="orthant_dimension_size_f64")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_dimension_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_dimension_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_dimension_init_f64")
      import
      type(orthant_dimension_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_dimension_init_f64
    ! Count the spectra that Y is mixed from.  With R = Y Y' / pixels and P = R^-1, regression of band i on all
    ! others
    ! leaves noise of variance 1 / P_ii.
    !   HYSIME  counts the eigenvectors q of the signal's correlation with q'R q > 2 q'N q, N the noise variances plus
    !           1e-5 of the signal's mean power
    !   HFC     counts the bands k where the eigenvalue l_k of R exceeds that of the covariance, m_k, by more than
    !           t sqrt(2 / pixels (l_k^2 + m_k^2)), t the normal quantile of false_alarm; both sorted
    !   Y      in   bands x pixels, dense, finite, pixels > bands; any unit
    !   power  out  bands: what is compared, falling, in the unit of Y squared (NWHFC: without unit); for a plot
    !   limit  out  bands: what it must exceed
    !   noise  out  bands, or null: the standard deviation of each band's noise, in the unit of Y
    !   count  out  how many exceed it: HYSIME and HFC of an image of one material in many brightnesses say 1
    !   no output overlaps another array
    !   OK | E_ARG | E_DATA
    !   Cost: pixels * bands^2 / 2 multiply-adds, then about 10 bands^3
    !   Source: tools/docs/algorithms.md, "How many endmembers"
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
    ! Check all of a weight file but the CRC of its data.
    !   blob  in   `bytes` bytes at a multiple of the file's alignment, 64 unless it was made with another; used in place
    !   out   out  the model, which is the same address
    !   OK | E_ARG | E_BLOB (orthant_model_problem says what is wrong)
    !   Cost: linear in the number of records; the data are not read
    function orthant_model_open(blob, bytes, out) result(result_) bind(c, name="orthant_model_open")
      import
      type(c_ptr), value :: blob
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_model_open
    ! Check the CRC of the data.  It finds corruption, not tampering; signatures are the product's own.
    !   OK | E_ARG | E_BLOB.   Cost: one reading of the file
    function orthant_model_verify(m) result(result_) bind(c, name="orthant_model_verify")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_verify
    ! What open or verify refuse, in a static string; "ok" where neither does.  Never null.
    function orthant_model_problem(blob, bytes) result(result_) bind(c, name="orthant_model_problem")
      import
      type(c_ptr), value :: blob
      integer(c_size_t), value :: bytes
      type(c_ptr) :: result_
    end function orthant_model_problem
    ! ORTHANT_MODEL_... of an opened model; 0 for null.
    function orthant_model_kind(m) result(result_) bind(c, name="orthant_model_kind")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_kind
    ! The number of its records; 0 for null.
    function orthant_model_records(m) result(result_) bind(c, name="orthant_model_records")
      import
      type(c_ptr), value :: m
      integer(c_int32_t) :: result_
    end function orthant_model_records
    ! Its length in bytes; 0 for null.
    function orthant_model_bytes(m) result(result_) bind(c, name="orthant_model_bytes")
      import
      type(c_ptr), value :: m
      integer(c_size_t) :: result_
    end function orthant_model_bytes
    ! "nalmu", "ralmu", ... for ORTHANT_MODEL_..., in a static string; null for an unknown kind.
    function orthant_model_kind_name(kind) result(result_) bind(c, name="orthant_model_kind_name")
      import
      integer(c_int32_t), value :: kind
      type(c_ptr) :: result_
    end function orthant_model_kind_name
    ! "f32", "f16", ... for ORTHANT_ELEMENT_..., in a static string; null for an unknown type.
    function orthant_element_name(element) result(result_) bind(c, name="orthant_element_name")
      import
      integer(c_int32_t), value :: element
      type(c_ptr) :: result_
    end function orthant_element_name
    ! Describe record i in [0, orthant_model_records).   OK | E_ARG
    function orthant_model_record(m, i, out) result(result_) bind(c, name="orthant_model_record")
      import
      type(c_ptr), value :: m
      integer(c_int32_t), value :: i
      type(orthant_record), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_model_record
    ! Elements of record i as numbers.
    !   out  out  `count` numbers, of the elements from, from + 1, ...
    !   OK | E_ARG (also where the record has no such elements)
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
    ! Elements of record i as numbers.
    !   out  out  `count` numbers, of the elements from, from + 1, ...
    !   OK | E_ARG (also where the record has no such elements)
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
    ! The same model with other numbers: every array of rank 2 and above that is not I32 becomes `element`;
    ! scalars and
    ! vectors stay as they are.
    !   element    in   ORTHANT_ELEMENT_... but I32
    !   alignment  in   16, 32, 64, 128 or 256; 0: 64
    !   out        out  `capacity` bytes at any address, or null to ask for the size alone; must not overlap the model
    !   bytes      out  the length
    !   OK | E_ARG | E_SCRATCH (capacity too small) | E_DATA (a number that the type cannot hold)
    !   Cost: one reading and one writing of the file
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
    ! What a model is.   OK | E_ARG | E_BLOB (another kind, or one whose records do not fit together)
    function orthant_factormer_describe(m, out) result(result_) bind(c, name="orthant_factormer_describe")
      import
      type(c_ptr), value :: m
      type(orthant_factormer_info), intent(inout), optional :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_describe
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_factormer_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_factormer_config_problem")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_factormer_config_problem
    ! Bytes of workspace: about (rows + cols) * (width + 2 rank) elements and, for each worker, about
    ! 64 * (2 width heads + 128 heads + 6 width + 2 hidden) + 128 * width.
    !   OK | E_ARG | E_BLOB
    function orthant_factormer_size_f32(c, bytes) result(result_) bind(c, name="orthant_factormer_size_f32")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_factormer_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB
    function orthant_factormer_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_factormer_init_f32")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_init_f32
    ! Apply the network once.
    !   W, H <- network(V, W, H), V ~ W H:  attention over the complete bipartite graph of the rows of W and the columns of
    !   H, whose edges are the entries of V.  V is brought to mean one and back, so its unit does not matter
    !   V       in      rows x cols, dense, finite, nonnegative
    !   W       in/out  rows x rank, ldw >= rows; nonnegative: a start as that of NNDSVD, or the factor after a step of the
    !   solver
    !   H       in/out  rank x cols, ldh >= rank; in the same way
    !   W0, H0  in      as W and H, for a model that accelerates: the factors before that step; else null
    !   W and H must not overlap each other or anything else
    !   OK | E_ARG | E_DATA (data, factors or the result of the network are not finite; W and H are then as they were)
    !   Cost: layers * (2 * rows * cols * heads * (4 * width + 9) + (rows + cols) * (10 * width^2 + 4 * width * hidden))
    !   flops.  Numbers of the model that have the element type are read in place; others are converted in every run, a
    !   layer at a time
    !   Source: tools/docs/algorithms.md, "Factormer: network"
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
    ! Bytes of workspace: about (rows + cols) * (width + 2 rank) elements and, for each worker, about
    ! 64 * (2 width heads + 128 heads + 6 width + 2 hidden) + 128 * width.
    !   OK | E_ARG | E_BLOB
    function orthant_factormer_size_f64(c, bytes) result(result_) bind(c, name="orthant_factormer_size_f64")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_factormer_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB
    function orthant_factormer_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_factormer_init_f64")
      import
      type(orthant_factormer_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_factormer_init_f64
    ! Apply the network once.
    !   W, H <- network(V, W, H), V ~ W H:  attention over the complete bipartite graph of the rows of W and the columns of
    !   H, whose edges are the entries of V.  V is brought to mean one and back, so its unit does not matter
    !   V       in      rows x cols, dense, finite, nonnegative
    !   W       in/out  rows x rank, ldw >= rows; nonnegative: a start as that of NNDSVD, or the factor after a step of the
    !   solver
    !   H       in/out  rank x cols, ldh >= rank; in the same way
    !   W0, H0  in      as W and H, for a model that accelerates: the factors before that step; else null
    !   W and H must not overlap each other or anything else
    !   OK | E_ARG | E_DATA (data, factors or the result of the network are not finite; W and H are then as they were)
    !   Cost: layers * (2 * rows * cols * heads * (4 * width + 9) + (rows + cols) * (10 * width^2 + 4 * width * hidden))
    !   flops.  Numbers of the model that have the element type are read in place; others are converted in every run, a
    !   layer at a time
    !   Source: tools/docs/algorithms.md, "Factormer: network"
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
    ! Quantize the columns of X to 16 bits.
    !   x ~ s Q for each column x, s = max |x| / q, Q integers in [-q, q], q = 32767 (i16) or 127 (i8).  Rounding leaves
    !   |x_i - s Q_i| <= h s with h = 1/2 + 2^-8: half a step, and two roundings of a float of at most 2^15
    !   X      in   rows x cols, ldx >= rows; finite; any unit
    !   Q      out  rows x cols, ldq >= rows; must not overlap X
    !   steps  out  cols: s; 0, as is Q, where a column is zero or below 1e-34
    !   OK | E_ARG | E_DATA (nothing is written)
    !   Cost: one division an element
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
    ! The same to 8 bits.
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
    ! Products of quantized pixels and endmembers, summed in integers without error.
    !   b_k = s_k t sum_i E_ik y_i,  s_k the step of the endmember, t that of the pixel.  For what was quantized
    !   |b_k - e_k'y| <= h (s_k |y|_1 + t |e_k|_1) + h^2 bands s_k t + 4 u |b_k|,  u = 2^-24.  A sensor's own counts are
    !   exact: then the terms with h t vanish and t is the unit of a count.  Where all entries are near their maximum that
    !   is 3e-5 |b| in i16 with both quantized, half of it with counts, and 0.8 % in i8
    !   E        in   bands x endmembers, lde >= bands
    !   e_steps  in   endmembers
    !   Y        in   bands x pixels, ldy >= bands
    !   y_steps  in   pixels, or null: all 1
    !   B        out  endmembers x pixels, ldb >= endmembers; must not overlap an input
    !   OK | E_ARG (i8: also more than 131071 bands, whose sum may pass 32 bits; i16 sums in 64)
    !   Cost of a pixel: bands * endmembers integer multiply-adds
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
    ! The same of 8 bits.
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
    ! Abundances as orthant_unmix_run, from products in the place of the pixels.
    !   B  in   endmembers x pixels, ldb >= endmembers: E'y for the E of init, from anywhere
    !   A  out  endmembers x pixels, lda >= endmembers; may be B where lda = ldb, else must not overlap it
    !   OK | E_ARG | E_DATA (as at run) | E_UNSUPPORTED (masked data; the methods HALS, ADMM, FAST_PG and MU, which stop by
    !   their residual)
    !   Cost of a pixel: about iterations * endmembers^2 multiply-adds
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
    ! Abundances as orthant_unmix_run, from products in the place of the pixels.
    !   B  in   endmembers x pixels, ldb >= endmembers: E'y for the E of init, from anywhere
    !   A  out  endmembers x pixels, lda >= endmembers; may be B where lda = ldb, else must not overlap it
    !   OK | E_ARG | E_DATA (as at run) | E_UNSUPPORTED (masked data; the methods HALS, ADMM, FAST_PG and MU, which stop by
    !   their residual)
    !   Cost of a pixel: about iterations * endmembers^2 multiply-adds
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_library_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_library_config_problem")
      import
      type(orthant_library_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_library_config_problem
    ! Bytes of workspace: about spectra^2 doubles and a copy of the library; they do not grow with the pixels.
    !   OK | E_ARG
    function orthant_library_size_f32(c, bytes) result(result_) bind(c, name="orthant_library_size_f32")
      import
      type(orthant_library_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_library_size_f32
    ! Place a handle.
    !   E         in   bands x spectra, lde >= bands; finite; copied, each column scaled by a power of two, so that
    !                  spectra of very different brightness are found as well as others
    !   variance  in   bands, or null: the variance of each band's noise, positive, in the unit of Y squared
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra^2 / 2 multiply-adds
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
    ! Abundances of the pixels of Y, exactly, and how certain they are.
    !   minimise 1/2 sum_i (y - E a)_i^2 / v_i + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y,
    !   v the variances, 1 where they are not given.  This is SUnSAL's problem, solved to its end by an active set
    !   Y   in   bands x pixels, dense; finite, in the unit of E
    !   A   out  spectra x pixels, lda >= spectra; fractions of the columns of E
    !   D   out  spectra x pixels, ldd >= spectra, or null: standard deviations of the abundances that are not zero, as
    !            least squares has them for the spectra in use, and zero elsewhere.  Without variances the noise of a pixel
    !            is |y - E a|^2 / (bands - spectra in use + sum_to_one); NaN where that has no denominator
    !   no output overlaps another array
    !   r   out  objective: the sum over the pixels;  rel_error: |Y - E A| / |Y|, weighted;  kkt, from the library itself
    !            and not from the Gram matrix: the largest over the pixels of
    !            |min(x, g)|_inf / (max_i |e_i| max(|y|, |E a|))
    !            with g the gradient, less its multiple of the constraint, both for spectra scaled to unit length within a
    !            factor of two;  worst: its pixel;  iters: most steps of any pixel
    !   OK | E_ARG | E_DATA (a pixel is not finite: its abundances are NaN, those of all others are valid)
    !   Cost of a pixel: 2 bands * spectra multiply-adds, and for each step spectra * spectra in use
    !   Source: Bioucas-Dias and Figueiredo 2010 (SUnSAL's problem); Lawson and Hanson 1974; tools/docs/algorithms.md,
    !   "Unmixing by a library"
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
    ! Bytes of workspace: about spectra^2 doubles and a copy of the library; they do not grow with the pixels.
    !   OK | E_ARG
    function orthant_library_size_f64(c, bytes) result(result_) bind(c, name="orthant_library_size_f64")
      import
      type(orthant_library_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_library_size_f64
    ! Place a handle.
    !   E         in   bands x spectra, lde >= bands; finite; copied, each column scaled by a power of two, so that
    !                  spectra of very different brightness are found as well as others
    !   variance  in   bands, or null: the variance of each band's noise, positive, in the unit of Y squared
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra^2 / 2 multiply-adds
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
    ! Abundances of the pixels of Y, exactly, and how certain they are.
    !   minimise 1/2 sum_i (y - E a)_i^2 / v_i + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y,
    !   v the variances, 1 where they are not given.  This is SUnSAL's problem, solved to its end by an active set
    !   Y   in   bands x pixels, dense; finite, in the unit of E
    !   A   out  spectra x pixels, lda >= spectra; fractions of the columns of E
    !   D   out  spectra x pixels, ldd >= spectra, or null: standard deviations of the abundances that are not zero, as
    !            least squares has them for the spectra in use, and zero elsewhere.  Without variances the noise of a pixel
    !            is |y - E a|^2 / (bands - spectra in use + sum_to_one); NaN where that has no denominator
    !   no output overlaps another array
    !   r   out  objective: the sum over the pixels;  rel_error: |Y - E A| / |Y|, weighted;  kkt, from the library itself
    !            and not from the Gram matrix: the largest over the pixels of
    !            |min(x, g)|_inf / (max_i |e_i| max(|y|, |E a|))
    !            with g the gradient, less its multiple of the constraint, both for spectra scaled to unit length within a
    !            factor of two;  worst: its pixel;  iters: most steps of any pixel
    !   OK | E_ARG | E_DATA (a pixel is not finite: its abundances are NaN, those of all others are valid)
    !   Cost of a pixel: 2 bands * spectra multiply-adds, and for each step spectra * spectra in use
    !   Source: Bioucas-Dias and Figueiredo 2010 (SUnSAL's problem); Lawson and Hanson 1974; tools/docs/algorithms.md,
    !   "Unmixing by a library"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_mesma_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_mesma_config_problem")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_mesma_config_problem
    ! Bytes of workspace: about (2 + workers * most) spectra^2 doubles; they do not grow with the pixels.   OK |
    ! E_ARG
    function orthant_mesma_size_f32(c, bytes) result(result_) bind(c, name="orthant_mesma_size_f32")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_mesma_size_f32
    ! Place a handle.
    !   E         in   bands x spectra, lde >= bands; finite; copied
    !   class_of  in   spectra: the class of each, in [0, classes); every class has one
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra^2 / 2 multiply-adds
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
    ! The best model of each pixel of Y: one spectrum from each of some classes.
    !   minimise |y - E_M a|^2 over a, with 1'a = 1 if sum_to_one, for every model M; models whose fractions, shade
    !   1 - 1'a or RMSE |y - E_M a| / sqrt(bands) break a rule do not count.  From `least` classes on the best of so many
    !   classes is taken where it gains more than `gain` on that of fewer
    !   Y      in   bands x pixels, dense; finite, in the unit of E
    !   model  out  classes x pixels, ldm >= classes: the spectrum of each class, or -1 where the class is not in the model
    !   A      out  classes x pixels, lda >= classes: fractions, zero where the class is not in the model; NaN where the
    !               pixel has no model
    !   rms    out  pixels: the RMSE, with `normalize` of the normalized pixel; NaN where the pixel has no model
    !   no output overlaps another array
    !   r      out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|, both over the pixels with a model;
    !               worst: that of the largest RMSE;  iters: the most models that were tried for pixels side by side
    !   OK | E_ARG | E_DATA (a pixel is not finite: it has no model, those of all others are valid)
    !   Cost of a pixel: bands * spectra multiply-adds, then about 3 for each model
    !   Source: Roberts 1998; tools/docs/algorithms.md, "MESMA"
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
    ! Bytes of workspace: about (2 + workers * most) spectra^2 doubles; they do not grow with the pixels.   OK |
    ! E_ARG
    function orthant_mesma_size_f64(c, bytes) result(result_) bind(c, name="orthant_mesma_size_f64")
      import
      type(orthant_mesma_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_mesma_size_f64
    ! Place a handle.
    !   E         in   bands x spectra, lde >= bands; finite; copied
    !   class_of  in   spectra: the class of each, in [0, classes); every class has one
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra^2 / 2 multiply-adds
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
    ! The best model of each pixel of Y: one spectrum from each of some classes.
    !   minimise |y - E_M a|^2 over a, with 1'a = 1 if sum_to_one, for every model M; models whose fractions, shade
    !   1 - 1'a or RMSE |y - E_M a| / sqrt(bands) break a rule do not count.  From `least` classes on the best of so many
    !   classes is taken where it gains more than `gain` on that of fewer
    !   Y      in   bands x pixels, dense; finite, in the unit of E
    !   model  out  classes x pixels, ldm >= classes: the spectrum of each class, or -1 where the class is not in the model
    !   A      out  classes x pixels, lda >= classes: fractions, zero where the class is not in the model; NaN where the
    !               pixel has no model
    !   rms    out  pixels: the RMSE, with `normalize` of the normalized pixel; NaN where the pixel has no model
    !   no output overlaps another array
    !   r      out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|, both over the pixels with a model;
    !               worst: that of the largest RMSE;  iters: the most models that were tried for pixels side by side
    !   OK | E_ARG | E_DATA (a pixel is not finite: it has no model, those of all others are valid)
    !   Cost of a pixel: bands * spectra multiply-adds, then about 3 for each model
    !   Source: Roberts 1998; tools/docs/algorithms.md, "MESMA"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_bootstrap_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_bootstrap_config_problem")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_bootstrap_config_problem
    ! Bytes of workspace: those of orthant_library and spectra * draws doubles.   OK | E_ARG
    function orthant_bootstrap_size_f32(c, bytes) result(result_) bind(c, name="orthant_bootstrap_size_f32")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_size_f32
    ! Place a handle, and draw.
    !   E         in   bands x spectra, lde >= bands; finite; copied
    !   class_of  in   spectra: the class of each, in [0, classes); every class has one
    !   variance  in   bands, or null: as at orthant_library_init; each draw then has noise of these variances too
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra * (spectra / 2 + draws) multiply-adds
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
    ! Fractions of the classes and their scatter over the draws: how much depends on which spectra stand for a
    ! class.
    ! Each draw solves, for every column y of Y and the spectra E_d that it has,
    !   minimise 1/2 sum_i (y + n_d - E_d a)_i^2 / v_i  over a >= 0, and 1'a = 1 if sum_to_one
    ! and adds the abundances of each class.  Draws are the same for all pixels
    !   Y  in   bands x pixels, dense; finite, in the unit of E
    !   A  out  classes x pixels, lda >= classes: the mean over the draws
    !   D  out  classes x pixels, ldd >= classes: the standard deviation over the draws
    !   no output overlaps another array
    !   r  out  iters: most steps of any pixel and draw
    !   OK | E_ARG | E_DATA (a pixel is not finite: its fractions are NaN, those of all others are valid)
    !   Cost of a pixel: bands * spectra multiply-adds, then draws times a small active set
    !   Source: tools/docs/algorithms.md, "Bootstrap over a library"
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
    ! Bytes of workspace: those of orthant_library and spectra * draws doubles.   OK | E_ARG
    function orthant_bootstrap_size_f64(c, bytes) result(result_) bind(c, name="orthant_bootstrap_size_f64")
      import
      type(orthant_bootstrap_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_bootstrap_size_f64
    ! Place a handle, and draw.
    !   E         in   bands x spectra, lde >= bands; finite; copied
    !   class_of  in   spectra: the class of each, in [0, classes); every class has one
    !   variance  in   bands, or null: as at orthant_library_init; each draw then has noise of these variances too
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    !   OK | E_ARG | E_SCRATCH | E_DATA
    !   Cost: bands * spectra * (spectra / 2 + draws) multiply-adds
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
    ! Fractions of the classes and their scatter over the draws: how much depends on which spectra stand for a
    ! class.
    ! Each draw solves, for every column y of Y and the spectra E_d that it has,
    !   minimise 1/2 sum_i (y + n_d - E_d a)_i^2 / v_i  over a >= 0, and 1'a = 1 if sum_to_one
    ! and adds the abundances of each class.  Draws are the same for all pixels
    !   Y  in   bands x pixels, dense; finite, in the unit of E
    !   A  out  classes x pixels, lda >= classes: the mean over the draws
    !   D  out  classes x pixels, ldd >= classes: the standard deviation over the draws
    !   no output overlaps another array
    !   r  out  iters: most steps of any pixel and draw
    !   OK | E_ARG | E_DATA (a pixel is not finite: its fractions are NaN, those of all others are valid)
    !   Cost of a pixel: bands * spectra multiply-adds, then draws times a small active set
    !   Source: tools/docs/algorithms.md, "Bootstrap over a library"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_nalmu_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_nalmu_config_problem")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_nalmu_config_problem
    ! Bytes of workspace.   OK | E_ARG | E_BLOB (another kind of model, or one that does not fit these sizes)
    function orthant_nalmu_size_f32(c, bytes) result(result_) bind(c, name="orthant_nalmu_size_f32")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nalmu_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB.   Cost: one reading of the weights
    function orthant_nalmu_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_nalmu_init_f32")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nalmu_init_f32
    ! Run all layers, a fixed amount of work.
    !   W <- clip(W . A_W . (Y H') / (W H H')),   H <- clip(H . A_H . (W'Y) / (W'W H))   in each layer, products and
    !   quotients with . and / entry by entry, approaching  minimise 1/2 |Y - W H|^2  over W, H >= 0.  A_W is one number a
    !   component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H
    !   Y  in      bands x pixels, dense; finite, nonnegative, in the unit that the model was trained on
    !   W  in/out  bands x endmembers, ldw >= bands; only read where one factor is updated
    !   H  out     endmembers x pixels, ldh >= endmembers; in too with `given`
    !   Y, W and H must not overlap
    !   r  out     objective;  rel_error: |Y - W H| / |Y|;  kkt: the largest over the pixels of
    !              |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)), g = W'(W h - y): how far H is from the best one for this
    !              W
    !   OK | E_ARG | E_DATA
    !   Cost: with one factor bands * endmembers + layers * endmembers^2 multiply-adds a pixel, else
    !   layers * (2 * bands * endmembers + 2 * endmembers^2).  A null report saves about one layer
    !   Source: tools/docs/algorithms.md, "NALMU"
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
    ! Bytes of workspace.   OK | E_ARG | E_BLOB (another kind of model, or one that does not fit these sizes)
    function orthant_nalmu_size_f64(c, bytes) result(result_) bind(c, name="orthant_nalmu_size_f64")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_nalmu_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB.   Cost: one reading of the weights
    function orthant_nalmu_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_nalmu_init_f64")
      import
      type(orthant_nalmu_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_nalmu_init_f64
    ! Run all layers, a fixed amount of work.
    !   W <- clip(W . A_W . (Y H') / (W H H')),   H <- clip(H . A_H . (W'Y) / (W'W H))   in each layer, products and
    !   quotients with . and / entry by entry, approaching  minimise 1/2 |Y - W H|^2  over W, H >= 0.  A_W is one number a
    !   component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H
    !   Y  in      bands x pixels, dense; finite, nonnegative, in the unit that the model was trained on
    !   W  in/out  bands x endmembers, ldw >= bands; only read where one factor is updated
    !   H  out     endmembers x pixels, ldh >= endmembers; in too with `given`
    !   Y, W and H must not overlap
    !   r  out     objective;  rel_error: |Y - W H| / |Y|;  kkt: the largest over the pixels of
    !              |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)), g = W'(W h - y): how far H is from the best one for this
    !              W
    !   OK | E_ARG | E_DATA
    !   Cost: with one factor bands * endmembers + layers * endmembers^2 multiply-adds a pixel, else
    !   layers * (2 * bands * endmembers + 2 * endmembers^2).  A null report saves about one layer
    !   Source: tools/docs/algorithms.md, "NALMU"
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
    ! Set the terms of a handle, after init and before start.  A run that follows without a start begins with W
    ! and H as
    ! given.
    !   terms  in  copied, or null: none; every array that it points to, the penalties too, is used in place by start and
    !              run, and must outlive the handle or the next call of this
    !   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
    !   | E_UNSUPPORTED (the handle is of another method)
    !   Cost of an iteration: with diagonal weights, and penalties whose rows x rows and cols x cols matrices are diagonal
    !   or scalar, as without.  Each dense one adds order^2 * rank multiply-adds, two to four times an iteration; start,
    !   with a dense P or Q, rows * cols * (rows + cols)
    !   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF"
    function orthant_nmf_terms_f32(s, terms) result(result_) bind(c, name="orthant_nmf_terms_f32")
      import
      type(c_ptr), value :: s
      type(orthant_terms_f32), intent(in), optional :: terms
      integer(c_int32_t) :: result_
    end function orthant_nmf_terms_f32
    ! Set the terms of a handle, after init and before start.  A run that follows without a start begins with W
    ! and H as
    ! given.
    !   terms  in  copied, or null: none; every array that it points to, the penalties too, is used in place by start and
    !              run, and must outlive the handle or the next call of this
    !   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
    !   | E_UNSUPPORTED (the handle is of another method)
    !   Cost of an iteration: with diagonal weights, and penalties whose rows x rows and cols x cols matrices are diagonal
    !   or scalar, as without.  Each dense one adds order^2 * rank multiply-adds, two to four times an iteration; start,
    !   with a dense P or Q, rows * cols * (rows + cols)
    !   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF"
    function orthant_nmf_terms_f64(s, terms) result(result_) bind(c, name="orthant_nmf_terms_f64")
      import
      type(c_ptr), value :: s
      type(orthant_terms_f64), intent(in), optional :: terms
      integer(c_int32_t) :: result_
    end function orthant_nmf_terms_f64
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_qp_config_problem(c, text, room) result(result_) bind(c, name="orthant_qp_config_problem")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_qp_config_problem
    ! Bytes of workspace: 3 n elements, 4 n for LEMMA_B.   OK | E_ARG
    function orthant_qp_size_f32(c, bytes) result(result_) bind(c, name="orthant_qp_size_f32")
      import
      type(orthant_qp_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_qp_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_qp_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_qp_init_f32")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_qp_init_f32
    ! Iterate from x; call it again to go on.
    !   minimise 1/2 x'G x + d'x  over x >= 0
    ! by x + alpha h: alpha is the minimiser along h, or tau times the way to the boundary where that is less,
    ! and tau
    ! grows towards one.  The objective never rises.
    !   G  in      n x n, ldg >= n; nonnegative; symmetric: an entry that differs from its mirror image by more than
    !              half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    !   d  in      n
    !   x  in/out  n, nonnegative; a zero stays zero with LEE_SEUNG, COMPLEMENTARITY and SQRT; must not overlap G or d
    !   r  out     iters: steps that moved x;  objective;  kkt: the root of the sum of p_i^2 / G_ii over the sum of
    !              d_i^2 / G_ii, where G_ii > 0, with p the projected gradient (g where g < 0 or x > 0, else 0)
    !   OK | E_ARG | E_DATA
    !   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B
    !   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); tools/docs/algorithms.md, "GIQPM"
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
    ! Bytes of workspace: 3 n elements, 4 n for LEMMA_B.   OK | E_ARG
    function orthant_qp_size_f64(c, bytes) result(result_) bind(c, name="orthant_qp_size_f64")
      import
      type(orthant_qp_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_qp_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_qp_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_qp_init_f64")
      import
      type(orthant_qp_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_qp_init_f64
    ! Iterate from x; call it again to go on.
    !   minimise 1/2 x'G x + d'x  over x >= 0
    ! by x + alpha h: alpha is the minimiser along h, or tau times the way to the boundary where that is less,
    ! and tau
    ! grows towards one.  The objective never rises.
    !   G  in      n x n, ldg >= n; nonnegative; symmetric: an entry that differs from its mirror image by more than
    !              half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    !   d  in      n
    !   x  in/out  n, nonnegative; a zero stays zero with LEE_SEUNG, COMPLEMENTARITY and SQRT; must not overlap G or d
    !   r  out     iters: steps that moved x;  objective;  kkt: the root of the sum of p_i^2 / G_ii over the sum of
    !              d_i^2 / G_ii, where G_ii > 0, with p the projected gradient (g where g < 0 or x > 0, else 0)
    !   OK | E_ARG | E_DATA
    !   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B
    !   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); tools/docs/algorithms.md, "GIQPM"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_relu_nmd_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_relu_nmd_config_problem")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_relu_nmd_config_problem
    ! Bytes of workspace.  In elements: QN (2 history + 3) (rows + cols) rank, whatever M is; TM and 3B 2 rows
    ! cols and a
    ! few (rows + cols) rank; the default the larger of these two; NAIVE and EM rows cols; ANAIVE and AEM 2 rows
    ! cols; ANMD
    ! 4 rows cols.  The start NUCLEAR takes rows cols more, and (rows + cols) min(rows, cols).
    !   OK | E_ARG
    function orthant_relu_nmd_size_f32(c, bytes) result(result_) bind(c, name="orthant_relu_nmd_size_f32")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_relu_nmd_init_f32(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_relu_nmd_init_f32")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_init_f32
    ! Make the starting point, and check M.
    !   M  in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR, which is searched through once for each tile of
    !           columns: give the transpose as CSC where time matters
    !   U  out  rows x rank, ldu >= rows; in with ORTHANT_RELU_START_GIVEN
    !   V  out  rank x cols, ldv >= rank; in with ORTHANT_RELU_START_GIVEN
    !   M, U and V must not overlap
    !   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED)
    !   Cost: TSVD tens of readings of M; NUCLEAR four full SVDs
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
    ! Iterate; call it again to go on.
    !   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
    ! A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M >
    ! 0 and
    ! min(0, T) elsewhere, every method works on
    !   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V
    ! Between calls M, U and V stay as they are; to go on from other factors call start with
    ! ORTHANT_RELU_START_GIVEN.
    ! Without a start the first run takes U and V as given.
    !   M  in      as at start
    !   U  in/out  rows x rank, ldu >= rows
    !   V  in/out  rank x cols, ldv >= rank
    !   M, U and V must not overlap
    !   r  out     objective: f(U V), of TM with its penalty;  rel_error: |M - max(0, U V)| / |M|
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an iteration: QN 3 rows cols rank multiply-adds and one reading of M, rarely more; TM and 3B as many, Z and
    !   Theta read and written once, M not read after the start; the others about 2 svd_steps + 2 times rows cols rank
    !   Source: Saul 2022 (NAIVE, EM); Seraghiti, Awari, Vandaele, Porcelli and Gillis 2023 (ANMD, 3B); Nocedal 1980 (QN);
    !   tools/docs/algorithms.md, "ReLU decomposition"
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
    ! Bytes of workspace.  In elements: QN (2 history + 3) (rows + cols) rank, whatever M is; TM and 3B 2 rows
    ! cols and a
    ! few (rows + cols) rank; the default the larger of these two; NAIVE and EM rows cols; ANAIVE and AEM 2 rows
    ! cols; ANMD
    ! 4 rows cols.  The start NUCLEAR takes rows cols more, and (rows + cols) min(rows, cols).
    !   OK | E_ARG
    function orthant_relu_nmd_size_f64(c, bytes) result(result_) bind(c, name="orthant_relu_nmd_size_f64")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_relu_nmd_init_f64(c, mem, bytes, out) result(result_) bind(c, &
        name="orthant_relu_nmd_init_f64")
      import
      type(orthant_relu_nmd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_relu_nmd_init_f64
    ! Make the starting point, and check M.
    !   M  in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR, which is searched through once for each tile of
    !           columns: give the transpose as CSC where time matters
    !   U  out  rows x rank, ldu >= rows; in with ORTHANT_RELU_START_GIVEN
    !   V  out  rank x cols, ldv >= rank; in with ORTHANT_RELU_START_GIVEN
    !   M, U and V must not overlap
    !   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED)
    !   Cost: TSVD tens of readings of M; NUCLEAR four full SVDs
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
    ! Iterate; call it again to go on.
    !   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
    ! A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M >
    ! 0 and
    ! min(0, T) elsewhere, every method works on
    !   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V
    ! Between calls M, U and V stay as they are; to go on from other factors call start with
    ! ORTHANT_RELU_START_GIVEN.
    ! Without a start the first run takes U and V as given.
    !   M  in      as at start
    !   U  in/out  rows x rank, ldu >= rows
    !   V  in/out  rank x cols, ldv >= rank
    !   M, U and V must not overlap
    !   r  out     objective: f(U V), of TM with its penalty;  rel_error: |M - max(0, U V)| / |M|
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an iteration: QN 3 rows cols rank multiply-adds and one reading of M, rarely more; TM and 3B as many, Z and
    !   Theta read and written once, M not read after the start; the others about 2 svd_steps + 2 times rows cols rank
    !   Source: Saul 2022 (NAIVE, EM); Seraghiti, Awari, Vandaele, Porcelli and Gillis 2023 (ANMD, 3B); Nocedal 1980 (QN);
    !   tools/docs/algorithms.md, "ReLU decomposition"
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_tsvd_config_problem(c, text, room) result(result_) bind(c, name="orthant_tsvd_config_problem")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_tsvd_config_problem
    ! Bytes of workspace.   OK | E_ARG
    function orthant_tsvd_size_f32(c, bytes) result(result_) bind(c, name="orthant_tsvd_size_f32")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_tsvd_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_tsvd_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_tsvd_init_f32")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_tsvd_init_f32
    ! The leading singular triplets of X, by block subspace iteration on rank + 8 vectors.
    !   X ~ U diag(s) V',  the best approximation of this rank
    !   X  in   rows x cols, finite, of any sign: DENSE, CSC or CSR
    !   U  out  rows x rank, ldu >= rows: orthonormal columns, zero beyond the rank of X
    !   s  out  rank values, descending
    !   V  out  cols x rank, ldv >= cols: orthonormal columns; with `warm` in too: finite, any basis of the row space; that
    !           of a matrix near by makes one or two steps enough; zero columns are filled at random
    !   no output overlaps another array
    !   r  out  iters: steps;  kkt: the last change of a value over the largest;  rel_error: |X - U diag(s) V'| / |X| from
    !           the norms, which cancels below the root of the unit roundoff;  stop: KKT (tol) or ITERATIONS
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of a step: 4 rows cols (rank + 8) flops and two readings of X
    !   Source: Rutishauser 1969; Halko, Martinsson and Tropp 2011
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
    ! Bytes of workspace.   OK | E_ARG
    function orthant_tsvd_size_f64(c, bytes) result(result_) bind(c, name="orthant_tsvd_size_f64")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_tsvd_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_tsvd_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_tsvd_init_f64")
      import
      type(orthant_tsvd_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_tsvd_init_f64
    ! The leading singular triplets of X, by block subspace iteration on rank + 8 vectors.
    !   X ~ U diag(s) V',  the best approximation of this rank
    !   X  in   rows x cols, finite, of any sign: DENSE, CSC or CSR
    !   U  out  rows x rank, ldu >= rows: orthonormal columns, zero beyond the rank of X
    !   s  out  rank values, descending
    !   V  out  cols x rank, ldv >= cols: orthonormal columns; with `warm` in too: finite, any basis of the row space; that
    !           of a matrix near by makes one or two steps enough; zero columns are filled at random
    !   no output overlaps another array
    !   r  out  iters: steps;  kkt: the last change of a value over the largest;  rel_error: |X - U diag(s) V'| / |X| from
    !           the norms, which cancels below the root of the unit roundoff;  stop: KKT (tol) or ITERATIONS
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of a step: 4 rows cols (rank + 8) flops and two readings of X
    !   Source: Rutishauser 1969; Halko, Martinsson and Tropp 2011
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
    ! The schedule that the library brings and uses by default for V below 80 000 entries, as a weight file.
    !   out    out  `capacity` bytes at any address, or null to ask for the size alone
    !   bytes  out  the length
    !   OK | E_ARG | E_SCRATCH
    function orthant_schedule_default(out, capacity, bytes) result(result_) bind(c, &
        name="orthant_schedule_default")
      import
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_schedule_default
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_graph_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_graph_config_problem")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_graph_config_problem
    ! How many entries `indices` and `values` must have room for: 2 * samples * neighbours.   OK | E_ARG
    function orthant_graph_capacity(c, entries) result(result_) bind(c, name="orthant_graph_capacity")
      import
      type(orthant_graph_config), intent(in), optional :: c
      type(c_ptr), value :: entries
      integer(c_int32_t) :: result_
    end function orthant_graph_capacity
    ! Bytes of workspace: about samples * (2 neighbours + scale_at) numbers; never samples^2.   OK | E_ARG
    function orthant_graph_size_f32(c, bytes) result(result_) bind(c, name="orthant_graph_size_f32")
      import
      type(orthant_graph_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_graph_size_f32
    ! The graph of samples that are columns of M (a NumPy C-order array of samples by rows).
    !   X = D^-1/2 A D^-1/2, or A;  A_ij > 0 where one of i and j is among the `neighbours` nearest of the other, else 0
    ! X is given by columns, which are its rows as well: the entries of column j stand at starts[j] ..
    ! starts[j+1] - 1, by
    ! ascending row.  The diagonal is zero.  A sample without an edge has an empty column.  Of equally near
    ! samples the
    ! first are neighbours.
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not
    !   M         in   features x samples, finite: DENSE or CSC
    !   starts    out  samples + 1; starts[samples] is the number of entries
    !   indices, values  out  capacity
    !   no output overlaps another array
    !   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square) | E_UNSUPPORTED
    !   (CSR, MASKED)
    !   Cost: features * samples^2 multiply-adds, in tiles of 64 x 256 samples
    !   Source: Kuang, Ding and Park 2012; tools/docs/algorithms.md, "Similarity graphs"
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
    ! The same X as a dense array.
    !   starts, indices, values  in  as graph_run writes them
    !   X  out  samples x samples, ldx >= samples; must not overlap an input
    !   OK | E_ARG | E_DATA (an index out of range)
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
    ! Bytes of workspace: about samples * (2 neighbours + scale_at) numbers; never samples^2.   OK | E_ARG
    function orthant_graph_size_f64(c, bytes) result(result_) bind(c, name="orthant_graph_size_f64")
      import
      type(orthant_graph_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_graph_size_f64
    ! The graph of samples that are columns of M (a NumPy C-order array of samples by rows).
    !   X = D^-1/2 A D^-1/2, or A;  A_ij > 0 where one of i and j is among the `neighbours` nearest of the other, else 0
    ! X is given by columns, which are its rows as well: the entries of column j stand at starts[j] ..
    ! starts[j+1] - 1, by
    ! ascending row.  The diagonal is zero.  A sample without an edge has an empty column.  Of equally near
    ! samples the
    ! first are neighbours.
    !   mem       the workspace of `bytes` bytes, at any address, cleared or not
    !   M         in   features x samples, finite: DENSE or CSC
    !   starts    out  samples + 1; starts[samples] is the number of entries
    !   indices, values  out  capacity
    !   no output overlaps another array
    !   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square) | E_UNSUPPORTED
    !   (CSR, MASKED)
    !   Cost: features * samples^2 multiply-adds, in tiles of 64 x 256 samples
    !   Source: Kuang, Ding and Park 2012; tools/docs/algorithms.md, "Similarity graphs"
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
    ! The same X as a dense array.
    !   starts, indices, values  in  as graph_run writes them
    !   X  out  samples x samples, ldx >= samples; must not overlap an input
    !   OK | E_ARG | E_DATA (an index out of range)
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_symnmf_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_symnmf_config_problem")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_symnmf_config_problem
    ! Bytes of workspace: about five times n * rank elements; NEWTON rank * n^2; the start SPECTRAL 2 n (rank +
    ! 8) more.
    !   OK | E_ARG | E_UNSUPPORTED (ADMM with ORTHANT_PENALTY_NONE)
    function orthant_symnmf_size_f32(c, bytes) result(result_) bind(c, name="orthant_symnmf_size_f32")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnmf_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED
    function orthant_symnmf_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnmf_init_f32")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnmf_init_f32
    ! Make the starting point, and check X.
    !   X  in   n x n: DENSE, CSC or CSR; finite, nonnegative; symmetric: an entry that differs from its mirror image by
    !           more than half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    !   U  out  n x rank, ldu >= n; in with ORTHANT_SYMNMF_START_GIVEN; must not overlap X
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    function orthant_symnmf_start_f32(s, X, U, ldu) result(result_) bind(c, name="orthant_symnmf_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnmf_start_f32
    ! Iterate; call it again to go on.
    !   minimise f = 1/4 |X - U U'|^2  over U >= 0
    ! ANLS, HALS and ALTERNATE work on a relaxed problem whose second factor V lives in the workspace:
    !   minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U >= 0, V >= 0
    ! Between calls X and U stay as they are.  Without a start the first run takes U as given.
    !   X  in      as at start
    !   U  in/out  n x rank, ldu >= n; must not overlap X
    !   r  out     objective: f; of ANLS, HALS and ALTERNATE g; of ADMM 1/2 |X - A U'|^2, A its second factor;  rel_error:
    !              |X - U U'| / |X|, whose square is the E of the literature;  kkt: |projected gradient of f| / (|X| |U|);
    !              gap: |U - V| / |U|;  bound: E >= bound for every U of this rank, one minus the squares of the largest
    !              positive eigenvalues over |X|^2
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an iteration: 4 n^2 rank multiply-adds (FIXED_POINT, NEWTON and PGD 2 n^2 rank), or twice the nonzeros
    !   times rank, and about 6 n rank^2
    !   Source: Zhu 2018 (HALS, ANLS); tools/docs/algorithms.md, "Symmetric NMF"
    function orthant_symnmf_run_f32(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnmf_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnmf_run_f32
    ! Bytes of workspace: about five times n * rank elements; NEWTON rank * n^2; the start SPECTRAL 2 n (rank +
    ! 8) more.
    !   OK | E_ARG | E_UNSUPPORTED (ADMM with ORTHANT_PENALTY_NONE)
    function orthant_symnmf_size_f64(c, bytes) result(result_) bind(c, name="orthant_symnmf_size_f64")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnmf_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED
    function orthant_symnmf_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnmf_init_f64")
      import
      type(orthant_symnmf_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnmf_init_f64
    ! Make the starting point, and check X.
    !   X  in   n x n: DENSE, CSC or CSR; finite, nonnegative; symmetric: an entry that differs from its mirror image by
    !           more than half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    !   U  out  n x rank, ldu >= n; in with ORTHANT_SYMNMF_START_GIVEN; must not overlap X
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    function orthant_symnmf_start_f64(s, X, U, ldu) result(result_) bind(c, name="orthant_symnmf_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnmf_start_f64
    ! Iterate; call it again to go on.
    !   minimise f = 1/4 |X - U U'|^2  over U >= 0
    ! ANLS, HALS and ALTERNATE work on a relaxed problem whose second factor V lives in the workspace:
    !   minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U >= 0, V >= 0
    ! Between calls X and U stay as they are.  Without a start the first run takes U as given.
    !   X  in      as at start
    !   U  in/out  n x rank, ldu >= n; must not overlap X
    !   r  out     objective: f; of ANLS, HALS and ALTERNATE g; of ADMM 1/2 |X - A U'|^2, A its second factor;  rel_error:
    !              |X - U U'| / |X|, whose square is the E of the literature;  kkt: |projected gradient of f| / (|X| |U|);
    !              gap: |U - V| / |U|;  bound: E >= bound for every U of this rank, one minus the squares of the largest
    !              positive eigenvalues over |X|^2
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an iteration: 4 n^2 rank multiply-adds (FIXED_POINT, NEWTON and PGD 2 n^2 rank), or twice the nonzeros
    !   times rank, and about 6 n rank^2
    !   Source: Zhu 2018 (HALS, ANLS); tools/docs/algorithms.md, "Symmetric NMF"
    function orthant_symnmf_run_f64(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnmf_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnmf_run_f64
    ! The cluster of each sample: the largest entry of its row of U.
    !   label_i = argmax_k U_ik, the first of equal ones
    !   U              in   samples x clusters, ldu >= samples; finite
    !   labels         out  samples numbers in [0, clusters)
    !   sparse_factor  out  the share of entries of U above a hundredth of their mean, or null
    !   OK | E_ARG | E_DATA
    !   Cost: one reading of U
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
    ! The cluster of each sample: the largest entry of its row of U.
    !   label_i = argmax_k U_ik, the first of equal ones
    !   U              in   samples x clusters, ldu >= samples; finite
    !   labels         out  samples numbers in [0, clusters)
    !   sparse_factor  out  the share of entries of U above a hundredth of their mean, or null
    !   OK | E_ARG | E_DATA
    !   Cost: one reading of U
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_clusters_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_clusters_config_problem")
      import
      type(orthant_clusters_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_clusters_config_problem
    ! Bytes of workspace.   OK | E_ARG
    function orthant_clusters_size(c, bytes) result(result_) bind(c, name="orthant_clusters_size")
      import
      type(orthant_clusters_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_clusters_size
    ! Compare clusters with classes.
    !   mem    the workspace of `bytes` bytes, at any address, cleared or not
    !   found  in   samples numbers in [0, clusters)
    !   truth  in   samples numbers in [0, classes)
    !   out    out  the scores
    !   OK | E_ARG | E_SCRATCH | E_DATA (a number out of range)
    !   Cost: samples + max(clusters, classes)^3
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
    ! What a refusal is about, in words: as orthant_unmix_config_problem.
    function orthant_symnet_config_problem(c, text, room) result(result_) bind(c, &
        name="orthant_symnet_config_problem")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: text
      integer(c_size_t), value :: room
      integer(c_size_t) :: result_
    end function orthant_symnet_config_problem
    ! Bytes of workspace: about 5 layers * n * rank elements.   OK | E_ARG
    function orthant_symnet_size_f32(c, bytes) result(result_) bind(c, name="orthant_symnet_size_f32")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_size_f32
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_symnet_init_f32(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnet_init_f32")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnet_init_f32
    ! Make U_0, and parameters whose layers are steps of FIXED_POINT.
    !   X  in   as for orthant_symnmf_start
    !   U  out  n x rank, ldu >= n: U_L; in with ORTHANT_SYMNMF_START_GIVEN, as U_0; must not overlap X
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    function orthant_symnet_start_f32(s, X, U, ldu) result(result_) bind(c, name="orthant_symnet_start_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_start_f32
    ! Train the network on X; call it again to go on.  The state is in the workspace, and a copy of it is a
    ! checkpoint.
    !   minimise sum_i w_i |X - U_i U_i'|^2 + beta sum_i |R_i|^2 + l1 sum(U_L)  over the n x rank matrices P_i and lambda,
    !   where U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1) and R_i = P_i - (X + lambda I) U_{i-1}, i = 1 .. layers
    !   X  in   as at start
    !   U  out  n x rank, ldu >= n: U_L of the parameters at the end; must not overlap X
    !   r  out  as for orthant_symnmf_run; objective: the loss
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an epoch: layers * (2 n^2 rank, or twice the nonzeros times rank, + 6 n rank^2) multiply-adds
    !   Source: tools/docs/algorithms.md, "SymNMF-Net"
    function orthant_symnet_run_f32(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnet_run_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnet_run_f32
    ! The trained network as a weight file with a hash of its X; for another X it is worth nothing.  The moments
    ! of Adam
    ! are not in it: to go on with training as if nothing had happened, copy the workspace instead.
    !   out    out  `capacity` bytes at any address, or null to ask for the size alone
    !   bytes  out  the length
    !   OK | E_ARG (also before a start) | E_SCRATCH | E_DATA (a number is not finite)
    function orthant_symnet_save_f32(s, out, capacity, bytes) result(result_) bind(c, &
        name="orthant_symnet_save_f32")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_save_f32
    ! In the place of start: take the parameters of a saved network.  A run with max_iter < 0 gives its report.
    !   X  in   the matrix that it was trained on
    !   m  in   of kind ORTHANT_MODEL_SYMNMF_NET
    !   U  out  n x rank, ldu >= n: U_L; must not overlap X
    !   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number of the file is not
    !   finite)
    function orthant_symnet_load_f32(s, X, m, U, ldu) result(result_) bind(c, name="orthant_symnet_load_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_load_f32
    ! What load refuses, in a static string: "n", "rank" or "layers" of the config, or "X", where the file has
    ! another;
    ! "kind", "records" or "numbers" where it is of another kind, or its records do not fit together, or a
    ! number is out of
    ! range; "ok" where none of these; "null" also where X is not of this n.  Numbers of P are seen by load
    ! alone.
    function orthant_symnet_problem_f32(s, X, m) result(result_) bind(c, name="orthant_symnet_problem_f32")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f32), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr) :: result_
    end function orthant_symnet_problem_f32
    ! Bytes of workspace: about 5 layers * n * rank elements.   OK | E_ARG
    function orthant_symnet_size_f64(c, bytes) result(result_) bind(c, name="orthant_symnet_size_f64")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_size_f64
    ! Place a handle.   OK | E_ARG | E_SCRATCH
    function orthant_symnet_init_f64(c, mem, bytes, out) result(result_) bind(c, name="orthant_symnet_init_f64")
      import
      type(orthant_symnet_config), intent(in), optional :: c
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      integer(c_int32_t) :: result_
    end function orthant_symnet_init_f64
    ! Make U_0, and parameters whose layers are steps of FIXED_POINT.
    !   X  in   as for orthant_symnmf_start
    !   U  out  n x rank, ldu >= n: U_L; in with ORTHANT_SYMNMF_START_GIVEN, as U_0; must not overlap X
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    function orthant_symnet_start_f64(s, X, U, ldu) result(result_) bind(c, name="orthant_symnet_start_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_start_f64
    ! Train the network on X; call it again to go on.  The state is in the workspace, and a copy of it is a
    ! checkpoint.
    !   minimise sum_i w_i |X - U_i U_i'|^2 + beta sum_i |R_i|^2 + l1 sum(U_L)  over the n x rank matrices P_i and lambda,
    !   where U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1) and R_i = P_i - (X + lambda I) U_{i-1}, i = 1 .. layers
    !   X  in   as at start
    !   U  out  n x rank, ldu >= n: U_L of the parameters at the end; must not overlap X
    !   r  out  as for orthant_symnmf_run; objective: the loss
    !   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    !   Cost of an epoch: layers * (2 n^2 rank, or twice the nonzeros times rank, + 6 n rank^2) multiply-adds
    !   Source: tools/docs/algorithms.md, "SymNMF-Net"
    function orthant_symnet_run_f64(s, X, U, ldu, r) result(result_) bind(c, name="orthant_symnet_run_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      type(orthant_report), intent(inout), optional :: r
      integer(c_int32_t) :: result_
    end function orthant_symnet_run_f64
    ! The trained network as a weight file with a hash of its X; for another X it is worth nothing.  The moments
    ! of Adam
    ! are not in it: to go on with training as if nothing had happened, copy the workspace instead.
    !   out    out  `capacity` bytes at any address, or null to ask for the size alone
    !   bytes  out  the length
    !   OK | E_ARG (also before a start) | E_SCRATCH | E_DATA (a number is not finite)
    function orthant_symnet_save_f64(s, out, capacity, bytes) result(result_) bind(c, &
        name="orthant_symnet_save_f64")
      import
      type(c_ptr), value :: s
      type(c_ptr), value :: out
      integer(c_size_t), value :: capacity
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_symnet_save_f64
    ! In the place of start: take the parameters of a saved network.  A run with max_iter < 0 gives its report.
    !   X  in   the matrix that it was trained on
    !   m  in   of kind ORTHANT_MODEL_SYMNMF_NET
    !   U  out  n x rank, ldu >= n: U_L; must not overlap X
    !   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number of the file is not
    !   finite)
    function orthant_symnet_load_f64(s, X, m, U, ldu) result(result_) bind(c, name="orthant_symnet_load_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr), value :: U
      integer(c_int32_t), value :: ldu
      integer(c_int32_t) :: result_
    end function orthant_symnet_load_f64
    ! What load refuses, in a static string: "n", "rank" or "layers" of the config, or "X", where the file has
    ! another;
    ! "kind", "records" or "numbers" where it is of another kind, or its records do not fit together, or a
    ! number is out of
    ! range; "ok" where none of these; "null" also where X is not of this n.  Numbers of P are seen by load
    ! alone.
    function orthant_symnet_problem_f64(s, X, m) result(result_) bind(c, name="orthant_symnet_problem_f64")
      import
      type(c_ptr), value :: s
      type(orthant_matrix_f64), intent(in), optional :: X
      type(c_ptr), value :: m
      type(c_ptr) :: result_
    end function orthant_symnet_problem_f64
  end interface
end module orthant_raw

! orthant/threads.h, which is an archive of its own.
module orthant_threads_raw
  use, intrinsic :: iso_c_binding
  use orthant_raw, only: orthant_parallel
  implicit none
  public

  interface
    ! Bytes of a pool.
    !   workers  the calling thread and workers - 1 others; at most 4096.  0: the processors that this process may use
    !   OK | E_ARG
    function orthant_threads_size(workers, bytes) result(result_) bind(c, name="orthant_threads_size")
      import
      integer(c_int32_t), value :: workers
      integer(c_size_t), intent(inout) :: bytes
      integer(c_int32_t) :: result_
    end function orthant_threads_size
    ! Make a pool and start its threads.
    !   mem       `bytes` bytes at any address; the pool's until orthant_threads_destroy; not to be copied
    !   parallel  out  for configs; `size` must be set.  Its `workers` may be fewer than were asked for, where the system
    !             gives no more threads, down to one
    !   OK | E_ARG | E_SCRATCH
    function orthant_threads_create(workers, mem, bytes, out, parallel) result(result_) bind(c, &
        name="orthant_threads_create")
      import
      integer(c_int32_t), value :: workers
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      type(orthant_parallel), intent(inout), optional :: parallel
      integer(c_int32_t) :: result_
    end function orthant_threads_create
    ! End and join the threads.  No job may be at work with the pool, nor use it afterwards.  Null: nothing to
    ! do.
    subroutine orthant_threads_destroy(threads) bind(c, name="orthant_threads_destroy")
      import
      type(c_ptr), value :: threads
    end subroutine orthant_threads_destroy
    ! The same as `create`, without threads: until some serve, loops run on the thread that asks.
    function orthant_threads_prepare(workers, mem, bytes, out, parallel) result(result_) bind(c, &
        name="orthant_threads_prepare")
      import
      integer(c_int32_t), value :: workers
      type(c_ptr), value :: mem
      integer(c_size_t), value :: bytes
      type(c_ptr), intent(out) :: out
      type(orthant_parallel), intent(inout), optional :: parallel
      integer(c_int32_t) :: result_
    end function orthant_threads_prepare
    ! Take part in the loops of a pool; returns after `stop`.  Called by each thread with a `worker` of its own
    ! in
    ! [1, workers), at any time.
    subroutine orthant_threads_serve(threads, worker) bind(c, name="orthant_threads_serve")
      import
      type(c_ptr), value :: threads
      integer(c_int32_t), value :: worker
    end subroutine orthant_threads_serve
    ! Let the threads that serve return, where no loop is at work.
    subroutine orthant_threads_stop(threads) bind(c, name="orthant_threads_stop")
      import
      type(c_ptr), value :: threads
    end subroutine orthant_threads_stop
  end interface
end module orthant_threads_raw
