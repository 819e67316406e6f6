// One call of MESMA.
#pragma once
#include "mesma.hpp"

namespace orthant {

template <class T>
struct MesmaJob {
  using Sum = typename Mesma<T>::Sum;
  using Worker = MesmaWorker<T>;
  const Mesma<T> &s;
  const Operand<T> *Y = nullptr;
  Mat<int32_t> model;
  Mat<T> A;
  T *rms = nullptr;
  MesmaBlocks<T> b;
  int32_t block;

  MesmaJob(const Mesma<T> &mesma, Carver &carve) : s(mesma), block(s.block()) { s.layout(carve, b); }
  Worker worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); }, true);
  }

  // mesma.cpp
  PixelSums run() const;
  void solve_block(int32_t first, int32_t count, Worker &w, PixelSums &sums) const;
  void load(int32_t j, int32_t p, Worker &w) const;
  Sum read(int32_t j, Sum *y) const;
  void conclude(int32_t j, int32_t p, Worker &w, PixelSums &sums) const;
  Sum fit(int32_t j, int32_t p, Worker &w) const;

  // mesma_search.cpp.  Levels, and depths, count spectra.
  int32_t search(int32_t level, int32_t count, Worker &w) const;
  int32_t activate(int32_t count, Worker &w) const;
  int32_t last_of(int32_t level, int32_t depth) const;
  bool enter(int32_t depth, int32_t t, int32_t pixels, Worker &w) const;
  void remove(int32_t depth, int32_t t, int32_t pixels, Worker &w) const;
  void try_single(int32_t t, int32_t pixels, Worker &w) const;
  void try_last(int32_t depth, int32_t t, int32_t pixels, Worker &w) const;
  void offer(int32_t level, int32_t a, Sum rest, Worker &w) const;
  bool passes(int32_t level, int32_t a, Worker &w) const;

  // Blocks of a worker's arrays.
  Sum *products(const Worker &w, int32_t depth, int32_t t) const {
    return w.q + (ptrdiff_t(depth) * s.spectra + t) * block;
  }
  const Sum *gram(const Worker &w, int32_t depth, int32_t t) const {
    return depth == 0 ? b.G.col(t) : w.H + (ptrdiff_t(depth) * s.spectra + t) * s.spectra;
  }
  Sum *gram_room(const Worker &w, int32_t depth, int32_t t) const {
    return w.H + (ptrdiff_t(depth) * s.spectra + t) * s.spectra;
  }
  Sum *ratios(const Worker &w, int32_t depth) const { return w.ratio + ptrdiff_t(depth) * s.spectra; }
  static Sum limit(Sum largest) { return Sum(1e3) * Real<Sum>::eps * largest; }  // of a square that is rounding
};

}  // namespace orthant
