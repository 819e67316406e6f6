/** @file orthant/mpi.h
 * Orthant: the sums over processes that orthant_nmf_config asks for, by MPI.  An archive of its own, `liborthant-mpi`,
 * for the MPI that it was built with; the library itself knows nothing of MPI.  Each process brings its own columns of
 * V and keeps its own columns of H:
 *
 * @code{.c}
 * MPI_Init(&argc, &argv);
 * orthant_reduce reduce = {sizeof reduce};
 * orthant_status status = orthant_mpi_reduce(MPI_COMM_WORLD, my_columns, &reduce);
 * orthant_nmf_config config = {.size = sizeof config, .rows = rows, .cols = my_columns, .rank = rank,
 *                              .reduce = &reduce};
 * ...                                                                 // size, init, start, run, as on one process
 * MPI_Finalize();
 * @endcode
 *
 * An error of MPI is what the communicator's error handler makes of it: with MPI_ERRORS_ARE_FATAL, the default, all
 * processes end; with MPI_ERRORS_RETURN the call ends with E_REDUCE.  A process that dies is found by mpirun, which
 * ends the others.  Sums are made on the thread that calls start and run: beside a pool MPI_THREAD_FUNNELED does. */
#ifndef ORTHANT_MPI_H
#define ORTHANT_MPI_H

#include <mpi.h>

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fill `reduce` for this process's columns.  All processes of the communicator call it together.
 *   comm     in   an intracommunicator, in use by every sum until the last use of a handle.  Sums may not run beside
 *                 other collective calls on it: MPI_Comm_dup gives one of its own
 *   columns  in   of this process, 0 and more; processes follow each other in the order of their ranks
 *   reduce   out  `size` must be set
 *   OK | E_ARG (columns is negative on a process, or there are none, or more than 2^31 - 1) | E_REDUCE: the same on all
 *   Cost: four sums of one number */
ORTHANT_API orthant_status orthant_mpi_reduce(MPI_Comm comm, int32_t columns, orthant_reduce *reduce);

/** One status for all processes of the communicator: the first that is not OK, in the order of their ranks.  For what
 * can fail on one process alone, before it calls start: reading a file, size and init. */
ORTHANT_API orthant_status orthant_mpi_agree(MPI_Comm comm, orthant_status mine);

/** @name For programs that load liborthant-mpi at run time and know no MPI
 * As the command line tool does.  `begin` is MPI_Init for one thread that calls, `end` MPI_Finalize; `beside` is how many
 * of the processes are on the same machine, this one among them.  `reduce_world` is orthant_mpi_reduce of all processes
 * that mpirun began.
 * @{ */
ORTHANT_API orthant_status orthant_mpi_begin(int32_t *process, int32_t *processes, int32_t *beside);
ORTHANT_API orthant_status orthant_mpi_reduce_world(int32_t columns, orthant_reduce *reduce);
ORTHANT_API void orthant_mpi_end(void);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
