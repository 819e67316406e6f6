// One call of a ReLU decomposition: the data, the factors, the blocks found in the workspace; and the passes over tiles
// of columns that the methods share.
#pragma once
#include <string.h>

#include "cholesky.hpp"
#include "relu_nmd.hpp"
#include "rng.hpp"

namespace orthant {

// U = the left vectors, V = values times right ones; zero beyond the decomposition's.
template <class T>
void take_svd(const Tsvd<T> &svd, Mat<T> U, Mat<T> V) {
  const int32_t known = min_of(U.cols, svd.block);
  for (int32_t k = 0; k < U.cols; ++k) {
    const T scale = k < known ? svd.s[k] : T(0);
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = k < known ? svd.U(i, k) : T(0);
    for (int32_t j = 0; j < V.cols; ++j) V(k, j) = k < known ? no_denormal(scale * svd.V(j, k)) : T(0);
  }
}

template <class T>
struct ReluNmd<T>::Job {
  struct Tile;
  ReluNmd &s;
  const Operand<T> &M;
  Mat<T> U, V;
  Blocks b;
  Ops<T> ops;
  Carver &carve;

  Job(ReluNmd &solver, Carver &memory, const Operand<T> &data, Mat<T> u, Mat<T> v)
      : s(solver), M(data), U(u), V(v), carve(memory) {
    s.layout(carve, b);
  }

  // relu_nmd.cpp
  Status begin(ReluStart start);
  bool step(bool check, Report &r);
  void end_opening();
  void finish(Report &r) { set(r); }  // what a step sets is exact for U, V
  void nuclear(const Rng &rng);
  void gram(View<T> X, Mat<T> G) const;
  void turn(View<T> u) const;
  void inverse(View<T> G, double ridge, Mat<T> C) const;
  void share_rows(View<T> A, View<T> C, T share, Mat<T> X) const;
  void set(Report &r) const;
  // quasi_newton.cpp
  void begin_quasi_newton();
  void quasi_newton();
  void relax();
  Sums evaluate(Mat<T> u, Mat<T> v, Mat<T> gu, Mat<T> gv);
  bool descend();
  void find_direction();
  void keep_pair(double step, double slope);
  void precondition(T *x, T *y) const;
  void dots(T *A, int32_t count, T *x, double *out) const;
  void combine(T *A, int32_t count, const T *weights, T *y) const;
  // three_block.cpp
  void begin_three_block();
  void three_block();
  void fill_z();
  Sums pass(bool first);
  void mark(Mat<const T> P, Mat<T> y, Mat<T> z) const;
  void turn_left();
  // projections.cpp
  void begin_projections();
  void projections();
  double update_z();
  Sums compare();
  void accept_or_restart();

  int32_t rank() const { return s.c.rank; }
  void parallel_copy(View<T> A, Mat<T> B) const {
    const int32_t piece = max_of(1, 16384 / A.rows);
    parallel_for(s.c.par, ceil_div(A.cols, piece), [&](int32_t t, int32_t) {
      const int32_t j = t * piece, n = min_of(piece, A.cols - j);
      copy<T>(A.columns(j, n), B.columns(j, n));
    });
  }
  Worker worker(int32_t index) const {
    Carver own(b.worker + b.worker_bytes * size_t(index));
    Worker w;
    s.worker_layout(own, w);
    return w;
  }
  static Mat<T> top(Mat<T> A, int32_t rows, int32_t cols) { return {A.data, rows, cols, A.ld}; }
  Mat<T> part_S(int32_t i) const {
    const int32_t r = rank();
    return {b.partial_S + ptrdiff_t(i) * r * r, r, r, r};
  }
  // The two factors as one long vector: U, then V.
  Mat<T> u_of(T *x) const { return {x, s.c.rows, rank(), s.c.rows}; }
  Mat<T> v_of(T *x) const { return {x + ptrdiff_t(s.c.rows) * rank(), rank(), s.c.cols, rank()}; }

  struct Tile {
    const Worker &w;
    int32_t j, p;  // columns j .. j + p
    Sums &sum;
    Mat<const T> M;
    Mat<T> P, F, X;  // rows x p, rank x p, p x rank: free to use
    // B += A X and S += X'X, or =: the tile's share of the sums over all columns
    const Ops<T> &ops;
    Mat<T> B, S;
    bool add;
    bool more;  // another tile of this width follows, and may be fetched meanwhile
    void gather(Mat<const T> A, const T *next) const {
      ops.nn(A, X, B, add, next);
      ops.tn(X, X, S, add);
    }
  };

  // Rows i .. i + slab of a tile that lies by slabs, here `cols` columns that begin at `tile`.
  Mat<T> slab_of(T *tile, int32_t cols, int32_t i) const {
    const int32_t n = min_of(ReluNmd::slab, s.height() - i);
    return {tile + ptrdiff_t(i) * cols, n, cols, n};
  }

  // body(first column, columns) for all of M, a few columns at a time.
  template <class Body>
  void by_columns_of_data(const Body &body) const {
    const int32_t n = s.c.cols, p = s.piece();
    parallel_for(s.c.par, ceil_div(n, p), [&](int32_t t, int32_t index) {
      body(t * p, M.panel(t * p, min_of(p, n - t * p), worker(index).data));
    });
  }

  // body(tile) for all tiles of columns; the sums in the order of the columns.  gathers: every tile calls `gather`
  // once, and the sums of that go to B and S.
  template <class Body>
  Sums tiles(bool wants_data, Mat<T> B, Mat<T> S, const Body &body) const {
    const int32_t m = s.height(), r = rank(), width = s.panel(), chunks = s.chunks(), at_once = s.wave();
    const bool gathers = B.data != nullptr;
    Sums total;
    for (int32_t first = 0; first < chunks; first += at_once) {
      const int32_t wave = min_of(at_once, chunks - first);
      parallel_for(s.c.par, wave, [&](int32_t i, int32_t index) {
        const Worker w = worker(index);
        const int32_t chunk = first + i;
        // The first chunk writes B itself; the others write a partial sum each.
        const Mat<T> to = !gathers || chunk == 0 ? B : Mat<T>{b.partial_B + ptrdiff_t(i) * m * r, m, r, m};
        Sums sum;
        const int32_t from = s.chunk_begin(chunk), end = s.chunk_begin(chunk + 1);
        for (int32_t j = from; j < end; j += width) {
          const int32_t p = min_of(width, end - j);
          body(Tile{w, j, p, sum, wants_data ? M.panel(j, p, w.data) : Mat<const T>{}, top(w.P, m, p), top(w.F, r, p),
                    top(w.X, p, r), ops, to, part_S(i), j > from, j + 2 * p <= end});
        }
        b.sums[i] = sum;
      });
      const int32_t shared = first == 0 ? 1 : 0;  // the first that did not write to B
      if (gathers && wave > shared)
        parallel_for(s.c.par, r, [&](int32_t k, int32_t) {
          for (int32_t i = shared; i < wave; ++i)
            accumulate<T>(Mat<const T>{b.partial_B + (ptrdiff_t(i) * r + k) * m, m, 1, m}, B.columns(k, 1));
        });
      for (int32_t i = 0; i < wave; ++i) {  // in the order of the chunks
        if (gathers && first + i == 0) copy<T>(part_S(i), S);
        else if (gathers) accumulate<T>(part_S(i), S);
        total.squares += b.sums[i].squares;
        total.error += b.sums[i].error;
        total.other += b.sums[i].other;
        total.good = total.good && b.sums[i].good;
      }
    }
    return total;
  }

  // kernel(rows, column offset i, column) in stretches short enough for sums in T.
  template <class Body>
  static void stretches(int32_t rows, const Body &body) {
    constexpr int32_t most = 2048;
    for (int32_t i = 0; i < rows; i += most) body(i, min_of(most, rows - i));
  }
  // P = U V_J becomes the residual of f; its sums are added.
  void residual(Mat<const T> data, Mat<T> P, Sums &sum) const {
    for (int32_t q = 0; q < P.cols; ++q)
      stretches(P.rows, [&](int32_t i, int32_t n) {
        T squares, error;
        fastest<ReluKernels<T>>().residual(n, data.col(q) + i, P.col(q) + i, &squares, &error);
        sum.squares += double(squares);
        sum.error += double(error);
      });
  }
};

}  // namespace orthant
