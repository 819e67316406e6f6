// One block of the alternation: a step for X, and what its partner must know of it; the pass over the data.
#include "additive.hpp"
#include "penalized_job.hpp"

namespace orthant {

// E: the new rows of X (multiplicative), or the direction.
template <class T>
void PenalizedJob<T>::propose(Side &x, int32_t row, int32_t p, Worker &w, Sums &sum) const {
  const Mat<T> F = top(w.F, p), D = top(w.Z, p);
  hessian(x, x.X, row, p, false, w, F);
  linear(x, row, p, D);  // in Z, which is free again
  if (multiplicative) propose_factor(x, row, F, D, sum);
  else propose_direction(x, row, F, D, sum);
}

// The minimiser of the separable majoriser over x >= 0; as printed the numerator stays at 1e-7.
template <class T>
void PenalizedJob<T>::propose_factor(Side &x, int32_t row, Mat<const T> F, Mat<const T> D, Sums &sum) const {
  const T least = s.c.clip_paper ? T(1e-7) : T(0);
  for (int32_t k = 0; k < F.cols; ++k) {
    const T *f = F.col(k), *d = D.col(k), *at = x.X.col(k) + row;
    T *e = x.E.col(k) + row;
    int32_t clipped = 0;
    for (int32_t i = 0; i < F.rows; ++i) {
      clipped += -d[i] < least;
      // Divided in any case: then the loop is wide.
      const T quotient = max_of(-d[i], least) / (f[i] > T(0) ? f[i] : T(1));
      e[i] = at[i] * (f[i] > T(0) ? quotient : T(1));
    }
    sum.clipped += clipped;
  }
}

template <class T>
void PenalizedJob<T>::propose_direction(Side &x, int32_t row, Mat<const T> F, Mat<const T> D, Sums &sum) const {
  const auto printed = [](T at, T g, T f) {  // what is zero with a zero denominator leaves, all other zeros stay
    return at == T(0) && f == T(0) ? max_of(-g, T(0)) : lee_seung(at, g, f);
  };
  for (int32_t k = 0; k < F.cols; ++k) {
    const T *f = F.col(k), *d = D.col(k), *at = x.X.col(k) + row;
    T *e = x.E.col(k) + row;
    double slope = 0;
    T reach = sum.reach;
    for (int32_t i = 0; i < F.rows; ++i) {
      const T g = d[i] + f[i];
      e[i] = s.c.direction_paper ? printed(at[i], g, f[i]) : escaping(at[i], g, f[i]);
      slope += double(g) * double(e[i]);
      reach = min_of(reach, reach_of(at[i], e[i]));
    }
    sum.slope += slope;
    sum.reach = reach;
  }
}

// The new rows into X, the old ones into E.
template <class T>
void PenalizedJob<T>::commit(Side &x, int32_t row, int32_t p, T alpha, Sums &sum) const {
  const T zero = T(s.c.zero_tol);
  for (int32_t k = 0; k < x.X.cols; ++k) {
    T *at = x.X.col(k) + row, *e = x.E.col(k) + row;
    T step = sum.step;
    int32_t bad = sum.bad;
    for (int32_t i = 0; i < p; ++i) {
      // Differs: entries are snapped to zero with their own block, not both factors at the end of the iteration, so
      // that the products at hand stay those of the iterate.
      const T old = at[i], now = multiplicative ? no_denormal(e[i]) : advanced(old, e[i], alpha, zero);
      step = max_of(step, abs_of(now - old));
      bad = bad || !is_finite(now);
      at[i] = now;
      e[i] = old;
    }
    sum.step = step;
    sum.bad = bad;
  }
  if (x.transposed) write_back(row, p);
}
template <class T>
void PenalizedJob<T>::write_back(int32_t row, int32_t p) const {
  transpose<T>(b.h.X.block(row, 0, p, H.rows), H.columns(row, p));
}

// The length of the additive step along E (algorithms.md, "AURNMF").
template <class T>
T PenalizedJob<T>::step_along(Side &x, const Sums &proposed) const {
  if (s.c.full_step) return step_length(1, proposed.reach, s.tau);
  totals(x, x.E);
  const double bend = by_rows(x.X.rows, [&](const Block &at, Worker &w, Sums &sum) {
                        const Mat<T> K = top(w.F, at.rows);
                        hessian(x, x.E, at.row, at.rows, s.c.curvature_paper, w, K);
                        sum.bend += inner<T>(x.E.block(at.row, 0, at.rows, K.cols), K);
                      }).bend;
  return step_length(best_length(proposed.slope, bend), proposed.reach, s.tau);
}

template <class T>
void PenalizedJob<T>::update(Side &x, Sums &all) const {
  totals(x, x.X);
  const Sums proposed = by_rows(x.X.rows, [&](const Block &at, Worker &w, Sums &sum) {
    propose(x, at.row, at.rows, w, sum);
  });
  const T alpha = multiplicative ? T(1) : step_along(x, proposed);
  all += proposed;
  all += by_rows(x.X.rows, [&](const Block &at, Worker &, Sums &sum) { commit(x, at.row, at.rows, alpha, sum); });
}

// PX = P X, less the factor of P.
template <class T>
void PenalizedJob<T>::weigh(Side &x) const {
  if (x.P.plain()) return;
  by_rows(x.X.rows, [&](const Block &at, Worker &, Sums &) {
    rows_of(x.P, x.X, at.row, at.rows, x.PX.block(at.row, 0, at.rows, x.X.cols));
  });
}

template <class T>
void PenalizedJob<T>::gram_of(View<T> X, View<T> Y, Mat<T> G) const {
  gram<T>(ops, s.c.par, X, Y, G, gram_parts(X.rows, s.c.rank), b.share_S);
}

// After x changed: its Gram matrices, and what the partner knows of it.
template <class T>
void PenalizedJob<T>::settle(Side &x, Side &partner) const {
  gram_of(x.X, weighted(x), x.gram);
  if (!x.P.plain()) gram_of(x.X, x.X, x.plain);
  for (int32_t k = 0; k < s.c.rank; ++k)
    for (int32_t l = 0; l < s.c.rank; ++l) {
      const T value = partner.S(l, k) = data_factor * x.gram(l, k);
      for (int32_t i = 0; i < 2; ++i) partner.sum[i](l, k) = value + partner.fold[i](l, k);
    }
}

// ---- the data

// The pass over tall V.
template <class T>
template <class Body>
typename PenalizedJob<T>::Sums PenalizedJob<T>::by_tiles(const PenalizedTasks &tasks, const Body &panel) {
  const int32_t r = s.c.rank;
  const double size = double(b.tiles.width) * r;
  const Work solving{2 * size * r, size * (b.tiles.parts() + 20) * sizeof(T)};
  return b.tiles.run(ops, s.c.par, V, tasks.products_h ? weighted(b.w) : Mat<const T>{},
                     tasks.products_w ? b.w.N : Mat<T>{}, Mat<T>{}, solving, b.sums,
                     [&](const Panel &at, Mat<T> F, Mat<T> X, int32_t index, Sums &sum) {
                       Worker w = worker(index);
                       if (at.together && tasks.products_h) copy<T>(F, b.h.N.block(at.col, 0, at.cols, r));
                       panel(at, w, sum);
                       if (at.together) copy<T>(weighted(b.h).block(at.col, 0, at.cols, r), X);
                     });
}

template <class T>
void PenalizedJob<T>::pass(const PenalizedTasks &tasks, Sums &all) {
  const PanelCut cut = s.unpenalized().cut();
  const int32_t r = s.c.rank;
  const Shares<T> shares{b.w.N, b.share_B};
  const auto scratch = [this](int32_t index) { return worker(index); };
  const auto panel = [&](const Panel &at, Worker &w, Sums &sum) {
    const int32_t j = at.col, p = at.cols;
    if (tasks.products_h && !at.together) V.panel_tn(ops, j, p, weighted(b.w), b.h.N.block(j, 0, p, r));
    if (tasks.update_h) {
      propose(b.h, j, p, w, sum);
      commit(b.h, j, p, T(1), sum);
      if (!b.h.P.plain()) rows_of(b.h.P, b.h.X, j, p, b.h.PX.block(j, 0, p, r));
    }
    if (tasks.products_w && !at.together)
      V.panel_nn(ops, j, p, weighted(b.h).block(j, 0, p, r), shares.of(at.chunk, at.place), !at.first);
  };
  if (!small_target && b.tiles.group > 0) {
    all += by_tiles(tasks, panel);
    return;
  }
  all += by_panels(s.c.par, V, cut, b.sums, scratch, panel, [&](int32_t first, int32_t wave) {
    if (tasks.products_w) shares.add(s.c.par, first, wave);
  });
}

// All that follows from W, H and the terms; a start leaves its own numbers where these stand.
template <class T>
void PenalizedJob<T>::prepare() {
  Sums none;
  fold(b.w, s.c.l2_w, s.c.ortho_w);
  fold(b.h, s.c.l2_h, s.c.ortho_h);
  transpose<T>(s.c.par, H, b.h.X);
  weigh(b.w);
  weigh(b.h);
  settle(b.w, b.h);
  settle(b.h, b.w);
  pass({true, false, true}, none);
}

#define INSTANTIATE(T) template struct PenalizedJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
