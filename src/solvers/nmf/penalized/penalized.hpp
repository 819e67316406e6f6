// NMF with weights and penalties (algorithms.md, "Weighted NMF", "MURNMF", "AURNMF"):
//   minimise 1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H> + 1/2 sum_j tr(W' A_j W B_j)
//            + 1/2 sum_j tr(H' C_j H D_j)   over W, H >= 0
// with symmetric nonnegative matrices, by the multiplicative or the additive update of whole factors.
//
// With H' in the place of H both blocks are one problem.  For X (q x r), its partner Y, weights P, Q and N = V Q Y:
//   gradient = D + F,  D = L - P N,  F = P X S + sum_j A_j X B_j,  S = Y'Q Y
// Whatever has a multiple of the identity on the long side, as the shorthand penalties do, is added to S (or to a
// matrix beside it, where P is not plain): such penalties cost nothing that grows with the data.  Rows of X are worked
// on in blocks; only dense matrices mix them.
#pragma once
#include "nmf.hpp"

namespace orthant {

enum class Form : int32_t { identity, scalar, diagonal, dense };

// A symmetric nonnegative matrix of the caller's; its order is known from where it stands.
template <class T>
struct SymmetricMatrix {
  Form form = Form::identity;
  int32_t ld = 0;
  double factor = 1;
  const T *values = nullptr;

  bool plain() const { return form <= Form::scalar; }  // a multiple of the identity:
  T scale() const { return form == Form::scalar ? T(factor) : T(1); }
  T diagonal(int32_t i) const {
    if (plain()) return scale();
    return values[form == Form::diagonal ? i : i + ptrdiff_t(i) * ld];
  }
};

template <class T>
struct TracePenalty {
  SymmetricMatrix<T> left, right;  // tr(X' left X right), X as the caller has it
};

// What does not fit into a config without a type: borrowed from the caller.
template <class T>
struct Terms {
  SymmetricMatrix<T> rows, cols;
  Mat<const T> l1_w, l1_h;  // as W and H; or null
  const TracePenalty<T> *w = nullptr, *h = nullptr;
  int32_t count_w = 0, count_h = 0;
};

template <class T>
struct PenalizedSums {  // of one part of the rows
  double slope = 0, bend = 0, kkt = 0, value = 0;
  T reach = Real<T>::huge, step = 0;
  int32_t clipped = 0, bad = 0;
  void operator+=(const PenalizedSums &other) {
    slope += other.slope;
    bend += other.bend;
    kkt += other.kkt;
    value += other.value;
    reach = min_of(reach, other.reach);
    step = max_of(step, other.step);
    clipped += other.clipped;
    bad |= other.bad;
  }
};

// One factor, as q x r.
template <class T>
struct PenalizedSide {
  Mat<T> X, N, E, PX;      // the factor; V times the partner; direction or new X, then the old X; P X, if not X
  Mat<T> gram, plain;      // X'P X and X'X, P less its factor
  Mat<T> S;                // of the partner's gram, with both factors
  Mat<T> fold[2], sum[2];  // penalties plain on the long side, and S more; [1]: those of the printed curvature
  T *total;                // r: column sums of what the Hessian is applied to
  SymmetricMatrix<T> P;
  const TracePenalty<T> *pairs;
  int32_t count;
  bool transposed;         // the factor is H', and the long matrix of a pair is `right`
  const T *l1;             // entry (i, k): l1[i * down + k * across]
  ptrdiff_t down, across;
  T l1_all, overlap;       // overlap: the factor of 1 1' - I on the long side
  const SymmetricMatrix<T> &longer(int32_t j) const { return transposed ? pairs[j].right : pairs[j].left; }
  const SymmetricMatrix<T> &shorter(int32_t j) const { return transposed ? pairs[j].left : pairs[j].right; }
};

template <class T>
struct PenalizedWorker {
  Mat<T> F, Z;
  T *tile;
};

template <class T>
struct PenalizedBlocks {
  PenalizedSide<T> w, h;
  T *share_B, *share_S;       // as in Nmf
  PenalizedSums<T> *sums;     // of blocks of rows, chunks, or panels that are under way together
  double *squares;            // residual_parts
  Tiles<T> tiles;             // as in Nmf
  T *first, *second, *small;  // rows x strip, twice, and rank x strip: for the objective without cancellation
  WorkerScratch<PenalizedWorker<T>> scratch;
  unsigned char *region;      // where all these lie, and before them the blocks of the start
};

template <class T>
struct PenalizedNmf {
  NmfConfig c;
  OuterState outer;
  Terms<T> terms;
  double norm2 = 0;     // tr(V'P V Q)
  double tau = 0;       // share of the way to the boundary, now
  int32_t started = 0;  // norm2 is that of V, and outer and tau go on

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);
  void layout(Carver &carve, PenalizedBlocks<T> &b) const;

  using Blocks = PenalizedBlocks<T>;
  Nmf<T> unpenalized() const;  // its starts and its cuts of the data are ours
  void worker_layout(Carver &carve, PenalizedWorker<T> &w) const;

 private:
  void own_layout(Carver &carve, PenalizedBlocks<T> &b) const;
};

}  // namespace orthant
