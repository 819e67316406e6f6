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
  std::string input, labels, graph = "gaussian", output, model, save_model;
  std::vector<std::string> solvers = {"net"};
  int neighbours = 0;
  double share = -1;
  bool as_columns = false;
  ClusterSolver solver;
};

// X itself from a file, made sparse.  What the library would refuse is named here by its place.
SimilarityGraph given_graph(const Table<float> &X, const std::string &input) {
  if (X.rows != X.cols)
    throw InputError(cat(input, ": is ", X.rows, " x ", X.cols, "; --graph given needs a square matrix"));
  SimilarityGraph g;
  g.n = static_cast<int32_t>(X.cols);
  g.starts.push_back(0);
  for (int32_t j = 0; j < g.n; ++j) {
    for (int32_t i = 0; i < g.n; ++i) {
      const float a = X(i, j), b = X(j, i);
      const std::string place = cat(input, ": entry (", i + 1, ", ", j + 1, ") is ", rounded(double(a)));
      if (a < 0) throw InputError(place + "; similarities are not negative");
      if (std::fabs(a - b) > 64 * std::numeric_limits<float>::epsilon() * std::max(a, b))
        throw InputError(cat(place, ", its mirror ", rounded(double(b)), "; --graph given needs a symmetric matrix"));
    }
    for (int32_t i = 0; i < g.n; ++i)
      if (X(i, j) != 0) g.indices.push_back(i), g.values.push_back(X(i, j));
    g.starts.push_back(static_cast<int32_t>(g.values.size()));
  }
  return g;
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

void run_cluster(Common &common, ClusterFlags flags) {
  if (!flags.output.empty()) make_output_directory(flags.output, common.force, true);
  const Record record = make_record(common, flags.input, true);
  const Data raw = read_data(flags.input);
  const Table<float> table = to_table<float>(raw);
  say_notes(common, table.meta);
  for (const float v : table.values)
    if (!std::isfinite(v))
      throw InputError(flags.input + ": a number is missing or infinite; fill it in or leave that sample out");
  const bool given = flags.graph == "given", columns = flags.as_columns || raw.meta.format == "IDX";
  const int64_t n = given || columns ? table.cols : table.rows;
  if (n < 2)
    throw InputError(flags.input + ": holds fewer than two samples; rows are samples, or columns with --columns");
  if (flags.solver.rank > n) throw UsageError(cat("-k ", flags.solver.rank, " is more than the ", n, " samples"));
  Classes truth;
  if (!flags.labels.empty()) {
    truth = to_classes(read_table<double>(flags.labels).values);
    if (static_cast<int64_t>(truth.of.size()) != n)
      throw InputError(cat(flags.labels, ": holds ", truth.of.size(), " labels for ", n, " samples",
                           static_cast<int64_t>(truth.of.size()) != table.rows + table.cols - n ? ""
                           : columns ? "; leave out --columns, for rows are the samples"
                                     : "; add --columns, for columns are the samples"));
  }
  if (!(flags.model + flags.save_model).empty() && !std::count(flags.solvers.begin(), flags.solvers.end(), "net"))
    throw UsageError("--model and --save-model are of --solver net");
  if (!flags.save_model.empty() && fs::exists(flags.save_model) && !common.force)
    throw OutputError(flags.save_model + ": is there already; add --force to replace it");
  std::optional<Weights> model;
  if (!flags.model.empty()) flags.solver.model = model.emplace(flags.model).model();
  flags.solver.seed = common.seed;
  flags.solver.bound = true;
  say(common, "seed " + std::to_string(common.seed));
  const Threads pool(common);
  if (common.dry_run) {
    say(common, cat("would cluster ", n, " samples into ", flags.solver.rank, " by ", flags.solvers.front(), " on ",
                    pool.workers(), " threads"));
    return;
  }

  const auto share = [&](const std::string &solver) {
    return given ? 0 : flags.share >= 0 ? flags.share : solver == "net" ? net_share : 0;
  };
  const auto start = [&](const std::string &solver) {
    return !flags.solver.start.empty() ? flags.solver.start : solver == "net" ? "best" : "scaled";
  };
  SimilarityGraph g, nearest, second;
  if (given) {
    g = given_graph(table, flags.input);
  } else {
    const Samples samples = to_samples(table, columns);
    const int32_t kind = graph_kind(flags.graph);
    g = build_graph(samples, kind, flags.neighbours, pool);
    if (std::any_of(flags.solvers.begin(), flags.solvers.end(), [&](const auto &s) { return share(s) > 0; }))
      nearest = build_graph(samples, kind, nearest_neighbours, pool);
    const auto best = [&](const std::string &solver) { return start(solver) == "best"; };
    if (!model && std::any_of(flags.solvers.begin(), flags.solvers.end(), best))
      second = build_graph(samples, kind, second_neighbours, pool);
  }
  const auto X = g.matrix();
  int32_t alone = 0;
  for (int32_t j = 0; j < g.n; ++j) alone += g.starts[static_cast<size_t>(j)] == g.starts[static_cast<size_t>(j) + 1];
  if (alone > 0) warn(common, cat(alone, alone == 1 ? " sample has" : " samples have",
                                 " no edge: such a row of the factor means nothing"));
  detail(common, cat("graph: ", g.values.size(), " entries in ", duration_text(g.seconds)));

  watch_interrupt();
  std::vector<Clustering> results;
  Plot plot;
  plot.title = "Error against time";
  plot.x.label = "seconds";
  plot.y.label = "|X - U U'|^2 / |X|^2";
  if (nearest.n > 0) plot.note = "Where --sharpen is above 0, as for the net by default: of the sharpened graph.";
  for (const std::string &name : flags.solvers) {
    Progress progress(common, name);
    ClusterSolver solver = flags.solver;
    solver.name = name;
    solver.start = start(name);
    if (second.n > 0) solver.second = &second;
    SimilarityGraph solved;
    if (share(name) > 0) {
      solved = sharpened(g, nearest, share(name));
      solver.solved = &solved;
    }
    const bool net = name == "net";
    if (net && flags.solver.iterations > 0 && solver.net.epochs == 0) solver.net.epochs = flags.solver.iterations;
    const int epochs = solver.net.epochs > 0 ? solver.net.epochs : 400;
    const int most = solver.iterations > 0 ? solver.iterations : net ? epochs : 500;
    results.push_back(cluster(X, solver, pool, [&](const orthant_report &r) {
      progress.update(static_cast<double>(r.iters) / most,
                      cat(net ? "epoch " : "iteration ", r.iters, ", loss ", rounded(r.objective), ", E ",
                          rounded(r.rel_error * r.rel_error)));
      return interrupted();
    }));
    plot.series.push_back(curve(name, results.back()));
  }
  const Clustering &best = results.front();
  for (const Clustering &c : results)
    if (!c.blob.empty() && !flags.save_model.empty()) write_file(flags.save_model, c.blob, common.force);
  const auto error = [](const Clustering &c) { return c.report.rel_error * c.report.rel_error; };

  std::vector<orthant_clusters_scores> scores;
  for (const Clustering &c : results)
    if (truth.count > 0) scores.push_back(score(c.label, flags.solver.rank, truth));
  std::vector<std::string> written;
  if (!flags.output.empty()) {
    const fs::path directory = flags.output;
    make_output_directory(directory, common.force);
    Table<double> label;
    label.rows = n, label.cols = 1, label.names = {"cluster"};
    label.values.assign(best.label.begin(), best.label.end());
    Table<float> U;
    U.rows = n;
    U.cols = flags.solver.rank;
    U.values = best.U;
    written = {"labels.csv", "U.npy", "factor.png", "error.svg", "summary.json"};
    write_csv(directory / written[0], label, common.force);
    write_npy(directory / written[1], U, common.force);
    write_file(directory / written[2], png(draw_factor(best, g.n, flags.solver.rank)), common.force);
    write_file(directory / written[3], svg(plot), common.force);
  }
  Json json;
  json.object().value("schema_version", 1).value("verb", "cluster");
  write_record(json, record);
  json.value("samples", n).value("clusters", flags.solver.rank).value("graph", flags.graph);
  json.value("graph_entries", static_cast<uint64_t>(g.values.size())).value("graph_norm", g.norm());
  json.value("graph_seconds", g.seconds).value("samples_without_edge", alone).value("error_bound", best.report.bound);
  json.array("solvers");
  for (size_t i = 0; i < results.size(); ++i) {
    const Clustering &c = results[i];
    json.object().value("solver", flags.solvers[i]).value("start", start(flags.solvers[i]));
    json.value("share", share(flags.solvers[i]));
    json.value("iterations", c.report.iters);
    json.value("stop", stop_text(c.report.stop)).value("objective", c.report.objective).value("error", error(c));
    json.value("kkt", c.report.kkt).value("gap", c.report.gap).value("seconds", c.seconds);
    json.value("sparse_factor", c.sparse).value("workspace_bytes", static_cast<uint64_t>(c.workspace));
    if (truth.count > 0)
      json.value("accuracy", scores[i].accuracy).value("nmi", scores[i].nmi).value("purity", scores[i].purity);
    json.end();
  }
  json.end().value("threads", pool.workers()).value("directory", flags.output).value("files", written).end();
  if (!flags.output.empty()) write_file(fs::path(flags.output) / "summary.json", json.text(), common.force);
  if (common.json) {
    put(json.text());
  } else {
    put(cat("graph           ", g.values.size(), " entries", given ? "" : ", made in " + duration_text(g.seconds),
            "; E is at least ", rounded(best.report.bound, 6), "\n"));
    for (size_t i = 0; i < results.size(); ++i) {
      const Clustering &c = results[i];
      std::string line = format("%-15s E %.6f, %d %s in %s", flags.solvers[i].c_str(), error(c), c.report.iters,
                                flags.solvers[i] == "net" ? "epochs" : "iterations", duration_text(c.seconds).c_str());
      if (truth.count > 0)
        line += format("; ACC %.4f, NMI %.4f, purity %.4f", scores[i].accuracy, scores[i].nmi, scores[i].purity);
      put(line + format(", sparse factor %.3f\n", c.sparse));
    }
    if (!flags.output.empty())
      put(cat("written to      ", flags.output, ": labels.csv and U (", flags.solvers.front(),
              "), factor.png, error.svg, summary.json\n"));
  }
  if (interrupted()) {
    warn(common, "interrupted; the results so far are given");
    common.exit_code = exit_interrupted;
  }
}

}  // namespace

void add_cluster(CLI::App &app, Common &common) {
  auto flags = std::make_shared<ClusterFlags>();
  CLI::App &verb = *app.add_subcommand("cluster", "clusters of samples by symmetric NMF of their similarity graph");
  add_examples(verb, {"orthant cluster data.mat:fea -k 40 --labels data.mat:gnd",
                      "orthant cluster data.npy -k 10 -o clusters",
                      "orthant cluster data.mat:fea -k 20 --solver net,hals,anls -o clusters    errors side by side",
                      "orthant cluster graph.npy --graph given -k 5                             any symmetric matrix",
                      "orthant cluster words.mat:fea -k 12 --graph cosine", "",
                      "Rows are samples (of IDX files, images).  DIR receives labels.csv, U.npy, factor.png, error.svg",
                      "and summary.json; with several solvers the labels are those of the first."});
  verb.add_option("input", flags->input, "FILE.mat:NAME, .npy, .csv, IDX")->required();
  verb.add_option("-k,--clusters", flags->solver.rank, "how many")
      ->required()
      ->check(CLI::Range(1, 32768))
      ->type_name("K");
  verb.add_option("-o,--output", flags->output, "directory for the results; without it they are only printed")
      ->type_name("DIR");
  verb.add_option("--labels", flags->labels, "known classes, to be scored against")->type_name("FILE");
  verb.add_option("--solver", flags->solvers, "one or more")->delimiter(',')->check(CLI::IsMember(cluster_solvers()))
      ->capture_default_str();
  verb.add_option("--graph", flags->graph, "similarity of neighbours; given: the input is the graph")
      ->check(CLI::IsMember({"gaussian", "cosine", "binary", "given"}))
      ->capture_default_str();
  verb.add_option("--neighbours", flags->neighbours, "of each sample; 0: log2(samples) + 1")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--sharpen", flags->share, "share of the graph of the 4 nearest neighbours in the one that is solved;"
                                             " default: the net 0.125, others 0")
      ->check(CLI::Range(0.0, 1.0));
  verb.add_flag("--columns", flags->as_columns, "columns are samples");
  verb.add_option("--max-iter", flags->solver.iterations, "most iterations; 0: 500, the net 400 epochs")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--tol", flags->solver.tol, "stop at this kkt; 0: 1e-5; < 0: never");
  verb.add_option("--penalty", flags->solver.penalty, "what holds the two factors together")
      ->check(CLI::IsMember({"practical", "sufficient", "none"}))
      ->capture_default_str();
  verb.add_option("--lambda", flags->solver.lambda, "the penalty as a number; 0: by --penalty")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--init", flags->solver.start, "start: scaled random, spectral, or the better of two spectral ones,"
                                                 " which is the net's default")
      ->check(CLI::IsMember({"scaled", "spectral", "best"}));
  verb.add_option("--save-model", flags->save_model, "write the trained net, which is of this graph alone")
      ->type_name("FILE");
  verb.add_option("--model", flags->model, "use a net trained on this graph instead of training one")
      ->type_name("FILE");
  add_net_flags(verb, flags->solver.net);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common] { run_cluster(common, *flags); });
}

}  // namespace orthant::tool
