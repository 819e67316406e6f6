#include "clash.hpp"

#include <algorithm>

namespace orthant::tool {

std::string clash(const std::vector<std::string> &options, const std::function<bool(unsigned)> &accepted) {
  const size_t n = std::min<size_t>(options.size(), 12);
  std::vector<unsigned> good;
  for (unsigned set = 0; set < 1U << n; ++set) {
    if (accepted(set)) good.push_back(set);
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) {
      const unsigned both = 1U << i | 1U << j;
      const bool together = std::any_of(good.begin(), good.end(), [&](unsigned set) { return (set & both) == both; });
      if (!together) return options[i] + " does not go with " + options[j];
    }
  }
  return "";
}

}  // namespace orthant::tool
