// Losses between a matrix and its target, and their gradients (algorithms.md, "NALMU").  The vectors whose angle is
// taken are the columns, or the rows where `rows` is set.
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

enum class LossKind : int32_t { none = -1, l2 = 1, mse, nmse, angle, negcos };

// l2 |X-G|^2;  mse: over the count;  nmse: over |G|^2.  D += weight * gradient; the weighted loss.
template <class T>
double square_loss(LossKind kind, double weight, Mat<const T> X, Mat<const T> G, Mat<T> D) {
  double scale = weight;
  if (kind == LossKind::mse) scale /= double(X.rows) * double(X.cols);
  if (kind == LossKind::nmse) {
    double g2 = 0;
    for (int32_t j = 0; j < G.cols; ++j)
      for (int32_t i = 0; i < G.rows; ++i) g2 += double(G(i, j)) * double(G(i, j));
    scale = g2 > 0 ? scale / g2 : 0;
  }
  const T twice = T(2 * scale);
  constexpr int32_t lanes = 16;
  double sum = 0;
  for (int32_t j = 0; j < X.cols; ++j) {
    const T *x = X.col(j), *g = G.col(j);
    T *d = D.col(j);
    T s[lanes] = {};
    int32_t i = 0;
    for (; i + lanes <= X.rows; i += lanes)
      for (int32_t u = 0; u < lanes; ++u) {
        const T e = x[i + u] - g[i + u];
        s[u] += e * e;
        d[i + u] += twice * e;
      }
    for (; i < X.rows; ++i) {
      const T e = x[i] - g[i];
      s[0] += e * e;
      d[i] += twice * e;
    }
    for (int32_t u = 0; u < lanes; ++u) sum += double(s[u]);
  }
  return scale * sum;
}

// The mean over the vectors of the angle atan2(s, c), or of -c:  u = x/|x|, v = g/|g|, c = u'v, s = |v - c u|;
// gradients -(v - c u) / (s |x|) and -(v - c u) / |x|.  A vector of zeros has none.
template <class T>
double angle_loss(LossKind kind, double weight, Mat<const T> X, Mat<const T> G, Mat<T> D, bool rows) {
  const int32_t count = rows ? X.rows : X.cols, length = rows ? X.cols : X.rows;
  const auto at = [rows](auto M, int32_t i, int32_t j) -> auto & { return rows ? M(j, i) : M(i, j); };
  double sum = 0;
  for (int32_t j = 0; j < count; ++j) {
    double xx = 0, gg = 0, xg = 0;
    for (int32_t i = 0; i < length; ++i) {
      const double x = double(at(X, i, j)), g = double(at(G, i, j));
      xx += x * x;
      gg += g * g;
      xg += x * g;
    }
    if (!(xx > 0) || !(gg > 0)) continue;
    const double nx = sqrt(xx), ng = sqrt(gg), c = xg / (nx * ng);
    double ss = 0;
    for (int32_t i = 0; i < length; ++i) {
      const double e = double(at(G, i, j)) / ng - c * double(at(X, i, j)) / nx;
      ss += e * e;
    }
    const double s = sqrt(ss), step = weight / count / nx / (kind == LossKind::angle ? max_of(s, 1e-12) : 1.0);
    sum += kind == LossKind::angle ? atan2(s, c) : -c;
    for (int32_t i = 0; i < length; ++i)
      at(D, i, j) -= T(step * (double(at(G, i, j)) / ng - c * double(at(X, i, j)) / nx));
  }
  return weight * sum / count;
}

template <class T>
double loss(LossKind kind, double weight, Mat<const T> X, Mat<const T> G, Mat<T> D, bool rows) {
  if (kind == LossKind::none || weight == 0) return 0;
  return kind >= LossKind::angle ? angle_loss(kind, weight, X, G, D, rows) : square_loss(kind, weight, X, G, D);
}

}  // namespace orthant
