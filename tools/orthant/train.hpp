// Kinds of models that `orthant train` makes: each has flags of its own.
#pragma once
#include "verbs.hpp"

namespace orthant::tool {

void add_train_factormer(CLI::App &train, Common &common);

}  // namespace orthant::tool
