// A start for multiplicative steps, which cannot leave zero: entries below a hundredth of their factor's mean are
// raised to it.
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

// sum: of all entries.
template <class T>
void lift(double sum, Mat<T> X) {
  const T least = T(0.01 * sum / X.rows / X.cols);
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i) X(i, j) = max_of(X(i, j), least);
}

}  // namespace orthant
