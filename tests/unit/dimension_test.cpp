// How many endmembers: simulated scenes of known number, the noise of each band, and what must not change the count.
#include <algorithm>
#include <cmath>
#include <vector>

#include "reference.hpp"

namespace orthant::test {
namespace {

template <class T>
struct Counted {
  orthant_status status;
  int32_t count = -7;
  std::vector<double> power, limit, noise;
};

template <class T>
Counted<T> count(const Matrix<T> &Y, int32_t method = 0, double false_alarm = 0) {
  orthant_dimension_config c{};
  c.size = sizeof c, c.bands = Y.rows(), c.method = method, c.false_alarm = false_alarm;
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::dimension_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 16);
  typename Api<T>::Dimension *s = nullptr;
  EXPECT_EQ(Api<T>::dimension_init(&c, arena.data(), bytes, &s), ORTHANT_OK);
  Counted<T> out;
  for (std::vector<double> *v : {&out.power, &out.limit, &out.noise}) v->assign(size_t(Y.rows()), -7);
  const auto data = view(Y);
  out.status = Api<T>::dimension_run(s, &data, out.power.data(), out.limit.data(), out.noise.data(), &out.count);
  EXPECT_TRUE(arena.intact());
  return out;
}

// p smooth spectra of a level and five absorptions each; up to three materials in a pixel, fractions uniform on their
// simplex; white noise of so many decibels below the signal.
struct Scene {
  Matrix<double> Y;
  double deviation = 0;
  Scene(int32_t bands, int32_t pixels, int32_t p, double decibel, uint64_t seed) : Y(bands, pixels) {
    Random random(seed);
    Matrix<double> E(bands, p), A = zeros(p, pixels);
    for (int32_t k = 0; k < p; ++k) {
      const double level = 0.2 + 0.6 * uniform(random);
      for (int32_t i = 0; i < bands; ++i) E(i, k) = level;
      for (int bell = 0; bell < 5; ++bell) {
        const double at = uniform(random), width = 0.02 + 0.13 * uniform(random), depth = 0.9 * uniform(random);
        for (int32_t i = 0; i < bands; ++i)
          E(i, k) *= 1 - depth * std::exp(-0.5 * std::pow((double(i) / bands - at) / width, 2));
      }
    }
    for (int32_t j = 0; j < pixels; ++j) {
      double sum = 0;
      for (int m = 0; m < 3; ++m) {
        const double share = -std::log(1 - uniform(random));
        A(uniform_int(random, 0, p - 1), j) += share;
        sum += share;
      }
      for (int32_t k = 0; k < p; ++k) A(k, j) /= sum;
    }
    Y = E * A;
    deviation = norm(Y) / std::sqrt(double(bands) * pixels) * std::pow(10, -decibel / 20);
    Y.each([&](int32_t i, int32_t j) { return Y(i, j) + deviation * normal(random); });
  }
};

template <class T>
class Dimension : public testing::Test {};
TYPED_TEST_SUITE(Dimension, Types, TypeNames);

TYPED_TEST(Dimension, HySimeFindsNineOfTenSimulatedScenes) {
  int right = 0, all = 0;
  for (const double decibel : {20, 30, 40})
    for (int32_t p = 3; p <= 12; ++p) {
      const Scene scene(100, 2000, p, decibel, uint64_t(100 * decibel + p));
      const auto found = count(Matrix<TypeParam>(scene.Y));
      EXPECT_EQ(found.status, ORTHANT_OK);
      EXPECT_LE(found.count, p) << decibel;  // noise is never counted
      right += found.count == p;
      ++all;
    }
  EXPECT_GE(10 * right, 9 * all) << right << " of " << all;
}

// The definition, from the noise itself: w_i is what regression of band i on the others leaves of it, x = y - w.
TYPED_TEST(Dimension, HySimeIsThatOfItsDefinition) {
  using T = TypeParam;
  const int32_t n = 12, pixels = 300;
  const Matrix<T> Y(Scene(n, pixels, 4, 25, 5).Y);
  const Matrix<double> R = (1.0 / pixels) * (Y * transposed(Y));
  Matrix<double> W(n, pixels);
  for (int32_t i = 0; i < n; ++i) {
    Matrix<double> G = R, f = zeros(n, 1);
    for (int32_t k = 0; k < n; ++k) {
      f(k, 0) = k == i ? 0 : R(k, i);
      G(i, k) = G(k, i) = k == i;
    }
    const Matrix<double> beta = solve(G, f);
    for (int32_t j = 0; j < pixels; ++j) {
      W(i, j) = double(Y(i, j));
      for (int32_t k = 0; k < n; ++k) W(i, j) -= k == i ? 0 : beta(k, 0) * double(Y(k, j));
    }
  }
  const Matrix<double> X = Y - W, Rx = (1.0 / pixels) * (X * transposed(X));
  const auto found = count(Y);
  double trace = 0, sum_power = 0, trace_r = 0, sum_limit = 0, trace_n = 0;
  for (int32_t i = 0; i < n; ++i) {
    double variance = 0;
    for (int32_t j = 0; j < pixels; ++j) variance += W(i, j) * W(i, j) / pixels;
    EXPECT_NEAR(found.noise[size_t(i)], std::sqrt(variance), 1e-6 * std::sqrt(variance)) << i;
    trace += Rx(i, i), trace_r += R(i, i), trace_n += variance;
    sum_power += found.power[size_t(i)], sum_limit += found.limit[size_t(i)];
  }
  // An orthonormal basis keeps the traces; the leading direction takes most of the data.
  EXPECT_NEAR(sum_power, trace_r, 1e-9 * trace_r);
  EXPECT_NEAR(sum_limit, 2 * (trace_n + 1e-5 * trace), 1e-6 * trace_n);
  EXPECT_GT(found.power[0], 0.9 * trace_r);
  EXPECT_TRUE(std::is_sorted(found.power.rbegin(), found.power.rend()));
  int32_t above = 0;
  for (int32_t i = 0; i < n; ++i) above += found.power[size_t(i)] > found.limit[size_t(i)];
  EXPECT_EQ(found.count, above);
  EXPECT_EQ(found.count, 4);
}

// All that is returned, by the equations of the header from the eigenvectors themselves: more bands than a task of the
// library has, a number of pixels that is no multiple of four, a unit, and noise that is not the same in all bands.
TYPED_TEST(Dimension, EveryPowerAndLimitIsThatOfTheEquations) {
  using T = TypeParam;
  const int32_t n = 37, pixels = 303;
  const Scene scene(n, pixels, 4, 30, 11);
  Random random(12);
  Matrix<T> Y(n, pixels);
  Y.each([&](int32_t i, int32_t j) {
    return 37 * (scene.Y(i, j) + scene.deviation * (1 + 0.1 * i) * normal(random));
  });
  const Matrix<double> R = (1.0 / pixels) * (Y * transposed(Y)), ones = Matrix<double>(pixels, 1).fill(1),
                       mean = (1.0 / pixels) * (Y * ones), K = R - mean * transposed(mean);
  double trace = 0;
  for (int32_t i = 0; i < n; ++i) trace += R(i, i);
  const Matrix<double> P = solve(R, identity(n), 1e-10 * trace / n);
  Matrix<double> N = zeros(n, n), white = zeros(n, n);
  for (int32_t i = 0; i < n; ++i) N(i, i) = 1 / P(i, i), white(i, i) = std::sqrt(P(i, i));
  // HySime: pairs by falling power.
  const Matrix<double> S = R - 2.0 * N + N * P * N;
  double of_signal = 0;
  for (int32_t i = 0; i < n; ++i) of_signal += S(i, i) / n;
  const Eigen signal(S);
  const Matrix<double> of_data = transposed(signal.vectors) * R * signal.vectors,
                       of_noise = transposed(signal.vectors) * N * signal.vectors;
  std::vector<std::pair<double, double>> pairs;
  for (int32_t k = 0; k < n; ++k) pairs.push_back({of_data(k, k), 2 * (of_noise(k, k) + 1e-5 * of_signal)});
  std::sort(pairs.rbegin(), pairs.rend());
  const auto hysime = count(Y);
  for (int32_t k = 0; k < n; ++k) {
    EXPECT_NEAR(hysime.noise[size_t(k)], std::sqrt(N(k, k)), 1e-9 * std::sqrt(N(k, k))) << k;
    EXPECT_NEAR(hysime.power[size_t(k)], pairs[size_t(k)].first, 1e-9 * pairs[size_t(k)].first) << k;
    EXPECT_NEAR(hysime.limit[size_t(k)], pairs[size_t(k)].second, 1e-9 * pairs[size_t(k)].second) << k;
  }
  // Virtual dimensionality: the eigenvalues of both matrices, each by itself.
  for (const bool whitened : {false, true}) {
    const Eigen l(whitened ? white * R * white : R), m(whitened ? white * K * white : K);
    for (const double alarm : {0.0, 0.1}) {
      const double quantile = alarm == 0 ? 3.090232306167813 : 1.2815515655446004;
      const auto found = count(Y, whitened ? ORTHANT_DIMENSION_NWHFC : ORTHANT_DIMENSION_HFC, alarm);
      int32_t above = 0;
      for (size_t k = 0; k < size_t(n); ++k) {
        const double power = l.values[k], other = m.values[k];
        const double limit = other + quantile * std::sqrt(2.0 / pixels * (power * power + other * other));
        EXPECT_NEAR(found.power[k], power, 1e-9 * power) << k;
        EXPECT_NEAR(found.limit[k], limit, 1e-9 * limit) << k;
        above += power > limit;
      }
      EXPECT_EQ(found.count, above);
    }
  }
}

TYPED_TEST(Dimension, NoiseOfEachBandIsFound) {
  using T = TypeParam;
  Random random(3);
  Matrix<double> Y = Scene(60, 3000, 4, 80, 9).Y;
  const auto of_band = [](int32_t i) { return 1e-3 * (1 + 0.25 * (i % 5)); };
  Y.each([&](int32_t i, int32_t j) { return Y(i, j) + of_band(i) * normal(random); });
  const auto found = count(Matrix<T>(Y));
  // A mean of 3000 squares has the standard deviation sqrt(2 / 3000), 2.6 percent, and its root half of that; what
  // regression leaves has some noise of the other bands too.
  for (int32_t i = 0; i < 60; ++i) {
    EXPECT_GT(found.noise[size_t(i)] / of_band(i), 0.94) << i;
    EXPECT_LT(found.noise[size_t(i)] / of_band(i), 1.4) << i;
  }
}

TYPED_TEST(Dimension, VirtualDimensionalityCountsStrongMaterials) {
  using T = TypeParam;
  // Two materials, each alone in its pixels, and white noise.
  Random random(4);
  Matrix<double> Y(30, 4000);
  Y.each([&](int32_t i, int32_t j) { return ((i < 15) == (j % 4 == 0) ? 0.8 : 0.1) + 0.01 * normal(random); });
  const Matrix<T> data(Y);
  EXPECT_EQ(count(data).count, 2);
  for (const int32_t method : {ORTHANT_DIMENSION_HFC, ORTHANT_DIMENSION_NWHFC}) {
    const auto found = count(data, method);
    EXPECT_EQ(found.status, ORTHANT_OK);
    EXPECT_EQ(found.count, 2) << method;
    // A false alarm that is more likely lowers the limit.
    EXPECT_LT(count(data, method, 0.1).limit[2], found.limit[2]);
  }
  // Noise alone: nothing, but by its share of false alarms.
  Y.each([&](int32_t, int32_t) { return normal(random); });
  for (const int32_t method : {ORTHANT_DIMENSION_HFC, ORTHANT_DIMENSION_NWHFC})
    EXPECT_LE(count(Matrix<T>(Y), method).count, 1) << method;
  EXPECT_EQ(count(Matrix<T>(Y)).count, 0);
}

TYPED_TEST(Dimension, TheUnitDoesNotMatter) {
  using T = TypeParam;
  const Matrix<double> Y = Scene(40, 500, 6, 30, 6).Y;
  for (const int32_t method : {ORTHANT_DIMENSION_HYSIME, ORTHANT_DIMENSION_HFC, ORTHANT_DIMENSION_NWHFC}) {
    const auto first = count(Matrix<T>(Y), method);
    for (const double unit : {0x1p-90, 0x1p13, 0x1p100}) {
      const auto found = count(Matrix<T>(unit * Y), method);
      EXPECT_EQ(found.count, first.count) << method << " " << unit;
      EXPECT_NEAR(found.noise[7] / unit, first.noise[7], 1e-9 * first.noise[7]);
    }
  }
  if (sizeof(T) == 8) {
    const auto first = count(Matrix<T>(Y));
    for (const double unit : {1e-200, 1e200}) {
      const auto found = count(Matrix<T>(unit * Y));
      EXPECT_EQ(found.count, first.count) << unit;
      EXPECT_NEAR(found.noise[7] / unit, first.noise[7], 1e-6 * first.noise[7]);
    }
  }
}

TYPED_TEST(Dimension, DeadBandsAndZeroImagesAreCounted) {
  using T = TypeParam;
  Matrix<double> Y = Scene(40, 500, 5, 40, 7).Y;
  const int32_t whole = count(Matrix<T>(Y)).count;
  Matrix<double> dead(43, 500);
  dead.each([&](int32_t i, int32_t j) { return i < 40 ? Y(i, j) : 0.0; });
  const auto found = count(Matrix<T>(dead));
  EXPECT_EQ(found.count, whole);
  const double ridge = 1e-10 * norm2(Matrix<T>(dead)) / 500 / 43;  // all that there is of them in the inverse
  for (size_t i = 40; i < 43; ++i) EXPECT_NEAR(found.noise[i], std::sqrt(ridge), 1e-9 * std::sqrt(ridge));
  const auto nothing = count(Matrix<T>(zeros(8, 20)));
  EXPECT_EQ(nothing.status, ORTHANT_OK);
  EXPECT_EQ(nothing.count, 0);
  for (const double p : nothing.power) EXPECT_EQ(p, 0);
}

TYPED_TEST(Dimension, BadInputIsRefusedAndChangesNothing) {
  using T = TypeParam;
  Matrix<T> Y(Scene(10, 50, 3, 30, 8).Y);
  for (const double bad : {double(NAN), double(INFINITY), -double(INFINITY)}) {
    Y(9, 49) = T(bad);
    const auto found = count(Y);
    EXPECT_EQ(found.status, ORTHANT_E_DATA);
    EXPECT_EQ(found.count, -7);
    for (const double p : found.power) EXPECT_EQ(p, -7);
  }
  Y(9, 49) = T(1);
  EXPECT_EQ(count(Matrix<T>(zeros(10, 10))).status, ORTHANT_E_ARG);  // too few pixels
  size_t bytes = 0;
  const auto size = [&](int32_t bands, int32_t method, double alarm, int32_t reserved) {
    orthant_dimension_config c{};
    c.size = sizeof c, c.bands = bands, c.method = method, c.false_alarm = alarm, c.reserved = reserved;
    return Api<T>::dimension_size(&c, &bytes);
  };
  EXPECT_EQ(size(10, 3, 0.4, 0), ORTHANT_OK);
  EXPECT_EQ(size(0, 0, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(INT32_MAX, 0, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, -1, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, 4, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, 0, 0.5, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, 0, -0.1, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, 0, double(NAN), 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(10, 0, 0, 1), ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::dimension_size(nullptr, &bytes), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
