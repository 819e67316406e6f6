// Zero stands for the default in what a caller leaves open.
#pragma once

namespace orthant {

template <class T>
void default_to(T *x, T value) {
  if (*x == T(0)) *x = value;
}

}  // namespace orthant
