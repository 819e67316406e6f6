// ReLU matrix decomposition: U (rows x rank) and V (rank x cols), of any sign, with max(0, U V) close to M >= 0.
//
// With Theta = U V and Pi(T) = M where M > 0, min(0, T) elsewhere, every method works on
//   f(Theta) = 1/2 |Theta - Pi(Theta)|^2 = min over Z with max(0, Z) = M of 1/2 |Z - Theta|^2 ,
// which bounds 1/2 |M - max(0, Theta)|^2 from above.  Columns of Theta, Z and T depend on those of V alone, so all that
// an iteration does to a tile of columns is done while it is in cache.
//
//   quasi_newton.cpp   f(U V) by limited-memory BFGS, preconditioned by the Gram matrices; M is all that it streams
//   three_block.cpp    3B-NMD and NMD-TM: Z by projection and U, V by least squares, with momentum on Z and Theta
//   the default        opens with 3B-NMD while f falls, at most `opening` iterations, and goes on by quasi_newton.cpp
//   projections.cpp    truncated SVDs of a dense Z: naive, A-Naive, A-NMD, EM-NMD, A-EM
#pragma once
#include "carver.hpp"
#include "operand.hpp"
#include "outer.hpp"
#include "tsvd.hpp"

namespace orthant {

enum class ReluMethod : int32_t { quasi_newton = 1, tm, three_block, a_nmd, naive, a_naive, em, a_em };
enum class ReluStart : int32_t { tsvd = 1, nuclear, random, given };
enum class ReluZ : int32_t { data = 1, feasible, literal };

struct ReluConfig {
  int32_t rows = 0, cols = 0, rank = 0;
  ReluMethod method = ReluMethod::quasi_newton;
  ReluStart start = ReluStart::tsvd;
  ReluZ z_start = ReluZ::data;
  int32_t history = 0, svd_steps = 0;
  int32_t opening = 0;  // most iterations of three blocks before quasi-Newton; `method` says which of them is under way
  double alpha = 0, beta = 1, lambda = 0, svd_tol = 0;
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;
  struct Caller {
    void (*progress)() = nullptr;
    void *user = nullptr;
  } caller;  // the C progress function, which only capi can call
};

template <class T>
struct ReluNmd {
  ReluConfig c;
  OuterState outer;
  double norm2 = 0;     // |M|^2
  int32_t started = 0;  // the workspace belongs to U, V and M
  int32_t opening = 0;  // the default's three blocks are under way
  int32_t relaxed = 0;                                  // quasi-Newton: alternating steps done, or -1: opened otherwise
  int32_t pairs = 0, newest = 0, settled = 0;           // history in use, its last slot; no step descends
  double scale = 0;                                     // of the preconditioner
  double objective = 0, error2 = 0;                     // at U, V: f (with the penalty), |M - max(0, U V)|^2
  double momentum = 0, bar = 1, past[2] = {};           // A-NMD: beta, its bound, beta after the last two iterations
  double gap = 0, last_gap = 0;                         // |M - max(0, T)|^2, now and one iteration before
  double sigma2 = 0;                                    // EM
  double of_data = 1;                                   // three blocks: Z / M where M > 0
  int32_t warm = 0;                                     // the decomposition at hand is of this Z or near

  Status start(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V);
  Status run(void *base, const Operand<T> &M, Mat<T> U, Mat<T> V, Report *report);

  static constexpr int32_t max_parts = small_target ? 1 : 16;
  struct Sums {  // of one chunk of columns
    double squares = 0, error = 0, other = 0;
    int32_t good = 1;
  };
  struct Blocks {
    Mat<T> Z, Y, Z_kept, Y_kept;       // rows x cols, as the method wants them; Y is T, or the last change of Z
    Mat<T> B, keep_U, keep_V;          // rows x rank: sums of Z V'; the iterate before the step
    Mat<T> Ut;                         // U' of the pass under way, as products with tall tiles want it
    Mat<T> left, right;                // three blocks: U by slabs, or turned V' by slabs and the next U'
    Mat<T> S, gram, by_U, by_V, L;     // rank x rank: V V', a Gram matrix, (U'U)^-1, (V V')^-1, a factor
    T *gradient, *trial, *direction;   // (rows + cols) rank: U, then V
    T *steps, *changes;                // history of them: of the iterate, and of the gradient with it
    double *products;                  // history x history: <step, change> of an older and a newer pair
    T *partial_B, *partial_S;
    Sums *sums;
    double *dots;                      // of each part of a long vector, history + 1 of them
    T *weights;                        // history
    Tsvd<T> svd, start_svd;
    unsigned char *worker;
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;
  void place(Carver &carve, Blocks &b) const;  // for the method under way
  void open();

 private:
  struct Worker {
    Mat<T> data, P, F, X;  // tiles: sparse columns made dense, U V_J, rank x p, p x rank
    Mat<T> tiny;           // history x 1
  };
  struct Job;
  void worker_layout(Carver &carve, Worker &w) const;
  int32_t panel() const;   // columns at a time
  int32_t piece() const;   // of M, made dense
  int32_t chunks() const;  // shares of the columns, each with sums of its own
  int32_t wave() const;    // chunks under way at once
  int32_t chunk_begin(int32_t chunk) const { return int32_t(int64_t(width()) * chunk / chunks()); }
  bool streams_z() const { return c.method != ReluMethod::quasi_newton; }
  // Three blocks want short columns: of more rows than columns they keep Z' and T', so that a tile stays in cache.  What
  // is tall is stored by slabs: `slab` rows of a tile after another, each a matrix of its own.
  static constexpr int32_t slab = small_target ? 16 : 256 / int32_t(sizeof(T));
  bool by_slabs() const { return streams_z() && !by_svd(); }
  bool turned() const { return by_slabs() && c.rows > c.cols; }
  int32_t height() const { return turned() ? c.cols : c.rows; }  // of what is passed over by tiles of columns
  int32_t width() const { return turned() ? c.rows : c.cols; }
  bool by_svd() const { return c.method >= ReluMethod::a_nmd; }
  bool keeps_z() const { return c.method == ReluMethod::a_nmd; }
  bool moves_z() const { return c.method == ReluMethod::a_naive || c.method == ReluMethod::a_em; }
  size_t length() const { return (size_t(c.rows) + size_t(c.cols)) * size_t(c.rank); }
};

}  // namespace orthant
