// Similarity graphs of samples [Kuang, Ding, Park 2012; self-tuning scale: Zelnik-Manor, Perona 2004]
// (algorithms.md, "Similarity graphs").
//   i ~ j where one is among the k nearest of the other;  A_ij = exp(-|m_i - m_j|^2 / (s_i s_j)), s_i the distance to
//   the nn-th neighbour, or the cosine of m_i and m_j;  then D^-1/2 A D^-1/2.
#pragma once
#include "operand.hpp"
#include "status.hpp"
#include "workers.hpp"

namespace orthant {

enum class Similarity : int32_t { gaussian = 1, cosine, binary };

struct GraphConfig {
  int32_t features = 0, samples = 0;
  int32_t neighbours = 0, scale_at = 0;  // k and nn
  Similarity kind = Similarity::gaussian;
  bool normalised = true;
  Parallel par;
  int32_t kept() const { return max_of(neighbours, scale_at); }  // nearest neighbours to be known
  int32_t capacity() const { return 2 * samples * neighbours; }  // entries at most
};
// Defaults in the place of zeros: k = floor(log2 n) + 1 and nn = 7, both at most n - 1.  E_ARG where there are more
// entries than an int32 counts.
Status resolve(GraphConfig *c);

// Never more than a block of samples against a panel of samples is at hand: no n x n array.
template <class T>
struct Graph {
  GraphConfig c;

  // starts: samples + 1;  indices, values: capacity.
  Status run(void *base, const Operand<T> &M, int32_t *starts, int32_t *indices, T *values);

  static constexpr int32_t block = small_target ? 4 : 64, panel = small_target ? 16 : 256;
  struct Worker {
    Mat<T> B, D;  // features x block; panel x block
    T *column;    // features
  };
  struct Blocks {
    T *norms, *scale, *near, *sigma;  // samples; samples; samples * kept; samples
    double *degree;                   // samples
    int32_t *index;                   // samples * kept: whose distance stands in `near`, nearest first
    int32_t *from, *slot;             // samples + 1; samples * neighbours: the lists transposed
    int32_t *good;                    // one a block
    WorkerScratch<Worker> workers;
  };
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;

 private:
  struct Job;
};

}  // namespace orthant
