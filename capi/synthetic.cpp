// orthant_scene_*, orthant_factors_* and orthant_mixtures_*: check, then call.
#include "factor_sample.hpp"
#include "mixtures.hpp"
#include "scene.hpp"
#include "train.hpp"

namespace orthant {

ORTHANT_FIELDS(scene, endmembers,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(lines, at_least(1)) && ORTHANT_IS(samples, at_least(1)) &&
               ORTHANT_IS(endmembers, from(2, scene_materials)) && ORTHANT_IS(reserved, reserved_zero) &&
               ORTHANT_IS(snr_db, finite))
ORTHANT_FIELDS(factors, set,
               ORTHANT_IS(rank, up_to(1 << 12)) && ORTHANT_IS(set, up_to(ORTHANT_FACTORS_LARGE)) &&
               ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(noise, finite))
ORTHANT_FIELDS(mixtures, spectra,
               ORTHANT_IS(bands, at_least(1)) && ORTHANT_IS(endmembers, from(1, max_rank)) &&
               ORTHANT_IS(lines, at_least(1)) && ORTHANT_IS(samples, at_least(1)) &&
               ORTHANT_IS(spectra, at_least(1)) && ORTHANT_IS(abundances, up_to(ORTHANT_ABUNDANCES_MAPS)) &&
               ORTHANT_IS(active, up_to(INT32_MAX)) && ORTHANT_IS(unit, a_switch) &&
               ORTHANT_IS(map_columns, at_least(c.abundances == ORTHANT_ABUNDANCES_MAPS ? 1 : INT32_MIN)) &&
               ORTHANT_IS(alpha, zero_to(1e6)) && ORTHANT_IS(snr_db, finite) && ORTHANT_IS(spread, finite_below(1)))

namespace {

ORTHANT_SAME(Abundances::dirichlet, ABUNDANCES_DIRICHLET);
ORTHANT_SAME(Abundances::dead_leaves, ABUNDANCES_DEAD_LEAVES);
ORTHANT_SAME(Abundances::maps, ABUNDANCES_MAPS);
ORTHANT_SAME(FactorSet::training, FACTORS_TRAINING);
ORTHANT_SAME(FactorSet::small, FACTORS_SMALL);
ORTHANT_SAME(FactorSet::large, FACTORS_LARGE);

template <class T>
Status scene(const orthant_scene_config *given, T *wavelength, T *E, int32_t lde, T *A, int32_t lda, T *Y,
             int32_t ldy) {
  orthant_scene_config c;
  int32_t pixels = 0;
  if (!read_fields<scene_fields>(given, &c) || __builtin_mul_overflow(c.lines, c.samples, &pixels) || !wavelength ||
      !good_array(E, c.bands, c.endmembers, lde) || !good_array(A, c.endmembers, pixels, lda) ||
      !good_array(Y, c.bands, pixels, ldy))
    return E_ARG;
  SceneConfig config{c.bands, c.lines, c.samples, c.endmembers, c.seed, c.snr_db};
  config.resolve();
  make_scene<T>(config, wavelength, {E, c.bands, c.endmembers, lde}, {A, c.endmembers, pixels, lda},
                {Y, c.bands, pixels, ldy});
  return OK;
}

template <class T>
Status factors(const orthant_factors_config *given, uint64_t index, int32_t *rows, int32_t *cols, T *V,
               size_t capacity) {
  orthant_factors_config c;
  if (!read_fields<factors_fields>(given, &c) || !rows || !cols || index > UINT64_MAX >> 10) return E_ARG;
  FactorSample sample;
  sample.seed = c.seed;
  sample.index = index;
  sample.set = FactorSet(c.set);
  sample.rank = c.rank;
  sample.noise = c.noise;
  sample.resolve();
  int32_t m = 0, n = 0;
  sample.sizes(&m, &n);
  if (V && capacity < size_t(m) * size_t(n)) return E_SCRATCH;
  *rows = m;
  *cols = n;
  if (V) sample.draw(Mat<T>{V, m, n, m});
  return OK;
}

template <class T>
Status mixtures(const orthant_mixtures_config *given, uint64_t index, int32_t count, const T *S, int32_t lds,
                const int32_t *group, const T *maps, T *Y, T *W, T *H) {
  orthant_mixtures_config c;
  MixturesConfig m;
  if (!read_fields<mixtures_fields>(given, &c, &m.par)) return E_ARG;
  int32_t pixels = 0, all_pixels = 0, all_members = 0;
  if (count < 1 || index > UINT64_MAX >> 13 || (!group && (c.spectra < c.endmembers || c.spectra > 1 << 24)) ||
      __builtin_mul_overflow(c.lines, c.samples, &pixels) ||
      __builtin_mul_overflow(pixels, count, &all_pixels) || __builtin_mul_overflow(c.endmembers, count, &all_members) ||
      !good_array(S, c.bands, c.spectra, lds) || !good_array(Y, c.bands, all_pixels, c.bands) ||
      !good_array(W, c.bands, all_members, c.bands) || !good_array(H, c.endmembers, all_pixels, c.endmembers))
    return E_ARG;
  if (c.abundances == ORTHANT_ABUNDANCES_MAPS &&
      !good_array(maps, c.endmembers, c.map_columns, c.endmembers))
    return E_ARG;
  for (int32_t k = 0; group && k < c.endmembers; ++k) {
    int32_t members = 0;
    for (int32_t j = 0; j < c.spectra; ++j) members += group[j] == k;
    if (members == 0) return E_ARG;
  }
  for (int32_t j = 0; j < c.spectra; ++j)
    if (!nonnegative(S + ptrdiff_t(lds) * j, size_t(c.bands))) return E_DATA;
  if (c.abundances == ORTHANT_ABUNDANCES_MAPS && !nonnegative(maps, size_t(c.endmembers) * size_t(c.map_columns)))
    return E_DATA;
  m.bands = c.bands;
  m.endmembers = c.endmembers;
  m.lines = c.lines;
  m.samples = c.samples;
  m.spectra = c.spectra;
  m.abundances = Abundances(c.abundances);
  m.active = c.active;
  m.unit = c.unit;
  m.alpha = c.alpha;
  m.snr_db = c.snr_db;
  m.spread = max_of(c.spread, 0.0);
  m.seed = c.seed;
  m.resolve();
  make_mixtures<T>(m, index, count, {S, c.bands, c.spectra, lds}, group,
                   {maps, c.endmembers, c.map_columns, c.endmembers},
                   {Y, c.bands, all_pixels, c.bands}, {W, c.bands, all_members, c.bands},
                   {H, c.endmembers, all_pixels, c.endmembers});
  return OK;
}

}  // namespace
}  // namespace orthant

#define SYNTHETIC(T, S)                                                                                       \
  orthant_status orthant_scene_run_##S(const orthant_scene_config *c, T *wavelength, T *E, int32_t lde, T *A, \
                                       int32_t lda, T *Y, int32_t ldy) {                                      \
    return orthant::scene<T>(c, wavelength, E, lde, A, lda, Y, ldy);                                          \
  }                                                                                                           \
  orthant_status orthant_factors_run_##S(const orthant_factors_config *c, uint64_t index, int32_t *rows,      \
                                         int32_t *cols, T *V, size_t capacity) {                              \
    return orthant::factors<T>(c, index, rows, cols, V, capacity);                                            \
  }                                                                                                           \
  orthant_status orthant_mixtures_run_##S(const orthant_mixtures_config *c, uint64_t index, int32_t count,    \
                                          const T *Sp, int32_t lds, const int32_t *group, const T *maps,      \
                                          T *Y, T *W, T *H) {                                                 \
    return orthant::mixtures<T>(c, index, count, Sp, lds, group, maps, Y, W, H);                              \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(scene, orthant::scene_fields, nullptr)
ORTHANT_CONFIG_PROBLEM(factors, orthant::factors_fields, nullptr)
ORTHANT_CONFIG_PROBLEM(mixtures, orthant::mixtures_fields, nullptr)
const char *orthant_scene_name(int32_t endmember) { return orthant::scene_name(endmember); }
SYNTHETIC(float, f32)
#ifdef ORTHANT_F64
SYNTHETIC(double, f64)
#endif
}
