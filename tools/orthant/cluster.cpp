#include "cluster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace orthant::tool {

orthant_matrix_f32 Samples::matrix() const {
  return starts.empty() ? tool::matrix(values.data(), features, count)
                        : sparse_matrix(values.data(), starts.data(), indices.data(), features, count);
}

Samples to_samples(const Table<float> &table, bool as_columns) {
  Samples s;
  s.features = static_cast<int32_t>(as_columns ? table.rows : table.cols);
  s.count = static_cast<int32_t>(as_columns ? table.cols : table.rows);
  const auto zeros = std::count(table.values.begin(), table.values.end(), 0.f);
  const bool sparse = static_cast<double>(zeros) > 0.9 * static_cast<double>(table.values.size());
  if (sparse) s.starts.push_back(0);
  for (int32_t j = 0; j < s.count; ++j) {
    for (int32_t i = 0; i < s.features; ++i) {
      const float v = as_columns ? table(i, j) : table(j, i);
      if (sparse && v == 0) continue;
      s.values.push_back(v);
      if (sparse) s.indices.push_back(i);
    }
    if (sparse) s.starts.push_back(static_cast<int32_t>(s.values.size()));
  }
  return s;
}

Samples to_samples(const Sparse &A, int64_t rows, bool as_columns) {
  if (!as_columns) return to_samples(transposed(A, rows), static_cast<int64_t>(A.starts.size()) - 1, true);
  Samples s;
  s.features = static_cast<int32_t>(rows);
  s.count = static_cast<int32_t>(A.starts.size()) - 1;
  s.values.assign(A.values.begin(), A.values.end());
  s.starts = A.starts;
  s.indices = A.indices;
  return s;
}

Samples select(const Samples &all, const std::vector<bool> &kept) {
  Samples s;
  s.features = all.features;
  if (!all.starts.empty()) s.starts.push_back(0);
  for (int32_t j = 0; j < all.count; ++j) {
    if (!kept[static_cast<size_t>(j)]) continue;
    ++s.count;
    const size_t at = static_cast<size_t>(j);
    const auto from = all.starts.empty() ? static_cast<ptrdiff_t>(j) * all.features : all.starts[at];
    const auto to = all.starts.empty() ? from + all.features : all.starts[at + 1];
    s.values.insert(s.values.end(), all.values.begin() + from, all.values.begin() + to);
    if (all.starts.empty()) continue;
    s.indices.insert(s.indices.end(), all.indices.begin() + from, all.indices.begin() + to);
    s.starts.push_back(static_cast<int32_t>(s.values.size()));
  }
  return s;
}

Classes to_classes(const std::vector<double> &labels) {
  std::map<double, int32_t> names;
  for (const double label : labels) names[label] = 0;
  Classes c;
  for (auto &name : names) name.second = c.count++;
  for (const double label : labels) c.of.push_back(names[label]);
  return c;
}

orthant_matrix_f32 SimilarityGraph::matrix() const {
  return sparse_matrix(values.data(), starts.data(), indices.data(), n, n);
}

double SimilarityGraph::norm() const {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum);
}

int32_t graph_kind(const std::string &name) {
  if (name == "cosine") return ORTHANT_GRAPH_COSINE;
  return name == "binary" ? ORTHANT_GRAPH_BINARY : ORTHANT_GRAPH_GAUSSIAN;
}

std::string graph_that_fits(const Samples &samples) {
  const bool negative = std::any_of(samples.values.begin(), samples.values.end(), [](float v) { return v < 0; });
  return samples.starts.empty() || negative ? "gaussian" : "cosine";
}

SimilarityGraph build_graph(const Samples &samples, int32_t kind, int32_t neighbours, const Pool &pool) {
  SimilarityGraph g;
  auto c = sized<orthant_graph_config>();
  c.features = samples.features;
  c.samples = samples.count;
  c.kind = kind;
  c.neighbours = neighbours;
  c.parallel = pool.parallel();
  int32_t capacity = 0;
  check_status(orthant_graph_capacity(&c, &capacity), "planning the graph");
  check_status(orthant_graph_size_f32(&c, &g.workspace), "planning the graph");
  g.n = samples.count;
  g.starts.resize(static_cast<size_t>(g.n) + 1);
  g.indices.resize(static_cast<size_t>(capacity));
  g.values.resize(static_cast<size_t>(capacity));
  const Workspace memory(g.workspace);
  const auto M = samples.matrix();
  const double begin = seconds_now();
  check_status(orthant_graph_run_f32(&c, memory.data(), memory.bytes(), &M, g.starts.data(), g.indices.data(),
                                     g.values.data(), capacity),
               "the graph of the samples");
  g.seconds = seconds_now() - begin;
  g.indices.resize(static_cast<size_t>(g.starts.back()));
  g.values.resize(static_cast<size_t>(g.starts.back()));
  return g;
}

SimilarityGraph sharpened(const SimilarityGraph &X, const SimilarityGraph &nearest, double share) {
  SimilarityGraph g;
  g.n = X.n;
  g.seconds = X.seconds + nearest.seconds;
  g.starts.push_back(0);
  for (size_t j = 0; j < static_cast<size_t>(X.n); ++j) {
    auto a = static_cast<size_t>(X.starts[j]), b = static_cast<size_t>(nearest.starts[j]);
    const auto a_end = static_cast<size_t>(X.starts[j + 1]), b_end = static_cast<size_t>(nearest.starts[j + 1]);
    while (a < a_end || b < b_end) {
      const int32_t of_a = a < a_end ? X.indices[a] : X.n, of_b = b < b_end ? nearest.indices[b] : X.n;
      const int32_t i = std::min(of_a, of_b);
      double value = 0;
      if (of_a == i) value += (1 - share) * static_cast<double>(X.values[a++]);
      if (of_b == i) value += share * static_cast<double>(nearest.values[b++]);
      g.indices.push_back(i);
      g.values.push_back(static_cast<float>(value));
    }
    g.starts.push_back(static_cast<int32_t>(g.values.size()));
  }
  return g;
}

const std::vector<std::string> &cluster_solvers() {  // in the order of ORTHANT_SYMNMF_..., then those of other kinds
  static const std::vector<std::string> names = {"anls",   "hals", "alternate", "fixed",   "admm",
                                                 "newton", "pgd",  "net",       "spectral"};
  return names;
}

void add_net_flags(CLI::App &verb, orthant_symnet_config &net) {
  const std::string group = net_group;
  verb.add_option("--layers", net.layers, "blocks; 0: 10")->group(group);
  verb.add_option("--epochs", net.epochs, "length of the training; 0: 400")->group(group);
  verb.add_option("--beta", net.beta, "weight of the penalty on |R_i|^2; 0: the default, < 0: none")->group(group);
  verb.add_option("--rate", net.rate, "Adam's step; 0: 0.1")->group(group);
  verb.add_option("--decay", net.decay, "what the step falls to, as a share; 0: 0.1")->group(group);
  verb.add_option("--leak", net.leak, "slope of dead units at first; 0: 1, < 0: none")->group(group);
  verb.add_option("--leak-until", net.leak_until, "share of the epochs after which it is zero; 0: 0.9")->group(group);
  verb.add_option("--l1", net.l1, "weight of sum(U_L)")->group(group);
  verb.add_option("--weight-decay", net.weight_decay, "AdamW")->group(group);
  verb.add_option("--last-only", net.last_only, "1: only the last layer's error counts")->group(group);
  verb.add_option("--lambda-bound", net.lambda_bound, "1: sufficient, 2: proposition 1 too, 3: none")->group(group);
}

namespace {

struct Watch {
  const ClusterProgress *progress;
  double begin;
  std::vector<Traced> *trace;
};

int32_t on_progress(void *user, const orthant_report *r) {
  Watch &w = *static_cast<Watch *>(user);
  w.trace->push_back({seconds_now() - w.begin, r->rel_error * r->rel_error, r->objective});
  return *w.progress && (*w.progress)(*r);
}

std::vector<float> best_start(const orthant_matrix_f32 &X, const ClusterSolver &solver, const Pool &pool) {
  std::vector<float> best;
  double least = std::numeric_limits<double>::infinity();
  for (const orthant_matrix_f32 &graph : {X, solver.second->matrix()}) {
    ClusterSolver trial;
    trial.name = "hals";
    trial.rank = solver.rank;
    trial.seed = solver.seed;
    trial.start = "spectral";
    trial.iterations = -1;
    const std::vector<float> U = cluster(graph, trial, pool).U;
    trial.given = &U;
    trial.iterations = trial_iterations;
    const double error = cluster(X, trial, pool).report.rel_error;
    if (error < least) {
      least = error;
      best = U;
    }
  }
  return best;
}

bool competes(const ClusterSolver &solver) {
  return !solver.given && !solver.model && solver.second && solver.start == "best";
}

int32_t start_code(const ClusterSolver &solver) {
  if (solver.given || competes(solver)) return ORTHANT_SYMNMF_START_GIVEN;
  if (solver.start == "spectral" || solver.start == "best") return ORTHANT_SYMNMF_START_SPECTRAL;
  return solver.start == "scaled" ? ORTHANT_SYMNMF_START_SCALED : 0;
}

int32_t penalty_code(const std::string &name) {
  if (name == "sufficient") return ORTHANT_PENALTY_SUFFICIENT;
  return name == "none" ? ORTHANT_PENALTY_NONE : ORTHANT_PENALTY_PRACTICAL;
}

// The solvers on one graph.
class Work {
 public:
  Work(const orthant_matrix_f32 &X, const ClusterSolver &solver, const Pool &pool, const ClusterProgress &progress)
      : X_(X), solver_(solver), pool_(pool), watch_{&progress, 0, &out_.trace}, doing_("clustering by " + solver.name) {
    out_.U.resize(static_cast<size_t>(X.cols) * static_cast<size_t>(solver.rank));
    if (solver.given) out_.U = *solver.given;
  }
  Clustering run() {
    if (solver_.name == "spectral") return spectral();
    return solver_.name == "net" ? net() : classical();
  }

 private:
  Clustering net() {
    orthant_symnet_config c = solver_.net;
    configure(c);
    if (solver_.iterations > 0) c.max_iter = solver_.iterations;
    if (solver_.model) c.max_iter = -1;
    check_status(orthant_symnet_size_f32(&c, &out_.workspace), doing_);
    const Workspace memory(out_.workspace);
    orthant_symnet_f32 *net = nullptr;
    check_status(orthant_symnet_init_f32(&c, memory.data(), memory.bytes(), &net), doing_);
    begin();
    if (solver_.model) {
      load(net);
    } else {
      check_status(orthant_symnet_start_f32(net, &X_, out_.U.data(), X_.cols), doing_);
    }
    check_status(orthant_symnet_run_f32(net, &X_, out_.U.data(), X_.cols, &out_.report), doing_);
    end();
    size_t bytes = 0;
    check_status(orthant_symnet_save_f32(net, nullptr, 0, &bytes), doing_);
    out_.blob.resize(bytes);
    check_status(orthant_symnet_save_f32(net, out_.blob.data(), bytes, &bytes), doing_);
    return std::move(out_);
  }
  // The usual spectral clustering, a yardstick: k-means of the rows of the leading eigenvectors, each of length one
  // [Ng, Jordan, Weiss 2001].
  Clustering spectral() {
    auto c = sized<orthant_symnmf_config>();
    configure(c);
    c.bound = 1;
    check_status(orthant_symnmf_size_f32(&c, &out_.workspace), doing_);
    const Workspace memory(out_.workspace);
    orthant_symnmf_f32 *handle = nullptr;
    check_status(orthant_symnmf_init_f32(&c, memory.data(), memory.bytes(), &handle), doing_);
    watch_.begin = seconds_now();
    check_status(orthant_symnmf_start_f32(handle, &X_, out_.U.data(), X_.cols), doing_);
    Grouping found = k_means(eigenvector_rows(handle), c.rank, c.rank, c.seed);
    out_.label = std::move(found.label);
    out_.U = indicator_factor(X_, out_.label, c.rank);
    out_.report.iters = found.rounds;
    end();
    return std::move(out_);
  }
  Clustering classical() {
    auto c = sized<orthant_symnmf_config>();
    configure(c);
    const auto &names = cluster_solvers();
    c.method = static_cast<int32_t>(std::find(names.begin(), names.end(), solver_.name) - names.begin()) + 1;
    c.penalty = penalty_code(solver_.penalty);
    c.max_iter = solver_.iterations;
    c.tol = solver_.tol;
    check_status(orthant_symnmf_size_f32(&c, &out_.workspace), doing_ + " with --penalty " + solver_.penalty);
    const Workspace memory(out_.workspace);
    orthant_symnmf_f32 *handle = nullptr;
    check_status(orthant_symnmf_init_f32(&c, memory.data(), memory.bytes(), &handle), doing_);
    begin();
    check_status(orthant_symnmf_start_f32(handle, &X_, out_.U.data(), X_.cols), doing_);
    check_status(orthant_symnmf_run_f32(handle, &X_, out_.U.data(), X_.cols, &out_.report), doing_);
    end();
    return std::move(out_);
  }
  template <class Config>
  void configure(Config &c) {
    c.n = X_.cols;
    c.rank = solver_.rank;
    c.seed = solver_.seed;
    c.bound = solver_.bound;
    c.lambda = solver_.lambda;
    c.progress = on_progress;
    c.user = &watch_;
    c.parallel = pool_.parallel();
    c.start = start_code(solver_);
  }
  void begin() {
    watch_.begin = seconds_now();
    if (competes(solver_)) out_.U = best_start(X_, solver_, pool_);
  }
  void end() { out_.seconds = seconds_now() - watch_.begin; }
  // All zero where X is.
  std::vector<double> eigenvector_rows(orthant_symnmf_f32 *handle) const {
    const auto n = static_cast<size_t>(X_.cols), r = static_cast<size_t>(solver_.rank);
    std::vector<double> Q(n * r), rows(n * r);
    size_t count = 0;
    if (orthant_symnmf_get_f32(handle, ORTHANT_PART_EIGENVECTORS, Q.data(), Q.size(), &count) != ORTHANT_OK) {
      return rows;
    }
    for (size_t i = 0; i < n; ++i) {
      double squares = 0;
      for (size_t k = 0; k < r; ++k) squares += Q[i + n * k] * Q[i + n * k];
      const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
      for (size_t k = 0; k < r; ++k) rows[i * r + k] = scale * Q[i + n * k];
    }
    return rows;
  }
  void load(orthant_symnet_f32 *net) {
    if (orthant_symnet_load_f32(net, &X_, solver_.model, out_.U.data(), X_.cols) == ORTHANT_OK) return;
    throw InputError(
        "--model: was trained on another graph, or with other --clusters, --layers or --sharpen;"
        " train it anew on this one");
  }
  const orthant_matrix_f32 X_;
  const ClusterSolver &solver_;
  const Pool &pool_;
  Clustering out_;
  Watch watch_;
  std::string doing_;
};

// E, kkt and bound of U on the graph that was asked for.
void report_on(const orthant_matrix_f32 &X, const ClusterSolver &solver, const Pool &pool, Clustering &out) {
  ClusterSolver report;
  report.name = "fixed";
  report.rank = solver.rank;
  report.iterations = -1;
  report.bound = solver.bound;
  report.given = &out.U;
  const orthant_report of_given = cluster(X, report, pool).report;
  out.report.rel_error = of_given.rel_error;
  out.report.kkt = of_given.kkt;
  out.report.bound = of_given.bound;
}

}  // namespace

Clustering cluster(const orthant_matrix_f32 &given, const ClusterSolver &solver, const Pool &pool,
                   const ClusterProgress &progress) {
  Work work(solver.solved ? solver.solved->matrix() : given, solver, pool, progress);
  const bool spectral = solver.name == "spectral";
  Clustering out = work.run();
  if (solver.solved || spectral) report_on(given, solver, pool, out);
  const int32_t n = given.cols;
  std::vector<int32_t> label(static_cast<size_t>(n));
  check_status(orthant_clusters_labels_f32(n, solver.rank, out.U.data(), n, label.data(), &out.sparse), "labels");
  if (!spectral) out.label = label;
  return out;
}

std::vector<float> indicator_factor(const orthant_matrix_f32 &X, const std::vector<int32_t> &label, int32_t clusters) {
  const auto n = static_cast<size_t>(X.cols), r = static_cast<size_t>(clusters);
  std::vector<double> weight(r), count(r);
  for (size_t j = 0; j < n; ++j) {
    const auto c = static_cast<size_t>(label[j]);
    ++count[c];
    for (int32_t e = X.starts[j]; e < X.starts[j + 1]; ++e) {
      if (label[static_cast<size_t>(X.indices[e])] == label[j]) weight[c] += static_cast<double>(X.values[e]);
    }
  }
  std::vector<float> U(n * r);
  for (size_t j = 0; j < n; ++j) {
    const auto c = static_cast<size_t>(label[j]);
    U[j + n * c] = static_cast<float>(std::sqrt(weight[c]) / count[c]);
  }
  return U;
}

orthant_clusters_scores score(const std::vector<int32_t> &found, int32_t clusters, const Classes &truth) {
  auto c = sized<orthant_clusters_config>();
  c.samples = static_cast<int32_t>(found.size());
  c.clusters = clusters;
  c.classes = truth.count;
  size_t bytes = 0;
  check_status(orthant_clusters_size(&c, &bytes), "scores");
  const Workspace memory(bytes);
  auto s = sized<orthant_clusters_scores>();
  check_status(orthant_clusters_score(&c, memory.data(), bytes, found.data(), truth.of.data(), &s), "scores");
  return s;
}

}  // namespace orthant::tool
