/* Orthant: nonnegative matrix factorization and hyperspectral unmixing in memory that you own.
 *
 * Four rules hold for every function.
 *
 * Memory.  Nothing allocates.  `..._size` tells how many bytes a job needs, you give a buffer at any address,
 *   `..._init` places a handle in it, `..._run` works.  There is no free.  A handle holds no pointer into itself:
 *   copied to an address with the same remainder modulo 64, its bytes are a second handle, so a checkpoint is memcpy.
 * Matrices.  Column-major, with a leading dimension in elements.  A NumPy C-order array (pixels, bands), a
 *   band-interleaved-by-pixel cube and a Fortran array Y(bands, pixels) are the same bytes: `bands x pixels` here.
 * Options.  Configs are plain structs.  Set `size` to sizeof the struct, fill what is marked required, zero the
 *   rest: zero means default.  A tolerance or count below zero switches that rule off.
 * Errors.  Functions return ORTHANT_OK or a negative code that never changes its meaning.  A refused call changes
 *   nothing.  Nothing prints, aborts, or touches errno.  Any number of threads may work on different handles;
 *   one handle serves one caller at a time.
 *
 * Every function named `_f32` has a twin `_f64`; the comment stands above the first. */
#ifndef ORTHANT_H
#define ORTHANT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ORTHANT_API __attribute__((visibility("default")))
#else
#define ORTHANT_API
#endif

/* ---- Version and status --------------------------------------------------------------------------------------- */

#define ORTHANT_VERSION "0.1.0" /* the release */
#define ORTHANT_ABI 1           /* the binary interface; the shared library's soversion */

typedef int32_t orthant_status;
#define ORTHANT_OK 0
#define ORTHANT_E_ARG (-1)         /* null, out of range, leading dimension too small, or sizes that overflow */
#define ORTHANT_E_SCRATCH (-2)     /* workspace smaller than `_size` said                                       */
#define ORTHANT_E_DATA (-3)        /* NaN, Inf, or negative where forbidden                                     */
#define ORTHANT_E_BLOB (-4)        /* weights malformed, misaligned, or of another kind than is needed          */
#define ORTHANT_E_UNSUPPORTED (-5) /* a valid wish that this method or this build cannot meet                   */

/* What a status means, in a static string; never null. */
ORTHANT_API const char *orthant_status_text(orthant_status status);

/* The release and interface numbers of the library that runs, and how it was built: backend and element types in a
 * static string such as "blis+lapacke f32 f64"; orthant_build_kernels names the instruction set in use here. */
ORTHANT_API const char *orthant_version(void);
ORTHANT_API int32_t orthant_abi(void);
ORTHANT_API const char *orthant_build(void);
ORTHANT_API const char *orthant_build_kernels(void);

/* ---- Data, threads, reports ----------------------------------------------------------------------------------- */

/* The data of a job; each function says which kinds it takes.
 *   DENSE   element (i, j) is values[i + (size_t)ld * j], ld >= rows
 *   CSC     sparse by columns: column j has values[t] at row indices[t] for starts[j] <= t < starts[j + 1]; starts has
 *           cols + 1 entries, the first is 0; any order within a column, no entry twice.  SciPy's csc_matrix, in place
 *   CSR     the same by rows: starts has rows + 1 entries, indices are columns
 *   MASKED  as DENSE; an entry that is NaN is missing, and each term of the sum of squares has the weight
 *           weights[i + (size_t)ld_weights * j] in [0, 1], weights null: 1.  Weight 0 is missing too */
#define ORTHANT_DENSE 0
#define ORTHANT_CSC 1
#define ORTHANT_CSR 2
#define ORTHANT_MASKED 3
typedef struct orthant_matrix_f32 {
  uint32_t size;
  int32_t kind, rows, cols, ld, reserved;
  const float *values;
  const int32_t *starts, *indices;
  const float *weights;
  int32_t ld_weights, reserved_too;
} orthant_matrix_f32;
typedef struct orthant_matrix_f64 {
  uint32_t size;
  int32_t kind, rows, cols, ld, reserved;
  const double *values;
  const int32_t *starts, *indices;
  const double *weights;
  int32_t ld_weights, reserved_too;
} orthant_matrix_f64;
#define ORTHANT_DENSE_F32(values, rows, cols, ld) \
  { sizeof(orthant_matrix_f32), ORTHANT_DENSE, (rows), (cols), (ld), 0, (values), 0, 0, 0, 0, 0 }
#define ORTHANT_DENSE_F64(values, rows, cols, ld) \
  { sizeof(orthant_matrix_f64), ORTHANT_DENSE, (rows), (cols), (ld), 0, (values), 0, 0, 0, 0, 0 }
#define ORTHANT_SPARSE_F32(kind, values, starts, indices, rows, cols) \
  { sizeof(orthant_matrix_f32), (kind), (rows), (cols), 0, 0, (values), (starts), (indices), 0, 0, 0 }
#define ORTHANT_SPARSE_F64(kind, values, starts, indices, rows, cols) \
  { sizeof(orthant_matrix_f64), (kind), (rows), (cols), 0, 0, (values), (starts), (indices), 0, 0, 0 }
#define ORTHANT_MASKED_F32(values, rows, cols, ld, weights, ld_weights) \
  { sizeof(orthant_matrix_f32), ORTHANT_MASKED, (rows), (cols), (ld), 0, (values), 0, 0, (weights), (ld_weights), 0 }
#define ORTHANT_MASKED_F64(values, rows, cols, ld, weights, ld_weights) \
  { sizeof(orthant_matrix_f64), ORTHANT_MASKED, (rows), (cols), (ld), 0, (values), 0, 0, (weights), (ld_weights), 0 }

/* Your threads.  `run` must call task(arg, index, worker) once for every index in [0, tasks), with worker in
 * [0, workers) never shared by two calls at the same time, and return when all are done.  Work is cut by shapes
 * alone and sums are taken in a fixed order, so results are the same bits for any number of workers.  The struct is
 * copied at init; the workspace grows with `workers`. */
typedef void (*orthant_task_fn)(void *arg, int32_t index, int32_t worker);
typedef struct orthant_parallel {
  uint32_t size;
  int32_t workers;
  void (*run)(void *user, int32_t tasks, orthant_task_fn task, void *arg);
  void *user;
} orthant_parallel;

/* Why a run ended, and how good the result is.  Set `size`; the rest is written.  A null report is allowed. */
#define ORTHANT_STOP_ITERATIONS 1 /* max_iter reached                                  */
#define ORTHANT_STOP_KKT 2        /* kkt <= tol                                        */
#define ORTHANT_STOP_OBJECTIVE 3  /* the objective fell by less than tol_obj           */
#define ORTHANT_STOP_CANCELLED 4  /* the progress function asked to stop               */
#define ORTHANT_STOP_NONFINITE 5  /* overflow; the last finite iterate was kept        */
#define ORTHANT_STOP_STEP 6       /* no entry changed by min_step                      */
#define ORTHANT_STOP_ERROR 7      /* rel_error reached the tolerance asked for         */
typedef struct orthant_report {
  uint32_t size;
  int32_t stop;     /* ORTHANT_STOP_...                                                                         */
  int32_t iters;    /* NMF: outer iterations since start; unmixing: most inner iterations of any pixel          */
  int32_t worst;    /* unmixing: the pixel with the largest kkt; NMF: 0, MURNMF: numerators clipped in the last iteration */
  double objective; /* 1/2 |V - W H|^2 (NMF: or what its loss says), or the sum of it over the pixels           */
  double rel_error; /* |V - W H| / |V|                                                                          */
  double kkt;       /* relative KKT residual; its definition stands with the noun                               */
  double gap;       /* symmetric NMF: distance of the two factors, else 0                                       */
  double bound;     /* symmetric NMF: lower bound of the squared rel_error where asked for, else 0              */
  int32_t proposals; /* NMF: how many of the model's were taken                                                 */
  int32_t reserved;
} orthant_report;

/* Called between iterations on the calling thread; a non-zero return stops with a valid iterate. */
typedef int32_t (*orthant_progress_fn)(void *user, const orthant_report *so_far);

/* ---- Unmixing and nonnegative least squares -------------------------------------------------------------------- */

/* Abundances of many pixels for fixed endmembers; the same thing is nonnegative least squares with one matrix and many
 * right-hand sides.
 *   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
 * NNLS by default; FCLS (exact, sum to one as a hard constraint) with sum_to_one; UCLS with ORTHANT_UNMIX_UNCONSTRAINED.
 * Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; Kim and Park 2011 (block principal pivoting). */
#define ORTHANT_UNMIX_BPP 1           /* block principal pivoting, exact; supports of many columns at once         */
#define ORTHANT_UNMIX_ACTIVE_SET 2    /* active set, exact; the default                                            */
#define ORTHANT_UNMIX_HALS 3          /* coordinate descent                                                        */
#define ORTHANT_UNMIX_ADMM 4          /* splitting with rho = trace(E'E)/endmembers                                */
#define ORTHANT_UNMIX_FAST_PG 5       /* accelerated projected gradient                                            */
#define ORTHANT_UNMIX_MU 6            /* multiplicative updates; a negative entry of E is E_DATA                   */
#define ORTHANT_UNMIX_UNCONSTRAINED 7 /* no sign constraint: UCLS, or with sum_to_one only the sum                 */
#define ORTHANT_UNMIX_CLIP 8          /* UCLS, clipped at zero and, with sum_to_one, rescaled: fast, not exact     */
struct orthant_model; /* orthant/models.h */
typedef struct orthant_unmix_config {
  uint32_t size;
  int32_t bands, endmembers; /* required: rows and columns of E                                                    */
  int32_t sum_to_one;        /* 1: abundances of a pixel sum to one (methods 0, 2, 7, 8; others are refused)       */
  int32_t method;            /* ORTHANT_UNMIX_..., 0: exact                                                        */
  int32_t max_iter;          /* inner iterations a pixel; 0: 30 endmembers (exact) or 1000                         */
  int32_t data;              /* the kind of Y: ORTHANT_DENSE or ORTHANT_MASKED (bands that a pixel lacks)          */
  double tol; /* inner stop of the methods 3 to 6, on kkt; 0: 1e-6 in f32, 1e-12 in f64                            */
  const orthant_parallel *parallel; /* null: serial                                                                */
  const struct orthant_model *model; /* a NALMU for one factor, or null: proposes where the active set starts      */
                             /* (methods 0 and 2); exact with any weights; else E_BLOB or E_UNSUPPORTED (bare metal: always) */
} orthant_unmix_config;
typedef struct orthant_unmix_f32 orthant_unmix_f32;
typedef struct orthant_unmix_f64 orthant_unmix_f64;

/* Bytes of workspace, which depend on the config alone and not on the number of pixels. */
ORTHANT_API orthant_status orthant_unmix_size_f32(const orthant_unmix_config *c, size_t *bytes);

/* Place a handle.
 *   E   in  bands x endmembers, lde >= bands; finite; used in place by every run: it must outlive the handle
 *   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED.   Cost: bands*endmembers^2 multiply-adds. */
ORTHANT_API orthant_status orthant_unmix_init_f32(const orthant_unmix_config *c, const float *E, int32_t lde, void *mem,
                                                  size_t bytes, orthant_unmix_f32 **out);

/* Abundances of `Y->cols` pixels.
 *   Y   in   bands x pixels; the unit of E; finite.  MASKED: each pixel is fitted, and judged, by the bands that it has,
 *            with its weights; one without any is treated as one with NaN, and its Gram matrix costs bands*endmembers^2
 *   A   out  endmembers x pixels, lda >= endmembers; fractions of E's columns; must not overlap Y
 *   r   out  kkt: the largest over the pixels of |min(a, g)|_inf / (max_i |e_i| max(|y|, |E a|)), where
 *            g = E'(E a - y), less its mean over the support if sum_to_one; without sign constraint |g|_inf
 *   OK | E_ARG | E_DATA (the abundances of a pixel with NaN or Inf are NaN, all others are valid).
 *   Per pixel: bands*endmembers multiply-adds for E'y and about iterations*endmembers^2 after it. */
ORTHANT_API orthant_status orthant_unmix_run_f32(orthant_unmix_f32 *s, const orthant_matrix_f32 *Y, float *A, int32_t lda,
                                                 orthant_report *r);

/* How well given abundances explain given pixels, computed from E and Y directly and not from the Gram matrix.
 *   A    in   endmembers x pixels, from any source
 *   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of weights
 *   kkt  out  pixels, or null: the residual defined at run, of this pixel
 *   r    out  objective, rel_error, largest kkt and its pixel.    OK | E_ARG
 *   Per pixel: 2*bands*endmembers multiply-adds. */
ORTHANT_API orthant_status orthant_unmix_check_f32(orthant_unmix_f32 *s, const orthant_matrix_f32 *Y, const float *A,
                                                   int32_t lda, float *rms, float *kkt, orthant_report *r);

ORTHANT_API orthant_status orthant_unmix_size_f64(const orthant_unmix_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_unmix_init_f64(const orthant_unmix_config *c, const double *E, int32_t lde, void *mem,
                                                  size_t bytes, orthant_unmix_f64 **out);
ORTHANT_API orthant_status orthant_unmix_run_f64(orthant_unmix_f64 *s, const orthant_matrix_f64 *Y, double *A, int32_t lda,
                                                 orthant_report *r);
ORTHANT_API orthant_status orthant_unmix_check_f64(orthant_unmix_f64 *s, const orthant_matrix_f64 *Y, const double *A,
                                                   int32_t lda, double *rms, double *kkt, orthant_report *r);

/* Upper bounds of `_size` for static arrays: every method, serial, without a model. */
#define ORTHANT_UNMIX_BYTES_F32(bands, endmembers) ORTHANT_UNMIX_BYTES_(4, endmembers)
#define ORTHANT_UNMIX_BYTES_F64(bands, endmembers) ORTHANT_UNMIX_BYTES_(8, endmembers)

/* ---- NMF ------------------------------------------------------------------------------------------------------- */

/*   minimise 1/2 |V - W H|^2  over W, H >= 0;   V rows x cols (finite, nonnegative), W rows x rank, H rank x cols
 * An outer iteration updates W, then H with the new W, and reads V once: a panel of columns gives its share of V'W, has
 * its columns of H solved, and adds its share of V H' while it is in cache.
 * The methods differ in the half step, which is nonnegative least squares with one Gram matrix.
 *
 * Other losses: minimise D(V | W H) + l1 and l2 terms, with the beta-divergence [Fevotte, Idier 2011]
 *   D = sum of (v^b + (b-1) p^b - b v p^(b-1)) / (b (b-1)),  p = (W H)_ij;  KL: b = 1, sum of v log(v/p) - v + p;
 *   IS: b = 0, sum of v/p - log(v/p) - 1;  b = 2 is the Frobenius norm.  b <= 0 wants V > 0 (E_DATA).
 * MU, for every b, multiplies by a ratio to the power that makes it descend; CCD, for KL, is cyclic coordinate descent
 * [Hsieh, Dhillon 2011] with steps that cannot ascend.  Method 0: CCD for KL of dense data, else MU.  l1 goes with
 * every b, l2 with KL.  Sparse V: KL by MU, which touches the nonzeros alone; masked V: not with these losses or MINVOL.
 *   report: objective is D with the penalties; rel_error |V - W H| / |V|;
 *   kkt is the root of the sum over k of (|P_Wk|^2/|h_k|^2 + |P_Hk|^2/|w_k|^2) / |(W H)^(b-1)|^2, entry by entry in the
 *   power (KL: sqrt(rows cols)), P the projected gradient; entries at the floor of MU, 1e-16 or 1e-12 in f32, count as
 *   zero.  At b = 2 it is the kkt below with |W H| in the place of |V|.
 *
 * MINVOL: minimise 1/2 |V - W H|^2 + lambda/2 log det(W'W + delta I)  over H >= 0 and columns of W >= 0 that sum to one
 * [Leplat, Ang, Gillis 2019], by `sweeps` (0: 10) fast gradient steps a half step; start 0 is SPA, of CSR COLS.
 *   lambda = volume * max(1e-6 |V|^2, |V - W H|^2) / |log det(W'W + delta I)| at the start, and stays.
 *   report: objective is the whole sum, which may be negative; rel_error without the volume; kkt the root of the sum over
 *   k of (|P_Wk|^2/A_kk + |P_Hk|^2/|w_k|^2) / |V|^2 with A = H H' + lambda (W'W + delta I)^-1 and P_Wk projected on the
 *   simplex: of the gradient less its mean over the positive entries. */
#define ORTHANT_NMF_EHALS 1       /* extrapolated HALS with restarts [Ang, Gillis 2019]; 0: it, with a schedule   */
#define ORTHANT_NMF_HALS 2        /* coordinate descent, one sweep a half step [Cichocki 2007]; descends          */
#define ORTHANT_NMF_AHALS 3       /* sweeps by a flop count [Gillis, Glineur 2012]; descends                      */
#define ORTHANT_NMF_ANLS 4        /* exact half steps, block principal pivoting [Kim, Park 2011]; descends        */
#define ORTHANT_NMF_AOADMM 5      /* a few ADMM steps, dual kept [Huang, Sidiropoulos, Liavas 2016]               */
#define ORTHANT_NMF_PG 6          /* one projected gradient step a half step; descends                            */
#define ORTHANT_NMF_MU 7          /* multiplicative [Lee, Seung 2001]; descends                                   */
#define ORTHANT_NMF_CCD 8         /* coordinate descent for LOSS_KL                                               */
#define ORTHANT_NMF_MINVOL 9      /* smallest volume of the columns of W, which sum to one                        */
#define ORTHANT_NMF_MURNMF 10     /* multiplicative, every weight and penalty; dense V                            */
#define ORTHANT_NMF_AURNMF 11     /* additive, every weight and penalty; dense V                                  */
#define ORTHANT_START_COLS 1      /* rank random columns of V; the default, but for: see SUB, MINVOL              */
#define ORTHANT_START_SPAS 2      /* SPA on 100 random columns                                                    */
#define ORTHANT_START_SPA 3       /* SPA on all columns                                                           */
#define ORTHANT_START_RANDOM 4    /* uniform [0, 1), scaled by the best common factor                             */
#define ORTHANT_START_NNDSVD 5    /* from a truncated SVD [Boutsidis, Gallopoulos 2008]; zeros stay zero          */
#define ORTHANT_START_NNDSVDA 6   /* zeros filled with the mean of V                                              */
#define ORTHANT_START_NNDSVDAR 7  /* zeros filled with small random numbers                                       */
#define ORTHANT_START_GIVEN 8     /* W and H as the caller left them                                              */
#define ORTHANT_START_SUB 9       /* coarse to fine: 10 iterations of EHALS on a sample of rows and columns, then W for all rows
                                     from the sampled columns; with max_iter 5 or more the sample is an eighth of V that
                                     begins so itself.  Dense V, methods EHALS to MU.  EHALS's default where V has 80 000
                                     entries and 64 rank^2 */
#define ORTHANT_LOSS_FROBENIUS 0
#define ORTHANT_LOSS_KL 1         /* Kullback and Leibler                                                         */
#define ORTHANT_LOSS_IS 2         /* Itakura and Saito; V > 0                                                     */
#define ORTHANT_LOSS_BETA 3       /* the beta-divergence of the field `beta`                                      */
#define ORTHANT_ORTHO_COMPONENTS 1   /* ortho_h penalises overlap of rows of H                                    */
#define ORTHANT_ORTHO_OBSERVATIONS 2 /* ... of columns of H                                                       */
typedef struct orthant_nmf_config {
  uint32_t size;
  int32_t rows, cols, rank; /* required                                                                           */
  int32_t method;           /* ORTHANT_NMF_...                                                                    */
  int32_t start;            /* ORTHANT_START_...                                                                  */
  int32_t max_iter;         /* outer iterations of one run; 0: 500, MURNMF and AURNMF: 1000; < 0: none, the report only */
  int32_t sweeps;           /* inner sweeps of HALS, EHALS, steps of ADMM; most sweeps of AHALS; 0: by rule       */
  double tol;               /* stop when kkt <= tol; 0: 1e-4                                                      */
  double tol_obj;           /* stop when the objective falls by less than tol_obj times its first value; 0: off   */
  double rho;               /* AOADMM penalty; 0: trace(Gram)/rank                                                */
  uint64_t seed;            /* of the random starts; every value is good                                          */
  orthant_progress_fn progress;
  void *user;
  const orthant_parallel *parallel; /* null: serial                                                               */
  int32_t loss;             /* ORTHANT_LOSS_...                                                                   */
  int32_t ortho_axis;       /* ORTHANT_ORTHO_...; 0: observations for MURNMF and AURNMF, else components          */
  double beta;              /* LOSS_BETA                                                                          */
  double l1_w, l1_h;        /* + l1_w sum(W) + l1_h sum(H)                                                        */
  double l2_w, l2_h;        /* + l2_w/2 |W|^2 + l2_h/2 |H|^2                                                      */
  double ortho_w, ortho_h;  /* + ortho_w sum over pairs of columns k < l of W of w_k'w_l; H: see ortho_axis       */
  double volume, delta;     /* MINVOL: relative weight of log det(W'W + delta I); 0: 0.1 each                     */
  int32_t clip_paper;       /* MURNMF: 1: numerators clipped as printed, which may diverge with l1                */
  int32_t direction_paper;  /* AURNMF: 1: zeros as printed, which stay zero                                       */
  int32_t curvature_paper;  /* AURNMF: 1: curvature as printed, which may ascend                                  */
  int32_t full_step;        /* AURNMF: 1: the step of length one instead of the best one                          */
  double tau, anneal;       /* AURNMF: share of the way to the boundary, its growth; 0: 0.1, 0.01; anneal < 0: none */
  double zero_tol;          /* AURNMF: entries at or below become zero; 0: 1e-12; < 0: off                */
  double min_step;          /* MURNMF, AURNMF: stop when no entry changes by more; 0: 1e-9; < 0: off              */
  int32_t data;             /* the kind of V that start and run will be given: ORTHANT_DENSE, ORTHANT_CSC, ...    */
  int32_t fixed_w;          /* 1: W stays, H is solved for; method 0 is then ANLS, exact in one iteration         */
  const struct orthant_model *model; /* a FACTORMER of this rank, or null: proposes a start, or factors after each of the  */
                            /* first five iterations, taken where the objective is then lower than without.  Frobenius */
                            /* loss of dense data, W free, methods EHALS to MU; no penalties if it accelerates     */
  const struct orthant_model *schedule; /* EHALS: learned momentum, sweeps, relaxation (orthant/schedule.h).  Null: with
                              method 0, sweeps 0, no penalties, V not masked, < 80 000 entries the library's own, else none */
} orthant_nmf_config;
typedef struct orthant_nmf_f32 orthant_nmf_f32;
typedef struct orthant_nmf_f64 orthant_nmf_f64;

/* Bytes of workspace: about (2 rows + cols) * rank elements, twice that for EHALS and AOADMM; never rows * cols. */
ORTHANT_API orthant_status orthant_nmf_size_f32(const orthant_nmf_config *c, size_t *bytes);

/* Place a handle.  OK | E_ARG | E_SCRATCH | E_UNSUPPORTED. */
ORTHANT_API orthant_status orthant_nmf_init_f32(const orthant_nmf_config *c, void *mem, size_t bytes, orthant_nmf_f32 **out);

/* Make the starting point, and check V.
 *   V   in      rows x cols, finite, nonnegative
 *   W   out     rows x rank, ldw >= rows   (START_GIVEN: in)
 *   H   out     rank x cols, ldh >= rank   (START_GIVEN: in)
 *   V, W and H must not overlap.   OK | E_ARG | E_DATA (W and H then hold no result).
 *   Cost: one to three readings of V; SPA: rank; NNDSVD: tens. */
ORTHANT_API orthant_status orthant_nmf_start_f32(orthant_nmf_f32 *s, const orthant_matrix_f32 *V, float *W, int32_t ldw,
                                                 float *H, int32_t ldh);

/* Iterate; call again to go on.  Between calls V, W and H stay as they are; to go on from other factors call start with
 * START_GIVEN.  Without a start the first run takes W and H as given.
 *   kkt of the report: the root of the sum over components k of (|P_Wk|^2/|h_k|^2 + |P_Hk|^2/|w_k|^2) / |V|^2, with P the
 *   projected gradient (g where g < 0 or the entry is positive).  It is zero just at KKT points, and does not change
 *   when V, or a component against its partner, is scaled.  MURNMF, AURNMF: objective and gradients with all terms, the
 *   weighted norm for |V| and in rel_error, and each entry's square divided by the diagonal of its block's Hessian.
 *   OK | E_ARG | E_DATA.   Cost of an iteration: 2*rows*cols*rank multiply-adds and one reading of V, then
 *   sweeps*(rows + cols)*rank^2.  Where EHALS ends before max_iter it reads V once more. */
ORTHANT_API orthant_status orthant_nmf_run_f32(orthant_nmf_f32 *s, const orthant_matrix_f32 *V, float *W, int32_t ldw,
                                               float *H, int32_t ldh, orthant_report *r);

ORTHANT_API orthant_status orthant_nmf_size_f64(const orthant_nmf_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nmf_init_f64(const orthant_nmf_config *c, void *mem, size_t bytes, orthant_nmf_f64 **out);
ORTHANT_API orthant_status orthant_nmf_start_f64(orthant_nmf_f64 *s, const orthant_matrix_f64 *V, double *W, int32_t ldw,
                                                 double *H, int32_t ldh);
ORTHANT_API orthant_status orthant_nmf_run_f64(orthant_nmf_f64 *s, const orthant_matrix_f64 *V, double *W, int32_t ldw,
                                               double *H, int32_t ldh, orthant_report *r);

/* Upper bounds of `_size` for static arrays: the methods EHALS to MU and every loss with MU, the starts COLS, SPAS, RANDOM
 * and GIVEN (0: below 80 000 entries), dense data, no overlap penalty, serial.  MURNMF and AURNMF: orthant/nmf_terms.h. */
#define ORTHANT_NMF_BYTES_F32(rows, cols, rank) ORTHANT_NMF_BYTES_(4, rows, cols, rank)
#define ORTHANT_NMF_BYTES_F64(rows, cols, rank) ORTHANT_NMF_BYTES_(8, rows, cols, rank)

/* ---- Endmembers from an image ---------------------------------------------------------------------------------- */

/* Pixels of Y (bands x pixels) whose simplex holds the others. */
#define ORTHANT_ENDMEMBERS_VCA 1    /* vertex component analysis [Nascimento, Dias 2005]; the default             */
#define ORTHANT_ENDMEMBERS_SPA 2    /* successive projections [Araujo 2001; Gillis, Vavasis 2014]; deterministic  */
#define ORTHANT_ENDMEMBERS_NFINDR 3 /* largest simplex volume [Winter 1999], started from SPA's pixels            */
/* How VCA reduces the pixels: on principal axes, or on singular axes with each pixel divided by its brightness, which is
 * the paper's choice above 15 + 10 log10(endmembers) dB and makes false vertices of dark, noisy pixels. */
#define ORTHANT_PROJECTION_AFFINE 1
#define ORTHANT_PROJECTION_PROJECTIVE 2
#define ORTHANT_PROJECTION_PUBLISHED 3 /* as in the paper, by the average signal-to-noise ratio                  */
typedef struct orthant_endmembers_config {
  uint32_t size;
  int32_t bands, pixels, endmembers; /* required; 1 <= endmembers <= min(bands, pixels), 2 <= for NFINDR          */
  int32_t method;                    /* ORTHANT_ENDMEMBERS_...                                                    */
  int32_t max_iter;                  /* NFINDR: sweeps over the positions; 0: 3 * endmembers                      */
  int32_t projection;                /* VCA: ORTHANT_PROJECTION_...; 0: projective where every pixel is bright enough */
  int32_t reserved;
  uint64_t seed;                     /* VCA: of the directions, where the caller gives none                       */
  const orthant_parallel *parallel;  /* null: serial                                                              */
} orthant_endmembers_config;
typedef struct orthant_endmembers_f32 orthant_endmembers_f32;
typedef struct orthant_endmembers_f64 orthant_endmembers_f64;

ORTHANT_API orthant_status orthant_endmembers_size_f32(const orthant_endmembers_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_endmembers_init_f32(const orthant_endmembers_config *c, void *mem, size_t bytes,
                                                       orthant_endmembers_f32 **out);
/*   Y      in   bands x pixels, finite
 *   D      in   endmembers x endmembers, ldd >= endmembers: VCA's random directions; null: drawn from the seed
 *   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels (VCA: projected on the signal subspace)
 *   pixel  out  endmembers: their indices
 *   OK | E_ARG | E_DATA (also when Y has fewer independent pixels than endmembers).
 *   SPA: 2*endmembers readings of Y.  VCA, NFINDR: a truncated SVD, then endmembers passes over the reduced data. */
ORTHANT_API orthant_status orthant_endmembers_run_f32(orthant_endmembers_f32 *s, const orthant_matrix_f32 *Y, const float *D,
                                                      int32_t ldd, float *E, int32_t lde, int32_t *pixel);

ORTHANT_API orthant_status orthant_endmembers_size_f64(const orthant_endmembers_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_endmembers_init_f64(const orthant_endmembers_config *c, void *mem, size_t bytes,
                                                       orthant_endmembers_f64 **out);
ORTHANT_API orthant_status orthant_endmembers_run_f64(orthant_endmembers_f64 *s, const orthant_matrix_f64 *Y, const double *D,
                                                      int32_t ldd, double *E, int32_t lde, int32_t *pixel);

/* ---- Scores against a truth ------------------------------------------------------------------------------------ */

/* Matches estimated to true endmembers, one to one, by the assignment of least total spectral angle (Kuhn 1955), or, where
 * no spectra are given, of least total squared abundance difference; then compares.  Angles in radians. */
typedef struct orthant_scores_config {
  uint32_t size;
  int32_t bands, endmembers, pixels; /* required where the arrays are given, else 0                               */
} orthant_scores_config;
typedef struct orthant_scores {
  uint32_t size, reserved;
  double mean_angle; /* mean over endmembers of the spectral angle                                                */
  double rmse;       /* sqrt(mean over all entries of (A - A_true)^2)                                             */
  double armse;      /* mean over pixels of sqrt(mean over endmembers of (A - A_true)^2)                          */
} orthant_scores;
ORTHANT_API orthant_status orthant_scores_size_f32(const orthant_scores_config *c, size_t *bytes);
/*   E, E_true  in   bands x endmembers, or both null
 *   A, A_true  in   endmembers x pixels, or both null; at least one pair is given
 *   match      out  endmembers, or null: estimate match[i] belongs to truth i
 *   angle      out  endmembers, or null: radians, in the order of the truth
 *   mem        the workspace, clear or not.   OK | E_ARG | E_SCRATCH | E_DATA.
 *   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3. */
ORTHANT_API orthant_status orthant_scores_run_f32(const orthant_scores_config *c, void *mem, size_t bytes, const float *E,
                                                  int32_t lde, const float *E_true, int32_t ldet, const float *A,
                                                  int32_t lda, const float *A_true, int32_t ldat, int32_t *match,
                                                  double *angle, orthant_scores *out);
ORTHANT_API orthant_status orthant_scores_size_f64(const orthant_scores_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_scores_run_f64(const orthant_scores_config *c, void *mem, size_t bytes, const double *E,
                                                  int32_t lde, const double *E_true, int32_t ldet, const double *A,
                                                  int32_t lda, const double *A_true, int32_t ldat, int32_t *match,
                                                  double *angle, orthant_scores *out);

/* ---- A synthetic scene with known truth ------------------------------------------------------------------------ */

/*   Y = E A + noise;  E: smooth parametric reflectance of vegetation, soil, water, roof, asphalt, sand, ... (at most 8);
 *   A: spatially correlated, nonnegative, each pixel sums to one;  pixel index = sample + samples * line. */
typedef struct orthant_scene_config {
  uint32_t size;
  int32_t bands, lines, samples, endmembers; /* required; 2 <= endmembers <= 8                                    */
  int32_t reserved;
  uint64_t seed;
  double snr_db;  /* white Gaussian noise; 0: 30 dB; < 0: none                                                    */
} orthant_scene_config;
#define ORTHANT_SCENE_MAX_ENDMEMBERS 8
/* The name of endmember i ("vegetation", ...), or null outside [0, 8). */
ORTHANT_API const char *orthant_scene_name(int32_t endmember);
/*   wavelength  out  bands, micrometres, 0.4 to 2.5
 *   E           out  bands x endmembers, reflectance in [0, 1];   A  out  endmembers x (samples*lines)
 *   Y           out  bands x (samples*lines), never negative
 *   OK | E_ARG.   Cost: bands*endmembers multiply-adds and bands random numbers a pixel; no workspace. */
ORTHANT_API orthant_status orthant_scene_run_f32(const orthant_scene_config *c, float *wavelength, float *E, int32_t lde,
                                                 float *A, int32_t lda, float *Y, int32_t ldy);
ORTHANT_API orthant_status orthant_scene_run_f64(const orthant_scene_config *c, double *wavelength, double *E, int32_t lde,
                                                 double *A, int32_t lda, double *Y, int32_t ldy);

/* ---- What the size macros add up: not for use -------------------------------------------------------------------- */

#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32) || defined(__wasm__)
#define ORTHANT_BLOCK_(rank) (4096 + 16 * (size_t)(rank)) /* elements of one block of problems */
#define ORTHANT_PANEL_ 256                                /* problems of one block             */
#define ORTHANT_PARTS_ 16
#define ORTHANT_TILE_ (2 * 8192)
#else
#define ORTHANT_BLOCK_(rank) (8 * (size_t)(rank))
#define ORTHANT_PANEL_ 16
#define ORTHANT_PARTS_ 4
#define ORTHANT_TILE_ 256
#endif
#define ORTHANT_UNMIX_BYTES_(s, r)                                                                          \
  (1536 + 64 * ORTHANT_PARTS_ +                                                                             \
   (s) * (3 * (size_t)(r) * (r) + 6 * (size_t)(r) + 5 * ORTHANT_BLOCK_(r) + ORTHANT_PANEL_) + 8 * (size_t)(r) + \
   ORTHANT_PANEL_ * (12 + 4 * ((size_t)(r) / 32 + 1)))
#define ORTHANT_NMF_BYTES_(s, m, n, r)                                                                       \
  (4096 + 64 * ORTHANT_PARTS_ +                                                                              \
   (s) * (4 * (size_t)(m) * (r) + 2 * (size_t)(n) * (r) + (7 + ORTHANT_PARTS_) * (size_t)(r) * (r) +          \
          16 * (size_t)(r) + 4 * ORTHANT_PANEL_ * (size_t)(r) + ORTHANT_TILE_ +                              \
          2 * (size_t)ORTHANT_SAMPLE_(n, r)) +                                                               \
   4 * (size_t)ORTHANT_SAMPLE_(n, r) + 12 * (size_t)(r) + ORTHANT_PANEL_ * (12 + 4 * ((size_t)(r) / 32 + 1)))
#define ORTHANT_SAMPLE_(n, r) (2 * (r) > 100 ? 2 * (r) : 100)

#ifdef __cplusplus
}
#endif

/* Parts of the interface, each readable alone. */
#include "orthant/factormer.h"
#include "orthant/fixed.h"
#include "orthant/models.h"
#include "orthant/nalmu.h"
#include "orthant/nmf_terms.h"
#include "orthant/qp.h"
#include "orthant/relu_nmd.h"
#include "orthant/schedule.h"
#include "orthant/symnmf.h"

#endif
