// orthant_dimension_*: check, then call.
#include "dimension.hpp"

#include "shim.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(DimensionRule::hysime, DIMENSION_HYSIME);
ORTHANT_SAME(DimensionRule::hfc, DIMENSION_HFC);
ORTHANT_SAME(DimensionRule::nwhfc, DIMENSION_NWHFC);

template <class T>
Status read(const orthant_dimension_config *given, Dimension<T> *s) {
  orthant_dimension_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_dimension_config, bands), &c)) return E_ARG;
  if (!among(c.bands, 1, max_rank) || !among(c.method, 0, ORTHANT_DIMENSION_NWHFC) || c.reserved != 0 ||
      !(c.false_alarm >= 0 && c.false_alarm < 0.5) || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  s->bands = c.bands;
  s->rule = c.method > 0 ? DimensionRule(c.method) : DimensionRule::hysime;
  s->false_alarm = c.false_alarm > 0 ? c.false_alarm : 1e-3;
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, double *power, double *limit, double *noise,
           int32_t *count) {
  const Dimension<T> *s = reinterpret_cast<const Dimension<T> *>(handle);
  Mat<const T> Y;
  if (!s || !power || !limit || !count || !read_matrix(data, &Y) || Y.rows != s->bands || Y.cols <= s->bands)
    return E_ARG;
  return s->run(handle, Operand<T>(Y), power, limit, noise, count);
}

}  // namespace
}  // namespace orthant

#define DIMENSION(T, S)                                                                                          \
  orthant_status orthant_dimension_size_##S(const orthant_dimension_config *c, size_t *bytes) {                  \
    return orthant::job_size<orthant::Dimension<T>>(orthant::read<T>, c, bytes);                                 \
  }                                                                                                              \
  orthant_status orthant_dimension_init_##S(const orthant_dimension_config *c, void *mem, size_t bytes,          \
                                            orthant_dimension_##S **out) {                                       \
    return orthant::job_init<orthant::Dimension<T>>(orthant::read<T>, c, mem, bytes, out);                       \
  }                                                                                                              \
  orthant_status orthant_dimension_run_##S(orthant_dimension_##S *s, const orthant_matrix_##S *Y, double *power, \
                                           double *limit, double *noise, int32_t *count) {                       \
    return orthant::run<T>(s, Y, power, limit, noise, count);                                                    \
  }

extern "C" {
DIMENSION(float, f32)
#ifdef ORTHANT_F64
DIMENSION(double, f64)
#endif
}
