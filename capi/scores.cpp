// orthant_scores_*: check, then call.
#include "fields.hpp"
#include "scores.hpp"

namespace orthant {

ORTHANT_FIELDS(scores, pixels,
               ORTHANT_IS(bands, up_to(INT32_MAX)) && ORTHANT_IS(endmembers, from(1, max_rank)) &&
               ORTHANT_IS(pixels, up_to(INT32_MAX)))

namespace {

Status read(const orthant_scores_config *given, orthant_scores_config *c) {
  return read_fields<scores_fields>(given, c) ? OK : E_ARG;
}

Status scores_size(const orthant_scores_config *given, size_t *bytes) {
  orthant_scores_config c;
  if (!bytes) return E_ARG;
  if (const Status st = read(given, &c); st != OK) return st;
  Carver carve;
  ScoreBlocks blocks;
  blocks.layout(carve, c.endmembers);
  return carve.total(bytes) ? OK : E_ARG;
}

template <class T>
Status scores(const orthant_scores_config *given, void *mem, size_t bytes, const T *E, int32_t lde, const T *E_true,
              int32_t ldet, const T *A, int32_t lda, const T *A_true, int32_t ldat, int32_t *match, double *angle,
              orthant_scores *out) {
  orthant_scores_config c;
  size_t needed = 0;
  if (const Status st = read(given, &c); st != OK) return st;
  const int32_t n = c.endmembers;
  if (!mem || (!E && !A) || !E != !E_true || !A != !A_true ||
      (out && out->size < ORTHANT_THROUGH(orthant_scores, reserved)))
    return E_ARG;
  if (E && (!good_array(E, c.bands, n, lde) || !good_array(E_true, c.bands, n, ldet))) return E_ARG;
  if (A && (!good_array(A, n, c.pixels, lda) || !good_array(A_true, n, c.pixels, ldat))) return E_ARG;
  if (const Status st = scores_size(given, &needed); st != OK) return st;
  void *base = Carver::align(mem, bytes, needed);
  if (!base) return E_SCRATCH;
  Carver carve(base);
  ScoreBlocks blocks;
  blocks.layout(carve, n);
  const auto view = [](const T *data, int32_t rows, int32_t cols, int32_t ld) {
    return data ? Mat<const T>{data, rows, cols, ld} : Mat<const T>{};
  };
  Scores s;
  const Status st = score<T>(blocks, n, view(E, c.bands, n, lde), view(E_true, c.bands, n, ldet),
                             view(A, n, c.pixels, lda), view(A_true, n, c.pixels, ldat), angle, &s);
  if (st != OK) return st;
  if (match) memcpy(match, blocks.match, size_t(n) * sizeof *match);
  if (out) write_struct({0, 0, s.mean_angle, s.rmse, s.armse}, out);
  return OK;
}

}  // namespace
}  // namespace orthant

#define SCORES(T, S)                                                                                         \
  orthant_status orthant_scores_size_##S(const orthant_scores_config *c, size_t *bytes) {                    \
    return orthant::scores_size(c, bytes);                                                                   \
  }                                                                                                          \
  orthant_status orthant_scores_run_##S(const orthant_scores_config *c, void *mem, size_t bytes, const T *E, \
                                        int32_t lde, const T *E_true, int32_t ldet, const T *A, int32_t lda, \
                                        const T *A_true, int32_t ldat, int32_t *match, double *angle,        \
                                        orthant_scores *out) {                                               \
    return orthant::scores<T>(c, mem, bytes, E, lde, E_true, ldet, A, lda, A_true, ldat, match, angle, out); \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(scores, orthant::scores_fields, orthant_scores_size_f32)
SCORES(float, f32)
#ifdef ORTHANT_F64
SCORES(double, f64)
#endif
}
