// The penalty of one factor X (columns x_k):  l1 sum(X) + l2/2 |X|^2 + ortho sum_{k<l} x_k'x_l.  Its quadratic part is
// known from the Gram matrix X'X alone, and changes what a half step is given: the Gram matrix G of the other factor
// becomes G + l2 I + ortho (1 1' - I), and the right-hand sides F become F - l1.
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

template <class T>
struct Penalty {
  T l1, l2, ortho;

  bool any() const { return l1 > T(0) || l2 > T(0) || ortho > T(0); }

  // What an exact half step adds to the diagonal.
  // Differs: 1 1' - I is indefinite.  An exact step minimises with 1 1' and ortho/2 |X - X_before|^2 instead, which is
  // convex, descends, and has the same fixed points.
  T proximal(bool exact) const { return exact ? ortho : T(0); }

  // M = G + (l2 + diagonal) I + ortho (1 1' - I)
  void add_quadratic(View<T> G, T diagonal, Mat<T> M) const {
    const T on_diagonal = l2 + diagonal;
    for (int32_t k = 0; k < G.cols; ++k)
      for (int32_t l = 0; l < G.rows; ++l) M(l, k) = G(l, k) + (k == l ? on_diagonal : ortho);
  }
  // F - l1
  void subtract_linear(Mat<T> F) const {
    if (!(l1 > T(0))) return;
    for (int32_t k = 0; k < F.cols; ++k)
      for (int32_t j = 0; j < F.rows; ++j) F(j, k) -= l1;
  }

  // l1 sum(X).  One copy for all callers.
  __attribute__((noinline)) double linear(View<T> X) const {
    if (!(l1 > T(0))) return 0;
    double sum = 0;
    double part[8] = {};  // of eight rows: one chain of additions would cost a tenth of an iteration
    for (int32_t k = 0; k < X.cols; ++k) {
      int32_t i = 0;
      for (; i + 8 <= X.rows; i += 8)
        for (int32_t l = 0; l < 8; ++l) part[l] += double(X(i + l, k));
      for (; i < X.rows; ++i) sum += double(X(i, k));
    }
    for (const double x : part) sum += x;
    return double(l1) * sum;
  }
  // l2/2 |X|^2 + ortho sum_{k<l} x_k'x_l from the Gram matrix X'X
  double quadratic(View<T> gram) const {
    if (!(l2 > T(0)) && !(ortho > T(0))) return 0;
    double sum = 0;
    for (int32_t k = 0; k < gram.cols; ++k)
      for (int32_t l = 0; l < gram.rows; ++l) sum += double(k == l ? l2 : ortho) * double(gram(l, k));
    return 0.5 * sum;
  }
};

}  // namespace orthant
