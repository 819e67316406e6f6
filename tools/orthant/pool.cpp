#include "pool.hpp"

#include <algorithm>
#include <exception>

namespace orthant::tool {
namespace {

// Waits for a moment before it sleeps: the library calls many short loops in a row, and waking a thread takes as long
// as one of them.
template <class Ready>
bool soon(const Ready &ready) {
  for (int i = 0; i < 2000; ++i) {
    if (ready()) return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

}  // namespace

Pool::Pool(int workers) : parallel_{} {
  if (workers <= 0) workers = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  threads_.reserve(static_cast<size_t>(workers - 1));
  for (int32_t i = 1; i < workers && missing_ == 0; ++i) {
    try {
      threads_.emplace_back(&Pool::follow, this, i);
    } catch (const std::exception &) {  // no thread, or no memory for one: those that run are enough
      missing_ = workers - i;
    }
  }
  parallel_.size = sizeof parallel_;
  parallel_.workers = this->workers();
  parallel_.run = run;
  parallel_.user = this;
}

void Pool::follow(int32_t worker) {
  uint64_t seen = 0;
  for (;;) {
    const auto ready = [&] { return stopping_ || round_ != seen; };
    if (!soon(ready)) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, ready);
    }
    if (stopping_) return;
    seen = round_;
    work(worker);
    if (--busy_ == 0) {
      const std::lock_guard lock(mutex_);
      done_.notify_one();
    }
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread &thread : threads_) thread.join();
}

void Pool::work(int32_t worker) {
  for (int32_t i = next_.fetch_add(1); i < tasks_; i = next_.fetch_add(1)) task_(arg_, i, worker);
}

void Pool::run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
  Pool &pool = *static_cast<Pool *>(user);
  {
    const std::lock_guard lock(pool.mutex_);
    pool.next_ = 0;
    pool.tasks_ = tasks;
    pool.task_ = task;
    pool.arg_ = arg;
    pool.busy_ = static_cast<int>(pool.threads_.size());
    ++pool.round_;
  }
  pool.wake_.notify_all();
  pool.work(0);
  const auto done = [&] { return pool.busy_ == 0; };
  if (soon(done)) return;
  std::unique_lock lock(pool.mutex_);
  pool.done_.wait(lock, done);
}

}  // namespace orthant::tool
