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

/* ---- Training --------------------------------------------------------------------------------------------------- */

/* By AdamW through the network and unrolled AO-ADMM (5 inner steps, W before H, dual from zero, penalty rho):
 *   initialization  NNDSVD, network, then `unrolled` iterations; loss: sum over t = 0..unrolled of log RMSE_t
 *   acceleration    `unrolled` times an iteration, then the network; loss: sum over t of gamma^(T-t) log RMSE_t, T growing
 * The handle holds parameters and moments; each step is one slice.  The same bits for any number of workers. */
#define ORTHANT_RESIDUAL_INPUT 1   /* LN2(x + FFN(.)); the default */
#define ORTHANT_RESIDUAL_MESSAGE 2 /* LN2(m + FFN(.))              */
#define ORTHANT_RESIDUAL_NORM 3    /* LN2(LN1(x + m) + FFN(.))     */
typedef struct orthant_factormer_train_config {
  uint32_t size;
  int32_t max_rows, max_cols;  /* required: of any matrix of the training set                                      */
  int32_t rank;                /* 0: 10                                                                            */
  int32_t width, heads, layers, hidden; /* 0: 100, 4, 4, 2 * width                                                 */
  int32_t residual;            /* ORTHANT_RESIDUAL_...                                                             */
  int32_t separate;            /* 1: H- and W-updates have weights of their own                                    */
  int32_t wide_scale;          /* 1: logits over sqrt(width) instead of sqrt(width / heads)                        */
  int32_t last_norm;           /* 1: the second norm in the last updates too                                       */
  int32_t accelerates;         /* 1: acceleration                                                                  */
  int32_t unrolled;            /* 0: 2, acceleration 5; at most 8                                                  */
  int32_t epoch_steps, epochs; /* 0: 15000, 15: of the schedule                                                    */
  int32_t one_cycle;           /* 1: one cosine over all epochs after `warmup` steps; 0: one an epoch, and decay   */
  int32_t warmup;
  int32_t grow_epochs;         /* acceleration: epochs until one more application; 0: 2                            */
  int32_t reserved;
  double rate;                 /* 0: 1e-4, acceleration 1e-5                                                       */
  double epoch_decay;          /* 0: 0.9                                                                           */
  double weight_decay;         /* 0: 0.01; < 0: none                                                               */
  double beta1, beta2, epsilon; /* 0: 0.9, 0.999, 1e-8                                                             */
  double clip;                 /* largest norm of a gradient; 0: none                                              */
  double rho;                  /* of AO-ADMM; 0: 1                                                                 */
  double gamma;                /* 0: 0.2                                                                           */
  uint64_t seed;
  const orthant_parallel *parallel; /* over the matrices of a step                                                 */
} orthant_factormer_train_config;
typedef struct orthant_factormer_train_f32 orthant_factormer_train_f32;
typedef struct orthant_factormer_train_f64 orthant_factormer_train_f64;

ORTHANT_API orthant_status orthant_factormer_train_size_f32(const orthant_factormer_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_train_init_f32(const orthant_factormer_train_config *c, void *mem, size_t bytes,
                                                            orthant_factormer_train_f32 **out);
/* Go on from a saved state, or from a model's parameters.   OK | E_ARG | E_BLOB (does not fit this config). */
ORTHANT_API orthant_status orthant_factormer_train_load_f32(orthant_factormer_train_f32 *s, const struct orthant_model *m);
/* One step on `count` matrices.
 *   V      in   `count` dense matrices; finite, of a positive mean; noise may make entries negative
 *   learn  in   0: only the loss
 *   r      out  objective: the mean loss before the step; rel_error: RMSE of the raw output, V at mean one, as a geometric
 *               mean; iters: steps so far; stop: NONFINITE where loss or gradient were not finite and nothing was changed
 *   OK | E_ARG | E_DATA.   Cost: about three times that of the network's runs. */
ORTHANT_API orthant_status orthant_factormer_train_step_f32(orthant_factormer_train_f32 *s, int32_t count,
                                                            const orthant_matrix_f32 *V, int32_t learn, orthant_report *r);
/* The model as a blob, or with state = 1 what `load` needs to go on as if nothing had happened.
 *   out  out  `capacity` bytes at any address, or null to ask for the size;  bytes  out  the length
 *   OK | E_ARG | E_SCRATCH | E_DATA (a number is not finite). */
ORTHANT_API orthant_status orthant_factormer_train_save_f32(orthant_factormer_train_f32 *s, int32_t state, void *out,
                                                            size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_train_size_f64(const orthant_factormer_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_train_init_f64(const orthant_factormer_train_config *c, void *mem, size_t bytes,
                                                            orthant_factormer_train_f64 **out);
ORTHANT_API orthant_status orthant_factormer_train_load_f64(orthant_factormer_train_f64 *s, const struct orthant_model *m);
ORTHANT_API orthant_status orthant_factormer_train_step_f64(orthant_factormer_train_f64 *s, int32_t count,
                                                            const orthant_matrix_f64 *V, int32_t learn, orthant_report *r);
ORTHANT_API orthant_status orthant_factormer_train_save_f64(orthant_factormer_train_f64 *s, int32_t state, void *out,
                                                            size_t capacity, size_t *bytes);

/* ---- Synthetic matrices ----------------------------------------------------------------------------------------- */

/* V = W H + noise with exponential factors, E V = 1 [Factormer, Appendix C].  Matrix `index` depends on the config and that
 * number alone. */
#define ORTHANT_FACTORS_TRAINING 0 /* of every 15000: 10000 with 10..35 rows and columns, 2000 with 30..70, 1500 with   */
                                   /* 30..100 rows and 10..35 columns, 1500 the other way; with noise, not clipped      */
#define ORTHANT_FACTORS_SMALL 1    /* 15..35, without noise                                                             */
#define ORTHANT_FACTORS_LARGE 2    /* 50..200, without noise                                                            */
typedef struct orthant_factors_config {
  uint32_t size;
  int32_t rank;                /* 0: 10                                                                            */
  int32_t set;                 /* ORTHANT_FACTORS_...                                                              */
  int32_t reserved;
  double noise;                /* of the training set; 0: 0.01; < 0: none                                          */
  uint64_t seed;
} orthant_factors_config;
/*   rows, cols  out  the sizes of this matrix;   V  out  rows x cols without gaps, of `capacity` elements, or null
 *   OK | E_ARG | E_SCRATCH (capacity too small). */
ORTHANT_API orthant_status orthant_factors_run_f32(const orthant_factors_config *c, uint64_t index, int32_t *rows,
                                                   int32_t *cols, float *V, size_t capacity);
ORTHANT_API orthant_status orthant_factors_run_f64(const orthant_factors_config *c, uint64_t index, int32_t *rows,
                                                   int32_t *cols, double *V, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
