// X as the symmetric methods see it: the one place where it is read.  Dense, or sparse by columns, which are rows too.
#pragma once
#include "operand.hpp"
#include "status.hpp"

namespace orthant {

// Of a scan of X; one for each of its parts.
struct SymmetricScan {
  double squares = 0, sum = 0;
  bool good = true;
  void operator+=(const SymmetricScan &more) {
    squares += more.squares;
    sum += more.sum;
    good = good && more.good;
  }
};

template <class T>
struct SymmetricOperand {
  Operand<T> X;
  T *transposed = nullptr;  // 2 * n * cols of the widest product: sparse products want their factors transposed

  int32_t n() const { return X.cols(); }
  // C = X A
  void times(const Ops<T> &ops, const Parallel &par, View<T> A, Mat<T> C) const;
  // OK where X is finite, nonnegative and symmetric to half the digits; its squared norm and its sum.
  // room: scan_parts of them.
  Status check(const Ops<T> &ops, const Parallel &par, SymmetricScan *room, double *norm2, double *sum) const;
  static constexpr int32_t scan_parts = 16;
  // Of the order and of place and value, as f32, of every nonzero: the same for a dense and a sparse X
  // [Fowler, Noll, Vo].
  uint64_t hash() const;
};

// U <- scale times uniform numbers
template <class T>
void random_start(uint64_t seed, double scale, Mat<T> U);
// The scale with which U U' has the mean of X [Kuang 2012].
inline double scaled_start(double sum, int32_t n, int32_t r) { return 2 * sqrt_of(sum / n / n / r); }

}  // namespace orthant
