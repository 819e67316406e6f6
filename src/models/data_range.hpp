// What the data are like that a network knows: numbers that a change of unit leaves alone, and the range of each in
// training (algorithms.md, "Learned acceleration").
#pragma once
#include "blob.hpp"
#include "mat.hpp"

namespace orthant {

// Of one matrix, in one reading.
struct DataTraits {
  enum Trait : int32_t {
    rows,
    cols,
    spread,       // mean of the squares over the square of the mean
    row_spread,   // the same of the means of the rows
    col_spread,   // and of the columns
    interaction,  // the share of the variance that means of rows and columns leave: near one where V is noise
    largest,      // over the mean
    positive,     // the share of entries above zero
    count
  };
  double at[count];
};

// room: V.rows numbers.  False where V has no positive finite mean.
template <class T>
bool find_traits(Mat<const T> V, T *room, DataTraits *traits);

struct DataRange {
  static constexpr const char *record = "range";
  static constexpr int32_t numbers = 2 * DataTraits::count;  // the lowest of all, then the highest
  double low[DataTraits::count] = {}, high[DataTraits::count] = {};

  bool known() const { return high[DataTraits::rows] > 0; }
  void add(const DataTraits &traits);
  // Whether a matrix is near enough to those of the range.
  bool holds(const DataTraits &traits) const;
  void save(BlobWriter *w) const;
  // Leaves `this` unknown where there is no record.  False where it is no range.
  bool read(const Blob &blob);
};

}  // namespace orthant
