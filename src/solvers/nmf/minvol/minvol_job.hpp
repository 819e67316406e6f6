// One call of minimum-volume NMF.
#pragma once
#include "minvol.hpp"

namespace orthant {

template <class T>
struct MinVolJob {
  MinVolNmf<T> &s;
  const NmfConfig &c;
  const Operand<T> &V;
  Mat<T> W, H;
  MinVolBlocks<T> b;
  Ops<T> ops;

  MinVolJob(MinVolNmf<T> &solver, void *base, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), c(solver.c), V(data), W(w), H(h) {
    Carver carve(base);
    s.layout(carve, b);
  }
  int32_t rank() const { return c.rank; }
  static Mat<T> top(Mat<T> A, int32_t rows) { return {A.data, rows, A.cols, A.ld}; }

  // The sum of body(rows) over blocks of rows, a task each.
  static constexpr int32_t row_block = small_target ? 32 : 256;
  template <class Body>
  double by_rows(int32_t rows, const Body &body) const {
    const int32_t blocks = ceil_div(rows, row_block);
    const auto block = [&](int32_t k) { return at_most(row_block, k * row_block, rows); };
    double sum = 0;
    if (small_target) {
      for (int32_t k = 0; k < blocks; ++k) sum += body(block(k));
      return sum;
    }
    const Work one{0, 6.0 * sizeof(T) * row_block * rank()};  // the arrays of a step of the fast gradient method
    parallel_for(c.par, blocks, one, [&](int32_t k, int32_t) { b.sums[k] = body(block(k)); });
    for (int32_t k = 0; k < blocks; ++k) sum += b.sums[k];
    return sum;
  }

  // minvol.cpp: what outer_loop calls
  Status begin();
  bool step(bool check, Report &r);
  void finish(Report &r);
  void times(Mat<T> F) const;
  void half_step_w();
  void half_step_h();
  void curvature_w();
  void fill_report(Report &r, bool check);
  double fit() const;
  double projected(Mat<T> X, Mat<const T> F, bool simplex) const;
  void gram_of(Mat<const T> X, Mat<T> G) const;
  double log_det(Mat<const T> G, Mat<T> Y) const;

  // fast_gradient.cpp
  double project(Mat<T> X, Mat<const T> Y) const;
  void fast_gradient(Mat<T> X, Mat<const T> F, bool simplex) const;
};

}  // namespace orthant
