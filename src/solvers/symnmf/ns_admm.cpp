// NS-SymNMF [Lu et al. 2017], the row "ADMM" of the SymNMF-Net paper:
//   minimise 1/2 |A U' - X|^2  with U >= 0, |U_i|^2 <= tau, A = U;  multiplier Lambda on U - A  (spec, section 3).
#include "symnmf.hpp"

namespace orthant {

template <class T>
void ns_admm_step(SymJob<T> &j) {
  NnlsPlan<T> &plan = j.b.plan;
  const Mat<T> A = j.b.V, Lambda = j.b.D, U = j.U;
  const int32_t r = j.rank();
  const T rho = T(j.s.lambda), ball = T(j.s.ball);
  const double c = 6;  // of the proximal weight
  j.gram(A, j.b.H);
  const double fit = max_of(j.s.norm2 - 2 * j.dot(A, j.b.B) + inner<T>(j.b.G, j.b.H), 0.0);
  const T beta = T(c / j.s.lambda * fit);

  j.times(A, j.b.B);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < r; ++i) plan.gram()(i, k) = j.b.H(i, k) + (i == k ? rho + beta : T(0));
  auto first = j.worker(0);
  plan.prepare(T(0), first.scratch);
  j.by_rows([&](int32_t i, int32_t p, const auto &w) {
    const Mat<T> F = w.F.block(0, 0, p, r), u = U.block(i, 0, p, r);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = 0; q < p; ++q)
        F(q, k) = j.b.B(i + q, k) + rho * A(i + q, k) - Lambda(i + q, k) + beta * U(i + q, k);
    auto scratch = w.scratch;
    nnls_block(j.ops, plan, F, u, Mat<T>{}, 1, scratch);
    for (int32_t q = 0; q < p; ++q) {
      T squares = 0;
      for (int32_t k = 0; k < r; ++k) {
        u(q, k) = no_denormal(u(q, k));
        squares += u(q, k) * u(q, k);
      }
      if (ball > T(0) && squares > ball)
        for (int32_t k = 0; k < r; ++k) u(q, k) *= sqrt_of(ball / squares);
    }
    return typename SymJob<T>::Sums{};
  });
  j.refresh();
  j.inverse(j.b.G, rho, j.b.H);
  j.by_rows([&](int32_t i, int32_t p, const auto &w) {
    const Mat<T> F = w.F.block(0, 0, p, r), a = A.block(i, 0, p, r);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = 0; q < p; ++q) F(q, k) = j.b.B(i + q, k) + rho * U(i + q, k) + Lambda(i + q, k);
    j.ops.nn(F, j.b.H, a);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = i; q < i + p; ++q) Lambda(q, k) += rho * (U(q, k) - A(q, k));
    return typename SymJob<T>::Sums{};
  });
}

#define INSTANTIATE(T) template void ns_admm_step<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
