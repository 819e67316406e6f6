// The workspace, the iteration and the report of NMF with a beta-divergence.
#include "beta.hpp"

#include "beta_job.hpp"
#include "lift.hpp"

namespace orthant {

template <class T>
Nmf<T> BetaNmf<T>::starter() const {
  Nmf<T> s;
  s.c = starter_of(c);
  return s;
}

constexpr int32_t chunk_of_columns = 64;  // a tile of V takes longer than a plain product's

// By shape alone, the shares of W's sums cheap beside the products; all under way at once where the shares are small,
// else one a worker.
template <class T>
PanelCut BetaNmf<T>::cut() const {
  PanelCut cut{c.cols, beta_tile_cols, 1, 1};
  if (small_target) return cut;
  const int32_t pay = max_of(min_of(16, c.cols / (4 * c.rank)), c.cols / chunk_of_columns);
  const int32_t most = max_of(most_chunks, ceil_div(c.cols, group_columns<T>(c.rows)));
  if (c.sparse()) cut.chunks = parts_for(lines(), 64, most_chunks);
  else cut.chunks = max_of(1, min_of(most, min_of(ceil_div(c.cols, beta_tile_cols), pay)));
  if (c.data == Kind::stream) cut.hold(group_columns<T>(c.rows));
  if (c.par.workers <= 1) return cut;
  const size_t share = size_t(c.rows) * size_t(c.rank) * sizeof(T) * (kl() ? 1 : 2);
  const bool small = size_t(cut.chunks) * share <= (size_t(4) << 20) && c.data != Kind::stream;
  cut.wave = min_of(cut.chunks, small || c.sparse() ? cut.chunks : c.par.workers);
  if (c.data == Kind::stream) cut.hold(group_columns<T>(c.rows));
  return cut;
}

template <class T>
void BetaNmf<T>::worker_layout(Carver &carve, BetaWorker<T> &w) const {
  const int32_t r = c.rank, p = beta_tile_cols;
  const size_t tile = size_t(beta_tile_rows) * size_t(p), n = size_t(r) * size_t(p);
  const size_t line = size_t(line_length());  // most nonzeros of one
  size_t longest = c.sparse() ? line : 0;
  if (coordinate_descent()) longest = size_t(max_of(c.rows, c.cols)) * size_t(ccd_block);
  w.P = carve.take<T>(c.sparse() ? longest : max_of(tile, longest));
  w.R = carve.take<T>(kl() ? 0 : tile);
  w.F = {carve.take<T>(n), r, p, r};
  w.Fd = {carve.take<T>(kl() ? 0 : n), r, p, r};
  w.X = {carve.take<T>(max_of(n, size_t(r) * size_t(ccd_block))), p, r, p};
  if (coordinate_descent()) w.v = carve.take<T>(size_t(c.cols), size_t(ccd_block));
  else w.v = carve.take<T>(c.sparse() ? line : 0);
}

template <class T>
void BetaNmf<T>::own_layout(Carver &carve, BetaBlocks<T> &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  const size_t sr = size_t(r);
  const auto matrix = [&](bool needed, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(needed ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  const PanelCut cut = this->cut();
  const size_t shares = cut.chunks > 1 && !c.sparse() ? size_t(cut.wave) * sr : 0;
  // Spread over processes N, D and in f64 the numbers of a pass lie side by side, and are added up together.
  const bool together = c.reduce.active();
  const int32_t width = kl() ? 1 : 2, numbers = spread_numbers();
  const size_t products = size_t(m) * size_t(width), behind = sizeof(T) == 8 ? size_t(ceil_div(numbers, r)) : 0;
  T *const all = carve.take<T>(together ? products + behind : 0, sr);
  b.spread = carve.take<double>(sizeof(T) == 8 ? 0 : size_t(numbers));
  b.N = c.sparse() ? matrix(!together, r, m) : matrix(!together, m, r);
  b.D = matrix(!kl() && !together, m, r);
  if (together) {
    b.N.data = all;
    b.D.data = all + size_t(m) * sr;
    if constexpr (sizeof(T) == 8) b.spread = all + products * sr;
  }
  b.share_N = carve.take<T>(shares, size_t(m));
  b.share_D = carve.take<T>(kl() ? 0 : shares, size_t(m));
  b.Wt = matrix(c.sparse(), r, m);
  b.Ft = matrix(by_rows(), r, n);
  b.G = matrix(c.sparse(), r, r);
  b.S = matrix(c.sparse(), r, r);
  const int32_t parts = c.sparse() ? sum_parts() : 0;
  b.share_S = carve.take<T>(c.sparse() ? size_t(max_of(parts, gram_parts(m, r)) - 1) * sr : 0, sr);
  b.of_w = carve.take<double>(c.sparse() ? sr : 0);
  b.of_h = carve.take<double>(size_t(parts), sr);
  b.Ht = matrix(coordinate_descent(), n, r);
  b.sum_w = carve.take<T>(sr);
  b.sum_h = carve.take<T>(sr);
  b.kkt = carve.take<double>(size_t(max_of(cut.chunks, sum_parts())), sr);
  b.sums = carve.take<BetaSums>(size_t(cut.wave));
  if (c.data == Kind::stream) b.stream.layout(carve, m, cut.widest_group(), c.par.workers);
  if (c.sparse()) b.scatter.layout(carve, lines(), line_length(), r, c.par.workers);
  b.scratch.layout(carve, c.par.workers, [this](Carver &one, BetaWorker<T> &w) { worker_layout(one, w); });
}

template <class T>
void BetaNmf<T>::layout(Carver &carve, BetaBlocks<T> &b) const {
  carve.take<BetaNmf<T>>(1);
  b.of_all = carve.take<double>(c.reduce.room());
  b.region = take_region(carve, starter(), [&](Carver &one) { own_layout(one, b); });
}

// ---- one entry

// x <- max(floor, x (n / (d + l1))^gamma).  The penalty l1 x is majorized by l1 x~ ((x/x~)^beta / beta + const) for
// beta >= 1 and is linear as the majorized denominator for beta < 1: monotone for every beta [after Fevotte, Idier
// 2011, section 4].  KL with l2: the positive root of l2 x^2 + (d + l1) x = x~ n.
// A factor that is not finite leaves the entry.
template <class T>
T BetaJob<T>::updated(T x, T n, T d, T l1, T l2) const {
  d = max_of(d + l1, Real<T>::div);
  T y = T(0);
  if (l2 > T(0)) {
    const T a = x * n;
    y = T(2) * a / (d + sqrt_of(d * d + T(4) * l2 * a));
  } else {
    double exponent = 1;
    if (c.beta < 1) exponent = 1 / (2 - c.beta);
    if (c.beta > 2) exponent = 1 / (c.beta - 1);
    T q = n / d;
    if (exponent != 1) q = T(pow(double(q), exponent));
    y = x * q;
  }
  return y - y == T(0) ? max_of(y, Real<T>::floor) : x;
}

template <class T>
void BetaJob<T>::find_sums_w() {
  parallel_for(c.par, rank(), Work{0, double(W.rows) * 4 * sizeof(T)}, [&](int32_t k, int32_t) {
    double sum = 0;
    for (int32_t i = 0; i < W.rows; ++i) sum += double(W(i, k));
    b.sum_w[k] = T(sum);
    if (c.sparse()) b.of_w[k] = sum;
  });
}
template <class T>
void BetaJob<T>::find_sums_h() {
  if (spread()) {
    for (int32_t k = 0; k < rank(); ++k) b.sum_h[k] = T(spread_sums_h()[k]);
    return;
  }
  const int32_t parts = s.sum_parts();
  parallel_for(c.par, parts, Work{0, double(H.cols) / parts * rank() * 4 * sizeof(T)}, [&](int32_t part, int32_t) {
    const Range mine = part_of(H.cols, part, parts);
    double *sum = kkt_of(part);
    for (int32_t k = 0; k < rank(); ++k) sum[k] = 0;
    for (int32_t j = mine.from; j < mine.to; ++j)
      for (int32_t k = 0; k < rank(); ++k) sum[k] += double(H(k, j));
  });
  for (int32_t k = 0; k < rank(); ++k) {
    double sum = 0;
    for (int32_t part = 0; part < parts; ++part) sum += kkt_of(part)[k];
    b.sum_h[k] = T(sum);
  }
}

template <class T>
void BetaJob<T>::update_w() {
  const T l1 = T(c.l1_w), l2 = T(c.l2_w);
  constexpr int32_t rows = 128;
  find_sums_h();
  const Work one{0, 20.0 * rows * rank()};  // a division takes as long as 20 bytes
  parallel_for(c.par, ceil_div(W.rows, rows), one, [&](int32_t t, int32_t) {
    const int32_t end = min_of(W.rows, (t + 1) * rows);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t i = t * rows; i < end; ++i)
        W(i, k) = updated(W(i, k), numerator_w(i, k), denominator_w(i, k), l1, l2);
  });
}

// ---- what outer_loop calls

template <class T>
bool BetaJob<T>::step(bool check, Report &r) {
  // The divergence has a logarithm an entry, as dear as the products of rank 10: only where someone looks at it.
  const bool objective = c.outer.progress || c.outer.tol_obj > 0;
  if (s.coordinate_descent()) {
    if (!c.fixed_w) descend_w();
    descend_h();
    if (objective || check) pass({false, objective, check, check});
  } else {
    if (!c.fixed_w) update_w();
    pass({true, objective, check, true});
  }
  if (unread) {  // W and the columns of H that were read are new: the objective has not risen
    r.objective = double(NAN);
    return false;
  }
  if (objective) fill_report(r);
  if (check) fill_kkt(r);
  if (cancelled) r.stop = by_cancel;
  if (c.reduce.failed) r.objective = double(NAN);
  return objective;
}

template <class T>
void BetaJob<T>::finish(Report &r) {
  if (c.reduce.failed) return;
  pass({false, true, true, true});
  fill_report(r);
  fill_kkt(r);
  r.worst = 0;
}

template <class T>
void BetaJob<T>::fill_report(Report &r) const {
  const double of_h = spread() ? spread_penalty_h() : penalty_of<T>(H, c.l1_h, c.l2_h);
  r.objective = max_of(total.divergence, 0.0) + penalty_of<T>(W, c.l1_w, c.l2_w) + of_h;
  r.rel_error = total.data > 0 ? sqrt_of(total.squares / total.data) : 0;
}

template <class T>
static T squared_norm(const T *x, int32_t n, ptrdiff_t stride) {
  double s = 0;
  for (int32_t i = 0; i < n; ++i) s += double(x[i * stride]) * double(x[i * stride]);
  return T(s);
}

// Of each component the squares of its projected gradients, each over the square of the other vector.
template <class T>
void BetaJob<T>::fill_kkt(Report &r) {
  const int32_t chunks = s.cut().chunks;
  const double of_w = 8.0 * sizeof(T) * W.rows, of_h = 20.0 * H.cols;  // an entry of H is a cache line
  double *const room = kkt_of(0);  // a component's number in the place of that of the first chunk
  double sum = sum_of_columns(c.par, rank(), of_w, room, [&](int32_t k) {
    double part = 0;
    for (int32_t i = 0; i < chunks; ++i) part += kkt_of(i)[k];
    const T w2 = squared_norm(W.col(k), W.rows, 1);
    return w2 > T(0) ? part / double(w2) : 0;
  });
  find_sums_h();
  const auto of_component = [&](int32_t k) {
    const T h2 = spread() ? T(spread_squares_h()[k]) : squared_norm(H.data + k, H.cols, H.ld);
    double part = 0;
    for (int32_t i = 0; i < W.rows; ++i) {
      const T g = denominator_w(i, k) + T(c.l1_w) + T(c.l2_w) * W(i, k) - numerator_w(i, k);
      if (g < T(0) || positive(W(i, k))) part += double(g) * double(g);
    }
    return h2 > T(0) ? part / double(h2) : 0;
  };
  if (!c.fixed_w) sum = sum_of_columns(c.par, rank(), of_w + of_h, room, of_component, sum);
  r.kkt = total.norm > 0 ? sqrt_of(sum / total.norm) : 0;
}

// ---- the start

template <class T>
static double sum_of(Mat<const T> X) {
  double sum = 0;
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i) sum += double(X(i, j));
  return sum;
}

// Products cannot leave zero, and log 0 is no start: small entries are lifted.
template <class T>
Status BetaJob<T>::begin(NmfStart start) {
  s.outer = OuterState{};
  s.started = 0;
  if (start != NmfStart::given && start != NmfStart::nndsvd) {
    if (!c.fixed_w) lift(sum_of<T>(W), W.cols, W);
    lift(over_all(sum_of<T>(H)), c.all_cols(), H);
  }
  pass({false, true, false, true});
  if (c.reduce.failed) return E_REDUCE;
  Report r;
  fill_report(r);
  if (unread) return E_READ;
  if (!is_finite(r.objective)) return E_DATA;
  s.outer.first = s.outer.last = r.objective;
  s.started = 1;
  return OK;
}

// A line with an entry twice could be longer than the workspace of a line.
template <class T>
static bool lines_fit(const BetaNmf<T> &s, const Operand<T> &V) {
  if (!s.c.sparse()) return true;
  const int32_t *index;
  const T *v;
  for (int32_t a = 0; a < s.lines(); ++a)
    if (V.major(a, &index, &v) > s.line_length()) return false;
  return true;
}

// v^beta and log v need v > 0 where beta is not.
template <class T>
static bool entries_fit(double beta, const Operand<T> &V) {
  bool positive = true;
  if (beta > 0) return positive;
  V.walk(0, V.cols(), [&](Range at) {
    for (int32_t j = at.from; j < at.to && positive; ++j)
      for (int32_t i = 0; i < V.rows(); ++i) positive = positive && V.at(i, j) > T(0);
  });
  return positive && !V.failed();
}

template <class T>
Status BetaNmf<T>::begin(void *base, NmfStart start, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  started = 0;
  BetaJob<T> job(*this, base, V, W, H);
  const bool fits = lines_fit(*this, V) && entries_fit(c.beta, V);
  if (const Status st = c.reduce.agree(fits ? OK : V.fault(), job.b.of_all); st != OK) return st;
  Nmf<T> first = starter();
  first.c.start = start;
  const Status st = first.start(job.b.region, V, W, H);
  c.reduce = first.c.reduce;  // its sums count too
  if (st != OK) return st;
  V.use(job.b.stream);
  V.use(job.b.scatter);
  return job.begin(start);
}

template <class T>
Status BetaNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  return begin(base, c.start, V, W, H);
}

template <class T>
Status BetaNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  if (!started)
    if (const Status st = begin(base, NmfStart::given, V, W, H); st != OK) return st;
  BetaJob<T> job(*this, base, V, W, H);
  if (const Status st = c.reduce.agree(lines_fit(*this, V) ? OK : E_DATA, job.b.of_all); st != OK) return st;
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (c.reduce.failed || job.unread) {
    started = 0;
    return c.reduce.failed ? E_REDUCE : E_READ;
  }
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T)        \
  template struct BetaNmf<T>; \
  template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
