// NumPy .npy files, versions 1 to 3.
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

// The header is a Python dict literal with three known keys; this reads just that.
class Literal {
 public:
  Literal(std::string_view text, const std::string &name) : text_(text), name_(name) {}

  bool take(char c) {
    blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) fail(std::string("'") + c + "' is missing in its header before '" + excerpt(text_) + "'");
  }
  std::string_view string() {
    blanks();
    const char quote = text_.empty() ? '\0' : text_[0];
    if (quote != '\'' && quote != '"') {
      fail("its header has '" + excerpt(text_) +
           "' where a plain string is needed; object and structured arrays are "
           "not supported, save a plain numeric array");
    }
    const size_t end = text_.find(quote, 1);
    if (end == text_.npos) fail("a string in its header does not end");
    const std::string_view s = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return s;
  }
  bool boolean() {
    blanks();
    for (const auto &[word, value] : {std::pair{std::string_view("True"), true}, {"False", false}}) {
      if (text_.substr(0, word.size()) == word) {
        text_.remove_prefix(word.size());
        return value;
      }
    }
    fail("fortran_order is '" + excerpt(text_) + "', not True or False");
  }
  std::vector<int64_t> tuple() {
    std::vector<int64_t> out;
    need('(');
    while (!take(')')) {
      blanks();
      int64_t value = 0;
      size_t digits = 0;
      for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
        if (!multiply(value, 10, value) || __builtin_add_overflow(value, text_[digits] - '0', &value)) {
          fail("its shape is larger than any file holds");
        }
      }
      if (digits == 0) fail("its shape has '" + excerpt(text_) + "' where a whole number is needed");
      text_.remove_prefix(digits);
      out.push_back(value);
      if (!take(',') && !(blanks(), text_.substr(0, 1) == ")")) fail("its shape is not a list of whole numbers");
    }
    return out;
  }
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }

 private:
  void blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t')) text_.remove_prefix(1);
  }
  std::string_view text_;
  const std::string &name_;
};

Element element_of(std::string_view descr, const std::string &name) {
  static constexpr std::pair<std::string_view, Element> kinds[] = {
      {"f4", Element::f32}, {"f8", Element::f64}, {"u1", Element::u8},  {"b1", Element::u8},
      {"i1", Element::i8},  {"u2", Element::u16}, {"i2", Element::i16}, {"u4", Element::u32},
      {"i4", Element::i32}, {"u8", Element::u64}, {"i8", Element::i64}};
  for (const auto &[kind, element] : kinds) {
    if (descr.size() == 3 && descr.substr(1) == kind &&
        (descr[0] == '<' || descr[0] == '>' || (descr[0] == '|' && kind[1] == '1'))) {
      return element;
    }
  }
  throw InputError(name + ": element type '" + excerpt(descr) +
                   "' is not supported; save as float32, float64 or integers");
}

// The bytes before the header's text, and those of it.
struct Head {
  size_t before, length;
};

Head head_of(std::string_view bytes, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  if (bytes.size() < 10 || bytes.substr(0, 6) != "\x93NUMPY") fail("is not a NumPy file; save it with numpy.save");
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(bytes[i])); };
  const size_t major = byte(6), before = major == 1 ? 10 : 12;
  if (major < 1 || major > 3) fail("has version " + std::to_string(major) + "; versions 1 to 3 are read");
  if (bytes.size() < before) fail("ends inside its header; fetch it again");
  size_t length = byte(8) | byte(9) << 8;
  if (major > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - before) {
    fail(cat("has ", bytes.size(), " bytes, its header alone asks for ", before + length, "; fetch it again"));
  }
  return {before, length};
}

NpyArray shape_of(Literal &literal) {
  std::optional<std::string_view> descr;
  std::optional<bool> fortran;
  std::optional<std::vector<int64_t>> sides;
  literal.need('{');
  while (!literal.take('}')) {
    const std::string_view key = literal.string();
    literal.need(':');
    if (key == "descr" && !descr)
      descr = literal.string();
    else if (key == "fortran_order" && !fortran)
      fortran = literal.boolean();
    else if (key == "shape" && !sides)
      sides = literal.tuple();
    else
      literal.fail("its header has the key '" + excerpt(key) + "' twice or out of place");
    literal.take(',');
  }
  if (!descr || !fortran || !sides) literal.fail("its header lacks descr, fortran_order or shape");
  return {*descr, *fortran, *sides, {}};
}

// The three sides of an array are lines, samples, bands; two are rows and columns, one is a column.
void set_axes(const NpyArray &shape, Data &data) {
  const std::vector<int64_t> &n = shape.sides;
  Extent side[3];
  int64_t stride = 1;
  for (size_t k = 0; k < n.size(); ++k) {
    const size_t i = shape.fortran ? k : n.size() - 1 - k;
    side[i] = {n[i], stride};
    stride *= n[i];
  }
  data.raster = data.sides_assumed = n.size() == 3;
  if (data.raster) {
    data.axis[0] = side[2];
    data.axis[1] = side[0];
    data.axis[2] = side[1];
  } else {
    data.axis[0] = side[0];
    data.axis[1] = side[1];
  }
}

}  // namespace

NpyArray open_npy(std::string_view bytes, const std::string &name) {
  const auto [before, length] = head_of(bytes, name);
  Literal literal(bytes.substr(before, length), name);
  NpyArray array = shape_of(literal);
  array.bytes = bytes.substr(before + length);
  return array;
}

int64_t npy_head_bytes(std::string_view bytes) {
  if (bytes.size() < 12) return static_cast<int64_t>(bytes.size());
  const auto byte = [&](size_t i) { return static_cast<int64_t>(static_cast<unsigned char>(bytes[i])); };
  const int64_t length = byte(8) | byte(9) << 8;
  return byte(6) == 1 ? 10 + length : 12 + (length | byte(10) << 16 | byte(11) << 24);
}

Data parse_npy(std::string_view bytes, const std::string &name) {
  Data data = parse_npy(bytes, static_cast<int64_t>(bytes.size()), name);
  data.bytes = bytes.substr(static_cast<size_t>(data.file_offset));
  return data;
}

Data parse_npy(std::string_view head, int64_t file_bytes, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  const NpyArray array = open_npy(head, name);
  if (array.sides.empty() || array.sides.size() > 3)
    fail(cat("has ", array.sides.size(), " dimensions; 1 to 3 are read"));

  Data data;
  data.meta.source = name;
  data.meta.format = "NumPy array";
  data.element = element_of(array.descr, name);
  data.big_endian = array.descr[0] == '>';
  data.pixels_first = true;
  int64_t count = 1, size = 0;
  for (int64_t side : array.sides) {
    if (side == 0) fail("is empty: a side of its shape is 0");
    if (!multiply(count, side, count)) fail("its shape is larger than any file holds");
  }
  data.file_offset = array.bytes.data() - head.data();
  const int64_t held = file_bytes - data.file_offset;
  if (!multiply(count, static_cast<int64_t>(element_size(data.element)), size) || size > held) {
    fail(cat("has ", held, " bytes of data, its header asks for ", count, " numbers of type ",
             element_name(data.element), "; fetch it again"));
  }
  set_axes(array, data);
  return data;
}

}  // namespace orthant::tool
