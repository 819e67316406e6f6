// How many endmembers an image has, from the eigenvalues of its bands' correlation (algorithms.md, "How many
// endmembers").
#pragma once
#include "operand.hpp"
#include "status.hpp"

namespace orthant {

// HySime [Bioucas-Dias, Nascimento 2008]; HFC [Harsanyi, Farrand, Chang 1994; Chang, Du 2004] and the same after the
// noise is whitened.
enum class DimensionRule : int32_t { hysime = 1, hfc, nwhfc };

template <class T>
struct DimensionBlocks {
  using Sum = typename Wide<T, small_target>::type;
  Sum *R, *S, *X, *Q;             // bands x bands: the correlation, and three to work in
  Sum *mean, *noise, *d, *e, *w;  // bands; noise: variances
};

template <class T>
struct Dimension {
  using Sum = typename Wide<T, small_target>::type;
  int32_t bands = 0;
  DimensionRule rule = DimensionRule::hysime;
  double false_alarm = 0;
  Parallel par;

  // power, limit: bands each, by falling power; counted are those above their limit.  noise: bands, or null.
  Status run(void *base, const Operand<T> &Y, double *power, double *limit, double *noise, int32_t *count) const;

  using Blocks = DimensionBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
};

}  // namespace orthant
