// orthant_endmembers_*: check, then call.
#include "endmembers.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(Extraction::vca, ENDMEMBERS_VCA);
ORTHANT_SAME(Extraction::spa, ENDMEMBERS_SPA);
ORTHANT_SAME(Extraction::nfindr, ENDMEMBERS_NFINDR);
ORTHANT_SAME(Projection::affine, PROJECTION_AFFINE);
ORTHANT_SAME(Projection::projective, PROJECTION_PROJECTIVE);
ORTHANT_SAME(Projection::published, PROJECTION_PUBLISHED);

template <class T>
Status read(const orthant_endmembers_config *given, Endmembers<T> *s) {
  orthant_endmembers_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_endmembers_config, endmembers), &c)) return E_ARG;
  const int32_t method = c.method > 0 ? c.method : ORTHANT_ENDMEMBERS_VCA;
  if (c.bands < 1 || c.pixels < 1 || c.endmembers < 1 || c.endmembers > min_of(c.bands, c.pixels) ||
      c.endmembers > max_rank || c.method < 0 || c.method > ORTHANT_ENDMEMBERS_NFINDR || c.max_iter < 0 ||
      c.projection < 0 || c.projection > ORTHANT_PROJECTION_PUBLISHED || c.reserved != 0 ||
      (method == ORTHANT_ENDMEMBERS_NFINDR && c.endmembers < 2) || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  s->bands = c.bands;
  s->pixels = c.pixels;
  s->rank = c.endmembers;
  s->method = Extraction(method);
  s->max_iter = c.max_iter > 0 ? c.max_iter : 3 * c.endmembers;
  s->projection = Projection(c.projection);
  s->seed = c.seed;
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, const T *D, int32_t ldd, T *E, int32_t lde,
           int32_t *pixel) {
  Endmembers<T> *s = reinterpret_cast<Endmembers<T> *>(handle);
  Mat<const T> Y;
  if (!s || !read_matrix(data, &Y) || Y.rows != s->bands || Y.cols != s->pixels || !pixel ||
      !good_array(E, s->bands, s->rank, lde) || (D && !good_array(D, s->rank, s->rank, ldd)))
    return E_ARG;
  return s->run(s, Operand<T>(Y), {D, s->rank, s->rank, ldd}, {E, s->bands, s->rank, lde}, pixel);
}

}  // namespace
}  // namespace orthant

#define ENDMEMBERS(T, S)                                                                                        \
  orthant_status orthant_endmembers_size_##S(const orthant_endmembers_config *c, size_t *bytes) {               \
    return orthant::job_size<orthant::Endmembers<T>>(orthant::read<T>, c, bytes);                               \
  }                                                                                                             \
  orthant_status orthant_endmembers_init_##S(const orthant_endmembers_config *c, void *mem, size_t bytes,       \
                                             orthant_endmembers_##S **out) {                                    \
    return orthant::job_init<orthant::Endmembers<T>>(orthant::read<T>, c, mem, bytes, out);                     \
  }                                                                                                             \
  orthant_status orthant_endmembers_run_##S(orthant_endmembers_##S *s, const orthant_matrix_##S *Y, const T *D, \
                                            int32_t ldd, T *E, int32_t lde, int32_t *pixel) {                   \
    return orthant::run<T>(s, Y, D, ldd, E, lde, pixel);                                                        \
  }

extern "C" {
ENDMEMBERS(float, f32)
#ifdef ORTHANT_F64
ENDMEMBERS(double, f64)
#endif
}
