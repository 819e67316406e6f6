// Tables of numbers as text: comma, semicolon, tab or blanks between them.
#include <algorithm>
#include <cstring>
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

// Cuts one line into cells.  Cells may be quoted; blanks, where they separate, count as one however many there are.
void cut(std::string_view line, char separator, std::vector<std::string> &cells) {
  cells.clear();
  if (separator == ' ') line = trim(line);
  size_t at = 0;
  for (;;) {
    while (at < line.size() && (line[at] == ' ' || (separator == ' ' && line[at] == '\t'))) ++at;
    std::string cell;
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size(); ++at) {
        if (line[at] == '"' && (at + 1 == line.size() || line[at + 1] != '"')) break;
        if (line[at] == '"') ++at;
        cell += line[at];
      }
      ++at;
    }
    const size_t begin = std::min(at, line.size());
    const size_t end =
        std::min(separator == ' ' ? line.find_first_of(" \t", begin) : line.find(separator, begin), line.size());
    cell += trim(line.substr(begin, end - begin));
    cells.push_back(std::move(cell));
    if (end >= line.size()) return;
    at = end + 1;
  }
}

char separator_of(std::string_view line) {
  for (char c : {';', '\t', ','}) {
    if (line.find(c) != line.npos) return c;
  }
  return ' ';
}

bool is_wavelength(const std::string &head) {
  const std::string h = lower(head);
  return h.rfind("wavelength", 0) == 0 || h == "wl" || h == "lambda";
}

// Numbers row by row, under their names if there are any.
struct Cells {
  std::vector<std::string> names;
  std::vector<double> values;
  size_t columns = 0;
};

class Reader {
 public:
  explicit Reader(const std::string &name) : name_(name) {}
  Cells read(std::string_view text) {
    if (text.find('\0') != text.npos) fail("holds zero bytes and is no text table; give comma-separated numbers");
    while (!text.empty()) {
      ++line_;
      const size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      const std::string_view content = trim(line);
      if (!content.empty() && content[0] != '#') take(line);
    }
    if (cells_.values.empty()) fail("holds no numbers; give a table of numbers");
    return std::move(cells_);
  }

 private:
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }

  void take(std::string_view line) {
    const bool first = cells_.columns == 0;
    if (first) separator_ = separator_of(line);
    cut(line, separator_, row_);
    if (first) {
      cells_.columns = row_.size();
      first_line_ = line_;
      const bool header = std::any_of(row_.begin(), row_.end(),
                                      [](const std::string &cell) { return !cell.empty() && !parse_number(cell); });
      if (header) {
        cells_.names = row_;
        return;
      }
    }
    if (row_.size() != cells_.columns) {
      fail(cat("line ", line_, " has ", row_.size(), " columns, line ", first_line_, " has ", cells_.columns,
               "; each line needs the same number"));
    }
    for (size_t j = 0; j < cells_.columns; ++j) {
      const std::optional<double> value =
          row_[j].empty() ? std::numeric_limits<double>::quiet_NaN() : parse_number(row_[j]);
      if (!value) fail(cat("line ", line_, ", column ", j + 1, ": '", excerpt(row_[j]), "' is not a number"));
      cells_.values.push_back(*value);
    }
  }

  const std::string &name_;
  Cells cells_;
  std::vector<std::string> row_;
  size_t line_ = 0, first_line_ = 0;
  char separator_ = ' ';
};

// The unit that the name of a column of wavelengths states, or nothing.
const char *unit_of(const std::string &name) {
  const std::string low = lower(name);
  const auto has = [&](const char *part) { return low.find(part) != low.npos; };
  if (has("nm") || has("nano")) return "nm";
  return has("um") || has("micro") ? "um" : "";
}

}  // namespace

Data parse_csv(std::string_view text, const std::string &name) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  Cells cells = Reader(name).read(text);
  std::vector<std::string> &names = cells.names;

  Data data;
  data.meta.source = name;
  data.meta.format = "text table";
  data.element = Element::f64;
  data.pixels_first = true;
  const auto stride = static_cast<int64_t>(cells.columns);
  const auto rows = static_cast<int64_t>(cells.values.size() / cells.columns);
  int64_t first = 0;
  if (stride > 1 && !names.empty() && is_wavelength(names[0])) {
    // A spectral library as text: the first column says where each row lies.
    first = 1;
    std::vector<double> &wavelength = data.meta.wavelength;
    for (int64_t i = 0; i < rows; ++i) wavelength.push_back(cells.values[static_cast<size_t>(i * stride)]);
    const double scale = wavelength_scale(data.meta, unit_of(names[0]), wavelength);
    for (double &v : wavelength) v *= scale;
    names.erase(names.begin());
    data.spectra = true;
  }
  if (!names.empty()) data.name_lists.push_back(names);
  data.axis[0] = {rows, stride};
  data.axis[1] = {stride - first, 1};

  auto owner = std::make_shared<std::string>(cells.values.size() * sizeof(double), '\0');
  std::memcpy(owner->data(), cells.values.data(), owner->size());
  data.bytes = std::string_view(*owner).substr(static_cast<size_t>(first) * sizeof(double));
  data.owner = std::move(owner);
  data.big_endian = host_big_endian();
  return data;
}

}  // namespace orthant::tool
