// The public interface as a template over the element type, so that a test is written once for both.
#pragma once
#include "arena.hpp"
#include "matrix.hpp"
#include "orthant/experimental.hpp"
#include "test.hpp"

namespace orthant::test {

template <class T>
struct Api : Experimental<T> {
  using Matrix = typename Abi<T>::Matrix;
  static Matrix dense(const T *values, int32_t rows, int32_t cols, int32_t ld) {
    return {sizeof(Matrix), ORTHANT_DENSE, rows, cols, ld, 0, values, {}, {}, {}, {}, {}};
  }
};

// The whole matrix as data, in place.
template <class T>
typename Api<T>::Matrix view(const Matrix<T> &A) {
  return Api<T>::dense(A.data(), A.rows(), A.cols(), A.ld());
}

template <class T>
constexpr double unit_roundoff = sizeof(T) == 4 ? 0x1p-24 : 0x1p-53;
// The distance of 1 to the next number: twice that.
template <class T>
constexpr double eps = 2 * unit_roundoff<T>;

#ifdef ORTHANT_F64
using Types = testing::Types<float, double>;
#else
using Types = testing::Types<float>;
#endif

struct TypeNames {
  template <class T>
  static std::string GetName(int) { return Api<T>::name; }
};

inline orthant_report empty_report() {
  orthant_report r{};
  r.size = sizeof r;
  return r;
}

}  // namespace orthant::test
