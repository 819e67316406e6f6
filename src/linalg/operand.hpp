// The data matrix V as solvers see it: dense, sparse by columns or rows, or dense with missing and weighted entries.  No
// solver reads V in another way.
//
// Sparse products want the small vectors of a nonzero side by side, so tall factors enter them transposed (r x rows,
// r x cols): `left_all`, `right_all`.  Masked data are completed by the model [Dempster, Laird, Rubin 1977]: V + (1 - M) (W H - V)
// takes V's place in a half step, which majorises the weighted objective; see `complete`.
#pragma once
#include "ops.hpp"

namespace orthant {

enum class Kind : int32_t { dense, csc, csr, masked };

template <class T>
class Operand {
 public:
  Operand() = default;
  explicit Operand(Mat<const T> V) : V_(V) {}
  // values, indices: as many as starts[cols] (CSC) or starts[rows] (CSR); any order within a column, none twice.
  Operand(Kind kind, int32_t rows, int32_t cols, const T *values, const int32_t *starts, const int32_t *indices)
      : kind_(kind), V_{values, rows, cols, 0}, starts_(starts), indices_(indices) {}
  // NaN is missing; weights in [0, 1], data null: all one.
  Operand(Mat<const T> V, Mat<const T> weights) : kind_(Kind::masked), V_(V), weights_(weights) {}

  Kind kind() const { return kind_; }
  bool sparse() const { return kind_ == Kind::csc || kind_ == Kind::csr; }
  int32_t rows() const { return V_.rows; }
  int32_t cols() const { return V_.cols; }
  int32_t nonzeros() const { return starts_[majors()]; }

  // The columns j .. j + count as data of their own; of dense data.
  Operand columns(int32_t j, int32_t count) const { return Operand(V_.columns(j, count)); }

  // C (count x N) = V(:, j .. j+count)' B;  a missing entry counts as zero
  void panel_tn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C) const {
    if (kind_ == Kind::dense) return ops.tn(V_.columns(j, count), B, C);
    fill(C, T(0));
    each(j, count, [&](int32_t i, int32_t q, T v) {
      for (int32_t k = 0; k < B.cols; ++k) C(q - j, k) += v * B(i, k);
    });
  }
  // C (rows x N) += V(:, j .. j+count) B, or = if not add
  void panel_nn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C, bool add) const {
    // The panel after this one is read next: fetch it while this one is computed with.
    if (kind_ == Kind::dense)
      return ops.nn(V_.columns(j, count), B, C, add, j + 2 * count <= V_.cols ? V_.col(j + count) : nullptr);
    if (!add) fill(C, T(0));
    each(j, count, [&](int32_t i, int32_t q, T v) {
      for (int32_t k = 0; k < B.cols; ++k) C(i, k) += v * B(q - j, k);
    });
  }

  // Columns j .. j+count as they would stand dense: the data itself, or `room` filled from a sparse matrix.
  Mat<const T> panel(int32_t j, int32_t count, Mat<T> room) const {
    if (!sparse()) return V_.columns(j, count);
    const Mat<T> out{room.data, V_.rows, count, room.ld};
    fill(out, T(0));
    each(j, count, [&](int32_t i, int32_t q, T v) { out(i, q - j) = v; });
    return out;
  }

  // ---- sparse: Ct (N x count) = Bt V_J of a CSC matrix;  Ct (N x cols) = Bt V  and  Ct (N x rows) = Xt V'

  void left(const Ops<T> &, int32_t j, int32_t count, Mat<const T> Bt, Mat<T> Ct) const {
    const auto gather = fastest<SparseKernels<T>>().gather;
    for (int32_t q = 0; q < count; ++q) {
      const int32_t at = starts_[j + q];
      gather(Bt.rows, starts_[j + q + 1] - at, indices_ + at, V_.data + at, Bt.data, Bt.ld, Ct.col(q));
    }
  }

  void left_all(const Ops<T> &ops, const Parallel &par, Mat<const T> Bt, Mat<T> Ct) const {
    kind_ == Kind::csc ? by_gather(ops, par, Bt, Ct) : by_scatter(ops, par, Bt, Ct);
  }
  void right_all(const Ops<T> &ops, const Parallel &par, Mat<const T> Xt, Mat<T> Ct) const {
    kind_ == Kind::csr ? by_gather(ops, par, Xt, Ct) : by_scatter(ops, par, Xt, Ct);
  }

  // ---- masked: P (rows x count) = M V + (1 - M) W Ht, panel J.  Adds |sqrt(M) (V - W Ht)|^2 and |P|^2.

  void complete(const Ops<T> &ops, int32_t j, Mat<const T> W, Mat<const T> Ht, Mat<T> P, double *residual,
                double *squares) const {
    ops.nn(W, Ht, P);
    for (int32_t q = 0; q < P.cols; ++q) {
      const T *v = V_.col(j + q), *m = weights_.data ? weights_.col(j + q) : nullptr;
      T *p = P.col(q);
      double sum = 0;
      for (int32_t i = 0; i < P.rows; ++i) {
        const T weight = v[i] != v[i] ? T(0) : m ? m[i] : T(1);
        if (weight == T(0)) continue;
        const T e = v[i] - p[i];
        sum += double(weight) * double(e) * double(e);
        p[i] = weight == T(1) ? v[i] : p[i] + weight * e;
      }
      T s, low;
      ops.kernel().scan(P.rows, p, &s, &low);
      *residual += sum;
      *squares += double(s);
    }
  }

  // Adds |V_J|^2 (masked: weighted); false where an entry is not finite, or is negative and must not be, or where a
  // weight is not in [0, 1].
  bool scan(const Ops<T> &ops, int32_t j, int32_t count, bool nonnegative, double *squares) const {
    bool good = true;
    const auto stretch = [&](int32_t n, const T *x) {
      T s, low;
      ops.kernel().scan(n, x, &s, &low);
      good = good && is_finite(s) && !(nonnegative && low < T(0));
      *squares += double(s);
    };
    if (kind_ == Kind::dense) {
      for (int32_t c = 0; c < count; ++c) stretch(V_.rows, V_.col(j + c));
    } else if (kind_ == Kind::csc || (kind_ == Kind::csr && count == V_.cols)) {
      constexpr int32_t piece = 4096;
      const int32_t from = kind_ == Kind::csc ? starts_[j] : 0, to = kind_ == Kind::csc ? starts_[j + count] : nonzeros();
      for (int32_t at = from; at < to; at += min_of(piece, to - at)) stretch(min_of(piece, to - at), V_.data + at);
    } else if (kind_ == Kind::csr) {
      each(j, count, [&](int32_t, int32_t, T v) { stretch(1, &v); });
    } else {
      for (int32_t c = j; c < j + count; ++c)
        for (int32_t i = 0; i < V_.rows; ++i) {
          const T weight = weights_.data ? weights_(i, c) : T(1);
          good = good && weight >= T(0) && weight <= T(1);
          if (V_(i, c) != V_(i, c) || weight == T(0)) continue;
          good = good && is_finite(V_(i, c) * V_(i, c)) && !(nonnegative && V_(i, c) < T(0));
          *squares += double(weight) * double(V_(i, c)) * double(V_(i, c));
        }
    }
    return good;
  }
  // |V_J - W H_J|^2 of dense data, with a tile of tile_elements to work in.
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
  // Column j; its missing entries are the mean of the others.
  void column(int32_t j, T *out) const {
    if (kind_ == Kind::dense) {
      for (int32_t i = 0; i < V_.rows; ++i) out[i] = V_(i, j);
      return;
    }
    T filler = T(0);
    if (kind_ == Kind::masked) {
      T sum = 0;
      int32_t present = 0;
      each(j, 1, [&](int32_t, int32_t, T v) { sum += v, ++present; });
      filler = present > 0 ? sum / T(present) : T(0);
    }
    for (int32_t i = 0; i < V_.rows; ++i) out[i] = filler;
    each(j, 1, [&](int32_t i, int32_t, T v) { out[i] = v; });
  }
  T at(int32_t i, int32_t j) const { return V_(i, j); }  // dense and masked
  // The same of sparse data too, whose column is searched through; and body(i, v) for the entries of column j of a
  // matrix that is not CSR.
  T entry(int32_t i, int32_t j) const {
    if (!sparse()) return at(i, j);
    T found = T(0);
    each(j, 1, [&](int32_t row, int32_t, T v) { found = row == i ? v : found; });
    return found;
  }
  template <class Body>
  void entries(int32_t j, const Body &body) const {
    each(j, 1, [&](int32_t i, int32_t, T v) { body(i, v); });
  }
  T weight(int32_t i, int32_t j) const {                 // the same: 0 is missing
    if (kind_ == Kind::dense) return T(1);
    return V_(i, j) != V_(i, j) ? T(0) : weights_.data ? weights_(i, j) : T(1);
  }
  // Sum and number of the entries that are there; of a sparse matrix all are.
  double mean() const {
    double sum = 0, present = 0;
    for (int32_t j = 0; j < (kind_ == Kind::csr ? 1 : V_.cols); ++j) {
      T part = 0;
      each(j, kind_ == Kind::csr ? V_.cols : 1, [&](int32_t, int32_t, T v) { part += v, present += 1; });
      sum += double(part);
    }
    if (kind_ != Kind::masked) present = double(V_.rows) * double(V_.cols);
    return present > 0 ? sum / present : 0;
  }
  Mat<const T> dense() const { return V_; }  // dense data; for losses that need every entry beside its model
  // Sparse: the entries of column (CSC) or row (CSR) a.
  int32_t major(int32_t a, const int32_t **index, const T **value) const {
    *index = indices_ + starts_[a];
    *value = V_.data + starts_[a];
    return starts_[a + 1] - starts_[a];
  }

  // C (rows x N) = V B and C (cols x N) = V' B as whole products, cut by rows and by columns; not of masked data.
  void times(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    if (sparse()) return by_columns(par, B, C, false);
    constexpr int32_t piece = 256;
    parallel_for(par, ceil_div(V_.rows, piece), [&](int32_t t, int32_t) {
      const int32_t i = t * piece, n = min_of(piece, V_.rows - i);
      ops.nn(V_.block(i, 0, n, V_.cols), B, C.block(i, 0, n, C.cols));
    });
  }
  void transposed_times(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    if (sparse()) return by_columns(par, B, C, true);
    constexpr int32_t piece = 128;
    parallel_for(par, ceil_div(V_.cols, piece), [&](int32_t t, int32_t) {
      const int32_t j = t * piece, n = min_of(piece, V_.cols - j);
      ops.tn(V_.columns(j, n), B, C.block(j, 0, n, C.cols));
    });
  }

 private:
  int32_t majors() const { return kind_ == Kind::csr ? V_.rows : V_.cols; }

  // body(i, j, v) for the entries of the columns j .. j+count that are there.  A row of a CSR matrix is searched through.
  template <class Body>
  void each(int32_t j, int32_t count, const Body &body) const {
    if (sparse()) {
      const bool by_rows = kind_ == Kind::csr;
      for (int32_t a = by_rows ? 0 : j; a < (by_rows ? V_.rows : j + count); ++a)
        for (int32_t t = starts_[a]; t < starts_[a + 1]; ++t) {
          const int32_t b = indices_[t];
          if (!by_rows) body(b, a, V_.data[t]);
          else if (b >= j && b - j < count) body(a, b, V_.data[t]);
        }
      return;
    }
    for (int32_t c = j; c < j + count; ++c)
      for (int32_t i = 0; i < V_.rows; ++i)
        if (V_(i, c) == V_(i, c) && !(weights_.data && weights_(i, c) == T(0))) body(i, c, V_(i, c));
  }

  // C(:, a) = sum over the entries of major a of v B(:, index): `left` by majors, whatever they are.
  void by_gather(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    constexpr int32_t piece = 128;
    parallel_for(par, ceil_div(C.cols, piece), [&](int32_t t, int32_t) {
      const int32_t a = t * piece, count = min_of(piece, C.cols - a);
      left(ops, a, count, B, C.columns(a, count));
    });
  }
  // C(:, index) += v B(:, a): cut by the small dimension, so that no two workers meet.  However it is cut, each element
  // is summed in the same order.
  void by_scatter(const Ops<T> &, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    const int32_t slices = min_of(par.workers, ceil_div(C.rows, 64 / int32_t(sizeof(T)))), slice = ceil_div(C.rows, slices);
    parallel_for(par, slices, [&](int32_t t, int32_t) {
      const int32_t k = t * slice, r = min_of(slice, C.rows - k);
      const Mat<T> c = C.block(k, 0, r, C.cols);
      fill(c, T(0));
      const auto scatter = fastest<SparseKernels<T>>().scatter;
      for (int32_t a = 0; a < B.cols; ++a) {
        const int32_t at = starts_[a];
        scatter(r, starts_[a + 1] - at, indices_ + at, V_.data + at, B.col(a) + k, c.data, c.ld);
      }
    });
  }
  // C = V B or V' B, tall and column-major: a few columns at a time.
  void by_columns(const Parallel &par, Mat<const T> B, Mat<T> C, bool transposed) const {
    constexpr int32_t slice = 4;
    parallel_for(par, ceil_div(C.cols, slice), [&](int32_t t, int32_t) {
      const int32_t k = t * slice, n = min_of(slice, C.cols - k);
      const Mat<T> c = C.columns(k, n);
      const Mat<const T> b = B.columns(k, n);
      fill(c, T(0));
      each(0, V_.cols, [&](int32_t i, int32_t j, T v) {
        for (int32_t q = 0; q < n; ++q) c(transposed ? j : i, q) += v * b(transposed ? i : j, q);
      });
    });
  }

  Kind kind_ = Kind::dense;
  Mat<const T> V_;  // sparse: data are the values, and ld is nothing
  const int32_t *starts_ = nullptr, *indices_ = nullptr;
  Mat<const T> weights_;
};

}  // namespace orthant
