//! The C interface of Orthant as it is, with the comments of orthant.h.
//! Written by capi/bindings.py from orthant.h; do not edit.
#![no_std]
#![deny(missing_docs)]
#![allow(non_camel_case_types, non_snake_case, clippy::too_many_arguments)]

pub use core::ffi::c_void;
/// `char` of C; only ever behind a pointer to a static string.
pub type c_char = i8;

/// The release of orthant.h.
pub const ORTHANT_VERSION: &str = "0.1.0";
/// the binary interface; the shared library's soversion
pub const ORTHANT_ABI: i32 = 2;
/// what the function is for was done
pub const ORTHANT_OK: i32 = 0;
/// null, out of range, a leading dimension too small, or sizes that overflow
pub const ORTHANT_E_ARG: i32 = -1;
/// the workspace is smaller than `_size` said
pub const ORTHANT_E_SCRATCH: i32 = -2;
/// NaN, infinite, or negative or not symmetric where that is forbidden
pub const ORTHANT_E_DATA: i32 = -3;
/// weights malformed, misaligned, or of another kind than is needed
pub const ORTHANT_E_BLOB: i32 = -4;
/// a valid request that this method or this build cannot meet
pub const ORTHANT_E_UNSUPPORTED: i32 = -5;
/// the `read` of a matrix of kind ORTHANT_STREAM failed
pub const ORTHANT_E_READ: i32 = -6;
/// the `sum` of an orthant_reduce failed, or another process left the call
pub const ORTHANT_E_REDUCE: i32 = -7;
/// none of it, in a field of a config that says "\< 0: none"
pub const ORTHANT_NONE: i32 = -1;
/// entry (i, j) is values\[i + (size_t)ld \* j\], ld \>= rows
pub const ORTHANT_DENSE: i32 = 0;
/// sparse by columns: column j has values\[t\] at row indices\[t\] for t from starts\[j\] to
/// starts\[j + 1\] - 1; starts has cols + 1 entries, the first is 0; any order within a
/// column, no entry twice
pub const ORTHANT_CSC: i32 = 1;
/// sparse by rows, in the same way: starts has rows + 1 entries, indices are columns
pub const ORTHANT_CSR: i32 = 2;
/// as DENSE; an entry that is NaN is missing, and each square of the sum has the weight
/// weights\[i + (size_t)ld_weights \* j\] in \[0, 1\], or 1 where weights is null.  An entry of
/// weight 0 is missing too
pub const ORTHANT_MASKED: i32 = 3;
/// dense data that need not fit in memory: `read` is asked for columns, many at a time
pub const ORTHANT_STREAM: i32 = 4;
/// no entry may be negative
pub const ORTHANT_DATA_NOT_NEGATIVE: i32 = 1;
/// nor may one be zero
pub const ORTHANT_DATA_POSITIVE: i32 = 2;
/// entries (i, j) and (j, i) agree to half the digits
pub const ORTHANT_DATA_SYMMETRIC: i32 = 4;
/// the sum of all squares has room to grow 2^20 times, and to fall
pub const ORTHANT_DATA_ROOM: i32 = 8;
/// dense: the squares of no column overflow or, but for a zero column, vanish
pub const ORTHANT_DATA_COLUMNS: i32 = 16;
/// max_iter was reached
pub const ORTHANT_STOP_ITERATIONS: i32 = 1;
/// kkt \<= tol
pub const ORTHANT_STOP_KKT: i32 = 2;
/// the objective fell by less than tol_obj asks for
pub const ORTHANT_STOP_OBJECTIVE: i32 = 3;
/// the progress function asked for it
pub const ORTHANT_STOP_CANCELLED: i32 = 4;
/// overflow; the last finite iterate was kept
pub const ORTHANT_STOP_NONFINITE: i32 = 5;
/// no entry changed by more than min_step
pub const ORTHANT_STOP_STEP: i32 = 6;
/// rel_error reached the tolerance
pub const ORTHANT_STOP_ERROR: i32 = 7;
/// vertex component analysis \[Nascimento and Dias 2005\]; the default.  Reads
/// projection, draws, seed
pub const ORTHANT_ENDMEMBERS_VCA: i32 = 1;
/// successive projections \[Araujo 2001; Gillis and Vavasis 2014\]; deterministic
pub const ORTHANT_ENDMEMBERS_SPA: i32 = 2;
/// largest simplex volume \[Winter 1999\], from the pixels of SPA.  Reads
/// max_iter
pub const ORTHANT_ENDMEMBERS_NFINDR: i32 = 3;
/// VCA reduces the pixels on principal axes
pub const ORTHANT_PROJECTION_AFFINE: i32 = 1;
/// ... on singular axes, each pixel divided by its brightness: dark, noisy
/// pixels may become false vertices
pub const ORTHANT_PROJECTION_PROJECTIVE: i32 = 2;
/// PROJECTIVE where the average signal-to-noise ratio is above
/// 15 + 10 log10(endmembers) dB, else AFFINE: the paper's rule
pub const ORTHANT_PROJECTION_PUBLISHED: i32 = 3;
/// block principal pivoting, exact, the supports of many pixels at once \[Kim and
/// Park 2011\].  Reads max_iter
pub const ORTHANT_UNMIX_BPP: i32 = 1;
/// active set, exact, each pixel from the support of the last \[Lawson and Hanson
/// 1974; Heinz and Chang 2001\]; the default.  Reads sum_to_one, max_iter,
/// model
pub const ORTHANT_UNMIX_ACTIVE_SET: i32 = 2;
/// coordinate descent, inexact.  Reads max_iter, tol
pub const ORTHANT_UNMIX_HALS: i32 = 3;
/// splitting, rho = trace(S) / endmembers, S = E'E of
/// columns scaled to norms near one, inexact.  Reads max_iter, tol
pub const ORTHANT_UNMIX_ADMM: i32 = 4;
/// accelerated projected gradient, inexact.  Reads max_iter, tol
pub const ORTHANT_UNMIX_FAST_PG: i32 = 5;
/// multiplicative updates, inexact; a negative entry of E is E_DATA.  Reads
/// max_iter, tol
pub const ORTHANT_UNMIX_MU: i32 = 6;
/// least squares without a \>= 0 (UCLS).  Reads sum_to_one
pub const ORTHANT_UNMIX_UNCONSTRAINED: i32 = 7;
/// UNCONSTRAINED, clipped at zero and, with sum_to_one, rescaled: fast, not the
/// minimiser.  Reads sum_to_one
pub const ORTHANT_UNMIX_CLIP: i32 = 8;
/// extrapolated HALS with restarts \[Ang and Gillis 2019\]; the default for the Frobenius
/// norm.  Reads sweeps (0: 8 to 20, sparse V 4), penalties, fixed_w, model, schedule
pub const ORTHANT_NMF_EHALS: i32 = 1;
/// coordinate descent \[Cichocki 2007\]; descends.  Reads sweeps (0: 1), penalties,
/// fixed_w, model
pub const ORTHANT_NMF_HALS: i32 = 2;
/// coordinate descent, as many sweeps as pay for a reading of V \[Gillis and Glineur
/// 2012\]; descends.  Reads sweeps (the most; 0: by a flop count), penalties, fixed_w,
/// model
pub const ORTHANT_NMF_AHALS: i32 = 3;
/// exact half steps by block principal pivoting \[Kim and Park 2011\]; descends.  Reads
/// penalties, fixed_w, model
pub const ORTHANT_NMF_ANLS: i32 = 4;
/// a few ADMM steps, the dual variable kept \[Huang, Sidiropoulos and Liavas 2016\].
/// Reads sweeps (steps; 0: 10), rho, penalties but ortho_w and ortho_h, fixed_w,
/// model
pub const ORTHANT_NMF_AOADMM: i32 = 5;
/// projected gradient steps; descends.  Reads sweeps (steps; 0: as AHALS, at most 10),
/// penalties, fixed_w, model
pub const ORTHANT_NMF_PG: i32 = 6;
/// multiplicative updates \[Lee and Seung 2001\]; descends; the default for other losses
/// but KL of dense data.  Frobenius norm: reads sweeps (0: 1), penalties, fixed_w,
/// model.  Other losses: reads loss, beta, l1_w, l1_h, fixed_w, with KL l2_w and l2_h
pub const ORTHANT_NMF_MU: i32 = 7;
/// coordinate descent for KL of dense data \[Hsieh and Dhillon 2011\], with steps that
/// cannot ascend; the default there.  Reads loss, sweeps (0: 1), l1_w, l1_h, l2_w, l2_h,
/// fixed_w
pub const ORTHANT_NMF_CCD: i32 = 8;
/// smallest volume of the columns of W, which sum to one, by fast gradient steps
/// \[Leplat, Ang and Gillis 2019\].  Reads sweeps (steps; 0: 10), volume, delta
pub const ORTHANT_NMF_MINVOL: i32 = 9;
/// multiplicative, with every weight and penalty.  Reads penalties, min_step
pub const ORTHANT_NMF_MURNMF: i32 = 10;
/// additive, with every weight and penalty.  Reads penalties, min_step, full_step, tau
/// (first share of the way to the boundary), anneal (its growth), zero_tol
pub const ORTHANT_NMF_AURNMF: i32 = 11;
/// rank random columns of V; the default but for SUB, ROUGH and MINVOL
pub const ORTHANT_START_COLS: i32 = 1;
/// SPA on 100 random columns
pub const ORTHANT_START_SPAS: i32 = 2;
/// SPA on all columns; the default of MINVOL
pub const ORTHANT_START_SPA: i32 = 3;
/// uniform in \[0, 1), scaled by the best common factor
pub const ORTHANT_START_RANDOM: i32 = 4;
/// from a truncated SVD \[Boutsidis and Gallopoulos 2008\]; zeros stay zero
pub const ORTHANT_START_NNDSVD: i32 = 5;
/// the same, zeros filled with the mean of V
pub const ORTHANT_START_NNDSVDA: i32 = 6;
/// the same, zeros filled with small random numbers
pub const ORTHANT_START_NNDSVDAR: i32 = 7;
/// W and H as the caller left them
pub const ORTHANT_START_GIVEN: i32 = 8;
/// coarse to fine: EHALS on a sample of rows and columns, then W for all rows from
/// the sampled columns; the default of EHALS where V is dense and has at least
/// 80 000 entries and 64 rank^2, with fewer than 5 iterations
/// only where it costs no more than 1.1 of them
pub const ORTHANT_START_SUB: i32 = 9;
/// from a truncated SVD of half the rank, corrected by HALS on it in place of V
/// \[Atif, Qazi and Gillis 2019\]; few zeros; dense and sparse V
pub const ORTHANT_START_NNSVDLRC: i32 = 10;
/// NNDSVD from two steps of subspace iteration, dense and sparse V; the default of
/// EHALS for 30 iterations and more where V is sparse
pub const ORTHANT_START_ROUGH: i32 = 11;
/// 1/2 \|V - W H\|^2
pub const ORTHANT_LOSS_FROBENIUS: i32 = 0;
/// Kullback and Leibler: sum of v log(v/p) - v + p, p = (W H)_ij; b = 1
pub const ORTHANT_LOSS_KL: i32 = 1;
/// Itakura and Saito: sum of v/p - log(v/p) - 1; b = 0: V \> 0
pub const ORTHANT_LOSS_IS: i32 = 2;
/// sum of (v^b + (b-1) p^b - b v p^(b-1)) / (b (b-1)), b the field beta; b = 2 is the
/// Frobenius norm; b \<= 0 needs V \> 0 (E_DATA)
pub const ORTHANT_LOSS_BETA: i32 = 3;
/// ortho_h is for pairs of rows of H
pub const ORTHANT_ORTHO_COMPONENTS: i32 = 1;
/// ortho_h is for pairs of columns of H
pub const ORTHANT_ORTHO_OBSERVATIONS: i32 = 2;
/// the subspace with the least error of signal and noise \[Bioucas-Dias and
/// Nascimento 2008\]; the default
pub const ORTHANT_DIMENSION_HYSIME: i32 = 1;
/// virtual dimensionality \[Harsanyi, Farrand and Chang 1994; Chang and Du 2004\].
/// Reads false_alarm
pub const ORTHANT_DIMENSION_HFC: i32 = 2;
/// the same after each band is divided by its noise \[Chang and Du 2004\].  Reads
/// false_alarm
pub const ORTHANT_DIMENSION_NWHFC: i32 = 3;
/// the major version of the format
pub const ORTHANT_BLOB_VERSION: i32 = 1;
/// multiplicative updates with learned multipliers
pub const ORTHANT_MODEL_NALMU: i32 = 1;
/// ... whose multipliers come from a small network
pub const ORTHANT_MODEL_RALMU: i32 = 2;
/// SymNMF-Net of one matrix
pub const ORTHANT_MODEL_SYMNMF_NET: i32 = 3;
/// a transformer that proposes factors
pub const ORTHANT_MODEL_FACTORMER: i32 = 4;
/// a learned schedule of extrapolated HALS
pub const ORTHANT_MODEL_SCHEDULE: i32 = 5;
/// IEEE single precision
pub const ORTHANT_ELEMENT_F32: i32 = 0;
/// IEEE half precision
pub const ORTHANT_ELEMENT_F16: i32 = 1;
/// the upper half of an f32
pub const ORTHANT_ELEMENT_BF16: i32 = 2;
/// of eight bits, with a scale and a zero point
pub const ORTHANT_ELEMENT_I8: i32 = 3;
/// of sixteen bits, in the same way
pub const ORTHANT_ELEMENT_I16: i32 = 4;
/// whole numbers: shapes and choices of a model
pub const ORTHANT_ELEMENT_I32: i32 = 5;
/// IEEE double precision: states of a training
pub const ORTHANT_ELEMENT_F64: i32 = 6;
/// W is given and stays: nonnegative least squares
pub const ORTHANT_NALMU_ONE: i32 = 1;
/// W and H are updated
pub const ORTHANT_NALMU_BOTH: i32 = 2;
/// ones on the diagonal
pub const ORTHANT_IDENTITY: i32 = 0;
/// factor times the identity
pub const ORTHANT_SCALAR: i32 = 1;
/// values: its diagonal
pub const ORTHANT_DIAGONAL: i32 = 2;
/// values: all of it, with the leading dimension ld
pub const ORTHANT_SYMMETRIC: i32 = 3;
/// h = -g x / (G x); the default; fixed points: x g = 0
pub const ORTHANT_QP_LEE_SEUNG: i32 = 1;
/// the same, and max(-g, 0) where x = 0; fixed points: the minimiser
pub const ORTHANT_QP_ESCAPE: i32 = 2;
/// h = -g x
pub const ORTHANT_QP_COMPLEMENTARITY: i32 = 3;
/// h = -g sqrt(x)
pub const ORTHANT_QP_SQRT: i32 = 4;
/// h = -g
pub const ORTHANT_QP_STEEPEST: i32 = 5;
/// h = -g b / (G b), b = max(x + d / diag(G), 0)
pub const ORTHANT_QP_LEMMA_B: i32 = 6;
/// limited-memory BFGS on U and V; descends, never diverges, reads M alone.  Reads
/// history
pub const ORTHANT_RELU_NMD_QN: i32 = 1;
/// NMD-TM: Z and U V with momentum.  Reads alpha (0: 0.95), beta, lambda, z_start
pub const ORTHANT_RELU_NMD_TM: i32 = 2;
/// 3B-NMD: TM with beta 1 and lambda 0; may diverge for alpha near one.  Reads alpha
/// (0: 0.7), z_start
pub const ORTHANT_RELU_NMD_3B: i32 = 3;
/// A-NMD: truncated SVDs, adaptive momentum.  Reads alpha (where it starts; 0: 0.9),
/// z_start, svd_steps, svd_tol
pub const ORTHANT_RELU_NMD_ANMD: i32 = 4;
/// Z = Pi(Theta), Theta the truncated SVD of Z; \|Z - Theta\| descends.  Reads
/// z_start, svd_steps, svd_tol
pub const ORTHANT_RELU_NMD_NAIVE: i32 = 5;
/// NAIVE with momentum on Z.  Reads alpha (0: 0.7), z_start, svd_steps, svd_tol
pub const ORTHANT_RELU_NMD_ANAIVE: i32 = 6;
/// EM for max(0, N(Theta, sigma^2)); the likelihood ascends.  Reads z_start,
/// svd_steps, svd_tol
pub const ORTHANT_RELU_NMD_EM: i32 = 7;
/// EM with momentum on Z.  Reads alpha (0: 0.6), z_start, svd_steps, svd_tol
pub const ORTHANT_RELU_NMD_AEM: i32 = 8;
/// the truncated SVD of M; the default
pub const ORTHANT_RELU_START_TSVD: i32 = 1;
/// three subgradient steps on the nuclear norm of Z, from random entries
pub const ORTHANT_RELU_START_NUCLEAR: i32 = 2;
/// normal numbers of the scale of M
pub const ORTHANT_RELU_START_RANDOM: i32 = 3;
/// U and V as the caller left them
pub const ORTHANT_RELU_START_GIVEN: i32 = 4;
/// the first Z is M; the default
pub const ORTHANT_RELU_Z_DATA: i32 = 1;
/// the first Z is Pi(U V)
pub const ORTHANT_RELU_Z_FEASIBLE: i32 = 2;
/// A_ij = exp(-\|m_i - m_j\|^2 / (s_i s_j)), s_i the distance of sample i to its
/// scale_at-th neighbour \[Zelnik-Manor and Perona 2004\].  Reads scale_at
pub const ORTHANT_GRAPH_GAUSSIAN: i32 = 1;
/// A_ij = the cosine of m_i and m_j, not negative; neighbours by angle: for text
pub const ORTHANT_GRAPH_COSINE: i32 = 2;
/// A_ij = 1
pub const ORTHANT_GRAPH_BINARY: i32 = 3;
/// exact half steps \[Zhu 2018\]; g descends.  Reads the penalty (PRACTICAL: 0.66
/// times the largest singular value of X)
pub const ORTHANT_SYMNMF_ANLS: i32 = 1;
/// one sweep of coordinate descent a half step \[Zhu 2018\]; g descends; the
/// default.  Reads the penalty (as ANLS)
pub const ORTHANT_SYMNMF_HALS: i32 = 2;
/// max(0, (X + lambda) U (U'U + lambda)^-1) for two factors alternately.  Reads
/// the penalty (PRACTICAL: \|X\|)
pub const ORTHANT_SYMNMF_ALTERNATE: i32 = 3;
/// the same with one factor: what SymNMF-Net unrolls.  Reads the penalty (as
/// ALTERNATE)
pub const ORTHANT_SYMNMF_FIXED_POINT: i32 = 4;
/// NS-SymNMF \[Lu 2017\].  Reads the penalty, its rho (PRACTICAL: 10)
pub const ORTHANT_SYMNMF_ADMM: i32 = 5;
/// projected Newton \[Kuang 2012\]; f descends; workspace of rank \* n^2
pub const ORTHANT_SYMNMF_NEWTON: i32 = 6;
/// projected gradient, the step halved until f descends
pub const ORTHANT_SYMNMF_PGD: i32 = 7;
/// uniform in \[0, 1) times 2 sqrt(mean(X) / rank); the default.  Reads seed
pub const ORTHANT_SYMNMF_START_SCALED: i32 = 1;
/// uniform in \[0, 1), far too large for a graph.  Reads seed
pub const ORTHANT_SYMNMF_START_PLAIN: i32 = 2;
/// U as the caller left it
pub const ORTHANT_SYMNMF_START_GIVEN: i32 = 3;
/// the leading eigenvectors, rotated into the orthant \[Damle, Minden and Ying
/// 2019\]; the default of SymNMF-Net
pub const ORTHANT_SYMNMF_START_SPECTRAL: i32 = 4;
/// what works: it stands with each method; the default
pub const ORTHANT_PENALTY_PRACTICAL: i32 = 1;
/// the bound that makes every critical point symmetric: the largest singular
/// value of X plus 1/2 \|X - U0 U0'\|; ADMM: rho \> 6 n tau with rows \|u\|^2 \<=
/// tau
pub const ORTHANT_PENALTY_SUFFICIENT: i32 = 2;
/// lambda = 0; refused for ADMM
pub const ORTHANT_PENALTY_NONE: i32 = 3;
/// lambda \>= 1/2 (\|X\| + \|X - U0 U0'\|)
pub const ORTHANT_SYMNET_SUFFICIENT: i32 = 1;
/// and \>= a^2 + 4 a e, a the largest \|U_i\|, e of \|R_i\| / \|(X + lambda I)
/// U_{i-1}\|, by a forward pass after each step with the lambda that is to be
/// raised
pub const ORTHANT_SYMNET_PROP1: i32 = 2;
/// lambda \> 0
pub const ORTHANT_SYMNET_FREE: i32 = 3;

/// Columns of a matrix of kind ORTHANT_STREAM: first, first + 1, ..., first + count - 1.
/// ```text
///   user  in   what the matrix has in `user`
///   out   out  rows x count numbers, column after column without gaps, in the workspace
///   0; any other number, where the columns cannot be had, ends the call with E_READ
/// ```
/// It may be called on any of your threads, but never by two at once, and must give the same numbers each time.  A
/// reading of V asks for all columns once in ascending order, some megabytes at a time (what takes no more is read once
/// a call); starts and endmembers ask for single columns too.  With two workers and more the columns that follow are
/// read while those at hand are computed with.  With one worker nothing overlaps, unless `read` itself begins to fetch
/// what follows before it returns.  Results are those of the same matrix in memory, to the bit, for any number of
/// workers.
/// Taken by orthant_nmf, orthant_unmix and orthant_endmembers, where the config says so in `data`; not on bare metal.
/// The workspace then has one or, with two workers and more, two groups of columns.  A matrix whose rows lie one
/// after the other, such as a table in C order, is streamed as its transpose, which has the factors H' and W'.
pub type orthant_read_fn_f32 = Option<unsafe extern "C" fn(user: *mut c_void, first: i32, count: i32,
    out: *mut f32) -> i32>;

/// The same in double precision.
pub type orthant_read_fn_f64 = Option<unsafe extern "C" fn(user: *mut c_void, first: i32, count: i32,
    out: *mut f64) -> i32>;

/// One task of a loop that is run in parallel: what `run` of orthant_parallel calls.
pub type orthant_task_fn = Option<unsafe extern "C" fn(arg: *mut c_void, index: i32, worker: i32)>;

/// Required for two workers and more: call task(arg, index, worker) once for every index in \[0, tasks), with a worker
/// in \[0, workers) that no other call has at the same time; return when all have returned.
pub type orthant_run_fn = Option<unsafe extern "C" fn(user: *mut c_void, tasks: i32, task: orthant_task_fn,
    arg: *mut c_void)>;

/// Required: each of `count` numbers in `buffer`, float or with is_f64 double, becomes its sum over all processes,
/// with the same bits on each.  Called on the thread that called start or run.  0; any other number: it failed.
pub type orthant_sum_fn = Option<unsafe extern "C" fn(user: *mut c_void, buffer: *mut c_void, count: i32,
    is_f64: i32) -> i32>;

/// Called after each iteration, the last too, on the calling thread; a non-zero return stops the run with a valid
/// iterate.
pub type orthant_progress_fn = Option<unsafe extern "C" fn(user: *mut c_void,
    so_far: *const orthant_report) -> i32>;

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_unmix_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_unmix_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_nmf_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_nmf_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_endmembers_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_endmembers_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_dimension_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_dimension_f64 {
    _private: [u8; 0],
}

/// A model is the bytes of its weight file: a header of 64 bytes, records sorted by name, payloads aligned, all read
/// where they lie (flash, a mapped file).  Opening copies nothing and there is no closing; the bytes must outlive their
/// use.  Any number of threads and handles may share a model.  The format, and the records of every kind:
/// tools/docs/guide/weights.md.
#[repr(C)]
pub struct orthant_model {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_factormer_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_factormer_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_library_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_library_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_mesma_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_mesma_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_bootstrap_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_bootstrap_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_nalmu_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_nalmu_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_qp_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_qp_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_relu_nmd_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_relu_nmd_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_tsvd_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_tsvd_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_symnmf_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_symnmf_f64 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_symnet_f32 {
    _private: [u8; 0],
}

/// a handle, in the caller's buffer
#[repr(C)]
pub struct orthant_symnet_f64 {
    _private: [u8; 0],
}

/// A matrix of data, by reference: SciPy's csc_matrix and csr_matrix are used where they lie.  Each function says which
/// kinds it takes.  The macros below fill it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_matrix_f32 {
    /// required: sizeof this struct
    pub size: u32,
    /// ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED or ORTHANT_STREAM
    pub kind: i32,
    /// required
    pub rows: i32,
    /// required
    pub cols: i32,
    /// leading dimension of values: DENSE and MASKED
    pub ld: i32,
    /// leading dimension of weights: MASKED
    pub ld_weights: i32,
    /// required but of STREAM
    pub values: *const f32,
    /// CSC and CSR
    pub starts: *const i32,
    /// CSC and CSR
    pub indices: *const i32,
    /// MASKED, or null
    pub weights: *const f32,
    /// STREAM
    pub read: orthant_read_fn_f32,
    /// passed on to `read`
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

/// The same in double precision.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_matrix_f64 {
    /// required: sizeof this struct
    pub size: u32,
    /// ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED or ORTHANT_STREAM
    pub kind: i32,
    /// required
    pub rows: i32,
    /// required
    pub cols: i32,
    /// leading dimension of values: DENSE and MASKED
    pub ld: i32,
    /// leading dimension of weights: MASKED
    pub ld_weights: i32,
    /// required but of STREAM
    pub values: *const f64,
    /// CSC and CSR
    pub starts: *const i32,
    /// CSC and CSR
    pub indices: *const i32,
    /// MASKED, or null
    pub weights: *const f64,
    /// STREAM
    pub read: orthant_read_fn_f64,
    /// passed on to `read`
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

/// Your threads, for configs that have a field `parallel`.  Work is cut by shapes alone and sums are taken in a fixed
/// order, so results are the same bits for any number of workers.  The struct is copied at init; the workspace grows
/// with the number of workers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_parallel {
    /// required: sizeof this struct
    pub size: u32,
    /// required: at least 1
    pub workers: i32,
    /// Required for two workers and more: call task(arg, index, worker) once for every index in \[0, tasks),
    /// with a worker in \[0, workers) that no other call has at the same time; return when all have
    /// returned.
    pub run: orthant_run_fn,
    /// passed on to `run`
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

/// Your sums over processes, for orthant_nmf_config: the columns of V and H are spread over the processes, W is on
/// each.  orthant/mpi.h fills it from an MPI communicator.  The struct is copied at init.
///
/// Every process makes the same calls: size and init with the same config but for `cols`, which is its own share and
/// may be 0, and this struct; then start and run with its own columns of V and of H and with all of W, where V is dense,
/// streamed or sparse.  W, the report and the status come out the same on all, to the bit; H comes out in shares.  With
/// the same columns in other shares sums are rounded in another order: the objective agrees to some units of rounding of
/// \|V\|^2, and in f32 EHALS may decide another way on a restart where the objective changes by no more than these.  A
/// start that is left open is ORTHANT_START_COLS.
///
/// An iteration adds up rank (rows + rank) elements, V H' and H H', and 7 numbers of f64, which in f64 are in the same
/// sum and in f32 in one of their own.  MU for other losses than the Frobenius norm: rank rows elements (KL) or twice
/// that, and 6 + 3 rank numbers.  Beside these an iteration takes a sum of one number for each thing that is looked at
/// and lies with H alone: l1_h, and the residual where it is so small that it is summed up entry by entry.  A call
/// begins with a sum of 4 processes numbers, by which the processes see that all of them make this call, that their
/// configs and W agree, and that their shares follow each other (else E_ARG on all); COLS and SPA add up the columns
/// that they choose.  So a call that is refused on one process, for a NaN in its share, is refused on all with the same
/// status.
///
/// All processes run the same release on the same instruction set (orthant_build_kernels; else E_ARG at start).  A
/// process that fails outside of these calls, at init say, must tell the others by your own means.  A progress function
/// is given on all or on none; where it asks for the end on one, the run ends on all, one iteration later.
///
/// Where a `sum` fails the call ends with E_REDUCE on each process whose sum fails, and W and H are a finite iterate.
/// A copy of each handle with W and H goes on with the same bits on the same number of processes.  On another number:
/// init with the new shares, and start with ORTHANT_START_GIVEN from W and the columns of H.  That is exact but for
/// rounding for the methods that keep nothing but W and H (HALS, AHALS, ANLS, PG, MU); EHALS begins its momentum anew,
/// AOADMM its dual variables.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_reduce {
    /// required: sizeof this struct
    pub size: u32,
    /// required: this one, from 0, and how many
    pub process: i32,
    /// required: this one, from 0, and how many
    pub processes: i32,
    /// required: the first column of V that is this process's
    pub first_column: i32,
    /// required: of V, on all processes together
    pub all_columns: i32,
    /// zero
    pub reserved: i32,
    /// Required: each of `count` numbers in `buffer`, float or with is_f64 double, becomes its sum over all
    /// processes, with the same bits on each.  Called on the thread that called start or run.  0; any other
    /// number: it failed.
    pub sum: orthant_sum_fn,
    /// passed on to `sum`
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

/// Why a run ended, and how good the result is.  Set `size`; the rest is written.  Where a function takes a report,
/// null is allowed.  What a number means for one job stands with that job's run; a number that it has not is 0, and one
/// that overflowed is DBL_MAX.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_report {
    /// required: sizeof this struct
    pub size: u32,
    /// ORTHANT_STOP_...
    pub stop: i32,
    /// iterations since start; unmixing: most inner iterations of any pixel
    pub iters: i32,
    /// unmixing: the pixel with the largest kkt
    pub worst: i32,
    /// NMF by MURNMF: numerators that were clipped in the last iteration
    pub clipped: i32,
    /// NMF with a model: how many of its proposals were taken; -1: V is unlike the model's training,
    /// and it was not asked
    pub proposals: i32,
    /// what is minimised; unmixing: summed over the pixels
    pub objective: f64,
    /// \|V - W H\| / \|V\|
    pub rel_error: f64,
    /// relative residual of the Karush-Kuhn-Tucker conditions
    pub kkt: f64,
    /// symmetric NMF: distance of the two factors
    pub gap: f64,
    /// symmetric NMF: lower bound of the squared rel_error, where it is asked for
    pub bound: f64,
    /// NMF on many processes: bytes that this one has given to sums since start
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

/// What to unmix.  All but `bands` and `endmembers` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_unmix_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
    /// advanced: an inexact method stops when kkt \<= tol; 0: 1e-6 in f32, 1e-12 in f64;
    /// \< 0: none
    pub tol: f64,
    /// your threads; null: serial
    pub parallel: *const orthant_parallel,
    /// advanced: where ACTIVE_SET starts, or null
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

/// What to factor, and how.  All but `rows`, `cols` and `rank` may stay zero: then the loss is Frobenius, and start and
/// method are those that reach a small residual soonest.  "Advanced: NMF" below says for each method
/// which fields it reads.  Others are ignored, but one that would change what is minimised is refused
/// (E_UNSUPPORTED).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_nmf_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
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
    /// called between iterations, or null
    pub progress: orthant_progress_fn,
    /// passed on to `progress`
    pub user: *mut c_void,
    /// your threads; null: serial
    pub parallel: *const orthant_parallel,
    /// advanced: a Factormer that proposes factors, or null
    pub model: *const orthant_model,
    /// advanced: a learned schedule of EHALS; null: the library's own, or none
    pub schedule: *const orthant_model,
    /// your sums over processes; null: there is one process
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

/// Which endmembers to look for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_endmembers_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// your threads; null: serial
    pub parallel: *const orthant_parallel,
    /// VCA: draws of the directions, of which the one with the largest simplex is
    /// kept; 0: 1, as in the paper.  Not read where the caller gives them
    pub draws: i32,
    /// the kind of Y: ORTHANT_DENSE or ORTHANT_STREAM
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

/// The sizes of what is compared.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_scores_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required where spectra are given, else 0
    pub bands: i32,
    /// required
    pub endmembers: i32,
    /// required where abundances are given, else 0
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

/// Set `size`; the rest is written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_scores {
    /// required: sizeof this struct
    pub size: u32,
    /// zero
    pub reserved: u32,
    /// mean over the endmembers of the spectral angle, in radians
    pub mean_angle: f64,
    /// sqrt(mean over all entries of (A - A_true)^2)
    pub rmse: f64,
    /// mean over the pixels of sqrt(mean over the endmembers of (A - A_true)^2)
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

/// How to count.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_dimension_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required
    pub bands: i32,
    /// ORTHANT_DIMENSION_...; 0: HYSIME
    pub method: i32,
    /// zero
    pub reserved: i32,
    /// the probability that a noise eigenvalue is counted, in (0, 0.5); 0: 1e-3
    pub false_alarm: f64,
    /// your threads; null: serial
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

/// One array of a model.  Set `size`; the rest is written.  A number is scale \* (stored - zero_point).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_record {
    /// required: sizeof this struct
    pub size: u32,
    /// ORTHANT_ELEMENT_...
    pub element: i32,
    /// 0 to 4
    pub rank: i32,
    /// 0 for floating-point types
    pub zero_point: i32,
    /// beyond rank: 0; dims\[0\] runs fastest
    pub dims: [u32; 4],
    /// 1 for floating-point types
    pub scale: f32,
    /// zero
    pub reserved: u32,
    /// in the file
    pub name: *const c_char,
    /// in the file, little-endian
    pub data: *const c_void,
    /// elements
    pub count: usize,
    /// that they take
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

/// Set `size`; the rest is written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_factormer_info {
    /// required: sizeof this struct
    pub size: u32,
    /// of the factors; rows and columns are free
    pub rank: i32,
    /// of the network
    pub width: i32,
    /// of the network
    pub heads: i32,
    /// of the network
    pub layers: i32,
    /// of the network
    pub hidden: i32,
    /// 1: it needs the factors before and after a step of the solver; 0: it proposes a start
    pub accelerates: i32,
    /// zero
    pub reserved: i32,
    /// how many
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

/// What to apply, and to which sizes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_factormer_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required: V is rows x cols
    pub rows: i32,
    /// required: V is rows x cols
    pub cols: i32,
    /// zero
    pub reserved: i32,
    /// required: of kind ORTHANT_MODEL_FACTORMER; it must outlive the handle
    pub model: *const orthant_model,
    /// your threads; null: serial
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

/// What to unmix by.  All but `bands` and `spectra` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_library_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required: rows and columns of E; spectra may be more than bands
    pub bands: i32,
    /// required: rows and columns of E; spectra may be more than bands
    pub spectra: i32,
    /// 1: abundances sum to one; l1 then changes nothing
    pub sum_to_one: i32,
    /// steps of the active set of one pixel; 0: 30 min(spectra, bands + 1)
    pub max_iter: i32,
    /// zero
    pub reserved: i32,
    /// weight of the sum of the abundances, for fewer of them; 0: none
    pub l1: f64,
    /// your threads; null: serial
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

/// Which models to try, and what a model must be.  All but `bands`, `spectra` and `classes` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_mesma_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// your threads; null: serial
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

/// What to draw.  All but `bands`, `spectra` and `classes` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_bootstrap_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
    /// of the draws; every value is good
    pub seed: u64,
    /// your threads; null: serial
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

/// What to factor.  Without a model all multipliers are one: multiplicative updates as they are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_nalmu_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
    /// of kind ORTHANT_MODEL_NALMU or RALMU, or null; it must outlive the handle
    pub model: *const orthant_model,
    /// your threads; null: serial
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

/// A symmetric nonnegative matrix whose order is known from where it stands.  All zero: the identity.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symmetric_f32 {
    /// ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL or ORTHANT_SYMMETRIC
    pub kind: i32,
    /// SYMMETRIC
    pub ld: i32,
    /// SCALAR
    pub factor: f64,
    /// DIAGONAL and SYMMETRIC
    pub values: *const f32,
}
impl Default for orthant_symmetric_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

/// The same in double precision.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symmetric_f64 {
    /// ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL or ORTHANT_SYMMETRIC
    pub kind: i32,
    /// SYMMETRIC
    pub ld: i32,
    /// SCALAR
    pub factor: f64,
    /// DIAGONAL and SYMMETRIC
    pub values: *const f64,
}
impl Default for orthant_symmetric_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

/// The penalty 1/2 tr(X' left X right) of a factor X.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_penalty_f32 {
    /// of the orders of the rows and of the columns of X
    pub left: orthant_symmetric_f32,
    /// of the orders of the rows and of the columns of X
    pub right: orthant_symmetric_f32,
}
impl Default for orthant_penalty_f32 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

/// The same in double precision.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_penalty_f64 {
    /// of the orders of the rows and of the columns of X
    pub left: orthant_symmetric_f64,
    /// of the orders of the rows and of the columns of X
    pub right: orthant_symmetric_f64,
}
impl Default for orthant_penalty_f64 {
    fn default() -> Self {
        // All zero is valid for every field, and means default.
        unsafe { core::mem::zeroed() }
    }
}

/// What is minimised by MURNMF and AURNMF, with the penalties of the config:
/// ```text
///   1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H>
///     + 1/2 sum_j tr(W' A_j W B_j) + 1/2 sum_j tr(H' C_j H D_j)
/// ```
/// All matrices are nonnegative, and all but L_W and L_H symmetric.  No rows x cols array of weights is ever formed.
/// With an indefinite P or Q the first term is no square, and the objective may be negative.  All zero: no terms.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_terms_f32 {
    /// required: sizeof this struct
    pub size: u32,
    /// how many pairs in penalty_w and penalty_h
    pub penalties_w: i32,
    /// how many pairs in penalty_w and penalty_h
    pub penalties_h: i32,
    /// leading dimensions of L_W, \>= rows, and of L_H, \>= rank
    pub ldl1_w: i32,
    /// leading dimensions of L_W, \>= rows, and of L_H, \>= rank
    pub ldl1_h: i32,
    /// zero
    pub reserved: i32,
    /// P, rows x rows
    pub weight_rows: orthant_symmetric_f32,
    /// Q, cols x cols
    pub weight_cols: orthant_symmetric_f32,
    /// L_W, rows x rank, or null: none
    pub l1_w: *const f32,
    /// L_H, rank x cols, or null: none
    pub l1_h: *const f32,
    /// pairs (A_j, B_j): rows x rows, rank x rank
    pub penalty_w: *const orthant_penalty_f32,
    /// pairs (C_j, D_j): rank x rank, cols x cols
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

/// The same in double precision.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_terms_f64 {
    /// required: sizeof this struct
    pub size: u32,
    /// how many pairs in penalty_w and penalty_h
    pub penalties_w: i32,
    /// how many pairs in penalty_w and penalty_h
    pub penalties_h: i32,
    /// leading dimensions of L_W, \>= rows, and of L_H, \>= rank
    pub ldl1_w: i32,
    /// leading dimensions of L_W, \>= rows, and of L_H, \>= rank
    pub ldl1_h: i32,
    /// zero
    pub reserved: i32,
    /// P, rows x rows
    pub weight_rows: orthant_symmetric_f64,
    /// Q, cols x cols
    pub weight_cols: orthant_symmetric_f64,
    /// L_W, rows x rank, or null: none
    pub l1_w: *const f64,
    /// L_H, rank x cols, or null: none
    pub l1_h: *const f64,
    /// pairs (A_j, B_j): rows x rows, rank x rank
    pub penalty_w: *const orthant_penalty_f64,
    /// pairs (C_j, D_j): rank x rank, cols x cols
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

/// What to solve.  All but `n` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_qp_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required
    pub n: i32,
    /// advanced: ORTHANT_QP_...; 0: LEE_SEUNG
    pub rule: i32,
    /// of one run; 0: 1000; \< 0: none, the report only
    pub max_iter: i32,
    /// advanced: 1: steps of length one within the boundary, in the place of the minimiser
    pub full_step: i32,
    /// zero
    pub reserved: i32,
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
    /// called between iterations, or null
    pub progress: orthant_progress_fn,
    /// passed on to `progress`
    pub user: *mut c_void,
    /// your threads; null: serial
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

/// What to decompose, and how.  All but `rows`, `cols` and `rank` may stay zero; "Advanced: ReLU decomposition" below
/// says for each method which of the advanced fields it reads.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_relu_nmd_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// called between iterations, or null
    pub progress: orthant_progress_fn,
    /// passed on to `progress`
    pub user: *mut c_void,
    /// your threads; null: serial
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

/// What to decompose.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_tsvd_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// your threads; null: serial
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

/// Which graph.  All but `features` and `samples` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_graph_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
    /// your threads; null: serial
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

/// What to factor, and how.  All but `n` and `rank` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symnmf_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// called between iterations, or null
    pub progress: orthant_progress_fn,
    /// passed on to `progress`
    pub user: *mut c_void,
    /// your threads; null: serial
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

/// The sizes of what is compared.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_clusters_config {
    /// required: sizeof this struct
    pub size: u32,
    /// required
    pub samples: i32,
    /// required; they may differ
    pub clusters: i32,
    /// required; they may differ
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

/// Set `size`; the rest is written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_clusters_scores {
    /// required: sizeof this struct
    pub size: u32,
    /// zero
    pub reserved: u32,
    /// under the best one-to-one map of clusters to classes \[Kuhn 1955\]
    pub accuracy: f64,
    /// share of the samples that are in the majority class of their cluster
    pub purity: f64,
    /// mutual information over the larger entropy; 1 where both entropies are zero
    pub nmi: f64,
    /// ... over the smaller entropy
    pub nmi_min: f64,
    /// ... over their geometric mean
    pub nmi_sqrt: f64,
    /// ... over their mean
    pub nmi_mean: f64,
    /// ... over the joint entropy
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

/// What to factor, by a network that is trained on this one X.  All but `n` and `rank` may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orthant_symnet_config {
    /// required: sizeof this struct
    pub size: u32,
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
    /// zero
    pub reserved: i32,
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
    /// called after each epoch, or null; objective is the loss before its step
    pub progress: orthant_progress_fn,
    /// passed on to `progress`
    pub user: *mut c_void,
    /// your threads; null: serial
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
    /// What a status means, in a static string; never null.
    pub fn orthant_status_text(status: i32) -> *const c_char;
    /// The release of the library at work, which may be later than that of this header.
    pub fn orthant_version() -> *const c_char;
    /// The interface number of the library at work; programs compiled with another one must not go on.
    pub fn orthant_abi() -> i32;
    /// How the library was built, backend and element types, in a static string such as "blis+lapacke f32 f64".
    pub fn orthant_build() -> *const c_char;
    /// The instruction set that is used on this processor, in a static string such as "avx2".
    pub fn orthant_build_kernels() -> *const c_char;
    /// Why a matrix is refused (E_ARG, E_DATA), in a sentence that names its field or the first bad entry: "entry (3, 4),
    /// counted from 0, is -2, which is negative".
    /// ```text
    ///   what  in   what is asked for besides finite entries whose squares are finite, and weights in [0, 1]: a sum of
    ///              ORTHANT_DATA_...  NMF: NOT_NEGATIVE and ROOM, with the losses that need V > 0 POSITIVE; ReLU
    ///              decomposition as NMF; symmetric NMF and SymNMF-Net: SYMMETRIC too; endmembers and the truncated SVD:
    ///              ROOM; unmixing: COLUMNS of E, 0 of Y
    ///   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    ///   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    ///   Of STREAM the struct alone is looked at: there is no memory here to read columns to
    ///   Cost: three readings of the matrix; SYMMETRIC of a sparse one a search in a column for each entry
    /// ```
    pub fn orthant_matrix_problem_f32(X: *const orthant_matrix_f32, what: i32, text: *mut c_char,
        room: usize) -> usize;
    /// Why a matrix is refused (E_ARG, E_DATA), in a sentence that names its field or the first bad entry: "entry (3, 4),
    /// counted from 0, is -2, which is negative".
    /// ```text
    ///   what  in   what is asked for besides finite entries whose squares are finite, and weights in [0, 1]: a sum of
    ///              ORTHANT_DATA_...  NMF: NOT_NEGATIVE and ROOM, with the losses that need V > 0 POSITIVE; ReLU
    ///              decomposition as NMF; symmetric NMF and SymNMF-Net: SYMMETRIC too; endmembers and the truncated SVD:
    ///              ROOM; unmixing: COLUMNS of E, 0 of Y
    ///   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    ///   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    ///   Of STREAM the struct alone is looked at: there is no memory here to read columns to
    ///   Cost: three readings of the matrix; SYMMETRIC of a sparse one a search in a column for each entry
    /// ```
    pub fn orthant_matrix_problem_f64(X: *const orthant_matrix_f64, what: i32, text: *mut c_char,
        room: usize) -> usize;
    /// Why a config is refused by size (E_ARG, E_UNSUPPORTED, E_BLOB), in a sentence that begins with the name of a field:
    /// "bands is 0; it must be at least 1"; or, where fields are refused together, has those of which one would have to be
    /// zero.  The config is looked at again, by size in f32 too; nothing is kept from the call that failed.
    /// ```text
    ///   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
    ///   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
    /// ```
    pub fn orthant_unmix_config_problem(c: *const orthant_unmix_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace.  They depend on the config alone, not on the number of pixels.
    /// ```text
    ///   bytes  out  the least size of `mem` at init
    ///   OK | E_ARG | E_UNSUPPORTED | E_BLOB (the model does not fit)
    /// ```
    pub fn orthant_unmix_size_f32(c: *const orthant_unmix_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E    in   bands x endmembers, lde >= bands; finite; |e_k|^2 neither overflows nor, but for a zero column, vanishes
    ///             (below 1e-31 in f32, 1e-292 in f64); used in place by every run: it must outlive the handle
    ///   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   out  out  the handle
    ///   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED | E_BLOB
    ///   Cost: bands * endmembers^2 multiply-adds
    /// ```
    pub fn orthant_unmix_init_f32(c: *const orthant_unmix_config, E: *const f32, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut orthant_unmix_f32) -> i32;
    /// Abundances of the Y-\>cols pixels of Y.  The same problem is nonnegative least squares with one matrix and many
    /// right-hand sides.
    /// ```text
    ///   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
    ///   Y  in   bands x pixels, of the kind that the config names; finite, in the unit of E.  MASKED: each pixel is fitted
    ///           and judged by the bands that it has, with their weights
    ///   A  out  endmembers x pixels, lda >= endmembers; fractions of the columns of E; must not overlap Y or E
    ///   r  out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|;  kkt: the largest over the pixels and
    ///           over k of |min(a_k / u_k, u_k g_k)| / max(|y|, |E a|) with g = E'(E a - y) and u_k the power of two in
    ///           (1/2, 1] / |e_k|, as if the columns of E had norms near one; if sum_to_one with g less its mean over the
    ///           support, weighted by u_k^2, and u_k at most the largest there; without sign constraint |u_k g_k| in the
    ///           place of the minimum;  worst: its pixel
    ///   OK | E_ARG | E_DATA (a pixel has NaN or infinite entries, or its squares or its abundances overflow, or MASKED and
    ///   no band at all: its abundances are NaN, those of all other pixels are valid) | E_READ (STREAM: the abundances of
    ///   all pixels that were read before are valid, the others as they were)
    ///   On microcontrollers inexact methods do not scale columns of uneven norms, and a pixel whose squares vanish counts as
    ///   zero: flash is short there
    ///   Cost of a pixel: bands * endmembers multiply-adds for E'y, then about iterations * endmembers^2; MASKED with bands
    ///   missing: bands * endmembers^2 for its own Gram matrix
    ///   Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; tools/docs/algorithms.md, "Unmixing"
    /// ```
    pub fn orthant_unmix_run_f32(s: *mut orthant_unmix_f32, Y: *const orthant_matrix_f32, A: *mut f32, lda: i32,
        r: *mut orthant_report) -> i32;
    /// How well given abundances explain given pixels, from E and Y directly and not from the Gram matrix.
    /// ```text
    ///   Y    in   as at run
    ///   A    in   endmembers x pixels, lda >= endmembers, from any source
    ///   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of the weights
    ///   kkt  out  pixels, or null: the residual defined at run, of each pixel
    ///   r    out  objective, rel_error, the largest kkt and its pixel
    ///   OK | E_ARG | E_READ
    ///   Cost of a pixel: 2 * bands * endmembers multiply-adds
    /// ```
    pub fn orthant_unmix_check_f32(s: *mut orthant_unmix_f32, Y: *const orthant_matrix_f32, A: *const f32,
        lda: i32, rms: *mut f32, kkt: *mut f32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace.  They depend on the config alone, not on the number of pixels.
    /// ```text
    ///   bytes  out  the least size of `mem` at init
    ///   OK | E_ARG | E_UNSUPPORTED | E_BLOB (the model does not fit)
    /// ```
    pub fn orthant_unmix_size_f64(c: *const orthant_unmix_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E    in   bands x endmembers, lde >= bands; finite; |e_k|^2 neither overflows nor, but for a zero column, vanishes
    ///             (below 1e-31 in f32, 1e-292 in f64); used in place by every run: it must outlive the handle
    ///   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   out  out  the handle
    ///   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED | E_BLOB
    ///   Cost: bands * endmembers^2 multiply-adds
    /// ```
    pub fn orthant_unmix_init_f64(c: *const orthant_unmix_config, E: *const f64, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut orthant_unmix_f64) -> i32;
    /// Abundances of the Y-\>cols pixels of Y.  The same problem is nonnegative least squares with one matrix and many
    /// right-hand sides.
    /// ```text
    ///   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
    ///   Y  in   bands x pixels, of the kind that the config names; finite, in the unit of E.  MASKED: each pixel is fitted
    ///           and judged by the bands that it has, with their weights
    ///   A  out  endmembers x pixels, lda >= endmembers; fractions of the columns of E; must not overlap Y or E
    ///   r  out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|;  kkt: the largest over the pixels and
    ///           over k of |min(a_k / u_k, u_k g_k)| / max(|y|, |E a|) with g = E'(E a - y) and u_k the power of two in
    ///           (1/2, 1] / |e_k|, as if the columns of E had norms near one; if sum_to_one with g less its mean over the
    ///           support, weighted by u_k^2, and u_k at most the largest there; without sign constraint |u_k g_k| in the
    ///           place of the minimum;  worst: its pixel
    ///   OK | E_ARG | E_DATA (a pixel has NaN or infinite entries, or its squares or its abundances overflow, or MASKED and
    ///   no band at all: its abundances are NaN, those of all other pixels are valid) | E_READ (STREAM: the abundances of
    ///   all pixels that were read before are valid, the others as they were)
    ///   On microcontrollers inexact methods do not scale columns of uneven norms, and a pixel whose squares vanish counts as
    ///   zero: flash is short there
    ///   Cost of a pixel: bands * endmembers multiply-adds for E'y, then about iterations * endmembers^2; MASKED with bands
    ///   missing: bands * endmembers^2 for its own Gram matrix
    ///   Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; tools/docs/algorithms.md, "Unmixing"
    /// ```
    pub fn orthant_unmix_run_f64(s: *mut orthant_unmix_f64, Y: *const orthant_matrix_f64, A: *mut f64, lda: i32,
        r: *mut orthant_report) -> i32;
    /// How well given abundances explain given pixels, from E and Y directly and not from the Gram matrix.
    /// ```text
    ///   Y    in   as at run
    ///   A    in   endmembers x pixels, lda >= endmembers, from any source
    ///   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of the weights
    ///   kkt  out  pixels, or null: the residual defined at run, of each pixel
    ///   r    out  objective, rel_error, the largest kkt and its pixel
    ///   OK | E_ARG | E_READ
    ///   Cost of a pixel: 2 * bands * endmembers multiply-adds
    /// ```
    pub fn orthant_unmix_check_f64(s: *mut orthant_unmix_f64, Y: *const orthant_matrix_f64, A: *const f64,
        lda: i32, rms: *mut f64, kkt: *mut f64, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_nmf_config_problem(c: *const orthant_nmf_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace: about (2 rows + cols) \* rank elements, twice that for EHALS and AOADMM; never rows \* cols.
    /// ```text
    ///   bytes  out  the least size of `mem` at init
    ///   OK | E_ARG | E_UNSUPPORTED (no method does what the fields ask for together) | E_BLOB (a model does not fit)
    /// ```
    pub fn orthant_nmf_size_f32(c: *const orthant_nmf_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   out  out  the handle
    ///   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED | E_BLOB
    /// ```
    pub fn orthant_nmf_init_f32(c: *const orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nmf_f32) -> i32;
    /// Make the starting point, and check V.
    /// ```text
    ///   V  in   rows x cols, of the kind that the config names; finite, nonnegative
    ///   W  out  rows x rank, ldw >= rows; in with ORTHANT_START_GIVEN or fixed_w
    ///   H  out  rank x cols, ldh >= rank; in with ORTHANT_START_GIVEN
    ///   V, W and H must not overlap
    ///   OK | E_ARG | E_DATA | E_READ (W and H then hold no result)
    ///   Cost: one to three readings of V; of the start SPA rank readings, of NNDSVD tens
    ///   Source: tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine"
    /// ```
    pub fn orthant_nmf_start_f32(s: *mut orthant_nmf_f32, V: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   minimise 1/2 |V - W H|^2 + the penalties of the config  over W >= 0, H >= 0
    /// ```
    /// or the other losses and methods of "Advanced: NMF".  An outer iteration updates W, then H with the new W, and reads V
    /// once.  Between calls V, W and H stay as they are; to go on from other factors call start with ORTHANT_START_GIVEN.
    /// Without a start the first run takes W and H as given.
    /// ```text
    ///   V  in      as at start
    ///   W  in/out  rows x rank, ldw >= rows
    ///   H  in/out  rank x cols, ldh >= rank
    ///   V, W and H must not overlap
    ///   r  out     objective: with all penalties;  rel_error: |V - W H| / |V|, without them;  kkt: the root of the sum over
    ///              the components k of (|P_Wk|^2 / |h_k|^2 + |P_Hk|^2 / |w_k|^2) / |V|^2, P the projected gradient (the
    ///              gradient g where g < 0 or the entry is positive, else 0).  It is zero exactly at a stationary point, and
    ///              does not change when V, or a component against its partner, is scaled
    ///   OK | E_ARG | E_DATA | E_READ (STREAM: W and H are those of the last iteration that was complete, of EHALS the best;
    ///   with losses other than the Frobenius norm W and those columns of H are new that were read, and the objective has
    ///   not risen.  The next run begins from them)
    ///   Cost of an iteration: 2 * rows * cols * rank multiply-adds (sparse: nonzeros in the place of rows * cols) and one
    ///   reading of V, then sweeps * (rows + cols) * rank^2.  EHALS that ends before max_iter reads V once more.  What
    ///   EHALS reports to `progress` does not rise, and what it hands back is not above any of that nor above the start
    ///   Source: Ang and Gillis 2019 (EHALS, the default); tools/docs/algorithms.md, "Extrapolated HALS"
    /// ```
    pub fn orthant_nmf_run_f32(s: *mut orthant_nmf_f32, V: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace: about (2 rows + cols) \* rank elements, twice that for EHALS and AOADMM; never rows \* cols.
    /// ```text
    ///   bytes  out  the least size of `mem` at init
    ///   OK | E_ARG | E_UNSUPPORTED (no method does what the fields ask for together) | E_BLOB (a model does not fit)
    /// ```
    pub fn orthant_nmf_size_f64(c: *const orthant_nmf_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   out  out  the handle
    ///   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED | E_BLOB
    /// ```
    pub fn orthant_nmf_init_f64(c: *const orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nmf_f64) -> i32;
    /// Make the starting point, and check V.
    /// ```text
    ///   V  in   rows x cols, of the kind that the config names; finite, nonnegative
    ///   W  out  rows x rank, ldw >= rows; in with ORTHANT_START_GIVEN or fixed_w
    ///   H  out  rank x cols, ldh >= rank; in with ORTHANT_START_GIVEN
    ///   V, W and H must not overlap
    ///   OK | E_ARG | E_DATA | E_READ (W and H then hold no result)
    ///   Cost: one to three readings of V; of the start SPA rank readings, of NNDSVD tens
    ///   Source: tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine"
    /// ```
    pub fn orthant_nmf_start_f64(s: *mut orthant_nmf_f64, V: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   minimise 1/2 |V - W H|^2 + the penalties of the config  over W >= 0, H >= 0
    /// ```
    /// or the other losses and methods of "Advanced: NMF".  An outer iteration updates W, then H with the new W, and reads V
    /// once.  Between calls V, W and H stay as they are; to go on from other factors call start with ORTHANT_START_GIVEN.
    /// Without a start the first run takes W and H as given.
    /// ```text
    ///   V  in      as at start
    ///   W  in/out  rows x rank, ldw >= rows
    ///   H  in/out  rank x cols, ldh >= rank
    ///   V, W and H must not overlap
    ///   r  out     objective: with all penalties;  rel_error: |V - W H| / |V|, without them;  kkt: the root of the sum over
    ///              the components k of (|P_Wk|^2 / |h_k|^2 + |P_Hk|^2 / |w_k|^2) / |V|^2, P the projected gradient (the
    ///              gradient g where g < 0 or the entry is positive, else 0).  It is zero exactly at a stationary point, and
    ///              does not change when V, or a component against its partner, is scaled
    ///   OK | E_ARG | E_DATA | E_READ (STREAM: W and H are those of the last iteration that was complete, of EHALS the best;
    ///   with losses other than the Frobenius norm W and those columns of H are new that were read, and the objective has
    ///   not risen.  The next run begins from them)
    ///   Cost of an iteration: 2 * rows * cols * rank multiply-adds (sparse: nonzeros in the place of rows * cols) and one
    ///   reading of V, then sweeps * (rows + cols) * rank^2.  EHALS that ends before max_iter reads V once more.  What
    ///   EHALS reports to `progress` does not rise, and what it hands back is not above any of that nor above the start
    ///   Source: Ang and Gillis 2019 (EHALS, the default); tools/docs/algorithms.md, "Extrapolated HALS"
    /// ```
    pub fn orthant_nmf_run_f64(s: *mut orthant_nmf_f64, V: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_endmembers_config_problem(c: *const orthant_endmembers_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_endmembers_size_f32(c: *const orthant_endmembers_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_endmembers_init_f32(c: *const orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_endmembers_f32) -> i32;
    /// Find pixels of Y whose simplex holds the others: Y is close to E A with A \>= 0 and 1'A = 1'.
    /// ```text
    ///   Y      in   bands x pixels, of the kind that the config names, finite; any unit
    ///   D      in   endmembers x endmembers, ldd >= endmembers: the random directions of VCA, finite, the zero vector or one
    ///               in the span of those before is replaced by an axis; null: drawn from the seed
    ///   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels, in the unit of Y; VCA: projected on
    ///               the signal subspace
    ///   pixel  out  endmembers: the columns of Y that were chosen
    ///   no output overlaps another array
    ///   OK | E_ARG | E_DATA (also where Y has fewer independent pixels than endmembers) | E_READ (E and pixel then hold no
    ///   result)
    ///   Cost: SPA 2 * endmembers readings of Y; VCA and NFINDR a truncated SVD, which are two readings a step and pixels *
    ///   (endmembers + 8) elements of workspace, then endmembers passes over the reduced data, VCA in each draw
    /// ```
    pub fn orthant_endmembers_run_f32(s: *mut orthant_endmembers_f32, Y: *const orthant_matrix_f32, D: *const f32,
        ldd: i32, E: *mut f32, lde: i32, pixel: *mut i32) -> i32;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_endmembers_size_f64(c: *const orthant_endmembers_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_endmembers_init_f64(c: *const orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_endmembers_f64) -> i32;
    /// Find pixels of Y whose simplex holds the others: Y is close to E A with A \>= 0 and 1'A = 1'.
    /// ```text
    ///   Y      in   bands x pixels, of the kind that the config names, finite; any unit
    ///   D      in   endmembers x endmembers, ldd >= endmembers: the random directions of VCA, finite, the zero vector or one
    ///               in the span of those before is replaced by an axis; null: drawn from the seed
    ///   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels, in the unit of Y; VCA: projected on
    ///               the signal subspace
    ///   pixel  out  endmembers: the columns of Y that were chosen
    ///   no output overlaps another array
    ///   OK | E_ARG | E_DATA (also where Y has fewer independent pixels than endmembers) | E_READ (E and pixel then hold no
    ///   result)
    ///   Cost: SPA 2 * endmembers readings of Y; VCA and NFINDR a truncated SVD, which are two readings a step and pixels *
    ///   (endmembers + 8) elements of workspace, then endmembers passes over the reduced data, VCA in each draw
    /// ```
    pub fn orthant_endmembers_run_f64(s: *mut orthant_endmembers_f64, Y: *const orthant_matrix_f64, D: *const f64,
        ldd: i32, E: *mut f64, lde: i32, pixel: *mut i32) -> i32;
    /// The word for a number of the field `method`: "vca", "spa", "nfindr"; 0: "auto"; null where there is no such method.
    pub fn orthant_endmembers_method_name(method: i32) -> *const c_char;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_scores_config_problem(c: *const orthant_scores_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_scores_size_f32(c: *const orthant_scores_config, bytes: *mut usize) -> i32;
    /// Match estimated endmembers to the true ones, one to one, and compare.
    /// ```text
    ///   minimise over permutations the sum of the spectral angles arccos(e't / (|e| |t|)), or, where no spectra are given,
    ///   of the squared differences of abundances
    ///   mem        the workspace of `bytes` bytes, at any address, cleared or not
    ///   E, E_true  in   bands x endmembers, lde and ldet >= bands; or both null
    ///   A, A_true  in   endmembers x pixels, lda and ldat >= endmembers; or both null; at least one pair is given
    ///   match      out  endmembers, or null: estimate match[i] belongs to truth i
    ///   angle      out  endmembers, or null: spectral angles in radians, in the order of the truth
    ///   out        out  the scores, or null
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3
    ///   Source: Kuhn 1955 (assignment)
    /// ```
    pub fn orthant_scores_run_f32(c: *const orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const f32,
        lde: i32, E_true: *const f32, ldet: i32, A: *const f32, lda: i32, A_true: *const f32, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut orthant_scores) -> i32;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_scores_size_f64(c: *const orthant_scores_config, bytes: *mut usize) -> i32;
    /// Match estimated endmembers to the true ones, one to one, and compare.
    /// ```text
    ///   minimise over permutations the sum of the spectral angles arccos(e't / (|e| |t|)), or, where no spectra are given,
    ///   of the squared differences of abundances
    ///   mem        the workspace of `bytes` bytes, at any address, cleared or not
    ///   E, E_true  in   bands x endmembers, lde and ldet >= bands; or both null
    ///   A, A_true  in   endmembers x pixels, lda and ldat >= endmembers; or both null; at least one pair is given
    ///   match      out  endmembers, or null: estimate match[i] belongs to truth i
    ///   angle      out  endmembers, or null: spectral angles in radians, in the order of the truth
    ///   out        out  the scores, or null
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3
    ///   Source: Kuhn 1955 (assignment)
    /// ```
    pub fn orthant_scores_run_f64(c: *const orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const f64,
        lde: i32, E_true: *const f64, ldet: i32, A: *const f64, lda: i32, A_true: *const f64, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut orthant_scores) -> i32;
    /// The word for a number of the field `method`, as the languages have it ("bpp", "active_set", ...; 0: "auto"), in a
    /// static string; null where there is no such method.
    pub fn orthant_unmix_method_name(method: i32) -> *const c_char;
    /// The word for a number of the field `method`, as the command line has it ("ehals", "hals", ...; 0: "auto"), in a
    /// static string; null where there is no such method.
    pub fn orthant_nmf_method_name(method: i32) -> *const c_char;
    /// The same for the field `start`: "cols", "spas", ...
    pub fn orthant_nmf_start_name(start: i32) -> *const c_char;
    /// The same for the field `loss`: "frobenius", "kl", "is", "beta".
    pub fn orthant_nmf_loss_name(loss: i32) -> *const c_char;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_dimension_config_problem(c: *const orthant_dimension_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace: four matrices of bands x bands, in double on a host.  They do not grow with the pixels.
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_dimension_size_f32(c: *const orthant_dimension_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_dimension_init_f32(c: *const orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_dimension_f32) -> i32;
    /// Count the spectra that Y is mixed from.  With R = Y Y' / pixels and P = R^-1, regression of band i on all others
    /// leaves noise of variance 1 / P_ii.
    /// ```text
    ///   HYSIME  counts the eigenvectors q of the signal's correlation with q'R q > 2 q'N q, N the noise variances plus
    ///           1e-5 of the signal's mean power
    ///   HFC     counts the bands k where the eigenvalue l_k of R exceeds that of the covariance, m_k, by more than
    ///           t sqrt(2 / pixels (l_k^2 + m_k^2)), t the normal quantile of false_alarm; both sorted
    ///   Y      in   bands x pixels, dense, finite, pixels > bands; any unit
    ///   power  out  bands: what is compared, falling, in the unit of Y squared (NWHFC: without unit); for a plot
    ///   limit  out  bands: what it must exceed
    ///   noise  out  bands, or null: the standard deviation of each band's noise, in the unit of Y
    ///   count  out  how many exceed it: HYSIME and HFC of an image of one material in many brightnesses say 1
    ///   no output overlaps another array
    ///   OK | E_ARG | E_DATA
    ///   Cost: pixels * bands^2 / 2 multiply-adds, then about 10 bands^3
    ///   Source: tools/docs/algorithms.md, "How many endmembers"
    /// ```
    pub fn orthant_dimension_run_f32(s: *mut orthant_dimension_f32, Y: *const orthant_matrix_f32, power: *mut f64,
        limit: *mut f64, noise: *mut f64, count: *mut i32) -> i32;
    /// Bytes of workspace: four matrices of bands x bands, in double on a host.  They do not grow with the pixels.
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_dimension_size_f64(c: *const orthant_dimension_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_dimension_init_f64(c: *const orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_dimension_f64) -> i32;
    /// Count the spectra that Y is mixed from.  With R = Y Y' / pixels and P = R^-1, regression of band i on all others
    /// leaves noise of variance 1 / P_ii.
    /// ```text
    ///   HYSIME  counts the eigenvectors q of the signal's correlation with q'R q > 2 q'N q, N the noise variances plus
    ///           1e-5 of the signal's mean power
    ///   HFC     counts the bands k where the eigenvalue l_k of R exceeds that of the covariance, m_k, by more than
    ///           t sqrt(2 / pixels (l_k^2 + m_k^2)), t the normal quantile of false_alarm; both sorted
    ///   Y      in   bands x pixels, dense, finite, pixels > bands; any unit
    ///   power  out  bands: what is compared, falling, in the unit of Y squared (NWHFC: without unit); for a plot
    ///   limit  out  bands: what it must exceed
    ///   noise  out  bands, or null: the standard deviation of each band's noise, in the unit of Y
    ///   count  out  how many exceed it: HYSIME and HFC of an image of one material in many brightnesses say 1
    ///   no output overlaps another array
    ///   OK | E_ARG | E_DATA
    ///   Cost: pixels * bands^2 / 2 multiply-adds, then about 10 bands^3
    ///   Source: tools/docs/algorithms.md, "How many endmembers"
    /// ```
    pub fn orthant_dimension_run_f64(s: *mut orthant_dimension_f64, Y: *const orthant_matrix_f64, power: *mut f64,
        limit: *mut f64, noise: *mut f64, count: *mut i32) -> i32;
    /// Check all of a weight file but the CRC of its data.
    /// ```text
    ///   blob  in   `bytes` bytes at a multiple of the file's alignment, 64 unless it was made with another; used in place
    ///   out   out  the model, which is the same address
    ///   OK | E_ARG | E_BLOB (orthant_model_problem says what is wrong)
    ///   Cost: linear in the number of records; the data are not read
    /// ```
    pub fn orthant_model_open(blob: *const c_void, bytes: usize, out: *mut *const orthant_model) -> i32;
    /// Check the CRC of the data.  It finds corruption, not tampering; signatures are the product's own.
    /// ```text
    ///   OK | E_ARG | E_BLOB.   Cost: one reading of the file
    /// ```
    pub fn orthant_model_verify(m: *const orthant_model) -> i32;
    /// What open or verify refuse, in a static string; "ok" where neither does.  Never null.
    pub fn orthant_model_problem(blob: *const c_void, bytes: usize) -> *const c_char;
    /// ORTHANT_MODEL_... of an opened model; 0 for null.
    pub fn orthant_model_kind(m: *const orthant_model) -> i32;
    /// The number of its records; 0 for null.
    pub fn orthant_model_records(m: *const orthant_model) -> i32;
    /// Its length in bytes; 0 for null.
    pub fn orthant_model_bytes(m: *const orthant_model) -> usize;
    /// "nalmu", "ralmu", ... for ORTHANT_MODEL_..., in a static string; null for an unknown kind.
    pub fn orthant_model_kind_name(kind: i32) -> *const c_char;
    /// "f32", "f16", ... for ORTHANT_ELEMENT_..., in a static string; null for an unknown type.
    pub fn orthant_element_name(element: i32) -> *const c_char;
    /// Describe record i in \[0, orthant_model_records).   OK \| E_ARG
    pub fn orthant_model_record(m: *const orthant_model, i: i32, out: *mut orthant_record) -> i32;
    /// Elements of record i as numbers.
    /// ```text
    ///   out  out  `count` numbers, of the elements from, from + 1, ...
    ///   OK | E_ARG (also where the record has no such elements)
    /// ```
    pub fn orthant_model_values_f32(m: *const orthant_model, i: i32, from: usize, count: usize,
        out: *mut f32) -> i32;
    /// Elements of record i as numbers.
    /// ```text
    ///   out  out  `count` numbers, of the elements from, from + 1, ...
    ///   OK | E_ARG (also where the record has no such elements)
    /// ```
    pub fn orthant_model_values_f64(m: *const orthant_model, i: i32, from: usize, count: usize,
        out: *mut f64) -> i32;
    /// The same model with other numbers: every array of rank 2 and above that is not I32 becomes `element`; scalars and
    /// vectors stay as they are.
    /// ```text
    ///   element    in   ORTHANT_ELEMENT_... but I32
    ///   alignment  in   16, 32, 64, 128 or 256; 0: 64
    ///   out        out  `capacity` bytes at any address, or null to ask for the size alone; must not overlap the model
    ///   bytes      out  the length
    ///   OK | E_ARG | E_SCRATCH (capacity too small) | E_DATA (a number that the type cannot hold)
    ///   Cost: one reading and one writing of the file
    /// ```
    pub fn orthant_model_convert(m: *const orthant_model, element: i32, alignment: i32, out: *mut c_void,
        capacity: usize, bytes: *mut usize) -> i32;
    /// What a model is.   OK \| E_ARG \| E_BLOB (another kind, or one whose records do not fit together)
    pub fn orthant_factormer_describe(m: *const orthant_model, out: *mut orthant_factormer_info) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_factormer_config_problem(c: *const orthant_factormer_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace: about (rows + cols) \* (width + 2 rank) elements and, for each worker, about
    /// 64 \* (2 width heads + 128 heads + 6 width + 2 hidden) + 128 \* width.
    /// ```text
    ///   OK | E_ARG | E_BLOB
    /// ```
    pub fn orthant_factormer_size_f32(c: *const orthant_factormer_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_BLOB
    pub fn orthant_factormer_init_f32(c: *const orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_factormer_f32) -> i32;
    /// Apply the network once.
    /// ```text
    ///   W, H <- network(V, W, H), V ~ W H:  attention over the complete bipartite graph of the rows of W and the columns of
    ///   H, whose edges are the entries of V.  V is brought to mean one and back, so its unit does not matter
    ///   V       in      rows x cols, dense, finite, nonnegative
    ///   W       in/out  rows x rank, ldw >= rows; nonnegative: a start as that of NNDSVD, or the factor after a step of the
    ///   solver
    ///   H       in/out  rank x cols, ldh >= rank; in the same way
    ///   W0, H0  in      as W and H, for a model that accelerates: the factors before that step; else null
    ///   W and H must not overlap each other or anything else
    ///   OK | E_ARG | E_DATA (data, factors or the result of the network are not finite; W and H are then as they were)
    ///   Cost: layers * (2 * rows * cols * heads * (4 * width + 9) + (rows + cols) * (10 * width^2 + 4 * width * hidden))
    ///   flops.  Numbers of the model that have the element type are read in place; others are converted in every run, a
    ///   layer at a time
    ///   Source: tools/docs/algorithms.md, "Factormer: network"
    /// ```
    pub fn orthant_factormer_run_f32(s: *mut orthant_factormer_f32, V: *const orthant_matrix_f32, W: *mut f32,
        ldw: i32, H: *mut f32, ldh: i32, W0: *const f32, ldw0: i32, H0: *const f32, ldh0: i32) -> i32;
    /// Bytes of workspace: about (rows + cols) \* (width + 2 rank) elements and, for each worker, about
    /// 64 \* (2 width heads + 128 heads + 6 width + 2 hidden) + 128 \* width.
    /// ```text
    ///   OK | E_ARG | E_BLOB
    /// ```
    pub fn orthant_factormer_size_f64(c: *const orthant_factormer_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_BLOB
    pub fn orthant_factormer_init_f64(c: *const orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_factormer_f64) -> i32;
    /// Apply the network once.
    /// ```text
    ///   W, H <- network(V, W, H), V ~ W H:  attention over the complete bipartite graph of the rows of W and the columns of
    ///   H, whose edges are the entries of V.  V is brought to mean one and back, so its unit does not matter
    ///   V       in      rows x cols, dense, finite, nonnegative
    ///   W       in/out  rows x rank, ldw >= rows; nonnegative: a start as that of NNDSVD, or the factor after a step of the
    ///   solver
    ///   H       in/out  rank x cols, ldh >= rank; in the same way
    ///   W0, H0  in      as W and H, for a model that accelerates: the factors before that step; else null
    ///   W and H must not overlap each other or anything else
    ///   OK | E_ARG | E_DATA (data, factors or the result of the network are not finite; W and H are then as they were)
    ///   Cost: layers * (2 * rows * cols * heads * (4 * width + 9) + (rows + cols) * (10 * width^2 + 4 * width * hidden))
    ///   flops.  Numbers of the model that have the element type are read in place; others are converted in every run, a
    ///   layer at a time
    ///   Source: tools/docs/algorithms.md, "Factormer: network"
    /// ```
    pub fn orthant_factormer_run_f64(s: *mut orthant_factormer_f64, V: *const orthant_matrix_f64, W: *mut f64,
        ldw: i32, H: *mut f64, ldh: i32, W0: *const f64, ldw0: i32, H0: *const f64, ldh0: i32) -> i32;
    /// Quantize the columns of X to 16 bits.
    /// ```text
    ///   x ~ s Q for each column x, s = max |x| / q, Q integers in [-q, q], q = 32767 (i16) or 127 (i8).  Rounding leaves
    ///   |x_i - s Q_i| <= h s with h = 1/2 + 2^-8: half a step, and two roundings of a float of at most 2^15
    ///   X      in   rows x cols, ldx >= rows; finite; any unit
    ///   Q      out  rows x cols, ldq >= rows; must not overlap X
    ///   steps  out  cols: s; 0, as is Q, where a column is zero or below 1e-34
    ///   OK | E_ARG | E_DATA (nothing is written)
    ///   Cost: one division an element
    /// ```
    pub fn orthant_fixed_quantize_i16(X: *const f32, ldx: i32, rows: i32, cols: i32, Q: *mut i16, ldq: i32,
        steps: *mut f32) -> i32;
    /// The same to 8 bits.
    pub fn orthant_fixed_quantize_i8(X: *const f32, ldx: i32, rows: i32, cols: i32, Q: *mut i8, ldq: i32,
        steps: *mut f32) -> i32;
    /// Products of quantized pixels and endmembers, summed in integers without error.
    /// ```text
    ///   b_k = s_k t sum_i E_ik y_i,  s_k the step of the endmember, t that of the pixel.  For what was quantized
    ///   |b_k - e_k'y| <= h (s_k |y|_1 + t |e_k|_1) + h^2 bands s_k t + 4 u |b_k|,  u = 2^-24.  A sensor's own counts are
    ///   exact: then the terms with h t vanish and t is the unit of a count.  Where all entries are near their maximum that
    ///   is 3e-5 |b| in i16 with both quantized, half of it with counts, and 0.8 % in i8
    ///   E        in   bands x endmembers, lde >= bands
    ///   e_steps  in   endmembers
    ///   Y        in   bands x pixels, ldy >= bands
    ///   y_steps  in   pixels, or null: all 1
    ///   B        out  endmembers x pixels, ldb >= endmembers; must not overlap an input
    ///   OK | E_ARG (i8: also more than 131071 bands, whose sum may pass 32 bits; i16 sums in 64)
    ///   Cost of a pixel: bands * endmembers integer multiply-adds
    /// ```
    pub fn orthant_fixed_project_i16(E: *const i16, lde: i32, e_steps: *const f32, Y: *const i16, ldy: i32,
        y_steps: *const f32, bands: i32, endmembers: i32, pixels: i32, B: *mut f32, ldb: i32) -> i32;
    /// The same of 8 bits.
    pub fn orthant_fixed_project_i8(E: *const i8, lde: i32, e_steps: *const f32, Y: *const i8, ldy: i32,
        y_steps: *const f32, bands: i32, endmembers: i32, pixels: i32, B: *mut f32, ldb: i32) -> i32;
    /// Abundances as orthant_unmix_run, from products in the place of the pixels.
    /// ```text
    ///   B  in   endmembers x pixels, ldb >= endmembers: E'y for the E of init, from anywhere
    ///   A  out  endmembers x pixels, lda >= endmembers; may be B where lda = ldb, else must not overlap it
    ///   OK | E_ARG | E_DATA (as at run) | E_UNSUPPORTED (masked data; the methods HALS, ADMM, FAST_PG and MU, which stop by
    ///   their residual)
    ///   Cost of a pixel: about iterations * endmembers^2 multiply-adds
    /// ```
    pub fn orthant_unmix_products_f32(s: *mut orthant_unmix_f32, B: *const f32, ldb: i32, pixels: i32,
        A: *mut f32, lda: i32) -> i32;
    /// Abundances as orthant_unmix_run, from products in the place of the pixels.
    /// ```text
    ///   B  in   endmembers x pixels, ldb >= endmembers: E'y for the E of init, from anywhere
    ///   A  out  endmembers x pixels, lda >= endmembers; may be B where lda = ldb, else must not overlap it
    ///   OK | E_ARG | E_DATA (as at run) | E_UNSUPPORTED (masked data; the methods HALS, ADMM, FAST_PG and MU, which stop by
    ///   their residual)
    ///   Cost of a pixel: about iterations * endmembers^2 multiply-adds
    /// ```
    pub fn orthant_unmix_products_f64(s: *mut orthant_unmix_f64, B: *const f64, ldb: i32, pixels: i32,
        A: *mut f64, lda: i32) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_library_config_problem(c: *const orthant_library_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace: about spectra^2 doubles and a copy of the library; they do not grow with the pixels.
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_library_size_f32(c: *const orthant_library_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied, each column scaled by a power of two, so that
    ///                  spectra of very different brightness are found as well as others
    ///   variance  in   bands, or null: the variance of each band's noise, positive, in the unit of Y squared
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra^2 / 2 multiply-adds
    /// ```
    pub fn orthant_library_init_f32(c: *const orthant_library_config, E: *const f32, lde: i32,
        variance: *const f32, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_library_f32) -> i32;
    /// Abundances of the pixels of Y, exactly, and how certain they are.
    /// ```text
    ///   minimise 1/2 sum_i (y - E a)_i^2 / v_i + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y,
    ///   v the variances, 1 where they are not given.  This is SUnSAL's problem, solved to its end by an active set
    ///   Y   in   bands x pixels, dense; finite, in the unit of E
    ///   A   out  spectra x pixels, lda >= spectra; fractions of the columns of E
    ///   D   out  spectra x pixels, ldd >= spectra, or null: standard deviations of the abundances that are not zero, as
    ///            least squares has them for the spectra in use, and zero elsewhere.  Without variances the noise of a pixel
    ///            is |y - E a|^2 / (bands - spectra in use + sum_to_one); NaN where that has no denominator
    ///   no output overlaps another array
    ///   r   out  objective: the sum over the pixels;  rel_error: |Y - E A| / |Y|, weighted;  kkt, from the library itself
    ///            and not from the Gram matrix: the largest over the pixels of
    ///            |min(x, g)|_inf / (max_i |e_i| max(|y|, |E a|))
    ///            with g the gradient, less its multiple of the constraint, both for spectra scaled to unit length within a
    ///            factor of two;  worst: its pixel;  iters: most steps of any pixel
    ///   OK | E_ARG | E_DATA (a pixel is not finite: its abundances are NaN, those of all others are valid)
    ///   Cost of a pixel: 2 bands * spectra multiply-adds, and for each step spectra * spectra in use
    ///   Source: Bioucas-Dias and Figueiredo 2010 (SUnSAL's problem); Lawson and Hanson 1974; tools/docs/algorithms.md,
    ///   "Unmixing by a library"
    /// ```
    pub fn orthant_library_run_f32(s: *mut orthant_library_f32, Y: *const orthant_matrix_f32, A: *mut f32,
        lda: i32, D: *mut f32, ldd: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace: about spectra^2 doubles and a copy of the library; they do not grow with the pixels.
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_library_size_f64(c: *const orthant_library_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied, each column scaled by a power of two, so that
    ///                  spectra of very different brightness are found as well as others
    ///   variance  in   bands, or null: the variance of each band's noise, positive, in the unit of Y squared
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra^2 / 2 multiply-adds
    /// ```
    pub fn orthant_library_init_f64(c: *const orthant_library_config, E: *const f64, lde: i32,
        variance: *const f64, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_library_f64) -> i32;
    /// Abundances of the pixels of Y, exactly, and how certain they are.
    /// ```text
    ///   minimise 1/2 sum_i (y - E a)_i^2 / v_i + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y,
    ///   v the variances, 1 where they are not given.  This is SUnSAL's problem, solved to its end by an active set
    ///   Y   in   bands x pixels, dense; finite, in the unit of E
    ///   A   out  spectra x pixels, lda >= spectra; fractions of the columns of E
    ///   D   out  spectra x pixels, ldd >= spectra, or null: standard deviations of the abundances that are not zero, as
    ///            least squares has them for the spectra in use, and zero elsewhere.  Without variances the noise of a pixel
    ///            is |y - E a|^2 / (bands - spectra in use + sum_to_one); NaN where that has no denominator
    ///   no output overlaps another array
    ///   r   out  objective: the sum over the pixels;  rel_error: |Y - E A| / |Y|, weighted;  kkt, from the library itself
    ///            and not from the Gram matrix: the largest over the pixels of
    ///            |min(x, g)|_inf / (max_i |e_i| max(|y|, |E a|))
    ///            with g the gradient, less its multiple of the constraint, both for spectra scaled to unit length within a
    ///            factor of two;  worst: its pixel;  iters: most steps of any pixel
    ///   OK | E_ARG | E_DATA (a pixel is not finite: its abundances are NaN, those of all others are valid)
    ///   Cost of a pixel: 2 bands * spectra multiply-adds, and for each step spectra * spectra in use
    ///   Source: Bioucas-Dias and Figueiredo 2010 (SUnSAL's problem); Lawson and Hanson 1974; tools/docs/algorithms.md,
    ///   "Unmixing by a library"
    /// ```
    pub fn orthant_library_run_f64(s: *mut orthant_library_f64, Y: *const orthant_matrix_f64, A: *mut f64,
        lda: i32, D: *mut f64, ldd: i32, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_mesma_config_problem(c: *const orthant_mesma_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace: about (2 + workers \* most) spectra^2 doubles; they do not grow with the pixels.   OK \| E_ARG
    pub fn orthant_mesma_size_f32(c: *const orthant_mesma_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied
    ///   class_of  in   spectra: the class of each, in [0, classes); every class has one
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra^2 / 2 multiply-adds
    /// ```
    pub fn orthant_mesma_init_f32(c: *const orthant_mesma_config, E: *const f32, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut orthant_mesma_f32) -> i32;
    /// The best model of each pixel of Y: one spectrum from each of some classes.
    /// ```text
    ///   minimise |y - E_M a|^2 over a, with 1'a = 1 if sum_to_one, for every model M; models whose fractions, shade
    ///   1 - 1'a or RMSE |y - E_M a| / sqrt(bands) break a rule do not count.  From `least` classes on the best of so many
    ///   classes is taken where it gains more than `gain` on that of fewer
    ///   Y      in   bands x pixels, dense; finite, in the unit of E
    ///   model  out  classes x pixels, ldm >= classes: the spectrum of each class, or -1 where the class is not in the model
    ///   A      out  classes x pixels, lda >= classes: fractions, zero where the class is not in the model; NaN where the
    ///               pixel has no model
    ///   rms    out  pixels: the RMSE, with `normalize` of the normalized pixel; NaN where the pixel has no model
    ///   no output overlaps another array
    ///   r      out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|, both over the pixels with a model;
    ///               worst: that of the largest RMSE;  iters: the most models that were tried for pixels side by side
    ///   OK | E_ARG | E_DATA (a pixel is not finite: it has no model, those of all others are valid)
    ///   Cost of a pixel: bands * spectra multiply-adds, then about 3 for each model
    ///   Source: Roberts 1998; tools/docs/algorithms.md, "MESMA"
    /// ```
    pub fn orthant_mesma_run_f32(s: *mut orthant_mesma_f32, Y: *const orthant_matrix_f32, model: *mut i32,
        ldm: i32, A: *mut f32, lda: i32, rms: *mut f32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace: about (2 + workers \* most) spectra^2 doubles; they do not grow with the pixels.   OK \| E_ARG
    pub fn orthant_mesma_size_f64(c: *const orthant_mesma_config, bytes: *mut usize) -> i32;
    /// Place a handle.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied
    ///   class_of  in   spectra: the class of each, in [0, classes); every class has one
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra^2 / 2 multiply-adds
    /// ```
    pub fn orthant_mesma_init_f64(c: *const orthant_mesma_config, E: *const f64, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut orthant_mesma_f64) -> i32;
    /// The best model of each pixel of Y: one spectrum from each of some classes.
    /// ```text
    ///   minimise |y - E_M a|^2 over a, with 1'a = 1 if sum_to_one, for every model M; models whose fractions, shade
    ///   1 - 1'a or RMSE |y - E_M a| / sqrt(bands) break a rule do not count.  From `least` classes on the best of so many
    ///   classes is taken where it gains more than `gain` on that of fewer
    ///   Y      in   bands x pixels, dense; finite, in the unit of E
    ///   model  out  classes x pixels, ldm >= classes: the spectrum of each class, or -1 where the class is not in the model
    ///   A      out  classes x pixels, lda >= classes: fractions, zero where the class is not in the model; NaN where the
    ///               pixel has no model
    ///   rms    out  pixels: the RMSE, with `normalize` of the normalized pixel; NaN where the pixel has no model
    ///   no output overlaps another array
    ///   r      out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|, both over the pixels with a model;
    ///               worst: that of the largest RMSE;  iters: the most models that were tried for pixels side by side
    ///   OK | E_ARG | E_DATA (a pixel is not finite: it has no model, those of all others are valid)
    ///   Cost of a pixel: bands * spectra multiply-adds, then about 3 for each model
    ///   Source: Roberts 1998; tools/docs/algorithms.md, "MESMA"
    /// ```
    pub fn orthant_mesma_run_f64(s: *mut orthant_mesma_f64, Y: *const orthant_matrix_f64, model: *mut i32,
        ldm: i32, A: *mut f64, lda: i32, rms: *mut f64, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_bootstrap_config_problem(c: *const orthant_bootstrap_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace: those of orthant_library and spectra \* draws doubles.   OK \| E_ARG
    pub fn orthant_bootstrap_size_f32(c: *const orthant_bootstrap_config, bytes: *mut usize) -> i32;
    /// Place a handle, and draw.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied
    ///   class_of  in   spectra: the class of each, in [0, classes); every class has one
    ///   variance  in   bands, or null: as at orthant_library_init; each draw then has noise of these variances too
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra * (spectra / 2 + draws) multiply-adds
    /// ```
    pub fn orthant_bootstrap_init_f32(c: *const orthant_bootstrap_config, E: *const f32, lde: i32,
        class_of: *const i32, variance: *const f32, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_bootstrap_f32) -> i32;
    /// Fractions of the classes and their scatter over the draws: how much depends on which spectra stand for a class.
    /// Each draw solves, for every column y of Y and the spectra E_d that it has,
    /// ```text
    ///   minimise 1/2 sum_i (y + n_d - E_d a)_i^2 / v_i  over a >= 0, and 1'a = 1 if sum_to_one
    /// ```
    /// and adds the abundances of each class.  Draws are the same for all pixels
    /// ```text
    ///   Y  in   bands x pixels, dense; finite, in the unit of E
    ///   A  out  classes x pixels, lda >= classes: the mean over the draws
    ///   D  out  classes x pixels, ldd >= classes: the standard deviation over the draws
    ///   no output overlaps another array
    ///   r  out  iters: most steps of any pixel and draw
    ///   OK | E_ARG | E_DATA (a pixel is not finite: its fractions are NaN, those of all others are valid)
    ///   Cost of a pixel: bands * spectra multiply-adds, then draws times a small active set
    ///   Source: tools/docs/algorithms.md, "Bootstrap over a library"
    /// ```
    pub fn orthant_bootstrap_run_f32(s: *mut orthant_bootstrap_f32, Y: *const orthant_matrix_f32, A: *mut f32,
        lda: i32, D: *mut f32, ldd: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace: those of orthant_library and spectra \* draws doubles.   OK \| E_ARG
    pub fn orthant_bootstrap_size_f64(c: *const orthant_bootstrap_config, bytes: *mut usize) -> i32;
    /// Place a handle, and draw.
    /// ```text
    ///   E         in   bands x spectra, lde >= bands; finite; copied
    ///   class_of  in   spectra: the class of each, in [0, classes); every class has one
    ///   variance  in   bands, or null: as at orthant_library_init; each draw then has noise of these variances too
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
    ///   OK | E_ARG | E_SCRATCH | E_DATA
    ///   Cost: bands * spectra * (spectra / 2 + draws) multiply-adds
    /// ```
    pub fn orthant_bootstrap_init_f64(c: *const orthant_bootstrap_config, E: *const f64, lde: i32,
        class_of: *const i32, variance: *const f64, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_bootstrap_f64) -> i32;
    /// Fractions of the classes and their scatter over the draws: how much depends on which spectra stand for a class.
    /// Each draw solves, for every column y of Y and the spectra E_d that it has,
    /// ```text
    ///   minimise 1/2 sum_i (y + n_d - E_d a)_i^2 / v_i  over a >= 0, and 1'a = 1 if sum_to_one
    /// ```
    /// and adds the abundances of each class.  Draws are the same for all pixels
    /// ```text
    ///   Y  in   bands x pixels, dense; finite, in the unit of E
    ///   A  out  classes x pixels, lda >= classes: the mean over the draws
    ///   D  out  classes x pixels, ldd >= classes: the standard deviation over the draws
    ///   no output overlaps another array
    ///   r  out  iters: most steps of any pixel and draw
    ///   OK | E_ARG | E_DATA (a pixel is not finite: its fractions are NaN, those of all others are valid)
    ///   Cost of a pixel: bands * spectra multiply-adds, then draws times a small active set
    ///   Source: tools/docs/algorithms.md, "Bootstrap over a library"
    /// ```
    pub fn orthant_bootstrap_run_f64(s: *mut orthant_bootstrap_f64, Y: *const orthant_matrix_f64, A: *mut f64,
        lda: i32, D: *mut f64, ldd: i32, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_nalmu_config_problem(c: *const orthant_nalmu_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace.   OK \| E_ARG \| E_BLOB (another kind of model, or one that does not fit these sizes)
    pub fn orthant_nalmu_size_f32(c: *const orthant_nalmu_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_BLOB.   Cost: one reading of the weights
    pub fn orthant_nalmu_init_f32(c: *const orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nalmu_f32) -> i32;
    /// Run all layers, a fixed amount of work.
    /// ```text
    ///   W <- clip(W . A_W . (Y H') / (W H H')),   H <- clip(H . A_H . (W'Y) / (W'W H))   in each layer, products and
    ///   quotients with . and / entry by entry, approaching  minimise 1/2 |Y - W H|^2  over W, H >= 0.  A_W is one number a
    ///   component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H
    ///   Y  in      bands x pixels, dense; finite, nonnegative, in the unit that the model was trained on
    ///   W  in/out  bands x endmembers, ldw >= bands; only read where one factor is updated
    ///   H  out     endmembers x pixels, ldh >= endmembers; in too with `given`
    ///   Y, W and H must not overlap
    ///   r  out     objective;  rel_error: |Y - W H| / |Y|;  kkt: the largest over the pixels of
    ///              |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)), g = W'(W h - y): how far H is from the best one for this
    ///              W
    ///   OK | E_ARG | E_DATA
    ///   Cost: with one factor bands * endmembers + layers * endmembers^2 multiply-adds a pixel, else
    ///   layers * (2 * bands * endmembers + 2 * endmembers^2).  A null report saves about one layer
    ///   Source: tools/docs/algorithms.md, "NALMU"
    /// ```
    pub fn orthant_nalmu_run_f32(s: *mut orthant_nalmu_f32, Y: *const orthant_matrix_f32, W: *mut f32, ldw: i32,
        H: *mut f32, ldh: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace.   OK \| E_ARG \| E_BLOB (another kind of model, or one that does not fit these sizes)
    pub fn orthant_nalmu_size_f64(c: *const orthant_nalmu_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_BLOB.   Cost: one reading of the weights
    pub fn orthant_nalmu_init_f64(c: *const orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_nalmu_f64) -> i32;
    /// Run all layers, a fixed amount of work.
    /// ```text
    ///   W <- clip(W . A_W . (Y H') / (W H H')),   H <- clip(H . A_H . (W'Y) / (W'W H))   in each layer, products and
    ///   quotients with . and / entry by entry, approaching  minimise 1/2 |Y - W H|^2  over W, H >= 0.  A_W is one number a
    ///   component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H
    ///   Y  in      bands x pixels, dense; finite, nonnegative, in the unit that the model was trained on
    ///   W  in/out  bands x endmembers, ldw >= bands; only read where one factor is updated
    ///   H  out     endmembers x pixels, ldh >= endmembers; in too with `given`
    ///   Y, W and H must not overlap
    ///   r  out     objective;  rel_error: |Y - W H| / |Y|;  kkt: the largest over the pixels of
    ///              |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)), g = W'(W h - y): how far H is from the best one for this
    ///              W
    ///   OK | E_ARG | E_DATA
    ///   Cost: with one factor bands * endmembers + layers * endmembers^2 multiply-adds a pixel, else
    ///   layers * (2 * bands * endmembers + 2 * endmembers^2).  A null report saves about one layer
    ///   Source: tools/docs/algorithms.md, "NALMU"
    /// ```
    pub fn orthant_nalmu_run_f64(s: *mut orthant_nalmu_f64, Y: *const orthant_matrix_f64, W: *mut f64, ldw: i32,
        H: *mut f64, ldh: i32, r: *mut orthant_report) -> i32;
    /// Set the terms of a handle, after init and before start.  A run that follows without a start begins with W and H as
    /// given.
    /// ```text
    ///   terms  in  copied, or null: none; every array that it points to, the penalties too, is used in place by start and
    ///              run, and must outlive the handle or the next call of this
    ///   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
    ///   | E_UNSUPPORTED (the handle is of another method)
    ///   Cost of an iteration: with diagonal weights, and penalties whose rows x rows and cols x cols matrices are diagonal
    ///   or scalar, as without.  Each dense one adds order^2 * rank multiply-adds, two to four times an iteration; start,
    ///   with a dense P or Q, rows * cols * (rows + cols)
    ///   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF"
    /// ```
    pub fn orthant_nmf_terms_f32(s: *mut orthant_nmf_f32, terms: *const orthant_terms_f32) -> i32;
    /// Set the terms of a handle, after init and before start.  A run that follows without a start begins with W and H as
    /// given.
    /// ```text
    ///   terms  in  copied, or null: none; every array that it points to, the penalties too, is used in place by start and
    ///              run, and must outlive the handle or the next call of this
    ///   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
    ///   | E_UNSUPPORTED (the handle is of another method)
    ///   Cost of an iteration: with diagonal weights, and penalties whose rows x rows and cols x cols matrices are diagonal
    ///   or scalar, as without.  Each dense one adds order^2 * rank multiply-adds, two to four times an iteration; start,
    ///   with a dense P or Q, rows * cols * (rows + cols)
    ///   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF"
    /// ```
    pub fn orthant_nmf_terms_f64(s: *mut orthant_nmf_f64, terms: *const orthant_terms_f64) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_qp_config_problem(c: *const orthant_qp_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace: 3 n elements, 4 n for LEMMA_B.   OK \| E_ARG
    pub fn orthant_qp_size_f32(c: *const orthant_qp_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_qp_init_f32(c: *const orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_qp_f32) -> i32;
    /// Iterate from x; call it again to go on.
    /// ```text
    ///   minimise 1/2 x'G x + d'x  over x >= 0
    /// ```
    /// by x + alpha h: alpha is the minimiser along h, or tau times the way to the boundary where that is less, and tau
    /// grows towards one.  The objective never rises.
    /// ```text
    ///   G  in      n x n, ldg >= n; nonnegative; symmetric: an entry that differs from its mirror image by more than
    ///              half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    ///   d  in      n
    ///   x  in/out  n, nonnegative; a zero stays zero with LEE_SEUNG, COMPLEMENTARITY and SQRT; must not overlap G or d
    ///   r  out     iters: steps that moved x;  objective;  kkt: the root of the sum of p_i^2 / G_ii over the sum of
    ///              d_i^2 / G_ii, where G_ii > 0, with p the projected gradient (g where g < 0 or x > 0, else 0)
    ///   OK | E_ARG | E_DATA
    ///   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B
    ///   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); tools/docs/algorithms.md, "GIQPM"
    /// ```
    pub fn orthant_qp_run_f32(s: *mut orthant_qp_f32, G: *const f32, ldg: i32, d: *const f32, x: *mut f32,
        r: *mut orthant_report) -> i32;
    /// Bytes of workspace: 3 n elements, 4 n for LEMMA_B.   OK \| E_ARG
    pub fn orthant_qp_size_f64(c: *const orthant_qp_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_qp_init_f64(c: *const orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_qp_f64) -> i32;
    /// Iterate from x; call it again to go on.
    /// ```text
    ///   minimise 1/2 x'G x + d'x  over x >= 0
    /// ```
    /// by x + alpha h: alpha is the minimiser along h, or tau times the way to the boundary where that is less, and tau
    /// grows towards one.  The objective never rises.
    /// ```text
    ///   G  in      n x n, ldg >= n; nonnegative; symmetric: an entry that differs from its mirror image by more than
    ///              half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    ///   d  in      n
    ///   x  in/out  n, nonnegative; a zero stays zero with LEE_SEUNG, COMPLEMENTARITY and SQRT; must not overlap G or d
    ///   r  out     iters: steps that moved x;  objective;  kkt: the root of the sum of p_i^2 / G_ii over the sum of
    ///              d_i^2 / G_ii, where G_ii > 0, with p the projected gradient (g where g < 0 or x > 0, else 0)
    ///   OK | E_ARG | E_DATA
    ///   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B
    ///   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); tools/docs/algorithms.md, "GIQPM"
    /// ```
    pub fn orthant_qp_run_f64(s: *mut orthant_qp_f64, G: *const f64, ldg: i32, d: *const f64, x: *mut f64,
        r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_relu_nmd_config_problem(c: *const orthant_relu_nmd_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace.  In elements: QN (2 history + 3) (rows + cols) rank, whatever M is; TM and 3B 2 rows cols and a
    /// few (rows + cols) rank; the default the larger of these two; NAIVE and EM rows cols; ANAIVE and AEM 2 rows cols; ANMD
    /// 4 rows cols.  The start NUCLEAR takes rows cols more, and (rows + cols) min(rows, cols).
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_relu_nmd_size_f32(c: *const orthant_relu_nmd_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_relu_nmd_init_f32(c: *const orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_relu_nmd_f32) -> i32;
    /// Make the starting point, and check M.
    /// ```text
    ///   M  in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR, which is searched through once for each tile of
    ///           columns: give the transpose as CSC where time matters
    ///   U  out  rows x rank, ldu >= rows; in with ORTHANT_RELU_START_GIVEN
    ///   V  out  rank x cols, ldv >= rank; in with ORTHANT_RELU_START_GIVEN
    ///   M, U and V must not overlap
    ///   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED)
    ///   Cost: TSVD tens of readings of M; NUCLEAR four full SVDs
    /// ```
    pub fn orthant_relu_nmd_start_f32(s: *mut orthant_relu_nmd_f32, M: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32, V: *mut f32, ldv: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
    /// ```
    /// A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M \> 0 and
    /// min(0, T) elsewhere, every method works on
    /// ```text
    ///   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V
    /// ```
    /// Between calls M, U and V stay as they are; to go on from other factors call start with ORTHANT_RELU_START_GIVEN.
    /// Without a start the first run takes U and V as given.
    /// ```text
    ///   M  in      as at start
    ///   U  in/out  rows x rank, ldu >= rows
    ///   V  in/out  rank x cols, ldv >= rank
    ///   M, U and V must not overlap
    ///   r  out     objective: f(U V), of TM with its penalty;  rel_error: |M - max(0, U V)| / |M|
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an iteration: QN 3 rows cols rank multiply-adds and one reading of M, rarely more; TM and 3B as many, Z and
    ///   Theta read and written once, M not read after the start; the others about 2 svd_steps + 2 times rows cols rank
    ///   Source: Saul 2022 (NAIVE, EM); Seraghiti, Awari, Vandaele, Porcelli and Gillis 2023 (ANMD, 3B); Nocedal 1980 (QN);
    ///   tools/docs/algorithms.md, "ReLU decomposition"
    /// ```
    pub fn orthant_relu_nmd_run_f32(s: *mut orthant_relu_nmd_f32, M: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32, V: *mut f32, ldv: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace.  In elements: QN (2 history + 3) (rows + cols) rank, whatever M is; TM and 3B 2 rows cols and a
    /// few (rows + cols) rank; the default the larger of these two; NAIVE and EM rows cols; ANAIVE and AEM 2 rows cols; ANMD
    /// 4 rows cols.  The start NUCLEAR takes rows cols more, and (rows + cols) min(rows, cols).
    /// ```text
    ///   OK | E_ARG
    /// ```
    pub fn orthant_relu_nmd_size_f64(c: *const orthant_relu_nmd_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_relu_nmd_init_f64(c: *const orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_relu_nmd_f64) -> i32;
    /// Make the starting point, and check M.
    /// ```text
    ///   M  in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR, which is searched through once for each tile of
    ///           columns: give the transpose as CSC where time matters
    ///   U  out  rows x rank, ldu >= rows; in with ORTHANT_RELU_START_GIVEN
    ///   V  out  rank x cols, ldv >= rank; in with ORTHANT_RELU_START_GIVEN
    ///   M, U and V must not overlap
    ///   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED)
    ///   Cost: TSVD tens of readings of M; NUCLEAR four full SVDs
    /// ```
    pub fn orthant_relu_nmd_start_f64(s: *mut orthant_relu_nmd_f64, M: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32, V: *mut f64, ldv: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
    /// ```
    /// A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M \> 0 and
    /// min(0, T) elsewhere, every method works on
    /// ```text
    ///   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V
    /// ```
    /// Between calls M, U and V stay as they are; to go on from other factors call start with ORTHANT_RELU_START_GIVEN.
    /// Without a start the first run takes U and V as given.
    /// ```text
    ///   M  in      as at start
    ///   U  in/out  rows x rank, ldu >= rows
    ///   V  in/out  rank x cols, ldv >= rank
    ///   M, U and V must not overlap
    ///   r  out     objective: f(U V), of TM with its penalty;  rel_error: |M - max(0, U V)| / |M|
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an iteration: QN 3 rows cols rank multiply-adds and one reading of M, rarely more; TM and 3B as many, Z and
    ///   Theta read and written once, M not read after the start; the others about 2 svd_steps + 2 times rows cols rank
    ///   Source: Saul 2022 (NAIVE, EM); Seraghiti, Awari, Vandaele, Porcelli and Gillis 2023 (ANMD, 3B); Nocedal 1980 (QN);
    ///   tools/docs/algorithms.md, "ReLU decomposition"
    /// ```
    pub fn orthant_relu_nmd_run_f64(s: *mut orthant_relu_nmd_f64, M: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32, V: *mut f64, ldv: i32, r: *mut orthant_report) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_tsvd_config_problem(c: *const orthant_tsvd_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_tsvd_size_f32(c: *const orthant_tsvd_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_tsvd_init_f32(c: *const orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_tsvd_f32) -> i32;
    /// The leading singular triplets of X, by block subspace iteration on rank + 8 vectors.
    /// ```text
    ///   X ~ U diag(s) V',  the best approximation of this rank
    ///   X  in   rows x cols, finite, of any sign: DENSE, CSC or CSR
    ///   U  out  rows x rank, ldu >= rows: orthonormal columns, zero beyond the rank of X
    ///   s  out  rank values, descending
    ///   V  out  cols x rank, ldv >= cols: orthonormal columns; with `warm` in too: finite, any basis of the row space; that
    ///           of a matrix near by makes one or two steps enough; zero columns are filled at random
    ///   no output overlaps another array
    ///   r  out  iters: steps;  kkt: the last change of a value over the largest;  rel_error: |X - U diag(s) V'| / |X| from
    ///           the norms, which cancels below the root of the unit roundoff;  stop: KKT (tol) or ITERATIONS
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of a step: 4 rows cols (rank + 8) flops and two readings of X
    ///   Source: Rutishauser 1969; Halko, Martinsson and Tropp 2011
    /// ```
    pub fn orthant_tsvd_run_f32(t: *mut orthant_tsvd_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        s: *mut f32, V: *mut f32, ldv: i32, r: *mut orthant_report) -> i32;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_tsvd_size_f64(c: *const orthant_tsvd_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_tsvd_init_f64(c: *const orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_tsvd_f64) -> i32;
    /// The leading singular triplets of X, by block subspace iteration on rank + 8 vectors.
    /// ```text
    ///   X ~ U diag(s) V',  the best approximation of this rank
    ///   X  in   rows x cols, finite, of any sign: DENSE, CSC or CSR
    ///   U  out  rows x rank, ldu >= rows: orthonormal columns, zero beyond the rank of X
    ///   s  out  rank values, descending
    ///   V  out  cols x rank, ldv >= cols: orthonormal columns; with `warm` in too: finite, any basis of the row space; that
    ///           of a matrix near by makes one or two steps enough; zero columns are filled at random
    ///   no output overlaps another array
    ///   r  out  iters: steps;  kkt: the last change of a value over the largest;  rel_error: |X - U diag(s) V'| / |X| from
    ///           the norms, which cancels below the root of the unit roundoff;  stop: KKT (tol) or ITERATIONS
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of a step: 4 rows cols (rank + 8) flops and two readings of X
    ///   Source: Rutishauser 1969; Halko, Martinsson and Tropp 2011
    /// ```
    pub fn orthant_tsvd_run_f64(t: *mut orthant_tsvd_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        s: *mut f64, V: *mut f64, ldv: i32, r: *mut orthant_report) -> i32;
    /// The schedule that the library brings and uses by default for V below 80 000 entries, as a weight file.
    /// ```text
    ///   out    out  `capacity` bytes at any address, or null to ask for the size alone
    ///   bytes  out  the length
    ///   OK | E_ARG | E_SCRATCH
    /// ```
    pub fn orthant_schedule_default(out: *mut c_void, capacity: usize, bytes: *mut usize) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_graph_config_problem(c: *const orthant_graph_config, text: *mut c_char, room: usize) -> usize;
    /// How many entries `indices` and `values` must have room for: 2 \* samples \* neighbours.   OK \| E_ARG
    pub fn orthant_graph_capacity(c: *const orthant_graph_config, entries: *mut i32) -> i32;
    /// Bytes of workspace: about samples \* (2 neighbours + scale_at) numbers; never samples^2.   OK \| E_ARG
    pub fn orthant_graph_size_f32(c: *const orthant_graph_config, bytes: *mut usize) -> i32;
    /// The graph of samples that are columns of M (a NumPy C-order array of samples by rows).
    /// ```text
    ///   X = D^-1/2 A D^-1/2, or A;  A_ij > 0 where one of i and j is among the `neighbours` nearest of the other, else 0
    /// ```
    /// X is given by columns, which are its rows as well: the entries of column j stand at starts\[j\] .. starts\[j+1\] - 1, by
    /// ascending row.  The diagonal is zero.  A sample without an edge has an empty column.  Of equally near samples the
    /// first are neighbours.
    /// ```text
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not
    ///   M         in   features x samples, finite: DENSE or CSC
    ///   starts    out  samples + 1; starts[samples] is the number of entries
    ///   indices, values  out  capacity
    ///   no output overlaps another array
    ///   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square) | E_UNSUPPORTED
    ///   (CSR, MASKED)
    ///   Cost: features * samples^2 multiply-adds, in tiles of 64 x 256 samples
    ///   Source: Kuang, Ding and Park 2012; tools/docs/algorithms.md, "Similarity graphs"
    /// ```
    pub fn orthant_graph_run_f32(c: *const orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const orthant_matrix_f32, starts: *mut i32, indices: *mut i32, values: *mut f32, capacity: i32) -> i32;
    /// The same X as a dense array.
    /// ```text
    ///   starts, indices, values  in  as graph_run writes them
    ///   X  out  samples x samples, ldx >= samples; must not overlap an input
    ///   OK | E_ARG | E_DATA (an index out of range)
    /// ```
    pub fn orthant_graph_dense_f32(samples: i32, starts: *const i32, indices: *const i32, values: *const f32,
        X: *mut f32, ldx: i32) -> i32;
    /// Bytes of workspace: about samples \* (2 neighbours + scale_at) numbers; never samples^2.   OK \| E_ARG
    pub fn orthant_graph_size_f64(c: *const orthant_graph_config, bytes: *mut usize) -> i32;
    /// The graph of samples that are columns of M (a NumPy C-order array of samples by rows).
    /// ```text
    ///   X = D^-1/2 A D^-1/2, or A;  A_ij > 0 where one of i and j is among the `neighbours` nearest of the other, else 0
    /// ```
    /// X is given by columns, which are its rows as well: the entries of column j stand at starts\[j\] .. starts\[j+1\] - 1, by
    /// ascending row.  The diagonal is zero.  A sample without an edge has an empty column.  Of equally near samples the
    /// first are neighbours.
    /// ```text
    ///   mem       the workspace of `bytes` bytes, at any address, cleared or not
    ///   M         in   features x samples, finite: DENSE or CSC
    ///   starts    out  samples + 1; starts[samples] is the number of entries
    ///   indices, values  out  capacity
    ///   no output overlaps another array
    ///   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square) | E_UNSUPPORTED
    ///   (CSR, MASKED)
    ///   Cost: features * samples^2 multiply-adds, in tiles of 64 x 256 samples
    ///   Source: Kuang, Ding and Park 2012; tools/docs/algorithms.md, "Similarity graphs"
    /// ```
    pub fn orthant_graph_run_f64(c: *const orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const orthant_matrix_f64, starts: *mut i32, indices: *mut i32, values: *mut f64, capacity: i32) -> i32;
    /// The same X as a dense array.
    /// ```text
    ///   starts, indices, values  in  as graph_run writes them
    ///   X  out  samples x samples, ldx >= samples; must not overlap an input
    ///   OK | E_ARG | E_DATA (an index out of range)
    /// ```
    pub fn orthant_graph_dense_f64(samples: i32, starts: *const i32, indices: *const i32, values: *const f64,
        X: *mut f64, ldx: i32) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_symnmf_config_problem(c: *const orthant_symnmf_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace: about five times n \* rank elements; NEWTON rank \* n^2; the start SPECTRAL 2 n (rank + 8) more.
    /// ```text
    ///   OK | E_ARG | E_UNSUPPORTED (ADMM with ORTHANT_PENALTY_NONE)
    /// ```
    pub fn orthant_symnmf_size_f32(c: *const orthant_symnmf_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_UNSUPPORTED
    pub fn orthant_symnmf_init_f32(c: *const orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnmf_f32) -> i32;
    /// Make the starting point, and check X.
    /// ```text
    ///   X  in   n x n: DENSE, CSC or CSR; finite, nonnegative; symmetric: an entry that differs from its mirror image by
    ///           more than half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    ///   U  out  n x rank, ldu >= n; in with ORTHANT_SYMNMF_START_GIVEN; must not overlap X
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    /// ```
    pub fn orthant_symnmf_start_f32(s: *mut orthant_symnmf_f32, X: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   minimise f = 1/4 |X - U U'|^2  over U >= 0
    /// ```
    /// ANLS, HALS and ALTERNATE work on a relaxed problem whose second factor V lives in the workspace:
    /// ```text
    ///   minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U >= 0, V >= 0
    /// ```
    /// Between calls X and U stay as they are.  Without a start the first run takes U as given.
    /// ```text
    ///   X  in      as at start
    ///   U  in/out  n x rank, ldu >= n; must not overlap X
    ///   r  out     objective: f; of ANLS, HALS and ALTERNATE g; of ADMM 1/2 |X - A U'|^2, A its second factor;  rel_error:
    ///              |X - U U'| / |X|, whose square is the E of the literature;  kkt: |projected gradient of f| / (|X| |U|);
    ///              gap: |U - V| / |U|;  bound: E >= bound for every U of this rank, one minus the squares of the largest
    ///              positive eigenvalues over |X|^2
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an iteration: 4 n^2 rank multiply-adds (FIXED_POINT, NEWTON and PGD 2 n^2 rank), or twice the nonzeros
    ///   times rank, and about 6 n rank^2
    ///   Source: Zhu 2018 (HALS, ANLS); tools/docs/algorithms.md, "Symmetric NMF"
    /// ```
    pub fn orthant_symnmf_run_f32(s: *mut orthant_symnmf_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        r: *mut orthant_report) -> i32;
    /// Bytes of workspace: about five times n \* rank elements; NEWTON rank \* n^2; the start SPECTRAL 2 n (rank + 8) more.
    /// ```text
    ///   OK | E_ARG | E_UNSUPPORTED (ADMM with ORTHANT_PENALTY_NONE)
    /// ```
    pub fn orthant_symnmf_size_f64(c: *const orthant_symnmf_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH \| E_UNSUPPORTED
    pub fn orthant_symnmf_init_f64(c: *const orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnmf_f64) -> i32;
    /// Make the starting point, and check X.
    /// ```text
    ///   X  in   n x n: DENSE, CSC or CSR; finite, nonnegative; symmetric: an entry that differs from its mirror image by
    ///           more than half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
    ///   U  out  n x rank, ldu >= n; in with ORTHANT_SYMNMF_START_GIVEN; must not overlap X
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    /// ```
    pub fn orthant_symnmf_start_f64(s: *mut orthant_symnmf_f64, X: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32) -> i32;
    /// Iterate; call it again to go on.
    /// ```text
    ///   minimise f = 1/4 |X - U U'|^2  over U >= 0
    /// ```
    /// ANLS, HALS and ALTERNATE work on a relaxed problem whose second factor V lives in the workspace:
    /// ```text
    ///   minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U >= 0, V >= 0
    /// ```
    /// Between calls X and U stay as they are.  Without a start the first run takes U as given.
    /// ```text
    ///   X  in      as at start
    ///   U  in/out  n x rank, ldu >= n; must not overlap X
    ///   r  out     objective: f; of ANLS, HALS and ALTERNATE g; of ADMM 1/2 |X - A U'|^2, A its second factor;  rel_error:
    ///              |X - U U'| / |X|, whose square is the E of the literature;  kkt: |projected gradient of f| / (|X| |U|);
    ///              gap: |U - V| / |U|;  bound: E >= bound for every U of this rank, one minus the squares of the largest
    ///              positive eigenvalues over |X|^2
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an iteration: 4 n^2 rank multiply-adds (FIXED_POINT, NEWTON and PGD 2 n^2 rank), or twice the nonzeros
    ///   times rank, and about 6 n rank^2
    ///   Source: Zhu 2018 (HALS, ANLS); tools/docs/algorithms.md, "Symmetric NMF"
    /// ```
    pub fn orthant_symnmf_run_f64(s: *mut orthant_symnmf_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        r: *mut orthant_report) -> i32;
    /// The cluster of each sample: the largest entry of its row of U.
    /// ```text
    ///   label_i = argmax_k U_ik, the first of equal ones
    ///   U              in   samples x clusters, ldu >= samples; finite
    ///   labels         out  samples numbers in [0, clusters)
    ///   sparse_factor  out  the share of entries of U above a hundredth of their mean, or null
    ///   OK | E_ARG | E_DATA
    ///   Cost: one reading of U
    /// ```
    pub fn orthant_clusters_labels_f32(samples: i32, clusters: i32, U: *const f32, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32;
    /// The cluster of each sample: the largest entry of its row of U.
    /// ```text
    ///   label_i = argmax_k U_ik, the first of equal ones
    ///   U              in   samples x clusters, ldu >= samples; finite
    ///   labels         out  samples numbers in [0, clusters)
    ///   sparse_factor  out  the share of entries of U above a hundredth of their mean, or null
    ///   OK | E_ARG | E_DATA
    ///   Cost: one reading of U
    /// ```
    pub fn orthant_clusters_labels_f64(samples: i32, clusters: i32, U: *const f64, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_clusters_config_problem(c: *const orthant_clusters_config, text: *mut c_char,
        room: usize) -> usize;
    /// Bytes of workspace.   OK \| E_ARG
    pub fn orthant_clusters_size(c: *const orthant_clusters_config, bytes: *mut usize) -> i32;
    /// Compare clusters with classes.
    /// ```text
    ///   mem    the workspace of `bytes` bytes, at any address, cleared or not
    ///   found  in   samples numbers in [0, clusters)
    ///   truth  in   samples numbers in [0, classes)
    ///   out    out  the scores
    ///   OK | E_ARG | E_SCRATCH | E_DATA (a number out of range)
    ///   Cost: samples + max(clusters, classes)^3
    /// ```
    pub fn orthant_clusters_score(c: *const orthant_clusters_config, mem: *mut c_void, bytes: usize,
        found: *const i32, truth: *const i32, out: *mut orthant_clusters_scores) -> i32;
    /// What a refusal is about, in words: as orthant_unmix_config_problem.
    pub fn orthant_symnet_config_problem(c: *const orthant_symnet_config, text: *mut c_char, room: usize) -> usize;
    /// Bytes of workspace: about 5 layers \* n \* rank elements.   OK \| E_ARG
    pub fn orthant_symnet_size_f32(c: *const orthant_symnet_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_symnet_init_f32(c: *const orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnet_f32) -> i32;
    /// Make U_0, and parameters whose layers are steps of FIXED_POINT.
    /// ```text
    ///   X  in   as for orthant_symnmf_start
    ///   U  out  n x rank, ldu >= n: U_L; in with ORTHANT_SYMNMF_START_GIVEN, as U_0; must not overlap X
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    /// ```
    pub fn orthant_symnet_start_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32, U: *mut f32,
        ldu: i32) -> i32;
    /// Train the network on X; call it again to go on.  The state is in the workspace, and a copy of it is a checkpoint.
    /// ```text
    ///   minimise sum_i w_i |X - U_i U_i'|^2 + beta sum_i |R_i|^2 + l1 sum(U_L)  over the n x rank matrices P_i and lambda,
    ///   where U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1) and R_i = P_i - (X + lambda I) U_{i-1}, i = 1 .. layers
    ///   X  in   as at start
    ///   U  out  n x rank, ldu >= n: U_L of the parameters at the end; must not overlap X
    ///   r  out  as for orthant_symnmf_run; objective: the loss
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an epoch: layers * (2 n^2 rank, or twice the nonzeros times rank, + 6 n rank^2) multiply-adds
    ///   Source: tools/docs/algorithms.md, "SymNMF-Net"
    /// ```
    pub fn orthant_symnet_run_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32, U: *mut f32, ldu: i32,
        r: *mut orthant_report) -> i32;
    /// The trained network as a weight file with a hash of its X; for another X it is worth nothing.  The moments of Adam
    /// are not in it: to go on with training as if nothing had happened, copy the workspace instead.
    /// ```text
    ///   out    out  `capacity` bytes at any address, or null to ask for the size alone
    ///   bytes  out  the length
    ///   OK | E_ARG (also before a start) | E_SCRATCH | E_DATA (a number is not finite)
    /// ```
    pub fn orthant_symnet_save_f32(s: *mut orthant_symnet_f32, out: *mut c_void, capacity: usize,
        bytes: *mut usize) -> i32;
    /// In the place of start: take the parameters of a saved network.  A run with max_iter \< 0 gives its report.
    /// ```text
    ///   X  in   the matrix that it was trained on
    ///   m  in   of kind ORTHANT_MODEL_SYMNMF_NET
    ///   U  out  n x rank, ldu >= n: U_L; must not overlap X
    ///   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number of the file is not
    ///   finite)
    /// ```
    pub fn orthant_symnet_load_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32,
        m: *const orthant_model, U: *mut f32, ldu: i32) -> i32;
    /// What load refuses, in a static string: "n", "rank" or "layers" of the config, or "X", where the file has another;
    /// "kind", "records" or "numbers" where it is of another kind, or its records do not fit together, or a number is out of
    /// range; "ok" where none of these; "null" also where X is not of this n.  Numbers of P are seen by load alone.
    pub fn orthant_symnet_problem_f32(s: *mut orthant_symnet_f32, X: *const orthant_matrix_f32,
        m: *const orthant_model) -> *const c_char;
    /// Bytes of workspace: about 5 layers \* n \* rank elements.   OK \| E_ARG
    pub fn orthant_symnet_size_f64(c: *const orthant_symnet_config, bytes: *mut usize) -> i32;
    /// Place a handle.   OK \| E_ARG \| E_SCRATCH
    pub fn orthant_symnet_init_f64(c: *const orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut orthant_symnet_f64) -> i32;
    /// Make U_0, and parameters whose layers are steps of FIXED_POINT.
    /// ```text
    ///   X  in   as for orthant_symnmf_start
    ///   U  out  n x rank, ldu >= n: U_L; in with ORTHANT_SYMNMF_START_GIVEN, as U_0; must not overlap X
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    /// ```
    pub fn orthant_symnet_start_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64, U: *mut f64,
        ldu: i32) -> i32;
    /// Train the network on X; call it again to go on.  The state is in the workspace, and a copy of it is a checkpoint.
    /// ```text
    ///   minimise sum_i w_i |X - U_i U_i'|^2 + beta sum_i |R_i|^2 + l1 sum(U_L)  over the n x rank matrices P_i and lambda,
    ///   where U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1) and R_i = P_i - (X + lambda I) U_{i-1}, i = 1 .. layers
    ///   X  in   as at start
    ///   U  out  n x rank, ldu >= n: U_L of the parameters at the end; must not overlap X
    ///   r  out  as for orthant_symnmf_run; objective: the loss
    ///   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
    ///   Cost of an epoch: layers * (2 n^2 rank, or twice the nonzeros times rank, + 6 n rank^2) multiply-adds
    ///   Source: tools/docs/algorithms.md, "SymNMF-Net"
    /// ```
    pub fn orthant_symnet_run_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64, U: *mut f64, ldu: i32,
        r: *mut orthant_report) -> i32;
    /// The trained network as a weight file with a hash of its X; for another X it is worth nothing.  The moments of Adam
    /// are not in it: to go on with training as if nothing had happened, copy the workspace instead.
    /// ```text
    ///   out    out  `capacity` bytes at any address, or null to ask for the size alone
    ///   bytes  out  the length
    ///   OK | E_ARG (also before a start) | E_SCRATCH | E_DATA (a number is not finite)
    /// ```
    pub fn orthant_symnet_save_f64(s: *mut orthant_symnet_f64, out: *mut c_void, capacity: usize,
        bytes: *mut usize) -> i32;
    /// In the place of start: take the parameters of a saved network.  A run with max_iter \< 0 gives its report.
    /// ```text
    ///   X  in   the matrix that it was trained on
    ///   m  in   of kind ORTHANT_MODEL_SYMNMF_NET
    ///   U  out  n x rank, ldu >= n: U_L; must not overlap X
    ///   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number of the file is not
    ///   finite)
    /// ```
    pub fn orthant_symnet_load_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64,
        m: *const orthant_model, U: *mut f64, ldu: i32) -> i32;
    /// What load refuses, in a static string: "n", "rank" or "layers" of the config, or "X", where the file has another;
    /// "kind", "records" or "numbers" where it is of another kind, or its records do not fit together, or a number is out of
    /// range; "ok" where none of these; "null" also where X is not of this n.  Numbers of P are seen by load alone.
    pub fn orthant_symnet_problem_f64(s: *mut orthant_symnet_f64, X: *const orthant_matrix_f64,
        m: *const orthant_model) -> *const c_char;
}

/// A pool of threads: orthant/threads.h.
#[cfg(feature = "threads")]
mod threads {
use super::*;

/// a pool, in the caller's memory
#[repr(C)]
pub struct orthant_threads {
    _private: [u8; 0],
}
extern "C" {
    /// Bytes of a pool.
    /// ```text
    ///   workers  the calling thread and workers - 1 others; at most 4096.  0: the processors that this process may use
    ///   OK | E_ARG
    /// ```
    pub fn orthant_threads_size(workers: i32, bytes: *mut usize) -> i32;
    /// Make a pool and start its threads.
    /// ```text
    ///   mem       `bytes` bytes at any address; the pool's until orthant_threads_destroy; not to be copied
    ///   parallel  out  for configs; `size` must be set.  Its `workers` may be fewer than were asked for, where the system
    ///             gives no more threads, down to one
    ///   OK | E_ARG | E_SCRATCH
    /// ```
    pub fn orthant_threads_create(workers: i32, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_threads,
        parallel: *mut orthant_parallel) -> i32;
    /// End and join the threads.  No job may be at work with the pool, nor use it afterwards.  Null: nothing to do.
    pub fn orthant_threads_destroy(threads: *mut orthant_threads);
    /// The same as `create`, without threads: until some serve, loops run on the thread that asks.
    pub fn orthant_threads_prepare(workers: i32, mem: *mut c_void, bytes: usize, out: *mut *mut orthant_threads,
        parallel: *mut orthant_parallel) -> i32;
    /// Take part in the loops of a pool; returns after `stop`.  Called by each thread with a `worker` of its own in
    /// \[1, workers), at any time.
    pub fn orthant_threads_serve(threads: *mut orthant_threads, worker: i32);
    /// Let the threads that serve return, where no loop is at work.
    pub fn orthant_threads_stop(threads: *mut orthant_threads);
}
}
#[cfg(feature = "threads")]
pub use threads::*;
