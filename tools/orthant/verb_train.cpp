// orthant train --kind KIND: hands the rest of the command line to that kind of model, which has its own flags.
#include <algorithm>
#include <cstdio>

#include "train.hpp"

namespace orthant::tool {

namespace {

struct Kind {
  const char *name, *what;
  void (*add)(CLI::App &, Common &);
};
constexpr Kind kinds[] = {
    {"factormer", "a network that proposes W and H", add_train_factormer},
};

struct TrainFlags {
  std::string kind;
  bool help = false;
};

}  // namespace

void add_train(CLI::App &app, Common &common) {
  CLI::App &verb = *app.add_subcommand("train", "train a learned model, with checkpoints");
  auto flags = std::make_shared<TrainFlags>();
  std::set<std::string> names;
  std::string list;
  for (const Kind &k : kinds) names.insert(k.name), list += cat("\n  ", k.name, "  ", k.what);
  verb.set_help_flag();  // --help belongs to the kind, where one is named
  verb.allow_extras();
  verb.add_option("--kind", flags->kind, "of model")->check(CLI::IsMember(names));
  verb.add_flag("-h,--help", flags->help, "this text; with --kind, that of the kind");
  add_examples(verb, {"orthant train --kind factormer -o model.orw --epochs 15 --curve curve.csv",
                      "orthant train --kind factormer --help"});
  verb.callback([&verb, flags, list, &common] {
    if (flags->kind.empty()) {
      if (!flags->help) throw UsageError("train: name a --kind:" + list);
      put(verb.help() + "\nKinds:" + list + "\n");
      return;
    }
    CLI::App kind("Trains " + flags->kind, "orthant train --kind " + flags->kind);
    for (const Kind &k : kinds)
      if (flags->kind == k.name) k.add(kind, common);
    std::vector<std::string> rest = verb.remaining();
    if (flags->help) rest = {"--help"};
    std::reverse(rest.begin(), rest.end());
    try {
      kind.parse(rest);
    } catch (const CLI::ParseError &e) {
      common.exit_code = kind.exit(e) == 0 ? exit_done : exit_usage;
    }
  });
}

}  // namespace orthant::tool
