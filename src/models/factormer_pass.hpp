// The Factormer: a transformer on the complete bipartite graph of the rows of W and of H, with the entries of V on its
// edges, that proposes factors V ~ W H (algorithms.md, "Factormer: layer" and "Factormer: network").
//
// An update has sources x_i and targets x_j, vectors of d features, and edges e_ij.  Keys and values are linear in the
// edge's vector [x_i . x_j, e_ij], equation (12), and so leave the sum over edges: no vector of an edge is ever made.
//   q = s (Q x_j + q0)      [a; b; c] = K_h q_h       g = a + x_j . b       z_ij = x_i'g_j + e_ij c_j
//   alpha = softmax over i of z,   y = sum_i alpha x_i,   u = sum_i alpha e_ij      (all of these for each head h)
//   m_h = V_h' [y; y . x_j; u] + v0
//   (15)  x_j <- LN2(x_j + F2 max(0, F1 t + f1) + f2),   t = LN1(x_j + m)
// Inside, every matrix holds an item in a column: W, H and V's two sides are served by the same code.  Scores exist in
// tiles of targets by sources only, those of all heads side by side, and are computed again on the way back.
#pragma once
#include "factormer_shape.hpp"
#include "passes.hpp"

namespace orthant {

// The products of a layer, whose shapes are small and odd: C = A B and C = A B', or += if add.
template <class T>
struct LayerProduct {
  static void nn(Mat<const T> A, Mat<const T> B, Mat<T> C, bool add = false) {
    fastest<FactormerKernels<T>>().nn(A.rows, B.cols, A.cols, A.data, A.ld, B.data, B.ld, C.data, C.ld, add);
  }
  static void nt(Mat<const T> A, Mat<const T> B, Mat<T> C, bool add = false) {
    fastest<TrainKernels<T>>().nt(A.rows, B.rows, A.cols, A.data, A.ld, B.data, B.ld, C.data, C.ld, add);
  }
};

// One matrix on its way through the network, and back.
template <class T>
struct FactormerPass {
  FactormerShape s;
  int32_t m = 0, n = 0;
  bool training = false;  // keeps what the way back needs

  struct Factors {  // of both sides, rank x items; `before` of a network that accelerates
    Mat<const T> now[2], before[2];
  };
  void layout(Carver &carve, int32_t workers);
  // out: rank x items, nonnegative.  V m x n, whose entries are multiplied by `scale`.
  void forward(const Ops<T> &ops, const Parallel &par, View<T> V, T scale, const FactormerSource<T> &source,
               const Factors &in, const Mat<T> *out);
  // dout: the gradient with regard to out (destroyed).  Adds to theta_bar, which has the form of the parameters, or
  // with `fresh` writes it; din, or null: adds the gradients with regard to the factors that came in.
  void backward(const Ops<T> &ops, View<T> V, T scale, const FactormerSource<T> &source, const Factors &in,
                const Mat<T> *out, const Mat<T> *dout, T *theta_bar, bool fresh, const Mat<T> *din_now,
                const Mat<T> *din_before);

  static constexpr int32_t tile_targets = small_target ? 8 : 64, tile_sources = small_target ? 16 : 128;

 private:
  struct Scratch {
    T *A, *G, *Y, *Z, *E, *transposed, *mix, *M, *t, *hidden, *c, *top, *sum, *u;  // both ways
    T *D, *dG, *du, *mean, *dhidden, *ds;                                          // back; ds: two
  };
  struct Saved {  // of one update, by items
    T *q, *Y, *u, *top, *inverse, *hat1, *inv1, *hidden, *hat2, *inv2;
  };
  // One side in one layer.
  struct Update {
    Mat<const T> V;
    T scale;
    const FactormerWeights<T> &w;
    int32_t side, layer;
    Mat<const T> sources, targets;  // width x items, as the update finds them
    int32_t cols, rows;             // of a tile: targets, sources
  };
  // What is known of a tile of targets.
  struct Tile {
    int32_t from, count;
    const Scratch &b;
    Mat<const T> x;
    Saved keep;
    Mat<T> q, Y, hidden;  // width x count, width x (heads count), hidden x count; kept in training
    Mat<T> M, t;          // the message, LN1's result; width x count
  };
  // The same on the way back.
  struct BackTile {
    int32_t from, count;
    bool add;                // to the gradients of the matrices
    const Scratch &b;
    Mat<const T> x;
    Saved keep;
    Mat<T> dx, ds, dt, dM;   // width x count; ds: of the sum that LN2 sees
    Mat<T> dY, dG;           // width x (heads count)
    T *const *bars;          // gradients of the tensors of this layer
  };

  // ---- sizes, the blocks of the workspace
  int32_t items(int32_t side) const { return side == of_w ? m : n; }
  int32_t most_targets() const { return min_of(max_of(m, n), tile_targets); }
  int32_t most_sources() const { return min_of((max_of(m, n) + 15) / 16 * 16, tile_sources); }
  // The size of as few nearly equal tiles as there can be.
  static int32_t even(int32_t count, int32_t most) { return ceil_div(count, ceil_div(count, most)); }
  Mat<T> state(int32_t side, int32_t slot) const {
    const size_t size = size_t(s.width) * size_t(items(side));
    return {x_[side] + size_t(training ? slot : 0) * size, s.width, items(side), s.width};
  }
  Mat<T> gradient(int32_t side) const { return {dx_[side], s.width, items(side), s.width}; }
  Mat<T> tall(T *data, int32_t cols) const { return {data, s.width, cols, s.width}; }
  Saved saved(int32_t side, int32_t layer, int32_t from) const;
  void scratch_layout(Carver &carve, Scratch &w) const;
  Scratch scratch(int32_t worker) const {
    return scratch_.of(worker, [this](Carver &carve, Scratch &w) { scratch_layout(carve, w); });
  }
  T logit_scale() const { return T(1) / sqrt_of(T(s.wide_scale ? s.width : s.head_width())); }
  bool normed(int32_t layer) const { return s.last_norm || layer + 1 < s.layers; }
  // The columns of K or V of a head.
  Mat<const T> of_head(const FactormerWeights<T> &w, int32_t t, int32_t head) const {
    return {w.at[t] + ptrdiff_t(s.stacked()) * s.head_width() * head, s.stacked(), s.head_width(), s.stacked()};
  }

  // ---- factormer.cpp
  Update update_of(View<T> V, T scale, const FactormerWeights<T> &w, int32_t side, int32_t layer) const;
  Tile tile(const Update &u, int32_t from, const Scratch &b) const;
  Mat<const T> edges(const Update &u, Range targets, Range sources, T *buffer) const;
  void gates(const Update &u, Mat<const T> x, Mat<const T> q, bool all, const Scratch &b) const;
  void queries(const Update &u, const Tile &t) const;
  void attend(const Update &u, const Tile &t) const;
  void message(const Ops<T> &ops, const Update &u, const Tile &t) const;
  void feed_forward(const Update &u, const Tile &t, Mat<T> out) const;
  void update(const Ops<T> &ops, const Parallel &par, const Update &u);
  void embed(const Parallel &par, const FactormerWeights<T> &ends, const Factors &in) const;
  void extract(const Parallel &par, const FactormerWeights<T> &ends, const Mat<T> *out) const;

  // ---- factormer_back.cpp
  void update_back(const Ops<T> &ops, const Update &u, T *theta_bar, bool fresh);
  void back_through(const Ops<T> &ops, const Update &u, int32_t tensor, Mat<const T> B, Mat<T> C,
                    bool add = false) const;
  void feed_forward_back(const Ops<T> &ops, const Update &u, const BackTile &t) const;
  void values_back(const Update &u, const BackTile &t) const;
  void scores_back(const Update &u, const BackTile &t) const;
  void queries_back(const Ops<T> &ops, const Update &u, const BackTile &t) const;
  void extract_back(const Ops<T> &ops, const FactormerWeights<T> &ends, const Mat<T> *out, const Mat<T> *dout,
                    T *theta_bar) const;
  void embed_back(const Ops<T> &ops, const FactormerWeights<T> &ends, const Factors &in, T *theta_bar,
                  const Mat<T> *din_now, const Mat<T> *din_before) const;

  T *x_[2], *dx_[2], *layer_, *ends_;
  Saved saved_[2];
  WorkerScratch<Scratch> scratch_;
};

}  // namespace orthant
