#include "admm_half.hpp"

#include <initializer_list>

#include "cholesky.hpp"

namespace orthant {

template <class T>
void AdmmScratch<T>::layout(Carver &carve, int32_t rank, int32_t longest) {
  for (T **block : {&F, &B, &U, &dD, &Z, &flat}) *block = carve.take<T>(size_t(rank), size_t(longest));
  for (T **block : {&G, &L, &dG}) *block = carve.take<T>(size_t(rank), size_t(rank));
}

template <class T>
void AdmmHalf<T>::layout(Carver &carve, int32_t rank, int32_t items) {
  D = carve.take<T>(size_t(rank) * size_t(inner), size_t(items));
  inverse = carve.take<T>(size_t(rank), size_t(rank));
}

template <class T>
void AdmmHalf<T>::forward(const Ops<T> &ops, T rho, const AdmmSide<T> &side, Mat<const T> other, Mat<const T> in,
                          Mat<T> out, const AdmmScratch<T> &w) const {
  const int32_t r = other.rows, count = in.cols;
  const Mat<T> flat{w.flat, other.cols, r, other.cols}, G{w.G, r, r, r}, F{w.F, r, count, r}, B{w.B, r, count, r};
  const Mat<T> K_inverse{inverse, r, r, r};
  transpose(other, flat);
  ops.tn(flat, flat, G);
  for (int32_t i = 0; i < r; ++i) G(i, i) += rho;
  cholesky<T>(r, w.G, r, nullptr, w.L, r);
  lower_inverse(r, w.L, r, w.G, r);
  ops.tn(G, G, K_inverse);
  ops.nn(other, side.V, F);
  const size_t size = size_t(r) * size_t(count);
  const T *before = nullptr;
  for (int32_t step = 0; step < inner; ++step) {
    T *now = D + size * size_t(step);
    // X + U = max(D, 0) + max(-D, 0), and Z - U after the product.
    for (size_t i = 0; i < size; ++i) w.B[i] = w.F[i] + rho * (before ? abs_of(before[i]) : in.data[i]);
    ops.nn(K_inverse, B, {now, r, count, r});
    if (before)
      for (size_t i = 0; i < size; ++i) now[i] -= max_of(-before[i], T(0));
    before = now;
  }
  for (size_t i = 0; i < size; ++i) out.data[i] = max_of(before[i], T(0));
}

template <class T>
void AdmmHalf<T>::backward(const Ops<T> &ops, T rho, const AdmmSide<T> &side, Mat<const T> other, Mat<T> d_out,
                           Mat<T> d_other, Mat<T> d_in, const AdmmScratch<T> &w) const {
  const int32_t r = other.rows, count = d_out.cols;
  const size_t size = size_t(r) * size_t(count);
  T *dX = d_out.data, *dU = w.U, *dD = w.dD, *Z = w.Z;
  const Mat<T> dF{w.F, r, count, r}, dB{w.B, r, count, r}, dK{w.dG, r, r, r}, flat{w.flat, count, r, count};
  const Mat<const T> K_inverse{inverse, r, r, r};
  fill(dF, T(0));
  fill(dK, T(0));
  for (size_t i = 0; i < size; ++i) dU[i] = T(0);
  for (int32_t step = inner - 1; step >= 0; --step) {
    const T *now = D + size * size_t(step), *before = step > 0 ? now - size : nullptr;
    for (size_t i = 0; i < size; ++i) {
      dD[i] = now[i] > T(0) ? dX[i] : -dU[i];  // NOLINT(clang-analyzer-core.NullDereference): `before` alone is null
      Z[i] = now[i] + (before ? max_of(-before[i], T(0)) : T(0));
    }
    ops.nn(K_inverse, {dD, r, count, r}, dB);
    transpose<T>(Mat<const T>{Z, r, count, r}, flat);
    ops.nn(dB, flat, dK, true);  // its negative
    for (size_t i = 0; i < size; ++i) {
      w.F[i] += w.B[i];
      dX[i] = rho * w.B[i];
      dU[i] = rho * w.B[i] - dD[i];
    }
  }
  for (size_t i = 0; i < size; ++i) d_in.data[i] += dX[i];
  const Mat<T> twice{w.L, r, r, r};
  for (int32_t j = 0; j < r; ++j)
    for (int32_t i = 0; i < r; ++i) twice(i, j) = -(dK(i, j) + dK(j, i));
  ops.nn(twice, other, d_other, true);
  ops.nn(dF, side.transposed, d_other, true);
}

#define INSTANTIATE(T)            \
  template struct AdmmScratch<T>; \
  template struct AdmmHalf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
