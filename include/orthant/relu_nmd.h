/** @file orthant/relu_nmd.h
 * Orthant: ReLU matrix decomposition, and the truncated SVD that it starts from.  A part of orthant.h, readable
 * alone. */
#ifndef ORTHANT_RELU_NMD_H
#define ORTHANT_RELU_NMD_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- ReLU matrix decomposition ---------------------------------------------------------------------------------- */

/** What to decompose, and how.  All but `rows`, `cols` and `rank` may stay zero; "Advanced: ReLU decomposition" below
 * says for each method which of the advanced fields it reads. */
typedef struct orthant_relu_nmd_config {
  uint32_t size;            /**< required: sizeof this struct */
  int32_t rows, cols, rank; /**< required: M is rows x cols; rank may exceed both */
  int32_t method;           /**< advanced: ORTHANT_RELU_NMD_...; 0: 3B with alpha 0.9 while f falls, at most 20
                                 iterations, then QN */
  int32_t start;            /**< advanced: ORTHANT_RELU_START_...; 0: TSVD */
  int32_t z_start;          /**< advanced: ORTHANT_RELU_Z_...; 0: DATA */
  int32_t max_iter;         /**< iterations of one run; 0: 1000; < 0: none, the report only */
  int32_t history;          /**< advanced: pairs that QN keeps, each twice as large as U and V; 0: 5; at most 64 */
  int32_t svd_steps;        /**< advanced: most steps of a truncated SVD; 0: 10 */
  double tol;               /**< stop when rel_error <= tol; 0: 1e-4; < 0: none */
  double tol_obj;           /**< stop when rel_error is within tol_obj of what it was 11 iterations before, from the
                                 11th on; 0: 1e-5; < 0: none */
  double alpha;             /**< advanced: momentum in [0, 1]; 0: the method's own; < 0: none */
  double beta;              /**< advanced: share of the new factors in TM, in (0, 1]; 0: 0.95 */
  double lambda;            /**< advanced: + lambda/2 (|U|^2 + |V|^2) in TM; 0: 1e-4; < 0: none */
  double svd_tol;           /**< advanced: as tol of orthant_tsvd_config; 0: 1e-4; < 0: none */
  uint64_t seed;            /**< of the starts and of the SVD's first block */
  orthant_progress_fn progress;     /**< called between iterations, or null */
  void *user;                       /**< passed on to `progress` */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_relu_nmd_config;
typedef struct orthant_relu_nmd_f32 orthant_relu_nmd_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_relu_nmd_f64 orthant_relu_nmd_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_relu_nmd_config_problem(const orthant_relu_nmd_config *c, char *text, size_t room);

/** Bytes of workspace.  In elements: QN (2 history + 3) (rows + cols) rank, whatever M is; TM and 3B 2 rows cols and a
 * few (rows + cols) rank; the default the larger of these two; NAIVE and EM rows cols; ANAIVE and AEM 2 rows cols; ANMD
 * 4 rows cols.  The start NUCLEAR takes rows cols more, and (rows + cols) min(rows, cols).
 *   OK | E_ARG */
ORTHANT_API orthant_status orthant_relu_nmd_size_f32(const orthant_relu_nmd_config *c, size_t *bytes);

/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_relu_nmd_init_f32(const orthant_relu_nmd_config *c, void *mem, size_t bytes,
                                                     orthant_relu_nmd_f32 **out);

/** Make the starting point, and check M.
 *   M  in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR, which is searched through once for each tile of
 *           columns: give the transpose as CSC where time matters
 *   U  out  rows x rank, ldu >= rows; in with ORTHANT_RELU_START_GIVEN
 *   V  out  rank x cols, ldv >= rank; in with ORTHANT_RELU_START_GIVEN
 *   M, U and V must not overlap
 *   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED)
 *   Cost: TSVD tens of readings of M; NUCLEAR four full SVDs */
ORTHANT_API orthant_status orthant_relu_nmd_start_f32(orthant_relu_nmd_f32 *s, const orthant_matrix_f32 *M, float *U,
                                                      int32_t ldu, float *V, int32_t ldv);

/** Iterate; call it again to go on.
 *   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
 * A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M > 0 and
 * min(0, T) elsewhere, every method works on
 *   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V
 * Between calls M, U and V stay as they are; to go on from other factors call start with ORTHANT_RELU_START_GIVEN.
 * Without a start the first run takes U and V as given.
 *   M  in      as at start
 *   U  in/out  rows x rank, ldu >= rows
 *   V  in/out  rank x cols, ldv >= rank
 *   M, U and V must not overlap
 *   r  out     objective: f(U V), of TM with its penalty;  rel_error: |M - max(0, U V)| / |M|
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
 *   Cost of an iteration: QN 3 rows cols rank multiply-adds and one reading of M, rarely more; TM and 3B as many, Z and
 *   Theta read and written once, M not read after the start; the others about 2 svd_steps + 2 times rows cols rank
 *   Source: Saul 2022 (NAIVE, EM); Seraghiti, Awari, Vandaele, Porcelli and Gillis 2023 (ANMD, 3B); Nocedal 1980 (QN);
 *   tools/docs/algorithms.md, "ReLU decomposition" */
ORTHANT_API orthant_status orthant_relu_nmd_run_f32(orthant_relu_nmd_f32 *s, const orthant_matrix_f32 *M, float *U,
                                                    int32_t ldu, float *V, int32_t ldv, orthant_report *r);

ORTHANT_API orthant_status orthant_relu_nmd_size_f64(const orthant_relu_nmd_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_relu_nmd_init_f64(const orthant_relu_nmd_config *c, void *mem, size_t bytes,
                                                     orthant_relu_nmd_f64 **out);
ORTHANT_API orthant_status orthant_relu_nmd_start_f64(orthant_relu_nmd_f64 *s, const orthant_matrix_f64 *M, double *U,
                                                      int32_t ldu, double *V, int32_t ldv);
ORTHANT_API orthant_status orthant_relu_nmd_run_f64(orthant_relu_nmd_f64 *s, const orthant_matrix_f64 *M, double *U,
                                                    int32_t ldu, double *V, int32_t ldv, orthant_report *r);

/* ---- Truncated SVD ---------------------------------------------------------------------------------------------- */

/** What to decompose. */
typedef struct orthant_tsvd_config {
  uint32_t size;            /**< required: sizeof this struct */
  int32_t rows, cols, rank; /**< required; 1 <= rank <= min(rows, cols) */
  int32_t max_iter;         /**< steps; 0: 100 */
  int32_t warm;             /**< 1: every run starts from V as the caller left it, s is ignored */
  double tol;               /**< stop when no singular value changes by more than tol times the largest; 0: 1e-6 in f32,
                                 1e-12 in f64; < 0: none */
  uint64_t seed;            /**< of the first block */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_tsvd_config;
typedef struct orthant_tsvd_f32 orthant_tsvd_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_tsvd_f64 orthant_tsvd_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_tsvd_config_problem(const orthant_tsvd_config *c, char *text, size_t room);

/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_tsvd_size_f32(const orthant_tsvd_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_tsvd_init_f32(const orthant_tsvd_config *c, void *mem, size_t bytes,
                                                 orthant_tsvd_f32 **out);
/** The leading singular triplets of X, by block subspace iteration on rank + 8 vectors.
 *   X ~ U diag(s) V',  the best approximation of this rank
 *   X  in   rows x cols, finite, of any sign: DENSE, CSC or CSR
 *   U  out  rows x rank, ldu >= rows: orthonormal columns, zero beyond the rank of X
 *   s  out  rank values, descending
 *   V  out  cols x rank, ldv >= cols: orthonormal columns; with `warm` in too: finite, any basis of the row space; that
 *           of a matrix near by makes one or two steps enough; zero columns are filled at random
 *   no output overlaps another array
 *   r  out  iters: steps;  kkt: the last change of a value over the largest;  rel_error: |X - U diag(s) V'| / |X| from
 *           the norms, which cancels below the root of the unit roundoff;  stop: KKT (tol) or ITERATIONS
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
 *   Cost of a step: 4 rows cols (rank + 8) flops and two readings of X
 *   Source: Rutishauser 1969; Halko, Martinsson and Tropp 2011 */
ORTHANT_API orthant_status orthant_tsvd_run_f32(orthant_tsvd_f32 *t, const orthant_matrix_f32 *X, float *U, int32_t ldu,
                                                float *s, float *V, int32_t ldv, orthant_report *r);

ORTHANT_API orthant_status orthant_tsvd_size_f64(const orthant_tsvd_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_tsvd_init_f64(const orthant_tsvd_config *c, void *mem, size_t bytes,
                                                 orthant_tsvd_f64 **out);
ORTHANT_API orthant_status orthant_tsvd_run_f64(orthant_tsvd_f64 *t, const orthant_matrix_f64 *X, double *U,
                                                int32_t ldu, double *s, double *V, int32_t ldv, orthant_report *r);

/* ---- Advanced: ReLU decomposition ------------------------------------------------------------------------------- */

/** @defgroup orthant_relu_nmd_advanced Advanced: ReLU decomposition
 * @{
 * Every method reads rows, cols, rank, start, max_iter, tol, tol_obj, seed, progress, user and parallel; what else it
 * reads stands with it.  The default method reads history and z_start. */
#define ORTHANT_RELU_NMD_QN 1     /**< limited-memory BFGS on U and V; descends, never diverges, reads M alone.  Reads
                                       history */
#define ORTHANT_RELU_NMD_TM 2     /**< NMD-TM: Z and U V with momentum.  Reads alpha (0: 0.95), beta, lambda, z_start */
#define ORTHANT_RELU_NMD_3B 3     /**< 3B-NMD: TM with beta 1 and lambda 0; may diverge for alpha near one.  Reads alpha
                                       (0: 0.7), z_start */
#define ORTHANT_RELU_NMD_ANMD 4   /**< A-NMD: truncated SVDs, adaptive momentum.  Reads alpha (where it starts; 0: 0.9),
                                       z_start, svd_steps, svd_tol */
#define ORTHANT_RELU_NMD_NAIVE 5  /**< Z = Pi(Theta), Theta the truncated SVD of Z; |Z - Theta| descends.  Reads
                                       z_start, svd_steps, svd_tol */
#define ORTHANT_RELU_NMD_ANAIVE 6 /**< NAIVE with momentum on Z.  Reads alpha (0: 0.7), z_start, svd_steps, svd_tol */
#define ORTHANT_RELU_NMD_EM 7     /**< EM for max(0, N(Theta, sigma^2)); the likelihood ascends.  Reads z_start,
                                       svd_steps, svd_tol */
#define ORTHANT_RELU_NMD_AEM 8    /**< EM with momentum on Z.  Reads alpha (0: 0.6), z_start, svd_steps, svd_tol */

#define ORTHANT_RELU_START_TSVD 1    /**< the truncated SVD of M; the default */
#define ORTHANT_RELU_START_NUCLEAR 2 /**< three subgradient steps on the nuclear norm of Z, from random entries */
#define ORTHANT_RELU_START_RANDOM 3  /**< normal numbers of the scale of M */
#define ORTHANT_RELU_START_GIVEN 4   /**< U and V as the caller left them */

#define ORTHANT_RELU_Z_DATA 1     /**< the first Z is M; the default */
#define ORTHANT_RELU_Z_FEASIBLE 2 /**< the first Z is Pi(U V) */
/** @} */

#ifdef __cplusplus
}
#endif

#endif
