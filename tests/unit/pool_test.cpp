// The tool's threads, also where the system gives fewer than are asked for.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "pool.hpp"

using namespace orthant::tool;

namespace {

// Whether every task of a few loops is done once, by workers that exist and one at a time each.
bool works(const Pool &pool) {
  struct Round {
    std::vector<std::atomic<int>> done;
    std::vector<std::atomic<int>> busy;
    std::atomic<bool> sound{true};
  };
  for (const int32_t tasks : {0, 1, 2, 1000}) {
    Round round{std::vector<std::atomic<int>>(static_cast<size_t>(tasks)),
                std::vector<std::atomic<int>>(static_cast<size_t>(pool.workers()))};
    const auto task = [](void *arg, int32_t index, int32_t worker) {
      Round &r = *static_cast<Round *>(arg);
      if (worker < 0 || static_cast<size_t>(worker) >= r.busy.size()) {
        r.sound = false;
        return;
      }
      if (r.busy[static_cast<size_t>(worker)]++ != 0) r.sound = false;
      ++r.done[static_cast<size_t>(index)];
      --r.busy[static_cast<size_t>(worker)];
    };
    if (const orthant_parallel *p = pool.parallel()) {
      if (p->workers != pool.workers()) return false;
      p->run(p->user, tasks, task, &round);
    } else {
      for (int32_t i = 0; i < tasks; ++i) task(&round, i, 0);
    }
    if (!round.sound) return false;
    for (const std::atomic<int> &times : round.done)
      if (times != 1) return false;
  }
  return true;
}

TEST(Pool, DoesEveryTaskOnce) {
  for (const int workers : {1, 2, 5}) {
    const Pool pool(workers);
    EXPECT_EQ(pool.workers(), workers);
    EXPECT_EQ(pool.missing(), 0);
    EXPECT_TRUE(works(pool));
  }
  EXPECT_GE(Pool(0).workers(), 1);
}

struct Inner {
  const orthant_parallel *pool;
  std::atomic<int> done{0};
};
void count(void *arg, int32_t, int32_t) { ++static_cast<Inner *>(arg)->done; }

// A loop inside a task, and loops of several callers at once: each is done once, on the threads that there are.
TEST(Pool, NestedAndConcurrentCallers) {
  const Pool pool(3);
  const orthant_parallel *p = pool.parallel();
  Inner inner{p};
  p->run(p->user, 20, [](void *arg, int32_t, int32_t) {
    const orthant_parallel *again = static_cast<Inner *>(arg)->pool;
    again->run(again->user, 10, count, arg);
  }, &inner);
  EXPECT_EQ(inner.done, 200);
  std::vector<std::thread> callers;
  std::vector<Inner> counts(4);
  for (Inner &mine : counts)
    callers.emplace_back([p, &mine] {
      for (int i = 0; i < 200; ++i) p->run(p->user, 7, count, &mine);
    });
  for (std::thread &caller : callers) caller.join();
  for (const Inner &mine : counts) EXPECT_EQ(mine.done, 1400);
}

TEST(Pool, RefusesWhatItCannotHold) {
  size_t bytes = 0;
  EXPECT_EQ(orthant_threads_size(-1, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_threads_size(4097, &bytes), ORTHANT_E_ARG);
  ASSERT_EQ(orthant_threads_size(2, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes + 1);
  orthant_threads *threads = nullptr;
  orthant_parallel parallel{};
  EXPECT_EQ(orthant_threads_create(2, memory.data(), bytes, &threads, &parallel), ORTHANT_E_ARG);
  parallel.size = sizeof parallel;
  EXPECT_EQ(orthant_threads_create(2, memory.data(), bytes - 1, &threads, &parallel), ORTHANT_E_SCRATCH);
  ASSERT_EQ(orthant_threads_create(2, memory.data() + 1, bytes, &threads, &parallel), ORTHANT_OK);
  EXPECT_EQ(parallel.workers, 2);
  orthant_threads_destroy(threads);
  orthant_threads_destroy(nullptr);
}

// Threads of the caller's own, which come and go as they like.
TEST(Pool, ServedByOthersThreads) {
  size_t bytes = 0;
  ASSERT_EQ(orthant_threads_size(3, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes);
  orthant_threads *threads = nullptr;
  orthant_parallel parallel{};
  parallel.size = sizeof parallel;
  ASSERT_EQ(orthant_threads_prepare(3, memory.data(), bytes, &threads, &parallel), ORTHANT_OK);
  Inner counts{&parallel};
  parallel.run(parallel.user, 50, count, &counts);  // nobody serves yet
  EXPECT_EQ(counts.done, 50);
  std::vector<std::thread> serving;
  for (const int32_t worker : {1, 2}) serving.emplace_back(orthant_threads_serve, threads, worker);
  for (int i = 0; i < 200; ++i) parallel.run(parallel.user, 50, count, &counts);
  EXPECT_EQ(counts.done, 50 * 201);
  orthant_threads_stop(threads);
  for (std::thread &thread : serving) thread.join();
  orthant_threads_destroy(threads);
}

int64_t address_space() {
  int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

// In a child, whose address space has room for so many bytes of stacks: 0 if the pool works with what it got.
int in_little_room(int64_t bytes) {
  alarm(20);
  constexpr int asked = 4000;
  const auto room = static_cast<rlim_t>(address_space() + bytes);
  const rlimit limit{room, room};
  if (setrlimit(RLIMIT_AS, &limit) != 0) return 2;
  const Pool pool(asked);
  if (pool.missing() == 0 || pool.workers() + pool.missing() != asked) return 3;
  return works(pool) ? 0 : 4;
}

TEST(Pool, GoesOnWithTheThreadsThatItGets) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer needs its address space";
#endif
  for (const int64_t bytes : {int64_t{1} << 20, int64_t{64} << 20}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) _exit(in_little_room(bytes));
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << bytes << " bytes: status " << status;
  }
}

}  // namespace
