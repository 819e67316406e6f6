// orthant_factormer_*: check, then call.
#include "factormer.hpp"
#include "fields.hpp"

namespace orthant {

ORTHANT_FIELDS(factormer, model,
               ORTHANT_IS(rows, from(1, 1 << 30)) && ORTHANT_IS(cols, from(1, 1 << 30)) &&
               ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(model, not_null))

namespace {

template <class T>
Status read(const orthant_factormer_config *given, Factormer<T> *a) {
  orthant_factormer_config c;
  if (!read_fields<factormer_fields>(given, &c, &a->par)) return E_ARG;
  if (const Status st = factormer_read(Blob(c.model), &a->s); st != OK) return st;
  a->rows = c.rows;
  a->cols = c.cols;
  a->model = c.model;
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh, const T *W0,
           int32_t ldw0, const T *H0, int32_t ldh0) {
  Factormer<T> *a = reinterpret_cast<Factormer<T> *>(handle);
  Mat<const T> V;
  if (!a || !read_matrix(data, &V) || V.rows != a->rows || V.cols != a->cols ||
      !good_array(W, a->rows, a->s.rank, ldw) || !good_array(H, a->s.rank, a->cols, ldh))
    return E_ARG;
  const bool previous = good_array(W0, a->rows, a->s.rank, ldw0) && good_array(H0, a->s.rank, a->cols, ldh0);
  if (a->s.accelerates ? !previous : W0 || H0)
    return E_ARG;
  Carver carve(a);
  typename Factormer<T>::Blocks blocks;
  a->layout(carve, blocks);
  return a->run(blocks, V, {W, a->rows, a->s.rank, ldw}, {H, a->s.rank, a->cols, ldh}, {W0, a->rows, a->s.rank, ldw0},
                {H0, a->s.rank, a->cols, ldh0});
}

Status describe(const orthant_model *m, orthant_factormer_info *out) {
  FactormerShape s;
  if (!m || !out || out->size < sizeof(uint32_t)) return E_ARG;
  if (const Status st = factormer_read(Blob(m), &s); st != OK) return st;
  write_struct({0, s.rank, s.width, s.heads, s.layers, s.hidden, s.accelerates, 0, uint64_t(s.params())}, out);
  return OK;
}

}  // namespace
}  // namespace orthant

#define FACTORMER(T, S)                                                                                               \
  orthant_status orthant_factormer_size_##S(const orthant_factormer_config *c, size_t *bytes) {                       \
    return orthant::job_size<orthant::Factormer<T>>(orthant::read<T>, c, bytes);                                      \
  }                                                                                                                   \
  orthant_status orthant_factormer_init_##S(const orthant_factormer_config *c, void *mem, size_t bytes,               \
                                            orthant_factormer_##S **out) {                                            \
    return orthant::job_init<orthant::Factormer<T>>(orthant::read<T>, c, mem, bytes, out);                            \
  }                                                                                                                   \
  orthant_status orthant_factormer_run_##S(orthant_factormer_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw,  \
                                           T *H, int32_t ldh, const T *W0, int32_t ldw0, const T *H0, int32_t ldh0) { \
    return orthant::run<T>(s, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0);                                                 \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(factormer, orthant::factormer_fields, orthant_factormer_size_f32)
orthant_status orthant_factormer_describe(const orthant_model *m, orthant_factormer_info *out) {
  return orthant::describe(m, out);
}
FACTORMER(float, f32)
#ifdef ORTHANT_F64
FACTORMER(double, f64)
#endif
}
