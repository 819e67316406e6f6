// Memory for a handle.  A large workspace is in huge pages where Linux grants them: solvers pass over all of it in each
// iteration, and read a page of 4 KB in a microsecond.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace orthant::tool {

// Memory that is a file without a name in this directory, for numbers that memory does not hold: the system writes
// there what it has no room for.
class FarMemory {
 public:
  FarMemory(const std::filesystem::path &directory, size_t bytes);
  ~FarMemory();
  FarMemory(const FarMemory &) = delete;
  FarMemory &operator=(const FarMemory &) = delete;
  void *data() const { return data_; }

 private:
  void *data_ = nullptr;
  size_t bytes_;
};

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
  // In a file where it is larger than `room`.
  Workspace(size_t bytes, size_t room, const std::filesystem::path &directory) : Workspace(bytes > room ? 0 : bytes) {
    bytes_ = bytes;
    if (bytes > room) far_ = std::make_unique<FarMemory>(directory, bytes);
  }
  void *data() const { return far_ ? far_->data() : memory_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(unsigned char *p) const { std::free(p); }
  };
  std::unique_ptr<unsigned char[], Free> memory_;
  std::unique_ptr<FarMemory> far_;
  size_t bytes_;
};

}  // namespace orthant::tool
