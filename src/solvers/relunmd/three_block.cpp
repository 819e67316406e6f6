// NMD-TM (algorithms.md, "NMD-TM") and its special case 3B-NMD (beta = 1, lambda = 0) [Seraghiti et al. 2023]:
//   Z <- (1 + a) Pi(T) - a Z,   U <- b Z V'(V V' + l I)^-1 + (1 - b) U,   V <- b (U'U + l I)^-1 U'Z + (1 - b) V,
//   T <- (1 + a) U V - a T .
//
// All that depends on U and V of one iteration is done in one pass.  Panels J of columns, where M is wide: V_J from
// U'Z_J; then tile by tile the model U V_J, its error, T_J, the Z_J of the next iteration and its share Z_J V_J' of the
// next half step for U.  With more rows than columns the panels are blocks I of rows of M: U_I is known and the model,
// its error, T_I and the next Z_I come first, then the next U_I from Z_I V' and its share U_I'Z_I.  In both cases a
// panel stays in cache, and the order of the half steps is that of the equations.
//
// Both are written for L = U, R = V of M, or L = V', R = U' of M': between passes R is V, or the next U' (transposed).
//
// T matters only where M = 0, and Z is c M where M > 0, with c = 1 but for the printed start: so Z holds the data
// there, T the mark of it, and M is read at the start alone.  Z and T are read and written once: 4 elements of traffic
// for an entry of M, and 6 rank flops.
#include "relu_nmd_job.hpp"

namespace orthant {
namespace {

// c of the next Z = c M where M > 0:  (1 + a) - a c, which leaves one at one
double next_share(double c, double a) { return c + (1 + a) * (1 - c); }

// x <- share half + (1 - share) x
template <class T>
void blend(T share, Mat<const T> half, Mat<T> x) {
  for (int32_t k = 0; k < x.cols; ++k)
    for (int32_t i = 0; i < x.rows; ++i)
      x(i, k) = no_denormal(share == T(1) ? half(i, k) : x(i, k) + share * (half(i, k) - x(i, k)));
}

// *sum += the trace of G, entry by entry: the order of a sum over two of them.
template <class T>
void add_trace(Mat<T> G, double *sum) {
  for (int32_t k = 0; k < G.rows; ++k) *sum += double(G(k, k));
}

}  // namespace

// ---- a tile

// F += L'Z.  What is read next takes its place in cache meanwhile, here and below.
template <class T>
void ReluJob<T>::project(const ReluPanel<T> &p, int32_t i, const T *next) const {
  const Mat<T> z = tile_of(b.Z.col(p.col), p.cols, i);
  ops.nn(b.Ut.columns(i, z.rows), z, p.F, i > 0, next);
}

// B += Z R'
template <class T>
void ReluJob<T>::gather(const ReluPanel<T> &p, int32_t i) const {
  const Mat<T> z = tile_of(b.Z.col(p.col), p.cols, i);
  const T *next = p.more ? tile_of(b.Z.col(p.col + p.cols), p.cols, i).data : nullptr;
  ops.nn(z, p.X, tile_of(p.B.data, rank(), i), p.add, next);
}

// The model L x, its sums, T and the next Z.
template <class T>
void ReluJob<T>::extrapolate(const ReluPanel<T> &p, const ReluExtrapolation<T> &e, View<T> x, int32_t i) const {
  const Mat<T> theta = tile_of(b.theta.col(p.col), p.cols, i), z = tile_of(b.Z.col(p.col), p.cols, i);
  const Mat<T> model{p.P.data, z.rows, z.cols, z.rows};
  ops.nn(tile_of(b.left.data, rank(), i), x, model);
  if (e.first) make_tile(model, theta, z);
  T squares, error;
  const auto momentum = fastest<ReluKernels<T>>().momentum;
  momentum(z.rows, z.cols, e.alpha, e.back, e.next, model.data, model.ld, theta.data, theta.ld, z.data, z.ld, &squares,
           &error);
  p.sum.squares += double(squares);
  p.sum.error += double(error);
}

// x <- beta (L'L + lambda I)^-1 F + (1 - beta) x
template <class T>
void ReluJob<T>::solve(const ReluPanel<T> &p, Mat<T> x) const {
  const Mat<T> half{p.X.data, x.rows, x.cols, x.rows};
  ops.nn(b.by_U, p.F, half);
  blend<T>(T(s.c.beta), half, x);
}

// ---- a panel

template <class T>
void ReluJob<T>::column_panel(const ReluPanel<T> &p, const ReluExtrapolation<T> &e) const {
  const int32_t height = s.height(), step = ReluNmd<T>::tile_rows;
  const Mat<T> x = V.columns(p.col, p.cols);
  if (!e.first) {
    for (int32_t i = 0; i < height; i += step) project(p, i, tile_of(b.theta.col(p.col), p.cols, i).data);
    solve(p, x);
  }
  transpose<T>(x, p.X);
  for (int32_t i = 0; i < height; i += step) {
    extrapolate(p, e, x, i);
    gather(p, i);
  }
  ops.nn(x, p.X, p.S, p.add);
}

// Of the transposed data, a block of rows of M.
template <class T>
void ReluJob<T>::row_panel(const ReluPanel<T> &p, const ReluExtrapolation<T> &e) const {
  const int32_t height = s.height(), step = ReluNmd<T>::tile_rows;
  const Mat<T> x = b.right.columns(p.col, p.cols);
  transpose<T>(x, U.block(p.col, 0, p.cols, rank()));
  for (int32_t i = 0; i < height; i += step) {
    extrapolate(p, e, x, i);
    project(p, i, p.more ? tile_of(b.theta.col(p.col + p.cols), p.cols, i).data : nullptr);
  }
  solve(p, x);
  transpose<T>(x, p.X);
  for (int32_t i = 0; i < height; i += step) gather(p, i);
  ops.nn(x, p.X, p.S, p.add);
}

// ---- an iteration

// From L and R: the model, its sums, T and the next Z; then B = Z R' and S = R R'.
template <class T>
ReluSums ReluJob<T>::three_block_pass(bool first) {
  const double now = first && s.c.z_start == ReluZ::literal ? 0 : s.share_of_data, next = next_share(now, s.c.alpha);
  const ReluExtrapolation<T> e{first, T(s.c.alpha), T(1 / s.share_of_data), T(next)};
  const bool transposed = s.transposed();
  const ReluSums sum = by_columns(b.B, b.S, [&](const ReluPanel<T> &p) {
    if (transposed) row_panel(p, e);
    else column_panel(p, e);
  });
  s.share_of_data = next;
  return sum;
}

// Ut = L', by_U = L'L.
template <class T>
void ReluJob<T>::square_left() {
  for (int32_t i = 0; i < s.height(); i += ReluNmd<T>::tile_rows) {
    const Mat<T> l = tile_of(b.left.data, rank(), i);
    transpose<T>(l, b.Ut.columns(i, l.rows));
    ops.nn(b.Ut.columns(i, l.rows), l, b.by_U, i > 0);
  }
}

template <class T>
void ReluJob<T>::three_block() {
  const bool transposed = s.transposed();
  double squares = 0;  // |U|^2 + |V|^2
  if (transposed) add_trace(b.S, &squares);
  improve_left();
  square_left();
  add_trace(b.by_U, &squares);
  invert(b.by_U, s.c.lambda, b.by_U);
  const ReluSums sum = three_block_pass(false);
  if (!transposed) add_trace(b.S, &squares);
  set_fit(sum, 0.5 * s.c.lambda * squares);
}

// L <- beta B (R R' + lambda I)^-1 + (1 - beta) L
template <class T>
void ReluJob<T>::improve_left() {
  const bool transposed = s.transposed();
  invert(b.S, s.c.lambda, b.by_V);
  parallel_blocks(s.c.par, s.height(), ReluNmd<T>::tile_rows, [&](Range i, int32_t index) {
    const Mat<T> l = tile_of(b.left.data, rank(), i.from), half = top(worker(index).X, l.rows, l.cols);
    ops.nn(tile_of(b.B.data, rank(), i.from), b.by_V, half);
    blend<T>(T(s.c.beta), half, l);
    if (transposed) transpose<T>(l, V.columns(i.from, i.size()));
    else copy<T>(l, U.block(i.from, 0, i.size(), rank()));
  });
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
