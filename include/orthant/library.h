/** @file orthant/library.h
 * Orthant: unmixing by a spectral library.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_LIBRARY_H
#define ORTHANT_LIBRARY_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Unmixing by a library -------------------------------------------------------------------------------------- */

/** What to unmix by.  All but `bands` and `spectra` may stay zero. */
typedef struct orthant_library_config {
  uint32_t size;          /**< required: sizeof this struct */
  int32_t bands, spectra; /**< required: rows and columns of E; spectra may be more than bands */
  int32_t sum_to_one;     /**< 1: abundances sum to one; l1 then changes nothing */
  int32_t max_iter;       /**< steps of the active set of one pixel; 0: 30 min(spectra, bands + 1) */
  int32_t reserved;
  double l1;              /**< weight of the sum of the abundances, for fewer of them; 0: none */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_library_config;
typedef struct orthant_library_f32 orthant_library_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_library_f64 orthant_library_f64; /**< a handle, in the caller's buffer */

/** Bytes of workspace: about spectra^2 doubles and a copy of the library; they do not grow with the pixels.
 *   OK | E_ARG */
ORTHANT_API orthant_status orthant_library_size_f32(const orthant_library_config *c, size_t *bytes);
/** Place a handle.
 *   E         in   bands x spectra, lde >= bands; finite; copied, each column scaled by a power of two, so that
 *                  spectra of very different brightness are found as well as others
 *   variance  in   bands, or null: the variance of each band's noise, positive, in the unit of Y squared
 *   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
 *   OK | E_ARG | E_SCRATCH | E_DATA
 *   Cost: bands * spectra^2 / 2 multiply-adds */
ORTHANT_API orthant_status orthant_library_init_f32(const orthant_library_config *c, const float *E, int32_t lde,
                                                    const float *variance, void *mem, size_t bytes,
                                                    orthant_library_f32 **out);
/** Abundances of the pixels of Y, exactly, and how certain they are.
 *   minimise 1/2 sum_i (y - E a)_i^2 / v_i + l1 1'a  over a >= 0, and 1'a = 1 if sum_to_one, for every column y of Y,
 *   v the variances, 1 where they are not given.  This is SUnSAL's problem, solved to its end by an active set
 *   Y   in   bands x pixels, dense; finite, in the unit of E
 *   A   out  spectra x pixels, lda >= spectra; fractions of the columns of E
 *   D   out  spectra x pixels, ldd >= spectra, or null: standard deviations of the abundances that are not zero, as
 *            least squares has them for the spectra in use, and zero elsewhere.  Without variances the noise of a pixel
 *            is |y - E a|^2 / (bands - spectra in use + sum_to_one); NaN where that has no denominator
 *   no output overlaps another array
 *   r   out  objective: the sum over the pixels;  rel_error: |Y - E A| / |Y|, weighted;  kkt, from the library itself
 *            and not from the Gram matrix: the largest over the pixels of
 *            |min(x, g)|_inf / (max_i |e_i| max(|y|, |E a|))
 *            with g the gradient, less its multiple of the constraint, both for spectra scaled to unit length within a
 *            factor of two;  worst: its pixel;  iters: most steps of any pixel
 *   OK | E_ARG | E_DATA (a pixel is not finite: its abundances are NaN, those of all others are valid)
 *   Cost of a pixel: 2 bands * spectra multiply-adds, and for each step spectra * spectra in use
 *   Source: Bioucas-Dias and Figueiredo 2010 (SUnSAL's problem); Lawson and Hanson 1974; tools/docs/algorithms.md,
 *   "Unmixing by a library" */
ORTHANT_API orthant_status orthant_library_run_f32(orthant_library_f32 *s, const orthant_matrix_f32 *Y, float *A,
                                                   int32_t lda, float *D, int32_t ldd, orthant_report *r);

ORTHANT_API orthant_status orthant_library_size_f64(const orthant_library_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_library_init_f64(const orthant_library_config *c, const double *E, int32_t lde,
                                                    const double *variance, void *mem, size_t bytes,
                                                    orthant_library_f64 **out);
ORTHANT_API orthant_status orthant_library_run_f64(orthant_library_f64 *s, const orthant_matrix_f64 *Y, double *A,
                                                   int32_t lda, double *D, int32_t ldd, orthant_report *r);

/* ---- MESMA ------------------------------------------------------------------------------------------------------ */

/** Which models to try, and what a model must be.  All but `bands`, `spectra` and `classes` may stay zero. */
typedef struct orthant_mesma_config {
  uint32_t size;                   /**< required: sizeof this struct */
  int32_t bands, spectra, classes; /**< required */
  int32_t least, most;             /**< how many classes a model has; 0: 1 and `classes` */
  int32_t sum_to_one;              /**< 1: fractions sum to one; 0: shade, which reflects nothing, is the rest */
  int32_t normalize;               /**< 1: every spectrum and every pixel is divided by its root mean square */
  double slack;                    /**< fractions lie in [-slack, 1 + slack]; 0: 0.05; < 0: none */
  double max_shade;                /**< shade is at most this; 0: 0.8; < 0: none */
  double max_rmse;                 /**< RMSE is at most this, in the unit of Y; 0: 0.025; < 0: none */
  double gain;                     /**< a model of more classes is taken where its RMSE is less by this; 0: 0.007;
                                        < 0: none */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_mesma_config;
typedef struct orthant_mesma_f32 orthant_mesma_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_mesma_f64 orthant_mesma_f64; /**< a handle, in the caller's buffer */

/** Bytes of workspace: about (2 + workers * most) spectra^2 doubles; they do not grow with the pixels.   OK | E_ARG */
ORTHANT_API orthant_status orthant_mesma_size_f32(const orthant_mesma_config *c, size_t *bytes);
/** Place a handle.
 *   E         in   bands x spectra, lde >= bands; finite; copied
 *   class_of  in   spectra: the class of each, in [0, classes); every class has one
 *   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
 *   OK | E_ARG | E_SCRATCH | E_DATA
 *   Cost: bands * spectra^2 / 2 multiply-adds */
ORTHANT_API orthant_status orthant_mesma_init_f32(const orthant_mesma_config *c, const float *E, int32_t lde,
                                                  const int32_t *class_of, void *mem, size_t bytes,
                                                  orthant_mesma_f32 **out);
/** The best model of each pixel of Y: one spectrum from each of some classes.
 *   minimise |y - E_M a|^2 over a, with 1'a = 1 if sum_to_one, for every model M; models whose fractions, shade
 *   1 - 1'a or RMSE |y - E_M a| / sqrt(bands) break a rule do not count.  From `least` classes on the best of so many
 *   classes is taken where it gains more than `gain` on that of fewer
 *   Y      in   bands x pixels, dense; finite, in the unit of E
 *   model  out  classes x pixels, ldm >= classes: the spectrum of each class, or -1 where the class is not in the model
 *   A      out  classes x pixels, lda >= classes: fractions, zero where the class is not in the model; NaN where the
 *               pixel has no model
 *   rms    out  pixels: the RMSE, with `normalize` of the normalized pixel; NaN where the pixel has no model
 *   no output overlaps another array
 *   r      out  objective: the sum of 1/2 |y - E a|^2;  rel_error: |Y - E A| / |Y|, both over the pixels with a model;
 *               worst: that of the largest RMSE;  iters: the most models that were tried for pixels side by side
 *   OK | E_ARG | E_DATA (a pixel is not finite: it has no model, those of all others are valid)
 *   Cost of a pixel: bands * spectra multiply-adds, then about 3 for each model
 *   Source: Roberts 1998; tools/docs/algorithms.md, "MESMA" */
ORTHANT_API orthant_status orthant_mesma_run_f32(orthant_mesma_f32 *s, const orthant_matrix_f32 *Y, int32_t *model,
                                                 int32_t ldm, float *A, int32_t lda, float *rms, orthant_report *r);

ORTHANT_API orthant_status orthant_mesma_size_f64(const orthant_mesma_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_mesma_init_f64(const orthant_mesma_config *c, const double *E, int32_t lde,
                                                  const int32_t *class_of, void *mem, size_t bytes,
                                                  orthant_mesma_f64 **out);
ORTHANT_API orthant_status orthant_mesma_run_f64(orthant_mesma_f64 *s, const orthant_matrix_f64 *Y, int32_t *model,
                                                 int32_t ldm, double *A, int32_t lda, double *rms, orthant_report *r);

/* ---- Bootstrap over a library ----------------------------------------------------------------------------------- */

/** What to draw.  All but `bands`, `spectra` and `classes` may stay zero. */
typedef struct orthant_bootstrap_config {
  uint32_t size;                   /**< required: sizeof this struct */
  int32_t bands, spectra, classes; /**< required */
  int32_t each;                    /**< spectra of each class in a draw, or all that it has; 0: 1 */
  int32_t draws;                   /**< 0: 50; at least 2 */
  int32_t sum_to_one;              /**< 1: abundances sum to one */
  int32_t reserved;
  uint64_t seed;                   /**< of the draws; every value is good */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_bootstrap_config;
typedef struct orthant_bootstrap_f32 orthant_bootstrap_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_bootstrap_f64 orthant_bootstrap_f64; /**< a handle, in the caller's buffer */

/** Bytes of workspace: those of orthant_library and spectra * draws doubles.   OK | E_ARG */
ORTHANT_API orthant_status orthant_bootstrap_size_f32(const orthant_bootstrap_config *c, size_t *bytes);
/** Place a handle, and draw.
 *   E         in   bands x spectra, lde >= bands; finite; copied
 *   class_of  in   spectra: the class of each, in [0, classes); every class has one
 *   variance  in   bands, or null: as at orthant_library_init; each draw then has noise of these variances too
 *   mem       the workspace of `bytes` bytes, at any address, cleared or not; it is the handle's until its last use
 *   OK | E_ARG | E_SCRATCH | E_DATA
 *   Cost: bands * spectra * (spectra / 2 + draws) multiply-adds */
ORTHANT_API orthant_status orthant_bootstrap_init_f32(const orthant_bootstrap_config *c, const float *E, int32_t lde,
                                                      const int32_t *class_of, const float *variance, void *mem,
                                                      size_t bytes, orthant_bootstrap_f32 **out);
/** Fractions of the classes and their scatter over the draws: how much depends on which spectra stand for a class.
 * Each draw solves, for every column y of Y and the spectra E_d that it has,
 *   minimise 1/2 sum_i (y + n_d - E_d a)_i^2 / v_i  over a >= 0, and 1'a = 1 if sum_to_one
 * and adds the abundances of each class.  Draws are the same for all pixels
 *   Y  in   bands x pixels, dense; finite, in the unit of E
 *   A  out  classes x pixels, lda >= classes: the mean over the draws
 *   D  out  classes x pixels, ldd >= classes: the standard deviation over the draws
 *   no output overlaps another array
 *   r  out  iters: most steps of any pixel and draw
 *   OK | E_ARG | E_DATA (a pixel is not finite: its fractions are NaN, those of all others are valid)
 *   Cost of a pixel: bands * spectra multiply-adds, then draws times a small active set
 *   Source: tools/docs/algorithms.md, "Bootstrap over a library" */
ORTHANT_API orthant_status orthant_bootstrap_run_f32(orthant_bootstrap_f32 *s, const orthant_matrix_f32 *Y, float *A,
                                                     int32_t lda, float *D, int32_t ldd, orthant_report *r);

ORTHANT_API orthant_status orthant_bootstrap_size_f64(const orthant_bootstrap_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_bootstrap_init_f64(const orthant_bootstrap_config *c, const double *E, int32_t lde,
                                                      const int32_t *class_of, const double *variance, void *mem,
                                                      size_t bytes, orthant_bootstrap_f64 **out);
ORTHANT_API orthant_status orthant_bootstrap_run_f64(orthant_bootstrap_f64 *s, const orthant_matrix_f64 *Y, double *A,
                                                     int32_t lda, double *D, int32_t ldd, orthant_report *r);

#ifdef __cplusplus
}
#endif

#endif
