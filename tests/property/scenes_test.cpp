// What holds for every unmixing, extraction, score and synthetic scene.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "guarded.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class Scenes : public testing::Test {
 protected:
  static constexpr double eps = double(std::numeric_limits<T>::epsilon());
};
TYPED_TEST_SUITE(Scenes, Types, TypeNames);

// Y = E A + noise, A on the simplex, with a pure pixel of every endmember at `pure`.
template <class T>
struct Mixture {
  int32_t m, n, r;
  std::vector<T> E, A, Y;
  std::vector<int32_t> pure;
  Mixture(int32_t bands, int32_t pixels, int32_t endmembers, double noise, uint64_t seed)
      : m(bands), n(pixels), r(endmembers), E(size_t(m * r)), A(size_t(r * n)), Y(size_t(m * n)), pure(size_t(r)) {
    Random random(seed);
    for (T &e : E) e = T(0.05 + uniform(random));
    for (int32_t j = 0; j < n; ++j) {
      double sum = 0;
      std::vector<double> a(size_t(r), 0.0);
      for (double &x : a) sum += x = -log(1 - uniform(random));  // uniform on the simplex
      for (int32_t k = 0; k < r; ++k) A[size_t(k + r * j)] = T(a[size_t(k)] / sum);
    }
    for (int32_t k = 0; k < r; ++k) {
      pure[size_t(k)] = int32_t((int64_t(k) * n) / r + n / (2 * r));
      for (int32_t l = 0; l < r; ++l) A[size_t(l + r * pure[size_t(k)])] = T(l == k);
    }
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) {
        double y = noise * normal(random);
        for (int32_t k = 0; k < r; ++k) y += double(E[size_t(i + m * k)]) * double(A[size_t(k + r * j)]);
        Y[size_t(i + m * j)] = T(y);
      }
  }
};

template <class T>
orthant_status unmix(const Mixture<T> &s, int32_t method, int32_t sum_to_one, std::vector<T> &A, orthant_report *r,
                     std::vector<T> *kkt = nullptr, orthant_report *checked = nullptr) {
  orthant_unmix_config c{};
  c.size = sizeof c;
  c.bands = s.m, c.endmembers = s.r, c.method = method, c.sum_to_one = sum_to_one;
  c.max_iter = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_MU ? 200000 : 0;
  if (method == ORTHANT_UNMIX_MU) c.max_iter = 2000, c.tol = 1e-3;
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes, 0xFF);
  typename Api<T>::Unmix *u = nullptr;
  EXPECT_EQ(Api<T>::unmix_init(&c, s.E.data(), s.m, memory.data(), bytes, &u), ORTHANT_OK);
  A.assign(size_t(s.r) * size_t(s.n), T(-1));
  const auto Y = Api<T>::dense(s.Y.data(), s.m, s.n, s.m);
  const orthant_status st = Api<T>::unmix_run(u, &Y, A.data(), s.r, r);
  if (kkt) {
    kkt->assign(size_t(s.n), T(-1));
    EXPECT_EQ(Api<T>::unmix_check(u, &Y, A.data(), s.r, nullptr, kkt->data(), checked), ORTHANT_OK);
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
        std::vector<T> A, kkt;
        orthant_report r = empty_report(), checked = empty_report();
        ASSERT_EQ(unmix(s, method, sum, A, &r, &kkt, &checked), ORTHANT_OK);
        const bool iterative = method >= ORTHANT_UNMIX_HALS && method <= ORTHANT_UNMIX_FAST_PG;
        // The exact methods: rounding of a Gram matrix of 30 bands.  The others: the stated tolerance beside it.
        const double tol = 30 * this->eps + (iterative ? (sizeof(T) == 4 ? 1e-6 : 1e-12) : 0);
        EXPECT_LE(checked.kkt, tol);
        EXPECT_NEAR(r.kkt, checked.kkt, 30 * this->eps);
        EXPECT_EQ(double(*std::max_element(kkt.begin(), kkt.end())), checked.kkt);
        EXPECT_EQ(double(kkt[size_t(checked.worst)]), checked.kkt);
        EXPECT_NEAR(r.objective, checked.objective, 1e-3 * checked.objective);
        EXPECT_NEAR(r.rel_error, checked.rel_error, 1e-3 * checked.rel_error);
        for (int32_t j = 0; j < s.n; ++j) {
          double total = 0;
          for (int32_t k = 0; k < s.r; ++k) {
            total += double(A[size_t(k + s.r * j)]);
            if (method != ORTHANT_UNMIX_UNCONSTRAINED) {
              ASSERT_GE(A[size_t(k + s.r * j)], T(0));
            }
          }
          if (sum) {
            ASSERT_NEAR(total, 1, 4 * s.r * this->eps);
          }
        }
      }
  }
}

// Two exact methods that share little code find the same point; the approximate one is no better than the exact.
TYPED_TEST(Scenes, MethodsAgree) {
  using T = TypeParam;
  const Mixture<T> s(30, 200, 6, 0.1, 9);
  std::vector<T> bpp, active, other;
  orthant_report r = empty_report(), fcls = empty_report(), clip = empty_report();
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_BPP, 0, bpp, &r), ORTHANT_OK);
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_ACTIVE_SET, 0, active, &r), ORTHANT_OK);
  // The condition of these Gram matrices is below 1e3, and f = E'y is within 30 roundings.
  for (size_t k = 0; k < bpp.size(); ++k) EXPECT_NEAR(double(bpp[k]), double(active[k]), 3e4 * this->eps);
  for (const int32_t method : {ORTHANT_UNMIX_HALS, ORTHANT_UNMIX_ADMM, ORTHANT_UNMIX_FAST_PG}) {
    ASSERT_EQ(unmix(s, method, 0, other, &r), ORTHANT_OK);
    for (size_t k = 0; k < bpp.size(); ++k)
      EXPECT_NEAR(double(bpp[k]), double(other[k]), sizeof(T) == 4 ? 5e-3 : 1e-8) << method;
  }
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_ACTIVE_SET, 1, active, &fcls), ORTHANT_OK);
  ASSERT_EQ(unmix(s, ORTHANT_UNMIX_CLIP, 1, other, &clip), ORTHANT_OK);
  EXPECT_LE(fcls.objective, clip.objective * (1 + 30 * this->eps));
}

TYPED_TEST(Scenes, AbundancesDoNotDependOnTheUnitOrTheOrder) {
  using T = TypeParam;
  for (const int32_t sum : {0, 1}) {
    const Mixture<T> s(25, 173, 4, 0.02, 10);
    Mixture<T> scaled = s, turned = s;
    for (T &e : scaled.E) e *= T(64);
    for (T &y : scaled.Y) y *= T(64);
    for (int32_t j = 0; j < s.n; ++j)
      std::copy_n(s.Y.begin() + ptrdiff_t(s.m) * j, s.m, turned.Y.begin() + ptrdiff_t(s.m) * (s.n - 1 - j));
    std::vector<T> A, B, C;
    ASSERT_EQ(unmix(s, 0, sum, A, nullptr), ORTHANT_OK);
    ASSERT_EQ(unmix(scaled, 0, sum, B, nullptr), ORTHANT_OK);
    ASSERT_EQ(unmix(turned, 0, sum, C, nullptr), ORTHANT_OK);
    EXPECT_TRUE(A == B) << "a power of two rounds nothing";
    for (int32_t j = 0; j < s.n; ++j)
      for (int32_t k = 0; k < s.r; ++k)
        EXPECT_NEAR(double(A[size_t(k + s.r * j)]), double(C[size_t(k + s.r * (s.n - 1 - j))]), 1e4 * this->eps);
  }
}

TYPED_TEST(Scenes, CleanPixelsGiveTheTruth) {
  using T = TypeParam;
  const Mixture<T> s(40, 150, 5, 0, 11);
  for (const int32_t sum : {0, 1}) {
    std::vector<T> A;
    orthant_report r = empty_report();
    ASSERT_EQ(unmix(s, 0, sum, A, &r), ORTHANT_OK);
    for (size_t k = 0; k < A.size(); ++k) EXPECT_NEAR(double(A[k]), double(s.A[k]), 1e4 * this->eps);
    EXPECT_LE(r.rel_error, 100 * this->eps);
  }
}

// ---- Extraction -----------------------------------------------------------------------------------------------------

template <class T>
std::vector<int32_t> extract(const Mixture<T> &s, int32_t method, uint64_t seed, int32_t max_iter = 0,
                             std::vector<T> *spectra = nullptr) {
  orthant_endmembers_config c{};
  c.size = sizeof c;
  c.bands = s.m, c.pixels = s.n, c.endmembers = s.r, c.method = method, c.seed = seed, c.max_iter = max_iter;
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::endmembers_size(&c, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes, 0xFF);
  typename Api<T>::Endmembers *e = nullptr;
  EXPECT_EQ(Api<T>::endmembers_init(&c, memory.data(), bytes, &e), ORTHANT_OK);
  std::vector<T> E(size_t(s.m) * size_t(s.r));
  std::vector<int32_t> pixel(size_t(s.r), -1);
  const auto Y = Api<T>::dense(s.Y.data(), s.m, s.n, s.m);
  EXPECT_EQ(Api<T>::endmembers_run(e, &Y, nullptr, 0, E.data(), s.m, pixel.data()), ORTHANT_OK);
  if (spectra) *spectra = E;
  return pixel;
}

TYPED_TEST(Scenes, EveryMethodFindsThePurePixels) {
  using T = TypeParam;
  for (int32_t r = 2; r <= 7; ++r)
    for (uint64_t seed = 1; seed <= 6; ++seed)
      for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method) {
        SCOPED_TRACE(testing::Message() << "method " << method << " endmembers " << r << " seed " << seed);
        const Mixture<T> s(33, 240, r, 0, seed);
        std::vector<T> E;
        std::vector<int32_t> pixel = extract(s, method, seed, 0, &E);
        const std::vector<int32_t> order = pixel;
        std::sort(pixel.begin(), pixel.end());
        EXPECT_EQ(pixel, s.pure);
        for (int32_t k = 0; k < r; ++k)
          for (int32_t i = 0; i < s.m; ++i)  // VCA's are projected on a subspace that is known to 1e-4
            EXPECT_NEAR(double(E[size_t(i + s.m * k)]), double(s.Y[size_t(i + s.m * order[size_t(k)])]),
                        method == ORTHANT_ENDMEMBERS_VCA ? 1e-3 : 0);
      }
}

// The volume of the simplex, up to a constant: the root of the Gram determinant of its edges.
template <class T>
double volume(const Mixture<T> &s, const std::vector<int32_t> &pixel) {
  const int32_t d = s.r - 1;
  std::vector<double> G(size_t(d * d));
  const auto edge = [&](int32_t k, int32_t i) {
    return double(s.Y[size_t(i + s.m * pixel[size_t(k + 1)])]) - double(s.Y[size_t(i + s.m * pixel[0])]);
  };
  for (int32_t a = 0; a < d; ++a)
    for (int32_t b = 0; b < d; ++b)
      for (int32_t i = 0; i < s.m; ++i) G[size_t(a + d * b)] += edge(a, i) * edge(b, i);
  double det = 1;
  for (int32_t k = 0; k < d; ++k) {
    det *= G[size_t(k + d * k)];
    for (int32_t i = k + 1; i < d; ++i) {
      const double t = G[size_t(i + d * k)] / G[size_t(k + d * k)];
      for (int32_t j = k; j < d; ++j) G[size_t(i + d * j)] -= t * G[size_t(k + d * j)];
    }
  }
  return sqrt(std::max(det, 0.0));
}

TYPED_TEST(Scenes, NFindrNeverLosesVolume) {
  using T = TypeParam;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Mixture<T> s(20, 200, 5, 0, seed);
    for (int32_t k = 0; k < s.r; ++k)  // no pure pixels: there is something to search for
      std::copy_n(s.Y.begin() + ptrdiff_t(s.m) * (s.pure[size_t(k)] - 1), s.m,
                  s.Y.begin() + ptrdiff_t(s.m) * s.pure[size_t(k)]);
    double before = volume(s, extract(s, ORTHANT_ENDMEMBERS_SPA, seed));  // where it starts
    for (int32_t sweeps = 1; sweeps <= 6; ++sweeps) {
      const double now = volume(s, extract(s, ORTHANT_ENDMEMBERS_NFINDR, seed, sweeps));
      // The data lie on a plane of r - 1 dimensions, so volumes there are volumes here, but for rounding.
      EXPECT_GE(now, before * (1 - 1e4 * this->eps)) << sweeps;
      before = now;
    }
  }
}

TYPED_TEST(Scenes, DirectionsOfVcaAreAnInput) {
  using T = TypeParam;
  const Mixture<T> s(20, 120, 4, 0.01, 3);
  orthant_endmembers_config c{};
  c.size = sizeof c;
  c.bands = s.m, c.pixels = s.n, c.endmembers = s.r;
  size_t bytes = 0;
  ASSERT_EQ(Api<T>::endmembers_size(&c, &bytes), ORTHANT_OK);
  std::vector<int32_t> first;
  for (uint64_t seed = 0; seed < 3; ++seed) {  // the seed has no say in the directions when they are given
    c.seed = seed;
    std::vector<unsigned char> memory(bytes);
    typename Api<T>::Endmembers *e = nullptr;
    ASSERT_EQ(Api<T>::endmembers_init(&c, memory.data(), bytes, &e), ORTHANT_OK);
    std::vector<T> E(size_t(s.m * s.r)), D(size_t(s.r * s.r));
    Random random(8);
    for (T &d : D) d = T(uniform(random));
    std::vector<int32_t> pixel(size_t(s.r));
    const auto Y = Api<T>::dense(s.Y.data(), s.m, s.n, s.m);
    ASSERT_EQ(Api<T>::endmembers_run(e, &Y, D.data(), s.r, E.data(), s.m, pixel.data()), ORTHANT_OK);
    if (seed == 0) first = pixel;
    EXPECT_EQ(pixel, first);
  }
}

// ---- Scores ---------------------------------------------------------------------------------------------------------

template <class T>
orthant_scores score(int32_t m, int32_t n, int32_t r, const std::vector<T> *E, const std::vector<T> *E_true,
                     const std::vector<T> *A, const std::vector<T> *A_true, std::vector<int32_t> &match,
                     std::vector<double> &angle) {
  const orthant_scores_config c{sizeof c, m, r, n};
  size_t bytes = 0;
  EXPECT_EQ(Api<T>::scores_size(&c, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes, 0xFF);
  orthant_scores out{};
  out.size = sizeof out;
  match.assign(size_t(r), -1);
  angle.assign(size_t(r), -1);
  EXPECT_EQ(Api<T>::scores_run(&c, memory.data(), bytes, E ? E->data() : nullptr, m, E_true ? E_true->data() : nullptr,
      m,
                               A ? A->data() : nullptr, r, A_true ? A_true->data() : nullptr, r, match.data(),
                               angle.data(), &out),
            ORTHANT_OK);
  return out;
}

TYPED_TEST(Scenes, ScoresSeeThroughOrderAndScale) {
  using T = TypeParam;
  const Mixture<T> truth(30, 80, 5, 0, 21), other(30, 80, 5, 0, 22);
  std::vector<T> E = truth.E, A = truth.A;
  for (size_t k = 0; k < E.size(); ++k) E[k] += T(0.1) * other.E[k];
  for (size_t k = 0; k < A.size(); ++k) A[k] = T(0.9) * A[k] + T(0.1) * other.A[k];
  std::vector<int32_t> match;
  std::vector<double> angle;
  const orthant_scores plain = score<T>(30, 80, 5, &E, &truth.E, &A, &truth.A, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>{0, 1, 2, 3, 4}));
  const std::vector<double> angles = angle;
  double mean = 0, all = 0, each = 0;
  for (const double a : angle) mean += a / 5;
  for (int32_t j = 0; j < 80; ++j) {
    double sum = 0;
    for (int32_t k = 0; k < 5; ++k) sum += pow(double(A[size_t(k + 5 * j)]) - double(truth.A[size_t(k + 5 * j)]), 2);
    all += sum;
    each += sqrt(sum / 5) / 80;
  }
  EXPECT_NEAR(plain.mean_angle, mean, 1e-14);
  EXPECT_NEAR(plain.rmse, sqrt(all / 400), 1e-14);
  EXPECT_NEAR(plain.armse, each, 1e-14);
  EXPECT_GT(plain.mean_angle, 0.01);

  const int32_t to[] = {3, 0, 4, 1, 2};
  std::vector<T> Ep(E.size()), Ap(A.size());
  for (int32_t k = 0; k < 5; ++k) {
    for (int32_t i = 0; i < 30; ++i) Ep[size_t(i + 30 * to[k])] = E[size_t(i + 30 * k)] * T(1 << k);
    for (int32_t j = 0; j < 80; ++j) Ap[size_t(to[k] + 5 * j)] = A[size_t(k + 5 * j)];
  }
  const orthant_scores turned = score<T>(30, 80, 5, &Ep, &truth.E, &Ap, &truth.A, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>(to, to + 5)));
  for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(angle[k], angles[k], 1e-14);  // in the order of the truth
  EXPECT_NEAR(turned.rmse, plain.rmse, 1e-15);
  EXPECT_NEAR(turned.armse, plain.armse, 1e-15);

  const orthant_scores alone = score<T>(30, 80, 5, nullptr, nullptr, &Ap, &truth.A, match, angle);  // by abundances
  EXPECT_EQ(match, (std::vector<int32_t>(to, to + 5)));
  EXPECT_NEAR(alone.rmse, plain.rmse, 1e-15);
  const orthant_scores perfect = score<T>(30, 80, 5, &truth.E, &truth.E, &truth.A, &truth.A, match, angle);
  EXPECT_LE(perfect.mean_angle, 1e-12);
  EXPECT_EQ(perfect.rmse, 0);
  EXPECT_EQ(perfect.armse, 0);
}

// Squares of such numbers overflow or vanish; their differences and the scores do not.
TYPED_TEST(Scenes, ScoresDoNotDependOnTheUnit) {
  using T = TypeParam;
  const int exponent = std::numeric_limits<T>::max_exponent - 4;
  const Mixture<T> truth(30, 80, 5, 0, 21), other(30, 80, 5, 0, 22);
  std::vector<T> E = truth.E, A(truth.A.size());
  for (size_t k = 0; k < E.size(); ++k) E[k] += T(0.1) * other.E[k];
  for (size_t k = 0; k < A.size(); ++k) A[k / 5 * 5 + (k + 1) % 5] = T(0.9) * truth.A[k] + T(0.1) * other.A[k];
  std::vector<int32_t> match, plain_match;
  std::vector<double> angle, plain_angle;
  const orthant_scores plain = score<T>(30, 80, 5, nullptr, nullptr, &A, &truth.A, plain_match, angle);
  EXPECT_EQ(plain_match, (std::vector<int32_t>{1, 2, 3, 4, 0}));
  const orthant_scores by_angle = score<T>(30, 80, 5, &E, &truth.E, nullptr, nullptr, plain_match, plain_angle);
  for (const int e : {exponent, -exponent + 60}) {  // 60: without a denormal number
    const auto scaled = [&](std::vector<T> v) {
      for (T &x : v) x = std::ldexp(x, e);
      return v;
    };
    const std::vector<T> Es = scaled(E), Et = scaled(truth.E), As = scaled(A), At = scaled(truth.A);
    const orthant_scores s = score<T>(30, 80, 5, nullptr, nullptr, &As, &At, match, angle);
    EXPECT_EQ(match, (std::vector<int32_t>{1, 2, 3, 4, 0}));
    EXPECT_NEAR(std::ldexp(s.rmse, -e), plain.rmse, 1e-14);
    EXPECT_NEAR(std::ldexp(s.armse, -e), plain.armse, 1e-14);
    const orthant_scores t = score<T>(30, 80, 5, &Es, &Et, nullptr, nullptr, match, angle);
    EXPECT_EQ(match, plain_match);
    EXPECT_NEAR(t.mean_angle, by_angle.mean_angle, 1e-14);
    for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(angle[k], plain_angle[k], 1e-14);
  }
  // Where the squared distances of both matchings are infinite, the nearer is still found.
  const T unit = std::ldexp(T(1), exponent);
  const std::vector<T> few{unit, 2 * unit}, far{5 * unit, 7 * unit};
  const orthant_scores two = score<T>(0, 1, 2, nullptr, nullptr, &few, &far, match, angle);
  EXPECT_EQ(match, (std::vector<int32_t>{0, 1}));
  EXPECT_NEAR(two.rmse / double(unit), std::sqrt(20.5), 1e-14);
  EXPECT_NEAR(two.armse / double(unit), std::sqrt(20.5), 1e-14);
}

// ---- Synthetic scenes -----------------------------------------------------------------------------------------------

template <class T>
struct Scene {
  std::vector<T> w, E, A, Y;
  Scene(int32_t bands, int32_t lines, int32_t samples, int32_t r, uint64_t seed, double snr_db)
      : w(size_t(bands)), E(size_t(bands * r)), A(size_t(r * lines * samples)), Y(size_t(bands * lines * samples)) {
    orthant_scene_config c{};
    c.size = sizeof c;
    c.bands = bands, c.lines = lines, c.samples = samples, c.endmembers = r, c.seed = seed, c.snr_db = snr_db;
    EXPECT_EQ(Api<T>::scene_run(&c, w.data(), E.data(), bands, A.data(), r, Y.data(), bands), ORTHANT_OK);
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
      EXPECT_NEAR(double(clean.w.back()), 2.5, 4 * this->eps);
      EXPECT_TRUE(std::is_sorted(clean.w.begin(), clean.w.end()));
      for (const T e : clean.E) ASSERT_TRUE(e > T(0) && e <= T(1));
      for (const T y : noisy.Y) ASSERT_GE(y, T(0));
      EXPECT_TRUE(clean.A == noisy.A && clean.E == noisy.E);
      double power = 0, noise = 0, neighbour = 0, far = 0;
      for (int32_t j = 0; j < pixels; ++j) {
        double sum = 0;
        for (int32_t k = 0; k < r; ++k) {
          const T a = clean.A[size_t(k + r * j)];
          ASSERT_GE(a, T(0));
          sum += double(a);
          if (j > 0) neighbour += pow(double(a) - double(clean.A[size_t(k + r * (j - 1))]), 2);
          far += pow(double(a) - double(clean.A[size_t(k + r * ((j * 389 + 7) % pixels))]), 2);
        }
        ASSERT_NEAR(sum, 1, r * this->eps);
        for (int32_t i = 0; i < bands; ++i) {
          double y = 0;
          for (int32_t k = 0; k < r; ++k)
            y += double(clean.E[size_t(i + bands * k)]) * double(clean.A[size_t(k + r * j)]);
          const double got = double(clean.Y[size_t(i + bands * j)]);
          ASSERT_NEAR(got, y, this->eps);
          power += got * got;
          noise += pow(double(noisy.Y[size_t(i + bands * j)]) - got, 2);
        }
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
  std::vector<T> A;
  ASSERT_EQ(unmix(s, 0, 1, A, nullptr), ORTHANT_OK);
  double error = 0;
  for (size_t k = 0; k < A.size(); ++k) error += pow(double(A[k]) - double(s.A[k]), 2);
  // Noise of 30 dB over 80 bands: a few hundredths at most, for spectra as unlike as these.
  EXPECT_LT(sqrt(error / double(A.size())), 0.05);
}

}  // namespace
}  // namespace orthant::test
