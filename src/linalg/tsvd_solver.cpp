#include "tsvd_solver.hpp"

#include "passes.hpp"

namespace orthant {

template <class T>
void TsvdSolver<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<TsvdSolver<T>>(1);
  b.svd.layout(carve, c.rows, c.cols, c.rank, c.par.workers);
}

template <class T>
T TsvdSolver<T>::tolerance() const {
  constexpr double by_default = sizeof(T) == 4 ? 1e-6 : 1e-12;
  return T(c.tol == 0 ? by_default : max_of(c.tol, 0.0));
}

// The block of vectors from V, whatever its scale; random where V has a column that depends on those before, or none.
// False where V is not finite.
template <class T>
bool TsvdSolver<T>::start_warm(const Ops<T> &ops, View<T> V, Tsvd<T> *svd) const {
  if (!all_finite<T>(V)) return false;
  for (int32_t k = 0; k < svd->block; ++k) {
    T top = 0;
    for (int32_t j = 0; j < c.cols && k < c.rank; ++j) top = max_of(top, abs_of(V(j, k)));
    const T inverse = top > Real<T>::tiny ? T(1) / power_of_two(top) : T(0);
    svd->s[k] = T(0);
    for (int32_t j = 0; j < c.cols; ++j) svd->V(j, k) = inverse > T(0) ? V(j, k) * inverse : T(0);
  }
  svd->make_basis(ops, c.par, Rng(c.seed, 0x5741524D));
  return true;
}

template <class T>
Status TsvdSolver<T>::run(const Operand<T> &X, Mat<T> U, T *values, Mat<T> V, Report *report) {
  const Ops<T> ops;
  double squares = 0;
  if (!scan(ops, c.par, X, false, &squares) || !X.has_room(squares)) return E_DATA;
  Carver carve(this);
  Blocks b;
  layout(carve, b);
  Tsvd<T> &svd = b.svd;
  if (c.warm && !start_warm(ops, V, &svd)) return E_DATA;
  const T tol = tolerance();
  T change = 0;
  report->iters = svd.run(ops, c.par, X, nullptr, c.rank, c.seed, tol, steps(), c.warm, &change);
  double kept = 0;
  for (int32_t k = 0; k < c.rank; ++k) {
    values[k] = no_denormal(svd.s[k]);
    kept += double(svd.s[k]) * double(svd.s[k]);
    for (int32_t i = 0; i < c.rows; ++i) U(i, k) = no_denormal(svd.U(i, k));
    for (int32_t j = 0; j < c.cols; ++j) V(j, k) = no_denormal(svd.V(j, k));
  }
  const bool whole = svd.block == min_of(c.rows, c.cols);  // the subspace is all there is
  report->kkt = double(change);
  report->objective = 0.5 * max_of(squares - kept, 0.0);
  report->rel_error = squares > 0 ? sqrt_of(2 * report->objective) / sqrt_of(squares) : 0;
  report->stop = whole || !(change > tol) ? by_kkt : by_iterations;
  return OK;
}

#define INSTANTIATE(T) template struct TsvdSolver<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
