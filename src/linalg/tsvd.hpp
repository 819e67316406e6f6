// Singular values: of a small square matrix, and the leading ones of the data.
#pragma once
#include "carver.hpp"
#include "operand.hpp"
#include "rng.hpp"

namespace orthant {

// A (n x n, ld n) = U diag(s) V', s descending; U over A, V n x n.  work: svd_work(n) elements.
template <class T>
void small_svd(int32_t n, T *A, T *s, T *V, T *work);
inline size_t svd_work(int32_t n) { return size_t(n) * size_t(n) + 8 * size_t(n); }

// The leading `rank` singular triplets of V - mean 1' (mean null: of V), by block subspace iteration on rank + 8
// vectors, until no value changes by more than tol times the largest.  The vectors start random, by the seed, or warm
// from what V and s hold, random where V has a zero column: where the data changed little, one step is enough.  A step
// from a warm start never makes the best approximation of the data worse: its row space holds that of the last one.
template <class T>
struct Tsvd {
  Mat<T> U, V;  // rows x block and cols x block; the first `rank` columns are the result
  T *s = nullptr;
  int32_t block = 0;

  void layout(Carver &carve, int32_t rows, int32_t cols, int32_t rank, int32_t workers = 1, int32_t spare = 8);
  // Returns the steps taken; `change` (or null) gets the last change of a value over the largest.
  // shift: of the triplets of X + shift I, X square.
  int32_t run(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, int32_t rank, uint64_t seed,
              T tol, int32_t max_steps = 100, bool warm = false, T *change = nullptr, T shift = T(0));
  // V is made orthonormal, with random columns in the place of those that depend on the rest.
  void make_basis(const Ops<T> &ops, const Parallel &par, const Rng &rng);
  // Two steps from random vectors, for starts.  transposed: room for both sets of vectors where X is sparse, whose
  // products are several times as fast with their transposes; else it is not used.
  void run_rough(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, uint64_t seed, T *transposed);

 private:
  void orthonormalise(const Ops<T> &ops, const Parallel &par, Mat<T> Y);
  bool cholesky_qr(const Ops<T> &ops, const Parallel &par, Mat<T> Y, Mat<T> R);
  void start_random(const Ops<T> &ops, const Parallel &par, uint64_t seed);
  void draw(int32_t k, const Rng &rng);
  void fill_empty(uint64_t seed);
  void multiply(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, T shift, T *sums) const;
  void multiply_transposed(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, T shift,
                           T *sums) const;
  bool large() const;
  int32_t parts(int32_t rows) const;
  void times(const Ops<T> &ops, const Parallel &par, const Operand<T> &X) const;
  void times_right(const Ops<T> &ops, const Parallel &par, Mat<T> Y, const T *C) const;

  T *R_ = nullptr, *Q_ = nullptr, *work_ = nullptr, *tiles_ = nullptr, *shares_ = nullptr;
  int32_t workers_ = 1;
};

}  // namespace orthant
