// A multiplicative update and its derivatives, entry by entry.  In operators: every reg here is a compiler's vector.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

template <class V, bool each, bool bounded, class T = typename V::Scalar>
void mu_forward_rows(int32_t rows, const T *a, const T *x, const T *n, const T *d, T least, T low, T high, T *o) {
  using reg = typename V::reg;
  const reg floor = V::set(least), bottom = V::set(low), top = V::set(high), one = V::set(*a);
  by_vectors<V, T>(rows, [&](const auto &load, const auto &store, int32_t i) {
    reg y = (each ? load(a + i) : one) * (load(x + i) * load(n + i)) / V::max(load(d + i), floor);
    if (bounded) y = V::min(V::max(y, bottom), top);
    store(o + i, y);
  });
}

template <class V, bool each, bool bounded, class T = typename V::Scalar>
void mu_back_rows(int32_t rows, const T *a, const T *x, const T *n, const T *d, const T *o, T least, T low, T high,
                  const T *r, T *ab, T *nb, T *db, T *xb) {
  using reg = typename V::reg;
  const reg floor = V::set(least), bottom = V::set(low), top = V::set(high), one = V::set(*a), unit = V::set(T(1));
  reg sum = V::zero();
  by_vectors<V, T>(rows, [&](const auto &load, const auto &store, int32_t i) {
    const reg D = load(d + i), inv = unit / V::max(D, floor);
    const reg A = each ? load(a + i) : one, X = load(x + i), N = load(n + i);
    reg R = load(r + i);
    if (bounded) {
      const reg O = load(o + i);
      R = O > bottom ? R : V::zero();
      R = O < top ? R : V::zero();
    }
    R = R * inv;
    const reg RX = R * X, t = RX * N;
    if (each) store(ab + i, load(ab + i) + t);
    else sum = sum + t;
    store(nb + i, RX * A);
    store(xb + i, R * N * A);
    store(db + i, D > floor ? V::zero() - t * A * inv : V::zero());
  });
  if (!each) *ab += V::sum(sum);
}

template <class V, class T = typename V::Scalar>
void mu_forward(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, T least, T low, T high, T *o) {
  const bool clipped = high > T(0);
  const auto by_rows = clipped ? mu_forward_rows<V, true, true> : mu_forward_rows<V, true, false>;
  const auto by_number = clipped ? mu_forward_rows<V, false, true> : mu_forward_rows<V, false, false>;
  const auto run = each ? by_rows : by_number;
  run(rows, a, x, n, d, least, low, high, o);
}

template <class V, class T = typename V::Scalar>
void mu_back(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, const T *o, T least, T low,
             T high, const T *r, T *ab, T *nb, T *db, T *xb) {
  const bool clipped = high > T(0);
  const auto by_rows = clipped ? mu_back_rows<V, true, true> : mu_back_rows<V, true, false>;
  const auto by_number = clipped ? mu_back_rows<V, false, true> : mu_back_rows<V, false, false>;
  const auto run = each ? by_rows : by_number;
  run(rows, a, x, n, d, o, least, low, high, r, ab, nb, db, xb);
}

template <class T, class V>
constexpr MuKernels<T> made<MuKernels<T>, V> = {mu_forward<V>, mu_back<V>};

}  // namespace
}  // namespace orthant
