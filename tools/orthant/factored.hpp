// Matrices of a known rank, starts, proposals and solvers, as training and benchmarks of the Factormer use them.
#pragma once
#include <string>
#include <vector>

#include "weights.hpp"

namespace orthant::tool {

// Data brought to mean one, with factors and their error.
struct Factored {
  int m = 0, n = 0, r = 0;
  std::vector<float> V, W, H;

  static Factored synthetic(uint64_t seed, int set, uint64_t index, int rank = 10);  // ORTHANT_FACTORS_...
  static Factored of(const Table<float> &data, int rank);
  double rmse() const;
  void start(int32_t kind, uint64_t seed = 1);  // ORTHANT_START_...
  // false: the model's result is not finite, and the factors are as they were.
  bool propose(const orthant_model *model, const orthant_parallel *parallel = nullptr);
};

// One iteration after another from the factors of `x`, which move along; the RMSE before the first and after each.
struct SolverChoice {
  std::string name;
  int32_t method, sweeps;
  double rho;
  const orthant_model *model = nullptr;  // a factormer that accelerates
};
std::vector<double> iterate(Factored &x, const SolverChoice &solver, int iterations);

// All at once.
void advance(Factored &x, const SolverChoice &solver, int iterations);

// The value below which this share of the values lies, linear between them; NaN of none.
double quantile(std::vector<double> values, double share = 0.5);

}  // namespace orthant::tool
