// `orthant-bench symnmf`: graph clustering by symmetric NMF, classical and trained, the comparison of the paper of
// SymNMF-Net.
//
// Every set: one graph (Gaussian, self-tuning scale; Reuters: cosine), and every solver from its default start, which
// is scaled random numbers, of the net the better of two spectral ones, seeds 1, 2, ..: median, least and greatest of
// each measure.  The classical solvers run 500 iterations or to kkt 1e-5; the net runs its default recipe.  The MNIST
// subsets are those of 3147 images that the paper's number fits: the first 3147 training images, and all test images of
// the digits 0, 1 and 2, which are just 3147.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "bench.hpp"
#include "cluster.hpp"

namespace orthant::tool {
namespace {

struct Set {
  const char *name, *data, *labels;
  int first;                    // only so many samples; 0: all
  std::vector<double> classes;  // only these; empty: all
  int least;                    // only classes with at least so many samples
  bool cosine;
  bool asked;  // left out unless --only names it
};

const std::vector<Set> &all_sets() {
  static const std::vector<Set> sets = {
      {"ORL 112x92", "orl/ORL_112x92.mat:data", "orl/ORL_112x92.mat:label", 0, {}, 0, false, false},
      {"ORL 64x64", "orl/ORL_64x64.mat:fea", "orl/ORL_64x64.mat:gnd", 0, {}, 0, false, false},
      {"ORL 32x32", "orl/ORL_32x32.mat:fea", "orl/ORL_32x32.mat:gnd", 0, {}, 0, false, false},
      {"COIL-20", "coil20/COIL20.mat:X", "coil20/COIL20.mat:Y", 0, {}, 0, false, false},
      {"MNIST 10", "mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte.gz", 3147, {}, 0, false, false},
      {"MNIST 3", "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz", 0, {0, 1, 2}, 0, false, false},
      {"Reuters", "reuters/Reuters21578.mat:fea", "reuters/Reuters21578.mat:gnd", 0, {}, 50, true, false},
      {"growth 2500", "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz", 2500, {}, 0, false, true},
      {"growth 5000", "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz", 5000, {}, 0, false, true},
      {"growth 10000", "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz", 0, {}, 0, false, true},
  };
  return sets;
}

// The paper's Tables 1 to 3: E, ACC, NMI, purity; NaN where it gives none.  Its E cannot be reached on ORL and COIL-20:
// it lies below the spectral bound of the graph that its recipe makes (tools/docs/algorithms.md, "Corrections to
// the papers").
struct Printed {
  const char *set, *solver;
  double error, acc, nmi, purity;
};
constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr Printed printed[] = {
    {"ORL 112x92", "anls", .2669, .8075, .884, .805}, {"ORL 112x92", "hals", .2723, .7570, .862, .763},
    {"ORL 112x92", "admm", none, .7650, none, none},  {"ORL 112x92", "newton", none, .7625, none, none},
    {"ORL 112x92", "pgd", none, .7700, none, none},   {"ORL 112x92", "net", .2659, .8150, .904, .835},
    {"COIL-20", "anls", .8405, .7979, .849, .804},    {"COIL-20", "hals", .8501, .5854, .664, .538},
    {"COIL-20", "admm", none, .6903, none, none},     {"COIL-20", "newton", none, .7472, none, none},
    {"COIL-20", "pgd", none, .7243, none, none},      {"COIL-20", "net", .8390, .8013, .896, .853},
    {"MNIST 10", "anls", none, .6477, none, none},    {"MNIST 10", "hals", none, .6657, none, none},
    {"MNIST 10", "admm", none, .5803, none, none},    {"MNIST 10", "newton", none, .5990, none, none},
    {"MNIST 10", "pgd", none, .6475, none, none},     {"MNIST 10", "net", none, .7064, none, none},
    {"MNIST 3", "anls", none, .8589, none, none},     {"MNIST 3", "hals", none, .8608, none, none},
    {"MNIST 3", "admm", none, .8713, none, none},     {"MNIST 3", "newton", none, .8589, none, none},
    {"MNIST 3", "pgd", none, .8710, none, none},      {"MNIST 3", "net", none, .9898, none, none}};

struct Loaded {
  Samples samples;
  Classes truth;
};

Loaded load(const Set &set, const std::string &data) {
  const Data raw = read_data(data + "/" + set.data);
  Loaded l;
  const bool as_columns = raw.meta.format == "IDX";
  l.samples = raw.sparse ? to_samples(*raw.sparse, raw.axis[0].count, as_columns)
                         : to_samples(to_table<float>(raw), as_columns);
  const Table<double> labels = read_table<double>(data + "/" + set.labels);
  std::vector<bool> kept(labels.values.size(), true);
  for (size_t i = 0; i < kept.size(); ++i) {
    const double label = labels.values[i];
    if (set.first > 0 && i >= static_cast<size_t>(set.first)) kept[i] = false;
    if (!set.classes.empty() && !std::count(set.classes.begin(), set.classes.end(), label)) kept[i] = false;
    if (std::count(labels.values.begin(), labels.values.end(), label) < set.least) kept[i] = false;
  }
  std::vector<double> chosen;
  for (size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) chosen.push_back(labels.values[i]);
  l.samples = select(l.samples, kept);
  l.truth = to_classes(chosen);
  return l;
}

// The best multiple of each class's indicator: where the known classes would have a solver begin.
std::vector<float> true_factor(const SimilarityGraph &g, const Classes &truth) {
  std::vector<float> U = indicator_factor(g.matrix(), truth.of, truth.count);
  for (float &u : U) u += 1e-4f;
  return U;
}

// What is measured of each run.  The table has the median, the least and the greatest over the seeds.
enum Measure { error, acc, nmi, purity, sparse_factor, iterations, seconds, processor_seconds, measures };
constexpr const char *measure_names[measures] = {"error",         "acc",        "nmi",     "purity",
                                                 "sparse_factor", "iterations", "seconds", "processor_seconds"};
using Measured = std::array<double, measures>;

struct Spread {
  double median, least, greatest;
};
Spread spread(const std::vector<Measured> &runs, Measure m) {
  std::vector<double> v;
  for (const Measured &run : runs) v.push_back(run[m]);
  std::sort(v.begin(), v.end());
  return {v.size() % 2 ? v[v.size() / 2] : 0.5 * (v[v.size() / 2 - 1] + v[v.size() / 2]), v.front(), v.back()};
}

double processor_now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
// The most memory this process ever had: of the largest set so far.
long resident_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

struct Options {
  std::string output, svg, data = "../shared/data";
  std::vector<std::string> only, solvers = {"anls", "hals", "alternate", "admm", "newton", "pgd", "net", "spectral"};
  std::string start;
  int seeds = 10, iterations = 500;
  std::vector<double> shares;
  orthant_symnet_config net = sized<orthant_symnet_config>();
};

Series curve(const std::string &name, const Clustering &c, double bound) {
  Series s;
  s.name = name;
  for (const Traced &t : c.trace) {
    s.x.push_back(t.seconds);
    s.y.push_back(t.error - bound);
  }
  return s;
}

std::string file_name(std::string set) {
  for (char &c : set) c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return "error-" + set + ".svg";
}

bool wanted(const Set &set, const Options &o) {
  if (o.only.empty()) return !set.asked;
  return std::any_of(o.only.begin(), o.only.end(), [&](const std::string &text) { return chosen(text, set.name); });
}

std::string table_head() {
  std::string head = "set,samples,classes,nonzeros,graph_seconds,bound,solver,start,share,seeds";
  for (const char *name : measure_names) head += format(",%s,%s_least,%s_greatest", name, name, name);
  return head + ",workspace_bytes,resident_kilobytes,paper_error,paper_acc,paper_nmi,paper_purity\n";
}

// A set with its graphs, and what belongs to them.
struct Prepared {
  const Set &set;
  Classes truth;
  SimilarityGraph g, nearest, second;
  double bound;               // of E on g
  std::vector<float> true_U;  // start "truth"
};

double bound_of(const SimilarityGraph &graph, int rank, const Pool &pool) {
  ClusterSolver s;
  s.name = "fixed";
  s.rank = rank;
  s.iterations = 1;
  s.bound = true;
  return cluster(graph.matrix(), s, pool).report.bound;
}

Prepared prepare(const Set &set, const std::string &data, const Pool &pool) {
  const Loaded l = load(set, data);
  const int32_t kind = set.cosine ? ORTHANT_GRAPH_COSINE : ORTHANT_GRAPH_GAUSSIAN;
  Prepared p{set, l.truth, build_graph(l.samples, kind, 0, pool), {}, {}, 0, {}};
  p.nearest = build_graph(l.samples, kind, nearest_neighbours, pool);
  p.second = build_graph(l.samples, kind, second_neighbours, pool);
  p.bound = bound_of(p.g, l.truth.count, pool);
  p.true_U = true_factor(p.g, l.truth);
  std::printf("%s: %d samples, %d classes, graph %zu entries, |X| %.5f, E >= %.6f, made in %.2f s\n", set.name, p.g.n,
              l.truth.count, p.g.values.size(), p.g.norm(), p.bound, p.g.seconds);
  std::printf("  %-9s %6s  %-24s  %-22s  %5s  %6s  %5s  %6s  %7s\n", "solver", "seeds", "E", "ACC", "NMI", "purity",
              "SF", "iter.", "seconds");
  return p;
}

// One solver on one share of the nearest graph.
struct Contest {
  std::string solver;
  double share;
};

std::vector<Contest> contests_of(const Options &o) {
  std::vector<Contest> contests;
  for (const std::string &solver : o.solvers) {
    if (o.shares.empty()) contests.push_back({solver, solver == "net" ? nearest_share : 0});
    for (const double share : o.shares) contests.push_back({solver, share});
  }
  return contests;
}

std::string start_of(const Options &o, const std::string &solver) {
  if (solver == "spectral") return "none";
  if (!o.start.empty()) return o.start;
  return solver == "net" ? "best" : "scaled";
}

// All seeds of a contest.
struct Runs {
  std::vector<Measured> measured;
  size_t workspace = 0;
  Series curve;  // of seed 1
};

Runs run_seeds(const Options &o, const Prepared &p, const Contest &contest, const Pool &pool) {
  const auto &[solver, share] = contest;
  Runs runs;
  const SimilarityGraph solved = sharpened(p.g, p.nearest, share);
  const std::string start = start_of(o, solver);
  for (int seed = 1; seed <= o.seeds; ++seed) {
    ClusterSolver s;
    s.name = solver;
    s.rank = p.truth.count;
    s.seed = static_cast<uint64_t>(seed);
    s.net = o.net;
    s.iterations = solver == "net" ? 0 : o.iterations;
    s.start = start;
    s.second = &p.second;
    if (start == "truth") s.given = &p.true_U;
    if (share > 0) s.solved = &solved;
    const double before = processor_now();
    const Clustering c = cluster(p.g.matrix(), s, pool);
    const double spent = processor_now() - before;
    const auto scores = score(c.label, p.truth.count, p.truth);
    runs.measured.push_back({c.report.rel_error * c.report.rel_error, scores.accuracy, scores.nmi, scores.purity,
                             c.sparse, double(c.report.iters), c.seconds, spent});
    runs.workspace = c.workspace;
    if (seed == 1 && !o.svg.empty()) {
      runs.curve = curve(solver, c, share > 0 ? bound_of(solved, p.truth.count, pool) : p.bound);
    }
  }
  return runs;
}

void print(const std::string &solver, int seeds, const std::vector<Measured> &runs) {
  const Spread e = spread(runs, error), a = spread(runs, acc);
  const auto median = [&](Measure m) { return spread(runs, m).median; };
  std::printf("  %-9s %6d  %.4f [%.4f, %.4f]  %.4f [%.4f, %.4f]  %.3f   %.3f  %.3f  %6.0f  %7.2f\n", solver.c_str(),
              seeds, e.median, e.least, e.greatest, a.median, a.least, a.greatest, median(nmi), median(purity),
              median(sparse_factor), median(iterations), median(seconds));
  std::fflush(stdout);
}

std::string row_of(const Options &o, const Prepared &p, const Contest &contest, const Runs &runs) {
  const std::string &solver = contest.solver;
  std::string csv = format("%s,%d,%d,%zu,%.3g,%.6f,%s,%s,%g,%d", p.set.name, p.g.n, p.truth.count, p.g.values.size(),
                           p.g.seconds, p.bound, solver.c_str(), start_of(o, solver).c_str(), contest.share, o.seeds);
  for (int m = 0; m < measures; ++m) {
    const Spread s = spread(runs.measured, static_cast<Measure>(m));
    for (const double x : {s.median, s.least, s.greatest}) csv += format(m < iterations ? ",%.6f" : ",%.4g", x);
  }
  csv += format(",%zu,%ld", runs.workspace, resident_kilobytes());
  Printed paper{"", "", none, none, none, none};
  for (const Printed &known : printed) {
    if (std::string(p.set.name) == known.set && solver == known.solver) paper = known;
  }
  for (const double x : {paper.error, paper.acc, paper.nmi, paper.purity}) {
    csv += std::isnan(x) ? std::string(",") : format(",%.4f", x);
  }
  return csv + "\n";
}

void bench_symnmf(const Options &o, const Common &common) {
  std::string csv = bench_head() + table_head();
  bool written = false;
  const Threads pool(common);
  for (const Set &set : all_sets()) {
    if (!wanted(set, o)) continue;
    if (!present(common, set.name, o.data + "/" + set.data)) continue;
    const Prepared p = prepare(set, o.data, pool);
    Plot plot;
    plot.title = std::string(set.name) + ": error against time, seed 1";
    plot.note = "The net: of the sharpened graph it is trained on; its units leak below zero until epoch 360.";
    plot.x.label = "seconds";
    plot.y.label = "E above the spectral bound";
    plot.x.log = plot.y.log = true;
    for (const Contest &contest : contests_of(o)) {
      const Runs runs = run_seeds(o, p, contest, pool);
      if (!runs.curve.x.empty()) plot.series.push_back(runs.curve);
      print(contest.solver, o.seeds, runs.measured);
      csv += row_of(o, p, contest, runs);
      // After every solver: what a long command has found so far is not lost.
      if (!o.output.empty()) write_file(o.output, csv, common.force || written);
      written = true;
    }
    if (o.svg.empty()) continue;
    fs::create_directories(o.svg);
    write_file(fs::path(o.svg) / file_name(set.name), svg(plot), common.force);
  }
}

}  // namespace

void add_bench_symnmf(CLI::App &app, Common &common) {
  const auto o = std::make_shared<Options>();
  CLI::App *verb =
      app.add_subcommand("symnmf", "graph clustering: six solvers, the net and spectral clustering on seven graphs");
  verb->add_option("-o,--output", o->output, "write the table as CSV");
  verb->add_option("--svg", o->svg, "directory for the errors against time, seed 1, a figure for each set");
  verb->add_option("--data", o->data, "directory of the data sets; those that are absent are named and left out")
      ->capture_default_str();
  verb->add_option("--only", o->only, "only sets whose name holds this text; growth: 2500, 5000 and 10000 MNIST images")
      ->delimiter(',');
  verb->add_option("--solvers", o->solvers, "which")->delimiter(',')->check(CLI::IsMember(cluster_solvers()));
  verb->add_option("--seeds", o->seeds, "starts for each")->check(CLI::Range(1, 1000))->capture_default_str();
  verb->add_option("--init", o->start,
                   "start of every solver: scaled random, spectral, the better of two spectral ones (the net's"
                   " default), or the known classes")
      ->check(CLI::IsMember({"scaled", "spectral", "best", "truth"}));
  verb->add_option("--iterations", o->iterations, "most iterations of a classical solver")->capture_default_str();
  verb->add_option("--sharpen", o->shares,
                   "share of the graph of the 4 nearest neighbours in the one that is solved;"
                   " default: the net 0.125, others 0")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 1.0));
  add_net_flags(*verb, o->net);
  add_common(*verb, common, flags_work | flags_output);
  verb->callback([o, &common] { bench_symnmf(*o, common); });
}

}  // namespace orthant::tool
