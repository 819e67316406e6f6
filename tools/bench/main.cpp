// orthant-bench: the measurements that README and tools/bench/results quote, each a verb.  It is built beside the tool
// and never installed.
#include "bench.hpp"

int main(int argc, char **argv) {
  using namespace orthant::tool;
  CLI::App app("Times to a stated accuracy, side by side, and what the papers' figures show.");
  Common common;
  common.command = command_line("orthant-bench", argc, argv);
  app.name("orthant-bench");
  app.set_version_flag("--version", version_text("orthant-bench"));
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_examples(app, {"orthant-bench unmix", "orthant-bench nmf --peer tools/bench/peer_sklearn.py -o nmf.csv",
                     "orthant-bench relu-nmd --only Trec11 --svg curves -o curves.csv",
                     "orthant-bench draw tools/bench/results -o pictures"});
  add_bench_races(app, common);
  add_bench_data(app, common);
  add_bench_rnmf(app, common);
  add_bench_relu_nmd(app, common);
  add_bench_compress(app, common);
  add_bench_nalmu(app, common);
  add_bench_factormer(app, common);
  add_bench_symnmf(app, common);
  add_bench_clock(app, common);
  add_bench_scaling(app, common);
  add_bench_train(app, common);
  add_draw(app, common);
  return run_verb(app, common, std::vector<std::string>(argv + 1, argv + argc));
}
