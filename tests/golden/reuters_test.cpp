// NMF of the first Reuters documents, rank 20: the sparse matrix gives the iterates of the same matrix written out;
// skipped without the data.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "io.hpp"
#include "kinds.hpp"
#include "nmf_run.hpp"
#include "public_data.hpp"

namespace orthant::test {
namespace {

template <class T>
class Reuters : public testing::Test {};
TYPED_TEST_SUITE(Reuters, Types, TypeNames);

// The two differ in the order of sums alone: a rounding of each, times the condition of a Gram matrix of topics, of which
// 1e3 is allowed as in data_kinds_test, and the root of the ten iterations that add up.
TYPED_TEST(Reuters, SparseGivesTheIteratesOfDense) {
  using T = TypeParam;
  const std::string path = public_data("reuters/Reuters21578.mat");
  if (path.empty()) GTEST_SKIP();
  const tool::Data data = tool::read_data(path + ":fea");
  ASSERT_TRUE(data.sparse);
  // Documents are rows: the first 300 and the terms that occur in them, terms x documents, by rows (CSR).
  const int32_t documents = 300, rank = 20;
  Sparse<T> by_rows{ORTHANT_CSR, 0, documents, {}, {0}, {}};
  for (size_t term = 0; term + 1 < data.sparse->starts.size(); ++term) {
    for (auto e = size_t(data.sparse->starts[term]); e < size_t(data.sparse->starts[term + 1]); ++e)
      if (data.sparse->indices[e] < documents) {
        by_rows.indices.push_back(data.sparse->indices[e]);
        by_rows.values.push_back(T(data.sparse->values[e]));
      }
    const auto entries = int32_t(by_rows.indices.size());
    if (entries > by_rows.starts.back()) by_rows.starts.push_back(entries);
  }
  const int32_t terms = by_rows.rows = int32_t(by_rows.starts.size()) - 1;
  ASSERT_GT(terms, 1000);
  Matrix<T> dense(terms, documents);
  dense.fill(0);
  for (int32_t i = 0; i < terms; ++i)
    for (int32_t e = by_rows.starts[size_t(i)]; e < by_rows.starts[size_t(i) + 1]; ++e)
      dense(i, by_rows.indices[size_t(e)]) = by_rows.values[size_t(e)];

  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS}) {
    orthant_nmf_config c = nmf_config(rank, method, ORTHANT_START_COLS, 10, 0);
    if (method == ORTHANT_NMF_EHALS) c.sweeps = 4;  // by its rule dense V has more
    NmfRun<T> a(dense, c), b(by_rows.view(), c);
    for (NmfRun<T> *run : {&a, &b}) {
      ASSERT_EQ(run->start(), ORTHANT_OK);
      run->run();
    }
    const double tolerance = 1e3 * sqrt(10.0) * eps<T>;
    EXPECT_LE(largest(b.W - a.W), tolerance * largest(a.W)) << method_name(method);
    EXPECT_LE(largest(b.H - a.H), tolerance * largest(a.H)) << method_name(method);
    printf("%s: relative differences %.2g, %.2g\n", method_name(method).c_str(), difference(b.W, a.W),
           difference(b.H, a.H));
  }
}

}  // namespace
}  // namespace orthant::test
