// Products in integers: columns in whole steps of a float each (include/orthant/fixed.h has the error bound).
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

template <class Q>
struct Fixed;
template <>
struct Fixed<int16_t> {
  using Sum = int64_t;
  static constexpr int32_t most = 32767, bands = INT32_MAX;
};
template <>
struct Fixed<int8_t> {
  using Sum = int32_t;
  static constexpr int32_t most = 127, bands = 131071;  // times 128^2 is below 2^31
};

// False where an element is not finite; nothing is written then.
template <class Q>
bool fixed_quantize(Mat<const float> X, Mat<Q> out, float *steps);

// B = E'Y;  y_steps null: all 1
template <class Q>
void fixed_project(Mat<const Q> E, const float *e_steps, Mat<const Q> Y, const float *y_steps, Mat<float> B);

}  // namespace orthant
