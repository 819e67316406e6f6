// A matrix that is read as it is needed gives the bits of the same matrix in memory, by one reading an iteration, and a
// read that fails ends the call with a valid result of what came before.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "kinds.hpp"
#include "nmf_run.hpp"
#include "reference.hpp"
#include "shuffle_pool.hpp"

namespace orthant::test {
namespace {

// A stream that notes what it is asked for.
template <class T>
class Source {
 public:
  struct Call {
    int32_t first, count;
    bool in_loop;
  };
  explicit Source(const Matrix<T> &A) : A_(A) {}
  typename Api<T>::Matrix data() {
    typename Api<T>::Matrix X = stream(A_);
    X.read = read;
    X.user = this;
    return X;
  }
  // From this call on all fail; -1: none.
  void fail_at(int32_t call) { fails_at_ = call < 0 ? -1 : int32_t(calls.size()) + call; }

  std::vector<Call> calls;
  const std::atomic<bool> *in_loop = nullptr;  // whether the pool is at work
  bool overlapped = false;                     // two reads at once

 private:
  static int32_t read(void *user, int32_t first, int32_t count, T *out) {
    Source &s = *static_cast<Source *>(user);
    if (s.busy_.exchange(true)) s.overlapped = true;
    const int32_t call = int32_t(s.calls.size());
    s.calls.push_back({first, count, s.in_loop && *s.in_loop});
    const bool fails = s.fails_at_ >= 0 && call >= s.fails_at_;
    if (fails) std::fill(out, out + size_t(s.A_.rows()) * size_t(count), std::numeric_limits<T>::quiet_NaN());
    const int32_t status = fails ? 42 : read_columns<T>(const_cast<Matrix<T> *>(&s.A_), first, count, out);
    s.busy_ = false;
    return status;
  }
  const Matrix<T> &A_;
  int32_t fails_at_ = -1;
  std::atomic<bool> busy_{false};
};

// The readings of all columns among these calls: each in ascending order without gaps; others are of single columns.
template <class Calls>
int32_t readings(const Calls &calls, int32_t cols) {
  int32_t whole = 0;
  for (size_t i = 0; i < calls.size();) {
    int32_t next = 0;
    size_t k = i;
    for (; k < calls.size() && calls[k].first == next && next < cols; ++k) next += calls[k].count;
    if (next == cols) {
      ++whole;
      i = k;
      continue;
    }
    EXPECT_EQ(calls[i].count, 1) << "call " << i;
    ++i;
  }
  return whole;
}

template <class T>
Matrix<T> positive(int32_t rows, int32_t cols, uint64_t seed) {
  Random random(seed);
  Matrix<T> V(rows, cols);
  return V.each([&](int32_t i, int32_t j) { return 0.02 + uniform(random) * (1 + (i * j) % 7); });
}

template <class T>
class StreamTest : public testing::Test {
 protected:
  // Groups of columns are four megabytes: three of the one in f32, whose passes are cut by columns, two of the other,
  // which are cut by rows too.
  static constexpr int32_t rows = 700, cols = 4001, rank = 4;
  Matrix<T> V = positive<T>(rows, cols, 3);
  const Matrix<T> tall = positive<T>(2100, 701, 4);

  orthant_nmf_config config(int32_t method, int32_t start, int32_t iterations) {
    return nmf_config(rank, method, start, iterations, 7);
  }
  // Start and run with so many workers; the bits of all results.
  std::string result(const typename Api<T>::Matrix &data, orthant_nmf_config c, int32_t workers) {
    ShufflePool pool(workers, true, 11);
    c.parallel = workers > 0 ? pool.parallel() : nullptr;
    NmfRun<T> f(data, c);
    EXPECT_EQ(f.status(), ORTHANT_OK);
    Random random(5);
    f.W.fill_uniform(random);
    f.H.fill_uniform(random);
    EXPECT_EQ(f.start(), ORTHANT_OK);
    const std::string begun = f.bits();
    EXPECT_EQ(f.try_run(), ORTHANT_OK);
    EXPECT_TRUE(f.valid());
    return begun + f.bits() + std::string(reinterpret_cast<const char *>(&f.report), sizeof f.report);
  }
};
TYPED_TEST_SUITE(StreamTest, Types, TypeNames);

TYPED_TEST(StreamTest, EveryMethodAndLossHasTheBitsOfDense) {
  struct Case {
    int32_t method, loss;
    double beta;
  };
  std::vector<Case> cases;
  for (const int32_t method : half_step_methods()) cases.push_back({method, ORTHANT_LOSS_FROBENIUS, 0});
  for (const int32_t loss : {ORTHANT_LOSS_KL, ORTHANT_LOSS_IS, ORTHANT_LOSS_BETA})
    cases.push_back({ORTHANT_NMF_MU, loss, loss == ORTHANT_LOSS_BETA ? 1.5 : 0});
  for (const Case &one : cases) {
    orthant_nmf_config c = this->config(one.method, ORTHANT_START_COLS, 3);
    c.loss = one.loss, c.beta = one.beta;
    c.l1_h = 0.01;
    const bool whole_list = one.method == ORTHANT_NMF_EHALS;
    for (const bool is_tall : {false, true}) {
      if (is_tall && one.method > ORTHANT_NMF_ANLS) continue;  // the others have the same passes, or one way alone
      const Matrix<TypeParam> &data = is_tall ? this->tall : this->V;
      const std::string dense = this->result(view(data), c, 0);
      for (const int32_t workers : {0, 3, 7}) {
        if (workers == 7 && !whole_list) continue;
        EXPECT_TRUE(this->result(stream(data), c, workers) == dense)
            << method_name(one.method) << " of " << loss_name(one.loss) << (is_tall ? ", tall, " : ", wide, ")
            << workers;
      }
    }
  }
}

TYPED_TEST(StreamTest, EveryStartHasTheBitsOfDense) {
  int taken = 0;
  for (const int32_t start : nmf_starts()) {
    orthant_nmf_config c = this->config(ORTHANT_NMF_HALS, start, 2);
    c.data = ORTHANT_STREAM, c.rows = this->rows, c.cols = this->cols;
    if (!supported(c)) continue;
    ++taken;
    c.data = ORTHANT_DENSE;
    const std::string dense = this->result(view(this->V), c, 0);
    for (const int32_t workers : {0, 3})
      EXPECT_TRUE(this->result(stream(this->V), c, workers) == dense) << start_name(start) << ", " << workers;
  }
  EXPECT_GE(taken, 5);  // cols, spas, spa, random, given
}

// Zero columns are left out by the start from columns, and a matrix of nothing else is a perfect fit.
TYPED_TEST(StreamTest, ZeroColumnsAreLeftOut) {
  using T = TypeParam;
  Matrix<T> &data = this->V;
  data.each([&](int32_t i, int32_t j) { return j % 3 ? 0 : double(data(i, j)); });
  const orthant_nmf_config c = this->config(ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 3);
  EXPECT_TRUE(this->result(stream(data), c, 0) == this->result(view(data), c, 0));
  data.fill(0);
  EXPECT_TRUE(this->result(stream(data), c, 2) == this->result(view(data), c, 0));
}

// A perfect fit, whose objective is taken from the residual, entry by entry, in another reading.
TYPED_TEST(StreamTest, TheResidualIsReadWhereTheObjectiveCancels) {
  using T = TypeParam;
  Matrix<T> W(this->rows, this->rank), H(this->rank, this->cols);
  Random random(8);
  W.fill_uniform(random);
  H.fill_uniform(random);
  this->V.set(W * H);
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_ANLS}) {
    const orthant_nmf_config c = this->config(method, ORTHANT_START_COLS, 20);
    EXPECT_TRUE(this->result(stream(this->V), c, 2) == this->result(view(this->V), c, 0)) << method_name(method);
  }
}

TYPED_TEST(StreamTest, OneReadingAnIteration) {
  using T = TypeParam;
  for (const int32_t workers : {0, 2})
    for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_AOADMM, ORTHANT_NMF_MU})
      for (const int32_t loss : {ORTHANT_LOSS_FROBENIUS, ORTHANT_LOSS_KL}) {
        if (loss != ORTHANT_LOSS_FROBENIUS && method != ORTHANT_NMF_MU) continue;
        int32_t read[2] = {};
        const Matrix<T> &data = method == ORTHANT_NMF_HALS ? this->tall : this->V;
        for (int32_t more = 0; more < 2; ++more) {
          Source<T> source(data);
          orthant_nmf_config c = this->config(method, ORTHANT_START_RANDOM, 3 + 3 * more);
          c.loss = loss;
          this->result(source.data(), c, workers);
          EXPECT_FALSE(source.overlapped);
          read[more] = readings(source.calls, data.cols());
          EXPECT_GE(source.calls.size(), 2 * size_t(read[more]));
        }
        EXPECT_EQ(read[1] - read[0], 3) << method_name(method) << ", " << loss_name(loss) << ", " << workers;
        EXPECT_LE(read[0], 3 + 3) << method_name(method);  // and the start, and what ends a run
      }
}

TYPED_TEST(StreamTest, AStartAloneReadsOnce) {
  using T = TypeParam;
  Source<T> source(this->V);
  NmfRun<T> f(source.data(), this->config(ORTHANT_NMF_HALS, ORTHANT_START_COLS, -1));
  ASSERT_EQ(f.start(), ORTHANT_OK);
  f.run();
  EXPECT_EQ(readings(source.calls, this->cols), 1);
}

// A start from columns asks for those alone, in ascending order.
TYPED_TEST(StreamTest, SampledColumnsAreReadInOrder) {
  using T = TypeParam;
  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS}) {
    Source<T> source(this->V);
    orthant_nmf_config c = this->config(ORTHANT_NMF_HALS, start, 1);
    NmfRun<T> f(source.data(), c);
    ASSERT_EQ(f.start(), ORTHANT_OK);
    EXPECT_EQ(readings(source.calls, this->cols), 1);
    int32_t last = -1, single = 0;
    for (const auto &call : source.calls) {
      if (call.count != 1) break;
      EXPECT_GT(call.first, last);
      last = call.first;
      ++single;
    }
    EXPECT_EQ(single, 100);
  }
}

// A pool that says when it is at work.
struct WatchedPool {
  explicit WatchedPool(int32_t workers) : pool(workers, true), parallel{sizeof parallel, workers, run, this} {}
  static void run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
    WatchedPool &self = *static_cast<WatchedPool *>(user);
    self.busy = true;
    self.pool.parallel()->run(self.pool.parallel()->user, tasks, task, arg);
    self.busy = false;
  }
  ShufflePool pool;
  std::atomic<bool> busy{false};
  orthant_parallel parallel;
};

// With two workers all but the first group of a reading is read beside the tasks that compute; the first, and all with
// one worker, before them.
TYPED_TEST(StreamTest, TheNextGroupIsReadWhileOneIsComputedWith) {
  using T = TypeParam;
  for (const int32_t workers : {1, 2}) {
    WatchedPool pool(workers);
    Source<T> source(this->V);
    source.in_loop = &pool.busy;
    orthant_nmf_config c = this->config(ORTHANT_NMF_HALS, ORTHANT_START_GIVEN, 1);
    c.parallel = &pool.parallel;
    NmfRun<T> f(source.data(), c);
    Random random(5);
    f.W.fill_uniform(random);
    f.H.fill_uniform(random);
    ASSERT_EQ(f.start(), ORTHANT_OK);
    ASSERT_GE(source.calls.size(), 2u);
    for (const auto &call : source.calls) EXPECT_EQ(call.in_loop, workers > 1 && call.first > 0) << call.first;
  }
}

// ---- a read that fails

TYPED_TEST(StreamTest, AFailedReadEndsAStart) {
  using T = TypeParam;
  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_SPA, ORTHANT_START_RANDOM})
    for (const int32_t loss : {ORTHANT_LOSS_FROBENIUS, ORTHANT_LOSS_IS})
      for (const int32_t workers : {1, 2}) {
        if (loss == ORTHANT_LOSS_IS && (start != ORTHANT_START_COLS || workers != 2)) continue;
        ShufflePool pool(workers, true);
        Source<T> source(this->V);
        orthant_nmf_config c = this->config(ORTHANT_NMF_MU, start, 1);
        c.loss = loss, c.parallel = pool.parallel();
        NmfRun<T> f(source.data(), c);
        source.fail_at(-1);
        ASSERT_EQ(f.start(), ORTHANT_OK);
        const int32_t all = int32_t(source.calls.size());
        for (int32_t call = 0; call < all; call += call < 3 ? 1 : all / 4 + 1) {
          source.fail_at(call);
          ASSERT_EQ(f.start(), ORTHANT_E_READ) << start_name(start) << ", call " << call;
        }
        source.fail_at(-1);
        ASSERT_EQ(f.start(), ORTHANT_OK);
        ASSERT_EQ(f.try_run(), ORTHANT_OK);
      }
}

// W and H are those of the last iteration that was complete, and the next run goes on from them.
TYPED_TEST(StreamTest, AFailedReadKeepsTheLastIterate) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_EHALS}) {
    orthant_nmf_config c = this->config(method, ORTHANT_START_RANDOM, 3);
    Source<T> source(this->V);
    NmfRun<T> f(source.data(), c);
    const auto objective = [&] {  // of W and H as they are, by a report without iterations
      orthant_nmf_config look = this->config(ORTHANT_NMF_HALS, ORTHANT_START_GIVEN, -1);
      NmfRun<T> g(view(this->V), look);
      g.W.set(f.W);
      g.H.set(f.H);
      return g.run().objective;
    };
    struct Seen {
      NmfRun<T> *f;
      std::vector<std::string> iterates;
      std::vector<double> objectives;
    } seen{&f, {}, {}};
    c.user = &seen;
    c.progress = [](void *user, const orthant_report *r) {
      Seen &s = *static_cast<Seen *>(user);
      s.iterates.push_back(s.f->bits());
      s.objectives.push_back(r->objective);
      return int32_t(0);
    };
    NmfRun<T> watched(source.data(), c);
    seen.f = &watched;
    ASSERT_EQ(watched.start(), ORTHANT_OK);
    seen.iterates.push_back(watched.bits());
    source.calls.clear();
    ASSERT_EQ(watched.try_run(), ORTHANT_OK);
    const std::vector<std::string> good = seen.iterates;
    const int32_t all = int32_t(source.calls.size()), a_pass = all / readings(source.calls, this->cols);
    for (int32_t call = 0; call < all; call += 2) {
      ASSERT_EQ(f.start(), ORTHANT_OK);
      const double begun = objective();
      source.fail_at(call);
      const std::string before = std::string(reinterpret_cast<const char *>(&f.report), sizeof f.report);
      ASSERT_EQ(f.try_run(), ORTHANT_E_READ) << method_name(method) << ", call " << call;
      EXPECT_TRUE(before == std::string(reinterpret_cast<const char *>(&f.report), sizeof f.report));
      ASSERT_TRUE(f.valid());
      // Of a method that descends the iterate of the last complete reading; of EHALS the best.
      if (descends(method)) EXPECT_TRUE(f.bits() == good[size_t(call / a_pass)]) << "call " << call;
      else EXPECT_LE(objective(), begun * (1 + 1e-5));
      source.fail_at(-1);
      ASSERT_EQ(f.try_run(), ORTHANT_OK);
      EXPECT_LE(f.report.objective, begun * (1 + 1e-5));
    }
  }
}

// MU of another loss: W and some columns of H are new, and the objective has not risen.
TYPED_TEST(StreamTest, AFailedReadOfAnotherLossDoesNotRaiseIt) {
  using T = TypeParam;
  const auto divergence = [&](const NmfRun<T> &f) {
    const Matrix<double> P = f.W * f.H;
    double sum = 0;
    P.visit([&](int32_t i, int32_t j) {
      const double v = double(this->V(i, j)), p = P(i, j);
      sum += v * log(v / p) - v + p;
    });
    return sum;
  };
  orthant_nmf_config c = this->config(ORTHANT_NMF_MU, ORTHANT_START_RANDOM, 3);
  c.loss = ORTHANT_LOSS_KL;
  Source<T> source(this->V);
  NmfRun<T> f(source.data(), c);
  for (const int32_t call : {0, 1, 4, 7}) {
    ASSERT_EQ(f.start(), ORTHANT_OK);
    const double begun = divergence(f);
    source.fail_at(call);
    ASSERT_EQ(f.try_run(), ORTHANT_E_READ);
    ASSERT_TRUE(f.valid());
    EXPECT_LE(divergence(f), begun * (1 + 1e-5));
    source.fail_at(-1);
    ASSERT_EQ(f.try_run(), ORTHANT_OK);
  }
}

// ---- unmixing

template <class T>
struct Pixels {
  Matrix<T> E, Y;
  Pixels(int32_t bands, int32_t endmembers, int32_t pixels) : E(bands, endmembers), Y(bands, pixels) {
    Random random(21);
    E.fill_uniform(random);
    Matrix<T> A(endmembers, pixels);
    A.fill_uniform(random);
    const Matrix<double> EA = E * A;
    Y.each([&](int32_t i, int32_t j) { return EA(i, j) + 0.01 * normal(random); });
  }
};

template <class T>
struct Unmixed {
  orthant_status run, check;
  Matrix<T> A, rms, kkt;
  orthant_report report = empty_report(), checked = empty_report();
  std::string bits() const {
    return A.bits() + rms.bits() + kkt.bits() + std::string(reinterpret_cast<const char *>(&report), sizeof report) +
           std::string(reinterpret_cast<const char *>(&checked), sizeof checked);
  }
};
template <class T>
Unmixed<T> unmix(const Matrix<T> &E, const typename Api<T>::Matrix &Y, int32_t method, int32_t sum, int32_t workers) {
  Unmixed<T> u{ORTHANT_OK, ORTHANT_OK, Matrix<T>(E.cols(), Y.cols).fill(-1), Matrix<T>(Y.cols, 1),
               Matrix<T>(Y.cols, 1)};
  ShufflePool pool(workers, true);
  orthant_unmix_config c = Unmixer<T>::config(E, method, sum);
  c.data = Y.kind;
  c.parallel = workers > 0 ? pool.parallel() : nullptr;
  Unmixer<T> unmixer(E, c);
  u.run = unmixer.run(Y, u.A, &u.report);
  u.check = unmixer.check(Y, u.A, u.rms.data(), u.kkt.data(), &u.checked);
  return u;
}

// Several groups of pixels: one is some megabytes.
TYPED_TEST(StreamTest, UnmixingHasTheBitsOfDense) {
  using T = TypeParam;
  const Pixels<T> p(600, 3, 6001);
  for (const int32_t method : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET, ORTHANT_UNMIX_ADMM, ORTHANT_UNMIX_CLIP})
    for (const int32_t sum : {0, 1}) {
      if (sum == (method == ORTHANT_UNMIX_BPP || method == ORTHANT_UNMIX_ADMM)) continue;
      const Unmixed<T> dense = unmix<T>(p.E, view(p.Y), method, sum, 0);
      ASSERT_EQ(dense.run, ORTHANT_OK);
      for (const int32_t workers : {0, 3}) {
        Source<T> source(p.Y);
        const Unmixed<T> streamed = unmix<T>(p.E, source.data(), method, sum, workers);
        EXPECT_EQ(streamed.run, ORTHANT_OK);
        EXPECT_TRUE(streamed.bits() == dense.bits()) << method << ", " << sum << ", " << workers;
        EXPECT_EQ(readings(source.calls, p.Y.cols()), 2);  // run and check
        EXPECT_GE(source.calls.size(), 2 * 3u);
      }
    }
}

TYPED_TEST(StreamTest, AFailedReadLeavesThePixelsThatWereRead) {
  using T = TypeParam;
  const Pixels<T> p(600, 3, 9001);  // of a few groups
  const Unmixed<T> dense = unmix<T>(p.E, view(p.Y), ORTHANT_UNMIX_ACTIVE_SET, 1, 0);
  Source<T> whole(p.Y);
  unmix<T>(p.E, whole.data(), ORTHANT_UNMIX_ACTIVE_SET, 1, 2);
  const size_t a_reading = whole.calls.size() / 2;
  for (size_t call = 0; call < a_reading; ++call) {
    Source<T> source(p.Y);
    source.fail_at(int32_t(call));
    const Unmixed<T> u = unmix<T>(p.E, source.data(), ORTHANT_UNMIX_ACTIVE_SET, 1, 2);
    EXPECT_EQ(u.run, ORTHANT_E_READ);
    EXPECT_EQ(u.check, ORTHANT_E_READ);
    const int32_t good = whole.calls[call].first;
    bool same = true;
    u.A.visit([&](int32_t k, int32_t j) { same = same && u.A(k, j) == (j < good ? dense.A(k, j) : T(-1)); });
    EXPECT_TRUE(same) << call;
  }
}

// ---- endmembers

template <class T>
std::string endmembers(const typename Api<T>::Matrix &Y, int32_t method, int32_t workers, orthant_status wanted) {
  ShufflePool pool(workers, true);
  orthant_endmembers_config c{};
  c.size = sizeof c;
  c.bands = Y.rows, c.pixels = Y.cols, c.endmembers = 3, c.method = method, c.data = Y.kind, c.seed = 2;
  c.parallel = workers > 0 ? pool.parallel() : nullptr;
  Placed<typename Api<T>::Endmembers> s(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
  EXPECT_EQ(s.status, ORTHANT_OK);
  Matrix<T> E(Y.rows, 3);
  std::vector<int32_t> pixel(3);
  EXPECT_EQ(Api<T>::endmembers_run(s.get(), &Y, nullptr, 0, E.data(), E.ld(), pixel.data()), wanted) << method;
  return E.bits() + std::string(reinterpret_cast<const char *>(pixel.data()), pixel.size() * sizeof pixel[0]);
}

TYPED_TEST(StreamTest, EndmembersHaveTheBitsOfDense) {
  using T = TypeParam;
  const Pixels<T> p(600, 3, 4001);
  for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method) {
    const std::string dense = endmembers<T>(view(p.Y), method, 0, ORTHANT_OK);
    for (const int32_t workers : {0, 3}) {
      Source<T> source(p.Y);
      EXPECT_TRUE(endmembers<T>(source.data(), method, workers, ORTHANT_OK) == dense) << method << ", " << workers;
      EXPECT_GT(readings(source.calls, p.Y.cols()), 1);
      EXPECT_FALSE(source.overlapped);
    }
    Source<T> source(p.Y);
    endmembers<T>(source.data(), method, 0, ORTHANT_OK);
    const int32_t all = int32_t(source.calls.size());
    for (int32_t call = 0; call < all; call += all / 7 + 1) {
      source.fail_at(call);
      endmembers<T>(source.data(), method, 2, ORTHANT_E_READ);
    }
  }
}

}  // namespace
}  // namespace orthant::test
