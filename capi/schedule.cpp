// orthant_schedule_*: check, then call.
#include "schedule_blob.hpp"
#include "shim.hpp"

extern "C" orthant_status orthant_schedule_default(void *out, size_t capacity, size_t *bytes) {
  using namespace orthant;
  return give_blob(E_ARG, out, capacity, bytes, [](void *to) { return schedule_write(schedule_default, to); });
}
