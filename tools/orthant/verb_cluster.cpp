// orthant cluster: a similarity graph of samples, symmetric NMF, a label for each.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "cluster.hpp"
#include "input.hpp"
#include "weights.hpp"

namespace orthant::tool {

namespace {

struct ClusterFlags {
  std::string input, labels, graph = "auto", output, model, save_model;
  std::vector<std::string> solvers = {"hals"};
  int neighbours = 0;
  double share = nearest_share;
  bool as_columns = false;
  ClusterSolver solver;
};

// A similarity graph from a file.  What the library would refuse is named here by its place.
SimilarityGraph given_graph(const Sparse &given, int64_t rows, const std::string &input) {
  const auto n = static_cast<int64_t>(given.starts.size()) - 1;
  if (rows != n) throw InputError(cat(input, ": is ", rows, " x ", n, "; --graph given needs a square matrix"));
  const Sparse mirror = transposed(given, n), X = transposed(mirror, n);  // whose indices ascend
  const double slack = 64 * static_cast<double>(std::numeric_limits<float>::epsilon());
  SimilarityGraph g;
  g.n = static_cast<int32_t>(n);
  g.starts.push_back(0);
  for (size_t j = 0; j < static_cast<size_t>(n); ++j) {
    auto s = static_cast<size_t>(X.starts[j]), t = static_cast<size_t>(mirror.starts[j]);
    const auto s_end = static_cast<size_t>(X.starts[j + 1]), t_end = static_cast<size_t>(mirror.starts[j + 1]);
    while (s < s_end || t < t_end) {
      const int32_t i = std::min(s < s_end ? X.indices[s] : g.n, t < t_end ? mirror.indices[t] : g.n);
      const double a = s < s_end && X.indices[s] == i ? X.values[s++] : 0;
      const double b = t < t_end && mirror.indices[t] == i ? mirror.values[t++] : 0;
      const std::string place = cat(input, ": entry (", i + 1, ", ", j + 1, ") is ", rounded(a));
      if (a < 0) throw InputError(place + "; similarities are not negative");
      if (std::fabs(a - b) > slack * std::max(a, b))
        throw InputError(cat(place, ", its mirror ", rounded(b), "; --graph given needs a symmetric matrix"));
      if (a == 0) continue;
      g.indices.push_back(i);
      g.values.push_back(static_cast<float>(a));
    }
    g.starts.push_back(static_cast<int32_t>(g.values.size()));
  }
  return g;
}

Sparse nonzeros_of(const Table<float> &X) {
  Sparse out;
  out.starts.push_back(0);
  for (int64_t j = 0; j < X.cols; ++j) {
    for (int64_t i = 0; i < X.rows; ++i) {
      if (X(i, j) == 0) continue;
      out.indices.push_back(static_cast<int32_t>(i));
      out.values.push_back(static_cast<double>(X(i, j)));
    }
    out.starts.push_back(static_cast<int32_t>(out.values.size()));
  }
  return out;
}

// The factor with its rows in the order of their clusters: one block a cluster where the clustering is good.
Picture draw_factor(const Clustering &c, int32_t n, int32_t rank) {
  std::vector<int32_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return c.label[static_cast<size_t>(a)] < c.label[static_cast<size_t>(b)];
  });
  Plane plane;
  plane.width = n;
  plane.height = rank;
  plane.values.resize(static_cast<size_t>(n) * static_cast<size_t>(rank));
  for (int32_t i = 0; i < n; ++i) {
    const auto row = static_cast<size_t>(order[static_cast<size_t>(i)]);
    float top = 0;
    for (int32_t k = 0; k < rank; ++k) top = std::max(top, c.U[row + static_cast<size_t>(k) * static_cast<size_t>(n)]);
    for (int32_t k = 0; k < rank; ++k)
      plane.values[static_cast<size_t>(i) + static_cast<size_t>(k) * static_cast<size_t>(n)] =
          top > 0 ? c.U[row + static_cast<size_t>(k) * static_cast<size_t>(n)] / top : 0;
  }
  const Picture picture = draw_map(plane, {0, 1}, ColourMap::viridis);
  return enlarge(picture, enlargement(n, rank, 1000));
}

Series curve(const std::string &name, const Clustering &c) {
  Series s;
  s.name = name;
  for (const Traced &t : c.trace) {
    s.x.push_back(t.seconds);
    s.y.push_back(t.error);
  }
  return s;
}

// The samples as read, and what is known of them.
struct Problem {
  Meta meta;
  Samples samples;
  SimilarityGraph graph;                // in place of the samples, where the input is one
  bool given = false, columns = false;  // the input is the graph; columns are the samples
  int64_t count = 0, other = 0;         // samples; the other side of the input
  Classes truth;                        // count 0: unknown
};

Classes read_labels(const std::string &file, const Problem &p) {
  const Classes truth = to_classes(read_table<double>(file).values);
  const auto labels = static_cast<int64_t>(truth.of.size());
  if (labels == p.count) return truth;
  std::string hint;
  if (labels == p.other) {
    hint =
        p.columns ? "; leave out --columns, for rows are the samples" : "; add --columns, for columns are the samples";
  }
  throw InputError(cat(file, ": holds ", labels, " labels for ", p.count, " samples", hint));
}

template <class List>
void all_finite(const List &values, const std::string &input) {
  for (const auto v : values) {
    if (!std::isfinite(v)) {
      throw InputError(input + ": a number is missing or infinite; fill it in or leave that sample out");
    }
  }
}

// The samples or the graph; sparse data stay sparse.
void take_numbers(const ClusterFlags &flags, const Data &data, Problem &p) {
  if (data.sparse) {
    all_finite(data.sparse->values, flags.input);
    if (p.given) {
      p.graph = given_graph(*data.sparse, data.axis[0].count, flags.input);
    } else {
      p.samples = to_samples(*data.sparse, data.axis[0].count, p.columns);
    }
    return;
  }
  const Table<float> table = to_table<float>(data);
  p.meta = table.meta;
  all_finite(table.values, flags.input);
  if (p.given) {
    p.graph = given_graph(nonzeros_of(table), table.rows, flags.input);
  } else {
    p.samples = to_samples(table, p.columns);
  }
}

Problem read_problem(const Common &common, const ClusterFlags &flags) {
  Problem p;
  const Data data = read_data(flags.input, Checksum::sha256);
  p.meta = data.meta;
  p.given = flags.graph == "given";
  p.columns = flags.as_columns || data.meta.format == "IDX";
  take_numbers(flags, data, p);
  say_notes(common, p.meta);
  p.count = p.given ? p.graph.n : p.samples.count;
  p.other = p.given ? p.graph.n : p.samples.features;
  if (p.count < 2) {
    throw InputError(flags.input + ": holds fewer than two samples; rows are samples, or columns with --columns");
  }
  if (flags.solver.rank > p.count) {
    throw UsageError(cat("-k ", flags.solver.rank, " is more than the ", p.count, " samples"));
  }
  if (!flags.labels.empty()) p.truth = read_labels(flags.labels, p);
  return p;
}

// An option of the net asks for it.
void choose_net(const CLI::App &verb, const CLI::Option &solver, ClusterFlags &flags) {
  const auto given =
      verb.get_options([](const CLI::Option *o) { return o->get_group() == net_group && o->count() > 0; });
  if (given.empty()) return;
  if (solver.count() == 0) flags.solvers = {"net"};
  if (std::count(flags.solvers.begin(), flags.solvers.end(), "net") == 0) {
    throw UsageError(given.front()->get_name() + " is of --solver net");
  }
}

// What is left to the tool: the graph that fits the samples, and the yardstick beside known classes.
void choose(const Common &common, const Problem &p, ClusterFlags &flags) {
  if (flags.graph == "auto") {
    flags.graph = graph_that_fits(p.samples);
    if (flags.graph == "cosine") {
      say(common, "--graph cosine, for the samples are sparse and not negative, as counts are");
    }
  }
  if (p.given) flags.share = 0;
  const bool there = std::count(flags.solvers.begin(), flags.solvers.end(), "spectral") > 0;
  if (p.truth.count > 0 && !there) flags.solvers.push_back("spectral");
}

struct Graphs {
  SimilarityGraph X, nearest, second;  // the last two empty where no solver needs them
  int32_t alone = 0;                   // samples without an edge
};

Graphs make_graphs(const Common &common, const ClusterFlags &flags, const Problem &p, const Pool &pool) {
  Graphs g;
  if (p.given) {
    g.X = p.graph;
  } else {
    const Samples &samples = p.samples;
    const int32_t kind = graph_kind(flags.graph);
    g.X = build_graph(samples, kind, flags.neighbours, pool);
    if (flags.share > 0) g.nearest = build_graph(samples, kind, nearest_neighbours, pool);
    if (!flags.solver.model && flags.solver.start == "best") {
      g.second = build_graph(samples, kind, second_neighbours, pool);
    }
  }
  for (size_t j = 0; j < static_cast<size_t>(g.X.n); ++j) g.alone += g.X.starts[j] == g.X.starts[j + 1];
  if (g.alone > 0) {
    warn(common, cat(g.alone, g.alone == 1 ? " sample has" : " samples have",
                     " no edge: such a row of the factor means nothing"));
  }
  detail(common, cat("graph: ", g.X.values.size(), " entries in ", duration_text(g.X.seconds)));
  return g;
}

// For the bar alone.
int most_iterations(const ClusterSolver &solver) {
  if (solver.iterations > 0) return solver.iterations;
  if (solver.name != "net") return 500;
  return solver.net.epochs > 0 ? solver.net.epochs : 400;
}

Clustering solve(const Common &common, const ClusterFlags &flags, const std::string &name, const Graphs &g,
                 const Pool &pool) {
  Progress progress(common, name);
  ClusterSolver solver = flags.solver;
  solver.name = name;
  if (g.second.n > 0) solver.second = &g.second;
  SimilarityGraph solved;
  if (flags.share > 0) {
    solved = sharpened(g.X, g.nearest, flags.share);
    solver.solved = &solved;
  }
  const bool net = name == "net";
  if (net && flags.solver.iterations > 0 && solver.net.epochs == 0) solver.net.epochs = flags.solver.iterations;
  const int most = most_iterations(solver);
  return cluster(g.X.matrix(), solver, pool, [&](const orthant_report &r) {
    progress.update(static_cast<double>(r.iters) / most,
                    cat(net ? "epoch " : "iteration ", r.iters, ", loss ", rounded(r.objective), ", E ",
                        rounded(r.rel_error * r.rel_error)));
    return interrupted();
  });
}

double error_of(const Clustering &c) { return c.report.rel_error * c.report.rel_error; }

struct Results {
  std::vector<Clustering> all;                  // of each solver
  std::vector<orthant_clusters_scores> scores;  // empty where the truth is unknown
};

std::vector<std::string> write_results(const Common &common, const ClusterFlags &flags, const Graphs &g,
                                       const Results &results) {
  const fs::path directory = flags.output;
  make_output_directory(directory, common.force);
  const Clustering &best = results.all.front();
  Table<double> label(g.X.n, 1);
  label.names = {"cluster"};
  std::copy(best.label.begin(), best.label.end(), label.values.begin());
  Table<float> U(g.X.n, flags.solver.rank);
  U.values = best.U;
  Plot plot;
  plot.title = "Error against time";
  plot.x.label = "seconds";
  plot.y.label = "|X - U U'|^2 / |X|^2";
  if (g.nearest.n > 0) plot.note = "Of the sharpened graph, which is the one that is solved; see --sharpen.";
  for (size_t i = 0; i < results.all.size(); ++i) {
    if (!results.all[i].trace.empty()) plot.series.push_back(curve(flags.solvers[i], results.all[i]));
  }
  write_csv(directory / "labels.csv", label, common.force);
  write_npy(directory / "U.npy", U, common.force);
  write_file(directory / "factor.png", png(draw_factor(best, g.X.n, flags.solver.rank)), common.force);
  write_file(directory / "error.svg", svg(plot), common.force);
  return {"labels.csv", "U.npy", "factor.png", "error.svg", "summary.json"};
}

std::string summary(const ClusterFlags &flags, const Record &record, const Graphs &g, const Results &results,
                    int threads, const std::vector<std::string> &written) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "cluster");
  write_record(json, record);
  json.value("samples", g.X.n).value("clusters", flags.solver.rank).value("graph", flags.graph);
  json.value("graph_entries", static_cast<uint64_t>(g.X.values.size())).value("graph_norm", g.X.norm());
  json.value("graph_seconds", g.X.seconds).value("samples_without_edge", g.alone);
  json.value("error_bound", results.all.front().report.bound);
  json.array("solvers");
  for (size_t i = 0; i < results.all.size(); ++i) {
    const Clustering &c = results.all[i];
    const std::string &solver = flags.solvers[i];
    json.object().value("solver", solver).value("start", solver == "spectral" ? "" : flags.solver.start);
    json.value("share", flags.share);
    json.value("iterations", c.report.iters);
    json.value("stop", stop_text(c.report.stop)).value("objective", c.report.objective).value("error", error_of(c));
    json.value("kkt", c.report.kkt).value("gap", c.report.gap).value("seconds", c.seconds);
    json.value("sparse_factor", c.sparse).value("workspace_bytes", static_cast<uint64_t>(c.workspace));
    if (!results.scores.empty()) {
      const orthant_clusters_scores &s = results.scores[i];
      json.value("accuracy", s.accuracy).value("nmi", s.nmi).value("purity", s.purity);
    }
    json.end();
  }
  json.end().value("threads", threads).value("directory", flags.output).value("files", written).end();
  return json.text();
}

void print(const ClusterFlags &flags, const Graphs &g, const Results &results) {
  const std::string made = flags.graph == "given" ? "" : ", made in " + duration_text(g.X.seconds);
  put(cat("graph           ", g.X.values.size(), " entries", made, "; E is at least ",
          rounded(results.all.front().report.bound, 6), "\n"));
  for (size_t i = 0; i < results.all.size(); ++i) {
    const Clustering &c = results.all[i];
    const std::string &solver = flags.solvers[i];
    std::string line = format("%-15s E %.6f, %d %s in %s", solver.c_str(), error_of(c), c.report.iters,
                              solver == "net" ? "epochs" : "iterations", duration_text(c.seconds).c_str());
    if (!results.scores.empty()) {
      const orthant_clusters_scores &s = results.scores[i];
      line += format("; ACC %.4f, NMI %.4f, purity %.4f", s.accuracy, s.nmi, s.purity);
    }
    put(line + format(", sparse factor %.3f\n", c.sparse));
  }
  if (!flags.output.empty()) {
    put(cat("written to      ", flags.output, ": labels.csv and U (", flags.solvers.front(),
            "), factor.png, error.svg, summary.json\n"));
  }
}

void run_cluster(Common &common, ClusterFlags flags) {
  if (!flags.output.empty()) make_output_directory(flags.output, common.force, true);
  const Problem problem = read_problem(common, flags);
  choose(common, problem, flags);
  const Record record = make_record(common, problem.meta, true);
  if (!flags.save_model.empty() && fs::exists(flags.save_model) && !common.force) {
    throw OutputError(flags.save_model + ": is there already; add --force to replace it");
  }
  std::optional<Weights> model;
  if (!flags.model.empty()) flags.solver.model = model.emplace(flags.model).model();
  flags.solver.seed = common.seed;
  flags.solver.bound = true;
  say(common, "seed " + std::to_string(common.seed));
  const Threads pool(common);
  if (common.dry_run) {
    say(common, cat("would cluster ", problem.count, " samples into ", flags.solver.rank, " by ", flags.solvers.front(),
                    " on ", pool.workers(), " threads"));
    return;
  }

  const Graphs g = make_graphs(common, flags, problem, pool);
  watch_interrupt();
  Results results;
  for (const std::string &name : flags.solvers) results.all.push_back(solve(common, flags, name, g, pool));
  for (const Clustering &c : results.all) {
    if (!c.blob.empty() && !flags.save_model.empty()) write_file(flags.save_model, c.blob, common.force);
    if (problem.truth.count > 0) results.scores.push_back(score(c.label, flags.solver.rank, problem.truth));
  }
  std::vector<std::string> written;
  if (!flags.output.empty()) written = write_results(common, flags, g, results);
  const std::string text = summary(flags, record, g, results, pool.workers(), written);
  if (!flags.output.empty()) write_file(fs::path(flags.output) / "summary.json", text, common.force);
  if (common.json) {
    put(text);
  } else {
    print(flags, g, results);
  }
  if (interrupted()) {
    warn(common, "interrupted; the results so far are given");
    common.exit_code = exit_interrupted;
  }
}

}  // namespace

void add_cluster(CLI::App &app, Common &common) {
  auto flags = std::make_shared<ClusterFlags>();
  flags->solver.start = "best";
  CLI::App &verb = *app.add_subcommand("cluster", "clusters of samples by symmetric NMF of their similarity graph");
  add_examples(
      verb, {"orthant cluster data.mat:fea -k 40 --labels data.mat:gnd", "orthant cluster data.npy -k 10 -o clusters",
             "orthant cluster data.mat:fea -k 20 --solver hals,net,anls -o clusters    errors side by side",
             "orthant cluster graph.npy --graph given -k 5                             any symmetric matrix",
             "orthant cluster words.mat:fea -k 12                                      counts, tf-idf: by cosine", "",
             "Rows are samples (of IDX files, images).  DIR receives labels.csv, U.npy, factor.png, error.svg",
             "and summary.json; with several solvers the labels are those of the first."});
  verb.add_option("input", flags->input, "FILE.mat:NAME, .npy, .csv, IDX")->required();
  verb.add_option("-k,--clusters", flags->solver.rank, "how many")
      ->required()
      ->check(CLI::Range(1, 32768))
      ->type_name("K");
  verb.add_option("-o,--output", flags->output, "directory for the results; without it they are only printed")
      ->type_name("DIR");
  verb.add_option("--labels", flags->labels, "known classes, to be scored against, with spectral clustering beside")
      ->type_name("FILE");
  CLI::Option *const solver =
      verb.add_option("--solver", flags->solvers, "one or more; spectral: k-means of the eigenvectors, a yardstick")
          ->delimiter(',')
          ->check(CLI::IsMember(cluster_solvers()))
          ->capture_default_str();
  verb.add_option("--graph", flags->graph,
                  "similarity of neighbours; auto: cosine of sparse counts and the like, else gaussian; given:"
                  " the input is the graph")
      ->check(CLI::IsMember({"auto", "gaussian", "cosine", "binary", "given"}))
      ->capture_default_str();
  verb.add_option("--neighbours", flags->neighbours, "of each sample; 0: log2(samples) + 1")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--sharpen", flags->share,
                  "share of the graph of the 4 nearest neighbours in the one that is solved; of a given graph 0")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb.add_flag("--columns", flags->as_columns, "columns are samples");
  verb.add_option("--max-iter", flags->solver.iterations, "most iterations; 0: 500, the net 400 epochs")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--tol", flags->solver.tol, "stop at this kkt; 0: 1e-5; < 0: never");
  verb.add_option("--penalty", flags->solver.penalty, "what holds the two factors together")
      ->check(CLI::IsMember({"practical", "sufficient", "none"}))
      ->capture_default_str();
  verb.add_option("--lambda", flags->solver.lambda, "the penalty as a number; 0: by --penalty")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--init", flags->solver.start, "start: scaled random, spectral, or the better of two spectral ones")
      ->check(CLI::IsMember({"scaled", "spectral", "best"}))
      ->capture_default_str();
  verb.add_option("--save-model", flags->save_model, "write the trained net, which is of this graph alone")
      ->type_name("FILE")
      ->group(net_group);
  verb.add_option("--model", flags->model, "use a net trained on this graph instead of training one")
      ->type_name("FILE")
      ->group(net_group);
  add_net_flags(verb, flags->solver.net);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common, &verb, solver] {
    choose_net(verb, *solver, *flags);
    run_cluster(common, *flags);
  });
}

}  // namespace orthant::tool
