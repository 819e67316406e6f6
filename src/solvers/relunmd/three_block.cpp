// NMD-TM (spec, section 6) and its special case 3B-NMD (beta = 1, lambda = 0) [Seraghiti et al. 2023]:
//   Z <- (1 + a) Pi(T) - a Z,   U <- b Z V'(V V' + l I)^-1 + (1 - b) U,   V <- b (U'U + l I)^-1 U'Z + (1 - b) V,
//   T <- (1 + a) U V - a T .
//
// All that depends on U and V of one iteration is done in one pass over tiles J of columns: V_J from U'Z_J; then by blocks
// of rows the model U V_J, its error, T_J, the Z_J of the next iteration and its share Z_J V_J' of the next half step for U.
// With more rows than columns the tiles are rows of M: U_I is known and the model, its error, T_I and the next Z_I come
// first, then the next U_I from Z_I V' and its share U_I'Z_I.  In both cases a tile stays in cache, and the order of the half
// steps is that of the equations.
//
// T matters only where M = 0, and Z is c M where M > 0, with c = 1 but for the literal start: so Z holds the data
// there, T the mark of it, and M is read at the start alone.  Z and T are read and written once: 4 elements of traffic for an
// entry of M, and 6 rank flops.
#include "relu_nmd_job.hpp"

namespace orthant {

namespace {
// c of the next Z = c M where M > 0:  (1 + a) - a c, which leaves one at one
double follow(double c, double a) { return c + (1 + a) * (1 - c); }

// x <- share half + (1 - share) x
template <class T>
void blend(T share, Mat<const T> half, Mat<T> x) {
  for (int32_t k = 0; k < x.cols; ++k)
    for (int32_t i = 0; i < x.rows; ++i)
      x(i, k) = no_denormal(share == T(1) ? half(i, k) : x(i, k) + share * (half(i, k) - x(i, k)));
}
}  // namespace

// From L = U, R = V, or L = V', R = U' of M' (turned): the model, its sums, T and the next Z; then B = Z R', S = R R'.
// Between passes R is V, or turned the next U'.
template <class T>
typename ReluNmd<T>::Sums ReluNmd<T>::Job::pass(bool first) {
  const bool turned = s.turned();
  const int32_t rows = s.height(), r = rank(), step = ReluNmd::slab;
  const Mat<T> R = turned ? b.right : V;
  const T share = T(s.c.beta), alpha = T(s.c.alpha), back = T(1 / s.of_data);
  const double now = first && s.c.z_start == ReluZ::literal ? 0 : s.of_data, next = follow(now, s.c.alpha);
  const auto momentum = fastest<ReluKernels<T>>().momentum;
  const Sums sum = tiles(false, b.B, b.S, [&](const Tile &t) {
    const Mat<T> x = R.columns(t.j, t.p);
    const auto slab = [&](Mat<T> A, int32_t i, int32_t later = 0) { return slab_of(A.col(t.j + later), t.p, i); };
    // F += L'Z.  What the slab of T, and below of Z, that comes next takes its place in cache meanwhile.
    const auto project = [&](int32_t i) {
      const Mat<T> z = slab(b.Z, i);
      const T *ahead = !turned ? slab(b.Y, i).data : t.more ? slab(b.Y, i, t.p).data : nullptr;
      ops.nn(b.Ut.columns(i, z.rows), z, t.F, i > 0, ahead);
    };
    const auto gather = [&](int32_t i) {  // B += Z R'
      const Mat<T> z = slab(b.Z, i);
      ops.nn(z, t.X, slab_of(t.B.data, r, i), t.add, t.more ? slab(b.Z, i, t.p).data : nullptr);
    };
    const auto solve = [&] {  // x <- share (L'L + l I)^-1 F + (1 - share) x
      const Mat<T> half{t.X.data, r, t.p, r};
      ops.nn(b.by_U, t.F, half);
      blend<T>(share, half, x);
    };
    if (turned) transpose<T>(x, U.block(t.j, 0, t.p, r));
    if (!turned && !first) {
      for (int32_t i = 0; i < rows; i += step) project(i);
      solve();
    }
    if (!turned) transpose<T>(x, t.X);
    for (int32_t i = 0; i < rows; i += step) {
      const Mat<T> y = slab(b.Y, i), z = slab(b.Z, i), p{t.P.data, z.rows, t.p, z.rows};
      ops.nn(slab_of(b.left.data, r, i), x, p);
      if (first) mark(p, y, z);
      T squares, error;
      momentum(z.rows, t.p, alpha, back, T(next), p.data, p.ld, y.data, y.ld, z.data, z.ld, &squares, &error);
      t.sum.squares += double(squares);
      t.sum.error += double(error);
      turned ? project(i) : gather(i);
    }
    if (turned) {
      solve();
      transpose<T>(x, t.X);
      for (int32_t i = 0; i < rows; i += step) gather(i);
    }
    ops.nn(x, t.X, t.S, t.add);
  });
  s.of_data = next;
  return sum;
}

// T and Z of the start, where Z holds the data and P the model.
template <class T>
void ReluNmd<T>::Job::mark(Mat<const T> P, Mat<T> y, Mat<T> z) const {
  for (int32_t q = 0; q < P.cols; ++q)
    for (int32_t i = 0; i < P.rows; ++i) {
      const bool on = z(i, q) > T(0);
      y(i, q) = on ? Real<T>::huge : P(i, q);
      if (!on) z(i, q) = s.c.z_start == ReluZ::data ? T(0) : min_of(P(i, q), T(0));
    }
}

// Z = M, or M', by the slabs of the tiles.
template <class T>
void ReluNmd<T>::Job::fill_z() {
  const bool turned = s.turned();
  const int32_t chunks = s.chunks(), width = s.panel(), step = ReluNmd::slab;
  // Rows `from` .. `from` + x.rows of column `at` of Z
  const auto put = [&](int32_t at, int32_t from, Mat<const T> x) {
    const int32_t chunk = int32_t((int64_t(at + 1) * chunks - 1) / s.width());
    const int32_t begin = s.chunk_begin(chunk), j = begin + (at - begin) / width * width;
    const int32_t p = min_of(width, s.chunk_begin(chunk + 1) - j);
    for (int32_t k = 0; k < x.cols; ++k) {
      const int32_t i = (from + k) / step * step;
      slab_of(b.Z.col(j), p, i)(from + k - i, at - j) = x(0, k);
    }
  };
  by_columns_of_data([&](int32_t j, Mat<const T> tile) {
    if (turned)
      for (int32_t i = 0; i < tile.rows; ++i) put(i, j, {&tile(i, 0), 1, tile.cols, tile.ld});
    else
      for (int32_t q = 0; q < tile.cols; ++q) put(j + q, 0, {tile.col(q), 1, tile.rows, 1});
  });
}

// U' and (U'U + l I)^-1 of `left`.
template <class T>
void ReluNmd<T>::Job::turn_left() {
  for (int32_t i = 0; i < s.height(); i += ReluNmd::slab) {
    const Mat<T> l = slab_of(b.left.data, rank(), i);
    transpose<T>(l, b.Ut.columns(i, l.rows));
    ops.nn(b.Ut.columns(i, l.rows), l, b.by_U, i > 0);
  }
}

template <class T>
void ReluNmd<T>::Job::begin_three_block() {
  const bool turned = s.turned();
  fill_z();
  s.of_data = 1;
  for (int32_t i = 0; i < s.height(); i += ReluNmd::slab) {
    const Mat<T> l = slab_of(b.left.data, rank(), i);
    if (turned) transpose<T>(V.columns(i, l.rows), l);
    else copy<T>(U.block(i, 0, l.rows, rank()), l);
  }
  turn_left();
  inverse(b.by_U, s.c.lambda, b.by_U);
  if (turned) transpose<T>(U, b.right);
  const Sums sum = pass(true);
  s.objective = 0.5 * sum.squares + 0.5 * s.c.lambda * (inner<T>(U, U) + inner<T>(V, V));
  s.error2 = sum.error;
}

template <class T>
void ReluNmd<T>::Job::three_block() {
  const bool turned = s.turned();
  const double lambda = s.c.lambda;
  double squares = 0;
  const auto add_trace = [&](Mat<T> G) {
    for (int32_t k = 0; k < rank(); ++k) squares += double(G(k, k));
  };
  if (turned) add_trace(b.S);
  inverse(b.S, lambda, b.by_V);
  parallel_for(s.c.par, ceil_div(s.height(), ReluNmd::slab), [&](int32_t t, int32_t index) {
    const int32_t i = t * ReluNmd::slab, r = rank();
    const Mat<T> l = slab_of(b.left.data, r, i), half = top(worker(index).X, l.rows, r);
    ops.nn(slab_of(b.B.data, r, i), b.by_V, half);
    blend<T>(T(s.c.beta), half, l);
    if (turned) transpose<T>(l, V.columns(i, l.rows));
    else copy<T>(l, U.block(i, 0, l.rows, r));
  });
  turn_left();
  add_trace(b.by_U);
  inverse(b.by_U, lambda, b.by_U);
  const Sums sum = pass(false);
  if (!turned) add_trace(b.S);
  s.objective = 0.5 * sum.squares + 0.5 * lambda * squares;
  s.error2 = sum.error;
}

#define INSTANTIATE(T) template struct ReluNmd<T>::Job;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
