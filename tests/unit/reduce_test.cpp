// NMF with the columns of V spread over processes, which here are threads that meet at a barrier: the result is that of
// one process, and whatever fails on one ends the call on all.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "kinds.hpp"
#include "nmf_run.hpp"

namespace orthant::test {
namespace {

// Sums over threads.  One whose sum fails, or that has left, breaks the group: every sum fails from then on.
class Group {
 public:
  explicit Group(int32_t size) : size_(size) {}

  struct Member {
    Group *group;
    int32_t process;
    int64_t sums = 0, fails_at = -1;
    std::vector<int64_t> bytes = {};  // of each sum
  };
  Member member(int32_t process) { return {this, process}; }

  static int32_t sum(void *user, void *buffer, int32_t count, int32_t is_f64) {
    Member &m = *static_cast<Member *>(user);
    m.bytes.push_back(int64_t(count) * (is_f64 ? 8 : 4));
    if (m.sums++ == m.fails_at) {
      m.group->leave();
      return 7;
    }
    return is_f64 ? m.group->add(m.process, static_cast<double *>(buffer), count)
                  : m.group->add(m.process, static_cast<float *>(buffer), count);
  }
  void mend() { broken_ = false, arrived_ = 0; }
  void leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    broken_ = true;
    changed_.notify_all();
  }

 private:
  template <class X>
  int32_t add(int32_t process, X *buffer, int32_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    buffers_.resize(size_t(size_));
    buffers_[size_t(process)] = buffer;
    if (arrived_ == 0) count_ = count, bytes_ = sizeof(X);
    broken_ = broken_ || count != count_ || sizeof(X) != bytes_;
    if (!meet(lock)) return 1;
    std::vector<X> sum(static_cast<size_t>(count));
    for (int32_t p = 0; p < size_; ++p)  // everybody in the same order
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<const X *>(buffers_[size_t(p)])[i];
    if (!meet(lock)) return 1;
    std::copy(sum.begin(), sum.end(), buffer);
    return meet(lock) ? 0 : 1;
  }
  bool meet(std::unique_lock<std::mutex> &lock) {
    const int64_t round = round_;
    if (broken_) changed_.notify_all();
    else if (++arrived_ == size_) {
      arrived_ = 0;
      ++round_;
      changed_.notify_all();
    }
    const bool in_time = changed_.wait_for(lock, std::chrono::seconds(30), [&] { return broken_ || round_ != round; });
    EXPECT_TRUE(in_time) << "a process waits for others that do not come";
    return in_time && (round_ != round || !broken_);
  }
  const int32_t size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<void *> buffers_;
  int32_t arrived_ = 0, count_ = 0;
  size_t bytes_ = 0;
  int64_t round_ = 0;
  bool broken_ = false;
};

// Where the shares of n processes begin, and the end: uneven, and of four and more one is empty.
std::vector<int32_t> cuts(int32_t cols, int32_t n) {
  std::vector<int32_t> at(size_t(n) + 1, 0);
  for (int32_t p = 1; p < n; ++p) at[size_t(p)] = int32_t(int64_t(cols) * p * p / (n * n));
  at[size_t(n)] = cols;
  if (n >= 4) at[2] = at[3];
  return at;
}

template <class T>
Matrix<T> columns(const Matrix<T> &A, int32_t from, int32_t to) {
  return Matrix<T>(A.rows(), to - from).each([&](int32_t i, int32_t j) { return A(i, from + j); });
}

// One of the processes.
template <class T>
struct Share {
  EveryKind<T> data;
  orthant_reduce reduce;
  Group::Member member;
  orthant_nmf_config config;
  std::unique_ptr<NmfRun<T>> run;
  orthant_status started = ORTHANT_OK, ran = ORTHANT_OK;

  Share(Group &group, const Matrix<T> &V, const std::vector<int32_t> &at, int32_t p, orthant_nmf_config c)
      : data(columns(V, at[size_t(p)], at[size_t(p) + 1])), member(group.member(p)), config(c) {
    reduce = {sizeof reduce, p, int32_t(at.size()) - 1, at[size_t(p)], V.cols(), 0, Group::sum, &member};
    config.reduce = &reduce;
  }
  void place() { run = std::make_unique<NmfRun<T>>(data.view(config.data), config); }
};

// V on n processes.
template <class T>
struct Spread {
  Group group;
  std::vector<int32_t> at;
  std::vector<std::unique_ptr<Share<T>>> shares;

  Spread(const Matrix<T> &V, const orthant_nmf_config &c, int32_t n) : group(n), at(cuts(V.cols(), n)) {
    for (int32_t p = 0; p < n; ++p) shares.push_back(std::make_unique<Share<T>>(group, V, at, p, c));
  }
  int32_t size() const { return int32_t(shares.size()); }
  Share<T> &operator[](int32_t p) { return *shares[size_t(p)]; }
  void place() {
    for (auto &share : shares) share->place();
  }
  // body(share) on all at once.
  void each(const std::function<void(Share<T> &)> &body) {
    std::vector<std::thread> threads;
    for (auto &share : shares)
      threads.emplace_back([&] {
        body(*share);
      });
    for (std::thread &t : threads) t.join();
  }
  void start() {
    each([](Share<T> &s) { s.started = s.run->start(); });
  }
  void go() {
    each([](Share<T> &s) { s.ran = s.run->try_run(); });
  }
  void solve() {
    place();
    solve_again();
  }
  void solve_again() {
    each([](Share<T> &s) {
      s.started = s.run->start();
      s.ran = s.started == ORTHANT_OK ? s.run->try_run() : s.started;
    });
  }
  // The same status everywhere.
  orthant_status status() {
    for (auto &share : shares) EXPECT_EQ(share->ran, shares[0]->ran);
    return shares[0]->ran;
  }
  // The same W and report everywhere, to the bit.
  void expect_one_result() {
    for (auto &share : shares) {
      EXPECT_EQ(share->ran, ORTHANT_OK);
      EXPECT_EQ(share->run->W.bits(), shares[0]->run->W.bits());
      EXPECT_EQ(memcmp(&share->run->report, &shares[0]->run->report, sizeof(orthant_report)), 0);
      EXPECT_TRUE(share->run->valid());
    }
  }
  Matrix<T> H() {
    Matrix<T> all(shares[0]->run->H.rows(), at.back());
    for (int32_t p = 0; p < size(); ++p)
      for (int32_t j = at[size_t(p)]; j < at[size_t(p) + 1]; ++j)
        for (int32_t k = 0; k < all.rows(); ++k) all(k, j) = (*this)[p].run->H(k, j - at[size_t(p)]);
    return all;
  }
};

// Of low rank with noise; a third of the entries are zero.
template <class T>
Matrix<T> data(int32_t rows, int32_t cols, int32_t rank, uint64_t seed = 3) {
  Random random(seed);
  const Matrix<T> W = Matrix<T>(rows, rank).fill_uniform(random), H = Matrix<T>(rank, cols).fill_uniform(random);
  const Matrix<double> P = W * H;
  return Matrix<T>(rows, cols).each([&](int32_t i, int32_t j) {
    const double noise = 0.3 * uniform(random);
    return uniform(random) < 1.0 / 3 ? 0 : P(i, j) + noise;
  });
}

constexpr int32_t rows = 33, cols = 75, rank = 4;

struct Case {
  int32_t method, loss, kind;
};
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_STREAM}) {
    for (const int32_t method : half_step_methods()) all.push_back({method, ORTHANT_LOSS_FROBENIUS, kind});
    all.push_back({ORTHANT_NMF_MU, ORTHANT_LOSS_KL, kind});
  }
  all.push_back({ORTHANT_NMF_MU, ORTHANT_LOSS_BETA, ORTHANT_DENSE});
  return all;
}
orthant_nmf_config config_of(const Case &one, int32_t start, int32_t iterations) {
  orthant_nmf_config c = nmf_config(rank, one.method, start, iterations);
  c.loss = one.loss, c.data = one.kind, c.beta = 1.5;
  return c;
}
std::string name_of(const Case &one) {
  return method_name(one.method) + " " + loss_name(one.loss) + " " + kind_names[one.kind];
}

template <class T>
constexpr double same = sizeof(T) == 4 ? 1e-6 : 1e-12;

template <class T>
class Reduce : public testing::Test {};
TYPED_TEST_SUITE(Reduce, Types, TypeNames);

// What the factors leave of V, in double: in f32 the report's own number carries some units of rounding of |V|^2.
template <class T>
double objective_of(const Case &one, const Matrix<T> &V, Spread<T> &spread) {
  if (one.loss != ORTHANT_LOSS_FROBENIUS) return spread[0].run->report.objective;
  return half_squares(V, spread[0].run->W, spread.H());
}

// After 50 iterations.
TYPED_TEST(Reduce, EveryMethodIsThatOfOneProcess) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  for (const Case &one : cases()) {
    const orthant_nmf_config c = config_of(one, ORTHANT_START_COLS, 50);
    Spread<T> first(V, c, 1);
    first.solve();
    const double objective = objective_of(one, V, first), reported = first[0].run->report.objective;
    const EveryKind<T> every(V);
    NmfRun<T> alone(every.view(one.kind), c);
    ASSERT_EQ(alone.start(), ORTHANT_OK);
    const double expected = alone.run().objective;
    EXPECT_NEAR(reported, expected, same<T> * norm2(V)) << name_of(one);
    for (const int32_t n : {2, 4, 7}) {
      Spread<T> spread(V, c, n);
      spread.solve();
      spread.expect_one_result();
      EXPECT_NEAR(objective_of(one, V, spread), objective, same<T> * objective) << name_of(one) << ", " << n;
      EXPECT_NEAR(spread[0].run->report.objective, reported, same<T> * norm2(V)) << name_of(one) << ", " << n;
      EXPECT_EQ(spread[0].run->report.iters, 50);
    }
  }
}

// The report is that of the factors.
TYPED_TEST(Reduce, TheReportIsOfAllColumns) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  orthant_nmf_config c = config_of({ORTHANT_NMF_EHALS, ORTHANT_LOSS_FROBENIUS, ORTHANT_DENSE}, 0, 20);
  Spread<T> spread(V, c, 4);
  spread.solve();
  const orthant_report report = spread[0].run->report;
  const double exact = half_squares(V, spread[0].run->W, spread.H());
  EXPECT_NEAR(report.objective, exact, 1e2 * same<T> * exact);
  EXPECT_NEAR(report.kkt, frobenius_kkt(V, spread[0].run->W, spread.H()), 1e-3 * report.kkt + 1e2 * unit_roundoff<T>);
}

// And that of another loss is the report of one process.
TYPED_TEST(Reduce, TheResidualOfKlIsOfAllColumns) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  orthant_nmf_config c = config_of({ORTHANT_NMF_MU, ORTHANT_LOSS_KL, ORTHANT_DENSE}, ORTHANT_START_COLS, 20);
  NmfRun<T> alone(V, c);
  ASSERT_EQ(alone.start(), ORTHANT_OK);
  const double kkt = alone.run().kkt;
  Spread<T> spread(V, c, 4);
  spread.solve();
  EXPECT_GT(kkt, 1e-3);
  EXPECT_NEAR(spread[0].run->report.kkt, kkt, 1e2 * same<T> * kkt);
}

// Penalties of H, and a residual that is summed up entry by entry.
TYPED_TEST(Reduce, TermsThatLieWithH) {
  using T = TypeParam;
  orthant_nmf_config c = nmf_config(rank, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 30);
  c.l1_h = 0.3, c.l2_h = 0.1, c.ortho_h = 0.05, c.l1_w = 0.1;
  const Matrix<T> V = data<T>(rows, cols, rank);
  Random random(4);
  const Matrix<T> W = Matrix<T>(rows, rank).fill_uniform(random), H = Matrix<T>(rank, cols).fill_uniform(random);
  const Matrix<T> exact = Matrix<T>(rows, cols).set(W * H);
  for (const bool penalties : {true, false}) {
    const Matrix<T> &X = penalties ? V : exact;
    if (!penalties) c.l1_h = c.l2_h = c.ortho_h = c.l1_w = 0, c.max_iter = 200;
    NmfRun<T> alone(X, c);
    ASSERT_EQ(alone.start(), ORTHANT_OK);
    const orthant_report expected = alone.run();
    Spread<T> spread(X, c, 4);
    spread.solve();
    spread.expect_one_result();
    const orthant_report report = spread[0].run->report;
    if (penalties) EXPECT_NEAR(report.objective, expected.objective, same<T> * expected.objective);
    else EXPECT_NEAR(report.rel_error, expected.rel_error, 0.5 * expected.rel_error);
  }
  c = nmf_config(rank, ORTHANT_NMF_MU, ORTHANT_START_COLS, 30);
  c.loss = ORTHANT_LOSS_KL, c.l1_h = 0.3, c.l2_h = 0.1;
  NmfRun<T> alone(V, c);
  ASSERT_EQ(alone.start(), ORTHANT_OK);
  const double expected = alone.run().objective;
  Spread<T> spread(V, c, 4);
  spread.solve();
  EXPECT_NEAR(spread[0].run->report.objective, expected, same<T> * expected);
}

// The start alone: the columns that one process chooses, and its random numbers; some columns are zero.
TYPED_TEST(Reduce, StartsAreThoseOfOneProcess) {
  using T = TypeParam;
  Matrix<T> V = data<T>(rows, cols, rank);
  for (int32_t j = 0; j < cols; j += 2)
    for (int32_t i = 0; i < rows; ++i) V(i, j) = T(0);
  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_RANDOM})
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      orthant_nmf_config c = nmf_config(rank, ORTHANT_NMF_HALS, start, ORTHANT_NONE, seed);
      NmfRun<T> alone(V, c);
      ASSERT_EQ(alone.start(), ORTHANT_OK);
      const double expected = alone.run().objective;
      for (const int32_t n : {1, 2, 4, 7}) {
        Spread<T> spread(V, c, n);
        spread.solve();
        spread.expect_one_result();
        const double scale = start == ORTHANT_START_RANDOM ? 8 * eps<T> : 0;  // by the best factor, of rounded sums
        EXPECT_LE(sqrt(norm2(spread[0].run->W - alone.W)), scale * sqrt(norm2(alone.W))) << start << ", " << n;
        EXPECT_LE(sqrt(norm2(spread.H() - alone.H)), 1e3 * eps<T> * sqrt(norm2(alone.H))) << start << ", " << n;
        EXPECT_NEAR(spread[0].run->report.objective, expected, same<T> * expected);
      }
    }
}

// A start that is open is COLS, whatever one process would choose; what looks at all of V is refused, in words.
TEST(ReduceChoice, DefaultsAndRefusals) {
  Group group(1);
  Group::Member member = group.member(0);
  const orthant_reduce reduce{sizeof reduce, 0, 1, 0, 400, 0, Group::sum, &member};
  orthant_nmf_config c{};
  c.size = sizeof c;
  c.rows = 300, c.cols = 400, c.rank = 3, c.reduce = &reduce;
  size_t bytes = 0;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_OK);
  for (const int32_t start : nmf_starts()) {
    c.start = start;
    const bool sums = start == ORTHANT_START_COLS || start == ORTHANT_START_SPA || start == ORTHANT_START_RANDOM ||
                      start == ORTHANT_START_GIVEN;
    EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), sums ? ORTHANT_OK : ORTHANT_E_UNSUPPORTED) << start;
  }
  c.start = 0;
  for (const int32_t method : {ORTHANT_NMF_CCD, ORTHANT_NMF_MINVOL, ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    c.method = method, c.loss = method == ORTHANT_NMF_CCD ? ORTHANT_LOSS_KL : 0;
    EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_E_UNSUPPORTED) << method;
  }
  c.method = 0, c.loss = ORTHANT_LOSS_KL;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_OK);
  c.loss = 0, c.data = ORTHANT_MASKED;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_E_UNSUPPORTED);
  char text[200];
  EXPECT_GT(orthant_nmf_config_problem(&c, text, sizeof text), 0u);
  c.data = 0, c.cols = 401;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_E_ARG);
  orthant_nmf_config_problem(&c, text, sizeof text);
  EXPECT_STREQ(text, "cols is 401; of all_columns of reduce there are 400 from first_column on");
  orthant_reduce bad = reduce;
  bad.process = 1, c.cols = 400, c.reduce = &bad;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_E_ARG);
  orthant_nmf_config_problem(&c, text, sizeof text);
  EXPECT_STREQ(text, "reduce: process is 1; it must be 0");
  bad = reduce, bad.sum = nullptr;
  EXPECT_EQ(orthant_nmf_size_f32(&c, &bytes), ORTHANT_E_ARG);
}

// What orthant.h says of the sums of an iteration, and the count in the report.
TYPED_TEST(Reduce, BytesAnIterationAreThoseOfTheFormula) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  for (const Case &one : cases()) {
    int64_t bytes[2] = {};
    for (int longer = 0; longer < 2; ++longer) {
      Spread<T> spread(V, config_of(one, ORTHANT_START_COLS, 10 + 10 * longer), 3);
      spread.solve();
      bytes[longer] = int64_t(spread[0].run->report.reduced_bytes);
      int64_t given = 0;
      for (const int64_t sum : spread[0].member.bytes) given += sum;
      EXPECT_EQ(bytes[longer], given);
    }
    const int64_t product = int64_t(rank) * rows, size = sizeof(T);
    int64_t formula = size * (product + rank * rank) + 8 * 7;
    if (one.loss != ORTHANT_LOSS_FROBENIUS)
      formula = size * product * (one.loss == ORTHANT_LOSS_KL ? 1 : 2) + 8 * (6 + 3 * rank);
    EXPECT_EQ(bytes[1] - bytes[0], 10 * formula) << name_of(one);
  }
}

// A NaN in one share, a negative entry, factors or configs that do not go together: the same status everywhere.
TYPED_TEST(Reduce, WhatIsWrongOnOneIsRefusedOnAll) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  for (const Case &one : cases())
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN})
      for (const double bad : {double(NAN), -1.0, double(INFINITY)}) {
        orthant_nmf_config c = config_of(one, start, 5);
        if (!supported(c)) continue;
        Spread<T> spread(V, c, 4);
        spread[3].data.dense(7, 2) = T(bad);
        spread[3].data.compress();
        spread.place();
        for (auto &share : spread.shares) share->run->W.fill(1), share->run->H.fill(1);
        spread.start();
        for (auto &share : spread.shares) EXPECT_EQ(share->started, ORTHANT_E_DATA) << name_of(one) << ", " << start;
      }
  const orthant_nmf_config c = nmf_config(rank, ORTHANT_NMF_HALS, ORTHANT_START_GIVEN, 5);
  const auto refused = [&](const std::function<void(Spread<T> &)> &before,
                           const std::function<void(Spread<T> &)> &after, orthant_status status) {
    Spread<T> spread(V, c, 3);
    before(spread);
    spread.place();
    for (auto &share : spread.shares) share->run->W.fill(1), share->run->H.fill(1);
    after(spread);
    spread.start();
    for (auto &share : spread.shares) EXPECT_EQ(share->started, status);
  };
  const auto nothing = [](Spread<T> &) {};
  refused(nothing, nothing, ORTHANT_OK);
  refused(nothing, [](Spread<T> &s) { s[1].run->H(2, 3) = T(-1); }, ORTHANT_E_DATA);
  refused(nothing, [](Spread<T> &s) { s[1].run->W(2, 3) = T(2); }, ORTHANT_E_ARG);
  refused([](Spread<T> &s) { s[2].config.max_iter = 6; }, nothing, ORTHANT_E_ARG);
  refused([](Spread<T> &s) { s[0].config.l1_h = 1; }, nothing, ORTHANT_E_ARG);
  refused([](Spread<T> &s) { s[1].reduce.first_column += 1; }, nothing, ORTHANT_E_ARG);
}

// One starts, the others run; and one is given a matrix of another shape.
TYPED_TEST(Reduce, CallsThatDoNotMeetAreRefusedOnAll) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank), other = data<T>(rows + 1, cols, rank);
  Spread<T> spread(V, nmf_config(rank, ORTHANT_NMF_HALS, ORTHANT_START_COLS, 5), 3);
  spread.place();
  spread.start();
  spread.each([&](Share<T> &s) { s.ran = s.member.process == 1 ? s.run->start() : s.run->try_run(); });
  EXPECT_EQ(spread.status(), ORTHANT_E_ARG);
  spread.each([&](Share<T> &s) {
    typename Api<T>::Matrix given = s.data.view(ORTHANT_DENSE);
    if (s.member.process == 2) given.rows -= 1;
    s.ran = Api<T>::nmf_start(s.run->handle(), &given, s.run->W.data(), s.run->W.ld(), s.run->H.data(), s.run->H.ld());
  });
  EXPECT_EQ(spread.status(), ORTHANT_E_ARG);
  spread.start();
  spread.go();
  EXPECT_EQ(spread.status(), ORTHANT_OK);
}

// Whichever sum fails, on whichever process: E_REDUCE on all, finite factors, and the same start and run then give what
// they would have.
TYPED_TEST(Reduce, ASumThatFailsEndsTheCallOnAll) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  for (const Case &one : cases()) {
    const orthant_nmf_config c = config_of(one, one.kind == ORTHANT_DENSE ? ORTHANT_START_SPA : ORTHANT_START_COLS, 6);
    Spread<T> whole(V, c, 3);
    whole.solve();
    ASSERT_EQ(whole.status(), ORTHANT_OK);
    const int64_t sums = whole[0].member.sums;
    for (int64_t k = 0; k < sums; ++k) {
      Spread<T> spread(V, c, 3);
      spread[int32_t(k % 3)].member.fails_at = k;
      spread.place();
      for (auto &share : spread.shares) share->run->W.fill(1), share->run->H.fill(1);
      spread.solve_again();
      EXPECT_EQ(spread.status(), ORTHANT_E_REDUCE) << name_of(one) << ", sum " << k;
      for (auto &share : spread.shares) EXPECT_TRUE(share->run->valid()) << name_of(one) << ", sum " << k;
      spread.group.mend();
      spread.solve_again();
      ASSERT_EQ(spread.status(), ORTHANT_OK) << name_of(one) << ", sum " << k;
      EXPECT_EQ(spread[0].run->W.bits(), whole[0].run->W.bits()) << name_of(one) << ", sum " << k;
    }
  }
}

// A stream of which a read fails, whichever, on one process.
TYPED_TEST(Reduce, AReadThatFailsEndsTheCallOnAll) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  struct Source {
    typename Api<T>::Matrix all;
    int32_t reads = 0, fails_at = -1;
  };
  const auto read = [](void *user, int32_t first, int32_t count, T *out) {
    Source &source = *static_cast<Source *>(user);
    return source.reads++ == source.fails_at ? 9 : source.all.read(source.all.user, first, count, out);
  };
  for (const Case &one : cases()) {
    if (one.kind != ORTHANT_STREAM) continue;
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA})
      for (int32_t k = 0, failed = 1; failed != 0; ++k) {
        ASSERT_LT(k, 1000);
        Spread<T> spread(V, config_of(one, start, 4), 3);
        spread.place();
        spread.each([&](Share<T> &s) {
          Source source{s.data.view(ORTHANT_STREAM)};
          source.fails_at = s.member.process == 2 ? k : -1;
          auto given = source.all;
          given.read = read, given.user = &source;
          NmfRun<T> &run = *s.run;
          run.W.fill(1), run.H.fill(1);
          s.ran = Api<T>::nmf_start(run.handle(), &given, run.W.data(), run.W.ld(), run.H.data(), run.H.ld());
          if (s.ran == ORTHANT_OK)
            s.ran = Api<T>::nmf_run(run.handle(), &given, run.W.data(), run.W.ld(), run.H.data(), run.H.ld(),
                                    &run.report);
        });
        failed = spread.status();
        if (failed != ORTHANT_OK) EXPECT_EQ(failed, ORTHANT_E_READ) << name_of(one) << ", read " << k;
        EXPECT_TRUE(k > 0 || failed != 0);
      }
  }
}

// One process asks for the end: all end, with a valid iterate.
TYPED_TEST(Reduce, OneEndsAll) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  struct Counter {
    int32_t calls = 0, most;
  };
  for (const Case &one : cases()) {
    Spread<T> spread(V, config_of(one, ORTHANT_START_COLS, 40), 3);
    std::vector<Counter> counters(3, Counter{0, 1000});
    counters[1].most = 4;
    for (int32_t p = 0; p < 3; ++p) {
      spread[p].config.progress = [](void *user, const orthant_report *) {
        auto *counter = static_cast<Counter *>(user);
        return int32_t(++counter->calls >= counter->most);
      };
      spread[p].config.user = &counters[size_t(p)];
    }
    spread.solve();
    spread.expect_one_result();
    EXPECT_EQ(spread[0].run->report.stop, ORTHANT_STOP_CANCELLED) << name_of(one);
    EXPECT_EQ(spread[0].run->report.iters, 5) << name_of(one);
  }
}

// Copies of the handles, W and H go on with the same bits, when the handles themselves have gone on; and W and H with
// other shares of other processes, from three to five and to two.
TYPED_TEST(Reduce, ARunGoesOnWithAnotherNumberOfProcesses) {
  using T = TypeParam;
  const Matrix<T> V = data<T>(rows, cols, rank);
  for (const Case &one : cases()) {
    if (one.kind != ORTHANT_DENSE) continue;
    const orthant_nmf_config c = config_of(one, ORTHANT_START_COLS, 10);
    NmfRun<T> alone(V, c);
    ASSERT_EQ(alone.start(), ORTHANT_OK);
    alone.run();
    const double expected = alone.run().objective;
    Spread<T> three(V, c, 3);
    three.solve();
    const Matrix<T> W = three[0].run->W, H = three.H();
    std::vector<std::vector<unsigned char>> copies;
    for (auto &share : three.shares) copies.push_back(share->run->copy());
    three.go();
    three.expect_one_result();
    EXPECT_EQ(three[0].run->report.iters, 20);
    EXPECT_NEAR(three[0].run->report.objective, expected, same<T> * expected) << name_of(one);
    const std::string further = three[0].run->W.bits() + three.H().bits();
    for (int32_t p = 0; p < 3; ++p) {
      three[p].run->take(copies[size_t(p)]);
      three[p].run->W.set(W);
      three[p].run->H.set(columns(H, three.at[size_t(p)], three.at[size_t(p) + 1]));
    }
    three.go();
    EXPECT_EQ(three[0].run->report.iters, 20);
    EXPECT_EQ(three[0].run->W.bits() + three.H().bits(), further) << name_of(one);
    // These have more than W and H to go on from, and begin it anew.
    const bool more = one.method == ORTHANT_NMF_EHALS || one.method == ORTHANT_NMF_AOADMM;
    for (const int32_t n : {5, 2}) {
      Spread<T> others(V, config_of(one, ORTHANT_START_GIVEN, 10), n);
      others.place();
      for (int32_t p = 0; p < n; ++p) {
        others[p].run->W.set(W);
        others[p].run->H.set(columns(H, others.at[size_t(p)], others.at[size_t(p) + 1]));
      }
      others.start();
      others.go();
      others.expect_one_result();
      EXPECT_NEAR(others[0].run->report.objective, expected, (more ? 0.05 : same<T>) * expected) << name_of(one);
    }
  }
}

// Data so large, or so small, that squares leave the range end the start, alike on all.
TYPED_TEST(Reduce, OverflowIsSeenByAll) {
  using T = TypeParam;
  Matrix<T> V = data<T>(rows, cols, rank);
  V(3, cols - 1) = sizeof(T) == 4 ? T(1e19) : T(1e154);
  Spread<T> spread(V, nmf_config(rank, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 5), 4);
  spread.solve();
  EXPECT_EQ(spread.status(), ORTHANT_E_DATA);
  Matrix<T> zero(rows, cols);
  zero.fill(0);
  Spread<T> none(zero, nmf_config(rank, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 5), 4);
  none.solve();
  EXPECT_EQ(none.status(), ORTHANT_OK);
  zero(1, cols - 1) = Api<T>::name[1] == '3' ? T(1e-20) : T(1e-160);
  Spread<T> faint(zero, nmf_config(rank, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 5), 4);
  faint.solve();
  EXPECT_EQ(faint.status(), ORTHANT_E_DATA);
}

// What a process has seen: the bits of W and of its share of H, between iterations and at the ends of runs.
template <class T>
struct Seen {
  const NmfRun<T> *run = nullptr;
  std::vector<std::string> iterates = {};
  void see() { iterates.push_back(run->bits()); }
  static int32_t watch(void *user, const orthant_report *) {
    static_cast<Seen *>(user)->see();
    return 0;
  }
};

// From factors of these sizes: whether a run overflows, which then leaves an iterate, the same on all.
template <class T>
bool overflows(const Matrix<T> &V, const orthant_nmf_config &c, double left, double right, std::vector<Seen<T>> *seen) {
  const int32_t n = int32_t(seen->size());
  Spread<T> spread(V, c, n);
  for (int32_t p = 0; p < n; ++p)
    spread[p].config.progress = Seen<T>::watch, spread[p].config.user = &(*seen)[size_t(p)];
  spread.place();
  Random random(7);
  const Matrix<T> W = Matrix<T>(rows, rank).fill_uniform(random), H = Matrix<T>(rank, cols).fill_uniform(random);
  for (int32_t p = 0; p < n; ++p) {
    NmfRun<T> &run = *spread[p].run;
    run.W.each([&](int32_t i, int32_t k) { return left * W(i, k); });
    run.H.each([&](int32_t k, int32_t j) { return right * H(k, spread.at[size_t(p)] + j); });
    (*seen)[size_t(p)].run = &run;
  }
  spread.start();
  for (auto &share : spread.shares) EXPECT_EQ(share->started, spread[0].started);
  if (spread[0].started != ORTHANT_OK) return false;
  for (Seen<T> &one : *seen) one.see();
  spread.go();
  spread.expect_one_result();
  if (spread[0].run->report.stop != ORTHANT_STOP_NONFINITE) {
    for (Seen<T> &one : *seen) one.see();
    return false;
  }
  bool known = false;
  for (size_t t = 0; t < (*seen)[0].iterates.size(); ++t) {
    bool here = true;
    for (const Seen<T> &one : *seen) here = here && one.iterates[t] == one.run->bits();
    known = known || here;
  }
  EXPECT_TRUE(known) << "after " << spread[0].run->report.iters << " iterations";
  return true;
}

// Large data on one process alone, and factors with which products leave the range at one iteration or another.  KL and
// beta stay in it; in f64, where sums have no more range than products, MU is refused at the start, and no run gets
// far.
TYPED_TEST(Reduce, OverflowInARunEndsItOnAll) {
  using T = TypeParam;
  constexpr int32_t n = 3, most = 8;
  const auto far = [](double exponent) { return pow(10, sizeof(T) == 4 ? exponent : 8 * exponent); };
  const Matrix<T> small = data<T>(rows, cols, rank);
  const int32_t last = cuts(cols, n)[n - 1];
  const Matrix<T> V = Matrix<T>(rows, cols).each(
      [&](int32_t i, int32_t j) { return double(small(i, j)) * (j < last ? 1 : far(14)); });
  int32_t later = 0;
  for (const Case &one : cases()) {
    if (one.kind == ORTHANT_CSR || one.kind == ORTHANT_STREAM) continue;
    int32_t ends = 0;
    for (const auto &[left, right] : {std::pair(-18., -18.), {9., -18.}, {18., 18.}}) {
      SCOPED_TRACE(name_of(one) + ", factors 1e" + std::to_string(int(left)) + " and 1e" + std::to_string(int(right)));
      std::vector<Seen<T>> seen(n);
      bool over = false;
      for (int32_t k = 1; k <= most && !over; ++k) {
        over = overflows(V, config_of(one, ORTHANT_START_GIVEN, k), far(left), far(right), &seen);
        later += over && k > 1;
      }
      ends += over;
    }
    const bool stays = one.method == ORTHANT_NMF_MU && (one.loss != ORTHANT_LOSS_FROBENIUS || sizeof(T) == 8);
    EXPECT_EQ(ends > 0, !stays) << name_of(one);
  }
  EXPECT_EQ(later > 0, sizeof(T) == 4);
}

}  // namespace
}  // namespace orthant::test
