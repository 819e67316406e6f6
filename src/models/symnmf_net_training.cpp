// Forward and backward passes of SymNMF-Net, and one step of its training.
#include "adam.hpp"
#include "symnmf_net_job.hpp"

namespace orthant {
namespace {

// The loops over entries, with nothing by reference, so that they become vector code.

// u <- u where positive, slope u elsewhere; no denormals but what a slope leaves for a later layer to clear
template <class T>
void rectify(int32_t n, T slope, T *__restrict u) {
  for (int32_t q = 0; q < n; ++q) u[q] = u[q] > Real<T>::tiny ? u[q] : slope * u[q] + T(0);
}

// d <- (w4 (d - x) + mu + bar) times the slope of the unit
template <class T>
void unit_gradient(int32_t n, T w4, T mu, T slope, const T *__restrict u, const T *__restrict x,
                   const T *__restrict bar, T *__restrict d) {
  for (int32_t q = 0; q < n; ++q) {
    const T t = w4 * (d[q] - x[q]) + mu + bar[q];
    d[q] = (u[q] > T(0) ? T(1) : slope) * t;
  }
}

// R = P - x - lambda u,  g = e + twice R;  e in g
template <class T>
void penalty_gradient(int32_t n, T lambda, T twice, const T *__restrict P, const T *__restrict x, const T *__restrict u,
                      T *__restrict R, T *__restrict g) {
  for (int32_t q = 0; q < n; ++q) {
    const T r = P[q] - x[q] - lambda * u[q];
    R[q] = r;
    g[q] += twice * r;
  }
}

// bar <- d - twice (bar + lambda R)
template <class T>
void input_gradient(int32_t n, T lambda, T twice, const T *__restrict d, const T *__restrict R, T *__restrict bar) {
  for (int32_t q = 0; q < n; ++q) bar[q] = d[q] - twice * (bar[q] + lambda * R[q]);
}

}  // namespace

template <class T>
void SymNet<T>::Job::invert(int32_t i) const {
  shifted_inverse(ops, layer(b.G, i - 1), T(s.lambda), b.M.data, b.K.data, layer(b.S, i - 1));
}

// P_i = (X + lambda I) U_{i-1}
template <class T>
void SymNet<T>::Job::start_parameters(int32_t i, const Block &rows) const {
  const T lambda = T(s.lambda);
  const Mat<T> P = layer(b.P, i - 1), XU = layer(b.XU, i - 1), U = layer(b.U, i - 1);
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t q = rows.row; q < rows.row + rows.rows; ++q) P(q, k) = XU(q, k) + lambda * U(q, k);
}

template <class T>
void SymNet<T>::Job::add_mismatch(int32_t i, const Block &rows, Sums *sum) const {
  const T lambda = T(s.lambda);
  const Mat<T> P = layer(b.P, i - 1), XU = layer(b.XU, i - 1), U = layer(b.U, i - 1);
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t q = rows.row; q < rows.row + rows.rows; ++q) {
      const T target = XU(q, k) + lambda * U(q, k);
      const double rest = double(P(q, k) - target);
      sum->penalty += rest * rest;
      sum->target += double(target) * double(target);
    }
}

// U_i, U_i'U_i and X U_i
template <class T>
typename SymNet<T>::Sums SymNet<T>::Job::forward_layer(int32_t i, Mismatch mismatch) const {
  const Mat<T> P = layer(b.P, i - 1), S = layer(b.S, i - 1), U = layer(b.U, i), G = layer(b.G, i);
  const Sums sum = by_rows([&](const Block &rows, const Worker &, Sums &t) {
    const Mat<T> u = U.block(rows.row, 0, rows.rows, rank());
    if (mismatch == Mismatch::make_zero) start_parameters(i, rows);
    if (mismatch == Mismatch::add) add_mismatch(i, rows, &t);
    ops.nn(P.block(rows.row, 0, rows.rows, rank()), S, u);
    for (int32_t k = 0; k < rank(); ++k) {
      const T *column = u.col(k);
      T total = 0;
      rectify(rows.rows, slope, u.col(k));
      if (l1(i) != 0)
        for (int32_t q = 0; q < rows.rows; ++q) total += column[q];
      t.l1 += double(total);
    }
    ops.tn(u, u, share(G, rows), !rows.first);
  });
  add_shares(G);
  X.times(ops, s.c.par, U, layer(b.XU, i));
  return sum;
}

template <class T>
typename SymNet<T>::Job::Loss SymNet<T>::Job::forward(Mismatch mismatch) const {
  Loss loss;
  for (int32_t i = 1; i <= layers(); ++i) {
    invert(i);
    const Sums sum = forward_layer(i, mismatch);
    loss.last = error_squares(i);
    loss.fit += weight(i) * loss.last;
    loss.penalty += sum.penalty;
    loss.l1 += l1(i) * sum.l1;
    loss.size = max_of(loss.size, trace(layer(b.G, i)));
    if (sum.target > 0) loss.mismatch = max_of(loss.mismatch, sum.penalty / sum.target);
  }
  return loss;
}

// Zbar = (Ubar + 4 w (U G - X U) + mu) where U > 0,  E = Zbar S,  Pbar = E + 2 beta R;  b.R = R,  b.M = P'E.
template <class T>
template <class Visit>
typename SymNet<T>::Sums SymNet<T>::Job::backward_layer(int32_t i, const Visit &visit) const {
  const int32_t r = rank();
  const T lambda = T(s.lambda), twice = T(2 * s.beta), w4 = T(4 * weight(i)), mu = T(l1(i));
  const Mat<T> P = layer(b.P, i - 1), S = layer(b.S, i - 1), U = layer(b.U, i), XU = layer(b.XU, i);
  const Mat<T> G = layer(b.G, i), before = layer(b.U, i - 1), XB = layer(b.XU, i - 1);
  const Sums sum = by_rows([&](const Block &rows, const Worker &w, Sums &t) {
    const auto on_rows = [&](Mat<T> A) { return A.block(rows.row, 0, rows.rows, r); };
    const auto top = [&](Mat<T> A) { return A.block(0, 0, rows.rows, r); };
    const Mat<T> D = top(w.D), E = top(w.E), u = on_rows(U), p = on_rows(P), R = on_rows(b.R);
    ops.nn(u, G, D);
    for (int32_t k = 0; k < r; ++k)
      unit_gradient(rows.rows, w4, mu, slope, u.col(k), on_rows(XU).col(k), on_rows(b.bar).col(k), D.col(k));
    ops.nn(D, S, E);
    ops.tn(p, E, share(b.M, rows), !rows.first);
    for (int32_t k = 0; k < r; ++k)
      penalty_gradient(rows.rows, lambda, twice, p.col(k), on_rows(XB).col(k), on_rows(before).col(k), R.col(k),
                       E.col(k));
    t.penalty += inner<T>(R, R);
    t.cross += inner<T>(R, on_rows(before));
    visit(i, rows, E);
  });
  add_shares(b.M);
  return sum;
}

// Kbar = T = -Z'E = -S P'E;  b.W = T + T'.  Returns its trace.
template <class T>
double SymNet<T>::Job::inverse_gradient(int32_t i) const {
  ops.nn(layer(b.S, i - 1), b.M, b.K);
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t q = 0; q < rank(); ++q) b.W(q, k) = -(b.K(q, k) + b.K(k, q));
  return -trace(b.K);
}

// b.bar <- U_{i-1} (T + T') - 2 beta (X R + lambda R)
template <class T>
void SymNet<T>::Job::input_of_layer(int32_t i) const {
  const T lambda = T(s.lambda), twice = T(2 * s.beta);
  const Mat<T> before = layer(b.U, i - 1);
  X.times(ops, s.c.par, b.R, b.bar);
  by_rows([&](const Block &rows, const Worker &w, Sums &) {
    const Mat<T> D = w.D.block(0, 0, rows.rows, rank());
    ops.nn(before.block(rows.row, 0, rows.rows, rank()), b.W, D);
    for (int32_t k = 0; k < rank(); ++k)
      input_gradient(rows.rows, lambda, twice, D.col(k), b.R.col(k) + rows.row, b.bar.col(k) + rows.row);
  });
}

template <class T>
template <class Visit>
double SymNet<T>::Job::backward(Loss &loss, bool wants_input, const Visit &visit) const {
  double dlambda = 0;
  fill(b.bar, T(0));
  for (int32_t i = layers(); i >= 1; --i) {
    const Sums sum = backward_layer(i, visit);
    dlambda += inverse_gradient(i) - 2 * s.beta * sum.cross;
    loss.penalty += sum.penalty;
    if (i > 1 || wants_input) input_of_layer(i);
  }
  return dlambda;
}

// After a step: lambda to its bound.  That of Prop. 1 is of the parameters that the step left, which takes a forward
// pass of them.
template <class T>
void SymNet<T>::Job::bound_lambda() {
  // K must stay positive definite in this precision, whatever the bound.
  s.lambda = max_of(s.lambda, 1e-3 * sqrt_of(s.norm2));
  if (s.c.lambda_bound == NetBound::none) return;
  double least = s.sufficient;
  if (s.c.lambda_bound == NetBound::prop1) {
    const Loss loss = forward(Mismatch::add);
    const double a2 = max_of(loss.size, trace(layer(b.G, 0))), bound = a2 + 4 * sqrt_of(a2) * sqrt_of(loss.mismatch);
    if (is_finite(bound)) least = max_of(least, bound);
  }
  s.lambda = max_of(s.lambda, least);
}

template <class T>
bool SymNet<T>::Job::step(bool, Report &r) {
  const int64_t t = s.outer.iters + 1;
  set_slope(t);
  Loss loss = forward(Mismatch::leave);
  if (!is_finite(loss.total(0))) {
    r.objective = loss.total(0);
    return true;
  }
  AdamConfig adam;
  adam.rate = s.c.rate * pow(s.c.decay, min_of(double(t) / s.c.epochs, 1.0));
  adam.decay = s.c.weight_decay;
  const AdamStep<T> update(adam, t);
  const double dlambda = backward(loss, false, [&](int32_t i, const Block &rows, View<T> g) {
    const auto at = [&](Mat<T> A, int32_t k) { return layer(A, i - 1).col(k) + rows.row; };
    for (int32_t k = 0; k < rank(); ++k) update(size_t(rows.rows), g.col(k), at(b.P, k), at(b.m, k), at(b.v, k));
  });
  fill_report(r, loss);
  const AdamStep<double> scalar(adam, t);
  scalar(1, &dlambda, &s.lambda, &s.moment1, &s.moment2);
  bound_lambda();
  return false;
}

template <class T>
Status SymNet<T>::run(void *base, const SymmetricOperand<T> &X, Mat<T> U, Report *report) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  if (!started)
    if (const Status st = job.start_from(SymStart::given); st != OK) return st;
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (r.stop == by_nonfinite) job.report_kept(r);
  if (report) *report = r;
  return OK;
}

template <class T>
Status SymNet<T>::gradient(void *base, const SymmetricOperand<T> &X, double *loss, Mat<T> dP, Mat<T> dU0,
                           double *dlambda) {
  if (!started) return E_ARG;
  Carver carve(base);
  Job job(*this, carve, X, Mat<T>{});
  job.set_slope(outer.iters);
  job.prepare_input();
  typename Job::Loss J = job.forward(Job::Mismatch::leave);
  const double d = job.backward(J, true, [&](int32_t i, const Block &rows, View<T> g) {
    if (dP.data) copy<T>(g, job.layer(dP, i - 1).block(rows.row, 0, rows.rows, c.rank));
  });
  if (dU0.data) copy<T>(job.b.bar, dU0);
  if (dlambda) *dlambda = d;
  if (loss) *loss = J.total(beta);
  return OK;
}

#define INSTANTIATE(T)                                                                                       \
  template typename SymNet<T>::Job::Loss SymNet<T>::Job::forward(Mismatch) const;                            \
  template Status SymNet<T>::run(void *, const SymmetricOperand<T> &, Mat<T>, Report *);                     \
  template Status SymNet<T>::gradient(void *, const SymmetricOperand<T> &, double *, Mat<T>, Mat<T>, double *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
