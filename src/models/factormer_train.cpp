#include "factormer_train.hpp"

#include <initializer_list>

#include "cholesky.hpp"
#include "operand.hpp"
#include "start.hpp"

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

// ---- Data -----------------------------------------------------------------------------------------------------------

void FactorSample::sizes(int32_t *rows, int32_t *cols) const {
  const Rng rng(seed, (uint64_t(set) << 56) ^ (2 * index));
  int32_t low[2] = {10, 10}, high[2] = {35, 35};
  if (set == 1) {
    low[0] = low[1] = 15;
  } else if (set == 2) {
    low[0] = low[1] = 50, high[0] = high[1] = 200;
  } else {  // 10000, 2000, 1500 and 1500 of 15000, mixed by a permutation that a multiplier makes
    const int32_t which = int32_t((index % 15000) * 7919 % 15000);
    if (which >= 10000 && which < 12000) low[0] = low[1] = 30, high[0] = high[1] = 70;
    if (which >= 12000 && which < 13500) low[0] = 30, high[0] = 100;
    if (which >= 13500) low[1] = 30, high[1] = 100;
  }
  *rows = low[0] + rng.below(0, high[0] - low[0] + 1);
  *cols = low[1] + rng.below(1, high[1] - low[1] + 1);
}

// Appendix C; its "rate" is a scale: the mean of V is one.  No clipping.
template <class T>
void FactorSample::draw(Mat<T> V) const {
  const Rng rng(seed, (uint64_t(set) << 56) ^ (2 * index + 1));
  const double scale = 1 / sqrt_of(double(rank));
  const uint64_t m = uint64_t(V.rows);
  const auto exponential = [&](uint64_t i) { return -scale * log(1.0 - rng.uniform(i)); };
  fill(V, T(0));
  // By blocks, whose numbers are drawn again: no memory is needed.
  constexpr int32_t block = 16;
  T w[block], h[block];
  for (int32_t j0 = 0; j0 < V.cols; j0 += block)
    for (int32_t i0 = 0; i0 < V.rows; i0 += block) {
      const int32_t rows = min_of(block, V.rows - i0), cols = min_of(block, V.cols - j0);
      for (int32_t k = 0; k < rank; ++k) {
        for (int32_t i = 0; i < rows; ++i) w[i] = T(exponential(uint64_t(i0 + i) * uint64_t(rank) + uint64_t(k)));
        for (int32_t j = 0; j < cols; ++j) h[j] = T(exponential((m + uint64_t(j0 + j)) * uint64_t(rank) + uint64_t(k)));
        for (int32_t j = 0; j < cols; ++j)
          for (int32_t i = 0; i < rows; ++i) V(i0 + i, j0 + j) += w[i] * h[j];
      }
    }
  if (set != 0 || !(noise > 0)) return;
  const Rng noisy(seed, (uint64_t(3) << 56) ^ index);
  for (int32_t j = 0; j < V.cols; ++j)
    for (int32_t i = 0; i < V.rows; ++i) V(i, j) += T(noise * noisy.normal(uint64_t(j) * m + uint64_t(i)));
}

// ---- One sample -----------------------------------------------------------------------------------------------------

template <class T>
struct FactormerTrain<T>::Worker {
  int32_t m, n;
  Op op[max_ops];
  double weight[max_ops + 1];
  int32_t ops;
  FactormerPass<T> pass[max_unrolled];
  AdmmHalf<T> half[max_unrolled][2];
  Mat<T> x[max_ops + 1][2], dx[max_ops + 1][2];  // rank x items: iterates, from the start on
  Mat<T> V, Vt, E, Et, W;
  T *F, *B, *U, *dD, *Z, *flat, *G, *L, *dG;
  Tsvd<T> svd;
};

// What is done in one sample, and the weight of log RMSE after each.
template <class T>
int32_t FactormerTrain<T>::ops_at(int64_t step, Op *list, double *weight) const {
  int32_t count = 0;
  const auto then = [&](Op op, double w) { list[count] = op, weight[++count] = w; };
  weight[0] = 0;
  if (!s.accelerates) {
    then(net, 1);
    for (int32_t t = 0; t < unrolled; ++t) then(admm, 1);
    return count;
  }
  const int64_t grown = 1 + step / max_of(int64_t(1), int64_t(schedule.epoch_steps) * grow_epochs);
  const int32_t T_now = int32_t(min_of(int64_t(unrolled), grown));
  for (int32_t t = 1; t <= T_now; ++t) {
    then(admm, 0);
    then(net, pow(gamma, double(T_now - t)));
  }
  return count;
}

template <class T>
void FactormerTrain<T>::worker_layout(Carver &carve, Worker &w, int32_t m, int32_t n) const {
  const size_t r = size_t(s.rank), longest = size_t(max_of(m, n)), sm = size_t(m), sn = size_t(n);
  const int32_t nets = s.accelerates ? unrolled : 1;
  w.m = m, w.n = n;
  const int32_t slots = (s.accelerates ? 2 * unrolled : 1 + unrolled) + 1;
  for (int32_t i = 0; i < slots; ++i)
    for (const int32_t side : {of_w, of_h}) {
      const int32_t count = side == of_w ? m : n;
      w.x[i][side] = {carve.take<T>(r, size_t(count)), s.rank, count, s.rank};
      w.dx[i][side] = {carve.take<T>(r, size_t(count)), s.rank, count, s.rank};
    }
  for (int32_t i = 0; i < unrolled; ++i)
    for (const int32_t side : {of_w, of_h})
      w.half[i][side] = {carve.take<T>(r * size_t(AdmmHalf<T>::inner), side == of_w ? sm : sn), carve.take<T>(r, r)};
  w.V = {carve.take<T>(sm, sn), m, n, m};
  w.Vt = {carve.take<T>(sm, sn), n, m, n};
  w.E = {carve.take<T>(sm, sn), m, n, m};
  w.Et = {carve.take<T>(sm, sn), n, m, n};
  w.W = {carve.take<T>(r, longest), m, s.rank, m};
  w.F = carve.take<T>(r, longest);
  w.B = carve.take<T>(r, longest);
  w.U = carve.take<T>(r, longest);
  w.dD = carve.take<T>(r, longest);
  w.Z = carve.take<T>(r, longest);
  w.flat = carve.take<T>(r, longest);
  w.G = carve.take<T>(r, r);
  w.L = carve.take<T>(r, r);
  w.dG = carve.take<T>(r, r);
  w.svd.layout(carve, m, n, min_of(s.rank, min_of(m, n)));
  for (int32_t i = 0; i < nets; ++i) {
    w.pass[i].s = s, w.pass[i].m = m, w.pass[i].n = n, w.pass[i].training = true;
    w.pass[i].layout(carve, 1);
  }
}

template <class T>
void FactormerTrain<T>::half(const Ops<T> &ops, Worker &w, int32_t side, Mat<const T> other, Mat<const T> in, Mat<T> out,
                             const AdmmHalf<T> &keep) const {
  const int32_t r = s.rank, count = in.cols;
  const Mat<T> flat{w.flat, other.cols, r, other.cols}, G{w.G, r, r, r}, F{w.F, r, count, r}, B{w.B, r, count, r};
  const Mat<T> inverse{keep.inverse, r, r, r};
  transpose(other, flat);
  ops.tn(flat, flat, G);
  for (int32_t i = 0; i < r; ++i) G(i, i) += T(rho);
  cholesky<T>(r, w.G, r, nullptr, w.L, r);
  lower_inverse(r, w.L, r, w.G, r);
  ops.tn(G, G, inverse);
  ops.nn(other, side == of_h ? w.V : w.Vt, F);
  const size_t size = size_t(r) * size_t(count);
  const T *before = nullptr;
  for (int32_t step = 0; step < AdmmHalf<T>::inner; ++step) {
    T *D = keep.D + size * size_t(step);
    // X + U = max(D, 0) + max(-D, 0), and Z - U after the product.
    for (size_t i = 0; i < size; ++i) w.B[i] = w.F[i] + T(rho) * (before ? abs_of(before[i]) : in.data[i]);
    ops.nn(inverse, B, {D, r, count, r});
    if (before)
      for (size_t i = 0; i < size; ++i) D[i] -= max_of(-before[i], T(0));
    before = D;
  }
  for (size_t i = 0; i < size; ++i) out.data[i] = max_of(before[i], T(0));
}

// d_in and d_other are added to.
template <class T>
void FactormerTrain<T>::half_back(const Ops<T> &ops, Worker &w, int32_t side, Mat<const T> other, Mat<T> d_out, Mat<T> d_other,
                                  Mat<T> d_in, const AdmmHalf<T> &keep) const {
  const int32_t r = s.rank, count = d_out.cols;
  const size_t size = size_t(r) * size_t(count);
  T *dX = d_out.data, *dU = w.U;
  const Mat<T> dF{w.F, r, count, r}, dB{w.B, r, count, r}, dK{w.dG, r, r, r}, flat{w.flat, count, r, count};
  const Mat<const T> inverse{keep.inverse, r, r, r};
  fill(dF, T(0));
  fill(dK, T(0));
  for (size_t i = 0; i < size; ++i) dU[i] = T(0);
  T *dD = w.dD, *Z = w.Z;
  for (int32_t step = AdmmHalf<T>::inner - 1; step >= 0; --step) {
    const T *D = keep.D + size * size_t(step), *before = step > 0 ? D - size : nullptr;
    for (size_t i = 0; i < size; ++i) {
      dD[i] = D[i] > T(0) ? dX[i] : -dU[i];
      Z[i] = D[i] + (before ? max_of(-before[i], T(0)) : T(0));
    }
    ops.nn(inverse, {dD, r, count, r}, dB);
    transpose<T>(Mat<const T>{Z, r, count, r}, flat);
    ops.nn(dB, flat, dK, true);  // its negative
    for (size_t i = 0; i < size; ++i) {
      w.F[i] += w.B[i];
      dX[i] = T(rho) * w.B[i];
      dU[i] = T(rho) * w.B[i] - dD[i];
    }
  }
  for (size_t i = 0; i < size; ++i) d_in.data[i] += dX[i];
  const Mat<T> twice{w.L, r, r, r};
  for (int32_t j = 0; j < r; ++j)
    for (int32_t i = 0; i < r; ++i) twice(i, j) = -(dK(i, j) + dK(j, i));
  ops.nn(twice, other, d_other, true);
  ops.nn(dF, side == of_h ? w.Vt : w.V, d_other, true);
}

// E = W'H - V, and the sum of its squares.
template <class T>
double FactormerTrain<T>::error(const Ops<T> &ops, Worker &w, Mat<const T> W, Mat<const T> H) const {
  transpose(W, w.W);
  ops.nn(w.W, H, w.E);
  for (int32_t j = 0; j < w.n; ++j) {
    T *e = w.E.col(j);
    const T *v = w.V.col(j);
    for (int32_t i = 0; i < w.m; ++i) e[i] -= v[i];
  }
  return max_of(inner<T>(w.E, w.E), 1e-300);
}

template <class T>
void FactormerTrain<T>::sample(const Ops<T> &ops, Worker &w, View<T> V, const FactormerSource<T> &source, T *bar,
                               bool fresh, double *loss, double *first) const {
  double sum = 0;
  for (int32_t j = 0; j < w.n; ++j)
    for (int32_t i = 0; i < w.m; ++i) sum += double(V(i, j));
  const double entries = double(w.m) * double(w.n);
  const T scale = sum > 0 ? T(entries / sum) : T(1);
  for (int32_t j = 0; j < w.n; ++j)
    for (int32_t i = 0; i < w.m; ++i) w.V(i, j) = scale * V(i, j);
  transpose<T>(w.V, w.Vt);
  w.svd.run(ops, Parallel{}, Operand<T>(w.V), nullptr, min_of(s.rank, min_of(w.m, w.n)), seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
  nndsvd(w.svd, 0, T(0), Rng(0, 0), w.W, w.x[0][of_h]);
  transpose<T>(w.W, w.x[0][of_w]);

  const auto factors = [&](int32_t i) {
    typename FactormerPass<T>::Factors f;
    for (const int32_t side : {of_w, of_h}) {
      f.now[side] = w.x[i][side];
      if (s.accelerates) f.before[side] = w.x[i - 1][side];
    }
    return f;
  };
  double squares[max_ops + 1] = {};
  int32_t nets = 0, admms = 0;
  bool seen = false;
  for (int32_t i = 0; i < w.ops; ++i) {
    if (w.op[i] == net) {
      w.pass[nets++].forward(ops, Parallel{}, w.V, T(1), source, factors(i), w.x[i + 1]);
    } else {
      half(ops, w, of_w, w.x[i][of_h], w.x[i][of_w], w.x[i + 1][of_w], w.half[admms][of_w]);
      half(ops, w, of_h, w.x[i + 1][of_w], w.x[i][of_h], w.x[i + 1][of_h], w.half[admms][of_h]);
      ++admms;
    }
    if (!(w.weight[i + 1] > 0)) continue;
    squares[i + 1] = error(ops, w, w.x[i + 1][of_w], w.x[i + 1][of_h]);
    const double value = 0.5 * log(squares[i + 1] / entries);
    *loss += w.weight[i + 1] * value;
    if (w.op[i] == net && !(s.accelerates && i + 1 < w.ops) && !seen) *first += value, seen = true;
  }
  if (!bar) return;

  for (int32_t i = 0; i <= w.ops; ++i)
    for (const int32_t side : {of_w, of_h}) fill(w.dx[i][side], T(0));
  for (int32_t i = w.ops - 1; i >= 0; --i) {
    const Mat<T> *x = w.x[i + 1], *dx = w.dx[i + 1];
    if (w.weight[i + 1] > 0) {  // d log RMSE = E / sum of squares
      error(ops, w, x[of_w], x[of_h]);
      const T by = T(w.weight[i + 1] / squares[i + 1]);
      for (int32_t j = 0; j < w.n; ++j)
        for (int32_t l = 0; l < w.m; ++l) w.E(l, j) *= by;
      transpose<T>(w.E, w.Et);
      ops.nn(x[of_w], w.E, dx[of_h], true);
      ops.nn(x[of_h], w.Et, dx[of_w], true);
    }
    if (w.op[i] == net) {
      w.pass[--nets].backward(ops, w.V, T(1), source, factors(i), x, dx, bar, fresh, w.dx[i],
                              s.accelerates ? w.dx[i - 1] : nullptr);
      fresh = false;
    } else {
      --admms;
      half_back(ops, w, of_h, x[of_w], dx[of_h], dx[of_w], w.dx[i][of_h], w.half[admms][of_h]);
      half_back(ops, w, of_w, w.x[i][of_h], dx[of_w], w.dx[i][of_h], w.dx[i][of_w], w.half[admms][of_w]);
    }
  }
}

// ---- The handle -----------------------------------------------------------------------------------------------------

namespace {
constexpr size_t chunk = 1 << 15;  // parameters of one task
}

template <class T>
void FactormerTrain<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<FactormerTrain<T>>(1);
  const size_t n = s.params();
  b.theta = carve.take<T>(n);
  b.m = carve.take<T>(n);
  b.v = carve.take<T>(n);
  b.share = carve.take<T>(n, size_t(max_shares));
  b.turned = carve.take<T>(s.transposed_params());
  b.loss = carve.take<double>(size_t(2 * max_shares));
  b.norm = carve.take<double>((n + chunk - 1) / chunk);
  Carver one;
  Worker w;
  worker_layout(one, w, max_rows, max_cols);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(par.workers));
}

template <class T>
T *FactormerTrain<T>::parameters(void *base) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  return b.theta;
}
template <class T>
T *FactormerTrain<T>::gradient(void *base) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  return b.share;
}

// Uniform within 1/sqrt(fan-in), as is usual of linear maps; the norms begin at one and zero.
template <class T>
void FactormerTrain<T>::start(void *base) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const Rng rng(seed, 0xFAC7);
  const int32_t d = s.width, wide = 2 * d + 1;
  const int32_t fan[FactormerShape::tensors] = {d, d, s.hidden, s.hidden, wide, 0, 0, d, d, wide, wide, s.inputs(), s.inputs(), d, d};
  for (int32_t t = 0; t < s.tensors; ++t)
    for (int32_t set = 0; set < s.copies(t); ++set) {
      const size_t from = s.at(t, set);
      const double bound = fan[t] > 0 ? 1 / sqrt_of(double(fan[t])) : 0;
      for (size_t i = 0; i < s.count(t); ++i)
        b.theta[from + i] = fan[t] > 0 ? T(bound * (2 * rng.uniform(from + i) - 1)) : T(i < size_t(d));
    }
  for (size_t i = 0; i < s.params(); ++i) b.m[i] = b.v[i] = b.share[i] = T(0);
  steps = 0;
}

// The weights whose way back is a product with A': that with a turned copy is faster, which serves all updates of a step.
template <class T>
void FactormerTrain<T>::turn(const Blocks &b) const {
  parallel_for(par, s.sets(), [&](int32_t set, int32_t) {
    for (const int32_t t : {s.f1, s.f2, s.query}) {
      const int32_t rows = s.rows(t), cols = s.cols(t);
      const Mat<const T> from{b.theta + s.at(t, set), rows, cols, rows};
      const Mat<T> to{b.turned + s.transposed_at(t, set), cols, rows, cols};
      constexpr int32_t side = 16;  // squares, so that lines are written whole
      for (int32_t j = 0; j < cols; j += side)
        for (int32_t i = 0; i < rows; i += side) {
          const int32_t m = min_of(side, rows - i), n = min_of(side, cols - j);
          for (int32_t u = 0; u < m; ++u) {  // the next ones: lines far apart, and larger than the caches
            __builtin_prefetch(from.col(j + u) + side * rows + i);
            __builtin_prefetch(to.col(i + u) + j + side, 1);
          }
          transpose<T>(from.block(i, j, m, n), to.block(j, i, n, m));
        }
    }
  });
}

template <class T>
bool FactormerTrain<T>::step(void *base, const Mat<const T> *V, int32_t count, bool learn, double *loss, double *rmse) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const size_t n = s.params();
  const int32_t shares = min_of(max_shares, count), chunks = int32_t((n + chunk - 1) / chunk);
  turn(b);
  parallel_for(par, shares, [&](int32_t share, int32_t worker) {
    T *bar = learn ? b.share + n * size_t(share) : nullptr;
    double sums[2] = {0, 0};
    const int32_t from = int32_t(int64_t(count) * share / shares), to = int32_t(int64_t(count) * (share + 1) / shares);
    for (int32_t i = from; i < to; ++i) {
      Carver one(b.worker + b.worker_bytes * size_t(worker));
      Worker w;
      worker_layout(one, w, V[i].rows, V[i].cols);
      w.ops = ops_at(steps, w.op, w.weight);
      sample(ops, w, V[i], {b.theta, nullptr, b.turned}, bar, i == from, sums, sums + 1);
    }
    b.loss[2 * share] = sums[0], b.loss[2 * share + 1] = sums[1];
  });
  double total = 0, first = 0;
  for (int32_t i = 0; i < shares; ++i) total += b.loss[2 * i], first += b.loss[2 * i + 1];
  *loss = total / count;
  *rmse = exp(first / count);
  if (!learn) return is_finite(total);
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const auto each_chunk = [&](const auto &body) {
    parallel_for(par, chunks, [&](int32_t i, int32_t) {
      const size_t from = chunk * size_t(i);
      body(i, from, int32_t(min_of(chunk, n - from)));
    });
  };
  each_chunk([&](int32_t i, size_t from, int32_t size) {
    for (int32_t share = 1; share < shares; ++share) k.add(size, b.share + n * size_t(share) + from, b.share + from);
    if (count > 1) k.times(size, T(1.0 / count), b.share + from, nullptr, b.share + from);
    b.norm[i] = double(k.dot(size, b.share + from, b.share + from));
  });
  double norm2 = 0;
  for (int32_t i = 0; i < chunks; ++i) norm2 += b.norm[i];
  if (!is_finite(total) || !is_finite(norm2)) return false;
  AdamConfig c = adam;
  c.rate = schedule.at(steps);
  ++steps;

  const AdamStep<T> adam_by(c, steps, clip > 0 && norm2 > clip * clip ? T(clip / sqrt_of(norm2)) : T(1));
  each_chunk([&](int32_t, size_t from, int32_t size) {
    adam_by.by_kernel(size_t(size), b.share + from, b.theta + from, b.m + from, b.v + from);
  });
  return true;
}

template <class T>
size_t FactormerTrain<T>::save(void *base, bool moments, void *out) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const Element own = sizeof(T) == 4 ? Element::f32 : Element::f64;
  const size_t n = s.params();
  BlobWriter w(ModelKind::factormer, s.tensors + 1 + (moments ? 3 : 0), out);
  for (int32_t t = 0; t < s.tensors; ++t) {
    if (t == s.embed) {
      const double config[12] = {double(s.rank), double(s.width), double(s.heads), double(s.layers), double(s.hidden),
                                 double(s.residual), double(s.separate), double(s.wide_scale), double(s.last_norm),
                                 double(s.accelerates), 0, 0};
      w.add({"config", Element::i32, 1, {12}});
      w.store(0, 12, config);
    }
    w.add({s.name(t), own, 3, {uint32_t(s.rows(t)), uint32_t(s.cols(t)), uint32_t(s.copies(t))}});
    w.store(0, s.count(t) * size_t(s.copies(t)), b.theta + s.at(t));
  }
  if (moments) {
    const double t = double(steps);
    w.add({"train.m", own, 1, {uint32_t(n)}});
    w.store(0, n, b.m);
    w.add({"train.steps", Element::f64, 0, {}});
    w.store(0, 1, &t);
    w.add({"train.v", own, 1, {uint32_t(n)}});
    w.store(0, n, b.v);
  }
  return w.finish();
}

template <class T>
Status FactormerTrain<T>::load(void *base, const Blob &blob) {
  FactormerShape given;
  if (const Status st = factormer_read(blob, &given); st != OK) return st;
  for (int32_t t = 0; t < s.tensors; ++t)
    if (given.count(t) != s.count(t) || given.copies(t) != s.copies(t)) return E_BLOB;
  if (given.heads != s.heads || given.residual != s.residual || given.wide_scale != s.wide_scale ||
      given.last_norm != s.last_norm)
    return E_BLOB;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  Record r, m, v, t;
  const size_t n = s.params();
  const bool moments = blob.find("train.m", &m) && m.is(1, uint32_t(n)) && blob.find("train.v", &v) && v.is(1, uint32_t(n)) &&
                       blob.find("train.steps", &t) && t.is(0);
  const double count = moments ? t.value<double>(0) : 0;
  if (!(count >= 0 && count < 1e15)) return E_BLOB;
  for (int32_t i = 0; i < s.tensors; ++i)
    for (size_t l = 0; blob.find(s.name(i), &r) && l < r.count; ++l)
      if (!is_finite(r.value<T>(l))) return E_BLOB;
  for (size_t i = 0; moments && i < n; ++i)
    if (!is_finite(m.value<T>(i)) || !(v.value<T>(i) >= T(0))) return E_BLOB;
  for (int32_t i = 0; i < s.tensors; ++i)
    if (blob.find(s.name(i), &r)) r.read(0, r.count, b.theta + s.at(i));
  for (size_t i = 0; i < n; ++i) b.m[i] = b.v[i] = T(0);
  if (moments) {
    m.read(0, n, b.m);
    v.read(0, n, b.v);
  }
  steps = int64_t(count);
  return OK;
}

#define INSTANTIATE(T)                           \
  template void FactorSample::draw(Mat<T>) const; \
  template struct FactormerTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
