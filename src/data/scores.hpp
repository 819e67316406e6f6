// Scores of an unmixing against a truth, after the best one-to-one matching.
#pragma once
#include "carver.hpp"
#include "mat.hpp"
#include "real.hpp"
#include "status.hpp"

namespace orthant {

struct Scores {
  double mean_angle = 0, rmse = 0, armse = 0;
};

struct ScoreBlocks {
  double *cost, *u, *v, *least;      // n x n; n + 1 each
  int32_t *row_of, *way, *match;     // n + 1 each; n
  unsigned char *used;               // n + 1
  void layout(Carver &carve, int32_t n);
};

// match[i]: the column assigned to row i with the least total cost [Kuhn 1955; shortest augmenting paths, O(n^3)].
void assign(int32_t n, ScoreBlocks &b);

// The angle between two spectra in radians, by atan2: exact for small angles too.  pi/2 where one is zero.
template <class T>
double spectral_angle(int32_t n, const T *a, const T *b);

template <class T>
Status score(ScoreBlocks &b, int32_t n, View<T> E, View<T> E_true, View<T> A, View<T> A_true, double *angle,
             Scores *out);

}  // namespace orthant
