// SymANLS and SymHALS [Zhu et al. 2018]:  minimise g = 1/2 |X - U V'|^2 + lambda/2 |U - V|^2  over U, V >= 0.
// A half step is nonnegative least squares with G = V'V + lambda I and F = X V + lambda V: exact, or one sweep.
#include "symnmf_job.hpp"

namespace orthant {

// For least squares with the matrix gram + shift I.
template <class T>
void SymNmf<T>::Job::prepare_half_step(View<T> gram, T shift) {
  const Mat<T> G = b.plan.gram();
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t i = 0; i < rank(); ++i) G(i, k) = gram(i, k) + (i == k ? shift : T(0));
  Worker first = worker(0);
  b.plan.prepare(T(0), first.scratch);
}

// A from C, where `XC` = X C and `gram` = C'C.
template <class T>
void SymNmf<T>::Job::half_step(View<T> C, View<T> XC, View<T> gram, Mat<T> A) {
  const T lambda = T(s.lambda);
  prepare_half_step(gram, lambda);
  by_rows([&](const Block &rows, Worker &w, Sums &) {
    const int32_t row = rows.row;
    const Mat<T> F = w.F.block(0, 0, rows.rows, rank()), x = A.block(row, 0, rows.rows, rank());
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = 0; q < rows.rows; ++q) F(q, k) = XC(row + q, k) + lambda * C(row + q, k);
    nnls_block(ops, b.plan, F, x, Mat<T>{}, 1, w.scratch);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = 0; q < rows.rows; ++q) x(q, k) = no_denormal(x(q, k));
  });
  if (b.plan.method == Half::hals) revive(A);
}

template <class T>
void SymNmf<T>::Job::half_steps() {
  half_step(U, b.B, b.G, b.V);
  times(b.V, b.B);
  gram(b.V, b.H);
  half_step(b.V, b.B, b.H, U);
  refresh();
}

#define INSTANTIATE(T)                                             \
  template void SymNmf<T>::Job::prepare_half_step(View<T>, T);     \
  template void SymNmf<T>::Job::half_steps();
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
