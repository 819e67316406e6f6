// orthant_threads_*: the pool itself.  No thread is started here: that is start.cpp, which not every system can link.
#include "pool.hpp"

#include <string.h>

#include <new>
#if defined(__linux__)
#include <sched.h>
#elif !defined(_WIN32)
#include <unistd.h>
#endif

namespace {

constexpr int32_t most_workers = 4096;

// Waits for a moment before it sleeps: the library calls many short loops in a row, and waking a thread takes as long as
// one of them.
template <class Ready>
bool soon(const Ready &ready) {
  for (int i = 0; i < 2000; ++i) {
    if (ready()) return true;
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

int32_t processors() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return 1;
#elif defined(_WIN32)
  return pthread_num_processors_np();
#else
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? int32_t(online) : 1;
#endif
}

int32_t meant(int32_t workers) {
  const int32_t n = workers == 0 ? processors() : workers;
  return n < most_workers ? n : most_workers;
}

void work(orthant_threads &pool, int32_t worker) {
  for (int32_t i = pool.next.fetch_add(1); i < pool.tasks; i = pool.next.fetch_add(1)) pool.task(pool.arg, i, worker);
}

void begin(orthant_threads &pool, int32_t tasks, orthant_task_fn task, void *arg) {
  pthread_mutex_lock(&pool.mutex);
  pool.next = 0;
  pool.tasks = tasks;
  pool.task = task;
  pool.arg = arg;
  pool.busy = pool.serving;
  ++pool.round;
  pthread_mutex_unlock(&pool.mutex);
  pthread_cond_broadcast(&pool.wake);
}

void wait(orthant_threads &pool) {
  const auto done = [&] { return pool.busy == 0; };
  if (soon(done)) return;
  pthread_mutex_lock(&pool.mutex);
  while (!done()) pthread_cond_wait(&pool.done, &pool.mutex);
  pthread_mutex_unlock(&pool.mutex);
}

void run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
  orthant_threads &pool = *static_cast<orthant_threads *>(user);
  if (tasks < 2 || pool.taken.exchange(true)) {  // short, nested, or beside another caller's
    for (int32_t i = 0; i < tasks; ++i) task(arg, i, 0);
    return;
  }
  begin(pool, tasks, task, arg);
  work(pool, 0);
  wait(pool);
  pool.taken = false;
}

// The first address in `mem` where a pool may lie.
orthant_threads *placed(void *mem) {
  constexpr uintptr_t align = alignof(orthant_threads);
  const uintptr_t beyond = reinterpret_cast<uintptr_t>(mem) % align;
  return reinterpret_cast<orthant_threads *>(static_cast<unsigned char *>(mem) + (align - beyond) % align);
}

}  // namespace

extern "C" {

orthant_status orthant_threads_size(int32_t workers, size_t *bytes) {
  if (!bytes || workers < 0 || workers > most_workers) return ORTHANT_E_ARG;
  *bytes = sizeof(orthant_threads) + alignof(orthant_threads) + size_t(meant(workers)) * sizeof(pthread_t);
  return ORTHANT_OK;
}

orthant_status orthant_threads_prepare(int32_t workers, void *mem, size_t bytes, orthant_threads **out,
                                       orthant_parallel *parallel) {
  size_t needed = 0;
  if (!mem || !out || !parallel || parallel->size < sizeof *parallel) return ORTHANT_E_ARG;
  if (const orthant_status st = orthant_threads_size(workers, &needed); st != ORTHANT_OK) return st;
  if (bytes < needed) return ORTHANT_E_SCRATCH;
  orthant_threads *pool = new (placed(mem)) orthant_threads();
  if (pthread_mutex_init(&pool->mutex, nullptr) != 0 || pthread_cond_init(&pool->wake, nullptr) != 0 ||
      pthread_cond_init(&pool->done, nullptr) != 0)
    return ORTHANT_E_ARG;
  *parallel = {sizeof *parallel, meant(workers), run, pool};
  *out = pool;
  return ORTHANT_OK;
}

void orthant_threads_serve(orthant_threads *pool, int32_t worker) {
  pthread_mutex_lock(&pool->mutex);
  ++pool->serving;
  uint32_t seen = pool->round;
  pthread_mutex_unlock(&pool->mutex);
  for (;;) {
    const auto ready = [&] { return pool->stopping || pool->round != seen; };
    if (!soon(ready)) {
      pthread_mutex_lock(&pool->mutex);
      while (!ready()) pthread_cond_wait(&pool->wake, &pool->mutex);
      pthread_mutex_unlock(&pool->mutex);
    }
    if (pool->stopping) return;
    seen = pool->round;
    work(*pool, worker);
    if (--pool->busy == 0) {
      pthread_mutex_lock(&pool->mutex);
      pthread_cond_signal(&pool->done);
      pthread_mutex_unlock(&pool->mutex);
    }
  }
}

void orthant_threads_stop(orthant_threads *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->stopping = true;
  pthread_mutex_unlock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
}

void orthant_threads_destroy(orthant_threads *pool) {
  if (!pool) return;
  orthant_threads_stop(pool);
  if (pool->join) pool->join(pool);
  pthread_cond_destroy(&pool->wake);
  pthread_cond_destroy(&pool->done);
  pthread_mutex_destroy(&pool->mutex);
}

}  // extern "C"
