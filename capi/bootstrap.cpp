// orthant_bootstrap_*: check, then call.
#include "bootstrap.hpp"

#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
Status read(const orthant_bootstrap_config *given, Bootstrap<T> *s) {
  orthant_bootstrap_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_bootstrap_config, classes), &c)) return E_ARG;
  if (!among(c.bands, 1, max_rank) || !among(c.spectra, 1, max_rank) || !among(c.classes, 1, c.spectra) || c.each < 0 ||
      !among(c.sum_to_one, 0, 1) || c.draws < 0 || c.draws == 1 || c.reserved != 0 ||
      !read_parallel(c.parallel, &s->library.par))
    return E_ARG;
  s->library.bands = c.bands;
  s->library.spectra = c.spectra;
  s->library.sum_to_one = c.sum_to_one;
  s->library.max_iter = 30 * s->library.most();
  s->classes = c.classes;
  s->each = c.each > 0 ? c.each : 1;
  s->draws = c.draws > 0 ? c.draws : 50;
  s->seed = c.seed;
  return OK;
}

template <class T, class Handle>
Status init(const orthant_bootstrap_config *given, const T *E, int32_t lde, const int32_t *class_of, const T *variance,
            void *mem, size_t bytes, Handle **out) {
  Bootstrap<T> s;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &s); st != OK) return st;
  const Library<T> &lib = s.library;
  if (!good_array(E, lib.bands, lib.spectra, lde) || !class_of || !good_classes(class_of, lib.spectra, s.classes))
    return E_ARG;
  if (const Status st = place(s, mem, bytes, &base); st != OK) return st;
  if (const Status st = s.prepare(base, {E, lib.bands, lib.spectra, lde}, class_of, variance); st != OK) return st;
  memcpy(base, static_cast<const void *>(&s), sizeof s);
  *out = static_cast<Handle *>(base);
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *A, int32_t lda, T *D, int32_t ldd,
           orthant_report *r) {
  const Bootstrap<T> *s = reinterpret_cast<const Bootstrap<T> *>(handle);
  Mat<const T> Y;
  if (!s || !read_matrix(data, &Y) || Y.rows != s->library.bands || !good_array(A, s->classes, Y.cols, lda) ||
      !good_array(D, s->classes, Y.cols, ldd) || !good_report(r))
    return E_ARG;
  Report report;
  const Status st = s->run(handle, Operand<T>(Y), {A, s->classes, Y.cols, lda}, {D, s->classes, Y.cols, ldd}, &report);
  write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define BOOTSTRAP(T, S)                                                                                              \
  orthant_status orthant_bootstrap_size_##S(const orthant_bootstrap_config *c, size_t *bytes) {                      \
    return orthant::job_size<orthant::Bootstrap<T>>(orthant::read<T>, c, bytes);                                     \
  }                                                                                                                  \
  orthant_status orthant_bootstrap_init_##S(const orthant_bootstrap_config *c, const T *E, int32_t lde,              \
                                            const int32_t *class_of, const T *variance, void *mem, size_t bytes,     \
                                            orthant_bootstrap_##S **out) {                                           \
    return orthant::init<T>(c, E, lde, class_of, variance, mem, bytes, out);                                         \
  }                                                                                                                  \
  orthant_status orthant_bootstrap_run_##S(orthant_bootstrap_##S *s, const orthant_matrix_##S *Y, T *A, int32_t lda, \
                                           T *D, int32_t ldd, orthant_report *r) {                                   \
    return orthant::run<T>(s, Y, A, lda, D, ldd, r);                                                                 \
  }

extern "C" {
BOOTSTRAP(float, f32)
#ifdef ORTHANT_F64
BOOTSTRAP(double, f64)
#endif
}
