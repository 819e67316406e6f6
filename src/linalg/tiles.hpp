// The way through a tall matrix that many workers take together (algorithms.md, "More cores"): it is cut by rows too.  A
// group of panels of columns is passed over in three loops,
//   F = V_J' W         a task for each panel J and each part of the rows: a share of F
//   body               a task for each panel: its shares of F are added, its problems solved
//   B += V_J X         a task for each block of rows, panel after panel;
//   S += X'X           the same for some columns of S
// so that no worker needs a share of B of its own, which is large where V is tall.  One worker alone takes a panel
// through all three before the next.  All sums are taken in the order of rows and panels either way: the same bits.
#pragma once
#include "passes.hpp"

namespace orthant {

template <class T>
struct Tiles {
  // A run of sums of the product V_J'W: begun anew every so many rows anyway, it may as well be another worker's.
  static constexpr int32_t part_rows = 2048 / int32_t(sizeof(T));
  static constexpr int32_t row_block = 64;
  int32_t rows = 0, cols = 0, rank = 0, width = 0;
  int32_t group = 0;  // panels under way together; 0: the matrix is not cut this way
  T *shares = nullptr, *solved = nullptr;

  // group: by what a group may hold, of V (as much as stays in the caches of all workers) and of shares of F.
  static Tiles of(const Parallel &par, int32_t rows, int32_t cols, int32_t rank, int32_t width) {
    Tiles t{rows, cols, rank, width, 1};
    if (par.workers <= 1) return t;
    constexpr double of_worker = 2 << 20, least = 4 << 20;
    const double of_factors = (double(rows) + cols) * rank * sizeof(T), share = double(t.parts()) * rank * sizeof(T);
    const double by_data = max_of(2 * least, of_worker * par.workers) / (double(rows) * sizeof(T));
    const double by_shares = max_of(least, of_factors) / share;
    const double most = min_of(min_of(by_data, by_shares), double(cols)) / width;
    const int32_t panels = t.panels(), fitting = max_of(1, min_of(panels, int32_t(most)));
    t.group = ceil_div(panels, ceil_div(panels, fitting));  // groups of about one size
    return t;
  }
  int32_t parts() const { return ceil_div(rows, part_rows); }
  int32_t panels() const { return ceil_div(cols, width); }
  int32_t columns() const { return min_of(cols, group * width); }
  // Of a stream: whole groups, that take some megabytes.
  int32_t read_columns() const {
    return min_of(cols, columns() * max_of(1, group_columns<T>(rows) / max_of(1, columns())));
  }
  bool together(const Parallel &par) const { return par.workers > 1 || !entries_stand_alone; }
  void layout(Carver &carve, const Parallel &par) {
    if (small_target) return;
    const size_t n = group > 0 && together(par) ? size_t(columns()) : 0, r = size_t(rank);
    shares = carve.take<T>(n * r, size_t(max_of(1, parts())));
    solved = carve.take<T>(n, r);
  }

  // The sum of what body(panel, F, X, worker, sums) adds to its sums.  Where panel.together is set, F is made, unless W is
  // empty, and B and S are not the body's, if they are not empty; else F and X are empty and the body does all.  room: a
  // Sums for each panel of a group.
  template <class Sums, class Body>
  Sums run(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, View<T> W, Mat<T> B, Mat<T> S,
           const Work &solving, Sums *room, const Body &body) const {
    Sums all{};
    for (int32_t first = 0; first < panels(); first += group) {
      if (!V.bring_group(first * width, read_columns())) break;
      const int32_t count = min_of(group, panels() - first), from = first * width;
      const auto panel = [&](int32_t q) {
        const int32_t j = from + q * width, n = min_of(width, cols - j);
        return Panel{j, n, 0, 0, j == 0, j + 2 * n <= V.in_memory(), together(par)};
      };
      if (!together(par)) {
        body(panel(0), Mat<T>{}, Mat<T>{}, 0, room[0] = Sums{});
      } else {
        if (W.data) multiply(ops, par, V, W, count, panel);
        parallel_for(par, count, solving, [&](int32_t q, int32_t worker) {
          const Panel p = panel(q);
          const Mat<T> F = share(0).block(q * width, 0, p.cols, rank);
          for (int32_t part = 1; part < parts() && W.data; ++part) accumulate<T>(share(part).block(q * width, 0, p.cols, rank), F);
          body(p, F, solutions().block(q * width, 0, p.cols, rank), worker, room[q] = Sums{});
        });
        if (B.data) gather(ops, par, V, B, S, count, panel);
      }
      for (int32_t q = 0; q < count; ++q) all += room[q];
    }
    return all;
  }

 private:
  Mat<T> share(int32_t part) const {
    return {shares + ptrdiff_t(part) * columns() * rank, columns(), rank, columns()};
  }
  Mat<T> solutions() const { return {solved, columns(), rank, columns()}; }

  template <class PanelAt>
  void multiply(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, View<T> W, int32_t count,
                const PanelAt &panel) const {
    const Work one{double(part_rows) * width * rank, double(part_rows) * width * sizeof(T)};
    V.loop(par, count * parts(), one, [&](int32_t task, int32_t) {
      const int32_t q = task / parts(), part = task % parts(), i = part * part_rows, m = min_of(part_rows, rows - i);
      const Panel p = panel(q);
      ops.tn(V.dense(p.col, p.cols).block(i, 0, m, p.cols), W.block(i, 0, m, rank),
             share(part).block(q * width, 0, p.cols, rank));
    });
  }

  template <class PanelAt>
  void gather(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, Mat<T> B, Mat<T> S, int32_t count,
              const PanelAt &panel) const {
    const int32_t of_S = S.data ? ceil_div(rank, gram_columns) : 0, blocks = ceil_div(rows, row_block);
    const double entries = double(row_block) * columns();
    parallel_for(par, of_S + blocks, Work{entries * rank, entries * sizeof(T)}, [&](int32_t task, int32_t) {
      for (int32_t q = 0; q < count; ++q) {
        const Panel p = panel(q);
        const Mat<T> X = solutions().block(q * width, 0, p.cols, rank);
        if (task < of_S) {
          const int32_t k = task * gram_columns, n = min_of(gram_columns, rank - k);
          ops.tn(X, X.columns(k, n), S.columns(k, n), !p.first);
        } else {
          const int32_t i = (task - of_S) * row_block, m = min_of(row_block, rows - i);
          const T *next = p.more ? V.col(p.col + p.cols) + i : nullptr;
          ops.nn(V.dense(p.col, p.cols).block(i, 0, m, p.cols), X, B.block(i, 0, m, rank), !p.first, next);
        }
      }
    });
  }
};

}  // namespace orthant
