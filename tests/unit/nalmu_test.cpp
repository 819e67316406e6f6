// NALMU: gradients against differences for every shape, order, loss, clip and divergence; A = 1 is MU; invariants;
// training that is resumed, checkpointed and shared out gives the same bits.
#include "nalmu_train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "model_bytes.hpp"
#include "orthant/experimental.h"
#include "random.hpp"
#include "shuffle_pool.hpp"

namespace orthant::test {
namespace {

using Config = orthant_nalmu_train_config;

// Samples W H + noise, side by side.
template <class T>
struct Samples {
  std::vector<T> Y, W, H;
  int32_t count;
  Samples(int32_t m, int32_t r, int32_t n, int32_t number, uint64_t seed, double noise = 0.02, bool same_W = false)
      : count(number) {
    Random random(seed);
    std::vector<double> W1;
    for (int32_t s = 0; s < number; ++s) {
      if (s == 0 || !same_W) {
        W1.clear();
        for (int32_t i = 0; i < m * r; ++i) W1.push_back(0.1 + uniform(random));
      }
      std::vector<double> H1;
      for (int32_t i = 0; i < r * n; ++i) H1.push_back(0.05 + uniform(random));
      for (int32_t j = 0; j < n; ++j)
        for (int32_t i = 0; i < m; ++i) {
          double y = noise * uniform(random);
          for (int32_t k = 0; k < r; ++k) y += W1[size_t(i + m * k)] * H1[size_t(k + r * j)];
          Y.push_back(T(y));
        }
      for (double x : W1) W.push_back(T(x));
      for (double x : H1) H.push_back(T(x));
    }
  }
};

template <class T>
struct Trainer;
#define TRAINER(T, S)                                                                                                  \
  template <>                                                                                                          \
  struct Trainer<T> {                                                                                                  \
    std::vector<unsigned char> memory;                                                                                 \
    orthant_nalmu_train_##S *s = nullptr;                                                                              \
    explicit Trainer(const Config &c, const T *W0 = nullptr) {                                                         \
      size_t bytes = 0;                                                                                                \
      EXPECT_EQ(orthant_nalmu_train_size_##S(&c, &bytes), ORTHANT_OK);                                                 \
      memory.assign(bytes, 0xFF);                                                                                      \
      EXPECT_EQ(orthant_nalmu_train_init_##S(&c, W0, c.bands, memory.data(), bytes, &s), ORTHANT_OK);                  \
    }                                                                                                                  \
    double step(const Samples<T> &x, bool learn = true) {                                                              \
      orthant_report r{};                                                                                              \
      r.size = sizeof r;                                                                                               \
      EXPECT_EQ(orthant_nalmu_train_step_##S(s, x.count, x.Y.data(), x.W.data(), x.H.data(), learn, &r), ORTHANT_OK); \
      EXPECT_EQ(r.stop, ORTHANT_STOP_ITERATIONS);                                                                      \
      return r.objective;                                                                                              \
    }                                                                                                                  \
    NalmuTrain<T> *inside() { return reinterpret_cast<NalmuTrain<T> *>(s); }                                           \
    T *theta() {                                                                                                       \
      Carver carve(s);                                                                                                 \
      typename NalmuTrain<T>::Blocks b;                                                                                \
      inside()->layout(carve, b);                                                                                      \
      return b.theta;                                                                                                  \
    }                                                                                                                  \
    size_t params() { return inside()->s.params(); }                                                                   \
    std::vector<T> gradient() {                                                                                        \
      const T *g = inside()->gradient(s);                                                                              \
      return std::vector<T>(g, g + params());                                                                          \
    }                                                                                                                  \
    std::string save(int state) {                                                                                      \
      size_t bytes = 0;                                                                                                \
      EXPECT_EQ(orthant_nalmu_train_save_##S(s, state, nullptr, 0, &bytes), ORTHANT_OK);                               \
      std::string out(bytes, '\x77');                                                                                  \
      EXPECT_EQ(orthant_nalmu_train_save_##S(s, state, &out[0], bytes - 1, &bytes), ORTHANT_E_SCRATCH);                \
      EXPECT_EQ(orthant_nalmu_train_save_##S(s, state, &out[0], bytes, &bytes), ORTHANT_OK);                           \
      return out;                                                                                                      \
    }                                                                                                                  \
    orthant_status load(const orthant_model *m) { return orthant_nalmu_train_load_##S(s, m); }                         \
  };
TRAINER(float, f32)
TRAINER(double, f64)
#undef TRAINER

Config config(int32_t m, int32_t r, int32_t n, int32_t layers) {
  Config c{};
  c.size = sizeof c;
  c.bands = m, c.endmembers = r, c.columns = n, c.layers = layers;
  return c;
}

// All parameters away from their start, so that no gradient is special.
template <class T>
void disturb(Trainer<T> &t, double by, uint64_t seed) {
  Random random(seed);
  for (size_t i = 0; i < t.params(); ++i) t.theta()[i] += T(by * (2 * uniform(random) - 1));
}

// The largest deviation of the gradient from central differences, over its largest entry.  A coordinate along which an
// entry meets its clip within the differences has no derivative there: it shows by differences that depend on the step,
// is left out, and counted.
int kinks = 0, compared = 0;
double gradient_error(const Config &c, int32_t count = 2, size_t most = 40, double by = 0.1) {
  const Samples<double> x(c.bands, c.endmembers, c.columns, count, 5);
  Trainer<double> t(c);
  disturb(t, by, 9);
  t.step(x, false);
  const std::vector<double> g = t.gradient();
  double top = 0, worst = 0;
  for (double v : g) top = std::max(top, std::abs(v));
  EXPECT_GT(top, 0);
  Random random(17);
  for (size_t k = 0; k < std::min(most, g.size()); ++k) {
    const size_t i = g.size() <= most ? k : size_t(random() % g.size());
    double *theta = t.theta() + i;
    const double at = *theta, h = 2e-5;
    double f[4];
    for (int q = 0; q < 4; ++q) {
      *theta = at + h * (q < 2 ? q + 1 : 1 - q);
      f[q] = t.step(x, false);
    }
    *theta = at;
    const double difference = (8 * (f[0] - f[2]) - (f[1] - f[3])) / (12 * h);  // fourth order
    ++compared;
    if (c.high_h > 0 && std::abs((f[1] - f[3]) - 2 * (f[0] - f[2])) > 4e-6 * h * top) {
      ++kinks;
      continue;
    }
    worst = std::max(worst, std::abs(difference - g[i]));
  }
  return worst / top;
}

TEST(Nalmu, GradientsAgreeWithDifferences) {
  int cases = 0;
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
    for (const int32_t order : {0, 1})
      for (const int32_t spread : {ORTHANT_SPREAD_COMPONENT, ORTHANT_SPREAD_FULL})
        for (const int32_t tied : {0, 1})
          for (const int32_t positivity : {1, 2, 3})
            for (const bool clipped : {false, true}) {
              if (factors == ORTHANT_NALMU_ONE && order) continue;
              Config c = config(7, 3, 9, 4);
              c.factors = factors, c.order = order, c.spread_w = c.spread_h = spread, c.tied = tied;
              c.positivity = positivity;
              if (clipped) c.low_w = 0.35, c.high_w = 1.1, c.low_h = 0.2, c.high_h = 0.8;
              SCOPED_TRACE(testing::Message() << factors << order << spread << tied << positivity << clipped);
              EXPECT_LT(gradient_error(c), 1e-7);
              ++cases;
            }
  EXPECT_EQ(cases, 72);
  EXPECT_LE(kinks, compared / 200);
}

TEST(Nalmu, GradientsOfEveryLossAndWeighting) {
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
    for (int32_t loss = ORTHANT_FIT_L2; loss <= ORTHANT_FIT_NEGCOS; ++loss)
      for (int32_t nu = ORTHANT_NU_LINEAR; nu <= ORTHANT_NU_LAST; ++nu) {
        Config c = config(6, 2, 8, 5);
        c.factors = factors, c.nu = nu, c.spread_w = c.spread_h = ORTHANT_SPREAD_FULL;
        c.loss_w = loss, c.loss_h = ORTHANT_FIT_L2 + loss % 5;
        SCOPED_TRACE(testing::Message() << factors << " " << loss << " " << nu);
        EXPECT_LT(gradient_error(c), 1e-7);
        c.loss_w = ORTHANT_FIT_NONE;
        EXPECT_LT(gradient_error(c), 1e-7);
      }
}

TEST(Nalmu, GradientsOfEveryDivergence) {
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
    for (const int32_t order : {0, 1})
      for (const double beta : {0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
        for (const bool clipped : {false, true}) {
          Config c = config(6, 3, 7, 3);
          c.factors = factors, c.order = order, c.divergence = ORTHANT_LOSS_BETA, c.beta = beta;
          if (clipped) c.low_w = 0.35, c.high_w = 1.1, c.low_h = 0.25, c.high_h = 0.9;
          SCOPED_TRACE(testing::Message() << factors << " " << order << " " << beta << " " << clipped);
          EXPECT_LT(gradient_error(c), 1e-7);
        }
}

TEST(Nalmu, GradientsOfTheNetworks) {
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
    for (const int32_t tied : {0, 1}) {
      Config c = config(5, 2, 12, 3);
      c.factors = factors, c.tied = tied, c.spread_w = c.spread_h = ORTHANT_SPREAD_NETWORK, c.lines = 3, c.seed = 4;
      EXPECT_LT(gradient_error(c, 2, 60, 0.02), 1e-7);
    }
  Config c = config(5, 2, 12, 2);  // and one beside plain multipliers
  c.spread_h = ORTHANT_SPREAD_NETWORK, c.lines = 4, c.kernel = 5;
  EXPECT_LT(gradient_error(c, 2, 60, 0.02), 1e-7);
  c.columns = 72, c.lines = 8, c.kernel = 3, c.layers = 1;  // more pixels than are gathered at a time
  EXPECT_LT(gradient_error(c, 1, 12, 0.02), 1e-7);
}

// The network against plain loops: same-padded convolutions, ReLU between them, softplus at the end.
TEST(Nalmu, NetworksAreTheirConvolutions) {
  ConvShape s;
  s.lines = 6, s.samples = 13, s.kernel = 3, s.layers = 2;
  s.channels[0] = 2, s.channels[1] = 4, s.channels[2] = 3;
  ConvNet<double> net;
  Carver measure;
  net.layout(measure, s, false);
  size_t bytes = 0;
  ASSERT_TRUE(measure.total(&bytes));
  std::vector<unsigned char> memory(bytes);
  Carver carve(Carver::align(memory.data(), bytes, bytes));
  net.layout(carve, s, false);
  Random random(6);
  std::vector<double> theta(s.params()), x(size_t(s.pixels() * 2));
  for (std::vector<double> *values : {&theta, &x})
    for (double &value : *values) value = uniform(random) - 0.5;
  const Mat<double> y = net.forward(Ops<double>(), theta.data(), {x.data(), s.pixels(), 2, s.pixels()});
  const double *w = theta.data();
  for (int32_t l = 0; l < s.layers; ++l) {
    const int32_t ins = s.channels[l], outs = s.channels[l + 1];
    std::vector<double> next;
    for (int32_t c = 0; c < outs; ++c)
      for (int32_t p = 0; p < s.pixels(); ++p) {
        double sum = w[9 * ins * outs + c];
        for (int32_t k = 0; k < ins; ++k)
          for (int32_t dy = -1; dy <= 1; ++dy)
            for (int32_t dx = -1; dx <= 1; ++dx) {
              const int32_t line = p / s.samples + dy, sample = p % s.samples + dx;
              if (line < 0 || line >= s.lines || sample < 0 || sample >= s.samples) continue;
              const int32_t tap = dx + 1 + 3 * (dy + 1) + 9 * (k + ins * c);
              sum += w[tap] * x[size_t(sample + s.samples * line + s.pixels() * k)];
            }
        next.push_back(l == 0 ? std::max(sum, 0.0) : std::log1p(std::exp(sum)));
      }
    x = next;
    w += s.params(l);
  }
  for (int32_t c = 0; c < 3; ++c)
    for (int32_t p = 0; p < s.pixels(); ++p) EXPECT_NEAR(y(p, c), x[size_t(p + s.pixels() * c)], 1e-14);
}

// |H - G|^2, its mean, and over |G|^2, which has nothing to divide by where the truth is zero.
TEST(Nalmu, LossesOfSquares) {
  Samples<double> x(6, 2, 8, 1, 5);
  Config c = config(6, 2, 8, 3);
  c.factors = ORTHANT_NALMU_ONE, c.nu = ORTHANT_NU_LAST;
  double g2 = 0, loss[4] = {0, 0, 0, 0};
  for (const double h : x.H) g2 += h * h;
  for (const int32_t kind : {ORTHANT_FIT_L2, ORTHANT_FIT_MSE, ORTHANT_FIT_NMSE}) {
    c.loss_h = kind;
    loss[kind] = Trainer<double>(c).step(x, false);
  }
  EXPECT_NEAR(loss[ORTHANT_FIT_MSE], loss[ORTHANT_FIT_L2] / 16, 1e-14);
  EXPECT_NEAR(loss[ORTHANT_FIT_NMSE], loss[ORTHANT_FIT_L2] / g2, 1e-14);
  std::fill(x.H.begin(), x.H.end(), 0.0);
  Trainer<double> t(config(6, 2, 8, 3));
  EXPECT_TRUE(std::isfinite(t.step(x)));
}

// The mean over the pixels does not know their order.
TEST(Nalmu, LossesOfAnglesSeeEveryPixel) {
  const int32_t m = 6, r = 2, n = 8;
  const Samples<double> x(m, r, n, 1, 5);
  Samples<double> back = x;
  for (int32_t j = 0; j < n; ++j) {
    std::copy_n(&x.Y[size_t(m * j)], m, &back.Y[size_t(m * (n - 1 - j))]);
    std::copy_n(&x.H[size_t(r * j)], r, &back.H[size_t(r * (n - 1 - j))]);
  }
  Config c = config(m, r, n, 3);
  c.factors = ORTHANT_NALMU_ONE;
  for (const int32_t kind : {ORTHANT_FIT_ANGLE, ORTHANT_FIT_NEGCOS}) {
    c.loss_h = kind;
    EXPECT_NEAR(Trainer<double>(c).step(x, false), Trainer<double>(c).step(back, false), 1e-13);
  }
}

// More columns than one panel, and than one part.
TEST(Nalmu, GradientsOfWideSamples) {
  for (const double beta : {2.0, 1.0}) {
    Config c = config(4, 2, 1100, 3);
    c.divergence = ORTHANT_LOSS_BETA, c.beta = beta;
    EXPECT_LT(gradient_error(c), 1e-7);
  }
}

template <class T>
bool same_bits(const std::vector<T> &a, const std::vector<T> &b) {
  return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T>
class NalmuTyped : public testing::Test {};
using Both = testing::Types<float, double>;
TYPED_TEST_SUITE(NalmuTyped, Both);

TYPED_TEST(NalmuTyped, CheckpointedLayersGiveTheSameBits) {
  using T = TypeParam;
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH}) {
    Config c = config(8, 3, 150, 7);
    c.factors = factors;
    const Samples<T> x(8, 3, 150, 3, 2);
    std::vector<T> first;
    size_t bytes = 0;
    for (const int32_t keep : {0, 7, 3, 2, 1, 100}) {
      c.keep = keep;
      Trainer<T> t(c);
      for (int i = 0; i < 3; ++i) t.step(x);
      const std::vector<T> theta(t.theta(), t.theta() + t.params());
      if (keep == 0) first = theta, bytes = t.memory.size();
      EXPECT_TRUE(same_bits(theta, first)) << keep;
      if (keep == 3) EXPECT_LT(t.memory.size(), bytes);
    }
  }
}

TYPED_TEST(NalmuTyped, AnyNumberOfWorkersAndAnyStopGiveTheSameBits) {
  using T = TypeParam;
  Config c = config(6, 3, 40, 5);
  c.weight_decay = 0.01, c.rate_decay = 0.99;
  const Samples<T> x(6, 3, 40, 19, 2);
  Trainer<T> serial(c);
  for (int i = 0; i < 4; ++i) serial.step(x);
  for (const int32_t workers : {2, 3, 5})
    for (const bool threads : {false, true}) {
      ShufflePool pool(workers, threads);
      c.parallel = pool.parallel();
      Trainer<T> t(c);
      for (int i = 0; i < 4; ++i) t.step(x);
      EXPECT_EQ(memcmp(t.theta(), serial.theta(), t.params() * sizeof(T)), 0);
      EXPECT_GT(pool.loops(), 0);
    }
  c.parallel = nullptr;
  Trainer<T> half(c), other(c);
  for (int i = 0; i < 2; ++i) half.step(x);
  const ModelBytes state(half.save(1));
  ASSERT_EQ(other.load(state.verified()), ORTHANT_OK);
  for (int i = 0; i < 2; ++i) other.step(x);
  EXPECT_EQ(memcmp(other.theta(), serial.theta(), other.params() * sizeof(T)), 0);
  // A model alone brings the multipliers back to rounding, and does not fit another shape.
  Trainer<T> third(c);
  const ModelBytes model(serial.save(0));
  ASSERT_EQ(third.load(model.verified()), ORTHANT_OK);
  for (size_t i = 0; i < third.params(); ++i) EXPECT_NEAR(third.theta()[i], serial.theta()[i], 4 * Real<T>::eps);
  c.layers = 4;
  Trainer<T> smaller(c);
  EXPECT_EQ(smaller.load(model.verified()), ORTHANT_E_BLOB);
}

// ---- Inference ------------------------------------------------------------------------------------------------------

#define RUN(T, S)                                                                                                  \
  orthant_status infer(const orthant_nalmu_config &c, const std::vector<T> &Y, std::vector<T> &W, std::vector<T> &H, \
                       orthant_report *r = nullptr) {                                                              \
    size_t bytes = 0;                                                                                              \
    orthant_status st = orthant_nalmu_size_##S(&c, &bytes);                                                        \
    if (st != ORTHANT_OK) return st;                                                                               \
    std::vector<unsigned char> memory(bytes, 0xFF);                                                                \
    orthant_nalmu_##S *s = nullptr;                                                                                \
    st = orthant_nalmu_init_##S(&c, memory.data(), bytes, &s);                                                     \
    if (st != ORTHANT_OK) return st;                                                                               \
    const int32_t r_ = int32_t(W.size()) / c.bands;                                                                \
    H.resize(size_t(r_) * size_t(c.pixels));                                                                       \
    const orthant_matrix_##S M = {sizeof M, ORTHANT_DENSE, c.bands, c.pixels, c.bands, 0, Y.data(), 0, 0, 0, 0, 0}; \
    return orthant_nalmu_run_##S(s, &M, W.data(), c.bands, H.data(), r_, r);                                       \
  }
RUN(float, f32)
RUN(double, f64)
#undef RUN

orthant_nalmu_config inference(int32_t m, int32_t n, const orthant_model *model) {
  orthant_nalmu_config c{};
  c.size = sizeof c;
  c.bands = m, c.pixels = n, c.model = model;
  return c;
}

TYPED_TEST(NalmuTyped, MultipliersOfOneAreMU) {
  using T = TypeParam;
  const int32_t m = 9, r = 3, n = 300, K = 12;
  const Samples<T> x(m, r, n, 1, 3);
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH}) {
    // The updates written out, with the products that the library has.
    const Ops<T> ops;
    std::vector<T> W = x.W, X(size_t(n * r), T(1)), N(size_t(n * r)), D(size_t(n * r)), G(size_t(r * r));
    if (factors == ORTHANT_NALMU_BOTH)
      for (size_t i = 0; i < W.size(); ++i) W[i] = T(1) + T(i % 7) / T(8);
    const std::vector<T> W0 = W;
    const Operand<T> Y(Mat<const T>{x.Y.data(), m, n, m});
    const Mat<T> Wm{W.data(), m, r, m}, Xm{X.data(), n, r, n}, Gm{G.data(), r, r, r};
    for (int k = 0; k < K; ++k) {
      if (factors == ORTHANT_NALMU_BOTH) {
        const Mat<T> Nm{N.data(), m, r, m}, Dm{D.data(), m, r, m};
        for (int32_t j = 0; j < n; j += 128) {
          const int32_t count = std::min(128, n - j);
          Y.panel_nn(ops, j, count, Xm.block(j, 0, count, r), Nm, j > 0);
          ops.tn(Xm.block(j, 0, count, r), Xm.block(j, 0, count, r), Gm, j > 0);
        }
        ops.nn(Wm, Gm, Dm);
        for (int32_t i = 0; i < m * r; ++i) W[size_t(i)] = W[size_t(i)] * N[size_t(i)] / std::max(D[size_t(i)], T(1e-12));
      }
      const Mat<T> Nm{N.data(), n, r, n}, Dm{D.data(), n, r, n};
      ops.tn(Wm, Wm, Gm);
      for (int32_t j = 0; j < n; j += 128) {
        const int32_t count = std::min(128, n - j);
        Y.panel_tn(ops, j, count, Wm, Nm.block(j, 0, count, r));
        ops.nn(Xm.block(j, 0, count, r), Gm, Dm.block(j, 0, count, r));
      }
      for (int32_t i = 0; i < n * r; ++i) X[size_t(i)] = X[size_t(i)] * N[size_t(i)] / std::max(D[size_t(i)], T(1e-12));
    }
    // No model, and the model of an untrained handle.
    Config tc = config(m, r, n, K);
    tc.factors = factors;
    Trainer<T> t(tc);
    const ModelBytes blob(t.save(0));
    for (const orthant_model *model : {static_cast<const orthant_model *>(nullptr), blob.verified()}) {
      orthant_nalmu_config c = inference(m, n, model);
      if (!model) c.endmembers = r, c.layers = K, c.factors = factors;
      std::vector<T> Wout = W0, H;
      orthant_report report{};
      report.size = sizeof report;
      ASSERT_EQ(infer(c, x.Y, Wout, H, &report), ORTHANT_OK);
      EXPECT_TRUE(same_bits(Wout, W));
      for (int32_t j = 0; j < n; ++j)
        for (int32_t k = 0; k < r; ++k) ASSERT_EQ(H[size_t(k + r * j)], X[size_t(j + n * k)]) << j << " " << k;
      double objective = 0;
      for (int32_t j = 0; j < n; ++j)
        for (int32_t i = 0; i < m; ++i) {
          double e = double(x.Y[size_t(i + m * j)]);
          for (int32_t k = 0; k < r; ++k) e -= double(Wout[size_t(i + m * k)]) * double(H[size_t(k + r * j)]);
          objective += 0.5 * e * e;
        }
      EXPECT_NEAR(report.objective, objective, 1e-4 * objective);
      EXPECT_GT(report.kkt, 0);
    }
  }
}

// Inference is what training sees: the loss of the last layer, recomputed from the factors that come out.
TYPED_TEST(NalmuTyped, InferenceAndTrainingAgree) {
  using T = TypeParam;
  for (const int32_t spread : {ORTHANT_SPREAD_COMPONENT, ORTHANT_SPREAD_FULL, ORTHANT_SPREAD_NETWORK})
    for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
      for (const double beta : {2.0, 1.0}) {
        const int32_t m = 6, r = 3, n = 60, K = 4;
        Config tc = config(m, r, n, K);
        tc.factors = factors, tc.spread_w = tc.spread_h = spread, tc.lines = 6, tc.nu = ORTHANT_NU_LAST;
        tc.loss_w = ORTHANT_FIT_NONE, tc.loss_h = ORTHANT_FIT_L2, tc.high_h = 0.9, tc.start_h = 0.5, tc.tied = beta == 1;
        tc.divergence = ORTHANT_LOSS_BETA, tc.beta = beta;
        const Samples<T> x(m, r, n, 1, 3);
        std::vector<T> W0 = x.W;
        for (T &w : W0) w *= T(0.9);
        Trainer<T> t(tc, W0.data());
        for (int i = 0; i < 3; ++i) t.step(x);
        const double expected = t.step(x, false);
        const ModelBytes blob(t.save(0));
        std::vector<T> W = x.W, H;
        if (factors == ORTHANT_NALMU_BOTH)
          for (T &w : W) w = T(NAN);  // the model brings its own start
        ASSERT_EQ(infer(inference(m, n, blob.verified()), x.Y, W, H), ORTHANT_OK);
        double loss = 0;
        for (size_t i = 0; i < H.size(); ++i) loss += std::pow(double(H[i]) - double(x.H[i]), 2);
        EXPECT_NEAR(loss, expected, 200 * double(Real<T>::eps) * (1 + expected)) << spread << factors << beta;
      }
}

TEST(Nalmu, InvariantsOfOneFactor) {
  const int32_t m = 10, r = 4, n = 80, K = 30;
  const Samples<double> x(m, r, n, 1, 8);
  Config tc = config(m, r, n, K);
  tc.factors = ORTHANT_NALMU_ONE, tc.tied = 1;
  Trainer<double> t(tc);
  disturb(t, 0.3, 3);
  std::vector<double> A(size_t(r), 0.0);
  for (int32_t k = 0; k < r; ++k) A[size_t(k)] = std::exp(t.theta()[k]);
  const ModelBytes blob(t.save(0));
  // J(H) = 1/2 |W H|^2 - <A . H, W'Y> does not rise; nothing is negative; at the end G H = A . B on the support.
  std::vector<double> B(size_t(r * n)), G(size_t(r * r));
  for (int32_t k = 0; k < r; ++k) {
    for (int32_t l = 0; l < r; ++l)
      for (int32_t i = 0; i < m; ++i) G[size_t(k + r * l)] += x.W[size_t(i + m * k)] * x.W[size_t(i + m * l)];
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < m; ++i) B[size_t(k + r * j)] += x.W[size_t(i + m * k)] * x.Y[size_t(i + m * j)];
  }
  double before = INFINITY;
  std::vector<double> W = x.W, H, last;
  for (int32_t layers = 1; layers <= K; ++layers) {
    orthant_nalmu_config c = inference(m, n, blob.verified());
    c.layers = layers;
    ASSERT_EQ(infer(c, x.Y, W, H), ORTHANT_OK);
    double J = 0;
    for (int32_t j = 0; j < n; ++j)
      for (int32_t k = 0; k < r; ++k) {
        EXPECT_GE(H[size_t(k + r * j)], 0);
        J -= A[size_t(k)] * H[size_t(k + r * j)] * B[size_t(k + r * j)];
        for (int32_t l = 0; l < r; ++l) J += 0.5 * H[size_t(k + r * j)] * G[size_t(k + r * l)] * H[size_t(l + r * j)];
      }
    EXPECT_LE(J, before + 1e-12 * std::abs(J)) << layers;
    before = J;
  }
  // Y scaled by c scales every H by c.
  std::vector<double> scaled = x.Y, H2;
  for (double &y : scaled) y *= 3;
  ASSERT_EQ(infer(inference(m, n, blob.verified()), scaled, W, H2), ORTHANT_OK);
  for (size_t i = 0; i < H.size(); ++i) EXPECT_NEAR(H2[i], 3 * H[i], 1e-12 * (1 + H[i]));
  // From the solution of G h = A . b the step does not move, and A = 0 gives zero.
  std::vector<double> Wd(size_t(m * r), 0.0), Yd(size_t(m * n)), Hd;
  for (int32_t k = 0; k < r; ++k) Wd[size_t(k + m * k)] = 1 + k;
  Random random(4);
  for (double &y : Yd) y = 0.1 + uniform(random);
  ASSERT_EQ(infer(inference(m, n, blob.verified()), Yd, Wd, Hd), ORTHANT_OK);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t k = 0; k < r; ++k)
      EXPECT_NEAR(Hd[size_t(k + r * j)], A[size_t(k)] * Yd[size_t(k + m * j)] / (1 + k), 1e-12);
  tc.positivity = ORTHANT_POSITIVITY_DIRECT;
  Trainer<double> none(tc);
  for (size_t i = 0; i < none.params(); ++i) none.theta()[i] = 0;
  const ModelBytes zero(none.save(0));
  ASSERT_EQ(infer(inference(m, n, zero.verified()), x.Y, W, H), ORTHANT_OK);
  for (double h : H) EXPECT_EQ(h, 0);
}

// ---- Networks and training, each against its equations

// The layers as the source has them: X <- clip(A . X . N / D), N = (Y . V^(beta-2))'W, D = (V^(beta-1))'W of V = W X',
// and the same of W.
struct PlainNalmu {
  const NalmuShape &s;
  const std::vector<double> &Y;
  int32_t n;
  std::vector<double> W, X;  // bands x rank, n x rank

  double model(int32_t i, int32_t j) const {
    double v = 0;
    for (int32_t k = 0; k < s.rank; ++k) v += W[size_t(i + s.bands * k)] * X[size_t(j + n * k)];
    return v;
  }
  void update(Side side, const double *A) {
    const int32_t count = side == side_w ? s.bands : n, others = side == side_w ? n : s.bands;
    std::vector<double> &own = side == side_w ? W : X;
    const std::vector<double> &other = side == side_w ? X : W;
    std::vector<double> next;
    for (int32_t k = 0; k < s.rank; ++k)
      for (int32_t p = 0; p < count; ++p) {
        double N = 0, D = 0;
        for (int32_t q = 0; q < others; ++q) {
          const int32_t i = side == side_w ? p : q, j = side == side_w ? q : p;
          const double v = model(i, j), o = other[size_t(q + others * k)];
          N += Y[size_t(i + s.bands * j)] * pow(v, s.beta - 2) * o;
          D += pow(v, s.beta - 1) * o;
        }
        const double a = s.spread[side] == Spread::full ? A[p + count * k] : A[k];
        const double moved = std::max(s.low[side], a * own[size_t(p + count * k)] * N / D);
        next.push_back(s.high[side] > 0 ? std::min(s.high[side], moved) : moved);
      }
    own = next;
  }
};

TEST(Nalmu, OneLayerOfOneEndmember) {
  const Samples<double> x(4, 1, 5, 1, 2);
  std::vector<double> W = x.W, H;
  orthant_nalmu_config c = inference(4, 5, nullptr);
  c.factors = ORTHANT_NALMU_ONE;
  for (const int32_t endmembers : {0, 1})
    for (const int32_t layers : {0, 1}) {
      c.endmembers = endmembers, c.layers = layers;
      EXPECT_EQ(infer(c, x.Y, W, H), endmembers && layers ? ORTHANT_OK : ORTHANT_E_ARG);
    }
  for (int32_t j = 0; j < 5; ++j) {  // one step from one: least squares
    double wy = 0, ww = 0;
    for (int32_t i = 0; i < 4; ++i) wy += W[size_t(i)] * x.Y[size_t(i + 4 * j)], ww += W[size_t(i)] * W[size_t(i)];
    EXPECT_NEAR(H[size_t(j)], wy / ww, 1e-14);
  }
}

TEST(Nalmu, InferenceIsItsEquations) {
  const int32_t m = 5, r = 3, n = 290, K = 3;
  const Samples<double> x(m, r, n, 1, 12, 0.3);
  int variant = 0;
  for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH})
    for (const double beta : {2.0, 1.0, 0.0, 1.5})
      for (const int32_t spread : {ORTHANT_SPREAD_COMPONENT, ORTHANT_SPREAD_FULL}) {
        SCOPED_TRACE(testing::Message() << factors << " beta " << beta << " spread " << spread);
        Config tc = config(m, r, n, K);
        tc.factors = factors, tc.spread_w = tc.spread_h = spread, tc.divergence = ORTHANT_LOSS_BETA, tc.beta = beta;
        tc.order = variant % 2, tc.tied = variant % 3 == 1, tc.start_h = 0.4;
        if (variant % 2 == 0) tc.low_w = 0.2, tc.high_w = 0.9, tc.low_h = 0.1, tc.high_h = 0.8;
        ++variant;
        Trainer<double> t(tc, x.W.data());
        disturb(t, 0.2, 5);
        const ModelBytes blob(t.save(0));
        const NalmuShape &s = t.inside()->s;
        PlainNalmu plain{s, x.Y, n, x.W, std::vector<double>(size_t(n * r), 0.4)};
        for (int32_t layer = 0; layer < K; ++layer)
          for (int32_t u = 0; u <= s.both; ++u) {
            const bool of_w = s.both && (u == 0) == (tc.order == 0);
            const Side side = of_w ? side_w : side_h;
            std::vector<double> A;
            for (size_t i = 0; i < s.count(side); ++i) A.push_back(std::exp(t.theta()[s.at(side, layer) + i]));
            plain.update(side, A.data());
          }
        std::vector<double> W = x.W, H;
        orthant_report report{};
        report.size = sizeof report;
        ASSERT_EQ(infer(inference(m, n, blob.verified()), x.Y, W, H, &report), ORTHANT_OK);
        for (size_t i = 0; i < W.size(); ++i) EXPECT_NEAR(W[i], plain.W[i], 1e-10);
        for (int32_t j = 0; j < n; ++j)
          for (int32_t k = 0; k < r; ++k) ASSERT_NEAR(H[size_t(k + r * j)], plain.X[size_t(j + n * k)], 1e-10) << j;
        // The report: |Y - W H|^2 / 2, and of each pixel the largest |min(x, W'W x - W'y)| over its scale.
        double residual = 0, squares = 0, top = 0, kkt = 0;
        int32_t worst = -1;
        for (int32_t k = 0; k < r; ++k) {
          double diagonal = 0;
          for (int32_t i = 0; i < m; ++i) diagonal += std::pow(W[size_t(i + m * k)], 2);
          top = std::max(top, diagonal);
        }
        for (int32_t j = 0; j < n; ++j) {
          double y2 = 0, v2 = 0, most = 0;
          for (int32_t i = 0; i < m; ++i) {
            const double y = x.Y[size_t(i + m * j)], v = plain.model(i, j);
            residual += (y - v) * (y - v), y2 += y * y, v2 += v * v;
          }
          for (int32_t k = 0; k < r; ++k) {
            double g = 0;
            for (int32_t i = 0; i < m; ++i) g += W[size_t(i + m * k)] * (plain.model(i, j) - x.Y[size_t(i + m * j)]);
            most = std::max(most, std::abs(std::min(H[size_t(k + r * j)], g)));
          }
          squares += y2;
          const double of_pixel = most / std::sqrt(top * std::max(y2, v2));
          if (of_pixel > kkt) kkt = of_pixel, worst = j;
        }
        EXPECT_NEAR(report.objective, residual / 2, 1e-9 * residual);
        EXPECT_NEAR(report.rel_error, std::sqrt(residual / squares), 1e-9);
        EXPECT_NEAR(report.kkt, kkt, 1e-9);
        EXPECT_EQ(report.worst, worst);
        EXPECT_EQ(report.iters, K);
      }
}

// A batch of more samples than shares: its loss and gradient are the means of those of its samples, each with a W of
// its own; then Adam at a falling rate.
TEST(Nalmu, AStepIsAdamOfTheMeanGradient) {
  const int32_t m = 5, r = 2, n = 6, count = 11;
  for (const int32_t positivity : {ORTHANT_POSITIVITY_EXP, ORTHANT_POSITIVITY_DIRECT, ORTHANT_POSITIVITY_SOFTPLUS}) {
    Config c = config(m, r, n, 3);
    c.positivity = positivity, c.rate = 0.05, c.rate_decay = 0.7, c.weight_decay = 0.1;
    c.beta1 = 0.8, c.beta2 = 0.95, c.epsilon = 1e-3;
    Trainer<double> t(c), single(c);
    disturb(t, 0.1, 3);
    const size_t params = t.params();
    std::vector<double> theta(t.theta(), t.theta() + params), moment(params, 0.0), second(params, 0.0);
    for (int step = 1; step <= 3; ++step) {
      const Samples<double> x(m, r, n, count, uint64_t(step));
      std::vector<double> mean(params, 0.0);
      double loss = 0;
      std::copy(theta.begin(), theta.end(), single.theta());
      for (int32_t i = 0; i < count; ++i) {
        Samples<double> one = x;
        one.count = 1;
        one.Y.assign(x.Y.begin() + m * n * i, x.Y.begin() + m * n * (i + 1));
        one.W.assign(x.W.begin() + m * r * i, x.W.begin() + m * r * (i + 1));
        one.H.assign(x.H.begin() + r * n * i, x.H.begin() + r * n * (i + 1));
        loss += single.step(one, false) / count;
        const std::vector<double> g = single.gradient();
        for (size_t k = 0; k < params; ++k) mean[k] += g[k] / count;
      }
      EXPECT_NEAR(t.step(x), loss, 1e-13 * std::max(1.0, loss));
      const double rate = 0.05 * std::pow(0.7, step - 1);
      for (size_t k = 0; k < params; ++k) {
        moment[k] = 0.8 * moment[k] + 0.2 * mean[k];
        second[k] = 0.95 * second[k] + 0.05 * mean[k] * mean[k];
        const double first = moment[k] / (1 - std::pow(0.8, step)), scale = second[k] / (1 - std::pow(0.95, step));
        theta[k] -= rate * (0.1 * theta[k] + first / (std::sqrt(scale) + 1e-3));
        EXPECT_NEAR(t.theta()[k], theta[k], 1e-12);
      }
      EXPECT_EQ(t.inside()->steps, step);
    }
  }
}

// The loss is the sum over the layers of nu times that of the network of so many layers.
TEST(Nalmu, LossesOfTheLayersAreWeighted) {
  const int32_t m = 6, r = 2, n = 9, K = 4;
  const Samples<double> x(m, r, n, 3, 7);
  std::vector<double> of_layer;
  for (int32_t layers = 1; layers <= K; ++layers) {
    Config c = config(m, r, n, layers);
    c.nu = ORTHANT_NU_LAST;
    of_layer.push_back(Trainer<double>(c).step(x, false));
  }
  const auto weighted = [&](int32_t nu) {
    Config c = config(m, r, n, K);
    c.nu = nu;
    return Trainer<double>(c).step(x, false);
  };
  double linear = 0, logarithmic = 0;
  for (int32_t l = 0; l < K; ++l) {
    linear += l / 3.0 * of_layer[size_t(l)];
    logarithmic += std::pow(10, 7 * (l / 3.0 - 1)) * of_layer[size_t(l)];
  }
  EXPECT_NEAR(weighted(0), linear, 1e-13);
  EXPECT_NEAR(weighted(ORTHANT_NU_LOG), logarithmic, 1e-13);
  EXPECT_EQ(weighted(ORTHANT_NU_LAST), of_layer.back());
  Config one = config(m, r, n, 1);
  EXPECT_EQ(Trainer<double>(one).step(x, false), of_layer.front());
}

// Means of angles, or of cosines less, between the pixels of H and its truth, and between the columns of W.
TEST(Nalmu, LossesOfAnglesAreMeans) {
  const int32_t m = 6, r = 3, n = 20;
  const Samples<double> x(m, r, n, 1, 5);
  std::vector<double> W(size_t(m * r), 1.0), H;
  for (size_t i = 0; i < W.size(); ++i) W[i] += 0.1 * double(i % 5);
  const std::vector<double> W0 = W;
  orthant_nalmu_config ic = inference(m, n, nullptr);
  ic.endmembers = r, ic.layers = 3;
  ASSERT_EQ(infer(ic, x.Y, W, H), ORTHANT_OK);
  const auto mean = [](const std::vector<double> &A, const std::vector<double> &B, int32_t length, bool angle) {
    double sum = 0;
    for (size_t at = 0; at < A.size(); at += size_t(length)) {
      double ab = 0, aa = 0, bb = 0;
      for (size_t i = at; i < at + size_t(length); ++i) ab += A[i] * B[i], aa += A[i] * A[i], bb += B[i] * B[i];
      const double cosine = ab / std::sqrt(aa * bb);
      sum += angle ? std::acos(cosine) : -cosine;
    }
    return sum * length / double(A.size());
  };
  for (const int32_t kind : {ORTHANT_FIT_ANGLE, ORTHANT_FIT_NEGCOS}) {
    Config c = config(m, r, n, 3);
    c.nu = ORTHANT_NU_LAST, c.loss_w = kind, c.loss_h = ORTHANT_FIT_NONE;
    EXPECT_NEAR(Trainer<double>(c, W0.data()).step(x, false), mean(W, x.W, m, kind == ORTHANT_FIT_ANGLE), 1e-12);
    c.loss_h = kind, c.loss_w = ORTHANT_FIT_NONE;
    EXPECT_NEAR(Trainer<double>(c, W0.data()).step(x, false), mean(H, x.H, r, kind == ORTHANT_FIT_ANGLE), 1e-12);
  }
}

TEST(Nalmu, ShapesHaveTheirBounds) {
  const auto good = [](auto &&change) {
    NalmuShape s;
    s.bands = 6, s.rank = 2, s.layers = 3, s.pixels = 12, s.both = 1;
    change(s);
    return s.good();
  };
  using S = NalmuShape;
  const auto range = [&](int32_t S::*field, int32_t low, int32_t high) {
    for (const int32_t x : {low - 1, low, high, high + 1})
      EXPECT_EQ(good([&](S &s) { s.*field = x; }), low <= x && x <= high) << x;
  };
  range(&S::layers, 1, 4096);
  range(&S::rank, 1, (1 << 30) / 12);
  range(&S::bands, 0, 1 << 29);
  range(&S::pixels, 0, 1 << 29);
  EXPECT_FALSE(good([](S &s) { s.lines = 0; }));
  EXPECT_TRUE(good([](S &s) { s.layers = 1024, s.rank = 1 << 20, s.pixels = s.bands = 1; }));
  EXPECT_FALSE(good([](S &s) { s.layers = 1024, s.rank = (1 << 20) + 1, s.pixels = s.bands = 1; }));
  for (const double beta : {-8.5, -8.0, 8.0, 8.5, double(NAN)})
    EXPECT_EQ(good([&](S &s) { s.beta = beta; }), std::abs(beta) <= 8) << beta;
  // Multipliers of each entry need to know their number, and so do networks.
  for (const Side side : {side_w, side_h})
    for (const Spread spread : {Spread::full, Spread::network})
      for (const int32_t rows : {0, 1})
        EXPECT_EQ(good([&](S &s) {
                    s.spread[side] = spread;
                    (side == side_w ? s.bands : s.pixels) = rows;
                  }),
                  rows == 1);
  for (const int32_t kernel : {-1, 0, 1, 2, 15, 17})
    EXPECT_EQ(good([&](S &s) { s.spread[side_h] = Spread::network, s.kernel = kernel; }), kernel == 1 || kernel == 15);
  for (const int32_t lines : {1, 4, 5})
    EXPECT_EQ(good([&](S &s) { s.spread[side_h] = Spread::network, s.lines = lines; }), lines != 5);
  for (const int32_t bands : {1 << 15, (1 << 15) + 1})
    EXPECT_EQ(good([&](S &s) { s.spread[side_w] = Spread::network, s.bands = bands; }), bands == 1 << 15);
  const std::tuple<double, double, bool> clips[] = {{0, 0, true}, {0.5, 0, true}, {0.5, 0.6, true},
                                                    {0.5, 0.5, false}, {-0.1, 0.5, false}, {0, -0.1, false},
                                                    {0, HUGE_VAL, false}};
  for (const auto &[low, high, fits] : clips)
    for (const Side side : {side_w, side_h})
      EXPECT_EQ(good([&, l = low, h = high](S &s) { s.low[side] = l, s.high[side] = h; }), fits) << low << " " << high;
}

// A pixel of nothing, in the truth or in the factor, has no angle; the others count as before.
TEST(Nalmu, PixelsOfNothingHaveNoAngle) {
  const int32_t m = 6, r = 2, n = 8;
  Samples<double> x(m, r, n, 1, 5);
  for (const int32_t kind : {ORTHANT_FIT_ANGLE, ORTHANT_FIT_NEGCOS}) {
    Config c = config(m, r, n, 2);
    c.factors = ORTHANT_NALMU_ONE, c.loss_h = kind, c.positivity = ORTHANT_POSITIVITY_DIRECT;
    const double all = Trainer<double>(c).step(x, false);
    Samples<double> part = x, rest = x;
    for (int32_t j = 0; j < n; ++j)
      for (int32_t k = 0; k < r; ++k) (j < 3 ? part : rest).H[size_t(k + r * j)] = 0;
    EXPECT_NEAR(Trainer<double>(c).step(part, false) + Trainer<double>(c).step(rest, false), all, 1e-14);
    Trainer<double> none(c);
    for (size_t i = 0; i < none.params(); ++i) none.theta()[i] = 0;
    EXPECT_EQ(none.step(x, false), 0);
    for (const double g : none.gradient()) EXPECT_EQ(g, 0);
  }
}

// He's start: normal weights of variance 2 / fan-in; a last layer of a hundredth of that whose softplus is one.
TEST(Nalmu, NetworksBeginAsHeHasThem) {
  ConvShape s;
  s.lines = 2, s.samples = 3, s.kernel = 3, s.layers = 3;
  s.channels[0] = 2, s.channels[1] = 5, s.channels[2] = 4, s.channels[3] = 3;
  ConvNet<double> net;
  net.s = s;
  std::vector<double> theta(s.params(), NAN);
  net.start(8, 6, theta.data());
  const Rng rng(8, 6);
  size_t at = 0;
  uint64_t drawn = 0;
  for (int32_t l = 0; l < 3; ++l) {
    const int32_t inputs = 9 * s.channels[l], outputs = s.channels[l + 1];
    const double spread = std::sqrt(2.0 / inputs) * (l == 2 ? 0.01 : 1);
    for (int32_t i = 0; i < inputs * outputs; ++i) EXPECT_NEAR(theta[at++], spread * rng.normal(drawn++), 1e-15);
    for (int32_t i = 0; i < outputs; ++i) {
      const double bias = theta[at++];
      EXPECT_NEAR(l == 2 ? std::log1p(std::exp(bias)) : 1 + bias, 1, 1e-15);
    }
  }
  EXPECT_EQ(at, theta.size());
}

// With unit l1 columns of Y and W an exact mixture's abundances sum to one, and so they do at the fixed point.
TEST(Nalmu, UnitColumnsGiveUnitSums) {
  const int32_t m = 12, r = 3, n = 20;
  Samples<double> x(m, r, n, 1, 8, 0);
  const auto unit = [&](std::vector<double> &M) {
    for (size_t j = 0; j < M.size(); j += size_t(m)) {
      double sum = 0;
      for (int32_t i = 0; i < m; ++i) sum += M[j + size_t(i)];
      for (int32_t i = 0; i < m; ++i) M[j + size_t(i)] /= sum;
    }
  };
  unit(x.Y);
  unit(x.W);
  orthant_nalmu_config c = inference(m, n, nullptr);
  c.endmembers = r, c.layers = 4000, c.factors = ORTHANT_NALMU_ONE;
  std::vector<double> H;
  ASSERT_EQ(infer(c, x.Y, x.W, H), ORTHANT_OK);
  for (int32_t j = 0; j < n; ++j) EXPECT_NEAR(H[size_t(r * j)] + H[size_t(r * j + 1)] + H[size_t(r * j + 2)], 1, 1e-4);
}

// The toy of the source: training helps, whatever the type; a model of another precision computes nearly the same.
TYPED_TEST(NalmuTyped, TrainingLowersTheError) {
  using T = TypeParam;
  const int32_t m = 20, r = 5, n = 200, K = 10;
  Samples<T> x(m, r, n, 1, 6), fresh(m, r, n, 1, 6);
  Random random(2);
  for (Samples<T> *s : {&x, &fresh})  // components of different weight, as in the source
    for (int32_t j = 0; j < n; ++j) {
      for (int32_t k = 0; k < r; ++k) s->H[size_t(k + r * j)] = T(8 * (k + 1) + normal(random));
      for (int32_t i = 0; i < m; ++i) {
        double y = 0.1 * uniform(random);
        for (int32_t k = 0; k < r; ++k) y += double(s->W[size_t(i + m * k)]) * double(s->H[size_t(k + r * j)]);
        s->Y[size_t(i + m * j)] = T(y);
      }
    }
  Config c = config(m, r, n, K);
  c.factors = ORTHANT_NALMU_ONE, c.loss_h = ORTHANT_FIT_L2, c.nu = ORTHANT_NU_LOG, c.positivity = ORTHANT_POSITIVITY_DIRECT;
  Trainer<T> t(c);
  const double first = t.step(x);
  for (int i = 0; i < 200; ++i) t.step(x);
  EXPECT_LT(t.step(x, false), 0.2 * first);
  EXPECT_LT(t.step(fresh, false), 0.2 * first);
  const ModelBytes blob(t.save(0));
  std::vector<T> W = fresh.W, H, H16;
  ASSERT_EQ(infer(inference(m, n, blob.verified()), fresh.Y, W, H), ORTHANT_OK);
  for (const int32_t type : {ORTHANT_ELEMENT_F16, ORTHANT_ELEMENT_I8, ORTHANT_ELEMENT_F64}) {
    size_t bytes = 0;
    ASSERT_EQ(orthant_model_convert(blob.verified(), type, 16, nullptr, 0, &bytes), ORTHANT_OK);
    std::string other(bytes, 0);
    ASSERT_EQ(orthant_model_convert(blob.verified(), type, 16, &other[0], bytes, &bytes), ORTHANT_OK);
    const ModelBytes converted(other);
    ASSERT_EQ(infer(inference(m, n, converted.verified()), fresh.Y, W, H16), ORTHANT_OK);
    // A relative error e of each multiplier moves the result by about K e.
    const double e = type == ORTHANT_ELEMENT_F16 ? 0.0005 : type == ORTHANT_ELEMENT_I8 ? 0.01 : 1e-6;
    for (size_t i = 0; i < H.size(); ++i) EXPECT_NEAR(H16[i], H[i], 4 * K * e * (0.5 + double(H[i])));
  }
}

// Adam's first step is nearly its rate, in either direction: multipliers themselves end at zero, their logarithms do
// not.
TYPED_TEST(NalmuTyped, TrainedMultipliersAreNotNegative) {
  using T = TypeParam;
  const Samples<T> x(7, 3, 12, 2, 6);
  for (const int32_t positivity : {ORTHANT_POSITIVITY_EXP, ORTHANT_POSITIVITY_DIRECT, ORTHANT_POSITIVITY_SOFTPLUS}) {
    Config c = config(7, 3, 12, 4);
    c.positivity = positivity, c.rate = 3;
    Trainer<T> t(c);
    t.step(x);
    const T *theta = t.theta();
    T least = theta[0];
    for (size_t i = 0; i < t.params(); ++i) least = std::min(least, theta[i]);
    if (positivity == ORTHANT_POSITIVITY_DIRECT) EXPECT_EQ(least, T(0));
    else EXPECT_LT(least, T(-2)) << positivity;
    EXPECT_TRUE(std::isfinite(t.step(x, false))) << positivity;
  }
}

TEST(Nalmu, BadInputIsRefusedByName) {
  const int32_t m = 6, r = 2, n = 10;
  const Samples<double> x(m, r, n, 1, 3);
  Config c = config(m, r, n, 3);
  size_t bytes = 0;
  const auto refused = [&](orthant_status expected, const std::function<void(Config &)> &change) {
    Config bad = c;
    change(bad);
    EXPECT_EQ(orthant_nalmu_train_size_f64(&bad, &bytes), expected);
  };
  refused(ORTHANT_E_ARG, [](Config &b) { b.size = 3; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.bands = 0; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.layers = 5000; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.columns = INT32_MAX, b.endmembers = 30000; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.loss_h = 6; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.high_h = NAN; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.low_h = 2, b.high_h = 1; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.beta1 = 1; });
  refused(ORTHANT_E_ARG, [](Config &b) { b.spread_h = ORTHANT_SPREAD_NETWORK, b.lines = 3; });  // 10 columns
  refused(ORTHANT_E_ARG, [](Config &b) { b.spread_h = ORTHANT_SPREAD_NETWORK, b.kernel = 2; });
  Trainer<double> t(c);
  const std::vector<unsigned char> before = t.memory;
  for (const double bad : {double(NAN), double(INFINITY), -1.0})
    for (int which = 0; which < 3; ++which) {
      Samples<double> y = x;
      (which == 0 ? y.Y : which == 1 ? y.W : y.H)[3] = bad;
      EXPECT_EQ(orthant_nalmu_train_step_f64(t.s, 1, y.Y.data(), y.W.data(), y.H.data(), 1, nullptr), ORTHANT_E_DATA);
    }
  EXPECT_EQ(orthant_nalmu_train_step_f64(t.s, 0, x.Y.data(), x.W.data(), x.H.data(), 1, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_nalmu_train_step_f64(t.s, INT32_MAX, x.Y.data(), x.W.data(), x.H.data(), 1, nullptr), ORTHANT_E_ARG);
  EXPECT_TRUE(t.memory == before);
  // Overflow changes no parameter.
  Samples<double> huge = x;
  for (double &y : huge.Y) y = 1e200;
  const std::string saved = t.save(1);
  orthant_report report{};
  report.size = sizeof report;
  EXPECT_EQ(orthant_nalmu_train_step_f64(t.s, 1, huge.Y.data(), x.W.data(), x.H.data(), 1, &report), ORTHANT_OK);
  EXPECT_EQ(report.stop, ORTHANT_STOP_NONFINITE);
  EXPECT_TRUE(t.save(1) == saved);

  const ModelBytes blob(t.save(0));
  std::vector<double> W = x.W, H;
  orthant_nalmu_config i = inference(m, n, blob.verified());
  EXPECT_EQ(infer(i, x.Y, W, H), ORTHANT_OK);
  i.endmembers = 3;
  EXPECT_EQ(infer(i, x.Y, W, H), ORTHANT_E_BLOB);
  i = inference(m, n, blob.verified());
  i.layers = 4;
  EXPECT_EQ(infer(i, x.Y, W, H), ORTHANT_E_ARG);
  i = inference(m, n, nullptr);
  EXPECT_EQ(infer(i, x.Y, W, H), ORTHANT_E_ARG);
  i = inference(m, n, blob.verified());
  std::vector<double> Y = x.Y;
  Y[5] = NAN;
  const std::vector<double> kept = H;
  EXPECT_EQ(infer(i, Y, W, H), ORTHANT_E_DATA);
  EXPECT_TRUE(same_bits(H, kept));
}

// Any damage to a model's numbers is refused, or leaves a result that is finite and nonnegative.
TEST(Nalmu, DamagedModelsNeverHarm) {
  const int32_t m = 6, r = 2, n = 10;
  const Samples<double> x(m, r, n, 1, 3);
  Config c = config(m, r, n, 3);
  c.spread_w = ORTHANT_SPREAD_FULL;
  Trainer<double> t(c, x.W.data());
  const std::string good = t.save(0);
  Random random(8);
  int refused = 0, ran = 0;
  for (int k = 0; k < 3000; ++k) {
    std::string s = good;
    const size_t data = 64 * 7;
    for (int e = 0; e < 2; ++e) s[data + size_t(random() % (s.size() - data))] = char(random());
    const ModelBytes blob(s);
    const orthant_model *model = nullptr;
    if (orthant_model_open(blob.data(), blob.size(), &model) != ORTHANT_OK) {
      ++refused;
      continue;
    }
    std::vector<double> W = x.W, H;
    const orthant_status st = infer(inference(m, n, model), x.Y, W, H);
    if (st == ORTHANT_OK) {
      ++ran;
      for (double h : H) ASSERT_TRUE(h >= 0 || std::isnan(h));
    } else {
      ASSERT_TRUE(st == ORTHANT_E_BLOB || st == ORTHANT_E_ARG);
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(ran, 100);
}

}  // namespace
}  // namespace orthant::test
