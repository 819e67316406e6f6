// An unhelpful `orthant_parallel`: tasks in shuffled order, on any worker number, with threads or without.
#pragma once
#include <atomic>
#include <numeric>
#include <system_error>
#include <thread>
#include <vector>

#include "orthant.h"
#include "random.hpp"

namespace orthant::test {

class ShufflePool {
 public:
  ShufflePool(int32_t workers, bool threads, uint64_t seed = 1)
      : random_(seed), threads_(threads), parallel_{sizeof(orthant_parallel), workers, run, this} {
    order_.reserve(1 << 16);  // so that a run does not allocate
  }
  ShufflePool(const ShufflePool &) = delete;
  ShufflePool &operator=(const ShufflePool &) = delete;

  const orthant_parallel *parallel() const { return &parallel_; }
  int64_t loops() const { return loops_; }

 private:
  static void run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
    ShufflePool &pool = *static_cast<ShufflePool *>(user);
    std::vector<int32_t> &order = pool.order_;
    ++pool.loops_;
    order.resize(size_t(tasks));
    std::iota(order.begin(), order.end(), 0);
    for (size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[pool.random_() % k]);
    const int32_t workers = pool.parallel_.workers;
    if (!pool.threads_) {
      for (const int32_t index : order) task(arg, index, int32_t(pool.random_() % uint64_t(workers)));
      return;
    }
    std::atomic<size_t> next{0};
    const auto work = [&](int32_t worker) {
      for (size_t k = next++; k < order.size(); k = next++) task(arg, order[k], worker);
    };
    std::vector<std::thread> crew;
    crew.reserve(size_t(workers));
    try {
      for (int32_t w = 1; w < workers; ++w) crew.emplace_back(work, w);
    } catch (const std::system_error &) {
      // A thread that cannot be had leaves its tasks to the others.
    }
    work(0);
    for (std::thread &t : crew) t.join();
  }

  Random random_;
  bool threads_;
  orthant_parallel parallel_;
  std::vector<int32_t> order_;
  int64_t loops_ = 0;
};

}  // namespace orthant::test
