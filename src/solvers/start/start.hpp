// Starting points of a factorization.
#pragma once
#include "operand.hpp"
#include "reduce.hpp"
#include "rng.hpp"
#include "tsvd.hpp"

namespace orthant {

// How processes that have a share of the columns each agree on one; null: there is one process.
template <class T>
struct SpaShares {
  Reduce *reduce = nullptr;
  double *of_all = nullptr;  // room for two numbers of each

  bool spread() const { return reduce && reduce->active(); }
  T largest(T own) const {
    if (!spread()) return own;
    const double mine[] = {double(own)};
    reduce->gather(mine, 1, of_all);
    double top = of_all[0];
    for (int32_t p = 1; p < reduce->processes; ++p) top = of_all[p] <= top ? top : of_all[p];
    return T(top);
  }
  // The column of the whole V that has the largest number, the first of equals; whether it is this process's, which
  // offers its column `own` (-1: none).
  bool choose(T number, int32_t own, int32_t *column) const {
    *column = own;
    if (!spread()) return true;
    const double mine[2] = {own < 0 ? -1 : double(number), double(reduce->first_column) + own};
    reduce->gather(mine, 2, of_all);
    int32_t whose = 0;
    for (int32_t p = 1; p < reduce->processes; ++p)
      if (of_all[2 * p] > of_all[2 * whose]) whose = p;
    *column = int32_t(of_all[2 * whose + 1]);
    return whose == reduce->process;
  }
  void add(Mat<T> column) const {
    if (spread()) reduce->add(column.data, size_t(column.rows));
  }
};

// Successive projections [Araujo 2001] (algorithms.md, "Unmixing"): `rank` columns of V, each the one farthest from the
// span of those before.  candidates: the `count` columns to choose from, or null for all.  basis: rows x rank, the
// orthonormal directions; norms, first: count elements each.  Returns how many were found before the rest was rounding.
template <class T>
int32_t spa(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, const int32_t *candidates, int32_t count,
            int32_t rank, Mat<T> basis, T *norms, T *first, int32_t *chosen, const SpaShares<T> &shares = {});

// `count` different columns at random, in draw order; count <= V.cols().
void sample_columns(const Rng &rng, int32_t cols, int32_t count, int32_t *chosen);

// What stands where NNDSVD leaves a zero: nothing, the mean of V, or a random number in [0, mean / 100).
enum class Filling : int32_t { zeros, mean, random };

// [Boutsidis, Gallopoulos 2008] from a truncated SVD (algorithms.md, "Starts of NMF"), whose right vectors are lost.
template <class T>
void nndsvd(const Parallel &par, const Tsvd<T> &svd, Filling filling, T mean, const Rng &rng, Mat<T> W, Mat<T> H);

}  // namespace orthant
