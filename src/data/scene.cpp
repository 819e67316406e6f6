#include "scene.hpp"

#include "rng.hpp"

namespace orthant {

const char *scene_name(int32_t material) {
  static const char *const names[scene_materials] = {"vegetation", "soil", "water",     "asphalt",
                                                     "roof tile",  "sand", "dry grass", "concrete"};
  return material >= 0 && material < scene_materials ? names[material] : nullptr;
}

namespace {

constexpr int32_t water_material = 2, asphalt_material = 3;

double bell(double w, double center, double width) {
  const double t = (w - center) / width;
  return exp(-0.5 * t * t);
}
double step(double w, double center, double width) { return 1 / (1 + exp(-(w - center) / width)); }
// What the water bound in a material leaves of the light: overtones of the O-H stretch at 1.45 and 1.94 micrometres.
double moisture(double w, double depth) { return 1 - depth * (0.7 * bell(w, 1.45, 0.055) + bell(w, 1.94, 0.07)); }

// Reflectance at w micrometres.  The positions of edges and bands are those of field spectra (red edge at 0.72, iron
// oxide near 0.87, clay at 2.2, lignin and cellulose at 2.1, carbonate at 2.34); levels and widths are round numbers.
double reflectance(int32_t material, double w) {
  switch (material) {
    case 0: {  // vegetation: chlorophyll, the red edge, leaf water
      const double visible = 0.035 + 0.075 * bell(w, 0.55, 0.035), edge = step(w, 0.72, 0.016);
      const double leaf = (0.5 - 0.13 * (w - 0.8)) * (1 - 0.08 * bell(w, 0.97, 0.03) - 0.13 * bell(w, 1.2, 0.05));
      return visible * (1 - edge) + edge * leaf * moisture(w, 0.82) * (1 - 0.45 * step(w, 1.85, 0.12));
    }
    case 1:  // soil: rises with iron oxide, clay at 2.2
      return (0.06 + 0.30 * (1 - exp(-1.6 * (w - 0.35)))) * (1 - 0.1 * bell(w, 0.87, 0.06)) * moisture(w, 0.25) *
             (1 - 0.14 * bell(w, 2.2, 0.035));
    case 2:  // water: a little blue and green, nothing beyond
      return 0.006 + 0.075 * bell(w, 0.5, 0.11) * (1 - step(w, 0.72, 0.03));
    case 3:  // asphalt: dark, slowly rising
      return 0.065 + 0.045 * (w - 0.4) - 0.012 * bell(w, 2.31, 0.05);
    case 4:  // roof tile: red clay
      return (0.07 + 0.33 * step(w, 0.59, 0.028) + 0.07 * step(w, 1.05, 0.15)) * (1 - 0.13 * bell(w, 0.87, 0.07)) *
             moisture(w, 0.08);
    case 5:  // sand: bright quartz
      return (0.12 + 0.46 * (1 - exp(-2.9 * (w - 0.37)))) * moisture(w, 0.13) * (1 - 0.05 * bell(w, 2.2, 0.03));
    case 6:  // dry grass: no chlorophyll, lignin and cellulose
      return (0.07 + 0.42 * (1 - exp(-2.2 * (w - 0.38)))) * moisture(w, 0.3) * (1 - 0.16 * bell(w, 2.1, 0.05)) *
             (1 - 0.12 * bell(w, 2.3, 0.03)) * (1 - 0.22 * step(w, 1.8, 0.2));
    default:  // concrete: flat, carbonate
      return (0.24 + 0.1 * step(w, 0.5, 0.06)) * moisture(w, 0.12) * (1 - 0.12 * bell(w, 2.34, 0.035));
  }
}

// Value noise in about [-1, 1]: random numbers on a lattice, smoothly interpolated, three octaves.
double noise(const Rng &rng, double x, double y) {
  double sum = 0, weight = 1;
  for (int octave = 0; octave < 3; ++octave) {
    const double fx = floor(x), fy = floor(y);
    const double tx = x - fx, ty = y - fy, sx = tx * tx * (3 - 2 * tx), sy = ty * ty * (3 - 2 * ty);
    const auto at = [&](int i, int j) {
      const uint64_t a = uint64_t(int64_t(fx) + i + 4096), b = uint64_t(int64_t(fy) + j + 4096);
      return 2 * rng.uniform((uint64_t(octave) << 40) + (a << 20) + b) - 1;
    };
    const double top = at(0, 0) + sx * (at(1, 0) - at(0, 0)), low = at(0, 1) + sx * (at(1, 1) - at(0, 1));
    sum += weight * (top + sy * (low - top));
    weight *= 0.45;
    x *= 2.1;
    y *= 2.1;
  }
  return sum;
}

// Where a river and a road cross the scene.
struct Course {
  double river_phase, river_at, road_slope, road_at;
  explicit Course(const Rng &rng)
      : river_phase(6.28 * rng.uniform(0)), river_at(0.25 + 0.5 * rng.uniform(1)), road_slope(rng.uniform(2) - 0.5),
        road_at(0.25 + 0.5 * rng.uniform(3)) {}

  // What a field is changed to by how near the river or the road is.
  double water(double field, double x, double y) const {
    const double bank = river_at + 0.1 * sin(5 * x + river_phase) + 0.03 * sin(13 * x) - y;
    return field * 0.5 - 6 + 18 * exp(-bank * bank / (2 * 0.035 * 0.035));
  }
  double asphalt(double field, double x, double y) const {
    const double side = x - road_at - road_slope * y;
    return field * 0.5 - 6 + 19 * exp(-side * side / (2 * 0.014 * 0.014));
  }
};

// One smooth random field a material, converted to fractions by a steep softmax, so that a scene has pure regions and
// mixed borders.  Fractions below one percent are zero.
void fractions(const SceneConfig &c, const Course &course, double x, double y, double *value) {
  double top = -1e9, sum = 0, kept = 0;
  for (int32_t k = 0; k < c.endmembers; ++k) {
    value[k] = 9 * noise(Rng(c.seed, 16 + uint64_t(k)), 4.5 * x, 4.5 * y);
    if (k == water_material) value[k] = course.water(value[k], x, y);
    if (k == asphalt_material) value[k] = course.asphalt(value[k], x, y);
    top = max_of(top, value[k]);
  }
  for (int32_t k = 0; k < c.endmembers; ++k) {
    value[k] = exp(value[k] - top);
    sum += value[k];
  }
  for (int32_t k = 0; k < c.endmembers; ++k) {
    if (value[k] < 0.01 * sum) value[k] = 0;
    kept += value[k];
  }
  for (int32_t k = 0; k < c.endmembers; ++k) value[k] /= kept;
}

template <class T>
void add_noise(const SceneConfig &c, double power, Mat<T> Y) {
  if (c.snr_db < 0) return;
  const double sigma = sqrt(power / Y.cols / c.bands * pow(10.0, -c.snr_db / 10));
  const Rng sensor(c.seed, 2);
  for (int32_t j = 0; j < Y.cols; ++j)
    for (int32_t i = 0; i < c.bands; ++i) {
      const double y = double(Y(i, j)) + sigma * sensor.normal(uint64_t(j) * uint64_t(c.bands) + uint64_t(i));
      Y(i, j) = T(max_of(y, 0.0));
    }
}

}  // namespace

template <class T>
void make_scene(const SceneConfig &c, T *wavelength, Mat<T> E, Mat<T> A, Mat<T> Y) {
  for (int32_t i = 0; i < c.bands; ++i) {
    const double w = c.bands > 1 ? 0.4 + 2.1 * i / (c.bands - 1) : 0.4;
    wavelength[i] = T(w);
    for (int32_t k = 0; k < c.endmembers; ++k) E(i, k) = T(reflectance(k, w));
  }
  const double size = 1.0 / max_of(c.lines, c.samples);
  const Course course(Rng(c.seed, 1));
  double power = 0;
  for (int32_t line = 0; line < c.lines; ++line)
    for (int32_t sample = 0; sample < c.samples; ++sample) {
      const int32_t pixel = sample + c.samples * line;
      double value[scene_materials];
      fractions(c, course, sample * size, line * size, value);
      for (int32_t k = 0; k < c.endmembers; ++k) A(k, pixel) = T(value[k]);
      for (int32_t i = 0; i < c.bands; ++i) {
        double mixed = 0;
        for (int32_t k = 0; k < c.endmembers; ++k) mixed += double(E(i, k)) * double(A(k, pixel));
        Y(i, pixel) = T(mixed);
        power += mixed * mixed;
      }
    }
  add_noise(c, power, Y.columns(0, c.lines * c.samples));
}

#define INSTANTIATE(T) template void make_scene<T>(const SceneConfig &, T *, Mat<T>, Mat<T>, Mat<T>);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
