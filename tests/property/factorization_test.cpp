// What holds for every factorization: descent, KKT points, equivariance, the iterates of the textbook, honest reports.
#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "guarded.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

using Dense = std::vector<double>;  // column-major without gaps

template <class T>
struct Factors {
  int32_t m, n, r;
  std::vector<T> V, W, H;
  Factors(int32_t rows, int32_t cols, int32_t rank)
      : m(rows), n(cols), r(rank), V(size_t(m) * size_t(n)), W(size_t(m) * size_t(r)), H(size_t(r) * size_t(n)) {}
};

enum class Kind { low_rank, uniform, sparse };
const char *name_of(Kind k) { return k == Kind::low_rank ? "low rank" : k == Kind::uniform ? "uniform" : "sparse"; }

// Data, and factors to begin with, from a seed.
template <class T>
Factors<T> problem(int32_t m, int32_t n, int32_t r, Kind kind, uint64_t seed) {
  Factors<T> f(m, n, r);
  Random random(seed);
  Dense P(size_t(m * r)), Q(size_t(r * n));
  for (double &x : P) x = uniform(random) < 0.4 ? 0 : uniform(random);
  for (double &x : Q) x = uniform(random) < 0.4 ? 0 : uniform(random);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) {
      double v = 0.05 * uniform(random);
      for (int32_t k = 0; k < r; ++k) v += P[size_t(i + m * k)] * Q[size_t(k + r * j)];
      if (kind == Kind::uniform) v = uniform(random);
      if (kind == Kind::sparse) v = uniform(random) < 0.9 ? 0 : uniform(random);
      f.V[size_t(i + m * j)] = T(v);
    }
  for (T &x : f.W) x = T(0.1 + uniform(random));
  for (T &x : f.H) x = T(0.1 + uniform(random));
  return f;
}

template <class T>
double norm2(const std::vector<T> &A) {
  double s = 0;
  for (const T a : A) s += double(a) * double(a);
  return s;
}

// 1/2 |V - W H|^2, entry by entry.
template <class T>
double objective(const Factors<T> &f) {
  double sum = 0;
  for (int32_t j = 0; j < f.n; ++j)
    for (int32_t i = 0; i < f.m; ++i) {
      double e = double(f.V[size_t(i + f.m * j)]);
      for (int32_t k = 0; k < f.r; ++k) e -= double(f.W[size_t(i + f.m * k)]) * double(f.H[size_t(k + f.r * j)]);
      sum += e * e;
    }
  return sum / 2;
}

// The residual that the header defines at nmf_run, from the residual matrix.
template <class T>
double kkt(const Factors<T> &f) {
  Dense R(f.V.size());
  for (int32_t j = 0; j < f.n; ++j)
    for (int32_t i = 0; i < f.m; ++i) {
      double e = -double(f.V[size_t(i + f.m * j)]);
      for (int32_t k = 0; k < f.r; ++k) e += double(f.W[size_t(i + f.m * k)]) * double(f.H[size_t(k + f.r * j)]);
      R[size_t(i + f.m * j)] = e;
    }
  double sum = 0;
  for (int32_t k = 0; k < f.r; ++k) {
    double ww = 0, hh = 0, pw = 0, ph = 0;
    for (int32_t i = 0; i < f.m; ++i) ww += pow(double(f.W[size_t(i + f.m * k)]), 2);
    for (int32_t j = 0; j < f.n; ++j) hh += pow(double(f.H[size_t(k + f.r * j)]), 2);
    for (int32_t i = 0; i < f.m; ++i) {
      double g = 0;
      for (int32_t j = 0; j < f.n; ++j) g += R[size_t(i + f.m * j)] * double(f.H[size_t(k + f.r * j)]);
      if (g < 0 || f.W[size_t(i + f.m * k)] > T(0)) pw += g * g;
    }
    for (int32_t j = 0; j < f.n; ++j) {
      double g = 0;
      for (int32_t i = 0; i < f.m; ++i) g += R[size_t(i + f.m * j)] * double(f.W[size_t(i + f.m * k)]);
      if (g < 0 || f.H[size_t(k + f.r * j)] > T(0)) ph += g * g;
    }
    if (hh > 0) sum += pw / hh;
    if (ww > 0) sum += ph / ww;
  }
  const double v = norm2(f.V);
  return v > 0 ? sqrt(sum / v) : 0;
}

template <class T>
class Solver {
 public:
  Solver(Factors<T> &f, orthant_nmf_config c) : f_(f), V_(Api<T>::dense(f.V.data(), f.m, f.n, f.m)) {
    c.size = sizeof c;
    c.rows = f.m, c.cols = f.n, c.rank = f.r;
    size_t bytes = 0;
    EXPECT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
    memory_.assign(bytes, 0xFF);
    EXPECT_EQ(Api<T>::nmf_init(&c, memory_.data(), bytes, &handle_), ORTHANT_OK);
  }
  void start() { ASSERT_EQ(Api<T>::nmf_start(handle_, &V_, f_.W.data(), f_.m, f_.H.data(), f_.r), ORTHANT_OK); }
  orthant_report run() {
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::nmf_run(handle_, &V_, f_.W.data(), f_.m, f_.H.data(), f_.r, &r), ORTHANT_OK);
    return r;
  }

 private:
  Factors<T> &f_;
  typename Api<T>::Matrix V_;
  std::vector<unsigned char> memory_;
  typename Api<T>::Nmf *handle_ = nullptr;
};

orthant_nmf_config options(int32_t method, int32_t start, int32_t max_iter) {
  orthant_nmf_config c{};
  c.method = method, c.start = start, c.max_iter = max_iter, c.tol = -1;
  return c;
}

const char *const method_names[] = {"", "EHALS", "HALS", "AHALS", "ANLS", "AOADMM", "PG", "MU"};

template <class T>
class Factorization : public testing::Test {
 protected:
  static constexpr double eps = double(std::numeric_limits<T>::epsilon());
};
TYPED_TEST_SUITE(Factorization, Types, TypeNames);

// ---- Descent --------------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, TheObjectiveNeverRises) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_HALS, ORTHANT_NMF_AHALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_PG, ORTHANT_NMF_MU})
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM, ORTHANT_START_NNDSVDA,
        ORTHANT_START_GIVEN})
      for (const Kind kind : {Kind::low_rank, Kind::uniform, Kind::sparse})
        for (uint64_t seed = 1; seed <= 2; ++seed) {
          SCOPED_TRACE(testing::Message() << method_names[method] << " start " << start << " " << name_of(kind)
              << " seed " << seed);
          Factors<T> f = problem<T>(31, 47, 5, kind, seed);
          // A step that is exact up to rounding moves an entry by eps times its size along a gradient of at most
          // |V| |x|: the objective may rise by eps |V|^2 for each of the two factors.  The reported one is a sum of
          // three terms of the size of |V|^2, each a product of sums, within a rounding for each of their up to
          // log2(47) levels.
          const double direct_slack = 2 * this->eps * norm2(f.V) / 2, reported_slack = 16 * this->eps * norm2(f.V) / 2;
          orthant_nmf_config c = options(method, start, 1);
          c.seed = seed;
          Solver<T> solver(f, c);
          ASSERT_NO_FATAL_FAILURE(solver.start());
          double before = objective(f);
          for (int i = 1; i <= 60; ++i) {
            const orthant_report r = solver.run();
            const double now = objective(f);
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

// The same in one run, by what progress is told, on data that take many panels and chunks.
TYPED_TEST(Factorization, ReportedProgressNeverRises) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_HALS, ORTHANT_NMF_AHALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_PG, ORTHANT_NMF_MU}) {
    SCOPED_TRACE(method_names[method]);
    Factors<T> f = problem<T>(300, 520, 6, Kind::low_rank, 8);
    Trace trace;
    orthant_nmf_config c = options(method, ORTHANT_START_COLS, 40);
    c.progress = record, c.user = &trace;
    Solver<T> solver(f, c);
    ASSERT_NO_FATAL_FAILURE(solver.start());
    const orthant_report r = solver.run();
    ASSERT_EQ(trace.objective.size(), 40u);
    for (size_t i = 1; i < trace.objective.size(); ++i)
      ASSERT_LE(trace.objective[i], trace.objective[i - 1] + 8 * this->eps * norm2(f.V) / 2) << i;
    EXPECT_NEAR(r.objective, trace.objective.back(), 8 * this->eps * norm2(f.V) / 2);
  }
}

// ---- KKT points -----------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, EveryMethodButMuReachesAKktPoint) {
  using T = TypeParam;
  const double tol = sizeof(T) == 4 ? 1e-4 : 1e-5;  // the slower methods converge sublinearly here
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_PG; ++method)
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM}) {
      SCOPED_TRACE(testing::Message() << method_names[method] << " start " << start << " seed 3");
      Factors<T> f = problem<T>(30, 24, 3, Kind::low_rank, 3);
      orthant_nmf_config c = options(method, start, 20000);
      c.tol = tol, c.seed = 3;
      Solver<T> solver(f, c);
      ASSERT_NO_FATAL_FAILURE(solver.start());
      const orthant_report r = solver.run();
      EXPECT_EQ(r.stop, ORTHANT_STOP_KKT) << "after " << r.iters << " kkt " << r.kkt;
      EXPECT_LE(r.kkt, tol);
      EXPECT_LE(kkt(f), tol * 1.05 + 8 * this->eps) << "after " << r.iters;
    }
}

// ---- Honest reports -------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, ReportsAreExact) {
  using T = TypeParam;
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method)
    for (const int32_t iters : {-1, 1, 2, 3, 7, 10, 33})
      for (const Kind kind : {Kind::low_rank, Kind::uniform}) {
        SCOPED_TRACE(testing::Message() << method_names[method] << " " << iters << " iterations, " << name_of(kind)
            << ", seed 5");
        Factors<T> f = problem<T>(40, 29, 4, kind, 5);
        Solver<T> solver(f, options(method, ORTHANT_START_COLS, iters));
        ASSERT_NO_FATAL_FAILURE(solver.start());
        const orthant_report r = solver.run();
        const double v2 = norm2(f.V), direct = objective(f);
        EXPECT_NEAR(r.objective, direct, 8 * this->eps * v2 / 2);
        EXPECT_NEAR(r.rel_error, sqrt(2 * r.objective / v2), 4 * this->eps);
        // A gradient is a difference of two sums of the size of |V| |x|, each rounded; so is its norm over |V| |x|.
        EXPECT_NEAR(r.kkt, kkt(f), 8 * this->eps * sqrt(double(f.r)) + 1e-3 * r.kkt);
        EXPECT_EQ(r.iters, std::max(iters, 0));
        EXPECT_EQ(r.stop, ORTHANT_STOP_ITERATIONS);
      }
}

// Data of exact rank: the cheap objective would be rounding, so the residual is formed.
TYPED_TEST(Factorization, SmallResidualsAreNotLostInCancellation) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS}) {
    SCOPED_TRACE(method_names[method]);
    Factors<T> f(24, 33, 2);
    Random random(6);
    Dense P(48), Q(66);
    for (double &x : P) x = uniform(random);
    for (double &x : Q) x = uniform(random);
    for (int32_t j = 0; j < 33; ++j)
      for (int32_t i = 0; i < 24; ++i)
        f.V[size_t(i + 24 * j)] = T(P[size_t(i)] * Q[size_t(2 * j)] + P[size_t(24 + i)] * Q[size_t(2 * j + 1)]);
    Solver<T> solver(f, options(method, ORTHANT_START_SPAS, 3000));
    ASSERT_NO_FATAL_FAILURE(solver.start());
    const orthant_report r = solver.run();
    const double direct = objective(f), v = sqrt(norm2(f.V)), e = sqrt(2 * direct);
    EXPECT_LT(r.rel_error, 1e-3);
    // Formed, each entry of V - W H is within (r + 1) roundings of an entry of V.  The cheap sum is used as long as it
    // has a digit: to 3e-3 in f32, 1e-7 in f64 (spec, section 0).
    const bool formed = r.rel_error < (sizeof(T) == 4 ? 3e-3 : 1e-7);
    EXPECT_NEAR(sqrt(2 * r.objective), e, formed ? 3 * this->eps * v + 4 * this->eps * e : 16 * this->eps * v * v / e);
    EXPECT_GE(r.objective, 0);
  }
}

// ---- Equivariance ---------------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, ScalingTheDataScalesTheResult) {
  using T = TypeParam;
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method)
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA})
      for (const double c : {0.0078125, 4096.0, 3.7}) {
        SCOPED_TRACE(testing::Message() << method_names[method] << " start " << start << " times " << c << " seed 7");
        Factors<T> f = problem<T>(26, 35, 4, Kind::low_rank, 7), g = f;
        for (T &v : g.V) v = T(double(v) * c);
        Solver<T> a(f, options(method, start, 10)), b(g, options(method, start, 10));
        ASSERT_NO_FATAL_FAILURE(a.start());
        ASSERT_NO_FATAL_FAILURE(b.start());
        const orthant_report r = a.run(), q = b.run();
        // A power of two changes no rounding at all; MU alone has a floor with a unit.
        const bool same = c != 3.7 && method != ORTHANT_NMF_MU;
        const double tol = same ? 0 : 3000 * this->eps;
        EXPECT_NEAR(q.kkt, r.kkt, tol * r.kkt + (same ? 0 : 10 * this->eps));
        EXPECT_NEAR(q.rel_error, r.rel_error, tol * r.rel_error);
        if (!same) continue;
        for (size_t k = 0; k < f.H.size(); ++k) ASSERT_EQ(f.H[k], g.H[k]);
        for (size_t k = 0; k < f.W.size(); ++k) ASSERT_EQ(double(f.W[k]) * c, double(g.W[k]));
      }
}

TYPED_TEST(Factorization, PermutingColumnsPermutesTheResult) {
  using T = TypeParam;
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method)
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(testing::Message() << method_names[method] << " seed " << seed);
      Factors<T> f = problem<T>(22, 41, 4, Kind::low_rank, seed), g = f;
      std::vector<int32_t> to(size_t(f.n));
      for (int32_t j = 0; j < f.n; ++j) to[size_t(j)] = (j * 17 + 5) % f.n;  // 17 and 41 have no common factor
      for (int32_t j = 0; j < f.n; ++j) {
        for (int32_t i = 0; i < f.m; ++i) g.V[size_t(i + f.m * to[size_t(j)])] = f.V[size_t(i + f.m * j)];
        for (int32_t k = 0; k < f.r; ++k) g.H[size_t(k + f.r * to[size_t(j)])] = f.H[size_t(k + f.r * j)];
      }
      Solver<T> a(f, options(method, ORTHANT_START_GIVEN, 6)), b(g, options(method, ORTHANT_START_GIVEN, 6));
      ASSERT_NO_FATAL_FAILURE(a.start());
      ASSERT_NO_FATAL_FAILURE(b.start());
      a.run(), b.run();
      double w_top = 0, h_top = 0;
      for (const T w : f.W) w_top = std::max(w_top, double(w));
      for (const T h : f.H) h_top = std::max(h_top, double(h));
      const double tol = 5000 * this->eps;  // sums in another order; six iterations carry that along
      for (int32_t k = 0; k < f.r; ++k) {
        for (int32_t i = 0; i < f.m; ++i)
          EXPECT_NEAR(double(f.W[size_t(i + f.m * k)]), double(g.W[size_t(i + f.m * k)]), tol * w_top);
        for (int32_t j = 0; j < f.n; ++j)
          EXPECT_NEAR(double(f.H[size_t(k + f.r * j)]), double(g.H[size_t(k + f.r * to[size_t(j)])]), tol * h_top);
      }
    }
}

// ---- The iterates of the textbook -----------------------------------------------------------------------------------

// min over x >= 0 of 1/2 x'G x - f'x, by trying every support.
void nnls_by_enumeration(int32_t r, const Dense &G, const double *f, double *x) {
  double best = 1e300;
  Dense A(size_t(r * r)), z(size_t(r), 0.0);
  for (unsigned set = 0; set < 1u << r; ++set) {
    std::vector<int32_t> p;
    for (int32_t k = 0; k < r; ++k)
      if (set >> k & 1) p.push_back(k);
    const int32_t n = int32_t(p.size());
    for (int32_t j = 0; j < n; ++j) {
      z[size_t(j)] = f[p[size_t(j)]];
      for (int32_t i = 0; i < n; ++i) A[size_t(i + n * j)] = G[size_t(p[size_t(i)] + r * p[size_t(j)])];
    }
    for (int32_t k = 0; k < n; ++k)  // elimination; the matrix is positive definite
      for (int32_t i = k + 1; i < n; ++i) {
        const double t = A[size_t(i + n * k)] / A[size_t(k + n * k)];
        for (int32_t j = k; j < n; ++j) A[size_t(i + n * j)] -= t * A[size_t(k + n * j)];
        z[size_t(i)] -= t * z[size_t(k)];
      }
    bool feasible = true;
    for (int32_t k = n - 1; k >= 0; --k) {
      for (int32_t j = k + 1; j < n; ++j) z[size_t(k)] -= A[size_t(k + n * j)] * z[size_t(j)];
      z[size_t(k)] /= A[size_t(k + n * k)];
      feasible = feasible && z[size_t(k)] >= 0;
    }
    if (!feasible) continue;
    double value = 0;
    for (int32_t i = 0; i < n; ++i) value -= 0.5 * f[p[size_t(i)]] * z[size_t(i)];  // at a stationary point
    if (value >= best) continue;
    best = value;
    for (int32_t k = 0; k < r; ++k) x[k] = 0;
    for (int32_t i = 0; i < n; ++i) x[p[size_t(i)]] = z[size_t(i)];
  }
}

// One half step for X (problems x r), G = r x r, F = problems x r.
void half_step(int32_t method, int32_t p, int32_t r, const Dense &G, const Dense &F, Dense &X, double floor,
    double div) {
  Dense f(size_t(r), 0.0), x(size_t(r), 0.0);
  for (int32_t j = 0; j < p; ++j) {
    for (int32_t k = 0; k < r; ++k) f[size_t(k)] = F[size_t(j + p * k)], x[size_t(k)] = X[size_t(j + p * k)];
    const auto product = [&](int32_t k) {
      double s = 0;
      for (int32_t l = 0; l < r; ++l) s += G[size_t(k + r * l)] * x[size_t(l)];
      return s;
    };
    if (method == ORTHANT_NMF_HALS)
      for (int32_t k = 0; k < r; ++k)
        if (G[size_t(k + r * k)] > 0)  // a dead component waits for its partner
          x[size_t(k)] = std::max(0.0, x[size_t(k)] + (f[size_t(k)] - product(k)) / G[size_t(k + r * k)]);
    if (method == ORTHANT_NMF_ANLS) nnls_by_enumeration(r, G, f.data(), x.data());
    if (method == ORTHANT_NMF_MU) {
      Dense y(x);
      for (int32_t k = 0; k < r; ++k)
        y[size_t(k)] = std::max(floor, x[size_t(k)] * f[size_t(k)] / std::max(product(k), div));
      x = y;
    }
    for (int32_t k = 0; k < r; ++k) X[size_t(j + p * k)] = x[size_t(k)];
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
      SCOPED_TRACE(testing::Message() << method_names[method] << " " << s.m << "x" << s.n << " rank " << s.r
          << " seed 11");
      const int32_t m = s.m, n = s.n, r = s.r, iters = 4;
      Factors<T> f = problem<T>(m, n, r, Kind::low_rank, 11);
      const Dense V(f.V.begin(), f.V.end());
      Dense W(f.W.begin(), f.W.end()), Ht(size_t(n * r));
      for (int32_t j = 0; j < n; ++j)
        for (int32_t k = 0; k < r; ++k) Ht[size_t(j + n * k)] = double(f.H[size_t(k + r * j)]);
      const double floor = sizeof(T) == 4 ? 1e-12 : 1e-16, div = sizeof(T) == 4 ? 1e-30 : 1e-16;
      const auto gram = [r](const Dense &X, int32_t p) {
        Dense G(size_t(r * r), 0.0);
        for (int32_t a = 0; a < r; ++a)
          for (int32_t b = 0; b < r; ++b)
            for (int32_t i = 0; i < p; ++i) G[size_t(a + r * b)] += X[size_t(i + p * a)] * X[size_t(i + p * b)];
        return G;
      };
      for (int i = 0; i < iters; ++i) {  // W first, then H with the new W
        Dense B(size_t(m * r), 0.0), F(size_t(n * r), 0.0);
        for (int32_t k = 0; k < r; ++k)
          for (int32_t j = 0; j < n; ++j)
            for (int32_t a = 0; a < m; ++a) B[size_t(a + m * k)] += V[size_t(a + m * j)] * Ht[size_t(j + n * k)];
        half_step(method, m, r, gram(Ht, n), B, W, floor, div);
        for (int32_t k = 0; k < r; ++k)
          for (int32_t j = 0; j < n; ++j)
            for (int32_t a = 0; a < m; ++a) F[size_t(j + n * k)] += V[size_t(a + m * j)] * W[size_t(a + m * k)];
        half_step(method, n, r, gram(W, m), F, Ht, floor, div);
      }
      Solver<T> solver(f, options(method, ORTHANT_START_GIVEN, iters));
      ASSERT_NO_FATAL_FAILURE(solver.start());
      solver.run();
      // A wrong panel or a stale Gram matrix is off by percents; rounding, carried through four iterations with Gram
      // matrices of condition below 1e3, by at most some thousand eps.
      double w_top = 0, h_top = 0;
      for (const double w : W) w_top = std::max(w_top, w);
      for (const double h : Ht) h_top = std::max(h_top, h);
      for (size_t k = 0; k < W.size(); ++k) ASSERT_NEAR(double(f.W[k]), W[k], 3000 * this->eps * w_top) << k;
      for (int32_t j = 0; j < n; ++j)
        for (int32_t k = 0; k < r; ++k)
          ASSERT_NEAR(double(f.H[size_t(k + r * j)]), Ht[size_t(j + n * k)], 3000 * this->eps * h_top) << j;
    }
}

// ---- Going on, stopping ---------------------------------------------------------------------------------------------

TYPED_TEST(Factorization, TwoRunsAreOne) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_HALS, ORTHANT_NMF_AHALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_AOADMM,
      ORTHANT_NMF_PG, ORTHANT_NMF_MU}) {
    SCOPED_TRACE(method_names[method]);
    Factors<T> once = problem<T>(33, 44, 4, Kind::low_rank, 12), twice = once;
    Solver<T> a(once, options(method, ORTHANT_START_COLS, 8)), b(twice, options(method, ORTHANT_START_COLS, 4));
    ASSERT_NO_FATAL_FAILURE(a.start());
    ASSERT_NO_FATAL_FAILURE(b.start());
    const orthant_report r = a.run();
    b.run();
    const orthant_report q = b.run();
    EXPECT_TRUE(once.W == twice.W && once.H == twice.H);
    EXPECT_EQ(r.iters, q.iters);
    EXPECT_EQ(r.objective, q.objective);
    EXPECT_EQ(r.kkt, q.kkt);
  }
}

TYPED_TEST(Factorization, ExtrapolationGoesOnBelowWhereItStopped) {
  using T = TypeParam;
  Factors<T> f = problem<T>(60, 50, 5, Kind::low_rank, 13);
  Solver<T> solver(f, options(ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 10));
  ASSERT_NO_FATAL_FAILURE(solver.start());
  double before = objective(f);
  for (int i = 0; i < 20; ++i) {
    const orthant_report r = solver.run();
    EXPECT_LE(r.objective, before * 1.001) << i;  // momentum may overshoot a little, not more
    before = r.objective;
  }
}

TYPED_TEST(Factorization, StopsWhereAsked) {
  using T = TypeParam;
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method) {
    SCOPED_TRACE(method_names[method]);
    Trace trace;
    trace.stop_at = 7;
    Factors<T> f = problem<T>(33, 44, 4, Kind::uniform, 14);
    orthant_nmf_config c = options(method, ORTHANT_START_COLS, 50);
    c.progress = record, c.user = &trace;
    Solver<T> cancelled(f, c);
    ASSERT_NO_FATAL_FAILURE(cancelled.start());
    orthant_report r = cancelled.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_CANCELLED);
    EXPECT_EQ(r.iters, 7);
    EXPECT_EQ(trace.objective.size(), 7u);
    EXPECT_NEAR(r.objective, objective(f), 8 * this->eps * norm2(f.V) / 2);  // a valid iterate, and the report is its

    c = options(method, ORTHANT_START_COLS, 5000);
    c.tol_obj = 1e-4;
    Solver<T> flat(f, c);
    ASSERT_NO_FATAL_FAILURE(flat.start());
    r = flat.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_OBJECTIVE);
    EXPECT_LT(r.iters, 1000);

    c = options(method, ORTHANT_START_COLS, 5000);
    c.tol = 10;  // met at once
    Solver<T> met(f, c);
    ASSERT_NO_FATAL_FAILURE(met.start());
    r = met.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(r.iters, 10);
  }
  // No iteration: the report alone, and the factors as they are.
  Factors<T> f = problem<T>(33, 44, 4, Kind::uniform, 15), given = f;
  Solver<T> none(f, options(ORTHANT_NMF_HALS, ORTHANT_START_GIVEN, -1));
  const orthant_report r = none.run();  // without a start: as given
  EXPECT_TRUE(f.W == given.W && f.H == given.H);
  EXPECT_EQ(r.iters, 0);
  EXPECT_NEAR(r.objective, objective(f), 8 * this->eps * norm2(f.V) * 4);
}

TYPED_TEST(Factorization, ResultsHoldNoDenormals) {
  using T = TypeParam;
  for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method) {
    Factors<T> f = problem<T>(20, 30, 4, Kind::sparse, 16);
    for (T &v : f.V) v *= T(sizeof(T) == 4 ? 1e-18 : 1e-150);
    Solver<T> solver(f, options(method, ORTHANT_START_COLS, 30));
    ASSERT_NO_FATAL_FAILURE(solver.start());
    solver.run();
    for (const std::vector<T> *x : {&f.W, &f.H})
      for (const T v : *x) EXPECT_TRUE(v == T(0) || v >= std::numeric_limits<T>::min()) << method_names[method];
  }
}

TYPED_TEST(Factorization, StartsAreReproducibleAndSeeded) {
  using T = TypeParam;
  for (int32_t start = ORTHANT_START_COLS; start <= ORTHANT_START_NNDSVDAR; ++start) {
    std::vector<T> W[3];
    for (int k = 0; k < 3; ++k) {
      Factors<T> f = problem<T>(40, 130, 5, Kind::uniform, 17);
      orthant_nmf_config c = options(ORTHANT_NMF_HALS, start, 1);
      c.seed = k == 2 ? 1 : 0;
      Solver<T> solver(f, c);
      ASSERT_NO_FATAL_FAILURE(solver.start());
      if (start <= ORTHANT_START_NNDSVD) {  // the scale is right from the start: less than all of V is left
        EXPECT_LT(objective(f), norm2(f.V) / 2) << start;
      }
      W[k] = f.W;
    }
    EXPECT_TRUE(W[0] == W[1]) << start;
    const bool seeded = start == ORTHANT_START_COLS || start == ORTHANT_START_SPAS || start == ORTHANT_START_RANDOM;
    if (seeded) {
      EXPECT_FALSE(W[0] == W[2]) << start;
    }
    if (start == ORTHANT_START_SPA) {
      EXPECT_TRUE(W[0] == W[2]);
    }
  }
}

}  // namespace
}  // namespace orthant::test
