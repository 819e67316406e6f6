#include "schedule_train.hpp"

#include <math.h>
#include <string.h>

#include <initializer_list>

namespace orthant {

double modelled_ns(int32_t rows, int32_t cols, int32_t rank, int32_t sweeps_w, int32_t sweeps_h) {
  const auto vectors = [](int32_t n) { return double((n + 15) / 16 * 16); };
  const double m = rows, n = cols, r = rank;
  return 4000 + 0.1 * m * n * r + (m + n) * r * (0.15 * r + 0.3) +
         0.045 * r * r * (vectors(rows) * sweeps_w + vectors(cols) * sweeps_h);
}

template <class T>
typename ScheduleTrain<T>::Problem ScheduleTrain<T>::shape(int32_t i) const {
  const Rng rng(c.seed, 0x5348 + uint64_t(i));
  const auto between = [&](uint64_t draw, int32_t low, int32_t high) {
    if (low >= c.largest) low = 15;  // a role of larger sides takes any that are allowed
    low = min_of(low, c.largest), high = min_of(high, c.largest);
    return low + rng.below(draw, high - low + 1);
  };
  Problem p{};
  const int32_t role = i % 12;
  switch (role) {
    case 0: case 4: case 8: p.rows = between(0, 15, 35), p.cols = between(1, 15, 35); break;
    case 1: case 3: case 5: case 9: p.rows = between(0, 50, 200), p.cols = between(1, 50, 200); break;
    case 6: p.rows = between(0, 300, 600), p.cols = between(1, 300, 600); break;
    case 11: p.rows = between(0, 20, 80), p.cols = between(1, 20, 80); break;
    default: p.rows = between(0, 150, 800), p.cols = between(1, 40, 120); break;  // 2, 7, 10: tall or wide
  }
  if (rng.below(2, 2)) {
    const int32_t side = p.rows;
    p.rows = p.cols, p.cols = side;
  }
  const int32_t side = min_of(p.rows, p.cols);
  p.rank = rng.below(3, 2) ? 10 : int32_t(3 * exp(rng.uniform(4) * log(10.0)));
  p.rank = max_of(1, min_of(p.rank, side * 3 / 4));
  p.parts = p.rank;
  p.noise = i / 12 % 2 ? 0.01 : 0;
  if (role == 3 || role == 7 || role >= 9) {  // like images
    p.kind = Kind(1 + rng.below(5, 3));
    p.parts = min_of(3 * p.rank, side);
  }
  p.start = max_of(p.rows, p.cols) > 250 && i / 24 % 2 ? NmfStart::sub : NmfStart::cols;
  return p;
}

template <class T>
NmfConfig ScheduleTrain<T>::config(const Problem &p, NmfMethod method, NmfStart start) const {
  NmfConfig n;
  n.rows = p.rows, n.cols = p.cols, n.rank = p.rank, n.method = method, n.start = start, n.seed = c.seed;
  n.steered = schedule_trained;
  if (method == NmfMethod::aoadmm) n.sweeps = 5, n.rho = 1;
  return n;
}

template <class T>
void ScheduleTrain<T>::worker_layout(Carver &carve, Worker &w) const {
  size_t factor_w = 0, factor_h = 0, solver = 0;
  for (int32_t i = 0; i < c.problems; ++i) {
    const Problem p = shape(i);
    factor_w = max_of(factor_w, size_t(p.rows) * size_t(p.parts));
    factor_h = max_of(factor_h, size_t(p.cols) * size_t(p.parts));
    for (const NmfStart start : {NmfStart::cols, NmfStart::sub, NmfStart::nndsvd}) {
      Nmf<T> s{};
      s.c = config(p, start == NmfStart::nndsvd ? NmfMethod::aoadmm : NmfMethod::ehals, start);
      s.c.schedule = schedule_default;  // any: with its scratch
      Carver one;
      typename Nmf<T>::Blocks blocks;
      size_t bytes = 0;
      s.layout(one, blocks);
      one.total(&bytes);
      solver = max_of(solver, bytes);
    }
  }
  w.W = carve.take<T>(factor_w);
  w.H = carve.take<T>(factor_h);
  w.solver = carve.take<unsigned char>(solver);
}

template <class T>
void ScheduleTrain<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(N), population = size_t(c.population);
  carve.take<ScheduleTrain<T>>(1);
  b.problem = carve.take<Problem>(size_t(c.problems));
  size_t data = 0;
  for (int32_t i = 0; i < c.problems; ++i) data += size_t(shape(i).rows) * size_t(shape(i).cols);
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
  Carver one;
  Worker w;
  worker_layout(one, w);
  one.total(&b.worker_bytes);
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

template <class T>
typename ScheduleTrain<T>::Case ScheduleTrain<T>::with(const Blocks &b, const Problem &p, int32_t index) const {
  Carver carve(b.worker + b.worker_bytes * size_t(index));
  Worker w;
  worker_layout(carve, w);
  return {p, Operand<T>(Mat<const T>{b.data + p.at, p.rows, p.cols, p.rows}), {w.W, p.rows, p.rank, p.rows},
          {w.H, p.rank, p.cols, p.rank}, w.solver};
}

// A factor with entries of mean 1: exponential; or most of them zero; or heavy in the tail; or smooth along each column.
template <class T>
void ScheduleTrain<T>::factor(const Rng &rng, uint64_t *draw, Kind kind, Mat<T> X) const {
  const auto exponential = [&] { return -log(1 - rng.uniform((*draw)++)); };
  for (int32_t k = 0; k < X.cols; ++k) {
    const double centre = rng.uniform((*draw)++), width = 0.05 + 0.2 * rng.uniform((*draw)++);
    for (int32_t i = 0; i < X.rows; ++i) {
      double x = exponential();
      const double u = rng.uniform((*draw)++), away = ((i + 0.5) / X.rows - centre) / width;
      switch (kind) {
        case Kind::dense: break;
        case Kind::sparse: x = u < 0.4 ? x / 0.4 : 0; break;
        case Kind::heavy: x = x * x / 2; break;
        case Kind::smooth: x = 0.05 * x + exp(-0.5 * away * away) / (2.5 * width); break;
      }
      X(i, k) = T(x);
    }
  }
}

// The objective that a long classical run finds.
template <class T>
double ScheduleTrain<T>::far(const Case &x, uint64_t seed) const {
  Nmf<T> s{};
  s.c = config(x.p, NmfMethod::ehals, NmfStart::cols);
  s.c.seed = seed;
  s.c.outer.max_iter = 300;
  Report r;
  const bool good = s.start(x.solver, x.V, x.W, x.H) == OK && s.run(x.solver, x.V, x.W, x.H, &r) == OK;
  return good ? r.objective : -1;
}

template <class T>
void ScheduleTrain<T>::make(const Blocks &b, Problem &p, int32_t i, int32_t index) const {
  const Rng rng(c.seed, 0x564D + uint64_t(i));
  const Case x = with(b, p, index);
  const Mat<T> W{x.W.data, p.rows, p.parts, p.rows}, H{x.H.data, p.cols, p.parts, p.cols};
  uint64_t draw = 0;
  factor(rng, &draw, p.kind, W);
  factor(rng, &draw, p.kind == Kind::smooth ? Kind::dense : p.kind, H);
  double sum = 0;
  const auto model = [&](int32_t t, int32_t j) {  // as in images, the weights of components beyond the rank fall
    double v = 0;
    for (int32_t k = 0; k < p.parts; ++k)
      v += double(W(t, k)) * double(H(j, k)) / (p.parts > p.rank ? 1 + 4.0 * k / p.rank : 1.0);
    return v;
  };
  for (int32_t j = 0; j < p.cols; ++j)
    for (int32_t t = 0; t < p.rows; ++t) sum += model(t, j) / p.rows / p.cols;
  for (int32_t j = 0; j < p.cols; ++j)
    for (int32_t t = 0; t < p.rows; ++t) {
      double v = model(t, j) / sum;
      if (p.noise > 0) v += p.noise * rng.normal(draw++);
      b.data[p.at + size_t(t) + size_t(j) * size_t(p.rows)] = T(v > 0 ? v : 0);
    }
  for (int32_t t = 0; t < targets; ++t) p.target[t] = -1;
  Nmf<T> s{};
  s.c = config(p, NmfMethod::aoadmm, NmfStart::nndsvd);
  s.c.outer.max_iter = 1;
  Report r;
  bool good = s.start(x.solver, x.V, x.W, x.H) == OK;
  for (int32_t k = 1; k <= 100 && good; ++k) {  // a start from where it is sets the dual to zero
    if (k > 1) {
      s.c.start = NmfStart::given;
      good = s.start(x.solver, x.V, x.W, x.H) == OK;
      s.c.start = NmfStart::nndsvd;
    }
    good = good && s.run(x.solver, x.V, x.W, x.H, &r) == OK;
    if (k == 20) p.target[0] = r.objective;
    if (k == 100) p.target[1] = r.objective;
  }
  if (p.noise > 0 || p.parts > p.rank) {
    double least = far(x, c.seed);
    for (uint64_t k = 1; k < 3; ++k) least = min_of(least, far(x, c.seed + k));
    p.target[2] = 1.05 * least;
    p.target[3] = 1.01 * least;
  }
  // The classical method with 4, 8 and 12 sweeps, the best one for each target.
  double other[targets];
  times(x, nullptr, 4, p.reference);
  for (const int32_t sweeps : {8, 12}) {
    times(x, nullptr, sweeps, other);
    for (int32_t t = 0; t < targets; ++t) p.reference[t] = min_of(p.reference[t], other[t]);
  }
}

namespace {
constexpr double schedule_ns = 300;  // of asking it
constexpr int32_t share_problems = 24;
// What a run passes on its way: the modelled time at which each target was crossed, between iterations by log objective.
struct Passage {
  int32_t rows, cols, rank, targets;
  const double *target;
  double *ns, now, last, latest;
  const Pace *pace;
  int32_t classical;
};
int32_t pass_by(void *user, const Report *r) {
  Passage &q = *static_cast<Passage *>(user);
  const double cost = modelled_ns(q.rows, q.cols, q.rank, q.pace ? q.pace->w.sweeps : q.classical,
                                  q.pace ? q.pace->h.sweeps : q.classical) + (q.pace ? schedule_ns : 0);
  bool all = true;
  for (int32_t t = 0; t < q.targets; ++t) {
    if (q.target[t] <= 0 || q.ns[t] > 0) continue;
    if (r->objective > q.target[t]) {
      all = false;
      continue;
    }
    const double fall = r->objective > 0 && q.last > r->objective ? log(q.last / r->objective) : 0;
    const double way = fall > 0 ? max_of(0.0, log(q.last / q.target[t])) / fall : 1;
    q.ns[t] = q.now + min_of(way, 1.0) * cost;
  }
  q.now += cost;
  q.last = r->objective;
  return all || q.now > q.latest;
}
}  // namespace

// Modelled time to each target, without what all tables share: a coarse-to-fine start.  Who needs more than three times the
// classical time is stopped, and a target that is not reached counts as three times it (classical: the whole run).
template <class T>
void ScheduleTrain<T>::times(const Case &x, const float *table, int32_t sweeps, double *ns) const {
  const Problem &p = x.p;
  Nmf<T> s{};
  s.c = config(p, NmfMethod::ehals, p.start);
  s.c.schedule = table, s.c.sweeps = sweeps;
  s.c.outer.max_iter = c.iterations;
  const double start = modelled_ns(p.rows, p.cols, p.rank, 0, 8);
  double whole = 3 * (start + c.iterations * modelled_ns(p.rows, p.cols, p.rank, 8, 8)), latest = whole;
  for (int32_t t = 0; t < targets && table; ++t)
    if (p.target[t] > 0) latest = t == 0 ? 3 * p.reference[t] : max_of(latest, 3 * p.reference[t]);
  Passage q{p.rows, p.cols, p.rank, targets, p.target, ns, start, 0, latest, table ? &s.pace : nullptr, sweeps};
  for (int32_t t = 0; t < targets; ++t) ns[t] = 0;
  s.c.outer.progress = pass_by;
  s.c.outer.user = &q;
  if (s.start(x.solver, x.V, x.W, x.H) == OK) {
    q.last = s.outer.first;
    for (int32_t t = 0; t < targets; ++t)
      if (q.last <= p.target[t]) ns[t] = start;
    s.run(x.solver, x.V, x.W, x.H, nullptr);
  }
  for (int32_t t = 0; t < targets; ++t)
    if (!(ns[t] > 0)) ns[t] = table ? 3 * p.reference[t] : whole;
}

// The fitness of the tables first .. first + count on the problems from .. from + those: the mean of log ratios, at most
// log 3, and half of what is worse than the classical.
template <class T>
void ScheduleTrain<T>::evaluate(const Blocks &b, int32_t first, int32_t count, int32_t from, int32_t those) const {
  const auto problem = [&](int32_t task) { return (from + task % those) % c.problems; };
  parallel_for(c.par, count * those, [&](int32_t task, int32_t index) {
    const Problem &p = b.problem[problem(task)];
    double ns[targets], sum = 0;
    int32_t n = 0;
    times(with(b, p, index), b.tables + (first + task / those) * N, 0, ns);
    for (int32_t t = 0; t < targets; ++t) {
      if (p.target[t] <= 0) continue;
      const double ratio = log(min_of(ns[t] / p.reference[t], 3.0));
      sum += ratio + 0.5 * max_of(ratio, 0.0);
      ++n;
    }
    b.each[task] = n > 0 ? sum / n : 0;
  });
  for (int32_t candidate = 0; candidate < count; ++candidate) {
    double sum = 0;
    for (int32_t i = 0; i < those; ++i) sum += b.each[candidate * those + i];
    b.fitness[first + candidate] = sum / those;
  }
}

template <class T>
Status ScheduleTrain<T>::run(void *base, int32_t generations) {
  constexpr double largest = 20;  // of a number: the logistic function is 0 or 1 beyond
  Blocks b;
  const bool fresh = !started;
  started = 1;
  Carver carve(base);
  layout(carve, b);
  const int32_t lambda = c.population, mu = lambda / 2;
  // A generation looks at a share of the problems, whole rounds of the roles of `shape`; after all shares had their turn
  // the mean is judged on all problems.
  const int32_t shares = max_of(1, c.problems / share_problems), batch = ceil_div(c.problems, shares);
  const auto put = [&](const double *x, float *to) {
    for (int32_t k = 0; k < N; ++k) to[k] = float(max_of(-largest, min_of(largest, x[k])));
  };
  if (fresh) {
    size_t at = 0;
    for (int32_t i = 0; i < c.problems; ++i) {
      b.problem[i] = shape(i);
      b.problem[i].at = at;
      at += size_t(b.problem[i].rows) * size_t(b.problem[i].cols);
    }
    parallel_for(c.par, c.problems, [&](int32_t i, int32_t index) { make(b, b.problem[i], i, index); });
    for (int32_t k = 0; k < N; ++k) b.mean[k] = b.path[k] = 0;
    b.mean[schedule_rule] = 2;  // the classical momentum, with about 8 sweeps
    for (int32_t k = 0; k < N * N; ++k) b.matrix[k] = k % (N + 1) == 0;
    generation = 0, sigma = 0.25;
    put(b.mean, b.tables);
    evaluate(b, 0, 1, 0, c.problems);
    best = value = b.fitness[0];
    memcpy(b.best_table, b.tables, sizeof(float) * size_t(N));
  }
  double weight_sum = 0, squares = 0;
  const auto weight = [&](int32_t i) { return log(mu + 0.5) - log(i + 1.0); };
  for (int32_t i = 0; i < mu; ++i) weight_sum += weight(i), squares += weight(i) * weight(i);
  const double effective = weight_sum * weight_sum / squares, n = N;
  const double cs = (effective + 2) / (n + effective + 5), c1 = 2 / ((n + 1.3) * (n + 1.3) + effective);
  const double cm = min_of(1 - c1, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective));
  const double damping = 1 + cs + 2 * max_of(0.0, sqrt((effective - 1) / (n + 1)) - 1);
  const double length = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));  // of a normal vector
  for (int32_t g = 0; g < generations; ++g, ++generation) {
    const Rng rng(c.seed, 0x4553 + uint64_t(generation));
    for (int32_t i = 0; i < lambda; ++i) {
      double *z = b.z + i * N, *d = b.d + i * N, x[N];
      for (int32_t k = 0; k < N; ++k) z[k] = rng.normal(uint64_t(i * N + k));
      for (int32_t k = 0; k < N; ++k) {
        d[k] = 0;
        for (int32_t l = 0; l < N; ++l) d[k] += b.matrix[k + l * N] * z[l];
        x[k] = b.mean[k] + sigma * d[k];
      }
      put(x, b.tables + (1 + i) * N);
    }
    evaluate(b, 1, lambda, generation % shares * batch, batch);
    double step_z[N] = {};
    double *M = b.next_matrix;
    const double keep = 1 - c1 / 2 - cm / 2;
    for (int32_t k = 0; k < N * N; ++k) M[k] = keep * b.matrix[k];
    for (int32_t rank = 0; rank < mu; ++rank) {
      int32_t chosen = -1;  // the best that is left; ties by number
      for (int32_t i = 0; i < lambda; ++i)
        if (is_finite(b.fitness[1 + i]) && (chosen < 0 || b.fitness[1 + i] < b.fitness[1 + chosen])) chosen = i;
      if (chosen < 0) break;
      b.fitness[1 + chosen] = HUGE_VAL;
      const double w = weight(rank) / weight_sum, *z = b.z + chosen * N, *d = b.d + chosen * N;
      for (int32_t k = 0; k < N; ++k) {
        step_z[k] += w * z[k];
        b.mean[k] = max_of(-largest, min_of(largest, b.mean[k] + sigma * w * d[k]));
      }
      for (int32_t l = 0; l < N; ++l)
        for (int32_t k = 0; k < N; ++k) M[k + l * N] += cm / 2 * w * d[k] * z[l];
    }
    double norm = 0;
    for (int32_t k = 0; k < N; ++k) {
      b.path[k] = (1 - cs) * b.path[k] + sqrt(effective * cs * (2 - cs)) * step_z[k];
      norm += b.path[k] * b.path[k];
    }
    for (int32_t k = 0; k < N; ++k) {
      double along = 0;
      for (int32_t l = 0; l < N; ++l) along += b.matrix[k + l * N] * b.path[l];
      for (int32_t l = 0; l < N; ++l) M[k + l * N] += c1 / 2 * along * b.path[l];
    }
    memcpy(b.matrix, M, sizeof(double) * size_t(N) * size_t(N));
    sigma *= exp(min_of(1.0, cs / damping * (sqrt(norm) / length - 1)));
    if ((generation + 1) % shares != 0) continue;
    put(b.mean, b.tables);
    evaluate(b, 0, 1, 0, c.problems);
    value = b.fitness[0];
    if (value < best) {
      best = value;
      memcpy(b.best_table, b.tables, sizeof(float) * size_t(N));
    }
  }
  return OK;
}

template <class T>
const float *ScheduleTrain<T>::table(void *base) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  return b.best_table;
}

#define INSTANTIATE(T) template struct ScheduleTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
