// The state of a training of NALMU, and its model, as a blob.
#include <initializer_list>

#include "moments.hpp"
#include "nalmu_train.hpp"

namespace orthant {

template <class T>
void NalmuTrain<T>::save_multipliers(const Blocks &b, Side side, BlobWriter &w) const {
  const size_t count = s.count(side);
  w.add({multiplier_name(side), own_element<T>, 2, {uint32_t(count), uint32_t(s.sets())}});
  for (int32_t k = 0; k < s.sets(); ++k)
    for (size_t i = 0; i < count; ++i) {
      const T theta = b.theta[s.at(side, k) + i];
      const T a = s.spread[side] == Spread::network ? theta : positive(positivity, theta);
      w.store(count * size_t(k) + i, 1, &a);
    }
}

template <class T>
void NalmuTrain<T>::save_shape(BlobWriter &w) const {
  const bool of_bands = s.both && (s.spread[side_w] != Spread::component || has_start);
  const bool of_pixels = s.spread[side_h] != Spread::component;
  const double config[12] = {of_bands ? double(s.bands) : 0,
                             double(s.rank),
                             double(s.layers),
                             of_pixels ? double(s.lines) : 1,
                             of_pixels ? double(s.pixels) : 0,
                             double(s.both),
                             double(s.h_first),
                             double(s.tied),
                             double(s.kernel),
                             double(s.spread[side_w]),
                             double(s.spread[side_h]),
                             0};
  w.add({"config", Element::i32, 1, {12}});
  w.store(0, 12, config);
  const double limits[6] = {s.beta, s.low[0], s.low[1], s.high[0], s.high[1], start_h};
  w.add({"limits", Element::f64, 1, {6}});
  w.store(0, 6, limits);
}

// The records stand in ascending order of their names.
template <class T>
size_t NalmuTrain<T>::save(void *base, bool moments, void *out) {
  const Blocks b = blocks(base);
  const Element own = own_element<T>;
  const size_t n = s.params();
  const bool start = s.both && has_start;
  BlobWriter w(s.adaptive() ? ModelKind::ralmu : ModelKind::nalmu, 3 + s.both + start + 4 * moments, out);
  save_multipliers(b, side_h, w);
  if (s.both) save_multipliers(b, side_w, w);
  if (start) {
    w.add({"W0", own, 2, {uint32_t(s.bands), uint32_t(s.rank)}});
    w.store(0, size_t(s.bands) * size_t(s.rank), b.W0.data);
  }
  save_shape(w);
  if (moments) {
    const double t = double(steps);
    w.add({"train.m", own, 1, {uint32_t(n)}});
    w.store(0, n, b.m);
    w.add({"train.steps", Element::f64, 0, {}});
    w.store(0, 1, &t);
    w.add({"train.theta", own, 1, {uint32_t(n)}});
    w.store(0, n, b.theta);
    w.add({"train.v", own, 1, {uint32_t(n)}});
    w.store(0, n, b.v);
  }
  return w.finish();
}

template <class T>
bool NalmuTrain<T>::fits(const NalmuShape &given) const {
  if (given.rank != s.rank || given.layers != s.layers || given.both != s.both || given.tied != s.tied) return false;
  if (given.bands > 0 && given.bands != s.bands) return false;
  for (const Side side : {side_w, side_h}) {
    if (given.spread[side] != s.spread[side]) return false;
    if (given.bands > 0 && given.count(side) != s.count(side)) return false;
  }
  return true;
}

template <class T>
void NalmuTrain<T>::load_multipliers(const Blocks &b, const Blob &blob, Side side) const {
  Record a;
  if (!blob.find(multiplier_name(side), &a)) return;
  for (int32_t k = 0; k < s.sets(); ++k)
    for (size_t i = 0; i < s.count(side); ++i) {
      const T value = a.value<T>(s.count(side) * size_t(k) + i);
      b.theta[s.at(side, k) + i] = s.spread[side] == Spread::network ? value : parameter_of(positivity, value);
    }
}

template <class T>
Status NalmuTrain<T>::load(void *base, const Blob &blob) {
  NalmuShape given;
  double given_start = 1;
  if (const Status st = nalmu_read(blob, &given, &given_start); st != OK) return st;
  if (!fits(given)) return E_BLOB;
  const Blocks b = blocks(base);
  const size_t n = s.params();
  Record theta, W0;
  SavedMoments<T> saved;
  const bool goes_on = blob.find("train.theta", &theta) && theta.is(1, uint32_t(n)) && saved.find(blob, n);
  if (goes_on && !saved.good()) return E_BLOB;
  for (size_t i = 0; goes_on && i < n; ++i)
    if (!is_finite(theta.value<T>(i))) return E_BLOB;
  if (s.both && blob.find("W0", &W0)) {
    if (!W0.is(2, uint32_t(s.bands), uint32_t(s.rank))) return E_BLOB;
    W0.read(0, W0.count, b.W0.data);
    has_start = 1;
  }
  steps = goes_on ? saved.steps() : 0;
  if (goes_on) {
    theta.read(0, n, b.theta);
    saved.read(b.m, b.v);
    return OK;
  }
  for (const Side side : {side_w, side_h}) load_multipliers(b, blob, side);
  for (size_t i = 0; i < n; ++i) {
    b.m[i] = T(0);
    b.v[i] = T(0);
  }
  return OK;
}

#define INSTANTIATE(T) template struct NalmuTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
