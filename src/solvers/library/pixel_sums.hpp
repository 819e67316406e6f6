// What a part of the pixels sums up, and how many parts there are: the same for unmixing by a library and for MESMA.
#pragma once
#include "passes.hpp"
#include "status.hpp"

namespace orthant {

constexpr int32_t pixel_parts = small_target ? 4 : 16;

struct PixelSums {
  double objective = 0, norm2 = 0, rest2 = 0;  // of the pixels: their squares, and what is left of them
  double worst = -1;                           // the largest residual of a pixel
  int32_t worst_at = 0, iters = 0, bad = 0;    // its pixel; most steps of one, or models; a pixel is not finite
  void note_residual(double residual, int32_t pixel) {
    if (!(residual > worst)) return;
    worst = residual;
    worst_at = pixel;
  }
  void operator+=(const PixelSums &other) {
    objective += other.objective;
    norm2 += other.norm2;
    rest2 += other.rest2;
    iters = max_of(iters, other.iters);
    bad |= other.bad;
    note_residual(other.worst, other.worst_at);
  }
  Status fill(Report *r) const {
    r->iters = iters;
    r->worst = worst_at;
    r->objective = objective;
    r->rel_error = norm2 > 0 ? sqrt_of(rest2 / norm2) : 0;
    return bad ? E_DATA : OK;
  }
};

}  // namespace orthant
