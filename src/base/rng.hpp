// Counter-based random numbers: the value at (seed, stream, index) depends on nothing else, so any worker may draw any
// of them, and the integers are equal on all machines.  The mixer is SplitMix64's [Steele, Lea, Flood 2014], applied to
// seed, stream and index in turn.
#pragma once
#include <math.h>
#include <stdint.h>

namespace orthant {

class Rng {
 public:
  Rng(uint64_t seed, uint64_t stream) : key_(mix(mix(seed) ^ stream)) {}

  uint64_t bits(uint64_t index) const { return mix(key_ + 0x9E3779B97F4A7C15u * (index + 1)); }
  double uniform(uint64_t index) const { return double(bits(index) >> 11) * 0x1p-53; }                  // [0, 1)
  int32_t below(uint64_t index, int32_t n) const { return int32_t((bits(index) >> 32) * uint64_t(n) >> 32); }
  double normal(uint64_t index) const {  // Box and Muller, one of the pair
    const double u = 1.0 - uniform(2 * index), v = uniform(2 * index + 1);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
  }

 private:
  static uint64_t mix(uint64_t z) {
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  uint64_t key_;
};

}  // namespace orthant
