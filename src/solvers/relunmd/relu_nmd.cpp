#include <initializer_list>

#include "relu_nmd_job.hpp"

namespace orthant {
namespace {
constexpr int32_t row_block = small_target ? 16 : 256;
constexpr size_t tile_bytes = small_target ? 2048 : 50 * 1024;  // of M; three of Z and of T stay in the second cache
}  // namespace

template <class T>
int32_t ReluNmd<T>::panel() const {  // not fewer columns than the rank, as each tile reads all of U
  const size_t bytes = (by_slabs() ? 3 : 2) * tile_bytes;
  const int32_t fit = int32_t(min_of(bytes / (size_t(height()) * sizeof(T)), size_t(256))) / 4 * 4;
  return min_of(width(), max_of(fit, small_target ? 4 : max_of(16, min_of(64, (c.rank + 3) / 4 * 4))));
}

template <class T>
int32_t ReluNmd<T>::piece() const {
  return turned() ? min_of(c.cols, 16) : panel();
}

template <class T>
int32_t ReluNmd<T>::chunks() const {  // few enough that adding their shares of B costs less than the products
  return max_of(1, min_of(max_parts, min_of(ceil_div(width(), panel()), width() / 32)));
}

// Each chunk under way has a share of B of its own: all at once where that is small, otherwise one a worker.
template <class T>
int32_t ReluNmd<T>::wave() const {
  const int32_t n = chunks();
  if (c.par.workers <= 1 || n == 1) return 1;
  const bool small = size_t(n) * size_t(height()) * size_t(c.rank) * sizeof(T) <= (size_t(4) << 20);
  return min_of(n, small ? n : c.par.workers);
}

template <class T>
void ReluNmd<T>::worker_layout(Carver &carve, Worker &w) const {
  const int32_t p = panel(), m = height(), r = c.rank, q = max_of(p, min_of(row_block, c.rows));
  w.data = {carve.take<T>(size_t(c.rows), size_t(piece())), c.rows, piece(), c.rows};
  w.P = {carve.take<T>(size_t(m), size_t(p)), m, p, m};
  w.F = {carve.take<T>(size_t(r), size_t(q)), r, q, r};
  w.X = {carve.take<T>(size_t(q), size_t(r)), q, r, q};
  w.tiny = {carve.take<T>(size_t(c.history) + 1), c.history + 1, 1, c.history + 1};
}

// The default's two methods follow each other in the same memory.
template <class T>
void ReluNmd<T>::layout(Carver &carve, Blocks &b) const {
  place(carve, b);
  if (c.opening == 0) return;
  size_t bytes[2] = {};
  for (const ReluMethod method : {ReluMethod::three_block, ReluMethod::quasi_newton}) {
    ReluNmd one = *this;
    one.c.method = method;
    Carver measure;
    Blocks blocks;
    one.place(measure, blocks);
    if (!measure.total(bytes + (method == c.method))) bytes[0] = SIZE_MAX;
  }
  carve.take<unsigned char>(bytes[0] > bytes[1] ? bytes[0] - bytes[1] : 0);
}

template <class T>
void ReluNmd<T>::place(Carver &carve, Blocks &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  const size_t sm = size_t(m), sn = size_t(n), sr = size_t(r);
  const auto matrix = [&](bool yes, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(yes ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  const bool newton = c.method == ReluMethod::quasi_newton, kept = keeps_z();
  const int32_t tall = height(), wide = width();
  carve.take<ReluNmd<T>>(1);
  b.Z = matrix(streams_z() || c.start == ReluStart::nuclear, tall, wide);
  b.Y = matrix(by_slabs() || kept || moves_z(), tall, wide);
  b.Z_kept = matrix(kept, m, n);
  b.Y_kept = matrix(kept, m, n);
  b.B = matrix(by_slabs(), tall, r);
  b.left = matrix(by_slabs(), tall, r);
  b.right = matrix(turned(), r, wide);
  b.keep_U = matrix(streams_z(), m, r);
  b.keep_V = matrix(streams_z(), r, n);
  b.Ut = matrix(!by_svd(), r, tall);
  b.S = matrix(true, r, r);
  b.gram = matrix(true, r, r);
  b.by_U = matrix(true, r, r);
  b.by_V = matrix(true, r, r);
  b.L = matrix(true, r, r);
  const size_t slots = newton ? size_t(c.history) : 0;
  b.gradient = carve.take<T>(newton ? sm + sn : 0, sr);
  b.trial = carve.take<T>(newton ? sm + sn : 0, sr);
  b.direction = carve.take<T>(newton ? sm + sn : 0, sr);
  b.steps = carve.take<T>(slots * sr, sm + sn);
  b.changes = carve.take<T>(slots * sr, sm + sn);
  b.products = carve.take<double>(slots, slots);
  b.weights = carve.take<T>(slots);
  b.partial_B = carve.take<T>(chunks() > 1 ? size_t(wave()) * sr : 0, size_t(tall));
  b.partial_S = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  b.dots = carve.take<double>(size_t(max_parts) + 1, slots + 1);
  const int32_t full = min_of(m, n);
  if (by_svd() || c.start == ReluStart::tsvd) b.svd.layout(carve, m, n, min_of(r, full), c.par.workers);
  if (c.start == ReluStart::nuclear) b.start_svd.layout(carve, m, n, full, c.par.workers);
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

// G = X'X, by columns of G.
template <class T>
void ReluNmd<T>::Job::gram(View<T> X, Mat<T> G) const {
  constexpr int32_t piece = 16;
  parallel_for(s.c.par, ceil_div(X.cols, piece), [&](int32_t t, int32_t) {
    const int32_t j = t * piece, n = min_of(piece, X.cols - j);
    ops.tn(X, X.columns(j, n), G.columns(j, n));
  });
}

template <class T>
void ReluNmd<T>::Job::turn(View<T> u) const {
  parallel_for(s.c.par, ceil_div(u.rows, row_block), [&](int32_t t, int32_t) {
    const int32_t i = t * row_block, n = min_of(row_block, u.rows - i);
    transpose<T>(u.block(i, 0, n, u.cols), b.Ut.columns(i, n));
  });
}

// C = (G + ridge I)^-1, with the smallest further ridge that it needs (spec, section 1.1).
template <class T>
void ReluNmd<T>::Job::inverse(View<T> G, double ridge, Mat<T> C) const {
  const int32_t r = rank();
  copy<T>(G, b.gram);
  for (int32_t k = 0; k < r; ++k) b.gram(k, k) += T(ridge);
  cholesky(r, b.gram.data, b.gram.ld, nullptr, b.L.data, b.L.ld);
  lower_inverse(r, b.L.data, b.L.ld, b.gram.data, b.gram.ld);
  ops.tn(b.gram, b.gram, C);
}

// X <- share A C + (1 - share) X, by blocks of rows.
template <class T>
void ReluNmd<T>::Job::share_rows(View<T> A, View<T> C, T share, Mat<T> X) const {
  parallel_for(s.c.par, ceil_div(A.rows, row_block), [&](int32_t t, int32_t index) {
    const Worker w = worker(index);
    const int32_t i = t * row_block, n = min_of(row_block, A.rows - i);
    const Mat<T> x = X.block(i, 0, n, C.cols), to = share == T(1) ? x : top(w.X, n, C.cols);
    ops.nn(A.block(i, 0, n, A.cols), C, to);
    for (int32_t k = 0; k < C.cols; ++k)
      for (int32_t q = 0; q < n; ++q)
        x(q, k) = no_denormal(share == T(1) ? x(q, k) : x(q, k) + share * (to(q, k) - x(q, k)));
  });
}

template <class T>
void ReluNmd<T>::Job::set(Report &r) const {
  r.objective = s.objective;
  r.rel_error = s.norm2 > 0 ? sqrt_of(s.error2) / sqrt_of(s.norm2) : 0;
}

// ---- the start

namespace {

template <class T>
bool all_finite(View<T> X) {
  for (int32_t k = 0; k < X.cols; ++k)
    for (int32_t i = 0; i < X.rows; ++i)
      if (!is_finite(X(i, k))) return false;
  return true;
}

constexpr double svd_accuracy(size_t size) { return size == 4 ? 1e-6 : 1e-12; }

}  // namespace

template <class T>
Status ReluNmd<T>::Job::begin(ReluStart start) {
  const ReluConfig &config = s.c;
  const int32_t m = config.rows, n = config.cols, r = rank();
  const Rng rng(config.seed, 0x52454C55);
  double squares = 0;
  if (!M.scan(ops, 0, n, true, &squares)) return E_DATA;
  // With room for products and for momentum on them.
  if (!is_finite(T(squares * 0x1p20))) return E_DATA;
  if (start == ReluStart::given && !(all_finite<T>(U) && all_finite<T>(V))) return E_DATA;
  s.norm2 = squares;
  s.outer = OuterState{};
  s.started = 0;
  const int32_t k = min_of(r, min_of(m, n));
  if (start == ReluStart::tsvd) {
    b.svd.run(ops, config.par, M, nullptr, k, config.seed, T(svd_accuracy(sizeof(T))));
    take_svd(b.svd, U, V);
  } else if (start == ReluStart::nuclear) {
    nuclear(rng);
    take_svd(b.start_svd, U, V);
  } else if (start == ReluStart::random) {
    const double scale = sqrt_of(sqrt_of(squares / m / n / r));
    for (int32_t j = 0; j < r; ++j)
      for (int32_t i = 0; i < m; ++i) U(i, j) = T(scale * rng.normal(uint64_t(j) * uint64_t(m) + uint64_t(i)));
    const Rng other(config.seed, 0x52454C56);
    for (int32_t j = 0; j < n; ++j)
      for (int32_t i = 0; i < r; ++i) V(i, j) = T(scale * other.normal(uint64_t(j) * uint64_t(r) + uint64_t(i)));
  }
  if (!s.streams_z()) begin_quasi_newton();
  else if (s.by_svd()) begin_projections();
  else begin_three_block();
  if (!is_finite(s.objective)) return E_DATA;
  s.outer.first = s.outer.last = s.objective;
  s.started = 1;
  return OK;
}

// Three subgradient steps on the nuclear norm of Z over max(0, Z) = M (spec, section 6), from a random Z.
// Differs: the random entries and the step have the scale of the data, so that c M starts at c times the start of M.
template <class T>
void ReluNmd<T>::Job::nuclear(const Rng &rng) {
  const int32_t m = s.c.rows, n = s.c.cols, full = min_of(m, n);
  const Mat<T> Z{b.Z.data, m, n, m};  // as M lies, whatever the method makes of it later
  T highest = 0;
  for (int32_t j = 0, p = s.piece(); j < n; j += p) {
    const Mat<const T> tile = M.panel(j, min_of(p, n - j), worker(0).data);
    for (int32_t q = 0; q < tile.cols; ++q)
      for (int32_t i = 0; i < m; ++i) {
        highest = max_of(highest, tile(i, q));
        Z(i, j + q) = T(rng.normal(uint64_t(j + q) * uint64_t(m) + uint64_t(i)));
      }
  }
  if (!(highest > T(0))) highest = T(1);
  const auto project = [&](T scale) {
    by_columns_of_data([&](int32_t j, Mat<const T> tile) {
      for (int32_t q = 0; q < tile.cols; ++q)
        for (int32_t i = 0; i < m; ++i) {
          T &z = Z(i, j + q);
          z = tile(i, q) > T(0) ? tile(i, q) : min_of(T(0), scale * z);
        }
    });
  };
  project(highest);
  double step = double(highest), last = 0;
  for (int32_t k = 0; k <= 3; ++k) {
    b.start_svd.run(ops, s.c.par, Operand<T>(Mat<const T>(Z)), nullptr, full, s.c.seed, T(svd_accuracy(sizeof(T))));
    if (k == 3) break;
    double norm = 0;
    for (int32_t i = 0; i < full; ++i) norm += double(b.start_svd.s[i]);
    step *= k > 0 && norm < last ? 1.2 : 0.7;
    last = norm;
    // Z -= step U V', by tiles of columns
    by_columns_of_data([&](int32_t j, Mat<const T> tile) {
      for (int32_t q = 0; q < tile.cols; ++q) {
        T *z = Z.col(j + q);
        for (int32_t l = 0; l < full; ++l) {
          const T weight = T(step) * b.start_svd.V(j + q, l);
          const T *u = b.start_svd.U.col(l);
          for (int32_t i = 0; i < m; ++i) z[i] -= weight * u[i];
        }
      }
    });
    project(T(1));
  }
}

template <class T>
bool ReluNmd<T>::Job::step(bool, Report &r) {
  const double objective = s.objective, error2 = s.error2;
  const int32_t relaxed = s.relaxed;
  if (s.opening && s.outer.iters >= s.c.opening) end_opening();
  if (s.streams_z()) {
    parallel_copy(U, b.keep_U);
    parallel_copy(V, b.keep_V);
    s.by_svd() ? projections() : three_block();
  } else {
    quasi_newton();
  }
  if (s.opening && !(s.objective < objective && is_finite(s.error2))) {
    parallel_copy(b.keep_U, U);
    parallel_copy(b.keep_V, V);
    end_opening();
    quasi_newton();
  }
  set(r);
  if (is_finite(s.objective) && is_finite(s.error2)) return true;
  // Overflow: back to the last finite iterate, from which another run starts anew.  A line search never left it.
  if (s.streams_z()) copy<T>(b.keep_U, U), copy<T>(b.keep_V, V);
  else if (s.relaxed > relaxed) copy<T>(u_of(b.trial), U), copy<T>(v_of(b.trial), V);
  s.objective = objective, s.error2 = error2, s.started = 0;
  return false;
}

// From momentum to quasi-Newton, at the U and V of now.
template <class T>
void ReluNmd<T>::Job::end_opening() {
  s.opening = 0;
  s.c.method = ReluMethod::quasi_newton;
  carve.again();
  s.layout(carve, b);
  begin_quasi_newton();
  s.relaxed = -1;
}

template <class T>
void ReluNmd<T>::open() {
  opening = c.opening > 0;
  if (opening) c.method = ReluMethod::three_block;
}

template <class T>
Status ReluNmd<T>::start(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V) {
  open();
  Carver carve(base);
  Job job(*this, carve, M, U, V);
  return job.begin(c.start);
}

template <class T>
Status ReluNmd<T>::run(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V, Report *report) {
  if (!started) open();
  Carver carve(base);
  Job job(*this, carve, M, U, V);
  if (!started)
    if (const Status st = job.begin(ReluStart::given); st != OK) return st;
  Report r;
  job.set(r);
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct ReluNmd<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
