// All eigenvalues and eigenvectors of a small symmetric matrix.
#pragma once
#include "real.hpp"

namespace orthant {

// sqrt(x^2 + y^2) where squares might vanish or overflow.
template <class T>
T length_of(T x, T y) {
  const T high = max_of(abs_of(x), abs_of(y)), low = min_of(abs_of(x), abs_of(y));
  if (!(high > T(0))) return T(0);
  const T ratio = low / high;
  return high * sqrt_of(T(1) + ratio * ratio);
}

// The reflection I - beta v v' that takes x to (alpha, 0, ..., 0)', v over x with v_0 = 1.  Returns beta, zero where x
// is zero.
template <class T>
T householder(int32_t n, T *x, T *alpha) {
  T top = 0, squares = 0;
  for (int32_t i = 0; i < n; ++i) top = max_of(top, abs_of(x[i]));
  *alpha = T(0);
  if (!(top > Real<T>::tiny)) return T(0);
  for (int32_t i = 0; i < n; ++i) squares += (x[i] / top) * (x[i] / top);
  const T length = top * sqrt_of(squares);
  *alpha = x[0] > T(0) ? -length : length;
  const T first = x[0] - *alpha;
  x[0] = T(1);
  for (int32_t i = 1; i < n; ++i) x[i] /= first;
  return abs_of(first) / length;
}

// Q'A Q = tridiagonal with the diagonal d and, below it, e, by reflections [Golub and Van Loan 2013, section 8.3.1].
// A is used up.  e: n numbers, the last zero; w: n to work in.
template <class T>
void tridiagonalize(int32_t n, T *A, T *Q, T *d, T *e, T *w) {
  for (int32_t k = 0; k + 1 < n; ++k) {
    const int32_t m = n - k - 1;
    T *v = A + ptrdiff_t(k) * n + k + 1, *rest = A + ptrdiff_t(k + 1) * n + k + 1;
    const T beta = householder(m, v, e + k);
    Q[k] = beta;  // kept here until Q is formed
    for (int32_t i = 0; i < m; ++i) w[i] = T(0);
    for (int32_t j = 0; j < m; ++j)
      for (int32_t i = 0; i < m; ++i) w[i] += beta * v[j] * rest[i + ptrdiff_t(j) * n];
    T half = 0;
    for (int32_t i = 0; i < m; ++i) half += T(0.5) * beta * v[i] * w[i];
    for (int32_t i = 0; i < m; ++i) w[i] -= half * v[i];
    for (int32_t j = 0; j < m; ++j)
      for (int32_t i = 0; i < m; ++i) rest[i + ptrdiff_t(j) * n] -= v[i] * w[j] + w[i] * v[j];
  }
  e[n - 1] = T(0);
  for (int32_t k = 0; k < n; ++k) {
    d[k] = A[k + ptrdiff_t(k) * n];
    w[k] = Q[k];
  }
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i) Q[i + ptrdiff_t(j) * n] = T(i == j);
  for (int32_t k = n - 2; k >= 0; --k) {
    const int32_t m = n - k - 1;
    const T *v = A + ptrdiff_t(k) * n + k + 1;
    for (int32_t j = k + 1; j < n; ++j) {
      T *q = Q + ptrdiff_t(j) * n + k + 1, dot = 0;
      for (int32_t i = 0; i < m; ++i) dot += v[i] * q[i];
      for (int32_t i = 0; i < m; ++i) q[i] -= w[k] * dot * v[i];
    }
  }
}

// One implicit QL step on the rows l .. m of a tridiagonal matrix, and the rotations on the columns of Q.
template <class T>
void ql_step(int32_t n, int32_t l, int32_t m, T *d, T *e, T *Q) {
  T g = (d[l + 1] - d[l]) / (T(2) * e[l]);
  const T root = sqrt_of(g * g + T(1));
  g = d[m] - d[l] + e[l] / (g + (g < T(0) ? -root : root));
  T s = 1, c = 1, p = 0;
  for (int32_t i = m - 1; i >= l; --i) {
    const T f = s * e[i], b = c * e[i], r = length_of(f, g);
    e[i + 1] = r;
    if (!(r > T(0))) {  // the matrix falls into two here
      d[i + 1] -= p;
      e[m] = T(0);
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const T t = (d[i] - g) * s + T(2) * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    T *x = Q + ptrdiff_t(i) * n, *y = x + n;
    for (int32_t k = 0; k < n; ++k) {
      const T u = y[k];
      y[k] = s * x[k] + c * u;
      x[k] = c * x[k] - s * u;
    }
  }
  d[l] -= p;
  e[l] = g;
  e[m] = T(0);
}

// A = Q diag(d) Q', A symmetric and used up; all n x n of leading dimension n.  e, w: n numbers to work in.  The values
// come in no order.  [QL with implicit shifts: Golub and Van Loan 2013, section 8.3]
template <class T>
void symmetric_eigen(int32_t n, T *A, T *Q, T *d, T *e, T *w) {
  constexpr int32_t most_steps = 60;  // of one value; two are usual
  tridiagonalize(n, A, Q, d, e, w);
  T largest = 0;
  for (int32_t k = 0; k < n; ++k) largest = max_of(largest, max_of(abs_of(d[k]), abs_of(e[k])));
  for (int32_t l = 0; l < n; ++l)
    for (int32_t step = 0; step < most_steps; ++step) {
      int32_t m = l;
      while (m + 1 < n && abs_of(e[m]) > Real<T>::eps * (abs_of(d[m]) + abs_of(d[m + 1]) + Real<T>::eps * largest)) ++m;
      if (m == l) break;
      ql_step(n, l, m, d, e, Q);
    }
}

}  // namespace orthant
