// What an NMF is asked for: the methods, starts and losses with what they support, and the config with its defaults.
#pragma once
#include "nnls.hpp"
#include "operand.hpp"
#include "outer.hpp"
#include "reduce.hpp"
#include "schedule.hpp"

namespace orthant {

#define ORTHANT_NMF_METHOD(name, PUBLIC, number, ...) name = number,
enum class NmfMethod : int32_t {
#include "methods.def"
};
#undef ORTHANT_NMF_METHOD

#define ORTHANT_NMF_START(name, PUBLIC, number, ...) name = number,
enum class NmfStart : int32_t {
#include "starts.def"
};
#undef ORTHANT_NMF_START

#define ORTHANT_NMF_LOSS(name, PUBLIC, number, exponent) name = number,
enum class Loss : int32_t {
#include "losses.def"
};
#undef ORTHANT_NMF_LOSS

enum class Ortho : int32_t { components = 1, observations };

// Which class solves it.
enum class Engine : int32_t { half_steps, beta, minvol, penalized };

constexpr int32_t proposals_refused = -1;  // in place of a number of proposals

// The config of every engine, which holds it as its first member.
struct NmfConfig {
  Engine engine = Engine::half_steps;
  int32_t rows = 0, cols = 0, rank = 0;
  NmfMethod method = NmfMethod::ehals;
  NmfStart start = NmfStart::cols;
  int32_t sweeps = 0;  // 0: by the rule of the method
  double rho = 0;
  double inner_tol = 0;  // AOADMM
  uint64_t seed = 0;
  Parallel par;
  Reduce reduce;
  OuterConfig outer;
  ProgressCaller caller;
  Loss loss = Loss::frobenius;
  double beta = 2;
  double l1_w = 0, l1_h = 0, l2_w = 0, l2_h = 0, ortho_w = 0, ortho_h = 0;
  Ortho axis = Ortho::components;
  double volume = 0.1, delta = 0.1;                        // MINVOL
  bool clip_paper = false;                                 // MURNMF
  bool direction_paper = false, curvature_paper = false;   // AURNMF
  bool full_step = false;                                  // AURNMF, as are the next four
  double tau = 0.1, anneal = 0.01, zero_tol = 1e-12, min_step = 1e-9;
  Kind data = Kind::dense;
  bool fixed_w = false;
  ScheduleTable schedule;                  // EHALS: a table that schedule_valid passed, which outlives the handle
  int32_t steered = schedule_horizon;      // iterations by the schedule
  bool looks = false;                      // at V, for the sweeps of a half step (starts.cpp)
  bool only_starts = false;                // for another engine, which iterates itself
  bool learned = false;                    // learned proposals come with each call (proposal.hpp)
  int32_t proposals = 0;                   // of them taken so far, or proposals_refused

  // Of the whole V: what decides how a step is made is the same on all processes.
  int32_t all_cols() const { return reduce.active() ? reduce.all_columns : cols; }
  bool sparse() const { return data == Kind::csc || data == Kind::csr; }
  bool masked() const { return data == Kind::masked; }
  bool extrapolates() const { return method == NmfMethod::ehals; }
  bool overlap() const { return ortho_w + ortho_h > 0; }
  bool penalties() const { return l1_w + l1_h + l2_w + l2_h + ortho_w + ortho_h > 0; }
};

// What a config leaves open.  Zero stands for the default in every field of NmfConfig that is named here.
struct NmfChoice {
  int32_t method = 0, start = 0, max_iter = 0, axis = 0;
};
// Sets what is open, and the engine.  OK | E_UNSUPPORTED where the combination has no solver.
Status resolve(NmfConfig *c, const NmfChoice &given);

// The words of the command line; null outside.
const char *name_of(NmfMethod method);
const char *name_of(NmfStart start);
const char *name_of(Loss loss);

double beta_of(Loss loss);  // of Loss::beta the caller gives it
Half half_step_of(NmfMethod method);
bool needs_svd(NmfStart start);      // a truncated SVD of V
bool leaves_h(NmfStart start);       // W alone is made; H follows by sweeps

// The coarse-to-fine start: iterations of EHALS on a sample of V.  A run of fewer than `brief_run` iterations needs a
// cheap one, the smallest sample.  Others take an eighth of V, which begins coarse to fine itself
// (tools/bench/results/clock).
constexpr int32_t brief_run = 5, coarse_iterations = 10;
// Where a sample of 4 rank rows and columns is small beside V.
inline bool coarse_pays(double entries, int32_t rank) { return entries >= 64.0 * rank * rank && !small_target; }
// Its sample; `middle`: not the smallest one.
struct CoarseSample {
  int32_t rows, cols;
  bool middle;
};
CoarseSample coarse_sample(const NmfConfig &c);
// What the start costs from the smallest sample, in iterations on V, by a count of flops.  In a brief run more than
// `coarse_most_price` is better spent on V: at high rank 4 rank rows and columns are dear.  On 1024 x 400 faces at rank
// 38, 1.8, two iterations from sampled columns cost less and end lower than the start alone.
double coarse_price(const NmfConfig &c);
constexpr double coarse_most_price = 1.1;

// The start from a rough SVD takes as long as some seven iterations.  It pays for runs of sparse V that may be long.
constexpr int32_t long_run = 30;
// Dense V of so many entries is looked at, at about so many of them: is the square of their mean above that share of
// their mean square?
constexpr int64_t look_many = 20000;
constexpr int32_t look_entries = 4096;
constexpr double look_alike = 0.5;

// The Frobenius solver without penalties whose starts serve the other engines.
NmfConfig starter_of(const NmfConfig &c);

}  // namespace orthant
