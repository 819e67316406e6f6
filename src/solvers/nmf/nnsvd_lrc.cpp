// NNSVD-LRC: an SVD start with low-rank correction [Atif, Qazi, Gillis 2019] (algorithms.md, "Starts of NMF").
//
// V ~ Y Z from a truncated SVD of p = floor(r / 2) + 1 terms, Y = U S^1/2, Z = S^1/2 V'.  The first components of W and
// H are |y_1| and |z_1|; each further term gives two, the positive and the negative parts of both its vectors.  Then W
// and H are corrected by HALS on Y Z in place of V, whose products cost p (rows + cols) rank instead of rows cols rank,
// until the error falls by less than a twentieth of the first.
// Differs: at most `most_corrections`, as the outer loop goes on anyhow.
#include "nmf_job.hpp"

namespace orthant {
namespace {

constexpr int32_t most_corrections = 20, correction_sweeps = 10;
constexpr double least_fall = 0.05;  // of the first error, in one correction

template <class T>
struct LowRank {
  NmfJob<T> &job;
  Mat<T> Y, Zt;     // rows x p, cols x p
  double squares;   // |Y Z|^2

  // Y = U S^1/2 and Z' = V S^1/2 in the place of the singular vectors.
  LowRank(NmfJob<T> &of, int32_t p) : job(of), squares(0) {
    Tsvd<T> &svd = job.b.start.svd;
    Y = svd.U.columns(0, p);
    Zt = svd.V.columns(0, p);
    for (int32_t k = 0; k < p; ++k) {
      squares += double(svd.s[k]) * double(svd.s[k]);
      const T root = sqrt_of(svd.s[k]);
      for (int32_t i = 0; i < Y.rows; ++i) Y(i, k) *= root;
      for (int32_t j = 0; j < Zt.rows; ++j) Zt(j, k) *= root;
    }
  }

  // Component k from one sign of the term: the parts of y and z that have it, or their absolute values.
  void split(int32_t term, T sign, int32_t k) const {
    const auto part = [sign](T x) { return sign == T(0) ? abs_of(x) : max_of(sign * x, T(0)); };
    for (int32_t i = 0; i < Y.rows; ++i) job.W(i, k) = no_denormal(part(Y(i, term)));
    for (int32_t j = 0; j < Zt.rows; ++j) job.H(k, j) = no_denormal(part(Zt(j, term)));
  }

  // H by `sweeps` sweeps; 0: it stays.  Returns |Y Z - W H|^2 and *fit = <Y Z, W H>; leaves S = H H' and G = W'W.
  double correct_h(int32_t sweeps, double *fit) const {
    const int32_t r = job.rank();
    const Shares<T> S{job.b.S, job.b.share_S};
    const Mat<T> C{job.b.plan_w.G, Y.cols, r, Y.cols};  // Y'W, in a place that is free now
    job.prepare_h(job.W);
    job.ops.tn(Y, job.W, C);
    const HalfStep<T> half = job.sweeps_h(sweeps);
    const auto scratch = [this](int32_t index) { return job.worker(index); };
    const auto panel = [&](const Panel &p, NmfWorker<T> &w, NmfSums &sum) {
      const Mat<T> F = job.top(w.F, p.cols, r), X = job.top(w.X, p.cols, r), h = job.H.columns(p.col, p.cols);
      job.ops.nn(Zt.block(p.col, 0, p.cols, Zt.cols), C, F);
      transpose<T>(h, X);
      if (sweeps > 0) {
        job.improve(half, F, X, Mat<T>{}, w);
        transpose<T>(X, h);
      }
      sum.fx += inner<T>(F, X);
      job.ops.tn(X, X, S.of(p.chunk, p.place), !p.first);
    };
    const PanelCut cut = job.s.cut();
    *fit = by_panels(job.s.c.par, NoData{}, cut, job.b.sums, scratch, panel,
                     [&](int32_t first, int32_t wave) { S.add(first, wave); }).fx;
    return squares - 2 * *fit + inner<T>(job.b.G, job.b.S);
  }

  // W by sweeps, from S = H H'.
  void correct_w() const {
    const int32_t r = job.rank(), p = Y.cols;
    const Mat<T> HZ{job.b.G.data, r, p, r}, C{job.b.plan_h.G, p, r, p};  // H Z' and Z H', in places that are free now
    const NnlsPlan<T> &plan = job.b.plan_w;
    job.prepare_w();
    job.ops.nn(job.H, Zt, HZ);
    transpose<T>(HZ, C);
    parallel_blocks(job.s.c.par, job.W.rows, nmf_row_block, [&](Range at, int32_t index) {
      NmfWorker<T> w = job.worker(index);
      const Mat<T> F = job.top(w.F, at.size(), r), x = job.W.block(at.from, 0, at.size(), r);
      job.ops.nn(Y.block(at.from, 0, at.size(), p), C, F);
      job.ops.kernel().hals(x.rows, r, correction_sweeps, plan.G, plan.inv, F.data, F.ld, x.data, x.ld);
    });
  }
};

}  // namespace

template <class T>
Status from_nnsvd_lrc(NmfJob<T> &job, NmfStart) {
  const NmfConfig &c = job.s.c;
  const int32_t least_side = min_of(c.rows, c.cols), p = min_of(c.rank / 2 + 1, least_side);
  job.b.start.svd.run(job.ops, c.par, job.V, nullptr, p, c.seed, T(sizeof(T) == 4 ? 1e-5 : 1e-10));
  LowRank<T> low(job, p);
  fill(job.W, T(0));
  fill(job.H, T(0));
  low.split(0, T(0), 0);
  for (int32_t k = 1; k < min_of(c.rank, 2 * p - 1); ++k) low.split((k + 1) / 2, k % 2 ? T(1) : T(-1), k);

  // The best common factor, then corrections.
  double fit = 0;
  low.correct_h(0, &fit);
  const double size = inner<T>(job.b.G, job.b.S);
  const T factor = size > 0 && fit > 0 ? T(fit / size) : T(1);
  for (int32_t k = 0; k < c.rank; ++k)
    for (int32_t i = 0; i < c.rows; ++i) job.W(i, k) *= factor;
  double error = low.correct_h(0, &fit);
  const double first = error;
  for (int32_t t = 0; t < most_corrections && error > 0; ++t) {
    low.correct_w();
    const double before = error;
    error = low.correct_h(correction_sweeps, &fit);
    if (!(sqrt_of(before) - sqrt_of(max_of(error, 0.0)) >= least_fall * sqrt_of(first))) break;
  }
  return OK;
}

#define INSTANTIATE(T) template Status from_nnsvd_lrc<T>(NmfJob<T> &, NmfStart);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
