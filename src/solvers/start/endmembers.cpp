#include "endmembers.hpp"

namespace orthant {
namespace {

// f less its projection on the first n columns of A; N receives an orthonormal basis of them.
template <class T>
void reject(Mat<T> A, int32_t n, Mat<T> N, T *f, int32_t skip = -1) {
  const int32_t r = A.rows;
  int32_t found = 0;
  for (int32_t k = 0; k <= n; ++k) {
    if (k == skip) continue;
    T *v = k < n ? N.col(found) : f;
    T start = 0, length = 0;
    for (int32_t i = 0; i < r; ++i) {
      if (k < n) v[i] = A(i, k);
      start += v[i] * v[i];
    }
    for (int pass = 0; pass < 2; ++pass)
      for (int32_t q = 0; q < found; ++q) {
        T dot = 0;
        for (int32_t i = 0; i < r; ++i) dot += v[i] * N(i, q);
        for (int32_t i = 0; i < r; ++i) v[i] -= dot * N(i, q);
      }
    if (k == n) return;
    for (int32_t i = 0; i < r; ++i) length += v[i] * v[i];
    if (!(length > T(64) * Real<T>::eps * Real<T>::eps * start)) continue;
    const T scale = T(1) / sqrt_of(length);
    for (int32_t i = 0; i < r; ++i) v[i] *= scale;
    ++found;
  }
}

// The pixel (row of X) with the largest |x . f|, and that value.
template <class T>
int32_t farthest(Mat<T> X, const T *f, T *value) {
  int32_t best = 0;
  *value = T(-1);
  for (int32_t j = 0; j < X.rows; ++j) {
    T dot = 0;
    for (int32_t k = 0; k < X.cols; ++k) dot += X(j, k) * f[k];
    if (abs_of(dot) > *value) {
      *value = abs_of(dot);
      best = j;
    }
  }
  return best;
}

// Signs of singular vectors are arbitrary: make the largest entry of each left one positive, so that the directions
// mean the same on every machine.
template <class T>
void fix_signs(Tsvd<T> &svd, int32_t rank) {
  for (int32_t k = 0; k < rank; ++k) {
    T *u = svd.U.col(k), top = 0;
    for (int32_t i = 0; i < svd.U.rows; ++i) top = abs_of(u[i]) > abs_of(top) ? u[i] : top;
    if (top >= T(0)) continue;
    for (int32_t i = 0; i < svd.U.rows; ++i) u[i] = -u[i];
    for (int32_t j = 0; j < svd.V.rows; ++j) svd.V(j, k) = -svd.V(j, k);
  }
}

}  // namespace

// A subspace for pixels with noise: its values need not be exact, and noise values converge slowly.
constexpr double subspace_tol = 1e-4;

template <class T>
void Endmembers<T>::layout(Carver &carve, Blocks &b) const {
  const size_t m = size_t(bands), n = size_t(pixels), r = size_t(rank);
  const bool by_spa = method != Extraction::vca, by_svd = method != Extraction::spa;
  carve.take<Endmembers<T>>(1);
  if (by_svd) b.svd.layout(carve, bands, pixels, rank);
  b.basis = {carve.take<T>(by_spa ? m : 0, r), bands, rank, bands};
  b.norms = carve.take<T>(by_spa ? n : 0);
  b.first = carve.take<T>(by_spa ? n : 0);
  b.mean = carve.take<T>(by_svd ? m : 0);
  b.chosen = {carve.take<T>(by_svd ? r : 0, r), rank, rank, rank};
  b.normal = {carve.take<T>(by_svd ? r : 0, r), rank, rank, rank};
  b.f = carve.take<T>(by_svd ? r : 0);
  b.w = carve.take<T>(by_svd ? r : 0);
  b.found = carve.take<int32_t>(by_spa ? r : 0);
}

template <class T>
void Endmembers<T>::find_mean(const Operand<T> &Y, T *mean) const {
  for (int32_t i = 0; i < bands; ++i) mean[i] = T(0);
  // Running averages: a plain f32 sum over a million pixels would lose the small differences that matter here.
  for (int32_t j = 0; j < pixels; ++j) {
    const T share = T(1) / T(j + 1);
    for (int32_t i = 0; i < bands; ++i) mean[i] += (Y.at(i, j) - mean[i]) * share;
  }
}

template <class T>
Status Endmembers<T>::run(void *base, const Operand<T> &Y, View<T> directions, Mat<T> E, int32_t *pixel) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  double squares = 0;
  if (!Y.scan(ops, 0, pixels, false, &squares)) return E_DATA;
  if (method == Extraction::vca) return run_vca(ops, b, Y, directions, E, pixel);
  const int32_t found = spa(ops, par, Y, static_cast<const int32_t *>(nullptr), pixels, rank, b.basis, b.norms, b.first,
                            b.found);
  if (found < rank) return E_DATA;
  if (method == Extraction::nfindr)
    if (const Status st = run_nfindr(ops, b, Y, b.found); st != OK) return st;
  for (int32_t k = 0; k < rank; ++k) Y.column(pixel[k] = b.found[k], E.col(k));
  return OK;
}

template <class T>
Status Endmembers<T>::run_vca(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, View<T> directions, Mat<T> E,
                              int32_t *pixel) {
  const int32_t r = rank;
  Tsvd<T> &svd = b.svd;
  double total = 0;
  Y.scan(ops, 0, pixels, false, &total);
  find_mean(Y, b.mean);
  svd.run(ops, par, Y, b.mean, r, seed, T(subspace_tol));
  double mean2 = 0, captured = 0;
  for (int32_t i = 0; i < bands; ++i) mean2 += double(b.mean[i]) * double(b.mean[i]);
  for (int32_t k = 0; k < r; ++k) captured += double(svd.s[k]) * double(svd.s[k]);
  const double py = total / pixels, px = captured / pixels + mean2;
  const double rest = py - px, signal = px - double(r) / bands * py;
  const double snr = rest > 0 && signal > 0 ? 10 * log10(signal / rest) : rest > 0 ? -1e9 : 1e9;
  const double threshold = 15 + 10 * log10(double(r));
  bool projective = !(snr < threshold);
  // Differs: dividing a pixel by its brightness divides its noise too, and a dark pixel (water, shade) becomes a false
  // vertex.  So each pixel, not the average alone, must pass the threshold.
  if (projection == Projection::safe && projective && rest > 0) {
    double darkest = 1;
    for (int32_t j = 0; j < pixels; ++j) {
      T dot;
      Y.panel_tn(ops, j, 1, Mat<const T>{b.mean, bands, 1, bands}, Mat<T>{&dot, 1, 1, 1});
      darkest = min_of(darkest, double(dot) / mean2);
    }
    projective = darkest > 0 && snr + 20 * log10(darkest) >= threshold;
  }
  if (projection == Projection::affine) projective = false;
  if (projection == Projection::projective || r == 1) projective = true;

  Mat<T> X = svd.V.columns(0, r);  // the reduced pixels, one a row
  if (projective) {  // on the r singular axes, each pixel divided by its product with the mean
    svd.run(ops, par, Y, nullptr, r, seed, T(subspace_tol));
    if (!(svd.s[r - 1] > T(16) * Real<T>::eps * svd.s[0])) return E_DATA;
    fix_signs(svd, r);
    for (int32_t k = 0; k < r; ++k) {
      double sum = 0;
      for (int32_t j = 0; j < pixels; ++j) sum += double(X(j, k) *= svd.s[k]);
      b.w[k] = T(sum / pixels);
    }
    for (int32_t j = 0; j < pixels; ++j) {
      T dot = 0;
      for (int32_t k = 0; k < r; ++k) dot += X(j, k) * b.w[k];
      const T scale = abs_of(dot) > Real<T>::tiny ? T(1) / dot : T(0);
      for (int32_t k = 0; k < r; ++k) X(j, k) *= scale;
    }
  } else {  // on r - 1 principal axes, and a constant
    if (!(svd.s[r - 2] > T(16) * Real<T>::eps * svd.s[0])) return E_DATA;
    fix_signs(svd, r - 1);
    T largest = 0;
    for (int32_t j = 0; j < pixels; ++j) {
      T length = 0;
      for (int32_t k = 0; k + 1 < r; ++k) {
        X(j, k) *= svd.s[k];
        length += X(j, k) * X(j, k);
      }
      largest = max_of(largest, length);
    }
    for (int32_t j = 0; j < pixels; ++j) X(j, r - 1) = sqrt_of(largest);
  }

  const Rng rng(seed, 0x564341);
  fill(b.chosen, T(0));
  b.chosen(r - 1, 0) = T(1);
  for (int32_t i = 0; i < r; ++i) {
    for (int32_t k = 0; k < r; ++k)
      b.f[k] = directions.data ? directions(k, i) : T(rng.uniform(uint64_t(i) * uint64_t(r) + uint64_t(k)));
    reject(b.chosen, max_of(i, 1), b.normal, b.f);
    T value;
    pixel[i] = farthest(X, b.f, &value);
    for (int32_t k = 0; k < r; ++k) b.chosen(k, i) = X(pixel[i], k);
  }
  // The spectra, projected on the subspace: what was chosen, less the noise outside of it.
  for (int32_t i = 0; i < r; ++i) {
    T *e = E.col(i);
    Y.column(pixel[i], e);
    const int32_t axes = projective ? r : r - 1;
    for (int32_t k = 0; k < axes; ++k) {
      T dot = 0;
      for (int32_t q = 0; q < bands; ++q) dot += svd.U(q, k) * (e[q] - (projective ? T(0) : b.mean[q]));
      b.f[k] = dot;
    }
    for (int32_t q = 0; q < bands; ++q) {
      T t = projective ? T(0) : b.mean[q];
      for (int32_t k = 0; k < axes; ++k) t += svd.U(q, k) * b.f[k];
      e[q] = t;
    }
  }
  return OK;
}

// The volume with pixel y in position k is proportional to |c . y| for the c that is orthogonal to the other chosen
// pixels, so one product with c compares all pixels.
template <class T>
Status Endmembers<T>::run_nfindr(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, int32_t *pixel) {
  const int32_t r = rank;
  Tsvd<T> &svd = b.svd;
  find_mean(Y, b.mean);
  svd.run(ops, par, Y, b.mean, r, seed, T(subspace_tol));
  if (!(svd.s[r - 2] > T(16) * Real<T>::eps * svd.s[0])) return E_DATA;
  Mat<T> X = svd.V.columns(0, r);
  for (int32_t j = 0; j < pixels; ++j) {
    for (int32_t k = 0; k + 1 < r; ++k) X(j, k) *= svd.s[k] / svd.s[0];
    X(j, r - 1) = T(1);
  }
  for (int32_t i = 0; i < r; ++i)
    for (int32_t k = 0; k < r; ++k) b.chosen(k, i) = X(pixel[i], k);
  for (int32_t sweep = 0; sweep < max_iter; ++sweep) {
    bool moved = false;
    for (int32_t i = 0; i < r; ++i) {
      T best = T(-1);  // c: the unit vector that leaves most when the others are taken out
      for (int32_t a = 0; a < r; ++a) {
        for (int32_t k = 0; k < r; ++k) b.f[k] = T(k == a);
        reject(b.chosen, r, b.normal, b.f, i);
        T length = 0;
        for (int32_t k = 0; k < r; ++k) length += b.f[k] * b.f[k];
        if (length <= best) continue;
        best = length;
        for (int32_t k = 0; k < r; ++k) b.w[k] = b.f[k];
      }
      T now = 0, value;
      for (int32_t k = 0; k < r; ++k) now += b.chosen(k, i) * b.w[k];
      const int32_t j = farthest(X, b.w, &value);
      if (!(value > abs_of(now) * (T(1) + T(64) * Real<T>::eps))) continue;
      moved = true;
      pixel[i] = j;
      for (int32_t k = 0; k < r; ++k) b.chosen(k, i) = X(j, k);
    }
    if (!moved) break;
  }
  return OK;
}

#define INSTANTIATE(T) template struct Endmembers<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
