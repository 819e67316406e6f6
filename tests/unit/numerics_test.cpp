// Small systems, singular values, assignment, angles, random numbers, the workspace layout.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "beta_job.hpp"
#include "carver.hpp"
#include "cholesky.hpp"
#include "endmembers_job.hpp"
#include "kinds.hpp"
#include "nmf_job.hpp"
#include "nmf_run.hpp"
#include "nnls.hpp"
#include "parallel.hpp"
#include "reference.hpp"
#include "rng.hpp"
#include "scores.hpp"
#include "set_order.hpp"
#include "start.hpp"
#include "symmetric_eigen.hpp"
#include "tsvd.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class Numerics : public testing::Test {
 protected:
  static constexpr double eps = double(Real<T>::eps);
  Random random{77};
};
TYPED_TEST_SUITE(Numerics, Types, TypeNames);

// ---- Cholesky -------------------------------------------------------------------------------------------------------

TYPED_TEST(Numerics, CholeskySolvesAndNeedsNoRidge) {
  using T = TypeParam;
  for (int32_t n = 1; n <= 24; ++n) {
    Matrix<T> A(n + 5, n, 2), G(n, n, 3), L(n, n, 2);
    A.fill_uniform(this->random);
    G.each([&](int32_t i, int32_t j) {
      double s = i == j;  // regular: the smallest eigenvalue is at least one
      for (int32_t k = 0; k < n + 5; ++k) s += double(A(k, i)) * double(A(k, j));
      return s;
    });
    L.each([](int32_t, int32_t) { return 0; });
    const T ridge = cholesky<T>(n, G.data(), G.ld(), nullptr, L.data(), L.ld());
    EXPECT_EQ(ridge, T(0));
    double trace = 0;
    for (int32_t i = 0; i < n; ++i) trace += double(G(i, i));
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = j; i < n; ++i) {
        double s = 0;
        for (int32_t k = 0; k <= j; ++k) s += double(L(i, k)) * double(L(j, k));
        // [Higham 2002, theorem 10.3]: |A - L L'| <= (n + 1) u |L| |L'|, and that is at most the trace.
        EXPECT_NEAR(s, double(G(i, j)), (n + 1) * this->eps * trace);
      }
    std::vector<T> x(size_t(n), T(0));
    std::vector<double> b(size_t(n), 0.0);
    for (int32_t i = 0; i < n; ++i) x[size_t(i)] = T(normal(this->random)), b[size_t(i)] = double(x[size_t(i)]);
    cholesky_solve(n, L.data(), L.ld(), x.data());
    for (int32_t i = 0; i < n; ++i) {
      double s = 0, size = 0;
      for (int32_t j = 0; j < n; ++j) {
        s += double(G(i, j)) * double(x[size_t(j)]);
        size += fabs(double(x[size_t(j)]));
      }
      EXPECT_NEAR(s, b[size_t(i)], (3 * n + 1) * this->eps * trace * size);  // theorem 10.4
    }
    EXPECT_TRUE(G.intact() && L.intact());
  }
}

TYPED_TEST(Numerics, CholeskyTakesAPrincipalBlock) {
  using T = TypeParam;
  const int32_t n = 6, index[] = {4, 1, 3};
  Matrix<T> G(n, n, 1), L(3, 3, 2);
  G.each([](int32_t i, int32_t j) { return i == j ? 10 + i : 1.0 / (1 + i + j); });
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i)  // what the index does not name may be anything
      if (i == 0 || j == 0 || i == 2 || j == 2 || i == 5 || j == 5) G(i, j) = T(NAN);
  EXPECT_EQ(cholesky(3, G.data(), ptrdiff_t(G.ld()), index, L.data(), ptrdiff_t(L.ld())), T(0));
  for (int32_t j = 0; j < 3; ++j)
    for (int32_t i = j; i < 3; ++i) {
      double s = 0;
      for (int32_t k = 0; k <= j; ++k) s += double(L(i, k)) * double(L(j, k));
      EXPECT_NEAR(s, double(G(index[i], index[j])), 4 * this->eps * 40);
    }
}

TYPED_TEST(Numerics, CholeskyAddsARidgeToASingularMatrix) {
  using T = TypeParam;
  for (int32_t n = 2; n <= 12; ++n) {
    std::vector<T> G(size_t(n * n), T(1)), L(size_t(n * n));  // rank one
    const T ridge = cholesky<T>(n, G.data(), n, nullptr, L.data(), n);
    EXPECT_GT(ridge, T(0));
    EXPECT_LE(ridge, T(1e4) * Real<T>::ridge);  // the smallest of the ladder that does it, not any large one
    std::fill(G.begin(), G.end(), T(0));
    EXPECT_GT(cholesky<T>(n, G.data(), n, nullptr, L.data(), n), T(0));
    for (int32_t k = 0; k < n; ++k) EXPECT_TRUE(is_finite(L[size_t(k + k * n)]) && L[size_t(k + k * n)] > T(0));
  }
}

// ---- NNLS half steps ------------------------------------------------------------------------------------------------

template <class T>
Mat<T> mat(Matrix<T> &A) { return {A.data(), A.rows(), A.cols(), A.ld()}; }

// The problems are the rows of X: minimise 1/2 x G x' - f x'.
template <class T>
struct HalfStep {
  Matrix<double> G;
  Matrix<T> F, X, U;
  NnlsPlan<T> plan;
  NnlsScratch<T> scratch;
  Ops<T> ops;

  HalfStep(Half method, int32_t problems, int32_t r, Random &random)
      : G(r, r), F(problems, r), X(problems, r), U(problems, r), arena_(bytes_of([&](Carver &c) {
          lay_out(c, method);
        }), 0, 0xFF) {
    Carver carve(arena_.data());
    lay_out(carve, method);
    Matrix<T> A(r + 4, r), B(r + 4, problems);
    A.fill_uniform(random), B.fill_uniform(random, -0.4), X.fill_uniform(random), U.fill_uniform(random, -0.5);
    const Matrix<double> gram = transposed(A) * A;
    for (int32_t k = 0; k < r; ++k)
      for (int32_t l = 0; l < r; ++l) G(l, k) = double(plan.G[l + k * r] = T(gram(l, k)));
    F.set(transposed(B) * A);
    plan.max_iter = 30 * r;
    plan.prepare(T(0), scratch);
  }
  Matrix<double> right_side(int32_t j) const {
    return Matrix<double>(F.cols(), 1).each([&](int32_t k, int32_t) { return F(j, k); });
  }
  int32_t run(int32_t steps) { return nnls_block<T>(ops, plan, mat(F), mat(X), mat(U), steps, scratch); }

 private:
  void lay_out(Carver &carve, Half method) {
    plan.layout(carve, method, F.cols());
    scratch.layout(carve, method, F.cols(), F.rows());
  }
  Arena arena_;
};

// Of each problem one sweep, then two at a time until they change it by no more than a fifth of what the first did; with
// others or alone to the bit.
TYPED_TEST(Numerics, CoordinateDescentEndsByTheFirstSweepOfEachProblem) {
  using T = TypeParam;
  const int32_t p = 301, r = 5;
  for (const int32_t most : {1, 2, 3, 200}) {
    HalfStep<T> h(Half::hals, p, r, this->random);
    Matrix<T> start(h.X), alone(1, r);
    Matrix<double> x(h.X);
    const auto sweep = [&](int32_t j) {
      for (int32_t k = 0; k < r; ++k) {
        double g = h.F(j, k);
        for (int32_t i = 0; i < r; ++i) g -= x(j, i) * h.G(i, k);
        x(j, k) = std::max(x(j, k) + g / h.G(k, k), 0.0);
      }
    };
    std::set<int32_t> numbers;
    for (int32_t j = 0; j < p; ++j) {
      double first = 0, change = 1;
      int32_t sweeps = 0;
      while (sweeps < most && change > 0.2 * first) {
        const int32_t more = sweeps == 0 ? 1 : std::min(2, most - sweeps);
        std::vector<double> before(r);
        for (int32_t k = 0; k < r; ++k) before[size_t(k)] = x(j, k);
        for (int32_t s = 0; s < more; ++s) sweep(j);
        change = 0;
        for (int32_t k = 0; k < r; ++k) change = std::hypot(change, x(j, k) - before[size_t(k)]);
        if (sweeps == 0) first = change;
        sweeps += more;
      }
      numbers.insert(sweeps);
    }
    EXPECT_TRUE(most < 10 ? *numbers.rbegin() == most : numbers.size() > 2 && *numbers.rbegin() < most);
    hals_until<T>(h.ops, h.plan, mat(h.F), mat(h.X), most, {h.scratch.D.data, p, r, h.scratch.D.ld});
    EXPECT_LE(difference(h.X, x), 1e3 * this->eps);
    EXPECT_TRUE(h.X.intact());
    for (int32_t j = 0; j < p; j += 50) {
      alone.each([&](int32_t, int32_t k) { return start(j, k); });
      hals_until<T>(h.ops, h.plan, View<T>(mat(h.F)).block(j, 0, 1, r), mat(alone), most, {h.scratch.D.data, 1, r, p});
      for (int32_t k = 0; k < r; ++k) EXPECT_EQ(alone(0, k), h.X(j, k)) << j;
    }
  }
}

// Splitting ends where both of its residuals are within the tolerance, or after all steps.
TYPED_TEST(Numerics, SplittingEndsByItsResiduals) {
  using T = TypeParam;
  const int32_t p = 23, r = 4, most = 60;
  for (const double tol : {0.0, 0.3, 1e-1, 1e-2, 1e-4}) {
    HalfStep<T> h(Half::admm, p, r, this->random);
    h.plan.inner_tol = T(tol);
    Matrix<double> x(h.X), u(h.U);
    int32_t steps = 0;
    for (bool goes_on = true; goes_on && steps < most; ++steps) {
      const Matrix<double> before = x, right = h.F + double(h.plan.rho) * (x + u);
      const Matrix<double> z = transposed(solve(h.G, transposed(right), double(h.plan.rho)));
      x.each([&](int32_t j, int32_t k) { return std::max(z(j, k) - u(j, k), 0.0); });
      u = u + (x - z);
      goes_on = !(norm2(x - z) < double(T(tol)) * norm2(x) && norm2(x - before) < double(T(tol)) * norm2(u));
    }
    EXPECT_EQ(steps < most, tol > 0) << tol;
    h.run(most);
    EXPECT_LE(difference(h.X, x), 1e3 * this->eps) << tol;
    EXPECT_LE(difference(h.U, u), 1e3 * this->eps) << tol;
  }
}

// A start at the solution returns it in one round; after the last round the active set goes on from where it stood.
TYPED_TEST(Numerics, PivotingBeginsAtItsStart) {
  using T = TypeParam;
  const int32_t p = 40, r = 5;
  HalfStep<T> h(Half::bpp, p, r, this->random);
  for (int32_t k = 0; k < r; k += 4) h.F(7 + k, k) = T(NAN);
  EXPECT_GT(h.run(0), 1);
  const Matrix<T> solution = h.X;
  for (int32_t k = 0; k < r; ++k) EXPECT_TRUE(h.X(7, k) == T(0) && h.X(11, k) == T(0));
  EXPECT_EQ(h.run(0), 1);
  EXPECT_LE(difference(h.X, solution), 0);
  // One round from some entries of the solution and others that are negative: not solved, but the best of those.
  h.plan.max_iter = 1;
  int32_t tried = 0;
  for (int32_t j = 0; j < p; ++j) {
    if (j == 7 || j == 11) continue;
    std::vector<int32_t> set;
    int32_t positive = 0;
    for (int32_t k = 0; k < r; ++k) {
      const bool in = solution(j, k) > T(0);
      positive += in;
      if (in && positive != 2) set.push_back(k);
      h.X(j, k) = in && positive != 2 ? T(1) : T(-1);
    }
    const Matrix<double> z = solution_on(h.G, h.right_side(j), set, false);
    bool inside = !set.empty();
    for (int32_t i = 0; i < int32_t(set.size()); ++i) inside = inside && z(i, 0) > 0;
    if (!inside) continue;
    ++tried;
    Matrix<T> one(1, r), f(1, r);
    for (int32_t k = 0; k < r; ++k) one(0, k) = h.X(j, k), f(0, k) = h.F(j, k);
    EXPECT_EQ(bpp_block<T>(h.plan, mat(f), mat(one), h.scratch), 1);
    Matrix<double> expected = zeros(1, r);
    for (int32_t i = 0; i < int32_t(set.size()); ++i) expected(0, set[size_t(i)]) = z(i, 0);
    EXPECT_LE(difference(one, expected), 1e5 * this->eps) << j;
  }
  EXPECT_GT(tried, p / 2);
}

TYPED_TEST(Numerics, EigenvalueBoundIsAboveAndClose) {
  using T = TypeParam;
  for (int32_t n = 1; n <= 20; ++n)
    for (const bool mixed : {false, true}) {
      Matrix<T> A(n + 3, n, 0), G(n, n, 1);
      A.each([&](int32_t, int32_t) { return mixed ? normal(this->random) : uniform(this->random); });
      G.each([&](int32_t i, int32_t j) {
        double s = 0;
        for (int32_t k = 0; k < n + 3; ++k) s += double(A(k, i)) * double(A(k, j));
        return s;
      });
      std::vector<double> x(size_t(n), 1.0), y(size_t(n), 0.0);
      double top = 0;  // the power method approaches from below
      for (int step = 0; step < 3000; ++step) {
        double norm = 0;
        for (int32_t i = 0; i < n; ++i) {
          y[size_t(i)] = 0;
          for (int32_t j = 0; j < n; ++j) y[size_t(i)] += double(G(i, j)) * x[size_t(j)];
          norm += y[size_t(i)] * y[size_t(i)];
        }
        top = sqrt(norm);
        for (int32_t i = 0; i < n; ++i) x[size_t(i)] = y[size_t(i)] / top;
      }
      std::vector<T> w(size_t(n), T(0)), z(size_t(n), T(0));
      const double bound = double(largest_eigenvalue_bound(n, G.data(), ptrdiff_t(G.ld()), w.data(), z.data()));
      EXPECT_GE(bound, top * (1 - 4 * this->eps)) << n << " mixed " << mixed;
      if (!mixed) EXPECT_LE(bound, top * 1.001) << n;  // a nonnegative matrix: twelve power steps close the gap
    }
  T zero[4] = {0, 0, 0, 0}, x[2], y[2];
  EXPECT_EQ(largest_eigenvalue_bound(2, zero, 2, x, y), T(0));
}

// ---- Singular values ------------------------------------------------------------------------------------------------

template <class T>
void expect_svd(int32_t n, const std::vector<T> &A, double eps) {
  std::vector<T> U = A, s(size_t(n), T(0)), V(size_t(n * n)), work(svd_work(n));
  small_svd(n, U.data(), s.data(), V.data(), work.data());
  const auto at = [n](const std::vector<T> &M, int32_t i, int32_t j) { return double(M[size_t(i + n * j)]); };
  double norm = 0;
  for (const T a : A) norm += double(a) * double(a);
  norm = sqrt(norm);
  const double tol = 40 * n * eps * norm;  // a modest multiple of n u |A|, as both methods are backward stable
  for (int32_t k = 0; k < n; ++k) {
    EXPECT_GE(s[size_t(k)], T(0));
    if (k > 0) EXPECT_LE(s[size_t(k)], s[size_t(k - 1)]);
  }
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i) {
      double product = 0, uu = 0, vv = 0;
      for (int32_t k = 0; k < n; ++k) {
        product += at(U, i, k) * double(s[size_t(k)]) * at(V, j, k);
        uu += at(U, k, i) * at(U, k, j);
        vv += at(V, k, i) * at(V, k, j);
      }
      EXPECT_NEAR(product, at(A, i, j), tol) << n;
      EXPECT_NEAR(vv, i == j, 40 * n * eps) << n;
      // The left vector of a vanishing value may be anything, zero too.
      if (double(s[size_t(i)]) > 1e3 * tol && double(s[size_t(j)]) > 1e3 * tol)
        EXPECT_NEAR(uu, i == j, tol * norm / double(s[size_t(std::max(i, j))]) / norm + 40 * n * eps) << n;
    }
}

// A = Q diag(d) Q' to rounding, whatever the spectrum: random, of equal values, graded over 12 decades, zero.
TYPED_TEST(Numerics, SymmetricEigenvaluesAndVectors) {
  using T = TypeParam;
  for (int32_t n = 1; n <= 40; n += n < 6 ? 1 : 17)
    for (int kind = 0; kind < 4; ++kind) {
      Matrix<double> B(n, n);
      B.fill_normal(this->random);
      if (kind == 1) B = identity(n, 3);
      if (kind == 2) B.each([&](int32_t i, int32_t j) { return B(i, j) * std::pow(10, -12.0 * i / n); });
      if (kind == 3) B.fill(0);
      Matrix<T> A(B * transposed(B)), Q(n, n, 0);
      A.each([&](int32_t i, int32_t j) { return i > j ? A(j, i) : A(i, j); });
      std::vector<T> work(A.data(), A.data()), d(static_cast<size_t>(n)), e(d), w(d);
      for (int32_t j = 0; j < n; ++j)
        for (int32_t i = 0; i < n; ++i) work.push_back(A(i, j));
      symmetric_eigen(n, work.data(), Q.data(), d.data(), e.data(), w.data());
      EXPECT_TRUE(Q.intact());
      const double size = std::max(norm(A), DBL_MIN);
      Matrix<double> D = zeros(n, n);
      for (int32_t k = 0; k < n; ++k) D(k, k) = double(d[static_cast<size_t>(k)]);
      // Householder's reduction and QL are backward stable: some n roundoffs of the norm.
      EXPECT_LT(norm(A - Q * D * transposed(Q)) / size, 40 * n * this->eps) << n << " " << kind;
      EXPECT_LT(norm(transposed(Q) * Q - identity(n)), 40 * n * this->eps) << n << " " << kind;
    }
}

TYPED_TEST(Numerics, SmallSvd) {
  using T = TypeParam;
  for (const int32_t n : {1, 2, 3, 8, 17, 32, 33, 45}) {  // LAPACKE, where built in, takes over above 32
    std::vector<T> A(size_t(n * n));
    for (T &a : A) a = T(normal(this->random));
    expect_svd(n, A, this->eps);
    for (int32_t i = 0; i < n; ++i) A[size_t(i)] = T(0);  // a zero column
    if (n > 2)
      for (int32_t i = 0; i < n; ++i) A[size_t(i + n * (n - 1))] = A[size_t(i + n)];  // and two equal ones
    expect_svd(n, A, this->eps);
    expect_svd(n, std::vector<T>(size_t(n * n), T(0)), this->eps);
    std::vector<T> graded(size_t(n * n), T(0));  // a triangle whose values fall over many decades
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i <= j; ++i) graded[size_t(i + n * j)] = T(pow(2.0, -i) * (1 + uniform(this->random)));
    expect_svd(n, graded, this->eps);
  }
}

TYPED_TEST(Numerics, TsvdFindsTheLeadingTriplets) {
  using T = TypeParam;
  struct Case {
    int32_t rows, cols, rank;
  };
  for (const Case &c : {Case{40, 25, 5}, {25, 40, 5}, {300, 37, 8}, {12, 90, 12}, {5, 5, 1}, {1, 20, 1}})
    for (const bool centred : {false, true}) {
      const int32_t n = std::max(c.rows, c.cols), small = std::min(c.rows, c.cols);
      if (n > 64 && c.rows < 300) continue;
      Matrix<T> X(c.rows, c.cols, 3), P(c.rows, small, 0), Q(c.cols, small, 0);
      P.each([&](int32_t, int32_t) { return normal(this->random); });
      Q.each([&](int32_t, int32_t) { return normal(this->random); });
      X.each([&](int32_t i, int32_t j) {  // values that fall by about a third each
        double s = 0, w = 1;
        for (int32_t k = 0; k < small; ++k, w *= 0.65) s += w * double(P(i, k)) * double(Q(j, k));
        return s;
      });
      std::vector<T> mean(size_t(c.rows), T(0));
      for (int32_t i = 0; i < c.rows && centred; ++i) {
        double s = 0;
        for (int32_t j = 0; j < c.cols; ++j) s += double(X(i, j));
        mean[size_t(i)] = T(s / c.cols);
      }
      Tsvd<T> svd;
      Carver measure;
      svd.layout(measure, c.rows, c.cols, c.rank);
      size_t bytes = 0;
      ASSERT_TRUE(measure.total(&bytes));
      Arena arena(bytes, 0, 0xFF);
      Carver carve(arena.data());
      svd.layout(carve, c.rows, c.cols, c.rank);
      const Operand<T> V(Mat<const T>{X.data(), c.rows, c.cols, X.ld()});
      svd.run(Ops<T>(), Parallel{}, V, centred ? mean.data() : nullptr, c.rank, 5, T(sizeof(T) == 4 ? 1e-5 : 1e-11));
      EXPECT_TRUE(arena.intact() && X.intact());

      // Reference: Jacobi in double on the square matrix padded with zeros.
      std::vector<double> square(size_t(n) * size_t(n), 0.0), s(size_t(n), 0.0), right(square.size()),
          work(svd_work(n));
      for (int32_t j = 0; j < c.cols; ++j)
        for (int32_t i = 0; i < c.rows; ++i) square[size_t(i + n * j)] = double(X(i, j)) - double(mean[size_t(i)]);
      const std::vector<double> Y = square;
      small_svd(n, square.data(), s.data(), right.data(), work.data());
      // The stop rule asks for changes below this times the largest value; the values converge at least as fast as
      // the square of the ratio of the value past the block to the wanted one.
      const double tol = (sizeof(T) == 4 ? 1e-5 : 1e-11) * 8 * s[0];
      for (int32_t k = 0; k < c.rank; ++k) {
        EXPECT_NEAR(double(svd.s[k]), s[size_t(k)], tol) << c.rows << "x" << c.cols << " k " << k;
        double uu = 0, vv = 0;
        for (int32_t i = 0; i < c.rows; ++i) uu += double(svd.U(i, k)) * double(svd.U(i, k));
        for (int32_t j = 0; j < c.cols; ++j) vv += double(svd.V(j, k)) * double(svd.V(j, k));
        if (s[size_t(k)] < 1e-3 * s[0]) continue;
        EXPECT_NEAR(uu, 1, 100 * c.rows * this->eps);
        EXPECT_NEAR(vv, 1, 100 * c.cols * this->eps);
        for (int32_t j = 0; j < c.cols; ++j) {  // Y'u = s v holds by construction, not only in the limit
          double dot = 0;
          for (int32_t i = 0; i < c.rows; ++i) dot += Y[size_t(i + n * j)] * double(svd.U(i, k));
          EXPECT_NEAR(dot, double(svd.s[k]) * double(svd.V(j, k)), 200 * c.rows * this->eps * s[0]);
        }
      }
    }
}

// A truncated SVD in a workspace of its own.
template <class T>
struct Truncated {
  Tsvd<T> svd;
  Arena arena;
  Truncated(int32_t rows, int32_t cols, int32_t rank, int32_t workers, int32_t spare = 8)
      : arena(bytes(rows, cols, rank, workers, spare), 0, 0xFF) {
    Carver carve(arena.data());
    svd.layout(carve, rows, cols, rank, workers, spare);
  }

 private:
  size_t bytes(int32_t rows, int32_t cols, int32_t rank, int32_t workers, int32_t spare) {
    Carver measure;
    svd.layout(measure, rows, cols, rank, workers, spare);
    size_t total = 0;
    EXPECT_TRUE(measure.total(&total));
    return total;
  }
};
// Tasks from the last to the first, by three workers in turn.
const Parallel backwards{3, [](void *, int32_t tasks, void (*task)(void *, int32_t, int32_t), void *arg) {
  for (int32_t i = tasks - 1; i >= 0; --i) task(arg, i, i % 3);
}, nullptr};

// X (rows x cols) of rank r, with values that fall by a third each; about a third of the rows are zero.
template <class T>
Matrix<T> of_rank(int32_t rows, int32_t cols, int32_t r, Random &random) {
  Matrix<double> P(rows, r), Q(r, cols);
  P.each([&](int32_t i, int32_t k) { return i % 3 == 1 ? 0 : pow(1.5, -k) * normal(random); });
  Q.fill_normal(random);
  return Matrix<T>(P * Q);
}
// X = U S V' with orthonormal U and V.
template <class T>
void expect_triplets(const Matrix<double> &X, const Tsvd<T> &svd, int32_t rank, double relative) {
  Matrix<double> U(X.rows(), rank), V(X.cols(), rank);
  U.each([&](int32_t i, int32_t k) { return svd.U(i, k); });
  V.each([&](int32_t j, int32_t k) { return svd.V(j, k); });
  EXPECT_LE(largest(transposed(U) * U - identity(rank)), relative);
  EXPECT_LE(largest(transposed(V) * V - identity(rank)), relative);
  const Matrix<double> US = Matrix<double>(X.rows(), rank).each([&](int32_t i, int32_t k) {
    return U(i, k) * double(svd.s[k]);
  });
  EXPECT_LE(norm(X - US * transposed(V)), relative * norm(X));
  for (int32_t k = 1; k < rank; ++k) EXPECT_GE(svd.s[k - 1], svd.s[k]);
}

// Of data of the rank asked for the triplets are all there is: small and large data, wide, tall and square, one worker
// and many, centred by rows, with a multiple of the identity, and by the two steps of a rough SVD of any kind of data.
TYPED_TEST(Numerics, TsvdOfLowRankIsExact) {
  using T = TypeParam;
  struct Shape { int32_t rows, cols, rank; };
  const double relative = 2e3 * this->eps;
  for (const Shape k : {Shape{50, 40, 4}, {33, 70, 5}, {30, 36000, 3}, {36000, 30, 3}, {1100, 1000, 3}})
    for (const Parallel &par : {Parallel{}, backwards}) {
      SCOPED_TRACE(std::to_string(k.rows) + " x " + std::to_string(k.cols));
      const Matrix<T> X = of_rank<T>(k.rows, k.cols, k.rank, this->random);
      const Operand<T> V(Mat<const T>{X.data(), k.rows, k.cols, X.ld()});
      Truncated<T> exact(k.rows, k.cols, k.rank, par.workers), rough(k.rows, k.cols, k.rank, 1, 4);
      exact.svd.run(Ops<T>(), par, V, nullptr, k.rank, 7, T(0), 5);
      expect_triplets(Matrix<double>(X), exact.svd, k.rank, relative);
      rough.svd.run_rough(Ops<T>(), par, V, 7, nullptr);
      expect_triplets(Matrix<double>(X), rough.svd, k.rank, relative);
      EXPECT_TRUE(exact.arena.intact() && rough.arena.intact());
      std::vector<T> mean(size_t(k.rows));
      Matrix<double> centred(X);
      for (int32_t i = 0; i < k.rows; ++i) {
        double sum = 0;
        for (int32_t j = 0; j < k.cols; ++j) sum += double(X(i, j));
        mean[size_t(i)] = T(sum / k.cols);
        for (int32_t j = 0; j < k.cols; ++j) centred(i, j) -= double(mean[size_t(i)]);
      }
      Truncated<T> of_centred(k.rows, k.cols, k.rank + 1, par.workers);
      of_centred.svd.run(Ops<T>(), par, V, mean.data(), k.rank + 1, 7, T(0), 5);
      expect_triplets(centred, of_centred.svd, k.rank, relative);
    }
}

TYPED_TEST(Numerics, RoughSvdOfSparseDataIsThatOfDense) {
  using T = TypeParam;
  const int32_t m = 61, n = 45, rank = 4;
  const Matrix<T> X = of_rank<T>(m, n, rank, this->random);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
    const Sparse<T> s = sparse(X, kind, 3);
    const Operand<T> V(kind == ORTHANT_CSR ? Kind::csr : Kind::csc, m, n, s.values.data(), s.starts.data(),
                       s.indices.data());
    Truncated<T> rough(m, n, rank, 1, 4);
    std::vector<T> transposed_room(size_t(rough.svd.block) * size_t(m + n));
    rough.svd.run_rough(Ops<T>(), Parallel{}, V, 7, transposed_room.data());
    expect_triplets(Matrix<double>(X), rough.svd, rank, 2e3 * this->eps);
  }
}

// A warm start goes on from vectors in any unit, and a shift is that of the diagonal.
TYPED_TEST(Numerics, TsvdWarmAndShifted) {
  using T = TypeParam;
  const int32_t n = 30, rank = 3;
  const Matrix<T> X = of_rank<T>(n, n, n, this->random);
  Matrix<double> shifted(X);
  for (int32_t k = 0; k < n; ++k) shifted(k, k) += 0.75;
  const Operand<T> V(Mat<const T>{X.data(), n, n, X.ld()});
  Truncated<T> all(n, n, n, 1);
  all.svd.run(Ops<T>(), Parallel{}, V, nullptr, n, 7, T(0), 9, false, nullptr, T(0.75));
  expect_triplets(shifted, all.svd, n, 2e3 * this->eps);

  orthant_tsvd_config c{};
  c.size = sizeof c;
  c.rows = c.cols = n, c.rank = rank, c.warm = 1, c.max_iter = 1;
  const Placed<typename Api<T>::Tsvd> placed(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  Matrix<T> first(n, rank);
  first.fill_normal(this->random);
  std::string bits[2];
  for (const int scaled : {0, 1}) {
    Matrix<T> U(n, rank), W = first;
    W.each([&](int32_t j, int32_t k) { return scaled ? W(j, k) * T(k == 1 ? 0x1p20 : 0x1p-20) : W(j, k); });
    std::vector<T> s(size_t(rank), T(-1));
    orthant_report r = empty_report();
    const auto data = view(X);
    ASSERT_EQ(Api<T>::tsvd_run(placed.get(), &data, U.data(), U.ld(), s.data(), W.data(), W.ld(), &r), ORTHANT_OK);
    bits[scaled] = U.bits() + W.bits();
    double kept = 0;
    for (const T value : s) kept += double(value) * double(value);
    EXPECT_NEAR(r.objective, 0.5 * (norm2(X) - kept), 1e2 * this->eps * norm2(X));
    EXPECT_NEAR(r.rel_error, sqrt(2 * r.objective / norm2(X)), 1e2 * this->eps);
    EXPECT_TRUE(r.iters == 1 && r.stop == ORTHANT_STOP_ITERATIONS);
  }
  EXPECT_TRUE(bits[0] == bits[1]);
}

// ---- Matching and angles --------------------------------------------------------------------------------------------

// The blocks of an assignment of n to n.
struct Assignment {
  ScoreBlocks blocks;
  Arena arena;
  explicit Assignment(int32_t n) : arena(bytes(n), 0, 0xFF) {
    Carver carve(arena.data());
    blocks.layout(carve, n);
  }

 private:
  size_t bytes(int32_t n) {
    Carver measure;
    blocks.layout(measure, n);
    size_t total = 0;
    EXPECT_TRUE(measure.total(&total));
    return total;
  }
};

TEST(Scores, AssignmentIsTheBestOfAllPermutations) {
  Random random(31);
  for (int32_t n = 1; n <= 7; ++n)
    for (int trial = 0; trial < 60; ++trial) {
      Assignment assignment(n);
      ScoreBlocks &b = assignment.blocks;
      for (int32_t k = 0; k < n * n; ++k)  // whole numbers: many ties, and sums without rounding
        b.cost[k] = trial % 3 == 0 ? uniform_int(random, 0, 3) : uniform_int(random, -1000, 1000);
      if (trial == 1) std::fill(b.cost, b.cost + n * n, 1e300);
      const std::vector<double> cost(b.cost, b.cost + n * n);
      assign(n, b);
      std::vector<int32_t> p(size_t(n), 0), seen(size_t(n), 0);
      double found = 0, best = 1e308;
      for (int32_t i = 0; i < n; ++i) {
        ASSERT_TRUE(b.match[i] >= 0 && b.match[i] < n);
        ++seen[size_t(b.match[i])];
        found += cost[size_t(i + n * b.match[i])];
      }
      for (const int32_t count : seen) ASSERT_EQ(count, 1);
      std::iota(p.begin(), p.end(), 0);
      do {
        double sum = 0;
        for (int32_t i = 0; i < n; ++i) sum += cost[size_t(i + n * p[size_t(i)])];
        best = std::min(best, sum);
      } while (std::next_permutation(p.begin(), p.end()));
      ASSERT_EQ(found, best) << n << " trial " << trial;
      ASSERT_TRUE(assignment.arena.intact());
    }
}

TEST(Scores, AssignmentEndsWhateverTheCosts) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const double kinds[] = {0, 1, -1, DBL_MAX, -DBL_MAX, inf, -inf, nan};
  Random random(32);
  for (int32_t n = 1; n <= 6; ++n)
    for (int trial = 0; trial < 200; ++trial) {
      Assignment assignment(n);
      ScoreBlocks &b = assignment.blocks;
      const bool all_equal = trial < 8;
      for (int32_t k = 0; k < n * n; ++k) b.cost[k] = kinds[all_equal ? trial : uniform_int(random, 0, 7)];
      assign(n, b);
      std::vector<int32_t> seen(size_t(n), 0);
      for (int32_t i = 0; i < n; ++i) {
        ASSERT_TRUE(b.match[i] >= 0 && b.match[i] < n);
        ++seen[size_t(b.match[i])];
      }
      for (const int32_t count : seen) ASSERT_EQ(count, 1);
      ASSERT_TRUE(assignment.arena.intact());
    }
}

TYPED_TEST(Numerics, SpectralAngleOfTheLargestAndTheSmallestNumbers) {
  using T = TypeParam;
  const T huge = std::numeric_limits<T>::max(), tiny = std::numeric_limits<T>::min();
  for (const T k : {huge, T(huge / 1024), tiny, T(tiny * 1024)})
    for (const T l : {huge, tiny, T(1)}) {
      const T a[] = {k, 0, k}, b[] = {0, l, 0}, c[] = {0, 0, l}, d[] = {-l, 0, -l};
      EXPECT_NEAR(spectral_angle(3, a, a), 0, 4 * DBL_EPSILON);
      EXPECT_DOUBLE_EQ(spectral_angle(3, a, b), M_PI / 2);
      EXPECT_DOUBLE_EQ(spectral_angle(3, a, c), M_PI / 4);
      EXPECT_DOUBLE_EQ(spectral_angle(3, d, a), M_PI);
    }
  const T least[] = {std::numeric_limits<T>::denorm_min(), 0}, unit[] = {1, 1};
  EXPECT_DOUBLE_EQ(spectral_angle(2, least, unit), M_PI / 4);
}

TYPED_TEST(Numerics, SpectralAngle) {
  using T = TypeParam;
  const T a[] = {3, 0, 4}, b[] = {0, 2, 0}, c[] = {-6, 0, -8}, zero[] = {0, 0, 0}, d[] = {30, 0, 40};
  EXPECT_LE(spectral_angle(3, a, d), 4 * DBL_EPSILON);
  EXPECT_DOUBLE_EQ(spectral_angle(3, a, b), M_PI / 2);
  EXPECT_DOUBLE_EQ(spectral_angle(3, a, c), M_PI);
  EXPECT_DOUBLE_EQ(spectral_angle(3, a, zero), M_PI / 2);
  for (double t = 1e-7; t < 3; t *= 3) {  // small angles are not lost, as they would be in acos
    const T x[] = {1, 0}, y[] = {T(cos(t)), T(sin(t))};
    EXPECT_NEAR(spectral_angle(2, x, y), t, 2 * this->eps * std::max(t, 1e-3) + 4 * DBL_EPSILON);
  }
}

// ---- Random numbers -------------------------------------------------------------------------------------------------

// Problems in the order of their passive sets, of equal ones the first first: for every number of them, and sets of one
// word and of more.
TEST(PassiveSets, AreSorted) {
  Random random(31);
  for (const int32_t words : {1, 3})
    for (int32_t n = 0; n < 40; ++n) {
      std::vector<uint32_t> sets(size_t(n * words));
      for (uint32_t &word : sets) word = uint32_t(uniform_int(random, 0, 2));
      std::vector<int32_t> order(static_cast<size_t>(n));
      std::iota(order.begin(), order.end(), 0);
      std::vector<int32_t> want = order;
      const auto set = [&](int32_t j) { return sets.begin() + j * words; };
      std::stable_sort(want.begin(), want.end(), [&](int32_t a, int32_t b) {
        return std::lexicographical_compare(set(a), set(a) + words, set(b), set(b) + words);
      });
      sort_by_set(order.data(), n, sets.data(), words);
      ASSERT_EQ(order, want) << n << " sets of " << words;
    }
}

TEST(RandomNumbers, AreTheSameIntegersEverywhere) {
  // From an independent program: SplitMix64 applied to seed, stream and index in turn.
  EXPECT_EQ(Rng(0, 0).bits(0), 0xf89a2566b5822c54u);
  EXPECT_EQ(Rng(0, 0).bits(1), 0x47200e1d9780fa44u);
  EXPECT_EQ(Rng(1, 0).bits(0), 0xf8c5b62c83f707e8u);
  EXPECT_EQ(Rng(0, 1).bits(0), 0xa73822ac2ea54ab1u);
  EXPECT_EQ(Rng(42, 0x4E4D46).bits(7), 0x8e97b517fda77c4cu);
  EXPECT_EQ(Rng(UINT64_MAX, UINT64_MAX).bits(UINT64_MAX), 0xf14a310831123e0au);
  EXPECT_EQ(Rng(UINT64_MAX, 0).bits(uint64_t(1) << 40), 0x3fb5dec451574e5au);
  EXPECT_EQ(Rng(0, 0).uniform(0), 0.9711020828012883);
  EXPECT_EQ(Rng(42, 0x4E4D46).below(7, 1000), 557);
}

TEST(RandomNumbers, HaveTheirDistributions) {
  const Rng rng(7, 3);
  const int n = 200000;
  double mean = 0, square = 0, normal_mean = 0, normal_square = 0;
  std::vector<int> count(10, 0);
  for (int i = 0; i < n; ++i) {
    const double u = rng.uniform(uint64_t(i)), z = rng.normal(uint64_t(i));
    ASSERT_TRUE(u >= 0 && u < 1);
    const int32_t k = rng.below(uint64_t(i), 10);
    ASSERT_TRUE(k >= 0 && k < 10);
    ++count[size_t(k)];
    mean += u / n;
    square += u * u / n;
    normal_mean += z / n;
    normal_square += z * z / n;
  }
  // Five standard deviations of each estimate.
  EXPECT_NEAR(mean, 0.5, 5 * sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square, 1.0 / 3, 5 * sqrt(4.0 / 45 / n));
  EXPECT_NEAR(normal_mean, 0, 5 / sqrt(double(n)));
  EXPECT_NEAR(normal_square, 1, 5 * sqrt(2.0 / n));
  for (const int c : count) EXPECT_NEAR(c, n / 10, 5 * sqrt(n * 0.09));
}

TEST(RandomNumbers, SampledColumnsAreDifferent) {
  for (const auto &[cols, count] : {std::pair<int32_t, int32_t>{100, 100}, {1, 1}, {1000, 100}, {101, 100}, {37, 36}})
    for (uint64_t seed = 0; seed < 5; ++seed) {
      std::vector<int32_t> chosen(size_t(count), -1);
      sample_columns(Rng(seed, 9), cols, count, chosen.data());
      std::sort(chosen.begin(), chosen.end());
      EXPECT_TRUE(chosen.front() >= 0 && chosen.back() < cols);
      EXPECT_TRUE(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    }
}

// ---- The workspace layout -------------------------------------------------------------------------------------------

// ---- Endmembers

// The mean of pixels whose sums need more digits than a float has: in chunks, by many workers, the last one shorter.
TYPED_TEST(Numerics, MeanOfPixelsKeepsSmallDifferences) {
  using T = TypeParam;
  const int32_t bands = 50, pixels = 70000;
  Matrix<T> Y(bands, pixels);
  Y.each([&](int32_t i, int32_t j) { return 1 + 1e-3 * ((i + 7 * j) % 11) + double(j) / pixels; });
  Endmembers<T> solver;
  solver.bands = bands, solver.pixels = pixels, solver.rank = 2;
  solver.par = backwards;
  ASSERT_GT(solver.mean_cut().chunks, 1);
  ASSERT_NE(pixels % solver.mean_cut().fixed, 0);
  typename Endmembers<T>::Blocks b;
  std::vector<unsigned char> memory(bytes_of([&](Carver &carve) { solver.layout(carve, b); }) + Carver::alignment);
  Carver carve(Carver::align(memory.data(), memory.size(), 0));
  const Operand<T> data(Mat<const T>{Y.data(), bands, pixels, Y.ld()});
  EndmembersJob<T> job(solver, carve, data, {}, nullptr);
  job.find_mean();
  for (int32_t i = 0; i < bands; ++i) {
    double want = 0;
    for (int32_t j = 0; j < pixels; ++j) want += double(Y(i, j)) / pixels;
    EXPECT_NEAR(double(job.b.mean[i]), want, std::sqrt(pixels) * unit_roundoff<T>) << i;
  }
}

// ---- Loops

TEST(Loops, AreSpreadAsFarAsTheyPay) {
  EXPECT_EQ(tasks_worth_a_worker(1000, {0, 1}), 1);       // a thousand bytes in all
  EXPECT_EQ(tasks_worth_a_worker(100, {0, 5000}), 10);    // half a microsecond each, five together
  EXPECT_EQ(tasks_worth_a_worker(100, {5000, 0}), 10);
  EXPECT_EQ(tasks_worth_a_worker(1000, {1e6, 0}), 1000);  // each is worth a worker
  EXPECT_EQ(tasks_worth_a_worker(0, {1, 1}), 0);
  struct Counted {
    int32_t tasks = 0;
    static void run(void *user, int32_t tasks, void (*task)(void *, int32_t, int32_t), void *arg) {
      static_cast<Counted *>(user)->tasks = tasks;
      for (int32_t i = tasks - 1; i >= 0; --i) task(arg, i, 0);
    }
  } counted;
  const Parallel par{4, Counted::run, &counted};
  std::vector<int> times(100, 0);
  parallel_for(par, 100, Work{0, 5000}, [&](int32_t i, int32_t) { ++times[size_t(i)]; });
  EXPECT_EQ(counted.tasks, 10);
  EXPECT_EQ(times, std::vector<int>(100, 1));  // each index once
  counted.tasks = 0;
  parallel_for(par, 100, Work{0, 5}, [&](int32_t i, int32_t) { ++times[size_t(i)]; });
  EXPECT_EQ(counted.tasks, 0);  // serial
  EXPECT_EQ(times, std::vector<int>(100, 2));
}

// The starts from random numbers: W by columns, then H by columns, and W times the factor that fits best; columns that
// are missing at the scale of those that were found.
TYPED_TEST(Numerics, StartsOfNmfDrawWhatTheySay) {
  using T = TypeParam;
  const int32_t m = 13, n = 9, r = 4;
  Matrix<T> V(m, n);
  V.fill_uniform(this->random);
  const orthant_nmf_config c = nmf_config(r, ORTHANT_NMF_HALS, ORTHANT_START_RANDOM, -1, 99);
  const Rng rng(99, nmf_stream);
  NmfRun<T> drawn(V, c);
  ASSERT_EQ(drawn.start(), ORTHANT_OK);
  Matrix<double> W(m, r), H(r, n);
  W.each([&](int32_t i, int32_t k) { return rng.uniform(uint64_t(i + m * k)); });
  H.each([&](int32_t k, int32_t j) { return rng.uniform(uint64_t(m * r + k + r * j)); });
  const double factor = dot(V, W * H) / norm2(W * H);
  EXPECT_LE(difference(drawn.W, factor * W), 64 * unit_roundoff<T>);
  EXPECT_LE(difference(drawn.H, H), unit_roundoff<T>);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m && j != 2 && j != 5; ++i) V(i, j) = T(0);
  orthant_nmf_config of_columns = c;
  of_columns.start = ORTHANT_START_COLS;
  NmfRun<T> taken(V, of_columns);
  ASSERT_EQ(taken.start(), ORTHANT_OK);
  for (int32_t k = 2; k < r; ++k)
    for (int32_t i = 0; i < m; ++i) {
      const double want = largest(V) * rng.uniform(uint64_t(i + m * k));
      EXPECT_NEAR(double(taken.W(i, k)), want, 4 * unit_roundoff<T>) << i << " " << k;
    }
}

// ---- How NMF cuts its data: what workspace.cpp, tiles.hpp and coarse.cpp say of it, for random shapes

struct CutCase {
  NmfConfig c;
  double element, entries, rank, column, at_once;  // bytes of an element and of a column; columns read at once
};
template <class T>
CutCase cut_case(Random &random, Kind kind, int32_t workers) {
  const auto some = [&](double most) { return int32_t(pow(most, uniform(random))); };
  CutCase k{};
  NmfConfig &c = k.c;
  c.rows = some(3e4), c.cols = some(3e5), c.rank = some(300);
  c.data = kind, c.par.workers = workers;
  k.element = sizeof(T), k.entries = double(c.rows) * c.cols, k.rank = c.rank, k.column = k.element * c.rows;
  k.at_once = group_columns<T>(c.rows);
  return k;
}
// The largest count from one on that is allowed, where fewer are.
template <class Allowed>
int32_t most_allowed(const Allowed &allowed) {
  int64_t low = 1, high = 1;
  while (allowed(double(2 * high))) high *= 2;
  for (low = high, high *= 2; high - low > 1;) {
    const int64_t middle = (low + high) / 2;
    (allowed(double(middle)) ? low : high) = middle;
  }
  return int32_t(low);
}

TYPED_TEST(Numerics, ColumnsReadAtOnceTakeSomeMegabytes) {
  using T = TypeParam;
  for (const int32_t rows : {1, 7, 100, 1000, 5000, 1 << 20}) {
    const int32_t panels = group_columns<T>(rows) / 128;
    EXPECT_EQ(group_columns<T>(rows) % 128, 0);
    EXPECT_EQ(panels, most_allowed([&](double n) { return n <= 1 || n * 128 * rows * sizeof(T) <= 1 << 22; })) << rows;
  }
}

TYPED_TEST(Numerics, NmfCutsColumnsByTheirBytes) {
  using T = TypeParam;
  const Kind kinds[] = {Kind::dense, Kind::csc, Kind::stream, Kind::masked};
  for (int i = 0; i < 1200; ++i) {
    const CutCase k = cut_case<T>(this->random, kinds[i % 4], 1 + i / 4 % 3 * 3);
    Nmf<T> s{};
    s.c = k.c;
    const PanelCut cut = s.cut();
    const double rank = k.rank, cols = k.c.cols, workers = k.c.par.workers, chunks = cut.chunks;
    SCOPED_TRACE(std::to_string(k.c.rows) + " x " + std::to_string(k.c.cols) + ", rank " + std::to_string(k.c.rank));
    // A panel: a quarter of a megabyte, 256 columns at most, but not fewer than the rank or 16; columns in fours.
    const double least = std::max(16.0, std::min(256.0, ceil(rank / 4) * 4));
    const int32_t fours = most_allowed([&](double n) {
      return 4 * n <= least || (n <= 64 && 4 * n * k.column <= 1 << 18);
    });
    EXPECT_EQ(cut.width, std::min(k.c.cols, s.c.sparse() ? 128 : 4 * fours));
    // Chunks: four columns for each component or 128 each, and a panel; no more than 256 or, of a long V, groups read.
    EXPECT_EQ(cut.chunks, most_allowed([&](double n) {
      const bool pays = (n <= 16 && 4 * rank * n <= cols) || 128 * n <= cols;
      const bool few = n <= 256 || (!s.c.sparse() && (n - 1) * k.at_once < cols);
      return n <= 1 || (pays && few && (n - 1) * cut.width < cols);
    }));
    // Under way at once: one without workers, else one a worker, or what takes 4 MB or half the factors' bytes.
    const double share = k.element * rank * (s.c.sparse() ? rank : k.c.rows);
    EXPECT_EQ(cut.wave, most_allowed([&](double n) {
      const bool small = n * share <= std::max(double(1 << 22), k.element * rank * (k.c.rows + cols) / 2);
      const bool at_hand = s.c.data != Kind::stream || n * cols <= 2 * k.at_once * chunks;
      return n <= 1 || (workers > 1 && n <= chunks && (n <= workers || (small && at_hand)));
    }));
    const double widest = std::min(cols, cut.wave * ceil(cols / chunks));
    EXPECT_EQ(cut.held, s.c.data == Kind::stream ? most_allowed([&](double n) {
                return n <= 1 || n * widest <= k.at_once;
              }) : 1);
    int32_t end = 0;
    for (int32_t chunk = 0; chunk < cut.chunks; ++chunk) {
      EXPECT_EQ(cut.chunk(chunk).from, end);
      end = cut.chunk(chunk).to;
      EXPECT_LE(fabs(cut.chunk(chunk).size() - cols / chunks), 1);
    }
    EXPECT_EQ(end, k.c.cols);
    // Entry by entry: eight columns each, 128 chunks at most or the groups that are read.
    const PanelCut rest = s.residual_cut();
    EXPECT_EQ(rest.chunks, most_allowed([&](double n) {
      return n <= 1 || (8 * n <= cols && (n <= 128 || (n - 1) * k.at_once < cols));
    }));
    if (s.c.data != Kind::stream) EXPECT_EQ(rest.wave, std::min(rest.chunks, 128));
    EXPECT_EQ(rest.held, 1);
    EXPECT_EQ(s.candidates(), std::min(k.c.cols, std::max(100, 2 * k.c.rank)));
    EXPECT_EQ(s.row_parts(), std::min(256, (k.c.rows + 127) / 128));
  }
}

// Of other losses: a tile of columns, four for each component or 64 each.
TYPED_TEST(Numerics, OtherLossesCutColumnsBySixtyFour) {
  using T = TypeParam;
  for (int i = 0; i < 400; ++i) {
    const CutCase k = cut_case<T>(this->random, Kind::dense, 1);
    BetaNmf<T> s{};
    s.c = k.c;
    const PanelCut cut = s.cut();
    const double cols = k.c.cols;
    EXPECT_EQ(cut.width, beta_tile_cols);
    EXPECT_EQ(cut.wave, 1);
    EXPECT_EQ(cut.chunks, most_allowed([&](double n) {
      const bool pays = (n <= 16 && 4 * k.rank * n <= cols) || 64 * n <= cols;
      return n <= 1 || (pays && (n - 1) * beta_tile_cols < cols && (n <= 256 || (n - 1) * k.at_once < cols));
    })) << k.c.rows << " x " << k.c.cols << ", rank " << k.c.rank;
  }
}

TYPED_TEST(Numerics, NmfCutsTallDataIntoTiles) {
  using T = TypeParam;
  int tall = 0;
  for (int i = 0; i < 1200; ++i) {
    const CutCase k = cut_case<T>(this->random, i % 2 ? Kind::dense : Kind::stream, 1 + i / 2 % 3 * 3);
    Nmf<T> s{};
    s.c = k.c;
    const Tiles<T> t = s.tiles();
    SCOPED_TRACE(std::to_string(k.c.rows) + " x " + std::to_string(k.c.cols) + ", rank " + std::to_string(k.c.rank));
    const double rows = k.c.rows, cols = k.c.cols, workers = k.c.par.workers, width = s.cut().width;
    ASSERT_EQ(t.group == 0, cols >= 2048 && (rows < 1024 || cols >= 64 * rows));
    if (t.group == 0) continue;
    ++tall;
    // Columns of V in the caches of all workers, 2 MB each, and shares of F of 4 MB or of the factors' bytes.
    const double parts = ceil(rows * k.element / 2048), panels = ceil(cols / width);
    const int32_t most = most_allowed([&](double n) {
      const bool data = n * width * k.column <= std::max(4.0, workers) * (2 << 20);
      const double shares = n * width * parts * k.rank * k.element;
      const bool small = shares <= std::max(double(4 << 20), k.element * k.rank * (rows + cols));
      return n <= 1 || (workers > 1 && n * width <= cols && data && small);
    });
    EXPECT_EQ(t.group, int32_t(ceil(panels / ceil(panels / most))));
    EXPECT_EQ(t.parts(), parts);
    EXPECT_EQ(t.columns(), std::min(cols, t.group * width));
    const int32_t groups = most_allowed([&](double n) { return n <= 1 || n * t.columns() <= k.at_once; });
    EXPECT_EQ(t.read_columns(), std::min(cols, double(groups) * t.columns()));
  }
  EXPECT_GT(tall, 100);
}

// 1 + alpha (1 + what the data pass costs in sweeps), alpha = 1/2 for AHALS and PG, 1 for EHALS.
TYPED_TEST(Numerics, SweepsFollowTheirRule) {
  using T = TypeParam;
  for (int i = 0; i < 300; ++i) {
    const CutCase k = cut_case<T>(this->random, Kind::dense, 1);
    const double m = k.c.rows, n = k.c.cols, r = k.rank, rho = 1 + (m * n + m * r) / (n * r + n);
    Nmf<T> s{};
    s.c = k.c;
    const auto sweeps = [&](NmfMethod method) {
      s.c.method = method;
      return s.sweeps(k.c.cols, k.c.rows);
    };
    EXPECT_EQ(sweeps(NmfMethod::ahals), int32_t(std::min(1 + rho / 2, 100.0)));
    EXPECT_EQ(sweeps(NmfMethod::pg), int32_t(std::min(1 + rho / 2, 10.0)));
    const double most = std::min({1 + rho, 200 / r, m * n / 65536, 20.0});
    EXPECT_EQ(sweeps(NmfMethod::ehals), std::max(8, int32_t(most)));
    s.few_sweeps = 5;
    EXPECT_EQ(sweeps(NmfMethod::ehals), 5);
    s.c.data = Kind::csc;
    EXPECT_EQ(sweeps(NmfMethod::ehals), 4);
    s.c.sweeps = 3;
    EXPECT_EQ(sweeps(NmfMethod::pg), 3);
  }
}

// The sample has a given number of entries, 4 rank rows and columns at least, and more rows than columns; all rows
// where they leave room for so many columns.
TEST(CoarseToFine, SampleAndItsPrice) {
  Random random(5);
  int whole = 0, middle = 0, inner = 0;
  for (int i = 0; i < 2000; ++i) {
    CutCase k = cut_case<float>(random, Kind::dense, 1);
    k.c.rank = 1 + k.c.rank / 6;
    k.c.outer.max_iter = i % 3 ? 30 : 4;
    const double rows = k.c.rows, cols = k.c.cols, rank = k.c.rank;
    const CoarseSample s = coarse_sample(k.c);
    SCOPED_TRACE(std::to_string(k.c.rows) + " x " + std::to_string(k.c.cols) + ", rank " + std::to_string(k.c.rank));
    ASSERT_EQ(s.middle, i % 3 > 0 && k.entries / 8 >= 64 * rank * rank && k.entries >= schedule_many);
    middle += s.middle;
    const double area = s.middle ? std::min(k.entries / 8, double(1 << 18)) : std::min(13 * sqrt(k.entries), 24000.0);
    const double tall = floor(sqrt(s.middle ? area : area / 0.6)), least = 4 * rank;
    const double wanted = std::max(tall, least);
    if (s.cols < cols) {
      ASSERT_EQ(s.rows, area < rows * least ? std::min(wanted, rows) : rows);
      ASSERT_EQ(s.cols, std::max(floor(area / s.rows), least));
      ++(s.rows < rows ? inner : whole);
    } else if (s.rows < rows) {
      ASSERT_EQ(s.rows, std::max(floor(area / cols), least));
    }
    const auto iteration = [&](double m, double n) { return 4 * m * n * rank + 1.8 * 2 * 8 * rank * rank * (m + n); };
    double price = 10 * iteration(s.rows, s.cols);
    if (s.rows < rows) price += 2 * rows * s.cols * rank + 1.8 * 2 * 8 * rank * rank * rows;
    ASSERT_NEAR(coarse_price(k.c), price / iteration(rows, cols), 1e-12 * price / iteration(rows, cols));
  }
  EXPECT_TRUE(whole > 20 && middle > 20 && inner > 20) << whole << " " << middle << " " << inner;
}

TEST(Layout, MeasuresWhatItPlaces) {
  const auto layout = [](Carver &carve, std::vector<void *> &blocks) {
    blocks = {carve.take<char>(1), carve.take<double>(3, 5), carve.take<float>(0), carve.take<int32_t>(17)};
  };
  std::vector<void *> blocks;
  Carver measure;
  layout(measure, blocks);
  for (void *b : blocks) EXPECT_EQ(b, nullptr);
  size_t bytes = 0;
  ASSERT_TRUE(measure.total(&bytes));
  EXPECT_EQ(bytes, 64u + 128u + 0u + 128u + 63u);
  for (size_t remainder = 0; remainder < 64; ++remainder) {
    Arena arena(bytes, remainder);
    EXPECT_EQ(Carver::align(arena.data(), bytes - 1, bytes), nullptr);
    void *base = Carver::align(arena.data(), bytes, bytes);
    ASSERT_NE(base, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(base) % 64, 0u);
    Carver carve(base);
    layout(carve, blocks);
    EXPECT_EQ(blocks[0], base);
    for (void *b : blocks) EXPECT_EQ(reinterpret_cast<uintptr_t>(b) % 64, 0u);
    memset(blocks[0], 1, 1);
    memset(blocks[1], 2, 15 * sizeof(double));
    memset(blocks[3], 3, 17 * sizeof(int32_t));
    EXPECT_LE(static_cast<unsigned char *>(blocks[3]) + 17 * sizeof(int32_t), arena.data() + bytes);
    EXPECT_TRUE(arena.intact());
  }
}

TEST(Layout, OverflowIsNotAWrappedNumber) {
  size_t bytes = 0;
  Carver product;
  EXPECT_EQ(product.take<double>(SIZE_MAX / 2, 3), nullptr);
  EXPECT_FALSE(product.total(&bytes));
  Carver element;
  element.take<double>(SIZE_MAX / 8 + 1);
  EXPECT_FALSE(element.total(&bytes));
  Carver sum;
  for (int i = 0; i < 5; ++i) sum.take<char>(SIZE_MAX / 4);
  EXPECT_FALSE(sum.total(&bytes));
  sum.take<char>(1);  // and it stays so
  EXPECT_FALSE(sum.total(&bytes));
}

#ifdef ORTHANT_ASAN
TEST(LayoutDeathTest, GapsArePoisoned) {
  Arena arena(256, 0);
  EXPECT_DEATH(
      {
        Carver carve(arena.data());
        volatile char *c = carve.take<char>(3);
        c[3] = 1;
      },
      "use-after-poison");
  arena.data()[3] = 1;  // allowed again after the call
}
#endif

}  // namespace
}  // namespace orthant::test
