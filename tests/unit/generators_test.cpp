// Synthetic data against their generators, written a second time from what they say: results and figures rest on these
// numbers, so that those of a seed stay what they are.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "factor_sample.hpp"
#include "matrix.hpp"
#include "mixtures.hpp"
#include "random.hpp"
#include "rng.hpp"
#include "scene.hpp"

namespace orthant::test {
namespace {

Mat<double> view_of(Matrix<double> &X) { return {X.data(), X.rows(), X.cols(), X.ld()}; }

// ---- Scenes

// Value noise: uniform numbers in [-1, 1) on a lattice, between them by cubic weights; octaves 2.1 times as fine, 0.45
// times as high.
double value_noise(const Rng &rng, double x, double y) {
  const auto weight = [](double t) { return t * t * (3 - 2 * t); };
  double sum = 0;
  for (uint64_t octave = 0; octave < 3; ++octave) {
    const double fine = pow(2.1, double(octave));
    const int a = int(floor(fine * x)), b = int(floor(fine * y));
    const double u = weight(fine * x - a), v = weight(fine * y - b);
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j) {
        const uint64_t at = (octave << 40) + (uint64_t(a + i + 4096) << 20) + uint64_t(b + j + 4096);
        sum += pow(0.45, double(octave)) * (i ? u : 1 - u) * (j ? v : 1 - v) * (2 * rng.uniform(at) - 1);
      }
  }
  return sum;
}

// Fractions of a pixel: a softmax of nine times value noise; a river of width 0.035 and a road of width 0.014 stand out
// of it; what is below a hundredth is nothing.
std::vector<double> fractions_at(uint64_t seed, int32_t r, double x, double y) {
  const Rng course(seed, 1);
  const double bend = 0.1 * sin(5 * x + 6.28 * course.uniform(0)) + 0.03 * sin(13 * x);
  const double river = 0.25 + 0.5 * course.uniform(1) + bend;
  const double road = 0.25 + 0.5 * course.uniform(3) + (course.uniform(2) - 0.5) * y;
  const auto ridge = [](double away, double width) { return exp(-0.5 * pow(away / width, 2)); };
  std::vector<double> a;
  double sum = 0, kept = 0;
  for (int32_t k = 0; k < r; ++k) {
    double field = 9 * value_noise(Rng(seed, 16 + uint64_t(k)), 4.5 * x, 4.5 * y);
    if (k == 2) field = field / 2 + 18 * ridge(y - river, 0.035) - 6;
    if (k == 3) field = field / 2 + 19 * ridge(x - road, 0.014) - 6;
    sum += exp(field), a.push_back(exp(field));
  }
  for (double &part : a) part = part / sum < 0.01 ? 0 : part, kept += part;
  for (double &part : a) part /= kept;
  return a;
}

// A feature of a spectrum: what multiplies the light at w, a bell that takes `depth` away or a step of it.
struct Feature {
  double depth, at, width;
  bool is_step;
  double shape(double w) const {
    const double t = (w - at) / width;
    return is_step ? 1 / (1 + exp(-t)) : exp(-t * t / 2);
  }
};

double spectrum_at(int32_t material, double w) {
  const auto bell = [](double depth, double at, double width) { return Feature{depth, at, width, false}; };
  const auto step = [](double depth, double at, double width) { return Feature{depth, at, width, true}; };
  const auto rise = [&](double from, double height, double rate, double at) {
    return from + height - height * exp(rate * (at - w));
  };
  const double edge = step(1, 0.72, 0.016).shape(w);
  double level = 0, wet = 0;  // wet: the depth at 1.94 micrometres, and 0.7 of it at 1.45
  const auto without = [&](std::initializer_list<Feature> taken) {
    double left = 1;
    for (const Feature &f : taken) left *= 1 - f.depth * f.shape(w);
    return left;
  };
  switch (material) {
    case 0:
      level = edge * (0.604 - 0.13 * w), wet = 0.82;
      level *= 1 - 0.08 * bell(1, 0.97, 0.03).shape(w) - 0.13 * bell(1, 1.2, 0.05).shape(w);
      level *= without({step(0.45, 1.85, 0.12)});
      break;
    case 1:
      level = rise(0.06, 0.30, 1.6, 0.35), wet = 0.25;
      level *= without({bell(0.1, 0.87, 0.06), bell(0.14, 2.2, 0.035)});
      break;
    case 2: return 0.006 + 0.075 * bell(1, 0.5, 0.11).shape(w) * step(1, 0.72, -0.03).shape(w);
    case 3: return 0.047 + 0.045 * w - 0.012 * bell(1, 2.31, 0.05).shape(w);
    case 4:
      level = 0.07 + 0.33 * step(1, 0.59, 0.028).shape(w) + 0.07 * step(1, 1.05, 0.15).shape(w), wet = 0.08;
      level *= without({bell(0.13, 0.87, 0.07)});
      break;
    case 5:
      level = rise(0.12, 0.46, 2.9, 0.37), wet = 0.13;
      level *= without({bell(0.05, 2.2, 0.03)});
      break;
    case 6:
      level = rise(0.07, 0.42, 2.2, 0.38), wet = 0.3;
      level *= without({bell(0.16, 2.1, 0.05), bell(0.12, 2.3, 0.03), step(0.22, 1.8, 0.2)});
      break;
    default:
      level = 0.24 + 0.1 * step(1, 0.5, 0.06).shape(w), wet = 0.12;
      level *= without({bell(0.12, 2.34, 0.035)});
  }
  level *= 1 - wet * bell(1, 1.94, 0.07).shape(w) - 0.7 * wet * bell(1, 1.45, 0.055).shape(w);
  const double green = material == 0 ? (1 - edge) * (0.035 + 0.075 * bell(1, 0.55, 0.035).shape(w)) : 0;
  return level + green;
}

struct Scene {
  std::vector<double> w;
  Matrix<double> E, A, Y;
  explicit Scene(const SceneConfig &c)
      : w(size_t(c.bands)), E(c.bands, c.endmembers), A(c.endmembers, c.lines * c.samples),
        Y(c.bands, c.lines * c.samples) {
    make_scene<double>(c, w.data(), view_of(E), view_of(A), view_of(Y));
  }
};

TEST(Generators, Scenes) {
  const int32_t bands = 211, r = scene_materials;
  for (const auto &[lines, samples, seed] : {std::array{26, 37, 4}, {37, 26, 9}}) {
    const SceneConfig c{bands, lines, samples, r, uint64_t(seed), 20};
    SceneConfig without = c;
    without.snr_db = -1;
    const Scene noisy(c), clean(without);
    clean.E.visit([&](int32_t i, int32_t k) {
      EXPECT_NEAR(clean.E(i, k), spectrum_at(k, 0.4 + 2.1 * i / (bands - 1)), 1e-13) << i << " of " << k;
    });
    const double sigma = sqrt(norm2(clean.Y) / bands / lines / samples / 100);
    const Rng sensor(c.seed, 2);
    for (int32_t p = 0; p < lines * samples; ++p) {
      const std::vector<double> a = fractions_at(c.seed, r, p % samples / 37.0, p / samples / 37.0);
      for (int32_t k = 0; k < r; ++k) ASSERT_NEAR(clean.A(k, p), a[size_t(k)], 1e-10) << k << " of pixel " << p;
      for (int32_t i = 0; i < bands; ++i) {
        double y = 0;
        for (int32_t k = 0; k < r; ++k) y += clean.E(i, k) * a[size_t(k)];
        ASSERT_NEAR(clean.Y(i, p), y, 1e-10);
        const double noise = sigma * sensor.normal(uint64_t(p * bands + i));
        ASSERT_NEAR(noisy.Y(i, p), std::max(0.0, y + noise), 1e-9) << i << " of pixel " << p;
      }
    }
  }
  const Scene one(SceneConfig{1, 3, 2, 2, 1, -1});
  EXPECT_EQ(one.w[0], 0.4);
  EXPECT_NEAR(one.E(0, 0), spectrum_at(0, 0.4), 1e-15);
}

// ---- Mixtures

// Numbers of a stream in turn; a normal one of a pair that begins at an even place.
struct Draws {
  Rng rng;
  uint64_t at = 0;
  double uniform() { return rng.uniform(at++); }
  int32_t below(int32_t n) { return int32_t(floor(double(rng.bits(at++) >> 32) / 0x1p32 * n)); }
  double normal() {
    if (at % 2 == 1) ++at;
    const double u = 1 - uniform(), angle = 8 * atan(1) * uniform();
    return sqrt(-2 * log(u)) * cos(angle);
  }
  // [Marsaglia, Tsang 2000]; below one by U^(1/alpha) and the next alpha.
  double gamma(double alpha) {
    if (alpha < 1) {
      const double u = uniform();
      return pow(u, 1 / alpha) * gamma(alpha + 1);
    }
    const double d = alpha - 1.0 / 3;
    while (true) {
      const double x = normal(), v = pow(1 + x / (3 * sqrt(d)), 3);
      if (v <= 0) continue;
      if (log(1 - uniform()) < x * x / 2 + d * (1 - v + log(v))) return d * v;
    }
  }
  // Over `active` at most of r parts, chosen one after the other with equal chances.
  std::vector<double> dirichlet(double alpha, int32_t active, int32_t r) {
    int32_t left = active > 0 && active < r ? 1 + below(active) : r;
    std::vector<double> h;
    double sum = 0;
    for (int32_t k = 0; k < r; ++k) {
      const bool chosen = uniform() < double(left) / (r - k);
      h.push_back(chosen ? gamma(alpha) : 0);
      left -= chosen;
      sum += h.back();
    }
    for (double &x : h) x /= sum;
    return h;
  }
};

// Of the discs of which a map is made, the first over a pixel; inverse squares of their radii are uniform from 3^2 to
// 100^2, the centres in a square of the longer side.
uint64_t leaf_at(const Rng &places, double x, double y) {
  for (uint64_t leaf = 0; leaf < 400; ++leaf) {
    const double dx = x - places.uniform(3 * leaf), dy = y - places.uniform(3 * leaf + 1);
    const double u = places.uniform(3 * leaf + 2);
    if ((dx * dx + dy * dy) * ((1 - u) * 1e4 + u * 9) < 1) return leaf;
  }
  return 400;
}

struct MixtureCase {
  MixturesConfig c;
  bool grouped;
  std::vector<int32_t> group;
  Matrix<double> S, maps, Y, W, H;
  MixtureCase(const MixturesConfig &config, bool of_groups)
      : c(config), grouped(of_groups), S(c.bands, c.spectra), maps(c.endmembers, 5),
        Y(c.bands, 3 * c.lines * c.samples), W(c.bands, 3 * c.endmembers), H(c.endmembers, 3 * c.lines * c.samples) {
    Random random(21);
    S.each([&](int32_t, int32_t) { return 0.1 + test::uniform(random); });
    maps.each([&](int32_t, int32_t) { return test::uniform(random); });
    for (int32_t j = 0; j < c.spectra; ++j) group.push_back((j * 5 + 2) % c.endmembers);
    make_mixtures<double>(c, 6, 3, view_of(S), grouped ? group.data() : nullptr, view_of(maps), view_of(Y), view_of(W),
                          view_of(H));
  }

  // The spectra of sample `s`: of the group of each endmember, or of those that are left; then scaled.
  Matrix<double> spectra(uint64_t s) const {
    Draws draws{Rng(c.seed, s << 12)};
    std::vector<int32_t> rest, taken;
    for (int32_t j = 0; j < c.spectra; ++j) rest.push_back(j);
    for (int32_t k = 0; k < c.endmembers; ++k) {
      std::vector<int32_t> own;
      for (int32_t j = 0; j < c.spectra; ++j)
        if (group[size_t(j)] == k) own.push_back(j);
      std::vector<int32_t> &from = grouped ? own : rest;
      const auto chosen = from.begin() + draws.below(int32_t(from.size()));
      taken.push_back(*chosen);
      from.erase(chosen);
    }
    Matrix<double> out(c.bands, c.endmembers);
    for (int32_t k = 0; k < c.endmembers; ++k) {
      const double scale = 1 - c.spread + 2 * c.spread * draws.uniform();
      for (int32_t i = 0; i < c.bands; ++i) out(i, k) = scale * S(i, taken[size_t(k)]);
    }
    return out;
  }
  Matrix<double> abundances(uint64_t s) const {
    const uint64_t stream = s << 12;
    Draws draws{Rng(c.seed, stream + 2)};
    Matrix<double> out(c.endmembers, c.lines * c.samples);
    for (int32_t p = 0; p < out.cols(); ++p) {
      std::vector<double> h;
      if (c.abundances == Abundances::maps) {
        const int32_t from = draws.below(maps.cols());
        for (int32_t k = 0; k < c.endmembers; ++k) h.push_back(maps(k, from));
      } else if (c.abundances == Abundances::dead_leaves) {
        const double side = std::max(c.lines, c.samples);
        const uint64_t leaf =
            leaf_at(Rng(c.seed, stream + 1), (p % c.samples + 0.5) / side, (p / c.samples + 0.5) / side);
        h = Draws{Rng(c.seed, stream + 16 + leaf)}.dirichlet(c.alpha, c.active, c.endmembers);
      } else {
        h = draws.dirichlet(c.alpha, c.active, c.endmembers);
      }
      for (int32_t k = 0; k < c.endmembers; ++k) out(k, p) = h[size_t(k)];
    }
    return out;
  }

  void check() {
    const int32_t pixels = c.lines * c.samples;
    const auto sum_of = [](const Matrix<double> &X, int32_t j) {
      double sum = 0;
      for (int32_t i = 0; i < X.rows(); ++i) sum += X(i, j);
      return sum;
    };
    for (int32_t s = 0; s < 3; ++s) {
      const Matrix<double> E = spectra(uint64_t(6 + s)), A = abundances(uint64_t(6 + s)), clean = E * A;
      Matrix<double> noisy = clean;
      const double sigma = c.snr_db < 0 ? 0 : sqrt(norm2(clean) / c.bands / pixels * pow(10, -c.snr_db / 10));
      const Rng sensor(c.seed, (uint64_t(6 + s) << 12) + 3);
      noisy.each([&](int32_t i, int32_t p) {
        return std::max(0.0, clean(i, p) + sigma * sensor.normal(uint64_t(p * c.bands + i)));
      });
      const double unit = c.unit;  // or columns as they are
      for (int32_t k = 0; k < c.endmembers; ++k)
        for (int32_t i = 0; i < c.bands; ++i)
          ASSERT_NEAR(W(i, k + c.endmembers * s), E(i, k) / (unit ? sum_of(E, k) : 1), 1e-12);
      for (int32_t p = 0; p < pixels; ++p) {
        for (int32_t k = 0; k < c.endmembers; ++k)
          ASSERT_NEAR(H(k, p + pixels * s), A(k, p) * (unit ? sum_of(E, k) / sum_of(clean, p) : 1), 1e-11);
        for (int32_t i = 0; i < c.bands; ++i)
          ASSERT_NEAR(Y(i, p + pixels * s), noisy(i, p) / (unit ? sum_of(noisy, p) : 1), 1e-11);
      }
    }
  }
};

TEST(Generators, Mixtures) {
  for (const bool grouped : {false, true})
    for (const Abundances kind : {Abundances::dirichlet, Abundances::dead_leaves, Abundances::maps})
      for (const double alpha : {0.4, 1.0, 3.0})
        for (const int32_t active : {0, 2, 4}) {
          SCOPED_TRACE(testing::Message() << grouped << int(kind) << " alpha " << alpha << " active " << active);
          MixturesConfig c;
          c.bands = 7, c.endmembers = 4, c.spectra = 11, c.lines = 9, c.samples = 12, c.seed = 31;
          c.abundances = kind, c.alpha = alpha, c.active = active, c.spread = active == 2 ? 0.3 : 0;
          c.unit = alpha > 1, c.snr_db = active == 4 ? -1 : 12;
          MixtureCase(c, grouped).check();
          std::swap(c.lines, c.samples);
          MixtureCase(c, grouped).check();
        }
}

// ---- Matrices with exponential factors

TEST(Generators, FactorSamples) {
  struct Sides {
    FactorSet set;
    int32_t rows[2], cols[2];
  };
  // Of 15000 matrices of training 10000 are small, 2000 of middle size, 1500 wide and 1500 tall, in the order of a
  // permutation.
  const auto sides_of = [](FactorSet set, uint64_t index) -> Sides {
    if (set == FactorSet::small) return {set, {15, 35}, {15, 35}};
    if (set == FactorSet::large) return {set, {50, 200}, {50, 200}};
    const uint64_t place = index * 7919 % 15000;
    if (place < 10000) return {set, {10, 35}, {10, 35}};
    if (place < 12000) return {set, {30, 70}, {30, 70}};
    if (place < 13500) return {set, {30, 100}, {10, 35}};
    return {set, {10, 35}, {30, 100}};
  };
  std::array<int, 4> extreme{};
  for (const FactorSet set : {FactorSet::training, FactorSet::small, FactorSet::large})
    for (uint64_t index = 0; index < (set == FactorSet::training ? 15000 : 500); ++index) {
      FactorSample f;
      f.seed = 8, f.index = index, f.set = set;
      const Sides s = sides_of(set, index);
      const Rng rng(8, (uint64_t(set) << 56) + 2 * index);
      int32_t rows = 0, cols = 0;
      f.sizes(&rows, &cols);
      ASSERT_EQ(rows, s.rows[0] + int32_t(floor(double(rng.bits(0) >> 32) / 0x1p32 * (s.rows[1] - s.rows[0] + 1))));
      ASSERT_EQ(cols, s.cols[0] + int32_t(floor(double(rng.bits(1) >> 32) / 0x1p32 * (s.cols[1] - s.cols[0] + 1))));
      extreme[0] += rows == s.rows[0], extreme[1] += rows == s.rows[1];
      extreme[2] += cols == s.cols[0], extreme[3] += cols == s.cols[1];
      if (index % 500 != 7) continue;
      f.rank = 3, f.noise = 0.2;
      const Rng entries(8, (uint64_t(set) << 56) + 2 * index + 1), noise(8, (uint64_t(3) << 56) ^ index);
      const auto factor = [&](int32_t item, int32_t k) {
        return -log(1 - entries.uniform(uint64_t(item * f.rank + k))) / sqrt(f.rank);
      };
      Matrix<double> V(rows, cols);
      f.draw(view_of(V));
      V.visit([&](int32_t i, int32_t j) {
        double v = set == FactorSet::training ? f.noise * noise.normal(uint64_t(j * rows + i)) : 0;
        for (int32_t k = 0; k < f.rank; ++k) v += factor(i, k) * factor(rows + j, k);
        ASSERT_NEAR(V(i, j), v, 1e-12) << i << " " << j << " of " << index;
      });
    }
  for (const int count : extreme) EXPECT_GT(count, 300);  // both bounds are drawn
}

}  // namespace
}  // namespace orthant::test
