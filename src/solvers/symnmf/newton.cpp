// SymNewton [Kuang, Ding, Park 2012]: projected Newton on F = |X - U U'|^2 with the Hessian's diagonal blocks, one for
// each column of U, on the entries that are free (algorithms.md, "Symmetric NMF").  For small n: each column keeps a
// factor of n x n.
#include "symnmf_job.hpp"

namespace orthant {
namespace {

constexpr int32_t block = 64;

// A = R'R in place, upper triangle; false where it is not positive definite.  panel: block * n.
template <class T>
bool blocked_cholesky(const Ops<T> &ops, int32_t n, T *A, ptrdiff_t ld, T *panel) {
  T top = 0;
  for (int32_t i = 0; i < n; ++i) top = max_of(top, A[i + ld * i]);
  for (int32_t k = 0; k < n; k += block) {
    const int32_t p = min_of(block, n - k), rest = n - k - p;
    T *D = A + k + ld * k;
    for (int32_t j = 0; j < p; ++j)
      for (int32_t i = j + 1; i < p; ++i) D[i + ld * j] = D[j + ld * i];
    if (!cholesky_once(p, D, ld, T(4) * Real<T>::eps * top)) return false;
    // The lower triangle holds L = R'; the panel to its right becomes L^-1 times itself.
    for (int32_t j = 0; j < rest; ++j) {
      T *x = A + k + ld * (k + p + j);
      T *minus = panel + ptrdiff_t(j) * block;
      for (int32_t q = 0; q < p; ++q) {
        const T *l = D + ld * q;
        const T t = x[q] /= l[q];
        for (int32_t i = q + 1; i < p; ++i) x[i] -= t * l[i];
      }
      for (int32_t q = 0; q < p; ++q) minus[q] = -x[q];
    }
    for (int32_t j = 0; j < rest; j += block) {
      const int32_t c = min_of(block, rest - j);
      ops.tn(Mat<const T>{panel, p, j + c, block}, Mat<const T>{A + k + ld * (k + p + j), p, c, ld},
             Mat<T>{A + (k + p) + ld * (k + p + j), j + c, c, ld}, true);
    }
    for (int32_t j = 0; j < p; ++j)
      for (int32_t i = j + 1; i < p; ++i) D[j + ld * i] = D[i + ld * j];
  }
  return true;
}

// x <- (R'R)^-1 x
template <class T>
void solve(int32_t n, const T *R, ptrdiff_t ld, T *x) {
  for (int32_t j = 0; j < n; ++j) {
    const T *c = R + ld * j;
    T t = x[j];
    for (int32_t i = 0; i < j; ++i) t -= c[i] * x[i];
    x[j] = t / c[j];
  }
  for (int32_t j = n - 1; j >= 0; --j) {
    const T *c = R + ld * j;
    const T t = x[j] /= c[j];
    for (int32_t i = 0; i < j; ++i) x[i] -= t * c[i];
  }
}

}  // namespace

template <class T>
void SymNmf<T>::Job::start_newton() const {
  for (int32_t k = 0; k < rank(); ++k) b.failed[k] = 0;
  for (size_t k = 0; k < size_t(rank()) * size_t(n()); ++k) b.mask[k] = 2;  // unlike any mask
}

// The free entries of column k, to w.index and b.mask: those that the gradient lets grow, and those above zero.
// True where they are not those of the last step.
template <class T>
bool SymNmf<T>::Job::find_free(int32_t k, const Worker &w, int32_t *free) const {
  const T zero = Real<T>::floor;
  const T *g = b.D.col(k), *u = U.col(k);
  unsigned char *mask = b.mask + size_t(k) * size_t(n());
  int32_t count = 0;
  bool changed = false;
  for (int32_t i = 0; i < n(); ++i) {
    const unsigned char now = g[i] <= zero || u[i] > zero;
    changed = changed || now != mask[i];
    mask[i] = now;
    if (now) w.index[count++] = i;
  }
  *free = count;
  return changed;
}

// The factor of U U' - X + u u' + (u'u) I on the free entries of column k.
template <class T>
void SymNmf<T>::Job::hessian_block(int32_t k, int32_t free, const Worker &w) const {
  const T *u = U.col(k);
  T *R = b.factors + size_t(k) * size_t(n()) * size_t(n());
  T uu = 0;
  for (int32_t i = 0; i < n(); ++i) uu += u[i] * u[i];
  for (int32_t c = 0; c < free; ++c) {
    const int32_t col = w.index[c];
    T *R_c = R + ptrdiff_t(c) * n();
    X.X.column(col, w.u);
    for (int32_t i = 0; i <= c; ++i) {
      const int32_t row = w.index[i];
      R_c[i] = u[row] * u[col] - w.u[row] + (i == c ? uu : T(0));
    }
    for (int32_t q = 0; q < rank(); ++q) {
      const T *a = U.col(q), t = a[col];
      if (t != T(0))
        for (int32_t i = 0; i <= c; ++i) R_c[i] += t * a[w.index[i]];
    }
  }
  b.failed[k] = !blocked_cholesky(ops, free, R, n(), w.panel);
}

// The direction of column k, to b.S: B^-1 g on the free entries; four times the gradient where that is no direction of
// descent.
template <class T>
void SymNmf<T>::Job::newton_direction(int32_t k, const Worker &w) const {
  const T zero = Real<T>::floor;
  const T *g = b.D.col(k), *u = U.col(k);
  T *d = b.S.col(k);
  int32_t free = 0;
  if (find_free(k, w, &free)) hessian_block(k, free, w);
  double gg = 0, dd = 0, gd = 0;
  if (!b.failed[k]) {
    for (int32_t i = 0; i < n(); ++i) d[i] = T(0);
    for (int32_t c = 0; c < free; ++c) w.v[c] = g[w.index[c]];
    solve(free, b.factors + size_t(k) * size_t(n()) * size_t(n()), n(), w.v);
    for (int32_t c = 0; c < free; ++c) {
      const int32_t i = w.index[c];
      d[i] = w.v[c] > -zero && u[i] <= zero ? T(0) : w.v[c];
    }
    for (int32_t i = 0; i < n(); ++i) {
      gg += double(g[i]) * double(g[i]);
      dd += double(d[i]) * double(d[i]);
      gd += double(g[i]) * double(d[i]);
    }
  }
  if (b.failed[k] || !(gd > double(zero) * sqrt_of(gg * dd))) {
    b.failed[k] = 1;
    for (int32_t i = 0; i < n(); ++i) d[i] = T(4) * g[i];
  }
}

// Differs: gradient and Hessian are those of f = F / 4, which leaves every step as it is.
template <class T>
void SymNmf<T>::Job::newton_step() const {
  gradient(b.D);
  if (s.outer.iters % 100 == 99)  // a factor is trusted no longer than that
    for (int32_t k = 0; k < rank(); ++k) b.failed[k] = 1;
  parallel_for(s.c.par, rank(), [&](int32_t k, int32_t index) { newton_direction(k, worker(index)); });
  line_search(b.D, b.S, T(1), T(0.1), 0.1);
}

#define INSTANTIATE(T)                                 \
  template void SymNmf<T>::Job::start_newton() const;  \
  template void SymNmf<T>::Job::newton_step() const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
