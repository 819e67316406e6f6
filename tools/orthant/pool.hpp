// Threads for the library: orthant/threads.h, owned.
#pragma once

#include <vector>

#include "orthant/threads.h"

namespace orthant::tool {

class Pool {
 public:
  // 0: as many as the machine has; the caller is one of them.  Fewer where the system gives no more threads.
  explicit Pool(int workers);
  ~Pool();
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;

  int workers() const { return parallel_.workers; }
  int missing() const { return missing_; }  // workers asked for that could not be started
  // For a config; null when there is one worker, which is the library's serial case.
  const orthant_parallel *parallel() const { return workers() > 1 ? &parallel_ : nullptr; }

 private:
  std::vector<unsigned char> memory_;
  orthant_threads *threads_ = nullptr;
  orthant_parallel parallel_{};
  int missing_ = 0;
};

}  // namespace orthant::tool
