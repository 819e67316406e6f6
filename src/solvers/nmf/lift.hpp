// A start for multiplicative steps, which cannot leave zero: entries below a hundredth of their factor's mean are
// raised to it.
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

// sum: of all entries; cols: of all processes, X being the share of one.
template <class T>
void lift(double sum, int32_t cols, Mat<T> X) {
  const T least = T(0.01 * sum / X.rows / cols);
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i) X(i, j) = max_of(X(i, j), least);
}

}  // namespace orthant
