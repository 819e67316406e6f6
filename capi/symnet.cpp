// orthant_symnet_*: check, then call.
#include "symmetric.hpp"
#include "symnmf_net.hpp"

namespace orthant {

ORTHANT_FIELDS(symnet, rank,
               ORTHANT_IS(n, at_least(1)) && ORTHANT_IS(rank, from(1, min_of(c.n, max_rank))) &&
               ORTHANT_IS(layers, up_to(1000)) && ORTHANT_IS(epochs, up_to(INT32_MAX)) &&
               ORTHANT_IS(start, up_to(ORTHANT_SYMNMF_START_SPECTRAL)) &&
               ORTHANT_IS(lambda_bound, up_to(ORTHANT_SYMNET_FREE)) && ORTHANT_IS(last_only, a_switch) &&
               ORTHANT_IS(l1_all, a_switch) && ORTHANT_IS(bound, a_switch) && ORTHANT_IS(reserved, reserved_zero) &&
               ORTHANT_IS(beta, finite) && ORTHANT_IS(rate, not_negative) && ORTHANT_IS(decay, not_negative) &&
               ORTHANT_IS(weight_decay, finite) && ORTHANT_IS(l1, not_negative) && ORTHANT_IS(lambda, not_negative) &&
               ORTHANT_IS(leak, finite_up_to(1)) && ORTHANT_IS(leak_until, not_negative))

namespace {

ORTHANT_SAME(NetBound::sufficient, SYMNET_SUFFICIENT);
ORTHANT_SAME(NetBound::prop1, SYMNET_PROP1);
ORTHANT_SAME(NetBound::none, SYMNET_FREE);

Status read(const orthant_symnet_config *given, SymNetConfig *s) {
  orthant_symnet_config c;
  if (!read_fields<symnet_fields>(given, &c, &s->par)) return E_ARG;
  pass_on(c, s);
  s->layers = c.layers;
  s->epochs = c.epochs;
  s->lambda_bound = NetBound(c.lambda_bound);
  s->last_only = c.last_only;
  s->l1_all = c.l1_all;
  s->beta = c.beta;
  s->rate = c.rate;
  s->decay = c.decay;
  s->weight_decay = max_of(c.weight_decay, 0.0);
  s->l1 = c.l1;
  s->leak = c.leak;
  s->leak_until = c.leak_until;
  return resolve(s);
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
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!m || !good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->load(s, X, Blob(m), {U, s->c.n, s->c.rank, ldu});
}

template <class T>
const char *problem(SymNet<T> *s, const typename Public<T>::matrix *data, const orthant_model *m) {
  SymmetricOperand<T> X;
  if (!m || read_data<T>(s, data, &X) != OK) return "null";
  const char *found = s->misfit(X, Blob(m));
  return found ? found : "ok";
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
  }                                                                                                                  \
  const char *orthant_symnet_problem_##S(orthant_symnet_##S *s, const orthant_matrix_##S *X,                         \
                                         const orthant_model *m) {                                                   \
    return orthant::problem<T>(reinterpret_cast<orthant::SymNet<T> *>(s), X, m);                                     \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(symnet, orthant::symnet_fields, orthant_symnet_size_f32)
SYMNET(float, f32)
#ifdef ORTHANT_F64
SYMNET(double, f64)
#endif
}
