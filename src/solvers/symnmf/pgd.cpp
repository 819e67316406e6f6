// Projected gradient on f = 1/4 |X - U U'|^2:  U <- max(0, U - s gradient),  s = 1 / (|X - U U'|_2 + 2 |U'U|_2).
// That s is the inverse of a local Lipschitz bound alone, so it is halved until the step descends (algorithms.md,
// "Symmetric NMF").
#include "symnmf_job.hpp"

namespace orthant {

template <class T>
void SymNmf<T>::Job::projected_gradient_step() const {
  const int32_t r = rank();
  const Worker first = worker(0);
  // The power iteration goes on from step to step: one step is enough once its vector is known.
  const T residual = residual_norm(s.outer.iters == 0 ? 10 : 1);
  const T curvature =
      residual + T(2) * largest_eigenvalue_bound(r, b.G.data, r, first.scratch.x, first.scratch.z);
  if (!(curvature > Real<T>::tiny)) return;
  gradient(b.D);
  line_search(b.D, b.D, T(1) / curvature, T(0.5), 1e-4);
}

#define INSTANTIATE(T) template void SymNmf<T>::Job::projected_gradient_step() const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
