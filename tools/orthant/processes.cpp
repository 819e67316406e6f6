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
  reduce(1);  // for its sum
}

Processes::~Processes() {
  if (!library_ || (std::uncaught_exceptions() > 0 && !agreed_)) return;
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

template <class T>
void Processes::add(T *values, int64_t count) const {
  if (!active()) return;
  constexpr int64_t most = int64_t{1} << 22;
  for (int64_t at = 0; at < count; at += most) {
    const auto piece = static_cast<int32_t>(std::min(most, count - at));
    if (reduce_.sum(reduce_.user, values + at, piece, sizeof(T) == 8) != 0) throw UsageError("--mpi: MPI failed");
  }
}
template void Processes::add(float *, int64_t) const;
template void Processes::add(double *, int64_t) const;

int64_t Processes::least(int64_t own) const {
  std::vector<double> all(static_cast<size_t>(processes_));
  all[static_cast<size_t>(process_)] = static_cast<double>(own);
  add(all.data(), processes_);
  return static_cast<int64_t>(*std::min_element(all.begin(), all.end()));
}

void Processes::end_where_one_failed(const std::exception_ptr &failure) {
  std::vector<float> failed(static_cast<size_t>(processes_));
  failed[static_cast<size_t>(process_)] = failure ? 1 : 0;
  add(failed.data(), processes_);
  const auto first = std::find(failed.begin(), failed.end(), 1.0F);
  if (first == failed.end()) return;
  agreed_ = true;
  if (first - failed.begin() == process_) std::rethrow_exception(failure);
  throw ToldElsewhere();
}

}  // namespace orthant::tool
