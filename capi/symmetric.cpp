// orthant_graph_*, orthant_symnmf_*, orthant_symnet_*, orthant_clusters_*: check, then call.
#include <initializer_list>

#include "clustering.hpp"
#include "graph.hpp"
#include "shim.hpp"
#include "symnmf_net.hpp"

namespace orthant {
namespace {

// The public numbers are those of the enums.
#define ORTHANT_SYM_METHOD(name, public_name, ...) \
  static_assert(int32_t(SymMethod::name) == ORTHANT_SYMNMF_##public_name, "");
#define ORTHANT_SYM_START(name, public_name, number) \
  static_assert(int32_t(SymStart::name) == ORTHANT_SYMNMF_START_##public_name, "");
#define ORTHANT_SYM_PENALTY(name, public_name, number) \
  static_assert(int32_t(SymPenalty::name) == ORTHANT_PENALTY_##public_name, "");
#include "symnmf/methods.def"
static_assert(int32_t(NetBound::sufficient) == ORTHANT_SYMNET_SUFFICIENT, "");
static_assert(int32_t(NetBound::prop1) == ORTHANT_SYMNET_PROP1, "");
static_assert(int32_t(NetBound::none) == ORTHANT_SYMNET_FREE, "");
static_assert(int32_t(Similarity::gaussian) == ORTHANT_GRAPH_GAUSSIAN, "");
static_assert(int32_t(Similarity::cosine) == ORTHANT_GRAPH_COSINE, "");
static_assert(int32_t(Similarity::binary) == ORTHANT_GRAPH_BINARY, "");

// ---- Graphs

Status read(const orthant_graph_config *given, GraphConfig *g) {
  orthant_graph_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_graph_config, samples), &c)) return E_ARG;
  if (c.features < 1 || c.samples < 2 || !among(c.kind, 0, ORTHANT_GRAPH_BINARY) || c.neighbours < 0 ||
      c.scale_at < 0 || !among(c.unnormalised, 0, 1) || c.reserved != 0 || !read_parallel(c.parallel, &g->par))
    return E_ARG;
  g->features = c.features;
  g->samples = c.samples;
  g->neighbours = c.neighbours;
  g->scale_at = c.scale_at;
  g->kind = Similarity(c.kind);
  g->normalised = c.unnormalised == 0;
  return resolve(g);
}

template <class T>
Status read(const orthant_graph_config *given, Graph<T> *g) { return read(given, &g->c); }

template <class T>
Status graph_run(const orthant_graph_config *given, void *mem, size_t bytes, const typename Public<T>::matrix *data,
                 int32_t *starts, int32_t *indices, T *values, int32_t capacity) {
  Graph<T> g;
  Operand<T> M;
  void *base = nullptr;
  if (const Status st = read(given, &g); st != OK) return st;
  if (!read_operand(data, &M) || M.rows() != g.c.features || M.cols() != g.c.samples || !starts || !indices || !values)
    return E_ARG;
  if (M.kind() != Kind::dense && M.kind() != Kind::csc) return E_UNSUPPORTED;
  if (const Status st = place(g, mem, bytes, &base); st != OK) return st;
  if (capacity < g.c.capacity()) return E_SCRATCH;
  return g.run(base, M, starts, indices, values);
}

template <class T>
Status graph_dense(int32_t n, const int32_t *starts, const int32_t *indices, const T *values, T *X, int32_t ldx) {
  if (!starts || !indices || !values || !good_array(X, n, n, ldx)) return E_ARG;
  if (starts[0] != 0) return E_DATA;
  for (int32_t j = 0; j < n; ++j) {
    if (starts[j + 1] < starts[j]) return E_DATA;
    for (int32_t e = starts[j]; e < starts[j + 1]; ++e)
      if (indices[e] < 0 || indices[e] >= n) return E_DATA;
  }
  for (int32_t j = 0; j < n; ++j) {
    T *x = X + ptrdiff_t(ldx) * j;
    for (int32_t i = 0; i < n; ++i) x[i] = T(0);
    for (int32_t e = starts[j]; e < starts[j + 1]; ++e) x[indices[e]] += values[e];
  }
  return OK;
}

// ---- Symmetric NMF and SymNMF-Net: the same verbs, over the config

template <class Config>
bool read_common(const Config &c) {
  return c.n >= 1 && c.rank >= 1 && c.rank <= c.n && c.rank <= max_rank && c.start >= 0 &&
         c.start <= ORTHANT_SYMNMF_START_SPECTRAL && (c.bound == 0 || c.bound == 1) && is_finite(c.lambda) &&
         c.lambda >= 0;
}
template <class Config, class Inner>
void pass_on(const Config &c, Inner *s) {
  s->n = c.n;
  s->rank = c.rank;
  s->start = SymStart(c.start);
  s->outer.max_iter = c.max_iter;
  s->bound = c.bound == 1;
  s->seed = c.seed;
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
}

Status read(const orthant_symnmf_config *given, SymConfig *s) {
  orthant_symnmf_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_symnmf_config, rank), &c)) return E_ARG;
  if (!read_common(c) || c.method < 0 || c.method > ORTHANT_SYMNMF_PGD || c.penalty < 0 ||
      c.penalty > ORTHANT_PENALTY_NONE || !is_finite(c.tol) || !is_finite(c.tol_obj) ||
      !read_parallel(c.parallel, &s->par))
    return E_ARG;
  pass_on(c, s);
  s->method = SymMethod(c.method);
  s->penalty = SymPenalty(c.penalty);
  s->lambda = c.lambda;
  s->outer.tol = c.tol;
  s->outer.tol_obj = c.tol_obj;
  return resolve(s);
}

Status read(const orthant_symnet_config *given, SymNetConfig *s) {
  orthant_symnet_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_symnet_config, rank), &c)) return E_ARG;
  if (!read_common(c) || c.layers < 0 || c.layers > 1000 || c.epochs < 0 || c.lambda_bound < 0 ||
      c.lambda_bound > ORTHANT_SYMNET_FREE || !is_finite(c.beta) || !is_finite(c.leak) || !is_finite(c.leak_until) ||
      c.leak_until < 0 || c.leak > 1 || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  for (const double x : {c.rate, c.decay, c.weight_decay, c.l1})
    if (!(x >= 0) || !is_finite(x)) return E_ARG;
  for (const int32_t x : {c.last_only, c.l1_all})
    if (x < 0 || x > 1) return E_ARG;
  if (c.reserved != 0) return E_ARG;
  pass_on(c, s);
  s->layers = c.layers;
  s->epochs = c.epochs;
  s->lambda_bound = NetBound(c.lambda_bound);
  s->last_only = c.last_only;
  s->l1_all = c.l1_all;
  s->beta = c.beta;
  s->rate = c.rate;
  s->decay = c.decay;
  s->weight_decay = c.weight_decay;
  s->l1 = c.l1;
  s->lambda = c.lambda;
  s->leak = c.leak;
  s->leak_until = c.leak_until;
  return resolve(s);
}

template <class T>
Status read(const orthant_symnmf_config *given, SymNmf<T> *s) { return read(given, &s->c); }
template <class T>
Status read(const orthant_symnet_config *given, SymNet<T> *s) { return read(given, &s->c); }

template <class T, class Job>
Status read_data(const Job *s, const typename Public<T>::matrix *data, SymmetricOperand<T> *X) {
  Operand<T> x;
  if (!s || !read_operand(data, &x) || x.rows() != s->c.n || x.cols() != s->c.n) return E_ARG;
  if (x.kind() == Kind::masked) return E_UNSUPPORTED;
  // The rows of a symmetric matrix are its columns.
  X->X = x.kind() == Kind::csr ? Operand<T>(Kind::csc, s->c.n, s->c.n, data->values, data->starts, data->indices) : x;
  return OK;
}

template <class T, class Job>
Status start(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->start(s, X, {U, s->c.n, s->c.rank, ldu});
}

template <class T, class Job>
Status run(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu, orthant_report *r) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu) || !good_report(r)) return E_ARG;
  listen(&s->c);
  Report report;
  const Status st = s->run(s, X, {U, s->c.n, s->c.rank, ldu}, &report);
  s->c.outer.user = nullptr;
  if (st == OK) write_report(report, r);
  return st;
}

// Views of the parameters in the caller's arrays.
template <class T>
Mat<T> columns(T *data, int32_t rows, int32_t cols) {
  return data ? Mat<T>{data, rows, cols, rows} : Mat<T>{};
}

template <class T>
Status gradient(SymNet<T> *s, const typename Public<T>::matrix *data, const T *P, const T *U0, double lambda,
                double *loss, T *dP, T *dU0, double *dlambda) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!s->started || !(lambda >= 0) || !is_finite(lambda)) return E_ARG;
  const int32_t n = s->c.n, r = s->c.rank, wide = r * s->c.layers;
  if ((P && !good_array(P, n, wide, n)) || (dP && !good_array(dP, n, wide, n))) return E_ARG;
  const auto finite = [&](const T *values, int32_t cols) {
    for (size_t i = 0; values && i < size_t(n) * size_t(cols); ++i)
      if (!is_finite(values[i])) return false;
    return true;
  };
  if (!finite(P, wide) || !finite(U0, r)) return E_DATA;
  if (P) copy<T>(columns(P, n, wide), s->parameters(s));
  if (U0) copy<T>(columns(U0, n, r), s->input(s));
  if (lambda > 0) s->lambda = lambda;
  return s->gradient(s, X, loss, columns(dP, n, wide), columns(dU0, n, r), dlambda);
}

template <class T>
Status parameters(SymNet<T> *s, T *P, T *U0, double *lambda) {
  if (!s || !s->started) return E_ARG;
  const int32_t n = s->c.n, r = s->c.rank, wide = r * s->c.layers;
  if ((P && !good_array(P, n, wide, n)) || (U0 && !good_array(U0, n, r, n))) return E_ARG;
  if (P) copy<T>(s->parameters(s), columns(P, n, wide));
  if (U0) copy<T>(s->input(s), columns(U0, n, r));
  if (lambda) *lambda = s->lambda;
  return OK;
}

template <class T>
Status save(SymNet<T> *s, void *out, size_t capacity, size_t *bytes) {
  if (!s || !s->started) return E_ARG;
  return give_blob(E_ARG, out, capacity, bytes, [&](void *to) { return s->save(s, to); });
}

template <class T>
Status load(SymNet<T> *s, const typename Public<T>::matrix *data, const orthant_model *m, T *U, int32_t ldu) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!m || !good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->load(s, X, Blob(m), {U, s->c.n, s->c.rank, ldu});
}

// ---- Clusters

template <class T>
Status labels(int32_t samples, int32_t clusters, const T *U, int32_t ldu, int32_t *label, double *sparse) {
  if (!good_array(U, samples, clusters, ldu) || !label) return E_ARG;
  const Mat<const T> A{U, samples, clusters, ldu};
  for (int32_t k = 0; k < clusters; ++k)
    for (int32_t i = 0; i < samples; ++i)
      if (!is_finite(A(i, k))) return E_DATA;
  label_rows<T>(A, label);
  if (sparse) *sparse = sparse_factor<T>(A);
  return OK;
}

Status read(const orthant_clusters_config *given, orthant_clusters_config *c) {
  if (!read_config(given, sizeof(orthant_clusters_config), c)) return E_ARG;
  return c->samples < 1 || c->clusters < 1 || c->clusters > max_rank || c->classes < 1 || c->classes > max_rank
      ? E_ARG : OK;
}

Status clusters_size(const orthant_clusters_config *given, size_t *bytes) {
  orthant_clusters_config c;
  if (!bytes) return E_ARG;
  if (const Status st = read(given, &c); st != OK) return st;
  Carver carve;
  ClusteringBlocks blocks;
  blocks.layout(carve, c.clusters, c.classes);
  return carve.total(bytes) ? OK : E_ARG;
}

Status clusters_score(const orthant_clusters_config *given, void *mem, size_t bytes, const int32_t *found,
                      const int32_t *truth, orthant_clusters_scores *out) {
  orthant_clusters_config c;
  size_t needed = 0;
  if (const Status st = read(given, &c); st != OK) return st;
  if (!mem || !found || !truth || !out || out->size < ORTHANT_THROUGH(orthant_clusters_scores, reserved)) return E_ARG;
  if (const Status st = clusters_size(given, &needed); st != OK) return st;
  void *base = Carver::align(mem, bytes, needed);
  if (!base) return E_SCRATCH;
  Carver carve(base);
  ClusteringBlocks blocks;
  blocks.layout(carve, c.clusters, c.classes);
  ClusteringScores s;
  const Status st = score_clustering(blocks, c.samples, found, truth, &s);
  if (st != OK) return st;
  write_struct({0, 0, s.accuracy, s.purity, s.nmi[0], s.nmi[1], s.nmi[2], s.nmi[3], s.nmi[4]}, out);
  return OK;
}

}  // namespace
}  // namespace orthant

#define SYMMETRIC(T, S)                                                                                               \
  orthant_status orthant_graph_size_##S(const orthant_graph_config *c, size_t *bytes) {                               \
    return orthant::job_size<orthant::Graph<T>>(orthant::read<T>, c, bytes);                                          \
  }                                                                                                                   \
  orthant_status orthant_graph_run_##S(const orthant_graph_config *c, void *mem, size_t bytes,                        \
                                       const orthant_matrix_##S *M, int32_t *starts, int32_t *indices, T *values,     \
                                       int32_t capacity) {                                                            \
    return orthant::graph_run<T>(c, mem, bytes, M, starts, indices, values, capacity);                                \
  }                                                                                                                   \
  orthant_status orthant_graph_dense_##S(int32_t samples, const int32_t *starts, const int32_t *indices,              \
                                         const T *values, T *X, int32_t ldx) {                                        \
    return orthant::graph_dense<T>(samples, starts, indices, values, X, ldx);                                         \
  }                                                                                                                   \
  orthant_status orthant_symnmf_size_##S(const orthant_symnmf_config *c, size_t *bytes) {                             \
    return orthant::job_size<orthant::SymNmf<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                   \
  orthant_status orthant_symnmf_init_##S(const orthant_symnmf_config *c, void *mem, size_t bytes,                     \
                                         orthant_symnmf_##S **out) {                                                  \
    return orthant::job_init<orthant::SymNmf<T>>(orthant::read<T>, c, mem, bytes, out);                               \
  }                                                                                                                   \
  orthant_status orthant_symnmf_start_##S(orthant_symnmf_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu) {    \
    return orthant::start<T>(reinterpret_cast<orthant::SymNmf<T> *>(s), X, U, ldu);                                   \
  }                                                                                                                   \
  orthant_status orthant_symnmf_run_##S(orthant_symnmf_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu,        \
                                        orthant_report *r) {                                                          \
    return orthant::run<T>(reinterpret_cast<orthant::SymNmf<T> *>(s), X, U, ldu, r);                                  \
  }                                                                                                                   \
  orthant_status orthant_symnet_size_##S(const orthant_symnet_config *c, size_t *bytes) {                             \
    return orthant::job_size<orthant::SymNet<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                   \
  orthant_status orthant_symnet_init_##S(const orthant_symnet_config *c, void *mem, size_t bytes,                     \
                                         orthant_symnet_##S **out) {                                                  \
    return orthant::job_init<orthant::SymNet<T>>(orthant::read<T>, c, mem, bytes, out);                               \
  }                                                                                                                   \
  orthant_status orthant_symnet_start_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu) {    \
    return orthant::start<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, U, ldu);                                   \
  }                                                                                                                   \
  orthant_status orthant_symnet_run_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu,        \
                                        orthant_report *r) {                                                          \
    return orthant::run<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, U, ldu, r);                                  \
  }                                                                                                                   \
  orthant_status orthant_symnet_gradient_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, const T *P,          \
                                             const T *U0, double lambda, double *loss, T *dP, T *dU0,                 \
                                             double *dlambda) {                                                       \
    return orthant::gradient<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, P, U0, lambda, loss, dP, dU0, dlambda); \
  }                                                                                                                   \
  orthant_status orthant_symnet_parameters_##S(orthant_symnet_##S *s, T *P, T *U0, double *lambda) {                  \
    return orthant::parameters<T>(reinterpret_cast<orthant::SymNet<T> *>(s), P, U0, lambda);                          \
  }                                                                                                                   \
  orthant_status orthant_symnet_save_##S(orthant_symnet_##S *s, void *out, size_t capacity, size_t *bytes) {          \
    return orthant::save<T>(reinterpret_cast<orthant::SymNet<T> *>(s), out, capacity, bytes);                         \
  }                                                                                                                   \
  orthant_status orthant_symnet_load_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, const orthant_model *m,  \
                                         T *U, int32_t ldu) {                                                         \
    return orthant::load<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, m, U, ldu);                                 \
  }                                                                                                                   \
  orthant_status orthant_clusters_labels_##S(int32_t samples, int32_t clusters, const T *U, int32_t ldu,              \
                                             int32_t *labels, double *sparse_factor) {                                \
    return orthant::labels<T>(samples, clusters, U, ldu, labels, sparse_factor);                                      \
  }

extern "C" {
orthant_status orthant_graph_capacity(const orthant_graph_config *c, int32_t *entries) {
  orthant::GraphConfig g;
  if (!entries) return ORTHANT_E_ARG;
  if (const orthant::Status st = orthant::read(c, &g); st != orthant::OK) return st;
  *entries = g.capacity();
  return ORTHANT_OK;
}
orthant_status orthant_clusters_size(const orthant_clusters_config *c, size_t *bytes) {
  return orthant::clusters_size(c, bytes);
}
orthant_status orthant_clusters_score(const orthant_clusters_config *c, void *mem, size_t bytes, const int32_t *found,
                                      const int32_t *truth, orthant_clusters_scores *out) {
  return orthant::clusters_score(c, mem, bytes, found, truth, out);
}
SYMMETRIC(float, f32)
#ifdef ORTHANT_F64
SYMMETRIC(double, f64)
#endif
}
