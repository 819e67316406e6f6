// The exponential and the logarithm, in operations that vectors have.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

template <class T>
struct ExpOf;
template <>
struct ExpOf<float> {
  using Bits = uint32_t;
  static constexpr int shift = 23, terms = 7;
  static constexpr float magic = 12582912.0f, low = -86, high = 0.693359375f, rest = -2.12194440e-4f;
};
template <>
struct ExpOf<double> {
  using Bits = uint64_t;
  static constexpr int shift = 52, terms = 13;
  static constexpr double magic = 6755399441055744.0, low = -700;
  static constexpr double high = 6.93145751953125e-1, rest = 1.42860682030941723e-6;
};

// exp x for x <= 0, never below exp(low): x = k log 2 + r, |r| <= log(2)/2, and Taylor's series of r, whose first
// missing term is below half a unit roundoff.  log 2 = high + rest, with k high exact.  k is rounded by adding
// magic = 1.5 * 2^p, in whose last bits it then stands; NaN stays NaN.
template <class V, class T = typename V::Scalar>
inline typename V::reg exp_of(typename V::reg x) {
  using reg = typename V::reg;
  using E = ExpOf<T>;
  typedef typename E::Bits Bits __attribute__((vector_size(sizeof(reg))));
  x = V::max(V::set(E::low), x);
  const reg t = V::fma(x, V::set(T(1.44269504088896341)), V::set(E::magic));
  const reg k = t - V::set(E::magic);
  const reg r = V::fma(k, V::set(-E::rest), V::fma(k, V::set(-E::high), x));
  reg p = V::set(T(1));
  for (int i = E::terms; i > 0; --i) p = V::fma(p, V::mul(r, V::set(T(1.0 / i))), V::set(T(1)));
  Bits bits, power;
  __builtin_memcpy(&bits, &p, sizeof bits);
  __builtin_memcpy(&power, &t, sizeof power);
  bits += power << E::shift;
  __builtin_memcpy(&p, &bits, sizeof p);
  return p;
}

// log x for normal x > 0, in operations that a compiler can put into vectors: x = 2^e m with m in [sqrt 1/2, sqrt 2),
// log m = 2 artanh s = 2 s (1 + z/3 + z^2/5 + ...), s = (m-1)/(m+1), z = s^2 <= 0.0295: eleven terms reach 1e-17.
inline double log_of(double x) {
  constexpr uint64_t one = 0x3FF0000000000000u, root = 0x3FE6A09E667F3BCDu;
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits += one - root;
  const uint64_t shifted = (bits >> 52) | 0x4330000000000000u;  // 2^52 + the biased exponent: no conversion needed
  double e, m;
  __builtin_memcpy(&e, &shifted, sizeof e);
  e -= 0x1p52 + 1023;
  bits = (bits & 0xFFFFFFFFFFFFFu) + root;
  __builtin_memcpy(&m, &bits, sizeof m);
  const double s = (m - 1) / (m + 1), z = s * s;
  double series = 1.0 / 21;
  for (int k = 19; k > 0; k -= 2) series = series * z + 1.0 / k;
  return e * 0.693147180559945309417 + 2 * s * series;
}

}  // namespace
}  // namespace orthant
