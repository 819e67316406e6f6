// How work is cut into parts, and where each worker has its scratch.
#pragma once
#include "carver.hpp"
#include "parallel.hpp"
#include "real.hpp"

namespace orthant {

struct Range {
  int32_t from, to;
  int32_t size() const { return to - from; }
};

// Where part `i` of `parts` nearly equal parts of [0, n) begins.
inline int32_t part_begin(int32_t n, int32_t i, int32_t parts) {
  // The same number in 32 bits: a core without a 64-bit division calls one of half a kilobyte.
  if (small_target) return n / parts * i + n % parts * i / parts;
  return int32_t(int64_t(n) * i / parts);
}
inline Range part_of(int32_t n, int32_t i, int32_t parts) {
  return {part_begin(n, i, parts), part_begin(n, i + 1, parts)};
}

// As many parts as there are `least` items for each, at most `most`, at least one.
inline int32_t parts_for(int32_t items, int32_t least, int32_t most) { return max_of(1, min_of(most, items / least)); }

// body(range, worker) for [0, n) in blocks of `block`, a task each.
template <class Body>
void parallel_blocks(const Parallel &par, int32_t n, int32_t block, const Body &body) {
  parallel_for(par, ceil_div(n, block), [&](int32_t t, int32_t worker) {
    const int32_t from = t * block;
    body(Range{from, from + min_of(block, n - from)}, worker);
  });
}

// The scratch of each worker, in one region of the workspace.  lay_out(Carver &, W &) lays out one worker's blocks: the
// same function measures them, and finds them again in a call.
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
  W of(int32_t worker, const LayOut &lay_out) const {
    Carver carve(region_ + bytes_ * size_t(worker));
    W w;
    lay_out(carve, w);
    return w;
  }

 private:
  unsigned char *region_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace orthant
