#include "graph.hpp"

namespace orthant {

Status resolve(GraphConfig *c) {
  int32_t log2 = 0, entries = 0;
  for (int32_t n = c->samples; n > 1; n /= 2) ++log2;
  if (c->neighbours == 0) c->neighbours = log2 + 1;
  if (c->scale_at == 0) c->scale_at = 7;
  if (c->kind == Similarity{}) c->kind = Similarity::gaussian;
  c->neighbours = min_of(c->neighbours, c->samples - 1);
  c->scale_at = min_of(c->scale_at, c->samples - 1);
  return __builtin_mul_overflow(c->samples, 2 * int64_t(c->neighbours), &entries) ? E_ARG : OK;
}

template <class T>
void Graph<T>::worker_layout(Carver &carve, Worker &w) const {
  w.B = {carve.take<T>(size_t(c.features), size_t(block)), c.features, block, c.features};
  w.D = {carve.take<T>(size_t(panel), size_t(block)), panel, block, panel};
  w.column = carve.take<T>(size_t(c.features));
}

template <class T>
void Graph<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(c.samples), kept = size_t(c.kept());
  b.norms = carve.take<T>(n);
  b.scale = carve.take<T>(n);
  b.near = carve.take<T>(n, kept);
  b.sigma = carve.take<T>(n);
  b.degree = carve.take<double>(n);
  b.index = carve.take<int32_t>(n, kept);
  b.from = carve.take<int32_t>(n + 1);
  b.slot = carve.take<int32_t>(n, size_t(c.neighbours));
  b.good = carve.take<int32_t>(size_t(ceil_div(c.samples, block)));
  b.workers.layout(carve, c.par.workers, [this](Carver &one, Worker &w) { worker_layout(one, w); });
}

namespace {

// The nearest samples of one, in ascending order; of equal distances the lower index, which comes first, stays first.
template <class T>
struct Nearest {
  int32_t kept;
  T *distance;
  int32_t *index;
  int32_t count;

  void insert(T d, int32_t j) {
    if (count == kept && !(d < distance[kept - 1])) return;
    int32_t at = count < kept ? count++ : kept - 1;
    for (; at > 0 && d < distance[at - 1]; --at) {
      distance[at] = distance[at - 1];
      index[at] = index[at - 1];
    }
    distance[at] = d;
    index[at] = j;
  }
};

template <class V>
void swap(V *a, V *b) {
  const V t = *a;
  *a = *b;
  *b = t;
}

}  // namespace

// One call.
template <class T>
struct Graph<T>::Job {
  const GraphConfig &c;
  const Operand<T> &M;
  Blocks b;
  Ops<T> ops;

  Job(const Graph &graph, Carver &carve, const Operand<T> &data) : c(graph.c), M(data) { graph.layout(carve, b); }
  bool cosine() const { return c.kind == Similarity::cosine; }
  // The edge from sample j to its neighbour e.
  ptrdiff_t edge(int32_t j, int32_t e) const { return ptrdiff_t(j) * c.kept() + e; }
  void gather(int32_t j, T *to) const {
    M.column(j, to);
    if (cosine())
      for (int32_t i = 0; i < c.features; ++i) to[i] *= b.scale[j];
  }

  bool find_norms() const;
  void find_nearest(Range samples, const Worker &w) const;
  void measure_again(int32_t i, const T *sample, T *column) const;
  void sort_neighbours() const;
  void transpose_lists() const;
  double similarity(int32_t i, int32_t j, T distance) const;
  void join(int32_t *starts, int32_t *indices, T *values) const;
  void normalise(const int32_t *starts, const int32_t *indices, T *values) const;
};

// For the cosine each sample is divided by its norm, so that near means a small angle.
template <class T>
bool Graph<T>::Job::find_norms() const {
  parallel_blocks(c.par, c.samples, block, [&](Range samples, int32_t) {
    int32_t &good = b.good[samples.from / block];
    good = 1;
    for (int32_t j = samples.from; j < samples.to; ++j) {
      double squares = 0;
      good = good && M.scan(ops, j, 1, false, &squares) && is_finite(T(squares) * T(16));
      b.scale[j] = T(1);
      b.norms[j] = T(squares);
      if (!cosine()) continue;
      b.scale[j] = squares > 0 ? T(1 / sqrt_of(squares)) : T(0);
      b.norms[j] = T(squares > 0);
    }
  });
  for (int32_t t = 0; t < ceil_div(c.samples, block); ++t)
    if (!b.good[t]) return false;
  return true;
}

// A block of samples against one panel after the other.
template <class T>
void Graph<T>::Job::find_nearest(Range samples, const Worker &w) const {
  const int32_t n = c.samples, kept = c.kept(), width = samples.size();
  // The block's samples as columns of B; against sparse samples as its rows, which are short vectors side by side.
  const bool rows = M.sparse();
  const Mat<T> B = rows ? Mat<T>{w.B.data, width, c.features, width} : w.B.columns(0, width);
  int32_t found[block] = {};
  for (int32_t q = 0; q < width; ++q) {
    gather(samples.from + q, rows ? w.column : B.col(q));
    for (int32_t f = 0; rows && f < c.features; ++f) B(q, f) = w.column[f];
  }
  for (int32_t j = 0; j < n; j += panel) {
    const int32_t p = min_of(panel, n - j);
    const Mat<T> D = rows ? Mat<T>{w.D.data, width, p, width} : Mat<T>{w.D.data, p, width, p};
    if (rows) M.left(ops, j, p, B, D);
    else M.panel_tn(ops, j, p, B, D);
    for (int32_t q = 0; q < width; ++q) {
      const int32_t i = samples.from + q;
      Nearest<T> nearest{kept, b.near + edge(i, 0), b.index + edge(i, 0), found[q]};
      for (int32_t k = 0; k < p; ++k) {
        if (j + k == i) continue;
        const T product = rows ? D(q, k) : D(k, q);
        nearest.insert(max_of(b.norms[i] + b.norms[j + k] - T(2) * b.scale[j + k] * product, T(0)), j + k);
      }
      found[q] = nearest.count;
    }
  }
  for (int32_t i = samples.from; i < samples.to; ++i) {
    // Sums over the few common words of two texts are exact already.
    if (!rows) measure_again(i, B.col(i - samples.from), w.column);
    b.sigma[i] = sqrt_of(b.near[edge(i, c.scale_at - 1)]);
  }
}

// The distances of the neighbours once more, from the differences: zero for duplicates, and exact where they are small.
template <class T>
void Graph<T>::Job::measure_again(int32_t i, const T *sample, T *column) const {
  const int32_t kept = c.kept();
  Nearest<T> nearest{kept, b.near + edge(i, 0), b.index + edge(i, 0), 0};
  for (int32_t k = 0; k < kept; ++k) {
    const int32_t j = nearest.index[k];
    gather(j, column);
    double squares = 0;
    for (int32_t f = 0; f < c.features; ++f) {
      const double d = double(column[f]) - double(sample[f]);
      squares += d * d;
    }
    nearest.insert(T(squares), j);
  }
}

// The k neighbours of each sample by ascending index.
template <class T>
void Graph<T>::Job::sort_neighbours() const {
  for (int32_t j = 0; j < c.samples; ++j)
    for (int32_t e = 1; e < c.neighbours; ++e)
      for (int32_t a = e; a > 0 && b.index[edge(j, a)] < b.index[edge(j, a - 1)]; --a) {
        swap(&b.index[edge(j, a)], &b.index[edge(j, a - 1)]);
        swap(&b.near[edge(j, a)], &b.near[edge(j, a - 1)]);
      }
}

// For each sample the edges that end there, as j k + e: in ascending order by themselves.
template <class T>
void Graph<T>::Job::transpose_lists() const {
  const int32_t n = c.samples, k = c.neighbours;
  for (int32_t j = 0; j <= n; ++j) b.from[j] = 0;
  for (int32_t j = 0; j < n; ++j)
    for (int32_t e = 0; e < k; ++e) ++b.from[b.index[edge(j, e)] + 1];
  for (int32_t j = 0; j < n; ++j) b.from[j + 1] += b.from[j];
  for (int32_t j = 0; j < n; ++j)
    for (int32_t e = 0; e < k; ++e) b.slot[b.from[b.index[edge(j, e)]]++] = j * k + e;
  for (int32_t j = n; j > 0; --j) b.from[j] = b.from[j - 1];
  b.from[0] = 0;
}

template <class T>
double Graph<T>::Job::similarity(int32_t i, int32_t j, T distance) const {
  switch (c.kind) {
    case Similarity::gaussian: return exp(-double(distance) / max_of(double(b.sigma[i]) * double(b.sigma[j]), 1e-300));
    // The product of the norms is 1, or 0 beside an empty sample.
    case Similarity::cosine:
      return double(b.norms[i]) * double(b.norms[j]) * max_of(1 - 0.5 * double(distance), 0.0);
    case Similarity::binary: break;
  }
  return 1;
}

// The edges of both directions, by columns.
template <class T>
void Graph<T>::Job::join(int32_t *starts, int32_t *indices, T *values) const {
  const int32_t n = c.samples, k = c.neighbours;
  int32_t entries = 0;
  for (int32_t j = 0; j < n; ++j) {
    starts[j] = entries;
    b.degree[j] = 0;
    int32_t e = 0, r = b.from[j];
    while (e < k || r < b.from[j + 1]) {
      const int32_t out = e < k ? b.index[edge(j, e)] : n, in = r < b.from[j + 1] ? b.slot[r] / k : n;
      const int32_t i = min_of(out, in);
      // The distance stands in one list or in both; of two, which may differ in rounding, that of the first sample.
      const bool own = out < in || (out == in && j < i);
      const T distance = b.near[own ? edge(j, e) : edge(in, b.slot[r] % k)];
      e += out == i;
      r += in == i;
      const double a = similarity(i, j, distance);
      if (!(a > double(Real<T>::tiny))) continue;  // no edge
      indices[entries] = i;
      values[entries] = T(a);
      ++entries;
      b.degree[j] += a;
    }
  }
  starts[n] = entries;
}

template <class T>
void Graph<T>::Job::normalise(const int32_t *starts, const int32_t *indices, T *values) const {
  for (int32_t j = 0; j < c.samples; ++j)
    for (int32_t e = starts[j]; e < starts[j + 1]; ++e)
      values[e] = no_denormal(T(double(values[e]) / sqrt_of(b.degree[j] * b.degree[indices[e]])));
}

template <class T>
Status Graph<T>::run(void *base, const Operand<T> &M, int32_t *starts, int32_t *indices, T *values) {
  Carver carve(base);
  const Job job(*this, carve, M);
  if (!job.find_norms()) return E_DATA;
  parallel_blocks(c.par, c.samples, block, [&](Range samples, int32_t index) {
    job.find_nearest(samples,
                     job.b.workers.of(index, [this](Carver &one, Worker &w) { worker_layout(one, w); }));
  });
  job.sort_neighbours();
  job.transpose_lists();
  job.join(starts, indices, values);
  if (c.normalised) job.normalise(starts, indices, values);
  return OK;
}

#define INSTANTIATE(T) template struct Graph<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
