/** @file orthant/dimension.h
 * Orthant: how many endmembers an image has.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_DIMENSION_H
#define ORTHANT_DIMENSION_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- How many endmembers ---------------------------------------------------------------------------------------- */

#define ORTHANT_DIMENSION_HYSIME 1 /**< the subspace with the least error of signal and noise [Bioucas-Dias and
                                        Nascimento 2008]; the default */
#define ORTHANT_DIMENSION_HFC 2    /**< virtual dimensionality [Harsanyi, Farrand and Chang 1994; Chang and Du 2004].
                                        Reads false_alarm */
#define ORTHANT_DIMENSION_NWHFC 3  /**< the same after each band is divided by its noise [Chang and Du 2004].  Reads
                                        false_alarm */

/** How to count. */
typedef struct orthant_dimension_config {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t bands;      /**< required */
  int32_t method;     /**< ORTHANT_DIMENSION_...; 0: HYSIME */
  int32_t reserved;
  double false_alarm; /**< the probability that a noise eigenvalue is counted, in (0, 0.5); 0: 1e-3 */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_dimension_config;
typedef struct orthant_dimension_f32 orthant_dimension_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_dimension_f64 orthant_dimension_f64; /**< a handle, in the caller's buffer */

/** Bytes of workspace: four matrices of bands x bands, in double on a host.  They do not grow with the pixels.
 *   OK | E_ARG */
ORTHANT_API orthant_status orthant_dimension_size_f32(const orthant_dimension_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_dimension_init_f32(const orthant_dimension_config *c, void *mem, size_t bytes,
                                                      orthant_dimension_f32 **out);
/** Count the spectra that Y is mixed from.  With R = Y Y' / pixels and P = R^-1, regression of band i on all others
 * leaves noise of variance 1 / P_ii.
 *   HYSIME  counts the eigenvectors q of the signal's correlation with q'R q > 2 q'N q, N the noise variances plus
 *           1e-5 of the signal's mean power
 *   HFC     counts the bands k where the eigenvalue l_k of R exceeds that of the covariance, m_k, by more than
 *           t sqrt(2 / pixels (l_k^2 + m_k^2)), t the normal quantile of false_alarm; both sorted
 *   Y      in   bands x pixels, dense, finite, pixels > bands; any unit
 *   power  out  bands: what is compared, falling, in the unit of Y squared (NWHFC: without unit); for a plot
 *   limit  out  bands: what it must exceed
 *   noise  out  bands, or null: the standard deviation of each band's noise, in the unit of Y
 *   count  out  how many exceed it: HYSIME and HFC of an image of one material in many brightnesses say 1
 *   no output overlaps another array
 *   OK | E_ARG | E_DATA
 *   Cost: pixels * bands^2 / 2 multiply-adds, then about 10 bands^3
 *   Source: tools/docs/algorithms.md, "How many endmembers" */
ORTHANT_API orthant_status orthant_dimension_run_f32(orthant_dimension_f32 *s, const orthant_matrix_f32 *Y,
                                                     double *power, double *limit, double *noise, int32_t *count);

ORTHANT_API orthant_status orthant_dimension_size_f64(const orthant_dimension_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_dimension_init_f64(const orthant_dimension_config *c, void *mem, size_t bytes,
                                                      orthant_dimension_f64 **out);
ORTHANT_API orthant_status orthant_dimension_run_f64(orthant_dimension_f64 *s, const orthant_matrix_f64 *Y,
                                                     double *power, double *limit, double *noise, int32_t *count);

#ifdef __cplusplus
}
#endif

#endif
