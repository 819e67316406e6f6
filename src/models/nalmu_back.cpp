// The way back through the layers of NALMU (algorithms.md, "NALMU").  Serial: training shares out samples.
#include <initializer_list>

#include "nalmu_pass.hpp"

namespace orthant {

// The iterates of a segment that was passed before the last one.
template <class T>
void NalmuPass<T>::recompute(const NalmuData<T> &data, int32_t to) {
  for (const Side side : {side_w, side_h}) {
    if (!s.moves(side)) continue;
    const T *kept = checkpoint_[side] + size(side) * size_t(first_ / segment);
    for (size_t i = 0; i < size(side); ++i) factor_[side][i] = kept[i];
  }
  run(data, first_, to);
}

template <class T>
double NalmuPass<T>::backward(const NalmuData<T> &data, const NalmuTarget<T> &target, T *theta_bar) {
  double sum = 0;
  for (const Side side : {side_w, side_h})
    for (size_t i = 0; i < size(side); ++i) bar_[side][i] = T(0);
  for (bool last = true; first_ >= 0; first_ -= segment) {
    const int32_t to = min_of(first_ + segment, s.layers);
    if (!last) recompute(data, to);
    last = false;
    for (int32_t k = to - 1; k >= first_; --k) {
      const Mat<T> W_bar = tall(bar_[side_w], side_w), X_bar = tall(bar_[side_h], side_h);
      if (s.both) sum += loss<T>(target.loss[side_w], target.nu[k], iterate(side_w, k + 1), target.W, W_bar, false);
      sum += loss<T>(target.loss[side_h], target.nu[k], iterate(side_h, k + 1), target.X, X_bar, true);
      for (int32_t i = s.both; i >= 0; --i) step_back(data, s.order(i), k, theta_bar);
    }
  }
  first_ = 0;
  return sum;
}

// bar_[side] comes as the gradient of the update's result and leaves as that of what it started from; that of the other
// factor is added to.
template <class T>
void NalmuPass<T>::step_back(const NalmuData<T> &data, Side side, int32_t layer, T *theta_bar) {
  const Side across = side == side_w ? side_h : side_w;
  const Update u = update(side, layer);
  const Gradients g{tall(own_bar_, side), tall(bar_[across], across), tall(N_bar_, side), tall(D_bar_, side)};
  T *theta_at = theta_bar + s.at(side, layer);
  const Mat<T> A_bar = multiplier_back(u, multiplier(data, side, layer), g, theta_at);
  if (s.beta == 2) products_back(data, u, g);
  else powers_back(data, u, g);
  if (s.spread[side] == Spread::network) {
    ConvNet<T> &net = net_[side];
    const auto map = [&](Mat<T> X) { return Mat<T>{X.data, net.s.pixels(), net.s.channels[0], net.s.pixels()}; };
    net.backward(data.ops, data.weights.values + s.at(side, layer), map(u.own), map(A_bar), theta_at, map(g.own));
  }
  T *before = own_bar_;
  own_bar_ = bar_[side];
  bar_[side] = before;
}

// Entry by entry: the gradients of A, which is added to, of N and D, and of the factor but for its part in D.
template <class T>
Mat<T> NalmuPass<T>::multiplier_back(const Update &u, Mat<const T> A, const Gradients &g, T *theta_bar) const {
  const int32_t rows_ = rows(u.side);
  Mat<T> A_bar{theta_bar, rows_, s.rank, rows_};
  switch (s.spread[u.side]) {
    case Spread::component: A_bar = {theta_bar, 1, s.rank, 1}; break;
    case Spread::full: break;
    case Spread::network:
      A_bar.data = A_bar_;
      fill(A_bar, T(0));
      break;
  }
  const Mat<T> R = tall(bar_[u.side], u.side);
  for (int32_t k = 0; k < s.rank; ++k)
    fastest<MuKernels<T>>().back(rows_, A.rows > 1, A.col(k), u.own.col(k), u.N.col(k), u.D.col(k), u.out.col(k),
                                 T(nalmu_least), T(s.low[u.side]), T(s.high[u.side]), R.col(k), A_bar.col(k),
                                 g.N.col(k), g.D.col(k), g.own.col(k));
  return A_bar;
}

// beta = 2:  own += D_bar G;  other += other (D_bar' own + own' D_bar) + Y_side' N_bar
template <class T>
void NalmuPass<T>::products_back(const NalmuData<T> &data, const Update &u, const Gradients &g) const {
  const Ops<T> &ops = data.ops;
  const int32_t r = s.rank;
  const Mat<T> G = square(G_), S = square(S_);
  if (s.both) ops.tn(u.other, u.other, G);
  ops.nn(g.D, G, g.own, true);
  if (!s.both) return;
  ops.tn(g.D, u.own, S);
  for (int32_t i = 0; i < r; ++i)
    for (int32_t j = 0; j <= i; ++j) {
      const T sum = S(i, j) + S(j, i);
      S(i, j) = sum;
      S(j, i) = sum;
    }
  ops.nn(u.other, S, g.other, true);
  for (int32_t j = 0; j < n; j += panel_cols) {
    const int32_t cols = min_of(panel_cols, n - j);
    if (u.side == side_h) {
      data.Y.panel_nn(ops, j, cols, g.N.block(j, 0, cols, r), g.other, true);
    } else {
      const Mat<T> YN{panel_, cols, r, cols};
      data.Y.panel_tn(ops, j, cols, g.N, YN);
      accumulate<T>(YN, g.other.block(j, 0, cols, r));
    }
  }
}

template <class T>
void NalmuPass<T>::powers_back(const NalmuData<T> &data, const Update &u, const Gradients &g) const {
  for (int32_t j = 0; j < n; j += panel_cols) powers_back(data, u, g, {j, j + min_of(panel_cols, n - j)});
}

// V_bar = (W N_bar') . (beta-2) P / V + (W D_bar') . (beta-1) Q / V for an update of H, N_bar X' and D_bar X' for one
// of W; then V_bar, P and Q are multiplied with what the update multiplied V and its powers with.
template <class T>
void NalmuPass<T>::powers_back(const NalmuData<T> &data, const Update &u, const Gradients &g, Range cols) const {
  const Ops<T> &ops = data.ops;
  const bool of_h = u.side == side_h;
  const int32_t r = s.rank, count = cols.size();
  const auto part = [&](Mat<T> X) { return X.block(cols.from, 0, count, r); };
  const Mat<T> W = of_h ? u.other : u.own, X = of_h ? u.own : u.other;
  const NalmuPowers<T> p = powers(data, cols, 0, W, X);
  const Mat<T> through_N{V_bar_[0], s.bands, count, s.bands}, through_D{V_bar_[1], s.bands, count, s.bands};
  const auto outer = [&](Mat<T> own_bar, Mat<T> to) {
    transpose<T>(part(of_h ? own_bar : X), p.H);
    ops.nn(of_h ? W : own_bar, p.H, to);
  };
  outer(g.N, through_N);
  outer(g.D, through_D);
  const T b1 = T(s.beta - 1), b2 = T(s.beta - 2);
  for (int32_t c = 0; c < count; ++c) {
    T *v = p.V.col(c);
    const T *y = p.P.col(c), *q = p.Q.col(c), *tn = through_N.col(c), *td = through_D.col(c);
    for (int32_t i = 0; i < s.bands; ++i)
      v[i] = v[i] > T(nalmu_least) ? (tn[i] * b2 * y[i] + td[i] * b1 * q[i]) / v[i] : T(0);
  }
  if (!of_h) {
    ops.nn(p.V, part(X), g.own, true);
    const Mat<T> X_bar = part(g.other);
    ops.tn(p.P, g.N, X_bar, true);
    ops.tn(p.Q, g.D, X_bar, true);
    ops.tn(p.V, W, X_bar, true);
    return;
  }
  const Mat<T> VW{panel_, count, r, count};
  ops.tn(p.V, W, VW);
  accumulate<T>(VW, part(g.own));
  if (!s.both) return;
  ops.nn(p.P, part(g.N), g.other, true);
  ops.nn(p.Q, part(g.D), g.other, true);
  ops.nn(p.V, part(X), g.other, true);
}

#define INSTANTIATE(T) template struct NalmuPass<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
