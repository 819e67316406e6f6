// The linear system alone, with the sum as a constraint where asked; then perhaps clipped and rescaled.
#include "nnls.hpp"

namespace orthant {
namespace {

// u = (G + shift 1 1')^-1 1 into s.u; returns its sum.
template <class T>
T solve_for_ones(const NnlsPlan<T> &plan, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  T sum = 0;
  for (int32_t k = 0; k < r; ++k) s.u[k] = T(1);
  cholesky_solve(r, plan.aux, r, s.u);
  for (int32_t k = 0; k < r; ++k) sum += s.u[k];
  return sum;
}

// x += the solution for f - G x; with sum_to_one along u, whose sum is given, to the sum one.
template <class T>
void add_solution(const NnlsPlan<T> &plan, View<T> F, int32_t j, bool from_zero, T sum_u, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  T first = 0;  // of a fixed sum
  for (int32_t k = 0; k < r; ++k) {
    T t = F(j, k);
    if (!from_zero)
      for (int32_t l = 0; l < r; ++l) t -= plan.G[l + ptrdiff_t(k) * r] * s.x[l];
    // The same number off every entry changes nothing on 1'x = 1, where it keeps a bright pixel from rounding away the
    // sum.
    if (plan.sum_to_one && k == 0) first = t;
    s.z[k] = t - first;
  }
  cholesky_solve(r, plan.aux, r, s.z);
  for (int32_t k = 0; k < r; ++k) s.x[k] += s.z[k];
  if (!plan.sum_to_one) return;
  T sum = 0;
  for (int32_t k = 0; k < r; ++k) sum += s.x[k];
  for (int32_t k = 0; k < r; ++k) s.x[k] -= (sum - T(1)) / sum_u * s.u[k];
}

}  // namespace

template <class T>
void direct_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &s) {
  const int32_t r = plan.rank;
  const bool clips = plan.method == Half::clip;
  const T sum_u = plan.sum_to_one ? solve_for_ones(plan, s) : T(0);
  for (int32_t j = 0; j < F.rows; ++j) {
    for (int32_t k = 0; k < r; ++k) s.x[k] = T(0);
    // With one step of refinement: G is as ill-conditioned as E squared.
    for (int pass = 0; pass < 2; ++pass) add_solution<T>(plan, F, j, pass == 0, sum_u, s);
    T sum = 0;
    for (int32_t k = 0; k < r; ++k) {
      if (clips) s.x[k] = max_of(s.x[k], T(0));
      sum += s.x[k];
    }
    const T scale = clips && plan.sum_to_one && sum > T(0) ? T(1) / sum : T(1);
    for (int32_t k = 0; k < r; ++k) X(j, k) = s.x[k] * scale;
  }
}

#define INSTANTIATE(T) \
  template void direct_block<T>(const NnlsPlan<T> &, const View<T> &, const Mat<T> &, NnlsScratch<T> &);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
