#include "nalmu_train.hpp"

#include <initializer_list>

#include "defaults.hpp"

namespace orthant {
namespace {

// dA/dtheta from A.
template <class T>
T slope(Positivity p, T a) {
  switch (p) {
    case Positivity::exponential: return a;
    case Positivity::direct: return T(1);
    case Positivity::softplus: return T(1) - T(exp(-double(a)));
  }
  return T(1);
}

}  // namespace

template <class T>
Status NalmuTrain<T>::resolve() {
  default_to(&s.lines, 1);
  default_to(&s.kernel, 3);
  for (const Side side : {side_w, side_h}) {
    default_to(&s.spread[side], Spread::component);
    default_to(&loss[side], LossKind::nmse);
  }
  segment = segment > 0 ? min_of(segment, s.layers) : s.layers;
  default_to(&positivity, Positivity::exponential);
  default_to(&nu, NuRule::linear);
  adam.resolve(1e-2);
  default_to(&decay, 1.0);
  default_to(&start_h, 1.0);
  return s.good() ? OK : E_ARG;
}

template <class T>
void NalmuTrain<T>::worker_layout(Carver &carve, Worker &w) const {
  w.pass.s = s;
  w.pass.n = columns;
  w.pass.segment = segment;
  w.pass.layout(carve, Parallel{});
  w.X = {carve.take<T>(size_t(columns), size_t(s.rank)), columns, s.rank, columns};
}

template <class T>
void NalmuTrain<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<NalmuTrain<T>>(1);
  const size_t n = s.params();
  b.theta = carve.take<T>(n);
  b.m = carve.take<T>(n);
  b.v = carve.take<T>(n);
  b.A = carve.take<T>(n);
  b.gradients = carve.take<T>(n, size_t(under_way()) + 1);
  b.W0 = {carve.take<T>(s.both ? size_t(s.bands) : 0, size_t(s.rank)), s.bands, s.rank, s.bands};
  b.H0 = {carve.take<T>(size_t(columns), size_t(s.rank)), columns, s.rank, columns};
  b.nu = carve.take<double>(size_t(s.layers));
  b.losses = carve.take<double>(size_t(under_way()));
  b.workers.layout(carve, par.workers, [this](Carver &one, Worker &w) { worker_layout(one, w); });
}

template <class T>
bool NalmuTrain<T>::is_network(size_t i) const {
  const Side side = i % s.layer_params() < s.count(side_w) ? side_w : side_h;
  return s.spread[side] == Spread::network;
}

template <class T>
double NalmuTrain<T>::nu_of(int32_t layer) const {
  const double part = s.layers > 1 ? double(layer) / (s.layers - 1) : 1;
  switch (nu) {
    case NuRule::linear: return part;
    case NuRule::logarithmic: return pow(10.0, -7 * (1 - part));
    case NuRule::last: return layer + 1 == s.layers ? 1 : 0;
  }
  return 0;
}

// All multipliers are one.
template <class T>
void NalmuTrain<T>::start(void *base, View<T> W0) {
  const Blocks b = blocks(base);
  for (int32_t k = 0; k < s.sets(); ++k)
    for (const Side side : {side_w, side_h}) {
      T *theta = b.theta + s.at(side, k);
      if (s.count(side) > 0 && s.spread[side] == Spread::network) {
        ConvNet<T> net;
        net.s = s.net(side);
        net.start(seed, 2 * uint64_t(k) + uint64_t(side), theta);
      } else {
        for (size_t i = 0; i < s.count(side); ++i) theta[i] = parameter_of(positivity, T(1));
      }
    }
  for (size_t i = 0; i < s.params(); ++i) {
    b.m[i] = T(0);
    b.v[i] = T(0);
    b.gradients[i] = T(0);
  }
  for (int32_t k = 0; k < s.layers; ++k) b.nu[k] = nu_of(k);
  fill(b.H0, T(start_h));
  if (s.both) {
    if (W0.data) copy<T>(W0, b.W0);
    else fill(b.W0, T(1));
  }
  has_start = W0.data != nullptr;
  steps = 0;
}

// Adds the gradient of a sample; its loss.
template <class T>
double NalmuTrain<T>::sample(const Blocks &b, const Worker &worker, Mat<const T> Y, Mat<const T> W, Mat<const T> H,
                             T *gradient) const {
  Worker w = worker;
  const Ops<T> ops;
  transpose<T>(H, w.X);
  copy<T>(s.both ? Mat<const T>(b.W0) : W, w.pass.input(side_w));
  copy<T>(b.H0, w.pass.input(side_h));
  const Parallel serial;
  const Operand<T> operand(Y);
  const NalmuData<T> data{ops, serial, operand, {b.A, nullptr}};
  w.pass.forward(data, s.layers);
  return w.pass.backward(data, {W, w.X, {loss[side_w], loss[side_h]}, b.nu}, gradient);
}

// Of the sum the mean over the samples, with regard to the parameters.  Whether it is finite.
template <class T>
bool NalmuTrain<T>::finish_gradient(const Blocks &b, int32_t count) const {
  const T mean = T(1.0 / count);
  bool finite = true;
  for (size_t i = 0; i < s.params(); ++i) {
    b.gradients[i] = b.gradients[i] * mean * (is_network(i) ? T(1) : slope(positivity, b.A[i]));
    finite = finite && is_finite(b.gradients[i]);
  }
  return finite;
}

template <class T>
void NalmuTrain<T>::learn(const Blocks &b) {
  AdamConfig c = adam;
  c.rate *= pow(decay, double(steps));
  ++steps;
  AdamStep<T>(c, steps)(s.params(), b.gradients, b.theta, b.m, b.v);
  if (positivity != Positivity::direct) return;
  for (size_t i = 0; i < s.params(); ++i)  // Differs: a multiplier below zero would make a factor negative
    if (!is_network(i)) b.theta[i] = max_of(b.theta[i], T(0));
}

template <class T>
bool NalmuTrain<T>::step(void *base, Mat<const T> Y, Mat<const T> W, Mat<const T> H, int32_t count, Learn learns,
                         double *loss_out) {
  const Blocks b = blocks(base);
  const size_t n = s.params();
  for (size_t i = 0; i < n; ++i) b.A[i] = is_network(i) ? b.theta[i] : positive(positivity, b.theta[i]);
  double total = 0;
  for (size_t i = 0; i < n; ++i) b.gradients[i] = T(0);
  for (int32_t from = 0; from < count; from += under_way()) {
    const int32_t wave = min_of(under_way(), count - from);
    parallel_for(par, wave, [&](int32_t place, int32_t index) {
      const Worker w = b.workers.of(index, [this](Carver &one, Worker &each) { worker_layout(one, each); });
      const int32_t i = from + place;
      T *gradient = b.gradients + n * size_t(place + 1);
      for (size_t k = 0; k < n; ++k) gradient[k] = T(0);
      b.losses[place] = sample(b, w, Y.columns(i * columns, columns), W.columns(i * s.rank, s.rank),
                               H.columns(i * columns, columns), gradient);
    });
    for (int32_t place = 0; place < wave; ++place) {
      total += b.losses[place];
      for (size_t k = 0; k < n; ++k) b.gradients[k] += b.gradients[k + n * size_t(place + 1)];
    }
  }
  const bool finite = finish_gradient(b, count);
  *loss_out = total / count;
  if (!finite || !is_finite(total)) return false;
  if (learns == Learn::parameters) learn(b);
  return true;
}

#define INSTANTIATE(T) template struct NalmuTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
