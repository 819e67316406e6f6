// orthant_factormer_train_*: check, then call.
#include "factormer_train.hpp"
#include "train.hpp"

namespace orthant {

ORTHANT_FIELDS(factormer_train, max_cols,
               ORTHANT_IS(max_rows, from(1, 1 << 20)) && ORTHANT_IS(max_cols, from(1, 1 << 20)) &&
               ORTHANT_IS(rank, up_to(INT32_MAX)) && ORTHANT_IS(width, up_to(INT32_MAX)) &&
               ORTHANT_IS(heads, up_to(INT32_MAX)) && ORTHANT_IS(layers, up_to(INT32_MAX)) &&
               ORTHANT_IS(hidden, up_to(INT32_MAX)) && ORTHANT_IS(residual, up_to(ORTHANT_RESIDUAL_NORM)) &&
               ORTHANT_IS(separate, a_switch) && ORTHANT_IS(wide_scale, a_switch) && ORTHANT_IS(last_norm, a_switch) &&
               ORTHANT_IS(accelerates, a_switch) && ORTHANT_IS(unrolled, up_to(FactormerTrain<float>::max_unrolled)) &&
               ORTHANT_IS(epoch_steps, up_to(INT32_MAX)) && ORTHANT_IS(epochs, up_to(INT32_MAX)) &&
               ORTHANT_IS(one_cycle, a_switch) && ORTHANT_IS(grow_epochs, up_to(INT32_MAX)) &&
               ORTHANT_IS(loss, up_to(ORTHANT_FACTORMER_MSE)) && ORTHANT_IS(rate, not_negative) &&
               ORTHANT_IS(epoch_decay, zero_to(1)) && ORTHANT_IS(weight_decay, finite) &&
               ORTHANT_IS(beta1, below(1)) && ORTHANT_IS(beta2, below(1)) && ORTHANT_IS(epsilon, not_negative) &&
               ORTHANT_IS(clip, finite) && ORTHANT_IS(rho, not_negative) && ORTHANT_IS(gamma, not_negative))

namespace {

ORTHANT_SAME(Residual::input, RESIDUAL_INPUT);
ORTHANT_SAME(Residual::message, RESIDUAL_MESSAGE);
ORTHANT_SAME(Residual::norm, RESIDUAL_NORM);
ORTHANT_SAME(FactormerLoss::log_rmse, FACTORMER_LOG_RMSE);
ORTHANT_SAME(FactormerLoss::mse, FACTORMER_MSE);

template <class T>
Status read(const orthant_factormer_train_config *given, FactormerTrain<T> *t) {
  orthant_factormer_train_config c;
  if (!read_fields<factormer_train_fields>(given, &c, &t->par)) return E_ARG;
  FactormerShape &s = t->s;
  s.rank = c.rank;
  s.width = c.width;
  s.heads = c.heads;
  s.layers = c.layers;
  s.hidden = c.hidden;
  s.residual = Residual(c.residual);
  s.separate = c.separate;
  s.wide_scale = c.wide_scale;
  s.last_norm = c.last_norm;
  s.accelerates = c.accelerates;
  t->max_rows = c.max_rows;
  t->max_cols = c.max_cols;
  t->unrolled = c.unrolled;
  t->rho = c.rho;
  t->gamma = c.gamma;
  t->loss = FactormerLoss(c.loss);
  t->clip = max_of(c.clip, 0.0);
  t->grow_epochs = c.grow_epochs;
  t->adam = {0, c.beta1, c.beta2, c.epsilon, c.weight_decay};
  t->schedule = {c.rate, c.epoch_decay, c.epoch_steps, c.epochs, max_of(c.warmup, 0), c.one_cycle};
  t->seed = c.seed;
  return t->resolve();
}

template <class T, class Handle>
Status train_init(const orthant_factormer_train_config *given, void *mem, size_t bytes, Handle **out) {
  const Status st = job_init<FactormerTrain<T>>(read<T>, given, mem, bytes, out);
  if (st == OK) reinterpret_cast<FactormerTrain<T> *>(*out)->start(*out);
  return st;
}

constexpr int32_t widens_range = 3;    // as `learn`, beside those of Learn
constexpr int32_t most_matrices = FactormerTrain<float>::max_samples;  // of one step: their views are on the stack

template <class T, class Handle>
Status train_step(Handle *handle, int32_t count, const typename Public<T>::matrix *given, int32_t learn,
                  orthant_report *r) {
  FactormerTrain<T> *t = reinterpret_cast<FactormerTrain<T> *>(handle);
  Mat<const T> V[most_matrices];
  if (!t || !given || !among(count, 1, most_matrices) || !among(learn, 0, 3) || !good_report(r)) return E_ARG;
  for (int32_t i = 0; i < count; ++i)
    if (!read_matrix(given + i, V + i) || V[i].rows > t->max_rows || V[i].cols > t->max_cols) return E_ARG;
  bool good[most_matrices] = {};
  const Work one{0, 20.0 * t->max_rows * t->max_cols};  // one sum after the other
  parallel_for(t->par, count, one, [&](int32_t i, int32_t) {
    double sum = 0;
    for (int32_t j = 0; j < V[i].cols; ++j)
      for (int32_t l = 0; l < V[i].rows; ++l) sum += double(V[i](l, j));
    good[i] = is_finite(sum) && sum > 0;
  });
  for (int32_t i = 0; i < count; ++i)
    if (!good[i]) return E_DATA;
  Report report;
  if (learn == widens_range) {
    t->widen(t, V, count);
    return train_report(t, true, &report, r);
  }
  const bool finite = t->step(t, V, count, Learn(learn), &report.objective, &report.rel_error);
  return train_report(t, finite, &report, r);
}

}  // namespace
}  // namespace orthant

#define FACTORMER_TRAIN(T, S)                                                                                       \
  orthant_status orthant_factormer_train_size_##S(const orthant_factormer_train_config *c, size_t *bytes) {         \
    return orthant::job_size<orthant::FactormerTrain<T>>(orthant::read<T>, c, bytes);                               \
  }                                                                                                                 \
  orthant_status orthant_factormer_train_init_##S(const orthant_factormer_train_config *c, void *mem, size_t bytes, \
                                                  orthant_factormer_train_##S **out) {                              \
    return orthant::train_init<T>(c, mem, bytes, out);                                                              \
  }                                                                                                                 \
  orthant_status orthant_factormer_train_load_##S(orthant_factormer_train_##S *s, const orthant_model *m) {         \
    return orthant::train_load<orthant::FactormerTrain<T>>(s, m);                                                   \
  }                                                                                                                 \
  const char *orthant_factormer_train_problem_##S(orthant_factormer_train_##S *s, const orthant_model *m) {         \
    return orthant::train_problem<orthant::FactormerTrain<T>>(s, m);                                                \
  }                                                                                                                 \
  orthant_status orthant_factormer_train_step_##S(orthant_factormer_train_##S *s, int32_t count,                    \
                                                  const orthant_matrix_##S *V, int32_t learn, orthant_report *r) {  \
    return orthant::train_step<T>(s, count, V, learn, r);                                                           \
  }                                                                                                                 \
  orthant_status orthant_factormer_train_save_##S(orthant_factormer_train_##S *s, int32_t state, void *out,         \
                                                  size_t capacity, size_t *bytes) {                                 \
    return orthant::train_save<orthant::FactormerTrain<T>>(s, state, out, capacity, bytes);                         \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(factormer_train, orthant::factormer_train_fields, orthant_factormer_train_size_f32)
FACTORMER_TRAIN(float, f32)
#ifdef ORTHANT_F64
FACTORMER_TRAIN(double, f64)
#endif
}
