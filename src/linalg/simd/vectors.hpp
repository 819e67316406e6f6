// How a kernel is written.
//
// Each kernel is written once, as a template over a vector type V, and compiled once for each instruction set:
// plain.cpp, avx2.cpp and avx512.cpp include the headers of this folder, each with its own V and the compiler's options
// for its set.  The program chooses among them when it runs (kernels.hpp).
//
// All of it is in unnamed namespaces, in the headers too.  The same templates are compiled with different options; of
// templates with external names the linker would keep one copy, and the wrong instruction set would run.
//
// To add a kernel: its pointer and formula in a table of kernels.hpp; its template in the header of that table, and its
// place in `made` at the end of the header; a test against plain loops in tests/unit/kernels_test.cpp.
// To add a table: a struct in kernels.hpp, a header here, a line in tables.hpp.  Firmware links only the tables that it
// calls, so what few programs need has a table of its own.
// To add an instruction set: a file here with its V, as avx2.cpp is; its options in meson.build; in kernels.hpp its
// Level, the test of the processor and its case.
//
// GCC's allowance for inlining is one for a whole file: a few instructions more or less in one kernel may change which
// tiles of another it inlines, and its speed by a tenth.  After a change compare `objdump -d` of all kernels, and run
// tools/bench/bench_kernels.cpp.  The chains of conditions in gemm_nn, hals and layer_gemm are there for that reason:
// as if statements they cost a tenth of the speed of a layer's product.
//
// A vector type V has
//   Scalar, reg, lanes           the type of a number, a register of them, and how many it holds
//   name                         of the instruction set, for reports
//   zero, set                    all lanes 0; all lanes one number
//   load, store                  at any alignment
//   load_part, store_part        the first n < lanes and no other address; what is not loaded is 0
//   fma (a b + c), add, mul, div
//   max, min (a, b)              b where either is NaN
//   where_positive (m, a, b)     a in the lanes where m > 0, else b
//   normal                       0 for denormal numbers
//   sum, sum4                    of the lanes of one register; of each of four
// and the sizes of tiles, chosen so that the sums of a tile and their operands fit the registers:
//   tn_rows, tn_columns          of C = A' B, a register for each entry
//   nn_vectors, nn_columns       of C = A B, a register for `lanes` rows
//   hals_vectors                 of X at once
//   project_rows                 of C = A' B where |A_i|^2 is summed beside it; 0: it is summed apart
#pragma once
#include "kernels.hpp"

namespace orthant {
namespace {

// The table of the kernels of V.  Each header of kernels specializes it.
template <class Table, class V>
constexpr Table made;

template <int n>
struct Int { static constexpr int value = n; };

// f(Int<n>) for 1 <= n <= most.
template <int most, class F>
inline void with_count(int n, const F &f) {
  if constexpr (most > 1) {
    if (n < most) return with_count<most - 1>(n, f);
  }
  f(Int<most>{});
}

// f(Int<0>), ..., f(Int<n - 1>): what a compiler must unroll, so that sums stay in registers.
template <int n, class F>
inline void each(const F &f) {
  if constexpr (n > 0) {
    each<n - 1>(f);
    f(Int<n - 1>{});
  }
}

// The length of near-equal parts of n, none above `most`: no thin last part.
inline int even_part(int n, int most) {
  const int parts = (n + most - 1) / most;
  return parts > 0 ? (n + parts - 1) / parts : 0;
}

// body(load, store, offset) for whole vectors, then for what is left of one; load and store take an address.
template <class V, class T, class Body>
inline void by_vectors(int32_t n, const Body &body) {
  using reg = typename V::reg;
  int32_t i = 0;
  for (; i + V::lanes <= n; i += V::lanes)
    body([](const T *p) { return V::load(p); }, [](T *p, reg x) { V::store(p, x); }, i);
  const int32_t rest = n - i;
  if (rest > 0)
    body([rest](const T *p) { return V::load_part(p, rest); }, [rest](T *p, reg x) { V::store_part(p, rest, x); }, i);
}

template <class T>
constexpr T one_each[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

// body(load, store, alive, offset): as above; alive(x, y) is x, but y in the lanes that are not there, for sums.
template <class V, class T, class Body>
inline void by_live_vectors(int32_t n, const Body &body) {
  using reg = typename V::reg;
  int32_t i = 0;
  for (; i + V::lanes <= n; i += V::lanes)
    body([](const T *p) { return V::load(p); }, [](T *p, reg x) { V::store(p, x); }, [](reg x, reg) { return x; }, i);
  const int32_t rest = n - i;
  if (rest > 0) {
    const reg live = V::load_part(one_each<T>, rest);
    body([rest](const T *p) { return V::load_part(p, rest); }, [rest](T *p, reg x) { V::store_part(p, rest, x); },
         [live](reg x, reg dead) { return V::where_positive(live, x, dead); }, i);
  }
}

}  // namespace
}  // namespace orthant
