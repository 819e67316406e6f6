// Terms, options of the whole-factor methods, and quadratic programs that nobody should give: refused by name, with
// nothing changed.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class BadTerms : public testing::Test {
 protected:
  using Lib = Api<T>;
  static constexpr int32_t m = 8, n = 9, r = 3;

  BadTerms() : V_(m, n), W_(m, r), H_(r, n), P_(m, m, 2), Q_(n, n, 1), B_(r, r, 4), D_(n, 1) {
    config_.size = sizeof config_;
    config_.rows = m, config_.cols = n, config_.rank = r, config_.method = ORTHANT_NMF_AURNMF, config_.max_iter = 5;
    for (Matrix<T> *g : {&V_, &W_, &H_, &P_, &Q_, &B_, &D_}) g->fill_uniform(random);
    for (Matrix<T> *g : {&P_, &Q_, &B_})
      g->each([&](int32_t i, int32_t j) { return i < j ? double((*g)(i, j)) : double((*g)(j, i)); });
    terms_.size = sizeof terms_;
    terms_.weight_rows = {ORTHANT_SYMMETRIC, P_.ld(), 0, P_.data()};
    terms_.weight_cols = {ORTHANT_DIAGONAL, 0, 0, D_.data()};
    w_ = {{ORTHANT_SYMMETRIC, P_.ld(), 0, P_.data()}, {ORTHANT_SYMMETRIC, B_.ld(), 0, B_.data()}};
    h_ = {{ORTHANT_SYMMETRIC, B_.ld(), 0, B_.data()}, {ORTHANT_SYMMETRIC, Q_.ld(), 0, Q_.data()}};
    terms_.penalties_w = terms_.penalties_h = 1, terms_.penalty_w = &w_, terms_.penalty_h = &h_;
    terms_.l1_w = W_.data(), terms_.ldl1_w = W_.ld(), terms_.l1_h = H_.data(), terms_.ldl1_h = H_.ld();
  }
  typename Lib::Nmf *handle() {
    size_t bytes = 0;
    EXPECT_EQ(Lib::nmf_size(&config_, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    typename Lib::Nmf *s = nullptr;
    EXPECT_EQ(Lib::nmf_init(&config_, memory.data(), bytes, &s), ORTHANT_OK);
    return s;
  }

  Random random{77};
  orthant_nmf_config config_{};
  Matrix<T> V_, W_, H_, P_, Q_, B_, D_;
  typename Lib::Terms terms_{};
  typename Lib::Penalty w_{}, h_{};
  std::vector<unsigned char> memory;
};
TYPED_TEST_SUITE(BadTerms, Types, TypeNames);

TYPED_TEST(BadTerms, AreRefusedByName) {
  using T = TypeParam;
  using A = Api<T>;
  auto *s = this->handle();
  EXPECT_EQ(A::nmf_terms(nullptr, &this->terms_), ORTHANT_E_ARG);
  ASSERT_EQ(A::nmf_terms(s, &this->terms_), ORTHANT_OK);
  const auto refused = [&](orthant_status expected, const std::function<void(typename A::Terms &)> &spoil) {
    auto t = this->terms_;
    const auto w = this->w_, h = this->h_;
    spoil(t);
    const std::vector<unsigned char> before = this->memory;
    EXPECT_EQ(A::nmf_terms(s, &t), expected);
    EXPECT_TRUE(this->memory == before);
    this->w_ = w, this->h_ = h;
  };
  refused(ORTHANT_E_ARG, [](auto &t) { t.size = 2; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.size = 1 << 20; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.reserved = 1; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.penalties_w = -1; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.penalty_h = nullptr; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.ldl1_w = 7; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.ldl1_h = 2; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.weight_rows.kind = 4; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.weight_rows.kind = -1; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.weight_rows.ld = 7; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.weight_rows.values = nullptr; });
  refused(ORTHANT_E_ARG, [](auto &t) { t.weight_cols.values = nullptr; });
  refused(ORTHANT_E_ARG, [&](auto &) { this->w_.right.values = nullptr; });
  refused(ORTHANT_E_ARG, [&](auto &) { this->h_.right.ld = 8; });
  refused(ORTHANT_E_ARG, [&](auto &) { this->h_.left.kind = 99; });
  for (const double bad : {-1.0, double(NAN), double(INFINITY)})
    refused(ORTHANT_E_DATA, [&](auto &t) { t.weight_rows.kind = ORTHANT_SCALAR, t.weight_rows.factor = bad; });
  for (const T bad : {T(-1), T(NAN), T(INFINITY)})
    for (Matrix<T> *g : {&this->P_, &this->Q_, &this->B_, &this->D_, &this->W_, &this->H_}) {
      const int32_t j = g->cols() > 1 ? 2 : 0;
      const T kept = (*g)(1, j);
      (*g)(1, j) = bad;
      refused(ORTHANT_E_DATA, [](auto &) {});
      (*g)(1, j) = kept;
    }
  this->P_(1, 2) *= T(1.1);
  refused(ORTHANT_E_DATA, [](auto &) {});  // not symmetric
  this->P_(1, 2) = this->P_(2, 1) * (T(1) + T(8) * std::numeric_limits<T>::epsilon());  // symmetric but for rounding
  EXPECT_EQ(A::nmf_terms(s, &this->terms_), ORTHANT_OK);
  EXPECT_EQ(A::nmf_terms(s, nullptr), ORTHANT_OK);
  typename A::Terms none{};
  none.size = sizeof none;
  EXPECT_EQ(A::nmf_terms(s, &none), ORTHANT_OK);
  none.size = sizeof none.size;
  EXPECT_EQ(A::nmf_terms(s, &none), ORTHANT_OK);
  this->config_.method = ORTHANT_NMF_HALS;
  EXPECT_EQ(A::nmf_terms(this->handle(), &this->terms_), ORTHANT_E_UNSUPPORTED);
}

// A pattern of structs of any content: named statuses; kinds and leading dimensions are checked before arrays are read.
TYPED_TEST(BadTerms, TermsOfAnySizeAndContent) {
  using A = Api<TypeParam>;
  auto *s = this->handle();
  for (int trial = 0; trial < 4000; ++trial) {
    auto t = this->terms_;
    const size_t numbers[] = {offsetof(decltype(t), penalties_w), offsetof(decltype(t), ldl1_w),
                              offsetof(decltype(t), ldl1_h),
                              offsetof(decltype(t), weight_rows), offsetof(decltype(t), weight_rows) + 4,
                              offsetof(decltype(t), weight_cols), offsetof(decltype(t), weight_rows) + 8,
                              offsetof(decltype(t), reserved)};
    const size_t at = numbers[this->random() % 8];
    const int32_t value = trial % 2 ? int32_t(this->random()) : uniform_int(this->random, -2, 5);
    memcpy(reinterpret_cast<unsigned char *>(&t) + at, &value, sizeof value);
    // Counts and leading dimensions that are too large cannot be noticed.
    if (t.penalties_w > 1 || t.ldl1_w > this->W_.ld() || t.ldl1_h > this->H_.ld()) continue;
    if (t.weight_rows.ld > this->P_.ld()) continue;
    if (t.weight_cols.kind == ORTHANT_SYMMETRIC) continue;
    t.size = uint32_t(this->random() % (sizeof t / 8 + 1) * 8);  // no pointer is cut in two
    const orthant_status st = A::nmf_terms(s, &t);
    EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_ARG || st == ORTHANT_E_DATA);
  }
}

TYPED_TEST(BadTerms, OptionsOutOfRange) {
  using A = Api<TypeParam>;
  const auto size = [&](const std::function<void(orthant_nmf_config &)> &spoil) {
    orthant_nmf_config c = this->config_;
    spoil(c);
    size_t bytes = 0;
    return A::nmf_size(&c, &bytes);
  };
  EXPECT_EQ(size([](auto &c) { c.tau = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.tau = -0.1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.tau = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.anneal = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.anneal = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.anneal = -1; }), ORTHANT_OK);
  EXPECT_EQ(size([](auto &c) { c.l1_w = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.ortho_h = INFINITY; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.zero_tol = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.loss = ORTHANT_LOSS_KL; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(size([&](auto &c) { c.method = ORTHANT_NMF_MURNMF, c.full_step = 1; }), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(size([](auto &c) { c.reserved = 1; }), ORTHANT_E_ARG);
}

TYPED_TEST(BadTerms, MisprintsAreOfOneMethod) {
  using A = Api<TypeParam>;
  constexpr int32_t clip = ORTHANT_MISPRINT_CLIP, direction = ORTHANT_MISPRINT_DIRECTION,
                    curvature = ORTHANT_MISPRINT_CURVATURE;
  EXPECT_EQ(A::nmf_misprints(nullptr, 0), ORTHANT_E_ARG);
  for (const int32_t method : {ORTHANT_NMF_EHALS, ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    this->config_.method = method;
    auto *s = this->handle();
    EXPECT_EQ(A::nmf_misprints(s, 8), ORTHANT_E_ARG);
    EXPECT_EQ(A::nmf_misprints(s, -1), ORTHANT_E_ARG);
    EXPECT_EQ(A::nmf_misprints(s, 0), ORTHANT_OK);
    EXPECT_EQ(A::nmf_misprints(s, clip) == ORTHANT_OK, method == ORTHANT_NMF_MURNMF);
    EXPECT_EQ(A::nmf_misprints(s, direction | curvature) == ORTHANT_OK, method == ORTHANT_NMF_AURNMF);
    EXPECT_EQ(A::nmf_misprints(s, clip | direction), ORTHANT_E_UNSUPPORTED);
  }
}

// Penalties and weights at the ends of the range: a finite result or a refusal.
TYPED_TEST(BadTerms, ExtremeScales) {
  using T = TypeParam;
  using A = Api<T>;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF})
    for (const double scale : {0.0, 1e-30, 1e-12, 1e12, 1e30, double(std::numeric_limits<T>::max())})
      for (int which = 0; which < 5; ++which) {
        this->config_.method = method;
        this->config_.l1_w = this->config_.l2_h = this->config_.ortho_h = 0;
        auto t = this->terms_;
        auto h = this->h_;
        t.penalty_h = &h;
        if (which == 0) this->config_.l1_w = scale;
        if (which == 1) this->config_.l2_h = scale;
        if (which == 2) this->config_.ortho_h = scale;
        if (which == 3) t.weight_rows.kind = ORTHANT_SCALAR, t.weight_rows.factor = scale;
        if (which == 4) h.right.kind = ORTHANT_SCALAR, h.right.factor = scale;
        auto *s = this->handle();
        ASSERT_EQ(A::nmf_terms(s, &t), ORTHANT_OK);
        Matrix<T> W(this->m, this->r), H(this->r, this->n);
        const auto V = view(this->V_);
        orthant_status st = A::nmf_start(s, &V, W.data(), W.ld(), H.data(), H.ld());
        EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA);
        if (st != ORTHANT_OK) continue;
        orthant_report report = empty_report();
        EXPECT_EQ(A::nmf_run(s, &V, W.data(), W.ld(), H.data(), H.ld(), &report), ORTHANT_OK);
        for (const Matrix<T> *g : {&W, &H})
          ASSERT_TRUE(all_finite(*g) && nonnegative(*g)) << method << " " << scale << " " << which;
        EXPECT_TRUE(std::isfinite(report.objective) && std::isfinite(report.rel_error) && std::isfinite(report.kkt))
            << method << " scale " << scale << " term " << which << ": " << report.objective << " " << report.kkt;
      }
}

TYPED_TEST(BadTerms, StaticSizeBoundsTheWorkspace) {
  using T = TypeParam;
  for (const int32_t rows : {1, 3, 64, 1000})
    for (const int32_t cols : {1, 5, 100, 2000})
      for (const int32_t rank : {1, 2, 10, 60})
        for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF})
          for (const int32_t start :
               {ORTHANT_START_COLS, ORTHANT_START_SPAS, ORTHANT_START_RANDOM, ORTHANT_START_GIVEN}) {
            orthant_nmf_config c{};
            c.size = sizeof c, c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = start;
            size_t bytes = 0;
            ASSERT_EQ(Api<T>::nmf_size(&c, &bytes), ORTHANT_OK);
            const size_t bound = sizeof(T) == 4 ? ORTHANT_NMF_TERMS_BYTES_F32(rows, cols, rank)
                                                : ORTHANT_NMF_TERMS_BYTES_F64(rows, cols, rank);
            EXPECT_LE(bytes, bound) << rows << " x " << cols << " rank " << rank << " start " << start;
          }
}

TYPED_TEST(BadTerms, QuadraticPrograms) {
  using T = TypeParam;
  using A = Api<T>;
  orthant_qp_config good{};
  good.size = sizeof good, good.n = this->m;
  size_t bytes = 0;
  EXPECT_EQ(A::qp_size(nullptr, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(A::qp_size(&good, nullptr), ORTHANT_E_ARG);
  const auto size = [&](const std::function<void(orthant_qp_config &)> &spoil) {
    orthant_qp_config c = good;
    spoil(c);
    size_t found = 0;
    return A::qp_size(&c, &found);
  };
  for (const int32_t bad : {0, -1, INT32_MIN}) EXPECT_EQ(size([&](auto &c) { c.n = bad; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.rule = 7; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.rule = -1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.reserved = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.full_step = 2; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.tau = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.tau = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.anneal = 1; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.tol = NAN; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.size = 7; }), ORTHANT_E_ARG);
  EXPECT_EQ(size([](auto &c) { c.size = 8; }), ORTHANT_OK);
  ASSERT_EQ(A::qp_size(&good, &bytes), ORTHANT_OK);
  Arena arena(bytes, 3, 0x3C);
  typename A::Qp *s = nullptr;
  EXPECT_EQ(A::qp_init(&good, arena.data(), bytes - 1, &s), ORTHANT_E_SCRATCH);
  EXPECT_EQ(A::qp_init(&good, nullptr, bytes, &s), ORTHANT_E_ARG);
  EXPECT_EQ(A::qp_init(&good, arena.data(), bytes, nullptr), ORTHANT_E_ARG);
  EXPECT_TRUE(arena.holds(0x3C));
  ASSERT_EQ(A::qp_init(&good, arena.data(), bytes, &s), ORTHANT_OK);
  Matrix<T> d(this->m, 1, 0), x(this->m, 1, 0);
  d.fill(-1);
  x.fill(1);
  auto &G = this->P_;
  const auto run = [&](const T *g, int32_t ld, const T *linear, T *point) {
    return A::qp_run(s, g, ld, linear, point, nullptr);
  };
  const std::string before = x.bits();
  EXPECT_EQ(A::qp_run(nullptr, G.data(), G.ld(), d.data(), x.data(), nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(run(nullptr, G.ld(), d.data(), x.data()), ORTHANT_E_ARG);
  EXPECT_EQ(run(G.data(), this->m - 1, d.data(), x.data()), ORTHANT_E_ARG);
  EXPECT_EQ(run(G.data(), G.ld(), nullptr, x.data()), ORTHANT_E_ARG);
  EXPECT_EQ(run(G.data(), G.ld(), d.data(), nullptr), ORTHANT_E_ARG);
  for (const T bad : {T(NAN), T(INFINITY), T(-1)}) {
    for (Matrix<T> *g : {&G, &x}) {
      const T kept = (*g)(2, 0);
      (*g)(2, 0) = bad;
      EXPECT_EQ(run(G.data(), G.ld(), d.data(), x.data()), ORTHANT_E_DATA);
      (*g)(2, 0) = kept;
    }
    if (bad == T(-1)) continue;
    d(3, 0) = bad;
    EXPECT_EQ(run(G.data(), G.ld(), d.data(), x.data()), ORTHANT_E_DATA);
    d(3, 0) = T(-1);
  }
  G(0, 1) *= T(2);
  EXPECT_EQ(run(G.data(), G.ld(), d.data(), x.data()), ORTHANT_E_DATA);
  EXPECT_TRUE(x.bits() == before);
  G(0, 1) = G(1, 0);
  // Numbers at the ends of the range: a finite point, or a refusal.
  for (int32_t rule = ORTHANT_QP_LEE_SEUNG; rule <= ORTHANT_QP_LEMMA_B; ++rule)
    for (const double scale : {1e-30, 1e-10, 1e10, 1e30}) {
      good.rule = rule;
      ASSERT_EQ(A::qp_size(&good, &bytes), ORTHANT_OK);
      this->memory.assign(bytes, 0xFF);
      ASSERT_EQ(A::qp_init(&good, this->memory.data(), bytes, &s), ORTHANT_OK);
      x.each([&](int32_t i, int32_t) { return i % 2 ? scale : 0; });
      orthant_report report = empty_report();
      const orthant_status st = A::qp_run(s, G.data(), G.ld(), d.data(), x.data(), &report);
      EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA);
      EXPECT_TRUE(all_finite(x) && nonnegative(x)) << rule << " " << scale;
      EXPECT_TRUE(st != ORTHANT_OK || (std::isfinite(report.objective) && std::isfinite(report.kkt)))
          << rule << " " << scale;
    }
  EXPECT_TRUE(d.intact() && x.intact() && G.intact() && arena.intact());
}

}  // namespace
}  // namespace orthant::test
