// Nonnegative quadratic programs: minimise 1/2 x'G x + d'x over x >= 0, G symmetric and nonnegative, by interior
// gradient steps (algorithms.md, "GIQPM").  A step: g = G x + d, a direction h from one of six rules, K = G h, and
// the step rule of additive.hpp.
#pragma once
#include "carver.hpp"
#include "ops.hpp"
#include "outer.hpp"

namespace orthant {

#define ORTHANT_QP_RULE(name, PUBLIC, number) name = number,
enum class QpRule : int32_t {
#include "qp_rules.def"
};
#undef ORTHANT_QP_RULE

struct QpConfig {
  int32_t n = 0;
  QpRule rule = QpRule::lee_seung;
  bool full_step = false;
  double tau = 0.5, anneal = 0.25, zero_tol = 1e-9, min_step = 1e-9;
  Parallel par;
  OuterConfig outer;
  ProgressCaller caller;
};

// What a config leaves open: zero stands for the default, and less for none.
struct QpChoice {
  int32_t rule = 0, max_iter = 0;
  double tau = 0, anneal = 0, zero_tol = 0, min_step = 0;
};
void resolve(QpConfig *c, const QpChoice &given);

template <class T>
struct Giqpm {
  QpConfig c;
  OuterState outer;
  double tau = 0;
  int32_t started = 0;  // outer and tau go on

  Status run(void *base, Mat<const T> G, const T *d, T *x, Report *report);

  struct Blocks {
    T *Gx, *h, *K, *b;  // n each; b only for lemma_b
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  struct Job;
};

// Square, finite, nonnegative, and symmetric to half the digits: what is meant to be symmetric is so to rounding.
template <class T>
bool nonnegative_symmetric(Mat<const T> A) {
  const T slack = sqrt_of(Real<T>::eps);
  for (int32_t j = 0; j < A.cols; ++j)
    for (int32_t i = 0; i < A.rows; ++i) {
      const T a = A(i, j), b = A(j, i);
      if (!(a >= T(0)) || !is_finite(a)) return false;
      if (i < j && !(abs_of(a - b) <= slack * max_of(a, b))) return false;
    }
  return true;
}

}  // namespace orthant
