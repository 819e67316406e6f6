// The trained models of tools/models do what their README says, on matrices of a seed that nothing was trained
// or chosen by.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "orthant/experimental.h"

namespace {

// A weight blob read from a file.
struct Model {
  std::vector<char> memory;
  const orthant_model *model = nullptr;
  explicit Model(const std::string &name) {
    const char *directory = getenv("ORTHANT_MODELS");
    const std::string path = std::string(directory ? directory : "tools/models") + "/" + name;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    memory.resize(bytes.size() + 64);
    char *at = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64) % 64;
    std::copy(bytes.begin(), bytes.end(), at);
    EXPECT_EQ(orthant_model_open(at, bytes.size(), &model), ORTHANT_OK) << path;
    EXPECT_EQ(orthant_model_verify(model), ORTHANT_OK) << path;
  }
};

double rmse(const std::vector<float> &V, const std::vector<float> &W, const std::vector<float> &H, int m, int n, int r) {
  double sum = 0;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < m; ++i) {
      double e = double(V[size_t(i + m * j)]);
      for (int k = 0; k < r; ++k) e -= double(W[size_t(i + m * k)]) * double(H[size_t(k + r * j)]);
      sum += e * e;
    }
  return std::sqrt(sum / (double(m) * n));
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

// Medians over fresh matrices, brought to mean one: of the start, of the model's output, and after `more` AO-ADMM iterations.
struct Medians {
  double start, raw, after;
};
Medians judge(const char *file, int set, int matrices, int more) {
  const Model model(file);
  orthant_factormer_info info{};
  info.size = sizeof info;
  EXPECT_EQ(orthant_factormer_describe(model.model, &info), ORTHANT_OK);
  const int r = info.rank;
  std::vector<double> start, raw, after;
  for (int i = 0; i < matrices; ++i) {
    orthant_factors_config data{};
    data.size = sizeof data, data.rank = r, data.set = set, data.seed = 20261122;
    int m = 0, n = 0;
    EXPECT_EQ(orthant_factors_run_f32(&data, uint64_t(i), &m, &n, nullptr, 0), ORTHANT_OK);
    std::vector<float> V(size_t(m) * size_t(n)), W(size_t(m * r)), H(size_t(n * r));
    EXPECT_EQ(orthant_factors_run_f32(&data, uint64_t(i), &m, &n, V.data(), V.size()), ORTHANT_OK);
    double sum = 0;
    for (float v : V) sum += double(v);
    for (float &v : V) v = float(double(v) * double(V.size()) / sum);
    const orthant_matrix_f32 view = ORTHANT_DENSE_F32(V.data(), m, n, m);
    size_t bytes = 0;
    // One run of the solver from a start; `iterations` below zero: the start alone.
    const auto solve = [&](int kind, int iterations) {
      orthant_nmf_config c{};
      c.size = sizeof c, c.rows = m, c.cols = n, c.rank = r, c.start = kind, c.method = ORTHANT_NMF_AOADMM, c.rho = 1;
      c.sweeps = 5, c.max_iter = iterations, c.tol = -1;
      EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_OK);
      std::vector<char> memory(bytes);
      orthant_nmf_f32 *s = nullptr;
      EXPECT_EQ(orthant_nmf_init_f32(&c, memory.data(), bytes, &s), ORTHANT_OK);
      EXPECT_EQ(orthant_nmf_start_f32(s, &view, W.data(), m, H.data(), r), ORTHANT_OK);
      if (iterations > 0) EXPECT_EQ(orthant_nmf_run_f32(s, &view, W.data(), m, H.data(), r, nullptr), ORTHANT_OK);
    };
    solve(ORTHANT_START_NNDSVD, -1);
    start.push_back(rmse(V, W, H, m, n, r));
    orthant_factormer_config c{};
    c.size = sizeof c, c.rows = m, c.cols = n, c.model = model.model;
    EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_OK);
    std::vector<char> memory(bytes);
    orthant_factormer_f32 *f = nullptr;
    EXPECT_EQ(orthant_factormer_init_f32(&c, memory.data(), bytes, &f), ORTHANT_OK);
    EXPECT_EQ(orthant_factormer_run_f32(f, &view, W.data(), m, H.data(), r, nullptr, 0, nullptr, 0), ORTHANT_OK);
    raw.push_back(rmse(V, W, H, m, n, r));
    solve(ORTHANT_START_GIVEN, more);
    after.push_back(rmse(V, W, H, m, n, r));
  }
  return {median(start), median(raw), median(after)};
}

// The bounds are those that a network of this size was asked to reach, 0.033, 0.009 and 0.058.
TEST(Models, PaperReachesItsTargets) {
  const Medians small = judge("paper-f16.orw", ORTHANT_FACTORS_SMALL, 48, 5);
  EXPECT_LE(small.raw, 0.033);
  EXPECT_LE(small.after, 0.009);
  EXPECT_LE(judge("paper-f16.orw", ORTHANT_FACTORS_LARGE, 12, 5).raw, 0.058);
}

// The files hold half precision alone; these medians are those of the weights before they were rounded to it.
TEST(Models, HalfPrecisionIsAsGood) {
  const std::pair<const char *, double> rounded[] = {{"paper-f16.orw", 0.013105}, {"tiny-f16.orw", 0.091188}};
  for (const auto &[name, full] : rounded)
    EXPECT_NEAR(judge(name, ORTHANT_FACTORS_SMALL, 24, 1).raw, full, 0.05 * full) << name;
}

// One run of HALS from NNDSVD, with a model or without: what the report says of proposals, and the factors.
struct Proposed {
  int32_t proposals;
  std::vector<float> W, H;
};
Proposed propose(const std::vector<float> &V, int m, int n, const orthant_model *model, int iterations) {
  constexpr int r = 10;
  orthant_nmf_config c{};
  c.size = sizeof c, c.rows = m, c.cols = n, c.rank = r, c.start = ORTHANT_START_NNDSVD, c.method = ORTHANT_NMF_HALS;
  c.max_iter = iterations, c.tol = -1, c.model = model;
  size_t bytes = 0;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_OK);
  std::vector<char> memory(bytes);
  Proposed p{0, std::vector<float>(size_t(m * r)), std::vector<float>(size_t(n * r))};
  const orthant_matrix_f32 view = ORTHANT_DENSE_F32(V.data(), m, n, m);
  orthant_report report{};
  report.size = sizeof report;
  orthant_nmf_f32 *s = nullptr;
  EXPECT_EQ(orthant_nmf_init_f32(&c, memory.data(), bytes, &s), ORTHANT_OK);
  EXPECT_EQ(orthant_nmf_start_f32(s, &view, p.W.data(), m, p.H.data(), r), ORTHANT_OK);
  EXPECT_EQ(orthant_nmf_run_f32(s, &view, p.W.data(), m, p.H.data(), r, &report), ORTHANT_OK);
  p.proposals = report.proposals;
  return p;
}

// Of the kinds that are refused the networks' output is worth an iteration at most (tools/bench/results/factormer).
TEST(Models, AreAskedForDataLikeThoseOfTheirTraining) {
  const auto drawn = [](int set, uint64_t index, int *m, int *n) {
    orthant_factors_config data{};
    data.size = sizeof data, data.rank = 10, data.set = set, data.seed = 20261127;
    EXPECT_EQ(orthant_factors_run_f32(&data, index, m, n, nullptr, 0), ORTHANT_OK);
    std::vector<float> V(size_t(*m) * size_t(*n));
    EXPECT_EQ(orthant_factors_run_f32(&data, index, m, n, V.data(), V.size()), ORTHANT_OK);
    for (float &v : V) v = std::max(v, 0.f);
    return V;
  };
  uint64_t state = 1;
  const auto uniform = [&state] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return double(state >> 11) * 0x1p-53;
  };
  for (const char *file : {"tiny-f16.orw", "paper-f16.orw", "accelerate-f16.orw"}) {
    const Model model(file);
    int m = 0, n = 0, taken = 0;
    for (int set : {ORTHANT_FACTORS_TRAINING, ORTHANT_FACTORS_SMALL, ORTHANT_FACTORS_LARGE})
      for (uint64_t i = 0; i < (set == ORTHANT_FACTORS_LARGE ? 2u : 12u); ++i) {
        std::vector<float> V = drawn(set, i, &m, &n);
        for (float &v : V) v *= 1e6f;  // the unit does not matter
        const int32_t proposals = propose(V, m, n, model.model, 5).proposals;
        EXPECT_GE(proposals, 0) << file << ", set " << set << ", " << i;
        taken += proposals;
      }
    EXPECT_GE(taken, 13) << file;  // half of them

    constexpr int side = 60;
    std::vector<float> noise(side * side), sparse(side * side), skewed(side * side), outlier(side * side);
    for (float &v : noise) v = float(uniform());
    for (float &v : sparse) v = uniform() < 0.05 ? float(uniform()) : 0.f;
    for (float &v : skewed) v = float(std::exp(6 * (uniform() + uniform() + uniform() - 1.5)));
    for (float &v : outlier) v = float(1 + uniform());
    outlier[100] = 1e4f;
    std::vector<float> larger(500 * 20);
    for (int j = 0; j < 20; ++j)
      for (int i = 0; i < 500; ++i) larger[size_t(i + 500 * j)] = float((1 + i % 7) * (1 + j % 3) + (i % 5) * (j % 4));
    const struct {
      const char *name;
      int rows;
      const std::vector<float> &V;
    } others[] = {{"noise", side, noise}, {"sparse", side, sparse}, {"skewed", side, skewed},
                  {"an outlier", side, outlier}, {"larger", 500, larger}};
    for (const auto &[name, rows, V] : others) {
      const int cols = int(V.size()) / rows;
      const Proposed with = propose(V, rows, cols, model.model, 3), without = propose(V, rows, cols, nullptr, 3);
      EXPECT_EQ(with.proposals, -1) << file << ", " << name;
      EXPECT_TRUE(with.W == without.W && with.H == without.H) << file << ", " << name;
    }
  }
}

TEST(Models, TinyIsBetterThanItsStart) {
  const Medians small = judge("tiny-f16.orw", ORTHANT_FACTORS_SMALL, 24, 5);
  EXPECT_LE(small.raw, 0.5 * small.start);
}

// The table that is compiled in is the one that was trained.
TEST(Models, TheScheduleIsTheBuiltInOne) {
  const Model model("schedule.orw");
  size_t bytes = 0;
  ASSERT_EQ(orthant_schedule_default(nullptr, 0, &bytes), ORTHANT_OK);
  std::vector<char> own(bytes);
  ASSERT_EQ(orthant_schedule_default(own.data(), bytes, &bytes), ORTHANT_OK);
  EXPECT_EQ(memcmp(own.data(), model.model, bytes), 0);
}

}  // namespace
