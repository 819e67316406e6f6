#include "nalmu.hpp"

#include <initializer_list>

namespace orthant {

template <class T>
Status Nalmu<T>::resolve(const Choice &c) {
  if (model) {
    if (const Status st = nalmu_read(Blob(model), &s, &start_h); st != OK) return st;
    const auto differs = [](int32_t asked, int32_t has) { return asked > 0 && has > 0 && asked != has; };
    if (differs(c.bands, s.bands) || differs(c.pixels, s.pixels)) return E_BLOB;
    if (differs(c.endmembers, s.rank) || differs(c.factors, 1 + s.both)) return E_BLOB;
    if (c.layers > s.layers) return E_ARG;
  } else {
    if (c.endmembers < 1 || c.layers < 1) return E_ARG;
    s.rank = c.endmembers;
    s.layers = c.layers;
    s.both = c.factors != 1;
  }
  s.bands = c.bands;
  s.pixels = c.pixels;
  pixels = c.pixels;
  layers = c.layers > 0 ? c.layers : s.layers;
  return s.good() ? OK : E_ARG;
}

template <class T>
bool Nalmu<T>::starts_from_model() const {
  Record W0;
  return model && s.both && !given && Blob(model).find("W0", &W0);
}

template <class T>
void Nalmu<T>::worker_layout(Carver &carve, NalmuWorker<T> &w) const {
  const int32_t panel = min_of(NalmuPass<T>::panel_cols, pixels);
  w.pass.s = s;
  w.pass.n = panel_by_panel() ? panel : pixels;
  w.pass.segment = 0;
  w.pass.layout(carve, panel_by_panel() ? Parallel{} : par);
  for (Mat<T> *m : {&w.F, &w.X, &w.D}) *m = {carve.take<T>(size_t(panel), size_t(s.rank)), panel, s.rank, panel};
  w.tile = carve.take<T>(Operand<T>::tile_elements);
}

template <class T>
void Nalmu<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Nalmu<T>>(1);
  b.sums = carve.take<NalmuSums>(size_t(max_parts));
  b.G = {carve.take<T>(size_t(s.rank), size_t(s.rank)), s.rank, s.rank, s.rank};
  // In one pass over all pixels the first worker's serves all; the others work in what judging needs behind theirs.
  b.workers.layout(carve, par.workers, [this](Carver &one, NalmuWorker<T> &w) { worker_layout(one, w); });
}

// One call: the data, the factors, and the blocks of the workspace.
template <class T>
struct Nalmu<T>::Call {
  const Nalmu &s;
  const Operand<T> &Y;
  const Mat<T> W, H;
  Blocks b;
  const Ops<T> ops{};

  int32_t rank() const { return s.s.rank; }
  NalmuWorker<T> worker(int32_t index) const {
    return b.workers.of(index, [this](Carver &one, NalmuWorker<T> &w) { s.worker_layout(one, w); });
  }
  // The sum of body(range, worker) over fixed shares of the pixels.
  template <class Body>
  NalmuSums by_pixels(const Body &body) const {
    const int32_t parts = parts_for(s.pixels, 1, max_parts);
    return sum_of_parts(s.par, parts, b.sums,
                        [&](int32_t part, int32_t index) { return body(part_of(s.pixels, part, parts), index); });
  }

  Status check(double *squares) const {
    if (!s.starts_from_model() && !all_nonnegative<T>(W)) return E_DATA;
    if (s.given && !all_nonnegative<T>(H)) return E_DATA;
    const NalmuSums sums = by_pixels([&](Range range, int32_t) {
      NalmuSums sum;
      sum.bad = !Y.scan(ops, range.from, range.size(), true, &sum.squares);
      return sum;
    });
    *squares = sums.squares;
    return sums.bad ? E_DATA : OK;
  }

  // From W and H to the factors inside, of the pixels from j on.
  void load(const NalmuPass<T> &pass, int32_t j) const {
    const Mat<T> own_W = pass.input(side_w), X = pass.input(side_h);
    Record W0;
    if (s.starts_from_model() && Blob(s.model).find("W0", &W0)) W0.read(0, W0.count, own_W.data);
    else copy<T>(W, own_W);
    if (s.given) transpose<T>(H.columns(j, pass.n), X);
    else fill(X, T(s.start_h));
  }
  void save_h(const NalmuPass<T> &pass, int32_t j) const {
    const Mat<T> X = pass.input(side_h);
    for (int32_t q = 0; q < pass.n; ++q)
      for (int32_t k = 0; k < rank(); ++k) H(k, j + q) = no_denormal(X(q, k));
  }
  void save_w(const NalmuPass<T> &pass) const {
    const Mat<T> own_W = pass.input(side_w);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t i = 0; i < W.rows; ++i) W(i, k) = no_denormal(own_W(i, k));
  }

  // A frame of its own, gone before the layers: stacks are short on microcontrollers.
  __attribute__((noinline)) static bool ended_finite(const NalmuPass<T> &pass) {
    return all_finite<T>(pass.input(side_h)) && all_finite<T>(pass.input(side_w));
  }
  // All layers for the pixels from j on.  Where they overflow, once more: each entry then ends at its last finite
  // value.
  void forward(NalmuPass<T> &pass, const NalmuData<T> &data, int32_t j) const {
    for (int attempt = 0; attempt < 2; ++attempt) {
      pass.keeps_finite = attempt > 0;
      load(pass, j);
      pass.forward(data, s.layers);
      if (ended_finite(pass)) return;
    }
  }

  void run_panels(const NalmuWeights<T> &weights) const {
    parallel_blocks(s.par, s.pixels, NalmuPass<T>::panel_cols, [&](Range cols, int32_t index) {
      NalmuWorker<T> w = worker(index);
      w.pass.n = cols.size();
      forward(w.pass, {ops, Parallel{}, Y.columns(cols.from, cols.size()), weights}, cols.from);
      save_h(w.pass, cols.from);
    });
  }
  void run_whole(const NalmuWeights<T> &weights) const {
    NalmuWorker<T> w = worker(0);
    forward(w.pass, {ops, s.par, Y, weights}, 0);
    save_h(w.pass, 0);
    if (s.s.both) save_w(w.pass);
  }

  // The KKT residual of each pixel: the largest |min(x, W'W x - W'y)|, over sqrt(max diag W'W) times |y| or |W x|.
  void judge_panel(Range cols, double top, const NalmuWorker<T> &w, NalmuSums *sum) const {
    const auto part = [&](Mat<T> A) { return A.block(0, 0, cols.size(), rank()); };
    const Mat<T> F = part(w.F), X = part(w.X), D = part(w.D);
    Y.panel_tn(ops, cols.from, cols.size(), W, F);
    transpose<T>(H.columns(cols.from, cols.size()), X);
    ops.nn(X, b.G, D);
    sum->residual += Y.residual(ops, cols.from, cols.size(), W, H, w.tile);
    for (int32_t c = 0; c < cols.size(); ++c) {
      double worst = 0, squares = 0, fit = 0;
      Y.scan(ops, cols.from + c, 1, false, &squares);
      for (int32_t k = 0; k < rank(); ++k) {
        worst = max_of(worst, fabs(min_of(double(X(c, k)), double(D(c, k)) - double(F(c, k)))));
        fit += double(X(c, k)) * double(D(c, k));
      }
      const double scale = sqrt(top * max_of(squares, fit));
      sum->see(scale > 0 ? worst / scale : 0, cols.from + c);
    }
  }

  void judge(double squares, Report *report) const {
    ops.tn(W, W, b.G);
    T top = 0;
    for (int32_t k = 0; k < rank(); ++k) top = max_of(top, b.G(k, k));
    const NalmuSums sums = by_pixels([&](Range range, int32_t index) {
      const NalmuWorker<T> w = worker(index);
      NalmuSums sum;
      for (int32_t j = range.from; j < range.to; j += NalmuPass<T>::panel_cols)
        judge_panel({j, j + min_of(NalmuPass<T>::panel_cols, range.to - j)}, double(top), w, &sum);
      return sum;
    });
    const bool finite = is_finite(sums.residual);
    report->kkt = finite ? sums.kkt : Real<double>::huge;  // of pixels whose products are finite, else
    report->worst = sums.worst;
    report->objective = 0.5 * sums.residual;
    report->rel_error = squares > 0 ? sqrt_of(sums.residual) / sqrt_of(squares) : 0;
    report->iters = s.layers;
    report->stop = finite ? by_iterations : by_nonfinite;
  }
};

template <class T>
Status Nalmu<T>::run(void *base, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report) {
  Carver carve(base);
  Call call{*this, Y, W, H, {}};
  layout(carve, call.b);
  double squares = 0;
  if (const Status st = call.check(&squares); st != OK) return st;
  const Blob blob(model);
  const NalmuWeights<T> weights{nullptr, model ? &blob : nullptr};
  if (panel_by_panel()) call.run_panels(weights);
  else call.run_whole(weights);
  if (report) call.judge(squares, report);
  return OK;
}

#define INSTANTIATE(T) template struct Nalmu<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
