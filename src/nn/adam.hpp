// Adam and AdamW [Kingma, Ba 2015; Loshchilov, Hutter 2019] on one block of parameters.  The moments are the caller's.
#pragma once
#include "kernels.hpp"

namespace orthant {

// What a step of training does: the loss alone; the parameters are moved; the loss and its gradient, which is kept.
enum class Learn : int32_t { nothing, parameters, gradient };

struct AdamConfig {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 0;  // AdamW: p is first multiplied by 1 - rate * decay

  // Zero stands for the default, of the rate for the one given.
  void resolve(double default_rate) {
    const AdamConfig usual;
    if (rate == 0) rate = default_rate;
    if (beta1 == 0) beta1 = usual.beta1;
    if (beta2 == 0) beta2 = usual.beta2;
    if (epsilon == 0) epsilon = usual.epsilon;
  }
};

// Step number `t` (the first is 1) of p (n) along -g, entry by entry as AdamNumbers (linalg/kernels.hpp) has it.  Made
// once for a step, called for each block.
template <class T>
struct AdamStep {
  AdamNumbers<T> numbers;
  AdamStep(const AdamConfig &c, int64_t t, T shrink = T(1))
      : numbers{T(c.beta1),
                T(c.beta2),
                T(c.epsilon),
                T(1 - c.rate * c.decay),
                T(c.rate / (1 - pow(c.beta1, double(t)))),
                T(1 / (1 - pow(c.beta2, double(t)))),
                shrink} {}
  void operator()(size_t n, const T *g, T *p, T *m, T *v) const {
    const AdamNumbers<T> step = numbers;
    for (size_t i = 0; i < n; ++i) step.entry(g[i], p + i, m + i, v + i);
  }
  // The same by the fastest kernel: for many parameters, where its table is carried along anyway.
  void by_kernel(size_t n, const T *g, T *p, T *m, T *v) const {
    fastest<TrainKernels<T>>().adam(n, numbers, g, p, m, v);
  }
};

}  // namespace orthant
