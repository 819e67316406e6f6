// The methods whose Theta is a truncated SVD of a dense Z (algorithms.md, "ReLU decomposition").  The SVD is warm: it
// starts from the row space of the last one, and mostly takes one step.
//   naive    Z = Pi(Theta)                                                            [Saul 2022]
//   A-Naive  Z = Pi(Theta) + a (last change of Z)                                     [Seraghiti et al. 2023]
//   A-NMD    Z = Pi(T) + b (Pi(T) - Z_kept),  T = Theta + b (Theta - T_kept), b adapted to the error of T [same]
//   EM-NMD   Z = the mean of N(Theta, sigma^2) truncated to Z <= 0 where M = 0, and M elsewhere    [Saul 2022]
//   A-EM     the same + a (last change of Z)                                          [Saul 2023]
#include "relu_nmd_job.hpp"

namespace orthant {
namespace {

constexpr double least_variance = 1e-300;

// phi(g) / Phi(-g) = sqrt(2 / pi) / erfcx(g / sqrt 2), with erfcx(x) = exp(x^2) erfc(x).
double inverse_mills(double g) {
  constexpr double root_half = 0.70710678118654752, root_pi = 1.7724538509055160;
  constexpr double root_two_over_pi = 0.79788456080286536;
  const double x = g * root_half;
  if (x < -26) return 0;
  if (x < 10) return root_two_over_pi / (exp(x * x) * erfc(x));
  const double y = 1 / (x * x);
  return root_two_over_pi / ((1 - y * (0.5 - y * (0.75 - y * 1.875))) / (x * root_pi));
}

// half = Pi(model)
template <class T>
void project_column(int32_t n, const T *m, const T *model, T *half) {
  for (int32_t i = 0; i < n; ++i) half[i] = m[i] > T(0) ? m[i] : min_of(model[i], T(0));
}

// half = the conditional mean of Z; returns the sum of the variances, over sigma^2.
template <class T>
double expect_column(int32_t n, const T *m, const T *model, double sigma, T *half) {
  double variance = 0;
  for (int32_t i = 0; i < n; ++i) {
    if (m[i] > T(0)) {
      half[i] = m[i];
      continue;
    }
    const double mean = double(model[i]), g = mean / sigma, ratio = inverse_mills(g);
    variance += 1 - (ratio - g) * ratio;
    half[i] = T(mean - sigma * ratio);
  }
  return variance;
}

template <class T>
double squares_between(int32_t n, const T *x, const T *y) {
  double sum = 0;
  for (int32_t i = 0; i < n; ++i) {
    const T e = x[i] - y[i];
    sum += double(e) * double(e);
  }
  return sum;
}

// T = Theta + b (Theta - T_kept); returns |m - max(0, T)|^2.
template <class T>
double extrapolate_column(int32_t n, const T *m, const T *model, T beta, const T *kept, T *theta) {
  double sum = 0;
  for (int32_t i = 0; i < n; ++i) {
    theta[i] = model[i] + beta * (model[i] - kept[i]);
    const T e = m[i] - max_of(theta[i], T(0));
    sum += double(e) * double(e);
  }
  return sum;
}

}  // namespace

// Column `col` of Z from what the projection or the mean gave.
template <class T>
void ReluJob<T>::move_z(const T *half, int32_t col) const {
  T *z = b.Z.col(col);
  const int32_t n = s.c.rows;
  switch (s.c.momentum()) {
    case ReluMomentum::none:
      for (int32_t i = 0; i < n; ++i) z[i] = no_denormal(half[i]);
      return;
    case ReluMomentum::change: {
      const T alpha = T(s.c.alpha);
      T *change = b.change.col(col);
      for (int32_t i = 0; i < n; ++i) {
        const T next = half[i] + alpha * change[i];
        change[i] = no_denormal(next - z[i]);
        z[i] = no_denormal(next);
      }
      return;
    }
    case ReluMomentum::adaptive: {
      const T beta = T(s.adaptive.beta), *kept = b.Z_kept.col(col);
      for (int32_t i = 0; i < n; ++i) z[i] = no_denormal(half[i] + beta * (half[i] - kept[i]));
      return;
    }
  }
}

// Z of the next decomposition.  EM: returns the sum of the variances.
template <class T>
double ReluJob<T>::update_z() {
  const bool em = s.c.next_z() == ReluNextZ::mean, adaptive = s.c.momentum() == ReluMomentum::adaptive;
  const double sigma = sqrt_of(s.sigma2);
  const ReluSums sum = by_columns([&](const ReluPanel<T> &p) {
    const Mat<const T> data = data_of(p), model = adaptive ? b.theta.columns(p.col, p.cols) : p.P;
    if (!adaptive) ops.nn(U, V.columns(p.col, p.cols), p.P);
    for (int32_t q = 0; q < p.cols; ++q) {
      T *half = p.P.col(q);
      if (em) p.sum.other += s.sigma2 * expect_column(data.rows, data.col(q), model.col(q), sigma, half);
      else project_column(data.rows, data.col(q), model.col(q), half);
      move_z(half, p.col + q);
    }
  });
  return sum.other;
}

// The error of U V.  other: of A-NMD |M - max(0, T)|^2, with the extrapolated T; else |Z - U V|^2.
template <class T>
ReluSums ReluJob<T>::compare() {
  const bool adaptive = s.c.momentum() == ReluMomentum::adaptive;
  const T beta = T(s.adaptive.beta);
  return by_columns([&](const ReluPanel<T> &p) {
    const Mat<const T> data = data_of(p);
    ops.nn(U, V.columns(p.col, p.cols), p.P);
    for (int32_t q = 0; q < p.cols; ++q) {
      const int32_t n = data.rows, j = p.col + q;
      const T *m = data.col(q), *model = p.P.col(q);
      if (adaptive) p.sum.other += extrapolate_column(n, m, model, beta, b.theta_kept.col(j), b.theta.col(j));
      else p.sum.other += squares_between(n, model, b.Z.col(j));
    }
    residual(data, p.P, p.sum);
  });
}

// Column q of a panel of the first Z and what goes with it, from the model U V in P.  Returns the sum of the data.
template <class T>
double ReluJob<T>::begin_column(const ReluPanel<T> &p, View<T> data, int32_t q) const {
  const ReluZ start = s.c.z_start;
  const int32_t n = data.rows, j = p.col + q;
  const T *m = data.col(q), *model = p.P.col(q);
  T *z = b.Z.col(j);
  double sum = 0;
  for (int32_t i = 0; i < n; ++i) {
    const T on_data = start == ReluZ::literal ? T(0) : m[i];
    const T on_zeros = start == ReluZ::data ? T(0) : min_of(model[i], T(0));
    z[i] = m[i] > T(0) ? on_data : on_zeros;
    sum += double(m[i]);
  }
  switch (s.c.momentum()) {
    case ReluMomentum::none: break;
    case ReluMomentum::change: fill(b.change.columns(j, 1), T(0)); break;
    case ReluMomentum::adaptive:
      copy<T>(b.Z.columns(j, 1), b.Z_kept.columns(j, 1));
      copy<T>(p.P.columns(q, 1), b.theta.columns(j, 1));
      copy<T>(p.P.columns(q, 1), b.theta_kept.columns(j, 1));
      break;
  }
  return sum;
}

template <class T>
void ReluJob<T>::begin_projections() {
  const double count = double(s.c.rows) * double(s.c.cols);
  const ReluSums sum = by_columns([&](const ReluPanel<T> &p) {
    const Mat<const T> data = data_of(p);
    ops.nn(U, V.columns(p.col, p.cols), p.P);
    for (int32_t q = 0; q < p.cols; ++q) p.sum.other += begin_column(p, data, q);
    residual(data, p.P, p.sum);
  });
  set_fit(sum);
  const double mean = sum.other / count;
  s.sigma2 = max_of(s.norm2 / count - mean * mean, least_variance);
  s.adaptive = {};
  s.adaptive.beta = s.c.alpha;
  s.adaptive.past[0] = s.c.alpha;
  s.adaptive.past[1] = s.c.alpha;
  s.adaptive.error = sum.error;
}

// A-NMD: momentum grows while the error of T falls, and its bound follows it; else it shrinks and T goes back.
template <class T>
void ReluJob<T>::adapt_momentum() {
  constexpr double shrink = 0.4, grow = 1.1, grow_bound = 1.05;
  auto &m = s.adaptive;
  const int32_t i = s.outer.iters + 1;
  if (i > 2 && m.error_before > m.error) {
    m.beta = min_of(m.bound, grow * m.beta);
    m.bound = min_of(1.0, grow_bound * m.beta);
    parallel_copy(b.Z, b.Z_kept);
    parallel_copy(b.theta, b.theta_kept);
  } else if (i > 2) {
    m.beta *= shrink;
    m.bound = m.past[i % 2];
    parallel_copy(b.theta_kept, b.theta);
  }
  m.past[i % 2] = m.beta;
}

template <class T>
void ReluJob<T>::projections() {
  const double count = double(s.c.rows) * double(s.c.cols), variance = update_z();
  b.svd.run(ops, s.c.par, Operand<T>(Mat<const T>(b.Z)), nullptr, min_of(rank(), b.svd.block), s.c.seed, T(s.c.svd_tol),
            s.c.svd_steps, s.warm);
  s.warm = 1;
  take_svd(b.svd);
  const ReluSums sum = compare();
  set_fit(sum);
  if (s.c.momentum() == ReluMomentum::adaptive) {
    s.adaptive.error_before = s.adaptive.error;
    s.adaptive.error = sum.other;
    adapt_momentum();
  } else {
    s.sigma2 = max_of((variance + sum.other) / count, least_variance);
  }
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
