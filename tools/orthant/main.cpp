// orthant: nonnegative matrix factorization and hyperspectral unmixing from the command line.
#include "verbs.hpp"

namespace {

using namespace orthant::tool;

// `train --kind K` means the verb K of `train`, which has flags of its own.
void name_the_kind(std::vector<std::string> &words) {
  for (size_t i = 1; i < words.size() && words[0] == "train"; ++i) {
    const bool apart = words[i] == "--kind" && i + 1 < words.size();
    if (!apart && words[i].rfind("--kind=", 0) != 0) continue;
    const std::string kind = apart ? words[i + 1] : words[i].substr(7);
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i),
                words.begin() + static_cast<std::ptrdiff_t>(i + 1 + apart));
    words.insert(words.begin() + 1, kind);
    return;
  }
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app(
      "Takes hyperspectral images apart into materials and abundances, and nonnegative matrices into two "
      "factors.");
  Common common;
  common.command = command_line("orthant", argc, argv);
  app.name("orthant");
  app.set_version_flag("--version", version_text("orthant"));
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_examples(app,
               {"orthant demo -o demo                                   a scene with known truth, and a report page",
                "orthant info scene.hdr                                 what a file holds",
                "orthant unmix scene.hdr -e library.sli -o maps         abundances of known materials",
                "orthant unmix cube.mat:Y --shape 100x100 -p 4 -o maps  materials found in the image itself",
                "orthant nmf table.csv -k 5 -o factors                  W and H",
                "orthant cluster data.mat:fea -k 40                     clusters of samples by their similarity",
                "orthant VERB --help                                    more examples, and every flag"});
  add_demo(app, common);
  add_info(app, common);
  add_extract(app, common);
  add_unmix(app, common);
  add_nmf(app, common);
  add_cluster(app, common);
  add_relu_nmd(app, common);
  add_resample(app, common);
  add_eval(app, common);
  add_plot(app, common);
  add_weights(app, common);
  add_train(app, common);
  add_manual(app, common);
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0] == "bench")
    return fail(exit_usage,
                "the benchmarks are another program, orthant-bench, built beside this one and not installed");
  name_the_kind(words);
  return run_verb(app, common, std::move(words));
}
