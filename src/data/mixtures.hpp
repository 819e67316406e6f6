// Training sets for one sensor: mixtures Y = W H + noise of spectra from a library or from bundles.  Sample number `index`
// is a function of the seed and that number alone, so that a set of any length is streamed and never held.
#pragma once
#include "mat.hpp"
#include "parallel.hpp"
#include "real.hpp"

namespace orthant {

enum class Abundances : int32_t { dirichlet = 1, dead_leaves, maps };

struct MixturesConfig {
  int32_t bands, endmembers, lines, samples, spectra;
  Abundances abundances = Abundances::dirichlet;
  int32_t active = 0;       // most endmembers of a pixel, or of a leaf; 0: all
  int32_t unit = 0;         // columns of Y and W of unit l1, H in that unit
  double alpha = 1, snr_db = 30, spread = 0;
  uint64_t seed = 0;
  Parallel par;
};

// S bands x spectra; group: the endmember that each spectrum belongs to, or null where any may stand for any; maps:
// abundances to draw columns from.  Y bands x (pixels count), W bands x (endmembers count), H endmembers x (pixels count).
template <class T>
void make_mixtures(const MixturesConfig &c, uint64_t index, int32_t count, Mat<const T> S, const int32_t *group,
                   Mat<const T> maps, Mat<T> Y, Mat<T> W, Mat<T> H);

}  // namespace orthant
