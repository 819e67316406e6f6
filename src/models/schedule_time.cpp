// Modelled time to the objectives of a problem, and the fitness of a table.
#include "schedule_train.hpp"

namespace orthant {

double modelled_ns(int32_t rows, int32_t cols, int32_t rank, int32_t sweeps_w, int32_t sweeps_h) {
  const auto vectors = [](int32_t n) {
    const int32_t whole = (n + 15) / 16;
    return 16.0 * whole;
  };
  const double m = rows, n = cols, r = rank;
  return 4000 + 0.1 * m * n * r + (m + n) * r * (0.15 * r + 0.3) +
         0.045 * r * r * (vectors(rows) * sweeps_w + vectors(cols) * sweeps_h);
}

namespace {

constexpr double schedule_ns = 300;  // of asking it

// What a run passes on its way: the modelled time at which each target was crossed, between iterations by log
// objective.
struct Passage {
  int32_t rows, cols, rank, targets;
  const double *target;
  double *ns;           // of each target; 0: not yet crossed
  double now, latest;   // the run ends after `latest`
  double last;          // objective
  const Pace *pace;     // of a run by a table, else null
  int32_t classical;    // sweeps of a run without

  double cost() const {
    if (!pace) return modelled_ns(rows, cols, rank, classical, classical);
    return modelled_ns(rows, cols, rank, pace->w.sweeps, pace->h.sweeps) + schedule_ns;
  }
  // Whether that was all, or took too long.
  bool pass(double objective) {
    const double step = cost();
    bool all = true;
    for (int32_t t = 0; t < targets; ++t) {
      if (target[t] <= 0 || ns[t] > 0) continue;
      if (objective > target[t]) {
        all = false;
        continue;
      }
      const double fall = objective > 0 && last > objective ? log(last / objective) : 0;
      const double way = fall > 0 ? max_of(0.0, log(last / target[t])) / fall : 1;
      ns[t] = now + min_of(way, 1.0) * step;
    }
    now += step;
    last = objective;
    return all || now > latest;
  }
};
int32_t pass_by(void *user, const Report *r) { return static_cast<Passage *>(user)->pass(r->objective); }

}  // namespace

// Modelled time to each target, without what all tables share: a coarse-to-fine start.  Who needs more than three times
// the classical time is stopped, and a target that is not reached counts as three times it (classical: the whole run).
template <class T>
void ScheduleTrain<T>::times(const Case &x, const float *table, int32_t sweeps, double *ns) const {
  const Problem &p = x.p;
  Nmf<T> s{};
  s.c = config(p, NmfMethod::ehals, p.start);
  s.c.schedule = table;
  s.c.sweeps = sweeps;
  s.c.outer.max_iter = c.iterations;
  const double start = modelled_ns(p.rows, p.cols, p.rank, 0, 8);
  const double whole = 3 * (start + c.iterations * modelled_ns(p.rows, p.cols, p.rank, 8, 8));
  double latest = whole;
  for (int32_t t = 0; t < targets && table; ++t)
    if (p.target[t] > 0) latest = t == 0 ? 3 * p.reference[t] : max_of(latest, 3 * p.reference[t]);
  Passage passage{p.rows, p.cols, p.rank, targets, p.target, ns, start, latest, 0, table ? &s.pace : nullptr, sweeps};
  for (int32_t t = 0; t < targets; ++t) ns[t] = 0;
  s.c.outer.progress = pass_by;
  s.c.outer.user = &passage;
  if (s.start(x.solver, x.V, x.W, x.H) == OK) {
    passage.last = s.outer.first;
    for (int32_t t = 0; t < targets; ++t)
      if (passage.last <= p.target[t]) ns[t] = start;
    s.run(x.solver, x.V, x.W, x.H, nullptr);
  }
  for (int32_t t = 0; t < targets; ++t)
    if (!(ns[t] > 0)) ns[t] = table ? 3 * p.reference[t] : whole;
}

// The mean over the targets of log ratios, at most log 3, and half of what is worse than the classical method.
template <class T>
double ScheduleTrain<T>::fitness(const Case &x, const float *table) const {
  double ns[targets], sum = 0;
  int32_t n = 0;
  times(x, table, 0, ns);
  for (int32_t t = 0; t < targets; ++t) {
    if (x.p.target[t] <= 0) continue;
    const double ratio = log(min_of(ns[t] / x.p.reference[t], 3.0));
    sum += ratio + 0.5 * max_of(ratio, 0.0);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

// The mean fitness of the tables first .. first + count on the problems from .. from + those.
template <class T>
void ScheduleTrain<T>::evaluate(const Blocks &b, int32_t first, int32_t count, int32_t from, int32_t those) const {
  parallel_for(c.par, count * those, [&](int32_t task, int32_t index) {
    const Problem &p = b.problem[(from + task % those) % c.problems];
    b.each[task] = fitness(with(b, p, index), b.tables + (first + task / those) * N);
  });
  for (int32_t candidate = 0; candidate < count; ++candidate) {
    double sum = 0;
    for (int32_t i = 0; i < those; ++i) sum += b.each[candidate * those + i];
    b.fitness[first + candidate] = sum / those;
  }
}

#define INSTANTIATE(T) template struct ScheduleTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
