// The direction of limited-memory BFGS and its history of steps and gradient changes.  The recursion runs on
// coefficients [Chen, Wang, Zhou 2014]: two products with all steps and two with all changes.
#include <string.h>

#include "relu_nmd_job.hpp"

namespace orthant {
namespace {

constexpr double least_curvature = 1e-6;
constexpr int32_t column_block = 256;  // columns of V in one task

}  // namespace

// out[k] = <A(:, k), x> for `count` vectors that lie one after another.
template <class T>
void ReluJob<T>::inner_products(T *A, int32_t count, T *x, double *out) const {
  const ptrdiff_t length = ptrdiff_t(s.length());
  const int32_t chunks = vector_chunks(), parts = parts_for(chunks, 4, relu_parts);
  parallel_for(s.c.par, parts, [&](int32_t part, int32_t index) {
    const Mat<T> one = top(worker(index).coefficients, count, 1);
    const Range mine = part_of(chunks, part, parts);
    double *sum = b.share_along + ptrdiff_t(part) * count;
    for (int32_t k = 0; k < count; ++k) sum[k] = 0;
    for (int32_t t = mine.from; t < mine.to; ++t) {
      const ptrdiff_t at = ptrdiff_t(t) * vector_chunk;
      const int32_t n = int32_t(min_of(ptrdiff_t(vector_chunk), length - at));
      ops.tn(Mat<const T>{A + at, n, count, length}, Mat<const T>{x + at, n, 1, length}, one);
      for (int32_t k = 0; k < count; ++k) sum[k] += double(one(k, 0));
    }
  });
  for (int32_t k = 0; k < count; ++k) {
    out[k] = 0;
    for (int32_t part = 0; part < parts; ++part) out[k] += b.share_along[ptrdiff_t(part) * count + k];
  }
}

// y += sum_k weights[k] A(:, k) over the history
template <class T>
void ReluJob<T>::add_combination(T *A, T *y) const {
  const ptrdiff_t length = ptrdiff_t(s.length());
  const int32_t h = s.c.history;
  by_chunks_of_vector([&](ptrdiff_t at, int32_t n) {
    ops.nn(Mat<const T>{A + at, n, h, length}, Mat<const T>{b.weights, h, 1, h}, Mat<T>{y + at, n, 1, length}, true);
  });
}

// y = (x_U (V V')^-1, (U'U)^-1 x_V)
template <class T>
void ReluJob<T>::precondition(T *x, T *y) const {
  const Mat<T> xv = v_of(x), yv = v_of(y);
  multiply_rows(u_of(x), b.by_V, u_of(y));
  parallel_blocks(s.c.par, s.c.cols, column_block, [&](Range j, int32_t) {
    ops.nn(b.by_U, xv.columns(j.from, j.size()), yv.columns(j.from, j.size()));
  });
}

// ---- the direction

// The place of a pair in the history, by its age.
template <class T>
int32_t ReluJob<T>::place_of(int32_t age) const { return (s.newton.newest - age + s.c.history) % s.c.history; }

// direction = - (inverse Hessian) gradient
template <class T>
void ReluJob<T>::find_direction() {
  T *q = b.trial, *d = b.direction;
  const T scale = T(s.newton.scale);
  by_chunks_of_vector([&](ptrdiff_t at, int32_t n) { memcpy(q + at, b.gradient + at, size_t(n) * sizeof(T)); });
  for (int32_t k = 0; k < s.c.history; ++k) b.weights[k] = T(0);
  if (s.newton.pairs > 0) weigh_changes(q);
  precondition(q, d);
  by_chunks_of_vector([&](ptrdiff_t at, int32_t n) {
    for (ptrdiff_t k = at; k < at + n; ++k) d[k] *= -scale;
  });
  if (s.newton.pairs > 0) weigh_steps(d);
}

// The first half of the recursion, from the newest pair to the oldest, on q.
template <class T>
void ReluJob<T>::weigh_changes(T *q) const {
  inner_products(b.steps, s.c.history, b.gradient, b.along);
  for (int32_t age = 0; age < s.newton.pairs; ++age) {
    const int32_t i = place_of(age);
    double a = b.along[i];
    for (int32_t newer = 0; newer < age; ++newer) {
      const int32_t k = place_of(newer);
      a += double(b.weights[k]) * product(i, k);
    }
    b.weights[i] = T(-a / product(i, i));
  }
  add_combination(b.changes, q);
}

// The second half, from the oldest to the newest, on d = - metric q: the signs of all terms are reversed.
template <class T>
void ReluJob<T>::weigh_steps(T *d) const {
  inner_products(b.changes, s.c.history, d, b.along);
  for (int32_t age = s.newton.pairs - 1; age >= 0; --age) {
    const int32_t i = place_of(age);
    double a = b.along[i];
    for (int32_t older = s.newton.pairs - 1; older > age; --older) {
      const int32_t k = place_of(older);
      a += double(b.weights[k]) * product(k, i);
    }
    b.weights[i] = T(double(b.weights[i]) - a / product(i, i));
  }
  add_combination(b.steps, d);
}

// ---- the history

// Where the pair that follows has its change: the place of the oldest.
template <class T>
T *ReluJob<T>::next_change() const {
  return b.changes + ptrdiff_t(s.length()) * ((s.newton.newest + 1) % s.c.history);
}

// After a step of this length: the pair to the place whose change holds the new gradient.
template <class T>
void ReluJob<T>::keep_pair(double step, double slope) {
  const int32_t h = s.c.history, i = (s.newton.newest + 1) % h;
  T *x = b.steps + ptrdiff_t(s.length()) * i, *y = next_change();
  by_chunks_of_vector([&](ptrdiff_t at, int32_t n) {
    for (ptrdiff_t k = at; k < at + n; ++k) {
      const T g = y[k];
      x[k] = T(step) * b.direction[k];
      y[k] = g - b.gradient[k];
      b.gradient[k] = g;
    }
  });
  double curved = 0;
  inner_products(b.steps, h, y, b.along);
  precondition(y, b.trial);
  inner_products(y, 1, b.trial, &curved);
  if (!(b.along[i] > least_curvature * step * -slope) || !(curved > 0)) {
    s.newton.pairs = min_of(s.newton.pairs, h - 1);  // the place was the oldest's
    return;
  }
  for (int32_t k = 0; k < h; ++k) product(k, i) = b.along[k];
  s.newton.scale = b.along[i] / curved;
  s.newton.newest = i;
  s.newton.pairs = min_of(s.newton.pairs + 1, h);
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
