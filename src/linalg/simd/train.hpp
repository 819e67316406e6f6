// What training a Factormer needs beside its layers: the product of a gradient, and the step of its weights.
#pragma once
#include "simd/layer_gemm.hpp"

namespace orthant {
namespace {

template <class V, class T = typename V::Scalar>
void layer_nt(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
              ptrdiff_t ldc, bool add) {
  if constexpr (sizeof(typename V::reg) > 16) return layer_gemm<V, true>(M, N, K, A, lda, B, ldb, C, ldc, add);
  for (int j = 0; j < N; ++j) {
    T *c = C + j * ldc;
    for (int i = 0; i < M; ++i) c[i] = add ? c[i] : T(0);
    for (int k = 0; k < K; ++k) {
      const T b = B[j + k * ldb], *a = A + k * lda;
      for (int i = 0; i < M; ++i) c[i] += a[i] * b;
    }
  }
}

template <class T>
void adam(size_t n, const AdamNumbers<T> &numbers, const T *__restrict g, T *__restrict p, T *__restrict m,
          T *__restrict v) {
  const AdamNumbers<T> step = numbers;
  for (size_t i = 0; i < n; ++i) step.entry(g[i], p + i, m + i, v + i);
}

template <class T, class V>
constexpr TrainKernels<T> made<TrainKernels<T>, V> = {layer_nt<V>, adam<T>};

}  // namespace
}  // namespace orthant
