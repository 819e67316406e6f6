// Block principal pivoting [Kim, Park 2011], exact; problems with the same passive set share one factorization
// (spec, section 1.1).
#include "nnls.hpp"

namespace orthant {
namespace {

inline int compare(const uint32_t *a, const uint32_t *b, int32_t words) {
  for (int32_t w = 0; w < words; ++w)
    if (a[w] != b[w]) return a[w] < b[w] ? -1 : 1;
  return 0;
}

// Heap sort of problem numbers by their passive sets; ties by number, so that the order is a function of the sets.
void sort_by_set(int32_t *order, int32_t n, const uint32_t *mask, int32_t words) {
  const auto less = [&](int32_t a, int32_t b) {
    const int c = compare(mask + ptrdiff_t(a) * words, mask + ptrdiff_t(b) * words, words);
    return c < 0 || (c == 0 && a < b);
  };
  const auto sink = [&](int32_t i, int32_t end) {
    for (int32_t child; (child = 2 * i + 1) < end; i = child) {
      if (child + 1 < end && less(order[child], order[child + 1])) ++child;
      if (!less(order[i], order[child])) return;
      const int32_t t = order[i];
      order[i] = order[child];
      order[child] = t;
    }
  };
  for (int32_t i = n / 2 - 1; i >= 0; --i) sink(i, n);
  for (int32_t end = n - 1; end > 0; --end) {
    const int32_t t = order[0];
    order[0] = order[end];
    order[end] = t;
    sink(0, end);
  }
}

}  // namespace

template <class T>
int32_t bpp_block(const NnlsPlan<T> &plan, View<T> F, Mat<T> X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank, words = ceil_div(r, 32), cap = min_of(5 * r + 10, plan.max_iter);
  const Mat<const T> G = plan.gram();
  T top = 0;
  for (int32_t k = 0; k < r; ++k) top = max_of(top, G(k, k));
  const T zero = rounding<T>(r);

  int32_t left = 0, most = 0;
  for (int32_t j = 0; j < F.rows; ++j) {
    uint32_t *m = s.mask + ptrdiff_t(j) * words;
    for (int32_t w = 0; w < words; ++w) m[w] = 0;
    bool finite = true;
    for (int32_t k = 0; k < r; ++k) {
      if (X(j, k) > T(0) && G(k, k) > T(0)) m[k / 32] |= 1u << (k % 32);
      finite = finite && is_finite(F(j, k));
    }
    s.best[j] = r + 1;
    s.tries[j] = 3;
    if (finite) s.order[left++] = j;
    else
      for (int32_t k = 0; k < r; ++k) X(j, k) = T(0);
  }

  for (int32_t round = 1; left > 0; ++round) {
    most = round;
    sort_by_set(s.order, left, s.mask, words);
    int32_t n = 0, still = 0;
    T ridge = 0;
    const uint32_t *factored = nullptr;  // the set whose factor is in L
    for (int32_t o = 0; o < left; ++o) {
      const int32_t j = s.order[o];
      uint32_t *m = s.mask + ptrdiff_t(j) * words;
      if (!factored || compare(m, factored, words) != 0) {
        factored = m;
        n = 0;
        for (int32_t k = 0; k < r; ++k)
          if (m[k / 32] >> (k % 32) & 1u) s.index[n++] = k;
        ridge = n > 0 ? cholesky(n, G.data, G.ld, s.index, s.L, r) : T(0);
      }
      T scale = 0;
      for (int32_t k = 0; k < r; ++k) {
        s.f[k] = F(j, k);
        s.x[k] = T(0);
        scale = max_of(scale, abs_of(s.f[k]));
      }
      // x on the passive set; where a ridge was needed, a few steps of refinement take its effect away again.
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
      for (int32_t k = 0; k < r; ++k) {
        T t = -s.f[k];
        for (int32_t i = 0; i < n; ++i) t += G(s.index[i], k) * s.x[s.index[i]];
        s.g[k] = t;
      }
      const T zero_x = top > T(0) ? zero * scale / top : T(0), zero_g = zero * scale;
      int32_t bad = 0, last = -1;
      for (int32_t k = 0; k < r; ++k) {
        const bool passive = m[k / 32] >> (k % 32) & 1u;
        if (passive ? s.x[k] < -zero_x : s.g[k] < -zero_g && G(k, k) > T(0)) {
          s.flag[k] = 1;
          ++bad;
          last = k;
        } else {
          s.flag[k] = 0;
        }
      }
      const bool done = bad == 0, failed = !done && round >= cap;
      if (failed) {  // cycling, which only rounding can cause: the active set method decides
        for (int32_t k = 0; k < r; ++k) s.x[k] = max_of(X(j, k), T(0));
        s.standing = 0;
        active_set_one(plan, s);
        factored = nullptr;  // it used L
      }
      if (done || failed) {
        for (int32_t k = 0; k < r; ++k) X(j, k) = max_of(s.x[k], T(0));
        continue;
      }
      bool all = true;
      if (bad < s.best[j]) {
        s.best[j] = bad;
        s.tries[j] = 3;
      } else if (s.tries[j] >= 1) {
        s.tries[j] -= 1;
      } else {
        all = false;  // the backup rule, which makes the method finite
      }
      // What to exchange is noted in X, and done after the round: problems that follow compare their sets with this one.
      for (int32_t k = 0; k < r; ++k) X(j, k) = T(all ? s.flag[k] != 0 : k == last);
      s.order[still++] = j;
    }
    for (int32_t o = 0; o < still; ++o) {
      const int32_t j = s.order[o];
      uint32_t *m = s.mask + ptrdiff_t(j) * words;
      for (int32_t k = 0; k < r; ++k)
        if (X(j, k) > T(0)) m[k / 32] ^= 1u << (k % 32);
    }
    left = still;
  }
  return most;
}

#define INSTANTIATE(T) template int32_t bpp_block<T>(const NnlsPlan<T> &, View<T>, Mat<T>, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
