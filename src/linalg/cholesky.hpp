// Symmetric positive definite systems of the size of the rank.
#pragma once
#include "ops.hpp"
#include "real.hpp"

namespace orthant {

// A = L L', lower triangle in place; false where a pivot is not above `smallest` and `share` of its diagonal entry.
template <class T>
bool cholesky_once(int32_t n, T *A, ptrdiff_t lda, T smallest, T share = T(0)) {
  for (int32_t k = 0; k < n; ++k) {
    T *a = A + k * lda;
    const T limit = max_of(smallest, share * a[k]);
    int32_t l = 0;
    if (!small_target)
      for (; l + 4 <= k; l += 4) {  // a goes through the registers a quarter as often; the same bits
        const T *b0 = A + l * lda, *b1 = b0 + lda, *b2 = b1 + lda, *b3 = b2 + lda;
        const T t0 = b0[k], t1 = b1[k], t2 = b2[k], t3 = b3[k];
        for (int32_t i = k; i < n; ++i) a[i] = a[i] - t0 * b0[i] - t1 * b1[i] - t2 * b2[i] - t3 * b3[i];
      }
    for (; l < k; ++l) {
      const T *b = A + l * lda;
      const T t = b[k];
      for (int32_t i = k; i < n; ++i) a[i] -= t * b[i];
    }
    if (!(a[k] > limit)) return false;
    const T inv = T(1) / sqrt_of(a[k]);
    for (int32_t i = k; i < n; ++i) a[i] *= inv;
  }
  return true;
}

// The factor of the principal block of G that `index` names (null: the leading one), with the smallest ridge on its
// diagonal, 0 or 1e-12, 1e-11, ... times each entry (a zero: times the largest), that lets it succeed: a dead component
// makes G singular (algorithms.md, "Conventions").  Measured against its own entry a pivot is judged alike in whatever
// unit its component is.  Returns the largest ridge.  shift: added to every entry of G.
template <class T>
T cholesky(int32_t n, const T *G, ptrdiff_t ldg, const int32_t *index, T *L, ptrdiff_t ldl, T shift = T(0)) {
  T top = 0;
  for (int32_t i = 0; i < n; ++i) {
    const int32_t k = index ? index[i] : i;
    top = max_of(top, G[k + k * ldg] + shift);
  }
  if (!(top > T(0))) top = T(1);
  T e = 0;  // ridge / top
  for (;;) {
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = j; i < n; ++i) {
        const ptrdiff_t gi = index ? index[i] : i, gj = index ? index[j] : j;
        const T entry = G[gi + gj * ldg] + shift;
        L[i + j * ldl] = i == j ? entry + e * (entry > T(0) ? entry : top) : entry;
      }
    // 50 eps is the 1e-14 of the reference codes in f64, and its like in f32.
    if (cholesky_once(n, L, ldl, T(0), T(50) * Real<T>::eps) || e > T(1)) return e * top;
    e = e > T(0) ? e * T(10) : Real<T>::ridge;
  }
}

// x = (L L')^-1 x
template <class T>
void cholesky_solve(int32_t n, const T *L, ptrdiff_t ldl, T *x) {
  for (int32_t k = 0; k < n; ++k) {
    const T *l = L + k * ldl;
    const T t = x[k] / l[k];
    x[k] = t;
    for (int32_t i = k + 1; i < n; ++i) x[i] -= t * l[i];
  }
  for (int32_t k = n - 1; k >= 0; --k) {
    const T *l = L + k * ldl;
    T t = x[k];
    for (int32_t i = k + 1; i < n; ++i) t -= l[i] * x[i];
    x[k] = t / l[k];
  }
}

// X = L^-1, lower triangular with zeros above: n^3 / 3 multiply-adds down the columns, and then (L L')^-1 = X'X is a
// product of kernels, where n solutions for the n unit vectors would not be.
template <class T>
void lower_inverse(int32_t n, const T *L, ptrdiff_t ldl, T *X, ptrdiff_t ldx) {
  for (int32_t j = 0; j < n; ++j) {
    T *x = X + j * ldx;
    for (int32_t i = 0; i < n; ++i) x[i] = T(i == j);
    for (int32_t k = j; k < n; ++k) {
      const T *l = L + k * ldl;
      const T t = x[k] / l[k];
      x[k] = t;
      for (int32_t i = k + 1; i < n; ++i) x[i] -= t * l[i];
    }
  }
}

// S = (G + shift I)^-1, symmetric.  L, M: n x n to work in, of leading dimension n.
template <class T>
void shifted_inverse(const Ops<T> &ops, View<T> G, T shift, T *L, T *M, Mat<T> S) {
  const int32_t n = G.rows;
  copy<T>(G, S);
  for (int32_t k = 0; k < n; ++k) S(k, k) += shift;
  cholesky(n, S.data, S.ld, static_cast<const int32_t *>(nullptr), L, n);
  lower_inverse(n, L, n, M, n);
  const Mat<const T> inverse{M, n, n, n};
  ops.tn(inverse, inverse, S);
}

// An upper bound of the largest eigenvalue of a symmetric matrix, tight for a nonnegative one: with x > 0,
// max_i (|G| x)_i / x_i bounds it from above [Collatz 1942, Wielandt 1950], and power steps on x close the gap.
template <class T>
T largest_eigenvalue_bound(int32_t n, const T *G, ptrdiff_t ldg, T *x, T *y) {
  for (int32_t i = 0; i < n; ++i) x[i] = T(1);
  T best = Real<T>::huge;
  for (int step = 0; step < 12; ++step) {
    T top = 0, bound = 0;
    for (int32_t i = 0; i < n; ++i) {
      T s = 0;
      for (int32_t j = 0; j < n; ++j) s += abs_of(G[j + i * ldg]) * x[j];
      y[i] = s;
      bound = max_of(bound, s / x[i]);
      top = max_of(top, s);
    }
    best = min_of(best, bound);
    if (!(top > T(0))) return T(0);
    for (int32_t i = 0; i < n; ++i) x[i] = max_of(y[i] / top, T(1e-6));  // positive: the bound needs it
  }
  return best * (T(1) + T(n) * Real<T>::eps);
}

}  // namespace orthant
