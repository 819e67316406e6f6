// The two element types of orthant.h behind one name each, for code that is written once for both.
#pragma once

#include <type_traits>

#include "orthant/experimental.hpp"

namespace orthant::tool {

template <class T>
using Api = Experimental<T>;

// A dense matrix without gaps between its columns.
template <class T>
typename Api<T>::Matrix matrix(const T *values, int64_t rows, int64_t cols) {
  typename Api<T>::Matrix m{};
  m.size = sizeof m;
  m.kind = ORTHANT_DENSE;
  m.rows = static_cast<int32_t>(rows);
  m.cols = static_cast<int32_t>(cols);
  m.ld = static_cast<int32_t>(rows);
  m.values = values;
  return m;
}

// The nonzeros of one, by columns.
template <class T>
typename Api<T>::Matrix sparse_matrix(const T *values, const int32_t *starts, const int32_t *indices, int64_t rows,
                                      int64_t cols) {
  auto m = matrix(values, rows, cols);
  m.kind = ORTHANT_CSC;
  m.ld = 0;
  m.starts = starts;
  m.indices = indices;
  return m;
}

// A config or report: all zero but its size.
template <class C>
C sized() {
  C c{};
  c.size = sizeof c;
  return c;
}

template <class T>
constexpr const char *element_text() {
  return std::is_same_v<T, float> ? "f32" : "f64";
}

}  // namespace orthant::tool
