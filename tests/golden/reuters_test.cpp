// NMF of the first Reuters documents, rank 20: the sparse matrix gives the iterates of the same matrix written out.
// The data stand in the directory that ORTHANT_DATA names, or beside the checkout; where they are not, this is skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "io.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class Reuters : public testing::Test {};
TYPED_TEST_SUITE(Reuters, Types, TypeNames);

// The two differ in the order of sums alone: a rounding of each, times the condition of a Gram matrix of topics, of which
// 1e3 is allowed as in data_kinds_test, and the root of the ten iterations that add up.
TYPED_TEST(Reuters, SparseGivesTheIteratesOfDense) {
  using T = TypeParam;
  std::string root = "../shared/data";
  for (const char *name : {"ORTHANT_DATA_DEFAULT", "ORTHANT_DATA"})
    if (const char *value = getenv(name)) root = value;
  const std::string path = root + "/reuters/Reuters21578.mat";
  if (!std::ifstream(path)) {
    printf("skipped: %s is not there (ORTHANT_DATA=DIR)\n", path.c_str());
    GTEST_SKIP();
  }
  const tool::Data data = tool::read_data(path + ":fea");
  ASSERT_TRUE(data.sparse);
  // Documents are rows: the first 300 and the terms that occur in them, terms x documents, by rows (CSR).
  const int32_t documents = 300, rank = 20;
  std::vector<int32_t> starts{0}, indices;
  std::vector<T> values;
  for (size_t term = 0; term + 1 < data.sparse->starts.size(); ++term) {
    for (auto e = size_t(data.sparse->starts[term]); e < size_t(data.sparse->starts[term + 1]); ++e)
      if (data.sparse->indices[e] < documents) {
        indices.push_back(data.sparse->indices[e]);
        values.push_back(T(data.sparse->values[e]));
      }
    if (int32_t(indices.size()) > starts.back()) starts.push_back(int32_t(indices.size()));
  }
  const auto terms = int32_t(starts.size()) - 1;
  ASSERT_GT(terms, 1000);
  std::vector<T> dense(size_t(terms) * documents);
  for (int32_t i = 0; i < terms; ++i)
    for (int32_t e = starts[size_t(i)]; e < starts[size_t(i) + 1]; ++e)
      dense[size_t(i) + size_t(terms) * size_t(indices[size_t(e)])] = values[size_t(e)];

  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS}) {
    std::vector<T> W[2], H[2];
    for (const bool sparse : {false, true}) {
      typename Api<T>::Matrix V{};
      V.size = sizeof V, V.kind = sparse ? ORTHANT_CSR : ORTHANT_DENSE, V.rows = terms, V.cols = documents;
      V.values = sparse ? values.data() : dense.data();
      V.ld = sparse ? 0 : terms;
      if (sparse) V.starts = starts.data(), V.indices = indices.data();
      orthant_nmf_config c{};
      c.size = sizeof c, c.rows = terms, c.cols = documents, c.rank = rank;
      c.method = method, c.start = ORTHANT_START_COLS, c.max_iter = 10, c.tol = -1, c.data = V.kind;
      size_t bytes = 0;
      ASSERT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
      std::vector<unsigned char> memory(bytes);
      typename Api<T>::Nmf *nmf = nullptr;
      ASSERT_EQ(Api<T>::nmf_init(&c, memory.data(), bytes, &nmf), ORTHANT_OK);
      W[sparse].resize(size_t(terms) * rank), H[sparse].resize(size_t(rank) * documents);
      orthant_report report{};
      report.size = sizeof report;
      ASSERT_EQ(Api<T>::nmf_start(nmf, &V, W[sparse].data(), terms, H[sparse].data(), rank), ORTHANT_OK);
      ASSERT_EQ(Api<T>::nmf_run(nmf, &V, W[sparse].data(), terms, H[sparse].data(), rank, &report), ORTHANT_OK);
    }
    const double tolerance = 1e3 * sqrt(10.0) * (sizeof(T) == 4 ? double(FLT_EPSILON) : DBL_EPSILON);
    for (const auto &[a, b] : {std::pair(&W[0], &W[1]), std::pair(&H[0], &H[1])}) {
      double most = 0, top = 0;
      for (size_t i = 0; i < a->size(); ++i) {
        most = std::max(most, fabs(double((*a)[i]) - double((*b)[i])));
        top = std::max(top, fabs(double((*a)[i])));
      }
      EXPECT_LE(most, tolerance * top) << "method " << method << ", of " << top;
      printf("method %d: largest difference %.2g of %.3g\n", int(method), most, top);
    }
  }
}

}  // namespace
}  // namespace orthant::test
