#include "beta.hpp"

namespace orthant {
namespace {

// A tile's P and Q stay in the first cache, or near it; V's share of a panel in the second.
constexpr int32_t tile_rows = small_target ? 16 : 512, tile_cols = small_target ? 8 : 16;
// Problems that CCD has under way at once: for rows of V a cache line of every column.
constexpr int32_t group = small_target ? 4 : 16;
// CCD divides by the square of the model, which must not overflow a float.
template <class T>
constexpr T least_model = T(1e-16);

// x^e for an array, without the library's pow where 2 e is a small integer.
template <class T>
void power(int32_t n, T *x, double e) {
  const double twice = 2 * (e < 0 ? -e : e);
  const int32_t k = twice <= 16 ? int32_t(twice) : 0;
  if (double(k) != twice) {
    for (int32_t i = 0; i < n; ++i) x[i] = T(pow(double(x[i]), e));
    return;
  }
  for (int32_t i = 0; i < n; ++i) {
    T y = T(1);
    for (int32_t q = 0; q < k / 2; ++q) y *= x[i];
    if (k % 2) y *= sqrt_of(x[i]);
    x[i] = e < 0 ? T(1) / y : y;
  }
}

// The sum of [v^b + (b-1) p^b - b v p^(b-1)] / (b (b-1)) and of (v - p)^2.
template <class T>
void add_divergence(double beta, int32_t n, const T *v, const T *p, double *sum, double *squares) {
  for (int32_t i = 0; i < n; ++i) {
    const double a = double(v[i]), b = double(p[i]), t = pow(b, beta - 1);
    *sum += (pow(a, beta) + (beta - 1) * b * t - beta * a * t) / (beta * (beta - 1));
    *squares += (a - b) * (a - b);
  }
}

template <class T>
T norm2(const T *x, int32_t n, ptrdiff_t stride) {
  double s = 0;
  for (int32_t i = 0; i < n; ++i) s += double(x[i * stride]) * double(x[i * stride]);
  return T(s);
}

}  // namespace

template <class T>
Nmf<T> BetaNmf<T>::starter() const {
  Nmf<T> s;
  s.c = c;
  s.c.engine = Engine::half_steps;
  s.c.method = NmfMethod::hals;
  s.c.loss = Loss::frobenius;
  s.c.only_starts = true;
  s.c.l1_w = s.c.l1_h = s.c.l2_w = s.c.l2_h = 0;
  return s;
}

template <class T>
int32_t BetaNmf<T>::chunks() const {  // as Nmf: by shape alone, their shares of W's sums cheap beside the products
  if (sparse()) return max_of(1, min_of(min_of(max_parts, 4), (by_rows() ? c.rows : c.cols) / 256));
  return max_of(1, min_of(max_parts, min_of(ceil_div(c.cols, tile_cols), c.cols / (4 * c.rank))));
}
template <class T>
int32_t BetaNmf<T>::wave() const {  // as Nmf: all at once where their shares are small, else one a worker
  const int32_t n = chunks();
  if (c.par.workers <= 1) return 1;
  const size_t share = size_t(by_rows() ? c.cols : c.rows) * size_t(c.rank) * sizeof(T) * (kl() ? 1 : 2);
  return min_of(n, size_t(n) * share <= (size_t(4) << 20) ? n : c.par.workers);
}

template <class T>
void BetaNmf<T>::worker_layout(Carver &carve, Worker &w) const {
  const int32_t r = c.rank, p = tile_cols;
  const size_t tile = size_t(tile_rows) * size_t(p), n = size_t(r) * size_t(p);
  const size_t line = size_t(by_rows() ? c.cols : c.rows);  // most nonzeros of one
  const size_t longest = coordinate() ? size_t(max_of(c.rows, c.cols)) * size_t(group) : sparse() ? line : 0;
  w.P = carve.take<T>(sparse() ? longest : max_of(tile, longest));
  w.R = carve.take<T>(kl() ? 0 : tile);
  w.F = {carve.take<T>(n), r, p, r};
  w.Fd = {carve.take<T>(kl() ? 0 : n), r, p, r};
  w.X = {carve.take<T>(max_of(n, size_t(r) * size_t(group))), p, r, p};
  w.v = carve.take<T>(coordinate() ? size_t(c.cols) : sparse() ? line : 0, coordinate() ? size_t(group) : 1);
}

template <class T>
void BetaNmf<T>::own_layout(Carver &carve, Blocks &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank;
  const size_t sm = size_t(m), sn = size_t(n), sr = size_t(r);
  b.N = {carve.take<T>(sm, sr), m, r, m};
  if (sparse()) b.N = {b.N.data, r, m, r};
  b.D = {carve.take<T>(kl() ? 0 : sm, sr), m, r, m};
  b.partial = carve.take<T>(chunks() > 1 ? size_t(wave()) * sr : 0, by_rows() ? sn : kl() ? sm : 2 * sm);
  b.Wt = {carve.take<T>(sparse() ? sm : 0, sr), r, m, r};
  b.Ft = {carve.take<T>(by_rows() ? sn : 0, sr), r, n, r};
  b.G = {carve.take<T>(sparse() ? sr : 0, sr), r, r, r};
  b.S = {carve.take<T>(sparse() ? sr : 0, sr), r, r, r};
  b.Ht = {carve.take<T>(coordinate() ? sn : 0, sr), n, r, n};
  b.sum_w = carve.take<T>(sr);
  b.sum_h = carve.take<T>(sr);
  b.kkt = carve.take<double>(size_t(max_parts), sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

// The start's workspace and ours are the same bytes.
template <class T>
void BetaNmf<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<BetaNmf<T>>(1);
  Carver ours, theirs;
  Blocks measured;
  typename Nmf<T>::Blocks start;
  own_layout(ours, measured);
  starter().layout(theirs, start);
  size_t mine = 0, its = 0;
  const bool fits = ours.total(&mine) && theirs.total(&its);
  unsigned char *region = carve.take<unsigned char>(fits ? max_of(mine, its) : SIZE_MAX);
  Carver place(region);
  if (region) own_layout(place, b);
}

template <class T>
struct BetaNmf<T>::Job {
  BetaNmf &s;
  const NmfConfig &c;
  const Operand<T> &V;
  Mat<const T> dense;
  Mat<T> W, H;
  Blocks b;
  Ops<T> ops;
  const LossKernels<T> &loss;

  Job(BetaNmf &solver, void *base, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), c(solver.c), V(data), dense(data.dense()), W(w), H(h), loss(fastest<LossKernels<T>>()) {
    Carver carve(base);
    s.layout(carve, b);
  }
  Worker worker(int32_t index) const {
    Carver carve(b.worker + b.worker_bytes * size_t(index));
    Worker w;
    s.worker_layout(carve, w);
    return w;
  }
  int32_t rank() const { return c.rank; }
  double exponent() const { return c.beta < 1 ? 1 / (2 - c.beta) : c.beta > 2 ? 1 / (c.beta - 1) : 1; }

  // ---- MU

  // x <- max(floor, x (n / (d + l1))^gamma).  The penalty l1 x is majorized by l1 x~ ((x/x~)^beta / beta + const) for
  // beta >= 1 and is linear as the majorized denominator for beta < 1: monotone for every beta [after Fevotte, Idier
  // 2011, section 4].  KL with l2: the positive root of l2 x^2 + (d + l1) x = x~ n.
  // A factor that is not finite leaves the entry.
  T updated(T x, T n, T d, T l1, T l2) const {
    d = max_of(d + l1, Real<T>::div);
    T y = T(0);
    if (l2 > T(0)) {
      const T a = x * n;
      y = T(2) * a / (d + sqrt_of(d * d + T(4) * l2 * a));
    } else {
      T q = n / d;
      if (exponent() != 1) q = T(pow(double(q), exponent()));
      y = x * q;
    }
    return y - y == T(0) ? max_of(y, Real<T>::floor) : x;
  }

  // P in the tile becomes Q, and R is filled where the loss needs it.
  void transform(const T *v, T *p, T *r, int32_t n) const {
    if (s.kl()) return loss.ratio(n, v, p, Real<T>::div, p);
    for (int32_t i = 0; i < n; ++i) r[i] = p[i] = max_of(p[i], Real<T>::div);
    power(n, r, c.beta - 2);
    for (int32_t i = 0; i < n; ++i) {
      const T t = r[i];
      r[i] = p[i] * t;
      p[i] = v[i] * t;
    }
  }

  void measure(const T *v, T *p, int32_t n, Sums *sum) const {
    for (int32_t i = 0; i < n; ++i) p[i] = max_of(p[i], Real<T>::div);
    if (s.kl()) loss.kl(n, v, p, &sum->divergence, &sum->squares);
    else if (c.beta == 0) loss.is(n, v, p, &sum->divergence, &sum->squares);
    else add_divergence(c.beta, n, v, p, &sum->divergence, &sum->squares);
    for (int32_t i = 0; i < n; ++i) sum->data += double(v[i]) * double(v[i]);
  }

  T numerator(int32_t i, int32_t k) const { return s.sparse() ? b.N(k, i) : b.N(i, k); }

  void find_sums() {
    for (int32_t k = 0; k < rank(); ++k) {
      double sum = 0;
      for (int32_t i = 0; i < W.rows; ++i) sum += double(W(i, k));
      b.sum_w[k] = T(sum);
    }
  }
  void find_sums_h() {
    double *sum = b.kkt;
    for (int32_t k = 0; k < rank(); ++k) sum[k] = 0;
    for (int32_t j = 0; j < H.cols; ++j)
      for (int32_t k = 0; k < rank(); ++k) sum[k] += double(H(k, j));
    for (int32_t k = 0; k < rank(); ++k) b.sum_h[k] = T(sum[k]);
  }

  static bool positive(T x) { return x > Real<T>::floor; }  // MU keeps its zeros at the floor

  // What a pass does.  update: H first;  gradient: of H after that;  products: the numerator and denominator of W.
  struct Ask {
    bool update, objective, gradient, products;
  };

  // P = W_I H_J, then Q and R in its place.
  void tile(const Worker &w, int32_t i, int32_t j, int32_t rows, int32_t cols, Sums &sum, const Ask &ask) const {
    const Mat<T> P{w.P, rows, cols, rows};
    ops.nn(W.block(i, 0, rows, rank()), H.columns(j, cols), P);
    for (int32_t q = 0; q < cols; ++q) {
      const T *v = dense.col(j + q) + i;
      if (ask.objective) measure(v, P.col(q), rows, &sum);
      transform(v, P.col(q), w.R + ptrdiff_t(q) * rows, rows);
    }
    if (ask.gradient) {
      double norm = double(rows) * cols;
      if (!s.kl()) {
        norm = 0;
        for (int32_t q = 0; q < rows * cols; ++q) norm += double(w.R[q]) * double(w.R[q]);
      }
      sum.norm += norm;
    }
  }

  void pass(Ask ask) {
    if (s.sparse()) return sparse_pass(ask);
    const int32_t m = W.rows, n = H.cols, r = rank(), chunks = s.chunks(), at_once = s.wave();
    const T l1 = T(c.l1_h), l2 = T(c.l2_h);
    find_sums();
    const size_t share = size_t(m) * size_t(r);
    for (int32_t first = 0; first < chunks; first += at_once) {
      const int32_t wave = min_of(at_once, chunks - first);
      parallel_for(c.par, wave, [&](int32_t t, int32_t index) {
        const Worker w = worker(index);
        const int32_t chunk = first + t;
        T *const at = b.partial + (s.kl() ? 1 : 2) * share * size_t(t);
        const Mat<T> N = chunk == 0 ? b.N : Mat<T>{at, m, r, m};
        const Mat<T> D = chunk == 0 ? b.D : Mat<T>{at + share, m, r, m};
        double *const kkt = b.kkt + ptrdiff_t(chunk) * r;
        for (int32_t k = 0; k < r; ++k) kkt[k] = 0;
        Sums sum{};
        const int32_t from = int32_t(int64_t(n) * chunk / chunks), to = int32_t(int64_t(n) * (chunk + 1) / chunks);
        for (int32_t j = from; j < to; j += tile_cols) {
          const int32_t p = min_of(tile_cols, to - j);
          const Mat<T> h = H.columns(j, p), F = w.F.columns(0, p), Fd = w.Fd.columns(0, p), X{w.X.data, p, r, p};
          const auto gradient = [&](int32_t i, int32_t rows) {
            const Mat<const T> Wi = W.block(i, 0, rows, r);
            ops.tn(Wi, Mat<T>{w.P, rows, p, rows}, F, i > 0);
            if (!s.kl()) ops.tn(Wi, Mat<T>{w.R, rows, p, rows}, Fd, i > 0);
          };
          if (ask.update) {
            for (int32_t i = 0; i < m; i += tile_rows) {
              const int32_t rows = min_of(tile_rows, m - i);
              tile(w, i, j, rows, p, sum, {});
              gradient(i, rows);
            }
            for (int32_t q = 0; q < p; ++q)
              for (int32_t k = 0; k < r; ++k) h(k, q) = updated(h(k, q), F(k, q), s.kl() ? b.sum_w[k] : Fd(k, q), l1, l2);
          }
          transpose<T>(h, X);
          for (int32_t i = 0; i < m; i += tile_rows) {
            const int32_t rows = min_of(tile_rows, m - i);
            tile(w, i, j, rows, p, sum, ask);
            if (ask.products) {
              ops.nn(Mat<T>{w.P, rows, p, rows}, X, N.block(i, 0, rows, r), j > from);
              if (!s.kl()) ops.nn(Mat<T>{w.R, rows, p, rows}, X, D.block(i, 0, rows, r), j > from);
            }
            if (ask.gradient) gradient(i, rows);
          }
          if (ask.gradient)
            for (int32_t q = 0; q < p; ++q)
              for (int32_t k = 0; k < r; ++k) {
                const T g = (s.kl() ? b.sum_w[k] : Fd(k, q)) + l1 + l2 * h(k, q) - F(k, q);
                if (g < T(0) || positive(h(k, q))) kkt[k] += double(g) * double(g);
              }
        }
        b.sums[chunk] = sum;
      });
      for (int32_t t = 0; t < wave && ask.products; ++t) {  // in the order of the chunks
        if (first + t == 0) continue;
        T *const at = b.partial + (s.kl() ? 1 : 2) * share * size_t(t);
        accumulate<T>(Mat<T>{at, m, r, m}, b.N);
        if (!s.kl()) accumulate<T>(Mat<T>{at + share, m, r, m}, b.D);
      }
    }
  }

  // ---- sparse: lines are columns of V (CSC) or rows (CSR).  Along a line its numerator is gathered, across it scattered.

  // q of a line's nonzeros into w.v; with ask.objective their share of the divergence.
  void line(const Worker &w, int32_t a, Mat<const T> X, Mat<const T> Y, Sums &sum, const Ask &ask) const {
    const int32_t *index;
    const T *v;
    const int32_t count = V.major(a, &index, &v);
    loss.dots(rank(), count, index, Y.data, Y.ld, X.col(a), w.P);
    if (ask.objective) {
      double all = 0;
      for (int32_t t = 0; t < count; ++t) {
        w.P[t] = max_of(w.P[t], Real<T>::div);
        all += double(w.P[t]);
        sum.data += double(v[t]) * double(v[t]);
        sum.squares += double(w.P[t]) * double(w.P[t]);
      }
      double squares = 0;
      loss.kl(count, v, w.P, &sum.divergence, &squares);
      sum.divergence -= all;  // the sum of all of P comes from the sums of the factors
      sum.squares -= squares;
    }
    loss.ratio(count, v, w.P, Real<T>::div, w.v);
  }

  // Over all lines, one for each column of X: along(worker, line, a chunk's share of `across` if that has data, sums).
  template <class Along>
  void lines(Mat<const T> X, Mat<T> across, const Along &along) {
    const int32_t n = X.cols, r = rank(), chunks = s.chunks(), at_once = s.wave();
    for (int32_t first = 0; first < chunks; first += at_once) {
      const int32_t wave = min_of(at_once, chunks - first);
      parallel_for(c.par, wave, [&](int32_t t, int32_t index) {
        const Worker w = worker(index);
        const int32_t chunk = first + t;
        Mat<T> to = across;
        if (across.data && chunk > 0) to = {b.partial + ptrdiff_t(t) * across.cols * r, r, across.cols, r};
        if (across.data) fill(to, T(0));
        Sums sum{};
        double *const kkt = b.kkt + ptrdiff_t(chunk) * r;
        for (int32_t k = 0; k < r; ++k) kkt[k] = 0;
        const int32_t from = int32_t(int64_t(n) * chunk / chunks), end = int32_t(int64_t(n) * (chunk + 1) / chunks);
        for (int32_t a = from; a < end; ++a) along(w, a, to, sum, kkt);
        b.sums[chunk] = sum;
      });
      for (int32_t t = 0; t < wave && across.data; ++t)
        if (first + t > 0) accumulate<T>(Mat<T>{b.partial + ptrdiff_t(t) * across.cols * r, r, across.cols, r}, across);
    }
  }
  void gathered(const Worker &w, int32_t a, Mat<const T> Y, T *out) const {
    const int32_t *index;
    const T *v;
    const int32_t count = V.major(a, &index, &v);
    fastest<SparseKernels<T>>().gather(rank(), count, index, w.v, Y.data, Y.ld, out);
  }
  void scattered(const Worker &w, int32_t a, Mat<const T> X, Mat<T> to) const {
    const int32_t *index;
    const T *v;
    const int32_t count = V.major(a, &index, &v);
    fastest<SparseKernels<T>>().scatter(rank(), count, index, w.v, X.col(a), to.data, to.ld);
  }
  void update_h(int32_t j, const T *numerators) const {
    for (int32_t k = 0; k < rank(); ++k)
      H(k, j) = updated(H(k, j), numerators[k], b.sum_w[k], T(c.l1_h), T(c.l2_h));
  }
  void add_gradient(int32_t j, const T *numerators, double *kkt) const {
    for (int32_t k = 0; k < rank(); ++k) {
      const T g = b.sum_w[k] + T(c.l1_h) + T(c.l2_h) * H(k, j) - numerators[k];
      if (g < T(0) || positive(H(k, j))) kkt[k] += double(g) * double(g);
    }
  }

  void sparse_pass(Ask ask) {
    const int32_t r = rank();
    const Mat<T> none;
    find_sums();
    transpose<T>(W, b.Wt);
    if (!s.by_rows()) {
      lines(H, ask.products ? b.N : none, [&](const Worker &w, int32_t j, Mat<T> to, Sums &sum, double *kkt) {
        if (ask.update) {
          line(w, j, H, b.Wt, sum, {});
          gathered(w, j, b.Wt, w.F.data);
          update_h(j, w.F.data);
        }
        line(w, j, H, b.Wt, sum, ask);
        if (ask.products) scattered(w, j, H, to);
        if (ask.gradient) {
          gathered(w, j, b.Wt, w.F.data);
          add_gradient(j, w.F.data, kkt);
        }
      });
    } else {
      if (ask.update) {
        lines(b.Wt, b.Ft, [&](const Worker &w, int32_t i, Mat<T> to, Sums &sum, double *) {
          line(w, i, b.Wt, H, sum, {});
          scattered(w, i, b.Wt, to);
        });
        for (int32_t j = 0; j < H.cols; ++j) update_h(j, b.Ft.col(j));
      }
      lines(b.Wt, ask.gradient ? b.Ft : none, [&](const Worker &w, int32_t i, Mat<T> to, Sums &sum, double *) {
        line(w, i, b.Wt, H, sum, ask);
        if (ask.products) gathered(w, i, H, b.N.col(i));
        if (ask.gradient) scattered(w, i, b.Wt, to);
      });
      for (int32_t j = 0; ask.gradient && j < H.cols; ++j) add_gradient(j, b.Ft.col(j), b.kkt);
    }
    b.sums[0].norm = double(W.rows) * double(H.cols);
    if (!ask.objective) return;
    // |P|^2 and the sum of P from the factors.
    for (int32_t k = 0; k < r; ++k) {
      double sw = 0, sh = 0;
      for (int32_t i = 0; i < W.rows; ++i) sw += double(W(i, k));
      for (int32_t j = 0; j < H.cols; ++j) sh += double(H(k, j));
      b.sums[0].divergence += sw * sh;
    }
    ops.tn(W, W, b.G);
    fill(b.S, T(0));
    for (int32_t j = 0; j < H.cols; j += tile_cols) {
      const int32_t p = min_of(tile_cols, H.cols - j);
      const Mat<T> h = H.columns(j, p), X{worker(0).X.data, p, r, p};
      transpose<T>(h, X);
      ops.nn(h, X, b.S, true);
    }
    b.sums[0].squares = inner<T>(b.G, b.S) - b.sums[0].squares;
    for (int32_t i = 1; i < s.chunks(); ++i) b.sums[0].squares -= b.sums[i].squares, b.sums[i].squares = 0;
    b.sums[0].squares = max_of(b.sums[0].squares, 0.0);
  }

  void update_w() {
    const T l1 = T(c.l1_w), l2 = T(c.l2_w);
    constexpr int32_t piece = 1024;
    find_sums_h();
    parallel_for(c.par, ceil_div(W.rows, piece), [&](int32_t t, int32_t) {
      const int32_t to = min_of(W.rows, (t + 1) * piece);
      for (int32_t k = 0; k < rank(); ++k)
        for (int32_t i = t * piece; i < to; ++i)
          W(i, k) = updated(W(i, k), numerator(i, k), s.kl() ? b.sum_h[k] : b.D(i, k), l1, l2);
    });
  }

  // ---- CCD: `group` problems at a time, each with its P made anew

  void descend(int32_t problems, int32_t length, Mat<const T> A, const T *sums, double l1, double l2, bool rows) {
    const int32_t r = rank(), sweeps = max_of(1, c.sweeps);
    T *D = rows ? b.sum_h : b.sum_w;
    for (int32_t k = 0; k < r; ++k) D[k] = sums[k] + T(l1);
    parallel_for(c.par, ceil_div(problems, group), [&](int32_t t, int32_t index) {
      const Worker w = worker(index);
      const int32_t j = t * group, p = min_of(group, problems - j);
      const T *v = dense.col(j);
      ptrdiff_t ldv = dense.ld;
      Mat<T> x = H.columns(rows ? 0 : j, p);
      if (rows) {
        x = {w.X.data, r, p, r};
        for (int32_t q = 0; q < p; ++q)
          for (int32_t k = 0; k < r; ++k) x(k, q) = W(j + q, k);
        for (int32_t i = 0; i < length; ++i)
          for (int32_t q = 0; q < p; ++q) w.v[i + ptrdiff_t(q) * length] = dense(j + q, i);
        v = w.v, ldv = length;
      }
      const Mat<T> P{w.P, length, p, length};
      ops.nn(A, x, P);
      loss.ccd(length, r, p, sweeps, A.data, A.ld, D, T(l2), least_model<T>, v, ldv, P.data, P.ld, x.data, x.ld);
      for (int32_t q = 0; rows && q < p; ++q)
        for (int32_t k = 0; k < r; ++k) W(j + q, k) = x(k, q);
    });
  }

  // ---- what outer_loop calls

  bool step(bool check, Report &r) {
    // The divergence has a logarithm an entry, as dear as the products of rank 10: only where someone looks at it.
    const bool objective = c.outer.progress || c.outer.tol_obj > 0;
    if (s.coordinate()) {
      if (!c.fixed_w) {
        transpose<T>(H, b.Ht);
        find_sums_h();
        descend(c.rows, c.cols, b.Ht, b.sum_h, c.l1_w, c.l2_w, true);
      }
      find_sums();
      descend(c.cols, c.rows, W, b.sum_w, c.l1_h, c.l2_h, false);
      if (objective || check) pass({false, objective, check, check});
    } else {
      if (!c.fixed_w) update_w();
      pass({true, objective, check, true});
    }
    if (objective) set(r);
    if (check) set_kkt(r);
    return objective;
  }

  void set(Report &r) const {
    double d = 0, squares = 0, data = 0;
    for (int32_t i = 0; i < s.chunks(); ++i) {
      d += b.sums[i].divergence;
      squares += b.sums[i].squares;
      data += b.sums[i].data;
    }
    r.objective = max_of(d, 0.0) + penalty(W, c.l1_w, c.l2_w) + penalty(H, c.l1_h, c.l2_h);
    r.rel_error = data > 0 ? sqrt_of(squares / data) : 0;
  }
  static double penalty(Mat<const T> X, double l1, double l2) {
    if (l1 + l2 == 0) return 0;
    double one = 0, two = 0;
    for (int32_t j = 0; j < X.cols; ++j)
      for (int32_t i = 0; i < X.rows; ++i) one += double(X(i, j)), two += double(X(i, j)) * double(X(i, j));
    return l1 * one + 0.5 * l2 * two;
  }

  void set_kkt(Report &r) {
    double sum = 0, norm = 0;
    for (int32_t i = 0; i < s.chunks(); ++i) norm += b.sums[i].norm;
    for (int32_t k = 0; k < rank(); ++k) {
      double part = 0;
      for (int32_t i = 0; i < s.chunks(); ++i) part += b.kkt[ptrdiff_t(i) * rank() + k];
      const T w2 = norm2(W.col(k), W.rows, 1);
      sum += w2 > T(0) ? part / double(w2) : 0;
    }
    find_sums_h();
    for (int32_t k = 0; k < rank() && !c.fixed_w; ++k) {
      const T h2 = norm2(H.data + k, H.cols, H.ld);
      double part = 0;
      for (int32_t i = 0; i < W.rows; ++i) {
        const T d = s.kl() ? b.sum_h[k] : b.D(i, k), g = d + T(c.l1_w) + T(c.l2_w) * W(i, k) - numerator(i, k);
        if (g < T(0) || positive(W(i, k))) part += double(g) * double(g);
      }
      sum += h2 > T(0) ? part / double(h2) : 0;
    }
    r.kkt = norm > 0 ? sqrt_of(sum / norm) : 0;
  }

  void finish(Report &r) {
    pass({false, true, true, true});
    set(r);
    set_kkt(r);
    r.worst = 0;
  }

  Status begin(NmfStart start) {
    s.outer = OuterState{};
    s.started = 0;
    if (start != NmfStart::given && start != NmfStart::nndsvd) {
      if (!c.fixed_w) lift(W);
      lift(H);
    }
    pass({false, true, false, true});
    Report r;
    set(r);
    if (!is_finite(r.objective)) return E_DATA;
    s.outer.first = s.outer.last = r.objective;
    s.started = 1;
    return OK;
  }

  // Products cannot leave zero, and log 0 is no start: entries below a hundredth of their factor's mean are raised to it.
  static void lift(Mat<T> X) {
    double sum = 0;
    for (int32_t j = 0; j < X.cols; ++j)
      for (int32_t i = 0; i < X.rows; ++i) sum += double(X(i, j));
    const T least = T(0.01 * sum / X.rows / X.cols);
    for (int32_t j = 0; j < X.cols; ++j)
      for (int32_t i = 0; i < X.rows; ++i) X(i, j) = max_of(X(i, j), least);
  }
};

// A line with an entry twice could be longer than the workspace of a line.
template <class T>
bool BetaNmf<T>::fits(const Operand<T> &V) const {
  const int32_t *index;
  const T *v;
  bool good = true;
  for (int32_t a = 0; sparse() && a < (by_rows() ? c.rows : c.cols); ++a)
    good = good && V.major(a, &index, &v) <= (by_rows() ? c.cols : c.rows);
  return good;
}

template <class T>
Status BetaNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  started = 0;
  if (!fits(V)) return E_DATA;
  if (c.beta <= 0) {  // v^beta and log v need v > 0
    const Mat<const T> data = V.dense();
    for (int32_t j = 0; j < data.cols; ++j)
      for (int32_t i = 0; i < data.rows; ++i)
        if (!(data(i, j) > T(0))) return E_DATA;
  }
  Job job(*this, base, V, W, H);
  // The region's first byte: our blocks and the start's begin there.
  if (const Status st = starter().start(job.b.N.data, V, W, H); st != OK) return st;
  return job.begin(c.start);
}

template <class T>
Status BetaNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  if (!started) {
    const NmfStart wanted = c.start;
    c.start = NmfStart::given;
    const Status st = start(base, V, W, H);
    c.start = wanted;
    if (st != OK) return st;
  }
  if (!fits(V)) return E_DATA;
  Job job(*this, base, V, W, H);
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct BetaNmf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
