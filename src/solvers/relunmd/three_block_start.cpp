// What three blocks make of a starting point: Z and T by panels and tiles, L and R, and the first pass.
#include "relu_nmd_job.hpp"

namespace orthant {

// T and Z of the start, where Z holds the data and P the model.
template <class T>
void ReluJob<T>::make_tile(View<T> P, Mat<T> theta, Mat<T> z) const {
  const bool zero = s.c.z_start == ReluZ::data;
  for (int32_t q = 0; q < P.cols; ++q)
    for (int32_t i = 0; i < P.rows; ++i) {
      const bool positive = z(i, q) > T(0);
      theta(i, q) = positive ? Real<T>::huge : P(i, q);
      if (!positive) z(i, q) = zero ? T(0) : min_of(P(i, q), T(0));
    }
}

// Z = M, or M', by the tiles of the panels.
template <class T>
void ReluJob<T>::fill_z() {
  const PanelCut cut = s.cut();
  // Rows `from` .. `from` + x.cols of column `col` of Z
  const auto put = [&](int32_t col, int32_t from, Mat<const T> x) {
    const int32_t chunk = int32_t((int64_t(col + 1) * cut.chunks - 1) / cut.cols);  // the one that `col` is in
    const Range mine = part_of(cut.cols, chunk, cut.chunks);
    const int32_t first = mine.from + (col - mine.from) / cut.width * cut.width;  // of its panel
    const int32_t cols = min_of(cut.width, mine.to - first);
    for (int32_t k = 0; k < x.cols; ++k) {
      const int32_t i = (from + k) / ReluNmd<T>::tile_rows * ReluNmd<T>::tile_rows;
      tile_of(b.Z.col(first), cols, i)(from + k - i, col - first) = x(0, k);
    }
  };
  if (s.transposed())
    by_columns_of_data([&](int32_t j, Mat<const T> data) {
      for (int32_t i = 0; i < data.rows; ++i) put(i, j, {&data(i, 0), 1, data.cols, data.ld});
    });
  else
    by_columns_of_data([&](int32_t j, Mat<const T> data) {
      for (int32_t q = 0; q < data.cols; ++q) put(j + q, 0, {data.col(q), 1, data.rows, 1});
    });
}

// L = U and R = V, or L = V' and R = U'.
template <class T>
void ReluJob<T>::fill_factors() {
  const bool transposed = s.transposed();
  for (int32_t i = 0; i < s.height(); i += ReluNmd<T>::tile_rows) {
    const Mat<T> l = tile_of(b.left.data, rank(), i);
    if (transposed) transpose<T>(V.columns(i, l.rows), l);
    else copy<T>(U.block(i, 0, l.rows, rank()), l);
  }
  if (transposed) transpose<T>(U, b.right);
}

template <class T>
void ReluJob<T>::begin_three_block() {
  const double lambda = s.c.lambda;
  fill_z();
  fill_factors();
  s.share_of_data = 1;
  square_left();
  invert(b.by_U, lambda, b.by_U);
  const ReluSums sum = three_block_pass(true);
  set_fit(sum, 0.5 * lambda * (inner<T>(U, U) + inner<T>(V, V)));
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
