// MESMA against every model of small problems, its rules one by one, and bad input.
#include <algorithm>
#include <cmath>
#include <vector>

#include "reference.hpp"

namespace orthant::test {
namespace {

template <class T>
struct Modelled {
  orthant_status status;
  std::vector<int32_t> model;  // classes x pixels
  Matrix<T> A;
  std::vector<T> rms;
  orthant_report report = empty_report();
};

template <class T>
Modelled<T> mesma(const Matrix<T> &E, const std::vector<int32_t> &class_of, const Matrix<T> &Y,
                  orthant_mesma_config c) {
  c.size = sizeof c, c.bands = E.rows(), c.spectra = E.cols();
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::mesma_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 16);
  typename Api<T>::Mesma *s = nullptr;
  EXPECT_EQ(Api<T>::mesma_init(&c, E.data(), E.ld(), class_of.data(), arena.data(), bytes, &s), ORTHANT_OK);
  Modelled<T> out{ORTHANT_OK, std::vector<int32_t>(size_t(c.classes * Y.cols()), -7), Matrix<T>(c.classes, Y.cols()),
                  std::vector<T>(size_t(Y.cols())), empty_report()};
  const auto data = view(Y);
  out.status =
      Api<T>::mesma_run(s, &data, out.model.data(), c.classes, out.A.data(), out.A.ld(), out.rms.data(), &out.report);
  EXPECT_TRUE(arena.intact() && out.A.intact());
  return out;
}

struct Fit {
  double rmse = INFINITY;
  std::vector<int32_t> spectrum;  // of each class, or -1
  std::vector<double> share;
};

double rule(double given, double usual) { return given < 0 ? 1e30 : given > 0 ? given : usual; }

// Least squares by normal equations with a multiplier.
Fit fit(const Matrix<double> &E, const Matrix<double> &y, const std::vector<int32_t> &spectrum,
        const orthant_mesma_config &c) {
  std::vector<int32_t> P;
  for (const int32_t k : spectrum)
    if (k >= 0) P.push_back(k);
  const int32_t m = int32_t(P.size()), order = m + c.sum_to_one;
  Matrix<double> G = zeros(order, order), f = zeros(order, 1), e(E.rows(), m);
  e.each([&](int32_t i, int32_t a) { return E(i, P[size_t(a)]); });
  const Matrix<double> g = transposed(e) * e, h = transposed(e) * y;
  for (int32_t a = 0; a < m; ++a) {
    for (int32_t b = 0; b < m; ++b) G(a, b) = g(a, b);
    f(a, 0) = h(a, 0);
    if (c.sum_to_one) G(a, m) = G(m, a) = 1;
  }
  if (c.sum_to_one) f(m, 0) = 1;
  const Matrix<double> x = solve(G, f);
  Matrix<double> a(m, 1);
  a.each([&](int32_t i, int32_t) { return x(i, 0); });
  Fit out;
  double sum = 0;
  bool good = true;
  const double slack = rule(c.slack, 0.05);
  for (int32_t i = 0; i < m; ++i) {
    good = good && a(i, 0) >= -slack && a(i, 0) <= 1 + slack;
    sum += a(i, 0);
  }
  if (!c.sum_to_one) good = good && 1 - sum >= -slack && 1 - sum <= rule(c.max_shade, 0.8);
  const double rmse = norm(y - e * a) / std::sqrt(double(E.rows()));
  if (!good || !(rmse < rule(c.max_rmse, 0.025))) return out;
  out.rmse = rmse;
  out.spectrum = spectrum;
  out.share.assign(spectrum.size(), 0);
  for (size_t k = 0, i = 0; k < spectrum.size(); ++k)
    if (spectrum[k] >= 0) out.share[k] = a(int32_t(i++), 0);
  return out;
}

// Every model, by counting in mixed radix: none or one spectrum of each class.
Fit best_of_all(const Matrix<double> &E, const std::vector<int32_t> &class_of, const Matrix<double> &y,
                const orthant_mesma_config &c, int32_t *tried) {
  std::vector<std::vector<int32_t>> of_class(size_t(c.classes), {-1});
  for (int32_t k = 0; k < E.cols(); ++k) of_class[size_t(class_of[size_t(k)])].push_back(k);
  std::vector<Fit> best(size_t(c.classes) + 1);
  std::vector<size_t> digit(size_t(c.classes), 0);
  for (bool more = true; more;) {
    std::vector<int32_t> spectrum;
    int32_t level = 0;
    for (size_t k = 0; k < digit.size(); ++k) {
      spectrum.push_back(of_class[k][digit[k]]);
      level += spectrum.back() >= 0;
    }
    if (level >= std::max(c.least, 1) && level <= (c.most > 0 ? c.most : c.classes)) {
      const Fit one = fit(E, y, spectrum, c);
      if (one.rmse < best[size_t(level)].rmse) best[size_t(level)] = one;
      ++*tried;
    }
    size_t k = 0;
    while (k < digit.size() && ++digit[k] == of_class[k].size()) digit[k++] = 0;
    more = k < digit.size();
  }
  Fit found;
  const double gain = c.gain < 0 ? 0 : rule(c.gain, 0.007);
  for (const Fit &one : best)
    if (one.rmse < found.rmse - (found.rmse < INFINITY ? gain : 0)) found = one;
  return found;
}

Matrix<double> normalized(const Matrix<double> &X) {
  Matrix<double> out(X);
  for (int32_t j = 0; j < X.cols(); ++j) {
    double squares = 0;
    for (int32_t i = 0; i < X.rows(); ++i) squares += X(i, j) * X(i, j);
    for (int32_t i = 0; i < X.rows(); ++i) out(i, j) = X(i, j) * std::sqrt(X.rows() / squares);
  }
  return out;
}

template <class T>
class Mesma : public testing::Test {};
TYPED_TEST_SUITE(Mesma, Types, TypeNames);

TYPED_TEST(Mesma, AThousandSmallProblemsAgreeWithEveryModel) {
  using T = TypeParam;
  int32_t modelled = 0, levels[5] = {};
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    orthant_mesma_config c{};
    c.classes = uniform_int(random, 1, 4);
    const int32_t bands = uniform_int(random, 6, 12), spectra = c.classes + uniform_int(random, 0, 5);
    std::vector<int32_t> class_of;
    for (int32_t k = 0; k < spectra; ++k) class_of.push_back(k < c.classes ? k : uniform_int(random, 0, c.classes - 1));
    std::swap(class_of.front(), class_of.back());
    c.sum_to_one = uniform_int(random, 0, 1);
    c.normalize = uniform_int(random, 0, 3) == 0;
    c.least = uniform_int(random, 0, 2) == 0 ? uniform_int(random, 1, c.classes) : 0;
    c.most = uniform_int(random, 0, 2) == 0 ? uniform_int(random, std::max(1, c.least), c.classes) : 0;
    c.slack = std::vector<double>{0, -1, 0.2}[size_t(uniform_int(random, 0, 2))];
    c.max_shade = std::vector<double>{0, -1, 0.3}[size_t(uniform_int(random, 0, 2))];
    c.max_rmse = std::vector<double>{-1, 0.1, 0.4}[size_t(uniform_int(random, 0, 2))];
    c.gain = std::vector<double>{0, -1, 0.05}[size_t(uniform_int(random, 0, 2))];
    Matrix<T> E(bands, spectra), Y(bands, 3);
    E.fill_uniform(random);
    Y.each([&](int32_t i, int32_t j) {
      return 0.6 * double(E(i, j % spectra)) + 0.3 * double(E(i, (j + 1) % spectra)) + 0.1 * normal(random);
    });
    const auto found = mesma(E, class_of, Y, c);
    const Matrix<double> Ed(E), Yd(Y), En = c.normalize ? normalized(Ed) : Ed, Yn = c.normalize ? normalized(Yd) : Yd;
    int32_t most_tried = 0;
    double objective = 0;
    for (int32_t j = 0; j < 3; ++j) {
      Matrix<double> y(bands, 1);
      y.each([&](int32_t i, int32_t) { return Yn(i, j); });
      int32_t tried = 0, used = 0;
      const Fit best = best_of_all(En, class_of, y, c, &tried);
      most_tried = std::max(most_tried, tried);
      for (int32_t k = 0; k < c.classes; ++k) {
        const int32_t expected = best.rmse < INFINITY ? best.spectrum[size_t(k)] : -1;
        ASSERT_EQ(found.model[size_t(k + c.classes * j)], expected)
            << "seed " << seed << " pixel " << j << " class " << k;
        used += expected >= 0;
        if (best.rmse < INFINITY)
          EXPECT_NEAR(double(found.A(k, j)), best.share[size_t(k)], 1e-9 + 4 * eps<T>) << seed;
        else
          EXPECT_TRUE(std::isnan(found.A(k, j)));
      }
      if (best.rmse < INFINITY)
        EXPECT_NEAR(double(found.rms[size_t(j)]), best.rmse, 1e-9 + 4 * eps<T> * best.rmse) << seed;
      else
        EXPECT_TRUE(std::isnan(found.rms[size_t(j)]));
      objective += best.rmse < INFINITY ? 0.5 * bands * best.rmse * best.rmse : 0;
      modelled += best.rmse < INFINITY;
      ++levels[used];
    }
    EXPECT_NEAR(found.report.objective, objective, 1e-9);
    EXPECT_LE(found.report.iters, most_tried);
  }
  for (const int32_t count : levels) EXPECT_GT(count, 50);  // models of every size, and none
  EXPECT_GT(modelled, 1000);
}

// Many pixels at once, many spectra a class: blocks, and pixels that drop out of them.
TYPED_TEST(Mesma, ManyPixelsAreAsEachAlone) {
  using T = TypeParam;
  Random random(3);
  constexpr int32_t bands = 30, classes = 3, each = 12, pixels = 150;
  Matrix<T> E(bands, classes * each), Y(bands, pixels);
  std::vector<int32_t> class_of;
  for (int32_t k = 0; k < classes * each; ++k) class_of.push_back(k % classes);
  E.fill_uniform(random);
  Y.each([&](int32_t i, int32_t j) {
    const double noise = 0.002 * normal(random);
    double y = 0.5 * double(E(i, j % 36));
    if (j % 3 > 0) y += 0.3 * double(E(i, (j + 1) % 36));
    if (j % 3 > 1) y += 0.2 * double(E(i, (j + 2) % 36));
    return y + noise;
  });
  orthant_mesma_config c{};
  c.classes = classes;
  const auto all = mesma(E, class_of, Y, c);
  EXPECT_EQ(all.status, ORTHANT_OK);
  for (int32_t j = 0; j < pixels; ++j) {
    Matrix<T> y(bands, 1);
    y.each([&](int32_t i, int32_t) { return Y(i, j); });
    const auto one = mesma(E, class_of, y, c);
    for (int32_t k = 0; k < classes; ++k) {
      EXPECT_EQ(all.model[size_t(k + classes * j)], one.model[size_t(k)]) << j;
      EXPECT_EQ(all.A(k, j), one.A(k, 0)) << j;
    }
    // What the pixel was made of.
    for (int32_t part = 0; part < 3; ++part) {
      const int32_t k = (j + part) % 36, expected = part <= j % 3 ? k : -1;
      EXPECT_EQ(all.model[size_t(k % classes + classes * j)], expected) << j << " " << part;
    }
  }
  EXPECT_LT(all.report.rel_error, 0.02);
}

TYPED_TEST(Mesma, UnitsDoNotMatterWhereTheRulesHaveThem) {
  using T = TypeParam;
  Random random(4);
  Matrix<T> E(20, 6), Y(20, 9);
  E.fill_uniform(random);
  Y.each([&](int32_t i, int32_t j) { return 0.7 * double(E(i, j % 6)) + 0.02 * normal(random); });
  const std::vector<int32_t> class_of = {0, 1, 2, 0, 1, 2};
  orthant_mesma_config c{};
  c.classes = 3, c.max_rmse = 0.05, c.gain = 0.005;
  const auto found = mesma(E, class_of, Y, c);
  for (const double unit : {0x1p-80, 0x1p14, 0x1p60}) {
    orthant_mesma_config other = c;
    other.max_rmse *= unit, other.gain *= unit;
    const auto scaled = mesma(Matrix<T>(unit * E), class_of, Matrix<T>(unit * Y), other);
    EXPECT_EQ(scaled.model, found.model);
    EXPECT_TRUE(scaled.A == found.A);
    EXPECT_EQ(double(scaled.rms[4]), unit * double(found.rms[4]));
  }
}

TYPED_TEST(Mesma, DependentAndZeroSpectraAreLeftOut) {
  using T = TypeParam;
  Random random(5);
  Matrix<T> E(15, 4), Y(15, 2);
  E.fill_uniform(random);
  for (int32_t i = 0; i < 15; ++i) {
    E(i, 1) = T(2) * E(i, 0);
    E(i, 3) = T(0);
    Y(i, 0) = T(0.5) * E(i, 0) + T(0.4) * E(i, 2);
    Y(i, 1) = T(0);
  }
  for (int32_t sum = 0; sum <= 1; ++sum) {
    orthant_mesma_config c{};
    c.classes = 4, c.sum_to_one = sum, c.max_shade = c.max_rmse = c.gain = -1;
    const auto found = mesma(E, {0, 1, 2, 3}, Y, c);
    EXPECT_EQ(found.status, ORTHANT_OK);
    EXPECT_TRUE(all_finite(found.A));
    EXPECT_LT(double(found.rms[0]), 1e-6);
  }
}

TYPED_TEST(Mesma, ABadPixelHasNoModelAndAllOthersHave) {
  using T = TypeParam;
  Random random(6);
  Matrix<T> E(10, 4), Y(10, 80);
  E.fill_uniform(random);
  Y.each([&](int32_t i, int32_t j) { return 0.8 * double(E(i, j % 4)); });
  Y(2, 70) = T(NAN);
  orthant_mesma_config c{};
  c.classes = 2;
  const auto found = mesma(E, {0, 1, 0, 1}, Y, c);
  EXPECT_EQ(found.status, ORTHANT_E_DATA);
  for (int32_t j = 0; j < 80; ++j)
    for (int32_t k = 0; k < 2; ++k) {
      EXPECT_EQ(found.model[size_t(k + 2 * j)], j != 70 && j % 2 == k ? j % 4 : -1) << j;
      EXPECT_EQ(bool(std::isnan(found.A(k, j))), j == 70);
    }
}

TYPED_TEST(Mesma, BadInputIsRefused) {
  using T = TypeParam;
  size_t bytes = 0;
  const auto size = [&](auto change) {
    orthant_mesma_config c{};
    c.size = sizeof c, c.bands = 5, c.spectra = 4, c.classes = 2;
    change(c);
    return Api<T>::mesma_size(&c, &bytes);
  };
  EXPECT_EQ(size([](auto &) {}), ORTHANT_OK);
  EXPECT_EQ(size([](auto &c) { c.bands = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.classes = 5; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.classes = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.most = 3; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.least = 2, c.most = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.sum_to_one = 2; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.normalize = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.slack = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.gain = INFINITY; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.spectra = INT32_MAX; }), ORTHANT_E_ARG);
  orthant_mesma_config c{};
  c.size = sizeof c, c.bands = 5, c.spectra = 4, c.classes = 2;
  ASSERT_EQ(Api<T>::mesma_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 0, 0x3C);
  Matrix<T> E(5, 4);
  E.fill(1);
  typename Api<T>::Mesma *s = nullptr;
  const auto init = [&](std::vector<int32_t> class_of) {
    return Api<T>::mesma_init(&c, E.data(), E.ld(), class_of.data(), arena.data(), bytes, &s);
  };
  EXPECT_EQ(init({0, 1, 2, 0}), ORTHANT_E_ARG);
  EXPECT_EQ(init({0, -1, 1, 0}), ORTHANT_E_ARG);
  EXPECT_EQ(init({0, 0, 0, 0}), ORTHANT_E_ARG);  // a class without a spectrum
  E(4, 3) = T(INFINITY);
  EXPECT_EQ(init({0, 1, 1, 0}), ORTHANT_E_DATA);
  EXPECT_TRUE(arena.holds(0x3C));
}

}  // namespace
}  // namespace orthant::test
