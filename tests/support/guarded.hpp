// Memory with canaries around it: arrays of the caller's, and workspaces.
#pragma once
#include <stddef.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace orthant::test {

using Random = std::mt19937_64;

// Not std::uniform_real_distribution, whose numbers differ between standard libraries.
inline double uniform(Random &random) { return double(random() >> 11) * 0x1p-53; }
inline int uniform_int(Random &random, int low, int high) { return low + int(random() % uint64_t(high - low + 1)); }
inline double normal(Random &random) {
  double s = -6;
  for (int i = 0; i < 12; ++i) s += uniform(random);
  return s;
}

// A NaN that no arithmetic makes: read by mistake it spoils a result, overwritten by mistake it is missed.
inline float canary(float) {
  const uint32_t bits = 0x7FC5A5A5;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
inline double canary(double) {
  const uint64_t bits = 0x7FF8A5A55A5AA5A5;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// rows x cols with leading dimension rows + gap, canaries between the columns, before and after.  `shift` moves it by
// elements against a 64-byte boundary.
template <class T>
class Guarded {
 public:
  Guarded(int32_t rows, int32_t cols, int32_t gap = 3, int32_t shift = 0)
      : rows_(rows), cols_(cols), ld_(rows + gap > 0 ? rows + gap : 1) {
    body_ = size_t(ld_) * size_t(cols);
    store_.assign(body_ + 2 * margin + 64, canary(T()));
    const uintptr_t at = reinterpret_cast<uintptr_t>(store_.data() + margin);
    first_ = margin + (64 - at % 64) % 64 / sizeof(T) + size_t(shift);
  }
  Guarded(const Guarded &) = delete;
  Guarded &operator=(const Guarded &) = delete;

  T *data() { return store_.data() + first_; }
  const T *data() const { return store_.data() + first_; }
  int32_t rows() const { return rows_; }
  int32_t cols() const { return cols_; }
  int32_t ld() const { return ld_; }
  T &operator()(int32_t i, int32_t j) { return data()[i + ptrdiff_t(ld_) * j]; }
  T operator()(int32_t i, int32_t j) const { return data()[i + ptrdiff_t(ld_) * j]; }

  template <class F>
  void each(const F &f) {  // f(i, j) by columns
    for (int32_t j = 0; j < cols_; ++j)
      for (int32_t i = 0; i < rows_; ++i) (*this)(i, j) = T(f(i, j));
  }
  void fill_uniform(Random &random) {
    each([&](int32_t, int32_t) { return uniform(random); });
  }
  // What stands in the matrix, bit by bit.
  std::string bits() const {
    std::string out;
    for (int32_t j = 0; j < cols_; ++j)
      out.append(reinterpret_cast<const char *>(data() + ptrdiff_t(ld_) * j), size_t(rows_) * sizeof(T));
    return out;
  }
  bool intact() const {
    const T c = canary(T());
    for (size_t k = 0; k < store_.size(); ++k) {
      const ptrdiff_t at = ptrdiff_t(k) - ptrdiff_t(first_);
      const bool inside = at >= 0 && at < ptrdiff_t(body_) && at % ld_ < rows_;
      if (!inside && memcmp(&store_[k], &c, sizeof c) != 0) return false;
    }
    return true;
  }

 private:
  static constexpr size_t margin = 64;
  int32_t rows_, cols_, ld_;
  size_t body_, first_;
  std::vector<T> store_;
};

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

}  // namespace orthant::test
