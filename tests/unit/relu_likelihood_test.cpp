// What cannot be seen from outside: EM's variance, and with it the likelihood that must never fall.
#include <gtest/gtest.h>

#include <cmath>

#include "random.hpp"
#include "relu_nmd.hpp"

namespace orthant::test {
namespace {

// sum log N(M; Theta, sigma^2) where M > 0, sum log Phi(-Theta / sigma) elsewhere
double log_likelihood(const std::vector<double> &M, const std::vector<double> &U, const std::vector<double> &V, int32_t m, int32_t n,
                      int32_t r, double sigma2) {
  double sum = 0;
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) {
      double t = 0;
      for (int32_t k = 0; k < r; ++k) t += U[size_t(i + m * k)] * V[size_t(k + r * j)];
      const double x = M[size_t(i + m * j)];
      if (x > 0) sum -= 0.5 * std::log(6.283185307179586 * sigma2) + 0.5 * (x - t) * (x - t) / sigma2;
      else sum += std::log(0.5 * std::erfc(t / std::sqrt(2 * sigma2)));
    }
  return sum;
}

TEST(ReluLikelihood, NeverFalls) {
  const int32_t m = 40, n = 60, r = 4;
  Random random(3);
  std::vector<double> A(size_t(m * r)), B(size_t(r * n)), M(size_t(m * n)), U(size_t(m * r)), V(size_t(r * n));
  for (double &x : A) x = normal(random);
  for (double &x : B) x = normal(random);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) {
      double x = normal(random);
      for (int32_t k = 0; k < r; ++k) x += A[size_t(i + m * k)] * B[size_t(k + r * j)];
      M[size_t(i + m * j)] = std::max(0.0, x);
    }
  ReluNmd<double> s;
  s.c.rows = m, s.c.cols = n, s.c.rank = r, s.c.method = ReluMethod::em, s.c.svd_steps = 1, s.c.outer.max_iter = 1;
  Carver measure;
  ReluNmd<double>::Blocks blocks;
  s.layout(measure, blocks);
  size_t bytes = 0;
  ASSERT_TRUE(measure.total(&bytes));
  std::vector<unsigned char> memory(bytes);
  void *base = Carver::align(memory.data(), bytes, bytes);
  memcpy(base, static_cast<void *>(&s), sizeof s);
  auto *em = static_cast<ReluNmd<double> *>(base);
  const Operand<double> data(Mat<const double>{M.data(), m, n, m});
  const Mat<double> u{U.data(), m, r, m}, v{V.data(), r, n, r};
  ASSERT_EQ(em->start(base, data, u, v), OK);
  double last = -HUGE_VAL;
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(em->run(base, data, u, v, nullptr), OK);
    const double now = log_likelihood(M, U, V, m, n, r, em->sigma2);
    EXPECT_GE(now, last - 1e-10 * std::fabs(now)) << "iteration " << i;  // of 2400 terms, each to a few roundings
    last = now;
  }
  EXPECT_LT(em->sigma2, 1.5);  // of the noise that was added: 1
  EXPECT_GT(em->sigma2, 0.5);
}

}  // namespace
}  // namespace orthant::test
