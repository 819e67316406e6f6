// What a block of pixels starts from: its products with the endmembers, and abundances.
#include "unmix_job.hpp"

namespace orthant {

namespace {

// Row p of F from column j of the given products.  Returns a number that is NaN where one of them is not finite.
template <class T>
T copy_products(View<T> products, int32_t j, Mat<T> F, int32_t p) {
  T zero = 0;
  for (int32_t k = 0; k < F.cols; ++k) {
    F(p, k) = products(k, j);
    zero = fused(F(p, k), T(0), zero);
  }
  return zero;
}

}  // namespace

template <class T>
ORTHANT_OWN_FRAME void UnmixJob<T>::load(int32_t j, Worker &w) const {
  const int32_t count = w.F.rows;
  if (products) {
    for (int32_t p = 0; p < count; ++p) w.norm2[p] = copy_products<T>(*products, j + p, w.F, p);
  } else if (s.data != Kind::masked) {
    ops.project(Y->dense(j, count), s.E, w.F, w.norm2);
  }
  for (int32_t k = 0; s.scales() && k < s.rank; ++k)
    for (int32_t p = 0; p < count; ++p) w.F(p, k) *= b.scale[k];
  for (int32_t p = 0; p < count; ++p) {
    w.set_unit(p, T(1));
    if (!is_finite(w.norm2[p] * T(1 << 20))) {  // with room for what is summed up over the pixels
      w.norm2[p] = T(NAN);
      for (int32_t k = 0; k < s.rank; ++k) w.F(p, k) = T(0);  // the solvers see zeros
      continue;
    }
    if (!small_target && w.norm2[p] < Faint<T>::least && !products)
      w.norm2[p] = s.sum_to_one ? T(0) : lifted(j + p, &w, p);
    if (s.scales()) choose_unit(p, w);
  }
  start(w);
}

// G <- diag(scale) G diag(scale)
template <class T>
void UnmixJob<T>::scale_gram(Mat<T> G) const {
  for (int32_t k = 0; k < s.rank; ++k)
    for (int32_t l = 0; l < s.rank; ++l) G(l, k) = G(l, k) * b.scale[k] * b.scale[l];
}

// That of the endmembers where the sum is one.  Else the exact methods need none, and the others, whose thresholds have
// a size, see pixels of norm about one.
template <class T>
void UnmixJob<T>::choose_unit(int32_t p, Worker &w) const {
  const T norm2 = w.norm2[p];
  T unit = 1;
  if (s.sum_to_one) unit = b.scale[0];
  else if (s.iterative() && norm2 > T(0)) unit = power_of_two(T(1) / sqrt_of(norm2));
  if (w.unit(p) == Faint<T>::lift) unit = min_of(unit, Faint<T>::most);
  if (unit == T(1)) return;
  w.set_unit(p, w.unit(p) * unit);
  w.norm2[p] = norm2 * unit * unit;
  for (int32_t k = 0; k < s.rank; ++k) w.F(p, k) *= unit;
}

// Pixel j times `lift`: returns its norm squared, and with w its products with the scaled endmembers are row p of F.
template <class T>
ORTHANT_OWN_FRAME T UnmixJob<T>::lifted(int32_t j, Worker *w, int32_t p) const {
  T norm2 = 0;
  for (int32_t k = 0; w && k < s.rank; ++k) w->F(p, k) = T(0);
  for (int32_t i = 0; i < s.bands; ++i) {
    const T d = Y->weight(i, j);
    if (!(d > T(0))) continue;
    const T y = Y->at(i, j) * Faint<T>::lift;
    norm2 += d * y * y;
    for (int32_t k = 0; w && k < s.rank; ++k) w->F(p, k) += d * y * (s.E(i, k) * b.scale[k]);
  }
  if (w && norm2 > T(0)) w->set_unit(p, Faint<T>::lift);
  return norm2;
}

// Zeros; but those would stay under multiplicative updates, whose first step is the same from equal numbers of any
// size.
template <class T>
void UnmixJob<T>::start(Worker &w) const {
  // The active set goes on from pixel to pixel, and reads a start but once.
  const int32_t starts = s.method == Half::active_set ? 1 : w.F.rows;
  for (int32_t p = 0; p < starts; ++p)
    for (int32_t k = 0; k < s.rank; ++k) {
      w.X(p, k) = T(s.method == Half::mu);
      if (s.method == Half::admm) w.U(p, k) = T(0);
    }
}

// ---- masked pixels, one at a time

// u'D v, D the weights of pixel j.
template <class T>
ORTHANT_OWN_FRAME T UnmixJob<T>::weighted(int32_t j, const T *u, const T *v) const {
  T sum = 0;
  for (int32_t i = 0; i < s.bands; ++i)
    if (const T d = Y->weight(i, j); d > T(0)) sum += d * u[i] * v[i];
  return sum;
}

// f = E'D y of pixel j, and the plan of its bands; true where that is the plan of all.  A pixel without any band is
// marked as one that is not finite.
template <class T>
ORTHANT_OWN_FRAME bool UnmixJob<T>::load_masked(int32_t j, Worker &w) const {
  const T *y = Y->col(j);
  T all = 0;
  bool whole = true, good = true;
  for (int32_t i = 0; i < s.bands; ++i) {
    const T d = Y->weight(i, j);
    whole = whole && d == T(1);
    good = good && d >= T(0) && d <= T(1);
    all += d;
  }
  w.norm2[0] = good && all > T(0) ? weighted(j, y, y) : T(NAN);
  for (int32_t k = 0; k < s.rank; ++k) w.F(0, k) = weighted(j, s.E.col(k), y);
  if (whole) return true;
  const Mat<T> G = w.own->gram();
  for (int32_t k = 0; k < s.rank; ++k)
    for (int32_t l = 0; l <= k; ++l) {
      G(k, l) = weighted(j, s.E.col(k), s.E.col(l));
      G(l, k) = G(k, l);
    }
  if (s.scales()) scale_gram(G);
  w.own->prepare(T(0), w.nnls);
  return false;
}

// ---- learned proposals

// x <- a x f / (x G) for each layer, from 1 / rank; then only large entries are proposed.
template <class T>
ORTHANT_OWN_FRAME void UnmixJob<T>::propose(const NnlsPlan<T> &plan, Worker &w) const {
  const int32_t r = s.rank, count = w.F.rows;
  const Mat<T> X = w.X, F = w.F, D = gradient_room(w);
  for (int32_t k = 0; k < r; ++k)
    for (int32_t p = 0; p < count; ++p) X(p, k) = b.scale[k] > T(0) ? w.unit(p) / (T(r) * b.scale[k]) : T(0);
  for (int32_t l = 0; l < s.layers; ++l) {
    ops.nn(X, plan.gram(), D);
    for (int32_t k = 0; k < r; ++k) {
      const T a = b.A[k + ptrdiff_t(l) * r], *f = F.col(k), *d = D.col(k);
      T *x = X.col(k);
      for (int32_t p = 0; p < count; ++p)
        x[p] = min_of(max_of(a * (x[p] * f[p]) / max_of(d[p], T(1e-12)), T(0)), T(1e30));
    }
  }
  for (int32_t p = 0; p < count; ++p) keep_large(X, p);
}

// Only entries near the largest are proposed, and the sum is set to one where it must be.  A wrong entry costs the
// active set more than a missing one: it is in the factor and must be taken out of it.  Tried: with 20 endmembers that
// are alike thresholds of 0.02 and 0.6 took three times and one and a half times as long as 0.9, which was near a start
// from nothing; with 4 unlike ones all took the same within a third.
template <class T>
void UnmixJob<T>::keep_large(Mat<T> X, int32_t p) const {
  const T threshold = T(0.9);
  T top = 0, sum = 0;
  for (int32_t k = 0; k < s.rank; ++k) top = max_of(top, X(p, k) * b.scale[k]);
  for (int32_t k = 0; k < s.rank; ++k) {
    if (!(X(p, k) * b.scale[k] > threshold * top)) X(p, k) = T(0);
    sum += X(p, k);
  }
  const T scale = s.sum_to_one && sum > T(0) ? T(1) / sum : T(1);
  for (int32_t k = 0; k < s.rank; ++k) X(p, k) *= scale;
}

#define INSTANTIATE(T) template struct UnmixJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
