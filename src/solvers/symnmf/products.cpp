// Products, norms and gradients that the methods share.
#include "symnmf_job.hpp"

namespace orthant {

template <class T>
void SymNmf<T>::Job::gram(View<T> A, Mat<T> G) const {
  orthant::gram<T>(ops, s.c.par, A, A, G, parts_for(n(), 512, max_parts), b.gram_room);
}

template <class T>
void SymNmf<T>::Job::refresh() const {
  times(U, b.B);
  gram(U, b.G);
}

template <class T>
void SymNmf<T>::Job::gradient(Mat<T> D) const {
  by_rows([&](const Block &rows, const Worker &, Sums &) {
    const Mat<T> d = D.block(rows.row, 0, rows.rows, rank());
    ops.nn(U.block(rows.row, 0, rows.rows, rank()), b.G, d);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = 0; q < rows.rows; ++q) d(q, k) -= b.B(rows.row + q, k);
  });
}

template <class T>
double SymNmf<T>::Job::dot(View<T> A, View<T> C) const {
  return by_rows([&](const Block &rows, const Worker &, Sums &t) {
           t.sum += small_dot(A.block(rows.row, 0, rows.rows, A.cols), C.block(rows.row, 0, rows.rows, C.cols));
         }).sum;
}

template <class T>
double SymNmf<T>::Job::small_dot(View<T> A, View<T> C) { return inner<T>(A, C); }

template <class T>
double SymNmf<T>::Job::distance_squares(View<T> A, View<T> C) const {
  return by_rows([&](const Block &rows, const Worker &, Sums &t) {
           double lane[4] = {0, 0, 0, 0};
           for (int32_t k = 0; k < A.cols; ++k) {
             const T *a = A.col(k) + rows.row, *c = C.col(k) + rows.row;
             for (int32_t q = 0; q < rows.rows; ++q) {
               const double d = double(a[q]) - double(c[q]);
               lane[q % 4] += d * d;
             }
           }
           t.sum += (lane[0] + lane[1]) + (lane[2] + lane[3]);
         }).sum;
}

template <class T>
double SymNmf<T>::Job::error_squares() const {
  const double e = s.norm2 - 2 * dot(U, b.B) + small_dot(b.G, b.G);
  if (e > Real<T>::cancels * Real<T>::cancels * s.norm2 || !is_finite(e)) return e;
  // A column of X - U U' at a time.
  return by_rows([&](const Block &rows, const Worker &w, Sums &t) {
           const Mat<T> residual{w.u, n(), 1, n()}, u{w.F.data, rank(), 1, rank()};
           double squares = 0;
           for (int32_t j = rows.row; j < rows.row + rows.rows; ++j) {
             for (int32_t k = 0; k < rank(); ++k) u(k, 0) = -U(j, k);
             X.X.column(j, w.u);
             ops.nn(U, u, residual, true);
             squares += small_dot(residual, residual);
           }
           t.sum += squares;
         }).sum;
}

template <class T>
double SymNmf<T>::Job::projected_gradient_squares() const {
  return by_rows([&](const Block &rows, const Worker &w, Sums &t) {
           const Mat<T> D = w.F.block(0, 0, rows.rows, rank());
           ops.nn(U.block(rows.row, 0, rows.rows, rank()), b.G, D);
           double squares = 0;
           for (int32_t k = 0; k < rank(); ++k)
             for (int32_t q = 0; q < rows.rows; ++q) {
               const double g = double(D(q, k)) - double(b.B(rows.row + q, k));
               if (U(rows.row + q, k) > T(0) || g < 0) squares += g * g;
             }
           t.sum += squares;
         }).sum;
}

template <class T>
T SymNmf<T>::Job::residual_norm(int32_t steps) const {
  const Mat<T> x{b.x, n(), 1, n()}, y{b.y, n(), 1, n()}, c{b.H.data, rank(), 1, rank()};
  double norm = 0;
  for (int32_t k = 0; k < steps; ++k) {
    times(x, y);
    ops.tn(U, x, c);
    for (int32_t i = 0; i < rank(); ++i) c(i, 0) = -c(i, 0);
    ops.nn(U, c, y, true);
    norm = sqrt_of(small_dot(y, y));
    if (!(norm > 0)) return T(0);
    const T scale = T(1 / norm);
    for (int32_t i = 0; i < n(); ++i) b.x[i] = b.y[i] * scale;
  }
  return T(norm);
}

template <class T>
void SymNmf<T>::Job::inverse(View<T> G, T shift, Mat<T> S) const {
  shifted_inverse(ops, G, shift, b.L.data, b.M.data, S);
}

template <class T>
void SymNmf<T>::Job::revive(Mat<T> A) const {
  bool dead = false;
  for (int32_t k = 0; k < A.cols && !dead; ++k) {
    T squares, least;
    ops.kernel().scan(A.rows, A.col(k), &squares, &least);
    dead = !(squares > T(0));
  }
  if (!dead) return;
  T top = T(1);
  for (int32_t k = 0; k < A.cols; ++k)
    for (int32_t i = 0; i < A.rows; ++i) top = max_of(top, A(i, k));
  for (int32_t k = 0; k < A.cols; ++k) {
    bool zero = true;
    for (int32_t i = 0; i < A.rows && zero; ++i) zero = !(A(i, k) > T(0));
    if (zero) fill(A.columns(k, 1), Real<T>::floor * top);
  }
}

template <class T>
void SymNmf<T>::Job::project(Mat<T> A) {
  for (int32_t k = 0; k < A.cols; ++k)
    for (int32_t i = 0; i < A.rows; ++i) A(i, k) = no_denormal(max_of(A(i, k), T(0)));
}

#define INSTANTIATE(T)                                                           \
  template void SymNmf<T>::Job::gram(View<T>, Mat<T>) const;                     \
  template void SymNmf<T>::Job::refresh() const;                                 \
  template void SymNmf<T>::Job::gradient(Mat<T>) const;                          \
  template double SymNmf<T>::Job::dot(View<T>, View<T>) const;                   \
  template double SymNmf<T>::Job::small_dot(View<T>, View<T>);                   \
  template double SymNmf<T>::Job::distance_squares(View<T>, View<T>) const;      \
  template double SymNmf<T>::Job::error_squares() const;                         \
  template double SymNmf<T>::Job::projected_gradient_squares() const;            \
  template T SymNmf<T>::Job::residual_norm(int32_t) const;                       \
  template void SymNmf<T>::Job::inverse(View<T>, T, Mat<T>) const;               \
  template void SymNmf<T>::Job::revive(Mat<T>) const;                            \
  template void SymNmf<T>::Job::project(Mat<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
