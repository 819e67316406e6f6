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
    const double relative = norm(E * A) / norm((1 / tiny) * Y) / tiny;  // the fit is all of the error
    EXPECT_NEAR(report.rel_error, relative, 1e-5 * relative);
    ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, method, true)).check(Y, A, nullptr, nullptr, &report), ORTHANT_OK);
    EXPECT_NEAR(report.rel_error, relative, 1e-5 * relative);
  }
  for (int32_t i = 0; i < bands; ++i) E(i, 1) = T(double(E(i, 1)) * tiny);
  orthant_unmix_config c = Unmixer<T>::config(E, 0, false);
  std::vector<unsigned char> memory(1 << 20);
  typename Api<T>::Unmix *handle = nullptr;
  EXPECT_EQ(Api<T>::unmix_init(&c, E.data(), E.ld(), memory.data(), memory.size(), &handle), ORTHANT_E_DATA);
}
#endif

#if defined(SCALES_ALL)
// ---- The steps of the methods by their equations

// Spectra that are much alike, so that entries come and go on the way to a solution.
template <class T>
void alike(Matrix<T> &E, Random &random) {
  E.each([&](int32_t, int32_t) { return 0.3 + uniform(random); });
}
// Pixels of any sign.
template <class T>
void any_pixels(Matrix<T> &Y, Random &random) {
  Y.each([&](int32_t, int32_t) { return 2 * uniform(random) - 0.3; });
}
template <class T>
Matrix<double> column(const Matrix<T> &A, int32_t j) {
  return Matrix<double>(A.rows(), 1).each([&](int32_t i, int32_t) { return A(i, j); });
}
// Lawson and Hanson's method, a pixel from the support of the last, stopped after so many iterations of each.
struct ActiveSetByHand {
  const Matrix<double> G;
  const std::vector<double> unit;  // by which gradients are compared; empty: as they are
  const bool sum_to_one;
  Matrix<double> x;
  std::vector<int32_t> set;
  int32_t iters = 0, turns = 0;  // turns: how often an entry came to zero on the way
  bool begun = false;

  ActiveSetByHand(const Matrix<double> &gram, const std::vector<double> &units, bool sum)
      : G(gram), unit(units), sum_to_one(sum), x(zeros(gram.rows(), 1)) {}

  void pixel(const Matrix<double> &f, int32_t most) {
    if (!begun) begin(f);
    bool solved = set.empty();
    for (iters = 0; iters < most; ++iters) {
      if (!solved && !reach(f)) continue;
      solved = true;
      const int32_t best = entering(f);
      if (best < 0) return;
      set.push_back(best);
      solved = false;
    }
    begun = false;
  }

 private:
  int32_t r() const { return G.rows(); }
  void begin(const Matrix<double> &f) {
    set.clear();
    for (int32_t k = 0; k < r(); ++k)
      if (x(k, 0) > 0) set.push_back(k);
    begun = true;
    if (!sum_to_one || !set.empty()) return;
    int32_t best = 0;
    for (int32_t k = 0; k < r(); ++k)
      if (0.5 * G(k, k) - f(k, 0) < 0.5 * G(best, best) - f(best, 0)) best = k;
    x(best, 0) = 1;
    set.push_back(best);
  }
  bool reach(const Matrix<double> &f) {
    const Matrix<double> z = solution_on(G, f, set, sum_to_one);
    double alpha = 1;
    int32_t blocking = -1;
    for (int32_t i = 0; i < int32_t(set.size()); ++i) {
      const double from = x(set[size_t(i)], 0), share = from / (from - z(i, 0));
      if (z(i, 0) > 0 || share >= alpha) continue;
      alpha = share;
      blocking = i;
    }
    for (int32_t i = 0; i < int32_t(set.size()); ++i) {
      double &a = x(set[size_t(i)], 0);
      a = i == blocking ? 0 : a + alpha * (z(i, 0) - a);
    }
    if (blocking < 0) return true;
    set.erase(set.begin() + blocking);
    ++turns;
    return false;
  }
  int32_t entering(const Matrix<double> &f) const {
    const Matrix<double> g = f - G * x;
    double level = 0, weights = 0, most = 1e300, top = 0;
    std::vector<double> u = unit.empty() ? std::vector<double>(size_t(r()), 1.0) : unit;
    if (sum_to_one) most = 0;
    for (size_t i = 0; i < set.size() && sum_to_one; ++i) {
      const double own = u[size_t(set[i])];
      level += own * own * g(set[i], 0);
      weights += own * own;
      most = own > most ? own : most;
    }
    if (sum_to_one) level /= weights;
    int32_t best = -1;
    for (int32_t k = 0; k < r(); ++k) {
      bool inside = false;
      for (const int32_t l : set) inside = inside || l == k;
      const double own = u[size_t(k)] < most ? u[size_t(k)] : most, gain = own * (g(k, 0) - level);
      if (inside || gain <= 1e-10 * own * fabs(f(k, 0)) || gain <= top) continue;
      top = gain;
      best = k;
    }
    return best;
  }
};

TYPED_TEST(LeastSquares, ActiveSetStopsWhereItsSourceIs) {
  using T = TypeParam;
  const int32_t bands = 12, r = 7, pixels = 15;
  int32_t turns = 0;
  for (const bool sum_to_one : {false, true})
    for (const bool uneven : {false, true})
      for (int32_t most = 1; most <= 16; ++most) {
        SCOPED_TRACE(text({bands, r, pixels}, ORTHANT_UNMIX_ACTIVE_SET) + ", " + std::to_string(most) + " iterations" +
                     (sum_to_one ? ", of sum one" : "") + (uneven ? ", uneven" : ""));
        Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
        alike(E, this->random);
        any_pixels(Y, this->random);
        std::vector<double> size(size_t(r), 1.0), unit;
        for (int32_t k = 0; k < r; ++k) {
          if (uneven) size[size_t(k)] = 1 << (k * 3 % 7);
          for (int32_t i = 0; i < bands; ++i) E(i, k) = T(size[size_t(k)]) * E(i, k);
          if (uneven) unit.push_back(unit_of(E, k));
        }
        orthant_unmix_config c = Unmixer<T>::config(E, ORTHANT_UNMIX_ACTIVE_SET, sum_to_one);
        c.max_iter = most;
        orthant_report report = empty_report();
        ASSERT_EQ(Unmixer<T>(E, c).run(Y, A, &report), ORTHANT_OK);
        ActiveSetByHand by_hand(transposed(E) * E, unit, sum_to_one);
        int32_t iters = 0;
        for (int32_t j = 0; j < pixels; ++j) {
          by_hand.pixel(transposed(E) * column(Y, j), most);
          iters = by_hand.iters > iters ? by_hand.iters : iters;
          if (sizeof(T) == 8)  // single precision may take another way
            for (int32_t k = 0; k < r; ++k)
              EXPECT_NEAR(A(k, j), by_hand.x(k, 0), 1e-8 / size[size_t(k)]) << "pixel " << j << ", entry " << k;
        }
        turns += by_hand.turns;
        if (sizeof(T) == 4) continue;
        EXPECT_EQ(report.iters, iters);
        EXPECT_EQ(report.stop, iters < most ? ORTHANT_STOP_KKT : ORTHANT_STOP_ITERATIONS);
      }
  EXPECT_GT(turns, 20);
}

// Rounds of block principal pivoting [Kim, Park 2011] for one pixel from zero; *backups: how many exchanged one alone.
inline int32_t pivoting_rounds(const Matrix<double> &G, const Matrix<double> &f, int32_t *backups) {
  const int32_t r = G.rows();
  std::vector<bool> passive(size_t(r), false);
  int32_t fewest = r + 1, tries = 3;
  for (int32_t round = 1;; ++round) {
    std::vector<int32_t> set, bad;
    for (int32_t k = 0; k < r; ++k)
      if (passive[size_t(k)]) set.push_back(k);
    const Matrix<double> z = solution_on(G, f, set, false);
    Matrix<double> x = zeros(r, 1);
    for (int32_t i = 0; i < int32_t(set.size()); ++i) x(set[size_t(i)], 0) = z(i, 0);
    const Matrix<double> y = G * x - f;
    for (int32_t k = 0; k < r; ++k)
      if (passive[size_t(k)] ? x(k, 0) < 0 : y(k, 0) < 0) bad.push_back(k);
    if (bad.empty()) return round;
    const int32_t count = int32_t(bad.size());
    if (count < fewest) fewest = count, tries = 3;
    else if (tries > 0) --tries;
    else bad = {bad.back()}, ++*backups;
    for (const int32_t k : bad) passive[size_t(k)] = !passive[size_t(k)];
  }
}

TYPED_TEST(LeastSquares, PivotingTakesTheRoundsOfItsSource) {
  using T = TypeParam;
  if (sizeof(T) == 4) return;  // single precision may take another way
  int32_t backups = 0;
  for (const int32_t r : {2, 5, 6, 12, 33, 40}) {
    const int32_t bands = r == 6 ? 2 * r : r + 1, pixels = 90;
    SCOPED_TRACE(text({bands, r, pixels}, ORTHANT_UNMIX_BPP));
    Matrix<T> E(bands, r), Y(bands, pixels), one(bands, 1), A(r, pixels), alone(r, 1);
    E.fill_normal(this->random);
    if (r == 6)  // bells side by side, of which exchanges go in circles
      E.each([](int32_t i, int32_t k) { return exp(-pow(i - 2 * k, 2) / 18); });
    Y.fill_normal(this->random);
    Unmixer<T> unmix(E, Unmixer<T>::config(E, ORTHANT_UNMIX_BPP, false));
    orthant_report report = empty_report();
    ASSERT_EQ(unmix.run(Y, A, &report), ORTHANT_OK);
    int32_t rounds = 0;
    const Matrix<double> G = transposed(E) * E;
    for (int32_t j = 0; j < pixels; ++j) {
      const int32_t own = pivoting_rounds(G, transposed(E) * column(Y, j), &backups);
      rounds = own > rounds ? own : rounds;
      if (j % 3 != 0) continue;
      one.each([&](int32_t i, int32_t) { return Y(i, j); });
      orthant_report of_one = empty_report();
      ASSERT_EQ(unmix.run(one, alone, &of_one), ORTHANT_OK);
      EXPECT_EQ(of_one.iters, own) << "pixel " << j;
    }
    EXPECT_EQ(report.iters, rounds);
  }
  EXPECT_GT(backups, 10);
}

// One pixel as the inexact methods see it: spectra and pixel with norms about one, weights of the bands.
struct ScaledPixel {
  Matrix<double> G, f;
  double lipschitz = 0;

  // `steps` steps from the start that the method has; FAST_PG begins anew after each 50.
  Matrix<double> walk(int32_t method, int32_t steps) const {
    const int32_t r = G.rows();
    double trace = 0, sum_f = 0, sum_G = 0, a = 0;
    for (int32_t k = 0; k < r; ++k) {
      trace += G(k, k), sum_f += f(k, 0);
      for (int32_t l = 0; l < r; ++l) sum_G += G(k, l);
    }
    const double rho = trace / r;
    Matrix<double> x = zeros(r, 1), u = zeros(r, 1), y = x;
    if (method == ORTHANT_UNMIX_MU) x.fill(fmax(sum_f / sum_G, 1e-16));
    for (int32_t s = 0; s < steps; ++s) {
      const Matrix<double> before = x;
      if (method == ORTHANT_UNMIX_HALS)
        for (int32_t k = 0; k < r; ++k) {
          const Matrix<double> g = f - G * x;
          x(k, 0) = fmax(x(k, 0) + g(k, 0) / G(k, k), 0);
        }
      if (method == ORTHANT_UNMIX_ADMM) {
        const Matrix<double> z = solve(G, f + rho * (x + u), rho);
        x.each([&](int32_t k, int32_t) { return fmax(z(k, 0) - u(k, 0), 0); });
        u.set(u + x - z);
      }
      if (method == ORTHANT_UNMIX_MU) {
        const Matrix<double> d = G * x;
        x.each([&](int32_t k, int32_t) { return fmax(x(k, 0) * fmax(f(k, 0), 0) / fmax(d(k, 0), 1e-16), 1e-16); });
      }
      if (method == ORTHANT_UNMIX_FAST_PG) {
        if (s % 50 == 0) y = x, a = 0.05;
        const double next = 0.5 * (sqrt(a * a * a * a + 4 * a * a) - a * a), b = a * (1 - a) / (a * a + next);
        const Matrix<double> g = f - G * y;
        x.each([&](int32_t k, int32_t) { return fmax(y(k, 0) + g(k, 0) / lipschitz, 0); });
        y = x + b * (x - before);
        a = next;
      }
    }
    return x;
  }
};

// What a pixel has of the bands: all of them, some with NaN in the others, all or some with weights below one.
template <class T>
Matrix<T> weights_of(int32_t bands, int32_t pixels, Random &random) {
  Matrix<T> D(bands, pixels, 1);
  D.each([&](int32_t i, int32_t j) {
    const double some = 0.1 + 0.85 * uniform(random);
    switch (j % 4) {
      case 0: return 1.0;
      case 1: return (i + j) % 5 == 0 ? 0.0 : 1.0;
      case 2: return some;
      default: return (i + j) % 3 == 0 ? 0.0 : (i + j) % 3 == 1 ? 1.0 : some;
    }
  });
  return D;
}
template <class T>
typename Api<T>::Matrix masked_view(const Matrix<T> &Y, const Matrix<T> &D) {
  typename Api<T>::Matrix data = view(Y);
  data.kind = ORTHANT_MASKED;
  data.weights = D.data();
  data.ld_weights = D.ld();
  return data;
}
// Its rows times the roots of the weights of pixel j.
template <class T>
Matrix<double> weighted(const Matrix<T> &X, const Matrix<T> &D, int32_t j) {
  return Matrix<double>(X.rows(), X.cols()).each([&](int32_t i, int32_t k) {
    return D(i, j) > T(0) ? sqrt(double(D(i, j))) * double(X(i, k)) : 0.0;
  });
}

TYPED_TEST(LeastSquares, InexactStepsAreThoseOfTheirEquations) {
  using T = TypeParam;
  const int32_t bands = 14, r = 5, pixels = 19;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), first(r, pixels);
  well_conditioned(E, this->random);
  E.each([&](int32_t i, int32_t k) { return (1 + k) * (double(E(i, k)) + 0.2 * uniform(this->random)); });
  pixels_of(E, Y, this->random);
  Y.each([&](int32_t i, int32_t j) { return 0.3 * (1 + j) * double(Y(i, j)) + 0.05; });
  for (const bool masked : {false, true}) {
    const Matrix<T> D = masked ? weights_of<T>(bands, pixels, this->random) : Matrix<T>(bands, pixels).fill(1);
    const typename Api<T>::Matrix data = masked ? masked_view(Y, D) : view(Y);
    for (int32_t method = ORTHANT_UNMIX_HALS; method <= ORTHANT_UNMIX_MU; ++method)
      for (const int32_t steps : {1, 3, 57}) {
        SCOPED_TRACE(text({bands, r, pixels}, method) + ", " + std::to_string(steps) + (masked ? ", masked" : ""));
        orthant_unmix_config c = Unmixer<T>::config(E, method, false);
        c.max_iter = steps, c.tol = -1, c.data = masked ? ORTHANT_MASKED : ORTHANT_DENSE;
        orthant_report report = empty_report();
        ASSERT_EQ(Unmixer<T>(E, c).run(data, A, &report), ORTHANT_OK);
        EXPECT_EQ(report.iters, steps);
        EXPECT_EQ(report.stop, ORTHANT_STOP_ITERATIONS);
        if (steps == 1) first = A;
        for (int32_t j = 0; j < pixels; ++j) {
          Matrix<double> own = weighted(E, D, j);
          const Matrix<double> y = column(weighted(Y, D, j), j);
          const double unit = ldexp(1, ilogb(1 / norm(y)));
          own.each([&](int32_t i, int32_t k) { return own(i, k) * unit_of(E, k); });
          ScaledPixel pixel{transposed(own) * own, unit * (transposed(own) * y)};
          if (method == ORTHANT_UNMIX_FAST_PG) {  // a bound of the largest eigenvalue, which the first step shows
            const double top = Eigen(pixel.G).values[0];
            for (int32_t k = 0; k < r && pixel.lipschitz == 0; ++k)
              if (first(k, j) > T(0)) pixel.lipschitz = pixel.f(k, 0) * unit_of(E, k) / unit / double(first(k, j));
            EXPECT_GE(pixel.lipschitz, top * (1 - 8 * eps<T>));
            EXPECT_LE(pixel.lipschitz, 1.1 * top);
          }
          const Matrix<double> x = pixel.walk(method, steps);
          for (int32_t k = 0; k < r; ++k)
            EXPECT_NEAR(double(A(k, j)) * unit / unit_of(E, k), x(k, 0), 1e3 * eps<T>) << "pixel " << j;
        }
      }
  }
}

// An inexact method ends at the first look at which all pixels of a block are within the tolerance.
TYPED_TEST(LeastSquares, InexactMethodsEndWhereTheToleranceIsReached) {
  using T = TypeParam;
  const int32_t bands = 14, r = 5, pixels = 13;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), B(r, pixels);
  alike(E, this->random);
  any_pixels(Y, this->random);
  for (const int32_t method : {ORTHANT_UNMIX_HALS, ORTHANT_UNMIX_ADMM, ORTHANT_UNMIX_FAST_PG}) {
    SCOPED_TRACE(text({bands, r, pixels}, method));
    const int32_t between = method == ORTHANT_UNMIX_FAST_PG ? 50 : 10;
    orthant_unmix_config c = Unmixer<T>::config(E, method, false);
    c.tol = 1e-4;
    orthant_report report = empty_report(), fewer = empty_report();
    ASSERT_EQ(Unmixer<T>(E, c).run(Y, A, &report), ORTHANT_OK);
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(report.kkt, c.tol);
    EXPECT_EQ(report.iters % between, 0);
    c.tol = -1, c.max_iter = report.iters;
    ASSERT_EQ(Unmixer<T>(E, c).run(Y, B, nullptr), ORTHANT_OK);
    EXPECT_TRUE(A == B);
    c.max_iter -= between;
    ASSERT_GT(c.max_iter, 0);
    ASSERT_EQ(Unmixer<T>(E, c).run(Y, B, &fewer), ORTHANT_OK);
    EXPECT_GT(fewer.kkt, 1e-4);
  }
}

// Each masked pixel is that of the bands that it has, times the roots of their weights; so is what is said of it.
TYPED_TEST(LeastSquares, MaskedPixelsAreThoseOfWeightedBands) {
  using T = TypeParam;
  const int32_t bands = 33, r = 4, pixels = 23;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), one(r, 1);
  well_conditioned(E, this->random);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < bands; ++i) E(i, k) = T((1 + k) * double(E(i, k)));
  pixels_of(E, Y, this->random);
  const Matrix<T> D = weights_of<T>(bands, pixels, this->random);
  const double limit = rounding<T>(bands, r);
  // Faint ones are read anew.
  for (const double shift : {1.0, sizeof(T) == 4 ? 0x1p-60 : 0x1p-520})
    for (const bool sum_to_one : {false, true})
      for (const int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET, ORTHANT_UNMIX_UNCONSTRAINED}) {
        if (sum_to_one && (method == ORTHANT_UNMIX_BPP || shift != 1)) continue;
        SCOPED_TRACE(text({bands, r, pixels}, method) + (sum_to_one ? ", of sum one" : ""));
        Matrix<T> faint(bands, pixels);
        faint.each([&](int32_t i, int32_t j) { return D(i, j) > T(0) ? shift * double(Y(i, j)) : double(NAN); });
        orthant_unmix_config c = Unmixer<T>::config(E, method, sum_to_one);
        c.data = ORTHANT_MASKED;
        std::vector<T> rms(pixels), kkt(pixels);
        orthant_report report = empty_report(), checked = empty_report();
        Unmixer<T> unmix(E, c);
        ASSERT_EQ(unmix.run(masked_view(faint, D), A, &report), ORTHANT_OK);
        A.each([&](int32_t k, int32_t j) { return double(A(k, j)) / shift; });
        double objective = 0, norm2_all = 0;
        const bool free = method == ORTHANT_UNMIX_UNCONSTRAINED;
        for (int32_t j = 0; j < pixels; ++j) {
          const Matrix<double> own = weighted(E, D, j), y = column(weighted(Y, D, j), j), a = column(A, j);
          const Gram G(own);
          std::vector<double> best(size_t(r), 0.0);
          if (!free) brute_force(own, G, y, 0, sum_to_one, &best);
          const Matrix<double> z = solution_on(transposed(own) * own, transposed(own) * y, {0, 1, 2, 3}, sum_to_one);
          for (int32_t k = 0; k < r; ++k)
            EXPECT_NEAR(A(k, j), free ? z(k, 0) : best[size_t(k)], 40 * limit) << "pixel " << j;
          objective += 0.5 * norm2(y - own * a);
          norm2_all += norm2(y);
        }
        // The square of the unit of f64 leaves few bits of the objective.
        EXPECT_NEAR(report.objective / shift / shift, objective, fmax(limit, shift == 1 ? 0 : 1e-8) * norm2_all);
        EXPECT_NEAR(report.rel_error, sqrt(2 * objective / norm2_all), 4 * limit);
        EXPECT_LE(report.kkt, limit);
        // Far from the solution.
        A.each([&](int32_t k, int32_t j) { return shift * (0.1 + 0.2 * ((3 * k + j) % 4)); });
        ASSERT_EQ(unmix.check(masked_view(faint, D), A, rms.data(), kkt.data(), &checked), ORTHANT_OK);
        double worst = 0;
        objective = 0;
        for (int32_t j = 0; j < pixels; ++j) {
          const Matrix<double> own = weighted(E, D, j), y = column(weighted(Y, D, j), j),
                               a = (1 / shift) * column(A, j);
          double weights = 0;
          for (int32_t i = 0; i < bands; ++i) weights += double(D(i, j));
          const double relative = residual(own, y, a, 0, sum_to_one, free, &E).relative, rest2 = norm2(y - own * a);
          EXPECT_NEAR(double(rms[size_t(j)]) / shift, sqrt(rest2 / weights), 4 * limit) << "pixel " << j;
          EXPECT_NEAR(kkt[size_t(j)], relative, 4 * limit) << "pixel " << j;
          worst = relative > worst ? relative : worst;
          objective += 0.5 * rest2;
        }
        EXPECT_NEAR(checked.kkt, worst, 4 * limit);
        EXPECT_NEAR(checked.rel_error, sqrt(2 * objective / norm2_all), 4 * limit);
        EXPECT_NEAR(checked.objective / shift / shift, objective, fmax(4 * limit, shift == 1 ? 0 : 1e-8) * objective);
      }
}

// On the plane of sum one the linear system has a multiplier; clipping takes what is negative, and divides by the sum.
TYPED_TEST(LeastSquares, UnconstrainedOfSumOneIsThatOfItsEquations) {
  using T = TypeParam;
  const int32_t bands = 17, r = 5, pixels = 12;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), B(r, pixels);
  well_conditioned(E, this->random);
  any_pixels(Y, this->random);
  const Gram G(E);
  ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, ORTHANT_UNMIX_UNCONSTRAINED, true)).run(Y, A), ORTHANT_OK);
  ASSERT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, ORTHANT_UNMIX_CLIP, true)).run(Y, B), ORTHANT_OK);
  const double far = 4 * rounding<T>(bands, r) * G.most / G.least;
  for (int32_t j = 0; j < pixels; ++j) {
    const Matrix<double> x = solution_on(transposed(E) * E, transposed(E) * column(Y, j), {0, 1, 2, 3, 4}, true);
    double sum = 0;
    for (int32_t k = 0; k < r; ++k) sum += fmax(x(k, 0), 0);
    for (int32_t k = 0; k < r; ++k) {
      EXPECT_NEAR(A(k, j), x(k, 0), far);
      EXPECT_NEAR(B(k, j), fmax(x(k, 0), 0) / sum, far);
    }
  }
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
