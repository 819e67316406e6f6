// The matrix products of the library: built-in kernels, or BLIS where it was measured to be faster.
#pragma once
#include <string.h>

#include "kernels.hpp"
#include "mat.hpp"
#include "parallel.hpp"

namespace orthant {

#ifdef ORTHANT_BLIS
#pragma GCC visibility push(hidden)
// C = A' B or A B, or += if add, by BLIS on the calling thread.
template <class T>
void blis_gemm(bool transpose, int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb,
               T *C, ptrdiff_t ldc, bool add);
// Singular value decomposition of a square matrix by LAPACKE; false when it did not converge.
template <class T>
bool lapacke_svd(int32_t n, T *A, T *s, T *Vt, T *work, int32_t lwork);
#pragma GCC visibility pop
#endif

// Whether an entry of a product is the same bits whichever others are asked for with it.
#ifdef ORTHANT_BLIS
constexpr bool entries_stand_alone = false;
#else
constexpr bool entries_stand_alone = true;
#endif

template <class T>
class Ops {
 public:
  Ops() : k_(fastest<Kernels<T>>()) {}

  // C = A' B, or += if add;  A K x M, B K x N
  void tn(Mat<const T> A, Mat<const T> B, Mat<T> C, bool add = false) const {
#ifdef ORTHANT_BLIS
    if (large(A.cols, B.cols, A.rows))
      return blis_gemm(true, A.cols, B.cols, A.rows, A.data, A.ld, B.data, B.ld, C.data, C.ld, add);
#endif
    k_.gemm_tn(A.cols, B.cols, A.rows, A.data, A.ld, B.data, B.ld, C.data, C.ld, add);
  }
  // C = A B, or += if add;  A M x K, B K x N
  void nn(Mat<const T> A, Mat<const T> B, Mat<T> C, bool add = false, const T *next = nullptr) const {
#ifdef ORTHANT_BLIS
    if (large(A.rows, B.cols, A.cols))
      return blis_gemm(false, A.rows, B.cols, A.cols, A.data, A.ld, B.data, B.ld, C.data, C.ld, add);
#endif
    k_.gemm_nn(A.rows, B.cols, A.cols, A.data, A.ld, B.data, B.ld, C.data, C.ld, add, next);
  }
  // C = A' B and squares_i = |A_i|^2
  void project(Mat<const T> A, Mat<const T> B, Mat<T> C, T *squares) const {
#ifdef ORTHANT_BLIS
    if (large(A.cols, B.cols, A.rows)) {
      tn(A, B, C);
      T least;
      for (int32_t i = 0; i < A.cols; ++i) k_.scan(A.rows, A.col(i), squares + i, &least);
      return;
    }
#endif
    k_.project(A.cols, B.cols, A.rows, A.data, A.ld, B.data, B.ld, C.data, C.ld, squares);
  }
  const Kernels<T> &kernel() const { return k_; }

 private:
  // Where BLIS's packing pays: all three dimensions long.  Measured by tools/bench (kernels.csv): with AVX-512 the
  // built-in kernels win on every shape that the solvers produce; with less, BLIS wins from about 64 on.
  bool large(int32_t M, int32_t N, int32_t K) const {
    return M >= packing_pays_ && N >= packing_pays_ && K >= packing_pays_;
  }
  const Kernels<T> &k_;
  const int32_t packing_pays_ = level() == Level::avx512 ? 128 : 64;
};

// <A, B>, rows x cols, summed in double by columns.  Not inlined: it is long, and a call is for a whole matrix.
template <class T>
__attribute__((noinline)) double inner(const View<T> &A, const View<T> &B) {
  double s = 0;
  for (int32_t j = 0; j < A.cols; ++j) {
    const T *a = A.col(j), *b = B.col(j);
    double t[4] = {0, 0, 0, 0};
    int32_t i = 0;
    for (; i + 4 <= A.rows; i += 4)
      for (int32_t u = 0; u < 4; ++u) t[u] += double(a[i + u]) * double(b[i + u]);
    for (; i < A.rows; ++i) t[0] += double(a[i]) * double(b[i]);
    s += (t[0] + t[1]) + (t[2] + t[3]);
  }
  return s;
}

template <class T>
void fill(const Mat<T> &A, T value) {
  for (int32_t j = 0; j < A.cols; ++j)
    for (int32_t i = 0; i < A.rows; ++i) A(i, j) = value;
}

template <class T>
void copy(const View<T> &A, const Mat<T> &B) {
  if (A.ld == A.rows && B.ld == A.rows && A.data != B.data) {
    memcpy(B.data, A.data, sizeof(T) * size_t(A.rows) * size_t(A.cols));
    return;
  }
  for (int32_t j = 0; j < A.cols; ++j)
    for (int32_t i = 0; i < A.rows; ++i) B(i, j) = A(i, j);
}

// B += A
template <class T>
void accumulate(View<T> A, Mat<T> B) {
  for (int32_t j = 0; j < A.cols; ++j) {
    const T *a = A.col(j);
    T *b = B.col(j);
    for (int32_t i = 0; i < A.rows; ++i) b[i] += a[i];
  }
}

// B = A', A rows x cols: in squares of four floats or two doubles a side, transposed in registers.
template <class T>
void transpose(const View<T> &from, const Mat<T> &to) {
  const View<T> A = from;  // copies, which no store can reach
  const Mat<T> B = to;
  int32_t j = 0;
#if defined(__SSE2__) || defined(__ARM_NEON)
  constexpr int32_t side = 16 / int32_t(sizeof(T));
  typedef T Row __attribute__((vector_size(16)));
  for (; j + side <= A.cols; j += side) {
    int32_t i = 0;
    for (; i + side <= A.rows; i += side) {
      Row a[side], b[side];
      for (int32_t u = 0; u < side; ++u) __builtin_memcpy(&a[u], A.col(j + u) + i, 16);
      if constexpr (side == 4) {
        const Row low01 = __builtin_shufflevector(a[0], a[1], 0, 4, 1, 5);
        const Row low23 = __builtin_shufflevector(a[2], a[3], 0, 4, 1, 5);
        const Row high01 = __builtin_shufflevector(a[0], a[1], 2, 6, 3, 7);
        const Row high23 = __builtin_shufflevector(a[2], a[3], 2, 6, 3, 7);
        b[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
        b[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
        b[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
        b[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
      } else {
        b[0] = __builtin_shufflevector(a[0], a[1], 0, 2);
        b[1] = __builtin_shufflevector(a[0], a[1], 1, 3);
      }
      for (int32_t u = 0; u < side; ++u) __builtin_memcpy(B.col(i + u) + j, &b[u], 16);
    }
    for (; i < A.rows; ++i)
      for (int32_t u = 0; u < side; ++u) B(j + u, i) = A(i, j + u);
  }
#endif
  for (; j < A.cols; ++j)
    for (int32_t i = 0; i < A.rows; ++i) B(j, i) = A(i, j);
}

}  // namespace orthant
