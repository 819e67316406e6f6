#include "unmix.hpp"

namespace orthant {
namespace {
constexpr int32_t segments = small_target ? 4 : 16;

// Where part s of so many begins, in 32 bits: a core without a division of 64 calls one of half a kilobyte.
inline int32_t part_of(int32_t n, int32_t s, int32_t parts) { return n / parts * s + n % parts * s / parts; }
}  // namespace

template <class T>
int32_t Unmix<T>::block() const {  // pixels in one block: F and X of a block stay in the first cache
  if (small_target) return 8;
  return max_of(16, min_of(128, 4096 / rank));
}

template <class T>
void Unmix<T>::worker_layout(Carver &carve, Worker &w) const {
  const int32_t p = block();
  const size_t n = size_t(rank), q = size_t(p);
  w.F = {carve.take<T>(n, q), p, rank, p};
  w.X = {carve.take<T>(n, q), p, rank, p};
  w.U = {carve.take<T>(method == Half::admm ? n : 0, q), p, rank, p};
  w.norm2 = carve.take<T>(q);
  w.own = carve.take<NnlsPlan<T>>(data == Kind::masked);  // not in the frame of every caller
  if (data == Kind::masked) {
    NnlsPlan<T> own;
    own.layout(carve, method, rank);
    own.sum_to_one = sum_to_one != 0;
    own.max_iter = max_iter;
    own.proposed = layers > 0;
    if (w.own) *w.own = own;
  }
  w.scratch.layout(carve, method, rank, p);
}

template <class T>
void Unmix<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Unmix<T>>(1);
  b.plan.layout(carve, method, rank);
  b.plan.sum_to_one = sum_to_one != 0;
  b.plan.max_iter = max_iter;
  b.plan.lipschitz = lipschitz;
  b.plan.rho = rho;
  b.plan.shift = shift;
  b.plan.proposed = layers > 0;
  b.segment = carve.take<Segment>(size_t(segments));
  b.A = carve.take<T>(size_t(rank), size_t(layers));
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes = (b.worker_bytes - (Carver::alignment - 1) + sizeof(T) - 1) / sizeof(T) * sizeof(T);
  b.worker = carve.take<T>(b.worker_bytes / sizeof(T), size_t(par.workers));
}

template <class T>
Status Unmix<T>::prepare(void *base) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  T largest = 0;
  for (int32_t k = 0; k < rank; ++k) {
    T s, low;
    ops.kernel().scan(bands, E.col(k), &s, &low);
    if (!is_finite(s) || (method == Half::mu && low < T(0))) return E_DATA;  // MU divides by products that must not vanish
    largest = max_of(largest, s);
  }
  e_norm = sqrt_of(largest);
  ops.tn(E, E, b.plan.gram());
  Carver one(b.worker);
  Worker w;
  worker_layout(one, w);
  b.plan.prepare(T(0), w.scratch);
  lipschitz = b.plan.lipschitz;
  rho = b.plan.rho;
  shift = b.plan.shift;
  return OK;
}

template <class T>
ORTHANT_OWN_FRAME void Unmix<T>::block_load(const Ops<T> &ops, const NnlsPlan<T> &plan, const Operand<T> &Y, int32_t j,
                                            Worker &w) const {
  const int32_t r = rank, count = w.F.rows;
  const Mat<T> F = w.F, X = w.X, U = w.U;
  for (int32_t p = 0; w.products && p < count; ++p) {
    w.norm2[p] = T(0);
    for (int32_t k = 0; k < r; ++k) {
      F(p, k) = (*w.products)(k, j + p);
      w.norm2[p] = fused(F(p, k), T(0), w.norm2[p]);  // NaN where that is not finite
    }
  }
  if (data == Kind::dense && !w.products) ops.project(Y.dense().columns(j, count), E, F, w.norm2);
  for (int32_t p = 0; p < count; ++p)
    if (!is_finite(w.norm2[p]))
      for (int32_t k = 0; k < r; ++k) F(p, k) = T(0);  // marked by its norm; the solvers see zeros
  T total = 0;
  for (int32_t i = 0; method == Half::mu && i < r * r; ++i) total += plan.G[i];
  // The active set goes on from pixel to pixel, and asks for a start but once.
  for (int32_t p = 0; p < (method == Half::active_set ? 1 : count); ++p) {
    T start = 0;
    if (method == Half::mu) {  // the best constant vector: zeros would stay zero
      for (int32_t k = 0; k < r; ++k) start += F(p, k);
      start = max_of(start / max_of(total, Real<T>::div), Real<T>::floor);
    }
    for (int32_t k = 0; k < r; ++k) {
      X(p, k) = start;
      if (method == Half::admm) U(p, k) = T(0);
    }
  }
}

// f = E'D y and G = E'D E of one masked pixel, D its weights; true where G is that of all bands.  A pixel without any band
// is marked as one that is not finite.
template <class T>
ORTHANT_OWN_FRAME bool Unmix<T>::pixel_load(const Operand<T> &Y, int32_t j, Worker &w) const {
  T norm2 = 0, all = 0;
  bool whole = true, good = true;
  for (int32_t i = 0; i < bands; ++i) {
    const T d = Y.weight(i, j);
    whole = whole && d == T(1);
    good = good && d >= T(0) && d <= T(1);
    all += d;
    if (d > T(0)) norm2 += d * Y.at(i, j) * Y.at(i, j);
  }
  w.norm2[0] = good && all > T(0) ? norm2 : T(NAN);
  for (int32_t k = 0; k < rank; ++k) {
    T f = 0;
    for (int32_t i = 0; i < bands; ++i)
      if (const T d = Y.weight(i, j); d > T(0)) f += d * E(i, k) * Y.at(i, j);
    w.F(0, k) = f;
    for (int32_t l = 0; !whole && l <= k; ++l) {
      T g = 0;
      for (int32_t i = 0; i < bands; ++i)
        if (const T d = Y.weight(i, j); d > T(0)) g += d * E(i, k) * E(i, l);
      w.own->G[k + ptrdiff_t(l) * rank] = w.own->G[l + ptrdiff_t(k) * rank] = g;
    }
  }
  if (!whole) w.own->prepare(T(0), w.scratch);
  return whole;
}

// x <- a x f / (x G) for each layer; then only entries near the largest are proposed, and the sum is set to one where it
// must be.  A wrong entry costs the active set more than a missing one: it is in the factor and must be taken out of it.
// Tried: with 20 endmembers that are alike thresholds of 0.02 and 0.6 took three times and one and a half times as long as
// 0.9, which was near a start from nothing; with 4 unlike ones all took the same within a third.
constexpr double proposed_from = 0.9;
template <class T>
ORTHANT_OWN_FRAME void Unmix<T>::block_propose(const Ops<T> &ops, const NnlsPlan<T> &plan, const T *A, Worker &w) const {
  const int32_t r = rank, count = w.F.rows;
  const Mat<T> X = w.X, F = w.F, D{w.scratch.D.data, count, r, w.scratch.D.ld};
  fill(X, T(1) / T(r));
  for (int32_t l = 0; l < layers; ++l) {
    ops.nn(X, plan.gram(), D);
    for (int32_t k = 0; k < r; ++k) {
      const T a = A[k + ptrdiff_t(l) * r], *f = F.col(k), *d = D.col(k);
      T *x = X.col(k);
      for (int32_t p = 0; p < count; ++p) x[p] = min_of(max_of(a * (x[p] * f[p]) / max_of(d[p], T(1e-12)), T(0)), T(1e30));
    }
  }
  for (int32_t p = 0; p < count; ++p) {
    T top = 0, sum = 0;
    for (int32_t k = 0; k < r; ++k) top = max_of(top, X(p, k));
    for (int32_t k = 0; k < r; ++k) {
      if (!(X(p, k) > T(proposed_from) * top)) X(p, k) = T(0);
      sum += X(p, k);
    }
    const T scale = sum_to_one && sum > T(0) ? T(1) / sum : T(1);
    for (int32_t k = 0; k < r; ++k) X(p, k) *= scale;
  }
}

template <class T>
ORTHANT_OWN_FRAME bool Unmix<T>::block_judge(const Ops<T> &ops, const NnlsPlan<T> &plan, int32_t j, int32_t iters,
                                             bool may_go_on, Worker &w, Segment &seg) const {
  const int32_t r = rank, count = w.F.rows;
  const bool free_sign = method == Half::unconstrained, sum1 = sum_to_one != 0;
  const Mat<T> F = w.F, X = w.X, D{w.scratch.D.data, count, r, w.scratch.D.ld};
  const auto gradient = [&](int32_t p, T *g) {
    for (int32_t k = 0; k < r; ++k) g[k] = D(p, k) - F(p, k);
  };
  const auto scale = [&](int32_t p, const T *g) {  // max |e_i| max(|y|, |E a|), with |E a|^2 = x'(g + f)
    T fit = 0;
    for (int32_t k = 0; k < r; ++k) fit += X(p, k) * (g[k] + F(p, k));
    return e_norm * sqrt_of(max_of(w.norm2[p], fit));
  };
  T *x = w.scratch.x, *g = w.scratch.g;
  ops.nn(X, plan.gram(), D);
  T worst = 0;
  int32_t at = 0;
  Sum objective = 0, norm2 = 0;
  for (int32_t p = 0; p < count; ++p) {
    if (!is_finite(w.norm2[p])) continue;
    gradient(p, g);
    T fit = 0, fx = 0;
    for (int32_t k = 0; k < r; ++k) {
      x[k] = X(p, k);
      fit += x[k] * g[k];
      fx += x[k] * F(p, k);
    }
    objective += max_of(Sum(0), Sum(0.5) * (Sum(w.norm2[p]) - Sum(fx) + Sum(fit)));
    norm2 += Sum(w.norm2[p]);
    const T s = scale(p, g), residual = kkt_residual(r, x, g, sum1, free_sign);
    const T relative = s > T(0) ? residual / s : T(0);
    if (relative > worst) {
      worst = relative;
      at = j + p;
    }
  }
  if (may_go_on && !(worst <= tol)) return true;
  seg.objective += objective;
  seg.norm2 += norm2;
  seg.iters = max_of(seg.iters, iters);
  if (worst > seg.worst) {
    seg.worst = worst;
    seg.worst_at = at;
  }
  return false;
}

template <class T>
ORTHANT_OWN_FRAME void Unmix<T>::block_run(const Ops<T> &ops, const Blocks &b, const NnlsPlan<T> &plan,
                                           const Operand<T> &Y, int32_t j, const Mat<T> &A, Worker &w,
                                           Segment &seg) const {
  block_load(ops, plan, Y, j, w);
  if (!small_target && layers > 0) block_propose(ops, plan, b.A, w);
  const bool iterative = this->iterative();
  const int32_t slice = method == Half::fast_pg ? 50 : 10;
  int32_t iters = 0;
  do iters += nnls_block(ops, plan, w.F, w.X, w.U, iterative ? min_of(slice, max_iter - iters) : 0, w.scratch);
  while ((iterative || w.judged) && block_judge(ops, plan, j, iters, iterative && iters < max_iter, w, seg));
  for (int32_t p = 0; p < w.F.rows; ++p) {
    const bool good = is_finite(w.norm2[p]);
    const T *x = w.X.data + p;
    T *a = A.col(j + p);
    if (!good) seg.bad = 1;
    for (int32_t k = 0; k < rank; ++k, x += w.X.ld) a[k] = good ? no_denormal(*x) : T(NAN);
  }
}

// What the segments sum up to; true where a pixel was not finite.
template <class T>
ORTHANT_OWN_FRAME bool Unmix<T>::sum_up(const Segment *segment, int32_t parts, Report *report) {
  Sum objective = 0, norm2 = 0;
  T worst = 0;
  int32_t worst_at = 0, iters = 0;
  bool bad = false;
  for (int32_t s = 0; s < parts; ++s) {
    const Segment &seg = segment[s];
    objective += seg.objective;
    norm2 += seg.norm2;
    bad = bad || seg.bad;
    iters = max_of(iters, seg.iters);
    if (seg.worst > worst) {
      worst = seg.worst;
      worst_at = seg.worst_at;
    }
  }
  if (report) {
    report->iters = iters;
    report->worst = worst_at;
    report->objective = double(objective);
    report->rel_error = norm2 > 0 ? double(sqrt_of(2 * objective) / sqrt_of(norm2)) : 0;
    report->kkt = double(worst);
  }
  return bad;
}

template <class T>
ORTHANT_OWN_FRAME void Unmix<T>::recompute(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report) {
  Report direct_sum;
  check(base, Y, A, static_cast<T *>(nullptr), static_cast<T *>(nullptr), &direct_sum);
  report->objective = direct_sum.objective;
  report->rel_error = direct_sum.rel_error;
}

template <class T>
Status Unmix<T>::run(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report,
                     const Mat<const T> *products) {
  const Ops<T> ops;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const int32_t p = block(), blocks = ceil_div(Y.cols(), p), parts = min_of(segments, blocks);
  parallel_for(par, parts, [&](int32_t s, int32_t worker) {
    Carver one(reinterpret_cast<unsigned char *>(b.worker) + b.worker_bytes * size_t(worker));
    Worker w;
    worker_layout(one, w);
    w.judged = report != nullptr;
    w.products = products;
    Segment &seg = b.segment[s];
    seg = Segment{};
    const int32_t from = part_of(blocks, s, parts), to = part_of(blocks, s + 1, parts);
    for (int32_t i = from; i < to; ++i) {
      const int32_t count = min_of(p, Y.cols() - i * p), at_once = data == Kind::masked ? 1 : count;
      w.F.rows = w.X.rows = w.U.rows = at_once;
      for (int32_t j = i * p; j < i * p + count; j += at_once) {
        const bool shared = data == Kind::dense || pixel_load(Y, j, w);
        block_run(ops, b, shared ? b.plan : *w.own, Y, j, A, w, seg);
      }
    }
  });
  const bool bad = sum_up(b.segment, parts, report);
  if (report) {
    const bool direct = method == Half::unconstrained || method == Half::clip;
    report->stop = !direct && report->iters >= max_iter ? by_iterations : by_kkt;
    if (!bad && T(report->rel_error) < T(Real<T>::cancels)) recompute(base, Y, A, report);  // the products at hand cancel
  }
  return bad ? E_DATA : OK;
}

template <class T>
void Unmix<T>::check(void *base, const Operand<T> &Y, Mat<const T> A, T *rms, T *kkt, Report *report) {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  const int32_t pixels = Y.cols(), parts = min_of(segments, pixels);
  parallel_for(par, parts, [&](int32_t s, int32_t worker) {
    Carver one(reinterpret_cast<unsigned char *>(b.worker) + b.worker_bytes * size_t(worker));
    Worker w;
    worker_layout(one, w);
    Sum *g = reinterpret_cast<Sum *>(w.scratch.D.data);  // rank of them: D holds at least eight times that
    Segment seg{};
    const int32_t from = part_of(pixels, s, parts), to = part_of(pixels, s + 1, parts);
    for (int32_t j = from; j < to; ++j) {
      const T *a = A.col(j);
      Sum y2 = 0, fit2 = 0, rest2 = 0, all = 0;
      for (int32_t k = 0; k < rank; ++k) g[k] = 0;
      for (int32_t i = 0; i < bands; ++i) {
        Sum fit = 0;
        const Sum d = Sum(Y.weight(i, j));
        if (d == Sum(0)) continue;
        for (int32_t k = 0; k < rank; ++k) fit += Sum(E(i, k)) * Sum(a[k]);
        const Sum y = Sum(Y.at(i, j)), e = fit - y;
        for (int32_t k = 0; k < rank; ++k) g[k] += d * Sum(E(i, k)) * e;
        all += d;
        y2 += d * y * y;
        fit2 += d * fit * fit;
        rest2 += d * e * e;
      }
      const Sum scale = Sum(e_norm) * sqrt_of(max_of(y2, fit2));
      const Sum residual = kkt_residual(rank, a, g, sum_to_one != 0, method == Half::unconstrained);
      const T relative = T(scale > 0 ? residual / scale : residual);
      if (rms) rms[j] = T(sqrt_of(rest2 / all));
      if (kkt) kkt[j] = relative;
      seg.objective += Sum(0.5) * rest2;
      seg.norm2 += y2;
      if (relative > seg.worst) {
        seg.worst = relative;
        seg.worst_at = j;
      }
    }
    b.segment[s] = seg;
  });
  sum_up(b.segment, parts, report);
}

#define INSTANTIATE(T) template struct Unmix<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
