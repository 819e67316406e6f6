// The data matrix V as solvers see it: products with column panels, columns, sums.  Sparse, masked and streamed data
// will be further kinds of this class; no solver reads V in another way.
#pragma once
#include "ops.hpp"

namespace orthant {

template <class T>
class Operand {
 public:
  Operand() = default;
  explicit Operand(Mat<const T> V) : V_(V) {}

  int32_t rows() const { return V_.rows; }
  int32_t cols() const { return V_.cols; }

  // The columns j .. j + count as data of their own.
  Operand columns(int32_t j, int32_t count) const { return Operand(V_.columns(j, count)); }

  // C (count x N) = V(:, j .. j+count)' B
  void panel_tn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C) const {
    ops.tn(V_.columns(j, count), B, C);
  }
  // C (rows x N) += V(:, j .. j+count) B, or = if not add
  void panel_nn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C, bool add) const {
    // The panel after this one is read next: fetch it while this one is computed with.
    ops.nn(V_.columns(j, count), B, C, add, j + 2 * count <= V_.cols ? V_.col(j + count) : nullptr);
  }
  // Adds |V_J|^2; false where an entry is not finite, or is negative and must not be.
  bool scan(const Ops<T> &ops, int32_t j, int32_t count, bool nonnegative, double *squares) const {
    bool good = true;
    for (int32_t c = 0; c < count; ++c) {
      T s, low;
      ops.kernel().scan(V_.rows, V_.col(j + c), &s, &low);
      good = good && is_finite(s) && !(nonnegative && low < T(0));
      *squares += double(s);
    }
    return good;
  }
  // |V_J - W H_J|^2, with a tile of tile_elements to work in.
  static constexpr int32_t tile_rows = small_target ? 32 : 128, tile_cols = 8, tile_elements = tile_rows * tile_cols;
  double residual(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> W, Mat<const T> H, T *tile) const {
    double sum = 0;
    for (int32_t c = 0; c < count; c += tile_cols)
      for (int32_t i = 0; i < V_.rows; i += tile_rows) {
        const int32_t nc = min_of(tile_cols, count - c), ni = min_of(tile_rows, V_.rows - i);
        const Mat<T> P{tile, ni, nc, tile_rows};
        ops.nn(W.block(i, 0, ni, W.cols), H.columns(j + c, nc), P);
        for (int32_t q = 0; q < nc; ++q) {
          const T *v = V_.col(j + c + q) + i, *p = P.col(q);
          double s = 0;
          for (int32_t t = 0; t < ni; ++t) {
            const double e = double(v[t] - p[t]);
            s += e * e;
          }
          sum += s;
        }
      }
    return sum;
  }
  void column(int32_t j, T *out) const {
    for (int32_t i = 0; i < V_.rows; ++i) out[i] = V_(i, j);
  }
  T at(int32_t i, int32_t j) const { return V_(i, j); }

  // C (rows x N) = V B and C (cols x N) = V' B as whole products, cut by rows and by columns.
  void times(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    constexpr int32_t piece = 256;
    parallel_for(par, ceil_div(V_.rows, piece), [&](int32_t t, int32_t) {
      const int32_t i = t * piece, n = min_of(piece, V_.rows - i);
      ops.nn(V_.block(i, 0, n, V_.cols), B, C.block(i, 0, n, C.cols));
    });
  }
  void transposed_times(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    constexpr int32_t piece = 128;
    parallel_for(par, ceil_div(V_.cols, piece), [&](int32_t t, int32_t) {
      const int32_t j = t * piece, n = min_of(piece, V_.cols - j);
      ops.tn(V_.columns(j, n), B, C.block(j, 0, n, C.cols));
    });
  }

 private:
  Mat<const T> V_;
};

}  // namespace orthant
