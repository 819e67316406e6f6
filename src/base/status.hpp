// Status codes inside the library; capi proves them equal to the public macros.
#pragma once
#include <stdint.h>

namespace orthant {

#define ORTHANT_STATUS(name, code, text) name = code,
enum Status : int32_t {
#include "status.def"
};
#undef ORTHANT_STATUS

// Why a run ended, as in the public report.
enum Stop : int32_t {
  by_iterations = 1, by_kkt = 2, by_objective = 3, by_cancel = 4, by_nonfinite = 5, by_step = 6, by_error = 7
};

// What a run says of its result; capi copies it into the public report.
struct Report {
  int32_t stop = 0, iters = 0, worst = 0, clipped = 0, proposals = 0;
  double objective = 0, rel_error = 0, kkt = 0;
  double gap = 0, bound = 0;  // symmetric NMF
  uint64_t reduced_bytes = 0;
};

}  // namespace orthant
