// Abundances of many pixels for fixed endmembers (algorithms.md, "Unmixing"): blocks of pixels, one product each for
// E'Y, then the half step.
//
// The half step sees E diag(scale) and a pixel times its unit; abundances are taken back when they are stored.  The
// inexact methods, and all where a column is far from one, see columns of norms in (1/2, 1]; with sum_to_one scale and
// unit are one number, so that the sum stays one.  All are powers of two: nothing is rounded.  On a microcontroller
// nothing is scaled, for its flash: data at the ends of the number range are refused there, or count as zero.
//
//   unmix.cpp       the workspace, the plan, the pass over the pixels   unmix_job.hpp    one call
//   unmix_load.cpp  products and starts of a block                      unmix_judge.cpp  residuals, and their sums
#pragma once
#include "nnls.hpp"
#include "passes.hpp"
#include "status.hpp"

namespace orthant {


constexpr int32_t unmix_parts = 4;  // of a microcontroller

// What a part of the pixels sums up.
template <class T>
struct UnmixSums {
  using Sum = typename Wide<T, small_target>::type;
  Sum objective, norm2;
  Sum faint_objective, faint_norm2;  // times Faint<Sum>::lift, squared: of pixels whose unit is no less
  T worst;
  int32_t worst_at, iters, bad;  // the pixel of the largest residual; most inner iterations; a pixel is not finite
  // Of a pixel that is times `unit`.
  void add(Sum pixel_objective, Sum pixel_norm2, Sum unit) {
    const bool faint = !small_target && unit >= Faint<Sum>::lift;
    const Sum back = (faint ? Faint<Sum>::lift : Sum(1)) / unit;
    (faint ? faint_objective : objective) += pixel_objective * back * back;
    (faint ? faint_norm2 : norm2) += pixel_norm2 * back * back;
  }
  void note_residual(T residual, int32_t pixel) {
    if (!(residual > worst)) return;
    worst = residual;
    worst_at = pixel;
  }
  void operator+=(const UnmixSums &other) {
    objective += other.objective;
    norm2 += other.norm2;
    if (!small_target) {
      faint_objective += other.faint_objective;
      faint_norm2 += other.faint_norm2;
    }
    bad |= other.bad;
    iters = max_of(iters, other.iters);
    note_residual(other.worst, other.worst_at);
  }
};

template <class T>
struct UnmixWorker {
  Mat<T> F, X, U;     // block x rank: E'Y, abundances, the dual of ADMM
  T *norm2;           // of each pixel in its unit; not finite where the pixel is not
  NnlsPlan<T> *own;   // masked: of the bands that one pixel has
  NnlsScratch<T> nnls;
  // By which pixel p is multiplied: behind the norms, and one where nothing is scaled.
  T unit(int32_t p) const { return small_target ? T(1) : norm2[F.ld + p]; }
  void set_unit(int32_t p, T unit) {
    if (!small_target) norm2[F.ld + p] = unit;
  }
};

template <class T>
struct UnmixBlocks {
  NnlsPlan<T> plan;
  T *scale;            // rank: by which a column of E is multiplied, 0 for a zero column; all one where not `scaled`
  UnmixSums<T> *sums;  // of the chunks under way
  T *A;                // rank x layers
  StreamRoom<T> stream;
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
  // What `prepare` found, kept across calls (the plan's pointers are found anew by each layout).
  T lipschitz = 0, rho = 0, shift = 0;
  bool even = false, scaled = false;
  bool scales() const { return !small_target && scaled; }
  // A learned proposal: so many multiplicative steps with the multipliers in Blocks::A, from which the active set
  // starts.  It decides nothing but where the exact solver begins.
  int32_t layers = 0;

  // Sets what the caller left open, `given` as zero; OK | E_UNSUPPORTED.
  Status resolve(int32_t given_method, int32_t given_max_iter, double given_tol);
  Status prepare(void *base);  // refuses before it writes
  Status run(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report);
  // The same from products E'Y, rank x pixels; not iterative, and of dense data.
  Status run_products(void *base, Mat<const T> products, const Mat<T> &A);
  Status check(void *base, const Operand<T> &Y, Mat<const T> A, T *rms, T *kkt, Report *report);
  bool iterative() const { return is_iterative(method); }

  using Blocks = UnmixBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, UnmixWorker<T> &w) const;
  int32_t block() const;  // pixels
  PanelCut cut(int32_t pixels) const;

 private:
  void set_plan(NnlsPlan<T> *plan) const;
};

}  // namespace orthant
