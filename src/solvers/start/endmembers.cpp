// The workspace, what the methods share, and the choice between them.
#include "endmembers_job.hpp"
#include "passes.hpp"

namespace orthant {
namespace {

struct Needs {
  bool projections, svd;
};
constexpr Needs needs_of(Extraction method) {
  switch (method) {
#define ORTHANT_EXTRACTION(name, PUBLIC, number, projections, svd) \
  case Extraction::name: return {projections, svd};
#include "extractions.def"
#undef ORTHANT_EXTRACTION
  }
  return {};
}

}  // namespace

template <class T>
Status Endmembers<T>::resolve(int32_t given_method, int32_t given_max_iter) {
  method = given_method > 0 ? Extraction(given_method) : Extraction::vca;
  max_iter = given_max_iter > 0 ? given_max_iter : 3 * rank;
  return method == Extraction::nfindr && rank < 2 ? E_ARG : OK;
}

template <class T>
void Endmembers<T>::layout(Carver &carve, Blocks &b) const {
  const size_t m = size_t(bands), n = size_t(pixels), r = size_t(rank);
  const Needs needs = needs_of(method);
  carve.take<Endmembers<T>>(1);
  if (needs.svd) b.svd.layout(carve, bands, pixels, rank, par.workers);
  b.basis = {carve.take<T>(needs.projections ? m : 0, r), bands, rank, bands};
  b.norms = carve.take<T>(needs.projections ? n : 0);
  b.first = carve.take<T>(needs.projections ? n : 0);
  b.mean = carve.take<T>(needs.svd ? m : 0);
  const PanelCut cut = mean_cut();
  b.means = carve.take<T>(needs.svd && cut.chunks > 1 ? m : 0, size_t(cut.wave));
  b.chosen = {carve.take<T>(needs.svd ? r : 0, r), rank, rank, rank};
  b.normal = {carve.take<T>(needs.svd ? r : 0, r), rank, rank, rank};
  b.f = carve.take<T>(needs.svd ? r : 0);
  b.w = carve.take<T>(needs.svd ? r : 0);
  b.found = carve.take<int32_t>(r);
  b.start = carve.take<int32_t>(method == Extraction::nfindr ? r : 0);
  b.best = carve.take<int32_t>(method == Extraction::vca && draws > 1 ? r : 0);
  if (!small_target && data == Kind::stream)
    b.stream.layout(carve, bands, min_of(pixels, group_columns<T>(bands)), par.workers);
}

// mean += (y - mean) weight
template <class T>
static void move_mean(int32_t bands, const T *__restrict y, T weight, T *__restrict mean) {
  for (int32_t i = 0; i < bands; ++i) mean[i] += (y[i] - mean[i]) * weight;
}

constexpr int32_t most_means = 64;  // under way

// The chunks of pixels that have a mean each: the same of a stream as of data in memory.
template <class T>
PanelCut Endmembers<T>::mean_cut() const {
  if (small_target) return {};
  constexpr int32_t entries = 1 << 16;
  const int32_t at_once = group_columns<T>(bands);
  const int32_t fixed = min_of(at_once, max_of(ceil_div(entries, bands), ceil_div(pixels, most_means)));
  PanelCut cut{pixels, fixed, ceil_div(pixels, fixed), 1, fixed};
  cut.wave = min_of(cut.chunks, data == Kind::stream ? at_once / fixed : most_means);
  if (data == Kind::stream) cut.hold(at_once);
  return cut;
}

// Running averages: a plain f32 sum over a million pixels would lose the small differences that matter here.
template <class T>
void EndmembersJob<T>::find_mean() const {
  const auto average = [&](int32_t first, int32_t pixels, T *mean) {
    for (int32_t i = 0; i < s.bands; ++i) mean[i] = T(0);
    for (int32_t j = 0; j < pixels; ++j) move_mean(s.bands, Y.col(first + j), T(1) / T(j + 1), mean);
  };
  if (small_target) return average(0, s.pixels, b.mean);
  const PanelCut cut = s.mean_cut();
  const Shares<T> means{Mat<T>{b.mean, s.bands, 1, s.bands}, b.means};
  NoSums sums[most_means];
  by_panels(s.par, Y, cut, sums, no_scratch, [&](const Panel &p, NoScratch &, NoSums &) {
    average(p.col, p.cols, means.of(p.chunk, p.place).data);
  }, [&](int32_t first, int32_t wave) {
    for (int32_t place = first == 0 ? 1 : 0; place < wave; ++place) {
      const Range chunk = cut.chunk(first + place);
      move_mean(s.bands, means.at(place).data, T(chunk.size()) / T(chunk.to), b.mean);
    }
  });
}

// The leading axes of the pixels, less the mean unless that is null.  For pixels with noise they need not be exact, and
// noise values converge slowly.
template <class T>
void EndmembersJob<T>::find_axes(const T *mean) {
  constexpr int32_t most_steps = 1000;
  if (!s.precise) {
    b.svd.run(ops, s.par, Y, mean, s.rank, s.seed, T(1e-4));
    return;
  }
  // The error of a value is the square of that of its axis: as many steps again take the axes where the values are.
  const int32_t steps = b.svd.run(ops, s.par, Y, mean, s.rank, s.seed, Real<T>::eps, most_steps);
  b.svd.run(ops, s.par, Y, mean, s.rank, s.seed, T(-1), steps, true);
}

// Whether the pixels have so many dimensions.
template <class T>
bool EndmembersJob<T>::spans(int32_t axes) const {
  return b.svd.s[axes - 1] > T(16) * Real<T>::eps * b.svd.s[0];
}

template <class T>
void EndmembersJob<T>::choose(int32_t position, int32_t j) const {
  const Mat<T> X = reduced();
  for (int32_t k = 0; k < s.rank; ++k) b.chosen(k, position) = X(j, k);
}

template <class T>
Status EndmembersJob<T>::spa_pixels() {
  const int32_t *all = nullptr;
  const int32_t found = spa(ops, s.par, Y, all, s.pixels, s.rank, b.basis, b.norms, b.first, b.found);
  return found < s.rank ? E_DATA : OK;
}

template <class T>
Status EndmembersJob<T>::find(Endmembers<T> &solver, View<T> directions) {
  double squares = 0;
  if (!scan(ops, s.par, Y, false, &squares) || !Y.has_room(squares)) return E_DATA;
  if (s.method == Extraction::vca) return vca(directions, squares);
  if (!s.given)
    if (const Status st = spa_pixels(); st != OK) return st;
  if (s.method == Extraction::nfindr)
    if (const Status st = nfindr(&solver.volume); st != OK) return st;
  for (int32_t k = 0; k < s.rank; ++k) {
    pixel[k] = b.found[k];
    Y.column(pixel[k], E.col(k));
  }
  return OK;
}

template <class T>
Status Endmembers<T>::run(void *base, const Operand<T> &Y, View<T> directions, Mat<T> E, int32_t *pixel) {
  Carver carve(base);
  EndmembersJob<T> job(*this, carve, Y, E, pixel);
  const Status st = job.find(*this, directions);
  return Y.failed() ? E_READ : st;
}

#define INSTANTIATE(T)            \
  template struct Endmembers<T>;  \
  template struct EndmembersJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
