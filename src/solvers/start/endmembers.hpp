// Endmembers from an image: pixels whose simplex holds the others (algorithms.md, "Unmixing").
//
//   extractions.def, vca_projections.def  what there is    endmembers.cpp      the workspace, and the choice
//   endmembers_job.hpp                    one call         vca.cpp, nfindr.cpp the methods; SPA stands in start.cpp
#pragma once
#include "passes.hpp"
#include "start.hpp"
#include "status.hpp"

namespace orthant {

#define ORTHANT_EXTRACTION(name, PUBLIC, number, ...) name = number,
enum class Extraction : int32_t {
#include "extractions.def"
};
#undef ORTHANT_EXTRACTION

#define ORTHANT_VCA_PROJECTION(name, PUBLIC, number) name = number,
enum class Projection : int32_t {
  safe,
#include "vca_projections.def"
};
#undef ORTHANT_VCA_PROJECTION

template <class T>
struct EndmembersBlocks {
  Tsvd<T> svd;
  Mat<T> basis;          // SPA: bands x rank
  T *norms, *first;      // SPA: pixels
  T *mean, *means;       // bands: of all pixels, and of each chunk under way
  Mat<T> chosen, normal; // rank x rank: the reduced spectra so far, and an orthonormal basis of them
  T *f, *w;              // rank
  int32_t *start;        // N-FINDR: rank, the pixels that it begins with
  int32_t *found;        // rank, the pixels until it is known that the call is not refused
  int32_t *best;         // VCA of several draws: rank, the pixels of the largest simplex so far
  StreamRoom<T> stream;
};

template <class T>
struct Endmembers {
  int32_t bands = 0, pixels = 0, rank = 0, max_iter = 0, draws = 1;
  Extraction method = Extraction::vca;
  Projection projection = Projection::safe;
  uint64_t seed = 0;
  int32_t precise = 0;
  Kind data = Kind::dense;
  Parallel par;
  int32_t given = 0;   // N-FINDR begins with the pixels in `start`, else with those of SPA
  double volume = 0;   // N-FINDR: of the simplex that was found

  // Sets what the caller left open, `given` as zero.  E_ARG: N-FINDR of one endmember, a simplex without volume.
  Status resolve(int32_t given_method, int32_t given_max_iter);
  // directions: rank x rank, or data null to draw them from the seed.
  Status run(void *base, const Operand<T> &Y, View<T> directions, Mat<T> E, int32_t *pixel);

  using Blocks = EndmembersBlocks<T>;
  void layout(Carver &carve, Blocks &b) const;
  PanelCut mean_cut() const;
};

}  // namespace orthant
