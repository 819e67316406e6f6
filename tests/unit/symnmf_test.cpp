// Symmetric NMF through the public interface, against plain double-precision truths.
#include <cmath>

#include "kinds.hpp"
#include "symmetric.hpp"

namespace orthant::test {
namespace {

constexpr int32_t methods[] = {ORTHANT_SYMNMF_ANLS, ORTHANT_SYMNMF_HALS,  ORTHANT_SYMNMF_ALTERNATE, ORTHANT_SYMNMF_FIXED_POINT,
                               ORTHANT_SYMNMF_ADMM, ORTHANT_SYMNMF_NEWTON, ORTHANT_SYMNMF_PGD};
constexpr bool descends(int32_t m) {
  return m == ORTHANT_SYMNMF_ANLS || m == ORTHANT_SYMNMF_HALS || m == ORTHANT_SYMNMF_NEWTON || m == ORTHANT_SYMNMF_PGD;
}

template <class T>
class Symnmf : public testing::Test {
 protected:
  Random random{7};
};
TYPED_TEST_SUITE(Symnmf, Types, TypeNames);

// Sums of n^2 products of size |X|^2, each with a relative error of about n u.
template <class T>
double tolerance(int32_t n) { return 20 * n * unit_roundoff<T>; }

TYPED_TEST(Symnmf, ReportIsThatOfTheFactor) {
  using T = TypeParam;
  const int32_t n = 43, r = 4;
  Matrix<T> X(n, n, 3, 1);
  fill_graph(X, 4, this->random);
  for (const int32_t method : methods) {
    SCOPED_TRACE("method " + std::to_string(method));
    auto c = SymnmfRun<T>::config(n, r, method, 7);
    c.bound = 1;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const orthant_report report = job.run();
    const double e = residual2(X, job.U), x2 = norm2(X);
    EXPECT_EQ(report.iters, 7);
    EXPECT_NEAR(report.rel_error * report.rel_error, e / x2, tolerance<T>(n));
    EXPECT_GE(report.rel_error * report.rel_error, report.bound - tolerance<T>(n));
    EXPECT_GT(report.bound, 0.0);
    if (method == ORTHANT_SYMNMF_PGD || method == ORTHANT_SYMNMF_NEWTON || method == ORTHANT_SYMNMF_FIXED_POINT)
      EXPECT_NEAR(report.objective, 0.25 * e, tolerance<T>(n) * x2);
    const Matrix<double> U(job.U), g = U * (transposed(U) * U) - X * U;
    double p2 = 0;
    g.visit([&](int32_t i, int32_t k) { p2 += U(i, k) > 0 || g(i, k) < 0 ? g(i, k) * g(i, k) : 0; });
    EXPECT_NEAR(report.kkt, sqrt(p2 / x2 / norm2(U)), tolerance<T>(n));
    EXPECT_TRUE(nonnegative(U));
    std::vector<double> second(size_t(n * r));
    size_t count = 0;
    const orthant_status two =
        Api<T>::symnmf_get(job.handle(), ORTHANT_PART_FACTOR, second.data(), second.size(), &count);
    Matrix<double> V(U);  // U itself where there is one factor
    if (two == ORTHANT_OK) V.each([&](int32_t i, int32_t k) { return second[size_t(i + n * k)]; });
    else EXPECT_EQ(two, ORTHANT_E_UNSUPPORTED);
    if (two == ORTHANT_OK && method != ORTHANT_SYMNMF_ALTERNATE) {  // |X - U V'|^2 / 2, and the penalty of the gap
      double lambda = 0;
      ASSERT_EQ(Api<T>::symnmf_get(job.handle(), ORTHANT_PART_PENALTY, &lambda, 1, &count), ORTHANT_OK);
      const double gap = method == ORTHANT_SYMNMF_ADMM ? 0 : 0.5 * lambda * norm2(U - V);
      EXPECT_NEAR(report.objective, 0.5 * norm2(X - U * transposed(V)) + gap, tolerance<T>(n) * x2);
    }
    EXPECT_NEAR(report.gap, norm(U - V) / norm(U), tolerance<T>(n));
    EXPECT_EQ(report.gap > 1e-3, two == ORTHANT_OK) << report.gap;
  }
}

TYPED_TEST(Symnmf, TheseDescend) {
  using T = TypeParam;
  const int32_t n = 31, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  for (const int32_t method : methods) {
    if (!descends(method)) continue;
    SCOPED_TRACE("method " + std::to_string(method));
    SymnmfRun<T> job(X, SymnmfRun<T>::config(n, r, method, 1));
    ASSERT_EQ(job.start(), ORTHANT_OK);
    double before = HUGE_VAL;
    for (int i = 0; i < 40; ++i) {
      const double now = job.run().objective;
      EXPECT_LE(now, before + tolerance<T>(n) * norm2(X));
      before = now;
    }
  }
}

// The methods agree on what a solution is: each ends where the projected gradient of f vanishes.
TYPED_TEST(Symnmf, EndsAtStationaryPoints) {
  using T = TypeParam;
  const int32_t n = 24, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  for (const int32_t method : methods) {
    SCOPED_TRACE("method " + std::to_string(method));
    if (method == ORTHANT_SYMNMF_ALTERNATE || method == ORTHANT_SYMNMF_FIXED_POINT) continue;  // no guarantee
    auto c = SymnmfRun<T>::config(n, r, method, 3000);
    c.tol = sizeof(T) == 4 ? 3e-6 : 1e-9;
    // Large enough that both factors become one, small enough that they do in time.
    if (method == ORTHANT_SYMNMF_ANLS || method == ORTHANT_SYMNMF_HALS) c.lambda = 12;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const orthant_report report = job.run();
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT) << report.kkt;
    EXPECT_LE(report.gap, sizeof(T) == 4 ? 1e-4 : 1e-7);
  }
}

TYPED_TEST(Symnmf, FixedPointAndAlternateAreTheirEquations) {
  using T = TypeParam;
  const int32_t n = 29, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  for (const int32_t method : {ORTHANT_SYMNMF_FIXED_POINT, ORTHANT_SYMNMF_ALTERNATE}) {
    auto c = SymnmfRun<T>::config(n, r, method, 1);
    c.lambda = 2.5;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    Matrix<double> U = scheme_step(X, Matrix<double>(job.U), 2.5);
    if (method == ORTHANT_SYMNMF_ALTERNATE) U = scheme_step(X, U, 2.5);
    job.run();
    EXPECT_LE(largest(job.U - U), 200 * n * unit_roundoff<T>);
  }
}

// A step of ADMM from A = U, no multipliers, inside the orthant: U (A'A + (rho + b) I) = X A + (rho + b) U,
// b = 6 |X - A U'|^2 / rho; sufficient is a rho above 6 n tau, tau the largest (X_kk + |X_k|) / 2.
TYPED_TEST(Symnmf, AdmmBeginsAsItsEquation) {
  using T = TypeParam;
  const int32_t n = 23, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 1, this->random);
  auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_ADMM, 1);
  double tau = 0;
  for (int32_t k = 0; k < n; ++k) {
    double squares = 0;
    for (int32_t i = 0; i < n; ++i) squares += double(X(i, k)) * double(X(i, k));
    tau = std::max(tau, 0.5 * (double(X(k, k)) + sqrt(squares)));
  }
  for (const bool given : {true, false}) {
    c.lambda = given ? 300 : 0, c.penalty = given ? 0 : ORTHANT_PENALTY_SUFFICIENT;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const Matrix<double> U(job.U);
    const double rho = given ? 300 : 6.0001 * n * tau, weight = rho + 6 * residual2(X, U) / rho;
    const Matrix<double> want = transposed(solve(transposed(U) * U, transposed(X * U + weight * U), weight));
    job.run();
    EXPECT_GT(largest(job.U - U), 1e-3) << rho;
    EXPECT_LE(largest(job.U - want), 200 * n * unit_roundoff<T>) << rho;
  }
}

// One column, all of whose entries stay free: a step of Newton's method solves (2 u u' - X + u'u I) d = (u u' - X) u.
TYPED_TEST(Symnmf, NewtonSolvesItsSystem) {
  using T = TypeParam;
  for (const int32_t n : {13, 150}) {
    Matrix<T> X(n, n);
    fill_graph(X, 1, this->random);
    auto c = SymnmfRun<T>::config(n, 1, ORTHANT_SYMNMF_NEWTON, 1);
    c.start = ORTHANT_SYMNMF_START_GIVEN;
    SymnmfRun<T> job(X, c);
    const double size = sqrt(mean(X));
    job.U.each([&](int32_t i, int32_t) { return size * (1 + 0.1 * cos(double(i))); });
    const Matrix<double> u(job.U);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const Matrix<double> g = u * (transposed(u) * u) - X * u, d = solve(2.0 * u * transposed(u) - X, g, norm2(u));
    job.run();
    EXPECT_GT(norm(d), 1e-3 * norm(u));
    EXPECT_LE(largest(job.U - (u - d)), 100 * n * unit_roundoff<T> * size);
  }
}

// The methods as algorithms.md writes them, by plain loops in double.
struct PlainSymmetric {
  Matrix<double> X, U, V, multiplier;
  int32_t n, r;
  double lambda, ball;  // ball: 0 for none
  PlainSymmetric(const Matrix<double> &x, const Matrix<double> &u, double penalty, double largest_row = 0)
      : X(x), U(u), V(u), multiplier(zeros(u.rows(), u.cols())), n(u.rows()), r(u.cols()), lambda(penalty),
        ball(largest_row), failed_(size_t(r), false), free_(size_t(r)), factors_(size_t(r), zeros(0, 0)),
        eigenvector_(n, 1) {
    eigenvector_.each([](int32_t i, int32_t) { return 1 + 0.3 * std::cos(i * 1.7); });
  }
  double objective(const Matrix<double> &at) const { return 0.25 * residual2(X, at); }
  Matrix<double> gradient() const { return U * (transposed(U) * U) - X * U; }

  // Sweeps of coordinate descent on 1/2 a'(C'C + shift I) a - f'a over a >= 0, for the rows of A and F.
  static Matrix<double> descend(const Matrix<double> &C, double shift, const Matrix<double> &F, Matrix<double> A,
                                int sweeps) {
    const Matrix<double> G = transposed(C) * C + identity(C.cols(), shift);
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (int32_t k = 0; k < A.cols(); ++k)
        for (int32_t i = 0; i < A.rows(); ++i) {
          double slope = -F(i, k);
          for (int32_t l = 0; l < A.cols(); ++l) slope += A(i, l) * G(l, k);
          A(i, k) = std::max(0.0, A(i, k) - slope / G(k, k));
        }
    return A;
  }
  void half_steps(int sweeps) {  // of SymHALS one, of SymANLS as many as make it exact
    V = descend(U, lambda, X * U + lambda * U, V, sweeps);
    U = descend(V, lambda, X * V + lambda * V, U, sweeps);
  }
  void admm(int sweeps) {  // V is A
    const double beta = 6 / lambda * norm2(X - V * transposed(U));
    U = descend(V, lambda + beta, X * V + lambda * V - multiplier + beta * U, U, sweeps);
    for (int32_t i = 0; i < n && ball > 0; ++i) {
      double squares = 0;
      for (int32_t k = 0; k < r; ++k) squares += U(i, k) * U(i, k);
      for (int32_t k = 0; k < r; ++k) U(i, k) *= std::min(1.0, std::sqrt(ball / squares));
    }
    V = transposed(solve(transposed(U) * U, transposed(X * U + lambda * U + multiplier), lambda));
    multiplier = multiplier + lambda * (U - V);
  }
  // The first size * shrink^k whose f descends by `enough` of <D, step>; false where that is a matter of rounding.
  bool line_search(const Matrix<double> &D, const Matrix<double> &S, double size, double shrink, double enough) {
    const double before = objective(U);
    for (int trial = 0; trial < 40; ++trial, size *= shrink) {
      Matrix<double> next = U - size * S;
      next.each([&](int32_t i, int32_t k) { return std::max(0.0, next(i, k)); });
      const double needed = enough * dot(D, next - U), rise = objective(next) - before;
      if (std::fabs(rise - needed) < 1e-4 * std::fabs(rise)) return false;
      rejected += rise > needed;
      if (rise > needed) continue;
      U = next;
      return true;
    }
    return false;
  }
  // steps: of the power iteration on X - U U', which goes on from the last.
  bool projected_gradient(int steps) {
    const Matrix<double> R = X - U * transposed(U), G = transposed(U) * U;
    double residual = 0;
    for (int k = 0; k < steps; ++k) {
      const Matrix<double> y = R * eigenvector_;
      residual = norm(y);
      eigenvector_ = (1 / residual) * y;
    }
    Matrix<double> x(r, 1);
    x.fill(1);
    for (int k = 0; k < 1000; ++k) x = (1 / norm(G * x)) * (G * x);
    const Matrix<double> D = gradient();
    return line_search(D, D, 1 / (residual + 2 * norm(G * x)), 0.5, 1e-4);
  }
  bool newton() {
    const Matrix<double> D = gradient();
    Matrix<double> S = zeros(n, r);
    for (int32_t k = 0; k < r; ++k) {
      std::vector<int32_t> free;
      for (int32_t i = 0; i < n; ++i)
        if (D(i, k) <= 0 || U(i, k) > 0) free.push_back(i);
      if (free != free_[size_t(k)]) factor(k, free);
      if (failed_[size_t(k)]) {
        for (int32_t i = 0; i < n; ++i) S(i, k) = 4 * D(i, k);
        ++gradients;
        continue;
      }
      Matrix<double> g(int32_t(free.size()), 1);
      g.each([&](int32_t i, int32_t) { return D(free[size_t(i)], k); });
      const Matrix<double> d = solve(factors_[size_t(k)], g);
      for (int32_t i = 0; i < d.rows(); ++i)
        S(free[size_t(i)], k) = d(i, 0) > 0 && !(U(free[size_t(i)], k) > 0) ? 0 : d(i, 0);
      ++solutions;
    }
    return line_search(D, S, 1, 0.1, 0.1);
  }
  int rejected = 0, gradients = 0, solutions = 0;

 private:
  // U U' - X + u u' + (u'u) I on the free entries of column k, kept while these stay; whether it is positive definite.
  void factor(int32_t k, const std::vector<int32_t> &free) {
    double uu = 0;
    for (int32_t i = 0; i < n; ++i) uu += U(i, k) * U(i, k);
    Matrix<double> B(int32_t(free.size()), int32_t(free.size()));
    B.each([&](int32_t a, int32_t c) {
      const int32_t i = free[size_t(a)], j = free[size_t(c)];
      double x = U(i, k) * U(j, k) - X(i, j) + (a == c ? uu : 0);
      for (int32_t q = 0; q < r; ++q) x += U(i, q) * U(j, q);
      return x;
    });
    free_[size_t(k)] = free;
    factors_[size_t(k)] = B;
    failed_[size_t(k)] = false;
    for (int32_t c = 0; c < B.rows() && !failed_[size_t(k)]; ++c) {  // pivots of elimination
      failed_[size_t(k)] = !(B(c, c) > 0);
      for (int32_t i = c + 1; i < B.rows(); ++i) {
        const double t = B(i, c) / B(c, c);
        for (int32_t j = c; j < B.rows(); ++j) B(i, j) -= t * B(c, j);
      }
    }
  }

  std::vector<bool> failed_;
  std::vector<std::vector<int32_t>> free_;
  std::vector<Matrix<double>> factors_;
  Matrix<double> eigenvector_;
};

// Random weights, some of which are zero, on top of a common one.
void fill_pairs(Matrix<double> &X, Random &random, double common = 0) {
  for (int32_t j = 0; j < X.cols(); ++j)
    for (int32_t i = 0; i <= j; ++i)
      X(i, j) = X(j, i) =
          common + (uniform(random) < 0.4 ? 0 : uniform(random) + 3 * uniform(random) * ((i + j) % 3 == 0));
}

// Half steps and ADMM: some iterations on several blocks of rows, dense and sparse; of the exact penalty rows of U are
// shortened to the ball, for which a given start has long ones.
TYPED_TEST(Symnmf, HalfStepsAndAdmmFollowTheirEquations) {
  using T = TypeParam;
  for (const int32_t n : {13, 150}) {
    const int32_t r = 3;
    Matrix<double> X(n, n);
    fill_pairs(X, this->random);
    const Matrix<T> data(X);
    X.set(data);
    const Sparse<T> nonzeros = sparse(data, ORTHANT_CSC, 5);
    for (const int32_t method : {ORTHANT_SYMNMF_HALS, ORTHANT_SYMNMF_ANLS, ORTHANT_SYMNMF_ADMM})
      for (const bool sufficient : {false, true}) {
        SCOPED_TRACE(testing::Message() << "method " << method << " n " << n << " sufficient " << sufficient);
        auto c = SymnmfRun<T>::config(n, r, method, 1);
        c.start = ORTHANT_SYMNMF_START_GIVEN;
        const bool admm = method == ORTHANT_SYMNMF_ADMM;
        if (sufficient) c.penalty = ORTHANT_PENALTY_SUFFICIENT;
        else c.lambda = admm ? 5.0 * n : 0.7 * n;
        SymnmfRun<T> job(data, c);
        job.U.each([&](int32_t i, int32_t) { return (i == n - 1 ? 9.0 : 1.0) * uniform(this->random); });
        ASSERT_EQ(job.start(nonzeros.view()), ORTHANT_OK);
        double lambda = c.lambda, tau = 0;
        size_t count = 0;
        for (int32_t k = 0; k < n; ++k) {
          double squares = 0;
          for (int32_t i = 0; i < n; ++i) squares += X(i, k) * X(i, k);
          tau = std::max(tau, 0.5 * (X(k, k) + std::sqrt(squares)));
        }
        ASSERT_EQ(Api<T>::symnmf_get(job.handle(), ORTHANT_PART_PENALTY, &lambda, 1, &count), ORTHANT_OK);
        PlainSymmetric truth(X, Matrix<double>(job.U), lambda, admm && sufficient ? tau : 0);
        for (int i = 0; i < 4; ++i) {
          if (admm) truth.admm(400);
          else truth.half_steps(method == ORTHANT_SYMNMF_HALS ? 1 : 400);
          const orthant_report report = i % 2 ? job.run() : job.run(nonzeros.view());
          ASSERT_LE(difference(job.U, truth.U), 1e4 * unit_roundoff<T>) << i;
          EXPECT_NEAR(report.gap, norm(truth.U - truth.V) / norm(truth.U), 1e4 * unit_roundoff<T>);
          double longest = 0;
          for (int32_t k = 0; k < r; ++k) longest += truth.U(n - 1, k) * truth.U(n - 1, k);
          if (i == 0 && admm && sufficient) EXPECT_NEAR(longest, tau, 1e-12 * tau);
        }
      }
  }
}

// The steps with a line search: one of some size, kept dense and sparse, and small ones from starts of all sizes, which
// reject steps, factors and directions.  bound: how far a bound of |U'U| may be from it, where that is no number.
template <class T, class Step>
void expect_steps(Random &random, int32_t method, double common, double bound, PlainSymmetric *counts,
                  const Step &step) {
  for (int seed = 0; seed < 41; ++seed) {
    const int32_t n = seed == 40 ? 150 : 3 + seed % 9, r = seed == 40 ? 3 : 1 + seed % 3;
    Matrix<double> X(n, n);
    fill_pairs(X, random, common);
    const Matrix<T> data(X);
    X.set(data);
    const Sparse<T> nonzeros = sparse(data, ORTHANT_CSC, 5);
    auto c = SymnmfRun<T>::config(n, r, method, 1);
    c.start = ORTHANT_SYMNMF_START_GIVEN;
    SymnmfRun<T> job(data, c);
    const double size = std::exp2(seed % 5 - 3);
    job.U.each([&](int32_t, int32_t) { return size * (uniform(random) < 0.2 ? 0 : 0.2 + uniform(random)); });
    ASSERT_EQ(job.start(), ORTHANT_OK);
    PlainSymmetric truth(X, Matrix<double>(job.U), 0);
    for (int i = 0; i < (common > 0 ? 3 : 8); ++i) {
      if (!step(truth, i)) break;
      if (i % 2) job.run();
      else job.run(nonzeros.view());
      ASSERT_LE(difference(job.U, truth.U), 1e6 * unit_roundoff<T> + (r > 1 ? bound : 0))
          << "seed " << seed << " step " << i;
      truth.U.set(job.U);  // each step from where the last one ended
    }
    counts->rejected += truth.rejected, counts->gradients += truth.gradients, counts->solutions += truth.solutions;
  }
}
TYPED_TEST(Symnmf, NewtonFollowsItsEquations) {
  using T = TypeParam;
  PlainSymmetric counts(zeros(1, 1), zeros(1, 1), 0);
  expect_steps<T>(this->random, ORTHANT_SYMNMF_NEWTON, 0, 0, &counts,
                  [](PlainSymmetric &truth, int) { return truth.newton(); });
  EXPECT_GT(counts.rejected, 10);
  EXPECT_GT(counts.gradients, 10);
  EXPECT_GT(counts.solutions, 100);
}
// The common weight leaves X - U U' one eigenvalue far above all others, which ten power steps find to working
// precision from any vector.
TYPED_TEST(Symnmf, ProjectedGradientFollowsItsEquations) {
  using T = TypeParam;
  PlainSymmetric counts(zeros(1, 1), zeros(1, 1), 0);
  expect_steps<T>(this->random, ORTHANT_SYMNMF_PGD, 30, 1e-4, &counts,
                  [](PlainSymmetric &truth, int i) { return truth.projected_gradient(i == 0 ? 10 : 1); });
}

// X = u u' + v v' with U = u: a step of length 1 / (|X - u u'|_2 + 2 |u'u|_2) along -(u u' - X) u = v v'u.
TYPED_TEST(Symnmf, ProjectedGradientBeginsAsItsEquation) {
  using T = TypeParam;
  const int32_t n = 22;
  Matrix<T> X(n, n);
  const auto u = [](int32_t i) { return 0.25 + i % 4; };
  const auto v = [](int32_t i) { return 0.5 * (i % 3); };
  X.each([&](int32_t i, int32_t j) { return u(i) * u(j) + v(i) * v(j); });  // exact in either precision
  auto c = SymnmfRun<T>::config(n, 1, ORTHANT_SYMNMF_PGD, 1);
  c.start = ORTHANT_SYMNMF_START_GIVEN;
  SymnmfRun<T> job(X, c);
  job.U.each([&](int32_t i, int32_t) { return u(i); });
  ASSERT_EQ(job.start(), ORTHANT_OK);
  job.run();
  double uu = 0, vv = 0, uv = 0;
  for (int32_t i = 0; i < n; ++i) uu += u(i) * u(i), vv += v(i) * v(i), uv += u(i) * v(i);
  for (int32_t i = 0; i < n; ++i)
    EXPECT_NEAR(double(job.U(i, 0)), u(i) + v(i) * uv / (vv + 2 * uu), 20 * n * unit_roundoff<T>) << i;
}

// Where nothing is clipped, an exact half step is that of the closed form.
TYPED_TEST(Symnmf, AlternateIsAnlsInsideTheOrthant) {
  using T = TypeParam;
  const int32_t n = 17, r = 2;
  Matrix<T> X(n, n);
  X.each([&](int32_t i, int32_t j) { return 1 + 0.3 * cos(0.1 * i * j) + (i == j); });
  auto exact = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_ANLS, 1), closed = exact;
  closed.method = ORTHANT_SYMNMF_ALTERNATE;
  exact.lambda = closed.lambda = 50;
  SymnmfRun<T> a(X, exact), b(X, closed);
  for (SymnmfRun<T> *job : {&a, &b}) {
    ASSERT_EQ(job->start(), ORTHANT_OK);
    job->run();
  }
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < n; ++i) {
      EXPECT_GT(b.U(i, k), T(0));
      EXPECT_NEAR(a.U(i, k), b.U(i, k), 500 * n * unit_roundoff<T>);
    }
}

TYPED_TEST(Symnmf, ExactFactorsAreFixed) {
  using T = TypeParam;
  const int32_t n = 20, r = 3;
  Matrix<T> X(n, n), U(n, r);
  U.each([&](int32_t i, int32_t k) { return i % r == k ? 0.5 + uniform(this->random) : 0; });
  X.set(U * transposed(U));
  for (const int32_t method : methods) {
    SCOPED_TRACE("method " + std::to_string(method));
    auto c = SymnmfRun<T>::config(n, r, method, 20);
    c.start = ORTHANT_SYMNMF_START_GIVEN;
    SymnmfRun<T> job(X, c);
    job.U.set(U);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const orthant_report report = job.run();
    EXPECT_LE(report.rel_error, 100 * n * unit_roundoff<T>);
    EXPECT_LE(largest(job.U - U), 1000 * n * unit_roundoff<T>);
  }
}

// Groups of edges of all to all have the eigenvalues 8, 6, 5, all between two sides of four 4 and -4; others are zero.
TYPED_TEST(Symnmf, BoundIsThatOfTheEigenvalues) {
  using T = TypeParam;
  const int32_t n = 27, group[] = {0, 8, 14, 19, n};
  Matrix<T> X(n, n);
  X.fill(0);
  for (int32_t g = 0; g < 4; ++g)
    for (int32_t j = group[g]; j < group[g + 1]; ++j)
      for (int32_t i = group[g]; i < group[g + 1]; ++i) X(i, j) = T(g < 3 || (i - 19) / 4 != (j - 19) / 4);
  double rest = 64 + 36 + 25 + 32;
  const double all = rest, values[] = {8, 6, 5, 4, 0};
  for (int32_t r = 1; r <= 5; ++r) {
    auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_HALS, -1);
    c.bound = 1;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    rest -= values[r - 1] * values[r - 1];
    EXPECT_NEAR(job.run().bound, rest / all, sizeof(T) == 4 ? 1e-5 : 1e-9) << r;
  }
}

// |X|_2 is bounded from above, and closely: also where an eigenvalue is as large below zero.
TYPED_TEST(Symnmf, PenaltiesAreThoseOfTheirFormulas) {
  using T = TypeParam;
  const int32_t n = 26, r = 3;
  for (const bool two_sides : {false, true}) {
    Matrix<T> graph(n, n), X(n, n);
    fill_graph(graph, 2, this->random);
    X.each([&](int32_t i, int32_t j) {
      if (!two_sides) return double(graph(i, j));
      return i / 13 != j / 13 ? double(graph(i % 13, j % 13)) + 0.1 : 0;
    });
    Matrix<double> x(n, 1);
    x.fill(1);
    double top = 0;
    for (int k = 0; k < 3000; ++k) {  // of X + I, which has no eigenvalue as large below zero
      const Matrix<double> y = X * x + x;
      top = norm(y) - 1;
      x = (1 / norm(y)) * y;
    }
    const auto penalty = [&](int32_t method, int32_t which, Matrix<double> *U0) {
      auto c = SymnmfRun<T>::config(n, r, method, -1);
      c.penalty = which;
      SymnmfRun<T> job(X, c);
      EXPECT_EQ(job.start(), ORTHANT_OK);
      U0->set(job.U);
      double lambda = -1;
      size_t count = 0;
      EXPECT_EQ(Api<T>::symnmf_get(job.handle(), ORTHANT_PART_PENALTY, &lambda, 1, &count), ORTHANT_OK);
      return lambda;
    };
    Matrix<double> U0(n, r);
    const double close = 1e-2 * top, rounding = 10 * n * unit_roundoff<T> * top;
    for (const int32_t method : {ORTHANT_SYMNMF_HALS, ORTHANT_SYMNMF_ANLS}) {
      const double practical = penalty(method, ORTHANT_PENALTY_PRACTICAL, &U0) / 0.66;
      EXPECT_GE(practical, top - rounding);
      EXPECT_LE(practical, top + close);
      const double sufficient = penalty(method, ORTHANT_PENALTY_SUFFICIENT, &U0) - 0.5 * sqrt(residual2(X, U0));
      EXPECT_GE(sufficient, top - rounding);
      EXPECT_LE(sufficient, top + close);
      EXPECT_EQ(penalty(method, ORTHANT_PENALTY_NONE, &U0), 0);
    }
    EXPECT_EQ(penalty(ORTHANT_SYMNMF_ADMM, ORTHANT_PENALTY_PRACTICAL, &U0), 10);
    EXPECT_NEAR(penalty(ORTHANT_SYMNMF_ALTERNATE, ORTHANT_PENALTY_PRACTICAL, &U0), norm(X), rounding);
  }
}

// X = w w', w a column of U and the other zero: a sweep leaves both so, and the zeros become the floor times the
// largest entry, where that is above one.
TYPED_TEST(Symnmf, ZeroColumnsAreLiftedByTheLargestEntry) {
  using T = TypeParam;
  const int32_t n = 7;
  for (const int32_t at : {0, 3, n - 1})
    for (const double most : {0.5, 8.0}) {
      const auto w = [&](int32_t i) { return i == at ? most : 0.25; };  // exact in either precision
      Matrix<T> X(n, n);
      X.each([&](int32_t i, int32_t j) { return w(i) * w(j); });
      auto c = SymnmfRun<T>::config(n, 2, ORTHANT_SYMNMF_HALS, 1);
      c.start = ORTHANT_SYMNMF_START_GIVEN;
      SymnmfRun<T> job(X, c);
      job.U.each([&](int32_t i, int32_t k) { return k == 1 ? w(i) : 0; });
      ASSERT_EQ(job.start(), ORTHANT_OK);
      job.run();
      std::vector<double> V(size_t(2 * n));
      size_t count = 0;
      ASSERT_EQ(Api<T>::symnmf_get(job.handle(), ORTHANT_PART_FACTOR, V.data(), V.size(), &count), ORTHANT_OK);
      const double floor = (sizeof(T) == 4 ? 1e-12 : 1e-16) * std::max(1.0, most);
      for (size_t i = 0; i < size_t(n); ++i) EXPECT_NEAR(V[i], floor, 1e-5 * floor) << at << " " << most;
    }
}

// Three groups, two of them known, and a column of zeros: it comes back to life and finds the third.
TYPED_TEST(Symnmf, DeadColumnsRevive) {
  using T = TypeParam;
  const int32_t n = 18, r = 3;
  Matrix<T> X(n, n);
  X.each([&](int32_t i, int32_t j) { return i % r == j % r ? 1 : 0; });
  auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_HALS, 300);
  c.start = ORTHANT_SYMNMF_START_GIVEN;
  SymnmfRun<T> job(X, c);
  job.U.each([&](int32_t i, int32_t k) { return k < 2 && i % r == k ? 1 : 0; });
  ASSERT_EQ(job.start(), ORTHANT_OK);
  EXPECT_LE(job.run().rel_error, 0.01) << "sqrt(1/3) without the third";
}

TYPED_TEST(Symnmf, RunsGoOn) {
  using T = TypeParam;
  const int32_t n = 21, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  for (const int32_t method : methods) {
    SymnmfRun<T> whole(X, SymnmfRun<T>::config(n, r, method, 12)), slices(X, SymnmfRun<T>::config(n, r, method, 4));
    ASSERT_EQ(whole.start(), ORTHANT_OK);
    ASSERT_EQ(slices.start(), ORTHANT_OK);
    whole.run();
    for (int i = 0; i < 3; ++i) slices.run();
    EXPECT_TRUE(whole.U.bits() == slices.U.bits()) << method;
  }
}

// U = V at every critical point where lambda is large enough, from U0 = V0 with a method that descends.
TYPED_TEST(Symnmf, SufficientPenaltyClosesTheGap) {
  using T = TypeParam;
  const int32_t n = 18, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  for (const int32_t method : {ORTHANT_SYMNMF_ANLS, ORTHANT_SYMNMF_HALS}) {
    auto c = SymnmfRun<T>::config(n, r, method, 20000);
    c.penalty = ORTHANT_PENALTY_SUFFICIENT;
    c.tol = sizeof(T) == 4 ? 1e-5 : 1e-10;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const orthant_report report = job.run();
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(report.gap, sizeof(T) == 4 ? 1e-3 : 1e-8);
  }
}

// The same matrix as CSC and as CSR, rows in any order: the same factors up to the order of sums.
TYPED_TEST(Symnmf, SparseIsDense) {
  using T = TypeParam;
  const int32_t n = 150, r = 4;
  Matrix<T> X(n, n);
  fill_graph(X, 4, this->random);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < j; ++i)
      if (uniform(this->random) < 0.6) X(i, j) = X(j, i) = T(0);
  Sparse<T> by_columns = sparse(X, ORTHANT_CSC, 5);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
    by_columns.kind = kind;  // X is symmetric
    const auto nonzeros = by_columns.view();
    for (const int32_t method : methods) {
      SCOPED_TRACE("method " + std::to_string(method));
      auto c = SymnmfRun<T>::config(n, r, method, 4);
      c.bound = 1;
      c.lambda = method == ORTHANT_SYMNMF_ADMM ? 30 : 2;
      SymnmfRun<T> a(X, c), b(X, c);
      ASSERT_EQ(a.start(), ORTHANT_OK);
      ASSERT_EQ(b.start(nonzeros), ORTHANT_OK);
      const orthant_report x = a.run(), y = b.run(nonzeros);
      EXPECT_NEAR(x.rel_error, y.rel_error, 1e4 * unit_roundoff<T>);
      EXPECT_NEAR(x.bound, y.bound, sizeof(T) == 4 ? 1e-4 : 1e-9);
      EXPECT_LE(largest(a.U - b.U), 2e5 * unit_roundoff<T>);
    }
    SymnetRun<T> a(X, SymnetRun<T>::config(n, r, 3, 5)), b(X, SymnetRun<T>::config(n, r, 3, 5));
    ASSERT_EQ(a.start(), ORTHANT_OK);
    ASSERT_EQ(b.start(nonzeros), ORTHANT_OK);
    EXPECT_NEAR(a.run().objective, b.run(nonzeros).objective, 1e4 * unit_roundoff<T> * norm2(X));
  }
  by_columns.values[3] *= T(1.1);
  SymnmfRun<T> job(X, SymnmfRun<T>::config(n, r, 0, 4));
  EXPECT_EQ(job.start(by_columns.view()), ORTHANT_E_DATA);
}

// X = sum of w_k w_k' over disjoint supports: its eigenvectors are those w_k, in one eigenspace where two have one length,
// and the only rotation of them in the orthant gives X back.  Where the eigenvalues have stopped to change by more than t
// of the largest, the vectors are within about sqrt(t): an eigenvalue's error is the square of its vector's.
TYPED_TEST(Symnmf, SpectralStartFindsDisjointGroups) {
  using T = TypeParam;
  const int32_t n = 60, r = 4;
  Matrix<T> X(n, n, 1, 2);
  std::vector<double> w;
  for (int32_t i = 0; i < n; ++i) w.push_back(0.5 + uniform(this->random));
  for (int32_t k = 0; k < r; ++k) {  // the first two of equal length, then longer ones
    double squares = 0;
    for (int32_t i = k; i < n; i += r) squares += w[size_t(i)] * w[size_t(i)];
    for (int32_t i = k; i < n; i += r) w[size_t(i)] *= sqrt(double(std::max(k, 1)) / squares);
  }
  X.each([&](int32_t i, int32_t j) { return T(i % r == j % r ? w[size_t(i)] * w[size_t(j)] : 0); });
  for (const bool bound : {true, false}) {
    auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_HALS, -1);
    c.start = ORTHANT_SYMNMF_START_SPECTRAL, c.bound = bound;
    SymnmfRun<T> job(X, c);
    ASSERT_EQ(job.start(), ORTHANT_OK);
    const double t = !bound ? 1e-5 : sizeof(T) == 4 ? 1e-6 : 1e-11;
    EXPECT_LE(sqrt(residual2(X, job.U) / norm2(X)), sqrt(t));
    auto d = SymnetRun<T>::config(n, r, 2, 3);
    d.bound = bound;
    SymnetRun<T> net(X, d);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    Matrix<T> U0(n, r, 0);
    ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, U0.data(), nullptr), ORTHANT_OK);
    EXPECT_TRUE(U0 == job.U);
  }
}

TYPED_TEST(Symnmf, BadInput) {
  using T = TypeParam;
  const int32_t n = 9, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  const auto tried = [&](const Matrix<T> &data) {
    SymnmfRun<T> job(data, SymnmfRun<T>::config(n, r, 0, 3));
    SymnetRun<T> net(data, SymnetRun<T>::config(n, r, 2, 3));
    const orthant_status a = job.start(), b = net.start();
    EXPECT_EQ(a, b);
    return a;
  };
  EXPECT_EQ(tried(X), ORTHANT_OK);
  for (const double bad : {-0.1, double(NAN), double(INFINITY), double(std::numeric_limits<T>::max())}) {
    Matrix<T> Y = X;
    Y(2, 5) = Y(5, 2) = T(bad);
    EXPECT_EQ(tried(Y), ORTHANT_E_DATA) << bad;
  }
  for (const bool within : {true, false}) {  // half the digits
    Matrix<T> Y = X;
    Y(4, 3) = X(3, 4) = T(0.75);
    Y(3, 4) = T(0.75 * (1 + (within ? 0.9 : 1.1) * sqrt(eps<T>)));
    EXPECT_EQ(tried(Y), within ? ORTHANT_OK : ORTHANT_E_DATA);
  }
  EXPECT_NE(std::string(orthant_status_text(ORTHANT_E_DATA)).find("symmetric"), std::string::npos);
  size_t bytes = 0;
  auto c = SymnmfRun<T>::config(n, n + 1, 0, 3);
  EXPECT_EQ(Api<T>::symnmf_size(&c, &bytes), ORTHANT_E_ARG);
  c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_PGD + 1, 3);
  EXPECT_EQ(Api<T>::symnmf_size(&c, &bytes), ORTHANT_E_ARG);
  c = SymnmfRun<T>::config(n, r, 0, 3);
  c.start = ORTHANT_SYMNMF_START_SPECTRAL + 1;
  EXPECT_EQ(Api<T>::symnmf_size(&c, &bytes), ORTHANT_E_ARG);
  c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_ADMM, 3);
  c.penalty = ORTHANT_PENALTY_NONE;
  EXPECT_EQ(Api<T>::symnmf_size(&c, &bytes), ORTHANT_E_UNSUPPORTED);
  c = SymnmfRun<T>::config(INT32_MAX, 1000, 0, 3);
  c.method = ORTHANT_SYMNMF_NEWTON;
  EXPECT_EQ(Api<T>::symnmf_size(&c, &bytes), ORTHANT_E_ARG);
  auto d = SymnetRun<T>::config(n, n + 1, 2, 3);
  EXPECT_EQ(Api<T>::symnet_size(&d, &bytes), ORTHANT_E_ARG);
  d = SymnetRun<T>::config(n, r, 2, 3);
  d.rate = -1;
  EXPECT_EQ(Api<T>::symnet_size(&d, &bytes), ORTHANT_E_ARG);
}

// What is relative to |X| is a number, and zero where there is nothing to be relative to.
void expect_numbers(const orthant_report &r, bool empty) {
  for (const double x : {r.objective, r.rel_error, r.kkt, r.gap, r.bound}) EXPECT_TRUE(std::isfinite(x) && x >= 0);
  if (empty) EXPECT_EQ(r.rel_error, 0.0);
}

// An empty graph, and one with nodes that have no edge: nothing divides by zero.
TYPED_TEST(Symnmf, IsolatedNodesAndEmptyGraphs) {
  using T = TypeParam;
  const int32_t n = 14, r = 3;
  for (const bool empty : {true, false})
    for (const int32_t method : methods) {
      Matrix<T> X(n, n);
      fill_graph(X, 2, this->random);
      for (int32_t j = 0; j < n; ++j)
        for (int32_t i = 0; i < n; ++i)
          if (empty || i == 4 || j == 4) X(i, j) = T(0);
      for (const int32_t start : {ORTHANT_SYMNMF_START_SCALED, ORTHANT_SYMNMF_START_SPECTRAL}) {
        auto c = SymnmfRun<T>::config(n, r, method, 30);
        c.start = start;
        SymnmfRun<T> job(X, c);
        ASSERT_EQ(job.start(), ORTHANT_OK);
        const orthant_report report = job.run();
        expect_numbers(report, empty);
        for (int32_t k = 0; k < r; ++k)
          for (int32_t i = 0; i < n; ++i) EXPECT_TRUE(job.U(i, k) >= T(0) && job.U(i, k) < T(100)) << method;
      }
      SymnetRun<T> net(X, SymnetRun<T>::config(n, r, 3, 10));
      ASSERT_EQ(net.start(), ORTHANT_OK);
      expect_numbers(net.run(), empty);
      for (int32_t k = 0; k < r; ++k)
        for (int32_t i = 0; i < n; ++i) EXPECT_TRUE(net.U(i, k) >= T(0) && net.U(i, k) < T(100));
    }
}

}  // namespace
}  // namespace orthant::test
