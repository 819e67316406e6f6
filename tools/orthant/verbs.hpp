// What all verbs share: the common flags, messages, progress, interruption, the record of a run.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "io.hpp"
#include "json.hpp"
#include "orthant/experimental.hpp"
#include "pictures.hpp"
#include "pool.hpp"
#include "workspace.hpp"

namespace orthant::tool {

enum Exit {
  exit_done = 0,
  exit_failure = 1,
  exit_usage = 2,
  exit_input = 3,
  exit_not_converged = 4,
  exit_interrupted = 130
};

struct Common {
  bool force = false, quiet = false, verbose = false, json = false, dry_run = false;
  bool silent = false;  // another process of mpirun says and prints everything
  int threads = 0;      // 0: as many as the machine has
  uint64_t seed = 1;
  std::string progress = "auto";
  std::string memory;   // that data may take; empty: what is at hand
  std::string command;  // the command line, for the record
  int exit_code = exit_done;
};

// Each adds one verb; its callback does the work, throws InputError, OutputError or UsageError, and may set exit_code.
void add_demo(CLI::App &app, Common &common);
void add_info(CLI::App &app, Common &common);
void add_extract(CLI::App &app, Common &common);
void add_unmix(CLI::App &app, Common &common);
void add_nmf(CLI::App &app, Common &common);
void add_cluster(CLI::App &app, Common &common);
void add_relu_nmd(CLI::App &app, Common &common);
void add_resample(CLI::App &app, Common &common);
void add_eval(CLI::App &app, Common &common);
void add_plot(CLI::App &app, Common &common);
void add_weights(CLI::App &app, Common &common);
void add_train(CLI::App &app, Common &common);
void add_manual(CLI::App &app, Common &common);
// Kinds of `train`, each in train_KIND.cpp.
void add_train_factormer(CLI::App &train, Common &common);
void add_train_nalmu(CLI::App &train, Common &common);
void add_train_schedule(CLI::App &train, Common &common);

// A command line that asks for something impossible (exit code 2).
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// In all processes of mpirun but the one that says why they end: they end with 0, so that mpirun neither kills that one
// before it has said so nor takes another exit code than its own.
struct ToldElsewhere {};

// The common flags; `--seed` only where random numbers are used, `--dry-run` only where it can say what it would do.
enum CommonFlags {
  flags_basic = 0,
  flags_seed = 1,
  flags_plan = 2,
  flags_output = 4,
  flags_work = 8,
  flags_memory = 16
};
void add_common(CLI::App &verb, Common &common, int flags);
// --help begins with these lines, each an example; after an empty one, remarks.
void add_examples(CLI::App &verb, const std::vector<std::string> &examples);

void put(const std::string &text);       // to standard output, as `visible` has it
void put_bytes(std::string_view bytes);  // as they are
// To standard error: `say` unless --quiet, `detail` only with --verbose, `warn` always; none
// where another process does.
void say(const Common &common, const std::string &text);
void detail(const Common &common, const std::string &text);
void warn(const Common &common, const std::string &text);
// The threads of --threads, with a warning where the system gives fewer.
class Threads : public Pool {
 public:
  explicit Threads(const Common &common) : Threads(common, common.threads) {}
  Threads(const Common &common, int workers);
};
bool color(int descriptor);  // a terminal, and NO_COLOR not set

// What a program of verbs begins and ends with.
std::string command_line(const std::string &program, int argc, char **argv);  // as a shell would read it
std::string version_text(const std::string &program);
int fail(int code, const std::string &what);  // prints the error; returns the code
int run_verb(CLI::App &app, const Common &common, std::vector<std::string> words);  // the exit code, of exceptions too

// A bar on standard error, by --progress auto|always|never; `update` costs nothing when called too often.
class Progress {
 public:
  Progress(const Common &common, std::string label);
  ~Progress();
  void update(double fraction, const std::string &text);
  // With the time left, where the work goes on as it has since the first call.
  void update_timed(double fraction, const std::string &text);
  void end();  // takes the bar away

 private:
  bool shown_, drawn_ = false;
  std::string label_;
  double last_ = -1, begun_ = -1, begun_at_ = 0;
};

// From `watch_interrupt` on, the first Ctrl-C or SIGTERM only makes `interrupted` true, so that a partial result can be
// written.
void watch_interrupt();
bool interrupted();

// What every `train` does.  Refuses outputs that exist, and a checkpoint that is not the one gone on from.
void refuse_training_outputs(const Common &common, const std::vector<std::string> &outputs,
                             const std::string &checkpoint, const std::string &resume);
// Says that a training ended early, and how to go on; sets the exit code.
void interrupted_training(Common &common, const std::string &done, const std::string &output,
                          const std::string &checkpoint);

// Throws what `status` asks for: InputError for bad data, UsageError for a request that cannot be met, with `doing` in
// the text.
void check_status(orthant_status status, const std::string &doing);
[[noreturn]] void throw_status(orthant_status status, const std::string &text);
// The same for a config that was looked at: the text names the field.
template <class Config>
void check_status(orthant_status status, const std::string &doing, const Config &c) {
  char text[300];
  if (status == ORTHANT_OK || problem(&c, text, sizeof text) == 0) return check_status(status, doing);
  throw_status(status, doing + ": " + text);
}
const char *stop_text(int32_t stop);
// The words of a list of the library's, in the order of their numbers, and the number of one of them.
std::vector<std::string> words(const char *(*name)(int32_t));
int32_t code_of(const char *(*name)(int32_t), const std::string &word);

double seconds_now();  // of a steady clock

// What is written into every output's description.
struct Record {
  std::string command, input, input_sha256;
  uint64_t seed = 0;
  bool uses_seed = false, not_hashed = false;
  std::string text() const;
};
Record make_record(const Common &common, const Meta &input, bool uses_seed);  // an input read with Checksum::sha256
void write_record(Json &json, const Record &record);                          // the fields of it, in an open object

}  // namespace orthant::tool
