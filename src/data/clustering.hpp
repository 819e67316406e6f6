// Scores of a clustering against known classes, spec section 5.
#pragma once
#include "scores.hpp"

namespace orthant {

struct ClusteringScores {
  double accuracy = 0, purity = 0;
  double nmi[5] = {};  // divided by the larger, smaller, geometric, arithmetic mean of the entropies; by the joint one
  double sparse = 0;   // share of the entries of U above a hundredth of their mean
};

struct ClusteringBlocks {
  double *table;  // clusters x classes
  double *rows, *columns;
  ScoreBlocks match;
  void layout(Carver &carve, int32_t clusters, int32_t classes);
};

// Numbers in [0, clusters) and [0, classes).
Status score_clustering(ClusteringBlocks &b, int32_t samples, int32_t clusters, int32_t classes, const int32_t *found,
                        const int32_t *truth, ClusteringScores *out);

// label_i: the first of the largest entries of row i.
template <class T>
void label_rows(View<T> U, int32_t *label);
template <class T>
double sparse_factor(View<T> U);

}  // namespace orthant
