// ReLU matrix decomposition: U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0
// (algorithms.md, "ReLU decomposition").
//
// With Theta = U V and Pi(T) = M where M > 0, min(0, T) elsewhere, every method works on
//   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 = min over Z with max(0, Z) = M of 1/2 |Z - Theta|^2 ,
// which bounds 1/2 |M - max(0, Theta)|^2 from above.  Columns of Theta, Z and T depend on those of V alone, so all that
// an iteration does to a panel of columns is done while it is in cache.
//
// Where to find what:
//   methods.def, starts.def   what there is                        relu_nmd_config   defaults
//   workspace.cpp             the blocks, and how work is cut      relu_nmd_job.hpp  one call: the data and the blocks
//   iteration.cpp             what the outer loop calls            starts.cpp        the starting points
//   quasi_newton.cpp          f(U V) by limited-memory BFGS        history.cpp       its inverse Hessian
//   three_block.cpp           3B-NMD and NMD-TM                    projections.cpp   the methods by truncated SVD
//   factors.cpp               products and inverses that the methods share
#pragma once
#include "passes.hpp"
#include "relu_nmd_config.hpp"
#include "tsvd.hpp"

namespace orthant {

constexpr int32_t relu_row_block = small_target ? 16 : 256;  // rows of a factor in one task

// Sums over a chunk of the columns.
constexpr int32_t relu_parts = small_target ? 1 : 64;  // chunks of columns, and parts of long vectors, at most

struct ReluSums {
  double squares = 0;  // |Theta - Pi(Theta)|^2
  double error = 0;    // |M - max(0, Theta)|^2
  double other = 0;    // what the pass says
  void operator+=(const ReluSums &more) {
    squares += more.squares;
    error += more.error;
    other += more.other;
  }
};

template <class T>
struct ReluWorker {
  Mat<T> data;          // a panel of sparse M made dense
  Mat<T> P, F, X;       // height x panel: U V_J;  rank x panel;  panel x rank
  Mat<T> coefficients;  // history + 1
};

template <class T>
struct ReluBlocks {
  Mat<T> Z, theta;                  // height x width: Z, and the extrapolated U V, the T of the papers
  Mat<T> Z_kept, theta_kept;        // A-NMD: those of the last iteration that lowered the error
  Mat<T> change;                    // the last change of Z
  Mat<T> B, left, right;            // three blocks: Z R' and L (both by tiles), height x rank; R, rank x width
  Mat<T> U_before, V_before;        // the iterate before the step
  Mat<T> Ut;                        // U', or L'
  Mat<T> S;                         // V V', or R R'
  Mat<T> by_U, by_V;                // (U'U)^-1, (V V')^-1, or (L'L)^-1, (R R')^-1
  Mat<T> gram, factor;              // rank x rank: a Gram matrix, and its Cholesky factor
  T *gradient, *trial, *direction;  // (rows + cols) rank: U, then V
  T *steps, *changes;               // history of them: of the iterate, and of the gradient with it
  double *products;                 // history x history: <step, change> of an older and a newer pair
  T *weights;                       // history: of the steps and changes in a direction
  double *along;                    // history: inner products with all steps, or with all changes
  double *share_along;              // relu_parts x history: the same, of each part of the long vectors
  T *share_B, *share_S;             // wave x height x rank; relu_parts x rank x rank
  ReluSums *sums;                   // relu_parts
  Tsvd<T> svd, start_svd;
  WorkerScratch<ReluWorker<T>> scratch;
};

template <class T>
struct ReluNmd {
  ReluConfig c;
  OuterState outer;
  double norm2 = 0;     // |M|^2
  int32_t started = 0;  // the workspace belongs to U, V and M
  int32_t opening = 0;  // the default's three blocks are under way
  struct Fit {          // at U and V
    double objective = 0, error2 = 0;  // f, with the penalty; |M - max(0, U V)|^2
    bool finite() const { return is_finite(objective) && is_finite(error2); }
  } fit;
  struct {
    int32_t alternations = 0;       // alternating steps still to do
    int32_t pairs = 0, newest = 0;  // of the history in use, and the place of the last
    int32_t settled = 0;            // no step descends
    double scale = 0;               // of the preconditioner
  } newton;
  struct {                                // A-NMD
    double beta = 0, bound = 1;           // momentum, and its upper bound
    double past[2] = {};                  // momentum after the last two iterations
    double error = 0, error_before = 0;   // |M - max(0, T)|^2, now and one iteration before
  } adaptive;
  double sigma2 = 0;        // EM
  double share_of_data = 1; // three blocks: Z / M where M > 0
  int32_t warm = 0;         // the truncated SVD at hand is of this Z, or one near it

  Status start(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V);
  Status run(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V, Report *report);

  using Blocks = ReluBlocks<T>;
  void layout(Carver &carve, ReluBlocks<T> &b) const;
  void worker_layout(Carver &carve, ReluWorker<T> &w) const;

  // Three blocks want short columns: of more rows than columns they keep Z' and T', so that a panel stays in cache, and
  // pass over panels of the transposed data.  Their panels lie tile after tile of `tile_rows` rows.
  static constexpr int32_t tile_rows = small_target ? 16 : 256 / int32_t(sizeof(T));
  bool by_tiles() const { return c.iteration() == ReluIteration::blocks; }
  bool transposed() const { return by_tiles() && c.rows > c.cols; }
  int32_t height() const { return transposed() ? c.cols : c.rows; }  // of what is passed over by panels
  int32_t width() const { return transposed() ? c.rows : c.cols; }
  PanelCut cut() const;
  int32_t data_width() const;  // columns of M that are made dense at a time
  // Elements of U and V as one long vector.
  size_t length() const { return (size_t(c.rows) + size_t(c.cols)) * size_t(c.rank); }

 private:
  void open();
  void method_layout(Carver &carve, ReluBlocks<T> &b) const;  // for the method under way
  size_t bytes_of_other_method(ReluBlocks<T> &b) const;       // of the default
};

}  // namespace orthant
