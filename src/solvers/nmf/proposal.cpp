#include "proposal.hpp"

namespace orthant {
namespace {

template <class T>
ORTHANT_OWN_FRAME void copy_factors(const Mat<T> &W, const Mat<T> &H, const Mat<T> &to_W, const Mat<T> &to_H) {
  copy<T>(W, to_W);
  copy<T>(H, to_H);
}

// A start at W and H, whatever start the config names.
template <class T>
Status start_given(Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  const NmfStart own = solver->c.start;
  solver->c.start = NmfStart::given;
  const Status st = solver->start(solver, V, W, H);
  solver->c.start = own;
  return st;
}

// The same in the midst of a run: the counts go on.
template <class T>
Status go_on_from(int32_t iters, double first, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  const Status st = start_given(solver, V, W, H);
  solver->outer.iters = iters;
  solver->outer.first = first;
  return st;
}

// The first `trial` iterations, each followed by a proposal that is not judged alone, for it may pay later.  Returns
// |V - W H|^2 of what they end at.
template <class T>
double try_proposals(const Proposal<T> &p, int32_t trial, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H,
                     Report *r) {
  OuterConfig &outer = solver->c.outer;
  const int32_t before = solver->outer.iters, all = outer.max_iter;
  const double first = solver->outer.first;
  const auto progress = outer.progress;
  outer.progress = nullptr;
  outer.max_iter = 1;
  Status st = OK;
  for (int32_t t = 1; t <= trial && st == OK; ++t) {
    copy_factors<T>(W, H, p.W0, p.H0);
    st = solver->run(solver, V, W, H, r);
    if (st != OK || r->stop != by_iterations) break;
    p.step(p.self, V.dense(), W, H);
    st = go_on_from(before + t, first, solver, V, W, H);
  }
  outer.progress = progress;
  outer.max_iter = all;
  return st == OK ? p.squares(p.self, V.dense(), W, H) : __builtin_huge_val();
}

}  // namespace

// The solver's own start, and the proposed one: the one with the lower objective stays.
template <class T>
Status start_with(const Proposal<T> &p, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  copy_factors<T>(W, H, p.W, p.H);  // what was given
  solver->c.proposals = 0;
  if (const Status st = solver->start(solver, V, W, H); st != OK || p.iterations > 0) return st;
  if (!p.fits(p.self, V.dense())) {
    solver->c.proposals = proposals_refused;
    return OK;
  }
  const double classical = solver->outer.first;
  const bool better = p.start(p.self, V.dense(), W, H) == OK && start_given(solver, V, W, H) == OK &&
                      solver->outer.first < classical;
  solver->c.proposals = better;
  if (better) return OK;
  copy_factors<T>(p.W, p.H, W, H);
  return solver->start(solver, V, W, H);  // again, for the same bits
}

// The first iterations twice: with proposals, and without.  The better end stays, the solver's own where they are
// equal, with the bits that it has without a model.
template <class T>
Status run_with(const Proposal<T> &p, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *r) {
  OuterConfig &outer = solver->c.outer;
  const int32_t all = outer.max_iter, before = solver->outer.iters;
  const int32_t trial = p.iterations > 0 ? min_of(all, p.iterations - before) : 0;
  if (trial <= 0) return solver->run(solver, V, W, H, r);
  if (!p.fits(p.self, V.dense())) {
    solver->c.proposals = proposals_refused;
    return solver->run(solver, V, W, H, r);
  }
  solver->c.proposals = max_of(solver->c.proposals, 0);
  const double first = solver->outer.first;
  copy_factors<T>(W, H, p.W, p.H);
  const double tried = try_proposals(p, trial, solver, V, W, H, r);
  copy_factors<T>(W, H, p.W0, p.H0);  // where the trial ended
  copy_factors<T>(p.W, p.H, W, H);
  copy_factors<T>(p.W0, p.H0, p.W, p.H);
  outer.max_iter = trial;
  Status st = go_on_from(before, first, solver, V, W, H);
  if (st == OK) st = solver->run(solver, V, W, H, r);
  outer.max_iter = all;
  if (st != OK || r->stop == by_cancel) return st;
  const bool better = tried < p.squares(p.self, V.dense(), W, H);
  if (!better && r->stop != by_iterations) return st;
  if (better) {
    copy_factors<T>(p.W, p.H, W, H);
    st = go_on_from(before + trial, first, solver, V, W, H);
    solver->c.proposals += trial;
  }
  outer.max_iter = all - trial;
  if (st == OK) st = solver->run(solver, V, W, H, r);
  outer.max_iter = all;
  return st;
}

#define INSTANTIATE(T)                                                                                           \
  template Status start_with<T>(const Proposal<T> &, Nmf<T> *, const Operand<T> &, Mat<T>, Mat<T>);              \
  template Status run_with<T>(const Proposal<T> &, Nmf<T> *, const Operand<T> &, Mat<T>, Mat<T>, Report *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
