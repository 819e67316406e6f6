// NumPy archives: zip files of arrays, as numpy.savez makes them, and the sparse matrices of scipy.sparse.save_npz.
#include <zlib.h>

#include <algorithm>
#include <cmath>

#include "parse.hpp"

namespace orthant::tool {

namespace {

struct Entry {
  std::string name;  // without .npy
  uint64_t method, flags, crc, packed, size, at;
};

// The directory at the end of a zip file, and what it leads to.
class Archive {
 public:
  Archive(std::string_view bytes, const std::string &name) : bytes_(bytes), name_(name) {
    const size_t end = find_end();
    uint64_t count = field(end + 10, 2), at = field(end + 16, 4);
    constexpr size_t locator = 20;
    if ((count == 0xffff || at == 0xffffffff) && end >= locator && field(end - locator, 4) == 0x07064b50) {
      const uint64_t large = field(end - locator + 8, 8);  // the directory of an archive beyond 4 GiB
      count = field(large + 32, 8);
      at = field(large + 48, 8);
    }
    for (uint64_t k = 0; k < count; ++k) at = read_entry(at);
  }
  const std::vector<Entry> &entries() const { return entries_; }
  const Entry *find(const std::string &name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry &e) { return e.name == name; });
    return found == entries_.end() ? nullptr : &*found;
  }

  std::string content(const Entry &entry) const {
    const std::string name = name_ + ":" + entry.name;
    if (entry.flags & 1) throw InputError(name + ": is encrypted; save it anew with numpy.savez");
    if (field(entry.at, 4) != 0x04034b50) fail("its directory leads nowhere; fetch it again");
    const uint64_t begin = entry.at + 30 + field(entry.at + 26, 2) + field(entry.at + 28, 2);
    if (begin > bytes_.size() || entry.packed > bytes_.size() - begin) fail("ends inside an array; fetch it again");
    const std::string_view packed = bytes_.substr(begin, entry.packed);
    std::string out;
    if (entry.method == 0) {
      if (entry.size != entry.packed) fail("its directory is damaged; fetch it again");
      out = packed;
    } else if (entry.method == 8) {
      // No deflated stream grows by more than 1032 times, so a small file cannot ask for much memory.
      if (entry.size / 1032 > entry.packed + 1) fail("announces more bytes than it holds; fetch it again");
      out = inflate_raw(packed, entry.size, name);
    } else {
      throw InputError(cat(name, ": is compressed by method ", entry.method, "; save it with numpy.savez_compressed"));
    }
    uLong sum = 0;
    for (size_t done = 0; done < out.size(); done += 1u << 30) {
      const auto part = static_cast<uInt>(std::min<size_t>(out.size() - done, 1u << 30));
      sum = crc32(sum, reinterpret_cast<const Bytef *>(out.data() + done), part);
    }
    if (sum != entry.crc) throw InputError(name + ": its checksum is wrong; fetch it again");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }

  // A little-endian number of `size` bytes.
  uint64_t field(uint64_t at, size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) fail("its directory is damaged or cut short; fetch it again");
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    return value;
  }

  size_t find_end() const {
    constexpr size_t least = 22, most = 22 + 0xffff;
    if (bytes_.size() >= least) {
      const size_t first = bytes_.size() > most ? bytes_.size() - most : 0;
      for (size_t at = bytes_.size() - least + 1; at-- > first;) {
        if (field(at, 4) == 0x06054b50) return at;
      }
    }
    fail("is no NumPy archive, or is cut short; save it with numpy.savez or scipy.sparse.save_npz");
  }

  uint64_t read_entry(uint64_t at) {
    if (field(at, 4) != 0x02014b50) fail("its directory is damaged; fetch it again");
    Entry entry{"",
                field(at + 10, 2),
                field(at + 8, 2),
                field(at + 16, 4),
                field(at + 20, 4),
                field(at + 24, 4),
                field(at + 42, 4)};
    const uint64_t name = field(at + 28, 2), extra = field(at + 30, 2), comment = field(at + 32, 2);
    field(at + 46 + name + extra, 0);
    entry.name = bytes_.substr(at + 46, name);
    if (entry.name.size() > 4 && entry.name.substr(entry.name.size() - 4) == ".npy") {
      entry.name.resize(entry.name.size() - 4);
    }
    read_large(entry, at + 46 + name, extra);
    entries_.push_back(std::move(entry));
    return at + 46 + name + extra + comment;
  }

  // Numbers that do not fit into 32 bits stand in an extra field.
  void read_large(Entry &entry, uint64_t at, uint64_t extra) const {
    const uint64_t end = at + extra;
    while (at + 4 <= end) {
      const uint64_t kind = field(at, 2), size = field(at + 2, 2);
      if (kind == 1) {
        uint64_t value = at + 4;
        for (uint64_t *number : {&entry.size, &entry.packed, &entry.at}) {
          if (*number != 0xffffffff) continue;
          *number = field(value, 8);
          value += 8;
        }
      }
      at += 4 + size;
    }
  }

  std::string_view bytes_;
  const std::string &name_;
  std::vector<Entry> entries_;
};

// The parts of a sparse matrix as scipy.sparse.save_npz names them.
class SavedSparse {
 public:
  SavedSparse(const Archive &archive, size_t bytes, const std::string &name)
      : archive_(archive), bytes_(bytes), name_(name) {}

  Data read() {
    const std::vector<double> shape = numbers("shape");
    if (shape.size() != 2) fail("its shape has not two sides; 2-dimensional matrices are read");
    rows_ = side(shape[0]);
    cols_ = side(shape[1]);
    check_sides(rows_, cols_, bytes_, name_);
    const std::string kind = format();
    if (kind != "csr" && kind != "csc" && kind != "coo") {
      fail("its format is '" + excerpt(kind) + "'; save it with scipy.sparse.save_npz(file, A.tocsc())");
    }
    Data data = sparse_data(rows_, cols_, kind == "coo" ? coordinates() : compressed(kind == "csr"), name_);
    data.meta.format = "SciPy sparse matrix";
    data.pixels_first = true;
    return data;
  }

 private:
  [[noreturn]] void fail(const std::string &what) const { throw InputError(name_ + ": " + what); }

  std::string part(const char *part) const {
    const Entry *entry = archive_.find(part);
    if (!entry) fail(cat("has no array '", part, "', which this sparse format needs; save it anew"));
    return archive_.content(*entry);
  }
  // "csr" in a bytes array, or in one of four bytes a letter.
  std::string format() const {
    const std::string bytes = part("format");
    std::string kind;
    for (char c : open_npy(bytes, name_ + ":format").bytes) {
      if (c != '\0') kind += c;
    }
    return kind;
  }
  std::vector<double> numbers(const char *which) const {
    const std::string bytes = part(which), name = name_ + ":" + which;
    const NpyArray array = open_npy(bytes, name);
    if (array.sides.size() != 1) fail(cat("its array '", which, "' is no list of numbers"));
    if (array.sides[0] == 0) return {};
    return to_table<double>(parse_npy(bytes, name)).values;
  }
  int64_t side(double v) const {
    if (!(v >= 0 && v <= 1e15)) fail("its shape is larger than any file holds");
    return static_cast<int64_t>(v);
  }
  int32_t index(double v, int64_t sides, const char *what) const {
    if (!(v >= 0 && v < static_cast<double>(sides))) {
      fail(cat(what, " ", shortest(v), " lies outside its ", rows_, " x ", cols_, " entries"));
    }
    return static_cast<int32_t>(v);
  }

  std::vector<Triplet> coordinates() const {
    const std::vector<double> row = numbers("row"), col = numbers("col"), values = numbers("data");
    if (row.size() != values.size() || col.size() != values.size()) fail("its arrays differ in length");
    std::vector<Triplet> out;
    for (size_t k = 0; k < values.size(); ++k) {
      out.push_back({index(row[k], rows_, "row"), index(col[k], cols_, "column"), values[k]});
    }
    return out;
  }

  std::vector<Triplet> compressed(bool by_rows) const {
    const std::vector<double> starts = numbers("indptr"), indices = numbers("indices"), values = numbers("data");
    const int64_t outer = by_rows ? rows_ : cols_, inner = by_rows ? cols_ : rows_;
    if (starts.size() != static_cast<size_t>(outer) + 1 || indices.size() != values.size()) {
      fail("its arrays differ in length from what its shape needs");
    }
    std::vector<Triplet> out;
    size_t done = 0;
    for (int64_t j = 0; j < outer; ++j) {
      const double end = starts[static_cast<size_t>(j) + 1];
      if (!(end >= static_cast<double>(done) && end <= static_cast<double>(values.size())) || starts[0] != 0) {
        fail(cat("its starts of ", by_rows ? "rows" : "columns", " do not rise from 0 to the number of entries"));
      }
      for (; static_cast<double>(done) < end; ++done) {
        const int32_t other = index(indices[done], inner, by_rows ? "column" : "row");
        const auto own = static_cast<int32_t>(j);
        out.push_back({by_rows ? own : other, by_rows ? other : own, values[done]});
      }
    }
    return out;
  }

  const Archive &archive_;
  size_t bytes_;
  const std::string &name_;
  int64_t rows_ = 0, cols_ = 0;
};

std::string list_of(const Archive &archive) {
  std::string list;
  for (const Entry &entry : archive.entries()) list += (list.empty() ? " " : ", ") + excerpt(entry.name);
  return list.empty() ? " nothing" : list;
}

}  // namespace

Data parse_npz(std::string_view bytes, const std::string &array, const std::string &name) {
  const Archive archive(bytes, name);
  if (array.empty() && archive.find("format") && archive.find("shape")) {
    return SavedSparse(archive, bytes.size(), name).read();
  }
  const Entry *entry = archive.find(array);
  if (array.empty() && archive.entries().size() == 1) entry = &archive.entries()[0];
  if (!entry) {
    throw InputError(cat(name, ": ",
                         array.empty() ? "select an array" : "has no array '" + excerpt(array) + "'; select one", ", ",
                         name, ":NAME; it holds", list_of(archive)));
  }
  auto owner = std::make_shared<const std::string>(archive.content(*entry));
  Data data = parse_npy(*owner, name + ":" + entry->name);
  data.owner = std::move(owner);
  return data;
}

}  // namespace orthant::tool
