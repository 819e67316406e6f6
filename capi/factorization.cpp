// orthant_nmf_*: check, then call.
#include "nmf.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
Status read(const orthant_nmf_config *given, Nmf<T> *s) {
  orthant_nmf_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_nmf_config, rank), &c)) return E_ARG;
  if (c.rows < 1 || c.cols < 1 || c.rank < 1 || c.rank > max_rank || c.method < 0 || c.method > ORTHANT_NMF_MU ||
      c.start < 0 || c.start > ORTHANT_START_GIVEN || c.sweeps < 0 || !is_finite(c.tol) || !is_finite(c.tol_obj) ||
      !is_finite(c.rho) || c.rho < 0 || !read_parallel(c.parallel, &s->c.par))
    return E_ARG;
  s->c.rows = c.rows;
  s->c.cols = c.cols;
  s->c.rank = c.rank;
  s->c.method = NmfMethod(c.method > 0 ? c.method : ORTHANT_NMF_EHALS);
  s->c.start = NmfStart(c.start > 0 ? c.start : ORTHANT_START_COLS);
  s->c.sweeps = c.sweeps;
  s->c.rho = c.rho;
  s->c.seed = c.seed;
  s->c.outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : 500;
  s->c.outer.tol = c.tol == 0 ? 1e-4 : c.tol;
  s->c.outer.tol_obj = c.tol_obj;
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
  return OK;
}

template <class T>
Status size(const orthant_nmf_config *given, size_t *bytes) {
  Nmf<T> s;
  if (!bytes) return E_ARG;
  if (const Status st = read(given, &s); st != OK) return st;
  return measure(s, bytes);
}

template <class T, class Handle>
Status init(const orthant_nmf_config *given, void *mem, size_t bytes, Handle **out) {
  Nmf<T> s;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &s); st != OK) return st;
  if (const Status st = place(s, mem, bytes, &base); st != OK) return st;
  memcpy(base, static_cast<const void *>(&s), sizeof s);
  *out = static_cast<Handle *>(base);
  return OK;
}

template <class T>
bool read_factors(const Nmf<T> *s, const typename Public<T>::matrix *data, Mat<const T> *V, const T *W, int32_t ldw,
                  const T *H, int32_t ldh) {
  return s && read_matrix(data, V) && V->rows == s->c.rows && V->cols == s->c.cols &&
         good_array(W, s->c.rows, s->c.rank, ldw) && good_array(H, s->c.rank, s->c.cols, ldh);
}

template <class T, class Handle>
Status start(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh) {
  Nmf<T> *s = reinterpret_cast<Nmf<T> *>(handle);
  Mat<const T> V;
  if (!read_factors(s, data, &V, W, ldw, H, ldh)) return E_ARG;
  return s->start(s, Operand<T>(V), {W, s->c.rows, s->c.rank, ldw}, {H, s->c.rank, s->c.cols, ldh});
}

struct Caller {
  orthant_progress_fn progress;
  void *user;
};

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
           orthant_report *r) {
  Nmf<T> *s = reinterpret_cast<Nmf<T> *>(handle);
  Mat<const T> V;
  if (!read_factors(s, data, &V, W, ldw, H, ldh) || !good_report(r)) return E_ARG;
  Caller caller{reinterpret_cast<orthant_progress_fn>(s->caller.progress), s->caller.user};
  if (caller.progress) {
    s->c.outer.user = &caller;
    s->c.outer.progress = [](void *user, const Report *so_far) {
      const orthant_report full = to_public(*so_far);
      const Caller *to = static_cast<const Caller *>(user);
      return to->progress(to->user, &full);
    };
  }
  Report report;
  const Status st = s->run(s, Operand<T>(V), {W, s->c.rows, s->c.rank, ldw}, {H, s->c.rank, s->c.cols, ldh}, &report);
  s->c.outer.user = nullptr;
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define NMF(T, S)                                                                                                   \
  orthant_status orthant_nmf_size_##S(const orthant_nmf_config *c, size_t *bytes) {                                 \
    return orthant::size<T>(c, bytes);                                                                              \
  }                                                                                                                 \
  orthant_status orthant_nmf_init_##S(const orthant_nmf_config *c, void *mem, size_t bytes, orthant_nmf_##S **out) { \
    return orthant::init<T>(c, mem, bytes, out);                                                                    \
  }                                                                                                                 \
  orthant_status orthant_nmf_start_##S(orthant_nmf_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw, T *H,    \
                                       int32_t ldh) {                                                               \
    return orthant::start<T>(s, V, W, ldw, H, ldh);                                                                 \
  }                                                                                                                 \
  orthant_status orthant_nmf_run_##S(orthant_nmf_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw, T *H,      \
                                     int32_t ldh, orthant_report *r) {                                              \
    return orthant::run<T>(s, V, W, ldw, H, ldh, r);                                                                \
  }

extern "C" {
NMF(float, f32)
#ifdef ORTHANT_F64
NMF(double, f64)
#endif
}
