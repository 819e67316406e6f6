// Unmixing by a library of many spectra, more than bands if need be: sparse, and with standard deviations
// (algorithms.md, "Sparse unmixing", "Standard deviations").
//   minimise 1/2 sum over the bands of w (y - E a)^2 + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one
//
//   library.cpp      the workspace, the Gram matrix, the pass over the pixels     passive_set.hpp  one pixel
//   library_job.hpp  one call
#pragma once
#include "passive_set.hpp"
#include "pixel_sums.hpp"

namespace orthant {

template <class T>
struct LibraryWorker {
  using Sum = typename Wide<T, small_target>::type;
  Mat<T> Y, R;               // bands x block: pixels scaled and weighted, what is left of them
  Mat<T> F;                  // spectra x block: products with the library, then the negative gradient
  Sum *scale, *norm2, *kkt;  // block: powers of two; squares of the pixels; relative residuals
  Sum *rest;                 // bands
  Sum *variance;             // most
  PassiveRoom<Sum> room;
};

template <class T>
struct LibraryBlocks {
  using Sum = typename Wide<T, small_target>::type;
  Mat<T> E;    // bands x spectra: scaled, each column to about unit length, and weighted
  Mat<Sum> G;  // its Gram matrix
  Sum *c;      // the scale of each spectrum, a power of two
  T *w;        // of each band
  PixelSums *sums;
  WorkerScratch<LibraryWorker<T>> scratch;
};

template <class T>
struct Library {
  using Sum = typename Wide<T, small_target>::type;
  int32_t bands = 0, spectra = 0, sum_to_one = 0, max_iter = 0;
  double l1 = 0;
  Parallel par;
  bool weighted = false;                          // noise variances were given
  Sum unit = 1;                                   // the weights are this times the reciprocal standard deviations
  Sum shift = 0, longest = 1, largest_scale = 1;  // longest: the largest norm of a column of the scaled library

  // variance: bands, or null.  Refuses before it writes: by `check`; then `fill_blocks`.
  Status prepare(void *base, Mat<const T> E, const T *variance);
  Status check(Mat<const T> E, const T *variance) const;
  // deviations: data null where they are not asked for.
  Status run(void *base, const Operand<T> &Y, Mat<T> A, Mat<T> deviations, Report *report) const;

  using Blocks = LibraryBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  void fill_blocks(const Blocks &b, Mat<const T> E, const T *variance);
  void worker_layout(Carver &carve, LibraryWorker<T> &w) const;
  int32_t block() const { return small_target ? 4 : 32; }      // pixels
  int32_t most() const { return min_of(spectra, bands + 1); }  // spectra in use: with a sum one more may be independent
};

}  // namespace orthant
