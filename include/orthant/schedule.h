/* Orthant: learned schedules of extrapolated HALS.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_SCHEDULE_H
#define ORTHANT_SCHEDULE_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Training a schedule ----------------------------------------------------------------------------------------- */

/* A schedule says for each half step of EHALS, from the sizes, the rank, the last decrease, the residual, the share of
 * zeros and the classical momentum, how much momentum, how many sweeps, how much relaxation: 36 numbers A for all V.
 *   minimise over A the mean over problems and targets of log(time / time of the classical method), what is slower counting
 *   half as much again; by an evolution strategy with an adapted matrix [Beyer, Sendhoff 2017] that begins at the classical
 * rule.  Problems are synthetic (factors exponential, or like those of images; noise 0 and 0.01, sides to `largest`, ranks
 * 3 to 30), targets the objectives of 20 and 100 AO-ADMM iterations from NNDSVD, and 5 % and 1 % above the best of long
 * runs.  Time is modelled by operations, so the result is a function of the config alone, the same for any workers.
 * A blob of kind ORTHANT_MODEL_SCHEDULE goes into the field `schedule` of orthant_nmf_config. */
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

/* The table that the library brings, as a blob: orthant_nmf's own for V below 80 000 entries (tools/models,
 * tools/bench/results/clock).  It steers 8 iterations; the classical rule goes on from the momentum that it left.
 *   OK | E_ARG | E_SCRATCH. */
ORTHANT_API orthant_status orthant_schedule_default(void *out, size_t capacity, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
