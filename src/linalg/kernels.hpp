// The built-in kernels: one table for each instruction set, chosen at run time.  Every kernel touches just the elements
// that its shapes name, works at any alignment, and gives the same bits wherever the buffers lie.
#pragma once
#include "real.hpp"

namespace orthant {

template <class T>
struct Kernels {
  const char *name;
  // C (M x N) = A' B, or += if add;  A K x M, B K x N.  The long direction is K: columns are read as streams.
  void (*gemm_tn)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                  ptrdiff_t ldc, bool add);
  // C (M x N) = A B, or += if add;  A M x K, B K x N.  The long direction is M.  next: where the block begins that will
  // be wanted in A's place, to be fetched meanwhile; or null.
  void (*gemm_nn)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                  ptrdiff_t ldc, bool add, const T *next);
  // `sweeps` times for k = 0 .. r-1:  X_k = max(0, X_k + (F_k - X G_k) / G_kk);  X, F p x r, G r x r symmetric.
  // Columns with G_kk = 0 stay.  inv: the r numbers 1 / G_kk, or 0.
  void (*hals)(int32_t p, int32_t r, int32_t sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X,
               ptrdiff_t ldx);
  // The sum of squares of n numbers, and the smallest of them and zero; a NaN or an infinity makes the sum not finite.
  void (*scan)(int32_t n, const T *x, T *squares, T *least);
  // One sparse vector (values at indices) against small dense vectors of r entries, the columns of B or C:
  // out = sum_t value_t B(:, index_t)   and   C(:, index_t) += value_t x for every t.
  void (*gather)(int32_t r, int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out);
  void (*scatter)(int32_t r, int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc);
};

// Tables, from slow to fast; null where this build or target has none.
template <class T>
const Kernels<T> *kernels_plain();
template <class T>
const Kernels<T> *kernels_avx2();
template <class T>
const Kernels<T> *kernels_avx512();

// The fastest table that this processor runs.  A few loads: called once in each public call, no state is kept.
template <class T>
inline const Kernels<T> &kernels() {
#if defined(ORTHANT_X86)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return *kernels_avx512<T>();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return *kernels_avx2<T>();
#endif
  return *kernels_plain<T>();
}

}  // namespace orthant
