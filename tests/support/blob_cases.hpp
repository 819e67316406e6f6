// A blob to mutate, and a reader of the format sheet that shares no line with the library's.
#pragma once
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "blob.hpp"

namespace orthant::test {

// By bytes, from a table that is made by bits.
inline uint32_t slow_crc(const unsigned char *p, size_t n) {
  static const std::vector<uint32_t> table = [] {
    std::vector<uint32_t> t(256);
    for (uint32_t i = 0; i < 256; ++i) {
      t[i] = i;
      for (int k = 0; k < 8; ++k) t[i] = (t[i] & 1 ? 0xEDB88320u : 0) ^ (t[i] >> 1);
    }
    return t;
  }();
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < n; ++i) crc = table[(crc ^ p[i]) & 255] ^ (crc >> 8);
  return ~crc;
}

template <class N>
N little(const std::string &s, size_t at) {
  N x = 0;
  for (size_t i = 0; i < sizeof(N); ++i) x = N(x | N(N(static_cast<unsigned char>(s[at + i])) << (8 * i)));
  return x;
}
inline void set_little(std::string &s, size_t at, uint64_t x, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) s[at + i] = char(x >> (8 * i));
}

// Makes both CRCs right, as far as the header allows.
inline void reseal(std::string &s) {
  if (s.size() < 64) return;
  const auto *p = reinterpret_cast<const unsigned char *>(s.data());
  const uint64_t data = little<uint32_t>(s, 36), directory = 64 + 64 * uint64_t(little<uint32_t>(s, 20));
  if (data <= s.size()) set_little(s, 48, slow_crc(p + data, s.size() - size_t(data)), 4);
  if (directory <= s.size()) {
    std::string head = s.substr(0, size_t(directory));
    set_little(head, 44, 0, 4);
    set_little(s, 44, slow_crc(reinterpret_cast<const unsigned char *>(head.data()), head.size()), 4);
  }
}

// Whether a file is a blob, by the format sheet, read literally: gathers what every byte is for.
inline bool reference_accepts(const std::string &s) {
  if (s.size() < 64 || s.compare(0, 8, "ORTHWT\r\n") != 0) return false;
  if (little<uint16_t>(s, 8) != 1 || little<uint32_t>(s, 12) != 0x01020304) return false;
  const uint32_t kind = little<uint32_t>(s, 16), n = little<uint32_t>(s, 20), log2 = little<uint32_t>(s, 40);
  if (kind < 1 || kind > 5 || n < 1 || n > 256 || log2 < 4 || log2 > 8) return false;
  if (little<uint64_t>(s, 24) != s.size() || little<uint32_t>(s, 32) != 64) return false;
  for (size_t i = 52; i < 64; ++i)
    if (s[i] != 0) return false;
  const uint64_t align = 1u << log2, directory_end = 64 + 64 * uint64_t(n), data = little<uint32_t>(s, 36);
  if (data < directory_end || data - directory_end >= align || data % align != 0 || data > s.size() || s.size() % align != 0) return false;
  std::string sealed = s;
  reseal(sealed);
  if (sealed != s) return false;
  std::vector<char> used(s.size(), 0);
  std::fill(used.begin(), used.begin() + ptrdiff_t(directory_end), 1);
  std::string last;
  uint64_t end = directory_end;
  for (uint32_t i = 0; i < n; ++i) {
    const size_t r = 64 + 64 * size_t(i);
    const std::string name(s.c_str() + r);
    if (name.empty() || name.size() > 23 || name <= last) return false;
    for (size_t k = 0; k < 24; ++k) {
      const char c = s[r + k];
      if (k < name.size() ? c <= ' ' || c > '~' : c != 0) return false;
    }
    last = name;
    const uint8_t type = little<uint8_t>(s, r + 24), rank = little<uint8_t>(s, r + 25);
    if (type > 6 || rank > 4 || little<uint16_t>(s, r + 26) != 0 || little<uint32_t>(s, r + 60) != 0) return false;
    const uint64_t widths[] = {4, 2, 2, 1, 2, 4, 8};
    uint64_t bytes = widths[type];
    for (uint8_t k = 0; k < 4; ++k) {
      const uint64_t d = little<uint32_t>(s, r + 28 + 4 * k);
      if ((k < rank) != (d != 0)) return false;
      if (k < rank && __builtin_mul_overflow(bytes, d, &bytes)) return false;
    }
    const uint64_t at = little<uint32_t>(s, r + 44);
    if (little<uint32_t>(s, r + 48) != bytes || at % align != 0 || at < end || at - end >= align) return false;
    if (bytes > s.size() || at > s.size() - bytes) return false;
    for (uint64_t k = at; k < at + bytes; ++k) {
      if (used[size_t(k)]) return false;
      used[size_t(k)] = 1;
    }
    end = at + bytes;
    const uint32_t scale = little<uint32_t>(s, r + 52);
    const bool quantized = type >= 3 && type <= 5;
    if (quantized ? scale == 0 || scale >= 0x7F800000u : scale != 0x3F800000u || little<uint32_t>(s, r + 56) != 0)
      return false;
  }
  if (s.size() - end >= align) return false;
  for (size_t i = 0; i < s.size(); ++i)
    if (!used[i] && s[i] != 0) return false;
  return true;
}

// Three small arrays of different types, with gaps.
inline std::string small_blob(int32_t align_log2 = 4) {
  const double values[6] = {0.5, -1.25, 3, 0, 100, -0.0625};
  std::string out;
  for (size_t bytes = 0;;) {
    BlobWriter w(ModelKind::nalmu, 3, bytes ? &out[0] : nullptr, align_log2);
    w.add({"A", Element::f32, 2, {3, 2, 0, 0}});
    w.store(0, 6, values);
    w.add({"config", Element::i32, 1, {3, 0, 0, 0}});
    w.store(2, 1, values + 2);
    w.store(0, 2, values + 3);
    w.add({"quantized", Element::i8, 2, {2, 3, 0, 0}, 1.0f, -20});
    w.store(0, 6, values);
    const size_t size = w.finish();
    if (bytes) return out;
    bytes = size;
    out.assign(bytes, '\xAA');
  }
}

}  // namespace orthant::test
