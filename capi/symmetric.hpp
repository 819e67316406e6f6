// What the shims of symmetric NMF and of SymNMF-Net share: the same verbs, over the config.
#pragma once
#include "fields.hpp"
#include "symnmf.hpp"

namespace orthant {

#define ORTHANT_SYM_START(name, public_name, number) ORTHANT_SAME(SymStart::name, SYMNMF_START_##public_name);
#include "symnmf/methods.def"

template <class Config, class Inner>
void pass_on(const Config &c, Inner *s) {
  s->n = c.n;
  s->rank = c.rank;
  s->start = SymStart(c.start);
  s->bound = c.bound == 1;
  s->lambda = c.lambda;
  s->seed = c.seed;
  s->outer.max_iter = c.max_iter;
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
}

template <class T, class Job>
Status read_data(const Job *s, const typename Public<T>::matrix *data, SymmetricOperand<T> *X) {
  Operand<T> x;
  if (!s || !read_operand(data, &x) || x.rows() != s->c.n || x.cols() != s->c.n) return E_ARG;
  if (!x.whole()) return E_UNSUPPORTED;
  // The rows of a symmetric matrix are its columns.
  X->X = x.kind() == Kind::csr ? Operand<T>(Kind::csc, s->c.n, s->c.n, data->values, data->starts, data->indices) : x;
  return OK;
}

template <class T, class Job>
Status start(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu)) return E_ARG;
  return s->start(s, X, {U, s->c.n, s->c.rank, ldu});
}

template <class T, class Job>
Status run(Job *s, const typename Public<T>::matrix *data, T *U, int32_t ldu, orthant_report *r) {
  SymmetricOperand<T> X;
  if (const Status st = read_data<T>(s, data, &X); st != OK) return st;
  if (!good_array(U, s->c.n, s->c.rank, ldu) || !good_report(r)) return E_ARG;
  listen(&s->c);
  Report report;
  const Status st = s->run(s, X, {U, s->c.n, s->c.rank, ldu}, &report);
  stop_listening(&s->c);
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace orthant
