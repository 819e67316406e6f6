// The coarse-to-fine start (algorithms.md, "Coarse to fine"): iterations of EHALS on a sample of rows and columns, one
// of each of as many equal stretches, then W for all rows from the sampled columns.
// Differs: H comes from the pass that begins the solver, from all rows and not from the sampled.
#include <string.h>

#include "nmf_job.hpp"
#include "rng.hpp"

namespace orthant {
namespace {

constexpr double middle_most = 1 << 18, coarse_most = 24000;  // entries of a sample: one of several, and the smallest
constexpr int32_t extension_sweeps = 8;                       // of W for all rows
constexpr int32_t priced_sweeps = 8;                          // of an iteration, as far as its price is concerned
// The time of a flop of a sweep in those of the products, from iterations on 1024 x 400 at ranks 20 and 38.
constexpr double sweep_flop = 1.8;

// What sweeps over so many problems cost.
double price_of_sweeps(int32_t sweeps, double problems, double rank) {
  return sweep_flop * 2 * sweeps * rank * rank * problems;
}
double price_of_iteration(double rows, double cols, double rank) {
  return 4 * rows * cols * rank + price_of_sweeps(priced_sweeps, rows + cols, rank);
}

// One index of each of `count` equal stretches of [0, of).
void sample_stretches(const Rng &draw, int32_t of, int32_t count, int32_t *chosen) {
  for (int32_t i = 0; i < count; ++i) {
    const Range stretch = part_of(of, i, count);
    chosen[i] = stretch.from + draw.below(uint64_t(i), stretch.size());
  }
}

}  // namespace

// The smallest sample grows with the square root of the entries, so that its price stays a fraction of one pass over V.
// It has more rows than columns, as W for all rows costs in proportion to these.  4 rank a side keep the factors well
// determined.  All rows where they leave room for so many columns: their W needs no extension, and misses no row that
// is large alone, as a frequency or a gene is.
CoarseSample coarse_sample(const NmfConfig &c) {
  const double entries = double(c.rows) * double(c.cols);
  const bool middle = c.outer.max_iter >= brief_run && coarse_pays(entries / 8, c.rank) && entries >= schedule_many;
  const double area = middle ? min_of(entries / 8, middle_most) : min_of(13 * sqrt_of(entries), coarse_most);
  const int32_t least = int32_t(min_of(int64_t(4) * c.rank, int64_t(INT32_MAX)));
  const auto side = [&](double length, int32_t most) { return min_of(most, max_of(least, int32_t(length))); };
  int32_t m = side(sqrt_of(middle ? area : area / 0.6), c.rows);
  if (area >= double(c.rows) * least) m = c.rows;
  const int32_t n = side(area / m, c.cols);
  if (n == c.cols) m = side(area / n, c.rows);
  return {m, n, middle};
}

double coarse_price(const NmfConfig &c) {
  const CoarseSample s = coarse_sample(c);
  double price = coarse_iterations * price_of_iteration(s.rows, s.cols, c.rank);
  if (s.rows < c.rows) price += 2.0 * c.rows * s.cols * c.rank + price_of_sweeps(extension_sweeps, c.rows, c.rank);
  return price / price_of_iteration(c.rows, c.cols, c.rank);
}

template <class T>
Nmf<T> Nmf<T>::coarse() const {
  Nmf fresh{};
  const CoarseSample sample = coarse_sample(c);
  fresh.c.rows = sample.rows;
  fresh.c.cols = sample.cols;
  fresh.c.rank = c.rank;
  fresh.c.seed = c.seed;
  fresh.c.outer.max_iter = coarse_iterations;
  if (sample.middle) fresh.c.start = NmfStart::sub;
  else fresh.c.schedule = c.schedule || small_target ? c.schedule : schedule_default;
  return fresh;
}

// W for all rows from the columns J of the sample: B = V_J H_J', S = H_J H_J', then sweeps from the sample's mean.
template <class T>
static void extend_w(NmfJob<T> &job, const int32_t *cols) {
  const View<T> all = job.V.dense();
  const auto &room = job.b.start;
  const int32_t m = room.sample.rows, n = room.sample.cols, r = job.rank();
  double mean = 0;
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < m; ++i) mean += double(room.W(i, k));
  mean /= double(m) * r;
  const Mat<T> X{room.sample.data, n, r, n};
  transpose<T>(room.H, X);
  job.gram_of(X, job.b.S);
  job.prepare_w();
  const NnlsPlan<T> &plan = job.b.plan_w;
  job.by_rows(job.W, [&](const Block &at, Mat<T> w, Mat<T> f, NmfWorker<T> &own, NmfSums &) {
    if (n == all.cols) job.ops.nn(all.block(at.row, 0, at.rows, n), X, f);
    for (int32_t j = 0; j < n && n < all.cols; j += coarse_columns) {  // a tile of the sampled columns at a time
      const Mat<T> tile{own.tile, at.rows, min_of(coarse_columns, n - j), at.rows};
      for (int32_t q = 0; q < tile.cols; ++q)
        memcpy(tile.col(q), all.col(cols[j + q]) + at.row, sizeof(T) * size_t(at.rows));
      job.ops.nn(tile, X.block(j, 0, tile.cols, r), f, j > 0);
    }
    job.penalty_w().subtract_linear(f);
    fill(w, T(mean > 0 ? mean : 1));
    job.ops.kernel().hals(at.rows, r, extension_sweeps, plan.G, plan.inv, f.data, f.ld, w.data, w.ld);
  });
}

// A frame of its own: it calls another solver.
template <class T>
ORTHANT_OWN_FRAME Status from_sample(NmfJob<T> &job, NmfStart) {
  const auto &room = job.b.start;
  const Mat<T> sample = room.sample;
  const int32_t m = sample.rows, n = sample.cols;
  const View<T> all = job.V.dense();
  int32_t *cols = room.candidates, *rows = cols + n;
  const uint64_t seed = job.s.c.seed;
  sample_stretches(Rng(seed, 0x434F4C), all.cols, n, cols);
  sample_stretches(Rng(seed, 0x524F57), all.rows, m, rows);
  for (int32_t j = 0; j < n; ++j)
    for (int32_t i = 0; i < m; ++i) sample(i, j) = all(rows[i], cols[j]);
  Nmf<T> solver = job.s.coarse();
  const Operand<T> part(Mat<const T>{sample.data, m, n, m});
  Status st = solver.start(room.solver, part, room.W, room.H);
  if (st == OK) st = solver.run(room.solver, part, room.W, room.H, nullptr);
  if (st != OK) return st;
  if (m == all.rows) copy<T>(room.W, job.W);
  else extend_w(job, cols);
  fill(job.H, T(1) / T(job.rank()));
  return OK;
}

#define INSTANTIATE(T)                           \
  template Nmf<T> Nmf<T>::coarse() const;        \
  template Status from_sample<T>(NmfJob<T> &, NmfStart);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
