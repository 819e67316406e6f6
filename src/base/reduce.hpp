// Sums over processes, each of which has a share of the columns of V.  The caller of the library brings them; without
// them there is one process.
#pragma once
#include <string.h>

#include "real.hpp"
#include "status.hpp"

namespace orthant {

// Order matters to it, and chance collisions do not happen between the few configs of one run.
class Digest {
 public:
  void add(const void *bytes, size_t count) {
    const unsigned char *at = static_cast<const unsigned char *>(bytes);
    for (size_t i = 0; i < count; i += sizeof(uint64_t)) {
      uint64_t word = 0;
      memcpy(&word, at + i, min_of(sizeof word, count - i));
      value_ = (value_ ^ word) * 0x9E3779B97F4A7C15u;
      value_ ^= value_ >> 29;
    }
  }
  template <class X>
  void add(const X &x) { add(&x, sizeof x); }
  uint64_t value() const { return value_; }
  double number() const { return double(value_ >> 12); }  // exact

 private:
  uint64_t value_ = 0x243F6A8885A308D3u;
};

struct Reduce {
  int32_t (*sum)(void *user, void *buffer, int32_t count, int32_t is_f64) = nullptr;
  void *user = nullptr;
  int32_t process = 0, processes = 1;
  int32_t first_column = 0, all_columns = 0;
  uint64_t config = 0;   // digest of what must be the same in the configs of all processes
  uint64_t bytes = 0;    // given to sums since the start
  int32_t failed = 0;    // a sum failed, and no other follows it
  int32_t asked = 0;     // the progress function of this process asks for the end

  bool active() const { return !small_target && sum; }

  // x becomes the sum over all processes, the same bits on each.
  template <class T>
  void add(T *x, size_t count) {
    constexpr size_t most = size_t(1) << 28;
    for (size_t at = 0; at < count && !failed; at += most) {
      const size_t part = min_of(most, count - at);
      failed = sum(user, x + at, int32_t(part), sizeof(T) == 8) != 0;
      bytes += part * sizeof(T);
    }
  }

  // Room for `each` numbers of every process, process after process.
  static constexpr int32_t each = 4;
  size_t room() const { return active() ? size_t(processes) * size_t(each) : 0; }
  void gather(const double *mine, int32_t count, double *of_all) {
    for (int32_t i = 0; i < count * processes; ++i) of_all[i] = 0;
    for (int32_t i = 0; i < count; ++i) of_all[count * process + i] = mine[i];
    add(of_all, size_t(count) * size_t(processes));
  }

  // The same status on all processes: the first that is not OK.
  Status agree(Status mine, double *of_all) {
    if (!active()) return mine;
    const double number[] = {double(mine)};
    gather(number, 1, of_all);
    if (failed) return E_REDUCE;
    for (int32_t p = 0; p < processes; ++p)
      if (of_all[p] != 0) return Status(int32_t(of_all[p]));
    return OK;
  }

  // At the beginning of a call: whether all processes make this call, with shares that follow each other.
  Status meet(Status mine, int32_t cols, const Digest &call, double *of_all) {
    if (!active()) return mine;
    const double numbers[each] = {double(mine), double(first_column), double(cols), call.number()};
    failed = asked = 0;
    gather(numbers, each, of_all);
    if (failed) return E_REDUCE;
    double next = 0;
    for (int32_t p = 0; p < processes; ++p) {
      const double *its = of_all + ptrdiff_t(each) * p;
      if (its[0] != 0) return Status(int32_t(its[0]));
      if (its[1] != next || its[3] != of_all[3]) return E_ARG;
      next += its[2];
    }
    return next == double(all_columns) ? OK : E_ARG;
  }
};

}  // namespace orthant
