// One call of an NMF: the data, the factors, the blocks found in the workspace, and what the files of this room do with
// them.
#pragma once
#include "nmf.hpp"
#include "penalty.hpp"

namespace orthant {

// One factor given the other: the quadratic part of its problems, and how they are improved.
template <class T>
struct HalfStep {
  NnlsPlan<T> plan;
  T proximal = T(0);     // what an exact step adds to the diagonal, and so to the right-hand sides times X
  int32_t steps = 0;     // inner steps of iterative methods, at most
  bool settles = false;  // sweeps end early where they change little (A-HALS)
};

// What a pass does to the columns of H.
template <class T>
struct ColumnStep {
  HalfStep<T> half;
  bool moves = false;         // false: H stays, and is only looked at
  bool extrapolated = false;  // the problems are formed with the extrapolated W, and begin at the extrapolated H
  bool carries = false;       // momentum follows: the iterate to judge is the one before the step
  T momentum = T(0);
};

// What follows the half step for W of extrapolated HALS: momentum; a pass without; a pass without, and where its end is
// above the best iterate the way back.
enum class Way { carries, plain, trial };

template <class T>
struct NmfJob {
  Nmf<T> &s;
  const Operand<T> &V;
  Mat<T> W, H;
  NmfBlocks<T> b;
  Ops<T> ops;
  int64_t end = -1;  // iterations when this call ends
  bool cancelled = false;  // spread over processes: by the progress function of one
  bool unread = false;     // a read of a stream failed, of any process

  NmfJob(Nmf<T> &solver, Carver &carve, const Operand<T> &data, Mat<T> w, Mat<T> h) : s(solver), V(data), W(w), H(h) {
    s.layout(carve, b);
    V.use(b.stream);
    V.use(b.scatter);
  }
  int32_t rank() const { return s.c.rank; }
  bool extrapolates() const { return s.c.extrapolates(); }
  bool scheduled() const { return s.c.schedule && s.pace.t <= s.c.steered && s.pace.t > 0; }
  Penalty<T> penalty_w() const { return {T(s.c.l1_w), T(s.c.l2_w), T(s.c.ortho_w)}; }
  Penalty<T> penalty_h() const { return {T(s.c.l1_h), T(s.c.l2_h), T(s.c.ortho_h)}; }
  NmfWorker<T> worker(int32_t index) const {
    return b.scratch.of(index, [this](Carver &carve, NmfWorker<T> &w) { s.worker_layout(carve, w); });
  }
  // The first rows and columns of a block that was laid out for the largest panel.
  static Mat<T> top(Mat<T> A, int32_t rows, int32_t cols) { return {A.data, rows, cols, A.ld}; }

  // half_step.cpp
  void gram_of(View<T> X, Mat<T> G) const;
  void prepare_w();
  void prepare_h(View<T> X);
  T proximal(const Penalty<T> &p) const { return p.proximal(s.half() == Half::bpp); }
  HalfStep<T> half_step_w() const;
  HalfStep<T> half_step_h() const;
  HalfStep<T> sweeps_h(int32_t steps) const;
  void improve(const HalfStep<T> &half, const View<T> &F, const Mat<T> &X, const Mat<T> &dual, NmfWorker<T> &w) const;
  double projected(const View<T> &X, const View<T> &F, const NnlsPlan<T> &plan, T proximal, NmfWorker<T> &w) const;
  double improve_w(double *kkt) const;
  double residual_w() const;
  void relax(const ScheduleStep &by, HalfStep<T> *half) const;
  // Sums of body(block, rows of X, the same rows of B - l1, worker, sums) over blocks of the rows of W or its copy.
  template <class Body>
  NmfSums by_rows(Mat<T> X, const Body &body) const {
    const auto scratch = [this](int32_t index) { return worker(index); };
    return by_blocks(s.c.par, X.rows, nmf_row_block, most_chunks, b.sums, scratch,
                     [&](const Block &at, NmfWorker<T> &w, NmfSums &sum) {
                       Mat<T> f = b.B.block(at.row, 0, at.rows, rank());
                       if (s.c.sparse()) {
                         f = top(w.F, at.rows, rank());
                         transpose<T>(b.Bt.columns(at.row, at.rows), f);
                       }
                       body(at, X.block(at.row, 0, at.rows, rank()), f, w, sum);
                     });
  }

  // pass.cpp
  struct PassResult {
    double fx = 0, kkt = 0;
    bool good = true;
  };
  PassResult pass(const ColumnStep<T> &step, bool checks_data, bool wants_kkt);
  template <class Body>
  NmfSums by_tiles(const ColumnStep<T> &step, const Body &column_step);
  void load(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w, NmfSums &sum) const;
  void complete(const Panel &p, View<T> Wx, NmfWorker<T> &w, NmfSums &sum) const;
  void store(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w) const;
  void gather(const Panel &p, const ColumnStep<T> &step, NmfWorker<T> &w, const NmfSums &loaded, NmfSums &sum) const;

  // spread.cpp
  void add_processes(NmfSums &sums);
  double over_all(double own) const;
  bool has_room(double squares) const;
  Status agree(Status mine) const { return s.c.reduce.agree(mine, b.of_all); }
  double linear_h(View<T> X) const {  // l1_h times the sum of H, or of the copy H'
    return s.c.l1_h > 0 ? over_all(penalty_h().linear(X)) : 0;
  }

  // iteration.cpp: what outer_loop calls
  bool step(bool check, Report &r);
  void finish(Report &r);
  void keep(View<T> X) const;
  void take_kept() const;
  void go_back();
  bool lose(Report &r);
  void accept(double error);
  void return_to_best();
  bool overflowed(const Report &r, double fx) const;
  void finish_from(Report &r);
  void ask_schedule();
  double error_of_copies(double wb, bool *noise, Report &r) const;
  double residual_squares(View<T> X, bool of_copies) const;
  Way judge_w(double wb, bool last, Report &r);
  void extrapolate_w(T momentum) const;
  void balance();
  double fit(double fx, double linear_h) const;
  void fill_report(Report &r, double fx) const;
  void fill_error(Report &r, double squares) const;
  void fill_kkt(Report &r, double sum) const;
  double share_of_zeros(View<T> X) const;

  // starts.cpp
  Status begin(NmfStart start);
  int32_t sweeps_by_look() const;
  Status make_factors(NmfStart start);
  Status make_start(NmfStart start);
  double scaled_to_fit(double fx);
};

// The starts: each makes W, or W and H, of a job whose V is checked where starts.def says that all of it is read.
constexpr uint64_t nmf_stream = 0x4E4D46;  // of their random numbers
#define ORTHANT_NMF_START(name, PUBLIC, number, function, ...) \
  template <class T>                                           \
  Status function(NmfJob<T> &job, NmfStart start);
#include "starts.def"
#undef ORTHANT_NMF_START

}  // namespace orthant
