#include "nalmu.hpp"

#include <initializer_list>

namespace orthant {
namespace {

constexpr double least = 1e-12;  // of a denominator and of V (spec, section 7)

// Rows from .. from + count of  out = clip(A . X . N / max(D, least));  A: null is one, a single row is for all rows.
template <class T>
void multiply(Mat<const T> A, Mat<const T> X, Mat<const T> N, Mat<const T> D, T low, T high, int32_t from, int32_t count,
              Mat<T> out) {
  const T one = 1;
  const bool each = A.data && A.rows > 1;
  for (int32_t c = 0; c < X.cols; ++c)
    fastest<MuKernels<T>>().forward(count, each, each ? A.col(c) + from : A.data ? A.col(c) : &one, X.col(c) + from,
                            N.col(c) + from, D.col(c) + from, T(least), low, high, out.col(c) + from);
}

}  // namespace

ConvShape NalmuShape::net(Side side) const {
  ConvShape c;
  const auto chain = [&](std::initializer_list<int32_t> channels) {
    for (const int32_t n : channels) c.channels[c.layers++] = n;
    --c.layers;
  };
  if (side == side_w) {
    chain({bands * rank, 130, 75, bands * rank});
  } else {
    c.lines = lines, c.samples = pixels / lines, c.kernel = kernel;
    chain({rank, 32, 32, 16, 8, rank});
  }
  return c;
}

size_t NalmuShape::count(Side side) const {
  if (side == side_w && !both) return 0;
  switch (spread[side]) {
    case Spread::component: return size_t(rank);
    case Spread::full: return size_t(rows(side)) * size_t(rank);
    case Spread::network: return net(side).params();
  }
  return 0;
}

bool NalmuShape::good() const {
  constexpr int64_t most = 1 << 30;  // of parameters a layer, and of entries of a factor
  if (rank < 1 || layers < 1 || layers > 4096 || bands < 0 || pixels < 0 || lines < 1) return false;
  if (int64_t(rank) * max_of(bands, pixels) > most || int64_t(rank) * layers > most) return false;
  for (const Side side : {side_w, side_h}) {
    if (side == side_w && !both) continue;
    if (spread[side] < Spread::component || spread[side] > Spread::network) return false;
    if (spread[side] != Spread::component && rows(side) < 1) return false;
    if (spread[side] == Spread::network && side == side_w && int64_t(bands) * rank > 1 << 16) return false;
    if (!(low[side] >= 0) || !(high[side] >= 0) || !is_finite(high[side]) || (high[side] > 0 && low[side] >= high[side]))
      return false;
  }
  if (spread[side_h] == Spread::network && (pixels % lines != 0 || kernel < 1 || kernel > 15 || kernel % 2 == 0))
    return false;
  return is_finite(beta) && beta >= -8 && beta <= 8 && int64_t(count(side_w) + count(side_h)) <= most;
}

template <class T>
void NalmuPass<T>::layout(Carver &carve, const Parallel &par) {
  const size_t r = size_t(s.rank), slots = size_t(segment) + 1, kept = segment > 0 ? size_t(segment) : 1;
  const bool training = segment > 0, general = s.beta != 2;
  for (const Side side : {side_w, side_h}) {
    const bool moves = side == side_h || s.both;
    own[side] = carve.take<T>(size(side), moves ? slots : 1);
    const bool once = side == side_h && !s.both && !general;
    N[side] = carve.take<T>(moves ? size(side) : 0, once ? 1 : kept);
    D[side] = carve.take<T>(moves ? size(side) : 0, kept);
    checkpoint[side] = carve.take<T>(training && moves ? size(side) : 0, size_t(ceil_div(s.layers, max_of(segment, 1))));
    A[side] = carve.take<T>(moves && !training ? s.count(side) : 0);  // training has them in memory
    if (moves && s.spread[side] == Spread::network) net[side].layout(carve, s.net(side), training);
  }
  const size_t longest = training ? max_of(size(side_w), size(side_h)) : 0;
  spare = carve.take<T>(longest);
  for (T *&bar : R) bar = carve.take<T>(longest);  // all the same size: they change places
  N_bar = carve.take<T>(longest);
  D_bar = carve.take<T>(longest);
  A_bar = carve.take<T>(training && s.adaptive() ? longest : 0);
  small = carve.take<T>(training ? r : 0, size_t(piece));
  G = carve.take<T>(r, r);
  S = carve.take<T>(r, r);
  const size_t sums = s.both ? size_t(parts()) : 0, workers = general ? size_t(par.workers) : 0;
  sum_N = carve.take<T>(size(side_w), sums);
  sum_D = carve.take<T>(general ? size(side_w) : r * r, sums);
  V = carve.take<T>(size_t(s.bands) * size_t(piece), 3 * workers + (training && general ? 2 : 0));
  Ht = carve.take<T>(r * size_t(piece), workers);
}

// A of a layer: one row where it is one value a component; null for one.
template <class T>
Mat<const T> NalmuPass<T>::multiplier(const Ops<T> &ops, const NalmuWeights<T> &weights, Side side, int32_t k) {
  const T *theta = weights.values ? weights.values + s.at(side, k) : nullptr;
  const size_t count = s.count(side);
  if (weights.blob) {
    Record r;
    if (weights.blob->find(side == side_w ? "A_W" : "A_H", &r)) {
      r.read(count * size_t(s.tied ? 0 : k), count, A[side]);
      theta = A[side];
    }
  }
  if (!theta) return {};
  if (s.spread[side] == Spread::component) return {theta, 1, s.rank, 1};
  if (s.spread[side] == Spread::full) return {theta, rows(side), s.rank, rows(side)};
  const Mat<T> X = iterate(side, k);
  const ConvShape &c = net[side].s;
  const Mat<T> a = net[side].forward(ops, theta, Mat<const T>{X.data, c.pixels(), c.channels[0], c.pixels()});
  return {a.data, rows(side), s.rank, rows(side)};
}

// For columns j .. j + count:  V = max(W X_J', least),  P = Y_J . V^(beta-2),  Q = V^(beta-1).
template <class T>
void NalmuPass<T>::powers(const Ops<T> &ops, const Operand<T> &Y, int32_t j, int32_t count, int32_t worker,
                          Mat<const T> W, Mat<const T> X, Mat<T> *Vj, Mat<T> *Pj, Mat<T> *Qj) {
  const size_t tile = size_t(s.bands) * size_t(piece);
  T *at = V + 3 * tile * size_t(worker);
  *Vj = {at, s.bands, count, s.bands};
  *Pj = {at + tile, s.bands, count, s.bands};
  *Qj = {at + 2 * tile, s.bands, count, s.bands};
  const Mat<T> H{Ht + size_t(s.rank) * size_t(piece) * size_t(worker), s.rank, count, s.rank};
  transpose<T>(X.block(j, 0, count, s.rank), H);
  ops.nn(W, H, *Vj);
  const T power = T(s.beta - 2);
  for (int32_t c = 0; c < count; ++c) {
    T *v = Vj->col(c), *p = Pj->col(c), *q = Qj->col(c);
    Y.column(j + c, p);
    for (int32_t i = 0; i < s.bands; ++i) {
      v[i] = max_of(v[i], T(least));
      const T w = s.beta == 1 ? T(1) / v[i] : s.beta == 0 ? T(1) / (v[i] * v[i]) : T(pow(double(v[i]), double(power)));
      p[i] *= w;
      q[i] = w * v[i];
    }
  }
}

template <class T>
void NalmuPass<T>::step(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights,
                        Side side, int32_t k) {
  const int32_t other_at = side == order(0) ? k : k + 1;
  const Mat<T> X = iterate(side, k), out = iterate(side, k + 1), other = iterate(side == side_w ? side_h : side_w, other_at);
  const Mat<T> N_ = product(N, side, k), D_ = product(D, side, k);
  const Mat<const T> A_ = multiplier(ops, weights, side, k);
  const T low = T(s.low[side]), high = T(s.high[side]);
  if (side == side_h) {
    const bool fixed = !s.both && s.beta == 2;  // N and G stand
    if (s.both && s.beta == 2) ops.tn(other, other, square(G));
    parallel_for(par, ceil_div(n, piece), [&](int32_t t, int32_t worker) {
      const int32_t j = t * piece, count = min_of(piece, n - j);
      const Mat<T> Nj = N_.block(j, 0, count, s.rank), Dj = D_.block(j, 0, count, s.rank);
      if (s.beta == 2) {
        if (!fixed) Y.panel_tn(ops, j, count, other, Nj);
        ops.nn(X.block(j, 0, count, s.rank), square(G), Dj);
      } else {
        Mat<T> Vj, Pj, Qj;
        powers(ops, Y, j, count, worker, other, X, &Vj, &Pj, &Qj);
        ops.tn(Pj, other, Nj);
        ops.tn(Qj, other, Dj);
      }
      multiply<T>(A_, X, N_, D_, low, high, j, count, out);
    });
    return;
  }
  // W: sums over the columns, by parts that the shape alone decides, in the order of the parts.
  const int32_t count = parts(), panels = ceil_div(n, piece);
  const size_t step_D = s.beta == 2 ? size_t(s.rank) * size_t(s.rank) : size(side_w);
  parallel_for(par, count, [&](int32_t p, int32_t worker) {
    const Mat<T> Np{sum_N + size(side_w) * size_t(p), s.bands, s.rank, s.bands};
    const int32_t from = int32_t(int64_t(panels) * p / count), to = int32_t(int64_t(panels) * (p + 1) / count);
    for (int32_t t = from; t < to; ++t) {
      const int32_t j = t * piece, m = min_of(piece, n - j);
      const Mat<T> Xj = other.block(j, 0, m, s.rank);
      if (s.beta == 2) {
        Y.panel_nn(ops, j, m, Xj, Np, t > from);
        ops.tn(Xj, Xj, square(sum_D + step_D * size_t(p)), t > from);
      } else {
        Mat<T> Vj, Pj, Qj;
        powers(ops, Y, j, m, worker, X, other, &Vj, &Pj, &Qj);
        ops.nn(Pj, Xj, Np, t > from);
        ops.nn(Qj, Xj, Mat<T>{sum_D + step_D * size_t(p), s.bands, s.rank, s.bands}, t > from);
      }
    }
  });
  const auto total = [&](const T *parts_, size_t length, T *to) {
    for (size_t i = 0; i < length; ++i) to[i] = parts_[i];
    for (int32_t p = 1; p < count; ++p)
      for (size_t i = 0; i < length; ++i) to[i] += parts_[length * size_t(p) + i];
  };
  total(sum_N, size(side_w), N_.data);
  total(sum_D, step_D, s.beta == 2 ? G : D_.data);
  if (s.beta == 2) ops.nn(X, square(G), D_);
  multiply<T>(A_, X, N_, D_, low, high, 0, s.bands, out);
}

template <class T>
void NalmuPass<T>::run(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights,
                       int32_t from, int32_t to) {
  for (int32_t k = from; k < to; ++k)
    for (int32_t i = 0; i < 1 + s.both; ++i) step(ops, par, Y, weights, order(i), k);
}

template <class T>
void NalmuPass<T>::forward(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights,
                           int32_t layers) {
  if (!s.both && s.beta == 2) {
    const Mat<T> W = iterate(side_w, first_ = 0);
    ops.tn(W, W, square(G));
    parallel_for(par, ceil_div(n, piece), [&](int32_t t, int32_t) {
      const int32_t j = t * piece, count = min_of(piece, n - j);
      Y.panel_tn(ops, j, count, W, product(N, side_h, 0).block(j, 0, count, s.rank));
    });
  }
  if (segment == 0) return run(ops, par, Y, weights, 0, layers);
  for (first_ = 0; first_ < layers; first_ += segment) {
    for (const Side side : {side_w, side_h}) {
      if (side == side_w && !s.both) continue;
      T *kept = checkpoint[side] + size(side) * size_t(first_ / segment);
      const T *now = own[side] + (first_ > 0 ? size(side) * size_t(segment) : 0);
      for (size_t i = 0; i < size(side); ++i) kept[i] = own[side][i] = now[i];
    }
    run(ops, par, Y, weights, first_, min_of(first_ + segment, layers));
  }
  first_ -= segment;
}

template <class T>
void NalmuPass<T>::step_back(const Ops<T> &ops, const Operand<T> &Y, const NalmuWeights<T> &weights, Side side, int32_t k,
                             T *theta_bar) {
  const Side across = side == side_w ? side_h : side_w;
  const int32_t p = rows(side), r = s.rank;
  const Mat<T> X = iterate(side, k), out = iterate(side, k + 1), other = iterate(across, side == order(0) ? k : k + 1);
  const Mat<T> N_ = product(N, side, k), D_ = product(D, side, k);
  const Mat<T> R_{R[side], p, r, p}, X_bar{spare, p, r, p}, R_other{R[across], rows(across), r, rows(across)};
  const Mat<T> Nb{N_bar, p, r, p}, Db{D_bar, p, r, p};
  const bool network = s.spread[side] == Spread::network;
  T *theta_at = theta_bar + s.at(side, k);
  Mat<T> Ab{theta_at, s.spread[side] == Spread::component ? 1 : p, r, s.spread[side] == Spread::component ? 1 : p};
  if (network) {
    Ab.data = A_bar;
    fill(Ab, T(0));
  }
  const Mat<const T> A_ = multiplier(ops, weights, side, k);
  for (int32_t c = 0; c < r; ++c)
    fastest<MuKernels<T>>().back(p, A_.rows > 1, A_.col(c), X.col(c), N_.col(c), D_.col(c), out.col(c), T(least), T(s.low[side]),
                         T(s.high[side]), R_.col(c), Ab.col(c), Nb.col(c), Db.col(c), X_bar.col(c));
  if (s.beta == 2) {
    if (s.both) ops.tn(other, other, square(G));
    ops.nn(Db, square(G), X_bar, true);
    if (s.both) {
      ops.tn(Db, X, square(S));
      for (int32_t i = 0; i < r; ++i)
        for (int32_t j = 0; j <= i; ++j) {
          const T sum = S[i + ptrdiff_t(j) * r] + S[j + ptrdiff_t(i) * r];
          S[i + ptrdiff_t(j) * r] = S[j + ptrdiff_t(i) * r] = sum;
        }
      ops.nn(other, square(S), R_other, true);
      for (int32_t j = 0; j < n; j += piece) {
        const int32_t count = min_of(piece, n - j);
        if (side == side_h) {
          Y.panel_nn(ops, j, count, Nb.block(j, 0, count, r), R_other, true);
        } else {
          const Mat<T> YN{small, count, r, count};
          Y.panel_tn(ops, j, count, Nb, YN);
          accumulate<T>(YN, R_other.block(j, 0, count, r));
        }
      }
    }
  } else {
    const Mat<const T> W = side == side_w ? X : other, H = side == side_w ? other : X;
    const size_t tile = size_t(s.bands) * size_t(piece);
    for (int32_t j = 0; j < n; j += piece) {
      const int32_t count = min_of(piece, n - j);
      Mat<T> Vj, Pj, Qj;
      powers(ops, Y, j, count, 0, W, H, &Vj, &Pj, &Qj);
      const Mat<T> TN{V + 3 * tile, s.bands, count, s.bands}, TD{V + 4 * tile, s.bands, count, s.bands};
      const Mat<T> tall{Ht, r, count, r};
      const auto outer = [&](Mat<const T> own_bar, Mat<T> to) {  // W own_bar_J', or own_bar X_J'
        transpose<T>((side == side_h ? own_bar : H).block(j, 0, count, r), tall);
        ops.nn(side == side_h ? W : own_bar, tall, to);
      };
      outer(Nb, TN);
      outer(Db, TD);
      const T b1 = T(s.beta - 1), b2 = T(s.beta - 2);
      for (int32_t c = 0; c < count; ++c) {
        T *v = Vj.col(c);
        const T *pp = Pj.col(c), *q = Qj.col(c), *tn = TN.col(c), *td = TD.col(c);
        for (int32_t i = 0; i < s.bands; ++i)
          v[i] = v[i] > T(least) ? (tn[i] * b2 * pp[i] + td[i] * b1 * q[i]) / v[i] : T(0);
      }
      const Mat<const T> Xj = X.block(side == side_h ? j : 0, 0, side == side_h ? count : p, r);
      if (side == side_h) {
        const Mat<T> tile_r{small, count, r, count};
        ops.tn(Vj, W, tile_r);
        accumulate<T>(tile_r, X_bar.block(j, 0, count, r));
        if (s.both) {
          ops.nn(Pj, Nb.block(j, 0, count, r), R_other, true);
          ops.nn(Qj, Db.block(j, 0, count, r), R_other, true);
          ops.nn(Vj, Xj, R_other, true);
        }
      } else {
        ops.nn(Vj, H.block(j, 0, count, r), X_bar, true);
        const Mat<T> Rj = R_other.block(j, 0, count, r);
        ops.tn(Pj, Nb, Rj, true);
        ops.tn(Qj, Db, Rj, true);
        ops.tn(Vj, W, Rj, true);
      }
    }
  }
  if (network) {
    const ConvShape &c = net[side].s;
    const auto as = [&](T *data) { return Mat<T>{data, c.pixels(), c.channels[0], c.pixels()}; };
    const T *theta = weights.values + s.at(side, k);
    net[side].backward(ops, theta, as(X.data), as(A_bar), theta_at, as(spare));
  }
  T *t = R[side];
  R[side] = spare;
  spare = t;
}

template <class T>
double NalmuPass<T>::backward(const Ops<T> &ops, const Operand<T> &Y, const NalmuWeights<T> &weights,
                              const Target &target, T *theta_bar) {
  double sum = 0;
  for (const Side side : {side_w, side_h})
    for (size_t i = 0; i < size(side); ++i) R[side][i] = T(0);
  for (bool last = true; first_ >= 0; first_ -= segment, last = false) {
    const int32_t to = min_of(first_ + segment, s.layers);
    if (!last) {
      for (const Side side : {side_w, side_h}) {
        if (side == side_w && !s.both) continue;
        const T *kept = checkpoint[side] + size(side) * size_t(first_ / segment);
        for (size_t i = 0; i < size(side); ++i) own[side][i] = kept[i];
      }
      run(ops, Parallel{}, Y, weights, first_, to);
    }
    for (int32_t k = to - 1; k >= first_; --k) {
      const Mat<T> RW{R[side_w], s.bands, s.rank, s.bands}, RX{R[side_h], n, s.rank, n};
      if (s.both) sum += loss<T>(target.loss[side_w], target.nu[k], iterate(side_w, k + 1), target.W, RW, false);
      sum += loss<T>(target.loss[side_h], target.nu[k], iterate(side_h, k + 1), target.H, RX, true);
      for (int32_t i = s.both; i >= 0; --i) step_back(ops, Y, weights, order(i), k, theta_bar);
    }
  }
  first_ = 0;
  return sum;
}

Status nalmu_read(const Blob &blob, NalmuShape *s, double *start_h) {
  Record config, limits, a, W0;
  if ((blob.kind() != ModelKind::nalmu && blob.kind() != ModelKind::ralmu) || !blob.find("config", &config) ||
      !config.is(1, 12) || config.type != Element::i32 || !blob.find("limits", &limits) || !limits.is(1, 6))
    return E_BLOB;
  int32_t c[12];
  for (size_t i = 0; i < 12; ++i) {
    const double v = config.value<double>(i);
    if (!(v >= 0 && v <= 1 << 26)) return E_BLOB;
    c[i] = int32_t(v);
  }
  s->bands = c[0], s->rank = c[1], s->layers = c[2], s->lines = c[3], s->pixels = c[4];
  s->both = c[5], s->h_first = c[6], s->tied = c[7], s->kernel = c[8];
  s->spread[side_w] = Spread(c[9]), s->spread[side_h] = Spread(c[10]);
  s->beta = limits.value<double>(0);
  for (size_t i = 0; i < 2; ++i) {
    s->low[i] = limits.value<double>(1 + i);
    s->high[i] = limits.value<double>(3 + i);
  }
  *start_h = limits.value<double>(5);
  if (!(*start_h > 0) || !is_finite(*start_h)) return E_BLOB;
  if (s->both > 1 || s->h_first > 1 || s->tied > 1 || !s->good()) return E_BLOB;
  if ((blob.kind() == ModelKind::ralmu) != s->adaptive()) return E_BLOB;
  for (const Side side : {side_w, side_h}) {
    if (side == side_w && !s->both) continue;
    if (!blob.find(side == side_w ? "A_W" : "A_H", &a) || !a.is(2, uint32_t(s->count(side)), uint32_t(s->sets())))
      return E_BLOB;
    for (size_t i = 0; i < a.count; ++i) {
      const double v = a.value<double>(i);
      if (!is_finite(v) || (v < 0 && s->spread[side] != Spread::network)) return E_BLOB;
    }
  }
  if (s->both && blob.find("W0", &W0)) {
    if (!W0.is(2, uint32_t(s->bands), uint32_t(s->rank))) return E_BLOB;
    for (size_t i = 0; i < W0.count; ++i)
      if (const double v = W0.value<double>(i); !is_finite(v) || v < 0) return E_BLOB;
  }
  return OK;
}

template <class T>
void Nalmu<T>::worker_layout(Carver &carve, Worker &w, bool whole) const {
  w.pass.s = s;
  w.pass.n = whole ? pixels : min_of(NalmuPass<T>::piece, pixels);
  w.pass.segment = 0;
  w.pass.layout(carve, whole ? par : Parallel{});
  const int32_t p = min_of(NalmuPass<T>::piece, pixels);
  w.F = {carve.take<T>(size_t(p), size_t(s.rank)), p, s.rank, p};
  w.X = {carve.take<T>(size_t(p), size_t(s.rank)), p, s.rank, p};
  w.D = {carve.take<T>(size_t(p), size_t(s.rank)), p, s.rank, p};
  w.tile = carve.take<T>(Operand<T>::tile_elements);
}

template <class T>
void Nalmu<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Nalmu<T>>(1);
  b.part = carve.take<Part>(size_t(max_parts));
  b.G = carve.take<T>(size_t(s.rank), size_t(s.rank));
  Carver one;
  Worker w;
  worker_layout(one, w, !by_blocks());
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes = (b.worker_bytes - (Carver::alignment - 1) + 63) / 64 * 64;
  // Not by blocks there is one pass, and the judging scratch of the other workers stands behind it.
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(par.workers));
}

template <class T>
Status Nalmu<T>::check(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, Mat<T> W, Mat<T> H) const {
  const auto good = [](Mat<T> M) {
    for (int32_t j = 0; j < M.cols; ++j)
      for (int32_t i = 0; i < M.rows; ++i)
        if (!is_finite(M(i, j)) || M(i, j) < T(0)) return false;
    return true;
  };
  Record r;
  const bool own_start = model && s.both && !given && Blob(model).find("W0", &r);
  if ((!own_start && !good(W)) || (given && !good(H))) return E_DATA;
  const int32_t parts = min_of(max_parts, pixels);
  parallel_for(par, parts, [&](int32_t p, int32_t) {
    const int32_t from = int32_t(int64_t(pixels) * p / parts), to = int32_t(int64_t(pixels) * (p + 1) / parts);
    b.part[p] = {};
    b.part[p].good = Y.scan(ops, from, to - from, true, &b.part[p].norm2);
  });
  for (int32_t p = 0; p < parts; ++p)
    if (!b.part[p].good) return E_DATA;
  return OK;
}

template <class T>
void Nalmu<T>::judge(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report) const {
  const Mat<T> G{b.G, s.rank, s.rank, s.rank};
  ops.tn(W, W, G);
  T top = 0;
  for (int32_t k = 0; k < s.rank; ++k) top = max_of(top, G(k, k));
  const int32_t parts = min_of(max_parts, pixels), piece = NalmuPass<T>::piece;
  parallel_for(par, parts, [&](int32_t p, int32_t worker) {
    Worker w;
    Carver one(b.worker + b.worker_bytes * size_t(worker));
    worker_layout(one, w, !by_blocks());
    const int32_t from = int32_t(int64_t(pixels) * p / parts), to = int32_t(int64_t(pixels) * (p + 1) / parts);
    Part sum{};
    sum.norm2 = b.part[p].norm2;
    for (int32_t j = from; j < to; j += piece) {
      const int32_t count = min_of(piece, to - j);
      const Mat<T> F = w.F.block(0, 0, count, s.rank), X = w.X.block(0, 0, count, s.rank), D = w.D.block(0, 0, count, s.rank);
      Y.panel_tn(ops, j, count, W, F);
      transpose<T>(H.columns(j, count), X);
      ops.nn(X, G, D);
      sum.residual += Y.residual(ops, j, count, W, H, w.tile);
      for (int32_t c = 0; c < count; ++c) {
        double worst = 0, norm2 = 0, fit = 0;
        Y.scan(ops, j + c, 1, false, &norm2);
        for (int32_t k = 0; k < s.rank; ++k) {
          worst = max_of(worst, fabs(min_of(double(X(c, k)), double(D(c, k)) - double(F(c, k)))));
          fit += double(X(c, k)) * double(D(c, k));
        }
        const double scale = sqrt(double(top) * max_of(norm2, fit));
        const double kkt = scale > 0 ? worst / scale : 0;
        if (kkt > sum.kkt) sum.kkt = kkt, sum.at = j + c;
      }
    }
    b.part[p] = sum;
  });
  double residual = 0, norm2 = 0;
  for (int32_t p = 0; p < parts; ++p) {
    residual += b.part[p].residual;
    norm2 += b.part[p].norm2;
    if (b.part[p].kkt > report->kkt) report->kkt = b.part[p].kkt, report->worst = b.part[p].at;
  }
  report->objective = 0.5 * residual;
  report->rel_error = norm2 > 0 ? sqrt_of(residual) / sqrt_of(norm2) : 0;
  report->iters = layers;
  report->stop = is_finite(residual) ? by_iterations : by_nonfinite;
}

template <class T>
Status Nalmu<T>::run(void *base, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  if (const Status st = check(ops, b, Y, W, H); st != OK) return st;
  const Blob blob(model);
  const NalmuWeights<T> weights{nullptr, model ? &blob : nullptr};
  // From W and H to the factors inside, for pixels j .. j + n.
  const auto load = [&](const NalmuPass<T> &pass, int32_t j) {
    const Mat<T> own_W{pass.own[side_w], s.bands, s.rank, s.bands}, own_H{pass.own[side_h], pass.n, s.rank, pass.n};
    Record r;
    if (model && s.both && !given && blob.find("W0", &r)) r.read(0, r.count, own_W.data);
    else copy<T>(W, own_W);
    if (given) transpose<T>(H.columns(j, pass.n), own_H);
    else fill(own_H, T(start_h));
  };
  const auto save = [&](const NalmuPass<T> &pass, int32_t j) {
    for (int32_t q = 0; q < pass.n; ++q)
      for (int32_t k = 0; k < s.rank; ++k) H(k, j + q) = no_denormal(pass.own[side_h][q + ptrdiff_t(k) * pass.n]);
  };
  if (by_blocks()) {
    const int32_t piece = NalmuPass<T>::piece;
    parallel_for(par, ceil_div(pixels, piece), [&](int32_t t, int32_t worker) {
      Worker w;
      Carver one(b.worker + b.worker_bytes * size_t(worker));
      worker_layout(one, w, false);
      w.pass.n = min_of(piece, pixels - t * piece);
      load(w.pass, t * piece);
      w.pass.forward(ops, Parallel{}, Y.columns(t * piece, w.pass.n), weights, layers);
      save(w.pass, t * piece);
    });
  } else {
    Worker w;
    Carver one(b.worker);
    worker_layout(one, w, true);
    load(w.pass, 0);
    w.pass.forward(ops, par, Y, weights, layers);
    save(w.pass, 0);
    for (int32_t k = 0; k < s.rank && s.both; ++k)
      for (int32_t i = 0; i < s.bands; ++i) W(i, k) = no_denormal(w.pass.own[side_w][i + ptrdiff_t(k) * s.bands]);
  }
  if (report) judge(ops, b, Y, W, H, report);
  return OK;
}

#define INSTANTIATE(T) template struct NalmuPass<T>; template struct Nalmu<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
