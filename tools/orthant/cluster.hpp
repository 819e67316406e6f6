// Clustering by symmetric NMF, shared by the verb and the benchmark: samples, their graph, a solver, its scores.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

// features x samples; sparse where most numbers are zero.
struct Samples {
  int32_t features = 0, count = 0;
  std::vector<float> values;
  std::vector<int32_t> starts, indices;  // empty: dense
  orthant_matrix_f32 matrix() const;
};
// Rows of the table are samples, but columns of `as_columns`.
Samples to_samples(const Table<float> &table, bool as_columns);
Samples to_samples(const Sparse &A, int64_t rows, bool as_columns);
// The samples whose place in `kept` is true.
Samples select(const Samples &all, const std::vector<bool> &kept);

// Labels of any numbers: classes in ascending order are 0, 1, ...
struct Classes {
  std::vector<int32_t> of;
  int32_t count = 0;
};
Classes to_classes(const std::vector<double> &labels);

struct SimilarityGraph {
  int32_t n = 0;
  std::vector<int32_t> starts, indices;
  std::vector<float> values;
  double seconds = 0;
  size_t workspace = 0;
  orthant_matrix_f32 matrix() const;  // CSC
  double norm() const;
};
SimilarityGraph build_graph(const Samples &samples, int32_t kind, int32_t neighbours, const Pool &pool);
int32_t graph_kind(const std::string &name);
// Of sparse samples that are not negative, such as counts, the cosine: the distance of two texts is mostly that of
// their lengths.  Else "gaussian".
std::string graph_that_fits(const Samples &samples);

// What is solved by default: (1 - share) X + share X_4, X_4 the graph of the four nearest neighbours alone.
// Edges to neighbours far down the list join different classes more often than the first do, but E counts them alike
// (tools/bench/results/symnmf has the figures).
constexpr int nearest_neighbours = 4;
constexpr double nearest_share = 0.125;
SimilarityGraph sharpened(const SimilarityGraph &X, const SimilarityGraph &nearest, double share);
// Where solvers begin by default, "best": of the spectral starts of the graph that is solved and of the graph of the
// six nearest neighbours, the one from which SymHALS has the lower error after a hundred iterations.
constexpr int second_neighbours = 6, trial_iterations = 100;

// "net", "spectral", or a method of orthant_symnmf; `iterations` 0: its default.  The net's fields stand in `net`.
struct ClusterSolver {
  std::string name = "hals";
  int rank = 0, iterations = 0;
  uint64_t seed = 1;
  bool bound = false;
  double tol = 0, lambda = 0;
  std::string penalty = "practical", start;
  const std::vector<float> *given = nullptr;  // U to start from
  const SimilarityGraph *second = nullptr;    // start "best": the graph whose spectral start competes with X's
  const SimilarityGraph *solved = nullptr;    // factored in place of X; the report is of X
  const orthant_model *model = nullptr;       // the net: trained before, not trained now
  orthant_symnet_config net = sized<orthant_symnet_config>();
};
const std::vector<std::string> &cluster_solvers();
constexpr const char *net_group = "SymNMF-Net";
void add_net_flags(CLI::App &verb, orthant_symnet_config &net);

struct Traced {
  double seconds, error, objective;
};
struct Clustering {
  std::vector<float> U;  // n x rank
  std::vector<int32_t> label;
  double seconds = 0, sparse = 0;
  size_t workspace = 0;
  std::string blob;  // the trained net
  orthant_report report = sized<orthant_report>();
  std::vector<Traced> trace;  // an entry an iteration; error is |X - U U'|^2 / |X|^2 of the graph that is solved
};
using ClusterProgress = std::function<bool(const orthant_report &)>;  // true: stop
Clustering cluster(const orthant_matrix_f32 &X, const ClusterSolver &solver, const Pool &pool,
                   const ClusterProgress &progress = {});

// Of factors with one entry above zero a row, in the column of its label, the one nearest to X = U U'; X is CSC.
std::vector<float> indicator_factor(const orthant_matrix_f32 &X, const std::vector<int32_t> &label, int32_t clusters);

// Points of `width` numbers side by side, in clusters of least squares: the best of ten draws.
struct Grouping {
  std::vector<int32_t> label;
  int rounds = 0;
};
Grouping k_means(const std::vector<double> &points, int32_t width, int32_t clusters, uint64_t seed);

orthant_clusters_scores score(const std::vector<int32_t> &found, int32_t clusters, const Classes &truth);

}  // namespace orthant::tool
