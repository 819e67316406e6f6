// The active set method for one pixel and many spectra: of a library of hundreds few are in use, so the factor is of
// those alone, rows together, and the Gram matrix is read by its columns (algorithms.md, "Sparse unmixing").
//   minimise 1/2 x'G x - f'x  over x >= 0, and c'x = total where the sum is fixed
#pragma once
#include "real.hpp"

namespace orthant {

template <class Sum>
struct PassiveRoom {
  Sum *L;          // most x most, by rows
  Sum *x, *z, *u;  // most: the entries in use, the minimiser on them, and room
  int32_t *index;  // most: which they are
  int32_t *state;  // spectra: out, in or barred
  Sum *f, *g;      // spectra: products with the pixel, negative gradient
};

template <class Sum>
class PassiveSet {
 public:
  enum State : int32_t { out, in, barred };
  struct Problem {
    const Sum *G;           // spectra x spectra
    const Sum *c;           // spectra, all positive
    int32_t spectra, most;  // most: that can be independent
    bool fixed;             // the sum
    Sum shift;              // the factor is of G + shift c c'
  };

  PassiveSet(const Problem &problem, const PassiveRoom<Sum> &room) : p(problem), r(room) { clear(); }

  int32_t size() const { return n; }
  int32_t index(int32_t i) const { return r.index[i]; }
  Sum value(int32_t i) const { return r.x[i]; }

  void clear() {
    n = 0;
    for (int32_t k = 0; k < p.spectra; ++k) r.state[k] = out;
  }
  // A feasible start from given entries, positive alone.
  void put(int32_t k, Sum x) {
    if (n < p.most && add(k)) r.x[n - 1] = x;
  }
  // From the entries at hand, feasible but for rounding.  tol: below it a gradient is rounding.  Returns iterations.
  int32_t solve(Sum total, Sum tol, int32_t most_iterations) {
    if (p.fixed && n > 0) scale(total / sum_of_entries());
    if (p.fixed && n == 0) start_at_vertex(total);
    for (int32_t k = 0; k < p.spectra; ++k)
      if (r.state[k] == barred) r.state[k] = out;
    bool solved = n == 0;
    int32_t added = -1;
    for (int32_t iter = 0; iter < most_iterations; ++iter) {
      if (!solved) {
        solved = go_to_minimiser(total, added);
        added = -1;
        if (!solved) continue;
      }
      added = entering(tol);
      if (added < 0) return iter;
      solved = !(n < p.most && add(added));
      if (solved)
        r.state[added] = barred;
      else
        r.x[n - 1] = Sum(0);
    }
    return most_iterations;
  }

  // variance[i]: of entry i for noise of unit variance, the diagonal of the inverse of the Gram matrix of those in use,
  // less what a fixed sum takes.
  void variances(Sum *variance) const {
    Sum sum = 0;
    if (p.fixed) sum = solve_for_c();
    for (int32_t i = 0; i < n; ++i) {
      Sum squares = 0;
      for (int32_t j = 0; j < n; ++j) r.z[j] = Sum(j == i);
      for (int32_t j = i; j < n; ++j) {  // L^-1 e_i begins at i
        const Sum *row = r.L + ptrdiff_t(j) * p.most;
        Sum t = r.z[j];
        for (int32_t l = i; l < j; ++l) t -= row[l] * r.z[l];
        r.z[j] = t / row[j];
        squares += r.z[j] * r.z[j];
      }
      variance[i] = p.fixed ? max_of(Sum(0), squares - r.u[i] * r.u[i] / sum) : squares;
    }
  }

 private:
  const Sum *gram(int32_t k) const { return p.G + ptrdiff_t(k) * p.spectra; }

  // False where spectrum k depends on those in use.
  bool add(int32_t k) {
    const Sum *g = gram(k), shifted = p.shift * p.c[k];
    Sum *row = r.L + ptrdiff_t(n) * p.most;
    Sum d = g[k] + shifted * p.c[k];
    const Sum limit = Sum(50) * Real<Sum>::eps * d;
    for (int32_t j = 0; j < n; ++j) {
      const Sum *other = r.L + ptrdiff_t(j) * p.most;
      Sum t = g[r.index[j]] + shifted * p.c[r.index[j]];
      for (int32_t l = 0; l < j; ++l) t -= row[l] * other[l];
      row[j] = t / other[j];
      d -= row[j] * row[j];
    }
    if (!(d > limit)) return false;
    row[n] = sqrt_of(d);
    r.index[n] = k;
    r.state[k] = in;
    ++n;
    return true;
  }
  // Without the entries that are no longer positive: the rows above the first of them stay.
  void shrink() {
    const int32_t before = n;
    int32_t keep = 0;
    while (keep < n && r.x[keep] > Sum(0)) ++keep;
    n = keep;
    for (int32_t i = keep; i < before; ++i) {
      const int32_t k = r.index[i];
      const Sum x = r.x[i];
      r.state[k] = out;
      if (x > Sum(0) && add(k)) r.x[n - 1] = x;
    }
  }
  void scale(Sum factor) {
    for (int32_t i = 0; i < n; ++i) r.x[i] *= factor;
  }
  Sum sum_of_entries() const {
    Sum sum = 0;
    for (int32_t i = 0; i < n; ++i) sum += p.c[r.index[i]] * r.x[i];
    return sum;
  }
  void start_at_vertex(Sum total) {
    int32_t best = -1;
    Sum least = 0;
    for (int32_t k = 0; k < p.spectra; ++k) {
      const Sum x = total / p.c[k], objective = x * (Sum(0.5) * gram(k)[k] * x - r.f[k]);
      if (best >= 0 && !(objective < least)) continue;
      best = k;
      least = objective;
    }
    if (add(best)) r.x[0] = total / p.c[best];
  }

  // v <- (L L')^-1 v
  void solve_factor(Sum *v) const {
    for (int32_t i = 0; i < n; ++i) {
      const Sum *row = r.L + ptrdiff_t(i) * p.most;
      Sum t = v[i];
      for (int32_t l = 0; l < i; ++l) t -= row[l] * v[l];
      v[i] = t / row[i];
    }
    for (int32_t i = n - 1; i >= 0; --i) {
      const Sum *row = r.L + ptrdiff_t(i) * p.most;
      v[i] /= row[i];
      for (int32_t l = 0; l < i; ++l) v[l] -= row[l] * v[i];
    }
  }
  // u <- (L L')^-1 c; returns c'u.
  Sum solve_for_c() const {
    Sum sum = 0;
    for (int32_t i = 0; i < n; ++i) r.u[i] = p.c[r.index[i]];
    solve_factor(r.u);
    for (int32_t i = 0; i < n; ++i) sum += p.c[r.index[i]] * r.u[i];
    return sum;
  }
  // z <- the minimiser on the entries in use.
  void minimise(Sum total) const {
    for (int32_t i = 0; i < n; ++i) {
      const int32_t k = r.index[i];
      r.z[i] = r.f[k] + (p.fixed ? p.shift * total * p.c[k] : Sum(0));
    }
    solve_factor(r.z);
    if (!p.fixed) return;
    const Sum sum = solve_for_c();
    for (int pass = 0; pass < 2; ++pass) {  // the second takes what rounding left
      Sum now = 0;
      for (int32_t i = 0; i < n; ++i) now += p.c[r.index[i]] * r.z[i];
      for (int32_t i = 0; i < n; ++i) r.z[i] += (total - now) / sum * r.u[i];
    }
  }
  // To the minimiser, or as far as x >= 0 lets it; false where an entry came to zero on the way.  added: the entry that
  // is new, or -1; where it would not grow its gradient was rounding.
  bool go_to_minimiser(Sum total, int32_t added) {
    minimise(total);
    if (added >= 0 && !(r.z[n - 1] > Sum(0))) {
      --n;
      r.state[added] = barred;
      return true;
    }
    Sum alpha = 1;
    bool inside = true;
    for (int32_t i = 0; i < n; ++i) {
      if (r.z[i] > Sum(0)) continue;
      inside = false;
      alpha = min_of(alpha, r.x[i] / (r.x[i] - r.z[i]));
    }
    for (int32_t i = 0; i < n; ++i) {
      const bool blocking = !(r.z[i] > Sum(0)) && r.x[i] / (r.x[i] - r.z[i]) <= alpha;
      if (inside)
        r.x[i] = r.z[i];
      else
        r.x[i] = blocking ? Sum(0) : r.x[i] + alpha * (r.z[i] - r.x[i]);
    }
    if (!inside) shrink();
    return inside;
  }

  // g <- f - G x; the entry that gains most by becoming positive, or -1.
  int32_t entering(Sum tol) const {
    for (int32_t k = 0; k < p.spectra; ++k) r.g[k] = r.f[k];
    for (int32_t i = 0; i < n; ++i) {
      const Sum *column = gram(r.index[i]), x = r.x[i];
      for (int32_t k = 0; k < p.spectra; ++k) r.g[k] -= column[k] * x;
    }
    const Sum level = p.fixed ? level_of(r.g) : Sum(0);
    int32_t best = -1;
    Sum most = tol;
    for (int32_t k = 0; k < p.spectra; ++k) {
      const Sum gain = r.g[k] - level * p.c[k];
      if (r.state[k] != out || !(gain > most)) continue;
      most = gain;
      best = k;
    }
    return best;
  }
  // The multiple of c that a negative gradient is on the entries in use.
  Sum level_of(const Sum *g) const {
    Sum top = 0, bottom = 0;
    for (int32_t i = 0; i < n; ++i) {
      const Sum c = p.c[r.index[i]];
      top += c * g[r.index[i]];
      bottom += c * c;
    }
    return bottom > Sum(0) ? top / bottom : Sum(0);
  }

  const Problem &p;
  const PassiveRoom<Sum> &r;
  int32_t n = 0;
};

}  // namespace orthant
