#include "io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <system_error>

#include "parse.hpp"

namespace orthant::tool {

// ---- Elements, numbers, text ----------------------------------------------------------------------------------------

size_t element_size(Element element) {
  switch (element) {
    case Element::u8:
    case Element::i8:
      return 1;
    case Element::u16:
    case Element::i16:
      return 2;
    case Element::u32:
    case Element::i32:
    case Element::f32:
      return 4;
    default:
      return 8;
  }
}

const char *element_name(Element element) {
  constexpr const char *names[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"};
  return names[static_cast<size_t>(element)];
}

std::string format(const char *pattern, ...) {
  va_list list, again;
  va_start(list, pattern);
  va_copy(again, list);
  const int length = std::vsnprintf(nullptr, 0, pattern, list);
  va_end(list);
  std::string text(static_cast<size_t>(std::max(length, 0)), '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  return text;
}

std::string shortest(double value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

bool host_big_endian() {
  const uint16_t one = 1;
  char first;
  std::memcpy(&first, &one, 1);
  return first == 0;
}

std::string_view trim(std::string_view s) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const size_t first = s.find_first_not_of(blanks);
  if (first == s.npos) return {};
  return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char &c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string excerpt(std::string_view s) {
  std::string out;
  for (char c : s.substr(0, 40)) out += c >= ' ' && c != 0x7f ? c : '?';
  if (s.size() > 40) out += "...";
  return out;
}

std::optional<double> parse_number(std::string_view s) {
  s = trim(s);
  const bool plus = !s.empty() && s[0] == '+';  // which from_chars does not know
  if (plus) s.remove_prefix(1);
  if (s.empty() || s[0] == '+' || (plus && s[0] == '-')) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc() || end != s.data() + s.size()) return {};
  return value;
}

bool multiply(int64_t a, int64_t b, int64_t &product) { return !__builtin_mul_overflow(a, b, &product); }

void note(Meta &meta, std::string text) {
  constexpr size_t most = 32;  // a hostile header must not drown the user
  if (meta.notes.size() < most) meta.notes.push_back(std::move(text));
}

double wavelength_scale(Meta &meta, std::string_view unit, const std::vector<double> &wavelength) {
  const std::string u = lower(trim(unit));
  if (u == "micrometers" || u == "micrometer" || u == "microns" || u == "micron" || u == "um" || u == "\xc2\xb5m" ||
      u == "\xce\xbcm") {
    return 1;
  }
  if (u == "nanometers" || u == "nanometer" || u == "nm") return 1e-3;
  if (!u.empty() && u != "unknown") {
    note(meta, "wavelength units '" + excerpt(u) + "' are not understood; the wavelengths are left out");
    return 0;
  }
  // No optical sensor reaches 100 micrometres, and none works below 100 nm.
  const bool nm = !wavelength.empty() && *std::max_element(wavelength.begin(), wavelength.end()) > 100;
  note(meta, std::string("wavelength units are not stated; taken as ") + (nm ? "nanometres" : "micrometres"));
  return nm ? 1e-3 : 1;
}

// ---- Files ----------------------------------------------------------------------------------------------------------

std::string read_file(const fs::path &path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw InputError(path.string() + ": " + std::strerror(errno) + "; check the name");
  struct Close {
    int fd;
    ~Close() { ::close(fd); }
  } close{fd};
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    throw InputError(path.string() + ": is not a regular file; give the name of a data file");
  }
  std::string bytes(static_cast<size_t>(about.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw InputError(path.string() + ": cannot be read: " + std::strerror(errno));
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

namespace {

// A file under a temporary name beside its own; it takes its own name at `commit`, or vanishes.
class OutputFile {
 public:
  OutputFile(fs::path path, bool force) : path_(std::move(path)), force_(force) {
    refuse_existing();
    temporary_ = path_.string() + format(".part-%ld", static_cast<long>(::getpid()));
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd_ < 0) fail();
  }
  ~OutputFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!committed_) ::unlink(temporary_.c_str());
  }
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  void write(const void *data, size_t size) {
    const char *p = static_cast<const char *>(data);
    while (size > 0) {
      const ssize_t n = ::write(fd_, p, size);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail();
      p += n;
      size -= static_cast<size_t>(n);
    }
  }
  void write(std::string_view text) { write(text.data(), text.size()); }

  void commit() {
    const int fd = std::exchange(fd_, -1);
    if (::close(fd) != 0) fail();
    refuse_existing();
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    committed_ = true;
  }

 private:
  void refuse_existing() const {
    std::error_code ignored;
    if (!force_ && fs::exists(fs::symlink_status(path_, ignored))) {
      throw OutputError(path_.string() + ": exists already; choose another name or add --force");
    }
  }
  [[noreturn]] void fail() const { throw OutputError(path_.string() + ": cannot be written: " + std::strerror(errno)); }
  fs::path path_;
  std::string temporary_;
  bool force_, committed_ = false;
  int fd_ = -1;
};

}  // namespace

void write_file(const fs::path &path, std::string_view bytes, bool force) {
  OutputFile file(path, force);
  file.write(bytes);
  file.commit();
}

void refuse_existing(const fs::path &path, bool force) {
  std::error_code ignored;
  if (!force && fs::exists(fs::symlink_status(path, ignored))) {
    throw OutputError(path.string() + ": exists already; choose another name or add --force");
  }
}

void make_output_directory(const fs::path &directory, bool force, bool dry_run) {
  std::error_code error;
  if (fs::exists(directory, error)) {
    if (!fs::is_directory(directory, error)) {
      throw OutputError(directory.string() + ": is a file; give a directory, it will hold several outputs");
    }
    if (!force && !fs::is_empty(directory, error)) {
      throw OutputError(directory.string() + ": exists and is not empty; choose another name or add --force");
    }
    return;
  }
  if (!dry_run && !fs::create_directories(directory, error) && error) {
    throw OutputError(directory.string() + ": cannot be made: " + error.message());
  }
}

// ---- Which format ---------------------------------------------------------------------------------------------------

namespace {

bool is_file(const fs::path &path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// FILE.mat:NAME, and so on for all formats that hold several variables.
std::pair<std::string, std::string> split_variable(const std::string &argument) {
  for (const std::string_view ending : {".mat:", ".npz:", ".nc:", ".nc4:", ".h5:", ".he5:", ".hdf5:"}) {
    const size_t at = lower(argument).rfind(ending);
    if (at == std::string::npos) continue;
    return {argument.substr(0, at + ending.size() - 1), argument.substr(at + ending.size())};
  }
  return {argument, ""};
}

struct EnviPair {
  fs::path header, data;
};

// The pair that either half names; an empty header when the argument is no ENVI file.
EnviPair find_envi(const fs::path &path) {
  if (lower(path.extension().string()) == ".hdr") {
    const fs::path stem = fs::path(path).replace_extension();
    std::string tried;
    for (const char *ending : {"", ".img", ".dat", ".raw", ".bsq", ".bil", ".bip", ".sli"}) {
      fs::path data = stem;
      data += ending;
      if (is_file(data)) return {path, data};
      tried += (tried.empty() ? "" : ", ") + data.filename().string();
    }
    if (!is_file(path)) throw InputError(path.string() + ": No such file or directory; check the name");
    throw InputError(path.string() + ": no data file beside this header; tried " + tried);
  }
  fs::path appended = path;
  appended += ".hdr";
  if (is_file(appended)) return {appended, path};
  const fs::path replaced = fs::path(path).replace_extension(".hdr");
  if (is_file(replaced)) return {replaced, path};
  return {};
}

bool is_text_table(const std::string &ending) {
  return ending == ".csv" || ending == ".txt" || ending == ".tsv" || ending == ".tab";
}
// Formats of one file, which no ENVI header describes even where one lies beside.
bool stands_alone(const std::string &ending) {
  return is_text_table(ending) || ending == ".npy" || ending == ".npz" || ending == ".mtx" || ending == ".gz";
}

bool starts(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }
bool is_matrix_market(std::string_view bytes) { return lower(bytes.substr(0, 14)) == "%%matrixmarket"; }

Data owned(std::string bytes, Data (*parse)(std::string_view, const std::string &), const std::string &name) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  Data data = parse(*owner, name);
  if (!data.owner) data.owner = std::move(owner);
  return data;
}

}  // namespace

fs::path argument_path(const std::string &argument) {
  const fs::path path = split_variable(argument).first;
  if (is_file(path) && lower(path.extension().string()) != ".hdr") return path;
  const EnviPair pair = find_envi(path);
  return pair.header.empty() ? path : pair.data;
}

namespace {

// What else is met, and what to do with it.
[[noreturn]] void refuse_format(std::string_view bytes, const std::string &ending, const std::string &file) {
  std::string what =
      "no reader for '" + (ending.empty() ? "no ending" : ending) +
      "' and no ENVI header beside it; supported: ENVI (.hdr with its data file, .sli), .npy, .npz, .csv, "
      ".txt, .tsv, .mtx, FILE.mat:NAME, IDX (plain or .gz), GeoTIFF, netCDF and HDF5";
  if (starts(bytes, "MATLAB 5.0") || starts(bytes, "MATLAB 7.3")) {
    what = "looks like a MATLAB file; name it with .mat and select a variable, FILE.mat:NAME";
  } else if (starts(bytes, "ENVI")) {
    what = "is an ENVI header; name it with .hdr beside its data file";
  } else if (starts(bytes, "PK\x03\x04") || starts(bytes, "\xd0\xcf\x11\xe0")) {
    what = "is an archive or a workbook; take the file out of it, or save the sheet as CSV";
  }
  throw InputError(file + ": " + what);
}

// What a gzip file holds, by its name without .gz, else by its bytes.
std::string ending_inside(std::string_view whole, const std::string &file) {
  const std::string ending = lower(fs::path(file).stem().extension().string());
  if ((stands_alone(ending) && ending != ".gz") || is_matrix_market(whole) || starts(whole, "\x93NUMPY")) return ending;
  if (whole.find('\0') != whole.npos || starts(whole, "MATLAB") || starts(whole, "ENVI")) {
    throw InputError(file + ": what it holds is not read compressed; decompress it first");
  }
  return ".txt";
}

Data parse_file(std::string bytes, const std::string &ending, const std::string &file, const std::string &variable) {
  if (starts(bytes, "\x1f\x8b")) {
    const bool idx = !is_text_table(ending) && starts(inflate_gzip(bytes, 4, file), std::string_view("\0\0", 2));
    if (idx) return owned(std::move(bytes), parse_idx, file);
    std::string whole = inflate_gzip(bytes, std::string::npos, file);
    if (starts(whole, "\x1f\x8b")) throw InputError(file + ": was compressed twice; decompress it once");
    return parse_file(std::move(whole), ending_inside(whole, file), file, variable);
  }
  for (const std::string_view magic : {"BZh",
                                       "\xfd"
                                       "7zXZ",
                                       "\x28\xb5\x2f\xfd"}) {
    if (starts(bytes, magic)) throw InputError(file + ": is compressed, and only gzip is read; decompress it first");
  }
  if (starts(bytes, "\x93NUMPY") || ending == ".npy") return owned(std::move(bytes), parse_npy, file);
  if (ending == ".npz") return parse_npz(bytes, variable, file);
  if (is_matrix_market(bytes) || ending == ".mtx") return owned(std::move(bytes), parse_matrix_market, file);
  if (starts(bytes, "PK\x03\x04")) refuse_format(bytes, ending, file);
  if (is_text_table(ending)) return owned(std::move(bytes), parse_csv, file);
  if (starts(bytes, std::string_view("\0\0", 2))) return owned(std::move(bytes), parse_idx, file);
  refuse_format(bytes, ending, file);
}

}  // namespace

Data read_data(const std::string &argument) {
  const auto [file, variable] = split_variable(argument);
  const fs::path path = file;
  const std::string ending = lower(path.extension().string());
  Data data;
  if (ending == ".mat") {
    if (!is_file(path)) read_file(path);  // whose error names the cause
    data = read_mat(file, variable);
  } else if (is_file(path) && is_for_gdal(path, ending)) {
    data = read_gdal(file, variable);
  } else if (!stands_alone(ending) && !find_envi(path).header.empty()) {
    const EnviPair pair = find_envi(path);
    auto owner = std::make_shared<const std::string>(read_file(pair.data));
    data = parse_envi(read_file(pair.header), *owner, pair.header.string());
    data.owner = std::move(owner);
  } else {
    data = parse_file(read_file(path), ending, file, variable);
  }
  data.meta.source = argument;
  return data;
}

// ---- Gathering ------------------------------------------------------------------------------------------------------

namespace {

template <class S>
double load(const char *p, bool swap) {
  char raw[sizeof(S)];
  std::memcpy(raw, p, sizeof(S));
  if (swap) std::reverse(raw, raw + sizeof(S));
  S value;
  std::memcpy(&value, raw, sizeof(S));
  return static_cast<double>(value);
}

// dst[b + bands*p] = convert(source at kept[b]*band_stride + offset(p)), tiled so that any interleave reads each cache
// line once while it is at hand.
template <class S, class T, class Convert>
void gather(const Data &data, const std::vector<int64_t> &kept, int64_t band_stride, Extent lines, Extent samples,
            T *dst, Convert convert) {
  const bool swap = data.big_endian != host_big_endian();
  const auto bands = static_cast<int64_t>(kept.size());
  constexpr int64_t line_tile = 4, sample_tile = 64;
  for (int64_t l0 = 0; l0 < lines.count; l0 += line_tile) {
    for (int64_t s0 = 0; s0 < samples.count; s0 += sample_tile) {
      for (int64_t b = 0; b < bands; ++b) {
        for (int64_t l = l0; l < std::min(l0 + line_tile, lines.count); ++l) {
          for (int64_t s = s0; s < std::min(s0 + sample_tile, samples.count); ++s) {
            const int64_t at = kept[static_cast<size_t>(b)] * band_stride + l * lines.stride + s * samples.stride;
            const double v = load<S>(data.bytes.data() + static_cast<size_t>(at) * sizeof(S), swap);
            dst[b + bands * (s + samples.count * l)] = static_cast<T>(convert(v, kept[static_cast<size_t>(b)]));
          }
        }
      }
    }
  }
}

template <class T, class Convert>
void gather_any(const Data &data, const std::vector<int64_t> &kept, int64_t band_stride, Extent lines, Extent samples,
                T *dst, Convert convert) {
  switch (data.element) {
    case Element::u8:
      return gather<uint8_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::i8:
      return gather<int8_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::u16:
      return gather<uint16_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::i16:
      return gather<int16_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::u32:
      return gather<uint32_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::i32:
      return gather<int32_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::u64:
      return gather<uint64_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::i64:
      return gather<int64_t>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::f32:
      return gather<float>(data, kept, band_stride, lines, samples, dst, convert);
    case Element::f64:
      return gather<double>(data, kept, band_stride, lines, samples, dst, convert);
  }
}

// Gathers with what the header asks for: ignore value, gain and offset, scale factor.
template <class T>
std::vector<T> converted(const Data &data, const std::vector<int64_t> &kept, int64_t band_stride, Extent lines,
                         Extent samples, const ImageOptions &options, Meta &meta, bool &whole) {
  std::vector<T> values(kept.size() * static_cast<size_t>(lines.count * samples.count));
  const bool gain = options.scale && !data.gain.empty(), offset = options.scale && !data.offset.empty();
  const double divide = options.scale && data.scale_factor != 0 ? data.scale_factor : 1;
  const bool ignoring = options.ignore && data.ignore.has_value();
  const double ignore = ignoring ? *data.ignore : 0;
  int64_t missing = 0;
  bool all_whole = true;
  gather_any(data, kept, band_stride, lines, samples, values.data(), [&](double v, int64_t band) {
    if (ignoring && v == ignore) {
      ++missing;
      return std::numeric_limits<double>::quiet_NaN();
    }
    all_whole = all_whole && (std::isnan(v) || v == std::floor(v));
    if (gain) v *= data.gain[static_cast<size_t>(band)];
    if (offset) v += data.offset[static_cast<size_t>(band)];
    return v / divide;
  });
  if (gain || offset) note(meta, "data gain and offset values applied");
  if (divide != 1) note(meta, "divided by the reflectance scale factor " + shortest(divide));
  if (missing > 0) {
    note(meta, cat(missing, " values equal the data ignore value ", shortest(ignore), " and count as missing"));
  }
  whole = all_whole && !gain && !offset && divide == 1;
  return values;
}

template <class U>
std::vector<U> chosen(const std::vector<U> &all, const std::vector<int64_t> &kept) {
  std::vector<U> out;
  for (int64_t k : kept) {
    if (static_cast<size_t>(k) < all.size()) out.push_back(all[static_cast<size_t>(k)]);
  }
  return out;
}

std::vector<int64_t> good_bands(const Data &data, int64_t bands, bool apply, Meta &meta) {
  std::vector<int64_t> kept;
  for (int64_t b = 0; b < bands; ++b) {
    if (!apply || data.good.empty() || data.good[static_cast<size_t>(b)] != 0) kept.push_back(b);
  }
  if (kept.empty()) throw InputError(meta.source + ": the bad band list leaves no band; see --keep-bad-bands");
  if (static_cast<int64_t>(kept.size()) < bands) {
    note(meta, cat(bands - static_cast<int64_t>(kept.size()), " of ", bands, " bands left out by the bad band list"));
  }
  return kept;
}

// Sparse data with every zero written out.
Data in_full(Data data) {
  const int64_t rows = data.axis[0].count, cols = data.axis[1].count;
  constexpr int64_t most = int64_t{1} << 28;
  int64_t n = 0;
  if (!multiply(rows, cols, n) || n > most) {
    throw InputError(cat(data.meta.source, ": is sparse, and its ", rows, " x ", cols,
                         " entries are too many to write out; nmf and relu-nmd take it as it is"));
  }
  std::vector<double> full(static_cast<size_t>(n));
  for (int64_t j = 0; j < cols; ++j) {
    for (int32_t t = data.sparse->starts[static_cast<size_t>(j)]; t < data.sparse->starts[static_cast<size_t>(j) + 1];
         ++t) {
      const auto at = static_cast<size_t>(t);
      full[static_cast<size_t>(data.sparse->indices[at] + rows * j)] = data.sparse->values[at];
    }
  }
  data.owner =
      std::make_shared<const std::string>(reinterpret_cast<const char *>(full.data()), full.size() * sizeof(double));
  data.bytes = *data.owner;
  data.sparse = nullptr;
  note(data.meta, "the sparse matrix was written out in full");
  return data;
}

void choose_names(const Data &data, int64_t count, std::vector<std::string> &names) {
  for (const auto &list : data.name_lists) {
    if (static_cast<int64_t>(list.size()) == count) {
      names = list;
      return;
    }
  }
}

// Where the bands and pixels of an image are in the data.
struct Placed {
  Extent bands, lines, samples;
};

Placed place_raster(const Data &data, const ImageOptions &options) {
  const Placed p{data.axis[0], data.axis[1], data.axis[2]};
  if (options.lines != 0 && (options.lines != p.lines.count || options.samples != p.samples.count)) {
    throw InputError(cat(data.meta.source, ": states ", p.lines.count, " lines and ", p.samples.count,
                         " samples; leave --shape out"));
  }
  return p;
}

// Whether rows hold the pixels: by the shape, then by the number of bands, then as is usual for the format.
// pixels: lines times samples; 0: not known, -1: more than any file holds.
bool rows_are_pixels(const Data &data, const ImageOptions &options, int64_t pixels) {
  const int64_t rows = data.axis[0].count, cols = data.axis[1].count;
  if (pixels != 0 && (pixels == rows) != (pixels == cols)) return pixels == rows;
  if (options.bands != 0 && (options.bands == rows) != (options.bands == cols)) return options.bands == cols;
  return data.pixels_first;
}

// A plain matrix, by the options or by what the file states of its shape; unshaped: one line.
Placed place_matrix(const Data &data, ImageOptions options, Meta &meta, bool &shaped) {
  const int64_t rows = data.axis[0].count, cols = data.axis[1].count;
  int64_t want = 0;
  if (options.lines == 0 && multiply(data.lines, data.samples, want) && want > 0 && (want == rows || want == cols)) {
    options.lines = data.lines;
    options.samples = data.samples;
    note(meta, cat("the file itself states ", options.lines, " lines and ", options.samples, " samples"));
  }
  if (!multiply(options.lines, options.samples, want)) want = -1;
  if (want != 0 && want != rows && want != cols) {
    throw InputError(cat(data.meta.source, ": holds ", rows, " x ", cols, " numbers, and neither side is ",
                         options.lines, " lines times ", options.samples, " samples; correct --shape LINESxSAMPLES"));
  }
  shaped = want != 0;
  const bool pixels_first = rows_are_pixels(data, options, want);
  const Extent pixels = data.axis[pixels_first ? 0 : 1];
  Placed p;
  p.bands = data.axis[pixels_first ? 1 : 0];
  p.lines.count = shaped ? options.lines : 1;
  p.samples.count = shaped ? options.samples : pixels.count;
  const bool line_fastest =
      options.order == PixelOrder::by_format ? data.line_fastest : options.order == PixelOrder::column;
  p.lines.stride = line_fastest ? pixels.stride : pixels.stride * p.samples.count;
  p.samples.stride = line_fastest ? pixels.stride * p.lines.count : pixels.stride;
  return p;
}

}  // namespace

template <class T>
Image<T> to_image(const Data &data, const ImageOptions &options) {
  if (data.sparse) return to_image<T>(in_full(data), options);
  const std::string &name = data.meta.source;
  if (data.spectra) {
    throw InputError(name + ": is a spectral library, not an image; an image has lines, samples and bands");
  }
  Image<T> image;
  image.meta = data.meta;
  Placed p;
  if (data.raster) {
    p = place_raster(data, options);
  } else {
    p = place_matrix(data, options, image.meta, image.shaped);
    const bool in_rows = p.bands.stride == data.axis[0].stride && p.bands.count == data.axis[0].count;
    image.meta.band_names = data.side_names[in_rows ? 0 : 1];
    if (image.meta.band_names.empty()) choose_names(data, p.bands.count, image.meta.band_names);
  }
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  int64_t pixels = 0;
  if (p.bands.count > most || !multiply(p.lines.count, p.samples.count, pixels) || pixels > most) {
    throw InputError(name + ": more than 2147483647 bands or pixels; cut the image into parts");
  }
  image.kept_bands = good_bands(data, p.bands.count, options.bad_bands, image.meta);
  image.file_bands = p.bands.count;
  image.bands = static_cast<int64_t>(image.kept_bands.size());
  image.lines = p.lines.count;
  image.samples = p.samples.count;
  image.values =
      converted<T>(data, image.kept_bands, p.bands.stride, p.lines, p.samples, options, image.meta, image.whole);
  image.meta.wavelength = chosen(image.meta.wavelength, image.kept_bands);
  image.meta.fwhm = chosen(image.meta.fwhm, image.kept_bands);
  image.meta.band_names = chosen(image.meta.band_names, image.kept_bands);
  return image;
}

template <class T>
Table<T> to_table(const Data &data, int64_t rows_wanted) {
  if (data.sparse) return to_table<T>(in_full(data), rows_wanted);
  Table<T> table;
  if (data.raster) {
    Image<T> image = to_image<T>(data, {});
    table.rows = image.bands;
    table.cols = image.pixels();
    table.values = std::move(image.values);
    table.meta = std::move(image.meta);
    table.whole = image.whole;
    return table;
  }
  table.meta = data.meta;
  Extent rows = data.axis[0], cols = data.axis[1];
  const bool over = rows_wanted != 0 && rows.count != rows_wanted && cols.count == rows_wanted;
  if (over) std::swap(rows, cols);
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (rows.count > most || cols.count > most) {
    throw InputError(data.meta.source + ": more than 2147483647 rows or columns");
  }
  table.rows = rows.count;
  table.cols = cols.count;
  std::vector<int64_t> kept(static_cast<size_t>(rows.count));
  for (size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<int64_t>(i);
  table.values = converted<T>(data, kept, rows.stride, {1, 0}, cols, {}, table.meta, table.whole);
  table.row_names = data.side_names[over ? 1 : 0];
  table.names = data.side_names[over ? 0 : 1];
  if (table.names.empty()) choose_names(data, table.cols, table.names);
  return table;
}

template Image<float> to_image(const Data &, const ImageOptions &);
template Image<double> to_image(const Data &, const ImageOptions &);
template Table<float> to_table(const Data &, int64_t);
template Table<double> to_table(const Data &, int64_t);

// ---- Writing --------------------------------------------------------------------------------------------------------

namespace {

// A value inside braces must not close them, nor split the list.
std::string inside_braces(std::string text, bool item) {
  for (char &c : text) {
    if (c == '{') c = '(';
    if (c == '}') c = ')';
    if (c == '\n' || c == '\r') c = ' ';
    if (item && c == ',') c = ';';
  }
  return text;
}

template <class U, class Text>
std::string braces(const std::vector<U> &list, Text text) {
  std::string out = "{";
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ",";
    out += (i % 8 == 0 ? "\n  " : " ") + text(list[i]);
  }
  return out + "}";
}

std::string name_list(const std::vector<std::string> &names) {
  return braces(names, [](const std::string &s) { return inside_braces(s, true); });
}

std::string envi_head(const Meta &meta) {
  return "ENVI\ndescription = {" + inside_braces(meta.description, false) + "}\n";
}

std::string envi_wavelength(const Meta &meta, int64_t bands) {
  if (static_cast<int64_t>(meta.wavelength.size()) != bands) return "";
  return "wavelength units = Micrometers\nwavelength = " + braces(meta.wavelength, shortest) + "\n" +
         (static_cast<int64_t>(meta.fwhm.size()) == bands ? "fwhm = " + braces(meta.fwhm, shortest) + "\n" : "");
}

fs::path header_of(const fs::path &path) { return path.string() + ".hdr"; }

// The data before the header: a header stands only beside data that are complete.
template <class T>
void write_pair(const fs::path &path, const T *values, size_t count, const std::string &header, bool force) {
  refuse_existing(header_of(path), force);
  OutputFile data(path, force);
  data.write(values, count * sizeof(T));
  data.commit();
  write_file(header_of(path), header, force);
}

std::string element_lines(int type) {
  return cat("header offset = 0\ndata type = ", type, "\nbyte order = ", host_big_endian() ? 1 : 0, "\n");
}

template <class T>
std::vector<std::string> names_or_numbers(const Table<T> &table) {
  std::vector<std::string> names = table.names;
  for (auto i = static_cast<int64_t>(names.size()); i < table.cols; ++i) {
    names.push_back(cat("e", i + 1));
  }
  return names;
}

// Quoted where it must be, and where it would read as a number.
std::string csv_name(const std::string &name) {
  const bool plain = name.find_first_of(",;\"\t\r\n #") == std::string::npos && !parse_number(name);
  if (plain) return name;
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += c;
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + '"';
}

}  // namespace

template <class T>
void write_envi(const fs::path &path, const Image<T> &image, bool force) {
  bool missing = false;
  for (T v : image.values) missing = missing || std::isnan(v);
  std::string header = envi_head(image.meta);
  header += cat("samples = ", image.samples, "\nlines = ", image.lines, "\nbands = ", image.bands, "\n");
  header += "file type = ENVI Standard\ninterleave = bip\n" + element_lines(4);
  if (missing) header += "data ignore value = nan\n";
  if (!image.meta.band_names.empty()) header += "band names = " + name_list(image.meta.band_names) + "\n";
  header += envi_wavelength(image.meta, image.bands);
  for (const auto &[key, value] : image.meta.carried) header += key + " = " + value + "\n";
  if constexpr (std::is_same_v<T, float>) {
    write_pair(path, image.values.data(), image.values.size(), header, force);
  } else {
    const std::vector<float> narrow(image.values.begin(), image.values.end());
    write_pair(path, narrow.data(), narrow.size(), header, force);
  }
}

template <class T>
void write_sli(const fs::path &path, const Table<T> &table, bool force) {
  std::string header = envi_head(table.meta);
  header += cat("samples = ", table.rows, "\nlines = ", table.cols, "\nbands = 1\n");
  header += "file type = ENVI Spectral Library\ninterleave = bsq\n" + element_lines(sizeof(T) == 4 ? 4 : 5);
  header += "spectra names = " + name_list(names_or_numbers(table)) + "\n";
  header += envi_wavelength(table.meta, table.rows);
  write_pair(path, table.values.data(), table.values.size(), header, force);
}

template <class T>
void write_npy(const fs::path &path, const Table<T> &table, bool force) {
  std::string dict = cat("{'descr': '", host_big_endian() ? ">" : "<", "f", sizeof(T),
                         "', 'fortran_order': True, 'shape': (", table.rows, ", ", table.cols, "), }");
  const size_t before = 10;  // magic, version, length
  dict.append(63 - (before + dict.size()) % 64, ' ');
  dict += '\n';
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(dict.size() & 0xff);
  head += static_cast<char>(dict.size() >> 8);
  OutputFile file(path, force);
  file.write(head + dict);
  file.write(table.values.data(), table.values.size() * sizeof(T));
  file.commit();
}

template <class T>
void write_csv(const fs::path &path, const Table<T> &table, bool force) {
  const bool named = !table.row_names.empty() && static_cast<int64_t>(table.row_names.size()) == table.rows;
  const bool wavelength = !named && static_cast<int64_t>(table.meta.wavelength.size()) == table.rows && table.rows > 0;
  const bool labelled = named || wavelength;
  std::string text;
  const auto cell = [&](const std::string &s, bool first) {
    if (!first) text += ',';
    text += s;
  };
  if (labelled || !table.names.empty()) {
    if (wavelength) text += "wavelength";
    const std::vector<std::string> names = names_or_numbers(table);
    for (size_t j = 0; j < names.size(); ++j) cell(csv_name(names[j]), j == 0 && !labelled);
    text += '\n';
  }
  for (int64_t i = 0; i < table.rows; ++i) {
    if (wavelength) text += shortest(table.meta.wavelength[static_cast<size_t>(i)]);
    if (named) text += csv_name(table.row_names[static_cast<size_t>(i)]);
    for (int64_t j = 0; j < table.cols; ++j) {
      char buffer[40];
      const T v = table(i, j);
      // Empty means missing; of a lone column it would be an empty line, so there it is spelled out.
      std::string_view s(buffer, static_cast<size_t>(std::to_chars(buffer, buffer + sizeof buffer, v).ptr - buffer));
      cell(std::isnan(v) ? (table.cols == 1 && !labelled ? "nan" : "") : std::string(s), j == 0 && !labelled);
    }
    text += '\n';
  }
  write_file(path, text, force);
}

template <class T>
void write_table(const fs::path &path, const Table<T> &table, bool force) {
  const std::string ending = lower(path.extension().string());
  if (ending == ".sli") return write_sli(path, table, force);
  if (ending == ".npy") return write_npy(path, table, force);
  if (ending == ".csv") return write_csv(path, table, force);
  throw OutputError(path.string() + ": the ending tells the format; use .sli, .csv or .npy");
}

template void write_envi(const fs::path &, const Image<float> &, bool);
template void write_envi(const fs::path &, const Image<double> &, bool);
template void write_sli(const fs::path &, const Table<float> &, bool);
template void write_sli(const fs::path &, const Table<double> &, bool);
template void write_npy(const fs::path &, const Table<float> &, bool);
template void write_npy(const fs::path &, const Table<double> &, bool);
template void write_csv(const fs::path &, const Table<float> &, bool);
template void write_csv(const fs::path &, const Table<double> &, bool);
template void write_table(const fs::path &, const Table<float> &, bool);
template void write_table(const fs::path &, const Table<double> &, bool);

}  // namespace orthant::tool
