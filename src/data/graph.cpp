#include "graph.hpp"

namespace orthant {

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
  b.flags = carve.take<int32_t>(size_t(ceil_div(c.samples, block)));
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

namespace {

// Keeps the `kept` smallest in ascending order; of equal distances the lower index, which comes first, stays first.
template <class T>
void insert(T distance, int32_t j, int32_t *count, int32_t kept, T *near, int32_t *index) {
  if (*count == kept && !(distance < near[kept - 1])) return;
  int32_t at = *count < kept ? (*count)++ : kept - 1;
  for (; at > 0 && distance < near[at - 1]; --at) {
    near[at] = near[at - 1];
    index[at] = index[at - 1];
  }
  near[at] = distance;
  index[at] = j;
}

}  // namespace

template <class T>
Status Graph<T>::run(void *base, const Operand<T> &M, int32_t *starts, int32_t *indices, T *values, int32_t *count) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const Ops<T> ops;
  const int32_t n = c.samples, kept = c.kept(), tasks = ceil_div(n, block);
  const bool cosine = c.kind == Similarity::cosine;
  const auto worker = [&](int32_t index) {
    Carver own(b.worker + b.worker_bytes * size_t(index));
    Worker w;
    worker_layout(own, w);
    return w;
  };

  // Norms; for the cosine each sample is divided by its own, so that near means a small angle.
  parallel_for(c.par, tasks, [&](int32_t t, int32_t) {
    b.flags[t] = 1;
    for (int32_t j = t * block; j < min_of(n, (t + 1) * block); ++j) {
      double squares = 0;
      b.flags[t] = b.flags[t] && M.scan(ops, j, 1, false, &squares) && is_finite(T(squares) * T(16));
      b.scale[j] = cosine ? (squares > 0 ? T(1 / sqrt_of(squares)) : T(0)) : T(1);
      b.norms[j] = cosine ? T(squares > 0) : T(squares);
    }
  });
  for (int32_t t = 0; t < tasks; ++t)
    if (!b.flags[t]) return E_DATA;

  // The nearest of each, a block of samples against one panel after the other.
  parallel_for(c.par, tasks, [&](int32_t t, int32_t which) {
    const Worker w = worker(which);
    const int32_t first = t * block, width = min_of(block, n - first);
    int32_t found[block] = {};
    const auto gather = [&](int32_t j, T *to) {
      M.column(j, to);
      if (cosine)
        for (int32_t i = 0; i < c.features; ++i) to[i] *= b.scale[j];
    };
    // The block's samples as columns of B; against sparse samples as its rows, which are short vectors side by side.
    const bool turned = M.sparse();
    const Mat<T> B = turned ? Mat<T>{w.B.data, width, c.features, width} : w.B.columns(0, width);
    for (int32_t q = 0; q < width; ++q) {
      gather(first + q, turned ? w.column : B.col(q));
      for (int32_t f = 0; turned && f < c.features; ++f) B(q, f) = w.column[f];
    }
    for (int32_t j = 0; j < n; j += panel) {
      const int32_t p = min_of(panel, n - j);
      const Mat<T> D = turned ? Mat<T>{w.D.data, width, p, width} : Mat<T>{w.D.data, p, width, p};
      if (turned) M.left(ops, j, p, B, D);
      else M.panel_tn(ops, j, p, B, D);
      for (int32_t q = 0; q < width; ++q) {
        const int32_t i = first + q;
        T *near = b.near + ptrdiff_t(i) * kept;
        int32_t *index = b.index + ptrdiff_t(i) * kept;
        for (int32_t k = 0; k < p; ++k)
          if (j + k != i)
            insert(max_of(b.norms[i] + b.norms[j + k] - T(2) * b.scale[j + k] * (turned ? D(q, k) : D(k, q)), T(0)),
                   j + k, &found[q], kept, near, index);
      }
    }
    for (int32_t q = 0; q < width; ++q) {
      const int32_t i = first + q;
      T *near = b.near + ptrdiff_t(i) * kept;
      int32_t *index = b.index + ptrdiff_t(i) * kept, again = 0;
      // Once more from the differences: zero for duplicates, and exact where they are small.  Sums over the few common
      // words of two texts are that already.
      for (int32_t k = 0; k < kept && !turned; ++k) {
        const int32_t j = index[k];
        gather(j, w.column);
        double s = 0;
        for (int32_t f = 0; f < c.features; ++f) {
          const double d = double(w.column[f]) - double(B(f, q));
          s += d * d;
        }
        insert(T(s), j, &again, kept, near, index);
      }
      b.sigma[i] = sqrt_of(near[c.scale_at - 1]);
    }
  });

  // Both directions of every edge.  A list turned round is in ascending order by itself; the lists are put in order.
  const int32_t k = c.neighbours;
  const auto directed = [&](int32_t j, int32_t e) { return b.index[ptrdiff_t(j) * kept + e]; };
  for (int32_t j = 0; j <= n; ++j) b.from[j] = 0;
  for (int32_t j = 0; j < n; ++j) {
    for (int32_t e = 1; e < k; ++e)
      for (int32_t a = e; a > 0 && directed(j, a) < directed(j, a - 1); --a) {
        const ptrdiff_t at = ptrdiff_t(j) * kept + a;
        const int32_t i = b.index[at];
        b.index[at] = b.index[at - 1], b.index[at - 1] = i;
        const T d = b.near[at];
        b.near[at] = b.near[at - 1], b.near[at - 1] = d;
      }
    for (int32_t e = 0; e < k; ++e) ++b.from[directed(j, e) + 1];
  }
  for (int32_t j = 0; j < n; ++j) b.from[j + 1] += b.from[j];
  for (int32_t j = 0; j < n; ++j)
    for (int32_t e = 0; e < k; ++e) b.slot[b.from[directed(j, e)]++] = j * k + e;
  for (int32_t j = n; j > 0; --j) b.from[j] = b.from[j - 1];
  b.from[0] = 0;

  int32_t entries = 0;
  for (int32_t j = 0; j < n; ++j) {
    starts[j] = entries;
    b.degree[j] = 0;
    int32_t e = 0, r = b.from[j];
    while (e < k || r < b.from[j + 1]) {
      const int32_t out = e < k ? directed(j, e) : n, in = r < b.from[j + 1] ? b.slot[r] / k : n, i = min_of(out, in);
      // The distance stands in one list or in both; of two, which may differ in rounding, that of the first sample.
      const bool own = out < in || (out == in && j < i);
      const T d = own ? b.near[ptrdiff_t(j) * kept + e] : b.near[ptrdiff_t(in) * kept + b.slot[r] % k];
      e += out == i;
      r += in == i;
      const double width = max_of(double(b.sigma[i]) * double(b.sigma[j]), 1e-300);
      const double both = double(b.norms[i]) * double(b.norms[j]);  // of the cosine: 1, or 0 beside an empty sample
      const double a = c.kind == Similarity::gaussian ? exp(-double(d) / width)
                       : cosine                       ? both * max_of(1 - 0.5 * double(d), 0.0)
                                                      : 1;
      if (!(a > double(Real<T>::tiny))) continue;  // no edge
      indices[entries] = i;
      values[entries++] = T(a);
      b.degree[j] += a;
    }
  }
  starts[n] = entries;
  *count = entries;
  if (c.normalised)
    for (int32_t j = 0; j < n; ++j)
      for (int32_t e = starts[j]; e < starts[j + 1]; ++e)
        values[e] = no_denormal(T(double(values[e]) / sqrt_of(b.degree[j] * b.degree[indices[e]])));
  return OK;
}

#define INSTANTIATE(T) template struct Graph<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
