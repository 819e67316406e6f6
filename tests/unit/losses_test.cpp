// Losses other than Frobenius, and minimum volume, through the public interface, against plain sums in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "kinds.hpp"
#include "nmf_run.hpp"
#include "reference.hpp"

namespace orthant::test {
namespace {

// D(V | P) for an exponent b.
template <class T>
double divergence(const Matrix<T> &V, const Matrix<double> &P, double b) {
  double sum = 0;
  V.visit([&](int32_t i, int32_t j) {
    const double v = double(V(i, j)), p = P(i, j);
    if (b == 1) sum += (v > 0 ? v * log(v / p) : 0) - v + p;
    else if (b == 0) sum += v / p - log(v / p) - 1;
    else sum += (pow(v, b) + (b - 1) * pow(p, b) - b * v * pow(p, b - 1)) / (b * (b - 1));
  });
  return sum;
}

template <class T>
struct Job {
  const Matrix<T> &V;
  Matrix<T> W, H;  // to begin with where they are given, and the iterate
  orthant_nmf_config c;

  Job(const Matrix<T> &data, int32_t rank, int32_t method, int32_t start)
      : V(data), W(V.rows(), rank), H(rank, V.cols()), c(nmf_config(rank, method, start, 0, 3)) {
    c.rows = V.rows(), c.cols = V.cols();
  }
  Job &beta(double b) {
    c.loss = b == 1 ? ORTHANT_LOSS_KL : b == 0 ? ORTHANT_LOSS_IS : ORTHANT_LOSS_BETA;
    c.beta = b;
    return *this;
  }
  Job &given(Random &random) {
    c.start = ORTHANT_START_GIVEN;
    W.fill_uniform(random, 0.1);
    H.fill_uniform(random, 0.1);
    return *this;
  }
  // From here on V is given as a sparse matrix.
  Job &sparse(int32_t kind) {
    nonzeros = test::sparse(V, kind, 3);
    by_nonzeros = true;
    return *this;
  }
  orthant_status begin() {
    solver = std::make_unique<NmfRun<T>>(by_nonzeros ? nonzeros.view() : view(V), c);
    if (solver->status() != ORTHANT_OK) return solver->status();
    solver->W.set(W), solver->H.set(H);
    const orthant_status status = solver->start();
    W.set(solver->W), H.set(solver->H);
    return status;
  }
  orthant_report run() {
    const orthant_report r = solver->run();
    W.set(solver->W), H.set(solver->H);
    return r;
  }
  double model(int32_t i, int32_t j) const {
    double p = 0;
    for (int32_t k = 0; k < W.cols(); ++k) p += double(W(i, k)) * double(H(k, j));
    return p;
  }
  double data_term() const {
    const double b = c.loss == ORTHANT_LOSS_BETA ? c.beta : 2.0 - c.loss;
    return divergence(V, W * H, b);
  }
  double objective() const {
    const auto penalty = [](const Matrix<T> &X, double l1, double l2) {
      double sum = 0;
      X.visit([&](int32_t i, int32_t j) { sum += double(X(i, j)); });
      return l1 * sum + l2 / 2 * norm2(X);
    };
    return data_term() + penalty(W, c.l1_w, c.l2_w) + penalty(H, c.l1_h, c.l2_h);
  }
  // As the header defines it for these losses.
  double kkt() const {
    const double b = c.loss == ORTHANT_LOSS_BETA ? c.beta : 2.0 - c.loss, floor = sizeof(T) == 4 ? 1e-12 : 1e-16;
    double sum = 0, scale = 0;
    for (int32_t j = 0; j < V.cols(); ++j)
      for (int32_t i = 0; i < V.rows(); ++i) scale += pow(model(i, j), 2 * b - 2);
    const auto slope = [&](int32_t i, int32_t j) {
      const double p = std::max(model(i, j), sizeof(T) == 4 ? 1e-30 : 1e-16);
      return pow(p, b - 2) * (p - double(V(i, j)));
    };
    const auto part = [&](double g, double x) { return g < 0 || x > floor ? g * g : 0; };
    for (int32_t k = 0; k < W.cols(); ++k) {
      double w2 = 0, h2 = 0, pw = 0, ph = 0;
      for (int32_t i = 0; i < V.rows(); ++i) {
        double g = c.l1_w + c.l2_w * double(W(i, k));
        for (int32_t j = 0; j < V.cols(); ++j) g += slope(i, j) * double(H(k, j));
        pw += part(g, double(W(i, k))), w2 += double(W(i, k)) * double(W(i, k));
      }
      for (int32_t j = 0; j < V.cols(); ++j) {
        double g = c.l1_h + c.l2_h * double(H(k, j));
        for (int32_t i = 0; i < V.rows(); ++i) g += slope(i, j) * double(W(i, k));
        ph += part(g, double(H(k, j))), h2 += double(H(k, j)) * double(H(k, j));
      }
      sum += (h2 > 0 ? pw / h2 : 0) + (w2 > 0 ? ph / w2 : 0);
    }
    return sqrt(sum / scale);
  }

  Sparse<T> nonzeros;
  bool by_nonzeros = false;
  std::unique_ptr<NmfRun<T>> solver;
};

constexpr double betas[] = {0, 0.5, 1, 1.5, 2, 2.5, 3, -1, 0.7};

template <class T>
class Losses : public testing::Test {
 protected:
  Random random{77};
  // Exact low rank times noise, some entries small, some columns dark.
  void fill(Matrix<T> &V, double zeros = 0) {
    Matrix<double> P(V.rows(), 3), Q(3, V.cols());
    for (Matrix<double> *X : {&P, &Q})
      X->each([&](int32_t, int32_t) { return uniform(random) < 0.3 ? 0.01 : uniform(random); });
    const Matrix<double> PQ = P * Q;
    V.each([&](int32_t i, int32_t j) {
      const double v = 0.02 + PQ(i, j);
      return uniform(random) < zeros ? 0 : v * (0.5 + uniform(random));
    });
  }
  // What rounding of the products and of the stored factors explains, relative to the sum of the terms' sizes.
  static double slack(const Job<T> &job) {
    const double b = job.c.loss == ORTHANT_LOSS_BETA ? job.c.beta : 2.0 - job.c.loss;
    double size = 0;  // a relative change e of p changes a term by at most about e p^(b-1) (v + p) and pow's own error
    const Matrix<double> P = job.W * job.H;
    P.visit([&](int32_t i, int32_t j) { size += pow(P(i, j), b - 1) * (double(job.V(i, j)) + P(i, j)); });
    size += job.objective() - job.data_term();
    const double terms = double(job.V.rows()) * job.V.cols();  // of the sum itself, in double on both sides
    return ((2 * job.W.cols() + 8) * unit_roundoff<T> + terms * unit_roundoff<double>) * size;
  }
};
TYPED_TEST_SUITE(Losses, Types, TypeNames);

TYPED_TEST(Losses, MultiplicativeUpdatesDescendForEveryBeta) {
  using T = TypeParam;
  for (const double beta : betas)
    for (int round = 0; round < 3; ++round) {
      SCOPED_TRACE(beta);
      Matrix<T> V(19 + 520 * (round == 2), 23);  // the last: several tiles of rows
      this->fill(V, beta > 0 ? 0.1 : 0);
      Job<T> job(V, 3 + round, ORTHANT_NMF_MU, 0);
      job.beta(beta).given(this->random);
      job.c.max_iter = 1;
      if (round == 1) job.c.l1_w = 0.05, job.c.l1_h = 0.02;
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      double before = job.objective();
      const double first = before;
      for (int i = 0; i < 30; ++i) {
        const orthant_report r = job.run();
        const double now = job.objective();
        EXPECT_LE(now, before + this->slack(job)) << "iteration " << i;
        EXPECT_NEAR(r.objective, now, this->slack(job));
        before = now;
      }
      EXPECT_LT(before, 0.9 * first);
      const double kkt = job.run().kkt;
      EXPECT_NEAR(kkt, job.kkt(), 300 * unit_roundoff<T>);
    }
}

// ---- multiplicative updates by their equations, in double

// x times (numerator / denominator)^gamma, gamma by beta; with l2 the root of l2 x^2 + d x = x n.
Matrix<double> multiplied(const Matrix<double> &X, const Matrix<double> &N, const Matrix<double> &D, double beta,
                          double l1, double l2) {
  const double gamma = beta < 1 ? 1 / (2 - beta) : beta > 2 ? 1 / (beta - 1) : 1;
  return Matrix<double>(X.rows(), X.cols()).each([&](int32_t i, int32_t k) {
    const double d = D(i, k) + l1, a = X(i, k) * N(i, k);
    const double x = l2 > 0 ? (sqrt(d * d + 4 * l2 * a) - d) / (2 * l2) : X(i, k) * pow(N(i, k) / d, gamma);
    return std::max(x, 1e-16);
  });
}
void multiplicative_step(const Matrix<double> &V, Matrix<double> &W, Matrix<double> &H, double beta,
                         const orthant_nmf_config &c) {
  const auto weighted = [&](bool numerator) {
    const Matrix<double> P = W * H;
    return Matrix<double>(V.rows(), V.cols()).each([&](int32_t i, int32_t j) {
      return numerator ? V(i, j) * pow(P(i, j), beta - 2) : pow(P(i, j), beta - 1);
    });
  };
  const Matrix<double> Ht = transposed(H);
  W = multiplied(W, weighted(true) * Ht, weighted(false) * Ht, beta, c.l1_w, c.l2_w);
  const Matrix<double> Wt = transposed(W);
  H = multiplied(H, Wt * weighted(true), Wt * weighted(false), beta, c.l1_h, c.l2_h);
}

// Several tiles of rows and chunks of columns, with penalties, and of KL in every way to give V.
TYPED_TEST(Losses, MultiplicativeIteratesAreThoseOfTheEquations) {
  using T = TypeParam;
  for (const double beta : betas)
    for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR}) {
      if (kind != ORTHANT_DENSE && beta != 1) continue;
      SCOPED_TRACE(beta);
      SCOPED_TRACE(kind);
      Matrix<T> V(kind == ORTHANT_DENSE ? 139 : 530, 150);
      this->fill(V, beta > 0 ? 0.2 : 0);
      Job<T> job(V, 3, ORTHANT_NMF_MU, 0);
      job.beta(beta).given(this->random);
      if (kind != ORTHANT_DENSE) job.sparse(kind);
      job.c.max_iter = 1;
      job.c.l1_w = 0.5, job.c.l1_h = 0.25;
      if (beta == 1) job.c.l2_w = 0.125, job.c.l2_h = 2;
      Matrix<double> W(job.W), H(job.H);
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      for (int t = 0; t < 3; ++t) {
        job.run();
        multiplicative_step(Matrix<double>(V), W, H, beta, job.c);
        EXPECT_LE(difference(job.W, W), 2e3 * unit_roundoff<T>) << t;
        EXPECT_LE(difference(job.H, H), 2e3 * unit_roundoff<T>) << t;
      }
    }
}

// From sampled columns: those of the Frobenius norm, with what is below a hundredth of the mean raised to it.
TYPED_TEST(Losses, StartsAreLifted) {
  using T = TypeParam;
  Matrix<T> V(19, 27);
  this->fill(V, 0.3);
  Job<T> job(V, 4, ORTHANT_NMF_MU, ORTHANT_START_COLS), plain(V, 4, ORTHANT_NMF_HALS, ORTHANT_START_COLS);
  job.beta(1);
  plain.c.max_iter = -1;
  ASSERT_EQ(job.begin(), ORTHANT_OK);
  ASSERT_EQ(plain.begin(), ORTHANT_OK);
  for (const bool of_h : {false, true}) {
    const Matrix<T> &before = of_h ? plain.H : plain.W, &after = of_h ? job.H : job.W;
    const double least = 0.01 * mean(before);
    int lifted = 0;
    before.visit([&](int32_t i, int32_t j) {
      EXPECT_NEAR(double(after(i, j)), std::max(double(before(i, j)), least), 8 * unit_roundoff<T> * least);
      lifted += double(before(i, j)) < least;
    });
    EXPECT_GT(lifted, 0);
  }
}

// KL with l1 and l2 on both sides, by every method.
TYPED_TEST(Losses, KlDescendsWithPenalties) {
  using T = TypeParam;
  for (const int32_t method : methods_of_loss(ORTHANT_LOSS_KL))
    for (int round = 0; round < 8; ++round) {
      SCOPED_TRACE(method_name(method));
      SCOPED_TRACE(round);
      Matrix<T> V(round % 2 ? 37 : 5, round % 3 ? 21 : 4);
      this->fill(V, 0.3 * (round % 4));
      Job<T> job(V, 1 + round % 5, method, 0);
      job.beta(1).given(this->random);
      if (job.W.cols() > 1 && round & 1) job.W(1, 0) = T(0), job.H(0, 1) = T(0);
      job.c.max_iter = 1;
      if (round & 2) job.c.l1_w = 0.3, job.c.l1_h = 0.2;
      if (round & 4) job.c.l2_w = 0.1, job.c.l2_h = 0.4;
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      double before = job.objective();
      for (int i = 0; i < 60; ++i) {
        const orthant_report r = job.run();
        const double now = job.objective();
        EXPECT_LE(now, before + this->slack(job)) << "iteration " << i;
        EXPECT_NEAR(r.objective, now, this->slack(job) + 1e-6 * unit_roundoff<T>);
        before = now;
      }
    }
}

// A model of zero under positive data: the objective is infinite, and one coordinate step makes it finite.
TYPED_TEST(Losses, CoordinateDescentLeavesZero) {
  using T = TypeParam;
  Matrix<T> V(11, 13);
  this->fill(V);
  Job<T> job(V, 1, ORTHANT_NMF_CCD, 0);
  job.beta(1).given(this->random);
  job.W(2, 0) = T(0), job.H(0, 3) = T(0);
  job.c.max_iter = 100;
  ASSERT_EQ(job.begin(), ORTHANT_OK);
  const double found = job.run().objective;
  // At rank one the minimum is known: the product of row sums and column sums over the sum.
  const Matrix<double> rows = V * Matrix<double>(13, 1).fill(1), cols = Matrix<double>(1, 11).fill(1) * V;
  const double best = divergence(V, 1 / (11 * 13 * mean(V)) * (rows * cols), 1);
  EXPECT_NEAR(found, best, this->slack(job));
}

TYPED_TEST(Losses, KlConservesColumnSums) {
  using T = TypeParam;
  Matrix<T> V(31, 26);
  this->fill(V, 0.2);
  Job<T> job(V, 4, ORTHANT_NMF_MU, 0);
  job.beta(1).given(this->random);
  job.c.max_iter = 1;
  ASSERT_EQ(job.begin(), ORTHANT_OK);
  for (int t = 0; t < 10; ++t) {
    job.run();
    for (int32_t j = 0; j < V.cols(); ++j) {
      double v = 0, p = 0;
      for (int32_t i = 0; i < V.rows(); ++i) v += double(V(i, j)), p += job.model(i, j);
      EXPECT_NEAR(p, v, (V.rows() + 4 * 4 + 16) * unit_roundoff<T> * v);
    }
  }
}

TYPED_TEST(Losses, BetaTwoIsFrobenius) {
  using T = TypeParam;
  Matrix<T> V(18, 25);
  this->fill(V, 0.2);
  Job<T> a(V, 3, ORTHANT_NMF_MU, 0), b(V, 3, ORTHANT_NMF_MU, 0);
  a.given(this->random);
  b.beta(2).given(this->random);
  b.W.set(a.W), b.H.set(a.H);
  a.c.max_iter = b.c.max_iter = 5;
  ASSERT_EQ(a.begin(), ORTHANT_OK);
  ASSERT_EQ(b.begin(), ORTHANT_OK);
  const orthant_report ra = a.run(), rb = b.run();
  const double limit = 10 * 43 * unit_roundoff<T>;  // ten half steps, each with sums of at most 25 + 18 terms
  for (int32_t k = 0; k < 3; ++k)
    for (int32_t i = 0; i < 18; ++i) EXPECT_NEAR(a.W(i, k), b.W(i, k), limit * double(a.W(i, k)));
  EXPECT_NEAR(ra.objective, rb.objective, limit * ra.objective / (ra.rel_error * ra.rel_error));
  EXPECT_NEAR(ra.rel_error, rb.rel_error, limit);
}

// KKT points: coordinate descent reaches them, the report knows it, and multiplicative updates stay there.
TYPED_TEST(Losses, KktGoesToZeroAtAStationaryPoint) {
  using T = TypeParam;
  for (const bool penalized : {false, true}) {
    Matrix<T> V(14, 17);
    this->fill(V, 0.2);
    Job<T> job(V, 3, ORTHANT_NMF_CCD, 0);
    job.beta(1).given(this->random);
    job.c.max_iter = 3000;
    job.c.tol = sizeof(T) == 4 ? 1e-5 : 1e-9;
    if (penalized) job.c.l1_h = 0.1, job.c.l2_w = 0.1, job.c.l2_h = 0.3;
    ASSERT_EQ(job.begin(), ORTHANT_OK);
    const orthant_report r = job.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(r.kkt, job.c.tol);
    EXPECT_NEAR(job.kkt(), r.kkt, 300 * unit_roundoff<T>);
    // A multiplicative step from there changes nothing but by that residual.
    Job<T> other(V, 3, ORTHANT_NMF_MU, ORTHANT_START_GIVEN);
    other.beta(1);
    other.c.l1_h = job.c.l1_h, other.c.l2_w = job.c.l2_w, other.c.l2_h = job.c.l2_h;
    other.c.max_iter = 1;
    other.W.set(job.W), other.H.set(job.H);
    ASSERT_EQ(other.begin(), ORTHANT_OK);
    other.run();
    EXPECT_NEAR(other.objective(), job.objective(), this->slack(job) + 1e-6 * job.objective());
    for (int32_t j = 0; j < 17; ++j)
      for (int32_t k = 0; k < 3; ++k) EXPECT_NEAR(other.H(k, j), job.H(k, j), 100 * job.c.tol);
  }
}

TYPED_TEST(Losses, KktDoesNotChangeWithTheScale) {
  using T = TypeParam;
  for (const double beta : {0.0, 1.0, 1.5, 3.0}) {
    SCOPED_TRACE(beta);
    Matrix<T> V(12, 15), twice(12, 15);
    this->fill(V);
    twice.each([&](int32_t i, int32_t j) { return 4 * V(i, j); });
    Job<T> a(V, 2, ORTHANT_NMF_MU, 0), b(twice, 2, ORTHANT_NMF_MU, 0);
    a.beta(beta).given(this->random);
    b.beta(beta).given(this->random);
    a.c.max_iter = b.c.max_iter = -1;
    b.W.each([&](int32_t i, int32_t k) { return a.W(i, k) * T(k ? 8 : 4); });  // component 1: W times 8, H halved
    b.H.each([&](int32_t k, int32_t j) { return a.H(k, j) * T(k ? 0.5 : 1); });
    ASSERT_EQ(a.begin(), ORTHANT_OK);
    ASSERT_EQ(b.begin(), ORTHANT_OK);
    const double x = a.run().kkt, y = b.run().kkt;
    EXPECT_GT(x, 0.01);
    EXPECT_NEAR(x, y, 100 * unit_roundoff<T> * x);
  }
}

TYPED_TEST(Losses, CoordinateDescentBeatsMultiplicativeUpdates) {
  using T = TypeParam;
  Matrix<T> V(40, 50);
  this->fill(V, 0.1);
  double f[2];
  for (int i = 0; i < 2; ++i) {
    Job<T> job(V, 4, i ? ORTHANT_NMF_CCD : ORTHANT_NMF_MU, ORTHANT_START_RANDOM);
    job.beta(1);
    job.c.max_iter = 50;
    ASSERT_EQ(job.begin(), ORTHANT_OK);
    f[i] = job.run().objective;
  }
  EXPECT_LT(f[1], f[0]);
}

// Sparse and dense data give the same iterates to rounding; reports too.  The wide set is cut into several chunks.
TYPED_TEST(Losses, SparseIsDense) {
  using T = TypeParam;
  for (const bool wide : {false, true})
    for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
      SCOPED_TRACE(kind);
      const int32_t m = wide ? 610 : 29, n = wide ? 530 : 23, rank = wide ? 19 : 4, iters = 6;
      Matrix<T> V(m, n);
      this->fill(V, 0.8);
      Job<T> dense(V, rank, ORTHANT_NMF_MU, 0), other(V, rank, ORTHANT_NMF_MU, 0);
      for (Job<T> *job : {&dense, &other}) {
        Random same(5);
        job->beta(1).given(same);
        job->c.max_iter = iters;
        job->c.l1_h = 0.01, job->c.l2_w = 0.02;
      }
      other.sparse(kind);
      ASSERT_EQ(dense.begin(), ORTHANT_OK);
      ASSERT_EQ(other.begin(), ORTHANT_OK);
      const orthant_report a = dense.run(), b = other.run();
      // Each half step sums at most m or n terms of one sign; ratios and two products add rank + 8 roundings.
      const double limit = 2 * iters * (std::max(m, n) + rank + 8) * unit_roundoff<T>;
      for (int32_t k = 0; k < rank; ++k) {
        for (int32_t i = 0; i < m; ++i) EXPECT_NEAR(dense.W(i, k), other.W(i, k), limit * double(dense.W(i, k)));
        for (int32_t j = 0; j < n; ++j) EXPECT_NEAR(dense.H(k, j), other.H(k, j), limit * double(dense.H(k, j)));
      }
      EXPECT_NEAR(b.objective, other.objective(), this->slack(other));
      EXPECT_NEAR(a.rel_error, b.rel_error, limit);
      EXPECT_NEAR(a.kkt, b.kkt, limit);
    }
}

TYPED_TEST(Losses, SparseStartsAndDescends) {
  using T = TypeParam;
  Matrix<T> V(33, 41);
  this->fill(V, 0.85);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR})
    for (const int32_t start : with_default(nmf_starts_from_data())) {
      // Zeros of NNDSVD stay, and with them terms of KL that are infinite.
      if (start == ORTHANT_START_NNDSVD) continue;
      Job<T> job(V, 3, 0, start);
      job.beta(1).sparse(kind);
      if (!start_takes(start, kind)) {
        EXPECT_EQ(job.begin(), ORTHANT_E_UNSUPPORTED) << start_name(start);
        continue;
      }
      SCOPED_TRACE(start_name(start));
      job.c.max_iter = 1;
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      double before = job.objective();
      for (int i = 0; i < 40; ++i) {
        job.run();
        const double now = job.objective();
        EXPECT_LE(now, before + this->slack(job));
        before = now;
      }
      Job<T> volume(V, 3, ORTHANT_NMF_MINVOL, 0);
      volume.sparse(kind);
      volume.c.max_iter = 20;
      ASSERT_EQ(volume.begin(), ORTHANT_OK);
      EXPECT_LT(volume.run().rel_error, 1);
      // Entries that occur twice make a column longer than it can be.
      std::fill(job.nonzeros.starts.begin() + 1, job.nonzeros.starts.end(), job.nonzeros.starts.back());
      EXPECT_EQ(job.begin(), ORTHANT_E_DATA);
    }
}

// W stays; H is the solution for it.
TYPED_TEST(Losses, FixedW) {
  using T = TypeParam;
  Matrix<T> V(20, 12);
  this->fill(V, 0.1);
  double found[3];
  int at = 0;
  for (const int32_t kind : {-1, ORTHANT_DENSE, ORTHANT_CSR}) {
    Job<T> job(V, 3, kind < 0 ? ORTHANT_NMF_CCD : ORTHANT_NMF_MU, 0);
    Random same(8);
    job.beta(1).given(same);
    if (kind > 0) job.sparse(kind);
    job.c.fixed_w = 1;
    job.c.max_iter = 3000;
    const std::string W = job.W.bits();
    ASSERT_EQ(job.begin(), ORTHANT_OK);
    const orthant_report r = job.run();
    EXPECT_TRUE(W == job.W.bits());
    found[at++] = r.objective;
    if (kind < 0) {
      EXPECT_LE(r.kkt, 100 * unit_roundoff<T>);
    }
  }
  EXPECT_NEAR(found[1], found[0], 1e-3 * found[0]);  // multiplicative updates are slow where entries go to zero
  EXPECT_NEAR(found[2], found[0], 1e-3 * found[0]);
}

TYPED_TEST(Losses, EveryStartIsUsable) {
  using T = TypeParam;
  Matrix<T> V(13, 16);
  this->fill(V);
  for (const double beta : {0.0, 1.0, 1.5})
    for (const int32_t start : nmf_starts_from_data()) {
      SCOPED_TRACE(start_name(start));
      Job<T> job(V, 3, 0, start);
      job.beta(beta);
      job.c.max_iter = 200;
      if (start == ORTHANT_START_SUB) {  // for the Frobenius norm alone
        EXPECT_EQ(job.begin(), ORTHANT_E_UNSUPPORTED);
        continue;
      }
      if (start > ORTHANT_START_SUB && !supported(job.c)) continue;
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      const orthant_report r = job.run();
      EXPECT_TRUE(std::isfinite(r.objective) && r.objective >= 0 && std::isfinite(r.kkt));
      if (start == ORTHANT_START_NNDSVD) continue;  // its zeros stay
      // The best constant matrix is worse.
      EXPECT_LT(r.objective, 0.5 * divergence(V, Matrix<double>(13, 16).fill(mean(V)), beta));
    }
}

TYPED_TEST(Losses, ResumesBitForBit) {
  using T = TypeParam;
  Matrix<T> V(15, 18);
  this->fill(V);
  for (const int32_t method : {ORTHANT_NMF_MU, ORTHANT_NMF_CCD, ORTHANT_NMF_MINVOL}) {
    Job<T> whole(V, 3, method, ORTHANT_START_SPA), part(V, 3, method, ORTHANT_START_SPA);
    for (Job<T> *job : {&whole, &part}) {
      if (method != ORTHANT_NMF_MINVOL) job->beta(1);
      job->c.max_iter = job == &whole ? 12 : 4;
      ASSERT_EQ(job->begin(), ORTHANT_OK);
    }
    whole.run();
    for (int i = 0; i < 3; ++i) part.run();
    EXPECT_TRUE(whole.W.bits() == part.W.bits() && whole.H.bits() == part.H.bits()) << method;
  }
}

// It begins at the factors that lie there, as after the start GIVEN.
TYPED_TEST(Losses, RunsWithoutAStart) {
  using T = TypeParam;
  Matrix<T> V(14, 11), W(14, 3), H(3, 11);
  for (Matrix<T> *x : {&V, &W, &H}) x->fill_uniform(this->random, 0.1);
  Matrix<T> bad(V);
  bad(3, 2) = T(-1);
  for (const int32_t loss : {ORTHANT_LOSS_KL, ORTHANT_LOSS_IS, ORTHANT_LOSS_BETA})
    for (const int32_t method : methods_of_loss(loss, loss == ORTHANT_LOSS_BETA ? 1.5 : 0)) {
      SCOPED_TRACE(loss_name(loss) + " " + method_name(method));
      auto c = nmf_config(3, method, ORTHANT_START_GIVEN, 4);
      c.loss = loss, c.beta = loss == ORTHANT_LOSS_BETA ? 1.5 : 0;
      NmfRun<T> started(V, c), at_once(V, c), refused(bad, c);
      for (NmfRun<T> *run : {&started, &at_once, &refused}) run->W.set(W), run->H.set(H);
      ASSERT_EQ(started.start(), ORTHANT_OK);
      started.run();
      EXPECT_EQ(at_once.run().iters, 4);
      EXPECT_TRUE(at_once.bits() == started.bits());
      EXPECT_EQ(refused.try_run(), ORTHANT_E_DATA);
    }
}

TYPED_TEST(Losses, RefusesByName) {
  using T = TypeParam;
  Matrix<T> V(9, 11);
  this->fill(V);
  const auto status = [&](const std::function<void(orthant_nmf_config &)> &change) {
    Job<T> job(V, 2, 0, 0);
    change(job.c);
    size_t bytes = 0;
    return Api<T>::nmf_size(&job.c, &bytes);
  };
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_KL; }), ORTHANT_OK);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_IS; }), ORTHANT_OK);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_IS, c.method = ORTHANT_NMF_CCD; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(status([](auto &c) { c.method = ORTHANT_NMF_CCD; }), ORTHANT_E_UNSUPPORTED);
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_MINVOL})
    EXPECT_EQ(status([&](auto &c) { c.loss = ORTHANT_LOSS_KL, c.method = method; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_KL, c.l1_h = 1, c.l2_w = 1; }), ORTHANT_OK);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_IS, c.l1_h = 1; }), ORTHANT_OK);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_IS, c.l2_h = 1; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_KL, c.ortho_h = 1; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(status([](auto &c) { c.method = ORTHANT_NMF_MINVOL, c.l1_h = 1; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(status([](auto &c) { c.method = ORTHANT_NMF_MINVOL, c.volume = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(status([](auto &c) { c.method = ORTHANT_NMF_MINVOL, c.delta = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(status([](auto &c) { c.loss = nmf_losses().back() + 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(status([](auto &c) { c.loss = ORTHANT_LOSS_BETA, c.beta = INFINITY; }), ORTHANT_E_ARG);
  // Itakura and Saito, and every beta <= 0, want V > 0.
  V(3, 4) = T(0);
  for (const double beta : {0.0, -1.0, 0.5, 1.0}) {
    Job<T> job(V, 2, 0, ORTHANT_START_RANDOM);
    job.beta(beta);
    EXPECT_EQ(job.begin(), beta > 0 ? ORTHANT_OK : ORTHANT_E_DATA) << beta;
  }
  for (const double bad : {double(NAN), double(INFINITY), -1.0})
    for (const double beta : {0.0, 1.0, 1.5})
      for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_GIVEN}) {
        V(3, 4) = T(bad);
        Job<T> job(V, 2, 0, start);
        job.beta(beta).given(this->random);
        job.c.start = start;
        EXPECT_EQ(job.begin(), ORTHANT_E_DATA);
      }
}

// Extremes of size, and any beta: finite factors, whatever the objective may be.
TYPED_TEST(Losses, ExtremeDataGivesFiniteFactors) {
  using T = TypeParam;
  for (const double scale : {1e-30, 1e-12, 1.0, 1e12})
    for (const double beta : {-40.0, -2.0, 0.0, 0.3, 1.0, 1.5, 7.0, 60.0})
      for (const int32_t method : {0, ORTHANT_NMF_MU}) {
        Matrix<T> V(8, 9);
        V.each([&](int32_t, int32_t) { return (beta > 0 && uniform(this->random) < 0.4 ? 0 : 0.01 + uniform(this->random)) * scale; });
        Job<T> job(V, 3, method, ORTHANT_START_COLS);
        job.beta(beta);
        job.c.max_iter = 20;
        const orthant_status st = job.begin();
        EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA);
        if (st != ORTHANT_OK) continue;
        job.run();
        EXPECT_TRUE(job.solver->valid()) << beta << " " << scale;
      }
}

// ---- Minimum volume -------------------------------------------------------------------------------------------------

// log det(W'W + delta I) by elimination.
template <class T>
double log_det(const Matrix<T> &W, double delta) {
  const int32_t r = W.cols();
  const Gram gram(W);
  std::vector<double> A = gram.G;
  double sum = 0;
  for (int32_t k = 0; k < r; ++k) A[size_t(k * r + k)] += delta;
  for (int32_t k = 0; k < r; ++k) {
    sum += log(A[size_t(k * r + k)]);
    for (int32_t i = k + 1; i < r; ++i) {
      const double t = A[size_t(i * r + k)] / A[size_t(k * r + k)];
      for (int32_t j = k; j < r; ++j) A[size_t(i * r + j)] -= t * A[size_t(k * r + j)];
    }
  }
  return sum;
}
template <class T>
double fit(const Job<T> &job) { return half_squares(job.V, job.W, job.H); }

TYPED_TEST(Losses, MinVolDescendsOnTheSimplex) {
  using T = TypeParam;
  for (const double volume : {0.1, 3.0}) {
    Matrix<T> V(21, 300);  // more than one block of rows in H'
    this->fill(V);
    Job<T> job(V, 3, ORTHANT_NMF_MINVOL, 0);
    job.c.max_iter = 1;
    job.c.volume = volume;
    ASSERT_EQ(job.begin(), ORTHANT_OK);
    // lambda from the start's own fit, as the header says.
    const double lambda = volume * 2 * fit(job) / fabs(log_det(job.W, 0.1));
    double before = fit(job) + lambda / 2 * log_det(job.W, 0.1);
    const double v2 = norm2(V);
    const double slack = rounding<T>(V.rows() + V.cols(), 3) * v2;
    const double first = before;
    for (int t = 0; t < 60; ++t) {
      const orthant_report r = job.run();
      const double now = fit(job) + lambda / 2 * log_det(job.W, 0.1);
      EXPECT_LE(now, before + slack) << "iteration " << t;
      EXPECT_NEAR(r.objective, now, slack);
      EXPECT_NEAR(r.rel_error, sqrt(2 * fit(job) / v2), sqrt(slack / v2));
      for (int32_t k = 0; k < 3; ++k) {
        double sum = 0;
        for (int32_t i = 0; i < V.rows(); ++i) {
          EXPECT_GE(job.W(i, k), T(0));
          sum += double(job.W(i, k));
        }
        EXPECT_NEAR(sum, 1, 21 * unit_roundoff<T>);
      }
      before = now;
    }
    EXPECT_LT(before, first - slack);
  }
}

// ---- minimum volume by its equations (algorithms.md), in double

// X, column by column the nearest of {x >= 0, 1'x = 1}: max(x - tau, 0), tau by the sorted entries.
void onto_simplex(Matrix<double> &X) {
  for (int32_t k = 0; k < X.cols(); ++k) {
    std::vector<double> x;
    for (int32_t i = 0; i < X.rows(); ++i) x.push_back(X(i, k));
    std::sort(x.rbegin(), x.rend());
    double sum = 0, tau = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      sum += x[i];
      const double level = (sum - 1) / double(i + 1);
      if (x[i] > level) tau = level;
    }
    for (int32_t i = 0; i < X.rows(); ++i) X(i, k) = std::max(X(i, k) - tau, 0.0);
  }
}

// The largest eigenvalue of a positive definite matrix, by powers of it.
double largest_eigenvalue(const Matrix<double> &A) {
  Matrix<double> x = Matrix<double>(A.rows(), 1).fill(1);
  for (int32_t i = 0; i < A.rows(); ++i) x(i, 0) += 0.1 * i;
  for (int t = 0; t < 3000; ++t) x = (1 / norm(A * x)) * (A * x);
  return dot(x, A * x);
}

struct MinVolReference {
  Matrix<double> V, W, H;
  double volume, delta;
  int32_t steps;
  double lambda = 0;
  int32_t undone = 0, stopped = 0;  // steps that would have risen; half steps that ended early

  Matrix<double> inverse_gram() const { return solve(transposed(W) * W, identity(W.cols()), delta); }
  void begin() {
    for (int32_t k = 0; k < W.cols(); ++k) {
      double sum = 0;
      for (int32_t i = 0; i < W.rows(); ++i) sum += W(i, k);
      for (int32_t i = 0; i < W.rows(); ++i) W(i, k) /= sum;
      for (int32_t j = 0; j < H.cols(); ++j) H(k, j) *= sum;
    }
    lambda = volume * norm2(V - W * H) / fabs(log_det(W, delta));
  }
  // X by fast gradient steps on 1/2 <X, X A> - <X, F>, until one is below 1e-6 of the first.
  Matrix<double> descend(const Matrix<double> &X, const Matrix<double> &A, const Matrix<double> &F, bool simplex) {
    const double most = largest_eigenvalue(A), least = 1 / largest_eigenvalue(solve(A, identity(A.rows())));
    const double beta = (1 - sqrt(least / most)) / (1 + sqrt(least / most));
    Matrix<double> now = X, before = X;
    double momentum = 0, first = 0;
    for (int32_t t = 0; t < steps; ++t) {
      const Matrix<double> ahead = now + momentum * (now - before);
      Matrix<double> next = ahead - (1 / most) * (ahead * A - F);
      if (simplex) onto_simplex(next);
      else next.each([&](int32_t i, int32_t k) { return std::max(next(i, k), 0.0); });
      const double moved = norm2(next - now);
      if (dot(next - now, 0.5 * ((next + now) * A) - F) > 0) {
        ++undone;
        if (momentum == 0) break;
        before = now;
        momentum = 0;
        continue;
      }
      before = now;
      now = next;
      momentum = beta;
      if (t == 0) first = moved;
      if (moved <= 1e-12 * first) {
        ++stopped;
        break;
      }
    }
    return now;
  }
  void step() {
    W = descend(W, H * transposed(H) + lambda * inverse_gram(), V * transposed(H), true);
    H = transposed(descend(transposed(H), transposed(W) * W, transposed(V) * W, false));
  }
  double kkt() const {
    const auto part = [](const Matrix<double> &X, const Matrix<double> &A, const Matrix<double> &F, bool simplex) {
      const Matrix<double> G = X * A - F;
      double sum = 0;
      for (int32_t k = 0; k < X.cols(); ++k) {
        double mean = 0, support = 0;
        for (int32_t i = 0; i < X.rows() && simplex; ++i)
          if (X(i, k) > 0) mean += G(i, k), support += 1;
        if (simplex) mean /= support;
        for (int32_t i = 0; i < X.rows(); ++i) {
          const double g = G(i, k) - mean;
          if (X(i, k) > 0 || g < 0) sum += g * g / A(k, k);
        }
      }
      return sum;
    };
    return sqrt((part(W, H * transposed(H) + lambda * inverse_gram(), V * transposed(H), true) +
                 part(transposed(H), transposed(W) * W, transposed(V) * W, false)) / norm2(V));
  }
};

// Shapes of one block of rows and of several, of V so wide that its products are cut; the inner steps as they are by
// default, and so many that they end early.
TYPED_TEST(Losses, MinVolFollowsItsEquations) {
  using T = TypeParam;
  if (sizeof(T) == 4) return;  // which step is undone, and which is the last, is decided by less than its rounding
  struct Case { int32_t m, n, r, steps; };
  int32_t undone = 0, stopped = 0;
  for (const Case k : {Case{23, 300, 3, 10}, {300, 31, 4, 10}, {9, 7000, 3, 10}, {17, 29, 4, 40}, {14, 40, 3, 400}}) {
    Matrix<T> V(k.m, k.n);
    this->fill(V);
    Job<T> job(V, k.r, ORTHANT_NMF_MINVOL, ORTHANT_START_GIVEN);
    job.given(this->random);
    job.c.volume = 0.7, job.c.delta = 0.2, job.c.max_iter = 1;
    job.c.sweeps = k.steps == 10 ? 0 : k.steps;
    MinVolReference reference{Matrix<double>(V), Matrix<double>(job.W), Matrix<double>(job.H), 0.7, 0.2, k.steps};
    ASSERT_EQ(job.begin(), ORTHANT_OK);
    reference.begin();
    for (int t = 1; t <= 3; ++t) {
      const orthant_report r = job.run();
      reference.step();
      EXPECT_LE(difference(job.W, reference.W), 1e-9) << k.m << " x " << k.n << ", iteration " << t;
      EXPECT_LE(difference(job.H, reference.H), 1e-9) << k.m << " x " << k.n << ", iteration " << t;
      EXPECT_NEAR(r.kkt, reference.kkt(), 1e-8 * reference.kkt()) << k.m << " x " << k.n << ", iteration " << t;
    }
    undone += reference.undone, stopped += reference.stopped;
  }
  EXPECT_GT(undone, 0);
  EXPECT_GT(stopped, 0);
}

TYPED_TEST(Losses, MinVolReachesAStationaryPoint) {
  using T = TypeParam;
  Matrix<T> V(12, 40);
  this->fill(V);
  Job<T> job(V, 3, ORTHANT_NMF_MINVOL, 0);
  job.c.max_iter = 3000;
  job.c.tol = sizeof(T) == 4 ? 1e-4 : 1e-7;
  ASSERT_EQ(job.begin(), ORTHANT_OK);
  const orthant_report r = job.run();
  EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
  EXPECT_LE(r.kkt, job.c.tol);
}

// No pure pixels: abundances stay below 0.85.  Plain NMF from the same start keeps the wider or narrower simplex that it
// happens upon; least volume finds the planted one.
TYPED_TEST(Losses, MinVolRecoversPlantedEndmembers) {
  using T = TypeParam;
  const int32_t m = 20, n = 400, r = 3;
  double mean[2] = {};
  for (int set = 0; set < 4; ++set) {
    Matrix<double> E(m, r);
    for (int32_t k = 0; k < r; ++k) {
      double sum = 0;
      for (int32_t i = 0; i < m; ++i) sum += E(i, k) = uniform(this->random);
      for (int32_t i = 0; i < m; ++i) E(i, k) /= sum;
    }
    Matrix<T> V(m, n);
    for (int32_t j = 0; j < n; ++j) {
      double a[3], sum = 2;
      while (true) {
        sum = 0;
        for (double &x : a) sum += x = -log(1 - uniform(this->random) + 1e-12);
        double top = 0;
        for (double &x : a) x /= sum, top = std::max(top, x);
        if (top < 0.85) break;
      }
      for (int32_t i = 0; i < m; ++i) {
        double v = 1e-4 * uniform(this->random);
        for (int32_t k = 0; k < r; ++k) v += E(i, k) * a[k];
        V(i, j) = T(v);
      }
    }
    for (int plain = 0; plain < 2; ++plain) {
      Job<T> job(V, r, plain ? ORTHANT_NMF_EHALS : ORTHANT_NMF_MINVOL, ORTHANT_START_SPA);
      job.c.max_iter = 2000;
      job.c.delta = 0.001;
      if (plain) job.c.delta = 0;
      ASSERT_EQ(job.begin(), ORTHANT_OK);
      job.run();
      for (int32_t k = 0; k < r; ++k) {  // the nearest estimate
        double best = 10;
        for (int32_t l = 0; l < r; ++l) {
          double ab = 0, aa = 0, bb = 0;
          for (int32_t i = 0; i < m; ++i) {
            const double a = E(i, k), b = double(job.W(i, l));
            ab += a * b, aa += a * a, bb += b * b;
          }
          best = std::min(best, acos(std::min(1.0, ab / sqrt(aa * bb))));
        }
        mean[plain] += best / (4 * r);
      }
    }
  }
  EXPECT_LT(mean[0], 0.5 * mean[1]) << "minimum volume " << mean[0] << ", plain " << mean[1];
}

}  // namespace
}  // namespace orthant::test
