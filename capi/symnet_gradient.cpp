// orthant_symnet_gradient_* and orthant_symnet_parameters_*: check, then call.
#include "passes.hpp"
#include "symmetric.hpp"
#include "symnmf_net.hpp"
#include "train.hpp"

namespace orthant {
namespace {

// Views of the parameters in the caller's arrays.
template <class T>
Mat<T> columns(T *data, int32_t rows, int32_t cols) {
  return data ? Mat<T>{data, rows, cols, rows} : Mat<T>{};
}

template <class T>
Status gradient(SymNet<T> *s, const typename Public<T>::matrix *data, const T *P, const T *U0, double lambda,
                double *loss, T *dP, T *dU0, double *dlambda) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!s->started || !(lambda >= 0) || !is_finite(lambda)) return E_ARG;
  const int32_t n = s->c.n, r = s->c.rank, wide = r * s->c.layers;
  if ((P && !good_array(P, n, wide, n)) || (dP && !good_array(dP, n, wide, n))) return E_ARG;
  if (!all_finite<T>(columns(P, n, wide)) || !all_finite<T>(columns(U0, n, r))) return E_DATA;
  if (P) copy<T>(columns(P, n, wide), s->parameters(s));
  if (U0) copy<T>(columns(U0, n, r), s->input(s));
  if (lambda > 0) s->lambda = lambda;
  return s->gradient(s, X, loss, columns(dP, n, wide), columns(dU0, n, r), dlambda);
}

template <class T>
Status parameters(SymNet<T> *s, T *P, T *U0, double *lambda) {
  if (!s || !s->started) return E_ARG;
  const int32_t n = s->c.n, r = s->c.rank, wide = r * s->c.layers;
  if ((P && !good_array(P, n, wide, n)) || (U0 && !good_array(U0, n, r, n))) return E_ARG;
  if (P) copy<T>(s->parameters(s), columns(P, n, wide));
  if (U0) copy<T>(s->input(s), columns(U0, n, r));
  if (lambda) *lambda = s->lambda;
  return OK;
}

}  // namespace
}  // namespace orthant

#define SYMNET_GRADIENT(T, S)                                                                                         \
  orthant_status orthant_symnet_gradient_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, const T *P,          \
                                             const T *U0, double lambda, double *loss, T *dP, T *dU0,                 \
                                             double *dlambda) {                                                       \
    return orthant::gradient<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, P, U0, lambda, loss, dP, dU0, dlambda); \
  }                                                                                                                   \
  orthant_status orthant_symnet_parameters_##S(orthant_symnet_##S *s, T *P, T *U0, double *lambda) {                  \
    return orthant::parameters<T>(reinterpret_cast<orthant::SymNet<T> *>(s), P, U0, lambda);                          \
  }

extern "C" {
SYMNET_GRADIENT(float, f32)
#ifdef ORTHANT_F64
SYMNET_GRADIENT(double, f64)
#endif
}
