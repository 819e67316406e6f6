// Whether each element of a MATLAB file lies within the one around it: checked before matio reads it, which takes the
// memory that an element announces and recurses as deep as they are nested.  Versions 4 and 5; 7.3 is HDF5, which
// checks itself.
//
// A version 5 file is 128 bytes and then variables, each a tag (type, bytes) and its content; a matrix is a sequence of
// such elements: flags, sides, name, then numbers, or for cells and structs matrices again.
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>

#include "parse.hpp"

namespace orthant::tool {

namespace {

constexpr int64_t most_ratio = 1032;  // compression cannot grow a byte more often
constexpr int most_depth = 32, most_sides = 32;
constexpr int64_t most_columns = 1 << 24;  // of a version 4 sparse matrix, which stores no column that is empty

enum Type : uint32_t { t_int8 = 1, t_int32 = 5, t_uint32 = 6, t_matrix = 14, t_compressed = 15 };
enum Class : uint32_t {
  c_cell = 1,
  c_struct = 2,
  c_char = 4,
  c_sparse = 5,
  c_double = 6,
  c_uint64 = 15,
  c_function = 16,
  c_opaque = 17
};

// Bytes of one number of a type; 0: of no number.
int64_t type_size(uint32_t type) {
  constexpr int64_t sizes[] = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4};
  return type < std::size(sizes) ? sizes[type] : 0;
}

[[noreturn]] void refuse(const std::string &path, const std::string &what) {
  throw InputError(path + ": is a damaged MATLAB file: " + what + "; save or fetch it again");
}

uint32_t word(const char *bytes, bool swap) {
  unsigned char b[4];
  std::memcpy(b, bytes, 4);
  if (swap) std::reverse(b, b + 4);
  uint32_t value = 0;
  std::memcpy(&value, b, 4);
  return value;
}

// The bytes of one variable in their order, inflated where they are compressed.
class Stream {
 public:
  Stream(std::istream &file, int64_t bytes, bool compressed) : file_(file), left_(bytes), compressed_(compressed) {
    if (compressed_ && inflateInit(&z_) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() {
    if (compressed_) inflateEnd(&z_);
  }
  Stream(const Stream &) = delete;
  Stream &operator=(const Stream &) = delete;

  bool compressed() const { return compressed_; }
  // False where they end before.
  bool read(char *to, int64_t count) {
    if (compressed_) return inflate_to(to, count);
    if (count > left_ || !file_.read(to, count)) return false;
    left_ -= count;
    return true;
  }
  bool skip(int64_t count) {
    if (!compressed_) {
      if (count > left_ || !file_.seekg(count, std::ios::cur)) return false;
      left_ -= count;
      return true;
    }
    char passed[4096];
    for (; count > 0; count -= std::min<int64_t>(count, sizeof passed)) {
      if (!inflate_to(passed, std::min<int64_t>(count, sizeof passed))) return false;
    }
    return true;
  }

 private:
  bool inflate_to(char *to, int64_t count) {
    z_.next_out = reinterpret_cast<Bytef *>(to);
    z_.avail_out = static_cast<uInt>(count);
    while (z_.avail_out > 0) {
      if (z_.avail_in == 0 && left_ > 0) {
        const int64_t some = std::min<int64_t>(left_, sizeof buffer_);
        if (!file_.read(buffer_, some)) return false;
        left_ -= some;
        z_.next_in = reinterpret_cast<Bytef *>(buffer_);
        z_.avail_in = static_cast<uInt>(some);
      }
      const int status = inflate(&z_, Z_NO_FLUSH);  // what it still holds comes without input too; else no progress
      if (status != Z_OK && !(status == Z_STREAM_END && z_.avail_out == 0)) return false;
    }
    return true;
  }

  std::istream &file_;
  int64_t left_;  // not yet read from the file
  bool compressed_;
  z_stream z_{};
  char buffer_[16384];
};

class Matrix {
 public:
  Matrix(const std::string &path, Stream &in, bool swap) : path_(path), in_(in), swap_(swap) {}

  // Passes over a matrix of so many bytes; of the outermost (depth 0) only as far as something is to be checked.
  void check(int64_t bytes, int depth, bool field = false) {
    if (depth > most_depth) refuse(path_, "its cells or structs are nested too deeply");
    int64_t left = bytes;
    const Tag flags = tag(left);
    if ((flags.type != t_uint32 && flags.type != t_int32) || flags.bytes != 8) refuse(path_, "a variable has no flags");
    const uint32_t kind = number(left) & 0xff;
    number(left);
    const Tag sides = tag(left);
    if (kind == c_opaque && sides.type != t_int32) {
      after_no_sides(left);
    } else {
      const int64_t n = elements(sides, left);
      const Tag name = tag(left);
      if (name.type != t_int8) refuse(path_, "the name of a variable is no text");
      if (field && name.bytes > 0) refuse(path_, "a struct's field has a name of its own");
      pass(name, left);
      content(kind, n, left, depth);
    }
    // matio announces a few bytes too many for some texts in compressed cells; that is no reason to refuse its files.
    if (depth > 0 && !in_.skip(left) && !in_.compressed()) refuse(path_, "it ends within a variable");
  }

 private:
  struct Tag {
    uint32_t type = 0;
    int64_t bytes = 0, padded = 0;
    bool small = false;  // up to four bytes stand in the tag itself
    char inside[4] = {};
  };

  void take(char *to, int64_t count, int64_t &left) {
    if (count > left) refuse(path_, "the parts of a variable are larger than the whole");
    if (!in_.read(to, count)) refuse(path_, "it ends within a variable");
    left -= count;
  }
  uint32_t number(int64_t &left) {
    char bytes[4];
    take(bytes, 4, left);
    return word(bytes, swap_);
  }
  // The content, where it is not in the tag, lies within what is left; only its padding may be missing.
  Tag tag(int64_t &left) {
    Tag t;
    t.type = number(left);
    t.small = t.type >> 16 != 0;
    if (t.small) {
      t.bytes = t.type >> 16, t.type &= 0xffff;
      take(t.inside, 4, left);
      if (t.bytes > 4) refuse(path_, "a short element is longer than 4 bytes");
      return t;
    }
    t.bytes = number(left);
    if (t.bytes > left) refuse(path_, "the parts of a variable are larger than the whole");
    t.padded = std::min(left, (t.bytes + 7) / 8 * 8);
    return t;
  }
  void pass(const Tag &t, int64_t &left) {
    if (!in_.skip(t.padded)) refuse(path_, "it ends within a variable");
    left -= t.padded;
  }

  // An object of a class that matio does not know has no sides.  It takes what follows for the tag of a name.
  void after_no_sides(int64_t &left) {
    if (left < 8) return;
    const uint32_t type = number(left), bytes = number(left);
    if (type == t_int8 && bytes > left) refuse(path_, "the parts of a variable are larger than the whole");
  }

  int64_t elements(const Tag &sides, int64_t &left) {
    if (sides.type != t_int32 || sides.small || sides.bytes % 4 != 0 || sides.bytes < 8 || sides.bytes > 4 * most_sides)
      refuse(path_, "the sides of a variable are no list of whole numbers");
    int64_t n = 1, rest = sides.padded;
    for (int64_t k = 0; k < sides.bytes / 4; ++k, rest -= 4) {
      const int64_t side = number(left);
      if (side > std::numeric_limits<int32_t>::max() || !multiply(n, side, n))
        refuse(path_, "a variable has more numbers than any file holds");
    }
    char padding[8];
    take(padding, rest, left);
    return n;
  }

  void content(uint32_t kind, int64_t n, int64_t &left, int depth) {
    if (kind >= c_double && kind <= c_uint64) {
      const Tag numbers = tag(left);
      const int64_t size = type_size(numbers.type);
      if (n > 0 && (size == 0 || numbers.bytes / size < n))
        refuse(path_, "a variable has fewer numbers than its sides say");
    } else if (kind == c_char) {
      tag(left);
    } else if (kind == c_sparse) {
      for (int k = 0; k < 2; ++k) {  // row indices, starts of columns
        const Tag indices = tag(left);
        if ((indices.type != t_int32 && indices.type != t_uint32) || indices.bytes % 4 != 0)
          refuse(path_, "the indices of a sparse matrix are no whole numbers");
        pass(indices, left);
      }
      tag(left);
    } else if (kind == c_cell) {
      matrices(kind, n, left, depth);
    } else if (kind == c_struct) {
      const Tag length = tag(left);
      const int64_t each = word(length.inside, swap_);
      if (length.type != t_int32 || !length.small || length.bytes != 4 || each < 1)
        refuse(path_, "the names of a struct's fields have no length");
      const Tag names = tag(left);
      if (names.type != t_int8 || names.bytes % each != 0)
        refuse(path_, "the names of a struct's fields are no list of texts");
      pass(names, left);
      int64_t total = 0;
      if (!multiply(n, names.bytes / each, total)) refuse(path_, "a struct has more fields than any file holds");
      matrices(kind, total, left, depth);
    } else if (kind == c_function) {
      matrices(kind, n, left, depth);
    }
  }
  void matrices(uint32_t kind, int64_t count, int64_t &left, int depth) {
    constexpr int64_t bytes_of_one = 8;  // the least that an element takes: its tag
    if (count > left / bytes_of_one) refuse(path_, "a variable has fewer elements than its sides say");
    for (int64_t k = 0; k < count; ++k) {
      const Tag one = tag(left);
      if (one.bytes == 0 && kind != c_function) continue;
      if (one.type != t_matrix || one.small) refuse(path_, "an element of a cell or a struct is no matrix");
      check(one.bytes, depth + 1, kind == c_struct);
      left -= one.bytes;
    }
  }

  const std::string &path_;
  Stream &in_;
  bool swap_;
};

void check_version_5(const std::string &path, std::istream &file, int64_t size, bool swap) {
  for (int64_t at = 128; size - at >= 8;) {
    char head[8];
    file.seekg(at);
    if (!file.read(head, 8)) refuse(path, "it cannot be read to its end");
    const uint32_t type = word(head, swap);
    int64_t bytes = word(head + 4, swap);
    if (type != t_matrix && type != t_compressed) return;  // nothing is read beyond
    if (bytes > size - at - 8) refuse(path, "it ends within a variable");
    at += 8 + bytes;
    Stream in(file, bytes, type == t_compressed);
    if (type == t_compressed) {
      const int64_t most = bytes * most_ratio;
      if (!in.read(head, 8) || word(head, swap) != t_matrix) refuse(path, "a compressed variable is no matrix");
      bytes = word(head + 4, swap);
      if (bytes > most) refuse(path, "a compressed variable announces more than it can hold");
    }
    Matrix(path, in, swap).check(bytes, 0);
  }
}

// Five numbers, the name, the matrix by columns, each variable after the other.
void check_version_4(const std::string &path, std::istream &file, int64_t size) {
  for (int64_t at = 0; size - at >= 20;) {
    char head[20];
    file.seekg(at);
    if (!file.read(head, 20)) refuse(path, "it cannot be read to its end");
    uint32_t type = word(head, false);
    if (type > 4052) type = word(head, true);
    const uint32_t digits[] = {type / 10 % 10, type % 10};
    if (type / 100 % 10 != 0 || type / 1000 > 1 || digits[0] > 5 || digits[1] > 2) return;  // nothing is read beyond
    const bool swap = (type / 1000 == 1) != host_big_endian();
    constexpr int64_t sizes[] = {8, 4, 4, 2, 2, 1};
    const int64_t rows = word(head + 4, swap), cols = word(head + 8, swap), name = word(head + 16, swap);
    const int64_t parts = word(head + 12, false) != 0 ? 2 : 1, left = size - at - 20 - name;
    int64_t bytes = 0;
    if (left < 0 || !multiply(rows, cols, bytes) || bytes > left / sizes[digits[0]] / parts)
      refuse(path, "a variable announces more than the file holds");
    bytes *= sizes[digits[0]] * parts;
    if (digits[1] == 2 && rows > 0) {  // sparse: a row of three for each entry, the last for the sides
      if (digits[0] != 0 || cols < 3) refuse(path, "a sparse matrix is no list of rows, columns and values");
      char last[8];
      file.seekg(at + 20 + name + 8 * (2 * rows - 1));
      if (!file.read(last, 8)) refuse(path, "it cannot be read to its end");
      if (swap) std::reverse(last, last + 8);
      double columns = 0;
      std::memcpy(&columns, last, 8);
      if (!(columns >= 0 && columns <= static_cast<double>(most_columns)))
        refuse(path, "a sparse matrix has too many columns");
    }
    at += 20 + name + bytes;
  }
}

}  // namespace

void check_mat_bounds(const std::string &path) {
  std::error_code fault;
  const auto size = static_cast<int64_t>(fs::file_size(path, fault));
  std::ifstream file(path, std::ios::binary);
  if (fault || !file) return;  // matio says why
  char head[128] = {};
  uint16_t version = 0, order = 0;
  if (size >= 128 && file.read(head, 128)) {
    std::memcpy(&version, head + 124, 2);
    std::memcpy(&order, head + 126, 2);
  }
  constexpr uint16_t native = 0x4d49, other = 0x494d;
  if (order == other) version = static_cast<uint16_t>(version >> 8 | version << 8);
  const bool known = order == native || order == other;
  if (known && version == 0x0200) return;
  if (known && version == 0x0100) {
    check_version_5(path, file, size, order == other);
  } else {
    file.clear();
    check_version_4(path, file, size);
  }
}

}  // namespace orthant::tool
