// One call of symmetric NMF: the data, the factor, the blocks found in the workspace, and what the methods share.
// A method is a step of the common outer loop.  Every step begins and ends with B = X U and G = U'U known, so that f, E
// and the gradient cost nothing more.
#pragma once
#include "passes.hpp"
#include "symnmf.hpp"

namespace orthant {

template <class T>
struct SymNmf<T>::Job {
  SymNmf &s;
  SymmetricOperand<T> X;
  Mat<T> U;
  Blocks b;
  Ops<T> ops;

  Job(SymNmf &solver, Carver &carve, const SymmetricOperand<T> &data, Mat<T> u) : s(solver), X(data), U(u) {
    s.layout(carve, b);
    X.transposed = b.transposed;
  }
  int32_t n() const { return s.c.n; }
  int32_t rank() const { return s.c.rank; }
  Worker worker(int32_t index) const {
    return b.workers.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); }, true);
  }
  // The sums of what body(block, worker's scratch, sums) adds over the blocks of rows.
  template <class Body>
  Sums by_rows(const Body &body) const {
    return by_blocks(s.c.par, n(), row_block, max_parts, b.sums, [this](int32_t index) { return worker(index); }, body);
  }

  // symnmf.cpp: what outer_loop calls, and the report
  bool step(bool check, Report &r);
  void undo_step() const;
  void finish(Report &r) const { fill_report(r, true); }
  void fill_report(Report &r, bool check) const;
  double objective() const;  // of the method, at U (and V)

  // products.cpp
  void times(View<T> A, Mat<T> C) const { X.times(ops, s.c.par, A, C); }
  void gram(View<T> A, Mat<T> G) const;               // G = A'A
  void refresh() const;                               // B = X U, G = U'U
  void gradient(Mat<T> D) const;                      // D = U G - B
  double dot(View<T> A, View<T> C) const;             // <A, C>, by blocks of rows
  static double small_dot(View<T> A, View<T> C);      // the same at one go
  double distance_squares(View<T> A, View<T> C) const;
  double error_squares() const;                       // |X - U U'|^2, from B and G; where that cancels, from X
  double projected_gradient_squares() const;          // from B and G
  T residual_norm(int32_t steps) const;               // |X - U U'|_2 by `steps` power steps from b.x
  void inverse(View<T> G, T shift, Mat<T> S) const;   // S = (G + shift I)^-1
  void revive(Mat<T> A) const;                        // a column of zeros becomes tiny
  static void project(Mat<T> A);                      // A <- max(0, A)

  // symnmf_start.cpp
  Status start_from(SymStart start);
  void first_factor(SymStart start, double sum) const;
  double norm_bound() const;
  void eigenvectors();                                // leading ones of X, from below s.top, to b.svd
  double spectral_bound() const;                      // of E, from b.svd
  void choose_penalty() const;
  double practical_penalty() const;
  double largest_row_bound() const;

  // spectral_start.cpp: U from the eigenvectors in b.svd
  void spectral_start() const;

  // A file for each method.  Each leaves B and G those of U.
  // half_steps.cpp: SymANLS, SymHALS
  void half_steps();
  void half_step(View<T> C, View<T> XC, View<T> gram, Mat<T> A);
  void prepare_half_step(View<T> gram, T shift);
  // alternating.cpp
  void alternating_step() const;
  void fixed_point_step() const;
  void solve_and_project(View<T> C, View<T> gram, Mat<T> A) const;
  // ns_admm.cpp
  void ns_admm_step();
  void start_ns_admm() const;
  // pgd.cpp
  void projected_gradient_step() const;
  // newton.cpp
  void start_newton() const;
  void newton_step() const;
  void newton_direction(int32_t k, const Worker &w) const;
  bool find_free(int32_t k, const Worker &w, int32_t *free) const;
  void hessian_block(int32_t k, int32_t free, const Worker &w) const;
  // line_search.cpp
  void line_search(View<T> D, View<T> S, T first, T shrink, double enough) const;
  Sums propose(View<T> D, View<T> S, T size) const;
  double rise(double promised) const;
  void accept() const;
};

}  // namespace orthant
