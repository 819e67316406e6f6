#include "fixed.hpp"

#if defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>
#endif
#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

namespace orthant {
namespace {

// sum_i y_i e_i of one pixel and n endmembers at once, so that the pixel is loaded once.
template <int n, class Q, class Sum = typename Fixed<Q>::Sum>
inline void dots(int32_t bands, const Q *y, const Q *E, ptrdiff_t lde, Sum *out) {
  Sum sum[n] = {};
  const Q *e[n];
  for (int k = 0; k < n; ++k) e[k] = E + k * lde;
  int32_t i = 0;
#if defined(__ARM_FEATURE_MVE)
  // Eight products of 16 bits an instruction, or sixteen of 8.
  for (constexpr int32_t N = 16 / sizeof(Q); i + N <= bands; i += N)
    for (int k = 0; k < n; ++k) {
      if constexpr (sizeof(Q) == 2) sum[k] = vmlaldavaq_s16(sum[k], vld1q_s16(y + i), vld1q_s16(e[k] + i));
      else sum[k] = vmladavaq_s8(sum[k], vld1q_s8(y + i), vld1q_s8(e[k] + i));
    }
#endif
#if defined(__ARM_FEATURE_SIMD32)
  // Two products of 16 bits an instruction; words at any address, which loads of these cores allow.
  const auto word = [](const Q *p) {
    int32_t w;
    __builtin_memcpy(&w, p, sizeof w);
    return w;
  };
  if constexpr (sizeof(Q) == 2) {
    for (; i + 2 <= bands; i += 2) {
      const int32_t a = word(y + i);
      for (int k = 0; k < n; ++k) sum[k] = __smlald(a, word(e[k] + i), sum[k]);
    }
  } else {
    for (; i + 4 <= bands; i += 4) {  // the even bytes of a word, and the odd ones
      const int32_t a = word(y + i), even = __sxtb16(a), odd = __sxtb16(int32_t(uint32_t(a) >> 8));
      for (int k = 0; k < n; ++k) {
        const int32_t b = word(e[k] + i);
        sum[k] = __smlad(odd, __sxtb16(int32_t(uint32_t(b) >> 8)), __smlad(even, __sxtb16(b), sum[k]));
      }
    }
  }
#endif
  for (; i < bands; ++i)
    for (int k = 0; k < n; ++k) sum[k] += Sum(int32_t(y[i]) * int32_t(e[k][i]));
  for (int k = 0; k < n; ++k) out[k] = sum[k];
}

}  // namespace

template <class Q>
bool fixed_quantize(Mat<const float> X, Mat<Q> out, float *steps) {
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i)
      if (!is_finite(X(i, j))) return false;
  constexpr float most = float(Fixed<Q>::most);
  for (int32_t j = 0; j < X.cols; ++j) {
    float top = 0;
    for (int32_t i = 0; i < X.rows; ++i) top = max_of(top, abs_of(X(i, j)));
    const float step = no_denormal(top / most);
    for (int32_t i = 0; i < X.rows; ++i) {
      const float q = step > 0 ? X(i, j) / step : 0.0f, away = q < 0 ? q - 0.5f : q + 0.5f;
      out(i, j) = Q(min_of(max_of(away, -most), most));
    }
    steps[j] = step;
  }
  return true;
}

template <class Q>
void fixed_project(Mat<const Q> E, const float *e_steps, Mat<const Q> Y, const float *y_steps, Mat<float> B) {
  constexpr int piece = 2;  // two sums of 64 bits and what they need fill the registers of a Cortex-M
  for (int32_t j = 0; j < Y.cols; ++j) {
    const float t = y_steps ? y_steps[j] : 1.0f;
    for (int32_t k = 0; k < E.cols; k += piece) {
      typename Fixed<Q>::Sum sum[piece];
      const int32_t n = min_of(piece, E.cols - k);
      if (n == piece) dots<piece>(E.rows, Y.col(j), E.col(k), E.ld, sum);
      else dots<1>(E.rows, Y.col(j), E.col(k), E.ld, sum);
      for (int32_t q = 0; q < n; ++q) B(k + q, j) = float(sum[q]) * e_steps[k + q] * t;
    }
  }
}

#define INSTANTIATE(Q)                                                            \
  template bool fixed_quantize<Q>(Mat<const float>, Mat<Q>, float *);             \
  template void fixed_project<Q>(Mat<const Q>, const float *, Mat<const Q>, const float *, Mat<float>);
INSTANTIATE(int16_t)
INSTANTIATE(int8_t)

}  // namespace orthant
