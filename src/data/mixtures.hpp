// Training sets for one sensor: mixtures Y = W H + noise of spectra from a library or from bundles.  Sample number
// `index` is a function of the seed and that number alone, so that a set of any length is streamed and never held.
#pragma once
#include "mat.hpp"
#include "parallel.hpp"
#include "real.hpp"

namespace orthant {

enum class Abundances : int32_t { dirichlet = 1, dead_leaves, maps };

struct MixturesConfig {
  int32_t bands = 0, endmembers = 0, lines = 0, samples = 0, spectra = 0;
  Abundances abundances = Abundances::dirichlet;
  int32_t active = 0;       // most endmembers of a pixel, or of a leaf; 0: all
  int32_t unit = 0;         // columns of Y and W of unit l1, H in that unit
  double alpha = 1;
  double snr_db = 30;       // < 0: no noise
  double spread = 0;        // spectra are scaled by 1 +- spread
  uint64_t seed = 0;
  Parallel par;

  // Zero stands for the default of abundances, alpha and snr_db.
  void resolve() {
    const MixturesConfig usual{};
    if (abundances == Abundances(0)) abundances = usual.abundances;
    if (alpha == 0) alpha = usual.alpha;
    if (snr_db == 0) snr_db = usual.snr_db;
  }
};

// S bands x spectra; group: the endmember that each spectrum belongs to, or null where any may stand for any; maps:
// abundances to draw columns from.  Y bands x (pixels count), W bands x (endmembers count), H endmembers x (pixels
// count).
template <class T>
void make_mixtures(const MixturesConfig &c, uint64_t index, int32_t count, Mat<const T> S, const int32_t *group,
                   Mat<const T> maps, Mat<T> Y, Mat<T> W, Mat<T> H);

}  // namespace orthant
