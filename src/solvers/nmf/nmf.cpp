// One call of an NMF: find the blocks, begin or go on.
#include "nmf_job.hpp"

namespace orthant {

template <class T>
Status Nmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  Carver carve(base);
  NmfJob<T> job(*this, carve, V, W, H);
  few_sweeps = 0;
  const Status st = job.begin(c.start);
  if (!small_target && st == OK && c.looks) few_sweeps = job.sweeps_by_look();
  return st;
}

template <class T>
Status Nmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  Carver carve(base);
  NmfJob<T> job(*this, carve, V, W, H);
  if (!started)
    if (const Status st = job.begin(NmfStart::given); st != OK) return st;
  job.prepare_h(W);  // the plan's numbers do not outlive a call
  Report r;
  job.end = int64_t(outer.iters) + c.outer.max_iter;
  outer_loop(job, c.outer, outer, r);
  if (c.reduce.failed) return E_REDUCE;
  if (c.data == Kind::stream)
    if (const Status st = job.agree(V.failed() ? E_READ : OK); st != OK) {
      started = 0;
      return st;
    }
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T)                                                                     \
  template Status Nmf<T>::start(void *, const Operand<T> &, Mat<T>, Mat<T>);               \
  template Status Nmf<T>::run(void *, const Operand<T> &, Mat<T>, Mat<T>, Report *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
