// NMF: minimise 1/2 |V - W H|^2 + l1, l2 and overlap penalties over W, H >= 0.
//
// An iteration is a half step for W from B = V H' and S = H H', then one pass over the columns of V: a panel J gives
// F = V_J' W, has its rows of H' solved, and adds V_J H_J' to B and H_J H_J' to S while it is in cache (spec, section
// 12).  V is read once.  After the pass both gradients, W S - B and H' G - F with G = W'W, and the objective
// 1/2 |V|^2 - <F, H'> + 1/2 <G, S> are at hand.  A method is a half step; extrapolated HALS adds its two steps.
//
// Penalties change what a half step is given: G + l2 I + ortho (1 1' - I), and F - l1.  Sparse data give F and B as
// whole products, from transposed factors.  Masked data are completed by the model, before F and again before B (operand.hpp).
#pragma once
#include "nnls.hpp"
#include "operand.hpp"
#include "outer.hpp"
#include "schedule.hpp"
#include "start.hpp"

namespace orthant {

enum class NmfMethod : int32_t { ehals = 1, hals, ahals, anls, aoadmm, pg, mu, ccd, minvol, murnmf, aurnmf };
enum class NmfStart : int32_t { cols = 1, spas, spa, random, nndsvd, nndsvda, nndsvdar, given, sub };
enum class Loss : int32_t { frobenius, kl, is, beta };
enum class Ortho : int32_t { components = 1, observations };
// Which class solves it: one for each loss and family of half steps.
enum class Engine : int32_t { half_steps, beta, minvol, penalized };

// The coarse-to-fine start: iterations of EHALS on a sample of V.  A run of fewer than `brief_run` iterations wants a
// cheap one, the smallest sample.  Others take an eighth of V, which begins coarse to fine itself
// (tools/bench/results/clock).
constexpr int32_t brief_run = 5, coarse_iterations = 10;
// Where a sample of 4 rank rows and columns is small beside V.
inline bool coarse_pays(double entries, int32_t rank) { return entries >= 64.0 * rank * rank && !small_target; }

// The config of every engine, which holds it as its first member.
struct NmfConfig {
  Engine engine = Engine::half_steps;
  int32_t rows = 0, cols = 0, rank = 0;
  NmfMethod method = NmfMethod::ehals;
  NmfStart start = NmfStart::cols;
  int32_t sweeps = 0;
  double rho = 0;
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;
  struct Caller {
    void (*progress)() = nullptr;
    void *user = nullptr;
  } caller;  // the C progress function, which only capi can call
  Loss loss = Loss::frobenius;
  double beta = 2;
  double l1_w = 0, l1_h = 0, l2_w = 0, l2_h = 0, ortho_w = 0, ortho_h = 0;
  Ortho axis = Ortho::components;
  double volume = 0.1, delta = 0.1;                        // MINVOL
  bool clip_paper = false;                                 // MURNMF
  bool direction_paper = false, curvature_paper = false;   // AURNMF
  bool full_step = false;
  Kind data = Kind::dense;
  bool fixed_w = false;
  const void *model = nullptr;  // of learned proposals, which only models/ knows
  int32_t proposals = 0;        // taken
  double tau = 0.1, anneal = 0.01, zero_tol = 1e-12, min_step = 1e-9;
  const float *schedule = nullptr;  // EHALS: a table that schedule_valid passed, which outlives the handle
  int32_t steered = schedule_horizon;  // iterations by the schedule
  bool only_starts = false;            // for another engine, which iterates itself
};

// Momentum of extrapolated HALS [Ang, Gillis 2019]; the constants stand in spec clock.md, section 1.
struct Momentum {
  double beta = 0.5, bar = 1, before = 0.5, error = -1;  // error < 0: none yet
};

// With a schedule: what it sees, what it said for this iteration, and how far it is believed.  A restart divides `trust`
// by 1.5 and each iteration without one multiplies it by 1.05, as the classical rule does with beta itself.
struct Pace {
  double fall = 0, zeros = 0, trust = 1;
  int32_t t = 0;
  ScheduleStep w, h;
};

template <class T>
struct Nmf {
  NmfConfig c;
  OuterState outer;
  Momentum momentum;
  Pace pace;
  double norm2 = 0;       // |V|^2; masked: weighted
  double completed2 = 0;  // masked: of the last completion, |V^|^2
  double residual2 = 0;   // masked: and its weighted residual
  double first_fx = 0, first_kkt = -1;  // of a start that no iteration follows: what `finish` wants of the pass
  int32_t started = 0;    // B, S and the extrapolated factors are those of W, H and V
  int32_t exact = 0;      // nothing is extrapolated: W and H are the iterate

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);

  static constexpr int32_t max_parts = small_target ? 1 : 16;
  struct Sums {  // of one chunk of columns, or of rows
    double fx, kkt, squares, completed, residual;
    int32_t good;
  };
  struct Blocks {
    Mat<T> B, Wy, Hy, dual_w, dual_h;  // rows x rank, ..., cols x rank, ...
    Mat<T> keep_W, keep_H;             // the iterate before the step
    Mat<T> Bt, Wt, Ft;                 // sparse: rank x rows (over B), rank x rows, rank x cols
    Mat<T> S, G;                       // H H', W'W
    NnlsPlan<T> w, h;                  // their G: S and W'W with penalties
    T *partial_B, *partial_S;          // wave() * rows * rank; max_parts * rank^2
    Sums *sums;                        // max_parts
    T *relaxed;                        // rank: omega / G_kk
    Tsvd<T> svd;
    T *norms, *first;
    int32_t *chosen, *list;            // rank; sampled columns
    Mat<T> block, block_W, block_H;    // coarse-to-fine start: a sample of V, its factors
    unsigned char *coarse;
    unsigned char *worker;
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;
  int32_t panel() const;   // columns of V at a time
  int32_t wave() const;    // chunks under way at once
  int32_t chunks() const;  // shares of the columns, each with sums of its own

 private:
  struct Worker {
    Mat<T> F, X;
    Mat<T> t, P, Q;  // masked: rank x panel, rows x panel; overlap in an exact half step: as F
    T *tile;
    NnlsScratch<T> scratch;
  };
  struct Job;  // the blocks and the data of one call
  Half half() const;
  int32_t sweeps(int32_t problems, int32_t length) const;
  int32_t sample() const;
  Nmf coarse() const;  // the solver of the next coarser level
  void worker_layout(Carver &carve, Worker &w) const;
};

}  // namespace orthant
