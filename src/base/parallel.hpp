// The one parallel loop.  The caller of the library brings the threads; without them the loop is serial.
#pragma once
#include <stdint.h>

namespace orthant {

struct Parallel {
  int32_t workers = 1;
  void (*run)(void *user, int32_t tasks, void (*task)(void *, int32_t, int32_t), void *arg) = nullptr;
  void *user = nullptr;
};

// body(index, worker) for every index in [0, tasks).
template <class Body>
void parallel_for(const Parallel &p, int32_t tasks, const Body &body) {
  if (p.workers <= 1 || tasks <= 1) {
    for (int32_t i = 0; i < tasks; ++i) body(i, 0);
    return;
  }
  p.run(p.user, tasks,
        [](void *arg, int32_t index, int32_t worker) { (*static_cast<const Body *>(arg))(index, worker); },
        const_cast<Body *>(&body));
}

}  // namespace orthant
