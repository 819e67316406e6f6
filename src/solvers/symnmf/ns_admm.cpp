// NS-SymNMF [Lu et al. 2017], the row "ADMM" of the SymNMF-Net paper (algorithms.md, "Symmetric NMF"):
//   minimise 1/2 |A U' - X|^2  with U >= 0, |U_i|^2 <= tau, A = U;  multiplier Lambda on U - A.
#include "symnmf_job.hpp"

namespace orthant {

template <class T>
void SymNmf<T>::Job::start_ns_admm() const { fill(b.D, T(0)); }

namespace {

// A row longer than the ball allows is shortened to it; ball = 0: none.
template <class T>
void into_ball(T ball, Mat<T> u) {
  for (int32_t q = 0; q < u.rows; ++q) {
    T squares = 0;
    for (int32_t k = 0; k < u.cols; ++k) {
      u(q, k) = no_denormal(u(q, k));
      squares += u(q, k) * u(q, k);
    }
    if (ball > T(0) && squares > ball)
      for (int32_t k = 0; k < u.cols; ++k) u(q, k) *= sqrt_of(ball / squares);
  }
}

}  // namespace

template <class T>
void SymNmf<T>::Job::ns_admm_step() {
  const Mat<T> A = b.V, Lambda = b.D;
  const int32_t r = rank();
  const T rho = T(s.lambda), ball = T(s.ball);
  const double c = 6;  // of the proximal weight
  gram(A, b.H);
  const double fit = max_of(s.norm2 - 2 * dot(A, b.B) + small_dot(b.G, b.H), 0.0);
  const T beta = T(c / s.lambda * fit);

  times(A, b.B);
  prepare_half_step(b.H, rho + beta);
  by_rows([&](const Block &rows, Worker &w, Sums &) {
    const int32_t i = rows.row;
    const Mat<T> F = w.F.block(0, 0, rows.rows, r), u = U.block(i, 0, rows.rows, r);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = 0; q < rows.rows; ++q)
        F(q, k) = b.B(i + q, k) + rho * A(i + q, k) - Lambda(i + q, k) + beta * U(i + q, k);
    nnls_block(ops, b.plan, F, u, Mat<T>{}, 1, w.scratch);
    into_ball(ball, u);
  });
  refresh();
  inverse(b.G, rho, b.H);
  by_rows([&](const Block &rows, Worker &w, Sums &) {
    const int32_t i = rows.row;
    const Mat<T> F = w.F.block(0, 0, rows.rows, r), a = A.block(i, 0, rows.rows, r);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = 0; q < rows.rows; ++q) F(q, k) = b.B(i + q, k) + rho * U(i + q, k) + Lambda(i + q, k);
    ops.nn(F, b.H, a);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t q = i; q < i + rows.rows; ++q) Lambda(q, k) += rho * (U(q, k) - A(q, k));
  });
}

#define INSTANTIATE(T)                                  \
  template void SymNmf<T>::Job::start_ns_admm() const;  \
  template void SymNmf<T>::Job::ns_admm_step();
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
