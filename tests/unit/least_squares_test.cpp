// Nonnegative least squares through the public interface; runs on hosts and on bare metal.
#include <math.h>

#include "reference.hpp"

namespace orthant::test {
namespace {

// On microcontrollers there is no flash for the scaling of inexact methods, nor for faint pixels (the header says so).
#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32)
#define SCALES_ALL
constexpr int32_t last_scaled = ORTHANT_UNMIX_FAST_PG;
#else
constexpr int32_t last_scaled = ORTHANT_UNMIX_ACTIVE_SET;
#endif

template <class T>
class LeastSquares : public testing::Test {
 protected:
  Random random{20};
};
TYPED_TEST_SUITE(LeastSquares, Types, TypeNames);

struct Shape {
  int32_t bands, endmembers, pixels;
};
constexpr Shape shapes[] = {{1, 1, 1}, {7, 1, 3}, {12, 3, 9}, {30, 5, 17}, {40, 8, 8}, {27, 9, 5}};

std::string text(const Shape &s, int32_t method) {
  return std::to_string(s.bands) + " x " + std::to_string(s.endmembers) + ", " + std::to_string(s.pixels) +
         " pixels, method " + std::to_string(method);
}

// Pang 1987: with a residual function strongly monotone by `least` and Lipschitz by `most`, the distance to the
// solution is at most (1 + most) / least times |x - P(x - g)|, and for the nonnegative orthant that is |min(x, g)|.
double distance_bound(const Gram &G, double natural) { return (1 + G.most) / G.least * natural; }

template <class T>
double distance(const Matrix<T> &A, const Matrix<T> &B, int32_t j) {
  double s = 0;
  for (int32_t k = 0; k < A.rows(); ++k) {
    const double d = double(A(k, j)) - double(B(k, j));
    s += d * d;
  }
  return sqrt(s);
}

TYPED_TEST(LeastSquares, MethodsAgree) {
  using T = TypeParam;
  for (const Shape &s : shapes) {
    Matrix<T> E(s.bands, s.endmembers), Y(s.bands, s.pixels), exact(s.endmembers, s.pixels), A(s.endmembers, s.pixels);
    well_conditioned(E, this->random);
    pixels_of(E, Y, this->random);
    const Gram G(E);
    ASSERT_TRUE(G.least > 0);
    const double limit = rounding<T>(s.bands, s.endmembers);
    for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_MU; ++method) {
      SCOPED_TRACE(text(s, method));
      const bool iterates = method > ORTHANT_UNMIX_ACTIVE_SET, slow = method == ORTHANT_UNMIX_MU;
      Matrix<T> &out = method == ORTHANT_UNMIX_BPP ? exact : A;
      orthant_unmix_config c = Unmixer<T>::config(E, method, false);
      c.tol = 2 * limit;
      c.max_iter = iterates ? 2000 : 0;
      orthant_report r = empty_report();
      ASSERT_EQ(Unmixer<T>(E, c).run(Y, out, &r), ORTHANT_OK);
      EXPECT_TRUE(out.intact() && Y.intact());
      EXPECT_GE(r.iters, 0);
      if (!slow) {
        EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
      }
      const double promised = !iterates ? limit : slow ? r.kkt + limit : c.tol + limit;
      double worst = 0, objective = 0, norm2 = 0;
      for (int32_t j = 0; j < s.pixels; ++j) {
        const Residual mine = residual(E, Y, out, j, false), theirs = residual(E, Y, exact, j, false);
        for (int32_t k = 0; k < s.endmembers; ++k) EXPECT_TRUE(out(k, j) >= T(0));
        EXPECT_LE(mine.relative, promised);
        EXPECT_LE(distance(out, exact, j), distance_bound(G, mine.natural + theirs.natural));
        worst = mine.relative > worst ? mine.relative : worst;
        objective += mine.objective;
        norm2 += mine.norm2;
      }
      EXPECT_NEAR(r.kkt, worst, limit);
      EXPECT_NEAR(r.objective, objective, limit * norm2);
      EXPECT_NEAR(r.rel_error * r.rel_error * norm2, 2 * objective, 2 * limit * norm2);
    }
  }
}

TYPED_TEST(LeastSquares, EverySupportTriedIsNoBetter) {
  using T = TypeParam;
  for (int32_t r = 1; r <= 5; ++r) {
    const int32_t bands = 4 * r + 3, pixels = 8;
    Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
    well_conditioned(E, this->random);
    pixels_of(E, Y, this->random);
    const Gram G(E);
    ASSERT_TRUE(G.least > 0);
    for (int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET}) {
      SCOPED_TRACE(text({bands, r, pixels}, method));
      ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, false)).run(Y, A), ORTHANT_OK);
      for (int32_t j = 0; j < pixels; ++j) {
        std::vector<double> best;
        brute_force(E, G, Y, j, false, &best);
        const double bound = distance_bound(G, residual(E, Y, A, j, false).natural) + 1e-12;
        for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(A(k, j), best[size_t(k)], bound);
      }
    }
  }
}

// Where no bound is active all methods solve the linear system; clipping is the maximum with zero.
TYPED_TEST(LeastSquares, UnconstrainedAndClipped) {
  using T = TypeParam;
  const int32_t bands = 31, r = 4, pixels = 11;
  Matrix<T> E(bands, r), Y(bands, pixels), exact(r, pixels), A(r, pixels), clipped(r, pixels);
  well_conditioned(E, this->random);
  const Gram G(E);
  ASSERT_TRUE(G.least > 0);
  const double limit = rounding<T>(bands, r), far = 2 * limit * G.most / G.least;
  for (int32_t j = 0; j < pixels; ++j) {
    double a[r], sum = 0;
    for (double &x : a) sum += x = 0.2 + uniform(this->random);
    for (double &x : a) x /= sum;
    for (int32_t i = 0; i < bands; ++i) {
      double y = 0;
      for (int32_t k = 0; k < r; ++k) y += double(E(i, k)) * a[k];
      Y(i, j) = T(y);
    }
  }
  for (const bool sum_to_one : {false, true}) {
    ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, 0, sum_to_one)).run(Y, exact), ORTHANT_OK);
    for (int32_t method : {ORTHANT_UNMIX_UNCONSTRAINED, ORTHANT_UNMIX_CLIP}) {
      ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, sum_to_one)).run(Y, A), ORTHANT_OK);
      for (int32_t j = 0; j < pixels; ++j)
        for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(A(k, j), exact(k, j), far);
    }
  }
  pixels_of(E, Y, this->random);
  orthant_report report = empty_report();
  ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, ORTHANT_UNMIX_UNCONSTRAINED, false)).run(Y, A, &report), ORTHANT_OK);
  ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, ORTHANT_UNMIX_CLIP, false)).run(Y, clipped), ORTHANT_OK);
  EXPECT_LE(report.kkt, limit);
  bool negative = false;
  for (int32_t j = 0; j < pixels; ++j) {
    EXPECT_LE(residual(E, Y, A, j, false, true).relative, limit);
    for (int32_t k = 0; k < r; ++k) {
      EXPECT_EQ(clipped(k, j), A(k, j) > T(0) ? A(k, j) : T(0));
      negative = negative || A(k, j) < T(0);
    }
  }
  EXPECT_TRUE(negative);
}

// A pixel starts from the solution of the one before: that may cost or save steps, but not change what comes out.
TYPED_TEST(LeastSquares, WarmStartsChangeNothing) {
  using T = TypeParam;
  const int32_t bands = 26, r = 6, pixels = 21;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), again(r, pixels), reversed(bands, pixels), back(r, pixels);
  Matrix<T> one(bands, 1), alone(r, 1);
  well_conditioned(E, this->random);
  pixels_of(E, Y, this->random);
  for (int32_t i = 0; i < bands; ++i) Y(i, 1) = Y(i, 2) = Y(i, 0);  // the same pixel thrice
  reversed.each([&](int32_t i, int32_t j) { return Y(i, pixels - 1 - j); });
  const Gram G(E);
  ASSERT_TRUE(G.least > 0);
  for (int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET}) {
    SCOPED_TRACE(text({bands, r, pixels}, method));
    Unmixer<T> unmix(E, Unmixer<T>::config(E, method, false));
    ASSERT_EQ(unmix.run(Y, A), ORTHANT_OK);
    ASSERT_EQ(unmix.run(reversed, back), ORTHANT_OK);
    ASSERT_EQ(unmix.run(Y, again), ORTHANT_OK);
    EXPECT_TRUE(A.bits() == again.bits());  // and no run depends on an earlier one
    for (int32_t j = 0; j < pixels; ++j) {
      for (int32_t i = 0; i < bands; ++i) one(i, 0) = Y(i, j);
      ASSERT_EQ(unmix.run(one, alone), ORTHANT_OK);
      const double mine = residual(E, Y, A, j, false).natural, bound = distance_bound(G, 2 * mine + 1e-12);
      for (int32_t k = 0; k < r; ++k) {
        const double single = distance_bound(G, mine + residual(E, one, alone, 0, false).natural);
        EXPECT_NEAR(A(k, j), alone(k, 0), single);
        const double other = residual(E, reversed, back, pixels - 1 - j, false).natural;
        EXPECT_NEAR(A(k, j), back(k, pixels - 1 - j), distance_bound(G, mine + other));
        if (j == 1 || j == 2) {
          EXPECT_NEAR(A(k, j), A(k, 0), bound + distance_bound(G, residual(E, Y, A, 0, false).natural));
        }
      }
    }
  }
}

// Powers of two pass through every product, sum, quotient and root: the abundances keep their bits.
TYPED_TEST(LeastSquares, UnitsDoNotMatter) {
  using T = TypeParam;
  const int32_t bands = 22, r = 5, pixels = 12;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), B(r, pixels);
  well_conditioned(E, this->random);
  pixels_of(E, Y, this->random);
  for (int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET, ORTHANT_UNMIX_UNCONSTRAINED}) {
    SCOPED_TRACE(text({bands, r, pixels}, method));
    ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, false)).run(Y, A), ORTHANT_OK);
    for (const double factor : {0x1p-18, 0x1p+18}) {
      Matrix<T> scaled_E(bands, r), scaled_Y(bands, pixels);
      scaled_E.each([&](int32_t i, int32_t k) { return factor * double(E(i, k)); });
      scaled_Y.each([&](int32_t i, int32_t j) { return factor * double(Y(i, j)); });
      ASSERT_EQ(Unmixer<T>(scaled_E, Unmixer<T>::config(E, method, false)).run(scaled_Y, B), ORTHANT_OK);
      EXPECT_TRUE(A.bits() == B.bits());
    }
  }
}

// Columns whose norms are far apart: what counts is how well the problem is conditioned when they are scaled to one.
// Each abundance is as exact in the unit of its column as for columns of norm one; so is the residual of the report.
TYPED_TEST(LeastSquares, ColumnsOfAnySize) {
  using T = TypeParam;
  const int32_t bands = 24, r = 5, pixels = 20;
  for (const int32_t ratio : {3, 6, 8}) {  // powers of ten
    Matrix<T> even(bands, r), E(bands, r), Y(bands, pixels), A(r, pixels), scaled(r, pixels), exact(r, pixels);
    Matrix<double> size(1, r);
    well_conditioned(even, this->random);
    size.each([&](int32_t, int32_t k) { return pow(10, ratio * (k * 3 % r - 2) / 4.); });
    E.each([&](int32_t i, int32_t k) { return size(0, k) * double(even(i, k)); });
    even.each([&](int32_t i, int32_t k) { return double(E(i, k)) / size(0, k); });
    pixels_of(even, Y, this->random);
    const Gram G(even);
    ASSERT_TRUE(G.least > 0);
    const double limit = rounding<T>(bands, r);
    for (int32_t method = ORTHANT_UNMIX_BPP; method <= last_scaled; ++method) {
      SCOPED_TRACE(text({bands, r, pixels}, method) + ", sizes 1e" + std::to_string(ratio) + " apart");
      orthant_unmix_config c = Unmixer<T>::config(E, method, false);
      c.tol = 2 * limit;
      orthant_report report = empty_report();
      ASSERT_EQ(Unmixer<T>(E, c).run(Y, A, &report), ORTHANT_OK);
      EXPECT_LE(report.kkt, 3 * limit);
      scaled.each([&](int32_t k, int32_t j) { return double(A(k, j)) * size(0, k); });
      for (int32_t j = 0; j < pixels; ++j) {
        std::vector<double> best;
        brute_force(even, G, Y, j, false, &best);
        const Residual mine = residual(even, Y, scaled, j, false);
        const double bound = distance_bound(G, mine.natural) + 1e-12;
        EXPECT_LE(mine.relative, 6 * limit);
        EXPECT_LE(residual(E, Y, A, j, false).relative, 4 * limit);
        for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(scaled(k, j), best[size_t(k)], bound);
      }
    }
  }
}

#if defined(SCALES_ALL)
// Data so small that their squares vanish are lifted: the abundances of a faint pixel, and what is said of them, are
// those of the same pixel in another unit.
TYPED_TEST(LeastSquares, FaintPixels) {
  using T = TypeParam;
  const int32_t bands = 22, r = 5, pixels = 12;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), faint(bands, pixels), B(r, pixels);
  well_conditioned(E, this->random);
  pixels_of(E, Y, this->random);
  const double limit = rounding<T>(bands, r);
  for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_CLIP; ++method)
    for (const double shift : sizeof(T) == 4 ? std::vector<double>{0x1p-60, 0x1p-90} :
                                               std::vector<double>{0x1p-520, 0x1p-800}) {
      SCOPED_TRACE(text({bands, r, pixels}, method));
      orthant_report at_one = empty_report(), report = empty_report(), checked = empty_report();
      Unmixer<T> unmix(E, Unmixer<T>::config(E, method, false));
      ASSERT_EQ(unmix.run(Y, A, &at_one), ORTHANT_OK);
      faint.each([&](int32_t i, int32_t j) { return shift * double(Y(i, j)); });
      ASSERT_EQ(unmix.run(faint, B, &report), ORTHANT_OK);
      ASSERT_EQ(unmix.check(faint, B, nullptr, nullptr, &checked), ORTHANT_OK);
      EXPECT_NEAR(report.rel_error, at_one.rel_error, 1e-3 * at_one.rel_error);
      EXPECT_NEAR(checked.rel_error, at_one.rel_error, 1e-3 * at_one.rel_error);
      EXPECT_NEAR(checked.kkt, report.kkt, 4 * limit);
      if (method <= ORTHANT_UNMIX_ACTIVE_SET || method >= ORTHANT_UNMIX_UNCONSTRAINED)
        for (int32_t j = 0; j < pixels; ++j)
          for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(B(k, j) / shift, A(k, j), 1e3 * limit);
      // Far from the solution both say so, and by how much.
      B.each([&](int32_t, int32_t) { return 2 * shift; });
      A.each([&](int32_t, int32_t) { return 2.0; });
      ASSERT_EQ(unmix.check(Y, A, nullptr, nullptr, &at_one), ORTHANT_OK);
      ASSERT_EQ(unmix.check(faint, B, nullptr, nullptr, &checked), ORTHANT_OK);
      EXPECT_NEAR(checked.kkt, at_one.kkt, 1e-3 * at_one.kkt);
      EXPECT_NEAR(checked.rel_error, at_one.rel_error, 1e-3 * at_one.rel_error);
    }
}

// A pixel that is nothing beside the endmembers, which must sum to one all the same: its error is huge, and no endmember
// so small that its squares vanish is taken.
TYPED_TEST(LeastSquares, FaintBesideTheSum) {
  using T = TypeParam;
  const int32_t bands = 9, r = 3, pixels = 2;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
  well_conditioned(E, this->random);
  const double tiny = sizeof(T) == 4 ? 0x1p-80 : 0x1p-560;
  Y.each([&](int32_t i, int32_t) { return tiny * (1 + i % 3); });
  for (const int32_t method : {ORTHANT_UNMIX_ACTIVE_SET, ORTHANT_UNMIX_UNCONSTRAINED, ORTHANT_UNMIX_CLIP}) {
    orthant_report report = empty_report();
    ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, true)).run(Y, A, &report), ORTHANT_OK);
    EXPECT_GT(report.rel_error, 0.1 / tiny);
    EXPECT_TRUE(report.rel_error - report.rel_error == 0);
  }
  for (int32_t i = 0; i < bands; ++i) E(i, 1) = T(double(E(i, 1)) * tiny);
  orthant_unmix_config c = Unmixer<T>::config(E, 0, false);
  std::vector<unsigned char> memory(1 << 20);
  typename Api<T>::Unmix *handle = nullptr;
  EXPECT_EQ(Api<T>::unmix_init(&c, E.data(), E.ld(), memory.data(), memory.size(), &handle), ORTHANT_E_DATA);
}
#endif

TYPED_TEST(LeastSquares, CheckMeasuresFromTheData) {
  using T = TypeParam;
  const int32_t bands = 37, r = 4, pixels = 10;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
  well_conditioned(E, this->random);
  pixels_of(E, Y, this->random);
  A.fill_uniform(this->random);  // far from optimal: the numbers are large
  const double limit = rounding<T>(bands, r);
  for (const bool sum_to_one : {false, true}) {
    std::vector<T> rms(pixels), kkt(pixels);
    orthant_report report = empty_report();
    Unmixer<T> unmix(E, Unmixer<T>::config(E, 0, sum_to_one));
    ASSERT_EQ(unmix.check(Y, A, rms.data(), kkt.data(), &report), ORTHANT_OK);
    double objective = 0, norm2 = 0, worst = 0;
    for (int32_t j = 0; j < pixels; ++j) {
      const Residual mine = residual(E, Y, A, j, sum_to_one);
      const double expected = sqrt(2 * mine.objective / bands);
      EXPECT_NEAR(rms[size_t(j)], expected, limit * (expected + sqrt(mine.norm2)));
      EXPECT_NEAR(kkt[size_t(j)], mine.relative, 2 * limit);
      objective += mine.objective;
      norm2 += mine.norm2;
      worst = mine.relative > worst ? mine.relative : worst;
    }
    EXPECT_NEAR(report.objective, objective, limit * (objective + norm2));
    EXPECT_NEAR(report.rel_error, sqrt(2 * objective / norm2), limit * (1 + sqrt(2 * objective / norm2)));
    EXPECT_NEAR(report.kkt, worst, 2 * limit);
    EXPECT_NEAR(residual(E, Y, A, report.worst, sum_to_one).relative, worst, 4 * limit);
  }
}

TYPED_TEST(LeastSquares, DegenerateInput) {
  using T = TypeParam;
  const int32_t bands = 15, r = 4, pixels = 9;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
  well_conditioned(E, this->random);
  for (int32_t i = 0; i < bands; ++i) {
    E(i, 2) = E(i, 1);  // a column twice, and a column of zeros
    E(i, 3) = T(0);
  }
  pixels_of(E, Y, this->random);
  for (int32_t i = 0; i < bands; ++i) Y(i, 4) = T(0);
  Y(3, 6) = T(NAN);
  Y(5, 7) = T(-INFINITY);
  const double limit = rounding<T>(bands, r);
  for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_CLIP; ++method) {
    SCOPED_TRACE(text({bands, r, pixels}, method));
    orthant_report report = empty_report();
    ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, false)).run(Y, A, &report), ORTHANT_E_DATA);
    for (int32_t j = 0; j < pixels; ++j)
      for (int32_t k = 0; k < r; ++k) {
        const bool bad = j == 6 || j == 7;
        EXPECT_EQ(A(k, j) != A(k, j), bad);
        if (bad) continue;
        EXPECT_TRUE(A(k, j) - A(k, j) == T(0));
        if (method != ORTHANT_UNMIX_UNCONSTRAINED) {
          EXPECT_TRUE(A(k, j) >= T(0));
        }
        if (method <= ORTHANT_UNMIX_ACTIVE_SET) {
          EXPECT_LE(residual(E, Y, A, j, false).relative, limit);
        }
      }
  }
}

TYPED_TEST(LeastSquares, StaticSizeBoundsTheWorkspace) {
  using T = TypeParam;
  for (int32_t bands : {1, 12, 198, 1000})
    for (int32_t r : {1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64, 100, 300})
      for (int32_t method = 0; method <= ORTHANT_UNMIX_CLIP; ++method)
        for (int32_t sum = 0; sum <= 1; ++sum) {
          const bool exact = method == 0 || method == ORTHANT_UNMIX_ACTIVE_SET;
          if (sum == 1 && !exact && method < ORTHANT_UNMIX_UNCONSTRAINED) continue;
          orthant_unmix_config c{};
          c.size = sizeof c;
          c.bands = bands, c.endmembers = r, c.sum_to_one = sum, c.method = method;
          const size_t bound = sizeof(T) == 4 ? ORTHANT_UNMIX_BYTES_F32(bands, r) : ORTHANT_UNMIX_BYTES_F64(bands, r);
          size_t bytes = 0;
          EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_OK);
          EXPECT_LE(bytes, bound) << bands << " x " << r << ", method " << method;
        }
}

}  // namespace
}  // namespace orthant::test
