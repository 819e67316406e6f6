// SHA-256 of bytes as they come.
#pragma once

#include <array>

#include "io.hpp"

namespace orthant::tool {

class Sha256 {
 public:
  void add(std::string_view bytes);
  std::string digits();  // ends it

 private:
  static constexpr size_t block = 64;
  std::array<uint32_t, 8> h_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string begun_;
  uint64_t bytes_ = 0;
};

}  // namespace orthant::tool
