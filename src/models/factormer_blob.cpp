// The state of a training of the Factormer, and its model, as a blob.
#include "factormer_train.hpp"
#include "moments.hpp"

namespace orthant {
namespace {

void save_config(const FactormerShape &s, BlobWriter &w) {
  const double config[12] = {double(s.rank),
                             double(s.width),
                             double(s.heads),
                             double(s.layers),
                             double(s.hidden),
                             double(s.residual),
                             double(s.separate),
                             double(s.wide_scale),
                             double(s.last_norm),
                             double(s.accelerates),
                             0,
                             0};
  w.add({"config", Element::i32, 1, {12}});
  w.store(0, 12, config);
}

template <class T>
bool all_numbers(const Record &r) {
  for (size_t i = 0; i < r.count; ++i)
    if (!is_finite(r.value<T>(i))) return false;
  return true;
}

}  // namespace

// The records stand in ascending order of their names.
template <class T>
size_t FactormerTrain<T>::save(void *base, bool moments, void *out) {
  const Blocks b = blocks(base);
  const Element own = own_element<T>;
  const size_t n = s.params();
  BlobWriter w(ModelKind::factormer, s.tensors + 1 + (moments ? 3 : 0), out);
  for (int32_t t = 0; t < s.tensors; ++t) {
    if (t == s.embed) save_config(s, w);
    w.add({s.name(t), own, 3, {uint32_t(s.rows(t)), uint32_t(s.cols(t)), uint32_t(s.copies(t))}});
    w.store(0, s.count(t) * size_t(s.copies(t)), b.theta + s.at(t));
  }
  if (moments) {
    const double t = double(steps);
    w.add({"train.m", own, 1, {uint32_t(n)}});
    w.store(0, n, b.m);
    w.add({"train.steps", Element::f64, 0, {}});
    w.store(0, 1, &t);
    w.add({"train.v", own, 1, {uint32_t(n)}});
    w.store(0, n, b.v);
  }
  return w.finish();
}

template <class T>
bool FactormerTrain<T>::fits(const FactormerShape &given) const {
  for (int32_t t = 0; t < s.tensors; ++t)
    if (given.count(t) != s.count(t) || given.copies(t) != s.copies(t)) return false;
  return given.heads == s.heads && given.residual == s.residual && given.wide_scale == s.wide_scale &&
         given.last_norm == s.last_norm;
}

template <class T>
Status FactormerTrain<T>::load(void *base, const Blob &blob) {
  FactormerShape given;
  if (const Status st = factormer_read(blob, &given); st != OK) return st;
  if (!fits(given)) return E_BLOB;
  Record r;
  for (int32_t t = 0; t < s.tensors; ++t)
    if (blob.find(s.name(t), &r) && !all_numbers<T>(r)) return E_BLOB;
  SavedMoments<T> saved;
  const size_t n = s.params();
  const bool goes_on = saved.find(blob, n);
  if (goes_on && !saved.good()) return E_BLOB;
  const Blocks b = blocks(base);
  for (int32_t t = 0; t < s.tensors; ++t)
    if (blob.find(s.name(t), &r)) r.read(0, r.count, b.theta + s.at(t));
  for (size_t i = 0; i < n; ++i) {
    b.m[i] = T(0);
    b.v[i] = T(0);
  }
  if (goes_on) saved.read(b.m, b.v);
  steps = goes_on ? saved.steps() : 0;
  return OK;
}

#define INSTANTIATE(T) template struct FactormerTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
