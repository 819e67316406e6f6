#include "tsvd.hpp"

#include "cholesky.hpp"
#include "passes.hpp"
#include "rng.hpp"

namespace orthant {

namespace {

// ---- one-sided Jacobi [Hestenes 1958]

// Rotates columns p and q of A, and of V, until those of A are orthogonal; false where they are.
template <class T>
bool make_orthogonal(int32_t n, int32_t p, int32_t q, T *A, T *V) {
  T *a = A + ptrdiff_t(p) * n, *b = A + ptrdiff_t(q) * n;
  T aa = 0, bb = 0, ab = 0;
  for (int32_t i = 0; i < n; ++i) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  if (!(abs_of(ab) > T(4) * Real<T>::eps * sqrt_of(aa) * sqrt_of(bb))) return false;
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
  return true;
}

// A V = U diag(s), s the lengths of the columns of A V, which take A's place.
template <class T>
void normalise_columns(int32_t n, T *A, T *s) {
  for (int32_t j = 0; j < n; ++j) {
    T *a = A + ptrdiff_t(j) * n;
    T squares = 0;
    for (int32_t i = 0; i < n; ++i) squares += a[i] * a[i];
    s[j] = sqrt_of(squares);
    if (s[j] > T(0))
      for (int32_t i = 0; i < n; ++i) a[i] /= s[j];
  }
}

template <class T>
void exchange(T &x, T &y) {
  const T t = x;
  x = y;
  y = t;
}

// By selection: n is small.
template <class T>
void sort_descending(int32_t n, T *A, T *s, T *V) {
  for (int32_t j = 0; j < n; ++j) {
    int32_t top = j;
    for (int32_t q = j + 1; q < n; ++q) top = s[q] > s[top] ? q : top;
    if (top == j) continue;
    exchange(s[j], s[top]);
    for (int32_t i = 0; i < n; ++i) {
      exchange(A[i + ptrdiff_t(j) * n], A[i + ptrdiff_t(top) * n]);
      exchange(V[i + ptrdiff_t(j) * n], V[i + ptrdiff_t(top) * n]);
    }
  }
}

}  // namespace

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
  constexpr int32_t most_sweeps = 40;
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < n; ++i) V[i + ptrdiff_t(j) * n] = T(i == j);
  bool rotated = true;
  for (int32_t sweep = 0; sweep < most_sweeps && rotated; ++sweep) {
    rotated = false;
    for (int32_t p = 0; p + 1 < n; ++p)
      for (int32_t q = p + 1; q < n; ++q) rotated = make_orthogonal(n, p, q, A, V) || rotated;
  }
  normalise_columns(n, A, s);
  sort_descending(n, A, s, V);
}

namespace {

// ---- orthonormal columns

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

// C -= a b'
template <class T>
void subtract_outer(const T *a, const T *b, Mat<T> C) {
  for (int32_t j = 0; j < C.cols; ++j)
    for (int32_t i = 0; i < C.rows; ++i) C(i, j) -= a[i] * b[j];
}

// C -= 1 b'
template <class T>
void subtract_rows(const Parallel &par, const T *b, Mat<T> C) {
  by_pieces(par, C.rows, C.cols, 2 * sizeof(T), [&](Range rows, int32_t j) {
    for (int32_t i = rows.from; i < rows.to; ++i) C(i, j) -= b[j];
  });
}

template <class T>
void add_multiple(T factor, View<T> A, Mat<T> C) {
  for (int32_t j = 0; j < C.cols; ++j)
    for (int32_t i = 0; i < C.rows; ++i) C(i, j) += factor * A(i, j);
}

}  // namespace

template <class T>
void Tsvd<T>::layout(Carver &carve, int32_t rows, int32_t cols, int32_t rank, int32_t workers,
                     int32_t spare) {
  block = min_of(rank + spare, min_of(rows, cols));
  workers_ = workers;
  const size_t b = size_t(block);
  U = {carve.take<T>(size_t(rows), b), rows, block, rows};
  V = {carve.take<T>(size_t(cols), b), cols, block, cols};
  s = carve.take<T>(b);
  R_ = carve.take<T>(b, b);
  Q_ = carve.take<T>(b, b);
  work_ = carve.take<T>(svd_work(block) + b);
  tiles_ = carve.take<T>(size_t(tile_rows) * size_t(workers), b);
  const bool wide = large() && rows < 4096 && cols / 16 >= rows;
  const size_t of_product = wide ? size_t(most_of_product) * size_t(rows) : 0;
  shares_ = carve.take<T>(max_of(of_product, size_t(max_of(parts(rows), parts(cols))) * b), b);
}

// Whether products and Gram matrices are cut for many workers.
template <class T>
bool Tsvd<T>::large() const { return !small_target && double(U.rows) * V.rows >= 0x1p20; }

// Of rows, for the Gram matrix of the vectors.
template <class T>
int32_t Tsvd<T>::parts(int32_t rows) const { return large() ? gram_parts(rows, block) : 1; }

// U = X V
template <class T>
void Tsvd<T>::times(const Ops<T> &ops, const Parallel &par, const Operand<T> &X) const {
  if (large())
    if (const PanelCut cut = product_cut(X, U.rows, V.rows); cut.chunks > 0)
      return times_by_chunks<T>(ops, par, X, cut, V, U, shares_);
  X.times(ops, par, V, U);
}

// Y <- Y C, by blocks of rows.
template <class T>
void Tsvd<T>::times_right(const Ops<T> &ops, const Parallel &par, Mat<T> Y, const T *C) const {
  const int32_t b = block;
  parallel_blocks(par, Y.rows, tile_rows, [&](Range i, int32_t worker) {
    const Mat<T> y = Y.block(i.from, 0, i.size(), b);
    const Mat<T> tile{tiles_ + ptrdiff_t(worker) * tile_rows * b, i.size(), b, tile_rows};
    copy<T>(y, tile);
    ops.nn(tile, Mat<const T>{C, b, b, b}, y);
  });
}

// One pass of Q R = Y from the Cholesky factor of Y'Y, columns scaled to one [Yamamoto et al. 2015]: products of
// kernels, but only where Y is well conditioned; R is multiplied from the left.  False, with Y and R as they were,
// where it is not.
template <class T>
bool Tsvd<T>::cholesky_qr(const Ops<T> &ops, const Parallel &par, Mat<T> Y, Mat<T> R) {
  const int32_t b = block;
  T *lengths = work_ + ptrdiff_t(b) * b;
  const Mat<T> G{work_, b, b, b}, inverse{Q_, b, b, b};
  gram<T>(ops, par, Y, Y, G, parts(Y.rows), shares_);
  for (int32_t k = 0; k < b; ++k) {
    lengths[k] = sqrt_of(G(k, k));
    if (!(lengths[k] > T(0)) || !is_finite(T(1) / lengths[k])) return false;
  }
  for (int32_t j = 0; j < b; ++j)
    for (int32_t i = 0; i < b; ++i) G(i, j) = G(i, j) / lengths[i] / lengths[j];
  // Two passes leave orthonormal columns where the condition number squared is below 1 / (b eps).
  if (!cholesky_once(b, G.data, G.ld, T(64) * T(b) * Real<T>::eps)) return false;
  lower_inverse(b, G.data, G.ld, inverse.data, inverse.ld);
  for (int32_t j = 0; j < b; ++j)  // R^-1 = D^-1 L'^-1
    for (int32_t i = 0; i <= j; ++i) {
      const T t = inverse(j, i);
      inverse(j, i) = T(0);
      inverse(i, j) = t / lengths[i];
    }
  times_right(ops, par, Y, Q_);
  for (int32_t j = 0; j < b; ++j)
    for (int32_t i = 0; i <= j; ++i) {
      T t = 0;
      for (int32_t k = i; k <= j; ++k) t += G(k, i) * lengths[k] * R(k, j);
      R(i, j) = t;
    }
  return true;
}

// Q R = Y in place; a dependent column becomes zero.
template <class T>
void Tsvd<T>::orthonormalise(const Ops<T> &ops, const Parallel &par, Mat<T> Y) {
  const Mat<T> R{R_, block, block, block};
  for (int32_t j = 0; j < block; ++j)
    for (int32_t i = 0; i < block; ++i) R(i, j) = T(i == j);
  if (cholesky_qr(ops, par, Y, R)) cholesky_qr(ops, par, Y, R);
  else gram_schmidt(ops, Y, R, work_);
}

template <class T>
void Tsvd<T>::start_random(const Ops<T> &ops, const Parallel &par, uint64_t seed) {
  const Rng rng(seed, 0x54535644);
  for (int32_t j = 0; j < block; ++j) {
    s[j] = T(0);
  }
  by_pieces(par, V.rows, block, 20, [&](Range rows, int32_t j) {  // as long as 20 bytes each
    for (int32_t i = rows.from; i < rows.to; ++i)
      V(i, j) = T(rng.uniform(uint64_t(j) * uint64_t(V.rows) + uint64_t(i)) - 0.5);
  });
  orthonormalise(ops, par, V);
}

// A random column k of V.
template <class T>
void Tsvd<T>::draw(int32_t k, const Rng &rng) {
  const T length = sqrt_of(T(V.rows));
  for (int32_t j = 0; j < V.rows; ++j)
    V(j, k) = T(rng.uniform(uint64_t(k) * uint64_t(V.rows) + uint64_t(j)) - 0.5) / length;
}

// Random vectors for zero ones, which the last data, of a lower rank, had no use for: they would stay zero.
template <class T>
void Tsvd<T>::fill_empty(uint64_t seed) {
  const Rng rng(seed, 0x5741524D);
  for (int32_t k = 0; k < block; ++k) {
    int32_t j = 0;
    while (j < V.rows && V(j, k) == T(0)) ++j;
    if (j == V.rows) draw(k, rng);
  }
}

template <class T>
void Tsvd<T>::make_basis(const Ops<T> &ops, const Parallel &par, const Rng &rng) {
  const Parallel rows = workers_ > 1 ? par : Parallel{};
  bool complete = false;
  for (int pass = 0; pass < 3 && !complete; ++pass) {
    complete = true;
    orthonormalise(ops, rows, V);
    for (int32_t k = 0; k < block; ++k) {
      T squares, low;
      ops.kernel().scan(V.rows, V.col(k), &squares, &low);
      if (squares > T(0)) continue;
      complete = false;
      draw(k, rng);
    }
  }
}

// U = (X - mean 1' + shift I) V
template <class T>
void Tsvd<T>::multiply(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, T shift,
                       T *sums) const {
  times(ops, par, X);
  if (shift != T(0)) add_multiple<T>(shift, V, U);
  if (!mean) return;
  parallel_for(par, block, Work{0, double(V.rows) * 4 * sizeof(T)}, [&](int32_t j, int32_t) {
    sums[j] = T(0);
    for (int32_t i = 0; i < V.rows; ++i) sums[j] += V(i, j);
  });
  subtract_outer(mean, sums, U);
}

// V = (X - mean 1' + shift I)' U
template <class T>
void Tsvd<T>::multiply_transposed(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, T shift,
                                  T *sums) const {
  X.transposed_times(ops, par, U, V);
  if (shift != T(0)) add_multiple<T>(shift, U, V);
  if (!mean) return;
  ops.tn(U, Mat<const T>{mean, U.rows, 1, U.rows}, Mat<T>{sums, block, 1, block});
  subtract_rows(par, sums, V);
}

template <class T>
int32_t Tsvd<T>::run(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, const T *mean, int32_t rank,
                     uint64_t seed, T tol, int32_t max_steps, bool warm, T *last_change, T shift) {
  const int32_t b = block, known = min_of(rank, b);
  const Parallel rows = workers_ > 1 ? par : Parallel{};  // there is a tile for each worker, or for one
  T *column = work_ + svd_work(b);  // block numbers
  if (warm) fill_empty(seed);
  else start_random(ops, rows, seed);
  for (int32_t step = 1;; ++step) {
    multiply(ops, par, X, mean, shift, column);
    orthonormalise(ops, rows, U);
    multiply_transposed(ops, par, X, mean, shift, column);
    orthonormalise(ops, rows, V);
    if (X.failed()) return step;
    // V' here: X'U = V R, so X = U R' V' on the subspace; the values are those of R.
    for (int32_t j = 0; j < known; ++j) column[j] = s[j];
    for (int32_t j = 0; j < b; ++j)
      for (int32_t i = j + 1; i < b; ++i) R_[i + ptrdiff_t(j) * b] = T(0);
    small_svd(b, R_, s, Q_, work_);
    T change = 0;
    for (int32_t j = 0; j < known; ++j) change = max_of(change, abs_of(s[j] - column[j]));
    if (change > tol * s[0] && step < max_steps && b < min_of(U.rows, V.rows)) continue;
    times_right(ops, rows, U, Q_);  // R = A S B' (A in R_, B in Q_):  U <- U B,  V <- V A
    times_right(ops, rows, V, R_);
    if (last_change) *last_change = s[0] > T(0) ? change / s[0] : T(0);
    return step;
  }
}

template <class T>
void Tsvd<T>::run_rough(const Ops<T> &ops, const Parallel &par, const Operand<T> &X, uint64_t seed,
                        T *transposed) {
  const size_t of_u = X.sparse() ? size_t(block) * size_t(U.rows) : 0;
  const Mat<T> Ut{transposed, block, U.rows, block}, Vt{transposed + of_u, block, V.rows, block};
  const Parallel rows = workers_ > 1 ? par : Parallel{};
  const auto right = [&] {  // U = X V
    if (!X.sparse()) return times(ops, par, X);
    transpose<T>(par, V, Vt);
    X.right_all(ops, par, Vt, Ut);
    transpose<T>(par, Ut, U);
  };
  const auto left = [&] {  // V = X' U
    if (!X.sparse()) return X.transposed_times(ops, par, U, V);
    transpose<T>(par, U, Ut);
    X.left_all(ops, par, Ut, Vt);
    transpose<T>(par, Vt, V);
  };
  start_random(ops, rows, seed);
  for (int step = 1; step <= 2; ++step) {
    right();
    orthonormalise(ops, rows, U);
    left();
    orthonormalise(ops, rows, V);
  }
  for (int32_t j = 0; j < block; ++j)
    for (int32_t i = j + 1; i < block; ++i) R_[i + ptrdiff_t(j) * block] = T(0);
  small_svd(block, R_, s, Q_, work_);
  times_right(ops, rows, U, Q_);
  times_right(ops, rows, V, R_);
}

#define INSTANTIATE(T)                                              \
  template void small_svd<T>(int32_t, T *, T *, T *, T *);          \
  template struct Tsvd<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
