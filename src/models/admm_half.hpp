// The half step of AO-ADMM that training goes through (algorithms.md, "Factormer: training"), and its way back.  For X
// (rank x items), five inner steps from U = 0:
//   K = G + rho I, G = other other';  Z = K^-1 (F + rho (X + U)),  D = Z - U,  X = max(D, 0),  U = max(-D, 0)
// F = other V_side.  D of each inner step is all that the way back needs.
#pragma once
#include "carver.hpp"
#include "ops.hpp"

namespace orthant {

template <class T>
struct AdmmScratch {
  T *F, *B, *U, *dD, *Z, *flat;  // rank x items of the longer side
  T *G, *L, *dG;                 // rank x rank
  void layout(Carver &carve, int32_t rank, int32_t longest);
};

// V_side for X = H is V, for W V': items of the other side x items.
template <class T>
struct AdmmSide {
  Mat<const T> V, transposed;
};

template <class T>
struct AdmmHalf {
  static constexpr int32_t inner = 5;
  T *D = nullptr, *inverse = nullptr;  // inner times rank x items; K^-1: kept for the way back

  void layout(Carver &carve, int32_t rank, int32_t items);
  void forward(const Ops<T> &ops, T rho, const AdmmSide<T> &side, Mat<const T> other, Mat<const T> in, Mat<T> out,
               const AdmmScratch<T> &w) const;
  // Adds to d_other and d_in; d_out is destroyed.
  void backward(const Ops<T> &ops, T rho, const AdmmSide<T> &side, Mat<const T> other, Mat<T> d_out, Mat<T> d_other,
                Mat<T> d_in, const AdmmScratch<T> &w) const;
};

}  // namespace orthant
