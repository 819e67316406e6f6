// The ReLU decomposition, entry by entry.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

// r = p - m where known > 0, elsewhere max(p, 0) with m = 0; adds r^2 and (m - max(p, 0))^2.
template <class V, class R = typename V::reg>
inline R relu_rest(R known, R m, R p, R *squares, R *error) {
  const R up = V::max(p, V::zero()), minus = V::set(-1);
  const R r = V::fma(minus, m, V::where_positive(known, p, up)), e = V::fma(minus, m, up);
  *squares = V::fma(r, r, *squares);
  *error = V::fma(e, e, *error);
  return r;
}

template <class V, class T = typename V::Scalar>
void relu_residual(int32_t n, const T *m, T *p, T *squares, T *error) {
  using reg = typename V::reg;
  reg s[2] = {V::zero(), V::zero()}, e[2] = {V::zero(), V::zero()};
  int i = 0;
  for (; i + 2 * V::lanes <= n; i += 2 * V::lanes)
    for (int u = 0; u < 2; ++u) {
      T *at = p + i + u * V::lanes;
      const reg v = V::load(m + i + u * V::lanes);
      V::store(at, relu_rest<V>(v, v, V::load(at), s + u, e + u));
    }
  for (int part = 0; i < n; i += part) {
    part = n - i < V::lanes ? n - i : V::lanes;
    const reg v = V::load_part(m + i, part);
    V::store_part(p + i, part, relu_rest<V>(v, v, V::load_part(p + i, part), s, e));
  }
  *squares = V::sum(V::add(s[0], s[1]));
  *error = V::sum(V::add(e[0], e[1]));
}

template <class V, class T = typename V::Scalar>
void relu_momentum(int32_t M, int32_t N, T a, T back, T c, const T *p, ptrdiff_t ldp, T *t, ptrdiff_t ldt, T *z,
                   ptrdiff_t ldz, T *squares, T *error) {
  using reg = typename V::reg;
  reg s = V::zero(), e = V::zero();
  const reg one_a = V::set(T(1) + a), minus_a = V::set(-a), high = V::set(Real<T>::huge / -2);
  const reg to_m = V::set(back), from_m = V::set(c);
  // Where the model rests, t and z shrink by a each time: to zero, not through denormals, which are slow.
  const auto update = [&](reg pi, reg ti, reg zi, auto &&store) {
    const reg known = V::add(ti, high), m = V::where_positive(known, V::mul(to_m, zi), V::zero());
    relu_rest<V>(known, m, pi, &s, &e);
    const reg next = V::fma(one_a, pi, V::mul(minus_a, ti));
    const reg below = V::fma(one_a, V::min(next, V::zero()), V::mul(minus_a, zi));
    store(V::where_positive(known, ti, V::normal(next)), V::where_positive(known, V::mul(from_m, m), V::normal(below)));
  };
  for (int j = 0; j < N; ++j, p += ldp, t += ldt, z += ldz) {
    int i = 0;
    for (; i + V::lanes <= M; i += V::lanes)
      update(V::load(p + i), V::load(t + i), V::load(z + i), [&](auto next, auto zn) {
        V::store(t + i, next);
        V::store(z + i, zn);
      });
    const int rest = M - i;
    if (rest > 0)
      update(V::load_part(p + i, rest), V::load_part(t + i, rest), V::load_part(z + i, rest), [&](auto next, auto zn) {
        V::store_part(t + i, rest, next);
        V::store_part(z + i, rest, zn);
      });
  }
  *squares = V::sum(s);
  *error = V::sum(e);
}

template <class T, class V>
constexpr ReluKernels<T> made<ReluKernels<T>, V> = {relu_residual<V>, relu_momentum<V>};

}  // namespace
}  // namespace orthant
