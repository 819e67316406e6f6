// What the benchmarks share.
#pragma once

#include "verbs.hpp"

namespace orthant::tool {

std::string bench_head();  // the first line of every table: version, backend, processor, compiler
void add_bench_symnmf(CLI::App &bench, Common &common);

}  // namespace orthant::tool
