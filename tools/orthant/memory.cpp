#include "memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();

// "800M", "2G", "64k": powers of 1024; a number alone is bytes.
int64_t parse_size(const std::string &text) {
  constexpr std::string_view units = "kmgt";
  const std::string low = lower(text);
  const size_t unit = low.empty() ? units.npos : units.find(low.back());
  const std::optional<double> number = parse_number(unit == units.npos ? low : low.substr(0, low.size() - 1));
  const double bytes = number ? std::ldexp(*number, unit == units.npos ? 0 : 10 * (static_cast<int>(unit) + 1)) : 0;
  if (!(bytes >= 1 << 16) || bytes > 0x1p60) {
    throw UsageError("--memory '" + text + "': give a size from 64k up, such as 800M or 4G");
  }
  return static_cast<int64_t>(bytes);
}

// The number at the begin of a file; of /proc/meminfo that behind a word, in kilobytes.
int64_t number_in(const char *file, const std::string &word = "") {
  std::ifstream in(file);
  std::string text;
  while (in >> text) {
    if (!word.empty() && text != word) continue;
    if (!word.empty()) in >> text;
    const std::optional<double> value = parse_number(text);
    return value ? static_cast<int64_t>(*value) : unlimited;
  }
  return unlimited;
}

int64_t at_hand() {
  int64_t bytes = number_in("/proc/meminfo", "MemAvailable:");
  if (bytes != unlimited) bytes *= 1024;
  const int64_t group = number_in("/sys/fs/cgroup/memory.max"), used = number_in("/sys/fs/cgroup/memory.current");
  if (group != unlimited && used != unlimited) bytes = std::min(bytes, std::max<int64_t>(group - used, 0));
  rlimit limit{};
  const int64_t pages = number_in("/proc/self/statm");
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && pages != unlimited) {
    const auto most = static_cast<int64_t>(std::min<rlim_t>(limit.rlim_cur, rlim_t{1} << 60));
    bytes = std::min(bytes, most - pages * sysconf(_SC_PAGESIZE));
  }
  return bytes;
}

}  // namespace

int64_t data_room(const Common &common) {
  const int64_t bytes = common.memory.empty() ? at_hand() : parse_size(common.memory);
  return std::max<int64_t>(bytes / 2, 1 << 15);
}

FarMemory::FarMemory(const fs::path &directory, size_t bytes) : bytes_(bytes) {
  std::string name = (directory / ".orthant-memory-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  if (fd < 0) throw OutputError(name + ": cannot be made: " + std::strerror(errno));
  ::unlink(name.c_str());
  // All of it now: where the disk is full later, there is no one to tell.
  const int refused = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (refused == 0) data_ = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (refused != 0 || data_ == MAP_FAILED) {
    throw OutputError(cat(directory.string(), ": no room for ", bytes_text(static_cast<double>(bytes)),
                          " of factors and workspace: ", std::strerror(refused != 0 ? refused : errno)));
  }
}

FarMemory::~FarMemory() { ::munmap(data_, bytes_); }

template <class T>
void say_stays(const Common &common, const Image<T> &image) {
  const double bytes = static_cast<double>(image.bands * image.pixels()) * sizeof(T);
  say(common,
      cat(image.meta.source, ": takes ", bytes_text(bytes), ", and ",
          bytes_text(static_cast<double>(data_room(common))),
          " are half of the memory at hand: it is read from its file as it is needed (--memory SIZE decides), and "
          "not hashed for the record"));
}
template void say_stays(const Common &, const Image<float> &);
template void say_stays(const Common &, const Image<double> &);

}  // namespace orthant::tool
