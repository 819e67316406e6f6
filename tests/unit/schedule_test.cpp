// Learned schedules and the coarse-to-fine start: what a table may say, blobs that are refused, bad tables that cost time
// and nothing else, training that is a function of its config.
#include "schedule_train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "blob.hpp"
#include "model_bytes.hpp"
#include "momentum.hpp"
#include "nmf_run.hpp"
#include "schedule_blob.hpp"
#include "shuffle_pool.hpp"

namespace orthant::test {
namespace {

using Table = std::vector<float>;
constexpr size_t numbers = size_t(schedule_numbers);

// beta grows by a twentieth up to its bound, and the bound by a hundredth up to one; a restart takes a third of beta
// away and puts the bound to what went well before.
TEST(Momentum, GrowsToItsBoundAndShrinksAtARestart) {
  Momentum m;
  m.beta = 0.9;
  for (int i = 0; i < 4; ++i) m.grow();
  EXPECT_EQ(m.bar, 1);
  EXPECT_EQ(m.beta, 1);  // 0.9 * 1.05^4 is more
  m.beta = 0.6;
  m.grow();
  m.restart();
  EXPECT_EQ(m.bar, 0.6);
  EXPECT_NEAR(m.beta, 0.42, 1e-15);
  for (int i = 1; i <= 40; ++i) {
    const double beta = m.beta, bar = m.bar;
    m.grow();
    ASSERT_NEAR(m.bar, 0.6 * std::pow(1.01, i), 1e-12);
    ASSERT_NEAR(m.beta, beta * 1.05 < bar ? beta * 1.05 : bar, 1e-12);
    ASSERT_EQ(m.before, beta);
  }
}

// A pace keeps, for the schedule, by how much the error fell and the share of zeros.  Trust in the schedule's step falls
// by 1.5 at a restart and grows by 1.05 elsewhere, to one at most; the less it is, the nearer relaxation is to one.
TEST(Momentum, TrustFollowsRestarts) {
  Pace p;
  p.observe(8, 2, true, 0.25);
  EXPECT_NEAR(p.fall, std::log(4), 1e-15);
  EXPECT_EQ(p.zeros, 0.25);
  EXPECT_NEAR(p.trust, 1 / 1.5, 1e-15);
  p.observe(2, 3, false, 0);
  EXPECT_NEAR(p.fall, std::log(2.0 / 3), 1e-15);
  EXPECT_NEAR(p.trust, 1.05 / 1.5, 1e-15);
  for (int i = 0; i < 9; ++i) p.observe(0, 3, false, 0);
  EXPECT_EQ(p.fall, 0);
  EXPECT_EQ(p.trust, 1);
  p.observe(3, 0, true, 0);
  EXPECT_EQ(p.fall, 0);
  p.fall = 0.3, p.zeros = 0.4;
  const double trust = p.trust;
  const int32_t at = p.t;
  const ScheduleStep w = schedule_step(schedule_default, {30, 50, 4, at, false, 0.3, 0.1, 0.4, 0.6});
  const ScheduleStep h = schedule_step(schedule_default, {50, 30, 4, at, true, 0.3, 0.1, 0.4, 0.6});
  p.ask(schedule_default, 30, 50, 4, 0.1, 0.6);
  EXPECT_EQ(p.t, at + 1);
  EXPECT_NEAR(p.w.omega, 1 + trust * (w.omega - 1), 1e-15);
  EXPECT_NEAR(p.h.omega, 1 + trust * (h.omega - 1), 1e-15);
  EXPECT_NE(w.omega, 1);
  EXPECT_NE(h.omega, 1);
  EXPECT_EQ(p.w.beta, w.beta);
  EXPECT_EQ(p.h.beta, h.beta);
  EXPECT_EQ(p.h.sweeps, h.sweeps);
}

Table default_table() { return Table(schedule_default, schedule_default + schedule_numbers); }

// A table as a weight file; open to change.
struct Model {
  ModelBytes file{4096};
  size_t bytes = 0;
  explicit Model(const Table &table) { bytes = schedule_write(table.data(), at()); }
  unsigned char *at() { return file.data(); }
  const orthant_model *open() const {
    const orthant_model *m = nullptr;
    EXPECT_EQ(orthant_model_open(file.data(), bytes, &m), ORTHANT_OK) << orthant_model_problem(file.data(), bytes);
    return m;
  }
};

template <class T>
struct Solve {
  Matrix<T> V, W, H;
  orthant_nmf_config c;
  orthant_report report = empty_report();
  std::vector<double> trace;
  Solve(int32_t m, int32_t n, int32_t r, uint64_t seed, double noise = 0)
      : V(m, n), W(m, r), H(r, n), c(nmf_config(r, ORTHANT_NMF_EHALS, 0, 0, 0)) {
    Random random(seed);
    Matrix<double> A(m, r), B(n, r);
    for (Matrix<double> *X : {&A, &B})
      X->each([&](int32_t, int32_t) { return -log(1 - uniform(random)) / sqrt(r); });
    const Matrix<double> AB = A * transposed(B);
    V.each([&](int32_t i, int32_t j) { return noise * uniform(random) + AB(i, j); });
    W.fill(-1);
    H.fill(-1);
  }
  orthant_status go(const orthant_model *schedule, int32_t iterations, int32_t start = ORTHANT_START_COLS) {
    c.schedule = schedule, c.max_iter = iterations, c.start = start;
    c.user = this;
    c.progress = [](void *user, const orthant_report *r) {
      static_cast<Solve *>(user)->trace.push_back(r->objective);
      return 0;
    };
    trace.clear();
    auto data = view(V);
    data.kind = c.data;
    NmfRun<T> run(data, c);
    run.W.set(W), run.H.set(H);
    orthant_status status = run.status();
    if (status == ORTHANT_OK) status = run.start();
    if (status == ORTHANT_OK) status = run.try_run();
    W.set(run.W), H.set(run.H);
    report = run.report;
    return status;
  }
  // 1/2 |V - W H|^2 entry by entry; -1 where a factor is not a number or negative.
  double objective() const { return nonnegative(W) && nonnegative(H) ? half_squares(V, W, H) : -1; }
  double half_norm2() const { return norm2(V) / 2; }
};

template <class T>
class Schedule : public testing::Test {};
TYPED_TEST_SUITE(Schedule, Types, TypeNames);

// Tables of extreme entries, and of random ones.
std::vector<Table> bad_tables() {
  std::vector<Table> all;
  for (const float x : {-1000.f, 1000.f, 0.f, 3.f, -3.f}) all.push_back(Table(numbers, x));
  Random random(3);
  for (int k = 0; k < 12; ++k) {
    Table t(numbers);
    for (float &x : t) x = float(pow(10, 3 * uniform(random)) * (uniform(random) < 0.5 ? -1 : 1));
    all.push_back(t);
  }
  Table full_speed(numbers, 0.f);  // all momentum, one sweep, most relaxation
  full_speed[0] = 1000, full_speed[schedule_features] = -1000, full_speed[2 * schedule_features] = 1000;
  all.push_back(full_speed);
  return all;
}

// One number too large, or none at all, wherever it stands.
TEST(ScheduleStep, EveryNumberOfATableIsLookedAt) {
  Table t = default_table();
  EXPECT_TRUE(schedule_valid(t.data()));
  for (float &x : t) {
    const float good = x;
    for (const float bad : {2 * float(schedule_largest), -2 * float(schedule_largest), float(NAN)}) {
      x = bad;
      EXPECT_FALSE(schedule_valid(t.data()));
    }
    for (const float edge : {float(schedule_largest), -float(schedule_largest)}) {
      x = edge;
      EXPECT_TRUE(schedule_valid(t.data()));
    }
    x = good;
  }
}

TEST(ScheduleStep, StaysInItsRanges) {
  for (const Table &t : bad_tables())
    for (const int32_t side : {1, 7, 100, 1 << 30})
      for (const double x : {-1e300, -1.0, 0.0, 1e-30, 1.0, 1e300}) {
        const ScheduleStep s = schedule_step(t.data(), {side, 1 << 20, 3, side, side % 2 == 0, x, x, 0.5, double(x > 0)});
        EXPECT_TRUE(s.beta >= 0 && s.beta <= 1) << s.beta;
        EXPECT_TRUE(s.omega >= 0.5 && s.omega <= 1.5) << s.omega;
        EXPECT_TRUE(s.sweeps >= 1 && s.sweeps <= 16) << s.sweeps;
      }
}

TEST(ScheduleBlob, RoundTripAndRefusals) {
  const Table table = default_table();
  ASSERT_TRUE(schedule_valid(table.data()));
  const Model good(table);
  const float *read = schedule_read(Blob(good.open())).numbers;
  ASSERT_NE(read, nullptr);
  EXPECT_TRUE(std::equal(table.begin(), table.end(), read));
  Solve<float> run(9, 8, 3, 1);
  EXPECT_EQ(run.go(good.open(), 3), ORTHANT_OK);

  // A NaN, an infinity, a huge number, in place of a good one.
  for (const float x : {NAN, HUGE_VALF, -HUGE_VALF, 1001.f}) {
    Model bad(table);
    memcpy(const_cast<float *>(schedule_read(Blob(bad.open())).numbers) + 17, &x, sizeof x);
    const orthant_model *m = nullptr;
    ASSERT_EQ(orthant_model_open(bad.at(), bad.bytes, &m), ORTHANT_OK);
    EXPECT_EQ(run.go(m, 3), ORTHANT_E_BLOB) << x;
  }
  // Another kind, another length, another type, another name.
  const auto written = [&](ModelKind kind, const char *name, Element type, uint32_t n, Model *to) {
    BlobWriter writer(kind, 1, to->at());
    writer.add({name, type, 1, {n, 0, 0, 0}});
    const Table zeros(n, 0.f);
    writer.store(0, n, zeros.data());
    to->bytes = writer.finish();
    return to->bytes > 0;
  };
  Model other(table);
  const uint32_t n = uint32_t(numbers);
  ASSERT_TRUE(written(ModelKind::schedule, "table", Element::f32, n, &other));
  EXPECT_EQ(run.go(other.open(), 3), ORTHANT_OK);
  ASSERT_TRUE(written(ModelKind::factormer, "table", Element::f32, n, &other));
  EXPECT_EQ(run.go(other.open(), 3), ORTHANT_E_BLOB);
  ASSERT_TRUE(written(ModelKind::schedule, "table", Element::f32, n - 1, &other));
  EXPECT_EQ(run.go(other.open(), 3), ORTHANT_E_BLOB);
  ASSERT_TRUE(written(ModelKind::schedule, "table", Element::f16, n, &other));
  EXPECT_EQ(run.go(other.open(), 3), ORTHANT_E_BLOB);
  ASSERT_TRUE(written(ModelKind::schedule, "tables", Element::f32, n, &other));
  EXPECT_EQ(run.go(other.open(), 3), ORTHANT_E_BLOB);
  // Where a schedule has nothing to say.
  run.c.method = ORTHANT_NMF_HALS;
  EXPECT_EQ(run.go(good.open(), 3), ORTHANT_E_UNSUPPORTED);
  run.c.method = 0, run.c.fixed_w = 1;
  EXPECT_EQ(run.go(good.open(), 3), ORTHANT_E_UNSUPPORTED);
}

TEST(ScheduleBlob, TheDefaultIsGivenAway) {
  size_t bytes = 0;
  ASSERT_EQ(orthant_schedule_default(nullptr, 0, &bytes), ORTHANT_OK);
  std::vector<unsigned char> out(bytes, 7);
  EXPECT_EQ(orthant_schedule_default(out.data(), bytes - 1, &bytes), ORTHANT_E_SCRATCH);
  EXPECT_EQ(orthant_schedule_default(out.data(), bytes, nullptr), ORTHANT_E_ARG);
  ASSERT_EQ(orthant_schedule_default(out.data(), bytes, &bytes), ORTHANT_OK);
  const Model same(default_table());
  EXPECT_EQ(bytes, same.bytes);
  EXPECT_EQ(memcmp(out.data(), same.file.data(), bytes), 0);
}

// Whatever a table says: factors are finite and nonnegative, the report is true, and the result is no worse than that of
// plain HALS from the same start with a third of the iterations (two in three may be lost to restarts).
TYPED_TEST(Schedule, BadTablesCostTimeAndNothingElse) {
  using T = TypeParam;
  for (const auto &[m, n, r] : {std::tuple<int32_t, int32_t, int32_t>{25, 30, 6}, {60, 17, 4}})
    for (const double noise : {0.0, 0.05}) {
      Solve<T> plain(m, n, r, 5, noise);
      plain.c.method = ORTHANT_NMF_HALS, plain.c.sweeps = 1;
      ASSERT_EQ(plain.go(nullptr, 20), ORTHANT_OK);
      for (const Table &t : bad_tables()) {
        const Model model(t);
        Solve<T> run(m, n, r, 5, noise);
        ASSERT_EQ(run.go(model.open(), 60), ORTHANT_OK);
        const double f = run.objective();
        ASSERT_GE(f, 0);
        EXPECT_NEAR(run.report.objective, f, 8 * double(std::numeric_limits<T>::epsilon()) * run.half_norm2());
        EXPECT_LE(f, plain.objective() * (1 + 1e-6)) << t[0] << " " << m << " " << noise;
      }
    }
}

// The shipped table against the classical method at equal iterations, and descent of what is accepted.
TYPED_TEST(Schedule, TheDefaultIsBetterThanTheClassicalAtEqualIterations) {
  using T = TypeParam;
  const Model model(default_table());
  double sum = 0;
  int n = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed)
    for (const int32_t iterations : {10, 20}) {
      Solve<T> a(20 + int32_t(seed), 33 - int32_t(seed), 3 + int32_t(seed) / 2, seed, 0.02), b = a;
      ASSERT_EQ(a.go(model.open(), iterations), ORTHANT_OK);
      ASSERT_EQ(b.go(nullptr, iterations), ORTHANT_OK);
      sum += log(a.objective() / b.objective());
      ++n;
    }
  EXPECT_LT(sum / n, 0);
}

TYPED_TEST(Schedule, EdgesOfShape) {
  using T = TypeParam;
  const Model model(default_table());
  for (const auto &[m, n, r] : {std::tuple<int32_t, int32_t, int32_t>{1, 16, 1}, {16, 1, 1}, {1, 1, 1}, {4, 6, 9}, {1, 5, 3}})
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SUB}) {
      Solve<T> run(m, n, r, 2);
      ASSERT_EQ(run.go(model.open(), 30, start), ORTHANT_OK) << m << " x " << n;
      ASSERT_GE(run.objective(), 0);
      EXPECT_LT(run.report.rel_error, 1e-2) << m << " x " << n << " rank " << r << " start " << start;
      run.V.fill(0);
      ASSERT_EQ(run.go(model.open(), 5, start), ORTHANT_OK);
      EXPECT_EQ(run.objective(), 0);
    }
}

// The coarse-to-fine start: nonnegative factors, the same for the same seed, others for others, better than columns, bad
// data refused in any column.
TYPED_TEST(Schedule, CoarseToFineStart) {
  using T = TypeParam;
  Solve<T> run(260, 310, 4, 8, 0.01);
  ASSERT_EQ(run.go(nullptr, -1, ORTHANT_START_SUB), ORTHANT_OK);
  const double f = run.objective();
  ASSERT_GE(f, 0);
  const Matrix<T> W = run.W, H = run.H;
  ASSERT_EQ(run.go(nullptr, -1, ORTHANT_START_SUB), ORTHANT_OK);
  EXPECT_TRUE(W == run.W && H == run.H);
  run.c.seed = 1;
  ASSERT_EQ(run.go(nullptr, -1, ORTHANT_START_SUB), ORTHANT_OK);
  EXPECT_FALSE(W == run.W);
  run.c.seed = 0;
  ASSERT_EQ(run.go(nullptr, -1, ORTHANT_START_COLS), ORTHANT_OK);
  EXPECT_LT(f, 0.1 * run.objective());
  for (const int32_t j : {0, 155, 309})
    for (const double x : {-1.0, double(NAN), double(HUGE_VAL)}) {
      Solve<T> bad = run;
      bad.V(j * 259 / 309, j) = T(x);
      EXPECT_EQ(bad.go(nullptr, 2, ORTHANT_START_SUB), ORTHANT_E_DATA) << j << " " << x;
    }
  run.c.loss = ORTHANT_LOSS_KL, run.c.method = 0;
  EXPECT_EQ(run.go(nullptr, 2, ORTHANT_START_SUB), ORTHANT_E_UNSUPPORTED);
  run.c.loss = 0, run.c.data = ORTHANT_CSC;
  EXPECT_EQ(run.go(nullptr, 2, ORTHANT_START_SUB), ORTHANT_E_UNSUPPORTED);
  run.c.data = 0, run.c.method = ORTHANT_NMF_HALS;
  EXPECT_EQ(run.go(nullptr, 2, ORTHANT_START_SUB), ORTHANT_OK);
}

// A run of some iterations begins with a larger sample too, and nearer to where it goes.
TYPED_TEST(Schedule, ALongerRunStartsWithAMiddleLevel) {
  using T = TypeParam;
  double brief = 0, longer = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    Solve<T> run(900, 300, 10, seed, 0.3);
    ASSERT_EQ(run.go(nullptr, brief_run - 1, ORTHANT_START_SUB), ORTHANT_OK);
    brief += run.trace[0];
    ASSERT_EQ(run.go(nullptr, brief_run, ORTHANT_START_SUB), ORTHANT_OK);
    longer += run.trace[0];
  }
  EXPECT_LT(longer, brief);
}

// A start alone reports what it is: as a run of no iteration from its factors does.
TYPED_TEST(Schedule, AStartAloneIsExact) {
  using T = TypeParam;
  for (const auto &[m, n, r] : {std::tuple<int32_t, int32_t, int32_t>{90, 100, 4}, {300, 310, 4}, {20, 2000, 3}})
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SUB}) {
      Solve<T> run(m, n, r, 6, 0.01);
      ASSERT_EQ(run.go(nullptr, -1, start), ORTHANT_OK);
      Solve<T> given = run;
      ASSERT_EQ(given.go(nullptr, -1, ORTHANT_START_GIVEN), ORTHANT_OK);
      const double f = given.report.objective, rounding = 64 * double(std::numeric_limits<T>::epsilon());
      EXPECT_NEAR(run.report.objective, f, rounding * run.half_norm2());
      EXPECT_NEAR(run.report.kkt, given.report.kkt, rounding + 0.01 * given.report.kkt);
    }
}

// The last iteration that is allowed ends at the factors themselves: its report is that of a run of none from there.
TYPED_TEST(Schedule, TheLastIterationIsExact) {
  using T = TypeParam;
  for (const int32_t iterations : {1, 2, 17}) {
    Solve<T> run(40, 31, 5, 7, 0.1);
    ASSERT_EQ(run.go(nullptr, iterations), ORTHANT_OK);
    Solve<T> given = run;
    ASSERT_EQ(given.go(nullptr, -1, ORTHANT_START_GIVEN), ORTHANT_OK);
    EXPECT_TRUE(given.W == run.W && given.H == run.H);
    const double rounding = 64 * double(std::numeric_limits<T>::epsilon());
    EXPECT_NEAR(run.report.objective, given.report.objective, rounding * run.half_norm2());
    EXPECT_NEAR(run.report.kkt, given.report.kkt, rounding + 0.01 * given.report.kkt) << iterations;
  }
}

// Method 0 and start 0 give the bits of the defaults that orthant.h names.
TYPED_TEST(Schedule, TheDefaultOfNmf) {
  using T = TypeParam;
  const Model model(default_table());
  const auto same = [](auto run, auto &&change, const orthant_model *schedule, int32_t start) {
    auto other = run;
    run.c.method = 0;
    change(run.c), change(other.c);
    EXPECT_EQ(run.go(nullptr, run.c.max_iter, 0), ORTHANT_OK);
    EXPECT_EQ(other.go(schedule, other.c.max_iter, start), ORTHANT_OK);
    return run.W == other.W && run.H == other.H && run.report.iters == other.report.iters;
  };
  using C = orthant_nmf_config;
  const Solve<T> few(30, 26, 5, 9, 0.05), many(310, 300, 4, 9, 0.05), high(310, 300, 40, 9, 0.05);
  const int32_t cols = ORTHANT_START_COLS, sub = ORTHANT_START_SUB;
  EXPECT_TRUE(same(few, [](C &c) { c.max_iter = 70; }, model.open(), cols));
  EXPECT_FALSE(same(few, [](C &c) { c.max_iter = 70; }, nullptr, cols));
  EXPECT_TRUE(same(few, [](C &c) { c.max_iter = 20, c.method = ORTHANT_NMF_EHALS; }, nullptr, cols));
  EXPECT_TRUE(same(few, [](C &c) { c.max_iter = 20, c.sweeps = 5; }, nullptr, cols));
  EXPECT_TRUE(same(few, [](C &c) { c.max_iter = 20, c.l1_h = 0.1; }, nullptr, cols));
  for (const int32_t iterations : {-1, 1, brief_run - 1, brief_run})
    EXPECT_TRUE(same(many, [&](C &c) { c.max_iter = iterations; }, nullptr, sub)) << iterations;
  // Exponential factors: the square of the mean is 0.4 of the mean square at rank 2, 0.77 at rank 10.
  const Solve<T> peaked(150, 150, 2, 9, 0.001), alike(150, 150, 10, 9, 0.001);
  EXPECT_FALSE(same(peaked, [](C &c) { c.max_iter = 20; }, model.open(), cols));
  EXPECT_TRUE(same(peaked, [](C &c) { c.max_iter = brief_run - 1; }, model.open(), cols));
  EXPECT_TRUE(same(alike, [](C &c) { c.max_iter = 20; }, model.open(), cols));
  EXPECT_TRUE(same(high, [](C &c) { c.max_iter = 3; }, nullptr, cols));  // 4 rank are not few rows
  // Ten iterations on 100 x 100 are 2.6 on V: too dear for a brief run.
  const Solve<T> dear(310, 300, 25, 9, 0.05);
  for (const int32_t iterations : {-1, 1, brief_run - 1})
    EXPECT_TRUE(same(dear, [&](C &c) { c.max_iter = iterations; }, nullptr, cols)) << iterations;
  EXPECT_TRUE(same(dear, [](C &c) { c.max_iter = brief_run; }, nullptr, sub));
  EXPECT_TRUE(same(many, [](C &c) { c.max_iter = 3, c.l2_w = 0.1; }, nullptr, cols));
}

// To the default stop on kkt it takes no more iterations than the classical rule, over all seeds.
TYPED_TEST(Schedule, TheDefaultStopsAsSoonAsTheClassicalRule) {
  using T = TypeParam;
  for (const auto &[m, n, r] : {std::tuple<int32_t, int32_t, int32_t>{25, 25, 10}, {30, 20, 5}, {60, 80, 10}})
    for (const double noise : {0.0, 0.02}) {
      int32_t iterations[2] = {};
      for (uint64_t seed = 1; seed <= 16; ++seed)
        for (const int32_t method : {0, ORTHANT_NMF_EHALS}) {
          Solve<T> run(m, n, r, seed, noise);
          run.c.tol = 0, run.c.method = method;
          ASSERT_EQ(run.go(nullptr, 3000), ORTHANT_OK);
          EXPECT_EQ(run.report.stop, ORTHANT_STOP_KKT);
          iterations[method] += run.report.iters;
        }
      EXPECT_LE(iterations[0], 1.05 * iterations[1]) << m << " x " << n << " rank " << r << " noise " << noise;
    }
}

// Beyond the horizon: the same bits for any workers and however often it is done; a second call descends from the first.
TYPED_TEST(Schedule, HandsOverToTheClassicalRule) {
  using T = TypeParam;
  Solve<T> run(300, 40, 6, 3, 0.3), again = run, parallel = run;
  run.c.method = again.c.method = parallel.c.method = 0;
  const int32_t iterations = schedule_horizon + 25;
  ASSERT_EQ(run.go(nullptr, iterations), ORTHANT_OK);
  ASSERT_EQ(again.go(nullptr, iterations), ORTHANT_OK);
  ShufflePool pool(3, true, 5);
  parallel.c.parallel = pool.parallel();
  ASSERT_EQ(parallel.go(nullptr, iterations), ORTHANT_OK);
  EXPECT_TRUE(run.W == again.W && run.H == again.H);
  EXPECT_TRUE(run.W == parallel.W && run.H == parallel.H);

  Solve<T> parts(300, 40, 6, 3, 0.3);
  parts.c.method = 0, parts.c.max_iter = schedule_horizon - 5;
  NmfRun<T> slices(parts.V, parts.c);
  ASSERT_EQ(slices.start(), ORTHANT_OK);
  double before = parts.half_norm2();
  for (int call = 1; call <= 3; ++call) {
    const orthant_report report = slices.run();
    EXPECT_EQ(report.iters, call * parts.c.max_iter);
    EXPECT_LE(report.objective, before * (1 + 1e-6));
    before = report.objective;
  }
}

// The momentum that was reached goes on: a table that says none, 8 sweeps and no relaxation makes it HALS of 8 sweeps, and
// none grows to none.
TYPED_TEST(Schedule, HandsOverItsMomentum) {
  using T = TypeParam;
  Table table(numbers, 0.f);
  table[0] = -1000;
  table[schedule_features] = float(log(7.0 / 8.0));  // 1.5 + 15 * 7 / 15
  const ScheduleStep step = schedule_step(table.data(), {40, 33, 5, 0, false, 0, 0.1, 0, 0.5});
  ASSERT_EQ(step.beta, 0);
  ASSERT_EQ(step.sweeps, 8);
  ASSERT_EQ(step.omega, 1);
  const Model model(table);
  Solve<T> scheduled(40, 33, 5, 12, 0.2), plain = scheduled, classical = scheduled;
  const int32_t iterations = schedule_horizon + 20;
  plain.c.method = ORTHANT_NMF_HALS, plain.c.sweeps = 8;
  ASSERT_EQ(scheduled.go(model.open(), iterations), ORTHANT_OK);
  ASSERT_EQ(plain.go(nullptr, iterations), ORTHANT_OK);
  ASSERT_EQ(classical.go(nullptr, iterations), ORTHANT_OK);
  EXPECT_TRUE(scheduled.W == plain.W && scheduled.H == plain.H);
  EXPECT_FALSE(classical.W == plain.W);
}

struct Training {
  std::vector<unsigned char> memory;
  orthant_schedule_train_f32 *s = nullptr;
  orthant_report report = empty_report();
  explicit Training(const orthant_parallel *p, uint64_t seed = 4) {
    orthant_schedule_train_config c{};
    c.size = sizeof c;
    c.problems = 3, c.largest = 24, c.population = 4, c.iterations = 12, c.seed = seed, c.parallel = p;
    size_t bytes = 0;
    EXPECT_EQ(orthant_schedule_train_size_f32(&c, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    EXPECT_EQ(orthant_schedule_train_init_f32(&c, memory.data(), bytes, &s), ORTHANT_OK);
  }
  std::string go(int32_t generations) {
    EXPECT_EQ(orthant_schedule_train_run_f32(s, generations, &report), ORTHANT_OK);
    return saved(0);
  }
  std::string saved(int32_t state) {
    size_t bytes = 0;
    EXPECT_EQ(orthant_schedule_train_save_f32(s, state, nullptr, 0, &bytes), ORTHANT_OK);
    std::string out(bytes, '\x55');
    EXPECT_EQ(orthant_schedule_train_save_f32(s, state, &out[0], bytes - 1, &bytes), ORTHANT_E_SCRATCH);
    EXPECT_EQ(orthant_schedule_train_save_f32(s, state, &out[0], bytes, &bytes), ORTHANT_OK);
    return out;
  }
  orthant_status load(const std::string &blob) {
    std::vector<unsigned char> room(blob.size() + 64);
    unsigned char *at = room.data() + (64 - reinterpret_cast<uintptr_t>(room.data()) % 64) % 64;
    memcpy(at, blob.data(), blob.size());
    const orthant_model *model = nullptr;
    EXPECT_EQ(orthant_model_open(at, blob.size(), &model), ORTHANT_OK);
    return orthant_schedule_train_load_f32(s, model);
  }
};

TEST(ScheduleTraining, IsAFunctionOfItsConfig) {
  Training whole(nullptr), parts(nullptr), other(nullptr, 5);
  const std::string expected = whole.go(4);
  parts.go(0);
  parts.go(1);
  EXPECT_EQ(parts.go(3), expected);
  EXPECT_EQ(parts.report.iters, 4);
  EXPECT_EQ(parts.report.objective, whole.report.objective);
  ShufflePool pool(3, true, 9);
  Training parallel(pool.parallel());
  EXPECT_EQ(parallel.go(4), expected);
  EXPECT_NE(other.go(4), expected);
}

TEST(ScheduleTraining, GoesOnFromAStateToTheSameBits) {
  Training whole(nullptr), first(nullptr);
  const std::string expected = whole.go(5), state_of_whole = whole.saved(1);
  first.go(2);
  const std::string state = first.saved(1);
  Training second(nullptr);
  ASSERT_EQ(second.load(state), ORTHANT_OK);
  EXPECT_EQ(second.saved(1), state);  // before its first run
  EXPECT_EQ(second.go(3), expected);
  EXPECT_EQ(second.saved(1), state_of_whole);
  EXPECT_EQ(second.report.iters, 5);
  EXPECT_EQ(second.report.objective, whole.report.objective);
  // Of another config, or no state: refused, and nothing is changed.
  Training other(nullptr, 5), untouched(nullptr, 5);
  EXPECT_EQ(other.load(state), ORTHANT_E_BLOB);
  EXPECT_EQ(other.load(expected), ORTHANT_E_BLOB);
  EXPECT_EQ(other.go(1), untouched.go(1));
  EXPECT_EQ(orthant_schedule_train_load_f32(other.s, nullptr), ORTHANT_E_ARG);
}

TEST(ScheduleTraining, Improves) {
  Training t(nullptr);
  t.go(0);
  const double before = t.report.objective;
  t.go(12);
  EXPECT_LT(t.report.objective, before);
}

// ---- Training, each part against its equations

using Train = ScheduleTrain<double>;
using Problem = Train::Problem;

template <class LayOut>
void *with_room(std::vector<unsigned char> *memory, const LayOut &lay_out) {
  Carver measure;
  size_t bytes = 0;
  lay_out(measure);
  EXPECT_TRUE(measure.total(&bytes));
  memory->assign(bytes, 0xFF);
  return Carver::align(memory->data(), bytes, bytes);
}

// A training with its blocks open.
struct Trainer {
  std::vector<unsigned char> memory;
  Train *t;
  Train::Blocks b;
  Trainer(int32_t problems, int32_t population, int32_t iterations, uint64_t seed) {
    Train plan;
    plan.c.problems = problems, plan.c.largest = 20, plan.c.population = population, plan.c.iterations = iterations;
    plan.c.seed = seed;
    t = static_cast<Train *>(with_room(&memory, [&](Carver &carve) { plan.layout(carve, b); }));
    memcpy(static_cast<void *>(t), static_cast<const void *>(&plan), sizeof plan);
    Carver carve(t);
    t->layout(carve, b);
    EXPECT_EQ(t->run(t, 0), OK);
  }
};

// Runs of the solver on one problem, and what they come past.
struct Course {
  const Problem &p;
  Operand<double> V;
  Mat<double> W, H;
  Nmf<double> s{};
  std::vector<unsigned char> memory;
  std::vector<double> w, h, objective, cost;  // before the first iteration and after each; modelled ns of each

  Course(const Trainer &of, const Problem &problem, NmfMethod method, NmfStart start)
      : p(problem), V(Mat<const double>{of.b.data + p.at, p.rows, p.cols, p.rows}), w(size_t(p.rows * p.rank)),
        h(size_t(p.cols * p.rank)) {
    W = {w.data(), p.rows, p.rank, p.rows}, H = {h.data(), p.rank, p.cols, p.rank};
    s.c.rows = p.rows, s.c.cols = p.cols, s.c.rank = p.rank;
    s.c.method = method, s.c.start = start, s.c.seed = of.t->c.seed, s.c.steered = schedule_trained;
  }
  double run(int32_t iterations) {
    Report r;
    s.c.outer.max_iter = iterations;
    s.c.outer.user = this;
    s.c.outer.progress = [](void *user, const Report *so_far) {
      Course &c = *static_cast<Course *>(user);
      const bool steered = bool(c.s.c.schedule);
      const int32_t of_w = steered ? c.s.pace.w.sweeps : c.s.c.sweeps;
      const int32_t of_h = steered ? c.s.pace.h.sweeps : c.s.c.sweeps;
      c.objective.push_back(so_far->objective);
      c.cost.push_back(modelled_ns(c.p.rows, c.p.cols, c.p.rank, of_w, of_h) + (steered ? 300 : 0));
      return 0;
    };
    EXPECT_EQ(s.start(room(), V, W, H), OK);
    objective.assign(1, s.outer.first);
    EXPECT_EQ(s.run(room(), V, W, H, &r), OK);
    return r.objective;
  }
  // When the target is first met, between iterations on a line of log objectives; never: 1e300.
  double time_to(double target) const {
    double now = modelled_ns(p.rows, p.cols, p.rank, 0, 8);
    if (objective[0] <= target) return now;
    for (size_t i = 1; i < objective.size(); ++i) {
      const double from = objective[i - 1], to = objective[i];
      if (to <= target) return now + cost[i - 1] * log(from / target) / log(from / to);
      now += cost[i - 1];
    }
    return 1e300;
  }

 private:
  void *room() {
    Nmf<double>::Blocks b;
    if (memory.empty()) place = with_room(&memory, [&](Carver &carve) { s.layout(carve, b); });
    return place;
  }
  void *place = nullptr;
};

// The mean over the targets of log(time / classical time), at most log 3, what is worse counted one and a half times.
double fitness(const Trainer &of, const Problem &p, const float *table) {
  Course course(of, p, NmfMethod::ehals, p.start);
  course.s.c.schedule = table;
  course.run(of.t->c.iterations);
  double sum = 0;
  int n = 0;
  for (int k = 0; k < Train::targets; ++k) {
    if (p.target[k] <= 0) continue;
    const double ratio = std::min(course.time_to(p.target[k]) / p.reference[k], 3.0);
    sum += ratio > 1 ? 1.5 * log(ratio) : log(ratio);
    ++n;
  }
  return n ? sum / n : 0;
}

TEST(ScheduleTraining, TimeIsModelledFromCounts) {
  for (const auto &[m, n, r, w, h] : {std::array{33, 16, 3, 5, 2}, {1, 100, 1, 0, 8}, {600, 15, 10, 16, 1}}) {
    const double products = 0.1 * m * n * r, passes = 0.3 * (m + n) * r, gram = 0.15 * (m + n) * r * r;
    const double lines = std::ceil(m / 16.0) * w + std::ceil(n / 16.0) * h;  // vectors of 16 numbers
    EXPECT_NEAR(modelled_ns(m, n, r, w, h), 4000 + products + passes + gram + 0.72 * r * r * lines, 1e-6);
  }
}

// Problem i of training, written a second time.  Its number modulo 12 says how large it may be and whether it is like
// images, which have three times as many parts as the rank; rows and columns change places by a fair draw; the second
// twelve of each 24 have noise.
Problem shape_of(uint64_t seed, int32_t i, int32_t largest) {
  const Rng rng(seed, 0x5348 + uint64_t(i));
  const int32_t role = i % 12;
  int32_t side[2][2] = {{150, 800}, {40, 120}};
  const auto both = [&](int32_t low, int32_t high) { side[0][0] = side[1][0] = low, side[0][1] = side[1][1] = high; };
  if (role % 4 == 0) both(15, 35);
  if (role == 1 || role == 3 || role == 5 || role == 9) both(50, 200);
  if (role == 6) both(300, 600);
  if (role == 11) both(20, 80);
  int32_t drawn[2];
  for (int k = 0; k < 2; ++k) {
    const int32_t low = side[k][0] < largest ? side[k][0] : 15, high = std::min(side[k][1], largest);
    drawn[k] = low + rng.below(uint64_t(k), high - low + 1);
  }
  const bool transposed = rng.below(2, 2) == 1, image = role == 3 || role == 7 || role > 8;
  Problem p{};
  p.rows = drawn[transposed ? 1 : 0], p.cols = drawn[transposed ? 0 : 1];
  const int32_t least = std::min(p.rows, p.cols);
  p.rank = std::min(3 * least / 4, rng.below(3, 2) == 1 ? 10 : int32_t(3 * pow(10, rng.uniform(4))));
  p.parts = image ? std::min(3 * p.rank, least) : p.rank;
  p.kind = Train::Kind(image ? 1 + rng.below(5, 3) : 0);
  p.noise = i % 24 < 12 ? 0 : 0.01;
  return p;
}

TEST(ScheduleTraining, SidesAreThoseOfTheRoles) {
  for (const int32_t largest : {16, 40, 150, 700}) {
    Train plan;
    plan.c.largest = largest, plan.c.seed = 11;
    size_t entries = 0;
    for (int32_t i = 0; i < 60; ++i) {
      const Problem p = shape_of(11, i, largest);
      entries += size_t(p.rows) * size_t(p.cols);
      plan.c.problems = i + 1;
      std::vector<unsigned char> memory(64);
      Train::Blocks b;
      Carver carve(Carver::align(memory.data(), 64, 64));  // addresses alone
      plan.layout(carve, b);
      const size_t data = size_t(reinterpret_cast<unsigned char *>(b.mean) - reinterpret_cast<unsigned char *>(b.data));
      EXPECT_EQ(data, (entries * sizeof(double) + 63) / 64 * 64) << i << " of " << largest;
    }
  }
}

// A factor as its kind says, of one stream of numbers.
Matrix<double> factor_of(const Rng &rng, uint64_t *at, Train::Kind kind, int32_t n, int32_t parts) {
  Matrix<double> X(n, parts);
  for (int32_t k = 0; k < parts; ++k) {
    const double centre = rng.uniform((*at)++), width = 0.05 + 0.2 * rng.uniform((*at)++);
    for (int32_t i = 0; i < n; ++i) {
      const double x = -log(1 - rng.uniform((*at)++)), u = rng.uniform((*at)++);
      const double away = (i + 0.5) / n - centre, bell = exp(-away * away / (2 * width * width));
      X(i, k) = x;
      if (kind == Train::Kind::sparse) X(i, k) = u < 0.4 ? 2.5 * x : 0;
      if (kind == Train::Kind::heavy) X(i, k) = 0.5 * x * x;
      if (kind == Train::Kind::smooth) X(i, k) = x / 20 + 0.4 * bell / width;
    }
  }
  return X;
}

TEST(ScheduleTraining, ProblemsAreMixturesOfMeanOne) {
  const uint64_t seed = 7;
  const Trainer of(25, 4, 2, seed);
  int kinds[4] = {};
  for (int32_t i = 0; i < 25; ++i) {
    const Problem &p = of.b.problem[i], expected = shape_of(seed, i, 20);
    ASSERT_EQ(p.rows, expected.rows);
    ASSERT_EQ(p.cols, expected.cols);
    ASSERT_EQ(p.rank, expected.rank);
    ASSERT_EQ(p.parts, expected.parts);
    ASSERT_EQ(p.kind, expected.kind);
    EXPECT_EQ(p.noise, expected.noise);
    EXPECT_EQ(p.start, NmfStart::cols);
    ++kinds[int(p.kind)];
    const Rng rng(seed, 0x564D + uint64_t(i));
    uint64_t at = 0;
    const Matrix<double> W = factor_of(rng, &at, p.kind, p.rows, p.parts);
    const Train::Kind other = p.kind == Train::Kind::smooth ? Train::Kind::dense : p.kind;
    const Matrix<double> H = factor_of(rng, &at, other, p.cols, p.parts);
    Matrix<double> V(p.rows, p.cols);
    V.each([&](int32_t a, int32_t b) {
      double v = 0;
      for (int32_t k = 0; k < p.parts; ++k) v += W(a, k) * H(b, k) / (p.parts > p.rank ? 1 + 4.0 * k / p.rank : 1);
      return v;
    });
    const double scale = 1 / mean(V);
    V.each([&](int32_t a, int32_t b) {
      const double noise = p.noise > 0 ? 0.01 * rng.normal(at++) : 0;
      return std::max(0.0, scale * V(a, b) + noise);
    });
    V.visit([&](int32_t a, int32_t b) { EXPECT_NEAR(of.b.data[p.at + size_t(a + p.rows * b)], V(a, b), 1e-12); });
  }
  for (const int count : kinds) EXPECT_GT(count, 0);
}

// Targets: of 20 and of 100 iterations of AO-ADMM with the dual reset; and near the best of three long runs where no
// factorization is exact.  The classical time to each is that of the best of 4, 8 and 12 sweeps.
TEST(ScheduleTraining, TargetsAndTimesAreThoseOfTheirRuns) {
  const Trainer of(14, 4, 25, 3);
  for (int32_t i = 0; i < 14; ++i) {
    SCOPED_TRACE(i);
    const Problem &p = of.b.problem[i];
    Course admm(of, p, NmfMethod::aoadmm, NmfStart::nndsvd);
    admm.s.c.sweeps = 5, admm.s.c.rho = 1;
    double far[2] = {};
    for (int k = 1; k <= 100; ++k) {
      const double now = admm.run(1);
      admm.s.c.start = NmfStart::given;
      if (k == 20) far[0] = now;
      far[1] = now;
    }
    EXPECT_NEAR(p.target[0], far[0], 1e-12 * far[0]);
    EXPECT_NEAR(p.target[1], far[1], 1e-12 * far[1]);
    double best = HUGE_VAL;
    for (uint64_t k = 0; k < 3; ++k) {
      Course longer(of, p, NmfMethod::ehals, NmfStart::cols);
      longer.s.c.seed += k;
      best = std::min(best, longer.run(300));
    }
    const bool exact = p.noise == 0 && p.parts == p.rank;
    EXPECT_NEAR(p.target[2], exact ? -1 : 1.05 * best, 1e-12 * std::abs(p.target[2]));
    EXPECT_NEAR(p.target[3], exact ? -1 : 1.01 * best, 1e-12 * std::abs(p.target[3]));
    for (int k = 0; k < Train::targets; ++k) {
      if (p.target[k] <= 0) continue;
      double least = 3 * (modelled_ns(p.rows, p.cols, p.rank, 0, 8) + 25 * modelled_ns(p.rows, p.cols, p.rank, 8, 8));
      for (const int32_t sweeps : {4, 8, 12}) {
        Course classical(of, p, NmfMethod::ehals, p.start);
        classical.s.c.sweeps = sweeps;
        classical.run(25);
        least = std::min(least, classical.time_to(p.target[k]));
      }
      EXPECT_NEAR(p.reference[k], least, 1e-9 * least) << k;
    }
  }
}

// One generation of MA-ES [Beyer, Sendhoff 2017] in the words of its source: from what it was before.
struct Generation {
  static constexpr int32_t N = Train::N;
  std::vector<double> mean, path, M;
  double sigma;
  explicit Generation(const Trainer &of)
      : mean(of.b.mean, of.b.mean + N), path(of.b.path, of.b.path + N), M(of.b.matrix, of.b.matrix + N * N),
        sigma(of.t->sigma) {}

  // z and the fitness of each candidate -> the next mean, path, matrix and step.
  void advance(const double *z, const std::vector<double> &fit) {
    const int32_t lambda = int32_t(fit.size()), mu = lambda / 2;
    std::vector<int32_t> best(fit.size());
    for (int32_t i = 0; i < lambda; ++i) best[size_t(i)] = i;
    std::stable_sort(best.begin(), best.end(), [&](int32_t a, int32_t b) { return fit[size_t(a)] < fit[size_t(b)]; });
    std::vector<double> w;
    double sum = 0, squares = 0;
    for (int32_t k = 1; k <= mu; ++k) w.push_back(log((mu + 0.5) / k)), sum += w.back();
    for (double &x : w) x /= sum, squares += x * x;
    const double e = 1 / squares, n = N, cs = (e + 2) / (e + n + 5), c1 = 2 / (pow(n + 1.3, 2) + e);
    const double cw = std::min(1 - c1, 2 * (e + 1 / e - 2) / (pow(n + 2, 2) + e));
    const double damping = 1 + cs + std::max(0.0, 2 * sqrt((e - 1) / (n + 1)) - 2);
    Matrix<double> old(N, N), G(N, N);  // G = I + c1/2 (s s' - I) + cw/2 (<z z'> - I)
    old.each([&](int32_t i, int32_t j) { return M[size_t(i + N * j)]; });
    std::vector<double> step(size_t(N), 0.0);
    for (int32_t k = 0; k < mu; ++k)
      for (int32_t i = 0; i < N; ++i) step[size_t(i)] += w[size_t(k)] * z[i + N * best[size_t(k)]];
    double norm2 = 0;
    for (int32_t i = 0; i < N; ++i) {
      double along = 0;
      for (int32_t j = 0; j < N; ++j) along += old(i, j) * step[size_t(j)];
      mean[size_t(i)] += sigma * along;
      path[size_t(i)] = (1 - cs) * path[size_t(i)] + sqrt(e * cs * (2 - cs)) * step[size_t(i)];
      norm2 += path[size_t(i)] * path[size_t(i)];
    }
    G.each([&](int32_t i, int32_t j) {
      double parents = 0;
      for (size_t k = 0; k < w.size(); ++k) parents += w[k] * z[i + N * best[k]] * z[j + N * best[k]];
      const double one = i == j;
      return one + c1 / 2 * (path[size_t(i)] * path[size_t(j)] - one) + cw / 2 * (parents - one);
    });
    const Matrix<double> next = old * G;
    next.visit([&](int32_t i, int32_t j) { M[size_t(i + N * j)] = next(i, j); });
    sigma *= exp(std::min(1.0, cs / damping * (sqrt(norm2) / (sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))) - 1)));
  }
};

void check_generation(Trainer &of, int32_t first, int32_t count) {
  constexpr int32_t N = Train::N;
  const int32_t population = of.t->c.population, problems = of.t->c.problems;
  Generation g(of);
  const Rng rng(of.t->c.seed, 0x4553 + uint64_t(of.t->generation));
  std::vector<double> z, fit;
  std::vector<float> tables;
  for (int32_t i = 0; i < population; ++i) {
    for (int32_t k = 0; k < N; ++k) z.push_back(rng.normal(uint64_t(i * N + k)));
    for (int32_t k = 0; k < N; ++k) {
      double x = g.mean[size_t(k)];
      for (int32_t l = 0; l < N; ++l) x += g.sigma * g.M[size_t(k + N * l)] * z[size_t(l + N * i)];
      tables.push_back(float(std::max(-20.0, std::min(20.0, x))));
    }
    double sum = 0;
    for (int32_t k = 0; k < count; ++k)
      sum += fitness(of, of.b.problem[(first + k) % problems], &tables[size_t(i * N)]) / count;
    fit.push_back(sum);
  }
  ASSERT_EQ(of.t->run(of.t, 1), OK);
  for (size_t k = 0; k < tables.size(); ++k) ASSERT_NEAR(of.b.tables[size_t(N) + k], tables[k], 1e-5) << k;
  g.advance(z.data(), fit);
  for (size_t k = 0; k < size_t(N); ++k) EXPECT_NEAR(of.b.mean[k], g.mean[k], 1e-11);
  const auto near = [](double x, double y) { return std::abs(x - y) <= 1e-11 * std::max(1.0, std::abs(y)); };
  for (size_t k = 0; k < size_t(N); ++k) EXPECT_TRUE(near(of.b.path[k], g.path[k])) << k;
  for (size_t k = 0; k < size_t(N * N); ++k) EXPECT_TRUE(near(of.b.matrix[k], g.M[k])) << k;
  EXPECT_NEAR(of.t->sigma, g.sigma, 1e-11 * g.sigma);
}

double fitness_of_all(const Trainer &of, const double *mean) {
  const std::vector<float> table(mean, mean + Train::N);
  double sum = 0;
  for (int32_t i = 0; i < of.t->c.problems; ++i) sum += fitness(of, of.b.problem[i], table.data());
  return sum / of.t->c.problems;
}

TEST(ScheduleTraining, BeginsAtTheClassicalMethod) {
  const Trainer of(13, 4, 15, 2);
  EXPECT_EQ(of.t->sigma, 0.25);
  for (int32_t k = 0; k < Train::N; ++k) {
    EXPECT_EQ(of.b.mean[k], k == schedule_rule ? 2 : 0);
    EXPECT_EQ(of.b.path[k], 0);
    EXPECT_EQ(of.b.best_table[k], float(of.b.mean[k]));
    for (int32_t l = 0; l < Train::N; ++l) EXPECT_EQ(of.b.matrix[k + Train::N * l], k == l);
  }
  EXPECT_NEAR(of.t->value, fitness_of_all(of, of.b.mean), 1e-9);
  EXPECT_EQ(of.t->value, of.t->best);
}

// A generation looks at one of the shares of the problems, the last of which begins again at the first problem; the
// mean is judged after a round of the shares.
TEST(ScheduleTraining, AGenerationIsTheStrategyOfItsSource) {
  Trainer of(49, 7, 8, 6);
  for (int g = 0; g < 4; ++g) {
    SCOPED_TRACE(g);
    const double value = of.t->value, best = of.t->best;
    const std::vector<float> best_table(of.b.best_table, of.b.best_table + Train::N);
    check_generation(of, g % 2 * 25, 25);
    if (g % 2 == 0) {
      EXPECT_EQ(of.t->value, value);
      continue;
    }
    EXPECT_NEAR(of.t->value, fitness_of_all(of, of.b.mean), 1e-9);
    EXPECT_EQ(of.t->best, std::min(of.t->value, best));
    const bool kept = of.t->value < best;
    for (size_t k = 0; k < best_table.size(); ++k)
      EXPECT_EQ(of.b.best_table[k], kept ? float(of.b.mean[k]) : best_table[k]);
  }
}

// A target of nothing is none, and a problem without a target counts as the classical method does.
TEST(ScheduleTraining, TargetsOfNothingAreLeftOut) {
  Trainer of(3, 6, 8, 12);
  of.b.problem[0].target[1] = 0;
  for (double &target : of.b.problem[1].target) target = 0;
  check_generation(of, 0, 3);
  EXPECT_NEAR(of.t->value, fitness_of_all(of, of.b.mean), 1e-9);
}

// Of many parents steps are damped more; a long path multiplies the step by e at most.
TEST(ScheduleTraining, StepsAreDampedAndBounded) {
  Trainer many(2, 256, 2, 8);
  check_generation(many, 0, 2);
  check_generation(many, 0, 2);
  Trainer far(2, 8, 3, 9);
  for (int32_t k = 0; k < Train::N; ++k) far.b.path[k] = 1000 + k;
  check_generation(far, 0, 2);
  EXPECT_NEAR(far.t->sigma, 0.25 * exp(1), 1e-12);
  far.t->sigma = 300;  // and no number leaves [-20, 20]
  ASSERT_EQ(far.t->run(far.t, 1), OK);
  int at_bound = 0;
  for (int32_t k = 0; k < Train::N; ++k) {
    EXPECT_LE(std::abs(far.b.mean[k]), 20);
    at_bound += std::abs(far.b.mean[k]) == 20;
  }
  EXPECT_GT(at_bound, 5);
}

TEST(ScheduleTraining, BadConfigsAreRefused) {
  size_t bytes = 0;
  const auto size = [&](auto &&change) {
    orthant_schedule_train_config c{};
    c.size = sizeof c;
    change(c);
    return orthant_schedule_train_size_f32(&c, &bytes);
  };
  using C = orthant_schedule_train_config;
  EXPECT_EQ(size([](C &) {}), ORTHANT_OK);
  EXPECT_EQ(size([](C &c) { c.size = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.problems = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.problems = 257; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.largest = 15; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.population = 3; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.iterations = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](C &c) { c.reserved = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_schedule_train_size_f32(nullptr, &bytes), ORTHANT_E_ARG);
  Training t(nullptr);
  EXPECT_EQ(orthant_schedule_train_save_f32(t.s, 0, nullptr, 0, &bytes), ORTHANT_E_ARG);  // before the first run
  EXPECT_EQ(orthant_schedule_train_run_f32(t.s, -1, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_schedule_train_run_f32(nullptr, 1, nullptr), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
