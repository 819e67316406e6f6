#include "scores.hpp"

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
        if (b.least[j] < delta) {
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

template <class T>
double spectral_angle(int32_t n, const T *a, const T *b) {
  double aa = 0, bb = 0, dot = 0, rest = 0;
  for (int32_t i = 0; i < n; ++i) {
    aa += double(a[i]) * double(a[i]);
    bb += double(b[i]) * double(b[i]);
  }
  if (!(aa > 0) || !(bb > 0)) return 1.5707963267948966;
  const double sa = 1 / sqrt(aa), sb = 1 / sqrt(bb);
  for (int32_t i = 0; i < n; ++i) dot += double(a[i]) * sa * double(b[i]) * sb;
  for (int32_t i = 0; i < n; ++i) {
    const double e = double(b[i]) * sb - dot * double(a[i]) * sa;
    rest += e * e;
  }
  return atan2(sqrt(rest), dot);
}

template <class T>
Status score(ScoreBlocks &b, int32_t n, View<T> E, View<T> E_true, View<T> A, View<T> A_true, double *angle,
             Scores *out) {
  const auto finite = [](View<T> X) {
    for (int32_t j = 0; j < X.cols; ++j)
      for (int32_t i = 0; i < X.rows; ++i)
        if (!is_finite(X(i, j))) return false;
    return true;
  };
  if (!finite(E) || !finite(E_true) || !finite(A) || !finite(A_true)) return E_DATA;
  for (int32_t i = 0; i < n; ++i)  // row i: truth; column j: estimate
    for (int32_t j = 0; j < n; ++j) {
      double cost = 0;
      if (E.data) {
        cost = spectral_angle(E.rows, E.col(j), E_true.col(i));
      } else {
        for (int32_t p = 0; p < A.cols; ++p) {
          const double e = double(A(j, p)) - double(A_true(i, p));
          cost += e * e;
        }
      }
      b.cost[i + ptrdiff_t(j) * n] = cost;
    }
  assign(n, b);
  *out = Scores{};
  for (int32_t i = 0; i < n; ++i) {
    const double t = E.data ? spectral_angle(E.rows, E.col(b.match[i]), E_true.col(i)) : 0;
    if (angle) angle[i] = t;
    out->mean_angle += t / n;
  }
  double all = 0;
  for (int32_t p = 0; p < A.cols; ++p) {
    double sum = 0;
    for (int32_t i = 0; i < n; ++i) {
      const double e = double(A(b.match[i], p)) - double(A_true(i, p));
      sum += e * e;
    }
    all += sum;
    out->armse += sqrt(sum / n) / A.cols;
  }
  if (A.cols > 0) out->rmse = sqrt(all / n / A.cols);
  return OK;
}

#define INSTANTIATE(T)                                                                                         \
  template double spectral_angle<T>(int32_t, const T *, const T *);                                            \
  template Status score<T>(ScoreBlocks &, int32_t, View<T>, View<T>, View<T>, View<T>, double *, Scores *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
