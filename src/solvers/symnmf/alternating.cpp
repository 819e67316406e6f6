// The alternating scheme, eq. (4) of the SymNMF-Net paper with its second line corrected (spec, sections 3 and 9):
//   V <- max(0, (X + lambda I) U (U'U + lambda I)^-1),  then U from V; with one variable, U from U.
// A projection after an unconstrained solve: it has no guarantee of descent.
#include "symnmf.hpp"

namespace orthant {
namespace {

template <class T>
void solve_and_clip(SymJob<T> &j, View<T> C, View<T> gram, Mat<T> A) {
  const Mat<T> K = j.b.plan.gram();
  const T lambda = T(j.s.lambda);
  j.inverse(gram, lambda, K);
  j.by_rows([&](int32_t i, int32_t p, const auto &w) {
    const Mat<T> F = w.F.block(0, 0, p, j.rank()), x = A.block(i, 0, p, j.rank());
    for (int32_t k = 0; k < j.rank(); ++k)
      for (int32_t q = 0; q < p; ++q) F(q, k) = j.b.B(i + q, k) + lambda * C(i + q, k);
    j.ops.nn(F, K, x);
    for (int32_t k = 0; k < j.rank(); ++k)
      for (int32_t q = 0; q < p; ++q) x(q, k) = no_denormal(max_of(x(q, k), T(0)));
    return typename SymJob<T>::Sums{};
  });
}

}  // namespace

template <class T>
void alternating_step(SymJob<T> &j) {
  if (j.s.c.method == SymMethod::fixed_point) {
    solve_and_clip<T>(j, j.U, j.b.G, j.U);
  } else {
    solve_and_clip<T>(j, j.U, j.b.G, j.b.V);
    j.times(j.b.V, j.b.B);
    j.gram(j.b.V, j.b.H);
    solve_and_clip<T>(j, j.b.V, j.b.H, j.U);
  }
  j.refresh();
}

#define INSTANTIATE(T) template void alternating_step<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
