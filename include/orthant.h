/** @file orthant.h
 *
 * Orthant: nonnegative matrix factorization and hyperspectral unmixing in memory that the caller owns.
 *
 * A first program.  Three pixels of four bands are written as mixtures of two known spectra:
 *
 * @code{.c}
 * #include <orthant.h>
 * #include <stdio.h>
 *
 * enum { BANDS = 4, ENDMEMBERS = 2, PIXELS = 3 };
 * static const float E[BANDS * ENDMEMBERS] = {0.1f, 0.2f, 0.6f, 0.5f,   // vegetation
 *                                             0.3f, 0.4f, 0.4f, 0.5f};  // soil
 * static const float Y[BANDS * PIXELS] = {0.10f, 0.20f, 0.60f, 0.5f,
 *                                         0.20f, 0.30f, 0.50f, 0.5f,
 *                                         0.25f, 0.35f, 0.45f, 0.5f};
 * static float A[ENDMEMBERS * PIXELS];
 * static unsigned char memory[ORTHANT_UNMIX_BYTES_F32(BANDS, ENDMEMBERS)];
 *
 * int main(void)
 * {
 *   const orthant_matrix_f32 image = ORTHANT_DENSE_F32(Y, BANDS, PIXELS, BANDS);
 *   const orthant_unmix_config config = {.size = sizeof config, .bands = BANDS, .endmembers = ENDMEMBERS,
 *                                        .sum_to_one = 1};
 *   orthant_unmix_f32 *unmix;
 *   orthant_status status = orthant_unmix_init_f32(&config, E, BANDS, memory, sizeof memory, &unmix);
 *   if (!status) status = orthant_unmix_run_f32(unmix, &image, A, ENDMEMBERS, NULL);
 *   if (status) {
 *     printf("%s\n", orthant_status_text(status));
 *     return 1;
 *   }
 *   for (int j = 0; j < PIXELS; ++j) printf("pixel %d: %.2f vegetation, %.2f soil\n", j, A[2 * j], A[2 * j + 1]);
 *   return 0;
 * }
 * @endcode
 *
 * A second one.  A matrix of 200 x 300 is factored into nonnegative W and H of rank 3; here the workspace comes from
 * the heap, because its size is asked for at run time:
 *
 * @code{.c}
 * #include <orthant.h>
 * #include <stdio.h>
 * #include <stdlib.h>
 *
 * enum { ROWS = 200, COLS = 300, RANK = 3 };
 * static float V[ROWS * COLS], W[ROWS * RANK], H[RANK * COLS];
 *
 * int main(void)
 * {
 *   for (int j = 0; j < COLS; ++j)
 *     for (int i = 0; i < ROWS; ++i) V[i + ROWS * j] = (float)(i % 7 * (j % 5) + i % 3 * (j % 4) + j % 3);
 *   const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, ROWS, COLS, ROWS);
 *   const orthant_nmf_config config = {.size = sizeof config, .rows = ROWS, .cols = COLS, .rank = RANK};
 *   orthant_report report = {.size = sizeof report};
 *   orthant_nmf_f32 *nmf;
 *   size_t bytes;
 *   orthant_status status = orthant_nmf_size_f32(&config, &bytes);
 *   if (status) return 1;
 *   void *memory = malloc(bytes);
 *   status = orthant_nmf_init_f32(&config, memory, bytes, &nmf);
 *   if (!status) status = orthant_nmf_start_f32(nmf, &data, W, ROWS, H, RANK);
 *   if (!status) status = orthant_nmf_run_f32(nmf, &data, W, ROWS, H, RANK, &report);
 *   printf("%s: |V - W H| / |V| = %.4f after %d iterations\n", orthant_status_text(status), report.rel_error,
 *          (int)report.iters);
 *   free(memory);
 *   return status != ORTHANT_OK || report.rel_error > 0.01;
 * }
 * @endcode
 *
 * Five rules hold for every function.
 *
 * - Memory.  Nothing allocates.  `..._size` says how many bytes a job needs, the caller gives a buffer at any address,
 *   `..._init` places a handle in it, `..._run` works.  There is no `free` on our side.  A handle holds no pointer into
 *   itself: copied to an address with the same remainder modulo 64, its bytes are a second handle, so a checkpoint is a
 *   memcpy.  A macro `..._BYTES_F32(...)` bounds the size of the everyday jobs, for static arrays.
 * - Matrices are column-major with a leading dimension counted in elements: entry (i, j) is values[i + ld * j].  A
 *   NumPy C-order array (pixels, bands), a band-interleaved-by-pixel cube and a Fortran array Y(bands, pixels) are the
 *   same bytes; here they are bands x pixels.  `_f32` is single precision; every such function and struct has a twin
 *   `_f64` that differs in the element type alone.  The comment stands at the first.
 * - Options are plain structs.  Set `size` to sizeof the struct, fill the fields marked "required", and leave the rest
 *   zero.  Zero means default, everywhere, and each field says what its default is: "0: 1e-4".  What can be done
 *   without says "< 0: none" and takes ORTHANT_NONE, or any negative number, whether its default is a number or none
 *   too ("0, < 0: none").  Every other number that has a default refuses a negative one (E_ARG).  In the weight of a
 *   penalty, which is added to what is minimised, zero is the number zero.  A switch is 0 or 1.  A null pointer means
 *   that there is none of what it points to.  Fields called `reserved` stay zero: they keep numbers of eight bytes at
 *   multiples of eight.
 * - Errors.  Functions return ORTHANT_OK or a negative code whose meaning never changes.  A call that is refused
 *   changes nothing.  The comments list the codes that a function may return without their prefix ORTHANT_.  To reach
 *   max_iter is not an error: `stop` of the report says why a run ended.  Nothing prints, aborts or sets errno.  In
 *   words: `..._config_problem` looks at a config again and names the field, orthant_matrix_problem_f32 at data and
 *   names the entry.
 * - Threads.  There are none but yours, and no global state.  Any number of threads may work on different handles; one
 *   handle serves one caller at a time.
 *
 * In the comments |x| is the Euclidean norm of a vector and the Frobenius norm of a matrix, |x|_1 and |x|_inf the other
 * two norms, X' the transpose, x . y and x / y of matrices entry by entry where that is said, and a cost of n
 * multiply-adds counts 2 n floating-point operations.
 *
 * The parts of this header, each readable alone:
 *
 *   orthant.h                unmixing, NMF, endmembers, scores; what is advanced about the first two stands at the end
 *   orthant/nmf_terms.h      weights and quadratic penalties of NMF
 *   orthant/dimension.h      how many endmembers an image has
 *   orthant/library.h        unmixing by a library: sparse, with standard deviations; MESMA; bootstrap
 *   orthant/qp.h             one nonnegative quadratic program
 *   orthant/relu_nmd.h       ReLU decomposition; the truncated SVD
 *   orthant/symnmf.h         similarity graphs, symmetric NMF, SymNMF-Net, clusters and their scores
 *   orthant/fixed.h          unmixing from products in integers
 *   orthant/models.h         weight files
 *   orthant/nalmu.h          NALMU: multiplicative updates with learned multipliers
 *   orthant/factormer.h      the Factormer: a network that proposes factors
 *   orthant/schedule.h       the learned schedule of extrapolated HALS
 *   orthant/threads.h        a pool of threads; not included here, and an archive of its own
 *   orthant/mpi.h            sums over the processes of MPI, likewise
 *   orthant/experimental.h   training, synthetic data, what handles hold, misprints; not included here, and for static
 *                            builds only
 *
 * Papers are cited by author and year; longer derivations stand in tools/docs/algorithms.md. */
#ifndef ORTHANT_H
#define ORTHANT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ORTHANT_API __attribute__((visibility("default"))) /**< of every public function */
#else
#define ORTHANT_API
#endif

/* ---- Version and status ----------------------------------------------------------------------------------------- */

#define ORTHANT_VERSION "0.1.0" /**< the release */
#define ORTHANT_ABI 2           /**< the binary interface; the shared library's soversion */

typedef int32_t orthant_status; /**< ORTHANT_OK or ORTHANT_E_... */
#define ORTHANT_OK 0               /**< what the function is for was done */
#define ORTHANT_E_ARG (-1)         /**< null, out of range, a leading dimension too small, or sizes that overflow */
#define ORTHANT_E_SCRATCH (-2)     /**< the workspace is smaller than `_size` said */
#define ORTHANT_E_DATA (-3)        /**< NaN, infinite, or negative or not symmetric where that is forbidden */
#define ORTHANT_E_BLOB (-4)        /**< weights malformed, misaligned, or of another kind than is needed */
#define ORTHANT_E_UNSUPPORTED (-5) /**< a valid request that this method or this build cannot meet */
#define ORTHANT_E_READ (-6)        /**< the `read` of a matrix of kind ORTHANT_STREAM failed */
#define ORTHANT_E_REDUCE (-7)      /**< the `sum` of an orthant_reduce failed, or another process left the call */

#define ORTHANT_NONE (-1) /**< none of it, in a field of a config that says "< 0: none" */

/** What a status means, in a static string; never null. */
ORTHANT_API const char *orthant_status_text(orthant_status status);

/** The release of the library at work, which may be later than that of this header. */
ORTHANT_API const char *orthant_version(void);
/** The interface number of the library at work; programs compiled with another one must not go on. */
ORTHANT_API int32_t orthant_abi(void);
/** How the library was built, backend and element types, in a static string such as "blis+lapacke f32 f64". */
ORTHANT_API const char *orthant_build(void);
/** The instruction set that is used on this processor, in a static string such as "avx2". */
ORTHANT_API const char *orthant_build_kernels(void);

/* ---- Matrices --------------------------------------------------------------------------------------------------- */

#define ORTHANT_DENSE 0  /**< entry (i, j) is values[i + (size_t)ld * j], ld >= rows */
#define ORTHANT_CSC 1    /**< sparse by columns: column j has values[t] at row indices[t] for t from starts[j] to
                              starts[j + 1] - 1; starts has cols + 1 entries, the first is 0; any order within a
                              column, no entry twice */
#define ORTHANT_CSR 2    /**< sparse by rows, in the same way: starts has rows + 1 entries, indices are columns */
#define ORTHANT_MASKED 3 /**< as DENSE; an entry that is NaN is missing, and each square of the sum has the weight
                              weights[i + (size_t)ld_weights * j] in [0, 1], or 1 where weights is null.  An entry of
                              weight 0 is missing too */
#define ORTHANT_STREAM 4 /**< dense data that need not fit in memory: `read` is asked for columns, many at a time */

/** Columns of a matrix of kind ORTHANT_STREAM: first, first + 1, ..., first + count - 1.
 *   user  in   what the matrix has in `user`
 *   out   out  rows x count numbers, column after column without gaps, in the workspace
 *   0; any other number, where the columns cannot be had, ends the call with E_READ
 * It may be called on any of your threads, but never by two at once, and must give the same numbers each time.  A
 * reading of V asks for all columns once in ascending order, some megabytes at a time (what takes no more is read once
 * a call); starts and endmembers ask for single columns too.  With two workers and more the columns that follow are
 * read while those at hand are computed with.  With one worker nothing overlaps, unless `read` itself begins to fetch
 * what follows before it returns.  Results are those of the same matrix in memory, to the bit, for any number of
 * workers.
 * Taken by orthant_nmf, orthant_unmix and orthant_endmembers, where the config says so in `data`; not on bare metal.
 * The workspace then has one or, with two workers and more, two groups of columns.  A matrix whose rows lie one
 * after the other, such as a table in C order, is streamed as its transpose, which has the factors H' and W'. */
typedef int32_t (*orthant_read_fn_f32)(void *user, int32_t first, int32_t count, float *out);
/** The same in double precision. */
typedef int32_t (*orthant_read_fn_f64)(void *user, int32_t first, int32_t count, double *out);

/** A matrix of data, by reference: SciPy's csc_matrix and csr_matrix are used where they lie.  Each function says which
 * kinds it takes.  The macros below fill it. */
typedef struct orthant_matrix_f32 {
  uint32_t size;               /**< required: sizeof this struct */
  int32_t kind;                /**< ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED or ORTHANT_STREAM */
  int32_t rows, cols;          /**< required */
  int32_t ld;                  /**< leading dimension of values: DENSE and MASKED */
  int32_t ld_weights;          /**< leading dimension of weights: MASKED */
  const float *values;         /**< required but of STREAM */
  const int32_t *starts;       /**< CSC and CSR */
  const int32_t *indices;      /**< CSC and CSR */
  const float *weights;        /**< MASKED, or null */
  orthant_read_fn_f32 read;    /**< STREAM */
  void *user;                  /**< passed on to `read` */
} orthant_matrix_f32;
/** The same in double precision. */
typedef struct orthant_matrix_f64 {
  uint32_t size;
  int32_t kind;
  int32_t rows, cols;
  int32_t ld;
  int32_t ld_weights;
  const double *values;
  const int32_t *starts;
  const int32_t *indices;
  const double *weights;
  orthant_read_fn_f64 read;
  void *user;
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
  { sizeof(orthant_matrix_f32), ORTHANT_MASKED, (rows), (cols), (ld), (ld_weights), (values), 0, 0, (weights), 0, 0 }
#define ORTHANT_MASKED_F64(values, rows, cols, ld, weights, ld_weights) \
  { sizeof(orthant_matrix_f64), ORTHANT_MASKED, (rows), (cols), (ld), (ld_weights), (values), 0, 0, (weights), 0, 0 }
#define ORTHANT_STREAM_F32(read, user, rows, cols) \
  { sizeof(orthant_matrix_f32), ORTHANT_STREAM, (rows), (cols), 0, 0, 0, 0, 0, 0, (read), (user) }
#define ORTHANT_STREAM_F64(read, user, rows, cols) \
  { sizeof(orthant_matrix_f64), ORTHANT_STREAM, (rows), (cols), 0, 0, 0, 0, 0, 0, (read), (user) }

#define ORTHANT_DATA_NOT_NEGATIVE 1 /**< no entry may be negative */
#define ORTHANT_DATA_POSITIVE 2     /**< nor may one be zero */
#define ORTHANT_DATA_SYMMETRIC 4    /**< entries (i, j) and (j, i) agree to half the digits */
#define ORTHANT_DATA_ROOM 8         /**< the sum of all squares has room to grow 2^20 times, and to fall */
#define ORTHANT_DATA_COLUMNS 16     /**< dense: the squares of no column overflow or, but for a zero column, vanish */

/** Why a matrix is refused (E_ARG, E_DATA), in a sentence that names its field or the first bad entry: "entry (3, 4),
 * counted from 0, is -2, which is negative".
 *   what  in   what is asked for besides finite entries whose squares are finite, and weights in [0, 1]: a sum of
 *              ORTHANT_DATA_...  NMF: NOT_NEGATIVE and ROOM, with the losses that need V > 0 POSITIVE; ReLU
 *              decomposition as NMF; symmetric NMF and SymNMF-Net: SYMMETRIC too; endmembers and the truncated SVD:
 *              ROOM; unmixing: COLUMNS of E, 0 of Y
 *   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
 *   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty
 *   Of STREAM the struct alone is looked at: there is no memory here to read columns to
 *   Cost: three readings of the matrix; SYMMETRIC of a sparse one a search in a column for each entry */
ORTHANT_API size_t orthant_matrix_problem_f32(const orthant_matrix_f32 *X, int32_t what, char *text, size_t room);
ORTHANT_API size_t orthant_matrix_problem_f64(const orthant_matrix_f64 *X, int32_t what, char *text, size_t room);

/* ---- Threads ---------------------------------------------------------------------------------------------------- */

/** One task of a loop that is run in parallel: what `run` of orthant_parallel calls. */
typedef void (*orthant_task_fn)(void *arg, int32_t index, int32_t worker);

/** Your threads, for configs that have a field `parallel`.  Work is cut by shapes alone and sums are taken in a fixed
 * order, so results are the same bits for any number of workers.  The struct is copied at init; the workspace grows
 * with the number of workers. */
typedef struct orthant_parallel {
  uint32_t size;   /**< required: sizeof this struct */
  int32_t workers; /**< required: at least 1 */
  /** Required for two workers and more: call task(arg, index, worker) once for every index in [0, tasks), with a worker
   * in [0, workers) that no other call has at the same time; return when all have returned. */
  void (*run)(void *user, int32_t tasks, orthant_task_fn task, void *arg);
  void *user;      /**< passed on to `run` */
} orthant_parallel;

/* ---- Many processes --------------------------------------------------------------------------------------------- */

/** Your sums over processes, for orthant_nmf_config: the columns of V and H are spread over the processes, W is on
 * each.  orthant/mpi.h fills it from an MPI communicator.  The struct is copied at init.
 *
 * Every process makes the same calls: size and init with the same config but for `cols`, which is its own share and
 * may be 0, and this struct; then start and run with its own columns of V and of H and with all of W, where V is dense,
 * streamed or sparse.  W, the report and the status come out the same on all, to the bit; H comes out in shares.  With
 * the same columns in other shares sums are rounded in another order: the objective agrees to some units of rounding of
 * |V|^2, and in f32 EHALS may decide another way on a restart where the objective changes by no more than these.  A
 * start that is left open is ORTHANT_START_COLS.
 *
 * An iteration adds up rank (rows + rank) elements, V H' and H H', and 7 numbers of f64, which in f64 are in the same
 * sum and in f32 in one of their own.  MU for other losses than the Frobenius norm: rank rows elements (KL) or twice
 * that, and 6 + 3 rank numbers.  Beside these an iteration takes a sum of one number for each thing that is looked at
 * and lies with H alone: l1_h, and the residual where it is so small that it is summed up entry by entry.  A call
 * begins with a sum of 4 processes numbers, by which the processes see that all of them make this call, that their
 * configs and W agree, and that their shares follow each other (else E_ARG on all); COLS and SPA add up the columns
 * that they choose.  So a call that is refused on one process, for a NaN in its share, is refused on all with the same
 * status.
 *
 * All processes run the same release on the same instruction set (orthant_build_kernels; else E_ARG at start).  A
 * process that fails outside of these calls, at init say, must tell the others by your own means.  A progress function
 * is given on all or on none; where it asks for the end on one, the run ends on all, one iteration later.
 *
 * Where a `sum` fails the call ends with E_REDUCE on each process whose sum fails, and W and H are a finite iterate.
 * A copy of each handle with W and H goes on with the same bits on the same number of processes.  On another number:
 * init with the new shares, and start with ORTHANT_START_GIVEN from W and the columns of H.  That is exact but for
 * rounding for the methods that keep nothing but W and H (HALS, AHALS, ANLS, PG, MU); EHALS begins its momentum anew,
 * AOADMM its dual variables. */
typedef struct orthant_reduce {
  uint32_t size;              /**< required: sizeof this struct */
  int32_t process, processes; /**< required: this one, from 0, and how many */
  int32_t first_column;       /**< required: the first column of V that is this process's */
  int32_t all_columns;        /**< required: of V, on all processes together */
  int32_t reserved;
  /** Required: each of `count` numbers in `buffer`, float or with is_f64 double, becomes its sum over all processes,
   * with the same bits on each.  Called on the thread that called start or run.  0; any other number: it failed. */
  int32_t (*sum)(void *user, void *buffer, int32_t count, int32_t is_f64);
  void *user;                 /**< passed on to `sum` */
} orthant_reduce;

/* ---- Reports ---------------------------------------------------------------------------------------------------- */

#define ORTHANT_STOP_ITERATIONS 1 /**< max_iter was reached */
#define ORTHANT_STOP_KKT 2        /**< kkt <= tol */
#define ORTHANT_STOP_OBJECTIVE 3  /**< the objective fell by less than tol_obj asks for */
#define ORTHANT_STOP_CANCELLED 4  /**< the progress function asked for it */
#define ORTHANT_STOP_NONFINITE 5  /**< overflow; the last finite iterate was kept */
#define ORTHANT_STOP_STEP 6       /**< no entry changed by more than min_step */
#define ORTHANT_STOP_ERROR 7      /**< rel_error reached the tolerance */

/** Why a run ended, and how good the result is.  Set `size`; the rest is written.  Where a function takes a report,
 * null is allowed.  What a number means for one job stands with that job's run; a number that it has not is 0, and one
 * that overflowed is DBL_MAX. */
typedef struct orthant_report {
  uint32_t size;     /**< required: sizeof this struct */
  int32_t stop;      /**< ORTHANT_STOP_... */
  int32_t iters;     /**< iterations since start; unmixing: most inner iterations of any pixel */
  int32_t worst;     /**< unmixing: the pixel with the largest kkt */
  int32_t clipped;   /**< NMF by MURNMF: numerators that were clipped in the last iteration */
  int32_t proposals; /**< NMF with a model: how many of its proposals were taken; -1: V is unlike the model's training,
                          and it was not asked */
  double objective;  /**< what is minimised; unmixing: summed over the pixels */
  double rel_error;  /**< |V - W H| / |V| */
  double kkt;        /**< relative residual of the Karush-Kuhn-Tucker conditions */
  double gap;        /**< symmetric NMF: distance of the two factors */
  double bound;      /**< symmetric NMF: lower bound of the squared rel_error, where it is asked for */
  uint64_t reduced_bytes; /**< NMF on many processes: bytes that this one has given to sums since start */
} orthant_report;

/** Called after each iteration, the last too, on the calling thread; a non-zero return stops the run with a valid
 * iterate. */
typedef int32_t (*orthant_progress_fn)(void *user, const orthant_report *so_far);

/* ---- Unmixing --------------------------------------------------------------------------------------------------- */

struct orthant_model; /* a weight file: orthant/models.h */

/** What to unmix.  All but `bands` and `endmembers` may stay zero. */
typedef struct orthant_unmix_config {
  uint32_t size;             /**< required: sizeof this struct */
  int32_t bands, endmembers; /**< required: rows and columns of E */
  int32_t sum_to_one;        /**< 1: the abundances of each pixel sum to one (FCLS); 0: they are only nonnegative */
  int32_t method;            /**< advanced: ORTHANT_UNMIX_...; 0: ACTIVE_SET, which is exact */
  int32_t max_iter;          /**< advanced: inner iterations of a pixel; 0: 30 * endmembers, if inexact 1000 */
  int32_t data;              /**< the kind of Y: ORTHANT_DENSE, ORTHANT_MASKED for pixels that lack bands, or
                                  ORTHANT_STREAM */
  int32_t reserved;
  double tol;                /**< advanced: an inexact method stops when kkt <= tol; 0: 1e-6 in f32, 1e-12 in f64;
                                  < 0: none */
  const orthant_parallel *parallel;  /**< your threads; null: serial */
  const struct orthant_model *model; /**< advanced: where ACTIVE_SET starts, or null */
} orthant_unmix_config;
typedef struct orthant_unmix_f32 orthant_unmix_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_unmix_f64 orthant_unmix_f64; /**< a handle, in the caller's buffer */

/** Why a config is refused by size (E_ARG, E_UNSUPPORTED, E_BLOB), in a sentence that begins with the name of a field:
 * "bands is 0; it must be at least 1"; or, where fields are refused together, has those of which one would have to be
 * zero.  The config is looked at again, by size in f32 too; nothing is kept from the call that failed.
 *   text  out  the sentence, cut where `room` bytes do not hold it with its terminating zero; null if room is 0
 *   The length of the whole sentence without the zero; 0: nothing is wrong, and text is empty */
ORTHANT_API size_t orthant_unmix_config_problem(const orthant_unmix_config *c, char *text, size_t room);

/** Bytes of workspace.  They depend on the config alone, not on the number of pixels.
 *   bytes  out  the least size of `mem` at init
 *   OK | E_ARG | E_UNSUPPORTED | E_BLOB (the model does not fit) */
ORTHANT_API orthant_status orthant_unmix_size_f32(const orthant_unmix_config *c, size_t *bytes);

/** Place a handle.
 *   E    in   bands x endmembers, lde >= bands; finite; |e_k|^2 neither overflows nor, but for a zero column, vanishes
 *             (below 1e-31 in f32, 1e-292 in f64); used in place by every run: it must outlive the handle
 *   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
 *   out  out  the handle
 *   OK | E_ARG | E_SCRATCH | E_DATA | E_UNSUPPORTED | E_BLOB
 *   Cost: bands * endmembers^2 multiply-adds */
ORTHANT_API orthant_status orthant_unmix_init_f32(const orthant_unmix_config *c, const float *E, int32_t lde, void *mem,
                                                  size_t bytes, orthant_unmix_f32 **out);

/** Abundances of the Y->cols pixels of Y.  The same problem is nonnegative least squares with one matrix and many
 * right-hand sides.
 *   minimise 1/2 |y - E a|^2  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y
 *   Y  in   bands x pixels, of the kind that the config names; finite, in the unit of E.  MASKED: each pixel is fitted
 *           and judged by the bands that it has, with their weights
 *   A  out  endmembers x pixels, lda >= endmembers; fractions of the columns of E; must not overlap Y or E
 *   r  out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|;  kkt: the largest over the pixels and
 *           over k of |min(a_k / u_k, u_k g_k)| / max(|y|, |E a|) with g = E'(E a - y) and u_k the power of two in
 *           (1/2, 1] / |e_k|, as if the columns of E had norms near one; if sum_to_one with g less its mean over the
 *           support, weighted by u_k^2, and u_k at most the largest there; without sign constraint |u_k g_k| in the
 *           place of the minimum;  worst: its pixel
 *   OK | E_ARG | E_DATA (a pixel has NaN or infinite entries, or its squares or its abundances overflow, or MASKED and
 *   no band at all: its abundances are NaN, those of all other pixels are valid) | E_READ (STREAM: the abundances of
 *   all pixels that were read before are valid, the others as they were)
 *   On microcontrollers inexact methods do not scale columns of uneven norms, and a pixel whose squares vanish counts as
 *   zero: flash is short there
 *   Cost of a pixel: bands * endmembers multiply-adds for E'y, then about iterations * endmembers^2; MASKED with bands
 *   missing: bands * endmembers^2 for its own Gram matrix
 *   Source: Heinz and Chang 2001 (FCLS); Lawson and Hanson 1974; tools/docs/algorithms.md, "Unmixing" */
ORTHANT_API orthant_status orthant_unmix_run_f32(orthant_unmix_f32 *s, const orthant_matrix_f32 *Y, float *A,
                                                 int32_t lda, orthant_report *r);

/** How well given abundances explain given pixels, from E and Y directly and not from the Gram matrix.
 *   Y    in   as at run
 *   A    in   endmembers x pixels, lda >= endmembers, from any source
 *   rms  out  pixels, or null: |y - E a| / sqrt(bands), in the unit of Y; MASKED: weighted, over the sum of the weights
 *   kkt  out  pixels, or null: the residual defined at run, of each pixel
 *   r    out  objective, rel_error, the largest kkt and its pixel
 *   OK | E_ARG | E_READ
 *   Cost of a pixel: 2 * bands * endmembers multiply-adds */
ORTHANT_API orthant_status orthant_unmix_check_f32(orthant_unmix_f32 *s, const orthant_matrix_f32 *Y, const float *A,
                                                   int32_t lda, float *rms, float *kkt, orthant_report *r);

ORTHANT_API orthant_status orthant_unmix_size_f64(const orthant_unmix_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_unmix_init_f64(const orthant_unmix_config *c, const double *E, int32_t lde,
                                                  void *mem, size_t bytes, orthant_unmix_f64 **out);
ORTHANT_API orthant_status orthant_unmix_run_f64(orthant_unmix_f64 *s, const orthant_matrix_f64 *Y, double *A,
                                                 int32_t lda, orthant_report *r);
ORTHANT_API orthant_status orthant_unmix_check_f64(orthant_unmix_f64 *s, const orthant_matrix_f64 *Y, const double *A,
                                                   int32_t lda, double *rms, double *kkt, orthant_report *r);

/** At least what orthant_unmix_size says, for static arrays: every method, dense or masked data, serial, without a
 * model. */
#define ORTHANT_UNMIX_BYTES_F32(bands, endmembers) ORTHANT_UNMIX_BYTES_(4, endmembers)
/** The same for f64. */
#define ORTHANT_UNMIX_BYTES_F64(bands, endmembers) ORTHANT_UNMIX_BYTES_(8, endmembers)

/* ---- Nonnegative matrix factorization --------------------------------------------------------------------------- */

/** What to factor, and how.  All but `rows`, `cols` and `rank` may stay zero: then the loss is Frobenius, and start and
 * method are those that reach a small residual soonest.  "Advanced: NMF" below says for each method
 * which fields it reads.  Others are ignored, but one that would change what is minimised is refused
 * (E_UNSUPPORTED). */
typedef struct orthant_nmf_config {
  uint32_t size;            /**< required: sizeof this struct */
  int32_t rows, cols, rank; /**< required: V is rows x cols, rank >= 1; with `reduce` this process's share of V */
  int32_t method;           /**< advanced: ORTHANT_NMF_...; 0: chosen by loss and data */
  int32_t start;            /**< advanced: ORTHANT_START_...; 0: chosen by method and data */
  int32_t max_iter;         /**< outer iterations of one run; 0: 500, of MURNMF and AURNMF 1000; < 0: none,
                                 the report only */
  int32_t sweeps;           /**< advanced: inner steps of a half step; 0: by the method's rule */
  int32_t loss;             /**< ORTHANT_LOSS_...; 0: Frobenius */
  int32_t data;             /**< the kind of V that start and run will be given: ORTHANT_DENSE, ORTHANT_CSC, ... */
  int32_t ortho_axis;       /**< advanced: ORTHANT_ORTHO_...; 0: COMPONENTS, of MURNMF and AURNMF OBSERVATIONS */
  int32_t full_step;        /**< advanced: 1: steps of length one in AURNMF */
  int32_t fixed_w;          /**< 1: W stays as given and only H is solved for */
  int32_t reserved;
  double tol;               /**< stop when kkt <= tol; 0: 1e-4; < 0: none */
  double tol_obj;           /**< stop when the objective falls by less than tol_obj times its first value;
                                 0, < 0: none */
  double rho;               /**< advanced: penalty of AOADMM; 0: trace(Gram matrix) / rank */
  double beta;              /**< of ORTHANT_LOSS_BETA */
  double l1_w, l1_h;        /**< + l1_w sum(W) + l1_h sum(H); 0: none */
  double l2_w, l2_h;        /**< + l2_w/2 |W|^2 + l2_h/2 |H|^2; 0: none */
  double ortho_w, ortho_h;  /**< + ortho_w times the sum of w_k'w_l over pairs k < l of columns of W, ortho_h the same
                                 for H along ortho_axis; 0: none */
  double volume, delta;     /**< advanced: of MINVOL; 0: 0.1 each; volume < 0: none */
  double tau, anneal;       /**< advanced: of AURNMF; 0: 0.1 and 0.01; anneal < 0: none */
  double zero_tol;          /**< advanced: AURNMF sets entries at or below it to zero; 0: 1e-12; < 0: none */
  double min_step;          /**< advanced: MURNMF and AURNMF stop when no entry changes by more; 0: 1e-9; < 0: none */
  uint64_t seed;            /**< of the random starts; every value is good */
  orthant_progress_fn progress;         /**< called between iterations, or null */
  void *user;                           /**< passed on to `progress` */
  const orthant_parallel *parallel;     /**< your threads; null: serial */
  const struct orthant_model *model;    /**< advanced: a Factormer that proposes factors, or null */
  const struct orthant_model *schedule; /**< advanced: a learned schedule of EHALS; null: the library's own, or none */
  const orthant_reduce *reduce;         /**< your sums over processes; null: there is one process */
} orthant_nmf_config;
typedef struct orthant_nmf_f32 orthant_nmf_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_nmf_f64 orthant_nmf_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_nmf_config_problem(const orthant_nmf_config *c, char *text, size_t room);

/** Bytes of workspace: about (2 rows + cols) * rank elements, twice that for EHALS and AOADMM; never rows * cols.
 *   bytes  out  the least size of `mem` at init
 *   OK | E_ARG | E_UNSUPPORTED (no method does what the fields ask for together) | E_BLOB (a model does not fit) */
ORTHANT_API orthant_status orthant_nmf_size_f32(const orthant_nmf_config *c, size_t *bytes);

/** Place a handle.
 *   mem  the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
 *   out  out  the handle
 *   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED | E_BLOB */
ORTHANT_API orthant_status orthant_nmf_init_f32(const orthant_nmf_config *c, void *mem, size_t bytes,
                                                orthant_nmf_f32 **out);

/** Make the starting point, and check V.
 *   V  in   rows x cols, of the kind that the config names; finite, nonnegative
 *   W  out  rows x rank, ldw >= rows; in with ORTHANT_START_GIVEN or fixed_w
 *   H  out  rank x cols, ldh >= rank; in with ORTHANT_START_GIVEN
 *   V, W and H must not overlap
 *   OK | E_ARG | E_DATA | E_READ (W and H then hold no result)
 *   Cost: one to three readings of V; of the start SPA rank readings, of NNDSVD tens
 *   Source: tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine" */
ORTHANT_API orthant_status orthant_nmf_start_f32(orthant_nmf_f32 *s, const orthant_matrix_f32 *V, float *W, int32_t ldw,
                                                 float *H, int32_t ldh);

/** Iterate; call it again to go on.
 *   minimise 1/2 |V - W H|^2 + the penalties of the config  over W >= 0, H >= 0
 * or the other losses and methods of "Advanced: NMF".  An outer iteration updates W, then H with the new W, and reads V
 * once.  Between calls V, W and H stay as they are; to go on from other factors call start with ORTHANT_START_GIVEN.
 * Without a start the first run takes W and H as given.
 *   V  in      as at start
 *   W  in/out  rows x rank, ldw >= rows
 *   H  in/out  rank x cols, ldh >= rank
 *   V, W and H must not overlap
 *   r  out     objective: with all penalties;  rel_error: |V - W H| / |V|, without them;  kkt: the root of the sum over
 *              the components k of (|P_Wk|^2 / |h_k|^2 + |P_Hk|^2 / |w_k|^2) / |V|^2, P the projected gradient (the
 *              gradient g where g < 0 or the entry is positive, else 0).  It is zero exactly at a stationary point, and
 *              does not change when V, or a component against its partner, is scaled
 *   OK | E_ARG | E_DATA | E_READ (STREAM: W and H are those of the last iteration that was complete, of EHALS the best;
 *   with losses other than the Frobenius norm W and those columns of H are new that were read, and the objective has
 *   not risen.  The next run begins from them)
 *   Cost of an iteration: 2 * rows * cols * rank multiply-adds (sparse: nonzeros in the place of rows * cols) and one
 *   reading of V, then sweeps * (rows + cols) * rank^2.  EHALS that ends before max_iter reads V once more.  What
 *   EHALS reports to `progress` does not rise, and what it hands back is not above any of that nor above the start
 *   Source: Ang and Gillis 2019 (EHALS, the default); tools/docs/algorithms.md, "Extrapolated HALS" */
ORTHANT_API orthant_status orthant_nmf_run_f32(orthant_nmf_f32 *s, const orthant_matrix_f32 *V, float *W, int32_t ldw,
                                               float *H, int32_t ldh, orthant_report *r);

ORTHANT_API orthant_status orthant_nmf_size_f64(const orthant_nmf_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nmf_init_f64(const orthant_nmf_config *c, void *mem, size_t bytes,
                                                orthant_nmf_f64 **out);
ORTHANT_API orthant_status orthant_nmf_start_f64(orthant_nmf_f64 *s, const orthant_matrix_f64 *V, double *W,
                                                 int32_t ldw, double *H, int32_t ldh);
ORTHANT_API orthant_status orthant_nmf_run_f64(orthant_nmf_f64 *s, const orthant_matrix_f64 *V, double *W, int32_t ldw,
                                               double *H, int32_t ldh, orthant_report *r);

/** At least what orthant_nmf_size says, for static arrays: the methods EHALS, HALS, AHALS, ANLS, AOADMM, PG and MU, the
 * last with every loss; the starts COLS, SPAS, RANDOM and GIVEN (start 0: where V has fewer than 80 000 entries); dense
 * data, no ortho_w or ortho_h, serial, without a model.  MURNMF and AURNMF: ORTHANT_NMF_TERMS_BYTES_F32. */
#define ORTHANT_NMF_BYTES_F32(rows, cols, rank) ORTHANT_NMF_BYTES_(4, rows, cols, rank)
/** The same for f64. */
#define ORTHANT_NMF_BYTES_F64(rows, cols, rank) ORTHANT_NMF_BYTES_(8, rows, cols, rank)

/* ---- Endmembers from an image ----------------------------------------------------------------------------------- */

#define ORTHANT_ENDMEMBERS_VCA 1    /**< vertex component analysis [Nascimento and Dias 2005]; the default.  Reads
                                         projection, draws, seed */
#define ORTHANT_ENDMEMBERS_SPA 2    /**< successive projections [Araujo 2001; Gillis and Vavasis 2014]; deterministic */
#define ORTHANT_ENDMEMBERS_NFINDR 3 /**< largest simplex volume [Winter 1999], from the pixels of SPA.  Reads
                                         max_iter */
#define ORTHANT_PROJECTION_AFFINE 1     /**< VCA reduces the pixels on principal axes */
#define ORTHANT_PROJECTION_PROJECTIVE 2 /**< ... on singular axes, each pixel divided by its brightness: dark, noisy
                                             pixels may become false vertices */
#define ORTHANT_PROJECTION_PUBLISHED 3  /**< PROJECTIVE where the average signal-to-noise ratio is above
                                             15 + 10 log10(endmembers) dB, else AFFINE: the paper's rule */

/** Which endmembers to look for. */
typedef struct orthant_endmembers_config {
  uint32_t size;                     /**< required: sizeof this struct */
  int32_t bands, pixels, endmembers; /**< required; 1 <= endmembers <= min(bands, pixels); NFINDR: at least 2 */
  int32_t method;                    /**< ORTHANT_ENDMEMBERS_...; 0: VCA */
  int32_t max_iter;                  /**< NFINDR: sweeps over the positions; 0: 3 * endmembers */
  int32_t projection;                /**< VCA: ORTHANT_PROJECTION_...; 0: PROJECTIVE where every pixel is bright enough,
                                          else AFFINE */
  int32_t precise;                   /**< VCA and NFINDR: how well the subspace is found.  0: until no singular value
                                          changes by more than 1e-4 of the largest: the spectra of VCA, projected on it,
                                          are exact to some 1e-5 of their size, where Y is little but noise to 1e-2;
                                          1: to rounding, in several times as many steps of two readings of Y, at
                                          most 2000 */
  uint64_t seed;                     /**< VCA: of the directions, where the caller gives none */
  const orthant_parallel *parallel;  /**< your threads; null: serial */
  int32_t draws;                     /**< VCA: draws of the directions, of which the one with the largest simplex is
                                          kept; 0: 1, as in the paper.  Not read where the caller gives them */
  int32_t data;                      /**< the kind of Y: ORTHANT_DENSE or ORTHANT_STREAM */
} orthant_endmembers_config;
typedef struct orthant_endmembers_f32 orthant_endmembers_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_endmembers_f64 orthant_endmembers_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_endmembers_config_problem(const orthant_endmembers_config *c, char *text, size_t room);

/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_endmembers_size_f32(const orthant_endmembers_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_endmembers_init_f32(const orthant_endmembers_config *c, void *mem, size_t bytes,
                                                       orthant_endmembers_f32 **out);
/** Find pixels of Y whose simplex holds the others: Y is close to E A with A >= 0 and 1'A = 1'.
 *   Y      in   bands x pixels, of the kind that the config names, finite; any unit
 *   D      in   endmembers x endmembers, ldd >= endmembers: the random directions of VCA, finite, the zero vector or one
 *               in the span of those before is replaced by an axis; null: drawn from the seed
 *   E      out  bands x endmembers, lde >= bands: the spectra of the chosen pixels, in the unit of Y; VCA: projected on
 *               the signal subspace
 *   pixel  out  endmembers: the columns of Y that were chosen
 *   no output overlaps another array
 *   OK | E_ARG | E_DATA (also where Y has fewer independent pixels than endmembers) | E_READ (E and pixel then hold no
 *   result)
 *   Cost: SPA 2 * endmembers readings of Y; VCA and NFINDR a truncated SVD, which are two readings a step and pixels *
 *   (endmembers + 8) elements of workspace, then endmembers passes over the reduced data, VCA in each draw */
ORTHANT_API orthant_status orthant_endmembers_run_f32(orthant_endmembers_f32 *s, const orthant_matrix_f32 *Y,
                                                      const float *D, int32_t ldd, float *E, int32_t lde,
                                                      int32_t *pixel);

ORTHANT_API orthant_status orthant_endmembers_size_f64(const orthant_endmembers_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_endmembers_init_f64(const orthant_endmembers_config *c, void *mem, size_t bytes,
                                                       orthant_endmembers_f64 **out);
ORTHANT_API orthant_status orthant_endmembers_run_f64(orthant_endmembers_f64 *s, const orthant_matrix_f64 *Y,
                                                      const double *D, int32_t ldd, double *E, int32_t lde,
                                                      int32_t *pixel);

/** The word for a number of the field `method`: "vca", "spa", "nfindr"; 0: "auto"; null where there is no such method. */
ORTHANT_API const char *orthant_endmembers_method_name(int32_t method);

/* ---- Scores against a truth ------------------------------------------------------------------------------------- */

/** The sizes of what is compared. */
typedef struct orthant_scores_config {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t bands;      /**< required where spectra are given, else 0 */
  int32_t endmembers; /**< required */
  int32_t pixels;     /**< required where abundances are given, else 0 */
} orthant_scores_config;
/** Set `size`; the rest is written. */
typedef struct orthant_scores {
  uint32_t size;      /**< required: sizeof this struct */
  uint32_t reserved;
  double mean_angle;  /**< mean over the endmembers of the spectral angle, in radians */
  double rmse;        /**< sqrt(mean over all entries of (A - A_true)^2) */
  double armse;       /**< mean over the pixels of sqrt(mean over the endmembers of (A - A_true)^2) */
} orthant_scores;

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_scores_config_problem(const orthant_scores_config *c, char *text, size_t room);

/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_scores_size_f32(const orthant_scores_config *c, size_t *bytes);
/** Match estimated endmembers to the true ones, one to one, and compare.
 *   minimise over permutations the sum of the spectral angles arccos(e't / (|e| |t|)), or, where no spectra are given,
 *   of the squared differences of abundances
 *   mem        the workspace of `bytes` bytes, at any address, cleared or not
 *   E, E_true  in   bands x endmembers, lde and ldet >= bands; or both null
 *   A, A_true  in   endmembers x pixels, lda and ldat >= endmembers; or both null; at least one pair is given
 *   match      out  endmembers, or null: estimate match[i] belongs to truth i
 *   angle      out  endmembers, or null: spectral angles in radians, in the order of the truth
 *   out        out  the scores, or null
 *   OK | E_ARG | E_SCRATCH | E_DATA
 *   Cost: endmembers^2 * (bands or pixels) multiply-adds and endmembers^3
 *   Source: Kuhn 1955 (assignment) */
ORTHANT_API orthant_status orthant_scores_run_f32(const orthant_scores_config *c, void *mem, size_t bytes,
                                                  const float *E, int32_t lde, const float *E_true, int32_t ldet,
                                                  const float *A, int32_t lda, const float *A_true, int32_t ldat,
                                                  int32_t *match, double *angle, orthant_scores *out);
ORTHANT_API orthant_status orthant_scores_size_f64(const orthant_scores_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_scores_run_f64(const orthant_scores_config *c, void *mem, size_t bytes,
                                                  const double *E, int32_t lde, const double *E_true, int32_t ldet,
                                                  const double *A, int32_t lda, const double *A_true, int32_t ldat,
                                                  int32_t *match, double *angle, orthant_scores *out);

/* ---- Advanced: unmixing ----------------------------------------------------------------------------------------- */

/** @defgroup orthant_unmix_advanced Advanced: unmixing
 * @{
 * Every method reads bands, endmembers, data and parallel; what else it reads stands with it.  A method that does not
 * list sum_to_one refuses it (E_UNSUPPORTED), and so with model.
 *
 * The model of orthant_unmix_config is a NALMU that moves one factor (orthant/nalmu.h), of as many endmembers.  Its
 * layers propose the support that ACTIVE_SET begins with; the result is exact with any weights.  Any other model is
 * E_BLOB.  Bare-metal builds take none (E_UNSUPPORTED). */
#define ORTHANT_UNMIX_BPP 1           /**< block principal pivoting, exact, the supports of many pixels at once [Kim and
                                           Park 2011].  Reads max_iter */
#define ORTHANT_UNMIX_ACTIVE_SET 2    /**< active set, exact, each pixel from the support of the last [Lawson and Hanson
                                           1974; Heinz and Chang 2001]; the default.  Reads sum_to_one, max_iter,
                                           model */
#define ORTHANT_UNMIX_HALS 3          /**< coordinate descent, inexact.  Reads max_iter, tol */
#define ORTHANT_UNMIX_ADMM 4          /**< splitting, rho = trace(S) / endmembers, S = E'E of
                                           columns scaled to norms near one, inexact.  Reads max_iter, tol */
#define ORTHANT_UNMIX_FAST_PG 5       /**< accelerated projected gradient, inexact.  Reads max_iter, tol */
#define ORTHANT_UNMIX_MU 6            /**< multiplicative updates, inexact; a negative entry of E is E_DATA.  Reads
                                           max_iter, tol */
#define ORTHANT_UNMIX_UNCONSTRAINED 7 /**< least squares without a >= 0 (UCLS).  Reads sum_to_one */
#define ORTHANT_UNMIX_CLIP 8          /**< UNCONSTRAINED, clipped at zero and, with sum_to_one, rescaled: fast, not the
                                           minimiser.  Reads sum_to_one */

/** The word for a number of the field `method`, as the languages have it ("bpp", "active_set", ...; 0: "auto"), in a
 * static string; null where there is no such method. */
ORTHANT_API const char *orthant_unmix_method_name(int32_t method);
/** @} */

/* ---- Advanced: NMF ---------------------------------------------------------------------------------------------- */

/** @defgroup orthant_nmf_advanced Advanced: NMF
 * @{
 * Every method reads rows, cols, rank, start, max_iter, data, tol, tol_obj, seed, progress, user and parallel.  What
 * else it reads stands with it.  "Penalties" are l1_w, l1_h, l2_w, l2_h, ortho_w, ortho_h and ortho_axis.  A method
 * that does not list penalties, fixed_w, model, schedule or full_step refuses them (E_UNSUPPORTED).
 *
 * Frobenius norm of dense, streamed, sparse or masked data: EHALS, HALS, AHALS, ANLS, AOADMM, PG, MU.  They differ in
 * the half step, which is nonnegative least squares with one Gram matrix: minimise 1/2 |V - W H|^2 over one factor.
 * EHALS, HALS and AHALS skip a dead component, whose partner is zero or nothing beside the largest (eps^4 of the trace
 * of the Gram matrix): it stays as it is, where it does not matter.  Overlap of columns of H (ortho_h with
 * ORTHO_OBSERVATIONS) couples all columns and is refused by them.  With fixed_w the default method and EHALS are ANLS,
 * exact in one iteration.  [tools/docs/algorithms.md, "NNLS half steps", "HALS", "AO-ADMM"]
 *
 * Other losses of dense or streamed data: MU for every beta, by a ratio to the power that makes it descend; CCD for KL
 * of dense data.  Sparse data: MU for KL, at a cost of the nonzeros.  Masked data, ortho_w and ortho_h are refused.  In
 * the report objective is the divergence with the penalties, and kkt the root of the sum over k of (|P_Wk|^2 / |h_k|^2
 * + |P_Hk|^2 / |w_k|^2) / |(W H)^(b-1)|^2, the power taken entry by entry (KL: sqrt(rows cols) in its place); entries
 * at the floor of MU, 1e-16, in f32 1e-12, count as zero.  [Fevotte and Idier 2011; tools/docs/algorithms.md,
 * "Beta-divergences"]
 *
 * MINVOL, for dense or sparse data, minimises 1/2 |V - W H|^2 + lambda/2 log det(W'W + delta I) over H >= 0 and columns
 * of W >= 0 that sum to one; lambda = volume * max(1e-6 |V|^2, |V - W H|^2) / |log det(W'W + delta I)| at the start,
 * and stays.  A fast gradient step by which the model of its half step rises is undone, and momentum begins anew.  In
 * the report objective is the whole sum, which may be negative; kkt is the root of the sum over k of
 * (|P_Wk|^2 / A_kk + |P_Hk|^2 / |w_k|^2) / |V|^2 with A = H H' + lambda (W'W + delta I)^-1, and P_Wk of the gradient
 * less its mean over the positive entries.  [tools/docs/algorithms.md, "Minimum volume"]
 *
 * MURNMF and AURNMF, for dense data, take the weights and penalties of orthant/nmf_terms.h too.  In the
 * report objective and kkt have all terms; the weighted norm stands for |V|, in rel_error too; and in kkt each entry's
 * square is divided by the diagonal of its block's Hessian.  [tools/docs/algorithms.md, "MURNMF", "AURNMF"]
 *
 * The model is a Factormer of this rank (orthant/factormer.h), for the Frobenius norm of dense data with W free.  It
 * proposes a start, or, if it accelerates, factors after each of the first five iterations, which then take no
 * penalties.  A proposal is taken where the objective is lower with it than without.  The model is not asked for V of
 * another kind than those of its training, as far as its file tells (report.proposals is then -1): sides, spread of the
 * entries and of the means of rows and columns, largest entry, share of zeros; all this in one reading of V.
 *
 * The schedule is a weight file of kind ORTHANT_MODEL_SCHEDULE (orthant/schedule.h): momentum, sweeps and relaxation of
 * EHALS.  Null: the library's own where method, sweeps and penalties are zero, W is free, V is not masked and has fewer
 * than 80 000 entries; else the classical rule.  The library's own gives way to the classical rule with 2/5 rank
 * sweeps, from 4 to 8, where start is zero, max_iter 5 or more and V dense, has 20 000 entries or more, and the square
 * of the mean of a few of its columns is less than half of their mean square.  Bare-metal builds have the classical
 * rule alone.
 *
 * With `reduce`: EHALS, HALS, AHALS, ANLS, AOADMM, PG and MU, of dense, streamed or sparse data, with the starts COLS,
 * SPA, RANDOM and GIVEN, without a model; all else is E_UNSUPPORTED.  Bare-metal builds have no `reduce`.
 *
 * The starts SPAS and SPA do not take CSR data, NNDSVD, NNDSVDA, NNDSVDAR, NNSVDLRC and ROUGH no masked or streamed
 * data.  SUB is for the Frobenius norm of dense data with W free, for the methods EHALS, HALS, AHALS, ANLS, AOADMM, PG
 * and MU: 10 iterations on a sample, which is an eighth of V and itself begun coarse to fine where max_iter is 5 or
 * more.
 * [tools/docs/algorithms.md, "Starts of NMF", "Coarse to fine"] */
#define ORTHANT_NMF_EHALS 1   /**< extrapolated HALS with restarts [Ang and Gillis 2019]; the default for the Frobenius
                                   norm.  Reads sweeps (0: 8 to 20, sparse V 4), penalties, fixed_w, model, schedule */
#define ORTHANT_NMF_HALS 2    /**< coordinate descent [Cichocki 2007]; descends.  Reads sweeps (0: 1), penalties,
                                   fixed_w, model */
#define ORTHANT_NMF_AHALS 3   /**< coordinate descent, as many sweeps as pay for a reading of V [Gillis and Glineur
                                   2012]; descends.  Reads sweeps (the most; 0: by a flop count), penalties, fixed_w,
                                   model */
#define ORTHANT_NMF_ANLS 4    /**< exact half steps by block principal pivoting [Kim and Park 2011]; descends.  Reads
                                   penalties, fixed_w, model */
#define ORTHANT_NMF_AOADMM 5  /**< a few ADMM steps, the dual variable kept [Huang, Sidiropoulos and Liavas 2016].
                                   Reads sweeps (steps; 0: 10), rho, penalties but ortho_w and ortho_h, fixed_w,
                                   model */
#define ORTHANT_NMF_PG 6      /**< projected gradient steps; descends.  Reads sweeps (steps; 0: as AHALS, at most 10),
                                   penalties, fixed_w, model */
#define ORTHANT_NMF_MU 7      /**< multiplicative updates [Lee and Seung 2001]; descends; the default for other losses
                                   but KL of dense data.  Frobenius norm: reads sweeps (0: 1), penalties, fixed_w,
                                   model.  Other losses: reads loss, beta, l1_w, l1_h, fixed_w, with KL l2_w and l2_h */
#define ORTHANT_NMF_CCD 8     /**< coordinate descent for KL of dense data [Hsieh and Dhillon 2011], with steps that
                                   cannot ascend; the default there.  Reads loss, sweeps (0: 1), l1_w, l1_h, l2_w, l2_h,
                                   fixed_w */
#define ORTHANT_NMF_MINVOL 9  /**< smallest volume of the columns of W, which sum to one, by fast gradient steps
                                   [Leplat, Ang and Gillis 2019].  Reads sweeps (steps; 0: 10), volume, delta */
#define ORTHANT_NMF_MURNMF 10 /**< multiplicative, with every weight and penalty.  Reads penalties, min_step */
#define ORTHANT_NMF_AURNMF 11 /**< additive, with every weight and penalty.  Reads penalties, min_step, full_step, tau
                                   (first share of the way to the boundary), anneal (its growth), zero_tol */

#define ORTHANT_START_COLS 1     /**< rank random columns of V; the default but for SUB, ROUGH and MINVOL */
#define ORTHANT_START_SPAS 2     /**< SPA on 100 random columns */
#define ORTHANT_START_SPA 3      /**< SPA on all columns; the default of MINVOL */
#define ORTHANT_START_RANDOM 4   /**< uniform in [0, 1), scaled by the best common factor */
#define ORTHANT_START_NNDSVD 5   /**< from a truncated SVD [Boutsidis and Gallopoulos 2008]; zeros stay zero */
#define ORTHANT_START_NNDSVDA 6  /**< the same, zeros filled with the mean of V */
#define ORTHANT_START_NNDSVDAR 7 /**< the same, zeros filled with small random numbers */
#define ORTHANT_START_GIVEN 8    /**< W and H as the caller left them */
#define ORTHANT_START_SUB 9      /**< coarse to fine: EHALS on a sample of rows and columns, then W for all rows from
                                      the sampled columns; the default of EHALS where V is dense and has at least
                                      80 000 entries and 64 rank^2, with fewer than 5 iterations
                                      only where it costs no more than 1.1 of them */
#define ORTHANT_START_NNSVDLRC 10 /**< from a truncated SVD of half the rank, corrected by HALS on it in place of V
                                      [Atif, Qazi and Gillis 2019]; few zeros; dense and sparse V */
#define ORTHANT_START_ROUGH 11   /**< NNDSVD from two steps of subspace iteration, dense and sparse V; the default of
                                      EHALS for 30 iterations and more where V is sparse */

#define ORTHANT_LOSS_FROBENIUS 0 /**< 1/2 |V - W H|^2 */
#define ORTHANT_LOSS_KL 1        /**< Kullback and Leibler: sum of v log(v/p) - v + p, p = (W H)_ij; b = 1 */
#define ORTHANT_LOSS_IS 2        /**< Itakura and Saito: sum of v/p - log(v/p) - 1; b = 0: V > 0 */
#define ORTHANT_LOSS_BETA 3      /**< sum of (v^b + (b-1) p^b - b v p^(b-1)) / (b (b-1)), b the field beta; b = 2 is the
                                      Frobenius norm; b <= 0 needs V > 0 (E_DATA) */

#define ORTHANT_ORTHO_COMPONENTS 1   /**< ortho_h is for pairs of rows of H */
#define ORTHANT_ORTHO_OBSERVATIONS 2 /**< ortho_h is for pairs of columns of H */

/** The word for a number of the field `method`, as the command line has it ("ehals", "hals", ...; 0: "auto"), in a
 * static string; null where there is no such method. */
ORTHANT_API const char *orthant_nmf_method_name(int32_t method);
/** The same for the field `start`: "cols", "spas", ... */
ORTHANT_API const char *orthant_nmf_start_name(int32_t start);
/** The same for the field `loss`: "frobenius", "kl", "is", "beta". */
ORTHANT_API const char *orthant_nmf_loss_name(int32_t loss);
/** @} */

/* ---- What the size macros add up: internal ---------------------------------------------------------------------- */

#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32) || defined(__wasm__)
#define ORTHANT_BLOCK_(rank) (4096 + 16 * (size_t)(rank)) /* elements of one block of problems */
#define ORTHANT_PANEL_ 256                                /* problems of one block             */
#define ORTHANT_PARTS_ 16
#define ORTHANT_TILE_ (2 * 8192)
#define ORTHANT_SHARES_(m, n, r) (((size_t)(m) + (n)) * (r) / 4) /* of a Gram matrix */
#else
#define ORTHANT_BLOCK_(rank) (8 * (size_t)(rank))
#define ORTHANT_PANEL_ 16
#define ORTHANT_PARTS_ 4
#define ORTHANT_TILE_ 256
#define ORTHANT_SHARES_(m, n, r) 0
#endif
#define ORTHANT_UNMIX_BYTES_(s, r)                                                                          \
  (1792 + 64 * ORTHANT_PARTS_ +                                                                             \
   (s) * (5 * (size_t)(r) * (r) + 10 * (size_t)(r) + 5 * ORTHANT_BLOCK_(r) + 2 * ORTHANT_PANEL_) +          \
   8 * (size_t)(r) +                                                                                        \
   ORTHANT_PANEL_ * (12 + 4 * ((size_t)(r) / 32 + 1)))
#define ORTHANT_NMF_BYTES_(s, m, n, r)                                                                       \
  (4096 + 128 * ORTHANT_PARTS_ + (size_t)(m) + (n) +                                                         \
   (s) * (4 * (size_t)(m) * (r) + 2 * (size_t)(n) * (r) + (7 + ORTHANT_PARTS_) * (size_t)(r) * (r) +          \
          16 * (size_t)(r) + 4 * ORTHANT_PANEL_ * (size_t)(r) + ORTHANT_TILE_ +                              \
          2 * (size_t)ORTHANT_SAMPLE_(n, r) + ORTHANT_SHARES_(m, n, r)) +                                    \
   4 * (size_t)ORTHANT_SAMPLE_(n, r) + 12 * (size_t)(r) + ORTHANT_PANEL_ * (12 + 4 * ((size_t)(r) / 32 + 1)))
#define ORTHANT_SAMPLE_(n, r) (2 * (r) > 100 ? 2 * (r) : 100)

#ifdef __cplusplus
}
#endif

/* ---- Parts ------------------------------------------------------------------------------------------------------ */
#include "orthant/dimension.h"
#include "orthant/factormer.h"
#include "orthant/fixed.h"
#include "orthant/library.h"
#include "orthant/models.h"
#include "orthant/nalmu.h"
#include "orthant/nmf_terms.h"
#include "orthant/qp.h"
#include "orthant/relu_nmd.h"
#include "orthant/schedule.h"
#include "orthant/symnmf.h"

#endif
