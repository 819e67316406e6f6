// Workspaces between guard bands, and handles in workspaces of just the bytes that they ask for.
#pragma once
#include <stddef.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "orthant.h"
#include "test.hpp"

namespace orthant::test {

// `bytes` bytes at an address with the given remainder modulo 64, between guard bands.
class Arena {
 public:
  Arena(size_t bytes, size_t remainder, unsigned char fill = 0) : bytes_(bytes) {
    store_.assign(bytes + 2 * band + 128, guard);
    const uintptr_t at = reinterpret_cast<uintptr_t>(store_.data() + band);
    first_ = band + (64 - at % 64) % 64 + remainder;
    memset(data(), fill, bytes);
  }
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  unsigned char *data() { return store_.data() + first_; }
  size_t bytes() const { return bytes_; }
  bool intact() const {
    for (size_t k = 0; k < store_.size(); ++k)
      if ((k < first_ || k >= first_ + bytes_) && store_[k] != guard) return false;
    return true;
  }
  bool holds(unsigned char value) const {
    for (size_t k = 0; k < bytes_; ++k)
      if (store_[first_ + k] != value) return false;
    return true;
  }

 private:
  static constexpr size_t band = 256;
  static constexpr unsigned char guard = 0xA5;
  size_t bytes_, first_;
  std::vector<unsigned char> store_;
};

// A handle in a workspace of just the bytes asked for, which held other bytes before.  Where the job is refused,
// `status` says so, by size and init alike, the workspace is as it was, and the handle is null: no call takes that.
template <class Handle>
class Placed {
 public:
  template <class Size, class Init, class Config>
  Placed(Size size, Init init, const Config &c) : memory_(bytes_of(size, c), 5, before) {
    const orthant_status sized = status;
    status = init(&c, memory_.data(), memory_.bytes(), &handle_);
    if (sized != ORTHANT_OK) {
      EXPECT_EQ(status, sized);
    }
    if (status != ORTHANT_OK) {
      EXPECT_TRUE(memory_.holds(before));
    }
  }
  ~Placed() { EXPECT_TRUE(memory_.intact()); }
  Handle *get() const { return handle_; }
  std::vector<unsigned char> copy() { return {memory_.data(), memory_.data() + memory_.bytes()}; }
  void take(const std::vector<unsigned char> &bytes) { memcpy(memory_.data(), bytes.data(), bytes.size()); }
  orthant_status status = ORTHANT_OK;

 private:
  static constexpr unsigned char before = 0xEE;
  template <class Size, class Config>
  size_t bytes_of(Size size, const Config &c) {
    size_t bytes = 1 << 16;  // where size refuses, so does init, whatever it is given
    status = size(&c, &bytes);
    return bytes;
  }
  Arena memory_;
  Handle *handle_ = nullptr;
};

}  // namespace orthant::test
