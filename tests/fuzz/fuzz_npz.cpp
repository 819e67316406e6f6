// Anything at all is given to the reader of NumPy archives: it throws InputError or returns what can be gathered.  The
// first byte says whether the others are a file or the contents of its arrays, for which checksums are then right.
#include <zlib.h>

#include "fuzz_data.hpp"

namespace {

std::string little(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

// Arrays without compression, each of as many bytes as the byte before it says.
std::string archive(std::string_view bytes, bool coordinates) {
  static const char *const compressed[] = {"format", "shape", "data", "indices", "indptr"};
  static const char *const listed[] = {"format", "shape", "data", "row", "col"};
  std::string out, directory;
  uint64_t count = 0;
  for (const char *part : coordinates ? listed : compressed) {
    if (bytes.empty()) break;
    const auto length = static_cast<unsigned char>(bytes[0]);
    const std::string content(bytes.substr(1, length)), name = std::string(part) + ".npy";
    bytes.remove_prefix(content.size() + 1);
    const auto sum = crc32(0, reinterpret_cast<const Bytef *>(content.data()), static_cast<uInt>(content.size()));
    const std::string common = little(0, 6) + little(sum, 4) + little(content.size(), 4) + little(content.size(), 4) +
                               little(name.size(), 2) + little(0, 2);
    directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(0, 2) + common + little(0, 10) +
                 little(out.size(), 4) + name;
    out += "PK\x03\x04" + little(20, 2) + little(0, 2) + common + name + content;
    ++count;
  }
  return out + directory + "PK\x05\x06" + little(0, 4) + little(count, 2) + little(count, 2) +
         little(directory.size(), 4) + little(out.size(), 4) + little(0, 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant::tool;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char *>(bytes) + 1, size - 1);
  const std::string file = bytes[0] & 1 ? archive(rest, (bytes[0] & 2) != 0) : std::string(rest);
  for (const char *name : {"", "data"}) {
    gather_or_refuse(bytes, size, [&](std::string_view) {
      Data data = parse_npz(file, name, "fuzz.npz");
      // Written out in full a few numbers may fill the memory.
      if (data.axis[0].count * data.axis[1].count > 1 << 20) throw InputError("large");
      return data;
    });
  }
  return 0;
}
