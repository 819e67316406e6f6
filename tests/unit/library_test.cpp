// Unmixing by a library: the conditions of the minimum from the definition, all supports of small problems, scales,
// weights, standard deviations, bad input.
#include <algorithm>
#include <cmath>
#include <vector>

#include "reference.hpp"

namespace orthant::test {
namespace {

struct Options {
  int32_t sum_to_one = 0;
  double l1 = 0;
  int32_t max_iter = 0;
};

template <class T>
struct Unmixed {
  orthant_status status;
  Matrix<T> A, D;
  orthant_report report = empty_report();
};

template <class T>
Unmixed<T> unmix(const Matrix<T> &E, const Matrix<T> &Y, Options options = {}, const std::vector<T> &variance = {}) {
  orthant_library_config c{};
  c.size = sizeof c, c.bands = E.rows(), c.spectra = E.cols(), c.sum_to_one = options.sum_to_one, c.l1 = options.l1;
  c.max_iter = options.max_iter;
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::library_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 16);
  typename Api<T>::Library *s = nullptr;
  EXPECT_EQ(
      Api<T>::library_init(&c, E.data(), E.ld(), variance.empty() ? nullptr : variance.data(), arena.data(), bytes, &s),
      ORTHANT_OK);
  Unmixed<T> out{ORTHANT_OK, Matrix<T>(E.cols(), Y.cols()), Matrix<T>(E.cols(), Y.cols()), empty_report()};
  const auto data = view(Y);
  out.status = Api<T>::library_run(s, &data, out.A.data(), out.A.ld(), out.D.data(), out.D.ld(), &out.report);
  EXPECT_TRUE(arena.intact() && out.A.intact() && out.D.intact());
  return out;
}

// Smooth spectra that are much alike, as those of a library of minerals.
Matrix<double> library(int32_t bands, int32_t spectra, uint64_t seed) {
  Random random(seed);
  Matrix<double> E(bands, spectra);
  for (int32_t k = 0; k < spectra; ++k) {
    const double level = 0.2 + 0.6 * uniform(random), slope = 0.3 * uniform(random);
    const double at = uniform(random), width = 0.05 + 0.2 * uniform(random), depth = 0.5 * uniform(random);
    for (int32_t i = 0; i < bands; ++i) {
      const double w = double(i) / bands;
      E(i, k) = level * (1 + slope * w) * (1 - depth * std::exp(-0.5 * std::pow((w - at) / width, 2)));
    }
  }
  return E;
}
// Pixels of four spectra each, and noise.
Matrix<double> pixels(const Matrix<double> &E, int32_t count, double deviation, uint64_t seed) {
  Random random(seed);
  Matrix<double> Y = zeros(E.rows(), count);
  for (int32_t j = 0; j < count; ++j) {
    double shares[4], sum = 0;
    for (double &share : shares) sum += share = -std::log(1 - uniform(random));
    for (const double share : shares) {
      const int32_t k = uniform_int(random, 0, E.cols() - 1);
      for (int32_t i = 0; i < E.rows(); ++i) Y(i, j) += share / sum * E(i, k);
    }
    for (int32_t i = 0; i < E.rows(); ++i) Y(i, j) += deviation * normal(random);
  }
  return Y;
}

// |min(a, g)|_inf over max |e| max(|y|, |E a|), from the definition, in double.
template <class T>
double worst_residual(const Matrix<T> &E, const Matrix<T> &Y, const Matrix<T> &A, Options options) {
  double worst = 0;
  for (int32_t j = 0; j < Y.cols(); ++j) {
    std::vector<double> rest(size_t(E.rows())), g(size_t(E.cols()));
    double y2 = 0, fit2 = 0, longest = 0, mean = 0;
    int32_t used = 0;
    for (int32_t i = 0; i < E.rows(); ++i) {
      double fit = 0;
      for (int32_t k = 0; k < E.cols(); ++k) fit += double(E(i, k)) * double(A(k, j));
      rest[size_t(i)] = fit - double(Y(i, j));
      y2 += double(Y(i, j)) * double(Y(i, j)), fit2 += fit * fit;
    }
    for (int32_t k = 0; k < E.cols(); ++k) {
      double squares = 0;
      g[size_t(k)] = options.l1;
      for (int32_t i = 0; i < E.rows(); ++i) {
        g[size_t(k)] += double(E(i, k)) * rest[size_t(i)];
        squares += double(E(i, k)) * double(E(i, k));
      }
      longest = std::max(longest, squares);
      if (A(k, j) > T(0)) mean += g[size_t(k)], ++used;
    }
    mean = options.sum_to_one ? mean / used : 0;
    for (int32_t k = 0; k < E.cols(); ++k)
      worst = std::max(
          worst, std::fabs(std::min(double(A(k, j)), g[size_t(k)] - mean)) / std::sqrt(longest * std::max(y2, fit2)));
  }
  return worst;
}

template <class T>
class Library : public testing::Test {};
TYPED_TEST_SUITE(Library, Types, TypeNames);

constexpr double good_enough(size_t bytes) { return bytes == 4 ? 1e-6 : 1e-13; }

TYPED_TEST(Library, MoreSpectraThanBandsIsSolvedToItsEnd) {
  using T = TypeParam;
  const Matrix<double> E = library(60, 200, 1);
  const Matrix<T> Et(E), Y(pixels(E, 40, 0.005, 2));
  for (const Options options : {Options{0, 0}, {0, 1e-3}, {0, 0.05}, {1, 0}, {1, 1e-2}}) {
    const auto found = unmix(Et, Y, options);
    EXPECT_EQ(found.status, ORTHANT_OK);
    EXPECT_EQ(found.report.stop, ORTHANT_STOP_KKT);
    EXPECT_TRUE(nonnegative(found.A));
    const double residual = worst_residual(Et, Y, found.A, options);
    EXPECT_LE(residual, good_enough(sizeof(T))) << options.sum_to_one << " " << options.l1;
    EXPECT_LE(found.report.kkt, good_enough(sizeof(T)));
    EXPECT_GE(found.report.kkt, 0.1 * residual);  // it is measured: scales differ by a factor of two at most
    for (int32_t j = 0; j < Y.cols() && options.sum_to_one; ++j) {
      double sum = 0;
      for (int32_t k = 0; k < E.cols(); ++k) sum += double(found.A(k, j));
      EXPECT_NEAR(sum, 1, 8 * eps<T>);
    }
    double objective = 0;
    const Matrix<double> R = Y - Et * found.A;
    objective = 0.5 * norm2(R);
    found.A.visit([&](int32_t i, int32_t j) { objective += options.l1 * double(found.A(i, j)); });
    EXPECT_NEAR(found.report.objective, objective, 1e-3 * std::sqrt(eps<T>) * objective);
    EXPECT_NEAR(found.report.rel_error, norm(R) / norm(Y), 1e-4 * found.report.rel_error);
  }
}

// The relative residual as the header defines it, where steps run out before the minimum: for spectra and pixels scaled
// by powers of two to a length, and a largest entry, in [1/2, 1).
struct Scaled {
  double worst = 0, objective = 0, rest2 = 0, norm2 = 0;
  int32_t at = 0;
};
double to_one(double x) { return x > 0 ? std::ldexp(1.0, -(std::ilogb(x) + 1)) : 1; }
Scaled scaled_residual(const Matrix<double> &E, const Matrix<double> &Y, const Matrix<double> &A, Options options,
                       const std::vector<double> &variance) {
  Scaled out;
  std::vector<double> w(size_t(E.rows()), 1.0), c(size_t(E.cols()));
  double unit = 1, longest = 0;
  if (!variance.empty()) {
    unit = to_one(1 / std::sqrt(*std::min_element(variance.begin(), variance.end())));
    for (size_t i = 0; i < w.size(); ++i) w[i] = unit / std::sqrt(variance[i]);
  }
  const auto weigh = [&](const Matrix<double> &X) {
    return Matrix<double>(X).each([&](int32_t i, int32_t j) { return w[size_t(i)] * X(i, j); });
  };
  const Matrix<double> Ew = weigh(E), Yw = weigh(Y), R = Yw - Ew * A, F = transposed(Ew) * R;
  for (int32_t k = 0; k < E.cols(); ++k) {
    double squares = 0;
    for (int32_t i = 0; i < E.rows(); ++i) squares += Ew(i, k) * Ew(i, k);
    c[size_t(k)] = to_one(std::sqrt(squares));
    longest = std::max(longest, c[size_t(k)] * std::sqrt(squares));
  }
  for (int32_t j = 0; j < Y.cols(); ++j) {
    double highest = 0, y2 = 0, fit2 = 0, rest2 = 0, top = 0, bottom = 0, worst = 0, sum = 0;
    for (int32_t i = 0; i < E.rows(); ++i) {
      highest = std::max(highest, std::fabs(Yw(i, j)));
      y2 += Yw(i, j) * Yw(i, j), rest2 += R(i, j) * R(i, j);
      fit2 += std::pow(Yw(i, j) - R(i, j), 2);
    }
    const double scale = to_one(highest), l1 = options.l1 * unit * unit * scale;
    const auto slope = [&](int32_t k) { return c[size_t(k)] * (scale * F(k, j) - l1); };
    for (int32_t k = 0; k < E.cols(); ++k) {
      sum += A(k, j);
      if (!options.sum_to_one || !(A(k, j) > 0)) continue;
      top += c[size_t(k)] * slope(k), bottom += c[size_t(k)] * c[size_t(k)];
    }
    const double level = bottom > 0 ? top / bottom : 0;
    for (int32_t k = 0; k < E.cols(); ++k)
      worst = std::max(worst, std::fabs(std::min(A(k, j) * scale / c[size_t(k)], level * c[size_t(k)] - slope(k))));
    worst /= longest * scale * std::sqrt(std::max(y2, fit2));
    if (worst > out.worst) out.worst = worst, out.at = j;
    out.objective += 0.5 * rest2 / unit / unit + options.l1 * sum;
    out.rest2 += rest2, out.norm2 += y2;
  }
  return out;
}
TYPED_TEST(Library, ReportIsThatOfItsFormulasWhereStepsRunOut) {
  using T = TypeParam;
  const int32_t bands = 23, spectra = 31;
  Random random(31);
  for (const bool weighted : {false, true})
    for (const Options options : {Options{0, 0}, {0, 0.02}, {1, 0}, {1, 0.02}})
      for (const int32_t max_iter : {1, 2, 3}) {
        SCOPED_TRACE(testing::Message() << weighted << " " << options.sum_to_one << " " << options.l1);
        SCOPED_TRACE(max_iter);
        Matrix<T> E(bands, spectra), Y(bands, 70);
        E.each([&](int32_t, int32_t k) { return std::ldexp(uniform(random) - 0.3, k % 5) * (1 + 0.1 * (k % 3)); });
        Y.each([&](int32_t i, int32_t j) {
          double y = 0.3 * normal(random);
          for (int32_t k = 0; k < 6; ++k) y += double(E(i, (5 * j + 7 * k) % spectra)) / (1 + k);
          return std::ldexp(y, j % 4 - 2);
        });
        std::vector<T> variance(weighted ? size_t(bands) : 0);
        for (T &v : variance) v = T(0.1 + uniform(random));
        auto given = options;
        given.max_iter = max_iter;
        const auto found = unmix(E, Y, given, variance);
        const Scaled truth = scaled_residual(Matrix<double>(E), Matrix<double>(Y), Matrix<double>(found.A), options,
                                             std::vector<double>(variance.begin(), variance.end()));
        const double rounding = 1e4 * unit_roundoff<T>;
        EXPECT_GT(truth.worst, 1e-3);
        EXPECT_NEAR(found.report.kkt, truth.worst, rounding * truth.worst);
        EXPECT_EQ(found.report.worst, truth.at);
        EXPECT_NEAR(found.report.objective, truth.objective, rounding * truth.objective);
        EXPECT_NEAR(found.report.rel_error, std::sqrt(truth.rest2 / truth.norm2), rounding);
        EXPECT_EQ(found.report.iters, max_iter);
        EXPECT_EQ(found.report.stop, ORTHANT_STOP_ITERATIONS);
        double first = 0;  // a first step names a spectrum; later pixels begin with those of the one before
        for (int32_t k = 0; k < spectra; ++k) first += double(found.A(k, 0));
        EXPECT_EQ(first > 0, max_iter > 1 || options.sum_to_one);
      }
}

// Where steps run out the judge gives a pixel two more goes from what was found: with two steps each, a step to name a
// spectrum and one to the minimum of those named, three spectra in the order of Lawson and Hanson.
TYPED_TEST(Library, GoesOnFromWhereStepsRanOut) {
  using T = TypeParam;
  int32_t compared = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const int32_t bands = 12, spectra = 15;
    Matrix<T> E(bands, spectra), Y(bands, 1);
    E.fill_uniform(random);
    Y.fill_uniform(random, 0.5);
    Options options;
    options.max_iter = 2;
    options.l1 = seed % 2 ? 0.05 : 0;
    const auto found = unmix(E, Y, options);
    const Matrix<double> Ed(E), Yd(Y);
    Matrix<double> a = zeros(spectra, 1);
    std::vector<int32_t> used;
    bool inside = true;
    for (int named = 0; named < 3 && inside; ++named) {
      const Matrix<double> g = transposed(Ed) * (Yd - Ed * a);
      int32_t best = -1;
      double most = 0;
      for (int32_t k = 0; k < spectra; ++k) {
        double squares = 0;
        for (int32_t i = 0; i < bands; ++i) squares += Ed(i, k) * Ed(i, k);
        const double gain = to_one(std::sqrt(squares)) * (g(k, 0) - options.l1);
        if (std::find(used.begin(), used.end(), k) == used.end() && gain > most) most = gain, best = k;
      }
      inside = best >= 0;
      if (!inside) break;
      used.push_back(best);
      Matrix<double> e(bands, int32_t(used.size()));
      e.each([&](int32_t i, int32_t k) { return Ed(i, used[size_t(k)]); });
      Matrix<double> f = transposed(e) * Yd;
      f.each([&](int32_t k, int32_t) { return f(k, 0) - options.l1; });
      const Matrix<double> x = solve(transposed(e) * e, f);
      a.fill(0);
      for (int32_t k = 0; k < x.rows(); ++k) inside = inside && x(k, 0) > 0, a(used[size_t(k)], 0) = x(k, 0);
    }
    if (!inside) continue;  // an entry came to zero on the way
    ++compared;
    EXPECT_LE(largest(found.A - a), 1e4 * unit_roundoff<T>) << seed;
  }
  EXPECT_GT(compared, 20);
}

// No more numbers for the spectra in use than may be independent: the Gram matrix and the library are all that grows.
TYPED_TEST(Library, MemoryIsThatOfTheGramMatrix) {
  using T = TypeParam;
  orthant_library_config c{};
  c.size = sizeof c, c.bands = 10, c.spectra = 1000;
  size_t bytes = 0;
  ASSERT_EQ(Api<T>::library_size(&c, &bytes), ORTHANT_OK);
  EXPECT_LT(double(bytes), 1.4 * 8 * 1000 * 1000);
}

// A larger penalty leaves fewer spectra, and where it outweighs every product none.
TYPED_TEST(Library, PenaltyMakesSparse) {
  using T = TypeParam;
  const Matrix<double> E = library(50, 120, 3);
  const Matrix<T> Et(E), Y(pixels(E, 30, 0.01, 4));
  int64_t last = INT64_MAX;
  for (const double l1 : {0.0, 0.3, 3.0, 1000.0}) {
    const auto found = unmix(Et, Y, {0, l1});
    int64_t used = 0;
    found.A.visit([&](int32_t i, int32_t j) { used += found.A(i, j) > T(0); });
    EXPECT_LT(used, last) << l1;
    last = used;
  }
  EXPECT_EQ(last, 0);
}

// The best of all supports of a small problem.
double best_of_supports(const Matrix<double> &E, const Matrix<double> &y, Options options) {
  const int32_t n = E.cols();
  double best = options.sum_to_one ? INFINITY : 0.5 * norm2(y);
  for (int32_t set = 1; set < 1 << n; ++set) {
    std::vector<int32_t> P;
    for (int32_t k = 0; k < n; ++k)
      if (set >> k & 1) P.push_back(k);
    const int32_t m = int32_t(P.size()), order = m + options.sum_to_one;
    Matrix<double> G = zeros(order, order), f = zeros(order, 1);
    for (int32_t a = 0; a < m; ++a) {
      for (int32_t b = 0; b < m; ++b)
        for (int32_t i = 0; i < E.rows(); ++i) G(a, b) += E(i, P[size_t(a)]) * E(i, P[size_t(b)]);
      for (int32_t i = 0; i < E.rows(); ++i) f(a, 0) += E(i, P[size_t(a)]) * y(i, 0);
      f(a, 0) -= options.l1;
      if (options.sum_to_one) G(a, m) = G(m, a) = 1;
    }
    if (options.sum_to_one) f(m, 0) = 1;
    const Matrix<double> x = solve(G, f);
    Matrix<double> a = zeros(n, 1);
    bool inside = true;
    double penalty = 0;
    for (int32_t k = 0; k < m; ++k) {
      inside = inside && x(k, 0) >= 0;
      a(P[size_t(k)], 0) = x(k, 0);
      penalty += options.l1 * x(k, 0);
    }
    if (inside) best = std::min(best, 0.5 * norm2(y - E * a) + penalty);
  }
  return best;
}

TYPED_TEST(Library, SmallProblemsAgreeWithAllSupports) {
  using T = TypeParam;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const int32_t bands = uniform_int(random, 6, 9), spectra = uniform_int(random, 1, 6);
    Matrix<T> E(bands, spectra), Y(bands, 3);
    E.fill_uniform(random, -0.2);
    Y.fill_uniform(random, -0.3);
    const Options options{int32_t(seed % 2), seed % 3 == 0 ? 0.0 : 0.2 * uniform(random)};
    const auto found = unmix(E, Y, options);
    double best = 0;
    for (int32_t j = 0; j < 3; ++j) {
      Matrix<double> y(bands, 1);
      y.each([&](int32_t i, int32_t) { return Y(i, j); });
      best += best_of_supports(Matrix<double>(E), y, options);
    }
    EXPECT_NEAR(found.report.objective, best, 100 * eps<T> * (1 + best)) << seed;
  }
}

// Twice the same spectrum, a zero one, one that is the sum of two others: the minimum is as without them.
TYPED_TEST(Library, DependentSpectra) {
  using T = TypeParam;
  const Matrix<double> E = library(20, 5, 5);
  Matrix<double> more(20, 9);
  more.each([&](int32_t i, int32_t k) {
    if (k < 5) return E(i, k);
    return k == 6 ? 0.0 : k == 7 ? E(i, 0) + E(i, 1) : E(i, k == 8 ? 2 : 3);
  });
  const Matrix<T> Y(pixels(E, 10, 0.01, 6));
  const auto few = unmix(Matrix<T>(E), Y), many = unmix(Matrix<T>(more), Y);
  EXPECT_NEAR(many.report.objective, few.report.objective, 100 * eps<T> * few.report.objective + 10 * eps<T>);
  EXPECT_LE(many.report.kkt, good_enough(sizeof(T)));
  const auto fractions = unmix(Matrix<T>(more), Y, {1, 0});
  EXPECT_EQ(fractions.status, ORTHANT_OK);
  EXPECT_LE(fractions.report.kkt, good_enough(sizeof(T)));
}

// Units of spectra and of pixels change what they must and nothing else; powers of two keep every bit.
TYPED_TEST(Library, ScalesOfSpectraAndPixels) {
  using T = TypeParam;
  const Matrix<double> E = library(30, 50, 7);
  const Matrix<T> Y(pixels(E, 12, 0.01, 8)), Et(E);
  const auto found = unmix(Et, Y);
  const auto of_column = [](int32_t k) { return std::ldexp(1.0, 10 * (k % 7 - 3)); };
  const auto scaled =
      unmix(Matrix<T>(Matrix<T>(E).each([&](int32_t i, int32_t k) { return of_column(k) * double(Et(i, k)); })), Y);
  found.A.visit([&](int32_t k, int32_t j) {
    EXPECT_EQ(scaled.A(k, j), T(double(found.A(k, j)) / of_column(k))) << k << " " << j;
    EXPECT_EQ(scaled.D(k, j), T(double(found.D(k, j)) / of_column(k)));
  });
  EXPECT_EQ(scaled.report.kkt, found.report.kkt);
  const double tiny = sizeof(T) == 4 ? 0x1p-83 : 0x1p-660;  // their squares vanish
  const auto dark = unmix(Matrix<T>(tiny * Et), Matrix<T>(tiny * Y));
  EXPECT_TRUE(dark.A == found.A);
  EXPECT_EQ(dark.report.kkt, found.report.kkt);
}

TYPED_TEST(Library, VariancesAreWeights) {
  using T = TypeParam;
  const Matrix<double> E = library(25, 40, 9);
  const Matrix<double> Y = pixels(E, 8, 0.02, 10);
  std::vector<T> variance(25);
  for (int32_t i = 0; i < 25; ++i) variance[size_t(i)] = T(std::ldexp(1e-4, 2 * (i % 4)));
  const auto weigh = [&](const Matrix<double> &X) {
    return Matrix<double>(X).each(
        [&](int32_t i, int32_t j) { return X(i, j) / std::sqrt(double(variance[size_t(i)])); });
  };
  const Matrix<double> Ew = weigh(E), Yw = weigh(Y);
  for (const Options options : {Options{0, 0}, {0, 5}, {1, 0}}) {
    const auto found = unmix(Matrix<T>(E), Matrix<T>(Y), options, variance);
    EXPECT_LE(worst_residual(Matrix<T>(Ew), Matrix<T>(Yw), found.A, options), 2 * good_enough(sizeof(T)));
    double objective = 0.5 * norm2(Yw - Ew * found.A);
    found.A.visit([&](int32_t k, int32_t j) { objective += options.l1 * double(found.A(k, j)); });
    EXPECT_NEAR(found.report.objective, objective, 1e-5 * objective);
  }
}

// What repeated noise does to abundances that stay positive, and the formula with the noise that is left of a pixel.
TYPED_TEST(Library, DeviationsAreThoseOfRepeatedNoise) {
  using T = TypeParam;
  constexpr int32_t bands = 40, spectra = 4, repeats = 4000;
  Random random(11);
  Matrix<double> E(bands, spectra), Y(bands, repeats);
  E.fill_uniform(random);
  const double truth[] = {0.4, 0.3, 0.2, 0.1};
  std::vector<T> variance(bands);
  for (int32_t i = 0; i < bands; ++i) variance[size_t(i)] = T(1e-6 * (1 + i % 3));
  Y.each([&](int32_t i, int32_t) {
    double y = std::sqrt(double(variance[size_t(i)])) * normal(random);
    for (int32_t k = 0; k < spectra; ++k) y += truth[k] * E(i, k);
    return y;
  });
  for (int32_t sum = 0; sum <= 1; ++sum) {
    const auto found = unmix(Matrix<T>(E), Matrix<T>(Y), {sum, 0}, variance);
    const auto own = unmix(Matrix<T>(E), Matrix<T>(Y), {sum, 0});
    for (int32_t k = 0; k < spectra; ++k) {
      double squares = 0, squares_own = 0, stated_own = 0;
      for (int32_t j = 0; j < repeats; ++j) {
        squares += std::pow(double(found.A(k, j)) - truth[k], 2) / repeats;
        squares_own += std::pow(double(own.A(k, j)) - truth[k], 2) / repeats;
        stated_own += std::pow(double(own.D(k, j)), 2) / repeats;
      }
      // A variance of 4000 numbers has the relative standard deviation sqrt(2 / 4000): five of them.
      EXPECT_NEAR(squares / std::pow(double(found.D(k, 0)), 2), 1, 0.12) << k << " " << sum;
      EXPECT_NEAR(squares_own / stated_own, 1, 0.2) << k << " " << sum;  // unequal bands, taken as equal
      EXPECT_EQ(found.D(k, 0), found.D(k, 1));
    }
  }
  const auto one = unmix(Matrix<T>(E), Matrix<T>(Matrix<double>(bands, 1).fill(0)), {1, 0}, variance);
  double stated = 0;
  one.D.visit([&](int32_t i, int32_t j) { stated += double(one.D(i, j)) * (one.A(i, j) > T(0) ? 0 : 1); });
  EXPECT_EQ(stated, 0);  // none for what is zero
}

// The formula itself, for pixels of any size: of the inverse of the Gram matrix of the spectra in use, less what a
// fixed sum takes, times the noise that is left.
TYPED_TEST(Library, DeviationsAreThoseOfTheirFormula) {
  using T = TypeParam;
  constexpr int32_t bands = 21, spectra = 9, count = 40;
  Random random(41);
  Matrix<T> E(bands, spectra), Y(bands, count);
  E.each([&](int32_t, int32_t k) { return std::ldexp(0.1 + uniform(random), k % 4); });
  for (int32_t sum = 0; sum <= 1; ++sum)
    for (const bool weighted : {false, true}) {
      Y.each([&](int32_t i, int32_t j) {
        const double clean = 0.6 * double(E(i, j % spectra)) + 0.4 * double(E(i, (j + 4) % spectra));
        return std::ldexp(clean + 0.02 * normal(random), sum ? 0 : j % 7 - 3);
      });
      std::vector<T> variance(weighted ? size_t(bands) : 0);
      for (T &v : variance) v = T(0.01 * (0.5 + uniform(random)));
      const auto found = unmix(E, Y, {sum, 0}, variance);
      int32_t checked = 0;
      for (int32_t j = 0; j < count; ++j) {
        std::vector<int32_t> used;
        for (int32_t k = 0; k < spectra; ++k)
          if (found.A(k, j) > T(0)) used.push_back(k);
        const int32_t m = int32_t(used.size());
        Matrix<double> e(bands, m), ones(m, 1);
        ones.fill(1);
        e.each([&](int32_t i, int32_t k) {
          return double(E(i, used[size_t(k)])) / (weighted ? std::sqrt(double(variance[size_t(i)])) : 1);
        });
        const Matrix<double> G = transposed(e) * e, C = solve(G, identity(m)), u = solve(G, ones);
        double rest2 = 0;
        for (int32_t i = 0; i < bands; ++i) {
          double rest = double(Y(i, j));
          for (int32_t k = 0; k < spectra; ++k) rest -= double(E(i, k)) * double(found.A(k, j));
          rest2 += rest * rest;
        }
        const double noise2 = weighted ? 1 : rest2 / (bands - m + sum);
        for (int32_t k = 0; k < m; ++k) {
          const double taken = sum ? u(k, 0) * u(k, 0) / dot(ones, u) : 0;
          const double expected = std::sqrt(noise2 * std::max(0.0, C(k, k) - taken));
          const double rounding = 1e5 * unit_roundoff<T> * std::sqrt(noise2 * C(k, k));
          EXPECT_NEAR(double(found.D(used[size_t(k)], j)), expected, rounding)
              << sum << " " << weighted << " " << j;
          checked += m > 1;
        }
      }
      EXPECT_GT(checked, count);
    }
}

TYPED_TEST(Library, ABadPixelIsNaNAndAllOthersAreFound) {
  using T = TypeParam;
  const Matrix<double> E = library(20, 30, 12);
  Matrix<T> Y(pixels(E, 70, 0.01, 13));
  const auto before = unmix(Matrix<T>(E), Y);
  Y(3, 40) = T(NAN), Y(0, 2) = T(INFINITY);
  const auto found = unmix(Matrix<T>(E), Y);
  EXPECT_EQ(found.status, ORTHANT_E_DATA);
  found.A.visit([&](int32_t k, int32_t j) {
    if (j == 40 || j == 2)
      EXPECT_TRUE(std::isnan(found.A(k, j)) && std::isnan(found.D(k, j)));
    else
      EXPECT_NEAR(double(found.A(k, j)), double(before.A(k, j)), 2e4 * eps<T>) << k << " " << j;
  });
}

TYPED_TEST(Library, BadInputIsRefused) {
  using T = TypeParam;
  size_t bytes = 0;
  const auto size = [&](int32_t bands, int32_t spectra, int32_t sum, int32_t max_iter, double l1) {
    orthant_library_config c{};
    c.size = sizeof c, c.bands = bands, c.spectra = spectra, c.sum_to_one = sum, c.max_iter = max_iter, c.l1 = l1;
    return Api<T>::library_size(&c, &bytes);
  };
  EXPECT_EQ(size(3, 5, 1, 7, 0.1), ORTHANT_OK);
  EXPECT_EQ(size(0, 5, 0, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, 0, 0, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, INT32_MAX, 0, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, 5, 2, 0, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, 5, 0, -1, 0), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, 5, 0, 0, -1), ORTHANT_E_ARG);
  EXPECT_EQ(size(3, 5, 0, 0, double(NAN)), ORTHANT_E_ARG);
  orthant_library_config c{};
  c.size = sizeof c, c.bands = 6, c.spectra = 4;
  Matrix<T> E(6, 4);
  Random random(14);
  E.fill_uniform(random);
  std::vector<T> variance(6, T(1));
  ASSERT_EQ(Api<T>::library_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 0, 0x3C);
  typename Api<T>::Library *s = nullptr;
  const auto init = [&] {
    return Api<T>::library_init(&c, E.data(), E.ld(), variance.data(), arena.data(), bytes, &s);
  };
  for (const double bad : {0.0, -1.0, double(NAN), double(INFINITY)}) {
    variance[3] = T(bad);
    EXPECT_EQ(init(), ORTHANT_E_DATA) << bad;
    EXPECT_TRUE(arena.holds(0x3C));
    variance[3] = T(1);
    for (const size_t at : {size_t(0), size_t(5)}) {
      variance[at] = T(bad);
      EXPECT_EQ(init(), ORTHANT_E_DATA) << bad;
      variance[at] = T(1);
    }
  }
  E(5, 3) = T(NAN);
  EXPECT_EQ(init(), ORTHANT_E_DATA);
  EXPECT_TRUE(arena.holds(0x3C));
  E(5, 3) = T(1);
  EXPECT_EQ(init(), ORTHANT_OK);
  Matrix<T> Y(6, 2), wrong(5, 2), A(4, 2);
  Y.fill(1), wrong.fill(1);
  const auto data = view(Y), other = view(wrong);
  EXPECT_EQ(Api<T>::library_run(s, &other, A.data(), 4, nullptr, 0, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::library_run(s, &data, A.data(), 3, nullptr, 0, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::library_run(s, &data, A.data(), A.ld(), A.data(), 3, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::library_run(s, &data, A.data(), A.ld(), nullptr, 0, nullptr), ORTHANT_OK);
  EXPECT_TRUE(all_finite(A));
}

}  // namespace
}  // namespace orthant::test
