// What holds for every factorization: descent, KKT points, equivariance, the iterates of the textbook, honest reports.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nmf_run.hpp"
#include "reference.hpp"

namespace orthant::test {
namespace {

// Data, and factors to begin with.
template <class T>
struct Problem {
  Matrix<T> V, W, H;
};

enum class Kind { low_rank, uniform, sparse, deficient, flat };
const char *name_of(Kind k) {
  switch (k) {
    case Kind::low_rank: return "low rank";
    case Kind::uniform: return "uniform";
    case Kind::sparse: return "sparse";
    case Kind::deficient: return "of rank two";
    case Kind::flat: return "nearly flat";
  }
  return "";
}

template <class T>
Problem<T> problem(int32_t m, int32_t n, int32_t r, Kind kind, uint64_t seed) {
  Problem<T> p{Matrix<T>(m, n), Matrix<T>(m, r), Matrix<T>(r, n)};
  Random random(seed);
  Matrix<double> P(m, r), Q(r, n);
  for (Matrix<double> *X : {&P, &Q})
    X->each([&](int32_t, int32_t) { return uniform(random) < 0.4 ? 0 : uniform(random); });
  if (kind == Kind::deficient) P.each([&](int32_t i, int32_t k) { return k < 2 ? P(i, k) : 0; });
  const Matrix<double> PQ = P * Q;
  p.V.each([&](int32_t i, int32_t j) {
    double v = 0.05 * uniform(random) + PQ(i, j);
    if (kind == Kind::uniform) v = uniform(random);
    if (kind == Kind::sparse) v = uniform(random) < 0.9 ? 0 : uniform(random);
    if (kind == Kind::deficient) v = PQ(i, j);
    if (kind == Kind::flat) v = 1 + 0.01 * uniform(random);
    return v;
  });
  p.W.fill_uniform(random, 0.1);
  p.H.fill_uniform(random, 0.1);
  return p;
}

// A run that begins with the problem's factors.
template <class T>
struct Solver : NmfRun<T> {
  const Matrix<T> &V;
  Solver(const Problem<T> &p, orthant_nmf_config c) : NmfRun<T>(p.V, (c.rank = p.W.cols(), c)), V(p.V) {
    this->W.set(p.W);
    this->H.set(p.H);
  }
  double objective() const { return half_squares(V, this->W, this->H); }
  double kkt() const { return frobenius_kkt(V, this->W, this->H); }
};

orthant_nmf_config options(int32_t method, int32_t start, int32_t max_iter, uint64_t seed = 0) {
  return nmf_config(0, method, start, max_iter, seed);
}

template <class T>
class Factorization : public testing::Test {};
TYPED_TEST_SUITE(Factorization, Types, TypeNames);

// ---- Descent --------------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, TheObjectiveNeverRises) {
  using T = TypeParam;
  for (const int32_t method : descending_half_step_methods())
    for (const int32_t start : nmf_starts())
      for (const Kind kind : {Kind::low_rank, Kind::uniform, Kind::sparse})
        for (uint64_t seed = 1; seed <= 2; ++seed) {
          SCOPED_TRACE(testing::Message() << method_name(method) << " start " << start_name(start) << " "
                                          << name_of(kind) << " seed " << seed);
          const Problem<T> p = problem<T>(31, 47, 5, kind, seed);
          // A step that is exact up to rounding moves an entry by eps times its size along a gradient of at most
          // |V| |x|: the objective may rise by eps |V|^2 for each of the two factors.  The reported one is a sum of
          // three terms of the size of |V|^2, each a product of sums, within a rounding for each of their up to
          // log2(47) levels.
          const double direct_slack = 2 * eps<T> * norm2(p.V) / 2, reported_slack = 16 * eps<T> * norm2(p.V) / 2;
          Solver<T> f(p, options(method, start, 1, seed));
          ASSERT_EQ(f.start(), ORTHANT_OK);
          double before = f.objective();
          for (int i = 1; i <= 60; ++i) {
            const orthant_report r = f.run();
            const double now = f.objective();
            ASSERT_LE(now, before + direct_slack) << "iteration " << i;
            ASSERT_NEAR(r.objective, now, reported_slack) << "iteration " << i;
            ASSERT_EQ(r.iters, i);
            before = now;
          }
        }
}

struct Trace {
  std::vector<double> objective;
  int stop_at = 0;
};
int32_t record(void *user, const orthant_report *so_far) {
  Trace &t = *static_cast<Trace *>(user);
  t.objective.push_back(so_far->objective);
  return int(t.objective.size()) == t.stop_at;
}

// The same in one run, by the reports of the progress function, on data of many panels and chunks.
TYPED_TEST(Factorization, ReportedProgressNeverRises) {
  using T = TypeParam;
  for (const int32_t method : descending_half_step_methods()) {
    SCOPED_TRACE(method_name(method));
    const Problem<T> p = problem<T>(300, 520, 6, Kind::low_rank, 8);
    Trace trace;
    orthant_nmf_config c = options(method, ORTHANT_START_COLS, 40);
    c.progress = record, c.user = &trace;
    Solver<T> f(p, c);
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const orthant_report r = f.run();
    ASSERT_EQ(trace.objective.size(), 40u);
    for (size_t i = 1; i < trace.objective.size(); ++i)
      ASSERT_LE(trace.objective[i], trace.objective[i - 1] + 8 * eps<T> * norm2(p.V) / 2) << i;
    EXPECT_NEAR(r.objective, trace.objective.back(), 8 * eps<T> * norm2(p.V) / 2);
  }
}

// Extrapolated HALS too: what it reports falls from the start on, and what it hands back is the best of that, wherever
// it is stopped.
TYPED_TEST(Factorization, MomentumHandsBackNothingWorseThanItHasSeen) {
  using T = TypeParam;
  for (const int32_t method : {0, ORTHANT_NMF_EHALS})
    for (const Kind kind : {Kind::low_rank, Kind::sparse, Kind::deficient, Kind::flat})
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        const Problem<T> p = problem<T>(31, 47, 5, kind, seed);
        // The cheap objective is a sum of three terms of the size of |V|^2, as above.
        const double slack = 8 * eps<T> * norm2(p.V);
        for (int32_t last = 1; last <= 60; ++last) {
          SCOPED_TRACE(testing::Message() << "method " << method << " " << name_of(kind) << " seed " << seed << ", "
                                          << last << " iterations");
          Trace trace;
          orthant_nmf_config c = options(method, ORTHANT_START_COLS, last, seed);
          c.progress = record, c.user = &trace;
          Solver<T> f(p, c);
          ASSERT_EQ(f.start(), ORTHANT_OK);
          double best = f.objective();
          const orthant_report r = f.run();
          for (const double now : trace.objective) {
            ASSERT_LE(now, best + slack);
            best = std::min(best, now);
          }
          ASSERT_LE(f.objective(), best + slack);
          ASSERT_NEAR(f.objective(), r.objective, slack);
        }
      }
}

// A call that stops earlier ends without momentum, and where the error falls steeply that may be lower than a later
// iterate: by more than a hundredth at one stop in a hundred at most.
TEST(FactorizationDouble, LaterStopsAreHardlyEverHigher) {
  int32_t stops = 0, higher = 0;
  for (const int32_t method : {0, ORTHANT_NMF_EHALS})
    for (const Kind kind : {Kind::low_rank, Kind::sparse})
      for (uint64_t seed = 1; seed <= 5; ++seed) {
        const Problem<double> p = problem<double>(31, 47, 5, kind, seed);
        double best = norm2(p.V);
        for (int32_t last = 1; last <= 60; ++last, ++stops) {
          Solver<double> f(p, options(method, ORTHANT_START_COLS, last, seed));
          ASSERT_EQ(f.start(), ORTHANT_OK);
          f.run();
          higher += f.objective() > 1.01 * best;
          best = std::min(best, f.objective());
        }
      }
  EXPECT_LE(higher, stops / 100);
}

// ---- KKT points -----------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, EveryMethodButMuReachesAKktPoint) {
  using T = TypeParam;
  const double tol = sizeof(T) == 4 ? 1e-4 : 1e-5;  // the slower methods converge sublinearly here
  for (const int32_t method : half_step_methods())
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM}) {
      if (method == ORTHANT_NMF_MU) continue;
      SCOPED_TRACE(testing::Message() << method_name(method) << " start " << start_name(start) << " seed 3");
      const Problem<T> p = problem<T>(30, 24, 3, Kind::low_rank, 3);
      orthant_nmf_config c = options(method, start, 20000, 3);
      c.tol = tol;
      Solver<T> f(p, c);
      ASSERT_EQ(f.start(), ORTHANT_OK);
      const orthant_report r = f.run();
      EXPECT_EQ(r.stop, ORTHANT_STOP_KKT) << "after " << r.iters << " kkt " << r.kkt;
      EXPECT_LE(r.kkt, tol);
      EXPECT_LE(f.kkt(), tol * 1.05 + 8 * eps<T>) << "after " << r.iters;
    }
}

// ---- Honest reports -------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, ReportsAreExact) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods())
    for (const int32_t iters : {-1, 1, 2, 3, 7, 10, 33})
      for (const Kind kind : {Kind::low_rank, Kind::uniform}) {
        SCOPED_TRACE(testing::Message() << method_name(method) << " " << iters << " iterations, " << name_of(kind)
            << ", seed 5");
        const Problem<T> p = problem<T>(40, 29, 4, kind, 5);
        Solver<T> f(p, options(method, ORTHANT_START_COLS, iters));
        ASSERT_EQ(f.start(), ORTHANT_OK);
        const orthant_report r = f.run();
        const double v2 = norm2(p.V), direct = f.objective();
        EXPECT_NEAR(r.objective, direct, 8 * eps<T> * v2 / 2);
        EXPECT_NEAR(r.rel_error, sqrt(2 * r.objective / v2), 4 * eps<T>);
        // A gradient is a difference of two sums of the size of |V| |x|, each rounded; so is its norm over |V| |x|.
        EXPECT_NEAR(r.kkt, f.kkt(), 8 * eps<T> * sqrt(4.0) + 1e-3 * r.kkt);
        EXPECT_EQ(r.iters, std::max(iters, 0));
        EXPECT_EQ(r.stop, ORTHANT_STOP_ITERATIONS);
      }
}

// Data of exact rank: the cheap objective would be rounding, so the residual is formed.
TYPED_TEST(Factorization, SmallResidualsAreNotLostInCancellation) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS}) {
    SCOPED_TRACE(method_name(method));
    Problem<T> p{Matrix<T>(24, 33), Matrix<T>(24, 2), Matrix<T>(2, 33)};
    Random random(6);
    Matrix<double> P(24, 2), Q(2, 33);
    P.fill_uniform(random);
    Q.fill_uniform(random);
    p.V.set(P * Q);
    Solver<T> f(p, options(method, ORTHANT_START_SPAS, 3000));
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const orthant_report r = f.run();
    const double direct = f.objective(), v = sqrt(norm2(p.V)), e = sqrt(2 * direct);
    EXPECT_LT(r.rel_error, 1e-3);
    // Formed, each entry of V - W H is within (r + 1) roundings of an entry of V.  The cheap sum is used as long as it
    // has a digit: to 3e-3 in f32, 1e-7 in f64 (algorithms.md,
    // "Conventions").
    const bool formed = r.rel_error < (sizeof(T) == 4 ? 3e-3 : 1e-7);
    EXPECT_NEAR(sqrt(2 * r.objective), e, formed ? 3 * eps<T> * v + 4 * eps<T> * e : 16 * eps<T> * v * v / e);
    EXPECT_GE(r.objective, 0);
  }
}

// ---- Equivariance ---------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, ScalingTheDataScalesTheResult) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods())
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA})
      for (const double c : {0.0078125, 4096.0, 3.7}) {
        SCOPED_TRACE(testing::Message() << method_name(method) << " start " << start_name(start) << " times " << c
                                        << " seed 7");
        const Problem<T> p = problem<T>(26, 35, 4, Kind::low_rank, 7);
        Problem<T> scaled = p;
        scaled.V.set(c * p.V);
        Solver<T> a(p, options(method, start, 10)), b(scaled, options(method, start, 10));
        ASSERT_EQ(a.start(), ORTHANT_OK);
        ASSERT_EQ(b.start(), ORTHANT_OK);
        const orthant_report r = a.run(), q = b.run();
        // A power of two changes no rounding at all; MU alone has a floor with a unit.
        const bool same = c != 3.7 && method != ORTHANT_NMF_MU;
        const double tol = same ? 0 : 3000 * eps<T>;
        EXPECT_NEAR(q.kkt, r.kkt, tol * r.kkt + (same ? 0 : 10 * eps<T>));
        EXPECT_NEAR(q.rel_error, r.rel_error, tol * r.rel_error);
        if (!same) continue;
        ASSERT_TRUE(a.H == b.H);
        ASSERT_TRUE(c * a.W == Matrix<double>(b.W));
      }
}

TYPED_TEST(Factorization, PermutingColumnsPermutesTheResult) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods())
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(testing::Message() << method_name(method) << " seed " << seed);
      const Problem<T> p = problem<T>(22, 41, 4, Kind::low_rank, seed);
      Problem<T> permuted = p;
      const auto to = [](int32_t j) { return (j * 17 + 5) % 41; };  // 17 and 41 have no common factor
      p.V.visit([&](int32_t i, int32_t j) { permuted.V(i, to(j)) = p.V(i, j); });
      p.H.visit([&](int32_t k, int32_t j) { permuted.H(k, to(j)) = p.H(k, j); });
      Solver<T> a(p, options(method, ORTHANT_START_GIVEN, 6)), b(permuted, options(method, ORTHANT_START_GIVEN, 6));
      ASSERT_EQ(a.start(), ORTHANT_OK);
      ASSERT_EQ(b.start(), ORTHANT_OK);
      a.run(), b.run();
      Matrix<T> back = b.H;
      back.each([&](int32_t k, int32_t j) { return b.H(k, to(j)); });
      const double tol = 5000 * eps<T>;  // sums in another order; six iterations carry that along
      EXPECT_LE(difference(b.W, a.W), tol);
      EXPECT_LE(difference(back, a.H), tol);
    }
}

// Starts by singular vectors or projections do not see in which order V lies.  The former are known to the root of
// their tolerance, over a gap of the values.
TEST(FactorizationDouble, StartsDoNotSeeTheOrder) {
  for (const int32_t start : {ORTHANT_START_NNDSVD, ORTHANT_START_NNDSVDA, ORTHANT_START_SPA})
    for (const Kind kind : {Kind::low_rank, Kind::uniform, Kind::sparse, Kind::flat}) {
      const Problem<double> p = problem<double>(31, 47, 5, kind, 3);
      Problem<double> reversed = p;
      reversed.V.each([&](int32_t i, int32_t j) { return p.V(30 - i, 46 - j); });
      Solver<double> a(p, options(ORTHANT_NMF_HALS, start, -1)), b(reversed, options(ORTHANT_NMF_HALS, start, -1));
      ASSERT_EQ(a.start(), ORTHANT_OK);
      ASSERT_EQ(b.start(), ORTHANT_OK);
      Matrix<double> W = b.W, H = b.H;
      W.each([&](int32_t i, int32_t k) { return b.W(30 - i, k); });
      H.each([&](int32_t k, int32_t j) { return b.H(k, 46 - j); });
      EXPECT_LE(norm(W - a.W), 1e-4 * norm(a.W)) << start_name(start) << ", " << name_of(kind);
      EXPECT_LE(norm(H - a.H), 1e-4 * norm(a.H)) << start_name(start) << ", " << name_of(kind);
    }
}

// NNDSVDA puts the mean of V where NNDSVD has zeros, NNDSVDAR random numbers up to a hundredth of it.
TYPED_TEST(Factorization, ZerosOfTheSvdStartAreFilled) {
  using T = TypeParam;
  Problem<T> p = problem<T>(31, 47, 5, Kind::sparse, 3);
  for (int32_t j = 0; j < p.V.cols(); ++j) p.V(7, j) = T(0);  // there the first component is zero too
  for (int32_t i = 0; i < p.V.rows(); ++i) p.V(i, 46) = T(0);
  // W above H'.
  const auto start = [&](int32_t which) {
    Solver<T> f(p, options(ORTHANT_NMF_HALS, which, -1));
    EXPECT_EQ(f.start(), ORTHANT_OK);
    return Matrix<T>(31 + 47, 5).each([&](int32_t i, int32_t k) { return i < 31 ? f.W(i, k) : f.H(k, i - 31); });
  };
  const Matrix<T> zeros = start(ORTHANT_START_NNDSVD), filled = start(ORTHANT_START_NNDSVDA),
                  random = start(ORTHANT_START_NNDSVDAR);
  int32_t count = 0;
  double sum = 0, squares = 0;
  zeros.visit([&](int32_t i, int32_t k) {
    count += zeros(i, k) == T(0);
    const T expected = zeros(i, k) > T(0) ? zeros(i, k) : T(mean(p.V));
    EXPECT_NEAR(filled(i, k), expected, 8 * eps<T> * expected);
    if (zeros(i, k) > T(0)) {
      EXPECT_EQ(random(i, k), zeros(i, k));
      return;
    }
    const double share = double(random(i, k)) / (0.01 * mean(p.V));
    EXPECT_TRUE(share >= 0 && share <= 1 + 8 * eps<T>);
    sum += share;
    squares += share * share;
  });
  EXPECT_TRUE(zeros(7, 0) == T(0) && zeros(31 + 46, 0) == T(0));
  ASSERT_GT(count, 60);
  // Uniform numbers: their mean within four of its deviations, and that of their squares.
  EXPECT_NEAR(sum / count, 0.5, 4 * sqrt(1 / 12. / count));
  EXPECT_NEAR(squares / count, 1 / 3., 4 * sqrt(4 / 45. / count));
}

// The equations of NNDSVD, from eigenvectors, of data whose singular values end with the rank.
TYPED_TEST(Factorization, StartsBySingularVectorsAreThoseOfTheirSource) {
  using T = TypeParam;
  const int32_t m = 29, n = 43, r = 5;
  Problem<T> p = problem<T>(m, n, r, Kind::uniform, 3);
  Random random(4);
  Matrix<double> P(m, r), Q(r, n);
  P.fill_uniform(random), Q.fill_uniform(random);
  p.V.set(P * Q);
  Solver<T> f(p, options(ORTHANT_NMF_HALS, ORTHANT_START_NNDSVD, -1));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  const Eigen left(p.V * transposed(p.V));
  int32_t negative_ones = 0;
  for (int32_t k = 0; k < r; ++k) {
    const double s = sqrt(left.values[size_t(k)]);
    std::vector<double> u(m), v(n, 0.0);
    for (int32_t i = 0; i < m; ++i) u[size_t(i)] = left.vectors(i, k);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) v[size_t(j)] += double(p.V(i, j)) * u[size_t(i)] / s;
    double norms[2][2] = {};  // of the positive and of the negative part, of u and of v
    for (const double x : u) norms[x < 0][0] += x * x;
    for (const double x : v) norms[x < 0][1] += x * x;
    // The sign of the pair is arbitrary: of its parts the larger counts.
    const int side = norms[1][0] * norms[1][1] > norms[0][0] * norms[0][1];
    negative_ones += side;
    const double pu = sqrt(norms[side][0]), pv = sqrt(norms[side][1]), size = sqrt(s * pu * pv), sign = side ? -1 : 1;
    const double tol = 3e3 * eps<T> * size;
    for (int32_t i = 0; i < m; ++i) EXPECT_NEAR(f.W(i, k), std::max(sign * u[size_t(i)], 0.0) * size / pu, tol) << k;
    for (int32_t j = 0; j < n; ++j) EXPECT_NEAR(f.H(k, j), std::max(sign * v[size_t(j)], 0.0) * size / pv, tol) << k;
  }
  EXPECT_GT(negative_ones, 0);
}

// ---- The iterates of the textbook -----------------------------------------------------------------------------------

// min over x >= 0 of 1/2 x'G x - f'x, by trying every support.
Matrix<double> nnls_by_enumeration(const Matrix<double> &G, const Matrix<double> &f) {
  const int32_t r = G.rows();
  double best = 1e300;
  Matrix<double> x = zeros(r, 1);
  for (unsigned set = 0; set < 1u << r; ++set) {
    std::vector<int32_t> p;
    for (int32_t k = 0; k < r; ++k)
      if (set >> k & 1) p.push_back(k);
    const int32_t n = int32_t(p.size());
    Matrix<double> A(n, n), b(n, 1);
    A.each([&](int32_t i, int32_t j) { return G(p[size_t(i)], p[size_t(j)]); });
    b.each([&](int32_t i, int32_t) { return f(p[size_t(i)], 0); });
    const Matrix<double> z = solve(A, b);
    const double value = -0.5 * dot(b, z);  // at a stationary point
    if (!nonnegative(z) || value >= best) continue;
    best = value;
    x.fill(0);
    for (int32_t i = 0; i < n; ++i) x(p[size_t(i)], 0) = z(i, 0);
  }
  return x;
}

// One half step for the columns of X: G = r x r, F and X = r x problems.
void half_step(int32_t method, const Matrix<double> &G, const Matrix<double> &F, Matrix<double> &X, double floor,
               double least) {
  const int32_t r = G.rows();
  for (int32_t j = 0; j < X.cols(); ++j) {
    Matrix<double> f(r, 1), x(r, 1);
    f.each([&](int32_t k, int32_t) { return F(k, j); });
    x.each([&](int32_t k, int32_t) { return X(k, j); });
    const auto product = [&](int32_t k) {
      double s = 0;
      for (int32_t l = 0; l < r; ++l) s += G(k, l) * x(l, 0);
      return s;
    };
    if (method == ORTHANT_NMF_HALS)
      for (int32_t k = 0; k < r; ++k)
        if (G(k, k) > 0)  // a dead component waits for its partner
          x(k, 0) = std::max(0.0, x(k, 0) + (f(k, 0) - product(k)) / G(k, k));
    if (method == ORTHANT_NMF_ANLS) x = nnls_by_enumeration(G, f);
    if (method == ORTHANT_NMF_MU) {
      Matrix<double> y(r, 1);
      y.each([&](int32_t k, int32_t) { return std::max(floor, x(k, 0) * f(k, 0) / std::max(product(k), least)); });
      x = y;
    }
    for (int32_t k = 0; k < r; ++k) X(k, j) = x(k, 0);
  }
}

// The library reads V once in an iteration, panel by panel; the textbook reads it twice.  The iterates are the same.
TYPED_TEST(Factorization, OnePassGivesTheIteratesOfTwo) {
  using T = TypeParam;
  struct Shape {
    int32_t m, n, r;
  };
  for (const Shape &s : {Shape{19, 23, 3}, {300, 520, 4}, {700, 90, 3}})
    for (const int32_t method : {ORTHANT_NMF_HALS, ORTHANT_NMF_MU, ORTHANT_NMF_ANLS}) {
      SCOPED_TRACE(testing::Message() << method_name(method) << " " << s.m << "x" << s.n << " rank " << s.r
          << " seed 11");
      const int32_t iters = 4;
      const Problem<T> p = problem<T>(s.m, s.n, s.r, Kind::low_rank, 11);
      Matrix<double> Wt = transposed(Matrix<double>(p.W)), H(p.H);
      const double floor = sizeof(T) == 4 ? 1e-12 : 1e-16, least = sizeof(T) == 4 ? 1e-30 : 1e-16;
      for (int i = 0; i < iters; ++i) {  // W first, then H with the new W
        half_step(method, H * transposed(H), H * transposed(p.V), Wt, floor, least);
        half_step(method, Wt * transposed(Wt), Wt * p.V, H, floor, least);
      }
      Solver<T> f(p, options(method, ORTHANT_START_GIVEN, iters));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      f.run();
      // A wrong panel or a stale Gram matrix is off by percents; rounding, carried through four iterations with Gram
      // matrices of condition below 1e3, by at most some thousand eps.
      ASSERT_LE(difference(f.W, transposed(Wt)), 3000 * eps<T>);
      ASSERT_LE(difference(f.H, H), 3000 * eps<T>);
    }
}

// ---- Going on, stopping ---------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, TwoRunsAreOne) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods()) {
    if (method == ORTHANT_NMF_EHALS) continue;  // ends each run with a half step that makes its report exact
    SCOPED_TRACE(method_name(method));
    const Problem<T> p = problem<T>(33, 44, 4, Kind::low_rank, 12);
    Solver<T> a(p, options(method, ORTHANT_START_COLS, 8)), b(p, options(method, ORTHANT_START_COLS, 4));
    ASSERT_EQ(a.start(), ORTHANT_OK);
    ASSERT_EQ(b.start(), ORTHANT_OK);
    const orthant_report r = a.run();
    b.run();
    const orthant_report q = b.run();
    EXPECT_TRUE(a.W == b.W && a.H == b.H);
    EXPECT_EQ(r.iters, q.iters);
    EXPECT_EQ(r.objective, q.objective);
    EXPECT_EQ(r.kkt, q.kkt);
  }
}

TYPED_TEST(Factorization, ExtrapolationGoesOnBelowWhereItStopped) {
  using T = TypeParam;
  const Problem<T> p = problem<T>(60, 50, 5, Kind::low_rank, 13);
  Solver<T> f(p, options(ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 10));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  double before = f.objective();
  for (int i = 0; i < 20; ++i) {
    const orthant_report r = f.run();
    EXPECT_LE(r.objective, before * 1.001) << i;  // momentum may overshoot a little, not more
    before = r.objective;
  }
}

TYPED_TEST(Factorization, StopsWhereAsked) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods()) {
    SCOPED_TRACE(method_name(method));
    Trace trace;
    trace.stop_at = 7;
    const Problem<T> p = problem<T>(33, 44, 4, Kind::uniform, 14);
    orthant_nmf_config c = options(method, ORTHANT_START_COLS, 50);
    c.progress = record, c.user = &trace;
    Solver<T> cancelled(p, c);
    ASSERT_EQ(cancelled.start(), ORTHANT_OK);
    orthant_report r = cancelled.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_CANCELLED);
    EXPECT_EQ(r.iters, 7);
    EXPECT_EQ(trace.objective.size(), 7u);
    // A valid iterate, and the report is its.
    EXPECT_NEAR(r.objective, cancelled.objective(), 8 * eps<T> * norm2(p.V) / 2);

    c = options(method, ORTHANT_START_COLS, 5000);
    c.tol_obj = 1e-4;
    Solver<T> flat(p, c);
    ASSERT_EQ(flat.start(), ORTHANT_OK);
    r = flat.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_OBJECTIVE);
    EXPECT_LT(r.iters, 1000);

    c = options(method, ORTHANT_START_COLS, 5000);
    c.tol = 10;  // met at once
    Solver<T> met(p, c);
    ASSERT_EQ(met.start(), ORTHANT_OK);
    r = met.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(r.iters, 10);
  }
  // No iteration: the report alone, and the factors as they are.
  const Problem<T> p = problem<T>(33, 44, 4, Kind::uniform, 15);
  Solver<T> none(p, options(ORTHANT_NMF_HALS, ORTHANT_START_GIVEN, -1));
  const orthant_report r = none.run();  // without a start: as given
  EXPECT_TRUE(none.W == p.W && none.H == p.H);
  EXPECT_EQ(r.iters, 0);
  EXPECT_NEAR(r.objective, none.objective(), 8 * eps<T> * norm2(p.V) * 4);
}

// Of peaked data with 20 000 entries, and of more below 80 000, the default begins with columns and takes 2/5 rank
// sweeps, from 4 to 8.
TYPED_TEST(Factorization, OfPeakedDataTheDefaultTakesFewSweeps) {
  using T = TypeParam;
  const std::pair<int32_t, int32_t> expected[] = {{3, 4}, {15, 6}, {24, 8}};  // rank, sweeps
  for (const auto &[rank, sweeps] : expected)
    for (const bool peaked : {true, false}) {
      SCOPED_TRACE(testing::Message() << "rank " << rank << (peaked ? ", peaked" : ", even"));
      Problem<T> p = problem<T>(160, 125, rank, Kind::uniform, 77);
      if (peaked) p.V.each([&](int32_t i, int32_t j) { return T(pow(p.V(i, j), 8)); });
      NmfRun<T> by_default(p.V, nmf_config(rank, 0, 0, 6));
      orthant_nmf_config c = nmf_config(rank, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 6);
      c.sweeps = sweeps;
      NmfRun<T> chosen(p.V, c);
      for (NmfRun<T> *f : {&by_default, &chosen}) {
        ASSERT_EQ(f->start(), ORTHANT_OK);
        f->run();
      }
      EXPECT_EQ(by_default.bits() == chosen.bits(), peaked);
    }
}

TYPED_TEST(Factorization, ResultsHoldNoDenormals) {
  using T = TypeParam;
  for (const int32_t method : half_step_methods()) {
    Problem<T> p = problem<T>(20, 30, 4, Kind::sparse, 16);
    const T unit = T(sizeof(T) == 4 ? 1e-12 : 1e-142);  // about the least that is taken
    p.V.each([&](int32_t i, int32_t j) { return p.V(i, j) * unit; });
    Solver<T> f(p, options(method, ORTHANT_START_COLS, 30));
    ASSERT_EQ(f.start(), ORTHANT_OK);
    f.run();
    for (const Matrix<T> *X : {&f.W, &f.H})
      X->visit([&](int32_t i, int32_t j) {
        EXPECT_TRUE((*X)(i, j) == T(0) || (*X)(i, j) >= std::numeric_limits<T>::min()) << method_name(method);
      });
  }
}

TYPED_TEST(Factorization, StartsAreReproducibleAndSeeded) {
  using T = TypeParam;
  for (const int32_t start : nmf_starts_from_data()) {
    const auto W_of = [&](uint64_t seed) {
      const Problem<T> p = problem<T>(40, 130, 5, Kind::uniform, 17);
      Solver<T> f(p, options(ORTHANT_NMF_HALS, start, 1, seed));
      EXPECT_EQ(f.start(), ORTHANT_OK);
      // The scale is right from the start, so that less than all of V is left; to fill zeros may spoil it.
      if (start != ORTHANT_START_NNDSVDA && start != ORTHANT_START_NNDSVDAR) {
        EXPECT_LT(f.objective(), norm2(p.V) / 2) << start_name(start);
      }
      return f.W;
    };
    const Matrix<T> W = W_of(0), same = W_of(0), other = W_of(1);
    EXPECT_TRUE(W == same) << start_name(start);
    const bool seeded = start == ORTHANT_START_COLS || start == ORTHANT_START_SPAS || start == ORTHANT_START_RANDOM;
    if (seeded) {
      EXPECT_FALSE(W == other) << start_name(start);
    }
    if (start == ORTHANT_START_SPA) {
      EXPECT_TRUE(W == other);
    }
  }
}

}  // namespace
}  // namespace orthant::test
