// The one loop of all iterative factorizations: step, progress, stop rules, report, resume.
#pragma once
#include "real.hpp"
#include "status.hpp"

namespace orthant {

struct OuterConfig {
  int32_t max_iter = 0;
  double tol = 0, tol_obj = 0;       // <= 0: off
  double tol_error = 0, stall = 0;   // rel_error at most; rel_error within this of what it was 11 iterations before
  int32_t (*progress)(void *user, const Report *so_far) = nullptr;
  void *user = nullptr;
};

// The caller's progress function, which only capi can call: the loop's own stands in OuterConfig during a run.
struct ProgressCaller {
  void (*progress)() = nullptr;
  void *user = nullptr;
};

// Kept in the handle, so that a run goes on where the last one ended.
struct OuterState {
  int32_t iters = 0;
  double first = 0, last = 0;  // objective: at the start, and now
  double past[11] = {};        // rel_error of the last iterations, where `stall` asks for it
};

// A solver has
//   bool step(bool check, Report &r)   one outer iteration; sets r.objective, and r.kkt if check.  True: the iterate is
//                                      the one to return, and what was set is exact for it.  May set r.stop
//   void finish(Report &r)             makes the iterate the one to return, and all of r exact for it
constexpr int32_t check_every = 5;  // the stop rule on KKT costs as much as a sweep, so it is asked now and then
template <class Solver>
void outer_loop(Solver &solver, const OuterConfig &c, OuterState &state, Report &r) {
  r.stop = by_iterations;
  bool exact = false;
  for (int32_t i = 0; i < c.max_iter; ++i) {
    const bool check = i + 1 == c.max_iter || (c.tol > 0 && (state.iters + 1) % check_every == 0);
    exact = solver.step(check, r) && check;
    r.iters = ++state.iters;
    const double before = state.last;
    state.last = r.objective;
    if (!is_finite(r.objective)) {
      r.stop = by_nonfinite;
      break;
    }
    if (r.stop != by_iterations) break;  // a rule of the solver's own
    if (c.progress && c.progress(c.user, &r) != 0) {
      r.stop = by_cancel;
      break;
    }
    if (check && c.tol > 0 && r.kkt <= c.tol) {
      if (!exact) solver.finish(r);
      exact = true;
      state.last = r.objective;
      if (r.kkt <= c.tol) {
        r.stop = by_kkt;
        break;
      }
    }
    if (c.tol_error > 0 && r.rel_error <= c.tol_error) {
      r.stop = by_error;
      break;
    }
    double &past = state.past[state.iters % 11];
    const bool still = c.stall > 0 && state.iters > 11 && abs_of(past - r.rel_error) < c.stall;
    past = r.rel_error;
    if (still) {
      r.stop = by_objective;
      break;
    }
    if (c.tol_obj > 0 && before - r.objective <= c.tol_obj * state.first) {
      r.stop = by_objective;
      break;
    }
  }
  if (!exact) solver.finish(r);
  state.last = r.objective;
  r.iters = state.iters;
}

}  // namespace orthant
