// `orthant-bench nalmu`: the toy of the source, learned warm starts, and real scenes.
#pragma once
#include <string>

#include "bench.hpp"

namespace orthant::tool {

struct NalmuBench {
  std::string output, data = "../shared/data", peer, python = "/usr/bin/python3", part = "toy", svg;
  int repeat = 9, seeds = 10;
};
// The CSV table, without the comment at its head.
std::string nalmu_toy(const NalmuBench &options, const Common &common);

}  // namespace orthant::tool
