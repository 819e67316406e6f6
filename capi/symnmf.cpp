// orthant_symnmf_*: check, then call.
#include "symmetric.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(SymMethod::anls, SYMNMF_ANLS);
ORTHANT_SAME(SymMethod::hals, SYMNMF_HALS);
ORTHANT_SAME(SymMethod::alternate, SYMNMF_ALTERNATE);
ORTHANT_SAME(SymMethod::fixed_point, SYMNMF_FIXED_POINT);
ORTHANT_SAME(SymMethod::admm, SYMNMF_ADMM);
ORTHANT_SAME(SymMethod::newton, SYMNMF_NEWTON);
ORTHANT_SAME(SymMethod::pgd, SYMNMF_PGD);
ORTHANT_SAME(SymPenalty::practical, PENALTY_PRACTICAL);
ORTHANT_SAME(SymPenalty::sufficient, PENALTY_SUFFICIENT);
ORTHANT_SAME(SymPenalty::none, PENALTY_NONE);

Status read(const orthant_symnmf_config *given, SymConfig *s) {
  orthant_symnmf_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_symnmf_config, rank), &c)) return E_ARG;
  if (!read_common(c) || c.method < 0 || c.method > ORTHANT_SYMNMF_PGD || c.penalty < 0 ||
      c.penalty > ORTHANT_PENALTY_NONE || !is_finite(c.tol) || !is_finite(c.tol_obj) ||
      !read_parallel(c.parallel, &s->par))
    return E_ARG;
  pass_on(c, ORTHANT_SYMNMF_START_SCALED, s);
  s->method = SymMethod(c.method > 0 ? c.method : ORTHANT_SYMNMF_HALS);
  s->penalty = c.lambda > 0 ? SymPenalty::value : SymPenalty(c.penalty > 0 ? c.penalty : ORTHANT_PENALTY_PRACTICAL);
  s->lambda = c.lambda;
  s->outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : 500;
  s->outer.tol = c.tol == 0 ? 1e-5 : c.tol;
  s->outer.tol_obj = c.tol_obj;
  return s->method == SymMethod::admm && s->penalty == SymPenalty::none ? E_UNSUPPORTED : OK;
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
SYMNMF(float, f32)
#ifdef ORTHANT_F64
SYMNMF(double, f64)
#endif
}
