// orthant_nalmu_train_*: check, then call.
#include <initializer_list>

#include "nalmu_train.hpp"
#include "nmf_config.hpp"
#include "train.hpp"

namespace orthant {

ORTHANT_FIELDS(nalmu_train, layers,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(endmembers, from(1, max_rank)) &&
               ORTHANT_IS(columns, at_least(1)) && ORTHANT_IS(layers, at_least(1)) &&
               ORTHANT_IS(factors, up_to(ORTHANT_NALMU_BOTH)) && ORTHANT_IS(order, a_switch) &&
               ORTHANT_IS(tied, a_switch) && ORTHANT_IS(spread_w, up_to(ORTHANT_SPREAD_NETWORK)) &&
               ORTHANT_IS(spread_h, up_to(ORTHANT_SPREAD_NETWORK)) &&
               ORTHANT_IS(positivity, up_to(ORTHANT_POSITIVITY_SOFTPLUS)) && ORTHANT_IS(nu, up_to(ORTHANT_NU_LAST)) &&
               ORTHANT_IS(loss_w, from(ORTHANT_FIT_NONE, ORTHANT_FIT_NEGCOS)) &&
               ORTHANT_IS(loss_h, from(ORTHANT_FIT_NONE, ORTHANT_FIT_NEGCOS)) && ORTHANT_IS(keep, up_to(INT32_MAX)) &&
               ORTHANT_IS(lines, up_to(INT32_MAX)) && ORTHANT_IS(kernel, up_to(INT32_MAX)) &&
               ORTHANT_IS(divergence, up_to(ORTHANT_LOSS_BETA)) && ORTHANT_IS(beta, finite) &&
               ORTHANT_IS(low_w, finite) && ORTHANT_IS(high_w, finite) && ORTHANT_IS(low_h, finite) &&
               ORTHANT_IS(high_h, finite) && ORTHANT_IS(start_h, not_negative) && ORTHANT_IS(rate, not_negative) &&
               ORTHANT_IS(rate_decay, zero_to(1)) && ORTHANT_IS(weight_decay, finite) && ORTHANT_IS(beta1, below(1)) &&
               ORTHANT_IS(beta2, below(1)) && ORTHANT_IS(epsilon, not_negative))

namespace {

ORTHANT_SAME(Spread::component, SPREAD_COMPONENT);
ORTHANT_SAME(Spread::full, SPREAD_FULL);
ORTHANT_SAME(Spread::network, SPREAD_NETWORK);
ORTHANT_SAME(Positivity::exponential, POSITIVITY_EXP);
ORTHANT_SAME(Positivity::direct, POSITIVITY_DIRECT);
ORTHANT_SAME(Positivity::softplus, POSITIVITY_SOFTPLUS);
ORTHANT_SAME(NuRule::linear, NU_LINEAR);
ORTHANT_SAME(NuRule::logarithmic, NU_LOG);
ORTHANT_SAME(NuRule::last, NU_LAST);
ORTHANT_SAME(LossKind::none, FIT_NONE);
ORTHANT_SAME(LossKind::l2, FIT_L2);
ORTHANT_SAME(LossKind::mse, FIT_MSE);
ORTHANT_SAME(LossKind::nmse, FIT_NMSE);
ORTHANT_SAME(LossKind::angle, FIT_ANGLE);
ORTHANT_SAME(LossKind::negcos, FIT_NEGCOS);
#define ORTHANT_NMF_LOSS(name, PUBLIC, ...) ORTHANT_SAME(Loss::name, LOSS_##PUBLIC);
#include "losses.def"
#undef ORTHANT_NMF_LOSS

template <class T>
Status read(const orthant_nalmu_train_config *given, NalmuTrain<T> *t) {
  orthant_nalmu_train_config c;
  if (!read_fields<nalmu_train_fields>(given, &c, &t->par)) return E_ARG;
  for (double *x : {&c.low_w, &c.high_w, &c.low_h, &c.high_h, &c.weight_decay}) *x = max_of(*x, 0.0);  // none
  NalmuShape &s = t->s;
  s.bands = c.bands;
  s.rank = c.endmembers;
  s.layers = c.layers;
  s.pixels = c.columns;
  s.lines = c.lines;
  s.kernel = c.kernel;
  s.both = c.factors != ORTHANT_NALMU_ONE;
  s.h_first = c.order;
  s.tied = c.tied;
  s.spread[side_w] = Spread(c.spread_w);
  s.spread[side_h] = Spread(c.spread_h);
  s.beta = c.divergence == ORTHANT_LOSS_BETA ? c.beta : beta_of(Loss(c.divergence));
  s.low[side_w] = c.low_w;
  s.low[side_h] = c.low_h;
  s.high[side_w] = c.high_w;
  s.high[side_h] = c.high_h;
  t->columns = c.columns;
  t->segment = c.keep;
  t->positivity = Positivity(c.positivity);
  t->nu = NuRule(c.nu);
  t->loss[side_w] = LossKind(c.loss_w);
  t->loss[side_h] = LossKind(c.loss_h);
  t->adam = {c.rate, c.beta1, c.beta2, c.epsilon, c.weight_decay};
  t->decay = c.rate_decay;
  t->start_h = c.start_h;
  t->seed = c.seed;
  return t->resolve();
}

template <class T, class Handle>
Status train_init(const orthant_nalmu_train_config *given, const T *W0, int32_t ldw, void *mem, size_t bytes,
                  Handle **out) {
  NalmuTrain<T> t;
  if (const Status st = read(given, &t); st != OK) return st;
  if (W0) {
    if (!good_array(W0, t.s.bands, t.s.rank, ldw)) return E_ARG;
    for (int32_t k = 0; k < t.s.rank; ++k)
      if (!nonnegative(W0 + ptrdiff_t(ldw) * k, size_t(t.s.bands))) return E_DATA;
  }
  const Status st = job_init<NalmuTrain<T>>(read<T>, given, mem, bytes, out);
  if (st == OK) reinterpret_cast<NalmuTrain<T> *>(*out)->start(*out, {W0, t.s.bands, t.s.rank, ldw});
  return st;
}

template <class T, class Handle>
Status train_step(Handle *handle, int32_t count, const T *Y, const T *W, const T *H, int32_t learn, orthant_report *r) {
  NalmuTrain<T> *t = reinterpret_cast<NalmuTrain<T> *>(handle);
  if (!t || count < 1 || !among(learn, 0, 2) || !good_report(r)) return E_ARG;
  int32_t columns = 0, endmembers = 0;
  if (__builtin_mul_overflow(t->columns, count, &columns) || __builtin_mul_overflow(t->s.rank, count, &endmembers) ||
      !good_array(Y, t->s.bands, columns, t->s.bands) || !good_array(W, t->s.bands, endmembers, t->s.bands) ||
      !good_array(H, t->s.rank, columns, t->s.rank))
    return E_ARG;
  const size_t m = size_t(t->s.bands);
  if (!nonnegative(t->par, Y, m * size_t(columns)) || !nonnegative(t->par, W, m * size_t(endmembers)) ||
      !nonnegative(t->par, H, size_t(t->s.rank) * size_t(columns)))
    return E_DATA;
  Report report;
  const bool finite = t->step(t, {Y, t->s.bands, columns, t->s.bands}, {W, t->s.bands, endmembers, t->s.bands},
                              {H, t->s.rank, columns, t->s.rank}, count, Learn(learn), &report.objective);
  return train_report(t, finite, &report, r);
}

}  // namespace
}  // namespace orthant

#define NALMU_TRAIN(T, S)                                                                                            \
  orthant_status orthant_nalmu_train_size_##S(const orthant_nalmu_train_config *c, size_t *bytes) {                  \
    return orthant::job_size<orthant::NalmuTrain<T>>(orthant::read<T>, c, bytes);                                    \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_init_##S(const orthant_nalmu_train_config *c, const T *W0, int32_t ldw,         \
                                              void *mem, size_t bytes, orthant_nalmu_train_##S **out) {              \
    return orthant::train_init<T>(c, W0, ldw, mem, bytes, out);                                                      \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_load_##S(orthant_nalmu_train_##S *s, const orthant_model *m) {                  \
    return orthant::train_load<orthant::NalmuTrain<T>>(s, m);                                                        \
  }                                                                                                                  \
  const char *orthant_nalmu_train_problem_##S(orthant_nalmu_train_##S *s, const orthant_model *m) {                  \
    return orthant::train_problem<orthant::NalmuTrain<T>>(s, m);                                                     \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_step_##S(orthant_nalmu_train_##S *s, int32_t count, const T *Y, const T *W,     \
                                              const T *H, int32_t learn, orthant_report *r) {                        \
    return orthant::train_step<T>(s, count, Y, W, H, learn, r);                                                      \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_save_##S(orthant_nalmu_train_##S *s, int32_t state, void *out, size_t capacity, \
                                              size_t *bytes) {                                                       \
    return orthant::train_save<orthant::NalmuTrain<T>>(s, state, out, capacity, bytes);                              \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(nalmu_train, orthant::nalmu_train_fields, orthant_nalmu_train_size_f32)
NALMU_TRAIN(float, f32)
#ifdef ORTHANT_F64
NALMU_TRAIN(double, f64)
#endif
}
