// The column-major matrix of all tests, between guard bands, and its arithmetic by plain loops in double.
#pragma once
#include <float.h>
#include <math.h>
#include <stddef.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "random.hpp"

namespace orthant::test {

// A NaN that no arithmetic makes: read by mistake it spoils a result, overwritten by mistake it is missed.
inline float canary(float) {
  const uint32_t bits = 0x7FC5A5A5;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
inline double canary(double) {
  const uint64_t bits = 0x7FF8A5A55A5AA5A5;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// rows x cols with leading dimension rows + gap, canaries in the entries, between the columns, before and after.
// `shift` moves it by elements against a 64-byte boundary.
template <class T>
class Matrix {
 public:
  Matrix(int32_t rows, int32_t cols, int32_t gap = 3, int32_t shift = 0)
      : rows_(rows), cols_(cols), ld_(rows + gap > 0 ? rows + gap : 1), shift_(shift) {
    body_ = size_t(ld_) * size_t(cols);
    store_.assign(body_ + 2 * margin + 64, canary(T()));
    const uintptr_t at = reinterpret_cast<uintptr_t>(store_.data() + margin);
    first_ = margin + (64 - at % 64) % 64 / sizeof(T) + size_t(shift);
  }
  // A copy has the same remainder modulo 64, whatever address the heap gives.
  Matrix(const Matrix &A) : Matrix(A.rows_, A.cols_, A.ld_ - A.rows_, A.shift_) { set(A); }
  template <class U>
  explicit Matrix(const Matrix<U> &A) : Matrix(A.rows(), A.cols()) { set(A); }
  Matrix(Matrix &&) = default;
  Matrix &operator=(const Matrix &A) { return *this = Matrix(A); }
  Matrix &operator=(Matrix &&) = default;

  T *data() { return store_.data() + first_; }
  const T *data() const { return store_.data() + first_; }
  int32_t rows() const { return rows_; }
  int32_t cols() const { return cols_; }
  int32_t ld() const { return ld_; }
  T &operator()(int32_t i, int32_t j) { return data()[i + ptrdiff_t(ld_) * j]; }
  T operator()(int32_t i, int32_t j) const { return data()[i + ptrdiff_t(ld_) * j]; }

  template <class F>
  Matrix &each(const F &f) {  // entry (i, j) becomes f(i, j), by columns
    for (int32_t j = 0; j < cols_; ++j)
      for (int32_t i = 0; i < rows_; ++i) (*this)(i, j) = T(f(i, j));
    return *this;
  }
  template <class F>
  void visit(const F &f) const {  // f(i, j), by columns
    for (int32_t j = 0; j < cols_; ++j)
      for (int32_t i = 0; i < rows_; ++i) f(i, j);
  }
  Matrix &fill(double value) {
    return each([=](int32_t, int32_t) { return value; });
  }
  Matrix &fill_canary() {
    return each([](int32_t, int32_t) { return canary(T()); });
  }
  Matrix &fill_uniform(Random &random, double low = 0) {
    return each([&](int32_t, int32_t) { return low + uniform(random); });
  }
  Matrix &fill_normal(Random &random) {
    return each([&](int32_t, int32_t) { return normal(random); });
  }
  // The entries of a matrix of the same shape; the place stays.
  template <class U>
  Matrix &set(const Matrix<U> &A) {
    return each([&](int32_t i, int32_t j) { return A(i, j); });
  }
  // The entries, bit by bit.
  std::string bits() const {
    std::string out;
    for (int32_t j = 0; j < cols_; ++j)
      out.append(reinterpret_cast<const char *>(data() + ptrdiff_t(ld_) * j), size_t(rows_) * sizeof(T));
    return out;
  }
  bool intact() const {
    const T c = canary(T());
    for (size_t k = 0; k < store_.size(); ++k) {
      const ptrdiff_t at = ptrdiff_t(k) - ptrdiff_t(first_);
      const bool inside = at >= 0 && at < ptrdiff_t(body_) && at % ld_ < rows_;
      if (!inside && memcmp(&store_[k], &c, sizeof c) != 0) return false;
    }
    return true;
  }

 private:
  static constexpr size_t margin = 64;
  int32_t rows_, cols_, ld_, shift_;
  size_t body_, first_;
  std::vector<T> store_;
};

inline Matrix<double> zeros(int32_t rows, int32_t cols) { return Matrix<double>(rows, cols).fill(0); }
inline Matrix<double> identity(int32_t n, double scale = 1) {
  return Matrix<double>(n, n).each([=](int32_t i, int32_t j) { return i == j ? scale : 0.0; });
}
template <class T>
Matrix<T> transposed(const Matrix<T> &A) {
  return Matrix<T>(A.cols(), A.rows()).each([&](int32_t i, int32_t j) { return A(j, i); });
}
template <class T, class U>
Matrix<double> operator*(const Matrix<T> &A, const Matrix<U> &B) {
  Matrix<double> C = zeros(A.rows(), B.cols());
  for (int32_t j = 0; j < B.cols(); ++j)
    for (int32_t k = 0; k < A.cols(); ++k)
      for (int32_t i = 0; i < A.rows(); ++i) C(i, j) += double(A(i, k)) * double(B(k, j));
  return C;
}
template <class T, class U>
Matrix<double> operator+(const Matrix<T> &A, const Matrix<U> &B) {
  return Matrix<double>(A.rows(), A.cols()).each([&](int32_t i, int32_t j) {
    return double(A(i, j)) + double(B(i, j));
  });
}
template <class T, class U>
Matrix<double> operator-(const Matrix<T> &A, const Matrix<U> &B) {
  return Matrix<double>(A.rows(), A.cols()).each([&](int32_t i, int32_t j) {
    return double(A(i, j)) - double(B(i, j));
  });
}
// a A for a number a.
template <class T>
Matrix<double> operator*(double a, const Matrix<T> &A) {
  return Matrix<double>(A.rows(), A.cols()).each([&](int32_t i, int32_t j) { return a * double(A(i, j)); });
}

template <class T, class U>
double dot(const Matrix<T> &A, const Matrix<U> &B) {
  double sum = 0;
  A.visit([&](int32_t i, int32_t j) { sum += double(A(i, j)) * double(B(i, j)); });
  return sum;
}
// The square of the Frobenius norm.
template <class T>
double norm2(const Matrix<T> &A) { return dot(A, A); }
template <class T>
double norm(const Matrix<T> &A) { return sqrt(norm2(A)); }
template <class T>
double mean(const Matrix<T> &A) {
  double sum = 0;
  A.visit([&](int32_t i, int32_t j) { sum += double(A(i, j)); });
  return sum / (double(A.rows()) * double(A.cols()));
}
// The largest absolute value of an entry; NaN where one is NaN.
template <class T>
double largest(const Matrix<T> &A) {
  double most = 0;
  A.visit([&](int32_t i, int32_t j) {
    const double a = fabs(double(A(i, j)));
    if (a > most || a != a) most = a;
  });
  return most;
}
// The largest difference of two entries, over the largest entry of B.
template <class T, class U>
double difference(const Matrix<T> &A, const Matrix<U> &B) { return largest(A - B) / fmax(largest(B), DBL_MIN); }
template <class T>
bool all_finite(const Matrix<T> &A) {
  bool finite = true;
  A.visit([&](int32_t i, int32_t j) { finite = finite && A(i, j) - A(i, j) == T(0); });
  return finite;
}
template <class T>
bool nonnegative(const Matrix<T> &A) {  // a NaN is not
  bool valid = true;
  A.visit([&](int32_t i, int32_t j) { valid = valid && A(i, j) >= T(0); });
  return valid;
}
template <class T>
bool operator==(const Matrix<T> &A, const Matrix<T> &B) {  // as numbers
  bool equal = A.rows() == B.rows() && A.cols() == B.cols();
  if (equal) A.visit([&](int32_t i, int32_t j) { equal = equal && A(i, j) == B(i, j); });
  return equal;
}

// X with (G + ridge I) X = B, by elimination with pivots.
inline Matrix<double> solve(Matrix<double> G, Matrix<double> B, double ridge = 0) {
  const int32_t n = G.rows();
  for (int32_t k = 0; k < n; ++k) G(k, k) += ridge;
  for (int32_t k = 0; k < n; ++k) {
    int32_t top = k;
    for (int32_t i = k; i < n; ++i) top = fabs(G(i, k)) > fabs(G(top, k)) ? i : top;
    for (int32_t j = 0; j < n; ++j) std::swap(G(k, j), G(top, j));
    for (int32_t j = 0; j < B.cols(); ++j) std::swap(B(k, j), B(top, j));
    for (int32_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const double t = G(i, k) / G(k, k);
      for (int32_t j = 0; j < n; ++j) G(i, j) -= t * G(k, j);
      for (int32_t j = 0; j < B.cols(); ++j) B(i, j) -= t * B(k, j);
    }
  }
  return B.each([&](int32_t i, int32_t j) { return B(i, j) / G(i, i); });
}

}  // namespace orthant::test
