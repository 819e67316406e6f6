#include "symmetric_operand.hpp"

#include <string.h>

#include "passes.hpp"
#include "rng.hpp"

namespace orthant {

template <class T>
void SymmetricOperand<T>::times(const Ops<T> &ops, const Parallel &par, View<T> A, Mat<T> C) const {
  if (!X.sparse()) {
    // X A = X'A: by rows, which needs no sums across lanes, while X fits the second cache; from there on by columns,
    // which are contiguous.
    const bool near = size_t(n()) * size_t(n()) * sizeof(T) <= (size_t(1) << 20);
    return near ? X.times(ops, par, A, C) : X.transposed_times(ops, par, A, C);
  }
  constexpr int32_t width = 128;
  const Mat<T> At{transposed, A.cols, n(), A.cols};
  const Mat<T> Ct{transposed + ptrdiff_t(A.cols) * n(), A.cols, n(), A.cols};
  parallel_blocks(par, n(), width, [&](Range j, int32_t) {
    transpose<T>(A.block(j.from, 0, j.size(), A.cols), At.columns(j.from, j.size()));
  });
  parallel_blocks(par, n(), width, [&](Range j, int32_t) {
    X.left(ops, j.from, j.size(), At, Ct.columns(j.from, j.size()));
    for (int32_t k = 0; k < C.cols; ++k)
      for (int32_t q = j.from; q < j.to; ++q) C(q, k) = Ct(k, q);
  });
}

template <class T>
Status SymmetricOperand<T>::check(const Ops<T> &ops, const Parallel &par, SymmetricScan *room, double *norm2,
                                  double *sum) const {
  const SymmetricScan all = sum_of_parts(par, scan_parts, room, [&](int32_t part, int32_t) {
    const Range cols = part_of(n(), part, scan_parts);
    SymmetricScan scan;
    scan.good = cols.size() == 0 || X.scan(ops, cols.from, cols.size(), true, &scan.squares);
    for (int32_t j = cols.from; j < cols.to && scan.good; ++j)
      X.entries(j, [&](int32_t i, T a) {
        // Products of a BLAS differ in their last digits between the triangles.
        const T mirrored = X.entry(j, i);
        scan.good = scan.good && abs_of(a - mirrored) <= T(64) * Real<T>::eps * max_of(a, mirrored);
        scan.sum += double(a);
      });
    return scan;
  });
  *norm2 = all.squares;
  *sum = all.sum;
  return all.good && X.has_room(*norm2) ? OK : E_DATA;
}

template <class T>
uint64_t SymmetricOperand<T>::hash() const {
  uint64_t h = 0xcbf29ce484222325u;
  const auto add = [&](uint64_t word) {
    h = (h ^ word) * 0x100000001b3u;
    h ^= h >> 32;
  };
  add(uint64_t(n()));
  for (int32_t j = 0; j < n(); ++j)
    X.entries(j, [&](int32_t i, T value) {
      const float x = float(value);
      uint32_t bits;
      memcpy(&bits, &x, sizeof bits);
      if (x == 0.f) return;
      add(uint64_t(i) << 32 | uint32_t(j));
      add(bits);
    });
  return h;
}

template <class T>
void random_start(uint64_t seed, double scale, Mat<T> U) {
  const Rng rng(seed, 0x53594D);
  for (int32_t k = 0; k < U.cols; ++k)
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = T(scale * rng.uniform(uint64_t(k) * uint64_t(U.rows) + uint64_t(i)));
}

#define INSTANTIATE(T)                                     \
  template void random_start<T>(uint64_t, double, Mat<T>); \
  template struct SymmetricOperand<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
