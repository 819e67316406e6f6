#include "nmf.hpp"

#include <string.h>

namespace orthant {
namespace {
constexpr int32_t row_block = small_target ? 16 : 256;  // problems of one task in the half step for W
constexpr int32_t coarse_tile = 32;                     // sampled columns that a block of rows is multiplied with at a time
constexpr double middle_most = 1 << 18, coarse_most = 24000;  // entries of a sample: one of several, and the smallest
constexpr size_t panel_bytes = small_target ? 4096 : 256 * 1024;
}  // namespace

template <class T>
Half Nmf<T>::half() const {
  switch (c.method) {
    case NmfMethod::anls: return Half::bpp;
    case NmfMethod::aoadmm: return Half::admm;
    case NmfMethod::pg: return Half::pg;
    case NmfMethod::mu: return Half::mu;
    default: return Half::hals;
  }
}

// Inner steps of a half step over `problems` problems of `length` equations.  Sweeps cost r^2 a problem, the data
// product 2 length r: repeating while the Gram matrix is at hand is nearly free where the data pass dominates.
template <class T>
int32_t Nmf<T>::sweeps(int32_t problems, int32_t length) const {
  if (c.sweeps > 0) return c.sweeps;
  // [Gillis, Glineur 2012], spec 1.4: 1 + alpha rho sweeps, rho = 1 + (data pass) / (one sweep), alpha = 1/2.
  const double m = length, n = problems, r = c.rank;
  const double rho = 1 + (m * n + m * r) / (n * r + n);
  const int32_t by_flops = int32_t(min_of(1 + 0.5 * rho, 100.0));
  switch (c.method) {
    case NmfMethod::ehals:  // alpha = 1; more than 8 where V is beyond the second cache, and its pass takes longer
      return int32_t(max_of(8.0, min_of(1 + rho, min_of(m * n / 65536, 20.0))));
    case NmfMethod::ahals: return by_flops;
    case NmfMethod::aoadmm: return 10;
    case NmfMethod::pg: return max_of(1, min_of(by_flops, 10));
    default: return 1;
  }
}

bool is_sparse(const NmfConfig &c) { return c.data == Kind::csc || c.data == Kind::csr; }
bool is_masked(const NmfConfig &c) { return c.data == Kind::masked; }

template <class T>
int32_t Nmf<T>::panel() const {  // columns whose share of V stays in the second cache, but not fewer than the rank:
  // each panel reads all of W, which should not cost more than reading the panel
  if (is_sparse(c)) return min_of(c.cols, row_block);
  const size_t column = size_t(c.rows) * sizeof(T);
  const int32_t fit = int32_t(min_of(panel_bytes / column, size_t(row_block))) / 4 * 4;
  return min_of(c.cols, max_of(fit, small_target ? 4 : max_of(16, min_of(256, (c.rank + 3) / 4 * 4))));
}

template <class T>
int32_t Nmf<T>::chunks() const {  // by shape alone; few enough that adding their shares of B costs less than the products
  return max_of(1, min_of(max_parts, min_of(ceil_div(c.cols, panel()), c.cols / (4 * c.rank))));
}

// Each chunk under way has a share of B of its own.  Serial: one at a time; else all at once where that is small, and
// otherwise one a worker, so that the workspace stays near the size of the factors.
template <class T>
int32_t Nmf<T>::wave() const {
  const int32_t n = chunks();
  if (c.par.workers <= 1 || n == 1) return 1;
  if (is_sparse(c)) return n;  // they share only S
  const bool small = size_t(n) * size_t(c.rows) * size_t(c.rank) * sizeof(T) <= (size_t(4) << 20);
  return min_of(n, small ? n : c.par.workers);
}

template <class T>
int32_t Nmf<T>::sample() const { return min_of(c.cols, max_of(100, 2 * c.rank)); }

// The smallest sample grows with the square root of the entries, so that its price stays a fraction of one pass over V.
// It has more rows than columns, as W for all rows costs in proportion to these.  4 rank a side keep the factors well
// determined; and nearly all rows are all rows, whose W needs no extension.
template <class T>
Nmf<T> Nmf<T>::coarse() const {
  Nmf fresh{};
  const double entries = double(c.rows) * double(c.cols);
  const bool middle = c.outer.max_iter >= brief_run && coarse_pays(entries / 8, c.rank) && entries >= schedule_many;
  const double area = middle ? min_of(entries / 8, middle_most) : min_of(13 * sqrt_of(entries), coarse_most);
  const int32_t least = int32_t(min_of(int64_t(4) * c.rank, int64_t(INT32_MAX)));
  const auto side = [&](double wanted, int32_t most) { return min_of(most, max_of(least, int32_t(wanted))); };
  int32_t m = side(sqrt_of(middle ? area : area / 0.6), c.rows);
  if (m >= c.rows / 5 * 4) m = c.rows;
  const int32_t n = side(area / m, c.cols);
  if (n == c.cols) m = side(area / n, c.rows);
  fresh.c.rows = m, fresh.c.cols = n, fresh.c.rank = c.rank;
  fresh.c.seed = c.seed;
  fresh.c.outer.max_iter = coarse_iterations;
  if (middle) fresh.c.start = NmfStart::sub;
  else fresh.c.schedule = c.schedule || small_target ? c.schedule : schedule_default;
  return fresh;
}

template <class T>
void Nmf<T>::worker_layout(Carver &carve, Worker &w) const {
  const int32_t p = max_of(panel(), min_of(row_block, c.rows));
  const size_t n = size_t(c.rank), q = size_t(p);
  w.F = {carve.take<T>(n, q), p, c.rank, p};
  w.X = {carve.take<T>(n, q), p, c.rank, p};
  const bool prox = half() == Half::bpp && c.ortho_w + c.ortho_h > 0;
  w.t = {carve.take<T>(is_masked(c) ? n : 0, q), c.rank, p, c.rank};
  w.P = {carve.take<T>(is_masked(c) ? size_t(c.rows) : 0, size_t(panel())), c.rows, panel(), c.rows};
  w.Q = {carve.take<T>(prox ? n : 0, q), p, c.rank, p};
  w.tile = carve.take<T>(size_t(c.start == NmfStart::sub ? row_block * coarse_tile : Operand<T>::tile_elements));
  w.scratch.layout(carve, half(), c.rank, p);
}

template <class T>
void Nmf<T>::layout(Carver &carve, Blocks &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  const size_t sm = size_t(m), sn = size_t(n), sr = size_t(r);
  const bool extrapolate = c.method == NmfMethod::ehals, dual = c.method == NmfMethod::aoadmm;
  const auto wants = [&](bool yes, size_t count) { return yes ? count : 0; };
  carve.take<Nmf<T>>(1);
  b.B = {carve.take<T>(sm, sr), m, r, m};
  b.Bt = {b.B.data, r, m, r};
  b.Wt = {carve.take<T>(wants(is_sparse(c), sm), sr), r, m, r};
  b.Ft = {carve.take<T>(wants(is_sparse(c), sn), sr), r, n, r};
  b.S = {carve.take<T>(sr, sr), r, r, r};
  b.G = {carve.take<T>(sr, sr), r, r, r};
  b.Wy = {carve.take<T>(wants(extrapolate, sm), sr), m, r, m};
  b.Hy = {carve.take<T>(wants(extrapolate, sn), sr), n, r, n};
  b.dual_w = {carve.take<T>(wants(dual, sm), sr), m, r, m};
  b.dual_h = {carve.take<T>(wants(dual, sn), sr), n, r, n};
  b.keep_W = {carve.take<T>(wants(!c.only_starts && !c.fixed_w, sm), sr), m, r, m};
  b.keep_H = {carve.take<T>(wants(!c.only_starts, sn), sr), r, n, r};
  b.w.layout(carve, half(), r);
  b.h.layout(carve, half(), r);
  b.w.max_iter = b.h.max_iter = 30 * r;
  b.partial_B = carve.take<T>(wants(chunks() > 1 && !is_sparse(c), size_t(wave()) * sr), sm);
  b.partial_S = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  const bool svd = c.start == NmfStart::nndsvd || c.start == NmfStart::nndsvda || c.start == NmfStart::nndsvdar;
  if (svd) b.svd.layout(carve, m, n, min_of(r, min_of(m, n)));
  const size_t list = c.start == NmfStart::spa ? sn : c.start == NmfStart::spas ? size_t(sample()) : 0;
  b.norms = carve.take<T>(list);
  b.first = carve.take<T>(list);
  b.chosen = carve.take<int32_t>(sr);
  const bool sub = c.start == NmfStart::sub;
  const Nmf part = sub ? coarse() : Nmf{};
  const int32_t bm = part.c.rows, bn = part.c.cols;
  b.list = carve.take<int32_t>(size_t(max_of(sample(), bm + bn)));
  b.block = {carve.take<T>(size_t(max_of(bm, sub ? r : 0)), size_t(bn)), bm, bn, bm};  // then H' in its place
  b.block_W = {carve.take<T>(size_t(bm), sr), bm, r, bm};
  b.block_H = {carve.take<T>(size_t(bn), sr), r, bn, r};
  size_t coarse_bytes = 0;
  if (sub) {
    Carver one;
    Blocks inner_blocks;
    part.layout(one, inner_blocks);
    if (!one.total(&coarse_bytes)) coarse_bytes = SIZE_MAX / 4;
  }
  b.coarse = carve.take<unsigned char>(coarse_bytes);
  b.relaxed = carve.take<T>(c.schedule ? sr : 0);
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

// One call: the data, the factors, the blocks found in the workspace.
template <class T>
struct Nmf<T>::Job {
  Nmf &s;
  const Operand<T> &V;
  Mat<T> W, H;
  Blocks b;
  Ops<T> ops;
  bool extrapolate, sparse, masked, scheduled = false;
  int64_t end = -1;  // iterations when this call ends

  Job(Nmf &solver, Carver &carve, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), V(data), W(w), H(h), extrapolate(solver.c.method == NmfMethod::ehals), sparse(is_sparse(solver.c)),
        masked(is_masked(solver.c)) {
    s.layout(carve, b);
  }
  int32_t rank() const { return s.c.rank; }
  Worker worker(int32_t index) const {
    Carver carve(b.worker + b.worker_bytes * size_t(index));
    Worker w;
    s.worker_layout(carve, w);
    return w;
  }
  static Mat<T> top(Mat<T> A, int32_t rows, int32_t cols) { return {A.data, rows, cols, A.ld}; }
  Mat<T> part_S(int32_t i) const {
    const int32_t r = rank();
    return {b.partial_S + ptrdiff_t(i) * r * r, r, r, r};
  }

  // G = X'X, rows cut into parts by their number alone.
  void gram(View<T> X, Mat<T> G) const {
    const int32_t parts = max_of(1, min_of(max_parts, X.rows / 1024));
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t) {
      const int32_t from = int32_t(int64_t(X.rows) * i / parts), to = int32_t(int64_t(X.rows) * (i + 1) / parts);
      const Mat<const T> x = X.block(from, 0, to - from, X.cols);
      ops.tn(x, x, part_S(i));
    });
    copy<T>(part_S(0), G);
    for (int32_t i = 1; i < parts; ++i) accumulate<T>(part_S(i), G);
  }

  // Sum over components of |projected gradient of X_k|^2 / weight_k, gradient D = X G - F, less what `prepare` added.
  double projected(View<T> X, View<T> F, Mat<T> D, const NnlsPlan<T> &plan, T prox) const {
    ops.nn(X, plan.gram(), D);
    double sum = 0;
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *x = X.col(k), *f = F.col(k), *d = D.col(k);
      const T scale = sqrt_of(plan.inv[k]);  // before squaring: then the squares are of the size of |V|^2
      T squares = 0;
      for (int32_t j = 0; j < X.rows; ++j) {
        const T g = (d[j] - f[j] - prox * x[j]) * scale, p = x[j] > T(0) ? g : min_of(g, T(0));
        squares += p * p;
      }
      sum += double(squares);
    }
    return sum;
  }

  void improve(const NnlsPlan<T> &plan, T added, View<T> F, Mat<T> X, Mat<T> U, int32_t steps, Worker &w) const {
    if (s.c.method == NmfMethod::ahals)
      return hals_until(ops, plan, F, X, steps, Mat<T>{w.scratch.D.data, X.rows, X.cols, w.scratch.D.ld});
    const Mat<T> Q = top(w.Q, F.rows, F.cols);
    for (int32_t k = 0; added > T(0) && k < F.cols; ++k)
      for (int32_t j = 0; j < F.rows; ++j) Q(j, k) = F(j, k) + added * X(j, k);
    nnls_block(ops, plan, added > T(0) ? View<T>(Q) : F, X, U, steps, w.scratch);
  }

  // ---- penalties: l1 sum(X) + l2/2 |X|^2 + ortho sum_{k<l} x_k'x_l, of either factor

  struct Penalty {
    T l1, l2, ortho;
    bool any() const { return l1 > T(0) || l2 > T(0) || ortho > T(0); }
  };
  Penalty penalty_w() const { return {T(s.c.l1_w), T(s.c.l2_w), T(s.c.ortho_w)}; }
  Penalty penalty_h() const { return {T(s.c.l1_h), T(s.c.l2_h), T(s.c.ortho_h)}; }

  // Differs: 1 1' - I is indefinite.  An exact step minimises with 1 1' and ortho/2 |X - X_before|^2 instead, which is
  // convex, descends, and has the same fixed points: what it adds to the diagonal of the Gram matrix.
  T prox(const Penalty &p) const { return s.half() == Half::bpp ? p.ortho : T(0); }

  // The plan's Gram matrix: that of the other factor, and the quadratic penalties of this one.
  void prepare(NnlsPlan<T> &plan, View<T> gram, const Penalty &p) const {
    const T diagonal = p.l2 + prox(p);
    for (int32_t k = 0; k < gram.cols; ++k)
      for (int32_t l = 0; l < gram.rows; ++l) plan.gram()(l, k) = gram(l, k) + (k == l ? diagonal : p.ortho);
    Worker w = worker(0);
    plan.prepare(T(s.c.rho), w.scratch);
  }
  // Value of the quadratic penalties, from the Gram matrix of the factor.
  static double quadratic(const Penalty &p, View<T> gram) {
    if (!(p.l2 > T(0)) && !(p.ortho > T(0))) return 0;
    double sum = 0;
    for (int32_t k = 0; k < gram.cols; ++k)
      for (int32_t l = 0; l < gram.rows; ++l) sum += double(k == l ? p.l2 : p.ortho) * double(gram(l, k));
    return 0.5 * sum;
  }
  static double linear(const Penalty &p, View<T> X) {
    double sum = 0, part[8] = {};  // of eight rows: one chain of additions would cost a tenth of an iteration
    if (!(p.l1 > T(0))) return 0;
    for (int32_t k = 0; k < X.cols; ++k) {
      int32_t i = 0;
      for (; i + 8 <= X.rows; i += 8)
        for (int32_t l = 0; l < 8; ++l) part[l] += double(X(i + l, k));
      for (; i < X.rows; ++i) sum += double(X(i, k));
    }
    for (const double x : part) sum += x;
    return double(p.l1) * sum;
  }
  // All penalties, of (W or its copy, and H or its): G and S are the Gram matrices of these.
  double penalties(View<T> X, View<T> Y) const {
    return linear(penalty_w(), X) + linear(penalty_h(), Y) + quadratic(penalty_w(), b.G) + quadratic(penalty_h(), b.S);
  }
  static void subtract(T l1, Mat<T> F) {
    if (!(l1 > T(0))) return;
    for (int32_t k = 0; k < F.cols; ++k)
      for (int32_t j = 0; j < F.rows; ++j) F(j, k) -= l1;
  }

  // ---- rows of W, in blocks

  // Sums of body(w, sums, x, f, row) over blocks of rows of X, each with its rows f of B - l1.
  template <class Body>
  Sums each_rows(Mat<T> X, const Body &body) const {
    const int32_t m = X.rows, blocks = ceil_div(m, row_block), parts = max_of(1, min_of(max_parts, blocks));
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t index) {
      Worker w = worker(index);
      Sums sum{};
      const int32_t from = int32_t(int64_t(blocks) * i / parts), to = int32_t(int64_t(blocks) * (i + 1) / parts);
      for (int32_t k = from; k < to; ++k) {
        const int32_t row = k * row_block, p = min_of(row_block, m - row);
        Mat<T> f = b.B.block(row, 0, p, rank());
        if (sparse) {
          f = top(w.F, p, rank());
          transpose<T>(b.Bt.columns(row, p), f);
        }
        body(w, sum, X.block(row, 0, p, rank()), f, row);
      }
      b.sums[i] = sum;
    });
    Sums total{};
    for (int32_t i = 0; i < parts; ++i) {
      total.fx += b.sums[i].fx;
      total.kkt += b.sums[i].kkt;
    }
    return total;
  }

  // The half step for W on its extrapolated copy or in place.  Returns <W, B - l1> of the result, and with check its part
  // of the KKT residual before the step, where the last pass left the iterate.
  double half_w(double *kkt) const {
    const Mat<T> X = extrapolate ? b.Wy : W;
    const int32_t steps = scheduled ? s.pace.w.sweeps : s.sweeps(X.rows, s.c.cols);
    const NnlsPlan<T> plan = relaxed(b.w, s.pace.w.omega);
    const Sums sum = each_rows(X, [&](Worker &w, Sums &part, Mat<T> x, Mat<T> f, int32_t row) {
      if (kkt) part.kkt += projected(x, f, top(w.scratch.D, x.rows, rank()), b.w, prox(penalty_w()));
      improve(plan, prox(penalty_w()), f, x, b.dual_w.block(row, 0, x.rows, rank()), steps, w);
      if (extrapolate) part.fx += inner<T>(x, f);
    });
    if (kkt) *kkt = sum.kkt;
    return sum.fx;
  }
  // The plan with omega / G_kk for 1 / G_kk.
  NnlsPlan<T> relaxed(const NnlsPlan<T> &plan, double omega) const {
    NnlsPlan<T> p = plan;
    if (!scheduled) return p;
    for (int32_t k = 0; k < rank(); ++k) b.relaxed[k] = T(omega) * plan.inv[k];
    p.inv = b.relaxed;
    return p;
  }
  double residual_w() const {
    if (s.c.fixed_w) return 0;
    return each_rows(W, [&](Worker &w, Sums &part, Mat<T> x, Mat<T> f, int32_t) {
      part.kkt += projected(x, f, top(w.scratch.D, x.rows, rank()), b.w, prox(penalty_w()));
    }).kkt;
  }

  // dst = max(0, x + beta (x - old)), then old = x, by rows of `problems`.
  static T extrapolated(T x, T old, T beta) { return max_of(x + beta * (x - old), T(0)); }

  enum Update { none, plain, still, full };  // leave H; HALS sweeps; the method's half step without momentum; with it

  // F = V_J' W - l1 for the panel from j on.  X: its rows of H', by which masked data are completed.
  void panel_f(int32_t j, View<T> Wx, View<T> X, Mat<T> F, const Mat<T> &t, const Mat<T> &P, Sums &sum) const {
    switch (s.c.data) {
      case Kind::dense: V.panel_tn(ops, j, F.rows, Wx, F); break;
      case Kind::csc:
      case Kind::csr: transpose<T>(b.Ft.columns(j, F.rows), F); break;
      case Kind::masked:
        transpose<T>(X, t);
        V.complete(ops, j, Wx, t, P, &sum.residual, &sum.completed);
        ops.tn(P, Wx, F);
        break;
    }
    subtract(penalty_h().l1, F);
  }
  // B += V_J X for the rows X of H' as they are now, or = where the chunk begins.  moved: since panel_f.
  void panel_b(int32_t j, View<T> Wx, View<T> X, Mat<T> B, bool begins, bool moved, const Mat<T> &t, const Mat<T> &P,
               Sums &sum) const {
    switch (s.c.data) {
      case Kind::dense: return V.panel_nn(ops, j, X.rows, X, B, !begins);
      case Kind::csc:
      case Kind::csr: return extrapolate ? transpose<T>(X, b.Ft.columns(j, X.rows)) : void();  // B after all panels
      case Kind::masked:
        if (moved) {
          transpose<T>(X, t);
          V.complete(ops, j, Wx, t, P, &sum.residual, &sum.completed);
        }
        return ops.nn(P, X, B, !begins);
    }
  }

  // The pass.  scan: check V and sum |V|^2.  kkt: this side's part, after the step (extrapolated or masked: before it).
  bool pass(Update update, int32_t plain_sweeps, bool scan, double *fx, double *kkt) {
    const int32_t n = s.c.cols, r = rank(), width = s.panel();
    const int32_t chunks = s.chunks();
    const bool extrapolating = extrapolate && update >= still, before = (extrapolate && update == full) || masked;
    const bool by_schedule = scheduled && extrapolating;
    const int32_t at_once = s.wave(), steps = by_schedule ? s.pace.h.sweeps : s.sweeps(n, s.c.rows);
    const Mat<const T> Wx = extrapolating ? b.Wy : W;
    const T beta = update != full ? T(0) : T(by_schedule ? s.pace.trust * s.pace.h.beta : s.momentum.beta);
    const NnlsPlan<T> plan = by_schedule ? relaxed(b.h, s.pace.h.omega) : b.h;
    Sums total{};
    total.good = 1;
    if (sparse) {
      if (scan && !V.scan(ops, 0, n, true, &total.squares)) return false;
      transpose<T>(Wx, b.Wt);
      V.left_all(ops, s.c.par, b.Wt, b.Ft);
    }
    for (int32_t first = 0; first < chunks; first += at_once) {
      const int32_t wave = min_of(at_once, chunks - first);
      parallel_for(s.c.par, wave, [&](int32_t i, int32_t index) {
        Worker w = worker(index);
        const int32_t chunk = first + i;
        // The first chunk writes B itself; the others write a partial sum each.
        const Mat<T> B = chunk == 0 ? b.B : Mat<T>{b.partial_B + ptrdiff_t(i) * s.c.rows * r, s.c.rows, r, s.c.rows};
        const Mat<T> S = part_S(i);
        Sums sum{};
        sum.good = 1;
        const int32_t from = int32_t(int64_t(n) * chunk / chunks), to = int32_t(int64_t(n) * (chunk + 1) / chunks);
        for (int32_t j = from; j < to; j += width) {
          const int32_t p = min_of(width, to - j);
          const Mat<T> F = top(w.F, p, r), X = top(w.X, p, r), D = top(w.scratch.D, p, r), h = H.columns(j, p);
          const Mat<T> t{w.t.data, r, p, r}, P = w.P.columns(0, p);
          if (scan && !sparse && !V.scan(ops, j, p, true, &sum.squares)) sum.good = 0;
          if (extrapolating) copy<T>(b.Hy.block(j, 0, p, r), X);
          else transpose<T>(h, X);
          Sums first_look{};
          panel_f(j, Wx, X, F, t, P, first_look);
          if (kkt && before) sum.kkt += projected(X, F, D, b.h, prox(penalty_h()));
          if (update == plain) {
            ops.kernel().hals(p, r, plain_sweeps, b.h.G, b.h.inv, F.data, F.ld, X.data, X.ld);
          } else if (update >= still) {
            improve(plan, prox(penalty_h()), F, X, b.dual_h.block(j, 0, p, r), steps, w);
          }
          if (kkt && !before) sum.kkt += projected(X, F, D, b.h, prox(penalty_h()));
          sum.fx += inner<T>(F, X);
          if (update != none) {
            if (extrapolate) {  // X: the new rows; Hy: their extrapolation, or on a plain step themselves
              for (int32_t k = 0; k < r; ++k) {
                T *x = X.col(k), *y = b.Hy.col(k) + j;
                const T carry = b.h.inv[k] == T(0) ? T(0) : beta;
                for (int32_t q = 0; q < p; ++q) {
                  const T value = no_denormal(x[q]), old = h(k, q);
                  h(k, q) = value;
                  y[q] = x[q] = update == full ? extrapolated(value, old, carry) : value;
                }
              }
            } else {
              for (int32_t k = 0; k < r; ++k) {
                T *x = X.col(k);
                for (int32_t q = 0; q < p; ++q) x[q] = no_denormal(x[q]);
              }
              transpose<T>(X, h);
            }
          }
          ops.tn(X, X, S, j > from);
          panel_b(j, Wx, X, B, j == from, update != none, t, P, sum);
          if (update == none) sum.residual += first_look.residual, sum.completed += first_look.completed;
        }
        b.sums[i] = sum;
      });
      for (int32_t i = 0; i < wave; ++i) {  // in the order of the chunks
        const bool begin = first + i == 0;
        if (begin) copy<T>(part_S(i), b.S);
        else accumulate<T>(part_S(i), b.S);
        if (!begin && !sparse) {
          const Mat<const T> share{b.partial_B + ptrdiff_t(i) * s.c.rows * r, s.c.rows, r, s.c.rows};
          accumulate(share, b.B);
        }
        total.fx += b.sums[i].fx;
        total.kkt += b.sums[i].kkt;
        total.squares += b.sums[i].squares;
        total.completed += b.sums[i].completed;
        total.residual += b.sums[i].residual;
        total.good = total.good && b.sums[i].good;
      }
    }
    if (sparse) V.right_all(ops, s.c.par, extrapolate ? Mat<const T>(b.Ft) : Mat<const T>(H), b.Bt);
    subtract(penalty_w().l1, b.B);
    *fx = total.fx;
    if (kkt) *kkt = total.kkt;
    if (scan) s.norm2 = total.squares;
    s.completed2 = masked ? total.completed : s.norm2;
    s.residual2 = total.residual;
    // With room for Gram matrices, gradients and what momentum adds to them.
    return total.good != 0 && (!scan || is_finite(T(s.norm2) * T(1 << 20)));
  }

  void prepare_h(View<T> X) {
    gram(X, b.G);
    prepare(b.h, b.G, penalty_h());
  }
  void prepare_w() { prepare(b.w, b.S, penalty_w()); }

  // 1/2 |V - W H|^2 from <F - l1, H'>, whose penalty is given, G and S; recomputed where that cancels.
  double fit(double fx, double linear_h) const {
    if (masked) return 0.5 * s.residual2;
    const double f = 0.5 * s.norm2 - (fx + linear_h) + 0.5 * inner<T>(b.G, b.S);
    if (f > 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2 || !is_finite(f)) return f;
    return sparse ? max_of(f, 0.0) : direct_objective();
  }
  double direct_objective() const {
    const int32_t n = s.c.cols, parts = max_of(1, min_of(max_parts, n / 8));
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t index) {
      Worker w = worker(index);
      const int32_t from = int32_t(int64_t(n) * i / parts), to = int32_t(int64_t(n) * (i + 1) / parts);
      b.sums[i].squares = V.residual(ops, from, to - from, W, H, w.tile);
    });
    double sum = 0;
    for (int32_t i = 0; i < parts; ++i) sum += b.sums[i].squares;
    return 0.5 * sum;
  }

  void set(Report &r, double fx) const {
    const double linear_h = linear(penalty_h(), H), f = fit(fx, linear_h);
    r.objective = f + (linear(penalty_w(), W) + linear_h) + quadratic(penalty_w(), b.G) + quadratic(penalty_h(), b.S);
    set_error(r, 2 * f);
  }
  void set_error(Report &r, double squares) const {
    r.rel_error = s.norm2 > 0 ? sqrt_of(max_of(squares, 0.0)) / sqrt_of(s.norm2) : 0;
  }
  bool penalized() const { return penalty_w().any() || penalty_h().any(); }
  void set_kkt(Report &r, double sum) const { r.kkt = s.norm2 > 0 ? sqrt_of(sum) / sqrt_of(s.norm2) : 0; }

  // ---- what outer_loop calls

  // The last iteration that the caller allows adds no momentum: its iterate is the one to return, which otherwise takes
  // one more pass over V (finish).
  bool step(bool check, Report &r) {
    const bool carry = extrapolate && s.outer.iters + 1 != end;
    double kw = 0, kh = 0, fx = 0;
    keep();
    if (extrapolate && s.c.schedule) ask_schedule();
    if (!s.c.fixed_w) {
      prepare_w();
      const double wb = half_w(check && carry ? &kw : nullptr);
      if (extrapolate) extrapolate_w(wb, carry, r);
      else prepare_h(W);
    }
    pass(carry ? full : still, 0, false, &fx, check ? &kh : nullptr);
    if (!carry) {
      set(r, fx);
      if (check) {
        prepare_w();
        kw = residual_w();
      }
    }
    if (check) set_kkt(r, kw + kh);
    s.exact = !carry;
    if (!(is_finite(r.objective) && is_finite(fx) && is_finite(trace(b.S)))) {
      go_back();
      r.objective = double(NAN);
      return false;
    }
    return !carry && !masked;
  }

  void keep() const {
    if (!s.c.fixed_w) copy<T>(W, b.keep_W);
    copy<T>(H, b.keep_H);
  }
  // Overflow: back to the last finite iterate, from which another run starts anew.
  void go_back() {
    if (!s.c.fixed_w) copy<T>(b.keep_W, W);
    copy<T>(b.keep_H, H);
    s.exact = 1, s.started = 0;
  }
  static double trace(View<T> A) {
    double sum = 0;
    for (int32_t k = 0; k < A.cols; ++k) sum += double(A(k, k));
    return sum;
  }

  // An iteration's momentum, sweeps and relaxation; with less trust the last is nearer to the classical one.  After its
  // horizon the classical rule goes on from the momentum that was reached.
  void ask_schedule() {
    Pace &p = s.pace;
    scheduled = p.t < s.c.steered;
    if (!scheduled) {
      if (p.t == s.c.steered) s.momentum.beta = p.trust * p.w.beta, ++p.t;
      return;
    }
    const int32_t m = s.c.rows, n = s.c.cols, r = rank();
    const double level = s.norm2 > 0 ? (s.momentum.error < 0 ? 2 * s.outer.last : s.momentum.error) / s.norm2 : 0;
    p.w = schedule_step(s.c.schedule, {m, n, r, p.t, false, p.fall, level, p.zeros, s.momentum.beta});
    p.h = schedule_step(s.c.schedule, {n, m, r, p.t, true, p.fall, level, p.zeros, s.momentum.beta});
    p.w.omega = 1 + p.trust * (p.w.omega - 1);
    p.h.omega = 1 + p.trust * (p.h.omega - 1);
    ++p.t;
  }
  void watch_schedule(double error, bool restart) {
    Pace &p = s.pace;
    p.fall = error > 0 && s.momentum.error > 0 ? log(s.momentum.error / error) : 0;
    p.trust = restart ? p.trust / 1.5 : min_of(1.0, 1.05 * p.trust);
    int32_t zeros = 0;
    for (int32_t k = 0; k < rank(); ++k) {
      const T *w = b.Wy.col(k);
      for (int32_t i = 0; i < W.rows; ++i) zeros += w[i] <= T(0);
    }
    p.zeros = double(zeros) / (double(W.rows) * rank());
  }

  // Wy holds the new W.  The error of (W, Hy) is free from B and S; if it rose, momentum is dropped [Ang, Gillis 2019].
  // Masked: the error of the completed data, which bounds it.
  void extrapolate_w(double wb, bool carry, Report &r) {
    Momentum &m = s.momentum;
    gram(b.Wy, b.G);
    double squares = s.completed2 - 2 * (wb + linear(penalty_w(), b.Wy)) + inner<T>(b.G, b.S), error = squares;
    if (penalized()) error += 2 * penalties(b.Wy, b.Hy);
    const bool restart = m.error >= 0 && error > m.error;
    if (scheduled) watch_schedule(error, restart);
    const double momentum = restart || !carry ? 0 : scheduled ? s.pace.trust * s.pace.w.beta : m.beta;
    m.error = error;
    r.objective = error <= 0 ? 0 : 0.5 * error;  // NaN stays
    set_error(r, squares);
    balance();
    for (int32_t k = 0; k < W.cols; ++k) {
      const T beta = b.w.inv[k] == T(0) ? T(0) : T(momentum);  // a dead component's partner stays
      for (int32_t i = 0; i < W.rows; ++i) {
        const T value = no_denormal(b.Wy(i, k));
        b.Wy(i, k) = extrapolated(value, W(i, k), beta);
        W(i, k) = value;
      }
    }
    if (restart) {
      for (int32_t j = 0; j < H.cols; ++j)
        for (int32_t k = 0; k < rank(); ++k) b.Hy(j, k) = H(k, j);
      m.bar = m.before;
      m.beta /= 1.5;
    } else {
      m.before = m.beta;
      m.beta = min_of(m.bar, 1.05 * m.beta);
      m.bar = min_of(1.0, 1.01 * m.bar);
    }
    prepare_h(b.Wy);
  }

  // Momentum drifts along w_k t, h_k / t, where the objective is flat, and would overflow there: where the two are too
  // unlike, back by a power of two, which rounds nothing.
  void balance() {
    constexpr double unlike = 0x1p48;
    if (penalized()) return;  // they hold the two to their scales
    for (int32_t k = 0; k < rank(); ++k) {
      double ww = double(b.G(k, k)), hh = double(b.S(k, k));
      if (!(ww > 0 && hh > 0) || (ww < unlike * hh && hh < unlike * ww)) continue;
      T scale = T(1);
      for (; ww > 4 * hh; scale *= T(0.5)) ww *= 0.25, hh *= 4;
      for (; hh > 4 * ww; scale *= T(2)) hh *= 0.25, ww *= 4;
      for (int32_t i = 0; i < W.rows; ++i) W(i, k) *= scale, b.Wy(i, k) *= scale;
      for (int32_t j = 0; j < H.cols; ++j) H(k, j) /= scale, b.Hy(j, k) /= scale;
    }
  }

  void finish(Report &r) {
    const bool moves = !s.exact;
    if (moves) keep();
    settle(r);
    if (!moves || is_finite(r.objective)) return;
    go_back();
    r.stop = by_nonfinite;
    settle(r);
  }
  void settle(Report &r) {
    double fx = 0, kh = 0;
    // Extrapolated: one plain half step for H with the W to be returned, which descends and makes all exact.
    prepare_h(W);
    if (masked && !s.exact) pass(plain, s.sweeps(s.c.cols, s.c.rows), false, &fx, nullptr);
    if (s.exact && s.outer.iters == 0 && s.first_kkt >= 0) fx = s.first_fx, kh = s.first_kkt;
    else pass(s.exact || masked ? none : plain, s.sweeps(s.c.cols, s.c.rows), false, &fx, &kh);
    if (extrapolate) copy<T>(W, b.Wy);
    s.exact = 1;
    prepare_w();
    set(r, fx);
    set_kkt(r, residual_w() + kh);
    r.worst = 0;
  }

  // ---- the start

  static constexpr int32_t start_sweeps = 8;  // the first half step for H, where a start gives only W

  Status begin(NmfStart start) {
    const NmfConfig &config = s.c;
    const Rng rng(config.seed, 0x4E4D46);
    s.outer = OuterState{};
    s.momentum = Momentum{};
    s.pace = Pace{};
    s.started = s.exact = 0;
    const bool wanted = config.fixed_w && start != NmfStart::given;  // H is
    const bool from_columns = !wanted && (start == NmfStart::cols || start == NmfStart::spas || start == NmfStart::spa ||
                                          start == NmfStart::sub);
    const bool from_svd = !wanted && (start == NmfStart::nndsvd || start == NmfStart::nndsvda || start == NmfStart::nndsvdar);
    if ((start == NmfStart::spa && !wanted) || from_svd) {  // they read all of V before the pass that checks it
      double squares = 0;
      if (!V.scan(ops, 0, config.cols, true, &squares)) return E_DATA;
    }
    if (wanted) {
      if (!valid(W)) return E_DATA;
      fill(H, T(1) / T(rank()));
    } else if (start == NmfStart::sub) {
      if (const Status st = start_coarse(); st != OK) return st;
    } else if (from_columns) start_columns(start, rng);
    else if (from_svd) start_svd(start, rng);
    else if (start == NmfStart::random) start_random(rng);
    else if (!valid(W) || !valid(H)) return E_DATA;

    if (s.c.method == NmfMethod::aoadmm) {
      fill(b.dual_w, T(0));
      fill(b.dual_h, T(0));
    }
    double fx = 0, kkt = -1;
    prepare_h(W);
    const bool ends = from_columns && !masked && config.outer.max_iter == 0;  // a start alone reads V once
    if (!pass(from_columns || wanted ? plain : none, start_sweeps, true, &fx, ends ? &kkt : nullptr)) return E_DATA;
    s.first_fx = fx, s.first_kkt = kkt;
    if (start == NmfStart::random && !masked && !config.fixed_w) {  // the best common factor (spec, section 1.4)
      const double size = inner<T>(b.G, b.S), l1 = linear(penalty_h(), H);
      const T factor = size > 0 ? T((fx + l1) / size) : T(1);
      for (int32_t k = 0; k < W.cols; ++k)
        for (int32_t i = 0; i < W.rows; ++i) W(i, k) *= factor;
      fx = (fx + l1) * double(factor) - l1;
      prepare_h(W);
    }
    if (extrapolate) {
      copy<T>(W, b.Wy);
      transpose<T>(H, b.Hy);
    }
    Report first{};
    set(first, fx);
    if (!is_finite(first.objective)) return E_DATA;
    s.outer.first = s.outer.last = first.objective;
    s.started = s.exact = 1;
    return OK;
  }

  static bool valid(View<T> X) {
    for (int32_t k = 0; k < X.cols; ++k)
      for (int32_t i = 0; i < X.rows; ++i)
        if (!(X(i, k) >= T(0)) || !is_finite(X(i, k))) return false;
    return true;
  }

  // W: columns of V; those that are missing (too few, or all others zero or dependent) are random at their scale.
  void start_columns(NmfStart start, const Rng &rng) {
    const int32_t n = s.c.cols, r = rank(), count = s.sample();
    int32_t found = 0;
    if (start == NmfStart::cols) {
      // As a rule the first `rank` will do, and the time that drawing takes grows with its square.
      for (int32_t i = 0; i < count && found < r; ++i) {
        double squares = 0;
        if (i == 0 || i == r) sample_columns(rng, n, i == 0 ? min_of(r, count) : count, b.list);
        V.scan(ops, b.list[i], 1, false, &squares);
        if (squares > 0) b.chosen[found++] = b.list[i];
      }
    } else {
      const bool all = start == NmfStart::spa || count == n;
      if (!all) sample_columns(rng, n, count, b.list);
      found = spa(ops, s.c.par, V, all ? nullptr : b.list, all ? n : count, min_of(r, n), b.B, b.norms, b.first,
                  b.chosen);
    }
    T largest = 0;
    for (int32_t k = 0; k < r; ++k)
      if (k < found) {
        V.column(b.chosen[k], W.col(k));
        for (int32_t i = 0; i < W.rows; ++i) largest = max_of(largest, W(i, k));
      } else {
        for (int32_t i = 0; i < W.rows; ++i)
          W(i, k) = (largest > T(0) ? largest : T(1)) * T(rng.uniform(uint64_t(k) * uint64_t(W.rows) + uint64_t(i)));
      }
    fill(H, T(1) / T(r));
  }

  // Coarse to fine (spec clock.md, section 2): iterations on a sample of rows and columns, one of each of as many equal
  // stretches, then W for all rows from the sampled columns.  Differs: H comes from the pass that begins the solver,
  // from all rows and not from the sampled.
  ORTHANT_OWN_FRAME Status start_coarse() {
    const int32_t bm = b.block.rows, bn = b.block.cols, r = rank();
    const View<T> D = V.dense();
    int32_t *rows = b.list + bn, *cols = b.list;
    const auto sample = [&](uint64_t stream, int32_t of, int32_t count, int32_t *chosen) {
      const Rng draw(s.c.seed, stream);
      for (int32_t i = 0; i < count; ++i) {
        const int32_t from = int32_t(int64_t(of) * i / count), to = int32_t(int64_t(of) * (i + 1) / count);
        chosen[i] = from + draw.below(uint64_t(i), to - from);
      }
    };
    sample(0x434F4C, D.cols, bn, cols);
    sample(0x524F57, D.rows, bm, rows);
    for (int32_t j = 0; j < bn; ++j)
      for (int32_t i = 0; i < bm; ++i) b.block(i, j) = D(rows[i], cols[j]);
    Nmf inner_solver = s.coarse();
    void *base = Carver::align(b.coarse, SIZE_MAX, 0);
    const Operand<T> part(Mat<const T>{b.block.data, bm, bn, bm});
    if (const Status st = inner_solver.start(base, part, b.block_W, b.block_H); st != OK) return st;
    if (const Status st = inner_solver.run(base, part, b.block_W, b.block_H, nullptr); st != OK) return st;
    if (bm == D.rows) {
      copy<T>(b.block_W, W);
    } else {  // B = V_J H_J',  S = H_J H_J', a tile of the sampled columns at a time
      double mean = 0;
      for (int32_t k = 0; k < r; ++k)
        for (int32_t i = 0; i < bm; ++i) mean += double(b.block_W(i, k));
      mean /= double(bm) * r;
      const Mat<T> X{b.block.data, bn, r, bn};
      transpose<T>(b.block_H, X);
      gram(X, b.S);
      prepare_w();
      each_rows(W, [&](Worker &own, Sums &, Mat<T> w, Mat<T> f, int32_t row) {
        if (bn == D.cols) ops.nn(D.block(row, 0, w.rows, bn), X, f);
        for (int32_t j = 0; j < bn && bn < D.cols; j += coarse_tile) {
          const Mat<T> t{own.tile, w.rows, min_of(coarse_tile, bn - j), w.rows};
          for (int32_t q = 0; q < t.cols; ++q) memcpy(t.col(q), D.col(cols[j + q]) + row, sizeof(T) * size_t(w.rows));
          ops.nn(t, X.block(j, 0, t.cols, r), f, j > 0);
        }
        subtract(penalty_w().l1, f);
        fill(w, T(mean > 0 ? mean : 1));
        ops.kernel().hals(w.rows, r, start_sweeps, b.w.G, b.w.inv, f.data, f.ld, w.data, w.ld);
      });
    }
    fill(H, T(1) / T(r));
    return OK;
  }

  void start_random(const Rng &rng) {
    uint64_t draw = 0;
    const double scale = masked ? 4 * V.mean() / rank() : 1;  // the mean of the data, as far as it is known
    for (int32_t k = 0; k < W.cols; ++k)
      for (int32_t i = 0; i < W.rows; ++i) W(i, k) = T(scale * rng.uniform(draw++));
    for (int32_t j = 0; j < H.cols; ++j)
      for (int32_t k = 0; k < H.rows; ++k) H(k, j) = T(rng.uniform(draw++));
  }

  void start_svd(NmfStart start, const Rng &rng) {
    const int32_t r = min_of(rank(), min_of(s.c.rows, s.c.cols));
    const T mean = start == NmfStart::nndsvd ? T(0) : T(V.mean());
    b.svd.run(ops, s.c.par, V, nullptr, r, s.c.seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
    nndsvd(b.svd, start == NmfStart::nndsvd ? 0 : start == NmfStart::nndsvda ? 1 : 2, mean, rng, W, H);
  }
};

template <class T>
Status Nmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  Carver carve(base);
  Job job(*this, carve, V, W, H);
  return job.begin(c.start);
}

template <class T>
Status Nmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  Carver carve(base);
  Job job(*this, carve, V, W, H);
  if (!started)
    if (const Status st = job.begin(NmfStart::given); st != OK) return st;
  // The Gram matrix of W is found anew: the plan's numbers do not outlive a call.
  job.prepare_h(W);
  Report r;
  job.end = int64_t(outer.iters) + c.outer.max_iter;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct Nmf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
