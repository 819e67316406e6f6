/** @file orthant/nmf_terms.h
 * Orthant: weights and quadratic penalties of NMF that do not fit into its config, for the methods MURNMF and AURNMF.
 * A part of orthant.h, readable alone. */
#ifndef ORTHANT_NMF_TERMS_H
#define ORTHANT_NMF_TERMS_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Weights and penalties -------------------------------------------------------------------------------------- */

#define ORTHANT_IDENTITY 0  /**< ones on the diagonal */
#define ORTHANT_SCALAR 1    /**< factor times the identity */
#define ORTHANT_DIAGONAL 2  /**< values: its diagonal */
#define ORTHANT_SYMMETRIC 3 /**< values: all of it, with the leading dimension ld */

/** A symmetric nonnegative matrix whose order is known from where it stands.  All zero: the identity. */
typedef struct orthant_symmetric_f32 {
  int32_t kind;        /**< ORTHANT_IDENTITY, ORTHANT_SCALAR, ORTHANT_DIAGONAL or ORTHANT_SYMMETRIC */
  int32_t ld;          /**< SYMMETRIC */
  double factor;       /**< SCALAR */
  const float *values; /**< DIAGONAL and SYMMETRIC */
} orthant_symmetric_f32;
/** The same in double precision. */
typedef struct orthant_symmetric_f64 {
  int32_t kind;
  int32_t ld;
  double factor;
  const double *values;
} orthant_symmetric_f64;

/** The penalty 1/2 tr(X' left X right) of a factor X. */
typedef struct orthant_penalty_f32 {
  orthant_symmetric_f32 left, right; /**< of the orders of the rows and of the columns of X */
} orthant_penalty_f32;
/** The same in double precision. */
typedef struct orthant_penalty_f64 {
  orthant_symmetric_f64 left, right;
} orthant_penalty_f64;

/** What is minimised by MURNMF and AURNMF, with the penalties of the config:
 *   1/2 tr((V - W H)' P (V - W H) Q) + <L_W, W> + <L_H, H>
 *     + 1/2 sum_j tr(W' A_j W B_j) + 1/2 sum_j tr(H' C_j H D_j)
 * All matrices are nonnegative, and all but L_W and L_H symmetric.  No rows x cols array of weights is ever formed.
 * With an indefinite P or Q the first term is no square, and the objective may be negative.  All zero: no terms. */
typedef struct orthant_terms_f32 {
  uint32_t size;                     /**< required: sizeof this struct */
  int32_t penalties_w, penalties_h;  /**< how many pairs in penalty_w and penalty_h */
  int32_t ldl1_w, ldl1_h;            /**< leading dimensions of L_W, >= rows, and of L_H, >= rank */
  int32_t reserved;
  orthant_symmetric_f32 weight_rows; /**< P, rows x rows */
  orthant_symmetric_f32 weight_cols; /**< Q, cols x cols */
  const float *l1_w;                 /**< L_W, rows x rank, or null: none */
  const float *l1_h;                 /**< L_H, rank x cols, or null: none */
  const orthant_penalty_f32 *penalty_w; /**< pairs (A_j, B_j): rows x rows, rank x rank */
  const orthant_penalty_f32 *penalty_h; /**< pairs (C_j, D_j): rank x rank, cols x cols */
} orthant_terms_f32;
/** The same in double precision. */
typedef struct orthant_terms_f64 {
  uint32_t size;
  int32_t penalties_w, penalties_h;
  int32_t ldl1_w, ldl1_h;
  int32_t reserved;
  orthant_symmetric_f64 weight_rows;
  orthant_symmetric_f64 weight_cols;
  const double *l1_w;
  const double *l1_h;
  const orthant_penalty_f64 *penalty_w;
  const orthant_penalty_f64 *penalty_h;
} orthant_terms_f64;

/** Set the terms of a handle, after init and before start.  A run that follows without a start begins with W and H as
 * given.
 *   terms  in  copied, or null: none; every array that it points to, the penalties too, is used in place by start and
 *              run, and must outlive the handle or the next call of this
 *   OK | E_ARG | E_DATA (an entry is negative or not finite, or a matrix is not symmetric; the terms are as before)
 *   | E_UNSUPPORTED (the handle is of another method)
 *   Cost of an iteration: with diagonal weights, and penalties whose rows x rows and cols x cols matrices are diagonal
 *   or scalar, as without.  Each dense one adds order^2 * rank multiply-adds, two to four times an iteration; start,
 *   with a dense P or Q, rows * cols * (rows + cols)
 *   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF" */
ORTHANT_API orthant_status orthant_nmf_terms_f32(orthant_nmf_f32 *s, const orthant_terms_f32 *terms);
ORTHANT_API orthant_status orthant_nmf_terms_f64(orthant_nmf_f64 *s, const orthant_terms_f64 *terms);

/** At least what orthant_nmf_size says for MURNMF and AURNMF, for static arrays: the starts COLS, SPAS, RANDOM and
 * GIVEN, serial. */
#define ORTHANT_NMF_TERMS_BYTES_F32(rows, cols, rank) ORTHANT_NMF_TERMS_BYTES_(4, rows, cols, rank)
/** The same for f64. */
#define ORTHANT_NMF_TERMS_BYTES_F64(rows, cols, rank) ORTHANT_NMF_TERMS_BYTES_(8, rows, cols, rank)
#define ORTHANT_NMF_TERMS_BYTES_(s, m, n, r)                                                            \
  (2048 + ORTHANT_NMF_BYTES_(s, m, n, r) +                                                              \
   (s) * ((17 + (size_t)(r)) * (m) + 3 * (size_t)(n) * (r) + 14 * (size_t)(r) * (r) + 10 * (size_t)(r)))

#ifdef __cplusplus
}
#endif

#endif
