// How work is cut into parts, and where each worker has its scratch.
#pragma once
#include "carver.hpp"
#include "parallel.hpp"
#include "real.hpp"

namespace orthant {

// As many parts as there are `least` items for each, at most `most`, at least one.
inline int32_t parts_for(int32_t items, int32_t least, int32_t most) { return max_of(1, min_of(most, items / least)); }

// body(range, worker) for [0, n) in blocks of `block`, a task each.
template <class Body>
void parallel_blocks(const Parallel &par, int32_t n, int32_t block, const Body &body) {
  parallel_for(par, ceil_div(n, block), [&](int32_t t, int32_t worker) {
    body(at_most(block, t * block, n), worker);
  });
}

// The scratch of each worker, in one region of the workspace.  lay_out(Carver &, W &) lays out one worker's blocks: the
// same function measures them, and finds them again in a call.  inside: the layout that has the region outlives the use
// of the blocks, whose gaps then stay poisoned meanwhile (base/carver.hpp).
template <class W>
class WorkerScratch {
 public:
  template <class LayOut>
  void layout(Carver &carve, int32_t workers, const LayOut &lay_out) {
    bytes_ = bytes_of([&](Carver &one) {
      W unused;
      lay_out(one, unused);
    });
    region_ = carve.take<unsigned char>(bytes_, size_t(workers));
  }
  template <class LayOut>
  W of(int32_t worker, const LayOut &lay_out, bool inside = false) const {
    Carver carve(region_ + bytes_ * size_t(worker), inside);
    W w;
    lay_out(carve, w);
    return w;
  }

 private:
  unsigned char *region_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace orthant
