// What every handle promises, checked for every noun, element type and method from one list, so that none is forgotten:
// exact sizes, any alignment, any content of the workspace, moving, guard bands, any number of workers, no heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "heap_count.hpp"
#include "kinds.hpp"
#include "nmf_run.hpp"
#include "shuffle_pool.hpp"

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

template <class V>
std::string bits(const V &x) { return std::string(reinterpret_cast<const char *>(&x), sizeof x); }
template <class V>
std::string bits(const std::vector<V> &x) {
  return std::string(reinterpret_cast<const char *>(x.data()), x.size() * sizeof(V));
}

// An array of the library's, between guards.
template <class V>
struct Row {
  std::vector<V> values;
  explicit Row(size_t count) : values(count + 2, V(-7)) {}
  V *data() { return values.data() + 1; }
  void clear() { std::fill(values.begin(), values.end(), V(-7)); }
  bool intact() const { return values.front() == V(-7) && values.back() == V(-7); }
};

// A job whose inputs and outputs are matrices, and which may report.
template <class T>
class MatrixJob : public Job {
 public:
  void clear() override {
    for (Matrix<T> *out : outputs_) out->fill_canary();  // a start must not read them
    std::fill(report_.begin(), report_.end(), empty_report());
    give();
  }
  std::string result() const override {
    std::string all;
    for (const Matrix<T> *out : outputs_) all += out->bits();
    for (const orthant_report &r : report_) all += bits(r);
    return all;
  }
  bool intact() const override {
    for (const Matrix<T> *out : outputs_)
      if (!out->intact()) return false;
    for (const Matrix<T> *in : inputs_)
      if (!in->intact()) return false;
    return contents() == before_;
  }

 protected:
  using Inputs = std::vector<const Matrix<T> *>;
  using Outputs = std::vector<Matrix<T> *>;
  // At the end of a constructor.
  void set_up(const Inputs &inputs, const Outputs &outputs, size_t reports) {
    inputs_ = inputs, outputs_ = outputs, report_.resize(reports);
    before_ = contents();
    clear();
  }
  void add_inputs(const Inputs &more) {
    inputs_.insert(inputs_.end(), more.begin(), more.end());
    before_ = contents();
  }
  virtual void give() {}  // what a caller gives in outputs
  static void fill(uint64_t seed, const Outputs &all) {
    Random random(seed);
    for (Matrix<T> *A : all) A->fill_uniform(random);
  }
  std::vector<orthant_report> report_;

 private:
  std::string contents() const {
    std::string all;
    for (const Matrix<T> *in : inputs_) all += in->bits();
    return all;
  }
  Inputs inputs_;
  Outputs outputs_;
  std::string before_;
};

// Size and init of a noun, by its config.
template <class T, class Config, class Handle>
class NounJob : public MatrixJob<T> {
 public:
  using Size = orthant_status (*)(const Config *, size_t *);
  using Init = orthant_status (*)(const Config *, void *, size_t, Handle **);
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    config_.parallel = p;
    return size_(&config_, bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    config_.parallel = p;
    return init_(&config_, mem, bytes, reinterpret_cast<Handle **>(handle));
  }
  orthant_status stage(int i, void *handle) final { return step(i, static_cast<Handle *>(handle)); }

 protected:
  NounJob(Size bytes_of, Init place) : size_(bytes_of), init_(place) { config_.size = sizeof config_; }
  virtual orthant_status step(int i, Handle *handle) = 0;
  Config config_{};

 private:
  Size size_;
  Init init_;
};

struct Shape {
  int32_t rows, cols, rank;
};

template <class T>
class NmfJob : public NounJob<T, orthant_nmf_config, typename Api<T>::Nmf> {
 public:
  NmfJob(Shape s, int32_t method, int32_t start, int32_t iters = 6, int32_t kind = ORTHANT_DENSE,
         int32_t loss = ORTHANT_LOSS_FROBENIUS, double beta = 0)
      : NounJob<T, orthant_nmf_config, typename Api<T>::Nmf>(Api<T>::nmf_size, Api<T>::nmf_init),
        V_(data(s, kind == ORTHANT_DENSE ? 0 : 0.5)), W_(s.rows, s.rank, 2, 3), H_(s.rank, s.cols, 4, 5) {
    orthant_nmf_config &c = this->config_;
    c = nmf_config(s.rank, method, start, iters, 99);
    c.rows = s.rows, c.cols = s.cols, c.data = kind, c.loss = loss, c.beta = beta;
    if (kind != ORTHANT_DENSE) {  // with every penalty that it takes
      const auto add = [&c](double orthant_nmf_config::*weight, double value) {
        orthant_nmf_config with = c;
        with.*weight = value;
        if (supported(with)) c = with;
      };
      add(&orthant_nmf_config::l1_w, 0.01), add(&orthant_nmf_config::l1_h, 0.02);
      add(&orthant_nmf_config::l2_w, 0.03), add(&orthant_nmf_config::l2_h, 0.01);
      add(&orthant_nmf_config::ortho_w, 0.02), add(&orthant_nmf_config::ortho_h, 0.01);
    }
    this->set_up({&V_.dense}, {&W_, &H_}, 2);
  }
  int stages() const override { return 3; }

 protected:
  orthant_status step(int i, typename Api<T>::Nmf *s) override {
    const auto V = V_.view(this->config_.data);
    if (i == 0) return Api<T>::nmf_start(s, &V, W_.data(), W_.ld(), H_.data(), H_.ld());
    return Api<T>::nmf_run(s, &V, W_.data(), W_.ld(), H_.data(), H_.ld(), &this->report_[size_t(i - 1)]);
  }
  void give() override {
    if (this->config_.start == ORTHANT_START_GIVEN) this->fill(13, {&W_, &H_});
  }

 private:
  static EveryKind<T> data(Shape s, double shift) {
    Random random(12);
    Matrix<T> V(s.rows, s.cols, 3, 1);
    V.each([&](int32_t, int32_t) { return std::max(0.0, uniform(random) - shift); });
    return EveryKind<T>(V);
  }
  EveryKind<T> V_;
  Matrix<T> W_, H_;
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

// With sums over processes, of which there is one.
template <class T>
class ReduceJob : public NmfJob<T> {
 public:
  ReduceJob(Shape s, int32_t method, int32_t start, int32_t kind, int32_t loss)
      : NmfJob<T>(s, method, start, 6, kind, loss), reduce_{sizeof reduce_, 0, 1, 0, s.cols, 0, sum, nullptr} {
    this->config_.reduce = &reduce_;
  }

 private:
  static int32_t sum(void *, void *, int32_t, int32_t) { return 0; }
  orthant_reduce reduce_;
};

// With all weights and penalties, or with those that leave the rows of both factors apart.
template <class T>
class TermsJob : public NmfJob<T> {
 public:
  TermsJob(Shape s, int32_t method, bool dense)
      : NmfJob<T>(s, method, ORTHANT_START_RANDOM, 3), P_(s.rows, s.rows, 1, 2), Q_(s.cols, s.cols, 2, 1),
        B_(s.rank, s.rank, 3, 1), l1_w_(s.rows, s.rank, 1), l1_h_(s.rank, s.cols, 2), d_(s.rows + s.cols, 1) {
    this->fill(17, {&P_, &Q_, &B_, &l1_w_, &l1_h_, &d_});
    for (Matrix<T> *g : {&P_, &Q_, &B_})
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
    this->add_inputs({&P_, &Q_, &B_, &l1_w_, &l1_h_, &d_});
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    if (const orthant_status st = NmfJob<T>::init(p, mem, bytes, handle); st != ORTHANT_OK) return st;
    return Api<T>::nmf_terms(static_cast<typename Api<T>::Nmf *>(*handle), &terms_);
  }

 private:
  using Symmetric = typename Api<T>::Symmetric;
  Matrix<T> P_, Q_, B_, l1_w_, l1_h_, d_;
  typename Api<T>::Penalty w_[2], h_[2];
  typename Api<T>::Terms terms_{};
};

template <class T>
class QpJob : public NounJob<T, orthant_qp_config, typename Api<T>::Qp> {
 public:
  QpJob(int32_t n, int32_t rule)
      : NounJob<T, orthant_qp_config, typename Api<T>::Qp>(Api<T>::qp_size, Api<T>::qp_init), G_(n, n, 3, 1),
        d_(n, 1, 2, 1), x_(n, 1, 1, 3) {
    this->config_.n = n, this->config_.rule = rule, this->config_.max_iter = 6;
    Random random(18);
    G_.fill_uniform(random);
    G_.each([&](int32_t i, int32_t j) { return i < j ? double(G_(i, j)) : double(G_(j, i)) + (i == j ? n : 0); });
    d_.each([&](int32_t, int32_t) { return -n * uniform(random); });
    this->set_up({&G_, &d_}, {&x_}, 2);
  }
  int stages() const override { return 2; }

 protected:
  orthant_status step(int i, typename Api<T>::Qp *s) override {
    return Api<T>::qp_run(s, G_.data(), G_.ld(), d_.data(), x_.data(), &this->report_[size_t(i)]);
  }
  void give() override {
    x_.each([](int32_t i, int32_t) { return 0.1 * (i % 7); });
  }

 private:
  Matrix<T> G_, d_, x_;
};

template <class T>
class UnmixJob : public NounJob<T, orthant_unmix_config, typename Api<T>::Unmix> {
 public:
  UnmixJob(Shape s, int32_t method, int32_t sum_to_one, int32_t kind = ORTHANT_DENSE)
      : NounJob<T, orthant_unmix_config, typename Api<T>::Unmix>(Api<T>::unmix_size, nullptr), E_(s.rows, s.rank, 1, 2),
        Y_(s.rows, s.cols, 5, 7), A_(s.rank, s.cols, 3, 9), A_given_(s.rank, s.cols, 2), rms_(s.cols, 1, 3, 1),
        kkt_(s.cols, 1, 3, 4) {
    orthant_unmix_config &c = this->config_;
    c.bands = s.rows, c.endmembers = s.rank, c.sum_to_one = sum_to_one, c.method = method, c.data = kind;
    c.max_iter = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_MU ? 40 : 0;
    Random random(14);
    E_.fill_uniform(random);
    A_given_.fill_uniform(random);
    const Matrix<double> EA = E_ * A_given_;
    Y_.each([&](int32_t i, int32_t j) { return 0.2 * normal(random) + EA(i, j); });
    this->set_up({&E_, &Y_, &A_given_}, {&A_, &rms_, &kkt_}, 3);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    this->config_.parallel = p;
    return Api<T>::unmix_init(&this->config_, E_.data(), E_.ld(), mem, bytes,
                              reinterpret_cast<typename Api<T>::Unmix **>(handle));
  }
  int stages() const override { return 3; }

 protected:
  orthant_status step(int i, typename Api<T>::Unmix *s) override {
    const auto Y = this->config_.data == ORTHANT_STREAM ? stream(Y_) : view(Y_);
    orthant_report *report = &this->report_[size_t(i)];
    if (i == 1) return Api<T>::unmix_check(s, &Y, A_given_.data(), A_given_.ld(), rms_.data(), kkt_.data(), report);
    return Api<T>::unmix_run(s, &Y, A_.data(), A_.ld(), report);
  }

 private:
  Matrix<T> E_, Y_, A_, A_given_, rms_, kkt_;
};

template <class T>
class EndmembersJob : public NounJob<T, orthant_endmembers_config, typename Api<T>::Endmembers> {
 public:
  EndmembersJob(Shape s, int32_t method, bool directions, int32_t projection = 0, int32_t draws = 0,
                int32_t kind = ORTHANT_DENSE)
      : NounJob<T, orthant_endmembers_config, typename Api<T>::Endmembers>(Api<T>::endmembers_size,
                                                                         Api<T>::endmembers_init),
        Y_(s.rows, s.cols, 3, 1), D_(s.rank, s.rank, 2, 2), E_(s.rows, s.rank, 1, 3), pixel_(size_t(s.rank)),
        directions_(directions) {
    orthant_endmembers_config &c = this->config_;
    c.bands = s.rows, c.pixels = s.cols, c.endmembers = s.rank, c.method = method;
    c.seed = 5, c.projection = projection, c.draws = draws, c.data = kind;
    this->fill(15, {&Y_, &D_});
    this->set_up({&Y_, &D_}, {&E_}, 0);
  }
  int stages() const override { return 1; }
  std::string result() const override { return MatrixJob<T>::result() + bits(pixel_.values); }
  bool intact() const override { return MatrixJob<T>::intact() && pixel_.intact(); }

 protected:
  orthant_status step(int, typename Api<T>::Endmembers *s) override {
    const auto Y = this->config_.data == ORTHANT_STREAM ? stream(Y_) : view(Y_);
    return Api<T>::endmembers_run(s, &Y, directions_ ? D_.data() : nullptr, D_.ld(), E_.data(), E_.ld(), pixel_.data());
  }
  void give() override { pixel_.clear(); }

 private:
  Matrix<T> Y_, D_, E_;
  Row<int32_t> pixel_;
  bool directions_;
};

template <class T>
class DimensionJob : public NounJob<T, orthant_dimension_config, typename Api<T>::Dimension> {
 public:
  DimensionJob(int32_t bands, int32_t pixels, int32_t method)
      : NounJob<T, orthant_dimension_config, typename Api<T>::Dimension>(Api<T>::dimension_size,
                                                                       Api<T>::dimension_init),
        Y_(bands, pixels, 3, 1), power_(size_t(bands)), limit_(size_t(bands)), noise_(size_t(bands)), count_(1) {
    this->config_.bands = bands, this->config_.method = method;
    this->fill(15, {&Y_});
    this->set_up({&Y_}, {}, 0);
  }
  int stages() const override { return 1; }
  std::string result() const override {
    return bits(power_.values) + bits(limit_.values) + bits(noise_.values) + bits(count_.values);
  }
  bool intact() const override {
    return MatrixJob<T>::intact() && power_.intact() && limit_.intact() && noise_.intact() && count_.intact();
  }

 protected:
  orthant_status step(int, typename Api<T>::Dimension *s) override {
    const auto Y = view(Y_);
    return Api<T>::dimension_run(s, &Y, power_.data(), limit_.data(), noise_.data(), count_.data());
  }
  void give() override {
    for (Row<double> *row : {&power_, &limit_, &noise_}) row->clear();
    count_.clear();
  }

 private:
  Matrix<T> Y_;
  Row<double> power_, limit_, noise_;
  Row<int32_t> count_;
};

template <class T>
class LibraryJob : public NounJob<T, orthant_library_config, typename Api<T>::Library> {
 public:
  LibraryJob(Shape s, int32_t sum_to_one, double l1, bool weighted)
      : NounJob<T, orthant_library_config, typename Api<T>::Library>(Api<T>::library_size, nullptr),
        E_(s.rows, s.rank, 1, 2), Y_(s.rows, s.cols, 5, 7), variance_(s.rows, 1, 1), A_(s.rank, s.cols, 3, 9),
        D_(s.rank, s.cols, 2), weighted_(weighted) {
    orthant_library_config &c = this->config_;
    c.bands = s.rows, c.spectra = s.rank, c.sum_to_one = sum_to_one, c.l1 = l1;
    Random random(14);
    E_.fill_uniform(random);
    Y_.fill_uniform(random);
    variance_.fill_uniform(random, 0.1);
    this->set_up({&E_, &Y_, &variance_}, {&A_, &D_}, 2);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    this->config_.parallel = p;
    return Api<T>::library_init(&this->config_, E_.data(), E_.ld(), weighted_ ? variance_.data() : nullptr, mem, bytes,
                                reinterpret_cast<typename Api<T>::Library **>(handle));
  }
  int stages() const override { return 2; }

 protected:
  orthant_status step(int i, typename Api<T>::Library *s) override {
    const auto Y = view(Y_);
    return Api<T>::library_run(s, &Y, A_.data(), A_.ld(), i == 0 ? nullptr : D_.data(), D_.ld(),
                               &this->report_[size_t(i)]);
  }

 private:
  Matrix<T> E_, Y_, variance_, A_, D_;
  bool weighted_;
};

template <class T>
class BootstrapJob : public NounJob<T, orthant_bootstrap_config, typename Api<T>::Bootstrap> {
 public:
  BootstrapJob(Shape s, int32_t sum_to_one, bool weighted)
      : NounJob<T, orthant_bootstrap_config, typename Api<T>::Bootstrap>(Api<T>::bootstrap_size, nullptr),
        E_(s.rows, s.rank, 1, 2), Y_(s.rows, s.cols, 5, 7), variance_(s.rows, 1, 1), A_(3, s.cols, 3, 9),
        D_(3, s.cols, 2), weighted_(weighted) {
    orthant_bootstrap_config &c = this->config_;
    c.bands = s.rows, c.spectra = s.rank, c.classes = 3, c.each = 2, c.draws = 5, c.sum_to_one = sum_to_one;
    for (int32_t k = 0; k < s.rank; ++k) class_of_.push_back(2 - k % 3);
    Random random(14);
    E_.fill_uniform(random);
    Y_.fill_uniform(random);
    variance_.fill_uniform(random, 0.1);
    this->set_up({&E_, &Y_, &variance_}, {&A_, &D_}, 1);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    this->config_.parallel = p;
    return Api<T>::bootstrap_init(&this->config_, E_.data(), E_.ld(), class_of_.data(),
                                  weighted_ ? variance_.data() : nullptr, mem, bytes,
                                  reinterpret_cast<typename Api<T>::Bootstrap **>(handle));
  }
  int stages() const override { return 1; }

 protected:
  orthant_status step(int, typename Api<T>::Bootstrap *s) override {
    const auto Y = view(Y_);
    return Api<T>::bootstrap_run(s, &Y, A_.data(), A_.ld(), D_.data(), D_.ld(), &this->report_[0]);
  }

 private:
  Matrix<T> E_, Y_, variance_, A_, D_;
  std::vector<int32_t> class_of_;
  bool weighted_;
};

template <class T>
class MesmaJob : public NounJob<T, orthant_mesma_config, typename Api<T>::Mesma> {
 public:
  MesmaJob(Shape s, int32_t sum_to_one, int32_t normalize)
      : NounJob<T, orthant_mesma_config, typename Api<T>::Mesma>(Api<T>::mesma_size, nullptr), E_(s.rows, s.rank, 1, 2),
        Y_(s.rows, s.cols, 5, 7), A_(3, s.cols, 3, 9), rms_(s.cols, 1, 2), model_(size_t(3 * s.cols)) {
    orthant_mesma_config &c = this->config_;
    c.bands = s.rows, c.spectra = s.rank, c.classes = 3, c.sum_to_one = sum_to_one, c.normalize = normalize;
    c.max_rmse = -1;
    for (int32_t k = 0; k < s.rank; ++k) class_of_.push_back(2 - k % 3);
    this->fill(14, {&E_, &Y_});
    this->set_up({&E_, &Y_}, {&A_, &rms_}, 1);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    this->config_.parallel = p;
    return Api<T>::mesma_init(&this->config_, E_.data(), E_.ld(), class_of_.data(), mem, bytes,
                              reinterpret_cast<typename Api<T>::Mesma **>(handle));
  }
  int stages() const override { return 1; }
  std::string result() const override { return MatrixJob<T>::result() + bits(model_.values); }
  bool intact() const override { return MatrixJob<T>::intact() && model_.intact(); }

 protected:
  orthant_status step(int, typename Api<T>::Mesma *s) override {
    const auto Y = view(Y_);
    return Api<T>::mesma_run(s, &Y, model_.data(), 3, A_.data(), A_.ld(), rms_.data(), &this->report_[0]);
  }
  void give() override { model_.clear(); }

 private:
  Matrix<T> E_, Y_, A_, rms_;
  Row<int32_t> model_;
  std::vector<int32_t> class_of_;
};

template <class T>
class ReluNmdJob : public NounJob<T, orthant_relu_nmd_config, typename Api<T>::ReluNmd> {
 public:
  ReluNmdJob(Shape s, int32_t method, int32_t start, int32_t z_start = 0)
      : NounJob<T, orthant_relu_nmd_config, typename Api<T>::ReluNmd>(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init),
        M_(s.rows, s.cols, 3, 1), U_(s.rows, s.rank, 2, 3), V_(s.rank, s.cols, 4, 5) {
    orthant_relu_nmd_config &c = this->config_;
    c.rows = s.rows, c.cols = s.cols, c.rank = s.rank;
    c.method = method, c.start = start, c.max_iter = 4;
    if (z_start <= ORTHANT_RELU_Z_FEASIBLE) c.z_start = z_start;
    else misprints_ = ORTHANT_MISPRINT_FIRST_Z;
    c.tol = c.tol_obj = -1;
    c.svd_steps = 2;
    c.seed = 99;
    Random random(12);
    M_.each([&](int32_t, int32_t) { return std::max(0.0, uniform(random) - 0.6); });
    this->set_up({&M_}, {&U_, &V_}, 2);
  }
  int stages() const override { return 3; }

 protected:
  orthant_status step(int i, typename Api<T>::ReluNmd *s) override {
    const auto M = view(M_);
    if (i == 0) {
      const orthant_status st = Api<T>::relu_nmd_misprints(s, misprints_);
      return st == ORTHANT_OK ? Api<T>::relu_nmd_start(s, &M, U_.data(), U_.ld(), V_.data(), V_.ld()) : st;
    }
    return Api<T>::relu_nmd_run(s, &M, U_.data(), U_.ld(), V_.data(), V_.ld(), &this->report_[size_t(i - 1)]);
  }
  void give() override {
    if (this->config_.start == ORTHANT_RELU_START_GIVEN) this->fill(13, {&U_, &V_});
  }

 private:
  Matrix<T> M_, U_, V_;
  int32_t misprints_ = 0;
};

template <class T>
class TsvdJob : public NounJob<T, orthant_tsvd_config, typename Api<T>::Tsvd> {
 public:
  TsvdJob(Shape s, int32_t warm)
      : NounJob<T, orthant_tsvd_config, typename Api<T>::Tsvd>(Api<T>::tsvd_size, Api<T>::tsvd_init),
        X_(s.rows, s.cols, 3, 1), U_(s.rows, s.rank, 2, 3), s_(s.rank, 1, 2), V_(s.cols, s.rank, 4, 5) {
    orthant_tsvd_config &c = this->config_;
    c.rows = s.rows, c.cols = s.cols, c.rank = s.rank;
    c.warm = warm, c.max_iter = 7, c.seed = 3;
    Random random(12);
    X_.fill_normal(random);
    this->set_up({&X_}, {&U_, &s_, &V_}, 2);
  }
  int stages() const override { return 2; }

 protected:
  orthant_status step(int i, typename Api<T>::Tsvd *s) override {
    const auto X = view(X_);
    return Api<T>::tsvd_run(s, &X, U_.data(), U_.ld(), s_.data(), V_.data(), V_.ld(), &this->report_[size_t(i)]);
  }
  void give() override {
    if (this->config_.warm) this->fill(13, {&V_});
  }

 private:
  Matrix<T> X_, U_, s_, V_;
};

// No handle, but the same workspace.
template <class T>
class ScoresJob : public MatrixJob<T> {
 public:
  ScoresJob(Shape s, bool spectra, bool abundances)
      : E_(s.rows, s.rank, 1, 2), E_true_(s.rows, s.rank, 2, 3), A_(s.rank, s.cols, 3, 4),
        A_true_(s.rank, s.cols, 4, 5), match_(size_t(s.rank)), angle_(s.rank, 1, 2), spectra_(spectra),
        abundances_(abundances) {
    config_ = {sizeof config_, s.rows, s.rank, s.cols};
    this->fill(16, {&E_, &E_true_, &A_, &A_true_});
    this->set_up({&E_, &E_true_, &A_, &A_true_}, {}, 0);
  }
  orthant_status size(const orthant_parallel *, size_t *bytes) override { return Api<T>::scores_size(&config_, bytes); }
  orthant_status init(const orthant_parallel *, void *mem, size_t bytes, void **handle) override {
    *handle = mem;
    const auto spectra = [&](const Matrix<T> &E) { return spectra_ ? E.data() : nullptr; };
    const auto abundances = [&](const Matrix<T> &A) { return abundances_ ? A.data() : nullptr; };
    return Api<T>::scores_run(&config_, mem, bytes, spectra(E_), E_.ld(), spectra(E_true_), E_true_.ld(),
                              abundances(A_), A_.ld(), abundances(A_true_), A_true_.ld(), match_.data(), angle_.data(),
                              &scores_);
  }
  std::string result() const override { return angle_.bits() + bits(match_.values) + bits(scores_); }
  bool intact() const override { return MatrixJob<T>::intact() && angle_.intact() && match_.intact(); }

 protected:
  void give() override {
    match_.clear();
    angle_.fill_canary();
    scores_ = {};
    scores_.size = sizeof scores_;
  }

 private:
  Matrix<T> E_, E_true_, A_, A_true_;
  Row<int32_t> match_;
  Matrix<double> angle_;
  bool spectra_, abundances_;
  orthant_scores_config config_;
  orthant_scores scores_;
};

// A small Factormer, untrained, as a blob of its trainer's type: the other type is converted in each run.
template <class T>
const orthant_model *factormer_of(int32_t rank, int32_t accelerates) {
  static std::map<std::pair<int32_t, int32_t>, std::vector<unsigned char>> blobs;
  std::vector<unsigned char> &blob = blobs[{rank, accelerates}];
  const auto at = [&] { return blob.data() + (64 - reinterpret_cast<uintptr_t>(blob.data()) % 64) % 64; };
  if (blob.empty()) {
    orthant_factormer_train_config c{};
    c.size = sizeof c, c.max_rows = c.max_cols = 4, c.rank = rank, c.width = 12, c.heads = 2, c.layers = 2, c.seed = 4;
    c.accelerates = accelerates;
    size_t length = 0;
    const Placed<typename Api<T>::FactormerTrain> s(Api<T>::factormer_train_size, Api<T>::factormer_train_init, c);
    EXPECT_EQ(Api<T>::factormer_train_save(s.get(), 0, nullptr, 0, &length), ORTHANT_OK);
    blob.resize(length + 64);
    EXPECT_EQ(Api<T>::factormer_train_save(s.get(), 0, at(), length, &length), ORTHANT_OK);
  }
  const orthant_model *model = nullptr;
  EXPECT_EQ(orthant_model_open(at(), blob.size() - 64, &model), ORTHANT_OK);
  return model;
}

template <class T>
class FactormerJob : public NounJob<T, orthant_factormer_config, typename Api<T>::Factormer> {
 public:
  FactormerJob(Shape s, int32_t accelerates, bool converted)
      : NounJob<T, orthant_factormer_config, typename Api<T>::Factormer>(Api<T>::factormer_size,
                                                                         Api<T>::factormer_init),
        V_(s.rows, s.cols, 3, 1),
        W_(s.rows, s.rank, 2, 3),
        H_(s.rank, s.cols, 4, 5),
        W0_(s.rows, s.rank, 1, 2),
        H0_(s.rank, s.cols, 2, 1),
        accelerates_(accelerates) {
    this->config_.rows = s.rows, this->config_.cols = s.cols;
    const bool is_f32 = (sizeof(T) == 4) != converted;
    this->config_.model = is_f32 ? factormer_of<float>(s.rank, accelerates) : factormer_of<double>(s.rank, accelerates);
    this->fill(17, {&V_, &W0_, &H0_});
    this->set_up({&V_, &W0_, &H0_}, {&W_, &H_}, 0);
  }
  int stages() const override { return 2; }

 protected:
  orthant_status step(int, typename Api<T>::Factormer *s) override {
    const auto V = view(V_);
    return Api<T>::factormer_run(s, &V, W_.data(), W_.ld(), H_.data(), H_.ld(), accelerates_ ? W0_.data() : nullptr,
                                 W0_.ld(), accelerates_ ? H0_.data() : nullptr, H0_.ld());
  }
  void give() override { this->fill(18, {&W_, &H_}); }

 private:
  Matrix<T> V_, W_, H_, W0_, H0_;
  int32_t accelerates_;
};

// Where a trainer saves its blob, between guards.
class Saved {
 public:
  explicit Saved(size_t most) : out_(most, 'x') {}
  unsigned char *data() { return out_.data() + 16; }
  size_t bytes() const { return out_.size() - 32; }
  void clear() {
    memset(out_.data(), 'x', length + 32);
    length = 0;
  }
  std::string result() const {
    uint64_t hash = 1469598103934665603u;  // FNV
    for (size_t i = 0; i < length + 32; ++i) hash = (hash ^ out_[i]) * 1099511628211u;
    return std::to_string(hash);
  }
  bool intact() const { return out_.front() == 'x' && out_[length + 16] == 'x' && out_.back() == 'x'; }
  size_t length = 0;

 private:
  std::vector<unsigned char> out_;
};

template <class T, class Config, class Handle>
class TrainJob : public NounJob<T, Config, Handle> {
 public:
  std::string result() const override { return MatrixJob<T>::result() + out_.result(); }
  bool intact() const override { return MatrixJob<T>::intact() && out_.intact(); }

 protected:
  using Noun = NounJob<T, Config, Handle>;
  TrainJob(typename Noun::Size bytes_of, typename Noun::Init place, size_t most) : Noun(bytes_of, place), out_(most) {}
  void give() override { out_.clear(); }
  Saved out_;
};

template <class T>
class FactormerTrainJob : public TrainJob<T, orthant_factormer_train_config, typename Api<T>::FactormerTrain> {
 public:
  FactormerTrainJob(int32_t accelerates, int32_t count)
      : TrainJob<T, orthant_factormer_train_config, typename Api<T>::FactormerTrain>(
            Api<T>::factormer_train_size, Api<T>::factormer_train_init, 1u << 18) {
    orthant_factormer_train_config &c = this->config_;
    c.max_rows = 9, c.max_cols = 70, c.rank = 3, c.width = 12, c.heads = 2, c.layers = 2;
    c.accelerates = accelerates, c.unrolled = accelerates ? 2 : 1, c.rate = 1e-3, c.clip = 1;
    Random random(19);
    for (int32_t i = 0; i < count; ++i) {
      data_.emplace_back(9 - i % 3, 70 - 20 * (i % 2)).fill_uniform(random, -0.01);
      views_.push_back(view(data_.back()));
    }
    typename MatrixJob<T>::Inputs inputs;
    for (const Matrix<T> &V : data_) inputs.push_back(&V);
    this->set_up(inputs, {}, 2);
  }
  int stages() const override { return 3; }

 protected:
  orthant_status step(int i, typename Api<T>::FactormerTrain *s) override {
    if (i < 2)
      return Api<T>::factormer_train_step(s, int32_t(views_.size()), views_.data(), 1, &this->report_[size_t(i)]);
    return Api<T>::factormer_train_save(s, 1, this->out_.data(), this->out_.bytes(), &this->out_.length);
  }

 private:
  std::deque<Matrix<T>> data_;
  std::vector<typename Api<T>::Matrix> views_;
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
class NalmuJob : public NounJob<T, orthant_nalmu_config, typename Api<T>::Nalmu> {
 public:
  NalmuJob(Shape s, int32_t factors, int32_t given)
      : NounJob<T, orthant_nalmu_config, typename Api<T>::Nalmu>(Api<T>::nalmu_size, Api<T>::nalmu_init),
        Y_(s.rows, s.cols, 3, 1), W_(s.rows, s.rank, 2, 3), H_(s.rank, s.cols, 4, 5) {
    orthant_nalmu_config &c = this->config_;
    c.bands = s.rows, c.pixels = s.cols, c.endmembers = s.rank, c.layers = 4;
    c.factors = factors, c.given = given;
    this->fill(17, {&Y_});
    this->set_up({&Y_}, {&W_, &H_}, 2);
  }
  int stages() const override { return 2; }

 protected:
  orthant_status step(int i, typename Api<T>::Nalmu *s) override {
    const auto Y = view(Y_);
    return Api<T>::nalmu_run(s, &Y, W_.data(), W_.ld(), H_.data(), H_.ld(), &this->report_[size_t(i)]);
  }
  void give() override {
    this->fill(18, {&W_});
    if (this->config_.given) this->fill(19, {&H_});
  }

 private:
  Matrix<T> Y_, W_, H_;
};

template <class T>
class NalmuTrainJob : public TrainJob<T, orthant_nalmu_train_config, typename Api<T>::NalmuTrain> {
 public:
  NalmuTrainJob(int32_t factors, int32_t spread, double beta, int32_t count)
      : TrainJob<T, orthant_nalmu_train_config, typename Api<T>::NalmuTrain>(Api<T>::nalmu_train_size, nullptr,
                                                                             6u << 20),
        count_(count) {
    orthant_nalmu_train_config &c = this->config_;
    c.bands = 6, c.endmembers = 3, c.columns = 12, c.layers = 3, c.factors = factors;
    c.spread_w = c.spread_h = spread, c.lines = 3, c.keep = 2;
    c.divergence = ORTHANT_LOSS_BETA, c.beta = beta;
    Random random(19);
    for (std::vector<T> *v : {&Y_, &W_, &H_}) v->resize(size_t(12 * 6 * count));
    for (std::vector<T> *v : {&Y_, &W_, &H_})
      for (T &x : *v) x = T(0.1 + uniform(random));
    this->set_up({}, {}, 3);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    this->config_.parallel = p;
    return Api<T>::nalmu_train_init(&this->config_, nullptr, 0, mem, bytes,
                                    reinterpret_cast<typename Api<T>::NalmuTrain **>(handle));
  }
  int stages() const override { return 4; }

 protected:
  orthant_status step(int i, typename Api<T>::NalmuTrain *s) override {
    if (i < 3)
      return Api<T>::nalmu_train_step(s, count_, Y_.data(), W_.data(), H_.data(), 1, &this->report_[size_t(i)]);
    return Api<T>::nalmu_train_save(s, 1, this->out_.data(), this->out_.bytes(), &this->out_.length);
  }

 private:
  std::vector<T> Y_, W_, H_;
  int32_t count_;
};

template <class T>
class ScheduleTrainJob : public TrainJob<T, orthant_schedule_train_config, typename Api<T>::ScheduleTrain> {
 public:
  ScheduleTrainJob()
      : TrainJob<T, orthant_schedule_train_config, typename Api<T>::ScheduleTrain>(Api<T>::schedule_train_size,
                                                                                 Api<T>::schedule_train_init, 1 << 14) {
    orthant_schedule_train_config &c = this->config_;
    c.problems = 2, c.largest = 16, c.population = 4, c.iterations = 6, c.seed = 3;
    this->set_up({}, {}, 2);
  }
  int stages() const override { return 3; }

 protected:
  orthant_status step(int i, typename Api<T>::ScheduleTrain *s) override {
    if (i < 2) return Api<T>::schedule_train_run(s, i, &this->report_[size_t(i)]);
    return Api<T>::schedule_train_save(s, 1, this->out_.data(), this->out_.bytes(), &this->out_.length);
  }
};

// A graph has no handle either.
template <class T>
class GraphJob : public MatrixJob<T> {
 public:
  GraphJob(Shape s, int32_t kind)
      : M_(s.rows, s.cols, 2, 3), config_(config(s, kind)), starts_(size_t(s.cols) + 1), indices_(capacity()),
        values_(capacity()) {
    this->fill(17, {&M_});
    this->set_up({&M_}, {}, 0);
  }
  orthant_status size(const orthant_parallel *p, size_t *bytes) override {
    config_.parallel = p;
    return Api<T>::graph_size(&config_, bytes);
  }
  orthant_status init(const orthant_parallel *p, void *mem, size_t bytes, void **handle) override {
    config_.parallel = p;
    *handle = mem;
    const auto M = view(M_);
    return Api<T>::graph_run(&config_, mem, bytes, &M, starts_.data(), indices_.data(), values_.data(),
                             int32_t(capacity()));
  }
  std::string result() const override { return bits(starts_.values) + bits(indices_.values) + bits(values_.values); }
  bool intact() const override {
    return MatrixJob<T>::intact() && starts_.intact() && indices_.intact() && values_.intact();
  }

 protected:
  void give() override { starts_.clear(), indices_.clear(), values_.clear(); }

 private:
  static orthant_graph_config config(Shape s, int32_t kind) {
    orthant_graph_config c{};
    c.size = sizeof c;
    c.features = s.rows, c.samples = s.cols, c.kind = kind, c.neighbours = s.rank;
    return c;
  }
  size_t capacity() const {
    int32_t most = 0;
    EXPECT_EQ(orthant_graph_capacity(&config_, &most), ORTHANT_OK);
    return size_t(most);
  }
  Matrix<T> M_;
  orthant_graph_config config_;
  Row<int32_t> starts_, indices_;
  Row<T> values_;
};

// Symmetric NMF, and SymNMF-Net: a start and runs of one factor.
template <class T, class Config, class Handle>
class SymmetricJob : public NounJob<T, Config, Handle> {
 public:
  int stages() const override { return 3; }

 protected:
  using Start = orthant_status (*)(Handle *, const typename Api<T>::Matrix *, T *, int32_t);
  using Run = orthant_status (*)(Handle *, const typename Api<T>::Matrix *, T *, int32_t, orthant_report *);
  using Noun = NounJob<T, Config, Handle>;
  SymmetricJob(int32_t n, int32_t rank, int32_t start, typename Noun::Size bytes_of, typename Noun::Init place,
               Start begin, Run run)
      : Noun(bytes_of, place), X_(n, n, 3, 1), U_(n, rank, 2, 5), start_(begin), run_(run) {
    this->config_.n = n, this->config_.rank = rank, this->config_.start = start, this->config_.seed = 4;
    Random random(18);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i <= j; ++i) X_(i, j) = X_(j, i) = T(uniform(random) < 0.2 ? uniform(random) : 0);
    this->set_up({&X_}, {&U_}, 2);
  }
  orthant_status step(int i, Handle *s) override {
    const auto X = view(X_);
    if (i == 0) return start_(s, &X, U_.data(), U_.ld());
    return run_(s, &X, U_.data(), U_.ld(), &this->report_[size_t(i - 1)]);
  }
  void give() override {
    if (this->config_.start == ORTHANT_SYMNMF_START_GIVEN) this->fill(20, {&U_});
  }

 private:
  Matrix<T> X_, U_;
  Start start_;
  Run run_;
};
template <class T>
class SymnmfJob : public SymmetricJob<T, orthant_symnmf_config, typename Api<T>::Symnmf> {
 public:
  SymnmfJob(int32_t n, int32_t rank, int32_t method, int32_t start = 0)
      : SymmetricJob<T, orthant_symnmf_config, typename Api<T>::Symnmf>(
            n, rank, start, Api<T>::symnmf_size, Api<T>::symnmf_init, Api<T>::symnmf_start, Api<T>::symnmf_run) {
    orthant_symnmf_config &c = this->config_;
    c.method = method, c.max_iter = 3, c.tol = -1;
    c.bound = method <= 1 && n <= 40;
  }
};
template <class T>
class SymnetJob : public SymmetricJob<T, orthant_symnet_config, typename Api<T>::Symnet> {
 public:
  SymnetJob(int32_t n, int32_t rank, int32_t lambda_bound, int32_t start = 0)
      : SymmetricJob<T, orthant_symnet_config, typename Api<T>::Symnet>(
            n, rank, start, Api<T>::symnet_size, Api<T>::symnet_init, Api<T>::symnet_start, Api<T>::symnet_run) {
    orthant_symnet_config &c = this->config_;
    c.layers = 3, c.epochs = 6, c.max_iter = 3, c.lambda_bound = lambda_bound, c.l1 = 0.1;
    c.bound = lambda_bound <= 1 && n <= 40;
  }
};

// ---- The list -------------------------------------------------------------------------------------------------------

struct Entry {
  std::string name;
  std::function<std::unique_ptr<Job>(bool wide)> make;  // wide: large enough that work is cut into many tasks
};
void PrintTo(const Entry &e, std::ostream *os) { *os << e.name; }

template <class T>
class List {
 public:
  std::vector<Entry> all;

  void add_everything() {
    add_nmf();
    add_nmf_shapes();
    add_nmf_engines();
    add_models();
    add_unmixing();
    add_relu();
    add_symmetric();
  }

 private:
  // `make` gives the new job.
  template <class Make>
  void add(const std::string &noun, const std::string &what, const Make &make) {
    all.push_back({noun + "_" + Api<T>::name + (what.empty() ? "" : "_" + what),
                   [=](bool wide) { return std::unique_ptr<Job>(make(wide)); }});
  }
  static Shape nmf_shape(bool wide) { return wide ? Shape{601, 420, 6} : Shape{37, 53, 5}; }
  // NMF with the first loss that the library takes for this combination.  Where it takes none the combination is left
  // out, or, if it is one that must be taken, its tests fail.
  void add_nmf(int32_t method, int32_t start, int32_t kind, bool must = false) {
    orthant_nmf_config c{};
    c.method = method, c.start = start, c.data = kind, c.rank = 5;
    int32_t loss = -1;
    for (const int32_t one : nmf_losses()) {
      c.loss = one;
      if (loss < 0 && supported(c)) loss = one;
    }
    if (loss < 0 && !must) return;
    const int32_t chosen = std::max(loss, ORTHANT_LOSS_FROBENIUS);
    const std::string of_loss = chosen == ORTHANT_LOSS_FROBENIUS ? "" : loss_name(chosen) + "_";
    add("nmf", of_loss + kind_names[kind] + "_" + method_name(method) + "_" + start_name(start), [=](bool wide) {
      return new NmfJob<T>(nmf_shape(wide), method, start, 6, kind, chosen);
    });
  }
  // Every method and every start that the library names, at least with dense data.
  void add_nmf() {
    for (const int32_t start : with_default(nmf_starts()))
      for (const int32_t kind : kinds) add_nmf(0, start, kind, kind == ORTHANT_DENSE);
    for (const int32_t method : nmf_methods()) {
      for (const int32_t start : {0, ORTHANT_START_COLS, ORTHANT_START_GIVEN})
        add_nmf(method, start, ORTHANT_DENSE, true);
      for (const int32_t kind : kinds)
        if (kind != ORTHANT_DENSE) add_nmf(method, ORTHANT_START_COLS, kind);
      add_losses(method);
    }
    for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR})
      add("nmf", std::string("kl_of_") + kind_names[kind], [=](bool wide) {
        const Shape shape = wide ? Shape{1100, 1050, 6} : nmf_shape(false);
        return new NmfJob<T>(shape, ORTHANT_NMF_MU, ORTHANT_START_COLS, 3, kind, ORTHANT_LOSS_KL);
      });
  }
  // The other losses of dense data, from columns and from given factors.
  void add_losses(int32_t method) {
    struct Loss {
      const char *name;
      int32_t loss;
      double beta;
    };
    for (const Loss &l :
         {Loss{"kl", ORTHANT_LOSS_KL, 0}, {"is", ORTHANT_LOSS_IS, 0}, {"beta15", ORTHANT_LOSS_BETA, 1.5}})
      for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_GIVEN}) {
        orthant_nmf_config c{};
        c.method = method, c.start = start, c.loss = l.loss, c.beta = l.beta;
        if (!supported(c)) continue;
        const int32_t loss = l.loss;
        const double beta = l.beta;
        add("nmf", method_name(method) + "_of_" + l.name + "_" + start_name(start), [=](bool wide) {
          return new NmfJob<T>(nmf_shape(wide), method, start, 4, ORTHANT_DENSE, loss, beta);
        });
      }
  }
  void add_nmf_shapes() {
    for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_MASKED})
      add("nmf", std::string("scheduled_") + kind_names[kind],
          [=](bool wide) { return new ScheduledJob<T>(nmf_shape(wide), ORTHANT_START_COLS, kind); });
    for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN})
      for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR})
        for (const int32_t loss : {ORTHANT_LOSS_FROBENIUS, ORTHANT_LOSS_KL}) {
          const bool alike = kind == ORTHANT_CSR ? start != ORTHANT_START_COLS : start >= ORTHANT_START_RANDOM;
          if (alike && (kind != ORTHANT_DENSE || loss != ORTHANT_LOSS_FROBENIUS)) continue;
          const std::string name = "reduce_" + loss_name(loss) + "_" + kind_names[kind] + "_" + start_name(start);
          add("nmf", name, [=](bool wide) { return new ReduceJob<T>(nmf_shape(wide), 0, start, kind, loss); });
        }
    add("nmf", "scheduled_sub",
        [](bool wide) { return new ScheduledJob<T>(nmf_shape(wide), ORTHANT_START_SUB, ORTHANT_DENSE); });
    // Long columns: narrow panels, the Gram matrix of W cut into parts.  Rank above both dimensions.  One row.
    add("nmf", "tall", [](bool wide) {
      return new NmfJob<T>(wide ? Shape{3100, 170, 3} : Shape{300, 9, 3}, ORTHANT_NMF_EHALS, ORTHANT_START_COLS, 3);
    });
    // Large enough that every loop is shared out: tiles of rows and columns, many chunks of columns, factors in pieces.
    for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_ANLS, ORTHANT_NMF_AOADMM,
                                 ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
      add("nmf", "large_" + method_name(method), [=](bool wide) {
        return new NmfJob<T>(wide ? Shape{9000, 420, 20} : Shape{70, 30, 4}, method, ORTHANT_START_COLS, 3);
      });
      add("nmf", "flat_" + method_name(method), [=](bool wide) {
        return new NmfJob<T>(wide ? Shape{70, 9000, 8} : Shape{9, 120, 4}, method, ORTHANT_START_COLS, 3);
      });
    }
    add("nmf", "large_kl", [](bool wide) {
      const Shape shape = wide ? Shape{1100, 1400, 9} : Shape{20, 30, 4};
      return new NmfJob<T>(shape, ORTHANT_NMF_MU, ORTHANT_START_COLS, 3, ORTHANT_DENSE, ORTHANT_LOSS_KL);
    });
    add("nmf", "flat_minvol", [](bool wide) {
      return new NmfJob<T>(wide ? Shape{70, 9000, 8} : Shape{9, 120, 4}, ORTHANT_NMF_MINVOL, ORTHANT_START_COLS, 3);
    });
    add("nmf", "rank_above_both", [](bool wide) {
      return new NmfJob<T>(wide ? Shape{7, 400, 12} : Shape{6, 5, 9}, ORTHANT_NMF_ANLS, ORTHANT_START_COLS, 3);
    });
    add("nmf", "one_row", [](bool wide) {
      return new NmfJob<T>(wide ? Shape{1, 2000, 1} : Shape{1, 7, 1}, ORTHANT_NMF_HALS, ORTHANT_START_RANDOM, 3);
    });
  }
  // The whole-factor methods, with every start and with terms; quadratic programs.
  void add_nmf_engines() {
    for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
      for (const int32_t start : nmf_starts())
        if (start != ORTHANT_START_COLS && start != ORTHANT_START_GIVEN) add_nmf(method, start, ORTHANT_DENSE);
      for (const bool dense : {false, true})
        add("nmf", method_name(method) + (dense ? "_dense_terms" : "_diagonal_terms"),
            [=](bool wide) { return new TermsJob<T>(nmf_shape(wide), method, dense); });
    }
    static const char *const rules[] = {"default", "lee_seung", "escape", "complementarity", "sqrt", "steepest",
                                        "lemma_b"};
    for (int32_t k = 0; k <= ORTHANT_QP_LEMMA_B; ++k)
      add("qp", rules[k], [=](bool wide) { return new QpJob<T>(wide ? 700 : 33, k); });
  }
  void add_models() {
    add("schedule_train", "", [](bool) { return new ScheduleTrainJob<T>(); });
    for (int32_t factors = ORTHANT_NALMU_ONE; factors <= ORTHANT_NALMU_BOTH; ++factors)
      for (int32_t given = 0; given <= 1; ++given)
        add("nalmu", std::string(factors == 1 ? "one" : "both") + (given ? "_given" : ""), [=](bool wide) {
          return new NalmuJob<T>(wide ? Shape{31, 3500, 4} : Shape{23, 45, 5}, factors, given);
        });
    for (int32_t accelerates = 0; accelerates <= 1; ++accelerates) {
      const std::string what = accelerates ? "accelerates" : "starts";
      for (const bool converted : {false, true})
        add("factormer", what + (converted ? "_converted" : ""), [=](bool wide) {
          return new FactormerJob<T>(wide ? Shape{150, 140, 3} : Shape{17, 9, 3}, accelerates, converted);
        });
      add("factormer_train", what, [=](bool wide) { return new FactormerTrainJob<T>(accelerates, wide ? 7 : 2); });
      add("nmf_factormer", what, [=](bool wide) {
        return new ProposedNmfJob<T>(wide ? Shape{300, 150, 3} : Shape{13, 17, 3}, accelerates);
      });
    }
    static const char *const spreads[] = {"", "component", "full", "network"};
    for (int32_t factors = ORTHANT_NALMU_ONE; factors <= ORTHANT_NALMU_BOTH; ++factors)
      for (int32_t spread = ORTHANT_SPREAD_COMPONENT; spread <= ORTHANT_SPREAD_NETWORK; ++spread)
        for (const double beta : {2.0, 1.0}) {
          // Networks of ten thousands of weights: slow, and alike.
          const bool other_type = sizeof(T) == (factors == ORTHANT_NALMU_BOTH ? 8 : 4);
          if (spread == ORTHANT_SPREAD_NETWORK && (beta == 1 || other_type)) continue;
          add("nalmu_train", std::string(factors == 1 ? "one_" : "both_") + spreads[spread] + (beta == 1 ? "_kl" : ""),
              [=](bool wide) { return new NalmuTrainJob<T>(factors, spread, beta, wide ? 11 : 2); });
        }
  }
  void add_unmixing() {
    static const char *const unmix[] = {"default", "bpp", "active_set",    "hals", "admm",
                                        "fast_pg", "mu",  "unconstrained", "clip"};
    for (int32_t m = 0; m <= ORTHANT_UNMIX_CLIP; ++m)
      for (int32_t sum = 0; sum <= 1; ++sum)
        if (!sum || m == 0 || m == ORTHANT_UNMIX_ACTIVE_SET || m >= ORTHANT_UNMIX_UNCONSTRAINED)
          add("unmix", std::string(unmix[m]) + (sum ? "_sum" : ""),
              [=](bool wide) { return new UnmixJob<T>(wide ? Shape{31, 2500, 4} : Shape{23, 45, 5}, m, sum); });
    for (const int32_t m : {ORTHANT_UNMIX_BPP, ORTHANT_UNMIX_ACTIVE_SET, ORTHANT_UNMIX_FAST_PG})
      add("unmix", std::string("stream_") + unmix[m], [=](bool wide) {
        return new UnmixJob<T>(wide ? Shape{31, 2500, 4} : Shape{23, 45, 5}, m, 0, ORTHANT_STREAM);
      });
    add("unmix", "many_endmembers", [](bool wide) {
      return new UnmixJob<T>(wide ? Shape{60, 700, 40} : Shape{40, 21, 37}, ORTHANT_UNMIX_BPP, 0);
    });
    static const char *const extraction[] = {"default", "vca", "spa", "nfindr"};
    for (int32_t m = 0; m <= ORTHANT_ENDMEMBERS_NFINDR; ++m)
      add("endmembers", extraction[m], [=](bool wide) {
        return new EndmembersJob<T>(wide ? Shape{300, 700, 4} : Shape{20, 40, 4}, m, false);
      });
    add("endmembers", "large", [](bool wide) {
      return new EndmembersJob<T>(wide ? Shape{100, 12000, 4} : Shape{20, 40, 4}, ORTHANT_ENDMEMBERS_VCA, false);
    });
    for (int32_t m = ORTHANT_ENDMEMBERS_VCA; m <= ORTHANT_ENDMEMBERS_NFINDR; ++m)
      add("endmembers", std::string("stream_") + extraction[m], [=](bool wide) {
        return new EndmembersJob<T>(wide ? Shape{300, 700, 4} : Shape{20, 40, 4}, m, false, 0, 0, ORTHANT_STREAM);
      });
    const auto vca_shape = [](bool wide) { return wide ? Shape{90, 500, 5} : Shape{12, 30, 5}; };
    add("endmembers", "vca_directions",
        [=](bool wide) { return new EndmembersJob<T>(vca_shape(wide), ORTHANT_ENDMEMBERS_VCA, true); });
    for (int32_t p = ORTHANT_PROJECTION_AFFINE; p <= ORTHANT_PROJECTION_PUBLISHED; ++p)
      add("endmembers", "vca_projection_" + std::to_string(p),
          [=](bool wide) { return new EndmembersJob<T>(vca_shape(wide), ORTHANT_ENDMEMBERS_VCA, false, p); });
    add("endmembers", "vca_draws",
        [=](bool wide) { return new EndmembersJob<T>(vca_shape(wide), ORTHANT_ENDMEMBERS_VCA, false, 0, 3); });
    for (int32_t k = 0; k < 6; ++k)
      add("library", std::string(k % 2 ? "sum" : "free") + (k / 2 == 1 ? "_l1" : "") + (k / 2 == 2 ? "_weighted" : ""),
          [=](bool wide) {
            const Shape shape = wide ? Shape{20, 700, 30} : Shape{9, 45, 14};
            return new LibraryJob<T>(shape, k % 2, k / 2 == 1 ? 0.1 : 0, k / 2 == 2);
          });
    for (int32_t k = 0; k < 4; ++k)
      add("bootstrap", std::string(k % 2 ? "sum" : "free") + (k / 2 ? "_noise" : ""), [=](bool wide) {
        return new BootstrapJob<T>(wide ? Shape{20, 700, 14} : Shape{9, 45, 8}, k % 2, k / 2);
      });
    for (int32_t k = 0; k < 4; ++k)
      add("mesma", std::string(k % 2 ? "sum" : "shade") + (k / 2 ? "_normalized" : ""), [=](bool wide) {
        return new MesmaJob<T>(wide ? Shape{20, 1500, 14} : Shape{9, 45, 8}, k % 2, k / 2);
      });
    static const char *const rules[] = {"default", "hysime", "hfc", "nwhfc"};
    for (int32_t m = 0; m <= ORTHANT_DIMENSION_NWHFC; ++m)
      add("dimension", rules[m], [=](bool wide) { return new DimensionJob<T>(wide ? 70 : 13, wide ? 300 : 29, m); });
    for (int k = 1; k <= 3; ++k)
      add("scores", std::string(k & 1 ? "spectra" : "") + (k == 3 ? "_" : "") + (k & 2 ? "abundances" : ""),
          [=](bool) { return new ScoresJob<T>({19, 33, 6}, k & 1, k & 2); });
  }
  void add_relu() {
    static const char *const methods[] = {"default", "qn", "tm", "3b", "anmd", "naive", "anaive", "em", "aem"};
    static const char *const starts[] = {"default", "tsvd", "nuclear", "random", "given"};
    for (int32_t m = 0; m <= ORTHANT_RELU_NMD_AEM; ++m)
      for (int32_t s = 0; s <= ORTHANT_RELU_START_GIVEN; ++s)
        if (m == 0 || m == ORTHANT_RELU_NMD_ANMD || s == ORTHANT_RELU_START_GIVEN)
          add("relu_nmd", std::string(methods[m]) + "_" + starts[s],
              [=](bool wide) { return new ReluNmdJob<T>(wide ? Shape{301, 220, 6} : Shape{37, 53, 5}, m, s); });
    for (int32_t z = ORTHANT_RELU_Z_DATA; z <= ORTHANT_RELU_Z_FEASIBLE + 1; ++z)  // the last: misprinted
      add("relu_nmd", "z_" + std::to_string(z), [=](bool wide) {
        return new ReluNmdJob<T>(wide ? Shape{3100, 170, 3} : Shape{300, 9, 3}, ORTHANT_RELU_NMD_TM,
                                 ORTHANT_RELU_START_TSVD, z);
      });
    for (const int32_t m : {ORTHANT_RELU_NMD_QN, ORTHANT_RELU_NMD_3B, ORTHANT_RELU_NMD_NAIVE})
      add("relu_nmd", std::string("rank_above_both_") + methods[m], [=](bool wide) {
        return new ReluNmdJob<T>(wide ? Shape{7, 400, 12} : Shape{6, 5, 9}, m, ORTHANT_RELU_START_TSVD);
      });
    for (int32_t warm = 0; warm <= 1; ++warm)
      add("tsvd", warm ? "warm" : "cold",
          [=](bool wide) { return new TsvdJob<T>(wide ? Shape{400, 300, 7} : Shape{31, 23, 4}, warm); });
  }
  void add_symmetric() {
    static const char *const graphs[] = {"default", "gaussian", "cosine", "binary"};
    for (int32_t k = 0; k <= ORTHANT_GRAPH_BINARY; ++k)
      add("graph", graphs[k], [=](bool wide) { return new GraphJob<T>(wide ? Shape{9, 400, 5} : Shape{5, 40, 6}, k); });
    static const char *const methods[] = {"default",     "anls", "hals",   "alternate",
                                          "fixed_point", "admm", "newton", "pgd"};
    for (int32_t m = 0; m <= ORTHANT_SYMNMF_PGD; ++m)
      add("symnmf", methods[m], [=](bool wide) {
        const int32_t many = m == ORTHANT_SYMNMF_NEWTON ? 300 : 1100;
        return new SymnmfJob<T>(wide ? many : 33, 4, m);
      });
    const auto nodes = [](bool wide) { return wide ? 400 : 20; };
    add("symnmf", "given", [=](bool wide) {
      return new SymnmfJob<T>(nodes(wide), 3, ORTHANT_SYMNMF_ANLS, ORTHANT_SYMNMF_START_GIVEN);
    });
    add("symnmf", "spectral", [=](bool wide) {
      return new SymnmfJob<T>(nodes(wide), 3, ORTHANT_SYMNMF_ANLS, ORTHANT_SYMNMF_START_SPECTRAL);
    });
    add("symnet", "scaled",
        [=](bool wide) { return new SymnetJob<T>(nodes(wide), 3, 0, ORTHANT_SYMNMF_START_SCALED); });
    static const char *const floors[] = {"default", "sufficient", "prop1", "free"};
    for (int32_t m = 0; m <= ORTHANT_SYMNET_FREE; ++m)
      add("symnet", floors[m], [=](bool wide) { return new SymnetJob<T>(wide ? 500 : 33, 4, m); });
  }
};

template <class T>
void append_entries(std::vector<Entry> *all) {
  List<T> list;
  list.add_everything();
  all->insert(all->end(), list.all.begin(), list.all.end());
}
std::vector<Entry> entries() {
  std::vector<Entry> all;
  append_entries<float>(&all);
#ifdef ORTHANT_F64
  append_entries<double>(&all);
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
  ASSERT_GT(bytes, 0u);
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
  using Workers = std::pair<int32_t, bool>;
  for (const auto &[workers, threads] : {Workers{2, true}, {3, false}, {7, false}, {16, false}, {64, false}}) {
#if defined(__SANITIZE_THREAD__)
    if (!threads) continue;
#endif
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

// Large products go to BLIS where the build has it: what its calls allocate is counted and printed.
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
        for (const int32_t method : half_step_methods())
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

// MU with every loss too; CCD is not promised.
TYPED_TEST(SizeMacros, NmfOfEveryLossIsAnUpperBound) {
  using T = TypeParam;
  for (const int32_t rows : {1, 2, 15, 17, 100, 511, 513, 1000, 3000, 20000})
    for (const int32_t cols : {1, 2, 15, 17, 32, 60, 101, 255, 5000, 100000})
      for (const int32_t rank : {1, 2, 3, 5, 10, 33, 128, 300})
        for (const int32_t loss : {ORTHANT_LOSS_KL, ORTHANT_LOSS_IS, ORTHANT_LOSS_BETA})
          for (const double beta : {-1., 1., 1.5, 2., 3.})
            for (const int32_t start : {0, ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_GIVEN}) {
              if (start == 0 && rows * cols >= 80000) continue;
              orthant_nmf_config c{};
              c.size = sizeof c;
              c.rows = rows, c.cols = cols, c.rank = rank, c.method = ORTHANT_NMF_MU, c.start = start;
              c.loss = loss, c.beta = beta;
              size_t bytes = 0;
              ASSERT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
              const size_t bound = sizeof(T) == 4 ? ORTHANT_NMF_BYTES_F32(rows, cols, rank)
                                                  : ORTHANT_NMF_BYTES_F64(rows, cols, rank);
              ASSERT_GE(bound, bytes) << rows << "x" << cols << " rank " << rank << " loss " << loss << " beta " << beta
                                      << " start " << start;
            }
}

TYPED_TEST(SizeMacros, UnmixIsAnUpperBound) {
  using T = TypeParam;
  for (int32_t rank = 1; rank <= 700; rank += rank < 70 ? 1 : 37)
    for (int32_t method = 0; method <= ORTHANT_UNMIX_CLIP; ++method)
      for (int32_t variant = 0; variant < 4; ++variant) {
        const int32_t sum = variant & 1;
        orthant_unmix_config c{};
        c.size = sizeof c;
        c.bands = 100, c.endmembers = rank, c.method = method, c.sum_to_one = sum;
        c.data = variant & 2 ? ORTHANT_MASKED : ORTHANT_DENSE;
        size_t bytes = 0;
        const orthant_status st = Api<T>::unmix_size(&c, &bytes);
        if (st == ORTHANT_E_UNSUPPORTED) continue;
        ASSERT_EQ(st, ORTHANT_OK);
        const size_t bound = sizeof(T) == 4 ? ORTHANT_UNMIX_BYTES_F32(100, rank) : ORTHANT_UNMIX_BYTES_F64(100, rank);
        ASSERT_GE(bound, bytes) << rank << " method " << method << " sum " << sum;
      }
}

// The words of the library's tables, which the command line takes and prints.
TEST(Queries, NamesOfMethodsStartsAndLosses) {
  const auto expect_names = [](const char *(*name)(int32_t), const std::vector<int32_t> &numbers, size_t least) {
    EXPECT_GE(numbers.size(), least);  // a public number never goes away
    std::set<std::string> seen;
    for (const int32_t number : numbers) {
      const std::string word = name(number);
      EXPECT_FALSE(word.empty());
      for (const char c : word) EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') << word;
      EXPECT_TRUE(seen.insert(word).second) << word;
    }
    for (const int32_t none : {-1, INT32_MIN, numbers.back() + 1, 1000, INT32_MAX}) EXPECT_EQ(name(none), nullptr);
  };
  expect_names(orthant_nmf_method_name, with_default(nmf_methods()), 1 + ORTHANT_NMF_AURNMF);
  expect_names(orthant_nmf_start_name, with_default(nmf_starts()), 1 + ORTHANT_START_ROUGH);
  expect_names(orthant_nmf_loss_name, nmf_losses(), 1 + ORTHANT_LOSS_BETA);
  expect_names(orthant_unmix_method_name, orthant::test::named_numbers(orthant_unmix_method_name, 0),
               1 + ORTHANT_UNMIX_CLIP);
  expect_names(orthant_endmembers_method_name, orthant::test::named_numbers(orthant_endmembers_method_name, 0),
               1 + ORTHANT_ENDMEMBERS_NFINDR);
  EXPECT_STREQ(orthant_unmix_method_name(ORTHANT_UNMIX_ACTIVE_SET), "active_set");
  EXPECT_STREQ(orthant_endmembers_method_name(0), "auto");
  EXPECT_STREQ(orthant_nmf_method_name(0), "auto");
  EXPECT_STREQ(orthant_nmf_start_name(0), "auto");
}

// A number has a name just where a config may hold it.
TEST(Queries, NamedNumbersAreThoseOfConfigs) {
  const auto expect_known = [](int32_t orthant_nmf_config::*field, const char *(*name)(int32_t)) {
    for (int32_t number = -2; number < 100; ++number) {
      orthant_nmf_config c = nmf_config(2, 0, 0, 1);
      c.rows = c.cols = 20;
      c.*field = number;
      size_t bytes = 0;
      const bool known = orthant_nmf_size_f32(&c, &bytes) != ORTHANT_E_ARG;
      EXPECT_EQ(known, name(number) != nullptr) << number;
    }
  };
  expect_known(&orthant_nmf_config::method, orthant_nmf_method_name);
  expect_known(&orthant_nmf_config::start, orthant_nmf_start_name);
  expect_known(&orthant_nmf_config::loss, orthant_nmf_loss_name);
  for (int32_t number = -2; number < 100; ++number) {
    size_t bytes = 0;
    orthant_unmix_config u{};
    u.size = sizeof u, u.bands = 20, u.endmembers = 3, u.method = number;
    EXPECT_EQ(orthant_unmix_size_f32(&u, &bytes) == ORTHANT_OK, orthant_unmix_method_name(number) != nullptr) << number;
    orthant_endmembers_config e{};
    e.size = sizeof e, e.bands = e.pixels = 20, e.endmembers = 3, e.method = number;
    EXPECT_EQ(orthant_endmembers_size_f32(&e, &bytes) == ORTHANT_OK, orthant_endmembers_method_name(number) != nullptr)
        << number;
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
