// `orthant-bench nmf`, `kl` and `unmix`: time to a stated accuracy, side by side, in one run.
//
// Protocol, the same for every contestant: from the same W and H, the smallest number of iterations whose whole call
// ends at or below the target, then the median of repeated whole calls of that many.  The targets lie 1 % and 0.1 %
// (KL: 5 % and 1 %) above the best objective of the long runs.  The contestants run alternately within a set, so that a
// drift of the machine's speed meets all of them.
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>

#include "api.hpp"
#include "bench.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output, data = "../shared/data", peer, python = "/usr/bin/python3", peer_blas, only;
  int repeat = 9;
  double budget = 60;
};

struct Set {
  std::string name;
  int rows, cols, rank;
  std::vector<float> V;
  int loss = ORTHANT_LOSS_FROBENIUS;
};

struct Timing {
  int iterations = 0;  // 0: not reached
  double median = 0, least = 0, greatest = 0;
};

Timing timed(int repeat, int iterations, const std::function<double()> &call) {
  std::vector<double> seconds;
  for (int i = 0; i < repeat; ++i) seconds.push_back(call());
  std::sort(seconds.begin(), seconds.end());
  return {iterations, seconds[seconds.size() / 2], seconds.front(), seconds.back()};
}

// V = W H + noise: factors exponential, noise of 1 % of the mean of V, clipped at zero.
Set synthetic(int rows, int cols, int rank, uint64_t seed) {
  Set s{format("%dx%d", rows, cols), rows, cols, rank, std::vector<float>(size_t(rows) * size_t(cols))};
  std::mt19937_64 engine(seed);
  std::exponential_distribution<float> factor(1.f);
  std::normal_distribution<float> noise(0.f, 0.01f * static_cast<float>(rank));
  std::vector<float> W(size_t(rows) * size_t(rank)), h(static_cast<size_t>(rank));
  for (float &w : W) w = factor(engine);
  for (int j = 0; j < cols; ++j) {
    float *v = s.V.data() + size_t(j) * size_t(rows);
    for (float &x : h) x = factor(engine);
    for (int k = 0; k < rank; ++k)
      for (int i = 0; i < rows; ++i) v[i] += W[size_t(i) + size_t(k) * size_t(rows)] * h[static_cast<size_t>(k)];
    for (int i = 0; i < rows; ++i) v[i] = std::max(0.f, v[i] + noise(engine));
  }
  return s;
}

// A file's matrix, divided by its maximum; columns are the samples.
void add_real(std::vector<Set> &sets, const Common &common, const Options &o, const std::string &name,
              const std::string &file, bool transpose, int rank) {
  const std::string argument = o.data + "/" + file;
  if (!present(common, name, argument)) return;
  const Table<float> t = read_table<float>(argument);
  Set s{name, static_cast<int>(transpose ? t.cols : t.rows), static_cast<int>(transpose ? t.rows : t.cols), rank, {}};
  s.V.resize(t.values.size());
  const float top = *std::max_element(t.values.begin(), t.values.end());
  for (int j = 0; j < s.cols; ++j)
    for (int i = 0; i < s.rows; ++i)
      s.V[size_t(i) + size_t(j) * size_t(s.rows)] = (transpose ? t(j, i) : t(i, j)) / top;
  sets.push_back(std::move(s));
}

// One whole call of ours: init in a buffer that exists already, start, run.
class Ours {
 public:
  Ours(const Set &set, int method, int start, const Pool &pool, uint64_t seed) : set_(set) {
    config_ = sized<orthant_nmf_config>();
    config_.rows = set.rows;
    config_.cols = set.cols;
    config_.rank = set.rank;
    config_.method = method;
    config_.start = start;
    config_.tol = -1;
    config_.seed = seed;
    config_.loss = set.loss;
    config_.parallel = pool.parallel();
    size_t bytes = 0;
    check_status(orthant_nmf_size_f32(&config_, &bytes), "planning the benchmark");
    memory_.resize(bytes);
    W.resize(size_t(set.rows) * size_t(set.rank));
    H.resize(size_t(set.cols) * size_t(set.rank));
  }
  // W and H: where to start, or null for the config's own start.
  double call(int iterations, const std::vector<float> *W0, const std::vector<float> *H0) {
    if (W0) {
      W = *W0;
      H = *H0;
    }
    config_.max_iter = iterations;
    const orthant_matrix_f32 V = matrix(set_.V.data(), set_.rows, set_.cols);
    orthant_nmf_f32 *nmf = nullptr;
    report = sized<orthant_report>();
    const double begin = seconds_now();
    check_status(orthant_nmf_init_f32(&config_, memory_.data(), memory_.size(), &nmf), "placing the handle");
    check_status(orthant_nmf_start_f32(nmf, &V, W.data(), set_.rows, H.data(), set_.rank), "starting");
    check_status(orthant_nmf_run_f32(nmf, &V, W.data(), set_.rows, H.data(), set_.rank, &report), "running");
    return seconds_now() - begin;
  }
  size_t bytes() const { return memory_.size(); }
  std::vector<float> W, H;
  orthant_report report{};

 private:
  const Set &set_;
  orthant_nmf_config config_{};
  std::vector<unsigned char> memory_;
};

std::vector<Timing> time_ours(const Set &set, int method, int start, const Pool &pool, const Options &o, uint64_t seed,
                              const std::vector<float> *W0, const std::vector<float> *H0,
                              const std::vector<double> &targets) {
  Ours ours(set, method, start, pool, seed);
  std::vector<Timing> result(targets.size());
  ours.call(1, W0, H0);
  for (int k = 1; k <= 3000; k = std::max(k + 1, k * 6 / 5)) {
    const double seconds = ours.call(k, W0, H0);
    bool all = true;
    for (size_t t = 0; t < targets.size(); ++t) {
      if (result[t].iterations == 0 && ours.report.objective <= targets[t]) result[t].iterations = k;
      all = all && result[t].iterations > 0;
    }
    if (all || seconds > o.budget) break;
  }
  for (Timing &t : result)
    if (t.iterations > 0) t = timed(o.repeat, t.iterations, [&] { return ours.call(t.iterations, W0, H0); });
  return result;
}

std::vector<Timing> time_peer(const std::string &solver, int threads, const Options &o, const fs::path &folder,
                              const std::vector<double> &targets) {
  std::string command =
      format("OMP_NUM_THREADS=%d OPENBLAS_NUM_THREADS=%d BLIS_NUM_THREADS=%d ", threads, threads, threads);
  if (!o.peer_blas.empty()) command += "LD_LIBRARY_PATH='" + o.peer_blas + "' ";
  command += o.python + " '" + o.peer + "' '" + folder.string() + "' " + solver + format(" %d %g", o.repeat, o.budget);
  for (double t : targets) command += " " + shortest(t);
  std::vector<Timing> result(targets.size());
  FILE *pipe = popen(command.c_str(), "r");
  if (!pipe) throw OutputError("cannot start " + o.python);
  char line[512];
  for (size_t t = 0; t < targets.size() && fgets(line, sizeof line, pipe); ++t) {
    double target = 0;
    if (std::sscanf(line, "%lf,%d,%lf,%lf,%lf", &target, &result[t].iterations, &result[t].median, &result[t].least,
                    &result[t].greatest) != 5)
      break;
  }
  if (pclose(pipe) != 0) throw OutputError("the peer failed: " + command);
  return result;
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace

bool present(const Common &common, const std::string &set, const std::string &argument) {
  const fs::path path = argument_path(argument);
  if (fs::exists(path)) return true;
  warn(common, set + " is left out: " + path.string() + " is not there (--data DIR)");
  return false;
}

double thread_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

std::string bench_head() {
  return format("# orthant %s, %s, %s kernels; %s; %s\n", orthant_version(), orthant_build(), orthant_build_kernels(),
                processor().c_str(),
#if defined(__clang__)
                "clang " __clang_version__
#else
                "g++ " __VERSION__
#endif
  );
}

namespace {

struct Contestant {
  const char *name;
  int method, start;
};

// All contestants on all sets, ours on one and two threads, the peer's solvers too.  `best`: the method of the long
// runs.
void race(const std::vector<Set> &sets, const std::vector<Contestant> &contestants,
          const std::vector<const char *> &peers, int best_method, const Options &o, const Common &common);

// Counts: V_ij of Poisson's distribution with the mean of an exponential low-rank model, about ten.
Set counts(int rows, int cols, int rank, uint64_t seed) {
  Set s = synthetic(rows, cols, rank, seed);
  std::mt19937_64 engine(seed + 1);
  for (float &v : s.V) v = static_cast<float>(std::poisson_distribution<int>(10.0 * v / rank)(engine));
  s.name += " counts";
  return s;
}

void bench_kl(const Options &o, const Common &common) {
  std::vector<Set> sets = {counts(198, 1000, 10, common.seed), counts(1000, 400, 20, common.seed)};
  add_real(sets, common, o, "Jasper Ridge", "jasper_ridge/jasperRidge2_R198.mat:Y", false, 4);
  for (Set &s : sets) s.loss = ORTHANT_LOSS_KL;
  race(sets,
       {{"orthant mu", ORTHANT_NMF_MU, ORTHANT_START_GIVEN}, {"orthant ccd", ORTHANT_NMF_CCD, ORTHANT_START_GIVEN}},
       {"mu-kl"}, ORTHANT_NMF_CCD, o, common);
}

void bench_nmf(const Options &o, const Common &common) {
  std::vector<Set> sets;
  const int shapes[][3] = {{198, 10000, 10}, {4096, 165, 10}, {10000, 198, 4}, {2000, 2000, 20}, {5000, 3000, 50}};
  for (const auto &s : shapes) sets.push_back(synthetic(s[0], s[1], s[2], common.seed));
  add_real(sets, common, o, "Jasper Ridge", "jasper_ridge/jasperRidge2_R198.mat:Y", false, 10);
  add_real(sets, common, o, "Yale", "yale/Yale_64x64.mat:fea", true, 10);
  race(sets,
       {{"orthant ehals", ORTHANT_NMF_EHALS, ORTHANT_START_GIVEN},
        {"orthant ahals", ORTHANT_NMF_AHALS, ORTHANT_START_GIVEN},
        {"orthant cols + ehals", ORTHANT_NMF_EHALS, ORTHANT_START_COLS},
        {"orthant spas + ehals", ORTHANT_NMF_EHALS, ORTHANT_START_SPAS}},
       {"cd", "mu"}, ORTHANT_NMF_EHALS, o, common);
}

// The objectives to reach, and their names in the table.
struct Targets {
  std::vector<double> objectives;
  std::vector<const char *> names;
};

// From the best objective of the long runs.  Multiplicative updates would not reach the tighter one of
// Kullback-Leibler.
Targets targets_of(const Set &set, double best) {
  if (set.loss == ORTHANT_LOSS_KL) return {{1.05 * best, 1.01 * best}, {"5%", "1%"}};
  return {{1.01 * best, 1.001 * best}, {"1%", "0.1%"}};
}

double best_of_long_runs(const Set &set, int method, const std::vector<float> &W0, const std::vector<float> &H0,
                         const Pool &pool, uint64_t seed) {
  double best = HUGE_VAL;
  const int iterations = set.V.size() > 4000000 || set.loss ? 300 : 1000;
  for (int start : {ORTHANT_START_GIVEN, ORTHANT_START_COLS, ORTHANT_START_SPAS}) {
    Ours far(set, method, start, pool, seed);
    far.call(iterations, start == ORTHANT_START_GIVEN ? &W0 : nullptr, &H0);
    best = std::min(best, far.report.objective);
  }
  return best;
}

// Rows of the table; a line is printed.
std::string note(const Set &set, const std::string &name, int threads, const Targets &targets,
                 const std::vector<Timing> &times, size_t bytes) {
  std::string csv;
  std::printf("%-14s %4d %-24s %7d", set.name.c_str(), set.rank, name.c_str(), threads);
  for (size_t i = 0; i < times.size(); ++i) {
    const Timing &t = times[i];
    csv += format("%s,%d,%d,%d,%s,%d,%s,%d,%s,%s,%s,%zu\n", set.name.c_str(), set.rows, set.cols, set.rank,
                  name.c_str(), threads, targets.names[i], t.iterations, shortest(t.median).c_str(),
                  shortest(t.least).c_str(), shortest(t.greatest).c_str(), bytes);
    if (t.iterations > 0) {
      std::printf(" %10d %11.5f", t.iterations, t.median);
    } else {
      std::printf(" %10s %11s", "-", "-");
    }
  }
  std::printf("\n");
  std::fflush(stdout);
  return csv;
}

void write_matrix(const fs::path &file, const std::vector<float> &values, int rows, int cols) {
  Table<float> table(rows, cols);
  table.values = values;
  write_npy(file, table, true);
}

void race(const std::vector<Set> &sets, const std::vector<Contestant> &contestants,
          const std::vector<const char *> &peers, int best_method, const Options &o, const Common &common) {
  const fs::path folder = fs::temp_directory_path() / format("orthant-bench-%d", static_cast<int>(getpid()));
  fs::create_directories(folder);
  std::string csv =
      bench_head() +
      "set,rows,cols,rank,contestant,threads,target,iterations,median_s,least_s,greatest_s,workspace_bytes\n";
  std::printf("%-14s %4s %-24s %7s %10s %11s %10s %11s\n", "set", "rank", "contestant", "threads", "loose: it.",
              "seconds", "tight: it.", "seconds");
  for (const Set &set : sets) {
    if (!chosen(o.only, set.name)) continue;
    const Pool one(1), two(2);
    // The start that all share: uniform, at the best common scale.
    Ours random(set, set.loss ? best_method : ORTHANT_NMF_HALS, ORTHANT_START_RANDOM, one, common.seed);
    random.call(-1, nullptr, nullptr);
    const std::vector<float> W0 = random.W, H0 = random.H;
    const Targets targets = targets_of(set, best_of_long_runs(set, best_method, W0, H0, two, common.seed));
    for (const Pool *pool : {&one, &two}) {
      for (const Contestant &c : contestants) {
        const bool given = c.start == ORTHANT_START_GIVEN;
        const std::vector<Timing> times = time_ours(set, c.method, c.start, *pool, o, common.seed,
                                                    given ? &W0 : nullptr, given ? &H0 : nullptr, targets.objectives);
        const size_t bytes = Ours(set, c.method, c.start, *pool, common.seed).bytes();
        csv += note(set, c.name, pool->workers(), targets, times, bytes);
      }
    }
    if (o.peer.empty()) continue;
    write_matrix(folder / "V.npy", set.V, set.rows, set.cols);
    write_matrix(folder / "W.npy", W0, set.rows, set.rank);
    write_matrix(folder / "H.npy", H0, set.rank, set.cols);
    for (int threads : {1, 2}) {
      for (const char *solver : peers) {
        const std::vector<Timing> times = time_peer(solver, threads, o, folder, targets.objectives);
        csv += note(set, std::string("scikit-learn ") + solver, threads, targets, times, 0);
      }
    }
  }
  fs::remove_all(folder);
  if (!o.output.empty()) write_file(o.output, csv, common.force);
}

struct Problem {
  const char *name;
  bool sum;
  int32_t method;
};

// The least that any method must do: read every number once.
double read_all(const std::vector<float> &Y, float &sink) {
  const double begin = seconds_now();
  float lanes[64] = {};
  for (size_t i = 0; i + 64 <= Y.size(); i += 64) {
    for (size_t l = 0; l < 64; ++l) lanes[l] += Y[i + l];
  }
  for (float x : lanes) sink += x;
  return seconds_now() - begin;
}

// One row of the table, printed too.
std::string time_unmixing(const Options &o, const Common &common, const Problem &problem, int threads,
                          const std::vector<float> &E, const std::vector<float> &Y, std::vector<float> &A) {
  const int members = static_cast<int>(E.size() / 198);
  const size_t pixels = Y.size() / 198;
  const Pool pool(threads);
  if (pool.missing() > 0) throw std::runtime_error(cat("the system gives no ", threads, " threads"));
  auto c = sized<orthant_unmix_config>();
  c.bands = 198;
  c.endmembers = members;
  c.sum_to_one = problem.sum;
  c.method = problem.method;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_unmix_size_f32(&c, &bytes), "planning the benchmark");
  const Workspace memory(bytes);
  orthant_unmix_f32 *unmix = nullptr;
  check_status(orthant_unmix_init_f32(&c, E.data(), 198, memory.data(), bytes, &unmix), "placing the handle");
  const orthant_matrix_f32 data = matrix(Y.data(), 198, static_cast<int64_t>(pixels));
  auto report = sized<orthant_report>();
  const auto run = [&] {
    const double begin = seconds_now();
    check_status(orthant_unmix_run_f32(unmix, &data, A.data(), members, &report), "unmixing");
    return seconds_now() - begin;
  };
  float sink = 0;
  run();
  const Timing t = timed(o.repeat, 1, run), bound = timed(o.repeat, 1, [&] { return read_all(Y, sink); });
  if (!(sink > 0)) warn(common, "the scene is dark");
  check_status(orthant_unmix_check_f32(unmix, &data, A.data(), members, nullptr, nullptr, &report), "checking");
  const double rate = static_cast<double>(pixels) / t.median, share = bound.median / threads / t.median;
  std::printf("%5d %10d %7zu %-12s %7d %15.0f %16.2f %12.1e\n", 198, members, pixels, problem.name, threads, rate,
              share, report.kkt);
  return format("198,%d,%zu,%s,%d,%s,%s,%s,%.0f,%.3f,%.2e\n", members, pixels, problem.name, threads,
                shortest(t.median).c_str(), shortest(t.least).c_str(), shortest(t.greatest).c_str(), rate, share,
                report.kkt);
}

// Exact FCLS and NNLS over synthetic mixtures: pixels a second, and the share of the time that reading Y alone takes.
void bench_unmix(const Options &o, const Common &common) {
  std::string csv = bench_head() +
                    "bands,endmembers,pixels,problem,threads,median_s,least_s,greatest_s,pixels_per_s,share_of_reading,"
                    "largest_kkt\n";
  std::printf("%5s %10s %7s %-12s %7s %14s %16s %12s\n", "bands", "endmembers", "pixels", "problem", "threads",
              "pixels a second", "share of reading", "largest kkt");
  const Problem problems[] = {{"FCLS", true, 0}, {"NNLS", false, 0}, {"NNLS grouped", false, ORTHANT_UNMIX_BPP}};
  for (const int members : {4, 6, 8}) {
    auto scene = sized<orthant_scene_config>();
    scene.bands = 198;
    scene.lines = 250;
    scene.samples = 400;
    scene.endmembers = members;
    scene.seed = common.seed;
    const size_t pixels = size_t(scene.lines) * size_t(scene.samples);
    std::vector<float> wavelength(198), E(198u * size_t(members)), A(pixels * size_t(members)), Y(198 * pixels);
    check_status(orthant_scene_run_f32(&scene, wavelength.data(), E.data(), 198, A.data(), members, Y.data(), 198),
                 "making a scene");
    for (const Problem &problem : problems) {
      for (const int threads : {1, 2}) csv += time_unmixing(o, common, problem, threads, E, Y, A);
    }
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
}

}  // namespace

void add_bench_races(CLI::App &app, Common &common) {
  const auto options = std::make_shared<Options>();
  const auto shared_flags = [options, &common](CLI::App &verb) {
    verb.add_option("-o,--output", options->output, "write the table as CSV");
    verb.add_option("--repeat", options->repeat, "calls behind each median")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    add_common(verb, common, flags_seed | flags_output);
  };
  CLI::App *nmf = app.add_subcommand("nmf", "factorizations to 1 % and 0.1 % of the best objective");
  CLI::App *kl = app.add_subcommand("kl", "the same with the loss of Kullback and Leibler, to 5 % and 1 %");
  for (CLI::App *verb : {nmf, kl}) {
    verb->add_option("--data", options->data, "directory of the real data sets; absent ones are named and left out")
        ->capture_default_str();
    verb->add_option("--only", options->only, "only sets whose name holds this text");
    verb->add_option("--peer", options->peer, "peer_sklearn.py: run scikit-learn from the same start");
    verb->add_option("--python", options->python, "the Python that has scikit-learn")->capture_default_str();
    verb->add_option("--peer-blas", options->peer_blas, "directory of the BLAS that the peer loads");
    verb->add_option("--budget", options->budget, "a contestant whose call takes longer stops searching, in seconds")
        ->capture_default_str();
    shared_flags(*verb);
  }
  kl->callback([options, &common] { bench_kl(*options, common); });
  nmf->callback([options, &common] { bench_nmf(*options, common); });
  CLI::App *unmix = app.add_subcommand("unmix", "exact unmixing in pixels a second");
  shared_flags(*unmix);
  unmix->callback([options, &common] { bench_unmix(*options, common); });
}

}  // namespace orthant::tool
