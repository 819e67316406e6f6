// NALMU: K unrolled multiplicative updates with trained multipliers (spec, section 7).
//
//   W+ = clip(W . A_W . (Y H') / (W H H'))      H+ = clip(H . A_H . (W+'Y) / (W+'W+ H))
//
// Inside, H is kept as X = H' (pixels x rank), so that both factors are tall and one step serves both:
//   own+ = clip(A . own . N / max(D, 1e-12)),   N = Y_side other,   D = own G,   G = other'other,
// with Y_side = Y for W and Y' for X.  For the beta-divergence N and D are the products with Y V^(beta-2) and V^(beta-1),
// V = max(W X', 1e-12), and no exponent.  With A = 1 this is MU.
#pragma once
#include "blob.hpp"
#include "convnet.hpp"
#include "loss.hpp"
#include "operand.hpp"
#include "status.hpp"

namespace orthant {

enum class Spread : int32_t { component = 1, full, network };  // A: one value a component, one an entry, a network's
enum Side : int32_t { side_w = 0, side_h = 1 };

struct NalmuShape {
  int32_t bands = 0, rank = 0, layers = 0;
  int32_t lines = 1, pixels = 0;   // of the H that a full A_H or a network fits; samples = pixels / lines
  int32_t both = 0, h_first = 0, tied = 0, kernel = 3;
  Spread spread[2] = {Spread::component, Spread::component};
  double beta = 2, low[2] = {0, 0}, high[2] = {0, 0};  // clips; high 0: none

  int32_t sets() const { return tied ? 1 : layers; }
  int32_t rows(Side s) const { return s == side_w ? bands : pixels; }
  ConvShape net(Side s) const;
  size_t count(Side s) const;  // parameters of one layer's A
  size_t params() const { return (count(side_w) + count(side_h)) * size_t(sets()); }
  // Where A_s of layer k begins.
  size_t at(Side s, int32_t k) const {
    return (count(side_w) + count(side_h)) * size_t(tied ? 0 : k) + (s == side_h ? count(side_w) : 0);
  }
  bool adaptive() const { return spread[0] == Spread::network || spread[1] == Spread::network; }
  // Whether it can be; sizes are then small enough for int32 products.
  bool good() const;
};

// Where multipliers come from: numbers in memory (of all layers, positive already), a blob, or 1 where both are null.
template <class T>
struct NalmuWeights {
  const T *values = nullptr;
  const Blob *blob = nullptr;
};

// One sample on its way through the layers, and back.
template <class T>
struct NalmuPass {
  NalmuShape s;
  int32_t n = 0;        // columns of Y
  int32_t segment = 0;  // layers whose iterates are kept; 0: inference, which keeps none

  // Blocks.  Iterates are [slot], N and D [layer of the segment], checkpoints [segment].
  T *own[2], *N[2], *D[2], *checkpoint[2], *R[2];
  T *spare, *N_bar, *D_bar, *G, *S, *A[2], *A_bar, *small;
  T *sum_N, *sum_D, *V, *Ht;
  ConvNet<T> net[2];
  static constexpr int32_t piece = small_target ? 16 : 128, pieces_in_part = 8, max_parts = 16;

  void layout(Carver &carve, const Parallel &par);
  // K layers from W and X as they stand in own[]; with one factor, W is fixed.  With training: loss and gradients too.
  void forward(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights, int32_t layers);

  struct Target {
    Mat<const T> W, H;  // H as X: pixels x rank
    LossKind loss[2];
    const double *nu;   // of each layer
  };
  // Adds to theta_bar, which has the form of the weights: gradients with regard to A (or to a network's parameters).
  double backward(const Ops<T> &ops, const Operand<T> &Y, const NalmuWeights<T> &weights, const Target &target,
                  T *theta_bar);

  Mat<T> iterate(Side side, int32_t k) const {
    const int32_t slot = segment > 0 ? (side == side_w && !s.both ? 0 : k - first_) : 0;
    return {own[side] + size_t(slot) * size(side), rows(side), s.rank, rows(side)};
  }

 private:
  int32_t first_ = 0;  // the layer whose input is in slot 0
  int32_t rows(Side side) const { return side == side_w ? s.bands : n; }
  size_t size(Side side) const { return size_t(rows(side)) * size_t(s.rank); }
  Mat<T> product(T *const *of, Side side, int32_t k) const {
    const bool once = of == N && side == side_h && !s.both && s.beta == 2;  // W'Y of a fixed W
    return {of[side] + (segment > 0 && !once ? size_t(k - first_) * size(side) : 0), rows(side), s.rank, rows(side)};
  }
  Mat<T> square(T *G_) const { return {G_, s.rank, s.rank, s.rank}; }
  int32_t parts() const { return min_of(max_parts, ceil_div(n, piece * pieces_in_part)); }
  Mat<const T> multiplier(const Ops<T> &ops, const NalmuWeights<T> &weights, Side side, int32_t k);
  void run(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights, int32_t from,
           int32_t to);
  void step(const Ops<T> &ops, const Parallel &par, const Operand<T> &Y, const NalmuWeights<T> &weights, Side side,
            int32_t k);
  void powers(const Ops<T> &ops, const Operand<T> &Y, int32_t j, int32_t count, int32_t worker, Mat<const T> W,
              Mat<const T> X, Mat<T> *Vj, Mat<T> *Pj, Mat<T> *Qj);
  void step_back(const Ops<T> &ops, const Operand<T> &Y, const NalmuWeights<T> &weights, Side side, int32_t k,
                 T *theta_bar);
  Side order(int32_t i) const { return s.both ? ((i == 0) == (s.h_first == 0) ? side_w : side_h) : side_h; }
};

// The blob of a model, and the H that it starts from.  bands is 0 where it fits any number of them.
Status nalmu_read(const Blob &blob, NalmuShape *s, double *start_h);

// Inference: a model, or plain MU, on an image.
template <class T>
struct Nalmu {
  NalmuShape s;               // its bands and pixels are those of the image
  int32_t pixels = 0, layers = 0, given = 0;
  double start_h = 1;
  const void *model = nullptr;  // the caller's blob, or null: all multipliers are one
  Parallel par;

  // Y bands x pixels; W bands x rank, H rank x pixels.  W is only read where one factor moves.
  Status run(void *base, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report);

  struct Part {  // what a fixed share of the pixels sums up
    double residual, norm2, kkt;
    int32_t at, good;
  };
  struct Blocks {
    Part *part;
    Mat<T> W;      // the factor, where the pixels are worked through block by block
    T *G;
    unsigned char *worker;
    size_t worker_bytes;
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  static constexpr int32_t max_parts = small_target ? 4 : 16;
  struct Worker {
    NalmuPass<T> pass;
    Mat<T> F, X, D;
    T *tile;
  };
  bool by_blocks() const { return !s.both && s.spread[side_h] == Spread::component; }
  void worker_layout(Carver &carve, Worker &w, bool whole) const;
  Status check(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, Mat<T> W, Mat<T> H) const;
  void judge(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report) const;
};

}  // namespace orthant
