#include "clustering.hpp"

namespace orthant {

void ClusteringBlocks::layout(Carver &carve, int32_t clusters, int32_t classes) {
  table = {carve.take<double>(size_t(clusters), size_t(classes)), clusters, classes, clusters};
  rows = carve.take<double>(size_t(clusters));
  columns = carve.take<double>(size_t(classes));
  match.layout(carve, max_of(clusters, classes));
}

namespace {

void count(ClusteringBlocks &b, int32_t samples, const int32_t *found, const int32_t *truth) {
  const Mat<double> table = b.table;
  for (int32_t k = 0; k < table.rows * table.cols; ++k) table.data[k] = 0;
  for (int32_t k = 0; k < table.rows; ++k) b.rows[k] = 0;
  for (int32_t k = 0; k < table.cols; ++k) b.columns[k] = 0;
  for (int32_t i = 0; i < samples; ++i) {
    table(found[i], truth[i]) += 1;
    b.rows[found[i]] += 1;
    b.columns[truth[i]] += 1;
  }
}

// Samples in the class that their cluster is matched with, one to one; the table is padded with empty ones.
double matched_samples(ClusteringBlocks &b) {
  const Mat<double> table = b.table;
  const int32_t side = max_of(table.rows, table.cols);
  for (int32_t j = 0; j < side; ++j)
    for (int32_t i = 0; i < side; ++i)
      b.match.cost[i + ptrdiff_t(j) * side] = i < table.rows && j < table.cols ? -table(i, j) : 0;
  assign(side, b.match);
  double matched = 0;
  for (int32_t i = 0; i < table.rows; ++i)
    if (b.match.match[i] < table.cols) matched += table(i, b.match.match[i]);
  return matched;
}

// Samples in the largest class of their cluster.
double pure_samples(const ClusteringBlocks &b) {
  double pure = 0;
  for (int32_t i = 0; i < b.table.rows; ++i) {
    double most = 0;
    for (int32_t k = 0; k < b.table.cols; ++k) most = max_of(most, b.table(i, k));
    pure += most;
  }
  return pure;
}

double entropy(double samples, const double *counts, int32_t size) {
  double h = 0;
  for (int32_t k = 0; k < size; ++k)
    if (counts[k] > 0) h -= counts[k] / samples * log(counts[k] / samples);
  return h;
}

}  // namespace

Status score_clustering(ClusteringBlocks &b, int32_t samples, const int32_t *found, const int32_t *truth,
                        ClusteringScores *out) {
  const int32_t clusters = b.table.rows, classes = b.table.cols;
  for (int32_t i = 0; i < samples; ++i)
    if (found[i] < 0 || found[i] >= clusters || truth[i] < 0 || truth[i] >= classes) return E_DATA;
  count(b, samples, found, truth);
  const double n = samples;
  out->accuracy = matched_samples(b) / n;
  out->purity = pure_samples(b) / n;
  const double found_h = entropy(n, b.rows, clusters), truth_h = entropy(n, b.columns, classes);
  const double joint = entropy(n, b.table.data, clusters * classes), shared = max_of(found_h + truth_h - joint, 0.0);
  const double by[5] = {max_of(found_h, truth_h), min_of(found_h, truth_h), sqrt_of(found_h * truth_h),
                        0.5 * (found_h + truth_h), joint};
  // One class in both: nothing to find, and found rightly.
  for (int32_t k = 0; k < 5; ++k)
    out->nmi[k] = by[k] > 0 ? min_of(shared / by[k], 1.0) : double(found_h + truth_h == 0);
  return OK;
}

template <class T>
void label_rows(View<T> U, int32_t *label) {
  for (int32_t i = 0; i < U.rows; ++i) {
    int32_t best = 0;
    for (int32_t k = 1; k < U.cols; ++k)
      if (U(i, k) > U(i, best)) best = k;
    label[i] = best;
  }
}

template <class T>
double sparse_factor(View<T> U) {
  double mean = 0, above = 0;
  const double size = double(U.rows) * double(U.cols);
  for (int32_t k = 0; k < U.cols; ++k)
    for (int32_t i = 0; i < U.rows; ++i) mean += double(U(i, k)) / size;  // their sum may overflow
  for (int32_t k = 0; k < U.cols; ++k)
    for (int32_t i = 0; i < U.rows; ++i) above += double(abs_of(U(i, k))) > 0.01 * mean;
  return above / size;
}

#define INSTANTIATE(T)                                \
  template void label_rows<T>(View<T>, int32_t *);    \
  template double sparse_factor<T>(View<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
