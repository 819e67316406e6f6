// A start without chance.  With the leading eigenvalues and eigenvectors X ~ Q L Q', any Q sqrt(L) O with an orthogonal
// O is as good a factor, of any sign.  The O that rotates it into the orthant [Damle, Minden, Ying 2019]: r rows of Q,
// each the one farthest from the span of those before, stand for the r clusters; O rotates them as near to the axes as
// can be: it is the orthogonal factor of their matrix.  What is left below zero is cut off.
#include "start.hpp"
#include "symnmf_job.hpp"

namespace orthant {

template <class T>
void SymNmf<T>::Job::spectral_start() const {
  const int32_t r = rank();
  const Parallel &par = s.c.par;
  const Mat<const T> Q = b.svd.V.columns(0, r);
  const Mat<T> Qt{b.transposed, r, n(), r}, C = b.H, V = b.M, O = b.G;
  transpose<T>(Q, Qt);
  const int32_t found = spa(ops, par, Operand<T>(Mat<const T>(Qt)), nullptr, n(), r, b.L, b.x, b.y, b.chosen);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < r; ++i) C(i, k) = k < found ? Qt(i, b.chosen[k]) : T(i == k);
  small_svd(r, C.data, b.x, V.data, b.svd_work);  // C = left diag(b.x) V'
  transpose<T>(V, b.L);
  ops.nn(C, b.L, O);
  for (int32_t k = 0; k < r; ++k) {
    const T root = sqrt_of(max_of(b.svd.s[k] - T(s.top), T(0)));
    for (int32_t i = 0; i < r; ++i) O(k, i) *= root;
  }
  by_rows([&](const Block &rows, const Worker &, Sums &) {
    const Mat<T> u = U.block(rows.row, 0, rows.rows, r);
    ops.nn(Q.block(rows.row, 0, rows.rows, r), O, u);
    project(u);
  });
  revive(U);
}

#define INSTANTIATE(T) template void SymNmf<T>::Job::spectral_start() const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
