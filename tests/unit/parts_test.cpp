// What handles hold: get gives what the definitions say, set is taken by what runs next.
#include <algorithm>

#include "nmf_run.hpp"
#include "reference.hpp"
#include "symmetric.hpp"

namespace orthant::test {
namespace {

template <class Get, class Handle>
std::vector<double> part_of(Get get, Handle *s, int32_t part) {
  size_t count = 0;
  EXPECT_EQ(get(s, part, nullptr, 0, &count), ORTHANT_OK) << part;
  std::vector<double> out(count, -1.0);
  if (count > 1) EXPECT_EQ(get(s, part, out.data(), count - 1, &count), ORTHANT_E_SCRATCH);
  EXPECT_EQ(get(s, part, out.data(), count, &count), ORTHANT_OK);
  return out;
}
Matrix<double> as_matrix(const std::vector<double> &x, int32_t rows) {
  return Matrix<double>(rows, int32_t(x.size()) / rows).each([&](int32_t i, int32_t k) {
    return x[size_t(i + rows * k)];
  });
}

template <class T>
class Parts : public testing::Test {
 protected:
  Random random{8};
  std::vector<double> numbers(size_t n) {
    std::vector<double> x(n);
    for (double &value : x) value = double(T(0.2 + uniform(random)));
    return x;
  }
};
TYPED_TEST_SUITE(Parts, Types, TypeNames);

// One sweep over V from the V that was set, then U: V_k <- max(0, V_k + (F_k - V G_k) / G_kk).
Matrix<double> sweep(const Matrix<double> &X, const Matrix<double> &C, Matrix<double> A, double lambda) {
  const int32_t n = X.rows(), r = C.cols();
  const Matrix<double> G = transposed(C) * C, F = X * C + lambda * C;
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < n; ++i) {
      double d = F(i, k) - lambda * A(i, k);
      for (int32_t l = 0; l < r; ++l) d -= A(i, l) * G(l, k);
      A(i, k) = std::max(0.0, A(i, k) + d / (G(k, k) + lambda));
    }
  return A;
}

TYPED_TEST(Parts, OfSymmetricNmf) {
  using T = TypeParam;
  const int32_t n = 14, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  const auto get = Api<T>::symnmf_get;
  const auto set = Api<T>::symnmf_set;
  size_t count = 0;
  auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_HALS, 1);
  SymnmfRun<T> hals(X, c);
  EXPECT_EQ(get(hals.handle(), ORTHANT_PART_FACTOR, nullptr, 0, &count), ORTHANT_E_ARG);  // before a start
  ASSERT_EQ(hals.start(), ORTHANT_OK);
  EXPECT_TRUE(as_matrix(part_of(get, hals.handle(), ORTHANT_PART_FACTOR), n) == Matrix<double>(hals.U));
  const std::vector<double> V0 = this->numbers(size_t(n * r));
  const double lambda = part_of(get, hals.handle(), ORTHANT_PART_PENALTY)[0];
  ASSERT_EQ(set(hals.handle(), ORTHANT_PART_FACTOR, V0.data(), V0.size()), ORTHANT_OK);
  const Matrix<double> V = sweep(Matrix<double>(X), Matrix<double>(hals.U), as_matrix(V0, n), lambda);
  const Matrix<double> U = sweep(Matrix<double>(X), V, Matrix<double>(hals.U), lambda);
  hals.run();
  EXPECT_LE(largest(hals.U - U), 1e3 * n * unit_roundoff<T>);
  EXPECT_LE(largest(as_matrix(part_of(get, hals.handle(), ORTHANT_PART_FACTOR), n) - V), 1e3 * n * unit_roundoff<T>);
  EXPECT_EQ(set(hals.handle(), ORTHANT_PART_PENALTY, &lambda, 1), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(set(hals.handle(), ORTHANT_PART_FACTOR, V0.data(), V0.size() - 1), ORTHANT_E_ARG);
  EXPECT_EQ(get(hals.handle(), ORTHANT_PART_MULTIPLIER, nullptr, 0, &count), ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(get(hals.handle(), 0, nullptr, 0, &count), ORTHANT_E_ARG);
  std::vector<double> bad = V0;
  bad[2] = -1;
  const std::vector<double> before = part_of(get, hals.handle(), ORTHANT_PART_FACTOR);
  EXPECT_EQ(set(hals.handle(), ORTHANT_PART_FACTOR, bad.data(), bad.size()), ORTHANT_E_DATA);
  EXPECT_EQ(part_of(get, hals.handle(), ORTHANT_PART_FACTOR), before);

  // Lambda grows by rho (U - A) in each iteration.
  c.method = ORTHANT_SYMNMF_ADMM;
  SymnmfRun<T> admm(X, c);
  ASSERT_EQ(admm.start(), ORTHANT_OK);
  std::vector<double> L(size_t(n * r), 0.5);
  ASSERT_EQ(set(admm.handle(), ORTHANT_PART_MULTIPLIER, L.data(), L.size()), ORTHANT_OK);
  admm.run();
  const Matrix<double> A = as_matrix(part_of(get, admm.handle(), ORTHANT_PART_FACTOR), n);
  const double rho = part_of(get, admm.handle(), ORTHANT_PART_PENALTY)[0];
  EXPECT_EQ(rho, 10);
  const Matrix<double> expected = as_matrix(L, n) + rho * (Matrix<double>(admm.U) - A);
  EXPECT_LE(largest(as_matrix(part_of(get, admm.handle(), ORTHANT_PART_MULTIPLIER), n) - expected),
            1e3 * unit_roundoff<T>);
  EXPECT_EQ(part_of(get, admm.handle(), ORTHANT_PART_THETA)[0], 0);
  c.penalty = ORTHANT_PENALTY_SUFFICIENT;
  SymnmfRun<T> theory(X, c);
  ASSERT_EQ(theory.start(), ORTHANT_OK);
  double theta = 0;
  for (int32_t k = 0; k < n; ++k) {
    double squares = 0;
    for (int32_t i = 0; i < n; ++i) squares += double(X(i, k)) * double(X(i, k));
    theta = std::max(theta, 0.5 * (double(X(k, k)) + sqrt(squares)));
  }
  EXPECT_NEAR(part_of(get, theory.handle(), ORTHANT_PART_THETA)[0], theta, 1e2 * unit_roundoff<T>);
}

// Q'Q = I, X Q = Q diag(q), and 1 - |q|^2 / |X|^2 is the bound of E.
TYPED_TEST(Parts, EigenvectorsOfSymmetricNmf) {
  using T = TypeParam;
  const int32_t n = 14, r = 3;
  Matrix<T> X(n, n), zero(n, n);
  fill_graph(X, r, this->random);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i) zero(i, j) = 0;
  const auto get = Api<T>::symnmf_get;
  size_t count = 0;
  auto c = SymnmfRun<T>::config(n, r, ORTHANT_SYMNMF_HALS, -1);
  SymnmfRun<T> without(X, c);
  ASSERT_EQ(without.start(), ORTHANT_OK);
  EXPECT_EQ(get(without.handle(), ORTHANT_PART_EIGENVECTORS, nullptr, 0, &count), ORTHANT_E_UNSUPPORTED);
  c.bound = 1;
  SymnmfRun<T> s(X, c), nothing(zero, c);
  EXPECT_EQ(get(s.handle(), ORTHANT_PART_EIGENVECTORS, nullptr, 0, &count), ORTHANT_E_ARG);  // before a start
  ASSERT_EQ(s.start(), ORTHANT_OK);
  ASSERT_EQ(nothing.start(), ORTHANT_OK);
  EXPECT_EQ(get(nothing.handle(), ORTHANT_PART_EIGENVECTORS, nullptr, 0, &count), ORTHANT_E_ARG);
  const Matrix<double> Q = as_matrix(part_of(get, s.handle(), ORTHANT_PART_EIGENVECTORS), n);
  ASSERT_EQ(Q.cols(), r);
  const Matrix<double> XQ = Matrix<double>(X) * Q, R = transposed(Q) * XQ, G = transposed(Q) * Q;
  double squares = 0;
  for (int32_t k = 0; k < r; ++k) {
    squares += R(k, k) * R(k, k);
    if (k > 0) EXPECT_GE(R(k - 1, k - 1), R(k, k) - 1e-3);
    for (int32_t l = 0; l < r; ++l) EXPECT_NEAR(G(k, l), k == l, 1e3 * unit_roundoff<T>);
  }
  EXPECT_LE(largest(XQ - Q * R), 0.02);
  EXPECT_NEAR(s.run().bound, 1 - squares / norm2(Matrix<double>(X)), 1e-4);
}

TYPED_TEST(Parts, OfNmf) {
  using T = TypeParam;
  Matrix<T> V(9, 12);
  V.fill_uniform(this->random);
  // lambda = volume |V - W H|^2 / |log det(W'W + delta I)| at the start: of rank one the determinant is a number.
  auto c = nmf_config(1, ORTHANT_NMF_MINVOL, ORTHANT_START_COLS, -1);
  NmfRun<T> minvol(V, c);
  const auto get = Api<T>::nmf_get;
  ASSERT_EQ(minvol.start(), ORTHANT_OK);
  const double volume = fabs(log(norm2(minvol.W) + 0.1));
  EXPECT_NEAR(part_of(get, minvol.handle(), ORTHANT_PART_PENALTY)[0],
              0.1 * 2 * half_squares(V, minvol.W, minvol.H) / volume, 1e3 * unit_roundoff<T>);
  size_t count = 0;
  EXPECT_EQ(get(minvol.handle(), ORTHANT_PART_INNER_TOL, nullptr, 0, &count), ORTHANT_E_UNSUPPORTED);
}

TEST(Parts, AnInnerToleranceIsOfOneProcess) {
  orthant_reduce alone = {sizeof alone, 0, 1, 0, 12, 0, [](void *, void *, int32_t, int32_t) { return 0; }, nullptr};
  const Matrix<double> V = Matrix<double>(9, 12).fill(1);
  auto c = nmf_config(2, ORTHANT_NMF_AOADMM, ORTHANT_START_COLS, 1);
  c.reduce = &alone;
  NmfRun<double> run(V, c);
  size_t count = 0;
  EXPECT_EQ(orthant_nmf_get_f64(run.handle(), ORTHANT_PART_INNER_TOL, nullptr, 0, &count), ORTHANT_E_UNSUPPORTED);
}

// The half step for H written out: until |X - Z|^2 < tol |X|^2 and |X - X_before|^2 < tol |U|^2.
TYPED_TEST(Parts, OfAoadmm) {
  using T = TypeParam;
  Matrix<T> V(9, 12), W(9, 2);
  W.fill_uniform(this->random);
  V.each([&](int32_t i, int32_t j) {  // one entry of each column of H wants to be negative: U is not zero
    return std::max(T(0), 2 * W(i, j % 2) - W(i, 1 - j % 2)) + T(0.1) * T(uniform(this->random));
  });
  const Matrix<double> G = transposed(W) * W, F = transposed(W) * V;
  const double rho = 0.5 * (G(0, 0) + G(1, 1));
  int32_t last = 0;
  for (const double tol : {0.0, 0.3, 1e-3}) {
    Matrix<double> X = Matrix<double>(2, 12).fill(1), U = Matrix<double>(2, 12).fill(0);
    int32_t steps = 0;
    for (bool settled = false; steps < 60 && !settled; ++steps) {
      const Matrix<double> before = X, Z = solve(G, F + rho * (X + U), rho);
      X.each([&](int32_t i, int32_t j) { return std::max(0.0, Z(i, j) - U(i, j)); });
      U = U + X - Z;
      settled = norm2(X - Z) < tol * norm2(X) && norm2(X - before) < tol * norm2(U);
    }
    EXPECT_EQ(steps == 60, tol == 0);
    EXPECT_NE(steps, last);
    last = steps;
    auto c = nmf_config(2, ORTHANT_NMF_AOADMM, ORTHANT_START_GIVEN, 1);
    c.fixed_w = 1, c.sweeps = 60;
    NmfRun<T> run(V, c);
    run.W.set(W);
    run.H.fill(1);
    EXPECT_EQ(part_of(Api<T>::nmf_get, run.handle(), ORTHANT_PART_INNER_TOL)[0], 0);
    ASSERT_EQ(Api<T>::nmf_set(run.handle(), ORTHANT_PART_INNER_TOL, &tol, 1), ORTHANT_OK);
    ASSERT_EQ(run.start(), ORTHANT_OK);
    run.run();
    EXPECT_LE(largest(run.H - X), 1e4 * unit_roundoff<T>) << tol << ": " << steps;
  }
}

TYPED_TEST(Parts, OfEmNmd) {
  using T = TypeParam;
  Matrix<T> M(6, 7), U(6, 2), V(2, 7);
  M.each([&](int32_t, int32_t) { return std::max(0.0, uniform(this->random) - 0.4); });
  orthant_relu_nmd_config c{};
  c.size = sizeof c, c.rows = 6, c.cols = 7, c.rank = 2, c.method = ORTHANT_RELU_NMD_EM;
  Placed<typename Api<T>::ReluNmd> em(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c);
  const auto data = view(M);
  ASSERT_EQ(Api<T>::relu_nmd_start(em.get(), &data, U.data(), U.ld(), V.data(), V.ld()), ORTHANT_OK);
  EXPECT_NEAR(part_of(Api<T>::relu_nmd_get, em.get(), ORTHANT_PART_VARIANCE)[0], norm2(M) / 42 - mean(M) * mean(M),
              50 * unit_roundoff<T>);
}

// Four pixels in a plane and one inside: the best triangle has the largest area, whatever triangle it begins with.
TYPED_TEST(Parts, OfNfindr) {
  using T = TypeParam;
  Matrix<T> Y(3, 5);
  const double at[5][2] = {{0, 0}, {4, 0}, {0, 3}, {1, 1}, {2.5, 2.5}};
  Y.each([&](int32_t i, int32_t j) { return i < 2 ? at[j][i] + 1 : 1.0; });
  orthant_endmembers_config c{};
  c.size = sizeof c, c.bands = 3, c.pixels = 5, c.endmembers = 3, c.method = ORTHANT_ENDMEMBERS_NFINDR;
  Placed<typename Api<T>::Endmembers> nfindr(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
  const auto get = Api<T>::endmembers_get;
  Matrix<T> E(3, 3);
  int32_t pixel[3];
  const auto image = view(Y);
  const auto run = [&] {
    EXPECT_EQ(Api<T>::endmembers_run(nfindr.get(), &image, nullptr, 0, E.data(), E.ld(), pixel), ORTHANT_OK);
    std::sort(pixel, pixel + 3);
  };
  const auto area = [&](const int32_t *p) {
    const double *a = at[p[0]], *b = at[p[1]], *d = at[p[2]];
    return 0.5 * fabs((b[0] - a[0]) * (d[1] - a[1]) - (d[0] - a[0]) * (b[1] - a[1]));
  };
  double best = 0;
  for (int32_t i = 0; i < 5; ++i)
    for (int32_t j = 0; j < i; ++j)
      for (int32_t k = 0; k < j; ++k) {
        const int32_t p[] = {i, j, k};
        best = std::max(best, area(p));
      }
  run();
  EXPECT_NEAR(part_of(get, nfindr.get(), ORTHANT_PART_VOLUME)[0], best, 1e3 * unit_roundoff<T>);
  EXPECT_NEAR(area(pixel), best, 1e-12);
  c.max_iter = 1;
  const std::vector<double> start{3, 1, 4};
  ASSERT_EQ(Api<T>::endmembers_set(nfindr.get(), ORTHANT_PART_PIXELS, start.data(), 3), ORTHANT_OK);
  run();
  EXPECT_EQ(part_of(get, nfindr.get(), ORTHANT_PART_PIXELS), start);
  EXPECT_NEAR(part_of(get, nfindr.get(), ORTHANT_PART_VOLUME)[0], area(pixel), 1e3 * unit_roundoff<T>);
  const double wrong[] = {0, 1, 5}, half[] = {0, 1, 2.5};
  EXPECT_EQ(Api<T>::endmembers_set(nfindr.get(), ORTHANT_PART_PIXELS, wrong, 3), ORTHANT_E_DATA);
  EXPECT_EQ(Api<T>::endmembers_set(nfindr.get(), ORTHANT_PART_PIXELS, half, 3), ORTHANT_E_DATA);
}

// Whether a gradient is that of differences of the loss, along eight parameters; and that learn = 2 changes nothing.
template <class T, class Handle, class Get, class Set, class Loss>
void expect_gradient(Handle *s, Get get, Set set, const Loss &loss) {
  const std::vector<double> at = part_of(get, s, ORTHANT_PART_PARAMETERS);
  loss(2);
  EXPECT_EQ(part_of(get, s, ORTHANT_PART_PARAMETERS), at);
  const std::vector<double> g = part_of(get, s, ORTHANT_PART_GRADIENT);
  ASSERT_EQ(g.size(), at.size());
  double top = 0;
  for (const double x : g) top = std::max(top, fabs(x));
  EXPECT_GT(top, 0);
  if (sizeof(T) == 4) return;  // differences say nothing there
  for (size_t k = 0; k < 8; ++k) {
    const size_t i = k * (at.size() - 1) / 7;
    std::vector<double> moved = at;
    double f[2];
    const double h = 1e-5;
    for (const int side : {0, 1}) {
      moved[i] = at[i] + (side == 0 ? h : -h);
      ASSERT_EQ(set(s, ORTHANT_PART_PARAMETERS, moved.data(), moved.size()), ORTHANT_OK);
      f[side] = loss(0);
    }
    EXPECT_NEAR(g[i], (f[0] - f[1]) / (2 * h), 1e-6 * std::max(1.0, top)) << i;
  }
  ASSERT_EQ(set(s, ORTHANT_PART_PARAMETERS, at.data(), at.size()), ORTHANT_OK);
}

TYPED_TEST(Parts, OfTheTrainingOfNalmu) {
  using T = TypeParam;
  const int32_t m = 5, r = 2, n = 6, layers = 3;
  orthant_nalmu_train_config c{};
  c.size = sizeof c, c.bands = m, c.endmembers = r, c.columns = n, c.layers = layers, c.factors = ORTHANT_NALMU_ONE;
  c.loss_h = ORTHANT_FIT_L2;
  std::vector<T> Y, W, H;
  for (const auto &[x, size] : {std::pair(&Y, m * n), std::pair(&W, m * r), std::pair(&H, r * n)})
    for (int32_t i = 0; i < size; ++i) x->push_back(T(0.1 + uniform(this->random)));
  size_t bytes = 0;
  ASSERT_EQ(Api<T>::nalmu_train_size(&c, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes);
  typename Api<T>::NalmuTrain *s = nullptr;
  ASSERT_EQ(Api<T>::nalmu_train_init(&c, nullptr, 0, memory.data(), bytes, &s), ORTHANT_OK);
  const auto get = Api<T>::nalmu_train_get;
  const auto set = Api<T>::nalmu_train_set;
  const auto loss = [&](int32_t learn) {
    orthant_report report = empty_report();
    EXPECT_EQ(Api<T>::nalmu_train_step(s, 1, Y.data(), W.data(), H.data(), learn, &report), ORTHANT_OK);
    return report.objective;
  };
  EXPECT_EQ(part_of(get, s, ORTHANT_PART_NU), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(part_of(get, s, ORTHANT_PART_START_H), std::vector<double>(size_t(n * r), 1.0));
  expect_gradient<T>(s, get, set, loss);
  // Other weights and another start: the loss is what plain updates give, from H0.
  const std::vector<double> H0 = this->numbers(size_t(n * r)), nu{0.25, 0, 2};
  ASSERT_EQ(set(s, ORTHANT_PART_START_H, H0.data(), H0.size()), ORTHANT_OK);
  ASSERT_EQ(set(s, ORTHANT_PART_NU, nu.data(), nu.size()), ORTHANT_OK);
  const auto from = [](const std::vector<T> &x, int32_t rows) {
    return as_matrix(std::vector<double>(x.begin(), x.end()), rows);
  };
  const Matrix<double> y = from(Y, m), w = from(W, m), truth = from(H, r);
  Matrix<double> h = transposed(as_matrix(H0, n));
  double expected = 0;
  for (int32_t k = 0; k < layers; ++k) {
    const Matrix<double> up = transposed(w) * y, down = transposed(w) * w * h;
    h.each([&](int32_t i, int32_t j) { return h(i, j) * up(i, j) / down(i, j); });
    expected += nu[size_t(k)] * norm2(h - truth);
  }
  EXPECT_NEAR(loss(0), expected, 1e3 * unit_roundoff<T> * expected);
  expect_gradient<T>(s, get, set, loss);
}

TYPED_TEST(Parts, OfTheTrainingOfTheFactormer) {
  using T = TypeParam;
  Matrix<T> V(7, 6);
  V.fill_uniform(this->random);
  const auto data = view(V);
  double losses[2], rmse = 0;
  for (const int32_t kind : {ORTHANT_FACTORMER_LOG_RMSE, ORTHANT_FACTORMER_MSE})
    for (const int32_t accelerates : {0, 1}) {
      orthant_factormer_train_config c{};
      c.size = sizeof c, c.max_rows = 7, c.max_cols = 6, c.rank = 2, c.width = 6, c.heads = 2, c.layers = 1;
      c.hidden = 5, c.loss = kind, c.accelerates = accelerates, c.unrolled = 1, c.seed = 1;
      Placed<typename Api<T>::FactormerTrain> s(Api<T>::factormer_train_size, Api<T>::factormer_train_init, c);
      const auto loss = [&](int32_t learn) {
        orthant_report report = empty_report();
        EXPECT_EQ(Api<T>::factormer_train_step(s.get(), 1, &data, learn, &report), ORTHANT_OK);
        rmse = report.rel_error;
        return report.objective;
      };
      expect_gradient<T>(s.get(), Api<T>::factormer_train_get, Api<T>::factormer_train_set, loss);
      if (accelerates) losses[kind - 1] = loss(0);
    }
  // Of one application with weight one: the loss is of the iterate whose RMSE is reported.
  EXPECT_NEAR(losses[0], log(rmse), 1e3 * unit_roundoff<T>);
  EXPECT_NEAR(losses[1], rmse * rmse, 1e3 * unit_roundoff<T>);
}

TYPED_TEST(Parts, AdamIsItsEquations) {
  using T = TypeParam;
  orthant_adam_config c{};
  c.size = sizeof c, c.rate = 0.05, c.beta1 = 0.8, c.beta2 = 0.95, c.epsilon = 1e-3, c.weight_decay = 0.1;
  T x = T(2), m = T(0), v = T(0);
  double X = 2, M = 0, W = 0;
  for (int64_t step = 1; step <= 6; ++step) {
    const T g = T(double(step) - 2.5);
    ASSERT_EQ(Api<T>::adam_step(&c, step, 1, &g, &x, &m, &v), ORTHANT_OK);
    M = 0.8 * M + 0.2 * double(g);
    W = 0.95 * W + 0.05 * double(g) * double(g);
    X *= 1 - 0.05 * 0.1;
    X -= 0.05 * (M / (1 - pow(0.8, double(step)))) / (sqrt(W / (1 - pow(0.95, double(step)))) + 1e-3);
    EXPECT_NEAR(double(x), X, 1e2 * unit_roundoff<T>);
  }
  const T bad = T(NAN), good = T(1);
  EXPECT_EQ(Api<T>::adam_step(&c, 7, 1, &bad, &x, &m, &v), ORTHANT_E_DATA);
  EXPECT_EQ(Api<T>::adam_step(&c, 0, 1, &good, &x, &m, &v), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
