// The correlation of the bands, its noise, and the eigenvalues that stand out (algorithms.md, "How many endmembers").
#include "dimension.hpp"

#include <initializer_list>

#include "cholesky.hpp"
#include "symmetric_eigen.hpp"

namespace orthant {
namespace {

// The largest absolute value, or not a number where an entry is not finite.
template <class T>
double greatest_entry(const Operand<T> &Y) {
  T top = 0, none = 0;
  for (int32_t j = 0; j < Y.cols(); ++j)
    for (int32_t i = 0; i < Y.rows(); ++i) {
      const T y = Y.at(i, j);
      none += y * T(0);
      top = max_of(top, abs_of(y));
    }
  return double(top + none);
}

}  // namespace

template <class T>
void Dimension<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(bands);
  carve.take<Dimension<T>>(1);
  for (Sum **square : {&b.R, &b.S, &b.X, &b.Q}) *square = carve.take<Sum>(n, n);
  for (Sum **vector : {&b.mean, &b.noise, &b.d, &b.e, &b.w}) *vector = carve.take<Sum>(n);
}

namespace {

// One call.  Sums are taken in double: what noise leaves of an eigenvalue is small beside the largest.
template <class T>
struct DimensionJob {
  using Sum = typename Dimension<T>::Sum;
  const Dimension<T> &s;
  const Operand<T> &Y;
  DimensionBlocks<T> b{};
  int32_t n;
  Sum scale = 1;  // of the entries, so that squares neither overflow nor vanish

  DimensionJob(const Dimension<T> &config, Carver &carve, const Operand<T> &data) : s(config), Y(data), n(s.bands) {
    s.layout(carve, b);
  }

  Sum &at(Sum *A, int32_t i, int32_t j) const { return A[i + ptrdiff_t(j) * n]; }

  // R <- Y Y' / pixels and the mean.  Each task has some columns of R and passes over all pixels.
  void correlate() const {
    constexpr int32_t width = 16;
    const Sum share = Sum(1) / Sum(Y.cols());
    parallel_blocks(s.par, n, width, [&](Range cols, int32_t) {
      for (int32_t k = cols.from; k < cols.to; ++k) {
        b.mean[k] = Sum(0);
        for (int32_t i = k; i < n; ++i) at(b.R, i, k) = Sum(0);
      }
      for (int32_t j = 0; j < Y.cols(); j += 4) add_pixels(cols, j, min_of(4, Y.cols() - j));
      for (int32_t k = cols.from; k < cols.to; ++k) {
        b.mean[k] *= share;
        for (int32_t i = k; i < n; ++i) at(b.R, i, k) *= share;
      }
    });
    for (int32_t k = 0; k < n; ++k)
      for (int32_t i = k + 1; i < n; ++i) at(b.R, k, i) = at(b.R, i, k);
  }

  // Four pixels at once: one reading of R for each.  Past the last pixel the factors are zero.
  void add_pixels(Range cols, int32_t j, int32_t count) const {
    const T *y[4];
    for (int32_t q = 0; q < 4; ++q) y[q] = Y.dense().col(j + min_of(q, count - 1));
    for (int32_t k = cols.from; k < cols.to; ++k) {
      Sum f[4];
      for (int32_t q = 0; q < 4; ++q) {
        const Sum value = q < count ? scale * Sum(y[q][k]) : Sum(0);
        b.mean[k] += value;
        f[q] = scale * value;
      }
      Sum *r = b.R + ptrdiff_t(k) * n;
      for (int32_t i = k; i < n; ++i)
        r[i] += (f[0] * Sum(y[0][i]) + f[1] * Sum(y[1][i])) + (f[2] * Sum(y[2][i]) + f[3] * Sum(y[3][i]));
    }
  }

  // X <- (A + ridge I)^-1; S and Q are used up.  Differs: a ridge of 1e-10 times the mean of the diagonal, where the
  // authors' code has 1e-6 whatever the unit.
  void invert(const Sum *A) const {
    Sum trace = 0;
    for (int32_t i = 0; i < n; ++i) trace += A[i + ptrdiff_t(i) * n];
    const Sum ridge = max_of(Sum(1e-10), Sum(4) * Real<Sum>::eps) * trace / Sum(n);
    for (ptrdiff_t i = 0; i < ptrdiff_t(n) * n; ++i) b.X[i] = A[i];
    for (int32_t i = 0; i < n; ++i) at(b.X, i, i) += ridge;
    cholesky(n, b.X, n, static_cast<const int32_t *>(nullptr), b.S, n);
    lower_inverse(n, b.S, n, b.Q, n);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = j; i < n; ++i) {
        Sum sum = 0;
        for (int32_t k = i; k < n; ++k) sum += at(b.Q, k, i) * at(b.Q, k, j);
        at(b.X, i, j) = sum;
        at(b.X, j, i) = sum;
      }
  }
  // What regression of each band on all others leaves has the variance 1 / (A^-1)_ii.
  void estimate_noise(const Sum *A) const {
    invert(A);
    for (int32_t i = 0; i < n; ++i) b.noise[i] = Sum(1) / at(b.X, i, i);
  }

  void hysime(double *power, double *limit) const {
    // The correlation of what is no noise: with N the noise variances and P = R^-1, R - 2 N + N P N.
    Sum trace = 0;
    for (int32_t j = 0; j < n; ++j) {
      for (int32_t i = 0; i < n; ++i) at(b.S, i, j) = at(b.R, i, j) + b.noise[i] * at(b.X, i, j) * b.noise[j];
      at(b.S, j, j) -= Sum(2) * b.noise[j];
      trace += at(b.S, j, j);
    }
    symmetric_eigen(n, b.S, b.Q, b.d, b.e, b.w);
    const Sum least = trace / Sum(n) * Sum(1e-5);  // the authors': noise is never less than that
    parallel_for(s.par, n, [&](int32_t k, int32_t) {
      const Sum *q = b.Q + ptrdiff_t(k) * n;
      Sum of_data = 0, of_noise = least;
      for (int32_t j = 0; j < n; ++j) {
        Sum dot = 0;
        for (int32_t i = 0; i < n; ++i) dot += q[i] * at(b.R, i, j);
        of_data += q[j] * dot;
        of_noise += q[j] * q[j] * b.noise[j];
      }
      power[k] = double(of_data);
      limit[k] = 2 * double(of_noise);
    });
    sort_falling(power, limit);
  }

  // The eigenvalues of A, falling.
  void eigenvalues(const Sum *A, double *values) const {
    for (ptrdiff_t i = 0; i < ptrdiff_t(n) * n; ++i) b.S[i] = A[i];
    symmetric_eigen(n, b.S, b.Q, b.d, b.e, b.w);
    for (int32_t k = 0; k < n; ++k) values[k] = double(b.d[k]);
    sort_falling(values, nullptr);
  }
  // Those of the correlation against those of the covariance, whose difference is noise but for the signal's mean.
  void hfc(double *power, double *limit) const {
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < n; ++i) at(b.X, i, j) = at(b.R, i, j) - b.mean[i] * b.mean[j];
    if (s.rule == DimensionRule::nwhfc) whiten();
    eigenvalues(b.R, power);
    eigenvalues(b.X, limit);
    const double factor = normal_tail(s.false_alarm) * sqrt_of(2.0 / Y.cols());
    for (int32_t k = 0; k < n; ++k) limit[k] += factor * sqrt_of(power[k] * power[k] + limit[k] * limit[k]);
  }
  void whiten() const {
    Sum *K = b.X;
    for (int32_t i = 0; i < n; ++i) b.d[i] = sqrt_of(b.noise[i]);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < n; ++i) {
        const Sum both = b.d[i] * b.d[j];
        at(b.R, i, j) /= both;
        at(K, i, j) /= both;
      }
  }

  void sort_falling(double *values, double *along) const {
    for (int32_t k = 0; k < n; ++k) {
      int32_t top = k;
      for (int32_t q = k + 1; q < n; ++q) top = values[q] > values[top] ? q : top;
      exchange(values[k], values[top]);
      if (along) exchange(along[k], along[top]);
    }
  }
  static void exchange(double &x, double &y) {
    const double t = x;
    x = y;
    y = t;
  }
  // t with P(normal > t) = tail, by bisection.
  static double normal_tail(double tail) {
    double low = -40, high = 40;
    for (int step = 0; step < 60; ++step) {
      const double middle = 0.5 * (low + high);
      if (0.5 * erfc(middle / 1.4142135623730951) > tail)
        low = middle;
      else
        high = middle;
    }
    return low;
  }
};

}  // namespace

template <class T>
Status Dimension<T>::run(void *base, const Operand<T> &Y, double *power, double *limit, double *noise,
                         int32_t *count) const {
  const double largest = greatest_entry(Y);
  if (!is_finite(largest)) return E_DATA;
  Carver carve(base);
  DimensionJob<T> job(*this, carve, Y);
  job.scale = Sum(scale_to_one(largest));
  job.correlate();
  job.estimate_noise(job.b.R);
  const double scale = double(job.scale);
  for (int32_t i = 0; noise && i < bands; ++i) noise[i] = double(sqrt_of(job.b.noise[i])) / scale;
  const bool whitened = rule == DimensionRule::nwhfc;
  if (rule == DimensionRule::hysime)
    job.hysime(power, limit);
  else
    job.hfc(power, limit);
  int32_t above = 0;
  for (int32_t k = 0; k < bands; ++k) {
    if (largest > 0 && power[k] > limit[k]) ++above;
    power[k] /= whitened ? 1 : scale * scale;
    limit[k] /= whitened ? 1 : scale * scale;
  }
  *count = above;
  return OK;
}

#define INSTANTIATE(T) template struct Dimension<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
