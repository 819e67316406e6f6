// The same products on BLIS.  The only file that sees a BLAS header.  The typed interface takes both strides and does
// not go through the dynamic symbol table, where the first BLAS loaded would win.
#include <blis.h>

#include "ops.hpp"

namespace orthant {

// By attribute: neither the option nor a pragma hides a specialization of a template.
#define HIDDEN __attribute__((visibility("hidden")))

template <> HIDDEN
void blis_gemm<float>(bool transpose, int32_t M, int32_t N, int32_t K, const float *A, ptrdiff_t lda, const float *B,
                      ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool add) {
  float one = 1, beta = add ? 1.f : 0.f;
  bli_sgemm(transpose ? BLIS_TRANSPOSE : BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, M, N, K, &one, const_cast<float *>(A), 1,
            lda, const_cast<float *>(B), 1, ldb, &beta, C, 1, ldc);
}

#ifdef ORTHANT_F64
template <> HIDDEN
void blis_gemm<double>(bool transpose, int32_t M, int32_t N, int32_t K, const double *A, ptrdiff_t lda, const double *B,
                       ptrdiff_t ldb, double *C, ptrdiff_t ldc, bool add) {
  double one = 1, beta = add ? 1. : 0.;
  bli_dgemm(transpose ? BLIS_TRANSPOSE : BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, M, N, K, &one, const_cast<double *>(A),
            1, lda, const_cast<double *>(B), 1, ldb, &beta, C, 1, ldc);
}
#endif

}  // namespace orthant
