// Constants and scalar helpers of the two element types, and the list of types that this build has.
#pragma once
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// NaN and infinity are looked for everywhere, and sums are added in the order in which they are written.
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(_M_FP_FAST) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "Orthant must be compiled without -ffast-math (and -Ofast, -ffinite-math-only, /fp:fast)"
#endif

namespace orthant {

template <class T>
struct Real;

template <>
struct Real<float> {
  static constexpr float eps = FLT_EPSILON, tiny = FLT_MIN, huge = FLT_MAX;
  static constexpr float div = 1e-30f;           // guards a denominator (algorithms.md, "Conventions")
  static constexpr float floor = 1e-12f;         // smallest value a multiplicative method stores
  static constexpr double cancels = 3e-3;        // below this relative residual the cheap objective is noise
  static constexpr float ridge = 1e-5f;          // first ridge of a failed Cholesky factorization
};
template <>
struct Real<double> {
  static constexpr double eps = DBL_EPSILON, tiny = DBL_MIN, huge = DBL_MAX;
  static constexpr double div = 1e-16, floor = 1e-16, cancels = 1e-7, ridge = 1e-12;
};

inline float sqrt_of(float x) { return __builtin_sqrtf(x); }
#if defined(__ARM_FP) && !(__ARM_FP & 8)
// Hardware for float alone: from its root by two Newton steps.  The C library's would bring errno with it.
inline double sqrt_of(double x) {
  if (!(x > 0) || x > DBL_MAX) return x < 0 ? double(NAN) : x;
  double scale = 1;
  for (; x > 0x1p100; scale *= 0x1p50) x *= 0x1p-100;
  for (; x < 0x1p-100; scale *= 0x1p-50) x *= 0x1p100;
  double s = double(__builtin_sqrtf(float(x)));
  s = 0.5 * (s + x / s);
  s = 0.5 * (s + x / s);
  return scale * s;
}
#else
inline double sqrt_of(double x) { return __builtin_sqrt(x); }
#endif
inline float abs_of(float x) { return __builtin_fabsf(x); }
inline double abs_of(double x) { return __builtin_fabs(x); }
// a b + c, rounded once where the target does that in one instruction.
inline float fused(float a, float b, float c) {
#if defined(__FP_FAST_FMAF)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}
inline double fused(double a, double b, double c) {
#if defined(__FP_FAST_FMA)
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}
template <class T>
inline T max_of(T a, T b) { return a > b ? a : b; }
template <class T>
inline T min_of(T a, T b) { return a < b ? a : b; }
// For a literal beside an int32_t, which is a long int where newlib is the C library.
inline int32_t max_of(int32_t a, int32_t b) { return a > b ? a : b; }
inline int32_t min_of(int32_t a, int32_t b) { return a < b ? a : b; }
template <class T>
inline bool is_finite(T x) { return x - x == T(0); }  // false for NaN and for both infinities
template <class T>
inline T no_denormal(T x) { return abs_of(x) < Real<T>::tiny ? T(0) : x; }

// The power of two at or below x, which is at least `tiny`: to multiply by it rounds nothing.
inline float power_of_two(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits &= 0x7f800000u;
  __builtin_memcpy(&x, &bits, sizeof bits);
  return x;
}
inline double power_of_two(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits &= 0x7ff0000000000000u;
  __builtin_memcpy(&x, &bits, sizeof bits);
  return x;
}

// A sum of squares below `least` has lost some of them; numbers that are times `lift` have not, if they are so small.
// most: a power of two by which both `lift` and its inverse may be multiplied once more.
template <class T>
struct Faint;
template <>
struct Faint<float> {
  static constexpr float least = FLT_MIN / FLT_EPSILON, lift = 0x1p90f, most = 0x1p36f;
};
template <>
struct Faint<double> {
  static constexpr double least = DBL_MIN / DBL_EPSILON, lift = 0x1p600, most = 0x1p420;
};

// A power of two by which numbers up to `largest` > 0 are multiplied before they are squared and added: neither does
// the sum overflow nor the largest square vanish.  One for all that is ordinary, and for every float.
inline double scale_of(double largest) {
  double scale = 1;
  while (largest * scale > 0x1p200) scale *= 0x1p-200;
  while (largest * scale < 0x1p-200 && scale < 0x1p1000) scale *= 0x1p200;
  return scale;
}

// A power of two that brings x > 0 into [1/2, 1); one for what cannot be distinguished from zero.
template <class T>
T scale_to_one(T x) {
  if (!(x > Real<T>::tiny)) return T(1);
  int exponent = 0;
  (void)frexp(double(x), &exponent);
  return T(ldexp(1.0, -exponent));
}

inline int32_t ceil_div(int32_t a, int32_t b) { return a / b + (a % b != 0); }  // a may be INT32_MAX

// Weight files are little-endian.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr bool big_endian = true;
#else
constexpr bool big_endian = false;
#endif

// Block sizes follow the memory of the target: caches on a host, kilobytes on bare metal.
#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32) || defined(__wasm__)
constexpr bool small_target = false;
#else
constexpr bool small_target = true;
#endif

// What sums that judge a result are taken in: where the hardware has doubles they round less than what they judge.
template <class T, bool small>
struct Wide { using type = double; };
template <>
struct Wide<float, true> { using type = float; };

#ifdef ORTHANT_F64
#define ORTHANT_FOR_TYPES(X) X(float) X(double)
#else
#define ORTHANT_FOR_TYPES(X) X(float)
#endif

}  // namespace orthant
