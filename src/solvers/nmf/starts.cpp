// The starting points of NMF (algorithms.md, "Starts of NMF"), and the pass that makes B, S and the first objective.
#include "nmf_job.hpp"
#include "start.hpp"

namespace orthant {
namespace {
constexpr int32_t start_sweeps = 8;  // the first half step for H, where a start gives only W
}

template <class T>
Status NmfJob<T>::make_start(NmfStart start) {
#define ORTHANT_NMF_START(name, PUBLIC, number, function, ...) \
  case NmfStart::name: return function(start);
  switch (start) {
#include "starts.def"
  }
#undef ORTHANT_NMF_START
  return E_UNSUPPORTED;
}

template <class T>
Status NmfJob<T>::begin(NmfStart start) {
  const NmfConfig &c = s.c;
  s.outer = OuterState{};
  s.momentum = Momentum{};
  s.pace = Pace{};
  s.started = s.exact = 0;
  const bool h_alone = c.fixed_w && start != NmfStart::given;  // W is the caller's
  const bool leaves = h_alone || leaves_h(start);
  if (h_alone) {
    if (!all_nonnegative<T>(W)) return E_DATA;
    fill(H, T(1) / T(rank()));
  } else {
    if (needs_svd(start) || start == NmfStart::spa) {  // they read all of V before the pass that checks it
      double squares = 0;
      if (!V.scan(ops, 0, c.cols, true, &squares)) return E_DATA;
    }
    if (const Status st = make_start(start); st != OK) return st;
  }
  if (c.method == NmfMethod::aoadmm) {
    fill(b.dual_w, T(0));
    fill(b.dual_h, T(0));
  }
  prepare_h(W);
  ColumnStep<T> first;
  first.moves = leaves;
  first.half = sweeps_h(start_sweeps);
  const bool ends = !h_alone && leaves && !c.masked() && c.outer.max_iter == 0;  // a start alone reads V once
  const PassResult passed = pass(first, true, ends);
  if (!passed.good) return E_DATA;
  s.first_fx = passed.fx;
  s.first_kkt = ends ? passed.kkt : -1;
  double fx = passed.fx;
  if (start == NmfStart::random && !c.masked() && !c.fixed_w) fx = scaled_to_fit(fx);
  if (extrapolates()) {
    copy<T>(W, b.Wy);
    transpose<T>(H, b.Hy);
  }
  Report report{};
  fill_report(report, fx);
  if (!is_finite(report.objective)) return E_DATA;
  s.outer.first = s.outer.last = report.objective;
  s.started = s.exact = 1;
  return OK;
}

// W times the factor that fits best, <V, W H> / |W H|^2; returns <F - l1, H'> of the new W.
template <class T>
double NmfJob<T>::scaled_to_fit(double fx) {
  const double size = inner<T>(b.G, b.S), l1 = penalty_h().linear(H);
  const T factor = size > 0 ? T((fx + l1) / size) : T(1);
  for (int32_t k = 0; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) *= factor;
  prepare_h(W);
  return (fx + l1) * double(factor) - l1;
}

template <class T>
Status NmfJob<T>::from_given(NmfStart) { return all_nonnegative<T>(W) && all_nonnegative<T>(H) ? OK : E_DATA; }

template <class T>
Status NmfJob<T>::from_random(NmfStart) {
  const Rng rng(s.c.seed, nmf_stream);
  uint64_t draw = 0;
  const double scale = s.c.masked() ? 4 * V.mean() / rank() : 1;  // the mean of the data, as far as it is known
  for (int32_t k = 0; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) = T(scale * rng.uniform(draw++));
  for (int32_t j = 0; j < H.cols; ++j)
    for (int32_t k = 0; k < H.rows; ++k) H(k, j) = T(rng.uniform(draw++));
  return OK;
}

static Filling filling_of(NmfStart start) {
  switch (start) {
    case NmfStart::nndsvda: return Filling::mean;
    case NmfStart::nndsvdar: return Filling::random;
    default: return Filling::zeros;
  }
}

template <class T>
Status NmfJob<T>::from_nndsvd(NmfStart start) {
  const int32_t r = min_of(rank(), min_of(s.c.rows, s.c.cols));
  const Filling filling = filling_of(start);
  const T mean = filling == Filling::zeros ? T(0) : T(V.mean());
  b.start.svd.run(ops, s.c.par, V, nullptr, r, s.c.seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
  nndsvd(b.start.svd, filling, mean, Rng(s.c.seed, nmf_stream), W, H);
  return OK;
}

// ---- W from columns of V

// Random columns, but zero ones.
template <class T>
Status NmfJob<T>::from_columns(NmfStart) {
  const Rng rng(s.c.seed, nmf_stream);
  const int32_t n = s.c.cols, r = rank(), count = s.candidates();
  int32_t found = 0;
  // As a rule the first `rank` will do, and the time that drawing takes grows with its square.
  for (int32_t i = 0; i < count && found < r; ++i) {
    double squares = 0;
    if (i == 0) sample_columns(rng, n, min_of(r, count), b.start.candidates);
    else if (i == r) sample_columns(rng, n, count, b.start.candidates);
    V.scan(ops, b.start.candidates[i], 1, false, &squares);
    if (squares > 0) b.start.chosen[found++] = b.start.candidates[i];
  }
  take_columns(found);
  return OK;
}

// Successive projections on all columns, or on a sample of them.
template <class T>
Status NmfJob<T>::from_spa(NmfStart start) {
  const int32_t n = s.c.cols, count = s.candidates();
  const bool all = start == NmfStart::spa || count == n;
  if (!all) sample_columns(Rng(s.c.seed, nmf_stream), n, count, b.start.candidates);
  const int32_t found = spa(ops, s.c.par, V, all ? nullptr : b.start.candidates, all ? n : count, min_of(rank(), n), b.B,
                            b.start.norms, b.start.first, b.start.chosen);
  take_columns(found);
  return OK;
}

// W: the chosen columns; those that are missing (too few, or all others zero or dependent) are random at their scale.
template <class T>
void NmfJob<T>::take_columns(int32_t found) {
  const Rng rng(s.c.seed, nmf_stream);
  T largest = 0;
  for (int32_t k = 0; k < found; ++k) {
    V.column(b.start.chosen[k], W.col(k));
    for (int32_t i = 0; i < W.rows; ++i) largest = max_of(largest, W(i, k));
  }
  const T scale = largest > T(0) ? largest : T(1);
  for (int32_t k = found; k < rank(); ++k)
    for (int32_t i = 0; i < W.rows; ++i)
      W(i, k) = scale * T(rng.uniform(uint64_t(k) * uint64_t(W.rows) + uint64_t(i)));
  fill(H, T(1) / T(rank()));
}

#define INSTANTIATE(T) template struct NmfJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
