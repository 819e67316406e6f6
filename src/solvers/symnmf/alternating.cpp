// The alternating scheme, eq. (4) of the SymNMF-Net paper with its second line corrected (algorithms.md, "Symmetric
// NMF"):  V <- max(0, (X + lambda I) U (U'U + lambda I)^-1),  then U from V; with one variable, U from U.
// A projection after an unconstrained solve: it has no guarantee of descent.
#include "symnmf_job.hpp"

namespace orthant {

// A <- max(0, (X + lambda I) C (C'C + lambda I)^-1), where b.B = X C and `gram` = C'C.  A may be C.
template <class T>
void SymNmf<T>::Job::solve_and_project(View<T> C, View<T> gram, Mat<T> A) const {
  const Mat<T> K = b.plan.gram();
  const T lambda = T(s.lambda);
  inverse(gram, lambda, K);
  by_rows([&](const Block &rows, const Worker &w, Sums &) {
    const int32_t row = rows.row;
    const Mat<T> F = w.F.block(0, 0, rows.rows, rank()), x = A.block(row, 0, rows.rows, rank());
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = 0; q < rows.rows; ++q) F(q, k) = b.B(row + q, k) + lambda * C(row + q, k);
    ops.nn(F, K, x);
    project(x);
  });
}

template <class T>
void SymNmf<T>::Job::alternating_step() const {
  solve_and_project(U, b.G, b.V);
  times(b.V, b.B);
  gram(b.V, b.H);
  solve_and_project(b.V, b.H, U);
  refresh();
}

template <class T>
void SymNmf<T>::Job::fixed_point_step() const {
  solve_and_project(U, b.G, U);
  refresh();
}

#define INSTANTIATE(T)                                      \
  template void SymNmf<T>::Job::alternating_step() const;   \
  template void SymNmf<T>::Job::fixed_point_step() const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
