// SymANLS and SymHALS [Zhu et al. 2018]:  minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U, V >= 0.
// A half step is nonnegative least squares with G = V'V + lambda I and F = X V + lambda V: exact, or one sweep.
#include "symnmf.hpp"

namespace orthant {
namespace {

// A from C, where `XC` = X C and `gram` = C'C.
template <class T>
void half_step(SymJob<T> &j, View<T> C, View<T> XC, View<T> gram, Mat<T> A) {
  NnlsPlan<T> &plan = j.b.plan;
  const T lambda = T(j.s.lambda);
  for (int32_t k = 0; k < j.rank(); ++k)
    for (int32_t i = 0; i < j.rank(); ++i) plan.gram()(i, k) = gram(i, k) + (i == k ? lambda : T(0));
  auto first = j.worker(0);
  plan.prepare(T(0), first.scratch);
  j.by_rows([&](int32_t i, int32_t p, const auto &w) {
    const Mat<T> F = w.F.block(0, 0, p, j.rank()), x = A.block(i, 0, p, j.rank());
    for (int32_t k = 0; k < j.rank(); ++k)
      for (int32_t q = 0; q < p; ++q) F(q, k) = XC(i + q, k) + lambda * C(i + q, k);
    auto scratch = w.scratch;
    nnls_block(j.ops, plan, F, x, Mat<T>{}, 1, scratch);
    for (int32_t k = 0; k < j.rank(); ++k)
      for (int32_t q = 0; q < p; ++q) x(q, k) = no_denormal(x(q, k));
    return typename SymJob<T>::Sums{};
  });
  if (plan.method == Half::hals) j.revive(A);
}

}  // namespace

template <class T>
void half_steps(SymJob<T> &j) {
  half_step<T>(j, j.U, j.b.B, j.b.G, j.b.V);
  j.times(j.b.V, j.b.B);
  j.gram(j.b.V, j.b.H);
  half_step<T>(j, j.b.V, j.b.B, j.b.H, j.U);
  j.refresh();
}

#define INSTANTIATE(T) template void half_steps<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
