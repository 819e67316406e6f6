// orthant_schedule_train_*: check, then call.
#include "schedule_train.hpp"
#include "train.hpp"

namespace orthant {

ORTHANT_FIELDS(schedule_train, size,
               ORTHANT_IS(problems, zero_or_from(1, ScheduleTrain<float>::max_problems)) &&
               ORTHANT_IS(largest, zero_or_from(16, 2000)) && ORTHANT_IS(population, zero_or_from(4, 256)) &&
               ORTHANT_IS(iterations, zero_or_from(2, 1000)) && ORTHANT_IS(reserved, reserved_zero))

namespace {

template <class T>
Status read(const orthant_schedule_train_config *given, ScheduleTrain<T> *t) {
  orthant_schedule_train_config c;
  if (!read_fields<schedule_train_fields>(given, &c, &t->c.par)) return E_ARG;
  ScheduleTrainConfig &to = t->c;
  to.problems = c.problems;
  to.largest = c.largest;
  to.population = c.population;
  to.iterations = c.iterations;
  to.seed = c.seed;
  to.resolve();
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, int32_t generations, orthant_report *r) {
  ScheduleTrain<T> *t = reinterpret_cast<ScheduleTrain<T> *>(handle);
  if (!t || generations < 0 || !good_report(r)) return E_ARG;
  t->run(t, generations);
  Report report;
  report.stop = by_iterations;
  report.iters = t->generation;
  report.objective = t->best;
  report.rel_error = t->value;
  write_report(report, r);
  return OK;
}

template <class T, class Handle>
Status save(Handle *handle, int32_t state, void *out, size_t capacity, size_t *bytes) {
  ScheduleTrain<T> *t = reinterpret_cast<ScheduleTrain<T> *>(handle);
  if (!t || !t->started) return E_ARG;
  return train_save<ScheduleTrain<T>>(handle, state, out, capacity, bytes);
}

}  // namespace
}  // namespace orthant

#define SCHEDULE_TRAIN(T, S)                                                                                      \
  orthant_status orthant_schedule_train_size_##S(const orthant_schedule_train_config *c, size_t *bytes) {         \
    return orthant::job_size<orthant::ScheduleTrain<T>>(orthant::read<T>, c, bytes);                              \
  }                                                                                                               \
  orthant_status orthant_schedule_train_init_##S(const orthant_schedule_train_config *c, void *mem, size_t bytes, \
                                                 orthant_schedule_train_##S **out) {                              \
    return orthant::job_init<orthant::ScheduleTrain<T>>(orthant::read<T>, c, mem, bytes, out);                    \
  }                                                                                                               \
  orthant_status orthant_schedule_train_run_##S(orthant_schedule_train_##S *s, int32_t generations,               \
                                                orthant_report *r) {                                              \
    return orthant::run<T>(s, generations, r);                                                                    \
  }                                                                                                               \
  orthant_status orthant_schedule_train_load_##S(orthant_schedule_train_##S *s, const orthant_model *m) {         \
    return orthant::train_load<orthant::ScheduleTrain<T>>(s, m);                                                  \
  }                                                                                                               \
  orthant_status orthant_schedule_train_save_##S(orthant_schedule_train_##S *s, int32_t state, void *out,         \
                                                 size_t capacity, size_t *bytes) {                                \
    return orthant::save<T>(s, state, out, capacity, bytes);                                                      \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(schedule_train, orthant::schedule_train_fields, orthant_schedule_train_size_f32)
SCHEDULE_TRAIN(float, f32)
#ifdef ORTHANT_F64
SCHEDULE_TRAIN(double, f64)
#endif
}
