// Messages, the common flags, interruption, the record of a run.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <new>

#include <unistd.h>

#include "verbs.hpp"

namespace orthant::tool {

bool color(int descriptor) {
  const char *no = std::getenv("NO_COLOR");
  return isatty(descriptor) && (no == nullptr || *no == '\0');
}

void put_bytes(std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }
void put(const std::string &text) { put_bytes(visible(text)); }

namespace {

void message(const char *colour, const std::string &kind, const std::string &text) {
  const bool c = !kind.empty() && color(STDERR_FILENO);
  const std::string head = c ? colour + kind + "\033[0m " : kind + (kind.empty() ? "" : " ");
  std::fprintf(stderr, "%s%s\n", head.c_str(), visible(text).c_str());
}

}  // namespace

void say(const Common &common, const std::string &text) {
  if (!common.quiet && !common.silent) message("", "", text);
}
void detail(const Common &common, const std::string &text) {
  if (common.verbose && !common.silent) message("", "", text);
}
void warn(const Common &common, const std::string &text) {
  if (!common.silent) message("\033[33m", "warning:", text);
}

int fail(int code, const std::string &what) {
  message("\033[31m", "error:", what);
  return code;
}

Threads::Threads(const Common &common, int workers) : Pool(workers) {
  if (missing() == 0) return;
  warn(common, "the system gives no more threads: " + std::to_string(this->workers()) + " of " +
                   std::to_string(this->workers() + missing()) + " work; the result is the same");
}

void add_common(CLI::App &verb, Common &common, int flags) {
  if (flags & flags_seed) {
    verb.add_option("--seed", common.seed, "of all random numbers; the same seed gives the same result")
        ->capture_default_str();
  }
  if (flags & flags_work) {
    verb.add_option("--threads", common.threads, "how many threads work; 0: as many as the machine has")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    verb.add_option("--progress", common.progress, "when to show a progress bar")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
  }
  if (flags & flags_memory) {
    verb.add_option(
            "--memory", common.memory,
            "memory that the data may take, twice over: an ENVI or NumPy file that takes more than half of it is "
            "read as it is needed, panel by panel, with the same result; auto: what is at hand")
        ->type_name("SIZE");
  }
  if (flags & flags_plan)
    verb.add_flag("--dry-run", common.dry_run, "say what would be done and the memory, then stop");
  if (flags & flags_output) verb.add_flag("--force", common.force, "replace outputs that exist");
  verb.add_flag("--json", common.json, "print the result as JSON on standard output");
  verb.add_flag("-q,--quiet", common.quiet, "only warnings and errors");
  verb.add_flag("-v,--verbose", common.verbose, "say more");
}

namespace {

// Examples stand first, because most readers want to copy one.
class ExamplesFirst : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App *app, std::string name, CLI::AppFormatMode mode) const override {
    return Formatter::make_footer(app) + "\n" + Formatter::make_help(app, std::move(name), mode);
  }
  std::string make_footer(const CLI::App *) const override { return ""; }
};

volatile std::sig_atomic_t interrupt_seen = 0;

}  // namespace

void add_examples(CLI::App &verb, const std::vector<std::string> &examples) {
  // After an empty line come remarks, which are not indented.
  std::string text = "Examples:";
  bool remarks = false;
  for (const std::string &line : examples) {
    remarks = remarks || line.empty();
    text += (remarks ? "\n" : "\n  ") + line;
  }
  verb.footer(text);
  verb.formatter(std::make_shared<ExamplesFirst>());
}

void watch_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt_seen = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends the program at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_seen != 0; }

double seconds_now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

Progress::Progress(const Common &common, std::string label)
    : shown_(common.progress == "always" || (common.progress == "auto" && !common.quiet && isatty(STDERR_FILENO))),
      label_(std::move(label)) {}

Progress::~Progress() { end(); }
void Progress::end() {
  if (std::exchange(drawn_, false)) std::fputs("\r\033[K", stderr);
}

void Progress::update(double fraction, const std::string &text) {
  if (!shown_) return;
  const double now = seconds_now();
  if (now - last_ < 0.1) return;
  last_ = now;
  drawn_ = true;
  constexpr int width = 30;
  const int filled = static_cast<int>(width * std::clamp(fraction, 0.0, 1.0));
  std::fprintf(stderr, "\r%s [%s%s] %s\033[K", label_.c_str(), std::string(static_cast<size_t>(filled), '#').c_str(),
               std::string(static_cast<size_t>(width - filled), '.').c_str(), text.c_str());
  std::fflush(stderr);
}

void Progress::update_timed(double fraction, const std::string &text) {
  const double now = seconds_now();
  if (begun_ < 0) {
    begun_ = now;
    begun_at_ = fraction;
  }
  const double done = fraction - begun_at_, spent = now - begun_;
  const bool known = done > 0 && spent > 1;  // before that it would jump about
  update(fraction, known ? text + ", " + duration_text(std::round(spent * (1 - fraction) / done)) + " left" : text);
}

void check_status(orthant_status status, const std::string &doing) {
  if (status != ORTHANT_OK) throw_status(status, doing + ": " + orthant_status_text(status));
}

void throw_status(orthant_status status, const std::string &text) {
  if (status == ORTHANT_E_DATA) throw InputError(text);
  if (status == ORTHANT_E_ARG || status == ORTHANT_E_UNSUPPORTED) throw UsageError(text);
  throw std::runtime_error(text);
}

std::vector<std::string> words(const char *(*name)(int32_t)) {
  std::vector<std::string> all;
  for (int32_t i = 0; name(i) != nullptr; ++i) all.emplace_back(name(i));
  return all;
}
int32_t code_of(const char *(*name)(int32_t), const std::string &word) {
  const std::vector<std::string> all = words(name);
  return static_cast<int32_t>(std::find(all.begin(), all.end(), word) - all.begin());
}

const char *stop_text(int32_t stop) {
  switch (stop) {
    case ORTHANT_STOP_ITERATIONS:
      return "iterations";
    case ORTHANT_STOP_KKT:
      return "kkt";
    case ORTHANT_STOP_OBJECTIVE:
      return "objective";
    case ORTHANT_STOP_CANCELLED:
      return "cancelled";
    case ORTHANT_STOP_NONFINITE:
      return "nonfinite";
    case ORTHANT_STOP_STEP:
      return "step";
    case ORTHANT_STOP_ERROR:
      return "error";
    default:
      return "unknown";
  }
}

std::string Record::text() const {
  std::string out = std::string("orthant ") + orthant_version() + ": " + command;
  if (uses_seed) out += "; seed " + std::to_string(seed);
  if (!input_sha256.empty()) out += "; input sha256 " + input_sha256;
  return out;
}

Record make_record(const Common &common, const Meta &input, bool uses_seed) {
  Record record;
  record.command = common.command;
  record.input = input.source;
  record.input_sha256 = input.sha256;
  record.not_hashed = input.sha256.empty();
  record.seed = common.seed;
  record.uses_seed = uses_seed;
  return record;
}

std::string command_line(const std::string &program, int argc, char **argv) {
  std::string text = program;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`{}()&|;<>*?") == std::string::npos;
    std::string quoted = "'";
    for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += " " + (plain ? word : quoted + "'");
  }
  return text;
}

std::string version_text(const std::string &program) {
  return program + " " + orthant_version() + " (abi " + std::to_string(orthant_abi()) + ", " + orthant_build() +
         ", kernels " + orthant_build_kernels() + ")";
}

namespace {

int parsed(CLI::App &app, const Common &common, std::vector<std::string> words) {
  std::reverse(words.begin(), words.end());  // as the parser takes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError &e) {
    return app.exit(e) == 0 ? exit_done : exit_usage;
  } catch (const ToldElsewhere &) {
    return exit_done;
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

}  // namespace

int run_verb(CLI::App &app, const Common &common, std::vector<std::string> words) {
  const int code = parsed(app, common, std::move(words));
  // What was printed is a result like a file: a disk that is full, say, has lost it.
  errno = 0;
  const bool good = std::cout.flush().good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (good) return code;
  return fail(code == exit_done ? exit_failure : code,
              std::string("standard output: cannot be written") + (errno != 0 ? cat(": ", std::strerror(errno)) : ""));
}

void write_record(Json &json, const Record &record) {
  json.value("orthant_version", orthant_version());
  json.value("build", orthant_build());
  json.value("command", record.command);
  if (!record.input.empty()) {
    json.value("input", record.input).value("input_sha256", record.input_sha256);
    if (record.not_hashed) json.value("input_not_hashed", "larger than half of the memory at hand");
  }
  if (record.uses_seed) json.value("seed", record.seed);
}

}  // namespace orthant::tool
