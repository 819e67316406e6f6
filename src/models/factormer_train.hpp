// Training of the Factormer through unrolled AO-ADMM (spec factormer.md, sections 3 and 4).
//   initialization:  x_0 = net(NNDSVD), x_t = admm(x_{t-1});                  loss sum over t = 0..2 of log RMSE_t
//   acceleration:    a_t = admm(x_{t-1}), x_t = net(x_{t-1}, a_t), t = 1..T;  loss sum over t of gamma^(T-t) log RMSE_t
// The samples of a batch are shared out by their number alone, and gradients are summed in the order of the shares.
#pragma once
#include "adam.hpp"
#include "factormer.hpp"
#include "tsvd.hpp"

namespace orthant {

// The half step of AO-ADMM for X (rank x items) and its way back, 5 inner steps from U = 0:
//   K = G + rho I, G = other other';  Z = K^-1 (F + rho (X + U)),  D = Z - U,  X = max(D, 0),  U = max(-D, 0)
// F = other V_side.  D of each inner step is all that the way back needs.
template <class T>
struct AdmmHalf {
  static constexpr int32_t inner = 5;
  T *D = nullptr, *inverse = nullptr;  // inner * rank * items, rank^2: kept
};

struct TrainSchedule {
  double rate = 1e-4, epoch_decay = 0.9;
  int32_t epoch_steps = 15000, epochs = 15, warmup = 0, one_cycle = 0;
  double at(int64_t step) const;  // cosine within each epoch, times the decay after each; or one cosine after a warm-up
};

// Synthetic data, the same for the same numbers on all machines up to rounding: exponential factors of mean 1/sqrt(rank), noise.
struct FactorSample {
  uint64_t seed = 0, index = 0;
  int32_t rank = 10, set = 0;  // 0: training (15000 matrices an epoch), 1: small, 2: large (both noise free)
  double noise = 0.01;         // of the training set
  void sizes(int32_t *rows, int32_t *cols) const;
  template <class T>
  void draw(Mat<T> V) const;
};

template <class T>
struct FactormerTrain {
  FactormerShape s;
  int32_t max_rows = 0, max_cols = 0;
  int32_t unrolled = 2;    // AO-ADMM iterations after the network; acceleration: applications of it, T at most
  double rho = 1, gamma = 0.2, clip = 0;
  int32_t grow_epochs = 2;  // acceleration: epochs until one more application
  AdamConfig adam;
  TrainSchedule schedule;
  uint64_t seed = 0;
  Parallel par;
  int64_t steps = 0;

  static constexpr int32_t max_shares = 4, max_unrolled = 8;
  struct Blocks {
    T *theta, *m, *v, *share, *turned;
    double *loss, *norm;      // of each share, of each piece of the parameters
    unsigned char *worker;
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;
  void start(void *base);
  // One step on these matrices (finite; of at most max_rows x max_cols).  rmse: of the first iterate after the network,
  // as a geometric mean.  False: loss or gradient are not finite, and nothing has changed.
  bool step(void *base, const Mat<const T> *V, int32_t count, bool learn, double *loss, double *rmse);
  size_t save(void *base, bool moments, void *out);
  Status load(void *base, const Blob &blob);
  T *parameters(void *base) const;
  T *gradient(void *base) const;  // of the last step, for tests

 private:
  static constexpr int32_t max_ops = 2 * max_unrolled;
  struct Worker;
  enum Op : int32_t { net, admm };
  int32_t ops_at(int64_t step, Op *list, double *weight) const;
  void worker_layout(Carver &carve, Worker &w, int32_t m, int32_t n) const;
  void turn(const Blocks &b) const;
  void sample(const Ops<T> &ops, Worker &w, View<T> V, const FactormerSource<T> &source, T *bar, bool fresh,
              double *loss, double *first) const;
  void half(const Ops<T> &ops, Worker &w, int32_t side, Mat<const T> other, Mat<const T> in, Mat<T> out,
            const AdmmHalf<T> &keep) const;
  void half_back(const Ops<T> &ops, Worker &w, int32_t side, Mat<const T> other, Mat<T> d_out, Mat<T> d_other, Mat<T> d_in,
                 const AdmmHalf<T> &keep) const;
  double error(const Ops<T> &ops, Worker &w, Mat<const T> W, Mat<const T> H) const;
};

}  // namespace orthant
