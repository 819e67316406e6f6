// The portable kernels, on the compiler's generic vectors: SSE2, NEON, WebAssembly's or plain scalars, as the target
// has them; with MVE (Helium) the products of columns on its own vectors.
#include "simd/tables.hpp"

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
#include <arm_mve.h>
#define ORTHANT_MVE
#endif

namespace orthant {
namespace {

// Not MVE: GCC 12 makes scalars of its lanes all the same, in twice the instructions and flash, four times the stack.
#if defined(__SSE2__) || defined(__ARM_NEON) || defined(__wasm_simd128__)
constexpr bool has_vectors = true;
#else
constexpr bool has_vectors = false;
#endif

template <class T>
struct OneLane {
  using Scalar = T;
  using reg = T;
  static constexpr const char *name = "plain";
  static constexpr int lanes = 1, tn_rows = 2, tn_columns = 4, nn_vectors = 2, nn_columns = 2;
  static constexpr int hals_vectors = 2, project_rows = 4;
  static reg zero() { return T(0); }
  static reg set(T x) { return x; }
  static reg load(const T *p) { return *p; }
  static void store(T *p, reg x) { *p = x; }
  static reg load_part(const T *p, int) { return *p; }
  static void store_part(T *p, int, reg x) { *p = x; }
  static reg fma(reg a, reg b, reg c) { return fused(a, b, c); }
  static reg add(reg a, reg b) { return a + b; }
  static reg mul(reg a, reg b) { return a * b; }
  static reg div(reg a, reg b) { return a / b; }
  static reg max(reg a, reg b) { return a > b ? a : b; }
  static reg min(reg a, reg b) { return a < b ? a : b; }
  static reg where_positive(reg m, reg a, reg b) { return m > T(0) ? a : b; }
  static reg normal(reg x) { return no_denormal(x); }
  static T sum(reg a) { return a; }
  static void sum4(const reg *a, T *s) {
    for (int i = 0; i < 4; ++i) s[i] = a[i];
  }
};

template <class T>
struct Vector16 {
  using Scalar = T;
  typedef T reg __attribute__((vector_size(16)));
  static constexpr const char *name = "plain";
  static constexpr int lanes = 16 / int(sizeof(T)), tn_rows = 4, tn_columns = 2, nn_vectors = 2, nn_columns = 4;
  static constexpr int hals_vectors = 4, project_rows = 0;
  static reg zero() { return reg{}; }
  static reg set(T x) { return x - reg{}; }
  static reg load(const T *p) {
    reg x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
  }
  static void store(T *p, reg x) { __builtin_memcpy(p, &x, sizeof x); }
  static reg load_part(const T *p, int n) {
    reg x{};
    for (int l = 0; l < n; ++l) x[l] = p[l];
    return x;
  }
  static void store_part(T *p, int n, reg x) {
    for (int l = 0; l < n; ++l) p[l] = x[l];
  }
  static reg fma(reg a, reg b, reg c) {
#if defined(__FP_FAST_FMAF) && defined(__FP_FAST_FMA)
    for (int l = 0; l < lanes; ++l) c[l] = fused(a[l], b[l], c[l]);
    return c;
#else
    return a * b + c;
#endif
  }
  static reg add(reg a, reg b) { return a + b; }
  static reg mul(reg a, reg b) { return a * b; }
  static reg div(reg a, reg b) { return a / b; }
  static reg max(reg a, reg b) { return a > b ? a : b; }
  static reg min(reg a, reg b) { return a < b ? a : b; }
  static reg where_positive(reg m, reg a, reg b) { return m > reg{} ? a : b; }
  static reg normal(reg x) { return max(x, -x) >= set(Real<T>::tiny) ? x : reg{}; }
  static T sum(reg a) {
    T s = a[0];
    for (int l = 1; l < lanes; ++l) s += a[l];
    return s;
  }
  static void sum4(const reg *a, T *s) {
    for (int i = 0; i < 4; ++i) s[i] = sum(a[i]);
  }
};

template <bool vectors, class T>
struct Choose { using type = OneLane<T>; };
template <class T>
struct Choose<true, T> { using type = Vector16<T>; };
template <class T>
using Widest = typename Choose<has_vectors, T>::type;

#if defined(ORTHANT_MVE)
// What the products of columns need; of eight registers.  min gives the number where one is NaN: scan finds that by its
// sum.
struct Mve {
  using Scalar = float;
  using reg = float32x4_t;
  static constexpr int lanes = 4, tn_rows = 2, tn_columns = 2, project_rows = 1;
  static reg zero() { return vdupq_n_f32(0); }
  static reg load(const float *p) { return vld1q_f32(p); }
  static void store(float *p, reg x) { vst1q_f32(p, x); }
  static reg load_part(const float *p, int n) { return vld1q_z_f32(p, vctp32q(uint32_t(n))); }
  static reg fma(reg a, reg b, reg c) { return vfmaq_f32(c, a, b); }
  static reg add(reg a, reg b) { return vaddq_f32(a, b); }
  static reg min(reg a, reg b) { return vminnmq_f32(a, b); }
  static float sum(reg a) {
    return (vgetq_lane_f32(a, 0) + vgetq_lane_f32(a, 1)) + (vgetq_lane_f32(a, 2) + vgetq_lane_f32(a, 3));
  }
  static void sum4(const reg *, float *) {}
};
template <>
constexpr Kernels<float> made<Kernels<float>, OneLane<float>> = {
    "mve", gemm_tn<Mve>, gemm_nn<OneLane<float>>, hals<OneLane<float>>, scan<Mve>, project<Mve>};
#endif

}  // namespace

#define INSTANTIATE(T) ORTHANT_TABLES(plain, T, Widest<T>)
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
