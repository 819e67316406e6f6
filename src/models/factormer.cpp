// The layers of the Factormer (algorithms.md, "Factormer: layer") and the network (Algorithm 3).
#include "factormer.hpp"

#include <initializer_list>

namespace orthant {
namespace {

template <class T>
void fill_columns(const T *column, Mat<T> A) {
  for (int32_t j = 0; j < A.cols; ++j) __builtin_memcpy(A.col(j), column, size_t(A.rows) * sizeof(T));
}
// Of matrices without gaps.
template <class T>
void copy_all(const T *from, Mat<T> to) {
  __builtin_memcpy(to.data, from, sizeof(T) * size_t(to.rows) * size_t(to.cols));
}

}  // namespace

// ---- the blocks of the workspace

template <class T>
void FactormerPass<T>::scratch_layout(Carver &carve, Scratch &w) const {
  const size_t d = size_t(s.width), h = size_t(s.heads), f = size_t(s.hidden), stacked = size_t(s.stacked());
  const size_t p = size_t(most_targets()), q = size_t(most_sources()), back = training ? 1 : 0;
  w.A = carve.take<T>(stacked * p, training ? h : 1);
  w.G = carve.take<T>(d * p, h);
  w.Y = carve.take<T>(d * p, h);
  w.Z = carve.take<T>(q * p, h);
  w.E = carve.take<T>(q * p);
  w.transposed = carve.take<T>(q * d);
  w.mix = carve.take<T>(stacked * p);
  w.M = carve.take<T>(d * p);
  w.t = carve.take<T>(d * p);
  w.hidden = carve.take<T>(f * p);
  w.c = carve.take<T>(h * p);
  w.top = carve.take<T>(h * p);
  w.sum = carve.take<T>(h * p);
  w.u = carve.take<T>(h * p);
  w.D = carve.take<T>(back * q * p, h);
  w.dG = carve.take<T>(back * d * p, h);
  w.du = carve.take<T>(back * h * p);
  w.mean = carve.take<T>(back * h * p);
  w.dhidden = carve.take<T>(back * f * p);
  w.ds = carve.take<T>(back * d * p, 2);
}

template <class T>
void FactormerPass<T>::layout(Carver &carve, int32_t workers) {
  const size_t d = size_t(s.width), h = size_t(s.heads), N = size_t(s.layers);
  for (const int32_t side : {of_w, of_h}) {
    const size_t count = size_t(items(side)), all = training ? count * N : 0;
    x_[side] = carve.take<T>(count * d, training ? N + 1 : 1);
    dx_[side] = carve.take<T>(training ? count : 0, d);
    Saved &k = saved_[side];
    k.q = carve.take<T>(all, d);
    k.Y = carve.take<T>(all * h, d);
    k.u = carve.take<T>(all, h);
    k.top = carve.take<T>(all, h);
    k.inverse = carve.take<T>(all, h);
    k.hat1 = carve.take<T>(all, d);
    k.inv1 = carve.take<T>(all);
    k.hidden = carve.take<T>(all, size_t(s.hidden));
    k.hat2 = carve.take<T>(all, d);
    k.inv2 = carve.take<T>(all);
  }
  layer_ = carve.take<T>(training ? 0 : s.layer_params());  // training has all parameters in memory
  ends_ = carve.take<T>(training ? 0 : s.params() - s.at(s.embed));
  scratch_.layout(carve, workers, [this](Carver &one, Scratch &w) { scratch_layout(one, w); });
}

template <class T>
typename FactormerPass<T>::Saved FactormerPass<T>::saved(int32_t side, int32_t layer, int32_t from) const {
  const size_t d = size_t(s.width), h = size_t(s.heads), i = size_t(items(side)) * size_t(layer) + size_t(from);
  const Saved &k = saved_[side];
  return {k.q + d * i,    k.Y + d * h * i, k.u + h * i, k.top + h * i, k.inverse + h * i,
          k.hat1 + d * i, k.inv1 + i,      k.hidden + size_t(s.hidden) * i, k.hat2 + d * i, k.inv2 + i};
}

// ---- one update

// The targets of an H-update see W as the layer found it, those of a W-update H as it is now.
template <class T>
typename FactormerPass<T>::Update FactormerPass<T>::update_of(View<T> V, T scale, const FactormerWeights<T> &w,
                                                              int32_t side, int32_t layer) const {
  const int32_t other = 1 - side, sources = items(other);
  return {V, scale, w, side, layer, state(other, side == of_h ? layer : layer + 1), state(side, layer),
          even(items(side), tile_targets), min_of((even(sources, tile_sources) + 15) / 16 * 16, most_sources())};
}

template <class T>
typename FactormerPass<T>::Tile FactormerPass<T>::tile(const Update &u, int32_t from, const Scratch &b) const {
  const int32_t count = min_of(u.cols, u.targets.cols - from), f = s.hidden;
  Tile t{from, count, b, u.targets.columns(from, count), {}, tall(b.t, count), tall(b.Y, s.heads * count),
         {b.hidden, f, count, f}, tall(b.M, count), tall(b.t, count)};
  if (!training) return t;  // the queries are used up where t is made
  t.keep = saved(u.side, u.layer, from);
  t.q.data = t.keep.q;
  t.Y.data = t.keep.Y;
  t.hidden.data = t.keep.hidden;
  return t;
}

// The edges between a tile's sources and targets, sources down: in place, or transposed.
template <class T>
Mat<const T> FactormerPass<T>::edges(const Update &u, Range targets, Range sources, T *buffer) const {
  if (u.side == of_h) return u.V.block(sources.from, targets.from, sources.size(), targets.size());
  const Mat<T> E{buffer, sources.size(), targets.size(), sources.size()};
  transpose<T>(u.V.block(targets.from, sources.from, targets.size(), sources.size()), E);
  return E;
}

// q = s (Q x_j + q0)
template <class T>
void FactormerPass<T>::queries(const Update &u, const Tile &t) const {
  const int32_t d = s.width;
  fill_columns(u.w.at[s.query_bias], t.q);
  LayerProduct<T>::nn({u.w.at[s.query], d, d, d}, t.x, t.q, true);
  fastest<FactormerKernels<T>>().times(d * t.count, logit_scale(), t.q.data, nullptr, t.q.data);
}

// [a; b; c] = K_h q_h and g = a + x_j . b of all heads; A: of each head side by side (all), or of the last one.  c
// holds the scale of the edges.
template <class T>
void FactormerPass<T>::gates(const Update &u, Mat<const T> x, Mat<const T> q, bool all, const Scratch &b) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, stacked = s.stacked(), count = x.cols;
  for (int32_t h = 0; h < s.heads; ++h) {
    const Mat<T> A{b.A + (all ? ptrdiff_t(stacked) * count * h : 0), stacked, count, stacked};
    LayerProduct<T>::nn(of_head(u.w, s.key, h), q.block(s.head_width() * h, 0, s.head_width(), count), A);
    for (int32_t j = 0; j < count; ++j) {
      const int32_t column = h * count + j;
      k.madd(d, A.col(j), x.col(j), A.col(j) + d, b.G + ptrdiff_t(d) * column);
      b.c[column] = u.scale * A(2 * d, j);
    }
  }
}

// z_ij = x_i'g_j + e_ij c_j and its softmax over the sources, tile by tile: y = sum_i alpha x_i and u = sum_i alpha
// e_ij, both still to be divided by the sum.
template <class T>
void FactormerPass<T>::attend(const Update &u, const Tile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, all = s.heads * t.count;
  const Scratch &b = t.b;
  for (int32_t c = 0; c < all; ++c) {
    b.top[c] = -Real<T>::huge;
    b.sum[c] = T(0);
    b.u[c] = T(0);
  }
  for (int32_t i = 0; i < u.sources.cols; i += u.rows) {
    const int32_t rows = min_of(u.rows, u.sources.cols - i);
    const Mat<const T> X = u.sources.columns(i, rows);
    const Mat<T> Xt{b.transposed, rows, d, rows}, Z{b.Z, rows, all, rows};
    transpose(X, Xt);
    const Mat<const T> E = edges(u, {t.from, t.from + t.count}, {i, i + rows}, b.E);
    LayerProduct<T>::nn(Xt, tall(b.G, all), Z);
    for (int32_t c = 0; c < all; ++c) {
      const T shrink = k.soften(rows, E.col(c % t.count), b.c[c], Z.col(c), b.top + c, b.sum + c, b.u + c);
      if (i > 0 && shrink != T(1)) k.times(d, shrink, t.Y.col(c), nullptr, t.Y.col(c));
    }
    LayerProduct<T>::nn(X, Z, t.Y, i > 0);
  }
}

// m_h = V_h' [y; y . x_j; u] + v0
template <class T>
void FactormerPass<T>::message(const Ops<T> &ops, const Update &u, const Tile &t) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width;
  const Scratch &b = t.b;
  const Mat<T> mix{b.mix, s.stacked(), t.count, s.stacked()};
  fill_columns(u.w.at[s.value_bias], t.M);
  for (int32_t h = 0; h < s.heads; ++h) {
    for (int32_t j = 0; j < t.count; ++j) {
      const int32_t c = h * t.count + j;
      T *to = mix.col(j);
      const T inverse = T(1) / b.sum[c];
      k.times(d, inverse, t.Y.col(c), nullptr, to);
      k.times(d, T(1), to, t.x.col(j), to + d);
      to[2 * d] = b.u[c] * inverse * u.scale;
      if (!training) continue;
      __builtin_memcpy(t.Y.col(c), to, size_t(d) * sizeof(T));
      t.keep.u[c] = to[2 * d];
      t.keep.top[c] = b.top[c];
      t.keep.inverse[c] = inverse;
    }
    ops.tn(of_head(u.w, s.value, h), mix, t.M.block(s.head_width() * h, 0, s.head_width(), t.count), true);
  }
}

// Equation (15):  x_j <- LN2(x_j + FFN(LN1(x_j + m_j))),  FFN(t) = F2 max(0, F1 t + f1) + f2
template <class T>
void FactormerPass<T>::feed_forward(const Update &u, const Tile &t, Mat<T> out) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, f = s.hidden;
  const T *gain1 = u.w.at[s.norm1], *gain2 = u.w.at[s.norm2];
  const Mat<T> sum = tall(t.b.Y, t.count);  // of what the feed-forward part is added to, and of that part
  // (15): t = LN1(x_j + m_j)
  if (s.residual == Residual::message) copy_all(t.M.data, sum);
  k.add(d * t.count, t.x.data, t.M.data);
  for (int32_t j = 0; j < t.count; ++j) {
    T *hat = training ? t.keep.hat1 + ptrdiff_t(d) * j : t.M.col(j);
    const T inverse = k.norm(d, t.M.col(j), gain1, gain1 + d, hat, t.t.col(j));
    if (training) t.keep.inv1[j] = inverse;
  }
  if (s.residual == Residual::input) copy_all(t.x.data, sum);
  if (s.residual == Residual::norm) copy_all<T>(t.t.data, sum);
  // (15): x_j + FFN(t)
  fill_columns(u.w.at[s.f1_bias], t.hidden);
  LayerProduct<T>::nn({u.w.at[s.f1], f, d, f}, t.t, t.hidden, true);
  k.rectify(f * t.count, t.hidden.data, t.hidden.data);
  for (int32_t j = 0; j < t.count; ++j) k.add(d, u.w.at[s.f2_bias], sum.col(j));
  LayerProduct<T>::nn({u.w.at[s.f2], d, f, d}, t.hidden, sum, true);
  if (!normed(u.layer)) return copy_all<T>(sum.data, out);
  // (15): LN2
  for (int32_t j = 0; j < t.count; ++j) {
    T *hat = training ? t.keep.hat2 + ptrdiff_t(d) * j : sum.col(j);
    const T inverse = k.norm(d, sum.col(j), gain2, gain2 + d, hat, out.col(j));
    if (training) t.keep.inv2[j] = inverse;
  }
}

template <class T>
void FactormerPass<T>::update(const Ops<T> &ops, const Parallel &par, const Update &u) {
  const Mat<T> next = state(u.side, u.layer + 1);
  parallel_for(par, ceil_div(u.targets.cols, u.cols), [&](int32_t task, int32_t worker) {
    const Scratch b = scratch(worker);
    const Tile t = tile(u, task * u.cols, b);
    queries(u, t);
    gates(u, t.x, t.q, false, t.b);
    attend(u, t);
    message(ops, u, t);
    feed_forward(u, t, next.columns(t.from, t.count));
  });
}

// ---- the network: Algorithm 3

constexpr int32_t items_of_task = 256;  // in the linear maps of both ends

template <class T>
void FactormerPass<T>::embed(const Parallel &par, const FactormerWeights<T> &ends, const Factors &in) const {
  const int32_t d = s.width, r = s.rank;
  const Mat<const T> E{ends.at[s.embed], d, s.inputs(), d};
  for (const int32_t side : {of_w, of_h})
    parallel_blocks(par, items(side), items_of_task, [&](Range j, int32_t) {
      const Mat<T> X = state(side, 0).columns(j.from, j.size());
      fill_columns(ends.at[s.embed_bias], X);
      if (s.accelerates) LayerProduct<T>::nn(E.columns(0, r), in.before[side].columns(j.from, j.size()), X, true);
      LayerProduct<T>::nn(E.columns(s.inputs() - r, r), in.now[side].columns(j.from, j.size()), X, true);
    });
}

template <class T>
void FactormerPass<T>::extract(const Parallel &par, const FactormerWeights<T> &ends, const Mat<T> *out) const {
  const int32_t d = s.width, r = s.rank;
  for (const int32_t side : {of_w, of_h})
    parallel_blocks(par, items(side), items_of_task, [&](Range j, int32_t) {
      const Mat<T> Y = out[side].columns(j.from, j.size());
      fill_columns(ends.at[s.extract_bias], Y);
      LayerProduct<T>::nn({ends.at[s.extract], r, d, r}, state(side, s.layers).columns(j.from, j.size()), Y, true);
      for (int32_t c = 0; c < Y.cols; ++c)
        for (int32_t i = 0; i < r; ++i) Y(i, c) = Y(i, c) < T(0) ? T(0) : Y(i, c);  // NaN stays, to be seen
    });
}

template <class T>
void FactormerPass<T>::forward(const Ops<T> &ops, const Parallel &par, View<T> V, T scale,
                               const FactormerSource<T> &source, const Factors &in, const Mat<T> *out) {
  const FactormerWeights<T> ends = source.ends(s, ends_);
  embed(par, ends, in);
  for (int32_t layer = 0; layer < s.layers; ++layer) {
    FactormerWeights<T> w = source.layer(s, s.set(layer, of_h), layer_);
    update(ops, par, update_of(V, scale, w, of_h, layer));
    if (s.separate) w = source.layer(s, s.set(layer, of_w), layer_);
    update(ops, par, update_of(V, scale, w, of_w, layer));
  }
  extract(par, ends, out);
}

// What other files call; the rest of an update is one function in the end.
#define INSTANTIATE(T)                                                                                             \
  template void FactormerPass<T>::layout(Carver &, int32_t);                                                       \
  template void FactormerPass<T>::scratch_layout(Carver &, Scratch &) const;                                       \
  template typename FactormerPass<T>::Saved FactormerPass<T>::saved(int32_t, int32_t, int32_t) const;              \
  template typename FactormerPass<T>::Update FactormerPass<T>::update_of(                                          \
      View<T>, T, const FactormerWeights<T> &, int32_t, int32_t) const;                                            \
  template Mat<const T> FactormerPass<T>::edges(const Update &, Range, Range, T *) const;                          \
  template void FactormerPass<T>::gates(const Update &, Mat<const T>, Mat<const T>, bool, const Scratch &) const;  \
  template void FactormerPass<T>::forward(const Ops<T> &, const Parallel &, View<T>, T, const FactormerSource<T> &, \
                                          const Factors &, const Mat<T> *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
