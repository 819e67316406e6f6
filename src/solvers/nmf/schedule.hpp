// The learned schedule of extrapolated HALS: momentum, sweeps and relaxation of each half step as a function of what
// the solver sees.  One small table of numbers for both factors and all ranks:
//   z = A f,   beta = s(z_0),   sweeps = 1 + 15 s(z_1),   omega = 1/2 + s(z_2),   s the logistic function,
// f: see `schedule_features`.  Whatever finite numbers A holds, beta is in [0, 1], sweeps in 1 .. 16 and omega in [1/2,
// 3/2], where relaxed coordinate descent still descends; so a bad table costs time, and the restart (nmf.cpp) what
// momentum may spoil.
#pragma once
#include <string.h>

#include "real.hpp"

namespace orthant {

constexpr int32_t schedule_features = 12, schedule_outputs = 3;
constexpr int32_t schedule_rule = 10;  // the feature that is the classical momentum
constexpr int32_t schedule_numbers = schedule_features * schedule_outputs;
// Iterations that it steers.  In training 60; but what a table gains on fresh matrices it has gained after 8, and
// further on the classical rule is as good or better (tools/bench/results/clock).
constexpr int32_t schedule_horizon = 8, schedule_trained = 60;
constexpr float schedule_largest = 1000;  // of any number of a table: beyond it nothing changes but rounding

// What a half step over `problems` problems of `length` equations sees before iteration t = 0, 1, ..
struct ScheduleView {
  int32_t problems, length, rank, t;
  bool second;      // the half step for H
  double fall;   // log of the last two errors' ratio, 0 where there are none
  double level;  // squared error over |V|^2
  double zeros;  // share of the entries of W that are zero
  double rule;   // momentum of the classical rule after the restarts so far, in [0, 1]
};
struct ScheduleStep {
  double beta = 0, omega = 1;
  int32_t sweeps = 1;
};

// Outputs x features, by outputs: numbers of this program, or as they stand in a weight file.
struct ScheduleTable {
  const float *numbers;
  bool of_file;
  ScheduleTable(const float *own = nullptr) : numbers(own), of_file(false) {}
  explicit operator bool() const { return numbers; }
  float operator[](int32_t i) const {
    float x = numbers[i];
    if (!big_endian || !of_file) return x;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = bits >> 24 | (bits >> 8 & 0xFF00u) | (bits & 0xFF00u) << 8 | bits << 24;
    memcpy(&x, &bits, sizeof x);
    return x;
  }
};
ScheduleStep schedule_step(const ScheduleTable &table, const ScheduleView &v);

inline bool schedule_valid(const ScheduleTable &table) {
  bool good = true;
  for (int32_t i = 0; i < schedule_numbers; ++i) good = good && abs_of(table[i]) <= schedule_largest;
  return good;  // a NaN is not
}

// The table that the library brings, for V of fewer entries; from there on the classical rule is as good or better
// (tools/bench/results/clock).
constexpr int64_t schedule_many = 80000;
extern const float schedule_default[schedule_numbers];

}  // namespace orthant
