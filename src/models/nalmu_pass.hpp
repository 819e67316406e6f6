// One sample on its way through the layers of NALMU, and back (algorithms.md, "NALMU").
//
//   W+ = clip(W . A_W . (Y H') / (W H H'))      H+ = clip(H . A_H . (W+'Y) / (W+'W+ H))
//
// H is kept as X = H' (pixels x rank), so that both factors are tall and one update serves both:
//   own+ = clip(A . own . N / max(D, least)),   N = Y_side other,   D = own G,   G = other'other,
// with Y_side = Y for W and Y' for X.  For the other divergences N and D are the products of other with Y V^(beta-2)
// and V^(beta-1), V = max(W X', least), and no exponent.  With A = 1 this is MU.
#pragma once
#include "loss.hpp"
#include "nalmu_shape.hpp"
#include "passes.hpp"

namespace orthant {

// Where multipliers come from: numbers in memory (of all layers, positive already), a blob, or 1 where both are null.
template <class T>
struct NalmuWeights {
  const T *values = nullptr;
  const Blob *blob = nullptr;
};

// What a call goes through the layers with.
template <class T>
struct NalmuData {
  const Ops<T> &ops;
  const Parallel &par;
  const Operand<T> &Y;
  NalmuWeights<T> weights;
};

// What the iterates of all layers are compared with.
template <class T>
struct NalmuTarget {
  Mat<const T> W, X;
  LossKind loss[2];
  const double *nu;  // weight of each layer
};

// Of a panel of columns of Y, for the divergences other than beta = 2.
template <class T>
struct NalmuPowers {
  Mat<T> V, P, Q;  // V = max(W X', least), P = Y . V^(beta-2), Q = V^(beta-1); bands x panel
  Mat<T> H;        // X' of the panel, or of another matrix meanwhile
};

template <class T>
struct NalmuPass {
  NalmuShape s;
  int32_t n = 0;        // columns of Y
  int32_t segment = 0;  // layers whose iterates are kept; 0: inference, which keeps none

  static constexpr int32_t panel_cols = small_target ? 16 : 128, panels_in_part = 8, max_parts = 16;

  void layout(Carver &carve, const Parallel &par);
  Mat<T> input(Side side) const { return {factor_[side], rows(side), s.rank, rows(side)}; }

  // The first `layers` layers, from the factors that stand in input(); where nothing is kept, the last stand there
  // then.
  void forward(const NalmuData<T> &data, int32_t layers);
  bool keeps_finite = false;  // an entry whose next value is not finite stays
  // After forward through all layers: adds to theta_bar, which has the form of the weights, the gradients with regard
  // to A, or to the parameters of a network.  Returns the loss.
  double backward(const NalmuData<T> &data, const NalmuTarget<T> &target, T *theta_bar);

 private:
  // One update of one factor.
  struct Update {
    Side side;
    int32_t layer;
    Mat<T> own, other, out;  // the factor before, the one that stays, the factor after
    Mat<T> N, D;
  };
  // Gradients with regard to what an update reads.
  struct Gradients {
    Mat<T> own, other, N, D;
  };

  // nalmu_pass.cpp
  int32_t rows(Side side) const { return side == side_w ? s.bands : n; }
  size_t size(Side side) const { return size_t(rows(side)) * size_t(s.rank); }
  Mat<T> tall(T *data, Side side) const { return {data, rows(side), s.rank, rows(side)}; }
  Mat<T> square(T *data) const { return {data, s.rank, s.rank, s.rank}; }
  // With beta 2 a fixed W leaves W'Y and W'W as they are.
  bool fixed_products() const { return !s.both && s.beta == 2; }
  int32_t panels() const { return ceil_div(n, panel_cols); }
  int32_t parts() const { return min_of(max_parts, ceil_div(n, panel_cols * panels_in_part)); }
  Mat<T> iterate(Side side, int32_t layer) const;
  Mat<T> product(T *const *of, Side side, int32_t layer) const;
  Update update(Side side, int32_t layer) const;
  void powers_layout(Carver &carve, NalmuPowers<T> &p) const;
  NalmuPowers<T> powers(const NalmuData<T> &data, Range cols, int32_t worker, Mat<const T> W, Mat<const T> X) const;
  Mat<const T> multiplier(const NalmuData<T> &data, Side side, int32_t layer);
  void multiply(const Update &u, Mat<const T> A, Range range) const;
  void run(const NalmuData<T> &data, int32_t from, int32_t to);
  void keep_input();
  void step_h(const NalmuData<T> &data, int32_t layer);
  void step_w(const NalmuData<T> &data, int32_t layer);

  // nalmu_back.cpp
  void recompute(const NalmuData<T> &data, int32_t to);
  void step_back(const NalmuData<T> &data, Side side, int32_t layer, T *theta_bar);
  Mat<T> multiplier_back(const Update &u, Mat<const T> A, const Gradients &g, T *theta_bar) const;
  void products_back(const NalmuData<T> &data, const Update &u, const Gradients &g) const;
  void powers_back(const NalmuData<T> &data, const Update &u, const Gradients &g) const;
  void powers_back(const NalmuData<T> &data, const Update &u, const Gradients &g, Range cols) const;

  int32_t first_ = 0;  // the layer whose input is in slot 0
  // Iterates are [slot], N and D [layer of the segment], checkpoints [segment].
  T *factor_[2], *N_[2], *D_[2], *checkpoint_[2];
  T *A_[2];             // of a blob, one layer's
  ConvNet<T> net_[2];
  T *G_;                // other'other
  T *share_N_, *share_D_;               // of the parts of a step for W, but the first
  WorkerScratch<NalmuPowers<T>> powers_;
  // Training: gradients with regard to the iterates, and of what one update reads.
  T *bar_[2], *own_bar_, *N_bar_, *D_bar_, *A_bar_, *S_, *panel_, *V_bar_[2];
};

// The smallest denominator, and the smallest entry of V (algorithms.md, "Conventions").
constexpr double nalmu_least = 1e-12;

}  // namespace orthant
