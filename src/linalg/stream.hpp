// A matrix of which some columns are in memory at a time: where they lie, and what is read next.
#pragma once
#include "carver.hpp"
#include "real.hpp"
#include "workers.hpp"

namespace orthant {

// Columns that are read at once: some megabytes, a multiple of the widest panel that a product is cut into.
template <class T>
int32_t group_columns(int32_t rows) {
  constexpr size_t bytes = size_t(4) << 20;
  constexpr int32_t panel = 128;
  return int32_t(max_of(size_t(1), bytes / (size_t(rows) * sizeof(T) * panel))) * panel;
}

// Two groups of columns in the workspace, or one where nothing is read ahead.
template <class T, bool none = small_target>
struct StreamRoom {
  T *group[2] = {};
  int32_t cols = 0;  // of a group

  void layout(Carver &carve, int32_t rows, int32_t group_cols, int32_t workers) {
    cols = group_cols;
    for (int32_t g = 0; g < min_of(workers, 2); ++g) group[g] = carve.take<T>(size_t(rows), size_t(group_cols));
  }
};

template <class T, bool none = small_target>
class Stream {
 public:
  using Read = int32_t (*)(void *user, int32_t first, int32_t count, T *out);
  Stream() = default;
  Stream(int32_t rows, Read read, void *user) : rows_(rows), read_(read), user_(user) {}

  void use(const StreamRoom<T> &room) {
    room_ = room;
    held_ = ahead_ = next_ = {0, 0};
  }
  bool failed() const { return failed_; }
  bool holds(Range columns) const { return columns.from >= held_.from && columns.to <= held_.to; }
  const T *data() const { return room_.group[place_]; }
  int32_t first() const { return held_.from; }
  int32_t end() const { return held_.to; }
  Range group(int32_t from, int32_t end) const { return at_most(room_.cols, from, end); }

  // Nothing more after a read that failed.
  void fetch(Range columns, T *out) {
    if (!failed_ && read_(user_, columns.from, columns.size(), out) != 0) failed_ = true;
  }
  void bring(Range now, Range next) {
    if (!holds(now)) {
      if (ahead_.size() > 0 && ahead_.from == now.from && ahead_.to == now.to) place_ = 1 - place_;
      else fetch(now, room_.group[place_]);
      held_ = failed_ ? Range{0, 0} : now;
    }
    ahead_ = {0, 0};
    next_ = room_.group[1] ? next : Range{0, 0};
  }
  bool has_next() const { return next_.size() > 0; }
  void read_ahead() {
    fetch(next_, room_.group[1 - place_]);
    ahead_ = next_;
    next_ = {0, 0};
  }
  // Single columns side by side, in the order in which they are given, and read in ascending order.
  const T *gather(const int32_t *columns, int32_t count) {
    int32_t last = -1;
    held_ = ahead_ = next_ = {0, 0};
    for (int32_t read = 0; read < count; ++read) {
      int32_t at = -1;
      for (int32_t i = 0; i < count; ++i)
        if (columns[i] > last && (at < 0 || columns[i] < columns[at])) at = i;
      last = columns[at];
      fetch({last, last + 1}, room_.group[place_] + ptrdiff_t(rows_) * at);
    }
    return data();
  }

 private:
  int32_t rows_ = 0;
  Read read_ = nullptr;
  void *user_ = nullptr;
  StreamRoom<T> room_;
  Range held_{0, 0}, ahead_{0, 0}, next_{0, 0};  // in the group at hand, in the other, and to be read to that
  int32_t place_ = 0;
  bool failed_ = false;
};

// Bare-metal builds have none, and keep no room for it.
template <class T>
struct StreamRoom<T, true> {
  void layout(Carver &, int32_t, int32_t, int32_t) {}
};
template <class T>
class Stream<T, true> {
 public:
  using Read = int32_t (*)(void *user, int32_t first, int32_t count, T *out);
  Stream() = default;
  Stream(int32_t, Read, void *) {}
  void use(const StreamRoom<T> &) {}
  bool failed() const { return false; }
  bool holds(Range) const { return true; }
  const T *data() const { return nullptr; }
  int32_t first() const { return 0; }
  int32_t end() const { return 0; }
  Range group(int32_t, int32_t end) const { return {end, end}; }
  void fetch(Range, T *) {}
  void bring(Range, Range) {}
  bool has_next() const { return false; }
  void read_ahead() {}
  const T *gather(const int32_t *, int32_t) { return nullptr; }
};

}  // namespace orthant
