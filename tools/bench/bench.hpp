// What the benchmarks share.
#pragma once
#include "verbs.hpp"

namespace orthant::tool {

struct BenchOptions {
  std::string output, data = "../shared/data", only, svg;
  double budget = 0;
  int iterations = 0;
};
void add_flags(CLI::App &verb, BenchOptions &options, Common &common);
// Whether --only means this set: its name holds the text, and not by cutting a number in two.
bool chosen(const std::string &only, const std::string &name);
// Whether the file of a set is there; where it is not, says that the set is left out.
bool present(const Common &common, const std::string &set, const std::string &argument);
double thread_seconds();  // processor time of this thread: with one thread the time of a machine with no other work
std::string bench_head();  // version, backend, processor and compiler, as a comment line of CSV

// V ~ W H, the columns of W with greatest entry one; V is the data over its greatest entry, transposed if asked for.
// Minimum volume: of the columns of H' in V' ~ W' H', as the authors of NMD-TM make theirs, so W is sparse.
struct Dictionary {
  Table<float> V, W, H;
  double rel_error = 0;
};
Dictionary nmf_dictionary(const Table<float> &data, bool transpose, int size, uint64_t seed, const Pool &pool,
                          bool minimum_volume = false);

// The pictures of a table that a benchmark wrote, named after the sets it holds; how many, none for a table without.
int draw_results(const std::string &csv, const fs::path &folder, bool force);

// Each adds one verb or a few, as in the tool.
void add_bench_races(CLI::App &app, Common &common);  // nmf, kl, unmix
void add_bench_data(CLI::App &app, Common &common);
void add_bench_rnmf(CLI::App &app, Common &common);
void add_bench_relu_nmd(CLI::App &app, Common &common);
void add_bench_compress(CLI::App &app, Common &common);
void add_bench_nalmu(CLI::App &app, Common &common);
void add_bench_factormer(CLI::App &app, Common &common);
void add_bench_symnmf(CLI::App &app, Common &common);
void add_bench_clock(CLI::App &app, Common &common);
void add_bench_scaling(CLI::App &app, Common &common);
void add_bench_train(CLI::App &app, Common &common);
void add_draw(CLI::App &app, Common &common);

}  // namespace orthant::tool
