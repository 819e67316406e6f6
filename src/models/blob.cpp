#include "blob.hpp"

#include "blob_layout.hpp"

namespace orthant {

using namespace blob_layout;

// ---- names

const char *name_of(ModelKind kind) {
  switch (kind) {
#define ORTHANT_MODEL_KIND(name, PUBLIC, number, text) \
  case ModelKind::name: return text;
#include "model_kinds.def"
#undef ORTHANT_MODEL_KIND
  }
  return nullptr;
}

const char *name_of(Element element) {
  switch (element) {
#define ORTHANT_ELEMENT(name, PUBLIC, number, bytes, most) \
  case Element::name: return #name;
#include "elements.def"
#undef ORTHANT_ELEMENT
  }
  return nullptr;
}

const char *blob_fault_text(BlobFault fault) {
  switch (fault) {
#define ORTHANT_BLOB_FAULT(name, text) \
  case BlobFault::name: return text;
#include "blob_fault.def"
#undef ORTHANT_BLOB_FAULT
  }
  return "unknown";
}

// ---- the checks

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

namespace {

// Printable ASCII, at least one character, zero to the end.
bool good_name(const unsigned char *name) {
  int32_t length = 0;
  while (length < blob_name_bytes && name[length] > ' ' && name[length] < 127) ++length;
  if (length == 0 || length == blob_name_bytes) return false;
  for (int32_t i = length; i < blob_name_bytes; ++i)
    if (name[i] != 0) return false;
  return true;
}

// *end: where the record before ends; then where this one does.
BlobFault check_record(const unsigned char *at, const unsigned char *r, uint64_t *end, uint32_t align) {
  if (!good_name(r)) return BlobFault::name;
  if (r[of_type] >= element_types) return BlobFault::type;
  if (load(r + of_flags, 2) != 0) return BlobFault::record_flags;
  if (u32(r + of_zero) != 0) return BlobFault::record_reserved;
  uint32_t dims[4];
  for (int32_t k = 0; k < 4; ++k) dims[k] = u32(r + of_dims + 4 * k);
  const uint64_t count = element_count(r[of_rank], dims);
  if (count == 0) return BlobFault::dims;
  if (u32(r + of_bytes) != count * element_bytes[r[of_type]]) return BlobFault::bytes;
  if (!good_scale(Element(r[of_type]), same_bits<float>(u32(r + of_scale)), same_bits<int32_t>(u32(r + of_zero_point))))
    return BlobFault::scale;
  const uint64_t offset = rounded_up(*end, align), total = u64(at + at_total);
  if (u32(r + of_offset) != offset) return BlobFault::offset;
  if (offset > total || u32(r + of_bytes) > total - offset) return BlobFault::end;
  for (; *end < offset; ++*end)
    if (at[*end] != 0) return BlobFault::padding;
  *end = offset + u32(r + of_bytes);
  return BlobFault::none;
}

}  // namespace

BlobFault blob_open(const void *blob, size_t bytes) {
  const unsigned char *at = static_cast<const unsigned char *>(blob);
  if (bytes < header_bytes) return BlobFault::too_short;
  if (memcmp(at, magic, sizeof magic) != 0) return BlobFault::magic;
  if (u32(at + at_endian) != endian_tag) return BlobFault::endian;
  if (load(at + at_major, 2) != major_version) return BlobFault::version;
  if (u32(at + at_kind) < 1 || u32(at + at_kind) > model_kinds) return BlobFault::kind;
  const uint32_t records = u32(at + at_records), align = u32(at + at_align);
  if (records < 1 || records > uint32_t(blob_max_records)) return BlobFault::count;
  if (align < 4 || align > 8) return BlobFault::alignment;
  if (u32(at + at_flags) != 0) return BlobFault::flags;
  if (u64(at + at_zero) != 0) return BlobFault::reserved;
  if (u64(at + at_total) != bytes) return BlobFault::total;
  uint64_t end = header_bytes + uint64_t(records) * record_bytes;
  const uint32_t data = u32(at + at_data);
  if (u32(at + at_directory) != header_bytes || data != rounded_up(end, align) || data > bytes)
    return BlobFault::directory;
  if (u32(at + at_directory_crc) != directory_crc(at, records)) return BlobFault::directory_crc;
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

// ---- reading

ModelKind Blob::kind() const { return ModelKind(u32(at_ + at_kind)); }
int32_t Blob::records() const { return int32_t(u32(at_ + at_records)); }
size_t Blob::bytes() const { return size_t(u64(at_ + at_total)); }
int32_t Blob::align_log2() const { return int32_t(u32(at_ + at_align)); }
bool Blob::verify() const {
  const uint32_t data = u32(at_ + at_data);
  return crc32(0, at_ + data, bytes() - data) == u32(at_ + at_data_crc);
}

Record Blob::record(int32_t i) const {
  const unsigned char *r = at_ + header_bytes + size_t(i) * record_bytes;
  Record out;
  out.name = reinterpret_cast<const char *>(r);
  out.type = Element(r[of_type]);
  out.rank = r[of_rank];
  for (int32_t k = 0; k < 4; ++k) out.dims[k] = u32(r + of_dims + 4 * k);
  out.data = at_ + u32(r + of_offset);
  out.bytes = u32(r + of_bytes);
  out.count = out.bytes / element_bytes[r[of_type]];
  out.scale = same_bits<float>(u32(r + of_scale));
  out.zero = same_bits<int32_t>(u32(r + of_zero_point));
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

namespace {

float half_to_float(uint32_t h) {
  const uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31, fraction = h & 0x3FF;
  if (exponent == 31) return same_bits<float>(sign | 0x7F800000u | fraction << 13);
  if (exponent != 0) return same_bits<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float tiny = float(fraction) * 0x1p-24f;
  return sign ? -tiny : tiny;
}

}  // namespace

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

#define INSTANTIATE(T) template void Record::read<T>(size_t, size_t, T *) const;
ORTHANT_FOR_TYPES(INSTANTIATE)
#ifndef ORTHANT_F64
INSTANTIATE(double)
#endif

}  // namespace orthant
