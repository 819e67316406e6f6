// Fill that nobody declared: numbers that stand for "no measurement", recognized by what they are.
#pragma once

#include "io.hpp"

namespace orthant::tool {

// Of an image's numbers as they are stored, bands x pixels.
struct StoredNumbers {
  int64_t bands, samples;
  Element element;
};

// Makes missing (NaN), with a warning that names a count, a pixel and the flag that would declare it:
//   - what nobody measures: infinities, numbers beyond 1e30, and 1e20, which climate data use;
//   - the lowest number, if it is negative, where it is found more than once and farther from the next one than all
//     others reach, or is a usual constant such as -9999 and a quarter as far;
//   - pixels that hold the type's largest number in all bands.
// Returns the pixels, in order, that keep their numbers and are doubtful, with a warning too: the same in all bands
// (four or more), or saturated in some.
template <class T>
std::vector<int64_t> notice_fill(std::vector<T> &values, const StoredNumbers &stored, Meta &meta);

// The first two of these rules for spectra, bands x spectra; a flat spectrum is none of them.
template <class T>
void notice_fill_of_spectra(std::vector<T> &values, int64_t bands, Meta &meta);

}  // namespace orthant::tool
