// orthant_graph_* and orthant_clusters_*: check, then call.
#include "clustering.hpp"
#include "fields.hpp"
#include "graph.hpp"
#include "passes.hpp"

namespace orthant {

ORTHANT_FIELDS(graph, samples,
               ORTHANT_IS(features, at_least(1)) && ORTHANT_IS(samples, at_least(2)) &&
               ORTHANT_IS(kind, up_to(ORTHANT_GRAPH_BINARY)) && ORTHANT_IS(neighbours, up_to(INT32_MAX)) &&
               ORTHANT_IS(scale_at, up_to(INT32_MAX)) && ORTHANT_IS(unnormalised, a_switch) &&
               ORTHANT_IS(reserved, reserved_zero))
ORTHANT_FIELDS(clusters, classes,
               ORTHANT_IS(samples, at_least(1)) && ORTHANT_IS(clusters, from(1, max_rank)) &&
               ORTHANT_IS(classes, from(1, max_rank)))

namespace {

ORTHANT_SAME(Similarity::gaussian, GRAPH_GAUSSIAN);
ORTHANT_SAME(Similarity::cosine, GRAPH_COSINE);
ORTHANT_SAME(Similarity::binary, GRAPH_BINARY);

// ---- Graphs

Status read(const orthant_graph_config *given, GraphConfig *g) {
  orthant_graph_config c;
  if (!read_fields<graph_fields>(given, &c, &g->par)) return E_ARG;
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

// ---- Clusters

template <class T>
Status labels(int32_t samples, int32_t clusters, const T *U, int32_t ldu, int32_t *label, double *sparse) {
  if (!good_array(U, samples, clusters, ldu) || !label) return E_ARG;
  const Mat<const T> A{U, samples, clusters, ldu};
  if (!all_finite<T>(A)) return E_DATA;
  label_rows<T>(A, label);
  if (sparse) *sparse = sparse_factor<T>(A);
  return OK;
}

Status read(const orthant_clusters_config *given, orthant_clusters_config *c) {
  return read_fields<clusters_fields>(given, c) ? OK : E_ARG;
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

#define GRAPH(T, S)                                                                                               \
  orthant_status orthant_graph_size_##S(const orthant_graph_config *c, size_t *bytes) {                           \
    return orthant::job_size<orthant::Graph<T>>(orthant::read<T>, c, bytes);                                      \
  }                                                                                                               \
  orthant_status orthant_graph_run_##S(const orthant_graph_config *c, void *mem, size_t bytes,                    \
                                       const orthant_matrix_##S *M, int32_t *starts, int32_t *indices, T *values, \
                                       int32_t capacity) {                                                        \
    return orthant::graph_run<T>(c, mem, bytes, M, starts, indices, values, capacity);                            \
  }                                                                                                               \
  orthant_status orthant_graph_dense_##S(int32_t samples, const int32_t *starts, const int32_t *indices,          \
                                         const T *values, T *X, int32_t ldx) {                                    \
    return orthant::graph_dense<T>(samples, starts, indices, values, X, ldx);                                     \
  }                                                                                                               \
  orthant_status orthant_clusters_labels_##S(int32_t samples, int32_t clusters, const T *U, int32_t ldu,          \
                                             int32_t *labels, double *sparse_factor) {                            \
    return orthant::labels<T>(samples, clusters, U, ldu, labels, sparse_factor);                                  \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(graph, orthant::graph_fields, orthant_graph_size_f32)
ORTHANT_CONFIG_PROBLEM(clusters, orthant::clusters_fields, orthant_clusters_size)
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
GRAPH(float, f32)
#ifdef ORTHANT_F64
GRAPH(double, f64)
#endif
}
