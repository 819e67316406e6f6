// NMF with the Frobenius loss: minimise 1/2 |V - W H|^2 + l1, l2 and overlap penalties over W, H >= 0
// (algorithms.md, "One pass over the data").
//
// An iteration is a half step for W from B = V H' and S = H H', then one pass over the columns of V.  A panel J gives
// F = V_J' W, has its rows of H' solved, and adds V_J H_J' to B and H_J H_J' to S while it is in cache: V is read
// once.  After the pass both gradients, W S - B and H' G - F with G = W'W, and the objective
// 1/2 |V|^2 - <F, H'> + 1/2 <G, S> are at hand.  A method is a half step; extrapolated HALS adds its momentum.
//
// Where to find what:
//   methods.def, starts.def   what there is, and what goes with what      nmf_config   defaults
//   workspace.cpp             the blocks of the workspace                 nmf_job.hpp  one call: data and blocks
//   half_step.cpp             one factor given the other                  pass.cpp     the pass over the columns
//   iteration.cpp             what the outer loop calls                   starts.cpp, coarse.cpp  the starting points
//   penalty.hpp, momentum.hpp values that an iteration carries            proposal.cpp learned steps
#pragma once
#include <string.h>

#include "momentum.hpp"
#include "nmf_config.hpp"
#include "tiles.hpp"
#include "tsvd.hpp"

namespace orthant {

constexpr int32_t nmf_row_block = small_target ? 16 : 128;  // problems of one task in the half step for W
constexpr int32_t coarse_columns = 32;  // sampled columns that a block of rows is multiplied with at a time

// Sums over a part of the rows, or over a chunk of the columns.
struct NmfSums {
  double fx = 0, kkt = 0;                  // <F - l1, X>, and the KKT residual's share
  double squares = 0;                      // |V|^2
  double completed = 0, residual = 0;      // masked: of the completed data, and of the known entries' error
  int32_t bad = 0;                         // an entry of V may not be there
  int32_t unread = 0;                      // a read of a stream failed
  void operator+=(const NmfSums &other) {
    fx += other.fx;
    kkt += other.kkt;
    squares += other.squares;
    completed += other.completed;
    residual += other.residual;
    bad |= other.bad;
    unread |= other.unread;
  }
  static constexpr int32_t numbers = 6;  // in one array, for a sum over processes
  void write(double *to) const {
    const double all[numbers] = {fx, kkt, squares, completed, residual, unread ? double(NAN) : double(bad)};
    memcpy(to, all, sizeof all);
  }
  void read(const double *from) {
    fx = from[0], kkt = from[1], squares = from[2], completed = from[3], residual = from[4];
    bad = from[5] != 0;
    unread = from[5] != from[5];
  }
};

constexpr int32_t spread_numbers = NmfSums::numbers + 1;  // of a pass on many processes: whether to end, too

template <class T>
struct NmfWorker {
  Mat<T> F, X;     // panel x rank: right-hand sides and solutions
  Mat<T> Xt, P;    // masked: rank x panel; the completed panel, rows x panel
  Mat<T> Q;        // overlap in an exact half step: as F
  T *tile;         // of Operand<T>::residual, or of the coarse-to-fine start
  NnlsScratch<T> nnls;
};

template <class T>
struct NmfBlocks {
  Mat<T> B, Wy, Hy;                  // V H', rows x rank; the extrapolated W, and H' (cols x rank)
  Mat<T> dual_w, dual_h;             // AO-ADMM: as W and as H'
  Mat<T> kept_W, kept_H;             // the iterate before the step; extrapolated: the best one, with H'
  Mat<T> Bt, Wt, Ft;                 // sparse: B' (over B) and W', rank x rows; F', rank x cols
  Mat<T> S, G;                       // H H', W'W
  NnlsPlan<T> plan_w, plan_h;        // their G: S and W'W with penalties
  T *share_B, *share_S;              // wave x rows x rank; wave, or parts of a Gram matrix, x rank x rank
  NmfSums *sums;                     // of blocks of rows, or of chunks or panels that are under way together
  double *squares;                   // residual_parts
  Tiles<T> tiles;                    // where V is cut so
  double *of_all;                    // spread over processes: numbers of each
  T *relaxed;                        // rank: omega / G_kk
  struct {                           // of the starts
    Tsvd<T> svd;
    T *transposed;                   // ROUGH of sparse V: its vectors
    T *norms, *first;                // SPA: a number for each candidate
    int32_t *chosen, *candidates;    // rank; sampled columns, or columns and rows
    Mat<T> sample, W, H;             // coarse to fine: a sample of V, its factors
    unsigned char *solver;           // and the workspace of its solver
  } start;
  StreamRoom<T> stream;
  ScatterRoom<T> scatter;
  WorkerScratch<NmfWorker<T>> scratch;
};

template <class T>
struct Nmf {
  NmfConfig c;
  OuterState outer;
  Momentum momentum;
  Pace pace;
  double norm2 = 0;       // |V|^2; masked: weighted
  double completed2 = 0;  // masked: of the last completion, |V^|^2
  double residual2 = 0;   // masked: and its weighted residual
  double first_fx = 0, first_kkt = -1;  // of a start that no iteration follows: what `finish` needs of the pass
  int32_t few_sweeps = 0;  // of a half step, by a look at V in place of the schedule; 0: by the schedule or the rule
  int32_t started = 0;    // B, S and the extrapolated factors are those of W, H and V
  int32_t exact = 0;      // nothing is extrapolated: W and H are the iterate

  Status start(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H);
  Status run(void *base, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *report);
  void layout(Carver &carve, NmfBlocks<T> &b) const;
  size_t bytes() const;  // of the layout

  using Blocks = NmfBlocks<T>;
  PanelCut cut() const;                     // how the columns of V are passed over
  PanelCut residual_cut() const;
  Tiles<T> tiles() const;                   // or rows and columns, where its group is not zero
  int32_t row_parts() const { return min_of(most_chunks, ceil_div(c.rows, nmf_row_block)); }
  int32_t at_hand() const;
  int32_t candidates() const;               // columns that SPAS looks at
  Nmf coarse() const;                       // the solver of the next coarser level
  void worker_layout(Carver &carve, NmfWorker<T> &w) const;
  Half half() const { return half_step_of(c.method); }
  int32_t sweeps(int32_t problems, int32_t length) const;  // inner steps of a half step

 private:
  void start_layout(Carver &carve, NmfBlocks<T> &b) const;
};

// The region of an engine that takes its start from `starter`: the start's workspace and its own are the same bytes.
// own(Carver &) lays out the engine's blocks.
template <class T, class Own>
unsigned char *take_region(Carver &carve, const Nmf<T> &starter, const Own &own) {
  unsigned char *region = carve.take<unsigned char>(max_of(bytes_of(own), starter.bytes()));
  Carver placed(region);
  own(placed);
  return region;
}

}  // namespace orthant
