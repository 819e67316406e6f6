// MatrixMarket files: coordinate or array; real, integer or pattern; general, symmetric or skew-symmetric.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

std::string_view next_word(std::string_view &line) {
  line = trim(line);
  const size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

class Market {
 public:
  Market(std::string_view text, const std::string &name) : text_(text), size_(text.size()), name_(name) {}

  Data read() {
    read_banner();
    read_sides();
    return coordinate_ ? read_coordinates() : read_array();
  }

 private:
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }
  [[noreturn]] void fail_here(const std::string &what) const { fail(cat("line ", line_, ": ", what)); }

  // The next line that is neither blank nor a comment; false at the end.
  bool next(std::string_view &line) {
    while (!text_.empty()) {
      ++line_;
      const size_t end = text_.find('\n');
      line = trim(text_.substr(0, end));
      text_.remove_prefix(end == text_.npos ? text_.size() : end + 1);
      if (!line.empty() && line[0] != '%') return true;
    }
    return false;
  }

  void read_banner() {
    const size_t end = text_.find('\n');
    std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end == text_.npos ? text_.size() : end + 1);
    line_ = 1;
    const std::string magic = lower(next_word(line)), object = lower(next_word(line));
    const std::string layout = lower(next_word(line)), field = lower(next_word(line)), kind = lower(next_word(line));
    if (magic != "%%matrixmarket" || object != "matrix") {
      fail("line 1 is no banner of a matrix; it is written %%MatrixMarket matrix coordinate real general");
    }
    if (layout != "coordinate" && layout != "array") {
      fail_here("the layout '" + excerpt(layout) + "' is not coordinate or array");
    }
    if (field == "complex") fail_here("the matrix is complex, which is not supported; save real numbers");
    if (field != "real" && field != "double" && field != "integer" && field != "pattern") {
      fail_here("the field '" + excerpt(field) + "' is not real, integer or pattern");
    }
    coordinate_ = layout == "coordinate";
    pattern_ = field == "pattern";
    skew_ = kind == "skew-symmetric";
    symmetric_ = skew_ || kind == "symmetric" || kind == "hermitian";
    if (!symmetric_ && kind != "general") {
      fail_here("the symmetry '" + excerpt(kind) + "' is not general, symmetric or skew-symmetric");
    }
    if (pattern_ && !coordinate_) fail_here("an array has numbers, and no pattern");
  }

  int64_t whole(std::string_view word, const char *what) const {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc() || end != word.data() + word.size() || value < 0) {
      fail_here(cat("'", excerpt(word), "' is no ", what));
    }
    return value;
  }

  void read_sides() {
    std::string_view line;
    if (!next(line)) fail("ends before the line of its sides; fetch it again");
    rows_ = whole(next_word(line), "number of rows");
    cols_ = whole(next_word(line), "number of columns");
    if (coordinate_) count_ = whole(next_word(line), "number of entries");
    if (!trim(line).empty()) fail_here("'" + excerpt(trim(line)) + "' follows the sides; correct the line");
    sides_line_ = line_;
    if (rows_ == 0 || cols_ == 0) fail_here("the matrix is empty: a side of it is 0");
    if (symmetric_ && rows_ != cols_) fail_here("a symmetric matrix has as many rows as columns");
    check_sides(rows_, cols_, size_, name_);
    if (!coordinate_) {
      if (!multiply(rows_, cols_, count_)) fail_here("the matrix is larger than any file holds");
      if (symmetric_) count_ = (count_ - rows_) / 2 + (skew_ ? 0 : rows_);
    }
    const int64_t each = coordinate_ ? 4 : 2;  // the bytes of the shortest entry
    if (count_ > static_cast<int64_t>(size_) / each + 1) {
      fail_here(cat(count_, " entries are announced, more than a file of ", size_, " bytes holds; fetch it again"));
    }
  }

  double number(std::string_view word) const {
    const std::optional<double> value = parse_number(word);
    if (!value) fail_here("'" + excerpt(word) + "' is not a number; correct it");
    return *value;
  }
  int32_t position(std::string_view word, int64_t side, const char *what) const {
    const int64_t value = whole(word, what);
    if (value < 1 || value > side) fail_here(cat(what, " ", value, " lies outside 1 to ", side));
    return static_cast<int32_t>(value - 1);
  }
  void end_of(std::string_view line) const {
    if (!trim(line).empty()) fail_here("'" + excerpt(trim(line)) + "' is too much in this line");
  }
  std::string_view entry(int64_t have) {
    std::string_view line;
    if (!next(line))
      fail(cat("ends after ", have, " of the ", count_, " entries of line ", sides_line_, "; fetch it again"));
    return line;
  }
  void expect_end() {
    std::string_view line;
    if (next(line)) fail_here(cat("more entries follow than the ", count_, " of line ", sides_line_));
  }

  Data read_coordinates() {
    std::vector<Triplet> entries;
    for (int64_t k = 0; k < count_; ++k) {
      std::string_view line = entry(k);
      Triplet t{};
      t.row = position(next_word(line), rows_, "row");
      t.col = position(next_word(line), cols_, "column");
      t.value = pattern_ ? 1 : number(next_word(line));
      end_of(line);
      if (skew_ && t.row == t.col) fail_here("a skew-symmetric matrix gives no diagonal");
      entries.push_back(t);
      if (symmetric_ && t.row != t.col) entries.push_back({t.col, t.row, skew_ ? -t.value : t.value});
    }
    expect_end();
    Data data = sparse_data(rows_, cols_, std::move(entries), name_);
    data.meta.format = "MatrixMarket matrix";
    return data;
  }

  Data read_array() {
    std::vector<double> values(static_cast<size_t>(rows_ * cols_));
    int64_t have = 0;
    for (int64_t j = 0; j < cols_; ++j) {
      const int64_t first = skew_ ? j + 1 : j;
      for (int64_t i = symmetric_ ? first : 0; i < rows_; ++i) {
        std::string_view line = entry(have++);
        const double v = number(next_word(line));
        end_of(line);
        values[static_cast<size_t>(i + rows_ * j)] = v;
        if (symmetric_) values[static_cast<size_t>(j + rows_ * i)] = skew_ ? -v : v;
      }
    }
    expect_end();
    Data data;
    data.meta.source = name_;
    data.meta.format = "MatrixMarket array";
    data.element = Element::f64;
    data.big_endian = host_big_endian();
    data.axis[0] = {rows_, 1};
    data.axis[1] = {cols_, rows_};
    keep_numbers(data, std::move(values));
    return data;
  }

  std::string_view text_;
  size_t size_, line_ = 0, sides_line_ = 0;
  const std::string &name_;
  bool coordinate_ = true, pattern_ = false, symmetric_ = false, skew_ = false;
  int64_t rows_ = 0, cols_ = 0, count_ = 0;
};

}  // namespace

void check_sides(int64_t rows, int64_t cols, size_t bytes, const std::string &name) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max(), few = 1 << 20;
  if (rows < 1 || cols < 1 || rows > most || cols > most) {
    throw InputError(cat(name, ": is ", rows, " x ", cols, "; 1 to 2147483647 rows and columns are read"));
  }
  if (std::max(rows, cols) > few && std::max(rows, cols) / 64 > static_cast<int64_t>(bytes)) {
    throw InputError(cat(name, ": is ", rows, " x ", cols, ", and a file of ", bytes,
                         " bytes can fill few of them; leave empty rows and columns out"));
  }
}

Data sparse_data(int64_t rows, int64_t cols, std::vector<Triplet> entries, const std::string &name) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Triplet &a, const Triplet &b) { return a.col != b.col ? a.col < b.col : a.row < b.row; });
  auto sparse = std::make_shared<Sparse>();
  sparse->starts.assign(static_cast<size_t>(cols) + 1, 0);
  int64_t added = 0;
  for (size_t k = 0; k < entries.size();) {
    const Triplet first = entries[k];
    double sum = first.value;
    for (++k; k < entries.size() && entries[k].col == first.col && entries[k].row == first.row; ++k) {
      sum += entries[k].value;
      ++added;
    }
    if (sum == 0) continue;
    sparse->indices.push_back(first.row);
    sparse->values.push_back(sum);
    ++sparse->starts[static_cast<size_t>(first.col) + 1];
  }
  if (sparse->indices.size() > size_t{0x7fffffff}) throw InputError(name + ": has more than 2147483647 nonzeros");
  for (size_t j = 0; j < static_cast<size_t>(cols); ++j) sparse->starts[j + 1] += sparse->starts[j];
  Data data;
  data.meta.source = name;
  data.element = Element::f64;
  data.big_endian = host_big_endian();
  data.axis[0] = {rows, 1};
  data.axis[1] = {cols, rows};
  data.sparse = std::move(sparse);
  keep_numbers(data, {});  // not the text
  if (added > 0) note(data.meta, cat(added, " entries are given more than once and were added up"));
  return data;
}

Data parse_matrix_market(std::string_view text, const std::string &name) { return Market(text, name).read(); }

}  // namespace orthant::tool
