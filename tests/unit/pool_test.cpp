// The tool's threads, also where the system gives fewer than are asked for.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
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
#if defined(__SANITIZE_ADDRESS__)
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
