#include "mixtures.hpp"

#include "rng.hpp"

namespace orthant {
namespace {

// Random numbers one after another.
struct Stream {
  Rng rng;
  uint64_t at = 0;
  double uniform() { return rng.uniform(at++); }
  double normal() {
    at += at & 1;  // a pair of its own
    at += 2;
    return rng.normal(at / 2 - 1);
  }
  int32_t below(int32_t n) { return rng.below(at++, n); }
};

// Gamma(alpha, 1)  [Marsaglia, Tsang 2000]
double gamma(Stream &s, double alpha) {
  const double boost = alpha < 1 ? pow(max_of(s.uniform(), 1e-300), 1 / alpha) : 1;
  const double d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    const double x = s.normal(), v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (!(v > 0)) continue;
    const double u = 1 - s.uniform();
    if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) return boost * d * v;
  }
}

// Dirichlet over all entries, or over 1 .. active of them, chosen at random.
template <class T>
void dirichlet(Stream &s, double alpha, int32_t active, int32_t r, T *h) {
  const int32_t most = active > 0 && active < r ? active : r;
  int32_t left = active > 0 && active < r ? 1 + s.below(most) : r;
  double sum = 0;
  for (int32_t k = 0; k < r; ++k) {
    const bool in = s.uniform() * (r - k) < left;  // `left` of the r - k that remain
    h[k] = in ? T(gamma(s, alpha)) : T(0);
    left -= in;
    sum += double(h[k]);
  }
  for (int32_t k = 0; k < r; ++k) h[k] = sum > 0 ? T(double(h[k]) / sum) : T(1.0 / r);
}

// Discs of random size one over another, each a mixture of its own [Matheron 1968; Lee, Mumford, Huang 2001]; the first
// of a list that covers a pixel is the one seen.  Radii between a hundredth and a third of the map, density ~ 1/r^3.
constexpr int32_t leaves = 400;
template <class T>
void dead_leaves(const MixturesConfig &c, const Rng &places, uint64_t stream, int32_t pixel, T *h) {
  const double side = max_of(c.lines, c.samples);
  const int32_t line = pixel / c.samples, sample = pixel % c.samples;
  const double y = (line + 0.5) / side, x = (sample + 0.5) / side;
  int32_t seen = leaves;
  for (int32_t l = 0; l < leaves && seen == leaves; ++l) {
    const uint64_t at = 3 * uint64_t(l);
    const double dx = x - places.uniform(at), dy = y - places.uniform(at + 1), u = places.uniform(at + 2);
    const double small = 1e4, big = 9, radius2 = 1 / (small - u * (small - big));  // 1/r^2 is uniform
    if (dx * dx + dy * dy < radius2) seen = l;
  }
  Stream s{Rng(c.seed, stream + uint64_t(seen))};
  dirichlet(s, c.alpha, c.active, c.endmembers, h);
}

// What one sample is made of.
template <class T>
struct Sample {
  const MixturesConfig &c;
  uint64_t stream;  // the first of up to 4096
  Mat<const T> S;
  const int32_t *group;
  Mat<const T> maps;
  Mat<T> Y, W, H;

  int32_t rank() const { return c.endmembers; }

  // The which-th spectrum of the group of endmember k.
  int32_t of_group(int32_t k, int32_t which) const {
    int32_t chosen = 0;
    for (; group[chosen] != k || which-- > 0; ++chosen) {}
    return chosen;
  }
  // The which-th spectrum of those that no endmember before k took; W(0, .) holds the numbers taken.
  int32_t of_rest(int32_t k, int32_t which) const {
    for (int32_t chosen = 0;; ++chosen) {
      bool taken = false;
      for (int32_t l = 0; l < k; ++l) taken = taken || int32_t(W(0, l)) == chosen;
      if (!taken && which-- == 0) return chosen;
    }
  }

  // One spectrum for each endmember: of its group, or different ones in any order; each scaled.
  void draw_spectra() const {
    Stream draw{Rng(c.seed, stream)};
    for (int32_t k = 0; k < rank(); ++k) {
      if (!group) {
        W(0, k) = T(of_rest(k, draw.below(c.spectra - k)));
        continue;
      }
      int32_t members = 0;
      for (int32_t j = 0; j < c.spectra; ++j) members += group[j] == k;
      const T *spectrum = S.col(of_group(k, draw.below(members)));
      for (int32_t i = 0; i < c.bands; ++i) W(i, k) = spectrum[i];
    }
    for (int32_t k = 0; k < rank(); ++k) {
      const T *spectrum = group ? W.col(k) : S.col(int32_t(W(0, k)));
      const T scale = T(1 + c.spread * (2 * draw.uniform() - 1));
      for (int32_t i = 0; i < c.bands; ++i) W(i, k) = scale * spectrum[i];
    }
  }

  // H, and Y = W H; the sum of its squares.
  double mix() const {
    const Rng places(c.seed, stream + 1);
    Stream draw{Rng(c.seed, stream + 2)};
    double power = 0;
    for (int32_t p = 0; p < H.cols; ++p) {
      T *h = H.col(p), *y = Y.col(p);
      switch (c.abundances) {
        case Abundances::dirichlet: dirichlet(draw, c.alpha, c.active, rank(), h); break;
        case Abundances::dead_leaves: dead_leaves(c, places, stream + 16, p, h); break;
        case Abundances::maps: {
          const T *from = maps.col(draw.below(maps.cols));
          for (int32_t k = 0; k < rank(); ++k) h[k] = from[k];
          break;
        }
      }
      for (int32_t i = 0; i < c.bands; ++i) {
        double sum = 0;
        for (int32_t k = 0; k < rank(); ++k) sum += double(W(i, k)) * double(h[k]);
        y[i] = T(sum);
        power += sum * sum;
      }
    }
    return power;
  }

  double length(const T *spectrum) const {
    double sum = 0;
    for (int32_t i = 0; i < c.bands; ++i) sum += double(spectrum[i]);
    return max_of(sum, 1e-30);
  }
  static void divide(T *x, int32_t n, double by) {
    for (int32_t i = 0; i < n; ++i) x[i] = T(double(x[i]) / by);
  }

  // Noise of this power over the signal's; then, if asked, columns of Y and W of unit l1, and H in that unit.
  void spoil(double power) const {
    const double mean = power / (double(c.bands) * double(H.cols));
    const double sigma = c.snr_db < 0 ? 0 : sqrt(mean) * pow(10.0, -c.snr_db / 20);
    const Rng sensor(c.seed, stream + 3);
    for (int32_t p = 0; p < H.cols; ++p) {
      T *h = H.col(p), *y = Y.col(p);
      const double clean = c.unit ? length(y) : 1;
      for (int32_t i = 0; i < c.bands && sigma > 0; ++i)
        y[i] = T(max_of(0.0, double(y[i]) + sigma * sensor.normal(uint64_t(p) * uint64_t(c.bands) + uint64_t(i))));
      if (!c.unit) continue;
      for (int32_t k = 0; k < rank(); ++k) h[k] = T(double(h[k]) * length(W.col(k)) / clean);
      divide(y, c.bands, length(y));
    }
    for (int32_t k = 0; k < rank() && c.unit; ++k) divide(W.col(k), c.bands, length(W.col(k)));
  }
};

}  // namespace

template <class T>
void make_mixtures(const MixturesConfig &c, uint64_t index, int32_t count, Mat<const T> S, const int32_t *group,
                   Mat<const T> maps, Mat<T> Y, Mat<T> W, Mat<T> H) {
  const int32_t pixels = c.lines * c.samples;
  parallel_for(c.par, count, [&](int32_t i, int32_t) {
    const Sample<T> sample{c, (index + uint64_t(i)) << 12, S, group, maps, Y.columns(i * pixels, pixels),
                           W.columns(i * c.endmembers, c.endmembers), H.columns(i * pixels, pixels)};
    sample.draw_spectra();
    sample.spoil(sample.mix());
  });
}

#define INSTANTIATE(T)                                                                                               \
  template void make_mixtures<T>(const MixturesConfig &, uint64_t, int32_t, Mat<const T>, const int32_t *,           \
                                 Mat<const T>, Mat<T>, Mat<T>, Mat<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
