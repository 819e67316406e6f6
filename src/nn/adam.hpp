// Adam and AdamW [Kingma, Ba 2015; Loshchilov, Hutter 2019] on one block of parameters.  The moments are the caller's.
#pragma once
#include "real.hpp"

namespace orthant {

struct AdamConfig {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 0;  // AdamW: p is first multiplied by 1 - rate * decay
};

// Step number `t` (the first is 1) of p (n) along -g:  m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2,
// p -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).  Made once for a step, called for each block.
template <class T>
struct AdamStep {
  T b1, b2, epsilon, keep, step, second;
  AdamStep(const AdamConfig &c, int64_t t)
      : b1(T(c.beta1)), b2(T(c.beta2)), epsilon(T(c.epsilon)), keep(T(1 - c.rate * c.decay)),
        step(T(c.rate / (1 - pow(c.beta1, double(t))))), second(T(1 / (1 - pow(c.beta2, double(t))))) {}
  void operator()(size_t n, const T *g, T *p, T *m, T *v) const {
    for (size_t i = 0; i < n; ++i) {
      m[i] = b1 * m[i] + (T(1) - b1) * g[i];
      v[i] = b2 * v[i] + (T(1) - b2) * g[i] * g[i];
      p[i] = keep * p[i] - step * m[i] / (sqrt_of(v[i] * second) + epsilon);
    }
  }
};
template <class T>
void adam_step(const AdamConfig &c, int64_t t, size_t n, const T *g, T *p, T *m, T *v) {
  AdamStep<T>(c, t)(n, g, p, m, v);
}

}  // namespace orthant
