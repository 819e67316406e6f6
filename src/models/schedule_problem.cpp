// The problems of the training of schedules: shapes, data, and the objectives to reach.
#include <initializer_list>

#include "schedule_train.hpp"

namespace orthant {

namespace {

struct ProblemSides {
  int32_t least_rows, most_rows, least_cols, most_cols;
};
// Of each of the roles that follow one another.
constexpr int32_t roles = 12;
ProblemSides sides_of_role(int32_t role) {
  switch (role) {
    case 0:
    case 4:
    case 8: return {15, 35, 15, 35};
    case 1:
    case 3:
    case 5:
    case 9: return {50, 200, 50, 200};
    case 6: return {300, 600, 300, 600};
    case 11: return {20, 80, 20, 80};
    default: return {150, 800, 40, 120};  // tall or wide
  }
}
bool like_images(int32_t role) { return role == 3 || role == 7 || role >= 9; }

}  // namespace

template <class T>
typename ScheduleTrain<T>::Problem ScheduleTrain<T>::shape(int32_t i) const {
  const Rng rng(c.seed, 0x5348 + uint64_t(i));
  const auto between = [&](uint64_t draw, int32_t low, int32_t high) {
    if (low >= c.largest) low = 15;  // a role of larger sides takes any that are allowed
    high = min_of(high, c.largest);
    return low + rng.below(draw, high - low + 1);
  };
  Problem p{};
  const int32_t role = i % roles;
  const ProblemSides s = sides_of_role(role);
  p.rows = between(0, s.least_rows, s.most_rows);
  p.cols = between(1, s.least_cols, s.most_cols);
  if (rng.below(2, 2)) {
    const int32_t side = p.rows;
    p.rows = p.cols;
    p.cols = side;
  }
  const int32_t side = min_of(p.rows, p.cols);
  p.rank = rng.below(3, 2) ? 10 : int32_t(3 * exp(rng.uniform(4) * log(10.0)));
  p.rank = min_of(p.rank, side * 3 / 4);
  p.parts = p.rank;
  p.noise = i / roles % 2 ? 0.01 : 0;
  if (like_images(role)) {
    p.kind = Kind(1 + rng.below(5, 3));
    p.parts = min_of(3 * p.rank, side);
  }
  p.start = max_of(p.rows, p.cols) > 250 && i / (2 * roles) % 2 ? NmfStart::sub : NmfStart::cols;
  return p;
}

template <class T>
NmfConfig ScheduleTrain<T>::config(const Problem &p, NmfMethod method, NmfStart start) const {
  NmfConfig n;
  n.rows = p.rows;
  n.cols = p.cols;
  n.rank = p.rank;
  n.method = method;
  n.start = start;
  n.seed = c.seed;
  n.steered = schedule_trained;
  if (method == NmfMethod::aoadmm) {
    n.sweeps = 5;
    n.rho = 1;
  }
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
      solver = max_of(solver, bytes_of([&](Carver &one) {
        typename Nmf<T>::Blocks blocks;
        s.layout(one, blocks);
      }));
    }
  }
  w.W = carve.take<T>(factor_w);
  w.H = carve.take<T>(factor_h);
  w.solver = carve.take<unsigned char>(solver);
}

template <class T>
typename ScheduleTrain<T>::Case ScheduleTrain<T>::with(const Blocks &b, const Problem &p, int32_t index) const {
  const Worker w = b.workers.of(index, [this](Carver &one, Worker &each) { worker_layout(one, each); });
  return {p, Operand<T>(Mat<const T>{b.data + p.at, p.rows, p.cols, p.rows}), {w.W, p.rows, p.rank, p.rows},
          {w.H, p.rank, p.cols, p.rank}, w.solver};
}

// A factor with entries of mean 1: exponential; or most of them zero; or heavy in the tail; or smooth along each
// column.
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

// V = W H' with mean 1, and noise, but never below zero.
template <class T>
void ScheduleTrain<T>::make_data(const Blocks &b, const Problem &p, const Rng &rng, const Case &x) const {
  const Mat<T> W{x.W.data, p.rows, p.parts, p.rows}, H{x.H.data, p.cols, p.parts, p.cols};
  const Mat<T> V{b.data + p.at, p.rows, p.cols, p.rows};
  uint64_t draw = 0;
  factor(rng, &draw, p.kind, W);
  factor(rng, &draw, p.kind == Kind::smooth ? Kind::dense : p.kind, H);
  const auto model = [&](int32_t i, int32_t j) {  // as in images, the weights of components beyond the rank fall
    double v = 0;
    for (int32_t k = 0; k < p.parts; ++k)
      v += double(W(i, k)) * double(H(j, k)) / (p.parts > p.rank ? 1 + 4.0 * k / p.rank : 1.0);
    return v;
  };
  double mean = 0;
  for (int32_t j = 0; j < p.cols; ++j)
    for (int32_t i = 0; i < p.rows; ++i) mean += model(i, j) / p.rows / p.cols;
  for (int32_t j = 0; j < p.cols; ++j)
    for (int32_t i = 0; i < p.rows; ++i) {
      double v = model(i, j) / mean;
      if (p.noise > 0) v += p.noise * rng.normal(draw++);
      V(i, j) = T(v > 0 ? v : 0);
    }
}

// The objectives of 20 and of 100 iterations of AO-ADMM from NNDSVD.
template <class T>
void ScheduleTrain<T>::find_admm_targets(const Case &x, Problem &p) const {
  Nmf<T> s{};
  s.c = config(p, NmfMethod::aoadmm, NmfStart::nndsvd);
  s.c.outer.max_iter = 1;
  Report r;
  bool good = s.start(x.solver, x.V, x.W, x.H) == OK;
  for (int32_t k = 1; k <= 100 && good; ++k) {
    if (k > 1) {  // a start from where it is sets the dual to zero
      s.c.start = NmfStart::given;
      good = s.start(x.solver, x.V, x.W, x.H) == OK;
      s.c.start = NmfStart::nndsvd;
    }
    good = good && s.run(x.solver, x.V, x.W, x.H, &r) == OK;
    if (k == 20) p.target[0] = r.objective;
    if (k == 100) p.target[1] = r.objective;
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
  const Case x = with(b, p, index);
  make_data(b, p, Rng(c.seed, 0x564D + uint64_t(i)), x);
  for (int32_t t = 0; t < targets; ++t) p.target[t] = -1;
  find_admm_targets(x, p);
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

#define INSTANTIATE(T) template struct ScheduleTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
