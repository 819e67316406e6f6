#include "penalized.hpp"

#include <initializer_list>

#include "additive.hpp"

namespace orthant {
namespace {
constexpr int32_t row_block = small_target ? 16 : 256;  // rows of one task
constexpr int32_t strip = small_target ? 2 : 8;         // columns of V that are formed at a time

template <class T>
double sum_of(int32_t n, const T *x) {
  double t[4] = {0, 0, 0, 0};
  int32_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (int32_t u = 0; u < 4; ++u) t[u] += double(x[i + u]);
  for (; i < n; ++i) t[0] += double(x[i]);
  return (t[0] + t[1]) + (t[2] + t[3]);
}
}  // namespace

template <class T>
Nmf<T> PenalizedNmf<T>::unpenalized() const {
  Nmf<T> n;
  n.c.rows = c.rows, n.c.cols = c.cols, n.c.rank = c.rank;
  n.c.method = NmfMethod::hals;
  n.c.only_starts = true;
  n.c.start = c.start;
  n.c.seed = c.seed;
  n.c.par = c.par;
  return n;
}

template <class T>
void PenalizedNmf<T>::worker_layout(Carver &carve, Worker &w) const {
  const int32_t p = max_of(unpenalized().panel(), min_of(row_block, max_of(c.rows, c.cols)));
  const size_t r = size_t(c.rank), q = size_t(p);
  w.F = {carve.take<T>(r, q), p, c.rank, p};
  w.Z = {carve.take<T>(r, q), p, c.rank, p};
  w.tile = carve.take<T>(size_t(Operand<T>::tile_elements));
}

template <class T>
void PenalizedNmf<T>::blocks(Carver &carve, Blocks &b) const {
  const int32_t r = c.rank;
  const size_t sm = size_t(c.rows), sr = size_t(r), sp = size_t(strip);
  const auto square = [&] { return Mat<T>{carve.take<T>(sr, sr), r, r, r}; };
  for (Side *x : {&b.w, &b.h}) {
    const int32_t q = x == &b.w ? c.rows : c.cols;
    const auto factor = [&] { return Mat<T>{carve.take<T>(size_t(q), sr), q, r, q}; };
    if (x == &b.h) x->X = factor();
    x->N = factor();
    x->E = factor();
    x->PX = factor();
    for (Mat<T> *A : {&x->gram, &x->plain, &x->S, &x->fold[0], &x->fold[1], &x->sum[0], &x->sum[1]}) *A = square();
    x->total = carve.take<T>(sr);
  }
  const Nmf<T> n = unpenalized();
  b.partial_B = carve.take<T>(n.chunks() > 1 ? size_t(n.wave()) * sr : 0, sm);
  b.partial_S = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  b.first = carve.take<T>(sm, sp);
  b.second = carve.take<T>(sm, sp);
  b.small = carve.take<T>(sr, sp);
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

// The blocks of an iteration and those of the start share one place.
template <class T>
void PenalizedNmf<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<PenalizedNmf<T>>(1);
  size_t mine = 0, first = 0;
  Carver one, two;
  typename Nmf<T>::Blocks other;
  blocks(one, b);
  unpenalized().layout(two, other);
  if (!one.total(&mine) || !two.total(&first)) mine = SIZE_MAX;
  b.place = carve.take<unsigned char>(max_of(mine, first));
  Carver inside(b.place);
  blocks(inside, b);
}

template <class T>
struct PenalizedNmf<T>::Job {
  PenalizedNmf &s;
  const Operand<T> &V;
  Mat<T> W, H;
  Blocks b;
  Ops<T> ops;
  const bool multiplicative;
  bool alone;       // a row of H' has its step without the others: its update joins the pass over the data
  T data_factor;    // of both weights

  Job(PenalizedNmf &solver, Carver &carve, const Operand<T> &data, Mat<T> w, Mat<T> h)
      : s(solver), V(data), W(w), H(h), multiplicative(solver.c.method == NmfMethod::murnmf) {
    s.layout(carve, b);
    const Terms<T> &t = s.terms;
    data_factor = t.rows.scale() * t.cols.scale();
    b.w.X = W;
    set_side(b.w, t.rows, t.w, t.count_w, t.l1_w, 1, t.l1_w.ld, s.c.l1_w);
    set_side(b.h, t.cols, t.h, t.count_h, t.l1_h, t.l1_h.ld, 1, s.c.l1_h);
    b.w.turned = 0, b.h.turned = 1;
    b.w.overlap = T(0);
    b.h.overlap = s.c.axis == Ortho::observations ? T(s.c.ortho_h) : T(0);
    alone = multiplicative && t.cols.form != Form::dense;
    for (int32_t j = 0; j < b.h.count; ++j) alone = alone && b.h.longer(j).form != Form::dense;
  }
  static void set_side(Side &x, const Symmetric<T> &P, const Penalty<T> *pairs, int32_t count, Mat<const T> l1,
                       ptrdiff_t down, ptrdiff_t across, double all) {
    x.P = P;
    x.pairs = pairs, x.count = count;
    x.l1 = l1.data, x.down = down, x.across = across;
    x.l1_all = T(all);
  }

  // ---- the quadratic terms

  // The r x r matrix of every penalty that has a multiple of the identity on the long side.  [1]: without the overlap,
  // which the printed curvature forgets (spec, section 2.3).
  void fold(Side &x, double l2, double ortho) const {
    const int32_t r = s.c.rank;
    for (int32_t printed = 0; printed < 2; ++printed) {
      const Mat<T> M = x.fold[printed];
      const T off = printed || x.overlap > T(0) ? T(0) : T(ortho);  // among components: 11' - I
      for (int32_t k = 0; k < r; ++k)
        for (int32_t l = 0; l < r; ++l) M(l, k) = l != k ? off : T(l2) - (printed ? T(0) : x.overlap);
      for (int32_t j = 0; j < x.count; ++j) {
        const Symmetric<T> &A = x.longer(j), &B = x.shorter(j);
        if (!A.plain()) continue;
        for (int32_t k = 0; k < r; ++k) {
          if (B.form != Form::dense) M(k, k) += A.scale() * B.diagonal(k);
          else
            for (int32_t l = 0; l < r; ++l) M(l, k) += A.scale() * B.values[l + ptrdiff_t(k) * B.ld];
        }
      }
    }
  }

  // Z = rows [row, row + p) of A X.
  void rows_of(const Symmetric<T> &A, Mat<const T> X, int32_t row, int32_t p, Mat<T> Z) const {
    if (A.form == Form::dense) {  // columns in place of rows: A is symmetric, and they are read as streams
      ops.tn(Mat<const T>{A.values + ptrdiff_t(row) * A.ld, X.rows, p, A.ld}, X, Z);
      return;
    }
    const T *a = A.form == Form::diagonal ? A.values + row : nullptr, scale = A.scale();
    for (int32_t k = 0; k < X.cols; ++k) {
      const T *x = X.col(k) + row;
      T *z = Z.col(k);
      for (int32_t i = 0; i < p; ++i) z[i] = a ? a[i] * x[i] : scale * x[i];
    }
  }

  // Rows of P X S + sum_j A_j X B_j, with x.total the column sums of X where overlap needs them.
  void hessian(const Side &x, Mat<const T> X, int32_t row, int32_t p, int32_t printed, Worker &w, Mat<T> F) const {
    const Mat<const T> mine = X.block(row, 0, p, X.cols);
    const Mat<T> Z = top(w.Z, p);
    if (x.P.plain()) {
      ops.nn(mine, x.sum[printed], F);
    } else {
      rows_of(x.P, X, row, p, Z);
      ops.nn(Z, x.S, F);
      ops.nn(mine, x.fold[printed], F, true);
    }
    if (x.overlap > T(0) && !printed)
      for (int32_t k = 0; k < F.cols; ++k) {
        const T total = x.total[k];
        T *f = F.col(k);
        for (int32_t i = 0; i < p; ++i) f[i] += total;
      }
    for (int32_t j = 0; j < x.count; ++j) {
      const Symmetric<T> &A = x.longer(j), &B = x.shorter(j);
      if (A.plain()) continue;
      rows_of(A, X, row, p, Z);
      if (B.form == Form::dense) {
        ops.nn(Z, Mat<const T>{B.values, F.cols, F.cols, B.ld}, F, true);
        continue;
      }
      for (int32_t k = 0; k < F.cols; ++k) {
        const T scale = B.diagonal(k), *z = Z.col(k);
        T *f = F.col(k);
        for (int32_t i = 0; i < p; ++i) f[i] += scale * z[i];
      }
    }
  }
  // Its entry on the diagonal, of X(i, k).
  double diagonal(const Side &x, int32_t i, int32_t k) const {
    double q = (x.P.plain() ? 1.0 : double(x.P.diagonal(i))) * double(x.S(k, k)) + double(x.fold[0](k, k) + x.overlap);
    for (int32_t j = 0; j < x.count; ++j)
      if (!x.longer(j).plain()) q += double(x.longer(j).diagonal(i)) * double(x.shorter(j).diagonal(k));
    return q;
  }

  // Rows of D = L - P N.
  void linear(const Side &x, int32_t row, int32_t p, Mat<T> D) const {
    const T all = x.l1_all, factor = data_factor;
    if (x.P.form == Form::dense) rows_of(x.P, x.N, row, p, D);
    for (int32_t k = 0; k < D.cols; ++k) {
      const T *n = x.P.form == Form::dense ? D.col(k) : x.N.col(k) + row;
      T *d = D.col(k);
      const T *weight = x.P.form == Form::diagonal ? x.P.values + row : nullptr;
      if (weight)
        for (int32_t i = 0; i < p; ++i) d[i] = all - factor * (weight[i] * n[i]);
      else
        for (int32_t i = 0; i < p; ++i) d[i] = all - factor * n[i];
      if (x.l1)
        for (int32_t i = 0; i < p; ++i) d[i] += x.l1[(row + i) * x.down + k * x.across];
    }
  }

  void totals(const Side &x, View<T> X) const {
    if (x.overlap > T(0))
      for (int32_t k = 0; k < X.cols; ++k) x.total[k] = x.overlap * T(sum_of(X.rows, X.col(k)));
  }

  // ---- one block

  // body(row, p, worker, sums) over all rows in blocks; the sums in the order of the parts.
  template <class Body>
  Sums over_rows(int32_t rows, const Body &body) const {
    const int32_t count = ceil_div(rows, row_block), parts = max_of(1, min_of(max_parts, count));
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t index) {
      Worker w = worker(index);
      Sums sum;
      const int32_t from = int32_t(int64_t(count) * i / parts), to = int32_t(int64_t(count) * (i + 1) / parts);
      for (int32_t k = from; k < to; ++k) body(k * row_block, min_of(row_block, rows - k * row_block), w, sum);
      b.sums[i] = sum;
    });
    Sums all;
    for (int32_t i = 0; i < parts; ++i) combine(b.sums[i], all);
    return all;
  }
  static void combine(const Sums &part, Sums &all) {
    all.slope += part.slope, all.bend += part.bend, all.kkt += part.kkt, all.value += part.value;
    all.reach = min_of(all.reach, part.reach);
    all.step = max_of(all.step, part.step);
    all.clipped += part.clipped;
    all.good = all.good && part.good;
  }

  // E: the new rows of X (multiplicative), or the direction.
  void propose(Side &x, int32_t row, int32_t p, Worker &w, Sums &sum) const {
    const Mat<T> F = top(w.F, p), D = top(w.Z, p);
    hessian(x, x.X, row, p, 0, w, F);
    linear(x, row, p, D);  // in Z, which is free again
    const bool printed = multiplicative ? s.c.clip_paper : s.c.direction_paper;
    for (int32_t k = 0; k < F.cols; ++k) {
      const T *f = F.col(k), *d = D.col(k), *at = x.X.col(k) + row;
      T *e = x.E.col(k) + row;
      if (multiplicative) {
        // The minimiser of the separable majoriser over x >= 0; as printed the numerator stays at 1e-7.
        const T least = printed ? T(1e-7) : T(0);
        int32_t clipped = 0;
        for (int32_t i = 0; i < p; ++i) {
          clipped += -d[i] < least;
          // Divided in any case: then the loop is wide.
          const T quotient = max_of(-d[i], least) / (f[i] > T(0) ? f[i] : T(1));
          e[i] = at[i] * (f[i] > T(0) ? quotient : T(1));
        }
        sum.clipped += clipped;
        continue;
      }
      double slope = 0;
      T reach = sum.reach;
      for (int32_t i = 0; i < p; ++i) {
        const T g = d[i] + f[i];
        e[i] = !printed ? escaping(at[i], g, f[i])
                        : at[i] == T(0) && f[i] == T(0) ? max_of(-g, T(0)) : lee_seung(at[i], g, f[i]);
        slope += double(g) * double(e[i]);
        reach = min_of(reach, reach_of(at[i], e[i]));
      }
      sum.slope += slope;
      sum.reach = reach;
    }
  }

  // The new rows into X, the old ones into E.
  void commit(Side &x, int32_t row, int32_t p, T alpha, Sums &sum) const {
    const T zero = T(s.c.zero_tol);
    for (int32_t k = 0; k < x.X.cols; ++k) {
      T *at = x.X.col(k) + row, *e = x.E.col(k) + row;
      T step = sum.step;
      int32_t good = sum.good;
      for (int32_t i = 0; i < p; ++i) {
        // Differs: entries are snapped to zero with their own block, not both factors at the end of the iteration, so
        // that the products at hand stay those of the iterate.
        const T old = at[i], now = multiplicative ? no_denormal(e[i]) : advanced(old, e[i], alpha, zero);
        step = max_of(step, abs_of(now - old));
        good = good && is_finite(now);
        at[i] = now;
        e[i] = old;
      }
      sum.step = step;
      sum.good = good;
    }
    if (x.turned) write_back(row, p);
  }
  void write_back(int32_t row, int32_t p) const {
    for (int32_t j = row; j < row + p; ++j)
      for (int32_t k = 0; k < H.rows; ++k) H(k, j) = b.h.X(j, k);
  }

  void update(Side &x, Sums &all) const {
    const int32_t q = x.X.rows;
    totals(x, x.X);
    const Sums first = over_rows(q, [&](int32_t row, int32_t p, Worker &w, Sums &sum) { propose(x, row, p, w, sum); });
    T alpha = T(1);
    if (!multiplicative) {
      double bend = 0;
      if (!s.c.full_step) {
        totals(x, x.E);
        bend = over_rows(q, [&](int32_t row, int32_t p, Worker &w, Sums &sum) {
                 const Mat<T> K = top(w.F, p);
                 hessian(x, x.E, row, p, s.c.curvature_paper, w, K);
                 sum.bend += inner<T>(x.E.block(row, 0, p, K.cols), K);
               }).bend;
      }
      alpha = step_length(first.slope, bend, first.reach, s.tau, s.c.full_step);
    }
    combine(first, all);
    combine(over_rows(q, [&](int32_t row, int32_t p, Worker &, Sums &sum) { commit(x, row, p, alpha, sum); }), all);
  }

  // P X, less the factor of P.
  Mat<const T> weighted(const Side &x) const { return x.P.plain() ? x.X : x.PX; }
  void weigh(Side &x) const {
    if (!x.P.plain())
      over_rows(x.X.rows, [&](int32_t row, int32_t p, Worker &, Sums &) {
        rows_of(x.P, x.X, row, p, x.PX.block(row, 0, p, x.X.cols));
      });
  }
  // After x changed: its Gram matrices, and what the partner knows of it.
  void settle(Side &x, Side &partner) const {
    product(x.X, weighted(x), x.gram);
    if (!x.P.plain()) product(x.X, x.X, x.plain);
    for (int32_t k = 0; k < s.c.rank; ++k)
      for (int32_t l = 0; l < s.c.rank; ++l) {
        const T value = partner.S(l, k) = data_factor * x.gram(l, k);
        for (int32_t i = 0; i < 2; ++i) partner.sum[i](l, k) = value + partner.fold[i](l, k);
      }
  }

  // G = X'Y, rows cut into parts by their number alone.
  void product(View<T> X, View<T> Y, Mat<T> G) const {
    const int32_t r = s.c.rank, parts = max_of(1, min_of(max_parts, X.rows / 1024));
    const auto part = [&](int32_t i) { return Mat<T>{b.partial_S + ptrdiff_t(i) * r * r, r, r, r}; };
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t) {
      const int32_t from = int32_t(int64_t(X.rows) * i / parts), to = int32_t(int64_t(X.rows) * (i + 1) / parts);
      ops.tn(X.block(from, 0, to - from, r), Y.block(from, 0, to - from, r), part(i));
    });
    copy<T>(part(0), G);
    for (int32_t i = 1; i < parts; ++i) accumulate<T>(part(i), G);
  }

  // ---- the data

  enum Way : int32_t { down = 1, up = 2, across = 4 };  // V'(P W) for H; V (Q H') for W; H's rows updated between them

  void pass(int32_t way, Sums &all) {
    const Nmf<T> cut = s.unpenalized();
    const int32_t n = s.c.cols, m = s.c.rows, r = s.c.rank, width = cut.panel(), chunks = cut.chunks();
    const int32_t at_once = cut.wave();
    const auto share = [&](int32_t i) { return Mat<T>{b.partial_B + ptrdiff_t(i) * m * r, m, r, m}; };
    for (int32_t first = 0; first < chunks; first += at_once) {
      const int32_t wave = min_of(at_once, chunks - first);
      parallel_for(s.c.par, wave, [&](int32_t i, int32_t index) {
        Worker w = worker(index);
        const int32_t chunk = first + i;
        const Mat<T> B = chunk == 0 ? b.w.N : share(i);
        Sums sum;
        const int32_t from = int32_t(int64_t(n) * chunk / chunks), to = int32_t(int64_t(n) * (chunk + 1) / chunks);
        for (int32_t j = from; j < to; j += width) {
          const int32_t p = min_of(width, to - j);
          if (way & down) V.panel_tn(ops, j, p, weighted(b.w), b.h.N.block(j, 0, p, r));
          if (way & across) {
            propose(b.h, j, p, w, sum);
            commit(b.h, j, p, T(1), sum);
            if (!b.h.P.plain()) rows_of(b.h.P, b.h.X, j, p, b.h.PX.block(j, 0, p, r));
          }
          if (way & up) V.panel_nn(ops, j, p, weighted(b.h).block(j, 0, p, r), B, j > from);
        }
        b.sums[i] = sum;
      });
      for (int32_t i = 0; i < wave; ++i) {  // in the order of the chunks
        combine(b.sums[i], all);
        if (way & up && first + i > 0) accumulate<T>(share(i), b.w.N);
      }
    }
  }

  // All that follows from W, H and the terms; a start leaves its own numbers where these stand.
  void prepare() {
    Sums none;
    fold(b.w, s.c.l2_w, s.c.ortho_w);
    fold(b.h, s.c.l2_h, s.c.ortho_h);
    transpose<T>(H, b.h.X);
    weigh(b.w);
    weigh(b.h);
    settle(b.w, b.h);
    settle(b.h, b.w);
    pass(down | up, none);
  }

  // ---- objective and residual

  double penalty(const Side &x) const {
    const int32_t q = x.X.rows, r = s.c.rank;
    double value = 0;
    if (x.l1_all > T(0) || x.l1 || x.overlap > T(0)) {
      for (int32_t k = 0; k < r; ++k) {
        const double sum = sum_of(q, x.X.col(k));
        double weighed = 0;
        if (x.l1)
          for (int32_t i = 0; i < q; ++i) weighed += double(x.X(i, k)) * double(x.l1[i * x.down + k * x.across]);
        value += double(x.l1_all) * sum + weighed + 0.5 * double(x.overlap) * sum * sum;
      }
    }
    value += 0.5 * inner<T>(x.P.plain() ? x.gram : x.plain, x.fold[0]);
    bool long_pairs = false;
    for (int32_t j = 0; j < x.count; ++j) long_pairs = long_pairs || !x.longer(j).plain();
    if (!long_pairs) return value;
    return value + 0.5 * over_rows(q, [&](int32_t row, int32_t p, Worker &w, Sums &sum) {
             const Mat<T> Z = top(w.Z, p), F = top(w.F, p);
             const Mat<const T> X = x.X.block(row, 0, p, r);
             for (int32_t j = 0; j < x.count; ++j) {
               const Symmetric<T> &A = x.longer(j), &B = x.shorter(j);
               if (A.plain()) continue;
               rows_of(A, x.X, row, p, Z);
               if (B.form == Form::dense) ops.nn(Z, Mat<const T>{B.values, r, r, B.ld}, F);
               for (int32_t k = 0; k < r; ++k)
                 sum.value += B.form == Form::dense
                                  ? inner<T>(X.columns(k, 1), F.columns(k, 1))
                                  : double(B.diagonal(k)) * inner<T>(X.columns(k, 1), Z.columns(k, 1));
             }
           }).value;
  }

  // tr(E'P E Q), E = V - W H or V alone, in strips of columns: only a dense Q needs more than one reading of V.
  double weighted_squares(bool model) const {
    const Terms<T> &t = s.terms;
    const int32_t m = s.c.rows, n = s.c.cols, r = s.c.rank, width = s.unpenalized().panel();
    double sum = 0;
    for (int32_t j = 0; j < n; j += strip) {
      const int32_t p = min_of(strip, n - j);
      const Mat<T> E{b.first, m, p, m}, EQ{b.second, m, p, m}, h{b.small, r, p, r};
      if (model) ops.nn(W, H.columns(j, p), EQ);
      for (int32_t q = 0; q < p; ++q) {
        V.column(j + q, E.col(q));
        if (model)
          for (int32_t i = 0; i < m; ++i) E(i, q) -= EQ(i, q);
      }
      if (t.cols.form == Form::dense) {
        const Mat<const T> Q{t.cols.values + ptrdiff_t(j) * t.cols.ld, n, p, t.cols.ld};
        if (model) {
          ops.nn(H, Q, h);
          for (int32_t q = 0; q < p; ++q)
            for (int32_t k = 0; k < r; ++k) h(k, q) = -h(k, q);
          ops.nn(W, h, EQ);
        }
        for (int32_t l = 0; l < n; l += width) {
          const int32_t count = min_of(width, n - l);
          V.panel_nn(ops, l, count, Q.block(l, 0, count, p), EQ, model || l > 0);
        }
      } else {
        for (int32_t q = 0; q < p; ++q)
          for (int32_t i = 0; i < m; ++i)
            EQ(i, q) = t.cols.form == Form::diagonal ? t.cols.values[j + q] * E(i, q) : E(i, q);
      }
      Worker w = worker(0);
      const Mat<T> PE{w.F.data, row_block, min_of(p, r), row_block};  // as many columns at a time as the scratch holds
      for (int32_t q = 0; q < p; q += PE.cols)
        for (int32_t i = 0; i < m; i += row_block) {
          const int32_t rows = min_of(row_block, m - i), cols = min_of(PE.cols, p - q);
          const Mat<T> here{PE.data, rows, cols, rows};
          if (t.rows.plain()) copy<T>(E.block(i, q, rows, cols), here);
          else rows_of(t.rows, E.columns(q, cols), i, rows, here);
          sum += inner<T>(here, EQ.block(i, q, rows, cols));
        }
    }
    return double(data_factor) * sum;
  }
  bool unweighted() const { return s.terms.rows.plain() && s.terms.cols.plain(); }
  bool dense_weights() const { return s.terms.rows.form == Form::dense || s.terms.cols.form == Form::dense; }

  // The part of the data, 1/2 tr(E'P E Q), from products; recomputed where that cancels.  With dense weights, where
  // forming it costs far more than an iteration, only if `exact`; and indefinite ones may make it negative.
  double misfit(bool exact) const {
    const double f = 0.5 * s.norm2 - double(data_factor) * inner<T>(weighted(b.w), b.w.N) +
                     0.5 * double(data_factor) * inner<T>(b.w.gram, b.h.gram);
    const double noise = 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2;
    if (f > noise || !is_finite(f) || (dense_weights() && (f < -noise || !exact))) return f;
    if (!unweighted()) return 0.5 * weighted_squares(true);
    const int32_t n = s.c.cols, parts = max_of(1, min_of(max_parts, n / 8));
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t index) {
      Worker w = worker(index);
      const int32_t from = int32_t(int64_t(n) * i / parts), to = int32_t(int64_t(n) * (i + 1) / parts);
      b.sums[i].value = V.residual(ops, from, to - from, W, H, w.tile);
    });
    double sum = 0;
    for (int32_t i = 0; i < parts; ++i) sum += b.sums[i].value;
    return 0.5 * double(data_factor) * sum;
  }

  // Sum over entries of (projected gradient)^2 / (Hessian's diagonal).
  double residual(const Side &x) const {
    totals(x, x.X);
    return over_rows(x.X.rows, [&](int32_t row, int32_t p, Worker &w, Sums &sum) {
             const Mat<T> F = top(w.F, p), D = top(w.Z, p);
             hessian(x, x.X, row, p, 0, w, F);
             linear(x, row, p, D);
             for (int32_t k = 0; k < F.cols; ++k)
               for (int32_t i = 0; i < p; ++i) {
                 const double g = double(D(i, k)) + double(F(i, k)), q = diagonal(x, row + i, k);
                 const double pg = x.X(row + i, k) > T(0) ? g : min_of(g, 0.0);
                 const double natural = q > 0 ? pg / sqrt_of(q) : 0.0;  // of the size of V: its square stays finite
                sum.kkt += natural * natural;
               }
           }).kkt;
  }

  void set(Report &r, bool check) const {
    const double data = misfit(check);
    r.objective = data + penalty(b.w) + penalty(b.h);
    r.rel_error = s.norm2 > 0 ? sqrt_of(max_of(2 * data, 0.0)) / sqrt_of(s.norm2) : 0;
    if (check) r.kkt = s.norm2 > 0 ? sqrt_of(residual(b.w) + residual(b.h)) / sqrt_of(s.norm2) : 0;
  }

  // ---- what outer_loop calls

  bool step(bool check, Report &r) {
    Sums all;
    s.tau = annealed(s.tau, s.c.anneal);
    update(b.w, all);
    weigh(b.w);
    settle(b.w, b.h);
    if (alone) {
      totals(b.h, b.h.X);
      pass(down | across | up, all);
    } else {
      pass(down, all);
      update(b.h, all);
      weigh(b.h);
      pass(up, all);
    }
    settle(b.h, b.w);
    set(r, check);
    r.worst = all.clipped;
    if (!all.good || !is_finite(T(r.objective))) {  // back to the iterate before
      r.objective = double(NAN);
      for (Side *x : {&b.w, &b.h}) copy<T>(x->E, x->X);
      write_back(0, s.c.cols);
      return false;
    }
    if (double(all.step) < s.c.min_step) r.stop = by_step;
    return true;
  }

  void finish(Report &r) {
    prepare();
    set(r, true);
  }

  // ---- the start

  Status begin(NmfStart from) {
    Nmf<T> first = s.unpenalized();
    first.c.start = from;
    if (const Status st = first.start(b.place, V, W, H); st != OK) return st;
    const bool locked = multiplicative || s.c.direction_paper;  // zeros would stay
    if (locked && (from == NmfStart::cols || from == NmfStart::spas || from == NmfStart::spa)) lift(W), lift(H);
    s.outer = OuterState{};
    s.tau = s.c.tau;
    s.norm2 = unweighted() ? double(data_factor) * first.norm2 : weighted_squares(false);
    prepare();
    const double f = misfit(true) + penalty(b.w) + penalty(b.h);
    s.outer.first = s.outer.last = f;
    s.started = is_finite(T(f) * T(1 << 20)) && is_finite(T(s.norm2) * T(1 << 20));  // with room for gradients
    return s.started ? OK : E_DATA;
  }
  static void lift(Mat<T> X) {
    double sum = 0;
    for (int32_t k = 0; k < X.cols; ++k) sum += sum_of(X.rows, X.col(k));
    const T least = T(0.01 * sum / X.rows / X.cols);
    for (int32_t k = 0; k < X.cols; ++k)
      for (int32_t i = 0; i < X.rows; ++i) X(i, k) = max_of(X(i, k), least);
  }

 private:
  Worker worker(int32_t index) const {
    Carver carve(b.worker + b.worker_bytes * size_t(index));
    Worker w;
    s.worker_layout(carve, w);
    return w;
  }
  static Mat<T> top(Mat<T> A, int32_t rows) { return {A.data, rows, A.cols, A.ld}; }
};

template <class T>
Status PenalizedNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  Carver carve(base);
  Job job(*this, carve, V, W, H);
  return job.begin(c.start);
}

template <class T>
Status PenalizedNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  Carver carve(base);
  Job job(*this, carve, V, W, H);
  if (!started) {
    if (const Status st = job.begin(NmfStart::given); st != OK) return st;
  } else {
    job.prepare();
  }
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct PenalizedNmf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
