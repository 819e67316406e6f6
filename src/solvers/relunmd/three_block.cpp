// NMD-TM (spec, section 6) and its special case 3B-NMD (beta = 1, lambda = 0) [Seraghiti et al. 2023]:
//   Z <- (1 + a) Pi(T) - a Z,   U <- b Z V'(V V' + l I)^-1 + (1 - b) U,   V <- b (U'U + l I)^-1 U'Z + (1 - b) V,
//   T <- (1 + a) U V - a T .
//
// All that depends on U and V of one iteration is done in one pass.  For a tile J of columns: V_J from U'Z_J, the model
// U V_J, its error, T_J, then the Z_J of the next iteration and its share Z_J V_J' of the next half step for U.
//
// T matters only where M = 0, and Z is c M where M > 0, with c = 1 but for the literal start: so Z holds the data
// there, T the mark of it, and M is read at the start alone.  Z and T are read and written once: 4 elements of traffic for an
// entry of M, and 6 rank flops.
#include "relu_nmd_job.hpp"

namespace orthant {

namespace {
// c of the next Z = c M where M > 0:  (1 + a) - a c, which leaves one at one
double follow(double c, double a) { return c + (1 + a) * (1 - c); }
}  // namespace

// T, Z (next M where M > 0) and the sums of the error, from P = U V_J; then the tile's share of Z V' and V V'.
template <class T>
void ReluNmd<T>::Job::advance(const Tile &t, double next) const {
  for (int32_t q = 0; q < t.p; ++q)
    stretches(s.c.rows, [&](int32_t i, int32_t n) {
      T squares, error;
      fastest<ReluKernels<T>>().momentum(n, T(s.c.alpha), T(1 / s.of_data), T(next), t.P.col(q) + i,
                                         b.Y.col(t.j + q) + i, b.Z.col(t.j + q) + i, &squares, &error);
      t.sum.squares += double(squares);
      t.sum.error += double(error);
    });
  transpose<T>(V.columns(t.j, t.p), t.X);
  t.gather(b.Z.columns(t.j, t.p), t.more ? b.Z.col(t.j + t.p) : nullptr);
}

template <class T>
void ReluNmd<T>::Job::begin_three_block() {
  const double first = s.c.z_start == ReluZ::literal ? 0 : 1, next = follow(first, s.c.alpha);
  s.of_data = 1;
  const Sums sum = tiles(true, b.B, b.S, [&](const Tile &t) {
    ops.nn(U, V.columns(t.j, t.p), t.P);
    for (int32_t q = 0; q < t.p; ++q)
      for (int32_t i = 0; i < s.c.rows; ++i) {
        const T m = t.M(i, q), p = t.P(i, q);
        b.Y(i, t.j + q) = m > T(0) ? Real<T>::huge : p;
        b.Z(i, t.j + q) = m > T(0) ? m : s.c.z_start == ReluZ::data ? T(0) : min_of(p, T(0));
      }
    advance(t, next);
  });
  s.of_data = next;
  s.objective = 0.5 * sum.squares + 0.5 * s.c.lambda * (inner<T>(U, U) + inner<T>(V, V));
  s.error2 = sum.error;
}

template <class T>
void ReluNmd<T>::Job::three_block() {
  const double lambda = s.c.lambda, next = follow(s.of_data, s.c.alpha);
  const T share = T(s.c.beta);
  inverse(b.S, lambda, b.by_V);
  share_rows(b.B, b.by_V, share, U);
  gram(U, b.by_U);
  turn(U);
  double squares = 0;
  for (int32_t k = 0; k < rank(); ++k) squares += double(b.by_U(k, k));
  inverse(b.by_U, lambda, b.by_U);
  const Sums sum = tiles(false, b.B, b.S, [&](const Tile &t) {
    const Mat<T> v = V.columns(t.j, t.p), half{t.X.data, rank(), t.p, rank()};
    ops.nn(b.Ut, b.Z.columns(t.j, t.p), t.F);
    ops.nn(b.by_U, t.F, share == T(1) ? v : half);
    for (int32_t q = 0; q < t.p; ++q)
      for (int32_t k = 0; k < rank(); ++k)
        v(k, q) = no_denormal(share == T(1) ? v(k, q) : v(k, q) + share * (half(k, q) - v(k, q)));
    ops.nn(U, v, t.P, false, t.more ? b.Y.col(t.j + t.p) : nullptr);
    advance(t, next);
  });
  s.of_data = next;
  for (int32_t k = 0; k < rank(); ++k) squares += double(b.S(k, k));
  s.objective = 0.5 * sum.squares + 0.5 * lambda * squares;
  s.error2 = sum.error;
}

#define INSTANTIATE(T) template struct ReluNmd<T>::Job;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
