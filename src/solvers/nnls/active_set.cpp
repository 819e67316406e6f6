// Active set method of Lawson and Hanson on the normal equations, one problem at a time; with the constraint that the
// entries sum to one it is exact FCLS (algorithms.md, "NNLS half steps" and "Unmixing").
#include "nnls.hpp"

namespace orthant {
namespace {

// Where an entry is: barred is out, and stays so for this problem.
enum { out = 0, in = 1, barred = 2 };

// The support of a solution and the Cholesky factor of (G + shift 1 1')_PP in the order in which the entries of P came,
// grown one row at a time and kept from problem to problem: neighbours often have the same support.
template <class T>
struct Support {
  const T *G;
  T shift;   // the plan's, or the diagonal entry of a much shorter column in P, which the plan's would round away
  T *L;      // column-major, inverses on the diagonal: a division costs as much as ten products; in the first row,
             // free but for a diagonal that is the same, L^-1 1, which grows with L
  T *spare;  // of one solve
  int32_t *index;
  int32_t r, n = -1;        // n < 0: of no problem yet
  bool has_barred = false;  // an entry is barred

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
  // Before k comes in.  True where another left: it depends on the rest but for what the shift gave.
  bool lower_shift(int32_t k, int32_t *state, T *x) {
    const T own = G[k + ptrdiff_t(k) * r];
    return shift > T(1024) * own && set_shift(own, state, x);
  }
  ORTHANT_OWN_FRAME bool set_shift(T own, int32_t *state, T *x) {
    if (!(own > Real<T>::tiny)) return false;
    const int32_t before = n;
    shift = own;
    rebuild(0, state, x);
    return n < before;
  }
  // Rebuilds the factor without the entries that are out.
  void shrink(int32_t *state, T *x) {
    int32_t keep = 0;
    while (keep < n && state[index[keep]] == in) ++keep;
    rebuild(keep, state, x);
  }
  // keep: so many rows stay valid.
  ORTHANT_OWN_FRAME void rebuild(int32_t keep, int32_t *state, T *x) {
    const int32_t before = n;
    n = keep;
    for (int32_t i = keep; i < before; ++i) {
      const int32_t k = index[i];
      if (state[k] != in || add(k)) continue;
      x[k] = T(0);
      state[k] = out;
    }
  }
  void bar(int32_t *state, int32_t k) {
    state[k] = barred;
    has_barred = true;
  }
  // Before the next problem.
  void admit_barred(int32_t *state) {
    for (int32_t k = 0; has_barred && k < r; ++k) state[k] = state[k] == in ? in : out;
    has_barred = false;
  }
  // v <- L'^-1 (v + mu L^-1 1), its sum, and how many of its entries are not positive.
  int32_t solve_transposed(T *v, T mu, T *sum) const {
    int32_t outside = 0;
    const T *l = L + ptrdiff_t(n) * r;
    T total = 0;
    for (int32_t k = n - 1; k >= 0; --k) {
      l -= r;
      T t = fused(mu, l[0], v[k]);
      for (int32_t i = k + 1; i < n; ++i) t = fused(-l[i], v[i], t);
      t *= l[k];
      v[k] = t;
      total += t;
      if (!(t > T(0))) ++outside;
    }
    *sum = total;
    return outside;
  }
  // v <- (L L')^-1 v, the minimiser on P; or with `fixed` that among those of the given sum, which is v plus as much
  // of (L L')^-1 1 as gives it that.  True if all of it is positive.
  ORTHANT_OWN_FRAME bool solve(T *v, bool fixed, T sum) const {
    if (fixed && n == 1) {  // a vertex, exactly
      v[0] = sum;
      return sum > T(0);
    }
    const T *l = L;
    T ones = 0, now = 0;  // 1'(L L')^-1 1, and 1'(L L')^-1 v
    for (int32_t k = 0; k < n; ++k) {
      const T t = v[k] * l[k], w = l[0];
      v[k] = t;
      ones = fused(w, w, ones);
      now = fused(w, t, now);
      spare[k] = T(0);  // here, where no compiler makes a call of it
      for (int32_t i = k + 1; i < n; ++i) v[i] = fused(-t, l[i], v[i]);
      l += r;
    }
    int32_t outside = solve_transposed(v, fixed ? (sum - now) / ones : T(0), &now);
    const auto right = [&] { return !fixed || abs_of(now - sum) <= T(4) * Real<T>::eps; };
    if (right()) return outside == 0;
    // v was so much larger than its sum that rounding is left.
    solve_transposed(spare, T(1), &ones);
    for (int pass = 0; pass < 24 && !right(); ++pass) {
      const T mu = (sum - now) / ones;
      now = T(0);
      outside = 0;
      for (int32_t i = 0; i < n; ++i) {
        const T t = fused(mu, spare[i], v[i]);
        v[i] = t;
        now += t;
        if (!(t > T(0))) ++outside;
      }
    }
    return outside == 0;
  }
};

// The support of a feasible x, or where that cannot be had a vertex.
template <class T>
ORTHANT_OWN_FRAME void start_from(const NnlsPlan<T> &plan, NnlsScratch<T> &s, Support<T> &P) {
  const int32_t r = plan.rank;
  const T *G = plan.G, *f = s.f;
  T *x = s.x;
  int32_t *state = s.flag;
  P.n = 0;
  P.shift = plan.shift;
  bool lost = false;  // an entry that carries weight depends on the others: start anew
  for (int32_t k = 0; k < r; ++k) {
    if (!small_target && x[k] > T(0) && P.lower_shift(k, state, x)) lost = true;  // only networks begin so
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
  if (!plan.sum_to_one) return;
  x[best] = T(1);
  P.has_barred = !P.add(best);
  state[best] = P.has_barred ? barred : in;
}

// From x on its way to z: as far as x >= 0 lets it.  Whether entries of P came to zero and are out.
template <class T>
ORTHANT_OWN_FRAME bool go_towards(const NnlsScratch<T> &s, const Support<T> &P) {
  T *x = s.x, *z = s.z, alpha = T(1);
  for (int32_t i = 0; i < P.n; ++i) {
    const T xi = x[P.index[i]];
    if (!(z[i] > T(0))) alpha = min_of(alpha, xi / (xi - z[i]));
  }
  bool shrunk = false;
  for (int32_t i = 0; i < P.n; ++i) {
    const int32_t k = P.index[i];
    const bool blocking = !(z[i] > T(0)) && x[k] / (x[k] - z[i]) <= alpha;
    if (blocking) x[k] = T(0);
    else if (alpha < T(1)) x[k] += alpha * (z[i] - x[k]);
    else x[k] = z[i];
    if (!(x[k] > T(0))) {
      x[k] = T(0);
      s.flag[k] = out;
      shrunk = true;
    }
  }
  return shrunk;
}

enum class Reached { minimiser, boundary, start };

// From x to the minimiser on the support, or as far as that is feasible.  added: the entry that entered last, or -1;
// where its gradient was rounding, and it would not be positive, it is barred and x stays.
template <class T>
Reached go_to_minimiser(const NnlsPlan<T> &plan, NnlsScratch<T> &s, Support<T> &P, int32_t added) {
  T *x = s.x, *z = s.z;
  // As if the shift were of (1'x - 1)^2: the sum is then near what it must be, and little is left to correct.
  for (int32_t i = 0; i < P.n; ++i) z[i] = s.f[P.index[i]] + P.shift;
  const bool inside = P.solve(z, plan.sum_to_one, T(1));
  if (added >= 0 && !(z[P.n - 1] > T(0))) {
    --P.n;
    P.bar(s.flag, added);
    return Reached::start;
  }
  if (!inside && go_towards(s, P)) {
    P.shrink(s.flag, x);
    return Reached::boundary;
  }
  if (inside)
    for (int32_t i = 0; i < P.n; ++i) x[P.index[i]] = z[i];
  return Reached::minimiser;
}

// g = f - G x, the negative gradient; of uneven columns less its level on the support, in their units.  Returns the
// level that is still in it, zero where the sum is free.
template <class T>
T descent(const NnlsPlan<T> &plan, NnlsScratch<T> &s, const Support<T> &P) {
  const int32_t r = plan.rank;
  T *g = s.g;
  for (int32_t k = 0; k < r; ++k) g[k] = s.f[k];
  for (int32_t i = 0; i < P.n; ++i) {
    const int32_t l = P.index[i];
    const T *column = plan.G + ptrdiff_t(l) * r, xl = s.x[l];
    for (int32_t k = 0; k < r; ++k) g[k] = fused(-column[k], xl, g[k]);
  }
  const bool has_level = plan.sum_to_one && P.n > 0;
  if (!plan.even) take_units(r, has_level ? s.x : nullptr, plan.unit, false, g);
  if (!plan.even || !has_level) return T(0);
  T level = T(0);
  for (int32_t i = 0; i < P.n; ++i) level += g[P.index[i]];
  return level / T(P.n);
}

// The entry that gains most by becoming positive, or -1.
template <class T>
int32_t entering(int32_t r, const NnlsScratch<T> &s, T level, T tol) {
  int32_t best = -1;
  for (int32_t k = 0; k < r; ++k)
    if (s.flag[k] == out && s.g[k] - level > tol && (best < 0 || s.g[k] > s.g[best])) best = k;
  return best;
}

// One step of refinement: the factor is of a Gram matrix, as ill-conditioned as E squared.
template <class T>
void refine(const NnlsPlan<T> &plan, NnlsScratch<T> &s, const Support<T> &P, T level, T tol) {
  T *x = s.x, *z = s.z, residual = 0;
  for (int32_t i = 0; i < P.n; ++i) {
    z[i] = s.g[P.index[i]] - level;
    residual = max_of(residual, abs_of(z[i]));
  }
  if (!(residual > T(0.25) * tol)) return;
  for (int32_t i = 0; i < P.n && !plan.even; ++i)
    if (const T u = plan.unit[P.index[i]]; u > T(0)) z[i] /= u;
  P.solve(z, plan.sum_to_one, T(0));
  bool inside = true;
  for (int32_t i = 0; i < P.n; ++i) inside = inside && x[P.index[i]] + z[i] > T(0);
  for (int32_t i = 0; i < P.n && inside; ++i) x[P.index[i]] += z[i];
}

template <class T>
ORTHANT_OWN_FRAME T largest_in_units(int32_t r, const T *f, const T *unit) {
  T largest = 0;
  for (int32_t k = 0; k < r; ++k) largest = max_of(largest, abs_of(f[k]) * unit[k]);
  return largest;
}

// scratch.f -> scratch.x, from x and from the support P that belongs to it.
template <class T>
int32_t solve_from(const NnlsPlan<T> &plan, NnlsScratch<T> &s, Support<T> &P) {
  const int32_t r = plan.rank;
  P.admit_barred(s.flag);
  if (P.n < 0) start_from(plan, s, P);
  T scale = 0;
  for (int32_t k = 0; k < r; ++k) scale = max_of(scale, abs_of(s.f[k]));
  if (!plan.even) scale = largest_in_units(r, s.f, plan.unit);
  const T tol = rounding<T>(r) * scale;
  int32_t added = -1, iter = 0;
  bool solved = P.n == 0;  // x is the minimiser on its support
  for (; iter < plan.max_iter; ++iter) {
    if (!solved) {
      const Reached reached = go_to_minimiser(plan, s, P, added);
      added = -1;
      solved = reached != Reached::boundary;
      if (reached != Reached::minimiser) continue;
    }
    const T level = descent(plan, s, P);
    const int32_t best = entering(r, s, level, tol);
    if (best < 0) {
      refine(plan, s, P, level, tol);
      return iter;
    }
    if (P.lower_shift(best, s.flag, s.x)) solved = false;
    if (P.add(best)) {
      s.flag[best] = in;
      added = best;
      solved = false;
    } else {
      P.bar(s.flag, best);
    }
  }
  P.n = -1;  // it may hold an entry that x does not
  return iter;
}

template <class T>
Support<T> no_support(const NnlsPlan<T> &plan, const NnlsScratch<T> &s) {
  return {plan.G, plan.shift, s.L, s.u, s.index, plan.rank};
}

// s.f <- row j of F; false where an entry is not finite.
template <class T>
bool load_problem(View<T> F, int32_t j, NnlsScratch<T> &s) {
  T none = 0;  // NaN where an entry is not finite
  const T *from = F.data + j;
  for (int32_t k = 0; k < F.cols; ++k) {
    s.f[k] = *from;
    none = fused(*from, T(0), none);
    from += F.ld;
  }
  return none == T(0);
}

}  // namespace

template <class T>
int32_t active_set_one(const NnlsPlan<T> &plan, NnlsScratch<T> &s) {
  Support<T> P = no_support(plan, s);
  return solve_from(plan, s, P);
}

template <class T>
int32_t active_set_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  Support<T> P = no_support(plan, s);
  int32_t most = 0;
  for (int32_t j = 0; j < F.rows; ++j) {  // s.x holds the last problem's solution: a feasible, and a good, start
    const bool finite = load_problem<T>(F, j, s);
    if (j == 0 || plan.proposed) {
      for (int32_t k = 0; k < r; ++k) s.x[k] = X(j, k);
      P.n = -1;
    }
    if (finite) most = max_of(most, solve_from(plan, s, P));
    T *to = X.data + j;
    for (int32_t k = 0; k < r; ++k) {
      *to = finite ? s.x[k] : T(0);
      to += X.ld;
    }
  }
  return most;
}

#define INSTANTIATE(T)                                                       \
  template int32_t active_set_one<T>(const NnlsPlan<T> &, NnlsScratch<T> &); \
  template int32_t active_set_block<T>(const NnlsPlan<T> &, const View<T> &, const Mat<T> &, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
