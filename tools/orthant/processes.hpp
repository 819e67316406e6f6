// The processes of mpirun, for verbs with --mpi.  The tool itself is linked with no MPI: liborthant-mpi is loaded where it
// is asked for.
#pragma once

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

class Processes {
 public:
  explicit Processes(bool asked);
  // In an exception the process ends without a word to MPI, by which mpirun sees that it failed, and ends the others.
  ~Processes();
  Processes(const Processes &) = delete;
  Processes &operator=(const Processes &) = delete;

  bool active() const { return library_ != nullptr; }
  bool first() const { return process_ == 0; }  // the one that writes and prints
  int32_t count() const { return processes_; }
  int threads(int asked) const;  // 0: its part of the processors of its machine

  // The columns of this process, of so many.
  int64_t from(int64_t columns) const { return columns * process_ / processes_; }
  int64_t to(int64_t columns) const { return columns * (process_ + 1) / processes_; }

  // Of this process's columns, for a config; all processes call it together.  Null without --mpi.
  const orthant_reduce *reduce(int64_t own_columns);
  // All columns of a matrix from those that each process has; they are in their place in `all`.
  template <class T>
  void gather(Table<T> &all) const;

 private:
  void *library_ = nullptr;
  int32_t process_ = 0, processes_ = 1, beside_ = 1;
  orthant_reduce reduce_{};
};

}  // namespace orthant::tool
