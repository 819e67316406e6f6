// KL of sparse V.  A line is a column of V (CSC) or a row (CSR): along a line its numerator is gathered, across it
// scattered, each sum in the order of the lines.
#include "beta_job.hpp"

namespace orthant {

// q = v / p of a line's nonzeros into w.v; with `objective` their share of the divergence.
template <class T>
void BetaJob<T>::line(const BetaWorker<T> &w, int32_t a, Mat<const T> X, Mat<const T> Y, bool objective,
                      BetaSums &sum) const {
  const int32_t *index;
  const T *v;
  const int32_t count = V.major(a, &index, &v);
  loss.dots(rank(), count, index, Y.data, Y.ld, X.col(a), w.P);
  if (objective) {
    double all = 0;
    for (int32_t t = 0; t < count; ++t) {
      w.P[t] = max_of(w.P[t], Real<T>::div);
      all += double(w.P[t]);
      sum.data += double(v[t]) * double(v[t]);
      sum.squares += double(w.P[t]) * double(w.P[t]);
    }
    double squares = 0;
    loss.kl(count, v, w.P, &sum.divergence, &squares);
    sum.divergence -= all;  // the sum of all of P comes from the sums of the factors
    sum.squares -= squares;
  }
  loss.ratio(count, v, w.P, Real<T>::div, w.v);
}

template <class T>
void BetaJob<T>::gathered(const BetaWorker<T> &w, int32_t a, Mat<const T> Y, T *out) const {
  const int32_t *index;
  const T *v;
  const int32_t count = V.major(a, &index, &v);
  fastest<SparseKernels<T>>().gather(rank(), count, index, w.v, Y.data, Y.ld, out);
}
template <class T>
void BetaJob<T>::scattered(const BetaWorker<T> &w, int32_t a, Mat<const T> X, Mat<T> to) const {
  const int32_t *index;
  const T *v;
  const int32_t count = V.major(a, &index, &v);
  fastest<SparseKernels<T>>().scatter(rank(), count, index, w.v, X.col(a), to.data, to.ld);
}

// along(worker, line, sums, kkt) over all lines.
template <class T>
template <class Along>
void BetaJob<T>::by_lines(const Parallel &par, const Along &along) {
  PanelCut cut = s.cut();
  cut.cols = s.lines();
  cut.width = 1;
  const auto scratch = [this](int32_t index) { return worker(index); };
  total = by_panels(par, V, cut, b.sums, scratch, [&](const Panel &p, const BetaWorker<T> &w, BetaSums &sum) {
    double *kkt = kkt_of(p.chunk);
    for (int32_t k = 0; k < rank() && p.first; ++k) kkt[k] = 0;
    along(w, p.col, sum, kkt);
  }, [](int32_t, int32_t) {});
}

// to(:, index) = sum over the lines a of q X(:, a),  q = v / (Y(:, index)' X(:, a)), by blocks of `to`.
template <class T>
void BetaJob<T>::scatter_blocks(Mat<const T> X, Mat<const T> Y, Mat<T> to) const {
  const auto add = fastest<RunKernels<T>>().scatter_ratio;
  const int32_t *index;
  const T *v;
  V.major(0, &index, &v);
  V.by_scatter_blocks(c.par, to, [&](Mat<T> own, const auto &runs) {
    runs([&](int32_t count, const Run *run) {
      add(rank(), count, run, index, v, X.data, X.ld, Y.data, Y.ld, Real<T>::div, own.data, own.ld);
    });
  });
}

template <class T>
void BetaJob<T>::update_column(int32_t j, const T *numerators) const {
  for (int32_t k = 0; k < rank(); ++k)
    H(k, j) = updated(H(k, j), numerators[k], b.sum_w[k], T(c.l1_h), T(c.l2_h));
}
template <class T>
void BetaJob<T>::add_column_gradient(int32_t j, const T *numerators, double *kkt) const {
  for (int32_t k = 0; k < rank(); ++k) add_gradient(H(k, j), numerators[k], b.sum_w[k], kkt + k);
}

// What scatters needs one worker, which does it on the way, or is cut into blocks and comes after.
template <class T>
void BetaJob<T>::along_columns(const BetaTasks &tasks) {
  const bool apart = V.scatters_apart(c.par, rank()), here = tasks.products && !apart;
  auto walk = V.scatter_walk(b.N);
  by_lines(here ? Parallel{} : c.par, [&](const BetaWorker<T> &w, int32_t j, BetaSums &sum, double *kkt) {
    if (tasks.update) {
      line(w, j, H, b.Wt, false, sum);
      gathered(w, j, b.Wt, w.F.data);
      update_column(j, w.F.data);
    }
    if (here || tasks.objective || tasks.gradient) line(w, j, H, b.Wt, tasks.objective, sum);
    if (here) scattered(w, j, H, walk.at(j));
    if (tasks.gradient) {
      gathered(w, j, b.Wt, w.F.data);
      add_column_gradient(j, w.F.data, kkt);
    }
  });
  if (here) walk.end();
  if (tasks.products && apart) scatter_blocks(H, b.Wt, b.N);
}

template <class T>
void BetaJob<T>::along_rows(const BetaTasks &tasks) {
  const bool apart = V.scatters_apart(c.par, rank()), here = tasks.gradient && !apart;
  if (tasks.update) {
    numerators_h(apart);
    parallel_blocks(c.par, H.cols, 128, [&](Range at, int32_t) {
      for (int32_t j = at.from; j < at.to; ++j) update_column(j, b.Ft.col(j));
    });
  }
  auto walk = V.scatter_walk(b.Ft);
  by_lines(here ? Parallel{} : c.par, [&](const BetaWorker<T> &w, int32_t i, BetaSums &sum, double *) {
    if (here || tasks.objective || tasks.products) line(w, i, b.Wt, H, tasks.objective, sum);
    if (tasks.products) gathered(w, i, H, b.N.col(i));
    if (here) scattered(w, i, b.Wt, walk.at(i));
  });
  if (!tasks.gradient) return;
  if (here) walk.end();
  if (apart) scatter_blocks(b.Wt, H, b.Ft);
  const int32_t chunks = s.cut().chunks;
  parallel_for(c.par, chunks, [&](int32_t chunk, int32_t) {
    const Range at = part_of(H.cols, chunk, chunks);
    for (int32_t j = at.from; j < at.to; ++j) add_column_gradient(j, b.Ft.col(j), kkt_of(chunk));
  });
}

// Of CSR: Ft = the numerators of H.
template <class T>
void BetaJob<T>::numerators_h(bool apart) {
  if (apart) return scatter_blocks(b.Wt, H, b.Ft);
  auto walk = V.scatter_walk(b.Ft);
  by_lines(Parallel{}, [&](const BetaWorker<T> &w, int32_t i, BetaSums &sum, double *) {
    line(w, i, b.Wt, H, false, sum);
    scattered(w, i, b.Wt, walk.at(i));
  });
  walk.end();
}

template <class T>
void BetaJob<T>::sparse_pass(const BetaTasks &tasks) {
  find_sums_w();
  transpose<T>(c.par, W, b.Wt);
  if (s.by_rows()) along_rows(tasks);
  else along_columns(tasks);
  total.norm = double(W.rows) * double(H.cols);
  if (tasks.objective) add_zeros();
}

// What the zeros of V add: the sum of P and |P|^2, from the factors.
template <class T>
void BetaJob<T>::add_zeros() {
  const int32_t parts = s.sum_parts();
  const Shares<T> shares{b.S, b.share_S};
  gram<T>(ops, c.par, W, W, b.G, gram_parts(W.rows, rank()), b.share_S);
  parallel_for(c.par, parts, [&](int32_t part, int32_t index) {
    const Range mine = part_of(H.cols, part, parts);
    const Mat<T> S = shares.of(part, part - 1);
    fill(S, T(0));
    double *sum = b.of_h + ptrdiff_t(part) * rank();
    for (int32_t k = 0; k < rank(); ++k) sum[k] = 0;
    for (int32_t j = mine.from; j < mine.to; j += beta_tile_cols) {
      const int32_t p = min_of(beta_tile_cols, mine.to - j);
      const Mat<T> h = H.columns(j, p), X{worker(index).X.data, p, rank(), p};
      for (int32_t q = 0; q < p; ++q)
        for (int32_t k = 0; k < rank(); ++k) sum[k] += double(h(k, q));
      transpose<T>(h, X);
      ops.nn(h, X, S, true);
    }
  });
  shares.add(c.par, 1, parts - 1);
  for (int32_t k = 0; k < rank(); ++k) {
    double sum = 0;
    for (int32_t part = 0; part < parts; ++part) sum += b.of_h[ptrdiff_t(part) * rank() + k];
    total.divergence += b.of_w[k] * sum;
  }
  total.squares = max_of(inner<T>(b.G, b.S) - total.squares, 0.0);
}

#define INSTANTIATE(T) template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
