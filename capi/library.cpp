// orthant_library_*: check, then call.
#include "library.hpp"

#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
Status read(const orthant_library_config *given, Library<T> *s) {
  orthant_library_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_library_config, spectra), &c)) return E_ARG;
  if (!among(c.bands, 1, max_rank) || !among(c.spectra, 1, max_rank) || !among(c.sum_to_one, 0, 1) || c.max_iter < 0 ||
      c.reserved != 0 || !is_finite(c.l1) || c.l1 < 0 || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  s->bands = c.bands;
  s->spectra = c.spectra;
  s->sum_to_one = c.sum_to_one;
  s->l1 = c.l1;
  s->max_iter = c.max_iter > 0 ? c.max_iter : 30 * s->most();
  return OK;
}

template <class T, class Handle>
Status init(const orthant_library_config *given, const T *E, int32_t lde, const T *variance, void *mem, size_t bytes,
            Handle **out) {
  Library<T> s;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &s); st != OK) return st;
  if (!good_array(E, s.bands, s.spectra, lde)) return E_ARG;
  if (const Status st = place(s, mem, bytes, &base); st != OK) return st;
  if (const Status st = s.prepare(base, {E, s.bands, s.spectra, lde}, variance); st != OK) return st;
  memcpy(base, static_cast<const void *>(&s), sizeof s);
  *out = static_cast<Handle *>(base);
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *A, int32_t lda, T *D, int32_t ldd,
           orthant_report *r) {
  const Library<T> *s = reinterpret_cast<const Library<T> *>(handle);
  Mat<const T> Y;
  if (!s || !read_matrix(data, &Y) || Y.rows != s->bands || !good_array(A, s->spectra, Y.cols, lda) ||
      (D && !good_array(D, s->spectra, Y.cols, ldd)) || !good_report(r))
    return E_ARG;
  Report report;
  const Status st = s->run(handle, Operand<T>(Y), {A, s->spectra, Y.cols, lda}, {D, s->spectra, Y.cols, ldd}, &report);
  write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define LIBRARY(T, S)                                                                                                  \
  orthant_status orthant_library_size_##S(const orthant_library_config *c, size_t *bytes) {                            \
    return orthant::job_size<orthant::Library<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                    \
  orthant_status orthant_library_init_##S(const orthant_library_config *c, const T *E, int32_t lde, const T *variance, \
                                          void *mem, size_t bytes, orthant_library_##S **out) {                        \
    return orthant::init<T>(c, E, lde, variance, mem, bytes, out);                                                     \
  }                                                                                                                    \
  orthant_status orthant_library_run_##S(orthant_library_##S *s, const orthant_matrix_##S *Y, T *A, int32_t lda, T *D, \
                                         int32_t ldd, orthant_report *r) {                                             \
    return orthant::run<T>(s, Y, A, lda, D, ldd, r);                                                                   \
  }

extern "C" {
LIBRARY(float, f32)
#ifdef ORTHANT_F64
LIBRARY(double, f64)
#endif
}
