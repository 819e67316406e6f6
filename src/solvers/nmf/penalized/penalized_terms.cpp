// The quadratic and the linear terms of one factor.
#include "penalized_job.hpp"

namespace orthant {

// The r x r matrix of every penalty that has a multiple of the identity on the long side.  [1]: without the overlap,
// which the printed curvature forgets (algorithms.md, "Corrections to the papers").
template <class T>
void PenalizedJob<T>::fold(Side &x, double l2, double ortho) const {
  const int32_t r = s.c.rank;
  for (int32_t printed = 0; printed < 2; ++printed) {
    const Mat<T> M = x.fold[printed];
    const T off_diagonal = printed || x.overlap > T(0) ? T(0) : T(ortho);  // among components: 11' - I
    const T on_diagonal = T(l2) - (printed ? T(0) : x.overlap);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t l = 0; l < r; ++l) M(l, k) = l != k ? off_diagonal : on_diagonal;
    for (int32_t j = 0; j < x.count; ++j) {
      const SymmetricMatrix<T> &A = x.longer(j), &B = x.shorter(j);
      if (!A.plain()) continue;
      for (int32_t k = 0; k < r; ++k) {
        if (B.form != Form::dense) {
          M(k, k) += A.scale() * B.diagonal(k);
          continue;
        }
        for (int32_t l = 0; l < r; ++l) M(l, k) += A.scale() * B.values[l + ptrdiff_t(k) * B.ld];
      }
    }
  }
}

// Z = rows [row, row + p) of A X.
template <class T>
void PenalizedJob<T>::rows_of(const SymmetricMatrix<T> &A, Mat<const T> X, int32_t row, int32_t p, Mat<T> Z) const {
  if (A.form == Form::dense) {  // columns in place of rows: A is symmetric, and they are read as streams
    ops.tn(Mat<const T>{A.values + ptrdiff_t(row) * A.ld, X.rows, p, A.ld}, X, Z);
    return;
  }
  const T *a = A.form == Form::diagonal ? A.values + row : nullptr, scale = A.scale();
  for (int32_t k = 0; k < X.cols; ++k) {
    const T *x = X.col(k) + row;
    T *z = Z.col(k);
    for (int32_t i = 0; i < p; ++i) z[i] = a ? a[i] * x[i] : scale * x[i];
  }
}

// Rows of P X S + sum_j A_j X B_j, with x.total the column sums of X where overlap needs them.
template <class T>
void PenalizedJob<T>::hessian(const Side &x, Mat<const T> X, int32_t row, int32_t p, bool printed, Worker &w,
                              Mat<T> F) const {
  const Mat<const T> mine = X.block(row, 0, p, X.cols);
  const Mat<T> Z = top(w.Z, p);
  if (x.P.plain()) {
    ops.nn(mine, x.sum[printed], F);
  } else {
    rows_of(x.P, X, row, p, Z);
    ops.nn(Z, x.S, F);
    ops.nn(mine, x.fold[printed], F, true);
  }
  if (x.overlap > T(0) && !printed)
    for (int32_t k = 0; k < F.cols; ++k) {
      const T total = x.total[k];
      T *f = F.col(k);
      for (int32_t i = 0; i < p; ++i) f[i] += total;
    }
  add_pairs(x, X, row, p, w, F);
}

// F += rows of A_j X B_j, for the pairs whose long matrix is not plain.
template <class T>
void PenalizedJob<T>::add_pairs(const Side &x, Mat<const T> X, int32_t row, int32_t p, Worker &w, Mat<T> F) const {
  const Mat<T> Z = top(w.Z, p);
  for (int32_t j = 0; j < x.count; ++j) {
    const SymmetricMatrix<T> &A = x.longer(j), &B = x.shorter(j);
    if (A.plain()) continue;
    rows_of(A, X, row, p, Z);
    if (B.form == Form::dense) {
      ops.nn(Z, Mat<const T>{B.values, F.cols, F.cols, B.ld}, F, true);
      continue;
    }
    for (int32_t k = 0; k < F.cols; ++k) {
      const T scale = B.diagonal(k), *z = Z.col(k);
      T *f = F.col(k);
      for (int32_t i = 0; i < p; ++i) f[i] += scale * z[i];
    }
  }
}

// The Hessian's entry on the diagonal, of X(i, k).
template <class T>
double PenalizedJob<T>::diagonal(const Side &x, int32_t i, int32_t k) const {
  double q = (x.P.plain() ? 1.0 : double(x.P.diagonal(i))) * double(x.S(k, k)) + double(x.fold[0](k, k) + x.overlap);
  for (int32_t j = 0; j < x.count; ++j)
    if (!x.longer(j).plain()) q += double(x.longer(j).diagonal(i)) * double(x.shorter(j).diagonal(k));
  return q;
}

// Rows of D = L - P N.
template <class T>
void PenalizedJob<T>::linear(const Side &x, int32_t row, int32_t p, Mat<T> D) const {
  const T all = x.l1_all, factor = data_factor;
  if (x.P.form == Form::dense) rows_of(x.P, x.N, row, p, D);
  for (int32_t k = 0; k < D.cols; ++k) {
    const T *n = x.P.form == Form::dense ? D.col(k) : x.N.col(k) + row;
    T *d = D.col(k);
    const T *weight = x.P.form == Form::diagonal ? x.P.values + row : nullptr;
    if (weight)
      for (int32_t i = 0; i < p; ++i) d[i] = all - factor * (weight[i] * n[i]);
    else
      for (int32_t i = 0; i < p; ++i) d[i] = all - factor * n[i];
    if (x.l1)
      for (int32_t i = 0; i < p; ++i) d[i] += x.l1[(row + i) * x.down + k * x.across];
  }
}

template <class T>
void PenalizedJob<T>::totals(const Side &x, View<T> X) const {
  if (!(x.overlap > T(0))) return;
  for (int32_t k = 0; k < X.cols; ++k) x.total[k] = x.overlap * T(sum_of(X.rows, X.col(k)));
}

// ---- their values

template <class T>
double PenalizedJob<T>::penalty(const Side &x) const {
  const int32_t q = x.X.rows, r = s.c.rank;
  double value = 0;
  if (x.l1_all > T(0) || x.l1 || x.overlap > T(0)) {
    for (int32_t k = 0; k < r; ++k) {
      const double sum = sum_of(q, x.X.col(k));
      double weighed = 0;
      if (x.l1)
        for (int32_t i = 0; i < q; ++i) weighed += double(x.X(i, k)) * double(x.l1[i * x.down + k * x.across]);
      value += double(x.l1_all) * sum + weighed + 0.5 * double(x.overlap) * sum * sum;
    }
  }
  value += 0.5 * inner<T>(x.P.plain() ? x.gram : x.plain, x.fold[0]);
  bool long_pairs = false;
  for (int32_t j = 0; j < x.count; ++j) long_pairs = long_pairs || !x.longer(j).plain();
  return long_pairs ? value + 0.5 * pairs_penalty(x) : value;
}

// sum_j tr(X'A_j X B_j), for the pairs whose long matrix is not plain.
template <class T>
double PenalizedJob<T>::pairs_penalty(const Side &x) const {
  const int32_t r = s.c.rank;
  return by_rows(x.X.rows, [&](const Block &at, Worker &w, Sums &sum) {
           const Mat<T> Z = top(w.Z, at.rows), F = top(w.F, at.rows);
           const Mat<const T> X = x.X.block(at.row, 0, at.rows, r);
           for (int32_t j = 0; j < x.count; ++j) {
             const SymmetricMatrix<T> &A = x.longer(j), &B = x.shorter(j);
             if (A.plain()) continue;
             rows_of(A, x.X, at.row, at.rows, Z);
             const bool dense = B.form == Form::dense;
             if (dense) ops.nn(Z, Mat<const T>{B.values, r, r, B.ld}, F);
             for (int32_t k = 0; k < r; ++k) {
               if (dense) sum.value += inner<T>(X.columns(k, 1), F.columns(k, 1));
               else sum.value += double(B.diagonal(k)) * inner<T>(X.columns(k, 1), Z.columns(k, 1));
             }
           }
         }).value;
}

#define INSTANTIATE(T) template struct PenalizedJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
