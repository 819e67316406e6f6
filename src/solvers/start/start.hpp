// Starting points of a factorization.
#pragma once
#include "operand.hpp"
#include "rng.hpp"
#include "tsvd.hpp"

namespace orthant {

// Successive projections [Araujo 2001] (algorithms.md, "Unmixing"): `rank` columns of V, each the one farthest from the
// span of those before.  candidates: the `count` columns to choose from, or null for all.  basis: rows x rank, the
// orthonormal directions; norms, first: count elements each.  Returns how many were found before the rest was rounding.
template <class T>
int32_t spa(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, const int32_t *candidates, int32_t count,
            int32_t rank, Mat<T> basis, T *norms, T *first, int32_t *chosen);

// `count` different columns at random, in draw order; count <= V.cols().
void sample_columns(const Rng &rng, int32_t cols, int32_t count, int32_t *chosen);

// What stands where NNDSVD leaves a zero: nothing, the mean of V, or a random number in [0, mean / 100).
enum class Filling : int32_t { zeros, mean, random };

// [Boutsidis, Gallopoulos 2008] from a truncated SVD (algorithms.md, "Starts of NMF").
template <class T>
void nndsvd(const Tsvd<T> &svd, Filling filling, T mean, const Rng &rng, Mat<T> W, Mat<T> H);

}  // namespace orthant
