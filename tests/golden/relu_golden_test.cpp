// ReLU decompositions of public data: the error after a hundred iterations of each descending method against recorded
// ones; skipped without the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "io.hpp"
#include "public_data.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

struct Recorded {
  const char *name, *file;
  int32_t rank;
  double now, qn, three_block;  // relative errors: the default, QN, and 3B-NMD at its published momentum
};
const Recorded recorded[] = {{"email_Eu_core", "relu_nmd/email-Eu-core.mat:adj_matrix", 20, 0.46801, 0.47437, 0.53638},
                             {"Trec11", "relu_nmd/Trec11.mat:Problem.A", 20, 0.18460, 0.18810, 0.21538}};
void PrintTo(const Recorded &f, std::ostream *os) { *os << f.name; }

class ReluGolden : public testing::TestWithParam<Recorded> {};

TEST_P(ReluGolden, MethodsDoAsWellAsTheyDid) {
  const Recorded &set = GetParam();
  const std::string path = public_data(set.file);
  if (path.empty()) GTEST_SKIP();
  tool::Table<float> t = tool::read_table<float>(path);
  for (float &x : t.values) x = std::max(x, 0.f);
  const auto m = int32_t(t.rows), n = int32_t(t.cols), r = set.rank;
  for (const int32_t method : {0, ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_3B}) {
    orthant_relu_nmd_config c{};
    c.size = sizeof c;
    c.rows = m, c.cols = n, c.rank = r, c.method = method, c.max_iter = 100, c.tol = c.tol_obj = -1, c.seed = 1;
    const Placed<orthant_relu_nmd_f32> s(orthant_relu_nmd_size_f32, orthant_relu_nmd_init_f32, c);
    Matrix<float> U(m, r), V(r, n);
    const auto M = Api<float>::dense(t.values.data(), m, n, m);
    orthant_report report = empty_report();
    ASSERT_EQ(orthant_relu_nmd_start_f32(s.get(), &M, U.data(), U.ld(), V.data(), V.ld()), ORTHANT_OK);
    ASSERT_EQ(orthant_relu_nmd_run_f32(s.get(), &M, U.data(), U.ld(), V.data(), V.ld(), &report), ORTHANT_OK);
    const double was = method == 0 ? set.now : method == ORTHANT_RELU_NMD_QN ? set.qn : set.three_block;
    printf("%-14s rank %d method %d: relative error %.5f, was %.5f\n", set.name, r, method, report.rel_error, was);
    // Other instruction sets round otherwise, and a hundred iterations of a quasi-Newton method spread that.
    EXPECT_LE(report.rel_error, 1.02 * was);
  }
}
INSTANTIATE_TEST_SUITE_P(Public, ReluGolden, testing::ValuesIn(recorded),
                         [](const testing::TestParamInfo<Recorded> &i) { return i.param.name; });

}  // namespace
}  // namespace orthant::test
