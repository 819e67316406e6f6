// One call that unmixes, or checks abundances.
#pragma once
#include "unmix.hpp"

namespace orthant {

template <class T>
struct UnmixJob {
  using Sums = UnmixSums<T>;
  using Worker = UnmixWorker<T>;
  using Sum = typename Wide<T, small_target>::type;
  const Unmix<T> &s;
  const Operand<T> *Y = nullptr;           // the pixels,
  const Mat<const T> *products = nullptr;  // or E'Y
  Mat<T> A;
  bool judged = false;  // whether anybody reads the sums
  UnmixBlocks<T> b;
  Ops<T> ops;

  UnmixJob(const Unmix<T> &unmix, Carver &carve) : s(unmix) { s.layout(carve, b); }
  Worker worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, Worker &w) { s.worker_layout(carve, w); });
  }
  Mat<T> gradient_room(const Worker &w) const { return {w.nnls.D.data, w.F.rows, s.rank, w.nnls.D.ld}; }

  // The sums of body(block, worker, sums) over all blocks of pixels.
  template <class Body>
  Sums by_pixels(const Body &body) const {
    if (small_target) {
      const auto call = [](const void *any, Range pixels, Worker &w, Sums &sums) {
        (*static_cast<const Body *>(any))(Panel{pixels.from, pixels.size(), 0, 0, false, false}, w, sums);
      };
      return by_few_parts(call, &body);
    }
    const Operand<T> none, &data = Y ? *Y : none;
    data.use(b.stream);
    const auto scratch = [this](int32_t index) { return worker(index); };
    return by_panels(s.par, data, s.cut(A.cols), b.sums, scratch, body, [](int32_t, int32_t) {});
  }

  // The same in four parts and one copy for all bodies, which takes less flash.
  ORTHANT_OWN_FRAME Sums by_few_parts(void (*call)(const void *, Range, Worker &, Sums &), const void *body) const {
    const int32_t block = s.block(), blocks = ceil_div(A.cols, block), parts = min_of(unmix_parts, blocks);
    parallel_for(s.par, parts, [&](int32_t part, int32_t index) {
      Worker w = worker(index);
      Sums &sums = b.sums[part] = Sums{};
      const Range mine = part_of(blocks, part, parts);
      for (int32_t i = mine.from; i < mine.to; ++i)
        call(body, {i * block, i * block + min_of(block, A.cols - i * block)}, w, sums);
    });
    return sum_of(parts);
  }
  ORTHANT_OWN_FRAME Sums sum_of(int32_t parts) const {
    Sums all{};
    for (int32_t part = 0; part < parts; ++part) all += b.sums[part];
    return all;
  }

  // unmix.cpp.  A block is as many pixels as w.F has rows, from j on.
  Sums run();
  void solve(const NnlsPlan<T> &plan, int32_t j, Worker &w, Sums &sums) const;
  void store(int32_t j, const Worker &w, Sums &sums) const;

  // unmix_load.cpp
  void load(int32_t j, Worker &w) const;
  void scale_gram(Mat<T> G) const;
  void choose_unit(int32_t p, Worker &w) const;
  T lifted(int32_t j, Worker *w, int32_t p) const;
  void start(Worker &w) const;
  T weighted(int32_t j, const T *u, const T *v) const;
  bool load_masked(int32_t j, Worker &w) const;
  void propose(const NnlsPlan<T> &plan, Worker &w) const;
  void keep_large(Mat<T> X, int32_t p) const;

  // unmix_judge.cpp
  bool judge(const NnlsPlan<T> &plan, int32_t j, int32_t iters, bool may_go_on, Worker &w, Sums &sums) const;
  T relative_residual(int32_t j, int32_t p, Worker &w, Sums &sums) const;
  Sums check(Mat<const T> abundances, T *rms, T *kkt) const;
  T check_pixel(int32_t j, const T *a, const T *units, Sum *gradient, T *rms, Sums &sums) const;
  bool sum_up(const Sums &all, Report *report) const;
  void recompute(Report *report) const;
};

}  // namespace orthant
