// Learned steps as the solver sees them (algorithms.md, "Learned acceleration"): factors that somebody proposes, and
// that are taken only where they are better than the solver's own.  Bad weights cost time, never a worse result.
#pragma once
#include "nmf.hpp"

namespace orthant {

template <class T>
struct Proposal {
  void *self = nullptr;
  int32_t iterations = 0;  // so many of the first are each followed by a proposal; 0: a start is proposed instead
  // Whether proposals for this V can pay; where not, nobody asks for one.
  bool (*fits)(void *self, View<T> V) = nullptr;
  // Into W and H: a start, or from W0 and H0 (before an iteration) and W and H (after it) better factors.  Where it is
  // not OK, a start leaves nothing of use in W and H, and a step leaves them as they were.
  Status (*start)(void *self, View<T> V, Mat<T> W, Mat<T> H) = nullptr;
  Status (*step)(void *self, View<T> V, Mat<T> W, Mat<T> H) = nullptr;
  double (*squares)(void *self, View<T> V, View<T> W, View<T> H) = nullptr;  // |V - W H|^2
  Mat<T> W, H, W0, H0;  // room for the solver's factors: W0 and H0 only where iterations > 0
};

// Nmf::start and Nmf::run with proposals; solver->c.proposals counts those that were taken;
// proposals_refused: V is none that they fit.
template <class T>
Status start_with(const Proposal<T> &p, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H);
template <class T>
Status run_with(const Proposal<T> &p, Nmf<T> *solver, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *r);

}  // namespace orthant
