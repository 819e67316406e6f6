// Abundances of many pixels for fixed endmembers (algorithms.md, "Unmixing"): blocks of pixels, one product each for
// E'Y, then the half step.
//
//   unmix.cpp       the workspace, the plan, the pass over the pixels   unmix_job.hpp    one call
//   unmix_load.cpp  products and starts of a block                      unmix_judge.cpp  residuals, and their sums
#pragma once
#include "nnls.hpp"
#include "operand.hpp"
#include "status.hpp"
#include "workers.hpp"

namespace orthant {

// What sums that judge a result are taken in: where the hardware has doubles they round less than what they judge.
template <class T, bool small>
struct Wide { using type = double; };
template <>
struct Wide<float, true> { using type = float; };

constexpr int32_t unmix_parts = small_target ? 4 : 16;

// What a part of the pixels sums up.
template <class T>
struct UnmixSums {
  typename Wide<T, small_target>::type objective, norm2;
  T worst;
  int32_t worst_at, iters, bad;  // the pixel of the largest residual; most inner iterations; a pixel is not finite
  void note_residual(T residual, int32_t pixel) {
    if (!(residual > worst)) return;
    worst = residual;
    worst_at = pixel;
  }
  void operator+=(const UnmixSums &other) {
    objective += other.objective;
    norm2 += other.norm2;
    bad |= other.bad;
    iters = max_of(iters, other.iters);
    note_residual(other.worst, other.worst_at);
  }
};

template <class T>
struct UnmixWorker {
  Mat<T> F, X, U;     // block x rank: E'Y, abundances, the dual of ADMM
  T *norm2;           // of each pixel; not finite where the pixel is not
  NnlsPlan<T> *own;   // masked: of the bands that one pixel has
  NnlsScratch<T> nnls;
};

template <class T>
struct UnmixBlocks {
  NnlsPlan<T> plan;
  UnmixSums<T> *sums;  // unmix_parts
  T *A;                // rank x layers
  WorkerScratch<UnmixWorker<T>> scratch;
};

template <class T>
struct Unmix {
  // The config, resolved.
  int32_t bands = 0, rank = 0, sum_to_one = 0, max_iter = 0;
  Half method = Half::active_set;
  T tol = 0;
  Kind data = Kind::dense;
  Parallel par;
  Mat<const T> E;
  T e_norm = 0;  // largest norm of an endmember
  // What `prepare` found, kept across calls (the plan's pointers are found anew by each layout).
  T lipschitz = 0, rho = 0, shift = 0;
  // A learned proposal: so many multiplicative steps with the multipliers in Blocks::A, from which the active set
  // starts.  It decides nothing but where the exact solver begins.
  int32_t layers = 0;

  // Sets what the caller left open, `given` as zero; OK | E_UNSUPPORTED.
  Status resolve(int32_t given_method, int32_t given_max_iter, double given_tol);
  Status prepare(void *base);  // refuses before it writes
  Status run(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report);
  // The same from products E'Y, rank x pixels; not iterative, and of dense data.
  Status run_products(void *base, Mat<const T> products, const Mat<T> &A);
  void check(void *base, const Operand<T> &Y, Mat<const T> A, T *rms, T *kkt, Report *report);
  bool iterative() const { return is_iterative(method); }

  using Blocks = UnmixBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, UnmixWorker<T> &w) const;
  int32_t block() const;  // pixels

 private:
  void set_plan(NnlsPlan<T> *plan) const;
};

}  // namespace orthant
