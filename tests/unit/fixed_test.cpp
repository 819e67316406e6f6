// Products in integers against those in double, within the bound of orthant/fixed.h.  Runs on hosts and on bare metal.
#include <math.h>

#include "reference.hpp"

namespace orthant::test {
namespace {

orthant_status quantize(const float *X, int32_t ldx, int32_t m, int32_t n, int16_t *Q, int32_t ldq, float *steps) {
  return orthant_fixed_quantize_i16(X, ldx, m, n, Q, ldq, steps);
}
orthant_status quantize(const float *X, int32_t ldx, int32_t m, int32_t n, int8_t *Q, int32_t ldq, float *steps) {
  return orthant_fixed_quantize_i8(X, ldx, m, n, Q, ldq, steps);
}
orthant_status project(const int16_t *E, int32_t lde, const float *se, const int16_t *Y, int32_t ldy, const float *sy,
                       int32_t m, int32_t r, int32_t n, float *B, int32_t ldb) {
  return orthant_fixed_project_i16(E, lde, se, Y, ldy, sy, m, r, n, B, ldb);
}
orthant_status project(const int8_t *E, int32_t lde, const float *se, const int8_t *Y, int32_t ldy, const float *sy,
                       int32_t m, int32_t r, int32_t n, float *B, int32_t ldb) {
  return orthant_fixed_project_i8(E, lde, se, Y, ldy, sy, m, r, n, B, ldb);
}

constexpr double half = 0.5 + 0x1p-8, u = 0x1p-24;

template <class Q>
struct Quantized {
  int32_t rows, cols, ld;
  std::vector<Q> q;
  std::vector<float> steps;
  explicit Quantized(const Matrix<float> &X, int32_t gap)
      : rows(X.rows()), cols(X.cols()), ld(X.rows() + gap), q(size_t(ld) * size_t(cols), Q(77)),
        steps(size_t(cols)) {
    EXPECT_EQ(quantize(X.data(), X.ld(), rows, cols, q.data(), ld, steps.data()), ORTHANT_OK);
  }
  int64_t at(int32_t i, int32_t j) const { return q[size_t(i) + size_t(ld) * size_t(j)]; }
};

template <class Q>
void expect_products(Random &random, int32_t bands, int32_t r, int32_t pixels, bool counts) {
  Matrix<float> E(bands, r, 3), Y(bands, pixels, 2), B(r, pixels, 1);
  E.each([&](int32_t, int32_t) { return 2 * uniform(random) - 0.5; });
  Y.each([&](int32_t, int32_t) { return counts ? uniform_int(random, -3, 100) : 0.3 * uniform(random); });
  const Quantized<Q> e(E, 2);
  Quantized<Q> y(Y, 1);
  if (counts)  // of a sensor: exact, in whatever unit
    for (int32_t j = 0; j < pixels; ++j) {
      y.steps[size_t(j)] = 1;
      for (int32_t i = 0; i < bands; ++i) y.q[size_t(i) + size_t(y.ld) * size_t(j)] = Q(Y(i, j));
    }
  ASSERT_EQ(project(e.q.data(), e.ld, e.steps.data(), y.q.data(), y.ld, counts ? nullptr : y.steps.data(), bands, r,
                    pixels, B.data(), B.ld()), ORTHANT_OK);
  EXPECT_TRUE(B.intact());
  for (int32_t j = 0; j < pixels; ++j)
    for (int32_t k = 0; k < r; ++k) {
      const double s = double(e.steps[size_t(k)]), t = double(y.steps[size_t(j)]), away = counts ? 0 : half;
      double exact = 0, y1 = 0, e1 = 0;
      int64_t whole = 0;
      for (int32_t i = 0; i < bands; ++i) {
        exact += double(E(i, k)) * double(Y(i, j));
        y1 += fabs(double(Y(i, j)));
        e1 += fabs(double(E(i, k)));
        whole += e.at(i, k) * y.at(i, j);
      }
      const double b = double(B(k, j));
      EXPECT_LE(fabs(b - double(whole) * s * t), 4 * u * fabs(b)) << bands << " bands";
      EXPECT_LE(fabs(b - exact), half * s * y1 + away * t * e1 + half * away * bands * s * t + 4 * u * fabs(b))
          << bands << " bands";
    }
}

TEST(Fixed, ProductsStayWithinTheirBound) {
  Random random(81);
  for (const int32_t bands : {1, 2, 3, 4, 5, 7, 8, 63, 198})
    for (const bool counts : {false, true}) {
      expect_products<int16_t>(random, bands, uniform_int(random, 1, 5), 3, counts);
      expect_products<int8_t>(random, bands, uniform_int(random, 1, 5), 3, counts);
    }
}

// All entries at the ends of their range: the longest sum that the type allows in few bands, and its sign.
TEST(Fixed, ExtremesDoNotOverflow) {
  const int32_t bands = 300;
  const float one = 1;
  float b = 0;
  for (const int sign : {-1, 1}) {
    std::vector<int16_t> e16(size_t(bands), int16_t(-32768)), y16(size_t(bands), int16_t(sign * 32767));
    EXPECT_EQ(project(e16.data(), bands, &one, y16.data(), bands, &one, bands, 1, 1, &b, 1), ORTHANT_OK);
    EXPECT_NEAR(double(b), -32768.0 * 32767.0 * sign * bands, 4 * u * 3.3e11);
    std::vector<int8_t> e8(size_t(bands), int8_t(-128)), y8(size_t(bands), int8_t(sign * 127));
    EXPECT_EQ(project(e8.data(), bands, &one, y8.data(), bands, &one, bands, 1, 1, &b, 1), ORTHANT_OK);
    EXPECT_NEAR(double(b), -128.0 * 127.0 * sign * bands, 4 * u * 4.9e6);
  }
}

template <class Q>
void expect_steps(Random &random, double most) {
  Matrix<float> X(41, 4, 1);
  X.each([&](int32_t, int32_t j) { return j == 2 ? 0.0 : (2 * uniform(random) - 1) * (j == 3 ? 1e-20 : 1e15); });
  const Quantized<Q> q(X, 0);
  EXPECT_EQ(q.steps[2], 0.0f);
  for (int32_t j = 0; j < 4; ++j) {
    double top = 0;
    for (int32_t i = 0; i < 41; ++i) {
      const double s = double(q.steps[size_t(j)]);
      EXPECT_LE(fabs(double(X(i, j)) - s * double(q.at(i, j))), half * s);
      top = fmax(top, fabs(double(q.at(i, j))));
    }
    EXPECT_EQ(top, j == 2 ? 0.0 : most);
  }
}
TEST(Fixed, QuantizedToHalfAStep) {
  Random random(82);
  expect_steps<int16_t>(random, 32767);
  expect_steps<int8_t>(random, 127);
}

// From products in f32 the solver finds what it finds from the pixels; from quantized ones as much as they err:
// the gradient by d, and so the abundances by sqrt(r) d over the smallest eigenvalue.
TEST(Fixed, AbundancesFromProducts) {
  Random random(83);
  const int32_t bands = 60, r = 4, pixels = 21;
  Matrix<float> E(bands, r), Y(bands, pixels), A(r, pixels), P(r, pixels), B(r, pixels);
  well_conditioned(E, random);
  pixels_of(E, Y, random);
  const Gram G(E);
  ASSERT_TRUE(G.least > 0);
  Unmixer<float> from_pixels(E, Unmixer<float>::config(E, 0, true)), unmixer(E, Unmixer<float>::config(E, 0, true));
  ASSERT_EQ(from_pixels.run(Y, A, nullptr), ORTHANT_OK);
  const Quantized<int16_t> e(E, 0), y(Y, 0);
  ASSERT_EQ(project(e.q.data(), e.ld, e.steps.data(), y.q.data(), y.ld, y.steps.data(), bands, r, pixels, B.data(),
                    B.ld()), ORTHANT_OK);
  ASSERT_EQ(orthant_unmix_products_f32(unmixer.handle(), B.data(), B.ld(), pixels, P.data(), P.ld()), ORTHANT_OK);
  for (int32_t j = 0; j < pixels; ++j) {
    double d = 0, y1 = 0, y2 = 0;
    for (int32_t i = 0; i < bands; ++i) y1 += fabs(double(Y(i, j))), y2 += double(Y(i, j)) * double(Y(i, j));
    for (int32_t k = 0; k < r; ++k) {
      const double s = double(e.steps[size_t(k)]), t = double(y.steps[size_t(j)]);
      double e1 = 0;
      for (int32_t i = 0; i < bands; ++i) e1 += fabs(double(E(i, k)));
      d = fmax(d, half * (s * y1 + t * e1) + half * half * bands * s * t);
    }
    const double size = sqrt(G.most), far = 2 * rounding<float>(bands, r) * size * (size + sqrt(y2));
    for (int32_t k = 0; k < r; ++k)
      EXPECT_NEAR(double(P(k, j)), double(A(k, j)), (sqrt(double(r)) * d + far) / G.least);
  }
  B(2, 5) = float(NAN);
  B(0, 20) = float(INFINITY);
  EXPECT_EQ(orthant_unmix_products_f32(unmixer.handle(), B.data(), B.ld(), pixels, B.data(), B.ld()), ORTHANT_E_DATA);
  for (int32_t j = 0; j < pixels; ++j)
    for (int32_t k = 0; k < r; ++k) EXPECT_TRUE(j == 5 || j == 20 ? B(k, j) != B(k, j) : B(k, j) >= 0);  // in place
}

TEST(Fixed, Refusals) {
  float x[4] = {1, 2, 3, float(INFINITY)}, step[2] = {5, 5}, b[4];
  int16_t q[4] = {7, 7, 7, 7};
  int8_t small[4] = {1, 2, 3, 4};
  EXPECT_EQ(quantize(x, 2, 2, 2, q, 2, step), ORTHANT_E_DATA);
  EXPECT_TRUE(q[0] == 7 && q[3] == 7 && step[0] == 5);
  EXPECT_EQ(quantize(x, 1, 2, 1, q, 2, step), ORTHANT_E_ARG);
  EXPECT_EQ(quantize(x, 2, 2, 1, q, 1, step), ORTHANT_E_ARG);
  EXPECT_EQ(quantize(x, 2, 2, 0, q, 2, step), ORTHANT_E_ARG);
  EXPECT_EQ(quantize(x, 2, 2, 1, q, 2, static_cast<float *>(nullptr)), ORTHANT_E_ARG);
  EXPECT_EQ(quantize(static_cast<float *>(nullptr), 2, 2, 1, q, 2, step), ORTHANT_E_ARG);
  EXPECT_EQ(project(q, 2, step, q, 2, nullptr, 2, 1, 1, b, 0), ORTHANT_E_ARG);
  EXPECT_EQ(project(q, 2, static_cast<float *>(nullptr), q, 2, nullptr, 2, 1, 1, b, 1), ORTHANT_E_ARG);
  EXPECT_EQ(project(q, 1, step, q, 2, nullptr, 2, 1, 1, b, 1), ORTHANT_E_ARG);
  EXPECT_EQ(project(small, 131072, step, small, 131072, nullptr, 131072, 1, 1, b, 1), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_unmix_products_f32(nullptr, x, 1, 1, b, 1), ORTHANT_E_ARG);

  Random random(84);
  Matrix<float> E(9, 2), B(2, 3), A(2, 3);
  well_conditioned(E, random);
  Unmixer<float> iterative(E, Unmixer<float>::config(E, ORTHANT_UNMIX_HALS, false));
  EXPECT_EQ(orthant_unmix_products_f32(iterative.handle(), B.data(), 2, 3, A.data(), 2), ORTHANT_E_UNSUPPORTED);
  Unmixer<float> exact(E, Unmixer<float>::config(E, 0, false));
  EXPECT_EQ(orthant_unmix_products_f32(exact.handle(), B.data(), 1, 3, A.data(), 2), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_unmix_products_f32(exact.handle(), B.data(), 2, 3, B.data(), 3), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
