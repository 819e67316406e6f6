// orthant_relu_nmd_* and orthant_tsvd_*: check, then call.
#include <initializer_list>

#include "relu_nmd.hpp"
#include "rng.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(ReluMethod::quasi_newton, RELU_NMD_QN);
ORTHANT_SAME(ReluMethod::tm, RELU_NMD_TM);
ORTHANT_SAME(ReluMethod::three_block, RELU_NMD_3B);
ORTHANT_SAME(ReluMethod::a_nmd, RELU_NMD_ANMD);
ORTHANT_SAME(ReluMethod::naive, RELU_NMD_NAIVE);
ORTHANT_SAME(ReluMethod::a_naive, RELU_NMD_ANAIVE);
ORTHANT_SAME(ReluMethod::em, RELU_NMD_EM);
ORTHANT_SAME(ReluMethod::a_em, RELU_NMD_AEM);
ORTHANT_SAME(ReluStart::tsvd, RELU_START_TSVD);
ORTHANT_SAME(ReluStart::nuclear, RELU_START_NUCLEAR);
ORTHANT_SAME(ReluStart::random, RELU_START_RANDOM);
ORTHANT_SAME(ReluStart::given, RELU_START_GIVEN);
ORTHANT_SAME(ReluZ::data, RELU_Z_DATA);
ORTHANT_SAME(ReluZ::feasible, RELU_Z_FEASIBLE);

constexpr double opening_momentum = 0.9;
constexpr int32_t opening_steps = 20;

// ---- orthant_relu_nmd

Status read(const orthant_relu_nmd_config *given, ReluConfig *s) {
  orthant_relu_nmd_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_relu_nmd_config, rank), &c)) return E_ARG;
  if (c.rows < 1 || c.cols < 1 || c.rank < 1 || c.rank > max_rank || c.method < 0 || c.method > ORTHANT_RELU_NMD_AEM ||
      c.start < 0 || c.start > ORTHANT_RELU_START_GIVEN || c.z_start < 0 || c.z_start > ORTHANT_RELU_Z_FEASIBLE ||
      c.history < 0 || c.history > 64 || c.svd_steps < 0 || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  for (const double x : {c.tol, c.tol_obj, c.alpha, c.beta, c.lambda, c.svd_tol})
    if (!is_finite(x)) return E_ARG;
  if (c.alpha > 1 || c.beta < 0 || c.beta > 1) return E_ARG;
  const auto or_default = [](double x, double by_default) { return x == 0 ? by_default : max_of(x, 0.0); };
  static constexpr double momentum[] = {0, 0, 0.95, 0.7, 0.9, 0, 0.7, 0, 0.6};
  // The default is quasi-Newton after an opening by 3B-NMD, whose momentum gains most at first.
  const int32_t method = c.method > 0 ? c.method : ORTHANT_RELU_NMD_3B;
  if (c.method == 0) c.alpha = opening_momentum, s->opening = opening_steps;
  const bool tm = method == ORTHANT_RELU_NMD_TM;
  s->rows = c.rows, s->cols = c.cols, s->rank = c.rank;
  s->method = ReluMethod(method);
  s->start = ReluStart(c.start > 0 ? c.start : ORTHANT_RELU_START_TSVD);
  s->z_start = ReluZ(c.z_start > 0 ? c.z_start : ORTHANT_RELU_Z_DATA);
  s->history = c.history > 0 ? c.history : 5;
  s->svd_steps = c.svd_steps > 0 ? c.svd_steps : 10;
  s->alpha = method == ORTHANT_RELU_NMD_NAIVE || method == ORTHANT_RELU_NMD_EM
      ? 0 : or_default(c.alpha, momentum[method]);
  s->beta = tm ? or_default(c.beta, 0.95) : 1;
  s->lambda = tm ? or_default(c.lambda, 1e-4) : 0;
  s->svd_tol = or_default(c.svd_tol, 1e-4);
  s->seed = c.seed;
  s->outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : 1000;
  s->outer.tol_error = or_default(c.tol, 1e-4);
  s->outer.stall = or_default(c.tol_obj, 1e-5);
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
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
  if (f->M.kind() == Kind::masked) return E_UNSUPPORTED;
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
  s->c.outer.user = nullptr;
  if (st == OK) write_report(report, r);
  return st;
}

// ---- orthant_tsvd

struct TsvdJobConfig {
  int32_t rows = 0, cols = 0, rank = 0, max_iter = 0;
  bool warm = false;
  double tol = 0;
  uint64_t seed = 0;
  Parallel par;
};

template <class T>
struct TsvdJob {
  TsvdJobConfig c;
  struct Blocks {
    Tsvd<T> svd;
  };
  void layout(Carver &carve, Blocks &b) const {
    carve.take<TsvdJob<T>>(1);
    b.svd.layout(carve, c.rows, c.cols, c.rank, c.par.workers);
  }
};

Status read(const orthant_tsvd_config *given, TsvdJobConfig *s) {
  orthant_tsvd_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_tsvd_config, rank), &c)) return E_ARG;
  if (c.rows < 1 || c.cols < 1 || c.rank < 1 || c.rank > min_of(c.rows, c.cols) || c.rank > max_rank ||
      c.max_iter < 0 || c.warm < 0 || c.warm > 1 || !is_finite(c.tol) || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  s->rows = c.rows, s->cols = c.cols, s->rank = c.rank;
  s->max_iter = c.max_iter > 0 ? c.max_iter : 100;
  s->warm = c.warm;
  s->tol = c.tol;
  s->seed = c.seed;
  return OK;
}

template <class T>
Status read(const orthant_tsvd_config *given, TsvdJob<T> *job) { return read(given, &job->c); }

template <class T, class Handle>
Status decompose(Handle *handle, const typename Public<T>::matrix *data, T *U, int32_t ldu, T *values, T *V,
                 int32_t ldv, orthant_report *r) {
  TsvdJob<T> *job = reinterpret_cast<TsvdJob<T> *>(handle);
  Operand<T> X;
  if (!job || !read_operand(data, &X) || X.rows() != job->c.rows || X.cols() != job->c.cols || !values ||
      !good_array(U, job->c.rows, job->c.rank, ldu) || !good_array(V, job->c.cols, job->c.rank, ldv) || !good_report(r))
    return E_ARG;
  if (X.kind() == Kind::masked) return E_UNSUPPORTED;
  const TsvdJobConfig &c = job->c;
  const Ops<T> ops;
  double squares = 0;
  if (!X.scan(ops, 0, c.cols, false, &squares) || !is_finite(T(squares * 0x1p20))) return E_DATA;
  Carver carve(job);
  typename TsvdJob<T>::Blocks b;
  job->layout(carve, b);
  Tsvd<T> &svd = b.svd;
  if (c.warm) {
    const Rng rng(c.seed, 0x5741524D);
    for (int32_t k = 0; k < svd.block; ++k) {
      bool zero = true;
      svd.s[k] = T(0);
      for (int32_t j = 0; j < c.cols && k < c.rank; ++j) {
        const T v = svd.V(j, k) = V[j + ptrdiff_t(ldv) * k];
        if (!is_finite(v)) return E_DATA;
        zero = zero && v == T(0);
      }
      for (int32_t j = 0; j < c.cols && zero; ++j)
        svd.V(j, k) = T(rng.uniform(uint64_t(k) * uint64_t(c.cols) + uint64_t(j)) - 0.5) / sqrt_of(T(c.cols));
    }
  }
  const T tol = c.tol == 0 ? T(sizeof(T) == 4 ? 1e-6 : 1e-12) : T(max_of(c.tol, 0.0));
  T change = 0;
  Report report;
  report.iters = svd.run(ops, c.par, X, nullptr, c.rank, c.seed, tol, c.max_iter, c.warm, &change);
  double kept = 0;
  for (int32_t k = 0; k < c.rank; ++k) {
    values[k] = no_denormal(svd.s[k]);
    kept += double(svd.s[k]) * double(svd.s[k]);
    for (int32_t i = 0; i < c.rows; ++i) U[i + ptrdiff_t(ldu) * k] = no_denormal(svd.U(i, k));
    for (int32_t j = 0; j < c.cols; ++j) V[j + ptrdiff_t(ldv) * k] = no_denormal(svd.V(j, k));
  }
  report.kkt = double(change);
  report.objective = 0.5 * max_of(squares - kept, 0.0);
  report.rel_error = squares > 0 ? sqrt_of(2 * report.objective) / sqrt_of(squares) : 0;
  report.stop = !(change > tol) || svd.block == min_of(c.rows, c.cols) ? by_kkt : by_iterations;
  write_report(report, r);
  return OK;
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
    return orthant::job_size<orthant::TsvdJob<T>>(orthant::read<T>, c, bytes);                                       \
  }                                                                                                                  \
  orthant_status orthant_tsvd_init_##S(const orthant_tsvd_config *c, void *mem, size_t bytes,                        \
                                       orthant_tsvd_##S **out) {                                                     \
    return orthant::job_init<orthant::TsvdJob<T>>(orthant::read<T>, c, mem, bytes, out);                             \
  }                                                                                                                  \
  orthant_status orthant_tsvd_run_##S(orthant_tsvd_##S *t, const orthant_matrix_##S *X, T *U, int32_t ldu, T *s,     \
                                      T *V, int32_t ldv, orthant_report *r) {                                        \
    return orthant::decompose<T>(t, X, U, ldu, s, V, ldv, r);                                                        \
  }

extern "C" {
DECOMPOSITION(float, f32)
#ifdef ORTHANT_F64
DECOMPOSITION(double, f64)
#endif
}
