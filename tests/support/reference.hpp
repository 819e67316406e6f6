// Plain double-precision truths that the solvers are held against, and tolerances from the unit roundoff.
#pragma once
#include <math.h>

#include <vector>

#include "typed_api.hpp"

namespace orthant::test {

// The relative KKT residual that rounding alone explains: sums of `length` terms for E'y and E'E (error at most
// length u of the products of norms; Higham 2002, section 3.1), and a Cholesky solution of order r, backward stable
// to about 4 r^2 u |E'E| |a| (section 10.1).
template <class T>
double rounding(int32_t length, int32_t r) { return (length + 4 * r * r) * unit_roundoff<T>; }

// E'E in double, with Gershgorin's bounds of its spectrum.
struct Gram {
  int32_t r;
  std::vector<double> G;
  double least = 0, most = 0;

  template <class T>
  explicit Gram(const Matrix<T> &E) : r(E.cols()), G(size_t(r) * size_t(r)) {
    for (int32_t k = 0; k < r; ++k)
      for (int32_t l = 0; l < r; ++l) {
        double s = 0;
        for (int32_t i = 0; i < E.rows(); ++i) s += double(E(i, k)) * double(E(i, l));
        G[size_t(k * r + l)] = s;
      }
    for (int32_t k = 0; k < r; ++k) {
      double off = 0;
      for (int32_t l = 0; l < r; ++l) off += l == k ? 0 : fabs((*this)(k, l));
      const double low = (*this)(k, k) - off, high = (*this)(k, k) + off;
      least = k == 0 || low < least ? low : least;
      most = high > most ? high : most;
    }
  }
  double operator()(int32_t k, int32_t l) const { return G[size_t(k * r + l)]; }
};

// The eigenvalues of a symmetric matrix, falling, and its eigenvectors, by Jacobi's rotations.
struct Eigen {
  std::vector<double> values;
  Matrix<double> vectors;

  explicit Eigen(Matrix<double> A) : values(size_t(A.rows())), vectors(identity(A.rows())) {
    const int32_t n = A.rows();
    for (int sweep = 0; sweep < 30; ++sweep)
      for (int32_t q = 1; q < n; ++q)
        for (int32_t p = 0; p < q; ++p) rotate(A, p, q);
    for (int32_t k = 0; k < n; ++k) {
      int32_t top = k;
      for (int32_t q = k; q < n; ++q) top = A(q, q) > A(top, top) ? q : top;
      std::swap(A(k, k), A(top, top));
      for (int32_t i = 0; i < n; ++i) std::swap(vectors(i, k), vectors(i, top));
      values[size_t(k)] = A(k, k);
    }
  }

 private:
  void rotate(Matrix<double> &A, int32_t p, int32_t q) {
    if (A(p, q) == 0) return;
    const double turn = (A(q, q) - A(p, p)) / (2 * A(p, q));
    const double t = (turn < 0 ? -1 : 1) / (fabs(turn) + hypot(turn, 1)), c = 1 / hypot(t, 1), s = t * c;
    const auto mix = [=](double &a, double &b) {
      const double old = a;
      a = c * old - s * b;
      b = s * old + c * b;
    };
    for (int32_t i = 0; i < A.rows(); ++i) mix(A(i, p), A(i, q)), mix(vectors(i, p), vectors(i, q));
    for (int32_t i = 0; i < A.rows(); ++i) mix(A(p, i), A(q, i));
  }
};

// The largest power of two that is no more than one over the norm of column k; 0 for a zero column.
template <class T>
double unit_of(const Matrix<T> &E, int32_t k) {
  double square = 0;
  for (int32_t i = 0; i < E.rows(); ++i) square += double(E(i, k)) * double(E(i, k));
  if (square == 0) return 0;
  return ldexp(1, ilogb(1 / sqrt(square)));
}

// What the header defines at orthant_unmix_run, of one pixel, and |min(a, g)| itself.  `units`: the spectra whose norms
// are meant, where those are not E.
struct Residual {
  double relative, natural, objective, norm2, sum;
  double absolute, e_norm;  // the largest of |min(a, g)|; the largest norm of an endmember
};
template <class T, class S>
Residual residual(const Matrix<T> &E, const Matrix<T> &Y, const Matrix<T> &A, int32_t j, bool sum_to_one,
                  bool signed_a, const Matrix<S> *units) {
  const int32_t r = E.cols();
  std::vector<double> g(size_t(r), 0.0);
  std::vector<double> unit(size_t(r), 0.0);
  double rest2 = 0, y2 = 0, fit2 = 0, e2 = 0, sum = 0;
  for (int32_t i = 0; i < E.rows(); ++i) {
    double fit = 0;
    for (int32_t k = 0; k < r; ++k) fit += double(E(i, k)) * double(A(k, j));
    const double y = double(Y(i, j)), e = fit - y;
    for (int32_t k = 0; k < r; ++k) g[size_t(k)] += double(E(i, k)) * e;
    rest2 += e * e, y2 += y * y, fit2 += fit * fit;
  }
  double level = 0, weights = 0, longest = 0, most = 0;
  for (int32_t k = 0; k < r; ++k) {
    double s = 0;
    for (int32_t i = 0; i < E.rows(); ++i) s += double(E(i, k)) * double(E(i, k));
    e2 = s > e2 ? s : e2;
    sum += double(A(k, j));
    unit[size_t(k)] = unit_of(*units, k);
    longest = unit[size_t(k)] > longest ? unit[size_t(k)] : longest;
  }
  for (int32_t k = 0; k < r; ++k) {
    double &u = unit[size_t(k)];
    if (sum_to_one && u == 0) u = longest > 0 ? longest : 1;
    if (!(A(k, j) > T(0) || signed_a)) continue;
    level += u * u * g[size_t(k)];
    weights += u * u;
    most = u > most ? u : most;
  }
  if (sum_to_one && weights > 0)
    for (double &x : g) x -= level / weights;
  double worst = 0, natural = 0, natural2 = 0;
  for (int32_t k = 0; k < r; ++k) {
    const double a = double(A(k, j)), x = signed_a || g[size_t(k)] < a ? g[size_t(k)] : a;
    natural = fabs(x) > natural ? fabs(x) : natural;
    natural2 += x * x;
    const double u = sum_to_one && unit[size_t(k)] > most ? most : unit[size_t(k)];
    if (u == 0) continue;
    const double slope = u * g[size_t(k)], scaled = signed_a || slope < a / u ? slope : a / u;
    worst = fabs(scaled) > worst ? fabs(scaled) : worst;
  }
  const double scale = sqrt(y2 > fit2 ? y2 : fit2);
  return {scale > 0 ? worst / scale : worst, sqrt(natural2), 0.5 * rest2, y2, sum, natural, sqrt(e2)};
}
template <class T>
Residual residual(const Matrix<T> &E, const Matrix<T> &Y, const Matrix<T> &A, int32_t j, bool sum_to_one,
                  bool signed_a = false) {
  return residual(E, Y, A, j, sum_to_one, signed_a, &E);
}

// The exact minimiser of 1/2 |y - E a|^2 over a >= 0 (and 1'a = 1), by trying every support; returns its
// objective.  Singular supports are passed over: a smaller one is as good.
template <class T>
double brute_force(const Matrix<T> &E, const Gram &gram, const Matrix<T> &Y, int32_t j, bool sum_to_one,
                   std::vector<double> *best) {
  const int32_t r = E.cols();
  std::vector<double> f(size_t(r), 0.0), M, x;
  double y2 = 0, least = -1;
  for (int32_t i = 0; i < E.rows(); ++i) {
    const double y = double(Y(i, j));
    y2 += y * y;
    for (int32_t k = 0; k < r; ++k) f[size_t(k)] += double(E(i, k)) * y;
  }
  best->assign(size_t(r), 0.0);
  if (!sum_to_one) least = 0.5 * y2;
  for (int32_t set = 1; set < 1 << r; ++set) {
    int32_t index[16], n = 0;
    for (int32_t k = 0; k < r; ++k)
      if (set >> k & 1) index[n++] = k;
    const int32_t q = sum_to_one ? n + 1 : n, w = q + 1;  // the system with its right-hand side
    M.assign(size_t(q * w), 0.0);
    const auto at = [&](int32_t a, int32_t b) -> double & { return M[size_t(a * w + b)]; };
    for (int32_t a = 0; a < n; ++a) {
      for (int32_t b = 0; b < n; ++b) at(a, b) = gram(index[a], index[b]);
      at(a, q) = f[size_t(index[a])];
      if (sum_to_one) at(a, n) = at(n, a) = 1;
    }
    if (sum_to_one) at(n, q) = 1;
    bool regular = true;
    for (int32_t c = 0; c < q && regular; ++c) {  // Gauss and Jordan, rows exchanged
      int32_t pivot = c;
      for (int32_t a = c; a < q; ++a)
        if (fabs(at(a, c)) > fabs(at(pivot, c))) pivot = a;
      regular = fabs(at(pivot, c)) > 1e-10;
      if (!regular) break;
      for (int32_t b = 0; b < w; ++b) {
        const double t = at(c, b);
        at(c, b) = at(pivot, b);
        at(pivot, b) = t;
      }
      for (int32_t a = 0; a < q; ++a) {
        const double t = a == c ? 0 : at(a, c) / at(c, c);
        for (int32_t b = c; b < w; ++b) at(a, b) -= t * at(c, b);
      }
    }
    if (!regular) continue;
    x.assign(size_t(r), 0.0);
    bool feasible = true;
    for (int32_t a = 0; a < n; ++a) {
      x[size_t(index[a])] = at(a, q) / at(a, a);
      feasible = feasible && x[size_t(index[a])] >= 0;
    }
    if (!feasible) continue;
    double value = 0;
    for (int32_t i = 0; i < E.rows(); ++i) {
      double e = -double(Y(i, j));
      for (int32_t k = 0; k < r; ++k) e += double(E(i, k)) * x[size_t(k)];
      value += 0.5 * e * e;
    }
    if (least < 0 || value < least) {
      least = value;
      *best = x;
    }
  }
  return least;
}

// The entries of G and f on a support, and their solution, with a multiplier of the sum where that is one.
inline Matrix<double> solution_on(const Matrix<double> &G, const Matrix<double> &f, const std::vector<int32_t> &set,
                                  bool sum_to_one) {
  const int32_t n = int32_t(set.size()), q = sum_to_one ? n + 1 : n;
  Matrix<double> M = zeros(q, q), b = zeros(q, 1);
  for (int32_t i = 0; i < n; ++i) {
    b(i, 0) = f(set[size_t(i)], 0);
    for (int32_t k = 0; k < n; ++k) M(i, k) = G(set[size_t(i)], set[size_t(k)]);
    if (sum_to_one) M(i, n) = M(n, i) = 1;
  }
  if (sum_to_one) b(n, 0) = 1;
  return solve(M, b);
}

// Endmembers with separate bumps on a common random part, so that E'E is diagonally dominant.
template <class T>
void well_conditioned(Matrix<T> &E, Random &random) {
  E.each([&](int32_t i, int32_t k) { return (i % E.cols() == k) + 0.1 * uniform(random); });
}
// Pixels of which about a third of the abundances would be negative without a constraint; none is negative.
template <class T>
void pixels_of(const Matrix<T> &E, Matrix<T> &Y, Random &random) {
  for (int32_t j = 0; j < Y.cols(); ++j) {
    std::vector<double> a(size_t(E.cols()));
    for (double &x : a) x = 1.5 * uniform(random) - 0.5;
    for (int32_t i = 0; i < Y.rows(); ++i) {
      double y = 0.1 * normal(random);
      for (int32_t k = 0; k < E.cols(); ++k) y += double(E(i, k)) * a[size_t(k)];
      Y(i, j) = T(y > 0 ? y : 0);
    }
  }
}

// Unmixing with endmembers E, in a workspace of just the bytes asked for.
template <class T>
class Unmixer {
 public:
  static orthant_unmix_config config(const Matrix<T> &E, int32_t method, bool sum_to_one) {
    orthant_unmix_config c{};
    c.size = sizeof c;
    c.bands = E.rows();
    c.endmembers = E.cols();
    c.sum_to_one = sum_to_one;
    c.method = method;
    return c;
  }
  Unmixer(const Matrix<T> &E, const orthant_unmix_config &c)
      : placed_(Api<T>::unmix_size, [&](const orthant_unmix_config *config, void *memory, size_t bytes, auto **handle) {
          return Api<T>::unmix_init(config, E.data(), E.ld(), memory, bytes, handle);
        }, c) {
    EXPECT_EQ(placed_.status, ORTHANT_OK);
  }
  orthant_status run(const Matrix<T> &Y, Matrix<T> &A, orthant_report *r = nullptr) { return run(view(Y), A, r); }
  orthant_status run(const typename Api<T>::Matrix &Y, Matrix<T> &A, orthant_report *r = nullptr) {
    return Api<T>::unmix_run(handle(), &Y, A.data(), A.ld(), r);
  }
  orthant_status check(const Matrix<T> &Y, const Matrix<T> &A, T *rms, T *kkt, orthant_report *r) {
    return check(view(Y), A, rms, kkt, r);
  }
  orthant_status check(const typename Api<T>::Matrix &Y, const Matrix<T> &A, T *rms, T *kkt, orthant_report *r) {
    return Api<T>::unmix_check(handle(), &Y, A.data(), A.ld(), rms, kkt, r);
  }
  typename Api<T>::Unmix *handle() const { return placed_.get(); }

 private:
  Placed<typename Api<T>::Unmix> placed_;
};

}  // namespace orthant::test
