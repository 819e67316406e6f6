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
  if (start == NmfStart::name) return function(*this, start);
#include "starts.def"
#undef ORTHANT_NMF_START
  return E_UNSUPPORTED;
}

// W, or W and H, from W given, from the data or at random.
template <class T>
Status NmfJob<T>::make_factors(NmfStart start) {
  const NmfConfig &c = s.c;
  if (c.fixed_w && start != NmfStart::given) {
    fill(H, T(1) / T(rank()));
    return all_nonnegative<T>(W) ? OK : E_DATA;
  }
  if (needs_svd(start) || start == NmfStart::spa) {  // they read all of V before the pass that checks it
    double squares = 0;
    const bool good = scan(ops, c.par, V, true, &squares) && (c.reduce.active() || V.has_room(squares));
    if (const Status st = agree(good ? OK : V.fault()); st != OK) return st;
  }
  const Status st = make_start(start);
  return V.failed() ? E_READ : st;
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
  if (const Status st = agree(make_factors(start)); st != OK) return st;
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
  if (c.reduce.failed) return E_REDUCE;
  if (!passed.good) return unread ? E_READ : E_DATA;
  s.first_fx = passed.fx;
  s.first_kkt = ends ? passed.kkt : -1;
  double fx = passed.fx;
  if (start == NmfStart::random && !c.masked() && !c.fixed_w) fx = scaled_to_fit(fx);
  if (extrapolates()) {
    copy<T>(s.c.par, W, b.Wy);
    transpose<T>(s.c.par, H, b.Hy);
  }
  Report report{};
  fill_report(report, fx);
  if (c.reduce.failed) return E_REDUCE;
  if (!is_finite(report.objective)) return V.fault();
  s.outer.first = s.outer.last = report.objective;
  if (extrapolates()) accept(2 * report.objective);
  s.momentum.last = s.momentum.best;
  s.started = s.exact = 1;
  return OK;
}

// Sweeps of a half step by some columns across V: of data like images, whose entries are much alike, 0, and the schedule
// chooses them; of peaked data few.
template <class T>
int32_t NmfJob<T>::sweeps_by_look() const {
  const View<T> all = V.dense();
  const int32_t count = min_of(all.cols, max_of(4, look_entries / all.rows));
  double sum = 0, squares = 0;
  for (int32_t i = 0; i < count; ++i) {
    const T *v = all.col(part_of(all.cols, i, count).from);
    for (int32_t k = 0; k < all.rows; ++k) {
      sum += double(v[k]);
      squares += double(v[k]) * double(v[k]);
    }
  }
  const bool alike = sum * sum > look_alike * squares * count * all.rows;
  return alike ? 0 : max_of(4, min_of(2 * rank() / 5, 8));
}

// W times the factor that fits best, <V, W H> / |W H|^2; returns <F - l1, H'> of the new W.
template <class T>
double NmfJob<T>::scaled_to_fit(double fx) {
  const double size = inner<T>(b.G, b.S), l1 = linear_h(H);
  const T factor = size > 0 ? T((fx + l1) / size) : T(1);
  for (int32_t k = 0; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) *= factor;
  prepare_h(W);
  return (fx + l1) * double(factor) - l1;
}

// ---- the starts

template <class T>
Status from_given(NmfJob<T> &job, NmfStart) {
  return all_nonnegative<T>(job.W) && all_nonnegative<T>(job.H) ? OK : E_DATA;
}

template <class T>
Status from_random(NmfJob<T> &job, NmfStart) {
  const Mat<T> W = job.W, H = job.H;
  const Rng rng(job.s.c.seed, nmf_stream);
  uint64_t draw = 0;
  // Of masked data at their mean, as far as it is known; others are scaled afterwards.
  const double scale = job.s.c.masked() ? 4 * job.V.mean() / job.rank() : 1;
  for (int32_t k = 0; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i) W(i, k) = T(scale * rng.uniform(draw++));
  draw += uint64_t(job.s.c.reduce.first_column) * uint64_t(job.rank());
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
Status from_nndsvd(NmfJob<T> &job, NmfStart start) {
  const NmfConfig &c = job.s.c;
  Tsvd<T> &svd = job.b.start.svd;
  const int32_t r = min_of(c.rank, min_of(c.rows, c.cols));
  const Filling filling = filling_of(start);
  const T mean = filling == Filling::zeros ? T(0) : T(job.V.mean());
  svd.run(job.ops, c.par, job.V, nullptr, r, c.seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
  nndsvd(c.par, svd, filling, mean, Rng(c.seed, nmf_stream), job.W, job.H);
  return OK;
}

// The same from a rough SVD.
template <class T>
Status from_rough(NmfJob<T> &job, NmfStart) {
  Tsvd<T> &svd = job.b.start.svd;
  svd.run_rough(job.ops, job.s.c.par, job.V, job.s.c.seed, job.b.start.transposed);
  nndsvd(job.s.c.par, svd, Filling::zeros, T(0), Rng(job.s.c.seed, nmf_stream), job.W, job.H);
  return OK;
}

// The chosen columns of V, or of a sample of it, into W.  Spread over processes each column is one's own, and zero on
// all others.
template <class T>
static void read_columns(NmfJob<T> &job, const Operand<T> &V, int32_t found) {
  Reduce &reduce = job.s.c.reduce;
  const int32_t *chosen = job.b.start.chosen;
  if (!reduce.active()) {
    for (int32_t k = 0; k < found; ++k) V.column(chosen[k], job.W.col(k));
    return;
  }
  const Mat<T> all = job.b.B.columns(0, found);
  fill(all, T(0));
  for (int32_t k = 0; k < found; ++k)
    if (const int32_t j = chosen[k] - reduce.first_column; j >= 0 && j < job.s.c.cols) V.column(j, all.col(k));
  reduce.add(all.data, size_t(all.rows) * size_t(found));
  copy<T>(all, job.W.columns(0, found));
}

// W: the chosen columns; those that are missing (too few, or all others zero or dependent) are random at their
// scale.
template <class T>
static void take_columns(NmfJob<T> &job, const Operand<T> &V, int32_t found) {
  const Mat<T> W = job.W;
  const Rng rng(job.s.c.seed, nmf_stream);
  T largest = 0;
  read_columns(job, V, found);
  for (int32_t k = 0; k < found; ++k) {
    for (int32_t i = 0; i < W.rows; ++i) largest = max_of(largest, W(i, k));
  }
  const T scale = largest > T(0) ? largest : T(1);
  for (int32_t k = found; k < W.cols; ++k)
    for (int32_t i = 0; i < W.rows; ++i)
      W(i, k) = scale * T(rng.uniform(uint64_t(k) * uint64_t(W.rows) + uint64_t(i)));
  fill(job.H, T(1) / T(job.rank()));
}

// The columns that a start chooses from, of a stream side by side in `sample`.
template <class T>
static const Operand<T> *candidates_of(NmfJob<T> &job, int32_t count, Operand<T> *sample) {
  if (!job.V.streamed()) return &job.V;
  *sample = job.V.gathered(job.b.start.candidates, count);
  return sample;
}

// The same columns as on one process, from which each says which of its own are not zero.
template <class T>
static int32_t find_columns(NmfJob<T> &job, int32_t count) {
  auto &room = job.b.start;
  Reduce &reduce = job.s.c.reduce;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t j = room.candidates[i] - reduce.first_column;
    double squares = 0;
    if (j >= 0 && j < job.s.c.cols) job.V.scan(job.ops, j, 1, false, &squares);
    room.norms[i] = squares > 0 ? T(1) : T(0);
  }
  reduce.add(room.norms, size_t(count));
  int32_t found = 0;
  for (int32_t i = 0; i < count && found < job.rank(); ++i)
    if (room.norms[i] > T(0)) room.chosen[found++] = room.candidates[i];
  return found;
}
template <class T>
static void from_spread_columns(NmfJob<T> &job) {
  const Rng rng(job.s.c.seed, nmf_stream);
  const int32_t n = job.s.c.all_cols(), count = job.s.candidates(), few = min_of(job.rank(), count);
  sample_columns(rng, n, few, job.b.start.candidates);
  int32_t found = find_columns(job, few);
  if (found < few && few < count) {
    sample_columns(rng, n, count, job.b.start.candidates);
    found = find_columns(job, count);
  }
  take_columns(job, job.V, found);
}

// Random columns, but zero ones.
template <class T>
Status from_columns(NmfJob<T> &job, NmfStart) {
  if (job.s.c.reduce.active()) {
    from_spread_columns(job);
    return OK;
  }
  const Rng rng(job.s.c.seed, nmf_stream);
  auto &room = job.b.start;
  const int32_t n = job.s.c.cols, r = job.rank(), count = job.s.candidates();
  int32_t found = 0;
  Operand<T> sample;
  // As a rule the first `rank` will do, and the time that drawing takes grows with its square.
  sample_columns(rng, n, job.V.streamed() ? count : min_of(r, count), room.candidates);
  const Operand<T> *V = candidates_of(job, count, &sample);
  for (int32_t i = 0; i < count && found < r; ++i) {
    double squares = 0;
    if (i == r && !job.V.streamed()) sample_columns(rng, n, count, room.candidates);
    const int32_t column = job.V.streamed() ? i : room.candidates[i];
    V->scan(job.ops, column, 1, false, &squares);
    if (squares > 0) room.chosen[found++] = column;
  }
  take_columns(job, *V, found);
  return OK;
}

// Successive projections on all columns, or on a sample of them.
template <class T>
Status from_spa(NmfJob<T> &job, NmfStart start) {
  auto &room = job.b.start;
  const int32_t n = job.s.c.cols, count = job.s.candidates();
  const bool all = start == NmfStart::spa || count == n;
  const SpaShares<T> shares{&job.s.c.reduce, job.b.of_all};
  Operand<T> sample;
  const Operand<T> *V = &job.V;
  if (!all) {
    sample_columns(Rng(job.s.c.seed, nmf_stream), n, count, room.candidates);
    V = candidates_of(job, count, &sample);
  }
  const int32_t *candidates = all || job.V.streamed() ? nullptr : room.candidates;
  const int32_t most = min_of(job.rank(), job.s.c.all_cols());
  const int32_t found = spa(job.ops, job.s.c.par, *V, candidates, all ? n : count, most, job.b.B, room.norms,
                            room.first, room.chosen, shares);
  take_columns(job, *V, found);
  return OK;
}

#define INSTANTIATE(T)                                          \
  template struct NmfJob<T>;                                    \
  template Status from_given<T>(NmfJob<T> &, NmfStart);         \
  template Status from_random<T>(NmfJob<T> &, NmfStart);        \
  template Status from_nndsvd<T>(NmfJob<T> &, NmfStart);        \
  template Status from_rough<T>(NmfJob<T> &, NmfStart);         \
  template Status from_columns<T>(NmfJob<T> &, NmfStart);       \
  template Status from_spa<T>(NmfJob<T> &, NmfStart);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
