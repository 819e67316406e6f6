// orthant_factormer_*, orthant_factormer_train_* and orthant_factors_*: check, then call.
#include <initializer_list>

#include "factormer_train.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
Status read(const orthant_factormer_config *given, Factormer<T> *a) {
  orthant_factormer_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_factormer_config, model), &c)) return E_ARG;
  if (c.rows < 1 || c.cols < 1 || c.rows > 1 << 30 || c.cols > 1 << 30 || c.reserved != 0 || !c.model ||
      !read_parallel(c.parallel, &a->par))
    return E_ARG;
  if (const Status st = factormer_read(Blob(c.model), &a->s); st != OK) return st;
  a->rows = c.rows, a->cols = c.cols, a->model = c.model;
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh, const T *W0,
           int32_t ldw0, const T *H0, int32_t ldh0) {
  Factormer<T> *a = reinterpret_cast<Factormer<T> *>(handle);
  Mat<const T> V;
  if (!a || !read_matrix(data, &V) || V.rows != a->rows || V.cols != a->cols ||
      !good_array(W, a->rows, a->s.rank, ldw) || !good_array(H, a->s.rank, a->cols, ldh))
    return E_ARG;
  const bool previous = good_array(W0, a->rows, a->s.rank, ldw0) && good_array(H0, a->s.rank, a->cols, ldh0);
  if (a->s.accelerates ? !previous : W0 || H0)
    return E_ARG;
  Carver carve(a);
  typename Factormer<T>::Blocks blocks;
  a->layout(carve, blocks);
  return a->run(blocks, V, {W, a->rows, a->s.rank, ldw}, {H, a->s.rank, a->cols, ldh}, {W0, a->rows, a->s.rank, ldw0},
                {H0, a->s.rank, a->cols, ldh0});
}

Status describe(const orthant_model *m, orthant_factormer_info *out) {
  FactormerShape s;
  if (!m || !out || out->size < sizeof(uint32_t)) return E_ARG;
  if (const Status st = factormer_read(Blob(m), &s); st != OK) return st;
  write_struct({0, s.rank, s.width, s.heads, s.layers, s.hidden, s.accelerates, 0, uint64_t(s.params())}, out);
  return OK;
}

template <class T>
Status read(const orthant_factormer_train_config *given, FactormerTrain<T> *t) {
  orthant_factormer_train_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_factormer_train_config, max_cols), &c)) return E_ARG;
  for (const int32_t x : {c.rank, c.width, c.heads, c.layers, c.hidden, c.unrolled, c.epoch_steps, c.epochs, c.warmup,
                          c.grow_epochs})
    if (x < 0) return E_ARG;
  for (const int32_t x : {c.separate, c.wide_scale, c.last_norm, c.accelerates, c.one_cycle})
    if (!among(x, 0, 1)) return E_ARG;
  for (const double x : {c.rate, c.epoch_decay, c.beta1, c.beta2, c.epsilon, c.clip, c.rho, c.gamma})
    if (!(x >= 0) || !is_finite(x)) return E_ARG;
  if (!among(c.max_rows, 1, 1 << 20) || !among(c.max_cols, 1, 1 << 20) || !among(c.residual, 0, 3) || c.reserved != 0 ||
      !is_finite(c.weight_decay) || c.beta1 >= 1 || c.beta2 >= 1 || c.epoch_decay > 1 ||
      c.unrolled > FactormerTrain<T>::max_unrolled || !read_parallel(c.parallel, &t->par))
    return E_ARG;
  const auto or_default = [](auto x, auto value) { return x != 0 ? x : value; };
  FactormerShape &s = t->s;
  s.rank = or_default(c.rank, 10), s.width = or_default(c.width, 100), s.heads = or_default(c.heads, 4);
  s.layers = or_default(c.layers, 4);
  if (s.width > 1 << 12) return E_ARG;
  s.hidden = or_default(c.hidden, 2 * s.width);
  s.residual = Residual(or_default(c.residual, 1)), s.separate = c.separate, s.wide_scale = c.wide_scale;
  s.last_norm = c.last_norm, s.accelerates = c.accelerates;
  t->max_rows = c.max_rows, t->max_cols = c.max_cols;
  t->unrolled = or_default(c.unrolled, c.accelerates ? 5 : 2);
  t->rho = or_default(c.rho, 1.0), t->gamma = or_default(c.gamma, 0.2), t->clip = c.clip;
  t->grow_epochs = or_default(c.grow_epochs, 2);
  t->adam.decay = or_default(max_of(c.weight_decay, 0.0), c.weight_decay < 0 ? 0.0 : 0.01);
  t->adam.beta1 = or_default(c.beta1, 0.9), t->adam.beta2 = or_default(c.beta2, 0.999);
  t->adam.epsilon = or_default(c.epsilon, 1e-8);
  TrainSchedule &plan = t->schedule;
  plan.rate = or_default(c.rate, c.accelerates ? 1e-5 : 1e-4), plan.epoch_decay = or_default(c.epoch_decay, 0.9);
  plan.epoch_steps = or_default(c.epoch_steps, 15000), plan.epochs = or_default(c.epochs, 15);
  plan.warmup = c.warmup, plan.one_cycle = c.one_cycle;
  t->seed = c.seed;
  return s.good() ? OK : E_ARG;
}

template <class T, class Handle>
Status train_init(const orthant_factormer_train_config *given, void *mem, size_t bytes, Handle **out) {
  const Status st = job_init<FactormerTrain<T>>(read<T>, given, mem, bytes, out);
  if (st == OK) reinterpret_cast<FactormerTrain<T> *>(*out)->start(*out);
  return st;
}

constexpr int32_t most_matrices = 64;  // of one step: their views are on the stack

template <class T, class Handle>
Status train_step(Handle *handle, int32_t count, const typename Public<T>::matrix *given, int32_t learn,
                  orthant_report *r) {
  FactormerTrain<T> *t = reinterpret_cast<FactormerTrain<T> *>(handle);
  Mat<const T> V[most_matrices];
  if (!t || !given || !among(count, 1, most_matrices) || !among(learn, 0, 1) || !good_report(r)) return E_ARG;
  for (int32_t i = 0; i < count; ++i)
    if (!read_matrix(given + i, V + i) || V[i].rows > t->max_rows || V[i].cols > t->max_cols) return E_ARG;
  for (int32_t i = 0; i < count; ++i) {
    double sum = 0;
    for (int32_t j = 0; j < V[i].cols; ++j)
      for (int32_t l = 0; l < V[i].rows; ++l) sum += double(V[i](l, j));
    if (!is_finite(sum) || !(sum > 0)) return E_DATA;
  }
  Report report;
  const bool finite = t->step(t, V, count, learn != 0, &report.objective, &report.rel_error);
  return train_report(t, finite, &report, r);
}

template <class T>
Status factors(const orthant_factors_config *given, uint64_t index, int32_t *rows, int32_t *cols, T *V,
               size_t capacity) {
  orthant_factors_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_factors_config, set), &c)) return E_ARG;
  if (!among(c.rank, 0, 1 << 12) || !among(c.set, 0, 2) || c.reserved != 0 || !is_finite(c.noise) || !rows || !cols ||
      index > UINT64_MAX >> 10)
    return E_ARG;
  FactorSample sample;
  sample.seed = c.seed, sample.index = index, sample.set = c.set;
  sample.rank = c.rank > 0 ? c.rank : 10;
  sample.noise = c.noise == 0 ? 0.01 : max_of(c.noise, 0.0);
  int32_t m = 0, n = 0;
  sample.sizes(&m, &n);
  if (V && capacity < size_t(m) * size_t(n)) return E_SCRATCH;
  *rows = m, *cols = n;
  if (V) sample.draw(Mat<T>{V, m, n, m});
  return OK;
}

}  // namespace
}  // namespace orthant

#define FACTORMER(T, S)                                                                                               \
  orthant_status orthant_factormer_size_##S(const orthant_factormer_config *c, size_t *bytes) {                       \
    return orthant::job_size<orthant::Factormer<T>>(orthant::read<T>, c, bytes);                                      \
  }                                                                                                                   \
  orthant_status orthant_factormer_init_##S(const orthant_factormer_config *c, void *mem, size_t bytes,               \
                                            orthant_factormer_##S **out) {                                            \
    return orthant::job_init<orthant::Factormer<T>>(orthant::read<T>, c, mem, bytes, out);                            \
  }                                                                                                                   \
  orthant_status orthant_factormer_run_##S(orthant_factormer_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw,  \
                                           T *H, int32_t ldh, const T *W0, int32_t ldw0, const T *H0, int32_t ldh0) { \
    return orthant::run<T>(s, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0);                                                 \
  }                                                                                                                   \
  orthant_status orthant_factormer_train_size_##S(const orthant_factormer_train_config *c, size_t *bytes) {           \
    return orthant::job_size<orthant::FactormerTrain<T>>(orthant::read<T>, c, bytes);                                 \
  }                                                                                                                   \
  orthant_status orthant_factormer_train_init_##S(const orthant_factormer_train_config *c, void *mem, size_t bytes,   \
                                                  orthant_factormer_train_##S **out) {                                \
    return orthant::train_init<T>(c, mem, bytes, out);                                                                \
  }                                                                                                                   \
  orthant_status orthant_factormer_train_load_##S(orthant_factormer_train_##S *s, const orthant_model *m) {           \
    return orthant::train_load<orthant::FactormerTrain<T>>(s, m);                                                     \
  }                                                                                                                   \
  orthant_status orthant_factormer_train_step_##S(orthant_factormer_train_##S *s, int32_t count,                      \
                                                  const orthant_matrix_##S *V, int32_t learn, orthant_report *r) {    \
    return orthant::train_step<T>(s, count, V, learn, r);                                                             \
  }                                                                                                                   \
  orthant_status orthant_factormer_train_save_##S(orthant_factormer_train_##S *s, int32_t state, void *out,           \
                                                  size_t capacity, size_t *bytes) {                                   \
    return orthant::train_save<orthant::FactormerTrain<T>>(s, state, out, capacity, bytes);                           \
  }                                                                                                                   \
  orthant_status orthant_factors_run_##S(const orthant_factors_config *c, uint64_t index, int32_t *rows,              \
                                         int32_t *cols, T *V, size_t capacity) {                                      \
    return orthant::factors<T>(c, index, rows, cols, V, capacity);                                                    \
  }

extern "C" {
orthant_status orthant_factormer_describe(const orthant_model *m, orthant_factormer_info *out) {
  return orthant::describe(m, out);
}
FACTORMER(float, f32)
#ifdef ORTHANT_F64
FACTORMER(double, f64)
#endif
}
