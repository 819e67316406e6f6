// Bootstrap over a library: what draws of all spectra give, the scatter that noise and the choice of spectra make.
#include <cmath>
#include <vector>

#include "reference.hpp"

namespace orthant::test {
namespace {

template <class T>
struct Scattered {
  orthant_status status;
  Matrix<T> A, D;
};

template <class T>
Scattered<T> bootstrap(const Matrix<T> &E, const std::vector<int32_t> &class_of, const Matrix<T> &Y,
                       orthant_bootstrap_config c, const std::vector<T> &variance = {}) {
  c.size = sizeof c, c.bands = E.rows(), c.spectra = E.cols();
  for (const int32_t k : class_of) c.classes = k + 1 > c.classes ? k + 1 : c.classes;
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::bootstrap_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 16);
  typename Api<T>::Bootstrap *s = nullptr;
  EXPECT_EQ(Api<T>::bootstrap_init(&c, E.data(), E.ld(), class_of.data(), variance.empty() ? nullptr : variance.data(),
                                   arena.data(), bytes, &s),
            ORTHANT_OK);
  Scattered<T> out{ORTHANT_OK, Matrix<T>(c.classes, Y.cols()), Matrix<T>(c.classes, Y.cols())};
  const auto data = view(Y);
  out.status = Api<T>::bootstrap_run(s, &data, out.A.data(), out.A.ld(), out.D.data(), out.D.ld(), nullptr);
  EXPECT_TRUE(arena.intact() && out.A.intact() && out.D.intact());
  return out;
}

template <class T>
class Bootstrap : public testing::Test {};
TYPED_TEST_SUITE(Bootstrap, Types, TypeNames);

// One spectrum a class: every draw is the same problem, whose exact answer orthant_library gives.
TYPED_TEST(Bootstrap, DrawsOfEverySpectrumAreOneProblem) {
  using T = TypeParam;
  Random random(1);
  Matrix<T> E(20, 6), Y(20, 50), A(6, 50);
  E.fill_uniform(random);
  Y.fill_uniform(random);
  orthant_library_config lib{};
  lib.size = sizeof lib, lib.bands = 20, lib.spectra = 6;
  for (int32_t sum = 0; sum <= 1; ++sum) {
    lib.sum_to_one = sum;
    size_t bytes = 0;
    ASSERT_EQ(Api<T>::library_size(&lib, &bytes), ORTHANT_OK);
    Arena arena(bytes, 0);
    typename Api<T>::Library *s = nullptr;
    ASSERT_EQ(Api<T>::library_init(&lib, E.data(), E.ld(), nullptr, arena.data(), bytes, &s), ORTHANT_OK);
    const auto data = view(Y);
    ASSERT_EQ(Api<T>::library_run(s, &data, A.data(), A.ld(), nullptr, 0, nullptr), ORTHANT_OK);
    orthant_bootstrap_config c{};
    c.sum_to_one = sum, c.draws = 7;
    const auto own = bootstrap(E, {0, 1, 2, 3, 4, 5}, Y, c);
    c.each = 100;  // more than there are: all
    const auto classes = bootstrap(E, {0, 1, 0, 1, 0, 1}, Y, c);
    for (int32_t j = 0; j < 50; ++j) {
      for (int32_t k = 0; k < 6; ++k) {
        EXPECT_NEAR(double(own.A(k, j)), double(A(k, j)), 200 * eps<T>);
        EXPECT_LT(double(own.D(k, j)), 200 * eps<T>);
      }
      for (int32_t k = 0; k < 2; ++k)
        EXPECT_NEAR(double(classes.A(k, j)), double(A(k, j)) + double(A(k + 2, j)) + double(A(k + 4, j)), 400 * eps<T>);
    }
  }
}

// Two spectra of a class that differ by their brightness alone, e and 2 e, one drawn at a time: the abundance of y = e
// is 1 or 1/2, each with probability 1/2, with mean 3/4 and standard deviation 1/4.
TYPED_TEST(Bootstrap, ScatterIsThatOfTheSpectraThatMayStandForAClass) {
  using T = TypeParam;
  Random random(2);
  Matrix<T> E(10, 2), Y(10, 3);
  E.fill_uniform(random);
  for (int32_t i = 0; i < 10; ++i) {
    E(i, 1) = T(2) * E(i, 0);
    for (int32_t j = 0; j < 3; ++j) Y(i, j) = T(j + 1) * E(i, 0);
  }
  orthant_bootstrap_config c{};
  c.draws = 1000;
  for (const uint64_t seed : {0, 1}) {
    c.seed = seed;
    const auto found = bootstrap(E, {0, 0}, Y, c);
    for (int32_t j = 0; j < 3; ++j) {
      // The mean of 1000 draws scatters by 1/4 / sqrt(1000): five of that.
      EXPECT_NEAR(double(found.A(0, j)) / (j + 1), 0.75, 0.04);
      EXPECT_NEAR(double(found.D(0, j)) / (j + 1), 0.25, 0.01);
      EXPECT_NEAR(double(found.A(0, j)), (j + 1) * double(found.A(0, 0)), 1e-5);  // the same draws for every pixel
    }
  }
  c.seed = 5;
  const auto one = bootstrap(E, {0, 0}, Y, c);
  c.seed = 6;
  EXPECT_NE(double(one.A(0, 0)), double(bootstrap(E, {0, 0}, Y, c).A(0, 0)));
}

// Noise alone: the scatter is the standard deviation that orthant_library states.
TYPED_TEST(Bootstrap, ScatterOfNoiseIsWhatTheFormulaSays) {
  using T = TypeParam;
  Random random(3);
  Matrix<T> E(30, 3), Y(30, 2), A(3, 2), D(3, 2);
  E.fill_uniform(random);
  for (int32_t i = 0; i < 30; ++i)
    for (int32_t j = 0; j < 2; ++j) Y(i, j) = T(0.5) * E(i, 0) + T(0.3) * E(i, 1) + T(0.2) * E(i, 2);
  std::vector<T> variance(30);
  for (int32_t i = 0; i < 30; ++i) variance[size_t(i)] = T(1e-6 * (1 + i % 4));
  for (int32_t sum = 0; sum <= 1; ++sum) {
    orthant_library_config lib{};
    lib.size = sizeof lib, lib.bands = 30, lib.spectra = 3, lib.sum_to_one = sum;
    size_t bytes = 0;
    ASSERT_EQ(Api<T>::library_size(&lib, &bytes), ORTHANT_OK);
    Arena arena(bytes, 0);
    typename Api<T>::Library *s = nullptr;
    ASSERT_EQ(Api<T>::library_init(&lib, E.data(), E.ld(), variance.data(), arena.data(), bytes, &s), ORTHANT_OK);
    const auto data = view(Y);
    ASSERT_EQ(Api<T>::library_run(s, &data, A.data(), A.ld(), D.data(), D.ld(), nullptr), ORTHANT_OK);
    orthant_bootstrap_config c{};
    c.draws = 4000, c.sum_to_one = sum;
    const auto found = bootstrap(E, {0, 1, 2}, Y, c, variance);
    for (int32_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(double(found.D(k, 0)) / double(D(k, 0)), 1, 0.06) << sum;  // 1 / sqrt(8000), five of that
      EXPECT_NEAR(double(found.A(k, 1)), double(A(k, 1)), 0.1 * double(D(k, 1)));
    }
  }
}

// More of a class than there are take no more memory than all.
TYPED_TEST(Bootstrap, MemoryIsThatOfTheSpectraThatMayBeDrawn) {
  using T = TypeParam;
  orthant_bootstrap_config c{};
  c.size = sizeof c, c.bands = 8, c.spectra = 50, c.classes = 5;
  size_t all = 0, more = 0, one = 0;
  c.each = 10;
  ASSERT_EQ(Api<T>::bootstrap_size(&c, &all), ORTHANT_OK);
  c.each = 1000;
  ASSERT_EQ(Api<T>::bootstrap_size(&c, &more), ORTHANT_OK);
  c.each = 1;
  ASSERT_EQ(Api<T>::bootstrap_size(&c, &one), ORTHANT_OK);
  EXPECT_EQ(more, all);
  EXPECT_LT(one, all);
}

TYPED_TEST(Bootstrap, BadInput) {
  using T = TypeParam;
  Random random(4);
  Matrix<T> E(8, 4), Y(8, 40);
  E.fill_uniform(random);
  Y.fill_uniform(random);
  Y(3, 35) = T(NAN);
  const auto found = bootstrap(E, {0, 1, 0, 1}, Y, orthant_bootstrap_config{});
  EXPECT_EQ(found.status, ORTHANT_E_DATA);
  found.A.visit([&](int32_t k, int32_t j) {
    EXPECT_EQ(bool(std::isnan(found.A(k, j))), j == 35);
    EXPECT_EQ(bool(std::isnan(found.D(k, j))), j == 35);
  });
  size_t bytes = 0;
  const auto size = [&](auto change) {
    orthant_bootstrap_config c{};
    c.size = sizeof c, c.bands = 8, c.spectra = 4, c.classes = 2;
    change(c);
    return Api<T>::bootstrap_size(&c, &bytes);
  };
  EXPECT_EQ(size([](auto &) {}), ORTHANT_OK);
  EXPECT_EQ(size([](auto &c) { c.classes = 5; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.draws = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.each = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.reserved = 1; }), ORTHANT_E_ARG);
  orthant_bootstrap_config c{};
  c.size = sizeof c, c.bands = 8, c.spectra = 4, c.classes = 2;
  ASSERT_EQ(Api<T>::bootstrap_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 0, 0x3C);
  typename Api<T>::Bootstrap *s = nullptr;
  const auto init = [&](std::vector<int32_t> class_of, std::vector<T> variance) {
    return Api<T>::bootstrap_init(&c, E.data(), E.ld(), class_of.data(), variance.data(), arena.data(), bytes, &s);
  };
  EXPECT_EQ(init({0, 0, 0, 0}, std::vector<T>(8, T(1))), ORTHANT_E_ARG);
  EXPECT_EQ(init({0, 1, 2, 0}, std::vector<T>(8, T(1))), ORTHANT_E_ARG);
  EXPECT_EQ(init({0, 1, 1, 0}, std::vector<T>(8, T(0))), ORTHANT_E_DATA);
  E(0, 0) = T(NAN);
  EXPECT_EQ(init({0, 1, 1, 0}, std::vector<T>(8, T(1))), ORTHANT_E_DATA);
  EXPECT_TRUE(arena.holds(0x3C));
}

}  // namespace
}  // namespace orthant::test
