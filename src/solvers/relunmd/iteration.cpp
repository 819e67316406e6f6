// An iteration of ReLU decomposition, as the outer loop calls it.
#include "relu_nmd_job.hpp"

namespace orthant {

template <class T>
bool ReluJob<T>::step(bool, Report &r) {
  const typename ReluNmd<T>::Fit before = s.fit;
  if (s.opening && s.outer.iters >= s.c.opening) end_opening();
  advance();
  if (s.opening && !(s.fit.objective < before.objective && is_finite(s.fit.error2))) {
    restore_iterate();
    end_opening();
    quasi_newton();
  }
  fill_report(r);
  if (s.fit.finite()) return true;
  // Overflow: back to the last finite iterate, from which another run starts anew.  Quasi-Newton never leaves it.
  if (s.c.iteration() != ReluIteration::newton) restore_iterate();
  s.fit = before;
  s.started = 0;
  return false;
}

template <class T>
void ReluJob<T>::advance() {
  switch (s.c.iteration()) {
    case ReluIteration::newton: return quasi_newton();
    case ReluIteration::blocks:
      keep_iterate();
      return three_block();
    case ReluIteration::svd:
      keep_iterate();
      return projections();
  }
}

// From momentum to quasi-Newton, at the U and V of now.
template <class T>
void ReluJob<T>::end_opening() {
  s.opening = 0;
  s.c.method = ReluMethod::quasi_newton;
  carve.again();
  s.layout(carve, b);
  begin_quasi_newton();
  s.newton.alternations = 0;  // the signs of U V have settled
}

template <class T>
void ReluJob<T>::keep_iterate() {
  parallel_copy(U, b.U_before);
  parallel_copy(V, b.V_before);
}
template <class T>
void ReluJob<T>::restore_iterate() {
  parallel_copy(b.U_before, U);
  parallel_copy(b.V_before, V);
}

// penalty: what the method adds to the objective.
template <class T>
void ReluJob<T>::set_fit(const ReluSums &sum, double penalty) {
  s.fit.objective = 0.5 * sum.squares + penalty;
  s.fit.error2 = sum.error;
}

template <class T>
void ReluJob<T>::fill_report(Report &r) const {
  r.objective = s.fit.objective;
  r.rel_error = s.norm2 > 0 ? sqrt_of(s.fit.error2) / sqrt_of(s.norm2) : 0;
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
