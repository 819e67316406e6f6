// orthant_symnmf_*: check, then call.
#include "symmetric.hpp"

namespace orthant {

ORTHANT_FIELDS(symnmf, rank,
               ORTHANT_IS(n, at_least(1)) && ORTHANT_IS(rank, from(1, min_of(c.n, max_rank))) &&
               ORTHANT_IS(method, up_to(ORTHANT_SYMNMF_PGD)) &&
               ORTHANT_IS(start, up_to(ORTHANT_SYMNMF_START_SPECTRAL)) &&
               ORTHANT_IS(penalty, up_to(ORTHANT_PENALTY_NONE)) && ORTHANT_IS(bound, a_switch) &&
               ORTHANT_IS(lambda, not_negative) && ORTHANT_IS(tol, finite) && ORTHANT_IS(tol_obj, finite))

namespace {

#define ORTHANT_SYM_METHOD(name, public_name, ...) ORTHANT_SAME(SymMethod::name, SYMNMF_##public_name);
#define ORTHANT_SYM_PENALTY(name, public_name, number) ORTHANT_SAME(SymPenalty::name, PENALTY_##public_name);
#include "symnmf/methods.def"

Status read(const orthant_symnmf_config *given, SymConfig *s) {
  orthant_symnmf_config c;
  if (!read_fields<symnmf_fields>(given, &c, &s->par)) return E_ARG;
  pass_on(c, s);
  s->method = SymMethod(c.method);
  s->penalty = SymPenalty(c.penalty);
  s->outer.tol = c.tol;
  s->outer.tol_obj = c.tol_obj;
  return resolve(s);
}

template <class T>
Status read(const orthant_symnmf_config *given, SymNmf<T> *s) { return read(given, &s->c); }

}  // namespace
}  // namespace orthant

#define SYMNMF(T, S)                                                                                               \
  orthant_status orthant_symnmf_size_##S(const orthant_symnmf_config *c, size_t *bytes) {                          \
    return orthant::job_size<orthant::SymNmf<T>>(orthant::read<T>, c, bytes);                                      \
  }                                                                                                                \
  orthant_status orthant_symnmf_init_##S(const orthant_symnmf_config *c, void *mem, size_t bytes,                  \
                                         orthant_symnmf_##S **out) {                                               \
    return orthant::job_init<orthant::SymNmf<T>>(orthant::read<T>, c, mem, bytes, out);                            \
  }                                                                                                                \
  orthant_status orthant_symnmf_start_##S(orthant_symnmf_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu) { \
    return orthant::start<T>(reinterpret_cast<orthant::SymNmf<T> *>(s), X, U, ldu);                                \
  }                                                                                                                \
  orthant_status orthant_symnmf_run_##S(orthant_symnmf_##S *s, const orthant_matrix_##S *X, T *U, int32_t ldu,     \
                                        orthant_report *r) {                                                       \
    return orthant::run<T>(reinterpret_cast<orthant::SymNmf<T> *>(s), X, U, ldu, r);                               \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(symnmf, orthant::symnmf_fields, orthant_symnmf_size_f32)
SYMNMF(float, f32)
#ifdef ORTHANT_F64
SYMNMF(double, f64)
#endif
}
