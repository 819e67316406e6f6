#include "blob.hpp"

#include <string.h>

#include "real.hpp"

namespace orthant {
namespace {

constexpr unsigned char magic[8] = {'O', 'R', 'T', 'H', 'W', 'T', '\r', '\n'};
constexpr uint32_t endian_tag = 0x01020304, header_bytes = 64, record_bytes = 64;

uint32_t load(const unsigned char *p, int32_t bytes) {
  uint32_t x = 0;
  for (int32_t i = 0; i < bytes; ++i) x |= uint32_t(p[i]) << (8 * i);
  return x;
}
uint32_t u32(const unsigned char *p) { return load(p, 4); }
uint64_t u64(const unsigned char *p) { return u32(p) | uint64_t(u32(p + 4)) << 32; }
void put(unsigned char *p, uint64_t x, int32_t bytes) {
  for (int32_t i = 0; i < bytes; ++i) p[i] = static_cast<unsigned char>(x >> (8 * i));
}

template <class To, class From>
To same_bits(From x) {
  static_assert(sizeof(To) == sizeof(From), "the same size");
  To y;
  memcpy(&y, &x, sizeof y);
  return y;
}

float half_to_float(uint32_t h) {
  const uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31, fraction = h & 0x3FF;
  if (exponent == 31) return same_bits<float>(sign | 0x7F800000u | fraction << 13);
  if (exponent != 0) return same_bits<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float tiny = float(fraction) * 0x1p-24f;
  return sign ? -tiny : tiny;
}

// Round to nearest, ties to even; the caller has refused what does not fit.
uint32_t float_to_half(float x) {
  const uint32_t bits = same_bits<uint32_t>(x), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
  if (magnitude < 0x38800000u) {  // below 2^-14: a multiple of 2^-24
    const float scaled = same_bits<float>(magnitude) * 0x1p24f;
    const uint32_t whole = uint32_t(scaled);
    const float rest = scaled - float(whole);
    return sign | (whole + (rest > 0.5f || (rest == 0.5f && (whole & 1)) ? 1u : 0u));
  }
  const uint32_t odd = magnitude >> 13 & 1;
  return sign | ((magnitude - 0x38000000u + 0xFFFu + odd) >> 13);
}
uint32_t float_to_bfloat(float x) {
  const uint32_t bits = same_bits<uint32_t>(x);
  return (bits + 0x7FFFu + (bits >> 16 & 1)) >> 16;
}

uint64_t rounded_up(uint64_t x, uint32_t align_log2) {
  const uint64_t align = uint64_t(1) << align_log2;
  return (x + align - 1) & ~(align - 1);
}

bool is_integer(Element t) { return t == Element::i8 || t == Element::i16 || t == Element::i32; }

bool good_scale(Element type, float scale, int32_t zero) {
  return is_integer(type) ? is_finite(scale) && scale > 0 : scale == 1.0f && zero == 0;
}

// Printable ASCII, at least one character, zero to the end.
bool good_name(const unsigned char *name) {
  int32_t length = 0;
  while (length < blob_name_bytes && name[length] > ' ' && name[length] < 127) ++length;
  if (length == 0 || length == blob_name_bytes) return false;
  for (int32_t i = length; i < blob_name_bytes; ++i)
    if (name[i] != 0) return false;
  return true;
}

// Elements, or 0 where rank or dimensions are wrong or beyond what 32 bits of bytes hold.
uint64_t element_count(int32_t rank, const uint32_t *dims) {
  if (rank < 0 || rank > 4) return 0;
  uint64_t n = 1;
  for (int32_t k = 0; k < 4; ++k) {
    if ((dims[k] == 0) != (k >= rank)) return 0;
    if (k < rank && (n *= dims[k]) > UINT32_MAX) return 0;
  }
  return n;
}

uint32_t directory_crc(const unsigned char *at, uint32_t records) {
  constexpr unsigned char none[4] = {0, 0, 0, 0};
  uint32_t crc = crc32(0, at, 44);
  crc = crc32(crc, none, 4);
  return crc32(crc, at + 48, header_bytes - 48 + size_t(records) * record_bytes);
}

BlobFault check_record(const unsigned char *at, const unsigned char *r, uint64_t *end, uint32_t align) {
  if (!good_name(r)) return BlobFault::name;
  if (r[24] >= element_types) return BlobFault::type;
  if (load(r + 26, 2) != 0) return BlobFault::record_flags;
  if (u32(r + 60) != 0) return BlobFault::record_reserved;
  uint32_t dims[4];
  for (int32_t k = 0; k < 4; ++k) dims[k] = u32(r + 28 + 4 * k);
  const uint64_t count = element_count(r[25], dims);
  if (count == 0) return BlobFault::dims;
  if (u32(r + 48) != count * element_bytes[r[24]]) return BlobFault::bytes;
  if (!good_scale(Element(r[24]), same_bits<float>(u32(r + 52)), same_bits<int32_t>(u32(r + 56))))
    return BlobFault::scale;
  const uint64_t offset = rounded_up(*end, align);
  if (u32(r + 44) != offset) return BlobFault::offset;
  const uint64_t total = u64(at + 24);
  if (offset > total || u32(r + 48) > total - offset) return BlobFault::end;
  for (; *end < offset; ++*end)
    if (at[*end] != 0) return BlobFault::padding;
  *end = offset + u32(r + 48);
  return BlobFault::none;
}

}  // namespace

const char *blob_fault_text(BlobFault fault) {
  switch (fault) {
#define ORTHANT_BLOB_FAULT(name, text) \
  case BlobFault::name: return text;
#include "blob_fault.def"
#undef ORTHANT_BLOB_FAULT
  }
  return "unknown";
}

uint32_t crc32(uint32_t crc, const unsigned char *data, size_t bytes) {
  // The polynomial 0xEDB88320 by half bytes: 64 bytes of table.
  static constexpr uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                         0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                         0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  crc = ~crc;
  for (size_t i = 0; i < bytes; ++i) {
    crc = table[(crc ^ data[i]) & 15] ^ crc >> 4;
    crc = table[(crc ^ uint32_t(data[i] >> 4)) & 15] ^ crc >> 4;
  }
  return ~crc;
}

BlobFault blob_open(const void *blob, size_t bytes) {
  const unsigned char *at = static_cast<const unsigned char *>(blob);
  if (bytes < header_bytes) return BlobFault::too_short;
  if (memcmp(at, magic, sizeof magic) != 0) return BlobFault::magic;
  if (u32(at + 12) != endian_tag) return BlobFault::endian;
  if (load(at + 8, 2) != 1) return BlobFault::version;
  if (u32(at + 16) < 1 || u32(at + 16) > model_kinds) return BlobFault::kind;
  const uint32_t records = u32(at + 20), align = u32(at + 40);
  if (records < 1 || records > uint32_t(blob_max_records)) return BlobFault::count;
  if (align < 4 || align > 8) return BlobFault::alignment;
  if (u32(at + 52) != 0) return BlobFault::flags;
  if (u64(at + 56) != 0) return BlobFault::reserved;
  if (u64(at + 24) != bytes) return BlobFault::total;
  uint64_t end = header_bytes + uint64_t(records) * record_bytes;
  if (u32(at + 32) != header_bytes || u32(at + 36) != rounded_up(end, align) || u32(at + 36) > bytes)
    return BlobFault::directory;
  if (u32(at + 44) != directory_crc(at, records)) return BlobFault::directory_crc;
  for (uint32_t i = 0; i < records; ++i) {
    const unsigned char *r = at + header_bytes + i * record_bytes;
    if (const BlobFault f = check_record(at, r, &end, align); f != BlobFault::none) return f;
    if (i > 0 && memcmp(r - record_bytes, r, blob_name_bytes) >= 0) return BlobFault::order;
  }
  if (rounded_up(end, align) != bytes) return BlobFault::end;
  for (; end < bytes; ++end)
    if (at[end] != 0) return BlobFault::padding;
  if (reinterpret_cast<uintptr_t>(at) % (uintptr_t(1) << align) != 0) return BlobFault::address;
  return BlobFault::none;
}

ModelKind Blob::kind() const { return ModelKind(u32(at_ + 16)); }
int32_t Blob::records() const { return int32_t(u32(at_ + 20)); }
size_t Blob::bytes() const { return size_t(u64(at_ + 24)); }
int32_t Blob::align_log2() const { return int32_t(u32(at_ + 40)); }
bool Blob::verify() const {
  const uint32_t data = u32(at_ + 36);
  return crc32(0, at_ + data, bytes() - data) == u32(at_ + 48);
}

Record Blob::record(int32_t i) const {
  const unsigned char *r = at_ + header_bytes + size_t(i) * record_bytes;
  Record out;
  out.name = reinterpret_cast<const char *>(r);
  out.type = Element(r[24]);
  out.rank = r[25];
  for (int32_t k = 0; k < 4; ++k) out.dims[k] = u32(r + 28 + 4 * k);
  out.data = at_ + u32(r + 44);
  out.bytes = u32(r + 48);
  out.count = out.bytes / element_bytes[r[24]];
  out.scale = same_bits<float>(u32(r + 52));
  out.zero = same_bits<int32_t>(u32(r + 56));
  return out;
}

bool Blob::find(const char *name, Record *out) const {
  for (int32_t low = 0, high = records(); low < high;) {
    const int32_t middle = low + (high - low) / 2;
    const int order = strncmp(name, reinterpret_cast<const char *>(at_ + header_bytes + size_t(middle) * record_bytes),
                              blob_name_bytes);
    if (order == 0) {
      *out = record(middle);
      return true;
    }
    if (order < 0) high = middle; else low = middle + 1;
  }
  return false;
}

template <class T>
void Record::read(size_t from, size_t n, T *out) const {
  const size_t width = element_bytes[int32_t(type)];
  const unsigned char *p = data + from * width;
  for (size_t i = 0; i < n; ++i, p += width) switch (type) {
      case Element::f32: out[i] = T(same_bits<float>(u32(p))); break;
      case Element::f16: out[i] = T(half_to_float(load(p, 2))); break;
      case Element::bf16: out[i] = T(same_bits<float>(load(p, 2) << 16)); break;
      case Element::f64: out[i] = T(same_bits<double>(u64(p))); break;
      case Element::i8: out[i] = T(double(scale) * double(int64_t(int8_t(*p)) - zero)); break;
      case Element::i16: out[i] = T(double(scale) * double(int64_t(int16_t(load(p, 2))) - zero)); break;
      case Element::i32: out[i] = T(double(scale) * double(int64_t(same_bits<int32_t>(u32(p))) - zero)); break;
    }
}

BlobWriter::BlobWriter(ModelKind kind, int32_t records, void *out, int32_t align_log2)
    : out_(static_cast<unsigned char *>(out)), end_(header_bytes + uint64_t(records) * record_bytes),
      kind_(uint32_t(kind)), records_(uint32_t(records)), align_(uint32_t(align_log2)),
      good_(records >= 1 && records <= blob_max_records && align_log2 >= 4 && align_log2 <= 8) {
  if (out_ && good_) memset(out_, 0, size_t(end_));
}

void BlobWriter::add(const BlobItem &item) {
  item_ = item;
  const int32_t type = int32_t(item.type);
  const size_t length = strlen(item.name);
  const uint64_t count = element_count(item.rank, item.dims);
  good_ = good_ && length > 0 && length < blob_name_bytes && type < element_types && count > 0 &&
          good_scale(item.type, item.scale, item.zero) && (!last_ || strcmp(last_, item.name) < 0) && added_ < records_;
  if (!good_) return;
  last_ = item.name;
  const uint64_t offset = rounded_up(end_, align_), bytes = count * element_bytes[type];
  if (offset + bytes > UINT32_MAX - 256 || offset + bytes > SIZE_MAX / 2) {
    good_ = false;  // offsets are 32 bits wide
    return;
  }
  if (out_) {
    memset(out_ + end_, 0, size_t(offset - end_));
    unsigned char *r = out_ + header_bytes + added_ * record_bytes;
    memcpy(r, item.name, length);
    r[24] = static_cast<unsigned char>(type);
    r[25] = static_cast<unsigned char>(item.rank);
    for (int32_t k = 0; k < 4; ++k) put(r + 28 + 4 * k, item.dims[k], 4);
    put(r + 44, offset, 4);
    put(r + 48, bytes, 4);
    put(r + 52, same_bits<uint32_t>(item.scale), 4);
    put(r + 56, same_bits<uint32_t>(item.zero), 4);
    payload_ = out_ + offset;
  }
  end_ = offset + bytes;
  ++added_;
}

template <class T>
void BlobWriter::store(size_t from, size_t n, const T *values) {
  if (!out_ || !good_) return;
  const int32_t t = int32_t(item_.type);
  const size_t width = element_bytes[t];
  unsigned char *p = payload_ + from * width;
  // The largest magnitudes that are written as finite numbers.
  constexpr double most[element_types] = {FLT_MAX, 65504, 3.38953138925153547590e38, 127, 32767, 2147483647.0, DBL_MAX};
  for (size_t k = 0; k < n; ++k, p += width) {
    const double x = double(values[k]);
    const double q = is_integer(item_.type) ? floor(x / double(item_.scale) + 0.5) + double(item_.zero) : x;
    if (!is_finite(x) || q > most[t] || q < -most[t] - (is_integer(item_.type) ? 1 : 0)) {
      good_ = false;
      return;
    }
    switch (item_.type) {
      case Element::f32: put(p, same_bits<uint32_t>(float(x)), 4); break;
      case Element::f16: put(p, float_to_half(float(x)), 2); break;
      case Element::bf16: put(p, float_to_bfloat(float(x)), 2); break;
      case Element::f64: put(p, same_bits<uint64_t>(x), 8); break;
      default: put(p, uint64_t(int64_t(q)), int32_t(width));
    }
  }
}

size_t BlobWriter::finish() {
  if (!good_ || added_ != records_) return 0;
  const uint64_t total = rounded_up(end_, align_);
  if (out_) {
    const uint64_t data = rounded_up(header_bytes + uint64_t(records_) * record_bytes, align_);
    memset(out_ + end_, 0, size_t(total - end_));
    memcpy(out_, magic, sizeof magic);
    put(out_ + 8, 1, 2);
    put(out_ + 12, endian_tag, 4);
    put(out_ + 16, kind_, 4);
    put(out_ + 20, records_, 4);
    put(out_ + 24, total, 8);
    put(out_ + 32, header_bytes, 4);
    put(out_ + 36, data, 4);
    put(out_ + 40, align_, 4);
    put(out_ + 48, crc32(0, out_ + data, size_t(total - data)), 4);
    put(out_ + 44, directory_crc(out_, records_), 4);
  }
  return size_t(total);
}

void blob_quantize(Element type, double low, double high, float *scale, int32_t *zero) {
  low = min_of(low, 0.0), high = max_of(high, 0.0);
  const double steps = type == Element::i8 ? 255 : 65535, bottom = type == Element::i8 ? -128 : -32768;
  *scale = float((high - low) / steps);
  // A whole number of steps must reach both ends, whatever the rounding of the scale.
  while (*scale > 0 && (floor(high / double(*scale) + 0.5) - floor(low / double(*scale) + 0.5)) > steps)
    *scale *= 1.0f + FLT_EPSILON;
  if (!(*scale >= FLT_MIN)) *scale = 1;
  *zero = int32_t(bottom - floor(low / double(*scale) + 0.5));
}

size_t blob_convert(const Blob &from, Element type, int32_t align_log2, void *out) {
  constexpr size_t chunk = 16;
  double values[chunk];
  BlobWriter writer(from.kind(), from.records(), out, align_log2);
  for (int32_t i = 0; i < from.records(); ++i) {
    const Record r = from.record(i);
    BlobItem item = {r.name, r.type, r.rank, {r.dims[0], r.dims[1], r.dims[2], r.dims[3]}, r.scale, r.zero};
    if (r.rank >= 2 && r.type != Element::i32 && r.type != type) {
      item.type = type, item.scale = 1, item.zero = 0;
      double low = 0, high = 0;
      for (size_t k = 0; k < r.count && is_integer(type); k += chunk) {
        const size_t m = min_of(chunk, r.count - k);
        r.read(k, m, values);
        for (size_t j = 0; j < m; ++j) low = min_of(low, values[j]), high = max_of(high, values[j]);
      }
      if (is_integer(type)) blob_quantize(type, low, high, &item.scale, &item.zero);
    }
    writer.add(item);
    for (size_t k = 0; k < r.count && out; k += chunk) {
      const size_t m = min_of(chunk, r.count - k);
      r.read(k, m, values);
      writer.store(k, m, values);
    }
  }
  return writer.finish();
}

#define ORTHANT_BLOB(T)                                     \
  template void Record::read<T>(size_t, size_t, T *) const; \
  template void BlobWriter::store<T>(size_t, size_t, const T *);
ORTHANT_FOR_TYPES(ORTHANT_BLOB)
#ifndef ORTHANT_F64
ORTHANT_BLOB(double)
#endif
#undef ORTHANT_BLOB

}  // namespace orthant
