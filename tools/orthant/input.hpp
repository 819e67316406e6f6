// How the verbs read an image: the flags that all of them offer, and the rule for units.
#pragma once

#include "verbs.hpp"

namespace orthant::tool {

struct ImageFlags {
  std::string shape, order = "auto", scale = "auto", bands_side = "auto", mask;
  std::vector<std::string> ignored;
  bool keep_bad_bands = false, keep_ignored = false;
};
void add_image_flags(CLI::App &verb, ImageFlags &flags);  // a verb with a --mask of its own adds it before

// "100x100" to lines and samples; UsageError otherwise.  Empty text leaves both 0.
void parse_shape(const std::string &text, int64_t &lines, int64_t &samples);
ImageOptions image_options(const ImageFlags &flags);

// What the values are divided by.  A scale factor in the header has been applied already; with `auto` nothing else is,
// for nothing but a comparison (with a library, see verb_unmix.cpp) can tell the unit of whole numbers.
struct Scaled {
  double divisor = 1;
  std::string reason;  // a sentence for the user, or empty
};
template <class T>
Scaled apply_scale(Image<T> &image, const ImageFlags &flags);
template <class T>
Scaled apply_scale(Table<T> &table, const ImageFlags &flags);
template <class T>
void divide(std::vector<T> &values, double divisor);
template <class T>
void divide(Image<T> &image, double divisor);

// Says that whole numbers are taken as they are, where their unit is not stated.
template <class T>
void say_unit(const Common &common, const Image<T> &image);

// The largest number of the pixels that are not doubtful; 0 where none is positive.
template <class T>
double largest_value(const Image<T> &image);

// Passes the reader's notes and warnings on to the user.
void say_notes(const Common &common, const Meta &meta);

// Pixels without a missing value; those of them that may be endmembers.  As a bit for each, or by their numbers.
template <class T>
std::vector<bool> valid_bits(const Image<T> &image);
template <class T>
std::vector<bool> sound_bits(const Image<T> &image);
std::vector<int64_t> numbers_of(const std::vector<bool> &bits);
template <class T>
std::vector<int64_t> valid_pixels(const Image<T> &image) {
  return numbers_of(valid_bits(image));
}
template <class T>
std::vector<int64_t> sound_pixels(const Image<T> &image) {
  return numbers_of(sound_bits(image));
}
// One pixel, also of an image that stays in its file.
template <class T>
std::vector<T> pixel_of(const Image<T> &image, int64_t p);
// UsageError where the image stays in its file; what: needs all of it at once.
template <class T>
void need_memory(const Image<T> &image, const std::string &what);

void endmembers_exist(int64_t endmembers, int64_t bands, int64_t pixels);  // UsageError where there are too many

template <class T>
struct Extracted {
  Table<T> spectra;            // bands x endmembers
  std::vector<int64_t> pixel;  // of each, in the image
};
// How endmembers are found, by the flags.
struct EndmemberSearch {
  std::string method = "vca";
  int draws = 5;
};
std::vector<std::string> endmember_methods();  // the words of --method
void add_draws(CLI::App &verb, EndmemberSearch &how);                   // --draws
void endmembers_exist(int64_t endmembers, const EndmemberSearch &how);  // UsageError: N-FINDR of one
orthant_endmembers_config endmembers_config(const Common &common, int64_t bands, int64_t pixels, int64_t endmembers,
                                            const EndmemberSearch &how, const Pool &pool);
template <class T>
Extracted<T> extract_endmembers(const Common &common, const Image<T> &image, int64_t endmembers,
                                const EndmemberSearch &how, const Pool &pool);

}  // namespace orthant::tool
