// Cyclic coordinate descent for KL [Hsieh, Dhillon 2011]: a block of columns of H, or of rows of W, at a time, each
// with its column of P = W H made anew (algorithms.md, "Beta-divergences").
#include "beta_job.hpp"

namespace orthant {
namespace {
// The kernel divides by the square of the model, which must not overflow a float.
template <class T>
constexpr T least_model = T(1e-16);
}  // namespace

template <class T>
void BetaJob<T>::descend_w() {
  transpose<T>(H, b.Ht);
  find_sums_h();
  descend(c.rows, c.cols, b.Ht, b.sum_h, c.l1_w, c.l2_w, true);
}
template <class T>
void BetaJob<T>::descend_h() {
  find_sums_w();
  descend(c.cols, c.rows, W, b.sum_w, c.l1_h, c.l2_h, false);
}

template <class T>
void BetaJob<T>::descend(int32_t problems, int32_t length, Mat<const T> A, const T *sums, double l1, double l2,
                         bool rows) {
  const int32_t r = rank(), sweeps = max_of(1, c.sweeps);
  T *D = rows ? b.sum_h : b.sum_w;
  for (int32_t k = 0; k < r; ++k) D[k] = sums[k] + T(l1);
  parallel_blocks(c.par, problems, ccd_block, [&](Range at, int32_t index) {
    const BetaWorker<T> w = worker(index);
    const int32_t j = at.from, p = at.size();
    const T *v = dense.col(j);
    ptrdiff_t ldv = dense.ld;
    Mat<T> x = H.columns(rows ? 0 : j, p);
    if (rows) {
      x = {w.X.data, r, p, r};
      transpose<T>(W.block(j, 0, p, r), x);
      for (int32_t i = 0; i < length; ++i)
        for (int32_t q = 0; q < p; ++q) w.v[i + ptrdiff_t(q) * length] = dense(j + q, i);
      v = w.v;
      ldv = length;
    }
    const Mat<T> P{w.P, length, p, length};
    ops.nn(A, x, P);
    loss.ccd(length, r, p, sweeps, A.data, A.ld, D, T(l2), least_model<T>, v, ldv, P.data, P.ld, x.data, x.ld);
    if (rows) transpose<T>(x, W.block(j, 0, p, r));
  });
}

#define INSTANTIATE(T) template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
