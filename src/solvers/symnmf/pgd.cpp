// Projected gradient on f = 1/4 |X - U U'|^2:  U <- max(0, U - s gradient),  s = 1 / (|X - U U'|_2 + 2 |U'U|_2).
// That s is the inverse of a local Lipschitz bound alone, so it is halved until the step descends (spec, section 3).
#include "symnmf.hpp"

namespace orthant {

template <class T>
void pgd_step(SymJob<T> &j) {
  const int32_t r = j.rank();
  auto first = j.worker(0);
  const T curvature = j.residual_norm(j.s.outer.iters == 0 ? 10 : 1) +
                      T(2) * largest_eigenvalue_bound(r, j.b.G.data, r, first.scratch.x, first.scratch.z);
  if (!(curvature > Real<T>::tiny)) return;
  j.gradient(j.b.D);
  j.search(j.b.D, j.b.D, T(1) / curvature, T(0.5), 1e-4);
}

#define INSTANTIATE(T) template void pgd_step<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
