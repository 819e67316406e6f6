// The models of a block of pixels, level by level: all of one spectrum, of two, ...  A model grows by one spectrum at a
// time, and what it leaves of a pixel's square falls by the square of one product: the Gram matrix without the first
// spectra of a model is the same for all pixels and for all models that begin with them.
#include "mesma_job.hpp"

namespace orthant {

// The pixels that a model of more classes may still gain: their products come together.  Returns how many they are.
template <class T>
int32_t MesmaJob<T>::activate(int32_t count, Worker &w) const {
  const Sum all = Sum(s.bands), gain = Sum(s.rules.gain);
  const Sum cap = Sum(s.rules.max_rmse) * Sum(s.rules.max_rmse) * all;
  int32_t pixels = 0;
  for (int32_t p = 0; p < count; ++p) {
    if (!is_finite(w.norm2[p])) continue;
    Sum bound = cap;
    if (w.level[p] > 0) {
      const Sum rmse = sqrt_of(w.best[p] / all) - gain;
      if (!(rmse > Sum(0))) continue;
      bound = min_of(cap, rmse * rmse * all);
    }
    w.bound[pixels] = bound;
    w.rest[pixels] = w.norm2[p];
    w.active[pixels] = p;
    for (int32_t t = 0; t < s.spectra; ++t) products(w, 0, t)[pixels] = w.f[ptrdiff_t(t) * block + p];
    ++pixels;
  }
  return pixels;
}

// Where the spectra end that may stand at a depth: later ones need a class each.
template <class T>
int32_t MesmaJob<T>::last_of(int32_t level, int32_t depth) const {
  return b.begins[s.classes - (level - depth)];
}

// All models of `level` spectra; returns how many were tried.
template <class T>
int32_t MesmaJob<T>::search(int32_t level, int32_t count, Worker &w) const {
  const int32_t pixels = activate(count, w);
  if (pixels == 0) return 0;
  int32_t models = 0, depth = 1;
  w.next[1] = 0;
  while (depth > 0) {
    const int32_t t = w.next[depth]++;
    if (t >= last_of(level, depth)) {
      --depth;
      continue;
    }
    w.chosen[depth] = t;
    const int32_t later = b.begins[b.cls[t] + 1];
    if (level == 1) {
      try_single(t, pixels, w);
      ++models;
    } else if (enter(depth, t, pixels, w)) {
      if (depth + 1 < level) {
        remove(depth, t, pixels, w);
        w.next[++depth] = later;
      } else {
        for (int32_t last = later; last < s.spectra; ++last) try_last(depth, last, pixels, w);
        models += s.spectra - later;
      }
    }
  }
  return models;
}

// Spectrum t at this depth: its coefficients, and what is left.  False where it depends on those before it.
template <class T>
bool MesmaJob<T>::enter(int32_t depth, int32_t t, int32_t pixels, Worker &w) const {
  const Sum *g = gram(w, depth - 1, t), *q = products(w, depth - 1, t);
  const Sum *before = w.rest + ptrdiff_t(depth - 1) * block;
  Sum *rest = w.rest + ptrdiff_t(depth) * block, *z = w.z + ptrdiff_t(depth) * block, *ratio = ratios(w, depth);
  if (s.rules.sum_to_one && depth == 1) {  // all of it; the others are differences from it
    for (int32_t a = 0; a < pixels; ++a) rest[a] = before[a] - Sum(2) * q[a] + g[t];
    return true;
  }
  if (!(g[t] > limit(b.G(t, t)))) return false;
  const Sum inverse = Sum(1) / g[t];
  for (int32_t u = b.begins[b.cls[t] + 1]; u < s.spectra; ++u) ratio[u] = g[u] * inverse;
  for (int32_t a = 0; a < pixels; ++a) {
    z[a] = q[a] * inverse;
    rest[a] = before[a] - q[a] * z[a];
  }
  return true;
}

// The Gram matrix and the products of later spectra without their parts along t.
template <class T>
void MesmaJob<T>::remove(int32_t depth, int32_t t, int32_t pixels, Worker &w) const {
  const bool differences = s.rules.sum_to_one && depth == 1;
  const int32_t later = b.begins[b.cls[t] + 1], end = s.spectra;
  const Sum *g = gram(w, depth - 1, t), *q = products(w, depth - 1, t), *ratio = ratios(w, depth);
  for (int32_t u = later; u < end; ++u) {
    const Sum *from = gram(w, depth - 1, u), *x = products(w, depth - 1, u);
    Sum *to = gram_room(w, depth, u), *out = products(w, depth, u);
    if (differences) {
      for (int32_t v = later; v < end; ++v) to[v] = (from[v] - g[u]) - (g[v] - g[t]);
      for (int32_t a = 0; a < pixels; ++a) out[a] = (x[a] - q[a]) - (g[u] - g[t]);
    } else {
      const Sum r = ratio[u];
      for (int32_t v = later; v < end; ++v) to[v] = from[v] - r * g[v];
      for (int32_t a = 0; a < pixels; ++a) out[a] = x[a] - r * q[a];
    }
  }
}

template <class T>
void MesmaJob<T>::try_single(int32_t t, int32_t pixels, Worker &w) const {
  const Sum *q = products(w, 0, t), square = b.G(t, t);
  if (!s.rules.sum_to_one && !(square > Sum(0))) return;
  for (int32_t a = 0; a < pixels; ++a) {
    const Sum x = s.rules.sum_to_one ? Sum(1) : q[a] / square;
    const Sum rest = w.rest[a] - x * (Sum(2) * q[a] - x * square);
    if (!(rest < w.bound[a])) continue;
    w.x[1] = x;
    offer(1, a, rest, w);
  }
}

// The model of those chosen to `depth`, and t.
template <class T>
void MesmaJob<T>::try_last(int32_t depth, int32_t t, int32_t pixels, Worker &w) const {
  const int32_t above = w.chosen[depth];
  const bool differences = s.rules.sum_to_one && depth == 1;
  const Sum *g = gram(w, depth - 1, above), *q = products(w, depth - 1, above), *own = products(w, depth - 1, t);
  const Sum *rest = w.rest + ptrdiff_t(depth) * block, *bound = w.bound;
  const Sum square_before = gram(w, depth - 1, t)[t];
  const Sum ratio = differences ? Sum(1) : ratios(w, depth)[t];
  const Sum square = differences ? (square_before - g[t]) - (g[t] - g[above]) : square_before - ratio * g[t];
  const Sum constant = differences ? g[t] - g[above] : Sum(0);
  if (!(square > limit(b.G(t, t)))) return;
  const Sum inverse = Sum(1) / square;
  int64_t better = 0;
  for (int32_t a = 0; a < pixels; ++a) {
    const Sum product = (own[a] - ratio * q[a]) - constant;
    better += rest[a] - product * product * inverse < bound[a];
  }
  if (better == 0) return;
  w.chosen[depth + 1] = t;
  for (int32_t a = 0; a < pixels; ++a) {
    const Sum product = (own[a] - ratio * q[a]) - constant, left = rest[a] - product * product * inverse;
    if (!(left < bound[a])) continue;
    w.x[depth + 1] = product * inverse;
    offer(depth + 1, a, left, w);
  }
}

// A model that leaves less than any before: taken if its fractions, of which x has the last, are what they must be.
template <class T>
void MesmaJob<T>::offer(int32_t level, int32_t a, Sum rest, Worker &w) const {
  if (!passes(level, a, w)) return;
  const int32_t p = w.active[a];
  w.bound[a] = rest;
  w.best[p] = max_of(rest, Sum(0));
  w.level[p] = level;
  for (int32_t d = 1; d <= level; ++d) {
    w.winner[ptrdiff_t(d) * block + p] = w.chosen[d];
    w.share[ptrdiff_t(d) * block + p] = w.x[d];
  }
}

// Back substitution in the order in which the spectra came.
template <class T>
bool MesmaJob<T>::passes(int32_t level, int32_t a, Worker &w) const {
  const Sum low = -Sum(s.rules.slack), high = Sum(1) + Sum(s.rules.slack);
  if (!(w.x[level] >= low && w.x[level] <= high)) return false;
  Sum sum = w.x[level];
  for (int32_t d = level - 1; d >= 1; --d) {
    const bool rest = s.rules.sum_to_one && d == 1;
    Sum x = rest ? Sum(1) - sum : w.z[ptrdiff_t(d) * block + a];
    for (int32_t e = d + 1; !rest && e <= level; ++e) x -= ratios(w, d)[w.chosen[e]] * w.x[e];
    if (!(x >= low && x <= high)) return false;
    w.x[d] = x;
    sum += x;
  }
  const Sum shade = Sum(1) - sum;
  return s.rules.sum_to_one || (shade >= low && shade <= Sum(s.rules.max_shade));
}

#define INSTANTIATE(T) template struct MesmaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
