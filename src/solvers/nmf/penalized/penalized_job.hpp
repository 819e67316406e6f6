// One call of NMF with weights and penalties.
#pragma once
#include "penalized.hpp"

namespace orthant {

constexpr int32_t penalized_row_block = small_target ? 16 : 256;  // rows of one task
constexpr int32_t penalized_strip = small_target ? 2 : 8;         // columns of V that are formed at a time

// The sum of n numbers, in four running sums.
template <class T>
double sum_of(int32_t n, const T *x) {
  double t[4] = {0, 0, 0, 0};
  int32_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (int32_t u = 0; u < 4; ++u) t[u] += double(x[i + u]);
  for (; i < n; ++i) t[0] += double(x[i]);
  return (t[0] + t[1]) + (t[2] + t[3]);
}

// What a pass over V does.
struct PenalizedTasks {
  bool products_h = false;  // N of H: V'(P W)
  bool update_h = false;    // a panel's rows of H' are updated, where they do not depend on each other
  bool products_w = false;  // N of W: V (Q H')
};

template <class T>
struct PenalizedJob {
  using Side = PenalizedSide<T>;
  using Sums = PenalizedSums<T>;
  using Worker = PenalizedWorker<T>;
  PenalizedNmf<T> &s;
  const Operand<T> &V;
  Mat<T> W, H;
  PenalizedBlocks<T> b;
  Ops<T> ops;
  const bool multiplicative;
  bool alone;       // a row of H' has its step without the others: its update joins the pass over the data
  T data_factor;    // of both weights

  PenalizedJob(PenalizedNmf<T> &solver, Carver &carve, const Operand<T> &data, Mat<T> w, Mat<T> h);
  Worker worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); });
  }
  static Mat<T> top(Mat<T> A, int32_t rows) { return {A.data, rows, A.cols, A.ld}; }
  // Sums of body(block, worker, sums) over all rows of a factor.
  template <class Body>
  Sums by_rows(int32_t rows, const Body &body) const {
    const auto scratch = [this](int32_t index) { return worker(index); };
    return by_blocks(s.c.par, rows, penalized_row_block, most_chunks, b.sums, scratch, body);
  }

  // penalized_terms.cpp: the quadratic and the linear terms
  void fold(Side &x, double l2, double ortho) const;
  void rows_of(const SymmetricMatrix<T> &A, Mat<const T> X, int32_t row, int32_t p, Mat<T> Z) const;
  void hessian(const Side &x, Mat<const T> X, int32_t row, int32_t p, bool printed, Worker &w, Mat<T> F) const;
  void add_pairs(const Side &x, Mat<const T> X, int32_t row, int32_t p, Worker &w, Mat<T> F) const;
  double diagonal(const Side &x, int32_t i, int32_t k) const;
  void linear(const Side &x, int32_t row, int32_t p, Mat<T> D) const;
  void totals(const Side &x, View<T> X) const;
  double penalty(const Side &x) const;
  double pairs_penalty(const Side &x) const;

  // penalized_step.cpp: one block of the alternation, and the pass over the data
  void propose(Side &x, int32_t row, int32_t p, Worker &w, Sums &sum) const;
  void propose_factor(Side &x, int32_t row, Mat<const T> F, Mat<const T> D, Sums &sum) const;
  void propose_direction(Side &x, int32_t row, Mat<const T> F, Mat<const T> D, Sums &sum) const;
  void commit(Side &x, int32_t row, int32_t p, T alpha, Sums &sum) const;
  T step_along(Side &x, const Sums &proposed) const;
  void write_back(int32_t row, int32_t p) const;
  void update(Side &x, Sums &all) const;
  Mat<const T> weighted(const Side &x) const { return x.P.plain() ? x.X : x.PX; }
  void weigh(Side &x) const;
  void settle(Side &x, Side &partner) const;
  void gram_of(View<T> X, View<T> Y, Mat<T> G) const;
  template <class Body>
  Sums by_tiles(const PenalizedTasks &tasks, const Body &panel);
  void pass(const PenalizedTasks &tasks, Sums &all);
  void prepare();

  // penalized.cpp: what outer_loop calls, and the report
  Status begin(NmfStart from);
  bool step(bool check, Report &r);
  void finish(Report &r);
  void fill_report(Report &r, bool check) const;
  double misfit(bool exact) const;
  double weighted_squares(bool model) const;
  void weigh_strip(int32_t j, bool model, Mat<T> E, Mat<T> EQ) const;
  void add_inner_with_rows(Mat<const T> E, Mat<const T> EQ, double *sum) const;
  double residual(const Side &x) const;
  bool unweighted() const { return s.terms.rows.plain() && s.terms.cols.plain(); }
  bool dense_weights() const { return s.terms.rows.form == Form::dense || s.terms.cols.form == Form::dense; }
};

}  // namespace orthant
