// The kernels for AVX-512 (F and DQ).
#include <immintrin.h>

#include "simd/tables.hpp"

namespace orthant {
namespace {

struct Common {
  static constexpr const char *name = "avx512";
  static constexpr int tn_rows = 4, tn_columns = 6, nn_vectors = 4, nn_columns = 6, hals_vectors = 8, project_rows = 0;
};

struct F32 : Common {
  using Scalar = float;
  using reg = __m512;
  static constexpr int lanes = 16;
  static __mmask16 mask(int n) { return __mmask16((1u << n) - 1u); }
  static reg zero() { return _mm512_setzero_ps(); }
  static reg set(float x) { return _mm512_set1_ps(x); }
  static reg load(const float *p) { return _mm512_loadu_ps(p); }
  static void store(float *p, reg x) { _mm512_storeu_ps(p, x); }
  static reg load_part(const float *p, int n) { return _mm512_maskz_loadu_ps(mask(n), p); }
  static void store_part(float *p, int n, reg x) { _mm512_mask_storeu_ps(p, mask(n), x); }
  static reg fma(reg a, reg b, reg c) { return _mm512_fmadd_ps(a, b, c); }
  static reg add(reg a, reg b) { return _mm512_add_ps(a, b); }
  static reg mul(reg a, reg b) { return _mm512_mul_ps(a, b); }
  static reg div(reg a, reg b) { return _mm512_div_ps(a, b); }
  static reg max(reg a, reg b) { return _mm512_max_ps(a, b); }
  static reg min(reg a, reg b) { return _mm512_min_ps(a, b); }
  static reg where_positive(reg m, reg a, reg b) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(m, zero(), _CMP_GT_OQ), b, a);
  }
  static reg normal(reg x) { return _mm512_mask_xor_ps(x, _mm512_fpclass_ps_mask(x, 0x20), x, x); }
  static __m256 half(reg a) { return _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1)); }
  static void sum4(const reg *a, float *s) {
    const __m256 t = _mm256_hadd_ps(_mm256_hadd_ps(half(a[0]), half(a[1])), _mm256_hadd_ps(half(a[2]), half(a[3])));
    _mm_storeu_ps(s, _mm_add_ps(_mm256_castps256_ps128(t), _mm256_extractf128_ps(t, 1)));
  }
  static float sum(reg a) {
    const __m256 h = half(a);
    __m128 t = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    t = _mm_hadd_ps(t, t);
    return _mm_cvtss_f32(_mm_hadd_ps(t, t));
  }
};

struct F64 : Common {
  using Scalar = double;
  using reg = __m512d;
  static constexpr int lanes = 8;
  static __mmask8 mask(int n) { return __mmask8((1u << n) - 1u); }
  static reg zero() { return _mm512_setzero_pd(); }
  static reg set(double x) { return _mm512_set1_pd(x); }
  static reg load(const double *p) { return _mm512_loadu_pd(p); }
  static void store(double *p, reg x) { _mm512_storeu_pd(p, x); }
  static reg load_part(const double *p, int n) { return _mm512_maskz_loadu_pd(mask(n), p); }
  static void store_part(double *p, int n, reg x) { _mm512_mask_storeu_pd(p, mask(n), x); }
  static reg fma(reg a, reg b, reg c) { return _mm512_fmadd_pd(a, b, c); }
  static reg add(reg a, reg b) { return _mm512_add_pd(a, b); }
  static reg mul(reg a, reg b) { return _mm512_mul_pd(a, b); }
  static reg div(reg a, reg b) { return _mm512_div_pd(a, b); }
  static reg max(reg a, reg b) { return _mm512_max_pd(a, b); }
  static reg min(reg a, reg b) { return _mm512_min_pd(a, b); }
  static reg where_positive(reg m, reg a, reg b) {
    return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(m, zero(), _CMP_GT_OQ), b, a);
  }
  static reg normal(reg x) { return _mm512_mask_xor_pd(x, _mm512_fpclass_pd_mask(x, 0x20), x, x); }
  static __m256d half(reg a) { return _mm256_add_pd(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd(a, 1)); }
  static void sum4(const reg *a, double *s) {
    const __m256d t = _mm256_hadd_pd(half(a[0]), half(a[1])), u = _mm256_hadd_pd(half(a[2]), half(a[3]));
    _mm256_storeu_pd(s, _mm256_add_pd(_mm256_permute2f128_pd(t, u, 0x20), _mm256_permute2f128_pd(t, u, 0x31)));
  }
  static double sum(reg a) {
    const __m256d h = half(a);
    const __m128d t = _mm_add_pd(_mm256_castpd256_pd128(h), _mm256_extractf128_pd(h, 1));
    return _mm_cvtsd_f64(_mm_hadd_pd(t, t));
  }
};

}  // namespace

ORTHANT_TABLES(avx512, float, F32)
ORTHANT_TABLES(avx512, double, F64)

}  // namespace orthant
