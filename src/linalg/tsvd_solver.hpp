// A truncated SVD as the caller asks for it: a workspace of its own, the triplets, and a report.
#pragma once
#include "status.hpp"
#include "tsvd.hpp"

namespace orthant {

struct TsvdConfig {
  int32_t rows = 0, cols = 0, rank = 0;
  int32_t max_iter = 0;  // steps; 0: the default
  bool warm = false;     // every run starts from the V that it is given
  double tol = 0;        // 0: the default; below zero: none
  uint64_t seed = 0;
  Parallel par;
};

template <class T>
struct TsvdSolver {
  TsvdConfig c;

  struct Blocks {
    Tsvd<T> svd;
  };
  void layout(Carver &carve, Blocks &b) const;
  // U (rows x rank), V (cols x rank).  OK | E_DATA, which leaves U, values and V as they are.
  Status run(const Operand<T> &X, Mat<T> U, T *values, Mat<T> V, Report *report);

 private:
  int32_t steps() const { return c.max_iter > 0 ? c.max_iter : 100; }
  T tolerance() const;
  bool start_warm(const Ops<T> &ops, View<T> V, Tsvd<T> *svd) const;
};

}  // namespace orthant
