// The workspace, the iteration and the report of NMF with weights and penalties.
#include <initializer_list>

#include "additive.hpp"
#include "lift.hpp"
#include "penalized_job.hpp"

namespace orthant {

template <class T>
Nmf<T> PenalizedNmf<T>::unpenalized() const {
  Nmf<T> n;
  n.c = starter_of(c);
  return n;
}

template <class T>
void PenalizedNmf<T>::worker_layout(Carver &carve, PenalizedWorker<T> &w) const {
  const int32_t p = max_of(unpenalized().cut().width, min_of(penalized_row_block, max_of(c.rows, c.cols)));
  const size_t r = size_t(c.rank), q = size_t(p);
  w.F = {carve.take<T>(r, q), p, c.rank, p};
  w.Z = {carve.take<T>(r, q), p, c.rank, p};
  w.tile = carve.take<T>(size_t(Operand<T>::tile_elements));
}

template <class T>
void PenalizedNmf<T>::own_layout(Carver &carve, PenalizedBlocks<T> &b) const {
  const int32_t r = c.rank;
  const size_t sm = size_t(c.rows), sr = size_t(r), strip = size_t(penalized_strip);
  for (PenalizedSide<T> *x : {&b.w, &b.h}) {
    const int32_t q = x == &b.w ? c.rows : c.cols;
    const auto factor = [&] { return Mat<T>{carve.take<T>(size_t(q), sr), q, r, q}; };
    if (x == &b.h) x->X = factor();
    x->N = factor();
    x->E = factor();
    x->PX = factor();
    for (Mat<T> *A : {&x->gram, &x->plain, &x->S, &x->fold[0], &x->fold[1], &x->sum[0], &x->sum[1]})
      *A = {carve.take<T>(sr, sr), r, r, r};
    x->total = carve.take<T>(sr);
  }
  const PanelCut cut = unpenalized().cut();
  const int32_t blocks = min_of(most_chunks, ceil_div(max_of(c.rows, c.cols), penalized_row_block));
  b.tiles = unpenalized().tiles();
  b.share_B = carve.take<T>(cut.chunks > 1 && b.tiles.group == 0 ? size_t(cut.wave) * sr : 0, sm);
  b.share_S = carve.take<T>(size_t(max_of(gram_parts(c.rows, r), gram_parts(c.cols, r))) * sr, sr);
  b.sums = carve.take<PenalizedSums<T>>(size_t(max_of(max_of(cut.wave, b.tiles.group), blocks)));
  b.squares = carve.take<double>(size_t(residual_parts));
  b.tiles.layout(carve, c.par);
  b.first = carve.take<T>(sm, strip);
  b.second = carve.take<T>(sm, strip);
  b.small = carve.take<T>(sr, strip);
  b.scratch.layout(carve, c.par.workers, [this](Carver &one, PenalizedWorker<T> &w) { worker_layout(one, w); });
}

template <class T>
void PenalizedNmf<T>::layout(Carver &carve, PenalizedBlocks<T> &b) const {
  carve.take<PenalizedNmf<T>>(1);
  b.region = take_region(carve, unpenalized(), [&](Carver &one) { own_layout(one, b); });
}

template <class T>
static void set_side(PenalizedSide<T> &x, const SymmetricMatrix<T> &P, const TracePenalty<T> *pairs, int32_t count,
                     const T *l1, ptrdiff_t down, ptrdiff_t across, double all) {
  x.P = P;
  x.pairs = pairs;
  x.count = count;
  x.l1 = l1;
  x.down = down;
  x.across = across;
  x.l1_all = T(all);
}

template <class T>
PenalizedJob<T>::PenalizedJob(PenalizedNmf<T> &solver, Carver &carve, const Operand<T> &data, Mat<T> w, Mat<T> h)
    : s(solver), V(data), W(w), H(h), multiplicative(solver.c.method == NmfMethod::murnmf) {
  s.layout(carve, b);
  const Terms<T> &t = s.terms;
  data_factor = t.rows.scale() * t.cols.scale();
  b.w.X = W;
  set_side(b.w, t.rows, t.w, t.count_w, t.l1_w.data, 1, t.l1_w.ld, s.c.l1_w);
  set_side(b.h, t.cols, t.h, t.count_h, t.l1_h.data, t.l1_h.ld, 1, s.c.l1_h);
  b.w.transposed = false;
  b.h.transposed = true;
  b.w.overlap = T(0);
  b.h.overlap = s.c.axis == Ortho::observations ? T(s.c.ortho_h) : T(0);
  alone = multiplicative && t.cols.form != Form::dense;
  for (int32_t j = 0; j < b.h.count; ++j) alone = alone && b.h.longer(j).form != Form::dense;
}

// ---- objective and residual

// EQ = E Q for a strip of columns from j on, E = V - W H (model) or V.  E is the strip itself.
template <class T>
void PenalizedJob<T>::weigh_strip(int32_t j, bool model, Mat<T> E, Mat<T> EQ) const {
  const SymmetricMatrix<T> &weight = s.terms.cols;
  const int32_t n = s.c.cols, r = s.c.rank, p = E.cols, width = s.unpenalized().cut().width;
  if (weight.form != Form::dense) {
    for (int32_t q = 0; q < p; ++q)
      for (int32_t i = 0; i < E.rows; ++i)
        EQ(i, q) = weight.form == Form::diagonal ? weight.values[j + q] * E(i, q) : E(i, q);
    return;
  }
  const Mat<const T> Q{weight.values + ptrdiff_t(j) * weight.ld, n, p, weight.ld};
  if (model) {
    const Mat<T> h{b.small, r, p, r};
    ops.nn(H, Q, h);
    for (int32_t q = 0; q < p; ++q)
      for (int32_t k = 0; k < r; ++k) h(k, q) = -h(k, q);
    ops.nn(W, h, EQ);
  }
  for (int32_t l = 0; l < n; l += width) {
    const int32_t count = min_of(width, n - l);
    V.panel_nn(ops, l, count, Q.block(l, 0, count, p), EQ, model || l > 0);
  }
}

// Adds <P E, EQ>, less the factor of P, with as many columns at a time as the scratch holds.
template <class T>
void PenalizedJob<T>::add_inner_with_rows(Mat<const T> E, Mat<const T> EQ, double *sum) const {
  const SymmetricMatrix<T> &weight = s.terms.rows;
  Worker w = worker(0);
  const int32_t width = min_of(E.cols, s.c.rank);
  for (int32_t q = 0; q < E.cols; q += width)
    for (int32_t i = 0; i < E.rows; i += penalized_row_block) {
      const int32_t rows = min_of(penalized_row_block, E.rows - i), cols = min_of(width, E.cols - q);
      const Mat<T> PE{w.F.data, rows, cols, rows};
      if (weight.plain()) copy<T>(E.block(i, q, rows, cols), PE);
      else rows_of(weight, E.columns(q, cols), i, rows, PE);
      *sum += inner<T>(PE, EQ.block(i, q, rows, cols));
    }
}

// tr(E'P E Q), E = V - W H or V alone, in strips of columns: only a dense Q needs more than one reading of V.
template <class T>
double PenalizedJob<T>::weighted_squares(bool model) const {
  const int32_t m = s.c.rows, n = s.c.cols;
  double sum = 0;
  for (int32_t j = 0; j < n; j += penalized_strip) {
    const int32_t p = min_of(penalized_strip, n - j);
    const Mat<T> E{b.first, m, p, m}, EQ{b.second, m, p, m};
    if (model) ops.nn(W, H.columns(j, p), EQ);
    for (int32_t q = 0; q < p; ++q) {
      V.column(j + q, E.col(q));
      for (int32_t i = 0; model && i < m; ++i) E(i, q) -= EQ(i, q);
    }
    weigh_strip(j, model, E, EQ);
    add_inner_with_rows(E, EQ, &sum);
  }
  return double(data_factor) * sum;
}

// The part of the data, 1/2 tr(E'P E Q), from products; recomputed where that cancels.  With dense weights, where
// forming it costs far more than an iteration, only if `exact`; and indefinite ones may make it negative.
template <class T>
double PenalizedJob<T>::misfit(bool exact) const {
  const double f = 0.5 * s.norm2 - double(data_factor) * inner<T>(weighted(b.w), b.w.N) +
                   0.5 * double(data_factor) * inner<T>(b.w.gram, b.h.gram);
  const double noise = 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2;
  if (f > noise || !is_finite(f) || (dense_weights() && (f < -noise || !exact))) return f;
  if (!unweighted()) return 0.5 * weighted_squares(true);
  const double squares = residual_squares<T>(ops, s.c.par, V, W, H, b.squares, [this](int32_t index) {
    return worker(index).tile;
  });
  return 0.5 * double(data_factor) * squares;
}

// Sum over entries of (projected gradient)^2 / (Hessian's diagonal).
template <class T>
double PenalizedJob<T>::residual(const Side &x) const {
  totals(x, x.X);
  return by_rows(x.X.rows, [&](const Block &at, Worker &w, Sums &sum) {
           const Mat<T> F = top(w.F, at.rows), D = top(w.Z, at.rows);
           hessian(x, x.X, at.row, at.rows, false, w, F);
           linear(x, at.row, at.rows, D);
           for (int32_t k = 0; k < F.cols; ++k)
             for (int32_t i = 0; i < at.rows; ++i) {
               const double g = double(D(i, k)) + double(F(i, k)), q = diagonal(x, at.row + i, k);
               const double projected = x.X(at.row + i, k) > T(0) ? g : min_of(g, 0.0);
               // Of the size of V: its square stays finite.
               const double natural = q > 0 ? projected / sqrt_of(q) : 0.0;
               sum.kkt += natural * natural;
             }
         }).kkt;
}

template <class T>
void PenalizedJob<T>::fill_report(Report &r, bool check) const {
  const double data = misfit(check);
  r.objective = data + penalty(b.w) + penalty(b.h);
  r.rel_error = s.norm2 > 0 ? sqrt_of(max_of(2 * data, 0.0)) / sqrt_of(s.norm2) : 0;
  if (check) r.kkt = s.norm2 > 0 ? sqrt_of(residual(b.w) + residual(b.h)) / sqrt_of(s.norm2) : 0;
}

// ---- what outer_loop calls

template <class T>
bool PenalizedJob<T>::step(bool check, Report &r) {
  Sums all;
  s.tau = annealed(s.tau, s.c.anneal);
  update(b.w, all);
  weigh(b.w);
  settle(b.w, b.h);
  if (alone) {
    totals(b.h, b.h.X);
    pass({true, true, true}, all);
  } else {
    pass({true, false, false}, all);
    update(b.h, all);
    weigh(b.h);
    pass({false, false, true}, all);
  }
  settle(b.h, b.w);
  fill_report(r, check);
  r.clipped = all.clipped;
  if (all.bad || !is_finite(T(r.objective))) {  // back to the iterate before
    r.objective = double(NAN);
    for (Side *x : {&b.w, &b.h}) copy<T>(x->E, x->X);
    write_back(0, s.c.cols);
    return false;
  }
  if (double(all.step) < s.c.min_step) r.stop = by_step;
  return true;
}

template <class T>
void PenalizedJob<T>::finish(Report &r) {
  prepare();
  fill_report(r, true);
}

// ---- the start

template <class T>
static double sum_of_columns(View<T> X) {
  double sum = 0;
  for (int32_t k = 0; k < X.cols; ++k) sum += sum_of(X.rows, X.col(k));
  return sum;
}

template <class T>
Status PenalizedJob<T>::begin(NmfStart from) {
  Nmf<T> first = s.unpenalized();
  first.c.start = from;
  if (const Status st = first.start(b.region, V, W, H); st != OK) return st;
  const bool locked = multiplicative || s.c.direction_paper;  // zeros would stay
  if (locked && (from == NmfStart::cols || from == NmfStart::spas || from == NmfStart::spa)) {
    lift(sum_of_columns<T>(W), W.cols, W);
    lift(sum_of_columns<T>(H), H.cols, H);
  }
  s.outer = OuterState{};
  s.tau = s.c.tau;
  s.norm2 = unweighted() ? double(data_factor) * first.norm2 : weighted_squares(false);
  prepare();
  const double f = misfit(true) + penalty(b.w) + penalty(b.h);
  s.outer.first = s.outer.last = f;
  s.started = is_finite(T(f) * T(1 << 20)) && is_finite(T(s.norm2) * T(1 << 20));  // with room for gradients
  return s.started ? OK : E_DATA;
}

template <class T>
Status PenalizedNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  Carver carve(base);
  PenalizedJob<T> job(*this, carve, V, W, H);
  return job.begin(c.start);
}

template <class T>
Status PenalizedNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  Carver carve(base);
  PenalizedJob<T> job(*this, carve, V, W, H);
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

#define INSTANTIATE(T)             \
  template struct PenalizedNmf<T>; \
  template struct PenalizedJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
