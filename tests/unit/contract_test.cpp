// What every handle promises, checked for every noun, element type and method from one list, so that none is forgotten:
// exact sizes, any alignment, any content of the workspace, moving, guard bands, any number of workers, no heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>

#include "guarded.hpp"
#include "heap_count.hpp"
#include "shuffle_pool.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

// One use of a noun: a workspace, a handle, some calls, some outputs.
class Job {
 public:
  virtual ~Job() = default;
  virtual orthant_status size(const orthant_parallel *p, size_t *bytes) = 0;
  virtual orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) = 0;
  virtual int stages() const { return 0; }
  virtual orthant_status stage(int, void *) { return ORTHANT_OK; }
  virtual void clear() = 0;               // outputs as before the first call
  virtual std::string result() const = 0;  // all outputs, bit by bit
  virtual bool intact() const = 0;         // nothing but the outputs was written
};

std::string bits(const orthant_report &r) { return std::string(reinterpret_cast<const char *>(&r), sizeof r); }

template <class T>
void fill_canary(Guarded<T> &A) {
  A.each([](int32_t, int32_t) { return canary(T()); });
}

struct Shape {
  int32_t rows, cols, rank;
};

template <class T>
class NmfJob : public Job {
 public:
  NmfJob(Shape s, int32_t method, int32_t start, int32_t iters = 6, int32_t kind = ORTHANT_DENSE, double beta = 2)
      : V_(s.rows, s.cols, 3, 1), W_(s.rows, s.rank, 2, 3), H_(s.rank, s.cols, 4, 5) {
    config_.size = sizeof config_;
    config_.rows = s.rows, config_.cols = s.cols, config_.rank = s.rank;
    config_.method = method, config_.start = start, config_.max_iter = iters;
    config_.tol = -1;
    config_.seed = 99;
    config_.loss = beta != 2 ? ORTHANT_LOSS_BETA : ORTHANT_LOSS_FROBENIUS;
    config_.beta = beta;
    Random random(12);
    V_.each([&](int32_t, int32_t) { return max_of_zero(uniform(random) - (kind == ORTHANT_DENSE ? 0 : 0.5)); });
    before_ = V_.bits();
    config_.data = kind;
    if (kind != ORTHANT_DENSE) {  // with every penalty too
      config_.l1_w = 0.01, config_.l1_h = 0.02, config_.l2_w = 0.03, config_.l2_h = 0.01;
      if (method != ORTHANT_NMF_AOADMM && beta == 2) config_.ortho_w = 0.02, config_.ortho_h = 0.01;
    }
    const bool by_rows = kind == ORTHANT_CSR;
    starts_.assign(1, 0);
    for (int32_t a = 0; a < (by_rows ? s.rows : s.cols); ++a) {
      for (int32_t b = 0; b < (by_rows ? s.cols : s.rows); ++b)
        if (const T v = by_rows ? V_(a, b) : V_(b, a); v != T(0)) indices_.push_back(b), values_.push_back(v);
      starts_.push_back(int32_t(indices_.size()));
    }
    clear();
  }
  static double max_of_zero(double x) { return x > 0 ? x : 0; }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::nmf_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::nmf_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Nmf **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::Nmf *>(handle);
    auto V = Api<T>::dense(V_.data(), V_.rows(), V_.cols(), V_.ld());
    V.kind = config_.data;
    if (V.kind == ORTHANT_CSC || V.kind == ORTHANT_CSR)
      V.values = values_.data(), V.starts = starts_.data(), V.indices = indices_.data();
    if (i == 0) return Api<T>::nmf_start(s, &V, W_.data(), W_.ld(), H_.data(), H_.ld());
    return Api<T>::nmf_run(s, &V, W_.data(), W_.ld(), H_.data(), H_.ld(), &report_[i - 1]);
  }
  void clear() override {
    Random random(13);
    fill_canary(W_);  // a start must not read them
    fill_canary(H_);
    if (config_.start == ORTHANT_START_GIVEN) {
      W_.fill_uniform(random);
      H_.fill_uniform(random);
    }
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override { return W_.bits() + H_.bits() + bits(report_[0]) + bits(report_[1]); }
  bool intact() const override { return V_.intact() && W_.intact() && H_.intact() && V_.bits() == before_; }

 protected:
  orthant_nmf_config config_{};

 private:
  const orthant_nmf_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> V_, W_, H_;
  std::vector<T> values_;
  std::vector<int32_t> starts_, indices_;
  orthant_report report_[2];
  std::string before_;
};

// By the schedule that the library brings.
template <class T>
class ScheduledJob : public NmfJob<T> {
 public:
  ScheduledJob(Shape s, int32_t start, int32_t kind) : NmfJob<T>(s, ORTHANT_NMF_EHALS, start, 6, kind), blob_(64) {
    size_t bytes = 0;
    EXPECT_EQ(orthant_schedule_default(blob_.data(), blob_.size() * sizeof blob_[0], &bytes), ORTHANT_OK);
    EXPECT_EQ(orthant_model_open(blob_.data(), bytes, &this->config_.schedule), ORTHANT_OK);
  }

 private:
  struct alignas(64) Line { unsigned char bytes[64]; };
  std::vector<Line> blob_;
};

// With all weights and penalties, or with those that leave the rows of both factors apart.
template <class T>
class TermsJob : public NmfJob<T> {
 public:
  TermsJob(Shape s, int32_t method, bool dense)
      : NmfJob<T>(s, method, ORTHANT_START_RANDOM, 3), P_(s.rows, s.rows, 1, 2), Q_(s.cols, s.cols, 2, 1),
        B_(s.rank, s.rank, 3, 1), l1_w_(s.rows, s.rank, 1), l1_h_(s.rank, s.cols, 2), d_(s.rows + s.cols, 1) {
    Random random(17);
    for (Guarded<T> *g : {&P_, &Q_, &B_, &l1_w_, &l1_h_, &d_}) g->fill_uniform(random);
    for (Guarded<T> *g : {&P_, &Q_, &B_})
      g->each([&](int32_t i, int32_t j) { return i < j ? double((*g)(i, j)) : double((*g)(j, i)); });
    terms_.size = sizeof terms_;
    const Symmetric diagonal{ORTHANT_DIAGONAL, 0, 0, d_.data()}, all_b{ORTHANT_SYMMETRIC, B_.ld(), 0, B_.data()};
    const Symmetric all_p{ORTHANT_SYMMETRIC, P_.ld(), 0, P_.data()}, all_q{ORTHANT_SYMMETRIC, Q_.ld(), 0, Q_.data()};
    terms_.weight_rows = dense ? all_p : diagonal, terms_.weight_cols = dense ? all_q : diagonal;
    w_[0] = {dense ? all_p : diagonal, all_b}, w_[1] = {{ORTHANT_SCALAR, 0, 0.5, nullptr}, all_b};
    h_[0] = {all_b, dense ? all_q : diagonal}, h_[1] = {{}, diagonal};
    terms_.penalties_w = terms_.penalties_h = 2, terms_.penalty_w = w_, terms_.penalty_h = h_;
    terms_.l1_w = l1_w_.data(), terms_.ldl1_w = l1_w_.ld(), terms_.l1_h = l1_h_.data(), terms_.ldl1_h = l1_h_.ld();
    this->config_.l1_w = this->config_.l2_h = this->config_.ortho_h = 0.1;
    given_ = bits();
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    if (const orthant_status st = NmfJob<T>::init(p, mem, bytes, handle); st != ORTHANT_OK) return st;
    return Api<T>::nmf_terms(static_cast<typename Api<T>::Nmf *>(*handle), &terms_);
  }
  bool intact() const override {
    for (const Guarded<T> *g : {&P_, &Q_, &B_, &l1_w_, &l1_h_, &d_})
      if (!g->intact()) return false;
    return NmfJob<T>::intact() && bits() == given_;
  }

 private:
  using Symmetric = typename Api<T>::Symmetric;
  std::string bits() const { return P_.bits() + Q_.bits() + B_.bits() + l1_w_.bits() + l1_h_.bits() + d_.bits(); }
  Guarded<T> P_, Q_, B_, l1_w_, l1_h_, d_;
  typename Api<T>::Penalty w_[2], h_[2];
  typename Api<T>::Terms terms_{};
  std::string given_;
};

template <class T>
class QpJob : public Job {
 public:
  QpJob(int32_t n, int32_t rule) : G_(n, n, 3, 1), d_(n, 1, 2, 1), x_(n, 1, 1, 3) {
    config_.size = sizeof config_;
    config_.n = n, config_.rule = rule, config_.max_iter = 6;
    Random random(18);
    G_.fill_uniform(random);
    G_.each([&](int32_t i, int32_t j) { return i < j ? double(G_(i, j)) : double(G_(j, i)) + (i == j ? n : 0); });
    d_.each([&](int32_t, int32_t) { return -n * uniform(random); });
    before_ = G_.bits() + d_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::qp_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::qp_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Qp **>(handle));
  }
  int stages() const override { return 2; }
  orthant_status stage(int i, void *handle) override {
    return Api<T>::qp_run(static_cast<typename Api<T>::Qp *>(handle), G_.data(), G_.ld(), d_.data(), x_.data(),
                          &report_[i]);
  }
  void clear() override {
    x_.each([](int32_t i, int32_t) { return 0.1 * (i % 7); });
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override { return x_.bits() + bits(report_[0]) + bits(report_[1]); }
  bool intact() const override {
    return G_.intact() && d_.intact() && x_.intact() && G_.bits() + d_.bits() == before_;
  }

 private:
  const orthant_qp_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> G_, d_, x_;
  orthant_qp_config config_{};
  orthant_report report_[2];
  std::string before_;
};

template <class T>
class UnmixJob : public Job {
 public:
  UnmixJob(Shape s, int32_t method, int32_t sum_to_one)
      : E_(s.rows, s.rank, 1, 2), Y_(s.rows, s.cols, 5, 7), A_(s.rank, s.cols, 3, 9), A_given_(s.rank, s.cols, 2),
        rms_(s.cols, 1, 3, 1), kkt_(s.cols, 1, 3, 4) {
    config_.size = sizeof config_;
    config_.bands = s.rows, config_.endmembers = s.rank, config_.sum_to_one = sum_to_one, config_.method = method;
    config_.max_iter = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_MU ? 40 : 0;
    Random random(14);
    E_.fill_uniform(random);
    A_given_.fill_uniform(random);
    Y_.each([&](int32_t i, int32_t j) {
      double sum = 0.2 * normal(random);
      for (int32_t k = 0; k < s.rank; ++k) sum += double(E_(i, k)) * double(A_given_(k, j));
      return sum;
    });
    before_ = E_.bits() + Y_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::unmix_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::unmix_init(with(p), E_.data(), E_.ld(), mem, bytes,
                              reinterpret_cast<typename Api<T>::Unmix **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::Unmix *>(handle);
    const auto Y = Api<T>::dense(Y_.data(), Y_.rows(), Y_.cols(), Y_.ld());
    if (i == 1) return Api<T>::unmix_check(s, &Y, A_given_.data(), A_given_.ld(), rms_.data(), kkt_.data(),
        &report_[1]);
    return Api<T>::unmix_run(s, &Y, A_.data(), A_.ld(), &report_[i]);
  }
  void clear() override {
    fill_canary(A_);
    fill_canary(rms_);
    fill_canary(kkt_);
    for (orthant_report &r : report_) r = empty_report();
  }
  std::string result() const override {
    return A_.bits() + rms_.bits() + kkt_.bits() + bits(report_[0]) + bits(report_[1]) + bits(report_[2]);
  }
  bool intact() const override {
    return E_.intact() && Y_.intact() && A_.intact() && A_given_.intact() && rms_.intact() && kkt_.intact() &&
           E_.bits() + Y_.bits() == before_;
  }

 private:
  const orthant_unmix_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> E_, Y_, A_, A_given_, rms_, kkt_;
  orthant_unmix_config config_{};
  orthant_report report_[3];
  std::string before_;
};

template <class T>
class EndmembersJob : public Job {
 public:
  EndmembersJob(Shape s, int32_t method, bool directions, int32_t projection = 0)
      : Y_(s.rows, s.cols, 3, 1), D_(s.rank, s.rank, 2, 2), E_(s.rows, s.rank, 1, 3), pixel_(size_t(s.rank) + 2, -7),
        directions_(directions) {
    config_.size = sizeof config_;
    config_.bands = s.rows, config_.pixels = s.cols, config_.endmembers = s.rank, config_.method = method;
    config_.seed = 5, config_.projection = projection;
    Random random(15);
    Y_.fill_uniform(random);
    D_.fill_uniform(random);
    before_ = Y_.bits() + D_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    return Api<T>::endmembers_size(with(p), bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::endmembers_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Endmembers **>(handle));
  }
  int stages() const override { return 1; }
  orthant_status stage(int, void *handle) override {
    const auto Y = Api<T>::dense(Y_.data(), Y_.rows(), Y_.cols(), Y_.ld());
    return Api<T>::endmembers_run(static_cast<typename Api<T>::Endmembers *>(handle), &Y,
                                  directions_ ? D_.data() : nullptr, D_.ld(), E_.data(), E_.ld(), pixel_.data() + 1);
  }
  void clear() override {
    fill_canary(E_);
    std::fill(pixel_.begin(), pixel_.end(), -7);
  }
  std::string result() const override {
    return E_.bits() + std::string(reinterpret_cast<const char *>(pixel_.data()), pixel_.size() * sizeof(int32_t));
  }
  bool intact() const override {
    return Y_.intact() && D_.intact() && E_.intact() && pixel_.front() == -7 && pixel_.back() == -7 &&
           Y_.bits() + D_.bits() == before_;
  }

 private:
  const orthant_endmembers_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> Y_, D_, E_;
  std::vector<int32_t> pixel_;
  bool directions_;
  orthant_endmembers_config config_{};
  std::string before_;
};

template <class T>
class ReluNmdJob : public Job {
 public:
  ReluNmdJob(Shape s, int32_t method, int32_t start, int32_t z_start = 0)
      : M_(s.rows, s.cols, 3, 1), U_(s.rows, s.rank, 2, 3), V_(s.rank, s.cols, 4, 5) {
    config_.size = sizeof config_;
    config_.rows = s.rows, config_.cols = s.cols, config_.rank = s.rank;
    config_.method = method, config_.start = start, config_.max_iter = 4;
    if (z_start <= ORTHANT_RELU_Z_FEASIBLE) config_.z_start = z_start;
    else misprints_ = ORTHANT_MISPRINT_FIRST_Z;
    config_.tol = config_.tol_obj = -1;
    config_.svd_steps = 2;
    config_.seed = 99;
    Random random(12);
    M_.each([&](int32_t, int32_t) { return std::max(0.0, uniform(random) - 0.6); });
    before_ = M_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::relu_nmd_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::relu_nmd_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::ReluNmd **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::ReluNmd *>(handle);
    const auto M = Api<T>::dense(M_.data(), M_.rows(), M_.cols(), M_.ld());
    if (i == 0) {
      const orthant_status st = Api<T>::relu_nmd_misprints(s, misprints_);
      return st == ORTHANT_OK ? Api<T>::relu_nmd_start(s, &M, U_.data(), U_.ld(), V_.data(), V_.ld()) : st;
    }
    return Api<T>::relu_nmd_run(s, &M, U_.data(), U_.ld(), V_.data(), V_.ld(), &report_[i - 1]);
  }
  void clear() override {
    Random random(13);
    fill_canary(U_);  // a start must not read them
    fill_canary(V_);
    if (config_.start == ORTHANT_RELU_START_GIVEN) {
      U_.fill_uniform(random);
      V_.fill_uniform(random);
    }
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override { return U_.bits() + V_.bits() + bits(report_[0]) + bits(report_[1]); }
  bool intact() const override { return M_.intact() && U_.intact() && V_.intact() && M_.bits() == before_; }

 private:
  const orthant_relu_nmd_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> M_, U_, V_;
  orthant_relu_nmd_config config_{};
  int32_t misprints_ = 0;
  orthant_report report_[2];
  std::string before_;
};

template <class T>
class TsvdJob : public Job {
 public:
  TsvdJob(Shape s, int32_t warm)
      : X_(s.rows, s.cols, 3, 1), U_(s.rows, s.rank, 2, 3), s_(s.rank, 1, 2), V_(s.cols, s.rank, 4, 5) {
    config_.size = sizeof config_;
    config_.rows = s.rows, config_.cols = s.cols, config_.rank = s.rank;
    config_.warm = warm, config_.max_iter = 7, config_.seed = 3;
    Random random(12);
    X_.each([&](int32_t, int32_t) { return normal(random); });
    before_ = X_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::tsvd_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::tsvd_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Tsvd **>(handle));
  }
  int stages() const override { return 2; }
  orthant_status stage(int i, void *handle) override {
    const auto X = Api<T>::dense(X_.data(), X_.rows(), X_.cols(), X_.ld());
    return Api<T>::tsvd_run(static_cast<typename Api<T>::Tsvd *>(handle), &X, U_.data(), U_.ld(), s_.data(), V_.data(),
                            V_.ld(), &report_[i]);
  }
  void clear() override {
    Random random(13);
    fill_canary(U_);
    fill_canary(s_);
    fill_canary(V_);
    if (config_.warm) V_.fill_uniform(random);
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override {
    return U_.bits() + s_.bits() + V_.bits() + bits(report_[0]) + bits(report_[1]);
  }
  bool intact() const override {
    return X_.intact() && U_.intact() && s_.intact() && V_.intact() && X_.bits() == before_;
  }

 private:
  const orthant_tsvd_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> X_, U_, s_, V_;
  orthant_tsvd_config config_{};
  orthant_report report_[2];
  std::string before_;
};

// No handle, but the same workspace.
template <class T>
class ScoresJob : public Job {
 public:
  ScoresJob(Shape s, bool spectra, bool abundances)
      : E_(s.rows, s.rank, 1, 2), E_true_(s.rows, s.rank, 2, 3), A_(s.rank, s.cols, 3, 4), A_true_(s.rank, s.cols, 4,
          5),
        match_(size_t(s.rank) + 2, -7), angle_(s.rank, 1, 2), spectra_(spectra), abundances_(abundances) {
    config_ = {sizeof config_, s.rows, s.rank, s.cols};
    Random random(16);
    for (Guarded<T> *m : {&E_, &E_true_, &A_, &A_true_}) m->fill_uniform(random);
    before_ = E_.bits() + E_true_.bits() + A_.bits() + A_true_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *, size_t *bytes) override { return Api<T>::scores_size(&config_, bytes); }
  orthant_status init(const orthant_parallel *, void *mem, size_t bytes, void **handle) override {
    *handle = mem;
    return Api<T>::scores_run(&config_, mem, bytes, spectra_ ? E_.data() : nullptr, E_.ld(),
                              spectra_ ? E_true_.data() : nullptr, E_true_.ld(), abundances_ ? A_.data() : nullptr,
                              A_.ld(), abundances_ ? A_true_.data() : nullptr, A_true_.ld(), match_.data() + 1,
                              angle_.data(), &scores_);
  }
  void clear() override {
    std::fill(match_.begin(), match_.end(), -7);
    fill_canary(angle_);
    scores_ = {};
    scores_.size = sizeof scores_;
  }
  std::string result() const override {
    return angle_.bits() + std::string(reinterpret_cast<const char *>(match_.data()), match_.size() * sizeof(int32_t)) +
           std::string(reinterpret_cast<const char *>(&scores_), sizeof scores_);
  }
  bool intact() const override {
    return E_.intact() && E_true_.intact() && A_.intact() && A_true_.intact() && angle_.intact() &&
           match_.front() == -7 && match_.back() == -7 &&
           E_.bits() + E_true_.bits() + A_.bits() + A_true_.bits() == before_;
  }

 private:
  Guarded<T> E_, E_true_, A_, A_true_;
  std::vector<int32_t> match_;
  Guarded<double> angle_;
  bool spectra_, abundances_;
  orthant_scores_config config_;
  orthant_scores scores_;
  std::string before_;
};

// A small Factormer, untrained, as a blob of its trainer's type: the other type is converted in each run.
template <class T>
const orthant_model *factormer_of(int32_t rank, int32_t accelerates) {
  static std::map<std::pair<int32_t, int32_t>, std::vector<unsigned char>> blobs;
  std::vector<unsigned char> &blob = blobs[{rank, accelerates}];
  if (blob.empty()) {
    orthant_factormer_train_config c{};
    c.size = sizeof c, c.max_rows = c.max_cols = 4, c.rank = rank, c.width = 12, c.heads = 2, c.layers = 2, c.seed = 4;
    c.accelerates = accelerates;
    size_t bytes = 0, length = 0;
    EXPECT_EQ(Api<T>::factormer_train_size(&c, &bytes), ORTHANT_OK);
    std::vector<unsigned char> memory(bytes);
    typename Api<T>::FactormerTrain *s = nullptr;
    EXPECT_EQ(Api<T>::factormer_train_init(&c, memory.data(), bytes, &s), ORTHANT_OK);
    EXPECT_EQ(Api<T>::factormer_train_save(s, 0, nullptr, 0, &length), ORTHANT_OK);
    blob.resize(length + 64);
    unsigned char *at = blob.data() + (64 - reinterpret_cast<uintptr_t>(blob.data()) % 64) % 64;
    EXPECT_EQ(Api<T>::factormer_train_save(s, 0, at, length, &length), ORTHANT_OK);
  }
  const orthant_model *model = nullptr;
  const unsigned char *at = blob.data() + (64 - reinterpret_cast<uintptr_t>(blob.data()) % 64) % 64;
  EXPECT_EQ(orthant_model_open(at, blob.size() - 64, &model), ORTHANT_OK);
  return model;
}

template <class T>
class FactormerJob : public Job {
 public:
  FactormerJob(Shape s, int32_t accelerates, bool converted)
      : V_(s.rows, s.cols, 3, 1), W_(s.rows, s.rank, 2, 3), H_(s.rank, s.cols, 4, 5), W0_(s.rows, s.rank, 1, 2),
        H0_(s.rank, s.cols, 2, 1), accelerates_(accelerates) {
    config_.size = sizeof config_;
    config_.rows = s.rows, config_.cols = s.cols;
    const bool is_f32 = (sizeof(T) == 4) != converted;
    config_.model = is_f32 ? factormer_of<float>(s.rank, accelerates) : factormer_of<double>(s.rank, accelerates);
    Random random(17);
    for (Guarded<T> *g : {&V_, &W0_, &H0_}) g->fill_uniform(random);
    before_ = V_.bits() + W0_.bits() + H0_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::factormer_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::factormer_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Factormer **>(handle));
  }
  int stages() const override { return 2; }
  orthant_status stage(int, void *handle) override {
    const auto V = Api<T>::dense(V_.data(), V_.rows(), V_.cols(), V_.ld());
    return Api<T>::factormer_run(static_cast<typename Api<T>::Factormer *>(handle), &V, W_.data(), W_.ld(), H_.data(),
                                 H_.ld(), accelerates_ ? W0_.data() : nullptr, W0_.ld(),
                                 accelerates_ ? H0_.data() : nullptr, H0_.ld());
  }
  void clear() override {
    Random random(18);
    W_.fill_uniform(random);
    H_.fill_uniform(random);
  }
  std::string result() const override { return W_.bits() + H_.bits(); }
  bool intact() const override {
    return V_.intact() && W_.intact() && H_.intact() && W0_.intact() && H0_.intact() &&
           V_.bits() + W0_.bits() + H0_.bits() == before_;
  }

 private:
  const orthant_factormer_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> V_, W_, H_, W0_, H0_;
  orthant_factormer_config config_{};
  int32_t accelerates_;
  std::string before_;
};

template <class T>
class FactormerTrainJob : public Job {
 public:
  FactormerTrainJob(int32_t accelerates, int32_t count) {
    config_.size = sizeof config_;
    config_.max_rows = 9, config_.max_cols = 70, config_.rank = 3, config_.width = 12, config_.heads = 2, config_.layers = 2;
    config_.accelerates = accelerates, config_.unrolled = accelerates ? 2 : 1, config_.rate = 1e-3, config_.clip = 1;
    Random random(19);
    data_.resize(size_t(count), std::vector<T>(9 * 70));
    for (std::vector<T> &v : data_)
      for (T &x : v) x = T(uniform(random) - 0.01);
    for (int32_t i = 0; i < count; ++i) {
      const int32_t rows = 9 - i % 3, cols = 70 - 20 * (i % 2);
      views_.push_back(Api<T>::dense(data_[size_t(i)].data(), rows, cols, rows));
    }
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    return Api<T>::factormer_train_size(with(p), bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::factormer_train_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::FactormerTrain **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::FactormerTrain *>(handle);
    if (i < 2) return Api<T>::factormer_train_step(s, int32_t(views_.size()), views_.data(), 1, &report_[i]);
    return Api<T>::factormer_train_save(s, 1, out_.data() + 16, out_.size() - 32, &saved_);
  }
  void clear() override {
    if (out_.empty()) out_.assign(1u << 18, 'x');
    memset(out_.data(), 'x', saved_ + 32);
    saved_ = 0;
    for (orthant_report &r : report_) r = empty_report();
  }
  std::string result() const override {
    uint64_t hash = 1469598103934665603u;  // FNV over the blob
    for (size_t i = 0; i < saved_ + 32; ++i) hash = (hash ^ static_cast<unsigned char>(out_[i])) * 1099511628211u;
    return std::to_string(hash) + bits(report_[0]) + bits(report_[1]);
  }
  bool intact() const override { return out_.front() == 'x' && out_[saved_ + 16] == 'x' && out_.back() == 'x'; }

 private:
  const orthant_factormer_train_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  std::vector<std::vector<T>> data_;
  std::vector<typename Api<T>::Matrix> views_;
  std::vector<char> out_;
  size_t saved_ = 0;
  orthant_factormer_train_config config_{};
  orthant_report report_[2];
};

// NMF that a model proposes to.
template <class T>
class ProposedNmfJob : public NmfJob<T> {
 public:
  ProposedNmfJob(Shape s, int32_t accelerates) : NmfJob<T>(s, ORTHANT_NMF_HALS, ORTHANT_START_RANDOM) {
    this->config_.model = factormer_of<T>(s.rank, accelerates);
  }
};

template <class T>
class NalmuJob : public Job {
 public:
  NalmuJob(Shape s, int32_t factors, int32_t given) : Y_(s.rows, s.cols, 3, 1), W_(s.rows, s.rank, 2, 3), H_(s.rank, s.cols, 4, 5) {
    config_.size = sizeof config_;
    config_.bands = s.rows, config_.pixels = s.cols, config_.endmembers = s.rank, config_.layers = 4;
    config_.factors = factors, config_.given = given;
    Random random(17);
    Y_.fill_uniform(random);
    before_ = Y_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override { return Api<T>::nalmu_size(with(p), bytes); }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::nalmu_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::Nalmu **>(handle));
  }
  int stages() const override { return 2; }
  orthant_status stage(int i, void *handle) override {
    const auto Y = Api<T>::dense(Y_.data(), Y_.rows(), Y_.cols(), Y_.ld());
    return Api<T>::nalmu_run(static_cast<typename Api<T>::Nalmu *>(handle), &Y, W_.data(), W_.ld(), H_.data(), H_.ld(),
                             &report_[i]);
  }
  void clear() override {
    Random random(18);
    W_.fill_uniform(random);
    fill_canary(H_);
    if (config_.given) H_.fill_uniform(random);
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override { return W_.bits() + H_.bits() + bits(report_[0]) + bits(report_[1]); }
  bool intact() const override { return Y_.intact() && W_.intact() && H_.intact() && Y_.bits() == before_; }

 private:
  const orthant_nalmu_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  Guarded<T> Y_, W_, H_;
  orthant_nalmu_config config_{};
  orthant_report report_[2];
  std::string before_;
};

template <class T>
class NalmuTrainJob : public Job {
 public:
  NalmuTrainJob(int32_t factors, int32_t spread, double beta, int32_t count) : count_(count) {
    config_.size = sizeof config_;
    config_.bands = 6, config_.endmembers = 3, config_.columns = 12, config_.layers = 3, config_.factors = factors;
    config_.spread_w = config_.spread_h = spread, config_.lines = 3, config_.keep = 2;
    config_.divergence = ORTHANT_LOSS_BETA, config_.beta = beta;
    Random random(19);
    for (std::vector<T> *v : {&Y_, &W_, &H_}) v->resize(size_t(12 * 6 * count));
    for (std::vector<T> *v : {&Y_, &W_, &H_})
      for (T &x : *v) x = T(0.1 + uniform(random));
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    return Api<T>::nalmu_train_size(with(p), bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::nalmu_train_init(with(p), nullptr, 0, mem, bytes,
                                    reinterpret_cast<typename Api<T>::NalmuTrain **>(handle));
  }
  int stages() const override { return 4; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::NalmuTrain *>(handle);
    if (i < 3) return Api<T>::nalmu_train_step(s, count_, Y_.data(), W_.data(), H_.data(), 1, &report_[i]);
    return Api<T>::nalmu_train_save(s, 1, out_.data() + 16, out_.size() - 32, &saved_);
  }
  void clear() override {
    if (out_.empty()) out_.assign(6u << 20, 'x');
    memset(out_.data(), 'x', saved_ + 32);
    saved_ = 0;
    for (orthant_report &r : report_) r = empty_report();
  }
  std::string result() const override {
    uint64_t hash = 1469598103934665603u;  // FNV over the blob
    for (size_t i = 0; i < saved_ + 32; ++i) hash = (hash ^ static_cast<unsigned char>(out_[i])) * 1099511628211u;
    return std::to_string(hash) + bits(report_[0]) + bits(report_[1]) + bits(report_[2]);
  }
  bool intact() const override { return out_.front() == 'x' && out_[saved_ + 16] == 'x' && out_.back() == 'x'; }

 private:
  const orthant_nalmu_train_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  std::vector<T> Y_, W_, H_;
  std::vector<char> out_;
  size_t saved_ = 0;
  int32_t count_;
  orthant_nalmu_train_config config_{};
  orthant_report report_[3];
};

template <class T>
class ScheduleTrainJob : public Job {
 public:
  ScheduleTrainJob() : out_(1024, 'x') {
    config_.size = sizeof config_;
    config_.problems = 2, config_.largest = 16, config_.population = 4, config_.iterations = 6, config_.seed = 3;
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    return Api<T>::schedule_train_size(with(p), bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    return Api<T>::schedule_train_init(with(p), mem, bytes, reinterpret_cast<typename Api<T>::ScheduleTrain **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *s = static_cast<typename Api<T>::ScheduleTrain *>(handle);
    if (i < 2) return Api<T>::schedule_train_run(s, i, &report_[i]);
    return Api<T>::schedule_train_save(s, out_.data() + 16, out_.size() - 32, &saved_);
  }
  void clear() override {
    out_.assign(out_.size(), 'x');
    saved_ = 0;
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override {
    return std::string(out_.data(), saved_ + 32) + bits(report_[0]) + bits(report_[1]);
  }
  bool intact() const override { return out_.front() == 'x' && out_[saved_ + 16] == 'x' && out_.back() == 'x'; }

 private:
  const orthant_schedule_train_config *with(const orthant_parallel *p) {
    config_.parallel = p;
    return &config_;
  }
  std::vector<char> out_;
  size_t saved_ = 0;
  orthant_schedule_train_config config_{};
  orthant_report report_[2];
};

// A graph has no handle either.
template <class T>
class GraphJob : public Job {
 public:
  GraphJob(Shape s, int32_t kind) : M_(s.rows, s.cols, 2, 3) {
    config_.size = sizeof config_;
    config_.features = s.rows, config_.samples = s.cols, config_.kind = kind, config_.neighbours = s.rank;
    EXPECT_EQ(orthant_graph_capacity(&config_, &capacity_), ORTHANT_OK);
    starts_.resize(size_t(s.cols) + 3), indices_.resize(size_t(capacity_) + 2), values_.resize(size_t(capacity_) + 2);
    Random random(17);
    M_.fill_uniform(random);
    before_ = M_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    config_.parallel = p;
    return Api<T>::graph_size(&config_, bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    config_.parallel = p;
    *handle = mem;
    const auto M = Api<T>::dense(M_.data(), M_.rows(), M_.cols(), M_.ld());
    return Api<T>::graph_run(&config_, mem, bytes, &M, starts_.data() + 1, indices_.data() + 1, values_.data() + 1,
                             capacity_);
  }
  void clear() override {
    std::fill(starts_.begin(), starts_.end(), -7);
    std::fill(indices_.begin(), indices_.end(), -7);
    std::fill(values_.begin(), values_.end(), T(-7));
  }
  std::string result() const override {
    return std::string(reinterpret_cast<const char *>(starts_.data()), starts_.size() * sizeof(int32_t)) +
           std::string(reinterpret_cast<const char *>(indices_.data()), indices_.size() * sizeof(int32_t)) +
           std::string(reinterpret_cast<const char *>(values_.data()), values_.size() * sizeof(T));
  }
  bool intact() const override {
    return M_.intact() && M_.bits() == before_ && starts_.front() == -7 && starts_.back() == -7 &&
           indices_.front() == -7 && indices_.back() == -7 && values_.front() == T(-7) && values_.back() == T(-7);
  }

 private:
  Guarded<T> M_;
  std::vector<int32_t> starts_, indices_;
  std::vector<T> values_;
  int32_t capacity_ = 0;
  orthant_graph_config config_{};
  std::string before_;
};

// Symmetric NMF, and SymNMF-Net where `layers` is not zero.
template <class T>
class SymmetricJob : public Job {
 public:
  SymmetricJob(int32_t n, int32_t rank, int32_t method, int32_t layers, int32_t start = 0)
      : X_(n, n, 3, 1), U_(n, rank, 2, 5), layers_(layers), given_(start == ORTHANT_SYMNMF_START_GIVEN) {
    solver_.size = sizeof solver_, net_.size = sizeof net_;
    solver_.n = net_.n = n, solver_.rank = net_.rank = rank, solver_.start = net_.start = start;
    solver_.seed = net_.seed = 4;
    solver_.method = method, solver_.max_iter = 3, solver_.tol = -1;
    solver_.bound = net_.bound = method <= 1 && n <= 40;
    net_.layers = layers, net_.epochs = 6, net_.max_iter = 3, net_.lambda_bound = method, net_.l1 = 0.1;
    Random random(18);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i <= j; ++i) X_(i, j) = X_(j, i) = T(uniform(random) < 0.2 ? uniform(random) : 0);
    before_ = X_.bits();
    clear();
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    solver_.parallel = net_.parallel = p;
    return layers_ ? Api<T>::symnet_size(&net_, bytes) : Api<T>::symnmf_size(&solver_, bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    solver_.parallel = net_.parallel = p;
    return layers_ ? Api<T>::symnet_init(&net_, mem, bytes, reinterpret_cast<typename Api<T>::Symnet **>(handle))
                   : Api<T>::symnmf_init(&solver_, mem, bytes, reinterpret_cast<typename Api<T>::Symnmf **>(handle));
  }
  int stages() const override { return 3; }
  orthant_status stage(int i, void *handle) override {
    auto *solver = static_cast<typename Api<T>::Symnmf *>(handle);
    auto *net = static_cast<typename Api<T>::Symnet *>(handle);
    const auto X = Api<T>::dense(X_.data(), X_.rows(), X_.cols(), X_.ld());
    if (i == 0) return layers_ ? Api<T>::symnet_start(net, &X, U_.data(), U_.ld())
                               : Api<T>::symnmf_start(solver, &X, U_.data(), U_.ld());
    return layers_ ? Api<T>::symnet_run(net, &X, U_.data(), U_.ld(), &report_[i - 1])
                   : Api<T>::symnmf_run(solver, &X, U_.data(), U_.ld(), &report_[i - 1]);
  }
  void clear() override {
    fill_canary(U_);
    Random random(20);
    if (given_) U_.fill_uniform(random);
    report_[0] = report_[1] = empty_report();
  }
  std::string result() const override { return U_.bits() + bits(report_[0]) + bits(report_[1]); }
  bool intact() const override { return X_.intact() && U_.intact() && X_.bits() == before_; }

 private:
  Guarded<T> X_, U_;
  orthant_symnmf_config solver_{};
  orthant_symnet_config net_{};
  orthant_report report_[2];
  int32_t layers_;
  bool given_;
  std::string before_;
};

// ---- The list -------------------------------------------------------------------------------------------------------

struct Entry {
  std::string name;
  std::function<std::unique_ptr<Job>(bool wide)> make;  // wide: large enough that work is cut into many tasks
};
void PrintTo(const Entry &e, std::ostream *os) { *os << e.name; }

template <class T>
void add_entries(std::vector<Entry> &all) {
  const std::string type = Api<T>::name;
  const auto nmf_shape = [](bool wide) { return wide ? Shape{601, 420, 6} : Shape{37, 53, 5}; };
  static const char *const methods[] = {"default", "ehals", "hals", "ahals", "anls", "aoadmm", "pg", "mu"};
  static const char *const starts[] = {"default", "cols", "spas", "spa", "random", "nndsvd", "nndsvda", "nndsvdar",
      "given", "sub"};
  for (int32_t m = 0; m <= ORTHANT_NMF_MU; ++m)
    for (int32_t s = 0; s <= ORTHANT_START_SUB; ++s)
      if (m == 0 || s == ORTHANT_START_COLS || (s == ORTHANT_START_GIVEN && m != ORTHANT_NMF_EHALS))
        all.push_back({"nmf_" + type + "_" + methods[m] + "_" + starts[s], [=](bool wide) {
                         return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), m, s));
                       }});
  static const char *const kinds[] = {"dense", "csc", "csr", "masked"};
  for (int32_t kind = ORTHANT_CSC; kind <= ORTHANT_MASKED; ++kind)
    for (const int32_t m : {ORTHANT_NMF_EHALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_AOADMM})
      all.push_back({"nmf_" + type + "_" + kinds[kind] + "_" + methods[m], [=](bool wide) {
                       return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), m, ORTHANT_START_COLS, 6, kind));
                     }});
  for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_MASKED})
    all.push_back({"nmf_" + type + "_scheduled_" + kinds[kind], [=](bool wide) {
                     return std::unique_ptr<Job>(new ScheduledJob<T>(nmf_shape(wide), ORTHANT_START_COLS, kind));
                   }});
  all.push_back({"nmf_" + type + "_scheduled_sub", [=](bool wide) {
                   return std::unique_ptr<Job>(new ScheduledJob<T>(nmf_shape(wide), ORTHANT_START_SUB, ORTHANT_DENSE));
                 }});
  all.push_back({"schedule_train_" + type, [](bool) { return std::unique_ptr<Job>(new ScheduleTrainJob<T>()); }});
  // Long columns: narrow panels, the Gram matrix of W cut into parts.  Rank above both dimensions.  One row.
  all.push_back({"nmf_" + type + "_tall", [](bool wide) {
                   return std::unique_ptr<Job>(new NmfJob<T>(wide ? Shape{3100, 170, 3} : Shape{300, 9, 3},
                                                             ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 3));
                 }});
  all.push_back({"nmf_" + type + "_rank_above_both", [](bool wide) {
                   return std::unique_ptr<Job>(new NmfJob<T>(wide ? Shape{7, 400, 12} : Shape{6, 5, 9},
                       ORTHANT_NMF_ANLS,
                                                             ORTHANT_START_COLS, 3));
                 }});
  all.push_back({"nmf_" + type + "_one_row", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new NmfJob<T>(wide ? Shape{1, 2000, 1} : Shape{1, 7, 1}, ORTHANT_NMF_HALS, ORTHANT_START_RANDOM,
                           3));
                 }});

  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_GIVEN}) {
    const std::string from = start == ORTHANT_START_GIVEN ? "_given" : "";
    for (const double beta : {0.0, 1.0, 1.5})
      all.push_back({"nmf_" + type + "_mu_beta" + std::to_string(int(10 * beta)) + from, [=](bool wide) {
                       return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), ORTHANT_NMF_MU, start, 4, ORTHANT_DENSE, beta));
                     }});
    all.push_back({"nmf_" + type + "_ccd" + from, [=](bool wide) {
                     return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), ORTHANT_NMF_CCD, start, 3, ORTHANT_DENSE, 1));
                   }});
    all.push_back({"nmf_" + type + "_minvol" + from, [=](bool wide) {
                     return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), ORTHANT_NMF_MINVOL, start == ORTHANT_START_COLS ? 0 : start, 4));
                   }});
  }

  for (int32_t kind = ORTHANT_CSC; kind <= ORTHANT_CSR; ++kind)
    all.push_back({"nmf_" + type + "_kl_" + kinds[kind], [=](bool wide) {
                     return std::unique_ptr<Job>(new NmfJob<T>(wide ? Shape{1100, 1050, 6} : Shape{37, 53, 5}, ORTHANT_NMF_MU, ORTHANT_START_COLS, 3, kind, 1));
                   }});
  for (const int32_t m : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    const std::string name = "nmf_" + type + (m == ORTHANT_NMF_MURNMF ? "_murnmf" : "_aurnmf");
    for (int32_t s = ORTHANT_START_COLS; s <= ORTHANT_START_GIVEN; ++s)
      all.push_back({name + "_" + starts[s], [=](bool wide) {
                       return std::unique_ptr<Job>(new NmfJob<T>(nmf_shape(wide), m, s, 3));
                     }});
    for (const bool dense : {false, true})
      all.push_back({name + (dense ? "_dense_terms" : "_diagonal_terms"), [=](bool wide) {
                       return std::unique_ptr<Job>(new TermsJob<T>(nmf_shape(wide), m, dense));
                     }});
  }
  static const char *const rules[] = {"default", "lee_seung", "escape", "complementarity", "sqrt", "steepest",
                                      "lemma_b"};
  for (int32_t k = 0; k <= ORTHANT_QP_LEMMA_B; ++k)
    all.push_back({"qp_" + type + "_" + rules[k], [=](bool wide) {
                     return std::unique_ptr<Job>(new QpJob<T>(wide ? 700 : 33, k));
                   }});

  static const char *const unmix[] = {"default", "bpp", "active_set", "hals", "admm", "fast_pg", "mu", "unconstrained",
      "clip"};
  for (int32_t m = 0; m <= ORTHANT_UNMIX_CLIP; ++m)
    for (int32_t sum = 0; sum <= 1; ++sum)
      if (!sum || m == 0 || m == ORTHANT_UNMIX_ACTIVE_SET || m >= ORTHANT_UNMIX_UNCONSTRAINED)
        all.push_back({"unmix_" + type + "_" + unmix[m] + (sum ? "_sum" : ""), [=](bool wide) {
                         return std::unique_ptr<Job>(
                             new UnmixJob<T>(wide ? Shape{31, 2500, 4} : Shape{23, 45, 5}, m, sum));
                       }});
  all.push_back({"unmix_" + type + "_many_endmembers", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new UnmixJob<T>(wide ? Shape{60, 700, 40} : Shape{40, 21, 37}, ORTHANT_UNMIX_BPP, 0));
                 }});

  static const char *const extraction[] = {"default", "vca", "spa", "nfindr"};
  for (int32_t m = 0; m <= ORTHANT_ENDMEMBERS_NFINDR; ++m)
    all.push_back({"endmembers_" + type + "_" + extraction[m], [=](bool wide) {
                     return std::unique_ptr<Job>(
                         new EndmembersJob<T>(wide ? Shape{300, 700, 4} : Shape{20, 40, 4}, m, false));
                   }});
  all.push_back({"endmembers_" + type + "_vca_directions", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new EndmembersJob<T>(wide ? Shape{90, 500, 5} : Shape{12, 30, 5}, ORTHANT_ENDMEMBERS_VCA, true));
                 }});
  for (int32_t p = ORTHANT_PROJECTION_AFFINE; p <= ORTHANT_PROJECTION_PUBLISHED; ++p)
    all.push_back({"endmembers_" + type + "_vca_projection_" + std::to_string(p), [=](bool wide) {
                     return std::unique_ptr<Job>(new EndmembersJob<T>(wide ? Shape{90, 500, 5} : Shape{12, 30, 5},
                                                                      ORTHANT_ENDMEMBERS_VCA, false, p));
                   }});
  static const char *const relu[] = {"default", "qn", "tm", "3b", "anmd", "naive", "anaive", "em", "aem"};
  static const char *const relu_starts[] = {"default", "tsvd", "nuclear", "random", "given"};
  for (int32_t m = 0; m <= ORTHANT_RELU_NMD_AEM; ++m)
    for (int32_t s = 0; s <= ORTHANT_RELU_START_GIVEN; ++s)
      if (m == 0 || m == ORTHANT_RELU_NMD_ANMD || s == ORTHANT_RELU_START_GIVEN)
        all.push_back({"relu_nmd_" + type + "_" + relu[m] + "_" + relu_starts[s], [=](bool wide) {
                         return std::unique_ptr<Job>(
                             new ReluNmdJob<T>(wide ? Shape{301, 220, 6} : Shape{37, 53, 5}, m, s));
                       }});
  for (int32_t z = ORTHANT_RELU_Z_DATA; z <= ORTHANT_RELU_Z_FEASIBLE + 1; ++z)  // the last: misprinted
    all.push_back({"relu_nmd_" + type + "_z_" + std::to_string(z), [=](bool wide) {
                     return std::unique_ptr<Job>(new ReluNmdJob<T>(wide ? Shape{3100, 170, 3} : Shape{300, 9, 3},
                                                                   ORTHANT_RELU_NMD_TM, ORTHANT_RELU_START_TSVD, z));
                   }});
  for (const int32_t m : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_NAIVE})
    all.push_back({std::string("relu_nmd_") + type + "_rank_above_both_" + relu[m], [=](bool wide) {
                     return std::unique_ptr<Job>(new ReluNmdJob<T>(wide ? Shape{7, 400, 12} : Shape{6, 5, 9}, m,
                                                                   ORTHANT_RELU_START_TSVD));
                   }});
  for (int32_t warm = 0; warm <= 1; ++warm)
    all.push_back({"tsvd_" + type + (warm ? "_warm" : ""), [=](bool wide) {
                     return std::unique_ptr<Job>(new TsvdJob<T>(wide ? Shape{400, 300, 7} : Shape{31, 23, 4}, warm));
                   }});
  for (int32_t factors = ORTHANT_NALMU_ONE; factors <= ORTHANT_NALMU_BOTH; ++factors)
    for (int32_t given = 0; given <= 1; ++given)
      all.push_back({"nalmu_" + type + (factors == 1 ? "_one" : "_both") + (given ? "_given" : ""), [=](bool wide) {
                       return std::unique_ptr<Job>(new NalmuJob<T>(wide ? Shape{31, 3500, 4} : Shape{23, 45, 5}, factors, given));
                     }});
  for (int32_t accelerates = 0; accelerates <= 1; ++accelerates) {
    const std::string what = accelerates ? "_accelerates" : "";
    for (const bool converted : {false, true})
      all.push_back({"factormer_" + type + what + (converted ? "_converted" : ""), [=](bool wide) {
                       return std::unique_ptr<Job>(
                           new FactormerJob<T>(wide ? Shape{150, 140, 3} : Shape{17, 9, 3}, accelerates, converted));
                     }});
    all.push_back({"factormer_train_" + type + what, [=](bool wide) {
                     return std::unique_ptr<Job>(new FactormerTrainJob<T>(accelerates, wide ? 7 : 2));
                   }});
    all.push_back({"nmf_factormer_" + type + what, [=](bool wide) {
                     return std::unique_ptr<Job>(
                         new ProposedNmfJob<T>(wide ? Shape{300, 150, 3} : Shape{13, 17, 3}, accelerates));
                   }});
  }
  static const char *const spreads[] = {"", "component", "full", "network"};
  for (int32_t factors = ORTHANT_NALMU_ONE; factors <= ORTHANT_NALMU_BOTH; ++factors)
    for (int32_t spread = ORTHANT_SPREAD_COMPONENT; spread <= ORTHANT_SPREAD_NETWORK; ++spread)
      for (const double beta : {2.0, 1.0}) {
        // Networks of ten thousands of weights: slow, and alike.
        if (spread == ORTHANT_SPREAD_NETWORK && (beta == 1 || sizeof(T) == (factors == ORTHANT_NALMU_BOTH ? 8 : 4))) continue;
        all.push_back({"nalmu_train_" + type + (factors == 1 ? "_one_" : "_both_") + spreads[spread] + (beta == 1 ? "_kl" : ""),
                       [=](bool wide) {
                         return std::unique_ptr<Job>(new NalmuTrainJob<T>(factors, spread, beta, wide ? 11 : 2));
                       }});
      }
  static const char *const graphs[] = {"default", "gaussian", "cosine", "binary"};
  for (int32_t k = 0; k <= ORTHANT_GRAPH_BINARY; ++k)
    all.push_back({"graph_" + type + "_" + graphs[k], [=](bool wide) {
                     return std::unique_ptr<Job>(new GraphJob<T>(wide ? Shape{9, 400, 5} : Shape{5, 40, 6}, k));
                   }});
  static const char *const symmetric[] = {"default", "anls", "hals", "alternate", "fixed_point", "admm", "newton", "pgd"};
  for (int32_t m = 0; m <= ORTHANT_SYMNMF_PGD; ++m)
    all.push_back({"symnmf_" + type + "_" + symmetric[m], [=](bool wide) {
                     return std::unique_ptr<Job>(
                         new SymmetricJob<T>(wide ? (m == ORTHANT_SYMNMF_NEWTON ? 300 : 1100) : 33, 4, m, 0));
                   }});
  all.push_back({"symnmf_" + type + "_given", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new SymmetricJob<T>(wide ? 400 : 20, 3, ORTHANT_SYMNMF_ANLS, 0, ORTHANT_SYMNMF_START_GIVEN));
                 }});
  all.push_back({"symnmf_" + type + "_spectral", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new SymmetricJob<T>(wide ? 400 : 20, 3, ORTHANT_SYMNMF_ANLS, 0, ORTHANT_SYMNMF_START_SPECTRAL));
                 }});
  all.push_back({"symnet_" + type + "_scaled", [](bool wide) {
                   return std::unique_ptr<Job>(
                       new SymmetricJob<T>(wide ? 400 : 20, 3, 0, 3, ORTHANT_SYMNMF_START_SCALED));
                 }});
  static const char *const floors[] = {"default", "sufficient", "prop1", "free"};
  for (int32_t m = 0; m <= ORTHANT_SYMNET_FREE; ++m)
    all.push_back({"symnet_" + type + "_" + floors[m], [=](bool wide) {
                     return std::unique_ptr<Job>(new SymmetricJob<T>(wide ? 500 : 33, 4, m, 3));
                   }});
  for (int k = 1; k <= 3; ++k)
    all.push_back({"scores_" + type + (k & 1 ? "_spectra" : "") + (k & 2 ? "_abundances" : ""), [=](bool) {
                     return std::unique_ptr<Job>(new ScoresJob<T>({19, 33, 6}, k & 1, k & 2));
                   }});
}

std::vector<Entry> entries() {
  std::vector<Entry> all;
  add_entries<float>(all);
#ifdef ORTHANT_F64
  add_entries<double>(all);
#endif
  return all;
}

// ---- The promises ---------------------------------------------------------------------------------------------------

class Contract : public testing::TestWithParam<Entry> {
 protected:
  static size_t size_of(Job &job, const orthant_parallel *p = nullptr) {
    size_t bytes = 0;
    EXPECT_EQ(job.size(p, &bytes), ORTHANT_OK);
    return bytes;
  }
  // The whole job in this workspace; its result.
  static std::string run(Job &job, Arena &arena, const orthant_parallel *p = nullptr) {
    void *handle = nullptr;
    job.clear();
    EXPECT_EQ(job.init(p, arena.data(), arena.bytes(), &handle), ORTHANT_OK);
    for (int i = 0; i < job.stages(); ++i) EXPECT_EQ(job.stage(i, handle), ORTHANT_OK) << "stage " << i;
    EXPECT_TRUE(arena.intact());
    EXPECT_TRUE(job.intact());
    return job.result();
  }
};

TEST_P(Contract, ExactSizePassesAndOneByteLessIsRefused) {
  const auto job = GetParam().make(false);
  const size_t bytes = size_of(*job);
  ASSERT_EQ(size_of(*job), bytes);  // pure
  ShufflePool one(1, false);
  EXPECT_EQ(size_of(*job, one.parallel()), bytes);
  for (size_t remainder = 0; remainder < 64; remainder += 7) {
    Arena exact(bytes, remainder), less(bytes - 1, remainder, 0x3C);
    run(*job, exact);
    job->clear();
    const std::string before = job->result();
    void *handle = nullptr;
    EXPECT_EQ(job->init(nullptr, less.data(), bytes - 1, &handle), ORTHANT_E_SCRATCH);
    EXPECT_TRUE(less.intact() && less.holds(0x3C));
    EXPECT_TRUE(job->result() == before);
    EXPECT_EQ(job->init(nullptr, less.data(), 0, &handle), ORTHANT_E_SCRATCH);
    EXPECT_EQ(job->init(nullptr, nullptr, bytes, &handle), ORTHANT_E_ARG);
  }
}

TEST_P(Contract, EveryAlignmentGivesTheSameBits) {
  const auto job = GetParam().make(false);
  const size_t bytes = size_of(*job);
  std::string first;
  for (const size_t remainder : {0, 1, 2, 4, 8, 15, 16, 24, 32, 33, 48, 63}) {
    Arena arena(bytes, remainder);
    const std::string result = run(*job, arena);
    if (remainder == 0) first = result;
    ASSERT_TRUE(result == first) << "at " << remainder;
  }
}

TEST_P(Contract, WhatTheBufferHeldDoesNotMatter) {
  const auto job = GetParam().make(false);
  const size_t bytes = size_of(*job);
  Arena clear(bytes, 8);
  const std::string expected = run(*job, clear);
  // All ones: NaN in both types, -1 in counters.  0x7F...: large numbers.  0xFFC0, 0x7FF0: NaN and infinities.
  for (const uint32_t pattern : {0xFFFFFFFFu, 0x7F7F7F7Fu, 0xFFC0FFC0u, 0x7FF07FF0u, 0x00000001u}) {
    Arena poisoned(bytes, 8);
    for (size_t k = 0; k < bytes; ++k) poisoned.data()[k] = static_cast<unsigned char>(pattern >> (8 * (k % 4)));
    EXPECT_TRUE(run(*job, poisoned) == expected) << std::hex << pattern;
  }
}

TEST_P(Contract, ACopyOfTheBytesIsASecondHandle) {
  const auto job = GetParam().make(false);
  const size_t bytes = size_of(*job);
  Arena home(bytes, 24);
  const std::string expected = run(*job, home);
  for (int at = 0; at < job->stages(); ++at) {
    Arena from(bytes, 24), to(bytes, 24, 0xFF);
    void *handle = nullptr;
    job->clear();
    ASSERT_EQ(job->init(nullptr, from.data(), bytes, &handle), ORTHANT_OK);
    for (int i = 0; i < at; ++i) ASSERT_EQ(job->stage(i, handle), ORTHANT_OK);
    memcpy(to.data(), from.data(), bytes);
    handle = to.data() + (static_cast<unsigned char *>(handle) - from.data());
    memset(from.data(), 0xFF, bytes);  // the old place may vanish
    for (int i = at; i < job->stages(); ++i) ASSERT_EQ(job->stage(i, handle), ORTHANT_OK);
    EXPECT_TRUE(job->result() == expected) << "moved before stage " << at;
    EXPECT_TRUE(to.intact() && from.intact() && from.holds(0xFF));
  }
}

TEST_P(Contract, AnyNumberOfWorkersGivesTheSameBits) {
  const auto job = GetParam().make(true);
  Arena serial(size_of(*job), 16);
  const std::string expected = run(*job, serial);
  for (const auto &[workers, threads] : {std::pair<int32_t, bool>{2, true}, {5, false}}) {
    ShufflePool pool(workers, threads, uint64_t(workers));
    Arena arena(size_of(*job, pool.parallel()), 16, 0xFF);
    EXPECT_TRUE(run(*job, arena, pool.parallel()) == expected) << workers << (threads ? " threads" : " in one thread");
    const bool serial_noun = GetParam().name.compare(0, 6, "scores") == 0;
    EXPECT_EQ(pool.loops() > 0, !serial_noun);  // else this test would compare nothing
  }
}

// Every public call of a job under a counting allocator.  With BLIS, which keeps packing pools, after a warm-up.
TEST_P(Contract, NoCallTouchesTheHeap) {
  const bool builtin = strncmp(orthant_build(), "builtin", 7) == 0;
  for (const bool wide : {false, true}) {
    const auto job = GetParam().make(wide);
    ShufflePool pool(2, false);
    for (const orthant_parallel *p : {static_cast<const orthant_parallel *>(nullptr), pool.parallel()}) {
      Arena arena(size_of(*job, p), 0);
      for (int round = builtin ? 1 : 0; round < 2; ++round) {
        void *handle = nullptr;
        size_t bytes = 0, calls[8] = {};
        orthant_status status[8] = {};
        int n = 0;
        job->clear();
        const auto counted = [&](const auto &call) {
          count_heap_calls();
          status[n] = call();
          calls[n++] = heap_calls();
        };
        counted([&] { return job->size(p, &bytes); });
        counted([&] { return job->init(p, arena.data(), arena.bytes(), &handle); });
        for (int i = 0; i < job->stages(); ++i) counted([&] { return job->stage(i, handle); });
        for (int i = 0; i < n && round == 1; ++i) {
          EXPECT_EQ(status[i], ORTHANT_OK);
          EXPECT_EQ(calls[i], 0u) << "call " << i << (wide ? " wide" : "");
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Contract, testing::ValuesIn(entries()),
                         [](const testing::TestParamInfo<Entry> &i) { return i.param.name; });

// ---- Beside the list ------------------------------------------------------------------------------------------------

TEST(Heap, TheCounterCounts) {
  count_heap_calls();
  void *volatile p = malloc(100);
  free(p);
  EXPECT_EQ(heap_calls(), 2u);
  count_heap_calls();
  delete new std::string(100, 'x');
  EXPECT_EQ(heap_calls(), 4u);
}

// Large products go to BLIS where the build has it: what its calls allocate is counted, and said.
TEST(Heap, LargeProducts) {
  const bool builtin = strncmp(orthant_build(), "builtin", 7) == 0;
  NmfJob<float> job({230, 240, 200}, ORTHANT_NMF_HALS, ORTHANT_START_RANDOM, 2);
  size_t bytes = 0;
  ASSERT_EQ(job.size(nullptr, &bytes), ORTHANT_OK);
  Arena arena(bytes, 0);
  size_t calls[2] = {};
  for (size_t &count : calls) {
    void *handle = nullptr;
    job.clear();
    ASSERT_EQ(job.init(nullptr, arena.data(), bytes, &handle), ORTHANT_OK);
    count_heap_calls();
    for (int i = 0; i < job.stages(); ++i) ASSERT_EQ(job.stage(i, handle), ORTHANT_OK);
    count = heap_calls();
  }
  printf("heap calls of %s: %zu in the first use, %zu in the second\n", orthant_build(), calls[0], calls[1]);
  RecordProperty("first_use", int(calls[0]));
  RecordProperty("second_use", int(calls[1]));
  if (builtin) EXPECT_EQ(calls[0], 0u);
  if (builtin) EXPECT_EQ(calls[1], 0u);
}

TEST(Heap, QueriesAndScene) {
  std::vector<float> w(20), E(20 * 3), A(3 * 12), Y(20 * 12);
  orthant_scene_config c{};
  c.size = sizeof c;
  c.bands = 20, c.lines = 3, c.samples = 4, c.endmembers = 3;
  count_heap_calls();
  const orthant_status st = orthant_scene_run_f32(&c, w.data(), E.data(), 20, A.data(), 3, Y.data(), 20);
  orthant_version(), orthant_abi(), orthant_build(), orthant_build_kernels(), orthant_scene_name(1);
  orthant_status_text(-1);
  EXPECT_EQ(heap_calls(), 0u);
  EXPECT_EQ(st, ORTHANT_OK);
}

// ---- Size macros ----------------------------------------------------------------------------------------------------

template <class T>
class SizeMacros : public testing::Test {};
TYPED_TEST_SUITE(SizeMacros, Types, TypeNames);

TYPED_TEST(SizeMacros, NmfIsAnUpperBound) {
  using T = TypeParam;
  for (const int32_t rows : {1, 2, 15, 16, 17, 100, 255, 257, 1000, 4096, 20000})
    for (const int32_t cols : {1, 2, 7, 16, 100, 101, 255, 1000, 5000, 100000})
      for (const int32_t rank : {1, 2, 5, 10, 31, 32, 33, 50, 51, 128, 300})
        for (int32_t method = ORTHANT_NMF_EHALS; method <= ORTHANT_NMF_MU; ++method)
          for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM,
              ORTHANT_START_GIVEN}) {
            orthant_nmf_config c{};
            c.size = sizeof c;
            c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = start;
            size_t bytes = 0;
            ASSERT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
            const size_t bound = sizeof(T) == 4 ? ORTHANT_NMF_BYTES_F32(rows, cols, rank) : ORTHANT_NMF_BYTES_F64(rows,
                cols, rank);
            ASSERT_GE(bound, bytes) << rows << "x" << cols << " rank " << rank << " method " << method << " start "
                << start;
          }
}

TYPED_TEST(SizeMacros, UnmixIsAnUpperBound) {
  using T = TypeParam;
  for (int32_t rank = 1; rank <= 700; rank += rank < 70 ? 1 : 37)
    for (int32_t method = 0; method <= ORTHANT_UNMIX_CLIP; ++method)
      for (int32_t sum = 0; sum <= 1; ++sum) {
        orthant_unmix_config c{};
        c.size = sizeof c;
        c.bands = 100, c.endmembers = rank, c.method = method, c.sum_to_one = sum;
        size_t bytes = 0;
        const orthant_status st = Api<T>::unmix_size(&c, &bytes);
        if (st == ORTHANT_E_UNSUPPORTED) continue;
        ASSERT_EQ(st, ORTHANT_OK);
        const size_t bound = sizeof(T) == 4 ? ORTHANT_UNMIX_BYTES_F32(100, rank) : ORTHANT_UNMIX_BYTES_F64(100, rank);
        ASSERT_GE(bound, bytes) << rank << " method " << method << " sum " << sum;
      }
}

// The macros are constants: usable for static arrays, in C as well (tests/abi).
static unsigned char scratch[ORTHANT_UNMIX_BYTES_F32(224, 6)];

TEST(Queries, SayWhatTheHeaderSays) {
  EXPECT_STREQ(orthant_version(), ORTHANT_VERSION);
  EXPECT_EQ(orthant_abi(), ORTHANT_ABI);
  EXPECT_NE(strstr(orthant_build(), "f32"), nullptr);
  EXPECT_EQ(scratch[0], 0);
  for (const orthant_status s : {ORTHANT_OK, ORTHANT_E_ARG, ORTHANT_E_SCRATCH, ORTHANT_E_DATA, ORTHANT_E_UNSUPPORTED,
      17, -4}) {
    ASSERT_NE(orthant_status_text(s), nullptr);
    EXPECT_GT(strlen(orthant_status_text(s)), 0u);
  }
  EXPECT_STRNE(orthant_status_text(ORTHANT_E_ARG), orthant_status_text(ORTHANT_E_DATA));
  EXPECT_STREQ(orthant_status_text(17), orthant_status_text(INT32_MIN));
}

}  // namespace
}  // namespace orthant::test
