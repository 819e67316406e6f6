#include "nalmu_train.hpp"

#include <initializer_list>

namespace orthant {
namespace {

template <class T>
T positive(Positivity p, T theta) {
  switch (p) {
    case Positivity::exponential: return T(exp(double(theta)));
    case Positivity::softplus: return T(max_of(double(theta), 0.0) + log1p(exp(-fabs(double(theta)))));
    default: return theta;
  }
}
// dA/dtheta from A.
template <class T>
T slope(Positivity p, T a) {
  return p == Positivity::exponential ? a : p == Positivity::softplus ? T(1) - T(exp(-double(a))) : T(1);
}
template <class T>
T inverse(Positivity p, T a) {
  if (p == Positivity::exponential) return T(log(max_of(double(a), 1e-30)));
  if (p == Positivity::softplus) return T(log(expm1(max_of(double(a), 1e-12))));
  return a;
}

}  // namespace

template <class T>
void NalmuTrain<T>::worker_layout(Carver &carve, NalmuPass<T> &pass, Mat<T> *target) const {
  pass.s = s;
  pass.n = columns;
  pass.segment = segment;
  pass.layout(carve, Parallel{});
  *target = {carve.take<T>(size_t(columns), size_t(s.rank)), columns, s.rank, columns};
}

template <class T>
void NalmuTrain<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<NalmuTrain<T>>(1);
  const size_t n = s.params();
  b.theta = carve.take<T>(n);
  b.m = carve.take<T>(n);
  b.v = carve.take<T>(n);
  b.A = carve.take<T>(n);
  b.share = carve.take<T>(n, size_t(max_shares));
  b.W0 = carve.take<T>(s.both ? size_t(s.bands) : 0, size_t(s.rank));
  b.nu = carve.take<double>(size_t(s.layers));
  b.share_loss = carve.take<double>(size_t(max_shares));
  b.state = n;
  Carver one;
  NalmuPass<T> pass;
  Mat<T> target;
  worker_layout(one, pass, &target);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes = (b.worker_bytes - (Carver::alignment - 1) + sizeof(T) - 1) / sizeof(T) * sizeof(T);
  b.worker = carve.take<T>(b.worker_bytes / sizeof(T), size_t(par.workers));
}

template <class T>
bool NalmuTrain<T>::is_network(size_t i) const {
  const size_t w = s.count(side_w), at = i % (w + s.count(side_h));
  return s.spread[at < w ? side_w : side_h] == Spread::network;
}

template <class T>
void NalmuTrain<T>::start(void *base, View<T> W0) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  for (int32_t k = 0; k < s.sets(); ++k)
    for (const Side side : {side_w, side_h}) {
      T *theta = b.theta + s.at(side, k);
      if (s.count(side) > 0 && s.spread[side] == Spread::network) {
        ConvNet<T> net;
        net.s = s.net(side);
        net.start(seed, 2 * uint64_t(k) + uint64_t(side), theta);
      } else {
        for (size_t i = 0; i < s.count(side); ++i) theta[i] = inverse(positivity, T(1));
      }
    }
  for (size_t i = 0; i < b.state; ++i) b.m[i] = b.v[i] = b.share[i] = T(0);
  for (int32_t k = 0; k < s.layers; ++k) {
    const double part = s.layers > 1 ? double(k) / (s.layers - 1) : 1;
    b.nu[k] = nu == NuRule::linear ? part : nu == NuRule::logarithmic ? pow(10.0, -7 * (1 - part)) : double(k + 1 == s.layers);
  }
  for (int32_t c = 0; s.both && c < s.rank; ++c)
    for (int32_t i = 0; i < s.bands; ++i) b.W0[i + ptrdiff_t(c) * s.bands] = W0.data ? W0(i, c) : T(1);
  has_start = W0.data != nullptr;
  steps = 0;
}

template <class T>
bool NalmuTrain<T>::step(void *base, Mat<const T> Y, Mat<const T> W, Mat<const T> H, int32_t count, bool learn,
                         double *loss_out) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  for (size_t i = 0; i < b.state; ++i) b.A[i] = is_network(i) ? b.theta[i] : positive(positivity, b.theta[i]);
  const NalmuWeights<T> weights{b.A, nullptr};
  const int32_t shares = min_of(max_shares, count);
  parallel_for(par, shares, [&](int32_t share, int32_t worker) {
    Carver one(reinterpret_cast<unsigned char *>(b.worker) + b.worker_bytes * size_t(worker));
    NalmuPass<T> pass;
    Mat<T> target;
    worker_layout(one, pass, &target);
    T *gradient = b.share + b.state * size_t(share);
    for (size_t i = 0; i < b.state; ++i) gradient[i] = T(0);
    double sum = 0;
    const int32_t from = int32_t(int64_t(count) * share / shares), to = int32_t(int64_t(count) * (share + 1) / shares);
    for (int32_t i = from; i < to; ++i) {
      const Operand<T> Yi(Y.columns(i * columns, columns));
      const Mat<const T> Wi = W.columns(i * s.rank, s.rank), Hi = H.columns(i * columns, columns);
      transpose<T>(Hi, target);
      const Mat<T> W_own{pass.own[side_w], s.bands, s.rank, s.bands}, H_own{pass.own[side_h], columns, s.rank, columns};
      copy<T>(s.both ? Mat<const T>{b.W0, s.bands, s.rank, s.bands} : Wi, W_own);
      fill(H_own, T(start_h));
      pass.forward(ops, Parallel{}, Yi, weights, s.layers);
      sum += pass.backward(ops, Yi, weights, {Wi, target, {loss[0], loss[1]}, b.nu}, gradient);
    }
    b.share_loss[share] = sum;
  });
  double total = 0;
  bool finite = true;
  for (int32_t p = 0; p < shares; ++p) total += b.share_loss[p];
  const T mean = T(1.0 / count);
  for (size_t i = 0; i < b.state; ++i) {
    T g = b.share[i];
    for (int32_t p = 1; p < shares; ++p) g += b.share[i + b.state * size_t(p)];
    b.share[i] = g * mean * (is_network(i) ? T(1) : slope(positivity, b.A[i]));
    finite = finite && is_finite(b.share[i]);
  }
  *loss_out = total / count;
  if (!finite || !is_finite(total)) return false;
  if (!learn) return true;
  AdamConfig c = adam;
  c.rate *= pow(decay, double(steps));
  ++steps;
  adam_step(c, steps, b.state, b.share, b.theta, b.m, b.v);
  if (positivity == Positivity::direct)  // Differs: a multiplier below zero would make a factor negative
    for (size_t i = 0; i < b.state; ++i)
      if (!is_network(i)) b.theta[i] = max_of(b.theta[i], T(0));
  return true;
}

template <class T>
size_t NalmuTrain<T>::save(void *base, bool moments, void *out) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const Element own = sizeof(T) == 4 ? Element::f32 : Element::f64;
  const uint32_t sets = uint32_t(s.sets()), n = uint32_t(b.state);
  BlobWriter w(s.adaptive() ? ModelKind::ralmu : ModelKind::nalmu, 3 + s.both + (s.both && has_start) + 4 * moments, out);
  for (const Side side : {side_h, side_w}) {  // in ascending order of name
    if (side == side_w && !s.both) continue;
    const size_t count = s.count(side);
    w.add({side == side_h ? "A_H" : "A_W", own, 2, {uint32_t(count), sets}});
    for (int32_t k = 0; k < s.sets(); ++k)
      for (size_t i = 0; i < count; ++i) {
        const T theta = b.theta[s.at(side, k) + i];
        const T a = s.spread[side] == Spread::network ? theta : positive(positivity, theta);
        w.store(count * size_t(k) + i, 1, &a);
      }
  }
  if (s.both && has_start) {
    w.add({"W0", own, 2, {uint32_t(s.bands), uint32_t(s.rank)}});
    w.store(0, size_t(s.bands) * size_t(s.rank), b.W0);
  }
  const bool bound = (s.both && s.spread[side_w] != Spread::component) || (s.both && has_start);
  const bool mapped = s.spread[side_h] != Spread::component;
  const double config[12] = {bound ? double(s.bands) : 0, double(s.rank), double(s.layers),
                             mapped ? double(s.lines) : 1, mapped ? double(s.pixels) : 0, double(s.both), double(s.h_first),
                             double(s.tied), double(s.kernel), double(s.spread[0]), double(s.spread[1]), 0};
  w.add({"config", Element::i32, 1, {12}});
  w.store(0, 12, config);
  const double limits[6] = {s.beta, s.low[0], s.low[1], s.high[0], s.high[1], start_h};
  w.add({"limits", Element::f64, 1, {6}});
  w.store(0, 6, limits);
  if (moments) {
    const double t = double(steps);
    w.add({"train.m", own, 1, {n}});
    w.store(0, b.state, b.m);
    w.add({"train.steps", Element::f64, 0, {}});
    w.store(0, 1, &t);
    w.add({"train.theta", own, 1, {n}});
    w.store(0, b.state, b.theta);
    w.add({"train.v", own, 1, {n}});
    w.store(0, b.state, b.v);
  }
  return w.finish();
}

template <class T>
Status NalmuTrain<T>::load(void *base, const Blob &blob) {
  NalmuShape given;
  double given_start = 1;
  if (const Status st = nalmu_read(blob, &given, &given_start); st != OK) return st;
  if (given.rank != s.rank || given.layers != s.layers || given.both != s.both || given.tied != s.tied ||
      given.spread[0] != s.spread[0] || given.spread[1] != s.spread[1] || (given.bands > 0 && given.bands != s.bands))
    return E_BLOB;
  for (const Side side : {side_w, side_h})
    if (given.bands > 0 && given.count(side) != s.count(side)) return E_BLOB;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  Record a, theta, m, v, t, W0;
  const uint32_t n = uint32_t(b.state);
  const bool moments = blob.find("train.theta", &theta) && theta.is(1, n) && blob.find("train.m", &m) && m.is(1, n) &&
                       blob.find("train.v", &v) && v.is(1, n) && blob.find("train.steps", &t) && t.is(0);
  for (size_t i = 0; moments && i < b.state; ++i)
    if (!is_finite(theta.value<T>(i)) || !is_finite(m.value<T>(i)) || !(v.value<T>(i) >= T(0))) return E_BLOB;
  const double count = moments ? t.value<double>(0) : 0;
  if (!(count >= 0 && count < 1e15)) return E_BLOB;
  if (blob.find("W0", &W0) && s.both) {
    if (!W0.is(2, uint32_t(s.bands), uint32_t(s.rank))) return E_BLOB;
    W0.read(0, W0.count, b.W0);
    has_start = 1;
  }
  steps = int64_t(count);
  if (moments) {
    theta.read(0, b.state, b.theta);
    m.read(0, b.state, b.m);
    v.read(0, b.state, b.v);
    return OK;
  }
  for (const Side side : {side_w, side_h}) {
    if (!blob.find(side == side_w ? "A_W" : "A_H", &a)) continue;
    for (int32_t k = 0; k < s.sets(); ++k)
      for (size_t i = 0; i < s.count(side); ++i) {
        const T value = a.value<T>(s.count(side) * size_t(k) + i);
        b.theta[s.at(side, k) + i] = s.spread[side] == Spread::network ? value : inverse(positivity, value);
      }
  }
  for (size_t i = 0; i < b.state; ++i) b.m[i] = b.v[i] = T(0);
  return OK;
}

#define INSTANTIATE(T) template struct NalmuTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
