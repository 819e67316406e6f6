// Singular values: of a small square matrix, and the leading ones of the data.
#pragma once
#include "carver.hpp"
#include "operand.hpp"

namespace orthant {

// A (n x n, ld n) = U diag(s) V', s descending; U over A, V n x n.  work: svd_work(n) elements.
template <class T>
void small_svd(int32_t n, T *A, T *s, T *V, T *work);
inline size_t svd_work(int32_t n) { return size_t(n) * size_t(n) + 8 * size_t(n); }

// The leading `rank` singular triplets of V - mean 1' (mean null: of V), by block subspace iteration on rank + 8
// vectors from seeded random ones, until no value changes by more than tol times the largest.
template <class T>
struct Tsvd {
  Mat<T> U, V;  // rows x block and cols x block; the first `rank` columns are the result
  T *s = nullptr;
  int32_t block = 0;

  void layout(Carver &carve, int32_t rows, int32_t cols, int32_t rank);
  // shift: of the triplets of X + shift I, X square; steps: at most so many
  void run(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, int32_t rank, uint64_t seed, T tol,
           T shift = T(0), int steps = 100);

 private:
  T *R_ = nullptr, *Q_ = nullptr, *work_ = nullptr;
};

}  // namespace orthant
