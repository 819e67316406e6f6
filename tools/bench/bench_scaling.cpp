// `orthant-bench scaling`: what more cores than the machine has would give.
//
// A pool whose loops run their tasks one by one, and take the processor time of each.  The tasks of a loop are then
// laid on W workers as a pool lays them, which takes the next index when it is free.  What the model knows: time outside
// of loops (serial), workers that wait for the last task (uneven), and what it costs to wake a pool.  What it does not:
// caches and memory that workers share.  Beside it what the processors at hand do, by the clock.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <random>

#include "api.hpp"
#include "bench.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output, only;
  double scale = 1, wake = 3;
  int repeat = 5, iterations = 4, threads = 0;
  std::vector<int> workers = {2, 4, 8, 16, 32, 64};
  bool loops = false;
};

// Processor time of this thread: what else runs on the machine is no part of it.  Reading it is a system call, of up to
// two microseconds: short tasks are taken by the steady clock instead, the least of some calls.
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

// ---- the cases

using Floats = std::vector<float>;

// A product of random nonnegative factors of this rank, with a tenth of noise.  One copy for all cases of that shape.
Floats made_data(int64_t rows, int64_t cols, int rank, uint64_t seed) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return float(engine() >> 40) * 0x1p-24f; };
  Floats W(static_cast<size_t>(rows * rank)), H(static_cast<size_t>(rank)), V(static_cast<size_t>(rows * cols));
  for (float &w : W) w = uniform() < 0.5f ? 0.f : uniform();
  uint32_t noise = uint32_t(seed) | 1u;
  for (int64_t j = 0; j < cols; ++j) {
    float *v = V.data() + rows * j;
    for (float &h : H) h = uniform() < 0.5f ? 0.f : uniform();
    for (int k = 0; k < rank; ++k)
      for (int64_t i = 0; i < rows && H[size_t(k)] > 0; ++i) v[i] += W[size_t(i + rows * k)] * H[size_t(k)];
    for (int64_t i = 0; i < rows; ++i) {
      noise = noise * 1664525u + 1013904223u;
      v[i] += 0.1f * float(noise >> 8) * 0x1p-24f;
    }
  }
  return V;
}

struct Data {
  Floats values, weights;
  std::vector<int32_t> starts, indices;
  orthant_matrix_f32 matrix{};
};
using Shared = std::shared_ptr<Data>;

Shared dense(int64_t rows, int64_t cols, int rank, uint64_t seed) {
  auto data = std::make_shared<Data>();
  data->values = made_data(rows, cols, rank, seed);
  data->matrix = matrix(data->values.data(), rows, cols);
  return data;
}

// Counts, each entry there with the probability `density`.
Shared sparse(int32_t rows, int32_t cols, double density, uint64_t seed) {
  auto data = std::make_shared<Data>();
  std::mt19937_64 engine(seed);
  std::geometric_distribution<int32_t> gap(density);
  data->starts.push_back(0);
  for (int32_t j = 0; j < cols; ++j) {
    for (int64_t i = gap(engine); i < rows; i += 1 + gap(engine)) {
      data->indices.push_back(int32_t(i));
      data->values.push_back(float(1 + engine() % 7));
    }
    data->starts.push_back(int32_t(data->indices.size()));
  }
  data->matrix = sparse_matrix(data->values.data(), data->starts.data(), data->indices.data(), rows, cols);
  return data;
}

Shared masked(int64_t rows, int64_t cols, int rank, uint64_t seed) {
  Shared data = dense(rows, cols, rank, seed);
  std::mt19937_64 engine(seed);
  data->weights.resize(data->values.size());
  for (float &w : data->weights) w = engine() % 10 < 3 ? 0.f : 1.f;
  data->matrix.kind = ORTHANT_MASKED;
  data->matrix.weights = data->weights.data();
  data->matrix.ld_weights = data->matrix.ld;
  return data;
}

using Memory = std::vector<unsigned char>;

// One job with one pool: its arrays, and the call that is measured over and over.  `rewind` goes back to what the first
// call left, so that every call does the same.
struct Job {
  Memory memory;
  Floats left, right;
  std::function<void(Job &)> body;

  void begin() {
    body(*this);
    kept_ = {memory, left, right};
  }
  void rewind() {
    std::memcpy(memory.data(), kept_.memory.data(), memory.size());
    left = kept_.left;
    right = kept_.right;
  }
  void run() { body(*this); }

 private:
  struct {
    Memory memory;
    Floats left, right;
  } kept_;
};
using Run = std::shared_ptr<Job>;

// A handle in memory of its size: init(memory, bytes, &handle).
template <class Handle, class Config, class Init>
Handle *placed_by(const Config &c, orthant_status (*size)(const Config *, size_t *), Memory &memory, const Init &init) {
  size_t bytes = 0;
  Handle *handle = nullptr;
  check_status(size(&c, &bytes), "planning the benchmark");
  memory.resize(bytes);
  check_status(init(memory.data(), bytes, &handle), "placing the handle");
  return handle;
}
template <class Config, class Handle>
Handle *placed(const Config &c, orthant_status (*size)(const Config *, size_t *),
               orthant_status (*init)(const Config *, void *, size_t, Handle **), Memory &memory) {
  return placed_by<Handle>(c, size, memory,
                           [&](void *at, size_t bytes, Handle **handle) { return init(&c, at, bytes, handle); });
}
// The same with the first columns of the data for endmembers.
template <class Config, class Handle>
Handle *placed(const Config &c, orthant_status (*size)(const Config *, size_t *),
               orthant_status (*init)(const Config *, const float *, int32_t, void *, size_t, Handle **),
               const Shared &Y, Memory &memory) {
  return placed_by<Handle>(c, size, memory, [&](void *at, size_t bytes, Handle **handle) {
    return init(&c, Y->values.data(), Y->matrix.rows, at, bytes, handle);
  });
}

Run made(Job &&job) {
  const auto run = std::make_shared<Job>(std::move(job));
  run->begin();
  return run;
}

Run nmf(const Shared &V, const orthant_nmf_config &c) {
  Job job;
  job.left.resize(size_t(c.rows) * size_t(c.rank));
  job.right.resize(size_t(c.cols) * size_t(c.rank));
  orthant_nmf_f32 *handle = placed(c, orthant_nmf_size_f32, orthant_nmf_init_f32, job.memory);
  check_status(orthant_nmf_start_f32(handle, &V->matrix, job.left.data(), c.rows, job.right.data(), c.rank),
               "starting");
  job.body = [=](Job &j) {
    check_status(orthant_nmf_run_f32(handle, &V->matrix, j.left.data(), c.rows, j.right.data(), c.rank, nullptr),
                 "running");
  };
  return made(std::move(job));
}

// The start alone.
Run beginning(const Shared &V, int rank, int start, const orthant_parallel *parallel) {
  auto c = sized<orthant_nmf_config>();
  c.rows = V->matrix.rows;
  c.cols = V->matrix.cols;
  c.rank = rank;
  c.start = start;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(c.rows) * size_t(rank));
  job.right.resize(size_t(c.cols) * size_t(rank));
  orthant_nmf_f32 *handle = placed(c, orthant_nmf_size_f32, orthant_nmf_init_f32, job.memory);
  job.body = [=](Job &j) {
    check_status(orthant_nmf_start_f32(handle, &V->matrix, j.left.data(), c.rows, j.right.data(), rank), "starting");
  };
  return made(std::move(job));
}

Run relu(const Shared &M, int rank, int iterations, int method, const orthant_parallel *parallel) {
  auto c = sized<orthant_relu_nmd_config>();
  c.rows = M->matrix.rows;
  c.cols = M->matrix.cols;
  c.rank = rank;
  c.method = method;
  c.max_iter = iterations;
  c.tol = c.tol_obj = -1;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(c.rows) * size_t(rank));
  job.right.resize(size_t(c.cols) * size_t(rank));
  orthant_relu_nmd_f32 *handle = placed(c, orthant_relu_nmd_size_f32, orthant_relu_nmd_init_f32, job.memory);
  check_status(orthant_relu_nmd_start_f32(handle, &M->matrix, job.left.data(), c.rows, job.right.data(), rank),
               "starting");
  job.body = [=](Job &j) {
    check_status(orthant_relu_nmd_run_f32(handle, &M->matrix, j.left.data(), c.rows, j.right.data(), rank, nullptr),
                 "running");
  };
  return made(std::move(job));
}

Run symmetric(const Shared &X, int rank, int iterations, int method, const orthant_parallel *parallel) {
  auto c = sized<orthant_symnmf_config>();
  c.n = X->matrix.rows;
  c.rank = rank;
  c.method = method;
  c.max_iter = iterations;
  c.tol = -1;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(c.n) * size_t(rank));
  orthant_symnmf_f32 *handle = placed(c, orthant_symnmf_size_f32, orthant_symnmf_init_f32, job.memory);
  check_status(orthant_symnmf_start_f32(handle, &X->matrix, job.left.data(), c.n), "starting");
  job.body = [=](Job &j) {
    check_status(orthant_symnmf_run_f32(handle, &X->matrix, j.left.data(), c.n, nullptr), "running");
  };
  return made(std::move(job));
}

// ---- networks: a call is a step of training

Run net_epochs(const Shared &X, int rank, int epochs, const orthant_parallel *parallel) {
  auto c = sized<orthant_symnet_config>();
  c.n = X->matrix.rows;
  c.rank = rank;
  c.max_iter = epochs;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(c.n) * size_t(rank));
  orthant_symnet_f32 *handle = placed(c, orthant_symnet_size_f32, orthant_symnet_init_f32, job.memory);
  check_status(orthant_symnet_start_f32(handle, &X->matrix, job.left.data(), c.n), "starting");
  job.body = [=](Job &j) {
    check_status(orthant_symnet_run_f32(handle, &X->matrix, j.left.data(), c.n, nullptr), "training");
  };
  return made(std::move(job));
}

// The network of its source, on this many squares of the data.
Run factormer_step(const Shared &V, int count, const orthant_parallel *parallel) {
  auto c = sized<orthant_factormer_train_config>();
  const int side = V->matrix.rows;
  c.max_rows = c.max_cols = side;
  c.parallel = parallel;
  std::vector<orthant_matrix_f32> squares;
  for (int i = 0; i < count; ++i) squares.push_back(matrix(V->values.data() + ptrdiff_t(i) * side * side, side, side));
  Job job;
  orthant_factormer_train_f32 *handle =
      placed(c, orthant_factormer_train_size_f32, orthant_factormer_train_init_f32, job.memory);
  job.body = [=](Job &) {
    auto report = sized<orthant_report>();
    check_status(orthant_factormer_train_step_f32(handle, count, squares.data(), 1, &report), "training");
  };
  return made(std::move(job));
}

// Eight layers, on this many samples of some columns of the data each, with uniform targets.
Run nalmu_step(const Shared &Y, int endmembers, int columns, int count, const orthant_parallel *parallel) {
  auto c = sized<orthant_nalmu_train_config>();
  c.bands = Y->matrix.rows;
  c.endmembers = endmembers;
  c.columns = columns;
  c.layers = 8;
  c.parallel = parallel;
  Job job;
  orthant_nalmu_train_f32 *handle =
      placed(c, orthant_nalmu_train_size_f32, orthant_nalmu_train_init_f32, Y, job.memory);
  job.left = Floats(Y->values.begin(), Y->values.begin() + ptrdiff_t(c.bands) * endmembers * count);
  job.right.assign(size_t(endmembers) * size_t(columns) * size_t(count), 1.0f / float(endmembers));
  job.body = [=](Job &j) {
    auto report = sized<orthant_report>();
    check_status(
        orthant_nalmu_train_step_f32(handle, count, Y->values.data(), j.left.data(), j.right.data(), 1, &report),
        "training");
  };
  return made(std::move(job));
}

// FCLS with the first columns of the data for endmembers.
Run unmixing(const Shared &Y, int endmembers, const orthant_parallel *parallel) {
  auto c = sized<orthant_unmix_config>();
  c.bands = Y->matrix.rows;
  c.endmembers = endmembers;
  c.sum_to_one = 1;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(endmembers) * size_t(Y->matrix.cols));
  orthant_unmix_f32 *handle = placed(c, orthant_unmix_size_f32, orthant_unmix_init_f32, Y, job.memory);
  job.body = [=](Job &j) {
    check_status(orthant_unmix_run_f32(handle, &Y->matrix, j.left.data(), endmembers, nullptr), "unmixing");
  };
  return made(std::move(job));
}

Run extraction(const Shared &Y, int endmembers, int method, const orthant_parallel *parallel) {
  auto c = sized<orthant_endmembers_config>();
  c.bands = Y->matrix.rows;
  c.pixels = Y->matrix.cols;
  c.endmembers = endmembers;
  c.method = method;
  c.parallel = parallel;
  Job job;
  job.left.resize(size_t(c.bands) * size_t(endmembers));
  const auto pixel = std::make_shared<std::vector<int32_t>>(static_cast<size_t>(endmembers));
  orthant_endmembers_f32 *handle = placed(c, orthant_endmembers_size_f32, orthant_endmembers_init_f32, job.memory);
  job.body = [=](Job &j) {
    check_status(orthant_endmembers_run_f32(handle, &Y->matrix, nullptr, 0, j.left.data(), c.bands, pixel->data()),
                 "finding endmembers");
  };
  return made(std::move(job));
}

// ---- the model

struct Loop {
  double before = 0;           // serial time since the loop before
  std::vector<double> tasks;
};

class Recorder {
 public:
  explicit Recorder(int workers) : parallel_{sizeof(orthant_parallel), workers, run, this} {}
  const orthant_parallel *parallel() const { return &parallel_; }
  // Of a call; the loops are then the least that any call took, task by task, where calls take the same loops.
  void record(Job &job) {
    job.rewind();
    now_.clear();
    mark();
    job.run();
    now_.push_back({since_last(), {}});
    if (!alike()) loops_ = now_;
    for (size_t i = 0; i < loops_.size(); ++i) {
      loops_[i].before = std::min(loops_[i].before, now_[i].before);
      for (size_t t = 0; t < loops_[i].tasks.size(); ++t)
        loops_[i].tasks[t] = std::min(loops_[i].tasks[t], now_[i].tasks[t]);
    }
  }
  const std::vector<Loop> &loops() const { return loops_; }  // the last one has no tasks

 private:
  static void run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
    Recorder &self = *static_cast<Recorder *>(user);
    if (self.inside_ || tasks < 2) {  // as the pool does: on the thread that asked
      for (int32_t i = 0; i < tasks; ++i) task(arg, i, 0);
      return;
    }
    self.inside_ = true;
    Loop loop;
    loop.tasks.resize(size_t(tasks));
    loop.before = self.since_last();
    bool slow = true;  // before the first is known
    for (int32_t i = 0; i < tasks; ++i) {
      const double of_thread = slow ? thread_seconds() : 0, begin = seconds_now();
      task(arg, i, 0);
      double &time = loop.tasks[size_t(i)];
      time = seconds_now() - begin;
      if (slow) time = std::min(time, thread_seconds() - of_thread);
      slow = time > 1e-4;
    }
    self.now_.push_back(std::move(loop));
    self.mark();
    self.inside_ = false;
  }
  void mark() {
    last_of_thread_ = thread_seconds();
    last_ = seconds_now();
  }
  double since_last() const {
    const double steady = seconds_now() - last_;
    return std::min(steady, thread_seconds() - last_of_thread_);
  }
  bool alike() const {
    if (loops_.size() != now_.size()) return false;
    for (size_t i = 0; i < now_.size(); ++i)
      if (loops_[i].tasks.size() != now_[i].tasks.size()) return false;
    return true;
  }

  orthant_parallel parallel_;
  std::vector<Loop> loops_, now_;
  double last_ = 0, last_of_thread_ = 0;
  bool inside_ = false;
};

struct Modelled {
  double serial = 0, even = 0, uneven = 0, waking = 0;  // seconds; even: the tasks' time over the workers
  double all() const { return serial + even + uneven + waking; }
};

// When `workers` have done the tasks, each of which goes to the worker that is free first.
double laid_out(const std::vector<double> &tasks, int workers) {
  std::vector<double> busy(size_t(workers), 0);
  const auto later = [](double a, double b) { return a > b; };  // a heap with the earliest on top
  for (const double task : tasks) {
    std::pop_heap(busy.begin(), busy.end(), later);
    busy.back() += task;
    std::push_heap(busy.begin(), busy.end(), later);
  }
  return *std::max_element(busy.begin(), busy.end());
}

Modelled modelled(const Recorder &of, int workers, double wake) {
  Modelled m;
  for (const Loop &loop : of.loops()) {
    double sum = 0;
    for (const double task : loop.tasks) sum += task;
    m.serial += loop.before;
    if (loop.tasks.empty()) continue;
    m.even += sum / workers;
    m.uneven += laid_out(loop.tasks, workers) - sum / workers;
    m.waking += wake;
  }
  return m;
}

void print_loops(const Recorder &of) {
  for (const Loop &loop : of.loops()) {
    double sum = 0, most = 0;
    for (const double task : loop.tasks) {
      sum += task;
      most = std::max(most, task);
    }
    std::printf("  serial %9.1f us, then %5zu tasks %10.1f us, the longest %8.1f us\n", 1e6 * loop.before,
                loop.tasks.size(), 1e6 * sum, 1e6 * most);
  }
}

// ---- the list

// Data are made when a case is chosen, and go when the next is.
struct Listed {
  std::string name;
  std::function<std::function<Run(const orthant_parallel *)>()> prepare;
};

class List {
 public:
  List(const Options &o, uint64_t seed) : o_(o), seed_(seed) {}
  std::vector<Listed> all;

  using Source = std::function<Shared()>;
  void add_nmf(const std::string &what, const std::string &shape, const Source &source, int rank, int method,
               int loss = 0) {
    const int iterations = o_.iterations;
    all.push_back({what + " " + shape, [=] {
      const Shared V = source();
      return [=](const orthant_parallel *parallel) {
        auto c = sized<orthant_nmf_config>();
        c.rows = V->matrix.rows;
        c.cols = V->matrix.cols;
        c.rank = rank;
        c.method = method;
        c.loss = loss;
        c.data = V->matrix.kind;
        c.start = ORTHANT_START_RANDOM;
        c.max_iter = iterations;
        c.tol = c.min_step = -1;
        c.parallel = parallel;
        return nmf(V, c);
      };
    }});
  }
  void add(const std::string &name, const Source &source,
           const std::function<Run(const Shared &, const orthant_parallel *)> &make) {
    all.push_back({name, [=] {
      const Shared data = source();
      return [=](const orthant_parallel *parallel) { return make(data, parallel); };
    }});
  }
  // Dense data; those of more than 20 million entries with `scale` times the columns.
  Source dense_source(int64_t rows, int64_t cols, int rank) const {
    const int64_t n = rows * cols > 20000000 ? std::max<int64_t>(1, int64_t(double(cols) * o_.scale)) : cols;
    return [=, seed = seed_] { return dense(rows, n, rank, seed); };
  }

 private:
  const Options &o_;
  uint64_t seed_;
};

void list_nmf(List &list) {
  struct Shape {
    int rows, cols, rank;
  };
  for (const Shape &s : {Shape{20000, 10000, 64}, Shape{224, 1000000, 16}, Shape{5000, 3000, 50}, Shape{2000, 2000, 20},
                         Shape{198, 10000, 10}, Shape{4096, 165, 20}}) {
    const std::string shape = format("%dx%d r%d", s.rows, s.cols, s.rank);
    list.add_nmf("E-HALS", shape, list.dense_source(s.rows, s.cols, s.rank), s.rank, ORTHANT_NMF_EHALS);
    list.add_nmf("HALS", shape, list.dense_source(s.rows, s.cols, s.rank), s.rank, ORTHANT_NMF_HALS);
  }
}

void list_other_nmf(List &list, uint64_t seed) {
  const auto wide = list.dense_source(198, 10000, 10), square = list.dense_source(2000, 2000, 20);
  list.add_nmf("ANLS", "2000x2000 r20", square, 20, ORTHANT_NMF_ANLS);
  list.add_nmf("AO-ADMM", "2000x2000 r20", square, 20, ORTHANT_NMF_AOADMM);
  list.add_nmf("MU", "2000x2000 r20", square, 20, ORTHANT_NMF_MU);
  list.add_nmf("KL by MU", "2000x2000 r20", square, 20, ORTHANT_NMF_MU, ORTHANT_LOSS_KL);
  list.add_nmf("KL by MU", "198x10000 r10", wide, 10, ORTHANT_NMF_MU, ORTHANT_LOSS_KL);
  const auto words = [seed] { return sparse(8000, 18000, 0.003, seed); };
  list.add_nmf("E-HALS sparse", "8000x18000 r20", words, 20, ORTHANT_NMF_EHALS);
  list.add_nmf("HALS sparse", "8000x18000 r20", words, 20, ORTHANT_NMF_HALS);
  list.add_nmf("KL by MU sparse", "8000x18000 r20", words, 20, ORTHANT_NMF_MU, ORTHANT_LOSS_KL);
  list.add_nmf("E-HALS masked", "198x10000 r10", [seed] { return masked(198, 10000, 10, seed); }, 10,
               ORTHANT_NMF_EHALS);
  list.add_nmf("MURNMF", "2000x2000 r20", square, 20, ORTHANT_NMF_MURNMF);
  list.add_nmf("AURNMF", "2000x2000 r20", square, 20, ORTHANT_NMF_AURNMF);
  list.add_nmf("MINVOL", "198x10000 r10", wide, 10, ORTHANT_NMF_MINVOL);
}

void list_others(List &list, const Options &o, uint64_t seed) {
  const int n = o.iterations;
  const auto relu_data = list.dense_source(784, 10000, 16), square = list.dense_source(2000, 2000, 20),
             scene = list.dense_source(224, 100000, 6);
  list.add("ReLU TM 784x10000 r32", relu_data, [n](const Shared &M, const orthant_parallel *p) {
    return relu(M, 32, n, ORTHANT_RELU_NMD_TM, p);
  });
  list.add("ReLU QN 784x10000 r32", relu_data, [n](const Shared &M, const orthant_parallel *p) {
    return relu(M, 32, n, ORTHANT_RELU_NMD_QN, p);
  });
  const auto symmetric_source = [seed](int side) {
    return [=] {
      Shared X = dense(side, side, 20, seed);
      for (int j = 0; j < side; ++j)
        for (int i = 0; i < j; ++i) X->values[size_t(i + side * j)] = X->values[size_t(j + side * i)];
      return X;
    };
  };
  const List::Source symmetric_data = symmetric_source(2000);
  list.add("symmetric HALS 2000 r20", symmetric_data, [n](const Shared &X, const orthant_parallel *p) {
    return symmetric(X, 20, n, ORTHANT_SYMNMF_HALS, p);
  });
  list.add("symmetric ANLS 2000 r20", symmetric_data, [n](const Shared &X, const orthant_parallel *p) {
    return symmetric(X, 20, n, ORTHANT_SYMNMF_ANLS, p);
  });
  list.add("symmetric ADMM 2000 r20", symmetric_data, [n](const Shared &X, const orthant_parallel *p) {
    return symmetric(X, 20, n, ORTHANT_SYMNMF_ADMM, p);
  });
  list.add("SymNewton 500 r10", symmetric_source(500), [n](const Shared &X, const orthant_parallel *p) {
    return symmetric(X, 10, n, ORTHANT_SYMNMF_NEWTON, p);
  });
  list.add("SymNMF-Net training 2000 r20", symmetric_data, [n](const Shared &X, const orthant_parallel *p) {
    return net_epochs(X, 20, n, p);
  });
  list.add("Factormer training 16 of 100x100", list.dense_source(100, 1600, 10),
           [](const Shared &V, const orthant_parallel *p) { return factormer_step(V, 16, p); });
  list.add("NALMU training 16 of 198x250 r4", list.dense_source(198, 4000, 4),
           [](const Shared &Y, const orthant_parallel *p) { return nalmu_step(Y, 4, 250, 16, p); });
  list.add("NNDSVD 5000x3000 r50", list.dense_source(5000, 3000, 50), [](const Shared &V, const orthant_parallel *p) {
    return beginning(V, 50, ORTHANT_START_NNDSVD, p);
  });
  list.add("coarse to fine 5000x3000 r50", list.dense_source(5000, 3000, 50),
           [](const Shared &V, const orthant_parallel *p) { return beginning(V, 50, ORTHANT_START_SUB, p); });
  list.add("FCLS 224x100000 r6", scene, [](const Shared &Y, const orthant_parallel *p) { return unmixing(Y, 6, p); });
  list.add("VCA 224x100000 r6", scene, [](const Shared &Y, const orthant_parallel *p) {
    return extraction(Y, 6, ORTHANT_ENDMEMBERS_VCA, p);
  });
  list.add("SPA 224x100000 r6", scene, [](const Shared &Y, const orthant_parallel *p) {
    return extraction(Y, 6, ORTHANT_ENDMEMBERS_SPA, p);
  });
}

// ---- the table

double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class Clock>
double time_of(const Run &run, const Clock &clock) {
  run->rewind();
  const double begin = clock();
  run->run();
  return clock() - begin;
}

struct Row {
  int workers;
  double speedup, serial, uneven, waking;  // shares of the modelled time
};

// Serial and recorded calls take turns, so that a drift of the machine meets both.
Row model(const Options &o, const std::function<Run(const orthant_parallel *)> &make, const Run &alone, int workers,
          double *serial) {
  Recorder recorder(workers);
  const Run run = make(recorder.parallel());
  double least = 1e300;
  for (int t = 0; t < o.repeat; ++t) {
    least = std::min(least, time_of(alone, thread_seconds));
    recorder.record(*run);
  }
  const Modelled m = modelled(recorder, workers, 1e-6 * o.wake);
  if (o.loops && workers == o.workers.back()) print_loops(recorder);
  *serial = std::min(*serial, least);
  return {workers, least / m.all(), m.serial / m.all(), m.uneven / m.all(), m.waking / m.all()};
}

// Serial over the pool's time, by the clock; rounds of both in turn.
double measured(const Options &o, const std::function<Run(const orthant_parallel *)> &make, const Run &alone,
                const Pool &pool) {
  const Run together = make(pool.parallel());
  std::vector<double> ratio;
  for (int t = 0; t < o.repeat; ++t) {
    const double serial = time_of(alone, seconds_now);
    ratio.push_back(serial / time_of(together, seconds_now));
  }
  return middle(ratio);
}

std::string scaling(const Options &o, const Common &common) {
  const Pool pool(o.threads);
  std::string csv = bench_head() + "case,milliseconds,workers,modelled speed-up,serial share,uneven share,waking share,"
                                   "measured with " + std::to_string(pool.workers()) + "\n";
  List list(o, common.seed);
  list_nmf(list);
  list_other_nmf(list, common.seed);
  list_others(list, o, common.seed);
  for (const Listed &listed : list.all) {
    if (!chosen(o.only, listed.name)) continue;
    const auto make = listed.prepare();
    const Run alone = make(nullptr);
    std::vector<Row> rows;
    double serial = 1e300;
    for (const int workers : o.workers) rows.push_back(model(o, make, alone, workers, &serial));
    const double serial_ms = 1e3 * serial, ratio = pool.workers() > 1 ? measured(o, make, alone, pool) : 1;
    std::printf("%s: %.2f ms a call, serial; measured with %d threads: %.2f times faster\n", listed.name.c_str(),
                serial_ms, pool.workers(), ratio);
    for (const Row &r : rows) {
      std::printf("  %2d workers: %6.2f   serial %4.1f %%, uneven %4.1f %%, waking %4.1f %%\n", r.workers, r.speedup,
                  100 * r.serial, 100 * r.uneven, 100 * r.waking);
      csv += format("%s,%.3f,%d,%.2f,%.3f,%.3f,%.3f,", listed.name.c_str(), serial_ms, r.workers, r.speedup, r.serial,
                    r.uneven, r.waking);
      csv += (r.workers == pool.workers() ? format("%.2f", ratio) : "") + "\n";
    }
    std::fflush(stdout);
  }
  return csv;
}

}  // namespace

void add_bench_scaling(CLI::App &app, Common &common) {
  CLI::App &verb = *app.add_subcommand("scaling", "what more cores give: modelled by the time of each task, measured");
  const auto o = std::make_shared<Options>();
  verb.add_option("--only", o->only, "only the cases whose name holds this");
  verb.add_option("--scale", o->scale, "of the columns of the largest data, which take 0.9 GB")
      ->check(CLI::Range(0.001, 1.0))->capture_default_str();
  verb.add_option("--iterations", o->iterations, "in one call")->check(CLI::Range(1, 1000))->capture_default_str();
  verb.add_option("--repeat", o->repeat, "calls behind each number: least of the model, middle of the measured")
      ->check(CLI::Range(1, 1000))->capture_default_str();
  verb.add_option("--wake", o->wake, "microseconds to wake and gather the workers, a loop")->capture_default_str();
  verb.add_option("--threads", o->threads, "of the measured runs; 0: all of the machine")
      ->check(CLI::Range(0, 4096))->capture_default_str();
  verb.add_option("--workers", o->workers, "of the model")->delimiter(',')->check(CLI::Range(1, 4096));
  verb.add_flag("--loops", o->loops, "print the loops of the last call with the last number of workers");
  verb.add_option("-o,--output", o->output, "write the table as CSV");
  add_common(verb, common, flags_seed | flags_output);
  verb.callback([o, &common] {
    const std::string csv = scaling(*o, common);
    if (!o->output.empty()) write_file(o->output, csv, common.force);
  });
}

}  // namespace orthant::tool
