// Symmetric NMF through the public interface, against plain double-precision truths.
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
