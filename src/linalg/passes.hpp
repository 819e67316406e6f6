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

// ---- sums in a fixed order

// The sum of body(part, worker) over the parts.  room: one Sums for each part; Sums has +=.
template <class Sums, class Body>
Sums sum_of_parts(const Parallel &par, int32_t parts, Sums *room, const Body &body) {
  parallel_for(par, parts, [&](int32_t part, int32_t worker) { room[part] = body(part, worker); });
  Sums all{};
  for (int32_t part = 0; part < parts; ++part) all += room[part];
  return all;
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

// ---- columns

struct PanelCut {
  int32_t cols, width;   // columns in all, and of one panel
  int32_t chunks, wave;  // chunks in all, and under way at once
  int32_t fixed = 0;     // columns of every chunk but the last; 0: all are of about one size

  int32_t begin(int32_t chunk) const {
    const int32_t i = min_of(chunk, chunks);
    return fixed > 0 ? int32_t(min_of(int64_t(i) * fixed, int64_t(cols))) : part_begin(cols, i, chunks);
  }
  Range chunk(int32_t i) const { return {begin(i), begin(i + 1)}; }
  Range wave_from(int32_t first) const { return {begin(first), begin(first + wave)}; }
  int32_t widest_wave() const { return min_of(cols, wave * ceil_div(cols, chunks)); }
};

struct Panel {
  int32_t col, cols;
  int32_t chunk, place;  // place: of the chunk among those under way
  bool first;            // of its chunk
  bool more;             // another panel of this width follows, and may be fetched meanwhile
};

// For passes that do not read V.
struct NoData {
  bool bring(Range, Range) const { return true; }
  template <class Body>
  void loop(const Parallel &par, int32_t tasks, const Body &body) const { parallel_for(par, tasks, body); }
};

// The sum of what body(panel, scratch, sums) adds to `sums` over all panels, whose columns of V, an Operand or NoData, are
// at hand.  After each wave add(first chunk, chunks) adds their shares.  room: one Sums for each chunk under way.
template <class Data, class Sums, class Scratch, class Body, class Add>
Sums by_panels(const Parallel &par, const Data &V, const PanelCut &cut, Sums *room, const Scratch &scratch,
               const Body &body, const Add &add) {
  Sums all{};
  for (int32_t first = 0; first < cut.chunks; first += cut.wave) {
    const int32_t wave = min_of(cut.wave, cut.chunks - first);
    if (!V.bring(cut.wave_from(first), cut.wave_from(first + cut.wave))) break;
    V.loop(par, wave, [&](int32_t place, int32_t worker) {
      auto w = scratch(worker);
      const int32_t chunk = first + place;
      Sums sum{};
      const Range mine = cut.chunk(chunk);
      for (int32_t j = mine.from; j < mine.to; j += cut.width) {
        const int32_t cols = min_of(cut.width, mine.to - j);
        body(Panel{j, cols, chunk, place, j == mine.from, j + 2 * cols <= mine.to}, w, sum);
      }
      room[place] = sum;
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
  // The same, a task for each column: for tall matrices.
  void add(const Parallel &par, int32_t first, int32_t wave) const {
    parallel_for(par, all.cols, [&](int32_t k, int32_t) {
      for (int32_t place = first == 0 ? 1 : 0; place < wave; ++place)
        accumulate<T>(at(place).columns(k, 1), all.columns(k, 1));
    });
  }
};

// ---- Gram matrices

// G = X'Y with the rows cut into `parts`, each a product of its own.  room: parts - 1 matrices like G.
template <class T>
void gram(const Ops<T> &ops, const Parallel &par, View<T> X, View<T> Y, Mat<T> G, int32_t parts, T *room) {
  const Shares<T> shares{G, room};
  parallel_for(par, parts, [&](int32_t part, int32_t) {
    const Range rows = part_of(X.rows, part, parts);
    ops.tn(X.block(rows.from, 0, rows.size(), X.cols), Y.block(rows.from, 0, rows.size(), Y.cols),
           shares.of(part, part - 1));
  });
  for (int32_t part = 1; part < parts; ++part) accumulate<T>(shares.at(part - 1), G);
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

// |V - W H|^2, entry by entry, of data in memory.  tile(worker): Operand<T>::tile_elements to work in; room: most_parts
// numbers.
template <class T, class Tile>
double residual_squares(const Ops<T> &ops, const Parallel &par, const Operand<T> &V, View<T> W, View<T> H, double *room,
                        const Tile &tile) {
  const int32_t parts = parts_for(V.cols(), 8, most_parts);
  return sum_of_parts(par, parts, room, [&](int32_t part, int32_t worker) {
    const Range cols = part_of(V.cols(), part, parts);
    return V.residual(ops, cols.from, cols.size(), W, H, tile(worker));
  });
}

}  // namespace orthant
