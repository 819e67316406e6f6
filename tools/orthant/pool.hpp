// Threads for the library: a few workers that wait for work, behind an `orthant_parallel`.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "orthant.h"

namespace orthant::tool {

class Pool {
 public:
  // 0: as many as the machine has; the caller is one of them.  Fewer where the system gives no more threads.
  explicit Pool(int workers);
  ~Pool();
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;

  int workers() const { return static_cast<int>(threads_.size()) + 1; }
  int missing() const { return missing_; }  // workers asked for that could not be started
  // For a config; null when there is one worker, which is the library's serial case.
  const orthant_parallel *parallel() const { return workers() > 1 ? &parallel_ : nullptr; }

 private:
  static void run(void *user, int32_t tasks, orthant_task_fn task, void *arg);
  void work(int32_t worker);

  void follow(int32_t worker);

  std::vector<std::thread> threads_;
  int missing_ = 0;
  orthant_parallel parallel_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::atomic<uint64_t> round_{0};  // of the call to `run` that is under way
  std::atomic<int> busy_{0};        // threads that have not finished this round
  std::atomic<bool> stopping_{false};
  std::atomic<int32_t> next_{0};  // the next index that no worker has taken
  int32_t tasks_ = 0;
  orthant_task_fn task_ = nullptr;
  void *arg_ = nullptr;
};

}  // namespace orthant::tool
