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
// The ASCII files of the spectral libraries of USGS (splib04 to 07) and ECOSTRESS: one spectrum below a description.
bool is_spectrum_text(std::string_view text);
Data parse_spectrum_text(std::string_view text, const std::string &name);
// Inflates the gzip members in `bytes` up to `limit` bytes.  Where they end before it, their checksums were right.
std::string inflate_gzip(std::string_view bytes, size_t limit, const std::string &name);
// One deflated stream without a head, of `size` bytes when inflated.
std::string inflate_raw(std::string_view bytes, size_t size, const std::string &name);
// A NumPy array as its header states it; `bytes` is what follows the header, and may be short.
// The numbers become those of `data`, from the first of them that it has.
void keep_numbers(Data &data, std::vector<double> numbers, size_t first = 0);

struct NpyArray {
  std::string_view descr;
  bool fortran;
  std::vector<int64_t> sides;
  std::string_view bytes;
};
NpyArray open_npy(std::string_view bytes, const std::string &name);
int64_t npy_head_bytes(std::string_view bytes);  // how long the header is, by the first 12 bytes
struct Triplet {
  int32_t row, col;
  double value;
};
// A sparse matrix from its nonzeros in any order; entries that are given more than once are added, with a note.
Data sparse_data(int64_t rows, int64_t cols, std::vector<Triplet> entries, const std::string &name);
// Refuses sides beyond 32 bits, and columns by far too many for a file of so many bytes to fill.
void check_sides(int64_t rows, int64_t cols, size_t bytes, const std::string &name);
// Whether GDAL is to read this file: by its ending or, where no ENVI header describes it, by its first bytes.
bool is_for_gdal(const fs::path &path, const std::string &ending, bool described);
std::string advice_on_hdf5();  // how such a file can be read
// Refuses a MATLAB file (version 4 or 5) with an element that does not lie within the one around it.
void check_mat_bounds(const std::string &path);

}  // namespace orthant::tool
