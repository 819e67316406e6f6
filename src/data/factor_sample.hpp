// Synthetic matrices V = W H + noise (algorithms.md, "Factormer: training"): exponential factors of mean 1 /
// sqrt(rank). The same for the same numbers on all machines, up to rounding.
#pragma once
#include "mat.hpp"
#include "real.hpp"
#include "rng.hpp"

namespace orthant {

enum class FactorSet : int32_t { training = 0, small, large };  // small and large are without noise

struct FactorSample {
  uint64_t seed = 0, index = 0;
  int32_t rank = 10;
  FactorSet set = FactorSet::training;  // of 15000 matrices an epoch
  double noise = 0.01;                  // of the training set

  // Zero stands for the default of rank and noise; no noise: below zero.
  void resolve();
  void sizes(int32_t *rows, int32_t *cols) const;
  template <class T>
  void draw(Mat<T> V) const;

 private:
  static constexpr uint64_t noise_stream = 3;  // the streams before it are those of the sets
  Rng numbers(uint64_t of_sizes_or_entries) const {
    return Rng(seed, (uint64_t(set) << 56) ^ (2 * index + of_sizes_or_entries));
  }
};

}  // namespace orthant
