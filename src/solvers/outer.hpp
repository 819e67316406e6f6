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

constexpr int32_t check_every = 5;  // the stop rule on KKT costs as much as a sweep, so it is asked now and then
constexpr int32_t stall_span = 11;  // iterations over which rel_error must move

// Kept in the handle, so that a run goes on where the last one ended.
struct OuterState {
  int32_t iters = 0;
  double first = 0, last = 0;     // objective: at the start, and now
  double past[stall_span] = {};   // rel_error of the start and the last iterations, where `stall` asks for it
};

// A solver has
//   bool step(bool check, Report &r)   one outer iteration; sets r.objective, and r.kkt if check.  True: the iterate is
//                                      the one to return, and what was set is exact for it.  May set r.stop
//   void finish(Report &r)             makes the iterate the one to return, and all of r exact for it; leaves r.stop
//
// ---- the stop rules, in the order in which they are asked

inline bool is_cancelled(const OuterConfig &c, const Report &r) { return c.progress && c.progress(c.user, &r) != 0; }

// The residual is small, and still is after `finish`, which may find it larger.  exact: whether r is of the iterate to
// return.
template <class Solver>
bool kkt_is_small(Solver &solver, const OuterConfig &c, OuterState &state, Report &r, bool *exact) {
  if (!(c.tol > 0 && r.kkt <= c.tol)) return false;
  if (!*exact) solver.finish(r);
  *exact = true;
  state.last = r.objective;
  return r.kkt <= c.tol;
}

inline bool error_is_small(const OuterConfig &c, const Report &r) {
  return c.tol_error > 0 && r.rel_error <= c.tol_error;
}

// Also notes the error for the iterations to come.
inline bool error_stands_still(const OuterConfig &c, OuterState &state, const Report &r) {
  double &past = state.past[state.iters % stall_span];
  const bool still = c.stall > 0 && state.iters >= stall_span && abs_of(past - r.rel_error) < c.stall;
  past = r.rel_error;
  return still;
}

inline bool objective_stands_still(const OuterConfig &c, const OuterState &state, double before, const Report &r) {
  return c.tol_obj > 0 && before - r.objective <= c.tol_obj * state.first;
}

// Those that look at the report alone; before: the objective of the iteration before.  One copy for all solvers.
__attribute__((noinline)) inline Stop settled(const OuterConfig &c, OuterState &state, double before, const Report &r) {
  if (error_is_small(c, r)) return by_error;
  if (error_stands_still(c, state, r)) return by_objective;
  if (objective_stands_still(c, state, before, r)) return by_objective;
  return by_iterations;
}

// ---- the loop

// One iteration, and why the run ends with it; by_iterations where it goes on.
template <class Solver>
int32_t outer_iteration(Solver &solver, const OuterConfig &c, OuterState &state, Report &r, bool last, bool *exact) {
  const bool check = last || (c.tol > 0 && (state.iters + 1) % check_every == 0);
  *exact = solver.step(check, r) && check;
  r.iters = ++state.iters;
  const double before = state.last;
  state.last = r.objective;
  if (!is_finite(r.objective)) return by_nonfinite;
  const int32_t own = r.stop;  // a rule of the solver's
  if (is_cancelled(c, r)) return by_cancel;
  if (own != by_iterations) return own;
  if (check && kkt_is_small(solver, c, state, r, exact)) return by_kkt;
  return settled(c, state, before, r);
}

template <class Solver>
void outer_loop(Solver &solver, const OuterConfig &c, OuterState &state, Report &r) {
  r.stop = by_iterations;
  bool exact = false;
  if (state.iters == 0) state.past[0] = r.rel_error;
  for (int32_t i = 0; i < c.max_iter && r.stop == by_iterations; ++i)
    r.stop = outer_iteration(solver, c, state, r, i + 1 == c.max_iter, &exact);
  if (!exact) solver.finish(r);
  state.last = r.objective;
  r.iters = state.iters;
}

}  // namespace orthant
