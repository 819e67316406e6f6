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

void refuse_training_outputs(const Common &common, const std::vector<std::string> &outputs,
                             const std::string &checkpoint, const std::string &resume) {
  for (const std::string &file : outputs) {
    if (!file.empty()) refuse_existing(file, common.force);
  }
  std::error_code ignored;
  const bool own = !checkpoint.empty() && !resume.empty() && fs::equivalent(checkpoint, resume, ignored);
  if (!checkpoint.empty()) refuse_existing(checkpoint, common.force || own);
}

void interrupted_training(Common &common, const std::string &done, const std::string &output,
                          const std::string &checkpoint) {
  const std::string resume = checkpoint.empty() ? "" : ", go on with --resume " + checkpoint;
  warn(common, cat("interrupted after ", done, "; ", output, " holds the model so far", resume));
  common.exit_code = exit_interrupted;
}

}  // namespace orthant::tool
