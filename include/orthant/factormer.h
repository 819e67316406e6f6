/** @file orthant/factormer.h
 * Orthant: the Factormer, a transformer that proposes factors.  A part of orthant.h, readable alone.
 * Its training: orthant/experimental.h. */
#ifndef ORTHANT_FACTORMER_H
#define ORTHANT_FACTORMER_H

#include "../orthant.h"
#include "models.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Factormer -------------------------------------------------------------------------------------------------- *
 *
 * A model that was trained by this library tells what the data of its training were like, in a record `range` of its
 * file.  NMF with such a model (orthant_nmf_config.model) looks at V first, in one reading, which costs less than an
 * iteration: sides, spread of the entries and of the means of rows and columns, what these leave of the variance, the
 * largest entry, the share of zeros.  Where V is of another kind the network is not run, the result is the same bits as
 * without a model, and report.proposals is -1.  orthant_factormer_run, which applies the network once, asks nothing. */

/** Set `size`; the rest is written. */
typedef struct orthant_factormer_info {
  uint32_t size;       /**< required: sizeof this struct */
  int32_t rank;        /**< of the factors; rows and columns are free */
  int32_t width, heads, layers, hidden; /**< of the network */
  int32_t accelerates; /**< 1: it needs the factors before and after a step of the solver; 0: it proposes a start */
  int32_t reserved;
  uint64_t parameters; /**< how many */
} orthant_factormer_info;
/** What a model is.   OK | E_ARG | E_BLOB (another kind, or one whose records do not fit together) */
ORTHANT_API orthant_status orthant_factormer_describe(const struct orthant_model *m, orthant_factormer_info *out);

/** What to apply, and to which sizes. */
typedef struct orthant_factormer_config {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t rows, cols; /**< required: V is rows x cols */
  int32_t reserved;
  const struct orthant_model *model; /**< required: of kind ORTHANT_MODEL_FACTORMER; it must outlive the handle */
  const orthant_parallel *parallel;  /**< your threads; null: serial */
} orthant_factormer_config;
typedef struct orthant_factormer_f32 orthant_factormer_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_factormer_f64 orthant_factormer_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_factormer_config_problem(const orthant_factormer_config *c, char *text, size_t room);

/** Bytes of workspace: about (rows + cols) * (width + 2 rank) elements and, for each worker, about
 * 64 * (2 width heads + 128 heads + 6 width + 2 hidden) + 128 * width.
 *   OK | E_ARG | E_BLOB */
ORTHANT_API orthant_status orthant_factormer_size_f32(const orthant_factormer_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH | E_BLOB */
ORTHANT_API orthant_status orthant_factormer_init_f32(const orthant_factormer_config *c, void *mem, size_t bytes,
                                                      orthant_factormer_f32 **out);
/** Apply the network once.
 *   W, H <- network(V, W, H), V ~ W H:  attention over the complete bipartite graph of the rows of W and the columns of
 *   H, whose edges are the entries of V.  V is brought to mean one and back, so its unit does not matter
 *   V       in      rows x cols, dense, finite, nonnegative
 *   W       in/out  rows x rank, ldw >= rows; nonnegative: a start as that of NNDSVD, or the factor after a step of the
 *   solver
 *   H       in/out  rank x cols, ldh >= rank; in the same way
 *   W0, H0  in      as W and H, for a model that accelerates: the factors before that step; else null
 *   W and H must not overlap each other or anything else
 *   OK | E_ARG | E_DATA (data, factors or the result of the network are not finite; W and H are then as they were)
 *   Cost: layers * (2 * rows * cols * heads * (4 * width + 9) + (rows + cols) * (10 * width^2 + 4 * width * hidden))
 *   flops.  Numbers of the model that have the element type are read in place; others are converted in every run, a
 *   layer at a time
 *   Source: tools/docs/algorithms.md, "Factormer: network" */
ORTHANT_API orthant_status orthant_factormer_run_f32(orthant_factormer_f32 *s, const orthant_matrix_f32 *V, float *W,
                                                     int32_t ldw, float *H, int32_t ldh, const float *W0, int32_t ldw0,
                                                     const float *H0, int32_t ldh0);
ORTHANT_API orthant_status orthant_factormer_size_f64(const orthant_factormer_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_init_f64(const orthant_factormer_config *c, void *mem, size_t bytes,
                                                      orthant_factormer_f64 **out);
ORTHANT_API orthant_status orthant_factormer_run_f64(orthant_factormer_f64 *s, const orthant_matrix_f64 *V, double *W,
                                                     int32_t ldw, double *H, int32_t ldh, const double *W0,
                                                     int32_t ldw0, const double *H0, int32_t ldh0);

#ifdef __cplusplus
}
#endif

#endif
