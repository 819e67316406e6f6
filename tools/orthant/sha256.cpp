// SHA-256 [FIPS 180-4]: the hash that people can check with sha256sum.
#include "sha256.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace orthant::tool {

namespace {

constexpr std::array<uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t rotated(uint32_t x, int n) { return x >> n | x << (32 - n); }

void add_block(std::array<uint32_t, 8> &h, const unsigned char *block) {
  uint32_t w[64];
  for (size_t i = 0; i < 16; ++i) {
    w[i] = static_cast<uint32_t>(block[4 * i]) << 24 | static_cast<uint32_t>(block[4 * i + 1]) << 16 |
           static_cast<uint32_t>(block[4 * i + 2]) << 8 | block[4 * i + 3];
  }
  for (size_t i = 16; i < 64; ++i) {
    const uint32_t a = w[i - 15], b = w[i - 2];
    w[i] =
        w[i - 16] + (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) + w[i - 7] + (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
  }
  std::array<uint32_t, 8> s = h;
  for (size_t i = 0; i < 64; ++i) {
    const uint32_t t1 = s[7] + (rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) +
                        ((s[4] & s[5]) ^ (~s[4] & s[6])) + round_constants[i] + w[i];
    const uint32_t t2 =
        (rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s = {t1 + t2, s[0], s[1], s[2], s[3] + t1, s[4], s[5], s[6]};
  }
  for (size_t i = 0; i < 8; ++i) h[i] += s[i];
}

}  // namespace

void Sha256::add(std::string_view bytes) {
  bytes_ += bytes.size();
  // First what fills a block that is begun.
  if (!begun_.empty()) {
    const size_t n = std::min(bytes.size(), block - begun_.size());
    begun_.append(bytes.substr(0, n));
    bytes.remove_prefix(n);
    if (begun_.size() < block) return;
    add_block(h_, reinterpret_cast<const unsigned char *>(begun_.data()));
    begun_.clear();
  }
  for (; bytes.size() >= block; bytes.remove_prefix(block)) {
    add_block(h_, reinterpret_cast<const unsigned char *>(bytes.data()));
  }
  begun_ = bytes;
}

std::string Sha256::digits() {
  // The rest, a one bit, zeros, and the length in bits.
  const uint64_t bits = bytes_ * 8;
  std::string tail(1, static_cast<char>(0x80));
  tail.resize((block + 56 - (begun_.size() + 1) % block) % block + 1, 0);
  for (int i = 7; i >= 0; --i) tail += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
  add(tail);
  std::string text;
  for (const uint32_t v : h_) text += format("%08x", static_cast<unsigned>(v));
  return text;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.digits();
}

std::string sha256_of_file(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 hash;
  std::vector<char> piece(size_t{1} << 20);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    hash.add({piece.data(), static_cast<size_t>(file.gcount())});
  }
  if (!file.eof()) throw InputError(path.string() + ": cannot be read: " + std::strerror(errno));
  return hash.digits();
}

}  // namespace orthant::tool
