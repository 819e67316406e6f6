/** @file orthant/symnmf.h
 * Orthant: similarity graphs, symmetric NMF, SymNMF-Net, clusters and their scores.  A part of orthant.h, readable
 * alone. */
#ifndef ORTHANT_SYMNMF_H
#define ORTHANT_SYMNMF_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Similarity graphs ------------------------------------------------------------------------------------------ */

#define ORTHANT_GRAPH_GAUSSIAN 1 /**< A_ij = exp(-|m_i - m_j|^2 / (s_i s_j)), s_i the distance of sample i to its
                                      scale_at-th neighbour [Zelnik-Manor and Perona 2004].  Reads scale_at */
#define ORTHANT_GRAPH_COSINE 2   /**< A_ij = the cosine of m_i and m_j, not negative; neighbours by angle: for text */
#define ORTHANT_GRAPH_BINARY 3   /**< A_ij = 1 */

/** Which graph.  All but `features` and `samples` may stay zero. */
typedef struct orthant_graph_config {
  uint32_t size;             /**< required: sizeof this struct */
  int32_t features, samples; /**< required: M is features x samples; samples >= 2 */
  int32_t kind;              /**< ORTHANT_GRAPH_...; 0: GAUSSIAN */
  int32_t neighbours;        /**< 0: floor(log2(samples)) + 1; at most samples - 1 count */
  int32_t scale_at;          /**< of GAUSSIAN; 0: 7; at most samples - 1 count */
  int32_t unnormalised;      /**< 1: X = A; 0: X = D^-1/2 A D^-1/2 with D_ii = sum_j A_ij (normalised cut) */
  int32_t reserved;
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_graph_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_graph_config_problem(const orthant_graph_config *c, char *text, size_t room);

/** How many entries `indices` and `values` must have room for: 2 * samples * neighbours.   OK | E_ARG */
ORTHANT_API orthant_status orthant_graph_capacity(const orthant_graph_config *c, int32_t *entries);
/** Bytes of workspace: about samples * (2 neighbours + scale_at) numbers; never samples^2.   OK | E_ARG */
ORTHANT_API orthant_status orthant_graph_size_f32(const orthant_graph_config *c, size_t *bytes);
/** The graph of samples that are columns of M (a NumPy C-order array of samples by rows).
 *   X = D^-1/2 A D^-1/2, or A;  A_ij > 0 where one of i and j is among the `neighbours` nearest of the other, else 0
 * X is given by columns, which are its rows as well: the entries of column j stand at starts[j] .. starts[j+1] - 1, by
 * ascending row.  The diagonal is zero.  A sample without an edge has an empty column.  Of equally near samples the
 * first are neighbours.
 *   mem       the workspace of `bytes` bytes, at any address, cleared or not
 *   M         in   features x samples, finite: DENSE or CSC
 *   starts    out  samples + 1; starts[samples] is the number of entries
 *   indices, values  out  capacity
 *   no output overlaps another array
 *   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square) | E_UNSUPPORTED
 *   (CSR, MASKED)
 *   Cost: features * samples^2 multiply-adds, in tiles of 64 x 256 samples
 *   Source: Kuang, Ding and Park 2012; tools/docs/algorithms.md, "Similarity graphs" */
ORTHANT_API orthant_status orthant_graph_run_f32(const orthant_graph_config *c, void *mem, size_t bytes,
                                                 const orthant_matrix_f32 *M, int32_t *starts, int32_t *indices,
                                                 float *values, int32_t capacity);
/** The same X as a dense array.
 *   starts, indices, values  in  as graph_run writes them
 *   X  out  samples x samples, ldx >= samples; must not overlap an input
 *   OK | E_ARG | E_DATA (an index out of range) */
ORTHANT_API orthant_status orthant_graph_dense_f32(int32_t samples, const int32_t *starts, const int32_t *indices,
                                                   const float *values, float *X, int32_t ldx);
ORTHANT_API orthant_status orthant_graph_size_f64(const orthant_graph_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_graph_run_f64(const orthant_graph_config *c, void *mem, size_t bytes,
                                                 const orthant_matrix_f64 *M, int32_t *starts, int32_t *indices,
                                                 double *values, int32_t capacity);
ORTHANT_API orthant_status orthant_graph_dense_f64(int32_t samples, const int32_t *starts, const int32_t *indices,
                                                   const double *values, double *X, int32_t ldx);

/* ---- Symmetric NMF ---------------------------------------------------------------------------------------------- */

/** What to factor, and how.  All but `n` and `rank` may stay zero. */
typedef struct orthant_symnmf_config {
  uint32_t size;    /**< required: sizeof this struct */
  int32_t n, rank;  /**< required: X is n x n; rank <= n */
  int32_t method;   /**< advanced: ORTHANT_SYMNMF_...; 0: HALS */
  int32_t start;    /**< advanced: ORTHANT_SYMNMF_START_...; 0: SCALED */
  int32_t penalty;  /**< advanced: ORTHANT_PENALTY_...; 0: PRACTICAL */
  int32_t max_iter; /**< iterations of one run; 0: 500; < 0: none, the report only */
  int32_t bound;    /**< 1: find the spectral bound at start */
  double lambda;    /**< advanced: > 0: this number in the place of `penalty` */
  double tol;       /**< stop when kkt <= tol; 0: 1e-5; < 0: none */
  double tol_obj;   /**< stop when the objective falls by less than tol_obj times its first value; 0, < 0: none */
  uint64_t seed;    /**< of the random starts */
  orthant_progress_fn progress;     /**< called between iterations, or null */
  void *user;                       /**< passed on to `progress` */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_symnmf_config;
typedef struct orthant_symnmf_f32 orthant_symnmf_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_symnmf_f64 orthant_symnmf_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_symnmf_config_problem(const orthant_symnmf_config *c, char *text, size_t room);

/** Bytes of workspace: about five times n * rank elements; NEWTON rank * n^2; the start SPECTRAL 2 n (rank + 8) more.
 *   OK | E_ARG | E_UNSUPPORTED (ADMM with ORTHANT_PENALTY_NONE) */
ORTHANT_API orthant_status orthant_symnmf_size_f32(const orthant_symnmf_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH | E_UNSUPPORTED */
ORTHANT_API orthant_status orthant_symnmf_init_f32(const orthant_symnmf_config *c, void *mem, size_t bytes,
                                                   orthant_symnmf_f32 **out);
/** Make the starting point, and check X.
 *   X  in   n x n: DENSE, CSC or CSR; finite, nonnegative; symmetric: an entry that differs from its mirror image by
 *           more than half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
 *   U  out  n x rank, ldu >= n; in with ORTHANT_SYMNMF_START_GIVEN; must not overlap X
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED) */
ORTHANT_API orthant_status orthant_symnmf_start_f32(orthant_symnmf_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                    int32_t ldu);
/** Iterate; call it again to go on.
 *   minimise f = 1/4 |X - U U'|^2  over U >= 0
 * ANLS, HALS and ALTERNATE work on a relaxed problem whose second factor V lives in the workspace:
 *   minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U >= 0, V >= 0
 * Between calls X and U stay as they are.  Without a start the first run takes U as given.
 *   X  in      as at start
 *   U  in/out  n x rank, ldu >= n; must not overlap X
 *   r  out     objective: f; of ANLS, HALS and ALTERNATE g; of ADMM 1/2 |X - A U'|^2, A its second factor;  rel_error:
 *              |X - U U'| / |X|, whose square is the E of the literature;  kkt: |projected gradient of f| / (|X| |U|);
 *              gap: |U - V| / |U|;  bound: E >= bound for every U of this rank, one minus the squares of the largest
 *              positive eigenvalues over |X|^2
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
 *   Cost of an iteration: 4 n^2 rank multiply-adds (FIXED_POINT, NEWTON and PGD 2 n^2 rank), or twice the nonzeros
 *   times rank, and about 6 n rank^2
 *   Source: Zhu 2018 (HALS, ANLS); tools/docs/algorithms.md, "Symmetric NMF" */
ORTHANT_API orthant_status orthant_symnmf_run_f32(orthant_symnmf_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                  int32_t ldu, orthant_report *r);
ORTHANT_API orthant_status orthant_symnmf_size_f64(const orthant_symnmf_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnmf_init_f64(const orthant_symnmf_config *c, void *mem, size_t bytes,
                                                   orthant_symnmf_f64 **out);
ORTHANT_API orthant_status orthant_symnmf_start_f64(orthant_symnmf_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                    int32_t ldu);
ORTHANT_API orthant_status orthant_symnmf_run_f64(orthant_symnmf_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                  int32_t ldu, orthant_report *r);

/* ---- Clusters --------------------------------------------------------------------------------------------------- */

/** The cluster of each sample: the largest entry of its row of U.
 *   label_i = argmax_k U_ik, the first of equal ones
 *   U              in   samples x clusters, ldu >= samples; finite
 *   labels         out  samples numbers in [0, clusters)
 *   sparse_factor  out  the share of entries of U above a hundredth of their mean, or null
 *   OK | E_ARG | E_DATA
 *   Cost: one reading of U */
ORTHANT_API orthant_status orthant_clusters_labels_f32(int32_t samples, int32_t clusters, const float *U, int32_t ldu,
                                                       int32_t *labels, double *sparse_factor);
ORTHANT_API orthant_status orthant_clusters_labels_f64(int32_t samples, int32_t clusters, const double *U, int32_t ldu,
                                                       int32_t *labels, double *sparse_factor);

/** The sizes of what is compared. */
typedef struct orthant_clusters_config {
  uint32_t size;             /**< required: sizeof this struct */
  int32_t samples;           /**< required */
  int32_t clusters, classes; /**< required; they may differ */
} orthant_clusters_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_clusters_config_problem(const orthant_clusters_config *c, char *text, size_t room);
/** Set `size`; the rest is written. */
typedef struct orthant_clusters_scores {
  uint32_t size;    /**< required: sizeof this struct */
  uint32_t reserved;
  double accuracy;  /**< under the best one-to-one map of clusters to classes [Kuhn 1955] */
  double purity;    /**< share of the samples that are in the majority class of their cluster */
  double nmi;       /**< mutual information over the larger entropy; 1 where both entropies are zero */
  double nmi_min;   /**< ... over the smaller entropy */
  double nmi_sqrt;  /**< ... over their geometric mean */
  double nmi_mean;  /**< ... over their mean */
  double nmi_joint; /**< ... over the joint entropy */
} orthant_clusters_scores;
/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_clusters_size(const orthant_clusters_config *c, size_t *bytes);
/** Compare clusters with classes.
 *   mem    the workspace of `bytes` bytes, at any address, cleared or not
 *   found  in   samples numbers in [0, clusters)
 *   truth  in   samples numbers in [0, classes)
 *   out    out  the scores
 *   OK | E_ARG | E_SCRATCH | E_DATA (a number out of range)
 *   Cost: samples + max(clusters, classes)^3 */
ORTHANT_API orthant_status orthant_clusters_score(const orthant_clusters_config *c, void *mem, size_t bytes,
                                                  const int32_t *found, const int32_t *truth,
                                                  orthant_clusters_scores *out);

/* ---- SymNMF-Net ------------------------------------------------------------------------------------------------- */

/** What to factor, by a network that is trained on this one X.  All but `n` and `rank` may stay zero. */
typedef struct orthant_symnet_config {
  uint32_t size;        /**< required: sizeof this struct */
  int32_t n, rank;      /**< required: X is n x n; rank <= n */
  int32_t layers;       /**< L; 0: 10 */
  int32_t epochs;       /**< length of the schedule; 0: 400 */
  int32_t max_iter;     /**< epochs of one run; 0: as many as `epochs`; < 0: none, the report only */
  int32_t start;        /**< ORTHANT_SYMNMF_START_..., of U_0; 0: SPECTRAL */
  int32_t lambda_bound; /**< advanced: ORTHANT_SYMNET_...; 0: SUFFICIENT */
  int32_t last_only;    /**< advanced: 1: w = (0, .., 0, 1); 0: all w_i are 1 */
  int32_t l1_all;       /**< advanced: 1: the l1 term on every layer; 0: on the last */
  int32_t bound;        /**< 1: find the spectral bound at start */
  int32_t reserved;
  double beta;          /**< advanced: weight of the residuals R_i; 0: 0.4 / |X|^2; < 0: none */
  double rate;          /**< step of Adam; 0: 0.1 */
  double decay;         /**< the rate of epoch t is rate * decay^(t / epochs); 0: 0.1 */
  double weight_decay;  /**< advanced: of AdamW; 0, < 0: none */
  double l1;            /**< advanced: weight of sum(U_L); 0: none */
  double lambda;        /**< advanced: where lambda begins; 0: |X| */
  double leak;          /**< advanced: slope of a unit below zero at first; 0: 1; < 0: none */
  double leak_until;    /**< advanced: the slope falls linearly to 0 at this share of the epochs; 0: 0.9 */
  uint64_t seed;        /**< of U_0 */
  orthant_progress_fn progress;     /**< called after each epoch, or null; objective is the loss before its step */
  void *user;                       /**< passed on to `progress` */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_symnet_config;
typedef struct orthant_symnet_f32 orthant_symnet_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_symnet_f64 orthant_symnet_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_symnet_config_problem(const orthant_symnet_config *c, char *text, size_t room);

/** Bytes of workspace: about 5 layers * n * rank elements.   OK | E_ARG */
ORTHANT_API orthant_status orthant_symnet_size_f32(const orthant_symnet_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_symnet_init_f32(const orthant_symnet_config *c, void *mem, size_t bytes,
                                                   orthant_symnet_f32 **out);
/** Make U_0, and parameters whose layers are steps of FIXED_POINT.
 *   X  in   as for orthant_symnmf_start
 *   U  out  n x rank, ldu >= n: U_L; in with ORTHANT_SYMNMF_START_GIVEN, as U_0; must not overlap X
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED) */
ORTHANT_API orthant_status orthant_symnet_start_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                    int32_t ldu);
/** Train the network on X; call it again to go on.  The state is in the workspace, and a copy of it is a checkpoint.
 *   minimise sum_i w_i |X - U_i U_i'|^2 + beta sum_i |R_i|^2 + l1 sum(U_L)  over the n x rank matrices P_i and lambda,
 *   where U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1) and R_i = P_i - (X + lambda I) U_{i-1}, i = 1 .. layers
 *   X  in   as at start
 *   U  out  n x rank, ldu >= n: U_L of the parameters at the end; must not overlap X
 *   r  out  as for orthant_symnmf_run; objective: the loss
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
 *   Cost of an epoch: layers * (2 n^2 rank, or twice the nonzeros times rank, + 6 n rank^2) multiply-adds
 *   Source: tools/docs/algorithms.md, "SymNMF-Net" */
ORTHANT_API orthant_status orthant_symnet_run_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                  int32_t ldu, orthant_report *r);
/** The trained network as a weight file with a hash of its X; for another X it is worth nothing.  The moments of Adam
 * are not in it: to go on with training as if nothing had happened, copy the workspace instead.
 *   out    out  `capacity` bytes at any address, or null to ask for the size alone
 *   bytes  out  the length
 *   OK | E_ARG (also before a start) | E_SCRATCH | E_DATA (a number is not finite) */
ORTHANT_API orthant_status orthant_symnet_save_f32(orthant_symnet_f32 *s, void *out, size_t capacity, size_t *bytes);
/** In the place of start: take the parameters of a saved network.  A run with max_iter < 0 gives its report.
 *   X  in   the matrix that it was trained on
 *   m  in   of kind ORTHANT_MODEL_SYMNMF_NET
 *   U  out  n x rank, ldu >= n: U_L; must not overlap X
 *   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number of the file is not
 *   finite) */
ORTHANT_API orthant_status orthant_symnet_load_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X,
                                                   const struct orthant_model *m, float *U, int32_t ldu);
/** What load refuses, in a static string: "n", "rank" or "layers" of the config, or "X", where the file has another;
 * "kind", "records" or "numbers" where it is of another kind, or its records do not fit together, or a number is out of
 * range; "ok" where none of these; "null" also where X is not of this n.  Numbers of P are seen by load alone. */
ORTHANT_API const char *orthant_symnet_problem_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X,
                                                   const struct orthant_model *m);
ORTHANT_API orthant_status orthant_symnet_size_f64(const orthant_symnet_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnet_init_f64(const orthant_symnet_config *c, void *mem, size_t bytes,
                                                   orthant_symnet_f64 **out);
ORTHANT_API orthant_status orthant_symnet_start_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                    int32_t ldu);
ORTHANT_API orthant_status orthant_symnet_run_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                  int32_t ldu, orthant_report *r);
ORTHANT_API orthant_status orthant_symnet_save_f64(orthant_symnet_f64 *s, void *out, size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_symnet_load_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X,
                                                   const struct orthant_model *m, double *U, int32_t ldu);
ORTHANT_API const char *orthant_symnet_problem_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X,
                                                   const struct orthant_model *m);

/* ---- Advanced: symmetric NMF ------------------------------------------------------------------------------------ */

/** @defgroup orthant_symnmf_advanced Advanced: symmetric NMF
 * @{
 * Every method reads n, rank, start, max_iter, bound, tol, tol_obj, seed, progress, user and parallel; what else it
 * reads stands with it.  "The penalty" is lambda, or penalty where lambda is zero. */
#define ORTHANT_SYMNMF_ANLS 1        /**< exact half steps [Zhu 2018]; g descends.  Reads the penalty (PRACTICAL: 0.66
                                          times the largest singular value of X) */
#define ORTHANT_SYMNMF_HALS 2        /**< one sweep of coordinate descent a half step [Zhu 2018]; g descends; the
                                          default.  Reads the penalty (as ANLS) */
#define ORTHANT_SYMNMF_ALTERNATE 3   /**< max(0, (X + lambda) U (U'U + lambda)^-1) for two factors alternately.  Reads
                                          the penalty (PRACTICAL: |X|) */
#define ORTHANT_SYMNMF_FIXED_POINT 4 /**< the same with one factor: what SymNMF-Net unrolls.  Reads the penalty (as
                                          ALTERNATE) */
#define ORTHANT_SYMNMF_ADMM 5        /**< NS-SymNMF [Lu 2017].  Reads the penalty, its rho (PRACTICAL: 10) */
#define ORTHANT_SYMNMF_NEWTON 6      /**< projected Newton [Kuang 2012]; f descends; workspace of rank * n^2 */
#define ORTHANT_SYMNMF_PGD 7         /**< projected gradient, the step halved until f descends */

#define ORTHANT_SYMNMF_START_SCALED 1   /**< uniform in [0, 1) times 2 sqrt(mean(X) / rank); the default.  Reads seed */
#define ORTHANT_SYMNMF_START_PLAIN 2    /**< uniform in [0, 1), far too large for a graph.  Reads seed */
#define ORTHANT_SYMNMF_START_GIVEN 3    /**< U as the caller left it */
#define ORTHANT_SYMNMF_START_SPECTRAL 4 /**< the leading eigenvectors, rotated into the orthant [Damle, Minden and Ying
                                             2019]; the default of SymNMF-Net */

#define ORTHANT_PENALTY_PRACTICAL 1  /**< what works: it stands with each method; the default */
#define ORTHANT_PENALTY_SUFFICIENT 2 /**< the bound that makes every critical point symmetric: the largest singular
                                          value of X plus 1/2 |X - U0 U0'|; ADMM: rho > 6 n tau with rows |u|^2 <=
                                          tau */
#define ORTHANT_PENALTY_NONE 3       /**< lambda = 0; refused for ADMM */

#define ORTHANT_SYMNET_SUFFICIENT 1 /**< lambda >= 1/2 (|X| + |X - U0 U0'|) */
#define ORTHANT_SYMNET_PROP1 2      /**< and >= a^2 + 4 a e, a the largest |U_i|, e of |R_i| / |(X + lambda I)
                                         U_{i-1}|, by a forward pass after each step with the lambda that is to be
                                         raised */
#define ORTHANT_SYMNET_FREE 3       /**< lambda > 0 */
/** @} */

#ifdef __cplusplus
}
#endif

#endif
