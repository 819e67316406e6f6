// The two ways through a matrix that all solvers take, and what they share on the way.
//
// By blocks of rows (`by_blocks`): a part is a share of the blocks and has sums of its own, which are added in the
// order of the parts.
// By panels of columns (`by_panels`): a chunk is a share of the columns, passed over panel by panel; each chunk adds to
// its own share of the sums over all columns (B = V H', S = H H'), and the shares are added in the order of the chunks.
// At most `wave` chunks are under way at once, so that the shares take little memory.
// Both are cut by shapes alone: results are the same bits for any number of workers.
#pragma once
#include "operand.hpp"
#include "workers.hpp"

namespace orthant {

// Parts of a pass, where nothing else limits them.
constexpr int32_t most_parts = small_target ? 1 : 16;
constexpr int32_t most_chunks = small_target ? 1 : 256;

// ---- pieces of a factor

// body(rows, k) for the rows of column k of a matrix, some at a time; bytes: that an entry takes to read and write.
template <class Body>
void by_pieces(const Parallel &par, int32_t rows, int32_t cols, double bytes, const Body &body) {
  constexpr int32_t most = 4096;
  const int32_t pieces = ceil_div(rows, most);
  if (small_target) {
    for (int32_t k = 0; k < cols; ++k) body(Range{0, rows}, k);
    return;
  }
  parallel_for(par, cols * pieces, Work{0, bytes * min_of(rows, most)}, [&](int32_t t, int32_t) {
    body(at_most(most, t % pieces * most, rows), t / pieces);
  });
}

template <class T>
void copy(const Parallel &par, View<T> A, Mat<T> B) {
  if (small_target || par.workers <= 1) return copy<T>(A, B);
  const ptrdiff_t entries = ptrdiff_t(A.rows) * A.cols;
  if (A.ld == A.rows && B.ld == B.rows && entries <= INT32_MAX) {  // one long column
    A = {A.data, int32_t(entries), 1, entries};
    B = {B.data, int32_t(entries), 1, entries};
  }
  by_pieces(par, A.rows, A.cols, 2 * sizeof(T), [&](Range i, int32_t k) {
    memcpy(B.col(k) + i.from, A.col(k) + i.from, size_t(i.size()) * sizeof(T));
  });
}

// B = A'
template <class T>
void transpose(const Parallel &par, View<T> A, Mat<T> B) {
  constexpr int32_t block = 256;
  if (small_target || par.workers <= 1) return transpose<T>(A, B);
  const bool wide = A.cols >= A.rows;
  const double bytes = 2.0 * sizeof(T) * block * (wide ? A.rows : A.cols);
  parallel_for(par, ceil_div(wide ? A.cols : A.rows, block), Work{0, bytes}, [&](int32_t t, int32_t) {
    const int32_t from = t * block;
    if (wide) {
      const int32_t n = min_of(block, A.cols - from);
      transpose<T>(A.columns(from, n), B.block(from, 0, n, A.rows));
    } else {
      const int32_t n = min_of(block, A.rows - from);
      transpose<T>(A.block(from, 0, n, A.cols), B.columns(from, n));
    }
  });
}

// ---- sums in a fixed order

// The sum of body(part, worker) over the parts.  room: one Sums for each part; Sums has +=.
template <class Sums, class Body>
Sums sum_of_parts(const Parallel &par, int32_t parts, Sums *room, const Body &body) {
  parallel_for(par, parts, [&](int32_t part, int32_t worker) { room[part] = body(part, worker); });
  Sums all{};
  for (int32_t part = 0; part < parts; ++part) all += room[part];
  return all;
}

// `sum` and value(k) for each column k of a matrix; bytes: that one takes to read and write.  room: a number for each.
template <class Value>
double sum_of_columns(const Parallel &par, int32_t cols, double bytes, double *room, const Value &value,
                      double sum = 0) {
  if (small_target) {
    for (int32_t k = 0; k < cols; ++k) sum += value(k);
    return sum;
  }
  parallel_for(par, cols, Work{0, bytes}, [&](int32_t k, int32_t) { room[k] = value(k); });
  for (int32_t k = 0; k < cols; ++k) sum += room[k];
  return sum;
}

// <A, B> as ops.hpp sums it.
template <class T>
double inner(const Parallel &par, View<T> A, View<T> B, double *room) {
  return sum_of_columns(par, A.cols, 2.0 * sizeof(T) * A.rows, room, [&](int32_t k) {
    return inner<T>(A.columns(k, 1), B.columns(k, 1));
  });
}

// The index in [0, n) of the largest value, the first of equals, and that value: of(range, &value) finds both for a part.
// bytes: that an index takes to read.
template <class T, class Of>
int32_t first_largest(const Parallel &par, int32_t n, double bytes, T *value, const Of &of) {
  if (small_target) return of(Range{0, n}, value);
  constexpr int32_t most = 64;
  int32_t best[most] = {};
  T values[most] = {};
  const int32_t parts = parts_for(n, 256, most);
  parallel_for(par, parts, Work{0, bytes * n / parts}, [&](int32_t part, int32_t) {
    best[part] = of(part_of(n, part, parts), &values[part]);
  });
  int32_t first = 0;
  for (int32_t part = 1; part < parts; ++part) first = values[part] > values[first] ? part : first;
  *value = values[first];
  return best[first];
}

// ---- rows

struct Block {
  int32_t row, rows;
  int32_t part;
  bool first;  // of its part
};

// The sum of what body(block, scratch, sums) adds to `sums` over the blocks of `rows` rows.  scratch(worker) gives what
// the body may work in.
template <class Sums, class Scratch, class Body>
Sums by_blocks(const Parallel &par, int32_t rows, int32_t block, int32_t most, Sums *room, const Scratch &scratch,
               const Body &body) {
  const int32_t blocks = ceil_div(rows, block), parts = parts_for(blocks, 1, most);
  return sum_of_parts(par, parts, room, [&](int32_t part, int32_t worker) {
    auto w = scratch(worker);
    Sums sum{};
    const Range mine = part_of(blocks, part, parts);
    for (int32_t k = mine.from; k < mine.to; ++k)
      body(Block{k * block, min_of(block, rows - k * block), part, k == mine.from}, w, sum);
    return sum;
  });
}

// For bodies that need no scratch.
struct NoScratch {};
inline NoScratch no_scratch(int32_t) { return {}; }
struct NoSums {
  void operator+=(const NoSums &) {}
};

// ---- columns

struct PanelCut {
  int32_t cols, width;   // columns in all, and of one panel
  int32_t chunks, wave;  // chunks in all, and under way at once
  int32_t fixed = 0;     // columns of every chunk but the last; 0: all are of about one size
  int32_t held = 1;      // waves whose columns a stream has at hand

  int32_t begin(int32_t chunk) const {
    const int32_t i = min_of(chunk, chunks);
    return fixed > 0 ? int32_t(min_of(int64_t(i) * fixed, int64_t(cols))) : part_begin(cols, i, chunks);
  }
  Range chunk(int32_t i) const { return {begin(i), begin(i + 1)}; }
  int32_t widest_wave() const { return min_of(cols, wave * (fixed > 0 ? fixed : ceil_div(cols, chunks))); }
  // A stream is read by groups of whole waves, which have so many columns where a wave has not more.
  void hold(int32_t columns) { held = max_of(1, columns / max_of(1, widest_wave())); }
  int32_t widest_group() const { return min_of(cols, held * widest_wave()); }
  Range group(int32_t first) const { return {begin(first), begin(first + held * wave)}; }
};

struct Panel {
  int32_t col, cols;
  int32_t chunk, place;  // place: of the chunk among those under way
  bool first;            // of its chunk
  bool more;             // another panel of this width follows, and may be fetched meanwhile
  bool together = false; // of a group of panels: tiles.hpp
};

// For passes that do not read V.
struct NoData {
  bool bring(Range, Range) const { return true; }
  template <class Body>
  void loop(const Parallel &par, int32_t tasks, const Body &body) const { parallel_for(par, tasks, body); }
};

// The sum of what body(panel, scratch, sums of the panel) makes of all panels, whose columns of V, an Operand or
// NoData, are at hand.  After each wave add(first chunk, chunks) adds their shares.  room: one Sums for each chunk under
// way.
template <class Data, class Sums, class Scratch, class Body, class Add>
Sums by_panels(const Parallel &par, const Data &V, const PanelCut &cut, Sums *room, const Scratch &scratch,
               const Body &body, const Add &add) {
  const auto sums_of = [&](Range columns, int32_t chunk, int32_t place, int32_t worker) {
    auto w = scratch(worker);
    Sums sum{};
    for (int32_t j = columns.from; j < columns.to; j += cut.width) {
      const int32_t cols = min_of(cut.width, columns.to - j);
      Sums one{};
      body(Panel{j, cols, chunk, place, j == columns.from, j + 2 * cols <= columns.to}, w, one);
      sum += one;
    }
    return sum;
  };
  if (small_target) {  // one chunk
    const Sums all = sums_of({0, cut.cols}, 0, 0, 0);
    add(0, 1);
    return all;
  }
  Sums all{};
  for (int32_t first = 0; first < cut.chunks; first += cut.wave) {
    const int32_t wave = min_of(cut.wave, cut.chunks - first);
    const int32_t group = cut.held * cut.wave;
    if (first % group == 0 && !V.bring(cut.group(first), cut.group(first + group))) break;
    V.loop(par, wave, [&](int32_t place, int32_t worker) {
      room[place] = sums_of(cut.chunk(first + place), first + place, place, worker);
    });
    for (int32_t place = 0; place < wave; ++place) all += room[place];
    add(first, wave);
  }
  return all;
}

// A matrix that is a sum over chunks.  The first chunk writes to the matrix itself, each other to its place in `room`.
template <class T>
struct Shares {
  Mat<T> all;
  T *room = nullptr;

  Mat<T> at(int32_t place) const {
    return {room + ptrdiff_t(place) * all.rows * all.cols, all.rows, all.cols, all.rows};
  }
  Mat<T> of(int32_t chunk, int32_t place) const { return chunk == 0 ? all : at(place); }
  // What `by_panels` asks for after a wave.
  void add(int32_t first, int32_t wave) const {
    for (int32_t place = first == 0 ? 1 : 0; place < wave; ++place) accumulate<T>(at(place), all);
  }
  // The same by many workers, each some entries of all shares.
  void add(const Parallel &par, int32_t first, int32_t wave) const {
    const int32_t begin = first == 0 ? 1 : 0;
    if (small_target || par.workers <= 1) return add(first, wave);
    if (begin >= wave) return;
    constexpr int32_t most = 256;
    const int32_t pieces = ceil_div(all.rows, most);
    const Work one{0, 2.0 * sizeof(T) * min_of(all.rows, most) * (wave - begin)};
    parallel_for(par, all.cols * pieces, one, [&](int32_t t, int32_t) {
      const int32_t i = t % pieces * most, n = min_of(most, all.rows - i), k = t / pieces;
      for (int32_t place = begin; place < wave; ++place)
        accumulate<T>(at(place).block(i, k, n, 1), all.block(i, k, n, 1));
    });
  }
};

// C = V B of wide V, dense or a stream: chunks of its columns, each with a share of C.

constexpr int32_t most_of_product = 64;  // chunks under way

// How V is cut for that; no chunks where it is not wide, and a product by blocks of rows does as well.
template <class T>
PanelCut product_cut(const Operand<T> &V, int32_t rows, int32_t cols) {
  if (small_target || V.sparse() || rows >= 4096 || cols / 16 < rows) return {};
  constexpr int32_t panel = 128;
  const int32_t at_once = group_columns<T>(rows), fixed = max_of(1, at_once / 8 / panel) * panel;
  PanelCut cut{cols, 2 * panel, ceil_div(cols, fixed), 1, fixed};
  cut.wave = min_of(cut.chunks, V.streamed() ? at_once / fixed : most_of_product);
  if (V.streamed()) cut.hold(at_once);
  return cut;
}
// room: most_of_product matrices like C.
template <class T>
void times_by_chunks(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, const PanelCut &cut, View<T> B,
                     Mat<T> C, T *room) {
  NoSums sums[most_of_product];
  const Shares<T> shares{C, room};
  by_panels(par, V, cut, sums, no_scratch, [&](const Panel &p, NoScratch &, NoSums &) {
    V.panel_nn(ops, p.col, p.cols, B.block(p.col, 0, p.cols, B.cols), shares.of(p.chunk, p.place), !p.first);
  }, [&](int32_t first, int32_t wave) { shares.add(par, first, wave); });
}

// ---- Gram matrices

constexpr int32_t gram_rows = 1024, gram_columns = 16;

// In how many parts the rows of a matrix are cut for its Gram matrix of this order: the sums of a few hundred rows and
// more each, and all of them together no more than a quarter of the matrix, or sixteen.
inline int32_t gram_parts(int32_t rows, int32_t order) {
  if (small_target) return 1;
  return parts_for(rows, gram_rows, max_of(16, min_of(256, rows / 4 / max_of(1, order))));
}

// G = X'Y with the rows cut into `parts`, each a product of its own, by some columns of G.  room: parts - 1 matrices
// like G.
template <class T>
void gram(const Ops<T> &ops, const Parallel &par, View<T> X, View<T> Y, Mat<T> G, int32_t parts, T *room) {
  const Shares<T> shares{G, room};
  const bool whole = small_target || (entries_stand_alone && par.workers <= 1);
  const int32_t strips = whole ? 1 : ceil_div(Y.cols, gram_columns), width = ceil_div(Y.cols, strips);
  const Work one{double(X.rows) / parts * X.cols * width, double(X.rows) / parts * X.cols * sizeof(T)};
  parallel_for(par, parts * strips, one, [&](int32_t task, int32_t) {
    const int32_t part = task / strips, k = task % strips * width, n = min_of(width, Y.cols - k);
    const Range rows = part_of(X.rows, part, parts);
    if (n > 0)
      ops.tn(X.block(rows.from, 0, rows.size(), X.cols), Y.block(rows.from, k, rows.size(), n),
             shares.of(part, part - 1).columns(k, n));
  });
  shares.add(par, 1, parts - 1);
}

// G = X'X by columns of G: no sums to add, but each task reads all of X.
template <class T>
void gram_by_columns(const Ops<T> &ops, const Parallel &par, View<T> X, Mat<T> G) {
  constexpr int32_t width = 16;
  parallel_blocks(par, X.cols, width, [&](Range k, int32_t) {
    ops.tn(X, X.columns(k.from, k.size()), G.columns(k.from, k.size()));
  });
}

// ---- entries

// True where every entry is finite, and, if asked, none is negative.
template <class T>
bool all_finite(View<T> X, bool nonnegative = false) {
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i)
      if (!is_finite(X(i, j)) || (nonnegative && X(i, j) < T(0))) return false;
  return true;
}
template <class T>
bool all_nonnegative(View<T> X) { return all_finite<T>(X, true); }

// Operand::scan of all of V: |V|^2 is the sum of those of parts, none of which is small.
template <class T>
bool scan(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, bool nonnegative, double *squares) {
  if (small_target || V.sparse()) return V.scan(ops, 0, V.cols(), nonnegative, squares);
  constexpr int32_t most = 64, entries = 1 << 16;
  double squares_of[most];
  bool good_of[most], good = true;
  V.walk(0, V.cols(), [&](Range group) {
    const int32_t parts = parts_for(group.size(), max_of(1, entries / max_of(1, V.rows())), most);
    V.loop(par, parts, [&](int32_t part, int32_t) {
      const Range mine = part_of(group.size(), part, parts);
      squares_of[part] = 0;
      good_of[part] = V.scan(ops, group.from + mine.from, mine.size(), nonnegative, squares_of + part);
    });
    for (int32_t part = 0; part < parts; ++part) {
      *squares += squares_of[part];
      good = good && good_of[part];
    }
  });
  return good && !V.failed();
}

// |V - W H|^2, entry by entry, of data in memory.  tile(worker): Operand<T>::tile_elements to work in; room:
// residual_parts numbers.
constexpr int32_t residual_parts = small_target ? 1 : 128;
template <class T, class Tile>
double residual_squares(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, View<T> W, View<T> H, double *room,
                        const Tile &tile) {
  const int32_t parts = parts_for(V.cols(), 8, residual_parts);
  return sum_of_parts(par, parts, room, [&](int32_t part, int32_t worker) {
    const Range cols = part_of(V.cols(), part, parts);
    return V.residual(ops, cols.from, cols.size(), W, H, tile(worker));
  });
}

}  // namespace orthant
