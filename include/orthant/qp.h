/* Nonnegative quadratic programs. */
#ifndef ORTHANT_QP_H
#define ORTHANT_QP_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/*   minimise 1/2 x'G x + d'x  over x >= 0;   G n x n, symmetric and nonnegative
 * Interior gradient steps (GIQPM): with g = G x + d a direction h by one of six rules, then x + alpha h, where alpha is
 * the minimiser along h or tau times the way to the boundary, whichever is less; tau grows towards one.  The objective
 * never rises.  A rule without `escape` leaves a zero only where it says so, and may stop at a boundary that blocks it.
 * Multiplications and divisions by entry; G x <= 0 counts as 1 in a denominator. */
#define ORTHANT_QP_LEE_SEUNG 1       /* h = -g x / (G x); the default; fixed points: x g = 0                        */
#define ORTHANT_QP_ESCAPE 2          /* the same, and where x = 0: max(-g, 0); fixed points: the optimum            */
#define ORTHANT_QP_COMPLEMENTARITY 3 /* h = -g x                                                                   */
#define ORTHANT_QP_SQRT 4            /* h = -g sqrt(x)                                                             */
#define ORTHANT_QP_STEEPEST 5        /* h = -g                                                                     */
#define ORTHANT_QP_LEMMA_B 6         /* h = -g b / (G b), b = max(x + d / diag(G), 0)                              */
typedef struct orthant_qp_config {
  uint32_t size;
  int32_t n;                         /* required                                                                   */
  int32_t rule;                      /* ORTHANT_QP_...                                                             */
  int32_t max_iter;                  /* of one run; 0: 1000; < 0: no iteration, the report only                    */
  int32_t full_step, reserved;       /* 1: alpha = 1 within the boundary, in place of the minimiser                */
  double tol;                        /* stop when kkt <= tol; 0: off                                               */
  double tau, anneal;                /* tau in (0, 1), then tau += anneal (1 - tau); 0: 0.5, 0.25; anneal < 0: off */
  double zero_tol;                   /* entries at or below become zero; 0: 1e-9; < 0: off                         */
  double min_step;                   /* stop when no entry changes by more; 0: 1e-9; < 0: off                      */
  orthant_progress_fn progress;
  void *user;
  const orthant_parallel *parallel;  /* null: serial                                                               */
} orthant_qp_config;
typedef struct orthant_qp_f32 orthant_qp_f32;
typedef struct orthant_qp_f64 orthant_qp_f64;

/* Bytes of workspace: 3 n elements, 4 n for LEMMA_B. */
ORTHANT_API orthant_status orthant_qp_size_f32(const orthant_qp_config *c, size_t *bytes);
/* Place a handle.  OK | E_ARG | E_SCRATCH. */
ORTHANT_API orthant_status orthant_qp_init_f32(const orthant_qp_config *c, void *mem, size_t bytes, orthant_qp_f32 **out);
/* Iterate from x; call again to go on.
 *   G  in      n x n, ldg >= n; nonnegative, symmetric        d  in  n
 *   x  in out  n, nonnegative; a zero stays zero with the rules LEE_SEUNG, COMPLEMENTARITY and SQRT
 *   r  out     objective; rel_error 0; kkt: the root of the sum of p_i^2 / G_ii over the sum of d_i^2 / G_ii, with p
 *              the projected gradient (g where g < 0 or x > 0), over G_ii > 0
 *   OK | E_ARG | E_DATA.   Cost of an iteration: 2 n^2 multiply-adds, 3 n^2 with LEMMA_B.
 *   Source: Merritt and Zhang 2005 (LEE_SEUNG as an interior gradient method); spec of GIQPM. */
ORTHANT_API orthant_status orthant_qp_run_f32(orthant_qp_f32 *s, const float *G, int32_t ldg, const float *d, float *x,
                                              orthant_report *r);

ORTHANT_API orthant_status orthant_qp_size_f64(const orthant_qp_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_qp_init_f64(const orthant_qp_config *c, void *mem, size_t bytes, orthant_qp_f64 **out);
ORTHANT_API orthant_status orthant_qp_run_f64(orthant_qp_f64 *s, const double *G, int32_t ldg, const double *d, double *x,
                                              orthant_report *r);

#ifdef __cplusplus
}
#endif

#endif
