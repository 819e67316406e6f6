#include "schedule_train.hpp"

#include <math.h>
#include <string.h>

namespace orthant {
namespace {

constexpr double largest_entry = 20;  // of a number of a table: the logistic function is 0 or 1 beyond
constexpr int32_t share_problems = 24;

double within(double x) { return max_of(-largest_entry, min_of(largest_entry, x)); }
void put(const double *x, int32_t n, float *table) {
  for (int32_t k = 0; k < n; ++k) table[k] = float(within(x[k]));
}

}  // namespace

// The constants of the strategy [Beyer, Sendhoff 2017], of mu parents and `numbers` numbers.
template <class T>
struct ScheduleTrain<T>::Strategy {
  int32_t mu;
  double weight_sum = 0, effective;
  double cs, c1, cm;  // learning rates of the path, and of the matrix from the path and from the parents
  double damping, length;  // length: of a normal vector

  Strategy(int32_t parents, int32_t numbers) : mu(parents) {
    const double n = numbers;
    double squares = 0;
    for (int32_t i = 0; i < mu; ++i) {
      weight_sum += raw_weight(i);
      squares += raw_weight(i) * raw_weight(i);
    }
    effective = weight_sum * weight_sum / squares;
    cs = (effective + 2) / (n + effective + 5);
    c1 = 2 / ((n + 1.3) * (n + 1.3) + effective);
    cm = 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective);  // far below 1 - c1: mu <= 128
    damping = 1 + cs + 2 * max_of(0.0, sqrt((effective - 1) / (n + 1)) - 1);
    length = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  }
  double raw_weight(int32_t i) const { return log(mu + 0.5) - log(i + 1.0); }
  double weight(int32_t i) const { return raw_weight(i) / weight_sum; }
};

template <class T>
void ScheduleTrain<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(N), population = size_t(c.population);
  carve.take<ScheduleTrain<T>>(1);
  b.problem = carve.take<Problem>(size_t(c.problems));
  size_t data = 0;
  for (int32_t i = 0; i < c.problems; ++i) {
    const Problem p = shape(i);
    data += size_t(p.rows) * size_t(p.cols);
  }
  b.data = carve.take<T>(data);
  b.mean = carve.take<double>(n);
  b.path = carve.take<double>(n);
  b.matrix = carve.take<double>(n, n);
  b.next_matrix = carve.take<double>(n, n);
  b.z = carve.take<double>(n, population);
  b.d = carve.take<double>(n, population);
  b.fitness = carve.take<double>(1 + population);
  b.each = carve.take<double>(1 + population, size_t(c.problems));
  b.tables = carve.take<float>(n, 1 + population);
  b.best_table = carve.take<float>(n);
  b.workers.layout(carve, c.par.workers, [this](Carver &one, Worker &w) { worker_layout(one, w); });
}

template <class T>
void ScheduleTrain<T>::make_problems(const Blocks &b) {
  size_t at = 0;
  for (int32_t i = 0; i < c.problems; ++i) {
    b.problem[i] = shape(i);
    b.problem[i].at = at;
    at += size_t(b.problem[i].rows) * size_t(b.problem[i].cols);
  }
  parallel_for(c.par, c.problems, [&](int32_t i, int32_t index) { make(b, b.problem[i], i, index); });
}

// The classical method as the first mean.
template <class T>
void ScheduleTrain<T>::begin(const Blocks &b) {
  for (int32_t k = 0; k < N; ++k) {
    b.mean[k] = 0;
    b.path[k] = 0;
  }
  b.mean[schedule_rule] = 2;  // the classical momentum, with about 8 sweeps
  for (int32_t k = 0; k < N * N; ++k) b.matrix[k] = k % (N + 1) == 0;
  generation = 0;
  sigma = 0.25;
  judge_mean(b);
  keep_mean(b);
}

// On all problems.
template <class T>
void ScheduleTrain<T>::judge_mean(const Blocks &b) {
  put(b.mean, N, b.tables);
  evaluate(b, 0, 1, 0, c.problems);
  value = b.fitness[0];
}

// As the best, just after it was judged.
template <class T>
void ScheduleTrain<T>::keep_mean(const Blocks &b) {
  best = value;
  memcpy(b.best_table, b.tables, sizeof(float) * size_t(N));
}

// Each candidate is the mean + sigma d, d = M z with normal z.
template <class T>
void ScheduleTrain<T>::draw_candidates(const Blocks &b) const {
  const Rng rng(c.seed, 0x4553 + uint64_t(generation));
  for (int32_t i = 0; i < c.population; ++i) {
    double *z = b.z + i * N, *d = b.d + i * N, x[N];
    for (int32_t k = 0; k < N; ++k) z[k] = rng.normal(uint64_t(i) * N + uint64_t(k));
    for (int32_t k = 0; k < N; ++k) {
      d[k] = 0;
      for (int32_t l = 0; l < N; ++l) d[k] += b.matrix[k + l * N] * z[l];
      x[k] = b.mean[k] + sigma * d[k];
    }
    put(x, N, b.tables + (1 + i) * N);
  }
}

// The mean moves to the best candidates, whose z are summed up in `step`; the next matrix learns their directions.
template <class T>
void ScheduleTrain<T>::recombine(const Blocks &b, const Strategy &by, double *step) const {
  double *M = b.next_matrix;
  const double keep = 1 - by.c1 / 2 - by.cm / 2;
  for (int32_t k = 0; k < N; ++k) step[k] = 0;
  for (int32_t k = 0; k < N * N; ++k) M[k] = keep * b.matrix[k];
  for (int32_t rank = 0; rank < by.mu; ++rank) {
    int32_t chosen = -1;  // the best that is left; ties by number
    for (int32_t i = 0; i < c.population; ++i)
      if (is_finite(b.fitness[1 + i]) && (chosen < 0 || b.fitness[1 + i] < b.fitness[1 + chosen])) chosen = i;
    if (chosen < 0) break;
    b.fitness[1 + chosen] = HUGE_VAL;
    const double w = by.weight(rank), *z = b.z + chosen * N, *d = b.d + chosen * N;
    for (int32_t k = 0; k < N; ++k) {
      step[k] += w * z[k];
      b.mean[k] = within(b.mean[k] + sigma * w * d[k]);
    }
    for (int32_t l = 0; l < N; ++l)
      for (int32_t k = 0; k < N; ++k) M[k + l * N] += by.cm / 2 * w * d[k] * z[l];
  }
}

// The path of the mean, the matrix along it, and the step size by its length.
template <class T>
void ScheduleTrain<T>::adapt(const Blocks &b, const Strategy &by, const double *step) {
  double norm = 0;
  for (int32_t k = 0; k < N; ++k) {
    b.path[k] = (1 - by.cs) * b.path[k] + sqrt(by.effective * by.cs * (2 - by.cs)) * step[k];
    norm += b.path[k] * b.path[k];
  }
  for (int32_t k = 0; k < N; ++k) {
    double along = 0;
    for (int32_t l = 0; l < N; ++l) along += b.matrix[k + l * N] * b.path[l];
    for (int32_t l = 0; l < N; ++l) b.next_matrix[k + l * N] += by.c1 / 2 * along * b.path[l];
  }
  memcpy(b.matrix, b.next_matrix, sizeof(double) * size_t(N) * size_t(N));
  sigma *= exp(min_of(1.0, by.cs / by.damping * (sqrt(norm) / by.length - 1)));
}

template <class T>
Status ScheduleTrain<T>::run(void *base, int32_t generations) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  if (started != 1) make_problems(b);
  if (!started) begin(b);
  started = 1;
  // A generation looks at a share of the problems, whole rounds of the roles of `shape`; after all shares had their
  // turn the mean is judged on all problems.
  const int32_t shares = max_of(1, c.problems / share_problems), batch = ceil_div(c.problems, shares);
  const Strategy by(c.population / 2, N);
  double step[N];
  for (int32_t g = 0; g < generations; ++g) {
    draw_candidates(b);
    evaluate(b, 1, c.population, generation % shares * batch, batch);
    recombine(b, by, step);
    adapt(b, by, step);
    ++generation;
    if (generation % shares != 0) continue;
    judge_mean(b);
    if (value < best) keep_mean(b);
  }
  return OK;
}

#define INSTANTIATE(T) template struct ScheduleTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
