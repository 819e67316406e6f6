// Fully constrained least squares: abundances that are nonnegative and sum to one.  Runs on hosts and on bare metal.
#include <math.h>

#include "reference.hpp"

namespace orthant::test {
namespace {

template <class T>
class Fcls : public testing::Test {
 protected:
  Random random{30};

  static orthant_report unmix(const Matrix<T> &E, const Matrix<T> &Y, Matrix<T> &A) {
    orthant_report r = empty_report();
    EXPECT_EQ(Unmixer<T>(E, Unmixer<T>::config(E, 0, true)).run(Y, A, &r), ORTHANT_OK);
    EXPECT_TRUE(A.intact());
    return r;
  }
  // Nonnegative, of sum one to r roundings of each entry, and a KKT point.
  static void expect_solution(const Matrix<T> &E, const Matrix<T> &Y, const Matrix<T> &A, double slack = 1) {
    const int32_t r = E.cols();
    for (int32_t j = 0; j < Y.cols(); ++j) {
      const Residual mine = residual(E, Y, A, j, true);
      for (int32_t k = 0; k < r; ++k) EXPECT_TRUE(A(k, j) >= T(0));
      EXPECT_NEAR(mine.sum, 1, 4 * r * unit_roundoff<T>) << " pixel " << j;
      // A black pixel has no size of its own: what rounds are the products of E'E with abundances of sum one.
      const double scale = mine.e_norm * (mine.e_norm + sqrt(mine.norm2));
      EXPECT_LE(mine.absolute, slack * rounding<T>(E.rows(), r) * scale) << " pixel " << j;
    }
  }
  // The entries follow the gradient's error by the inverse of the smallest eigenvalue.
  static void expect_brute_force(const Matrix<T> &E, const Matrix<T> &Y, const Matrix<T> &A, const Gram &G,
                                 double least) {
    for (int32_t j = 0; j < Y.cols(); ++j) {
      std::vector<double> best;
      brute_force(E, G, Y, j, true, &best);
      const double y = sqrt(residual(E, Y, A, j, true).norm2), e = sqrt(G.most);
      const double far = 2 * rounding<T>(E.rows(), E.cols()) * e * (e + y) / least;
      for (int32_t k = 0; k < E.cols(); ++k) EXPECT_NEAR(A(k, j), best[size_t(k)], far) << " pixel " << j;
    }
  }
};
TYPED_TEST_SUITE(Fcls, Types, TypeNames);

TYPED_TEST(Fcls, EverySupportTriedIsNoBetter) {
  using T = TypeParam;
  for (int32_t r = 1; r <= 6; ++r) {
    SCOPED_TRACE(std::to_string(r) + " endmembers");
    Matrix<T> E(4 * r + 5, r), Y(4 * r + 5, 12), A(r, 12);
    well_conditioned(E, this->random);
    pixels_of(E, Y, this->random);
    const Gram G(E);
    ASSERT_TRUE(G.least > 0);
    const orthant_report report = this->unmix(E, Y, A);
    EXPECT_EQ(report.stop, ORTHANT_STOP_KKT);
    EXPECT_LE(report.kkt, rounding<T>(4 * r + 5, r));
    this->expect_solution(E, Y, A);
    this->expect_brute_force(E, Y, A, G, G.least);
  }
}

TYPED_TEST(Fcls, ManyEndmembers) {
  using T = TypeParam;
  for (int32_t r : {12, 20}) {
    Matrix<T> E(60, r), Y(60, 10), A(r, 10);
    well_conditioned(E, this->random);
    pixels_of(E, Y, this->random);
    this->unmix(E, Y, A);
    this->expect_solution(E, Y, A);
  }
}

// Mixtures come back, also those on a face and in a corner.
// Spectra whose norms are far apart, and pixels that are mixtures of some of them: no spectrum's size hides another.
TYPED_TEST(Fcls, SpectraOfAnySize) {
  using T = TypeParam;
  const int32_t bands = 20, r = 5, pixels = 30;
  for (const int32_t ratio : {3, 6}) {
    SCOPED_TRACE("sizes 1e" + std::to_string(ratio) + " apart");
    Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), truth(r, pixels);
    well_conditioned(E, this->random);
    for (int32_t k : {1, 3})
      for (int32_t i = 0; i < bands; ++i) E(i, k) = T(double(E(i, k)) * pow(10, ratio));
    // Mixtures of the short alone, and of all.
    for (int32_t j = 0; j < pixels; ++j) {
      double sum = 0;
      std::vector<double> a(size_t(r), 0.0);
      for (int32_t k = 0; k < r; ++k) sum += a[size_t(k)] = (j % 3 != 0 && k % 2 == 1) ? 0 : 0.1 + uniform(this->random);
      for (int32_t k = 0; k < r; ++k) truth(k, j) = T(a[size_t(k)] / sum);
      for (int32_t i = 0; i < bands; ++i) {
        double y = 0;
        for (int32_t k = 0; k < r; ++k) y += double(E(i, k)) * a[size_t(k)] / sum;
        Y(i, j) = T(y);
      }
    }
    const orthant_report report = this->unmix(E, Y, A);
    EXPECT_LE(report.kkt, 8 * rounding<T>(bands, r));
    for (int32_t j = 0; j < pixels; ++j) {
      double sum = 0;
      for (int32_t k = 0; k < r; ++k) sum += double(A(k, j));
      EXPECT_NEAR(sum, 1, 4 * r * unit_roundoff<T>);
      // The pixel itself was rounded, by its size.
      const double far = 64 * rounding<T>(bands, r) * (j % 3 == 0 ? pow(10, ratio) : 1);
      for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(A(k, j), truth(k, j), far) << "pixel " << j << ", entry " << k;
    }
  }
}

TYPED_TEST(Fcls, KnownAbundances) {
  using T = TypeParam;
  const int32_t bands = 28, r = 4, pixels = 15;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), truth(r, pixels);
  well_conditioned(E, this->random);
  const Gram G(E);
  for (int32_t j = 0; j < pixels; ++j) {
    double sum = 0;
    for (int32_t k = 0; k < r; ++k) {
      const bool present = j < r ? j == k : j < 2 * r ? j - r != k : true;
      truth(k, j) = T(present ? 0.1 + uniform(this->random) : 0);
      sum += double(truth(k, j));
    }
    for (int32_t k = 0; k < r; ++k) truth(k, j) = T(double(truth(k, j)) / sum);
    for (int32_t i = 0; i < bands; ++i) {
      double y = 0;
      for (int32_t k = 0; k < r; ++k) y += double(E(i, k)) * double(truth(k, j));
      Y(i, j) = T(y);
    }
  }
  this->unmix(E, Y, A);
  this->expect_solution(E, Y, A);
  const double far = 2 * rounding<T>(bands, r) * G.most / G.least;
  for (int32_t j = 0; j < pixels; ++j)
    for (int32_t k = 0; k < r; ++k) EXPECT_NEAR(A(k, j), truth(k, j), far);
}

// A dark endmember takes what the others leave: the only way to explain a pixel that is too dim.
TYPED_TEST(Fcls, Shade) {
  using T = TypeParam;
  const int32_t bands = 21, r = 4, pixels = 14;
  for (int32_t dark = 0; dark < r; ++dark) {
    SCOPED_TRACE(std::to_string(dark) + " is dark");
    Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), lit(bands, r - 1);
    well_conditioned(lit, this->random);
    E.each([&](int32_t i, int32_t k) { return k == dark ? T(0) : lit(i, k < dark ? k : k - 1); });
    pixels_of(E, Y, this->random);
    for (int32_t i = 0; i < bands; ++i) {
      Y(i, 0) = T(0);
      Y(i, 1) = T(0.5) * lit(i, 0);
    }
    const Gram G(E), others(lit);
    this->unmix(E, Y, A);
    this->expect_solution(E, Y, A);
    EXPECT_NEAR(A(dark, 0), 1, 4 * r * unit_roundoff<T>);
    EXPECT_NEAR(A(dark, 1), 0.5, 4 * rounding<T>(bands, r) * others.most / others.least);
    // On the plane of sum one the curvature is that of the others, less at most r by the dependent entry.
    this->expect_brute_force(E, Y, A, G, others.least / r);
  }
}

// The share of a material that is listed twice may fall to either; the fit and the sum of both are unique.
TYPED_TEST(Fcls, DuplicatedEndmembers) {
  using T = TypeParam;
  const int32_t bands = 25, r = 5, pixels = 16;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels), once(bands, 3), B(3, pixels);
  well_conditioned(once, this->random);
  const int32_t source[r] = {0, 1, 1, 2, 0};
  E.each([&](int32_t i, int32_t k) { return once(i, source[k]); });
  pixels_of(once, Y, this->random);
  const Gram G(once);
  this->unmix(E, Y, A);
  this->unmix(once, Y, B);
  this->expect_solution(E, Y, A, 2);
  this->expect_solution(once, Y, B);
  for (int32_t j = 0; j < pixels; ++j) {
    double sum[3] = {0, 0, 0};
    for (int32_t k = 0; k < r; ++k) sum[source[k]] += double(A(k, j));
    const double y = sqrt(residual(once, Y, B, j, true).norm2), e = sqrt(G.most);
    for (int32_t k = 0; k < 3; ++k)
      EXPECT_NEAR(sum[k], B(k, j), 4 * rounding<T>(bands, r) * e * (e + y) / G.least) << " pixel " << j;
  }
}

TYPED_TEST(Fcls, AllEndmembersEqual) {
  using T = TypeParam;
  const int32_t bands = 9, r = 3, pixels = 5;
  for (const double level : {0.0, 0.7}) {
    Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
    E.each([&](int32_t i, int32_t) { return level * (1 + i % 2); });
    Y.fill_uniform(this->random);
    this->unmix(E, Y, A);
    this->expect_solution(E, Y, A, 2);
  }
}

// A band in which all endmembers are equal and the pixel is far brighter says nothing about the abundances, but what solves
// the equations before the sum is held is as much larger than that sum.
TYPED_TEST(Fcls, OneBrightBand) {
  using T = TypeParam;
  const int32_t bands = 30, r = 5, pixels = 60;
  Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
  well_conditioned(E, this->random);
  for (int32_t k = 0; k < r; ++k) E(0, k) = T(1);
  pixels_of(E, Y, this->random);
  for (int32_t j = 0; j < pixels; ++j) Y(0, j) = T(1000);
  this->unmix(E, Y, A);
  this->expect_solution(E, Y, A);
}

TYPED_TEST(Fcls, OneEndmember) {
  using T = TypeParam;
  Matrix<T> E(13, 1), Y(13, 4), A(1, 4);
  E.fill_uniform(this->random);
  Y.each([&](int32_t, int32_t j) { return j == 0 ? 0 : 5 * uniform(this->random) - 1; });
  this->unmix(E, Y, A);
  for (int32_t j = 0; j < 4; ++j) EXPECT_EQ(A(0, j), T(1));
}

TYPED_TEST(Fcls, FewerBandsThanEndmembers) {
  using T = TypeParam;
  for (int32_t bands : {1, 2, 3}) {
    const int32_t r = 5, pixels = 9;
    SCOPED_TRACE(std::to_string(bands) + " bands");
    Matrix<T> E(bands, r), Y(bands, pixels), A(r, pixels);
    E.fill_uniform(this->random);
    Y.fill_uniform(this->random);
    this->unmix(E, Y, A);
    this->expect_solution(E, Y, A, 4);
  }
}

}  // namespace
}  // namespace orthant::test
