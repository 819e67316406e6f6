// One factor given the other: nonnegative least squares with one Gram matrix, for the rows of W or of H'.
#include "nmf_job.hpp"

namespace orthant {

template <class T>
void NmfJob<T>::gram_of(View<T> X, Mat<T> G) const {
  gram<T>(ops, s.c.par, X, X, G, gram_parts(X.rows, rank()), b.share_S);
}

// The plan of a half step: the Gram matrix of the other factor, and the quadratic penalties of this one.
template <class T>
void NmfJob<T>::prepare_w() {
  const Penalty<T> p = penalty_w();
  p.add_quadratic(b.S, proximal(p), b.plan_w.gram());
  NmfWorker<T> w = worker(0);
  b.plan_w.prepare(T(s.c.rho), w.nnls);
}
template <class T>
void NmfJob<T>::prepare_h(View<T> X) {
  const Penalty<T> p = penalty_h();
  gram_of(X, b.G);
  p.add_quadratic(b.G, proximal(p), b.plan_h.gram());
  NmfWorker<T> w = worker(0);
  b.plan_h.prepare(T(s.c.rho), w.nnls);
}

// ---- the half steps of an iteration

template <class T>
HalfStep<T> NmfJob<T>::half_step_w() const {
  HalfStep<T> half{b.plan_w, proximal(penalty_w()), s.sweeps(s.c.rows, s.c.all_cols()), s.c.method == NmfMethod::ahals};
  if (scheduled()) relax(s.pace.w, &half);
  return half;
}
template <class T>
HalfStep<T> NmfJob<T>::half_step_h() const {
  HalfStep<T> half{b.plan_h, proximal(penalty_h()), s.sweeps(s.c.all_cols(), s.c.rows), s.c.method == NmfMethod::ahals};
  if (scheduled()) relax(s.pace.h, &half);
  return half;
}
// By the schedule: omega / G_kk for 1 / G_kk.
template <class T>
void NmfJob<T>::relax(const ScheduleStep &by, HalfStep<T> *half) const {
  for (int32_t k = 0; k < rank(); ++k) b.relaxed[k] = T(by.omega) * half->plan.inv[k];
  half->plan.inv = b.relaxed;
  half->steps = by.sweeps;
}
// Whatever the method: `steps` sweeps of HALS.
template <class T>
HalfStep<T> NmfJob<T>::sweeps_h(int32_t steps) const {
  HalfStep<T> half{b.plan_h, T(0), steps, false};
  half.plan.method = Half::hals;
  return half;
}

template <class T>
void NmfJob<T>::improve(const HalfStep<T> &half, const View<T> &F, const Mat<T> &X, const Mat<T> &dual,
                        NmfWorker<T> &w) const {
  if (half.settles) return hals_until(ops, half.plan, F, X, half.steps, top(w.nnls.D, X.rows, X.cols));
  if (!(half.proximal > T(0))) {
    nnls_block(ops, half.plan, F, X, dual, half.steps, w.nnls);
    return;
  }
  const Mat<T> Q = top(w.Q, F.rows, F.cols);
  for (int32_t k = 0; k < F.cols; ++k)
    for (int32_t j = 0; j < F.rows; ++j) Q(j, k) = F(j, k) + half.proximal * X(j, k);
  nnls_block<T>(ops, half.plan, Q, X, dual, half.steps, w.nnls);
}

// Sum over components of |projected gradient of X_k|^2 / weight_k, gradient D = X G - F, less what the plan's diagonal
// has beyond the penalty.
template <class T>
double NmfJob<T>::projected(const View<T> &X, const View<T> &F, const NnlsPlan<T> &plan, T added,
                            NmfWorker<T> &w) const {
  const Mat<T> D = top(w.nnls.D, X.rows, X.cols);
  ops.nn(X, plan.gram(), D);
  double sum = 0;
  for (int32_t k = 0; k < X.cols; ++k) {
    const T *x = X.col(k), *f = F.col(k), *d = D.col(k);
    const T scale = sqrt_of(plan.inv[k]);  // before squaring: then the squares are of the size of |V|^2
    T squares = 0;
    for (int32_t j = 0; j < X.rows; ++j) {
      const T g = (d[j] - f[j] - added * x[j]) * scale, p = x[j] > T(0) ? g : min_of(g, T(0));
      squares += p * p;
    }
    sum += double(squares);
  }
  return sum;
}

// ---- W

// The half step for W, on its extrapolated copy or in place.  Returns <W, B - l1> of the result where momentum asks for
// it; *kkt: W's part of the residual before the step, where the last pass left the iterate.
template <class T>
double NmfJob<T>::improve_w(double *kkt) const {
  const HalfStep<T> half = half_step_w();
  const T added = proximal(penalty_w());
  const Mat<T> X = extrapolates() ? b.Wy : W;
  const NmfSums sum = by_rows(X, [&](const Block &at, Mat<T> x, Mat<T> f, NmfWorker<T> &w, NmfSums &part) {
    if (kkt) part.kkt += projected(x, f, b.plan_w, added, w);
    improve(half, f, x, b.dual_w.block(at.row, 0, at.rows, rank()), w);
    if (extrapolates()) part.fx += inner<T>(x, f);
  });
  if (kkt) *kkt = sum.kkt;
  return sum.fx;
}

template <class T>
double NmfJob<T>::residual_w() const {
  if (s.c.fixed_w) return 0;
  const T added = proximal(penalty_w());
  return by_rows(W, [&](const Block &, Mat<T> x, Mat<T> f, NmfWorker<T> &w, NmfSums &part) {
           part.kkt += projected(x, f, b.plan_w, added, w);
         }).kkt;
}

#define INSTANTIATE(T) template struct NmfJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
