#include "tsvd.hpp"

#include "rng.hpp"

namespace orthant {

template <class T>
void small_svd(int32_t n, T *A, T *s, T *V, T *work) {
#ifdef ORTHANT_BLIS
  // gesvd destroys its input: keep a copy for the case that it does not converge.
  T *Vt = work, *more = work + size_t(n) * size_t(n);
  bool finite = true;
  for (ptrdiff_t i = 0; i < ptrdiff_t(n) * n; ++i) finite = finite && is_finite(A[i]);
  if (finite && n > 32 && lapacke_svd(n, A, s, Vt, more, 8 * n)) {
    transpose(Mat<const T>{Vt, n, n, n}, Mat<T>{V, n, n, n});
    return;
  }
#else
  (void)work;
#endif
  // One-sided Jacobi [Hestenes 1958]: rotate pairs of columns of A until all are orthogonal; A V = U diag(s).
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i) V[i + ptrdiff_t(j) * n] = T(i == j);
  for (int sweep = 0; sweep < 40; ++sweep) {
    bool rotated = false;
    for (int32_t p = 0; p + 1 < n; ++p)
      for (int32_t q = p + 1; q < n; ++q) {
        T *a = A + ptrdiff_t(p) * n, *b = A + ptrdiff_t(q) * n;
        T aa = 0, bb = 0, ab = 0;
        for (int32_t i = 0; i < n; ++i) {
          aa += a[i] * a[i];
          bb += b[i] * b[i];
          ab += a[i] * b[i];
        }
        if (!(abs_of(ab) > T(4) * Real<T>::eps * sqrt_of(aa) * sqrt_of(bb))) continue;
        rotated = true;
        const T z = (bb - aa) / (T(2) * ab);
        const T t = (z >= T(0) ? T(1) : T(-1)) / (abs_of(z) + sqrt_of(T(1) + z * z));
        const T c = T(1) / sqrt_of(T(1) + t * t), d = c * t;
        const auto rotate = [&](T *x, T *y) {
          for (int32_t i = 0; i < n; ++i) {
            const T u = x[i];
            x[i] = c * u - d * y[i];
            y[i] = d * u + c * y[i];
          }
        };
        rotate(a, b);
        rotate(V + ptrdiff_t(p) * n, V + ptrdiff_t(q) * n);
      }
    if (!rotated) break;
  }
  for (int32_t j = 0; j < n; ++j) {
    T *a = A + ptrdiff_t(j) * n, t = 0;
    for (int32_t i = 0; i < n; ++i) t += a[i] * a[i];
    s[j] = sqrt_of(t);
    if (s[j] > T(0))
      for (int32_t i = 0; i < n; ++i) a[i] /= s[j];
  }
  for (int32_t j = 0; j < n; ++j) {  // selection sort: n is small
    int32_t top = j;
    for (int32_t q = j + 1; q < n; ++q) top = s[q] > s[top] ? q : top;
    if (top == j) continue;
    const T t = s[j];
    s[j] = s[top];
    s[top] = t;
    for (int32_t i = 0; i < n; ++i) {
      T *x = A + i, *y = V + i;
      const T u = x[ptrdiff_t(j) * n], v = y[ptrdiff_t(j) * n];
      x[ptrdiff_t(j) * n] = x[ptrdiff_t(top) * n], x[ptrdiff_t(top) * n] = u;
      y[ptrdiff_t(j) * n] = y[ptrdiff_t(top) * n], y[ptrdiff_t(top) * n] = v;
    }
  }
}

namespace {

// Q R = Y in place, columns orthonormal by two passes of Gram and Schmidt; a dependent column becomes zero.
template <class T>
void orthonormalise(const Ops<T> &ops, Mat<T> Y, Mat<T> R, T *c) {
  for (int32_t k = 0; k < Y.cols; ++k) {
    const Mat<T> y = Y.columns(k, 1), before = Y.columns(0, k), coefficients{c, k, 1, k};
    for (int32_t i = 0; i < Y.cols; ++i) R(i, k) = T(0);
    T norm2 = 0, start2 = 0, low;
    ops.kernel().scan(Y.rows, y.data, &start2, &low);
    for (int pass = 0; pass < 2 && k > 0; ++pass) {
      ops.tn(before, y, coefficients);
      for (int32_t i = 0; i < k; ++i) {
        R(i, k) += c[i];
        c[i] = -c[i];
      }
      ops.nn(before, coefficients, y, true);
    }
    ops.kernel().scan(Y.rows, y.data, &norm2, &low);
    const T limit = T(16) * Real<T>::eps;
    const bool dependent = !(norm2 > limit * limit * start2);
    R(k, k) = dependent ? T(0) : sqrt_of(norm2);
    const T scale = dependent ? T(0) : T(1) / R(k, k);
    for (int32_t i = 0; i < Y.rows; ++i) y.data[i] *= scale;
  }
}

// C -= a (1' B), or with b: the products of V - mean 1' from those of V.
template <class T>
void subtract_outer(const T *a, int32_t rows, const T *b, Mat<T> C) {
  for (int32_t j = 0; j < C.cols; ++j)
    for (int32_t i = 0; i < rows; ++i) C(i, j) -= (a ? a[i] : T(1)) * b[j];
}

}  // namespace

template <class T>
void Tsvd<T>::layout(Carver &carve, int32_t rows, int32_t cols, int32_t rank) {
  block = min_of(rank + 8, min_of(rows, cols));
  const size_t b = size_t(block);
  U = {carve.take<T>(size_t(rows), b), rows, block, rows};
  V = {carve.take<T>(size_t(cols), b), cols, block, cols};
  s = carve.take<T>(b);
  R_ = carve.take<T>(b, b);
  Q_ = carve.take<T>(b, b);
  work_ = carve.take<T>(svd_work(block) + b);
}

template <class T>
void Tsvd<T>::run(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, int32_t rank,
                  uint64_t seed, T tol, T shift, int steps) {
  const Rng rng(seed, 0x54535644);
  const int32_t b = block;
  const Mat<T> R{R_, b, b, b};
  T *column = work_ + svd_work(b);  // b sums over a column
  for (int32_t j = 0; j < b; ++j) {
    s[j] = T(0);
    for (int32_t i = 0; i < V.rows; ++i) V(i, j) = T(rng.uniform(uint64_t(j) * uint64_t(V.rows) + uint64_t(i)) - 0.5);
  }
  orthonormalise(ops, V, R, work_);
  const auto add_shift = [&](View<T> from, Mat<T> to) {
    for (int32_t j = 0; j < b && shift != T(0); ++j)
      for (int32_t i = 0; i < to.rows; ++i) to(i, j) += shift * from(i, j);
  };
  for (int step = 0; step < steps; ++step) {
    X.times(ops, par, V, U);
    add_shift(V, U);
    if (mean) {
      for (int32_t j = 0; j < b; ++j) {
        column[j] = T(0);
        for (int32_t i = 0; i < V.rows; ++i) column[j] += V(i, j);
      }
      subtract_outer(mean, U.rows, column, U);
    }
    orthonormalise(ops, U, R, work_);
    X.transposed_times(ops, par, U, V);
    add_shift(U, V);
    if (mean) {
      ops.tn(U, Mat<const T>{mean, U.rows, 1, U.rows}, Mat<T>{column, b, 1, b});
      subtract_outer(static_cast<const T *>(nullptr), V.rows, column, V);
    }
    orthonormalise(ops, V, R, work_);
    // V' here: X'U = V R, so X = U R' V' on the subspace; the values are those of R.
    T change = 0;
    for (int32_t j = 0; j < rank && j < b; ++j) column[j] = s[j];
    for (int32_t j = 0; j < b; ++j)
      for (int32_t i = 0; i < b; ++i) R(i, j) = i > j ? T(0) : R(i, j);
    small_svd(b, R_, s, Q_, work_);
    for (int32_t j = 0; j < rank && j < b; ++j) change = max_of(change, abs_of(s[j] - column[j]));
    const bool last = !(change > tol * s[0]) || step == steps - 1 || b >= min_of(U.rows, V.rows);
    if (!last) continue;
    // R = A S B' (A in R_, B in Q_):  U <- U B,  V <- V A, by rows in place through `column`.
    const auto rotate = [&](Mat<T> M, const T *by) {
      for (int32_t i = 0; i < M.rows; ++i) {
        for (int32_t j = 0; j < b; ++j) {
          T t = 0;
          for (int32_t k = 0; k < b; ++k) t += M(i, k) * by[k + ptrdiff_t(j) * b];
          column[j] = t;
        }
        for (int32_t j = 0; j < b; ++j) M(i, j) = column[j];
      }
    };
    rotate(U, Q_);
    rotate(V, R_);
    return;
  }
}

#define INSTANTIATE(T)                                              \
  template void small_svd<T>(int32_t, T *, T *, T *, T *);          \
  template struct Tsvd<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
