// orthant_threads_create: a pool whose threads are started here.
#include "pool.hpp"

namespace {

struct Served {
  orthant_threads *pool;
  int32_t worker;
  std::atomic<bool> read;
};

void *serve(void *served) {
  Served &s = *static_cast<Served *>(served);
  orthant_threads *pool = s.pool;
  const int32_t worker = s.worker;
  s.read = true;
  orthant_threads_serve(pool, worker);
  return nullptr;
}

void join(orthant_threads *pool) {
  for (int32_t i = 0; i < pool->started; ++i) pthread_join(pool->threads[i], nullptr);
}

}  // namespace

extern "C" orthant_status orthant_threads_create(int32_t workers, void *mem, size_t bytes, orthant_threads **out,
                                                 orthant_parallel *parallel) {
  if (const orthant_status st = orthant_threads_prepare(workers, mem, bytes, out, parallel); st != ORTHANT_OK) return st;
  orthant_threads *pool = *out;
  pool->join = join;
  for (int32_t worker = 1; worker < parallel->workers; ++worker) {
    Served served{pool, worker, {false}};
    if (pthread_create(&pool->threads[pool->started], nullptr, serve, &served) != 0) break;
    ++pool->started;
    while (!served.read) sched_yield();
  }
  parallel->workers = pool->started + 1;  // fewer where the system gives no more: those that run are enough
  return ORTHANT_OK;
}
