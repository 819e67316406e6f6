// Scores of a clustering against known classes (algorithms.md, "Cluster scores").
#pragma once
#include "scores.hpp"

namespace orthant {

struct ClusteringScores {
  double accuracy = 0, purity = 0;
  double nmi[5] = {};  // divided by the larger, smaller, geometric, arithmetic mean of the entropies; by the joint one
};

struct ClusteringBlocks {
  Mat<double> table;       // clusters x classes: how many samples are in both
  double *rows, *columns;  // clusters; classes: how many are in each
  ScoreBlocks match;
  void layout(Carver &carve, int32_t clusters, int32_t classes);
};

// Numbers in [0, clusters) and [0, classes).
Status score_clustering(ClusteringBlocks &b, int32_t samples, const int32_t *found, const int32_t *truth,
                        ClusteringScores *out);

// label_i: the first of the largest entries of row i.
template <class T>
void label_rows(View<T> U, int32_t *label);
// The share of the entries above a hundredth of their mean.
template <class T>
double sparse_factor(View<T> U);

}  // namespace orthant
