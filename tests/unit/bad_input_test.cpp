// Input that nobody should give: a named error or a finite, valid result, never a crash; a refusal changes nothing.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <functional>
#include <limits>

#include "nmf_run.hpp"

namespace orthant::test {
namespace {

bool named(orthant_status s) {
  return s == ORTHANT_OK || s == ORTHANT_E_ARG || s == ORTHANT_E_SCRATCH || s == ORTHANT_E_DATA ||
         s == ORTHANT_E_UNSUPPORTED;
}

// The methods whose objective is a sum of squares, which cannot be negative.
const std::vector<int32_t> methods = [] {
  orthant_nmf_config c{};
  c.l1_h = 1;  // MINVOL, whose logarithm may be negative, takes no penalty
  return methods_for(c);
}();
const std::vector<int32_t> starts = nmf_starts();

template <class T>
bool finite_and_nonnegative(const Matrix<T> &A) { return all_finite(A) && nonnegative(A); }

bool good_report(const orthant_report &r) {
  return std::isfinite(r.objective) && r.objective >= 0 && std::isfinite(r.rel_error) && r.rel_error >= 0 &&
         std::isfinite(r.kkt) && r.kkt >= 0 && r.stop >= ORTHANT_STOP_ITERATIONS && r.stop <= ORTHANT_STOP_STEP;
}

template <class T>
class BadInput : public testing::Test {
 protected:
  using Lib = Api<T>;
  static constexpr int32_t m = 12, n = 17, r = 4;

  BadInput() : V_(m, n), W_(m, r), H_(r, n), E_(m, r), Y_(m, n), X_(r, n) {
    nmf_.size = sizeof nmf_;
    nmf_.rows = m, nmf_.cols = n, nmf_.rank = r, nmf_.max_iter = 15;
    unmix_.size = sizeof unmix_;
    unmix_.bands = m, unmix_.endmembers = r;
    extract_.size = sizeof extract_;
    extract_.bands = m, extract_.pixels = n, extract_.endmembers = r;
    for (Matrix<T> *g : {&V_, &W_, &H_, &E_, &Y_, &X_}) g->fill_uniform(random);
  }
  typename Lib::Matrix data(const Matrix<T> &g) { return Lib::dense(g.data(), g.rows(), g.cols(), g.ld()); }

  typename Lib::Nmf *nmf_handle() {
    size_t bytes = 0;
    EXPECT_EQ(Lib::nmf_size(&nmf_, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    typename Lib::Nmf *s = nullptr;
    EXPECT_EQ(Lib::nmf_init(&nmf_, memory.data(), bytes, &s), ORTHANT_OK);
    return s;
  }
  typename Lib::Unmix *unmix_handle(orthant_status expected = ORTHANT_OK) {
    size_t bytes = 0;
    EXPECT_EQ(Lib::unmix_size(&unmix_, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    typename Lib::Unmix *s = nullptr;
    EXPECT_EQ(Lib::unmix_init(&unmix_, E_.data(), E_.ld(), memory.data(), bytes, &s), expected);
    return s;
  }
  typename Lib::Endmembers *extract_handle() {
    size_t bytes = 0;
    EXPECT_EQ(Lib::endmembers_size(&extract_, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    typename Lib::Endmembers *s = nullptr;
    EXPECT_EQ(Lib::endmembers_init(&extract_, memory.data(), bytes, &s), ORTHANT_OK);
    return s;
  }
  // The call is refused as expected, and neither the workspace nor any array has changed.
  void refused(orthant_status expected, const std::function<orthant_status()> &call, const char *what) {
    const std::vector<unsigned char> before = memory;
    std::string arrays;
    for (Matrix<T> *g : {&V_, &W_, &H_, &E_, &Y_, &X_}) arrays += g->bits();
    EXPECT_EQ(call(), expected) << what;
    EXPECT_TRUE(memory == before) << what;
    std::string after;
    for (Matrix<T> *g : {&V_, &W_, &H_, &E_, &Y_, &X_}) {
      after += g->bits();
      EXPECT_TRUE(g->intact()) << what;
    }
    EXPECT_TRUE(arrays == after) << what;
  }
  // A factorization of V_ ends in a named error or in a valid result.
  void survives(const char *what) {
    for (const int32_t method : methods)
      for (const int32_t start : starts) {
        nmf_.method = method, nmf_.start = start;
        if (start >= ORTHANT_START_SUB && !supported(nmf_)) continue;
        auto *s = nmf_handle();
        const auto matrix = view(V_);
        W_.fill_uniform(random);
        H_.fill_uniform(random);
        const std::string where = std::string(what) + ", " + method_name(method) + ", start " + start_name(start);
        orthant_status st = Lib::nmf_start(s, &matrix, W_.data(), W_.ld(), H_.data(), H_.ld());
        EXPECT_TRUE(named(st)) << where << " status " << st;
        if (st != ORTHANT_OK) {
          EXPECT_EQ(st, ORTHANT_E_DATA) << where;
          continue;
        }
        orthant_report report = empty_report();
        st = Lib::nmf_run(s, &matrix, W_.data(), W_.ld(), H_.data(), H_.ld(), &report);
        EXPECT_EQ(st, ORTHANT_OK) << where;
        EXPECT_TRUE(finite_and_nonnegative(W_) && finite_and_nonnegative(H_)) << where;
        EXPECT_TRUE(good_report(report)) << where << " objective " << report.objective << " kkt " << report.kkt;
        EXPECT_TRUE(W_.intact() && H_.intact());
      }
  }
  void unmixes(const char *what) {
    for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_CLIP; ++method)
      for (int32_t sum = 0; sum <= 1; ++sum) {
        unmix_.method = method, unmix_.sum_to_one = sum;
        size_t bytes = 0;
        if (Lib::unmix_size(&unmix_, &bytes) != ORTHANT_OK) continue;
        memory.assign(bytes, 0xFF);
        typename Lib::Unmix *s = nullptr;
        orthant_status st = Lib::unmix_init(&unmix_, E_.data(), E_.ld(), memory.data(), bytes, &s);
        EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA) << what << " method " << method << " status " << st;
        if (st != ORTHANT_OK) continue;
        const auto matrix = view(Y_);
        orthant_report report = empty_report();
        st = Lib::unmix_run(s, &matrix, X_.data(), X_.ld(), &report);
        EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA) << what << " method " << method << " status " << st;
        EXPECT_TRUE(X_.intact());
        for (int32_t j = 0; j < n; ++j) {
          bool bad = false, all_nan = true;
          double total = 0, size = 0;
          for (int32_t k = 0; k < r; ++k) {
            bad = bad || !std::isfinite(X_(k, j)) || (method != ORTHANT_UNMIX_UNCONSTRAINED && X_(k, j) < T(0));
            all_nan = all_nan && std::isnan(X_(k, j));
            total += double(X_(k, j));
            size += fabs(double(X_(k, j)));
          }
          EXPECT_TRUE(!bad || (all_nan && st == ORTHANT_E_DATA)) << what << " method " << method << " sum " << sum
              << " pixel " << j;
          if (sum && !bad) {
            EXPECT_NEAR(total, 1, 16 * double(std::numeric_limits<T>::epsilon()) * size) << what << " method "
                << method << " pixel " << j;
          }
        }
        EXPECT_TRUE(good_report(report)) << what << " method " << method << " sum " << sum;
      }
  }

  Random random{4242};
  orthant_nmf_config nmf_{};
  orthant_unmix_config unmix_{};
  orthant_endmembers_config extract_{};
  Matrix<T> V_, W_, H_, E_, Y_, X_;
  std::vector<unsigned char> memory;
};
TYPED_TEST_SUITE(BadInput, Types, TypeNames);

// ---- Arguments ------------------------------------------------------------------------------------------------------

TYPED_TEST(BadInput, NullPointers) {
  using A = Api<TypeParam>;
  size_t bytes = 0;
  EXPECT_EQ(A::nmf_size(nullptr, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(A::nmf_size(&this->nmf_, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(A::unmix_size(nullptr, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(A::unmix_size(&this->unmix_, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(A::endmembers_size(nullptr, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(A::endmembers_size(&this->extract_, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(A::scores_size(nullptr, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(bytes, 0u);

  auto *s = this->nmf_handle();
  const auto V = view(this->V_);
  auto &W = this->W_, &H = this->H_;
  size_t have = this->memory.size();
  typename A::Nmf *out = nullptr;
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_init(nullptr, this->memory.data(), have, &out); }, "config");
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_init(&this->nmf_, nullptr, have, &out); }, "memory");
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_init(&this->nmf_, this->memory.data(), have, nullptr); }, "out");
  EXPECT_EQ(out, nullptr);
  for (const bool run : {false, true}) {
    const auto call = [&](typename A::Nmf *handle, const typename A::Matrix *v, TypeParam *w, TypeParam *h) {
      return [=, &W, &H] {
        return run ? A::nmf_run(handle, v, w, W.ld(), h, H.ld(), nullptr) : A::nmf_start(handle, v, w, W.ld(), h,
            H.ld());
      };
    };
    auto empty = V;
    empty.values = nullptr;
    this->refused(ORTHANT_E_ARG, call(nullptr, &V, W.data(), H.data()), "handle");
    this->refused(ORTHANT_E_ARG, call(s, nullptr, W.data(), H.data()), "data");
    this->refused(ORTHANT_E_ARG, call(s, &empty, W.data(), H.data()), "values");
    this->refused(ORTHANT_E_ARG, call(s, &V, nullptr, H.data()), "W");
    this->refused(ORTHANT_E_ARG, call(s, &V, W.data(), nullptr), "H");
  }

  auto *u = this->unmix_handle();
  have = this->memory.size();
  typename A::Unmix *uo = nullptr;
  const auto Y = view(this->Y_);
  auto &E = this->E_, &X = this->X_;
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_init(&this->unmix_, nullptr, E.ld(), this->memory.data(), have,
      &uo); }, "E");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_init(&this->unmix_, E.data(), E.ld(), nullptr, have, &uo); },
      "memory");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_init(&this->unmix_, E.data(), E.ld(), this->memory.data(), have,
      nullptr); }, "out");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(nullptr, &Y, X.data(), X.ld(), nullptr); }, "handle");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, nullptr, X.data(), X.ld(), nullptr); }, "Y");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, &Y, nullptr, X.ld(), nullptr); }, "A");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_check(nullptr, &Y, X.data(), X.ld(), nullptr, nullptr,
      nullptr); }, "handle");
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_check(u, &Y, nullptr, X.ld(), nullptr, nullptr, nullptr); }, "A");
  EXPECT_EQ(A::unmix_run(u, &Y, X.data(), X.ld(), nullptr), ORTHANT_OK);  // no report is allowed

  auto *e = this->extract_handle();
  std::vector<int32_t> pixel(4);
  this->refused(ORTHANT_E_ARG, [&] { return A::endmembers_run(nullptr, &Y, nullptr, 0, E.data(), E.ld(),
      pixel.data()); }, "handle");
  this->refused(ORTHANT_E_ARG, [&] { return A::endmembers_run(e, nullptr, nullptr, 0, E.data(), E.ld(),
      pixel.data()); }, "Y");
  this->refused(ORTHANT_E_ARG, [&] { return A::endmembers_run(e, &Y, nullptr, 0, nullptr, E.ld(), pixel.data()); },
      "E");
  this->refused(ORTHANT_E_ARG, [&] { return A::endmembers_run(e, &Y, nullptr, 0, E.data(), E.ld(), nullptr); },
      "pixel");
}

TYPED_TEST(BadInput, DimensionsAndOptionsOutOfRange) {
  using A = Api<TypeParam>;
  const auto nmf = [&](const std::function<void(orthant_nmf_config &)> &spoil) {
    orthant_nmf_config c = this->nmf_;
    spoil(c);
    size_t bytes = 77;
    const orthant_status st = A::nmf_size(&c, &bytes);
    if (st != ORTHANT_OK) EXPECT_EQ(bytes, 77u);
    return st;
  };
  for (const int32_t bad : {0, -1, INT32_MIN}) {
    EXPECT_EQ(nmf([&](auto &c) { c.rows = bad; }), ORTHANT_E_ARG);
    EXPECT_EQ(nmf([&](auto &c) { c.cols = bad; }), ORTHANT_E_ARG);
    EXPECT_EQ(nmf([&](auto &c) { c.rank = bad; }), ORTHANT_E_ARG);
  }
  EXPECT_EQ(nmf([](auto &c) { c.method = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.method = nmf_methods().back() + 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.start = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.start = nmf_starts().back() + 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.tol = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.tol_obj = INFINITY; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.rho = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.rho = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.sweeps = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.rank = INT32_MAX; }), ORTHANT_E_ARG);
  EXPECT_EQ(nmf([](auto &c) { c.max_iter = -5, c.tol = -1, c.tol_obj = -1; }), ORTHANT_OK);  // off

  orthant_parallel p{sizeof p, 1, nullptr, nullptr};
  const auto with = [&](auto &c) { c.parallel = &p; };
  EXPECT_EQ(nmf(with), ORTHANT_OK);
  for (const int32_t workers : {0, -3, INT32_MIN, INT32_MAX, 2}) {  // 2: without a function
    p.workers = workers;
    EXPECT_EQ(nmf(with), ORTHANT_E_ARG) << workers;
  }
  p = {sizeof p - 1, 1, nullptr, nullptr};
  EXPECT_EQ(nmf(with), ORTHANT_E_ARG);

  const auto unmix = [&](const std::function<void(orthant_unmix_config &)> &spoil) {
    orthant_unmix_config c = this->unmix_;
    spoil(c);
    size_t bytes = 0;
    return A::unmix_size(&c, &bytes);
  };
  EXPECT_EQ(unmix([](auto &c) { c.bands = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.endmembers = -2; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.endmembers = INT32_MAX; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.method = 9; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.sum_to_one = 2; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.data = ORTHANT_CSC; }), ORTHANT_E_ARG);
  EXPECT_EQ(unmix([](auto &c) { c.tol = NAN; }), ORTHANT_E_ARG);
  for (const int32_t method : {1, 3, 4, 5, 6})
    EXPECT_EQ(unmix([&](auto &c) { c.method = method, c.sum_to_one = 1; }), ORTHANT_E_UNSUPPORTED) << method;

  const auto extract = [&](const std::function<void(orthant_endmembers_config &)> &spoil) {
    orthant_endmembers_config c = this->extract_;
    spoil(c);
    size_t bytes = 0;
    return A::endmembers_size(&c, &bytes);
  };
  EXPECT_EQ(extract([](auto &c) { c.bands = 0; }), ORTHANT_E_ARG);
  EXPECT_EQ(extract([](auto &c) { c.pixels = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(extract([](auto &c) { c.endmembers = 13; }), ORTHANT_E_ARG);  // more than bands
  EXPECT_EQ(extract([](auto &c) { c.pixels = 3; }), ORTHANT_E_ARG);       // fewer than endmembers
  EXPECT_EQ(extract([](auto &c) { c.method = 4; }), ORTHANT_E_ARG);
  EXPECT_EQ(extract([](auto &c) { c.max_iter = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(extract([](auto &c) { c.method = ORTHANT_ENDMEMBERS_NFINDR, c.endmembers = 1; }), ORTHANT_E_ARG);
}

TYPED_TEST(BadInput, MatricesThatDoNotFit) {
  using A = Api<TypeParam>;
  auto *s = this->nmf_handle();
  auto &W = this->W_, &H = this->H_, &X = this->X_;
  const auto good = view(this->V_);
  const auto spoiled = [&](const std::function<void(typename A::Matrix &)> &spoil) {
    auto V = good;
    spoil(V);
    this->refused(ORTHANT_E_ARG, [&] { return A::nmf_start(s, &V, W.data(), W.ld(), H.data(), H.ld()); }, "matrix");
    this->refused(ORTHANT_E_ARG, [&] { return A::nmf_run(s, &V, W.data(), W.ld(), H.data(), H.ld(), nullptr); },
        "matrix");
  };
  spoiled([](auto &V) { V.rows -= 1; });
  spoiled([](auto &V) { V.cols += 1; });
  spoiled([](auto &V) { V.rows = 0; });
  spoiled([](auto &V) { V.cols = -1; });
  spoiled([](auto &V) { V.ld = V.rows - 1; });
  spoiled([](auto &V) { V.ld = -V.ld; });
  for (const int32_t kind : {-1, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED, 4}) spoiled([=](auto &V) { V.kind = kind; });
  spoiled([](auto &V) { V.size = offsetof(std::decay_t<decltype(V)>, values); });
  spoiled([](auto &V) { V.size = 0; });
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_start(s, &good, W.data(), W.rows() - 1, H.data(), H.ld()); }, "ldw");
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_start(s, &good, W.data(), W.ld(), H.data(), H.rows() - 1); }, "ldh");
  orthant_report none{};  // size not set
  this->refused(ORTHANT_E_ARG, [&] { return A::nmf_run(s, &good, W.data(), W.ld(), H.data(), H.ld(), &none); },
      "report");

  auto *u = this->unmix_handle();
  auto Y = view(this->Y_);
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, &Y, X.data(), X.rows() - 1, nullptr); }, "lda");
  Y.cols = 0;
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, &Y, X.data(), X.ld(), nullptr); }, "no pixels");
  Y = view(this->Y_);
  Y.rows = 11;
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, &Y, X.data(), X.ld(), nullptr); }, "bands");
}

// Sizes near the limits of the types: an honest number or E_ARG, never a wrapped one.
TYPED_TEST(BadInput, EnormousShapes) {
  using A = Api<TypeParam>;
  const int32_t big[] = {1, 2, 1000, 1 << 15, (1 << 15) + 1, 1 << 30, INT32_MAX - 7, INT32_MAX};
  const auto check = [](orthant_status st, const size_t &bytes, double least, const char *what) {
    EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_ARG) << what;
    if (st == ORTHANT_OK) {
      EXPECT_GE(double(bytes) * (1 + 1e-12), least) << what;
    }
  };
  for (const int32_t a : big)
    for (const int32_t b : big)
      for (const int32_t c : big) {
        for (const int32_t method : methods)
          for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_NNDSVD}) {
            orthant_nmf_config k = this->nmf_;
            k.rows = a, k.cols = b, k.rank = c, k.method = method, k.start = start;
            size_t bytes = 0;
            // V H' alone takes rows x rank elements.
            check(A::nmf_size(&k, &bytes), bytes, double(a) * c * sizeof(TypeParam), "nmf");
            unsigned char small[64];
            typename A::Nmf *s = nullptr;
            const orthant_status st = A::nmf_init(&k, small, sizeof small, &s);
            EXPECT_TRUE(st == ORTHANT_E_ARG || st == ORTHANT_E_SCRATCH);
          }
        size_t bytes = 0;
        orthant_endmembers_config e = this->extract_;
        e.bands = a, e.pixels = b, e.endmembers = c;
        for (int32_t method = 1; method <= 3; ++method) {
          e.method = method;
          check(A::endmembers_size(&e, &bytes), bytes, double(b) * sizeof(TypeParam), "endmembers");
        }
        orthant_unmix_config u = this->unmix_;
        u.bands = a, u.endmembers = b;
        bytes = 0;
        check(A::unmix_size(&u, &bytes), bytes, double(b) * b * sizeof(TypeParam), "unmix");
        const orthant_scores_config q{sizeof q, a, b, c};
        check(A::scores_size(&q, &bytes), bytes, double(b) * b * 8, "scores");
      }
  // An array that cannot be in memory is refused before it is touched.
  auto *u = this->unmix_handle();
  auto Y = view(this->Y_);
  Y.cols = INT32_MAX, Y.ld = INT32_MAX;
  this->refused(ORTHANT_E_ARG, [&] { return A::unmix_run(u, &Y, this->X_.data(), INT32_MAX, nullptr); }, "4 EiB");
  orthant_scene_config scene{};
  scene.size = sizeof scene;
  scene.bands = 3, scene.lines = INT32_MAX, scene.samples = 2, scene.endmembers = 2;
  TypeParam one[64];
  EXPECT_EQ(A::scene_run(&scene, one, one, 3, one, 2, one, 3), ORTHANT_E_ARG);
}

// ---- Configs of any size and content --------------------------------------------------------------------------------

// A config given at the very end of readable memory: nothing behind its stated size is read.
class EdgeConfig {
 public:
  EdgeConfig() {
    page_ = size_t(sysconf(_SC_PAGESIZE));
    base_ = static_cast<unsigned char *>(mmap(nullptr, 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED || mprotect(base_, page_, PROT_READ | PROT_WRITE) != 0) abort();
  }
  ~EdgeConfig() { munmap(base_, 2 * page_); }
  EdgeConfig(const EdgeConfig &) = delete;
  EdgeConfig &operator=(const EdgeConfig &) = delete;
  unsigned char *ending(size_t bytes) { return base_ + page_ - (bytes + 7) / 8 * 8; }

 private:
  unsigned char *base_;
  size_t page_;
};

// Whether a config holds a pointer that would be followed, whole or in part.
bool points(const orthant_nmf_config &c, int) { return c.parallel || c.model || c.schedule || c.reduce; }
template <class Config>
auto points(const Config &c, int) -> decltype(c.model != nullptr) { return c.parallel || c.model; }
template <class Config>
bool points(const Config &c, long) { return c.parallel; }

template <class Config, class Size, class Init>
void fuzz_config(const Config &good, Size size, Init init, unsigned seed) {
  EdgeConfig edge;
  Random random(seed);
  for (size_t bytes = 0; bytes <= sizeof(Config) + 16; ++bytes)
    for (int trial = 0; trial < 400; ++trial) {
      unsigned char *at = edge.ending(std::max<size_t>(bytes, 4));
      const size_t room = (std::max<size_t>(bytes, 4) + 7) / 8 * 8;
      memset(at, 0, room);
      memcpy(at, &good, std::min(bytes, sizeof good));
      for (int k = uniform_int(random, 0, 6); k > 0 && bytes > 4; --k)  // spoil a few bytes, or few bits
        at[4 + random() % (bytes - 4)] = static_cast<unsigned char>(trial % 2 ? random() : 1u << (random() % 8));
      const uint32_t stated = uint32_t(bytes);
      memcpy(at, &stated, sizeof stated);
      Config copy{};  // pointers in it must not be followed: only null ones are plausible
      memcpy(static_cast<void *>(&copy), at, std::min(bytes, sizeof copy));
      if (points(copy, 0)) continue;
      const Config *given = reinterpret_cast<const Config *>(at);
      size_t need = 0;
      const orthant_status st = size(given, &need);
      ASSERT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_ARG || st == ORTHANT_E_UNSUPPORTED) << "size " << bytes;
      bool tail = false;
      for (size_t k = sizeof(Config); k < bytes; ++k) tail = tail || at[k] != 0;
      if (tail) {
        ASSERT_EQ(st, ORTHANT_E_ARG) << "an unknown field was set";
      }
      if (st == ORTHANT_OK && need < (size_t(1) << 20)) init(given, need);
    }
}

TYPED_TEST(BadInput, ConfigsOfAnySizeAndContent) {
  using A = Api<TypeParam>;
  fuzz_config(this->nmf_, A::nmf_size, [&](const orthant_nmf_config *c, size_t need) {
    Arena arena(need, 5);
    typename A::Nmf *s = nullptr;
    ASSERT_EQ(A::nmf_init(c, arena.data(), need, &s), ORTHANT_OK);
    ASSERT_TRUE(arena.intact());
  }, 1);
  fuzz_config(this->unmix_, A::unmix_size, [&](const orthant_unmix_config *c, size_t need) {
    Arena arena(need, 5);
    typename A::Unmix *s = nullptr;
    if (c->bands != this->m || c->endmembers > this->r) return;
    ASSERT_EQ(A::unmix_init(c, this->E_.data(), this->E_.ld(), arena.data(), need, &s), ORTHANT_OK);
    ASSERT_TRUE(arena.intact());
  }, 2);
  fuzz_config(this->extract_, A::endmembers_size, [&](const orthant_endmembers_config *c, size_t need) {
    Arena arena(need, 5);
    typename A::Endmembers *s = nullptr;
    ASSERT_EQ(A::endmembers_init(c, arena.data(), need, &s), ORTHANT_OK);
    ASSERT_TRUE(arena.intact());
  }, 3);
}

// Zero means default, so an older and shorter config means what it meant.
TYPED_TEST(BadInput, OldAndNewConfigSizes) {
  using A = Api<TypeParam>;
  size_t full = 0, old = 0;
  ASSERT_EQ(A::nmf_size(&this->nmf_, &full), ORTHANT_OK);
  orthant_nmf_config c = this->nmf_;
  for (uint32_t size = 0; size <= sizeof c; ++size) {
    c.size = size;
    const orthant_status st = A::nmf_size(&c, &old);
    ASSERT_EQ(st, size >= offsetof(orthant_nmf_config, rank) + 4 ? ORTHANT_OK : ORTHANT_E_ARG) << size;
    if (st == ORTHANT_OK) {
      ASSERT_EQ(old, full);
    }
  }
  struct Newer {
    orthant_nmf_config known;
    int32_t more[4];
  } newer{};
  newer.known = this->nmf_;
  newer.known.size = sizeof newer;
  EXPECT_EQ(A::nmf_size(&newer.known, &old), ORTHANT_OK);
  newer.more[3] = 1;
  EXPECT_EQ(A::nmf_size(&newer.known, &old), ORTHANT_E_ARG);

  // A report of any size: only so many bytes are written.
  auto *s = this->nmf_handle();
  const auto V = view(this->V_);
  auto &W = this->W_, &H = this->H_;
  ASSERT_EQ(A::nmf_start(s, &V, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_OK);
  for (uint32_t size = 4; size <= sizeof(orthant_report) + 8; ++size) {
    alignas(8) unsigned char raw[sizeof(orthant_report) + 16];
    memset(raw, 0x5A, sizeof raw);
    memcpy(raw, &size, sizeof size);
    ASSERT_EQ(A::nmf_run(s, &V, W.data(), W.ld(), H.data(), H.ld(), reinterpret_cast<orthant_report *>(raw)),
        ORTHANT_OK);
    uint32_t kept = 0;
    memcpy(&kept, raw, sizeof kept);
    ASSERT_EQ(kept, size);
    for (size_t k = std::min<size_t>(size, sizeof(orthant_report)); k < sizeof raw; ++k) ASSERT_EQ(raw[k], 0x5A)
        << size;
  }
}

// ---- Data -----------------------------------------------------------------------------------------------------------

TYPED_TEST(BadInput, DataThatIsNotFiniteOrNegative) {
  using T = TypeParam;
  using A = Api<T>;
  auto &V = this->V_, &W = this->W_, &H = this->H_;
  for (const T bad : {T(NAN), T(INFINITY), T(-INFINITY), T(-1e-3)})
    for (const int32_t i : {0, 5, this->m - 1})
      for (const int32_t j : {0, 8, this->n - 1}) {
        const T kept = V(i, j);
        V(i, j) = bad;
        for (const int32_t start : starts) {
          this->nmf_.start = start;
          auto *s = this->nmf_handle();
          auto matrix = view(V);
          const std::string before = W.bits() + H.bits();
          ASSERT_EQ(A::nmf_start(s, &matrix, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_E_DATA) << double(bad)
              << " start " << start;
          ASSERT_TRUE(V.intact() && W.intact() && H.intact());
          if (start == ORTHANT_START_GIVEN) {
            ASSERT_TRUE(W.bits() + H.bits() == before);
          }
          // The handle is as good as new.
          V(i, j) = kept;
          W.fill(1);
          H.fill(1);
          ASSERT_EQ(A::nmf_start(s, &matrix, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_OK);
          const std::string second = W.bits() + H.bits();
          s = this->nmf_handle();
          W.fill(1);
          H.fill(1);
          ASSERT_EQ(A::nmf_start(s, &matrix, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_OK);
          ASSERT_TRUE(W.bits() + H.bits() == second) << "start " << start;
          W.fill(1);
          H.fill(1);
          V(i, j) = bad;
        }
        V(i, j) = kept;
      }
  // Factors that are given.
  this->nmf_.start = ORTHANT_START_GIVEN;
  for (const T bad : {T(NAN), T(INFINITY), T(-1)})
    for (Matrix<T> *factor : {&W, &H}) {
      auto *s = this->nmf_handle();
      const auto matrix = view(V);
      const T kept = (*factor)(3, 3);
      (*factor)(3, 3) = bad;
      const std::string before = W.bits() + H.bits();
      EXPECT_EQ(A::nmf_start(s, &matrix, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_E_DATA);
      EXPECT_EQ(A::nmf_run(s, &matrix, W.data(), W.ld(), H.data(), H.ld(), nullptr),
          ORTHANT_E_DATA);  // without a start
      EXPECT_TRUE(W.bits() + H.bits() == before);
      (*factor)(3, 3) = kept;
    }
}

TYPED_TEST(BadInput, OneBadPixelDoesNotHarmTheOthers) {
  using T = TypeParam;
  using A = Api<T>;
  auto &Y = this->Y_, &X = this->X_;
  for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_CLIP; ++method)
    for (const T bad : {T(NAN), T(INFINITY), std::numeric_limits<T>::max()}) {
      this->unmix_.method = method;
      const T kept = Y(3, 6);
      auto *s = this->unmix_handle();
      const auto matrix = view(Y);
      ASSERT_EQ(A::unmix_run(s, &matrix, X.data(), X.ld(), nullptr), ORTHANT_OK);
      Matrix<T> clean(this->r, this->n);
      clean.each([&](int32_t i, int32_t j) { return X(i, j); });
      Y(3, 6) = bad;
      orthant_report report = empty_report();
      EXPECT_EQ(A::unmix_run(s, &matrix, X.data(), X.ld(), &report), ORTHANT_E_DATA) << method;
      EXPECT_TRUE(good_report(report)) << method;
      Y(3, 6) = kept;
      for (int32_t j = 0; j < this->n; ++j)
        for (int32_t k = 0; k < this->r; ++k) {
          if (j == 6) {
            EXPECT_TRUE(std::isnan(X(k, j))) << method;
          } else {
            // An iterative method stops with its block, so its other pixels may be a step away.
            EXPECT_NEAR(double(X(k, j)), double(clean(k, j)), 1e-2) << method << " pixel " << j;
          }
        }
    }
}

TYPED_TEST(BadInput, EndmembersThatAreNotFinite) {
  using T = TypeParam;
  using A = Api<T>;
  this->unmix_handle();
  for (const T bad : {T(NAN), T(INFINITY), T(-INFINITY)}) {
    const T kept = this->E_(2, 1);
    this->E_(2, 1) = bad;
    typename A::Unmix *s = nullptr;
    this->refused(ORTHANT_E_DATA, [&] {
      return A::unmix_init(&this->unmix_, this->E_.data(), this->E_.ld(), this->memory.data(), this->memory.size(), &s);
    }, "E");
    EXPECT_EQ(s, nullptr);
    this->E_(2, 1) = kept;
  }
  for (int32_t method = 1; method <= 3; ++method)
    for (const T bad : {T(NAN), T(INFINITY)}) {
      this->extract_.method = method;
      auto *s = this->extract_handle();
      const auto matrix = view(this->Y_);
      const T kept = this->Y_(2, 1);
      std::vector<int32_t> pixel(size_t(this->r), -5);
      this->Y_(2, 1) = bad;
      const std::string before = this->E_.bits();
      EXPECT_EQ(A::endmembers_run(s, &matrix, nullptr, 0, this->E_.data(), this->E_.ld(), pixel.data()),
          ORTHANT_E_DATA);
      EXPECT_TRUE(this->E_.bits() == before && pixel == std::vector<int32_t>(size_t(this->r), -5)) << method;
      this->Y_(2, 1) = kept;
    }
}

TYPED_TEST(BadInput, ZerosAndScales) {
  using T = TypeParam;
  auto &V = this->V_, &Y = this->Y_, &E = this->E_;
  const auto fresh = [&] {
    V.fill_uniform(this->random);
    Y.fill_uniform(this->random);
    E.fill_uniform(this->random);
  };
  const auto both = [&](const char *what) {
    this->survives(what);
    this->unmixes(what);
  };
  for (int32_t j = 0; j < this->n; ++j) V(4, j) = Y(4, j) = T(0);
  both("a zero row");
  fresh();
  for (int32_t i = 0; i < this->m; ++i) V(i, 4) = Y(i, 4) = T(0);
  both("a zero column");
  for (int32_t j = 1; j < this->n; ++j)
    for (int32_t i = 0; i < this->m; ++i) V(i, j) = Y(i, j) = T(0);
  both("all columns but one zero");
  V.fill(0);
  Y.fill(0);
  both("all zero");
  V.fill(1);
  Y.fill(1);
  both("all one");
  const auto at_scale = [&](double scale) {
    fresh();
    V.set(scale * V);
    Y.set(scale * Y);
    both(("scale " + std::to_string(log10(scale))).c_str());
    Y.each([&](int32_t i, int32_t j) { return double(Y(i, j)) / scale; });
    E.set(scale * E);
    this->unmixes(("endmembers at scale 1e" + std::to_string(log10(scale))).c_str());
  };
  for (const double scale : {1e-30, 1e-20, 1e-12, 1e-6, 1e6, 1e12, 1e16, 1e18, 3e18, 1e19, 1e20, 1e30}) at_scale(scale);
  if (sizeof(T) == 8)
    for (const double scale : {1e-300, 1e-160, 1e150, 1e153, 1e154, 1e200, 1e300}) at_scale(scale);
}

TYPED_TEST(BadInput, DuplicatedAndDependentEndmembers) {
  using T = TypeParam;
  auto &E = this->E_;
  for (int32_t i = 0; i < this->m; ++i) E(i, 2) = E(i, 0);
  this->unmixes("two equal endmembers");
  for (int32_t k = 1; k < this->r; ++k)
    for (int32_t i = 0; i < this->m; ++i) E(i, k) = E(i, 0);
  this->unmixes("all endmembers equal");
  E.fill_uniform(this->random);
  for (int32_t i = 0; i < this->m; ++i) E(i, 3) = (E(i, 0) + E(i, 1)) / T(2);
  this->unmixes("one the mean of two others");
  for (int32_t i = 0; i < this->m; ++i) E(i, 1) = T(0);
  this->unmixes("one zero");
  E.fill(0);
  this->unmixes("all zero");
  E.fill_normal(this->random);
  this->Y_.fill_normal(this->random);
  this->unmixes("both signs");
}

TYPED_TEST(BadInput, FewerIndependentPixelsThanEndmembers) {
  using T = TypeParam;
  using A = Api<T>;
  auto &Y = this->Y_;
  for (int rank = 0; rank <= 3; ++rank)
    for (int32_t method = 1; method <= 3; ++method) {
      Matrix<T> P(this->m, rank), Q(rank, this->n);
      P.fill_uniform(this->random);
      Q.fill_uniform(this->random);
      Y.set(P * Q);
      this->extract_.method = method;
      auto *s = this->extract_handle();
      const auto matrix = view(Y);
      std::vector<int32_t> pixel(size_t(this->r), -5);
      const std::string before = this->E_.bits();
      const orthant_status st = A::endmembers_run(s, &matrix, nullptr, 0, this->E_.data(), this->E_.ld(), pixel.data());
      EXPECT_EQ(st, ORTHANT_E_DATA) << "rank " << rank << " method " << method;
      EXPECT_TRUE(this->E_.bits() == before) << "rank " << rank << " method " << method;
      EXPECT_TRUE(pixel == std::vector<int32_t>(size_t(this->r), -5)) << "rank " << rank << " method " << method;
    }
}

// Rank above both dimensions, one row, one column, one entry: all methods and starts.
TYPED_TEST(BadInput, OddShapes) {
  using T = TypeParam;
  struct Shape {
    int32_t rows, cols, rank;
  };
  for (const Shape &s : {Shape{5, 4, 9}, {1, 6, 3}, {6, 1, 3}, {1, 1, 1}, {1, 1, 5}, {3, 200, 40}, {2, 2, 2}})
    for (const int32_t method : methods)
      for (const int32_t start : starts) {
        const orthant_nmf_config c = [&] {
          orthant_nmf_config with = nmf_config(s.rank, method, start, 60, 0);
          with.tol = 0;
          return with;
        }();
        if (start >= ORTHANT_START_SUB && !supported(c)) continue;
        Matrix<T> V(s.rows, s.cols);
        V.fill_uniform(this->random);
        NmfRun<T> f(V, c);
        f.W.fill_uniform(this->random);
        f.H.fill_uniform(this->random);
        ASSERT_EQ(f.start(), ORTHANT_OK);
        const orthant_report report = f.run();
        const std::string where = std::to_string(s.rows) + "x" + std::to_string(s.cols) + " rank " +
                                  std::to_string(s.rank) + ", " + method_name(method) + ", start " + start_name(start);
        EXPECT_TRUE(f.valid()) << where;
        EXPECT_TRUE(good_report(report)) << where << " objective " << report.objective << " kkt " << report.kkt;
        EXPECT_LE(report.rel_error, 1.0 + 1e-5) << where;
        EXPECT_TRUE(V.intact()) << where;
      }
}

// ---- Scores and scenes ----------------------------------------------------------------------------------------------

TYPED_TEST(BadInput, Scores) {
  using T = TypeParam;
  using A = Api<T>;
  Matrix<T> E(6, 3), F(6, 3), P(3, 5), Q(3, 5);
  for (Matrix<T> *g : {&E, &F, &P, &Q}) g->fill_uniform(this->random);
  orthant_scores_config c{sizeof c, 6, 3, 5};
  size_t bytes = 0;
  ASSERT_EQ(A::scores_size(&c, &bytes), ORTHANT_OK);
  Arena arena(bytes, 0, 0x3C);
  orthant_scores out{};
  out.size = sizeof out;
  int32_t match[3] = {-9, -9, -9};
  double angle[3] = {-9, -9, -9};
  const auto run = [&](const T *e, const T *f, const T *p, const T *q, int32_t lde = 9, int32_t ldp = 6) {
    return A::scores_run(&c, arena.data(), bytes, e, lde, f, F.ld(), p, ldp, q, Q.ld(), match, angle, &out);
  };
  EXPECT_EQ(run(nullptr, nullptr, nullptr, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(run(E.data(), nullptr, P.data(), Q.data()), ORTHANT_E_ARG);
  EXPECT_EQ(run(E.data(), F.data(), P.data(), nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(run(E.data(), F.data(), P.data(), Q.data(), 5), ORTHANT_E_ARG);
  EXPECT_EQ(run(E.data(), F.data(), P.data(), Q.data(), 9, 2), ORTHANT_E_ARG);
  for (const T bad : {T(NAN), T(INFINITY)})
    for (Matrix<T> *g : {&E, &F, &P, &Q}) {
      const T kept = (*g)(1, 1);
      (*g)(1, 1) = bad;
      EXPECT_EQ(run(E.data(), F.data(), P.data(), Q.data()), ORTHANT_E_DATA);
      (*g)(1, 1) = kept;
    }
  EXPECT_EQ(match[0], -9);
  EXPECT_EQ(angle[2], -9);
  EXPECT_EQ(out.rmse, 0);
  E.fill(0);  // no direction: right angles, not NaN
  EXPECT_EQ(run(E.data(), F.data(), P.data(), Q.data()), ORTHANT_OK);
  EXPECT_NEAR(out.mean_angle, M_PI / 2, 1e-12);
  c.endmembers = 0;
  EXPECT_EQ(run(E.data(), F.data(), P.data(), Q.data()), ORTHANT_E_ARG);
  c.endmembers = 3;
  for (int32_t i = 0; i < 6; ++i)
    for (int32_t k = 0; k < 3; ++k) E(i, k) = F(i, k) = T(sizeof(T) == 4 ? 3e38 : 1e308);  // squares overflow
  EXPECT_TRUE(named(run(E.data(), F.data(), P.data(), Q.data())));
  EXPECT_TRUE(std::isfinite(out.mean_angle) && std::isfinite(out.rmse));
}

TYPED_TEST(BadInput, Scene) {
  using T = TypeParam;
  using A = Api<T>;
  std::vector<T> w(5), E(15), P(3 * 4), Y(5 * 4);
  orthant_scene_config c{};
  c.size = sizeof c;
  c.bands = 5, c.lines = 2, c.samples = 2, c.endmembers = 3;
  const auto run = [&](const orthant_scene_config &k) {
    return A::scene_run(&k, w.data(), E.data(), 5, P.data(), 3, Y.data(), 5);
  };
  EXPECT_EQ(run(c), ORTHANT_OK);
  const auto spoiled = [&](const std::function<void(orthant_scene_config &)> &spoil) {
    orthant_scene_config k = c;
    spoil(k);
    EXPECT_EQ(run(k), ORTHANT_E_ARG);
  };
  spoiled([](auto &k) { k.bands = 0; });
  spoiled([](auto &k) { k.lines = -1; });
  spoiled([](auto &k) { k.samples = 0; });
  spoiled([](auto &k) { k.endmembers = 1; });
  spoiled([](auto &k) { k.endmembers = 9; });
  spoiled([](auto &k) { k.reserved = 1; });
  spoiled([](auto &k) { k.snr_db = NAN; });
  spoiled([](auto &k) { k.size = 8; });
  EXPECT_EQ(A::scene_run(nullptr, w.data(), E.data(), 5, P.data(), 3, Y.data(), 5), ORTHANT_E_ARG);
  EXPECT_EQ(A::scene_run(&c, nullptr, E.data(), 5, P.data(), 3, Y.data(), 5), ORTHANT_E_ARG);
  EXPECT_EQ(A::scene_run(&c, w.data(), E.data(), 4, P.data(), 3, Y.data(), 5), ORTHANT_E_ARG);
  EXPECT_EQ(A::scene_run(&c, w.data(), E.data(), 5, P.data(), 2, Y.data(), 5), ORTHANT_E_ARG);
  EXPECT_EQ(A::scene_run(&c, w.data(), E.data(), 5, P.data(), 3, nullptr, 5), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_scene_name(-1), nullptr);
  EXPECT_EQ(orthant_scene_name(8), nullptr);
  for (int32_t k = 0; k < 8; ++k) EXPECT_NE(orthant_scene_name(k), nullptr);
}

}  // namespace
}  // namespace orthant::test
