// The state of the training of a schedule, and its best table, as a blob.
#include <string.h>

#include "schedule_blob.hpp"
#include "schedule_train.hpp"

namespace orthant {

// What a state must have been trained with to be gone on from: the problems and the strategy follow from it.
template <class T>
void ScheduleTrain<T>::list_settings(double *list) const {
  const double all[settings] = {double(c.problems),   double(c.largest),        double(c.population),
                                double(c.iterations), double(uint32_t(c.seed)), double(uint32_t(c.seed >> 32)),
                                double(sizeof(T))};
  memcpy(list, all, sizeof all);
}

// The records stand in ascending order of their names.
template <class T>
size_t ScheduleTrain<T>::save(void *base, bool state, void *out) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  if (!state) return schedule_write(b.best_table, out);
  const uint32_t n = uint32_t(N);
  const double now[4] = {double(generation), sigma, value, best};
  double config[settings];
  list_settings(config);
  BlobWriter w(ModelKind::schedule, 6, out);
  w.add({"table", Element::f32, 1, {n}});
  w.store(0, n, b.best_table);
  w.add({"train.config", Element::f64, 1, {uint32_t(settings)}});
  w.store(0, settings, config);
  w.add({"train.matrix", Element::f64, 2, {n, n}});
  w.store(0, size_t(n) * n, b.matrix);
  w.add({"train.mean", Element::f64, 1, {n}});
  w.store(0, n, b.mean);
  w.add({"train.now", Element::f64, 1, {4}});
  w.store(0, 4, now);
  w.add({"train.path", Element::f64, 1, {n}});
  w.store(0, n, b.path);
  return w.finish();
}

template <class T>
Status ScheduleTrain<T>::load(void *base, const Blob &state) {
  const uint32_t n = uint32_t(N);
  Record table, config, matrix, mean, now, path;
  const bool whole = state.kind() == ModelKind::schedule && state.records() == 6 && state.find("table", &table) &&
                     table.type == Element::f32 && table.is(1, n) && state.find("train.config", &config) &&
                     config.is(1, uint32_t(settings)) && state.find("train.matrix", &matrix) && matrix.is(2, n, n) &&
                     state.find("train.mean", &mean) && mean.is(1, n) && state.find("train.now", &now) &&
                     now.is(1, 4) && state.find("train.path", &path) && path.is(1, n);
  if (!whole || !schedule_valid(reinterpret_cast<const float *>(table.data))) return E_BLOB;
  double mine[settings];
  list_settings(mine);
  for (int32_t k = 0; k < settings; ++k)
    if (config.value<double>(size_t(k)) != mine[k]) return E_BLOB;
  const Record *const numbers[] = {&matrix, &mean, &now, &path};
  for (const Record *r : numbers)
    for (size_t k = 0; k < r->count; ++k)
      if (!is_finite(r->value<double>(k))) return E_BLOB;
  const double at = now.value<double>(0);
  if (!(at >= 0 && at < 1e9) || !(now.value<double>(1) > 0)) return E_BLOB;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  table.read(0, n, b.best_table);
  matrix.read(0, matrix.count, b.matrix);
  mean.read(0, n, b.mean);
  path.read(0, n, b.path);
  generation = int32_t(at);
  sigma = now.value<double>(1);
  value = now.value<double>(2);
  best = now.value<double>(3);
  started = 2;
  return OK;
}

#define INSTANTIATE(T) template struct ScheduleTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
