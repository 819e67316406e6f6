#include "scores.hpp"

#include "passes.hpp"

namespace orthant {

void ScoreBlocks::layout(Carver &carve, int32_t n) {
  const size_t s = size_t(n);
  cost = carve.take<double>(s, s);
  u = carve.take<double>(s + 1);
  v = carve.take<double>(s + 1);
  least = carve.take<double>(s + 1);
  row_of = carve.take<int32_t>(s + 1);
  way = carve.take<int32_t>(s + 1);
  match = carve.take<int32_t>(s);
  used = carve.take<unsigned char>(s + 1);
}

void assign(int32_t n, ScoreBlocks &b) {
  for (int32_t j = 0; j <= n; ++j) {
    b.u[j] = b.v[j] = 0;
    b.row_of[j] = -1;
  }
  for (int32_t row = 0; row < n; ++row) {
    // Column n is a dummy that holds the row to place; augment along the cheapest alternating path to a free column.
    b.row_of[n] = row;
    int32_t column = n;
    for (int32_t j = 0; j <= n; ++j) {
      b.least[j] = DBL_MAX;
      b.way[j] = n;
      b.used[j] = 0;
    }
    while (b.row_of[column] >= 0) {
      b.used[column] = 1;
      const int32_t i = b.row_of[column];
      double delta = DBL_MAX;
      int32_t next = n;
      for (int32_t j = 0; j < n; ++j) {
        if (b.used[j]) continue;
        const double reduced = b.cost[i + ptrdiff_t(j) * n] - b.u[i] - b.v[j];
        if (reduced < b.least[j]) {
          b.least[j] = reduced;
          b.way[j] = column;
        }
        // Whatever the costs, some column is next, so that the path ends.
        if (next == n || b.least[j] < delta) {
          delta = b.least[j];
          next = j;
        }
      }
      for (int32_t j = 0; j <= n; ++j) {
        if (b.used[j]) {
          b.u[b.row_of[j]] += delta;
          b.v[j] -= delta;
        } else {
          b.least[j] -= delta;
        }
      }
      column = next;
    }
    while (column != n) {
      const int32_t from = b.way[column];
      b.row_of[column] = b.row_of[from];
      column = from;
    }
  }
  for (int32_t j = 0; j < n; ++j) b.match[b.row_of[j]] = j;
}

namespace {

template <class T>
double largest_of(Mat<const T> X) {
  double largest = 0;
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i) largest = max_of(largest, double(abs_of(X(i, j))));
  return largest;
}

}  // namespace

template <class T>
double spectral_angle(int32_t n, const T *a, const T *b) {
  const double most_a = largest_of<T>({a, n, 1, n}), most_b = largest_of<T>({b, n, 1, n});
  if (!(most_a > 0) || !(most_b > 0)) return 1.5707963267948966;
  const double ka = scale_of(most_a), kb = scale_of(most_b);
  const auto at_a = [&](int32_t i) { return double(a[i]) * ka; };
  const auto at_b = [&](int32_t i) { return double(b[i]) * kb; };
  double aa = 0, bb = 0, dot = 0, rest = 0;
  for (int32_t i = 0; i < n; ++i) {
    aa += at_a(i) * at_a(i);
    bb += at_b(i) * at_b(i);
  }
  const double sa = 1 / sqrt(aa), sb = 1 / sqrt(bb);
  for (int32_t i = 0; i < n; ++i) dot += at_a(i) * sa * at_b(i) * sb;
  for (int32_t i = 0; i < n; ++i) {
    const double e = at_b(i) * sb - dot * at_a(i) * sa;
    rest += e * e;
  }
  return atan2(sqrt(rest), dot);
}

namespace {

// Abundances and their truth, scaled so that squares neither overflow nor vanish.
template <class T>
struct Abundance {
  Mat<const T> A, truth;
  double scale;
  Abundance(Mat<const T> estimate, Mat<const T> A_true) : A(estimate), truth(A_true) {
    const double largest = max_of(largest_of(A), largest_of(truth));
    scale = largest > 0 ? scale_of(largest) : 1;
  }
  double squared_difference(int32_t estimate, int32_t of, int32_t pixel) const {
    const double e = double(A(estimate, pixel)) * scale - double(truth(of, pixel)) * scale;
    return e * e;
  }
  // Root mean squares over all entries, and for each pixel, averaged; match: the estimate of each row of the truth.
  void compare(int32_t n, const int32_t *match, Scores *out) const {
    double all = 0;
    for (int32_t p = 0; p < A.cols; ++p) {
      double sum = 0;
      for (int32_t i = 0; i < n; ++i) sum += squared_difference(match[i], i, p);
      all += sum;
      out->armse += sqrt(sum / n) / A.cols;
    }
    out->armse /= scale;
    if (A.cols > 0) out->rmse = sqrt(all / n / A.cols) / scale;
  }
};

}  // namespace

template <class T>
Status score(ScoreBlocks &b, int32_t n, View<T> E, View<T> E_true, View<T> A, View<T> A_true, double *angle,
             Scores *out) {
  if (!all_finite<T>(E) || !all_finite<T>(E_true) || !all_finite<T>(A) || !all_finite<T>(A_true)) return E_DATA;
  const Abundance<T> abundance(A, A_true);
  for (int32_t i = 0; i < n; ++i)  // row i: truth; column j: estimate
    for (int32_t j = 0; j < n; ++j) {
      double &cost = b.cost[i + ptrdiff_t(j) * n];
      cost = E.data ? spectral_angle(E.rows, E.col(j), E_true.col(i)) : 0;
      for (int32_t p = 0; p < A.cols && !E.data; ++p) cost += abundance.squared_difference(j, i, p);
    }
  assign(n, b);
  *out = Scores{};
  for (int32_t i = 0; i < n; ++i) {
    const double t = E.data ? spectral_angle(E.rows, E.col(b.match[i]), E_true.col(i)) : 0;
    if (angle) angle[i] = t;
    out->mean_angle += t / n;
  }
  abundance.compare(n, b.match, out);
  return OK;
}

#define INSTANTIATE(T)                                                                                         \
  template double spectral_angle<T>(int32_t, const T *, const T *);                                            \
  template Status score<T>(ScoreBlocks &, int32_t, View<T>, View<T>, View<T>, View<T>, double *, Scores *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
