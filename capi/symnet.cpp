// orthant_symnet_*: check, then call.
#include <initializer_list>

#include "symmetric.hpp"
#include "symnmf_net.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(NetBound::sufficiency, SYMNET_SUFFICIENT);
ORTHANT_SAME(NetBound::prop1, SYMNET_PROP1);
ORTHANT_SAME(NetBound::none, SYMNET_FREE);

Status read(const orthant_symnet_config *given, SymNetConfig *s) {
  orthant_symnet_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_symnet_config, rank), &c)) return E_ARG;
  if (!read_common(c) || c.layers < 0 || c.layers > 1000 || c.epochs < 0 || c.lambda_bound < 0 ||
      c.lambda_bound > ORTHANT_SYMNET_FREE || !is_finite(c.beta) || !is_finite(c.leak) || !is_finite(c.leak_until) ||
      c.leak_until < 0 || c.leak > 1 || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  for (const double x : {c.rate, c.decay, c.weight_decay, c.l1})
    if (!(x >= 0) || !is_finite(x)) return E_ARG;
  for (const int32_t x : {c.last_only, c.l1_all})
    if (x < 0 || x > 1) return E_ARG;
  if (c.reserved != 0) return E_ARG;
  const auto set = [](double from, double *to) {
    if (from != 0) *to = max_of(from, 0.0);
  };
  pass_on(c, ORTHANT_SYMNMF_START_SPECTRAL, s);
  if (c.layers > 0) s->layers = c.layers;
  if (c.epochs > 0) s->epochs = c.epochs;
  s->floor = NetBound(c.lambda_bound > 0 ? c.lambda_bound : ORTHANT_SYMNET_SUFFICIENT);
  s->last_only = c.last_only, s->l1_all = c.l1_all;
  s->beta = c.beta;
  set(c.rate, &s->rate);
  set(c.decay, &s->decay);
  set(c.weight_decay, &s->weight_decay);
  set(c.l1, &s->l1);
  set(c.leak, &s->leak);
  set(c.leak_until, &s->leak_until);
  s->lambda = c.lambda;
  s->outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : s->epochs;
  int32_t columns = 0;
  return __builtin_mul_overflow(s->rank, s->layers + 1, &columns) ? E_ARG : OK;
}

template <class T>
Status read(const orthant_symnet_config *given, SymNet<T> *s) { return read(given, &s->c); }

template <class T>
Status save(SymNet<T> *s, void *out, size_t capacity, size_t *bytes) {
  if (!s || !s->started) return E_ARG;
  return give_blob(E_ARG, out, capacity, bytes, [&](void *to) { return s->save(s, to); });
}

template <class T>
Status load(SymNet<T> *s, const typename Public<T>::matrix *data, const orthant_model *m, T *U, int32_t ldu) {
  Symmetric<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!m || !good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->load(s, X, Blob(m), {U, s->c.n, s->c.rank, ldu});
}

}  // namespace
}  // namespace orthant

#define SYMNET(T, S)                                                                                                 \
  orthant_status orthant_symnet_size_##S(const orthant_symnet_config *c, size_t *bytes) {                            \
    return orthant::job_size<orthant::SymNet<T>>(orthant::read<T>, c, bytes);                                        \
  }                                                                                                                  \
  orthant_status orthant_symnet_init_##S(const orthant_symnet_config *c, void *mem, size_t bytes,                    \
                                         orthant_symnet_##S **out) {                                                 \
    return orthant::job_init<orthant::SymNet<T>>(orthant::read<T>, c, mem, bytes, out);                              \
  }                                                                                                                  \
  orthant_status orthant_symnet_start_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu) {   \
    return orthant::start<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, U, ldu);                                  \
  }                                                                                                                  \
  orthant_status orthant_symnet_run_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu,       \
                                        orthant_report *r) {                                                         \
    return orthant::run<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, U, ldu, r);                                 \
  }                                                                                                                  \
  orthant_status orthant_symnet_save_##S(orthant_symnet_##S *s, void *out, size_t capacity, size_t *bytes) {         \
    return orthant::save<T>(reinterpret_cast<orthant::SymNet<T> *>(s), out, capacity, bytes);                        \
  }                                                                                                                  \
  orthant_status orthant_symnet_load_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X, const orthant_model *m, \
                                         T *U, int32_t ldu) {                                                        \
    return orthant::load<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, m, U, ldu);                                \
  }

extern "C" {
SYMNET(float, f32)
#ifdef ORTHANT_F64
SYMNET(double, f64)
#endif
}
