// The pass over dense V, panel by panel and tile by tile.
#include "beta_job.hpp"

namespace orthant {
namespace {

// x^e for an array, without the library's pow where 2 e is a small integer.
template <class T>
void power(int32_t n, T *x, double e) {
  const double twice = 2 * abs_of(e);
  const int32_t k = twice <= 16 ? int32_t(twice) : 0;
  if (double(k) != twice) {
    for (int32_t i = 0; i < n; ++i) x[i] = T(pow(double(x[i]), e));
    return;
  }
  for (int32_t i = 0; i < n; ++i) {
    T y = T(1);
    for (int32_t q = 0; q < k / 2; ++q) y *= x[i];
    if (k % 2) y *= sqrt_of(x[i]);
    x[i] = e < 0 ? T(1) / y : y;
  }
}

// The sum of [v^b + (b-1) p^b - b v p^(b-1)] / (b (b-1)) and of (v - p)^2.
template <class T>
void add_divergence(double beta, int32_t n, const T *v, const T *p, double *sum, double *squares) {
  for (int32_t i = 0; i < n; ++i) {
    const double a = double(v[i]), b = double(p[i]), t = pow(b, beta - 1);
    *sum += (pow(a, beta) + (beta - 1) * b * t - beta * a * t) / (beta * (beta - 1));
    *squares += (a - b) * (a - b);
  }
}

}  // namespace

// P in the tile becomes Q, and R is filled where the loss needs it.
template <class T>
void BetaJob<T>::transform(const T *v, T *p, T *r, int32_t n) const {
  if (s.kl()) return loss.ratio(n, v, p, Real<T>::div, p);
  for (int32_t i = 0; i < n; ++i) r[i] = p[i] = max_of(p[i], Real<T>::div);
  power(n, r, c.beta - 2);
  for (int32_t i = 0; i < n; ++i) {
    const T t = r[i];
    r[i] = p[i] * t;
    p[i] = v[i] * t;
  }
}

template <class T>
void BetaJob<T>::measure(const T *v, T *p, int32_t n, BetaSums *sum) const {
  for (int32_t i = 0; i < n; ++i) p[i] = max_of(p[i], Real<T>::div);
  if (s.kl()) loss.kl(n, v, p, &sum->divergence, &sum->squares);
  else if (c.beta == 0) loss.is(n, v, p, &sum->divergence, &sum->squares);
  else add_divergence(c.beta, n, v, p, &sum->divergence, &sum->squares);
  for (int32_t i = 0; i < n; ++i) sum->data += double(v[i]) * double(v[i]);
}

// P = W_I H_J for the rows from i on, then Q and R in its place.
template <class T>
void BetaJob<T>::tile(const BetaWorker<T> &w, int32_t i, const Panel &p, const BetaTasks &tasks, BetaSums &sum) const {
  const int32_t rows = min_of(beta_tile_rows, W.rows - i);
  const Mat<T> P{w.P, rows, p.cols, rows};
  ops.nn(W.block(i, 0, rows, rank()), H.columns(p.col, p.cols), P);
  for (int32_t q = 0; q < p.cols; ++q) {
    const T *v = V.col(p.col + q) + i;
    if (tasks.objective) measure(v, P.col(q), rows, &sum);
    transform(v, P.col(q), w.R + ptrdiff_t(q) * rows, rows);
  }
  if (!tasks.gradient) return;
  double norm = double(rows) * p.cols;
  if (!s.kl()) {
    norm = 0;
    for (int32_t q = 0; q < rows * p.cols; ++q) norm += double(w.R[q]) * double(w.R[q]);
  }
  sum.norm += norm;
}

// F = W'Q and Fd = W'R, a tile's share of each.
template <class T>
void BetaJob<T>::gradient_products(const BetaWorker<T> &w, int32_t i, int32_t rows, const Panel &p) const {
  const Mat<const T> Wi = W.block(i, 0, rows, rank());
  ops.tn(Wi, Mat<T>{w.P, rows, p.cols, rows}, w.F.columns(0, p.cols), i > 0);
  if (!s.kl()) ops.tn(Wi, Mat<T>{w.R, rows, p.cols, rows}, w.Fd.columns(0, p.cols), i > 0);
}

template <class T>
void BetaJob<T>::update_panel(const BetaWorker<T> &w, const Panel &p, BetaSums &sum) const {
  for (int32_t i = 0; i < W.rows; i += beta_tile_rows) {
    tile(w, i, p, {}, sum);
    gradient_products(w, i, min_of(beta_tile_rows, W.rows - i), p);
  }
  for (int32_t q = 0; q < p.cols; ++q)
    for (int32_t k = 0; k < rank(); ++k) {
      T &h = H(k, p.col + q);
      h = updated(h, w.F(k, q), denominator_h(w, q, k), T(c.l1_h), T(c.l2_h));
    }
}

// All but the update: with the H_J of now.
template <class T>
void BetaJob<T>::look_at_panel(const BetaWorker<T> &w, const Panel &p, const BetaTasks &tasks, BetaSums &sum) const {
  const Mat<T> N = Shares<T>{b.N, b.share_N}.of(p.chunk, p.place), D = Shares<T>{b.D, b.share_D}.of(p.chunk, p.place);
  const Mat<T> X{w.X.data, p.cols, rank(), p.cols};
  transpose<T>(H.columns(p.col, p.cols), X);
  for (int32_t i = 0; i < W.rows; i += beta_tile_rows) {
    const int32_t rows = min_of(beta_tile_rows, W.rows - i);
    tile(w, i, p, tasks, sum);
    if (tasks.products) {
      ops.nn(Mat<T>{w.P, rows, p.cols, rows}, X, N.block(i, 0, rows, rank()), !p.first);
      if (!s.kl()) ops.nn(Mat<T>{w.R, rows, p.cols, rows}, X, D.block(i, 0, rows, rank()), !p.first);
    }
    if (tasks.gradient) gradient_products(w, i, rows, p);
  }
  if (!tasks.gradient) return;
  double *kkt = kkt_of(p.chunk);
  for (int32_t q = 0; q < p.cols; ++q)
    for (int32_t k = 0; k < rank(); ++k)
      add_gradient(H(k, p.col + q), w.F(k, q), denominator_h(w, q, k), kkt + k);
}

template <class T>
void BetaJob<T>::pass(const BetaTasks &tasks) {
  if (H.cols == 0 && tasks.products) {  // an empty share: no panel writes to the sums
    fill(b.N, T(0));
    if (!s.kl()) fill(b.D, T(0));
  }
  if (c.sparse()) sparse_pass(tasks);
  else dense_pass(tasks);
  unread = V.failed();
  add_processes(tasks);
}

template <class T>
void BetaJob<T>::dense_pass(const BetaTasks &tasks) {
  find_sums_w();
  const auto scratch = [this](int32_t index) { return worker(index); };
  const auto panel = [&](const Panel &p, const BetaWorker<T> &w, BetaSums &sum) {
    if (p.first)
      for (int32_t k = 0; k < rank(); ++k) kkt_of(p.chunk)[k] = 0;
    if (tasks.update) update_panel(w, p, sum);
    look_at_panel(w, p, tasks, sum);
  };
  total = by_panels(c.par, V, s.cut(), b.sums, scratch, panel, [&](int32_t first, int32_t wave) {
    if (!tasks.products) return;
    Shares<T>{b.N, b.share_N}.add(c.par, first, wave);
    if (!s.kl()) Shares<T>{b.D, b.share_D}.add(c.par, first, wave);
  });
}

#define INSTANTIATE(T) template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
