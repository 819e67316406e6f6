// A sparse vector against small dense ones, the columns of a factor.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

// For R whole vectors of rows and, with more, the first `tail` lanes of one beyond them.
template <class V, int R, bool more, class T = typename V::Scalar>
inline void gather_rows(int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out,
                        int tail) {
  using reg = typename V::reg;
  reg sum[R + more];
  for (int i = 0; i < R + more; ++i) sum[i] = V::zero();
  for (int32_t t = 0; t < count; ++t) {
    const T *b = B + index[t] * ldb;
    const reg v = V::set(value[t]);
    for (int i = 0; i < R; ++i) sum[i] = V::fma(v, V::load(b + i * V::lanes), sum[i]);
    if (more) sum[R] = V::fma(v, V::load_part(b + R * V::lanes, tail), sum[R]);
  }
  for (int i = 0; i < R; ++i) V::store(out + i * V::lanes, sum[i]);
  if (more) V::store_part(out + R * V::lanes, tail, sum[R]);
}

template <class V, int R, bool more, class T = typename V::Scalar>
inline void scatter_rows(int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc,
                         int tail) {
  using reg = typename V::reg;
  reg a[R + more];
  for (int i = 0; i < R; ++i) a[i] = V::load(x + i * V::lanes);
  if (more) a[R] = V::load_part(x + R * V::lanes, tail);
  for (int32_t t = 0; t < count; ++t) {
    T *c = C + index[t] * ldc;
    const reg v = V::set(value[t]);
    for (int i = 0; i < R; ++i) V::store(c + i * V::lanes, V::fma(v, a[i], V::load(c + i * V::lanes)));
    if (more) V::store_part(c + R * V::lanes, tail, V::fma(v, a[R], V::load_part(c + R * V::lanes, tail)));
  }
}

// call(offset, Int<whole vectors>, lanes beyond them) until r is covered.
template <class V, class Call>
inline void by_rows(int32_t r, const Call &call) {
  constexpr int most = V::lanes > 1 ? 4 : 1;  // a scalar target wants little code
  int32_t k = 0;
  for (; r - k >= most * V::lanes; k += most * V::lanes) call(k, Int<most>{}, 0);
  const int tail = (r - k) % V::lanes, whole = (r - k) / V::lanes;
  if (whole > 0) with_count<most>(whole, [&](auto n) { call(k, n, tail); });
  else if (tail > 0) call(k, Int<0>{}, tail);
}

template <class V, class T = typename V::Scalar>
void gather(int32_t r, int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out) {
  by_rows<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    if (tail > 0) gather_rows<V, R, true>(count, index, value, B + k, ldb, out + k, tail);
    else if constexpr (R > 0) gather_rows<V, R, false>(count, index, value, B + k, ldb, out + k, 0);
  });
}

template <class V, class T = typename V::Scalar>
void scatter(int32_t r, int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc) {
  by_rows<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    if (tail > 0) scatter_rows<V, R, true>(count, index, value, x + k, C + k, ldc, tail);
    else if constexpr (R > 0) scatter_rows<V, R, false>(count, index, value, x + k, C + k, ldc, 0);
  });
}

template <class T, class V>
constexpr SparseKernels<T> made<SparseKernels<T>, V> = {gather<V>, scatter<V>};

}  // namespace
}  // namespace orthant
