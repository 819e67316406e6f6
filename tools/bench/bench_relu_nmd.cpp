// `orthant-bench relu-nmd`: relative error against time and against iterations, all methods from the same start.
//
// Protocol: the truncated SVD of the data gives U and V; every contestant starts from copies of them and works until the
// set's seconds are over.  The clock runs through start and run, recording included.  With --iterations the methods whose
// iterations cost the same, three products, take that many: figures that do not depend on the machine's load.
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
  c.points.push_back({r->iters, seconds_now() - c.begin, r->rel_error});
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
    if (fs::exists(argument_path(o_.data + "/" + argument))) return true;
    warn(common_, name + " is left out: " + argument_path(o_.data + "/" + argument).string() + " is not there (--data DIR)");
    return false;
  }
  const BenchOptions &o_;
  const Common &common_;
};

// Few enough points to draw: the first ten, then every one that lies 10 % further in time, or every tenth, and the last.
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

Table<float> turned(const Table<float> &A) {
  Table<float> B;
  B.rows = A.cols;
  B.cols = A.rows;
  B.values.resize(A.values.size());
  for (int64_t j = 0; j < B.cols; ++j)
    for (int64_t i = 0; i < B.rows; ++i) B(i, j) = A(j, i);
  return B;
}

}  // namespace

Dictionary nmf_dictionary(const Table<float> &data, bool transpose, int size, uint64_t seed, const Pool &pool,
                          bool minimum_volume) {
  Table<float> V = transpose ? turned(data) : data;
  const float top = *std::max_element(V.values.begin(), V.values.end());
  for (float &x : V.values) x /= top;
  const Table<float> data_given = minimum_volume ? turned(V) : V;
  auto c = sized<orthant_nmf_config>();
  c.rows = static_cast<int32_t>(data_given.rows);
  c.cols = static_cast<int32_t>(data_given.cols);
  c.rank = size;
  c.method = minimum_volume ? ORTHANT_NMF_MINVOL : 0;
  c.max_iter = minimum_volume ? 200 : 300;
  c.seed = seed;
  c.parallel = pool.parallel();
  Dictionary d;
  d.W.rows = c.rows;
  d.W.cols = size;
  d.H.rows = size;
  d.H.cols = c.cols;
  d.W.values.resize(static_cast<size_t>(c.rows) * static_cast<size_t>(size));
  d.H.values.resize(static_cast<size_t>(c.cols) * static_cast<size_t>(size));
  size_t bytes = 0;
  check_status(orthant_nmf_size_f32(&c, &bytes), "planning the dictionary");
  const Workspace memory(bytes);
  orthant_nmf_f32 *nmf = nullptr;
  const orthant_matrix_f32 v = matrix(data_given.values.data(), c.rows, c.cols);
  float *W = d.W.values.data(), *H = d.H.values.data();
  check_status(orthant_nmf_init_f32(&c, memory.data(), bytes, &nmf), "placing the dictionary");
  check_status(orthant_nmf_start_f32(nmf, &v, W, c.rows, H, size), "starting the dictionary");
  auto report = sized<orthant_report>();
  check_status(orthant_nmf_run_f32(nmf, &v, W, c.rows, H, size, &report), "the dictionary");
  if (minimum_volume) {
    const Table<float> left = turned(d.H);
    d.H = turned(d.W);
    d.W = left;
  }
  for (int k = 0; k < size; ++k) {
    float most = 0;
    for (int64_t i = 0; i < d.W.rows; ++i) most = std::max(most, d.W(i, k));
    for (int64_t i = 0; i < d.W.rows && most > 0; ++i) d.W(i, k) /= most;
    for (int64_t j = 0; j < d.H.cols && most > 0; ++j) d.H(k, j) *= most;
  }
  d.V = std::move(V);
  d.rel_error = report.rel_error;
  return d;
}

static void bench_relu_nmd(const BenchOptions &o, const Common &common) {
  Sets sets(o, common);
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

  const Pool pool(2);
  watch_interrupt();
  std::string csv = bench_head() + "set,rows,cols,rank,contestant,workspace_bytes,iteration,seconds,rel_error\n";
  for (const DataSet &set : sets.all) {
    if (interrupted()) break;
    const bool counts = o.iterations > 0;
    const double budget = counts ? o.iterations : o.budget > 0 ? o.budget : set.seconds;
    std::printf("%s, %d x %d, rank %d, %g %s a method, two threads\n", set.name.c_str(), set.rows, set.cols, set.rank, budget,
                counts ? "iterations" : "s");
    std::printf("  %-22s %10s %12s %12s %12s %12s\n", "method", "iterations", "error at 1/4", "at 1/2", "error", "workspace MB");
    std::vector<float> U0(size_t(set.rows) * size_t(set.rank)), V0(size_t(set.cols) * size_t(set.rank));
    const orthant_matrix_f32 M = matrix(set.M.data(), set.rows, set.cols);
    const auto call = [&](const Contestant *who, Curve &curve) {
      auto c = sized<orthant_relu_nmd_config>();
      c.rows = set.rows;
      c.cols = set.cols;
      c.rank = set.rank;
      c.seed = common.seed;
      c.parallel = pool.parallel();
      c.start = who ? ORTHANT_RELU_START_GIVEN : ORTHANT_RELU_START_TSVD;
      c.max_iter = !who ? -1 : counts ? o.iterations : 1000000;
      c.tol = c.tol_obj = -1;
      if (who) {
        c.method = who->method;
        c.alpha = who->alpha;
        c.beta = who->beta;
        c.progress = note;
        c.user = &curve;
      }
      size_t bytes = 0;
      check_status(orthant_relu_nmd_size_f32(&c, &bytes), "planning the benchmark");
      const Workspace memory(bytes);
      orthant_relu_nmd_f32 *nmd = nullptr;
      auto report = sized<orthant_report>();
      std::vector<float> U = U0, V = V0;
      check_status(orthant_relu_nmd_init_f32(&c, memory.data(), bytes, &nmd), "placing the handle");
      curve.begin = seconds_now();
      curve.budget = counts ? 1e9 : budget;
      check_status(orthant_relu_nmd_start_f32(nmd, &M, U.data(), set.rows, V.data(), set.rank), "starting");
      check_status(orthant_relu_nmd_run_f32(nmd, &M, U.data(), set.rows, V.data(), set.rank, &report), "running");
      if (!who) {
        U0 = U;
        V0 = V;
        curve.points.push_back({0, 0, report.rel_error});
      }
      return bytes;
    };
    Curve start;
    call(nullptr, start);
    for (const Contestant &who : contestants) {
      if (counts && who.method >= ORTHANT_RELU_NMD_ANMD) continue;
      Curve curve;
      curve.points = start.points;
      const size_t bytes = call(&who, curve);
      double quarter = start.points[0].error, half = quarter, last = quarter;
      for (const Point &p : curve.points) {
        last = p.error;
        const double spent = counts ? p.iteration : p.seconds;
        if (spent <= budget / 4) quarter = p.error;
        if (spent <= budget / 2) half = p.error;
      }
      std::printf("  %-22s %10d %12.6f %12.6f %12.6f %12.1f\n", who.name, curve.points.back().iteration, quarter, half,
                  last, static_cast<double>(bytes) / 1e6);
      std::fflush(stdout);
      for (const Point &p : thinned(curve.points, counts))
        csv += format("%s,%d,%d,%d,%s,%zu,%d,%.4g,%.6g\n", set.name.c_str(), set.rows, set.cols, set.rank, who.name, bytes,
                      p.iteration, p.seconds, p.error);
    }
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
  if (!o.svg.empty()) draw_results(csv, o.svg, common.force);
}

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
