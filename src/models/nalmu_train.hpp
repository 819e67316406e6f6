// Training of NALMU: minimise over the multipliers  mean over samples of  sum_k nu_k (l_W(W^k, W_true) + l_H(H^k, H_true)),
// by the backward pass of the spec and Adam.  The samples of a mini-batch are shared out by their number alone, and
// gradients are summed in the order of the shares: the same bits for any number of workers.
#pragma once
#include "adam.hpp"
#include "nalmu.hpp"
#include "parallel.hpp"

namespace orthant {

enum class Positivity : int32_t { exponential = 1, direct, softplus };
enum class NuRule : int32_t { linear = 1, logarithmic, last };

template <class T>
struct NalmuTrain {
  NalmuShape s;
  int32_t columns = 0;     // of a sample
  int32_t segment = 0;     // layers whose iterates are kept; the others are computed again
  Positivity positivity = Positivity::exponential;
  NuRule nu = NuRule::linear;
  LossKind loss[2] = {LossKind::nmse, LossKind::nmse};
  AdamConfig adam;
  double decay = 1;        // the rate of step t is rate * decay^t
  double start_h = 1;      // H0, all entries
  uint64_t seed = 0;
  Parallel par;
  // State, with the parameters in the blocks.
  int64_t steps = 0;
  int32_t has_start = 0;   // W0 was given; else ones

  static constexpr int32_t max_shares = 8;
  struct Blocks {
    T *theta, *m, *v, *A, *W0;
    double *nu, *share_loss;
    T *share;              // max_shares gradients
    T *worker;
    size_t worker_bytes;
    size_t state;          // of theta, m and v
  };
  void layout(Carver &carve, Blocks &b) const;
  void start(void *base, View<T> W0);
  // One step of Adam on these samples, side by side: Y bands x (columns count), W bands x (rank count), H rank x
  // (columns count).  false: the loss or a gradient is not finite, and nothing has changed.
  bool step(void *base, Mat<const T> Y, Mat<const T> W, Mat<const T> H, int32_t count, bool learn, double *loss_out);
  // Writes the model, or with `moments` what is needed to go on; the bytes, 0 where a number is not finite.
  size_t save(void *base, bool moments, void *out);
  Status load(void *base, const Blob &blob);
  // The gradient of the last step, for tests.
  T *gradient(void *base) {
    Carver carve(base);
    Blocks b;
    layout(carve, b);
    return b.share;
  }

 private:
  void worker_layout(Carver &carve, NalmuPass<T> &pass, Mat<T> *target) const;
  bool is_network(size_t i) const;  // whether parameter i is a network's, which has no positivity map
};

}  // namespace orthant
