// The methods that take as many inner steps as they are given: coordinate descent, ADMM, projected gradients and
// multiplicative updates.
#include "nnls.hpp"

namespace orthant {
namespace {

// X <- max(floor, X * F / max(X G, eps))   [Lee, Seung 2001]
template <class T>
ORTHANT_OWN_FRAME void mu_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X,
                                int32_t steps, const Mat<T> &D) {
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
ORTHANT_OWN_FRAME void pg_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X,
                                int32_t steps, const Mat<T> &D) {
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

// Nesterov's scheme with the constants of algorithms.md, "NNLS half steps"; restarted at each call.
template <class T>
ORTHANT_OWN_FRAME void fast_pg_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X,
                                     int32_t steps, const Mat<T> &D, const Mat<T> &Y) {
  if (!(plan.lipschitz > Real<T>::tiny)) return;  // its inverse would overflow
  const T step = T(1) / plan.lipschitz;
  copy<T>(X, Y);
  T a = T(0.05);
  for (int32_t s = 0; s < steps; ++s) {
    ops.nn(Y, plan.gram(), D);
    const T next = T(0.5) * (sqrt_of(a * a * a * a + T(4) * a * a) - a * a);
    const T b = a * (T(1) - a) / (a * a + next);
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

// Whether |X - Z|^2 < tol |X|^2 and |X - before|^2 < tol |U|^2.
template <class T>
bool admm_has_settled(T tol, const Mat<T> &X, const Mat<T> &before, const Mat<T> &Z, const Mat<T> &U) {
  using Sum = typename Wide<T, small_target>::type;
  Sum gap = 0, change = 0, size = 0, dual = 0;
  for (int32_t k = 0; k < X.cols; ++k) {
    const T *x = X.col(k), *old = before.col(k), *z = Z.col(k), *u = U.col(k);
    for (int32_t j = 0; j < X.rows; ++j) {
      const Sum apart = Sum(x[j]) - Sum(z[j]), moved = Sum(x[j]) - Sum(old[j]);
      gap += apart * apart;
      change += moved * moved;
      size += Sum(x[j]) * Sum(x[j]);
      dual += Sum(u[j]) * Sum(u[j]);
    }
  }
  return gap < Sum(tol) * size && change < Sum(tol) * dual;
}

// Z = (F + rho (X + U)) (G + rho I)^-1,  X = max(0, Z - U),  U = U + X - Z;  with a tolerance until
// |X - Z|^2 < inner_tol |X|^2 and |X - X_before|^2 < inner_tol |U|^2, of this block
template <class T>
ORTHANT_OWN_FRAME void admm_steps(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X,
                                  const Mat<T> &U, int32_t steps, const Mat<T> &D, const Mat<T> &Z) {
  const Mat<const T> inverse{plan.aux, plan.rank, plan.rank, plan.rank};
  const bool judged = plan.inner_tol > T(0);
  for (int32_t s = 0; s < steps; ++s) {
    for (int32_t k = 0; k < X.cols; ++k)
      for (int32_t j = 0; j < X.rows; ++j) D(j, k) = F(j, k) + plan.rho * (X(j, k) + U(j, k));
    ops.nn(D, inverse, Z);
    if (judged) copy<T>(X, D);
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *z = Z.col(k);
      T *x = X.col(k), *u = U.col(k);
      for (int32_t j = 0; j < X.rows; ++j) {
        x[j] = max_of(z[j] - u[j], T(0));
        u[j] += x[j] - z[j];
      }
    }
    if (judged && admm_has_settled<T>(plan.inner_tol, X, D, Z, U)) return;
  }
}

constexpr int32_t swept_together = small_target ? 4 : 128;  // problems: how many they are changes no result

// At most swept_together problems.  One that has ended is swept with the others, and put back.
template <class T>
ORTHANT_OWN_FRAME void settle(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X,
                              int32_t most, const Mat<T> &before) {
  T changed[swept_together], enough[swept_together], goes_on[swept_together];
  for (int32_t j = 0; j < X.rows; ++j) goes_on[j] = T(1);
  for (int32_t made = 0, sweeps = 1; made < most; made += sweeps) {
    const bool first = made == 0;
    sweeps = min_of(first ? 1 : 2, most - made);
    copy<T>(X, before);
    ops.kernel().hals(X.rows, X.cols, sweeps, plan.G, plan.inv, F.data, F.ld, X.data, X.ld);
    for (int32_t j = 0; j < X.rows; ++j) changed[j] = 0;
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *old = before.col(k);
      T *x = X.col(k);
      for (int32_t j = 0; j < X.rows; ++j) {
        x[j] = goes_on[j] > T(0) ? x[j] : old[j];
        changed[j] += (x[j] - old[j]) * (x[j] - old[j]);
      }
    }
    T some = 0;
    for (int32_t j = 0; j < X.rows; ++j) {
      if (first) enough[j] = T(0.2 * 0.2) * changed[j];
      goes_on[j] = changed[j] <= enough[j] ? T(0) : goes_on[j];
      some += goes_on[j];
    }
    if (some == T(0)) return;
  }
}

}  // namespace

// Differs: each problem ends by its own change, not all of them by that of the factor.  A panel is then solved while it
// is in cache, and the result does not depend on how the problems are cut into panels or over processes.  And two
// sweeps by a fifth, not one by a tenth: to look at a change costs as much as a sweep of small rank.
template <class T>
void hals_until(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, int32_t most,
                const Mat<T> &D) {
  for (int32_t j = 0; j < X.rows; j += swept_together) {
    const int32_t p = min_of(swept_together, X.rows - j);
    settle<T>(ops, plan, F.block(j, 0, p, F.cols), X.block(j, 0, p, X.cols), most, D.block(j, 0, p, X.cols));
  }
}

template <class T>
int32_t iterative_block(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, const Mat<T> &U,
                        int32_t steps, NnlsScratch<T> &s) {
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

#define INSTANTIATE(T)                                                                                            \
  template void hals_until<T>(const Ops<T> &, const NnlsPlan<T> &, const View<T> &, const Mat<T> &, int32_t,      \
                              const Mat<T> &);                                                                    \
  template int32_t iterative_block<T>(const Ops<T> &, const NnlsPlan<T> &, const View<T> &, const Mat<T> &,       \
                                      const Mat<T> &, int32_t, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
