// The workspace, the iteration and the report of minimum-volume NMF.
#include "minvol_job.hpp"

namespace orthant {

template <class T>
Nmf<T> MinVolNmf<T>::starter() const {
  Nmf<T> s;
  s.c = starter_of(c);
  return s;
}

template <class T>
void MinVolNmf<T>::own_layout(Carver &carve, MinVolBlocks<T> &b) const {
  const int32_t n = c.cols, r = c.rank, most = max_of(c.rows, n);
  const size_t sr = size_t(r);
  const auto matrix = [&](int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(size_t(rows), size_t(cols)), rows, cols, rows};
  };
  b.F = matrix(most, r);
  b.Ht = matrix(n, r);
  b.X = matrix(most, r);
  b.E = matrix(most, r);
  b.E_old = matrix(most, r);
  b.S = matrix(r, r);
  b.A = matrix(r, r);
  b.U = matrix(r, r);
  b.values = carve.take<T>(sr);
  b.svd = carve.take<T>(svd_work(r) + sr * sr);
  b.share_S = carve.take<T>(size_t(most_parts) * sr, sr);
  const int32_t blocks = small_target ? 0 : max_of(ceil_div(most, MinVolJob<T>::row_block), r);
  b.sums = carve.take<double>(size_t(max_of(blocks, max_of(most_parts, residual_parts))));
  const bool shared = !small_target && !c.sparse() && c.rows < 4096 && c.cols / 16 >= c.rows;
  b.share_F = carve.take<T>(shared ? size_t(most_of_product) * sr : 0, size_t(c.rows));
  b.tile = carve.take<T>(size_t(Operand<T>::tile_elements), size_t(c.par.workers));
}

template <class T>
void MinVolNmf<T>::layout(Carver &carve, MinVolBlocks<T> &b) const {
  carve.take<MinVolNmf<T>>(1);
  b.region = take_region(carve, starter(), [&](Carver &one) { own_layout(one, b); });
}

// ---- what the half steps are given

// G = X'X, each part's blocks of rows one after another.
template <class T>
void MinVolJob<T>::gram_of(Mat<const T> X, Mat<T> G) const {
  const Shares<T> shares{G, b.share_S};
  by_blocks(c.par, X.rows, row_block, most_parts, b.sums, no_scratch, [&](const Block &at, NoScratch, double &) {
    const Mat<const T> x = X.block(at.row, 0, at.rows, rank());
    ops.tn(x, x, shares.of(at.part, at.part), !at.first);
  });
  shares.add(0, parts_for(ceil_div(X.rows, row_block), 1, most_parts));
}

// log det(G + delta I), and its inverse into Y.
template <class T>
double MinVolJob<T>::log_det(Mat<const T> G, Mat<T> Y) const {
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

// A = H H' + lambda (W'W + delta I)^-1, from W and Ht.
template <class T>
void MinVolJob<T>::curvature_w() {
  gram_of(W, b.S);
  log_det(b.S, b.A);
  gram_of(b.Ht, b.S);
  for (int32_t k = 0; k < rank(); ++k)
    for (int32_t l = 0; l < rank(); ++l) b.A(l, k) = T(s.lambda) * b.A(l, k) + b.S(l, k);
}

// F = V H'
template <class T>
void MinVolJob<T>::times(Mat<T> F) const {
  const PanelCut cut = product_cut(V, c.rows, c.cols);
  if (cut.chunks == 0) return V.times(ops, c.par, b.Ht, F);
  times_by_chunks<T>(ops, c.par, V, cut, b.Ht, F, b.share_F);
}

template <class T>
void MinVolJob<T>::half_step_w() {
  transpose<T>(c.par, H, b.Ht);
  const Mat<T> F = top(b.F, c.rows);
  times(F);
  curvature_w();
  fast_gradient(W, F, true);
  by_pieces(c.par, c.rows, rank(), 2 * sizeof(T), [&](Range rows, int32_t k) {
    for (int32_t i = rows.from; i < rows.to; ++i) W(i, k) = no_denormal(W(i, k));
  });
}

// Leaves F = V'W, S = W'W and Ht for the report.
template <class T>
void MinVolJob<T>::half_step_h() {
  gram_of(W, b.S);
  const Mat<T> F = top(b.F, c.cols);
  V.transposed_times(ops, c.par, W, F);
  copy<T>(b.S, b.A);
  transpose<T>(c.par, H, b.Ht);
  fast_gradient(b.Ht, F, false);
  by_pieces(c.par, c.cols, rank(), 8 * sizeof(T), [&](Range cols, int32_t k) {
    for (int32_t j = cols.from; j < cols.to; ++j) H(k, j) = b.Ht(j, k) = no_denormal(b.Ht(j, k));
  });
}

// ---- what outer_loop calls

template <class T>
bool MinVolJob<T>::step(bool check, Report &r) {
  half_step_w();
  half_step_h();
  fill_report(r, check);
  return true;
}

template <class T>
void MinVolJob<T>::finish(Report &r) {
  transpose<T>(c.par, H, b.Ht);
  gram_of(W, b.S);
  V.transposed_times(ops, c.par, W, top(b.F, c.cols));
  fill_report(r, true);
  r.worst = 0;
}

// 1/2 |V - W H|^2 from F = V'W, S = W'W and A = H H'; entry by entry where that cancels.
template <class T>
double MinVolJob<T>::fit() const {
  const double f = 0.5 * s.norm2 - inner<T>(c.par, top(b.F, c.cols), b.Ht, b.sums) + 0.5 * inner<T>(b.S, b.A);
  if (f > 0.5 * Real<T>::cancels * Real<T>::cancels * s.norm2) return f;
  if (V.sparse()) return max_of(f, 0.0);
  return 0.5 * residual_squares<T>(ops, c.par, V, W, H, b.sums, [this](int32_t index) {
           return b.tile + ptrdiff_t(index) * Operand<T>::tile_elements;
         });
}

// F = V'W, S = W'W and Ht stand ready.
template <class T>
void MinVolJob<T>::fill_report(Report &r, bool check) {
  const double volume = log_det(b.S, b.A);
  gram_of(b.Ht, b.A);
  const double squares = fit();
  r.objective = squares + 0.5 * s.lambda * volume;
  r.rel_error = s.norm2 > 0 ? sqrt_of(2 * squares / s.norm2) : 0;
  if (!check) return;
  copy<T>(b.S, b.A);
  double sum = projected(b.Ht, top(b.F, c.cols), false);
  const Mat<T> B = top(b.F, c.rows);
  times(B);
  curvature_w();
  sum += projected(W, B, true);
  r.kkt = s.norm2 > 0 ? sqrt_of(sum / s.norm2) : 0;
}

// Sum over columns of |projected X A - F|^2 / A_kk; on the simplex less the mean over the support.
template <class T>
double MinVolJob<T>::projected(Mat<T> X, Mat<const T> F, bool simplex) const {
  const Mat<T> E = top(b.E, X.rows);
  by_rows(X.rows, [&](Range at) {
    ops.nn(X.block(at.from, 0, at.size(), rank()), b.A, E.block(at.from, 0, at.size(), rank()));
    return 0.0;
  });
  const auto of_column = [&](int32_t k) {
    double mean = 0, part = 0;
    int32_t support = 0;
    for (int32_t i = 0; simplex && i < X.rows; ++i)
      if (X(i, k) > T(0)) {
        mean += double(E(i, k) - F(i, k));
        ++support;
      }
    if (support > 0) mean /= support;
    for (int32_t i = 0; i < X.rows; ++i) {
      const double g = double(E(i, k) - F(i, k)) - mean;
      if (g < 0 || X(i, k) > T(0)) part += g * g;
    }
    return b.A(k, k) > T(0) ? part / double(b.A(k, k)) : 0;
  };
  return sum_of_columns(c.par, rank(), 10.0 * sizeof(T) * X.rows, b.sums, of_column);
}

// ---- the start

// Columns of W to the sum one, rows of H inversely; then lambda from what the start leaves.
template <class T>
Status MinVolJob<T>::begin() {
  s.outer = OuterState{};
  for (int32_t k = 0; k < rank(); ++k) {
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
  const double squares = max_of(1e-6 * s.norm2, s.norm2 * r.rel_error * r.rel_error);
  gram_of(W, b.S);
  const double volume = log_det(b.S, b.A);
  s.lambda = c.volume * squares / max_of(abs_of(volume), 1e-6);
  finish(r);
  if (!is_finite(r.objective)) return E_DATA;
  s.outer.last = r.objective;
  s.outer.first = abs_of(r.objective);
  s.started = 1;
  return OK;
}

template <class T>
Status MinVolNmf<T>::begin(void *base, NmfStart from, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  started = 0;
  MinVolJob<T> job(*this, base, V, W, H);
  Nmf<T> first = starter();
  first.c.start = from;
  if (const Status st = first.start(job.b.region, V, W, H); st != OK) return st;
  norm2 = first.norm2;
  return job.begin();
}

template <class T>
Status MinVolNmf<T>::start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  return begin(base, c.start, V, W, H);
}

template <class T>
Status MinVolNmf<T>::run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report) {
  if (!started)
    if (const Status st = begin(base, NmfStart::given, V, W, H); st != OK) return st;
  MinVolJob<T> job(*this, base, V, W, H);
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T)          \
  template struct MinVolNmf<T>; \
  template struct MinVolJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
