// The Factormer: a transformer on the complete bipartite graph of the rows of W and of H, with the entries of V on its
// edges, that proposes factors V ~ W H (spec factormer.md; from the graph-based neural acceleration of NMF).
//
// An update has sources x_i and targets x_j, vectors of d features, and edges e_ij.  Keys and values are linear in the
// edge's vector [x_i . x_j, e_ij], and so leave the sum over edges: no vector of an edge is ever made.
//   q = s (Q x_j + q0)      [a; b; c] = K_h q_h       g = a + x_j . b       z_ij = x_i'g_j + e_ij c_j
//   alpha = softmax over i of z,   y = sum_i alpha x_i,   u = sum_i alpha e_ij      (all of these for each head h)
//   m_h = V_h' [y; y . x_j; u] + v0,     out = LN2(x_j + F2 max(0, F1 t + f1) + f2),   t = LN1(x_j + m)
// Inside, every matrix holds an item in a column: W, H and V's two sides are served by the same code.  Scores exist in tiles
// of targets by sources only, those of all heads side by side, and are computed again on the way back.
#pragma once
#include "blob.hpp"
#include "carver.hpp"
#include "ops.hpp"
#include "proposal.hpp"
#include "rng.hpp"
#include "status.hpp"
#include "tsvd.hpp"

namespace orthant {

enum class Residual : int32_t { input = 1, message, norm };  // what the feed-forward part is added to: x_j, m_j or t_j
constexpr int32_t of_w = 0, of_h = 1;                         // the two sides

struct FactormerShape {
  int32_t rank = 0, width = 0, heads = 0, layers = 0, hidden = 0;
  Residual residual = Residual::input;
  int32_t separate = 0;     // 1: H- and W-updates of a layer have weights of their own
  int32_t wide_scale = 0;   // 1: s = 1 / sqrt(d) instead of 1 / sqrt(d / h)
  int32_t last_norm = 0;    // 1: LN2 in the last updates too
  int32_t accelerates = 0;  // 1: sees the factors before and after a step of the solver

  // In ascending order of their names in a blob.  K and V: (2 d + 1) x d, the d/h columns of a head side by side.
  enum Tensor : int32_t { f1, f1_bias, f2, f2_bias, key, norm1, norm2, query, query_bias, value, value_bias,
                          embed, embed_bias, extract, extract_bias, tensors };
  static const char *name(int32_t t);
  int32_t sets() const { return separate ? 2 * layers : layers; }
  int32_t set(int32_t layer, int32_t side) const { return separate ? 2 * layer + side : layer; }
  int32_t inputs() const { return accelerates ? 2 * rank : rank; }
  int32_t rows(int32_t t) const;
  int32_t cols(int32_t t) const;
  int32_t copies(int32_t t) const { return t < embed ? sets() : 1; }
  size_t count(int32_t t) const { return size_t(rows(t)) * size_t(cols(t)); }
  size_t at(int32_t t, int32_t set = 0) const;  // where it begins among all parameters
  size_t params() const { return at(tensors); }
  // Where the turned copy of F1, F2 or Q begins among those of all sets; tensors: their number.
  size_t turned_at(int32_t t, int32_t set) const {
    const size_t feed = count(f1), all = 2 * feed + count(query);
    return t == tensors ? all * size_t(sets()) : all * size_t(set) + (t == f1 ? 0 : t == f2 ? feed : 2 * feed);
  }
  size_t layer_params() const;                  // the most that are needed at a time
  bool good() const;                            // sizes are then small enough for int32 products
};

// Weights of one layer, or of both ends.
template <class T>
struct FactormerWeights {
  const T *at[FactormerShape::tensors] = {};
  const T *turned = nullptr;  // in training: F1, F2 and Q turned over, for the way back
};
// Where they come from: all parameters in memory, or a blob, which is read in place where its numbers are of type T.
template <class T>
struct FactormerSource {
  const T *theta = nullptr;
  const void *blob = nullptr;
  const T *turned = nullptr;  // or null
  FactormerWeights<T> layer(const FactormerShape &s, int32_t set, T *buffer) const { return load(s, 0, s.embed, set, buffer); }
  FactormerWeights<T> ends(const FactormerShape &s, T *buffer) const { return load(s, s.embed, s.tensors, 0, buffer); }

 private:
  FactormerWeights<T> load(const FactormerShape &s, int32_t from, int32_t to, int32_t set, T *buffer) const;
};

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
  // out: rank x items, nonnegative.  V m x n, whose entries are multiplied by `scale`.
  void forward(const Ops<T> &ops, const Parallel &par, View<T> V, T scale, const FactormerSource<T> &source,
               const Factors &in, const Mat<T> *out);
  // dout: the gradient with regard to out (destroyed).  Adds to theta_bar, which has the form of the parameters, or with
  // `fresh` writes it; din, or null: adds the gradients with regard to the factors that came in.
  void backward(const Ops<T> &ops, View<T> V, T scale, const FactormerSource<T> &source, const Factors &in,
                const Mat<T> *out, const Mat<T> *dout, T *theta_bar, bool fresh, const Mat<T> *din_now,
                const Mat<T> *din_before);

  void layout(Carver &carve, int32_t workers);

  static constexpr int32_t tile_targets = small_target ? 8 : 64, tile_sources = small_target ? 16 : 128;

 private:
  struct Scratch {
    T *A, *G, *Y, *Z, *E, *turned, *mix, *M, *t, *hidden, *c, *top, *sum, *u;  // both ways
    T *D, *dG, *du, *mean, *dhidden, *flat;                                    // back
  };
  struct Saved {  // of one update, by items
    T *q, *Y, *u, *top, *inverse, *hat1, *inv1, *hidden, *hat2, *inv2;
  };
  struct Tile;  // what is known of a tile of targets
  int32_t items(int32_t side) const { return side == of_w ? m : n; }
  int32_t columns() const { return min_of(max_of(m, n), tile_targets); }
  int32_t rows() const { return min_of((max_of(m, n) + 15) / 16 * 16, tile_sources); }
  static int32_t piece(int32_t count, int32_t most) { return ceil_div(count, ceil_div(count, most)); }
  T *state(int32_t side, int32_t slot) const {
    return x_[side] + size_t(training ? slot : 0) * size_t(s.width) * size_t(items(side));
  }
  Saved saved(int32_t side, int32_t layer, int32_t from) const;
  Scratch scratch(int32_t worker) const;
  void scratch_layout(Carver &carve, Scratch &w) const;
  T logit_scale() const { return T(1) / sqrt_of(T(s.wide_scale ? s.width : s.width / s.heads)); }
  void turn(View<T> V, int32_t side, int32_t from, int32_t count, int32_t i, int32_t rows, T *buffer, Mat<const T> *E) const;
  void gates(const FactormerWeights<T> &w, const T *x, const T *q, int32_t count, T scale, bool all,
             Scratch &b) const;
  void update(const Ops<T> &ops, const Parallel &par, View<T> V, T scale, const FactormerWeights<T> &w, int32_t side,
              int32_t layer);
  void update_back(const Ops<T> &ops, View<T> V, T scale, const FactormerWeights<T> &w, int32_t side, int32_t layer,
                   T *theta_bar, bool fresh);
  bool normed(int32_t layer) const { return s.last_norm || layer + 1 < s.layers; }

  T *x_[2], *dx_[2], *layer_, *ends_;
  Saved saved_[2];
  unsigned char *worker_;
  size_t worker_bytes_;
};

// The shape of the network in a blob, all of whose records were looked at: OK | E_BLOB.
Status factormer_read(const Blob &blob, FactormerShape *s);

// Inference: a handle around one matrix size.
template <class T>
struct Factormer {
  FactormerShape s;
  int32_t rows = 0, cols = 0;
  const void *model = nullptr;
  Parallel par;

  // W rows x rank and H rank x cols, in and out; W0, H0: the factors before the solver's step, of a network that
  // accelerates.  E_DATA: a number is not finite, or the model made it so; W and H are then as they were.
  struct Blocks {
    FactormerPass<T> pass;
    Mat<T> out[2], in[2], before[2];
  };
  void layout(Carver &carve, Blocks &b) const;
  Status run(Blocks &b, View<T> V, Mat<T> W, Mat<T> H, View<T> W0, View<T> H0) const;
};

// A solver's proposals: a start made from NNDSVD, or factors between iterations.
template <class T>
struct FactormerProposal {
  Factormer<T> net;  // the first thing in its workspace
  uint64_t seed = 0;
  static constexpr int32_t accelerated = 5;  // iterations after which it is asked, at most

  struct Blocks {
    typename Factormer<T>::Blocks net;
    Mat<T> W, H, W0, H0;  // copies of the solver's: as it has them, and as it had them before a step
    Tsvd<T> svd;
    T *fit;
  };
  void layout(Carver &carve, Blocks &b) const;
  Status start(void *base, View<T> V, Mat<T> W, Mat<T> H);  // E_DATA: W and H hold nothing of use
  Status step(void *base, View<T> V, Mat<T> W, Mat<T> H);   // from W0 and H0 to W and H
  double squares(void *base, View<T> V, View<T> W, View<T> H) const;  // |V - W H|^2
  Proposal<T> as_proposal();  // of this object at the beginning of its workspace
  Blocks blocks(void *base) const {
    Carver carve(base);
    Blocks b;
    layout(carve, b);
    return b;
  }
};

}  // namespace orthant
