// `-p auto`: how many endmembers an image has.
#pragma once

#include "api.hpp"
#include "input.hpp"

namespace orthant::tool {

struct Counted {
  int64_t count = 0;
  std::string reason;  // a sentence for the user, or empty where the number was given
  std::vector<double> power, limit, noise;
};

// By the rule of that name: hysime, hfc or nwhfc; pixels without a missing value alone.
template <class T>
Counted count_spectra(const Common &common, const Image<T> &image, const std::string &rule, const Pool &pool);

// text: a number, "auto" or the name of a rule.  UsageError for anything else.
template <class T>
Counted count_endmembers(const Common &common, const Image<T> &image, const std::string &text, const Pool &pool);

// Powers and their limits as an SVG.
std::string eigenvalue_plot(const Counted &counted, const std::string &source);

}  // namespace orthant::tool
