// Factorizations of small matrices through the public interface; runs on hosts and on bare metal.
#include <math.h>

#include "reference.hpp"

namespace orthant::test {
namespace {

// A job with its factors, guarded, in memory of just the size asked for.
template <class T>
class Factors {
 public:
  Guarded<T> W, H;

  Factors(const Guarded<T> &V, const orthant_nmf_config &c)
      : W(c.rows, c.rank, 2), H(c.rank, c.cols, 1), V_(V), memory_(bytes(c), 9, 0xEE) {
    EXPECT_EQ(Api<T>::nmf_init(&c, memory_.data(), memory_.bytes(), &handle_), ORTHANT_OK);
  }
  ~Factors() { EXPECT_TRUE(memory_.intact() && W.intact() && H.intact()); }

  static size_t bytes(const orthant_nmf_config &c) {
    size_t n = 0;
    EXPECT_EQ(Api<T>::nmf_size(&c, &n), ORTHANT_OK);
    return n;
  }
  void start() {
    const auto data = Api<T>::dense(V_.data(), V_.rows(), V_.cols(), V_.ld());
    ASSERT_EQ(Api<T>::nmf_start(handle_, &data, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_OK);
  }
  orthant_report run() {
    orthant_report r = empty_report();
    const auto data = Api<T>::dense(V_.data(), V_.rows(), V_.cols(), V_.ld());
    EXPECT_EQ(Api<T>::nmf_run(handle_, &data, W.data(), W.ld(), H.data(), H.ld(), &r), ORTHANT_OK);
    return r;
  }
  // 1/2 |V - W H|^2 in double.
  double objective() const {
    double sum = 0;
    for (int32_t j = 0; j < V_.cols(); ++j)
      for (int32_t i = 0; i < V_.rows(); ++i) {
        const double e = error(i, j);
        sum += 0.5 * e * e;
      }
    return sum;
  }
  double error(int32_t i, int32_t j) const {
    double e = double(V_(i, j));
    for (int32_t k = 0; k < W.cols(); ++k) e -= double(W(i, k)) * double(H(k, j));
    return e;
  }
  // What the header defines at orthant_nmf_run, times |V|.
  double kkt() const {
    double sum = 0;
    for (int32_t k = 0; k < W.cols(); ++k) {
      double w2 = 0, h2 = 0, pw = 0, ph = 0;
      for (int32_t i = 0; i < W.rows(); ++i) {
        double g = 0;
        for (int32_t j = 0; j < H.cols(); ++j) g -= error(i, j) * double(H(k, j));
        const double p = W(i, k) > T(0) || g < 0 ? g : 0;
        pw += p * p, w2 += double(W(i, k)) * double(W(i, k));
      }
      for (int32_t j = 0; j < H.cols(); ++j) {
        double g = 0;
        for (int32_t i = 0; i < W.rows(); ++i) g -= error(i, j) * double(W(i, k));
        const double p = H(k, j) > T(0) || g < 0 ? g : 0;
        ph += p * p, h2 += double(H(k, j)) * double(H(k, j));
      }
      sum += (h2 > 0 ? pw / h2 : 0) + (w2 > 0 ? ph / w2 : 0);
    }
    return sqrt(sum);
  }
  bool valid() const {
    for (int32_t k = 0; k < W.cols(); ++k) {
      for (int32_t i = 0; i < W.rows(); ++i)
        if (!(W(i, k) >= T(0)) || W(i, k) - W(i, k) != T(0)) return false;
      for (int32_t j = 0; j < H.cols(); ++j)
        if (!(H(k, j) >= T(0)) || H(k, j) - H(k, j) != T(0)) return false;
    }
    return true;
  }

 private:
  const Guarded<T> &V_;
  Arena memory_;
  typename Api<T>::Nmf *handle_ = nullptr;
};

template <class T>
orthant_nmf_config config(const Guarded<T> &V, int32_t rank, int32_t method, int32_t start, int32_t max_iter) {
  orthant_nmf_config c{};
  c.size = sizeof c;
  c.rows = V.rows(), c.cols = V.cols(), c.rank = rank;
  c.method = method, c.start = start, c.max_iter = max_iter;
  c.tol = -1;
  c.seed = 5;
  return c;
}

template <class T>
double norm2(const Guarded<T> &V) {
  double s = 0;
  for (int32_t j = 0; j < V.cols(); ++j)
    for (int32_t i = 0; i < V.rows(); ++i) s += double(V(i, j)) * double(V(i, j));
  return s;
}

constexpr int32_t methods[] = {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_AHALS, ORTHANT_NMF_ANLS,
                               ORTHANT_NMF_AOADMM, ORTHANT_NMF_PG, ORTHANT_NMF_MU};
constexpr int32_t starts[] = {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_SPA, ORTHANT_START_RANDOM,
                              ORTHANT_START_NNDSVD, ORTHANT_START_NNDSVDA, ORTHANT_START_NNDSVDAR};
constexpr bool descends(int32_t method) { return method != ORTHANT_NMF_EHALS && method != ORTHANT_NMF_AOADMM; }

std::string text(const char *what, int32_t method, int32_t start) {
  return std::string(what) + ", method " + std::to_string(method) + ", start " + std::to_string(start);
}

template <class T>
class NmfSmall : public testing::Test {
 protected:
  Random random{40};

  // What a run says of itself is what a plain computation finds, to rounding.
  static void expect_truth(const Guarded<T> &V, const Factors<T> &f, const orthant_report &r) {
    const double v2 = norm2(V), limit = 4 * rounding<T>(V.rows() + V.cols(), f.W.cols());
    EXPECT_TRUE(f.valid());
    EXPECT_NEAR(r.objective, f.objective(), limit * v2);
    EXPECT_TRUE(r.objective >= 0 && r.rel_error >= 0 && r.kkt >= 0);
    if (v2 > 0) {
      EXPECT_NEAR(r.rel_error * r.rel_error, 2 * f.objective() / v2, limit);
      EXPECT_NEAR(r.kkt, f.kkt() / sqrt(v2), 4 * limit);
    } else {
      EXPECT_EQ(r.rel_error, 0.0);
    }
  }
};
TYPED_TEST_SUITE(NmfSmall, Types, TypeNames);

TYPED_TEST(NmfSmall, EveryMethodFromEveryStart) {
  using T = TypeParam;
  Guarded<T> V(11, 14);
  V.fill_uniform(this->random);
  const double v2 = norm2(V);
  double mean = 0, constant = 0;  // the best matrix with all entries equal: every factorization does better
  for (int32_t j = 0; j < V.cols(); ++j)
    for (int32_t i = 0; i < V.rows(); ++i) mean += double(V(i, j)) / (11 * 14);
  constant = 0.5 * (v2 - 11 * 14 * mean * mean);
  for (int32_t start : starts)
    for (int32_t method : methods) {
      SCOPED_TRACE(text("11 x 14", method, start));
      Factors<T> f(V, config(V, 3, method, start, 25));
      f.start();
      EXPECT_TRUE(f.valid());
      const orthant_report r = f.run();
      EXPECT_EQ(r.iters, 25);
      EXPECT_EQ(r.stop, ORTHANT_STOP_ITERATIONS);
      this->expect_truth(V, f, r);
      EXPECT_LE(f.objective(), constant);
    }
}

// The gradient of a half step is known to rounding of sums of rows + cols products, and so is the descent it gives.
TYPED_TEST(NmfSmall, Descends) {
  using T = TypeParam;
  for (int32_t rank : {1, 4}) {
    Guarded<T> V(13, 17);
    V.fill_uniform(this->random);
    const double slack = rounding<T>(V.rows() + V.cols(), rank) * norm2(V);
    for (int32_t method : methods) {
      SCOPED_TRACE(text("13 x 17", method, ORTHANT_START_RANDOM));
      Factors<T> f(V, config(V, rank, method, ORTHANT_START_RANDOM, 1));
      f.start();
      const double first = f.objective();
      double before = first;
      for (int32_t i = 0; i < 40; ++i) {
        f.run();
        const double now = f.objective();
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
  Guarded<T> V(12, 19);
  V.fill_uniform(this->random);
  for (int32_t method : methods) {
    if (method == ORTHANT_NMF_EHALS) continue;  // ends each run with a half step that makes its report exact
    SCOPED_TRACE(text("12 x 19", method, ORTHANT_START_COLS));
    Factors<T> whole(V, config(V, 3, method, ORTHANT_START_COLS, 12));
    Factors<T> part(V, config(V, 3, method, ORTHANT_START_COLS, 4));
    whole.start();
    part.start();
    const orthant_report at_once = whole.run();
    part.run();
    part.run();
    const orthant_report in_parts = part.run();
    EXPECT_EQ(in_parts.iters, 12);
    EXPECT_TRUE(whole.W.bits() == part.W.bits() && whole.H.bits() == part.H.bits());
    EXPECT_EQ(at_once.objective, in_parts.objective);
    EXPECT_EQ(at_once.kkt, in_parts.kkt);
  }
  // Extrapolated HALS goes on from where it was, and no run makes it worse than rounding.
  Factors<T> f(V, config(V, 3, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 10));
  f.start();
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
  Guarded<T> V(9, 21, 0), shifted(9, 21, 5, 3);
  V.fill_uniform(this->random);
  shifted.each([&](int32_t i, int32_t j) { return V(i, j); });
  for (int32_t method : methods) {
    SCOPED_TRACE(text("9 x 21", method, ORTHANT_START_RANDOM));
    const orthant_nmf_config c = config(V, 4, method, ORTHANT_START_RANDOM, 6);
    Factors<T> a(V, c), b(shifted, c);
    a.start();
    b.start();
    a.run();
    b.run();
    EXPECT_TRUE(a.W.bits() == b.W.bits() && a.H.bits() == b.H.bits());
  }
}

// Columns of V hold W itself, as pure pixels do: successive projections find them, and the rest is least squares.
TYPED_TEST(NmfSmall, RecoversExactRank) {
  using T = TypeParam;
  const int32_t m = 15, n = 20, rank = 4;
  Guarded<T> pure(m, rank), V(m, n);
  well_conditioned(pure, this->random);
  V.each([&](int32_t i, int32_t j) {
    if (j % 5 == 2) return double(pure(i, j / 5));
    double v = 0;
    for (int32_t k = 0; k < rank; ++k) v += double(pure(i, k)) * (1 + (j * (k + 3)) % 7) / 28.0;
    return v;
  });
  const double exact = rounding<T>(m + n, rank);
  for (int32_t method : methods) {
    SCOPED_TRACE(text("15 x 20", method, ORTHANT_START_SPA));
    Factors<T> f(V, config(V, rank, method, ORTHANT_START_SPA, 200));
    f.start();
    const orthant_report r = f.run();
    this->expect_truth(V, f, r);
    // Multiplicative updates and single gradient steps approach an entry of zero slowly; extrapolation is steered by an
    // objective from products, which knows |V - W H|^2 to rounding of |V|^2 and no better.
    const bool slow = method == ORTHANT_NMF_MU || method == ORTHANT_NMF_PG;
    const double limit = slow ? 1e-3 : method == ORTHANT_NMF_EHALS ? sqrt(exact) : 4 * exact;
    EXPECT_LE(sqrt(2 * f.objective() / norm2(V)), limit);
  }
}

TYPED_TEST(NmfSmall, OneRowOrOneColumn) {
  using T = TypeParam;
  for (const bool row : {true, false}) {
    Guarded<T> V(row ? 1 : 16, row ? 16 : 1);
    V.fill_uniform(this->random);
    for (int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_RANDOM, ORTHANT_START_NNDSVD})
      for (int32_t method : methods) {
        SCOPED_TRACE(text(row ? "1 x 16" : "16 x 1", method, start));
        Factors<T> f(V, config(V, 1, method, start, 50));
        f.start();
        this->expect_truth(V, f, f.run());
        EXPECT_LE(sqrt(2 * f.objective() / norm2(V)), 4 * rounding<T>(17, 1));
      }
  }
}

TYPED_TEST(NmfSmall, RankAboveBothDimensions) {
  using T = TypeParam;
  Guarded<T> V(4, 6);
  V.fill_uniform(this->random);
  for (int32_t start : starts)
    for (int32_t method : methods) {
      SCOPED_TRACE(text("4 x 6, rank 9", method, start));
      Factors<T> f(V, config(V, 9, method, start, 30));
      f.start();
      EXPECT_TRUE(f.valid());
      this->expect_truth(V, f, f.run());
    }
}

TYPED_TEST(NmfSmall, ZeroMatrix) {
  using T = TypeParam;
  Guarded<T> V(5, 7);
  V.each([](int32_t, int32_t) { return 0; });
  for (int32_t start : starts)
    for (int32_t method : methods) {
      SCOPED_TRACE(text("zeros", method, start));
      Factors<T> f(V, config(V, 2, method, start, 10));
      f.start();
      const orthant_report r = f.run();
      EXPECT_TRUE(f.valid());
      EXPECT_EQ(r.rel_error, 0.0);
      EXPECT_EQ(r.kkt, 0.0);
      EXPECT_TRUE(r.objective >= 0 && r.objective - r.objective == 0);
    }
}

TYPED_TEST(NmfSmall, ZeroRowsAndColumns) {
  using T = TypeParam;
  Guarded<T> V(10, 12);
  V.each([&](int32_t i, int32_t j) { return i == 0 || i == 7 || j == 3 || j == 11 ? 0 : uniform(this->random); });
  const double v2 = norm2(V);
  for (int32_t start : starts)
    for (int32_t method : methods) {
      SCOPED_TRACE(text("zero rows and columns", method, start));
      Factors<T> f(V, config(V, 3, method, start, 60));
      f.start();
      const orthant_report r = f.run();
      this->expect_truth(V, f, r);
      double zeros = 0;  // what the model puts where there is nothing: gone but for the slow methods
      for (int32_t j = 0; j < V.cols(); ++j)
        for (int32_t i = 0; i < V.rows(); ++i)
          if (V(i, j) == T(0)) zeros += f.error(i, j) * f.error(i, j);
      EXPECT_LE(sqrt(zeros / v2), method == ORTHANT_NMF_PG || method == ORTHANT_NMF_MU ? 0.1 : 0.01);
    }
}

TYPED_TEST(NmfSmall, StopsAndReports) {
  using T = TypeParam;
  Guarded<T> V(10, 15);
  V.fill_uniform(this->random);
  for (int32_t method : methods) {
    SCOPED_TRACE(text("10 x 15", method, ORTHANT_START_COLS));
    orthant_nmf_config c = config(V, 2, method, ORTHANT_START_COLS, 4000);
    c.tol = 0.01;
    Factors<T> f(V, c);
    f.start();
    const orthant_report r = f.run();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(r.kkt, c.tol);
    this->expect_truth(V, f, r);
    c.max_iter = -1;  // the report only
    Factors<T> other(V, c);
    other.start();
    const std::string W = other.W.bits(), H = other.H.bits();
    if (method == ORTHANT_NMF_HALS) {
      this->expect_truth(V, other, other.run());
      EXPECT_TRUE(W == other.W.bits() && H == other.H.bits());
    }
  }
}

TYPED_TEST(NmfSmall, StaticSizeBoundsTheWorkspace) {
  using T = TypeParam;
  for (int32_t m : {1, 3, 16, 64, 198, 1000})
    for (int32_t n : {1, 5, 40, 100, 333, 2000})
      for (int32_t rank : {1, 2, 4, 10, 33, 60})
        for (int32_t method = 0; method <= ORTHANT_NMF_MU; ++method)
          for (int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN}) {
            orthant_nmf_config c{};
            c.size = sizeof c;
            c.rows = m, c.cols = n, c.rank = rank, c.method = method, c.start = start;
            const size_t bound =
                sizeof(T) == 4 ? ORTHANT_NMF_BYTES_F32(m, n, rank) : ORTHANT_NMF_BYTES_F64(m, n, rank);
            EXPECT_LE(Factors<T>::bytes(c), bound)
                << m << " x " << n << ", rank " << rank << ", method " << method << ", start " << start;
            for (c.loss = ORTHANT_LOSS_KL; method == ORTHANT_NMF_MU && c.loss <= ORTHANT_LOSS_IS; ++c.loss)
              EXPECT_LE(Factors<T>::bytes(c), bound)
                  << m << " x " << n << ", rank " << rank << ", loss " << c.loss << ", start " << start;
          }
}

}  // namespace
}  // namespace orthant::test
