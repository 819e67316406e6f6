// One call of SymNMF-Net: the data, the output, the blocks found in the workspace, and the passes.
#pragma once
#include "passes.hpp"
#include "symnmf_net.hpp"

namespace orthant {

template <class T>
struct SymNet<T>::Job {
  SymNet &s;
  SymmetricOperand<T> X;
  Mat<T> out;
  Blocks b;
  Ops<T> ops;
  // Differs: a unit below zero keeps a slope that falls to zero while training, so that the net begins near the linear
  // relaxation, whose minimum is the spectral one, and is led into the orthant; at the end it is the net of the paper.
  T slope = T(0);

  Job(SymNet &net, Carver &carve, const SymmetricOperand<T> &data, Mat<T> u) : s(net), X(data), out(u) {
    s.layout(carve, b);
    X.transposed = b.transposed;
  }
  int32_t n() const { return s.c.n; }
  int32_t rank() const { return s.c.rank; }
  int32_t layers() const { return s.c.layers; }
  Mat<T> layer(Mat<T> all, int32_t i) const { return all.columns(i * rank(), rank()); }
  void set_slope(int64_t epoch) {
    slope = T(s.c.leak * max_of(0.0, 1 - double(epoch) / (s.c.leak_until * s.c.epochs)));
  }
  double weight(int32_t i) const { return s.c.last_only && i < layers() ? 0 : 1; }
  double l1(int32_t i) const { return s.c.l1_all || i == layers() ? s.c.l1 : 0; }

  // The sums of what body(block, worker's scratch, sums) adds over blocks of rows of nearly equal size.
  template <class Body>
  Sums by_rows(const Body &body) const {
    const int32_t blocks = ceil_div(n(), row_block);
    const auto worker = [this](int32_t index) {
      return b.workers.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); }, true);
    };
    return by_blocks(s.c.par, n(), ceil_div(n(), blocks), max_parts, b.sums, worker, body);
  }
  // A small matrix that is a sum over the rows: where a block adds to it, and its sum over the parts.
  Mat<T> share(Mat<T> sum, const Block &rows) const {
    return Shares<T>{sum, b.gram_room}.of(rows.part, rows.part - 1);
  }
  void add_shares(Mat<T> sum) const {
    const int32_t parts = parts_for(ceil_div(n(), row_block), 1, max_parts);
    for (int32_t part = 1; part < parts; ++part) accumulate<T>(Shares<T>{sum, b.gram_room}.at(part - 1), sum);
  }
  static double trace(View<T> G) {
    double sum = 0;
    for (int32_t k = 0; k < G.cols; ++k) sum += double(G(k, k));
    return sum;
  }

  // symnmf_net.cpp: the start, the report
  Status start_from(SymStart start);
  Status spectral_by_solver(SymStart start) const;
  void prepare_input() const;                // X U_0, U_0'U_0
  double error_squares(int32_t i) const;     // |X - U_i U_i'|^2, from X U_i and U_i'U_i
  double penalty_weight() const;
  double projected_gradient() const;         // |projected gradient of f at U_L| / (|X| |U_L|), as for the other methods
  void finish(Report &r);
  void report_kept(Report &r);               // after overflow, of the factor that the caller keeps

  struct Loss {
    double fit = 0, penalty = 0, l1 = 0, last = 0;
    double size = 0, mismatch = 0;  // largest |U_i|^2 and |R_i|^2 / |(X + lambda I) U_{i-1}|^2
    double total(double beta) const { return fit + beta * penalty + l1; }
  };
  void fill_report(Report &r, const Loss &loss) const;

  // symnmf_net_training.cpp
  // What the forward pass does about R_i: makes it zero by its choice of P_i, which is Algorithm 1; leaves it to the
  // backward pass; or adds its square to the loss.
  enum class Mismatch { make_zero, leave, add };
  // The layers from U_0, whose product and Gram matrix are known.
  Loss forward(Mismatch mismatch) const;
  void invert(int32_t i) const;              // S_i from G_{i-1}
  Sums forward_layer(int32_t i, Mismatch mismatch) const;
  void start_parameters(int32_t i, const Block &rows) const;
  void add_mismatch(int32_t i, const Block &rows, Sums *sum) const;

  // From the last layer to the first.  visit(i, block, gradient of P_i on it) sees each part of a gradient once, after
  // which P_i may change.  Returns the gradient of lambda; that of U_0 is left in b.bar if asked for.
  template <class Visit>
  double backward(Loss &loss, bool wants_input, const Visit &visit) const;
  template <class Visit>
  Sums backward_layer(int32_t i, const Visit &visit) const;
  double inverse_gradient(int32_t i) const;
  void input_of_layer(int32_t i) const;
  bool step(bool check, Report &r);
  void bound_lambda();
};

}  // namespace orthant
