// The kernels for AVX2 with FMA.
#include <immintrin.h>

#include "simd/tables.hpp"

namespace orthant {
namespace {

struct Common {
  static constexpr const char *name = "avx2";
  static constexpr int tn_rows = 4, tn_columns = 3, nn_vectors = 2, nn_columns = 6, hals_vectors = 8, project_rows = 0;
};

struct F32 : Common {
  using Scalar = float;
  using reg = __m256;
  static constexpr int lanes = 8;
  static __m256i mask(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static reg zero() { return _mm256_setzero_ps(); }
  static reg set(float x) { return _mm256_set1_ps(x); }
  static reg load(const float *p) { return _mm256_loadu_ps(p); }
  static void store(float *p, reg x) { _mm256_storeu_ps(p, x); }
  static reg load_part(const float *p, int n) { return _mm256_maskload_ps(p, mask(n)); }
  static void store_part(float *p, int n, reg x) { _mm256_maskstore_ps(p, mask(n), x); }
  static reg fma(reg a, reg b, reg c) { return _mm256_fmadd_ps(a, b, c); }
  static reg add(reg a, reg b) { return _mm256_add_ps(a, b); }
  static reg mul(reg a, reg b) { return _mm256_mul_ps(a, b); }
  static reg div(reg a, reg b) { return _mm256_div_ps(a, b); }
  static reg max(reg a, reg b) { return _mm256_max_ps(a, b); }
  static reg min(reg a, reg b) { return _mm256_min_ps(a, b); }
  static reg where_positive(reg m, reg a, reg b) {
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(m, zero(), _CMP_GT_OQ));
  }
  static reg normal(reg x) {
    return _mm256_and_ps(x, _mm256_cmp_ps(max(x, _mm256_sub_ps(zero(), x)), set(Real<float>::tiny), _CMP_GE_OQ));
  }
  static void sum4(const reg *a, float *s) {
    const __m256 t = _mm256_hadd_ps(_mm256_hadd_ps(a[0], a[1]), _mm256_hadd_ps(a[2], a[3]));
    _mm_storeu_ps(s, _mm_add_ps(_mm256_castps256_ps128(t), _mm256_extractf128_ps(t, 1)));
  }
  static float sum(reg a) {
    __m128 t = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    t = _mm_hadd_ps(t, t);
    return _mm_cvtss_f32(_mm_hadd_ps(t, t));
  }
};

struct F64 : Common {
  using Scalar = double;
  using reg = __m256d;
  static constexpr int lanes = 4;
  static __m256i mask(int n) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3)); }
  static reg zero() { return _mm256_setzero_pd(); }
  static reg set(double x) { return _mm256_set1_pd(x); }
  static reg load(const double *p) { return _mm256_loadu_pd(p); }
  static void store(double *p, reg x) { _mm256_storeu_pd(p, x); }
  static reg load_part(const double *p, int n) { return _mm256_maskload_pd(p, mask(n)); }
  static void store_part(double *p, int n, reg x) { _mm256_maskstore_pd(p, mask(n), x); }
  static reg fma(reg a, reg b, reg c) { return _mm256_fmadd_pd(a, b, c); }
  static reg add(reg a, reg b) { return _mm256_add_pd(a, b); }
  static reg mul(reg a, reg b) { return _mm256_mul_pd(a, b); }
  static reg div(reg a, reg b) { return _mm256_div_pd(a, b); }
  static reg max(reg a, reg b) { return _mm256_max_pd(a, b); }
  static reg min(reg a, reg b) { return _mm256_min_pd(a, b); }
  static reg where_positive(reg m, reg a, reg b) {
    return _mm256_blendv_pd(b, a, _mm256_cmp_pd(m, zero(), _CMP_GT_OQ));
  }
  static reg normal(reg x) {
    return _mm256_and_pd(x, _mm256_cmp_pd(max(x, _mm256_sub_pd(zero(), x)), set(Real<double>::tiny), _CMP_GE_OQ));
  }
  static void sum4(const reg *a, double *s) {
    const __m256d t = _mm256_hadd_pd(a[0], a[1]), u = _mm256_hadd_pd(a[2], a[3]);
    _mm256_storeu_pd(s, _mm256_add_pd(_mm256_permute2f128_pd(t, u, 0x20), _mm256_permute2f128_pd(t, u, 0x31)));
  }
  static double sum(reg a) {
    const __m128d t = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd(a, 1));
    return _mm_cvtsd_f64(_mm_hadd_pd(t, t));
  }
};

}  // namespace

ORTHANT_TABLES(avx2, float, F32)
ORTHANT_TABLES(avx2, double, F64)

}  // namespace orthant
