// A small network on maps: same-padded k x k convolutions, ReLU between them, softplus at the end, so that the outputs
// are positive.  Dense layers are the case of one pixel and k = 1.  Maps are matrices pixels x channels,
// pixel = sample + samples * line; a layer is one product of patches (pixels x k k c_in) with its weights.
#pragma once
#include "carver.hpp"
#include "ops.hpp"
#include "rng.hpp"

namespace orthant {

struct ConvShape {
  static constexpr int32_t most = 6;
  int32_t lines = 1, samples = 1, kernel = 1, layers = 0;
  int32_t channels[most + 1] = {};

  int32_t pixels() const { return lines * samples; }
  size_t fan_in(int32_t l) const { return size_t(kernel) * size_t(kernel) * size_t(channels[l]); }
  // Parameters of layer l: weights (fan_in x c_out), then biases (c_out); of all.
  size_t params(int32_t l) const { return (fan_in(l) + 1) * size_t(channels[l + 1]); }
  size_t params() const {
    size_t n = 0;
    for (int32_t l = 0; l < layers; ++l) n += params(l);
    return n;
  }
};

template <class T>
struct ConvNet {
  ConvShape s;
  T *act[ConvShape::most + 1] = {};  // outputs of each layer; act[0] is not used
  T *grad[2] = {};                   // pixels x widest
  T *tile = nullptr, *transposed = nullptr;

  static constexpr int32_t block = 64;  // pixels whose patches are gathered at a time

  void layout(Carver &carve, const ConvShape &shape, bool training) {
    s = shape;
    size_t widest = 0, longest = 0, largest = 0;
    for (int32_t l = 0; l < s.layers; ++l) {
      act[l + 1] = carve.take<T>(size_t(s.pixels()), size_t(s.channels[l + 1]));
      widest = max_of(widest, size_t(max_of(s.channels[l], s.channels[l + 1])));
      longest = max_of(longest, s.fan_in(l));
      largest = max_of(largest, s.params(l));
    }
    tile = carve.take<T>(longest, size_t(min_of(block, s.pixels())));
    for (T *&g : grad) g = carve.take<T>(training ? widest : 0, size_t(s.pixels()));
    transposed = carve.take<T>(training ? largest : 0);
  }

  // He's start, the last layer near zero with biases for which softplus is one [He, Zhang, Ren, Sun 2015].
  void start(uint64_t seed, uint64_t stream, T *theta) const {
    const Rng rng(seed, stream);
    uint64_t index = 0;
    for (int32_t l = 0; l < s.layers; ++l) {
      const bool last = l + 1 == s.layers;
      const double spread = (last ? 0.01 : 1.0) * sqrt(2.0 / double(s.fan_in(l)));
      const size_t weights = s.fan_in(l) * size_t(s.channels[l + 1]);
      for (size_t i = 0; i < weights; ++i) *theta++ = T(spread * rng.normal(index++));
      for (int32_t i = 0; i < s.channels[l + 1]; ++i) *theta++ = T(last ? 0.541324854612918 : 0);  // log(e - 1)
    }
  }

  // The outputs, in act[layers].
  Mat<T> forward(const Ops<T> &ops, const T *theta, Mat<const T> X) {
    const int32_t n = s.pixels();
    for (int32_t l = 0; l < s.layers; ++l) {
      const int32_t out = s.channels[l + 1], wide = int32_t(s.fan_in(l));
      const Mat<const T> in = input(l, X), weights{theta, wide, out, wide};
      const T *bias = theta + s.fan_in(l) * size_t(out);
      const Mat<T> to{act[l + 1], n, out, n};
      for (int32_t p = 0; p < n; p += block) {
        const Mat<T> patches = gather(in, p, min_of(block, n - p));
        ops.nn(patches, weights, to.block(p, 0, patches.rows, out));
      }
      for (int32_t c = 0; c < out; ++c) {
        T *y = to.col(c);
        if (l + 1 < s.layers)
          for (int32_t p = 0; p < n; ++p) y[p] = max_of(y[p] + bias[c], T(0));
        else
          for (int32_t p = 0; p < n; ++p) y[p] = softplus(y[p] + bias[c]);
      }
      theta += s.params(l);
    }
    return {act[s.layers], n, s.channels[s.layers], n};
  }

  // After forward, for the gradient D of the outputs: adds to that of theta, and to that of X.
  void backward(const Ops<T> &ops, const T *theta, Mat<const T> X, Mat<const T> D, T *theta_bar, Mat<T> X_bar) {
    const int32_t n = s.pixels();
    theta += s.params();
    theta_bar += s.params();
    const Mat<T> last{grad[0], n, s.channels[s.layers], n};
    const Mat<T> a{act[s.layers], n, s.channels[s.layers], n};
    for (int32_t c = 0; c < last.cols; ++c)  // softplus'(z) = 1 - exp(-softplus(z))
      for (int32_t p = 0; p < n; ++p) last(p, c) = D(p, c) * (T(1) - T(exp(double(-a(p, c)))));
    for (int32_t l = s.layers - 1, now = 0; l >= 0; --l, now = 1 - now) {
      const int32_t out = s.channels[l + 1], wide = int32_t(s.fan_in(l));
      theta -= s.params(l);
      theta_bar -= s.params(l);
      const Mat<T> z{grad[now], n, out, n};
      const Mat<const T> in = input(l, X), weights{theta, wide, out, wide};
      const Mat<T> weights_bar{theta_bar, wide, out, wide}, back{transposed, out, wide, out};
      T *bias_bar = theta_bar + s.fan_in(l) * size_t(out);
      for (int32_t c = 0; c < out; ++c) {
        double sum = 0;
        for (int32_t p = 0; p < n; ++p) sum += double(z(p, c));
        bias_bar[c] += T(sum);
      }
      const Mat<T> into = l > 0 ? Mat<T>{grad[1 - now], n, s.channels[l], n} : X_bar;
      if (l > 0) fill(into, T(0));
      transpose<T>(weights, back);
      for (int32_t p = 0; p < n; p += block) {
        const int32_t count = min_of(block, n - p);
        const Mat<const T> dz = z.block(p, 0, count, out);
        const Mat<T> patches = gather(in, p, count);
        ops.tn(patches, dz, weights_bar, true);
        ops.nn(dz, back, patches);  // their gradient, in their place
        scatter(patches, p, into);
      }
      if (l == 0) break;
      for (int32_t c = 0; c < into.cols; ++c)
        for (int32_t p = 0; p < n; ++p)
          if (!(in(p, c) > T(0))) into(p, c) = T(0);
    }
  }

 private:
  static T softplus(T z) { return T(max_of(double(z), 0.0) + log1p(exp(-double(abs_of(z))))); }
  Mat<const T> input(int32_t l, Mat<const T> X) const {
    return l == 0 ? X : Mat<const T>{act[l], s.pixels(), s.channels[l], s.pixels()};
  }
  // body(row of the tile, pixel, or -1 outside the map, column of the tile for channel 0, shift)
  template <class Body>
  void neighbours(int32_t from, int32_t count, const Body &body) const {
    const int32_t half = s.kernel / 2;
    for (int32_t dy = 0; dy < s.kernel; ++dy)
      for (int32_t dx = 0; dx < s.kernel; ++dx)
        for (int32_t q = 0; q < count; ++q) {
          const int32_t line = (from + q) / s.samples + dy - half, sample = (from + q) % s.samples + dx - half;
          const bool inside = line >= 0 && line < s.lines && sample >= 0 && sample < s.samples;
          body(q, inside ? sample + s.samples * line : -1, dx + s.kernel * dy);
        }
  }
  Mat<T> gather(Mat<const T> in, int32_t from, int32_t count) const {
    const int32_t taps = s.kernel * s.kernel;
    const Mat<T> P{tile, count, taps * in.cols, count};
    neighbours(from, count, [&](int32_t q, int32_t pixel, int32_t tap) {
      for (int32_t c = 0; c < in.cols; ++c) P(q, tap + taps * c) = pixel >= 0 ? in(pixel, c) : T(0);
    });
    return P;
  }
  void scatter(Mat<const T> P, int32_t from, Mat<T> into) const {
    const int32_t taps = s.kernel * s.kernel;
    neighbours(from, P.rows, [&](int32_t q, int32_t pixel, int32_t tap) {
      for (int32_t c = 0; c < into.cols && pixel >= 0; ++c) into(pixel, c) += P(q, tap + taps * c);
    });
  }
};

}  // namespace orthant
