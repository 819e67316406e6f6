// One sample of the training of a Factormer: the network and AO-ADMM in turn, and backwards through both.
#include <initializer_list>

#include "factormer.hpp"
#include "factormer_train.hpp"
#include "start.hpp"

namespace orthant {

template <class T>
void FactormerTrain<T>::worker_layout(Carver &carve, Worker &w, int32_t m, int32_t n) const {
  const size_t r = size_t(s.rank), sm = size_t(m), sn = size_t(n);
  const int32_t nets = s.accelerates ? unrolled : 1, longest = max_of(m, n);
  const int32_t steps_ = s.accelerates ? 2 * unrolled : 1 + unrolled;
  w.m = m;
  w.n = n;
  for (int32_t i = 0; i <= steps_; ++i)
    for (const int32_t side : {of_w, of_h}) {
      const int32_t count = side == of_w ? m : n;
      w.x[i][side] = {carve.take<T>(r, size_t(count)), s.rank, count, s.rank};
      w.dx[i][side] = {carve.take<T>(r, size_t(count)), s.rank, count, s.rank};
    }
  for (int32_t i = 0; i < unrolled; ++i)
    for (const int32_t side : {of_w, of_h}) w.half[i][side].layout(carve, s.rank, side == of_w ? m : n);
  w.V = {carve.take<T>(sm, sn), m, n, m};
  w.Vt = {carve.take<T>(sm, sn), n, m, n};
  w.E = {carve.take<T>(sm, sn), m, n, m};
  w.Et = {carve.take<T>(sm, sn), n, m, n};
  w.W = {carve.take<T>(r, size_t(longest)), m, s.rank, m};
  w.admm.layout(carve, s.rank, longest);
  w.svd.layout(carve, m, n, min_of(s.rank, min_of(m, n)));
  for (int32_t i = 0; i < nets; ++i) {
    w.pass[i].s = s;
    w.pass[i].m = m;
    w.pass[i].n = n;
    w.pass[i].training = true;
    w.pass[i].layout(carve, 1);
  }
}

// V with mean one, and NNDSVD of it.
template <class T>
void FactormerTrain<T>::make_start(const Ops<T> &ops, const Worker &w, View<T> V) const {
  double sum = 0;
  for (int32_t j = 0; j < w.n; ++j)
    for (int32_t i = 0; i < w.m; ++i) sum += double(V(i, j));
  const T scale = sum > 0 ? T(double(w.m) * double(w.n) / sum) : T(1);
  for (int32_t j = 0; j < w.n; ++j)
    for (int32_t i = 0; i < w.m; ++i) w.V(i, j) = scale * V(i, j);
  transpose<T>(w.V, w.Vt);
  Tsvd<T> svd = w.svd;
  svd.run(ops, Parallel{}, Operand<T>(w.V), nullptr, min_of(s.rank, min_of(w.m, w.n)), seed, nndsvd_tolerance<T>);
  nndsvd(Parallel{}, svd, Filling::zeros, T(0), Rng(0, 0), w.W, w.x[0][of_h]);
  transpose<T>(w.W, w.x[0][of_w]);
}

template <class T>
typename FactormerPass<T>::Factors FactormerTrain<T>::factors(const Worker &w, int32_t i) const {
  typename FactormerPass<T>::Factors f;
  for (const int32_t side : {of_w, of_h}) {
    f.now[side] = w.x[i][side];
    if (s.accelerates) f.before[side] = w.x[i - 1][side];
  }
  return f;
}

// E = W'H - V of iterate i, and the sum of its squares.
template <class T>
double FactormerTrain<T>::error(const Ops<T> &ops, const Worker &w, int32_t i) const {
  transpose<T>(w.x[i][of_w], w.W);
  ops.nn(w.W, w.x[i][of_h], w.E);
  for (int32_t j = 0; j < w.n; ++j) {
    T *e = w.E.col(j);
    const T *v = w.V.col(j);
    for (int32_t k = 0; k < w.m; ++k) e[k] -= v[k];
  }
  return max_of(inner<T>(w.E, w.E), 1e-300);
}

template <class T>
void FactormerTrain<T>::sample(const Ops<T> &ops, Worker &w, const Unrolled &u, View<T> V,
                               const FactormerSource<T> &source, T *bar, bool fresh, FactormerLosses *losses) const {
  make_start(ops, w, V);
  const double entries = double(w.m) * double(w.n);
  double squares[2 * max_unrolled] = {};
  int32_t nets = 0, admms = 0;
  for (int32_t i = 0; i < u.count; ++i) {
    const Mat<T> *x = w.x[i], *next = w.x[i + 1];
    if (u.step[i] == Unrolled::net) {
      w.pass[nets].forward(ops, Parallel{}, w.V, T(1), source, factors(w, i), next);
      ++nets;
    } else {
      w.half[admms][of_w].forward(ops, T(rho), w.side(of_w), x[of_h], x[of_w], next[of_w], w.admm);
      w.half[admms][of_h].forward(ops, T(rho), w.side(of_h), next[of_w], x[of_h], next[of_h], w.admm);
      ++admms;
    }
    if (!(u.weight[i] > 0)) continue;
    squares[i] = error(ops, w, i + 1);
    const double mean = squares[i] / entries, log_rmse = 0.5 * log(mean);
    losses->loss += u.weight[i] * (loss == FactormerLoss::mse ? mean : log_rmse);
    if (i == u.reported) losses->reported += log_rmse;
  }
  if (bar) sample_back(ops, w, u, source, squares, bar, fresh);
}

// Adds to the gradient of iterate i that of its loss: d log RMSE = E / sum of squares, d MSE = 2 E / entries.
template <class T>
void FactormerTrain<T>::loss_back(const Ops<T> &ops, const Worker &w, int32_t i, double weight, double squares) const {
  error(ops, w, i);
  const T by = T(weight * (loss == FactormerLoss::mse ? 2.0 / (double(w.m) * double(w.n)) : 1 / squares));
  for (int32_t j = 0; j < w.n; ++j)
    for (int32_t k = 0; k < w.m; ++k) w.E(k, j) *= by;
  transpose<T>(w.E, w.Et);
  ops.nn(w.x[i][of_w], w.E, w.dx[i][of_h], true);
  ops.nn(w.x[i][of_h], w.Et, w.dx[i][of_w], true);
}

template <class T>
void FactormerTrain<T>::sample_back(const Ops<T> &ops, Worker &w, const Unrolled &u, const FactormerSource<T> &source,
                                    const double *squares, T *bar, bool fresh) const {
  int32_t nets = 0, admms = 0;
  for (int32_t i = 0; i < u.count; ++i) {
    if (u.step[i] == Unrolled::net) ++nets;
    else ++admms;
  }
  for (int32_t i = 0; i <= u.count; ++i)
    for (const int32_t side : {of_w, of_h}) fill(w.dx[i][side], T(0));
  for (int32_t i = u.count - 1; i >= 0; --i) {
    const Mat<T> *x = w.x[i + 1], *dx = w.dx[i + 1], *before = w.x[i], *d_before = w.dx[i];
    if (u.weight[i] > 0) loss_back(ops, w, i + 1, u.weight[i], squares[i]);
    if (u.step[i] == Unrolled::net) {
      --nets;
      w.pass[nets].backward(ops, w.V, T(1), source, factors(w, i), x, dx, bar, fresh, d_before,
                            s.accelerates ? w.dx[i - 1] : nullptr);
      fresh = false;
    } else {
      --admms;
      w.half[admms][of_h].backward(ops, T(rho), w.side(of_h), x[of_w], dx[of_h], dx[of_w], d_before[of_h], w.admm);
      w.half[admms][of_w].backward(ops, T(rho), w.side(of_w), before[of_h], dx[of_w], d_before[of_h], d_before[of_w],
                                   w.admm);
    }
  }
}

#define INSTANTIATE(T) template struct FactormerTrain<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
