// orthant_nmf_misprints_* and orthant_relu_nmd_misprints_*: check, then set.
#include "penalized.hpp"
#include "relu_nmd.hpp"
#include "train.hpp"

namespace orthant {
namespace {

template <class T, class Handle>
Status nmf_misprints(Handle *handle, int32_t which) {
  const NmfConfig *c = reinterpret_cast<const NmfConfig *>(handle);
  constexpr int32_t additive = ORTHANT_MISPRINT_DIRECTION | ORTHANT_MISPRINT_CURVATURE;
  if (!c || (which & ~(ORTHANT_MISPRINT_CLIP | additive)) != 0) return E_ARG;
  int32_t known = 0;
  if (c->method == NmfMethod::murnmf) known = ORTHANT_MISPRINT_CLIP;
  if (c->method == NmfMethod::aurnmf) known = additive;
  if ((which & ~known) != 0) return E_UNSUPPORTED;
  if (known == 0) return OK;
  PenalizedNmf<T> *s = reinterpret_cast<PenalizedNmf<T> *>(handle);
  s->c.clip_paper = (which & ORTHANT_MISPRINT_CLIP) != 0;
  s->c.direction_paper = (which & ORTHANT_MISPRINT_DIRECTION) != 0;
  s->c.curvature_paper = (which & ORTHANT_MISPRINT_CURVATURE) != 0;
  s->started = 0;
  return OK;
}

template <class T, class Handle>
Status relu_misprints(Handle *handle, int32_t which) {
  ReluNmd<T> *s = reinterpret_cast<ReluNmd<T> *>(handle);
  if (!s || (which & ~ORTHANT_MISPRINT_FIRST_Z) != 0) return E_ARG;
  if (which != 0 && !starts_as_printed(s->c)) return E_UNSUPPORTED;
  if (which != 0) s->c.z_start = ReluZ::literal;
  else if (s->c.z_start == ReluZ::literal) s->c.z_start = ReluZ::data;
  s->started = 0;
  return OK;
}

}  // namespace
}  // namespace orthant

#define MISPRINTS(T, S)                                                                          \
  orthant_status orthant_nmf_misprints_##S(orthant_nmf_##S *s, int32_t which) {                  \
    return orthant::nmf_misprints<T>(s, which);                                                  \
  }                                                                                              \
  orthant_status orthant_relu_nmd_misprints_##S(orthant_relu_nmd_##S *s, int32_t which) {        \
    return orthant::relu_misprints<T>(s, which);                                                 \
  }

extern "C" {
MISPRINTS(float, f32)
#ifdef ORTHANT_F64
MISPRINTS(double, f64)
#endif
}
