// Nonnegative least squares with one Gram matrix and many right-hand sides: the half step of every NMF method, and
// unmixing.  The problems of a block are the rows of X:
//   minimise 1/2 x G x' - f x'  over x >= 0 (and x 1 = 1 if sum_to_one),  G r x r,  F p x r,  X p x r
// so that vectors run across problems and both factors of an NMF have the same form.  Gradient: X G - F.
#pragma once
#include "carver.hpp"
#include "cholesky.hpp"
#include "ops.hpp"

// A frame of its own: inlined into its caller's, frames would add up, and the stack of a microcontroller is short.
#define ORTHANT_OWN_FRAME __attribute__((noinline))

namespace orthant {

#define ORTHANT_HALF_STEP(name, PUBLIC, number, ...) name = number,
#define ORTHANT_INNER_HALF_STEP(name, number, ...) name = number,
enum class Half : int32_t {
  none,
#include "half_steps.def"
};
#undef ORTHANT_HALF_STEP
#undef ORTHANT_INNER_HALF_STEP

enum class Solves { exact, iterative, direct };

// The half steps that solve in one way, and those that can keep the sum at one: a bit each.
constexpr uint32_t half_steps_that(Solves how) {
  uint32_t set = 0;
#define ORTHANT_HALF_STEP(name, PUBLIC, number, solves, ...) set |= uint32_t(Solves::solves == how) << number;
#define ORTHANT_INNER_HALF_STEP(name, number, solves) set |= uint32_t(Solves::solves == how) << number;
#include "half_steps.def"
#undef ORTHANT_HALF_STEP
#undef ORTHANT_INNER_HALF_STEP
  return set;
}
constexpr uint32_t half_steps_with_sum() {
  uint32_t set = 0;
#define ORTHANT_HALF_STEP(name, PUBLIC, number, solves, sum_to_one) set |= uint32_t(sum_to_one) << number;
#define ORTHANT_INNER_HALF_STEP(name, number, solves)
#include "half_steps.def"
#undef ORTHANT_HALF_STEP
#undef ORTHANT_INNER_HALF_STEP
  return set;
}
constexpr bool holds(uint32_t set, Half half) { return (set >> int32_t(half) & 1u) != 0; }
constexpr bool is_exact(Half half) { return holds(half_steps_that(Solves::exact), half); }
constexpr bool is_iterative(Half half) { return holds(half_steps_that(Solves::iterative), half); }
constexpr bool is_direct(Half half) { return holds(half_steps_that(Solves::direct), half); }
constexpr bool can_sum_to_one(Half half) { return holds(half_steps_with_sum(), half); }

template <class T>
struct NnlsScratch;

// What a method needs to know of G, made once for all problems.
template <class T>
struct NnlsPlan {
  Half method = Half::bpp;
  int32_t rank = 0;
  bool sum_to_one = false;
  bool even = false;     // the units are within a factor of 16: the active set compares without them
  bool proposed = false; // the active set starts each problem from its row of X, not from the last problem's solution
  int32_t max_iter = 0;  // of the exact methods, for one problem
  T *G = nullptr;        // r x r
  T *aux = nullptr;      // r x r: (G + rho I)^-1, or the Cholesky factor of G
  T *inv = nullptr;      // r: 1 / G_kk, or 0
  T *unit = nullptr;     // r: a power of two in (1/2, 1] / sqrt(G_kk), or 0, by which gradients are compared
  T rho = 0, lipschitz = 0;
  T inner_tol = 0;       // ADMM ends where both of its residuals are below this share; 0: after all steps
  T shift = 0;           // the factorizations are of G + shift 1 1'; the active set lowers it where it must

  Mat<T> gram() const { return {G, rank, rank, rank}; }
  void layout(Carver &carve, Half which, int32_t r);
  // After G was written.  given_rho: the ADMM penalty, 0 for trace / r.  Finds `shift` if sum_to_one.
  void prepare(T given_rho, NnlsScratch<T> &scratch);

 private:
  void find_units();
  void prepare_admm(NnlsScratch<T> &scratch);
};

// What one worker needs for a block of at most p problems.
template <class T>
struct NnlsScratch {
  Mat<T> D, E;                              // p x r each; E only where two are needed
  T *L = nullptr;                           // r x r
  T *f = nullptr, *x = nullptr, *z = nullptr, *g = nullptr, *u = nullptr;  // r each
  int32_t *index = nullptr, *flag = nullptr;                               // r each
  int32_t *order = nullptr, *best = nullptr, *tries = nullptr;             // p each, BPP
  uint32_t *mask = nullptr;                                                // p * words, BPP
  void layout(Carver &carve, Half method, int32_t r, int32_t p);
};

// Improve X (p x r, feasible) for the right-hand sides F: exactly, or by `steps` inner steps.  U: the scaled dual of
// ADMM.  Returns the most iterations that a problem took.  The matrices are passed by reference: by value each would
// lie once more in the frame of every function on the way.
template <class T>
int32_t nnls_block(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, const Mat<T> &U,
                   int32_t steps, NnlsScratch<T> &scratch);

// The same by one method: bpp.cpp, active_set.cpp, direct.cpp, iterative.cpp.
template <class T>
int32_t bpp_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &scratch);
template <class T>
int32_t active_set_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &scratch);
template <class T>
int32_t active_set_one(const NnlsPlan<T> &plan, NnlsScratch<T> &scratch);  // scratch.f -> scratch.x, warm from x
template <class T>
void direct_block(const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, NnlsScratch<T> &scratch);
template <class T>
int32_t iterative_block(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, const Mat<T> &U,
                        int32_t steps, NnlsScratch<T> &scratch);

// HALS sweeps: of each problem one, then by twos until two change it by no more than a fifth of what the first did, at
// most `most` [Gillis, Glineur 2012].  D: scratch, as X.
template <class T>
void hals_until(const Ops<T> &ops, const NnlsPlan<T> &plan, const View<T> &F, const Mat<T> &X, int32_t most,
                const Mat<T> &D);

// g <- u (g - level), u the units: columns of any size are judged alike.  x: the problem's entries where their sum is
// fixed, else null; all of them are the support where they may have any sign.  The level is the multiplier of the sum,
// the mean of the gradient over the support, each entry weighed by its unit squared; and no unit counts above the
// largest there, which is returned: an entry moves against those of the support.
template <class T, class Sum>
Sum take_units(int32_t r, const T *x, const T *unit, bool signed_x, Sum *g);

// Largest |min(x_k / u_k, u_k g_k)| of one problem, u its units and x given times `lift`; with sum_to_one g is taken
// less its level on the support, and without sign constraint |u_k g_k|.  g is lost.
template <class T, class Sum>
Sum kkt_residual(int32_t r, const T *x, Sum *g, const T *unit, bool sum_to_one, bool signed_x, Sum lift = 1) {
  const Sum most = take_units(r, sum_to_one ? x : nullptr, unit, signed_x, g);
  Sum worst = 0;
  for (int32_t k = 0; k < r; ++k) {
    const Sum u = min_of(Sum(unit[k]), most);
    if (u > Sum(0)) worst = max_of(worst, abs_of(signed_x ? g[k] : min_of(Sum(x[k]) * lift / u, g[k])));
  }
  return worst;
}

// Zero for the exact methods: below it a gradient or an entry is rounding.
template <class T>
T rounding(int32_t r) { return T(4) * Real<T>::eps * T(r + 4); }

}  // namespace orthant
