// An iteration of NMF, as the outer loop calls it: the half step for W, its momentum, the pass, the report.
#include "nmf_job.hpp"

namespace orthant {

// The last iteration that the caller allows adds no momentum: its iterate is the one to return, which otherwise takes
// one more pass over V (finish).
template <class T>
bool NmfJob<T>::step(bool check, Report &r) {
  double kkt_w = 0;
  const bool last = s.outer.iters + 1 == end;
  Way way = extrapolates() && !last ? Way::carries : Way::plain;
  if (!extrapolates()) keep(H);
  if (s.c.schedule && s.few_sweeps == 0 && extrapolates()) ask_schedule();
  if (!s.c.fixed_w) {
    prepare_w();
    const double wb = improve_w(check && way == Way::carries ? &kkt_w : nullptr);
    if (extrapolates()) way = judge_w(wb, last, r);
    else prepare_h(W);
  }
  ColumnStep<T> column{half_step_h()};
  column.moves = true;
  column.extrapolated = extrapolates();
  column.carries = way == Way::carries;
  if (column.carries) column.momentum = T(scheduled() ? s.pace.trust * s.pace.h.beta : s.momentum.beta);
  PassResult passed = pass(column, false, check);
  if (unread) return lose(r);
  if (!column.carries) fill_report(r, passed.fx);
  if (way == Way::trial && s.momentum.worse(2 * r.objective)) {
    return_to_best();
    passed = pass(column, false, check);
    fill_report(r, passed.fx);
  }
  if (unread) return lose(r);
  if (check && !column.carries) {
    prepare_w();
    kkt_w = residual_w();
  }
  if (check) fill_kkt(r, kkt_w + passed.kkt);
  s.exact = !column.carries;
  if (cancelled) r.stop = by_cancel;
  if (overflowed(r, passed.fx) || s.c.reduce.failed) return lose(r);
  if (extrapolates() && !column.carries) accept(2 * r.objective);
  return !column.carries && !s.c.masked();
}

// Makes W and H the iterate to return: where a read failed, they are.
template <class T>
void NmfJob<T>::finish(Report &r) {
  if (unread || s.c.reduce.failed) return;
  const bool moves = !s.exact;
  if (moves && extrapolates()) return_to_best();
  else if (moves) keep(H);
  finish_from(r);
  if (moves && unread) return go_back();
  if (moves && !is_finite(r.objective)) {
    go_back();
    r.stop = by_nonfinite;
    finish_from(r);
  }
  if (extrapolates()) accept(2 * r.objective);
  s.momentum.last = s.momentum.best;
}
// Extrapolated: by one plain half step for H with W, which descends and makes all of the report exact.
template <class T>
void NmfJob<T>::finish_from(Report &r) {
  const int32_t steps = s.sweeps(s.c.all_cols(), s.c.rows);
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
  if (extrapolates()) {
    copy<T>(s.c.par, W, b.Wy);
    transpose<T>(s.c.par, H, b.Hy);
  }
  s.exact = 1;
  prepare_w();
  fill_report(r, fx);
  fill_kkt(r, residual_w() + kkt);
  r.worst = 0;
}

// ---- the way back

// With H, or H' of the extrapolated iterate.
template <class T>
void NmfJob<T>::keep(View<T> X) const {
  if (!s.c.fixed_w) copy<T>(s.c.par, W, b.kept_W);
  copy<T>(s.c.par, X, b.kept_H);
}
template <class T>
void NmfJob<T>::take_kept() const {
  if (!s.c.fixed_w) copy<T>(s.c.par, b.kept_W, W);
  if (extrapolates()) transpose<T>(s.c.par, b.kept_H, H);
  else copy<T>(s.c.par, b.kept_H, H);
}
// To the last finite iterate, from which another run starts anew.
template <class T>
void NmfJob<T>::go_back() {
  take_kept();
  s.exact = 1;
  s.started = 0;
}
// What a step says that cannot be: nothing more comes after it.
template <class T>
bool NmfJob<T>::lose(Report &r) {
  go_back();
  r.objective = double(NAN);
  return false;
}
template <class T>
bool NmfJob<T>::overflowed(const Report &r, double fx) const {
  double trace = 0;
  for (int32_t k = 0; k < rank(); ++k) trace += double(b.S(k, k));
  return !is_finite(r.objective) || !is_finite(fx) || !is_finite(trace);
}

// W and H' of the copies are the best iterate so far.
template <class T>
void NmfJob<T>::accept(double error) {
  s.momentum.best = error;
  keep(b.Hy);
}
// To it, without momentum; a pass over the columns of H follows.
template <class T>
void NmfJob<T>::return_to_best() {
  take_kept();
  copy<T>(s.c.par, W, b.Wy);
  copy<T>(s.c.par, b.kept_H, b.Hy);
  prepare_h(W);
}

// ---- momentum

// An iteration's momentum, sweeps and relaxation.  After its horizon the classical rule goes on from the momentum that
// was reached.
template <class T>
void NmfJob<T>::ask_schedule() {
  Pace &p = s.pace;
  if (p.t < s.c.steered) {
    const double level = s.norm2 > 0 ? s.momentum.last / s.norm2 : 0;
    return p.ask(s.c.schedule, s.c.rows, s.c.all_cols(), rank(), level, s.momentum.beta);
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

// |V - Wy Hy|^2 and with penalties, wb = <Wy, B - l1>: free from B and S, and from V where that cancels.  Of sparse V
// it is only noise there.  Masked: the error of the completed data, which bounds it.
template <class T>
double NmfJob<T>::error_of_copies(double wb, bool *noise, Report &r) const {
  const Penalty<T> of_w = penalty_w(), of_h = penalty_h();
  const double linear_w = of_w.linear(b.Wy);
  double squares = s.completed2 - 2 * (wb + linear_w) + inner<T>(b.G, b.S);
  const bool cancels = !s.c.masked() && squares < Real<T>::cancels * Real<T>::cancels * s.norm2;
  *noise = cancels && s.c.sparse();
  if (cancels && !s.c.sparse()) squares = residual_squares(b.Wy, true);
  fill_error(r, squares);
  if (!of_w.any() && !of_h.any()) return squares;
  return squares + 2 * (linear_w + linear_h(b.Hy) + of_w.quadratic(b.G) + of_h.quadratic(b.S));
}
// |V - X H|^2, entry by entry, or with the copy of H'.
template <class T>
double NmfJob<T>::residual_squares(View<T> X, bool of_copies) const {
  const auto scratch = [this](int32_t index) { return worker(index); };
  const auto panel = [&](const Panel &p, NmfWorker<T> &w, double &squares) {
    const Mat<T> copied{w.F.data, rank(), p.cols, rank()};
    if (of_copies) transpose<T>(b.Hy.block(p.col, 0, p.cols, rank()), copied);
    const Mat<T> h = of_copies ? copied : H.columns(p.col, p.cols);
    squares = V.columns(p.col, p.cols).residual(ops, 0, p.cols, X, h, w.tile);
  };
  const double all = by_panels(s.c.par, V, s.residual_cut(), b.squares, scratch, panel, [](int32_t, int32_t) {});
  return over_all(V.failed() ? double(INFINITY) : all);
}

// Wy holds the new W.  (Wy, Hy) becomes the best iterate where its error is not above that; momentum follows unless the
// call ends.  Where the error rose, momentum is dropped and H is what it was before its own [Ang, Gillis 2019]; far above
// the best, or at the end of a call, the iteration goes back to that.  The last step is on trial: a half step for H, and the
// way back where it ends above the best.  Where the error is noise no momentum is added, and nothing rises.
constexpr double far = 1.1;
template <class T>
Way NmfJob<T>::judge_w(double wb, bool last, Report &r) {
  Momentum &m = s.momentum;
  bool noise = false;
  gram_of(b.Wy, b.G);
  const double error = error_of_copies(wb, &noise, r);
  const bool restart = m.rises(error) && !noise;
  if (scheduled()) s.pace.observe(m.last, error, restart, share_of_zeros(b.Wy));
  m.last = error;
  const double momentum = scheduled() ? s.pace.trust * s.pace.w.beta : m.beta;
  r.objective = 0.5 * max_of(min_of(error, m.best), 0.0);
  if (restart) {
    m.restart();
    if (last || !(error <= far * m.best)) {
      return_to_best();
      return Way::plain;
    }
  }
  Way way = noise ? Way::plain : Way::carries;
  if (last && !noise) way = Way::trial;
  balance();
  extrapolate_w(way == Way::carries && !restart ? T(momentum) : T(0));
  if (restart) transpose<T>(s.c.par, H, b.Hy);
  else m.grow();
  if (!m.worse(error)) accept(error);
  prepare_h(b.Wy);
  return way;
}
template <class T>
void NmfJob<T>::extrapolate_w(T momentum) const {
  by_pieces(s.c.par, W.rows, W.cols, 4 * sizeof(T), [&](Range rows, int32_t k) {
    const T beta = b.plan_w.inv[k] != T(0) ? momentum : T(0);  // a dead component's partner stays
    for (int32_t i = rows.from; i < rows.to; ++i) {
      const T value = no_denormal(b.Wy(i, k));
      b.Wy(i, k) = extrapolated(value, W(i, k), beta);
      W(i, k) = value;
    }
  });
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
  return 0.5 * residual_squares(W, false);
}

template <class T>
void NmfJob<T>::fill_report(Report &r, double fx) const {
  const double linear = linear_h(H), f = fit(fx, linear);
  r.objective = f + (penalty_w().linear(W) + linear) + penalty_w().quadratic(b.G) + penalty_h().quadratic(b.S);
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
