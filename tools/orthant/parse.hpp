// What only the parsers need, and share.
#pragma once

#include "io.hpp"

namespace orthant::tool {

bool host_big_endian();
std::string_view trim(std::string_view s);
std::string lower(std::string_view s);                  // ASCII letters
std::string excerpt(std::string_view s);                // at most 40 printable characters, for messages
bool multiply(int64_t a, int64_t b, int64_t &product);  // false on overflow
void note(Meta &meta, std::string text);                // at most 32 of them
void doubt(Meta &meta, std::string text);               // a note that is a warning
void caution(Meta &meta, std::string text);             // a warning; at most 32 of them
// The factor from wavelengths of this unit to micrometres, inferred (with a note) where no unit is stated; 0
// where the unit is not a length.
// A unit that cannot be meant, such as 450 micrometres or 0.45 nanometres, is corrected with a note.
double wavelength_scale(Meta &meta, std::string_view unit, const std::vector<double> &wavelength);
// Refuses a MATLAB file (version 4 or 5) with an element that does not lie within the one around it.
void check_mat_bounds(const std::string &path);

}  // namespace orthant::tool
