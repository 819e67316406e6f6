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

}  // namespace

Data parse_csv(std::string_view text, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  if (text.find('\0') != text.npos) fail("holds zero bytes and is no text table; give comma-separated numbers");

  std::vector<std::string> names, cells;
  std::vector<double> values;  // row by row
  size_t columns = 0, first_line = 0, line_number = 0;
  char separator = ' ';
  while (!text.empty()) {
    ++line_number;
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const std::string_view content = trim(line);
    if (content.empty() || content[0] == '#') continue;
    if (columns == 0) separator = separator_of(line);
    cut(line, separator, cells);
    if (columns == 0) {
      columns = cells.size();
      first_line = line_number;
      bool header = false;
      for (const std::string &cell : cells) header = header || (!cell.empty() && !parse_number(cell));
      if (header) {
        names = cells;
        continue;
      }
    }
    if (cells.size() != columns) {
      fail(cat("line ", line_number, " has ", cells.size(), " columns, line ", first_line, " has ", columns,
               "; each line needs the same number"));
    }
    for (size_t j = 0; j < columns; ++j) {
      const std::optional<double> value =
          cells[j].empty() ? std::numeric_limits<double>::quiet_NaN() : parse_number(cells[j]);
      if (!value) {
        fail(cat("line ", line_number, ", column ", j + 1, ": '", excerpt(cells[j]), "' is not a number"));
      }
      values.push_back(*value);
    }
  }
  if (values.empty()) fail("holds no numbers; give a table of numbers");

  Data data;
  data.meta.source = name;
  data.meta.format = "text table";
  data.element = Element::f64;
  data.pixels_first = true;
  const auto stride = static_cast<int64_t>(columns);
  const auto rows = static_cast<int64_t>(values.size() / columns);
  int64_t first = 0;
  if (columns > 1 && !names.empty() && is_wavelength(names[0])) {
    // A spectral library as text: the first column says where each row lies.
    first = 1;
    for (int64_t i = 0; i < rows; ++i) data.meta.wavelength.push_back(values[static_cast<size_t>(i * stride)]);
    const bool nm =
        lower(names[0]).find("nm") != std::string::npos || lower(names[0]).find("nano") != std::string::npos;
    const bool um =
        lower(names[0]).find("um") != std::string::npos || lower(names[0]).find("micro") != std::string::npos;
    const double scale = wavelength_scale(data.meta, nm ? "nm" : um ? "um" : "", data.meta.wavelength);
    for (double &v : data.meta.wavelength) v *= scale;
    names.erase(names.begin());
    data.spectra = true;
  }
  if (!names.empty()) data.name_lists.push_back(names);
  data.axis[0] = {rows, stride};
  data.axis[1] = {stride - first, 1};

  auto owner = std::make_shared<std::string>(values.size() * sizeof(double), '\0');
  std::memcpy(owner->data(), values.data(), owner->size());
  data.bytes = std::string_view(*owner).substr(static_cast<size_t>(first) * sizeof(double));
  data.owner = std::move(owner);
  data.big_endian = host_big_endian();
  return data;
}

}  // namespace orthant::tool
