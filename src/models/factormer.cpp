#include "factormer.hpp"

#include <initializer_list>

#include "operand.hpp"
#include "start.hpp"

namespace orthant {

const char *FactormerShape::name(int32_t t) {
  static constexpr const char *names[tensors] = {"F1", "F1.b", "F2", "F2.b", "K", "N1", "N2", "Q", "Q.b", "V", "V.b",
                                                 "embed", "embed.b", "extract", "extract.b"};
  return names[t];
}

int32_t FactormerShape::rows(int32_t t) const {
  switch (t) {
    case f1:
    case f1_bias: return hidden;
    case key:
    case value: return 2 * width + 1;
    case extract:
    case extract_bias: return rank;
    default: return width;
  }
}

int32_t FactormerShape::cols(int32_t t) const {
  switch (t) {
    case f2: return hidden;
    case norm1:
    case norm2: return 2;  // gain, shift
    case f1:
    case key:
    case query:
    case value:
    case extract: return width;
    case embed: return inputs();
    default: return 1;
  }
}

size_t FactormerShape::at(int32_t t, int32_t set) const {
  size_t from = 0;
  for (int32_t i = 0; i < t; ++i) from += count(i) * size_t(copies(i));
  return t < tensors ? from + count(t) * size_t(set) : from;
}

size_t FactormerShape::layer_params() const {
  size_t n = 0;
  for (int32_t t = 0; t < embed; ++t) n += count(t);
  return n;
}

bool FactormerShape::good() const {
  return rank >= 1 && rank <= 1 << 12 && width >= 1 && width <= 1 << 12 && heads >= 1 && heads <= width &&
         width % heads == 0 && layers >= 1 && layers <= 256 && hidden >= 1 && hidden <= 1 << 13 &&
         residual >= Residual::input && residual <= Residual::norm && (separate & ~1) == 0 && (wide_scale & ~1) == 0 &&
         (last_norm & ~1) == 0 && (accelerates & ~1) == 0;
}

namespace {

constexpr int32_t config_numbers = 12;

template <class T>
constexpr Element own_element = sizeof(T) == 4 ? Element::f32 : Element::f64;

}  // namespace

Status factormer_read(const Blob &blob, FactormerShape *s) {
  Record c, r;
  if (blob.kind() != ModelKind::factormer || !blob.find("config", &c) || c.type != Element::i32 ||
      !c.is(1, uint32_t(config_numbers)))
    return E_BLOB;
  const auto number = [&](size_t i) { return int32_t(c.value<double>(i)); };
  s->rank = number(0), s->width = number(1), s->heads = number(2), s->layers = number(3), s->hidden = number(4);
  s->residual = Residual(number(5)), s->separate = number(6), s->wide_scale = number(7), s->last_norm = number(8);
  s->accelerates = number(9);
  if (number(10) != 0 || number(11) != 0 || !s->good()) return E_BLOB;
  for (int32_t t = 0; t < s->tensors; ++t) {
    if (!blob.find(s->name(t), &r) || r.type == Element::i32) return E_BLOB;
    const uint32_t dims[3] = {uint32_t(s->rows(t)), uint32_t(s->cols(t)), uint32_t(s->copies(t))};
    if (!r.is(3, dims[0], dims[1], dims[2])) return E_BLOB;
  }
  return OK;
}

template <class T>
FactormerWeights<T> FactormerSource<T>::load(const FactormerShape &s, int32_t from, int32_t to, int32_t set, T *buffer) const {
  FactormerWeights<T> w;
  if (turned) w.turned = turned + s.turned_at(s.f1, set);
  size_t first = s.at(from);
  for (int32_t t = from; t < to; ++t) {
    if (theta) {
      w.at[t] = theta + first + s.count(t) * size_t(set);
      first += s.count(t) * size_t(s.copies(t));
      continue;
    }
    Record r;
    Blob(blob).find(s.name(t), &r);
    const size_t count = s.count(t);
    if (r.type == own_element<T> && reinterpret_cast<uintptr_t>(r.data) % sizeof(T) == 0) {
      w.at[t] = reinterpret_cast<const T *>(r.data) + count * size_t(set);
    } else {
      r.read(count * size_t(set), count, buffer);
      w.at[t] = buffer;
      buffer += count;
    }
  }
  return w;
}

template <class T>
void FactormerPass<T>::scratch_layout(Carver &carve, Scratch &w) const {
  const size_t d = size_t(s.width), h = size_t(s.heads), p = size_t(columns()), q = size_t(rows()), f = size_t(s.hidden);
  const size_t wide = 2 * d + 1, back = training ? 1 : 0;
  w.A = carve.take<T>(wide * p, training ? h : 1);
  w.G = carve.take<T>(d * p, h);
  w.Y = carve.take<T>(d * p, h);
  w.Z = carve.take<T>(q * p, h);
  w.E = carve.take<T>(q * p);
  w.turned = carve.take<T>(q * d);
  w.mix = carve.take<T>(wide * p);
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
  w.flat = carve.take<T>(back * d * p, 2);
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
  Carver one;
  Scratch w;
  scratch_layout(one, w);
  if (!one.total(&worker_bytes_)) worker_bytes_ = SIZE_MAX / 4;
  worker_bytes_ -= Carver::alignment - 1;
  worker_ = carve.take<unsigned char>(worker_bytes_, size_t(workers));
}

template <class T>
typename FactormerPass<T>::Scratch FactormerPass<T>::scratch(int32_t worker) const {
  Carver carve(worker_ + worker_bytes_ * size_t(worker));
  Scratch w;
  scratch_layout(carve, w);
  return w;
}

template <class T>
typename FactormerPass<T>::Saved FactormerPass<T>::saved(int32_t side, int32_t layer, int32_t from) const {
  const size_t d = size_t(s.width), h = size_t(s.heads), i = size_t(items(side)) * size_t(layer) + size_t(from);
  const Saved &k = saved_[side];
  return {k.q + d * i, k.Y + d * h * i, k.u + h * i, k.top + h * i, k.inverse + h * i, k.hat1 + d * i, k.inv1 + i,
          k.hidden + size_t(s.hidden) * i, k.hat2 + d * i, k.inv2 + i};
}

// The edges between sources i .. i + rows and targets from .. from + count, sources down: in place, or turned over.
template <class T>
void FactormerPass<T>::turn(View<T> V, int32_t side, int32_t from, int32_t count, int32_t i, int32_t rows, T *buffer,
                            Mat<const T> *E) const {
  if (side == of_h) {
    *E = V.block(i, from, rows, count);
    return;
  }
  const Mat<T> turned{buffer, rows, count, rows};
  transpose<T>(V.block(from, i, count, rows), turned);
  *E = turned;
}

// G and c of all heads from q; A: of each head side by side (all), or of the last one.  c holds the scale of the edges.
template <class T>
void FactormerPass<T>::gates(const FactormerWeights<T> &w, const T *x, const T *q, int32_t count, T scale,
                             bool all, Scratch &b) const {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  constexpr LayerProduct<T> product{};
  const int32_t d = s.width, wide = 2 * d + 1, own = d / s.heads;
  for (int32_t h = 0; h < s.heads; ++h) {
    const Mat<T> A{b.A + (all ? ptrdiff_t(wide) * count * h : 0), wide, count, wide};
    product.nn({w.at[s.key] + ptrdiff_t(wide) * own * h, wide, own, wide}, {q + ptrdiff_t(own) * h, own, count, d}, A);
    for (int32_t j = 0; j < count; ++j) {
      const int32_t col = h * count + j;
      k.madd(d, A.col(j), x + ptrdiff_t(d) * j, A.col(j) + d, b.G + ptrdiff_t(d) * col);
      b.c[col] = scale * A(2 * d, j);
    }
  }
}

template <class T>
void FactormerPass<T>::update(const Ops<T> &ops, const Parallel &par, View<T> V, T scale, const FactormerWeights<T> &w,
                              int32_t side, int32_t layer) {
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  constexpr LayerProduct<T> product{};
  const int32_t d = s.width, wide = 2 * d + 1, own = d / s.heads, f = s.hidden;
  // The targets of an H-update see W as the layer found it, those of a W-update H as it is now.
  const int32_t other = 1 - side, sources = items(other), targets = items(side);
  const T *X = state(other, side == of_h ? layer : layer + 1), *now = state(side, layer);
  T *next = state(side, layer + 1);
  const int32_t width = piece(targets, tile_targets), depth = min_of((piece(sources, tile_sources) + 15) / 16 * 16, rows());
  parallel_for(par, ceil_div(targets, width), [&](int32_t task, int32_t worker) {
    Scratch b = scratch(worker);
    const int32_t from = task * width, count = min_of(width, targets - from), all = s.heads * count;
    const T *x = now + ptrdiff_t(d) * from;
    Saved keep = training ? saved(side, layer, from) : Saved{};
    T *q = training ? keep.q : b.t, *Y = training ? keep.Y : b.Y, *hidden = training ? keep.hidden : b.hidden;
    const Mat<const T> x_tile{x, d, count, d};
    const auto column = [&](T *A, int32_t j) { return A + ptrdiff_t(d) * j; };
    const auto begin = [&](const T *bias, int32_t size, T *A) {
      for (int32_t j = 0; j < count; ++j) __builtin_memcpy(A + ptrdiff_t(size) * j, bias, size_t(size) * sizeof(T));
    };

    begin(w.at[s.query_bias], d, q);
    product.nn({w.at[s.query], d, d, d}, x_tile, {q, d, count, d}, true);
    k.times(d * count, logit_scale(), q, nullptr, q);
    gates(w, x, q, count, scale, false, b);

    for (int32_t c = 0; c < all; ++c) b.top[c] = -Real<T>::huge, b.sum[c] = b.u[c] = T(0);
    for (int32_t i = 0; i < sources; i += depth) {
      const int32_t rows = min_of(depth, sources - i);
      const Mat<const T> Xi{X + ptrdiff_t(d) * i, d, rows, d};
      const Mat<T> Xt{b.turned, rows, d, rows}, Z{b.Z, rows, all, rows};
      Mat<const T> E;
      transpose(Xi, Xt);
      turn(V, side, from, count, i, rows, b.E, &E);
      product.nn(Xt, {b.G, d, all, d}, Z);
      for (int32_t c = 0; c < all; ++c) {
        const T shrink = k.soften(rows, E.col(c % count), b.c[c], Z.col(c), b.top + c, b.sum + c, b.u + c);
        if (i > 0 && shrink != T(1)) k.times(d, shrink, column(Y, c), nullptr, column(Y, c));
      }
      product.nn(Xi, Z, {Y, d, all, d}, i > 0);
    }

    begin(w.at[s.value_bias], d, b.M);
    for (int32_t h = 0; h < s.heads; ++h) {
      for (int32_t j = 0; j < count; ++j) {
        const int32_t c = h * count + j;
        T *mix = b.mix + ptrdiff_t(wide) * j, *y = column(Y, c);
        const T inverse = T(1) / b.sum[c];
        k.times(d, inverse, y, nullptr, mix);
        k.times(d, T(1), mix, x + ptrdiff_t(d) * j, mix + d);
        mix[2 * d] = b.u[c] * inverse * scale;
        if (training) {
          __builtin_memcpy(y, mix, size_t(d) * sizeof(T));
          keep.u[c] = mix[2 * d], keep.top[c] = b.top[c], keep.inverse[c] = inverse;
        }
      }
      ops.tn({w.at[s.value] + ptrdiff_t(wide) * own * h, wide, own, wide}, {b.mix, wide, count, wide},
             {b.M + ptrdiff_t(own) * h, own, count, d}, true);
    }

    const T *gain = w.at[s.norm1], *gain2 = w.at[s.norm2];
    T *out = next + ptrdiff_t(d) * from, *rest = b.Y;  // rest: what the feed-forward part is added to
    if (s.residual == Residual::message) __builtin_memcpy(rest, b.M, sizeof(T) * size_t(d) * size_t(count));
    k.add(d * count, x, b.M);
    for (int32_t j = 0; j < count; ++j) {
      const T inverse = k.norm(d, column(b.M, j), gain, gain + d, training ? keep.hat1 + ptrdiff_t(d) * j : column(b.M, j),
                               column(b.t, j));
      if (training) keep.inv1[j] = inverse;
    }
    if (s.residual != Residual::message)
      __builtin_memcpy(rest, s.residual == Residual::input ? x : b.t, sizeof(T) * size_t(d) * size_t(count));
    begin(w.at[s.f1_bias], f, hidden);
    product.nn({w.at[s.f1], f, d, f}, {b.t, d, count, d}, {hidden, f, count, f}, true);
    k.rectify(f * count, hidden, hidden);
    for (int32_t j = 0; j < count; ++j) k.add(d, w.at[s.f2_bias], column(rest, j));
    product.nn({w.at[s.f2], d, f, d}, {hidden, f, count, f}, {rest, d, count, d}, true);
    if (!normed(layer)) {
      __builtin_memcpy(out, rest, sizeof(T) * size_t(d) * size_t(count));
      return;
    }
    for (int32_t j = 0; j < count; ++j) {
      const T inverse = k.norm(d, column(rest, j), gain2, gain2 + d, training ? keep.hat2 + ptrdiff_t(d) * j : column(rest, j),
                               column(out, j));
      if (training) keep.inv2[j] = inverse;
    }
  });
}

template <class T>
void FactormerPass<T>::forward(const Ops<T> &ops, const Parallel &par, View<T> V, T scale, const FactormerSource<T> &source,
                               const Factors &in, const Mat<T> *out) {
  constexpr LayerProduct<T> product{};
  const int32_t d = s.width, r = s.rank, width = 256;
  const FactormerWeights<T> ends = source.ends(s, ends_);
  const auto each_piece = [&](int32_t side, const auto &body) {
    parallel_for(par, ceil_div(items(side), width), [&](int32_t t, int32_t) {
      body(t * width, min_of(width, items(side) - t * width));
    });
  };
  for (const int32_t side : {of_w, of_h})
    each_piece(side, [&](int32_t from, int32_t count) {
      const Mat<T> X{state(side, 0) + ptrdiff_t(d) * from, d, count, d};
      for (int32_t j = 0; j < count; ++j) __builtin_memcpy(X.col(j), ends.at[s.embed_bias], size_t(d) * sizeof(T));
      const Mat<const T> E{ends.at[s.embed], d, s.inputs(), d};
      if (s.accelerates) product.nn(E.columns(0, r), in.before[side].columns(from, count), X, true);
      product.nn(E.columns(s.inputs() - r, r), in.now[side].columns(from, count), X, true);
    });
  for (int32_t layer = 0; layer < s.layers; ++layer) {
    FactormerWeights<T> w = source.layer(s, s.set(layer, of_h), layer_);
    update(ops, par, V, scale, w, of_h, layer);
    if (s.separate) w = source.layer(s, s.set(layer, of_w), layer_);
    update(ops, par, V, scale, w, of_w, layer);
  }
  for (const int32_t side : {of_w, of_h})
    each_piece(side, [&](int32_t from, int32_t count) {
      const Mat<const T> X{state(side, s.layers) + ptrdiff_t(d) * from, d, count, d};
      const Mat<T> Y = out[side].columns(from, count);
      for (int32_t j = 0; j < count; ++j) __builtin_memcpy(Y.col(j), ends.at[s.extract_bias], size_t(r) * sizeof(T));
      product.nn({ends.at[s.extract], r, d, r}, X, Y, true);
      for (int32_t j = 0; j < count; ++j)
        for (int32_t i = 0; i < r; ++i) Y(i, j) = Y(i, j) < T(0) ? T(0) : Y(i, j);  // NaN stays, to be seen
    });
}

template <class T>
void Factormer<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Factormer>(1);
  b.pass.s = s, b.pass.m = rows, b.pass.n = cols;
  b.pass.layout(carve, par.workers);
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = side == of_w ? rows : cols;
    const auto take = [&](bool wanted) {
      return Mat<T>{carve.take<T>(wanted ? size_t(s.rank) : 0, size_t(count)), s.rank, count, s.rank};
    };
    b.out[side] = take(true);
    b.in[side] = take(true);
    b.before[side] = take(s.accelerates);
  }
}

template <class T>
Status Factormer<T>::run(Blocks &b, View<T> V, Mat<T> W, Mat<T> H, View<T> W0, View<T> H0) const {
  const Ops<T> ops;
  // The network knows data of mean one, and factors to match.
  double sum = 0;
  bool good = true;
  for (int32_t j = 0; j < cols; ++j)
    for (int32_t i = 0; i < rows; ++i) {
      good = good && is_finite(V(i, j)) && V(i, j) >= T(0);
      sum += double(V(i, j));
    }
  const double mean = sum / (double(rows) * double(cols));
  if (!good || !is_finite(T(mean))) return E_DATA;
  const bool nothing = !(T(mean) >= Real<T>::tiny);
  const T scale = nothing ? T(1) : T(1 / mean), root = sqrt_of(scale);
  const auto enter = [&](View<T> from, Mat<T> to, bool turned) {
    for (int32_t j = 0; j < to.cols; ++j)
      for (int32_t k = 0; k < to.rows; ++k) {
        const T x = turned ? from(j, k) : from(k, j);
        good = good && is_finite(x) && x >= T(0);
        to(k, j) = root * x;
      }
  };
  enter(W, b.in[of_w], true);
  enter(H, b.in[of_h], false);
  if (s.accelerates) {
    enter(W0, b.before[of_w], true);
    enter(H0, b.before[of_h], false);
  }
  if (!good) return E_DATA;
  b.pass.forward(ops, par, V, scale, {nullptr, model}, {{b.in[0], b.in[1]}, {b.before[0], b.before[1]}}, b.out);
  const T back = nothing ? T(0) : T(1) / root;
  for (const int32_t side : {of_w, of_h})
    for (int32_t j = 0; j < b.out[side].cols; ++j)
      for (int32_t k = 0; k < s.rank; ++k) {
        T &x = b.out[side](k, j);
        good = good && is_finite(x) && is_finite(x * back);
        x = no_denormal(x * back);
      }
  if (!good) return E_DATA;
  transpose<T>(b.out[of_w], W);
  copy<T>(b.out[of_h], H);
  return OK;
}

template <class T>
void FactormerProposal<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<FactormerProposal>(1);
  net.layout(carve, b.net);
  const int32_t m = net.rows, n = net.cols, r = net.s.rank;
  const auto take = [&](bool wanted, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(wanted ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  b.W = take(true, m, r), b.H = take(true, r, n);
  b.W0 = take(net.s.accelerates, m, r), b.H0 = take(net.s.accelerates, r, n);
  if (!net.s.accelerates) b.svd.layout(carve, m, n, min_of(r, min_of(m, n)));
  b.fit = carve.take<T>(size_t(m));
}

template <class T>
Status FactormerProposal<T>::start(void *base, View<T> V, Mat<T> W, Mat<T> H) {
  Blocks b = blocks(base);
  const int32_t r = min_of(net.s.rank, min_of(net.rows, net.cols));
  b.svd.run(Ops<T>(), net.par, Operand<T>(V), nullptr, r, seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
  nndsvd(b.svd, Filling::zeros, T(0), Rng(0, 0), W, H);
  return net.run(b.net, V, W, H, {}, {});
}

template <class T>
Status FactormerProposal<T>::step(void *base, View<T> V, Mat<T> W, Mat<T> H) {
  Blocks b = blocks(base);
  return net.run(b.net, V, W, H, b.W0, b.H0);
}

template <class T>
double FactormerProposal<T>::squares(void *base, View<T> V, View<T> W, View<T> H) const {
  const Blocks b = blocks(base);
  const Ops<T> ops;
  double sum = 0;
  for (int32_t j = 0; j < V.cols; ++j) {
    const Mat<T> fit{b.fit, V.rows, 1, V.rows};
    ops.nn(W, H.columns(j, 1), fit);
    const T *v = V.col(j);
    for (int32_t i = 0; i < V.rows; ++i) b.fit[i] -= v[i];
    sum += inner<T>(fit, fit);
  }
  return sum;
}

template <class T>
Proposal<T> FactormerProposal<T>::as_proposal() {
  const Blocks b = blocks(this);
  Proposal<T> p;
  p.self = this;
  p.iterations = net.s.accelerates ? accelerated : 0;
  p.start = [](void *self, View<T> V, Mat<T> W, Mat<T> H) {
    return static_cast<FactormerProposal *>(self)->start(self, V, W, H);
  };
  p.step = [](void *self, View<T> V, Mat<T> W, Mat<T> H) {
    return static_cast<FactormerProposal *>(self)->step(self, V, W, H);
  };
  p.squares = [](void *self, View<T> V, View<T> W, View<T> H) {
    return static_cast<FactormerProposal *>(self)->squares(self, V, W, H);
  };
  p.W = b.W;
  p.H = b.H;
  p.W0 = b.W0;
  p.H0 = b.H0;
  return p;
}

#define INSTANTIATE(T)                 \
  template struct FactormerSource<T>;  \
  template struct FactormerPass<T>;    \
  template struct Factormer<T>;        \
  template struct FactormerProposal<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
