// Active set method of Lawson and Hanson on the normal equations, one problem at a time; with the constraint that the
// entries sum to one it is exact FCLS (spec, sections 1.1 and 8).
#include "nnls.hpp"

namespace orthant {
namespace {

enum { out = 0, in = 1, barred = 2 };

// The support of a solution and the Cholesky factor of (G + shift 1 1')_PP in the order in which the entries of P came,
// grown one row at a time and kept from problem to problem: neighbours often have the same support.
template <class T>
struct Passive {
  const T *G;
  T shift;
  T *L;      // column-major, inverses on the diagonal: a division costs as much as ten products; in the first row,
             // free but for a diagonal that is the same, L^-1 1, which grows with L
  T *spare;  // of one solve
  int32_t *index;
  int32_t r, n = -1;     // n < 0: of no problem yet
  bool barring = false;  // an entry is kept out, for this problem alone

  // False where column k depends on those of P to rounding: its gradient is then zero with theirs, and it stays out.
  ORTHANT_OWN_FRAME bool add(int32_t k) {
    const T *g = G + ptrdiff_t(k) * r;
    T *row = L + n;  // row n of L, stride r
    T d = g[k] + shift, one = 1;
    const T limit = T(50) * Real<T>::eps * d;
    for (int32_t j = 0; j < n; ++j) {
      T t = g[index[j]] + shift;
      const T *other = L + j;
      for (int32_t l = 0; l < j; ++l) t = fused(-row[ptrdiff_t(l) * r], other[ptrdiff_t(l) * r], t);
      t *= other[ptrdiff_t(j) * r];
      row[ptrdiff_t(j) * r] = t;
      d = fused(-t, t, d);
      one = fused(-t, L[ptrdiff_t(j) * r], one);
    }
    if (!(d > limit)) return false;
    const T inverse = T(1) / sqrt_of(d);
    row[ptrdiff_t(n) * r] = inverse;
    L[ptrdiff_t(n) * r] = inverse * one;
    index[n++] = k;
    return true;
  }
  // Rebuild without the entries that are out.
  void shrink(int32_t *state, T *x) {
    const int32_t before = n;
    int32_t keep = 0;
    while (keep < n && state[index[keep]] == in) ++keep;
    n = keep;  // the rows above stay valid
    for (int32_t i = keep; i < before; ++i)
      if (const int32_t k = index[i]; state[k] == in && !add(k)) x[k] = T(0), state[k] = out;
  }
  // v <- L'^-1 (v + mu L^-1 1), its sum, and how many of its entries are not positive.
  int32_t back(T *v, T mu, T *sum) const {
    int32_t outside = 0;
    const T *l = L + ptrdiff_t(n) * r;
    T total = 0;
    for (int32_t k = n - 1; k >= 0; --k) {
      l -= r;
      T t = fused(mu, l[0], v[k]);
      for (int32_t i = k + 1; i < n; ++i) t = fused(-l[i], v[i], t);
      v[k] = t *= l[k];
      total += t;
      if (!(t > T(0))) ++outside;
    }
    *sum = total;
    return outside;
  }
  // v <- (L L')^-1 v, the minimiser on P; or with `fixed` that among those of the sum wanted, which is v plus as much
  // of (L L')^-1 1 as gives it that.  True if all of it is positive.
  ORTHANT_OWN_FRAME bool solve(T *v, bool fixed, T wanted) const {
    if (fixed && n == 1) return (v[0] = wanted) > T(0);  // a vertex, exactly
    const T *l = L;
    T ones = 0, now = 0;  // 1'(L L')^-1 1, and 1'(L L')^-1 v
    for (int32_t k = 0; k < n; ++k, l += r) {
      const T t = v[k] *= l[k], w = l[0];
      ones = fused(w, w, ones);
      now = fused(w, t, now);
      spare[k] = T(0);  // here, where no compiler makes a call of it
      for (int32_t i = k + 1; i < n; ++i) v[i] = fused(-t, l[i], v[i]);
    }
    int32_t outside = back(v, fixed ? (wanted - now) / ones : T(0), &now);
    const auto right = [&] { return !fixed || abs_of(now - wanted) <= T(4) * Real<T>::eps; };
    if (right()) return outside == 0;
    // v was so much larger than its sum that rounding is left.
    back(spare, T(1), &ones);
    for (int pass = 0; pass < 24 && !right(); ++pass) {
      const T mu = (wanted - now) / ones;
      now = T(0);
      outside = 0;
      for (int32_t i = 0; i < n; ++i) {
        const T t = v[i] = fused(mu, spare[i], v[i]);
        now += t;
        if (!(t > T(0))) ++outside;
      }
    }
    return outside == 0;
  }
};

// The support of a feasible x, or where that cannot be had a vertex.
template <class T>
ORTHANT_OWN_FRAME void begin(const NnlsPlan<T> &plan, NnlsScratch<T> &s, Passive<T> &P) {
  const int32_t r = plan.rank;
  const T *G = plan.G, *f = s.f;
  T *x = s.x;
  int32_t *state = s.flag;
  P.n = 0;
  bool lost = false;  // an entry that carries weight depends on the others: begin anew
  for (int32_t k = 0; k < r; ++k) {
    state[k] = x[k] > T(0) && P.add(k) ? in : out;
    lost = lost || (x[k] > T(0) && state[k] != in);
  }
  if (!lost && (!plan.sum_to_one || P.n > 0)) return;
  P.n = 0;
  int32_t best = 0;  // the best vertex
  for (int32_t k = 0; k < r; ++k) {
    state[k] = out;
    x[k] = T(0);
    if (G[k + ptrdiff_t(k) * r] * T(0.5) - f[k] < G[best + ptrdiff_t(best) * r] * T(0.5) - f[best]) best = k;
  }
  if (plan.sum_to_one) {
    x[best] = T(1);
    P.barring = !P.add(best);
    state[best] = P.barring ? barred : in;
  }
}

// From x on its way to z: as far as x >= 0 lets it.  Whether entries of P came to zero and are out.
template <class T>
ORTHANT_OWN_FRAME bool walk(const NnlsScratch<T> &s, const Passive<T> &P) {
  T *x = s.x, *z = s.z, alpha = T(1);
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
      s.flag[k] = out;
      shrunk = true;
    }
  }
  return shrunk;
}

// scratch.f -> scratch.x, from x and from the support in P that belongs to it.
template <class T>
int32_t active_set_on(const NnlsPlan<T> &plan, NnlsScratch<T> &s, Passive<T> &P) {
  const int32_t r = plan.rank;
  const T *G = plan.G, *f = s.f;
  T *x = s.x, *z = s.z, *g = s.g;
  int32_t *state = s.flag;
  for (int32_t k = 0; P.barring && k < r; ++k) state[k] = state[k] == in ? in : out;
  P.barring = false;
  if (P.n < 0) begin(plan, s, P);
  T scale = 0;
  for (int32_t k = 0; k < r; ++k) scale = max_of(scale, abs_of(f[k]));
  const T tol = rounding<T>(r) * scale;
  int32_t added = -1, iter = 0;
  bool solved = P.n == 0;
  for (; iter < plan.max_iter; ++iter) {
    if (!solved) {  // the minimiser on the support, z, and the way to it from x
      // As if the shift were of (1'x - 1)^2: the sum is then near what it must be, and little is left to correct.
      for (int32_t i = 0; i < P.n; ++i) z[i] = f[P.index[i]] + P.shift;
      const bool inside = P.solve(z, plan.sum_to_one, T(1));
      if (added >= 0 && !(z[P.n - 1] > T(0))) {  // the gradient that let it in was rounding
        --P.n;
        state[added] = barred;
        P.barring = true;
        added = -1;
        solved = true;
        continue;
      }
      added = -1;
      if (!inside && walk(s, P)) {
        P.shrink(state, x);
        continue;
      }
      if (inside)
        for (int32_t i = 0; i < P.n; ++i) x[P.index[i]] = z[i];
      solved = true;
    }
    // The gradient, and the entry that wants most to be positive.
    for (int32_t k = 0; k < r; ++k) g[k] = f[k];
    for (int32_t i = 0; i < P.n; ++i) {
      const int32_t l = P.index[i];
      const T *column = G + ptrdiff_t(l) * r, xl = x[l];
      for (int32_t k = 0; k < r; ++k) g[k] = fused(-column[k], xl, g[k]);
    }
    T level = T(0);
    if (plan.sum_to_one && P.n > 0) {
      for (int32_t i = 0; i < P.n; ++i) level += g[P.index[i]];
      level /= T(P.n);
    }
    int32_t best = -1;
    for (int32_t k = 0; k < r; ++k)
      if (state[k] == out && g[k] - level > tol && (best < 0 || g[k] > g[best])) best = k;
    if (best < 0) {  // one step of refinement: the factor is of a Gram matrix, as ill-conditioned as E squared
      T residual = 0;
      for (int32_t i = 0; i < P.n; ++i) {
        z[i] = g[P.index[i]] - level;
        residual = max_of(residual, abs_of(z[i]));
      }
      if (!(residual > T(0.25) * tol)) return iter;
      P.solve(z, plan.sum_to_one, T(0));
      bool inside = true;
      for (int32_t i = 0; i < P.n; ++i) inside = inside && x[P.index[i]] + z[i] > T(0);
      for (int32_t i = 0; i < P.n && inside; ++i) x[P.index[i]] += z[i];
      return iter;
    }
    if (P.add(best)) {
      state[best] = in;
      added = best;
      solved = false;
    } else {
      state[best] = barred;
      P.barring = true;
    }
  }
  P.n = -1;  // it may hold an entry that x does not
  return iter;
}

template <class T>
Passive<T> no_support(const NnlsPlan<T> &plan, const NnlsScratch<T> &s) {
  Passive<T> P{plan.G, plan.shift, s.L, s.u, s.index, plan.rank};
  return P;
}

}  // namespace

template <class T>
int32_t active_set_one(const NnlsPlan<T> &plan, NnlsScratch<T> &s) {
  Passive<T> P = no_support(plan, s);
  return active_set_on(plan, s, P);
}

template <class T>
int32_t active_set_block(const NnlsPlan<T> &plan, View<T> F, Mat<T> X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  Passive<T> P = no_support(plan, s);
  int32_t most = 0;
  for (int32_t j = 0; j < F.rows; ++j) {  // s.x holds the last problem's solution: a feasible, and a good, start
    T none = 0;  // NaN where an entry is not finite
    const T *from = F.data + j;
    for (int32_t k = 0; k < r; ++k, from += F.ld) {
      s.f[k] = *from;
      none = fused(*from, T(0), none);
    }
    const bool finite = none == T(0);
    if (j == 0 || plan.proposed) {
      for (int32_t k = 0; k < r; ++k) s.x[k] = X(j, k);
      P.n = -1;
    }
    if (finite) most = max_of(most, active_set_on(plan, s, P));
    T *to = X.data + j;
    for (int32_t k = 0; k < r; ++k, to += X.ld) *to = finite ? s.x[k] : T(0);
  }
  return most;
}

#define INSTANTIATE(T)                                                                                    \
  template int32_t active_set_one<T>(const NnlsPlan<T> &, NnlsScratch<T> &);                              \
  template int32_t active_set_block<T>(const NnlsPlan<T> &, View<T>, Mat<T>, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
