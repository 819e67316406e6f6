// Training of the Factormer through unrolled AO-ADMM (algorithms.md, "Factormer: training").
//   initialization:  x_0 = net(NNDSVD), x_t = admm(x_{t-1});                  loss sum over t = 0..2 of log RMSE_t
//   acceleration:    a_t = admm(x_{t-1}), x_t = net(x_{t-1}, a_t), t = 1..T;  loss sum over t of gamma^(T-t) log RMSE_t
// Each sample of a batch has a gradient of its own, as many at a time as there are workers; they are added in the order
// of the samples.
#pragma once
#include "adam.hpp"
#include "admm_half.hpp"
#include "data_range.hpp"
#include "factormer_pass.hpp"
#include "tsvd.hpp"

namespace orthant {

struct TrainSchedule {
  double rate = 1e-4, epoch_decay = 0.9;
  int32_t epoch_steps = 15000, epochs = 15, warmup = 0, one_cycle = 0;
  double at(int64_t step) const;  // cosine within each epoch, times the decay after each; or one cosine after a warm-up
};

// Of the samples of a share: the loss, and log RMSE of the iterate that is reported.
struct FactormerLosses {
  double loss = 0, reported = 0;
  void operator+=(const FactormerLosses &other) {
    loss += other.loss;
    reported += other.reported;
  }
};

// What is minimised of an iterate: log RMSE, or the mean of the squares, of V at mean one.
enum class FactormerLoss : int32_t { log_rmse = 1, mse };

// What one sample goes through, and the weight of log RMSE after each step; 0: not judged.
struct Unrolled {
  static constexpr int32_t most = 8;  // applications of the network, or AO-ADMM iterations after it
  enum Step : int32_t { net, admm };
  int32_t count = 0;
  Step step[2 * most];
  double weight[2 * most];
  int32_t reported = 0;  // the step whose RMSE is reported: the first network, of a network that accelerates the last
  void add(Step what, double weight_after) {
    step[count] = what;
    weight[count] = weight_after;
    ++count;
  }
};

template <class T>
struct FactormerTrain {
  FactormerShape s;
  int32_t max_rows = 0, max_cols = 0;
  int32_t unrolled = 2;    // AO-ADMM iterations after the network; acceleration: applications of it, T at most
  double rho = 1, gamma = 0.2, clip = 0;
  FactormerLoss loss = FactormerLoss::log_rmse;
  int32_t grow_epochs = 2;  // acceleration: epochs until one more application
  AdamConfig adam;
  TrainSchedule schedule;
  uint64_t seed = 0;
  Parallel par;
  int64_t steps = 0;
  DataRange range;  // of what was learned from

  // Sets what is zero to its default: the shape but for separate, wide_scale, last_norm and accelerates, and all of the
  // training but for clip, warmup and one_cycle; adam.decay is none below zero.  OK | E_ARG where there can be no such
  // network.
  Status resolve();

  static constexpr int32_t max_samples = 64, max_unrolled = Unrolled::most;  // of a step; of a sample
  struct Worker {
    int32_t m, n;
    FactormerPass<T> pass[max_unrolled];
    AdmmHalf<T> half[max_unrolled][2];
    Mat<T> x[2 * max_unrolled + 1][2], dx[2 * max_unrolled + 1][2];  // rank x items: iterates, from the start on
    Mat<T> V, Vt, E, Et, W;
    AdmmScratch<T> admm;
    Tsvd<T> svd;
    AdmmSide<T> side(int32_t of) const { return of == of_h ? AdmmSide<T>{V, Vt} : AdmmSide<T>{Vt, V}; }
  };
  struct Blocks {
    T *theta, *m, *v, *transposed;
    T *gradients;             // the sum, then those of the samples under way
    FactormerLosses *losses;  // of each sample
    double *norm;             // of each chunk of the parameters
    T *rows;                  // of a matrix
    unsigned char *workers;
    size_t worker_bytes;      // of the largest matrix
  };
  void layout(Carver &carve, Blocks &b) const;
  Blocks blocks(void *base) const {
    Carver carve(base);
    Blocks b;
    layout(carve, b);
    return b;
  }
  void start(void *base);
  // One step on these matrices (finite; of at most max_rows x max_cols).  rmse: of the iterate that is reported, as a
  // geometric mean.  False: loss or gradient are not finite, and nothing has changed.
  bool step(void *base, const Mat<const T> *V, int32_t count, Learn learn, double *loss, double *rmse);
  // These matrices widen the range, as a step that learns does.
  void widen(void *base, const Mat<const T> *V, int32_t count);
  size_t save(void *base, bool moments, void *out);
  // The setting, or what else of a file, with which `load` refuses it; null: none.
  const char *misfit(void *base, const Blob &blob) const;
  Status load(void *base, const Blob &blob);
  T *parameters(void *base) const { return blocks(base).theta; }
  T *gradient(void *base) const { return blocks(base).gradients; }  // of the last step that made one

 private:
  // factormer_train.cpp
  int32_t chunks() const;
  template <class Body>
  double by_chunks(const Blocks &b, const Body &body) const;
  Unrolled unroll(int64_t step) const;
  void transpose_weights(const Blocks &b) const;
  int32_t under_way() const { return max_of(1, par.workers); }
  double add_gradients(const Blocks &b, int32_t gradients, bool last, int32_t count) const;
  void learn(const Blocks &b, double norm2);

  // factormer_unroll.cpp
  void worker_layout(Carver &carve, Worker &w, int32_t m, int32_t n) const;
  void make_start(const Ops<T> &ops, const Worker &w, View<T> V) const;
  typename FactormerPass<T>::Factors factors(const Worker &w, int32_t i) const;
  double error(const Ops<T> &ops, const Worker &w, int32_t i) const;
  // The losses of a sample are added to; its gradient is added to `bar`, or with `fresh` written; null: none.
  void sample(const Ops<T> &ops, Worker &w, const Unrolled &u, View<T> V, const FactormerSource<T> &source, T *bar,
              bool fresh, FactormerLosses *losses) const;
  void sample_back(const Ops<T> &ops, Worker &w, const Unrolled &u, const FactormerSource<T> &source,
                   const double *squares, T *bar, bool fresh) const;
  void loss_back(const Ops<T> &ops, const Worker &w, int32_t i, double weight, double squares) const;
};

}  // namespace orthant
