#include "factor_sample.hpp"

namespace orthant {

void FactorSample::resolve() {
  if (rank == 0) rank = 10;
  if (noise == 0) noise = 0.01;
  noise = max_of(noise, 0.0);
}

namespace {

struct Sides {
  int32_t least_rows, most_rows, least_cols, most_cols;
};

// 10000, 2000, 1500 and 1500 of 15000, mixed by a permutation that a multiplier makes.
Sides training_sides(uint64_t index) {
  const int32_t which = int32_t((index % 15000) * 7919 % 15000);
  if (which >= 13500) return {10, 35, 30, 100};
  if (which >= 12000) return {30, 100, 10, 35};
  if (which >= 10000) return {30, 70, 30, 70};
  return {10, 35, 10, 35};
}

Sides sides_of(FactorSet set, uint64_t index) {
  switch (set) {
    case FactorSet::training: return training_sides(index);
    case FactorSet::small: return {15, 35, 15, 35};
    case FactorSet::large: return {50, 200, 50, 200};
  }
  return {};
}

}  // namespace

void FactorSample::sizes(int32_t *rows, int32_t *cols) const {
  const Rng rng = numbers(0);
  const Sides s = sides_of(set, index);
  *rows = s.least_rows + rng.below(0, s.most_rows - s.least_rows + 1);
  *cols = s.least_cols + rng.below(1, s.most_cols - s.least_cols + 1);
}

// Appendix C; its "rate" is a scale: the mean of V is one.  No clipping.  By blocks, whose numbers are drawn again: no
// memory is needed.
template <class T>
void FactorSample::draw(Mat<T> V) const {
  const Rng rng = numbers(1);
  const double scale = 1 / sqrt_of(double(rank));
  const uint64_t m = uint64_t(V.rows);
  const auto exponential = [&](uint64_t item, int32_t k) {
    return T(-scale * log(1.0 - rng.uniform(item * uint64_t(rank) + uint64_t(k))));
  };
  constexpr int32_t block = 16;
  T w[block], h[block];
  for (int32_t j = 0; j < V.cols; ++j)
    for (int32_t i = 0; i < V.rows; ++i) V(i, j) = T(0);
  for (int32_t j0 = 0; j0 < V.cols; j0 += block)
    for (int32_t i0 = 0; i0 < V.rows; i0 += block) {
      const int32_t rows = min_of(block, V.rows - i0), cols = min_of(block, V.cols - j0);
      for (int32_t k = 0; k < rank; ++k) {
        for (int32_t i = 0; i < rows; ++i) w[i] = exponential(uint64_t(i0) + uint64_t(i), k);
        for (int32_t j = 0; j < cols; ++j) h[j] = exponential(m + uint64_t(j0) + uint64_t(j), k);
        for (int32_t j = 0; j < cols; ++j)
          for (int32_t i = 0; i < rows; ++i) V(i0 + i, j0 + j) += w[i] * h[j];
      }
    }
  if (set != FactorSet::training || !(noise > 0)) return;
  const Rng noisy(seed, (noise_stream << 56) ^ index);
  for (int32_t j = 0; j < V.cols; ++j)
    for (int32_t i = 0; i < V.rows; ++i) V(i, j) += T(noise * noisy.normal(uint64_t(j) * m + uint64_t(i)));
}

#define INSTANTIATE(T) template void FactorSample::draw(Mat<T>) const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
