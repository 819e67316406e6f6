// The workspace of NMF, and how its work is cut: by shapes alone.
#include "nmf.hpp"

namespace orthant {
namespace {

constexpr int32_t sparse_sweeps = 4;  // of E-HALS: with few nonzeros a sweep costs more than the products with V
constexpr size_t panel_bytes = small_target ? 4096 : 256 * 1024;
constexpr int32_t panel_most = small_target ? 16 : 256;

// Columns whose share of V stays in the second cache, but not fewer than the rank: each panel reads all of W, which
// should not cost more than reading the panel.
int32_t panel_width(const NmfConfig &c, size_t element) {
  const int32_t cols = max_of(c.cols, 1);  // an empty share is one panel without columns
  if (c.sparse()) return min_of(cols, nmf_row_block);
  const size_t column = size_t(c.rows) * element;
  const int32_t fit = int32_t(min_of(panel_bytes / column, size_t(panel_most))) / 4 * 4;
  const int32_t least = small_target ? 4 : max_of(16, min_of(256, (c.rank + 3) / 4 * 4));
  return min_of(cols, max_of(fit, least));
}

constexpr int32_t chunk_columns = 128;  // a chunk has so many or, where V has few, four for each component

}  // namespace

// Few enough chunks that adding their shares costs less than the products: a share of B as much as three or four
// columns of V.  Of a long V more, so that a stream holds a wave of them.  Serial: one at a time; else as many as keep
// the workspace near the size of the factors, or as are read at once, but one a worker.
template <class T>
PanelCut Nmf<T>::cut() const {
  const int32_t width = panel_width(c, sizeof(T));
  if (small_target) return {c.cols, width, 1, 1};
  const int32_t at_once = group_columns<T>(c.rows);
  const int32_t pay = max_of(min_of(16, c.cols / (4 * c.rank)), c.cols / chunk_columns);
  const int32_t most = c.sparse() || c.cols == 0 ? most_chunks : max_of(most_chunks, ceil_div(c.cols, at_once));
  const int32_t chunks = max_of(1, min_of(most, min_of(ceil_div(c.cols, width), pay)));
  PanelCut cut{c.cols, width, chunks, 1};
  const double rank = c.rank, rows = c.sparse() ? rank : c.rows;  // sparse: they share only S
  double wave = max_of(double(4 << 20) / sizeof(T), rank * (double(c.rows) + c.cols) / 2) / (rank * rows);
  if (c.data == Kind::stream) wave = min_of(wave, 2.0 * at_once * chunks / c.cols);
  if (c.par.workers > 1) cut.wave = max_of(min_of(chunks, c.par.workers), int32_t(min_of(double(chunks), wave)));
  if (c.data == Kind::stream) cut.hold(at_once);
  return cut;
}

// The columns for |V - W H|^2 entry by entry, which nothing is shared of.
template <class T>
PanelCut Nmf<T>::residual_cut() const {
  PanelCut cut = this->cut();
  if (small_target) return cut;
  const int32_t least = c.cols == 0 ? 0 : ceil_div(c.cols, group_columns<T>(c.rows));
  cut.chunks = parts_for(c.cols, 8, max_of(residual_parts, least));
  cut.wave = min_of(cut.chunks, residual_parts);
  cut.held = 1;
  const int32_t widest = max_of(1, ceil_div(c.cols, cut.chunks));
  if (c.data == Kind::stream) cut.wave = max_of(1, min_of(cut.wave, at_hand() / widest));
  return cut;
}

// Where V is neither so wide that many chunks of columns pay, nor so flat that its rows are few tasks.
template <class T>
Tiles<T> Nmf<T>::tiles() const {
  const bool wide = c.cols >= 16 * chunk_columns && (c.rows < 1024 || c.cols / 64 >= c.rows);
  const bool plain = c.data == Kind::dense || c.data == Kind::stream;
  if (small_target || !plain || wide || c.cols == 0) return {};
  return Tiles<T>::of(c.par, c.rows, c.cols, c.rank, panel_width(c, sizeof(T)));
}

// Columns of a stream that are at hand at a time: those of a pass or of a start, and as many as are read at once.
template <class T>
int32_t Nmf<T>::at_hand() const {
  const Tiles<T> tiles = this->tiles();
  const int32_t by_pass = tiles.group > 0 ? tiles.read_columns() : cut().widest_group();
  return min_of(c.cols, max_of(max_of(by_pass, candidates()), group_columns<T>(c.rows)));
}

template <class T>
int32_t Nmf<T>::candidates() const { return min_of(c.all_cols(), max_of(100, 2 * c.rank)); }

template <class T>
void Nmf<T>::worker_layout(Carver &carve, NmfWorker<T> &w) const {
  const int32_t width = cut().width, p = max_of(width, min_of(nmf_row_block, c.rows)), r = c.rank;
  const auto matrix = [&](bool needed, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(needed ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  const bool proximal = half() == Half::bpp && c.overlap();
  w.F = matrix(true, p, r);
  w.X = matrix(true, p, r);
  w.Xt = matrix(c.masked(), r, p);
  w.P = matrix(c.masked(), c.rows, width);
  w.Q = matrix(proximal, p, r);
  const int32_t tile = c.start == NmfStart::sub ? nmf_row_block * coarse_columns : Operand<T>::tile_elements;
  w.tile = carve.take<T>(size_t(tile));
  w.nnls.layout(carve, half(), r, p);
}

template <class T>
void Nmf<T>::layout(Carver &carve, NmfBlocks<T> &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  const size_t sm = size_t(m), sr = size_t(r);
  const PanelCut columns = cut();
  const auto matrix = [&](bool needed, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(needed ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  const bool dual = c.method == NmfMethod::aoadmm;
  carve.take<Nmf<T>>(1);
  b.of_all = carve.take<double>(c.reduce.room());
  // Spread over processes, B, S and in f64 the sums of a pass lie side by side, and are added up together.
  const bool together = c.reduce.active();
  b.B = {carve.take<T>(together ? sm + sr + spread_numbers : sm, sr), m, r, m};
  b.Bt = {b.B.data, r, m, r};
  b.Wt = matrix(c.sparse(), r, m);
  b.Ft = matrix(c.sparse(), r, n);
  b.S = together ? Mat<T>{b.B.data + sm * sr, r, r, r} : matrix(true, r, r);
  b.G = matrix(true, r, r);
  b.Wy = matrix(c.extrapolates(), m, r);
  b.Hy = matrix(c.extrapolates(), n, r);
  b.dual_w = matrix(dual, m, r);
  b.dual_h = matrix(dual, n, r);
  b.kept_W = matrix(!c.only_starts && !c.fixed_w, m, r);
  b.kept_H = matrix(!c.only_starts, c.extrapolates() ? n : r, c.extrapolates() ? r : n);
  b.plan_w.layout(carve, half(), r);
  b.plan_h.layout(carve, half(), r);
  b.plan_w.max_iter = b.plan_h.max_iter = 30 * r;
  b.plan_w.inner_tol = b.plan_h.inner_tol = T(c.inner_tol);
  b.tiles = tiles();
  const bool tiled = b.tiles.group > 0, shared = columns.chunks > 1 && !c.sparse() && !tiled;
  const int32_t parts = max_of(gram_parts(m, r), gram_parts(n, r));
  b.share_B = carve.take<T>(shared ? size_t(columns.wave) * sr : 0, sm);
  b.share_S = carve.take<T>(size_t(max_of(parts, columns.wave)) * sr, sr);
  b.sums = carve.take<NmfSums>(size_t(max_of(max_of(columns.wave, b.tiles.group), row_parts())));
  b.squares = carve.take<double>(size_t(residual_parts));
  b.tiles.layout(carve, c.par);
  start_layout(carve, b);
  if (c.data == Kind::stream) b.stream.layout(carve, m, at_hand(), c.par.workers);
  if (c.data == Kind::csc) b.scatter.layout(carve, n, m, r, c.par.workers);
  if (c.data == Kind::csr) b.scatter.layout(carve, m, n, r, c.par.workers);
  b.relaxed = carve.take<T>(c.schedule ? sr : 0);
  b.scratch.layout(carve, c.par.workers, [this](Carver &one, NmfWorker<T> &w) { worker_layout(one, w); });
}

template <class T>
ORTHANT_OWN_FRAME size_t Nmf<T>::bytes() const {
  return bytes_of([this](Carver &carve) {
    NmfBlocks<T> blocks;
    layout(carve, blocks);
  });
}

// What the start needs, and no iteration.
template <class T>
void Nmf<T>::start_layout(Carver &carve, NmfBlocks<T> &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  auto &start = b.start;
  const bool rough = c.start == NmfStart::rough;
  if (needs_svd(c.start)) start.svd.layout(carve, m, n, min_of(r, min_of(m, n)), c.par.workers, rough ? 4 : 8);
  start.transposed = carve.take<T>(rough && c.sparse() ? size_t(start.svd.block) : 0, size_t(m) + size_t(n));
  const int32_t all = c.start == NmfStart::spa ? n : 0, some = c.start == NmfStart::spas ? candidates() : 0;
  const int32_t there = c.reduce.active() && c.start == NmfStart::cols ? candidates() : 0;  // which are not zero
  start.norms = carve.take<T>(size_t(all) + size_t(some) + size_t(there));
  start.first = carve.take<T>(size_t(all) + size_t(some));
  start.chosen = carve.take<int32_t>(size_t(r));
  const bool sampled = c.start == NmfStart::sub;
  const Nmf part = sampled ? coarse() : Nmf{};
  const int32_t rows = part.c.rows, cols = part.c.cols;
  start.candidates = carve.take<int32_t>(size_t(max_of(candidates(), rows + cols)));
  // The sample, and H' in its place.
  start.sample = {carve.take<T>(size_t(max_of(rows, sampled ? r : 0)), size_t(cols)), rows, cols, rows};
  start.W = {carve.take<T>(size_t(rows), size_t(r)), rows, r, rows};
  start.H = {carve.take<T>(size_t(cols), size_t(r)), r, cols, r};
  start.solver = carve.take<unsigned char>(sampled ? part.bytes() : 0);
}

// Inner steps of a half step over `problems` problems of `length` equations.  Sweeps cost r^2 a problem, the data
// product 2 length r: repeating while the Gram matrix is at hand is nearly free where the data pass dominates.
template <class T>
int32_t Nmf<T>::sweeps(int32_t problems, int32_t length) const {
  if (c.sweeps > 0) return c.sweeps;
  // [Gillis, Glineur 2012]: 1 + alpha rho sweeps, rho = 1 + (data pass) / (one sweep), alpha = 1/2
  // (algorithms.md, "HALS").
  const double m = length, n = problems, r = c.rank;
  const double rho = 1 + (m * n + m * r) / (n * r + n);
  const int32_t by_flops = int32_t(min_of(1 + 0.5 * rho, 100.0));
  switch (c.method) {
    case NmfMethod::ehals:  // alpha = 1; more than 8 where V is beyond the second cache, and its pass takes longer
      if (c.sparse()) return sparse_sweeps;
      if (few_sweeps > 0) return few_sweeps;
      return int32_t(max_of(8.0, min_of(min_of(1 + rho, 200 / r), min_of(m * n / 65536, 20.0))));
    case NmfMethod::ahals: return by_flops;
    case NmfMethod::aoadmm: return 10;
    case NmfMethod::pg: return max_of(1, min_of(by_flops, 10));
    default: return 1;
  }
}

#define INSTANTIATE(T)                                                          \
  template PanelCut Nmf<T>::cut() const;                                        \
  template PanelCut Nmf<T>::residual_cut() const;                               \
  template Tiles<T> Nmf<T>::tiles() const;                                      \
  template int32_t Nmf<T>::candidates() const;                                  \
  template int32_t Nmf<T>::sweeps(int32_t, int32_t) const;                      \
  template void Nmf<T>::worker_layout(Carver &, NmfWorker<T> &) const;          \
  template void Nmf<T>::layout(Carver &, NmfBlocks<T> &) const;                 \
  template size_t Nmf<T>::bytes() const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
