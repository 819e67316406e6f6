// KL of sparse V.  A line is a column of V (CSC) or a row (CSR): along a line its numerator is gathered, across it
// scattered.
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

// along(worker, line, a chunk's share of `across` if that has data, sums, kkt) over all lines, one for each column of
// X.
template <class T>
template <class Along>
void BetaJob<T>::by_lines(Mat<const T> X, Mat<T> across, const Along &along) {
  PanelCut cut = s.cut();
  cut.cols = X.cols;
  cut.width = 1;
  const Shares<T> shares{across, b.share_N};
  const auto scratch = [this](int32_t index) { return worker(index); };
  const auto one = [&](const Panel &p, const BetaWorker<T> &w, BetaSums &sum) {
    const Mat<T> to = across.data ? shares.of(p.chunk, p.place) : across;
    double *kkt = kkt_of(p.chunk);
    if (p.first) {
      for (int32_t k = 0; k < rank(); ++k) kkt[k] = 0;
      if (across.data) fill(to, T(0));
    }
    along(w, p.col, to, sum, kkt);
  };
  total = by_panels(c.par, V, cut, b.sums, scratch, one, [&](int32_t first, int32_t wave) {
    if (across.data) shares.add(first, wave);
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

template <class T>
void BetaJob<T>::along_columns(const BetaTasks &tasks) {
  const Mat<T> across = tasks.products ? b.N : Mat<T>{};
  by_lines(H, across, [&](const BetaWorker<T> &w, int32_t j, Mat<T> to, BetaSums &sum, double *kkt) {
    if (tasks.update) {
      line(w, j, H, b.Wt, false, sum);
      gathered(w, j, b.Wt, w.F.data);
      update_column(j, w.F.data);
    }
    line(w, j, H, b.Wt, tasks.objective, sum);
    if (tasks.products) scattered(w, j, H, to);
    if (tasks.gradient) {
      gathered(w, j, b.Wt, w.F.data);
      add_column_gradient(j, w.F.data, kkt);
    }
  });
}

template <class T>
void BetaJob<T>::along_rows(const BetaTasks &tasks) {
  if (tasks.update) {
    by_lines(b.Wt, b.Ft, [&](const BetaWorker<T> &w, int32_t i, Mat<T> to, BetaSums &sum, double *) {
      line(w, i, b.Wt, H, false, sum);
      scattered(w, i, b.Wt, to);
    });
    for (int32_t j = 0; j < H.cols; ++j) update_column(j, b.Ft.col(j));
  }
  const Mat<T> across = tasks.gradient ? b.Ft : Mat<T>{};
  by_lines(b.Wt, across, [&](const BetaWorker<T> &w, int32_t i, Mat<T> to, BetaSums &sum, double *) {
    line(w, i, b.Wt, H, tasks.objective, sum);
    if (tasks.products) gathered(w, i, H, b.N.col(i));
    if (tasks.gradient) scattered(w, i, b.Wt, to);
  });
  if (!tasks.gradient) return;
  for (int32_t j = 0; j < H.cols; ++j) add_column_gradient(j, b.Ft.col(j), b.kkt);
}

template <class T>
void BetaJob<T>::sparse_pass(const BetaTasks &tasks) {
  find_sums_w();
  transpose<T>(W, b.Wt);
  if (s.by_rows()) along_rows(tasks);
  else along_columns(tasks);
  total.norm = double(W.rows) * double(H.cols);
  if (tasks.objective) add_zeros();
}

// What the zeros of V add: the sum of P and |P|^2, from the factors.
template <class T>
void BetaJob<T>::add_zeros() {
  for (int32_t k = 0; k < rank(); ++k) {
    double sw = 0, sh = 0;
    for (int32_t i = 0; i < W.rows; ++i) sw += double(W(i, k));
    for (int32_t j = 0; j < H.cols; ++j) sh += double(H(k, j));
    total.divergence += sw * sh;
  }
  ops.tn(W, W, b.G);
  fill(b.S, T(0));
  for (int32_t j = 0; j < H.cols; j += beta_tile_cols) {
    const int32_t p = min_of(beta_tile_cols, H.cols - j);
    const Mat<T> h = H.columns(j, p), X{worker(0).X.data, p, rank(), p};
    transpose<T>(h, X);
    ops.nn(h, X, b.S, true);
  }
  total.squares = max_of(inner<T>(b.G, b.S) - total.squares, 0.0);
}

#define INSTANTIATE(T) template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
