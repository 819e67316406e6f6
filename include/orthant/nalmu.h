/* Orthant: unrolled multiplicative updates, and the mixtures that train them.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_NALMU_H
#define ORTHANT_NALMU_H

#include "../orthant.h"
#include "models.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- NALMU ----------------------------------------------------------------------------------------------------- */

/* K multiplicative updates whose multipliers A were trained [NALMU; spec, section 7]:
 *   W <- clip(W . A_W . (Y H') / (W H H'))     H <- clip(H . A_H . (W'Y) / (W'W H))
 * A_W is one value a component, one an entry, or comes from a small network that sees the factor (RALMU); so does A_H.
 * Without a model all of A is one: multiplicative updates as they are. */
#define ORTHANT_NALMU_ONE 1  /* W is given and stays: nonnegative least squares     */
#define ORTHANT_NALMU_BOTH 2
typedef struct orthant_nalmu_config {
  uint32_t size;
  int32_t bands, pixels;       /* required: of Y                                                                   */
  int32_t endmembers;          /* columns of W; 0: the model's                                                     */
  int32_t layers;              /* 0: all of the model; fewer are allowed.  Without a model required                */
  int32_t factors;             /* ORTHANT_NALMU_...; 0: the model's, without one BOTH                              */
  int32_t given;               /* 1: start from W and H as the caller left them.  0: H starts constant, W from the */
                               /* model's own start, or as the caller left it where the model has none             */
  int32_t reserved;
  const struct orthant_model *model;  /* kind NALMU or RALMU, or null; it must outlive the handle                         */
  const orthant_parallel *parallel;
} orthant_nalmu_config;
typedef struct orthant_nalmu_f32 orthant_nalmu_f32;
typedef struct orthant_nalmu_f64 orthant_nalmu_f64;

/* OK | E_ARG | E_BLOB (another kind of model, or one that does not fit these sizes).  Init reads all weights once. */
ORTHANT_API orthant_status orthant_nalmu_size_f32(const orthant_nalmu_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_init_f32(const orthant_nalmu_config *c, void *mem, size_t bytes,
                                                  orthant_nalmu_f32 **out);
/*   Y  in      bands x pixels; finite, nonnegative, in the unit that the model was trained on
 *   W  in/out  bands x endmembers, ldw >= bands; only read where one factor moves
 *   H  out     endmembers x pixels, ldh >= endmembers (in/out with `given`)
 *   r  out     objective, rel_error; kkt: the largest over the pixels of |min(h, g)|_inf / (max |w_i| max(|y|, |W h|)),
 *              g = W'(W h - y): how far H is from the best one for this W (the optimality gap of a fixed-time result)
 *   OK | E_ARG | E_DATA.   Cost: with one factor bands*endmembers + layers*endmembers^2 multiply-adds a pixel, else
 *   layers*(2 bands*endmembers + 2 endmembers^2).  A null report saves about one layer. */
ORTHANT_API orthant_status orthant_nalmu_run_f32(orthant_nalmu_f32 *s, const orthant_matrix_f32 *Y, float *W, int32_t ldw,
                                                 float *H, int32_t ldh, orthant_report *r);
ORTHANT_API orthant_status orthant_nalmu_size_f64(const orthant_nalmu_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_init_f64(const orthant_nalmu_config *c, void *mem, size_t bytes,
                                                  orthant_nalmu_f64 **out);
ORTHANT_API orthant_status orthant_nalmu_run_f64(orthant_nalmu_f64 *s, const orthant_matrix_f64 *Y, double *W, int32_t ldw,
                                                 double *H, int32_t ldh, orthant_report *r);

/* ---- Training -------------------------------------------------------------------------------------------------- */

/*   minimise over A  mean over samples of  sum_k nu_k (l_W(W^k, W_true) + l_H(H^k, H_true))
 * by Adam on mini-batches.  The handle holds parameters and moments; each step is one slice, so training is stopped and
 * resumed between any two.  The same bits for any number of workers. */
#define ORTHANT_SPREAD_COMPONENT 1 /* A: one value a component, for any number of pixels and bands; the default   */
#define ORTHANT_SPREAD_FULL 2      /* one an entry: fixes the number of bands (A_W) or of pixels (A_H)            */
#define ORTHANT_SPREAD_NETWORK 3   /* from a network on the factor (RALMU)                                        */
#define ORTHANT_POSITIVITY_EXP 1   /* A = exp(theta); the default                                                 */
#define ORTHANT_POSITIVITY_DIRECT 2
#define ORTHANT_POSITIVITY_SOFTPLUS 3
#define ORTHANT_NU_LINEAR 1        /* nu_k from 0 to 1; the default                                               */
#define ORTHANT_NU_LOG 2           /* from 1e-7 to 1                                                              */
#define ORTHANT_NU_LAST 3
#define ORTHANT_FIT_NONE (-1)
#define ORTHANT_FIT_L2 1           /* |X - G|^2                                                                   */
#define ORTHANT_FIT_MSE 2
#define ORTHANT_FIT_NMSE 3         /* over |G|^2; the default                                                     */
#define ORTHANT_FIT_ANGLE 4        /* mean spectral angle; of W by column, of H by pixel                          */
#define ORTHANT_FIT_NEGCOS 5       /* minus the mean cosine                                                       */
typedef struct orthant_nalmu_train_config {
  uint32_t size;
  int32_t bands, endmembers, columns, layers; /* required; columns: of one sample                                 */
  int32_t factors;             /* ORTHANT_NALMU_...; 0: BOTH                                                      */
  int32_t order;               /* 1: H before W in a layer                                                        */
  int32_t tied;                /* 1: one A for all layers                                                         */
  int32_t spread_w, spread_h, positivity, nu, loss_w, loss_h;
  int32_t keep;                /* layers whose iterates are kept at a time; 0: all.  The square root of `layers`  */
                               /* costs one more forward pass and the least memory                                */
  int32_t lines;               /* networks: columns = lines * samples; 0: 1                                       */
  int32_t kernel;              /* networks: k of the k x k convolutions, odd; 0: 3                                */
  int32_t divergence;          /* ORTHANT_LOSS_... that the updates descend; 0: Frobenius                         */
  double beta;                 /* of ORTHANT_LOSS_BETA                                                            */
  double low_w, high_w, low_h, high_h; /* clips; high 0: none                                                     */
  double start_h;              /* H at the start; 0: 1                                                            */
  double rate;                 /* 0: 1e-2                                                                         */
  double rate_decay;           /* the rate of step t is rate * rate_decay^t; 0: 1                                 */
  double weight_decay;         /* AdamW; 0: Adam                                                                  */
  double beta1, beta2, epsilon; /* 0: 0.9, 0.999, 1e-8                                                            */
  uint64_t seed;               /* networks: their start                                                           */
  const orthant_parallel *parallel;
} orthant_nalmu_train_config;
typedef struct orthant_nalmu_train_f32 orthant_nalmu_train_f32;
typedef struct orthant_nalmu_train_f64 orthant_nalmu_train_f64;

ORTHANT_API orthant_status orthant_nalmu_train_size_f32(const orthant_nalmu_train_config *c, size_t *bytes);
/* W0: bands x endmembers, where W starts in every sample and in use; null: ones.  It is stored with the model.
 *   OK | E_ARG | E_SCRATCH | E_DATA. */
ORTHANT_API orthant_status orthant_nalmu_train_init_f32(const orthant_nalmu_train_config *c, const float *W0, int32_t ldw,
                                                        void *mem, size_t bytes, orthant_nalmu_train_f32 **out);
/* Go on from a saved state, or from a model's multipliers.   OK | E_ARG | E_BLOB (does not fit this config). */
ORTHANT_API orthant_status orthant_nalmu_train_load_f32(orthant_nalmu_train_f32 *s, const struct orthant_model *m);
/* One step on `count` samples, side by side.
 *   Y  in  bands x (columns count)    W  in  bands x (endmembers count)    H  in  endmembers x (columns count)
 *          finite, nonnegative, without gaps between columns; with one factor W is the factor, else the target
 *   r  out objective: the mean loss before the step; iters: steps so far; stop: NONFINITE where loss or gradient were not
 *          finite and nothing was changed
 *   learn  in  0: only the loss
 *   OK | E_ARG | E_DATA.   Cost a sample and layer: forward 4 bands*columns*endmembers flops, backward as much twice. */
ORTHANT_API orthant_status orthant_nalmu_train_step_f32(orthant_nalmu_train_f32 *s, int32_t count, const float *Y,
                                                        const float *W, const float *H, int32_t learn, orthant_report *r);
/* The model as a blob, or with state = 1 what `load` needs to go on as if nothing had happened.
 *   out  out  `capacity` bytes at any address, or null to ask for the size;  bytes  out  the length
 *   OK | E_ARG | E_SCRATCH | E_DATA (a number is not finite). */
ORTHANT_API orthant_status orthant_nalmu_train_save_f32(orthant_nalmu_train_f32 *s, int32_t state, void *out,
                                                        size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_train_size_f64(const orthant_nalmu_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_train_init_f64(const orthant_nalmu_train_config *c, const double *W0, int32_t ldw,
                                                        void *mem, size_t bytes, orthant_nalmu_train_f64 **out);
ORTHANT_API orthant_status orthant_nalmu_train_load_f64(orthant_nalmu_train_f64 *s, const struct orthant_model *m);
ORTHANT_API orthant_status orthant_nalmu_train_step_f64(orthant_nalmu_train_f64 *s, int32_t count, const double *Y,
                                                        const double *W, const double *H, int32_t learn, orthant_report *r);
ORTHANT_API orthant_status orthant_nalmu_train_save_f64(orthant_nalmu_train_f64 *s, int32_t state, void *out,
                                                        size_t capacity, size_t *bytes);

/* ---- Training sets for one sensor -------------------------------------------------------------------------------- */

/*   Y = W H + noise, columns(H) = lines * samples; one spectrum for each endmember, drawn from a library or from bundles.
 * Sample `index` depends on the config and that number alone: sets are streamed, in any order, by any worker. */
#define ORTHANT_ABUNDANCES_DIRICHLET 1   /* each pixel by itself; the default                                       */
#define ORTHANT_ABUNDANCES_DEAD_LEAVES 2 /* discs over one another, a Dirichlet mixture each                        */
#define ORTHANT_ABUNDANCES_MAPS 3        /* columns drawn from given abundances                                     */
typedef struct orthant_mixtures_config {
  uint32_t size;
  int32_t bands, endmembers, lines, samples, spectra; /* required; spectra: columns of the library                  */
  int32_t abundances;          /* ORTHANT_ABUNDANCES_...                                                            */
  int32_t active;              /* most endmembers of a pixel or leaf; 0: all                                        */
  int32_t unit;                /* 1: columns of Y and of W have unit l1, and H is in that unit                      */
  int32_t map_columns;         /* of the given abundances                                                           */
  double alpha;                /* Dirichlet; 0: 1 (uniform on the simplex)                                          */
  double snr_db;               /* white Gaussian noise; 0: 30 dB; < 0: none                                         */
  double spread;               /* each spectrum is scaled by 1 +- spread; 0: none                                   */
  uint64_t seed;
  const orthant_parallel *parallel;
} orthant_mixtures_config;
/*   S      in   bands x spectra, lds >= bands; finite, nonnegative
 *   group  in   spectra, or null: which endmember in [0, endmembers) each spectrum may stand for, none without one;
 *               null: any `endmembers` different spectra
 *   maps   in   endmembers x map_columns without gaps; finite, nonnegative; only for MAPS
 *   Y      out  bands x (pixels count)    W  out  bands x (endmembers count)    H  out  endmembers x (pixels count)
 *   OK | E_ARG | E_DATA.   Cost: bands*endmembers multiply-adds and bands random numbers a pixel; no workspace. */
ORTHANT_API orthant_status orthant_mixtures_run_f32(const orthant_mixtures_config *c, uint64_t index, int32_t count,
                                                    const float *S, int32_t lds, const int32_t *group, const float *maps,
                                                    float *Y, float *W, float *H);
ORTHANT_API orthant_status orthant_mixtures_run_f64(const orthant_mixtures_config *c, uint64_t index, int32_t count,
                                                    const double *S, int32_t lds, const int32_t *group,
                                                    const double *maps, double *Y, double *W, double *H);

#ifdef __cplusplus
}
#endif

#endif
