// Fast gradient steps on 1/2 <X, X A> - <X, F> from X over the nonnegative orthant or, column by column, the unit
// simplex, with the momentum that the spectrum of A asks for [Nesterov 2013] (algorithms.md, "Minimum volume").
#include "minvol_job.hpp"

namespace orthant {
namespace {

// x onto {x >= 0, 1'x = 1}: max(x - tau, 0), tau from the support of the last guess until it stays [Michelot 1986].
// Returns the square of its distance from y.
template <class T>
T to_simplex(T *x, const T *y, int32_t n) {
  double tau = -1e300;
  for (int32_t count = -1;;) {
    double sum = 0;
    int32_t above = 0;
    for (int32_t i = 0; i < n; ++i)
      if (double(x[i]) > tau) {
        sum += double(x[i]);
        ++above;
      }
    if (above == count || above == 0) break;
    count = above;
    tau = (sum - 1) / above;
  }
  double squares = 0;
  for (int32_t i = 0; i < n; ++i) {
    x[i] = T(max_of(double(x[i]) - tau, 0.0));
    squares += double(x[i] - y[i]) * double(x[i] - y[i]);
  }
  return T(squares);
}

// old <- the step from now, if asked projected on the orthant.
template <class T>
void take_step(int32_t n, const T *__restrict now, const T *__restrict e, const T *__restrict e_old,
               const T *__restrict f, T carry, T step, bool orthant, T *__restrict old) {
  for (int32_t q = 0; q < n; ++q) {
    const T to = now[q] + carry * (now[q] - old[q]) - step * (e[q] + carry * (e[q] - e_old[q]) - f[q]);
    old[q] = orthant ? max_of(to, T(0)) : to;
  }
}

// Two iterates and their products with A.
template <class T>
struct Iterates {
  Mat<T> now, old, E, E_old;
};

}  // namespace

// X onto the simplex, column by column; the square of its distance from Y.
template <class T>
double MinVolJob<T>::project(Mat<T> X, Mat<const T> Y) const {
  const Work one{0, 10.0 * sizeof(T) * X.rows};  // some sweeps
  parallel_for(c.par, X.cols, one, [&](int32_t k, int32_t) { b.values[k] = to_simplex(X.col(k), Y.col(k), X.rows); });
  double squares = 0;
  for (int32_t k = 0; k < X.cols; ++k) squares += double(b.values[k]);
  return squares;
}

template <class T>
void MinVolJob<T>::fast_gradient(Mat<T> X, Mat<const T> F, bool simplex) const {
  const int32_t n = X.rows, r = rank();
  copy<T>(b.A, b.U);
  small_svd(r, b.U.data, b.values, b.svd + svd_work(r), b.svd);
  const double most = double(b.values[0]), least = double(b.values[r - 1]);
  if (!(most > double(Real<T>::tiny))) return;
  const T step = T(1 / (most * (1 + 4 * r * double(Real<T>::eps)))), root = T(sqrt_of(max_of(least / most, 0.0)));
  const T beta = (T(1) - root) / (T(1) + root);
  Iterates<T> x{X, top(b.X, n), top(b.E, n), top(b.E_old, n)};
  // E_old = old A, and objective(old) - objective(now), which must not drown in either.
  const auto rise = [&] {
    const Iterates<T> y = x;  // a copy: it does not change while a block is passed over
    return by_rows(n, [&, y](Range at) {
      ops.nn(y.old.block(at.from, 0, at.size(), r), b.A, y.E_old.block(at.from, 0, at.size(), r));
      double sum = 0;
      for (int32_t k = 0; k < r; ++k) {
        const T *now = y.now.col(k), *old = y.old.col(k), *e = y.E.col(k), *e_old = y.E_old.col(k), *f = F.col(k);
        for (int32_t q = at.from; q < at.to; ++q)
          sum += double(old[q] - now[q]) * double(T(0.5) * (e[q] + e_old[q]) - f[q]);
      }
      return sum;
    });
  };
  // old = the step from now, its projection on the orthant; the square of its length.
  const auto move = [&](T carry) {
    const Iterates<T> y = x;
    return by_rows(n, [&, y, carry](Range at) {
      double sum = 0;
      for (int32_t k = 0; k < r; ++k) {
        const T *now = y.now.col(k), *e = y.E.col(k), *e_old = y.E_old.col(k), *f = F.col(k);
        T *old = y.old.col(k);
        take_step(at.size(), now + at.from, e + at.from, e_old + at.from, f + at.from, carry, step, !simplex,
                  old + at.from);
        for (int32_t q = at.from; q < at.to; ++q) sum += double(old[q] - now[q]) * double(old[q] - now[q]);
      }
      return sum;
    });
  };
  copy<T>(c.par, x.now, x.old);
  rise();
  copy<T>(c.par, x.E_old, x.E);
  double first = 0;
  bool fresh = true;  // without momentum
  for (int32_t t = 0; t < (c.sweeps > 0 ? c.sweeps : 10); ++t) {
    double moved = move(fresh ? T(0) : beta);
    if (simplex) moved = project(x.old, x.now);
    // Where the objective would rise the step is undone and the momentum dropped, so that it never does.
    if (!(rise() <= 0)) {
      if (fresh) break;
      copy<T>(c.par, x.now, x.old);
      copy<T>(c.par, x.E, x.E_old);
      fresh = true;
      continue;
    }
    fresh = false;
    x = {x.old, x.now, x.E_old, x.E};
    if (t == 0) first = moved;
    if (moved <= 1e-12 * first) break;  // lengths: 1e-6
  }
  if (x.now.data != X.data) copy<T>(c.par, x.now, X);
}

#define INSTANTIATE(T) template struct MinVolJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
