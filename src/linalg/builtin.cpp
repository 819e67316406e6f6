// The portable kernels, on the compiler's generic vectors: SSE2, NEON, MVE or plain scalars, as the target has them.
#include "kernels.hpp"

namespace orthant {
namespace {

#if defined(__SSE2__) || defined(__ARM_NEON) || (defined(__ARM_FEATURE_MVE) && __ARM_FEATURE_MVE >= 2) || \
    defined(__wasm_simd128__)
constexpr int lane_bytes = 16;
#else
constexpr int lane_bytes = 4;  // one lane
#endif

template <class T>
struct Plain {
  using Scalar = T;
  static constexpr int N = lane_bytes / int(sizeof(T)) > 1 ? lane_bytes / int(sizeof(T)) : 1;
  static constexpr int I = N > 1 ? 4 : 2, J = N > 1 ? 2 : 4, R = 2, JN = N > 1 ? 4 : 2, RH = N > 1 ? 4 : 2;
  struct reg { T v[N] __attribute__((aligned(N * sizeof(T)))); };

  template <class F>
  static reg each(const F &f) {
    reg r;
    for (int l = 0; l < N; ++l) r.v[l] = f(l);
    return r;
  }
  static reg zero() { return set(T(0)); }
  static reg set(T x) { return each([&](int) { return x; }); }
  static reg load(const T *p) { return each([&](int l) { return p[l]; }); }
  static void store(T *p, const reg &x) {
    for (int l = 0; l < N; ++l) p[l] = x.v[l];
  }
  static reg load_part(const T *p, int n) { return each([&](int l) { return l < n ? p[l] : T(0); }); }
  static void store_part(T *p, int n, const reg &x) {
    for (int l = 0; l < n; ++l) p[l] = x.v[l];
  }
#if defined(__FP_FAST_FMAF)
  static T madd(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#else
  static T madd(float a, float b, float c) { return a * b + c; }
#endif
#if defined(__FP_FAST_FMA)
  static T madd(double a, double b, double c) { return T(__builtin_fma(a, b, c)); }
#else
  static T madd(double a, double b, double c) { return T(a * b + c); }
#endif
  static reg fma(const reg &a, const reg &b, const reg &c) {
    return each([&](int l) { return madd(a.v[l], b.v[l], c.v[l]); });
  }
  static reg add(const reg &a, const reg &b) { return each([&](int l) { return a.v[l] + b.v[l]; }); }
  static reg max(const reg &a, const reg &b) { return each([&](int l) { return a.v[l] > b.v[l] ? a.v[l] : b.v[l]; }); }
  static reg min(const reg &a, const reg &b) { return each([&](int l) { return a.v[l] < b.v[l] ? a.v[l] : b.v[l]; }); }
  static T sum(const reg &a) {
    T s = a.v[0];
    for (int l = 1; l < N; ++l) s += a.v[l];
    return s;
  }
  static void sum4(const reg *a, T *s) {
    for (int i = 0; i < 4; ++i) s[i] = sum(a[i]);
  }
};

#include "kernel_body.hpp"

template <class T>
constexpr Kernels<T> plain = table<Plain<T>>("plain");

}  // namespace

#define INSTANTIATE(T)                                       \
  template <>                                                \
  const Kernels<T> *kernels_plain<T>() { return &plain<T>; }
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
