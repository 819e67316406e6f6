// The way back through the Factormer (algorithms.md, "Factormer: layer").  Serial: training shares out samples.
#include "factormer_pass.hpp"

#include <initializer_list>

namespace orthant {
namespace {

template <class T>
void add_columns(Mat<const T> A, T *sum) {
  for (int32_t j = 0; j < A.cols; ++j) fastest<FactormerKernels<T>>().add(A.rows, A.col(j), sum);
}

}  // namespace

// C = A'B, or += if add, with A = F1, F2 or Q: by its transposed copy, which serves a whole step of the training.
template <class T>
void FactormerPass<T>::back_through(const Ops<T> &ops, const Update &u, int32_t tensor, Mat<const T> B, Mat<T> C,
                                    bool add) const {
  const int32_t rows = s.rows(tensor), cols = s.cols(tensor);
  if (!u.w.transposed) return ops.tn({u.w.at[tensor], rows, cols, rows}, B, C, add);
  LayerProduct<T>::nn({u.w.transposed + s.transposed_at(tensor, 0), cols, rows, cols}, B, C, add);
}

// Equation (15) backwards: from dx, the gradient of what it gave, to dM, that of the message, and dx, that of x_j by
// itself.
template <class T>
void FactormerPass<T>::feed_forward_back(const Ops<T> &ops, const Update &u, const BackTile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, f = s.hidden, count = t.count, size = d * count;
  const T *gain1 = u.w.at[s.norm1], *gain2 = u.w.at[s.norm2];
  T *const *bars = t.bars;
  const Mat<T> normalized = tall(t.b.t, count), hat1 = tall(t.keep.hat1, count), hat2 = tall(t.keep.hat2, count);
  const Mat<T> dhidden{t.b.dhidden, f, count, f};
  const Mat<const T> hidden{t.keep.hidden, f, count, f};
  for (int32_t j = 0; j < count; ++j) {
    if (normed(u.layer))
      k.norm_back(d, t.keep.inv2[j], gain2, hat2.col(j), t.dx.col(j), bars[s.norm2], bars[s.norm2] + d, t.ds.col(j));
    else
      __builtin_memcpy(t.ds.col(j), t.dx.col(j), size_t(d) * sizeof(T));
    k.madd(d, gain1 + d, hat1.col(j), gain1, normalized.col(j));  // LN1's result again
  }
  add_columns<T>(t.ds, bars[s.f2_bias]);
  LayerProduct<T>::nt(t.ds, hidden, {bars[s.f2], d, f, d}, t.add);
  back_through(ops, u, s.f2, t.ds, dhidden);
  k.rectify(f * count, hidden.data, dhidden.data);
  add_columns<T>(dhidden, bars[s.f1_bias]);
  LayerProduct<T>::nt(dhidden, normalized, {bars[s.f1], f, d, f}, t.add);
  back_through(ops, u, s.f1, dhidden, t.dt);
  if (s.residual == Residual::norm) k.add(size, t.ds.data, t.dt.data);
  for (int32_t j = 0; j < count; ++j)
    k.norm_back(d, t.keep.inv1[j], gain1, hat1.col(j), t.dt.col(j), bars[s.norm1], bars[s.norm1] + d, t.dM.col(j));
  __builtin_memcpy(t.dx.data, t.dM.data, size_t(size) * sizeof(T));
  if (s.residual == Residual::input) k.add(size, t.ds.data, t.dx.data);
  if (s.residual == Residual::message) k.add(size, t.ds.data, t.dM.data);
}

// dY and du of all heads, and what is common to all sources in the softmax's derivative, <alpha, dalpha>.
template <class T>
void FactormerPass<T>::values_back(const Update &u, const BackTile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, own = s.head_width(), stacked = s.stacked();
  const Mat<T> mix{t.b.mix, stacked, t.count, stacked};
  add_columns<T>(t.dM, t.bars[s.value_bias]);
  for (int32_t h = 0; h < s.heads; ++h) {
    const Mat<T> Y = tall(t.keep.Y, s.heads * t.count).columns(h * t.count, t.count);
    const T *u_kept = t.keep.u + h * t.count;
    for (int32_t j = 0; j < t.count; ++j) {
      T *to = mix.col(j);
      __builtin_memcpy(to, Y.col(j), size_t(d) * sizeof(T));
      k.times(d, T(1), to, t.x.col(j), to + d);
      to[2 * d] = u_kept[j];
    }
    const Mat<T> dm = t.dM.block(own * h, 0, own, t.count);
    LayerProduct<T>::nt(mix, dm, {t.bars[s.value] + ptrdiff_t(stacked) * own * h, stacked, own, stacked}, t.add);
    LayerProduct<T>::nn(of_head(u.w, s.value, h), dm, mix);
    for (int32_t j = 0; j < t.count; ++j) {
      const int32_t c = h * t.count + j;
      const T *dz = mix.col(j);
      k.madd(d, dz, dz + d, t.x.col(j), t.dY.col(c));
      k.madd(d, t.dx.col(j), dz + d, Y.col(j), t.dx.col(j));
      t.b.mean[c] = k.dot(d, t.dY.col(c), Y.col(j)) + dz[2 * d] * u_kept[j];
      t.b.du[c] = dz[2 * d] * u.scale;
      t.b.top[c] = T(0);  // gathers dc from here on
    }
  }
}

// Tile by tile alpha and the gradient of z: dG, dc, and the gradients of the sources, which are added to.
template <class T>
void FactormerPass<T>::scores_back(const Update &u, const BackTile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, all = s.heads * t.count;
  const Mat<T> G = tall(t.b.G, all), dsources = gradient(1 - u.side);
  for (int32_t i = 0; i < u.sources.cols; i += u.rows) {
    const int32_t rows = min_of(u.rows, u.sources.cols - i);
    const Mat<const T> X = u.sources.columns(i, rows);
    const Mat<T> Xt{t.b.transposed, rows, d, rows}, Z{t.b.Z, rows, all, rows}, D{t.b.D, rows, all, rows};
    transpose(X, Xt);
    const Mat<const T> E = edges(u, {t.from, t.from + t.count}, {i, i + rows}, t.b.E);
    LayerProduct<T>::nn(Xt, G, Z);
    LayerProduct<T>::nn(Xt, t.dY, D);
    for (int32_t c = 0; c < all; ++c)
      t.b.top[c] += k.harden(rows, E.col(c % t.count), t.b.c[c], t.keep.top[c], t.keep.inverse[c], t.b.du[c],
                             t.b.mean[c], Z.col(c), D.col(c));
    LayerProduct<T>::nn(X, D, t.dG, i > 0);
    const Mat<T> dX = dsources.columns(i, rows);
    LayerProduct<T>::nt(t.dY, Z, dX, true);
    LayerProduct<T>::nt(G, D, dX, true);
  }
}

// From dG and dc by way of [a; b; c] and q to dx.
template <class T>
void FactormerPass<T>::queries_back(const Ops<T> &ops, const Update &u, const BackTile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, own = s.head_width(), stacked = s.stacked();
  const Mat<T> dq = tall(t.b.t, t.count), q = tall(t.keep.q, t.count);
  for (int32_t h = 0; h < s.heads; ++h) {
    const Mat<T> A{t.b.A + ptrdiff_t(stacked) * t.count * h, stacked, t.count, stacked};
    for (int32_t j = 0; j < t.count; ++j) {
      const T *dg = t.dG.col(h * t.count + j);
      T *a = A.col(j);
      k.madd(d, t.dx.col(j), dg, a + d, t.dx.col(j));
      __builtin_memcpy(a, dg, size_t(d) * sizeof(T));
      k.times(d, T(1), dg, t.x.col(j), a + d);
      a[2 * d] = u.scale * t.b.top[h * t.count + j];
    }
    LayerProduct<T>::nt(A, q.block(own * h, 0, own, t.count),
                        {t.bars[s.key] + ptrdiff_t(stacked) * own * h, stacked, own, stacked}, t.add);
    ops.tn(of_head(u.w, s.key, h), A, dq.block(own * h, 0, own, t.count));
  }
  k.times(d * t.count, logit_scale(), dq.data, nullptr, dq.data);
  add_columns<T>(dq, t.bars[s.query_bias]);
  LayerProduct<T>::nt(dq, t.x, {t.bars[s.query], d, d, d}, t.add);
  back_through(ops, u, s.query, dq, t.dx, true);
}

// gradient(side) comes as that of the update's result and leaves as that of its targets; that of its sources is added
// to gradient(other).
template <class T>
void FactormerPass<T>::update_back(const Ops<T> &ops, const Update &u, T *theta_bar, bool fresh) {
  T *bars[FactormerShape::tensors];
  for (int32_t t = 0; t < s.embed; ++t) bars[t] = theta_bar + s.at(t, s.set(u.layer, u.side));
  for (const int32_t t : {s.f1_bias, s.f2_bias, s.norm1, s.norm2, s.query_bias, s.value_bias})
    if (fresh) __builtin_memset(bars[t], 0, s.count(t) * sizeof(T));
  const Scratch b = scratch(0);
  for (int32_t from = 0; from < u.targets.cols; from += u.cols) {
    const int32_t count = min_of(u.cols, u.targets.cols - from), all = s.heads * count;
    const BackTile t{from,
                     count,
                     !fresh || from > 0,
                     b,
                     u.targets.columns(from, count),
                     saved(u.side, u.layer, from),
                     gradient(u.side).columns(from, count),
                     tall(b.ds, count),
                     tall(b.ds + size_t(s.width) * size_t(most_targets()), count),
                     tall(b.M, count),
                     tall(b.Y, all),
                     tall(b.dG, all),
                     bars};
    feed_forward_back(ops, u, t);
    gates(u, t.x, tall(t.keep.q, count), true, b);
    values_back(u, t);
    scores_back(u, t);
    queries_back(ops, u, t);
  }
}

// ---- the network

template <class T>
void FactormerPass<T>::extract_back(const Ops<T> &ops, const FactormerWeights<T> &ends, const Mat<T> *out,
                                    const Mat<T> *dout, T *theta_bar) const {
  const int32_t d = s.width, r = s.rank;
  T *matrix_bar = theta_bar + s.at(s.extract), *bias_bar = theta_bar + s.at(s.extract_bias);
  for (const int32_t side : {of_w, of_h}) {
    const Mat<T> dy = dout[side];
    for (int32_t j = 0; j < items(side); ++j)
      for (int32_t i = 0; i < r; ++i) {
        if (!(out[side](i, j) > T(0))) dy(i, j) = T(0);
        bias_bar[i] += dy(i, j);
      }
    LayerProduct<T>::nt(dy, state(side, s.layers), {matrix_bar, r, d, r}, true);
    ops.tn({ends.at[s.extract], r, d, r}, dy, gradient(side));
  }
}

template <class T>
void FactormerPass<T>::embed_back(const Ops<T> &ops, const FactormerWeights<T> &ends, const Factors &in, T *theta_bar,
                                  const Mat<T> *din_now, const Mat<T> *din_before) const {
  const int32_t d = s.width, r = s.rank;
  T *matrix_bar = theta_bar + s.at(s.embed), *bias_bar = theta_bar + s.at(s.embed_bias);
  const Mat<const T> E{ends.at[s.embed], d, s.inputs(), d};
  for (const int32_t side : {of_w, of_h}) {
    const Mat<const T> dX = gradient(side);
    add_columns<T>(dX, bias_bar);
    const auto back = [&](Mat<const T> input, int32_t column, const Mat<T> *din) {
      LayerProduct<T>::nt(dX, input, {matrix_bar + ptrdiff_t(d) * column, d, r, d}, true);
      if (din) ops.tn(E.columns(column, r), dX, din[side], true);
    };
    if (s.accelerates) back(in.before[side], 0, din_before);
    back(in.now[side], s.inputs() - r, din_now);
  }
}

template <class T>
void FactormerPass<T>::backward(const Ops<T> &ops, View<T> V, T scale, const FactormerSource<T> &source,
                                const Factors &in, const Mat<T> *out, const Mat<T> *dout, T *theta_bar, bool fresh,
                                const Mat<T> *din_now, const Mat<T> *din_before) {
  const FactormerWeights<T> ends = source.ends(s, ends_);
  const size_t first = s.at(s.embed);
  if (fresh) __builtin_memset(theta_bar + first, 0, (s.params() - first) * sizeof(T));
  extract_back(ops, ends, out, dout, theta_bar);
  for (int32_t layer = s.layers - 1; layer >= 0; --layer)
    for (const int32_t side : {of_w, of_h}) {
      const FactormerWeights<T> w = source.layer(s, s.set(layer, side), layer_);
      update_back(ops, update_of(V, scale, w, side, layer), theta_bar, fresh && (s.separate || side == of_w));
    }
  embed_back(ops, ends, in, theta_bar, din_now, din_before);
}

#define INSTANTIATE(T) template struct FactormerPass<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
