// Factorizations of small matrices through the public interface; runs on hosts and on bare metal.
#include <math.h>

#include "nmf_run.hpp"
#include "reference.hpp"

namespace orthant::test {
namespace {

std::string text(const char *what, int32_t method, int32_t start) {
  return std::string(what) + ", " + method_name(method) + ", start " + start_name(start);
}

template <class T>
class NmfSmall : public testing::Test {
 protected:
  Random random{40};

  // What a run says of itself is what a plain computation finds, to rounding.
  static void expect_truth(const Matrix<T> &V, const NmfRun<T> &f, const orthant_report &r) {
    const double v2 = norm2(V), limit = 4 * rounding<T>(V.rows() + V.cols(), f.W.cols());
    EXPECT_TRUE(f.valid());
    EXPECT_NEAR(r.objective, half_squares(V, f.W, f.H), limit * v2);
    EXPECT_TRUE(r.objective >= 0 && r.rel_error >= 0 && r.kkt >= 0);
    if (v2 > 0) {
      EXPECT_NEAR(r.rel_error * r.rel_error, 2 * half_squares(V, f.W, f.H) / v2, limit);
      EXPECT_NEAR(r.kkt, frobenius_kkt(V, f.W, f.H), 4 * limit);
    } else {
      EXPECT_EQ(r.rel_error, 0.0);
    }
  }
};
TYPED_TEST_SUITE(NmfSmall, Types, TypeNames);

TYPED_TEST(NmfSmall, EveryMethodFromEveryStart) {
  using T = TypeParam;
  Matrix<T> V(11, 14);
  V.fill_uniform(this->random);
  const double v2 = norm2(V);
  // The best matrix with all entries equal: every factorization does better.
  const double constant = 0.5 * (v2 - 11 * 14 * mean(V) * mean(V));
  for (int32_t start : nmf_starts_from_data())
    for (int32_t method : half_step_methods()) {
      SCOPED_TRACE(text("11 x 14", method, start));
      NmfRun<T> f(V, nmf_config(3, method, start, 25));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      EXPECT_TRUE(f.valid());
      const orthant_report r = f.run();
      EXPECT_EQ(r.iters, 25);
      EXPECT_EQ(r.stop, ORTHANT_STOP_ITERATIONS);
      this->expect_truth(V, f, r);
      EXPECT_LE(half_squares(V, f.W, f.H), constant);
    }
}

// Without a number of sweeps PG takes 1 + (1 + (m n + m r) / (n r + n)) / 2 steps, as AHALS at most, and not above 10.
TYPED_TEST(NmfSmall, StepsOfProjectedGradient) {
  using T = TypeParam;
  struct Case { int32_t order, steps; };
  for (const Case k : {Case{20, 4}, {200, 10}}) {
    Matrix<T> V(k.order, k.order);
    V.fill_uniform(this->random);
    auto c = nmf_config(3, ORTHANT_NMF_PG, ORTHANT_START_COLS, 3);
    NmfRun<T> usual(V, c);
    c.sweeps = k.steps;
    NmfRun<T> same(V, c);
    c.sweeps = 1;
    NmfRun<T> once(V, c);
    for (NmfRun<T> *f : {&usual, &same, &once}) {
      ASSERT_EQ(f->start(), ORTHANT_OK);
      f->run();
    }
    EXPECT_TRUE(usual.W.bits() == same.W.bits() && usual.H.bits() == same.H.bits()) << k.order;
    EXPECT_FALSE(usual.W.bits() == once.W.bits()) << k.order;
  }
}

// The gradient of a half step is known to rounding of sums of rows + cols products, and so is the descent it gives.
TYPED_TEST(NmfSmall, Descends) {
  using T = TypeParam;
  for (int32_t rank : {1, 4}) {
    Matrix<T> V(13, 17);
    V.fill_uniform(this->random);
    const double slack = rounding<T>(V.rows() + V.cols(), rank) * norm2(V);
    for (int32_t method : half_step_methods()) {
      SCOPED_TRACE(text("13 x 17", method, ORTHANT_START_RANDOM));
      NmfRun<T> f(V, nmf_config(rank, method, ORTHANT_START_RANDOM, 1));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      const double first = half_squares(V, f.W, f.H);
      double before = first;
      for (int32_t i = 0; i < 40; ++i) {
        f.run();
        const double now = half_squares(V, f.W, f.H);
        if (descends(method)) {
          EXPECT_LE(now, before + slack) << " iteration " << i;
        }
        before = now;
      }
      EXPECT_LT(before, first);
    }
  }
}

TYPED_TEST(NmfSmall, ResumesBitForBit) {
  using T = TypeParam;
  Matrix<T> V(12, 19);
  V.fill_uniform(this->random);
  for (int32_t method : half_step_methods()) {
    if (method == ORTHANT_NMF_EHALS) continue;  // ends each run with a half step that makes its report exact
    SCOPED_TRACE(text("12 x 19", method, ORTHANT_START_COLS));
    NmfRun<T> whole(V, nmf_config(3, method, ORTHANT_START_COLS, 12));
    NmfRun<T> part(V, nmf_config(3, method, ORTHANT_START_COLS, 4));
    ASSERT_EQ(whole.start(), ORTHANT_OK);
    ASSERT_EQ(part.start(), ORTHANT_OK);
    const orthant_report at_once = whole.run();
    part.run();
    part.run();
    const orthant_report in_parts = part.run();
    EXPECT_EQ(in_parts.iters, 12);
    EXPECT_TRUE(whole.bits() == part.bits());
    EXPECT_EQ(at_once.objective, in_parts.objective);
    EXPECT_EQ(at_once.kkt, in_parts.kkt);
  }
  // Extrapolated HALS goes on from where it was, and no run makes it worse than rounding.
  NmfRun<T> f(V, nmf_config(3, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 10));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  double before = f.run().objective;
  for (int32_t i = 2; i <= 4; ++i) {
    const orthant_report r = f.run();
    EXPECT_EQ(r.iters, 10 * i);
    EXPECT_LE(r.objective, before + rounding<T>(31, 3) * norm2(V));
    before = r.objective;
  }
}

TYPED_TEST(NmfSmall, SameSeedSameBits) {
  using T = TypeParam;
  Matrix<T> V(9, 21, 0), shifted(9, 21, 5, 3);
  V.fill_uniform(this->random);
  shifted.set(V);
  for (int32_t method : half_step_methods()) {
    SCOPED_TRACE(text("9 x 21", method, ORTHANT_START_RANDOM));
    const orthant_nmf_config c = nmf_config(4, method, ORTHANT_START_RANDOM, 6);
    NmfRun<T> a(V, c), b(shifted, c);
    ASSERT_EQ(a.start(), ORTHANT_OK);
    ASSERT_EQ(b.start(), ORTHANT_OK);
    a.run();
    b.run();
    EXPECT_TRUE(a.bits() == b.bits());
  }
}

// Columns of V hold W itself, as pure pixels do: successive projections find them, and the rest is least squares.
TYPED_TEST(NmfSmall, RecoversExactRank) {
  using T = TypeParam;
  const int32_t m = 15, n = 20, rank = 4;
  Matrix<T> pure(m, rank), V(m, n);
  well_conditioned(pure, this->random);
  V.each([&](int32_t i, int32_t j) {
    if (j % 5 == 2) return double(pure(i, j / 5));
    double v = 0;
    for (int32_t k = 0; k < rank; ++k) v += double(pure(i, k)) * (1 + (j * (k + 3)) % 7) / 28.0;
    return v;
  });
  const double exact = rounding<T>(m + n, rank);
  for (int32_t method : half_step_methods()) {
    SCOPED_TRACE(text("15 x 20", method, ORTHANT_START_SPA));
    NmfRun<T> f(V, nmf_config(rank, method, ORTHANT_START_SPA, 200));
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const orthant_report r = f.run();
    this->expect_truth(V, f, r);
    // Multiplicative updates and single gradient steps approach an entry of zero slowly; extrapolation is steered by an
    // objective from products, which knows |V - W H|^2 to rounding of |V|^2 and no better.
    const bool slow = method == ORTHANT_NMF_MU || method == ORTHANT_NMF_PG;
    const double limit = slow ? 1e-3 : method == ORTHANT_NMF_EHALS ? sqrt(exact) : 4 * exact;
    EXPECT_LE(sqrt(2 * half_squares(V, f.W, f.H) / norm2(V)), limit);
  }
}

TYPED_TEST(NmfSmall, OneRowOrOneColumn) {
  using T = TypeParam;
  for (const bool row : {true, false}) {
    Matrix<T> V(row ? 1 : 16, row ? 16 : 1);
    V.fill_uniform(this->random);
    for (int32_t start : nmf_starts_from_data())
      for (int32_t method : half_step_methods()) {
        SCOPED_TRACE(text(row ? "1 x 16" : "16 x 1", method, start));
        NmfRun<T> f(V, nmf_config(1, method, start, 50));
        ASSERT_EQ(f.start(), ORTHANT_OK);
        this->expect_truth(V, f, f.run());
        EXPECT_LE(sqrt(2 * half_squares(V, f.W, f.H) / norm2(V)), 4 * rounding<T>(17, 1));
      }
  }
}

TYPED_TEST(NmfSmall, RankAboveBothDimensions) {
  using T = TypeParam;
  Matrix<T> V(4, 6);
  V.fill_uniform(this->random);
  for (int32_t start : nmf_starts_from_data())
    for (int32_t method : half_step_methods()) {
      SCOPED_TRACE(text("4 x 6, rank 9", method, start));
      NmfRun<T> f(V, nmf_config(9, method, start, 30));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      EXPECT_TRUE(f.valid());
      this->expect_truth(V, f, f.run());
    }
}

TYPED_TEST(NmfSmall, ZeroMatrix) {
  using T = TypeParam;
  Matrix<T> V(5, 7);
  V.fill(0);
  for (int32_t start : nmf_starts_from_data())
    for (int32_t method : half_step_methods()) {
      SCOPED_TRACE(text("zeros", method, start));
      NmfRun<T> f(V, nmf_config(2, method, start, 10));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      const orthant_report r = f.run();
      EXPECT_TRUE(f.valid());
      EXPECT_EQ(r.rel_error, 0.0);
      EXPECT_EQ(r.kkt, 0.0);
      EXPECT_TRUE(r.objective >= 0 && r.objective - r.objective == 0);
    }
}

TYPED_TEST(NmfSmall, ZeroRowsAndColumns) {
  using T = TypeParam;
  Matrix<T> V(10, 12);
  V.each([&](int32_t i, int32_t j) { return i == 0 || i == 7 || j == 3 || j == 11 ? 0 : uniform(this->random); });
  const double v2 = norm2(V);
  for (int32_t start : nmf_starts_from_data())
    for (int32_t method : half_step_methods()) {
      SCOPED_TRACE(text("zero rows and columns", method, start));
      NmfRun<T> f(V, nmf_config(3, method, start, 60));
      ASSERT_EQ(f.start(), ORTHANT_OK);
      const orthant_report r = f.run();
      this->expect_truth(V, f, r);
      // What the model puts where V is zero: gone but for the slow methods.
      const Matrix<double> model = f.W * f.H;
      double squares = 0;
      V.visit([&](int32_t i, int32_t j) { squares += V(i, j) == T(0) ? model(i, j) * model(i, j) : 0; });
      EXPECT_LE(sqrt(squares / v2), method == ORTHANT_NMF_PG || method == ORTHANT_NMF_MU ? 0.1 : 0.01);
    }
}

// A fixed W whose columns have norms far apart: the exact half step finds what it finds for columns of norm one.
TYPED_TEST(NmfSmall, FixedColumnsOfAnySize) {
  using T = TypeParam;
  const int32_t m = 24, r = 5, n = 20;
  for (const int32_t ratio : {3, 6, 8}) {  // powers of ten
    Matrix<T> even(m, r), W(m, r), V(m, n);
    well_conditioned(even, this->random);
    const auto size = [&](int32_t k) { return pow(10, ratio * (k * 3 % r - 2) / 4.); };
    W.each([&](int32_t i, int32_t k) { return size(k) * double(even(i, k)); });
    even.each([&](int32_t i, int32_t k) { return double(W(i, k)) / size(k); });
    pixels_of(even, V, this->random);
    orthant_nmf_config c = nmf_config(r, ORTHANT_NMF_ANLS, 0, 1);
    c.fixed_w = 1;
    NmfRun<T> f(V, c);
    f.W.each([&](int32_t i, int32_t k) { return double(W(i, k)); });
    ASSERT_EQ(f.start(), ORTHANT_OK);
    EXPECT_LE(f.run().kkt, 8 * rounding<T>(m, r));
    const Gram G(even);
    for (int32_t j = 0; j < n; ++j) {
      std::vector<double> best;
      brute_force(even, G, V, j, false, &best);
      for (int32_t k = 0; k < r; ++k)
        EXPECT_NEAR(double(f.H(k, j)) * size(k), best[size_t(k)], 16 * rounding<T>(m, r) * G.most / G.least)
            << "sizes 1e" << ratio << " apart";
    }
  }
}

TYPED_TEST(NmfSmall, StopsAndReports) {
  using T = TypeParam;
  Matrix<T> V(10, 15);
  V.fill_uniform(this->random);
  for (int32_t method : half_step_methods()) {
    SCOPED_TRACE(text("10 x 15", method, ORTHANT_START_COLS));
    orthant_nmf_config c = nmf_config(2, method, ORTHANT_START_COLS, 4000);
    c.tol = 0.01;
    NmfRun<T> f(V, c);
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const orthant_report r = f.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(r.kkt, c.tol);
    this->expect_truth(V, f, r);
    c.max_iter = -1;  // the report only
    NmfRun<T> other(V, c);
    ASSERT_EQ(other.start(), ORTHANT_OK);
    const std::string before = other.bits();
    if (method == ORTHANT_NMF_HALS) {
      this->expect_truth(V, other, other.run());
      EXPECT_TRUE(before == other.bits());
    }
  }
}

// Both signs of a singular pair are used and then corrected: far below the start that drops one of them.  Of rank one it is
// the truncated SVD itself, as NNDSVD is.
TYPED_TEST(NmfSmall, LowRankCorrectionLowersTheSvdStart) {
  using T = TypeParam;
  Matrix<T> A(40, 6), B(6, 30);
  A.fill_uniform(this->random);
  B.fill_uniform(this->random);
  Matrix<T> V(40, 30);
  for (int32_t j = 0; j < 30; ++j)
    for (int32_t i = 0; i < 40; ++i) {
      double sum = 0;
      for (int32_t k = 0; k < 6; ++k) sum += pow(double(A(i, k)), 4) * pow(double(B(k, j)), 4);
      V(i, j) = T(sum);
    }
  const auto error = [&](int32_t rank, int32_t start) {
    NmfRun<T> f(V, nmf_config(rank, ORTHANT_NMF_HALS, start, -1));
    EXPECT_EQ(f.start(), ORTHANT_OK);
    EXPECT_TRUE(f.valid());
    return f.run().rel_error;
  };
  EXPECT_NEAR(error(1, ORTHANT_START_NNSVDLRC), error(1, ORTHANT_START_NNDSVD), 1e-4);
  for (const int32_t rank : {4, 6, 9}) {
    EXPECT_LT(error(rank, ORTHANT_START_NNSVDLRC), 0.75 * error(rank, ORTHANT_START_NNDSVD)) << "rank " << rank;
    // Rank + 4 vectors hold all of a V of rank six.
    EXPECT_NEAR(error(rank, ORTHANT_START_ROUGH), error(rank, ORTHANT_START_NNDSVD), 1e-3) << "rank " << rank;
  }
}

// SPAS takes a hundred columns, of a rank beyond fifty twice as many: here all there are, and then it is SPA.
TYPED_TEST(NmfSmall, TheSampleOfColumnsGrowsWithTheRank) {
  using T = TypeParam;
  for (const int32_t rank : {40, 60}) {
    Matrix<T> V(70, rank == 40 ? 100 : 120);
    V.fill_uniform(this->random);
    NmfRun<T> sample(V, nmf_config(rank, ORTHANT_NMF_HALS, ORTHANT_START_SPAS, -1));
    NmfRun<T> all(V, nmf_config(rank, ORTHANT_NMF_HALS, ORTHANT_START_SPA, -1));
    ASSERT_EQ(sample.start(), ORTHANT_OK);
    ASSERT_EQ(all.start(), ORTHANT_OK);
    EXPECT_TRUE(sample.W == all.W) << rank;
  }
}

// Where a start gives only W, H comes from it by eight sweeps from 1 / rank.
TYPED_TEST(NmfSmall, StartsOfWAloneGoOnWithSweeps) {
  using T = TypeParam;
  Matrix<T> V(140, 60);
  V.fill_uniform(this->random);
  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_SPAS, ORTHANT_START_SUB}) {
    const int32_t r = 5;
    NmfRun<T> f(V, nmf_config(r, ORTHANT_NMF_HALS, start, -1));
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const Matrix<double> G = transposed(f.W) * f.W, F = transposed(f.W) * V;
    Matrix<double> H = Matrix<double>(r, V.cols()).fill(1.0 / r);
    for (int s = 0; s < 8; ++s)
      for (int32_t k = 0; k < r; ++k)
        for (int32_t j = 0; j < V.cols(); ++j) {
          double g = F(k, j);
          for (int32_t l = 0; l < r; ++l) g -= G(k, l) * H(l, j);
          H(k, j) = std::max(0.0, H(k, j) + g / G(k, k));
        }
    EXPECT_LE(difference(f.H, H), 1e3 * unit_roundoff<T>) << start_name(start);
  }
}

// Where all entries of V are equal all components are alike.  So they stay where W for all rows begins at the mean of W
// for the sampled rows; from any other number the first component alone would take what is missing.
TYPED_TEST(NmfSmall, CoarseToFineBeginsAtTheMeanOfTheSample) {
  using T = TypeParam;
  Matrix<T> V(120, 90);
  V.fill(3);
  NmfRun<T> f(V, nmf_config(4, ORTHANT_NMF_HALS, ORTHANT_START_SUB, -1));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  const double level = double(f.W(0, 0));
  EXPECT_GT(level, 0.1);
  f.W.visit([&](int32_t i, int32_t k) {
    EXPECT_NEAR(double(f.W(i, k)), level, 1e3 * unit_roundoff<T> * level) << i << " " << k;
  });
}

// The start by its equations, from the singular vectors of a V of rank three.
template <class T>
Matrix<double> low_rank_start(const Matrix<T> &V, const Matrix<T> &U, const std::vector<T> &values, const Matrix<T> &Q,
                              int32_t rank) {
  const int32_t p = U.cols();
  Matrix<double> Y(U), Z = transposed(Matrix<double>(Q));
  for (int32_t t = 0; t < p; ++t) {
    const double root = sqrt(double(values[size_t(t)]));
    for (int32_t i = 0; i < V.rows(); ++i) Y(i, t) *= root;
    for (int32_t j = 0; j < V.cols(); ++j) Z(t, j) *= root;
  }
  const auto part = [](double x, int32_t k) { return k == 0 ? fabs(x) : std::max(k % 2 ? x : -x, 0.0); };
  Matrix<double> W(V.rows(), rank), H(rank, V.cols());
  W.each([&](int32_t i, int32_t k) { return part(Y(i, (k + 1) / 2), k); });
  H.each([&](int32_t k, int32_t j) { return part(Z((k + 1) / 2, j), k); });
  const Matrix<double> X = Y * Z;
  const auto error = [&] { return norm(X - W * H); };
  W = (dot(X, W * H) / norm2(W * H)) * W;
  const auto sweeps = [&](const Matrix<double> &F, const Matrix<double> &G, Matrix<double> &x) {  // on the rows of x
    for (int s = 0; s < 10; ++s)
      for (int32_t k = 0; k < rank; ++k)
        for (int32_t i = 0; i < x.rows(); ++i) {
          double g = F(i, k);
          for (int32_t l = 0; l < rank; ++l) g -= x(i, l) * G(l, k);
          if (G(k, k) > 0) x(i, k) = std::max(0.0, x(i, k) + g / G(k, k));
        }
  };
  const double first = error();
  double before = first;
  for (int t = 0; t < 20; ++t) {
    sweeps(X * transposed(H), H * transposed(H), W);
    Matrix<double> Ht = transposed(H);
    sweeps(transposed(X) * W, transposed(W) * W, Ht);
    H = transposed(Ht);
    const double now = error();
    if (!(before - now >= 0.05 * first)) break;
    before = now;
  }
  return W;
}
TYPED_TEST(NmfSmall, LowRankCorrectionFollowsItsEquations) {
  using T = TypeParam;
  if (sizeof(T) == 4) return;  // of the factor between W and H the corrections leave less than its rounding
  const int32_t m = 20, n = 16, rank = 5, p = 3;
  Matrix<T> A(m, p), B(p, n), V(m, n);
  A.fill_uniform(this->random);
  B.fill_uniform(this->random);
  V.set(A * B);
  orthant_tsvd_config svd{};
  svd.size = sizeof svd, svd.rows = m, svd.cols = n, svd.rank = p, svd.max_iter = 500, svd.tol = -1;
  const Placed<typename Api<T>::Tsvd> placed(Api<T>::tsvd_size, Api<T>::tsvd_init, svd);
  Matrix<T> U(m, p), Q(n, p);
  std::vector<T> values{T(0), T(0), T(0)};
  const auto data = view(V);
  ASSERT_EQ(Api<T>::tsvd_run(placed.get(), &data, U.data(), U.ld(), values.data(), Q.data(), Q.ld(), nullptr),
            ORTHANT_OK);
  NmfRun<T> f(V, nmf_config(rank, ORTHANT_NMF_HALS, ORTHANT_START_NNSVDLRC, -1));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  // The sign of a singular pair says only which of two components comes first.
  double least = HUGE_VAL;
  for (int flips = 0; flips < 4; ++flips) {
    Matrix<T> u(U), q(Q);
    for (int32_t t = 1; t < p; ++t) {
      if (!(flips >> (t - 1) & 1)) continue;
      for (int32_t i = 0; i < m; ++i) u(i, t) = -u(i, t);
      for (int32_t j = 0; j < n; ++j) q(j, t) = -q(j, t);
    }
    least = std::min(least, difference(f.W, low_rank_start(V, u, values, q, rank)));
  }
  EXPECT_LE(least, 1e-11);
}

TYPED_TEST(NmfSmall, StaticSizeBoundsTheWorkspace) {
  using T = TypeParam;
  for (int64_t m : {1, 3, 16, 64, 198, 1000, 70000})
    for (int64_t n : {1, 5, 40, 100, 333, 2000, 300000})
      for (int32_t rank : {1, 2, 4, 10, 33, 60})
        for (int32_t method : with_default(half_step_methods()))
          for (int32_t start : {0, ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN}) {
            if (start == 0 && m * n >= 80000) continue;
            orthant_nmf_config c = nmf_config(rank, method, start, 0);
            c.rows = int32_t(m), c.cols = int32_t(n);
            const size_t bound =
                sizeof(T) == 4 ? ORTHANT_NMF_BYTES_F32(m, n, rank) : ORTHANT_NMF_BYTES_F64(m, n, rank);
            const auto expect_bounded = [&] {
              size_t bytes = 0;
              EXPECT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
              EXPECT_LE(bytes, bound) << m << " x " << n << ", rank " << rank << ", " << method_name(method)
                                      << ", loss " << loss_name(c.loss) << ", start " << start_name(start);
            };
            expect_bounded();
            for (c.loss = ORTHANT_LOSS_KL; method == ORTHANT_NMF_MU && c.loss <= ORTHANT_LOSS_IS; ++c.loss)
              expect_bounded();
          }
}

}  // namespace
}  // namespace orthant::test
