// Anything at all is given to the MATLAB reader, which gives it to matio: it throws InputError or returns what can be
// gathered.  The first byte says whether the others are a file or tell how to build one, whose parts may disagree.
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cstring>

#include "fuzz_data.hpp"

namespace {

// Decisions from the bytes of the fuzzer; zero where they have ended.
struct Choices {
  const uint8_t *at, *end;
  uint32_t byte() { return at < end ? *at++ : 0; }
  uint32_t word() {
    uint32_t w = 0;
    for (int k = 0; k < 4; ++k) w = w << 8 | byte();
    return w;
  }
  bool seldom() { return byte() % 16 == 15; }
  uint32_t below(uint32_t n) { return byte() % n; }
};

struct Builder {
  Choices &choose;
  bool swap;

  void put(std::string &to, uint32_t word) const {
    char raw[4];
    std::memcpy(raw, &word, 4);
    for (int k = 0; k < 4; ++k) to += raw[swap ? 3 - k : k];
  }
  std::string words(std::initializer_list<uint32_t> list) const {
    std::string s;
    for (uint32_t w : list) put(s, w);
    return s;
  }
  void element(std::string &to, uint32_t type, const std::string &content) {
    const auto size = static_cast<uint32_t>(content.size());
    if (size > 0 && size <= 4 && choose.below(2)) {
      put(to, size << 16 | type);
      to += content + std::string(4 - size, '\0');
      return;
    }
    put(to, type);
    put(to, choose.seldom() ? choose.word() : size);
    to += content + std::string((8 - size % 8) % 8, '\0');
  }
  std::string numbers(uint32_t count) {
    std::string s;
    for (uint32_t k = 0; k < count; ++k) s += static_cast<char>(choose.byte());
    return s;
  }

  // The content of a matrix element.
  std::string matrix(const std::string &name, int depth) {
    static const uint32_t sizes[] = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4};
    const uint32_t kind = depth > 2 ? 4 + choose.below(12) : choose.below(18);
    const uint32_t flags = choose.below(4) ? 0 : choose.byte();
    std::string to, sides;
    element(to, 6, words({kind | flags << 8, choose.below(8)}));
    const uint32_t rank = choose.seldom() ? choose.below(40) : 2 + choose.below(2);
    uint32_t n = 1;
    for (uint32_t k = 0; k < rank; ++k) {
      const uint32_t side = choose.seldom() ? choose.word() : choose.below(4);
      put(sides, side);
      n = side < 100 && n < 1000 ? n * side : n;
    }
    element(to, choose.seldom() ? choose.byte() : 5, sides);
    element(to, 1, name);
    if (choose.seldom()) n = choose.byte();
    if (kind == 1 || kind == 2 || kind == 16) {
      if (kind == 2) {
        element(to, 5, words({2}));
        element(to, 1, std::string("Y\0s\0", 4));
        n *= 2;
      }
      for (uint32_t k = 0; k < n && k < 12; ++k) {
        const std::string one = choose.below(8) ? matrix("", depth + 1) : "";
        put(to, 14);
        put(to, choose.seldom() ? choose.word() : static_cast<uint32_t>(one.size()));
        to += one;
      }
    } else {
      const uint32_t parts = kind == 5 ? 4 : 2;
      static const uint32_t usual[] = {9, 9, 9, 9, 4, 9, 9, 7, 1, 2, 3, 4, 5, 6, 12, 13, 9, 9};
      for (uint32_t k = 0; k < parts; ++k) {
        const uint32_t type = choose.seldom() ? choose.byte() % 19 : kind == 5 && k < 2 ? 5 : usual[kind];
        element(to, type, numbers(std::min(4096u, n * sizes[type])));
      }
    }
    return to;
  }

  std::string file() {
    static const char *names[] = {"Y", "names", "nrow", "ncol", "s", "labels", "x", "cood"};
    std::string bytes(124, ' ');
    bytes += swap ? std::string("\x01\0MI", 4) : std::string("\0\x01IM", 4);
    for (uint32_t k = 1 + choose.below(5); k > 0; --k) {
      const std::string content = matrix(names[choose.below(8)], 0);
      std::string one = words({14, choose.seldom() ? choose.word() : static_cast<uint32_t>(content.size())}) + content;
      if (choose.below(3) == 0) {
        uLongf size = compressBound(one.size());
        std::string small(size, '\0');
        compress2(reinterpret_cast<Bytef *>(small.data()), &size, reinterpret_cast<const Bytef *>(one.data()),
                  one.size(), 1);
        one = words({15, static_cast<uint32_t>(size)}) + small.substr(0, size);
      }
      bytes += one;
    }
    return bytes;
  }
  // Of version 4: type, sides, whether complex, name.
  std::string old_file() {
    std::string bytes;
    for (uint32_t k = 1 + choose.below(4); k > 0; --k) {
      const uint32_t type = choose.below(6), kind = choose.below(3), rows = choose.below(5), cols = choose.below(5);
      static const uint32_t sizes[] = {8, 4, 4, 2, 2, 1};
      const char *name = choose.below(2) ? "Y" : "names";
      bytes += words({(swap ? 1000u : 0u) + type * 10 + kind, choose.seldom() ? choose.word() : rows,
                      choose.seldom() ? choose.word() : cols, choose.seldom() ? 1u : 0u,
                      choose.seldom() ? choose.word() : static_cast<uint32_t>(std::strlen(name) + 1)});
      bytes.append(name, std::strlen(name) + 1);
      bytes += numbers(sizes[type] * rows * cols);
    }
    return bytes;
  }
};

}  // namespace

// Memory of a damaged file that matio does not free is no fault of the reader.
extern "C" const char *__lsan_default_suppressions() { return "leak:libmatio\n"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant::tool;
  if (size == 0) return 0;
  Choices choose{bytes + 1, bytes + size};
  Builder build{choose, (bytes[0] & 4) != 0};
  const uint32_t way = bytes[0] & 3;
  const std::string file = way < 2    ? build.file()
                           : way == 2 ? build.old_file()
                                      : std::string(reinterpret_cast<const char *>(bytes) + 1, size - 1);
  // Version 7.3 is for HDF5 to read.
  if (file.size() >= 128 && (file.compare(124, 2, std::string("\0\x02", 2)) == 0 ||
                             file.compare(124, 2, std::string("\x02\0", 2)) == 0))
    return 0;

  static const int memory = memfd_create("fuzz.mat", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(memory);
  if (ftruncate(memory, 0) != 0 || pwrite(memory, file.data(), file.size(), 0) != static_cast<ssize_t>(file.size()))
    return 0;
  try {
    list_mat(path);
  } catch (const InputError &) {
    // as below
  }
  for (const char *name : {"Y", "names", "nrow", "s.Y", "x", ""}) {
    gather_or_refuse(bytes, size, [&](std::string_view) {
      Data data = read_mat(path, name);
      // Written out in full a few numbers may fill the memory.
      if (data.axis[0].count * data.axis[1].count > 1 << 20) throw InputError("large");
      return data;
    });
  }
  return 0;
}
