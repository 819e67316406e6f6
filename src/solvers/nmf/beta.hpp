// NMF with a beta-divergence: minimise D(V | W H) + l1 and l2 penalties over W, H >= 0 (spec, section 1.3).
//
// MU streams V once an iteration, tile by tile: P = W_I H_J, Q = V_IJ . P^(beta-2), R = P^(beta-1).  A panel J of columns
// gives W'Q and W'R, has its H_J updated, and adds Q H_J' and R H_J' with the new H_J to the numerator and denominator of
// W; after the pass W is updated.  The sequence is the one of two passes, W first.  For KL R is all ones: its products
// are the column sums of W and the row sums of H.
// Sparse V, KL alone: a nonzero v_ij takes p = w_i'h_j from two contiguous vectors of transposed factors, and gives q = v/p
// times one of them to either side; all else about P is in the column sums of W and the row sums of H.
// CCD, for KL alone, solves each column of H and each row of W by coordinate descent.
#pragma once
#include "nmf.hpp"

namespace orthant {

template <class T>
struct BetaNmf {
  NmfConfig c;
  OuterState outer;
  int32_t started = 0;  // N and D are those of W, H and V

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);

  struct Sums {  // of one chunk of columns
    double divergence, squares, norm, data;  // sparse: of the nonzeros; squares: sum of p^2 - (v - p)^2
  };
  struct Blocks {
    Mat<T> N, D;               // MU: numerator and denominator of W, rows x rank; D for KL 1 x rank
    T *partial;                // wave() * (size of N and D): the shares of chunks but the first
    Mat<T> Ht;                 // CCD: H', cols x rank
    Mat<T> Wt, Ft;             // sparse: rank x rows, as N then is; CSR: the numerator of H, rank x cols
    Mat<T> G, S;               // sparse: W'W, H H'
    T *sum_w, *sum_h;          // rank: column sums of W, row sums of H
    double *kkt;               // max_parts * rank: squares of the projected gradient of H
    Sums *sums;                // max_parts
    unsigned char *worker;
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;
  bool kl() const { return c.beta == 1; }

 private:
  static constexpr int32_t max_parts = Nmf<T>::max_parts;
  struct Worker {
    T *P, *R;         // a tile of each; CCD: P of its columns or rows
    Mat<T> F, Fd, X;  // rank x panel, rank x panel, panel x rank
    T *v;             // CCD: rows of V, turned; sparse: q of the nonzeros of a column (CSC) or row (CSR)
  };
  struct Job;
  int32_t chunks() const;
  int32_t wave() const;
  bool sparse() const { return c.data != Kind::dense; }
  bool fits(const Operand<T> &V) const;
  bool by_rows() const { return c.data == Kind::csr; }
  bool coordinate() const { return c.method == NmfMethod::ccd; }
  void own_layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
  Nmf<T> starter() const;  // the Frobenius solver whose start is ours too
};

}  // namespace orthant
