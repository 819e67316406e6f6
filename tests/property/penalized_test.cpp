// Weighted and penalized NMF against its definition: the objective, its gradients, the iterates of the methods in plain
// double arithmetic, descent, KKT points, and what the misprinted variants do (algorithms.md, "MURNMF", "AURNMF").
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "nmf_run.hpp"

namespace orthant::test {
namespace {

using Dense = Matrix<double>;

Dense off_diagonal(int32_t n, double s) {
  return Dense(n, n).each([&](int32_t i, int32_t j) { return i == j ? 0.0 : s; });
}

// The problem of algorithms.md, "Weighted NMF": with H' in the place of H both factors obey the same formulas.
struct Model {
  Dense V{0, 0}, P{0, 0}, Q{0, 0}, Lw{0, 0}, Lh{0, 0};        // Lh: cols x rank
  std::vector<std::pair<Dense, Dense>> w, h;                  // (long, short)
  std::vector<std::pair<Dense, Dense>> w_printed, h_printed;  // without the overlap terms

  struct Block {
    Dense D, F;
  };
  static Dense quadratic(const std::vector<std::pair<Dense, Dense>> &pairs, const Dense &X, const Dense &P,
                         const Dense &S) {
    Dense F = P * X * S;
    for (const auto &[A, B] : pairs) F = F + A * X * B;
    return F;
  }
  Block w_block(const Dense &W, const Dense &Ht) const {
    const Dense C = Q * Ht;
    return {Lw - P * (V * C), quadratic(w, W, P, transposed(Ht) * C)};
  }
  Block h_block(const Dense &W, const Dense &Ht) const {
    const Dense C = P * W;
    return {Lh - Q * (transposed(V) * C), quadratic(h, Ht, Q, transposed(W) * C)};
  }
  double misfit(const Dense &W, const Dense &Ht) const {
    const Dense E = V - W * transposed(Ht);
    return 0.5 * dot(E, P * E * Q);
  }
  double value(const Dense &W, const Dense &Ht) const {
    double f = misfit(W, Ht) + dot(Lw, W) + dot(Lh, Ht);
    for (const auto &[A, B] : w) f += 0.5 * dot(W, A * W * B);
    for (const auto &[A, B] : h) f += 0.5 * dot(Ht, A * Ht * B);
    return f;
  }
  // A bound of the size of all that is added up in `value`.
  double size(const Dense &W, const Dense &Ht) const {
    Model zero = *this;
    zero.V.fill(0);
    return 0.5 * dot(V, P * V * Q) + dot(V, P * (W * transposed(Ht)) * Q) + zero.value(W, Ht);
  }
  double kkt(const Dense &W, const Dense &Ht) const {
    double sum = 0;
    for (const bool first : {true, false}) {
      const Dense &X = first ? W : Ht, &M = first ? P : Q;
      const Block b = first ? w_block(W, Ht) : h_block(W, Ht);
      const Dense S = first ? transposed(Ht) * (Q * Ht) : transposed(W) * (P * W);
      for (int32_t k = 0; k < X.cols(); ++k)
        for (int32_t i = 0; i < X.rows(); ++i) {
          double q = M(i, i) * S(k, k);
          for (const auto &[A, B] : first ? w : h) q += A(i, i) * B(k, k);
          const double g = b.D(i, k) + b.F(i, k), p = X(i, k) > 0 ? g : std::min(g, 0.0);
          if (q > 0) sum += p * p / q;
        }
    }
    return sqrt(sum / dot(V, P * V * Q));
  }
};

Dense multiplicative(const Dense &X, const Model::Block &b, double least) {
  return Dense(X.rows(), X.cols()).each([&](int32_t i, int32_t k) {
    return b.F(i, k) > 0 ? X(i, k) * std::max(-b.D(i, k), least) / b.F(i, k) : X(i, k);
  });
}

struct Additive {
  bool printed_zeros = false, printed_curvature = false, full_step = false;
  double tau = 0.1, anneal = 0.01, zero_tol = 1e-12;
};
Dense additive(const Dense &X, const Model::Block &b, const Additive &a, double tau,
               const std::function<Dense(const Dense &)> &curvature) {
  Dense h(X.rows(), X.cols());
  double reach = HUGE_VAL, slope = 0;
  h.each([&](int32_t i, int32_t k) {
    const double x = X(i, k), f = b.F(i, k), g = b.D(i, k) + f;
    const bool zero = a.printed_zeros ? x == 0 && f == 0 : x <= 0;
    const double step = zero ? std::max(-g, 0.0) : -g * x / (f > 0 ? f : 1);
    if (step < 0) reach = std::min(reach, -x / step);
    slope += g * step;
    return step;
  });
  const double bend = dot(h, curvature(h));
  const double best = a.full_step ? 1 : bend > 0 ? -slope / bend : HUGE_VAL;
  double alpha = std::min(tau * reach, best);
  if (!std::isfinite(alpha)) alpha = 0;
  return Dense(X.rows(), X.cols()).each([&](int32_t i, int32_t k) {
    const double y = X(i, k) + alpha * h(i, k);
    return y > a.zero_tol ? y : 0;
  });
}

Dense random_dense(Random &random, int32_t r, int32_t c, double low = 0) {
  return Dense(r, c).fill_uniform(random, low);
}
Dense random_symmetric(Random &random, int32_t n, double scale) {
  Dense A(n, n);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i <= j; ++i) A(i, j) = A(j, i) = scale * uniform(random) + (i == j ? scale : 0);
  return A;
}

// A problem as the library takes it, and as a Model.
template <class T>
struct Problem {
  int32_t m, n, r;
  Matrix<T> V, W, H;
  Matrix<T> l1_w{0, 0}, l1_h{0, 0};
  std::vector<Matrix<T>> kept;  // behind the pointers of the terms
  std::vector<typename Api<T>::Penalty> penalty_w, penalty_h;
  typename Api<T>::Terms terms{};
  orthant_nmf_config config;
  int32_t misprints = 0;
  Model model;
  Random random;

  Problem(int32_t rows, int32_t cols, int32_t rank, uint64_t seed, int32_t method)
      : m(rows), n(cols), r(rank), V(m, n), W(m, r), H(r, n),
        config(nmf_config(rank, method, ORTHANT_START_GIVEN, 0, 0)), random(seed) {
    config.min_step = -1;
    terms.size = sizeof terms;
    kept.reserve(64);
    // Low rank and noise, as in the other tests.
    const Dense X = random_dense(random, m, r), Y = random_dense(random, r, n), E = random_dense(random, m, n);
    V.set(X * Y + 0.05 * E);
    model.V = Dense(V);
    model.P = identity(m), model.Q = identity(n), model.Lw = zeros(m, r), model.Lh = zeros(n, r);
    W.fill_uniform(random, 0.1);
    H.fill_uniform(random, 0.1);
  }
  // A symmetric matrix of a kind, and its meaning.
  typename Api<T>::Symmetric symmetric(int32_t kind, int32_t order, double scale, Dense *meaning) {
    typename Api<T>::Symmetric s{};
    s.kind = kind;
    *meaning = identity(order);
    if (kind == ORTHANT_SCALAR) {
      s.factor = double(T(scale * (0.5 + uniform(random))));
      *meaning = identity(order, s.factor);
    } else if (kind == ORTHANT_DIAGONAL) {
      kept.emplace_back(order, 1).each([&](int32_t, int32_t) { return scale * (0.2 + uniform(random)); });
      for (int32_t i = 0; i < order; ++i) (*meaning)(i, i) = double(kept.back()(i, 0));
      s.values = kept.back().data();
    } else if (kind == ORTHANT_SYMMETRIC) {
      kept.emplace_back(order, order, 2).set(random_symmetric(random, order, scale));
      *meaning = Dense(kept.back());
      s.ld = kept.back().ld();
      s.values = kept.back().data();
    }
    return s;
  }
  void weights(int32_t rows_kind, int32_t cols_kind) {
    terms.weight_rows = symmetric(rows_kind, m, 1, &model.P);
    terms.weight_cols = symmetric(cols_kind, n, 1, &model.Q);
  }
  void pair_w(int32_t left, int32_t right) {
    Dense A(0, 0), B(0, 0);
    typename Api<T>::Penalty p{symmetric(left, m, 0.1, &A), symmetric(right, r, 0.5, &B)};
    penalty_w.push_back(p);
    model.w.push_back({A, B}), model.w_printed.push_back({A, B});
  }
  void pair_h(int32_t left, int32_t right) {
    Dense C(0, 0), D(0, 0);
    typename Api<T>::Penalty p{symmetric(left, r, 0.5, &C), symmetric(right, n, 0.1, &D)};
    penalty_h.push_back(p);
    model.h.push_back({D, C}), model.h_printed.push_back({D, C});
  }
  void l1(double all_w, double all_h, bool entries) {
    config.l1_w = all_w, config.l1_h = all_h;
    model.Lw.each([&](int32_t i, int32_t k) { return model.Lw(i, k) + all_w; });
    model.Lh.each([&](int32_t j, int32_t k) { return model.Lh(j, k) + all_h; });
    if (!entries) return;
    l1_w = Matrix<T>(m, r, 1), l1_h = Matrix<T>(r, n, 2);
    for (Matrix<T> *X : {&l1_w, &l1_h}) X->each([&](int32_t, int32_t) { return 0.1 * uniform(random); });
    model.Lw = model.Lw + l1_w;
    model.Lh = model.Lh + transposed(l1_h);
  }
  void shorthand(double l2_w, double l2_h, double ortho_w, double ortho_h, int32_t axis) {
    config.l2_w = l2_w, config.l2_h = l2_h, config.ortho_w = ortho_w, config.ortho_h = ortho_h;
    config.ortho_axis = axis;
    for (auto *list : {&model.w, &model.w_printed}) list->push_back({identity(m, l2_w), identity(r)});
    for (auto *list : {&model.h, &model.h_printed}) list->push_back({identity(n, l2_h), identity(r)});
    model.w.push_back({identity(m), off_diagonal(r, ortho_w)});
    if (axis == ORTHANT_ORTHO_COMPONENTS) model.h.push_back({identity(n), off_diagonal(r, ortho_h)});
    else model.h.push_back({off_diagonal(n, ortho_h), identity(r)});
  }
  // Everything at once.
  void all_terms() {
    weights(ORTHANT_SYMMETRIC, ORTHANT_SYMMETRIC);
    pair_w(ORTHANT_SYMMETRIC, ORTHANT_SYMMETRIC);
    pair_w(ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC);
    pair_h(ORTHANT_SYMMETRIC, ORTHANT_SYMMETRIC);
    pair_h(ORTHANT_SCALAR, ORTHANT_SYMMETRIC);
    l1(0.02, 0.03, true);
    shorthand(0.1, 0.2, 0.05, 0.04, ORTHANT_ORTHO_OBSERVATIONS);
  }
  void set_zeros(double share) {
    for (Matrix<T> *X : {&W, &H})
      X->each([&](int32_t i, int32_t j) { return uniform(random) < share ? T(0) : (*X)(i, j); });
  }
  Dense factor_w() const { return Dense(W); }
  Dense factor_h() const { return Dense(transposed(H)); }
  double value() const { return model.value(factor_w(), factor_h()); }
  double rounding() const {  // of one evaluation of the objective, sums of m n terms and products of order r, m and n
    return (m + n + r) * unit_roundoff<T> * model.size(factor_w(), factor_h());
  }
};

// A run that begins with the problem's factors, and leaves its iterates there.
template <class T>
class Run {
 public:
  Run(Problem<T> &p, int32_t max_iter) : p_(p), run_(p.V, with_iterations(p.config, max_iter)) {
    p.terms.penalties_w = int32_t(p.penalty_w.size()), p.terms.penalty_w = p.penalty_w.data();
    p.terms.penalties_h = int32_t(p.penalty_h.size()), p.terms.penalty_h = p.penalty_h.data();
    p.terms.l1_w = p.l1_w.cols() == 0 ? nullptr : p.l1_w.data(), p.terms.ldl1_w = p.l1_w.ld();
    p.terms.l1_h = p.l1_h.cols() == 0 ? nullptr : p.l1_h.data(), p.terms.ldl1_h = p.l1_h.ld();
    if (p.config.method >= ORTHANT_NMF_MURNMF) EXPECT_EQ(Api<T>::nmf_terms(run_.handle(), &p.terms), ORTHANT_OK);
    EXPECT_EQ(Api<T>::nmf_misprints(run_.handle(), p.misprints), ORTHANT_OK);
    run_.W.set(p.W), run_.H.set(p.H);
    EXPECT_EQ(run_.start(), ORTHANT_OK);
    p.W.set(run_.W), p.H.set(run_.H);
  }
  orthant_report operator()() {
    const orthant_report r = run_.run();
    p_.W.set(run_.W), p_.H.set(run_.H);
    return r;
  }

 private:
  static orthant_nmf_config with_iterations(orthant_nmf_config c, int32_t max_iter) {
    c.max_iter = max_iter;
    return c;
  }
  Problem<T> &p_;
  NmfRun<T> run_;
};

void expect_near(const Dense &found, const Dense &expected, double relative) {
  ASSERT_LE(difference(found, expected), relative);
}

template <class T>
class Penalized : public testing::Test {};
TYPED_TEST_SUITE(Penalized, Types, TypeNames);

// ---- The definition -------------------------------------------------------------------------------------------------

// Central differences of the objective, with dense weights and two pairs and more on each side: the truth that the
// iterates below are compared with.  phi is a polynomial of degree 4 along W and H together, of degree 2 along each
// alone, so the central difference is exact but for rounding.
TEST(PenalizedModel, GradientsAgreeWithDifferences) {
  Problem<double> p(7, 9, 3, 1, ORTHANT_NMF_AURNMF);
  p.all_terms();
  const Dense W = p.factor_w(), H = p.factor_h();
  const Model::Block w = p.model.w_block(W, H), h = p.model.h_block(W, H);
  Random random(2);
  for (int trial = 0; trial < 20; ++trial) {
    const Dense dw = random_dense(random, 7, 3, -0.5), dh = random_dense(random, 9, 3, -0.5);
    const Dense no_w = zeros(7, 3), no_h = zeros(9, 3);
    for (const bool first : {true, false}) {
      const Dense &a = first ? dw : no_w, &b = first ? no_h : dh;
      const double t = 0.01;
      const double up = p.model.value(W + t * a, H + t * b), down = p.model.value(W - t * a, H - t * b);
      const double slope = (up - down) / (2 * t);
      const double exact = first ? dot(w.D + w.F, dw) : dot(h.D + h.F, dh);
      EXPECT_NEAR(slope, exact, 100 * 0x1p-52 * p.model.size(W, H) / t);
    }
  }
}

struct Variant {
  const char *name;
  int32_t method;
  bool clip, direction, curvature, full;
};
constexpr Variant variants[] = {{"MURNMF", ORTHANT_NMF_MURNMF, false, false, false, false},
                                {"MURNMF clipped as printed", ORTHANT_NMF_MURNMF, true, false, false, false},
                                {"AURNMF", ORTHANT_NMF_AURNMF, false, false, false, false},
                                {"AURNMF, printed direction", ORTHANT_NMF_AURNMF, false, true, false, false},
                                {"AURNMF, printed curvature", ORTHANT_NMF_AURNMF, false, false, true, false},
                                {"AURNMF, step one", ORTHANT_NMF_AURNMF, false, false, false, true}};

template <class T>
void use(Problem<T> &p, const Variant &v) {
  p.config.method = v.method;
  p.misprints = (v.clip ? ORTHANT_MISPRINT_CLIP : 0) | (v.direction ? ORTHANT_MISPRINT_DIRECTION : 0) |
                (v.curvature ? ORTHANT_MISPRINT_CURVATURE : 0);
  p.config.full_step = v.full;
}

// Three iterations of the library and of the formulas, and what the report says of the last.
template <class T>
void expect_textbook(Problem<T> &p, const Variant &v, double tol) {
  use(p, v);
  const Model &model = p.model;
  Dense W = p.factor_w(), H = p.factor_h();
  Additive a{v.direction, v.curvature, v.full, 0.1, 0.01, 1e-12};
  double tau = a.tau;
  for (int i = 0; i < 3; ++i) {
    tau = (1 - a.anneal) * tau + a.anneal;
    const double least = v.clip ? 1e-7 : 0;
    const auto w_curve = [&](const Dense &X) {
      return Model::quadratic(v.curvature ? model.w_printed : model.w, X, model.P, transposed(H) * (model.Q * H));
    };
    const auto h_curve = [&](const Dense &X) {
      return Model::quadratic(v.curvature ? model.h_printed : model.h, X, model.Q, transposed(W) * (model.P * W));
    };
    const bool mu = v.method == ORTHANT_NMF_MURNMF;
    const Model::Block w = model.w_block(W, H);
    W = mu ? multiplicative(W, w, least) : additive(W, w, a, tau, w_curve);
    const Model::Block h = model.h_block(W, H);
    H = mu ? multiplicative(H, h, least) : additive(H, h, a, tau, h_curve);
  }
  const orthant_report r = Run<T>(p, 3)();
  expect_near(p.factor_w(), W, tol);
  expect_near(p.factor_h(), H, tol);
  EXPECT_NEAR(r.objective, p.value(), 4 * p.rounding());
  EXPECT_NEAR(r.kkt, model.kkt(p.factor_w(), p.factor_h()), tol * (1 + r.kkt));
  const double misfit = std::max(0.0, model.misfit(p.factor_w(), p.factor_h()));
  const double whole = dot(model.V, model.P * model.V * model.Q);
  EXPECT_NEAR(r.rel_error * r.rel_error, 2 * misfit / whole, 8 * p.rounding() / whole);
  EXPECT_EQ(r.iters, 3);
}

// Every kind of weight with every kind of pair, alone; steps of three iterations amplify a rounding by the condition of
// their quotients, some thousands here.
TYPED_TEST(Penalized, IteratesAreThoseOfTheTextbook) {
  using T = TypeParam;
  const double tol = 3000 * eps<T>;
  const int32_t kinds[] = {ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC};
  for (const Variant &v : variants) {
    for (const int32_t a : kinds)
      for (const int32_t b : kinds) {
        SCOPED_TRACE(testing::Message() << v.name << ", kinds " << a << " " << b);
        Problem<T> weights(11, 13, 3, 3, v.method), pairs(11, 13, 3, 4, v.method);
        weights.weights(a, b);
        expect_textbook(weights, v, tol);
        pairs.pair_w(a, b);
        pairs.pair_h(b, a);
        expect_textbook(pairs, v, tol);
      }
    for (const int32_t axis : {ORTHANT_ORTHO_COMPONENTS, ORTHANT_ORTHO_OBSERVATIONS}) {
      SCOPED_TRACE(testing::Message() << v.name << ", shorthand, axis " << axis);
      Problem<T> p(11, 13, 3, 5, v.method);
      p.l1(0.02, 0.03, false);
      p.shorthand(0.1, 0.2, 0.05, 0.04, axis);
      expect_textbook(p, v, tol);
    }
    // All at once; over panels, chunks and parts of rows; with zeros in the start.
    struct Shape {
      int32_t m, n, r;
    };
    for (const Shape &s : {Shape{11, 13, 3}, {300, 40, 2}, {40, 530, 3}, {1, 9, 1}, {6, 1, 2}}) {
      SCOPED_TRACE(testing::Message() << v.name << ", all terms, " << s.m << " x " << s.n);
      Problem<T> p(s.m, s.n, s.r, 6, v.method);
      p.all_terms();
      if (s.m == 11) p.set_zeros(0.3);
      expect_textbook(p, v, tol);
    }
    Problem<T> wide(40, 530, 3, 7, v.method);  // nothing dense on the long side of H: updated within the pass
    wide.weights(ORTHANT_DIAGONAL, ORTHANT_DIAGONAL);
    wide.pair_h(ORTHANT_SYMMETRIC, ORTHANT_DIAGONAL);
    wide.shorthand(0.1, 0.2, 0.05, 0.04, ORTHANT_ORTHO_OBSERVATIONS);
    expect_textbook(wide, v, tol);
    Problem<T> mixed(40, 530, 3, 8, v.method);  // and where the weight of the columns alone is dense, after it
    mixed.weights(ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC);
    expect_textbook(mixed, v, tol);
  }
}

// The shorthand of the config and the same terms written as pairs.
TYPED_TEST(Penalized, ShorthandIsAPair) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    Problem<T> a(14, 12, 3, 8, method), b = a;
    a.config.l2_w = 0.25, a.config.ortho_h = 0.125;  // observations are the default axis
    const Matrix<T> off(off_diagonal(12, 0.125));
    typename Api<T>::Penalty w{}, h{};
    w.left.kind = ORTHANT_SCALAR, w.left.factor = 0.25;
    h.right.kind = ORTHANT_SYMMETRIC, h.right.ld = off.ld(), h.right.values = off.data();
    b.penalty_w.push_back(w), b.penalty_h.push_back(h);
    Run<T>(a, 5)(), Run<T>(b, 5)();
    expect_near(a.factor_w(), b.factor_w(), 3000 * eps<T>);
    expect_near(a.factor_h(), b.factor_h(), 3000 * eps<T>);
  }
}

// ---- Special cases --------------------------------------------------------------------------------------------------

TYPED_TEST(Penalized, WithoutTermsMurnmfIsMu) {
  using T = TypeParam;
  for (const bool printed : {false, true}) {
    Problem<T> a(30, 41, 4, 9, ORTHANT_NMF_MURNMF), b = a;
    a.misprints = printed ? ORTHANT_MISPRINT_CLIP : 0;
    b.config.method = ORTHANT_NMF_MU;
    const orthant_report r = Run<T>(a, 20)(), q = Run<T>(b, 20)();
    b.W.visit([&](int32_t i, int32_t k) { EXPECT_GT(b.W(i, k), T(1e-6)); });  // the floor of MU plays no part
    expect_near(a.factor_w(), b.factor_w(), 3000 * eps<T>);
    expect_near(a.factor_h(), b.factor_h(), 3000 * eps<T>);
    EXPECT_NEAR(r.objective, q.objective, 4 * a.rounding());
    EXPECT_NEAR(r.kkt, q.kkt, 3000 * eps<T>);
  }
}

// Weights of ones in every form are no weights; scalar weights scale the data term alone.
TYPED_TEST(Penalized, UnitWeightsAreNoWeights) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF})
    for (const int32_t kind : {ORTHANT_SCALAR, ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC}) {
      Problem<T> a(12, 15, 3, 10, method), b = a;
      const Matrix<T> ones = Matrix<T>(15, 1).fill(1), eye(identity(15));
      for (auto *s : {&b.terms.weight_rows, &b.terms.weight_cols})
        s->kind = kind, s->factor = 1, s->ld = eye.ld(),
        s->values = kind == ORTHANT_DIAGONAL ? ones.data() : eye.data();
      const orthant_report r = Run<T>(a, 6)(), q = Run<T>(b, 6)();
      expect_near(a.factor_w(), b.factor_w(), 3000 * eps<T>);
      expect_near(a.factor_h(), b.factor_h(), 3000 * eps<T>);
      EXPECT_NEAR(r.objective, q.objective, 4 * a.rounding());
    }
}

// From x, which becomes the solution.
template <class T>
orthant_report solve_qp(orthant_qp_config c, const Dense &G, const Dense &d, Dense &x) {
  c.size = sizeof c, c.n = G.rows();
  const Matrix<T> g(G), e(d);
  Matrix<T> y(x);
  const Placed<typename Api<T>::Qp> qp(Api<T>::qp_size, Api<T>::qp_init, c);
  orthant_report r = empty_report();
  EXPECT_EQ(Api<T>::qp_run(qp.get(), g.data(), g.ld(), e.data(), y.data(), &r), ORTHANT_OK);
  EXPECT_TRUE(g.intact() && e.intact() && y.intact());
  x.set(y);
  return r;
}
// The columns of X, one below the other.
Dense stacked(const Dense &X) {
  return Dense(X.rows() * X.cols(), 1).each([&](int32_t i, int32_t) { return X(i % X.rows(), i / X.rows()); });
}

// A block of AURNMF is one step of GIQPM on the Kronecker matrix  S (x) P + sum_j B_j (x) A_j.
TYPED_TEST(Penalized, ABlockIsAStepOnTheKroneckerMatrix) {
  using T = TypeParam;
  for (const bool sparse : {false, true})
    for (const double anneal : {0.01, 0.3}) {
      Problem<T> p(5, 6, 2, 11, ORTHANT_NMF_AURNMF);
      p.all_terms();
      p.config.anneal = anneal, p.config.tau = 0.4;
      if (sparse) p.set_zeros(0.4);
      Dense W = p.factor_w(), H = p.factor_h();
      Run<T>(p, 1)();
      for (const bool first : {true, false}) {
        Dense &X = first ? W : H;
        const Model::Block b = first ? p.model.w_block(W, H) : p.model.h_block(W, H);
        const Dense S = first ? transposed(H) * (p.model.Q * H) : transposed(W) * (p.model.P * W);
        const Dense &weight = first ? p.model.P : p.model.Q;
        const int32_t q = X.rows(), r = X.cols();
        Dense G = zeros(q * r, q * r);
        const auto add = [&](const Dense &A, const Dense &B) {
          for (int32_t k = 0; k < r; ++k)
            for (int32_t l = 0; l < r; ++l)
              for (int32_t i = 0; i < q; ++i)
                for (int32_t j = 0; j < q; ++j) G(i + q * k, j + q * l) += B(k, l) * A(i, j);
        };
        add(weight, S);
        for (const auto &[A, B] : first ? p.model.w : p.model.h) add(A, B);
        orthant_qp_config c{};
        c.rule = ORTHANT_QP_ESCAPE, c.max_iter = 1, c.tau = 0.4, c.anneal = anneal, c.zero_tol = 1e-12;
        Dense x = stacked(X);
        solve_qp<T>(c, G, stacked(b.D), x);
        X.each([&](int32_t i, int32_t k) { return x(i + q * k, 0); });
        expect_near(first ? p.factor_w() : p.factor_h(), X, 1000 * eps<T>);
        X = first ? p.factor_w() : p.factor_h();
      }
    }
}

// min |A x - b|^2 over x >= 0 by interior gradients [Merritt, Zhang 2005]: p = -x / (A'A x) * (A'A x - A'b).  It is the
// H-block of AURNMF with the printed direction, and GIQPM with the rule LEE_SEUNG.
TYPED_TEST(Penalized, FrozenFactorIsMerrittAndZhang) {
  using T = TypeParam;
  Problem<T> p(9, 1, 4, 12, ORTHANT_NMF_AURNMF);
  p.misprints = ORTHANT_MISPRINT_DIRECTION, p.config.tau = 0.3, p.config.zero_tol = -1;
  const Dense before = p.factor_h();
  Run<T>(p, 1)();
  const Dense A = p.factor_w(), G = transposed(A) * A;
  const Dense x = transposed(before), atb = -1 * (transposed(A) * p.model.V), gx = G * x;
  Dense step(4, 1);
  double reach = HUGE_VAL, slope = 0;
  step.each([&](int32_t k, int32_t) {
    const double g = gx(k, 0) + atb(k, 0), s = -x(k, 0) / gx(k, 0) * g;
    slope += g * s;
    if (s < 0) reach = std::min(reach, -x(k, 0) / s);
    return s;
  });
  const double bend = dot(step, G * step);
  const double tau = 0.99 * 0.3 + 0.01, alpha = std::min(tau * reach, -slope / bend);
  EXPECT_GE(reach, 1 - 1e-6);  // D <= 0: an entry shrinks by at most all of itself
  Dense y = x;
  orthant_qp_config c{};
  c.max_iter = 1, c.tau = 0.3, c.anneal = 0.01, c.zero_tol = -1;
  solve_qp<T>(c, G, atb, y);
  const Dense expected = x + alpha * step;
  EXPECT_LE(largest(p.H - expected), 1000 * eps<T>);
  EXPECT_LE(largest(y - expected), 1000 * eps<T>);
}

// ---- Descent, zeros, fixed points -----------------------------------------------------------------------------------

// A thousand random problems with a third of the start zero, weights and penalties of random kinds: no iteration rises.
TYPED_TEST(Penalized, NothingRises) {
  using T = TypeParam;
  int rising = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed + 1000);
    const int32_t m = uniform_int(random, 2, 12), n = uniform_int(random, 2, 14), r = uniform_int(random, 1, 4);
    const int32_t method = seed % 2 ? ORTHANT_NMF_AURNMF : ORTHANT_NMF_MURNMF;
    Problem<T> p(m, n, r, seed, method);
    const auto kind = [&] { return uniform_int(random, ORTHANT_IDENTITY, ORTHANT_SYMMETRIC); };
    if (seed % 3) p.weights(kind(), kind());
    for (int j = uniform_int(random, 0, 2); j > 0; --j) p.pair_w(kind(), kind()), p.pair_h(kind(), kind());
    if (seed % 5 < 3) p.l1(uniform(random), uniform(random), seed % 2);
    if (seed % 7 < 4)
      p.shorthand(uniform(random), uniform(random), uniform(random), uniform(random),
                  uniform_int(random, ORTHANT_ORTHO_COMPONENTS, ORTHANT_ORTHO_OBSERVATIONS));
    p.config.zero_tol = -1;  // a snapped entry may cost its gradient times the threshold
    p.set_zeros(1.0 / 3);
    Run<T> run(p, 1);
    double before = p.value();
    for (int i = 0; i < 25; ++i) {
      run();
      const double now = p.value();
      ASSERT_TRUE(nonnegative(p.W) && nonnegative(p.H)) << "seed " << seed;
      if (now > before + 8 * p.rounding())
        ++rising, ADD_FAILURE() << "seed " << seed << " iteration " << i << ": " << now - before;
      before = now;
    }
  }
  EXPECT_EQ(rising, 0);
}

TYPED_TEST(Penalized, ZerosStayInOneAndLeaveInTheOther) {
  using T = TypeParam;
  for (const Variant &v : variants) {
    SCOPED_TRACE(v.name);
    Problem<T> p(20, 15, 3, 13, v.method);
    use(p, v);
    p.set_zeros(1.0 / 3);
    for (int32_t i = 0; i < 20; ++i) p.W(i, i % 3) = T(1);  // F > 0 at every zero: no row is all zero
    for (int32_t j = 0; j < 15; ++j) p.H(j % 3, j) = T(1);
    const Matrix<T> W = p.W, H = p.H;
    Run<T>(p, 200)();
    int left = 0, locked = 0;
    const auto count = [&](const Matrix<T> &before, const Matrix<T> &after) {
      before.visit([&](int32_t i, int32_t j) {
        if (before(i, j) == T(0)) after(i, j) > T(0) ? ++left : ++locked;
      });
    };
    count(W, p.W);
    count(H, p.H);
    if (v.method == ORTHANT_NMF_MURNMF || v.direction) EXPECT_EQ(left, 0);
    else EXPECT_GT(left, locked / 4);
  }
}

TYPED_TEST(Penalized, PositiveStaysPositive) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    Problem<T> p(20, 15, 3, 14, method);
    p.shorthand(0.1, 0.1, 0.2, 0.01, ORTHANT_ORTHO_OBSERVATIONS);
    p.config.zero_tol = -1;
    Run<T>(p, 100)();
    for (const Matrix<T> *X : {&p.W, &p.H})
      X->visit([&](int32_t i, int32_t j) { EXPECT_GT((*X)(i, j), T(0)); });
  }
}

// From a sparse start the additive method ends at a KKT point of the whole problem; min |min(x, g)| is zero there.
TYPED_TEST(Penalized, EscapeEndsAtKkt) {
  using T = TypeParam;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    Problem<T> p(14, 11, 3, 20 + seed, ORTHANT_NMF_AURNMF);
    if (seed % 2) p.all_terms();
    else p.shorthand(0.2, 0.2, 0.1, 0.05, ORTHANT_ORTHO_COMPONENTS);
    p.set_zeros(1.0 / 3);
    p.config.anneal = 0.01;
    // f32: entries of the gradient are sums of V's size with 24 bits.
    const double tol = sizeof(T) == 4 ? 1e-4 : 1e-7;
    p.config.tol = tol;
    const orthant_report r = Run<T>(p, 60000)();
    EXPECT_EQ(r.stop, ORTHANT_STOP_KKT) << seed << " kkt " << r.kkt;
    EXPECT_LE(p.model.kkt(p.factor_w(), p.factor_h()), 1.1 * tol + 100 * eps<T>);
  }
}

// ---- What is printed, and why it is not the default ----------------------------------------------------------------

// Numerators clipped at epsilon = 1e-7 instead of zero: with l1 terms the printed rule lets the objective rise, because
// an entry whose F is tiny is multiplied by epsilon / F; the minimiser of the majoriser over the orthant does not.
TYPED_TEST(Penalized, ClippedAsPrintedMayDiverge) {
  using T = TypeParam;
  for (const bool printed : {true, false}) {
    Problem<T> p(12, 10, 3, 30, ORTHANT_NMF_MURNMF);
    p.config.l1_w = 8, p.config.l1_h = 8;  // more than the data can hold: the factors go to zero
    p.model.Lw.fill(8);
    p.model.Lh.fill(8);
    p.misprints = printed ? ORTHANT_MISPRINT_CLIP : 0;
    Run<T> run(p, 1);
    double before = p.value();
    int rises = 0;
    orthant_report r{};
    int32_t clipped = 0;
    for (int i = 0; i < 300; ++i) {
      r = run();
      clipped = std::max(clipped, r.clipped);
      const double now = p.value();
      if (!(now <= before + 8 * p.rounding())) ++rises;
      before = now;
    }
    EXPECT_GT(clipped, 0);  // the report counts them
    EXPECT_TRUE(all_finite(p.W));  // overflow ends with the last finite iterate
    if (printed) EXPECT_GT(rises, 0);
    else EXPECT_EQ(rises, 0);
  }
}

// The curvature without its overlap term takes steps that are too long: near zero, where that term is most of it, the
// objective rises in most runs.  With all of the curvature it never does.
TYPED_TEST(Penalized, CurvatureAsPrintedAscends) {
  using T = TypeParam;
  int rising[2] = {};
  for (uint64_t seed = 0; seed < 100; ++seed)
    for (const int printed : {0, 1}) {
      Problem<T> p(10, 30, 3, seed, ORTHANT_NMF_AURNMF);
      p.shorthand(0, 0, 0.5, 0.5, ORTHANT_ORTHO_OBSERVATIONS);
      p.misprints = printed ? ORTHANT_MISPRINT_CURVATURE : 0;
      for (Matrix<T> *X : {&p.W, &p.H}) X->each([&](int32_t i, int32_t j) { return (*X)(i, j) * T(0.05); });
      Run<T> run(p, 1);
      double before = p.value();
      bool rose = false;
      for (int i = 0; i < 30; ++i) {
        run();
        const double now = p.value();
        rose = rose || now > before + 8 * p.rounding();
        before = now;
      }
      rising[printed] += rose;
    }
  EXPECT_EQ(rising[0], 0);
  EXPECT_GT(rising[1], 50);
}

// Zeros as printed stay: the error ends where the multiplicative method's does, orders above the default's.
TYPED_TEST(Penalized, DirectionAsPrintedStalls) {
  using T = TypeParam;
  double error[3];
  for (int k = 0; k < 3; ++k) {
    Problem<T> p(20, 16, 3, 31, k == 0 ? ORTHANT_NMF_MURNMF : ORTHANT_NMF_AURNMF);
    p.misprints = k == 1 ? ORTHANT_MISPRINT_DIRECTION : 0;
    p.set_zeros(1.0 / 3);
    error[k] = Run<T>(p, 2000)().objective;
  }
  EXPECT_NEAR(error[1], error[0], 0.2 * error[0]);
  EXPECT_LT(error[2], 0.2 * error[0]);
}

// ---- Running --------------------------------------------------------------------------------------------------------

TYPED_TEST(Penalized, TwoRunsAreOne) {
  using T = TypeParam;
  for (const Variant &v : variants) {
    SCOPED_TRACE(v.name);
    Problem<T> once(33, 44, 4, 15, v.method), twice = once;
    use(once, v), use(twice, v);
    for (Problem<T> *p : {&once, &twice}) p->pair_h(ORTHANT_SYMMETRIC, ORTHANT_DIAGONAL), p->l1(0.01, 0.02, true);
    const orthant_report r = Run<T>(once, 8)();
    Run<T> half(twice, 4);
    half();
    const orthant_report q = half();
    EXPECT_TRUE(once.W == twice.W && once.H == twice.H);
    EXPECT_EQ(r.objective, q.objective);
    EXPECT_EQ(r.kkt, q.kkt);
    EXPECT_EQ(r.iters, q.iters);
  }
}

TYPED_TEST(Penalized, EveryStart) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF})
    for (const int32_t start : nmf_starts_from_data()) {
      SCOPED_TRACE(testing::Message() << method_name(method) << " start " << start_name(start));
      Problem<T> p(25, 30, 3, 16, method);
      p.config.start = start;
      if (start >= ORTHANT_START_SUB && !supported(p.config)) continue;
      p.weights(ORTHANT_DIAGONAL, ORTHANT_DIAGONAL);
      p.shorthand(0.01, 0.01, 0, 0, ORTHANT_ORTHO_COMPONENTS);
      Run<T> run(p, 60);
      const double first = p.value();
      const orthant_report r = run();
      EXPECT_LT(p.value(), first);
      EXPECT_NEAR(r.objective, p.value(), 4 * p.rounding());
      EXPECT_LT(r.rel_error, 0.15);
    }
}

TYPED_TEST(Penalized, StopsWhereAsked) {
  using T = TypeParam;
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    const auto stop = [&](const auto &set, int32_t max_iter) {
      Problem<T> p(15, 17, 2, 17, method);
      set(p);
      const orthant_report r = Run<T>(p, max_iter)();
      EXPECT_NEAR(r.objective, p.value(), 4 * p.rounding());
      return r;
    };
    EXPECT_EQ(stop([](auto &p) { p.config.min_step = 1e-2; }, 5000).stop, ORTHANT_STOP_STEP);
    EXPECT_EQ(stop([](auto &p) { p.config.tol = 10; }, 5000).stop, ORTHANT_STOP_KKT);
    EXPECT_EQ(stop([](auto &p) { p.config.tol_obj = 1e-3; }, 5000).stop, ORTHANT_STOP_OBJECTIVE);
    EXPECT_EQ(stop([](auto &p) {
                p.config.progress = [](void *, const orthant_report *so_far) { return int32_t(so_far->iters == 7); };
              }, 100).iters, 7);
    const orthant_report none = stop([](auto &) {}, -1);
    EXPECT_EQ(none.iters, 0);
    EXPECT_GT(none.kkt, 0);
    // At zero nothing moves, and there the multiplicative method ends.
    if (method == ORTHANT_NMF_MURNMF) {
      EXPECT_EQ(stop([](auto &p) {
                  p.W.fill(0), p.H.fill(0);
                  p.config.min_step = 0;
                }, 100).iters, 1);
    }
  }
}

// Data of exact rank with weights: the sum from products is rounding, and the residual is formed.
TYPED_TEST(Penalized, SmallResidualsAreNotLostInCancellation) {
  using T = TypeParam;
  for (const int32_t a : {ORTHANT_IDENTITY, ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC})
    for (const int32_t b : {ORTHANT_SCALAR, ORTHANT_DIAGONAL, ORTHANT_SYMMETRIC}) {
      SCOPED_TRACE(testing::Message() << "weights " << a << " " << b);
      Problem<T> p(300, 21, 2, 18, ORTHANT_NMF_AURNMF);
      p.weights(a, b);
      p.V.set(p.W * p.H);
      p.model.V = Dense(p.V);
      const T close = T(1) + T(64) * std::numeric_limits<T>::epsilon();  // not equal
      p.W.each([&](int32_t i, int32_t k) { return p.W(i, k) * close; });
      const orthant_report r = Run<T>(p, -1)();
      // Formed in T, an entry of V - W H is off by roundings of itself and of the products, of which there are two.
      const double expected = p.value(), whole = dot(p.model.V, p.model.P * p.model.V * p.model.Q);
      EXPECT_LT(expected, 1e4 * eps<T> * eps<T> * whole);
      EXPECT_NEAR(r.objective, expected, 8 * eps<T> * sqrt(whole * expected) + 16 * eps<T> * eps<T> * whole);
      EXPECT_GT(r.objective, 0);
    }
}

// ---- Quadratic programs ---------------------------------------------------------------------------------------------

// 1/2 x'G x + d'x.
struct Quadratic {
  Dense G, d, x;
};
Quadratic quadratic(uint64_t seed, int32_t n) {
  Random random(seed);
  const Dense A = random_dense(random, 2 * n, n);
  Quadratic q{transposed(A) * A + identity(n, n), Dense(n, 1), Dense(n, 1)};
  q.d.each([&](int32_t, int32_t) { return -n * (0.1 + 0.9 * uniform(random)); });
  q.x.fill_uniform(random, 0.1);
  return q;
}
double value(const Quadratic &q) { return dot(q.x, q.G * q.x) / 2 + dot(q.x, q.d); }

TYPED_TEST(Penalized, QpEveryRuleDescends) {
  using T = TypeParam;
  for (int32_t rule = ORTHANT_QP_LEE_SEUNG; rule <= ORTHANT_QP_LEMMA_B; ++rule)
    for (uint64_t seed = 0; seed < 30; ++seed) {
      Quadratic q = quadratic(seed, 3 + int32_t(seed % 9));
      if (seed % 3 == 0) q.x(0, 0) = q.x(1, 0) = 0;
      q.G = Dense(Matrix<T>(q.G));
      q.d = Dense(Matrix<T>(q.d));
      orthant_qp_config c{};
      c.rule = rule, c.max_iter = 1, c.zero_tol = -1;
      double before = value(q), size = 0;
      for (int32_t i = 0; i < q.d.rows(); ++i) size += fabs(q.d(i, 0));
      for (int i = 0; i < 60; ++i) {
        // tau of the i-th iteration of one run
        c.tau = 1 - 0.5 * pow(0.75, i), c.anneal = -1;
        const orthant_report r = solve_qp<T>(c, q.G, q.d, q.x);
        const double now = value(q);
        EXPECT_LE(now, before + 16 * eps<T> * size * 2) << "rule " << rule << " seed " << seed << " step " << i;
        EXPECT_NEAR(r.objective, now, 16 * eps<T> * size * 2);
        EXPECT_TRUE(nonnegative(q.x));
        before = now;
      }
    }
}

// The direction of a rule (algorithms.md, "GIQPM"), entry by entry.
Dense direction_of(int32_t rule, const Quadratic &q) {
  const int32_t n = q.x.rows();
  const Dense Gx = q.G * q.x, g = Gx + q.d;
  Dense b(n, 1);
  b.each([&](int32_t i, int32_t) {
    return q.G(i, i) > 0 ? std::max(q.x(i, 0) + q.d(i, 0) / q.G(i, i), 0.0) : q.x(i, 0);
  });
  const Dense Gb = q.G * b;
  const auto over = [](double f) { return f > 0 ? f : 1; };
  return Dense(n, 1).each([&](int32_t i, int32_t) {
    const double x = q.x(i, 0), inside = -g(i, 0) * x / over(Gx(i, 0));
    switch (rule) {
      case ORTHANT_QP_LEE_SEUNG: return inside;
      case ORTHANT_QP_ESCAPE: return x > 0 ? inside : std::max(-g(i, 0), 0.0);
      case ORTHANT_QP_COMPLEMENTARITY: return -g(i, 0) * x;
      case ORTHANT_QP_SQRT: return -g(i, 0) * sqrt(x);
      case ORTHANT_QP_STEEPEST: return -g(i, 0);
      default: return -g(i, 0) * b(i, 0) / over(Gb(i, 0));
    }
  });
}
double relative_kkt(const Quadratic &q) {
  const Dense g = q.G * q.x + q.d;
  double residual = 0, size = 0;
  for (int32_t i = 0; i < q.x.rows(); ++i) {
    if (!(q.G(i, i) > 0)) continue;
    const double projected = q.x(i, 0) > 0 ? g(i, 0) : std::min(g(i, 0), 0.0);
    residual += projected * projected / q.G(i, i), size += q.d(i, 0) * q.d(i, 0) / q.G(i, i);
  }
  return sqrt(residual / size);
}

// Every rule, step by step; of the last order products are made in blocks of columns, and an entry has no curvature.
TYPED_TEST(Penalized, QpIteratesAreThoseOfTheEquations) {
  using T = TypeParam;
  if (sizeof(T) == 4) return;  // how far a step goes is decided by an entry that is nearly zero
  for (int32_t rule = ORTHANT_QP_LEE_SEUNG; rule <= ORTHANT_QP_LEMMA_B; ++rule)
    for (const int32_t n : {7, 20, 300})
      for (const bool full : {false, true}) {
        SCOPED_TRACE(std::to_string(rule) + ", order " + std::to_string(n));
        Quadratic q = quadratic(uint64_t(n), n);
        q.x(1, 0) = 0;
        for (int32_t i = 0; i < n && n == 300; ++i) q.G(i, 3) = q.G(3, i) = 0;
        if (n == 300) q.d(3, 0) = 0.01;
        orthant_qp_config c{};
        c.rule = rule, c.full_step = full, c.min_step = -1;
        Quadratic p = q;
        double tau = 0.5;
        for (int t = 1; t <= 4; ++t) {
          tau = 0.75 * tau + 0.25;
          const Dense h = direction_of(rule, p);
          double reach = HUGE_VAL;
          for (int32_t i = 0; i < n; ++i)
            if (h(i, 0) < 0) reach = std::min(reach, p.x(i, 0) / -h(i, 0));
          const double bend = dot(h, p.G * h);
          double length = full ? 1 : HUGE_VAL;
          if (!full && bend > 0) length = -dot(h, p.G * p.x + p.d) / bend;
          const double alpha = std::min(length, tau * reach);
          if (std::isfinite(alpha)) p.x = p.x + alpha * h;
          p.x.each([&](int32_t i, int32_t) { return p.x(i, 0) > 1e-9 ? p.x(i, 0) : 0; });
          Dense x = q.x;
          c.max_iter = t;
          const orthant_report r = solve_qp<T>(c, q.G, q.d, x);
          ASSERT_LE(difference(x, p.x), 1e-10) << t;
          EXPECT_NEAR(r.objective, value(p), 1e-10 * fabs(value(p)));
          EXPECT_NEAR(r.kkt, relative_kkt(p), 1e-9 * relative_kkt(p)) << t;
        }
      }
}

// In units so large or so small that squares of the gradient overflow or vanish.
TYPED_TEST(Penalized, QpKktDoesNotChangeWithTheUnit) {
  using T = TypeParam;
  if (sizeof(T) == 4) return;  // squares are taken in double
  for (const double unit : {1.0, 0x1p-300, 0x1p300}) {
    Quadratic q = quadratic(5, 6);
    q.d = unit * q.d, q.x = unit * q.x;
    orthant_qp_config c{};
    c.max_iter = 2, c.zero_tol = c.min_step = -1;
    const orthant_report r = solve_qp<T>(c, q.G, q.d, q.x);
    const Quadratic plain{q.G, (1 / unit) * q.d, (1 / unit) * q.x};
    EXPECT_NEAR(r.kkt, relative_kkt(plain), 1e-10) << unit;
    EXPECT_GT(r.kkt, 1e-6);
  }
}

// On strictly convex problems three rules reach the optimum; the others may stop at a boundary, and descend only.
TYPED_TEST(Penalized, QpReachesTheOptimum) {
  using T = TypeParam;
  for (const int32_t rule : {ORTHANT_QP_LEE_SEUNG, ORTHANT_QP_ESCAPE, ORTHANT_QP_COMPLEMENTARITY})
    for (uint64_t seed = 0; seed < 20; ++seed) {
      Quadratic q = quadratic(seed, 8);
      Random random(seed);
      Dense best = zeros(8, 1), multiplier = zeros(8, 1);  // strictly complementary: d = multiplier - G best
      for (int32_t i = 0; i < 8; ++i) (i % 3 == 0 ? multiplier : best)(i, 0) = 0.5 + uniform(random);
      q.d = multiplier - q.G * best;
      if (rule == ORTHANT_QP_ESCAPE) q.x(2, 0) = q.x(5, 0) = 0;
      orthant_qp_config c{};
      c.rule = rule;
      c.tol = sizeof(T) == 4 ? 1e-5 : 1e-9, c.min_step = -1;
      const orthant_report r = solve_qp<T>(c, q.G, q.d, q.x);
      EXPECT_EQ(r.stop, ORTHANT_STOP_KKT) << "rule " << rule << " seed " << seed << " kkt " << r.kkt;
      // kkt bounds the error in the norm of G times the condition of diag(G)^-1/2 G diag(G)^-1/2, below 10 here.
      EXPECT_LE(largest(q.x - best), 100 * c.tol + 1e-9) << "seed " << seed;
    }
}

TYPED_TEST(Penalized, QpZerosAndFallingWithoutBound) {
  using T = TypeParam;
  Quadratic q = quadratic(3, 6);
  q.x(1, 0) = q.x(4, 0) = 0;
  orthant_qp_config c{};
  solve_qp<T>(c, q.G, q.d, q.x);  // LEE_SEUNG: zeros stay
  EXPECT_EQ(q.x(1, 0), 0);
  EXPECT_EQ(q.x(4, 0), 0);
  // No curvature and no boundary ahead: no step.
  Quadratic open{zeros(2, 2), Dense(2, 1).fill(-1), Dense(2, 1).fill(1)};
  const orthant_report r = solve_qp<T>(c, open.G, open.d, open.x);
  EXPECT_EQ(r.stop, ORTHANT_STOP_STEP);
  EXPECT_EQ(r.iters, 0);
  EXPECT_EQ(open.x(0, 0), 1);
}

// The iteration that ends a run is shown to the caller like the others.
TYPED_TEST(Penalized, ProgressSeesTheLastIteration) {
  using T = TypeParam;
  struct Seen {
    int32_t calls = 0, last = 0;
  };
  const auto watch = [](void *user, const orthant_report *so_far) {
    Seen &seen = *static_cast<Seen *>(user);
    ++seen.calls;
    seen.last = so_far->iters;
    return int32_t(0);
  };
  Quadratic q = quadratic(3, 6);
  orthant_qp_config c{};
  Seen seen;
  c.min_step = 1e-2, c.progress = watch, c.user = &seen;
  orthant_report r = solve_qp<T>(c, q.G, q.d, q.x);
  EXPECT_EQ(r.stop, ORTHANT_STOP_STEP);
  EXPECT_GT(r.iters, 1);
  EXPECT_EQ(seen.calls, r.iters);
  EXPECT_EQ(seen.last, r.iters);
  for (const int32_t method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
    Problem<T> p(15, 17, 2, 17, method);
    seen = {};
    p.config.min_step = 1e-2, p.config.progress = watch, p.config.user = &seen;
    r = Run<T>(p, 5000)();
    EXPECT_EQ(r.stop, ORTHANT_STOP_STEP);
    EXPECT_EQ(seen.calls, r.iters);
    EXPECT_EQ(seen.last, r.iters);
  }
}

}  // namespace
}  // namespace orthant::test
