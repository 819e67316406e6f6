// The line search of projected gradient and of Newton's method.  With the step V, D = U G - B and C = U'V,
//   f(U + V) - f(U) = <D, V> - 1/2 (<V, X V> - |C|^2) + 1/4 |U V' + V U' + V V'|^2
// does not cancel as f does: the search ends at a stationary point and not where f ceases to change.
#include "symnmf_job.hpp"

namespace orthant {

// V = max(0, U - size S) - U, to b.V;  <D, V> as `sum`, |V|^2 as `squares`.
template <class T>
typename SymNmf<T>::Sums SymNmf<T>::Job::propose(View<T> D, View<T> S, T size) const {
  const Mat<T> V = b.V;
  return by_rows([&](const Block &rows, const Worker &, Sums &total) {
    Sums t;
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = rows.row; q < rows.row + rows.rows; ++q) {
        V(q, k) = no_denormal(max_of(U(q, k) - size * S(q, k), T(0))) - U(q, k);
        t.sum += double(D(q, k)) * double(V(q, k));
        t.squares += double(V(q, k)) * double(V(q, k));
      }
    total += t;
  });
}

// f(U + V) - f(U), where promised = <D, V>; X V stays in b.Q.
template <class T>
double SymNmf<T>::Job::rise(double promised) const {
  const Mat<T> V = b.V, E = b.H, C = b.M;
  times(V, b.Q);
  gram(V, E);
  ops.tn(U, V, C);
  double cross = 0;
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t i = 0; i < rank(); ++i) cross += double(C(i, k)) * double(C(k, i));
  return promised - 0.5 * (dot(V, b.Q) - small_dot(C, C)) +
         0.25 * (2 * small_dot(b.G, E) + 2 * cross + small_dot(E, E) + 4 * small_dot(C, E));
}

template <class T>
void SymNmf<T>::Job::accept() const {
  by_rows([&](const Block &rows, const Worker &, Sums &) {
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = rows.row; q < rows.row + rows.rows; ++q) {
        U(q, k) = max_of(U(q, k) + b.V(q, k), T(0));
        b.B(q, k) += b.Q(q, k);
      }
  });
  if (s.outer.iters % 50 == 49) times(U, b.B);  // before rounding adds up
  gram(U, b.G);
}

// U <- max(0, U - size S) for the first size = first, first shrink, first shrink^2, .. whose f descends by `enough` of
// what the gradient D promises.
template <class T>
void SymNmf<T>::Job::line_search(View<T> D, View<T> S, T first, T shrink, double enough) const {
  T size = first;
  for (int trial = 0; trial < 40; ++trial, size *= shrink) {
    const Sums step = propose(D, S, size);
    if (!(step.squares > 0)) return;
    if (rise(step.sum) <= enough * step.sum) return accept();
  }
}

#define INSTANTIATE(T) template void SymNmf<T>::Job::line_search(View<T>, View<T>, T, T, double) const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
