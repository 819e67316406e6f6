/* Orthant: the Factormer, a transformer that proposes factors, and its training.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_FACTORMER_H
#define ORTHANT_FACTORMER_H

#include "../orthant.h"
#include "models.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The network ------------------------------------------------------------------------------------------------ */

/* W, H <- network(V, W, H), V ~ W H: attention over the complete bipartite graph of the rows of W and the columns of H,
 * whose edges are the entries of V [Factormer; spec factormer.md].  A model knows one rank and any number of rows and
 * columns.  V is brought to mean one and back, so the unit does not matter. */
typedef struct orthant_factormer_config {
  uint32_t size;
  int32_t rows, cols;                 /* required: of V                                                            */
  int32_t reserved;
  const struct orthant_model *model;  /* required: kind FACTORMER; it must outlive the handle                      */
  const orthant_parallel *parallel;   /* null: serial                                                              */
} orthant_factormer_config;
typedef struct orthant_factormer_f32 orthant_factormer_f32;
typedef struct orthant_factormer_f64 orthant_factormer_f64;

/* What a model is.   OK | E_ARG | E_BLOB (another kind, or one whose records do not fit together). */
typedef struct orthant_factormer_info {
  uint32_t size;
  int32_t rank, width, heads, layers, hidden;
  int32_t accelerates;                /* 1: needs the factors before and after a step of the solver                */
  int32_t reserved;
  uint64_t parameters;
} orthant_factormer_info;
ORTHANT_API orthant_status orthant_factormer_describe(const struct orthant_model *m, orthant_factormer_info *out);

/* OK | E_ARG | E_BLOB.   About (rows + cols) * (width + 2 rank) elements and, for each worker, about
 * 64 * (2 width heads + 128 heads + 6 width + 2 hidden) + 128 * width. */
ORTHANT_API orthant_status orthant_factormer_size_f32(const orthant_factormer_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_init_f32(const orthant_factormer_config *c, void *mem, size_t bytes,
                                                      orthant_factormer_f32 **out);
/*   V   in      rows x cols, dense, finite, nonnegative
 *   W   in/out  rows x rank, ldw >= rows: a start, as NNDSVD's, or the factors after a step of the solver; nonnegative
 *   H   in/out  rank x cols, ldh >= rank
 *   W0, H0  in  a model that accelerates: the factors before that step; else null
 *   W and H do not overlap anything else.
 *   OK | E_ARG | E_DATA (data, factors or the model's result are not finite; W and H are then as they were)
 *   Cost: layers * (2*rows*cols*heads*(4*width + 9) + (rows + cols)*(10*width^2 + 4*width*hidden)) flops.  Numbers of the
 *   model that are of the element type are read in place, others are converted, a layer at a time, in every run. */
ORTHANT_API orthant_status orthant_factormer_run_f32(orthant_factormer_f32 *s, const orthant_matrix_f32 *V, float *W,
                                                     int32_t ldw, float *H, int32_t ldh, const float *W0, int32_t ldw0,
                                                     const float *H0, int32_t ldh0);
ORTHANT_API orthant_status orthant_factormer_size_f64(const orthant_factormer_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_init_f64(const orthant_factormer_config *c, void *mem, size_t bytes,
                                                      orthant_factormer_f64 **out);
ORTHANT_API orthant_status orthant_factormer_run_f64(orthant_factormer_f64 *s, const orthant_matrix_f64 *V, double *W,
                                                     int32_t ldw, double *H, int32_t ldh, const double *W0, int32_t ldw0,
                                                     const double *H0, int32_t ldh0);

#ifdef __cplusplus
}
#endif

#endif
