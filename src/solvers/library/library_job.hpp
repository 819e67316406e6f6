// One call that unmixes by a library.
#pragma once
#include "library.hpp"
#include "ops.hpp"

namespace orthant {

template <class T>
struct LibraryJob {
  using Sum = typename Library<T>::Sum;
  using Worker = LibraryWorker<T>;
  using Set = PassiveSet<Sum>;
  const Library<T> &s;
  const Operand<T> *Y = nullptr;
  Mat<T> A, deviations;
  LibraryBlocks<T> b;
  Ops<T> ops;

  explicit LibraryJob(const Library<T> &library) : s(library) {}  // whose blocks its owner lays out
  LibraryJob(const Library<T> &library, Carver &carve) : s(library) { s.layout(carve, b); }
  Worker worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); }, true);
  }
  typename Set::Problem problem() const { return {b.G.data, b.c, s.spectra, s.most(), s.sum_to_one != 0, s.shift}; }

  PixelSums run() const;
  // A block of pixels: `count` from `first` on; q: of a pixel in it.
  void solve_block(int32_t first, int32_t count, Worker &w, PixelSums &sums) const;
  void load(int32_t j, int32_t q, Worker &w) const;
  int32_t solve_pixel(int32_t j, int32_t q, Set &set, Worker &w) const;
  int32_t solve_again(int32_t j, int32_t q, Set &set, Worker &w) const;
  int32_t solve_from(int32_t j, int32_t q, Set &set, Worker &w) const;
  Sum rounding(int32_t q, const Worker &w) const;
  void store(int32_t j, int32_t q, const Set &set, Worker &w) const;
  Sum judge(int32_t first, int32_t count, Worker &w) const;
  void leave(int32_t j, int32_t q, Worker &w) const;
  Sum residual(int32_t j, int32_t q, const Worker &w) const;
  void conclude(int32_t j, int32_t q, Worker &w, PixelSums &sums) const;

  Sum penalty(int32_t q, const Worker &w) const { return Sum(s.l1) * s.unit * s.unit * w.scale[q]; }
  // The scaled entry of spectrum k from the abundance that was stored.
  Sum entry(int32_t k, int32_t j, int32_t q, const Worker &w) const { return Sum(A(k, j)) * (w.scale[q] / b.c[k]); }
};

}  // namespace orthant
