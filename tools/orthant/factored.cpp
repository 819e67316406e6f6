#include "factored.hpp"

#include <algorithm>
#include <cmath>

#include "api.hpp"

namespace orthant::tool {

namespace {

void to_mean_one(std::vector<float> &V) {
  double sum = 0;
  for (float v : V) sum += static_cast<double>(v);
  const double scale = sum > 0 ? static_cast<double>(V.size()) / sum : 1;
  for (float &v : V) v = static_cast<float>(std::max(0.0, static_cast<double>(v) * scale));
}

// A handle of orthant_nmf with its memory.
class Solver {
 public:
  Solver(const Factored &x, int32_t start, const SolverChoice &choice, int iterations, uint64_t seed) {
    auto c = sized<orthant_nmf_config>();
    c.rows = x.m;
    c.cols = x.n;
    c.rank = x.r;
    c.method = choice.method;
    c.start = start;
    c.sweeps = choice.sweeps;
    c.rho = choice.rho;
    c.model = choice.model;
    c.max_iter = iterations;
    c.tol = -1;
    c.seed = seed;
    size_t bytes = 0;
    check_status(orthant_nmf_size_f32(&c, &bytes), "planning", c);
    memory_.resize(bytes);
    check_status(orthant_nmf_init_f32(&c, memory_.data(), bytes, &handle_), "placing");
  }
  void start(Factored &x) {
    const orthant_matrix_f32 V = matrix(x.V.data(), x.m, x.n);
    check_status(orthant_nmf_start_f32(handle_, &V, x.W.data(), x.m, x.H.data(), x.r), "starting");
  }
  void run(Factored &x) {
    const orthant_matrix_f32 V = matrix(x.V.data(), x.m, x.n);
    check_status(orthant_nmf_run_f32(handle_, &V, x.W.data(), x.m, x.H.data(), x.r, nullptr), "iterating");
  }

 private:
  std::vector<unsigned char> memory_;
  orthant_nmf_f32 *handle_ = nullptr;
};

}  // namespace

Factored Factored::synthetic(uint64_t seed, int set, uint64_t index, int rank) {
  auto c = sized<orthant_factors_config>();
  c.seed = seed;
  c.set = set;
  c.rank = rank;
  Factored x;
  x.r = rank;
  check_status(orthant_factors_run_f32(&c, index, &x.m, &x.n, nullptr, 0), "drawing");
  x.V.resize(static_cast<size_t>(x.m) * static_cast<size_t>(x.n));
  check_status(orthant_factors_run_f32(&c, index, &x.m, &x.n, x.V.data(), x.V.size()), "drawing");
  to_mean_one(x.V);
  return x;
}

Factored Factored::of(const Table<float> &data, int rank) {
  Factored x;
  x.m = static_cast<int>(data.rows);
  x.n = static_cast<int>(data.cols);
  x.r = rank;
  x.V = data.values;
  to_mean_one(x.V);
  return x;
}

double Factored::rmse() const {
  double sum = 0;
  std::vector<float> fit(static_cast<size_t>(m));
  for (int j = 0; j < n; ++j) {
    std::copy_n(V.begin() + static_cast<ptrdiff_t>(j) * m, m, fit.begin());
    for (int k = 0; k < r; ++k) {
      const float h = H[static_cast<size_t>(k + r * j)];
      for (int i = 0; i < m; ++i) fit[static_cast<size_t>(i)] -= h * W[static_cast<size_t>(i + m * k)];
    }
    double column = 0;
    for (float e : fit) column += static_cast<double>(e) * static_cast<double>(e);
    sum += column;
  }
  return std::sqrt(sum / (static_cast<double>(m) * n));
}

void Factored::start(int32_t kind, uint64_t seed) {
  W.resize(static_cast<size_t>(m) * static_cast<size_t>(r));
  H.resize(static_cast<size_t>(n) * static_cast<size_t>(r));
  Solver(*this, kind, {"start", ORTHANT_NMF_HALS, 1, 0}, 0, seed).start(*this);
}

bool Factored::propose(const orthant_model *model, const orthant_parallel *parallel) {
  auto c = sized<orthant_factormer_config>();
  c.rows = m;
  c.cols = n;
  c.model = model;
  c.parallel = parallel;
  size_t bytes = 0;
  check_status(orthant_factormer_size_f32(&c, &bytes), "planning", c);
  std::vector<unsigned char> memory(bytes);
  orthant_factormer_f32 *handle = nullptr;
  check_status(orthant_factormer_init_f32(&c, memory.data(), bytes, &handle), "placing");
  const orthant_matrix_f32 data = matrix(V.data(), m, n);
  const orthant_status st = orthant_factormer_run_f32(handle, &data, W.data(), m, H.data(), r, nullptr, 0, nullptr, 0);
  if (st != ORTHANT_E_DATA) check_status(st, "proposing");
  return st == ORTHANT_OK;
}

std::vector<double> iterate(Factored &x, const SolverChoice &choice, int iterations) {
  std::vector<double> curve{x.rmse()};
  Solver solver(x, ORTHANT_START_GIVEN, choice, 1, 1);
  solver.start(x);
  for (int t = 0; t < iterations; ++t) {
    solver.run(x);
    curve.push_back(x.rmse());
  }
  return curve;
}

void advance(Factored &x, const SolverChoice &choice, int iterations) {
  Solver solver(x, ORTHANT_START_GIVEN, choice, iterations, 1);
  solver.start(x);
  solver.run(x);
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return NAN;
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const size_t low = static_cast<size_t>(at), high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

}  // namespace orthant::tool
