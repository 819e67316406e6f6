// Where the fields of a weight blob stand (blob.hpp), and how numbers are laid out in bytes.
#pragma once
#include <string.h>

#include "blob.hpp"
#include "real.hpp"

namespace orthant {
namespace blob_layout {

constexpr unsigned char magic[8] = {'O', 'R', 'T', 'H', 'W', 'T', '\r', '\n'};
constexpr uint32_t endian_tag = 0x01020304, header_bytes = 64, record_bytes = 64, major_version = 1;

// Offsets in the header, and in a record.
constexpr uint32_t at_major = 8, at_endian = 12, at_kind = 16, at_records = 20, at_total = 24, at_directory = 32,
                   at_data = 36, at_align = 40, at_directory_crc = 44, at_data_crc = 48, at_flags = 52, at_zero = 56;
constexpr uint32_t of_type = 24, of_rank = 25, of_flags = 26, of_dims = 28, of_offset = 44, of_bytes = 48,
                   of_scale = 52, of_zero_point = 56, of_zero = 60;

inline uint32_t load(const unsigned char *p, int32_t bytes) {
  uint32_t x = 0;
  for (int32_t i = 0; i < bytes; ++i) x |= uint32_t(p[i]) << (8 * i);
  return x;
}
inline uint32_t u32(const unsigned char *p) { return load(p, 4); }
inline uint64_t u64(const unsigned char *p) { return u32(p) | uint64_t(u32(p + 4)) << 32; }
inline void put(unsigned char *p, uint64_t x, int32_t bytes) {
  for (int32_t i = 0; i < bytes; ++i) p[i] = static_cast<unsigned char>(x >> (8 * i));
}

template <class To, class From>
To same_bits(From x) {
  static_assert(sizeof(To) == sizeof(From), "the same size");
  To y;
  memcpy(&y, &x, sizeof y);
  return y;
}

inline uint64_t rounded_up(uint64_t x, uint32_t align_log2) {
  const uint64_t align = uint64_t(1) << align_log2;
  return (x + align - 1) & ~(align - 1);
}

inline bool is_integer(Element t) { return t == Element::i8 || t == Element::i16 || t == Element::i32; }

inline bool good_scale(Element type, float scale, int32_t zero) {
  return is_integer(type) ? is_finite(scale) && scale > 0 : scale == 1.0f && zero == 0;
}

// Elements, or 0 where rank or dimensions are wrong or beyond what 32 bits of bytes hold.
inline uint64_t element_count(int32_t rank, const uint32_t *dims) {
  if (rank < 0 || rank > 4) return 0;
  uint64_t n = 1;
  for (int32_t k = 0; k < 4; ++k) {
    if ((dims[k] == 0) != (k >= rank)) return 0;
    if (k < rank) n *= dims[k];
    if (n > UINT32_MAX) return 0;
  }
  return n;
}

// Of header and directory, without the CRC itself.
inline uint32_t directory_crc(const unsigned char *at, uint32_t records) {
  constexpr unsigned char none[4] = {0, 0, 0, 0};
  uint32_t crc = crc32(0, at, at_directory_crc);
  crc = crc32(crc, none, 4);
  return crc32(crc, at + at_data_crc, header_bytes - at_data_crc + size_t(records) * record_bytes);
}

}  // namespace blob_layout
}  // namespace orthant
