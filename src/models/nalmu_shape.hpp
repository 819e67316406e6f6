// The shape of a NALMU network (algorithms.md, "NALMU"), its parameters, and how they are read from a blob.
#pragma once
#include "blob.hpp"
#include "convnet.hpp"
#include "status.hpp"

namespace orthant {

enum class Spread : int32_t { component = 1, full, network };  // A: one value a component, one an entry, a network's
enum Side : int32_t { side_w = 0, side_h = 1 };

struct NalmuShape {
  int32_t bands = 0, rank = 0, layers = 0;
  int32_t lines = 1, pixels = 0;  // of the H that a full A_H or a network fits; samples = pixels / lines
  int32_t both = 0;               // both factors move; 0: W is given and stays
  int32_t h_first = 0, tied = 0, kernel = 3;
  Spread spread[2] = {Spread::component, Spread::component};
  double beta = 2, low[2] = {0, 0}, high[2] = {0, 0};  // clips; high 0: none

  bool moves(Side side) const { return side == side_h || both; }
  bool adaptive() const { return spread[side_w] == Spread::network || spread[side_h] == Spread::network; }
  int32_t sets() const { return tied ? 1 : layers; }
  int32_t rows(Side side) const { return side == side_w ? bands : pixels; }
  ConvShape net(Side side) const;
  size_t count(Side side) const;  // parameters of one layer's A
  size_t layer_params() const { return count(side_w) + count(side_h); }
  size_t params() const { return layer_params() * size_t(sets()); }
  // Where A of a layer begins among all parameters.
  size_t at(Side side, int32_t layer) const {
    return layer_params() * size_t(tied ? 0 : layer) + (side == side_h ? count(side_w) : 0);
  }
  // The side that the first and the second update of a layer moves.
  Side order(int32_t update) const {
    if (!both) return side_h;
    return (update == 0) == (h_first == 0) ? side_w : side_h;
  }
  // Whether there can be such a network; sizes are then small enough for int32 products.
  bool good() const;
};

inline const char *multiplier_name(Side side) { return side == side_w ? "A_W" : "A_H"; }  // of its record

// The shape of the network in a blob, all of whose records were looked at, and the H that it starts from: OK | E_BLOB.
// bands is 0 where it fits any number of them.
Status nalmu_read(const Blob &blob, NalmuShape *s, double *start_h);

}  // namespace orthant
