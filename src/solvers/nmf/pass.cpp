// The pass over the columns of V (algorithms.md, "One pass over the data").  For a panel J of columns:
//   load     F = V_J' W - l1 and X = the rows of H' that belong to J
//   improve  the half step for X
//   store    X into H, and its extrapolation into the copy
//   gather   B += V_J X,  S += X'X
#include "nmf_job.hpp"

namespace orthant {

// Masked data: P = the panel completed by the model W X' [Dempster, Laird, Rubin 1977].
template <class T>
void NmfJob<T>::complete(const Panel &p, View<T> Wx, NmfWorker<T> &w, NmfSums &sum) const {
  const Mat<T> X = top(w.X, p.cols, rank()), Xt{w.Xt.data, rank(), p.cols, rank()};
  transpose<T>(X, Xt);
  V.complete(ops, p.col, Wx, Xt, w.P.columns(0, p.cols), &sum.residual, &sum.completed);
}

template <class T>
void NmfJob<T>::load(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w, NmfSums &sum) const {
  const Mat<T> F = top(w.F, p.cols, rank()), X = top(w.X, p.cols, rank());
  const View<T> Wx = step.extrapolated ? b.Wy : W;
  if (step.extrapolated) copy<T>(b.Hy.block(p.col, 0, p.cols, rank()), X);
  else transpose<T>(H.columns(p.col, p.cols), X);
  switch (s.c.data) {
    case Kind::dense:
      if (!p.together) V.panel_tn(ops, p.col, p.cols, Wx, F);
      break;
    case Kind::stream: V.panel_tn(ops, p.col, p.cols, Wx, F); break;
    case Kind::csc:
    case Kind::csr: transpose<T>(b.Ft.columns(p.col, p.cols), F); break;
    case Kind::masked:
      complete(p, Wx, w, sum);
      ops.tn(w.P.columns(0, p.cols), Wx, F);
      break;
  }
  penalty_h().subtract_linear(F);
}

template <class T>
void NmfJob<T>::store(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w) const {
  const Mat<T> X = top(w.X, p.cols, rank()), h = H.columns(p.col, p.cols);
  if (!extrapolates()) {
    for (int32_t k = 0; k < rank(); ++k) {
      T *x = X.col(k);
      for (int32_t q = 0; q < p.cols; ++q) x[q] = no_denormal(x[q]);
    }
    return transpose<T>(X, h);
  }
  for (int32_t k = 0; k < rank(); ++k) {
    T *x = X.col(k), *y = b.Hy.col(k) + p.col;
    const T beta = b.plan_h.inv[k] == T(0) ? T(0) : step.momentum;  // a dead component's partner stays
    for (int32_t q = 0; q < p.cols; ++q) {
      const T value = no_denormal(x[q]), old = h(k, q);
      h(k, q) = value;
      y[q] = x[q] = step.carries ? extrapolated(value, old, beta) : value;
    }
  }
}

// loaded: what `load` summed up of the masked panel, which holds where H stays.
template <class T>
void NmfJob<T>::gather(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w, const NmfSums &loaded,
                       NmfSums &sum) const {
  if (p.together) return;
  const Mat<T> X = top(w.X, p.cols, rank());
  const Mat<T> B = Shares<T>{b.B, b.share_B}.of(p.chunk, p.place), S = Shares<T>{b.S, b.share_S}.of(p.chunk, p.place);
  ops.tn(X, X, S, !p.first);
  switch (s.c.data) {
    case Kind::dense:
    case Kind::stream: return V.panel_nn(ops, p.col, p.cols, X, B, !p.first);
    case Kind::csc:
    case Kind::csr:  // B after all panels
      if (extrapolates()) transpose<T>(X, b.Ft.columns(p.col, p.cols));
      return;
    case Kind::masked:
      if (step.moves) complete(p, step.extrapolated ? b.Wy : W, w, sum);
      else sum += loaded;
      return ops.nn(w.P.columns(0, p.cols), X, B, !p.first);
  }
}

// The same where V is tall.
template <class T>
template <class Body>
NmfSums NmfJob<T>::by_tiles(const ColumnStep<T> &step, const Body &column_step) {
  const double sweeps = step.moves ? max_of(1, step.half.steps) : 1, size = double(b.tiles.width) * rank();
  const Work solving{size * (rank() * sweeps), size * b.tiles.parts() * sizeof(T)};
  const View<T> Wx = step.extrapolated ? b.Wy : W;
  return b.tiles.run(ops, s.c.par, V, Wx, b.B, b.S, solving, b.sums,
                     [&](const Panel &p, Mat<T> F, Mat<T> X, int32_t index, NmfSums &sum) {
                       NmfWorker<T> w = worker(index);
                       if (p.together) {
                         w.F = F;
                         w.X = X;
                       }
                       column_step(p, w, sum);
                     });
}

// checks_data: look whether V is finite and nonnegative, and sum up |V|^2.  wants_kkt: H's part of the residual, of the
// iterate that the step begins from where momentum or a completion follows, else of the one that it ends at.
template <class T>
typename NmfJob<T>::PassResult NmfJob<T>::pass(const ColumnStep<T> &step, bool checks_data, bool wants_kkt) {
  const PanelCut cut = s.cut();
  const bool sparse = s.c.sparse(), judged_before = step.carries || s.c.masked();
  const T added = proximal(penalty_h());
  NmfSums whole;
  if (s.c.cols == 0) {  // an empty share: no panel writes to the sums
    fill(b.S, T(0));
    fill(b.B, T(0));
  }
  if (sparse) {
    if (checks_data && !V.scan(ops, 0, s.c.cols, true, &whole.squares)) whole.bad = 1;
    transpose<T>(s.c.par, step.extrapolated ? b.Wy : W, b.Wt);
    V.left_all(ops, s.c.par, b.Wt, b.Ft);
  }
  const auto scratch = [this](int32_t index) { return worker(index); };
  const auto column_step = [&](const Panel &p, NmfWorker<T> &w, NmfSums &sum) {
    const Mat<T> X = top(w.X, p.cols, rank());
    const View<T> F = top(w.F, p.cols, rank()), x = X;
    NmfSums loaded;
    if (checks_data && !sparse && !V.scan(ops, p.col, p.cols, true, &sum.squares)) sum.bad = 1;
    load(p, step, w, loaded);
    if (wants_kkt && judged_before) sum.kkt += projected(x, F, b.plan_h, added, w);
    if (step.moves) improve(step.half, F, X, b.dual_h.block(p.col, 0, p.cols, rank()), w);
    if (wants_kkt && !judged_before) sum.kkt += projected(x, F, b.plan_h, added, w);
    sum.fx += inner<T>(F, x);
    if (step.moves) store(p, step, w);
    gather(p, step, w, loaded, sum);
  };
  if (!small_target && b.tiles.group > 0)
    whole += by_tiles(step, column_step);
  else
    whole += by_panels(s.c.par, V, cut, b.sums, scratch, column_step, [&](int32_t first, int32_t wave) {
      Shares<T>{b.S, b.share_S}.add(s.c.par, first, wave);
      if (!sparse) Shares<T>{b.B, b.share_B}.add(s.c.par, first, wave);
    });
  if (sparse) V.right_all(ops, s.c.par, extrapolates() ? Mat<const T>(b.Ft) : Mat<const T>(H), b.Bt);
  whole.unread = V.failed();
  add_processes(whole);
  unread = whole.unread != 0;
  if (unread) return {0, 0, false};
  penalty_w().subtract_linear(b.B);
  if (checks_data) s.norm2 = whole.squares;
  s.completed2 = s.c.masked() ? whole.completed : s.norm2;
  s.residual2 = whole.residual;
  const bool good = !whole.bad && (!checks_data || has_room(s.norm2));
  return {whole.fx, whole.kkt, good};
}

#define INSTANTIATE(T) template struct NmfJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
