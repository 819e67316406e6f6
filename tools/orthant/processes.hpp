// The processes of mpirun, for verbs with --mpi.  The tool itself is linked with no MPI: liborthant-mpi is loaded where
// it is asked for.
#pragma once

#include <exception>

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

class Processes {
 public:
  explicit Processes(bool asked);
  // In an exception that is not of `together` the process ends without a word to MPI, by which mpirun sees that it
  // failed, and ends the others.
  ~Processes();
  Processes(const Processes &) = delete;
  Processes &operator=(const Processes &) = delete;

  bool active() const { return library_ != nullptr; }
  bool first() const { return process_ == 0; }  // the one that writes and prints
  int32_t count() const { return processes_; }
  int32_t beside() const { return beside_; }  // on this machine, this one among them
  int threads(int asked) const;               // 0: its part of the processors of its machine

  // The columns of this process, of so many.
  int64_t from(int64_t columns) const { return columns * process_ / processes_; }
  int64_t to(int64_t columns) const { return columns * (process_ + 1) / processes_; }

  // What follows all processes call, in the same order.
  //
  // Of this process's columns, for a config.  Null without --mpi.
  const orthant_reduce *reduce(int64_t own_columns);
  // Each number becomes its sum over the processes.
  template <class T>
  void add(T *values, int64_t count) const;
  // The least of a number of each.
  int64_t least(int64_t own) const;
  // What may fail on one process alone: all of them end then, and the first that failed says why.
  template <class Body>
  void together(const Body &body) {
    std::exception_ptr failure;
    try {
      body();
    } catch (...) {
      failure = std::current_exception();
    }
    end_where_one_failed(failure);
  }

 private:
  void end_where_one_failed(const std::exception_ptr &failure);
  void *library_ = nullptr;
  int32_t process_ = 0, processes_ = 1, beside_ = 1;
  bool agreed_ = false;  // all processes end, and know it
  orthant_reduce reduce_{};
};

}  // namespace orthant::tool
