// NMF of data that are sparse, masked or weighted, and with penalties: the same iterates as of the dense matrix, honest
// objectives, descent, and refusal of what does not fit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "kinds.hpp"
#include "nmf_run.hpp"
#include "reference.hpp"
#include "shuffle_pool.hpp"

namespace orthant::test {
namespace {

template <class T>
EveryKind<T> random_data(int32_t m, int32_t n, double zeros, uint64_t seed) {
  Random random(seed);
  Matrix<T> V(m, n);
  V.each([&](int32_t, int32_t) { return uniform(random) < zeros ? 0 : 0.05 + uniform(random); });
  return EveryKind<T>(V, 7);
}

// Exact rank, a little noise.
template <class T>
EveryKind<T> low_rank(int32_t m, int32_t n, int32_t r, uint64_t seed) {
  Random random(seed);
  Matrix<double> P(m, r), Q(r, n);
  P.fill_uniform(random);
  Q.fill_uniform(random);
  const Matrix<double> PQ = P * Q;
  Matrix<T> V(m, n);
  V.each([&](int32_t i, int32_t j) { return 0.001 * uniform(random) + PQ(i, j); });
  return EveryKind<T>(V);
}

template <class T>
struct Result {
  orthant_status status = ORTHANT_OK;
  Matrix<T> W, H;
  orthant_report report{};
};

// One start and `calls` runs from it; objective: after each run.
template <class T>
Result<T> factor(const typename Api<T>::Matrix &V, const orthant_nmf_config &c, int calls = 1,
                 std::vector<double> *objective = nullptr, const Result<T> *from = nullptr) {
  NmfRun<T> f(V, c);
  f.W.fill(0), f.H.fill(0);
  if (from) f.W.set(from->W), f.H.set(from->H);
  orthant_status status = f.status();
  if (status == ORTHANT_OK) status = f.start();
  for (int i = 0; i < calls && status == ORTHANT_OK; ++i) {
    status = f.try_run();
    if (objective) objective->push_back(f.report.objective);
  }
  return {status, f.W, f.H, f.report};
}

orthant_nmf_config config(int32_t rank, int32_t method, int32_t iters, int32_t start = ORTHANT_START_COLS) {
  return nmf_config(rank, method, start, iters);
}

template <class T>
class DataKinds : public testing::Test {};
TYPED_TEST_SUITE(DataKinds, Types, TypeNames);

// An iterate is a smooth function of the products but for the sign of a clipped entry; the errors of a product of length
// n are n eps, amplified by the condition of the Gram matrices, which for random data of this size is below 1e3.
TYPED_TEST(DataKinds, SparseGivesTheIteratesOfDense) {
  using T = TypeParam;
  for (const auto &[m, n, r] : {std::array<int32_t, 3>{40, 60, 5}, {300, 70, 3}, {7, 900, 2}, {33, 20, 17}}) {
    const EveryKind<T> d = random_data<T>(m, n, 0.8, uint64_t(m));
    for (const int32_t method : half_step_methods())
      for (const int32_t start : nmf_starts_from_data()) {
        auto c = config(r, method, 3, start);
        if (method == ORTHANT_NMF_EHALS) c.sweeps = 4;  // by its rule dense V has more
        const Result<T> dense = factor<T>(d.view(ORTHANT_DENSE), c);
        ASSERT_EQ(dense.status, ORTHANT_OK);
        for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
          const Result<T> sparse = factor<T>(d.view(kind), c);
          if (!start_takes(start, kind)) {
            EXPECT_EQ(sparse.status, ORTHANT_E_UNSUPPORTED);
            continue;
          }
          ASSERT_EQ(sparse.status, ORTHANT_OK);
          const bool by_svd = start_name(start).compare(0, 6, "nndsvd") == 0 || start == ORTHANT_START_ROUGH;
          const double tolerance = 1e3 * (m + n) * eps<T> * (by_svd ? 100 : 1);
          SCOPED_TRACE(method_name(method) + ", start " + start_name(start) + ", rows " + std::to_string(m));
          EXPECT_LE(difference(sparse.W, dense.W), tolerance);
          EXPECT_LE(difference(sparse.H, dense.H), tolerance);
          EXPECT_NEAR(sparse.report.objective, dense.report.objective, tolerance * dense.report.objective);
          EXPECT_NEAR(sparse.report.kkt, dense.report.kkt, tolerance);
        }
      }
  }
}

// Data so large that what scatters is cut into groups and blocks, as SciPy writes them and in any order.
TYPED_TEST(DataKinds, WorkersDoNotChangeTheBitsOfSparse) {
  using T = TypeParam;
  Random random(29);
  Matrix<T> V(260, 420);
  V.each([&](int32_t i, int32_t j) { return (i * 7 + j * 3) % 5 < 3 ? 0.1 + uniform(random) : 0; });
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR})
    for (const uint64_t shuffled : {0, 3})
      for (const auto &[method, loss] : {std::pair{ORTHANT_NMF_HALS, 0}, {ORTHANT_NMF_EHALS, 0},
                                         {ORTHANT_NMF_MU, ORTHANT_LOSS_KL}}) {
        SCOPED_TRACE(method_name(method) + (kind == ORTHANT_CSR ? " CSR" : " CSC") + (shuffled ? ", shuffled" : ""));
        const Sparse<T> data = sparse(V, kind, shuffled);
        std::string expected;
        for (const int32_t workers : {1, 2, 3, 7, 64}) {
          ShufflePool pool(workers, false, uint64_t(workers));
          auto c = config(4, method, 3, ORTHANT_START_COLS);
          c.loss = loss;
          c.parallel = pool.parallel();
          NmfRun<T> run(data.view(), c);
          ASSERT_EQ(run.start(), ORTHANT_OK);
          const orthant_report r = run.run();
          const double numbers[] = {r.objective, r.rel_error, r.kkt};
          const std::string bits = run.bits() + std::string(reinterpret_cast<const char *>(numbers), sizeof numbers);
          if (workers == 1) expected = bits;
          EXPECT_TRUE(bits == expected) << workers << " workers";
        }
      }
}

// Long runs of sparse data begin with the rough SVD, short ones with columns; four sweeps in both.
TYPED_TEST(DataKinds, TheDefaultOfSparse) {
  using T = TypeParam;
  const EveryKind<T> d = random_data<T>(40, 60, 0.8, 3);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR})
    for (const auto &[iterations, start] :
         {std::pair<int32_t, int32_t>{60, ORTHANT_START_ROUGH}, {20, ORTHANT_START_COLS}}) {
      const Result<T> chosen = factor<T>(d.view(kind), config(5, ORTHANT_NMF_EHALS, iterations, 0));
      auto c = config(5, ORTHANT_NMF_EHALS, iterations, start);
      c.sweeps = 4;
      const Result<T> named = factor<T>(d.view(kind), c);
      EXPECT_TRUE(chosen.W == named.W && chosen.H == named.H) << iterations << " iterations";
    }
}

// Of a residual that is rounding the terms of the objective cancel: what is left of them is no less than zero.
TYPED_TEST(DataKinds, ObjectivesOfSparseAreNotNegative) {
  using T = TypeParam;
  int above = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    Matrix<T> W(20, 2), H(2, 15), V(20, 15);
    for (Matrix<T> *x : {&W, &H}) x->each([&](int32_t, int32_t) { return std::max(0.0, uniform(random) - 0.3); });
    V.set(W * H);
    const EveryKind<T> data(V);
    NmfRun<T> f(data.view(ORTHANT_CSC), nmf_config(2, ORTHANT_NMF_ANLS, ORTHANT_START_GIVEN, 1));
    f.W.set(W), f.H.set(H);
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const double objective = f.run().objective;
    EXPECT_GE(objective, 0);
    EXPECT_LE(objective, 1e3 * eps<T> * norm2(V));
    above += objective > 0;
  }
  EXPECT_GT(above, 0);  // what is above zero is kept
}

TYPED_TEST(DataKinds, EmptySparseMatrixGivesZero) {
  using T = TypeParam;
  const EveryKind<T> d = random_data<T>(6, 9, 1.1, 1);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
    const Result<T> f = factor<T>(d.view(kind), config(3, 0, 10));
    ASSERT_EQ(f.status, ORTHANT_OK);
    EXPECT_EQ(largest(f.W * f.H), 0.0);
    EXPECT_EQ(f.report.objective, 0.0);
  }
}

TYPED_TEST(DataKinds, MaskedWithoutMissingEntriesIsDense) {
  using T = TypeParam;
  EveryKind<T> d = random_data<T>(50, 70, 0.3, 3);
  for (const int32_t method : half_step_methods())
    for (const bool weighted : {false, true}) {
      d.weights = weighted ? Matrix<T>(50, 70).fill(1) : Matrix<T>(0, 0);
      const auto c = config(4, method, 12);
      const Result<T> dense = factor<T>(d.view(ORTHANT_DENSE), c), masked = factor<T>(d.view(ORTHANT_MASKED), c);
      ASSERT_EQ(masked.status, ORTHANT_OK);
      EXPECT_TRUE(masked.W == dense.W) << method_name(method);
      EXPECT_TRUE(masked.H == dense.H) << method_name(method);
      EXPECT_NEAR(masked.report.objective, dense.report.objective, 1e4 * eps<T> * dense.report.objective);
      EXPECT_NEAR(masked.report.kkt, dense.report.kkt, 1e3 * eps<T> + 1e-3 * dense.report.kkt);
    }
}

// sum of weights (V - W H)^2 / 2 over what is not missing.
template <class T>
double weighted_objective(const EveryKind<T> &d, const Result<T> &f) {
  const Matrix<double> R = d.dense - f.W * f.H;
  double sum = 0;
  R.visit([&](int32_t i, int32_t j) {
    const double weight = d.weights.cols() == 0 ? 1 : double(d.weights(i, j));
    if (!std::isnan(d.dense(i, j))) sum += weight * R(i, j) * R(i, j);
  });
  return sum / 2;
}

template <class T>
EveryKind<T> with_holes(EveryKind<T> d, double share, uint64_t seed, bool weighted) {
  Random random(seed);
  if (weighted) d.weights = Matrix<T>(d.dense.rows(), d.dense.cols(), 1).fill(1);
  int32_t entry = -1;
  d.dense.visit([&](int32_t i, int32_t j) {
    ++entry;
    if (uniform(random) < share) {
      if (weighted && entry % 2) d.weights(i, j) = T(0), d.dense(i, j) = T(1e30);  // as missing as a NaN
      else d.dense(i, j) = std::numeric_limits<T>::quiet_NaN();
    } else if (weighted) {
      d.weights(i, j) = T(0.1 + 0.9 * uniform(random));
    }
  });
  return d;
}

TYPED_TEST(DataKinds, MaskedDescendsAndReportsTheWeightedObjective) {
  using T = TypeParam;
  for (const bool weighted : {false, true}) {
    const EveryKind<T> d = with_holes(random_data<T>(40, 55, 0.2, 8), 0.3, 9, weighted);
    for (const int32_t method : descending_half_step_methods()) {
      std::vector<double> objective;
      const Result<T> f = factor<T>(d.view(ORTHANT_MASKED), config(4, method, 1), 60, &objective);
      ASSERT_EQ(f.status, ORTHANT_OK);
      for (size_t i = 1; i < objective.size(); ++i)
        EXPECT_LE(objective[i], objective[i - 1] * (1 + 100 * eps<T>)) << method << " run " << i;
      EXPECT_NEAR(f.report.objective, weighted_objective(d, f), 1e3 * eps<T> * objective[0]);
    }
    const Result<T> fast = factor<T>(d.view(ORTHANT_MASKED), config(4, ORTHANT_NMF_EHALS, 2000));
    EXPECT_NEAR(fast.report.objective, weighted_objective(d, fast), 1e3 * eps<T> * fast.report.objective);
    const Result<T> slow = factor<T>(d.view(ORTHANT_MASKED), config(4, ORTHANT_NMF_ANLS, 6000));
    EXPECT_LE(slow.report.kkt, sizeof(T) == 4 ? 1e-4 : 1e-6);
  }
}

TYPED_TEST(DataKinds, HiddenEntriesAreRecovered) {
  using T = TypeParam;
  const EveryKind<T> whole = low_rank<T>(60, 80, 3, 21), holes = with_holes(whole, 0.3, 22, false);
  const Result<T> f = factor<T>(holes.view(ORTHANT_MASKED), config(3, 0, 3000));
  ASSERT_EQ(f.status, ORTHANT_OK);
  const Matrix<double> model = f.W * f.H;
  double error = 0, size = 0;
  model.visit([&](int32_t i, int32_t j) {
    if (!std::isnan(holes.dense(i, j))) return;
    error += pow(double(whole.dense(i, j)) - model(i, j), 2);
    size += pow(double(whole.dense(i, j)), 2);
  });
  EXPECT_LT(sqrt(error / size), 0.01);  // noise 0.001 on a mean of 3/4; filling with zeros leaves 0.3
}

// ---- penalties ----

struct Penalties { double l1_w, l1_h, l2_w, l2_h, ortho_w, ortho_h; };

// Of the columns of X: W', or H.
double penalty(const Matrix<double> &X, double l1, double l2, double ortho) {
  double sum = 0;
  X.visit([&](int32_t k, int32_t j) {
    sum += l1 * X(k, j) + l2 / 2 * X(k, j) * X(k, j);
    for (int32_t l = 0; l < k; ++l) sum += ortho * X(k, j) * X(l, j);
  });
  return sum;
}

TYPED_TEST(DataKinds, PenaltiesDescendToTheirOwnKktPoint) {
  using T = TypeParam;
  const int32_t m = 30, n = 45, r = 4;
  const EveryKind<T> d = low_rank<T>(m, n, 6, 4);
  for (const Penalties &p : {Penalties{0.3, 0.2, 0, 0, 0, 0}, {0, 0, 0.5, 0.4, 0, 0}, {0, 0, 0.1, 0.1, 0.4, 0.3},
                            {0.1, 0.2, 0.3, 0.1, 0.2, 0.1}})
    for (const int32_t method : half_step_methods()) {
      auto c = config(r, method, 1);
      c.l1_w = p.l1_w, c.l1_h = p.l1_h, c.l2_w = p.l2_w, c.l2_h = p.l2_h, c.ortho_w = p.ortho_w, c.ortho_h = p.ortho_h;
      if (method == ORTHANT_NMF_AOADMM) continue;  // takes no overlap
      std::vector<double> objective;
      Result<T> f = factor<T>(d.view(ORTHANT_DENSE), c, 50, &objective);
      ASSERT_EQ(f.status, ORTHANT_OK);
      for (size_t i = 1; descends(method) && i < objective.size(); ++i)
        EXPECT_LE(objective[i], objective[i - 1] * (1 + 100 * eps<T>)) << method_name(method) << " run " << i;
      const auto direct = [&](const Result<T> &x) {
        return weighted_objective(d, x) + penalty(transposed(Matrix<double>(x.W)), p.l1_w, p.l2_w, p.ortho_w) +
               penalty(Matrix<double>(x.H), p.l1_h, p.l2_h, p.ortho_h);
      };
      EXPECT_NEAR(f.report.objective, direct(f), 1e3 * eps<T> * objective[0]) << method;
      if (method == ORTHANT_NMF_MU || method == ORTHANT_NMF_PG) continue;  // too slow to arrive
      std::vector<double> reported;  // by momentum from a cheap error, but for the last
      c.user = &reported;
      c.progress = [](void *user, const orthant_report *so_far) {
        static_cast<std::vector<double> *>(user)->push_back(so_far->objective);
        return int32_t(0);
      };
      c.max_iter = 10000;
      f = factor<T>(d.view(ORTHANT_DENSE), c);
      EXPECT_LE(f.report.kkt, sizeof(T) == 4 ? 1e-4 : 1e-7) << method;
      ASSERT_GE(reported.size(), 2u);
      EXPECT_NEAR(reported[reported.size() - 2], f.report.objective, 1e-4 * f.report.objective) << method;
      // No small change of one entry makes it better, by the objective as written.  In f64: f32 could not tell.
      if (sizeof(T) == 8 && method == ORTHANT_NMF_HALS) {
        const double best = direct(f), step = 1e-4;
        for (Matrix<T> Result<T>::*factor : {&Result<T>::W, &Result<T>::H}) {
          int entry = 0;
          (f.*factor).visit([&](int32_t i, int32_t j) {
            if (entry++ % 7 != 0) return;
            for (const double sign : {-1., 1.}) {
              Result<T> g = f;
              (g.*factor)(i, j) = T(std::max(0., double((f.*factor)(i, j)) + sign * step));
              EXPECT_GE(direct(g), best * (1 - 1e-9));
            }
          });
        }
      }
    }
}

TYPED_TEST(DataKinds, PenaltiesOfEveryKindOfData) {
  using T = TypeParam;
  const EveryKind<T> d = random_data<T>(40, 50, 0.7, 31);
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS}) {
    auto c = config(4, method, 4);
    if (method == ORTHANT_NMF_EHALS) c.sweeps = 4;  // by its rule dense V has more
    c.l1_w = 0.1, c.l1_h = 0.2, c.l2_w = 0.3, c.l2_h = 0.1, c.ortho_h = 0.2;
    const Result<T> dense = factor<T>(d.view(ORTHANT_DENSE), c);
    ASSERT_EQ(dense.status, ORTHANT_OK);
    for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED}) {
      const Result<T> f = factor<T>(d.view(kind), c);
      ASSERT_EQ(f.status, ORTHANT_OK);
      EXPECT_LE(difference(f.W, dense.W), 1e5 * eps<T>) << kind_names[kind] << ", " << method_name(method);
      EXPECT_NEAR(f.report.objective, dense.report.objective, 1e4 * eps<T> * dense.report.objective);
    }
  }
}

TYPED_TEST(DataKinds, FixedWSolvesForHAlone) {
  using T = TypeParam;
  const int32_t m = 30, n = 40, r = 5;
  const EveryKind<T> d = random_data<T>(m, n, 0.3, 41);
  const Result<T> given = factor<T>(d.view(ORTHANT_DENSE), config(r, 0, 3));
  for (const int32_t start : {0, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN}) {
    auto c = config(r, 0, 1, start);
    c.fixed_w = 1;
    const Result<T> f = factor<T>(d.view(ORTHANT_DENSE), c, 1, nullptr, &given);
    ASSERT_EQ(f.status, ORTHANT_OK);
    EXPECT_TRUE(f.W == given.W);
    EXPECT_LE(f.report.kkt, 1e3 * eps<T>);
    Unmixer<T> unmixer(given.W, Unmixer<T>::config(given.W, 0, false));
    Matrix<T> A(r, n);
    ASSERT_EQ(unmixer.run(d.dense, A), ORTHANT_OK);
    EXPECT_LE(difference(f.H, A), 1e4 * eps<T>);
  }
}

// ---- unmixing ----

template <class T>
struct Unmixed {
  orthant_status status;
  Matrix<T> A, rms, kkt;
  orthant_report run = empty_report(), check = empty_report();
};

template <class T>
Unmixed<T> unmix(const Matrix<T> &E, const typename Api<T>::Matrix &Y, int32_t method, int32_t sum) {
  Unmixed<T> u{ORTHANT_OK, Matrix<T>(E.cols(), Y.cols), Matrix<T>(Y.cols, 1), Matrix<T>(Y.cols, 1)};
  orthant_unmix_config c = Unmixer<T>::config(E, method, sum);
  c.data = Y.kind;
  c.max_iter = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_FAST_PG ? 20000 : 0;
  Unmixer<T> unmixer(E, c);
  u.status = unmixer.run(Y, u.A, &u.run);
  if (u.status == ORTHANT_OK || u.status == ORTHANT_E_DATA)
    EXPECT_EQ(unmixer.check(Y, u.A, u.rms.data(), u.kkt.data(), &u.check), ORTHANT_OK);
  return u;
}

// A pixel with weights d is the pixel sqrt(d) y for the endmembers sqrt(d) E.  d is a power of four, so that the scaled
// problem is the same numbers; both solve to the rounding of a Gram matrix with 40 terms and condition below 1e3.
TYPED_TEST(DataKinds, MaskedPixelsAreThoseOfTheirBands) {
  using T = TypeParam;
  const int32_t m = 40, n = 12, r = 4;
  Random random(61);
  Matrix<T> E(m, r);
  E.fill_uniform(random);
  const EveryKind<T> Y = random_data<T>(m, n, 0, 62);
  for (const bool weighted : {false, true}) {
    EveryKind<T> holes = with_holes(Y, 0.4, 63, weighted);
    Matrix<T> &weights = holes.weights;
    weights.each([&](int32_t i, int32_t j) { return weights(i, j) == T(0) ? 0 : weights(i, j) < T(0.5) ? 0.25 : 1; });
    for (int32_t i = 0; i < m; ++i) {
      holes.dense(i, 3) = Y.dense(i, 3);  // a pixel with every band
      if (weighted) weights(i, 3) = T(1);
    }
    for (int32_t method = 0; method <= ORTHANT_UNMIX_CLIP; ++method)
      for (const int32_t sum : {0, 1}) {
        if (method == ORTHANT_UNMIX_MU || (sum && method != 0 && method != ORTHANT_UNMIX_ACTIVE_SET && method < ORTHANT_UNMIX_UNCONSTRAINED))
          continue;
        const Unmixed<T> masked = unmix<T>(E, holes.view(ORTHANT_MASKED), method, sum);
        ASSERT_EQ(masked.status, ORTHANT_OK);
        for (int32_t j = 0; j < n; ++j) {
          std::vector<int32_t> present;
          for (int32_t i = 0; i < m; ++i)
            if (!std::isnan(holes.dense(i, j)) && !(weighted && weights(i, j) == T(0))) present.push_back(i);
          const auto root = [&](int32_t q) {  // of the weight of the q-th band that is there
            return weighted ? T(sqrt(double(weights(present[size_t(q)], j)))) : T(1);
          };
          const int32_t bands = int32_t(present.size());
          Matrix<T> y(bands, 1), e(bands, r);
          y.each([&](int32_t q, int32_t) { return root(q) * holes.dense(present[size_t(q)], j); });
          e.each([&](int32_t q, int32_t k) { return root(q) * E(present[size_t(q)], k); });
          double total = 0;
          for (int32_t q = 0; q < bands; ++q) total += double(root(q) * root(q));
          const Unmixed<T> alone = unmix<T>(e, view(y), method, sum);
          ASSERT_EQ(alone.status, ORTHANT_OK);
          const bool iterative = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_FAST_PG;
          const double tolerance = iterative ? (sizeof(T) == 4 ? 1e-3 : 1e-8) : 1e5 * eps<T>;
          for (int32_t k = 0; k < r; ++k)
            EXPECT_NEAR(double(masked.A(k, j)), double(alone.A(k, 0)), tolerance) << method << " pixel " << j;
          EXPECT_NEAR(double(masked.rms(j, 0)), double(alone.rms(0, 0)) * sqrt(double(bands) / total), tolerance);
          if (sum) {
            double s = 0;
            for (int32_t k = 0; k < r; ++k) s += double(masked.A(k, j));
            EXPECT_NEAR(s, 1, 1e3 * eps<T>);
          }
        }
        EXPECT_NEAR(masked.run.objective, masked.check.objective, 1e4 * eps<T> * masked.check.objective);
      }
  }
  EveryKind<T> none = Y;
  for (int32_t i = 0; i < m; ++i) none.dense(i, 5) = std::numeric_limits<T>::quiet_NaN();
  const Unmixed<T> u = unmix<T>(E, none.view(ORTHANT_MASKED), 0, 1);
  EXPECT_EQ(u.status, ORTHANT_E_DATA);
  EXPECT_TRUE(std::isnan(u.A(0, 5)));
  EXPECT_FALSE(std::isnan(u.A(0, 6)));
}

// ---- refusals ----

TYPED_TEST(DataKinds, WrongSparseMatricesAreRefused) {
  using T = TypeParam;
  EveryKind<T> d = random_data<T>(9, 8, 0.5, 51);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
    using Data = typename Api<T>::Matrix;
    const auto refused = [&](const char *what, const std::function<void(Sparse<T> &)> &spoil,
                             const std::function<void(Data &)> &spoil_view = [](Data &) {},
                             orthant_status status = ORTHANT_E_ARG) {
      Sparse<T> bad = d.nonzeros[kind == ORTHANT_CSR];
      spoil(bad);
      Data V = bad.view();
      spoil_view(V);
      EXPECT_EQ(factor<T>(V, config(2, 0, 2)).status, status) << what;
    };
    const auto view_refused = [&](const char *what, const std::function<void(Data &)> &spoil) {
      refused(what, [](Sparse<T> &) {}, spoil);
    };
    const auto values_refused = [&](const char *what, const std::function<void(Sparse<T> &)> &spoil) {
      refused(what, spoil, [](Data &) {}, ORTHANT_E_DATA);
    };
    refused("index too large", [&](Sparse<T> &b) { b.indices[3] = kind == ORTHANT_CSC ? 9 : 8; });
    refused("index negative", [](Sparse<T> &b) { b.indices[3] = -1; });
    refused("starts not from zero", [](Sparse<T> &b) { b.starts[0] = 1; });
    refused("starts falling", [](Sparse<T> &b) { b.starts[2] = b.starts[1] - 1; });
    view_refused("no starts", [](Data &V) { V.starts = nullptr; });
    view_refused("no indices", [](Data &V) { V.indices = nullptr; });
    view_refused("no values", [](Data &V) { V.values = nullptr; });
    values_refused("NaN", [](Sparse<T> &b) { b.values[0] = T(NAN); });
    values_refused("negative", [](Sparse<T> &b) { b.values[1] = T(-1); });
  }
  d.weights = Matrix<T>(9, 8).fill(1);
  const auto masked_status = [&](int32_t start) {
    return factor<T>(d.view(ORTHANT_MASKED), config(2, 0, 2, start)).status;
  };
  for (const double weight : {-0.1, 1.1, double(NAN)}) {
    d.weights(5, 0) = T(weight);
    EXPECT_EQ(masked_status(ORTHANT_START_COLS), ORTHANT_E_DATA) << weight;
  }
  d.weights(5, 0) = T(1), d.dense(7, 0) = T(-1);
  EXPECT_EQ(masked_status(ORTHANT_START_COLS), ORTHANT_E_DATA);
  d.dense(7, 0) = T(INFINITY);
  EXPECT_EQ(masked_status(ORTHANT_START_COLS), ORTHANT_E_DATA);
  EXPECT_EQ(masked_status(ORTHANT_START_NNDSVD), ORTHANT_E_UNSUPPORTED);
}

}  // namespace
}  // namespace orthant::test
