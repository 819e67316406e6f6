// `orthant unmix --sparse`, `--mesma` and `--bootstrap`: a library of many spectra, of which each pixel uses few.
#pragma once

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

struct LibraryFlags {
  double sparse = -1;  // weight of the sum of the abundances; below zero: not asked for
  bool mesma = false, sum_to_one = false, normalize = false, deviations = false, noise = false;
  std::string classes;
  int least = 0, most = 0, draws = 0, each = 0;
  double slack = 0, max_shade = 0, max_rmse = 0, gain = 0;
  bool chosen() const { return mesma || sparse >= 0 || draws > 0; }
  const char *method() const;
};
void add_library_flags(CLI::App &verb, LibraryFlags &flags);

// The class of each spectrum, counted from zero in the order in which they come, and their names.  given: labels one
// for each spectrum, separated by commas, or a file with one on each line; empty: the spectra's names without a number
// at their end.
struct Classes {
  std::vector<int32_t> of;
  std::vector<std::string> names;
};
Classes classes_of(const std::vector<std::string> &spectra, const std::string &given);

template <class T>
void unmix_by_library(Common &common, const LibraryFlags &flags, const std::string &output, const Record &record,
                      const Image<T> &image, const Table<T> &E, const Pool &pool);

}  // namespace orthant::tool
