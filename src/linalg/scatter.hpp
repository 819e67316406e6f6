// Products of a sparse matrix that scatter, by many workers.
//
// A line is a column of V (CSC) or a row (CSR), as it is stored.  A product along the lines gathers; the other one adds
// value times X(:, line) to column `index` of its result for every entry.
//
// Where a column of the result is the sum of many entries, the lines are cut into four groups.  Each has a result of
// its own, and these are added in the order of the groups: on one worker too, so that results are the same bits for any
// number of them.  For more than four workers each result is cut into blocks of its columns, which tasks own: nobody
// adds to what is another's, and wherever the borders are, each sum is taken in the order of the lines.  A task reads
// all lines of its group; with blocks alone, and no groups, the bytes that it reads would be more than its work.
//
// Borders lie where about as many entries are in each block.  Where a block begins in a line, whose indices ascend,
// stands in a table, which is made in the first such product of a call: a byte for each line and border.  Of a line
// longer than a byte counts it has the place to within 1/128 of the line, and the rest is searched.  Where the indices
// of a line do not ascend there is no table, and blocks can only be had by looking through all entries.
#pragma once
#include "carver.hpp"
#include "kernels.hpp"
#include "ops.hpp"
#include "workers.hpp"

namespace orthant {

// The lines of a sparse matrix; each entry has an index below `length`.
struct SparseLines {
  int32_t count, length;
  const int32_t *starts, *indices;
  int32_t entries() const { return starts[count]; }
};

// Blocks of the result, and where they begin in each line.
class ScatterTable {
 public:
  void layout(Carver &carve, int32_t lines, int32_t length, int32_t workers);
  // For so many tasks in all, or as many as pay; V is the same until `forget`.
  void make(const Parallel &par, const SparseLines &V, int32_t groups);
  void forget() { blocks_ = 0; }
  int32_t blocks() const { return blocks_; }
  bool ordered() const { return ordered_; }  // whether indices ascend along every line
  Range columns(int32_t block) const { return {borders_[block], borders_[block + 1]}; }
  // body(runs, first of them) for the entries of a block in the order of the lines, some at a time.  block < 0: all.
  template <class Body>
  void runs(const SparseLines &V, Range lines, int32_t block, const Body &body) const {
    const bool known = block < 0 || ordered_;
    Run run[batch];
    for (int32_t line = lines.from; line < lines.to; line += known ? min_of(batch, lines.to - line) : 1) {
      if (known) {
        body(find(V, block, at_most(batch, line, lines.to), run), run);
        continue;
      }
      const int32_t end = V.starts[line + 1];
      for (int32_t t = V.starts[line]; t < end; t += min_of(batch, end - t))
        body(look(V, block, line, at_most(batch, t, end), run), run);
    }
  }

 private:
  static constexpr int32_t batch = 128;
  void choose_borders(const SparseLines &V);
  bool fill_places(const SparseLines &V, Range lines);
  int32_t find(const SparseLines &V, int32_t block, Range lines, Run *run) const;
  int32_t look(const SparseLines &V, int32_t block, int32_t line, Range entries, Run *run) const;

  int32_t most_ = 1, blocks_ = 0;  // blocks that there is room for; now, 0: not yet known
  bool ordered_ = true;
  int32_t *borders_ = nullptr;   // most + 1
  int32_t *block_of_ = nullptr;  // length
  uint8_t *places_ = nullptr;    // (most - 1) x lines: of each border but the first and the last
};

constexpr int32_t scatter_groups = 4;
// Groups are as many, or one where clearing their results and adding them up would be dear beside the product.
inline int32_t groups_of(const SparseLines &V) {
  const bool many = V.count >= 64 * scatter_groups && V.entries() / 16 > V.length;
  return !small_target && many ? scatter_groups : 1;
}

// What products that scatter keep in the workspace.
template <class T, bool none = small_target>
struct ScatterRoom {
  ScatterTable table;
  int32_t rank = 0;
  T *shares = nullptr;  // of the groups but the first; of one worker, one at a time

  void layout(Carver &carve, int32_t lines, int32_t length, int32_t most_rank, int32_t workers) {
    table.layout(carve, lines, length, workers);
    rank = most_rank;
    const int32_t many = workers > 1 ? scatter_groups - 1 : 1;
    shares = carve.take<T>(size_t(length) * size_t(many), size_t(rank));
  }
};

template <class T, bool none = small_target>
class Scatter {
 public:
  void use(const ScatterRoom<T> &room) {
    room_ = room;
    room_.table.forget();
  }
  int32_t groups(const SparseLines &V, int32_t rank) const {
    return room_.shares && rank <= room_.rank ? groups_of(V) : 1;
  }
  // How the product is cut for the workers.  rank: rows of its result.
  const ScatterTable &table(const Parallel &par, const SparseLines &V, int32_t rank) {
    if (room_.table.blocks() == 0) room_.table.make(par, V, groups(V, rank));
    return room_.table;
  }
  // C = a product, by blocks, and by `pieces` of its rows: body(first row, rows of the result, runs) in each task;
  // runs(add) calls add(count, runs) for the entries that the task adds up.
  template <class Body>
  void run(const Parallel &par, const SparseLines &V, Mat<T> C, int32_t blocks, int32_t pieces, const Body &body) const {
    const int32_t groups = this->groups(V, C.rows), each = blocks * pieces;
    parallel_for(par, groups * each, [&](int32_t task, int32_t) {
      const int32_t group = task / each, block = blocks > 1 ? task % each / pieces : -1;
      const Range rows = part_of(C.rows, task % pieces, pieces), lines = part_of(V.count, group, groups);
      const Range own = block < 0 ? Range{0, C.cols} : room_.table.columns(block);
      const Mat<T> to = share(C, group, group - 1).block(rows.from, 0, rows.size(), C.cols);
      fill(to.columns(own.from, own.size()), T(0));
      body(rows.from, to, [&](const auto &add) { room_.table.runs(V, lines, block, add); });
    });
    if (groups == 1) return;
    parallel_blocks(par, C.cols, 256, [&](Range own, int32_t) {
      for (int32_t group = 1; group < groups; ++group)
        accumulate<T>(share(C, group, group - 1).columns(own.from, own.size()), C.columns(own.from, own.size()));
    });
  }
  // The same for one worker that comes to the lines one after the other: what each is to be added to.
  class Walk {
   public:
    Walk(const Scatter &scatter, const SparseLines &V, Mat<T> C)
        : scatter_(scatter), lines_(V.count), groups_(scatter.groups(V, C.rows)), C_(C) {}
    Mat<T> at(int32_t line) {
      for (; line >= next_; begin()) {
        close();
        ++group_;
      }
      return to_;
    }
    void end() const {
      if (group_ < 0) fill(C_, T(0));
      else close();
    }

   private:
    void close() const {
      if (group_ > 0) accumulate<T>(to_, C_);
    }
    void begin() {
      to_ = scatter_.share(C_, group_, 0);
      next_ = part_begin(lines_, group_ + 1, groups_);
      fill(to_, T(0));
    }
    const Scatter &scatter_;
    int32_t lines_ = 0, groups_ = 1, group_ = -1, next_ = 0;
    Mat<T> C_, to_;
  };

 private:
  Mat<T> share(Mat<T> C, int32_t group, int32_t place) const {
    if (group == 0) return C;
    return {room_.shares + ptrdiff_t(place) * C.rows * C.cols, C.rows, C.cols, C.rows};
  }
  ScatterRoom<T> room_;
};

// Bare-metal builds have one worker and one group, and no room for this.
template <class T>
struct ScatterRoom<T, true> {
  void layout(Carver &, int32_t, int32_t, int32_t, int32_t) {}
};
template <class T>
class Scatter<T, true> {
 public:
  void use(const ScatterRoom<T> &) {}
  class Walk {
   public:
    Walk(const Scatter &, const SparseLines &, Mat<T> C) : C_(C) {}
    Mat<T> at(int32_t) {
      end();
      begun_ = true;
      return C_;
    }
    void end() const {
      if (!begun_) fill(C_, T(0));
    }

   private:
    Mat<T> C_;
    bool begun_ = false;
  };
};

}  // namespace orthant
