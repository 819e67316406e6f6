#include "processes.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <thread>
#ifndef _WIN32
#include <dlfcn.h>
#include <unistd.h>
#endif

namespace orthant::tool {
namespace {

#ifdef _WIN32
void *open_library(const std::string &) { return nullptr; }
void *symbol(void *, const char *) { return nullptr; }
const char *why_not() { return "not on this system"; }
int processors() { return static_cast<int>(std::thread::hardware_concurrency()); }
#else
// MPI loads parts of itself, which look for its names among those of the program.
void *open_library(const std::string &path) { return dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL); }
void *symbol(void *library, const char *name) { return dlsym(library, name); }
const char *why_not() { return dlerror(); }
int processors() { return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)); }
#endif

template <class Function>
Function *function(void *library, const char *name) {
  return reinterpret_cast<Function *>(symbol(library, name));
}

// The one that is named, or where it was installed.
void *load() {
  const char *named = std::getenv("ORTHANT_MPI_LIBRARY");
  const std::string path = named ? named : cat("liborthant-mpi.so.", ORTHANT_ABI);
  void *library = open_library(path);
  const std::string problem = library ? "" : why_not();
  if (!library && !named) library = open_library(cat(ORTHANT_LIBDIR "/liborthant-mpi.so.", ORTHANT_ABI));
  if (!library) {
    throw UsageError("--mpi: " + path + " cannot be loaded (" + problem +
                     "); it is built where an MPI is found, and ORTHANT_MPI_LIBRARY may name it");
  }
  return library;
}

}  // namespace

Processes::Processes(bool asked) {
  if (!asked) return;
  library_ = load();
  const auto begin = function<orthant_status(int32_t *, int32_t *, int32_t *)>(library_, "orthant_mpi_begin");
  if (!begin || begin(&process_, &processes_, &beside_) != ORTHANT_OK) throw UsageError("--mpi: MPI does not begin");
}

Processes::~Processes() {
  if (!library_ || std::uncaught_exceptions() > 0) return;
  if (const auto end = function<void()>(library_, "orthant_mpi_end")) end();
}

int Processes::threads(int asked) const {
  if (asked > 0 || beside_ == 1) return asked;
  const int bound = static_cast<int>(std::thread::hardware_concurrency());  // where mpirun binds, not all of the machine
  return std::max(1, std::min(bound, processors() / beside_));
}

const orthant_reduce *Processes::reduce(int64_t own_columns) {
  if (!active()) return nullptr;
  reduce_ = sized<orthant_reduce>();
  const auto fill = function<orthant_status(int32_t, orthant_reduce *)>(library_, "orthant_mpi_reduce_world");
  if (!fill || fill(static_cast<int32_t>(own_columns), &reduce_) != ORTHANT_OK) throw UsageError("--mpi: MPI failed");
  return &reduce_;
}

// A sum to which each process gives its own columns, and else zeros, in pieces.
template <class T>
void Processes::gather(Table<T> &all) const {
  if (!active()) return;
  constexpr int64_t most = int64_t{1} << 22;
  const auto own_from = static_cast<size_t>(from(all.cols) * all.rows);
  const auto own_to = static_cast<size_t>(to(all.cols) * all.rows);
  std::fill(all.values.begin(), all.values.begin() + static_cast<std::ptrdiff_t>(own_from), T(0));
  std::fill(all.values.begin() + static_cast<std::ptrdiff_t>(own_to), all.values.end(), T(0));
  const auto size = static_cast<int64_t>(all.values.size());
  for (int64_t at = 0; at < size; at += most) {
    const auto piece = static_cast<int32_t>(std::min(most, size - at));
    if (reduce_.sum(reduce_.user, all.values.data() + at, piece, sizeof(T) == 8) != 0) {
      throw UsageError("--mpi: MPI failed");
    }
  }
}
template void Processes::gather(Table<float> &) const;
template void Processes::gather(Table<double> &) const;

}  // namespace orthant::tool
