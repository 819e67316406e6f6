// The one parallel loop.  The caller of the library brings the threads; without them the loop is serial.
#pragma once
#include "real.hpp"

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

// ---- parts

struct Range {
  int32_t from, to;
  int32_t size() const { return to - from; }
};

// `count` from `from` on, or as many as there are before `end`.
inline Range at_most(int32_t count, int32_t from, int32_t end) { return {from, from + min_of(count, end - from)}; }

// Where part `i` of `parts` nearly equal parts of [0, n) begins.
inline int32_t part_begin(int32_t n, int32_t i, int32_t parts) {
  // The same number in 32 bits: a core without a 64-bit division calls one of half a kilobyte.
  if (small_target) return n / parts * i + n % parts * i / parts;
  return int32_t(int64_t(n) * i / parts);
}
inline Range part_of(int32_t n, int32_t i, int32_t parts) {
  return {part_begin(n, i, parts), part_begin(n, i + 1, parts)};
}

// ---- how far a loop is spread

// What one task takes: multiplications with an addition, and bytes that are read or written.
struct Work {
  double madds = 0, bytes = 0;
};

// Waking threads and gathering them again takes some microseconds, so a task should have five, and a loop that has no
// two such tasks is serial.  On one core of the machine of tools/docs/performance.md the products of the library reach
// 25 to 60 multiply-adds a nanosecond, half steps far fewer, and copies some 10 bytes a nanosecond, from the times that
// `orthant-bench scaling --loops` prints of every task.  Cautious numbers stand here, so that a task is seldom longer
// than it looks.
constexpr double worthwhile = 5e3, madds_a_nanosecond = 10, bytes_a_nanosecond = 10;

// In how many tasks `tasks` of them are run together: by their work alone.
inline int32_t tasks_worth_a_worker(int32_t tasks, const Work &one) {
  const double each = one.madds / madds_a_nanosecond + one.bytes / bytes_a_nanosecond;
  const double pays = each * double(tasks) / worthwhile;
  if (pays >= double(tasks)) return tasks;
  return pays < 2 ? 1 : int32_t(pays);
}

// The same loop in tasks that are worth a worker, each of several in a row.
template <class Body>
void parallel_for(const Parallel &p, int32_t tasks, const Work &one, const Body &body) {
  if (small_target || p.workers <= 1) return parallel_for(p, tasks, body);
  const int32_t groups = tasks_worth_a_worker(tasks, one);
  if (groups == tasks) return parallel_for(p, tasks, body);
  parallel_for(p, groups, [&](int32_t group, int32_t worker) {
    const Range mine = part_of(tasks, group, groups);
    for (int32_t i = mine.from; i < mine.to; ++i) body(i, worker);
  });
}

}  // namespace orthant
