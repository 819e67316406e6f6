// IDX files, as MNIST comes in: big-endian, plain or gzip.
#include <zlib.h>

#include <algorithm>
#include <climits>
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

// Inflates gzip bytes up to `limit` bytes.  Where they end before it, their checksum has been found right.
std::string inflate_gzip(std::string_view bytes, size_t limit, const std::string &name) {
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw InputError(name + ": zlib cannot start");
  struct End {
    z_stream *z;
    ~End() { inflateEnd(z); }
  } end{&z};
  std::string out;
  z.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));  // zlib does not write there
  size_t fed = 0;
  int status = Z_OK;
  while (status == Z_OK && out.size() < limit) {
    if (z.avail_in == 0) {
      z.avail_in = static_cast<uInt>(std::min<size_t>(bytes.size() - fed, INT_MAX));
      fed += z.avail_in;
    }
    const size_t done = out.size();
    out.resize(std::min(limit, std::max<size_t>(2 * done, 4096)));
    z.next_out = reinterpret_cast<Bytef *>(out.data() + done);
    z.avail_out = static_cast<uInt>(std::min<size_t>(out.size() - done, INT_MAX));
    const uInt room = z.avail_out;
    status = inflate(&z, Z_NO_FLUSH);
    out.resize(done + room - z.avail_out);
  }
  if (status != Z_OK && status != Z_STREAM_END) {
    throw InputError(name + ": its gzip data are damaged or cut short; fetch it again");
  }
  return out;
}

std::optional<Element> element_of(unsigned char code) {
  switch (code) {
    case 0x08:
      return Element::u8;
    case 0x09:
      return Element::i8;
    case 0x0b:
      return Element::i16;
    case 0x0c:
      return Element::i32;
    case 0x0d:
      return Element::f32;
    case 0x0e:
      return Element::f64;
    default:
      return {};
  }
}

}  // namespace

Data parse_idx(std::string_view bytes, const std::string &name) {
  const auto fail = [&](const std::string &what) { throw InputError(name + ": " + what); };
  Data data;
  const bool gzip = bytes.substr(0, 2) == "\x1f\x8b";
  std::string head(gzip ? inflate_gzip(bytes, 16, name) : std::string(bytes.substr(0, 16)));
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(head[i]); };
  if (head.size() < 4 || byte(0) != 0 || byte(1) != 0) fail("is not an IDX file; its first two bytes are not zero");
  const std::optional<Element> element = element_of(byte(2));
  if (!element) fail(format("has the unknown IDX type code 0x%02x", static_cast<unsigned>(byte(2))));
  data.element = *element;
  const size_t rank = byte(3);
  if (rank < 1 || rank > 3) fail(cat("has ", rank, " dimensions; 1 to 3 are read"));
  const size_t before = 4 + 4 * rank;
  if (head.size() < before) fail("ends inside its header; fetch it again");
  // Sides are u32; three of them can pass 64 bits.
  int64_t sides[3] = {1, 1, 1}, count = 1, size = 0;
  for (size_t k = 0; k < rank; ++k) {
    for (size_t i = 0; i < 4; ++i) sides[k] = (i == 0 ? 0 : sides[k] << 8) | byte(4 + 4 * k + i);
    if (sides[k] == 0) fail("is empty: one of its sides is 0");
    if (!multiply(count, sides[k], count)) fail("its sides are larger than any file holds");
  }
  const auto each = static_cast<int64_t>(element_size(data.element));
  // No gzip stream grows by more than 1032 times, so a small file cannot ask for much memory.
  const size_t most = gzip ? bytes.size() * 1032 : bytes.size();
  if (!multiply(count, each, size) || size > static_cast<int64_t>(most) || static_cast<size_t>(size) + before > most) {
    fail(cat("has ", bytes.size(), " bytes", gzip ? " (gzip)" : "", ", its header asks for ", count,
             " numbers of type ", element_name(data.element), "; fetch it again"));
  }
  const size_t total = before + static_cast<size_t>(size);
  if (gzip) {
    auto owner = std::make_shared<const std::string>(inflate_gzip(bytes, total + 1, name));  // one more, to see the end
    bytes = *owner;
    data.owner = std::move(owner);
  }
  if (bytes.size() < total) {
    fail(cat("holds ", bytes.size(), " bytes, its header asks for ", total, "; fetch it again"));
  }
  if (bytes.size() > total) doubt(data.meta, "bytes after the data were left out");
  data.meta.source = name;
  data.meta.format = "IDX";
  data.big_endian = true;
  data.bytes = bytes.substr(before, static_cast<size_t>(size));
  // A list of images is a matrix with one image a column; the numbers stay where they are.
  const int64_t rows = rank == 1 ? sides[0] : sides[1] * sides[2];
  data.axis[0] = {rows, 1};
  data.axis[1] = {rank == 1 ? 1 : sides[0], rows};
  return data;
}

}  // namespace orthant::tool
