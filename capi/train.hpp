// What the shims of orthant/experimental.h share: data without gaps, training that goes through blobs.
#pragma once
#include "fields.hpp"
#include "orthant/experimental.h"

namespace orthant {

// Entries that are finite and not negative.
template <class T>
bool nonnegative(const T *x, size_t n) {
  for (size_t i = 0; i < n; ++i)
    if (!is_finite(x[i]) || x[i] < T(0)) return false;
  return true;
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
