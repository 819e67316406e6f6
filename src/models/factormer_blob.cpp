// The state of a training of the Factormer, and its model, as a blob.
#include "factormer_train.hpp"
#include "moments.hpp"
#include "settings.hpp"

namespace orthant {
namespace {

struct FactormerSettings {
  static constexpr int32_t count = 10;
  Setting list[count];
  explicit FactormerSettings(const FactormerShape &s)
      : list{{"rank", double(s.rank)},
             {"width", double(s.width)},
             {"heads", double(s.heads)},
             {"layers", double(s.layers)},
             {"hidden", double(s.hidden)},
             {"residual", double(s.residual)},
             {"separate", double(s.separate)},
             {"wide_scale", double(s.wide_scale)},
             {"last_norm", double(s.last_norm)},
             {"accelerates", double(s.accelerates)}} {}
};

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
  const FactormerSettings settings(s);
  BlobWriter w(ModelKind::factormer, s.tensors + 1 + (range.known() ? 1 : 0) + (moments ? 3 : 0), out);
  for (int32_t t = 0; t < s.tensors; ++t) {
    if (t == s.embed) add_settings(w, "config", Element::i32, settings.list, settings.count, 12);
    w.add({s.name(t), own, 3, {uint32_t(s.rows(t)), uint32_t(s.cols(t)), uint32_t(s.copies(t))}});
    w.store(0, s.count(t) * size_t(s.copies(t)), b.theta + s.at(t));
  }
  if (range.known()) range.save(&w);
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
const char *FactormerTrain<T>::misfit(void *, const Blob &blob) const {
  FactormerShape given;
  if (blob.kind() != ModelKind::factormer) return "kind";
  if (factormer_read(blob, &given) != OK) return "records";
  const FactormerSettings ours(s), theirs(given);
  if (const char *name = first_difference(ours.list, theirs.list, ours.count)) return name;
  Record r;
  for (int32_t t = 0; t < s.tensors; ++t)
    if (blob.find(s.name(t), &r) && !all_numbers<T>(r)) return "numbers";
  SavedMoments<T> saved;
  return is_state(blob) && !(saved.find(blob, s.params()) && saved.good()) ? "moments" : nullptr;
}

template <class T>
Status FactormerTrain<T>::load(void *base, const Blob &blob) {
  if (misfit(base, blob)) return E_BLOB;
  Record r;
  SavedMoments<T> saved;
  const size_t n = s.params();
  const bool goes_on = saved.find(blob, n);
  const Blocks b = blocks(base);
  for (int32_t t = 0; t < s.tensors; ++t)
    if (blob.find(s.name(t), &r)) r.read(0, r.count, b.theta + s.at(t));
  for (size_t i = 0; i < n; ++i) {
    b.m[i] = T(0);
    b.v[i] = T(0);
  }
  if (goes_on) saved.read(b.m, b.v);
  range.read(blob);
  steps = goes_on ? saved.steps() : 0;
  return OK;
}

#define INSTANTIATE(T) template struct FactormerTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
