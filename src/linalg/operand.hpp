// The data matrix V as solvers see it: dense, sparse by columns or rows, dense with missing and weighted entries, or a
// stream, of which some columns are in memory at a time.  No solver reads V in another way.
//
// In sparse products the small vectors of a nonzero lie side by side, so tall factors enter them transposed (r x rows,
// r x cols): `left_all`, `right_all`.  Masked data are completed by the model [Dempster, Laird, Rubin 1977]:
// V + (1 - M) (W H - V) takes V's place in a half step, which majorises the weighted objective; see `complete`.
//
// Of a stream the columns that were brought to hand are used as those of dense data, by the same numbers: a pass brings
// group after group (`bring`, `loop`), and what reads V outside of a pass brings for itself.  After a read that failed
// nothing comes to hand any more: `failed` is asked after each pass.
#pragma once
#include "ops.hpp"
#include "scatter.hpp"
#include "status.hpp"
#include "stream.hpp"

namespace orthant {

enum class Kind : int32_t { dense, csc, csr, masked, stream };

template <class T>
class Operand {
 public:
  Operand() = default;
  explicit Operand(Mat<const T> V) : V_(V) {}
  // values, indices: as many as starts[cols] (CSC) or starts[rows] (CSR); any order within a column, none twice.
  Operand(Kind kind, int32_t rows, int32_t cols, const T *values, const int32_t *starts, const int32_t *indices)
      : kind_(kind), V_{values, rows, cols, 0}, starts_(starts), indices_(indices) {}
  // A stream: read(user, first, count, out) writes columns to `out`, rows x count.
  Operand(int32_t rows, int32_t cols, typename Stream<T>::Read read, void *user)
      : kind_(Kind::stream), V_{nullptr, rows, cols, rows}, stream_(rows, read, user) {}
  // NaN is missing; weights in [0, 1], data null: all one.
  Operand(Mat<const T> V, Mat<const T> weights) : kind_(Kind::masked), V_(V), weights_(weights) {}

  Kind kind() const { return kind_; }
  bool sparse() const { return kind_ == Kind::csc || kind_ == Kind::csr; }
  bool whole() const { return kind_ == Kind::dense || sparse(); }  // in memory, and no entry is missing
  bool streamed() const { return !small_target && kind_ == Kind::stream; }
  int32_t rows() const { return V_.rows; }
  int32_t cols() const { return V_.cols; }
  int32_t nonzeros() const { return starts_[majors()]; }

  // Column j: of a stream one at hand.
  const T *col(int32_t j) const { return V_.data + V_.ld * (small_target ? j : j - stream_.first()); }
  // The columns j .. j + count as they lie, and as data of their own; of sparse data not.
  Mat<const T> dense(int32_t j, int32_t count) const { return {col(j), V_.rows, count, V_.ld}; }
  Operand columns(int32_t j, int32_t count) const { return Operand(dense(j, count)); }

  // ---- a stream

  // Where the columns of a stream are read to in this call.
  void use(const StreamRoom<T> &room) const { stream_.use(room); }
  // The columns `now` to hand; `next` will be asked for after them.  False where a read failed.
  bool bring(Range now, Range next) const {
    if (!streamed()) return true;
    stream_.bring(now, next);
    V_.data = stream_.data();
    return !stream_.failed();
  }
  // The group of so many columns that column j lies in.
  bool bring_group(int32_t j, int32_t columns) const {
    if (!streamed()) return true;
    const Range now = at_most(columns, j / columns * columns, V_.cols);
    return bring(now, at_most(columns, now.to, V_.cols));
  }
  // The end of the columns that are in memory.
  int32_t in_memory() const { return streamed() ? stream_.end() : V_.cols; }
  // body(task, worker) for tasks that use what is at hand.  The next columns are read meanwhile.
  template <class Body>
  void loop(const Parallel &par, int32_t tasks, const Work &one, const Body &body) const {
    if (!streamed() || !stream_.has_next()) return parallel_for(par, tasks, one, body);
    loop(par, tasks, body);
  }
  template <class Body>
  void loop(const Parallel &par, int32_t tasks, const Body &body) const {
    if (!streamed() || !stream_.has_next()) return parallel_for(par, tasks, body);
    parallel_for(par, tasks + 1, [&](int32_t task, int32_t worker) {
      if (task == 0) stream_.read_ahead();
      else body(task - 1, worker);
    });
  }
  // body(range) for the columns j .. j + count: a stream's a group at a time, all others at once.
  template <class Body>
  void walk(int32_t j, int32_t count, const Body &body) const {
    const Range all{j, j + count};
    if (!streamed() || stream_.holds(all)) return body(all);
    for (Range now = stream_.group(j, all.to); now.size() > 0; now = stream_.group(now.to, all.to)) {
      if (!bring(now, stream_.group(now.to, all.to))) return;
      body(now);
    }
  }
  // body(range, worker) for all columns in blocks of `block`, a task each.
  template <class Body>
  void by_columns(const Parallel &par, int32_t block, const Body &body) const {
    walk(0, V_.cols, [&](Range group) {
      loop(par, ceil_div(group.size(), block), [&](int32_t task, int32_t worker) {
        body(at_most(block, group.from + task * block, group.to), worker);
      });
    });
  }
  // These columns of a stream, no more than a group, as data of their own.  Nothing is at hand afterwards.
  Operand gathered(const int32_t *columns, int32_t count) const {
    return Operand(Mat<const T>{stream_.gather(columns, count), V_.rows, count, V_.rows});
  }
  bool failed() const { return streamed() && stream_.failed(); }
  // Why a pass over V was no good.
  Status fault() const { return failed() ? E_READ : E_DATA; }

  // ---- panels

  // C (count x N) = V(:, j .. j+count)' B;  a missing entry counts as zero
  void panel_tn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C) const {
    if (kind_ == Kind::dense || streamed()) return ops.tn(dense(j, count), B, C);
    fill(C, T(0));
    each(j, count, [&](int32_t i, int32_t q, T v) { add_row(v, B, i, C, q - j); });
  }
  // C (rows x N) += V(:, j .. j+count) B, or = if not add
  void panel_nn(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> B, Mat<T> C, bool add) const {
    // The panel after this one is read next: fetch it while this one is computed with.
    if (kind_ == Kind::dense || streamed())
      return ops.nn(dense(j, count), B, C, add, j + 2 * count <= in_memory() ? col(j + count) : nullptr);
    if (!add) fill(C, T(0));
    each(j, count, [&](int32_t i, int32_t q, T v) { add_row(v, B, q - j, C, i); });
  }

  // Columns j .. j+count as they would stand dense: the data itself, or `room` filled from a sparse matrix.
  Mat<const T> panel(int32_t j, int32_t count, Mat<T> room) const {
    if (!sparse()) return dense(j, count);
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
    if (kind_ == Kind::csc) by_gather(ops, par, Bt, Ct);
    else by_scatter(ops, par, Bt, Ct);
  }
  void right_all(const Ops<T> &ops, const Parallel &par, Mat<const T> Xt, Mat<T> Ct) const {
    if (kind_ == Kind::csr) by_gather(ops, par, Xt, Ct);
    else by_scatter(ops, par, Xt, Ct);
  }

  // ---- sparse: what scatters, for bodies of their own (scatter.hpp)

  // Where that keeps what it needs in this call.
  void use(const ScatterRoom<T> &room) const { scatter_.use(room); }
  SparseLines lines() const { return {majors(), kind_ == Kind::csr ? V_.cols : V_.rows, starts_, indices_}; }
  // Whether it is cut into several tasks; else one worker does it in a walk.
  bool scatters_apart(const Parallel &par, int32_t rank) const {
    if constexpr (!small_target)
      return par.workers > 1 && scatter_.groups(lines(), rank) * scatter_.table(par, lines(), rank).blocks() > 1;
    return false;
  }
  // Ct = a product; body(rows of the result, runs) in each task.
  template <class Body>
  void by_scatter_blocks(const Parallel &par, Mat<T> Ct, const Body &body) const {
    if constexpr (!small_target) {
      const int32_t blocks = scatter_.table(par, lines(), Ct.rows).blocks();
      scatter_.run(par, lines(), Ct, blocks, 1, [&](int32_t, Mat<T> to, const auto &runs) { body(to, runs); });
    }
  }
  typename Scatter<T>::Walk scatter_walk(Mat<T> Ct) const { return {scatter_, lines(), Ct}; }

  // ---- masked: P (rows x count) = M V + (1 - M) W Ht, panel J.  Adds |sqrt(M) (V - W Ht)|^2 and |P|^2.

  void complete(const Ops<T> &ops, int32_t j, Mat<const T> W, Mat<const T> Ht, Mat<T> P, double *residual,
                double *squares) const {
    ops.nn(W, Ht, P);
    for (int32_t q = 0; q < P.cols; ++q) {
      const T *v = V_.col(j + q), *weights = weights_.data ? weights_.col(j + q) : nullptr;
      T *p = P.col(q);
      double sum = 0;
      for (int32_t i = 0; i < P.rows; ++i) {
        const T weight = weights ? weights[i] : T(1);
        if (v[i] != v[i] || weight == T(0)) continue;
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
    const auto scan_values = [&](const T *x, int32_t n) {
      T s, low;
      ops.kernel().scan(n, x, &s, &low);
      good = good && is_finite(s) && !(nonnegative && low < T(0));
      *squares += double(s);
    };
    const auto scan_nonzeros = [&](int32_t from, int32_t to) {
      constexpr int32_t most = 4096;
      for (int32_t at = from; at < to; at += min_of(most, to - at)) scan_values(V_.data + at, min_of(most, to - at));
    };
    switch (kind_) {
      case Kind::dense:
      case Kind::stream:
        walk(j, count, [&](Range at) {
          for (int32_t c = at.from; c < at.to; ++c) scan_values(col(c), V_.rows);
        });
        return good && ((streamed() && stream_.holds({j, j + count})) || !failed());  // those at hand were read
      case Kind::csc: scan_nonzeros(starts_[j], starts_[j + count]); return good;
      case Kind::csr:
        if (count == V_.cols) scan_nonzeros(0, nonzeros());
        else each(j, count, [&](int32_t, int32_t, T v) { scan_values(&v, 1); });
        return good;
      case Kind::masked: break;
    }
    return scan_masked(j, count, nonnegative, squares);
  }
  // Whether |V|^2, given, leaves room above for Gram matrices, gradients and momentum on them, and below for residuals
  // that are much smaller: else they would overflow, or vanish and look like a perfect fit.  A zero matrix has room.
  bool has_room(double squares) const {
    return has_room_above(squares) && (has_room_below(squares) || is_zero(0, V_.cols));
  }
  static bool has_room_above(double squares) { return is_finite(T(squares * 0x1p20)); }
  static bool has_room_below(double squares) { return squares * 0x1p-20 >= double(Faint<T>::least); }
  bool is_zero(int32_t j, int32_t count) const {
    bool zero = true;
    each(j, count, [&](int32_t, int32_t, T v) { zero = zero && v == T(0); });
    return zero;
  }
  // |V_J - W H_J|^2 of dense data, with a tile of tile_elements to work in.
  static constexpr int32_t tile_rows = small_target ? 32 : 128, tile_cols = 8, tile_elements = tile_rows * tile_cols;
  __attribute__((noinline)) double residual(const Ops<T> &ops, int32_t j, int32_t count, Mat<const T> W,
                                            Mat<const T> H, T *tile) const {
    double sum = 0;
    for (int32_t c = 0; c < count; c += tile_cols)
      for (int32_t i = 0; i < V_.rows; i += tile_rows) {
        const int32_t nc = min_of(tile_cols, count - c), ni = min_of(tile_rows, V_.rows - i);
        const Mat<T> P{tile, ni, nc, tile_rows};
        ops.nn(W.block(i, 0, ni, W.cols), H.columns(j + c, nc), P);
        for (int32_t q = 0; q < nc; ++q) sum += squared_distance(ni, col(j + c + q) + i, P.col(q));
      }
    return sum;
  }
  // Column j; its missing entries are the mean of the others.
  void column(int32_t j, T *out) const {
    if (streamed() && !stream_.holds({j, j + 1})) return stream_.fetch({j, j + 1}, out);
    if (kind_ == Kind::dense || streamed()) {
      const T *v = col(j);
      for (int32_t i = 0; i < V_.rows; ++i) out[i] = v[i];
      return;
    }
    T filler = T(0);
    if (kind_ == Kind::masked) {
      T sum = 0;
      int32_t present = 0;
      each(j, 1, [&](int32_t, int32_t, T v) {
        sum += v;
        ++present;
      });
      filler = present > 0 ? sum / T(present) : T(0);
    }
    for (int32_t i = 0; i < V_.rows; ++i) out[i] = filler;
    each(j, 1, [&](int32_t i, int32_t, T v) { out[i] = v; });
  }
  T at(int32_t i, int32_t j) const { return col(j)[i]; }  // dense and masked, and of a stream what is at hand
  T weight(int32_t i, int32_t j) const {                 // the same: 0 is missing
    if (kind_ == Kind::dense || streamed()) return T(1);
    if (V_(i, j) != V_(i, j)) return T(0);
    return weights_.data ? weights_(i, j) : T(1);
  }
  // An entry of any kind of data: a sparse column is searched through.
  T entry(int32_t i, int32_t j) const {
    if (!sparse() && !streamed()) return at(i, j);
    T found = T(0);
    each(j, 1, [&](int32_t row, int32_t, T v) { found = row == i ? v : found; });
    return found;
  }
  // body(i, v) for the entries of column j that are there; CSR would be searched through for each.
  template <class Body>
  void entries(int32_t j, const Body &body) const {
    each(j, 1, [&](int32_t i, int32_t, T v) { body(i, v); });
  }
  // The mean of the entries that are there; of a sparse matrix all are.  Summed by columns, but CSR as a whole.
  double mean() const {
    const int32_t at_once = kind_ == Kind::csr ? V_.cols : 1;
    double sum = 0, present = 0;
    walk(0, V_.cols, [&](Range at) {
      for (int32_t j = at.from; j < at.to; j += at_once) {
        T part = 0;
        each(j, at_once, [&](int32_t, int32_t, T v) {
          part += v;
          present += 1;
        });
        sum += double(part);
      }
    });
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

  // C (rows x N) = V B and C (cols x N) = V' B as whole products, cut by rows and by columns; not of masked data.  Not
  // inlined, nor is the residual: they are long, and calls are few.
  __attribute__((noinline)) void times(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    if (sparse()) return by_columns_of_result(par, B, C, false);
    constexpr int32_t block = 256;
    const int32_t width = small_target ? V_.cols : group_columns<T>(V_.rows);
    const auto group = [&](int32_t from) { return at_most(width, from, V_.cols); };
    for (Range now = group(0); now.size() > 0; now = group(now.to)) {
      if (!bring(now, group(now.to))) return;
      const Mat<const T> v = dense(now.from, now.size()), factor = B.block(now.from, 0, now.size(), B.cols);
      loop(par, ceil_div(V_.rows, block), [&](int32_t task, int32_t) {
        const int32_t i = task * block, rows = min_of(block, V_.rows - i);
        ops.nn(v.block(i, 0, rows, v.cols), factor, C.block(i, 0, rows, C.cols), now.from > 0);
      });
    }
  }
  __attribute__((noinline)) void transposed_times(const Ops<T> &ops, const Parallel &par, Mat<const T> B,
                                                  Mat<T> C) const {
    if (sparse()) return by_columns_of_result(par, B, C, true);
    constexpr int32_t panel = 128;
    by_columns(par, panel, [&](Range cols, int32_t) {
      ops.tn(dense(cols.from, cols.size()), B, C.block(cols.from, 0, cols.size(), C.cols));
    });
  }

 private:
  int32_t majors() const { return kind_ == Kind::csr ? V_.rows : V_.cols; }

  static double squared_distance(int32_t n, const T *x, const T *y) {
    double sum = 0;
    for (int32_t i = 0; i < n; ++i) {
      const double e = double(x[i] - y[i]);
      sum += e * e;
    }
    return sum;
  }

  // body(i, j, v) for the entries of the columns j .. j+count that are there.  CSR is searched through.
  template <class Body>
  void each(int32_t j, int32_t count, const Body &body) const {
    if (!small_target) return walk_entries(j, count, body);
    const auto call = [](const void *any, int32_t i, int32_t c, T v) { (*static_cast<const Body *>(any))(i, c, v); };
    call_for_each(j, count, call, &body);
  }
  // The same in one copy for all bodies, which takes less flash.
  __attribute__((noinline)) void call_for_each(int32_t j, int32_t count,
                                               void (*call)(const void *, int32_t, int32_t, T), const void *body) const {
    walk_entries(j, count, [&](int32_t i, int32_t c, T v) { call(body, i, c, v); });
  }
  template <class Body>
  void walk_entries(int32_t j, int32_t count, const Body &body) const {
    switch (kind_) {
      case Kind::csc:
        for (int32_t c = j; c < j + count; ++c)
          for (int32_t t = starts_[c]; t < starts_[c + 1]; ++t) body(indices_[t], c, V_.data[t]);
        return;
      case Kind::csr:
        for (int32_t i = 0; i < V_.rows; ++i)
          for (int32_t t = starts_[i]; t < starts_[i + 1]; ++t)
            if (const int32_t c = indices_[t]; c >= j && c - j < count) body(i, c, V_.data[t]);
        return;
      case Kind::dense:
      case Kind::masked:
      case Kind::stream:
        walk(j, count, [&](Range at) {
          for (int32_t c = at.from; c < at.to; ++c)
            for (int32_t i = 0; i < V_.rows; ++i) {
              const T v = col(c)[i];
              if (v == v && !(weights_.data && weights_(i, c) == T(0))) body(i, c, v);
            }
        });
        return;
    }
  }

  bool scan_masked(int32_t j, int32_t count, bool nonnegative, double *squares) const {
    bool good = true;
    for (int32_t c = j; c < j + count; ++c)
      for (int32_t i = 0; i < V_.rows; ++i) {
        const T v = V_(i, c), weight = weights_.data ? weights_(i, c) : T(1);
        good = good && weight >= T(0) && weight <= T(1);
        if (v != v || weight == T(0)) continue;
        good = good && is_finite(v * v) && !(nonnegative && v < T(0));
        *squares += double(weight) * double(v) * double(v);
      }
    return good;
  }

  // C(:, a) = sum over the entries of major a of v B(:, index): `left` by majors, whatever they are.
  void by_gather(const Ops<T> &ops, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    constexpr int32_t panel = 128;
    parallel_blocks(par, C.cols, panel, [&](Range a, int32_t) {
      left(ops, a.from, a.size(), B, C.columns(a.from, a.size()));
    });
  }
  // C(:, index) += v B(:, a).
  void by_scatter(const Ops<T> &, const Parallel &par, Mat<const T> B, Mat<T> C) const {
    if constexpr (!small_target)
      if (par.workers > 1) return by_scatter_tasks(par, B, C);
    const auto scatter = fastest<SparseKernels<T>>().scatter;
    auto walk = scatter_walk(C);
    for (int32_t a = 0; a < B.cols; ++a) {
      const int32_t at = starts_[a];
      const Mat<T> to = walk.at(a);
      scatter(C.rows, starts_[a + 1] - at, indices_ + at, V_.data + at, B.col(a), to.data, to.ld);
    }
    walk.end();
  }
  // By blocks of C's columns, or where indices do not ascend by its rows, of which each task has a cache line or more.
  void by_scatter_tasks(const Parallel &par, Mat<const T> B, Mat<T> C) const {
    constexpr int32_t line = 64 / int32_t(sizeof(T));
    const ScatterTable &table = scatter_.table(par, lines(), C.rows);
    const int32_t most = min_of(ceil_div(C.rows, line), ceil_div(par.workers, scatter_.groups(lines(), C.rows)));
    const int32_t blocks = table.ordered() ? table.blocks() : 1, pieces = blocks > 1 ? 1 : most;
    scatter_.run(par, lines(), C, blocks, pieces, [&](int32_t row, Mat<T> c, const auto &runs) {
      const auto scatter = fastest<RunKernels<T>>().scatter;
      runs([&](int32_t count, const Run *run) {
        scatter(c.rows, count, run, indices_, V_.data, B.data + row, B.ld, c.data, c.ld);
      });
    });
  }
  // C(to, :) += v B(from, :)
  static void add_row(T v, Mat<const T> B, int32_t from, Mat<T> C, int32_t to) {
    for (int32_t k = 0; k < C.cols; ++k) C(to, k) += v * B(from, k);
  }
  // C = V B or V' B, tall and column-major, a few columns at a time.
  void by_columns_of_result(const Parallel &par, Mat<const T> B, Mat<T> C, bool transposed) const {
    constexpr int32_t panel = 4;
    parallel_blocks(par, C.cols, panel, [&](Range k, int32_t) {
      const Mat<T> c = C.columns(k.from, k.size());
      const Mat<const T> b = B.columns(k.from, k.size());
      if (transposed) transposed_product(b, c);
      else product(b, c);
    });
  }
  // Not inlined into the serial and the parallel loop, each with a copy: it is long, and calls are few.
  __attribute__((noinline)) void product(Mat<const T> B, Mat<T> C) const {
    fill(C, T(0));
    each(0, V_.cols, [&](int32_t i, int32_t j, T v) { add_row(v, B, j, C, i); });
  }
  __attribute__((noinline)) void transposed_product(Mat<const T> B, Mat<T> C) const {
    fill(C, T(0));
    each(0, V_.cols, [&](int32_t i, int32_t j, T v) { add_row(v, B, i, C, j); });
  }

  Kind kind_ = Kind::dense;
  mutable Mat<const T> V_;  // sparse: data are the values, and ld is nothing; a stream: data are the columns at hand
  const int32_t *starts_ = nullptr, *indices_ = nullptr;
  Mat<const T> weights_;
  mutable Stream<T> stream_;
  mutable Scatter<T> scatter_;
};

}  // namespace orthant
