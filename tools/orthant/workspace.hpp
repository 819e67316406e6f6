// Memory for a handle.  A large workspace is in huge pages where Linux grants them: solvers pass over all of it in each
// iteration, and read a page of 4 KB in a microsecond.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace orthant::tool {

class Workspace {
 public:
  explicit Workspace(size_t bytes) : bytes_(bytes) {
    constexpr size_t huge = size_t(2) << 20;
    const size_t unit = bytes < 2 * huge ? alignof(std::max_align_t) : huge, whole = (bytes / unit + 1) * unit;
    memory_.reset(static_cast<unsigned char *>(std::aligned_alloc(unit, whole)));
    if (!memory_) throw std::bad_alloc();
#ifdef __linux__
    if (unit == huge) madvise(memory_.get(), whole, MADV_HUGEPAGE);  // advice: without it the pages are small
#endif
  }
  void *data() const { return memory_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(unsigned char *p) const { std::free(p); }
  };
  std::unique_ptr<unsigned char[], Free> memory_;
  size_t bytes_;
};

}  // namespace orthant::tool
