// SymNMF-Net: the one-variable scheme of symmetric NMF unrolled into L blocks whose matrices are trained on the one X.
//   K = U_{i-1}'U_{i-1} + lambda I,  S_i = K^-1,  Z_i = P_i S_i,  U_i = max(0, Z_i);   trained: P_1 .. P_L and lambda
//   J = sum_i w_i |X - U_i U_i'|^2 + beta |R_i|^2, plus mu |U_L|_1;   R_i = P_i - (X + lambda I) U_{i-1}
// (algorithms.md, "SymNMF-Net", whose backward pass this is.)
#pragma once
#include "blob.hpp"
#include "symnmf.hpp"

namespace orthant {

enum class NetBound : int32_t { sufficient = 1, prop1, none };  // what keeps lambda large enough

// Zero is the default, which `resolve` puts in its place.
struct SymNetConfig {
  int32_t n = 0, rank = 0;
  int32_t layers = 0;        // 10
  int32_t epochs = 0;        // the length of the schedule: 400
  SymStart start{};          // spectral
  NetBound lambda_bound{};   // sufficient
  bool last_only = false;    // w = (0, .., 0, 1) instead of ones
  bool l1_all = false;       // the l1 term on every layer instead of the last
  double beta = 0;           // 0.4 / |X|_F^2; < 0: none
  double rate = 0;           // of Adam: 0.1
  double decay = 0;          // of the rate over the epochs: 0.1
  double l1 = 0, lambda = 0, weight_decay = 0;
  double leak = 0;           // slope of a unit below zero at epoch 0: 1; < 0: none
  double leak_until = 0;     // the share of epochs after which that is 0: 0.9
  bool bound = false;
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;         // max_iter: `epochs`; < 0: none
  SymConfig::Caller caller;
};
// E_ARG where the layers side by side have too many columns.
Status resolve(SymNetConfig *c);

template <class T>
struct SymNet {
  SymNetConfig c;
  OuterState outer;  // iters: epochs so far
  double norm2 = 0, lambda = 0, moment1 = 0, moment2 = 0;  // of lambda, as Adam keeps them
  double beta = 0;                                         // the weight in use
  double sufficient = 0, error2 = 0;                       // the constant bound of lambda; |X - U_L U_L'|^2
  double spectral = 0;                                     // the lower bound of E
  uint64_t hash = 0;                                       // of X
  int32_t started = 0;

  Status start(void *base, const SymmetricOperand<T> &X, Mat<T> U);
  Status run(void *base, const SymmetricOperand<T> &X, Mat<T> U, Report *report);
  // J and its gradient at the present parameters: P side by side (n x rank L), U0 (n x rank), lambda.
  Status gradient(void *base, const SymmetricOperand<T> &X, double *loss, Mat<T> dP, Mat<T> dU0, double *dlambda);
  // The parameters as a blob; its bytes, 0 where a number is not finite.  A null `out` only measures.
  size_t save(void *base, void *out) const;
  // The setting, or what else of a file, with which `load` refuses it; null: none.
  const char *misfit(const SymmetricOperand<T> &X, const Blob &blob) const;
  // From a blob of this X: the parameters, and U = U_L.
  Status load(void *base, const SymmetricOperand<T> &X, const Blob &blob, Mat<T> U);
  Mat<T> parameters(void *base) const;  // n x rank L, P_i side by side
  Mat<T> input(void *base) const;       // U_0

  static constexpr int32_t row_block = small_target ? 16 : 128, max_parts = small_target ? 1 : 32;
  struct Sums {
    double sum = 0;      // of a pass that has but one
    double penalty = 0;  // |R_i|^2
    double target = 0;   // |(X + lambda I) U_{i-1}|^2
    double cross = 0;    // <R_i, U_{i-1}>
    double l1 = 0;       // sum of U_i
    void operator+=(const Sums &more) {
      sum += more.sum;
      penalty += more.penalty;
      target += more.target;
      cross += more.cross;
      l1 += more.l1;
    }
  };
  struct Worker {
    Mat<T> D, E;           // row_block x rank each
  };
  struct Blocks {
    Mat<T> P, m, v;        // n x rank L: parameters and their moments
    Mat<T> U, XU;          // n x rank (L + 1): the layers' outputs, from U_0, and X times them
    Mat<T> S, G;           // rank x rank L, rank x rank (L + 1): the inverses, and U_i'U_i
    Mat<T> bar, R;         // n x rank
    Mat<T> K, M, W;        // rank x rank
    T *transposed;         // 2 * n * rank
    T *gram_room;          // (max_parts - 1) * rank^2
    Sums *sums;            // max_parts
    SymmetricScan *scan;
    unsigned char *solver; // before training, where the moments will lie: symmetric NMF for the spectral start or bound
    WorkerScratch<Worker> workers;
  };
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
  SymConfig solver_config() const;
  bool needs_solver() const { return c.bound || c.start == SymStart::spectral; }

 private:
  struct Job;  // symnmf_net_job.hpp
};

}  // namespace orthant
