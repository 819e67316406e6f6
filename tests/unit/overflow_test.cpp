// Iterations that overflow: whatever comes back with OK is finite and was an iterate, and later runs behave.
//
// Factors of 1e-9 or 1e9 (f64: to the eighth power) for data of 1e10 or 1e18 make products that leave the range at one
// iteration or another.  Each case is run for 1, 2, ... iterations, and again stopped by its progress function after
// each: where a run ends with NONFINITE, its factors are those of a shorter one.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "kinds.hpp"
#include "nmf_run.hpp"

namespace orthant::test {
namespace {

constexpr int32_t rows = 15, cols = 17, rank = 3, longest = 20;

// What a run leaves: the status, the report, and all factors one after another.
template <class T>
struct Outcome {
  orthant_status start = ORTHANT_OK, run = ORTHANT_OK, again = ORTHANT_OK;
  orthant_report report = empty_report(), later = empty_report();
  std::vector<T> factors, later_factors;
  std::vector<std::vector<T>> seen;  // by the progress function
};
template <class T>
bool all_finite(const std::vector<T> &x) {
  for (const T v : x)
    if (!std::isfinite(v)) return false;
  return true;
}

// How a case is to be run: most iterations; with a progress function, which stops it after so many, 0: never.
struct Ask {
  int32_t iterations;
  bool watched;
  int32_t stop_after;
};

// The progress function: `see` copies each iterate.
struct Watch {
  int32_t stop_after = 0;
  std::function<void()> see;
  static int32_t progress(void *user, const orthant_report *so_far) {
    const Watch &w = *static_cast<Watch *>(user);
    if (w.see) w.see();
    return w.stop_after > 0 && so_far->iters >= w.stop_after;
  }
};
template <class T>
using Case = std::function<Outcome<T>(const Ask &)>;

// Ends with NONFINITE of all cases of a test, which must have some: else it has not tested what it should.
struct Tally {
  int overflows = 0;
  bool reports = true;  // what was kept is what the report is of
};

template <class T>
void check(const Case<T> &run, Tally *tally) {
  const Outcome<T> begin = run({-1, false, 0});
  if (begin.start != ORTHANT_OK) {
    EXPECT_EQ(begin.start, ORTHANT_E_DATA);
    return;
  }
  EXPECT_TRUE(all_finite(begin.factors));
  const Outcome<T> whole = run({longest, true, 0});
  std::vector<std::vector<T>> iterates = whole.seen;
  for (const auto &x : iterates) EXPECT_TRUE(all_finite(x));
  iterates.push_back(begin.factors);
  const auto known = [&](const std::vector<T> &x) {
    for (const auto &y : iterates)
      if (x.size() == y.size() && memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0) return true;
    return false;
  };
  const bool overflows = whole.report.stop == ORTHANT_STOP_NONFINITE;
  for (int32_t k = 1; k <= longest; ++k) {
    if (!overflows && k > 2 && k < longest) continue;  // but for their last iteration they are the whole one
    std::vector<std::vector<T>> ends;
    for (const Ask ask : {Ask{k, false, 0}, {k, true, 0}, {longest, true, k}}) {
      SCOPED_TRACE(std::to_string(ask.iterations) + " iterations, " + (ask.watched ? "watched" : "unwatched") +
                   ", stopped after " + std::to_string(ask.stop_after));
      const Outcome<T> o = run(ask);
      EXPECT_EQ(o.run, ORTHANT_OK);
      EXPECT_TRUE(all_finite(o.factors));
      if (o.report.stop == ORTHANT_STOP_NONFINITE) {
        ++tally->overflows;
        EXPECT_TRUE(known(o.factors));
        EXPECT_TRUE(std::isfinite(o.report.objective) || !tally->reports);
      } else {
        ends.push_back(o.factors);
      }
      EXPECT_TRUE(o.again == ORTHANT_OK ? all_finite(o.later_factors) : o.again == ORTHANT_E_DATA);
    }
    for (auto &x : ends) iterates.push_back(std::move(x));
  }
}

template <class T>
void append(const Matrix<T> &X, std::vector<T> &to) {
  EXPECT_TRUE(X.intact());
  X.visit([&](int32_t i, int32_t j) { to.push_back(X(i, j)); });
}

// A power of ten of f32, and its eighth power in f64.
template <class T>
double far(double exponent) { return pow(10, sizeof(T) == 4 ? exponent : 8 * exponent); }

// data x left x right: exponents of ten.
template <class T, class Body>
void each_scale(const Body &body) {
  for (const double data : {0., 10., 18.})
    for (const double left : {-18., -9., 0., 9.})
      for (const double right : {-18., -9., 0., 9.}) {
        SCOPED_TRACE("data 1e" + std::to_string(int(data)) + ", factors 1e" + std::to_string(int(left)) + " and 1e" +
                     std::to_string(int(right)));
        body(far<T>(data), far<T>(left), far<T>(right));
      }
}

// The two factors of a noun with start and run, from given ones.
template <class T, class Start, class Run>
Outcome<T> two_factors(double left, double right, bool any_sign, Watch *watch, const Start &start, const Run &run) {
  Outcome<T> o;
  Matrix<T> W(rows, rank), H(rank, cols);
  Random random(7);
  const auto fill = [&](Matrix<T> &X, double scale) {
    X.each([&](int32_t, int32_t) { return scale * (any_sign ? normal(random) : 0.1 + uniform(random)); });
  };
  fill(W, left);
  fill(H, right);
  o.start = start(W, H);
  if (o.start != ORTHANT_OK) return o;
  watch->see = [&] { o.seen.emplace_back(), append(W, o.seen.back()), append(H, o.seen.back()); };
  o.run = run(W, H, &o.report);
  watch->see = nullptr;
  append(W, o.factors), append(H, o.factors);
  o.again = run(W, H, &o.later);
  append(W, o.later_factors), append(H, o.later_factors);
  return o;
}

template <class Config>
void prepare(const Ask &ask, Watch *watch, Config *c) {
  c->size = sizeof *c;
  c->max_iter = ask.iterations;
  watch->stop_after = ask.stop_after;
  if (ask.watched) c->progress = Watch::progress, c->user = watch;
}

template <class T>
class Overflow : public testing::Test {};
TYPED_TEST_SUITE(Overflow, Types, TypeNames);

template <class T>
Matrix<T> &matrix(Matrix<T> &V, double scale, double zeros) {
  Random random(9);
  V.each([&](int32_t, int32_t) {
    const bool zero = uniform(random) < zeros;
    const double x = scale * (0.1 + uniform(random));
    return zero ? 0 : x;
  });
  return V;
}

template <class T>
void check_nmf(int32_t method, int32_t loss, double beta, double zeros, Tally *tally, int32_t kind = ORTHANT_DENSE) {
  SCOPED_TRACE(method_name(method) + ", " + loss_name(loss) + ", beta " + std::to_string(beta) + ", " +
               kind_names[kind]);
  each_scale<T>([&](double data, double left, double right) {
    Matrix<T> V(rows, cols);
    matrix(V, data, zeros);
    check<T>([&](const Ask &ask) {
      orthant_nmf_config c{};
      Watch watch;
      prepare(ask, &watch, &c);
      c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.loss = loss, c.beta = beta, c.tol = -1;
      c.start = ORTHANT_START_GIVEN, c.min_step = -1, c.data = kind;
      const Placed<typename Api<T>::Nmf> placed(Api<T>::nmf_size, Api<T>::nmf_init, c);
      auto *s = placed.get();
      auto data_of_kind = view(V);
      data_of_kind.kind = kind;
      return two_factors<T>(
          left, right, false, &watch,
          [&](auto &W, auto &H) { return Api<T>::nmf_start(s, &data_of_kind, W.data(), W.ld(), H.data(), H.ld()); },
          [&](auto &W, auto &H, auto *r) {
            return Api<T>::nmf_run(s, &data_of_kind, W.data(), W.ld(), H.data(), H.ld(), r);
          });
    }, tally);
  });
}

TYPED_TEST(Overflow, NmfByEveryMethod) {
  using T = TypeParam;
  const std::vector<int32_t> masked = half_step_methods();
  for (const int32_t method : with_default(methods_of_loss(ORTHANT_LOSS_FROBENIUS))) {
    Tally tally;
    check_nmf<T>(method, ORTHANT_LOSS_FROBENIUS, 0, 0.3, &tally);
    if (std::find(masked.begin(), masked.end(), method) != masked.end())
      check_nmf<T>(method, ORTHANT_LOSS_FROBENIUS, 0, 0.3, &tally, ORTHANT_MASKED);
    // MINVOL takes no step that it has not judged.
    if (method != ORTHANT_NMF_MINVOL) EXPECT_GT(tally.overflows, 0) << method_name(method);
  }
}

// Their updates leave an entry whose factor is not finite, and so all factors are finite.
TYPED_TEST(Overflow, NmfOfEveryLoss) {
  using T = TypeParam;
  Tally tally;
  const auto every_method = [&](int32_t loss, double beta, double zeros) {
    for (const int32_t method : methods_of_loss(loss, beta)) check_nmf<T>(method, loss, beta, zeros, &tally);
  };
  every_method(ORTHANT_LOSS_KL, 0, 0.3);
  every_method(ORTHANT_LOSS_IS, 0, 0);
  for (const double beta : {-1., 0.5, 1.5, 2., 3.}) every_method(ORTHANT_LOSS_BETA, beta, beta > 0 ? 0.3 : 0);
}

TYPED_TEST(Overflow, ReluDecompositionByEveryMethod) {
  using T = TypeParam;
  for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method) {
    SCOPED_TRACE("method " + std::to_string(method));
    Tally tally;
    for (const double alpha : {0., 1.})
      each_scale<T>([&](double data, double left, double right) {
        SCOPED_TRACE("alpha " + std::to_string(alpha));
        Matrix<T> M(rows, cols);
        matrix(M, data, 0.5);
        check<T>([&](const Ask &ask) {
          orthant_relu_nmd_config c{};
          Watch watch;
          prepare(ask, &watch, &c);
          c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = ORTHANT_RELU_START_GIVEN;
          c.tol = c.tol_obj = -1, c.alpha = alpha;
              const Placed<typename Api<T>::ReluNmd> placed(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c);
          auto *s = placed.get();
          const auto matrix_view = view(M);
          return two_factors<T>(
              left, right, true, &watch,
              [&](auto &U, auto &V) {
                return Api<T>::relu_nmd_start(s, &matrix_view, U.data(), U.ld(), V.data(), V.ld());
              },
              [&](auto &U, auto &V, auto *r) {
                return Api<T>::relu_nmd_run(s, &matrix_view, U.data(), U.ld(), V.data(), V.ld(), r);
              });
        }, &tally);
      });
    if (method == ORTHANT_RELU_NMD_QN || method == ORTHANT_RELU_NMD_3B) EXPECT_GT(tally.overflows, 0) << method;
  }
}

// One factor of a symmetric matrix.
template <class T, class Start, class Run>
Outcome<T> one_factor(double scale, Watch *watch, const Start &start, const Run &run) {
  Outcome<T> o;
  Matrix<T> U(rows, rank);
  Random random(7);
  U.each([&](int32_t, int32_t) { return scale * (0.1 + uniform(random)); });
  o.start = start(U);
  if (o.start != ORTHANT_OK) return o;
  watch->see = [&] { o.seen.emplace_back(), append(U, o.seen.back()); };
  o.run = run(U, &o.report);
  watch->see = nullptr;
  append(U, o.factors);
  o.again = run(U, &o.later);
  append(U, o.later_factors);
  return o;
}
template <class T, class Body>
void each_symmetric(const Body &body) {
  for (const double data : {0., 10., 18.})
    for (const double factor : {-18., -9., 0., 9.})
      for (const double lambda : {0., -30., 30.}) {
        SCOPED_TRACE("data 1e" + std::to_string(int(data)) + ", factor 1e" + std::to_string(int(factor)) +
                     ", lambda 1e" + std::to_string(int(lambda)));
        Matrix<T> X(rows, rows);
        matrix(X, far<T>(data), 0.3);
        for (int32_t j = 0; j < rows; ++j)
          for (int32_t i = 0; i < j; ++i) X(j, i) = X(i, j);
        body(X, far<T>(factor), lambda == 0 ? 0 : far<T>(lambda));
      }
}

TYPED_TEST(Overflow, SymmetricNmfByEveryMethod) {
  using T = TypeParam;
  for (int32_t method = 0; method <= ORTHANT_SYMNMF_PGD; ++method) {
    SCOPED_TRACE("method " + std::to_string(method));
    Tally tally;
    each_symmetric<T>([&](Matrix<T> &X, double factor, double lambda) {
      check<T>([&](const Ask &ask) {
        orthant_symnmf_config c{};
        Watch watch;
        prepare(ask, &watch, &c);
        c.n = rows, c.rank = rank, c.method = method, c.start = ORTHANT_SYMNMF_START_GIVEN, c.lambda = lambda;
        c.tol = -1;
          const Placed<typename Api<T>::Symnmf> placed(Api<T>::symnmf_size, Api<T>::symnmf_init, c);
        auto *s = placed.get();
        const auto matrix_view = view(X);
        return one_factor<T>(
            factor, &watch, [&](auto &U) { return Api<T>::symnmf_start(s, &matrix_view, U.data(), U.ld()); },
            [&](auto &U, auto *r) { return Api<T>::symnmf_run(s, &matrix_view, U.data(), U.ld(), r); });
      }, &tally);
    });
    const bool in_place = method <= ORTHANT_SYMNMF_HALS || method == ORTHANT_SYMNMF_FIXED_POINT;
    if (in_place) EXPECT_GT(tally.overflows, 0) << method;
  }
}

// The net writes the factor at the end of a run alone, and after overflow its report has no number for that of before.
TYPED_TEST(Overflow, SymmetricNet) {
  using T = TypeParam;
  Tally tally;
  tally.reports = false;
  for (const double rate : {0., 1e9})
    each_symmetric<T>([&](Matrix<T> &X, double factor, double lambda) {
      check<T>([&](const Ask &ask) {
        orthant_symnet_config c{};
        Watch watch;
        prepare(ask, &watch, &c);
        c.n = rows, c.rank = rank, c.start = ORTHANT_SYMNMF_START_GIVEN, c.layers = 3, c.lambda = lambda;
        c.rate = rate, c.lambda_bound = ORTHANT_SYMNET_FREE, c.epochs = longest;
          const Placed<typename Api<T>::Symnet> placed(Api<T>::symnet_size, Api<T>::symnet_init, c);
        auto *s = placed.get();
        const auto matrix_view = view(X);
        return one_factor<T>(
            factor, &watch, [&](auto &U) { return Api<T>::symnet_start(s, &matrix_view, U.data(), U.ld()); },
            [&](auto &U, auto *r) { return Api<T>::symnet_run(s, &matrix_view, U.data(), U.ld(), r); });
      }, &tally);
    });
  EXPECT_GT(tally.overflows, 0);
}

TYPED_TEST(Overflow, QuadraticProgramByEveryRule) {
  using T = TypeParam;
  constexpr int32_t n = 11;
  for (int32_t rule = 0; rule <= ORTHANT_QP_LEMMA_B; ++rule) {
    Tally tally;
    for (const int32_t full_step : {0, 1})
      each_scale<T>([&](double scale, double linear, double point) {
        SCOPED_TRACE("rule " + std::to_string(rule) + ", full step " + std::to_string(full_step));
        Matrix<T> G(n, n);
        matrix(G, scale, 0.3);
        for (int32_t j = 0; j < n; ++j)
          for (int32_t i = 0; i < j; ++i) G(j, i) = G(i, j);
        check<T>([&](const Ask &ask) {
          orthant_qp_config c{};
          Watch watch;
          prepare(ask, &watch, &c);
          c.n = n, c.rule = rule, c.full_step = full_step, c.min_step = -1;
              const Placed<typename Api<T>::Qp> placed(Api<T>::qp_size, Api<T>::qp_init, c);
          auto *s = placed.get();
          Matrix<T> d(n, 1), x(n, 1);
          Random random(3);
          d.each([&](int32_t, int32_t) { return linear * (uniform(random) - 0.7); });
          x.each([&](int32_t, int32_t) { return point * (0.1 + uniform(random)); });
          Outcome<T> o;
          const auto run = [&](orthant_report *r) {
            return Api<T>::qp_run(s, G.data(), G.ld(), d.data(), x.data(), r);
          };
          watch.see = [&] { o.seen.emplace_back(), append(x, o.seen.back()); };
          o.run = run(&o.report);
          watch.see = nullptr;
          if (o.run == ORTHANT_E_DATA) return o.start = ORTHANT_E_DATA, o;
          append(x, o.factors);
          o.again = run(&o.later);
          append(x, o.later_factors);
          return o;
        }, &tally);
      });
    if (rule <= ORTHANT_QP_ESCAPE) EXPECT_GT(tally.overflows, 0) << rule;
  }
}

}  // namespace
}  // namespace orthant::test
