#include "start.hpp"

#include "passes.hpp"

namespace orthant {

// ---- random columns

// Whether column chosen[i] is among those before it.
static bool is_taken(const int32_t *chosen, int32_t i) {
  bool taken = false;
  for (int32_t k = 0; k < i; ++k) taken = taken || chosen[k] == chosen[i];
  return taken;
}

void sample_columns(const Rng &rng, int32_t cols, int32_t count, int32_t *chosen) {
  uint64_t draw = 0;
  for (int32_t i = 0; i < count; ++i) {
    do {
      chosen[i] = rng.below(draw++, cols);
      const bool crowded = draw > 64u * uint64_t(i + 1);  // nearly all are taken: the next free one
      while (crowded && is_taken(chosen, i)) chosen[i] = (chosen[i] + 1) % cols;
    } while (is_taken(chosen, i));
  }
}

// ---- successive projections

namespace {

constexpr int32_t columns_at_once = 64;  // of one task

// Of the columns within 1e-6 of the largest residual the one that was longest at first.
template <class T>
int32_t longest(const Parallel &par, const T *norms, const T *first, int32_t count, T top) {
  T value;
  return first_largest(par, count, 2 * sizeof(T), &value, [&](Range mine, T *length) {
    int32_t best = -1;
    for (int32_t i = mine.from; i < mine.to; ++i)
      if (norms[i] >= top * T(1 - 1e-6) && (best < 0 || first[i] > first[best])) best = i;
    *length = best < 0 ? T(-1) : first[best];
    return best;
  });
}

// Column k of the basis holds a column of V: less its part along the columns before, by two passes of Gram and Schmidt,
// and of length one.
template <class T>
void orthonormalise(const Ops<T> &ops, Mat<T> basis, int32_t k) {
  const Mat<T> u = basis.columns(k, 1);
  for (int pass = 0; pass < 2; ++pass) {
    for (int32_t q = 0; q < k; ++q) {  // one at a time: k is small and the column is in cache
      const Mat<T> before = basis.columns(q, 1);
      T c;
      const Mat<T> coefficient{&c, 1, 1, 1};
      ops.tn(before, u, coefficient);
      c = -c;
      ops.nn(before, coefficient, u, true);
    }
  }
  T length2, low;
  ops.kernel().scan(u.rows, u.data, &length2, &low);
  const T scale = length2 > T(0) ? T(1) / sqrt_of(length2) : T(0);
  for (int32_t i = 0; i < u.rows; ++i) u.data[i] *= scale;
}

}  // namespace

template <class T>
int32_t spa(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, const int32_t *candidates, int32_t count,
            int32_t rank, Mat<T> basis, T *norms, T *first, int32_t *chosen, const SpaShares<T> &shares) {
  const auto column = [&](int32_t i) { return candidates ? candidates[i] : i; };
  const auto largest = [&](const T *x) {
    T top;
    first_largest(par, count, sizeof(T), &top, [&](Range mine, T *value) {
      T of_part = 0;
      for (int32_t i = mine.from; i < mine.to; ++i) of_part = max_of(of_part, x[i]);
      *value = of_part;
      return 0;
    });
    return shares.largest(top);
  };
  // All columns, or the candidates.
  const auto look = [&](const auto &body) {
    if (candidates) parallel_blocks(par, count, columns_at_once, body);
    else V.by_columns(par, columns_at_once, body);
  };
  look([&](Range mine, int32_t) {
    for (int32_t i = mine.from; i < mine.to; ++i) {
      double squares = 0;
      V.scan(ops, column(i), 1, false, &squares);
      norms[i] = T(squares);
      first[i] = norms[i];
    }
  });
  const T top_first = largest(first);
  for (int32_t k = 0; k < rank; ++k) {
    const T top = largest(norms);
    if (!(top > T(64) * Real<T>::eps * top_first)) return k;
    const int32_t best = longest(par, norms, first, count, top);
    const Mat<T> u = basis.columns(k, 1);
    const bool own = shares.choose(best < 0 ? T(0) : first[best], best < 0 ? -1 : column(best), &chosen[k]);
    if (own) {
      V.column(column(best), u.data);
      norms[best] = T(-1);
    } else {
      fill(u, T(0));
    }
    shares.add(u);
    orthonormalise(ops, basis, k);
    look([&](Range mine, int32_t) {
      for (int32_t i = mine.from; i < mine.to; ++i) {
        if (!(norms[i] > T(0))) continue;
        T c;
        V.panel_tn(ops, column(i), 1, u, Mat<T>{&c, 1, 1, 1});
        norms[i] = max_of(norms[i] - c * c, T(0));
      }
    });
  }
  return rank;
}

// ---- NNDSVD

namespace {

// The norm of the positive or of the negative part.
template <class T>
T norm_of_part(const T *a, int32_t n, bool negative) {
  T squares = 0;
  for (int32_t i = 0; i < n; ++i) {
    const T v = max_of(negative ? -a[i] : a[i], T(0));
    squares += v * v;
  }
  return sqrt_of(squares);
}

template <class T>
T without_tiny(T x) { return x < T(1e-10) ? T(0) : x; }

// A column of W, and a row of H in the place of the right vector.
// The first pair has one sign by the theorem of Perron and Frobenius: its absolute value, whichever sign came.
template <class T>
void first_component(const Tsvd<T> &svd, Mat<T> W) {
  const T *u = svd.U.col(0);
  T *v = svd.V.col(0);
  const T size = sqrt_of(svd.s[0]);
  for (int32_t i = 0; i < W.rows; ++i) W(i, 0) = without_tiny(abs_of(u[i]) * size);
  for (int32_t j = 0; j < svd.V.rows; ++j) v[j] = without_tiny(abs_of(v[j]) * size);
}

// The parts of the sign whose product is larger.
template <class T>
void later_component(const Tsvd<T> &svd, int32_t k, Mat<T> W) {
  const int32_t cols = svd.V.rows;
  const T *u = svd.U.col(k);
  T *v = svd.V.col(k);
  const T pu = norm_of_part(u, W.rows, false), pv = norm_of_part(v, cols, false);
  const T nu = norm_of_part(u, W.rows, true), nv = norm_of_part(v, cols, true);
  const bool negative = pu * pv < nu * nv;
  const T p = negative ? nu : pu, q = negative ? nv : pv;
  const T size = sqrt_of(svd.s[k] * p * q);
  const T scale_u = p > T(0) ? size / p : T(0), scale_v = q > T(0) ? size / q : T(0);
  const auto part = [negative](T a, T scale) { return without_tiny(max_of(negative ? -a : a, T(0)) * scale); };
  for (int32_t i = 0; i < W.rows; ++i) W(i, k) = part(u[i], scale_u);
  for (int32_t j = 0; j < cols; ++j) v[j] = part(v[j], scale_v);
}

}  // namespace

template <class T>
void nndsvd(const Parallel &par, const Tsvd<T> &svd, Filling filling, T mean, const Rng &rng, Mat<T> W, Mat<T> H) {
  const int32_t pairs = min_of(svd.block, W.cols);  // fewer than the rank where that is above min(rows, cols)
  fill(W.columns(pairs, W.cols - pairs), T(0));
  fill(H.block(pairs, 0, H.rows - pairs, H.cols), T(0));
  // Rows of H are made in the place of the right vectors: workers that write to rows side by side share lines of it.
  parallel_for(par, pairs, Work{0, 20.0 * (double(W.rows) + H.cols)}, [&](int32_t k, int32_t) {
    if (k == 0) first_component(svd, W);
    else later_component(svd, k, W);
  });
  transpose<T>(par, svd.V.columns(0, pairs), H.block(0, 0, pairs, H.cols));
  if (filling == Filling::zeros) return;
  uint64_t draw = 0;
  const auto filled = [&](T x) {
    const T random = filling == Filling::random ? T(double(mean) / 100 * rng.uniform(draw)) : mean;
    ++draw;
    return x > T(0) ? x : random;
  };
  for (int32_t k = 0; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) = filled(W(i, k));
  for (int32_t j = 0; j < H.cols; ++j)
    for (int32_t k = 0; k < H.rows; ++k) H(k, j) = filled(H(k, j));
}

#define INSTANTIATE(T)                                                                                              \
  template int32_t spa<T>(const Ops<T> &, const Parallel &, const Operand<T> &, const int32_t *, int32_t, int32_t,  \
                          Mat<T>, T *, T *, int32_t *, const SpaShares<T> &);                                         \
  template void nndsvd<T>(const Parallel &, const Tsvd<T> &, Filling, T, const Rng &, Mat<T>, Mat<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
