// Lays out a workspace.  The same layout function runs with a null base to measure, and with a buffer to place its
// blocks or to find them again, so size and use cannot disagree.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define ORTHANT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ORTHANT_ASAN 1
#endif
#endif
#ifdef ORTHANT_ASAN
extern "C" void __asan_poison_memory_region(void const volatile *, size_t);
extern "C" void __asan_unpoison_memory_region(void const volatile *, size_t);
#endif

namespace orthant {

class Carver;
template <class LayOut>
size_t bytes_of(const LayOut &lay_out);

class Carver {
 public:
  static constexpr size_t alignment = 64;  // a cache line, and the widest vector

  // inside: in a block of another, which outlives it and gives up the gaps.
  explicit Carver(void *base = nullptr, bool inside = false)
      : base_(static_cast<unsigned char *>(base)), inside_(inside) {}
  ~Carver() {
    if (!inside_) again();
  }
  Carver(const Carver &) = delete;
  Carver &operator=(const Carver &) = delete;

  // A block of count * times elements, or null while measuring.
  template <class T>
  T *take(size_t count, size_t times = 1) {
#ifdef __clang_analyzer__
    return static_cast<T *>(placed());  // blocks are used only where a layout places them, which it cannot see
#endif
    size_t bytes = 0, end = 0;
    if (__builtin_mul_overflow(count, times, &count) || __builtin_mul_overflow(count, sizeof(T), &bytes) ||
        __builtin_add_overflow(used_, bytes, &end) || end > limit) {
      overflow_ = true;
      return nullptr;
    }
    unsigned char *block = base_ ? base_ + used_ : nullptr;
    used_ = ((end + alignment - 1) & ~(alignment - 1)) + gap;
#ifdef ORTHANT_ASAN
    if (base_) {
      __asan_unpoison_memory_region(block, bytes);
      __asan_poison_memory_region(base_ + end, used_ - end);
    }
#endif
    return reinterpret_cast<T *>(block);
  }

  // One region for two layouts that follow each other: as large as the larger of both.
  template <class First, class Second>
  unsigned char *take_shared(const First &first, const Second &second) {
    const size_t one = bytes_of(first), other = bytes_of(second);
    return take<unsigned char>(one > other ? one : other);
  }

  // Gives up what was laid out, so that another layout may follow in the same memory.  The gaps are poisoned while a
  // layout is in use, and only then: between calls a handle may be copied.
  void again() {
#ifdef ORTHANT_ASAN
    if (base_) __asan_unpoison_memory_region(base_, used_);
#endif
    used_ = 0;
  }

  // Bytes to ask for so that an aligned base fits at any address; false when the sum overflowed.
  bool total(size_t *bytes) const {
    *bytes = used_ + (alignment - 1);
    return !overflow_;
  }

  // Bytes laid out so far; more than any workspace has where the sum overflowed.
  size_t used() const { return overflow_ ? SIZE_MAX : used_; }

  // The first aligned address of a buffer, or null when the buffer is too small for the measured layout.
  static void *align(void *mem, size_t bytes, size_t needed) {
    if (bytes < needed) return nullptr;
    const uintptr_t at = reinterpret_cast<uintptr_t>(mem);
    return static_cast<unsigned char *>(mem) + ((alignment - at % alignment) % alignment);
  }

 private:
#ifdef __clang_analyzer__
  __attribute__((returns_nonnull)) static void *placed();
#endif
  static constexpr size_t limit = SIZE_MAX / 2;
#if defined(ORTHANT_BOUNDS) && defined(ORTHANT_ASAN)
  static constexpr size_t gap = alignment;  // behind every block, so that a step beyond it is seen
#else
  static constexpr size_t gap = 0;
#endif
  unsigned char *base_;
  size_t used_ = 0;
  bool overflow_ = false, inside_ = false;
};

// The bytes that lay_out(Carver &) takes from an aligned base.
template <class LayOut>
size_t bytes_of(const LayOut &lay_out) {
  Carver carve;
  lay_out(carve);
  return carve.used();
}

}  // namespace orthant
