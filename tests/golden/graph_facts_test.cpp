// The similarity graphs of public data against published facts (algorithms.md, "Similarity graphs"), to all printed
// digits, in f64; skipped without the data.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "io.hpp"
#include "public_data.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

struct Fact {
  const char *name, *file;
  int32_t rank, entries;  // 0: not stated
  double norm, bound;     // to 5 and 6 decimals
  double reached;         // E of SymHALS from the spectral start, as measured here
};
const Fact facts[] = {{"orl_112x92", "orl/ORL_112x92.mat:data", 40, 4670, 6.11109, 0.353604, 0.3657},
                      {"orl_64x64", "orl/ORL_64x64.mat:fea", 40, 0, 6.01608, 0.397422, 0.4137},
                      {"orl_32x32", "orl/ORL_32x32.mat:fea", 40, 0, 6.01178, 0.400665, 0.4167},
                      {"coil20", "coil20/COIL20.mat:X", 20, 0, 11.63233, 0.854185, 0.8547}};
void PrintTo(const Fact &f, std::ostream *os) { *os << f.name; }

class GraphFacts : public testing::TestWithParam<Fact> {};

#ifdef ORTHANT_F64
TEST_P(GraphFacts, AreReproduced) {
  const Fact &fact = GetParam();
  const std::string path = public_data(fact.file);
  if (path.empty()) GTEST_SKIP();
  const tool::Table<double> t = tool::read_table<double>(path);
  const auto n = int32_t(t.rows), p = int32_t(t.cols);
  Matrix<double> M(p, n, 0);
  M.each([&](int32_t i, int32_t j) { return t(j, i); });

  orthant_graph_config c{};
  c.size = sizeof c, c.features = p, c.samples = n;
  size_t bytes = 0;
  int32_t most = 0;
  ASSERT_EQ(orthant_graph_size_f64(&c, &bytes), ORTHANT_OK);
  ASSERT_EQ(orthant_graph_capacity(&c, &most), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes);
  std::vector<int32_t> starts(size_t(n) + 1), indices(static_cast<size_t>(most));
  std::vector<double> values(static_cast<size_t>(most));
  const auto data = view(M);
  ASSERT_EQ(orthant_graph_run_f64(&c, memory.data(), bytes, &data, starts.data(), indices.data(), values.data(), most), ORTHANT_OK);

  double squares = 0, top = 0, degree = 0;
  for (int32_t e = 0; e < starts.back(); ++e) squares += values[size_t(e)] * values[size_t(e)];
  if (fact.entries > 0) EXPECT_EQ(starts.back(), fact.entries);
  EXPECT_NEAR(sqrt(squares), fact.norm, 0.5e-5);

  const orthant_matrix_f64 X = ORTHANT_SPARSE_F64(ORTHANT_CSC, values.data(), starts.data(), indices.data(), n, n);
  orthant_symnmf_config s{};
  s.size = sizeof s, s.n = n, s.rank = fact.rank, s.max_iter = -1, s.bound = 1;
  const auto solve = [&] {
    const Placed<orthant_symnmf_f64> symnmf(orthant_symnmf_size_f64, orthant_symnmf_init_f64, s);
    Matrix<double> U(n, fact.rank);
    orthant_report report = empty_report();
    EXPECT_EQ(orthant_symnmf_start_f64(symnmf.get(), &X, U.data(), U.ld()), ORTHANT_OK);
    EXPECT_EQ(orthant_symnmf_run_f64(symnmf.get(), &X, U.data(), U.ld(), &report), ORTHANT_OK);
    return report;
  };
  EXPECT_NEAR(solve().bound, fact.bound, 0.5e-6);
  s.start = ORTHANT_SYMNMF_START_SPECTRAL, s.max_iter = 300;
  const orthant_report r = solve();
  printf("%s: E %.6f, bound %.6f\n", fact.name, r.rel_error * r.rel_error, r.bound);
  EXPECT_LE(r.rel_error * r.rel_error, fact.reached);

  // |X|_2 = 1: power steps on I + X, whose eigenvalues are not negative, from the vector of ones.
  std::vector<double> x(size_t(n), 1.0), y(x);
  for (int step = 0; step < 300; ++step) {
    for (int32_t j = 0; j < n; ++j) {
      y[size_t(j)] = x[size_t(j)];
      for (int32_t e = starts[size_t(j)]; e < starts[size_t(j) + 1]; ++e) y[size_t(j)] += values[size_t(e)] * x[size_t(indices[size_t(e)])];
    }
    top = degree = 0;
    for (int32_t j = 0; j < n; ++j) top += y[size_t(j)] * x[size_t(j)], degree += x[size_t(j)] * x[size_t(j)];
    top /= degree;
    for (int32_t j = 0; j < n; ++j) x[size_t(j)] = y[size_t(j)] / 2;
  }
  EXPECT_NEAR(top - 1, 1.0, 1e-4);
  EXPECT_LE(top - 1, 1.0 + 1e-12);
}
INSTANTIATE_TEST_SUITE_P(Public, GraphFacts, testing::ValuesIn(facts),
                         [](const testing::TestParamInfo<Fact> &i) { return i.param.name; });
#endif

}  // namespace
}  // namespace orthant::test
