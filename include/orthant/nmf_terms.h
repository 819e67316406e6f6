/* Weights and penalties of NMF that do not fit into its config, for the methods MURNMF and AURNMF:
 *
 *   minimise 1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H>
 *            + 1/2 sum_j tr(W' A_j W B_j) + 1/2 sum_j tr(H' C_j H D_j)  + the terms of the config    over W, H >= 0
 *
 *   P rows x rows, Q cols x cols: weights of rows and columns;   L_W rows x rank, L_H rank x cols
 *   A_j rows x rows, B_j rank x rank;   C_j rank x rank, D_j cols x cols
 * All matrices are nonnegative; all but L_W and L_H symmetric.  No rows x cols product of weights is ever formed.
 * A weight of an indefinite matrix makes the first term no square: then the objective may be negative. */
#ifndef ORTHANT_NMF_TERMS_H
#define ORTHANT_NMF_TERMS_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A symmetric nonnegative matrix whose order is known from where it stands.  Zeroed: the identity. */
#define ORTHANT_IDENTITY 0
#define ORTHANT_SCALAR 1    /* factor times the identity                                        */
#define ORTHANT_DIAGONAL 2  /* values: its diagonal                                             */
#define ORTHANT_SYMMETRIC 3 /* values: all of it, leading dimension ld                          */
typedef struct orthant_symmetric_f32 {
  int32_t kind, ld;
  double factor;
  const float *values;
} orthant_symmetric_f32;
typedef struct orthant_symmetric_f64 {
  int32_t kind, ld;
  double factor;
  const double *values;
} orthant_symmetric_f64;

/* The penalty 1/2 tr(X' left X right) of a factor X. */
typedef struct orthant_penalty_f32 {
  orthant_symmetric_f32 left, right;
} orthant_penalty_f32;
typedef struct orthant_penalty_f64 {
  orthant_symmetric_f64 left, right;
} orthant_penalty_f64;

typedef struct orthant_terms_f32 {
  uint32_t size;
  int32_t penalties_w, penalties_h;         /* how many                                          */
  int32_t ldl1_w, ldl1_h, reserved;         /* >= rows; >= rank                                  */
  orthant_symmetric_f32 weight_rows, weight_cols; /* P and Q                                     */
  const float *l1_w, *l1_h;                 /* L_W and L_H, or null                              */
  const orthant_penalty_f32 *penalty_w;     /* (A_j, B_j)                                        */
  const orthant_penalty_f32 *penalty_h;     /* (C_j, D_j)                                        */
} orthant_terms_f32;
typedef struct orthant_terms_f64 {
  uint32_t size;
  int32_t penalties_w, penalties_h;
  int32_t ldl1_w, ldl1_h, reserved;
  orthant_symmetric_f64 weight_rows, weight_cols;
  const double *l1_w, *l1_h;
  const orthant_penalty_f64 *penalty_w;
  const orthant_penalty_f64 *penalty_h;
} orthant_terms_f64;

/* Sets the terms of a handle, after init and before start; null takes them away.  The struct is copied; every array,
 * the penalties too, is used in place by start and run, and must outlive the handle or the next call of this.  A run that
 * follows without a start begins with W and H as given.
 *   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
 *      | E_UNSUPPORTED (the handle is of another method).
 *   With diagonal weights and penalties whose rows x rows and cols x cols matrices are diagonal or scalar an iteration
 *   costs what it costs without.  Dense ones add order^2 * rank multiply-adds each, two to four times an iteration; and
 *   start, with dense P or Q, rows * cols * (rows + cols). */
ORTHANT_API orthant_status orthant_nmf_terms_f32(orthant_nmf_f32 *s, const orthant_terms_f32 *terms);
ORTHANT_API orthant_status orthant_nmf_terms_f64(orthant_nmf_f64 *s, const orthant_terms_f64 *terms);

/* Upper bounds of orthant_nmf_size for MURNMF and AURNMF, with the starts COLS, SPAS, RANDOM and GIVEN, serial. */
#define ORTHANT_NMF_TERMS_BYTES_F32(rows, cols, rank) ORTHANT_NMF_TERMS_BYTES_(4, rows, cols, rank)
#define ORTHANT_NMF_TERMS_BYTES_F64(rows, cols, rank) ORTHANT_NMF_TERMS_BYTES_(8, rows, cols, rank)
#define ORTHANT_NMF_TERMS_BYTES_(s, m, n, r)                                                            \
  (2048 + ORTHANT_NMF_BYTES_(s, m, n, r) +                                                              \
   (s) * ((17 + (size_t)(r)) * (m) + 3 * (size_t)(n) * (r) + 14 * (size_t)(r) * (r) + 10 * (size_t)(r)))

#ifdef __cplusplus
}
#endif

#endif
