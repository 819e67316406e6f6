// Small symmetric problems and their plain truths in double.
#pragma once
#include <algorithm>

#include "typed_api.hpp"

namespace orthant::test {

// A graph of `groups` groups with random weights, and a few edges between them.
template <class T>
void fill_graph(Matrix<T> &X, int32_t groups, Random &random) {
  const int32_t n = X.rows();
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i <= j; ++i) {
      const bool same = i * groups / n == j * groups / n;
      const double x = i == j ? 0 : same ? 0.5 + uniform(random) : uniform(random) < 0.2 ? uniform(random) : 0;
      X(i, j) = X(j, i) = T(x);
    }
}

// |X - U U'|^2
template <class T, class S>
double residual2(const Matrix<T> &X, const Matrix<S> &U) { return norm2(X - U * transposed(U)); }
// max(0, (X + lambda I) U (U'U + lambda I)^-1)
template <class T>
Matrix<double> scheme_step(const Matrix<T> &X, const Matrix<double> &U, double lambda) {
  const Matrix<double> F = X * U + lambda * U, G = transposed(U) * U;
  const Matrix<double> step = transposed(solve(G, transposed(F), lambda));
  return Matrix<double>(U.rows(), U.cols()).each([&](int32_t i, int32_t k) { return std::max(step(i, k), 0.0); });
}

// What symmetric NMF and SymNMF-Net have in common: a start and runs of one factor of a symmetric matrix.
template <class T, class Handle, class Start, class Run>
class OneFactorRun {
 public:
  Matrix<T> U;

  template <class Size, class Init, class Config>
  OneFactorRun(const Matrix<T> &X, const Config &c, Size size, Init init, Start start_function, Run run_function)
      : U(c.n, c.rank, 2), X_(X), placed_(size, init, c), start_(start_function), run_(run_function) {
    EXPECT_EQ(placed_.status, ORTHANT_OK);
  }
  ~OneFactorRun() { EXPECT_TRUE(U.intact()); }
  Handle *handle() const { return placed_.get(); }
  typename Api<T>::Matrix data() const { return view(X_); }
  orthant_status start() { return start(data()); }
  orthant_status start(const typename Api<T>::Matrix &X) { return start_(handle(), &X, U.data(), U.ld()); }
  orthant_report run() { return run(data()); }
  orthant_report run(const typename Api<T>::Matrix &X) {
    orthant_report r = empty_report();
    EXPECT_EQ(run_(handle(), &X, U.data(), U.ld(), &r), ORTHANT_OK);
    return r;
  }

 private:
  const Matrix<T> &X_;
  Placed<Handle> placed_;
  Start start_;
  Run run_;
};

template <class T>
using SymnmfBase =
    OneFactorRun<T, typename Api<T>::Symnmf, decltype(Api<T>::symnmf_start), decltype(Api<T>::symnmf_run)>;
template <class T>
class SymnmfRun : public SymnmfBase<T> {
 public:
  static orthant_symnmf_config config(int32_t n, int32_t rank, int32_t method, int32_t max_iter) {
    orthant_symnmf_config c{};
    c.size = sizeof c;
    c.n = n, c.rank = rank, c.method = method, c.max_iter = max_iter;
    c.tol = -1;
    c.seed = 3;
    return c;
  }
  SymnmfRun(const Matrix<T> &X, const orthant_symnmf_config &c)
      : SymnmfBase<T>(X, c, Api<T>::symnmf_size, Api<T>::symnmf_init, Api<T>::symnmf_start, Api<T>::symnmf_run) {}
};

template <class T>
using SymnetBase =
    OneFactorRun<T, typename Api<T>::Symnet, decltype(Api<T>::symnet_start), decltype(Api<T>::symnet_run)>;
template <class T>
class SymnetRun : public SymnetBase<T> {
 public:
  static orthant_symnet_config config(int32_t n, int32_t rank, int32_t layers, int32_t epochs) {
    orthant_symnet_config c{};
    c.size = sizeof c;
    c.n = n, c.rank = rank, c.layers = layers, c.epochs = epochs;
    c.leak = -1;
    c.seed = 3;
    return c;
  }
  SymnetRun(const Matrix<T> &X, const orthant_symnet_config &c)
      : SymnetBase<T>(X, c, Api<T>::symnet_size, Api<T>::symnet_init, Api<T>::symnet_start, Api<T>::symnet_run) {}
};

}  // namespace orthant::test
