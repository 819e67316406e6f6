// The shape of a Factormer (algorithms.md, "Factormer: layer" and "Factormer: network"), its parameters, and how they
// are read from a blob.
#pragma once
#include "blob.hpp"
#include "status.hpp"

namespace orthant {

// What the feed-forward part is added to: x_j as in equation (15), m_j or t_j.
enum class Residual : int32_t { input = 1, message, norm };
constexpr int32_t of_w = 0, of_h = 1;  // the two sides

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
  int32_t head_width() const { return width / heads; }
  int32_t stacked() const { return 2 * width + 1; }  // rows of K and V: of x_i, of x_i . x_j, of e_ij
  int32_t inputs() const { return accelerates ? 2 * rank : rank; }
  int32_t sets() const { return separate ? 2 * layers : layers; }
  int32_t set(int32_t layer, int32_t side) const { return separate ? 2 * layer + side : layer; }
  int32_t rows(int32_t t) const;
  int32_t cols(int32_t t) const;
  int32_t copies(int32_t t) const { return t < embed ? sets() : 1; }
  size_t count(int32_t t) const { return size_t(rows(t)) * size_t(cols(t)); }
  size_t at(int32_t t, int32_t set = 0) const;  // where it begins among all parameters
  size_t params() const { return at(tensors); }
  size_t layer_params() const;                  // the most that are needed at a time
  // Where the transposed F1, F2 or Q begins among those of all sets, and their number.
  size_t transposed_at(int32_t t, int32_t set) const {
    const size_t of_set = (2 * count(f1) + count(query)) * size_t(set);
    if (t == f1) return of_set;
    return of_set + (t == f2 ? count(f1) : 2 * count(f1));
  }
  size_t transposed_params() const { return transposed_at(f1, sets()); }
  bool good() const;                            // sizes are then small enough for int32 products
};

// Weights of one layer, or of both ends.
template <class T>
struct FactormerWeights {
  const T *at[FactormerShape::tensors] = {};
  const T *transposed = nullptr;  // in training: F1, F2 and Q transposed, for the way back
};

// Where they come from: all parameters in memory, or a blob, which is read in place where its numbers are of type T
// in this machine's byte order.
template <class T>
struct FactormerSource {
  const T *theta = nullptr;
  const void *blob = nullptr;
  const T *transposed = nullptr;  // or null

  FactormerWeights<T> layer(const FactormerShape &s, int32_t set, T *buffer) const {
    return load(s, 0, s.embed, set, buffer);
  }
  FactormerWeights<T> ends(const FactormerShape &s, T *buffer) const { return load(s, s.embed, s.tensors, 0, buffer); }

 private:
  FactormerWeights<T> load(const FactormerShape &s, int32_t from, int32_t to, int32_t set, T *buffer) const;
};

// The shape of the network in a blob, all of whose records were looked at: OK | E_BLOB.
Status factormer_read(const Blob &blob, FactormerShape *s);

}  // namespace orthant
