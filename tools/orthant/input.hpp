// How the verbs read an image: the flags that all of them offer, and the rule for units.
#pragma once

#include "verbs.hpp"

namespace orthant::tool {

struct ImageFlags {
  std::string shape, order = "auto", scale = "auto";
  bool keep_bad_bands = false, keep_ignored = false;
};
void add_image_flags(CLI::App &verb, ImageFlags &flags);

// "100x100" to lines and samples; UsageError otherwise.  Empty text leaves both 0.
void parse_shape(const std::string &text, int64_t &lines, int64_t &samples);
ImageOptions image_options(const ImageFlags &flags);

// What the values are divided by.  With `auto` a scale factor in the header has been applied already; whole numbers
// above 1 that state none are counts and are divided by their maximum, unless `partner_whole` says that what they will
// be compared with is in counts too.
struct Scaled {
  double divisor = 1;
  std::string reason;  // a sentence for the user, or empty
  bool guessed = false;
};
template <class T>
Scaled apply_scale(Image<T> &image, const ImageFlags &flags, bool partner_whole);

void say_scaled(const Common &common, const Scaled &scaled);
// Passes the reader's notes on to the user, its doubts as warnings.
void say_notes(const Common &common, const Meta &meta);

// Pixels without a missing value.
template <class T>
std::vector<int64_t> valid_pixels(const Image<T> &image);

void endmembers_exist(int64_t endmembers, int64_t bands, int64_t pixels);  // UsageError where there are too many

template <class T>
struct Extracted {
  Table<T> spectra;            // bands x endmembers
  std::vector<int64_t> pixel;  // of each, in the image
};
template <class T>
Extracted<T> extract_endmembers(const Common &common, const Image<T> &image, int64_t endmembers,
                                const std::string &method, const Pool &pool);
int32_t endmember_method(const std::string &name);

}  // namespace orthant::tool
