// orthant_endmembers_*: check, then call.
#include "endmembers.hpp"
#include "fields.hpp"

namespace orthant {

ORTHANT_FIELDS(endmembers, endmembers,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(pixels, at_least(1)) &&
               ORTHANT_IS(endmembers, from(c.method == ORTHANT_ENDMEMBERS_NFINDR ? 2 : 1,
                                           min_of(min_of(c.bands, c.pixels), max_rank))) &&
               ORTHANT_IS(method, up_to(ORTHANT_ENDMEMBERS_NFINDR)) && ORTHANT_IS(max_iter, up_to(INT32_MAX)) &&
               ORTHANT_IS(projection, up_to(ORTHANT_PROJECTION_PUBLISHED)) && ORTHANT_IS(precise, a_switch) &&
               ORTHANT_IS(draws, up_to(INT32_MAX)) &&
               ORTHANT_IS(data, Either{ORTHANT_DENSE, ORTHANT_STREAM, ORTHANT_STREAM}))

namespace {

#define ORTHANT_EXTRACTION(name, PUBLIC, ...) ORTHANT_SAME(Extraction::name, ENDMEMBERS_##PUBLIC);
#include "extractions.def"
#undef ORTHANT_EXTRACTION
#define ORTHANT_VCA_PROJECTION(name, PUBLIC, ...) ORTHANT_SAME(Projection::name, PROJECTION_##PUBLIC);
#include "vca_projections.def"
#undef ORTHANT_VCA_PROJECTION

template <class T>
Status read(const orthant_endmembers_config *given, Endmembers<T> *s) {
  orthant_endmembers_config c;
  if (!read_fields<endmembers_fields>(given, &c, &s->par)) return E_ARG;
  s->bands = c.bands;
  s->pixels = c.pixels;
  s->rank = c.endmembers;
  s->projection = Projection(c.projection);
  s->draws = c.draws > 0 ? c.draws : 1;
  s->seed = c.seed;
  s->precise = c.precise;
  s->data = Kind(c.data);
  if (small_target && s->data == Kind::stream) return E_UNSUPPORTED;
  return s->resolve(c.method, c.max_iter);
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, const T *D, int32_t ldd, T *E, int32_t lde,
           int32_t *pixel) {
  Endmembers<T> *s = reinterpret_cast<Endmembers<T> *>(handle);
  Operand<T> Y;
  if (!s || !read_operand(data, &Y) || Y.kind() != s->data || Y.rows() != s->bands || Y.cols() != s->pixels || !pixel ||
      !good_array(E, s->bands, s->rank, lde) || (D && !good_array(D, s->rank, s->rank, ldd)))
    return E_ARG;
  return s->run(s, Y, {D, s->rank, s->rank, ldd}, {E, s->bands, s->rank, lde}, pixel);
}

const char *word_of(Extraction method) {
  switch (method) {
#define ORTHANT_EXTRACTION(name, ...) \
  case Extraction::name: return #name;
#include "extractions.def"
#undef ORTHANT_EXTRACTION
    default: return nullptr;
  }
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
ORTHANT_CONFIG_PROBLEM(endmembers, orthant::endmembers_fields, orthant_endmembers_size_f32)
ENDMEMBERS(float, f32)
#ifdef ORTHANT_F64
ENDMEMBERS(double, f64)
#endif
const char *orthant_endmembers_method_name(int32_t method) {
  return method == 0 ? "auto" : orthant::word_of(orthant::Extraction(method));
}
}
