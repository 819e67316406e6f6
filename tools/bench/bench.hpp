// What the benchmarks share.
#pragma once
#include "verbs.hpp"

namespace orthant::tool {

struct BenchOptions {
  std::string output, data = "../shared/data", only, svg;
  double budget = 0;
  int iterations = 0;
};
// Whether --only means this set: its name holds the text, and not by cutting a number in two.
bool chosen(const std::string &only, const std::string &name);
std::string bench_head();  // version, backend, processor and compiler, as a comment line of CSV

// V ~ W H, the columns of W with greatest entry one; V is the data over its greatest entry, turned over if asked for.
// Minimum volume: of the columns of H' in V' ~ W' H', as the authors of NMD-TM make theirs, so W is sparse.
struct Dictionary {
  Table<float> V, W, H;
  double rel_error = 0;
};
Dictionary nmf_dictionary(const Table<float> &data, bool transpose, int size, uint64_t seed, const Pool &pool,
                          bool minimum_volume = false);

void bench_relu_nmd(const BenchOptions &options, const Common &common);
void bench_compress(const BenchOptions &options, const Common &common);
void add_bench_factormer(CLI::App &bench, Common &common);
void add_bench_symnmf(CLI::App &bench, Common &common);
void add_bench_clock(CLI::App &bench, Common &common);
void add_bench_train(CLI::App &bench, Common &common);

}  // namespace orthant::tool
