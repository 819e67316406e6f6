#include "clustering.hpp"

namespace orthant {

void ClusteringBlocks::layout(Carver &carve, int32_t clusters, int32_t classes) {
  table = carve.take<double>(size_t(clusters), size_t(classes));
  rows = carve.take<double>(size_t(clusters));
  columns = carve.take<double>(size_t(classes));
  match.layout(carve, max_of(clusters, classes));
}

Status score_clustering(ClusteringBlocks &b, int32_t samples, int32_t clusters, int32_t classes, const int32_t *found,
                        const int32_t *truth, ClusteringScores *out) {
  for (int32_t i = 0; i < samples; ++i)
    if (found[i] < 0 || found[i] >= clusters || truth[i] < 0 || truth[i] >= classes) return E_DATA;
  for (int32_t k = 0; k < clusters * classes; ++k) b.table[k] = 0;
  for (int32_t k = 0; k < clusters; ++k) b.rows[k] = 0;
  for (int32_t k = 0; k < classes; ++k) b.columns[k] = 0;
  for (int32_t i = 0; i < samples; ++i) {
    b.table[found[i] + ptrdiff_t(truth[i]) * clusters] += 1;
    b.rows[found[i]] += 1;
    b.columns[truth[i]] += 1;
  }

  const int32_t side = max_of(clusters, classes);  // padded with empty clusters or classes
  double matched = 0, pure = 0;
  for (int32_t j = 0; j < side; ++j)
    for (int32_t i = 0; i < side; ++i)
      b.match.cost[i + ptrdiff_t(j) * side] = i < clusters && j < classes ? -b.table[i + ptrdiff_t(j) * clusters] : 0;
  assign(side, b.match);
  for (int32_t i = 0; i < clusters; ++i) {
    const int32_t j = b.match.match[i];
    if (j < classes) matched += b.table[i + ptrdiff_t(j) * clusters];
    double most = 0;
    for (int32_t k = 0; k < classes; ++k) most = max_of(most, b.table[i + ptrdiff_t(k) * clusters]);
    pure += most;
  }

  const double n = samples;
  const auto entropy = [&](const double *counts, int32_t size) {
    double h = 0;
    for (int32_t k = 0; k < size; ++k)
      if (counts[k] > 0) h -= counts[k] / n * log(counts[k] / n);
    return h;
  };
  const double found_h = entropy(b.rows, clusters), truth_h = entropy(b.columns, classes);
  const double joint = entropy(b.table, clusters * classes), shared = max_of(found_h + truth_h - joint, 0.0);
  const double by[5] = {max_of(found_h, truth_h), min_of(found_h, truth_h), sqrt_of(found_h * truth_h),
                        0.5 * (found_h + truth_h), joint};
  *out = ClusteringScores{};
  out->accuracy = matched / n;
  out->purity = pure / n;
  // One class in both: nothing to tell, and told rightly.
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
