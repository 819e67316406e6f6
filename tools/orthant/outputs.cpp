#include "outputs.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <set>
#include <system_error>

namespace orthant::tool {

namespace {

constexpr std::string_view temporary_start = ".orthant-part-";
constexpr size_t temporary_digits = 16;

std::string temporary_name() {
  std::random_device device;
  return std::string(temporary_start) +
         format("%08x%08x", static_cast<unsigned>(device()), static_cast<unsigned>(device()));
}

bool is_temporary(const std::string &name) {
  return name.size() == temporary_start.size() + temporary_digits && name.rfind(temporary_start, 0) == 0 &&
         name.find_first_not_of("0123456789abcdef", temporary_start.size()) == name.npos;
}

fs::path directory_of(const fs::path &file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

constexpr std::string_view unfinished_start = ".orthant-unfinished-";

bool orphaned(const fs::path &file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat about {};
  const bool alone = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && ::flock(fd, LOCK_EX | LOCK_NB) == 0;
  ::close(fd);
  return alone;
}

}  // namespace

fs::path unfinished_name(const fs::path &path) {
  return directory_of(path) / (std::string(unfinished_start) + path.filename().string());
}

void remove_orphans(const fs::path &directory) {
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (is_temporary(at->path().filename().string()) && orphaned(at->path())) ::unlink(at->path().c_str());
  }
}

OutputFile::OutputFile(fs::path path, bool force) : path_(std::move(path)), force_(force) {
  refuse_existing(path_, force_);
  static std::set<fs::path> swept;  // once a run: a checkpoint is written a hundred times
  const fs::path directory = directory_of(path_);
  if (swept.insert(directory).second) remove_orphans(directory);
  for (int tries = 0; !open_new(); ++tries) {
    if (tries == 8) fail();
  }
}

OutputFile::OutputFile(fs::path path, bool force, int64_t kept)
    : path_(std::move(path)), temporary_(unfinished_name(path_).string()), force_(force), stays_(true) {
  fd_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd_ < 0) fail();
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw OutputError(path_.string() + ": another run is writing it; wait for its end, or choose another name");
  }
  if (::ftruncate(fd_, kept) != 0 || ::lseek(fd_, kept, SEEK_SET) != kept) fail();
}

// Whether a file was made that no other run takes for an orphan.
bool OutputFile::open_new() {
  temporary_ = (directory_of(path_) / temporary_name()).string();
  fd_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    if (errno == EEXIST) return false;
    fail();
  }
  // Between these two lines another run may have found it without a lock.
  const bool locked = ::flock(fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;  // else a file system without locks
  struct stat about {};
  if (locked && ::fstat(fd_, &about) == 0 && about.st_nlink > 0) return true;
  ::close(std::exchange(fd_, -1));
  ::unlink(temporary_.c_str());
  errno = EAGAIN;
  return false;
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!committed_ && !stays_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::write(const void *data, size_t size) {
  const char *p = static_cast<const char *>(data);
  while (size > 0) {
    const ssize_t n = ::write(fd_, p, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail();
    p += n;
    size -= static_cast<size_t>(n);
  }
}

void OutputFile::read(void *data, size_t size, int64_t at) const {
  for (char *p = static_cast<char *>(data); size > 0;) {
    const ssize_t n = ::pread(fd_, p, size, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail();
    p += n;
    at += n;
    size -= static_cast<size_t>(n);
  }
}

// Some file systems have no sync (EINVAL); one that fails has lost data.
void OutputFile::sync() const {
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != ENOTSUP) fail();
}

void OutputFile::commit() {
  sync();
  refuse_existing(path_, force_);
  // The lock is held until the name is right.
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  committed_ = true;
  if (::close(std::exchange(fd_, -1)) != 0) fail();
}

void OutputFile::fail() const { throw OutputError(path_.string() + ": cannot be written: " + std::strerror(errno)); }

void write_file(const fs::path &path, std::string_view bytes, bool force) {
  OutputFile file(path, force);
  file.write(bytes);
  file.commit();
}

void refuse_existing(const fs::path &path, bool force) {
  std::error_code ignored;
  if (path == "-") throw OutputError("-: standard output is not taken here; give the name of a file");
  const fs::file_status status = fs::symlink_status(path, ignored);
  if (!fs::exists(status)) return;
  if (!force) throw OutputError(path.string() + ": exists already; choose another name or add --force");
  // A device, say, which the rename would replace.
  if (!fs::is_regular_file(status) && !fs::is_symlink(status)) {
    throw OutputError(path.string() + ": is not a regular file and cannot be replaced; choose another name");
  }
}

void make_output_directory(const fs::path &directory, bool force, bool dry_run) {
  std::error_code error;
  if (directory == "-") throw OutputError("-: standard output cannot hold several files; give a directory");
  if (fs::exists(directory, error)) {
    if (!fs::is_directory(directory, error)) {
      throw OutputError(directory.string() + ": is a file; give a directory, it will hold several outputs");
    }
    if (!dry_run) remove_orphans(directory);
    // What an unfinished run left: who goes on with it knows whether it is its own.
    if (fs::exists(unfinished_name(directory / "journal"), error)) return;
    const auto foreign = [](const fs::directory_entry &entry) {
      return !is_temporary(entry.path().filename().string());
    };
    const fs::directory_iterator all(directory, error);
    if (!force && (error || std::any_of(fs::begin(all), fs::end(all), foreign))) {
      throw OutputError(directory.string() + ": exists and is not empty; choose another name or add --force");
    }
    return;
  }
  if (!dry_run && !fs::create_directories(directory, error) && error) {
    throw OutputError(directory.string() + ": cannot be made: " + error.message());
  }
}

}  // namespace orthant::tool
