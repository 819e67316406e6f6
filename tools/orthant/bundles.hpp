// Bundles: for each endmember of an image, several spectra that may stand for it.
#pragma once

#include <cstdint>
#include <vector>

#include "verbs.hpp"

namespace orthant::tool {

template <class T>
struct Bundles {
  int64_t bands = 0, endmembers = 0;
  std::vector<T> spectra;      // bands x (draws * endmembers)
  std::vector<int32_t> group;  // the endmember of each
  std::vector<T> mean;         // bands x endmembers, of each group
};

// VCA on `draws` random tenths of the pixels; each draw gives every group one spectrum, by the assignment of least
// total angle to the groups' means, repeated until nothing changes.  With clustering instead of assignment, two
// materials that look alike would share a group and a dark, noisy one would take two.
template <class T>
Bundles<T> make_bundles(const T *pixels, int64_t bands, int64_t count, int64_t endmembers, int draws, uint64_t seed,
                        const orthant_parallel *parallel);

}  // namespace orthant::tool
