// One call of a ReLU decomposition: the data, the factors, the blocks found in the workspace, and what the files of
// this room do with them.
#pragma once
#include "relu_nmd.hpp"

namespace orthant {

// A panel of a pass over the columns of what the method passes over: M, or M' where three blocks transpose it.
template <class T>
struct ReluPanel {
  int32_t col, cols;
  bool add;         // to its chunk's shares of the sums over all columns: it is not the first of its chunk
  bool more;        // another panel of this width follows, and may be fetched meanwhile
  Mat<T> P, F, X;   // height x cols, rank x cols, cols x rank: free to use
  Mat<T> B, S;      // the shares: height x rank, rank x rank
  Mat<T> room;      // for a panel of sparse M
  ReluSums &sum;
};

// What a pass of three blocks does to Z and T.
template <class T>
struct ReluExtrapolation {
  bool first;          // the pass of a start, which makes them
  T alpha;
  T back, next;        // Z / M where M > 0: one over what it was, and what it becomes
};

template <class T>
struct ReluJob {
  ReluNmd<T> &s;
  const Operand<T> &M;
  Mat<T> U, V;
  ReluBlocks<T> b;
  Ops<T> ops;
  Carver &carve;

  ReluJob(ReluNmd<T> &solver, Carver &memory, const Operand<T> &data, Mat<T> u, Mat<T> v)
      : s(solver), M(data), U(u), V(v), carve(memory) {
    s.layout(carve, b);
  }
  int32_t rank() const { return s.c.rank; }
  ReluWorker<T> worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &one, ReluWorker<T> &w) { s.worker_layout(one, w); }, true);
  }
  // The first rows and columns of a block that was laid out for the largest panel.
  static Mat<T> top(Mat<T> A, int32_t rows, int32_t cols) { return {A.data, rows, cols, A.ld}; }
  // The two factors as one long vector: U, then V.
  Mat<T> u_of(T *x) const { return {x, s.c.rows, rank(), s.c.rows}; }
  Mat<T> v_of(T *x) const { return {x + ptrdiff_t(s.c.rows) * rank(), rank(), s.c.cols, rank()}; }

  // iteration.cpp: what outer_loop calls
  bool step(bool check, Report &r);
  void finish(Report &r) { fill_report(r); }  // what a step leaves is exact for U and V
  void advance();
  void end_opening();
  void set_fit(const ReluSums &sum, double penalty = 0);
  void keep_iterate();
  void restore_iterate();
  void fill_report(Report &r) const;

  // starts.cpp
  Status begin(ReluStart start);
  Status make_start(ReluStart start, double squares);
  void take_svd(const Tsvd<T> &svd);

  // factors.cpp
  void parallel_copy(View<T> A, Mat<T> B) const;
  void transpose_left(View<T> u) const;
  void invert(View<T> G, double ridge, Mat<T> C) const;
  void multiply_rows(View<T> A, View<T> C, Mat<T> X) const;
  void residual(View<T> data, Mat<T> P, ReluSums &sum) const;

  // quasi_newton.cpp
  void begin_quasi_newton();
  void quasi_newton();
  void relax();
  bool descend();
  void move_along(double step) const;
  void take_trial();
  ReluSums evaluate(Mat<T> u, Mat<T> v, T *gradient);
  // history.cpp
  void find_direction();
  void weigh_changes(T *q) const;
  void weigh_steps(T *d) const;
  int32_t place_of(int32_t age) const;
  void keep_pair(double step, double slope);
  T *next_change() const;
  void precondition(T *x, T *y) const;
  void inner_products(T *A, int32_t count, T *x, double *out) const;
  void add_combination(T *A, T *y) const;

  // <step, change> of an older and a newer pair
  double &product(int32_t older, int32_t newer) const { return b.products[older + ptrdiff_t(newer) * s.c.history]; }
  // Chunks of the long vectors, short enough for sums in T.
  static constexpr int32_t vector_chunk = small_target ? 256 : 4096;
  int32_t vector_chunks() const { return int32_t((ptrdiff_t(s.length()) + vector_chunk - 1) / vector_chunk); }
  // body(first, count) for the chunks of a long vector.
  template <class Body>
  void by_chunks_of_vector(const Body &body) const {
    parallel_for(s.c.par, vector_chunks(), [&](int32_t t, int32_t) {
      const ptrdiff_t at = ptrdiff_t(t) * vector_chunk;
      body(at, int32_t(min_of(ptrdiff_t(vector_chunk), ptrdiff_t(s.length()) - at)));
    });
  }
  // body(columns) for those of a factor, about a chunk at a time.
  template <class Body>
  void by_chunks_of_columns(View<T> A, const Body &body) const {
    parallel_blocks(s.c.par, A.cols, max_of(1, vector_chunk / A.rows), [&](Range j, int32_t) { body(j); });
  }

  // three_block.cpp
  void begin_three_block();
  void three_block();
  ReluSums three_block_pass(bool first);
  void column_panel(const ReluPanel<T> &p, const ReluExtrapolation<T> &e) const;
  void row_panel(const ReluPanel<T> &p, const ReluExtrapolation<T> &e) const;
  void extrapolate(const ReluPanel<T> &p, const ReluExtrapolation<T> &e, View<T> x, int32_t i) const;
  void project(const ReluPanel<T> &p, int32_t i, const T *next) const;
  void gather(const ReluPanel<T> &p, int32_t i) const;
  void solve(const ReluPanel<T> &p, Mat<T> x) const;
  void improve_left();
  void square_left();
  // three_block_start.cpp
  void fill_z();
  void fill_factors();
  void make_tile(View<T> P, Mat<T> theta, Mat<T> z) const;

  // projections.cpp
  void begin_projections();
  void projections();
  double update_z();
  void move_z(const T *half, int32_t col) const;
  ReluSums compare();
  double begin_column(const ReluPanel<T> &p, View<T> data, int32_t q) const;
  void adapt_momentum();

  // Rows i .. i + tile_rows of a panel of `cols` columns, which lies tile after tile.
  Mat<T> tile_of(T *panel, int32_t cols, int32_t i) const {
    const int32_t rows = min_of(ReluNmd<T>::tile_rows, s.height() - i);
    return {panel + ptrdiff_t(i) * cols, rows, cols, rows};
  }
  // The columns of M that belong to a panel, made dense where M is sparse.
  Mat<const T> data_of(const ReluPanel<T> &p) const { return M.panel(p.col, p.cols, p.room); }

  // body(first column, columns) for all of M, a few columns at a time.
  template <class Body>
  void by_columns_of_data(const Body &body) const {
    parallel_blocks(s.c.par, s.c.cols, s.data_width(), [&](Range j, int32_t index) {
      body(j.from, M.panel(j.from, j.size(), worker(index).data));
    });
  }

  // The sums of body(panel) over all panels, in the order of the columns.
  template <class Body>
  ReluSums by_columns(const Body &body) const {
    return pass({}, {}, body, [](int32_t, int32_t) {});
  }
  // The same, where each panel adds its share to B and to S.
  template <class Body>
  ReluSums by_columns(Mat<T> B, Mat<T> S, const Body &body) const {
    const Shares<T> all_B{B, b.share_B}, all_S{S, b.share_S};
    return pass(all_B, all_S, body, [&](int32_t first, int32_t wave) {
      all_B.add(s.c.par, first, wave);
      all_S.add(first, wave);
    });
  }

 private:
  template <class Body, class Add>
  ReluSums pass(const Shares<T> &B, const Shares<T> &S, const Body &body, const Add &add) const {
    const PanelCut cut = s.cut();
    const auto scratch = [this](int32_t index) { return worker(index); };
    const auto panel = [&](const Panel &p, ReluWorker<T> &w, ReluSums &sum) {
      body(ReluPanel<T>{p.col, p.cols, !p.first, p.more, top(w.P, s.height(), p.cols), top(w.F, rank(), p.cols),
                        top(w.X, p.cols, rank()), B.of(p.chunk, p.place), S.of(p.chunk, p.place), w.data, sum});
    };
    return by_panels(s.c.par, M, cut, b.sums, scratch, panel, add);
  }
};

// The starts: each makes U and V of a job whose M is checked; squares: |M|^2.
#define ORTHANT_RELU_START(name, PUBLIC, number, function, ...) \
  template <class T>                                            \
  Status function(ReluJob<T> &job, double squares);
#include "starts.def"
#undef ORTHANT_RELU_START

}  // namespace orthant
