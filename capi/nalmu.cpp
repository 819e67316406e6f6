// orthant_nalmu_*: check, then call.
#include "fields.hpp"
#include "nalmu.hpp"

namespace orthant {

ORTHANT_FIELDS(nalmu, pixels,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(pixels, at_least(1)) &&
               ORTHANT_IS(endmembers, from(c.model ? 0 : 1, max_rank)) &&
               ORTHANT_IS(layers, at_least(c.model ? 0 : 1)) && ORTHANT_IS(factors, up_to(ORTHANT_NALMU_BOTH)) &&
               ORTHANT_IS(given, a_switch) && ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(model, or_null))

namespace {

template <class T>
Status read(const orthant_nalmu_config *given, Nalmu<T> *a) {
  orthant_nalmu_config c;
  if (!read_fields<nalmu_fields>(given, &c, &a->par)) return E_ARG;
  a->given = c.given;
  a->model = c.model;
  return a->resolve({c.bands, c.pixels, c.endmembers, c.layers, c.factors});
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
           orthant_report *r) {
  Nalmu<T> *a = reinterpret_cast<Nalmu<T> *>(handle);
  Mat<const T> Y;
  if (!a || !read_matrix(data, &Y) || Y.rows != a->s.bands || Y.cols != a->pixels ||
      !good_array(W, a->s.bands, a->s.rank, ldw) || !good_array(H, a->s.rank, a->pixels, ldh) || !good_report(r))
    return E_ARG;
  Report report;
  const Status st = a->run(a, Operand<T>(Y), {W, a->s.bands, a->s.rank, ldw}, {H, a->s.rank, a->pixels, ldh},
                           r ? &report : nullptr);
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define NALMU(T, S)                                                                                                \
  orthant_status orthant_nalmu_size_##S(const orthant_nalmu_config *c, size_t *bytes) {                            \
    return orthant::job_size<orthant::Nalmu<T>>(orthant::read<T>, c, bytes);                                       \
  }                                                                                                                \
  orthant_status orthant_nalmu_init_##S(const orthant_nalmu_config *c, void *mem, size_t bytes,                    \
                                        orthant_nalmu_##S **out) {                                                 \
    return orthant::job_init<orthant::Nalmu<T>>(orthant::read<T>, c, mem, bytes, out);                             \
  }                                                                                                                \
  orthant_status orthant_nalmu_run_##S(orthant_nalmu_##S *s, const orthant_matrix_##S *Y, T *W, int32_t ldw, T *H, \
                                       int32_t ldh, orthant_report *r) {                                           \
    return orthant::run<T>(s, Y, W, ldw, H, ldh, r);                                                               \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(nalmu, orthant::nalmu_fields, orthant_nalmu_size_f32)
NALMU(float, f32)
#ifdef ORTHANT_F64
NALMU(double, f64)
#endif
}
