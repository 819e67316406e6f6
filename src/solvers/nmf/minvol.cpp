#include "minvol.hpp"

namespace orthant {
namespace {
constexpr int32_t row_block = small_target ? 32 : 256;

// x onto {x >= 0, 1'x = 1}: max(x - tau, 0), tau from the support of the last guess until it stays [Michelot 1986].
template <class T>
void to_simplex(T *x, int32_t n) {
  double tau = -1e300;
  for (int32_t count = -1;;) {
    double sum = 0;
    int32_t above = 0;
    for (int32_t i = 0; i < n; ++i)
      if (double(x[i]) > tau) sum += double(x[i]), ++above;
    if (above == count || above == 0) break;
    count = above;
    tau = (sum - 1) / above;
  }
  for (int32_t i = 0; i < n; ++i) x[i] = T(max_of(double(x[i]) - tau, 0.0));
}
}  // namespace

template <class T>
Nmf<T> MinVolNmf<T>::starter() const {
  Nmf<T> s;
  s.c = c;
  s.c.engine = Engine::half_steps;
  s.c.method = NmfMethod::hals;
  s.c.only_starts = true;
  return s;
}

template <class T>
void MinVolNmf<T>::own_layout(Carver &carve, Blocks &b) const {
  const int32_t m = c.rows, n = c.cols, r = c.rank, most = max_of(m, n);
  const size_t sn = size_t(n), sr = size_t(r), sm = size_t(most);
  b.F = {carve.take<T>(sm, sr), most, r, most};
  b.Ht = {carve.take<T>(sn, sr), n, r, n};
  b.X = {carve.take<T>(sm, sr), most, r, most};
  b.E = {carve.take<T>(sm, sr), most, r, most};
  b.E_old = {carve.take<T>(sm, sr), most, r, most};
  b.S = {carve.take<T>(sr, sr), r, r, r};
  b.A = {carve.take<T>(sr, sr), r, r, r};
  b.U = {carve.take<T>(sr, sr), r, r, r};
  b.values = carve.take<T>(sr);
  b.svd = carve.take<T>(svd_work(r) + sr * sr);
  b.partial = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<double>(size_t(max_parts));
  b.tile = carve.take<T>(size_t(Operand<T>::tile_elements), size_t(c.par.workers));
}

// The start's workspace and ours are the same bytes.
template <class T>
void MinVolNmf<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<MinVolNmf<T>>(1);
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
struct MinVolNmf<T>::Job {
  MinVolNmf &s;
  const NmfConfig &c;
  const Operand<T> &V;
  Mat<T> W, H;
  Blocks b;
  Ops<T> ops;

  Job(MinVolNmf &solver, void *base, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), c(solver.c), V(data), W(w), H(h) {
    Carver carve(base);
    s.layout(carve, b);
  }
  int32_t rank() const { return c.rank; }
  static Mat<T> top(Mat<T> A, int32_t rows) { return {A.data, rows, A.cols, A.ld}; }

  // body(first row, rows) -> double over blocks of rows; the sum in their order.
  template <class Body>
  double by_rows(int32_t rows, const Body &body) const {
    const int32_t blocks = ceil_div(rows, row_block), parts = min_of(max_parts, blocks);
    parallel_for(c.par, parts, [&](int32_t t, int32_t) {
      double sum = 0;
      const int32_t from = int32_t(int64_t(blocks) * t / parts), to = int32_t(int64_t(blocks) * (t + 1) / parts);
      for (int32_t k = from; k < to; ++k) sum += body(t, k * row_block, min_of(row_block, rows - k * row_block), k == from);
      b.sums[t] = sum;
    });
    double sum = 0;
    for (int32_t t = 0; t < parts; ++t) sum += b.sums[t];
    return sum;
  }

  void gram(Mat<const T> X, Mat<T> G) const {
    const int32_t r = rank();
    const auto part = [&](int32_t t) { return Mat<T>{b.partial + ptrdiff_t(t) * r * r, r, r, r}; };
    by_rows(X.rows, [&](int32_t t, int32_t i, int32_t rows, bool first) {
      const Mat<const T> x = X.block(i, 0, rows, r);
      ops.tn(x, x, part(t), !first);
      return 0.0;
    });
    copy<T>(part(0), G);
    for (int32_t t = 1; t < min_of(max_parts, ceil_div(X.rows, row_block)); ++t) accumulate<T>(part(t), G);
  }

  // log det(G + delta I), and its inverse into Y.
  double log_det(Mat<const T> G, Mat<T> Y) const {
    const int32_t r = rank();
    Mat<T> L = b.U;
    copy<T>(G, Y);
    for (int32_t k = 0; k < r; ++k) Y(k, k) += T(c.delta);
    cholesky(r, Y.data, Y.ld, static_cast<const int32_t *>(nullptr), L.data, L.ld);
    double sum = 0;
    for (int32_t k = 0; k < r; ++k) {
      sum += 2 * log(double(L(k, k)));
      for (int32_t i = 0; i < r; ++i) Y(i, k) = T(i == k);
      cholesky_solve(r, L.data, L.ld, Y.col(k));
    }
    return sum;
  }

  // Fast gradient steps on 1/2 <X, X A> - <X, F> from X, orthant or simplex, momentum from the spectrum of A
  // [Nesterov 2013; spec, sections 1.1 and 1.7].  Where the objective would rise the step is undone and the momentum
  // dropped, so that it never does.
  void fast_gradient(Mat<T> X, Mat<const T> F, bool simplex) const {
    const int32_t n = X.rows, r = rank();
    copy<T>(b.A, b.U);
    small_svd(r, b.U.data, b.values, b.svd + svd_work(r), b.svd);
    const double most = double(b.values[0]), least = double(b.values[r - 1]);
    if (!(most > double(Real<T>::tiny))) return;
    const T step = T(1 / (most * (1 + 4 * r * double(Real<T>::eps)))), root = T(sqrt_of(max_of(least / most, 0.0)));
    const T beta = (T(1) - root) / (T(1) + root);
    Mat<T> now = X, old = top(b.X, n), E = top(b.E, n), E_old = top(b.E_old, n);
    const auto rise = [&] {  // E_old = old A; objective(old) - objective(now), which must not drown in either
      return by_rows(n, [&](int32_t, int32_t i, int32_t rows, bool) {
        ops.nn(old.block(i, 0, rows, r), b.A, E_old.block(i, 0, rows, r));
        double sum = 0;
        for (int32_t k = 0; k < r; ++k)
          for (int32_t q = i; q < i + rows; ++q)
            sum += double(old(q, k) - now(q, k)) * double(T(0.5) * (E(q, k) + E_old(q, k)) - F(q, k));
        return sum;
      });
    };
    double first = 0;
    copy<T>(now, old);
    rise();
    copy<T>(E_old, E);
    bool fresh = true;  // without momentum
    for (int32_t t = 0; t < (c.sweeps > 0 ? c.sweeps : 10); ++t) {
      const T carry = fresh ? T(0) : beta;
      const double moved = by_rows(n, [&](int32_t, int32_t i, int32_t rows, bool) {
        double sum = 0;
        for (int32_t k = 0; k < r; ++k)
          for (int32_t q = i; q < i + rows; ++q) {
            const T x = now(q, k), e = E(q, k);
            const T y = x + carry * (x - old(q, k)) - step * (e + carry * (e - E_old(q, k)) - F(q, k));
            old(q, k) = simplex ? y : max_of(y, T(0));
            sum += double(old(q, k) - x) * double(old(q, k) - x);
          }
        return sum;
      });
      if (simplex) parallel_for(c.par, r, [&](int32_t k, int32_t) { to_simplex(old.col(k), n); });
      if (!(rise() <= 0)) {  // undone
        if (fresh) break;
        copy<T>(now, old);
        copy<T>(E, E_old);
        fresh = true;
        continue;
      }
      fresh = false;
      const Mat<T> x = now, e = E;
      now = old, E = E_old;
      old = x, E_old = e;
      if (t == 0) first = moved;
      if (moved <= 1e-12 * first) break;  // lengths: 1e-6
    }
    if (now.data != X.data) copy<T>(now, X);
  }

  // ---- what outer_loop calls.  b.S: the Gram matrix of the factor that stays.

  bool step(bool check, Report &r) {
    half_w();
    gram(W, b.S);
    const Mat<T> F = top(b.F, c.cols);
    V.transposed_times(ops, c.par, W, F);
    copy<T>(b.S, b.A);
    transpose<T>(H, b.Ht);
    fast_gradient(b.Ht, F, false);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t j = 0; j < c.cols; ++j) H(k, j) = b.Ht(j, k) = no_denormal(b.Ht(j, k));
    report(r, check);
    return true;
  }

  void curvature_w() {
    gram(W, b.S);
    log_det(b.S, b.A);
    gram(b.Ht, b.S);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t l = 0; l < rank(); ++l) b.A(l, k) = T(s.lambda) * b.A(l, k) + b.S(l, k);
  }
  void half_w() {
    transpose<T>(H, b.Ht);
    const Mat<T> F = top(b.F, c.rows);
    V.times(ops, c.par, b.Ht, F);
    curvature_w();
    fast_gradient(W, F, true);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t i = 0; i < c.rows; ++i) W(i, k) = no_denormal(W(i, k));
  }

  // F = V'W, S = W'W and Ht stand ready.
  void report(Report &r, bool check) {
    const Mat<T> F = top(b.F, c.cols);
    const double volume = log_det(b.S, b.A);
    gram(b.Ht, b.A);
    double fit = 0.5 * s.norm2 - inner<T>(F, b.Ht) + 0.5 * inner<T>(b.S, b.A);
    if (!(fit > 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2)) fit = V.sparse() ? max_of(fit, 0.0) : direct();
    r.objective = fit + 0.5 * s.lambda * volume;
    r.rel_error = s.norm2 > 0 ? sqrt_of(2 * fit / s.norm2) : 0;
    if (!check) return;
    copy<T>(b.S, b.A);
    double sum = projected(b.Ht, F, false);
    const Mat<T> B = top(b.F, c.rows);
    V.times(ops, c.par, b.Ht, B);
    curvature_w();
    sum += projected(W, B, true);
    r.kkt = s.norm2 > 0 ? sqrt_of(sum / s.norm2) : 0;
  }

  double direct() const {
    const int32_t n = c.cols, parts = max_of(1, min_of(max_parts, n / 8));
    parallel_for(c.par, parts, [&](int32_t t, int32_t index) {
      const int32_t from = int32_t(int64_t(n) * t / parts), to = int32_t(int64_t(n) * (t + 1) / parts);
      b.sums[t] = V.residual(ops, from, to - from, W, H, b.tile + ptrdiff_t(index) * Operand<T>::tile_elements);
    });
    double sum = 0;
    for (int32_t t = 0; t < parts; ++t) sum += b.sums[t];
    return 0.5 * sum;
  }

  // Sum over columns of |projected X A - F|^2 / A_kk; on the simplex less the mean over the support.
  double projected(Mat<T> X, Mat<const T> F, bool simplex) const {
    const Mat<T> E = top(b.E, X.rows);
    by_rows(X.rows, [&](int32_t, int32_t i, int32_t rows, bool) {
      ops.nn(X.block(i, 0, rows, rank()), b.A, E.block(i, 0, rows, rank()));
      return 0.0;
    });
    double sum = 0;
    for (int32_t k = 0; k < rank(); ++k) {
      double mean = 0, part = 0;
      int32_t support = 0;
      for (int32_t i = 0; simplex && i < X.rows; ++i)
        if (X(i, k) > T(0)) mean += double(E(i, k) - F(i, k)), ++support;
      if (support > 0) mean /= support;
      for (int32_t i = 0; i < X.rows; ++i) {
        const double g = double(E(i, k) - F(i, k)) - mean;
        if (g < 0 || X(i, k) > T(0)) part += g * g;
      }
      if (b.A(k, k) > T(0)) sum += part / double(b.A(k, k));
    }
    return sum;
  }

  void finish(Report &r) {
    transpose<T>(H, b.Ht);
    gram(W, b.S);
    V.transposed_times(ops, c.par, W, top(b.F, c.cols));
    report(r, true);
    r.worst = 0;
  }

  Status begin() {
    s.outer = OuterState{};
    for (int32_t k = 0; k < rank(); ++k) {  // columns of W to the sum one, H inversely
      double sum = 0;
      for (int32_t i = 0; i < c.rows; ++i) sum += double(W(i, k));
      const bool some = sum > double(Real<T>::tiny);
      for (int32_t i = 0; i < c.rows; ++i) W(i, k) = some ? T(double(W(i, k)) / sum) : T(1) / T(c.rows);
      for (int32_t j = 0; j < c.cols; ++j) H(k, j) = some ? no_denormal(T(double(H(k, j)) * sum)) : T(0);
    }
    s.lambda = 0;
    Report r;
    finish(r);
    // Differs: the guard of the residual, 1e-6 there, has the scale of the data here.
    const double fit = max_of(1e-6 * s.norm2, s.norm2 * r.rel_error * r.rel_error);
    gram(W, b.S);
    const double volume = log_det(b.S, b.A);
    s.lambda = c.volume * fit / max_of(volume < 0 ? -volume : volume, 1e-6);
    finish(r);
    if (!is_finite(r.objective)) return E_DATA;
    s.outer.last = r.objective;
    s.outer.first = r.objective < 0 ? -r.objective : r.objective;
    s.started = 1;
    return OK;
  }
};

template <class T>
Status MinVolNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  started = 0;
  Job job(*this, base, V, W, H);
  Nmf<T> solver = starter();
  // The region's first byte: our blocks and the start's begin there.
  if (const Status st = solver.start(job.b.F.data, V, W, H); st != OK) return st;
  norm2 = solver.norm2;
  return job.begin();
}

template <class T>
Status MinVolNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  if (!started) {
    const NmfStart wanted = c.start;
    c.start = NmfStart::given;
    const Status st = start(base, V, W, H);
    c.start = wanted;
    if (st != OK) return st;
  }
  Job job(*this, base, V, W, H);
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct MinVolNmf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
