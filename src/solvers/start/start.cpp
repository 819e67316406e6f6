#include "start.hpp"

namespace orthant {

void sample_columns(const Rng &rng, int32_t cols, int32_t count, int32_t *chosen) {
  uint64_t draw = 0;
  for (int32_t i = 0; i < count; ++i) {
    for (bool taken = true; taken;) {
      chosen[i] = rng.below(draw++, cols);
      taken = false;
      for (int32_t k = 0; k < i; ++k) taken = taken || chosen[k] == chosen[i];
      if (draw > 64u * uint64_t(i + 1)) {  // nearly all are taken: the next free one
        while (taken) {
          chosen[i] = (chosen[i] + 1) % cols;
          taken = false;
          for (int32_t k = 0; k < i; ++k) taken = taken || chosen[k] == chosen[i];
        }
      }
    }
  }
}

template <class T>
int32_t spa(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, const int32_t *candidates, int32_t count,
            int32_t rank, Mat<T> basis, T *norms, T *first, int32_t *chosen) {
  constexpr int32_t piece = 64;
  const auto name = [&](int32_t i) { return candidates ? candidates[i] : i; };
  const auto each = [&](const auto &body) {
    parallel_for(par, ceil_div(count, piece), [&](int32_t t, int32_t) {
      for (int32_t i = t * piece; i < min_of(count, (t + 1) * piece); ++i) body(i);
    });
  };
  each([&](int32_t i) {
    double squares = 0;
    V.scan(ops, name(i), 1, false, &squares);
    norms[i] = first[i] = T(squares);
  });
  T top_first = 0;
  for (int32_t i = 0; i < count; ++i) top_first = max_of(top_first, first[i]);

  for (int32_t k = 0; k < rank; ++k) {
    T top = 0;
    for (int32_t i = 0; i < count; ++i) top = max_of(top, norms[i]);
    if (!(top > T(64) * Real<T>::eps * top_first)) return k;
    int32_t best = -1;  // of those within 1e-6 of the top the one that was longest at first
    for (int32_t i = 0; i < count; ++i)
      if (norms[i] >= top * T(1 - 1e-6) && (best < 0 || first[i] > first[best])) best = i;
    chosen[k] = name(best);
    // Its residual direction, by two passes of Gram and Schmidt.
    const Mat<T> u = basis.columns(k, 1), before = basis.columns(0, k);
    V.column(chosen[k], u.data);
    for (int pass = 0; pass < 2 && k > 0; ++pass) {
      // The coefficients, one at a time: k is small and the column is in cache.
      for (int32_t q = 0; q < k; ++q) {
        T c;
        ops.tn(before.columns(q, 1), u, Mat<T>{&c, 1, 1, 1});
        c = -c;
        ops.nn(before.columns(q, 1), Mat<T>{&c, 1, 1, 1}, u, true);
      }
    }
    T length2, low;
    ops.kernel().scan(u.rows, u.data, &length2, &low);
    const T scale = length2 > T(0) ? T(1) / sqrt_of(length2) : T(0);
    for (int32_t i = 0; i < u.rows; ++i) u.data[i] *= scale;
    norms[best] = T(-1);
    each([&](int32_t i) {
      if (!(norms[i] > T(0))) return;
      T c;
      V.panel_tn(ops, name(i), 1, u, Mat<T>{&c, 1, 1, 1});
      norms[i] = max_of(norms[i] - c * c, T(0));
    });
  }
  return rank;
}

template <class T>
void nndsvd(const Tsvd<T> &svd, int fill, T mean, const Rng &rng, Mat<T> W, Mat<T> H) {
  const auto split = [](const T *a, int32_t n, bool negative) {  // norm of one sign's part
    T s = 0;
    for (int32_t i = 0; i < n; ++i) {
      const T v = max_of(negative ? -a[i] : a[i], T(0));
      s += v * v;
    }
    return sqrt_of(s);
  };
  for (int32_t k = 0; k < W.cols; ++k) {
    if (k >= svd.block) {  // rank above min(rows, cols)
      for (int32_t i = 0; i < W.rows; ++i) W(i, k) = T(0);
      for (int32_t j = 0; j < H.cols; ++j) H(k, j) = T(0);
      continue;
    }
    const T *u = svd.U.col(k), *v = svd.V.col(k);
    const T pu = split(u, W.rows, false), pv = split(v, H.cols, false);
    const T nu = split(u, W.rows, true), nv = split(v, H.cols, true);
    // The first pair has one sign by the theorem of Perron and Frobenius: its absolute value, whichever sign came.
    const bool negative = pu * pv < nu * nv;
    const T p = negative ? nu : pu, q = negative ? nv : pv;
    const T size = k == 0 ? sqrt_of(svd.s[0]) : sqrt_of(svd.s[k] * p * q);
    const T su = k == 0 ? size : p > T(0) ? size / p : T(0), sv = k == 0 ? size : q > T(0) ? size / q : T(0);
    const auto part = [&](T a, T scale) {
      const T x = (k == 0 ? abs_of(a) : max_of(negative ? -a : a, T(0))) * scale;
      return x < T(1e-10) ? T(0) : x;
    };
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) = part(u[i], su);
    for (int32_t j = 0; j < H.cols; ++j) H(k, j) = part(v[j], sv);
  }
  if (fill == 0) return;
  uint64_t draw = 0;
  const auto filled = [&](T x) {
    const T random = fill == 2 ? T(double(mean) / 100 * rng.uniform(draw)) : mean;
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
                          Mat<T>, T *, T *, int32_t *);                                                             \
  template void nndsvd<T>(const Tsvd<T> &, int, T, const Rng &, Mat<T>, Mat<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
