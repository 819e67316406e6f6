// `orthant-bench clock`: every start with every method, by time, the start included, one thread.
//
// Targets of a matrix, all objectives: a20 and a100, of 20 and 100 iterations of AO-ADMM from NNDSVD (rho 1, 5 inner
// steps, dual reset); b5 and b1, 5 % and 1 % above the best of four long runs, where there is noise.  Data have mean 1.
// A contestant's time is the median processor time of repeated whole calls (init, start, run) of the smallest number of
// iterations whose result is at or below the target; the trace of one run says where to look for it.  Contestants run
// alternately, so that what disturbs the machine disturbs all.  Training (train_schedule) uses other seeds.
// Summary: for each set and target the best classical pair of start and method by median time, and the ratios of its
// time to a contestant's, matrix by matrix: above 1 is faster.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

#include "api.hpp"
#include "bench.hpp"
#include "clock_sets.hpp"
#include "factored.hpp"
#include "weights.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output, summary, svg, data = "../shared/data", only;
  std::vector<std::string> models;  // schedules
  int repeat = 5, matrices = 0;
};

struct Case {
  std::string set;
  int rows, cols, rank;
  double noise;  // < 0: not by the model of low rank
  uint64_t seed;
  std::shared_ptr<const ClockMatrix> V;
};

struct Contestant {
  std::string start, method;
  int32_t start_code, method_code, sweeps;
  const orthant_model *schedule;
  bool classical;
  std::string name() const { return start + " + " + method; }
};

constexpr int targets = 4;
const char *const target_names[targets] = {"a20", "a100", "b5", "b1"};

void to_mean_one(std::vector<float> &V) {
  double sum = 0;
  for (float v : V) sum += v;
  const float scale = static_cast<float>(static_cast<double>(V.size()) / sum);
  for (float &v : V) v *= scale;
}

Case synthetic(const std::string &set, int low, int high, double noise, int index, uint64_t seed) {
  std::mt19937_64 engine(seed * 1000003 + static_cast<uint64_t>(index) * 7919 + static_cast<uint64_t>(low) * 31 +
                         (noise > 0));
  const auto between = [&](int a, int b) { return a + static_cast<int>(engine() % static_cast<uint64_t>(b - a + 1)); };
  Case c{set, between(low, high), between(low, high), 10, noise, static_cast<uint64_t>(index) + 1, nullptr};
  if (index % 2) c.rank = static_cast<int>(3 * std::pow(10.0, std::uniform_real_distribution<>()(engine)) + 0.5);
  c.rank = std::min(c.rank, std::min(c.rows, c.cols) * 3 / 4);
  std::exponential_distribution<double> factor(std::sqrt(static_cast<double>(c.rank)));
  std::normal_distribution<double> error(0, 1);
  const size_t m = static_cast<size_t>(c.rows), n = static_cast<size_t>(c.cols), r = static_cast<size_t>(c.rank);
  std::vector<double> W(m * r), H(n * r);
  for (double &w : W) w = factor(engine);
  for (double &h : H) h = factor(engine);
  ClockMatrix V{c.rows, c.cols, std::vector<float>(m * n), {}, {}};
  for (size_t j = 0; j < n; ++j)
    for (size_t i = 0; i < m; ++i) {
      double v = noise > 0 ? noise * error(engine) : 0;
      for (size_t k = 0; k < r; ++k) v += W[i + m * k] * H[k + r * j];
      V.values[i + m * j] = static_cast<float>(std::max(v, 0.0));
    }
  c.V = std::make_shared<const ClockMatrix>(std::move(V));
  return c;
}

bool named(const Options &o, const std::string &set) { return o.only.empty() || set.find(o.only) != std::string::npos; }

void add_real(std::vector<Case> &cases, const Common &common, const Options &o, const std::string &name,
              const std::string &file, bool transpose, int seeds, int rank = 10) {
  const std::string argument = o.data + "/" + file;
  if (!named(o, name)) return;
  if (!present(common, name, argument)) return;
  Table<float> V = read_table<float>(argument);
  if (transpose) V = transposed(V);
  to_mean_one(V.values);
  const int rows = static_cast<int>(V.rows), cols = static_cast<int>(V.cols);
  const auto shared =
      std::make_shared<const ClockMatrix>(ClockMatrix{rows, cols, std::move(V.values), {}, {}});
  for (int s = 1; s <= seeds; ++s) cases.push_back({name, rows, cols, rank, -1, static_cast<uint64_t>(s), shared});
}

// Every document of a step that leaves `documents` of them, as tf-idf.
ClockMatrix reuters(const std::string &argument, int documents) {
  const Data data = read_data(argument);  // documents x words
  const int step = static_cast<int>(data.axis[0].count) / documents;
  std::vector<std::vector<std::pair<int32_t, float>>> chosen(static_cast<size_t>(documents));
  for (size_t word = 0; word + 1 < data.sparse->starts.size(); ++word) {
    for (int32_t t = data.sparse->starts[word]; t < data.sparse->starts[word + 1]; ++t) {
      const int32_t document = data.sparse->indices[static_cast<size_t>(t)];
      if (document % step != 0 || document / step >= documents) continue;
      const float count = static_cast<float>(data.sparse->values[static_cast<size_t>(t)]);
      chosen[static_cast<size_t>(document / step)].push_back({static_cast<int32_t>(word), count});
    }
  }
  std::vector<int32_t> starts{0}, indices;
  std::vector<float> counts;
  for (const auto &words : chosen) {
    for (const auto &[word, count] : words) {
      indices.push_back(word);
      counts.push_back(count);
    }
    starts.push_back(static_cast<int32_t>(indices.size()));
  }
  return tf_idf(static_cast<int>(data.axis[1].count), documents, starts, indices, counts);
}

// Sets that no default was fitted to by the seeds that they are shown with.
void add_kinds(std::vector<Case> &cases, const Common &common, const Options &o, int seeds) {
  const auto add = [&](const char *name, int rank, const auto &make) {
    for (int s = 1; named(o, name) && s <= seeds; ++s) {
      const uint64_t seed = common.seed + static_cast<uint64_t>(s);
      auto V = std::make_shared<const ClockMatrix>(make(seed));
      cases.push_back({name, V->rows, V->cols, rank, -1, seed, V});
    }
  };
  add("sounds", 10, [](uint64_t seed) { return harmonic_sounds(257, 200, 12, seed); });
  add("many sounds", 20, [](uint64_t seed) { return harmonic_sounds(129, 300, 20, seed); });
  add("genes", 5, [](uint64_t seed) { return gene_modules(1000, 72, 5, seed); });
  add("few genes", 10, [](uint64_t seed) { return gene_modules(500, 60, 6, seed); });
  add("spectrogram", 10, [](uint64_t seed) { return harmonic_sounds(513, 600, 14, seed); });
  add("cells", 12, [](uint64_t seed) { return gene_modules(3000, 400, 14, seed); });
  add("topics", 10, [](uint64_t seed) { return zipf_topics(2000, 400, 10, seed); });
  const std::string file = o.data + "/reuters/Reuters21578.mat:fea";
  if (!named(o, "tf-idf") || !present(common, "tf-idf", file)) return;
  const ClockMatrix V = reuters(file, 800);
  add("tf-idf", 10, [&](uint64_t) { return V; });
}

// Whole calls on one case.
class Caller {
 public:
  explicit Caller(const Case &c) : case_(c), W_(size_t(c.rows) * size_t(c.rank)), H_(size_t(c.cols) * size_t(c.rank)) {}
  struct Trace {
    std::vector<double> objective;
    double last_goal;
  };
  // The objective, and how long it took; trace: that of every iteration, to the last goal.
  double call(const Contestant &x, int iterations, double *seconds, Trace *trace = nullptr) {
    auto c = sized<orthant_nmf_config>();
    c.rows = case_.rows;
    c.cols = case_.cols;
    c.rank = case_.rank;
    c.seed = case_.seed;
    c.tol = -1;
    c.data = case_.V->sparse() ? ORTHANT_CSC : ORTHANT_DENSE;
    c.method = x.method_code;
    c.start = x.start_code;
    c.sweeps = x.sweeps;
    c.schedule = x.schedule;
    c.max_iter = iterations > 0 ? iterations : -1;
    if (trace) {
      c.progress = [](void *user, const orthant_report *r) {
        Trace &t = *static_cast<Trace *>(user);
        t.objective.push_back(r->objective);
        return int32_t(r->objective <= t.last_goal);
      };
      c.user = trace;
    }
    size_t bytes = 0;
    check_status(orthant_nmf_size_f32(&c, &bytes), "planning " + x.name());
    if (bytes > memory_.size()) memory_.resize(bytes);
    const orthant_matrix_f32 V = case_.V->view();
    orthant_nmf_f32 *nmf = nullptr;
    auto report = sized<orthant_report>();
    const double begin = thread_seconds();
    check_status(orthant_nmf_init_f32(&c, memory_.data(), memory_.size(), &nmf), "placing the handle");
    check_status(orthant_nmf_start_f32(nmf, &V, W_.data(), case_.rows, H_.data(), case_.rank), "starting " + x.name());
    check_status(orthant_nmf_run_f32(nmf, &V, W_.data(), case_.rows, H_.data(), case_.rank, &report),
                 "running " + x.name());
    if (seconds) *seconds = thread_seconds() - begin;
    return report.objective;
  }
  // The objectives of 20 and 100 AO-ADMM iterations; a start from the factors as they are sets the dual to zero.
  void baseline(double *a20, double *a100) {
    auto c = sized<orthant_nmf_config>();
    c.rows = case_.rows;
    c.cols = case_.cols;
    c.rank = case_.rank;
    c.tol = -1;
    c.max_iter = 1;
    c.method = ORTHANT_NMF_AOADMM;
    c.sweeps = 5;
    c.rho = 1;
    c.data = case_.V->sparse() ? ORTHANT_CSC : ORTHANT_DENSE;
    const orthant_matrix_f32 V = case_.V->view();
    for (int k = 1; k <= 100; ++k) {
      c.start = k == 1 ? ORTHANT_START_NNDSVD : ORTHANT_START_GIVEN;
      size_t bytes = 0;
      orthant_nmf_f32 *nmf = nullptr;
      auto report = sized<orthant_report>();
      check_status(orthant_nmf_size_f32(&c, &bytes), "planning the baseline");
      if (bytes > memory_.size()) memory_.resize(bytes);
      check_status(orthant_nmf_init_f32(&c, memory_.data(), memory_.size(), &nmf), "placing the handle");
      check_status(orthant_nmf_start_f32(nmf, &V, W_.data(), case_.rows, H_.data(), case_.rank),
                   "starting the baseline");
      check_status(orthant_nmf_run_f32(nmf, &V, W_.data(), case_.rows, H_.data(), case_.rank, &report), "the baseline");
      if (k == 20) *a20 = report.objective;
      if (k == 100) *a100 = report.objective;
    }
  }

 private:
  const Case &case_;
  std::vector<float> W_, H_;
  std::vector<unsigned char> memory_;
};

std::string microseconds(double s) { return std::isfinite(s) ? format("%.1f", 1e6 * s) : "-"; }

std::vector<Case> make_cases(const Options &o, const Common &common) {
  std::vector<Case> cases;
  const struct {
    const char *name;
    int low, high, count;
  } sizes[] = {{"small", 15, 35, 32}, {"large", 50, 200, 24}, {"huge", 300, 600, 16}};
  for (const auto &s : sizes) {
    for (const double noise : {0.0, 0.01}) {
      const std::string set = std::string(s.name) + (noise > 0 ? " noisy" : " exact");
      if (!named(o, set)) continue;
      const int count = o.matrices > 0 ? o.matrices : s.count;
      for (int i = 0; i < count; ++i) cases.push_back(synthetic(set, s.low, s.high, noise, i, common.seed));
    }
  }
  const int seeds = o.matrices > 0 ? o.matrices : 5;
  add_real(cases, common, o, "Yale", "yale/Yale_64x64.mat:fea", true, seeds);
  add_real(cases, common, o, "CBCL", "cbcl/CBCL.mat:X", false, seeds);
  add_real(cases, common, o, "ORL", "orl/ORL_64x64.mat:fea", true, seeds);
  add_real(cases, common, o, "faces", "orl/ORL_32x32.mat:fea", true, seeds, 38);
  add_kinds(cases, common, o, seeds);
  add_real(cases, common, o, "Jasper Ridge", "jasper_ridge/jasperRidge2_R198.mat:Y", false, seeds);
  return cases;
}

// The schedules that take part: the library's and those of --model.
class Schedules {
 public:
  explicit Schedules(const std::vector<std::string> &files) {
    size_t bytes = 0;
    check_status(orthant_schedule_default(memory_, sizeof memory_, &bytes), "the library's schedule");
    check_status(orthant_model_open(memory_, bytes, &own_), "the library's schedule");
    for (const std::string &file : files) {
      names_.push_back(fs::path(file).stem().string());
      weights_.push_back(std::make_unique<Weights>(file));
    }
  }
  void add(std::vector<Contestant> &all, const char *start, int32_t code) const {
    if (code != ORTHANT_START_SPAS) all.push_back({start, "schedule", code, ORTHANT_NMF_EHALS, 0, own_, false});
    for (size_t k = 0; k < weights_.size(); ++k) {
      all.push_back({start, names_[k], code, ORTHANT_NMF_EHALS, 0, weights_[k]->model(), false});
    }
  }

 private:
  alignas(64) unsigned char memory_[1024];
  const orthant_model *own_ = nullptr;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Weights>> weights_;
};

std::vector<Contestant> contestants(const Case &c, const Schedules &schedules) {
  std::vector<Contestant> all;
  if (c.noise >= 0 || c.rows * c.cols < 80000) {  // on images the singular vectors alone take many times as long
    all.push_back({"nndsvd", "ao-admm", ORTHANT_START_NNDSVD, ORTHANT_NMF_AOADMM, 5, nullptr, true});
    all.push_back({"nndsvd", "E8", ORTHANT_START_NNDSVD, ORTHANT_NMF_EHALS, 8, nullptr, true});
  }
  const std::pair<const char *, int32_t> starts[] = {
      {"cols", ORTHANT_START_COLS}, {"spas", ORTHANT_START_SPAS}, {"sub", ORTHANT_START_SUB}};
  for (const auto &[start, code] : starts) {
    const bool sub = code == ORTHANT_START_SUB;
    if (sub && (c.V->sparse() || std::max(c.rows, c.cols) <= 200)) continue;
    if (!sub) {
      all.push_back({start, "H8", code, ORTHANT_NMF_HALS, 8, nullptr, true});
      for (const int sweeps : {4, 8, 12, 20}) {
        all.push_back({start, "E" + std::to_string(sweeps), code, ORTHANT_NMF_EHALS, sweeps, nullptr, true});
      }
    }
    all.push_back({start, "E by rule", code, ORTHANT_NMF_EHALS, 0, nullptr, !sub});
    schedules.add(all, start, code);
  }
  all.push_back({"rough", "E by rule", ORTHANT_START_ROUGH, ORTHANT_NMF_EHALS, 0, nullptr, false});
  all.push_back({"default", "default", 0, 0, 0, nullptr, false});
  return all;
}

// The objectives of the targets; below 0: there is no such target.
struct Goals {
  double of[targets];
  double last() const {
    double least = HUGE_VAL;
    for (const double g : of) {
      if (g >= 0) least = std::min(least, g);
    }
    return least;
  }
};

Goals goals_of(const Case &c, Caller &caller) {
  Goals goals{{0, 0, -1, -1}};
  caller.baseline(&goals.of[0], &goals.of[1]);
  if (c.noise == 0) return goals;
  double best = HUGE_VAL;
  for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPAS}) {
    for (uint64_t s = 0; s < 2; ++s) {
      Case other = c;
      other.seed = 100 + s;
      Caller far(other);
      best = std::min(best, far.call({"", "", start, ORTHANT_NMF_EHALS, 8, nullptr, true}, 400, nullptr));
    }
  }
  goals.of[2] = 1.05 * best;
  goals.of[3] = 1.01 * best;
  return goals;
}

constexpr int longest = 150;

// What one contestant takes to one target.
struct Item {
  int iterations = 0;  // above `longest`: not reached
  std::vector<double> seconds;
};
using Items = std::array<Item, targets>;

// The smallest numbers of iterations that reach the goals.
Items search(Caller &caller, const Contestant &x, const Goals &goals) {
  Caller::Trace trace{{}, goals.last()};
  caller.call(x, longest, nullptr, &trace);
  std::map<int, double> results;  // of calls of so many iterations
  const auto result = [&](int iterations) {
    const auto [known, fresh] = results.try_emplace(iterations);
    if (fresh) known->second = caller.call(x, iterations, nullptr);
    return known->second;
  };
  Items items;
  for (size_t t = 0; t < targets; ++t) {
    const double goal = goals.of[t];
    if (goal < 0) continue;
    // The end of a call may reach the goal earlier than the trace, or later.
    const auto reached =
        std::find_if(trace.objective.begin(), trace.objective.end(), [&](double f) { return f <= goal; });
    int first = static_cast<int>(reached - trace.objective.begin()) + 1;
    while (first > 0 && first <= longest && result(first - 1) <= goal) --first;
    while (first <= longest && result(first) > goal) ++first;
    items[t].iterations = first;
  }
  return items;
}

void time_all(Caller &caller, const std::vector<Contestant> &all, const Goals &goals, int repeat,
              std::vector<Items> &items) {
  for (int round = 0; round < repeat; ++round) {
    for (size_t k = 0; k < all.size(); ++k) {
      for (size_t t = 0; t < targets; ++t) {
        Item &item = items[k][t];
        if (goals.of[t] < 0 || item.iterations > longest) continue;
        item.seconds.push_back(0);
        caller.call(all[k], item.iterations, &item.seconds.back());
      }
    }
  }
}

// Times of each set: contestant and target, one number a case; infinity: not reached.
struct Times {
  std::map<std::string, std::map<std::string, std::array<std::vector<double>, targets>>> of;
  std::map<std::string, bool> classical;
  std::vector<std::string> sets, names;
};

void append_new(std::vector<std::string> &list, const std::string &name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

// Rows of the table of times.
std::string note(const Case &c, const std::vector<Contestant> &all, const Goals &goals, const std::vector<Items> &items,
                 Times &times) {
  std::string csv;
  append_new(times.sets, c.set);
  for (size_t k = 0; k < all.size(); ++k) {
    const Contestant &x = all[k];
    append_new(times.names, x.name());
    times.classical[x.name()] = x.classical;
    for (size_t t = 0; t < targets; ++t) {
      if (goals.of[t] < 0) continue;
      const Item &item = items[k][t];
      const double seconds = item.seconds.empty() ? HUGE_VAL : quantile(item.seconds, 0.5);
      times.of[c.set][x.name()][t].push_back(seconds);
      const std::string found =
          std::isfinite(seconds) ? std::to_string(item.iterations) + format(",%.2f", 1e6 * seconds) : ",";
      csv += format("%s,%d,%d,%d,%g,%d,%s,%s,%s,%s\n", c.set.c_str(), c.rows, c.cols, c.rank, std::max(c.noise, 0.0),
                    static_cast<int>(c.seed), x.start.c_str(), x.method.c_str(), target_names[t], found.c_str());
    }
  }
  return csv;
}

// The classical contestant of least median time; empty: none.
std::string best_classical(Times &times, const std::string &set, size_t target) {
  std::string best;
  double least = HUGE_VAL;
  for (const std::string &name : times.names) {
    const std::vector<double> &seconds = times.of[set][name][target];
    if (!times.classical[name] || seconds.empty()) continue;
    const double median = quantile(seconds, 0.5);
    if (median >= least) continue;
    least = median;
    best = name;
  }
  return best;
}

// Of two times, where at least one is finite: above 1, `mine` is shorter.
double ratio_of(double theirs, double mine) {
  if (!std::isfinite(mine)) return 0;
  return std::isfinite(theirs) ? theirs / mine : 1e3;
}

// One row of the summary, printed too; empty where there is nothing to compare.
std::string compare(const std::string &set, const char *target, const std::string &name, bool classical,
                    const std::vector<double> &mine, const std::vector<double> &theirs) {
  std::vector<double> ratio;
  size_t reached = 0;
  for (size_t i = 0; i < mine.size(); ++i) {
    reached += std::isfinite(mine[i]);
    if (std::isfinite(mine[i]) || std::isfinite(theirs[i])) ratio.push_back(ratio_of(theirs[i], mine[i]));
  }
  if (ratio.empty()) return "";
  std::vector<double> sorted = mine;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[sorted.size() / 2], mid = quantile(ratio, 0.5);
  const double low = quantile(ratio, 0.25), high = quantile(ratio, 0.75);
  std::printf("  %-22s %3zu of %-3zu %10s us   %5.2f [%.2f, %.2f]\n", name.c_str(), reached, mine.size(),
              microseconds(median).c_str(), mid, low, high);
  return format("%s,%s,%s,%d,%zu,%zu,%s,%.3f,%.3f,%.3f\n", set.c_str(), target, name.c_str(), classical, reached,
                mine.size(), std::isfinite(median) ? format("%.2f", 1e6 * median).c_str() : "", mid, low, high);
}

std::string summarize(Times &times) {
  std::string table =
      bench_head() + "set,target,contestant,classical,reached,cases,median_us,ratio_median,ratio_q1,ratio_q3\n";
  for (const std::string &set : times.sets) {
    for (size_t t = 0; t < targets; ++t) {
      const std::string best = best_classical(times, set, t);
      if (best.empty()) continue;
      auto &of = times.of[set];
      const std::vector<double> theirs = of[best][t];
      std::printf("%s, %s: the best classical is %s, %s us\n", set.c_str(), target_names[t], best.c_str(),
                  microseconds(quantile(theirs, 0.5)).c_str());
      for (const std::string &name : times.names) {
        const std::vector<double> &mine = of[name][t];
        if (!mine.empty()) table += compare(set, target_names[t], name, times.classical[name], mine, theirs);
      }
    }
  }
  return table;
}

void bench_clock(const Options &o, const Common &common) {
  const std::vector<Case> cases = make_cases(o, common);
  const Schedules schedules(o.models);
  std::string csv = bench_head() + "set,rows,cols,rank,noise,seed,start,method,target,iterations,median_us\n";
  Times times;
  Progress progress(common, "clock");
  for (size_t at = 0; at < cases.size(); ++at) {
    const Case &c = cases[at];
    progress.update(static_cast<double>(at) / static_cast<double>(cases.size()), c.set);
    Caller caller(c);
    const Goals goals = goals_of(c, caller);
    const std::vector<Contestant> all = contestants(c, schedules);
    std::vector<Items> items;
    for (const Contestant &x : all) items.push_back(search(caller, x, goals));
    time_all(caller, all, goals, o.repeat, items);
    csv += note(c, all, goals, items, times);
    if (!o.output.empty()) write_file(o.output, csv, common.force || at > 0);  // as far as it went
  }
  const std::string table = summarize(times);
  if (!o.svg.empty()) draw_results(table, o.svg, common.force);
  if (!o.summary.empty()) write_file(o.summary, table, common.force);
}

}  // namespace

void add_bench_clock(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("clock", "every start with every method by time to four targets, one thread");
  add_examples(*verb, {"orthant-bench clock -o clock.csv --summary clock-summary.csv",
                       "orthant-bench clock --model schedule.weights --only small"});
  const auto o = std::make_shared<Options>();
  verb->add_option("--model", o->models, "learned schedules that take part, with each start")->type_name("FILE");
  verb->add_option("--data", o->data, "directory of the real data sets; those that are absent are named and left out")
      ->capture_default_str();
  verb->add_option("--only", o->only, "only sets whose name holds this text");
  verb->add_option("--matrices", o->matrices, "of each synthetic set, and seeds of each real one; 0: 32, 24, 16 and 5")
      ->capture_default_str();
  verb->add_option("--repeat", o->repeat, "calls behind each median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_option("--summary", o->summary, "write the table of ratios as CSV");
  verb->add_option("--svg", o->svg, "draw the ratios of what is not classical into this directory")->type_name("DIR");
  verb->add_option("-o,--output", o->output, "write every time as CSV");
  add_common(*verb, common, flags_seed | flags_output);
  verb->callback([o, &common] { bench_clock(*o, common); });
}

}  // namespace orthant::tool
