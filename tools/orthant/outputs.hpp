// Files that are written: each under a temporary name first, so that no name ever holds half a file.
#pragma once

#include <string>
#include <string_view>

#include "io.hpp"

namespace orthant::tool {

// The temporary file is new, its name is not to be guessed, and it is locked while this process lives.  At `commit` it
// is on the disk and takes its own name; without one it vanishes, or a later run in the same directory removes it.
class OutputFile {
 public:
  OutputFile(fs::path path, bool force);
  // One that stays where this run ends before its commit, for a later one to go on with: of a name that follows from
  // its own (see `unfinished_name`), begun with the first `kept` bytes that are there.
  OutputFile(fs::path path, bool force, int64_t kept);
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  void write(const void *data, size_t size);
  void write(std::string_view text) { write(text.data(), text.size()); }
  void read(void *data, size_t size, int64_t at) const;  // what was written
  void sync() const;                                     // so that it is on the disk
  void commit();

 private:
  bool open_new();
  [[noreturn]] void fail() const;
  fs::path path_;
  std::string temporary_;
  bool force_, committed_ = false, stays_ = false;
  int fd_ = -1;
};

// The temporary name of a file that stays.
fs::path unfinished_name(const fs::path &path);

// Removes what runs that were killed left in a directory: temporary files that no process holds a lock on.
void remove_orphans(const fs::path &directory);

}  // namespace orthant::tool
