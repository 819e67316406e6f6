// SymNewton [Kuang, Ding, Park 2012]: projected Newton on F = |X - U U'|^2 with the Hessian's diagonal blocks, one for
// each column of U, on the entries that are free (spec, section 3).  For small n: each column keeps a factor of n x n.
#include "symnmf.hpp"

namespace orthant {
namespace {

constexpr int32_t tile = 64;

// A = R'R in place, upper triangle; false where it is not positive definite.  panel: tile * n.
template <class T>
bool factor(const Ops<T> &ops, int32_t n, T *A, ptrdiff_t ld, T *panel) {
  T top = 0;
  for (int32_t i = 0; i < n; ++i) top = max_of(top, A[i + ld * i]);
  for (int32_t k = 0; k < n; k += tile) {
    const int32_t p = min_of(tile, n - k), rest = n - k - p;
    T *D = A + k + ld * k;
    for (int32_t j = 0; j < p; ++j)
      for (int32_t i = j + 1; i < p; ++i) D[i + ld * j] = D[j + ld * i];
    if (!cholesky_once(p, D, ld, T(4) * Real<T>::eps * top)) return false;
    // The lower triangle holds L = R'; the panel to its right becomes L^-1 times itself.
    for (int32_t j = 0; j < rest; ++j) {
      T *x = A + k + ld * (k + p + j), *minus = panel + ptrdiff_t(j) * tile;
      for (int32_t q = 0; q < p; ++q) {
        const T *l = D + ld * q;
        const T t = x[q] /= l[q];
        for (int32_t i = q + 1; i < p; ++i) x[i] -= t * l[i];
      }
      for (int32_t q = 0; q < p; ++q) minus[q] = -x[q];
    }
    for (int32_t j = 0; j < rest; j += tile) {
      const int32_t c = min_of(tile, rest - j);
      ops.tn(Mat<const T>{panel, p, j + c, tile}, Mat<const T>{A + k + ld * (k + p + j), p, c, ld},
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

// The direction of column k into S: B^-1 g on the free entries, or g.
template <class T>
void direction(SymJob<T> &j, int32_t k, const typename SymNmf<T>::Worker &w) {
  const int32_t n = j.n();
  const T zero = Real<T>::floor;
  const T *g = j.b.D.col(k), *u = j.U.col(k);
  T *d = j.b.S.col(k), *R = j.b.factors + size_t(k) * size_t(n) * size_t(n);
  unsigned char *mask = j.b.mask + size_t(k) * size_t(n);
  int32_t &failed = j.b.flag[k], free = 0;
  bool changed = false;
  for (int32_t i = 0; i < n; ++i) {
    const unsigned char now = g[i] <= zero || u[i] > zero;
    changed = changed || now != mask[i];
    mask[i] = now;
    if (now) w.index[free++] = i;
  }
  if (changed) {
    T uu = 0;
    for (int32_t i = 0; i < n; ++i) uu += u[i] * u[i];
    for (int32_t c = 0; c < free; ++c) {
      const int32_t col = w.index[c];
      j.X.X.column(col, w.u);
      for (int32_t i = 0; i <= c; ++i) {
        const int32_t row = w.index[i];
        R[i + ptrdiff_t(c) * n] = u[row] * u[col] - w.u[row] + (i == c ? uu : T(0));
      }
      for (int32_t q = 0; q < j.rank(); ++q) {
        const T *a = j.U.col(q), t = a[col];
        if (t != T(0))
          for (int32_t i = 0; i <= c; ++i) R[i + ptrdiff_t(c) * n] += t * a[w.index[i]];
      }
    }
    failed = !factor(j.ops, free, R, n, w.panel);
  }
  double gg = 0, vv = 0, gv = 0;
  if (!failed) {
    for (int32_t i = 0; i < n; ++i) d[i] = T(0);
    for (int32_t c = 0; c < free; ++c) w.v[c] = g[w.index[c]];
    solve(free, R, n, w.v);
    for (int32_t c = 0; c < free; ++c) {
      const int32_t i = w.index[c];
      d[i] = w.v[c] > -zero && u[i] <= zero ? T(0) : w.v[c];
    }
    for (int32_t i = 0; i < n; ++i) {
      gg += double(g[i]) * double(g[i]);
      vv += double(d[i]) * double(d[i]);
      gv += double(g[i]) * double(d[i]);
    }
  }
  if (failed || !(gv > double(zero) * sqrt_of(gg * vv))) {
    failed = 1;
    for (int32_t i = 0; i < n; ++i) d[i] = T(4) * g[i];
  }
}

}  // namespace

// Differs: gradient and Hessian are those of f = F / 4, which leaves every step as it is.
template <class T>
void newton_step(SymJob<T> &j) {
  const int32_t r = j.rank();
  j.gradient(j.b.D);
  if (j.s.outer.iters % 100 == 99)  // a factor is trusted no longer than that
    for (int32_t k = 0; k < r; ++k) j.b.flag[k] = 1;
  parallel_for(j.s.c.par, r, [&](int32_t k, int32_t index) { direction(j, k, j.worker(index)); });
  j.search(j.b.D, j.b.S, T(1), T(0.1), 0.1);
}

#define INSTANTIATE(T) template void newton_step<T>(SymJob<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
