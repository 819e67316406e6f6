// f(U V) by limited-memory BFGS [Nocedal 1980] (algorithms.md, "Quasi-Newton on ReLU").
//
// With R = Theta - Pi(Theta) the gradient is R V' and U'R, and f's curvature in Theta is at most one: the Gram matrices
// V V' and U'U majorise the diagonal blocks, so their inverses are the initial metric.  The first steps alternate
// between the blocks and overshoot the majoriser's least value, as momentum does in 3B-NMD.  Then pairs of steps and
// gradient changes learn what the majoriser overlooks: entries with M = 0 and Theta < 0, most of a sparse matrix, have
// no curvature at all.  Every step descends.
//
// An evaluation streams M once, 6 rows cols rank flops; nothing of the size of M is stored, whatever its zeros.
#include "relu_nmd_job.hpp"

namespace orthant {
namespace {

constexpr double armijo = 1e-4;
constexpr int32_t halvings = 12;
// Alternating steps before the first pair: while the signs of Theta still change, pairs learn what no longer holds.
constexpr int32_t alternating_steps = 6;
constexpr double relaxation = 1.8;

// x <- x - relaxation step
template <class T>
void relax_by(View<T> step, Mat<T> x) {
  for (int32_t k = 0; k < x.cols; ++k)
    for (int32_t i = 0; i < x.rows; ++i) x(i, k) = no_denormal(x(i, k) - T(relaxation) * step(i, k));
}

}  // namespace

// The sums at u v, and the gradient; S = v v'.
template <class T>
ReluSums ReluJob<T>::evaluate(Mat<T> u, Mat<T> v, T *gradient) {
  constexpr int32_t step = small_target ? 32 : 512 / int32_t(sizeof(T));  // rows whose residual stays near
  const Mat<T> gv = v_of(gradient);
  transpose_left(u);
  return by_columns(u_of(gradient), b.S, [&](const ReluPanel<T> &p) {
    const Mat<const T> data = data_of(p);
    const Mat<T> vj = v.columns(p.col, p.cols);
    transpose<T>(vj, p.X);
    for (int32_t i = 0; i < u.rows; i += step) {
      const int32_t n = min_of(step, u.rows - i);
      const Mat<T> R{p.P.data, n, p.cols, n};
      ops.nn(u.block(i, 0, n, rank()), vj, R, false, i + n < u.rows ? &data(i + n, 0) : nullptr);
      residual(data.block(i, 0, n, p.cols), R, p.sum);
      ops.nn(b.Ut.columns(i, n), R, gv.columns(p.col, p.cols), i > 0);
      ops.nn(R, p.X, p.B.block(i, 0, n, rank()), p.add);
    }
    ops.nn(vj, p.X, p.S, p.add);
  });
}

template <class T>
void ReluJob<T>::begin_quasi_newton() {
  set_fit(evaluate(U, V, b.gradient));
  s.newton = {};
  s.newton.alternations = alternating_steps;
  s.newton.scale = 1;
  const size_t history = size_t(s.c.history) * s.length();
  for (size_t i = 0; i < history; ++i) {
    b.steps[i] = T(0);
    b.changes[i] = T(0);
  }
}

// U -= w R V' (V V')^-1, then V -= w (U'U)^-1 U'R with the new U.  Each is w times the step to the least of a quadratic
// that lies above f and touches it: for w in [0, 2] f descends.  Where it overflows the iterate before it comes back.
template <class T>
void ReluJob<T>::relax() {
  const Mat<T> du = u_of(b.direction), gv = v_of(b.gradient);
  parallel_copy(U, u_of(b.trial));
  parallel_copy(V, v_of(b.trial));
  multiply_rows(u_of(b.gradient), b.by_V, du);
  relax_by<T>(du, U);
  gram_by_columns<T>(ops, s.c.par, U, b.by_U);
  invert(b.by_U, 0, b.by_U);
  transpose_left(U);
  const ReluSums sum = by_columns(u_of(b.gradient), b.S, [&](const ReluPanel<T> &p) {
    const Mat<const T> data = data_of(p);
    const Mat<T> v = V.columns(p.col, p.cols), g = gv.columns(p.col, p.cols);
    ReluSums before;
    ops.nn(U, v, p.P);
    residual(data, p.P, before);
    ops.nn(b.Ut, p.P, p.F);
    ops.nn(b.by_U, p.F, g);
    relax_by<T>(g, v);
    ops.nn(U, v, p.P);
    residual(data, p.P, p.sum);
    ops.nn(b.Ut, p.P, g);
    transpose<T>(v, p.X);
    ops.nn(p.P, p.X, p.B, p.add, p.more && !M.sparse() ? data.col(p.cols) : nullptr);
    ops.tn(p.X, p.X, p.S, p.add);
  });
  set_fit(sum);
  if (s.fit.finite()) return;
  parallel_copy(u_of(b.trial), U);
  parallel_copy(v_of(b.trial), V);
}

// trial = the iterate + step direction
template <class T>
void ReluJob<T>::move_along(double step) const {
  const auto move = [&](View<T> from, View<T> along, Mat<T> to) {
    by_chunks_of_columns(to, [&](Range j) {
      for (int32_t k = j.from; k < j.to; ++k)
        for (int32_t i = 0; i < to.rows; ++i) to(i, k) = from(i, k) + T(step) * along(i, k);
    });
  };
  move(U, u_of(b.direction), u_of(b.trial));
  move(V, v_of(b.direction), v_of(b.trial));
}

// The iterate = trial
template <class T>
void ReluJob<T>::take_trial() {
  const auto take = [&](View<T> from, Mat<T> to) {
    by_chunks_of_columns(to, [&](Range j) {
      for (int32_t k = j.from; k < j.to; ++k)
        for (int32_t i = 0; i < to.rows; ++i) to(i, k) = no_denormal(from(i, k));
    });
  };
  take(u_of(b.trial), U);
  take(v_of(b.trial), V);
}

// One step along the direction that the history gives; false where none of them descends.
template <class T>
bool ReluJob<T>::descend() {
  find_direction();
  double slope = 0;
  inner_products(b.direction, 1, b.gradient, &slope);
  const double noise = 4 * double(Real<T>::eps) * s.fit.objective;  // of the objective's rounding
  double step = 1;
  for (int32_t halved = 0; halved < halvings && slope < 0; ++halved) {
    move_along(step);
    const ReluSums sum = evaluate(u_of(b.trial), v_of(b.trial), next_change());
    const double objective = 0.5 * sum.squares, allowed = halved > 0 ? 0 : noise;
    if (objective <= s.fit.objective + armijo * step * slope + allowed && is_finite(sum.error)) {
      take_trial();
      set_fit(sum);
      keep_pair(step, slope);
      return true;
    }
    step *= 0.5;
  }
  return false;
}

template <class T>
void ReluJob<T>::quasi_newton() {
  if (s.newton.settled) return;
  invert(b.S, 0, b.by_V);
  if (s.newton.alternations > 0) {
    --s.newton.alternations;
    return relax();
  }
  gram_by_columns<T>(ops, s.c.par, U, b.by_U);
  invert(b.by_U, 0, b.by_U);
  if (descend()) return;
  s.newton.pairs = 0;  // and once more along the gradient, in the initial metric
  s.newton.scale = 1;
  s.newton.settled = !descend();
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
