#include "factormer_train.hpp"

#include <initializer_list>

#include "defaults.hpp"
#include "rng.hpp"

namespace orthant {

double TrainSchedule::at(int64_t step) const {
  constexpr double pi = 3.14159265358979324;
  if (one_cycle) {
    const double all = double(epoch_steps) * epochs, t = double(step);
    if (t < warmup) return rate * (t + 1) / warmup;
    return rate * 0.5 * (1 + cos(pi * min_of(1.0, (t - warmup) / max_of(1.0, all - warmup))));
  }
  const int64_t epoch = step / epoch_steps;
  return rate * pow(epoch_decay, double(epoch)) * 0.5 * (1 + cos(pi * double(step % epoch_steps) / epoch_steps));
}

template <class T>
Status FactormerTrain<T>::resolve() {
  default_to(&s.rank, 10);
  default_to(&s.width, 100);
  default_to(&s.heads, 4);
  default_to(&s.layers, 4);
  if (s.width > 1 << 12) return E_ARG;
  default_to(&s.hidden, 2 * s.width);
  default_to(&s.residual, Residual::input);
  default_to(&unrolled, s.accelerates ? 5 : 2);
  default_to(&rho, 1.0);
  default_to(&gamma, 0.2);
  default_to(&loss, FactormerLoss::log_rmse);
  default_to(&grow_epochs, 2);
  default_to(&adam.decay, 0.01);
  adam.decay = max_of(adam.decay, 0.0);
  default_to(&schedule.rate, s.accelerates ? 1e-5 : 1e-4);
  adam.resolve(schedule.rate);
  default_to(&schedule.epoch_decay, 0.9);
  default_to(&schedule.epoch_steps, 15000);
  default_to(&schedule.epochs, 15);
  return s.good() ? OK : E_ARG;
}

namespace {

constexpr size_t chunk_params = 1 << 15;  // parameters of one task

// B = A', large, by squares, so that lines are written whole.
template <class T>
void transpose_large(Mat<const T> A, Mat<T> B) {
  constexpr int32_t side = 16;
  for (int32_t j = 0; j < A.cols; j += side)
    for (int32_t i = 0; i < A.rows; i += side) {
      const int32_t m = min_of(side, A.rows - i), n = min_of(side, A.cols - j);
      for (int32_t u = 0; u < m; ++u) {  // the next ones: lines far apart, and larger than the caches
        __builtin_prefetch(A.col(j + u) + side * A.rows + i);
        __builtin_prefetch(B.col(i + u) + j + side, 1);
      }
      transpose<T>(A.block(i, j, m, n), B.block(j, i, n, m));
    }
}

}  // namespace

template <class T>
int32_t FactormerTrain<T>::chunks() const {
  return int32_t((s.params() + chunk_params - 1) / chunk_params);
}

// The sum of body(first parameter, parameters) over chunks of them.
template <class T>
template <class Body>
double FactormerTrain<T>::by_chunks(const Blocks &b, const Body &body) const {
  return sum_of_parts(par, chunks(), b.norm, [&](int32_t chunk, int32_t) {
    const size_t from = chunk_params * size_t(chunk);
    return body(from, int32_t(min_of(chunk_params, s.params() - from)));
  });
}

template <class T>
void FactormerTrain<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<FactormerTrain<T>>(1);
  const size_t n = s.params();
  b.theta = carve.take<T>(n);
  b.m = carve.take<T>(n);
  b.v = carve.take<T>(n);
  b.gradients = carve.take<T>(n, size_t(under_way()) + 1);
  b.transposed = carve.take<T>(s.transposed_params());
  b.losses = carve.take<FactormerLosses>(size_t(max_samples));
  b.norm = carve.take<double>(size_t(chunks()));
  b.rows = carve.take<T>(size_t(max_rows));
  // Each sample is laid out by its own size: less of the memory is touched for small ones.
  b.worker_bytes = bytes_of([this](Carver &one) {
    Worker w;
    worker_layout(one, w, max_rows, max_cols);
  });
  b.workers = carve.take<unsigned char>(b.worker_bytes, size_t(par.workers));
}

// Uniform within 1/sqrt(fan-in), as is usual of linear maps; the norms begin at one and zero.
template <class T>
void FactormerTrain<T>::start(void *base) {
  const Blocks b = blocks(base);
  const Rng rng(seed, 0xFAC7);
  const int32_t d = s.width, stacked = s.stacked();
  // In the order of FactormerShape::Tensor; 0: not a linear map.
  const int32_t fan_in[FactormerShape::tensors] = {d, d, s.hidden, s.hidden, stacked, 0, 0, d, d, stacked, stacked,
                                                   s.inputs(), s.inputs(), d, d};
  for (int32_t t = 0; t < s.tensors; ++t)
    for (int32_t set = 0; set < s.copies(t); ++set) {
      const size_t from = s.at(t, set);
      const double bound = fan_in[t] > 0 ? 1 / sqrt_of(double(fan_in[t])) : 0;
      for (size_t i = 0; i < s.count(t); ++i)
        b.theta[from + i] = fan_in[t] > 0 ? T(bound * (2 * rng.uniform(from + i) - 1)) : T(i < size_t(d));
    }
  for (size_t i = 0; i < s.params(); ++i) {
    b.m[i] = T(0);
    b.v[i] = T(0);
    b.gradients[i] = T(0);
  }
  steps = 0;
  range = DataRange{};
}

template <class T>
Unrolled FactormerTrain<T>::unroll(int64_t step) const {
  Unrolled u;
  if (!s.accelerates) {
    u.add(Unrolled::net, 1);
    for (int32_t t = 0; t < unrolled; ++t) u.add(Unrolled::admm, 1);
    return u;
  }
  const int64_t grown = 1 + step / max_of(int64_t(1), int64_t(schedule.epoch_steps) * grow_epochs);
  const int32_t applications = int32_t(min_of(int64_t(unrolled), grown));
  for (int32_t t = 1; t <= applications; ++t) {
    u.add(Unrolled::admm, 0);
    u.add(Unrolled::net, pow(gamma, double(applications - t)));
  }
  u.reported = u.count - 1;
  return u;
}

// The weights whose way back is a product with A': that with a transposed copy is faster, which serves all updates of a
// step.
template <class T>
void FactormerTrain<T>::transpose_weights(const Blocks &b) const {
  parallel_for(par, s.sets(), [&](int32_t set, int32_t) {
    for (const int32_t t : {s.f1, s.f2, s.query}) {
      const int32_t rows = s.rows(t), cols = s.cols(t);
      transpose_large(Mat<const T>{b.theta + s.at(t, set), rows, cols, rows},
                      Mat<T>{b.transposed + s.transposed_at(t, set), cols, rows, cols});
    }
  });
}

// All `gradients` into the first; after the last one their mean over `count` samples, and the square of its norm.
template <class T>
double FactormerTrain<T>::add_gradients(const Blocks &b, int32_t gradients, bool last, int32_t count) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  return by_chunks(b, [&](size_t from, int32_t size) {
    T *sum = b.gradients + from;
    for (int32_t i = 1; i < gradients; ++i) k.add(size, sum + s.params() * size_t(i), sum);
    if (!last) return 0.0;
    if (count > 1) k.times(size, T(1.0 / count), sum, nullptr, sum);
    return double(k.dot(size, sum, sum));
  });
}

template <class T>
void FactormerTrain<T>::learn(const Blocks &b, double norm2) {
  AdamConfig c = adam;
  c.rate = schedule.at(steps);
  ++steps;
  const T shrink = clip > 0 && norm2 > clip * clip ? T(clip / sqrt_of(norm2)) : T(1);
  const AdamStep<T> update(c, steps, shrink);
  by_chunks(b, [&](size_t from, int32_t size) {
    update.by_kernel(size_t(size), b.gradients + from, b.theta + from, b.m + from, b.v + from);
    return 0.0;
  });
}

template <class T>
bool FactormerTrain<T>::step(void *base, const Mat<const T> *V, int32_t count, Learn learns, double *mean_loss,
                             double *rmse) {
  const Ops<T> ops;
  const Blocks b = blocks(base);
  const Unrolled u = unroll(steps);
  transpose_weights(b);
  FactormerLosses losses;
  double norm2 = 0;
  for (int32_t from = 0; from < count; from += under_way()) {
    const Range now = at_most(under_way(), from, count);
    const int32_t before = from > 0;  // gradients, which are one sum
    parallel_for(par, now.size(), [&](int32_t i, int32_t worker) {
      const Mat<const T> X = V[now.from + i];
      T *bar = learns != Learn::nothing ? b.gradients + s.params() * size_t(before + i) : nullptr;
      Carver one(b.workers + b.worker_bytes * size_t(worker));
      Worker w;
      worker_layout(one, w, X.rows, X.cols);
      FactormerLosses own;
      sample(ops, w, u, X, {b.theta, nullptr, b.transposed}, bar, true, &own);
      b.losses[now.from + i] = own;
    });
    for (int32_t i = now.from; i < now.to; ++i) losses += b.losses[i];
    if (learns != Learn::nothing) norm2 = add_gradients(b, before + now.size(), now.to == count, count);
  }
  *mean_loss = losses.loss / count;
  *rmse = exp(losses.reported / count);
  if (learns == Learn::nothing) return is_finite(losses.loss);
  if (!is_finite(losses.loss) || !is_finite(norm2)) return false;
  if (learns == Learn::parameters) {
    learn(b, norm2);
    widen(base, V, count);
  }
  return true;
}

template <class T>
void FactormerTrain<T>::widen(void *base, const Mat<const T> *V, int32_t count) {
  DataTraits traits;
  for (int32_t i = 0; i < count; ++i)
    if (find_traits<T>(V[i], blocks(base).rows, &traits)) range.add(traits);
}

#define INSTANTIATE(T) template struct FactormerTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
