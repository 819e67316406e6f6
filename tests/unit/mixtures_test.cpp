// Training sets: what the config promises of every sample, and that a sample depends on its number alone.
#include <gtest/gtest.h>

#include <cmath>

#include "shuffle_pool.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class Mixtures : public testing::Test {
 protected:
  static constexpr int32_t m = 14, r = 3, spectra = 7, pixels = 60;
  Mixtures() {
    c.size = sizeof c;
    c.bands = m, c.endmembers = r, c.lines = 6, c.samples = 10, c.spectra = spectra, c.seed = 5;
    for (int i = 0; i < m * spectra; ++i) S.push_back(T(0.1 + uniform(random)));
  }
  orthant_status make(uint64_t index, int32_t count, const int32_t *g, const T *maps = nullptr) {
    Y.assign(size_t(m * pixels * count), T(-1));
    W.assign(size_t(m * r * count), T(-1));
    H.assign(size_t(r * pixels * count), T(-1));
    return Api<T>::mixtures_run(&c, index, count, S.data(), m, g, maps, Y.data(), W.data(), H.data());
  }
  orthant_mixtures_config c{};
  Random random{3};
  std::vector<T> S, Y, W, H;
  const int32_t group[spectra] = {0, 1, 2, 2, 1, 0, -1};
};
TYPED_TEST_SUITE(Mixtures, Types, TypeNames);

TYPED_TEST(Mixtures, HoldsWhatItSays) {
  using T = TypeParam;
  for (const int32_t kind : {1, 2})
    for (const bool grouped : {false, true})
      for (const int32_t active : {0, 1, 2}) {
        this->c.abundances = kind, this->c.active = active, this->c.snr_db = -1, this->c.unit = 0;
        ASSERT_EQ(this->make(0, 4, grouped ? this->group : nullptr), ORTHANT_OK);
        for (int32_t s = 0; s < 4; ++s) {
          for (int32_t k = 0; k < this->r; ++k) {  // each column of W is a spectrum, of its group
            int found = -1;
            for (int32_t j = 0; j < this->spectra; ++j)
              if (memcmp(&this->W[size_t(this->m * (k + this->r * s))], &this->S[size_t(this->m * j)], sizeof(T) * 14) == 0)
                found = j;
            ASSERT_GE(found, 0);
            if (grouped) EXPECT_EQ(this->group[found], k);
          }
          for (int32_t p = 0; p < this->pixels; ++p) {
            const T *h = &this->H[size_t(this->r * (p + this->pixels * s))];
            double sum = 0;
            int positive = 0;
            for (int32_t k = 0; k < this->r; ++k) {
              EXPECT_GE(h[k], 0);
              sum += double(h[k]);
              positive += h[k] > 0;
            }
            EXPECT_NEAR(sum, 1, 4 * std::numeric_limits<T>::epsilon());
            if (active) EXPECT_LE(positive, active);
            for (int32_t i = 0; i < this->m; ++i) {
              double y = 0;
              for (int32_t k = 0; k < this->r; ++k) y += double(this->W[size_t(i + this->m * (k + this->r * s))]) * double(h[k]);
              EXPECT_NEAR(this->Y[size_t(i + this->m * (p + this->pixels * s))], y, 8 * std::numeric_limits<T>::epsilon());
            }
          }
        }
      }
}

TYPED_TEST(Mixtures, UnitColumnsAndNoise) {
  this->c.unit = 1;
  ASSERT_EQ(this->make(3, 2, this->group), ORTHANT_OK);
  for (size_t j = 0; j < this->Y.size(); j += size_t(this->m)) {
    double sum = 0;
    for (int32_t i = 0; i < this->m; ++i) sum += double(this->Y[j + size_t(i)]);
    EXPECT_NEAR(sum, 1, 1e-5);
  }
  for (size_t j = 0; j < this->H.size(); j += size_t(this->r))
    EXPECT_NEAR(double(this->H[j]) + double(this->H[j + 1]) + double(this->H[j + 2]), 1, 1e-5);
  this->c.unit = 0;
  const auto noisy = (this->make(3, 2, this->group), this->Y);
  this->c.snr_db = -1;
  ASSERT_EQ(this->make(3, 2, this->group), ORTHANT_OK);
  double power = 0, noise = 0;
  for (size_t i = 0; i < noisy.size(); ++i)
    power += std::pow(double(this->Y[i]), 2), noise += std::pow(double(noisy[i]) - double(this->Y[i]), 2);
  EXPECT_NEAR(10 * std::log10(power / noise), 30, 0.5);  // 1680 numbers: the variance to 3.5 %
  for (size_t i = 0; i < size_t(this->m); ++i) {          // of each band 120, to 13 %
    double band = 0;
    for (size_t j = i; j < noisy.size(); j += size_t(this->m))
      band += std::pow(double(noisy[j]) - double(this->Y[j]), 2);
    EXPECT_NEAR(band * this->m / noise, 1, 0.65) << i;
  }
}

// The first two moments of the Dirichlet distribution: mean 1/r, variance (r - 1) / (r^2 (r alpha + 1)).
TYPED_TEST(Mixtures, DirichletHasItsMoments) {
  for (const double alpha : {0.3, 1.0, 4.0}) {
    this->c.alpha = alpha;
    ASSERT_EQ(this->make(0, 200, this->group), ORTHANT_OK);
    const double n = double(this->H.size()) / this->r;
    double mean = 0, square = 0;
    for (size_t i = 0; i < this->H.size(); i += size_t(this->r)) mean += double(this->H[i]), square += std::pow(double(this->H[i]), 2);
    mean /= n, square = square / n - mean * mean;
    const double variance = 2.0 / (9 * (3 * alpha + 1));
    EXPECT_NEAR(mean, 1.0 / 3, 5 * std::sqrt(variance / n));
    EXPECT_NEAR(square, variance, 0.06 * variance);
  }
}

// One matrix of orthant_factors_*.
template <class T>
Matrix<double> factors(orthant_factors_config c, uint64_t index) {
  c.size = sizeof c, c.seed = 4;
  int32_t m = 0, n = 0;
  EXPECT_EQ(Api<T>::factors_run(&c, index, &m, &n, nullptr, 0), ORTHANT_OK);
  std::vector<T> V(size_t(m * n), T(-1));
  EXPECT_EQ(Api<T>::factors_run(&c, index, &m, &n, V.data(), V.size() - 1), ORTHANT_E_SCRATCH);
  EXPECT_EQ(Api<T>::factors_run(&c, index, &m, &n, V.data(), V.size()), ORTHANT_OK);
  Matrix<double> out(m, n);
  out.each([&](int32_t i, int32_t j) { return double(V[size_t(i + m * j)]); });
  return out;
}

// Sums of `rank` products of two exponential numbers of mean 1/sqrt(rank): mean one, variance 3 / rank.
TYPED_TEST(Mixtures, FactorsHaveTheirMoments) {
  using T = TypeParam;
  orthant_factors_config set{};
  set.set = ORTHANT_FACTORS_SMALL, set.rank = 5;
  double count = 0, sum = 0, squares = 0;
  for (uint64_t index = 0; index < 400; ++index) {
    const Matrix<double> V = factors<T>(set, index);
    EXPECT_TRUE(V.rows() >= 15 && V.rows() <= 35 && V.cols() >= 15 && V.cols() <= 35 && nonnegative(V));
    count += double(V.rows()) * V.cols(), sum += mean(V) * V.rows() * V.cols(), squares += norm2(V);
  }
  EXPECT_NEAR(sum / count, 1, 0.03);  // 400 means of standard deviation sqrt((1/25 + 1/25) / 5)
  EXPECT_NEAR(squares / count, 1 + 3.0 / 5, 0.1);
  set.set = ORTHANT_FACTORS_LARGE, set.rank = 1;  // one product: columns are multiples of each other
  const Matrix<double> V = factors<T>(set, 2);
  EXPECT_TRUE(V.rows() >= 50 && V.rows() <= 200 && V.cols() >= 50 && V.cols() <= 200);
  V.visit([&](int32_t i, int32_t j) {
    EXPECT_NEAR(V(i, j) * V(0, 0), V(i, 0) * V(0, j), 8 * std::numeric_limits<T>::epsilon() * V(i, 0) * V(0, j));
  });
  double most = 0, noise = 0;
  count = 0;
  for (uint64_t index = 0; index < 30; ++index) {
    set.set = ORTHANT_FACTORS_TRAINING, set.rank = 3, set.noise = 0.25;
    Matrix<double> with = factors<T>(set, index);
    set.noise = -1;
    with = with - factors<T>(set, index);
    most = std::max(most, largest(with)), noise += norm2(with), count += double(with.rows()) * with.cols();
  }
  EXPECT_NEAR(std::sqrt(noise / count), 0.25, 0.01);  // 20 000 numbers or more
  EXPECT_GT(most, 0.75);
}

TYPED_TEST(Mixtures, ASampleDependsOnItsNumberAlone) {
  for (const int32_t kind : {1, 2}) {
    this->c.abundances = kind;
    ASSERT_EQ(this->make(10, 6, this->group), ORTHANT_OK);
    const auto Y6 = this->Y, W6 = this->W;
    ASSERT_EQ(this->make(13, 1, this->group), ORTHANT_OK);
    EXPECT_EQ(memcmp(this->Y.data(), Y6.data() + 3 * this->Y.size(), this->Y.size() * sizeof(TypeParam)), 0);
    EXPECT_EQ(memcmp(this->W.data(), W6.data() + 3 * this->W.size(), this->W.size() * sizeof(TypeParam)), 0);
    ShufflePool pool(3, true);
    this->c.parallel = pool.parallel();
    ASSERT_EQ(this->make(10, 6, this->group), ORTHANT_OK);
    this->c.parallel = nullptr;
    EXPECT_TRUE(this->Y == Y6);
  }
}

TYPED_TEST(Mixtures, MapsAndBadInput) {
  using T = TypeParam;
  const T maps[6] = {T(0.5), T(0.25), T(0.25), T(0), T(1), T(0)};
  this->c.abundances = ORTHANT_ABUNDANCES_MAPS, this->c.map_columns = 2;
  ASSERT_EQ(this->make(0, 1, this->group, maps), ORTHANT_OK);
  int first = 0;
  for (size_t j = 0; j < this->H.size(); j += 3) {
    const bool one = this->H[j] == maps[0];
    first += one;
    for (size_t k = 0; k < 3; ++k) EXPECT_EQ(this->H[j + k], maps[k + (one ? 0 : 3)]);
  }
  EXPECT_GT(first, 10);
  EXPECT_LT(first, 50);
  EXPECT_EQ(this->make(0, 1, this->group, nullptr), ORTHANT_E_ARG);
  this->c.abundances = 0;
  EXPECT_EQ(this->make(0, 0, this->group), ORTHANT_E_ARG);
  EXPECT_EQ(this->make(UINT64_MAX, 1, this->group), ORTHANT_E_ARG);
  const int32_t empty[7] = {0, 0, 0, 0, 1, 1, 1};
  EXPECT_EQ(this->make(0, 1, empty), ORTHANT_E_ARG);
  this->S[4] = T(-1);
  EXPECT_EQ(this->make(0, 1, this->group), ORTHANT_E_DATA);
  EXPECT_EQ(this->Y[0], T(-1));
  this->c.spectra = 2;
  EXPECT_EQ(this->make(0, 1, nullptr), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
