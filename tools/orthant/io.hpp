// What files hold, in memory, and how they are read and written.
//
// A parser makes `Data` of bytes: numbers in place, described by axes and strides, and what the header states; of ENVI
// and NumPy files they stay in the file.  One function, `to_image` or `to_table`, then gathers them into a column-major
// matrix of float or double, or, of an image that does not fit, leaves them where they are and reads columns as they
// are needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace orthant::tool {

namespace fs = std::filesystem;

// Bad or unsupported input (exit code 3).  The text names the file, what was found, and what to do.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// An output that cannot be written (exit code 1).
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Element { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };
// What body(S{}) gives, S the type of such elements.
template <class Body>
decltype(auto) as_element(Element element, const Body &body) {
  switch (element) {
    case Element::u8:
      return body(uint8_t{});
    case Element::i8:
      return body(int8_t{});
    case Element::u16:
      return body(uint16_t{});
    case Element::i16:
      return body(int16_t{});
    case Element::u32:
      return body(uint32_t{});
    case Element::i32:
      return body(int32_t{});
    case Element::u64:
      return body(uint64_t{});
    case Element::i64:
      return body(int64_t{});
    case Element::f32:
      return body(float{});
    case Element::f64:
      break;
  }
  return body(double{});
}
size_t element_size(Element element);
const char *element_name(Element element);

// What a file says beside its numbers.
struct Meta {
  std::string source;                    // the argument as the user gave it
  std::string format;                    // "ENVI raster", "NumPy array", ...
  std::string sha256;                    // of the data file's bytes, where `read_data` was asked for it
  std::string description;               // read: the file's; written: into formats that have one
  std::vector<double> wavelength, fwhm;  // of each band, micrometres; empty where not stated
  std::vector<std::string> band_names, spectra_names, class_names;
  // Georeference and whatever else an output can say too: key and value, passed on unchanged.
  std::vector<std::pair<std::string, std::string>> carried;
  std::vector<int64_t> default_bands;  // red, green, blue, from 1
  std::vector<std::string> notes;      // what was applied or left out, a sentence each
  std::vector<std::string> warnings;   // what may be wrong with the numbers, a sentence each
  std::vector<std::string> doubts;     // those of the notes that are warnings all the same
};

class NumberFile;
template <class T>
class ColumnSource;

// bands x pixels, column-major (band-interleaved by pixel); pixel = sample + samples * line.  NaN means missing.
template <class T>
struct Image {
  int64_t bands = 0, lines = 0, samples = 0;
  std::vector<T> values;
  std::shared_ptr<ColumnSource<T>> source;  // instead of `values`: where the pixels are read from
  std::string file_state;                   // of a file that was open: another one where it was changed since
  Meta meta;
  std::vector<int64_t> kept_bands;  // where each band stood in the file, from 0
  int64_t file_bands = 0;           // bands of the file, bad ones too
  bool whole = false;               // every value as stored was a whole number, and no scale factor was stated
  bool shaped = true;               // false: lines and samples were not given; one line was assumed
  std::vector<bool> doubtful;  // of each pixel, or empty: constant over the bands or saturated, so never an endmember

  int64_t pixels() const { return lines * samples; }
  T *pixel(int64_t p) { return values.data() + p * bands; }
  const T *pixel(int64_t p) const { return values.data() + p * bands; }
};

// rows x cols, column-major.  For spectra, rows are bands and columns spectra.
template <class T>
struct Table {
  int64_t rows = 0, cols = 0;
  std::vector<T> values;
  std::vector<std::string> names, row_names;  // of the columns and of the rows, or empty
  Meta meta;
  bool whole = false;   // as in Image
  bool turned = false;  // a plain matrix whose rows were taken as columns

  Table() = default;
  Table(int64_t rows_, int64_t cols_) : rows(rows_), cols(cols_), values(static_cast<size_t>(rows_ * cols_)) {}

  T &operator()(int64_t i, int64_t j) { return values[static_cast<size_t>(i + rows * j)]; }
  T operator()(int64_t i, int64_t j) const { return values[static_cast<size_t>(i + rows * j)]; }
};

// The numbers and their names.
template <class T>
Table<T> transposed(const Table<T> &A) {
  Table<T> out(A.cols, A.rows);
  for (int64_t j = 0; j < A.cols; ++j) {
    for (int64_t i = 0; i < A.rows; ++i) out(j, i) = A(i, j);
  }
  out.names = A.row_names;
  out.row_names = A.names;
  return out;
}

// The nonzeros of a matrix, by columns.
struct Sparse {
  std::vector<int32_t> starts, indices;
  std::vector<double> values;
};
// Of a matrix with so many rows, which are the columns of the result; each column with ascending indices.
Sparse transposed(const Sparse &A, int64_t rows);

// ---- Parsing: from bytes, safe on anything ------------------------------------------------------------------------

struct Extent {
  int64_t count = 1, stride = 0;  // stride in elements
};

struct Data {
  Element element = Element::u8;
  bool big_endian = false;
  bool raster = false;        // true: axes are bands, lines, samples; false: rows, cols, and the third is unused
  bool spectra = false;       // a spectral library: rows are bands, columns spectra
  bool pixels_first = false;  // a plain matrix that is read as an image: rows are pixels (NumPy, CSV), else columns are
  bool turned = false;        // `spectra` were the rows of the file: its axes have changed places; see as_written
  bool line_fastest = false;  // the order of those pixels: line + lines*sample (MATLAB), else sample + samples*line
  bool sides_assumed = false;  // a raster of three sides that no header names: lines, samples, bands, as is usual
  Extent axis[3];
  std::string_view bytes;                    // the numbers
  std::shared_ptr<const std::string> owner;  // keeps `bytes` alive, where the parser made or was given it
  std::shared_ptr<NumberFile> file;          // instead of `bytes`: the numbers begin in it at `file_offset`
  int64_t file_offset = 0;
  bool file_hash = false;                // whoever gathers all of them hashes the file on the way
  std::shared_ptr<const Sparse> sparse;  // instead of `bytes`: to_table and to_image write it out in full

  Meta meta;
  std::vector<double> good;                          // bad band list as read; 0 is bad; empty: none
  double scale_factor = 0;                           // data are divided by it; 0: not stated
  std::vector<double> gain, offset;                  // per band, or empty
  std::optional<double> ignore;                      // this value means missing
  std::vector<std::vector<std::string>> name_lists;  // name lists found beside the numbers, to be chosen by length
  std::vector<std::string> side_names[2];            // of the rows and of the columns of a plain matrix, or empty
  int64_t lines = 0, samples = 0;                    // found beside a plain matrix, 0: not stated
  int64_t bytes_needed = 0;                          // ENVI: of the data file
};

// A library whose spectra are rows of its file, as the plain matrix that the file is; other data as they are.
Data as_written(Data data);

// The data file's bytes must be given whole: sizes are checked against them.
Data parse_envi(std::string_view header, std::string_view bytes, const std::string &name);
Data parse_envi_header(std::string_view header, const std::string &name);  // without its numbers
// The same of the first bytes of a data file of so many, which hold no numbers but where these begin.
Data parse_envi(std::string_view header, int64_t held, const std::string &name);
Data parse_npy(std::string_view bytes, const std::string &name);
Data parse_npy(std::string_view head, int64_t held, const std::string &name);
Data parse_csv(std::string_view bytes, const std::string &name);
Data parse_idx(std::string_view bytes, const std::string &name);  // gzip or plain
Data parse_matrix_market(std::string_view text, const std::string &name);
// The array NAME.npy of a NumPy archive; without a name its only array, or the sparse matrix that SciPy saved.
Data parse_npz(std::string_view bytes, const std::string &array, const std::string &name);
Data read_mat(const std::string &path, const std::string &variable);
// GeoTIFF, JPEG 2000, and with the name of an array netCDF and HDF5; where the build has GDAL.
Data read_gdal(const std::string &path, const std::string &array);
std::vector<std::string> list_mat(const std::string &path);  // the variables, one line of text each

// Any supported file: `file.mat:NAME`, either half of an ENVI pair, .sli, .npy, .npz, .csv, .txt, .tsv, .mtx, IDX, of
// these .npy, text and IDX also compressed, with .gz behind their ending; and what GDAL reads; or "-",
// standard input, which holds one of those that need no name: .npy, a text table, IDX.
enum class Checksum { none, sha256 };
Data read_data(const std::string &argument, Checksum checksum = Checksum::none);
// An ENVI header whose data file is elsewhere: what it states; nothing where there is a data file, or no header.
std::optional<Data> read_lone_header(const std::string &argument);
// The format of these bytes where it is one that no header beside them describes, such as TIFF; null: none known.
const char *foreign_format(std::string_view bytes);

// The file on disk that an argument names (without ":NAME").
fs::path argument_path(const std::string &argument);

// ---- Gathering -----------------------------------------------------------------------------------------------------

enum class PixelOrder { by_format, line, column };  // line: samples run fastest; column: lines run fastest
enum class BandSide { by_format, first, last };     // of an array of three sides

struct ImageOptions {
  int64_t lines = 0, samples = 0;            // 0: as the file says
  PixelOrder order = PixelOrder::by_format;  // of the pixels of a plain matrix
  int64_t bands = 0;  // known from elsewhere: decides which axis of a plain matrix is pixels; 0: unknown
  BandSide band_side = BandSide::by_format;
  bool bad_bands = true, scale = true, ignore = true;  // apply what the header states
  bool notice = false;                // look for fill that nobody declared, and for bands without any value
  std::vector<double> ignored;        // these values, as stored, mean missing too
  std::vector<char> mask;             // for each pixel: 0 makes it missing; empty: none
  bool spend = false;                 // the numbers of `data` are read this once: their memory is given back on the way
  int64_t room = 0;                   // bytes: an image that takes more and lies in a file stays there; 0: none does
  std::function<void(double)> watch;  // is called with the share of such a file that has been read once
};

template <class T>
Image<T> to_image(const Data &data, const ImageOptions &options = {});
// `rows` known from elsewhere: a plain matrix with as many columns, and not rows, is transposed; 0: unknown.  A
// spectral library says which side is bands and is never transposed.
template <class T>
Table<T> to_table(const Data &data, int64_t rows = 0, const ImageOptions &options = {});

// The image with these of its bands alone, by their positions in it, in this order.
template <class T>
void keep_bands(Image<T> &image, const std::vector<int64_t> &bands);

template <class T>
Image<T> read_image(const std::string &argument, ImageOptions options = {}, Checksum checksum = Checksum::none) {
  options.spend = true;
  return to_image<T>(read_data(argument, checksum), options);
}
template <class T>
Table<T> read_table(const std::string &argument, int64_t rows = 0, Checksum checksum = Checksum::none) {
  return to_table<T>(read_data(argument, checksum), rows);
}

// ---- Writing: to a temporary name, then renamed; an existing file is refused unless `force` ------------------------

void write_file(const fs::path &path, std::string_view bytes, bool force);
// Creates the directory, or refuses one that holds anything unless `force`.
void make_output_directory(const fs::path &directory, bool force, bool dry_run = false);
void refuse_existing(const fs::path &path, bool force);

// The pair `path` + ".hdr" and `path`, f32, band-interleaved by pixel.  `path` ends in .img.
template <class T>
void write_envi(const fs::path &path, const Image<T> &image, bool force);
std::string envi_header(const Image<float> &shape, bool missing);  // of such a raster; missing: it has NaN
// The pair of a spectral library: `path` ends in .sli.
template <class T>
void write_sli(const fs::path &path, const Table<T> &spectra, bool force);
template <class T>
void write_npy(const fs::path &path, const Table<T> &table, bool force);
// With a first column of names where there is one for each row, else of wavelengths where `table.meta` has these.
template <class T>
std::string csv_text(const Table<T> &table);
// The same by and by: the names of the columns where there are any, and row i, whose numbers are `row`; `shape` needs
// no values.
template <class T>
std::string csv_head(const Table<T> &shape);
template <class T>
std::string csv_line(const Table<T> &shape, int64_t i, const T *row);
template <class T>
void write_csv(const fs::path &path, const Table<T> &table, bool force);
// With georeference, band names and NaN as nodata; refused where the build has no GDAL, which can be asked beforehand.
void write_geotiff(const fs::path &path, const Image<float> &image, bool force);
void refuse_geotiff(const fs::path &path);
// By the ending: .sli, .npy or .csv.
template <class T>
void write_table(const fs::path &path, const Table<T> &table, bool force);

// ---- Small things that the formats share ----------------------------------------------------------------------------

std::string read_file(const fs::path &path);       // InputError where it cannot be read
std::string sha256(std::string_view bytes);        // 64 hexadecimal digits, as sha256sum prints them
std::string sha256_of_file(const fs::path &path);  // in pieces, without its bytes in memory
// Text of any bytes in UTF-8, where what is none counts as Latin-1.  For a JSON string, and for a terminal, to which no
// control character goes but the ends of lines and tabs.
std::string json_escaped(std::string_view text);
std::string visible(std::string_view text);
inline std::string text_of(const std::string &s) { return s; }
inline std::string text_of(const char *s) { return s; }
template <class Whole, class = std::enable_if_t<std::is_integral_v<Whole>>>
std::string text_of(Whole n) {
  return std::to_string(n);
}
// The parts one after another: text, and whole numbers in decimals.
template <class... Parts>
std::string cat(const Parts &...parts) {
  return (text_of(parts) + ...);
}
std::string format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
std::string shortest(double value);                      // shortest text that reads back the same, in no locale
std::optional<double> parse_number(std::string_view s);  // the whole of s, blanks aside, in no locale

}  // namespace orthant::tool
