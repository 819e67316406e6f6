// ENVI rasters and spectral libraries: a text header beside raw numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "parse.hpp"

namespace orthant::tool {

namespace {

constexpr size_t longest_line = 64 << 10, longest_list = 10 << 20;

class Header {
 public:
  Header(std::string_view text, const std::string &name, Meta &meta) : name_(name) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    size_t number = 0;
    std::string_view line;
    bool last_brace_seen = false;  // there is no closing one in the rest
    if (!next(text, line, number) || trim(line).substr(0, 4) != "ENVI") {
      fail("the first line is '" + excerpt(line) + "', not ENVI; give an ENVI header");
    }
    while (next(text, line, number)) {
      if (line.substr(0, 1) == ";" || trim(line).empty()) continue;
      const size_t equals = line.find('=');
      if (equals == line.npos) {
        doubt(meta, cat("line ", number, " of the header is not 'key = value' and was left out"));
        continue;
      }
      const std::string key = lower(trim(line.substr(0, equals)));
      std::string value(trim(line.substr(equals + 1)));
      // A list runs to its closing brace, over lines.
      bool open = !value.empty() && value[0] == '{' && value.find('}') == value.npos;
      last_brace_seen = last_brace_seen || (open && text.find('}') == text.npos);
      if (open && last_brace_seen) {
        const std::string what = "the list of '" + excerpt(key) + "' has no closing brace";
        if (is_decisive(key)) fail(what + "; complete it");
        note(meta, what + " and was left out");
        continue;
      }
      while (open) {
        if (!next(text, line, number)) fail("the list of '" + excerpt(key) + "' has no closing brace; complete it");
        if (line.substr(0, 1) == ";") continue;
        value += '\n';
        value += trim(line);
        open = line.find('}') == line.npos;
        if (value.size() > longest_list) fail("the list of '" + excerpt(key) + "' is longer than 10 MB");
      }
      keep(key, std::move(value), meta);
    }
  }

  const std::string *find(const std::string &key) const {
    const auto at = values_.find(key);
    return at == values_.end() || at->second.empty() ? nullptr : &at->second;
  }
  const std::string &require(const std::string &key) const {
    if (const std::string *value = find(key)) return *value;
    fail("'" + key + "' is missing; add the line '" + key + " = ...'");
  }

  // A whole number in [least, most].
  int64_t integer(const std::string &key, int64_t least, int64_t most) const {
    const std::string &text = require(key);
    const std::optional<double> value = parse_number(text);
    // Up to 2^53 every whole number is exact in a double.
    if (!value || *value != std::floor(*value) || *value < static_cast<double>(least) ||
        *value > static_cast<double>(most)) {
      fail("'" + key + "' is '" + excerpt(text) + "'; a whole number from " + std::to_string(least) + " to " +
           std::to_string(most) + " is needed");
    }
    return static_cast<int64_t>(*value);
  }

  std::vector<std::string> list(const std::string &key) const {
    std::vector<std::string> out;
    const std::string *value = find(key);
    if (!value) return out;
    std::string_view text = *value;
    if (text[0] == '{') text = text.substr(1, text.find('}') - 1);
    if (trim(text).empty()) return out;
    for (;;) {
      const size_t comma = text.find(',');
      out.emplace_back(trim(text.substr(0, comma)));
      if (comma == text.npos) return out;
      text.remove_prefix(comma + 1);
    }
  }

  std::vector<double> numbers(const std::string &key) const {
    std::string wrong;
    std::vector<double> out = numbers(key, wrong);
    if (!wrong.empty()) fail(wrong);
    return out;
  }
  // A list that only describes: where it cannot be read, it is left out with a note.
  std::vector<double> numbers(const std::string &key, Meta &meta) const {
    std::string wrong;
    std::vector<double> out = numbers(key, wrong);
    if (wrong.empty()) return out;
    doubt(meta, wrong + "; the list was left out");
    return {};
  }

  const std::map<std::string, std::string> &all() const { return values_; }

  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }

 private:
  // Whether numbers are read by this key.
  static bool is_decisive(const std::string &key) {
    constexpr std::string_view decisive[] = {
        "samples",          "lines",      "bands", "header offset",    "file type",          "data type",
        "interleave",       "byte order", "bbl",   "data gain values", "data offset values", "reflectance scale factor",
        "data ignore value"};
    return std::find(std::begin(decisive), std::end(decisive), key) != std::end(decisive);
  }

  // A repeated key: the last one counts, with a note, unless it is decisive.
  void keep(const std::string &key, std::string value, Meta &meta) {
    const auto [at, fresh] = values_.try_emplace(key, value);
    if (fresh || at->second == value) return;
    const std::string twice =
        "'" + excerpt(key) + "' is given twice, as '" + excerpt(at->second) + "' and '" + excerpt(value) + "'";
    if (is_decisive(key)) fail(twice + "; keep the right one");
    doubt(meta, twice + "; the last one was taken");
    at->second = std::move(value);
  }

  std::vector<double> numbers(const std::string &key, std::string &wrong) const {
    std::vector<std::string> texts = list(key);
    if (texts.size() > 1 && texts.back().empty()) texts.pop_back();  // a comma after the last
    std::vector<double> out;
    for (const std::string &text : texts) {
      const std::optional<double> value = parse_number(text);
      if (!value) {
        wrong = cat("value ", out.size() + 1, " of '", key, "' is '", excerpt(text), "', not a number");
        return out;
      }
      out.push_back(*value);
    }
    return out;
  }

  // The next line, without its end.
  bool next(std::string_view &text, std::string_view &line, size_t &number) {
    if (text.empty()) return false;
    ++number;
    const size_t end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.size() > longest_line) fail(cat("line ", number, " is longer than 64 KiB; check the header"));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }

  const std::string &name_;
  std::map<std::string, std::string> values_;
};

std::optional<Element> element_of(int64_t type) {
  switch (type) {
    case 1:
      return Element::u8;
    case 2:
      return Element::i16;
    case 3:
      return Element::i32;
    case 4:
      return Element::f32;
    case 5:
      return Element::f64;
    case 12:
      return Element::u16;
    case 13:
      return Element::u32;
    case 14:
      return Element::i64;
    case 15:
      return Element::u64;
    default:
      return {};
  }
}

struct Sides {
  int64_t samples, lines, bands;
};

Sides sides_of(const Header &header) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  return {header.integer("samples", 1, most), header.integer("lines", 1, most), header.integer("bands", 1, most)};
}

// Element type and byte order; refuses what is stored in another way.
void read_layout(const Header &header, Data &data) {
  const int64_t type = header.integer("data type", 0, 255);
  if (type == 6 || type == 9) {
    header.fail("data type " + std::to_string(type) + " is complex, which is not supported; convert to real numbers");
  }
  const std::optional<Element> element = element_of(type);
  if (!element) header.fail("data type " + std::to_string(type) + " is unknown; 1 to 5 and 12 to 15 are read");
  data.element = *element;
  if (header.find("byte order")) {
    data.big_endian = header.integer("byte order", 0, 1) == 1;
  } else {
    doubt(data.meta, "byte order is not stated; taken as little-endian");
  }
  if (header.find("file compression") && header.integer("file compression", 0, 255) != 0) {
    header.fail("the data are compressed (file compression = " + *header.find("file compression") +
                "), which is not supported; write them uncompressed");
  }
  for (const char *key : {"major frame offsets", "minor frame offsets"}) {
    for (double v : header.numbers(key)) {
      if (v != 0) header.fail(std::string(key) + " other than zero are not supported; write the data without frames");
    }
  }
}

// Where the numbers lie within the data file.
struct Place {
  int64_t offset, size, end;
};

Place place_of(const Header &header, const Sides &sides, const Data &data) {
  constexpr int64_t most_bytes = int64_t{1} << 52;
  const int64_t offset = header.find("header offset") ? header.integer("header offset", 0, most_bytes) : 0;
  const auto &[samples, lines, bands] = sides;
  int64_t count = 0, size = 0, end = 0;
  const auto each = static_cast<int64_t>(element_size(data.element));
  if (!multiply(lines, samples, count) || !multiply(count, bands, count) || !multiply(count, each, size) ||
      __builtin_add_overflow(size, offset, &end)) {
    header.fail(cat(lines, " lines, ", samples, " samples and ", bands,
                    " bands are more than any file holds; check the header"));
  }
  return {offset, size, end};
}

// Where the numbers are within the data file, whose size must hold them.
Place find_numbers(const Header &header, const Sides &sides, int64_t held, Data &data) {
  const auto &[samples, lines, bands] = sides;
  const auto [offset, size, end] = place_of(header, sides, data);
  if (end > held) {
    header.fail(cat("data file has ", held, " bytes, the header asks for ", end, " (", lines, " x ", samples, " x ",
                    bands, ", ", element_name(data.element), ", offset ", offset,
                    "); correct the header or fetch the data file again"));
  }
  if (end < held) doubt(data.meta, cat(held - end, " bytes after the data were left out"));
  return {offset, size, end};
}

void read_axes(const Header &header, const Sides &sides, Data &data) {
  const std::string kind = header.find("file type") ? lower(*header.find("file type")) : "envi standard";
  const std::string interleave = lower(header.require("interleave"));
  if (interleave != "bsq" && interleave != "bil" && interleave != "bip") {
    header.fail("interleave is '" + excerpt(interleave) + "'; bsq, bil or bip is needed");
  }
  const auto &[samples, lines, bands] = sides;
  if (kind == "envi spectral library") {
    if (bands != 1) header.fail("a spectral library has 'bands = 1', here it is " + std::to_string(bands));
    data.meta.format = "ENVI spectral library";
    data.spectra = true;
    data.axis[0] = {samples, 1};
    data.axis[1] = {lines, samples};
    return;
  }
  data.meta.format = kind == "envi classification" ? "ENVI classification" : "ENVI raster";
  data.raster = true;
  // Bands, lines, samples.
  int64_t strides[3] = {1, bands * samples, bands};
  if (interleave == "bsq") {
    strides[0] = lines * samples;
    strides[1] = samples;
    strides[2] = 1;
  } else if (interleave == "bil") {
    strides[0] = samples;
    strides[2] = 1;
  }
  data.axis[0] = {bands, strides[0]};
  data.axis[1] = {lines, strides[1]};
  data.axis[2] = {samples, strides[2]};
}

// What every output of the image can say as well: all but what is of its layout, of its bands, or of its classes.
void read_carried(const Header &header, int64_t bands, Meta &meta) {
  constexpr std::string_view own[] = {"samples",
                                      "lines",
                                      "bands",
                                      "header offset",
                                      "file type",
                                      "data type",
                                      "interleave",
                                      "byte order",
                                      "description",
                                      "bbl",
                                      "fwhm",
                                      "band names",
                                      "wavelength",
                                      "wavelength units",
                                      "spectra names",
                                      "data gain values",
                                      "data offset values",
                                      "reflectance scale factor",
                                      "data ignore value",
                                      "default bands",
                                      "default stretch",
                                      "z plot range",
                                      "z plot titles",
                                      "z plot average",
                                      "classes",
                                      "class names",
                                      "class lookup",
                                      "complex function",
                                      "file compression",
                                      "major frame offsets",
                                      "minor frame offsets",
                                      "solar irradiance",
                                      "data units",
                                      "data reflectance gain values",
                                      "data reflectance offset values"};
  constexpr std::string_view first[] = {"map info", "coordinate system string", "projection info", "geo points"};
  const auto among = [](const auto &names, const std::string &key) {
    return std::find(std::begin(names), std::end(names), key) != std::end(names);
  };
  for (const std::string_view key : first) {
    if (const std::string *value = header.find(std::string(key))) meta.carried.emplace_back(key, *value);
  }
  for (const auto &[key, value] : header.all()) {
    if (value.empty() || among(own, key) || among(first, key)) continue;
    // A list of as many values as bands most likely speaks of them.
    const bool of_bands = bands > 1 && static_cast<int64_t>(header.list(key).size()) == bands;
    if (!of_bands) meta.carried.emplace_back(key, value);
  }
}

// The wavelengths in micrometres; a list is left out where it cannot be read or its length is wrong.
void read_wavelengths(const Header &header, int64_t channels, Meta &meta) {
  const auto list = [&](const char *key) {
    std::vector<double> values = header.numbers(key, meta);
    if (values.empty() || values.size() == static_cast<size_t>(channels)) return values;
    doubt(meta, cat("'", key, "' has ", values.size(), " values for ", channels, " bands and was left out"));
    return std::vector<double>();
  };
  meta.wavelength = list("wavelength");
  meta.fwhm = list("fwhm");
  if (meta.wavelength.empty()) return;
  const std::string *unit = header.find("wavelength units");
  const double scale = wavelength_scale(meta, unit ? *unit : "", meta.wavelength);
  if (scale == 0) {
    meta.wavelength.clear();
    meta.fwhm.clear();
    return;
  }
  const double unit_count = std::round(1 / scale);  // of a micrometre: 700 nm divided by 1000 is 0.7 to the last digit
  for (double &v : meta.wavelength) v /= unit_count;
  for (double &v : meta.fwhm) v /= unit_count;
}

// What describes the bands and the spectra; a list is left out where its length is wrong.
void read_bands(const Header &header, const Sides &sides, Data &data) {
  Meta &meta = data.meta;
  const int64_t bands = sides.bands;
  const auto names = [&](const char *key, int64_t count, const char *of) {
    std::vector<std::string> list = header.list(key);
    if (list.size() > 1 && list.back().empty()) list.pop_back();
    if (list.empty() || list.size() == static_cast<size_t>(count)) return list;
    doubt(meta, cat("'", key, "' has ", list.size(), " values for ", count, of, " and was left out"));
    return std::vector<std::string>();
  };
  read_wavelengths(header, data.spectra ? sides.samples : bands, meta);
  // A library's band name is a title that ENVI writes into all of them.
  if (!data.spectra) meta.band_names = names("band names", bands, " bands");
  if (data.spectra) meta.spectra_names = names("spectra names", sides.lines, " spectra (a comma within a name?)");
  if (!meta.spectra_names.empty()) data.name_lists.push_back(meta.spectra_names);
  meta.class_names = header.list("class names");
  for (double v : header.numbers("default bands", meta)) {
    if (v >= 1 && v <= static_cast<double>(bands)) meta.default_bands.push_back(static_cast<int64_t>(v));
  }
  if (const std::string *text = header.find("description")) {
    meta.description = std::string(trim((*text)[0] == '{' ? text->substr(1, text->find('}') - 1) : *text));
  }
  read_carried(header, bands, meta);
}

// What changes the numbers, and must fit.
void read_corrections(const Header &header, int64_t channels, Data &data) {
  const auto must_fit = [&](const char *key) {
    std::vector<double> values = header.numbers(key);
    if (!values.empty() && values.size() != static_cast<size_t>(channels)) {
      header.fail(cat("'", key, "' has ", values.size(), " values for ", channels, " bands; correct the header"));
    }
    return values;
  };
  data.good = must_fit("bbl");
  data.gain = must_fit("data gain values");
  data.offset = must_fit("data offset values");
  if (const std::string *text = header.find("reflectance scale factor")) {
    const std::optional<double> value = parse_number(*text);
    if (!value || !(*value > 0) || !std::isfinite(*value)) {
      header.fail("reflectance scale factor is '" + excerpt(*text) + "'; a positive number is needed");
    }
    data.scale_factor = *value;
  }
  if (const std::string *text = header.find("data ignore value")) {
    // Some write it into braces.
    const std::string_view inner = (*text)[0] == '{' ? std::string_view(*text).substr(1, text->find('}') - 1) : *text;
    data.ignore = parse_number(inner);
    if (!data.ignore) header.fail("data ignore value is '" + excerpt(*text) + "', not a number");
  }
}

}  // namespace

Data parse_envi(std::string_view header_text, int64_t held, const std::string &name) {
  Data data = parse_envi_header(header_text, name);
  Meta meta;  // whose notes are those of the header, known already
  const Header header(header_text, name, meta);
  data.file_offset = find_numbers(header, sides_of(header), held, data).offset;
  return data;
}

Data parse_envi(std::string_view header_text, std::string_view bytes, const std::string &name) {
  Data data = parse_envi(header_text, static_cast<int64_t>(bytes.size()), name);
  data.bytes = bytes.substr(static_cast<size_t>(data.file_offset));
  return data;
}

Data parse_envi_header(std::string_view header_text, const std::string &name) {
  Data data;
  data.meta.source = name;
  const Header header(header_text, name, data.meta);
  const Sides sides = sides_of(header);
  read_layout(header, data);
  data.bytes_needed = place_of(header, sides, data).end;
  read_axes(header, sides, data);
  read_bands(header, sides, data);
  read_corrections(header, data.spectra ? sides.samples : sides.bands, data);
  return data;
}

}  // namespace orthant::tool
