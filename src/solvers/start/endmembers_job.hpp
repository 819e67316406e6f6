// One call that finds endmembers.
#pragma once
#include "endmembers.hpp"

namespace orthant {

template <class T>
struct EndmembersJob {
  const Endmembers<T> &s;
  const Operand<T> &Y;
  Mat<T> E;
  int32_t *pixel;
  EndmembersBlocks<T> b;
  Ops<T> ops;

  EndmembersJob(const Endmembers<T> &config, Carver &carve, const Operand<T> &data, Mat<T> endmembers, int32_t *pixels)
      : s(config), Y(data), E(endmembers), pixel(pixels) {
    s.layout(carve, b);
    Y.use(b.stream);
  }
  Status find(Endmembers<T> &solver, View<T> directions);

  // endmembers.cpp: what the methods share
  Status spa_pixels();
  void find_mean() const;
  void find_axes(const T *mean);
  bool spans(int32_t axes) const;
  Mat<T> reduced() const { return b.svd.V.columns(0, s.rank); }  // the reduced pixels, one a row
  void choose(int32_t position, int32_t j) const;

  // vca.cpp
  Status vca(View<T> directions, double squares);
  bool is_projective(double squares) const;
  void make_projective();
  void make_affine();
  bool find_direction(View<T> directions, int32_t draw, int32_t i);
  bool choose_by_directions(View<T> directions, int32_t draw);
  bool choose_largest(View<T> directions);
  double log_volume();
  void project_spectrum(bool projective, T *e) const;

  // nfindr.cpp
  Status nfindr(double *volume);
  double volume() const;
  void find_normal(int32_t position);
  bool improve(int32_t position);
};

// ---- small geometry

// v less its parts along the first `count` columns of Q, which are orthonormal, by two passes of Gram and Schmidt.
template <class T>
void remove_parts(Mat<T> Q, int32_t count, T *v) {
  const int32_t r = Q.rows;
  for (int pass = 0; pass < 2; ++pass)
    for (int32_t q = 0; q < count; ++q) {
      T dot = 0;
      for (int32_t i = 0; i < r; ++i) dot += v[i] * Q(i, q);
      for (int32_t i = 0; i < r; ++i) v[i] -= dot * Q(i, q);
    }
}

// Q: an orthonormal basis of the first n columns of A but column `without` (-1: of all).  Returns its size.
template <class T>
int32_t orthonormal_basis(Mat<T> A, int32_t n, int32_t without, Mat<T> Q) {
  const int32_t r = A.rows;
  int32_t found = 0;
  for (int32_t k = 0; k < n; ++k) {
    if (k == without) continue;
    T *v = Q.col(found), before = 0, length = 0;
    for (int32_t i = 0; i < r; ++i) {
      v[i] = A(i, k);
      before += v[i] * v[i];
    }
    remove_parts(Q, found, v);
    for (int32_t i = 0; i < r; ++i) length += v[i] * v[i];
    if (!(length > T(64) * Real<T>::eps * Real<T>::eps * before)) continue;
    const T scale = T(1) / sqrt_of(length);
    for (int32_t i = 0; i < r; ++i) v[i] *= scale;
    ++found;
  }
  return found;
}

// The pixel (row of X) with the largest |x . f|, and that value.
template <class T>
int32_t farthest_of(Mat<T> X, Range rows, const T *f, T *value) {
  int32_t best = rows.from;
  *value = T(-1);
  for (int32_t j = rows.from; j < rows.to; ++j) {
    T dot = 0;
    for (int32_t k = 0; k < X.cols; ++k) dot += X(j, k) * f[k];
    if (abs_of(dot) > *value) {
      *value = abs_of(dot);
      best = j;
    }
  }
  return best;
}
template <class T>
int32_t farthest(const Parallel &par, Mat<T> X, const T *f, T *value) {
  return first_largest(par, X.rows, double(X.cols) * sizeof(T), value, [&](Range rows, T *of_part) {
    return farthest_of(X, rows, f, of_part);
  });
}

}  // namespace orthant
