/* Orthant: ReLU matrix decomposition, and the truncated SVD that it starts from.  Part of orthant.h. */
#ifndef ORTHANT_RELU_NMD_H
#define ORTHANT_RELU_NMD_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- ReLU matrix decomposition ----------------------------------------------------------------------------------- */

/*   find U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
 * A sparse or binary M of high rank often is max(0, Theta) of a Theta of low rank.  With Pi(T) = M where M > 0 and
 * min(0, T) elsewhere, every method works on
 *   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 >= 1/2 |M - max(0, Theta)|^2,   Theta = U V .
 * Source: Saul 2022 (naive, EM); Seraghiti, Awari, Vandaele, Porcelli, Gillis 2023 (A-NMD, 3B); NMD-TM 2024; Nocedal 1980. */
                                  /* 0, the default: 3B at alpha 0.9 while f falls, at most 20 iterations; then QN    */
#define ORTHANT_RELU_NMD_QN 1     /* limited-memory BFGS on U and V; descends, never diverges, streams M alone        */
#define ORTHANT_RELU_NMD_TM 2     /* NMD-TM: Z and U V with momentum alpha, shares beta of new factors, ridge lambda  */
#define ORTHANT_RELU_NMD_3B 3     /* 3B-NMD: TM with beta 1 and lambda 0; may diverge for alpha near one              */
#define ORTHANT_RELU_NMD_ANMD 4   /* A-NMD: truncated SVDs, adaptive momentum that starts at alpha                    */
#define ORTHANT_RELU_NMD_NAIVE 5  /* Z = Pi(Theta), Theta = truncated SVD of Z; |Z - Theta| descends                  */
#define ORTHANT_RELU_NMD_ANAIVE 6 /* the same with momentum alpha on Z                                                */
#define ORTHANT_RELU_NMD_EM 7     /* EM for max(0, N(Theta, sigma^2)); the likelihood ascends                         */
#define ORTHANT_RELU_NMD_AEM 8    /* the same with momentum alpha on Z                                                */
#define ORTHANT_RELU_START_TSVD 1    /* the truncated SVD of M; the default                                           */
#define ORTHANT_RELU_START_NUCLEAR 2 /* three subgradient steps on the nuclear norm of Z, from random entries         */
#define ORTHANT_RELU_START_RANDOM 3  /* normal numbers of the scale of M                                              */
#define ORTHANT_RELU_START_GIVEN 4   /* U and V as the caller left them                                               */
#define ORTHANT_RELU_Z_DATA 1     /* the first Z (all methods but QN): M; the default                                 */
#define ORTHANT_RELU_Z_FEASIBLE 2 /* Pi(U V)                                                                          */
typedef struct orthant_relu_nmd_config {
  uint32_t size;
  int32_t rows, cols, rank; /* required; rank may exceed rows and cols                                                */
  int32_t method;           /* ORTHANT_RELU_NMD_...                                                                   */
  int32_t start;            /* ORTHANT_RELU_START_...                                                                 */
  int32_t z_start;          /* ORTHANT_RELU_Z_...                                                                     */
  int32_t max_iter;         /* iterations of one run; 0: 1000; < 0: no iteration, the report only                     */
  int32_t history;          /* QN: pairs kept, each as large as two times U and V; 0: 5; at most 64                   */
  int32_t svd_steps;        /* methods 4 to 8: most steps of a truncated SVD; 0: 10                                   */
  double tol;               /* stop when rel_error <= tol; 0: 1e-4                                                    */
  double tol_obj;           /* stop when rel_error is within tol_obj of what it was 11 iterations before; 0: 1e-5     */
  double alpha;             /* momentum in [0, 1]; 0: TM 0.95, 3B 0.7, ANMD 0.9, ANAIVE 0.7, AEM 0.6; < 0: none       */
  double beta;              /* TM: share of the new factors in (0, 1]; 0: 0.95                                        */
  double lambda;            /* TM: + lambda/2 (|U|^2 + |V|^2); 0: 1e-4; < 0: none                                     */
  double svd_tol;           /* methods 4 to 8: as orthant_tsvd_config.tol; 0: 1e-4                                    */
  uint64_t seed;            /* of random starts and of the SVD's first block                                          */
  orthant_progress_fn progress;
  void *user;
  const orthant_parallel *parallel; /* null: serial                                                                   */
} orthant_relu_nmd_config;
typedef struct orthant_relu_nmd_f32 orthant_relu_nmd_f32;
typedef struct orthant_relu_nmd_f64 orthant_relu_nmd_f64;

/* Bytes of workspace.  QN: (2 history + 3) (rows + cols) rank elements, whatever M is.  TM, 3B: 2 rows cols and a few
 * (rows + cols) rank; the default the larger of these two.  NAIVE, EM: rows cols; ANAIVE, AEM: 2 rows cols; ANMD: 4 rows
 * cols.  NUCLEAR: rows cols more, and (rows + cols) min(rows, cols). */
ORTHANT_API orthant_status orthant_relu_nmd_size_f32(const orthant_relu_nmd_config *c, size_t *bytes);

/* Place a handle.  OK | E_ARG | E_SCRATCH. */
ORTHANT_API orthant_status orthant_relu_nmd_init_f32(const orthant_relu_nmd_config *c, void *mem, size_t bytes,
                                                     orthant_relu_nmd_f32 **out);

/* Make the starting point, and check M.
 *   M   in   rows x cols, finite, nonnegative: DENSE, CSC, or CSR (which is searched through once for each tile of
 *            columns: give the transpose as CSC instead where time matters)
 *   U   out  rows x rank, ldu >= rows   (START_GIVEN: in)
 *   V   out  rank x cols, ldv >= rank   (START_GIVEN: in)
 *   M, U and V must not overlap.   OK | E_ARG | E_DATA (U and V then hold no result) | E_UNSUPPORTED (MASKED).
 *   Cost: TSVD: tens of readings of M; NUCLEAR: four full SVDs. */
ORTHANT_API orthant_status orthant_relu_nmd_start_f32(orthant_relu_nmd_f32 *s, const orthant_matrix_f32 *M, float *U,
                                                      int32_t ldu, float *V, int32_t ldv);

/* Iterate; call again to go on.  Between calls M, U and V stay as they are; to go on from other factors call start with
 * START_GIVEN.  Without a start the first run takes U and V as given.
 *   r   objective: f(U V), TM: with its penalty;  rel_error: |M - max(0, U V)| / |M|;  kkt: 0, not used;
 *       stop: ITERATIONS, ERROR (tol), OBJECTIVE (tol_obj), CANCELLED, NONFINITE
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED.   Cost of an iteration: QN: 3 rows cols rank multiply-adds and one reading of M,
 *   rarely more; TM, 3B: as many, Z and T read and written once, M not read after the start; the others: about
 *   2 svd steps + 2 times rows cols rank. */
ORTHANT_API orthant_status orthant_relu_nmd_run_f32(orthant_relu_nmd_f32 *s, const orthant_matrix_f32 *M, float *U,
                                                    int32_t ldu, float *V, int32_t ldv, orthant_report *r);

ORTHANT_API orthant_status orthant_relu_nmd_size_f64(const orthant_relu_nmd_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_relu_nmd_init_f64(const orthant_relu_nmd_config *c, void *mem, size_t bytes,
                                                     orthant_relu_nmd_f64 **out);
ORTHANT_API orthant_status orthant_relu_nmd_start_f64(orthant_relu_nmd_f64 *s, const orthant_matrix_f64 *M, double *U,
                                                      int32_t ldu, double *V, int32_t ldv);
ORTHANT_API orthant_status orthant_relu_nmd_run_f64(orthant_relu_nmd_f64 *s, const orthant_matrix_f64 *M, double *U,
                                                    int32_t ldu, double *V, int32_t ldv, orthant_report *r);

/* ---- Truncated SVD ----------------------------------------------------------------------------------------------- */

/*   X ~ U diag(s) V',  the leading `rank` singular triplets of X, of any sign, by block subspace iteration on rank + 8
 * vectors [Rutishauser 1969; Halko, Martinsson, Tropp 2011].  A warm start from the V of a matrix near by makes one or two
 * steps enough. */
typedef struct orthant_tsvd_config {
  uint32_t size;
  int32_t rows, cols, rank; /* required; 1 <= rank <= min(rows, cols)                                                 */
  int32_t max_iter;         /* steps; 0: 100                                                                          */
  int32_t warm;             /* 1: every run starts from V as the caller left it, s is ignored                         */
  double tol;               /* stop when no value changes by more than tol times the largest; 0: 1e-6 f32, 1e-12 f64  */
  uint64_t seed;            /* of the first block                                                                     */
  const orthant_parallel *parallel; /* null: serial                                                                   */
} orthant_tsvd_config;
typedef struct orthant_tsvd_f32 orthant_tsvd_f32;
typedef struct orthant_tsvd_f64 orthant_tsvd_f64;

ORTHANT_API orthant_status orthant_tsvd_size_f32(const orthant_tsvd_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_tsvd_init_f32(const orthant_tsvd_config *c, void *mem, size_t bytes,
                                                 orthant_tsvd_f32 **out);
/*   X   in   rows x cols, finite: DENSE, CSC or CSR
 *   U   out  rows x rank, ldu >= rows: orthonormal columns (zero beyond the rank of X)
 *   s   out  rank values, descending
 *   V   out  cols x rank, ldv >= cols: orthonormal columns   (warm: in, finite, any basis of the row space; zero columns
 *            are filled at random)
 *   r   iters: steps; kkt: the last change of a value over the largest; rel_error: |X - U diag(s) V'| / |X| from the
 *       norms, which cancels below the root of the unit roundoff; stop: KKT (tol) or ITERATIONS
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED).   A step: 4 rows cols (rank + 8) flops and two readings of X. */
ORTHANT_API orthant_status orthant_tsvd_run_f32(orthant_tsvd_f32 *t, const orthant_matrix_f32 *X, float *U, int32_t ldu,
                                                float *s, float *V, int32_t ldv, orthant_report *r);

ORTHANT_API orthant_status orthant_tsvd_size_f64(const orthant_tsvd_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_tsvd_init_f64(const orthant_tsvd_config *c, void *mem, size_t bytes,
                                                 orthant_tsvd_f64 **out);
ORTHANT_API orthant_status orthant_tsvd_run_f64(orthant_tsvd_f64 *t, const orthant_matrix_f64 *X, double *U, int32_t ldu,
                                                double *s, double *V, int32_t ldv, orthant_report *r);

#ifdef __cplusplus
}
#endif

#endif
