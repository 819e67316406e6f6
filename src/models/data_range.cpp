#include "data_range.hpp"

#include "real.hpp"

namespace orthant {
namespace {

// How far beyond the range of training a matrix may lie.  The shipped networks were trained on sides of 10 to 100 and
// are worth as many iterations on 300 x 300.  Of the other numbers a fresh matrix of the same kind lies beyond those of
// a few hundred by less than a quarter; noise without structure leaves 0.86 of the variance and more, the matrices of
// training at most 0.65 (tools/bench/results/factormer).
constexpr double side_slack = 4, trait_slack = 1.25;

constexpr int32_t trait_lanes = 16;  // sums that do not wait for each other, in vectors

// Of one column.
template <class T>
struct ColumnSums {
  T sum[trait_lanes] = {}, squares[trait_lanes] = {}, largest[trait_lanes] = {}, positive[trait_lanes] = {};

  // Of `count` more entries, at most one a lane.
  void add(const T *v, int32_t count, T *of_rows) {
    for (int32_t l = 0; l < count; ++l) {
      sum[l] += v[l];
      squares[l] += v[l] * v[l];
      largest[l] = largest[l] < v[l] ? v[l] : largest[l];
      positive[l] += v[l] > T(0) ? T(1) : T(0);
      of_rows[l] += v[l];
    }
  }
  __attribute__((noinline)) static double total(const T *lanes) {
    double all = 0;
    for (int32_t l = 0; l < trait_lanes; ++l) all += double(lanes[l]);
    return all;
  }
  double most() const {
    T all = T(0);
    for (int32_t l = 0; l < trait_lanes; ++l) all = max_of(all, largest[l]);
    return double(all);
  }
};

template <class T>
ColumnSums<T> sums_of_column(const T *v, int32_t n, T *of_rows) {
  ColumnSums<T> sums;
  int32_t i = 0;
  for (; i + trait_lanes <= n; i += trait_lanes) sums.add(v + i, trait_lanes, of_rows + i);
  sums.add(v + i, n - i, of_rows + i);
  return sums;
}

}  // namespace

template <class T>
bool find_traits(Mat<const T> V, T *room, DataTraits *traits) {
  const double m = V.rows, n = V.cols;
  double sum = 0, squares = 0, of_cols = 0, of_rows = 0, largest = 0, positive = 0;
  for (int32_t i = 0; i < V.rows; ++i) room[i] = T(0);
  for (int32_t j = 0; j < V.cols; ++j) {
    const ColumnSums<T> column = sums_of_column(V.col(j), V.rows, room);
    const double of_column = column.total(column.sum);
    sum += of_column;
    squares += column.total(column.squares);
    of_cols += of_column * of_column;
    largest = max_of(largest, column.most());
    positive += column.total(column.positive);
  }
  for (int32_t i = 0; i < V.rows; ++i) of_rows += double(room[i]) * double(room[i]);
  const double mean = sum / (m * n);
  if (!(mean > 0) || !is_finite(squares) || !is_finite(of_rows)) return false;
  double *t = traits->at;
  t[DataTraits::rows] = m;
  t[DataTraits::cols] = n;
  t[DataTraits::spread] = squares / (m * n) / (mean * mean);
  t[DataTraits::row_spread] = of_rows * m / (sum * sum);
  t[DataTraits::col_spread] = of_cols * n / (sum * sum);
  const double variance = t[DataTraits::spread] - 1;
  const double left = variance - (t[DataTraits::row_spread] - 1) - (t[DataTraits::col_spread] - 1);
  t[DataTraits::interaction] = variance > 0 ? max_of(left / variance, 0.0) : 0;
  t[DataTraits::largest] = largest / mean;
  t[DataTraits::positive] = positive / (m * n);
  return true;
}

void DataRange::add(const DataTraits &traits) {
  const bool first = !known();
  for (int32_t k = 0; k < DataTraits::count; ++k) {
    low[k] = first ? traits.at[k] : min_of(low[k], traits.at[k]);
    high[k] = first ? traits.at[k] : max_of(high[k], traits.at[k]);
  }
}

// The spreads are compared by what they are above one, that of a constant.
bool DataRange::holds(const DataTraits &traits) const {
  for (int32_t k = 0; k < DataTraits::count; ++k) {
    const bool side = k == DataTraits::rows || k == DataTraits::cols;
    const bool spreads = k >= DataTraits::spread && k <= DataTraits::col_spread;
    const double slack = side ? side_slack : trait_slack, base = spreads ? 1 : 0, x = traits.at[k] - base;
    if (!(x * slack >= low[k] - base) || !(x <= slack * (high[k] - base))) return false;
  }
  return true;
}

void DataRange::save(BlobWriter *w) const {
  w->add({record, Element::f64, 1, {uint32_t(numbers)}});
  w->store(0, DataTraits::count, low);
  w->store(DataTraits::count, DataTraits::count, high);
}

bool DataRange::read(const Blob &blob) {
  Record r;
  *this = DataRange{};
  if (!blob.find(record, &r)) return true;
  if (r.type != Element::f64 || !r.is(1, uint32_t(numbers))) return false;
  r.read(0, DataTraits::count, low);
  r.read(DataTraits::count, DataTraits::count, high);
  for (int32_t k = 0; k < DataTraits::count; ++k)
    if (!(low[k] >= 0) || !(low[k] <= high[k]) || !is_finite(high[k])) return false;
  return known();
}

#define INSTANTIATE(T) template bool find_traits(Mat<const T>, T *, DataTraits *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
