// Similarity graphs and clustering scores through the public interface.
#include "reference.hpp"
#include "symmetric.hpp"

namespace orthant::test {
namespace {

template <class T>
class GraphOf : public testing::Test {
 protected:
  Random random{31};
};
TYPED_TEST_SUITE(GraphOf, Types, TypeNames);

orthant_graph_config graph_config(int32_t features, int32_t samples, int32_t kind) {
  orthant_graph_config c{};
  c.size = sizeof c;
  c.features = features, c.samples = samples, c.kind = kind;
  return c;
}

template <class T>
struct Made {
  orthant_status status = ORTHANT_OK;
  std::vector<int32_t> starts, indices;
  std::vector<T> values;
  Matrix<T> X{0, 0};  // dense
};
template <class T>
Made<T> make(const Matrix<T> &M, orthant_graph_config c) {
  Made<T> g;
  size_t bytes = 0;
  int32_t most = 0;
  EXPECT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_OK);
  EXPECT_EQ(orthant_graph_capacity(&c, &most), ORTHANT_OK);
  Arena memory(bytes, 11, 0xAB);
  const int32_t n = c.samples;
  g.starts.assign(size_t(n) + 1, -1), g.indices.assign(size_t(most), -1), g.values.assign(size_t(most), canary(T()));
  const auto data = view(M);
  g.status = Api<T>::graph_run(&c, memory.data(), bytes, &data, g.starts.data(), g.indices.data(), g.values.data(), most);
  EXPECT_TRUE(memory.intact());
  if (g.status != ORTHANT_OK) return g;
  g.X = Matrix<T>(n, n);
  EXPECT_EQ(Api<T>::graph_dense(n, g.starts.data(), g.indices.data(), g.values.data(), g.X.data(), g.X.ld()),
            ORTHANT_OK);
  return g;
}

// The definition, with the whole distance matrix.
template <class T>
Matrix<double> truth(const Matrix<T> &M, int32_t kind, int32_t k, int32_t nn, bool cut) {
  const int32_t n = M.cols();
  std::vector<double> sigma(size_t(n), 0.0), length(size_t(n), 1.0);
  if (kind == ORTHANT_GRAPH_COSINE) {
    const Matrix<double> squares = transposed(M) * M;
    for (int32_t j = 0; j < n; ++j) length[size_t(j)] = sqrt(squares(j, j));
  }
  Matrix<double> D(n, n), A = zeros(n, n);
  D.each([&](int32_t i, int32_t j) {
    double sum = 0;
    for (int32_t f = 0; f < M.rows(); ++f) {
      const double d = double(M(f, i)) / length[size_t(i)] - double(M(f, j)) / length[size_t(j)];
      sum += d * d;
    }
    return sum;
  });
  std::vector<std::vector<int32_t>> near(static_cast<size_t>(n));
  for (int32_t j = 0; j < n; ++j) {
    auto &list = near[size_t(j)];
    for (int32_t i = 0; i < n; ++i)
      if (i != j) list.push_back(i);
    std::stable_sort(list.begin(), list.end(), [&](int32_t a, int32_t b) { return D(a, j) < D(b, j); });
    sigma[size_t(j)] = sqrt(D(list[size_t(std::min(nn, n - 1) - 1)], j));
    list.resize(size_t(std::min(k, n - 1)));
  }
  const auto similarity = [&](int32_t i, int32_t j) {
    if (kind == ORTHANT_GRAPH_GAUSSIAN) return exp(-D(i, j) / std::max(sigma[size_t(i)] * sigma[size_t(j)], 1e-300));
    return kind == ORTHANT_GRAPH_COSINE ? std::max(1 - D(i, j) / 2, 0.0) : 1;
  };
  for (int32_t j = 0; j < n; ++j)
    for (const int32_t i : near[size_t(j)]) A(i, j) = A(j, i) = similarity(i, j);
  if (!cut) return A;
  const Matrix<double> degree = Matrix<double>(1, n).fill(1) * A;
  Matrix<double> X = A;
  X.each([&](int32_t i, int32_t j) { return A(i, j) > 0 ? A(i, j) / sqrt(degree(0, i) * degree(0, j)) : 0; });
  return X;
}

TYPED_TEST(GraphOf, IsItsDefinition) {
  using T = TypeParam;
  for (const int32_t kind : {ORTHANT_GRAPH_GAUSSIAN, ORTHANT_GRAPH_COSINE, ORTHANT_GRAPH_BINARY})
    for (const int32_t n : {2, 3, 9, 150, 331})
      for (const bool cut : {true, false}) {
        SCOPED_TRACE("kind " + std::to_string(kind) + ", samples " + std::to_string(n));
        Matrix<T> M(6, n, 2);
        M.fill_uniform(this->random);
        // Points of a lattice, many of whose distances are equal to the last bit: the lower index is the nearer one.
        if ((n == 9 || n == 331) && kind != ORTHANT_GRAPH_COSINE)
          M.each([](int32_t f, int32_t i) { return double(i / int32_t(pow(3, f)) % 3); });
        auto c = graph_config(6, n, kind);
        c.unnormalised = !cut;
        int32_t k = 1;
        for (int32_t q = n; q > 1; q /= 2) ++k;
        if (n == 150) c.neighbours = k = 20, c.scale_at = 3;
        const Made<T> g = make(M, c);
        ASSERT_EQ(g.status, ORTHANT_OK);
        const Matrix<double> X = truth(M, kind, k, n == 150 ? 3 : 7, cut);
        EXPECT_LE(largest(g.X - X), 64 * unit_roundoff<T>);
        EXPECT_GT(mean(X), 0.0);
        EXPECT_TRUE(g.X == transposed(g.X));  // to the last bit
        for (int32_t j = 0; j < n; ++j)
          for (int32_t e = g.starts[size_t(j)] + 1; e < g.starts[size_t(j) + 1]; ++e)
            EXPECT_LT(g.indices[size_t(e) - 1], g.indices[size_t(e)]);
      }
}

TYPED_TEST(GraphOf, ScaleAndShiftDoNotMatter) {
  using T = TypeParam;
  const int32_t n = 60;
  Matrix<T> M(5, n), S(5, n);
  M.each([&](int32_t, int32_t) { return double(int(64 * uniform(this->random))) / 64; });  // exact in both types
  S.each([&](int32_t i, int32_t j) { return 8 * M(i, j) + 16; });
  const Made<T> a = make(M, graph_config(5, n, 0)), b = make(S, graph_config(5, n, 0));
  EXPECT_TRUE(a.starts == b.starts && a.indices == b.indices);
  EXPECT_LE(largest(a.X - b.X), 16 * unit_roundoff<T>);
}

TYPED_TEST(GraphOf, DuplicatesAndEmptySamples) {
  using T = TypeParam;
  const int32_t n = 40;
  for (const int32_t kind : {ORTHANT_GRAPH_GAUSSIAN, ORTHANT_GRAPH_COSINE, ORTHANT_GRAPH_BINARY}) {
    Matrix<T> M(4, n);
    M.fill_uniform(this->random);
    for (int32_t j = 10; j < 30; ++j)
      for (int32_t i = 0; i < 4; ++i) M(i, j) = M(i, 10);
    for (int32_t i = 0; i < 4; ++i) M(i, 35) = T(0);
    const Made<T> g = make(M, graph_config(4, n, kind));
    ASSERT_EQ(g.status, ORTHANT_OK);
    EXPECT_TRUE(nonnegative(g.X));
    EXPECT_LE(largest(g.X), double(T(1) + T(1e-6)));
    if (kind == ORTHANT_GRAPH_COSINE) EXPECT_EQ(g.starts[35], g.starts[36]);  // an empty sample is like nothing
  }
}

TYPED_TEST(GraphOf, BadInput) {
  using T = TypeParam;
  Matrix<T> M(3, 8);
  M.fill_uniform(this->random);
  for (const double bad : {double(NAN), double(INFINITY), double(std::numeric_limits<T>::max())}) {
    M(1, 4) = T(bad);
    EXPECT_EQ(make(M, graph_config(3, 8, 0)).status, ORTHANT_E_DATA);
  }
  size_t bytes = 0;
  auto c = graph_config(3, 1, 0);
  EXPECT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_E_ARG);
  c = graph_config(3, 8, 9);
  EXPECT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_E_ARG);
  c = graph_config(3, INT32_MAX, 0);
  EXPECT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_E_ARG);
  c = graph_config(3, 8, 0);
  ASSERT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_OK);
  M(1, 4) = T(1);
  Arena memory(bytes, 0);
  int32_t starts[9], indices[64];
  T values[64];
  const auto data = view(M);
  EXPECT_EQ(Api<T>::graph_run(&c, memory.data(), bytes - 1, &data, starts, indices, values, 64), ORTHANT_E_SCRATCH);
  EXPECT_EQ(Api<T>::graph_run(&c, memory.data(), bytes, &data, starts, indices, values, 63), ORTHANT_E_SCRATCH);
  EXPECT_EQ(Api<T>::graph_run(&c, memory.data(), bytes, &data, starts, indices, nullptr, 64), ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::graph_run(&c, memory.data(), bytes, &data, starts, indices, values, 64), ORTHANT_OK);
}

// ---- Scores

orthant_clusters_scores score(const std::vector<int32_t> &found, const std::vector<int32_t> &truth, int32_t clusters,
                              int32_t classes, orthant_status expected = ORTHANT_OK) {
  orthant_clusters_config c{};
  c.size = sizeof c;
  c.samples = int32_t(found.size()), c.clusters = clusters, c.classes = classes;
  size_t bytes = 0;
  EXPECT_EQ(orthant_clusters_size(&c, &bytes), ORTHANT_OK);
  Arena memory(bytes, 5, 0xCD);
  orthant_clusters_scores s{};
  s.size = sizeof s;
  EXPECT_EQ(orthant_clusters_score(&c, memory.data(), bytes, found.data(), truth.data(), &s), expected);
  EXPECT_EQ(orthant_clusters_score(&c, memory.data(), bytes - 1, found.data(), truth.data(), &s), ORTHANT_E_SCRATCH);
  EXPECT_TRUE(memory.intact());
  return s;
}

TEST(ClusterScores, ByHand) {
  // table: rows clusters, columns classes:  2 1 / 0 3
  const auto s = score({0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 1}, 2, 2);
  EXPECT_NEAR(s.accuracy, 5.0 / 6, 1e-15);
  EXPECT_NEAR(s.purity, 5.0 / 6, 1e-15);
  const double hf = log(2.0), ht = -(1.0 / 3 * log(1.0 / 3) + 2.0 / 3 * log(2.0 / 3));
  const double joint = -(1.0 / 3 * log(1.0 / 3) + 1.0 / 6 * log(1.0 / 6) + 0.5 * log(0.5)), mutual = hf + ht - joint;
  EXPECT_NEAR(s.nmi, mutual / hf, 1e-14);
  EXPECT_NEAR(s.nmi_min, mutual / ht, 1e-14);
  EXPECT_NEAR(s.nmi_sqrt, mutual / sqrt(hf * ht), 1e-14);
  EXPECT_NEAR(s.nmi_mean, 2 * mutual / (hf + ht), 1e-14);
  EXPECT_NEAR(s.nmi_joint, mutual / joint, 1e-14);
}

TEST(ClusterScores, LawsOfAll) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    const int32_t clusters = uniform_int(random, 1, 7), classes = uniform_int(random, 1, 7), n = uniform_int(random, 1, 60);
    std::vector<int32_t> found, truth, renamed;
    for (int32_t i = 0; i < n; ++i) {
      found.push_back(uniform_int(random, 0, clusters - 1));
      truth.push_back(uniform_int(random, 0, classes - 1));
      renamed.push_back(clusters - 1 - found.back());
    }
    const auto a = score(found, truth, clusters, classes), b = score(renamed, truth, clusters, classes);
    EXPECT_EQ(a.accuracy, b.accuracy);
    EXPECT_NEAR(a.nmi, b.nmi, 1e-12);
    EXPECT_EQ(a.purity, b.purity);
    EXPECT_LE(a.accuracy, a.purity);
    EXPECT_GE(a.nmi_min + 1e-12, a.nmi);
    const auto same = score(found, found, clusters, clusters);
    EXPECT_EQ(same.accuracy, 1.0);
    EXPECT_NEAR(same.nmi, 1.0, 1e-12);
    EXPECT_EQ(same.purity, 1.0);
  }
  for (const int32_t bad : {-1, 2})
    for (const size_t at : {size_t(0), size_t(2)}) {
      std::vector<int32_t> labels{0, 1, 0}, good = labels;
      labels[at] = bad;
      score(labels, good, 2, 2, ORTHANT_E_DATA);
      score(good, labels, 2, 2, ORTHANT_E_DATA);
    }
}

TYPED_TEST(GraphOf, LabelsAreTheFirstLargest) {
  using T = TypeParam;
  Matrix<T> U(3, 3);
  const double values[3][3] = {{0, 2, 1}, {0, 0, 0}, {1, 5, 5}};
  U.each([&](int32_t i, int32_t k) { return values[i][k]; });
  int32_t label[3];
  double sparse = 0;
  ASSERT_EQ(Api<T>::clusters_labels(3, 3, U.data(), U.ld(), label, &sparse), ORTHANT_OK);
  EXPECT_EQ(label[0], 1);
  EXPECT_EQ(label[1], 0);
  EXPECT_EQ(label[2], 1);
  EXPECT_NEAR(sparse, 5.0 / 9, 1e-15);
  U.each([&](int32_t i, int32_t k) { return values[i][k] / 5 * double(std::numeric_limits<T>::max()); });
  ASSERT_EQ(Api<T>::clusters_labels(3, 3, U.data(), U.ld(), label, &sparse), ORTHANT_OK);
  EXPECT_NEAR(sparse, 5.0 / 9, 1e-15);  // though the sum overflows
  // Of mean 4, to which all rows and columns belong: those of 0.024 do not count, those of 0.08 do.
  const double near[3][3] = {{4, 0.02, 0.02}, {4, 0.006, 0.02}, {0.9, 0.028, 0.006}};
  U.each([&](int32_t i, int32_t k) { return 4 * near[i][k]; });
  ASSERT_EQ(Api<T>::clusters_labels(3, 3, U.data(), U.ld(), label, &sparse), ORTHANT_OK);
  EXPECT_NEAR(sparse, 7.0 / 9, 1e-15);
  U(1, 1) = T(NAN);
  EXPECT_EQ(Api<T>::clusters_labels(3, 3, U.data(), U.ld(), label, &sparse), ORTHANT_E_DATA);
}

}  // namespace
}  // namespace orthant::test
