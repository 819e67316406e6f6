// Small symmetric problems and their plain truths in double.
#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "guarded.hpp"
#include "typed_api.hpp"

namespace orthant::test {

using Dense = std::vector<double>;  // column-major

// A graph of `groups` groups with random weights, and a few edges between them.
template <class T>
void fill_graph(Guarded<T> &X, int32_t groups, Random &random) {
  const int32_t n = X.rows();
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i <= j; ++i) {
      const bool same = i * groups / n == j * groups / n;
      const double x = i == j ? 0 : same ? 0.5 + uniform(random) : uniform(random) < 0.2 ? uniform(random) : 0;
      X(i, j) = X(j, i) = T(x);
    }
}

template <class T>
Dense dense(const Guarded<T> &A) {
  Dense out;
  for (int32_t j = 0; j < A.cols(); ++j)
    for (int32_t i = 0; i < A.rows(); ++i) out.push_back(double(A(i, j)));
  return out;
}

// C = op(A) op(B); A is m x k after op, B k x n.
inline Dense times(const Dense &A, const Dense &B, int32_t m, int32_t k, int32_t n, bool ta = false, bool tb = false) {
  Dense C(size_t(m) * size_t(n), 0.0);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) {
      double s = 0;
      for (int32_t q = 0; q < k; ++q)
        s += A[size_t(ta ? q + i * k : i + q * m)] * B[size_t(tb ? j + q * n : q + j * k)];
      C[size_t(i + j * m)] = s;
    }
  return C;
}
inline double norm2(const Dense &A) { return std::inner_product(A.begin(), A.end(), A.begin(), 0.0); }
inline Dense minus(Dense A, const Dense &B) {
  for (size_t i = 0; i < A.size(); ++i) A[i] -= B[i];
  return A;
}
// |X - U V'|^2
inline double residual2(const Dense &X, const Dense &U, const Dense &V, int32_t n, int32_t r) {
  return norm2(minus(X, times(U, V, n, r, n, false, true)));
}
// A^-1 by Gauss and Jordan with pivots.
inline Dense inverse(Dense A, int32_t n) {
  Dense B(A.size(), 0.0);
  for (int32_t i = 0; i < n; ++i) B[size_t(i + i * n)] = 1;
  for (int32_t c = 0; c < n; ++c) {
    int32_t p = c;
    for (int32_t i = c; i < n; ++i)
      if (std::fabs(A[size_t(i + c * n)]) > std::fabs(A[size_t(p + c * n)])) p = i;
    for (int32_t j = 0; j < n; ++j) {
      std::swap(A[size_t(c + j * n)], A[size_t(p + j * n)]);
      std::swap(B[size_t(c + j * n)], B[size_t(p + j * n)]);
    }
    const double d = A[size_t(c + c * n)];
    for (int32_t j = 0; j < n; ++j) A[size_t(c + j * n)] /= d, B[size_t(c + j * n)] /= d;
    for (int32_t i = 0; i < n; ++i) {
      const double t = i == c ? 0 : A[size_t(i + c * n)];
      for (int32_t j = 0; t != 0 && j < n; ++j) {
        A[size_t(i + j * n)] -= t * A[size_t(c + j * n)];
        B[size_t(i + j * n)] -= t * B[size_t(c + j * n)];
      }
    }
  }
  return B;
}
// max(0, (X + lambda I) U (U'U + lambda I)^-1)
inline Dense scheme_step(const Dense &X, const Dense &U, double lambda, int32_t n, int32_t r) {
  Dense F = times(X, U, n, n, r), K = times(U, U, r, n, r, true);
  for (size_t i = 0; i < F.size(); ++i) F[i] += lambda * U[i];
  for (int32_t k = 0; k < r; ++k) K[size_t(k + k * r)] += lambda;
  Dense out = times(F, inverse(K, r), n, r, r);
  for (double &x : out) x = std::max(x, 0.0);
  return out;
}

// A handle of either noun with its memory.
template <class T>
class SymnmfRun {
 public:
  Guarded<T> U;
  static orthant_symnmf_config config(int32_t n, int32_t rank, int32_t method, int32_t max_iter) {
    orthant_symnmf_config c{};
    c.size = sizeof c;
    c.n = n, c.rank = rank, c.method = method, c.max_iter = max_iter;
    c.tol = -1;
    c.seed = 3;
    return c;
  }
  SymnmfRun(const Guarded<T> &X, const orthant_symnmf_config &c)
      : U(c.n, c.rank, 2), X_(X), memory_(bytes(c), 3, 0xEE) {
    EXPECT_EQ(Api<T>::symnmf_init(&c, memory_.data(), memory_.bytes(), &handle_), ORTHANT_OK);
  }
  ~SymnmfRun() { EXPECT_TRUE(memory_.intact() && U.intact()); }
  auto data() const { return Api<T>::dense(X_.data(), X_.rows(), X_.cols(), X_.ld()); }
  orthant_status start() { return start(data()); }
  orthant_status start(const typename Api<T>::Matrix &data) {
    return Api<T>::symnmf_start(handle_, &data, U.data(), U.ld());
  }
  orthant_report run() { return run(data()); }
  orthant_report run(const typename Api<T>::Matrix &data) {
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::symnmf_run(handle_, &data, U.data(), U.ld(), &r), ORTHANT_OK);
    return r;
  }

 private:
  static size_t bytes(const orthant_symnmf_config &c) {
    size_t n = 0;
    EXPECT_EQ(Api<T>::symnmf_size(&c, &n), ORTHANT_OK);
    return n;
  }
  const Guarded<T> &X_;
  Arena memory_;
  typename Api<T>::Symnmf *handle_ = nullptr;
};

template <class T>
class SymnetRun {
 public:
  Guarded<T> U;
  static orthant_symnet_config config(int32_t n, int32_t rank, int32_t layers, int32_t epochs) {
    orthant_symnet_config c{};
    c.size = sizeof c;
    c.n = n, c.rank = rank, c.layers = layers, c.epochs = epochs;
    c.leak = -1;
    c.seed = 3;
    return c;
  }
  SymnetRun(const Guarded<T> &X, const orthant_symnet_config &c)
      : U(c.n, c.rank, 2), X_(X), memory_(bytes(c), 3, 0xEE) {
    EXPECT_EQ(Api<T>::symnet_init(&c, memory_.data(), memory_.bytes(), &handle), ORTHANT_OK);
  }
  ~SymnetRun() { EXPECT_TRUE(memory_.intact() && U.intact()); }
  auto data() const { return Api<T>::dense(X_.data(), X_.rows(), X_.cols(), X_.ld()); }
  orthant_status start() { return start(data()); }
  orthant_status start(const typename Api<T>::Matrix &X) { return Api<T>::symnet_start(handle, &X, U.data(), U.ld()); }
  orthant_report run() { return run(data()); }
  orthant_report run(const typename Api<T>::Matrix &X) {
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::symnet_run(handle, &X, U.data(), U.ld(), &r), ORTHANT_OK);
    return r;
  }
  typename Api<T>::Symnet *handle = nullptr;

 private:
  static size_t bytes(const orthant_symnet_config &c) {
    size_t n = 0;
    EXPECT_EQ(Api<T>::symnet_size(&c, &n), ORTHANT_OK);
    return n;
  }
  const Guarded<T> &X_;
  Arena memory_;
};

}  // namespace orthant::test
