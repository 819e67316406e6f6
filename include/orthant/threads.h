/** @file orthant/threads.h
 * Orthant: a pool of threads for the configs' field `parallel`.  An archive of its own, `liborthant-threads`; the library
 * itself starts no thread.
 *
 * @code{.c}
 * orthant_parallel parallel = {sizeof parallel};
 * orthant_threads *threads;
 * size_t bytes;
 * orthant_threads_size(0, &bytes);                                    // 0: as many as the machine gives this process
 * orthant_threads_create(0, malloc(bytes), bytes, &threads, &parallel);
 * config.parallel = &parallel;                                        // of any number of jobs
 * ...
 * orthant_threads_destroy(threads);                                   // then the memory is yours again
 * @endcode
 *
 * A thread that waits for work spins for some ten microseconds, then sleeps.  Any thread may use the pool: a loop that
 * finds it at work, from another thread or from inside one of its own tasks, runs on the thread that asked, so there are
 * never more threads at work than those that call and those of the pool. */
#ifndef ORTHANT_THREADS_H
#define ORTHANT_THREADS_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orthant_threads orthant_threads; /**< a pool, in the caller's memory */

/** Bytes of a pool.
 *   workers  the calling thread and workers - 1 others; at most 4096.  0: the processors that this process may use
 *   OK | E_ARG */
ORTHANT_API orthant_status orthant_threads_size(int32_t workers, size_t *bytes);

/** Make a pool and start its threads.
 *   mem       `bytes` bytes at any address; the pool's until orthant_threads_destroy; not to be copied
 *   parallel  out  for configs; `size` must be set.  Its `workers` may be fewer than were asked for, where the system
 *             gives no more threads, down to one
 *   OK | E_ARG | E_SCRATCH */
ORTHANT_API orthant_status orthant_threads_create(int32_t workers, void *mem, size_t bytes, orthant_threads **out,
                                                  orthant_parallel *parallel);

/** End and join the threads.  No job may be at work with the pool, nor use it afterwards.  Null: nothing to do. */
ORTHANT_API void orthant_threads_destroy(orthant_threads *threads);

/** @name Threads that another run time starts
 * For a language whose threads must be its own: `prepare`, `serve` from each thread, `stop`; when all have returned,
 * `destroy`.
 * @{ */

/** The same as `create`, without threads: until some serve, loops run on the thread that asks. */
ORTHANT_API orthant_status orthant_threads_prepare(int32_t workers, void *mem, size_t bytes, orthant_threads **out,
                                                   orthant_parallel *parallel);
/** Take part in the loops of a pool; returns after `stop`.  Called by each thread with a `worker` of its own in
 * [1, workers), at any time. */
ORTHANT_API void orthant_threads_serve(orthant_threads *threads, int32_t worker);
/** Let the threads that serve return, where no loop is at work. */
ORTHANT_API void orthant_threads_stop(orthant_threads *threads);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
