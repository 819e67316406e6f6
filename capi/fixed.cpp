// orthant_fixed_*, and unmixing from products: check, then call.
#include "fixed.hpp"
#include "shim.hpp"
#include "unmix.hpp"

namespace orthant {
namespace {

template <class Q>
Status quantize(const float *X, int32_t ldx, int32_t rows, int32_t cols, Q *out, int32_t ldq, float *steps) {
  if (!good_array(X, rows, cols, ldx) || !good_array(out, rows, cols, ldq) || !steps) return E_ARG;
  return fixed_quantize(Mat<const float>{X, rows, cols, ldx}, Mat<Q>{out, rows, cols, ldq}, steps) ? OK : E_DATA;
}

template <class Q>
Status project(const Q *E, int32_t lde, const float *e_steps, const Q *Y, int32_t ldy, const float *y_steps,
               int32_t bands, int32_t endmembers, int32_t pixels, float *B, int32_t ldb) {
  if (!good_array(E, bands, endmembers, lde) || !good_array(Y, bands, pixels, ldy) || !e_steps ||
      !good_array(B, endmembers, pixels, ldb) || bands > Fixed<Q>::bands)
    return E_ARG;
  fixed_project(Mat<const Q>{E, bands, endmembers, lde}, e_steps, Mat<const Q>{Y, bands, pixels, ldy}, y_steps,
                Mat<float>{B, endmembers, pixels, ldb});
  return OK;
}

template <class T, class Handle>
Status products(Handle *handle, const T *B, int32_t ldb, int32_t pixels, T *A, int32_t lda) {
  Unmix<T> *u = reinterpret_cast<Unmix<T> *>(handle);
  if (!u || !good_array(B, u->rank, pixels, ldb) || !good_array(A, u->rank, pixels, lda) || (A == B && lda != ldb))
    return E_ARG;
  if (u->data != Kind::dense || u->iterative()) return E_UNSUPPORTED;
  return u->run_products(u, Mat<const T>{B, u->rank, pixels, ldb}, Mat<T>{A, u->rank, pixels, lda});
}

}  // namespace
}  // namespace orthant

extern "C" {
#define FIXED(Q, S)                                                                                                    \
  orthant_status orthant_fixed_quantize_##S(const float *X, int32_t ldx, int32_t rows, int32_t cols, Q *out,           \
                                            int32_t ldq, float *steps) {                                               \
    return orthant::quantize<Q>(X, ldx, rows, cols, out, ldq, steps);                                                  \
  }                                                                                                                    \
  orthant_status orthant_fixed_project_##S(const Q *E, int32_t lde, const float *e_steps, const Q *Y, int32_t ldy,     \
                                           const float *y_steps, int32_t bands, int32_t endmembers, int32_t pixels,    \
                                           float *B, int32_t ldb) {                                                    \
    return orthant::project<Q>(E, lde, e_steps, Y, ldy, y_steps, bands, endmembers, pixels, B, ldb);                   \
  }
FIXED(int16_t, i16)
FIXED(int8_t, i8)

orthant_status orthant_unmix_products_f32(orthant_unmix_f32 *s, const float *B, int32_t ldb, int32_t pixels, float *A,
                                          int32_t lda) {
  return orthant::products<float>(s, B, ldb, pixels, A, lda);
}
#ifdef ORTHANT_F64
orthant_status orthant_unmix_products_f64(orthant_unmix_f64 *s, const double *B, int32_t ldb, int32_t pixels, double *A,
                                          int32_t lda) {
  return orthant::products<double>(s, B, ldb, pixels, A, lda);
}
#endif
}
