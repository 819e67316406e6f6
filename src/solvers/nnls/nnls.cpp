// The plan of a Gram matrix, the scratch of a worker, and the choice between the methods.
#include "nnls.hpp"

namespace orthant {
namespace {

constexpr bool needs_aux(Half half) { return half == Half::admm || is_direct(half); }
constexpr const int32_t *whole = nullptr;  // cholesky: all of the matrix

}  // namespace

template <class T>
void NnlsPlan<T>::layout(Carver &carve, Half which, int32_t r) {
  method = which;
  rank = r;
  const size_t n = size_t(r);
  G = carve.take<T>(n, n);
  aux = carve.take<T>(needs_aux(which) ? n : 0, n);
  inv = carve.take<T>(2 * n);
  unit = inv ? inv + n : nullptr;
}

template <class T>
void NnlsScratch<T>::layout(Carver &carve, Half method, int32_t r, int32_t p) {
  const size_t n = size_t(r), q = size_t(p), words = size_t(ceil_div(r, 32));
  const bool bpp = method == Half::bpp, two = method == Half::fast_pg || method == Half::admm;
  D = {carve.take<T>(n, q), p, r, p};
  E = {carve.take<T>(two ? n : 0, q), p, r, p};
  L = carve.take<T>(is_exact(method) || needs_aux(method) ? n : 0, n);
  f = carve.take<T>(5 * n);
  const size_t step = f ? n : 0;
  x = f + step;
  z = x + step;
  g = z + step;
  u = g + step;
  index = carve.take<int32_t>(is_exact(method) ? n : 0);
  flag = carve.take<int32_t>(is_exact(method) ? n : 0);
  order = carve.take<int32_t>(bpp ? q : 0);
  best = carve.take<int32_t>(bpp ? q : 0);
  tries = carve.take<int32_t>(bpp ? q : 0);
  mask = carve.take<uint32_t>(bpp ? q : 0, words);
}

// aux = (G + rho I)^-1
template <class T>
void NnlsPlan<T>::prepare_admm(NnlsScratch<T> &s) {
  const int32_t r = rank;
  const Mat<T> A = gram();
  for (int32_t k = 0; k < r; ++k) {
    s.z[k] = A(k, k);
    A(k, k) += rho;
  }
  cholesky(r, G, r, whole, s.L, r);
  for (int32_t k = 0; k < r; ++k) A(k, k) = s.z[k];  // not -= rho, which would round, anew at each preparation
  for (int32_t k = 0; k < r; ++k) {
    T *column = aux + ptrdiff_t(k) * r;
    for (int32_t i = 0; i < r; ++i) column[i] = T(i == k);
    cholesky_solve(r, s.L, r, column);
  }
}

template <class T>
void NnlsPlan<T>::find_units() {
  T largest = 0, least = Real<T>::huge;
  for (int32_t k = 0; k < rank; ++k) {
    const T square = gram()(k, k);
    unit[k] = square > Real<T>::tiny ? power_of_two(T(1) / sqrt_of(square)) : T(0);
    largest = max_of(largest, unit[k]);
    if (unit[k] > T(0)) least = min_of(least, unit[k]);
  }
  even = largest <= T(16) * least;
  if (!sum_to_one) return;
  // A zero spectrum has part in the sum like the others: it counts as the shortest of them.
  for (int32_t k = 0; k < rank; ++k)
    if (unit[k] == T(0)) unit[k] = largest > T(0) ? largest : T(1);
}

template <class T>
void NnlsPlan<T>::prepare(T given_rho, NnlsScratch<T> &s) {
  const int32_t r = rank;
  const Mat<T> A = gram();
  T trace = 0;
  for (int32_t k = 0; k < r; ++k) trace += A(k, k);
  // A component that is nothing but rounding is dead: its partner would be rounding over nothing, and grow without end.
  const T dead = max_of(Real<T>::tiny, Real<T>::eps * Real<T>::eps * Real<T>::eps * Real<T>::eps * trace);
  for (int32_t k = 0; k < r; ++k) inv[k] = A(k, k) > dead ? T(1) / A(k, k) : T(0);
  const T mean = trace > Real<T>::tiny ? trace / T(r) : T(1);
  // On 1'x = 1 the term shift/2 (1'x)^2 is constant.  It makes G regular wherever the constrained problem is, for
  // instance with a zero spectrum (shade) among the endmembers.  Only factorizations hold it: added to G itself it
  // would round away the small gradients of dark pixels.
  shift = sum_to_one ? mean : T(0);
  find_units();
  if (is_direct(method)) cholesky(r, G, r, whole, aux, r, shift);
  if (method == Half::admm) {
    rho = given_rho > T(0) ? given_rho : mean;
    prepare_admm(s);
  }
  if (method == Half::pg || method == Half::fast_pg) lipschitz = largest_eigenvalue_bound(r, G, r, s.x, s.z);
}

template <class T>
int32_t nnls_block(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, const Mat<T> &U,
                   int32_t steps, NnlsScratch<T> &s) {
  switch (plan.method) {
    case Half::bpp: return bpp_block(plan, F, X, s);
    case Half::active_set: return active_set_block(plan, F, X, s);
    case Half::unconstrained:
    case Half::clip: direct_block(plan, F, X, s); return 1;
    default: return iterative_block(ops, plan, F, X, U, steps, s);
  }
}

// Without branches on x, of which a processor can foresee nothing.
template <class T, class Sum>
Sum take_units(int32_t r, const T *x, const T *unit, bool signed_x, Sum *g) {
  Sum most = x ? Sum(0) : Sum(Real<T>::huge), level = 0, all = 0;
  const auto on_support = [&](int32_t k) { return Sum(int32_t(signed_x) | int32_t(x[k] > T(0))); };
  for (int32_t k = 0; x && k < r; ++k) most = max_of(most, Sum(unit[k]) * on_support(k));
  const Sum inverse = most > Sum(0) ? Sum(1) / most : Sum(0);  // exact, of a power of two
  for (int32_t k = 0; x && k < r; ++k) {
    const Sum share = Sum(unit[k]) * inverse * on_support(k);
    level += share * share * g[k];
    all += share * share;
  }
  if (all > Sum(0)) level /= all;
  for (int32_t k = 0; k < r; ++k) g[k] = min_of(Sum(unit[k]), most) * (g[k] - level);
  return most;
}

#define INSTANTIATE(T)                                                                                             \
  template struct NnlsPlan<T>;                                                                                     \
  template struct NnlsScratch<T>;                                                                                  \
  template T take_units<T, T>(int32_t, const T *, const T *, bool, T *);                                           \
  template int32_t nnls_block<T>(const Ops<T> &, const NnlsPlan<T> &, const View<T> &, const Mat<T> &,             \
                                 const Mat<T> &, int32_t, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)
template double take_units<float, double>(int32_t, const float *, const float *, bool, double *);

}  // namespace orthant
