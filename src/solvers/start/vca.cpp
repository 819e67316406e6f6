// Vertex component analysis [Nascimento, Dias 2005] (algorithms.md, "Unmixing").
#include "endmembers_job.hpp"

namespace orthant {
namespace {

// Signs of singular vectors are arbitrary: make the largest entry of each left one positive, so that the directions
// mean the same on every machine.
template <class T>
void fix_signs(const Tsvd<T> &svd, int32_t rank) {
  for (int32_t k = 0; k < rank; ++k) {
    T *u = svd.U.col(k), top = 0;
    for (int32_t i = 0; i < svd.U.rows; ++i) top = abs_of(u[i]) > abs_of(top) ? u[i] : top;
    if (top >= T(0)) continue;
    for (int32_t i = 0; i < svd.U.rows; ++i) u[i] = -u[i];
    for (int32_t j = 0; j < svd.V.rows; ++j) svd.V(j, k) = -svd.V(j, k);
  }
}

double decibel(double signal, double noise) {
  if (!(noise > 0)) return 1e9;
  return signal > 0 ? 10 * log10(signal / noise) : -1e9;
}

}  // namespace

// Whether there is so little noise that the pixels can be divided by their brightness; squares: |Y|^2.
template <class T>
bool EndmembersJob<T>::is_projective(double squares) const {
  const int32_t r = s.rank;
  if (s.projection == Projection::projective || r == 1) return true;
  if (s.projection == Projection::affine) return false;
  double mean2 = 0, captured = 0;
  for (int32_t i = 0; i < s.bands; ++i) mean2 += double(b.mean[i]) * double(b.mean[i]);
  for (int32_t k = 0; k < r; ++k) captured += double(b.svd.s[k]) * double(b.svd.s[k]);
  const double all = squares / s.pixels, on_axes = captured / s.pixels + mean2;
  const double noise = all - on_axes, signal = on_axes - double(r) / s.bands * all;
  const double snr = decibel(signal, noise), threshold = 15 + 10 * log10(double(r));
  if (snr < threshold) return false;
  if (s.projection == Projection::published || !(noise > 0)) return true;
  // Differs: dividing a pixel by its brightness divides its noise too, and a dark pixel (water, shade) becomes a false
  // vertex.  So each pixel, not the average alone, must pass the threshold.
  constexpr int32_t most = small_target ? 1 : 64;
  double darkest = 1, darkest_of[most];
  Y.walk(0, s.pixels, [&](Range pixels) {
    const int32_t parts = parts_for(pixels.size(), 64, most);
    const Work one{0, double(pixels.size()) / parts * s.bands * sizeof(T)};
    parallel_for(s.par, parts, one, [&](int32_t part, int32_t) {
      const Range mine = part_of(pixels.size(), part, parts);
      darkest_of[part] = 1;
      for (int32_t j = pixels.from + mine.from; j < pixels.from + mine.to; ++j) {
        T dot;
        Y.panel_tn(ops, j, 1, Mat<const T>{b.mean, s.bands, 1, s.bands}, Mat<T>{&dot, 1, 1, 1});
        darkest_of[part] = min_of(darkest_of[part], double(dot) / mean2);
      }
    });
    for (int32_t part = 0; part < parts; ++part) darkest = min_of(darkest, darkest_of[part]);
  });
  return darkest > 0 && snr + 20 * log10(darkest) >= threshold;
}

// Onto the singular axes, each pixel divided by its product with the mean.
template <class T>
void EndmembersJob<T>::make_projective() {
  const Mat<T> X = reduced();
  fix_signs(b.svd, s.rank);
  parallel_for(s.par, s.rank, Work{0, double(s.pixels) * 4 * sizeof(T)}, [&](int32_t k, int32_t) {
    double sum = 0;
    for (int32_t j = 0; j < s.pixels; ++j) {
      X(j, k) *= b.svd.s[k];
      sum += double(X(j, k));
    }
    b.w[k] = T(sum / s.pixels);
  });
  if (s.rank == 1) return;  // all would be alike: the brightest is the one to take
  T mean2 = 0;
  for (int32_t k = 0; k < s.rank; ++k) mean2 += b.w[k] * b.w[k];
  const auto scale_pixel = [&](int32_t j) {
    T dot = 0, length2 = 0;
    for (int32_t k = 0; k < s.rank; ++k) {
      dot += X(j, k) * b.w[k];
      length2 += X(j, k) * X(j, k);
    }
    // Across the mean to rounding there is no brightness to divide by.
    const bool bright = abs_of(dot) > Real<T>::eps * sqrt_of(length2) * sqrt_of(mean2) && abs_of(dot) > Real<T>::tiny;
    const T scale = bright ? T(1) / dot : T(0);
    for (int32_t k = 0; k < s.rank; ++k) X(j, k) *= scale;
  };
  by_pieces(s.par, s.pixels, 1, 2.0 * s.rank * sizeof(T), [&](Range pixels, int32_t) {
    for (int32_t j = pixels.from; j < pixels.to; ++j) scale_pixel(j);
  });
}

// Onto all principal axes but the last, and a constant.
template <class T>
void EndmembersJob<T>::make_affine() {
  const Mat<T> X = reduced();
  const int32_t axes = s.rank - 1;
  fix_signs(b.svd, axes);
  T largest;
  first_largest(s.par, s.pixels, 2.0 * axes * sizeof(T), &largest, [&](Range pixels, T *value) {
    T top = 0;
    for (int32_t j = pixels.from; j < pixels.to; ++j) {
      T length = 0;
      for (int32_t k = 0; k < axes; ++k) {
        X(j, k) *= b.svd.s[k];
        length += X(j, k) * X(j, k);
      }
      top = max_of(top, length);
    }
    *value = top;
    return pixels.from;
  });
  const T constant = sqrt_of(largest);
  by_pieces(s.par, s.pixels, 1, sizeof(T), [&](Range pixels, int32_t) {
    for (int32_t j = pixels.from; j < pixels.to; ++j) X(j, axes) = constant;
  });
}

// v, less its parts along the first `count` columns of Q, of length about one before.  False where that leaves
// rounding.
template <class T>
static bool leaves_direction(Mat<T> Q, int32_t count, T *v) {
  T top = 0, before = 0, after = 0;
  for (int32_t k = 0; k < Q.rows; ++k) top = max_of(top, abs_of(v[k]));
  if (!(top > Real<T>::tiny)) return false;
  for (int32_t k = 0; k < Q.rows; ++k) {
    v[k] /= power_of_two(top);
    before += v[k] * v[k];
  }
  remove_parts(Q, count, v);
  for (int32_t k = 0; k < Q.rows; ++k) after += v[k] * v[k];
  const T rounding = T(64) * Real<T>::eps;
  return after > rounding * rounding * before;
}

// To b.f: direction i less its part in the span of the pixels chosen before, or where that leaves nothing an axis.
template <class T>
bool EndmembersJob<T>::find_direction(View<T> directions, int32_t draw, int32_t i) {
  const int32_t r = s.rank, found = r > 1 ? orthonormal_basis(b.chosen, max_of(i, 1), -1, b.normal) : 0;
  const Rng rng(s.seed, 0x564341);
  const uint64_t first = (uint64_t(draw) * uint64_t(r) + uint64_t(i)) * uint64_t(r);
  for (int32_t axis = -1; axis < r; ++axis) {
    for (int32_t k = 0; k < r; ++k) {
      const T drawn = directions.data ? directions(k, i) : T(rng.uniform(first + uint64_t(k)));
      b.f[k] = axis < 0 ? drawn : T(k == axis);
    }
    if (leaves_direction(b.normal, found, b.f)) return true;
  }
  return false;
}

// Each pixel the one farthest along a direction.  False where a pixel came twice: the others are in the span of those
// chosen.
template <class T>
bool EndmembersJob<T>::choose_by_directions(View<T> directions, int32_t draw) {
  fill(b.chosen, T(0));
  b.chosen(s.rank - 1, 0) = T(1);
  for (int32_t i = 0; i < s.rank; ++i) {
    T value;
    if (!find_direction(directions, draw, i)) return false;
    b.found[i] = farthest(s.par, reduced(), b.f, &value);
    for (int32_t k = 0; k < i; ++k)
      if (b.found[k] == b.found[i]) return false;
    choose(i, b.found[i]);
  }
  return true;
}

// The logarithm of the volume that the chosen pixels span with the origin.  They lie in one hyperplane, so it is that
// of their simplex but for a constant.
template <class T>
double EndmembersJob<T>::log_volume() {
  const int32_t r = s.rank;
  double sum = 0;
  for (int32_t i = 0; i < r; ++i) {
    for (int32_t k = 0; k < r; ++k) b.f[k] = b.chosen(k, i);
    const int32_t before = i > 0 ? orthonormal_basis(b.chosen, i, -1, b.normal) : 0;
    remove_parts(b.normal, before, b.f);
    double squares = 0;
    for (int32_t k = 0; k < r; ++k) squares += double(b.f[k]) * double(b.f[k]);
    if (!(squares > 0)) return -1e300;
    sum += 0.5 * log(squares);
  }
  return sum;
}

// To b.found: of several draws the one with the largest simplex, for a single one may miss a corner.  False where the
// pixels span none.
template <class T>
bool EndmembersJob<T>::choose_largest(View<T> directions) {
  const int32_t r = s.rank, draws = directions.data ? 1 : s.draws;
  if (!choose_by_directions(directions, 0)) return false;
  if (draws == 1) return true;
  double largest = log_volume();
  for (int32_t i = 0; i < r; ++i) b.best[i] = b.found[i];
  for (int32_t draw = 1; draw < draws; ++draw) {
    if (!choose_by_directions(directions, draw)) continue;
    const double volume = log_volume();
    if (!(volume > largest)) continue;
    largest = volume;
    for (int32_t i = 0; i < r; ++i) b.best[i] = b.found[i];
  }
  for (int32_t i = 0; i < r; ++i) b.found[i] = b.best[i];
  return true;
}

// e projected on the subspace: what was chosen, less the noise outside of it.
template <class T>
void EndmembersJob<T>::project_spectrum(bool projective, T *e) const {
  const Mat<T> U = b.svd.U;
  const int32_t axes = projective ? s.rank : s.rank - 1;
  const auto origin = [&](int32_t i) { return projective ? T(0) : b.mean[i]; };
  for (int32_t k = 0; k < axes; ++k) {
    T dot = 0;
    for (int32_t i = 0; i < s.bands; ++i) dot += U(i, k) * (e[i] - origin(i));
    b.f[k] = dot;
  }
  for (int32_t i = 0; i < s.bands; ++i) {
    T t = origin(i);
    for (int32_t k = 0; k < axes; ++k) t += U(i, k) * b.f[k];
    e[i] = t;
  }
}

template <class T>
Status EndmembersJob<T>::vca(View<T> directions, double squares) {
  if (directions.data && !all_finite<T>(directions)) return E_DATA;
  find_mean();
  find_axes(b.mean);
  const bool projective = is_projective(squares);
  if (projective) find_axes(nullptr);
  if (!spans(projective ? s.rank : s.rank - 1)) return E_DATA;
  if (projective) make_projective();
  else make_affine();
  if (!choose_largest(directions)) return E_DATA;
  for (int32_t i = 0; i < s.rank; ++i) {
    pixel[i] = b.found[i];
    Y.column(pixel[i], E.col(i));
    project_spectrum(projective, E.col(i));
  }
  return OK;
}

#define INSTANTIATE(T) template struct EndmembersJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
