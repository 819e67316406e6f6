// The Factormer in use: a network that proposes factors of V, by itself or to a solver.
//
// Where to find what:
//   factormer_shape   what a network is, and how it is read from a blob    factormer_pass.hpp  what is computed
//   data_range        what the data of its training were like
//   factormer         its layers, and the network                          factormer_back      backwards
//   factormer_run     inference, and proposals to a solver
//   factor_sample     synthetic data      admm_half  a differentiable solver step
//   factormer_train   training            factormer_blob  its state
#pragma once
#include "data_range.hpp"
#include "factormer_pass.hpp"
#include "proposal.hpp"
#include "tsvd.hpp"

namespace orthant {

// Inference: a handle around one matrix size.
template <class T>
struct Factormer {
  FactormerShape s;
  int32_t rows = 0, cols = 0;
  const void *model = nullptr;
  Parallel par;

  struct Blocks {
    FactormerPass<T> pass;
    Mat<T> out[2], in[2], before[2];
  };
  void layout(Carver &carve, Blocks &b) const;
  // W rows x rank and H rank x cols, in and out; W0, H0: the factors before the solver's step, of a network that
  // accelerates.  E_DATA: a number is not finite, or the model made it so; W and H are then as they were.
  Status run(Blocks &b, View<T> V, Mat<T> W, Mat<T> H, View<T> W0, View<T> H0) const;
};

// A solver's proposals: a start made from NNDSVD, or factors between iterations.
template <class T>
struct FactormerProposal {
  Factormer<T> net;  // the first thing in its workspace
  uint64_t seed = 0;
  static constexpr int32_t accelerated = 5;  // iterations after which it is asked, at most

  struct Blocks {
    typename Factormer<T>::Blocks net;
    Mat<T> W, H, W0, H0;  // copies of the solver's: as it has them, and as it had them before a step
    Tsvd<T> svd;
    T *fit;
  };
  void layout(Carver &carve, Blocks &b) const;
  bool fits(void *base, View<T> V) const;  // V is like the data of the training, as far as the file tells
  Status start(void *base, View<T> V, Mat<T> W, Mat<T> H);  // E_DATA: W and H hold nothing of use
  Status step(void *base, View<T> V, Mat<T> W, Mat<T> H);   // from W0 and H0 to W and H
  double squares(void *base, View<T> V, View<T> W, View<T> H) const;  // |V - W H|^2
  Proposal<T> as_proposal();  // of this object at the beginning of its workspace
  Blocks blocks(void *base) const {
    Carver carve(base);
    Blocks b;
    layout(carve, b);
    return b;
  }
};

// Of the truncated SVD that NNDSVD is made from.
template <class T>
constexpr T nndsvd_tolerance = T(sizeof(T) == 4 ? 1e-5 : 1e-10);

}  // namespace orthant
