// How good abundances are: from the products at hand while they are found, or from the data.
#include "unmix_job.hpp"

namespace orthant {
namespace {

// Sums over the bands of one pixel, weighted.
template <class Sum>
struct Fit {
  Sum y2 = 0, fit2 = 0, rest2 = 0, weights = 0;  // |y|^2, |E a|^2, |y - E a|^2
};

// Of pixel j and the abundances a, both times `lift`; g: the gradient.
template <class T, class Sum>
Fit<Sum> fit_of(const Unmix<T> &s, const Operand<T> &Y, int32_t j, const T *a, Sum lift, Sum *g) {
  Fit<Sum> sums;
  for (int32_t k = 0; k < s.rank; ++k) g[k] = 0;
  for (int32_t i = 0; i < s.bands; ++i) {
    const Sum d = Sum(Y.weight(i, j));
    if (d == Sum(0)) continue;
    Sum fit = 0;
    for (int32_t k = 0; k < s.rank; ++k) fit += Sum(s.E(i, k)) * (Sum(a[k]) * lift);
    const Sum y = Sum(Y.at(i, j)) * lift, e = fit - y;
    for (int32_t k = 0; k < s.rank; ++k) g[k] += d * Sum(s.E(i, k)) * e;
    sums.weights += d;
    sums.y2 += d * y * y;
    sums.fit2 += d * fit * fit;
    sums.rest2 += d * e * e;
  }
  return sums;
}

// Where the data are faint the residual need not be.
template <class Sums, class Sum = typename Sums::Sum>
Sum relative_error(const Sums &all) {
  constexpr Sum lift = Faint<Sum>::lift;
  if (!(all.norm2 > 0) && (small_target || !(all.faint_norm2 > 0))) return 0;
  Sum relative = sqrt_of(2 * all.objective) / sqrt_of(all.norm2);
  if (!small_target && !(all.norm2 > 0))
    relative = (sqrt_of(2 * all.faint_objective) + sqrt_of(2 * all.objective) * lift) / sqrt_of(all.faint_norm2);
  return relative;
}

}  // namespace

// max(|y|, |E a|) is what a residual is judged by, |E a|^2 = x'(x G).
template <class T>
T UnmixJob<T>::relative_residual(int32_t j, int32_t p, Worker &w, Sums &sums) const {
  const T *f = w.F.data + p, *d = w.nnls.D.data + p, *from = w.X.data + p;
  T *x = w.nnls.x, *g = w.nnls.g, xg = 0, xf = 0, fit = 0;
  for (int32_t k = 0; k < s.rank; ++k) {
    x[k] = *from;
    g[k] = *d - *f;
    xg += *from * g[k];
    xf += *from * *f;
    fit += *from * *d;
    f += w.F.ld;
    d += w.nnls.D.ld;
    from += w.X.ld;
  }
  const Sum objective = max_of(Sum(0), Sum(0.5) * (Sum(w.norm2[p]) - Sum(xf) + Sum(xg)));
  sums.add(objective, Sum(w.norm2[p]), Sum(w.unit(p)));
  if (!small_target && w.norm2[p] == T(0) && s.sum_to_one)
    sums.add(Sum(0), Sum(lifted(j + p, nullptr, p)), Sum(Faint<T>::lift));
  const T scale = sqrt_of(max_of(w.norm2[p], fit));
  const T residual = kkt_residual(s.rank, x, g, b.plan.unit, s.sum_to_one != 0, s.method == Half::unconstrained);
  return scale > T(0) ? residual / scale : T(0);
}

// Whether to go on; if not, the block is summed up.
template <class T>
ORTHANT_OWN_FRAME bool UnmixJob<T>::judge(const NnlsPlan<T> &plan, int32_t j, int32_t iters, bool may_go_on, Worker &w,
                                          Sums &sums) const {
  ops.nn(w.X, plan.gram(), gradient_room(w));
  Sums block{};
  const auto goes_on = [&] { return may_go_on && !(block.worst <= s.tol); };
  for (int32_t p = 0; p < w.F.rows && (small_target || !goes_on()); ++p) {  // one pixel is enough to go on
    if (!is_finite(w.norm2[p])) continue;
    block.note_residual(relative_residual(j, p, w, block), j + p);
  }
  if (goes_on()) return true;
  block.iters = iters;
  sums += block;
  return false;
}

// ---- from the data

// Returns the relative residual of pixel j with the abundances a; g: room for its gradient; units: of raw columns.
template <class T>
T UnmixJob<T>::check_pixel(int32_t j, const T *a, const T *units, Sum *g, T *rms, Sums &sums) const {
  Sum lift = 1;
  Fit<Sum> f = fit_of(s, *Y, j, a, lift, g);
  if (!small_target && max_of(f.y2, f.fit2) < Faint<Sum>::least) {
    lift = Faint<Sum>::lift;
    f = fit_of(s, *Y, j, a, lift, g);
  }
  const Sum scale = sqrt_of(max_of(f.y2, f.fit2));
  const Sum residual = kkt_residual(s.rank, a, g, units, s.sum_to_one != 0, s.method == Half::unconstrained, lift);
  const T relative = T(scale > 0 ? residual / scale : residual);
  if (rms) *rms = T(sqrt_of(f.rest2 / f.weights) / lift);
  const bool faint = !small_target && f.y2 < Faint<Sum>::least;  // beside a fit that is not
  sums.add(Sum(0.5) * f.rest2, faint ? Sum(0) : f.y2, lift);
  if (faint) sums.add(Sum(0), Sum(lifted(j, nullptr, 0)), Sum(Faint<T>::lift));
  sums.note_residual(relative, j);
  return relative;
}

template <class T>
UnmixSums<T> UnmixJob<T>::check(Mat<const T> abundances, T *rms, T *kkt) const {
  return by_pixels([&](const Panel &p, const Worker &w, Sums &sums) {
    Sum *gradient = reinterpret_cast<Sum *>(w.nnls.D.data);  // rank of them: D holds at least eight times that
    T *units = small_target ? b.plan.unit : w.nnls.u;
    for (int32_t k = 0; !small_target && k < s.rank; ++k) units[k] = b.plan.unit[k] * b.scale[k];
    for (int32_t j = p.col; j < p.col + p.cols; ++j) {
      const T relative = check_pixel(j, abundances.col(j), units, gradient, rms ? rms + j : nullptr, sums);
      if (kkt) kkt[j] = relative;
    }
  });
}

// True where a pixel was not finite.
template <class T>
ORTHANT_OWN_FRAME bool UnmixJob<T>::sum_up(const Sums &all, Report *report) const {
  if (report) {
    report->iters = all.iters;
    report->worst = all.worst_at;
    const Sum back = Sum(1) / Faint<Sum>::lift;
    report->objective = double(small_target ? all.objective : all.objective + all.faint_objective * back * back);
    report->rel_error = double(relative_error(all));
    report->kkt = double(all.worst);
  }
  return all.bad != 0;
}

template <class T>
ORTHANT_OWN_FRAME void UnmixJob<T>::recompute(Report *report) const {
  Report direct;
  sum_up(check(A, nullptr, nullptr), &direct);
  report->objective = direct.objective;
  report->rel_error = direct.rel_error;
}

#define INSTANTIATE(T) template struct UnmixJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
