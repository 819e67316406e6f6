// `orthant-bench train`: milliseconds of training a matrix of the Factormer's recipe, of the size of `paper`, drawing
// included, and what that makes of the whole recipe, 15 epochs of 15000 matrices.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "api.hpp"
#include "bench.hpp"
#include "factored.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output;
  int matrices = 500, repeat = 5;
};

constexpr double width = 100, heads = 4, layers = 4, hidden = 200, recipe = 15.0 * 15000;

// Of one update and its way back: `targets` and `sources` are columns of features.
double update_flops(double targets, double sources) {
  const double wide = 2 * width + 1;
  const double forward = 2 * width * width + 4 * wide * width + 4 * width * hidden;
  const double back = 4 * width * width + 10 * wide * width + 8 * width * hidden;  // keys by the queries once more
  return targets * (forward + back) + 14 * width * heads * sources * targets;      // the scores too
}

// A trainer, and how long it took in each round.
struct Trainer {
  int batch, threads;
  Pool pool;
  std::unique_ptr<Workspace> memory;
  orthant_factormer_train_f32 *handle = nullptr;
  std::vector<double> ms;
  double flops = 0;

  Trainer(int batch_, int threads_, uint64_t seed) : batch(batch_), threads(threads_), pool(threads_) {
    if (pool.missing() > 0) throw std::runtime_error(cat("the system gives no ", threads, " threads"));
    auto c = sized<orthant_factormer_train_config>();
    c.max_rows = c.max_cols = 100;
    c.epoch_steps = 15000;
    c.one_cycle = 1;
    c.warmup = 1000;
    c.rate = 2e-4;
    c.clip = 1;
    c.seed = seed;
    c.parallel = pool.parallel();
    size_t bytes = 0;
    check_status(orthant_factormer_train_size_f32(&c, &bytes), "planning");
    memory = std::make_unique<Workspace>(bytes);
    check_status(orthant_factormer_train_init_f32(&c, memory->data(), bytes, &handle), "placing");
  }
  void round(int matrices, uint64_t seed) {
    auto data = sized<orthant_factors_config>();
    data.rank = 10;
    data.seed = seed;
    auto report = sized<orthant_report>();
    std::vector<std::vector<float>> V(static_cast<size_t>(batch), std::vector<float>(10000));
    std::vector<orthant_matrix_f32> views(V.size());
    double sum = 0;
    const double begun = seconds_now();
    for (int i = 0; i < matrices; i += batch) {
      for (int k = 0; k < batch; ++k) {
        int32_t m = 0, n = 0;
        std::vector<float> &v = V[static_cast<size_t>(k)];
        check_status(orthant_factors_run_f32(&data, static_cast<uint64_t>(i + k), &m, &n, v.data(), v.size()),
                     "drawing");
        views[static_cast<size_t>(k)] = matrix(v.data(), m, n);
        sum += layers * (update_flops(m, n) + update_flops(n, m));
      }
      check_status(orthant_factormer_train_step_f32(handle, batch, views.data(), 1, &report), "training");
    }
    ms.push_back((seconds_now() - begun) * 1e3 / matrices);
    flops = sum / matrices;
  }
};

void run(const Options &o, const Common &common) {
  std::vector<std::unique_ptr<Trainer>> all;
  for (const auto &[batch, threads] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 2}})
    all.push_back(std::make_unique<Trainer>(batch, threads, common.seed));
  for (int round = 0; round < o.repeat;
       ++round)  // the same matrices each time; one after another, as the machine changes
    for (auto &trainer : all) trainer->round(o.matrices, common.seed);
  std::string csv = bench_head() + "# " + common.command +
                    "\nbatch,threads,matrices,rounds,ms_a_matrix,least_ms,mflop_a_matrix,gflops,recipe_minutes\n";
  std::printf("%5s %7s %12s %9s %14s %8s %15s\n", "batch", "threads", "ms a matrix", "least", "Mflop a matrix",
              "Gflop/s", "recipe, minutes");
  for (const auto &t : all) {
    const double middle = quantile(t->ms), least = *std::min_element(t->ms.begin(), t->ms.end());
    std::printf("%5d %7d %12.3f %9.3f %14.1f %8.1f %15.1f\n", t->batch, t->threads, middle, least, t->flops * 1e-6,
                t->flops / middle * 1e-6, middle * recipe / 60e3);
    csv += format("%d,%d,%d,%d,%.4f,%.4f,%.2f,%.2f,%.2f\n", t->batch, t->threads, o.matrices, o.repeat, middle, least,
                  t->flops * 1e-6, t->flops / middle * 1e-6, middle * recipe / 60e3);
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
}

}  // namespace

void add_bench_train(CLI::App &app, Common &common) {
  auto o = std::make_shared<Options>();
  CLI::App &verb = *app.add_subcommand("train", "training of the Factormer of its source: milliseconds a matrix");
  add_examples(verb, {"orthant-bench train", "orthant-bench train --matrices 300 -o training.csv"});
  verb.add_option("--matrices", o->matrices, "of the recipe, in each round")
      ->check(CLI::Range(4, 1000000))
      ->capture_default_str();
  verb.add_option("--repeat", o->repeat, "rounds behind each median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb.add_option("-o,--output", o->output, "write the table as CSV")->type_name("FILE");
  add_common(verb, common, flags_seed | flags_output);
  verb.callback([o, &common] { run(*o, common); });
}

}  // namespace orthant::tool
