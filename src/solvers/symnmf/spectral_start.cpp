// A start without chance.  With the leading eigenvalues and eigenvectors X ~ Q L Q', any Q sqrt(L) O with an orthogonal
// O is as good a factor, of any sign.  The O that turns it into the orthant [Damle, Minden, Ying 2019]: r rows of Q, each
// the one farthest from the span of those before, stand for the r clusters; O turns them as near to the axes as can be,
// the orthogonal factor of their matrix.  What is left below zero is cut off.
#include "start.hpp"
#include "symnmf.hpp"

namespace orthant {

template <class T>
void spectral_start(SymJob<T> &j) {
  const int32_t n = j.n(), r = j.rank();
  const auto &b = j.b;
  const Parallel &par = j.s.c.par;
  const Mat<const T> Q = b.svd.V.columns(0, r);
  const Mat<T> rows{b.turned, r, n, r}, C = b.H, V = b.M, O = b.G;
  transpose<T>(Q, rows);
  const int32_t found = spa(j.ops, par, Operand<T>(Mat<const T>(rows)), nullptr, n, r, b.L, b.x, b.y, b.chosen);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < r; ++i) C(i, k) = k < found ? rows(i, b.chosen[k]) : T(i == k);
  small_svd(r, C.data, b.x, V.data, b.svd_work);  // C = left diag(b.x) V'
  transpose<T>(V, b.L);
  j.ops.nn(C, b.L, O);
  for (int32_t k = 0; k < r; ++k) {
    const T root = sqrt_of(max_of(b.svd.s[k] - T(j.s.top), T(0)));
    for (int32_t i = 0; i < r; ++i) O(k, i) *= root;
  }
  j.by_rows([&](int32_t i, int32_t p, const auto &) {
    const Mat<T> u = j.U.block(i, 0, p, r);
    j.ops.nn(Q.block(i, 0, p, r), O, u);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = 0; q < p; ++q) u(q, k) = no_denormal(max_of(u(q, k), T(0)));
    return typename SymJob<T>::Sums{};
  });
  j.revive(j.U);
}

#define INSTANTIATE(T) template void spectral_start<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
