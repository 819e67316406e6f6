// A layer of the Factormer, forwards and backwards: its product, and what lies between the products.
#pragma once
#include "simd/exp_log.hpp"
#include "simd/layer_gemm.hpp"
#include "simd/products.hpp"

namespace orthant {
namespace {

template <class V, class T = typename V::Scalar>
void layer_nn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
              ptrdiff_t ldc, bool add) {
  if constexpr (sizeof(typename V::reg) > 16) layer_gemm<V, false>(M, N, K, A, lda, B, ldb, C, ldc, add);
  else gemm_nn<V>(M, N, K, A, lda, B, ldb, C, ldc, add, static_cast<const T *>(nullptr));  // short registers: less code
}

// The largest lane.
template <class V, class T = typename V::Scalar>
inline T largest(typename V::reg x) {
  T lane[V::lanes];
  V::store(lane, x);
  for (int w = V::lanes / 2; w > 0; w /= 2)
    for (int l = 0; l < w; ++l) lane[l] = lane[l + w] > lane[l] ? lane[l + w] : lane[l];
  return lane[0];
}

template <class V, class T = typename V::Scalar>
T soften(int32_t n, const T *e, T c, T *z, T *top, T *sum, T *weighted) {
  using reg = typename V::reg;
  const reg slope = V::set(c), none = V::set(*top);
  reg most = none;
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg x = V::fma(slope, load(e + i), load(z + i));
    store(z + i, x);
    most = V::max(most, alive(x, none));
  });
  const T now = largest<V>(most);
  T shrink[V::lanes];
  V::store(shrink, exp_of<V>(V::set(*top - now)));
  const reg minus = V::set(-now);
  reg s = V::zero(), w = V::zero();
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg p = alive(exp_of<V>(V::add(load(z + i), minus)), V::zero());
    store(z + i, p);
    s = V::add(s, p);
    w = V::fma(p, load(e + i), w);
  });
  *top = now;
  *sum = *sum * shrink[0] + V::sum(s);
  *weighted = *weighted * shrink[0] + V::sum(w);
  return shrink[0];
}

template <class V, class T = typename V::Scalar>
T harden(int32_t n, const T *e, T c, T top, T inverse, T du, T mean, T *z, T *d) {
  using reg = typename V::reg;
  const reg slope = V::set(c), minus = V::set(-top), inv = V::set(inverse), by = V::set(du), off = V::set(-mean);
  reg s = V::zero();
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg at = load(e + i), a = V::mul(inv, exp_of<V>(V::add(V::fma(slope, at, load(z + i)), minus)));
    const reg x = alive(V::mul(a, V::add(V::fma(by, at, load(d + i)), off)), V::zero());
    store(z + i, a);
    store(d + i, x);
    s = V::fma(x, at, s);
  });
  return V::sum(s);
}

template <class V, class T = typename V::Scalar>
T norm(int32_t n, const T *x, const T *gain, const T *shift, T *hat, T *out) {
  using reg = typename V::reg;
  reg s = V::zero(), q = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &, int32_t i) { s = V::add(s, load(x + i)); });
  const reg minus = V::set(-V::sum(s) / T(n));
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &, const auto &alive, int32_t i) {
    const reg t = alive(V::add(load(x + i), minus), V::zero());
    q = V::fma(t, t, q);
  });
  const T inverse = T(1) / sqrt_of(V::sum(q) / T(n) + T(1e-5));  // PyTorch's epsilon
  const reg inv = V::set(inverse);
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg t = V::mul(inv, V::add(load(x + i), minus));
    store(hat + i, t);
    store(out + i, V::fma(load(gain + i), t, load(shift + i)));
  });
  return inverse;
}

template <class V, class T = typename V::Scalar>
void norm_back(int32_t n, T inverse, const T *gain, const T *hat, const T *dy, T *dgain, T *dshift, T *dx) {
  using reg = typename V::reg;
  reg s = V::zero(), q = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg y = load(dy + i), h = load(hat + i), t = V::mul(y, load(gain + i));
    store(dgain + i, V::fma(y, h, load(dgain + i)));
    store(dshift + i, V::add(y, load(dshift + i)));
    s = V::add(s, t);
    q = V::fma(t, h, q);
  });
  const reg inv = V::set(inverse), mean = V::set(-V::sum(s) / T(n)), slope = V::set(-V::sum(q) / T(n));
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg t = V::mul(load(dy + i), load(gain + i));
    store(dx + i, V::mul(inv, V::fma(load(hat + i), slope, V::add(t, mean))));
  });
}

template <class V, class T = typename V::Scalar>
void madd(int32_t n, const T *a, const T *b, const T *c, T *out) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    store(out + i, V::fma(load(b + i), load(c + i), load(a + i)));
  });
}

template <class V, class T = typename V::Scalar>
void times(int32_t n, T s, const T *a, const T *b, T *out) {
  using reg = typename V::reg;
  const reg by = V::set(s);
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg x = V::mul(by, load(a + i));
    store(out + i, b ? V::mul(x, load(b + i)) : x);
  });
}

template <class V, class T = typename V::Scalar>
void add(int32_t n, const T *a, T *out) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    store(out + i, V::add(load(out + i), load(a + i)));
  });
}

template <class V, class T = typename V::Scalar>
void rectify(int32_t n, const T *h, T *x) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    store(x + i, V::where_positive(load(h + i), load(x + i), V::zero()));
  });
}

template <class V, class T = typename V::Scalar>
T dot(int32_t n, const T *a, const T *b) {
  typename V::reg s = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &, int32_t i) { s = V::fma(load(a + i), load(b + i), s); });
  return V::sum(s);
}

template <class T, class V>
constexpr FactormerKernels<T> made<FactormerKernels<T>, V> = {
    layer_nn<V>, soften<V>, harden<V>, norm<V>, norm_back<V>, madd<V>, times<V>, add<V>, rectify<V>, dot<V>};

}  // namespace
}  // namespace orthant
