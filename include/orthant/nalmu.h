/** @file orthant/nalmu.h
 * Orthant: NALMU, multiplicative updates with learned multipliers.  A part of orthant.h, readable alone.
 * Its training: orthant/experimental.h. */
#ifndef ORTHANT_NALMU_H
#define ORTHANT_NALMU_H

#include "../orthant.h"
#include "models.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- NALMU ------------------------------------------------------------------------------------------------------ */

#define ORTHANT_NALMU_ONE 1  /**< W is given and stays: nonnegative least squares */
#define ORTHANT_NALMU_BOTH 2 /**< W and H are updated */

/** What to factor.  Without a model all multipliers are one: multiplicative updates as they are. */
typedef struct orthant_nalmu_config {
  uint32_t size;         /**< required: sizeof this struct */
  int32_t bands, pixels; /**< required: Y is bands x pixels */
  int32_t endmembers;    /**< columns of W; 0: the model's; required without a model */
  int32_t layers;        /**< how many of the model's; 0: all; required without a model */
  int32_t factors;       /**< ORTHANT_NALMU_...; 0: the model's, without one BOTH */
  int32_t given;         /**< 1: start from W and H as the caller left them; 0: H starts constant, W from the model's
                              own start, or as the caller left it where the model has none */
  int32_t reserved;
  const struct orthant_model *model; /**< of kind ORTHANT_MODEL_NALMU or RALMU, or null; it must outlive the handle */
  const orthant_parallel *parallel;  /**< your threads; null: serial */
} orthant_nalmu_config;
typedef struct orthant_nalmu_f32 orthant_nalmu_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_nalmu_f64 orthant_nalmu_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_nalmu_config_problem(const orthant_nalmu_config *c, char *text, size_t room);

/** Bytes of workspace.   OK | E_ARG | E_BLOB (another kind of model, or one that does not fit these sizes) */
ORTHANT_API orthant_status orthant_nalmu_size_f32(const orthant_nalmu_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB.   Cost: one reading of the weights */
ORTHANT_API orthant_status orthant_nalmu_init_f32(const orthant_nalmu_config *c, void *mem, size_t bytes,
                                                  orthant_nalmu_f32 **out);
/** Run all layers, a fixed amount of work.
 *   W <- clip(W . A_W . (Y H') / (W H H')),   H <- clip(H . A_H . (W'Y) / (W'W H))   in each layer, products and
 *   quotients with . and / entry by entry, approaching  minimise 1/2 |Y - W H|^2  over W, H >= 0.  A_W is one number a
 *   component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H
 *   Y  in      bands x pixels, dense; finite, nonnegative, in the unit that the model was trained on
 *   W  in/out  bands x endmembers, ldw >= bands; only read where one factor is updated
 *   H  out     endmembers x pixels, ldh >= endmembers; in too with `given`
 *   Y, W and H must not overlap
 *   r  out     objective;  rel_error: |Y - W H| / |Y|;  kkt: the largest over the pixels of
 *              |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)), g = W'(W h - y): how far H is from the best one for this
 *              W
 *   OK | E_ARG | E_DATA
 *   Cost: with one factor bands * endmembers + layers * endmembers^2 multiply-adds a pixel, else
 *   layers * (2 * bands * endmembers + 2 * endmembers^2).  A null report saves about one layer
 *   Source: tools/docs/algorithms.md, "NALMU" */
ORTHANT_API orthant_status orthant_nalmu_run_f32(orthant_nalmu_f32 *s, const orthant_matrix_f32 *Y, float *W,
                                                 int32_t ldw, float *H, int32_t ldh, orthant_report *r);
ORTHANT_API orthant_status orthant_nalmu_size_f64(const orthant_nalmu_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_init_f64(const orthant_nalmu_config *c, void *mem, size_t bytes,
                                                  orthant_nalmu_f64 **out);
ORTHANT_API orthant_status orthant_nalmu_run_f64(orthant_nalmu_f64 *s, const orthant_matrix_f64 *Y, double *W,
                                                 int32_t ldw, double *H, int32_t ldh, orthant_report *r);

#ifdef __cplusplus
}
#endif

#endif
