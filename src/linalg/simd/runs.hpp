// Runs of the entries of a sparse matrix against the columns of a factor.  Runs are often of one entry or two: where
// there is more to do than an addition, the entries of several short ones are taken together.
#pragma once
#include "simd/loss.hpp"
#include "simd/sparse.hpp"

namespace orthant {
namespace {

template <class V, class T = typename V::Scalar>
void scatter_runs(int32_t r, int32_t runs, const Run *run, const int32_t *index, const T *value, const T *X,
                  ptrdiff_t ldx, T *C, ptrdiff_t ldc) {
  by_rows<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    for (const Run *at = run; at < run + runs; ++at) {
      const int32_t *i = index + at->from, count = at->to - at->from;
      const T *x = X + at->line * ldx + k;
      if (tail > 0) scatter_rows<V, R, true>(count, i, value + at->from, x, C + k, ldc, tail);
      else if constexpr (R > 0) scatter_rows<V, R, false>(count, i, value + at->from, x, C + k, ldc, 0);
    }
  });
}

// Entries of several runs: which of V's, and their columns of X.
constexpr int entries_at_once = 64;
template <class T>
struct Entries {
  int32_t index[entries_at_once];
  const T *x[entries_at_once];
  T value[entries_at_once], q[entries_at_once];
};

// q_t = B(:, index_t)' x_t as `dots` has it.
template <class V, class T = typename V::Scalar>
inline void dots_of_entries(int32_t r, int count, const T *B, ptrdiff_t ldb, Entries<T> *e) {
  using reg = typename V::reg;
  constexpr int most = 4;
  for (int t = 0; t < count; t += most) {
    const int n = count - t < most ? count - t : most;
    const T *b[most], *x[most];
    reg sum[most];
    for (int q = 0; q < most; ++q) {
      const int at = t + (q < n ? q : 0);  // a short last group repeats its first
      b[q] = B + e->index[at] * ldb;
      x[q] = e->x[at];
      sum[q] = V::zero();
    }
    int k = 0;
    for (; k + V::lanes <= r; k += V::lanes)
      for (int q = 0; q < most; ++q) sum[q] = V::fma(V::load(b[q] + k), V::load(x[q] + k), sum[q]);
    if (k < r)
      for (int q = 0; q < most; ++q)
        sum[q] = V::fma(V::load_part(b[q] + k, r - k), V::load_part(x[q] + k, r - k), sum[q]);
    T s[most];
    V::sum4(sum, s);
    for (int q = 0; q < n; ++q) e->q[t + q] = s[q];
  }
}

// C(:, index_t) += q_t x_t
template <class V, class T = typename V::Scalar>
inline void scatter_entries(int32_t r, int count, const Entries<T> &e, T *C, ptrdiff_t ldc) {
  by_rows<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    for (int t = 0; t < count; ++t) {
      if (tail > 0) scatter_rows<V, R, true>(1, e.index + t, e.q + t, e.x[t] + k, C + k, ldc, tail);
      else if constexpr (R > 0) scatter_rows<V, R, false>(1, e.index + t, e.q + t, e.x[t] + k, C + k, ldc, 0);
    }
  });
}

template <class V, class T = typename V::Scalar>
void scatter_ratio_runs(int32_t r, int32_t runs, const Run *run, const int32_t *index, const T *value, const T *X,
                        ptrdiff_t ldx, const T *B, ptrdiff_t ldb, T least, T *C, ptrdiff_t ldc) {
  constexpr int32_t is_long = 8;
  Entries<T> e;
  int count = 0;
  const auto flush = [&] {
    dots_of_entries<V>(r, count, B, ldb, &e);
    ratio<V>(count, e.value, e.q, least, e.q);
    scatter_entries<V>(r, count, e, C, ldc);
    count = 0;
  };
  for (const Run *at = run; at < run + runs; ++at) {
    const T *x = X + at->line * ldx;
    if (at->to - at->from >= is_long) {
      flush();
      for (int32_t t = at->from, n; t < at->to; t += n) {
        n = min_of(entries_at_once, at->to - t);
        dots<V>(r, n, index + t, B, ldb, x, e.q);
        ratio<V>(n, value + t, e.q, least, e.q);
        scatter<V>(r, n, index + t, e.q, x, C, ldc);
      }
      continue;
    }
    if (count + is_long > entries_at_once) flush();
    for (int32_t t = at->from; t < at->to; ++t, ++count) {
      e.index[count] = index[t];
      e.x[count] = x;
      e.value[count] = value[t];
    }
  }
  flush();
}

template <class T, class V>
constexpr RunKernels<T> made<RunKernels<T>, V> = {scatter_runs<V>, scatter_ratio_runs<V>};

}  // namespace
}  // namespace orthant
