// A non-owning column-major view.  Offsets are ptrdiff_t: a matrix may hold more than 2^31 elements.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace orthant {

template <class T>
struct Mat {
  T *data = nullptr;
  int32_t rows = 0, cols = 0;
  ptrdiff_t ld = 0;

  T *col(ptrdiff_t j) const { return data + ld * j; }
  T &operator()(ptrdiff_t i, ptrdiff_t j) const {
#ifdef ORTHANT_BOUNDS  // blocks of a workspace lie side by side, where no sanitizer sees an index that is too large
    if (i < 0 || i >= rows || j < 0 || j >= cols) __builtin_trap();
#endif
    return data[i + ld * j];
  }
  Mat block(int32_t i, int32_t j, int32_t r, int32_t c) const { return {data + i + ld * j, r, c, ld}; }
  Mat columns(int32_t j, int32_t c) const { return block(0, j, rows, c); }
  operator Mat<const T>() const { return {data, rows, cols, ld}; }
};

// A read-only view as a parameter from which T is not deduced, so that a Mat<T> converts.
template <class T>
struct Same { using type = T; };
template <class T>
using View = Mat<const typename Same<T>::type>;

}  // namespace orthant
