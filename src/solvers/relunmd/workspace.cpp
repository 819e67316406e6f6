// The workspace of a ReLU decomposition, and how its work is cut: by shapes alone.
#include "relu_nmd.hpp"

namespace orthant {
namespace {

constexpr size_t tile_bytes = small_target ? 2048 : 50 * 1024;  // of M; three of Z and of T stay in the second cache

}  // namespace

// A panel has no fewer columns than the rank, as each reads all of U.  Chunks are few enough that adding their shares
// of B costs less than the products.  Each chunk under way has a share of its own: all at once where that is small,
// otherwise one a worker.
template <class T>
PanelCut ReluNmd<T>::cut() const {
  const size_t bytes = (by_tiles() ? 3 : 2) * tile_bytes;
  const int32_t fitting = int32_t(min_of(bytes / (size_t(height()) * sizeof(T)), size_t(256))) / 4 * 4;
  const int32_t least = small_target ? 4 : max_of(16, min_of(64, (c.rank + 3) / 4 * 4));
  const int32_t panel = min_of(width(), max_of(fitting, least));
  const int32_t pay = max_of(min_of(16, width() / 32), width() / 128);
  const int32_t chunks = max_of(1, min_of(relu_parts, min_of(ceil_div(width(), panel), pay)));
  if (c.par.workers <= 1 || chunks == 1) return {width(), panel, chunks, 1};
  const bool small = size_t(chunks) * size_t(height()) * size_t(c.rank) * sizeof(T) <= (size_t(4) << 20);
  return {width(), panel, chunks, min_of(chunks, small ? chunks : c.par.workers)};
}

template <class T>
int32_t ReluNmd<T>::data_width() const {
  return transposed() ? min_of(c.cols, 16) : cut().width;
}

template <class T>
void ReluNmd<T>::worker_layout(Carver &carve, ReluWorker<T> &w) const {
  const int32_t panel = cut().width, r = c.rank;
  const auto matrix = [&](int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(size_t(rows), size_t(cols)), rows, cols, rows};
  };
  w.data = matrix(c.rows, data_width());
  w.P = matrix(height(), panel);
  w.F = matrix(r, panel);
  w.X = matrix(max_of(panel, min_of(tile_rows, height())), r);
  w.coefficients = matrix(c.history, 1);
}

// The default's two methods follow each other in the same memory.
template <class T>
void ReluNmd<T>::layout(Carver &carve, ReluBlocks<T> &b) const {
  const size_t other = c.opening > 0 ? bytes_of_other_method(b) : 0;
  method_layout(carve, b);
  carve.take<unsigned char>(max_of(carve.used(), other) - carve.used());
}

// A frame of its own, which ends before the layout.  b: to work in.
template <class T>
__attribute__((noinline)) size_t ReluNmd<T>::bytes_of_other_method(ReluBlocks<T> &b) const {
  const bool opens = c.method == ReluMethod::three_block;
  ReluNmd other;
  other.c = c;
  other.c.method = opens ? ReluMethod::quasi_newton : ReluMethod::three_block;
  return bytes_of([&](Carver &measured) { other.method_layout(measured, b); });
}

template <class T>
void ReluNmd<T>::method_layout(Carver &carve, ReluBlocks<T> &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank, tall = height(), wide = width(), full = min_of(m, n);
  const auto matrix = [&](bool needed, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(needed ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  const ReluIteration iteration = c.iteration();
  const bool by_bfgs = iteration == ReluIteration::newton, by_svd = iteration == ReluIteration::svd;
  const bool adapts = c.momentum() == ReluMomentum::adaptive;
  const ReluTriplets triplets = triplets_of(c.start);
  carve.take<ReluNmd<T>>(1);
  b.Z = matrix(!by_bfgs || triplets == ReluTriplets::all, tall, wide);
  b.theta = matrix(by_tiles() || adapts, tall, wide);
  b.change = matrix(c.momentum() == ReluMomentum::change, m, n);
  b.Z_kept = matrix(adapts, m, n);
  b.theta_kept = matrix(adapts, m, n);
  b.B = matrix(by_tiles(), tall, r);
  b.left = matrix(by_tiles(), tall, r);
  b.right = matrix(transposed(), r, wide);
  b.U_before = matrix(!by_bfgs, m, r);
  b.V_before = matrix(!by_bfgs, r, n);
  b.Ut = matrix(!by_svd, r, tall);
  b.S = matrix(true, r, r);
  b.gram = matrix(true, r, r);
  b.by_U = matrix(true, r, r);
  b.by_V = matrix(true, r, r);
  b.factor = matrix(true, r, r);
  const size_t slots = by_bfgs ? size_t(c.history) : 0, vectors = by_bfgs ? 1 : 0;
  const auto vectors_of_factors = [&](size_t count) {
    return carve.take<T>(count * size_t(r), size_t(m) + size_t(n));
  };
  b.gradient = vectors_of_factors(vectors);
  b.trial = vectors_of_factors(vectors);
  b.direction = vectors_of_factors(vectors);
  b.steps = vectors_of_factors(slots);
  b.changes = vectors_of_factors(slots);
  b.products = carve.take<double>(slots, slots);
  b.weights = carve.take<T>(slots);
  b.along = carve.take<double>(slots);
  b.share_along = carve.take<double>(size_t(relu_parts), slots);
  const PanelCut columns = cut();
  b.share_B = carve.take<T>(columns.chunks > 1 ? size_t(columns.wave) * size_t(r) : 0, size_t(tall));
  b.share_S = carve.take<T>(size_t(relu_parts) * size_t(r), size_t(r));
  b.sums = carve.take<ReluSums>(size_t(relu_parts));
  if (by_svd || triplets == ReluTriplets::rank) b.svd.layout(carve, m, n, min_of(r, full), c.par.workers);
  if (triplets == ReluTriplets::all) b.start_svd.layout(carve, m, n, full, c.par.workers);
  b.scratch.layout(carve, c.par.workers, [this](Carver &one, ReluWorker<T> &w) { worker_layout(one, w); });
}

#define INSTANTIATE(T)                                                     \
  template PanelCut ReluNmd<T>::cut() const;                               \
  template int32_t ReluNmd<T>::data_width() const;                         \
  template void ReluNmd<T>::worker_layout(Carver &, ReluWorker<T> &) const; \
  template void ReluNmd<T>::layout(Carver &, ReluBlocks<T> &) const;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
