// Products of some tens to hundreds of rows, columns and terms: those of a layer of a network and of its gradients.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

// C = A B, or A B' if transposed, of R vectors of rows by J columns; if partial, the last vector has `part` lanes.
// ahead: what of A is wanted next, a line for each k.
template <class V, int R, int J, bool partial, bool transposed, class T = typename V::Scalar>
inline void layer_tile(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                       int part, const T *ahead) {
  using reg = typename V::reg;
  reg sum[J][R];
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      sum[j][i] = V::zero();
      if (transposed) __builtin_prefetch(C + j * ldc + i * V::lanes, 1);  // a gradient, larger than the caches
    }
  for (int k = 0; k < K; ++k) {
    reg a[R];
    for (int i = 0; i < R; ++i) {
      const T *at = A + k * lda + i * V::lanes;
      a[i] = partial && i == R - 1 ? V::load_part(at, part) : V::load(at);
    }
    if (!transposed) __builtin_prefetch(ahead + k * lda);
    for (int j = 0; j < J; ++j) {
      const reg b = V::set(transposed ? B[j + k * ldb] : B[k + j * ldb]);
      for (int i = 0; i < R; ++i) sum[j][i] = V::fma(a[i], b, sum[j][i]);
    }
  }
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      T *c = C + j * ldc + i * V::lanes;
      if (partial && i == R - 1) V::store_part(c, part, add ? V::add(V::load_part(c, part), sum[j][i]) : sum[j][i]);
      else V::store(c, add ? V::add(V::load(c), sum[j][i]) : sum[j][i]);
    }
}

// Near-equal blocks of rows by near-equal panels of columns; a block of A and the panels of B stay in the first cache.
template <class V, bool transposed, class T = typename V::Scalar>
void layer_gemm(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                ptrdiff_t ldc, bool add) {
  const int vectors = (M + V::lanes - 1) / V::lanes, last = M - (vectors - 1) * V::lanes;
  const int blocks = (vectors + V::nn_vectors - 1) / V::nn_vectors, depth = K > 0 ? even_part(K, 56) : 1;
  for (int k = 0; k == 0 || k < K; k += depth) {
    const int now = K - k < depth ? K - k : depth;
    const bool more = add || k > 0;
    for (int g = 0; g < blocks; ++g) {
      const int v = vectors * g / blocks, next = vectors * (g + 1) / blocks;
      const T *a = A + k * lda + v * V::lanes, *b = transposed ? B + k * ldb : B + k;
      const T *ahead = g + 1 < blocks ? A + k * lda + next * V::lanes : k + depth < K ? A + (k + depth) * lda : a;
      with_count<V::nn_vectors>(next - v, [&](auto rows) {
        constexpr int R = decltype(rows)::value, fit = V::nn_vectors * V::nn_columns / R, most = fit < 8 ? fit : 8;
        const int panels = (N + most - 1) / most;
        for (int t = 0; t < panels; ++t) {
          const int j = N * t / panels;
          const T *from = transposed ? b + j : b + j * ldb;
          T *c = C + v * V::lanes + j * ldc;
          with_count<most>(N * (t + 1) / panels - j, [&](auto columns) {
            constexpr int J = decltype(columns)::value;
            if (g + 1 == blocks && last < V::lanes)
              layer_tile<V, R, J, true, transposed>(now, a, lda, from, ldb, c, ldc, more, last, ahead + t * V::lanes);
            else
              layer_tile<V, R, J, false, transposed>(now, a, lda, from, ldb, c, ldc, more, 0, ahead + t * V::lanes);
          });
        }
      });
    }
  }
}

}  // namespace
}  // namespace orthant
