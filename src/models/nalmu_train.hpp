// Training of NALMU: minimise over the multipliers the mean over samples of
//   sum_k nu_k (l_W(W^k, W_true) + l_H(H^k, H_true))
// by the backward pass of algorithms.md, "NALMU", and Adam.  The samples of a mini-batch are shared out by their number
// alone, and gradients are summed in the order of the shares: the same bits for any number of workers.
#pragma once
#include "adam.hpp"
#include "nalmu_pass.hpp"

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

  // Sets what is zero to its default: lines, kernel and spreads of the shape, segment (all layers), positivity, nu,
  // losses, Adam, decay and start_h.  OK | E_ARG where there can be no such network.
  Status resolve();

  struct Worker {
    NalmuPass<T> pass;
    Mat<T> X;              // of the truth
  };
  struct Blocks {
    T *theta, *m, *v, *A;
    Mat<T> W0, H0;         // where the factors start; H0 columns x rank
    double *nu;
    double *losses;        // of the samples under way
    T *gradients;          // the sum, then those of the samples under way
    WorkerScratch<Worker> workers;
  };
  void layout(Carver &carve, Blocks &b) const;
  Blocks blocks(void *base) const {
    Carver carve(base);
    Blocks b;
    layout(carve, b);
    return b;
  }
  void start(void *base, View<T> W0);
  // One step of Adam on these samples, side by side: Y bands x (columns count), W bands x (rank count), H rank x
  // (columns count).  false: the loss or a gradient is not finite, and nothing has changed.
  bool step(void *base, Mat<const T> Y, Mat<const T> W, Mat<const T> H, int32_t count, Learn learn, double *loss_out);
  // Writes the model, or with `moments` what is needed to go on; the bytes, 0 where a number is not finite.
  size_t save(void *base, bool moments, void *out);
  // The setting, or what else of a file, with which `load` refuses it; null: none.
  const char *misfit(void *base, const Blob &blob) const;
  Status load(void *base, const Blob &blob);
  T *gradient(void *base) { return blocks(base).gradients; }  // of the last step

 private:
  void worker_layout(Carver &carve, Worker &w) const;
  bool is_network(size_t i) const;  // whether parameter i is a network's, which has no positivity map
  double nu_of(int32_t layer) const;
  double sample(const Blocks &b, const Worker &w, Mat<const T> Y, Mat<const T> W, Mat<const T> H, T *gradient) const;
  int32_t under_way() const { return max_of(1, par.workers); }
  bool finish_gradient(const Blocks &b, int32_t count) const;
  void learn(const Blocks &b);
  void save_multipliers(const Blocks &b, Side side, BlobWriter &w) const;
  void save_settings(bool state, BlobWriter &w) const;
  bool starts_as(const Blocks &b, const Record &W0) const;
  void load_multipliers(const Blocks &b, const Blob &blob, Side side) const;
};

// The multiplier that a parameter stands for, and the parameter of a multiplier.
template <class T>
T positive(Positivity p, T theta) {
  switch (p) {
    case Positivity::exponential: return T(exp(double(theta)));
    case Positivity::direct: return theta;
    case Positivity::softplus: return T(max_of(double(theta), 0.0) + log1p(exp(-fabs(double(theta)))));
  }
  return theta;
}
template <class T>
T parameter_of(Positivity p, T a) {
  switch (p) {
    case Positivity::exponential: return T(log(max_of(double(a), 1e-30)));
    case Positivity::direct: return a;
    case Positivity::softplus: return T(log(expm1(max_of(double(a), 1e-12))));
  }
  return a;
}

}  // namespace orthant
