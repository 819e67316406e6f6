// IDX files, as MNIST comes in: big-endian, plain or gzip.
#include "parse.hpp"

namespace orthant::tool {

namespace {

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
