// orthant_qp_*: check, then call.
#include "fields.hpp"
#include "giqpm.hpp"

namespace orthant {

ORTHANT_FIELDS(qp, n,
               ORTHANT_IS(n, at_least(1)) && ORTHANT_IS(rule, up_to(ORTHANT_QP_LEMMA_B)) &&
               ORTHANT_IS(full_step, a_switch) && ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(tol, finite) &&
               ORTHANT_IS(tau, below(1)) && ORTHANT_IS(anneal, finite_below(1)) && ORTHANT_IS(zero_tol, finite) &&
               ORTHANT_IS(min_step, finite))

namespace {

#define ORTHANT_QP_RULE(name, PUBLIC, ...) ORTHANT_SAME(QpRule::name, QP_##PUBLIC);
#include "qp_rules.def"
#undef ORTHANT_QP_RULE

Status read(const orthant_qp_config *given, QpConfig *s) {
  orthant_qp_config c;
  if (!read_fields<qp_fields>(given, &c, &s->par)) return E_ARG;
  s->n = c.n;
  s->full_step = c.full_step;
  s->outer.tol = c.tol;
  s->caller = {reinterpret_cast<void (*)()>(c.progress), c.user};
  resolve(s, {c.rule, c.max_iter, c.tau, c.anneal, c.zero_tol, c.min_step});
  return OK;
}

template <class T>
Status read(const orthant_qp_config *given, Giqpm<T> *s) { return read(given, &s->c); }

template <class T, class Handle>
Status run(Handle *handle, const T *G, int32_t ldg, const T *d, T *x, orthant_report *r) {
  Giqpm<T> *s = reinterpret_cast<Giqpm<T> *>(handle);
  if (!s || !d || !x || !good_array(G, s->c.n, s->c.n, ldg) || !good_report(r)) return E_ARG;
  listen(&s->c);
  Report report;
  const Status st = s->run(s, Mat<const T>{G, s->c.n, s->c.n, ldg}, d, x, &report);
  stop_listening(&s->c);
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define QP(T, S)                                                                                                  \
  orthant_status orthant_qp_size_##S(const orthant_qp_config *c, size_t *bytes) {                                 \
    return orthant::job_size<orthant::Giqpm<T>>(orthant::read<T>, c, bytes);                                      \
  }                                                                                                               \
  orthant_status orthant_qp_init_##S(const orthant_qp_config *c, void *mem, size_t bytes, orthant_qp_##S **out) { \
    return orthant::job_init<orthant::Giqpm<T>>(orthant::read<T>, c, mem, bytes, out);                            \
  }                                                                                                               \
  orthant_status orthant_qp_run_##S(orthant_qp_##S *s, const T *G, int32_t ldg, const T *d, T *x,                 \
                                    orthant_report *r) {                                                          \
    return orthant::run<T>(s, G, ldg, d, x, r);                                                                   \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(qp, orthant::qp_fields, orthant_qp_size_f32)
QP(float, f32)
#ifdef ORTHANT_F64
QP(double, f64)
#endif
}
