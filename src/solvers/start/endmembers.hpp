// Endmembers from an image: pixels whose simplex holds the others (spec, section 8).
#pragma once
#include "start.hpp"
#include "status.hpp"

namespace orthant {

enum class Extraction : int32_t { vca = 1, spa, nfindr };
enum class Projection : int32_t { safe = 0, affine, projective, published };

template <class T>
struct Endmembers {
  int32_t bands = 0, pixels = 0, rank = 0, max_iter = 0;
  Extraction method = Extraction::vca;
  Projection projection = Projection::safe;
  uint64_t seed = 0;
  Parallel par;

  // directions: rank x rank, or data null to draw them from the seed.
  Status run(void *base, const Operand<T> &Y, View<T> directions, Mat<T> E, int32_t *pixel);

  struct Blocks {
    Tsvd<T> svd;
    Mat<T> basis;          // SPA: bands x rank
    T *norms, *first;      // SPA: pixels
    T *mean;               // bands
    Mat<T> chosen, normal; // rank x rank: the reduced spectra so far, and an orthonormal basis of them
    T *f, *w;              // rank
  int32_t *found;        // SPA: rank, the pixels until it is known that the call is not refused
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  Status run_vca(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, View<T> directions, Mat<T> E, int32_t *pixel);
  Status run_nfindr(const Ops<T> &ops, Blocks &b, const Operand<T> &Y, int32_t *pixel);
  void find_mean(const Operand<T> &Y, T *mean) const;
};

}  // namespace orthant
