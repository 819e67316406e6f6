// Which of the options that a user gave do not go together.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace orthant::tool {

// The first two of `options` that are refused whatever becomes of the others, each either given or left out;
// "" where there are no such two.  `accepted` is asked of sets of them, bit k for option k.
std::string clash(const std::vector<std::string> &options, const std::function<bool(unsigned)> &accepted);

}  // namespace orthant::tool
