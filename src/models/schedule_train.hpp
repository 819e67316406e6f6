// Training of the schedule (algorithms.md, "Learned schedules") by an evolution strategy with an adapted matrix [Beyer,
// Sendhoff 2017], for time:
//   minimise over tables A the mean over problems and targets of log(time(A) / time(classical))
// Problems: V = W H (+ noise) with mean 1, sides and ranks mixed.  Factors exponential; or as of images: three times as
// many components as are sought, of falling weight, sparse, heavy in the tail or smooth.  Targets: the objective of 20
// and of 100 AO-ADMM iterations from NNDSVD (rho 1, 5 inner steps, dual reset), and where no exact factorization is, 5
// % and 1 % above the best of long runs.  Time is modelled (`modelled_ns`), so that training is a pure function of the
// seed.
#pragma once
#include "blob.hpp"
#include "defaults.hpp"
#include "nmf.hpp"
#include "rng.hpp"

namespace orthant {

struct ScheduleTrainConfig {
  int32_t problems = 48, largest = 200, population = 16, iterations = 60;
  uint64_t seed = 0;
  Parallel par;

  // Zero stands for the default.
  void resolve() {
    const ScheduleTrainConfig usual;
    default_to(&problems, usual.problems);
    default_to(&largest, usual.largest);
    default_to(&population, usual.population);
    default_to(&iterations, usual.iterations);
  }
};

// One core with 512-bit vectors, measured: an iteration's fixed part, products with V, Gram matrices and passes over
// the factors, sweeps over whole vectors.
double modelled_ns(int32_t rows, int32_t cols, int32_t rank, int32_t sweeps_w, int32_t sweeps_h);

template <class T>
struct ScheduleTrain {
  ScheduleTrainConfig c;
  int32_t started = 0, generation = 0;  // started: 1, or 2 where a state was loaded and the problems are yet to be made
  double sigma = 0.25, value = 0, best = 0;  // of the mean now, and of the best mean

  static constexpr int32_t N = schedule_numbers, targets = 4, max_problems = 256;
  Status run(void *base, int32_t generations);
  size_t save(void *base, bool state, void *out) const;  // the best table, or all that `load` needs to go on
  Status load(void *base, const Blob &state);            // OK | E_BLOB, and then nothing is changed

  enum class Kind : int32_t { dense, sparse, heavy, smooth };
  struct Problem {
    size_t at;  // of V in the data
    int32_t rows, cols, rank, parts;  // parts: components of what V is made of
    Kind kind;
    NmfStart start;
    double noise;
    double target[targets], reference[targets];  // objective, or < 0: none; modelled ns of the classical solver
  };
  struct Worker {
    T *W, *H;
    unsigned char *solver;
  };
  struct Blocks {
    Problem *problem;
    T *data;
    double *mean, *path, *matrix, *next_matrix;   // N, N, N x N
    double *z, *d, *fitness, *each;               // N x population; 1 + population, problems times that
    float *tables, *best_table;                   // N x (1 + population), N
    WorkerScratch<Worker> workers;
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  struct Case {  // a problem, its data, and where it is worked on
    const Problem &p;
    Operand<T> V;
    Mat<T> W, H;
    unsigned char *solver;
  };
  struct Strategy;

  // schedule_problem.cpp
  Problem shape(int32_t i) const;
  NmfConfig config(const Problem &p, NmfMethod method, NmfStart start) const;
  void worker_layout(Carver &carve, Worker &w) const;
  Case with(const Blocks &b, const Problem &p, int32_t index) const;
  void make(const Blocks &b, Problem &p, int32_t i, int32_t index) const;
  void factor(const Rng &rng, uint64_t *draw, Kind kind, Mat<T> X) const;
  void make_data(const Blocks &b, const Problem &p, const Rng &rng, const Case &x) const;
  void find_admm_targets(const Case &x, Problem &p) const;
  double far(const Case &x, uint64_t seed) const;

  // schedule_time.cpp
  void times(const Case &x, const float *table, int32_t sweeps, double *ns) const;
  double fitness(const Case &x, const float *table) const;
  void evaluate(const Blocks &b, int32_t first, int32_t count, int32_t from, int32_t those) const;

  // schedule_state.cpp
  static constexpr int32_t settings = 7;
  void list_settings(double *list) const;

  // schedule_train.cpp
  void make_problems(const Blocks &b);
  void begin(const Blocks &b);
  void judge_mean(const Blocks &b);
  void keep_mean(const Blocks &b);
  void draw_candidates(const Blocks &b) const;
  void recombine(const Blocks &b, const Strategy &by, double *step) const;
  void adapt(const Blocks &b, const Strategy &by, const double *step);
};

}  // namespace orthant
