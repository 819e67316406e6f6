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
#include <cstdlib>
#include <cstring>
#include <limits>
#include <system_error>

#include "columns.hpp"
#include "outputs.hpp"
#include "parse.hpp"
#include "rasters.hpp"

namespace orthant::tool {

// ---- Elements, numbers, text ----------------------------------------------------------------------------------------

size_t element_size(Element element) {
  return as_element(element, [](auto zero) { return sizeof zero; });
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

namespace {

// The whole of s, not empty and without a plus in front.
#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 200000  // whose from_chars knows integers alone
std::optional<double> whole_number(std::string_view s) {
  const std::string text(s);
  if (text.find_first_of("xX \t\r\n\f\v") != text.npos) return {};  // strtod takes hexadecimal digits and blanks
  char *end = nullptr;
  errno = 0;
  const double value = std::strtod(text.c_str(), &end);
  const bool out_of_range = errno == ERANGE && (value == 0 || std::isinf(value));
  if (out_of_range || end != text.c_str() + text.size()) return {};
  return value;
}
#else
std::optional<double> whole_number(std::string_view s) {
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc() || end != s.data() + s.size()) return {};
  return value;
}
#endif

}  // namespace

std::optional<double> parse_number(std::string_view s) {
  s = trim(s);
  const bool plus = !s.empty() && s[0] == '+';  // which from_chars does not know
  if (plus) s.remove_prefix(1);
  if (s.empty() || s[0] == '+' || (plus && s[0] == '-')) return {};
  return whole_number(s);
}

bool multiply(int64_t a, int64_t b, int64_t &product) { return !__builtin_mul_overflow(a, b, &product); }

namespace {

void add_sentence(std::vector<std::string> &sentences, std::string text) {
  constexpr size_t most = 32;  // a hostile header must not drown the user
  if (sentences.size() < most) sentences.push_back(std::move(text));
}

}  // namespace

void note(Meta &meta, std::string text) { add_sentence(meta.notes, std::move(text)); }
void caution(Meta &meta, std::string text) { add_sentence(meta.warnings, std::move(text)); }
void doubt(Meta &meta, std::string text) {
  const size_t before = meta.notes.size();
  note(meta, text);
  if (meta.notes.size() > before) meta.doubts.push_back(std::move(text));
}

double wavelength_scale(Meta &meta, std::string_view unit, const std::vector<double> &wavelength) {
  constexpr std::string_view micrometres[] = {"micrometers", "micrometer", "micrometres", "micrometre", "microns",
                                              "micron",      "micro",      "um",          "\xc2\xb5m",  "\xce\xbcm"};
  constexpr std::string_view nanometres[] = {"nanometers", "nanometer", "nanometres", "nanometre", "nano", "nm"};
  const std::string u = lower(trim(unit));
  const auto among = [&](const auto &names) {
    return std::find(std::begin(names), std::end(names), u) != std::end(names);
  };
  const bool micro = among(micrometres), nano = among(nanometres);
  if (!micro && !nano && !u.empty() && u != "unknown") {
    doubt(meta, "wavelength units '" + excerpt(u) + "' are not understood; the wavelengths are left out");
    return 0;
  }
  double longest = 0;
  for (const double w : wavelength) longest = std::isfinite(w) ? std::max(longest, w) : longest;
  // No optical sensor reaches 100 micrometres, and none works below 100 nm.
  const bool nm = longest > 0 ? longest > 100 : nano;
  const std::string taken = nm ? "nanometres" : "micrometres";
  if (!micro && !nano)
    doubt(meta, "wavelength units are not stated; taken as " + taken);
  else if (nm != nano)
    doubt(meta, cat("wavelengths up to ", shortest(longest), " cannot be '", u, "'; taken as ", taken));
  return nm ? 1e-3 : 1;
}

// ---- Files ----------------------------------------------------------------------------------------------------------

namespace {

// All that comes, `expected` bytes where that is known.
std::string read_all(int fd, size_t expected, const std::string &name) {
  std::string bytes(expected, '\0');
  for (size_t done = 0;;) {
    if (done == bytes.size()) {
      if (expected > 0) return bytes;
      bytes.resize(std::max<size_t>(size_t{1} << 16, 2 * bytes.size()));
    }
    const ssize_t n = ::read(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw InputError(name + ": cannot be read: " + std::strerror(errno));
    done += static_cast<size_t>(std::max<ssize_t>(n, 0));
    if (n > 0) continue;
    bytes.resize(done);
    return bytes;
  }
}

}  // namespace

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
  return about.st_size == 0 ? std::string() : read_all(fd, static_cast<size_t>(about.st_size), path.string());
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
  fs::path header, data;  // data: empty where the header stands alone
  std::string note;
};

// The files beside `path`, with it; in order of their names, for the choice not to depend on the directory's.
std::vector<fs::path> neighbours(const fs::path &path) {
  std::vector<fs::path> files;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (is_file(at->path())) files.push_back(path.has_parent_path() ? at->path() : at->path().filename());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The file of this name, or of this name but for upper and lower case; empty: none.
fs::path in_any_case(const fs::path &path) {
  if (is_file(path)) return path;
  const std::string wanted = lower(path.filename().string());
  for (const fs::path &file : neighbours(path)) {
    if (lower(file.filename().string()) == wanted) return file;
  }
  return {};
}

struct Candidate {
  fs::path file;
  int64_t bytes;
  bool usual;  // an ending that data files have
};

// What may hold the numbers of a header: the usual endings first, then any other but those of text and pictures.
std::vector<Candidate> candidates(const fs::path &header) {
  constexpr std::string_view usual[] = {"", ".img", ".dat", ".raw", ".bsq", ".bil", ".bip", ".sli"};
  constexpr std::string_view never[] = {".hdr", ".txt",  ".csv", ".tsv", ".xml", ".json", ".md",
                                        ".enp", ".sta",  ".prj", ".png", ".jpg", ".jpeg", ".pdf",
                                        ".ovr", ".html", ".kml", ".roi", ".log"};
  const std::string exact = fs::path(header).replace_extension().filename().string(), stem = lower(exact);
  std::vector<std::pair<size_t, Candidate>> found;
  for (const fs::path &file : neighbours(header)) {
    const std::string name = file.filename().string(), low = lower(name);
    if (low.rfind(stem, 0) != 0) continue;
    const std::string ending = low.substr(stem.size());
    const bool other = !ending.empty() && ending.find('.', 1) == ending.npos && ending[0] == '.';
    const auto at = static_cast<size_t>(std::find(std::begin(usual), std::end(usual), ending) - std::begin(usual));
    const bool is_usual = at < std::size(usual);
    if (!is_usual && (!other || std::find(std::begin(never), std::end(never), ending) != std::end(never))) continue;
    std::error_code ignored;
    const auto bytes = static_cast<int64_t>(fs::file_size(file, ignored));
    // Of two names that differ by case alone, the one that is spelled as the header is.
    found.push_back({2 * at + (name.rfind(exact, 0) != 0), {file, ignored ? 0 : bytes, is_usual}});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  std::vector<Candidate> out;
  for (auto &entry : found) out.push_back(std::move(entry.second));
  return out;
}

// The data file of a header: the one of the size that the header asks for, else a larger one, else the first.
EnviPair find_data(const fs::path &header) {
  const std::vector<Candidate> all = candidates(header);
  if (all.empty()) return {header, {}, ""};
  if (all.size() == 1 && all[0].usual) return {header, all[0].file, ""};
  const int64_t needed = parse_envi_header(read_file(header), header.string()).bytes_needed;
  const auto first = [&](auto &&fits) { return std::find_if(all.begin(), all.end(), fits); };
  auto chosen = first([&](const Candidate &c) { return c.bytes == needed; });
  if (chosen == all.end()) chosen = first([&](const Candidate &c) { return c.usual && c.bytes > needed; });
  if (chosen == all.end()) chosen = first([&](const Candidate &c) { return c.usual; });
  std::string others;
  for (const Candidate &c : all) {
    if (chosen == all.end() || &c != &*chosen)
      others += cat(others.empty() ? "" : ", ", c.file.filename().string(), " (", c.bytes, " bytes)");
  }
  if (chosen == all.end()) {
    throw InputError(cat(header.string(), ": the header asks for ", needed, " bytes; beside it: ", others,
                         "; give the data file itself if it is one of these"));
  }
  if (others.empty()) return {header, chosen->file, ""};
  return {header, chosen->file,
          cat("the data were taken from ", chosen->file.filename().string(), " (", chosen->bytes,
              " bytes, the header asks for ", needed, "), not from ", others)};
}

// The pair that either half names; an empty header when the argument is no ENVI file.
EnviPair find_envi(const fs::path &path) {
  if (lower(path.extension().string()) == ".hdr") {
    if (!is_file(path)) throw InputError(path.string() + ": No such file or directory; check the name");
    return find_data(path);
  }
  fs::path appended = path;
  appended += ".hdr";
  if (is_file(appended)) return {appended, path, ""};
  for (const fs::path &name : {fs::path(path).replace_extension(".hdr"), appended}) {
    if (const fs::path header = in_any_case(name); !header.empty()) return {header, path, ""};
  }
  return {};
}

[[noreturn]] void refuse_lone_header(const fs::path &header) {
  const std::string stem = fs::path(header).replace_extension().filename().string();
  throw InputError(cat(header.string(), ": no data file beside this header; tried ", stem, ", ", stem, ".img, .dat, ",
                       ".raw, .bsq, .bil, .bip, .sli and other endings; give the data file itself"));
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

Data owned(std::string bytes, Data (*parse)(std::string_view, const std::string &), const std::string &name,
           Checksum checksum = Checksum::none) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  Data data = parse(*owner, name);
  if (checksum == Checksum::sha256) data.meta.sha256 = sha256(*owner);
  if (!data.owner) data.owner = std::move(owner);
  return data;
}

// What has no name is known by how it begins; all else is a text table.
Data read_standard_input(Checksum checksum) {
  static bool taken = false;
  if (std::exchange(taken, true)) throw InputError("-: standard input can be read once; give the name of a file");
  std::string bytes = read_all(STDIN_FILENO, 0, "-");
  if (bytes.empty()) throw InputError("-: standard input is empty");
  auto *parse = parse_csv;
  if (starts(bytes, "\x93NUMPY")) parse = parse_npy;
  if (starts(bytes, "\x1f\x8b") || starts(bytes, std::string_view("\0\0", 2))) parse = parse_idx;
  if (starts(bytes, "MATLAB") || starts(bytes, "\x89HDF") || starts(bytes, "ENVI")) {
    throw InputError("-: standard input may hold .npy, a text table or IDX; MATLAB and ENVI files are read by name");
  }
  return owned(std::move(bytes), parse, "-", checksum);
}

}  // namespace

fs::path argument_path(const std::string &argument) {
  const fs::path path = split_variable(argument).first;
  if (is_file(path) && lower(path.extension().string()) != ".hdr") return path;
  const EnviPair pair = find_envi(path);
  if (pair.header.empty()) return path;
  return pair.data.empty() ? pair.header : pair.data;
}

const char *foreign_format(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, const char *> magics[] = {{"II*\0"sv, "TIFF"},
                                                                  {"MM\0*"sv, "TIFF"},
                                                                  {"II+\0"sv, "BigTIFF"},
                                                                  {"MM\0+"sv, "BigTIFF"},
                                                                  {"CDF\1"sv, "netCDF"},
                                                                  {"CDF\2"sv, "netCDF"},
                                                                  {"CDF\5"sv, "netCDF"},
                                                                  {"\x89HDF\r\n"sv, "HDF5"},
                                                                  {"\x0e\x03\x13\x01"sv, "HDF4"},
                                                                  {"\x89PNG\r\n"sv, "PNG"},
                                                                  {"\xff\xd8\xff\xe0"sv, "JPEG"},
                                                                  {"\xff\xd8\xff\xe1"sv, "JPEG"},
                                                                  {"\0\0\0\x0cjP  "sv, "JPEG 2000"},
                                                                  {"PK\3\4"sv, "ZIP"},
                                                                  {"\x1f\x8b\x08"sv, "gzip"},
                                                                  {"BZh"sv, "bzip2"},
                                                                  {"\xfd"
                                                                   "7zXZ"sv,
                                                                   "xz"},
                                                                  {"\x28\xb5\x2f\xfd"sv, "zstd"},
                                                                  {"%PDF"sv, "PDF"},
                                                                  {"\x93NUMPY"sv, "NumPy"},
                                                                  {"MATLAB 5.0"sv, "MATLAB"}};
  for (const auto &[magic, name] : magics) {
    if (bytes.substr(0, magic.size()) == magic) return name;
  }
  return nullptr;
}

namespace {

// Numbers may begin with any bytes; in a file of just the size of the header, three do not make it another format.
void refuse_foreign(const Data &data, const EnviPair &pair, std::string_view head, int64_t bytes) {
  const char *format = foreign_format(head);
  const bool short_magic = format && (head[0] == '\x1f' || head[0] == 'B');
  if (!format || (short_magic && bytes == data.bytes_needed)) return;
  throw InputError(cat(pair.data.string(), ": is a ", format, " file, not the raw numbers that ",
                       pair.header.filename().string(), " describes; convert it to ENVI (gdal_translate -of ENVI), or ",
                       "unpack it"));
}

Data read_envi(const EnviPair &pair, Checksum checksum) {
  if (pair.data.empty()) refuse_lone_header(pair.header);
  const std::string header = read_file(pair.header), name = pair.header.string();
  auto file = std::make_shared<NumberFile>(pair.data);
  refuse_foreign(parse_envi_header(header, name), pair, file->head(512), file->bytes());
  Data data = parse_envi(header, file->bytes(), name);
  data.file = std::move(file);
  data.file_hash = checksum == Checksum::sha256;
  if (!pair.note.empty()) note(data.meta, pair.note);
  return data;
}

// A NumPy array; nothing where the file is none.
std::optional<Data> read_npy(const fs::path &path, Checksum checksum) {
  if (!is_file(path)) return {};
  auto file = std::make_shared<NumberFile>(path);
  const std::string begin = file->head(12);
  if (!starts(begin, "\x93NUMPY")) return {};
  Data data = parse_npy(file->head(npy_head_bytes(begin)), file->bytes(), path.string());
  data.file = std::move(file);
  data.file_hash = checksum == Checksum::sha256;
  return data;
}

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

std::optional<Data> read_lone_header(const std::string &argument) {
  if (lower(fs::path(argument).extension().string()) != ".hdr") return {};
  const EnviPair pair = find_envi(argument);
  if (!pair.data.empty()) return {};
  Data data = parse_envi_header(read_file(pair.header), argument);
  caution(data.meta, "no data file beside this header");
  return data;
}

Data read_data(const std::string &argument, Checksum checksum) {
  if (argument == "-") {
    Data data = read_standard_input(checksum);
    data.meta.source = argument;
    return data;
  }
  const auto [file, variable] = split_variable(argument);
  const fs::path path = file;
  const std::string ending = lower(path.extension().string());
  const EnviPair pair = stands_alone(ending) || ending == ".mat" ? EnviPair{} : find_envi(path);
  Data data;
  if (ending == ".mat") {
    if (!is_file(path)) read_file(path);  // whose error names the cause
    data = read_mat(file, variable);
    if (checksum == Checksum::sha256) data.meta.sha256 = sha256_of_file(path);  // which matio read by itself
  } else if (is_file(path) && is_for_gdal(path, ending, !pair.header.empty())) {
    data = read_gdal(file, variable);
    if (checksum == Checksum::sha256) data.meta.sha256 = sha256_of_file(path);  // as GDAL
  } else if (!pair.header.empty()) {
    data = read_envi(pair, checksum);
  } else if (std::optional<Data> array = read_npy(path, checksum)) {
    data = std::move(*array);
  } else {
    std::string bytes = read_file(path);
    const std::string sum = checksum == Checksum::sha256 ? sha256(bytes) : "";
    data = parse_file(std::move(bytes), ending, file, variable);
    data.meta.sha256 = sum;
  }
  data.meta.source = argument;
  return data;
}

// ---- Gathering ------------------------------------------------------------------------------------------------------

namespace {

// The values that mean missing: the header's, and the user's.
std::vector<Ignored> ignored_of(const Data &data, const ImageOptions &options, Meta &meta) {
  std::vector<double> stated = options.ignored;
  if (options.ignore && data.ignore) stated.push_back(*data.ignore);
  std::vector<Ignored> out;
  for (const double v : stated) {
    if (std::isnan(v)) continue;  // NaN is missing in any case
    out.emplace_back(v, data.element);
    if (!out.back().fits(data.element)) {
      note(meta, cat("the ignore value ", shortest(v), " cannot occur in ", element_name(data.element), " data"));
    }
  }
  return out;
}

void note_missing(const std::vector<Ignored> &ignored, const Tally &tally, Meta &meta) {
  for (size_t k = 0; k < ignored.size(); ++k) {
    if (tally.missing[k] > 0) {
      note(meta, cat(tally.missing[k], " values equal the data ignore value ", shortest(ignored[k].stated()),
                     " and count as missing"));
    }
  }
}

// Of what `correct` of a source does.
void note_corrections(const Data &data, bool apply, Meta &meta) {
  if (!apply) return;
  if (!data.gain.empty() || !data.offset.empty()) note(meta, "data gain and offset values applied");
  if (data.scale_factor != 0 && data.scale_factor != 1) {
    note(meta, "divided by the reflectance scale factor " + shortest(data.scale_factor));
  }
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

}  // namespace

Sparse transposed(const Sparse &A, int64_t rows) {
  Sparse out;
  out.starts.assign(static_cast<size_t>(rows) + 1, 0);
  for (const int32_t i : A.indices) ++out.starts[static_cast<size_t>(i) + 1];
  for (size_t i = 1; i < out.starts.size(); ++i) out.starts[i] += out.starts[i - 1];
  out.indices.resize(A.indices.size());
  out.values.resize(A.values.size());
  std::vector<int32_t> next(out.starts.begin(), out.starts.end() - 1);
  for (size_t j = 0; j + 1 < A.starts.size(); ++j) {
    for (auto t = static_cast<size_t>(A.starts[j]); t < static_cast<size_t>(A.starts[j + 1]); ++t) {
      const auto to = static_cast<size_t>(next[static_cast<size_t>(A.indices[t])]++);
      out.indices[to] = static_cast<int32_t>(j);
      out.values[to] = A.values[t];
    }
  }
  return out;
}

namespace {

// Sparse data with every zero written out.
Data in_full(Data data) {
  const int64_t rows = data.axis[0].count, cols = data.axis[1].count;
  constexpr int64_t most = int64_t{1} << 28;
  int64_t n = 0;
  if (!multiply(rows, cols, n) || n > most) {
    throw InputError(cat(data.meta.source, ": is sparse, and its ", rows, " x ", cols,
                         " entries are too many to write out; info, nmf, relu-nmd and cluster take it as it is"));
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

Placed place_raster(const Data &data, const ImageOptions &options, Meta &meta) {
  Placed p{data.axis[0], data.axis[1], data.axis[2]};
  if (data.sides_assumed) {
    // The order of rasterio and of GDAL's arrays has the bands first.
    const bool known = options.bands != 0 && options.bands != p.bands.count && options.bands == p.lines.count;
    const bool first = options.band_side == BandSide::by_format ? known : options.band_side == BandSide::first;
    if (first) p = {p.lines, p.samples, p.bands};
    note(meta, cat("an array of three sides, taken as ", first ? "bands, lines, samples" : "lines, samples, bands",
                   " (", first ? p.bands.count : p.lines.count, " x ", first ? p.lines.count : p.samples.count, " x ",
                   first ? p.samples.count : p.bands.count, "); --bands-side decides"));
  }
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

namespace {

void check_mask(const std::vector<char> &mask, int64_t pixels, const std::string &source) {
  if (mask.empty() || static_cast<int64_t>(mask.size()) == pixels) return;
  throw InputError(
      cat(source, ": has ", pixels, " pixels, the mask has ", mask.size(), "; give one with a value for each pixel"));
}

// Bands without any value are left out.
template <class T>
void leave_out_empty(const std::vector<bool> &has_value, Image<T> &image) {
  std::vector<int64_t> held, empty;
  for (size_t b = 0; b < has_value.size(); ++b) (has_value[b] ? held : empty).push_back(static_cast<int64_t>(b));
  if (held.empty() || empty.empty()) return;
  const auto at = static_cast<size_t>(empty[0]);
  const std::string where =
      at < image.meta.wavelength.size() ? format(" at %.4g micrometres", image.meta.wavelength[at]) : "";
  note(image.meta, cat(empty.size(), " bands have no value in any pixel and were left out; the first is band ",
                       image.kept_bands[at] + 1, where));
  keep_bands(image, held);
}

// Looks at all values: at numbers of memory at once, at those of a file panel by panel, in one pass, or two where the
// first finds what changes what it looked for.
template <class T>
void look(const Data &data, const ImageOptions &options, Image<T> &image, ColumnSource<T> &source, Tally &tally,
          Meta &found) {
  FillSurvey<T> survey({image.bands, image.samples, image.pixels(), data.element});
  ColumnFacts facts;
  const auto act = [&](int64_t first, int64_t count, T *values) {
    if (options.notice) survey.add(first, count, values);
    if (!image.values.empty()) return true;
    source.correct(count, values);
    add_facts(facts, survey.doubtful(), image.bands, first, count, values);
    if (options.watch) options.watch(static_cast<double>(first + count) / static_cast<double>(image.pixels()));
    return true;
  };
  const auto read = [&](int64_t first, int64_t count, T *out) {
    source.stored(first, count, out, tally);
    source.mask(first, count, out);
  };
  do {
    facts = {};
    if (!image.values.empty()) {
      act(0, image.pixels(), image.values.data());
    } else {
      tally = {};
      each_panel<T>(image.bands, 0, image.pixels(), source.panel(), read, act);
    }
  } while (options.notice && survey.again());
  if (!options.notice) {
    if (image.values.empty()) source.set_facts(std::move(facts));
    return;
  }
  source.set_fill(survey.conclude(found));
  const Fill<T> &fill = source.fill();
  const bool as_read = fill.full.empty() && std::find(fill.held.begin(), fill.held.end(), false) == fill.held.end();
  if (image.values.empty() && as_read) source.set_facts(std::move(facts));
  image.doubtful = fill.doubtful;
}

// The numbers as they are stored become the image's values, or the source that they will be read from.
template <class T>
void take_values(const Data &data, const Placed &placed, const ImageOptions &options, Image<T> &image) {
  const std::vector<Ignored> ignored = ignored_of(data, options, image.meta);
  const auto source = std::make_shared<ColumnSource<T>>(data, placed, image.kept_bands, ignored, options.room / 16);
  const double bytes = static_cast<double>(image.bands * image.pixels()) * sizeof(T);
  const bool stays = data.file && options.room > 0 && bytes > static_cast<double>(options.room);
  check_mask(options.mask, image.pixels(), image.meta.source);
  source->set_mask(options.mask);
  const bool corrected = source->corrects(options.scale);
  Tally tally;
  Meta found;
  if (data.file) image.file_state = data.file->identity();
  if (!stays) {
    image.values = source->all(options.spend, tally);
    source->mask(0, image.pixels(), image.values.data());
    if (data.file_hash) image.meta.sha256 = data.file->digits();
  }
  if (stays || options.notice) look(data, options, image, *source, tally, found);
  note_missing(ignored, tally, image.meta);
  if (!options.mask.empty()) {
    note(image.meta, cat(std::count(options.mask.begin(), options.mask.end(), 0), " pixels are left out by the mask"));
  }
  for (const std::string &text : found.warnings) caution(image.meta, text);
  image.whole = tally.whole && !corrected;
  if (stays) {
    image.source = source;
  } else {
    source->fill().erase(image.bands, 0, image.pixels(), image.values.data());
    source->correct(image.pixels(), image.values.data());
  }
  if (options.notice) leave_out_empty(source->fill().held, image);
  note_corrections(data, options.scale, image.meta);
}

}  // namespace

template <class T>
void keep_bands(Image<T> &image, const std::vector<int64_t> &bands) {
  std::vector<T> values;
  if (image.source) {
    image.source->keep(bands);
  } else {
    values.reserve(bands.size() * static_cast<size_t>(image.pixels()));
    for (int64_t p = 0; p < image.pixels(); ++p) {
      for (const int64_t b : bands) values.push_back(image.pixel(p)[b]);
    }
  }
  image.values = std::move(values);
  image.bands = static_cast<int64_t>(bands.size());
  image.kept_bands = chosen(image.kept_bands, bands);
  image.meta.wavelength = chosen(image.meta.wavelength, bands);
  image.meta.fwhm = chosen(image.meta.fwhm, bands);
  image.meta.band_names = chosen(image.meta.band_names, bands);
}

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
    p = place_raster(data, options, image.meta);
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
  image.meta.wavelength = chosen(image.meta.wavelength, image.kept_bands);
  image.meta.fwhm = chosen(image.meta.fwhm, image.kept_bands);
  image.meta.band_names = chosen(image.meta.band_names, image.kept_bands);
  take_values(data, p, options, image);
  return image;
}

template <class T>
Table<T> to_table(const Data &data, int64_t rows_wanted, const ImageOptions &options) {
  if (data.sparse) return to_table<T>(in_full(data), rows_wanted, options);
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
  table.turned = !data.spectra && rows_wanted != 0 && rows.count != rows_wanted && cols.count == rows_wanted;
  if (table.turned) std::swap(rows, cols);
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (rows.count > most || cols.count > most) {
    throw InputError(data.meta.source + ": more than 2147483647 rows or columns");
  }
  table.rows = rows.count;
  table.cols = cols.count;
  std::vector<int64_t> kept(static_cast<size_t>(rows.count));
  for (size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<int64_t>(i);
  const std::vector<Ignored> ignored = ignored_of(data, options, table.meta);
  ColumnSource<T> source(data, {rows, {1, 0}, cols}, kept, ignored, 0);
  Tally tally;
  table.values = source.all(options.spend, tally);
  if (data.file_hash) table.meta.sha256 = data.file->digits();
  note_missing(ignored, tally, table.meta);
  if (data.spectra) notice_fill_of_spectra(table.values, table.rows, table.meta);
  table.whole = tally.whole && !source.corrects(options.scale);
  source.correct(table.cols, table.values.data());
  note_corrections(data, options.scale, table.meta);
  table.row_names = data.side_names[table.turned ? 1 : 0];
  table.names = data.side_names[table.turned ? 0 : 1];
  if (table.names.empty()) choose_names(data, table.cols, table.names);
  return table;
}

template Image<float> to_image(const Data &, const ImageOptions &);
template Image<double> to_image(const Data &, const ImageOptions &);
template Table<float> to_table(const Data &, int64_t, const ImageOptions &);
template Table<double> to_table(const Data &, int64_t, const ImageOptions &);
template void keep_bands(Image<float> &, const std::vector<int64_t> &);
template void keep_bands(Image<double> &, const std::vector<int64_t> &);

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

// What stands before the numbers of a row of CSV.
enum class Label { none, name, wavelength };
template <class T>
Label label_of(const Table<T> &shape) {
  const auto one_each = [&](size_t count) { return count > 0 && static_cast<int64_t>(count) == shape.rows; };
  if (one_each(shape.row_names.size())) return Label::name;
  return one_each(shape.meta.wavelength.size()) ? Label::wavelength : Label::none;
}

}  // namespace

std::string envi_header(const Image<float> &shape, bool missing) {
  std::string header = envi_head(shape.meta);
  header += cat("samples = ", shape.samples, "\nlines = ", shape.lines, "\nbands = ", shape.bands, "\n");
  header += "file type = ENVI Standard\ninterleave = bip\n" + element_lines(4);
  if (missing) header += "data ignore value = nan\n";
  if (!shape.meta.band_names.empty()) header += "band names = " + name_list(shape.meta.band_names) + "\n";
  header += envi_wavelength(shape.meta, shape.bands);
  for (const auto &[key, value] : shape.meta.carried) header += key + " = " + value + "\n";
  return header;
}

template <class T>
void write_envi(const fs::path &path, const Image<T> &image, bool force) {
  bool missing = false;
  for (T v : image.values) missing = missing || std::isnan(v);
  Image<float> shape;
  shape.bands = image.bands;
  shape.lines = image.lines;
  shape.samples = image.samples;
  shape.meta = image.meta;
  const std::string header = envi_header(shape, missing);
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
std::string npy_head(int64_t rows, int64_t cols) {
  std::string dict = cat("{'descr': '", host_big_endian() ? ">" : "<", "f", sizeof(T),
                         "', 'fortran_order': True, 'shape': (", rows, ", ", cols, "), }");
  const size_t before = 10;  // magic, version, length
  dict.append(63 - (before + dict.size()) % 64, ' ');
  dict += '\n';
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(dict.size() & 0xff);
  head += static_cast<char>(dict.size() >> 8);
  return head + dict;
}
template std::string npy_head<float>(int64_t, int64_t);
template std::string npy_head<double>(int64_t, int64_t);

template <class T>
void write_npy(const fs::path &path, const Table<T> &table, bool force) {
  OutputFile file(path, force);
  file.write(npy_head<T>(table.rows, table.cols));
  file.write(table.values.data(), table.values.size() * sizeof(T));
  file.commit();
}

template <class T>
std::string csv_head(const Table<T> &shape) {
  const Label label = label_of(shape);
  if (label == Label::none && shape.names.empty()) return "";
  std::string text = label == Label::wavelength ? "wavelength" : "";
  const std::vector<std::string> names = names_or_numbers(shape);
  for (size_t j = 0; j < names.size(); ++j) {
    if (j > 0 || label != Label::none) text += ',';
    text += csv_name(names[j]);
  }
  return text + '\n';
}

template <class T>
std::string csv_line(const Table<T> &shape, int64_t i, const T *row) {
  const Label label = label_of(shape);
  std::string text;
  if (label == Label::wavelength) text = shortest(shape.meta.wavelength[static_cast<size_t>(i)]);
  if (label == Label::name) text = csv_name(shape.row_names[static_cast<size_t>(i)]);
  for (int64_t j = 0; j < shape.cols; ++j) {
    if (j > 0 || label != Label::none) text += ',';
    char buffer[40];
    // Empty means missing; of a lone column it would be an empty line, so there it is spelled out.
    if (!std::isnan(row[j]))
      text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, row[j]).ptr);
    else if (shape.cols == 1 && label == Label::none)
      text += "nan";
  }
  return text + '\n';
}

template <class T>
std::string csv_text(const Table<T> &table) {
  std::string text = csv_head(table);
  std::vector<T> row(static_cast<size_t>(table.cols));
  for (int64_t i = 0; i < table.rows; ++i) {
    for (int64_t j = 0; j < table.cols; ++j) row[static_cast<size_t>(j)] = table(i, j);
    text += csv_line(table, i, row.data());
  }
  return text;
}

template <class T>
void write_csv(const fs::path &path, const Table<T> &table, bool force) {
  write_file(path, csv_text(table), force);
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
template std::string csv_text(const Table<float> &);
template std::string csv_text(const Table<double> &);
template std::string csv_head(const Table<float> &);
template std::string csv_head(const Table<double> &);
template std::string csv_line(const Table<float> &, int64_t, const float *);
template std::string csv_line(const Table<double> &, int64_t, const double *);
template void write_csv(const fs::path &, const Table<float> &, bool);
template void write_csv(const fs::path &, const Table<double> &, bool);
template void write_table(const fs::path &, const Table<float> &, bool);
template void write_table(const fs::path &, const Table<double> &, bool);

}  // namespace orthant::tool
