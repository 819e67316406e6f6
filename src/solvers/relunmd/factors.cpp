// What the methods do with whole factors, with small matrices, and with a panel of the model.
#include "cholesky.hpp"
#include "relu_nmd_job.hpp"

namespace orthant {

template <class T>
void ReluJob<T>::parallel_copy(View<T> A, Mat<T> B) const {
  parallel_blocks(s.c.par, A.cols, max_of(1, 16384 / A.rows), [&](Range j, int32_t) {
    copy<T>(A.columns(j.from, j.size()), B.columns(j.from, j.size()));
  });
}

// Ut = u', as products with tall tiles want it.
template <class T>
void ReluJob<T>::transpose_left(View<T> u) const {
  parallel_blocks(s.c.par, u.rows, relu_row_block, [&](Range i, int32_t) {
    transpose<T>(u.block(i.from, 0, i.size(), u.cols), b.Ut.columns(i.from, i.size()));
  });
}

// C = (G + ridge I)^-1, with the smallest further ridge that it needs (algorithms.md, "Conventions").
template <class T>
void ReluJob<T>::invert(View<T> G, double ridge, Mat<T> C) const {
  const int32_t r = rank();
  copy<T>(G, b.gram);
  for (int32_t k = 0; k < r; ++k) b.gram(k, k) += T(ridge);
  cholesky(r, b.gram.data, b.gram.ld, nullptr, b.factor.data, b.factor.ld);
  lower_inverse(r, b.factor.data, b.factor.ld, b.gram.data, b.gram.ld);
  ops.tn(b.gram, b.gram, C);
}

// X = A C, by blocks of rows.
template <class T>
void ReluJob<T>::multiply_rows(View<T> A, View<T> C, Mat<T> X) const {
  parallel_blocks(s.c.par, A.rows, relu_row_block, [&](Range i, int32_t) {
    const Mat<T> x = X.block(i.from, 0, i.size(), C.cols);
    ops.nn(A.block(i.from, 0, i.size(), A.cols), C, x);
    for (int32_t k = 0; k < x.cols; ++k)
      for (int32_t q = 0; q < x.rows; ++q) x(q, k) = no_denormal(x(q, k));
  });
}

// P = U V_J becomes the residual of f; its sums are added.
template <class T>
void ReluJob<T>::residual(View<T> data, Mat<T> P, ReluSums &sum) const {
  constexpr int32_t most = 2048;  // rows whose sums are good in T
  const auto kernel = fastest<ReluKernels<T>>().residual;
  for (int32_t q = 0; q < P.cols; ++q)
    for (int32_t i = 0; i < P.rows; i += most) {
      T squares, error;
      kernel(min_of(most, P.rows - i), data.col(q) + i, P.col(q) + i, &squares, &error);
      sum.squares += double(squares);
      sum.error += double(error);
    }
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
