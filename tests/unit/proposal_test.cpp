// Unmixing with a model: whatever its weights, the result is as exact as without; weights that no model can have are refused.
#include <gtest/gtest.h>

#include <cmath>

#include "blob_cases.hpp"
#include "model_bytes.hpp"
#include "reference.hpp"

namespace orthant::test {
namespace {

constexpr int32_t m = 40, r = 18, pixels = 300, layers = 6;

// A NALMU of one factor with these multipliers, r of each layer.
std::string nalmu_blob(const std::vector<float> &A, int32_t columns = r) {
  const double config[12] = {0, double(columns), double(layers), 1, 0, 0, 0, 0, 3, 1, 1, 0}, limits[6] = {2, 0, 0, 0, 0, 1};
  std::string out;
  for (size_t bytes = 0;;) {
    BlobWriter w(ModelKind::nalmu, 3, bytes ? &out[0] : nullptr);
    w.add({"A_H", Element::f32, 2, {uint32_t(columns), uint32_t(layers)}});
    w.store(0, A.size(), A.data());
    w.add({"config", Element::i32, 1, {12}});
    w.store(0, 12, config);
    w.add({"limits", Element::f64, 1, {6}});
    w.store(0, 6, limits);
    const size_t size = w.finish();
    if (bytes || size == 0) return out;
    bytes = size;
    out.assign(bytes, 0);
  }
}

template <class T>
double e_norm2(const Matrix<T> &E) {  // of the longest endmember
  const Matrix<double> G = transposed(E) * E;
  double most = 0;
  for (int32_t k = 0; k < E.cols(); ++k) most = std::max(most, G(k, k));
  return most;
}

template <class T>
class Proposal : public testing::Test {
 protected:
  // Alike, as the minerals of a library are: smooth curves that share most of their shape.
  Proposal() : E(m, r), Y(m, pixels) {
    for (int32_t k = 0; k < r; ++k)
      for (int32_t i = 0; i < m; ++i) E(i, k) = T(0.5 + 0.2 * sin(0.1 * i) + 0.1 * sin(0.05 * (k + 3) * i + k));
    for (int32_t j = 0; j < pixels; ++j) {
      std::vector<double> a(size_t(r), 0.0);
      for (int q = 0; q < 3; ++q) a[size_t(random() % r)] += uniform(random);
      if (j % 50 == 7) a.assign(size_t(r), 0.0);  // black
      for (int32_t i = 0; i < m; ++i) {
        double y = j % 50 == 7 ? 0 : 0.01 * normal(random);
        for (int32_t k = 0; k < r; ++k) y += a[size_t(k)] * double(E(i, k));
        Y(i, j) = T(y > 0 ? y : 0);
      }
    }
  }
  // The abundances, and the KKT residual recomputed from E and Y.
  double solve(const orthant_model *model, bool sum, Matrix<T> &A) {
    orthant_unmix_config c = Unmixer<T>::config(E, ORTHANT_UNMIX_ACTIVE_SET, sum);
    c.model = model;
    Unmixer<T> u(E, c);
    orthant_report report = empty_report();
    EXPECT_EQ(u.run(Y, A, &report), ORTHANT_OK);
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT);
    EXPECT_EQ(u.check(Y, A, nullptr, nullptr, &report), ORTHANT_OK);
    for (int32_t j = 0; j < pixels; ++j) {
      double total = 0;
      for (int32_t k = 0; k < r; ++k) {
        EXPECT_GE(A(k, j), T(0));
        total += double(A(k, j));
      }
      if (sum) EXPECT_NEAR(total, 1, 4 * r * unit_roundoff<T>) << j;
    }
    return report.kkt;
  }
  Random random{11};
  Matrix<T> E, Y;
};
TYPED_TEST_SUITE(Proposal, Types, TypeNames);

TYPED_TEST(Proposal, AnyWeightsGiveTheExactResult) {
  using T = TypeParam;
  std::vector<std::pair<const char *, std::vector<float>>> cases;
  cases.push_back({"good", std::vector<float>(size_t(r * layers), 1.0f)});
  cases.push_back({"zero", std::vector<float>(size_t(r * layers), 0.0f)});
  cases.push_back({"huge", std::vector<float>(size_t(r * layers), 3e38f)});
  cases.push_back({"tiny", std::vector<float>(size_t(r * layers), 1e-38f)});
  std::vector<float> mixed, wild;
  for (int32_t i = 0; i < r * layers; ++i) {
    mixed.push_back(i % 3 == 0 ? 0.0f : i % 3 == 1 ? 3e38f : 1.0f);
    wild.push_back(static_cast<float>(std::exp(4 * normal(this->random))));
  }
  cases.push_back({"huge beside zero", mixed});
  cases.push_back({"wild", wild});
  for (const bool sum : {false, true}) {
    Matrix<T> cold(r, pixels);
    const double plain = this->solve(nullptr, sum, cold), allowed = rounding<T>(m, r);
    EXPECT_LE(plain, allowed);
    for (const auto &[name, A] : cases) {
      SCOPED_TRACE(testing::Message() << name << (sum ? " FCLS" : " NNLS"));
      const ModelBytes model(nalmu_blob(A));
      Matrix<T> warm(r, pixels);
      EXPECT_LE(this->solve(model.open(), sum, warm), allowed);
      // The same fit: two points whose residual is rounding differ in E'E(a - b) by no more than both residuals.
      for (int32_t j = 0; j < pixels; ++j) {
        double fit[2] = {0, 0}, y2 = 0;
        for (int32_t i = 0; i < m; ++i) {
          double e[2] = {double(this->Y(i, j)), double(this->Y(i, j))};
          y2 += e[0] * e[0];
          for (int32_t k = 0; k < r; ++k)
            e[0] -= double(this->E(i, k)) * double(cold(k, j)), e[1] -= double(this->E(i, k)) * double(warm(k, j));
          fit[0] += e[0] * e[0], fit[1] += e[1] * e[1];
        }
        // 1/2 |y - E a|^2 exceeds its least value by at most |g|_inf |a - a*|_1, abundances here below 10 (their sum).
        EXPECT_NEAR(fit[0], fit[1], 2 * allowed * 10 * (e_norm2(this->E) + y2)) << j;
      }
    }
  }
}

// Of endmembers that do not overlap one multiplicative step with multipliers of one is the solution.  Where its
// abundances are alike all of them are proposed, and the active set begins and ends there: it takes no iteration.  Of
// uneven ones the largest is proposed, and each of the others takes one.
TYPED_TEST(Proposal, NearlyEqualAbundancesAreProposed) {
  using T = TypeParam;
  const ModelBytes model(nalmu_blob(std::vector<float>(size_t(r * layers), 1.0f)));
  for (const bool sum : {false, true})
    for (const double far : {1.0, 1e7}) {  // columns of other norms, which the solver sees in units of their own
      if (sum && far > 1) continue;        // then they have one unit, and steps in it are no solution
      Matrix<T> apart(m, r), mixed(m, 1), A(r, 1);
      apart.each([&](int32_t i, int32_t k) { return i == k || i == k + r ? (k % 2 ? far : 1) : 0; });
      orthant_unmix_config c = Unmixer<T>::config(apart, ORTHANT_UNMIX_ACTIVE_SET, sum);
      c.model = model.open();
      Unmixer<T> unmixer(apart, c);
      for (int32_t first = 0; first < r; ++first)
        for (const bool even : {true, false}) {
          SCOPED_TRACE(testing::Message() << (sum ? "FCLS" : "NNLS") << ", norms up to " << far << ", even " << even
                                          << ", from endmember " << first);
          Matrix<double> expected = zeros(r, 1);
          for (const int32_t q : {0, 4, 10}) expected((first + q) % r, 0) = even ? 1.0 / 3 : q == 0 ? 0.5 : 0.25;
          mixed.set(apart * expected);
          orthant_report report = empty_report();
          ASSERT_EQ(unmixer.run(mixed, A, &report), ORTHANT_OK);
          EXPECT_EQ(report.iters, even ? 0 : 2);
          EXPECT_LE(largest(A - expected), 100 * unit_roundoff<T>);
        }
    }
}

// After one iteration the abundances are the solution on what the layers propose: the entries above 0.9 of the largest
// after x <- a x f / (x G) for the multipliers a of each layer, from equal parts.
TYPED_TEST(Proposal, LargeEntriesOfTheLayersAreProposed) {
  using T = TypeParam;
  std::vector<float> a;
  for (int32_t i = 0; i < r * layers; ++i) a.push_back(static_cast<float>(0.9 + 0.2 * uniform(this->random)));
  const ModelBytes model(nalmu_blob(a));
  for (const bool sum : {false, true})
    for (const double far : {1.0, 0x1p24}) {  // norms so far apart that the solver sees columns in units of their own
      if (sum && far > 1) continue;
      Matrix<T> P(m, r), V(m, pixels), A(r, pixels);
      well_conditioned(P, this->random);
      for (int32_t k = 1; k < r; k += 2)
        for (int32_t i = 0; i < m; ++i) P(i, k) = T(far) * P(i, k);
      V.each([&](int32_t, int32_t) { return 1 + 0.5 * uniform(this->random); });
      orthant_unmix_config c = Unmixer<T>::config(P, ORTHANT_UNMIX_ACTIVE_SET, sum);
      c.model = model.open(), c.max_iter = 1;
      ASSERT_EQ(Unmixer<T>(P, c).run(V, A), ORTHANT_OK);
      const Matrix<double> G = transposed(P) * P, F = transposed(P) * V;
      int32_t several = 0, tried = 0;
      for (int32_t j = 0; j < pixels; ++j) {
        Matrix<double> x(r, 1);
        x.fill(1.0 / r);
        for (int32_t l = 0; l < layers; ++l) {
          const Matrix<double> d = G * x;
          x.each([&](int32_t k, int32_t) { return double(a[size_t(k + l * r)]) * x(k, 0) * F(k, j) / d(k, 0); });
        }
        const double threshold = 0.9 * largest(x);
        std::vector<int32_t> set;
        bool clear = true;
        for (int32_t k = 0; k < r; ++k) {
          clear = clear && std::fabs(x(k, 0) - threshold) > 1e-3 * threshold;
          if (x(k, 0) > threshold) set.push_back(k);
        }
        const Matrix<double> z = solution_on(G, Matrix<double>(r, 1).each([&](int32_t k, int32_t) { return F(k, j); }),
                                             set, sum);
        for (int32_t i = 0; i < int32_t(set.size()); ++i) clear = clear && z(i, 0) > 0;
        if (!clear) continue;
        ++tried;
        several += set.size() > 1;
        Matrix<double> expected = zeros(r, 1);
        for (int32_t i = 0; i < int32_t(set.size()); ++i) expected(set[size_t(i)], 0) = z(i, 0);
        for (int32_t k = 0; k < r; ++k)
          EXPECT_NEAR(A(k, j), expected(k, 0), 1e4 * unit_roundoff<T> * largest(expected)) << j << ", " << k;
      }
      EXPECT_GT(tried, pixels / 2);
      EXPECT_GT(several, pixels / 4);
    }
}

TYPED_TEST(Proposal, WeightsThatNoModelCanHaveAreRefused) {
  using T = TypeParam;
  const std::vector<float> ones(size_t(r * layers), 1.0f);
  const std::string good = nalmu_blob(ones);
  orthant_unmix_config c = Unmixer<T>::config(this->E, ORTHANT_UNMIX_ACTIVE_SET, true);
  size_t bytes = 0;
  for (const float bad : {NAN, INFINITY, -INFINITY, -1.0f}) {
    std::string s = good;
    memcpy(&s[64 * 4 + 4 * 7], &bad, 4);  // the eighth multiplier, after the header and three records
    reseal(s);
    const ModelBytes model(s);
    c.model = model.open();
    EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_E_BLOB);
  }
  const ModelBytes model(good), other(nalmu_blob(std::vector<float>(size_t((r - 1) * layers), 1.0f), r - 1));
  c.model = other.open();  // of other endmembers
  EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_E_BLOB);
  c.model = model.open();
  EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_OK);
  for (const int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_HALS, ORTHANT_UNMIX_CLIP}) {
    c.method = method, c.sum_to_one = 0;
    EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_E_UNSUPPORTED);
  }
}

}  // namespace
}  // namespace orthant::test
