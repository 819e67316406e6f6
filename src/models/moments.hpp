// Adam's moments and the number of its steps in a blob, from where training goes on.
#pragma once
#include "blob.hpp"
#include "real.hpp"

namespace orthant {

// Whether a blob says that it is a state, from where training goes on, and not a model alone.
inline bool is_state(const Blob &blob) {
  Record r;
  return blob.find("train.m", &r) || blob.find("train.v", &r) || blob.find("train.steps", &r);
}

template <class T>
struct SavedMoments {
  Record m, v, t;

  // Whether they are there, of n parameters.
  bool find(const Blob &blob, size_t n) {
    return blob.find("train.m", &m) && m.is(1, uint32_t(n)) && blob.find("train.v", &v) && v.is(1, uint32_t(n)) &&
           blob.find("train.steps", &t) && t.is(0);
  }
  // Whether they are numbers that a training leaves.
  bool good() const {
    for (size_t i = 0; i < m.count; ++i)
      if (!is_finite(m.value<T>(i)) || !(v.value<T>(i) >= T(0))) return false;
    const double count = t.value<double>(0);
    return count >= 0 && count < 1e15;
  }
  int64_t steps() const { return int64_t(t.value<double>(0)); }
  void read(T *to_m, T *to_v) const {
    m.read(0, m.count, to_m);
    v.read(0, v.count, to_v);
  }
};

}  // namespace orthant
