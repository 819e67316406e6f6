// orthant train: each kind of model brings a subcommand of its own.
#include "verbs.hpp"

namespace orthant::tool {

void add_train(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("train", "train a learned model");
  verb->require_subcommand(1);
  add_train_schedule(*verb, common);
}

}  // namespace orthant::tool
