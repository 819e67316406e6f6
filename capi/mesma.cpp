// orthant_mesma_*: check, then call.
#include "mesma.hpp"

#include "shim.hpp"

namespace orthant {
namespace {

constexpr double no_rule = 1e30;

double rule(double given, double usual) {
  if (given < 0) return no_rule;
  return given > 0 ? given : usual;
}

bool in_range(const orthant_mesma_config &c) {
  return among(c.bands, 1, max_rank) && among(c.spectra, 1, max_rank) && among(c.classes, 1, c.spectra) &&
         among(c.least, 0, c.classes) && among(c.most, 0, c.classes) && (c.most == 0 || c.least <= c.most) &&
         among(c.sum_to_one, 0, 1) && among(c.normalize, 0, 1) && is_finite(c.slack) && is_finite(c.max_shade) &&
         is_finite(c.max_rmse) && is_finite(c.gain);
}

template <class T>
Status read(const orthant_mesma_config *given, Mesma<T> *s) {
  orthant_mesma_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_mesma_config, classes), &c)) return E_ARG;
  if (!in_range(c) || !read_parallel(c.parallel, &s->par)) return E_ARG;
  s->bands = c.bands;
  s->spectra = c.spectra;
  s->classes = c.classes;
  s->rules.least = c.least > 0 ? c.least : 1;
  s->rules.most = c.most > 0 ? c.most : c.classes;
  s->rules.sum_to_one = c.sum_to_one != 0;
  s->rules.normalize = c.normalize != 0;
  s->rules.slack = rule(c.slack, 0.05);
  s->rules.max_shade = rule(c.max_shade, 0.8);
  s->rules.max_rmse = rule(c.max_rmse, 0.025);
  s->rules.gain = c.gain < 0 ? 0 : rule(c.gain, 0.007);
  return OK;
}

template <class T, class Handle>
Status init(const orthant_mesma_config *given, const T *E, int32_t lde, const int32_t *class_of, void *mem,
            size_t bytes, Handle **out) {
  Mesma<T> s;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &s); st != OK) return st;
  if (!good_array(E, s.bands, s.spectra, lde) || !class_of || !good_classes(class_of, s.spectra, s.classes))
    return E_ARG;
  if (const Status st = place(s, mem, bytes, &base); st != OK) return st;
  if (const Status st = s.prepare(base, {E, s.bands, s.spectra, lde}, class_of); st != OK) return st;
  memcpy(base, static_cast<const void *>(&s), sizeof s);
  *out = static_cast<Handle *>(base);
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, int32_t *model, int32_t ldm, T *A, int32_t lda,
           T *rms, orthant_report *r) {
  const Mesma<T> *s = reinterpret_cast<const Mesma<T> *>(handle);
  Mat<const T> Y;
  if (!s || !read_matrix(data, &Y) || Y.rows != s->bands || !good_array(model, s->classes, Y.cols, ldm) ||
      !good_array(A, s->classes, Y.cols, lda) || !rms || !good_report(r))
    return E_ARG;
  Report report;
  const Status st =
      s->run(handle, Operand<T>(Y), {model, s->classes, Y.cols, ldm}, {A, s->classes, Y.cols, lda}, rms, &report);
  write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define MESMA(T, S)                                                                                                    \
  orthant_status orthant_mesma_size_##S(const orthant_mesma_config *c, size_t *bytes) {                                \
    return orthant::job_size<orthant::Mesma<T>>(orthant::read<T>, c, bytes);                                           \
  }                                                                                                                    \
  orthant_status orthant_mesma_init_##S(const orthant_mesma_config *c, const T *E, int32_t lde,                        \
                                        const int32_t *class_of, void *mem, size_t bytes, orthant_mesma_##S **out) {   \
    return orthant::init<T>(c, E, lde, class_of, mem, bytes, out);                                                     \
  }                                                                                                                    \
  orthant_status orthant_mesma_run_##S(orthant_mesma_##S *s, const orthant_matrix_##S *Y, int32_t *model, int32_t ldm, \
                                       T *A, int32_t lda, T *rms, orthant_report *r) {                                 \
    return orthant::run<T>(s, Y, model, ldm, A, lda, rms, r);                                                          \
  }

extern "C" {
MESMA(float, f32)
#ifdef ORTHANT_F64
MESMA(double, f64)
#endif
}
