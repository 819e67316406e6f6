// ReLU decomposition and truncated SVD through the public interface: against plain loops in double, and what the theory
// promises of each method.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "kinds.hpp"
#include "reference.hpp"

namespace orthant::test {
namespace {

constexpr int32_t literal = -1;  // the first Z of a misprint, among the numbers of z_start

// NMD-TM as algorithms.md writes it, with everything dense.
struct PlainTm {
  Matrix<double> M, U, V, T, Z;
  double alpha, beta, lambda;
  PlainTm(const Matrix<double> &m, const Matrix<double> &u, const Matrix<double> &v, double a, double b, double l,
          int32_t z_start)
      : M(m), U(u), V(v), T(u * v), Z(m.rows(), m.cols()), alpha(a), beta(b), lambda(l) {
    Z.each([&](int32_t i, int32_t j) {
      const bool on = M(i, j) > 0;
      const double below = std::min(0.0, T(i, j));
      if (z_start == literal) return on ? 0 : below;
      if (z_start == ORTHANT_RELU_Z_FEASIBLE) return on ? M(i, j) : below;
      return on ? M(i, j) : 0;
    });
  }
  void step() {
    Z.each([&](int32_t i, int32_t j) {
      return (1 + alpha) * (M(i, j) > 0 ? M(i, j) : std::min(0.0, T(i, j))) - alpha * Z(i, j);
    });
    U = beta * transposed(solve(V * transposed(V), V * transposed(Z), lambda)) + (1 - beta) * U;
    V = beta * solve(transposed(U) * U, transposed(U) * Z, lambda) + (1 - beta) * V;
    T = (1 + alpha) * (U * V) - alpha * T;
  }
};

template <class T>
double error_of(const Matrix<T> &M, Matrix<double> Theta) {
  Theta.each([&](int32_t i, int32_t j) { return std::max(Theta(i, j), 0.0); });
  return norm(M - Theta);
}
// |Theta - Pi(Theta)|^2 / 2
template <class T>
double latent(const Matrix<T> &M, const Matrix<double> &Theta) {
  double s = 0;
  M.visit([&](int32_t i, int32_t j) {
    const double e = M(i, j) > 0 ? Theta(i, j) - double(M(i, j)) : std::max(Theta(i, j), 0.0);
    s += 0.5 * e * e;
  });
  return s;
}

template <class T>
class Decomposition {
 public:
  Matrix<T> U, V;
  Decomposition(const Matrix<T> &M, const orthant_relu_nmd_config &c)
      : U(c.rows, c.rank, 2), V(c.rank, c.cols, 1), M_(M), placed_(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c) {
    EXPECT_EQ(placed_.status, ORTHANT_OK);
  }
  ~Decomposition() { EXPECT_TRUE(U.intact() && V.intact()); }
  typename Api<T>::Matrix data() const { return view(M_); }
  orthant_status start() { return start(data()); }
  orthant_status start(const typename Api<T>::Matrix &M) {
    return Api<T>::relu_nmd_start(placed_.get(), &M, U.data(), U.ld(), V.data(), V.ld());
  }
  orthant_report run() { return run(data()); }
  orthant_report run(const typename Api<T>::Matrix &M) {
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::relu_nmd_run(placed_.get(), &M, U.data(), U.ld(), V.data(), V.ld(), &r), ORTHANT_OK);
    return r;
  }
  orthant_status misprints(int32_t which) { return Api<T>::relu_nmd_misprints(placed_.get(), which); }
  Matrix<double> model() const { return U * V; }
  bool same_bits(const Decomposition &other) const {
    return U.bits() == other.U.bits() && V.bits() == other.V.bits();
  }
  void set(const Decomposition &other) { U.set(other.U), V.set(other.V); }

 private:
  const Matrix<T> &M_;
  Placed<typename Api<T>::ReluNmd> placed_;
};

template <class T>
class ReluNmdTest : public testing::Test {
 protected:
  static orthant_relu_nmd_config config(const Matrix<T> &M, int32_t rank, int32_t method, int32_t iters) {
    orthant_relu_nmd_config c{};
    c.size = sizeof c;
    c.rows = M.rows(), c.cols = M.cols(), c.rank = rank, c.method = method, c.max_iter = iters;
    c.tol = c.tol_obj = -1;
    return c;
  }
  // max(0, X + noise) of a random X of this rank, and X itself.
  static void low_rank(Matrix<T> &M, int32_t rank, double noise, Matrix<T> *U0 = nullptr, Matrix<T> *V0 = nullptr) {
    Random random(7);
    Matrix<T> A(M.rows(), rank), B(rank, M.cols());
    for (Matrix<T> *g : {&A, &B}) g->fill_normal(random);
    const Matrix<double> AB = A * B;
    M.each([&](int32_t i, int32_t j) { return std::max(0.0, noise * normal(random) + AB(i, j)); });
    if (U0) U0->set(A);
    if (V0) V0->set(B);
  }
};
TYPED_TEST_SUITE(ReluNmdTest, Types, TypeNames);

// The iterates of plain loops, for each start of Z, in one tile and in several with several slabs, wide and tall.
// Rounding grows by the condition of the Gram matrices, below 100 here, and by (1 + alpha) / (1 - alpha) in each of 12
// iterations at worst: 39^2 of it is far above what is seen, 1e4 u.
TYPED_TEST(ReluNmdTest, ThreeBlockFollowsItsEquations) {
  using T = TypeParam;
  struct Case { int32_t method, z, rows, cols; };
  std::vector<Case> cases;
  for (const int32_t method : {ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_3B})
    for (const int32_t z : {ORTHANT_RELU_Z_DATA, ORTHANT_RELU_Z_FEASIBLE, literal})
      for (const bool tall : {false, true})
        cases.push_back({method, z, tall ? 67 : 41, tall ? 41 : 67});
  cases.push_back({ORTHANT_RELU_NMD_TM, ORTHANT_RELU_Z_DATA, 150, 610});
  cases.push_back({ORTHANT_RELU_NMD_TM, ORTHANT_RELU_Z_DATA, 610, 150});
  for (const auto [method, z, rows, cols] : cases) {
    Matrix<T> M(rows, cols);
    this->low_rank(M, 4, 0.5);
    auto c = this->config(M, 4, method, 1);
    if (z != literal) c.z_start = z;
    Decomposition<T> d(M, c);
    if (z == literal) ASSERT_EQ(d.misprints(ORTHANT_MISPRINT_FIRST_Z), ORTHANT_OK);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    const bool tm = method == ORTHANT_RELU_NMD_TM;
    PlainTm truth(Matrix<double>(M), Matrix<double>(d.U), Matrix<double>(d.V), tm ? 0.95 : 0.7, tm ? 0.95 : 1,
                  tm ? 1e-4 : 0, z);
    for (int i = 1; i <= 12; ++i) {
      const orthant_report r = d.run();
      truth.step();
      const Matrix<double> Theta = truth.U * truth.V;
      ASSERT_LE(norm(d.model() - Theta), 1e4 * unit_roundoff<T> * norm(Theta))
          << method << " z " << z << " it " << i << " rows " << rows;
      EXPECT_NEAR(r.rel_error, error_of(truth.M, d.model()) / norm(truth.M), 100 * unit_roundoff<T>);
      EXPECT_EQ(r.iters, i);
    }
  }
}

TYPED_TEST(ReluNmdTest, TmWithoutShareAndRidgeIsThreeBlock) {
  using T = TypeParam;
  Matrix<T> M(30, 50);
  this->low_rank(M, 3, 0.3);
  auto c = this->config(M, 5, ORTHANT_RELU_NMD_3B, 9);
  c.alpha = 0.8;
  auto same = c;
  same.method = ORTHANT_RELU_NMD_TM, same.beta = 1, same.lambda = -1;
  Decomposition<T> a(M, c), b(M, same);
  ASSERT_EQ(a.start(), ORTHANT_OK);
  ASSERT_EQ(b.start(), ORTHANT_OK);
  a.run(), b.run();
  EXPECT_TRUE(a.same_bits(b));
}

// The truncated SVD of Z, to working precision.
template <class T>
Matrix<double> truncated(const Matrix<double> &Z, int32_t rank) {
  Matrix<T> X(Z), U(Z.rows(), rank), V(Z.cols(), rank), s(rank, 1);
  orthant_tsvd_config c{};
  c.size = sizeof c, c.rows = Z.rows(), c.cols = Z.cols(), c.rank = rank, c.max_iter = 1000;
  Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  const auto data = view(X);
  EXPECT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr), ORTHANT_OK);
  U.each([&](int32_t i, int32_t k) { return U(i, k) * s(k, 0); });
  return U * transposed(V);
}

// A-NMD as algorithms.md writes it: the cap of its momentum is 1.05 times the momentum that was accepted.
template <class T>
struct PlainAnmd {
  Matrix<double> M, Theta, S, Z_kept, S_kept;  // S: the extrapolated Theta
  double beta, cap = 1, error = 0;
  std::vector<double> betas;
  PlainAnmd(const Matrix<double> &m, int32_t rank, double alpha)
      : M(m), Theta(truncated<T>(m, rank)), S(Theta), Z_kept(m), S_kept(Theta), beta(alpha), betas{alpha} {}
  void step(int32_t i) {
    Matrix<double> half = S;
    half.each([&](int32_t p, int32_t q) { return M(p, q) > 0 ? M(p, q) : std::min(0.0, S(p, q)); });
    const Matrix<double> Z = half + beta * (half - Z_kept);
    Theta = truncated<T>(Z, 2);
    S = Theta + beta * (Theta - S_kept);
    const double before = error;
    error = error_of(M, S);
    if (i > 2 && error < before) {
      beta = std::min(cap, 1.1 * beta);
      cap = std::min(1.0, 1.05 * beta);
      Z_kept = Z, S_kept = S;
    } else if (i > 2) {
      beta *= 0.4;
      cap = betas[size_t(i - 2)];
      S = S_kept;
    }
    betas.push_back(beta);
  }
};

// Six iterations, whose last momentum is capped: from 0.9 by one before, from 0.4 by 1.05 times the last.  The
// decompositions round by some u of 10 relatively, and momentum near one triples that at each iteration at worst.
TYPED_TEST(ReluNmdTest, AnmdFollowsItsEquations) {
  using T = TypeParam;
  Matrix<T> M(4, 4);
  const double entries[4][4] = {{2, 0, 2, 1}, {0, 1, 0, 2}, {0, 0, 1, 0}, {2, 0, 0, 1}};
  M.each([&](int32_t i, int32_t j) { return entries[i][j]; });
  auto c = this->config(M, 2, ORTHANT_RELU_NMD_ANMD, 1);
  c.svd_tol = -1, c.svd_steps = 300;
  for (const double alpha : {0.9, 0.4}) {
    c.alpha = alpha;
    Decomposition<T> d(M, c);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    PlainAnmd<T> truth(Matrix<double>(M), 2, alpha);
    for (int32_t i = 1; i <= 6; ++i) {
      const double error = d.run().rel_error;
      truth.step(i);
      EXPECT_NEAR(error, error_of(M, truth.Theta) / norm(M), 1e4 * unit_roundoff<T>) << alpha << ", " << i;
      if (i == 6 && alpha == 0.9) EXPECT_NEAR(error, 0.17116, 5e-6 + 1e4 * unit_roundoff<T>);
    }
  }
}

// What a start reports: with the ridge of NMD-TM, wide and tall.
TYPED_TEST(ReluNmdTest, ObjectiveOfAStartHasItsRidge) {
  using T = TypeParam;
  for (const bool tall : {false, true}) {
    Matrix<T> M(tall ? 67 : 41, tall ? 41 : 67);
    this->low_rank(M, 4, 0.5);
    auto c = this->config(M, 3, ORTHANT_RELU_NMD_TM, -1);
    c.lambda = 0.8;
    Decomposition<T> d(M, c);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    d.U.each([&](int32_t i, int32_t k) { return 2 * d.U(i, k); });  // of another length than V
    auto given = c;
    given.start = ORTHANT_RELU_START_GIVEN;
    Decomposition<T> same(M, given);
    same.set(d);
    ASSERT_EQ(same.start(), ORTHANT_OK);
    const double expected = latent(M, same.model()) + 0.4 * (norm2(same.U) + norm2(same.V));
    EXPECT_NEAR(same.run().objective, expected, 1e3 * unit_roundoff<T> * expected);
  }
}

// The methods whose Theta is a truncated SVD of Z, as algorithms.md writes them: Z is the projection, or the mean of
// N(Theta, sigma^2) below zero where M = 0, and `alpha` times its last change.
template <class T>
struct PlainProjections {
  Matrix<double> M, Theta, Z, change;
  double alpha, sigma2;
  bool mean_of_z;
  PlainProjections(const Matrix<double> &m, const Matrix<double> &theta, bool em, double a, bool feasible)
      : M(m), Theta(theta), Z(m), change(zeros(m.rows(), m.cols())), alpha(a),
        sigma2(norm2(m) / (double(m.rows()) * m.cols()) - mean(m) * mean(m)), mean_of_z(em) {
    if (feasible) Z.each([&](int32_t i, int32_t j) { return M(i, j) > 0 ? M(i, j) : std::min(0.0, Theta(i, j)); });
  }
  void step(int32_t rank) {
    const double sigma = std::sqrt(sigma2), pi = 3.141592653589793;
    double variance = 0;
    Matrix<double> next = M;
    next.each([&](int32_t i, int32_t j) {
      if (M(i, j) > 0) return M(i, j);
      const double mu = Theta(i, j), g = mu / sigma;
      if (!mean_of_z) return std::min(0.0, mu);
      const double ratio = std::exp(-g * g / 2) / std::sqrt(2 * pi) / (0.5 * std::erfc(g / std::sqrt(2.0)));
      variance += sigma2 * (1 - ratio * (ratio - g));
      return mu - sigma * ratio;
    });
    next = next + alpha * change;
    change = next - Z;
    Z = next;
    Theta = truncated<T>(Z, rank);
    sigma2 = (variance + norm2(Z - Theta)) / (double(M.rows()) * M.cols());
  }
};

// Several panels of columns.  A decomposition ends where no value changes, whose error is the square of its vectors'.
TYPED_TEST(ReluNmdTest, ProjectionsFollowTheirEquations) {
  using T = TypeParam;
  Matrix<T> M(43, 97);
  this->low_rank(M, 3, 0.4);
  for (int32_t method = ORTHANT_RELU_NMD_NAIVE; method <= ORTHANT_RELU_NMD_AEM; ++method)
    for (const int32_t z : {ORTHANT_RELU_Z_DATA, ORTHANT_RELU_Z_FEASIBLE}) {
      auto c = this->config(M, 3, method, 1);
      c.svd_tol = -1, c.svd_steps = 100, c.z_start = z, c.alpha = 0.45;
      Decomposition<T> d(M, c);
      ASSERT_EQ(d.start(), ORTHANT_OK);
      const bool em = method == ORTHANT_RELU_NMD_EM || method == ORTHANT_RELU_NMD_AEM;
      const bool moves = method == ORTHANT_RELU_NMD_ANAIVE || method == ORTHANT_RELU_NMD_AEM;
      PlainProjections<T> truth(Matrix<double>(M), d.model(), em, moves ? c.alpha : 0, z == ORTHANT_RELU_Z_FEASIBLE);
      const double rounding = 1e4 * unit_roundoff<T> + 10 * std::sqrt(unit_roundoff<double>);
      for (int i = 1; i <= 5; ++i) {
        const orthant_report r = d.run();
        truth.step(3);
        ASSERT_LE(difference(d.model(), truth.Theta), rounding) << method << " z " << z << " it " << i;
        EXPECT_NEAR(r.rel_error, error_of(truth.M, truth.Theta) / norm(M), rounding);
        EXPECT_NEAR(r.objective, latent(truth.M, truth.Theta), rounding * norm2(M));
      }
    }
}

// Where the mean is many standard deviations above zero, both ways to phi(g) / Phi(-g): at full rank Theta is Z.
TYPED_TEST(ReluNmdTest, EmFarAboveZero) {
  using T = TypeParam;
  const int32_t m = 12, n = 9;
  Matrix<T> M(m, n);
  Random random(33);
  M.each([&](int32_t, int32_t) { return std::max(0.0, 0.3 * (uniform(random) - 0.8)); });
  auto c = this->config(M, n, ORTHANT_RELU_NMD_EM, 1);
  c.start = ORTHANT_RELU_START_GIVEN, c.svd_tol = -1, c.svd_steps = 100;
  Decomposition<T> d(M, c);
  for (Matrix<T> *g : {&d.U, &d.V}) g->each([&](int32_t, int32_t) { return 0.7 * (uniform(random) - 0.4); });
  ASSERT_EQ(d.start(), ORTHANT_OK);
  PlainProjections<T> truth(Matrix<double>(M), d.model(), true, 0, false);
  int32_t far = 0, near = 0;
  truth.Theta.visit([&](int32_t i, int32_t j) {
    const double g = M(i, j) > T(0) ? -1 : truth.Theta(i, j) / std::sqrt(truth.sigma2);
    far += g > 14.2, near += g > 1 && g < 14.1;  // where the second way begins
    EXPECT_LT(g, 36);
  });
  EXPECT_GT(far, 5);
  EXPECT_GT(near, 5);
  const double sigma = std::sqrt(truth.sigma2);
  truth.step(n);
  d.run();
  EXPECT_LE(largest(d.model() - truth.Theta), 1e-6 * sigma + 100 * unit_roundoff<T>);
}

// The alternating steps: 1.8 times the least of each block's quadratic, U first; several blocks of rows and panels.
TYPED_TEST(ReluNmdTest, AlternatingStepsFollowTheirEquations) {
  using T = TypeParam;
  Matrix<T> M(330, 75);
  this->low_rank(M, 4, 0.5);
  Decomposition<T> d(M, this->config(M, 3, ORTHANT_RELU_NMD_QN, 1));
  ASSERT_EQ(d.start(), ORTHANT_OK);
  const Matrix<double> data(M);
  Matrix<double> U(d.U), V(d.V);
  const auto residual = [&] {
    Matrix<double> R = U * V;
    return R.each([&](int32_t i, int32_t j) { return M(i, j) > T(0) ? R(i, j) - data(i, j) : std::max(R(i, j), 0.0); });
  };
  for (int i = 0; i < 6; ++i) {
    const orthant_report r = d.run();
    U = U - 1.8 * transposed(solve(V * transposed(V), V * transposed(residual())));
    V = V - 1.8 * solve(transposed(U) * U, transposed(U) * residual());
    ASSERT_LE(difference(d.U, U), 1e4 * unit_roundoff<T>) << i;
    ASSERT_LE(difference(d.V, V), 1e4 * unit_roundoff<T>) << i;
    EXPECT_NEAR(r.objective, latent(M, U * V), 1e4 * unit_roundoff<T> * norm2(M));
  }
}

// Without momentum F = 1/2 |Z - U V|^2 + lambda/2 (|U|^2 + |V|^2) falls, and with it its minimum over Z, the report's
// objective, for every share and ridge; QN descends; all bound the error from above.
TYPED_TEST(ReluNmdTest, ObjectivesNeverRise) {
  using T = TypeParam;
  Matrix<T> M(48, 77);
  this->low_rank(M, 6, 1.0);
  const auto descends = [&](orthant_relu_nmd_config c, const char *what) {
    c.max_iter = 1;
    Decomposition<T> d(M, c);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    double last = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 40; ++i) {
      const orthant_report r = d.run();
      const double ridge = c.method == ORTHANT_RELU_NMD_TM ? std::max(c.lambda, 0.0) : 0;
      const double nU = norm(d.U), nV = norm(d.V), f = latent(M, d.model());
      // u of each entry of the model, of which r terms are summed, against residuals of the size of M.
      const double rounding = 100 * unit_roundoff<T> * norm(M) * norm(M);
      EXPECT_NEAR(r.objective, f + 0.5 * ridge * (nU * nU + nV * nV), rounding) << what;
      EXPECT_LE(r.objective, last + rounding) << what << " iteration " << i;
      EXPECT_LE(0.5 * r.rel_error * r.rel_error * norm(M) * norm(M), r.objective + rounding) << what;
      last = r.objective;
    }
  };
  auto c = this->config(M, 4, ORTHANT_RELU_NMD_TM, 1);
  c.alpha = -1;
  for (const double beta : {0.3, 0.8, 1.0})
    for (const double lambda : {-1.0, 0.5}) {
      c.beta = beta, c.lambda = lambda;
      descends(c, "tm");
    }
  for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_NAIVE}) {
    auto other = this->config(M, 4, method, 1);
    other.svd_steps = 1;  // one warm step is enough
    descends(other, method == ORTHANT_RELU_NMD_QN ? "qn" : "naive");
  }
  descends(this->config(M, 4, 0, 1), "default");
  this->low_rank(M, 4, 0);  // where momentum overshoots, below
  descends(this->config(M, 4, 0, 1), "default, exact data");
}

// The default is 3B-NMD at momentum 0.9 until f would rise, for twenty iterations at most, then something else that descends.
TYPED_TEST(ReluNmdTest, DefaultOpensByMomentumAndLeavesItInTime) {
  using T = TypeParam;
  for (const double noise : {1.0, 0.0}) {
    Matrix<T> M(75, 48);
    this->low_rank(M, 4, noise);
    if (noise > 0) {  // nothing but noise
      Random random(8);
      M.each([&](int32_t, int32_t) { return std::max(0.0, normal(random) - 1); });
    }
    const auto c = this->config(M, 4, 0, 1);
    auto same = c;
    same.method = ORTHANT_RELU_NMD_3B, same.alpha = 0.9;
    Decomposition<T> a(M, c), b(M, same);
    ASSERT_EQ(a.start(), ORTHANT_OK);
    ASSERT_EQ(b.start(), ORTHANT_OK);
    double last = std::numeric_limits<double>::infinity();
    int opening = 0;
    for (int i = 0; i < 60; ++i) {
      const orthant_report ra = a.run(), rb = b.run();
      EXPECT_EQ(ra.iters, i + 1);
      if (opening == i && rb.objective < last && i < 20) {
        ++opening;
        ASSERT_TRUE(a.same_bits(b)) << i;
      } else {
        ASSERT_FALSE(a.U.bits() == b.U.bits()) << i;
        EXPECT_LE(ra.objective, last * (1 + 100 * unit_roundoff<T>)) << i;
      }
      last = ra.objective;
    }
    printf("noise %g: opening of %d iterations\n", noise, opening);
    EXPECT_EQ(opening == 20, noise > 0);
    Decomposition<T> whole(M, this->config(M, 4, 0, 60));  // the same in one call, and once more from the start
    for (int again = 0; again < 2; ++again) {
      ASSERT_EQ(whole.start(), ORTHANT_OK);
      EXPECT_EQ(whole.run().iters, 60);
      EXPECT_TRUE(a.same_bits(whole)) << again;
    }
    Decomposition<T> unstarted(M, this->config(M, 4, 0, 60)), first(M, this->config(M, 4, 0, -1));
    ASSERT_EQ(first.start(), ORTHANT_OK);
    unstarted.set(first);
    EXPECT_EQ(unstarted.run().iters, 60);
    EXPECT_TRUE(a.same_bits(unstarted));
  }
}

// M = max(0, X) for a 5 x 5 X of rank 2: X itself is a fixed point, from a feasible Z.
TYPED_TEST(ReluNmdTest, AnExactDecompositionStays) {
  using T = TypeParam;
  Matrix<T> M(5, 5);
  const auto angle = [](int32_t i) { return 1.2566370614359172 * double(i); };  // circulant cosines: M has rank 5
  M.each([&](int32_t i, int32_t j) { return std::max(0.0, std::cos(angle(i) - angle(j))); });
  for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_NAIVE}) {
    auto c = this->config(M, 2, method, 25);
    c.start = ORTHANT_RELU_START_GIVEN, c.z_start = ORTHANT_RELU_Z_FEASIBLE, c.lambda = -1;
    c.alpha = method == ORTHANT_RELU_NMD_TM ? 0.5 : 0;
    Decomposition<T> d(M, c);
    d.U.each([&](int32_t i, int32_t k) { return k == 0 ? std::cos(angle(i)) : std::sin(angle(i)); });
    d.V.each([&](int32_t k, int32_t j) { return k == 0 ? std::cos(angle(j)) : std::sin(angle(j)); });
    ASSERT_EQ(d.start(), ORTHANT_OK);
    // 25 iterations of a dozen roundings each, grown by momentum at most (1 + a) / (1 - a) < 6 times.
    EXPECT_LE(d.run().rel_error, 25 * 12 * 6 * unit_roundoff<T>) << method;
  }
}

// At full rank the truncated SVD is Z itself: after one iteration of EM-NMD the model is M, and where M = 0 the mean of
// N(mu, sigma^2) below zero, mu - sigma phi(g) / Phi(-g) with g = mu / sigma.
TYPED_TEST(ReluNmdTest, EmTakesTheConditionalMean) {
  using T = TypeParam;
  Matrix<T> M(4, 5);
  Random random(12);
  M.each([&](int32_t, int32_t) { return std::max(0.0, normal(random)); });
  auto c = this->config(M, 4, ORTHANT_RELU_NMD_EM, 1);
  c.start = ORTHANT_RELU_START_GIVEN, c.svd_tol = 1e-7, c.svd_steps = 200;
  Decomposition<T> d(M, c);
  for (Matrix<T> *g : {&d.U, &d.V}) g->each([&](int32_t, int32_t) { return 0.5 * normal(random); });
  const Matrix<double> before = d.model();
  ASSERT_EQ(d.start(), ORTHANT_OK);
  d.run();
  const Matrix<double> after = d.model();
  const double sigma = std::sqrt(norm2(M) / 20 - mean(M) * mean(M)), pi = 3.141592653589793;
  for (int32_t i = 0; i < 4; ++i)
    for (int32_t j = 0; j < 5; ++j) {
      const double mu = before(i, j), g = mu / sigma;
      const double ratio = std::exp(-g * g / 2) / std::sqrt(2 * pi) / (0.5 * std::erfc(g / std::sqrt(2.0)));
      EXPECT_NEAR(after(i, j), M(i, j) > T(0) ? double(M(i, j)) : mu - sigma * ratio, 1e-4) << i << " " << j;
    }
}

// The nuclear start by its equations: with all ranks kept U V is Z itself.  W = U V' of Z's decomposition is its
// orthogonal factor, the limit of X <- (X + X (X'X)^-1) / 2 where Z is square or tall, and the nuclear norm is <W, Z>.
Matrix<double> orthogonal_factor(const Matrix<double> &Z) {
  if (Z.rows() < Z.cols()) return transposed(orthogonal_factor(transposed(Z)));
  Matrix<double> W = Z;
  for (int i = 0; i < 60; ++i) W = 0.5 * (W + transposed(solve(transposed(W) * W, transposed(W))));
  return W;
}
TYPED_TEST(ReluNmdTest, NuclearStartFollowsItsEquations) {
  using T = TypeParam;
  bool grew = false;
  for (const auto &[m, n] : {std::pair<int32_t, int32_t>{6, 6}, {9, 5}, {5, 9}}) {
    SCOPED_TRACE(testing::Message() << m << " x " << n);
    Matrix<T> M(m, n);
    Random random(21);
    M.each([&](int32_t, int32_t) { return std::max(0.0, normal(random)); });
    M(0, 0) = T(4);  // the largest, whose size is that of the first step, in a corner
    auto c = this->config(M, std::min(m, n), ORTHANT_RELU_NMD_QN, -1);
    c.start = ORTHANT_RELU_START_NUCLEAR, c.seed = 5;
    Decomposition<T> d(M, c);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    auto same = c;  // its U holds the same normal numbers, times the square root of the mean of U V
    same.start = ORTHANT_RELU_START_RANDOM, same.rank = n;
    Decomposition<T> numbers(M, same);
    ASSERT_EQ(numbers.start(), ORTHANT_OK);
    const double scale = std::sqrt(norm(M) / std::sqrt(double(m) * n * n));
    const double highest = largest(M);
    Matrix<double> Z = highest / scale * numbers.U;
    const auto project = [&] {
      Z.each([&](int32_t i, int32_t j) { return M(i, j) > T(0) ? double(M(i, j)) : std::min(0.0, Z(i, j)); });
    };
    project();
    double step = highest, last = 0;
    for (int k = 0; k < 3; ++k) {
      const Matrix<double> W = orthogonal_factor(Z);
      const double nuclear = dot(W, Z);
      grew = grew || (k > 0 && nuclear < last);
      step *= k > 0 && nuclear < last ? 1.2 : 0.7;
      last = nuclear;
      Z = Z - step * W;
      project();
    }
    // W rotates by the error of Z over its least singular value, some 1/30 of the largest here.
    EXPECT_LE(norm(d.model() - Z), 1e4 * unit_roundoff<T> * norm(Z));
  }
  EXPECT_TRUE(grew);  // else the growth goes untested
}

// A step of limited-memory BFGS from the last `history` pairs by the two loops of its paper, in the metric
// (V V')^-1, (U'U)^-1 times s'y / y'(metric)y: iterates and gradients are seen from outside.
struct PlainPair {
  Matrix<double> step[2], change[2];  // of U and of V
  double curvature() const { return dot(step[0], change[0]) + dot(step[1], change[1]); }
};
struct PlainNewton {
  Matrix<double> U, V, gradient[2];
  PlainNewton(const Matrix<double> &M, const Matrix<double> &u, const Matrix<double> &v)
      : U(u), V(v), gradient{Matrix<double>(0, 0), Matrix<double>(0, 0)} {
    Matrix<double> R = U * V;
    R.each([&](int32_t i, int32_t j) { return M(i, j) > 0 ? R(i, j) - M(i, j) : std::max(R(i, j), 0.0); });
    gradient[0] = R * transposed(V);
    gradient[1] = transposed(U) * R;
  }
  void take_metric(Matrix<double> (&x)[2]) const {
    x[0] = transposed(solve(V * transposed(V), transposed(x[0])));
    x[1] = solve(transposed(U) * U, x[1]);
  }
  // To `direction`; scale: of the metric.
  void descend(const std::vector<PlainPair> &pairs, double scale, Matrix<double> (&direction)[2]) const {
    Matrix<double> x[2] = {gradient[0], gradient[1]};
    std::vector<double> a(pairs.size());
    for (size_t i = pairs.size(); i-- > 0;) {
      const PlainPair &p = pairs[i];
      a[i] = (dot(p.step[0], x[0]) + dot(p.step[1], x[1])) / p.curvature();
      for (int side : {0, 1}) x[side] = x[side] - a[i] * p.change[side];
    }
    take_metric(x);
    for (Matrix<double> &one : x) one = scale * one;
    for (size_t i = 0; i < pairs.size(); ++i) {
      const PlainPair &p = pairs[i];
      const double b = (dot(p.change[0], x[0]) + dot(p.change[1], x[1])) / p.curvature();
      for (int side : {0, 1}) x[side] = x[side] + (a[i] - b) * p.step[side];
    }
    for (int side : {0, 1}) direction[side] = -1.0 * x[side];
  }
};
TYPED_TEST(ReluNmdTest, QuasiNewtonFollowsItsRecursion) {
  using T = TypeParam;
  const int32_t m = 40, n = 30, history = 5;
  Matrix<T> M(m, n);
  this->low_rank(M, 5, 0.5);
  const Matrix<double> data(M);
  Decomposition<T> d(M, this->config(M, 3, ORTHANT_RELU_NMD_QN, 1));
  ASSERT_EQ(d.start(), ORTHANT_OK);
  for (int i = 0; i < 6; ++i) d.run();  // the alternating steps
  std::vector<PlainPair> pairs;
  double scale = 1;
  PlainNewton now(data, Matrix<double>(d.U), Matrix<double>(d.V));
  for (int i = 0; i < 9; ++i) {
    SCOPED_TRACE(i);
    Matrix<double> expected[2] = {now.U, now.V};
    now.descend(pairs, scale, expected);
    d.run();
    const PlainNewton next(data, Matrix<double>(d.U), Matrix<double>(d.V));
    PlainPair pair{{next.U - now.U, next.V - now.V},
                   {next.gradient[0] - now.gradient[0], next.gradient[1] - now.gradient[1]}};
    double along = 0, length2 = 0, away2 = 0;  // the step is 1, 1/2, 1/4, ...
    for (int side : {0, 1}) along += dot(pair.step[side], expected[side]), length2 += norm2(expected[side]);
    const double step = std::exp2(std::round(std::log2(along / length2)));
    for (int side : {0, 1}) away2 += norm2(pair.step[side] - step * expected[side]);
    // Steps are some hundredths of U and V, whose roundings they have, and pairs of a condition of a hundred.
    EXPECT_LE(std::sqrt(away2 / length2), 1e5 * unit_roundoff<T> * step);
    Matrix<double> metric[2] = {pair.change[0], pair.change[1]};
    now.take_metric(metric);
    scale = pair.curvature() / (dot(pair.change[0], metric[0]) + dot(pair.change[1], metric[1]));
    pairs.push_back(pair);
    if (int32_t(pairs.size()) > history) pairs.erase(pairs.begin());
    now = next;
  }
}

// The order of the rows is of no consequence, in several blocks of them and with vectors (U, V) of more than one chunk
// of 4096 numbers: iterates differ by rounding alone, and the first quasi-Newton steps, after six alternating ones,
// descend.
TYPED_TEST(ReluNmdTest, QuasiNewtonDoesNotSeeTheOrderOfTheRows) {
  using T = TypeParam;
  const int32_t m = 1500, n = 40, r = 3;
  Matrix<T> M(m, n), back(m, n);
  this->low_rank(M, 5, 0.5);
  back.each([&](int32_t i, int32_t j) { return M(m - 1 - i, j); });
  auto c = this->config(M, r, ORTHANT_RELU_NMD_QN, 6);
  c.start = ORTHANT_RELU_START_GIVEN;
  Decomposition<T> a(M, c), b(back, c);
  Random random(3);
  a.U.fill_normal(random);
  a.V.fill_normal(random);
  b.U.each([&](int32_t i, int32_t k) { return a.U(m - 1 - i, k); });
  b.V.set(a.V);
  ASSERT_EQ(a.start(), ORTHANT_OK);
  ASSERT_EQ(b.start(), ORTHANT_OK);
  const double before = a.run().objective;
  b.run();
  EXPECT_LE(a.run().objective, 0.99 * before);
  b.run();
  EXPECT_LE(norm(a.V - b.V), 1e5 * unit_roundoff<T> * norm(a.V));
  auto other = c;  // below, new gradients soon take the place of all older ones
  other.method = ORTHANT_RELU_NMD_3B, other.max_iter = 300;
  Decomposition<T> truth(M, other);
  truth.set(a);
  const double least = truth.run().objective;
  for (int i = 0; i < 7; ++i) a.run();
  EXPECT_LE(a.run().objective, 1.001 * least);
}

// Noiseless data of the right rank are found again from the SVD start.
TYPED_TEST(ReluNmdTest, ExactLowRankIsRecovered) {
  using T = TypeParam;
  Matrix<T> M(60, 80);
  this->low_rank(M, 3, 0);
  for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_ANMD}) {
    auto c = this->config(M, 3, method, 400);
    c.tol = 0;  // 1e-4
    Decomposition<T> d(M, c);
    ASSERT_EQ(d.start(), ORTHANT_OK);
    const orthant_report r = d.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_ERROR) << method << " error " << r.rel_error;
    EXPECT_LE(r.rel_error, 1e-4);
    EXPECT_LT(r.iters, 400);
  }
  Matrix<T> tall(300, 40);  // several blocks of rows
  this->low_rank(tall, 3, 0);
  Decomposition<T> d(tall, this->config(tall, 3, ORTHANT_RELU_NMD_QN, 100));
  ASSERT_EQ(d.start(), ORTHANT_OK);
  EXPECT_LE(d.run().rel_error, 1e-4);
}

// Every method lowers the error of its start on noisy data, and says what it did.
TYPED_TEST(ReluNmdTest, EveryMethodAndStartImproves) {
  using T = TypeParam;
  Matrix<T> M(50, 70);
  this->low_rank(M, 8, 1.0);
  for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method)
    for (int32_t start = ORTHANT_RELU_START_TSVD; start <= ORTHANT_RELU_START_RANDOM; ++start) {
      auto c = this->config(M, 5, method, -1);
      c.start = start;
      if (method == ORTHANT_RELU_NMD_TM) c.alpha = 0.5;  // 0.95 may diverge from a start that is far off
      Decomposition<T> d(M, c);
      ASSERT_EQ(d.start(), ORTHANT_OK);
      const double before = d.run().rel_error;
      c.max_iter = 60;
      Decomposition<T> e(M, c);
      ASSERT_EQ(e.start(), ORTHANT_OK);
      const orthant_report r = e.run();
      EXPECT_NEAR(before, error_of(M, d.model()) / norm(M), 100 * unit_roundoff<T>);
      EXPECT_LT(r.rel_error, 0.97 * before) << method << " start " << start;
      EXPECT_NEAR(r.rel_error, error_of(M, e.model()) / norm(M), 100 * unit_roundoff<T>);
    }
}

// A sparse matrix by columns or by rows gives the bits of the dense one, and the stop on a standstill works.
TYPED_TEST(ReluNmdTest, SparseIsDense) {
  using T = TypeParam;
  Matrix<T> M(90, 130, 0);
  Random random(5);
  M.each([&](int32_t, int32_t) { return uniform(random) < 0.1 ? uniform(random) : 0.0; });
  for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_ANMD}) {
    auto c = this->config(M, 6, method, 15);
    c.start = ORTHANT_RELU_START_GIVEN;  // an SVD of sparse data rounds otherwise
    Decomposition<T> dense(M, c);
    const auto give = [&](Decomposition<T> &d) {
      Random same(6);
      d.U.fill_normal(same);
      d.V.fill_normal(same);
    };
    give(dense);
    ASSERT_EQ(dense.start(), ORTHANT_OK);
    dense.run();
    for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
      const Sparse<T> nonzeros = sparse(M, kind);
      Decomposition<T> d(M, c);
      give(d);
      ASSERT_EQ(d.start(nonzeros.view()), ORTHANT_OK);
      d.run(nonzeros.view());
      EXPECT_TRUE(d.same_bits(dense)) << method << ", " << kind_names[kind];
    }
  }
}

// A first run without a start is one from given factors, whatever start the config names.
TYPED_TEST(ReluNmdTest, WithoutAStartTheFactorsAreGiven) {
  using T = TypeParam;
  Matrix<T> M(23, 31);
  this->low_rank(M, 3, 0.3);
  for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method)
    for (const int32_t named : {ORTHANT_RELU_START_TSVD, ORTHANT_RELU_START_NUCLEAR, ORTHANT_RELU_START_RANDOM}) {
      auto c = this->config(M, 4, method, 8);
      c.start = named;
      Decomposition<T> unstarted(M, c);
      c.start = ORTHANT_RELU_START_GIVEN;
      Decomposition<T> started(M, c);
      for (Decomposition<T> *d : {&unstarted, &started}) {
        Random random(3);
        d->U.fill_normal(random);
        d->V.fill_normal(random);
      }
      ASSERT_EQ(started.start(), ORTHANT_OK);
      const orthant_report expected = started.run(), r = unstarted.run();
      EXPECT_EQ(r.objective, expected.objective) << method << ' ' << named;
      EXPECT_EQ(r.rel_error, expected.rel_error) << method << ' ' << named;
      EXPECT_EQ(norm(unstarted.model() - started.model()), 0) << method << ' ' << named;
    }
}

TYPED_TEST(ReluNmdTest, StopsAtAStandstill) {
  using T = TypeParam;
  Matrix<T> M(40, 40);
  this->low_rank(M, 5, 1.0);
  auto c = this->config(M, 3, 0, 5000);
  c.tol_obj = 1e-4;
  Decomposition<T> d(M, c);
  ASSERT_EQ(d.start(), ORTHANT_OK);
  const orthant_report r = d.run();
  EXPECT_EQ(r.stop, ORTHANT_STOP_OBJECTIVE);
  EXPECT_LT(r.iters, 5000);
  EXPECT_GT(r.iters, 11);
}

// The rule is first asked at iteration 11, about the error of the start.
TYPED_TEST(ReluNmdTest, AsksForAStandstillFromTheEleventhIterationOn) {
  using T = TypeParam;
  Matrix<T> M(30, 25);
  this->low_rank(M, 4, 1.0);
  for (const int32_t method : {0, ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_EM}) {
    std::vector<double> errors;
    auto c = this->config(M, 3, method, 1);
    Decomposition<T> slow(M, c), first(M, this->config(M, 3, method, -1));
    ASSERT_EQ(slow.start(), ORTHANT_OK);
    ASSERT_EQ(first.start(), ORTHANT_OK);
    errors.push_back(first.run().rel_error);
    for (int i = 1; i <= 12; ++i) errors.push_back(slow.run().rel_error);
    const double change = std::fabs(errors[11] - errors[0]), later = std::fabs(errors[12] - errors[1]);
    ASSERT_GT(change, 1.001 * later) << method;
    c.max_iter = 100;
    for (const double tol : {1.0005 * change, 1.0005 * later}) {
      c.tol_obj = tol;
      Decomposition<T> d(M, c);
      ASSERT_EQ(d.start(), ORTHANT_OK);
      const orthant_report r = d.run();
      EXPECT_EQ(r.stop, ORTHANT_STOP_OBJECTIVE) << method;
      EXPECT_EQ(r.iters, tol > change ? 11 : 12) << method;
    }
  }
}

// Momentum that grows without bound on data that are exactly of low rank: the last finite factors are kept.
TYPED_TEST(ReluNmdTest, OverflowKeepsTheLastFiniteFactors) {
  using T = TypeParam;
  Matrix<T> M(60, 50);
  this->low_rank(M, 3, 0);
  auto c = this->config(M, 3, ORTHANT_RELU_NMD_3B, 100000);
  c.alpha = 1;
  Decomposition<T> d(M, c);
  ASSERT_EQ(d.start(), ORTHANT_OK);
  const orthant_report r = d.run();
  EXPECT_EQ(r.stop, ORTHANT_STOP_NONFINITE);
  EXPECT_TRUE(std::isfinite(r.objective) && std::isfinite(r.rel_error));
  ASSERT_TRUE(all_finite(d.U) && all_finite(d.V));
}

// c M from c^(1/2) U, c^(1/2) V: powers of two scale everything without rounding.
TYPED_TEST(ReluNmdTest, ScalesWithTheData) {
  using T = TypeParam;
  Matrix<T> M(33, 47), M16(33, 47);
  this->low_rank(M, 4, 1.0);
  M16.each([&](int32_t i, int32_t j) { return 16 * M(i, j); });
  for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_NAIVE}) {
    const auto c = this->config(M, 4, method, 20);
    Decomposition<T> a(M, c), b(M16, c);
    ASSERT_EQ(a.start(), ORTHANT_OK);
    ASSERT_EQ(b.start(), ORTHANT_OK);
    EXPECT_EQ(a.run().rel_error, b.run().rel_error) << method;
  }
}

// ---- input that nobody should give

TYPED_TEST(ReluNmdTest, RefusesByName) {
  using T = TypeParam;
  Matrix<T> M(12, 17);
  this->low_rank(M, 3, 0.5);
  size_t bytes = 0;
  const auto refused = [&](const std::function<void(orthant_relu_nmd_config &)> &spoil) {
    auto c = this->config(M, 4, 0, 3);
    spoil(c);
    return Api<T>::relu_nmd_size(&c, &bytes);
  };
  EXPECT_EQ(refused([](auto &) {}), ORTHANT_OK);
  EXPECT_EQ(refused([](auto &c) { c.rank = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.rows = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.cols = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.size = 3; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.method = 9; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.method = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.start = 5; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.z_start = 3; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.history = 65; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.alpha = 1.5; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.beta = -0.5; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.lambda = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(refused([](auto &c) { c.rows = c.cols = INT32_MAX, c.rank = 32768, c.method = ORTHANT_RELU_NMD_TM; }),
            ORTHANT_E_ARG);
  EXPECT_EQ(Api<T>::relu_nmd_size(nullptr, &bytes), ORTHANT_E_ARG);

  for (const int32_t method : {0, ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_EM})
    for (const double alpha : {0.5, 1.0}) {
      auto chosen = this->config(M, 4, method, 3);
      chosen.alpha = alpha;
      Decomposition<T> e(M, chosen);
      const bool blocks = method == ORTHANT_RELU_NMD_TM || method == ORTHANT_RELU_NMD_3B;
      const bool lost = method == ORTHANT_RELU_NMD_QN || (blocks && alpha == 1);
      EXPECT_EQ(e.misprints(ORTHANT_MISPRINT_FIRST_Z), lost ? ORTHANT_E_UNSUPPORTED : ORTHANT_OK) << method;
      EXPECT_EQ(e.misprints(0), ORTHANT_OK);
      EXPECT_EQ(e.misprints(2), ORTHANT_E_ARG);
    }

  const auto c = this->config(M, 4, 0, 3);
  Decomposition<T> d(M, c);
  auto wrong = d.data();
  wrong.cols = 16;
  EXPECT_EQ(d.start(wrong), ORTHANT_E_ARG);
  wrong = d.data();
  wrong.ld = 11;
  EXPECT_EQ(d.start(wrong), ORTHANT_E_ARG);
  wrong = d.data();
  wrong.values = nullptr;
  EXPECT_EQ(d.start(wrong), ORTHANT_E_ARG);
  wrong = d.data();
  wrong.kind = ORTHANT_MASKED;
  EXPECT_EQ(d.start(wrong), ORTHANT_E_UNSUPPORTED);
  for (const double bad : {-1e-3, double(NAN), double(INFINITY), -double(INFINITY), double(std::numeric_limits<T>::max())})
    for (const int32_t method : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_EM}) {
      Matrix<T> spoiled(12, 17);
      this->low_rank(spoiled, 3, 0.5);
      spoiled(5, 3) = T(bad);
      Decomposition<T> e(spoiled, this->config(spoiled, 4, method, 3));
      EXPECT_EQ(e.start(), ORTHANT_E_DATA) << bad;
    }
  auto given = c;
  given.start = ORTHANT_RELU_START_GIVEN;
  Decomposition<T> e(M, given);  // its factors hold canaries, which are NaN
  EXPECT_EQ(e.start(), ORTHANT_E_DATA);
}

// What a large set takes: 50000 digits at rank 64 stay below 2.5 times the data, the default with the data and factors.
TYPED_TEST(ReluNmdTest, MemoryOfALargeSet) {
  using T = TypeParam;
  const double data = 784.0 * 50000 * sizeof(T), factors = (784.0 + 50000) * 64 * sizeof(T);
  orthant_parallel two{};
  two.size = sizeof two, two.workers = 2;
  two.run = [](void *, int32_t, orthant_task_fn, void *) {};
  orthant_relu_nmd_config c{};
  c.size = sizeof c, c.rows = 784, c.cols = 50000, c.rank = 64, c.parallel = &two;
  for (const int32_t method : {0, ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_TM, ORTHANT_RELU_NMD_3B}) {
    c.method = method;
    size_t bytes = 0;
    ASSERT_EQ(Api<T>::relu_nmd_size(&c, &bytes), ORTHANT_OK);
    const double times = (double(bytes) + (method == ORTHANT_RELU_NMD_QN ? data + factors : 0)) / data;
    printf("method %d: %.2f times the data, %.1f MB of workspace\n", method, times, double(bytes) / 1e6);
    EXPECT_LT(times, 2.5) << method;
  }
}

// No zeros at all, nothing but zeros, one row, one column, rank above both: finite, and no worse than the start.
TYPED_TEST(ReluNmdTest, OddShapesAndContents) {
  using T = TypeParam;
  struct Case { int32_t rows, cols, rank; double low; };
  for (const Case k : {Case{20, 30, 4, 0.2}, {20, 30, 4, -2}, {1, 40, 1, -0.5}, {40, 1, 3, -0.5}, {6, 9, 15, -0.5}, {1, 1, 1, 0.5}})
    for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method)
      for (int32_t start = ORTHANT_RELU_START_TSVD; start <= ORTHANT_RELU_START_RANDOM; ++start) {
        Matrix<T> M(k.rows, k.cols);
        Random random(9);
        M.each([&](int32_t, int32_t) { return std::max(0.0, k.low + uniform(random)); });
        auto c = this->config(M, k.rank, method, 30);
        c.start = start;
        Decomposition<T> d(M, c);
        ASSERT_EQ(d.start(), ORTHANT_OK);
        const orthant_report r = d.run();
        EXPECT_TRUE(std::isfinite(r.objective) && std::isfinite(r.rel_error)) << method << " " << start;
        const double size = norm(M);
        if (size > 0)  // of nothing but zeros the relative error is 0 by definition
          EXPECT_NEAR(r.rel_error * size, error_of(M, d.model()), 1000 * unit_roundoff<T> * (size + norm(d.model())));
        if (method <= ORTHANT_RELU_NMD_QN) EXPECT_LE(r.rel_error, 1 + 1e-6) << k.rows << " " << k.cols;
      }
}

// ---- truncated SVD

double wave(int32_t i, int32_t k, int32_t length) {
  return std::sqrt(2.0 / length) * std::cos(3.141592653589793 * (i + 0.5) * (k + 1) / length);
}

// X = sum_k value(k) p_k q_k', k below 20, with orthonormal cosines p_k and q_k: its singular values are known.
template <class T, class Value>
void of_values(Matrix<T> &X, const Value &value) {
  X.each([&](int32_t i, int32_t j) {
    double x = 0;
    for (int32_t k = 0; k < 20; ++k) x += value(k) * wave(i, k, X.rows()) * wave(j, k, X.cols());
    return x;
  });
}

TYPED_TEST(ReluNmdTest, TsvdFindsTheLeadingTriplets) {
  using T = TypeParam;
  const int32_t m = 60, n = 45, r = 5;
  Matrix<T> X(m, n), U(m, r), V(n, r), s(r, 1);
  of_values(X, [](int32_t k) { return std::ldexp(1.0, -k); });
  orthant_tsvd_config c{};
  c.size = sizeof c;
  c.rows = m, c.cols = n, c.rank = r;
  orthant_report r1 = empty_report();
  int32_t cold = 0;
  for (const int32_t warm : {0, 1}) {
    c.warm = warm;
    Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
    const auto data = view(X);
    ASSERT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), &r1), ORTHANT_OK);
    for (int32_t k = 0; k < r; ++k) {
      EXPECT_NEAR(double(s(k, 0)), std::ldexp(1.0, -k), 100 * unit_roundoff<T>) << warm;
      double along = 0;  // the k-th vectors up to their common sign; gaps between values are 1/32 at least
      for (int32_t i = 0; i < m; ++i) along += double(U(i, k)) * wave(i, k, m);
      EXPECT_NEAR(std::fabs(along), 1, 1e4 * unit_roundoff<T>);
      double both = 0;
      for (int32_t j = 0; j < n; ++j) both += double(V(j, k)) * wave(j, k, n);
      EXPECT_NEAR(both * along, 1, 1e4 * unit_roundoff<T>);
    }
    // |X|^2 - sum s^2 = 4^-5 (1 - 4^-15) / (1 - 1/4)
    EXPECT_NEAR(r1.rel_error, std::sqrt(std::ldexp(1.0, -10)), 1e-3);
    EXPECT_EQ(r1.stop, ORTHANT_STOP_KKT);
    if (!warm) cold = r1.iters;
    else EXPECT_LE(r1.iters, cold);
    EXPECT_TRUE(U.intact() && V.intact() && s.intact());
    X(0, 0) = X(0, 0);  // the same matrix again, warm
  }
}

// A warm start reads the span of V alone, whatever the scale of its columns, and the values of right vectors that are
// exact are exact after one step; zero columns and those that depend on others are drawn anew.
TYPED_TEST(ReluNmdTest, TsvdIsWarmFromVectorsOfAnyScale) {
  using T = TypeParam;
  const int32_t m = 50, n = 35, r = 4;
  Matrix<T> X(m, n), U(m, r), V(n, r), s(r, 1);
  of_values(X, [](int32_t k) { return (20 - k) / 20.0; });  // close to one another
  orthant_tsvd_config c{};
  c.size = sizeof c, c.rows = m, c.cols = n, c.rank = r, c.warm = 1, c.max_iter = 1;
  Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  const auto data = view(X);
  const int far = sizeof(T) == 4 ? 60 : 500;
  for (const int scale : {0, far, -far, 3}) {
    V.each([&](int32_t j, int32_t k) { return std::ldexp(wave(j, k, n), k % 2 ? scale : -scale); });
    ASSERT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr), ORTHANT_OK);
    for (int32_t k = 0; k < r; ++k) {
      EXPECT_NEAR(double(s(k, 0)), (20 - k) / 20.0, 100 * unit_roundoff<T>) << scale;
      double left = 0, right = 0;
      for (int32_t i = 0; i < m; ++i) left += double(U(i, k)) * wave(i, k, m);
      for (int32_t j = 0; j < n; ++j) right += double(V(j, k)) * wave(j, k, n);
      EXPECT_NEAR(left * right, 1, 1e3 * unit_roundoff<T>) << scale;
    }
  }
  V.each([&](int32_t j, int32_t k) { return k < 2 ? wave(j, 0, n) : 0; });
  c.max_iter = 0;
  Placed<typename Api<T>::Tsvd> whole(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  ASSERT_EQ(Api<T>::tsvd_run(whole.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr), ORTHANT_OK);
  for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(double(s(k, 0)), (20 - k) / 20.0, 1e-4);
}

// Values over all that the precision has: columns that are nearly dependent are made orthonormal all the same.
TYPED_TEST(ReluNmdTest, TsvdOfValuesOfManySizes) {
  using T = TypeParam;
  const int32_t m = 40, n = 30, r = 10;
  Matrix<T> X(m, n), U(m, r), V(n, r), s(r, 1);
  const double ratio = sizeof(T) == 4 ? 0.3 : 0.05;
  of_values(X, [=](int32_t k) { return std::pow(ratio, k); });
  orthant_tsvd_config c{};
  c.size = sizeof c, c.rows = m, c.cols = n, c.rank = r;
  Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  const auto data = view(X);
  ASSERT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr), ORTHANT_OK);
  for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(double(s(k, 0)), std::pow(ratio, k), 100 * unit_roundoff<T>) << k;
  for (const Matrix<T> *Q : {&U, &V}) EXPECT_LE(largest(transposed(*Q) * *Q - identity(r)), 200 * unit_roundoff<T>);
}

// Of a rank below the one asked for: the values beyond it are rounding, and U S V' is X.
TYPED_TEST(ReluNmdTest, TsvdOfALowerRank) {
  using T = TypeParam;
  const int32_t m = 60, n = 40, r = 6;
  Matrix<T> A(m, 3), B(3, n), X(m, n), U(m, r), V(n, r), s(r, 1);
  Random random(9);
  A.fill_normal(random), B.fill_normal(random);
  X.set(A * B);
  orthant_tsvd_config c{};
  c.size = sizeof c, c.rows = m, c.cols = n, c.rank = r;
  Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  const auto data = view(X);
  ASSERT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr), ORTHANT_OK);
  EXPECT_GT(double(s(2, 0)), 1);
  EXPECT_LE(double(s(3, 0)), 100 * unit_roundoff<T> * double(s(0, 0)));
  Matrix<double> US(U);
  US.each([&](int32_t i, int32_t k) { return double(U(i, k)) * double(s(k, 0)); });
  EXPECT_LE(norm(X - US * transposed(V)), 100 * unit_roundoff<T> * norm(X));
  for (const Matrix<T> *Q : {&U, &V}) {
    const Matrix<double> G = transposed(*Q) * *Q;
    for (int32_t k = 0; k < 3; ++k)
      for (int32_t l = 0; l < 3; ++l) EXPECT_NEAR(G(k, l), k == l, 100 * unit_roundoff<T>) << k << " " << l;
  }
}

// Where the rank is that of the whole space, one step has all there is, and is known to have it.
TYPED_TEST(ReluNmdTest, TsvdOfTheWholeSpaceEndsAtOnce) {
  using T = TypeParam;
  for (const int32_t m : {4, 5, 9}) {
    Matrix<T> X(m, 5), U(m, std::min(m, 5)), V(5, U.cols()), s(U.cols(), 1);
    Random random(6);
    X.fill_uniform(random);
    orthant_tsvd_config c{};
    c.size = sizeof c, c.rows = m, c.cols = 5, c.rank = U.cols(), c.max_iter = 9;
    const Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
    const auto data = view(X);
    orthant_report report = empty_report();
    ASSERT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), &report), ORTHANT_OK);
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT) << m;
    EXPECT_EQ(report.iters, 1) << m;
    Matrix<double> US(U);
    US.each([&](int32_t i, int32_t k) { return double(U(i, k)) * double(s(k, 0)); });
    EXPECT_LE(norm(X - US * transposed(V)), 100 * unit_roundoff<T> * norm(X)) << m;
  }
}

TYPED_TEST(ReluNmdTest, TsvdRefusesByName) {
  using T = TypeParam;
  orthant_tsvd_config c{};
  size_t bytes = 0;
  c.size = sizeof c;
  c.rows = 6, c.cols = 5, c.rank = 5;
  ASSERT_EQ(Api<T>::tsvd_size(&c, &bytes), ORTHANT_OK);
  Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
  Matrix<T> X(6, 5), U(6, 5), V(5, 5), s(5, 1);
  Random random(3);
  X.fill_uniform(random);
  auto data = view(X);
  const auto run = [&] {
    return Api<T>::tsvd_run(tsvd.get(), &data, U.data(), U.ld(), s.data(), V.data(), V.ld(), nullptr);
  };
  EXPECT_EQ(run(), ORTHANT_OK);
  X(2, 2) = T(NAN);
  const std::string before = U.bits() + V.bits() + s.bits();
  EXPECT_EQ(run(), ORTHANT_E_DATA);
  data.kind = ORTHANT_MASKED;
  EXPECT_EQ(run(), ORTHANT_E_UNSUPPORTED);
  data.kind = ORTHANT_DENSE, data.rows = 7;
  EXPECT_EQ(run(), ORTHANT_E_ARG);
  EXPECT_TRUE(before == U.bits() + V.bits() + s.bits());
  c.rank = 6;
  EXPECT_EQ(Api<T>::tsvd_size(&c, &bytes), ORTHANT_E_ARG);
  c.rank = 0;
  EXPECT_EQ(Api<T>::tsvd_size(&c, &bytes), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
