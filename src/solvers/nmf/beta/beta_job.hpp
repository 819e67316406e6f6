// One call of an NMF with a beta-divergence.
#pragma once
#include "beta.hpp"

namespace orthant {

// A tile's P and Q stay in the first cache, or near it; V's share of a panel in the second.
constexpr int32_t beta_tile_rows = small_target ? 16 : 512, beta_tile_cols = small_target ? 8 : 16;
// Problems that CCD has under way at once: for rows of V a cache line of every column.
constexpr int32_t ccd_block = small_target ? 4 : 16;

// What a pass does, in this order.
struct BetaTasks {
  bool update = false;     // H
  bool objective = false;  // the divergence of the present factors
  bool gradient = false;   // of H
  bool products = false;   // the numerator and denominator of W
};

// l1 sum(X) + l2/2 |X|^2
template <class T>
double penalty_of(Mat<const T> X, double l1, double l2) {
  if (l1 == 0 && l2 == 0) return 0;
  double one = 0, two = 0;
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i) {
      one += double(X(i, j));
      two += double(X(i, j)) * double(X(i, j));
    }
  return l1 * one + 0.5 * l2 * two;
}

template <class T>
struct BetaJob {
  BetaNmf<T> &s;
  const NmfConfig &c;
  const Operand<T> &V;
  Mat<const T> dense;
  Mat<T> W, H;
  BetaBlocks<T> b;
  BetaSums total;  // of the last pass
  Ops<T> ops;
  const LossKernels<T> &loss;

  BetaJob(BetaNmf<T> &solver, void *base, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), c(solver.c), V(data), dense(data.dense()), W(w), H(h), loss(fastest<LossKernels<T>>()) {
    Carver carve(base);
    s.layout(carve, b);
    V.use(b.stream);
    V.use(b.scatter);
  }
  bool cancelled = false;  // by the progress function of a process
  bool unread = false;     // a read of a stream failed, of any process

  int32_t rank() const { return c.rank; }
  BetaWorker<T> worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, BetaWorker<T> &w) { s.worker_layout(carve, w); });
  }

  // beta.cpp: what outer_loop calls, and the update of one entry
  Status begin(NmfStart start);
  bool step(bool check, Report &r);
  void finish(Report &r);
  void fill_report(Report &r) const;
  void fill_kkt(Report &r);
  T updated(T x, T n, T d, T l1, T l2) const;
  void update_w();
  void find_sums_w();
  void find_sums_h();
  static bool positive(T x) { return x > Real<T>::floor; }  // MU keeps its zeros at the floor
  T numerator_w(int32_t i, int32_t k) const { return c.sparse() ? b.N(k, i) : b.N(i, k); }
  T denominator_w(int32_t i, int32_t k) const { return s.kl() ? b.sum_h[k] : b.D(i, k); }

  // beta_pass.cpp: dense V
  void pass(const BetaTasks &tasks);
  void dense_pass(const BetaTasks &tasks);
  void tile(const BetaWorker<T> &w, int32_t i, const Panel &p, const BetaTasks &tasks, BetaSums &sum) const;
  void gradient_products(const BetaWorker<T> &w, int32_t i, int32_t rows, const Panel &p) const;
  void update_panel(const BetaWorker<T> &w, const Panel &p, BetaSums &sum) const;
  void look_at_panel(const BetaWorker<T> &w, const Panel &p, const BetaTasks &tasks, BetaSums &sum) const;
  void transform(const T *v, T *p, T *r, int32_t n) const;
  void measure(const T *v, T *p, int32_t n, BetaSums *sum) const;
  T denominator_h(const BetaWorker<T> &w, int32_t q, int32_t k) const { return s.kl() ? b.sum_w[k] : w.Fd(k, q); }
  double *kkt_of(int32_t chunk) const { return b.kkt + ptrdiff_t(chunk) * rank(); }
  void add_gradient(T h, T numerator, T denominator, double *kkt) const {
    const T g = denominator + T(c.l1_h) + T(c.l2_h) * h - numerator;
    if (g < T(0) || positive(h)) *kkt += double(g) * double(g);
  }

  // beta_spread.cpp: columns spread over processes
  void add_processes(const BetaTasks &tasks);
  bool spread() const { return c.reduce.active(); }
  double over_all(double own) const;
  void write_numbers() const;
  double spread_penalty_h() const;
  const double *spread_sums_h() const, *spread_squares_h() const;

  // beta_sparse.cpp: KL of sparse V
  void sparse_pass(const BetaTasks &tasks);
  template <class Along>
  void by_lines(const Parallel &par, const Along &along);
  void scatter_blocks(Mat<const T> X, Mat<const T> Y, Mat<T> to) const;
  void numerators_h(bool apart);
  void along_columns(const BetaTasks &tasks);
  void along_rows(const BetaTasks &tasks);
  void line(const BetaWorker<T> &w, int32_t a, Mat<const T> X, Mat<const T> Y, bool objective, BetaSums &sum) const;
  void gathered(const BetaWorker<T> &w, int32_t a, Mat<const T> Y, T *out) const;
  void scattered(const BetaWorker<T> &w, int32_t a, Mat<const T> X, Mat<T> to) const;
  void update_column(int32_t j, const T *numerators) const;
  void add_column_gradient(int32_t j, const T *numerators, double *kkt) const;
  void add_zeros();

  // ccd.cpp
  void descend_w();
  void descend_h();
  void descend(int32_t problems, int32_t length, Mat<const T> A, const T *sums, double l1, double l2, bool rows);
};

}  // namespace orthant
