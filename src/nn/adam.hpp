// Adam and AdamW [Kingma, Ba 2015; Loshchilov, Hutter 2019] on one block of parameters.  The moments are the caller's.
#pragma once
#include "kernels.hpp"

namespace orthant {

struct AdamConfig {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 0;  // AdamW: p is first multiplied by 1 - rate * decay
};

// Step number `t` (the first is 1) of p (n) along -g:  m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2,
// p -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).  Made once for a step, called for each block.
template <class T>
struct AdamStep {
  AdamNumbers<T> numbers;
  AdamStep(const AdamConfig &c, int64_t t)
      : numbers{T(c.beta1), T(c.beta2), T(c.epsilon), T(1 - c.rate * c.decay),
                T(c.rate / (1 - pow(c.beta1, double(t)))), T(1 / (1 - pow(c.beta2, double(t))))} {}
  void operator()(size_t n, const T *g, T *p, T *m, T *v) const {
    const AdamNumbers<T> k = numbers;
    for (size_t i = 0; i < n; ++i) adam_entry(k, g[i], p[i], m[i], v[i]);
  }
};
template <class T>
void adam_step(const AdamConfig &c, int64_t t, size_t n, const T *g, T *p, T *m, T *v) {
  AdamStep<T>(c, t)(n, g, p, m, v);
}

}  // namespace orthant
