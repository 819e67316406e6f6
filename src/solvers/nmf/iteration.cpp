// An iteration of NMF, as the outer loop calls it: the half step for W, its momentum, the pass, the report.
#include "nmf_job.hpp"

namespace orthant {

// The last iteration that the caller allows adds no momentum: its iterate is the one to return, which otherwise takes
// one more pass over V (finish).
template <class T>
bool NmfJob<T>::step(bool check, Report &r) {
  const bool carries = extrapolates() && s.outer.iters + 1 != end;
  double kkt_w = 0;
  keep();
  if (s.c.schedule && extrapolates()) ask_schedule();
  if (!s.c.fixed_w) {
    prepare_w();
    const double wb = improve_w(check && carries ? &kkt_w : nullptr);
    if (extrapolates()) extrapolate_w(wb, carries, r);
    else prepare_h(W);
  }
  ColumnStep<T> column{half_step_h()};
  column.moves = true;
  column.extrapolated = extrapolates();
  column.carries = carries;
  if (carries) column.momentum = T(scheduled() ? s.pace.trust * s.pace.h.beta : s.momentum.beta);
  const PassResult passed = pass(column, false, check);
  if (!carries) {
    fill_report(r, passed.fx);
    if (check) {
      prepare_w();
      kkt_w = residual_w();
    }
  }
  if (check) fill_kkt(r, kkt_w + passed.kkt);
  s.exact = !carries;
  if (overflowed(r, passed.fx)) {
    go_back();
    r.objective = double(NAN);
    return false;
  }
  return !carries && !s.c.masked();
}

// Makes W and H the iterate to return.
template <class T>
void NmfJob<T>::finish(Report &r) {
  const bool moves = !s.exact;
  if (moves) keep();
  finish_from(r);
  if (!moves || is_finite(r.objective)) return;
  go_back();
  r.stop = by_nonfinite;
  finish_from(r);
}
// Extrapolated: by one plain half step for H with W, which descends and makes all of the report exact.
template <class T>
void NmfJob<T>::finish_from(Report &r) {
  const int32_t steps = s.sweeps(s.c.cols, s.c.rows);
  ColumnStep<T> look, sweeps;
  prepare_h(W);
  sweeps.half = sweeps_h(steps);
  sweeps.moves = true;
  if (s.c.masked() && !s.exact) pass(sweeps, false, false);
  double fx = s.first_fx, kkt = s.first_kkt;
  const bool known = s.exact && s.outer.iters == 0 && s.first_kkt >= 0;  // by the start, which no iteration followed
  if (!known) {
    const PassResult passed = pass(s.exact || s.c.masked() ? look : sweeps, false, true);
    fx = passed.fx;
    kkt = passed.kkt;
  }
  if (extrapolates()) copy<T>(W, b.Wy);
  s.exact = 1;
  prepare_w();
  fill_report(r, fx);
  fill_kkt(r, residual_w() + kkt);
  r.worst = 0;
}

// ---- overflow

template <class T>
void NmfJob<T>::keep() const {
  if (!s.c.fixed_w) copy<T>(W, b.kept_W);
  copy<T>(H, b.kept_H);
}
// To the last finite iterate, from which another run starts anew.
template <class T>
void NmfJob<T>::go_back() {
  if (!s.c.fixed_w) copy<T>(b.kept_W, W);
  copy<T>(b.kept_H, H);
  s.exact = 1;
  s.started = 0;
}
template <class T>
bool NmfJob<T>::overflowed(const Report &r, double fx) const {
  double trace = 0;
  for (int32_t k = 0; k < rank(); ++k) trace += double(b.S(k, k));
  return !is_finite(r.objective) || !is_finite(fx) || !is_finite(trace);
}

// ---- momentum

// An iteration's momentum, sweeps and relaxation.  After its horizon the classical rule goes on from the momentum that
// was reached.
template <class T>
void NmfJob<T>::ask_schedule() {
  Pace &p = s.pace;
  if (p.t < s.c.steered) {
    const double error = s.momentum.error < 0 ? 2 * s.outer.last : s.momentum.error;
    const double level = s.norm2 > 0 ? error / s.norm2 : 0;
    return p.ask(s.c.schedule, s.c.rows, s.c.cols, rank(), level, s.momentum.beta);
  }
  if (p.t == s.c.steered) {
    s.momentum.beta = p.trust * p.w.beta;
    ++p.t;
  }
}

template <class T>
double NmfJob<T>::share_of_zeros(View<T> X) const {
  int32_t zeros = 0;
  for (int32_t k = 0; k < X.cols; ++k) {
    const T *x = X.col(k);
    for (int32_t i = 0; i < X.rows; ++i) zeros += x[i] <= T(0);
  }
  return double(zeros) / (double(X.rows) * X.cols);
}

// Wy holds the new W, wb = <Wy, B - l1>.  The error of (Wy, Hy) is free from B and S; if it rose, momentum is dropped
// [Ang, Gillis 2019].  Masked: the error of the completed data, which bounds it.
template <class T>
void NmfJob<T>::extrapolate_w(double wb, bool carries, Report &r) {
  Momentum &m = s.momentum;
  const Penalty<T> of_w = penalty_w(), of_h = penalty_h();
  gram_of(b.Wy, b.G);
  const double squares = s.completed2 - 2 * (wb + of_w.linear(b.Wy)) + inner<T>(b.G, b.S);
  double error = squares;
  if (of_w.any() || of_h.any())
    error += 2 * (of_w.linear(b.Wy) + of_h.linear(b.Hy) + of_w.quadratic(b.G) + of_h.quadratic(b.S));
  const bool restart = m.rises(error);
  if (scheduled()) s.pace.observe(m.error, error, restart, share_of_zeros(b.Wy));
  const double momentum = scheduled() ? s.pace.trust * s.pace.w.beta : m.beta;
  m.error = error;
  r.objective = error <= 0 ? 0 : 0.5 * error;  // NaN stays
  fill_error(r, squares);
  balance();
  for (int32_t k = 0; k < W.cols; ++k) {
    const bool moves = carries && !restart && b.plan_w.inv[k] != T(0);  // a dead component's partner stays
    const T beta = moves ? T(momentum) : T(0);
    for (int32_t i = 0; i < W.rows; ++i) {
      const T value = no_denormal(b.Wy(i, k));
      b.Wy(i, k) = extrapolated(value, W(i, k), beta);
      W(i, k) = value;
    }
  }
  if (restart) {
    transpose<T>(H, b.Hy);
    m.restart();
  } else {
    m.grow();
  }
  prepare_h(b.Wy);
}

// Momentum drifts along w_k t, h_k / t, where the objective is flat, and would overflow there: where the two are too
// unlike, back by a power of two, which rounds nothing.  Penalties fix the scales of both, and nothing drifts.
template <class T>
void NmfJob<T>::balance() {
  constexpr double unlike = 0x1p48;
  if (penalty_w().any() || penalty_h().any()) return;
  for (int32_t k = 0; k < rank(); ++k) {
    double ww = double(b.G(k, k)), hh = double(b.S(k, k));
    if (!(ww > 0 && hh > 0) || (ww < unlike * hh && hh < unlike * ww)) continue;
    T scale = T(1);
    for (; ww > 4 * hh; scale *= T(0.5)) {
      ww *= 0.25;
      hh *= 4;
    }
    for (; hh > 4 * ww; scale *= T(2)) {
      hh *= 0.25;
      ww *= 4;
    }
    for (int32_t i = 0; i < W.rows; ++i) {
      W(i, k) *= scale;
      b.Wy(i, k) *= scale;
    }
    for (int32_t j = 0; j < H.cols; ++j) {
      H(k, j) /= scale;
      b.Hy(j, k) /= scale;
    }
  }
}

// ---- the report

// 1/2 |V - W H|^2 from <F - l1, H'>, whose penalty is given, G and S; recomputed where that cancels.
template <class T>
double NmfJob<T>::fit(double fx, double linear_h) const {
  if (s.c.masked()) return 0.5 * s.residual2;
  const double f = 0.5 * s.norm2 - (fx + linear_h) + 0.5 * inner<T>(b.G, b.S);
  if (f > 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2 || !is_finite(f)) return f;
  if (s.c.sparse()) return max_of(f, 0.0);
  const auto tile = [this](int32_t index) { return worker(index).tile; };
  return 0.5 * residual_squares<T>(ops, s.c.par, V, W, H, b.squares, tile);
}

template <class T>
void NmfJob<T>::fill_report(Report &r, double fx) const {
  const double linear_h = penalty_h().linear(H), f = fit(fx, linear_h);
  r.objective = f + (penalty_w().linear(W) + linear_h) + penalty_w().quadratic(b.G) + penalty_h().quadratic(b.S);
  fill_error(r, 2 * f);
}
template <class T>
void NmfJob<T>::fill_error(Report &r, double squares) const {
  r.rel_error = s.norm2 > 0 ? sqrt_of(max_of(squares, 0.0)) / sqrt_of(s.norm2) : 0;
}
template <class T>
void NmfJob<T>::fill_kkt(Report &r, double sum) const {
  r.kkt = s.norm2 > 0 ? sqrt_of(sum) / sqrt_of(s.norm2) : 0;
}

#define INSTANTIATE(T) template struct NmfJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
