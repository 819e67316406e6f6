#include "nalmu_pass.hpp"

#include <initializer_list>

namespace orthant {

// ---- the blocks

template <class T>
void NalmuPass<T>::powers_layout(Carver &carve, NalmuPowers<T> &p) const {
  for (Mat<T> *tile : {&p.V, &p.P, &p.Q})
    *tile = {carve.take<T>(size_t(s.bands), size_t(panel_cols)), s.bands, panel_cols, s.bands};
  p.H = {carve.take<T>(size_t(s.rank), size_t(panel_cols)), s.rank, panel_cols, s.rank};
}

template <class T>
void NalmuPass<T>::layout(Carver &carve, const Parallel &par) {
  const size_t r = size_t(s.rank), slots = size_t(segment) + 1, kept = segment > 0 ? size_t(segment) : 1;
  const size_t checkpoints = segment > 0 ? size_t(ceil_div(s.layers, segment)) : 0;
  const bool training = segment > 0, general = s.beta != 2;
  for (const Side side : {side_w, side_h}) {
    const bool moves = s.moves(side);
    factor_[side] = carve.take<T>(size(side), moves ? slots : 1);
    N_[side] = carve.take<T>(moves ? size(side) : 0, fixed_products() ? 1 : kept);
    D_[side] = carve.take<T>(moves ? size(side) : 0, kept);
    checkpoint_[side] = carve.take<T>(moves ? size(side) : 0, checkpoints);
    A_[side] = carve.take<T>(moves && !training ? s.count(side) : 0);  // training has them in memory
    if (moves && s.spread[side] == Spread::network) net_[side].layout(carve, s.net(side), training);
  }
  // All of the size of the larger factor: they change places.
  const size_t longest = training ? max_of(size(side_w), size(side_h)) : 0;
  for (T **bar : {&own_bar_, &bar_[side_w], &bar_[side_h], &N_bar_, &D_bar_}) *bar = carve.take<T>(longest);
  A_bar_ = carve.take<T>(s.adaptive() ? longest : 0);
  panel_ = carve.take<T>(training ? r : 0, size_t(panel_cols));
  G_ = carve.take<T>(r, r);
  S_ = carve.take<T>(training ? r : 0, r);
  const size_t shares = s.both ? size_t(parts()) - 1 : 0;
  share_N_ = carve.take<T>(size(side_w), shares);
  share_D_ = carve.take<T>(general ? size(side_w) : r * r, shares);
  for (T *&tile : V_bar_) tile = carve.take<T>(training && general ? size_t(s.bands) : 0, size_t(panel_cols));
  powers_.layout(carve, general ? par.workers : 0, [this](Carver &one, NalmuPowers<T> &p) { powers_layout(one, p); });
}

template <class T>
Mat<T> NalmuPass<T>::iterate(Side side, int32_t layer) const {
  const int32_t slot = segment > 0 && s.moves(side) ? layer - first_ : 0;
  return tall(factor_[side] + size_t(slot) * size(side), side);
}

template <class T>
Mat<T> NalmuPass<T>::product(T *const *of, Side side, int32_t layer) const {
  const bool once = segment == 0 || (of == N_ && fixed_products());
  return tall(of[side] + (once ? 0 : size_t(layer - first_) * size(side)), side);
}

template <class T>
typename NalmuPass<T>::Update NalmuPass<T>::update(Side side, int32_t layer) const {
  const Side across = side == side_w ? side_h : side_w;
  const int32_t seen = side == s.order(0) ? layer : layer + 1;
  return {side, layer, iterate(side, layer), iterate(across, seen), iterate(side, layer + 1), product(N_, side, layer),
          product(D_, side, layer)};
}

// ---- one update

// A of a layer: one row where it is one value a component; null for one.
template <class T>
Mat<const T> NalmuPass<T>::multiplier(const NalmuData<T> &data, Side side, int32_t layer) {
  const NalmuWeights<T> &weights = data.weights;
  const T *theta = weights.values ? weights.values + s.at(side, layer) : nullptr;
  Record r;
  if (weights.blob && weights.blob->find(multiplier_name(side), &r)) {
    const size_t count = s.count(side);
    r.read(count * size_t(s.tied ? 0 : layer), count, A_[side]);
    theta = A_[side];
  }
  if (!theta) return {};
  switch (s.spread[side]) {
    case Spread::component: return {theta, 1, s.rank, 1};
    case Spread::full: return {theta, rows(side), s.rank, rows(side)};
    case Spread::network: break;
  }
  const Mat<T> X = iterate(side, layer);
  const ConvShape &c = net_[side].s;
  const Mat<T> a = net_[side].forward(data.ops, theta, Mat<const T>{X.data, c.pixels(), c.channels[0], c.pixels()});
  return {a.data, rows(side), s.rank, rows(side)};
}

// These rows of  out = clip(A . own . N / max(D, least)).
template <class T>
void NalmuPass<T>::multiply(const Update &u, Mat<const T> A, Range range) const {
  const T one = 1;
  const bool each = A.data && A.rows > 1;
  for (int32_t k = 0; k < s.rank; ++k) {
    const T *a = A.data ? A.col(k) + (each ? range.from : 0) : &one;
    fastest<MuKernels<T>>().forward(range.size(), each, a, u.own.col(k) + range.from, u.N.col(k) + range.from,
                                    u.D.col(k) + range.from, T(nalmu_least), T(s.low[u.side]), T(s.high[u.side]),
                                    u.out.col(k) + range.from);
    for (int32_t i = range.from; keeps_finite && i < range.to; ++i)
      if (!is_finite(u.out(i, k))) u.out(i, k) = u.own(i, k);
  }
}

// v^(beta-2)
template <class T>
static T power_of(T v, double beta, T exponent) {
  if (beta == 1) return T(1) / v;
  if (beta == 0) return T(1) / (v * v);
  return T(pow(double(v), double(exponent)));
}

template <class T>
NalmuPowers<T> NalmuPass<T>::powers(const NalmuData<T> &data, Range cols, int32_t worker, Mat<const T> W,
                                    Mat<const T> X) const {
  NalmuPowers<T> p = powers_.of(worker, [this](Carver &one, NalmuPowers<T> &w) { powers_layout(one, w); });
  for (Mat<T> *tile : {&p.V, &p.P, &p.Q, &p.H}) tile->cols = cols.size();
  transpose<T>(X.block(cols.from, 0, cols.size(), s.rank), p.H);
  data.ops.nn(W, p.H, p.V);
  const T exponent = T(s.beta - 2);
  for (int32_t c = 0; c < cols.size(); ++c) {
    T *v = p.V.col(c), *y = p.P.col(c), *q = p.Q.col(c);
    data.Y.column(cols.from + c, y);
    for (int32_t i = 0; i < s.bands; ++i) {
      v[i] = max_of(v[i], T(nalmu_least));
      const T power = power_of(v[i], s.beta, exponent);
      y[i] *= power;
      q[i] = power * v[i];
    }
  }
  return p;
}

template <class T>
void NalmuPass<T>::step_h(const NalmuData<T> &data, int32_t layer) {
  const Update u = update(side_h, layer);
  const Mat<const T> A = multiplier(data, side_h, layer);
  if (s.both && s.beta == 2) data.ops.tn(u.other, u.other, square(G_));
  parallel_blocks(data.par, n, panel_cols, [&](Range cols, int32_t worker) {
    const auto part = [&](Mat<T> X) { return X.block(cols.from, 0, cols.size(), s.rank); };
    if (s.beta == 2) {
      if (!fixed_products()) data.Y.panel_tn(data.ops, cols.from, cols.size(), u.other, part(u.N));
      data.ops.nn(part(u.own), square(G_), part(u.D));
    } else {
      const NalmuPowers<T> p = powers(data, cols, worker, u.other, u.own);
      data.ops.tn(p.P, u.other, part(u.N));
      data.ops.tn(p.Q, u.other, part(u.D));
    }
    multiply(u, A, cols);
  });
}

// Sums over the columns of Y, by parts that the shape alone decides, in the order of the parts.
template <class T>
void NalmuPass<T>::step_w(const NalmuData<T> &data, int32_t layer) {
  const Update u = update(side_w, layer);
  const Mat<const T> A = multiplier(data, side_w, layer);
  const Shares<T> N{u.N, share_N_}, D{s.beta == 2 ? square(G_) : u.D, share_D_};
  parallel_for(data.par, parts(), [&](int32_t part, int32_t worker) {
    const Mat<T> N_part = N.of(part, part - 1), D_part = D.of(part, part - 1);
    const Range mine = part_of(panels(), part, parts());
    for (int32_t k = mine.from; k < mine.to; ++k) {
      const bool add = k > mine.from;
      const int32_t j = k * panel_cols;
      const Range cols{j, j + min_of(panel_cols, n - j)};
      const Mat<T> X = u.other.block(cols.from, 0, cols.size(), s.rank);
      if (s.beta == 2) {
        data.Y.panel_nn(data.ops, cols.from, cols.size(), X, N_part, add);
        data.ops.tn(X, X, D_part, add);
      } else {
        const NalmuPowers<T> p = powers(data, cols, worker, u.own, u.other);
        data.ops.nn(p.P, X, N_part, add);
        data.ops.nn(p.Q, X, D_part, add);
      }
    }
  });
  for (int32_t part = 1; part < parts(); ++part) {
    accumulate<T>(N.at(part - 1), N.all);
    accumulate<T>(D.at(part - 1), D.all);
  }
  if (s.beta == 2) data.ops.nn(u.own, square(G_), u.D);
  multiply(u, A, {0, s.bands});
}

// ---- the layers

template <class T>
void NalmuPass<T>::run(const NalmuData<T> &data, int32_t from, int32_t to) {
  for (int32_t layer = from; layer < to; ++layer)
    for (int32_t i = 0; i < 1 + s.both; ++i) {
      if (s.order(i) == side_w) step_w(data, layer);
      else step_h(data, layer);
    }
}

// The iterates that a segment begins from go to its checkpoint and to slot 0.
template <class T>
void NalmuPass<T>::keep_input() {
  for (const Side side : {side_w, side_h}) {
    if (!s.moves(side)) continue;
    T *kept = checkpoint_[side] + size(side) * size_t(first_ / segment);
    const T *now = factor_[side] + (first_ > 0 ? size(side) * size_t(segment) : 0);
    for (size_t i = 0; i < size(side); ++i) {
      factor_[side][i] = now[i];
      kept[i] = now[i];
    }
  }
}

template <class T>
void NalmuPass<T>::forward(const NalmuData<T> &data, int32_t layers) {
  first_ = 0;
  if (fixed_products()) {
    const Mat<T> W = input(side_w), N = product(N_, side_h, 0);
    data.ops.tn(W, W, square(G_));
    parallel_blocks(data.par, n, panel_cols, [&](Range cols, int32_t) {
      data.Y.panel_tn(data.ops, cols.from, cols.size(), W, N.block(cols.from, 0, cols.size(), s.rank));
    });
  }
  if (segment == 0) return run(data, 0, layers);
  for (; first_ < layers; first_ += segment) {
    keep_input();
    run(data, first_, min_of(first_ + segment, layers));
  }
  first_ -= segment;
}

// What other files call.
#define INSTANTIATE(T)                                                                                              \
  template void NalmuPass<T>::layout(Carver &, const Parallel &);                                                   \
  template Mat<T> NalmuPass<T>::iterate(Side, int32_t) const;                                                       \
  template typename NalmuPass<T>::Update NalmuPass<T>::update(Side, int32_t) const;                                 \
  template Mat<const T> NalmuPass<T>::multiplier(const NalmuData<T> &, Side, int32_t);                              \
  template NalmuPowers<T> NalmuPass<T>::powers(const NalmuData<T> &, Range, int32_t, Mat<const T>, Mat<const T>)    \
      const;                                                                                                        \
  template void NalmuPass<T>::run(const NalmuData<T> &, int32_t, int32_t);                                          \
  template void NalmuPass<T>::forward(const NalmuData<T> &, int32_t);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
