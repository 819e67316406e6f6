// Similarity graphs of samples [Kuang, Ding, Park 2012; self-tuning scale: Zelnik-Manor, Perona 2004], spec section 5.
//   i ~ j where one is among the k nearest of the other;  A_ij = exp(-|m_i - m_j|^2 / (s_i s_j)), s_i the distance to
//   the nn-th neighbour, or the cosine of m_i and m_j;  then D^-1/2 A D^-1/2.
#pragma once
#include "carver.hpp"
#include "operand.hpp"
#include "status.hpp"

namespace orthant {

enum class Similarity : int32_t { gaussian = 1, cosine, binary };

struct GraphConfig {
  int32_t features = 0, samples = 0, neighbours = 0, scale_at = 0;  // k and nn, capped at samples - 1
  Similarity kind = Similarity::gaussian;
  bool normalised = true;
  Parallel par;
  int32_t kept() const { return max_of(neighbours, scale_at); }  // nearest neighbours to be known
};

// Never more than a block of samples against a panel of samples is at hand: no n x n array.
template <class T>
struct Graph {
  GraphConfig c;

  // The lower bound of what `starts` (samples + 1), `indices` and `values` must hold is 2 * samples * neighbours.
  Status run(void *base, const Operand<T> &M, int32_t *starts, int32_t *indices, T *values, int32_t *count);

  static constexpr int32_t block = small_target ? 4 : 64, panel = small_target ? 16 : 256;
  struct Blocks {
    T *norms, *scale, *near, *sigma;  // samples; samples; samples * kept; samples
    double *degree;                   // samples
    int32_t *index;                   // samples * kept: whose distance stands in `near`, nearest first
    int32_t *from, *slot;             // samples + 1; samples * neighbours: the lists turned round
    int32_t *flags;                   // one a task
    unsigned char *worker;
    size_t worker_bytes;
  };
  struct Worker {
    Mat<T> B, D;    // features x block; panel x block
    T *column;      // features
  };
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
};

}  // namespace orthant
