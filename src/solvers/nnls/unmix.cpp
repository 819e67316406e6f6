// The workspace of unmixing, the plan of its endmembers, and the pass over the pixels.
#include "unmix_job.hpp"

namespace orthant {

template <class T>
Status Unmix<T>::resolve(int32_t given_method, int32_t given_max_iter, double given_tol) {
  // Walking on from the last pixel's support beats grouping (`orthant-bench unmix`).
  method = given_method > 0 ? Half(given_method) : Half::active_set;
  const int32_t most = is_exact(method) ? 30 * rank : 1000;
  max_iter = given_max_iter > 0 ? given_max_iter : most;
  tol = given_tol == 0 ? T(sizeof(T) == 4 ? 1e-6 : 1e-12) : T(given_tol);
  return sum_to_one && !can_sum_to_one(method) ? E_UNSUPPORTED : OK;
}

// F and X of a block stay in the first cache.
template <class T>
int32_t Unmix<T>::block() const {
  if (small_target) return 8;
  return max_of(16, min_of(128, 4096 / rank));
}

// Chunks of one block or, where that is small, several, whatever the number of pixels.  So many of a stream are at hand
// that a reading takes some megabytes at a time.
template <class T>
PanelCut Unmix<T>::cut(int32_t pixels) const {
  constexpr size_t chunk_bytes = 64 * 1024;
  const int32_t width = block(), blocks = max_of(1, int32_t(chunk_bytes / sizeof(T) / size_t(bands) / size_t(width)));
  constexpr int32_t most = 256;
  PanelCut cut{pixels, width, 0, par.workers <= 1 ? 1 : most, blocks * width};
  if (data == Kind::stream) cut.wave = max_of(4 * par.workers, group_columns<T>(bands) / cut.fixed);
  cut.chunks = ceil_div(pixels, cut.fixed);
  return cut;
}

template <class T>
void Unmix<T>::set_plan(NnlsPlan<T> *plan) const {
  plan->sum_to_one = sum_to_one != 0;
  plan->max_iter = max_iter;
  plan->proposed = layers > 0;
}

template <class T>
void Unmix<T>::worker_layout(Carver &carve, UnmixWorker<T> &w) const {
  const int32_t p = block();
  const size_t n = size_t(rank), q = size_t(p);
  w.F = {carve.take<T>(n, q), p, rank, p};
  w.X = {carve.take<T>(n, q), p, rank, p};
  w.U = {carve.take<T>(method == Half::admm ? n : 0, q), p, rank, p};
  w.norm2 = carve.take<T>(small_target ? q : 2 * q);  // and the units
  w.own = carve.take<NnlsPlan<T>>(data == Kind::masked);  // not in the frame of every caller
  if (data == Kind::masked) {
    NnlsPlan<T> own;
    own.layout(carve, method, rank);
    set_plan(&own);
    if (w.own) *w.own = own;
  }
  w.nnls.layout(carve, method, rank, p);
}

template <class T>
void Unmix<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Unmix<T>>(1);
  b.plan.layout(carve, method, rank);
  set_plan(&b.plan);
  b.plan.lipschitz = lipschitz;
  b.plan.rho = rho;
  b.plan.shift = shift;
  b.plan.even = even;
  b.scale = carve.take<T>(small_target ? 0 : size_t(rank));
  b.sums = carve.take<UnmixSums<T>>(size_t(small_target ? unmix_parts : cut(INT32_MAX).wave));
  b.A = carve.take<T>(size_t(rank), size_t(layers));
  if (!small_target && data == Kind::stream)
    b.stream.layout(carve, bands, cut(INT32_MAX).widest_group(), par.workers);
  b.scratch.layout(carve, par.workers, [this](Carver &one, UnmixWorker<T> &w) { worker_layout(one, w); });
}

// Whether the squares of column k can be added, and it has no sign that the method cannot take.
template <class T>
static bool is_good_column(const Ops<T> &ops, Mat<const T> E, int32_t k, bool nonnegative) {
  T squares, low;
  ops.kernel().scan(E.rows, E.col(k), &squares, &low);
  if (!is_finite(squares * T(1 << 20)) || (nonnegative && low < T(0))) return false;
  if (small_target || squares >= Faint<T>::least) return squares >= Faint<T>::least || squares == T(0);
  for (int32_t i = 0; i < E.rows; ++i)
    if (E(i, k) != T(0)) return false;
  return true;
}

// Returns whether there is anything to scale.
template <class T>
static bool find_scale(Mat<const T> G, bool one_for_all, bool always, T *scale) {
  T largest = 0;
  bool far = always;
  for (int32_t k = 0; k < G.cols; ++k) {
    const T square = G(k, k);
    largest = max_of(largest, square);
    far = far || square > T(0x1p40) || (square < T(0x1p-40) && square > T(0));
  }
  for (int32_t k = 0; k < G.cols; ++k) {
    const T square = one_for_all ? largest : G(k, k);
    scale[k] = T(one_for_all || !far);
    if (far && square > T(0)) scale[k] = power_of_two(T(1) / sqrt_of(square));
  }
  return far;
}

template <class T>
Status Unmix<T>::prepare(void *base) {
  Carver carve(base);
  UnmixJob<T> job(*this, carve);
  NnlsPlan<T> &plan = job.b.plan;
  // The multiplicative update divides by products that must not vanish.
  for (int32_t k = 0; k < rank; ++k)
    if (!is_good_column(job.ops, E, k, method == Half::mu)) return E_DATA;
  job.ops.tn(E, E, plan.gram());
  if (!small_target) {
    scaled = find_scale<T>(plan.gram(), sum_to_one != 0, iterative(), job.b.scale);
    job.scale_gram(plan.gram());
  }
  UnmixWorker<T> w = job.worker(0);
  plan.prepare(T(0), w.nnls);
  lipschitz = plan.lipschitz;
  rho = plan.rho;
  shift = plan.shift;
  even = plan.even;
  return OK;
}

template <class T>
ORTHANT_OWN_FRAME void UnmixJob<T>::solve(const NnlsPlan<T> &plan, int32_t j, Worker &w, Sums &sums) const {
  load(j, w);
  if (!small_target && s.layers > 0) propose(plan, w);
  const bool iterative = s.iterative();
  const int32_t between = s.method == Half::fast_pg ? 50 : 10;  // steps from one look at the residual to the next
  int32_t iters = 0;
  bool goes_on = true;
  while (goes_on) {
    const int32_t steps = iterative ? min_of(between, s.max_iter - iters) : 0;
    iters += nnls_block(ops, plan, w.F, w.X, w.U, steps, w.nnls);
    goes_on = (iterative || judged) && judge(plan, j, iters, iterative && iters < s.max_iter, w, sums);
  }
  store(j, w, sums);
}

// A pixel of which not all is finite becomes NaN.
template <class T>
void UnmixJob<T>::store(int32_t j, const Worker &w, Sums &sums) const {
  for (int32_t p = 0; p < w.F.rows; ++p) {
    const T *x = w.X.data + p, unit = w.unit(p);
    const bool back = s.scales() || unit != T(1);
    for (int32_t k = 0; back && k < s.rank; ++k) w.X(p, k) *= b.scale[k] / unit;
    T *a = A.col(j + p), zero = w.norm2[p] * T(0);  // or NaN
    for (int32_t k = 0; k < s.rank; ++k) {
      zero = fused(*x, T(0), zero);
      a[k] = no_denormal(*x);
      x += w.X.ld;
    }
    if (zero == T(0)) continue;
    sums.bad = 1;
    for (int32_t k = 0; k < s.rank; ++k) a[k] = T(NAN);
  }
}

template <class T>
UnmixSums<T> UnmixJob<T>::run() {
  return by_pixels([&](const Panel &p, Worker &w, Sums &sums) {
    const int32_t at_once = s.data == Kind::masked ? 1 : p.cols;
    w.F.rows = at_once;
    w.X.rows = at_once;
    w.U.rows = at_once;
    for (int32_t j = p.col; j < p.col + p.cols; j += at_once) {
      const bool shared = s.data != Kind::masked || load_masked(j, w);
      solve(shared ? b.plan : *w.own, j, w, sums);
    }
  });
}

template <class T>
Status Unmix<T>::run(void *base, const Operand<T> &Y, const Mat<T> &A, Report *report) {
  Carver carve(base);
  UnmixJob<T> job(*this, carve);
  job.Y = &Y;
  job.A = A;
  job.judged = report != nullptr;
  const bool bad = job.sum_up(job.run(), report);
  if (report) {
    report->stop = !is_direct(method) && report->iters >= max_iter ? by_iterations : by_kkt;
    if (!bad && T(report->rel_error) < T(Real<T>::cancels)) job.recompute(report);  // the products at hand cancel
  }
  return bad || Y.failed() ? Y.fault() : OK;
}

template <class T>
Status Unmix<T>::run_products(void *base, Mat<const T> products, const Mat<T> &A) {
  Carver carve(base);
  UnmixJob<T> job(*this, carve);
  job.products = &products;
  job.A = A;
  return job.sum_up(job.run(), nullptr) ? E_DATA : OK;
}

template <class T>
Status Unmix<T>::check(void *base, const Operand<T> &Y, Mat<const T> A, T *rms, T *kkt, Report *report) {
  Carver carve(base);
  UnmixJob<T> job(*this, carve);
  job.Y = &Y;
  job.A.cols = A.cols;
  job.sum_up(job.check(A, rms, kkt), report);
  return Y.failed() ? E_READ : OK;
}

#define INSTANTIATE(T)        \
  template struct Unmix<T>;   \
  template struct UnmixJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
