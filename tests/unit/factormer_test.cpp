// The Factormer's layers without edges against a reference that makes every edge's vector; its gradients against
// differences; permutations, invariances, odd sizes, workers.
#include "factormer.hpp"
#include "factormer_train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "model_bytes.hpp"
#include "nmf_run.hpp"
#include "orthant/experimental.h"
#include "shuffle_pool.hpp"

namespace orthant::test {
namespace {

using Shape = FactormerShape;
using Vector = std::vector<double>;

Shape shape(int32_t r, int32_t d, int32_t h, int32_t N, int32_t f) {
  Shape s;
  s.rank = r, s.width = d, s.heads = h, s.layers = N, s.hidden = f;
  return s;
}

template <class T>
std::vector<T> parameters(const Shape &s, uint64_t seed, double scale = 1) {
  Random random(seed);
  std::vector<T> theta(s.params());
  for (int32_t t = 0; t < s.tensors; ++t)
    for (int32_t k = 0; k < s.copies(t); ++k)
      for (size_t i = 0; i < s.count(t); ++i) {
        const bool gain = (t == s.norm1 || t == s.norm2) && i < size_t(s.width);
        const double fan = s.cols(t) > 2 ? (t == s.key || t == s.value ? s.rows(t) : s.cols(t)) : 10;
        theta[s.at(t, k) + i] = T((gain ? 1 : 0) + scale * (2 * uniform(random) - 1) / std::sqrt(fan));
      }
  return theta;
}

// Fills the memory with as many bytes as lay_out(Carver &) asks for, each 0xFF; the first aligned address in it.
template <class LayOut>
void *room_for(std::vector<unsigned char> &memory, const LayOut &lay_out) {
  Carver measure;
  lay_out(measure);
  size_t bytes = 0;
  EXPECT_TRUE(measure.total(&bytes));
  memory.assign(bytes, 0xFF);
  return Carver::align(memory.data(), bytes, bytes);
}

// A matrix with its factors and one pass.
template <class T>
struct Case {
  Shape s;
  int32_t m, n;
  std::vector<T> theta, V, in[4], out[2], dout[2];
  std::vector<unsigned char> memory;
  FactormerPass<T> pass;
  T scale = T(1);

  Case(const Shape &shape, int32_t rows, int32_t cols, uint64_t seed, int32_t workers = 1, bool training = true)
      : s(shape), m(rows), n(cols), theta(parameters<T>(shape, seed)) {
    Random random(seed + 1);
    const auto numbers = [&](size_t count) {
      std::vector<T> x(count);
      for (T &value : x) value = T(uniform(random) * 2);
      return x;
    };
    V = numbers(size_t(m) * size_t(n));
    for (int i = 0; i < 4; ++i) in[i] = numbers(size_t(s.rank) * size_t(i % 2 == of_w ? m : n));
    for (int i = 0; i < 2; ++i) out[i] = numbers(in[i].size());
    pass.s = s, pass.m = m, pass.n = n, pass.training = training;
    room_for(memory, [&](Carver &carve) { pass.layout(carve, workers); });
    place(workers);
  }
  void place(int32_t workers) {
    size_t bytes = memory.size();
    Carver carve(Carver::align(memory.data(), bytes, bytes));
    pass.layout(carve, workers);
  }
  Mat<T> view(std::vector<T> &x) { return {x.data(), s.rank, int32_t(x.size()) / s.rank, s.rank}; }
  Mat<const T> data() const { return {V.data(), m, n, m}; }
  typename FactormerPass<T>::Factors factors() { return {{view(in[0]), view(in[1])}, {view(in[2]), view(in[3])}}; }
  void forward(const Parallel &par = {}) {
    const Mat<T> to[2] = {view(out[0]), view(out[1])};
    pass.forward(Ops<T>(), par, data(), scale, {theta.data(), nullptr}, factors(), to);
  }
  // Gradient of the sum of R . out, by the way back; din: of all four inputs.
  std::vector<T> backward(const std::vector<T> *R, std::vector<T> *din) {
    std::vector<T> bar(s.params());
    for (int i = 0; i < 2; ++i) dout[i] = R[i];
    for (int i = 0; i < 4; ++i) din[i].assign(in[i].size(), T(0));
    const Mat<T> to[2] = {view(out[0]), view(out[1])}, from[2] = {view(dout[0]), view(dout[1])};
    const Mat<T> now[2] = {view(din[0]), view(din[1])}, before[2] = {view(din[2]), view(din[3])};
    pass.backward(Ops<T>(), data(), scale, {theta.data(), nullptr}, factors(), to, from, bar.data(), false, now, before);
    return bar;
  }
};

// The same network from the vectors of all edges, in double, as the source has it: with key biases.
template <class T>
struct PerEdge {
  const Case<T> &c;
  Vector x[2];
  int32_t first = of_h;  // side of each layer's first update
  explicit PerEdge(const Case<T> &given) : c(given) {}
  double p(int32_t t, int32_t set, size_t i) const { return double(c.theta[c.s.at(t, set) + i]); }
  void norm(double *x_, int32_t t, int32_t set) const {
    const int32_t d = c.s.width;
    double mean = 0, var = 0;
    for (int32_t i = 0; i < d; ++i) mean += x_[i] / d;
    for (int32_t i = 0; i < d; ++i) var += (x_[i] - mean) * (x_[i] - mean) / d;
    for (int32_t i = 0; i < d; ++i)
      x_[i] = (x_[i] - mean) / std::sqrt(var + 1e-5) * p(t, set, size_t(i)) + p(t, set, size_t(d + i));
  }
  void update(int32_t side, int32_t layer) {
    const Shape &s = c.s;
    const int32_t d = s.width, own = d / s.heads, wide = 2 * d + 1, set = s.set(layer, side);
    const int32_t sources = side == of_h ? c.m : c.n, targets = side == of_h ? c.n : c.m;
    const Vector &X = x[1 - side];
    Vector next;
    for (int32_t j = 0; j < targets; ++j) {
      const double *xj = x[side].data() + size_t(j) * size_t(d);
      Vector q(size_t(d), 0.0), message(size_t(d), 0.0);
      for (int32_t o = 0; o < d; ++o) {
        q[size_t(o)] = p(s.query_bias, set, size_t(o));
        for (int32_t i = 0; i < d; ++i) q[size_t(o)] += p(s.query, set, size_t(o + d * i)) * xj[i];
      }
      for (int32_t h = 0; h < s.heads; ++h) {
        Vector logit, values;
        double top = -1e300, sum = 0;
        for (int32_t i = 0; i < sources; ++i) {
          Vector edge;
          const double *xi = X.data() + size_t(i) * size_t(d);
          for (int32_t l = 0; l < d; ++l) edge.push_back(xi[l]);
          for (int32_t l = 0; l < d; ++l) edge.push_back(xi[l] * xj[l]);
          const ptrdiff_t at = side == of_h ? i + ptrdiff_t(c.m) * j : j + ptrdiff_t(c.m) * i;
          edge.push_back(double(c.V[size_t(at)]) * double(c.scale));
          double z = 0;
          for (int32_t o = h * own; o < (h + 1) * own; ++o) {
            double key = 0.3 + 0.1 * o, value = p(s.value_bias, set, size_t(o));  // any key bias: it cancels
            for (int32_t l = 0; l < wide; ++l) {
              key += p(s.key, set, size_t(l + wide * o)) * edge[size_t(l)];
              value += p(s.value, set, size_t(l + wide * o)) * edge[size_t(l)];
            }
            z += q[size_t(o)] * key;
            values.push_back(value);
          }
          logit.push_back(z / std::sqrt(double(s.wide_scale ? d : own)));
          top = std::max(top, logit.back());
        }
        for (double &z : logit) sum += z = std::exp(z - top);
        for (int32_t i = 0; i < sources; ++i)
          for (int32_t o = 0; o < own; ++o)
            message[size_t(h * own + o)] += logit[size_t(i)] / sum * values[size_t(i * own + o)];
      }
      Vector t = message, hidden, out;
      for (int32_t i = 0; i < d; ++i) t[size_t(i)] += xj[i];
      norm(t.data(), s.norm1, set);
      for (int32_t o = 0; o < s.hidden; ++o) {
        double a = p(s.f1_bias, set, size_t(o));
        for (int32_t i = 0; i < d; ++i) a += p(s.f1, set, size_t(o + s.hidden * i)) * t[size_t(i)];
        hidden.push_back(std::max(a, 0.0));
      }
      for (int32_t o = 0; o < d; ++o) {
        double a = p(s.f2_bias, set, size_t(o));
        for (int32_t i = 0; i < s.hidden; ++i) a += p(s.f2, set, size_t(o + d * i)) * hidden[size_t(i)];
        a += s.residual == Residual::input ? xj[o] : s.residual == Residual::message ? message[size_t(o)] : t[size_t(o)];
        out.push_back(a);
      }
      if (s.last_norm || layer + 1 < s.layers) norm(out.data(), s.norm2, set);
      next.insert(next.end(), out.begin(), out.end());
    }
    x[side] = next;
  }
  // The outputs, rank x items.
  Vector run(Vector *H) {
    const Shape &s = c.s;
    const int32_t d = s.width, r = s.rank;
    Vector out[2];
    for (int side = 0; side < 2; ++side)
      for (int32_t j = 0; j < (side == of_w ? c.m : c.n); ++j)
        for (int32_t o = 0; o < d; ++o) {
          double a = p(s.embed_bias, 0, size_t(o));
          for (int32_t i = 0; i < r; ++i) {
            if (s.accelerates) a += p(s.embed, 0, size_t(o + d * i)) * double(c.in[2 + side][size_t(i + r * j)]);
            a += p(s.embed, 0, size_t(o + d * (i + s.inputs() - r))) * double(c.in[side][size_t(i + r * j)]);
          }
          x[side].push_back(a);
        }
    for (int32_t layer = 0; layer < s.layers; ++layer) {
      update(first, layer);
      update(1 - first, layer);
    }
    for (int side = 0; side < 2; ++side)
      for (int32_t j = 0; j < (side == of_w ? c.m : c.n); ++j)
        for (int32_t o = 0; o < r; ++o) {
          double a = p(s.extract_bias, 0, size_t(o));
          for (int32_t i = 0; i < d; ++i) a += p(s.extract, 0, size_t(o + r * i)) * x[side][size_t(i + d * j)];
          out[side].push_back(std::max(a, 0.0));
        }
    *H = out[of_h];
    return out[of_w];
  }
};

std::vector<Shape> variants() {
  std::vector<Shape> list{shape(3, 8, 2, 2, 12), shape(4, 21, 3, 1, 7), shape(1, 1, 1, 1, 1), shape(2, 20, 4, 3, 33)};
  list[1].residual = Residual::message, list[1].last_norm = 1;
  list[2].last_norm = 0, list[2].residual = Residual::norm;
  list[3].separate = 1, list[3].wide_scale = 1, list[3].accelerates = 1, list[3].residual = Residual::norm;
  return list;
}

template <class T>
double distance(const std::vector<T> &a, const Vector &b) {
  double worst = 0, top = 1e-30;
  for (size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(double(a[i]) - b[i]));
    top = std::max(top, std::abs(b[i]));
    if (!(a[i] == a[i])) return 1e30;
  }
  return worst / top;
}

template <class T>
class FactormerTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(FactormerTest, Types);

TYPED_TEST(FactormerTest, IsThePerEdgeNetwork) {
  using T = TypeParam;
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-12;
  for (const Shape &s : variants())
    for (const auto &[m, n] : {std::pair{7, 5}, {1, 9}, {9, 1}, {1, 1}, {131, 3}, {4, 67}}) {
      SCOPED_TRACE(testing::Message() << s.width << " wide, " << m << " x " << n);
      Case<T> c(s, m, n, uint64_t(m * 100 + n));
      c.scale = T(0.7);
      c.forward();
      Vector H;
      const Vector W = PerEdge<T>(c).run(&H);
      EXPECT_LE(distance(c.out[of_w], W), tolerance);
      EXPECT_LE(distance(c.out[of_h], H), tolerance);
      Case<T> lean(s, m, n, uint64_t(m * 100 + n), 1, false);  // what keeps nothing for the way back gives the same bits
      lean.scale = T(0.7);
      lean.forward();
      EXPECT_EQ(lean.out[of_w], c.out[of_w]);
      EXPECT_EQ(lean.out[of_h], c.out[of_h]);
    }
}

TEST(Factormer, GradientsAreThoseOfDifferences) {
  for (const Shape &s : variants())
    for (const auto &[m, n] : {std::pair{6, 5}, {1, 4}, {3, 1}, {2, 66}, {130, 2}}) {
      if (s.width > 8 && m + n > 20) continue;
      SCOPED_TRACE(testing::Message() << s.width << " wide, " << m << " x " << n);
      Case<double> c(s, m, n, 77);
      c.scale = 1.3;
      Random random(5);
      std::vector<double> R[2], din[4];
      for (int i = 0; i < 2; ++i)
        for (size_t l = 0; l < c.out[i].size(); ++l) R[i].push_back(uniform(random) - 0.5);
      const auto value = [&] {
        c.forward();
        double sum = 0;
        for (int i = 0; i < 2; ++i)
          for (size_t l = 0; l < c.out[i].size(); ++l) sum += R[i][l] * c.out[i][l];
        return sum;
      };
      value();
      const std::vector<double> bar = c.backward(R, din);
      const auto check = [&](double &x, double gradient, const char *what, int32_t which) {
        const double h = 1e-5, was = x;
        x = was + h;
        const double up = value();
        x = was - h;
        const double down = value(), slope = (up - down) / (2 * h);
        x = was;
        EXPECT_NEAR(gradient, slope, 1e-7 * std::max(1.0, std::abs(slope))) << what << " " << which;
      };
      for (int32_t t = 0; t < s.tensors; ++t)  // some of each tensor
        for (int k = 0; k < 4; ++k) {
          const size_t i = s.at(t) + size_t(random() % (s.count(t) * uint64_t(s.copies(t))));
          check(c.theta[i], bar[i], Shape::name(t), int32_t(i - s.at(t)));
        }
      for (int i = 0; i < (s.accelerates ? 4 : 2); ++i)
        for (int k = 0; k < 3; ++k) {
          const size_t l = size_t(random() % c.in[i].size());
          check(c.in[i][l], din[i][l], "input", i);
        }
    }
}

TEST(Factormer, ShapesHaveTheirBounds) {
  const auto good = [](auto &&change) {
    Shape s = shape(3, 8, 2, 2, 10);
    change(s);
    return s.good();
  };
  EXPECT_TRUE(good([](Shape &) {}));
  const auto range = [&](int32_t Shape::*field, int32_t low, int32_t high) {
    for (const int32_t x : {low - 1, low, high, high + 1})
      EXPECT_EQ(good([&](Shape &s) { s.*field = x; }), low <= x && x <= high) << x;
  };
  range(&Shape::rank, 1, 4096);
  range(&Shape::layers, 1, 256);
  range(&Shape::hidden, 1, 8192);
  for (int32_t Shape::*flag : {&Shape::separate, &Shape::wide_scale, &Shape::last_norm, &Shape::accelerates})
    range(flag, 0, 1);
  for (const int32_t width : {0, 2, 4096, 4098})
    EXPECT_EQ(good([&](Shape &s) { s.width = width; }), width == 2 || width == 4096);
  for (const int32_t heads : {-1, 0, 1, 3, 8, 16})
    EXPECT_EQ(good([&](Shape &s) { s.heads = heads; }), heads == 1 || heads == 8) << heads;
  for (const int32_t residual : {0, 1, 3, 4})
    EXPECT_EQ(good([&](Shape &s) { s.residual = Residual(residual); }), residual == 1 || residual == 3);
}

TYPED_TEST(FactormerTest, PermutesWithItsData) {
  using T = TypeParam;
  Case<T> c(shape(3, 12, 2, 2, 9), 70, 11, 3), d(c.s, 70, 11, 3);
  for (int32_t i = 0; i < c.m; ++i) {
    const int32_t to = (i * 3 + 1) % c.m;  // 3 and 70 have no common divisor
    for (int32_t j = 0; j < c.n; ++j) d.V[size_t(to + c.m * j)] = c.V[size_t(i + c.m * j)];
    for (int32_t k = 0; k < 3; ++k) d.in[of_w][size_t(k + 3 * to)] = c.in[of_w][size_t(k + 3 * i)];
  }
  c.forward();
  d.forward();
  Vector W(d.out[of_w].size());
  for (int32_t i = 0; i < c.m; ++i)
    for (int32_t k = 0; k < 3; ++k)
      W[size_t(k + 3 * i)] = double(d.out[of_w][size_t(k + 3 * ((i * 3 + 1) % c.m))]);
  EXPECT_LE(distance(c.out[of_w], W), 200 * double(Real<T>::eps));
  EXPECT_LE(distance(c.out[of_h], Vector(d.out[of_h].begin(), d.out[of_h].end())), 200 * double(Real<T>::eps));
}

// Of a transposed matrix the factors exchanged, but for the order of updates, which is here that of the other network.
TYPED_TEST(FactormerTest, TurnsWithItsData) {
  using T = TypeParam;
  for (const Shape &s : variants()) {
    if (s.separate) continue;  // the sides then have weights of their own
    Case<T> c(s, 7, 5, 11), transpose(s, 5, 7, 12);
    transpose.theta = c.theta;
    for (int32_t j = 0; j < 5; ++j)
      for (int32_t i = 0; i < 7; ++i) transpose.V[size_t(j + 5 * i)] = c.V[size_t(i + 7 * j)];
    for (int i = 0; i < 4; ++i) transpose.in[i] = c.in[i ^ 1];
    transpose.forward();
    Vector H;
    PerEdge<T> other(c);
    other.first = of_w;
    const Vector W = other.run(&H);
    const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-12;
    EXPECT_LE(distance(transpose.out[of_h], W), tolerance);
    EXPECT_LE(distance(transpose.out[of_w], H), tolerance);
  }
}

TYPED_TEST(FactormerTest, SameBitsForAnyWorkers) {
  using T = TypeParam;
  const Shape s = shape(3, 16, 4, 2, 10);
  Case<T> serial(s, 150, 140, 3, 1, false), shared(s, 150, 140, 3, 3, false);
  serial.forward();
  ShufflePool pool(3, true);
  Parallel par{3, pool.parallel()->run, pool.parallel()->user};
  shared.forward(par);
  EXPECT_EQ(serial.out[0], shared.out[0]);
  EXPECT_EQ(serial.out[1], shared.out[1]);
}

TYPED_TEST(FactormerTest, SoftmaxStaysFinite) {
  using T = TypeParam;
  const FactormerKernels<T> &k = fastest<FactormerKernels<T>>();
  for (const int32_t n : {1, 3, 16, 25, 33}) {
    std::vector<T> e(size_t(n), T(0)), z, shifted;
    Random random(9);
    for (int32_t i = 0; i < n; ++i) e[size_t(i)] = T(uniform(random)), z.push_back(T(4 * uniform(random)));
    for (const T by : {T(0), T(1e4), T(-1e4)}) {
      std::vector<T> a = z;
      for (T &x : a) x += by;
      std::vector<double> exact;
      double sum_exact = 0, top_exact = -1e300;
      for (int32_t i = 0; i < n; ++i) {
        exact.push_back(double(a[size_t(i)]) + 0.5 * double(e[size_t(i)]));
        top_exact = std::max(top_exact, exact.back());
      }
      for (double &x : exact) sum_exact += x = std::exp(x - top_exact);
      T top = -Real<T>::huge, sum = 0, weighted = 0;
      k.soften(n, e.data(), T(0.5), a.data(), &top, &sum, &weighted);
      double total = 0;
      for (int32_t i = 0; i < n; ++i) {
        total += double(a[size_t(i)]) / double(sum);
        // Rounding of the logits themselves is what limits a softmax at 1e4.
        EXPECT_NEAR(double(a[size_t(i)]) / double(sum), exact[size_t(i)] / sum_exact,
                    double(Real<T>::eps) * (20 + 2 * std::abs(double(by))));
      }
      EXPECT_NEAR(total, 1, 40 * double(Real<T>::eps));
    }
  }
}

// A trainer of small matrices, with its memory.
template <class T>
struct Trained {
  FactormerTrain<T> plan;
  std::vector<unsigned char> memory;
  FactormerTrain<T> *t;

  explicit Trained(const FactormerTrain<T> &given) : plan(given) {
    typename FactormerTrain<T>::Blocks b;
    t = static_cast<FactormerTrain<T> *>(room_for(memory, [&](Carver &carve) { plan.layout(carve, b); }));
    memcpy(static_cast<void *>(t), static_cast<const void *>(&plan), sizeof plan);
    t->start(t);
  }
  double step(const std::vector<std::vector<T>> &V, int32_t m, int32_t n, bool learn, double *rmse = nullptr) {
    std::vector<Mat<const T>> views;
    for (const auto &v : V) views.push_back({v.data(), m, n, m});
    double loss = 0, first = 0;
    EXPECT_TRUE(t->step(t, views.data(), int32_t(views.size()), Learn(learn), &loss, &first));
    if (rmse) *rmse = first;
    return loss;
  }
};

template <class T>
FactormerTrain<T> plan(const Shape &s, int32_t m, int32_t n) {
  FactormerTrain<T> p;
  p.s = s, p.max_rows = m, p.max_cols = n;
  if (s.accelerates) p.unrolled = 3, p.gamma = 0.5, p.grow_epochs = 1, p.schedule.epoch_steps = 1;
  p.seed = 3;
  return p;
}
template <class T>
std::vector<T> product(int32_t m, int32_t n, int32_t r, uint64_t seed) {
  Random random(seed);
  std::vector<double> W, H;
  std::vector<T> V;
  for (int32_t i = 0; i < m * r; ++i) W.push_back(-std::log(1 - uniform(random)));
  for (int32_t i = 0; i < n * r; ++i) H.push_back(-std::log(1 - uniform(random)));
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) {
      double v = 0.02 * (uniform(random) - 0.5);
      for (int32_t k = 0; k < r; ++k) v += W[size_t(i * r + k)] * H[size_t(j * r + k)] / r;
      V.push_back(T(v));
    }
  return V;
}

TEST(FactormerTrain, GradientsThroughAdmmAreThoseOfDifferences) {
  for (const auto &[width, hidden, accelerates] : {std::array{8, 10, 0}, {8, 10, 1}, {20, 37, 0}}) {
    Shape s = shape(3, width, 2, 2, hidden);  // the last: weights that are transposed in several squares
    s.accelerates = accelerates;
    const int32_t m = 9, n = 7;
    FactormerTrain<double> p = plan<double>(s, m, n);
    p.schedule.rate = 0;
    Trained<double> trained(p);
    trained.t->steps = 5;  // with all applications
    const std::vector<std::vector<double>> V{product<double>(m, n, 3, 1), product<double>(m, n, 3, 2)};
    trained.step(V, m, n, true);
    trained.t->steps = 5;
    const double *g = trained.t->gradient(trained.t);
    const std::vector<double> bar(g, g + s.params());
    double *theta = trained.t->parameters(trained.t);
    Random random(8);
    for (int32_t t = 0; t < s.tensors; ++t)
      for (int k = 0; k < 4; ++k) {
        const size_t i = s.at(t) + size_t(random() % (s.count(t) * uint64_t(s.copies(t))));
        const double h = 1e-5, was = theta[i];
        theta[i] = was + h;
        const double up = trained.step(V, m, n, false);
        theta[i] = was - h;
        const double slope = (up - trained.step(V, m, n, false)) / (2 * h);
        theta[i] = was;
        EXPECT_NEAR(bar[i], slope, 1e-7 * std::max(1.0, std::abs(slope))) << Shape::name(t) << " " << i - s.at(t);
      }
  }
}

TYPED_TEST(FactormerTest, LearnsTheSameWithAnyWorkersAndFromACopy) {
  using T = TypeParam;
  Shape s = shape(2, 12, 2, 1, 16);
  FactormerTrain<T> p = plan<T>(s, 12, 10), shared_plan = p;
  p.schedule.rate = shared_plan.schedule.rate = 3e-3;
  ShufflePool pool(3, true);
  shared_plan.par = {3, pool.parallel()->run, pool.parallel()->user};
  Trained<T> one(p), shared(shared_plan);
  double first = 0, last = 0;
  std::vector<unsigned char> checkpoint;
  std::vector<double> losses;
  const auto batch = [](int k) {
    std::vector<std::vector<T>> V;
    for (int i = 0; i < 3; ++i) V.push_back(product<T>(12, 10, 2, uint64_t(3 * k + i)));
    return V;
  };
  for (int k = 0; k < 60; ++k) {
    if (k == 30) checkpoint = one.memory;
    const double loss = one.step(batch(k), 12, 10, true);
    (k < 10 ? first : last) += k < 10 || k >= 50 ? loss : 0;
    if (k >= 30) losses.push_back(loss);
    EXPECT_EQ(loss, shared.step(batch(k), 12, 10, true));
  }
  EXPECT_LT(last, first - 2);  // ten steps each: a fifth less in error at least
  one.memory = checkpoint;
  for (int k = 30; k < 60; ++k) EXPECT_EQ(losses[size_t(k - 30)], one.step(batch(k), 12, 10, true));
}

// ---- Training, each part against its equations

TEST(FactormerTrain, RatesFallByCosines) {
  const auto cosine = [](double part) { return 0.5 + 0.5 * std::cos(std::acos(-1.0) * part); };
  TrainSchedule epochs;
  epochs.rate = 0.3, epochs.epoch_decay = 0.7, epochs.epoch_steps = 5, epochs.epochs = 3;
  for (int step = 0; step < 17; ++step)
    EXPECT_NEAR(epochs.at(step), 0.3 * std::pow(0.7, step / 5) * cosine(step % 5 / 5.0), 1e-16) << step;
  TrainSchedule cycle = epochs;
  cycle.one_cycle = 1;
  for (const int32_t warmup : {0, 4}) {
    cycle.warmup = warmup;
    for (int step = 0; step < 20; ++step) {
      const double rising = 0.3 * (step + 1) / 4, falling = 0.3 * cosine(double(step - warmup) / (15 - warmup));
      const double expected = step > 15 ? 0 : falling;  // after all epochs nothing is learned
      EXPECT_NEAR(cycle.at(step), step < warmup ? rising : expected, 1e-16) << step;
    }
  }
  cycle.warmup = 15;  // all of it
  EXPECT_NEAR(cycle.at(14), 0.3, 1e-16);
}

TEST(FactormerTrain, BeginsUniformWithinTheFanIn) {
  for (const int32_t accelerates : {0, 1}) {
    Shape s = shape(3, 8, 2, 2, 10);
    s.accelerates = accelerates, s.separate = 1;
    Trained<double> trained(plan<double>(s, 5, 4));
    const Rng rng(3, 0xFAC7);
    const std::pair<int32_t, int32_t> inputs[] = {
        {s.f1, 8}, {s.f1_bias, 8}, {s.f2, 10}, {s.f2_bias, 10}, {s.key, 17}, {s.query, 8}, {s.query_bias, 8},
        {s.value, 17}, {s.value_bias, 17}, {s.embed, accelerates ? 6 : 3}, {s.embed_bias, accelerates ? 6 : 3},
        {s.extract, 8}, {s.extract_bias, 8}, {s.norm1, 0}, {s.norm2, 0}};
    for (const auto &[t, fan_in] : inputs)
      for (int32_t k = 0; k < s.copies(t); ++k)
        for (size_t i = 0; i < s.count(t); ++i) {
          const size_t at = s.at(t, k) + i;
          const double gain = i < 8 ? 1 : 0, number = (2 * rng.uniform(at) - 1) / std::sqrt(std::max(1, fan_in));
          EXPECT_NEAR(trained.t->parameters(trained.t)[at], fan_in > 0 ? number : gain, 1e-15) << Shape::name(t);
        }
  }
}

// A batch of more samples than shares, and of more parameters than a task has: its loss and gradient are the means of
// those of its samples, its error is their geometric mean; then AdamW of the clipped gradient.
TEST(FactormerTrain, AStepIsAdamOfTheMeanGradient) {
  for (const double clip : {0.0, 0.05, 1e3}) {
    const Shape s = shape(3, 64, 4, 1, 96);
    const int32_t m = 7, n = 5, count = 6;
    const size_t params = s.params();
    ASSERT_GT(params, size_t(1 << 15));
    FactormerTrain<double> p = plan<double>(s, m, n);
    p.clip = clip, p.schedule.rate = 0.02, p.schedule.epoch_steps = 3, p.schedule.epoch_decay = 0.5;
    p.adam.beta1 = 0.8, p.adam.beta2 = 0.95, p.adam.epsilon = 1e-3, p.adam.decay = 0.1;
    Trained<double> trained(p);
    FactormerTrain<double> &t = *trained.t;
    std::vector<double> moment(params, 0.0), second(params, 0.0), theta(t.parameters(&t), t.parameters(&t) + params);
    for (int step = 0; step < 4; ++step) {
      std::vector<std::vector<double>> V;
      std::vector<double> bar(params, 0.0);
      double loss = 0, log_rmse = 0, norm2 = 0;
      for (int i = 0; i < count; ++i) {
        V.push_back(product<double>(m, n, 3, uint64_t(10 * step + i)));
        const Mat<const double> one{V.back().data(), m, n, m};
        double of_one = 0, rmse = 0;
        ASSERT_TRUE(t.step(&t, &one, 1, Learn::gradient, &of_one, &rmse));
        loss += of_one / count, log_rmse += std::log(rmse) / count;
        for (size_t k = 0; k < params; ++k) bar[k] += t.gradient(&t)[k] / count;
      }
      EXPECT_EQ(t.steps, step);
      double rmse = 0;
      EXPECT_NEAR(trained.step(V, m, n, true, &rmse), loss, 1e-12);
      EXPECT_NEAR(rmse, std::exp(log_rmse), 1e-12 * rmse);
      EXPECT_EQ(t.steps, step + 1);
      for (const double g : bar) norm2 += g * g;
      ASSERT_TRUE(std::sqrt(norm2) > 0.05 && std::sqrt(norm2) < 1e3);
      const double shrink = clip == 0.05 ? 0.05 / std::sqrt(norm2) : 1, rate = t.schedule.at(step);
      for (size_t k = 0; k < params; ++k) {
        const double g = bar[k] * shrink;
        moment[k] = 0.8 * moment[k] + 0.2 * g;
        second[k] = 0.95 * second[k] + 0.05 * g * g;
        const double first = moment[k] / (1 - std::pow(0.8, step + 1));
        const double scale = second[k] / (1 - std::pow(0.95, step + 1));
        theta[k] -= rate * 0.1 * theta[k] + rate * first / (std::sqrt(scale) + 1e-3);
        ASSERT_NEAR(t.parameters(&t)[k], theta[k], 1e-9) << k << " in step " << step;
        theta[k] = t.parameters(&t)[k];
      }
    }
  }
}

// One more application of a network that accelerates after every `grow_epochs`; the loss is of all of them, each later
// one worth 1 / gamma more; a network at the start is judged itself and after each iteration.
TEST(FactormerTrain, LossesAreOfAllApplications) {
  const int32_t m = 9, n = 7;
  const std::vector<std::vector<double>> V{product<double>(m, n, 3, 5)};
  Shape s = shape(3, 8, 2, 1, 10);
  s.accelerates = 1;
  FactormerTrain<double> p = plan<double>(s, m, n);
  p.unrolled = 4, p.gamma = 0.3, p.grow_epochs = 2, p.schedule.epoch_steps = 3;
  Trained<double> trained(p);
  std::vector<double> log_rmse;
  for (int64_t step = 0; step < 30; ++step) {
    trained.t->steps = step;
    double rmse = 0, expected = 0;
    const double loss = trained.step(V, m, n, false, &rmse);
    const size_t applications = size_t(std::min<int64_t>(4, 1 + step / 6));
    if (log_rmse.size() < applications) log_rmse.push_back(std::log(rmse));
    ASSERT_EQ(log_rmse.size(), applications) << step;
    EXPECT_NEAR(std::log(rmse), log_rmse.back(), 1e-14) << step;
    for (size_t t = 0; t < applications; ++t) expected += std::pow(0.3, double(applications - 1 - t)) * log_rmse[t];
    EXPECT_NEAR(loss, expected, 1e-12) << step;
  }
  for (size_t t = 1; t < 4; ++t) EXPECT_GT(std::abs(log_rmse[t] - log_rmse[t - 1]), 1e-6);
  s.accelerates = 0;
  double before = 0, reported = 0;
  for (int32_t unrolled = 0; unrolled < 3; ++unrolled) {
    p = plan<double>(s, m, n);
    p.unrolled = unrolled;
    Trained<double> start(p);
    double rmse = 0;
    const double loss = start.step(V, m, n, false, &rmse);
    if (unrolled == 0) {
      reported = rmse;
      EXPECT_NEAR(loss, std::log(rmse), 1e-14);
    }
    EXPECT_EQ(rmse, reported);
    EXPECT_NE(loss, before);
    p.loss = FactormerLoss::mse;
    double squares = 0;
    const double of_mse = Trained<double>(p).step(V, m, n, false, &squares);
    EXPECT_EQ(squares, rmse);
    if (unrolled == 0) EXPECT_NEAR(of_mse, rmse * rmse, 1e-14);
    before = loss;
  }
}

TEST(FactormerTrain, ZeroStandsForTheDefault) {
  for (const int32_t accelerates : {0, 1}) {
    FactormerTrain<float> t;
    t.s.accelerates = accelerates, t.s.residual = Residual(0);
    t.unrolled = t.grow_epochs = t.schedule.epoch_steps = t.schedule.epochs = 0;
    t.rho = t.gamma = t.adam.decay = t.adam.rate = t.schedule.rate = t.schedule.epoch_decay = 0;
    t.adam.beta1 = t.adam.beta2 = t.adam.epsilon = 0;
    t.loss = FactormerLoss(0);
    ASSERT_EQ(t.resolve(), OK);
    EXPECT_EQ(t.s.rank, 10);
    EXPECT_EQ(t.s.width, 100);
    EXPECT_EQ(t.s.heads, 4);
    EXPECT_EQ(t.s.layers, 4);
    EXPECT_EQ(t.s.hidden, 200);
    EXPECT_EQ(t.s.residual, Residual::input);
    EXPECT_EQ(t.unrolled, accelerates ? 5 : 2);
    EXPECT_EQ(t.rho, 1);
    EXPECT_EQ(t.gamma, 0.2);
    EXPECT_EQ(t.loss, FactormerLoss::log_rmse);
    EXPECT_EQ(t.grow_epochs, 2);
    EXPECT_EQ(t.adam.decay, 0.01);
    EXPECT_EQ(t.adam.rate, accelerates ? 1e-5 : 1e-4);
    EXPECT_EQ(t.schedule.rate, t.adam.rate);
    EXPECT_EQ(t.schedule.epoch_decay, 0.9);
    EXPECT_EQ(t.schedule.epoch_steps, 15000);
    EXPECT_EQ(t.schedule.epochs, 15);
    t.adam.decay = -1;
    ASSERT_EQ(t.resolve(), OK);
    EXPECT_EQ(t.adam.decay, 0);
    FactormerTrain<float> wide;
    for (const int32_t width : {1 << 12, (1 << 12) + 4}) {
      wide.s.width = width;
      EXPECT_EQ(wide.resolve(), width == 1 << 12 ? OK : E_ARG);
    }
  }
}

// The edges of a state: no step yet, and one below the most steps there can be.
TEST(FactormerTrain, StatesOfAnyStepAreTaken) {
  Trained<double> t(plan<double>(shape(2, 8, 2, 1, 6), 4, 4));
  ModelBytes state(t.t->save(t.t, true, nullptr));
  for (const double steps : {-1.0, 0.0, 7.0, 1e15 - 1, 1e15}) {
    t.t->save(t.t, true, state.data());
    Record r;
    ASSERT_TRUE(Blob(state.data()).find("train.steps", &r));
    memcpy(const_cast<unsigned char *>(r.data), &steps, sizeof steps);
    const bool good = steps >= 0 && steps < 1e15;
    t.t->steps = 3;
    EXPECT_EQ(t.t->load(t.t, Blob(state.data())), good ? OK : E_BLOB) << steps;
    EXPECT_EQ(t.t->steps, good ? int64_t(steps) : 3);
  }
}

// Sides by a factor of four beyond what was learned from, other numbers by a quarter, spreads of what they are above
// one.
TEST(FactormerTrain, RangesHoldWhatIsNear) {
  DataRange range;
  DataTraits one, other;
  for (int32_t k = 0; k < DataTraits::count; ++k) one.at[k] = 3 + 0.5 * k, other.at[k] = 2 + 1.25 * k;
  range.add(other);
  EXPECT_TRUE(range.known());
  range.add(one);
  for (int32_t k = 0; k < DataTraits::count; ++k) {
    const double low = std::min(one.at[k], other.at[k]), high = std::max(one.at[k], other.at[k]);
    EXPECT_EQ(range.low[k], low);
    EXPECT_EQ(range.high[k], high);
    const double slack = k == DataTraits::rows || k == DataTraits::cols ? 4 : 1.25;
    const bool spread = k == DataTraits::spread || k == DataTraits::row_spread || k == DataTraits::col_spread;
    const double base = spread ? 1 : 0;
    DataTraits near = one;
    for (const double by : {1 - 1e-9, 1 + 1e-9}) {
      near.at[k] = base + (low - base) / slack / by;
      EXPECT_EQ(range.holds(near), by < 1) << k;
      near.at[k] = base + (high - base) * slack * by;
      EXPECT_EQ(range.holds(near), by < 1) << k;
    }
  }
}

// ---- The public interface -------------------------------------------------------------------------------------------

// A blob of these parameters (NaN too, which the writer would refuse: by a patch of the bytes).
ModelBytes blob_of(const Shape &s, float poison = 0) {
  Trained<float> t(plan<float>(s, 4, 4));
  ModelBytes blob(t.t->save(t.t, false, nullptr));
  EXPECT_GT(t.t->save(t.t, false, blob.data()), 0u);
  if (poison == poison && poison == 0) return blob;
  Record r;
  EXPECT_TRUE(Blob(blob.data()).find("F2", &r));
  const float bad[1] = {poison};
  memcpy(const_cast<unsigned char *>(r.data) + 8, bad, sizeof bad);  // open does not read the data
  return blob;
}

struct Outcome {
  orthant_status status;
  Matrix<float> W, H;
  orthant_report report;
};
Outcome nmf(int32_t m, int32_t n, int32_t r, const std::vector<float> &V, const orthant_model *model, int32_t method,
            int32_t iterations) {
  orthant_nmf_config c = nmf_config(r, method, ORTHANT_START_NNDSVD, iterations > 0 ? iterations : -1, 0);
  c.model = model;
  NmfRun<float> run(Api<float>::dense(V.data(), m, n, m), c);
  orthant_status status = run.status();
  if (status == ORTHANT_OK) status = run.start();
  if (status == ORTHANT_OK) status = run.try_run();
  return {status, run.W, run.H, run.report};
}

TEST(FactormerProposal, BadWeightsChangeNothing) {
  const int32_t m = 14, n = 11, r = 3;
  std::vector<float> V = product<float>(m, n, r, 4);
  for (float &v : V) v = std::max(v, 0.f);
  for (const int32_t accelerates : {0, 1})
    for (const float poison : {NAN, INFINITY, 1e38f, -1e30f}) {
      Shape s = shape(r, 8, 2, 1, 12);
      s.accelerates = accelerates;
      ModelBytes bad = blob_of(s, poison);
      for (const int32_t iterations : {0, 4, 7}) {
        const Outcome with = nmf(m, n, r, V, bad.open(), ORTHANT_NMF_HALS, iterations);
        const Outcome without = nmf(m, n, r, V, nullptr, ORTHANT_NMF_HALS, iterations);
        EXPECT_EQ(with.status, ORTHANT_OK);
        EXPECT_EQ(with.report.proposals, 0) << poison;
        EXPECT_EQ(with.report.iters, without.report.iters);
        EXPECT_TRUE(with.W == without.W) << poison << " " << accelerates << " " << iterations;
        EXPECT_TRUE(with.H == without.H);
      }
    }
}

// The network sees V over its mean and factors over the root of that, and what it says is taken back; the error is that
// of the factors.
TEST(FactormerProposal, IsTheNetworkAtMeanOne) {
  const int32_t m = 9, n = 7;
  for (const int32_t accelerates : {0, 1}) {
    Shape s = shape(3, 8, 2, 2, 10);
    s.accelerates = accelerates;
    Case<double> c(s, m, n, 4, 1, false);
    Trained<double> trained(plan<double>(s, m, n));
    std::copy(c.theta.begin(), c.theta.end(), trained.t->parameters(trained.t));
    ModelBytes blob(trained.t->save(trained.t, false, nullptr));
    trained.t->save(trained.t, false, blob.data());
    FactormerProposal<double> proposal{};
    proposal.net.s = s, proposal.net.rows = m, proposal.net.cols = n, proposal.net.model = blob.open();
    std::vector<unsigned char> memory;
    typename FactormerProposal<double>::Blocks b;
    void *base = room_for(memory, [&](Carver &each) { proposal.layout(each, b); });
    Carver carve(base);
    proposal.layout(carve, b);
    double mean = 0;
    for (const double v : c.V) mean += v / (m * n);
    Matrix<double> W(m, 3), H(3, n), W0(m, 3), H0(3, n);
    const auto mat = [](Matrix<double> &X) { return Mat<double>{X.data(), X.rows(), X.cols(), X.ld()}; };
    W.each([&](int32_t i, int32_t k) { return c.in[0][size_t(k + 3 * i)]; });
    H.each([&](int32_t k, int32_t j) { return c.in[1][size_t(k + 3 * j)]; });
    W0.each([&](int32_t i, int32_t k) { return c.in[2][size_t(k + 3 * i)]; });
    H0.each([&](int32_t k, int32_t j) { return c.in[3][size_t(k + 3 * j)]; });
    ASSERT_EQ(proposal.net.run(b.net, c.data(), mat(W), mat(H), mat(W0), mat(H0)), OK);
    for (std::vector<double> &in : c.in)
      for (double &x : in) x /= std::sqrt(mean);
    c.scale = 1 / mean;
    c.forward();
    W.visit([&](int32_t i, int32_t k) { EXPECT_NEAR(W(i, k), std::sqrt(mean) * c.out[0][size_t(k + 3 * i)], 1e-10); });
    H.visit([&](int32_t k, int32_t j) { EXPECT_NEAR(H(k, j), std::sqrt(mean) * c.out[1][size_t(k + 3 * j)], 1e-10); });
    double squares = 0;
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) {
        double e = -c.V[size_t(i + m * j)];
        for (int32_t k = 0; k < 3; ++k) e += W(i, k) * H(k, j);
        squares += e * e;
      }
    EXPECT_NEAR(proposal.squares(base, c.data(), mat(W), mat(H)), squares, 1e-11 * squares);
    for (const size_t at : {size_t(0), size_t(m - 1), size_t(m * (n - 1)), size_t(m * n - 1)})
      for (const double bad : {-1.0, double(NAN), HUGE_VAL}) {
        const double was = c.V[at];
        c.V[at] = bad;
        EXPECT_EQ(proposal.net.run(b.net, c.data(), mat(W), mat(H), mat(W0), mat(H0)), E_DATA) << at << " " << bad;
        c.V[at] = was;
      }
  }
}

TEST(FactormerProposal, IsTakenWhereItIsBetterAndNeverElse) {
  // Trained for a moment on matrices of this kind, from NNDSVD: better than that start on most others of the kind.
  for (const int32_t accelerates : {0, 1}) {
    Shape s = shape(2, 16, 2, 1, 24);
    s.accelerates = accelerates;
    FactormerTrain<float> p = plan<float>(s, 12, 12);
    const int steps = accelerates ? 100 : 800;
    p.schedule.rate = 3e-3, p.schedule.epoch_steps = steps, p.schedule.epochs = 1, p.schedule.one_cycle = 1;
    p.unrolled = accelerates ? 2 : 0;
    Trained<float> t(p);
    for (int k = 0; k < steps; ++k)
      t.step({product<float>(12, 12, 2, uint64_t(2 * k + 1)), product<float>(12, 12, 2, uint64_t(2 * k + 2))}, 12, 12, true);
    ModelBytes blob(t.t->save(t.t, false, nullptr));
    t.t->save(t.t, false, blob.data());
    int32_t taken = 0;
    for (uint64_t seed = 1000; seed < 1012; ++seed) {
      std::vector<float> V = product<float>(12, 12, 2, seed);
      for (float &v : V) v = std::max(v, 0.f);
      for (const int32_t iterations : {0, 1, 5}) {
        const Outcome with = nmf(12, 12, 2, V, blob.open(), ORTHANT_NMF_HALS, iterations);
        const Outcome without = nmf(12, 12, 2, V, nullptr, ORTHANT_NMF_HALS, iterations);
        EXPECT_EQ(with.status, ORTHANT_OK);
        if (accelerates ? iterations > 0 : iterations == 0) {  // just where the choice was made
          EXPECT_LE(with.report.objective, without.report.objective * (1 + 1e-5));
          taken += with.report.proposals;
        }
        EXPECT_TRUE(nonnegative(with.W));
      }
    }
    if (!accelerates) EXPECT_GT(taken, 0);
  }
}

// ---- The data that a model is for

TYPED_TEST(FactormerTest, TraitsAreThoseOfTheirFormulas) {
  using T = TypeParam;
  for (const auto &[m, n] : {std::pair{1, 1}, {7, 5}, {33, 4}}) {
    Matrix<T> V(m, n, 3);
    Random random{uint64_t(m)};
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) V(i, j) = T(std::max(0.0, uniform(random) - 0.3));
    V(0, 0) = T(1.5);
    double mean = 0, squares = 0, rows = 0, cols = 0, largest = 0, positive = 0;
    Vector row(size_t(m), 0), col(size_t(n), 0);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) {
        const double v = double(V(i, j));
        mean += v / (m * n), squares += v * v / (m * n);
        row[size_t(i)] += v / n, col[size_t(j)] += v / m;
        largest = std::max(largest, v), positive += v > 0;
      }
    for (const double x : row) rows += x * x / m;
    for (const double x : col) cols += x * x / n;
    const double m2 = mean * mean, variance = squares - m2, left = variance - (rows - m2) - (cols - m2);
    const double expected[DataTraits::count] = {
        double(m), double(n), squares / m2, rows / m2, cols / m2, variance > 0 ? left / variance : 0,
        largest / mean, positive / (m * n)};
    DataTraits traits;
    std::vector<T> room(size_t(m), T(9));
    ASSERT_TRUE(find_traits<T>(Mat<const T>{V.data(), m, n, V.ld()}, room.data(), &traits));
    for (int32_t k = 0; k < DataTraits::count; ++k)
      EXPECT_NEAR(traits.at[k], expected[k], 1e-5 * std::max(1.0, expected[k])) << k << " of " << m << " x " << n;
  }
}

TEST(FactormerProposal, IsNotAskedForDataUnlikeThoseOfItsTraining) {
  constexpr int32_t m = 14, n = 12, r = 2;
  const auto of_the_kind = [](uint64_t seed, int32_t rows, int32_t cols) {
    std::vector<float> V = product<float>(rows, cols, r, seed);
    for (float &v : V) v = std::max(v, 1e-3f);
    return V;
  };
  Random random(3);
  std::vector<float> sparse(m * n), noise(m * n), outlier = of_the_kind(70, m, n), constant(m * n, 0.5f);
  for (float &v : sparse) v = uniform(random) < 0.1 ? 1.f : 0.f;
  for (float &v : noise) v = float(uniform(random));
  outlier[5] *= 1e4f;
  struct Other {
    const char *name;
    int32_t rows, cols;
    std::vector<float> V;
  };
  const Other others[] = {{"sparse", m, n, sparse},     {"noise", m, n, noise},
                          {"an outlier", m, n, outlier}, {"constant", m, n, constant},
                          {"taller", 80, n, of_the_kind(71, 80, n)}, {"narrow", m, 2, of_the_kind(72, m, 2)}};
  for (const int32_t accelerates : {0, 1}) {
    Shape s = shape(r, 8, 2, 1, 12);
    s.accelerates = accelerates;
    Trained<float> t(plan<float>(s, m, n));
    for (uint64_t k = 0; k < 150; ++k) t.step({of_the_kind(2 * k, m, n), of_the_kind(2 * k + 1, m, n)}, m, n, true);
    ModelBytes blob(t.t->save(t.t, false, nullptr));
    t.t->save(t.t, false, blob.data());
    for (const Other &other : others)
      for (const int32_t iterations : {0, 7}) {
        if (accelerates && iterations == 0) continue;
        const Outcome with = nmf(other.rows, other.cols, r, other.V, blob.open(), ORTHANT_NMF_HALS, iterations);
        const Outcome without = nmf(other.rows, other.cols, r, other.V, nullptr, ORTHANT_NMF_HALS, iterations);
        EXPECT_EQ(with.report.proposals, -1) << other.name << " " << accelerates << " " << iterations;
        EXPECT_EQ(with.W.bits() + with.H.bits(), without.W.bits() + without.H.bits()) << other.name;
        const ModelBytes untold = blob_of(s);  // as of a file that says nothing of its training
        EXPECT_GE(nmf(other.rows, other.cols, r, other.V, untold.open(), ORTHANT_NMF_HALS, iterations).report.proposals, 0);
      }
    for (uint64_t seed = 1000; seed < 1020; ++seed)
      for (const float unit : {1e-9f, 1.f, 1e9f}) {
        std::vector<float> V = of_the_kind(seed, m, n);
        for (float &v : V) v *= unit;
        EXPECT_GE(nmf(m, n, r, V, blob.open(), ORTHANT_NMF_HALS, 1).report.proposals, 0) << seed << " " << unit;
      }
  }
}

TEST(FactormerProposal, TheRangeOfTheDataIsPartOfTheModel) {
  const Shape s = shape(2, 8, 2, 1, 12);
  Trained<float> t(plan<float>(s, 14, 12));
  const auto bytes_of = [](Trained<float> &trained, bool moments) {
    ModelBytes blob(trained.t->save(trained.t, moments, nullptr));
    trained.t->save(trained.t, moments, blob.data());
    return blob;
  };
  const auto bits = [](const ModelBytes &blob) { return std::string(blob.data(), blob.data() + blob.size()); };
  const auto known = [](const ModelBytes &blob) {
    DataRange range;
    EXPECT_TRUE(range.read(Blob(blob.open())));
    return range.known();
  };
  const std::vector<float> V = product<float>(14, 12, 2, 1), other = product<float>(9, 7, 2, 2);
  t.step({V}, 14, 12, false);
  EXPECT_FALSE(known(bytes_of(t, false)));  // nothing was learned from it
  t.step({V}, 14, 12, true);
  const ModelBytes learned = bytes_of(t, true);
  EXPECT_TRUE(known(learned));

  Trained<float> resumed(plan<float>(s, 14, 12));
  ASSERT_EQ(resumed.t->load(resumed.t, Blob(learned.open())), OK);
  EXPECT_EQ(bits(bytes_of(resumed, true)), bits(learned));

  // Widened without learning: the range alone is another.
  orthant_report report{};
  report.size = sizeof report;
  const orthant_matrix_f32 one = ORTHANT_DENSE_F32(other.data(), 9, 7, 9);
  const auto handle = reinterpret_cast<orthant_factormer_train_f32 *>(resumed.t);
  ASSERT_EQ(orthant_factormer_train_step_f32(handle, 1, &one, 3, &report), ORTHANT_OK);
  EXPECT_EQ(orthant_factormer_train_step_f32(handle, 1, &one, 4, &report), ORTHANT_E_ARG);
  EXPECT_EQ(report.iters, 1);
  EXPECT_EQ(resumed.t->range.low[DataTraits::rows], 9);
  EXPECT_EQ(resumed.t->range.high[DataTraits::rows], 14);
  const size_t n = s.params();
  const float *before = t.t->parameters(t.t), *after = resumed.t->parameters(resumed.t);
  EXPECT_TRUE(std::equal(before, before + n, after));

  // In half precision it is as it was; one that is none is refused.
  ModelBytes half(blob_convert(Blob(learned.open()), Element::f16, 6, nullptr));
  blob_convert(Blob(learned.open()), Element::f16, 6, half.data());
  Record r, h;
  ASSERT_TRUE(Blob(learned.data()).find("range", &r) && Blob(half.data()).find("range", &h));
  EXPECT_EQ(std::string(r.data, r.data + r.bytes), std::string(h.data, h.data + h.bytes));
  for (const double bad : {double(NAN), HUGE_VAL, -1.0, 1e9}) {  // the last: a lowest above the highest
    ModelBytes wrong(bits(learned));
    ASSERT_TRUE(Blob(wrong.data()).find("range", &r));
    memcpy(const_cast<unsigned char *>(r.data) + sizeof(double) * DataTraits::spread, &bad, sizeof bad);
    auto info = orthant_factormer_info{};
    info.size = sizeof info;
    EXPECT_EQ(orthant_factormer_describe(wrong.open(), &info), ORTHANT_E_BLOB) << bad;
  }
}

TEST(FactormerProposal, RefusesWhatDoesNotFit) {
  ModelBytes three = blob_of(shape(3, 8, 2, 1, 12));
  const std::vector<float> V(200, 1.f);
  EXPECT_EQ(nmf(10, 8, 4, V, three.open(), ORTHANT_NMF_HALS, 2).status, ORTHANT_E_BLOB);
  EXPECT_EQ(nmf(10, 8, 3, V, three.open(), ORTHANT_NMF_MINVOL, 2).status, ORTHANT_E_UNSUPPORTED);
  EXPECT_EQ(nmf(10, 8, 3, V, three.open(), ORTHANT_NMF_HALS, 2).status, ORTHANT_OK);
  for (const auto &[m, n] : {std::pair{1, 9}, {9, 1}, {2, 2}, {1, 1}})  // rank above both sides too
    for (const float value : {0.f, 1.f})
      EXPECT_EQ(nmf(m, n, 3, std::vector<float>(size_t(m * n), value), three.open(), ORTHANT_NMF_EHALS, 3).status, ORTHANT_OK)
          << m << " x " << n << " of " << value;

  orthant_factormer_config c{};
  c.size = sizeof c, c.rows = 5, c.cols = 4;
  size_t bytes = 0;
  EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_E_ARG);  // no model
  c.model = three.open();
  EXPECT_EQ(orthant_factormer_size_f32(&c, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_OK);
  c.rows = 0;
  EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_E_ARG);
  c.rows = 1 << 30, c.cols = 1 << 30;
  EXPECT_EQ(orthant_factormer_size_f64(&c, &bytes), sizeof(size_t) > 4 ? ORTHANT_OK : ORTHANT_E_ARG);
  c.rows = 5, c.cols = 4;
  std::vector<unsigned char> memory;
  EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_OK);
  memory.resize(bytes);
  orthant_factormer_f32 *h = nullptr;
  EXPECT_EQ(orthant_factormer_init_f32(&c, memory.data(), bytes - 1, &h), ORTHANT_E_SCRATCH);
  EXPECT_EQ(orthant_factormer_init_f32(&c, memory.data(), bytes, &h), ORTHANT_OK);
  std::vector<float> X(20, 1.f), W(15, 0.5f), H(12, 0.5f);
  const std::vector<float> before = W;
  orthant_matrix_f32 data = ORTHANT_DENSE_F32(X.data(), 5, 4, 5);
  const auto run = [&](float *w, const float *w0) {
    return orthant_factormer_run_f32(h, &data, w, 5, H.data(), 3, w0, 5, w0, 5);
  };
  EXPECT_EQ(run(nullptr, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(run(W.data(), W.data()), ORTHANT_E_ARG);  // factors before a step, for a model that knows of none
  data.rows = 4;
  EXPECT_EQ(run(W.data(), nullptr), ORTHANT_E_ARG);
  data.rows = 5;
  for (const float bad : {NAN, INFINITY, -1.f}) {
    X[7] = bad;
    EXPECT_EQ(run(W.data(), nullptr), ORTHANT_E_DATA);
    X[7] = 1, W[3] = bad;
    EXPECT_EQ(run(W.data(), nullptr), ORTHANT_E_DATA);
    W[3] = 0.5f;
  }
  EXPECT_EQ(W, before);
  EXPECT_EQ(run(W.data(), nullptr), ORTHANT_OK);

  Record r;  // a config that its records do not fit
  ASSERT_TRUE(Blob(three.data()).find("config", &r));
  for (size_t i = 0; i < 12; ++i)
    for (const int32_t value : {-1, 0, 7, 1 << 20}) {
      ModelBytes wrong = blob_of(shape(3, 8, 2, 1, 12));
      Record w;
      Blob(wrong.data()).find("config", &w);
      int32_t was = 0;
      memcpy(&was, w.data + 4 * i, 4);
      if (was == value) continue;
      memcpy(const_cast<unsigned char *>(w.data) + 4 * i, &value, 4);
      c.model = wrong.open();
      EXPECT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_E_BLOB) << i << " " << value;
    }

  orthant_factormer_train_config t{};
  t.size = sizeof t, t.max_rows = 8, t.max_cols = 8;
  EXPECT_EQ(orthant_factormer_train_size_f32(&t, &bytes), ORTHANT_OK);
  for (int32_t orthant_factormer_train_config::*field :
       {&orthant_factormer_train_config::max_rows, &orthant_factormer_train_config::width,
        &orthant_factormer_train_config::heads, &orthant_factormer_train_config::unrolled,
        &orthant_factormer_train_config::residual, &orthant_factormer_train_config::accelerates}) {
    const int32_t was = t.*field;
    for (const int32_t value : {-1, 1 << 30}) {
      t.*field = value;
      EXPECT_EQ(orthant_factormer_train_size_f32(&t, &bytes), ORTHANT_E_ARG);
    }
    t.*field = was;
  }
  t.heads = 3;  // does not divide 100
  EXPECT_EQ(orthant_factormer_train_size_f32(&t, &bytes), ORTHANT_E_ARG);
}

// V in a unit sixteen times as small, W and H in one four times as small: the same factors in that unit, to the bit.
TEST(FactormerProposal, UnitOfTheDataDoesNotMatter) {
  const int32_t m = 9, n = 7, r = 3;
  ModelBytes model = blob_of(shape(r, 24, 2, 2, 32));
  orthant_factormer_config c{};
  c.size = sizeof c, c.rows = m, c.cols = n, c.model = model.open();
  const Placed<orthant_factormer_f32> net(orthant_factormer_size_f32, orthant_factormer_init_f32, c);
  std::vector<float> V = product<float>(m, n, r, 4), out[2];
  for (int k = 0; k < 2; ++k) {
    const float unit = k ? 4.f : 1.f;
    std::vector<float> scaled(V.size()), W(size_t(m * r)), H(size_t(r * n));
    for (size_t i = 0; i < V.size(); ++i) scaled[i] = unit * unit * std::max(V[i], 0.f);
    for (size_t i = 0; i < W.size(); ++i) W[i] = unit * 0.1f * float(i % 7);
    for (size_t i = 0; i < H.size(); ++i) H[i] = unit * 0.2f * float(i % 5);
    const orthant_matrix_f32 data = ORTHANT_DENSE_F32(scaled.data(), m, n, m);
    ASSERT_EQ(orthant_factormer_run_f32(net.get(), &data, W.data(), m, H.data(), r, nullptr, 0, nullptr, 0),
              ORTHANT_OK);
    out[k] = W;
    out[k].insert(out[k].end(), H.begin(), H.end());
    for (float &x : out[k]) x /= unit;
  }
  EXPECT_EQ(out[0], out[1]);
  EXPECT_GT(*std::max_element(out[0].begin(), out[0].end()), 0.f);
}

// A training takes no model whose arrays have other sizes, nor one that has more or fewer of them.
TEST(FactormerTrain, LoadsWhatFitsAlone) {
  Trained<float> t(plan<float>(shape(3, 8, 2, 2, 12), 6, 6));
  EXPECT_EQ(t.t->load(t.t, Blob(blob_of(shape(3, 8, 2, 2, 12)).open())), OK);
  EXPECT_EQ(t.t->load(t.t, Blob(blob_of(shape(3, 8, 2, 2, 10)).open())), E_BLOB);  // hidden
  EXPECT_EQ(t.t->load(t.t, Blob(blob_of(shape(3, 8, 2, 1, 12)).open())), E_BLOB);  // layers
  EXPECT_EQ(t.t->load(t.t, Blob(blob_of(shape(3, 8, 2, 3, 12)).open())), E_BLOB);
  EXPECT_EQ(t.t->load(t.t, Blob(blob_of(shape(3, 8, 4, 2, 12)).open())), E_BLOB);  // heads
  // A state from before the first step, whose moments are zero.
  ModelBytes state(t.t->save(t.t, true, nullptr));
  ASSERT_GT(t.t->save(t.t, true, state.data()), 0u);
  EXPECT_EQ(t.t->load(t.t, Blob(state.open())), OK);
}

TEST(FactormerProposal, HalfPrecisionIsNear) {
  ModelBytes full = blob_of(shape(3, 24, 2, 2, 32));
  size_t bytes = 0;
  ASSERT_EQ(orthant_model_convert(full.open(), ORTHANT_ELEMENT_F16, 64, nullptr, 0, &bytes), ORTHANT_OK);
  ModelBytes half(bytes);
  ASSERT_EQ(orthant_model_convert(full.open(), ORTHANT_ELEMENT_F16, 64, half.data(), bytes, &bytes), ORTHANT_OK);
  const int32_t m = 20, n = 13;
  std::vector<float> V = product<float>(m, n, 3, 4), out[2];
  for (float &v : V) v = std::max(v, 0.f);
  for (int k = 0; k < 2; ++k) {
    orthant_factormer_config c{};
    c.size = sizeof c, c.rows = m, c.cols = n, c.model = k ? half.open() : full.open();
    ASSERT_EQ(orthant_factormer_size_f32(&c, &bytes), ORTHANT_OK);
    std::vector<unsigned char> memory(bytes);
    orthant_factormer_f32 *h = nullptr;
    ASSERT_EQ(orthant_factormer_init_f32(&c, memory.data(), bytes, &h), ORTHANT_OK);
    std::vector<float> W(size_t(m * 3), 0.5f), H(size_t(n * 3), 0.7f);
    for (size_t i = 0; i < W.size(); ++i) W[i] = 0.1f * float(i % 7);
    const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V.data(), m, n, m);
    ASSERT_EQ(orthant_factormer_run_f32(h, &data, W.data(), m, H.data(), 3, nullptr, 0, nullptr, 0), ORTHANT_OK);
    out[k] = W;
    out[k].insert(out[k].end(), H.begin(), H.end());
  }
  // Eleven bits of a few hundred weights in a row of some ten maps: errors of 2^-11 that add like a random walk.
  EXPECT_LE(distance(out[1], Vector(out[0].begin(), out[0].end())), 0.02);
  EXPECT_NE(out[0], out[1]);
}

}  // namespace
}  // namespace orthant::test
