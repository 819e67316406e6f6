/* Orthant: training, synthetic data, misprints.  Static builds only: nothing here is exported from the shared library, and
 * all of it may change from one release to the next. */
#ifndef ORTHANT_EXPERIMENTAL_H
#define ORTHANT_EXPERIMENTAL_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- A synthetic scene with known truth ------------------------------------------------------------------------ */

/*   Y = E A + noise;  E: smooth parametric reflectance of vegetation, soil, water, roof, asphalt, sand, ... (at most 8);
 *   A: spatially correlated, nonnegative, each pixel sums to one;  pixel index = sample + samples * line. */
typedef struct orthant_scene_config {
  uint32_t size;
  int32_t bands, lines, samples, endmembers; /* required; 2 <= endmembers <= 8                                    */
  int32_t reserved;
  uint64_t seed;
  double snr_db;  /* white Gaussian noise; 0: 30 dB; < 0: none                                                    */
} orthant_scene_config;
#define ORTHANT_SCENE_MAX_ENDMEMBERS 8
/* The name of endmember i ("vegetation", ...), or null outside [0, 8). */
ORTHANT_API const char *orthant_scene_name(int32_t endmember);
/*   wavelength  out  bands, micrometres, 0.4 to 2.5
 *   E           out  bands x endmembers, reflectance in [0, 1];   A  out  endmembers x (samples*lines)
 *   Y           out  bands x (samples*lines), never negative
 *   OK | E_ARG.   Cost: bands*endmembers multiply-adds and bands random numbers a pixel; no workspace. */
ORTHANT_API orthant_status orthant_scene_run_f32(const orthant_scene_config *c, float *wavelength, float *E, int32_t lde,
                                                 float *A, int32_t lda, float *Y, int32_t ldy);
ORTHANT_API orthant_status orthant_scene_run_f64(const orthant_scene_config *c, double *wavelength, double *E, int32_t lde,
                                                 double *A, int32_t lda, double *Y, int32_t ldy);

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

/* ---- Training of a schedule ---- */

typedef struct orthant_schedule_train_config {
  uint32_t size;
  int32_t problems;         /* in 1 .. 256; 0: 48                                    */
  int32_t largest;          /* side of a problem, 16 .. 2000; 0: 200                 */
  int32_t population;       /* candidates a generation, 4 .. 256; 0: 16              */
  int32_t iterations;       /* outer iterations of one run, 2 .. 1000; 0: 60         */
  int32_t reserved;
  uint64_t seed;            /* of problems and candidates                            */
  const orthant_parallel *parallel;
} orthant_schedule_train_config;
typedef struct orthant_schedule_train_f32 orthant_schedule_train_f32;
typedef struct orthant_schedule_train_f64 orthant_schedule_train_f64;

/* Bytes of workspace: the problems, and for each worker one solver.   OK | E_ARG. */
ORTHANT_API orthant_status orthant_schedule_train_size_f32(const orthant_schedule_train_config *c, size_t *bytes);
/* Place a handle.   OK | E_ARG | E_SCRATCH. */
ORTHANT_API orthant_status orthant_schedule_train_init_f32(const orthant_schedule_train_config *c, void *mem, size_t bytes,
                                                           orthant_schedule_train_f32 **out);
/* `generations` more, >= 0; the first call makes the problems and their targets.
 *   r  out  objective: of the best table so far (negative is faster than classical; exp of it is the mean ratio of times,
 *           where nothing is slower); rel_error: of the strategy's mean now; iters: generations so far
 *   OK | E_ARG.   Cost of a generation: population * problems runs of `iterations` at most. */
ORTHANT_API orthant_status orthant_schedule_train_run_f32(orthant_schedule_train_f32 *s, int32_t generations,
                                                          orthant_report *r);
/* The best table as a blob.
 *   out  out  `capacity` bytes at any address, or null to ask for the size;  bytes  out  the length
 *   OK | E_ARG (also before the first run) | E_SCRATCH. */
ORTHANT_API orthant_status orthant_schedule_train_save_f32(orthant_schedule_train_f32 *s, void *out, size_t capacity,
                                                           size_t *bytes);
ORTHANT_API orthant_status orthant_schedule_train_size_f64(const orthant_schedule_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_schedule_train_init_f64(const orthant_schedule_train_config *c, void *mem, size_t bytes,
                                                           orthant_schedule_train_f64 **out);
ORTHANT_API orthant_status orthant_schedule_train_run_f64(orthant_schedule_train_f64 *s, int32_t generations,
                                                          orthant_report *r);
ORTHANT_API orthant_status orthant_schedule_train_save_f64(orthant_schedule_train_f64 *s, void *out, size_t capacity,
                                                           size_t *bytes);

/* ---- SymNMF-Net: gradient ---- */

/* The loss and its gradient at the present parameters, for other optimisers and for tests.  After a start or a run.
 *   P, U0    in   n x (rank layers), the P_i side by side, and n x rank, or null: set them first;  lambda in, 0: as it is
 *   dP, dU0  out  the same shapes, or null;   loss, dlambda  out  or null
 *   leading dimensions are n.   OK | E_ARG | E_DATA */
ORTHANT_API orthant_status orthant_symnet_gradient_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X, const float *P,
                                                       const float *U0, double lambda, double *loss, float *dP,
                                                       float *dU0, double *dlambda);
/* The present parameters, in the same shapes; any may be null.   OK | E_ARG */
ORTHANT_API orthant_status orthant_symnet_parameters_f32(orthant_symnet_f32 *s, float *P, float *U0, double *lambda);
ORTHANT_API orthant_status orthant_symnet_gradient_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X, const double
                                                       *P, const double *U0, double lambda, double *loss, double *dP,
                                                       double *dU0, double *dlambda);
ORTHANT_API orthant_status orthant_symnet_parameters_f64(orthant_symnet_f64 *s, double *P, double *U0, double *lambda);

/* ---- Misprints --------------------------------------------------------------------------------------------------- */

/* What some papers print, which their own results contradict, for those who compare.  Called between init and start. */
#define ORTHANT_MISPRINT_CLIP 1      /* MURNMF: numerators clipped, which may diverge with l1                      */
#define ORTHANT_MISPRINT_DIRECTION 2 /* AURNMF: zeros stay zero                                                    */
#define ORTHANT_MISPRINT_CURVATURE 4 /* AURNMF: curvature without its overlap term, which may ascend               */
/*   which  in  a sum of ORTHANT_MISPRINT_...; 0: none.   OK | E_ARG | E_UNSUPPORTED (of another method). */
ORTHANT_API orthant_status orthant_nmf_misprints_f32(orthant_nmf_f32 *s, int32_t which);
ORTHANT_API orthant_status orthant_nmf_misprints_f64(orthant_nmf_f64 *s, int32_t which);

#define ORTHANT_MISPRINT_FIRST_Z 1   /* NMD-TM: the first Z is 0 where M > 0, min(0, U V) elsewhere                 */
/*   OK | E_ARG | E_UNSUPPORTED (QN, which has no Z; TM and 3B with alpha 1). */
ORTHANT_API orthant_status orthant_relu_nmd_misprints_f32(orthant_relu_nmd_f32 *s, int32_t which);
ORTHANT_API orthant_status orthant_relu_nmd_misprints_f64(orthant_relu_nmd_f64 *s, int32_t which);

#ifdef __cplusplus
}
#endif

#endif
