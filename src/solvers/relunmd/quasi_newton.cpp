// f(U V) by limited-memory BFGS [Nocedal 1980].
//
// With R = Theta - Pi(Theta) the gradient is R V' and U'R, and f's curvature in Theta is at most one: the Gram matrices
// V V' and U'U majorise the diagonal blocks, so their inverses are the initial metric.  The first steps alternate
// between the blocks and overshoot the majoriser's least value, as momentum does in 3B-NMD.  Then pairs of steps and gradient
// changes learn what the majoriser overlooks: entries with M = 0 and Theta < 0, most of a sparse matrix, have no
// curvature at all.  Every step descends.
//
// An evaluation streams M once, 6 rows cols rank flops; nothing of the size of M is stored, whatever its zeros.
// The recursion runs on coefficients [Chen, Wang, Zhou 2014]: two products with all steps and two with all changes.
#include "relu_nmd_job.hpp"

namespace orthant {

namespace {
constexpr int32_t stretch = small_target ? 256 : 4096;  // of a long vector, short enough for sums in T
constexpr double armijo = 1e-4, least_curvature = 1e-6;
// Alternating steps before the first pair: while the signs of Theta still change, pairs learn what no longer holds.
constexpr int32_t relaxed_steps = 6;
constexpr double relaxation = 1.8;
// body(first, count) for stretches of a long vector.
template <class Body>
void by_stretches(const Parallel &par, ptrdiff_t length, const Body &body) {
  parallel_for(par, int32_t((length + stretch - 1) / stretch), [&](int32_t t, int32_t) {
    const ptrdiff_t at = ptrdiff_t(t) * stretch;
    body(at, int32_t(min_of(ptrdiff_t(stretch), length - at)));
  });
}

// body(columns, the first's index) for the columns of a matrix, about a stretch at a time.
template <class T, class Body>
void by_columns(const Parallel &par, Mat<T> A, const Body &body) {
  const int32_t piece = max_of(1, stretch / A.rows);
  parallel_for(par, ceil_div(A.cols, piece), [&](int32_t t, int32_t) {
    body(A.columns(t * piece, min_of(piece, A.cols - t * piece)), t * piece);
  });
}

}  // namespace

// out[k] = <A(:, k), x> for `count` vectors that lie one after another.
template <class T>
void ReluNmd<T>::Job::dots(T *A, int32_t count, T *x, double *out) const {
  const ptrdiff_t length = ptrdiff_t(s.length());
  const int32_t blocks = int32_t((length + stretch - 1) / stretch), parts = max_of(1, min_of(max_parts, blocks / 4));
  parallel_for(s.c.par, parts, [&](int32_t part, int32_t index) {
    const Mat<T> one = top(worker(index).tiny, count, 1);
    double *sum = b.dots + ptrdiff_t(part) * count;
    for (int32_t k = 0; k < count; ++k) sum[k] = 0;
    const int32_t from = int32_t(int64_t(blocks) * part / parts), to = int32_t(int64_t(blocks) * (part + 1) / parts);
    for (int32_t t = from; t < to; ++t) {
      const ptrdiff_t at = ptrdiff_t(t) * stretch;
      const int32_t n = int32_t(min_of(ptrdiff_t(stretch), length - at));
      ops.tn(Mat<const T>{A + at, n, count, length}, Mat<const T>{x + at, n, 1, length}, one);
      for (int32_t k = 0; k < count; ++k) sum[k] += double(one(k, 0));
    }
  });
  for (int32_t k = 0; k < count; ++k) {
    out[k] = 0;
    for (int32_t part = 0; part < parts; ++part) out[k] += b.dots[ptrdiff_t(part) * count + k];
  }
}

// y += sum_k weights[k] A(:, k)
template <class T>
void ReluNmd<T>::Job::combine(T *A, int32_t count, const T *weights, T *y) const {
  const ptrdiff_t length = ptrdiff_t(s.length());
  by_stretches(s.c.par, length, [&](ptrdiff_t at, int32_t n) {
    ops.nn(Mat<const T>{A + at, n, count, length}, Mat<const T>{weights, count, 1, count}, Mat<T>{y + at, n, 1, length},
           true);
  });
}

// y = (x_U (V V')^-1, (U'U)^-1 x_V)
template <class T>
void ReluNmd<T>::Job::precondition(T *x, T *y) const {
  share_rows(u_of(x), b.by_V, T(1), u_of(y));
  constexpr int32_t piece = 256;
  parallel_for(s.c.par, ceil_div(s.c.cols, piece), [&](int32_t t, int32_t) {
    const int32_t j = t * piece, n = min_of(piece, s.c.cols - j);
    ops.nn(b.by_U, v_of(x).columns(j, n), v_of(y).columns(j, n));
  });
}

// The sums at u v, and the gradient to g; S = v v'.
template <class T>
typename ReluNmd<T>::Sums ReluNmd<T>::Job::evaluate(Mat<T> u, Mat<T> v, Mat<T> gu, Mat<T> gv) {
  constexpr int32_t step = small_target ? 32 : 512 / int32_t(sizeof(T));  // rows whose residual stays near
  turn(u);
  return tiles(true, gu, b.S, [&](const Tile &t) {
    const Mat<T> vj = v.columns(t.j, t.p);
    transpose<T>(vj, t.X);
    for (int32_t i = 0; i < s.c.rows; i += step) {
      const int32_t n = min_of(step, s.c.rows - i);
      const Mat<T> p{t.P.data, n, t.p, n};
      ops.nn(u.block(i, 0, n, rank()), vj, p, false, i + n < s.c.rows ? &t.M(i + n, 0) : nullptr);
      residual(t.M.block(i, 0, n, t.p), p, t.sum);
      ops.nn(b.Ut.columns(i, n), p, gv.columns(t.j, t.p), i > 0);
      ops.nn(p, t.X, t.B.block(i, 0, n, rank()), t.add);
    }
    ops.nn(vj, t.X, t.S, t.add);
  });
}

template <class T>
void ReluNmd<T>::Job::begin_quasi_newton() {
  const Sums sum = evaluate(U, V, u_of(b.gradient), v_of(b.gradient));
  s.objective = 0.5 * sum.squares, s.error2 = sum.error;
  s.pairs = 0, s.newest = 0, s.settled = 0;
  s.scale = 1, s.relaxed = 0;
  for (size_t i = 0; i < size_t(s.c.history) * s.length(); ++i) b.steps[i] = b.changes[i] = T(0);
}

// direction = - (inverse Hessian) gradient
template <class T>
void ReluNmd<T>::Job::find_direction() {
  const int32_t h = s.c.history;
  const auto slot = [&](int32_t age) { return (s.newest - age + h) % h; };
  const auto product = [&](int32_t older, int32_t newer) -> double & {
    return b.products[older + ptrdiff_t(newer) * h];
  };
  double *along = b.dots + ptrdiff_t(max_parts) * h;  // <step, gradient>, then <change, metric q>
  T *q = b.trial, *d = b.direction;
  const ptrdiff_t length = ptrdiff_t(s.length());
  by_stretches(s.c.par, length, [&](ptrdiff_t at, int32_t n) {
    memcpy(q + at, b.gradient + at, size_t(n) * sizeof(T));
  });
  for (int32_t k = 0; k < h; ++k) b.weights[k] = T(0);
  if (s.pairs > 0) {
    dots(b.steps, h, b.gradient, along);
    for (int32_t age = 0; age < s.pairs; ++age) {
      const int32_t i = slot(age);
      double a = along[i];
      for (int32_t newer = 0; newer < age; ++newer) a += double(b.weights[slot(newer)]) * product(i, slot(newer));
      b.weights[i] = T(-a / product(i, i));
    }
    combine(b.changes, h, b.weights, q);
  }
  precondition(q, d);
  const T scale = T(s.scale);
  by_stretches(s.c.par, length, [&](ptrdiff_t at, int32_t n) {
    for (int32_t i = 0; i < n; ++i) d[at + i] *= -scale;
  });
  if (s.pairs == 0) return;
  dots(b.changes, h, d, along);  // d = - metric q: signs of all terms are turned
  for (int32_t age = s.pairs - 1; age >= 0; --age) {
    const int32_t i = slot(age);
    double a = along[i];
    for (int32_t older = s.pairs - 1; older > age; --older)
      a += double(b.weights[slot(older)]) * product(slot(older), i);
    b.weights[i] = T(double(b.weights[i]) - a / product(i, i));
  }
  combine(b.steps, h, b.weights, d);
}

// After a step of this length: the pair to the slot whose change holds the new gradient.
template <class T>
void ReluNmd<T>::Job::keep_pair(double step, double slope) {
  const int32_t h = s.c.history, i = (s.newest + 1) % h;
  const ptrdiff_t length = ptrdiff_t(s.length());
  T *x = b.steps + length * i, *y = b.changes + length * i;
  by_stretches(s.c.par, length, [&](ptrdiff_t at, int32_t n) {
    for (ptrdiff_t k = at; k < at + n; ++k) {
      const T g = y[k];
      x[k] = T(step) * b.direction[k];
      y[k] = g - b.gradient[k];
      b.gradient[k] = g;
    }
  });
  double *column = b.dots + ptrdiff_t(max_parts) * h, curved = 0;
  dots(b.steps, h, y, column);
  precondition(y, b.trial);
  dots(y, 1, b.trial, &curved);
  if (!(column[i] > least_curvature * step * -slope) || !(curved > 0)) {
    s.pairs = min_of(s.pairs, h - 1);  // the slot was the oldest's
    return;
  }
  for (int32_t k = 0; k < h; ++k) b.products[k + ptrdiff_t(i) * h] = column[k];
  s.scale = column[i] / curved;
  s.newest = i;
  s.pairs = min_of(s.pairs + 1, h);
}

// One step along the direction that the history gives; false where none of them descends.
template <class T>
bool ReluNmd<T>::Job::descend() {
  find_direction();
  double slope = 0;
  dots(b.direction, 1, b.gradient, &slope);
  T *fresh = b.changes + ptrdiff_t(s.length()) * ((s.newest + 1) % s.c.history);
  const Mat<T> u = u_of(b.trial), v = v_of(b.trial), du = u_of(b.direction), dv = v_of(b.direction);
  const double noise = 4 * double(Real<T>::eps) * s.objective;  // of the objective's rounding
  double step = 1;
  for (int halved = 0; halved < 12 && slope < 0; ++halved, step *= 0.5) {
    const auto move = [&](Mat<T> from, Mat<T> along, Mat<T> to) {
      by_columns(s.c.par, from, [&](Mat<T> part, int32_t first) {
        for (int32_t k = 0; k < part.cols; ++k)
          for (int32_t i = 0; i < part.rows; ++i) to(i, first + k) = part(i, k) + T(step) * along(i, first + k);
      });
    };
    move(U, du, u);
    move(V, dv, v);
    const Sums sum = evaluate(u, v, u_of(fresh), v_of(fresh));
    const double objective = 0.5 * sum.squares;
    if (!(objective <= s.objective + armijo * step * slope + (halved ? 0 : noise)) || !is_finite(sum.error)) continue;
    const auto take = [&](Mat<T> from, Mat<T> to) {
      by_columns(s.c.par, to, [&](Mat<T> part, int32_t first) {
        for (int32_t k = 0; k < part.cols; ++k)
          for (int32_t i = 0; i < part.rows; ++i) part(i, k) = no_denormal(from(i, first + k));
      });
    };
    take(u, U);
    take(v, V);
    s.objective = objective, s.error2 = sum.error;
    keep_pair(step, slope);
    return true;
  }
  return false;
}

// U -= w R V' (V V')^-1, then V -= w (U'U)^-1 U'R with the new U.  Each is w times the step to the least of a quadratic
// that lies above f and touches it: for w in [0, 2] f descends.  The iterate before it stays in `trial`.
template <class T>
void ReluNmd<T>::Job::relax() {
  parallel_copy(U, u_of(b.trial));
  parallel_copy(V, v_of(b.trial));
  share_rows(u_of(b.gradient), b.by_V, T(1), u_of(b.direction));
  const Mat<T> du = u_of(b.direction);
  for (int32_t k = 0; k < U.cols; ++k)
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = no_denormal(U(i, k) - T(relaxation) * du(i, k));
  gram(U, b.by_U);
  inverse(b.by_U, 0, b.by_U);
  turn(U);
  const Mat<T> gv = v_of(b.gradient);
  const Sums sum = tiles(true, u_of(b.gradient), b.S, [&](const Tile &t) {
    const Mat<T> v = V.columns(t.j, t.p), g = gv.columns(t.j, t.p);
    Sums unused;
    ops.nn(U, v, t.P);
    residual(t.M, t.P, unused);
    ops.nn(b.Ut, t.P, t.F);
    ops.nn(b.by_U, t.F, g);
    for (int32_t q = 0; q < t.p; ++q)
      for (int32_t k = 0; k < rank(); ++k) v(k, q) = no_denormal(v(k, q) - T(relaxation) * g(k, q));
    ops.nn(U, v, t.P);
    residual(t.M, t.P, t.sum);
    ops.nn(b.Ut, t.P, g);
    transpose<T>(v, t.X);
    t.gather(t.P, t.more && !M.sparse() ? t.M.col(t.p) : nullptr);
  });
  s.objective = 0.5 * sum.squares, s.error2 = sum.error;
}

template <class T>
void ReluNmd<T>::Job::quasi_newton() {
  if (s.settled) return;
  inverse(b.S, 0, b.by_V);
  if (s.relaxed >= 0 && s.relaxed < relaxed_steps) return ++s.relaxed, relax();
  gram(U, b.by_U);
  inverse(b.by_U, 0, b.by_U);
  if (descend()) return;
  s.pairs = 0;
  s.scale = 1;
  s.settled = !descend();
}

#define INSTANTIATE(T) template struct ReluNmd<T>::Job;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
