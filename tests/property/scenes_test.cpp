// What holds for every unmixing, extraction, score and synthetic scene.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "reference.hpp"

namespace orthant::test {
namespace {

template <class T>
class Scenes : public testing::Test {};
TYPED_TEST_SUITE(Scenes, Types, TypeNames);

// Y = E A + noise, A on the simplex, with a pure pixel of every endmember at `pure`.
template <class T>
struct Mixture {
  int32_t m, n, r;
  Matrix<T> E, A, Y;
  std::vector<int32_t> pure;
  Mixture(int32_t bands, int32_t pixels, int32_t endmembers, double noise, uint64_t seed)
      : m(bands), n(pixels), r(endmembers), E(m, r), A(r, n), Y(m, n), pure(size_t(r)) {
    Random random(seed);
    E.fill_uniform(random, 0.05);
    for (int32_t j = 0; j < n; ++j) {
      double sum = 0;
      std::vector<double> a(size_t(r), 0.0);
      for (double &x : a) sum += x = -log(1 - uniform(random));  // uniform on the simplex
      for (int32_t k = 0; k < r; ++k) A(k, j) = T(a[size_t(k)] / sum);
    }
    for (int32_t k = 0; k < r; ++k) {
      pure[size_t(k)] = int32_t((int64_t(k) * n) / r + n / (2 * r));
      for (int32_t l = 0; l < r; ++l) A(l, pure[size_t(k)]) = T(l == k);
    }
    const Matrix<double> EA = E * A;
    Y.each([&](int32_t i, int32_t j) { return noise * normal(random) + EA(i, j); });
  }
};

template <class T>
orthant_status unmix(const Mixture<T> &s, int32_t method, int32_t sum_to_one, Matrix<T> &A, orthant_report *r,
                     std::vector<T> *kkt = nullptr, orthant_report *checked = nullptr) {
  orthant_unmix_config c = Unmixer<T>::config(s.E, method, sum_to_one);
  c.max_iter = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_MU ? 200000 : 0;
  if (method == ORTHANT_UNMIX_MU) c.max_iter = 2000, c.tol = 1e-3;
  Unmixer<T> unmixer(s.E, c);
  A = Matrix<T>(s.r, s.n).fill(-1);
  const orthant_status st = unmixer.run(s.Y, A, r);
  EXPECT_TRUE(A.intact());
  if (kkt) {
    kkt->assign(size_t(s.n), T(-1));
    EXPECT_EQ(unmixer.check(s.Y, A, nullptr, kkt->data(), checked), ORTHANT_OK);
  }
  return st;
}

// ---- Unmixing -------------------------------------------------------------------------------------------------------

TYPED_TEST(Scenes, AbundancesAreFeasibleAndOptimal) {
  using T = TypeParam;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const Mixture<T> s(30, 301, 5, 0.05, seed);
    const std::vector<int32_t> free_methods = {1, 2, 3, 4, 5, 7}, sum_methods = {2, 7};
    for (int32_t sum = 0; sum <= 1; ++sum)
      for (const int32_t method : sum ? sum_methods : free_methods) {
        SCOPED_TRACE(testing::Message() << "method " << method << " sum " << sum << " seed " << seed);
        Matrix<T> A(0, 0);
        std::vector<T> kkt;
        orthant_report r = empty_report(), checked = empty_report();
        ASSERT_EQ(unmix(s, method, sum, A, &r, &kkt, &checked), ORTHANT_OK);
        const bool iterative = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_FAST_PG;
        // The exact methods: rounding of a Gram matrix of 30 bands.  The others: the stated tolerance beside it.
        const double tol = 30 * eps<T> + (iterative ? (sizeof(T) == 4 ? 1e-6 : 1e-12) : 0);
        EXPECT_LE(checked.kkt, tol);
        EXPECT_NEAR(r.kkt, checked.kkt, 30 * eps<T>);
        EXPECT_EQ(double(*std::max_element(kkt.begin(), kkt.end())), checked.kkt);
        EXPECT_EQ(double(kkt[size_t(checked.worst)]), checked.kkt);
        EXPECT_NEAR(r.objective, checked.objective, 1e-3 * checked.objective);
        EXPECT_NEAR(r.rel_error, checked.rel_error, 1e-3 * checked.rel_error);
        for (int32_t j = 0; j < s.n; ++j) {
          double total = 0;
          for (int32_t k = 0; k < s.r; ++k) {
            total += double(A(k, j));
            if (method != ORTHANT_UNMIX_UNCONSTRAINED) {
              ASSERT_GE(A(k, j), T(0));
            }
          }
          if (sum) {
            ASSERT_NEAR(total, 1, 4 * s.r * eps<T>);
          }
        }
      }
  }
}

// Two exact methods that share little code find the same point; the approximate one is no better than the exact.
TYPED_TEST(Scenes, MethodsAgree) {
  using T = TypeParam;
  const Mixture<T> s(30, 200, 6, 0.1, 9);
  Matrix<T> bpp(0, 0), active(0, 0), other(0, 0);
  orthant_report r = empty_report(), fcls = empty_report(), clip = empty_report();
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_BPP, 0, bpp, &r), ORTHANT_OK);
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_ACTIVE_SET, 0, active, &r), ORTHANT_OK);
  // The condition of these Gram matrices is below 1e3, and f = E'y is within 30 roundings.
  EXPECT_LE(largest(bpp - active), 3e4 * eps<T>);
  for (const int32_t method : {ORTHANT_UNMIX_HALS, ORTHANT_UNMIX_ADMM, ORTHANT_UNMIX_FAST_PG}) {
    ASSERT_EQ(unmix(s, method, 0, other, &r), ORTHANT_OK);
    EXPECT_LE(largest(bpp - other), sizeof(T) == 4 ? 5e-3 : 1e-8) << method;
  }
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_ACTIVE_SET, 1, active, &fcls), ORTHANT_OK);
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_CLIP, 1, other, &clip), ORTHANT_OK);
  EXPECT_LE(fcls.objective, clip.objective * (1 + 30 * eps<T>));
}

TYPED_TEST(Scenes, AbundancesDoNotDependOnTheUnitOrTheOrder) {
  using T = TypeParam;
  for (const int32_t sum : {0, 1}) {
    const Mixture<T> s(25, 173, 4, 0.02, 10);
    Mixture<T> scaled = s, reversed = s;
    scaled.E.set(64.0 * s.E);
    scaled.Y.set(64.0 * s.Y);
    reversed.Y.each([&](int32_t i, int32_t j) { return s.Y(i, s.n - 1 - j); });
    Matrix<T> A(0, 0), B(0, 0), C(0, 0);
    ASSERT_EQ(unmix(s, 0, sum, A, nullptr), ORTHANT_OK);
    ASSERT_EQ(unmix(scaled, 0, sum, B, nullptr), ORTHANT_OK);
    ASSERT_EQ(unmix(reversed, 0, sum, C, nullptr), ORTHANT_OK);
    EXPECT_TRUE(A == B) << "a power of two rounds nothing";
    A.visit([&](int32_t k, int32_t j) { EXPECT_NEAR(double(A(k, j)), double(C(k, s.n - 1 - j)), 1e4 * eps<T>); });
  }
}

TYPED_TEST(Scenes, CleanPixelsGiveTheTruth) {
  using T = TypeParam;
  const Mixture<T> s(40, 150, 5, 0, 11);
  for (const int32_t sum : {0, 1}) {
    Matrix<T> A(0, 0);
    orthant_report r = empty_report();
    ASSERT_EQ(unmix(s, 0, sum, A, &r), ORTHANT_OK);
    EXPECT_LE(largest(A - s.A), 1e4 * eps<T>);
    EXPECT_LE(r.rel_error, 100 * eps<T>);
  }
}

// ---- Extraction -----------------------------------------------------------------------------------------------------

template <class T>
orthant_endmembers_config extraction(const Mixture<T> &s, int32_t method, uint64_t seed, int32_t max_iter = 0) {
  orthant_endmembers_config c{};
  c.size = sizeof c;
  c.bands = s.m, c.pixels = s.n, c.endmembers = s.r, c.method = method, c.seed = seed, c.max_iter = max_iter;
  return c;
}
template <class T>
std::vector<int32_t> extract(const Mixture<T> &s, const orthant_endmembers_config &c, Matrix<T> *spectra = nullptr,
                             const Matrix<T> *directions = nullptr) {
  const Placed<typename Api<T>::Endmembers> placed(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
  Matrix<T> E(s.m, s.r);
  std::vector<int32_t> pixel(size_t(s.r), -1);
  const auto Y = view(s.Y);
  EXPECT_EQ(Api<T>::endmembers_run(placed.get(), &Y, directions ? directions->data() : nullptr,
                                   directions ? directions->ld() : 0, E.data(), E.ld(), pixel.data()),
            ORTHANT_OK);
  EXPECT_TRUE(E.intact());
  if (spectra) *spectra = E;
  return pixel;
}

TYPED_TEST(Scenes, EveryMethodFindsThePurePixels) {
  using T = TypeParam;
  for (int32_t r = 2; r <= 7; ++r)
    for (uint64_t seed = 1; seed <= 6; ++seed)
      for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method) {
        SCOPED_TRACE(testing::Message() << "method " << method << " endmembers " << r << " seed " << seed);
        Mixture<T> s(33, 240, r, 0, seed);
        for (const int32_t j : {0, s.n - 1})  // the first and the last are near a vertex
          for (int32_t i = 0; i < s.m; ++i)
            s.Y(i, j) = T(0.9 * double(s.Y(i, s.pure[size_t(r - 1)])) + 0.1 * double(s.Y(i, j)));
        Matrix<T> E(0, 0);
        std::vector<int32_t> pixel = extract(s, extraction(s, method, seed), &E);
        const std::vector<int32_t> order = pixel;
        std::sort(pixel.begin(), pixel.end());
        EXPECT_EQ(pixel, s.pure);
        E.visit([&](int32_t i, int32_t k) {  // VCA's are projected on a subspace that is known to 1e-4
          EXPECT_NEAR(double(E(i, k)), double(s.Y(i, order[size_t(k)])), method == ORTHANT_ENDMEMBERS_VCA ? 1e-3 : 0);
        });
      }
}

// Where there is noise the axes are found step by step: with `precise` to rounding.
TYPED_TEST(Scenes, SpectraOfVcaToRounding) {
  using T = TypeParam;
  for (const double noise : {0.01, 0.2}) {
    const Mixture<T> s(24, 150, 3, noise, 4);
    orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, 1);
    c.projection = ORTHANT_PROJECTION_PROJECTIVE, c.precise = 1;
    Matrix<T> E(0, 0);
    const std::vector<int32_t> pixel = extract(s, c, &E);
    // The subspace by as many steps as it takes, from other vectors.
    orthant_tsvd_config svd{};
    svd.size = sizeof svd, svd.rows = s.m, svd.cols = s.n, svd.rank = s.r, svd.max_iter = 2000, svd.tol = -1;
    svd.seed = 99;
    const Placed<typename Api<T>::Tsvd> placed(Api<T>::tsvd_size, Api<T>::tsvd_init, svd);
    Matrix<T> U(s.m, s.r), V(s.n, s.r);
    std::vector<T> values(size_t(s.r));
    const auto Y = view(s.Y);
    ASSERT_EQ(Api<T>::tsvd_run(placed.get(), &Y, U.data(), U.ld(), values.data(), V.data(), V.ld(), nullptr),
              ORTHANT_OK);
    E.visit([&](int32_t i, int32_t k) {
      double expected = 0;
      for (int32_t l = 0; l < s.r; ++l) {
        double part = 0;
        for (int32_t q = 0; q < s.m; ++q) part += double(U(q, l)) * double(s.Y(q, pixel[size_t(k)]));
        expected += double(U(i, l)) * part;
      }
      // Rounding of Y turns an axis by about its norm over the gap, here a few hundred.
      EXPECT_NEAR(double(E(i, k)), expected, 1e3 * eps<T>) << "noise " << noise;
    });
  }
}

// By the affine projection a spectrum is the point nearest to its pixel on a plane of r - 1 directions through the mean
// of the pixels: what it lacks is across the plane.
TYPED_TEST(Scenes, SpectraOfVcaLieOnAPlaneThroughTheMean) {
  using T = TypeParam;
  const Mixture<T> s(24, 150, 3, 0.05, 4);
  orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, 1);
  c.projection = ORTHANT_PROJECTION_AFFINE, c.precise = 1;
  Matrix<T> E(0, 0);
  const std::vector<int32_t> pixel = extract(s, c, &E);
  Matrix<double> away(s.m, s.r), in(s.m, s.r);  // of the pixels from the plane, and of the spectra from the mean
  for (int32_t i = 0; i < s.m; ++i) {
    double mean = 0;
    for (int32_t j = 0; j < s.n; ++j) mean += double(s.Y(i, j)) / s.n;
    for (int32_t k = 0; k < s.r; ++k) {
      away(i, k) = double(s.Y(i, pixel[size_t(k)])) - double(E(i, k));
      in(i, k) = double(E(i, k)) - mean;
    }
  }
  const Matrix<double> across = transposed(away) * in;
  EXPECT_LE(largest(across), 1e3 * eps<T>);
  for (int32_t k = 0; k < s.r; ++k) {
    double noise = 0, part = 0;
    for (int32_t i = 0; i < s.m; ++i) {
      noise += away(i, k) * away(i, k) / s.m;
      part += in(i, k) * in(i, k) / s.m;
    }
    EXPECT_NEAR(sqrt(noise), 0.05, 0.02) << k;  // of 22 numbers
    EXPECT_GE(sqrt(part), 0.1) << k;
  }
  const Matrix<double> G = transposed(in) * in;  // three points on a plane of two directions
  const double det = G(0, 0) * (G(1, 1) * G(2, 2) - G(1, 2) * G(2, 1)) -
                     G(0, 1) * (G(1, 0) * G(2, 2) - G(1, 2) * G(2, 0)) +
                     G(0, 2) * (G(1, 0) * G(2, 1) - G(1, 1) * G(2, 0));
  EXPECT_LE(fabs(det), 1e3 * eps<T> * G(0, 0) * G(1, 1) * G(2, 2));
}

// The volume of the simplex, up to a constant: the root of the Gram determinant of its edges.
template <class T>
double volume(const Mixture<T> &s, const std::vector<int32_t> &pixel) {
  const int32_t d = s.r - 1;
  Matrix<double> edges(s.m, d);
  edges.each([&](int32_t i, int32_t k) { return double(s.Y(i, pixel[size_t(k + 1)])) - double(s.Y(i, pixel[0])); });
  Matrix<double> G = transposed(edges) * edges;
  double det = 1;
  for (int32_t k = 0; k < d; ++k) {
    det *= G(k, k);
    for (int32_t i = k + 1; i < d; ++i) {
      const double t = G(i, k) / G(k, k);
      for (int32_t j = k; j < d; ++j) G(i, j) -= t * G(k, j);
    }
  }
  return sqrt(std::max(det, 0.0));
}

TYPED_TEST(Scenes, NFindrNeverLosesVolume) {
  using T = TypeParam;
  int32_t grew = 0;  // in the first sweep
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Mixture<T> s(20, 200, 5, 0, seed);
    for (int32_t k = 0; k < s.r; ++k)  // no pure pixels: there is something to search for
      for (int32_t i = 0; i < s.m; ++i) s.Y(i, s.pure[size_t(k)]) = s.Y(i, s.pure[size_t(k)] - 1);
    double before = volume(s, extract(s, extraction(s, ORTHANT_ENDMEMBERS_SPA, seed)));  // where it starts
    for (int32_t sweeps = 1; sweeps <= 6; ++sweeps) {
      const double now = volume(s, extract(s, extraction(s, ORTHANT_ENDMEMBERS_NFINDR, seed, sweeps)));
      // The data span an affine space of r - 1 dimensions, so volumes there are volumes here, but for rounding.
      EXPECT_GE(now, before * (1 - 1e4 * eps<T>)) << sweeps;
      grew += sweeps == 1 && now > 1.01 * before;
      before = now;
    }
  }
  EXPECT_GE(grew, 4);
}

TYPED_TEST(Scenes, MoreDrawsOfVcaNeverLoseVolume) {
  using T = TypeParam;
  int larger = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Mixture<T> s(20, 60, 5, 0, seed);
    for (int32_t k = 0; k < s.r; ++k)  // no pure pixels, for draws to differ
      for (int32_t i = 0; i < s.m; ++i) s.Y(i, s.pure[size_t(k)]) = s.Y(i, s.pure[size_t(k)] - 1);
    orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, seed);
    c.projection = ORTHANT_PROJECTION_AFFINE;  // whose simplex is that of the pixels themselves
    const std::vector<int32_t> single = extract(s, c);
    c.draws = 1;
    EXPECT_EQ(extract(s, c), single);
    const double first = volume(s, single);
    double before = first;
    for (c.draws = 2; c.draws <= 12; ++c.draws) {
      const double now = volume(s, extract(s, c));
      EXPECT_GE(now, before * (1 - 1e4 * eps<T>)) << c.draws;
      before = now;
    }
    larger += before > 1.01 * first;
  }
  EXPECT_GE(larger, 4);
}

TYPED_TEST(Scenes, DirectionsOfVcaAreAnInput) {
  using T = TypeParam;
  const Mixture<T> s(20, 120, 4, 0.01, 3);
  Matrix<T> D(s.r, s.r);
  Random random(8);
  D.fill_uniform(random);
  const std::vector<int32_t> first = extract<T>(s, extraction(s, 0, 0), nullptr, &D);
  for (uint64_t seed = 1; seed < 3; ++seed)  // the seed does not matter where the directions are given
    EXPECT_EQ(extract<T>(s, extraction(s, 0, seed), nullptr, &D), first);
  for (const double length : {1e-9, 1e9}) {  // nor does their length
    const Matrix<T> other(length * D);
    EXPECT_EQ(extract<T>(s, extraction(s, 0, 0), nullptr, &other), first);
  }
}

// ---- Extraction by the equations -----------------------------------------------------------------------------------

// Pixels of which none is pure, of many sizes, with noise; the first and the last lie farther out than all mixtures.
template <class T>
Mixture<T> without_pure_pixels(int32_t m, int32_t n, int32_t r, double noise, uint64_t seed) {
  Mixture<T> s(m, n, r, 0, seed);
  Random random(seed + 1000);
  for (const int32_t j : s.pure)
    for (int32_t i = 0; i < m; ++i) s.Y(i, j) = s.Y(i, j + 1);
  for (int32_t i = 0; i < m; ++i) {
    s.Y(i, 0) = T(1.2 * double(s.E(i, r - 1)) - 0.2 * double(s.E(i, 0)));
    s.Y(i, n - 1) = T(1.2 * double(s.E(i, 0)) - 0.2 * double(s.E(i, r - 1)));
  }
  s.Y.each([&](int32_t i, int32_t j) { return double(s.Y(i, j)) + noise * normal(random); });
  return s;
}

// Axes by falling variance of the pixels about `origin`, and the pixels on them, one a row.
struct Reduced {
  Matrix<double> origin, axes, X;
  std::vector<double> values;

  template <class T>
  Reduced(const Matrix<T> &Y, bool centred, int32_t count) : origin(zeros(Y.rows(), 1)), axes(0, 0), X(0, 0) {
    Matrix<double> C(Y);
    for (int32_t i = 0; i < Y.rows() && centred; ++i) {
      for (int32_t j = 0; j < Y.cols(); ++j) origin(i, 0) += double(Y(i, j)) / Y.cols();
      for (int32_t j = 0; j < Y.cols(); ++j) C(i, j) -= origin(i, 0);
    }
    const Eigen eigen(C * transposed(C));
    values = eigen.values;
    axes = Matrix<double>(Y.rows(), count).each([&](int32_t i, int32_t k) { return eigen.vectors(i, k); });
    for (int32_t k = 0; k < count; ++k) {
      double top = 0;
      for (int32_t i = 0; i < Y.rows(); ++i) top = fabs(axes(i, k)) > fabs(top) ? axes(i, k) : top;
      for (int32_t i = 0; i < Y.rows() && top < 0; ++i) axes(i, k) = -axes(i, k);
    }
    X = transposed(C) * axes;
  }
};

// Vertex component analysis, as its source has it, with the directions D.
struct VcaByHand {
  std::vector<int32_t> pixel;
  Matrix<double> E;
  double volume = 1;  // that the chosen ones span with the origin of the reduced space

  template <class T>
  VcaByHand(const Matrix<T> &Y, const Matrix<T> &D, bool projective) : E(Y.rows(), D.cols()) {
    const int32_t r = D.cols(), n = Y.cols();
    const Reduced reduced(Y, !projective, projective ? r : r - 1);
    Matrix<double> X(n, r);
    if (projective) divide_by_brightness(reduced.X, X);
    else add_constant(reduced.X, X);
    Matrix<double> basis = zeros(r, r);  // of the pixels so far
    basis(r - 1, 0) = 1;
    for (int32_t i = 0; i < r; ++i) {
      std::vector<double> f(size_t(r), 0.0), v(size_t(r), 0.0);
      for (int32_t k = 0; k < r; ++k) f[size_t(k)] = double(D(k, i));
      if (r > 1) take_out(basis, std::max(i, 1), f);
      int32_t best = 0;
      for (int32_t j = 0; j < n; ++j) best = fabs(along(X, j, f)) > fabs(along(X, best, f)) ? j : best;
      pixel.push_back(best);
      for (int32_t k = 0; k < r; ++k) v[size_t(k)] = X(best, k);
      take_out(basis, i, v);
      double length = 0;
      for (const double x : v) length += x * x;
      volume *= sqrt(length);
      for (int32_t k = 0; k < r; ++k) basis(k, i) = v[size_t(k)] / sqrt(length);
    }
    E.each([&](int32_t i, int32_t k) {
      double e = reduced.origin(i, 0);
      for (int32_t l = 0; l < reduced.axes.cols(); ++l)
        e += reduced.axes(i, l) * reduced.X(pixel[size_t(k)], l);
      return e;
    });
  }

 private:
  static double along(const Matrix<double> &X, int32_t j, const std::vector<double> &f) {
    double sum = 0;
    for (int32_t k = 0; k < X.cols(); ++k) sum += X(j, k) * f[size_t(k)];
    return sum;
  }
  static void take_out(const Matrix<double> &Q, int32_t count, std::vector<double> &v) {
    for (int pass = 0; pass < 2; ++pass)
      for (int32_t q = 0; q < count; ++q) {
        double part = 0;
        for (int32_t k = 0; k < Q.rows(); ++k) part += Q(k, q) * v[size_t(k)];
        for (int32_t k = 0; k < Q.rows(); ++k) v[size_t(k)] -= part * Q(k, q);
      }
  }
  static void divide_by_brightness(const Matrix<double> &from, Matrix<double> &X) {
    const int32_t n = from.rows(), r = from.cols();
    std::vector<double> middle(size_t(r), 0.0);
    for (int32_t k = 0; k < r; ++k)
      for (int32_t j = 0; j < n; ++j) middle[size_t(k)] += from(j, k) / n;
    X.each([&](int32_t j, int32_t k) { return r == 1 ? from(j, k) : from(j, k) / along(from, j, middle); });
  }
  static void add_constant(const Matrix<double> &from, Matrix<double> &X) {
    double longest = 0;
    for (int32_t j = 0; j < from.rows(); ++j) {
      double square = 0;
      for (int32_t k = 0; k < from.cols(); ++k) square += from(j, k) * from(j, k);
      longest = std::max(longest, sqrt(square));
    }
    X.each([&](int32_t j, int32_t k) { return k < from.cols() ? from(j, k) : longest; });
  }
};

TYPED_TEST(Scenes, VcaIsThatOfItsSource) {
  using T = TypeParam;
  for (int32_t r = 1; r <= 6; ++r)
    for (const bool projective : {false, true}) {
      if (r == 1 && !projective) continue;
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(testing::Message() << r << (projective ? " projective " : " affine ") << seed);
        const Mixture<T> s = without_pure_pixels<T>(19, 611, r, 0.01, seed);
        orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, 1);
        c.projection = projective ? ORTHANT_PROJECTION_PROJECTIVE : ORTHANT_PROJECTION_AFFINE, c.precise = 1;
        Matrix<T> D(r, r), E(0, 0);
        Random random(seed);
        D.fill_uniform(random, -0.3);
        const VcaByHand by_hand(s.Y, D, projective);
        EXPECT_EQ(extract<T>(s, c, &E, &D), by_hand.pixel);
        // Rounding of Y turns an axis by its norm over the gap of the values to the noise.
        EXPECT_LE(largest(E - by_hand.E), 2e3 * eps<T>);
      }
    }
}

// SplitMix64 [Steele, Lea, Flood 2014], applied to the seed, a stream and an index in turn; in [0, 1).
inline uint64_t split_mix(uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}
inline double drawn(uint64_t seed, uint64_t stream, uint64_t index) {
  const uint64_t key = split_mix(split_mix(seed) ^ stream);
  return double(split_mix(key + 0x9E3779B97F4A7C15u * (index + 1)) >> 11) * 0x1p-53;
}

// The numbers of a draw come one after the other from the seed, and of several draws the largest simplex is kept.
TYPED_TEST(Scenes, DrawsOfVcaComeFromTheSeed) {
  using T = TypeParam;
  int32_t later = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed)
    for (const int32_t draws : {1, 5}) {
      const int32_t r = 4;
      const Mixture<T> s = without_pure_pixels<T>(15, 90, r, 0.01, seed);
      orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, seed);
      c.projection = ORTHANT_PROJECTION_AFFINE, c.precise = 1, c.draws = draws;
      std::vector<int32_t> expected;
      double largest = 0;
      for (int32_t draw = 0; draw < draws; ++draw) {
        Matrix<T> D(r, r);
        D.each([&](int32_t k, int32_t i) { return drawn(seed, 0x564341, uint64_t((draw * r + i) * r + k)); });
        const VcaByHand by_hand(s.Y, D, false);
        if (by_hand.volume <= largest * (1 + 1e4 * eps<T>)) continue;
        later += draw > 0;
        largest = by_hand.volume;
        expected = by_hand.pixel;
      }
      std::vector<int32_t> pixel = extract(s, c);
      for (std::vector<int32_t> *p : {&pixel, &expected})  // draws that found the same have volumes equal to rounding
        if (draws > 1) std::sort(p->begin(), p->end());
      EXPECT_EQ(pixel, expected) << "seed " << seed << ", draws " << draws;
    }
  EXPECT_GT(later, 3);
}

// In whatever unit the image is.
TYPED_TEST(Scenes, EndmembersDoNotDependOnTheUnit) {
  using T = TypeParam;
  const int32_t r = 3, m = 16;
  const Mixture<T> s = without_pure_pixels<T>(m, 150, r, 0.01, 6);
  Matrix<T> D(r, r);
  Random random(3);
  D.fill_uniform(random, -0.3);
  for (const double unit : sizeof(T) == 4 ? std::vector<double>{0x1p-26, 0x1p26} :
                                            std::vector<double>{0x1p-130, 0x1p130})
    for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method)
      for (const int32_t projection : {ORTHANT_PROJECTION_AFFINE, ORTHANT_PROJECTION_PROJECTIVE}) {
        SCOPED_TRACE(testing::Message() << "method " << method << ", projection " << projection << ", unit " << unit);
        Mixture<T> scaled = s;
        scaled.Y.set(unit * s.Y);
        orthant_endmembers_config c = extraction(s, method, 1);
        c.projection = projection, c.precise = 1;
        Matrix<T> E(0, 0), F(0, 0);
        EXPECT_EQ(extract<T>(scaled, c, &F, &D), extract<T>(s, c, &E, &D));
        EXPECT_LE(largest((1 / unit) * F - E), 2e3 * eps<T>);
      }
}

// Pixels that divide by their brightness: the average must have enough signal, by the rule of the paper, and by the
// safe one the darkest pixel as much.  What was chosen is seen from the spectra.
TYPED_TEST(Scenes, ProjectionIsChosenByTheSignal) {
  using T = TypeParam;
  const int32_t m = 19, n = 203, r = 3;
  int32_t projective_ones = 0, by_average_alone = 0;
  for (int32_t level = 0; level < 60; ++level) {
    Mixture<T> s = without_pure_pixels<T>(m, n, r, 0.1 * pow(10, -0.03 * level), 5);
    const double shade = level % 2 == 0 ? 1 : 0.55;
    const int32_t dark = level % 3 == 0 ? 0 : level % 3 == 1 ? n - 1 : 77;
    for (int32_t i = 0; i < m; ++i) s.Y(i, dark) = T(shade * double(s.Y(i, dark)));
    // [Nascimento, Dias 2005], equation 13.
    const Reduced principal(s.Y, true, r);
    double on_axes = norm2(principal.origin);
    for (int32_t k = 0; k < r; ++k) on_axes += principal.values[size_t(k)] / n;
    const double all = norm2(s.Y) / n, threshold = 15 + 10 * log10(double(r));
    const double snr = 10 * log10((on_axes - double(r) / m * all) / (all - on_axes));
    const Matrix<double> brightness = transposed(s.Y) * principal.origin;
    double darkest = 1;
    for (int32_t j = 0; j < n; ++j) darkest = std::min(darkest, brightness(j, 0) / norm2(principal.origin));
    for (const bool safe : {false, true}) {
      const double margin = snr + (safe ? 20 * log10(darkest) : 0) - threshold;
      if (fabs(margin) < 0.01) continue;
      SCOPED_TRACE(testing::Message() << "level " << level << (safe ? " safe " : " published ") << margin);
      orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_VCA, 1);
      c.projection = safe ? 0 : ORTHANT_PROJECTION_PUBLISHED, c.precise = 1;
      Matrix<T> D(r, r), E(0, 0);
      Random random(3);
      D.fill_uniform(random, -0.3);
      extract<T>(s, c, &E, &D);
      const double off = largest(E - VcaByHand(s.Y, D, margin > 0).E);
      EXPECT_LE(off, 2e4 * eps<T>);
      EXPECT_GT(largest(E - VcaByHand(s.Y, D, margin < 0).E), 100 * off);  // or this would say nothing
      projective_ones += margin > 0;
      by_average_alone += safe && margin < 0 && snr > threshold;
    }
  }
  EXPECT_GT(projective_ones, 25);
  EXPECT_GT(by_average_alone, 5);
}

// Of a simplex in the reduced space; in the unit of Y.
inline double simplex_volume(const Matrix<double> &X, const std::vector<int32_t> &pixel) {
  const int32_t d = X.cols();
  Matrix<double> edges(d, d);
  edges.each([&](int32_t i, int32_t k) { return X(pixel[size_t(k + 1)], i) - X(pixel[0], i); });
  double volume = 1;
  for (int32_t k = 0; k < d; ++k) {
    int32_t top = k;
    for (int32_t i = k; i < d; ++i) top = fabs(edges(i, k)) > fabs(edges(top, k)) ? i : top;
    for (int32_t j = 0; j < d; ++j) std::swap(edges(k, j), edges(top, j));
    if (edges(k, k) == 0) return 0;
    for (int32_t i = k + 1; i < d; ++i)
      for (int32_t j = d - 1; j >= k; --j) edges(i, j) -= edges(i, k) / edges(k, k) * edges(k, j);
    volume *= fabs(edges(k, k)) / (k + 1);
  }
  return volume;
}

TYPED_TEST(Scenes, NFindrIsThatOfItsSource) {
  using T = TypeParam;
  for (int32_t r = 2; r <= 6; ++r)
    for (const int32_t sweeps : {1, 2, 0}) {
      SCOPED_TRACE(testing::Message() << r << " endmembers, sweeps " << sweeps);
      Mixture<T> s = without_pure_pixels<T>(17, 311, r, 0.01, 7);
      s.Y.set(3.0 * s.Y);
      orthant_endmembers_config c = extraction(s, ORTHANT_ENDMEMBERS_NFINDR, 0, sweeps);
      c.precise = 1;
      const Reduced reduced(s.Y, true, r - 1);
      const Placed<typename Api<T>::Endmembers> placed(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
      Matrix<T> E(s.m, r);
      std::vector<int32_t> pixel(size_t(r), -1), expected;
      const auto Y = view(s.Y);
      for (const bool given : {false, true}) {
        expected = extract(s, extraction(s, ORTHANT_ENDMEMBERS_SPA, 0));
        if (given) {
          const std::vector<double> start{5, 17, 256, 30, 0, 310};
          expected.assign(start.begin(), start.begin() + r);
          ASSERT_EQ(Api<T>::endmembers_set(placed.get(), ORTHANT_PART_PIXELS, start.data(), size_t(r)), ORTHANT_OK);
        }
        double volume = simplex_volume(reduced.X, expected);
        bool moved = true;
        for (int32_t sweep = 0; sweep < (sweeps > 0 ? sweeps : 3 * r) && moved; ++sweep) {
          moved = false;
          for (int32_t i = 0; i < r; ++i) {
            std::vector<int32_t> other = expected;
            for (int32_t j = 0; j < s.n; ++j) {
              other[size_t(i)] = j;
              const double now = simplex_volume(reduced.X, other);
              if (!(now > volume * (1 + 64 * eps<T>))) continue;
              volume = now;
              expected[size_t(i)] = j;
              moved = true;
            }
          }
        }
        ASSERT_EQ(Api<T>::endmembers_run(placed.get(), &Y, nullptr, 0, E.data(), E.ld(), pixel.data()), ORTHANT_OK);
        EXPECT_EQ(pixel, expected);
        double found = 0;
        size_t count = 0;
        ASSERT_EQ(Api<T>::endmembers_get(placed.get(), ORTHANT_PART_VOLUME, &found, 1, &count), ORTHANT_OK);
        EXPECT_NEAR(found, volume, 1e4 * eps<T> * volume);
      }
    }
}

// The normal of a pixel in the middle of all others is the first axis alone: of it the first sweep makes the farthest.
TYPED_TEST(Scenes, NFindrLeavesTheMiddle) {
  using T = TypeParam;
  Mixture<T> s(2, 5, 2, 0, 1);
  const double at[] = {-4, -1, 0, 2, 3};  // of mean zero
  s.Y.each([&](int32_t i, int32_t j) { return 8 + (i + 1) * at[j]; });
  const Placed<typename Api<T>::Endmembers> placed(Api<T>::endmembers_size, Api<T>::endmembers_init,
                                                   extraction(s, ORTHANT_ENDMEMBERS_NFINDR, 0, 1));
  const double start[] = {3, 2};
  ASSERT_EQ(Api<T>::endmembers_set(placed.get(), ORTHANT_PART_PIXELS, start, 2), ORTHANT_OK);
  Matrix<T> E(2, 2);
  std::vector<int32_t> pixel(2, -1);
  const auto Y = view(s.Y);
  ASSERT_EQ(Api<T>::endmembers_run(placed.get(), &Y, nullptr, 0, E.data(), E.ld(), pixel.data()), ORTHANT_OK);
  EXPECT_EQ(pixel, (std::vector<int32_t>{0, 4}));
}

TYPED_TEST(Scenes, SpaIsThatOfItsSource) {
  using T = TypeParam;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const int32_t r = 7;
    const Mixture<T> s = without_pure_pixels<T>(23, 150, r, 0.02, seed);
    Matrix<double> rest(s.Y);
    std::vector<int32_t> expected;
    for (int32_t k = 0; k < r; ++k) {
      const Matrix<double> squares = transposed(rest) * rest;
      int32_t best = 0;
      for (int32_t j = 0; j < s.n; ++j) best = squares(j, j) > squares(best, best) ? j : best;
      expected.push_back(best);
      const Matrix<double> old = rest;
      rest.each([&](int32_t i, int32_t j) {
        return old(i, j) - old(i, best) * squares(best, j) / squares(best, best);
      });
    }
    EXPECT_EQ(extract(s, extraction(s, ORTHANT_ENDMEMBERS_SPA, 0)), expected) << seed;
  }
  // Of pixels whose residuals are alike to 1e-6, as of the second to fourth here, the one that was longest at first.
  Mixture<T> s(3, 5, 3, 0, 1);
  const double values[5][3] = {{9, 0, 0}, {1, 2, 0}, {5, 2 * (1 - 4e-7), 0}, {8, 2 * (1 - 1e-5), 0}, {0, 0, 1}};
  s.Y.each([&](int32_t i, int32_t j) { return values[j][i]; });
  EXPECT_EQ(extract(s, extraction(s, ORTHANT_ENDMEMBERS_SPA, 0)), (std::vector<int32_t>{0, 2, 4}));
  // The longest may be the first.
  s.Y.each([&](int32_t i, int32_t j) { return values[(j + 2) % 5][i]; });
  EXPECT_EQ(extract(s, extraction(s, ORTHANT_ENDMEMBERS_SPA, 0)), (std::vector<int32_t>{3, 0, 2}));
}

// ---- Scores ---------------------------------------------------------------------------------------------------------

// Of E against E_true and A against A_true, where they are not empty.
template <class T>
orthant_scores score(const Matrix<T> &E, const Matrix<T> &E_true, const Matrix<T> &A, const Matrix<T> &A_true,
                     std::vector<int32_t> &match, std::vector<double> &angle) {
  const int32_t r = std::max(E.cols(), A.rows());
  const orthant_scores_config c{sizeof c, E.rows(), r, A.cols()};
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::scores_size(&c, &bytes), ORTHANT_OK);
  Arena memory(bytes, 5, 0xFF);
  orthant_scores out{};
  out.size = sizeof out;
  match.assign(size_t(r), -1);
  angle.assign(size_t(r), -1);
  const auto values = [](const Matrix<T> &X) { return X.cols() > 0 ? X.data() : nullptr; };
  EXPECT_EQ(Api<T>::scores_run(&c, memory.data(), bytes, values(E), E.ld(), values(E_true), E_true.ld(), values(A),
                               A.ld(), values(A_true), A_true.ld(), match.data(), angle.data(), &out),
            ORTHANT_OK);
  EXPECT_TRUE(memory.intact());
  return out;
}

TYPED_TEST(Scenes, ScoresSeeThroughOrderAndScale) {
  using T = TypeParam;
  const Mixture<T> truth(30, 80, 5, 0, 21), other(30, 80, 5, 0, 22);
  Matrix<T> E = truth.E, A = truth.A;
  E.each([&](int32_t i, int32_t k) { return E(i, k) + T(0.1) * other.E(i, k); });
  A.each([&](int32_t k, int32_t j) { return T(0.9) * A(k, j) + T(0.1) * other.A(k, j); });
  std::vector<int32_t> match;
  std::vector<double> angle;
  const orthant_scores plain = score(E, truth.E, A, truth.A, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>{0, 1, 2, 3, 4}));
  const std::vector<double> angles = angle;
  double mean_angle = 0, each = 0;
  for (const double a : angle) mean_angle += a / 5;
  const Matrix<double> error = A - truth.A, squares = transposed(error) * error;
  for (int32_t j = 0; j < 80; ++j) each += sqrt(squares(j, j) / 5) / 80;
  EXPECT_NEAR(plain.mean_angle, mean_angle, 1e-14);
  EXPECT_NEAR(plain.rmse, sqrt(norm2(error) / 400), 1e-14);
  EXPECT_NEAR(plain.armse, each, 1e-14);
  EXPECT_GT(plain.mean_angle, 0.01);

  const int32_t to[] = {3, 0, 4, 1, 2};
  Matrix<T> Ep(30, 5), Ap(5, 80);
  E.visit([&](int32_t i, int32_t k) { Ep(i, to[k]) = E(i, k) * T(1 << k); });
  A.visit([&](int32_t k, int32_t j) { Ap(to[k], j) = A(k, j); });
  const orthant_scores permuted = score(Ep, truth.E, Ap, truth.A, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>(to, to + 5)));
  for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(angle[k], angles[k], 1e-14);  // in the order of the truth
  EXPECT_NEAR(permuted.rmse, plain.rmse, 1e-15);
  EXPECT_NEAR(permuted.armse, plain.armse, 1e-15);

  const Matrix<T> none(0, 0);
  const orthant_scores alone = score(none, none, Ap, truth.A, match, angle);  // by abundances
  EXPECT_EQ(match, (std::vector<int32_t>(to, to + 5)));
  EXPECT_NEAR(alone.rmse, plain.rmse, 1e-15);
  const orthant_scores perfect = score(truth.E, truth.E, truth.A, truth.A, match, angle);
  EXPECT_LE(perfect.mean_angle, 1e-12);
  EXPECT_EQ(perfect.rmse, 0);
  EXPECT_EQ(perfect.armse, 0);
  const orthant_scores spectra = score(E, truth.E, none, none, match, angle);  // without abundances
  EXPECT_NEAR(spectra.mean_angle, plain.mean_angle, 1e-14);
  EXPECT_EQ(spectra.rmse, 0);
  EXPECT_EQ(spectra.armse, 0);
}

// Squares of such numbers overflow or vanish; their differences and the scores do not.
TYPED_TEST(Scenes, ScoresDoNotDependOnTheUnit) {
  using T = TypeParam;
  const int exponent = std::numeric_limits<T>::max_exponent - 4;
  const Mixture<T> truth(30, 80, 5, 0, 21), other(30, 80, 5, 0, 22);
  const Matrix<T> none(0, 0);
  Matrix<T> E = truth.E, A(5, 80);
  E.each([&](int32_t i, int32_t k) { return E(i, k) + T(0.1) * other.E(i, k); });
  A.visit([&](int32_t k, int32_t j) { A((k + 1) % 5, j) = T(0.9) * truth.A(k, j) + T(0.1) * other.A(k, j); });
  std::vector<int32_t> match, plain_match;
  std::vector<double> angle, plain_angle;
  const orthant_scores plain = score(none, none, A, truth.A, plain_match, angle);
  EXPECT_EQ(plain_match, (std::vector<int32_t>{1, 2, 3, 4, 0}));
  const orthant_scores by_angle = score(E, truth.E, none, none, plain_match, plain_angle);
  for (const int e : {exponent, -exponent + 60}) {  // 60: without a denormal number
    const auto scaled = [&](Matrix<T> X) {
      X.each([&](int32_t i, int32_t j) { return std::ldexp(X(i, j), e); });
      return X;
    };
    const orthant_scores s = score(none, none, scaled(A), scaled(truth.A), match, angle);
    EXPECT_EQ(match, (std::vector<int32_t>{1, 2, 3, 4, 0}));
    EXPECT_NEAR(std::ldexp(s.rmse, -e), plain.rmse, 1e-14);
    EXPECT_NEAR(std::ldexp(s.armse, -e), plain.armse, 1e-14);
    const orthant_scores t = score(scaled(E), scaled(truth.E), none, none, match, angle);
    EXPECT_EQ(match, plain_match);
    EXPECT_NEAR(t.mean_angle, by_angle.mean_angle, 1e-14);
    for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(angle[k], plain_angle[k], 1e-14);
  }
  // Where the squared distances of both matchings are infinite, the nearer is still found.
  const T unit = std::ldexp(T(1), exponent);
  Matrix<T> few(2, 1), far(2, 1);
  few(0, 0) = unit, few(1, 0) = 2 * unit;
  far(0, 0) = 5 * unit, far(1, 0) = 7 * unit;
  const orthant_scores two = score(none, none, few, far, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>{0, 1}));
  EXPECT_NEAR(two.rmse / double(unit), std::sqrt(20.5), 1e-14);
  EXPECT_NEAR(two.armse / double(unit), std::sqrt(20.5), 1e-14);
}

// ---- Synthetic scenes -----------------------------------------------------------------------------------------------

template <class T>
struct Scene {
  std::vector<T> w;
  Matrix<T> E, A, Y;
  Scene(int32_t bands, int32_t lines, int32_t samples, int32_t r, uint64_t seed, double snr_db)
      : w(size_t(bands)), E(bands, r), A(r, lines * samples), Y(bands, lines * samples) {
    orthant_scene_config c{};
    c.size = sizeof c;
    c.bands = bands, c.lines = lines, c.samples = samples, c.endmembers = r, c.seed = seed, c.snr_db = snr_db;
    EXPECT_EQ(Api<T>::scene_run(&c, w.data(), E.data(), E.ld(), A.data(), A.ld(), Y.data(), Y.ld()), ORTHANT_OK);
    EXPECT_TRUE(E.intact() && A.intact() && Y.intact());
  }
};

TYPED_TEST(Scenes, SyntheticScenesAreWhatTheHeaderSays) {
  using T = TypeParam;
  const int32_t bands = 60, lines = 31, samples = 44, pixels = lines * samples;
  for (int32_t r = 2; r <= ORTHANT_SCENE_MAX_ENDMEMBERS; ++r)
    for (uint64_t seed = 0; seed < 3; ++seed) {
      SCOPED_TRACE(testing::Message() << "endmembers " << r << " seed " << seed);
      const Scene<T> clean(bands, lines, samples, r, seed, -1), noisy(bands, lines, samples, r, seed, 0);
      EXPECT_EQ(clean.w.front(), T(0.4));
      EXPECT_NEAR(double(clean.w.back()), 2.5, 4 * eps<T>);
      EXPECT_TRUE(std::is_sorted(clean.w.begin(), clean.w.end()));
      clean.E.visit([&](int32_t i, int32_t k) { EXPECT_TRUE(clean.E(i, k) > T(0) && clean.E(i, k) <= T(1)); });
      ASSERT_TRUE(nonnegative(noisy.Y) && nonnegative(clean.A));
      EXPECT_TRUE(clean.A == noisy.A && clean.E == noisy.E);
      const Matrix<double> EA = clean.E * clean.A;
      ASSERT_LE(largest(clean.Y - EA), eps<T>);
      const double power = norm2(clean.Y), noise = norm2(noisy.Y - clean.Y);
      double neighbour = 0, far = 0;
      for (int32_t j = 0; j < pixels; ++j) {
        double sum = 0;
        for (int32_t k = 0; k < r; ++k) {
          const double a = double(clean.A(k, j));
          sum += a;
          if (j > 0) neighbour += pow(a - double(clean.A(k, j - 1)), 2);
          far += pow(a - double(clean.A(k, (j * 389 + 7) % pixels)), 2);
        }
        ASSERT_NEAR(sum, 1, r * eps<T>);
      }
      EXPECT_NEAR(10 * log10(power / noise), 30, 0.5);  // clipping at zero takes a little of the noise
      EXPECT_LT(neighbour, far / 3);                    // abundances are correlated in space
      const Scene<T> again(bands, lines, samples, r, seed, 0), changed(bands, lines, samples, r, seed + 100, 0);
      EXPECT_TRUE(again.Y == noisy.Y);
      EXPECT_FALSE(changed.A == noisy.A);
    }
}

TYPED_TEST(Scenes, SyntheticScenesCanBeUnmixed) {
  using T = TypeParam;
  const int32_t bands = 80, lines = 40, samples = 40, r = 4;
  const Scene<T> scene(bands, lines, samples, r, 1, 0);
  Mixture<T> s(bands, lines * samples, r, 0, 1);
  s.E = scene.E, s.A = scene.A, s.Y = scene.Y;
  Matrix<T> A(0, 0);
  ASSERT_EQ(unmix(s, 0, 1, A, nullptr), ORTHANT_OK);
  // Noise of 30 dB over 80 bands: a few hundredths at most, for spectra as unlike as these.
  EXPECT_LT(norm(A - s.A) / sqrt(double(r * s.n)), 0.05);
}

}  // namespace
}  // namespace orthant::test
