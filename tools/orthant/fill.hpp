// Fill that nobody declared: numbers that stand for "no measurement", recognized by what they are.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "io.hpp"

namespace orthant::tool {

// Of an image's numbers as they are stored, bands x pixels.
struct StoredNumbers {
  int64_t bands, samples, pixels;
  Element element;
};

// What was found of one kind: how often, and where first.
struct Found {
  int64_t count = 0, first = 0;
  void add(int64_t at) {
    if (count++ == 0) first = at;
  }
};

// The lowest numbers, each different and with its places, and the largest of all.
struct Ends {
  static constexpr int kept = 5;
  double low[kept], most = -std::numeric_limits<double>::infinity();
  Found found[kept];
  Ends() { std::fill(low, low + kept, std::numeric_limits<double>::infinity()); }
  void add(double v, int64_t at);
};

// What becomes missing, and which pixels are doubtful: the same in all bands (four or more), or saturated in some.
template <class T>
struct Fill {
  bool extremes = false;             // what nobody measures
  std::vector<T> constants;          // fill values
  std::vector<bool> full, doubtful;  // of each pixel; empty: none.  full: the type's largest number in all bands
  std::vector<bool> held;            // bands that have a value in some pixel; empty: not looked at

  void erase(int64_t bands, int64_t first, int64_t count, T *values) const;
};

// Looks at pixels in order, panel by panel, for what is missing though nobody said so:
//   - what nobody measures: infinities, numbers beyond 1e30, and 1e20, which climate data use;
//   - the lowest number, if it is negative, where it is found more than once and farther from the next one than all
//     others reach, or is a usual constant such as -9999 and a quarter as far;
//   - pixels that hold the type's largest number in all bands.
// `conclude` warns of each with a count, a pixel and the flag that would declare it, and of doubtful pixels.
template <class T>
class FillSurvey {
 public:
  explicit FillSurvey(const StoredNumbers &stored);
  void add(int64_t first, int64_t count, T *values);  // erases what is known to be missing
  bool again();  // after all pixels: whether they must be looked at once more, for what was found changes the rest
  Fill<T> conclude(Meta &meta);
  const std::vector<bool> &doubtful() const { return fill_.doubtful; }  // so far

 private:
  void add_kinds(int64_t first, int64_t count, const T *values);
  StoredNumbers stored_;
  Fill<T> fill_;
  bool first_pass_ = true;
  double end_ = 0;  // the number at which the range of the sensor or of the file ends; 0: unknown
  Ends ends_;
  Found huge_, constant_, saturated_, full_;
  T huge_value_ = 0, constant_value_ = 0;
  std::vector<Found> constants_;
};

// The first two of these rules for spectra, bands x spectra; a flat spectrum is none of them.
template <class T>
void notice_fill_of_spectra(std::vector<T> &values, int64_t bands, Meta &meta);

}  // namespace orthant::tool
