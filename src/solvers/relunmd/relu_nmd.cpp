// One call of a ReLU decomposition: find the blocks, begin or go on.
#include "relu_nmd_job.hpp"

namespace orthant {

// The default opens with three blocks.
template <class T>
void ReluNmd<T>::open() {
  opening = c.opening > 0;
  if (opening) c.method = ReluMethod::three_block;
}

template <class T>
Status ReluNmd<T>::start(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V) {
  open();
  Carver carve(base);
  ReluJob<T> job(*this, carve, M, U, V);
  return job.begin(c.start);
}

template <class T>
Status ReluNmd<T>::run(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V, Report *report) {
  if (!started) open();
  Carver carve(base);
  ReluJob<T> job(*this, carve, M, U, V);
  if (!started)
    if (const Status st = job.begin(ReluStart::given); st != OK) return st;
  Report r;
  job.fill_report(r);
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T)                                                                         \
  template Status ReluNmd<T>::start(void *, const Operand<T> &, Mat<T>, Mat<T>);               \
  template Status ReluNmd<T>::run(void *, const Operand<T> &, Mat<T>, Mat<T>, Report *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
