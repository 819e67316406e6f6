/** @file orthant/schedule.h
 * Orthant: learned schedules of extrapolated HALS.  A part of orthant.h, readable alone.
 *
 * A schedule says for each half step of EHALS how much momentum, how many sweeps and how much relaxation to use, from
 * the sizes, the rank, the last decrease, the residual, the share of zeros and the classical momentum: 36 numbers for
 * every V.  It is a weight file of kind ORTHANT_MODEL_SCHEDULE, for the field `schedule` of orthant_nmf_config.  It
 * steers 8 iterations; then the classical rule goes on from the momentum that it left [tools/docs/algorithms.md,
 * "Learned schedules"].  Whatever its numbers are, each iterate is feasible, and a restart undoes a step that
 * ascends. */
#ifndef ORTHANT_SCHEDULE_H
#define ORTHANT_SCHEDULE_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Schedules -------------------------------------------------------------------------------------------------- */

/** The schedule that the library brings and uses by default for V below 80 000 entries, as a weight file.
 *   out    out  `capacity` bytes at any address, or null to ask for the size alone
 *   bytes  out  the length
 *   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_schedule_default(void *out, size_t capacity, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
