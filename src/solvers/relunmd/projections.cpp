// The methods whose Theta is a truncated SVD of a dense Z (spec, section 6).  The SVD is warm: it starts from the row
// space of the last one, and mostly takes one step.
//   naive    Z = Pi(Theta)                                                            [Saul 2022]
//   A-Naive  Z = Pi(Theta) + a (last change of Z)                                     [Seraghiti et al. 2023]
//   A-NMD    Z = Pi(T) + b (Pi(T) - Z_kept),  T = Theta + b (Theta - T_kept), b adapted to the error of T [same]
//   EM-NMD   Z = the mean of N(Theta, sigma^2) truncated to Z <= 0 where M = 0, and M elsewhere    [Saul 2022]
//   A-EM     the same + a (last change of Z)                                          [Saul 2023]
#include "relu_nmd_job.hpp"

namespace orthant {

namespace {

// phi(g) / Phi(-g) = sqrt(2 / pi) / erfcx(g / sqrt 2), with erfcx(x) = exp(x^2) erfc(x).
double inverse_mills(double g) {
  const double x = g * 0.70710678118654752;
  if (x < -26) return 0;
  const double y = 1 / (x * x);
  const double erfcx = x < 10 ? exp(x * x) * erfc(x)
                              : (1 - y * (0.5 - y * (0.75 - y * 1.875))) / (x * 1.7724538509055160);
  return 0.79788456080286536 / erfcx;
}

}  // namespace

// Z of the next decomposition.  EM: returns the sum of the variances.
template <class T>
double ReluNmd<T>::Job::update_z() {
  const ReluMethod method = s.c.method;
  const bool em = method == ReluMethod::em || method == ReluMethod::a_em;
  const bool moves = s.moves_z(), kept = s.keeps_z();
  const T a = T(kept ? s.momentum : s.c.alpha);
  const double sigma = sqrt_of(s.sigma2);
  const Sums sum = tiles(true, {}, {}, [&](const Tile &t) {
    if (!kept) ops.nn(U, V.columns(t.j, t.p), t.P);
    for (int32_t q = 0; q < t.p; ++q) {
      const T *m = t.M.col(q), *p = kept ? b.Y.col(t.j + q) : t.P.col(q);
      T *z = b.Z.col(t.j + q);
      if (em) {  // E-step: Pi is the conditional mean, in P
        double variance = 0;
        for (int32_t i = 0; i < s.c.rows; ++i) {
          if (m[i] > T(0)) continue;
          const double mean = double(p[i]), g = mean / sigma, ratio = inverse_mills(g);
          variance += 1 - (ratio - g) * ratio;
          t.P(i, q) = T(mean - sigma * ratio);
        }
        t.sum.other += s.sigma2 * variance;
      }
      for (int32_t i = 0; i < s.c.rows; ++i) {
        const T half = m[i] > T(0) ? m[i] : em ? p[i] : min_of(p[i], T(0));
        T next = half;
        if (moves) {
          T &change = b.Y(i, t.j + q);
          next += a * change;
          change = no_denormal(next - z[i]);
        } else if (kept) {
          next += a * (half - b.Z_kept(i, t.j + q));
        }
        z[i] = no_denormal(next);
      }
    }
  });
  return sum.other;
}

// The error of U V.  other: |Z - U V|^2 (EM), or |M - max(0, T)|^2 of the extrapolated T (A-NMD).
template <class T>
typename ReluNmd<T>::Sums ReluNmd<T>::Job::compare() {
  const bool kept = s.keeps_z();
  const T a = T(s.momentum);
  const Sums sum = tiles(true, {}, {}, [&](const Tile &t) {
    ops.nn(U, V.columns(t.j, t.p), t.P);
    for (int32_t q = 0; q < t.p; ++q) {
      const T *m = t.M.col(q), *p = t.P.col(q);
      double other = 0;
      for (int32_t i = 0; i < s.c.rows; ++i) {
        T e;
        if (kept) {
          const T next = p[i] + a * (p[i] - b.Y_kept(i, t.j + q));
          b.Y(i, t.j + q) = next;
          e = m[i] - max_of(next, T(0));
        } else {
          e = p[i] - b.Z(i, t.j + q);
        }
        other += double(e) * double(e);
      }
      t.sum.other += other;
    }
    residual(t.M, t.P, t.sum);
  });
  s.objective = 0.5 * sum.squares, s.error2 = sum.error;
  return sum;
}

template <class T>
void ReluNmd<T>::Job::begin_projections() {
  const bool kept = s.keeps_z(), moves = s.moves_z();
  const double count = double(s.c.rows) * double(s.c.cols);
  const Sums sum = tiles(true, {}, {}, [&](const Tile &t) {
    ops.nn(U, V.columns(t.j, t.p), t.P);
    for (int32_t q = 0; q < t.p; ++q) {
      double total = 0;
      for (int32_t i = 0; i < s.c.rows; ++i) {
        const T m = t.M(i, q), p = t.P(i, q);
        const ptrdiff_t j = t.j + q;
        const bool literal = s.c.z_start == ReluZ::literal;
        total += double(m);
        b.Z(i, j) = m > T(0) ? (literal ? T(0) : m) : s.c.z_start == ReluZ::data ? T(0) : min_of(p, T(0));
        if (kept) b.Z_kept(i, j) = b.Z(i, j), b.Y_kept(i, j) = b.Y(i, j) = p;
        else if (moves) b.Y(i, j) = T(0);
      }
      t.sum.other += total;
    }
    residual(t.M, t.P, t.sum);
  });
  s.objective = 0.5 * sum.squares, s.error2 = sum.error;
  s.gap = sum.error;
  s.sigma2 = max_of(s.norm2 / count - (sum.other / count) * (sum.other / count), 1e-300);
  s.momentum = s.past[0] = s.past[1] = s.c.alpha;
  s.bar = 1;
  s.warm = s.c.start == ReluStart::tsvd;
}

// A-NMD: momentum grows while the error of T falls; else it shrinks and Z, T go back.
template <class T>
void ReluNmd<T>::Job::accept_or_restart() {
  constexpr double shrink = 0.4, grow = 1.1, grow_bar = 1.05;
  const int32_t i = s.outer.iters + 1;
  const auto assign = [&](const Mat<T> &from, const Mat<T> &to) {
    tiles(false, {}, {}, [&](const Tile &t) { copy<T>(from.columns(t.j, t.p), to.columns(t.j, t.p)); });
  };
  if (i > 2) {
    if (s.last_gap > s.gap) {
      s.momentum = min_of(s.bar, grow * s.momentum);
      s.bar = min_of(1.0, grow_bar * s.bar);
      assign(b.Z, b.Z_kept);
      assign(b.Y, b.Y_kept);
    } else {
      s.momentum *= shrink;
      s.bar = s.past[i % 2];
      assign(b.Y_kept, b.Y);
    }
  }
  s.past[i % 2] = s.momentum;
}

template <class T>
void ReluNmd<T>::Job::projections() {
  const double variance = update_z();
  b.svd.run(ops, s.c.par, Operand<T>(Mat<const T>(b.Z)), nullptr, min_of(rank(), b.svd.block), s.c.seed, T(s.c.svd_tol),
            s.c.svd_steps, s.warm);
  s.warm = 1;
  take_svd(b.svd, U, V);
  const Sums sum = compare();
  if (s.keeps_z()) {
    s.last_gap = s.gap;
    s.gap = sum.other;
    accept_or_restart();
  } else {
    s.sigma2 = max_of((variance + sum.other) / (double(s.c.rows) * double(s.c.cols)), 1e-300);
  }
}

#define INSTANTIATE(T) template struct ReluNmd<T>::Job;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
