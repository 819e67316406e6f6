// The way back through the Factormer (spec factormer.md, section 1).  Serial: training shares out samples.
#include "factormer.hpp"

#include <initializer_list>

namespace orthant {

// dx_[side] comes as the gradient of the update's result and leaves as that of its targets; that of its sources is added to
// dx_ of the other side.
template <class T>
void FactormerPass<T>::update_back(const Ops<T> &ops, View<T> V, T scale, const FactormerWeights<T> &w, int32_t side,
                                   int32_t layer, T *theta_bar, bool fresh) {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  constexpr LayerProduct<T> product{};
  const int32_t d = s.width, wide = 2 * d + 1, own = d / s.heads, f = s.hidden, set = s.set(layer, side);
  const int32_t other = 1 - side, sources = items(other), targets = items(side);
  const T *X = state(other, side == of_h ? layer : layer + 1), *now = state(side, layer);
  const int32_t width = piece(targets, tile_targets), depth = min_of((piece(sources, tile_sources) + 15) / 16 * 16, rows());
  T *bars[FactormerShape::tensors];
  for (int32_t t = 0; t < s.embed; ++t) bars[t] = theta_bar + s.at(t, set);
  const auto bar = [&](int32_t t) { return bars[t]; };
  const auto column = [&](auto *A, int32_t j) { return A + ptrdiff_t(d) * j; };
  Scratch b = scratch(0);
  for (const int32_t t : {s.f1_bias, s.f2_bias, s.norm1, s.norm2, s.query_bias, s.value_bias})
    if (fresh) __builtin_memset(bar(t), 0, s.count(t) * sizeof(T));

  for (int32_t from = 0; from < targets; from += width) {
    const bool add = !fresh || from > 0;  // to the gradients of the five matrices
    const int32_t count = min_of(width, targets - from), all = s.heads * count;
    const T *x = column(now, from);
    T *dx = column(dx_[side], from);
    const Saved keep = saved(side, layer, from);
    const size_t size = size_t(d) * size_t(count);
    const auto tile = [&](const T *A, int32_t height) { return Mat<const T>{A, height, count, height}; };
    // C = A'B, by what was turned over for the whole step.
    const auto back = [&](int32_t t, Mat<const T> B, Mat<T> C, bool more = false) {
      const int32_t rows = s.rows(t), cols = s.cols(t);
      if (w.turned) product.nn({w.turned + s.turned_at(t, 0), cols, rows, cols}, B, C, more);
      else ops.tn({w.at[t], rows, cols, rows}, B, C, more);
    };
    const auto sum_columns = [&](const T *A, int32_t height, T *out) {
      for (int32_t j = 0; j < count; ++j) k.add(height, A + ptrdiff_t(height) * j, out);
    };

    // LN2, the feed-forward part, LN1.  ds: of its sum; dt: of t; dM: of the message.
    T *ds = b.flat, *dt = b.flat + size_t(d) * size_t(columns()), *dM = b.M;
    for (int32_t j = 0; j < count; ++j) {
      if (normed(layer))
        k.norm_back(d, keep.inv2[j], w.at[s.norm2], keep.hat2 + ptrdiff_t(d) * j, column(dx, j), bar(s.norm2),
                    bar(s.norm2) + d, column(ds, j));
      else
        __builtin_memcpy(column(ds, j), column(dx, j), size_t(d) * sizeof(T));
      k.madd(d, w.at[s.norm1] + d, column(keep.hat1, j), w.at[s.norm1], column(b.t, j));  // t again
    }
    sum_columns(ds, d, bar(s.f2_bias));
    product.nt(tile(ds, d), tile(keep.hidden, f), {bar(s.f2), d, f, d}, add);
    back(s.f2, tile(ds, d), {b.dhidden, f, count, f});
    k.rectify(f * count, keep.hidden, b.dhidden);
    sum_columns(b.dhidden, f, bar(s.f1_bias));
    product.nt(tile(b.dhidden, f), tile(b.t, d), {bar(s.f1), f, d, f}, add);
    back(s.f1, tile(b.dhidden, f), {dt, d, count, d});
    if (s.residual == Residual::norm) k.add(int32_t(size), ds, dt);
    for (int32_t j = 0; j < count; ++j)
      k.norm_back(d, keep.inv1[j], w.at[s.norm1], column(keep.hat1, j), column(dt, j), bar(s.norm1), bar(s.norm1) + d,
                  column(dM, j));
    __builtin_memcpy(dx, dM, size * sizeof(T));
    if (s.residual == Residual::input) k.add(int32_t(size), ds, dx);
    if (s.residual == Residual::message) k.add(int32_t(size), ds, dM);

    // The values: of y and u, and what is common to all sources in the softmax's derivative, <alpha, dalpha>.
    sum_columns(dM, d, bar(s.value_bias));
    gates(w, x, keep.q, count, scale, true, b);
    T *dY = b.Y;
    for (int32_t h = 0; h < s.heads; ++h) {
      const ptrdiff_t block = ptrdiff_t(wide) * own * h;
      for (int32_t j = 0; j < count; ++j) {
        const int32_t c = h * count + j;
        T *mix = b.mix + ptrdiff_t(wide) * j;
        __builtin_memcpy(mix, column(keep.Y, c), size_t(d) * sizeof(T));
        k.times(d, T(1), mix, column(x, j), mix + d);
        mix[2 * d] = keep.u[c];
      }
      const Mat<T> mix{b.mix, wide, count, wide};
      const Mat<const T> dm{dM + ptrdiff_t(own) * h, own, count, d};
      product.nt(mix, dm, {bar(s.value) + block, wide, own, wide}, add);
      product.nn({w.at[s.value] + block, wide, own, wide}, dm, mix);
      for (int32_t j = 0; j < count; ++j) {
        const int32_t c = h * count + j;
        const T *dz = mix.col(j), *y = column(keep.Y, c);
        k.madd(d, dz, dz + d, column(x, j), column(dY, c));
        k.madd(d, column(dx, j), dz + d, y, column(dx, j));
        b.mean[c] = k.dot(d, column(dY, c), y) + dz[2 * d] * keep.u[c];
        b.du[c] = dz[2 * d] * scale;
        b.top[c] = T(0);  // gathers dc from here on
      }
    }

    // The scores.
    for (int32_t i = 0; i < sources; i += depth) {
      const int32_t rows = min_of(depth, sources - i);
      const Mat<const T> Xi{column(X, i), d, rows, d};
      const Mat<T> Xt{b.turned, rows, d, rows}, Z{b.Z, rows, all, rows}, D{b.D, rows, all, rows};
      Mat<const T> E;
      transpose(Xi, Xt);
      turn(V, side, from, count, i, rows, b.E, &E);
      product.nn(Xt, {b.G, d, all, d}, Z);
      product.nn(Xt, {dY, d, all, d}, D);
      for (int32_t c = 0; c < all; ++c)
        b.top[c] += k.harden(rows, E.col(c % count), b.c[c], keep.top[c], keep.inverse[c], b.du[c], b.mean[c], Z.col(c),
                             D.col(c));
      product.nn(Xi, D, {b.dG, d, all, d}, i > 0);
      const Mat<T> dXi{column(dx_[other], i), d, rows, d};
      product.nt({dY, d, all, d}, Z, dXi, true);
      product.nt({b.G, d, all, d}, D, dXi, true);
    }

    // The keys and queries.
    T *dq = b.t;
    for (int32_t h = 0; h < s.heads; ++h) {
      const ptrdiff_t block = ptrdiff_t(wide) * own * h;
      const Mat<T> A{b.A + ptrdiff_t(wide) * count * h, wide, count, wide};
      for (int32_t j = 0; j < count; ++j) {
        const T *dg = column(b.dG, h * count + j);
        T *a = A.col(j);
        k.madd(d, column(dx, j), dg, a + d, column(dx, j));
        __builtin_memcpy(a, dg, size_t(d) * sizeof(T));
        k.times(d, T(1), dg, column(x, j), a + d);
        a[2 * d] = scale * b.top[h * count + j];
      }
      product.nt(A, {keep.q + ptrdiff_t(own) * h, own, count, d}, {bar(s.key) + block, wide, own, wide}, add);
      ops.tn({w.at[s.key] + block, wide, own, wide}, A, {dq + ptrdiff_t(own) * h, own, count, d});
    }
    k.times(int32_t(size), logit_scale(), dq, nullptr, dq);
    sum_columns(dq, d, bar(s.query_bias));
    product.nt(tile(dq, d), tile(x, d), {bar(s.query), d, d, d}, add);
    back(s.query, tile(dq, d), {dx, d, count, d}, true);
  }
}

template <class T>
void FactormerPass<T>::backward(const Ops<T> &ops, View<T> V, T scale, const FactormerSource<T> &source, const Factors &in,
                                const Mat<T> *out, const Mat<T> *dout, T *theta_bar, bool fresh, const Mat<T> *din_now,
                                const Mat<T> *din_before) {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  constexpr LayerProduct<T> product{};
  const int32_t d = s.width, r = s.rank;
  const FactormerWeights<T> ends = source.ends(s, ends_);
  T *embed_bar = theta_bar + s.at(s.embed), *embed_bias_bar = theta_bar + s.at(s.embed_bias);
  T *extract_bar = theta_bar + s.at(s.extract), *extract_bias_bar = theta_bar + s.at(s.extract_bias);
  if (fresh) __builtin_memset(embed_bar, 0, (s.params() - s.at(s.embed)) * sizeof(T));
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = items(side);
    const Mat<T> dy = dout[side];
    for (int32_t j = 0; j < count; ++j)
      for (int32_t i = 0; i < r; ++i) {
        if (!(out[side](i, j) > T(0))) dy(i, j) = T(0);
        extract_bias_bar[i] += dy(i, j);
      }
    product.nt(dy, {state(side, s.layers), d, count, d}, {extract_bar, r, d, r}, true);
    ops.tn({ends.at[s.extract], r, d, r}, dy, {dx_[side], d, count, d});
  }
  for (int32_t layer = s.layers - 1; layer >= 0; --layer)
    for (const int32_t side : {of_w, of_h})
      update_back(ops, V, scale, source.layer(s, s.set(layer, side), layer_), side, layer, theta_bar,
                  fresh && (s.separate || side == of_w));
  const Mat<const T> E{ends.at[s.embed], d, s.inputs(), d};
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = items(side);
    const Mat<const T> dX{dx_[side], d, count, d};
    for (int32_t j = 0; j < count; ++j) k.add(d, dX.col(j), embed_bias_bar);
    const auto back = [&](Mat<const T> input, int32_t column, const Mat<T> *din) {
      product.nt(dX, input, {embed_bar + ptrdiff_t(d) * column, d, r, d}, true);
      if (din) ops.tn(E.columns(column, r), dX, din[side], true);
    };
    if (s.accelerates) back(in.before[side], 0, din_before);
    back(in.now[side], s.inputs() - r, din_now);
  }
}

#define INSTANTIATE(T)                                                                                                   \
  template void FactormerPass<T>::backward(const Ops<T> &, View<T>, T, const FactormerSource<T> &, const Factors &,      \
                                           const Mat<T> *, const Mat<T> *, T *, bool, const Mat<T> *, const Mat<T> *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
