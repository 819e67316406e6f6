// `orthant-bench relu-nmd`: relative error against time and against iterations, all methods from the same start.
//
// Protocol: the truncated SVD of the data gives U and V; every contestant starts from copies of them and works until
// the set's seconds are over, processor time of one thread, so that other work on the machine hardly counts.  The clock
// runs through start and run, recording included.  With --iterations the methods whose iterations cost the same, three
// products, take that many: figures that do not depend on the machine at all.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "api.hpp"
#include "bench.hpp"

namespace orthant::tool {
namespace {

struct DataSet {
  std::string name;
  int rows, cols, rank;
  double seconds;
  std::vector<float> M;
};

struct Contestant {
  const char *name;
  int32_t method;
  double alpha, beta;
};
constexpr Contestant contestants[] = {
    {"default", 0, 0, 0},
    {"QN", ORTHANT_RELU_NMD_QN, 0, 0},
    {"NMD-TM a=b=0.95", ORTHANT_RELU_NMD_TM, 0.95, 0.95},
    {"NMD-TM a=0.7 b=0.95", ORTHANT_RELU_NMD_TM, 0.7, 0.95},
    {"3B-NMD a=0.7", ORTHANT_RELU_NMD_3B, 0.7, 0},
    {"3B-NMD a=0.95", ORTHANT_RELU_NMD_3B, 0.95, 0},
    {"A-NMD", ORTHANT_RELU_NMD_ANMD, 0, 0},
    {"A-Naive", ORTHANT_RELU_NMD_ANAIVE, 0, 0},
    {"EM-NMD", ORTHANT_RELU_NMD_EM, 0, 0},
    {"A-EM", ORTHANT_RELU_NMD_AEM, 0, 0},
};

struct Point {
  int iteration;
  double seconds, error;
};
struct Curve {
  double begin = 0, budget = 0;
  std::vector<Point> points;
};
int32_t note(void *user, const orthant_report *r) {
  Curve &c = *static_cast<Curve *>(user);
  c.points.push_back({r->iters, thread_seconds() - c.begin, r->rel_error});
  return c.points.back().seconds > c.budget || interrupted();
}

class Sets {
 public:
  Sets(const BenchOptions &o, const Common &common) : o_(o), common_(common) {}
  std::vector<DataSet> all;

  void digits(int count, const std::vector<int> &ranks, double seconds) {
    const std::string name = format("MNIST %d", count), file = "mnist/train-images-idx3-ubyte.gz";
    if (!wanted(name) || !there(name, file)) return;
    const Table<float> images = read_table<float>(o_.data + "/" + file);
    std::vector<int64_t> take;
    if (count == 1000 && there(name, "mnist/train-labels-idx1-ubyte.gz")) {  // the first hundred of each digit
      const Table<float> labels = read_table<float>(o_.data + "/mnist/train-labels-idx1-ubyte.gz");
      for (int digit = 0; digit < 10; ++digit)
        for (int64_t j = 0, found = 0; j < images.cols && found < 100; ++j)
          if (labels.values[static_cast<size_t>(j)] == static_cast<float>(digit)) take.push_back(j), ++found;
    }
    for (int64_t j = 0; take.size() < static_cast<size_t>(count); ++j) take.push_back(j);
    std::vector<float> M;
    for (int64_t j : take)
      for (int64_t i = 0; i < images.rows; ++i) M.push_back(images(i, j) / 255.f);
    for (int rank : ranks) all.push_back({name, static_cast<int>(images.rows), count, rank, seconds, M});
  }
  // Negative entries become zero, as in the source of these sets; everything is divided by the largest.
  void file(const std::string &name, const std::string &argument, const std::vector<int> &ranks, double seconds) {
    if (!wanted(name) || !there(name, argument)) return;
    Table<float> t = read_table<float>(o_.data + "/" + argument);
    float top = 0;
    for (float &x : t.values) {
      x = std::max(x, 0.f);
      top = std::max(top, x);
    }
    for (float &x : t.values) x /= top;
    const int rows = static_cast<int>(t.rows), cols = static_cast<int>(t.cols);
    for (int rank : ranks) all.push_back({name, rows, cols, rank, seconds, t.values});
  }
  // The W of a nonnegative factorization with `size` columns, each divided by its largest entry: a sparse dictionary.
  void dictionary(const std::string &name, const std::string &argument, bool transpose, int size,
                  const std::vector<int> &ranks, double seconds) {
    if (!wanted(name) || !there(name, argument)) return;
    const Table<float> t = read_table<float>(o_.data + "/" + argument);
    const Dictionary d = nmf_dictionary(t, transpose, size, common_.seed, Pool(2));
    for (int rank : ranks) all.push_back({name, static_cast<int>(d.W.rows), size, rank, seconds, d.W.values});
  }

 private:
  bool wanted(const std::string &name) const { return chosen(o_.only, name); }
  bool there(const std::string &name, const std::string &argument) const {
    return present(common_, name, o_.data + "/" + argument);
  }
  const BenchOptions &o_;
  const Common &common_;
};

// Few enough points to draw: the first ten, then every one that lies 10 % further in time, or every tenth, and the
// last.
std::vector<Point> thinned(const std::vector<Point> &all, bool counts) {
  std::vector<Point> few;
  for (size_t i = 0; i < all.size(); ++i)
    if (i < 10 || i + 1 == all.size() || (counts ? i % 10 == 0 : all[i].seconds > 1.1 * few.back().seconds))
      few.push_back(all[i]);
  return few;
}

}  // namespace

bool chosen(const std::string &only, const std::string &name) {
  const size_t at = name.find(only), end = at + only.size();
  const auto digit = [&](size_t i) { return i < name.size() && std::isdigit(static_cast<unsigned char>(name[i])); };
  return only.empty() || (at != name.npos && !(digit(end - 1) && digit(end)));
}

namespace {

struct Factors {
  Table<float> W, H;
  double rel_error;
};

Factors factor(const Table<float> &V, int rank, int32_t method, int iterations, uint64_t seed, const Pool &pool) {
  auto c = sized<orthant_nmf_config>();
  c.rows = static_cast<int32_t>(V.rows);
  c.cols = static_cast<int32_t>(V.cols);
  c.rank = rank;
  c.method = method;
  c.max_iter = iterations;
  c.seed = seed;
  c.parallel = pool.parallel();
  Factors f{{V.rows, rank}, {rank, V.cols}, 0};
  size_t bytes = 0;
  check_status(orthant_nmf_size_f32(&c, &bytes), "planning the dictionary");
  const Workspace memory(bytes);
  orthant_nmf_f32 *nmf = nullptr;
  const orthant_matrix_f32 v = matrix(V.values.data(), V.rows, V.cols);
  float *W = f.W.values.data(), *H = f.H.values.data();
  check_status(orthant_nmf_init_f32(&c, memory.data(), bytes, &nmf), "placing the dictionary");
  check_status(orthant_nmf_start_f32(nmf, &v, W, c.rows, H, rank), "starting the dictionary");
  auto report = sized<orthant_report>();
  check_status(orthant_nmf_run_f32(nmf, &v, W, c.rows, H, rank, &report), "the dictionary");
  f.rel_error = report.rel_error;
  return f;
}

}  // namespace

Dictionary nmf_dictionary(const Table<float> &data, bool transpose, int size, uint64_t seed, const Pool &pool,
                          bool minimum_volume) {
  Dictionary d;
  d.V = transpose ? transposed(data) : data;
  const float top = *std::max_element(d.V.values.begin(), d.V.values.end());
  for (float &x : d.V.values) x /= top;
  if (minimum_volume) {  // of the transpose, whose factors are the transposes
    const Factors f = factor(transposed(d.V), size, ORTHANT_NMF_MINVOL, 200, seed, pool);
    d.W = transposed(f.H);
    d.H = transposed(f.W);
    d.rel_error = f.rel_error;
  } else {
    const Factors f = factor(d.V, size, 0, 300, seed, pool);
    d.W = f.W;
    d.H = f.H;
    d.rel_error = f.rel_error;
  }
  for (int k = 0; k < size; ++k) {
    float most = 0;
    for (int64_t i = 0; i < d.W.rows; ++i) most = std::max(most, d.W(i, k));
    for (int64_t i = 0; i < d.W.rows && most > 0; ++i) d.W(i, k) /= most;
    for (int64_t j = 0; j < d.H.cols && most > 0; ++j) d.H(k, j) *= most;
  }
  return d;
}

namespace {

void add_sets(Sets &sets) {
  sets.digits(1000, {16, 64, 256}, 4);
  sets.digits(10000, {16, 64, 256}, 12);
  sets.digits(50000, {64}, 20);
  sets.file("email-Eu-core", "relu_nmd/email-Eu-core.mat:adj_matrix", {20}, 4);
  sets.file("Trec11", "relu_nmd/Trec11.mat:Problem.A", {20}, 4);
  sets.file("mycielskian10", "relu_nmd/mycielskian10.mat:Problem.A", {20}, 4);
  sets.file("rkat7", "relu_nmd/rkat7_mat5.mat:Problem.A", {20}, 4);
  sets.file("robot24c1", "relu_nmd/robot24c1_mat5.mat:Problem.A", {20}, 4);
  sets.file("lock1074", "relu_nmd/lock1074.mat:Problem.A", {20}, 4);
  sets.file("lp_beaconfd", "relu_nmd/lp_beaconfd.mat:Problem.A", {10}, 4);
  sets.dictionary("ORL dictionary", "orl/ORL_64x64.mat:fea", true, 100, {20, 50}, 4);
  sets.dictionary("CBCL dictionary", "cbcl/CBCL.mat:X", false, 100, {20, 50}, 4);
}

// All methods on one set, from the same truncated SVD.
class Race {
 public:
  Race(const BenchOptions &o, const DataSet &set, uint64_t seed, const Pool &pool)
      : set_(set),
        iterations_(o.iterations),
        seed_(seed),
        pool_(pool),
        U_(size_t(set.rows) * size_t(set.rank)),
        V_(size_t(set.cols) * size_t(set.rank)) {
    budget_ = set.seconds;
    if (o.budget > 0) budget_ = o.budget;
    if (counts()) budget_ = o.iterations;
    std::printf("%s, %d x %d, rank %d, %g %s a method, one thread\n", set.name.c_str(), set.rows, set.cols, set.rank,
                budget_, counts() ? "iterations" : "s");
    std::printf("  %-22s %10s %12s %12s %12s %12s\n", "method", "iterations", "error at 1/4", "at 1/2", "error",
                "workspace MB");
    auto c = config();
    c.start = ORTHANT_RELU_START_TSVD;
    c.max_iter = -1;
    Curve curve;
    size_t bytes = 0;
    start_error_ = call(c, U_, V_, curve, bytes);
  }
  bool counts() const { return iterations_ > 0; }  // iterations, not seconds
  // Rows of the table; a line is printed.
  std::string run(const Contestant &who) {
    auto c = config();
    c.start = ORTHANT_RELU_START_GIVEN;
    c.max_iter = counts() ? iterations_ : 1000000;
    c.method = who.method;
    c.alpha = who.alpha;
    c.beta = who.beta;
    Curve curve;
    curve.points.push_back({0, 0, start_error_});
    c.progress = note;
    c.user = &curve;
    std::vector<float> U = U_, V = V_;
    size_t bytes = 0;
    call(c, U, V, curve, bytes);
    print(who, curve, bytes);
    std::string csv;
    for (const Point &p : thinned(curve.points, counts())) {
      csv += format("%s,%d,%d,%d,%s,%zu,%d,%.4g,%.6g\n", set_.name.c_str(), set_.rows, set_.cols, set_.rank, who.name,
                    bytes, p.iteration, p.seconds, p.error);
    }
    return csv;
  }

 private:
  orthant_relu_nmd_config config() const {
    auto c = sized<orthant_relu_nmd_config>();
    c.rows = set_.rows;
    c.cols = set_.cols;
    c.rank = set_.rank;
    c.seed = seed_;
    c.tol = c.tol_obj = -1;
    c.parallel = pool_.parallel();
    return c;
  }
  // The clock of the curve runs through start and run; the relative error at the end.
  double call(const orthant_relu_nmd_config &c, std::vector<float> &U, std::vector<float> &V, Curve &curve,
              size_t &bytes) const {
    const orthant_matrix_f32 M = matrix(set_.M.data(), set_.rows, set_.cols);
    check_status(orthant_relu_nmd_size_f32(&c, &bytes), "planning the benchmark");
    const Workspace memory(bytes);
    orthant_relu_nmd_f32 *nmd = nullptr;
    auto report = sized<orthant_report>();
    check_status(orthant_relu_nmd_init_f32(&c, memory.data(), bytes, &nmd), "placing the handle");
    curve.begin = thread_seconds();
    curve.budget = counts() ? 1e9 : budget_;
    check_status(orthant_relu_nmd_start_f32(nmd, &M, U.data(), c.rows, V.data(), c.rank), "starting");
    check_status(orthant_relu_nmd_run_f32(nmd, &M, U.data(), c.rows, V.data(), c.rank, &report), "running");
    return report.rel_error;
  }
  void print(const Contestant &who, const Curve &curve, size_t bytes) const {
    double quarter = start_error_, half = quarter, last = quarter;
    for (const Point &p : curve.points) {
      last = p.error;
      const double spent = counts() ? p.iteration : p.seconds;
      if (spent <= budget_ / 4) quarter = p.error;
      if (spent <= budget_ / 2) half = p.error;
    }
    std::printf("  %-22s %10d %12.6f %12.6f %12.6f %12.1f\n", who.name, curve.points.back().iteration, quarter, half,
                last, static_cast<double>(bytes) / 1e6);
    std::fflush(stdout);
  }
  const DataSet &set_;
  int iterations_;
  uint64_t seed_;
  const Pool &pool_;
  std::vector<float> U_, V_;  // the start of all
  double budget_ = 0, start_error_ = 0;
};

void bench_relu_nmd(const BenchOptions &o, const Common &common) {
  Sets sets(o, common);
  add_sets(sets);
  const Pool pool(1);
  watch_interrupt();
  std::string csv = bench_head() + "set,rows,cols,rank,contestant,workspace_bytes,iteration,seconds,rel_error\n";
  for (const DataSet &set : sets.all) {
    if (interrupted()) break;
    Race race(o, set, common.seed, pool);
    for (const Contestant &who : contestants) {
      if (race.counts() && who.method >= ORTHANT_RELU_NMD_ANMD) continue;
      csv += race.run(who);
    }
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
  if (!o.svg.empty()) draw_results(csv, o.svg, common.force);
}

}  // namespace

void add_flags(CLI::App &verb, BenchOptions &options, Common &common) {
  verb.add_option("--data", options.data, "directory of the data sets; those that are absent are named and left out")
      ->capture_default_str();
  verb.add_option("--only", options.only, "only sets whose name holds this text");
  verb.add_option("--svg", options.svg, "draw the curves and images of each set into this directory")->type_name("DIR");
  verb.add_option("-o,--output", options.output, "write the table as CSV");
  add_common(verb, common, flags_seed | flags_output);
}

void add_bench_relu_nmd(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("relu-nmd", "ReLU decompositions: error against time, methods from one start");
  const auto o = std::make_shared<BenchOptions>();
  verb->add_option("--seconds", o->budget, "of each method; 0: as each set asks")->capture_default_str();
  verb->add_option("--iterations", o->iterations, "instead: so many of each method without an SVD, whatever the time");
  add_flags(*verb, *o, common);
  verb->callback([o, &common] { bench_relu_nmd(*o, common); });
}

}  // namespace orthant::tool
