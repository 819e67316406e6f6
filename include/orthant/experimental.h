/** @file orthant/experimental.h
 * Orthant: synthetic data with a known truth, training, what handles hold, and what some papers misprint.
 *
 * For static builds only: the shared library exports none of it, orthant.h does not include it, and all of it may
 * change from one release to the next. */
#ifndef ORTHANT_EXPERIMENTAL_H
#define ORTHANT_EXPERIMENTAL_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Synthetic data: a scene ------------------------------------------------------------------------------------ */

#define ORTHANT_SCENE_MAX_ENDMEMBERS 8 /**< as many materials have names and spectra */

/** Which scene. */
typedef struct orthant_scene_config {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t bands, lines, samples; /**< required */
  int32_t endmembers; /**< required; 2 to 8 */
  int32_t reserved;
  uint64_t seed;      /**< of abundances and noise */
  double snr_db;      /**< white Gaussian noise; 0: 30 dB; < 0: none */
} orthant_scene_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_scene_config_problem(const orthant_scene_config *c, char *text, size_t room);

/** The name of endmember i ("vegetation", ...), in a static string; null outside [0, 8). */
ORTHANT_API const char *orthant_scene_name(int32_t endmember);
/** A scene of lines x samples pixels, pixel index = sample + samples * line.
 *   Y = E A + noise,  A >= 0, 1'A = 1';  E: smooth parametric reflectance of vegetation, soil, water, asphalt, ...;  A:
 *   correlated in space
 *   wavelength  out  bands; micrometres, 0.4 to 2.5
 *   E           out  bands x endmembers, lde >= bands; reflectance in [0, 1]
 *   A           out  endmembers x pixels, lda >= endmembers
 *   Y           out  bands x pixels, ldy >= bands; never negative
 *   no array overlaps another
 *   OK | E_ARG
 *   Cost of a pixel: bands * endmembers multiply-adds and bands random numbers; no workspace */
ORTHANT_API orthant_status orthant_scene_run_f32(const orthant_scene_config *c, float *wavelength, float *E,
                                                 int32_t lde, float *A, int32_t lda, float *Y, int32_t ldy);
ORTHANT_API orthant_status orthant_scene_run_f64(const orthant_scene_config *c, double *wavelength, double *E,
                                                 int32_t lde, double *A, int32_t lda, double *Y, int32_t ldy);

/* ---- Synthetic data: mixtures for one sensor -------------------------------------------------------------------- */

#define ORTHANT_ABUNDANCES_DIRICHLET 1   /**< each pixel by itself; the default.  Reads active, alpha */
#define ORTHANT_ABUNDANCES_DEAD_LEAVES 2 /**< discs over one another, each of one Dirichlet mixture.  Reads active,
                                              alpha */
#define ORTHANT_ABUNDANCES_MAPS 3        /**< columns drawn from given abundances.  Reads map_columns */

/** Which mixtures. */
typedef struct orthant_mixtures_config {
  uint32_t size;       /**< required: sizeof this struct */
  int32_t bands, endmembers, lines, samples; /**< required: of one sample of the set, which has lines * samples
                                                  pixels */
  int32_t spectra;     /**< required: columns of S */
  int32_t abundances;  /**< ORTHANT_ABUNDANCES_...; 0: DIRICHLET */
  int32_t active;      /**< most endmembers of a pixel or disc; 0: all */
  int32_t unit;        /**< 1: columns of Y and of W have unit l1 norm, and H is in that unit */
  int32_t map_columns; /**< of `maps` */
  double alpha;        /**< of the Dirichlet distribution; 0: 1, uniform on the simplex */
  double snr_db;       /**< white Gaussian noise; 0: 30 dB; < 0: none */
  double spread;       /**< each spectrum is scaled by 1 +- spread, below 1; 0, < 0: none */
  uint64_t seed;       /**< of everything that is drawn */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_mixtures_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_mixtures_config_problem(const orthant_mixtures_config *c, char *text, size_t room);
/** `count` samples side by side, from sample `index` on.  A sample depends on the config and its index alone: sets are
 * made in any order, by any worker.
 *   Y = W H + noise;  for each endmember one spectrum, drawn from S
 *   S      in   bands x spectra, lds >= bands; finite, nonnegative
 *   group  in   spectra, or null: the endmember in [0, endmembers) that each spectrum may stand for, none without one;
 *               null: any `endmembers` different spectra
 *   maps   in   endmembers x map_columns without gaps; finite, nonnegative; MAPS alone, else null
 *   Y      out  bands x (pixels * count) without gaps
 *   W      out  bands x (endmembers * count) without gaps
 *   H      out  endmembers x (pixels * count) without gaps
 *   no output overlaps another array
 *   OK | E_ARG | E_DATA
 *   Cost of a pixel: bands * endmembers multiply-adds and bands random numbers; no workspace */
ORTHANT_API orthant_status orthant_mixtures_run_f32(const orthant_mixtures_config *c, uint64_t index, int32_t count,
                                                    const float *S, int32_t lds, const int32_t *group,
                                                    const float *maps, float *Y, float *W, float *H);
ORTHANT_API orthant_status orthant_mixtures_run_f64(const orthant_mixtures_config *c, uint64_t index, int32_t count,
                                                    const double *S, int32_t lds, const int32_t *group,
                                                    const double *maps, double *Y, double *W, double *H);

/* ---- Synthetic data: matrices with factors ---------------------------------------------------------------------- */

#define ORTHANT_FACTORS_TRAINING 0 /**< of every 15000: 10000 with 10 to 35 rows and columns, 2000 with 30 to 70, 1500
                                        with 30 to 100 rows and 10 to 35 columns, 1500 the other way; with noise, not
                                        clipped */
#define ORTHANT_FACTORS_SMALL 1    /**< 15 to 35 rows and columns, without noise */
#define ORTHANT_FACTORS_LARGE 2    /**< 50 to 200 rows and columns, without noise */

/** Which set. */
typedef struct orthant_factors_config {
  uint32_t size; /**< required: sizeof this struct */
  int32_t rank;  /**< 0: 10 */
  int32_t set;   /**< ORTHANT_FACTORS_... */
  int32_t reserved;
  double noise;  /**< of TRAINING; 0: 0.01; < 0: none */
  uint64_t seed; /**< of everything that is drawn */
} orthant_factors_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_factors_config_problem(const orthant_factors_config *c, char *text, size_t room);
/** Matrix `index` of a set, which depends on the config and that number alone.
 *   V = W H + noise,  entries of W and H exponential, the expectation of V one
 *   rows, cols  out  the sizes of this matrix
 *   V           out  rows x cols without gaps, room for `capacity` elements; or null: the sizes alone
 *   OK | E_ARG | E_SCRATCH (capacity too small)
 *   Cost: rows * cols * rank multiply-adds; no workspace */
ORTHANT_API orthant_status orthant_factors_run_f32(const orthant_factors_config *c, uint64_t index, int32_t *rows,
                                                   int32_t *cols, float *V, size_t capacity);
ORTHANT_API orthant_status orthant_factors_run_f64(const orthant_factors_config *c, uint64_t index, int32_t *rows,
                                                   int32_t *cols, double *V, size_t capacity);

/* ---- Training of NALMU ------------------------------------------------------------------------------------------ */

#define ORTHANT_SPREAD_COMPONENT 1 /**< A: one number a component, for any number of pixels and bands; the default */
#define ORTHANT_SPREAD_FULL 2      /**< one an entry: fixes the number of bands (A_W) or of pixels (A_H) */
#define ORTHANT_SPREAD_NETWORK 3   /**< from a network that sees the factor (RALMU).  Reads lines, kernel, seed */
#define ORTHANT_POSITIVITY_EXP 1   /**< A = exp(theta); the default */
#define ORTHANT_POSITIVITY_DIRECT 2   /**< A = theta */
#define ORTHANT_POSITIVITY_SOFTPLUS 3 /**< A = log(1 + exp(theta)) */
#define ORTHANT_NU_LINEAR 1        /**< nu_k from 0 to 1; the default */
#define ORTHANT_NU_LOG 2           /**< nu_k from 1e-7 to 1 */
#define ORTHANT_NU_LAST 3          /**< nu_k is 1 for the last layer, else 0 */
#define ORTHANT_FIT_NONE (-1)      /**< this factor is not judged */
#define ORTHANT_FIT_L2 1           /**< |X - G|^2 */
#define ORTHANT_FIT_MSE 2          /**< the mean of its entries */
#define ORTHANT_FIT_NMSE 3         /**< |X - G|^2 / |G|^2; the default */
#define ORTHANT_FIT_ANGLE 4        /**< the mean spectral angle; of W by column, of H by pixel */
#define ORTHANT_FIT_NEGCOS 5       /**< minus the mean cosine */

/** What to train. */
typedef struct orthant_nalmu_train_config {
  uint32_t size;       /**< required: sizeof this struct */
  int32_t bands, endmembers; /**< required */
  int32_t columns;     /**< required: of one sample */
  int32_t layers;      /**< required */
  int32_t factors;     /**< ORTHANT_NALMU_...; 0: BOTH */
  int32_t order;       /**< 1: H before W in a layer */
  int32_t tied;        /**< 1: one A for all layers */
  int32_t spread_w, spread_h; /**< ORTHANT_SPREAD_...; 0: COMPONENT */
  int32_t positivity;  /**< ORTHANT_POSITIVITY_...; 0: EXP */
  int32_t nu;          /**< ORTHANT_NU_...; 0: LINEAR */
  int32_t loss_w, loss_h; /**< l_W and l_H: ORTHANT_FIT_...; 0: NMSE */
  int32_t keep;        /**< layers whose iterates are kept at a time; 0: all.  The square root of `layers` costs one
                            more forward pass and the least memory */
  int32_t lines;       /**< NETWORK: columns = lines * samples; 0: 1 */
  int32_t kernel;      /**< NETWORK: k of the k x k convolutions, odd; 0: 3 */
  int32_t divergence;  /**< ORTHANT_LOSS_... that the updates descend; 0: Frobenius */
  double beta;         /**< of ORTHANT_LOSS_BETA */
  double low_w, high_w, low_h, high_h; /**< clips of the factors; each 0, < 0: none */
  double start_h;      /**< H at the start; 0: 1 */
  double rate;         /**< step of Adam; 0: 1e-2 */
  double rate_decay;   /**< the rate of step t is rate * rate_decay^t; 0: 1 */
  double weight_decay; /**< of AdamW; 0, < 0: none */
  double beta1, beta2, epsilon; /**< of Adam; 0: 0.9, 0.999, 1e-8 */
  uint64_t seed;       /**< NETWORK: of the first weights */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_nalmu_train_config;
typedef struct orthant_nalmu_train_f32 orthant_nalmu_train_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_nalmu_train_f64 orthant_nalmu_train_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_nalmu_train_config_problem(const orthant_nalmu_train_config *c, char *text, size_t room);

/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_nalmu_train_size_f32(const orthant_nalmu_train_config *c, size_t *bytes);
/** Place a handle, which holds parameters and moments.
 *   W0  in  bands x endmembers, ldw >= bands; finite, nonnegative: where W starts, in every sample and in use; it is
 *           stored with the model; null: ones
 *   OK | E_ARG | E_SCRATCH | E_DATA */
ORTHANT_API orthant_status orthant_nalmu_train_init_f32(const orthant_nalmu_train_config *c, const float *W0,
                                                        int32_t ldw, void *mem, size_t bytes,
                                                        orthant_nalmu_train_f32 **out);
/** Go on from a saved state, or from the multipliers of a model.  The config and W0 must say the same network and start
 * as those that made it; losses, nu, rates and samples may change.
 *   OK | E_ARG | E_BLOB (orthant_nalmu_train_problem says what does not fit) */
ORTHANT_API orthant_status orthant_nalmu_train_load_f32(orthant_nalmu_train_f32 *s, const struct orthant_model *m);
/** What load refuses, in a static string: the first field of the config whose value the file does not share ("order";
 * "W0" of init); "kind", "records", "moments" or "numbers" where the file is of another kind, lacks or misshapes a
 * record or the state of Adam, or holds numbers that are not finite; "ok" where load takes it; "null". */
ORTHANT_API const char *orthant_nalmu_train_problem_f32(orthant_nalmu_train_f32 *s, const struct orthant_model *m);
/** One step of Adam on `count` samples, side by side.  Training may stop and go on between any two steps; the bits do
 * not depend on the workers.
 *   minimise over A the mean over samples of  sum_k nu_k (l_W(W_k, W) + l_H(H_k, H)),  W_k and H_k the iterates of
 *   layer k
 *   Y      in   bands x (columns * count) without gaps; finite, nonnegative
 *   W      in   bands x (endmembers * count) without gaps; finite, nonnegative: the target, with one factor the factor
 *   H      in   endmembers x (columns * count) without gaps; finite, nonnegative: the target
 *   learn  in   1; 0: the loss alone; 2: the loss and its gradient, for ORTHANT_PART_GRADIENT
 *   r      out  objective: the mean loss before the step;  iters: steps so far;  stop: NONFINITE where loss or gradient
 *               were not finite and nothing was changed
 *   OK | E_ARG | E_DATA
 *   Cost of a sample and layer: forward 4 * bands * columns * endmembers flops, backward twice as much
 *   Source: tools/docs/algorithms.md, "NALMU" */
ORTHANT_API orthant_status orthant_nalmu_train_step_f32(orthant_nalmu_train_f32 *s, int32_t count, const float *Y,
                                                        const float *W, const float *H, int32_t learn,
                                                        orthant_report *r);
/** The model as a weight file.
 *   state  in   0: the model; 1: what `load` needs to go on as if nothing had happened
 *   out    out  `capacity` bytes at any address, or null to ask for the size alone
 *   bytes  out  the length
 *   OK | E_ARG | E_SCRATCH | E_DATA (a number is not finite) */
ORTHANT_API orthant_status orthant_nalmu_train_save_f32(orthant_nalmu_train_f32 *s, int32_t state, void *out,
                                                        size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_train_size_f64(const orthant_nalmu_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_nalmu_train_init_f64(const orthant_nalmu_train_config *c, const double *W0,
                                                        int32_t ldw, void *mem, size_t bytes,
                                                        orthant_nalmu_train_f64 **out);
ORTHANT_API orthant_status orthant_nalmu_train_load_f64(orthant_nalmu_train_f64 *s, const struct orthant_model *m);
ORTHANT_API const char *orthant_nalmu_train_problem_f64(orthant_nalmu_train_f64 *s, const struct orthant_model *m);
ORTHANT_API orthant_status orthant_nalmu_train_step_f64(orthant_nalmu_train_f64 *s, int32_t count, const double *Y,
                                                        const double *W, const double *H, int32_t learn,
                                                        orthant_report *r);
ORTHANT_API orthant_status orthant_nalmu_train_save_f64(orthant_nalmu_train_f64 *s, int32_t state, void *out,
                                                        size_t capacity, size_t *bytes);

/* ---- Training of the Factormer ---------------------------------------------------------------------------------- */

#define ORTHANT_RESIDUAL_INPUT 1   /**< LN2(x + FFN(.)); the default */
#define ORTHANT_RESIDUAL_MESSAGE 2 /**< LN2(m + FFN(.)) */
#define ORTHANT_RESIDUAL_NORM 3    /**< LN2(LN1(x + m) + FFN(.)) */
#define ORTHANT_FACTORMER_LOG_RMSE 1 /**< the loss of an iterate is the logarithm of its RMSE; the default */
#define ORTHANT_FACTORMER_MSE 2      /**< the mean of the squares of V - W H, V at mean one */

/** What to train. */
typedef struct orthant_factormer_train_config {
  uint32_t size;        /**< required: sizeof this struct */
  int32_t max_rows, max_cols; /**< required: of any matrix of the training set */
  int32_t rank;         /**< 0: 10 */
  int32_t width, heads, layers, hidden; /**< 0: 100, 4, 4, 2 * width */
  int32_t residual;     /**< ORTHANT_RESIDUAL_...; 0: INPUT */
  int32_t separate;     /**< 1: the updates of H and of W have weights of their own */
  int32_t wide_scale;   /**< 1: logits over sqrt(width) instead of sqrt(width / heads) */
  int32_t last_norm;    /**< 1: the second norm in the last updates too */
  int32_t accelerates;  /**< 1: acceleration; 0: initialization */
  int32_t unrolled;     /**< T; 0: 2, of acceleration 5; at most 8 */
  int32_t epoch_steps, epochs; /**< of the schedule; 0: 15000, 15 */
  int32_t one_cycle;    /**< 1: one cosine over all epochs after `warmup` steps; 0: one an epoch, and epoch_decay */
  int32_t warmup;       /**< steps; 0, < 0: none */
  int32_t grow_epochs;  /**< acceleration: epochs until one more application; 0: 2 */
  int32_t loss;         /**< ORTHANT_FACTORMER_...; 0: LOG_RMSE */
  double rate;          /**< of AdamW; 0: 1e-4, of acceleration 1e-5 */
  double epoch_decay;   /**< 0: 0.9 */
  double weight_decay;  /**< 0: 0.01; < 0: none */
  double beta1, beta2, epsilon; /**< of AdamW; 0: 0.9, 0.999, 1e-8 */
  double clip;          /**< largest norm of a gradient; 0, < 0: none */
  double rho;           /**< penalty of AO-ADMM; 0: 1 */
  double gamma;         /**< of acceleration; 0: 0.2 */
  uint64_t seed;        /**< of the first weights */
  const orthant_parallel *parallel; /**< over the matrices of a step; null: serial */
} orthant_factormer_train_config;
typedef struct orthant_factormer_train_f32 orthant_factormer_train_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_factormer_train_f64 orthant_factormer_train_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_factormer_train_config_problem(const orthant_factormer_train_config *c, char *text,
                                                          size_t room);

/** Bytes of workspace.   OK | E_ARG */
ORTHANT_API orthant_status orthant_factormer_train_size_f32(const orthant_factormer_train_config *c, size_t *bytes);
/** Place a handle, which holds parameters and moments.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_factormer_train_init_f32(const orthant_factormer_train_config *c, void *mem,
                                                            size_t bytes, orthant_factormer_train_f32 **out);
/** Go on from a saved state, or from the parameters of a model.  The config must say the same network as the one that
 * made it; rates and schedule may change.
 *   OK | E_ARG | E_BLOB (orthant_factormer_train_problem says what does not fit) */
ORTHANT_API orthant_status orthant_factormer_train_load_f32(orthant_factormer_train_f32 *s,
                                                            const struct orthant_model *m);
/** What load refuses: as orthant_nalmu_train_problem. */
ORTHANT_API const char *orthant_factormer_train_problem_f32(orthant_factormer_train_f32 *s,
                                                            const struct orthant_model *m);
/** One step of AdamW on `count` matrices, through the network and unrolled AO-ADMM (5 inner steps, W before H, dual
 * variable from zero, penalty rho).  The bits do not depend on the workers.
 *   initialization  NNDSVD, network, T iterations:  minimise sum over t = 0 .. T of log RMSE_t
 *   acceleration    T times an iteration, then the network:  minimise sum over t of gamma^(T - t) log RMSE_t, T growing
 * With the loss MSE the mean square stands for each log RMSE.
 *   V      in   `count` dense matrices, at most 64; finite, of a positive mean; noise may make entries negative
 *   learn  in   1; 0: the loss alone; 2: the loss and its gradient, for ORTHANT_PART_GRADIENT; 3: neither, but what V
 *               is like goes into the model as data that it is for, as it does with 1 (orthant/factormer.h)
 *   r      out  objective: the mean loss before the step;  rel_error: RMSE of the raw output, V at mean one, as a
 *               geometric mean;  iters: steps so far;  stop: NONFINITE where loss or gradient were not finite and
 *               nothing was changed
 *   OK | E_ARG | E_DATA
 *   Cost: about three times that of the network's runs
 *   Source: tools/docs/algorithms.md, "Factormer: network" */
ORTHANT_API orthant_status orthant_factormer_train_step_f32(orthant_factormer_train_f32 *s, int32_t count,
                                                            const orthant_matrix_f32 *V, int32_t learn,
                                                            orthant_report *r);
/** The model as a weight file: as orthant_nalmu_train_save.   OK | E_ARG | E_SCRATCH | E_DATA (a number is not
 * finite) */
ORTHANT_API orthant_status orthant_factormer_train_save_f32(orthant_factormer_train_f32 *s, int32_t state, void *out,
                                                            size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_train_size_f64(const orthant_factormer_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_factormer_train_init_f64(const orthant_factormer_train_config *c, void *mem,
                                                            size_t bytes, orthant_factormer_train_f64 **out);
ORTHANT_API orthant_status orthant_factormer_train_load_f64(orthant_factormer_train_f64 *s,
                                                            const struct orthant_model *m);
ORTHANT_API const char *orthant_factormer_train_problem_f64(orthant_factormer_train_f64 *s,
                                                            const struct orthant_model *m);
ORTHANT_API orthant_status orthant_factormer_train_step_f64(orthant_factormer_train_f64 *s, int32_t count,
                                                            const orthant_matrix_f64 *V, int32_t learn,
                                                            orthant_report *r);
ORTHANT_API orthant_status orthant_factormer_train_save_f64(orthant_factormer_train_f64 *s, int32_t state, void *out,
                                                            size_t capacity, size_t *bytes);

/* ---- Training of a schedule ------------------------------------------------------------------------------------- */

/** What to train.  All may stay zero. */
typedef struct orthant_schedule_train_config {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t problems;   /**< 1 to 256; 0: 48 */
  int32_t largest;    /**< side of a problem, 16 to 2000; 0: 200 */
  int32_t population; /**< candidates a generation, 4 to 256; 0: 16 */
  int32_t iterations; /**< outer iterations of one run, 2 to 1000; 0: 60 */
  int32_t reserved;
  uint64_t seed;      /**< of problems and candidates */
  const orthant_parallel *parallel; /**< your threads; null: serial */
} orthant_schedule_train_config;
typedef struct orthant_schedule_train_f32 orthant_schedule_train_f32; /**< a handle, in the caller's buffer */
typedef struct orthant_schedule_train_f64 orthant_schedule_train_f64; /**< a handle, in the caller's buffer */

/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_schedule_train_config_problem(const orthant_schedule_train_config *c, char *text,
                                                         size_t room);

/** Bytes of workspace: the problems, and for each worker one solver.   OK | E_ARG */
ORTHANT_API orthant_status orthant_schedule_train_size_f32(const orthant_schedule_train_config *c, size_t *bytes);
/** Place a handle.   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_schedule_train_init_f32(const orthant_schedule_train_config *c, void *mem,
                                                           size_t bytes, orthant_schedule_train_f32 **out);
/** `generations` more of an evolution strategy with an adapted matrix, which begins at the classical rule.
 *   minimise over the 36 numbers the mean over problems and targets of log(time / time of the classical method), where
 *   what is slower counts half as much again
 * Problems have exponential factors, or such as images have, noise of 0 and 0.01, and ranks of 3 to 30; targets are the
 * objectives after 20 and 100 AO-ADMM iterations from NNDSVD, and 5 % and 1 % above the best of long runs.  Time is
 * modelled by operations: the result depends on the config alone.
 *   generations  in   >= 0; the first call also makes the problems and their targets
 *   r            out  objective: of the best numbers so far, negative where they are faster; exp of it is the mean
 *   ratio of
 *                     times where nothing is slower;  rel_error: of the mean of the strategy;  iters: generations so
 *                     far
 *   OK | E_ARG
 *   Cost of a generation: population * problems runs of at most `iterations`
 *   Source: Beyer and Sendhoff 2017; tools/docs/algorithms.md, "Learned schedules" */
ORTHANT_API orthant_status orthant_schedule_train_run_f32(orthant_schedule_train_f32 *s, int32_t generations,
                                                          orthant_report *r);
/** Go on from a saved state: the bits are those of a training that was never stopped.
 *   m  in  what `save` with state 1 gave
 *   OK | E_ARG | E_BLOB (no state, or of another config; nothing is changed) */
ORTHANT_API orthant_status orthant_schedule_train_load_f32(orthant_schedule_train_f32 *s,
                                                           const struct orthant_model *m);
/** The best numbers as a weight file.
 *   state  in   0: the schedule; 1: what `load` needs to go on as if nothing had happened
 *   out    out  `capacity` bytes at any address, or null to ask for the size alone
 *   bytes  out  the length
 *   OK | E_ARG (also before the first run) | E_SCRATCH */
ORTHANT_API orthant_status orthant_schedule_train_save_f32(orthant_schedule_train_f32 *s, int32_t state, void *out,
                                                           size_t capacity, size_t *bytes);
ORTHANT_API orthant_status orthant_schedule_train_size_f64(const orthant_schedule_train_config *c, size_t *bytes);
ORTHANT_API orthant_status orthant_schedule_train_init_f64(const orthant_schedule_train_config *c, void *mem,
                                                           size_t bytes, orthant_schedule_train_f64 **out);
ORTHANT_API orthant_status orthant_schedule_train_run_f64(orthant_schedule_train_f64 *s, int32_t generations,
                                                          orthant_report *r);
ORTHANT_API orthant_status orthant_schedule_train_load_f64(orthant_schedule_train_f64 *s,
                                                           const struct orthant_model *m);
ORTHANT_API orthant_status orthant_schedule_train_save_f64(orthant_schedule_train_f64 *s, int32_t state, void *out,
                                                           size_t capacity, size_t *bytes);

/* ---- SymNMF-Net: for other optimisers --------------------------------------------------------------------------- */

/** The loss of SymNMF-Net and its gradient at the present parameters.  After a start, a load or a run.
 *   X        in   as for orthant_symnet_run
 *   P, U0    in   n x (rank * layers), the P_i side by side, and n x rank, without gaps: set them first; null: as they
 *                 are
 *   lambda   in   > 0: set it first; 0: as it is
 *   loss, dlambda  out  or null
 *   dP, dU0  out  the shapes of P and U0, or null; must not overlap an input
 *   OK | E_ARG | E_DATA | E_UNSUPPORTED (MASKED)
 *   Cost: that of an epoch of orthant_symnet_run */
ORTHANT_API orthant_status orthant_symnet_gradient_f32(orthant_symnet_f32 *s, const orthant_matrix_f32 *X,
                                                       const float *P, const float *U0, double lambda, double *loss,
                                                       float *dP, float *dU0, double *dlambda);
/** The present parameters, in the same shapes; any may be null.   OK | E_ARG (also before a start) */
ORTHANT_API orthant_status orthant_symnet_parameters_f32(orthant_symnet_f32 *s, float *P, float *U0, double *lambda);
ORTHANT_API orthant_status orthant_symnet_gradient_f64(orthant_symnet_f64 *s, const orthant_matrix_f64 *X,
                                                       const double *P, const double *U0, double lambda, double *loss,
                                                       double *dP, double *dU0, double *dlambda);
ORTHANT_API orthant_status orthant_symnet_parameters_f64(orthant_symnet_f64 *s, double *P, double *U0, double *lambda);

/* ---- What handles hold ------------------------------------------------------------------------------------------- */

/* The parts of a handle that `get` copies out, and that `set` replaces where a comment says so.  Numbers are double
 * whatever the type of the handle, matrices column by column without gaps. */
#define ORTHANT_PART_FACTOR 1     /**< orthant_symnmf after a start, methods with two factors: V, of ADMM A, n x rank;
                                       set: another start than U, >= 0 but of ADMM.  V is improved first: in papers
                                       that begin with U it is the U of the first half step */
#define ORTHANT_PART_MULTIPLIER 2 /**< orthant_symnmf after a start, ADMM: n x rank; set */
#define ORTHANT_PART_PENALTY 3    /**< after a start, one number: of orthant_symnmf the lambda or rho in use, of
                                       orthant_nmf with MINVOL its lambda */
#define ORTHANT_PART_THETA 4      /**< orthant_symnmf after a start, ADMM: tau with ORTHANT_PENALTY_SUFFICIENT, the
                                       largest of 1/2 (X_kk + |X_k|); else 0, which is no ball */
#define ORTHANT_PART_VARIANCE 5   /**< orthant_relu_nmd after a start, EM and AEM: sigma^2 */
#define ORTHANT_PART_PIXELS 6     /**< orthant_endmembers, NFINDR: the pixels that it began with, of SPA; set, before
                                       run: other ones for all runs to come */
#define ORTHANT_PART_VOLUME 7     /**< orthant_endmembers after a run, NFINDR: of the simplex on the principal axes */
#define ORTHANT_PART_INNER_TOL 8  /**< orthant_nmf, AOADMM without `reduce`; set, before start: the ADMM steps of a
                                       block end where |X - Z|^2 < tol |X|^2 and |X - X_before|^2 < tol |U|^2; 0, at
                                       first: none */
#define ORTHANT_PART_START_H 9    /**< orthant_nalmu_train: where H begins in every sample, columns x endmembers (H');
                                       set.  No file has it: run what was so trained with `given` */
#define ORTHANT_PART_NU 10        /**< orthant_nalmu_train: nu_1, nu_2, ..., of each layer; set, >= 0; in no file */
#define ORTHANT_PART_PARAMETERS 11 /**< of orthant_nalmu_train layer by layer, those of W, then of H; of
                                        orthant_factormer_train in the order of the records of its file; set */
#define ORTHANT_PART_GRADIENT 12  /**< of the same two, after a step with learn = 1 or 2: of the mean loss at the
                                       parameters before the step, in the same order */
#define ORTHANT_PART_EIGENVECTORS 13 /**< orthant_symnmf with `bound`, after a start from an X that is not zero: the
                                          leading ones of X, n x rank, orthonormal, of the largest value first */

/** Copy a part out.
 *   out    out  `capacity` numbers, or null to ask for the count alone
 *   count  out  how many they are
 *   OK | E_ARG (also before a start that makes the part) | E_SCRATCH | E_UNSUPPORTED (no part of this handle) */
ORTHANT_API orthant_status orthant_nmf_get_f32(orthant_nmf_f32 *s, int32_t part, double *out, size_t capacity,
                                               size_t *count);
/** Replace a part.
 *   values  in  as many numbers as `get` gives
 *   OK | E_ARG | E_DATA (a number is out of range; nothing has changed) | E_UNSUPPORTED (no part of this handle, or
 *   none that can be set) */
ORTHANT_API orthant_status orthant_nmf_set_f32(orthant_nmf_f32 *s, int32_t part, const double *values, size_t count);
ORTHANT_API orthant_status orthant_relu_nmd_get_f32(orthant_relu_nmd_f32 *s, int32_t part, double *out, size_t capacity,
                                                    size_t *count);
ORTHANT_API orthant_status orthant_relu_nmd_set_f32(orthant_relu_nmd_f32 *s, int32_t part, const double *values,
                                                    size_t count);
ORTHANT_API orthant_status orthant_symnmf_get_f32(orthant_symnmf_f32 *s, int32_t part, double *out, size_t capacity,
                                                  size_t *count);
ORTHANT_API orthant_status orthant_symnmf_set_f32(orthant_symnmf_f32 *s, int32_t part, const double *values,
                                                  size_t count);
ORTHANT_API orthant_status orthant_endmembers_get_f32(orthant_endmembers_f32 *s, int32_t part, double *out,
                                                      size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_endmembers_set_f32(orthant_endmembers_f32 *s, int32_t part, const double *values,
                                                      size_t count);
ORTHANT_API orthant_status orthant_nalmu_train_get_f32(orthant_nalmu_train_f32 *s, int32_t part, double *out,
                                                       size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_nalmu_train_set_f32(orthant_nalmu_train_f32 *s, int32_t part, const double *values,
                                                       size_t count);
ORTHANT_API orthant_status orthant_factormer_train_get_f32(orthant_factormer_train_f32 *s, int32_t part, double *out,
                                                           size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_factormer_train_set_f32(orthant_factormer_train_f32 *s, int32_t part,
                                                           const double *values, size_t count);
ORTHANT_API orthant_status orthant_nmf_get_f64(orthant_nmf_f64 *s, int32_t part, double *out, size_t capacity,
                                               size_t *count);
ORTHANT_API orthant_status orthant_nmf_set_f64(orthant_nmf_f64 *s, int32_t part, const double *values,
                                               size_t count);
ORTHANT_API orthant_status orthant_relu_nmd_get_f64(orthant_relu_nmd_f64 *s, int32_t part, double *out, size_t capacity,
                                                    size_t *count);
ORTHANT_API orthant_status orthant_relu_nmd_set_f64(orthant_relu_nmd_f64 *s, int32_t part, const double *values,
                                                    size_t count);
ORTHANT_API orthant_status orthant_symnmf_get_f64(orthant_symnmf_f64 *s, int32_t part, double *out, size_t capacity,
                                                  size_t *count);
ORTHANT_API orthant_status orthant_symnmf_set_f64(orthant_symnmf_f64 *s, int32_t part, const double *values,
                                                  size_t count);
ORTHANT_API orthant_status orthant_endmembers_get_f64(orthant_endmembers_f64 *s, int32_t part, double *out,
                                                      size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_endmembers_set_f64(orthant_endmembers_f64 *s, int32_t part, const double *values,
                                                      size_t count);
ORTHANT_API orthant_status orthant_nalmu_train_get_f64(orthant_nalmu_train_f64 *s, int32_t part, double *out,
                                                       size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_nalmu_train_set_f64(orthant_nalmu_train_f64 *s, int32_t part, const double *values,
                                                       size_t count);
ORTHANT_API orthant_status orthant_factormer_train_get_f64(orthant_factormer_train_f64 *s, int32_t part, double *out,
                                                           size_t capacity, size_t *count);
ORTHANT_API orthant_status orthant_factormer_train_set_f64(orthant_factormer_train_f64 *s, int32_t part,
                                                           const double *values, size_t count);

/* ---- Adam -------------------------------------------------------------------------------------------------------- */

/** The optimiser of every training here, by itself. */
typedef struct orthant_adam_config {
  uint32_t size;       /**< required: sizeof this struct */
  int32_t reserved;
  double rate;         /**< 0: 1e-3 */
  double beta1, beta2, epsilon; /**< 0: 0.9, 0.999, 1e-8 */
  double weight_decay; /**< of AdamW: x is first multiplied by 1 - rate weight_decay; 0, < 0: none */
} orthant_adam_config;
/** What a refusal is about, in words: as orthant_unmix_config_problem. */
ORTHANT_API size_t orthant_adam_config_problem(const orthant_adam_config *c, char *text, size_t room);
/** One step.
 *   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2,   entry by entry,
 *   x <- x - rate (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + epsilon)
 *   step  in      the number of this one; the first is 1
 *   g     in      n
 *   x     in/out  n
 *   m, v  in/out  n; zero before the first step
 *   OK | E_ARG | E_DATA (a number is not finite, or v < 0; nothing has changed)
 *   Source: Kingma and Ba 2015; Loshchilov and Hutter 2019 */
ORTHANT_API orthant_status orthant_adam_step_f32(const orthant_adam_config *c, int64_t step, size_t n, const float *g,
                                                 float *x, float *m, float *v);
ORTHANT_API orthant_status orthant_adam_step_f64(const orthant_adam_config *c, int64_t step, size_t n, const double *g,
                                                 double *x, double *m, double *v);

/* ---- Misprints -------------------------------------------------------------------------------------------------- */

/* Formulas as some papers print them, which contradict what the papers themselves prove or measure, for those who
 * compare. */
#define ORTHANT_MISPRINT_CLIP 1      /**< MURNMF: numerators clipped at 1e-7, which may diverge with l1 */
#define ORTHANT_MISPRINT_DIRECTION 2 /**< AURNMF: a direction in which zeros stay zero */
#define ORTHANT_MISPRINT_CURVATURE 4 /**< AURNMF: a curvature without its overlap term, which may ascend */
/** Choose misprints, between init and start.
 *   which  in  a sum of ORTHANT_MISPRINT_CLIP, _DIRECTION and _CURVATURE; 0: none
 *   OK | E_ARG | E_UNSUPPORTED (of another method than that of the handle)
 *   Source: tools/docs/algorithms.md, "MURNMF", "AURNMF" */
ORTHANT_API orthant_status orthant_nmf_misprints_f32(orthant_nmf_f32 *s, int32_t which);
ORTHANT_API orthant_status orthant_nmf_misprints_f64(orthant_nmf_f64 *s, int32_t which);

#define ORTHANT_MISPRINT_FIRST_Z 1   /**< NMD-TM: the first Z is 0 where M > 0 and min(0, U V) elsewhere */
/** Choose misprints, between init and start.
 *   which  in  ORTHANT_MISPRINT_FIRST_Z, in the place of z_start; 0: none
 *   OK | E_ARG | E_UNSUPPORTED (QN, which has no Z; TM and 3B with alpha 1, where M never comes back)
 *   Source: tools/docs/algorithms.md, "ReLU decomposition" */
ORTHANT_API orthant_status orthant_relu_nmd_misprints_f32(orthant_relu_nmd_f32 *s, int32_t which);
ORTHANT_API orthant_status orthant_relu_nmd_misprints_f64(orthant_relu_nmd_f64 *s, int32_t which);

#ifdef __cplusplus
}
#endif

#endif
