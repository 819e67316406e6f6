// orthant train: a learned model from generated data.  Each kind is a file of its own, train_KIND.cpp.
#include "verbs.hpp"

namespace orthant::tool {

void add_train(CLI::App &app, Common &common) {
  CLI::App &verb = *app.add_subcommand("train", "a learned model, from data generated during training");
  add_examples(verb, {"orthant train --kind nalmu --library library.sli -o model.orw",
                      "orthant train --kind factormer -o model.orw", "orthant train --kind nalmu --help"});
  verb.require_subcommand(1);  // main reads `--kind KIND` as the name of one
  add_train_factormer(verb, common);
  add_train_nalmu(verb, common);
  add_train_schedule(verb, common);
}

}  // namespace orthant::tool
