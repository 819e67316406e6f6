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
/* The table that the library brings, as a blob: orthant_nmf's own for V below 80 000 entries (tools/models,
 * tools/bench/results/clock).  It steers 8 iterations; the classical rule goes on from the momentum that it left.
 *   OK | E_ARG | E_SCRATCH. */
ORTHANT_API orthant_status orthant_schedule_default(void *out, size_t capacity, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
