#include "schedule.hpp"

#include <math.h>

namespace orthant {

ScheduleStep schedule_step(const ScheduleTable &table, const ScheduleView &v) {
  constexpr double least = 1e-12, largest_log = 8;  // of sides: not far beyond those of the training
  const double level = min_of(max_of(v.level, least), 1.0), fall = 10 * max_of(v.fall, 0.0);
  const double length = min_of(log(double(v.length)), largest_log), rank = log(double(v.rank));
  const double f[schedule_features] = {1,
                                       min_of(log(double(v.problems)), largest_log) / 4 - 1,
                                       length / 4 - 1,
                                       rank / 2 - 1,
                                       1 / (1.0 + v.t),
                                       8 / (8.0 + v.t),
                                       is_finite(fall) ? fall / (1 + fall) : 1.0,
                                       1 + log(level) / 12,
                                       v.zeros,
                                       (length - rank) / 3,
                                       0.5 * log((v.rule + 0.02) / (1.02 - v.rule)),
                                       v.second ? 0.5 : -0.5};
  double s[schedule_outputs];
  for (int32_t o = 0; o < schedule_outputs; ++o) {
    double z = 0;
    for (int32_t k = 0; k < schedule_features; ++k) z += double(table[o * schedule_features + k]) * f[k];
    s[o] = 1 / (1 + exp(-z));
  }
  ScheduleStep step;
  step.beta = s[0];
  step.sweeps = int32_t(1.5 + 15 * s[1]);
  step.omega = 0.5 + s[2];
  return step;
}

const float schedule_default[schedule_numbers] = {
#include "schedule_default.inc"
};

}  // namespace orthant
