// A synthetic hyperspectral scene with known truth.
#pragma once
#include "mat.hpp"
#include "real.hpp"

namespace orthant {

constexpr int32_t scene_materials = 8;
const char *scene_name(int32_t material);  // null outside [0, 8)

struct SceneConfig {
  int32_t bands, lines, samples, endmembers;
  uint64_t seed;
  double snr_db;  // 0: 30; < 0: no noise
  void resolve() { snr_db = snr_db == 0 ? 30 : snr_db; }
};

// wavelength (bands), E (bands x endmembers), A (endmembers x pixels), Y (bands x pixels); pixel = sample +
// samples*line
template <class T>
void make_scene(const SceneConfig &c, T *wavelength, Mat<T> E, Mat<T> A, Mat<T> Y);

}  // namespace orthant
