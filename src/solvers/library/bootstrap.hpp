// How certain the fractions of classes are: unmixing again and again by some spectra of each class, drawn at random,
// and with noise (algorithms.md, "Bootstrap over a library").
#pragma once
#include "library_job.hpp"

namespace orthant {

template <class T>
struct BootstrapWorker {
  using Sum = typename Library<T>::Sum;
  Sum *G, *c;           // drawn x drawn, drawn: of one draw
  Sum *share;           // classes: of one draw and one pixel
  Sum *mean, *squares;  // classes x block: so far, and squares of the distances from the mean
};

template <class T>
struct BootstrapBlocks {
  using Sum = typename Library<T>::Sum;
  LibraryBlocks<T> library;
  int32_t *class_of, *pool;  // spectra; pool: to draw from
  int32_t *drawn;            // most_drawn x draws: the spectra of each draw
  Sum *noise;                // spectra x draws: products of the library with each draw's noise, where there is any
  WorkerScratch<BootstrapWorker<T>> scratch;
};

template <class T>
struct Bootstrap {
  using Sum = typename Library<T>::Sum;
  Library<T> library;
  int32_t classes = 0, each = 0, draws = 0;
  int32_t drawn = 0;  // spectra of a draw
  uint64_t seed = 0;

  Status prepare(void *base, Mat<const T> E, const int32_t *classes_of, const T *variance);
  Status run(void *base, const Operand<T> &Y, Mat<T> mean, Mat<T> deviation, Report *report) const;

  using Blocks = BootstrapBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, BootstrapWorker<T> &w) const;
  int32_t most_drawn() const { return int32_t(min_of(int64_t(library.spectra), int64_t(classes) * int64_t(each))); }
};

}  // namespace orthant
