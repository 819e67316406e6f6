// orthant: nonnegative matrix factorization and hyperspectral unmixing from the command line.
#include <cstdio>
#include <exception>
#include <new>

#include <unistd.h>

#include "verbs.hpp"

namespace {

using namespace orthant::tool;

std::string command_line(int argc, char **argv) {
  std::string text = "orthant";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`{}()&|;<>*?") == std::string::npos;
    std::string quoted = "'";
    for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += " " + (plain ? word : quoted + "'");
  }
  return text;
}

int fail(int code, const char *what) {
  const bool c = color(STDERR_FILENO);
  std::fprintf(stderr, "%serror:%s %s\n", c ? "\033[31m" : "", c ? "\033[0m" : "", what);
  return code;
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app(
      "Takes hyperspectral images apart into materials and abundances, and nonnegative matrices into two "
      "factors.");
  Common common;
  common.command = command_line(argc, argv);
  app.name("orthant");
  app.set_version_flag("--version", [] {
    return std::string("orthant ") + orthant_version() + " (abi " + std::to_string(orthant_abi()) + ", " +
           orthant_build() + ", kernels " + orthant_build_kernels() + ")";
  });
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
  add_eval(app, common);
  add_plot(app, common);
  add_weights(app, common);
  add_train(app, common);
  add_bench(app, common);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &e) {
    return app.exit(e) == 0 ? exit_done : exit_usage;
  } catch (const UsageError &e) {
    return fail(exit_usage, e.what());
  } catch (const InputError &e) {
    return fail(exit_input, e.what());
  } catch (const std::bad_alloc &) {
    return fail(exit_failure, "not enough memory; see --dry-run for what is needed");
  } catch (const std::exception &e) {
    return fail(exit_failure, e.what());
  }
  return common.exit_code;
}
