// The small decompositions on LAPACKE.  Apart from blis.cpp because blis.h and lapacke.h declare lsame_ differently.
// Only column-major _work functions: they do not allocate.
#include <lapacke.h>

#include "ops.hpp"

namespace orthant {

// By attribute: neither the option nor a pragma hides a specialization of a template.
#define HIDDEN __attribute__((visibility("hidden")))

template <> HIDDEN
bool lapacke_svd<float>(int32_t n, float *A, float *s, float *Vt, float *work, int32_t lwork) {
  float none = 0;
  return LAPACKE_sgesvd_work(LAPACK_COL_MAJOR, 'O', 'S', n, n, A, n, s, &none, 1, Vt, n, work, lwork) == 0;
}

#ifdef ORTHANT_F64
template <> HIDDEN
bool lapacke_svd<double>(int32_t n, double *A, double *s, double *Vt, double *work, int32_t lwork) {
  double none = 0;
  return LAPACKE_dgesvd_work(LAPACK_COL_MAJOR, 'O', 'S', n, n, A, n, s, &none, 1, Vt, n, work, lwork) == 0;
}
#endif

}  // namespace orthant
