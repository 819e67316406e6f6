// orthant_unmix_*: check, then call.
#include "nalmu.hpp"
#include "shim.hpp"
#include "unmix.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(Half::bpp, UNMIX_BPP);
ORTHANT_SAME(Half::active_set, UNMIX_ACTIVE_SET);
ORTHANT_SAME(Half::hals, UNMIX_HALS);
ORTHANT_SAME(Half::admm, UNMIX_ADMM);
ORTHANT_SAME(Half::fast_pg, UNMIX_FAST_PG);
ORTHANT_SAME(Half::mu, UNMIX_MU);
ORTHANT_SAME(Half::unconstrained, UNMIX_UNCONSTRAINED);
ORTHANT_SAME(Half::clip, UNMIX_CLIP);

template <class T>
Status read(const orthant_unmix_config *given, Unmix<T> *u) {
  orthant_unmix_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_unmix_config, endmembers), &c)) return E_ARG;
  if (c.bands < 1 || c.endmembers < 1 || c.endmembers > max_rank || c.method < 0 || c.method > ORTHANT_UNMIX_CLIP ||
      c.sum_to_one < 0 || c.sum_to_one > 1 || (c.data != ORTHANT_DENSE && c.data != ORTHANT_MASKED) ||
      c.reserved != 0 || !is_finite(c.tol) || !read_parallel(c.parallel, &u->par))
    return E_ARG;
  // Walking on from the last pixel's support beats grouping (`orthant-bench unmix`).
  const int32_t method = c.method > 0 ? c.method : ORTHANT_UNMIX_ACTIVE_SET;
  if (c.sum_to_one && method != ORTHANT_UNMIX_ACTIVE_SET && method < ORTHANT_UNMIX_UNCONSTRAINED) return E_UNSUPPORTED;
  u->bands = c.bands;
  u->rank = c.endmembers;
  u->sum_to_one = c.sum_to_one;
  u->data = Kind(c.data);
  u->method = Half(method);
  const bool exact = method <= ORTHANT_UNMIX_ACTIVE_SET;
  u->max_iter = c.max_iter > 0 ? c.max_iter : exact ? 30 * c.endmembers : 1000;
  if (c.model && small_target) return E_UNSUPPORTED;  // two kilobytes of flash that every firmware would carry
  if (!small_target && c.model) {
    if (method != ORTHANT_UNMIX_ACTIVE_SET) return E_UNSUPPORTED;
    NalmuShape s;
    double start = 0;
    if (nalmu_read(Blob(c.model), &s, &start) != OK || s.both || s.rank != c.endmembers || s.beta != 2 ||
        s.spread[side_h] != Spread::component)
      return E_BLOB;
    u->layers = s.layers;
  }
  u->tol = c.tol == 0 ? T(sizeof(T) == 4 ? 1e-6 : 1e-12) : T(c.tol);
  return OK;
}

// A_H of all layers, rank x layers; a model with tied layers has one column.
template <class T>
void read_multipliers(const orthant_unmix_config *given, int32_t layers, int32_t rank, T *A) {
  orthant_unmix_config c;
  Record r;
  read_config(given, ORTHANT_THROUGH(orthant_unmix_config, endmembers), &c);
  Blob(c.model).find("A_H", &r);
  const size_t n = size_t(rank), sets = r.count / n;
  for (size_t l = 0; l < size_t(layers); ++l) r.read(sets > 1 ? l * n : 0, n, A + l * n);
}

template <class T, class Handle>
Status init(const orthant_unmix_config *given, const T *E, int32_t lde, void *mem, size_t bytes, Handle **out) {
  Unmix<T> u;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &u); st != OK) return st;
  if (!good_array(E, u.bands, u.rank, lde)) return E_ARG;
  if (const Status st = place(u, mem, bytes, &base); st != OK) return st;
  u.E = {E, u.bands, u.rank, lde};
  if (const Status st = u.prepare(base); st != OK) return st;
  if (!small_target && u.layers > 0) {
    Carver carve(base);
    typename Unmix<T>::Blocks b;
    u.layout(carve, b);
    read_multipliers(given, u.layers, u.rank, b.A);
  }
  memcpy(base, static_cast<const void *>(&u), sizeof u);
  *out = static_cast<Handle *>(base);
  return OK;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *A, int32_t lda, orthant_report *r) {
  Unmix<T> *u = reinterpret_cast<Unmix<T> *>(handle);
  Operand<T> Y;
  if (!u || !read_operand(data, &Y) || Y.kind() != u->data || Y.rows() != u->bands ||
      !good_array(A, u->rank, Y.cols(), lda) || !good_report(r))
    return E_ARG;
  Report report;
  const Status st = u->run(u, Y, Mat<T>{A, u->rank, Y.cols(), lda}, r ? &report : nullptr);
  write_report(report, r);
  return st;
}

template <class T, class Handle>
Status check(Handle *handle, const typename Public<T>::matrix *data, const T *A, int32_t lda, T *rms, T *kkt,
             orthant_report *r) {
  Unmix<T> *u = reinterpret_cast<Unmix<T> *>(handle);
  Operand<T> Y;
  if (!u || !read_operand(data, &Y) || Y.kind() != u->data || Y.rows() != u->bands ||
      !good_array(A, u->rank, Y.cols(), lda) || !good_report(r))
    return E_ARG;
  Report report;
  u->check(u, Y, Mat<const T>{A, u->rank, Y.cols(), lda}, rms, kkt, &report);
  write_report(report, r);
  return OK;
}

}  // namespace
}  // namespace orthant

#define UNMIX(T, S)                                                                                                  \
  orthant_status orthant_unmix_size_##S(const orthant_unmix_config *c, size_t *bytes) {                              \
    return orthant::job_size<orthant::Unmix<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                  \
  orthant_status orthant_unmix_init_##S(const orthant_unmix_config *c, const T *E, int32_t lde, void *mem,           \
                                        size_t bytes, orthant_unmix_##S **out) {                                     \
    return orthant::init<T>(c, E, lde, mem, bytes, out);                                                             \
  }                                                                                                                  \
  orthant_status orthant_unmix_run_##S(orthant_unmix_##S *s, const orthant_matrix_##S *Y, T *A, int32_t lda,         \
                                       orthant_report *r) {                                                          \
    return orthant::run<T>(s, Y, A, lda, r);                                                                         \
  }                                                                                                                  \
  orthant_status orthant_unmix_check_##S(orthant_unmix_##S *s, const orthant_matrix_##S *Y, const T *A, int32_t lda, \
                                         T *rms, T *kkt, orthant_report *r) {                                        \
    return orthant::check<T>(s, Y, A, lda, rms, kkt, r);                                                             \
  }

extern "C" {
UNMIX(float, f32)
#ifdef ORTHANT_F64
UNMIX(double, f64)
#endif
}
