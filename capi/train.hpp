// What the shims of orthant/experimental.h share: data without gaps, training that goes through blobs.
#pragma once
#include "fields.hpp"
#include "orthant/experimental.h"

namespace orthant {

// Entries that are finite and not negative.
template <class T>
bool nonnegative(const T *x, size_t n) {
  int32_t bad = 0;  // without a way out of the loop it is one of vectors
  for (size_t i = 0; i < n; ++i) bad |= int32_t(!is_finite(x[i])) | int32_t(x[i] < T(0));
  return bad == 0;
}
template <class T>
bool nonnegative(const Parallel &par, const T *x, size_t n) {
  constexpr int32_t most = 64;
  constexpr size_t piece = size_t(1) << 14;
  bool good[most] = {};
  const int32_t parts = int32_t(max_of(size_t(1), min_of(size_t(most), n / piece)));
  const size_t each = n / size_t(parts);
  parallel_for(par, parts, Work{0, double(each) * sizeof(T)}, [&](int32_t part, int32_t) {
    const size_t from = each * size_t(part);
    good[part] = nonnegative(x + from, part + 1 == parts ? n - from : each);
  });
  bool all = true;
  for (int32_t part = 0; part < parts; ++part) all = all && good[part];
  return all;
}

// What every training that goes through blobs shares.
template <class Train, class Handle>
Status train_load(Handle *handle, const orthant_model *m) {
  Train *t = reinterpret_cast<Train *>(handle);
  return t && m ? t->load(t, Blob(m)) : E_ARG;
}
template <class Train, class Handle>
const char *train_problem(Handle *handle, const orthant_model *m) {
  Train *t = reinterpret_cast<Train *>(handle);
  if (!t || !m) return "null";
  const char *problem = t->misfit(t, Blob(m));
  return problem ? problem : "ok";
}
template <class Train, class Handle>
Status train_save(Handle *handle, int32_t state, void *out, size_t capacity, size_t *bytes) {
  Train *t = reinterpret_cast<Train *>(handle);
  if (!t || !among(state, 0, 1)) return E_ARG;
  return give_blob(E_ARG, out, capacity, bytes, [&](void *to) { return t->save(t, state != 0, to); });
}
template <class Train>
Status train_report(const Train *t, bool finite, Report *report, orthant_report *r) {
  report->stop = finite ? by_iterations : by_nonfinite;
  report->iters = int32_t(t->steps);
  write_report(*report, r);
  return OK;
}

}  // namespace orthant
