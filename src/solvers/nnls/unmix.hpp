// Abundances of many pixels for fixed endmembers: blocks of pixels, one product each for E'Y, then the half step.
#pragma once
#include "nnls.hpp"
#include "operand.hpp"
#include "status.hpp"

namespace orthant {

// What sums that judge a result are taken in: where the hardware has doubles they round less than what they judge.
template <class T, bool small>
struct Wide { using type = double; };
template <>
struct Wide<float, true> { using type = float; };

template <class T>
struct Unmix {
  // The config, resolved.
  int32_t bands = 0, rank = 0, sum_to_one = 0, max_iter = 0;
  Half method = Half::bpp;
  T tol = 0;
  Kind data = Kind::dense;
  Parallel par;
  Mat<const T> E;
  T e_norm = 0;  // largest norm of an endmember
  // What `prepare` found, kept across calls (the plan's pointers are found anew by each layout).
  T lipschitz = 0, rho = 0, shift = 0;
  // A learned proposal: so many multiplicative steps with the multipliers in Blocks::A, from which the active set starts.
  // It decides nothing but where the exact solver begins.
  int32_t layers = 0;

  Status prepare(void *base);  // refuses before it writes
  // products: E'Y, rank x pixels, where that is at hand and Y is only its shape; without a report, and not iterative.
  Status run(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report,
             const Mat<const T> *products = nullptr);
  bool iterative() const {
    return method == Half::hals || method == Half::admm || method == Half::fast_pg || method == Half::mu;
  }
  void check(void *base, const Operand<T> &Y, Mat<const T> A, T *rms, T *kkt, Report *report);

  using Sum = typename Wide<T, small_target>::type;
  struct Segment {  // what a fixed share of the pixels sums up, so that sums do not depend on the workers
    Sum objective, norm2;
    T worst;
    int32_t worst_at, iters, bad;
  };
  struct Blocks {
    NnlsPlan<T> plan;
    Segment *segment;
    T *A;       // rank x layers
    T *worker;  // bytes per worker follow from a second carver
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  struct Worker {
    Mat<T> F, X, U;
    T *norm2;
    const Mat<const T> *products;
    bool judged;  // whether anybody reads what the segments sum up
    NnlsPlan<T> *own;  // masked: of the bands that one pixel has
    NnlsScratch<T> scratch;
  };
  int32_t block() const;
  void worker_layout(Carver &carve, Worker &w) const;
  // One block of pixels from j on, as many as w.F has rows: products and a start; whether to go on, or the sums.
  void block_load(const Ops<T> &ops, const NnlsPlan<T> &plan, const Operand<T> &Y, int32_t j, Worker &w) const;
  bool pixel_load(const Operand<T> &Y, int32_t j, Worker &w) const;
  void block_propose(const Ops<T> &ops, const NnlsPlan<T> &plan, const T *A, Worker &w) const;
  bool block_judge(const Ops<T> &ops, const NnlsPlan<T> &plan, int32_t j, int32_t iters, bool may_go_on, Worker &w,
                   Segment &seg) const;
  void block_run(const Ops<T> &ops, const Blocks &b, const NnlsPlan<T> &plan, const Operand<T> &Y, int32_t j,
                 const Mat<T> &A, Worker &w, Segment &seg) const;
  static bool sum_up(const Segment *segment, int32_t parts, Report *report);
  void recompute(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report);
};

}  // namespace orthant
