// orthant_qp_*: check, then call.
#include <initializer_list>

#include "giqpm.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(QpRule::lee_seung, QP_LEE_SEUNG);
ORTHANT_SAME(QpRule::escape, QP_ESCAPE);
ORTHANT_SAME(QpRule::complementarity, QP_COMPLEMENTARITY);
ORTHANT_SAME(QpRule::root, QP_SQRT);
ORTHANT_SAME(QpRule::steepest, QP_STEEPEST);
ORTHANT_SAME(QpRule::lemma_b, QP_LEMMA_B);

Status read(const orthant_qp_config *given, QpConfig *s) {
  orthant_qp_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_qp_config, n), &c)) return E_ARG;
  if (c.n < 1 || c.rule < 0 || c.rule > ORTHANT_QP_LEMMA_B || c.full_step < 0 || c.full_step > 1 || c.reserved != 0 ||
      !(c.tau >= 0 && c.tau < 1) || !(c.anneal < 1) || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  for (const double x : {c.tol, c.anneal, c.zero_tol, c.min_step})
    if (!is_finite(x)) return E_ARG;
  const auto set = [](double from, double *to) {
    if (from != 0) *to = max_of(from, 0.0);
  };
  s->n = c.n;
  s->rule = QpRule(c.rule > 0 ? c.rule : ORTHANT_QP_LEE_SEUNG);
  s->full_step = c.full_step;
  s->outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : 1000;
  s->outer.tol = c.tol;
  set(c.tau, &s->tau);
  set(c.anneal, &s->anneal);
  set(c.zero_tol, &s->zero_tol);
  set(c.min_step, &s->min_step);
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
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
  s->c.outer.user = nullptr;
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
QP(float, f32)
#ifdef ORTHANT_F64
QP(double, f64)
#endif
}
