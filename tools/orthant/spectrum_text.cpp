// Spectra as the libraries of USGS and ECOSTRESS (once ASTER) give them: lines that describe one, then its numbers.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "parse.hpp"

namespace orthant::tool {

namespace {

std::string_view next_line(std::string_view &text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return trim(line);
}

// Up to three numbers with blanks between them; empty where the line is anything else.
std::vector<double> numbers_of(std::string_view line) {
  std::vector<double> out;
  while (!line.empty()) {
    const size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::optional<double> value = parse_number(line.substr(0, end));
    if (!value || out.size() == 3) return {};
    out.push_back(*value);
    line = trim(line.substr(end));
  }
  return out;
}

// The value behind "Key:" in the description.
std::string value_of(const std::vector<std::string> &description, std::string_view key) {
  for (const std::string &line : description) {
    const size_t colon = line.find(':');
    if (colon != line.npos && lower(trim(std::string_view(line).substr(0, colon))) == key) {
      return std::string(trim(std::string_view(line).substr(colon + 1)));
    }
  }
  return "";
}

std::string name_of(const std::vector<std::string> &description) {
  const std::string named = value_of(description, "name");
  if (!named.empty()) return named;
  // splib07: "splib07a Record=12: TITLE"; before it a title and a line of history stood above the numbers.
  const std::string &line = description.size() > 2 ? description[description.size() - 2] : description.back();
  const size_t record = line.find("Record="), colon = line.find(':', record);
  std::string_view title = line;
  if (record != line.npos && colon != line.npos) title = trim(title.substr(colon + 1));
  std::string name;
  for (char c : title) {
    if (c != ' ' || (!name.empty() && name.back() != ' ')) name += c;
  }
  return name;
}

}  // namespace

bool is_spectrum_text(std::string_view text) {
  std::string_view rest = text, first;
  while (!rest.empty() && first.empty()) first = next_line(rest);
  const std::string line = lower(first.substr(0, 200));
  if (line.find("splib0") != line.npos || line.find("usgs digital spectral library") != line.npos) return true;
  return line.rfind("name:", 0) == 0 && text.find("X Units:") != text.npos;
}

Data parse_spectrum_text(std::string_view text, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  std::vector<std::string> description;
  std::vector<double> wavelength;
  auto owner = std::make_shared<std::string>();
  size_t columns = 0;
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    if (line.empty()) continue;
    const std::vector<double> values = numbers_of(line);
    if (columns == 0 && values.empty()) {
      description.emplace_back(line);
      continue;
    }
    if (columns == 0) columns = values.size();
    if (values.size() != columns) {
      fail(cat("line ", number, ": '", excerpt(line), "' is not ", columns, columns == 1 ? " number" : " numbers",
               ", as the lines before; fetch the file again"));
    }
    if (columns > 1) wavelength.push_back(values[0]);
    const double value = values[columns > 1 ? 1 : 0];
    owner->append(reinterpret_cast<const char *>(&value), sizeof value);
  }
  if (owner->empty()) fail("holds no numbers below its description; fetch the file again");

  Data data;
  data.meta.source = name;
  data.meta.format = "spectrum as text";
  data.element = Element::f64;
  data.big_endian = host_big_endian();
  data.spectra = true;
  data.ignore = -1.23e34;  // USGS: "indicates a deleted number"
  if (lower(value_of(description, "y units")).find("percent") != std::string::npos) data.scale_factor = 100;
  if (wavelength.empty()) {
    note(data.meta, "states no wavelengths; they are in a file of their own, and bands are taken by position");
  } else {
    const bool nm = lower(value_of(description, "x units")).find("nano") != std::string::npos;
    for (double &v : wavelength) v *= nm ? 1e-3 : 1;
    data.meta.wavelength = std::move(wavelength);
  }
  data.side_names[1] = {name_of(description)};
  data.axis[0] = {static_cast<int64_t>(owner->size() / sizeof(double)), 1};
  data.axis[1] = {1, 0};
  data.bytes = *owner;
  data.owner = std::move(owner);
  return data;
}

}  // namespace orthant::tool
