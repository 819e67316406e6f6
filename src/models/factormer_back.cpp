// The way back through the Factormer (spec factormer.md, section 1).  Serial: training shares out samples.
#include "factormer.hpp"

#include <initializer_list>

namespace orthant {

// dx_[side] comes as the gradient of the update's result and leaves as that of its targets; that of its sources is added to
// dx_ of the other side.
template <class T>
void FactormerPass<T>::update_back(const Ops<T> &ops, View<T> V, T scale, const FactormerWeights<T> &w, int32_t side,
                                   int32_t layer, T *theta_bar) {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, wide = 2 * d + 1, own = d / s.heads, f = s.hidden, set = s.set(layer, side);
  const int32_t other = 1 - side, sources = items(other), targets = items(side);
  const T *X = state(other, side == of_h ? layer : layer + 1), *now = state(side, layer);
  const int32_t width = piece(targets, tile_targets), depth = min_of((piece(sources, tile_sources) + 15) / 16 * 16, rows());
  T *bars[FactormerShape::tensors];
  for (int32_t t = 0; t < s.embed; ++t) bars[t] = theta_bar + s.at(t, set);
  const auto bar = [&](int32_t t) { return bars[t]; };
  const auto column = [&](auto *A, int32_t j) { return A + ptrdiff_t(d) * j; };
  Scratch b = scratch(0);

  for (int32_t from = 0; from < targets; from += width) {
    const int32_t count = min_of(width, targets - from), all = s.heads * count;
    const T *x = column(now, from);
    T *dx = column(dx_[side], from);
    const Saved keep = saved(side, layer, from);
    const size_t size = size_t(d) * size_t(count);
    const auto flipped = [&](const T *A, int32_t height) {  // A (height x count) turned over
      const Mat<T> out{b.turned, count, height, count};
      transpose<T>(Mat<const T>{A, height, count, height}, out);
      return Mat<const T>(out);
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
    ops.nn({ds, d, count, d}, flipped(keep.hidden, f), {bar(s.f2), d, f, d}, true);
    ops.tn({w.at[s.f2], d, f, d}, {ds, d, count, d}, {b.dhidden, f, count, f});
    k.rectify(f * count, keep.hidden, b.dhidden);
    sum_columns(b.dhidden, f, bar(s.f1_bias));
    ops.nn({b.dhidden, f, count, f}, flipped(b.t, d), {bar(s.f1), f, d, f}, true);
    ops.tn({w.at[s.f1], f, d, f}, {b.dhidden, f, count, f}, {dt, d, count, d});
    if (s.residual == Residual::norm) k.add(int32_t(size), ds, dt);
    for (int32_t j = 0; j < count; ++j)
      k.norm_back(d, keep.inv1[j], w.at[s.norm1], column(keep.hat1, j), column(dt, j), bar(s.norm1), bar(s.norm1) + d,
                  column(dM, j));
    __builtin_memcpy(dx, dM, size * sizeof(T));
    if (s.residual == Residual::input) k.add(int32_t(size), ds, dx);
    if (s.residual == Residual::message) k.add(int32_t(size), ds, dM);

    // The values: of y and u, and what is common to all sources in the softmax's derivative, <alpha, dalpha>.
    sum_columns(dM, d, bar(s.value_bias));
    gates(ops, w, x, keep.q, count, scale, true, b);
    const Mat<const T> dM_flipped = flipped(dM, d);
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
      ops.nn(mix, dM_flipped.columns(own * h, own), {bar(s.value) + block, wide, own, wide}, true);
      ops.nn({w.at[s.value] + block, wide, own, wide}, {dM + ptrdiff_t(own) * h, own, count, d}, mix);
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
    const Mat<T> Yt{b.Yt, all, d, all}, Gt{b.Gt, all, d, all};
    transpose<T>(Mat<const T>{dY, d, all, d}, Yt);
    transpose<T>(Mat<const T>{b.G, d, all, d}, Gt);
    for (int32_t i = 0; i < sources; i += depth) {
      const int32_t rows = min_of(depth, sources - i);
      const Mat<const T> Xi{column(X, i), d, rows, d};
      const Mat<T> Xt{b.turned, rows, d, rows}, Z{b.Z, rows, all, rows}, D{b.D, rows, all, rows};
      Mat<const T> E;
      transpose(Xi, Xt);
      turn(V, side, from, count, i, rows, b.E, &E);
      ops.nn(Xt, {b.G, d, all, d}, Z);
      ops.nn(Xt, {dY, d, all, d}, D);
      for (int32_t c = 0; c < all; ++c)
        b.top[c] += k.harden(rows, E.col(c % count), b.c[c], keep.top[c], keep.inverse[c], b.du[c], b.mean[c], Z.col(c),
                             D.col(c));
      ops.nn(Xi, D, {b.dG, d, all, d}, i > 0);
      const Mat<T> dXi{dsource_ + i, rows, d, sources};
      ops.nn(Z, Yt, dXi, from > 0);
      ops.nn(D, Gt, dXi, true);
    }

    // The keys and queries.
    T *dq = b.t;
    const Mat<const T> q_flipped = flipped(keep.q, d);
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
      ops.nn(A, q_flipped.columns(own * h, own), {bar(s.key) + block, wide, own, wide}, true);
      ops.tn({w.at[s.key] + block, wide, own, wide}, A, {dq + ptrdiff_t(own) * h, own, count, d});
    }
    k.times(int32_t(size), logit_scale(), dq, nullptr, dq);
    sum_columns(dq, d, bar(s.query_bias));
    ops.nn({dq, d, count, d}, flipped(x, d), {bar(s.query), d, d, d}, true);
    ops.tn({w.at[s.query], d, d, d}, {dq, d, count, d}, {dx, d, count, d}, true);
  }
  for (int32_t i = 0; i < sources; i += depth) {  // of the sources, turned back by tiles
    const int32_t rows = min_of(depth, sources - i);
    const Mat<T> turned{b.turned, d, rows, d};
    transpose<T>(Mat<const T>{dsource_ + i, rows, d, sources}, turned);
    k.add(d * rows, b.turned, column(dx_[other], i));
  }
}

template <class T>
void FactormerPass<T>::backward(const Ops<T> &ops, View<T> V, T scale, const FactormerSource<T> &source, const Factors &in,
                                const Mat<T> *out, const Mat<T> *dout, T *theta_bar, const Mat<T> *din_now,
                                const Mat<T> *din_before) {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  const int32_t d = s.width, r = s.rank;
  const FactormerWeights<T> ends = source.ends(s, ends_);
  T *flat = dsource_;  // items x d: as large as what is turned over here
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = items(side);
    const Mat<T> dy = dout[side], Xt{flat, count, d, count};
    for (int32_t j = 0; j < count; ++j)
      for (int32_t i = 0; i < r; ++i) {
        if (!(out[side](i, j) > T(0))) dy(i, j) = T(0);
        theta_bar[s.at(s.extract_bias) + size_t(i)] += dy(i, j);
      }
    transpose<T>(Mat<const T>{state(side, s.layers), d, count, d}, Xt);
    ops.nn(dy, Xt, {theta_bar + s.at(s.extract), r, d, r}, true);
    ops.tn({ends.at[s.extract], r, d, r}, dy, {dx_[side], d, count, d});
  }
  for (int32_t layer = s.layers - 1; layer >= 0; --layer)
    for (const int32_t side : {of_w, of_h})
      update_back(ops, V, scale, source.layer(s, s.set(layer, side), layer_), side, layer, theta_bar);
  const Mat<const T> E{ends.at[s.embed], d, s.inputs(), d};
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = items(side);
    const Mat<const T> dX{dx_[side], d, count, d};
    for (int32_t j = 0; j < count; ++j) k.add(d, dX.col(j), theta_bar + s.at(s.embed_bias));
    const auto back = [&](Mat<const T> input, int32_t column, const Mat<T> *din) {
      for (int32_t i = 0; i < r; ++i) {  // rank-one sums: inputs are few
        T *to = theta_bar + s.at(s.embed) + size_t(d) * size_t(column + i);
        for (int32_t j = 0; j < count; ++j)
          for (int32_t l = 0; l < d; ++l) to[l] += dX(l, j) * input(i, j);
      }
      if (din) ops.tn(E.columns(column, r), dX, din[side], true);
    };
    if (s.accelerates) back(in.before[side], 0, din_before);
    back(in.now[side], s.inputs() - r, din_now);
  }
}

#define INSTANTIATE(T)                                                                                                   \
  template void FactormerPass<T>::backward(const Ops<T> &, View<T>, T, const FactormerSource<T> &, const Factors &,      \
                                           const Mat<T> *, const Mat<T> *, T *, const Mat<T> *, const Mat<T> *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
