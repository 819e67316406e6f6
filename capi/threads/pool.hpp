// The state of a pool: one loop at a time, whose indices the threads that serve and the caller take in turn.
#pragma once
#include <pthread.h>

#include <atomic>

#include "orthant/threads.h"

struct orthant_threads {
  pthread_mutex_t mutex;
  pthread_cond_t wake, done;
  std::atomic<bool> taken;      // a caller's loop is at work
  std::atomic<bool> stopping;
  std::atomic<uint32_t> round;  // of the loop at work
  std::atomic<int32_t> busy;    // threads that have not finished this round
  std::atomic<int32_t> next;    // the first index that no worker has taken
  int32_t tasks;
  orthant_task_fn task;
  void *arg;
  int32_t serving;  // threads; changed under the mutex
  void (*join)(orthant_threads *);
  int32_t started;  // of these, by start.cpp
  pthread_t threads[1];
};
