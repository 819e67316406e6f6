// The state of a training of NALMU, and its model, as a blob.
#include <initializer_list>

#include "moments.hpp"
#include "nalmu_train.hpp"
#include "settings.hpp"

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

namespace {

// What of bands and pixels a network is not bound to is 0, and any lines are 1.
struct NalmuSettings {
  static constexpr int32_t shape = 12, limits = 6, count = shape + limits;  // of the records "config" and "limits"
  Setting list[count];
  NalmuSettings(const NalmuShape &s, double start_h, bool has_start, int32_t positivity)
      : list{{"bands", s.both && (s.spread[side_w] != Spread::component || has_start) ? double(s.bands) : 0},
             {"endmembers", double(s.rank)},
             {"layers", double(s.layers)},
             {"lines", s.spread[side_h] != Spread::component ? double(s.lines) : 1},
             {"columns", s.spread[side_h] != Spread::component ? double(s.pixels) : 0},
             {"factors", double(s.both)},
             {"order", double(s.h_first)},
             {"tied", double(s.tied)},
             {"kernel", double(s.kernel)},
             {"spread_w", double(s.spread[side_w])},
             {"spread_h", double(s.spread[side_h])},
             {"positivity", double(positivity)},
             {"divergence", s.beta},
             {"low_w", s.low[side_w]},
             {"low_h", s.low[side_h]},
             {"high_w", s.high[side_w]},
             {"high_h", s.high[side_h]},
             {"start_h", start_h}} {}
};

}  // namespace

// A state holds parameters, whose multipliers depend on `positivity`; a model holds the multipliers.
template <class T>
void NalmuTrain<T>::save_settings(bool state, BlobWriter &w) const {
  const NalmuSettings settings(s, start_h, has_start, state ? int32_t(positivity) : 0);
  add_settings(w, "config", Element::i32, settings.list, settings.shape, settings.shape);
  add_settings(w, "limits", Element::f64, settings.list + settings.shape, settings.limits, settings.limits);
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
  save_settings(moments, w);
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

// Whether W begins in a file as here: of a model that was converted, to the rounding of its numbers.
template <class T>
bool NalmuTrain<T>::starts_as(const Blocks &b, const Record &W0) const {
  const size_t bands = size_t(s.bands);
  double most = 0;
  for (size_t i = 0; i < W0.count; ++i) most = max_of(most, double(b.W0.data[i]));
  const double allowed = W0.type == own_element<T> ? 0 : 0.01 * most;
  for (size_t i = 0; i < W0.count; ++i)
    if (!(abs_of(W0.value<double>(i) - double(b.W0(int32_t(i % bands), int32_t(i / bands)))) <= allowed)) return false;
  return true;
}

template <class T>
const char *NalmuTrain<T>::misfit(void *base, const Blob &blob) const {
  NalmuShape given;
  double given_start = 1;
  if (blob.kind() != ModelKind::nalmu && blob.kind() != ModelKind::ralmu) return "kind";
  if (nalmu_read(blob, &given, &given_start) != OK) return "records";
  const bool state = is_state(blob);
  Record W0, theta, config;
  const bool starts = s.both && blob.find("W0", &W0);
  blob.find("config", &config);
  const NalmuSettings ours(s, start_h, starts, state ? int32_t(positivity) : 0);
  const NalmuSettings theirs(given, given_start, starts, int32_t(config.value<double>(NalmuSettings::shape - 1)));
  if (const char *name = first_difference(ours.list, theirs.list, ours.count)) return name;
  if (starts != (s.both && has_start) || (starts && !starts_as(blocks(base), W0))) return "W0";
  if (!state) return nullptr;
  const uint32_t n = uint32_t(s.params());
  SavedMoments<T> saved;
  if (!saved.find(blob, n) || !saved.good()) return "moments";
  if (!blob.find("train.theta", &theta) || !theta.is(1, n)) return "records";
  for (size_t i = 0; i < n; ++i)
    if (!is_finite(theta.value<T>(i))) return "numbers";
  return nullptr;
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
  if (misfit(base, blob)) return E_BLOB;
  const Blocks b = blocks(base);
  const size_t n = s.params();
  Record theta;
  SavedMoments<T> saved;
  const bool goes_on = saved.find(blob, n) && blob.find("train.theta", &theta);
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
