// Losses other than Frobenius: quotients, divergences and coordinate descent.
#pragma once
#include "simd/exp_log.hpp"
#include "simd/vectors.hpp"

namespace orthant {
namespace {

template <class V, class T = typename V::Scalar>
void ratio(int32_t n, const T *v, const T *p, T least, T *q) {
  using reg = typename V::reg;
  const reg low = V::set(least);
  int i = 0;
  for (; i + V::lanes <= n; i += V::lanes) V::store(q + i, V::div(V::load(v + i), V::max(V::load(p + i), low)));
  if (i < n) {
    const int rest = n - i;
    V::store_part(q + i, rest, V::div(V::load_part(v + i, rest), V::max(V::load_part(p + i, rest), low)));
  }
}

template <class V, class T = typename V::Scalar>
void dots(int32_t r, int32_t count, const int32_t *index, const T *B, ptrdiff_t ldb, const T *x, T *out) {
  using reg = typename V::reg;
  constexpr int most = 4;
  for (int t = 0; t < count; t += most) {
    const int n = count - t < most ? count - t : most;
    const T *b[most];
    reg sum[most];
    for (int q = 0; q < most; ++q) {
      b[q] = B + index[t + (q < n ? q : 0)] * ldb;  // a short last group repeats its first
      sum[q] = V::zero();
    }
    int k = 0;
    for (; k + V::lanes <= r; k += V::lanes) {
      const reg at = V::load(x + k);
      for (int q = 0; q < most; ++q) sum[q] = V::fma(V::load(b[q] + k), at, sum[q]);
    }
    if (k < r) {
      const reg at = V::load_part(x + k, r - k);
      for (int q = 0; q < most; ++q) sum[q] = V::fma(V::load_part(b[q] + k, r - k), at, sum[q]);
    }
    T s[most];
    V::sum4(sum, s);
    for (int q = 0; q < n; ++q) out[t + q] = s[q];
  }
}

// sum of lane u += term[u] + term[u + lanes] + ...; the terms behind the last are zeroed.  Unrolled where it is called,
// a hundred additions of doubles took kilobytes of flash.
constexpr int divergence_lanes = 8;
__attribute__((noinline)) void add_to_lanes(int count, double *__restrict term, double *__restrict sum) {
  constexpr int lanes = divergence_lanes;
  for (int l = count; l % lanes != 0; ++l) term[l] = 0;
  for (int l = 0; l < count; l += lanes)
    for (int u = 0; u < lanes; ++u) sum[u] += term[l + u];
}

// In double: near a fit the terms cancel, and the sum is what descent is judged by.  Terms first and sums after them,
// so that a compiler sees a loop of independent terms, which it can put into vectors.
template <class T, bool kl>
void divergence(int32_t n, const T *v, const T *p, double *sum, double *squares) {
  constexpr int piece = 64, lanes = divergence_lanes;
  double term[piece], d[lanes] = {}, s[lanes] = {};
  for (int i = 0; i < n; i += piece) {
    const int count = n - i < piece ? n - i : piece;
    for (int l = 0; l < count; ++l) {
      const double a = double(v[i + l]), b = double(p[i + l]), q = a / b;
      const double log_q = log_of(q > 1e-300 ? q : 1e-300);
      term[l] = kl ? a * log_q - a + b : q - log_q - 1;
    }
    add_to_lanes(count, term, d);
    for (int l = 0; l < count; ++l) {
      const double e = double(v[i + l]) - double(p[i + l]);
      term[l] = e * e;
    }
    add_to_lanes(count, term, s);
  }
  for (int u = 1; u < lanes; ++u) {
    d[0] += d[u];
    s[0] += s[u];
  }
  *sum += d[0];
  *squares += s[0];
}

// One coordinate of sum(A x) - v' log(A x):  f' = D - N with N = sum a v/p, f'' = h = sum a^2 v/p^2.
// Differs from the Newton step of [Hsieh, Dhillon 2011], which may ascend: neither step here passes the minimum.
//   Upwards: 1/N is concave in x (a parallel sum of affine functions), so Newton's step on 1/N = 1/D falls short of it.
//   Downwards: p(y) >= p(x) y/x for y < x, hence f''(y) <= (x/y)^2 h and f'(y) >= g - h x (x - y)/y; y is the zero of
//   that.
// A quadratic term keeps the second; upwards f' is concave, and Newton's own step falls short.
template <class T>
inline T ccd_step(T x, T D, T l2, T N, T curvature) {
  const T d = D + l2 * x, g = d - N, h = curvature + l2;
  if (!(D > T(0))) return x;
  T y = T(0);
  if (g < T(0)) y = x - g / h * (l2 > T(0) ? T(1) : N / d);
  else if (h * x > T(0)) y = x * (h * x / (h * x + g));
  if (!(y - y == T(0))) return x;
  return y < Real<T>::tiny ? T(0) : y;
}

// C columns v at once, so that A is loaded once for them.
template <class V, int C, class T = typename V::Scalar>
inline void ccd_columns(int n, int r, int sweeps, const T *A, ptrdiff_t lda, const T *D, T l2, T least, const T *v,
                        ptrdiff_t ldv, T *p, ptrdiff_t ldp, T *x, ptrdiff_t ldx) {
  using reg = typename V::reg;
  const reg low = V::set(least);
  T step[C] = {};
  const T *before = A;  // the column that moved last: its share reaches p while p is read for the next one
  for (int s = 0; s < sweeps; ++s)
    for (int k = 0; k < r; ++k) {
      const T *a = A + k * lda;
      reg N[C], h[C], move[C];
      for (int c = 0; c < C; ++c) {
        N[c] = h[c] = V::zero();
        move[c] = V::set(step[c]);
      }
      int i = 0;
      for (; i + V::lanes <= n; i += V::lanes) {
        const reg w = V::load(a + i), b = V::load(before + i);
        for (int c = 0; c < C; ++c) {
          const reg q = V::max(V::fma(move[c], b, V::load(p + c * ldp + i)), low);
          V::store(p + c * ldp + i, q);
          const reg t = V::div(w, q), u = V::mul(V::load(v + c * ldv + i), t);
          N[c] = V::add(N[c], u);
          h[c] = V::fma(u, t, h[c]);
        }
      }
      if (i < n) {
        const int part = n - i;
        const reg w = V::load_part(a + i, part), b = V::load_part(before + i, part);
        for (int c = 0; c < C; ++c) {
          const reg q = V::max(V::fma(move[c], b, V::load_part(p + c * ldp + i, part)), low);
          V::store_part(p + c * ldp + i, part, q);
          const reg t = V::div(w, q), u = V::mul(V::load_part(v + c * ldv + i, part), t);
          N[c] = V::add(N[c], u);
          h[c] = V::fma(u, t, h[c]);
        }
      }
      for (int c = 0; c < C; ++c) {
        T *at = x + c * ldx + k;
        const T y = ccd_step(*at, D[k], l2, V::sum(N[c]), V::sum(h[c]));
        step[c] = y - *at;
        *at = y;
      }
      before = a;
    }
}

template <class V, class T = typename V::Scalar>
void ccd(int32_t n, int32_t r, int32_t count, int32_t sweeps, const T *A, ptrdiff_t lda, const T *D, T l2, T least,
         const T *v, ptrdiff_t ldv, T *p, ptrdiff_t ldp, T *x, ptrdiff_t ldx) {
  constexpr int most = small_target ? 1 : 4;
  for (int c = 0; c < count; c += most)
    with_count<most>(count - c < most ? count - c : most, [&](auto columns) {
      ccd_columns<V, decltype(columns)::value>(n, r, sweeps, A, lda, D, l2, least, v + c * ldv, ldv, p + c * ldp, ldp,
                                               x + c * ldx, ldx);
    });
}

template <class T, class V>
constexpr LossKernels<T> made<LossKernels<T>, V> = {ratio<V>, dots<V>, divergence<T, true>, divergence<T, false>,
                                                     ccd<V>};

}  // namespace
}  // namespace orthant
