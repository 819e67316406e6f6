// The momentum of extrapolated HALS [Ang, Gillis 2019] (algorithms.md, "Extrapolated HALS"), and how a learned schedule
// takes its place (algorithms.md, "Learned schedules").
#pragma once
#include <math.h>

#include "schedule.hpp"

namespace orthant {

// max(0, x + beta (x - before)), entry by entry
template <class T>
T extrapolated(T x, T before, T beta) { return max_of(x + beta * (x - before), T(0)); }

// The classical rule: beta grows while the error falls, and shrinks where it rises or is not a number.
struct Momentum {
  double beta = 0.5, bar = 1;  // now, and the most that it may grow to
  double before = 0.5;         // beta of the last iteration without a restart
  double last = 0, best = 0;   // errors of the last iterate and of the best

  bool rises(double now) const { return !(now <= last); }
  bool worse(double now) const { return !(now <= best); }
  void restart() {
    bar = before;
    beta /= 1.5;
  }
  void grow() {
    before = beta;
    beta = min_of(bar, 1.05 * beta);
    bar = min_of(1.0, 1.01 * bar);
  }
};

// With a schedule: what it sees, what it gave for this iteration, and how far it is trusted.  A restart divides `trust`
// by 1.5 and each iteration without one multiplies it by 1.05, as the classical rule does with beta itself.
struct Pace {
  double fall = 0, zeros = 0, trust = 1;
  int32_t t = 0;  // iterations so far
  ScheduleStep w, h;

  // The momentum, sweeps and relaxation of this iteration; with less trust relaxation is nearer to the classical one.
  // level: squared error over |V|^2; rule: momentum of the classical rule.
  void ask(const ScheduleTable &table, int32_t rows, int32_t cols, int32_t rank, double level, double rule) {
    w = schedule_step(table, {rows, cols, rank, t, false, fall, level, zeros, rule});
    h = schedule_step(table, {cols, rows, rank, t, true, fall, level, zeros, rule});
    w.omega = 1 + trust * (w.omega - 1);
    h.omega = 1 + trust * (h.omega - 1);
    ++t;
  }
  // After the half step for W: the error before and now, and the share of W's entries that are zero.
  void observe(double error_before, double error, bool restart, double zeros_of_w) {
    fall = error > 0 && error_before > 0 ? log(error_before / error) : 0;
    trust = restart ? trust / 1.5 : min_of(1.0, 1.05 * trust);
    zeros = zeros_of_w;
  }
};

}  // namespace orthant
