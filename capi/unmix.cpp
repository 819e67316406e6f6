// orthant_unmix_*: check, then call.
#include "fields.hpp"
#include "nalmu.hpp"
#include "unmix.hpp"

namespace orthant {

ORTHANT_FIELDS(unmix, endmembers,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(endmembers, from(1, max_rank)) &&
               ORTHANT_IS(sum_to_one, a_switch) && ORTHANT_IS(method, up_to(ORTHANT_UNMIX_CLIP)) &&
               ORTHANT_IS(max_iter, up_to(INT32_MAX)) &&
               ORTHANT_IS(data, Either{ORTHANT_DENSE, ORTHANT_MASKED, ORTHANT_STREAM}) &&
               ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(tol, finite) && ORTHANT_IS(model, or_null))

namespace {

#define ORTHANT_HALF_STEP(name, PUBLIC, ...) ORTHANT_SAME(Half::name, UNMIX_##PUBLIC);
#define ORTHANT_INNER_HALF_STEP(...)
#include "half_steps.def"
#undef ORTHANT_HALF_STEP
#undef ORTHANT_INNER_HALF_STEP

// A network that proposes where the active set starts: one multiplier for each endmember and layer, of H alone.
template <class T>
Status read_model(const orthant_model *model, Unmix<T> *u) {
  if (!model) return OK;
  if (small_target) return E_UNSUPPORTED;  // two kilobytes of flash that every firmware would carry
  if (u->method != Half::active_set) return E_UNSUPPORTED;
  NalmuShape s;
  double start = 0;
  if (nalmu_read(Blob(model), &s, &start) != OK || s.both || s.rank != u->rank || s.beta != 2 ||
      s.spread[side_h] != Spread::component)
    return E_BLOB;
  u->layers = s.layers;
  return OK;
}

template <class T>
Status read(const orthant_unmix_config *given, Unmix<T> *u) {
  orthant_unmix_config c;
  if (!read_fields<unmix_fields>(given, &c, &u->par)) return E_ARG;
  u->bands = c.bands;
  u->rank = c.endmembers;
  u->sum_to_one = c.sum_to_one;
  u->data = Kind(c.data);
  if (small_target && c.data == ORTHANT_STREAM) return E_UNSUPPORTED;
  if (const Status st = u->resolve(c.method, c.max_iter, c.tol); st != OK) return st;
  return read_model(c.model, u);
}

// A_H of all layers, rank x layers; a model with tied layers has one column.
template <class T>
void read_multipliers(const orthant_unmix_config *given, int32_t layers, int32_t rank, T *A) {
  orthant_unmix_config c;
  Record r;
  read_config(given, unmix_fields::required, &c);
  Blob(c.model).find("A_H", &r);
  const size_t n = size_t(rank), sets = r.count / n;
  for (size_t l = 0; l < size_t(layers); ++l) r.read(sets > 1 ? l * n : 0, n, A + l * n);
}

template <class T, class Handle>
Status init(const orthant_unmix_config *given, const T *E, int32_t lde, void *mem, size_t bytes, Handle **out) {
  Unmix<T> u;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &u); st != OK) return st;
  if (!good_array(E, u.bands, u.rank, lde)) return E_ARG;
  if (const Status st = place(u, mem, bytes, &base); st != OK) return st;
  u.E = {E, u.bands, u.rank, lde};
  if (const Status st = u.prepare(base); st != OK) return st;
  if (!small_target && u.layers > 0) {
    Carver carve(base);
    typename Unmix<T>::Blocks b;
    u.layout(carve, b);
    read_multipliers(given, u.layers, u.rank, b.A);
  }
  memcpy(base, static_cast<const void *>(&u), sizeof u);
  *out = static_cast<Handle *>(base);
  return OK;
}

// The data of one call, and whether they fit the handle and the abundances.
template <class T>
bool read_data(const Unmix<T> *u, const typename Public<T>::matrix *data, const T *A, int32_t lda, Operand<T> *Y) {
  return u && read_operand<false>(data, Y) && Y->kind() == u->data && Y->rows() == u->bands &&
         good_array(A, u->rank, Y->cols(), lda);
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *A, int32_t lda, orthant_report *r) {
  Unmix<T> *u = reinterpret_cast<Unmix<T> *>(handle);
  Operand<T> Y;
  if (!read_data<T>(u, data, A, lda, &Y) || !good_report(r)) return E_ARG;
  Report report;
  const Status st = u->run(u, Y, Mat<T>{A, u->rank, Y.cols(), lda}, r ? &report : nullptr);
  write_report(report, r);
  return st;
}

template <class T, class Handle>
Status check(Handle *handle, const typename Public<T>::matrix *data, const T *A, int32_t lda, T *rms, T *kkt,
             orthant_report *r) {
  Unmix<T> *u = reinterpret_cast<Unmix<T> *>(handle);
  Operand<T> Y;
  if (!read_data<T>(u, data, A, lda, &Y) || !good_report(r)) return E_ARG;
  Report report;
  const Status st = u->check(u, Y, Mat<const T>{A, u->rank, Y.cols(), lda}, rms, kkt, &report);
  write_report(report, r);
  return st;
}

const char *word_of(Half method) {
  switch (method) {
#define ORTHANT_HALF_STEP(name, ...) \
  case Half::name: return #name;
#define ORTHANT_INNER_HALF_STEP(...)
#include "half_steps.def"
#undef ORTHANT_HALF_STEP
#undef ORTHANT_INNER_HALF_STEP
    default: return nullptr;
  }
}

}  // namespace
}  // namespace orthant

#define UNMIX(T, S)                                                                                                  \
  orthant_status orthant_unmix_size_##S(const orthant_unmix_config *c, size_t *bytes) {                              \
    return orthant::job_size<orthant::Unmix<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                  \
  orthant_status orthant_unmix_init_##S(const orthant_unmix_config *c, const T *E, int32_t lde, void *mem,           \
                                        size_t bytes, orthant_unmix_##S **out) {                                     \
    return orthant::init<T>(c, E, lde, mem, bytes, out);                                                             \
  }                                                                                                                  \
  orthant_status orthant_unmix_run_##S(orthant_unmix_##S *s, const orthant_matrix_##S *Y, T *A, int32_t lda,         \
                                       orthant_report *r) {                                                          \
    return orthant::run<T>(s, Y, A, lda, r);                                                                         \
  }                                                                                                                  \
  orthant_status orthant_unmix_check_##S(orthant_unmix_##S *s, const orthant_matrix_##S *Y, const T *A, int32_t lda, \
                                         T *rms, T *kkt, orthant_report *r) {                                        \
    return orthant::check<T>(s, Y, A, lda, rms, kkt, r);                                                             \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(unmix, orthant::unmix_fields, orthant_unmix_size_f32)
UNMIX(float, f32)
#ifdef ORTHANT_F64
UNMIX(double, f64)
#endif
const char *orthant_unmix_method_name(int32_t method) {
  return method == 0 ? "auto" : orthant::word_of(orthant::Half(method));
}
}
