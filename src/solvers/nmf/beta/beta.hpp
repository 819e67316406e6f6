// NMF with a beta-divergence: minimise D(V | W H) + l1 and l2 penalties over W, H >= 0
// (algorithms.md, "Beta-divergences").
//
// MU streams V once an iteration, tile by tile: P = W_I H_J, Q = V_IJ . P^(beta-2), R = P^(beta-1).  A panel J of
// columns gives W'Q and W'R, has its H_J updated, and adds Q H_J' and R H_J' with the new H_J to the numerator and
// denominator of W; after the pass W is updated.  The sequence is the one of two passes, W first.  For KL R is all
// ones: its products are the column sums of W and the row sums of H.
// Sparse V, KL alone (beta_sparse.cpp): a nonzero v_ij takes p = w_i'h_j from two contiguous vectors of transposed
// factors, and gives q = v/p times one of them to either side; all else about P is in the column sums of W and the row
// sums of H.
// CCD (ccd.cpp), for KL alone, solves each column of H and each row of W by coordinate descent.
#pragma once
#include "nmf.hpp"

namespace orthant {

struct BetaSums {  // of one chunk of columns; sparse: of the nonzeros, squares: sum of p^2 - (v - p)^2
  double divergence = 0, squares = 0, norm = 0, data = 0;
  void operator+=(const BetaSums &other) {
    divergence += other.divergence;
    squares += other.squares;
    norm += other.norm;
    data += other.data;
  }
};

template <class T>
struct BetaWorker {
  T *P, *R;         // a tile of each; CCD: P of its columns or rows
  Mat<T> F, Fd, X;  // rank x panel, rank x panel, panel x rank
  T *v;             // CCD: rows of V, transposed; sparse: q of the nonzeros of a column (CSC) or row (CSR)
};

template <class T>
struct BetaBlocks {
  Mat<T> N, D;             // MU: numerator and denominator of W, rows x rank (sparse: rank x rows); D not for KL
  T *share_N, *share_D;    // wave x the size of each
  Mat<T> Ht;               // CCD: H', cols x rank
  Mat<T> Wt, Ft;           // sparse: rank x rows; CSR: the numerator of H, rank x cols
  Mat<T> G, S;             // sparse: W'W, H H'
  T *share_S;              // of the parts of H H', and of W'W
  double *of_w, *of_h;     // sparse: column sums of W; parts x rank: row sums of H
  T *sum_w, *sum_h;        // rank: column sums of W, row sums of H
  double *kkt;             // chunks, or sum_parts, x rank: squares of the projected gradient of H
  double *spread;          // on many processes: the numbers of a pass, summed (beta_spread.cpp)
  double *of_all;          // and of each
  BetaSums *sums;          // of the chunks under way
  StreamRoom<T> stream;
  ScatterRoom<T> scatter;
  WorkerScratch<BetaWorker<T>> scratch;
  unsigned char *region;   // where all these lie, and before them the blocks of the start
};

template <class T>
struct BetaNmf {
  NmfConfig c;
  OuterState outer;
  int32_t started = 0;  // N and D are those of W, H and V

  int32_t spread_numbers() const { return c.reduce.active() ? 6 + 3 * c.rank : 0; }

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);
  void layout(Carver &carve, BetaBlocks<T> &b) const;

  using Blocks = BetaBlocks<T>;
  bool kl() const { return c.beta == 1; }
  bool coordinate_descent() const { return c.method == NmfMethod::ccd; }
  bool by_rows() const { return c.data == Kind::csr; }
  int32_t lines() const { return by_rows() ? c.rows : c.cols; }          // of V as it is stored
  int32_t line_length() const { return by_rows() ? c.cols : c.rows; }
  PanelCut cut() const;                                                  // of the columns; sparse: of the lines
  int32_t sum_parts() const { return parts_for(c.cols, 256, small_target ? 1 : 64); }  // of the columns of H
  void worker_layout(Carver &carve, BetaWorker<T> &w) const;

 private:
  void own_layout(Carver &carve, BetaBlocks<T> &b) const;
  Nmf<T> starter() const;
  Status begin(void *base, NmfStart start, const Operand<T> &V, Mat<T> W, Mat<T> H);
};

}  // namespace orthant
