// Active set method of Lawson and Hanson on the normal equations, one problem at a time; with the constraint that the
// entries sum to one it is exact FCLS (spec, sections 1.1 and 8).
#include "nnls.hpp"

namespace orthant {
namespace {

// The Cholesky factor of (G + shift 1 1')_PP in the order in which the entries of P came, grown one row at a time.
template <class T>
struct Passive {
  const T *G;
  T shift;
  T *L;  // r x r; its diagonal holds reciprocals: a solution divides by nothing
  int32_t *index;
  int32_t r, n = 0;

  // False where column k depends on those of P to rounding: its gradient is then zero with theirs, and it stays out.
  bool add(int32_t k) {
    T *row = L + n;  // row n of L, stride r
    T d = G[k + ptrdiff_t(k) * r] + shift;
    const T limit = T(50) * Real<T>::eps * d;
    for (int32_t j = 0; j < n; ++j) {
      T t = G[index[j] + ptrdiff_t(k) * r] + shift;
      for (int32_t l = 0; l < j; ++l) t -= row[ptrdiff_t(l) * r] * L[j + ptrdiff_t(l) * r];
      t *= L[j + ptrdiff_t(j) * r];
      row[ptrdiff_t(j) * r] = t;
      d -= t * t;
    }
    if (!(d > limit)) return false;
    row[ptrdiff_t(n) * r] = T(1) / sqrt_of(d);
    index[n++] = k;
    return true;
  }
  // Rebuild without the entries for which drop(k) holds.
  template <class Drop>
  void remove(const Drop &drop) {
    const int32_t before = n;
    int32_t keep = 0;
    while (keep < n && !drop(index[keep])) ++keep;
    n = keep;  // the rows above stay valid
    for (int32_t i = keep; i < before; ++i)
      if (const int32_t k = index[i]; !drop(k)) add(k);
  }
  // v <- L^-1 v and v <- L^-T v, entry by entry: a support is short.
  void down(T *v) const {
    for (int32_t i = 0; i < n; ++i) {
      T t = v[i];
      for (int32_t l = 0; l < i; ++l) t -= L[i + ptrdiff_t(l) * r] * v[l];
      v[i] = t * L[i + ptrdiff_t(i) * r];
    }
  }
  void up(T *v) const {
    for (int32_t k = n - 1; k >= 0; --k) {
      const T *l = L + ptrdiff_t(k) * r;
      T t = v[k];
      for (int32_t i = k + 1; i < n; ++i) t -= l[i] * v[i];
      v[k] = t * l[k];
    }
  }
};

}  // namespace

template <class T>
int32_t active_set_one(const NnlsPlan<T> &plan, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  const T *G = plan.G, *f = s.f;
  T *x = s.x, *z = s.z, *g = s.g, *u = s.u;
  enum { out = 0, in = 1, barred = 2 };
  int32_t *state = s.flag;
  T scale = 0;
  for (int32_t k = 0; k < r; ++k) scale = max_of(scale, abs_of(f[k]));
  const T tol = rounding<T>(r) * scale;

  Passive<T> P{G, plan.shift, s.L, s.index, r};
  // Where x has the support of the last problem its factor stands.
  int32_t positive = 0, shared = 0;
  for (int32_t k = 0; k < r; ++k) positive += x[k] > T(0);
  for (int32_t i = 0; i < s.standing; ++i) shared += x[s.index[i]] > T(0);
  const bool stands = shared == s.standing && shared == positive;
  if (stands) P.n = s.standing;
  for (int32_t k = 0; k < r; ++k) {
    state[k] = out;
    if (x[k] > T(0)) state[k] = stands || P.add(k) ? in : barred;
  }
  bool lost = false;  // a barred entry of the warm start carried weight: begin anew
  for (int32_t k = 0; k < r; ++k) lost = lost || state[k] == barred;
  if (lost || (plan.sum_to_one && P.n == 0)) {
    P.n = 0;
    int32_t best = 0;  // the best vertex
    for (int32_t k = 0; k < r; ++k) {
      state[k] = out;
      x[k] = T(0);
      if (G[k + ptrdiff_t(k) * r] * T(0.5) - f[k] < G[best + ptrdiff_t(best) * r] * T(0.5) - f[best]) best = k;
    }
    if (plan.sum_to_one) {
      x[best] = T(1);
      state[best] = P.add(best) ? in : barred;
    }
  }

  // v <- the minimiser over the support for the right-hand side v, of the given sum if sum_to_one: with y = L^-1 v and
  // e = L^-1 1 it is L^-T (y - mu e), whose sum is e'y - mu e'e.
  const auto solve = [&](T *v, T sum) {
    if (plan.sum_to_one && P.n == 1) return void(v[0] = sum);
    P.down(v);
    if (!plan.sum_to_one) return P.up(v);
    for (int32_t i = 0; i < P.n; ++i) u[i] = T(1);
    P.down(u);
    T ee = 0, ey = 0;
    for (int32_t i = 0; i < P.n; ++i) {
      ee += u[i] * u[i];
      ey += u[i] * v[i];
    }
    const T mu = (ey - sum) / ee;
    for (int32_t i = 0; i < P.n; ++i) v[i] -= mu * u[i];
    P.up(v);
    for (int pass = 0; pass < 24; ++pass) {  // again where v was so much larger than its sum that this is rounding
      T sv = 0;
      for (int32_t i = 0; i < P.n; ++i) sv += v[i];
      if (abs_of(sv - sum) <= T(4) * Real<T>::eps) break;
      if (pass == 0) P.up(u);
      const T more = (sv - sum) / ee;
      for (int32_t i = 0; i < P.n; ++i) v[i] -= more * u[i];
    }
  };

  int32_t added = -1, iter = 0;
  bool solved = P.n == 0;
  for (; iter < plan.max_iter; ++iter) {
    if (!solved) {  // the minimiser on the support, z, and the way to it from x
      for (int32_t i = 0; i < P.n; ++i) z[i] = f[P.index[i]];
      solve(z, T(1));
      if (added >= 0 && !(z[P.n - 1] > T(0))) {  // the gradient that let it in was rounding
        P.n -= 1;
        state[added] = barred;
        added = -1;
        solved = true;
        continue;
      }
      T alpha = T(1);
      for (int32_t i = 0; i < P.n; ++i) {
        const T xi = x[P.index[i]];
        if (!(z[i] > T(0))) alpha = min_of(alpha, xi / (xi - z[i]));
      }
      bool shrunk = false;
      for (int32_t i = 0; i < P.n; ++i) {
        const int32_t k = P.index[i];
        const bool blocking = !(z[i] > T(0)) && x[k] / (x[k] - z[i]) <= alpha;
        x[k] = blocking ? T(0) : alpha < T(1) ? x[k] + alpha * (z[i] - x[k]) : z[i];
        if (!(x[k] > T(0))) {
          x[k] = T(0);
          state[k] = out;
          shrunk = true;
        }
      }
      added = -1;
      if (shrunk) {
        P.remove([&](int32_t k) { return state[k] == out; });
        continue;
      }
      solved = true;
    }
    // The gradient, and the entry that wants most to be positive.
    for (int32_t k = 0; k < r; ++k) g[k] = f[k];
    for (int32_t i = 0; i < P.n; ++i) {
      const T *column = G + ptrdiff_t(P.index[i]) * r;
      const T xi = x[P.index[i]];
      for (int32_t k = 0; k < r; ++k) g[k] -= column[k] * xi;
    }
    T mean = 0;
    for (int32_t i = 0; i < P.n; ++i) mean += g[P.index[i]];
    const T level = plan.sum_to_one && P.n > 0 ? mean / T(P.n) : T(0);
    int32_t best = -1;
    for (int32_t k = 0; k < r; ++k)
      if (state[k] == out && g[k] - level > tol && (best < 0 || g[k] > g[best])) best = k;
    if (best < 0) {  // one step of refinement: the factor is of a Gram matrix, as ill-conditioned as E squared
      T residual = 0;
      for (int32_t i = 0; i < P.n; ++i) {
        z[i] = g[P.index[i]] - level;
        residual = max_of(residual, abs_of(z[i]));
      }
      if (!(residual > T(0.25) * tol)) break;
      solve(z, T(0));
      bool inside = true;
      for (int32_t i = 0; i < P.n; ++i) inside = inside && x[P.index[i]] + z[i] > T(0);
      for (int32_t i = 0; i < P.n && inside; ++i) x[P.index[i]] += z[i];
      break;
    }
    if (P.add(best)) {
      state[best] = in;
      added = best;
      solved = false;
    } else {
      state[best] = barred;
    }
  }
  s.standing = P.n;
  return iter;
}

template <class T>
int32_t active_set_block(const NnlsPlan<T> &plan, View<T> F, Mat<T> X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  int32_t most = 0;
  s.standing = 0;
  for (int32_t j = 0; j < F.rows; ++j) {  // s.x holds the last problem's solution: a feasible, and a good, start
    for (int32_t k = 0; k < r; ++k) {
      s.f[k] = F(j, k);
      if (j == 0 || plan.proposed) s.x[k] = X(j, k);
    }
    bool finite = true;
    for (int32_t k = 0; k < r; ++k) finite = finite && is_finite(s.f[k]);
    if (finite) most = max_of(most, active_set_one(plan, s));
    for (int32_t k = 0; k < r; ++k) X(j, k) = finite ? s.x[k] : T(0);
  }
  return most;
}

#define INSTANTIATE(T)                                                                                    \
  template int32_t active_set_one<T>(const NnlsPlan<T> &, NnlsScratch<T> &);                              \
  template int32_t active_set_block<T>(const NnlsPlan<T> &, View<T>, Mat<T>, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
