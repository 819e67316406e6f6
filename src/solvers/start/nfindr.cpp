// N-FINDR [Winter 1999] (algorithms.md, "Unmixing").  The volume with pixel y in one position is proportional to
// |c . y| for the c that is orthogonal to the pixels in the others, so one product with c compares all pixels.
#include "endmembers_job.hpp"

namespace orthant {

// b.w: the unit vector that leaves most when the pixels in the other positions are taken out.
template <class T>
void EndmembersJob<T>::find_normal(int32_t position) {
  const int32_t r = s.rank, others = orthonormal_basis(b.chosen, r, position, b.normal);
  T best = T(-1);
  for (int32_t a = 0; a < r; ++a) {
    T length = 0;
    for (int32_t k = 0; k < r; ++k) b.f[k] = T(k == a);
    remove_parts(b.normal, others, b.f);
    for (int32_t k = 0; k < r; ++k) length += b.f[k] * b.f[k];
    if (length <= best) continue;
    best = length;
    for (int32_t k = 0; k < r; ++k) b.w[k] = b.f[k];
  }
}

// The pixel of the largest volume in one position; false where the one that is there has it.
template <class T>
bool EndmembersJob<T>::improve(int32_t position) {
  find_normal(position);
  T now = 0, value;
  for (int32_t k = 0; k < s.rank; ++k) now += b.chosen(k, position) * b.w[k];
  const int32_t j = farthest(s.par, reduced(), b.w, &value);
  if (!(value > abs_of(now) * (T(1) + T(64) * Real<T>::eps))) return false;
  b.found[position] = j;
  choose(position, j);
  return true;
}

// Of the simplex of the chosen pixels on the principal axes, in the unit of Y: |det| / (r - 1)!, times the scale that
// the axes were divided by.
template <class T>
double EndmembersJob<T>::volume() const {
  const int32_t r = s.rank;
  if (orthonormal_basis(b.chosen, r, -1, b.normal) < r) return 0;
  double volume = 1;
  for (int32_t k = 0; k < r; ++k) {
    double height = 0;  // above those before it
    for (int32_t i = 0; i < r; ++i) height += double(b.chosen(i, k)) * double(b.normal(i, k));
    volume *= abs_of(height);
    if (k > 0) volume *= double(b.svd.s[0]) / k;
  }
  return volume;
}

// From the given pixels, or those in b.found.
template <class T>
Status EndmembersJob<T>::nfindr(double *found_volume) {
  const int32_t r = s.rank;
  const int32_t *from = s.given ? b.start : b.found;
  int32_t *to = s.given ? b.found : b.start;
  for (int32_t i = 0; i < r; ++i) to[i] = from[i];
  const Mat<T> X = reduced();
  find_mean();
  find_axes(b.mean);
  if (!spans(r - 1)) return E_DATA;
  by_pieces(s.par, s.pixels, r, 2 * sizeof(T), [&](Range pixels, int32_t k) {
    const T scale = b.svd.s[k] / b.svd.s[0];
    for (int32_t j = pixels.from; j < pixels.to; ++j) X(j, k) = k + 1 < r ? X(j, k) * scale : T(1);
  });
  for (int32_t i = 0; i < r; ++i) choose(i, b.found[i]);
  bool moved = true;
  for (int32_t sweep = 0; sweep < s.max_iter && moved; ++sweep) {
    moved = false;
    for (int32_t i = 0; i < r; ++i)
      if (improve(i)) moved = true;
  }
  *found_volume = volume();
  return OK;
}

#define INSTANTIATE(T) template struct EndmembersJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
