// What the shims of symmetric NMF and of SymNMF-Net share: the same verbs, over the config.
#pragma once
#include "shim.hpp"
#include "symnmf.hpp"

namespace orthant {

ORTHANT_SAME(SymStart::scaled, SYMNMF_START_SCALED);
ORTHANT_SAME(SymStart::plain, SYMNMF_START_PLAIN);
ORTHANT_SAME(SymStart::given, SYMNMF_START_GIVEN);
ORTHANT_SAME(SymStart::spectral, SYMNMF_START_SPECTRAL);

template <class Config>
bool read_common(const Config &c) {
  return c.n >= 1 && c.rank >= 1 && c.rank <= c.n && c.rank <= max_rank && c.start >= 0 &&
         c.start <= ORTHANT_SYMNMF_START_SPECTRAL && (c.bound == 0 || c.bound == 1) && is_finite(c.lambda) &&
         c.lambda >= 0;
}
template <class Config, class Inner>
void pass_on(const Config &c, int32_t start, Inner *s) {
  s->n = c.n;
  s->rank = c.rank;
  s->start = SymStart(c.start > 0 ? c.start : start);
  s->bound = c.bound == 1;
  s->seed = c.seed;
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
}

template <class T, class Job>
Status read_data(const Job *s, const typename Public<T>::matrix *data, Symmetric<T> *X) {
  Operand<T> x;
  if (!s || !read_operand(data, &x) || x.rows() != s->c.n || x.cols() != s->c.n) return E_ARG;
  if (x.kind() == Kind::masked) return E_UNSUPPORTED;
  // The rows of a symmetric matrix are its columns.
  X->X = x.kind() == Kind::csr ? Operand<T>(Kind::csc, s->c.n, s->c.n, data->values, data->starts, data->indices) : x;
  return OK;
}

template <class T, class Job>
Status start(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu) {
  Symmetric<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->start(s, X, {U, s->c.n, s->c.rank, ldu});
}

template <class T, class Job>
Status run(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu, orthant_report *r) {
  Symmetric<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu) || !good_report(r)) return E_ARG;
  listen(&s->c);
  Report report;
  const Status st = s->run(s, X, {U, s->c.n, s->c.rank, ldu}, &report);
  s->c.outer.user = nullptr;
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace orthant
