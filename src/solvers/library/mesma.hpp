// Multiple endmember spectral mixture analysis [Roberts 1998]: for each pixel the best model of one spectrum from each
// of some classes (algorithms.md, "MESMA").
//
//   mesma.cpp  the workspace, the Gram matrix, the pass over the pixels     mesma_search.cpp  the models of a block
#pragma once
#include "pixel_sums.hpp"

namespace orthant {

// Depth d of a search has the model's first d spectra taken out of all that follow: of the Gram matrix, of the products
// with the pixels.  Depth 0 is what nothing was taken from.
template <class T>
struct MesmaWorker {
  using Sum = typename Wide<T, small_target>::type;
  Sum *f, *norm2, *best;    // block x spectra; block: of all pixels; best: the squares that the best model leaves
  Sum *q;                   // depths x spectra x block: the same of the pixels that are searched for
  Sum *rest;                // depths x block: what the first d spectra leave of a pixel's square
  Sum *z;                   // depths x block: coefficients of the spectrum of that depth, without those after it
  Sum *share;               // depths x block: the fractions of the best model
  Sum *bound;               // block: what a model must leave less than
  Sum *H;                   // depths x spectra x spectra
  Sum *ratio;               // depths x spectra: H(s, t) / H(s, s), s the spectrum of that depth
  Sum *x;                   // depths: the fractions of one model
  Sum *y;                   // bands
  int32_t *active;          // block: the pixels that are searched for
  int32_t *winner, *level;  // depths x block, block: the best model, and of how many spectra
  int32_t *chosen, *next;   // depths
};

template <class T>
struct MesmaBlocks {
  using Sum = typename Wide<T, small_target>::type;
  Mat<Sum> E, G;          // bands x spectra: by classes, in the unit of the search; its Gram matrix
  int32_t *order;         // spectra: the caller's index
  int32_t *cls, *begins;  // spectra; classes + 1: where each begins
  PixelSums *sums;
  WorkerScratch<MesmaWorker<T>> scratch;
};

struct MesmaRules {
  int32_t least = 1, most = 1;                              // classes of a model
  bool sum_to_one = false;                                  // no shade
  bool normalize = false;                                   // every spectrum to the root mean square one
  double slack = 0, max_shade = 0, max_rmse = 0, gain = 0;  // huge where there is no rule; gain: zero
};

template <class T>
struct Mesma {
  using Sum = typename Wide<T, small_target>::type;
  int32_t bands = 0, spectra = 0, classes = 0;
  MesmaRules rules;
  Sum unit = 1;  // of the search: what spectra and pixels are multiplied by
  Parallel par;

  // class_of: spectra.  Refuses before it writes.
  Status prepare(void *base, Mat<const T> E, const int32_t *class_of);
  Status run(void *base, const Operand<T> &Y, Mat<int32_t> model, Mat<T> A, T *rms, Report *report) const;

  using Blocks = MesmaBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, MesmaWorker<T> &w) const;
  int32_t block() const { return small_target ? 4 : max_of(8, min_of(64, 4096 / spectra)); }  // pixels
};

}  // namespace orthant
