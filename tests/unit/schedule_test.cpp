// Learned schedules and the coarse-to-fine start: what a table may say, blobs that are refused, bad tables that cost time
// and nothing else, training that is a function of its config.
#include "schedule_train.hpp"

#include <gtest/gtest.h>

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

// What a schedule is told of an iteration, and how far it is trusted: relaxation is nearer to one, the less it is.
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
    Solve<T> run(700, 200, 5, seed, 0.3);
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
  const Solve<T> peaked(150, 150, 2, 9, 0.001), alike(150, 150, 10, 9, 0.001), noisy(150, 150, 2, 9, 6);
  EXPECT_TRUE(same(peaked, [](C &c) { c.max_iter = 20; }, model.open(), ORTHANT_START_ROUGH));
  EXPECT_FALSE(same(peaked, [](C &c) { c.max_iter = 20; }, model.open(), cols));
  EXPECT_TRUE(same(peaked, [](C &c) { c.max_iter = brief_run - 1; }, model.open(), cols));
  EXPECT_TRUE(same(alike, [](C &c) { c.max_iter = 20; }, model.open(), cols));
  EXPECT_TRUE(same(noisy, [](C &c) { c.max_iter = 20; }, model.open(), cols));
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
