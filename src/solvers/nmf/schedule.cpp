#include "schedule.hpp"

#include <math.h>

namespace orthant {

ScheduleStep schedule_step(const float *table, const ScheduleView &v) {
  const auto share = [](double x) { return x > 0 ? x / (1 + x) : 0.0; };
  const double small = 1e-12, level = min_of(max_of(v.level, small), 1.0), fall = share(10 * v.fall);
  const double f[schedule_features] = {1,
                                       log(double(v.problems)) / 4 - 1,
                                       log(double(v.length)) / 4 - 1,
                                       log(double(v.rank)) / 2 - 1,
                                       1 / (1.0 + v.t),
                                       8 / (8.0 + v.t),
                                       fall,
                                       1 + log(level) / 12,
                                       v.zeros,
                                       min_of(log(double(v.length) / v.rank), 6.0) / 3};
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
