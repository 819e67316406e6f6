#include "heap_count.hpp"

#include <errno.h>
#include <stdlib.h>

#include <atomic>

namespace {
std::atomic<bool> counting{false};
std::atomic<size_t> calls{0};
void note() {
  if (counting.load(std::memory_order_relaxed)) ++calls;
}
}  // namespace

namespace orthant::test {
void count_heap_calls() {
  calls = 0;
  counting = true;
}
size_t heap_calls() {
  counting = false;
  return calls;
}
}  // namespace orthant::test

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizer owns the allocator, and reports each call.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
                                                         void (*)(const volatile void *));
static const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void *, size_t) { note(); }, [](const volatile void *) { note(); });
#elif defined(__GLIBC__)
// Names in the program come before those of the C library; operator new and shared libraries end here too.
extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

void *malloc(size_t n) noexcept {
  note();
  return __libc_malloc(n);
}
void *calloc(size_t n, size_t size) noexcept {
  note();
  return __libc_calloc(n, size);
}
void *realloc(void *p, size_t n) noexcept {
  note();
  return __libc_realloc(p, n);
}
void free(void *p) noexcept {
  note();
  __libc_free(p);
}
void *memalign(size_t alignment, size_t n) noexcept {
  note();
  return __libc_memalign(alignment, n);
}
void *aligned_alloc(size_t alignment, size_t n) noexcept {
  note();
  return __libc_memalign(alignment, n);
}
int posix_memalign(void **out, size_t alignment, size_t n) noexcept {
  note();
  *out = __libc_memalign(alignment, n);
  return *out ? 0 : ENOMEM;
}
}
#else
#error "no way to count heap calls on this platform"
#endif
