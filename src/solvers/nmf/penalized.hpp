// NMF with weights and penalties [spec, section 2]:
//   minimise 1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H> + 1/2 sum_j tr(W' A_j W B_j)
//            + 1/2 sum_j tr(H' C_j H D_j)   over W, H >= 0
// with symmetric nonnegative matrices, by the multiplicative or the additive update of whole factors.
//
// With H' in the place of H both blocks are one problem.  For X (q x r), its partner Y, weights P, Q and N = V Q Y:
//   gradient = D + F,  D = L - P N,  F = P X S + sum_j A_j X B_j,  S = Y'Q Y
// Whatever has a multiple of the identity on the long side, as the shorthand penalties do, is added to S (or to a
// matrix beside it, where P is not plain): such penalties cost nothing that grows with the data.  Rows of X are worked on in
// blocks; only dense matrices mix them.
#pragma once
#include "nmf.hpp"

namespace orthant {

enum class Form : int32_t { identity, scalar, diagonal, dense };

// A symmetric nonnegative matrix of the caller's; its order is known from where it stands.
template <class T>
struct Symmetric {
  Form form = Form::identity;
  int32_t ld = 0;
  double factor = 1;
  const T *values = nullptr;

  bool plain() const { return form <= Form::scalar; }  // a multiple of the identity:
  T scale() const { return form == Form::scalar ? T(factor) : T(1); }
  T diagonal(int32_t i) const {
    return plain() ? scale() : values[form == Form::diagonal ? i : i + ptrdiff_t(i) * ld];
  }
};

template <class T>
struct Penalty {
  Symmetric<T> left, right;  // tr(X' left X right), X as the caller has it
};

// What does not fit into a config without a type: borrowed from the caller.
template <class T>
struct Terms {
  Symmetric<T> rows, cols;
  Mat<const T> l1_w, l1_h;  // as W and H; or null
  const Penalty<T> *w = nullptr, *h = nullptr;
  int32_t count_w = 0, count_h = 0;
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

  static constexpr int32_t max_parts = Nmf<T>::max_parts;
  struct Sums {  // of one part of the rows
    double slope = 0, bend = 0, kkt = 0, value = 0;
    T reach = Real<T>::huge, step = 0;
    int32_t clipped = 0, good = 1;
  };
  // One factor, as q x r.
  struct Side {
    Mat<T> X, N, E, PX;      // the factor; V times the partner; direction or new X, then the old X; P X, if not X
    Mat<T> gram, plain;      // X'P X and X'X, P less its factor
    Mat<T> S;                // of the partner's gram, with both factors
    Mat<T> fold[2], sum[2];  // penalties plain on the long side, and S more; [1]: those of the printed curvature
    T *total;                // r: column sums of what the Hessian is applied to
    Symmetric<T> P;
    const Penalty<T> *pairs;
    int32_t count, turned;   // turned: the pairs are those of H, whose long matrix is `right`
    const T *l1;             // entry (i, k): l1[i * down + k * across]
    ptrdiff_t down, across;
    T l1_all, overlap;       // overlap: the factor of 1 1' - I on the long side
    const Symmetric<T> &longer(int32_t j) const { return turned ? pairs[j].right : pairs[j].left; }
    const Symmetric<T> &shorter(int32_t j) const { return turned ? pairs[j].left : pairs[j].right; }
  };
  struct Blocks {
    Side w, h;
    T *partial_B, *partial_S;  // as in Nmf
    Sums *sums;                // max_parts
    T *first, *second, *small;  // rows * strip, twice, and rank * strip: for the objective without cancellation
    unsigned char *worker;
    size_t worker_bytes;
    unsigned char *place;      // of all these, and of the start's
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  struct Worker {
    Mat<T> F, Z;
    T *tile;
  };
  struct Job;
  Nmf<T> unpenalized() const;  // its starts and its cuts of the data are ours
  void blocks(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
};

}  // namespace orthant
