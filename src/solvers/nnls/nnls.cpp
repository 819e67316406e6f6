// The plan of a Gram matrix, the inner steps of the iterative methods, and the choice between all.
#include "nnls.hpp"

namespace orthant {
namespace {

inline bool exact(Half m) { return m == Half::bpp || m == Half::active_set; }
inline bool direct(Half m) { return m == Half::unconstrained || m == Half::clip; }
inline bool needs_aux(Half m) { return m == Half::admm || direct(m); }

}  // namespace

template <class T>
void NnlsPlan<T>::layout(Carver &carve, Half which, int32_t r) {
  method = which;
  rank = r;
  const size_t n = size_t(r);
  G = carve.take<T>(n, n);
  aux = carve.take<T>(needs_aux(which) ? n : 0, n);
  inv = carve.take<T>(n);
}

template <class T>
void NnlsScratch<T>::layout(Carver &carve, Half method, int32_t r, int32_t p) {
  const size_t n = size_t(r), q = size_t(p), words = size_t(ceil_div(r, 32));
  const bool bpp = method == Half::bpp, two = method == Half::fast_pg || method == Half::admm;
  D = {carve.take<T>(n, q), p, r, p};
  E = {carve.take<T>(two ? n : 0, q), p, r, p};
  L = carve.take<T>(exact(method) || needs_aux(method) ? n : 0, n);
  T *small = carve.take<T>(5 * n);
  f = small, x = small + (small ? n : 0), z = x + (small ? n : 0), g = z + (small ? n : 0), u = g + (small ? n : 0);
  index = carve.take<int32_t>(exact(method) ? n : 0);
  flag = carve.take<int32_t>(exact(method) ? n : 0);
  order = carve.take<int32_t>(bpp ? q : 0);
  best = carve.take<int32_t>(bpp ? q : 0);
  tries = carve.take<int32_t>(bpp ? q : 0);
  mask = carve.take<uint32_t>(bpp ? q : 0, words);
}

template <class T>
void NnlsPlan<T>::prepare(T rho_wanted, NnlsScratch<T> &s) {
  const int32_t r = rank;
  const Mat<T> A = gram();
  T trace = 0;
  for (int32_t k = 0; k < r; ++k) trace += A(k, k);
  // A component that is nothing but rounding is dead: its partner would be rounding over nothing, and grow without end.
  const T dead = max_of(Real<T>::tiny, Real<T>::eps * Real<T>::eps * Real<T>::eps * Real<T>::eps * trace);
  for (int32_t k = 0; k < r; ++k) inv[k] = A(k, k) > dead ? T(1) / A(k, k) : T(0);
  // On 1'x = 1 the term shift/2 (1'x)^2 is constant.  It makes G regular wherever the constrained problem is, for
  // instance with a zero spectrum (shade) among the endmembers.  Only factorizations hold it: added to G itself it would
  // round away the small gradients of dark pixels.
  shift = sum_to_one ? (trace > Real<T>::tiny ? trace / T(r) : T(1)) : T(0);
  if (direct(method)) cholesky(r, G, r, static_cast<const int32_t *>(nullptr), aux, r, shift);
  if (method == Half::admm) {
    rho = rho_wanted > T(0) ? rho_wanted : trace > Real<T>::tiny ? trace / T(r) : T(1);
    for (int32_t k = 0; k < r; ++k) s.z[k] = A(k, k), A(k, k) += rho;
    cholesky(r, G, r, static_cast<const int32_t *>(nullptr), s.L, r);
    for (int32_t k = 0; k < r; ++k) A(k, k) = s.z[k];  // not -= rho, which would round, anew at each preparation
    for (int32_t k = 0; k < r; ++k) {
      T *column = aux + ptrdiff_t(k) * r;
      for (int32_t i = 0; i < r; ++i) column[i] = T(i == k);
      cholesky_solve(r, s.L, r, column);
    }
  }
  if (method == Half::pg || method == Half::fast_pg) lipschitz = largest_eigenvalue_bound(r, G, r, s.x, s.z);
}

namespace {

// X <- max(floor, X * F / max(X G, eps))   [Lee, Seung 2001]
template <class T>
ORTHANT_OWN_FRAME
void mu_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, int32_t steps, Mat<T> D) {
  for (int32_t s = 0; s < steps; ++s) {
    ops.nn(X, plan.gram(), D);
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *f = F.col(k), *d = D.col(k);
      T *x = X.col(k);
      for (int32_t j = 0; j < X.rows; ++j)
        x[j] = max_of(x[j] * max_of(f[j], T(0)) / max_of(d[j], Real<T>::div), Real<T>::floor);
    }
  }
}

// X <- max(0, X - (X G - F) / L)
template <class T>
ORTHANT_OWN_FRAME
void pg_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, int32_t steps, Mat<T> D) {
  if (!(plan.lipschitz > Real<T>::tiny)) return;  // its inverse would overflow
  const T step = T(1) / plan.lipschitz;
  for (int32_t s = 0; s < steps; ++s) {
    ops.nn(X, plan.gram(), D);
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *f = F.col(k), *d = D.col(k);
      T *x = X.col(k);
      for (int32_t j = 0; j < X.rows; ++j) x[j] = max_of(x[j] - step * (d[j] - f[j]), T(0));
    }
  }
}

// Nesterov's scheme with the constants of the spec, section 1.1, q = 0; restarted at each call.
template <class T>
ORTHANT_OWN_FRAME
void fast_pg_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, int32_t steps, Mat<T> D,
                   Mat<T> Y) {
  if (!(plan.lipschitz > Real<T>::tiny)) return;  // its inverse would overflow
  const T step = T(1) / plan.lipschitz;
  copy<T>(X, Y);
  T a = T(0.05);
  for (int32_t s = 0; s < steps; ++s) {
    ops.nn(Y, plan.gram(), D);
    const T next = T(0.5) * (sqrt_of(a * a * a * a + T(4) * a * a) - a * a), b = a * (T(1) - a) / (a * a + next);
    a = next;
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *f = F.col(k), *d = D.col(k);
      T *x = X.col(k), *y = Y.col(k);
      for (int32_t j = 0; j < X.rows; ++j) {
        const T moved = max_of(y[j] - step * (d[j] - f[j]), T(0));
        y[j] = moved + b * (moved - x[j]);
        x[j] = moved;
      }
    }
  }
}

// Z = (F + rho (X + U)) (G + rho I)^-1,  X = max(0, Z - U),  U = U + X - Z
template <class T>
ORTHANT_OWN_FRAME
void admm_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, Mat<T> U, int32_t steps,
                Mat<T> D, Mat<T> Z) {
  const Mat<const T> inverse{plan.aux, plan.rank, plan.rank, plan.rank};
  for (int32_t s = 0; s < steps; ++s) {
    for (int32_t k = 0; k < X.cols; ++k)
      for (int32_t j = 0; j < X.rows; ++j) D(j, k) = F(j, k) + plan.rho * (X(j, k) + U(j, k));
    ops.nn(D, inverse, Z);
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *z = Z.col(k);
      T *x = X.col(k), *u = U.col(k);
      for (int32_t j = 0; j < X.rows; ++j) {
        x[j] = max_of(z[j] - u[j], T(0));
        u[j] += x[j] - z[j];
      }
    }
  }
}

// The linear system alone, with the sum as a constraint where asked; then perhaps clipped and rescaled.
template <class T>
ORTHANT_OWN_FRAME
void direct_solve(const NnlsPlan<T> &plan, View<T> F, Mat<T> X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  T su = 0;
  if (plan.sum_to_one) {
    for (int32_t k = 0; k < r; ++k) s.u[k] = T(1);
    cholesky_solve(r, plan.aux, r, s.u);
    for (int32_t k = 0; k < r; ++k) su += s.u[k];
  }
  for (int32_t j = 0; j < F.rows; ++j) {
    for (int32_t k = 0; k < r; ++k) s.x[k] = T(0);
    for (int pass = 0; pass < 2; ++pass) {  // one step of refinement: G is as ill-conditioned as E squared
      for (int32_t k = 0; k < r; ++k) {
        T t = F(j, k);
        if (pass > 0)
          for (int32_t l = 0; l < r; ++l) t -= plan.G[l + ptrdiff_t(k) * r] * s.x[l];
        s.z[k] = t;
      }
      cholesky_solve(r, plan.aux, r, s.z);
      for (int32_t k = 0; k < r; ++k) s.x[k] += s.z[k];
      if (plan.sum_to_one) {
        T sx = 0;
        for (int32_t k = 0; k < r; ++k) sx += s.x[k];
        for (int32_t k = 0; k < r; ++k) s.x[k] -= (sx - T(1)) / su * s.u[k];
      }
    }
    T sum = 0;
    for (int32_t k = 0; k < r; ++k) {
      if (plan.method == Half::clip) s.x[k] = max_of(s.x[k], T(0));
      sum += s.x[k];
    }
    const T scale = plan.method == Half::clip && plan.sum_to_one && sum > T(0) ? T(1) / sum : T(1);
    for (int32_t k = 0; k < r; ++k) X(j, k) = s.x[k] * scale;
  }
}

}  // namespace

// Differs: the change is that of a block of problems, not of the whole factor, so that a block is solved while it is in
// cache and without waiting for the others.
template <class T>
void hals_until(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, int32_t most, Mat<T> D) {
  double first = 0;
  for (int32_t s = 0; s < most; ++s) {
    copy<T>(X, D);
    ops.kernel().hals(X.rows, X.cols, 1, plan.G, plan.inv, F.data, F.ld, X.data, X.ld);
    double change = 0;
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *x = X.col(k), *d = D.col(k);
      T sum = 0;
      for (int32_t j = 0; j < X.rows; ++j) sum += (x[j] - d[j]) * (x[j] - d[j]);
      change += double(sum);
    }
    if (s == 0) first = change;
    if (change <= 0.01 * first) break;
  }
}

template <class T>
ORTHANT_OWN_FRAME
static int32_t inner_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, Mat<T> U, int32_t steps,
                           NnlsScratch<T> &s) {
  const Mat<T> D = {s.D.data, X.rows, X.cols, s.D.ld}, E = {s.E.data, X.rows, X.cols, s.E.ld};
  switch (plan.method) {
    case Half::hals:
      ops.kernel().hals(X.rows, X.cols, steps, plan.G, plan.inv, F.data, F.ld, X.data, X.ld);
      break;
    case Half::admm: admm_steps(ops, plan, F, X, U, steps, D, E); break;
    case Half::fast_pg: fast_pg_steps(ops, plan, F, X, steps, D, E); break;
    case Half::mu: mu_steps(ops, plan, F, X, steps, D); break;
    case Half::pg: pg_steps(ops, plan, F, X, steps, D); break;
    default: return 0;
  }
  return steps;
}

template <class T>
int32_t nnls_block(const Ops<T> &ops, const NnlsPlan<T> &plan, View<T> F, Mat<T> X, Mat<T> U, int32_t steps,
                   NnlsScratch<T> &s) {
  switch (plan.method) {
    case Half::bpp: return bpp_block(plan, F, X, s);
    case Half::active_set: return active_set_block(plan, F, X, s);
    case Half::unconstrained:
    case Half::clip: direct_solve(plan, F, X, s); return 1;
    default: return inner_steps(ops, plan, F, X, U, steps, s);
  }
}

#define INSTANTIATE(T)                                                                                             \
  template void hals_until<T>(const Ops<T> &, const NnlsPlan<T> &, View<T>, Mat<T>, int32_t, Mat<T>);         \
  template struct NnlsPlan<T>;                                                                                     \
  template struct NnlsScratch<T>;                                                                                  \
  template int32_t nnls_block<T>(const Ops<T> &, const NnlsPlan<T> &, View<T>, Mat<T>, Mat<T>, int32_t,       \
                                 NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
