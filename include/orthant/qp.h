/** @file orthant/qp.h
 * Orthant: one nonnegative quadratic program.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_QP_H
#define ORTHANT_QP_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Nonnegative quadratic programs ----------------------------------------------------------------------------- */

/** What to solve.  All but `n` may stay zero. */
typedef struct orthant_qp_config {
  uint32_t size;        /**< required: sizeof this struct */
  int32_t n;            /**< required */
  int32_t rule;         /**< advanced: ORTHANT_QP_...; 0: LEE_SEUNG */
  int32_t max_iter;     /**< of one run; 0: 1000; < 0: none, the report only */
  int32_t full_step;    /**< advanced: 1: steps of length one within the boundary, in the place of the minimiser */
  int32_t reserved;
  double tol;           /**< stop when kkt <= tol; 0, < 0: none */
  double tau, anneal;   /**< advanced: tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5 and 0.25; anneal < 0: none */
  double zero_tol;      /**< entries at or below it become zero; 0: 1e-9; < 0: none */
  double min_step;      /**< stop when no entry changes by more; 0: 1e-9; < 0: none */
  orthant_progress_fn progress;     /**< called between iterations, or null */
  void *user;                       /**< passed on to `progress` */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_qp_config;
typedef struct orthant_qp_f32 orthant_qp_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_qp_f64 orthant_qp_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_qp_config_problem(const orthant_qp_config *c, char *text, size_t room);

/** Bytes of workspace: 3 n elements, 4 n for LEMMA_B.   OK | E_ARG */
ORTHANT_API orthant_status orthant_qp_size_f32(const orthant_qp_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_qp_init_f32(const orthant_qp_config *c, void *mem, size_t bytes,
                                               orthant_qp_f32 **out);
/** Iterate from x; call it again to go on.
 *   minimise 1/2 x'G x + d'x  over x >= 0
 * by x + alpha h: alpha is the minimiser along h, or tau times the way to the boundary where that is less, and tau
 * grows towards one.  The objective never rises.
 *   G  in      n x n, ldg >= n; nonnegative; symmetric: an entry that differs from its mirror image by more than
 *              half the digits, 3e-4 in f32 and 1e-8 in f64 of the larger of the two, is E_DATA
 *   d  in      n
 *   x  in/out  n, nonnegative; a zero stays zero with LEE_SEUNG, COMPLEMENTARITY and SQRT; must not overlap G or d
 *   r  out     iters: steps that moved x;  objective;  kkt: the root of the sum of p_i^2 / G_ii over the sum of
 *              d_i^2 / G_ii, where G_ii > 0, with p the projected gradient (g where g < 0 or x > 0, else 0)
 *   OK | E_ARG | E_DATA
 *   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B
 *   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); tools/docs/algorithms.md, "GIQPM" */
ORTHANT_API orthant_status orthant_qp_run_f32(orthant_qp_f32 *s, const float *G, int32_t ldg, const float *d, float *x,
                                              orthant_report *r);

ORTHANT_API orthant_status orthant_qp_size_f64(const orthant_qp_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_qp_init_f64(const orthant_qp_config *c, void *mem, size_t bytes,
                                               orthant_qp_f64 **out);
ORTHANT_API orthant_status orthant_qp_run_f64(orthant_qp_f64 *s, const double *G, int32_t ldg, const double *d,
                                              double *x, orthant_report *r);

/* ---- Advanced: directions --------------------------------------------------------------------------------------- */

/** @defgroup orthant_qp_advanced Advanced: directions
 * @{
 * The directions h of an interior gradient step, with g = G x + d.  Products and quotients are taken entry by entry,
 * and G x <= 0 counts as 1 in a denominator.  LEE_SEUNG, COMPLEMENTARITY and SQRT never leave a zero; a rule but ESCAPE
 * may stop at a boundary that blocks it. */
#define ORTHANT_QP_LEE_SEUNG 1       /**< h = -g x / (G x); the default; fixed points: x g = 0 */
#define ORTHANT_QP_ESCAPE 2          /**< the same, and max(-g, 0) where x = 0; fixed points: the minimiser */
#define ORTHANT_QP_COMPLEMENTARITY 3 /**< h = -g x */
#define ORTHANT_QP_SQRT 4            /**< h = -g sqrt(x) */
#define ORTHANT_QP_STEEPEST 5        /**< h = -g */
#define ORTHANT_QP_LEMMA_B 6         /**< h = -g b / (G b), b = max(x + d / diag(G), 0) */
/** @} */

#ifdef __cplusplus
}
#endif

#endif
