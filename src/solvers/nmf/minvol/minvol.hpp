// Minimum-volume NMF [Leplat, Ang, Gillis 2019] (algorithms.md, "Minimum volume"):
//   minimise 1/2 |V - W H|^2 + lambda/2 log det(W'W + delta I)  over H >= 0 and columns of W in the unit simplex.
// log det is concave: its tangent at the present W, the quadratic form of Y = (W'W + delta I)^-1, lies above it.  So a
// half step for W is a quadratic problem with the Gram matrix H H' + lambda Y, and for H least squares as ever; both
// take a few steps of the fast gradient method, and none makes the objective rise.
#pragma once
#include "nmf.hpp"

namespace orthant {

template <class T>
struct MinVolBlocks {
  Mat<T> F;             // max(rows, cols) x rank: V H', then V'W
  Mat<T> Ht;            // cols x rank
  Mat<T> X, E, E_old;   // max(rows, cols) x rank: the other iterate, the products of both with the Gram matrix
  Mat<T> S, A, U;       // rank x rank: a Gram matrix, the curvature, work
  T *values, *svd;      // rank; svd_work
  T *share_S;           // most_parts x rank x rank
  T *share_F;           // most_of_product x rows x rank
  double *sums;         // most_parts
  T *tile;              // a tile for each worker
  unsigned char *region;  // where all these lie, and before them the blocks of the start
};

template <class T>
struct MinVolNmf {
  NmfConfig c;
  OuterState outer;
  double norm2 = 0;     // |V|^2
  double lambda = 0;    // set at the start
  int32_t started = 0;

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);
  void layout(Carver &carve, MinVolBlocks<T> &b) const;

  using Blocks = MinVolBlocks<T>;

 private:
  void own_layout(Carver &carve, MinVolBlocks<T> &b) const;
  Nmf<T> starter() const;
  Status begin(void *base, NmfStart start, const Operand<T> &V, Mat<T> W, Mat<T> H);
};

}  // namespace orthant
