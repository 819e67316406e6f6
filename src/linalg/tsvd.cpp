#include "tsvd.hpp"

#include "cholesky.hpp"
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

constexpr int32_t tile_rows = small_target ? 16 : 128;

// Q R = Y in place, columns orthonormal by two passes of Gram and Schmidt; a dependent column becomes zero.
template <class T>
void gram_schmidt(const Ops<T> &ops, Mat<T> Y, Mat<T> R, T *c) {
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
void Tsvd<T>::layout(Carver &carve, int32_t rows, int32_t cols, int32_t rank, int32_t workers) {
  block = min_of(rank + 8, min_of(rows, cols));
  workers_ = workers;
  const size_t b = size_t(block);
  U = {carve.take<T>(size_t(rows), b), rows, block, rows};
  V = {carve.take<T>(size_t(cols), b), cols, block, cols};
  s = carve.take<T>(b);
  R_ = carve.take<T>(b, b);
  Q_ = carve.take<T>(b, b);
  work_ = carve.take<T>(svd_work(block) + b);
  tiles_ = carve.take<T>(size_t(tile_rows) * size_t(workers), b);
}

// Y <- Y C, by blocks of rows.
template <class T>
void Tsvd<T>::times_right(const Ops<T> &ops, const Parallel &par, Mat<T> Y, const T *C) const {
  const int32_t b = block;
  parallel_for(par, ceil_div(Y.rows, tile_rows), [&](int32_t t, int32_t worker) {
    const int32_t i = t * tile_rows, n = min_of(tile_rows, Y.rows - i);
    const Mat<T> tile{tiles_ + ptrdiff_t(worker) * tile_rows * b, n, b, tile_rows};
    copy<T>(Y.block(i, 0, n, b), tile);
    ops.nn(tile, Mat<const T>{C, b, b, b}, Y.block(i, 0, n, b));
  });
}

// One pass of Q R = Y from the Cholesky factor of Y'Y, columns scaled to one [Yamamoto et al. 2015]: products of kernels,
// but only where Y is well conditioned.  again: Y was Q R already, and R gets the product of both.
template <class T>
bool Tsvd<T>::cholesky_qr(const Ops<T> &ops, const Parallel &par, Mat<T> Y, bool again) {
  const int32_t b = block, piece = 16;
  T *G = work_, *length = work_ + ptrdiff_t(b) * b;
  const Mat<T> gram{G, b, b, b}, R{R_, b, b, b};
  parallel_for(par, ceil_div(b, piece), [&](int32_t t, int32_t) {
    const int32_t j = t * piece, n = min_of(piece, b - j);
    ops.tn(Y, Y.columns(j, n), gram.columns(j, n));
  });
  for (int32_t k = 0; k < b; ++k) {
    length[k] = sqrt_of(gram(k, k));
    if (!(length[k] > T(0)) || !is_finite(T(1) / length[k])) return false;
  }
  for (int32_t j = 0; j < b; ++j)
    for (int32_t i = 0; i < b; ++i) gram(i, j) = gram(i, j) / length[i] / length[j];
  // Two passes leave orthonormal columns where the condition number squared is below 1 / (b eps).
  if (!cholesky_once(b, G, b, T(64) * T(b) * Real<T>::eps)) return false;
  lower_inverse(b, G, b, Q_, b);
  for (int32_t j = 0; j < b; ++j)  // R^-1 = D^-1 L'^-1
    for (int32_t i = 0; i <= j; ++i) {
      const T t = Q_[j + ptrdiff_t(i) * b];
      Q_[j + ptrdiff_t(i) * b] = T(0);
      Q_[i + ptrdiff_t(j) * b] = t / length[i];
    }
  times_right(ops, par, Y, Q_);
  for (int32_t j = 0; j < b; ++j) {
    for (int32_t i = 0; i < b && !again; ++i) R(i, j) = T(i == j);
    for (int32_t i = 0; i <= j; ++i) {
      T t = 0;
      for (int32_t k = i; k <= j; ++k) t += gram(k, i) * length[k] * R(k, j);
      R(i, j) = t;
    }
  }
  return true;
}

// Q R = Y in place; a dependent column becomes zero.
template <class T>
void Tsvd<T>::orthonormalise(const Ops<T> &ops, const Parallel &par, Mat<T> Y) {
  if (cholesky_qr(ops, par, Y, false)) cholesky_qr(ops, par, Y, true);
  else gram_schmidt(ops, Y, Mat<T>{R_, block, block, block}, work_);
}

template <class T>
int32_t Tsvd<T>::run(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, int32_t rank,
                     uint64_t seed, T tol, int32_t max_steps, bool warm, T *last_change,
                     T shift) {
  const Rng rng(seed, 0x54535644);
  const int32_t b = block;
  const Parallel rows = workers_ > 1 ? par : Parallel{};  // there is a tile for each worker, or for one
  T *column = work_ + svd_work(b);  // b sums over a column
  for (int32_t j = 0; j < b && !warm; ++j) {
    s[j] = T(0);
    for (int32_t i = 0; i < V.rows; ++i) V(i, j) = T(rng.uniform(uint64_t(j) * uint64_t(V.rows) + uint64_t(i)) - 0.5);
  }
  if (!warm) orthonormalise(ops, rows, V);
  const auto add_shift = [&](View<T> from, Mat<T> to) {
    for (int32_t j = 0; j < b && shift != T(0); ++j)
      for (int32_t i = 0; i < to.rows; ++i) to(i, j) += shift * from(i, j);
  };
  for (int32_t step = 1;; ++step) {
    X.times(ops, par, V, U);
    add_shift(V, U);
    if (mean) {
      for (int32_t j = 0; j < b; ++j) {
        column[j] = T(0);
        for (int32_t i = 0; i < V.rows; ++i) column[j] += V(i, j);
      }
      subtract_outer(mean, U.rows, column, U);
    }
    orthonormalise(ops, rows, U);
    X.transposed_times(ops, par, U, V);
    add_shift(U, V);
    if (mean) {
      ops.tn(U, Mat<const T>{mean, U.rows, 1, U.rows}, Mat<T>{column, b, 1, b});
      subtract_outer(static_cast<const T *>(nullptr), V.rows, column, V);
    }
    orthonormalise(ops, rows, V);
    // V' here: X'U = V R, so X = U R' V' on the subspace; the values are those of R.
    T change = 0;
    for (int32_t j = 0; j < rank && j < b; ++j) column[j] = s[j];
    for (int32_t j = 0; j < b; ++j)
      for (int32_t i = j + 1; i < b; ++i) R_[i + ptrdiff_t(j) * b] = T(0);
    small_svd(b, R_, s, Q_, work_);
    for (int32_t j = 0; j < rank && j < b; ++j) change = max_of(change, abs_of(s[j] - column[j]));
    if (change > tol * s[0] && step < max_steps && b < min_of(U.rows, V.rows)) continue;
    times_right(ops, rows, U, Q_);  // R = A S B' (A in R_, B in Q_):  U <- U B,  V <- V A
    times_right(ops, rows, V, R_);
    if (last_change) *last_change = s[0] > T(0) ? change / s[0] : T(0);
    return step;
  }
}

#define INSTANTIATE(T)                                              \
  template void small_svd<T>(int32_t, T *, T *, T *, T *);          \
  template struct Tsvd<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
