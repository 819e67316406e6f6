// Random numbers that are the same with every standard library.
#pragma once
#include <cstdint>
#include <random>

namespace orthant::test {

using Random = std::mt19937_64;

// Not std::uniform_real_distribution, whose numbers differ between standard libraries.
inline double uniform(Random &random) { return double(random() >> 11) * 0x1p-53; }
inline int uniform_int(Random &random, int low, int high) { return low + int(random() % uint64_t(high - low + 1)); }
inline double normal(Random &random) {
  double s = -6;
  for (int i = 0; i < 12; ++i) s += uniform(random);
  return s;
}

}  // namespace orthant::test
