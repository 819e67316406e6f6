// Tables of numbers as text, as spreadsheets, R and pandas write them.  Which line holds names, and which columns are
// labels, wavelengths or widths, is decided here alone and noted.
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <set>

#include "parse.hpp"

namespace orthant::tool {

namespace {

struct Cell {
  std::string_view text;
  bool quoted = false;
};
struct Row {
  std::vector<Cell> cells;
  std::deque<std::string> unescaped;  // what cells with doubled quotes say
};

struct Line {
  std::string_view text;
  size_t number;
};

// A quoted cell from `at`, which stands on its first quote and ends behind its last.  An open quote ends with the line.
std::string_view quoted_text(std::string_view line, size_t &at, Row &row) {
  const size_t begin = ++at;
  bool doubled = false;
  for (; at < line.size(); ++at) {
    if (line[at] != '"') continue;
    if (at + 1 == line.size() || line[at + 1] != '"') break;
    doubled = true;
    ++at;
  }
  const std::string_view inside = line.substr(begin, std::min(at, line.size()) - begin);
  at = std::min(at + 1, line.size());
  if (!doubled) return inside;
  std::string text;
  for (size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == '"') ++i;
  }
  row.unescaped.push_back(std::move(text));
  return row.unescaped.back();
}

// Cuts one line into cells.  Blanks, where they separate, count as one however many there are.
void cut(std::string_view line, char separator, Row &row) {
  row.cells.clear();
  row.unescaped.clear();
  const bool blank = separator == ' ';
  if (blank) line = trim(line);
  size_t at = 0;
  for (;;) {
    while (at < line.size() && (line[at] == ' ' || (blank && line[at] == '\t'))) ++at;
    Cell cell;
    if (at < line.size() && line[at] == '"') {
      cell.quoted = true;
      cell.text = quoted_text(line, at, row);
    }
    const size_t end = std::min(blank ? line.find_first_of(" \t", at) : line.find(separator, at), line.size());
    const std::string_view rest = trim(line.substr(at, end - at));
    if (!cell.quoted) {
      cell.text = rest;
    } else if (!rest.empty()) {
      row.unescaped.push_back(cat(std::string(cell.text), std::string(rest)));
      cell.text = row.unescaped.back();
    }
    row.cells.push_back(cell);
    if (end >= line.size()) return;
    at = end + 1;
  }
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// What R, pandas, Excel and NumPy write for a value that is not there.
bool is_missing(std::string_view cell) {
  static constexpr std::string_view words[] = {"",    "na",   "n/a",  "nan",     "-nan",  "<na>",   "#n/a",
                                               "#na", "null", "none", "#value!", "#num!", "#div/0!"};
  if (cell.size() > 8) return false;
  return std::find(std::begin(words), std::end(words), lower(cell)) != std::end(words);
}

// "<0.01" and the like: what a laboratory writes below its limit of detection.
bool is_bound(std::string_view cell) {
  constexpr std::string_view at_most = "\xe2\x89\xa4", at_least = "\xe2\x89\xa5";
  size_t at = cell.find_first_not_of("<>~=");
  if (at == 0 && (cell.substr(0, 3) == at_most || cell.substr(0, 3) == at_least)) at = 3;
  if (at == 0 || at == cell.npos) return false;
  const std::string_view rest = trim(cell.substr(at));
  return !rest.empty() && (digit(rest[0]) || rest[0] == '.');
}

enum class Comma { none, decimal, thousands };
// A number with one decimal comma; `thousands` where the comma may as well part thousands (1,234).
Comma comma_of(std::string_view cell) {
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) cell.remove_prefix(1);
  const size_t comma = cell.find(',');
  if (comma == cell.npos) return Comma::none;
  std::string number(cell);
  number[comma] = '.';
  if (number.find(',') == number.npos) {
    const bool plain = cell.find('.') == cell.npos && parse_number(number).has_value();
    if (!plain || comma == 0) return plain ? Comma::decimal : Comma::none;
    const bool grouped = comma <= 3 && cell[0] != '0' && cell.size() == comma + 4 &&
                         cell.find_first_not_of("0123456789", comma + 1) == cell.npos;
    return grouped ? Comma::thousands : Comma::decimal;
  }
  return Comma::none;
}

// "1,234.5", "1 234" or "1'234": digits, and in groups of three.
bool has_thousands(std::string_view cell) {
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) cell.remove_prefix(1);
  constexpr std::string_view marks = ".,' ";
  size_t groups = 0, run = 0;
  bool three = true;
  for (char c : cell) {
    if (!digit(c) && marks.find(c) == marks.npos) return false;
    three = three && (digit(c) || groups++ == 0 || run == 3);
    run = digit(c) ? run + 1 : 0;
  }
  const bool both = cell.find('.') != cell.npos && cell.find(',') != cell.npos;
  return groups > 0 && !cell.empty() && digit(cell[0]) && (both || (three && run == 3));
}

// What was meant as a number, and labels nothing.
bool is_like_number(std::string_view cell) {
  if (is_bound(cell) || has_thousands(cell)) return true;
  if (!cell.empty() && cell.back() == '%') cell.remove_suffix(1);
  if (!cell.empty() && cell[0] == '$') cell.remove_prefix(1);
  return parse_number(cell).has_value();
}

std::string head_word(std::string_view cell) {
  std::string word = lower(trim(cell));
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}
bool among(const std::string &word, std::initializer_list<const char *> words) {
  return std::any_of(words.begin(), words.end(), [&](const char *w) { return word == w; });
}
bool starts_with(const std::string &word, const char *start) { return word.rfind(start, 0) == 0; }

bool is_wavelength(std::string_view head) {
  const std::string h = head_word(head);
  const bool begins =
      starts_with(h, "wavelength") || starts_with(h, "wl ") || starts_with(h, "wvl ") || starts_with(h, "lambda ");
  return begins ||
         among(h, {"wl", "wvl", "wave", "wavelen", "lambda", "nm", "um", "\xc2\xb5m", "\xce\xbcm", "nanometers",
                   "nanometres", "nanometer", "micrometers", "micrometres", "microns", "micron"});
}
bool is_width(std::string_view head) {
  const std::string h = head_word(head);
  return starts_with(h, "fwhm") || starts_with(h, "bandwidth") || starts_with(h, "band width");
}
bool is_band_number(std::string_view head) {
  return among(head_word(head), {"band", "bands", "band number", "band no", "channel", "channels"});
}
bool is_index(std::string_view head) {
  return among(head_word(head), {"index", "id", "unnamed: 0", "row", "rownames", "row.names", "...1", "no", "#"});
}
// Of a column that labels spectra.
bool is_label(std::string_view head) {
  const std::string h = head_word(head);
  for (const char *part : {"class", "name", "label", "spectr", "material", "endmember", "species", "target", "mineral",
                           "cover", "wavelength"}) {
    if (h.find(part) != h.npos) return true;
  }
  return false;
}
// That can only be the corner of a table with its header, where a row's own name ("class 1") may hold such a word too.
bool is_corner(std::string_view head) {
  return is_index(head) || is_wavelength(head) ||
         among(head_word(head), {"class", "classes", "name", "names", "label", "labels", "spectrum", "spectra",
                                 "material", "endmember", "species", "target", "mineral", "cover", "sample"});
}
bool is_name(std::string_view head) {
  const std::string h = head_word(head);
  return among(h, {"name", "label", "spectrum", "material", "endmember", "species", "sample"}) ||
         h.find(" name") != h.npos;
}

// The unit that the name of a column of wavelengths states, or nothing.
const char *unit_of(std::string_view name) {
  const std::string low = lower(name);
  const auto has = [&](const char *part) { return low.find(part) != low.npos; };
  if (has("nm") || has("nano")) return "nm";
  return has("um") || has("micro") || has("\xc2\xb5m") || has("\xce\xbcm") ? "um" : "";
}

// "450", "450 nm", "0.45um" or, as R mends names, "X450".
std::optional<double> spectral_number(std::string_view head) {
  head = trim(head);
  if (head.size() > 1 && head[0] == 'X' && digit(head[1])) head.remove_prefix(1);
  for (const std::string_view unit : {"nm", "um", "\xc2\xb5m", "\xce\xbcm"}) {
    if (head.size() > unit.size() && head.substr(head.size() - unit.size()) == unit) {
      head.remove_suffix(unit.size());
      break;
    }
  }
  return parse_number(head);
}

bool monotone(const std::vector<double> &v) {
  for (size_t i = 1; i < v.size(); ++i) {
    if (!(v.size() > 1 && v[1] > v[0] ? v[i] > v[i - 1] : v[i] < v[i - 1])) return false;
  }
  return !v.empty() && std::isfinite(v[0]);
}
bool all_whole(const std::vector<double> &v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return x == std::floor(x); });
}
// first, first + 1, ...
bool counts_from(const std::vector<double> &v, double first) {
  for (size_t i = 0; i < v.size(); ++i) {
    if (v[i] != first + static_cast<double>(i)) return false;
  }
  return true;
}
bool evenly_spaced(const std::vector<double> &v) {
  for (size_t i = 2; i < v.size(); ++i) {
    if (v[i] - v[i - 1] != v[1] - v[0]) return false;
  }
  return v.size() > 2 && all_whole(v);
}
// Nanometres from the ultraviolet to the thermal infrared, or micrometres, in order.
bool spectral(const std::vector<double> &v) {
  if (v.size() < 2 || !monotone(v) || counts_from(v, 0) || counts_from(v, 1)) return false;
  const double least = std::min(v.front(), v.back()), most = std::max(v.front(), v.back());
  return (least >= 100 && most <= 100000) || (least >= 0.1 && most <= 100);
}

// What the cells below the first line are.
struct Column {
  size_t texts = 0, numbers = 0, missing = 0, text_line = 0;
  bool mistaken = false, whole = true;  // mistaken: it has numbers that cannot be read
  double most = -std::numeric_limits<double>::infinity();
  std::string text;  // the first that is no number
};

class Sheet {
 public:
  Sheet(std::string_view text, const std::string &name) : name_(name) {
    data_.meta.source = name;
    split(text);
    if (lines_.empty()) fail("holds no numbers; give a table of numbers");
    if (forced_ != '\0') separator_ = forced_;
    if (forced_ == '\0') choose_separator();
    find_commas();
  }

  Data read() {
    read_head();
    read_values();
    drop_empty_edges();
    find_labels();
    find_special();
    decide_header();
    refuse_texts();
    read_labels();
    fill();
    return std::move(data_);
  }

 private:
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }
  void remark(std::string text) { note(data_.meta, std::move(text)); }

  void split(std::string_view text) {
    const char end_of_line =
        text.find('\n') == text.npos ? '\r' : '\n';  // old Macintosh programs end lines by \r alone
    for (size_t number = 1; !text.empty(); ++number) {
      const size_t end = text.find(end_of_line);
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      const std::string_view content = trim(line);
      if (content.empty()) continue;
      if (content[0] == '#') {
        if (lines_.empty()) comment_ = content.substr(1);
      } else if (lines_.empty() && content.size() == 5 && content.substr(0, 4) == "sep=") {
        forced_ = content[4];  // Excel's own line
      } else {
        lines_.push_back({line, number});
      }
    }
  }

  // The first separator that cuts the lines, or all but the first, into equally many cells; else the first that occurs.
  void choose_separator() {
    constexpr size_t sample = 10;
    const size_t last = std::min(lines_.size(), sample);
    if (decimal_commas_between_blanks(last)) return;
    for (const size_t from : {size_t{0}, size_t{1}}) {
      for (char c : {';', '\t', ',', ' '}) {
        separator_ = c;
        if (cuts_evenly(from, last)) return;
      }
    }
    for (size_t i = 0; i < std::min<size_t>(last, 2); ++i) {
      for (char c : {';', '\t', ','}) {
        separator_ = c;
        if (lines_[i].text.find(c) != std::string_view::npos) return;
      }
    }
    separator_ = ' ';
  }

  bool cuts_evenly(size_t from, size_t last) {
    size_t count = 0;
    for (size_t i = from; i < last; ++i) {
      cut(lines_[i].text, separator_, row_);
      if (i > from && row_.cells.size() != count) return false;
      count = row_.cells.size();
    }
    return count > 1;
  }

  // "0,5 0,7": commas are within numbers, and blanks are between them.
  bool decimal_commas_between_blanks(size_t last) {
    size_t commas = 0;
    for (size_t i = 0; i < last; ++i) {
      cut(lines_[i].text, ' ', row_);
      for (const Cell &cell : row_.cells) {
        const bool comma = comma_of(cell.text) == Comma::decimal;
        if (row_.cells.size() < 2 || (!comma && !parse_number(cell.text))) return false;
        commas += comma;
      }
    }
    return commas > 0;  // the separator is a blank unless something else is found
  }

  // Whether cells have decimal commas; refused where every one of them may mean thousands.
  void find_commas() {
    size_t grouped_line = 0;
    std::string grouped;
    for (const Line &line : lines_) {
      if (line.text.find(',') == line.text.npos) continue;
      if (separator_ == ',' && line.text.find('"') == line.text.npos) continue;
      cut(line.text, separator_, row_);
      for (const Cell &cell : row_.cells) {
        const Comma comma = comma_of(cell.text);
        if (comma == Comma::decimal) {
          decimal_comma_ = true;
          return;
        }
        if (comma == Comma::thousands && grouped.empty()) {
          grouped = cell.text;
          grouped_line = line.number;
        }
      }
    }
    if (!grouped.empty()) {
      fail(cat("line ", grouped_line, ": '", excerpt(grouped), "' may mean ", excerpt(dotted(grouped)),
               " or a thousand times that; write numbers without separators of thousands"));
    }
  }

  static std::string dotted(std::string_view cell) {
    std::string number(cell);
    std::replace(number.begin(), number.end(), ',', '.');
    return number;
  }

  std::optional<double> number_of(const Cell &cell) const {
    if (!decimal_comma_) return parse_number(cell.text);
    if (comma_of(cell.text) != Comma::none) return parse_number(dotted(cell.text));
    return cell.text.find('.') == cell.text.npos ? parse_number(cell.text) : std::nullopt;
  }

  // The first line, which may hold names, be one cell shorter (R) or a title.
  void read_head() {
    for (;;) {
      cut(lines_[lines_.size() > 1 ? 1 : 0].text, separator_, row_);
      columns_ = row_.cells.size();
      cut(lines_[0].text, separator_, row_);
      const bool title =
          columns_ > 1 && row_.cells.size() == 1 && !number_of(row_.cells[0]) && lines_.size() > 2 && columns_ != 2;
      if (!title) break;
      remark(cat("line ", lines_[0].number, " is a title and was left out: ", excerpt(lines_[0].text)));
      lines_.erase(lines_.begin());
    }
    if (row_.cells.size() == columns_ + 1 && row_.cells.back().text.empty()) row_.cells.pop_back();
    shorter_ = row_.cells.size() + 1 == columns_;
    if (shorter_) row_.cells.insert(row_.cells.begin(), Cell{});
    check_width(row_.cells.size(), 1, columns_, 0);
    for (const Cell &cell : row_.cells) {
      head_.emplace_back(cell.text);
      head_value_.push_back(number_of(cell));
      quoted_head_ = quoted_head_ && (cell.quoted || cell.text.empty());
    }
  }

  void check_width(size_t reference_width, size_t line, size_t width, size_t reference) const {
    if (reference_width == width) return;
    fail(cat("line ", lines_[line].number, " has ", width, " columns, line ", lines_[reference].number, " has ",
             reference_width, "; each line needs the same number"));
  }

  // Every cell as a number, the first line's too; NaN where it is missing or text.
  void read_values() {
    facts_.resize(columns_);
    values_.reserve(lines_.size() * columns_);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const std::optional<double> &v : head_value_) values_.push_back(v.value_or(nan));
    if (lines_.size() == 1) {
      for (size_t j = 0; j < columns_; ++j) count_cell(0, j, row_.cells[j], head_value_[j]);
      return;
    }
    for (size_t i = 1; i < lines_.size(); ++i) {
      cut(lines_[i].text, separator_, row_);
      check_width(columns_, i, row_.cells.size(), 1);
      for (size_t j = 0; j < columns_; ++j) {
        const std::optional<double> value = number_of(row_.cells[j]);
        quoted_rows_ = quoted_rows_ || row_.cells[j].quoted;
        count_cell(i, j, row_.cells[j], value);
        values_.push_back(value.value_or(nan));
      }
    }
  }

  void count_cell(size_t i, size_t j, const Cell &cell, std::optional<double> value) {
    Column &column = facts_[j];
    if (value && !std::isnan(*value)) {
      ++column.numbers;
      column.whole = column.whole && *value == std::floor(*value);
      column.most = std::max(column.most, std::abs(*value));
    } else if (value || is_missing(cell.text)) {
      ++column.missing;
    } else {
      if (column.texts++ == 0) {
        column.text = cell.text;
        column.text_line = i;
      }
      column.mistaken = column.mistaken || is_like_number(cell.text);
    }
  }

  // Separators at the ends of lines, and lines of separators at the end, as spreadsheets leave them.
  void drop_empty_edges() {
    last_ = columns_;
    const auto empty = [&](size_t j) {
      return facts_[j].texts + facts_[j].numbers == 0 && (head_[j].empty() || shorter_);
    };
    if (lines_.size() > 1) {
      while (last_ > 1 && empty(last_ - 1)) --last_;
    }
    if (last_ < columns_) {
      remark(cat("the columns from ", last_ + 1, " on are empty and were left out"));
      if (shorter_) {  // it was the end of the line that the header lacked, not a name
        head_.erase(head_.begin());
        head_.emplace_back();
        head_value_.erase(head_value_.begin());
        head_value_.emplace_back();
        std::rotate(values_.begin(), values_.begin() + 1, values_.begin() + static_cast<std::ptrdiff_t>(columns_));
        shorter_ = false;
      }
    }
    size_t dropped = 0;
    const auto no_content = [&](std::string_view line) {
      return separator_ != ' ' && trim(line).find_first_not_of(separator_) == line.npos;
    };
    while (columns_ > 1 && lines_.size() > 2 && no_content(lines_.back().text)) {
      lines_.pop_back();
      values_.resize(values_.size() - columns_);
      for (Column &column : facts_) --column.missing;
      ++dropped;
    }
    if (dropped > 0) remark("empty lines at the end were left out");
  }

  // Columns of text at either side.  One word in a column of numbers is a mistake, and no label.
  void find_labels() {
    bool names_behind = lines_.size() > 1 && head_[0].empty();
    for (size_t j = 1; j < last_; ++j) names_behind = names_behind && (quoted_head_ || !head_value_[j]);
    const auto labels = [&](size_t j) {
      const Column &c = facts_[j];
      if (c.mistaken || c.texts == 0) return false;
      return (j == 0 && names_behind) || (c.texts > c.numbers && (c.numbers == 0 || c.text_line <= 1));
    };
    while (first_ < last_ && labels(first_)) ++first_;
    while (last_ > first_ && labels(last_ - 1)) --last_;
    if (first_ == last_) fail("holds no numbers; give a table of numbers");
    for (size_t j = 0; j < first_; ++j) label_columns_.push_back(j);
    for (size_t j = last_; j < columns_; ++j) {
      if (facts_[j].texts > 0) label_columns_.push_back(j);
    }
  }

  // Columns that a header calls wavelength, fwhm or band.
  void find_special() {
    if (lines_.size() < 2) return;
    const bool after_index = first_ == 0 && last_ > 2 && head_[0].empty() && numbers_rows(0);
    const size_t begin = first_ + (after_index ? 1 : 0);
    size_t end = begin;
    std::optional<size_t> wavelength, width, band;
    for (; end < last_ && facts_[end].texts == 0 && !head_value_[end]; ++end) {
      if (!wavelength && is_wavelength(head_[end])) {
        wavelength = end;
      } else if (!width && is_width(head_[end])) {
        width = end;
      } else if (!band && is_band_number(head_[end])) {
        band = end;
      } else {
        break;
      }
    }
    if (band && !wavelength && !width && !(counts_from(column(*band), 1) || counts_from(column(*band), 0))) return;
    if (end == begin || end == last_) return;
    size_t back = last_;
    if (wavelength && !width && back - 1 > end && is_width(head_[back - 1])) width = --back;
    remark(cat("columns that describe bands, not spectra: ", excerpt(head_[begin]), end - begin > 1 ? ", " : "",
               end - begin > 1 ? excerpt(head_[begin + 1]) : ""));
    first_ = end;
    last_ = back;
    special_ = true;
    wavelength_ = wavelength;
    width_ = width;
  }

  std::vector<double> column(size_t j) const {
    std::vector<double> out;
    for (size_t i = 1; i < lines_.size(); ++i) out.push_back(values_[i * columns_ + j]);
    return out;
  }
  // The numbers of the first line from column `from` on; empty where one is none.
  std::vector<double> head_numbers(size_t from) const {
    std::vector<double> out;
    for (size_t j = from; j < last_; ++j) {
      if (!head_value_[j] || std::isnan(*head_value_[j])) return {};
      out.push_back(*head_value_[j]);
    }
    return out;
  }
  // Whole numbers, each another: what data frames number their rows by.
  bool numbers_rows(size_t j) const {
    const std::vector<double> v = column(j);
    return facts_[j].missing == 0 && all_whole(v) && std::set<double>(v.begin(), v.end()).size() == v.size();
  }
  bool whole_below(size_t from) const {
    return std::all_of(facts_.begin() + static_cast<std::ptrdiff_t>(from),
                       facts_.begin() + static_cast<std::ptrdiff_t>(last_), [](const Column &c) { return c.whole; });
  }

  void take_index(size_t j) {
    label_columns_.insert(label_columns_.begin(), j);
    first_ = j + 1;
  }

  void decide_header() {
    if (lines_.size() < 2) return;
    if (special_) {
      header_ = true;
      return;
    }
    if (shorter_) {
      if (first_ == 0 && !numbers_rows(0)) check_width(columns_ - 1, 1, columns_, 0);
      header_ = true;
      if (first_ == 0) take_index(0);
      return;
    }
    size_t texts = 0, numbers = 0;
    bool whole = true, mistaken = false;
    for (size_t j = first_; j < last_; ++j) {
      if (head_value_[j] && !std::isnan(*head_value_[j])) {
        ++numbers;
        whole = whole && *head_value_[j] == std::floor(*head_value_[j]);
      } else if (!is_missing(head_[j])) {
        ++texts;
        mistaken = mistaken || is_like_number(head_[j]);
      }
    }
    if (texts > 0 && wavelengths_between_texts()) {
      header_ = true;
    } else if (texts > 0 && !mistaken) {
      header_ = numbers == 0 || (texts > numbers && whole);
    } else if (texts == 0) {
      header_ = numbers_are_names();
    }
    if (!header_) return;
    if (texts == 0) remark(cat("line ", lines_[0].number, " was read as the names of the columns"));
    if (first_ == 0 && first_ + 1 < last_) {
      const bool unnamed = head_[0].empty() && facts_[0].missing == 0 && facts_[0].numbers > 0;
      if (unnamed || (is_index(head_[0]) && numbers_rows(0))) take_index(0);
    }
  }

  // A header of EcoSIS: what is known of a spectrum, then its wavelengths.  Numbers among the former are no bands.
  bool wavelengths_between_texts() {
    size_t begin = first_, end = first_;
    const auto number = [&](size_t j) { return spectral_number(head_[j]).has_value(); };
    while (begin < last_ && !number(begin)) ++begin;
    for (end = begin; end < last_ && number(end);) ++end;
    std::vector<double> run;
    for (size_t j = begin; j < end; ++j) run.push_back(*spectral_number(head_[j]));
    for (size_t j = end; j < last_; ++j) {
      if (number(j)) return false;
    }
    const bool edges = begin > first_ || end < last_;
    if (!edges || run.size() < 3 || !spectral(run) || facts_[begin].texts > 0) return false;
    remark(cat("columns without a wavelength were left out: ", excerpt(begin > first_ ? head_[first_] : head_[end]),
               (begin - first_) + (last_ - end) > 1 ? ", ..." : ""));
    first_ = begin;
    last_ = end;
    return true;
  }

  // Whether a first line of numbers names columns: what stands above the labels, and how it differs from what is below.
  bool numbers_are_names() {
    if (quoted_head_ && !quoted_rows_) return true;  // R quotes names, and no numbers
    const bool labelled = !label_columns_.empty();
    const std::vector<double> head = head_numbers(labelled ? first_ : first_ + (head_[first_].empty() ? 1 : 0));
    if (head.empty()) return false;
    if (!labelled && head_[first_].empty()) return head.size() > 1 && all_whole(head) && numbers_rows(first_);
    if (!labelled) return head.size() > 2 && counts_from(head, 0) && !whole_below(first_);
    const std::string &corner = head_[label_columns_[0]];
    if (head_value_[label_columns_[0]]) return *head_value_[0] == 0 && first_ == 1 && counts_from(head, 1);
    if (corner.empty()) return monotone(head) || all_whole(head);
    if (!monotone(head)) return false;
    if (is_corner(corner) || evenly_spaced(head)) return true;
    double most = 0;
    for (size_t j = first_; j < last_; ++j) most = std::max(most, facts_[j].most);
    return std::min(head.front(), head.back()) > 10 * most;
  }

  [[noreturn]] void refuse(size_t line, size_t j, const std::string &cell) const {
    const std::string where = cat("line ", lines_[line].number, ", column ", j + 1, ": '", excerpt(cell), "' ");
    if (is_bound(cell)) fail(where + "is a bound, no number; write a number, or leave the cell empty (see --missing)");
    if (decimal_comma_ && parse_number(cell)) {
      fail(where + "has a decimal point where other cells have a decimal comma; write all numbers alike");
    }
    if (has_thousands(cell)) fail(where + "is not a number; write it without separators of thousands");
    fail(where + "is not a number; correct it, or leave the cell empty where nothing is known");
  }

  // A word where numbers are, from the first line on.
  void refuse_texts() {
    size_t line = lines_.size(), column = 0;
    std::string text;
    const auto labels_a_number = [&](size_t j) {
      return !header_ && lines_.size() > 1 && facts_[j].texts > 0 && head_value_[j] && (j < first_ || j >= last_);
    };
    for (size_t j = columns_; j-- > 0;) {
      if ((j < first_ || j >= last_) && !labels_a_number(j)) continue;
      const bool head = !header_ && lines_.size() > 1 && !head_value_[j] && !is_missing(head_[j]);
      if (head || (facts_[j].texts > 0 && facts_[j].text_line <= line)) {
        line = head ? 0 : facts_[j].text_line;
        text = head ? head_[j] : facts_[j].text;
        column = j;
      }
    }
    if (line < lines_.size()) refuse(line, column, text);
    if (wavelength_) {
      const std::vector<double> v = this->column(*wavelength_);
      const auto bad = std::find_if(v.begin(), v.end(), [](double x) { return !std::isfinite(x); });
      if (bad != v.end()) {
        fail(cat("line ", lines_[static_cast<size_t>(bad - v.begin()) + 1].number, ", column ", *wavelength_ + 1,
                 ": has no wavelength; give one, or leave the line out"));
      }
    }
  }

  // The names of the rows: of several columns of labels the one that is called a name, else the first.
  void read_labels() {
    if (label_columns_.empty()) return;
    size_t chosen = label_columns_[0];
    if (header_) {
      const auto named =
          std::find_if(label_columns_.begin(), label_columns_.end(), [&](size_t j) { return is_name(head_[j]); });
      if (named != label_columns_.end()) chosen = *named;
    }
    for (size_t i = header_ ? 1 : 0; i < lines_.size(); ++i) {
      cut(lines_[i].text, separator_, row_);
      labels_.emplace_back(row_.cells[chosen].text);
    }
    const std::string head = header_ && !head_[chosen].empty() ? cat(" ('", excerpt(head_[chosen]), "')") : "";
    remark(cat("column ", chosen + 1, head, " was read as the names of the rows",
               label_columns_.size() > 1 ? "; other columns of text were left out" : ""));
  }

  // Names of columns, from the header or from a comment above the numbers that has one for each.
  std::vector<std::string> column_names() {
    if (header_) {
      return {head_.begin() + static_cast<std::ptrdiff_t>(first_), head_.begin() + static_cast<std::ptrdiff_t>(last_)};
    }
    if (comment_.empty()) return {};
    cut(comment_, separator_, row_);
    if (row_.cells.size() != columns_) return {};
    std::vector<std::string> names;
    for (size_t j = first_; j < last_; ++j) {
      if (parse_number(row_.cells[j].text) || row_.cells[j].text.empty()) return {};
      names.emplace_back(row_.cells[j].text);
    }
    return names;
  }

  void report_missing() {
    size_t count = 0, line = lines_.size(), column = 0;
    for (size_t i = header_ ? 1 : 0; i < lines_.size(); ++i) {
      for (size_t j = first_; j < last_; ++j) {
        if (!std::isnan(values_[i * columns_ + j])) continue;
        if (count++ > 0) continue;
        line = i;
        column = j;
      }
    }
    if (count == 0) return;
    cut(lines_[line].text, separator_, row_);
    const std::string_view cell = row_.cells[column].text;
    remark(cat(count == 1 ? "a cell is missing, in line " : cat(count, " cells are missing, the first in line "),
               lines_[line].number, ", column ", column + 1,
               cell.empty() ? " (empty)" : cat(" ('", excerpt(cell), "')")));
  }

  void read_wavelengths() {
    Meta &meta = data_.meta;
    if (wavelength_) {
      meta.wavelength = column(*wavelength_);
      const double scale = wavelength_scale(meta, unit_of(head_[*wavelength_]), meta.wavelength);
      for (double &v : meta.wavelength) v *= scale;
      if (width_) {
        meta.fwhm = column(*width_);
        const std::string_view unit = unit_of(head_[*width_]);
        const double own = unit.empty() ? scale : wavelength_scale(meta, unit, {});
        for (double &v : meta.fwhm) v *= own;
      }
    }
    data_.spectra = special_;
  }

  // Spectra in rows under their wavelengths: bands and spectra change places, and where they stood is kept.
  void turn_spectra() {
    if (!header_ || special_) return;
    std::vector<double> wavelength;
    for (size_t j = first_; j < last_; ++j) {
      const std::optional<double> v = spectral_number(head_[j]);
      if (!v) return;
      wavelength.push_back(*v);
    }
    const bool named =
        std::any_of(label_columns_.begin(), label_columns_.end(), [&](size_t j) { return is_label(head_[j]); });
    constexpr size_t as_of_a_spectrometer = 100;
    if (!spectral(wavelength) || (!named && wavelength.size() < as_of_a_spectrometer)) return;
    const std::string_view unit = unit_of(head_[first_]);
    const double scale = wavelength_scale(data_.meta, unit, wavelength);
    for (double &v : wavelength) v *= scale;
    data_.meta.wavelength = std::move(wavelength);
    data_.spectra = data_.turned = true;
    std::swap(data_.axis[0], data_.axis[1]);
    std::swap(data_.side_names[0], data_.side_names[1]);
    remark("a spectral library with a spectrum in each row");
  }

  void fill() {
    data_.meta.format = "text table";
    data_.element = Element::f64;
    data_.pixels_first = true;
    report_missing();
    const size_t above = header_ ? columns_ : 0;
    const auto stride = static_cast<int64_t>(columns_);
    data_.axis[0] = {static_cast<int64_t>(lines_.size()) - (header_ ? 1 : 0), stride};
    data_.axis[1] = {static_cast<int64_t>(last_ - first_), 1};
    data_.side_names[0] = std::move(labels_);
    data_.side_names[1] = column_names();
    read_wavelengths();
    turn_spectra();
    keep_numbers(data_, std::move(values_), above + first_);
    data_.big_endian = host_big_endian();
  }

  const std::string &name_;
  Data data_;
  std::vector<Line> lines_;
  std::string_view comment_;
  char separator_ = ' ', forced_ = '\0';
  bool decimal_comma_ = false, shorter_ = false, header_ = false, special_ = false;
  bool quoted_head_ = true, quoted_rows_ = false;
  Row row_;
  size_t columns_ = 0, first_ = 0, last_ = 0;  // the columns of numbers are first_ up to last_
  std::vector<std::string> head_;
  std::vector<std::optional<double>> head_value_;
  std::vector<Column> facts_;
  std::vector<double> values_;
  std::vector<size_t> label_columns_;
  std::vector<std::string> labels_;
  std::optional<size_t> wavelength_, width_;
};

}  // namespace

Data parse_csv(std::string_view text, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff") {
    fail("is text in UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)");
  }
  if (text.find('\0') != text.npos) fail("holds zero bytes and is no text table; give comma-separated numbers");
  if (is_spectrum_text(text)) return parse_spectrum_text(text, name);
  return Sheet(text, name).read();
}

Data as_written(Data data) {
  if (!data.turned) return data;
  std::swap(data.axis[0], data.axis[1]);
  std::swap(data.side_names[0], data.side_names[1]);
  data.meta.wavelength.clear();
  data.meta.fwhm.clear();
  data.spectra = data.turned = false;
  return data;
}

}  // namespace orthant::tool
