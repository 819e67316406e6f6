// Block principal pivoting [Kim, Park 2011], exact; problems with the same passive set share one factorization
// (algorithms.md, "NNLS half steps").
#include "nnls.hpp"
#include "set_order.hpp"

namespace orthant {
namespace {

// The problems of one block.
template <class T>
struct Pivoting {
  const NnlsPlan<T> &plan;
  View<T> F;
  Mat<T> X;
  NnlsScratch<T> &s;
  const int32_t r, words;  // words: of a passive set
  // The passive set whose factor is in s.L, its entries in s.index, and the ridge that it needed.
  const uint32_t *factored = nullptr;
  int32_t n = 0;
  T ridge = 0;

  Pivoting(const NnlsPlan<T> &given, View<T> right, Mat<T> solution, NnlsScratch<T> &scratch)
      : plan(given), F(right), X(solution), s(scratch), r(given.rank), words(ceil_div(given.rank, 32)) {}
  T G(int32_t i, int32_t k) const { return plan.G[i + ptrdiff_t(k) * r]; }
  bool lives(int32_t k) const { return plan.inv[k] > T(0); }
  uint32_t *set_of(int32_t j) const { return s.mask + ptrdiff_t(j) * words; }
  static bool holds(const uint32_t *set, int32_t k) { return (set[k / 32] >> (k % 32) & 1u) != 0; }

  // The passive sets of the starts into s.mask, and the problems in s.order; returns how many.  Where a right-hand side
  // is not finite X is zero.
  int32_t start() {
    int32_t left = 0;
    for (int32_t j = 0; j < F.rows; ++j) {
      uint32_t *set = set_of(j);
      for (int32_t w = 0; w < words; ++w) set[w] = 0;
      bool finite = true;
      for (int32_t k = 0; k < r; ++k) {
        if (X(j, k) > T(0) && lives(k)) set[k / 32] |= 1u << (k % 32);
        finite = finite && is_finite(F(j, k));
      }
      s.best[j] = r + 1;
      s.tries[j] = 3;
      if (finite) s.order[left++] = j;
      else
        for (int32_t k = 0; k < r; ++k) X(j, k) = T(0);
    }
    return left;
  }

  void factor(const uint32_t *set) {
    if (factored && compare(set, factored, words) == 0) return;
    factored = set;
    n = 0;
    for (int32_t k = 0; k < r; ++k)
      if (holds(set, k)) s.index[n++] = k;
    ridge = n > 0 ? cholesky(n, plan.G, r, s.index, s.L, r) : T(0);
  }

  // s.x: the solution on the passive set; where a ridge was needed, steps of refinement take its effect away again.
  void solve() const {
    for (int pass = 0; pass < (ridge > T(0) ? 4 : 1); ++pass) {
      for (int32_t i = 0; i < n; ++i) {
        T t = s.f[s.index[i]];
        if (pass > 0)
          for (int32_t q = 0; q < n; ++q) t -= G(s.index[q], s.index[i]) * s.x[s.index[q]];
        s.z[i] = t;
      }
      cholesky_solve(n, s.L, r, s.z);
      for (int32_t i = 0; i < n; ++i) s.x[s.index[i]] += s.z[i];
    }
  }

  // s.g = G s.x - s.f
  void gradient() const {
    T *g = s.g;
    for (int32_t k = 0; k < r; ++k) g[k] = -s.f[k];
    for (int32_t i = 0; i < n; ++i) {
      const T *column = plan.G + ptrdiff_t(s.index[i]) * r, x = s.x[s.index[i]];
      for (int32_t k = 0; k < r; ++k) g[k] += column[k] * x;
    }
  }

  // Marks in s.flag what is on the wrong side of the set: negative entries in it, negative gradients outside.
  struct Bad {
    int32_t count = 0, last = -1;
  };
  Bad mark_bad(const uint32_t *set, T scale) const {
    const T zero = rounding<T>(r) * scale;
    Bad bad;
    for (int32_t k = 0; k < r; ++k) {
      const T u = plan.unit[k];
      const bool wrong = holds(set, k) ? (s.x[k] < -zero * u) : (s.g[k] * u < -zero && lives(k));
      s.flag[k] = wrong;
      if (!wrong) continue;
      ++bad.count;
      bad.last = k;
    }
    return bad;
  }

  // Whether all bad entries are exchanged, or the last alone: the backup rule, which makes the method finite.
  bool exchanges_all(int32_t j, int32_t bad) const {
    if (bad < s.best[j]) {
      s.best[j] = bad;
      s.tries[j] = 3;
      return true;
    }
    if (s.tries[j] < 1) return false;
    s.tries[j] -= 1;
    return true;
  }

  // True where problem j is solved, and in X.  Else X has ones at the entries to exchange after the round: problems
  // that follow compare their sets with this one.
  bool attempt(int32_t j, bool last_round) {
    const uint32_t *set = set_of(j);
    factor(set);
    T scale = 0;
    for (int32_t k = 0; k < r; ++k) {
      s.f[k] = F(j, k);
      s.x[k] = T(0);
      scale = max_of(scale, abs_of(s.f[k]) * plan.unit[k]);
    }
    solve();
    gradient();
    const Bad bad = mark_bad(set, scale);
    if (bad.count > 0 && !last_round) {
      const bool all = exchanges_all(j, bad.count);
      for (int32_t k = 0; k < r; ++k) X(j, k) = T(all ? s.flag[k] != 0 : k == bad.last);
      return false;
    }
    if (bad.count > 0) {  // cycling, which only rounding can cause: the active set method decides
      for (int32_t k = 0; k < r; ++k) s.x[k] = max_of(X(j, k), T(0));
      active_set_one(plan, s);
      factored = nullptr;  // it used L
    }
    for (int32_t k = 0; k < r; ++k) X(j, k) = max_of(s.x[k], T(0));
    return true;
  }

  // One attempt at each of the problems that are left; returns how many still are.
  int32_t round(int32_t left, bool last) {
    sort_by_set(s.order, left, s.mask, words);
    factored = nullptr;
    int32_t still = 0;
    for (int32_t o = 0; o < left; ++o) {
      const int32_t j = s.order[o];
      if (!attempt(j, last)) s.order[still++] = j;
    }
    for (int32_t o = 0; o < still; ++o) {
      const int32_t j = s.order[o];
      uint32_t *set = set_of(j);
      for (int32_t k = 0; k < r; ++k)
        if (X(j, k) > T(0)) set[k / 32] ^= 1u << (k % 32);
    }
    return still;
  }
};

}  // namespace

template <class T>
int32_t bpp_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &s) {
  Pivoting<T> pivoting(plan, F, X, s);
  const int32_t most = min_of(5 * plan.rank + 10, plan.max_iter);
  int32_t left = pivoting.start(), rounds = 0;
  while (left > 0) {
    ++rounds;
    left = pivoting.round(left, rounds >= most);
  }
  return rounds;
}

#define INSTANTIATE(T) \
  template int32_t bpp_block<T>(const NnlsPlan<T> &, const View<T> &, const Mat<T> &, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
