// Zero stands for the default in what a caller leaves open.
#pragma once
#include "mat.hpp"

namespace orthant {

// Same: T is that of x alone; an int32_t is a long where newlib is the C library.
template <class T>
void default_to(T *x, typename Same<T>::type value) {
  if (*x == T(0)) *x = value;
}

}  // namespace orthant
