// What every shim does: read a config of any known size, check an array, write a report.
#pragma once
#include <string.h>

#include "blob.hpp"
#include "carver.hpp"
#include "operand.hpp"
#include "orthant.h"
#include "status.hpp"

namespace orthant {

// A config as this build knows it: the caller's bytes, and zeros where the caller's struct is older and shorter.  A
// longer one must be zero where we do not know it.  `required`: bytes without which there is nothing to do.
template <class Config>
bool read_config(const Config *given, size_t required, Config *c) {
  constexpr size_t largest = 4096;  // of any future struct: a size that was never set must not send us through memory
  if (!given || given->size < required || given->size > largest) return false;
  const size_t known = given->size < sizeof(Config) ? given->size : sizeof(Config);
  memset(static_cast<void *>(c), 0, sizeof(Config));
  memcpy(static_cast<void *>(c), given, known);
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(given);
  for (size_t i = known; i < given->size; ++i)
    if (bytes[i] != 0) return false;
  return true;
}
#define ORTHANT_THROUGH(Config, field) (offsetof(Config, field) + sizeof(Config::field))

template <class T>
struct Public;
template <>
struct Public<float> { using matrix = orthant_matrix_f32; };
template <>
struct Public<double> { using matrix = orthant_matrix_f64; };

// An array of the caller: present, large enough a leading dimension, and addressable.
template <class T>
bool good_array(const T *data, int32_t rows, int32_t cols, int32_t ld) {
  size_t elements = 0, bytes = 0;
  return data && rows > 0 && cols > 0 && ld >= rows && !__builtin_mul_overflow(size_t(ld), size_t(cols), &elements) &&
         !__builtin_mul_overflow(elements, sizeof(T), &bytes) && bytes <= size_t(PTRDIFF_MAX);
}

// An enum of the inside that is cast from a public number: the two agree.
#define ORTHANT_SAME(inner, number) static_assert(int32_t(inner) == ORTHANT_##number, #number)
ORTHANT_SAME(Kind::dense, DENSE);
ORTHANT_SAME(Kind::csc, CSC);
ORTHANT_SAME(Kind::csr, CSR);
ORTHANT_SAME(Kind::masked, MASKED);
ORTHANT_SAME(Kind::stream, STREAM);

inline bool among(int32_t x, int32_t low, int32_t high) { return x >= low && x <= high; }

// Whether every class has a spectrum, and every spectrum a class.
inline bool good_classes(const int32_t *class_of, int32_t spectra, int32_t classes) {
  for (int32_t k = 0; k < spectra; ++k)
    if (!among(class_of[k], 0, classes - 1)) return false;
  for (int32_t c = 0; c < classes; ++c) {
    bool found = false;
    for (int32_t k = 0; k < spectra; ++k) found = found || class_of[k] == c;
    if (!found) return false;
  }
  return true;
}

// Every index of a sparse matrix stays inside, so that no later loop needs to look.
inline bool good_indices(int32_t majors, int32_t minors, const int32_t *starts, const int32_t *indices,
                         const Parallel &par) {
  if (!starts || starts[0] != 0) return false;
  bool good = true;
  for (int32_t j = 0; j < majors; ++j) good &= starts[j + 1] >= starts[j];
  if (!good || (starts[majors] > 0 && !indices)) return false;
  constexpr int32_t parts = small_target ? 1 : 64;
  bool inside[parts] = {};
  parallel_for(par, parts, Work{0, 4.0 * starts[majors] / parts}, [&](int32_t part, int32_t) {
    const Range mine = part_of(starts[majors], part, parts);
    bool all = true;
    for (int32_t t = mine.from; t < mine.to; ++t) all &= uint32_t(indices[t]) < uint32_t(minors);
    inside[part] = all;
  });
  for (const bool each : inside) good &= each;
  return good;
}

// Any kind of data.
template <bool may_be_sparse = true, class M, class T>
bool read_operand(const M *given, Operand<T> *out, const Parallel &par = {}) {
  M v;
  if (!read_config(given, ORTHANT_THROUGH(M, values), &v)) return false;
  switch (v.kind) {
    case ORTHANT_DENSE:
      *out = Operand<T>(Mat<const T>{v.values, v.rows, v.cols, v.ld});
      return good_array(v.values, v.rows, v.cols, v.ld);
    case ORTHANT_MASKED:
      *out = Operand<T>(Mat<const T>{v.values, v.rows, v.cols, v.ld},
                        Mat<const T>{v.weights, v.rows, v.cols, v.ld_weights});
      return good_array(v.values, v.rows, v.cols, v.ld) &&
             (!v.weights || good_array(v.weights, v.rows, v.cols, v.ld_weights));
    case ORTHANT_CSC:
    case ORTHANT_CSR: {
      const bool by_rows = v.kind == ORTHANT_CSR;
      if (!may_be_sparse || v.rows < 1 || v.cols < 1 || v.rows == INT32_MAX || v.cols == INT32_MAX ||
          !good_indices(by_rows ? v.rows : v.cols, by_rows ? v.cols : v.rows, v.starts, v.indices, par))
        return false;
      *out = Operand<T>(Kind(v.kind), v.rows, v.cols, v.values, v.starts, v.indices);
      return v.values || out->nonzeros() == 0;
    }
    case ORTHANT_STREAM:
      if (small_target) return false;
      *out = Operand<T>(v.rows, v.cols, v.read, v.user);
      return v.read && v.rows > 0 && v.cols > 0;
    default: return false;
  }
}

// Dense data alone.
template <class M, class T>
bool read_matrix(const M *given, Mat<const T> *out) {
  M v;
  if (!read_config(given, ORTHANT_THROUGH(M, values), &v)) return false;
  if (v.kind != ORTHANT_DENSE || !good_array(v.values, v.rows, v.cols, v.ld)) return false;
  *out = {v.values, v.rows, v.cols, v.ld};
  return true;
}

// A number that overflowed, or came from numbers that did, is the largest: never one that looks good.
__attribute__((noinline)) inline double reported(double x) { return is_finite(x) ? x : Real<double>::huge; }
inline orthant_report to_public(const Report &r) {
  return {sizeof(orthant_report), r.stop, r.iters, r.worst, r.clipped, r.proposals, reported(r.objective),
          reported(r.rel_error), reported(r.kkt), reported(r.gap), reported(r.bound), r.reduced_bytes};
}

// A struct for the caller, as much of it as the caller's build knows; to->size was checked.
template <class Struct>
void write_struct(Struct full, Struct *to) {
  full.size = to->size;
  memcpy(static_cast<void *>(to), &full, to->size < sizeof full ? to->size : sizeof full);
}

inline bool good_report(const orthant_report *r) { return !r || r->size >= sizeof(uint32_t); }

// A frame of its own, gone before the deep calls: stacks are short on microcontrollers.
__attribute__((noinline)) inline void write_report(const Report &from, orthant_report *to) {
  if (to) write_struct(to_public(from), to);
}

// The caller's progress function behind the outer loop's.  The loop's `user` is cleared after the run: a handle holds
// no pointer into itself.
template <class Config>
void listen(Config *c) {
  if (!c->caller.progress) return;
  c->outer.user = &c->caller;
  c->outer.progress = [](void *user, const Report *so_far) {
    const orthant_report full = to_public(*so_far);
    const auto *to = static_cast<decltype(&c->caller)>(user);
    return reinterpret_cast<orthant_progress_fn>(to->progress)(to->user, &full);
  };
}

template <class Config>
void stop_listening(Config *c) { c->outer.user = nullptr; }

constexpr int32_t max_rank = 1 << 15;  // rank^2 stays an int32

// The bytes that a job's layout takes, from a null base.
template <class Job>
Status measure(const Job &job, size_t *bytes) {
  Carver carve;
  typename Job::Blocks blocks;
  job.layout(carve, blocks);
  return carve.total(bytes) ? OK : E_ARG;
}

// The aligned base of a workspace, or a refusal that leaves the buffer as it was.
template <class Job>
Status place(const Job &job, void *mem, size_t bytes, void **base) {
  size_t needed = 0;
  if (!mem) return E_ARG;
  if (const Status st = measure(job, &needed); st != OK) return st;
  *base = Carver::align(mem, bytes, needed);
  return *base ? OK : E_SCRATCH;
}

// What `size` and `init` are for most nouns, given how each reads its config.
template <class Job, class Config>
Status job_size(Status (*read)(const Config *, Job *), const Config *given, size_t *bytes) {
  Job job;
  if (!bytes) return E_ARG;
  if (const Status st = read(given, &job); st != OK) return st;
  return measure(job, bytes);
}
template <class Job, class Config, class Handle>
Status job_init(Status (*read)(const Config *, Job *), const Config *given, void *mem, size_t bytes, Handle **out) {
  Job job;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &job); st != OK) return st;
  if (const Status st = place(job, mem, bytes, &base); st != OK) return st;
  memcpy(base, static_cast<const void *>(&job), sizeof job);
  *out = static_cast<Handle *>(base);
  return OK;
}

// A blob for the caller: write(nullptr) tells its bytes, write(out) writes them; zero from it is a refusal.
template <class Write>
Status give_blob(Status refusal, void *out, size_t capacity, size_t *bytes, const Write &write) {
  if (!bytes) return E_ARG;
  const size_t needed = write(nullptr);
  if (needed == 0) return refusal;
  if (out && capacity < needed) return E_SCRATCH;
  if (out && write(out) == 0) return E_DATA;
  *bytes = needed;
  return OK;
}

}  // namespace orthant
