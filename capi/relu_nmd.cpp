// orthant_relu_nmd_* and orthant_tsvd_*: check, then call.
#include "fields.hpp"
#include "relu_nmd.hpp"
#include "tsvd_solver.hpp"

namespace orthant {

ORTHANT_FIELDS(relu_nmd, rank,
               ORTHANT_IS(rows, at_least(1)) && ORTHANT_IS(cols, at_least(1)) && ORTHANT_IS(rank, from(1, max_rank)) &&
               ORTHANT_IS(method, up_to(relu_method_count)) && ORTHANT_IS(start, up_to(relu_start_count)) &&
               ORTHANT_IS(z_start, up_to(ORTHANT_RELU_Z_FEASIBLE)) && ORTHANT_IS(history, up_to(64)) &&
               ORTHANT_IS(svd_steps, up_to(INT32_MAX)) && ORTHANT_IS(tol, finite) && ORTHANT_IS(tol_obj, finite) &&
               ORTHANT_IS(alpha, finite_up_to(1)) && ORTHANT_IS(beta, zero_to(1)) && ORTHANT_IS(lambda, finite) &&
               ORTHANT_IS(svd_tol, finite))
ORTHANT_FIELDS(tsvd, rank,
               ORTHANT_IS(rows, at_least(1)) && ORTHANT_IS(cols, at_least(1)) &&
               ORTHANT_IS(rank, from(1, min_of(min_of(c.rows, c.cols), max_rank))) &&
               ORTHANT_IS(max_iter, up_to(INT32_MAX)) && ORTHANT_IS(warm, a_switch) && ORTHANT_IS(tol, finite))

namespace {

#define ORTHANT_RELU_METHOD(name, PUBLIC, ...) ORTHANT_SAME(ReluMethod::name, RELU_NMD_##PUBLIC);
#include "relunmd/methods.def"
#undef ORTHANT_RELU_METHOD
#define ORTHANT_RELU_START(name, PUBLIC, ...) ORTHANT_SAME(ReluStart::name, RELU_START_##PUBLIC);
#include "relunmd/starts.def"
#undef ORTHANT_RELU_START
ORTHANT_SAME(ReluZ::data, RELU_Z_DATA);
ORTHANT_SAME(ReluZ::feasible, RELU_Z_FEASIBLE);

// ---- orthant_relu_nmd

Status read(const orthant_relu_nmd_config *given, ReluConfig *s) {
  orthant_relu_nmd_config c;
  if (!read_fields<relu_nmd_fields>(given, &c, &s->par)) return E_ARG;
  s->rows = c.rows;
  s->cols = c.cols;
  s->rank = c.rank;
  s->seed = c.seed;
  s->caller = {reinterpret_cast<void (*)()>(c.progress), c.user};
  resolve(s, {c.method, c.start, c.z_start, c.max_iter, c.history, c.svd_steps, c.alpha, c.beta, c.lambda, c.svd_tol,
              c.tol, c.tol_obj});
  return OK;
}

template <class T>
Status read(const orthant_relu_nmd_config *given, ReluNmd<T> *s) { return read(given, &s->c); }

// The data and the factors of a call.
template <class T>
struct Factors {
  Operand<T> M;
  Mat<T> U, V;
};

template <class T>
Status read_factors(const ReluNmd<T> *s, const typename Public<T>::matrix *data, T *U, int32_t ldu, T *V, int32_t ldv,
                    Factors<T> *f) {
  if (!s || !read_operand(data, &f->M) || f->M.rows() != s->c.rows || f->M.cols() != s->c.cols ||
      !good_array(U, s->c.rows, s->c.rank, ldu) || !good_array(V, s->c.rank, s->c.cols, ldv))
    return E_ARG;
  if (!f->M.whole()) return E_UNSUPPORTED;
  f->U = {U, s->c.rows, s->c.rank, ldu};
  f->V = {V, s->c.rank, s->c.cols, ldv};
  return OK;
}

template <class T, class Handle>
Status start(Handle *handle, const typename Public<T>::matrix *data, T *U, int32_t ldu, T *V, int32_t ldv) {
  ReluNmd<T> *s = reinterpret_cast<ReluNmd<T> *>(handle);
  Factors<T> f;
  if (const Status st = read_factors(s, data, U, ldu, V, ldv, &f); st != OK) return st;
  return s->start(s, f.M, f.U, f.V);
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *U, int32_t ldu, T *V, int32_t ldv,
           orthant_report *r) {
  ReluNmd<T> *s = reinterpret_cast<ReluNmd<T> *>(handle);
  Factors<T> f;
  if (const Status st = read_factors(s, data, U, ldu, V, ldv, &f); st != OK) return st;
  if (!good_report(r)) return E_ARG;
  listen(&s->c);
  Report report;
  const Status st = s->run(s, f.M, f.U, f.V, &report);
  stop_listening(&s->c);
  if (st == OK) write_report(report, r);
  return st;
}

// ---- orthant_tsvd

template <class T>
Status read(const orthant_tsvd_config *given, TsvdSolver<T> *s) {
  orthant_tsvd_config c;
  if (!read_fields<tsvd_fields>(given, &c, &s->c.par)) return E_ARG;
  s->c.rows = c.rows;
  s->c.cols = c.cols;
  s->c.rank = c.rank;
  s->c.max_iter = c.max_iter;
  s->c.warm = c.warm;
  s->c.tol = c.tol;
  s->c.seed = c.seed;
  return OK;
}

template <class T, class Handle>
Status decompose(Handle *handle, const typename Public<T>::matrix *data, T *U, int32_t ldu, T *values, T *V,
                 int32_t ldv, orthant_report *r) {
  TsvdSolver<T> *s = reinterpret_cast<TsvdSolver<T> *>(handle);
  Operand<T> X;
  if (!s || !read_operand(data, &X) || X.rows() != s->c.rows || X.cols() != s->c.cols || !values) return E_ARG;
  const int32_t rank = s->c.rank;
  if (!good_array(U, X.rows(), rank, ldu) || !good_array(V, X.cols(), rank, ldv) || !good_report(r)) return E_ARG;
  if (!X.whole()) return E_UNSUPPORTED;
  Report report;
  const Status st = s->run(X, {U, X.rows(), rank, ldu}, values, {V, X.cols(), rank, ldv}, &report);
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define DECOMPOSITION(T, S)                                                                                          \
  orthant_status orthant_relu_nmd_size_##S(const orthant_relu_nmd_config *c, size_t *bytes) {                        \
    return orthant::job_size<orthant::ReluNmd<T>>(orthant::read<T>, c, bytes);                                       \
  }                                                                                                                  \
  orthant_status orthant_relu_nmd_init_##S(const orthant_relu_nmd_config *c, void *mem, size_t bytes,                \
                                           orthant_relu_nmd_##S **out) {                                             \
    return orthant::job_init<orthant::ReluNmd<T>>(orthant::read<T>, c, mem, bytes, out);                             \
  }                                                                                                                  \
  orthant_status orthant_relu_nmd_start_##S(orthant_relu_nmd_##S *s, const orthant_matrix_##S *M, T *U, int32_t ldu, \
                                            T *V, int32_t ldv) {                                                     \
    return orthant::start<T>(s, M, U, ldu, V, ldv);                                                                  \
  }                                                                                                                  \
  orthant_status orthant_relu_nmd_run_##S(orthant_relu_nmd_##S *s, const orthant_matrix_##S *M, T *U, int32_t ldu,   \
                                          T *V, int32_t ldv, orthant_report *r) {                                    \
    return orthant::run<T>(s, M, U, ldu, V, ldv, r);                                                                 \
  }                                                                                                                  \
  orthant_status orthant_tsvd_size_##S(const orthant_tsvd_config *c, size_t *bytes) {                                \
    return orthant::job_size<orthant::TsvdSolver<T>>(orthant::read<T>, c, bytes);                                    \
  }                                                                                                                  \
  orthant_status orthant_tsvd_init_##S(const orthant_tsvd_config *c, void *mem, size_t bytes,                        \
                                       orthant_tsvd_##S **out) {                                                     \
    return orthant::job_init<orthant::TsvdSolver<T>>(orthant::read<T>, c, mem, bytes, out);                          \
  }                                                                                                                  \
  orthant_status orthant_tsvd_run_##S(orthant_tsvd_##S *t, const orthant_matrix_##S *X, T *U, int32_t ldu, T *s,     \
                                      T *V, int32_t ldv, orthant_report *r) {                                        \
    return orthant::decompose<T>(t, X, U, ldu, s, V, ldv, r);                                                        \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(relu_nmd, orthant::relu_nmd_fields, orthant_relu_nmd_size_f32)
ORTHANT_CONFIG_PROBLEM(tsvd, orthant::tsvd_fields, orthant_tsvd_size_f32)
DECOMPOSITION(float, f32)
#ifdef ORTHANT_F64
DECOMPOSITION(double, f64)
#endif
}
