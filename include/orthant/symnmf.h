/* Symmetric NMF and graph clustering: similarity graphs, solvers, SymNMF-Net, scores.  Part of orthant.h. */
#ifndef ORTHANT_SYMNMF_H
#define ORTHANT_SYMNMF_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Similarity graphs ------------------------------------------------------------------------------------------ */

/* The graph of samples that are columns of M (features x samples; a NumPy C-order array of samples by rows).
 *   i ~ j where one is among the `neighbours` nearest of the other
 *   GAUSSIAN  A_ij = exp(-|m_i - m_j|^2 / (s_i s_j)), s_i the distance of i to its scale_at-th neighbour
 *   COSINE    A_ij = cosine of m_i and m_j, not negative; neighbours by angle.  For text
 *   BINARY    A_ij = 1
 *   X = D^-1/2 A D^-1/2 with D_ii = sum_j A_ij (normalised cut), or A.  The diagonal is zero.
 * [Zelnik-Manor, Perona 2004; Kuang, Ding, Park 2012] */
#define ORTHANT_GRAPH_GAUSSIAN 1
#define ORTHANT_GRAPH_COSINE 2
#define ORTHANT_GRAPH_BINARY 3
typedef struct orthant_graph_config {
  uint32_t size;
  int32_t features, samples; /* required; samples >= 2                                                             */
  int32_t kind;              /* ORTHANT_GRAPH_...; 0: GAUSSIAN                                                     */
  int32_t neighbours;        /* 0: floor(log2(samples)) + 1; capped at samples - 1                                 */
  int32_t scale_at;          /* 0: 7; capped at samples - 1                                                        */
  int32_t unnormalised;      /* 1: A itself                                                                        */
  int32_t reserved;
  const orthant_parallel *parallel; /* null: serial                                                                */
} orthant_graph_config;

/* How many numbers `indices` and `values` must hold: 2 * samples * neighbours. */
ORTHANT_API orthant_status orthant_graph_capacity(const orthant_graph_config *c, int32_t *entries);
/* Bytes of workspace: about samples * (2 neighbours + scale_at) numbers; never samples^2. */
ORTHANT_API orthant_status orthant_graph_size_f32(const orthant_graph_config *c, size_t *bytes);
/* X by columns, which are rows as well: the entries of column j stand at starts[j] .. starts[j+1] - 1, by ascending row.
 *   M         in   features x samples, finite
 *   starts    out  samples + 1;   indices, values  out  capacity;   starts[samples] is the number of entries
 *   mem       the workspace, clear or not
 *   OK | E_ARG | E_SCRATCH (mem or capacity too small) | E_DATA (NaN, infinite, too large to square).
 *   A sample without an edge has an empty column.  Of equally near samples the first are neighbours.
 *   Cost: features * samples^2 multiply-adds, in blocks of 64 x 256 samples. */
ORTHANT_API orthant_status orthant_graph_run_f32(const orthant_graph_config *c, void *mem, size_t bytes,
                                                 const orthant_matrix_f32 *M, int32_t *starts, int32_t *indices,
                                                 float *values, int32_t capacity);
/* The same as a dense array: X samples x samples, ldx >= samples, out.   OK | E_ARG | E_DATA (an index out of range). */
ORTHANT_API orthant_status orthant_graph_dense_f32(int32_t samples, const int32_t *starts, const int32_t *indices,
                                                   const float *values, float *X, int32_t ldx);

/* ---- Symmetric NMF ---------------------------------------------------------------------------------------------- */

/*   minimise f = 1/4 |X - U U'|^2  over U >= 0;   X n x n symmetric, finite, nonnegative; U n x rank
 * ANLS, HALS and ALTERNATE work on a relaxed problem with two factors, g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2, whose
 * second factor lives in the workspace; the gap between both is reported. */
#define ORTHANT_SYMNMF_ANLS 1        /* exact half steps [Zhu 2018]; g descends                                    */
#define ORTHANT_SYMNMF_HALS 2        /* one sweep of coordinate descent a half step [Zhu 2018]; g descends; default */
#define ORTHANT_SYMNMF_ALTERNATE 3   /* max(0, (X + lambda) U (U'U + lambda)^-1), two factors in turn              */
#define ORTHANT_SYMNMF_FIXED_POINT 4 /* the same with one factor: what SymNMF-Net unrolls                          */
#define ORTHANT_SYMNMF_ADMM 5        /* NS-SymNMF [Lu 2017]; lambda is its rho                                     */
#define ORTHANT_SYMNMF_NEWTON 6      /* projected Newton [Kuang 2012]; f descends; workspace of rank * n^2         */
#define ORTHANT_SYMNMF_PGD 7         /* projected gradient, step halved until f descends                           */
#define ORTHANT_SYMNMF_START_SCALED 1 /* 2 sqrt(mean(X) / rank) times uniform [0, 1); the default                  */
#define ORTHANT_SYMNMF_START_PLAIN 2  /* uniform [0, 1), far too large for a graph                                 */
#define ORTHANT_SYMNMF_START_GIVEN 3  /* U as the caller left it                                                   */
#define ORTHANT_SYMNMF_START_SPECTRAL 4 /* the leading eigenvectors, turned into the orthant [Damle, Minden, Ying
                                        * 2019]; the net's default; workspace of 2 n (rank + 8) more                   */
/* PRACTICAL: 0.66 |X|_2 for ANLS and HALS, |X|_F for ALTERNATE and FIXED_POINT, rho = 10.  SUFFICIENT: the bound that
 * makes every critical point symmetric, |X|_2 + 1/2 |X - U0 U0'|_F, or rho > 6 n tau with rows |u|^2 <= tau. */
#define ORTHANT_PENALTY_PRACTICAL 1
#define ORTHANT_PENALTY_SUFFICIENT 2
#define ORTHANT_PENALTY_NONE 3 /* lambda = 0; refused for ADMM                                                     */
typedef struct orthant_symnmf_config {
  uint32_t size;
  int32_t n, rank;  /* required; rank <= n                                                                         */
  int32_t method;   /* ORTHANT_SYMNMF_...                                                                          */
  int32_t start;    /* ORTHANT_SYMNMF_START_...                                                                    */
  int32_t penalty;  /* ORTHANT_PENALTY_...; 0: PRACTICAL                                                           */
  int32_t max_iter; /* iterations of one run; 0: 500; < 0: none, the report only                                   */
  int32_t bound;    /* 1: find the spectral bound at start                                                         */
  double lambda;    /* > 0: this penalty instead                                                                   */
  double tol;       /* stop when kkt <= tol; 0: 1e-5; < 0: off                                                     */
  double tol_obj;   /* stop when the objective falls by less than tol_obj times its first value; 0: off            */
  uint64_t seed;
  orthant_progress_fn progress;
  void *user;
  const orthant_parallel *parallel; /* null: serial                                                                */
} orthant_symnmf_config;
typedef struct orthant_symnmf_f32 orthant_symnmf_f32;
typedef struct orthant_symnmf_f64 orthant_symnmf_f64;

/* Bytes of workspace: about 5 times n * rank elements; NEWTON rank * n^2. */
ORTHANT_API orthant_status orthant_symnmf_size_f32(const orthant_symnmf_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnmf_init_f32(const orthant_symnmf_config *c, void *mem, size_t bytes,
                                                   orthant_symnmf_f32 **out);
/* Make the starting point, and check X.
 *   X   in   n x n; E_DATA where an entry is negative or not finite, or differs from its mirror by more than rounding
 *   U   out  n x rank, ldu >= n (START_GIVEN: in); must not overlap X.   OK | E_ARG | E_DATA. */
ORTHANT_API orthant_status orthant_symnmf_start_f32(orthant_symnmf_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                    int32_t ldu);
/* Iterate; call again to go on.  Between calls X and U stay as they are.  Without a start the first run takes U as given.
 *   r   out  objective: f, or the method's own (g; ADMM: 1/2 |X - A U'|^2);  rel_error: |X - U U'| / |X|, whose square is
 *            the literature's E;  kkt: |projected gradient of f| / (|X| |U|);  gap: |U - V| / |U|;
 *            bound: E >= bound for every U of this rank, one minus the squares of the largest positive eigenvalues
 *   OK | E_ARG | E_DATA.   Cost of an iteration: 4 n^2 rank multiply-adds (one-factor methods: 2 n^2 rank) or twice the
 *   nonzeros times rank, and about 6 n rank^2. */
ORTHANT_API orthant_status orthant_symnmf_run_f32(orthant_symnmf_f32 *s, const orthant_matrix_f32 *X, float *U, int32_t ldu,
                                                  orthant_report *r);

/* ---- SymNMF-Net ------------------------------------------------------------------------------------------------- */

/* The fixed-point scheme unrolled into `layers` blocks whose n x rank matrices P_i and common lambda are trained by Adam:
 *   U_i = max(0, P_i (U_{i-1}'U_{i-1} + lambda I)^-1),  minimise sum_i w_i |X - U_i U_i'|^2 + beta |R_i|^2 + l1 sum(U_L),
 *   R_i = P_i - (X + lambda I) U_{i-1}
 * It starts as `layers` steps of the scheme.  The parameters belong to one X. */
#define ORTHANT_SYMNET_SUFFICIENT 1 /* lambda >= 1/2 (|X|_F + |X - U0 U0'|_F)                                       */
#define ORTHANT_SYMNET_PROP1 2      /* and >= a^2 + 4 a e, a the largest |U_i|, e of |R_i| / |(X + lambda I) U_{i-1}| */
#define ORTHANT_SYMNET_FREE 3       /* only positive                                                                */
typedef struct orthant_symnet_config {
  uint32_t size;
  int32_t n, rank;      /* required; rank <= n                                                                      */
  int32_t layers;       /* 0: 10                                                                                    */
  int32_t epochs;       /* length of the schedule; 0: 400                                                           */
  int32_t max_iter;     /* epochs of one run; 0: as many as `epochs`; < 0: none                                     */
  int32_t start;        /* ORTHANT_SYMNMF_START_..., of U_0; 0: SPECTRAL                                      */
  int32_t lambda_bound; /* ORTHANT_SYMNET_...; 0: SUFFICIENT                                                        */
  int32_t last_only;    /* 1: w = (0, .., 0, 1); else all ones                                                      */
  int32_t l1_all;       /* 1: the l1 term on every layer                                                            */
  int32_t bound;        /* 1: find the spectral bound at start                                                      */
  int32_t reserved;
  double beta;          /* 0: 0.4 / |X|_F^2; < 0: none                                                              */
  double rate;          /* Adam's step; 0: 0.1                                                                      */
  double decay;         /* the rate of epoch t is rate * decay^(t / epochs); 0: 0.1                                 */
  double weight_decay;  /* AdamW; 0: none                                                                           */
  double l1;            /* weight; 0: none                                                                          */
  double lambda;        /* where it begins; 0: |X|_F                                                                */
  double leak;          /* slope of a unit below zero at first; 0: 1; < 0: none, as in the paper                    */
  double leak_until;    /* the slope falls linearly to 0 at this share of the epochs; 0: 0.9                        */
  uint64_t seed;        /* of U_0                                                                                   */
  orthant_progress_fn progress; /* after each epoch; objective is the loss before its step                          */
  void *user;
  const orthant_parallel *parallel; /* null: serial                                                                 */
} orthant_symnet_config;
typedef struct orthant_symnet_f32 orthant_symnet_f32;
typedef struct orthant_symnet_f64 orthant_symnet_f64;

/* Bytes of workspace: about 5 layers * n * rank elements. */
ORTHANT_API orthant_status orthant_symnet_size_f32(const orthant_symnet_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnet_init_f32(const orthant_symnet_config *c, void *mem, size_t bytes,
                                                   orthant_symnet_f32 **out);
/* U_0 and Algorithm 1.  X, U as for orthant_symnmf_start; U (out) is U_L, which is `layers` steps of FIXED_POINT.
 *   OK | E_ARG | E_DATA. */
ORTHANT_API orthant_status orthant_symnet_start_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, float *U,
                                                    int32_t ldu);
/* Train; call again to go on: the state is in the workspace, and a copy of it is a checkpoint.
 *   U   out  n x rank: U_L of the parameters at the end;   r  as for orthant_symnmf_run, objective: the loss
 *   OK | E_ARG | E_DATA.   Cost of an epoch: layers * (2 n^2 rank or twice the nonzeros times rank, + 6 n rank^2). */
ORTHANT_API orthant_status orthant_symnet_run_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, float *U, int32_t ldu,
                                                  orthant_report *r);
/* The loss and its gradient at the present parameters, for other optimisers and for tests.  After a start or a run.
 *   P, U0    in   n x (rank layers), the P_i side by side, and n x rank, or null: set them first;  lambda in, 0: as it is
 *   dP, dU0  out  the same shapes, or null;   loss, dlambda  out  or null
 *   leading dimensions are n.   OK | E_ARG | E_DATA */
ORTHANT_API orthant_status orthant_symnet_gradient_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, const float *P,
                                                       const float *U0, double lambda, double *loss, float *dP,
                                                       float *dU0, double *dlambda);
/* The present parameters, in the same shapes; any may be null.   OK | E_ARG */
ORTHANT_API orthant_status orthant_symnet_parameters_f32(orthant_symnet_f32 *s, float *P, float *U0, double *lambda);
/* The trained net as a weight blob with a hash of its X; for another X it is worth nothing.  The moments of Adam are not in
 * it: to go on with training as if nothing had happened copy the workspace instead.
 *   out  out  `capacity` bytes at any address, or null to ask for the size;  bytes  out  the length
 *   OK | E_ARG (not started) | E_SCRATCH | E_DATA (a number is not finite). */
ORTHANT_API orthant_status orthant_symnet_save_f32(orthant_symnet_f32 *s, void *out, size_t capacity, size_t *bytes);
/* In the place of start: U (out) is U_L of the saved parameters.  A run with max_iter < 0 gives its report.
 *   OK | E_ARG | E_DATA | E_BLOB (another kind, shape or X; U is as it was, but where a number is not finite). */
ORTHANT_API orthant_status orthant_symnet_load_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X,
                                                   const struct orthant_model *m, float *U, int32_t ldu);

/* ---- Clusters --------------------------------------------------------------------------------------------------- */

/* labels_i = the first of the largest entries of row i of U (samples x clusters, ldu >= samples);  sparse_factor, or null:
 * the share of entries above a hundredth of the mean.   OK | E_ARG | E_DATA (NaN, infinite). */
ORTHANT_API orthant_status orthant_clusters_labels_f32(int32_t samples, int32_t clusters, const float *U, int32_t ldu,
                                                       int32_t *labels, double *sparse_factor);

ORTHANT_API orthant_status orthant_graph_size_f64(const orthant_graph_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_graph_run_f64(const orthant_graph_config *c, void *mem, size_t bytes, const
                                                 orthant_matrix_f64 *M, int32_t *starts, int32_t *indices, double
                                                 *values, int32_t capacity);
ORTHANT_API orthant_status orthant_graph_dense_f64(int32_t samples, const int32_t *starts, const int32_t *indices,
                                                   const double *values, double *X, int32_t ldx);
ORTHANT_API orthant_status orthant_symnmf_size_f64(const orthant_symnmf_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnmf_init_f64(const orthant_symnmf_config *c, void *mem, size_t bytes,
                                                   orthant_symnmf_f64 **out);
ORTHANT_API orthant_status orthant_symnmf_start_f64(orthant_symnmf_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                    int32_t ldu);
ORTHANT_API orthant_status orthant_symnmf_run_f64(orthant_symnmf_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                  int32_t ldu, orthant_report *r);
ORTHANT_API orthant_status orthant_symnet_size_f64(const orthant_symnet_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_symnet_init_f64(const orthant_symnet_config *c, void *mem, size_t bytes,
                                                   orthant_symnet_f64 **out);
ORTHANT_API orthant_status orthant_symnet_start_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                    int32_t ldu);
ORTHANT_API orthant_status orthant_symnet_run_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, double *U,
                                                  int32_t ldu, orthant_report *r);
ORTHANT_API orthant_status orthant_symnet_gradient_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, const double
                                                       *P, const double *U0, double lambda, double *loss, double *dP,
                                                       double *dU0, double *dlambda);
ORTHANT_API orthant_status orthant_symnet_parameters_f64(orthant_symnet_f64 *s, double *P, double *U0, double *lambda);
ORTHANT_API orthant_status orthant_symnet_save_f64(orthant_symnet_f64 *s, void *out, size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_symnet_load_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X,
                                                   const struct orthant_model *m, double *U, int32_t ldu);
ORTHANT_API orthant_status orthant_clusters_labels_f64(int32_t samples, int32_t clusters, const double *U, int32_t ldu,
                                                       int32_t *labels, double *sparse_factor);

typedef struct orthant_clusters_config {
  uint32_t size;
  int32_t samples, clusters, classes; /* required; clusters and classes may differ                                  */
} orthant_clusters_config;
typedef struct orthant_clusters_scores {
  uint32_t size, reserved;
  double accuracy;  /* under the best one-to-one map of clusters to classes [Kuhn 1955]                              */
  double purity;    /* share of samples in the majority class of their cluster                                       */
  double nmi;       /* mutual information over the larger entropy; 1 where both entropies are zero                   */
  double nmi_min, nmi_sqrt, nmi_mean, nmi_joint; /* ... over the smaller, geometric mean, mean, joint entropy        */
} orthant_clusters_scores;
ORTHANT_API orthant_status orthant_clusters_size(const orthant_clusters_config *c, size_t *bytes);
/*   found  in  samples numbers in [0, clusters);   truth  in  samples numbers in [0, classes)
 *   OK | E_ARG | E_SCRATCH | E_DATA (a number out of range).   Cost: samples + max(clusters, classes)^3. */
ORTHANT_API orthant_status orthant_clusters_score(const orthant_clusters_config *c, void *mem, size_t bytes,
                                                  const int32_t *found, const int32_t *truth, orthant_clusters_scores *out);

#ifdef __cplusplus
}
#endif

#endif
