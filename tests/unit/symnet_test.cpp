// SymNMF-Net through the public interface: its equations, its gradient, its promises.
#include <cstring>

#include "symmetric.hpp"

namespace orthant::test {
namespace {

template <class T>
class Symnet : public testing::Test {
 protected:
  Random random{19};
};
TYPED_TEST_SUITE(Symnet, Types, TypeNames);

TYPED_TEST(Symnet, BeginsAsTheFixedPointScheme) {
  using T = TypeParam;
  const int32_t n = 27, r = 3, layers = 4;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  SymnetRun<T> net(X, SymnetRun<T>::config(n, r, layers, 10));
  ASSERT_EQ(net.start(), ORTHANT_OK);
  Matrix<T> P(n, r * layers, 0), U0(n, r, 0);
  double lambda = 0;
  ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), P.data(), U0.data(), &lambda), ORTHANT_OK);
  // The bound of lambda, and |X| where it begins.
  const double expected = std::max(norm(X), 0.5 * (norm(X) + sqrt(residual2(X, U0))));
  EXPECT_NEAR(lambda, expected, 50 * n * unit_roundoff<T> * expected);
  Matrix<double> U(U0);
  double fit = 0;
  for (int32_t layer = 0; layer < layers; ++layer) {
    const Matrix<double> value = X * U + lambda * U;
    value.visit([&](int32_t i, int32_t k) {
      EXPECT_NEAR(double(P(i, k + layer * r)), value(i, k), 200 * n * unit_roundoff<T> * lambda);
    });
    U = scheme_step(X, U, lambda);
    fit += residual2(X, U);
  }
  EXPECT_LE(largest(net.U - U), 200 * n * unit_roundoff<T>);
  // All R_i are zero: the loss is the fit alone, whatever beta.
  double loss = 0;
  const auto data = net.data();
  ASSERT_EQ(Api<T>::symnet_gradient(net.handle(), &data, nullptr, nullptr, 0, &loss, nullptr, nullptr, nullptr),
            ORTHANT_OK);
  EXPECT_NEAR(loss, fit, 200 * n * unit_roundoff<T> * norm2(X));
}

// Lambda begins at |X| or where it is given, no lower than its bound but where there is none.
TYPED_TEST(Symnet, LambdaBeginsWhereItIsGivenOrAtTheNorm) {
  using T = TypeParam;
  const int32_t n = 24, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  for (const bool far : {false, true})  // U0 U0' far from X: the bound is above |X|
    for (const double given : {0.0, 0.3})
      for (const int32_t mode : {ORTHANT_SYMNET_SUFFICIENT, ORTHANT_SYMNET_PROP1, ORTHANT_SYMNET_FREE}) {
        auto c = SymnetRun<T>::config(n, r, 2, 10);
        c.start = ORTHANT_SYMNMF_START_GIVEN, c.lambda = given, c.lambda_bound = mode;
        SymnetRun<T> net(X, c);
        net.U.each([&](int32_t i, int32_t k) { return (far ? 3 : 0.3) * (1 + (i + k) % 3); });
        const double bound = 0.5 * (norm(X) + sqrt(residual2(X, net.U)));
        ASSERT_EQ(net.start(), ORTHANT_OK);
        double lambda = 0;
        ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, nullptr, &lambda), ORTHANT_OK);
        const double first = given > 0 ? given : norm(X);
        const double expected = mode == ORTHANT_SYMNET_FREE ? first : std::max(first, bound);
        EXPECT_NEAR(lambda, expected, 100 * n * unit_roundoff<T> * expected) << far << " " << given << " " << mode;
      }
}

TYPED_TEST(Symnet, SlicesAreOneRun) {
  using T = TypeParam;
  const int32_t n = 70, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  auto c = SymnetRun<T>::config(n, r, 3, 30);
  SymnetRun<T> whole(X, c);
  c.max_iter = 10;
  SymnetRun<T> slices(X, c);
  ASSERT_EQ(whole.start(), ORTHANT_OK);
  ASSERT_EQ(slices.start(), ORTHANT_OK);
  const orthant_report first = whole.run();
  orthant_report last = empty_report();
  for (int i = 0; i < 3; ++i) last = slices.run();
  EXPECT_TRUE(whole.U.bits() == slices.U.bits());
  EXPECT_EQ(first.objective, last.objective);
  EXPECT_EQ(last.iters, 30);
}

TYPED_TEST(Symnet, TrainingHelpsAndReportsItsFactor) {
  using T = TypeParam;
  const int32_t n = 60, r = 5;
  Matrix<T> X(n, n);
  fill_graph(X, 5, this->random);
  auto c = SymnetRun<T>::config(n, r, 4, 150);
  c.bound = 1;
  SymnetRun<T> net(X, c);
  ASSERT_EQ(net.start(), ORTHANT_OK);
  const double before = residual2(X, net.U);
  const orthant_report report = net.run();
  const double after = residual2(X, net.U);
  EXPECT_LT(after, before);
  EXPECT_NEAR(report.rel_error * report.rel_error, after / norm2(X), 50 * n * unit_roundoff<T>);
  EXPECT_GE(report.rel_error * report.rel_error, report.bound);
  EXPECT_TRUE(nonnegative(net.U));
  net.U.visit([&](int32_t i, int32_t k) { EXPECT_FALSE(std::signbit(net.U(i, k))); });  // no zero below zero
}

// Nothing to find: lambda is one, so that the steps are defined.
TYPED_TEST(Symnet, AnEmptyGraphIsFactored) {
  using T = TypeParam;
  const Matrix<T> X = Matrix<T>(9, 9).fill(0);
  auto c = SymnetRun<T>::config(9, 2, 2, 3);
  c.start = ORTHANT_SYMNMF_START_SCALED, c.lambda_bound = ORTHANT_SYMNET_FREE;
  SymnetRun<T> net(X, c);
  ASSERT_EQ(net.start(), ORTHANT_OK);
  double lambda = 0;
  ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, nullptr, &lambda), ORTHANT_OK);
  EXPECT_EQ(lambda, 1);
  const orthant_report report = net.run();
  EXPECT_TRUE(std::isfinite(report.objective));
  EXPECT_EQ(report.rel_error, 0);
}

TYPED_TEST(Symnet, LambdaKeepsItsBound) {
  using T = TypeParam;
  const int32_t n = 40, r = 3;
  Matrix<T> X(n, n);
  fill_graph(X, 3, this->random);
  for (const int32_t mode : {ORTHANT_SYMNET_SUFFICIENT, ORTHANT_SYMNET_PROP1, ORTHANT_SYMNET_FREE}) {
    auto c = SymnetRun<T>::config(n, r, 3, 60);
    c.max_iter = 1, c.lambda_bound = mode, c.rate = 1.0;
    c.start = ORTHANT_SYMNMF_START_SCALED;  // from which training would lower it
    SymnetRun<T> net(X, c);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    Matrix<T> U0(n, r, 0);
    double lambda = 0, least = HUGE_VAL;
    ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, U0.data(), nullptr), ORTHANT_OK);
    const double bound = 0.5 * (norm(X) + sqrt(residual2(X, U0)));
    for (int i = 0; i < 60; ++i) {
      net.run();
      ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, nullptr, &lambda), ORTHANT_OK);
      least = std::min(least, lambda);
    }
    EXPECT_GT(least, 0.0);
    if (mode != ORTHANT_SYMNET_FREE) EXPECT_GE(least, bound * (1 - 50 * n * unit_roundoff<T>));
    else EXPECT_LT(least, bound) << "nothing was held";
  }
}

// One layer on [1 .5; .5 1] from U0 = size [1 .5]'.  The first step of Adam is rate g / (|g| + 1e-8); the bound of Prop.
// 1 is that of the P which it leaves, at the lambda which it leaves: a^2 + 4 a e, a the larger of |U0| and |U1|.  For size 1
// it is 2.456162; of the P before it: 1.40.
TYPED_TEST(Symnet, TheBoundOfProposition1HoldsAfterTheStep) {
  using T = TypeParam;
  Matrix<T> X(2, 2);
  X.each([](int32_t i, int32_t j) { return i == j ? 1.0 : 0.5; });
  int32_t decided[2] = {0, 0};  // how often |U0| and |U1| made the bound
  for (const double size : {1.0, 2.0}) {
    auto c = SymnetRun<T>::config(2, 1, 1, 1);
    c.start = ORTHANT_SYMNMF_START_GIVEN, c.lambda_bound = ORTHANT_SYMNET_PROP1;
    c.rate = 0.3, c.decay = 1, c.l1 = 1e-3;
    SymnetRun<T> net(X, c);
    net.U(0, 0) = T(size), net.U(1, 0) = T(0.5 * size);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    double before = 0, dlambda = 0, lambda = 0;
    const auto data = net.data();
    ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), nullptr, nullptr, &before), ORTHANT_OK);
    ASSERT_EQ(Api<T>::symnet_gradient(net.handle(), &data, nullptr, nullptr, 0, nullptr, nullptr, nullptr, &dlambda),
              ORTHANT_OK);
    net.run();
    Matrix<T> P(2, 1, 0), U0(2, 1, 0);
    ASSERT_EQ(Api<T>::symnet_parameters(net.handle(), P.data(), U0.data(), &lambda), ORTHANT_OK);
    const double stepped = before - 0.3 * dlambda / (fabs(dlambda) + 1e-8);
    const Matrix<double> target = X * U0 + stepped * U0;
    const double k = norm2(U0) + stepped, mismatch = norm(P - target) / norm(target);
    double u2 = 0;
    for (int32_t i = 0; i < 2; ++i) u2 += pow(std::max(double(P(i, 0)) / k, 0.0), 2);
    const double a = sqrt(std::max(u2, norm2(U0)));
    EXPECT_NEAR(lambda, a * a + 4 * a * mismatch, 100 * unit_roundoff<T> * (1 + lambda)) << size;
    if (size == 1.0) EXPECT_NEAR(lambda, 2.456162, 1e-6 + 100 * unit_roundoff<T>);
    ++decided[u2 > norm2(U0)];
  }
  EXPECT_EQ(decided[0], 1);
  EXPECT_EQ(decided[1], 1);
}

// Nodes in another order: the same net on the same nodes, which are in three parts whose sums are added.  A run without
// a start begins with the factor that is given.
TYPED_TEST(Symnet, NodesMayBeRenumbered) {
  using T = TypeParam;
  const int32_t n = 300, r = 8;
  Matrix<T> X(n, n), Y(n, n);
  fill_graph(X, 3, this->random);
  const auto to = [&](int32_t i) { return (7 * i + 3) % n; };
  X.visit([&](int32_t i, int32_t j) { Y(to(i), to(j)) = X(i, j); });
  auto c = SymnetRun<T>::config(n, r, 3, 8);
  c.start = ORTHANT_SYMNMF_START_GIVEN;
  SymnetRun<T> a(X, c), b(Y, c);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < n; ++i) a.U(i, k) = b.U(to(i), (k + 1) % r) = T(0.3 * uniform(this->random));
  ASSERT_EQ(a.start(), ORTHANT_OK);
  a.run();
  b.run();
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < n; ++i) EXPECT_NEAR(a.U(i, k), b.U(to(i), (k + 1) % r), 1e6 * unit_roundoff<T>);
}

TYPED_TEST(Symnet, ProgressStopsIt) {
  using T = TypeParam;
  const int32_t n = 20, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  auto c = SymnetRun<T>::config(n, r, 2, 30);
  int32_t calls = 0;
  c.user = &calls;
  c.progress = [](void *user, const orthant_report *so_far) {
    EXPECT_GT(so_far->objective, 0.0);
    return int32_t(++*static_cast<int32_t *>(user) == 5);
  };
  SymnetRun<T> net(X, c);
  ASSERT_EQ(net.start(), ORTHANT_OK);
  EXPECT_EQ(net.run().stop, ORTHANT_STOP_CANCELLED);
  EXPECT_EQ(calls, 5);
}

// Save, load into another handle: the same parameters, U and report; refused for another X, shape or kind.
TYPED_TEST(Symnet, SavedNetsBelongToTheirGraph) {
  using T = TypeParam;
  const int32_t n = 31, r = 3;
  Matrix<T> X(n, n), other(n, n);
  fill_graph(X, 3, this->random);
  fill_graph(other, 3, this->random);
  auto c = SymnetRun<T>::config(n, r, 3, 12);
  SymnetRun<T> net(X, c);
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::symnet_save(net.handle(), nullptr, 0, &bytes), ORTHANT_E_ARG);
  ASSERT_EQ(net.start(), ORTHANT_OK);
  const orthant_report trained = net.run();
  ASSERT_EQ(Api<T>::symnet_save(net.handle(), nullptr, 0, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes + 64);
  unsigned char *blob = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64) % 64;
  EXPECT_EQ(Api<T>::symnet_save(net.handle(), blob, bytes - 1, &bytes), ORTHANT_E_SCRATCH);
  ASSERT_EQ(Api<T>::symnet_save(net.handle(), blob, bytes, &bytes), ORTHANT_OK);
  const orthant_model *model = nullptr;
  ASSERT_EQ(orthant_model_open(blob, bytes, &model), ORTHANT_OK);
  EXPECT_EQ(orthant_model_verify(model), ORTHANT_OK);
  EXPECT_EQ(orthant_model_kind(model), ORTHANT_MODEL_SYMNMF_NET);

  c.max_iter = -1;
  SymnetRun<T> again(X, c);
  const auto data = again.data();
  EXPECT_STREQ(Api<T>::symnet_problem(again.handle(), &data, model), "ok");
  ASSERT_EQ(Api<T>::symnet_load(again.handle(), &data, model, again.U.data(), again.U.ld()), ORTHANT_OK);
  EXPECT_EQ(again.U.bits(), net.U.bits());
  const orthant_report loaded = again.run();
  EXPECT_EQ(loaded.iters, trained.iters);
  EXPECT_EQ(loaded.rel_error, trained.rel_error);
  EXPECT_EQ(again.U.bits(), net.U.bits());

  const auto refused = [&](const Matrix<T> &graph, orthant_symnet_config config, const orthant_model *m,
                           const char *problem) {
    SymnetRun<T> job(graph, config);
    job.U.fill(0.5);
    const std::string before = job.U.bits();
    const auto x = job.data();
    EXPECT_STREQ(Api<T>::symnet_problem(job.handle(), &x, m), problem);
    EXPECT_EQ(Api<T>::symnet_load(job.handle(), &x, m, job.U.data(), job.U.ld()), m ? ORTHANT_E_BLOB : ORTHANT_E_ARG);
    EXPECT_EQ(job.U.bits(), before);
  };
  refused(other, c, model, "X");
  const auto data_of = [&](const char *name) {
    orthant_record record{};
    record.size = sizeof record;
    for (int32_t i = 0; i < orthant_model_records(model); ++i) {
      EXPECT_EQ(orthant_model_record(model, i, &record), ORTHANT_OK);
      if (std::string(record.name) == name) break;
    }
    return blob + (static_cast<const unsigned char *>(record.data) - blob);
  };
  for (const int32_t word : {1, 2}) {  // of the hash
    unsigned char *at = data_of("config") + 4 * word;
    *at ^= 1;
    refused(X, c, model, "X");
    *at ^= 1;
  }
  double lambda = 0;
  memcpy(&lambda, data_of("lambda"), sizeof lambda);
  for (const double bad : {0.0, -1.0, double(NAN), HUGE_VAL}) {
    memcpy(data_of("lambda"), &bad, sizeof bad);
    refused(X, c, model, "numbers");
  }
  memcpy(data_of("lambda"), &lambda, sizeof lambda);
  const int32_t epochs = trained.iters, none = -1;
  memcpy(data_of("config"), &none, sizeof none);
  refused(X, c, model, "numbers");
  memcpy(data_of("config"), &epochs, sizeof epochs);
  refused(other, c, model, "X");  // as it was
  X(3, 4) += T(0.25), X(4, 3) = X(3, 4);
  refused(X, c, model, "X");
  c.layers = 2;
  refused(X, c, model, "layers");
  refused(X, c, nullptr, "null");
}

// A loaded lambda is no smaller than a thousandth of |X|, as a trained one: K stays positive definite.
TYPED_TEST(Symnet, ALoadedLambdaHasItsFloor) {
  using T = TypeParam;
  const int32_t n = 21, r = 2;
  Matrix<T> X(n, n);
  fill_graph(X, 2, this->random);
  for (const double share : {1e-4, 0.01}) {
    auto c = SymnetRun<T>::config(n, r, 2, 10);
    c.lambda_bound = ORTHANT_SYMNET_FREE, c.lambda = share * norm(X);
    SymnetRun<T> net(X, c), again(X, c);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    size_t bytes = 0;
    ASSERT_EQ(Api<T>::symnet_save(net.handle(), nullptr, 0, &bytes), ORTHANT_OK);
    std::vector<unsigned char> memory(bytes + 64);
    unsigned char *blob = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64) % 64;
    ASSERT_EQ(Api<T>::symnet_save(net.handle(), blob, bytes, &bytes), ORTHANT_OK);
    const orthant_model *model = nullptr;
    ASSERT_EQ(orthant_model_open(blob, bytes, &model), ORTHANT_OK);
    const auto data = again.data();
    ASSERT_EQ(Api<T>::symnet_load(again.handle(), &data, model, again.U.data(), again.U.ld()), ORTHANT_OK);
    double lambda = 0;
    ASSERT_EQ(Api<T>::symnet_parameters(again.handle(), nullptr, nullptr, &lambda), ORTHANT_OK);
    const double expected = std::max(share, 1e-3) * norm(X);
    EXPECT_NEAR(lambda, expected, 100 * n * unit_roundoff<T> * expected);
  }
}

#ifdef ORTHANT_F64
// Every parameter against central differences, with dead units and with the l1 term on one or all layers.
TEST(SymnetGradient, AgreesWithDifferences) {
  const int32_t n = 13, r = 3, layers = 3;
  Random random(23);
  Matrix<double> X(n, n);
  fill_graph(X, 3, random);
  for (const int variant : {0, 1, 2, 3, 4}) {
    SCOPED_TRACE("variant " + std::to_string(variant));
    auto c = SymnetRun<double>::config(n, r, layers, 10);
    c.beta = variant == 0 ? -1 : 0.3;
    c.l1 = variant >= 1 ? 0.7 : 0;
    c.l1_all = variant >= 2;
    c.last_only = variant == 3;
    if (variant == 4) c.leak = 0.4;
    SymnetRun<double> net(X, c);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    std::vector<double> P(size_t(n) * r * layers), U0(size_t(n) * r), dP(P.size()), dU0(U0.size());
    double lambda = 0, loss = 0, dlambda = 0;
    ASSERT_EQ(Api<double>::symnet_parameters(net.handle(), P.data(), U0.data(), &lambda), ORTHANT_OK);
    for (double &p : P) p += 4 * lambda * (uniform(random) - 0.7);  // about half of the units die
    const auto data = net.data();
    const auto value = [&](double at) {
      double J = 0;
      EXPECT_EQ(
          Api<double>::symnet_gradient(net.handle(), &data, P.data(), U0.data(), at, &J, nullptr, nullptr, nullptr),
          ORTHANT_OK);
      return J;
    };
    ASSERT_EQ(Api<double>::symnet_gradient(net.handle(), &data, P.data(), U0.data(), lambda, &loss, dP.data(),
                                           dU0.data(), &dlambda),
              ORTHANT_OK);
    double size = fabs(dlambda);
    for (const double g : dP) size = std::max(size, fabs(g));
    // Richardson's step: the error of a central difference h^2 becomes h^4.
    const auto difference = [&](double &p) {
      const double keep = p, h = 2e-4 * std::max(1.0, fabs(p));
      const auto central = [&](double step) {
        p = keep + step;
        const double up = value(lambda);
        p = keep - step;
        const double down = value(lambda);
        p = keep;
        return (up - down) / (2 * step);
      };
      return (4 * central(h / 2) - central(h)) / 3;
    };
    int dead = 0;
    for (size_t i = 0; i < P.size(); ++i) EXPECT_NEAR(dP[i], difference(P[i]), 1e-7 * size) << "P " << i;
    for (size_t i = 0; i < U0.size(); ++i) EXPECT_NEAR(dU0[i], difference(U0[i]), 1e-7 * size) << "U0 " << i;
    EXPECT_NEAR(dlambda, difference(lambda), 1e-7 * size);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t i = 0; i < n; ++i) dead += P[size_t(i + k * n)] < 0;
    EXPECT_GT(dead, n * r / 4);
  }
}

// The loss as it is written, of nodes in several parts: of layers with a slope below zero, which falls with the epochs.
struct NetLoss {
  const Matrix<double> &X;
  orthant_symnet_config c;
  double beta, slope;
  double operator()(const std::vector<double> &P, const std::vector<double> &U0, double lambda) const {
    const int32_t n = c.n, r = c.rank;
    Matrix<double> U(n, r);
    U.each([&](int32_t i, int32_t k) { return U0[size_t(i + n * k)]; });
    double loss = 0;
    for (int32_t layer = 0; layer < c.layers; ++layer) {
      Matrix<double> Pi(n, r);
      Pi.each([&](int32_t i, int32_t k) { return P[size_t(i + n * (k + r * layer))]; });
      loss += beta * norm2(Pi - (X * U + lambda * U));
      const Matrix<double> Z = transposed(solve(transposed(U) * U, transposed(Pi), lambda));
      U.each([&](int32_t i, int32_t k) { return Z(i, k) > 0 ? Z(i, k) : slope * Z(i, k); });
      const bool last = layer + 1 == c.layers;
      if (last || !c.last_only) loss += residual2(X, U);
      if (last || c.l1_all) U.visit([&](int32_t i, int32_t k) { loss += c.l1 * U(i, k); });
    }
    return loss;
  }
};

TEST(SymnetGradient, IsThatOfTheWrittenLoss) {
  const int32_t n = 300, r = 4, layers = 3, epochs = 10;
  Random random(29);
  Matrix<double> X(n, n);
  fill_graph(X, 4, random);
  for (const int variant : {0, 1, 2}) {
    SCOPED_TRACE(variant);
    auto c = SymnetRun<double>::config(n, r, layers, epochs);
    c.max_iter = 1, c.l1 = variant > 0 ? 0.7 : 0, c.l1_all = variant == 2, c.last_only = variant == 2;
    c.beta = variant == 1 ? 0.01 : 0, c.leak = variant == 0 ? 0 : 0.8, c.leak_until = variant == 2 ? 0.25 : 0;
    SymnetRun<double> net(X, c);
    ASSERT_EQ(net.start(), ORTHANT_OK);
    const auto data = net.data();
    std::vector<double> P(size_t(n * r * layers)), U0(size_t(n * r)), dP(P.size()), dU0(U0.size());
    for (int epoch = 0; epoch <= 10; ++epoch) {
      double lambda = 0, loss = 0, dlambda = 0, by_difference[2] = {}, along = 0;
      ASSERT_EQ(Api<double>::symnet_parameters(net.handle(), P.data(), U0.data(), &lambda), ORTHANT_OK);
      const std::vector<double> keep_P = P, keep_U0 = U0;
      for (double &p : P) p += lambda * (uniform(random) - 0.7);
      const double falls = variant == 2 ? 2.5 : 9, leak = variant == 0 ? 1 : 0.8;
      const double beta = variant == 1 ? 0.01 : 0.4 / norm2(X);
      const NetLoss written{X, c, beta, leak * std::max(0.0, 1 - epoch / falls)};
      ASSERT_EQ(Api<double>::symnet_gradient(net.handle(), &data, P.data(), U0.data(), lambda, &loss, dP.data(),
                                             dU0.data(), &dlambda),
                ORTHANT_OK);
      EXPECT_NEAR(loss, written(P, U0, lambda), 1e-10 * loss) << epoch;
      if (epoch % 5 == 0) {  // along one direction in all parameters
        std::vector<double> to_P, to_U0;
        for (const double g : dP) to_P.push_back(uniform(random) - 0.5), along += g * to_P.back();
        for (const double g : dU0) to_U0.push_back(0.1 * (uniform(random) - 0.5)), along += g * to_U0.back();
        along += dlambda;
        for (int side = 0; side < 2; ++side) {
          const double h = side == 0 ? 1e-5 : -1e-5;
          std::vector<double> P1 = P, U1 = U0;
          for (size_t i = 0; i < P.size(); ++i) P1[i] += h * to_P[i];
          for (size_t i = 0; i < U0.size(); ++i) U1[i] += h * to_U0[i];
          by_difference[side] = written(P1, U1, lambda + h);
        }
        EXPECT_NEAR(along, (by_difference[0] - by_difference[1]) / 2e-5, 1e-5 * std::max(1.0, fabs(along))) << epoch;
      }
      ASSERT_EQ(Api<double>::symnet_gradient(net.handle(), &data, keep_P.data(), keep_U0.data(), lambda, nullptr,
                                             nullptr, nullptr, nullptr),
                ORTHANT_OK);
      net.run();
    }
  }
}

// An epoch is AdamW on all parameters, at a rate that falls to its last value; the report is of the factor it leaves.
TEST(SymnetGradient, AnEpochIsAdam) {
  const int32_t n = 90, r = 3, layers = 2, epochs = 3;
  Random random(31);
  Matrix<double> X(n, n);
  fill_graph(X, 3, random);
  auto c = SymnetRun<double>::config(n, r, layers, epochs);
  c.max_iter = 1, c.lambda_bound = ORTHANT_SYMNET_FREE, c.rate = 0.05, c.decay = 0.3, c.weight_decay = 0.2;
  SymnetRun<double> net(X, c);
  ASSERT_EQ(net.start(), ORTHANT_OK);
  const auto data = net.data();
  const size_t count = size_t(n * r * layers);
  std::vector<double> theta(count + 1), g(count + 1), m(count + 1, 0.0), v(count + 1, 0.0), now(count + 1);
  ASSERT_EQ(Api<double>::symnet_parameters(net.handle(), theta.data(), nullptr, &theta[count]), ORTHANT_OK);
  for (int t = 1; t <= 5; ++t) {
    ASSERT_EQ(Api<double>::symnet_gradient(net.handle(), &data, nullptr, nullptr, 0, nullptr, g.data(), nullptr,
                                           &g[count]),
              ORTHANT_OK);
    const double rate = 0.05 * pow(0.3, std::min(t / 3.0, 1.0));
    for (size_t i = 0; i <= count; ++i) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      theta[i] -= rate * (0.2 * theta[i] + m[i] / (1 - pow(0.9, t)) / (sqrt(v[i] / (1 - pow(0.999, t))) + 1e-8));
    }
    const orthant_report report = net.run();
    ASSERT_EQ(Api<double>::symnet_parameters(net.handle(), now.data(), nullptr, &now[count]), ORTHANT_OK);
    for (size_t i = 0; i <= count; ++i) ASSERT_NEAR(now[i], theta[i], 1e-6) << i << " in epoch " << t;
    theta = now;
    const Matrix<double> U = net.U, slope = U * (transposed(U) * U) - X * U;
    double squares = 0;
    slope.visit([&](int32_t i, int32_t k) {
      if (U(i, k) > 0 || slope(i, k) < 0) squares += slope(i, k) * slope(i, k);
    });
    EXPECT_NEAR(report.kkt, sqrt(squares / (norm2(U) * norm2(X))), 1e-10);
    EXPECT_NEAR(report.rel_error, sqrt(residual2(X, U) / norm2(X)), 1e-10);
    EXPECT_EQ(report.iters, t);
  }
}
#endif

}  // namespace
}  // namespace orthant::test
