// orthant relu-nmd: U and V with max(0, U V) close to a nonnegative matrix.
#include <algorithm>
#include <cmath>
#include <map>

#include "api.hpp"
#include "factoring.hpp"
#include "input.hpp"

namespace orthant::tool {

namespace {

struct ReluFlags {
  std::string input, solver = "auto", init = "tsvd", u0, v0, format = "npy", output;
  int rank = 0, max_iter = 1000;
  double tol = 1e-4, tol_error = 1e-5, alpha = -1, beta = 0, lambda = -1;
  bool f64 = false, transpose = false, strict = false;
};

const std::map<std::string, int32_t> solvers = {{"auto", 0},
                                                {"qn", ORTHANT_RELU_NMD_QN},
                                                {"nmd-tm", ORTHANT_RELU_NMD_TM},
                                                {"3b-nmd", ORTHANT_RELU_NMD_3B},
                                                {"a-nmd", ORTHANT_RELU_NMD_ANMD},
                                                {"naive", ORTHANT_RELU_NMD_NAIVE},
                                                {"a-naive", ORTHANT_RELU_NMD_ANAIVE},
                                                {"em-nmd", ORTHANT_RELU_NMD_EM},
                                                {"a-em", ORTHANT_RELU_NMD_AEM}};
const std::map<std::string, int32_t> starts = {{"tsvd", ORTHANT_RELU_START_TSVD},
                                               {"nuclear", ORTHANT_RELU_START_NUCLEAR},
                                               {"random", ORTHANT_RELU_START_RANDOM},
                                               {"given", ORTHANT_RELU_START_GIVEN}};

std::string refusal(const std::string &file, int64_t i, int64_t j, double v) {
  const char *what = v < 0 ? "is negative; clip the data at zero, relu-nmd explains numbers from 0 up"
                           : "is missing or infinite; fill it in or leave that row or column out";
  return cat(file, ": entry (", i, ", ", j, ") is ", shortest(v), " and ", what);
}

template <class T>
Numbers<T> read_input(const Common &common, const ReluFlags &flags) {
  const Data data = read_data(flags.input, Checksum::sha256);
  Numbers<T> in;
  in.meta = data.meta;
  if (data.sparse) {
    take_sparse(common, data, flags.transpose, refusal, in);
    return in;
  }
  Table<T> &M = in.V;
  M = to_table<T>(data);
  in.meta = M.meta;
  say_notes(common, M.meta);
  if (flags.transpose) M = transposed(M);
  for (int64_t j = 0; j < M.cols; ++j)
    for (int64_t i = 0; i < M.rows; ++i) {
      const double v = static_cast<double>(M(i, j));
      if (!(v >= 0 && std::isfinite(v))) throw InputError(refusal(flags.input, i, j, v));
    }
  return in;
}

std::string step_text(const orthant_report &so_far) {
  return cat("iteration ", so_far.iters, ", relative error ", rounded(so_far.rel_error));
}

// On the command line 0 means 0; what is not given is below zero.
double config_value(double given) {
  if (given < 0) return 0;
  return given == 0 ? -1 : given;
}

orthant_relu_nmd_config config_of(const Common &common, const ReluFlags &flags, int64_t rows, int64_t cols,
                                  const Pool &pool) {
  auto config = sized<orthant_relu_nmd_config>();
  config.rows = static_cast<int32_t>(rows);
  config.cols = static_cast<int32_t>(cols);
  config.rank = flags.rank;
  config.method = solvers.at(flags.solver);
  config.start = starts.at(flags.init);
  config.max_iter = flags.max_iter == 0 ? -1 : flags.max_iter;
  config.tol = config_value(flags.tol);
  config.tol_obj = config_value(flags.tol_error);
  config.alpha = config_value(flags.alpha);
  config.beta = flags.beta;
  config.lambda = config_value(flags.lambda);
  config.seed = common.seed;
  config.parallel = pool.parallel();
  return config;
}

template <class T>
void say_plan(const Common &common, const ReluFlags &flags, const Numbers<T> &in, const Run &run) {
  const Table<T> &M = in.V;
  say(common, cat("would decompose ", M.rows, " x ", M.cols, " at rank ", flags.rank, " (", flags.solver, " from ",
                  flags.init, ", ", element_text<T>(), ") in ", flags.output));
  say(common,
      memory_text(static_cast<double>(in.bytes()), static_cast<double>((M.rows + M.cols) * flags.rank) * sizeof(T),
                  static_cast<double>(run.workspace), run.threads));
}

template <class T>
struct Factors {
  Table<T> U, V;
  orthant_report report = sized<orthant_report>();
};

template <class T>
Factors<T> decompose(const ReluFlags &flags, const Numbers<T> &in, const orthant_relu_nmd_config &config,
                     History &history, Run &run) {
  const Table<T> &M = in.V;
  Factors<T> f;
  f.U = Table<T>(M.rows, flags.rank);
  f.V = Table<T>(flags.rank, M.cols);
  if (flags.init == "given") {
    read_factor(f.U, flags.u0, "--u0", Sign::any);
    read_factor(f.V, flags.v0, "--v0", Sign::any);
  }
  const Workspace workspace(run.workspace);
  typename Api<T>::ReluNmd *handle = nullptr;
  check_status(Api<T>::relu_nmd_init(&config, workspace.data(), run.workspace, &handle), "relu-nmd");
  const auto data = in.view();
  T *U = f.U.values.data(), *V = f.V.values.data();
  const double begun = seconds_now();
  check_status(Api<T>::relu_nmd_start(handle, &data, U, config.rows, V, config.rank),
               flags.input + ": start by " + flags.init);
  run.start_seconds = seconds_now() - begun;
  watch_interrupt();
  history.begin();
  check_status(Api<T>::relu_nmd_run(handle, &data, U, config.rows, V, config.rank, &f.report), flags.input);
  run.run_seconds = history.seconds();
  return f;
}

template <class T>
std::string summary(const ReluFlags &flags, const Table<T> &M, const Record &record, const orthant_report &report,
                    const Run &run, const std::vector<std::string> &written) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "relu-nmd");
  write_record(json, record);
  json.value("rows", M.rows).value("columns", M.cols).value("rank", flags.rank);
  json.value("solver", flags.solver).value("init", flags.init).value("element", element_text<T>());
  json.value("iterations", report.iters).value("stop", stop_text(report.stop));
  json.value("objective", report.objective).value("relative_error", report.rel_error);
  write_run(json, run, flags.output, written);
  json.end();
  return json.text();
}

template <class T>
void print(const ReluFlags &flags, const Table<T> &M, const orthant_report &report, const Run &run) {
  put(cat("iterations      ", report.iters, ", stopped by ", stop_text(report.stop), "\nrelative error  ",
          rounded(report.rel_error, 6), "\ntime            start ", duration_text(run.start_seconds), ", run ",
          duration_text(run.run_seconds), "\nwritten to      ", flags.output, ": U (", M.rows, " x ", flags.rank,
          "), V (", flags.rank, " x ", M.cols, "), convergence.csv, summary.json\n"));
}

void conclude(Common &common, const ReluFlags &flags, const orthant_report &report) {
  if (report.stop == ORTHANT_STOP_CANCELLED) {
    warn(common, cat("interrupted after ", report.iters, " iterations; the factors so far are in ", flags.output));
    common.exit_code = exit_interrupted;
  } else if (report.stop == ORTHANT_STOP_NONFINITE) {
    warn(common,
         "the iteration overflowed; the last finite factors are written.  Try a smaller --alpha, or --solver auto");
    common.exit_code = flags.strict ? exit_not_converged : exit_done;
  } else if (report.stop == ORTHANT_STOP_ITERATIONS && flags.strict) {
    warn(common, "not converged: the relative error still falls; raise --max-iter");
    common.exit_code = exit_not_converged;
  }
}

template <class T>
void relu_nmd(Common &common, ReluFlags flags) {
  if (flags.u0.empty() != flags.v0.empty()) throw UsageError("--u0 and --v0 belong together; give both");
  if (!flags.u0.empty()) flags.init = "given";
  if (flags.init == "given" && flags.u0.empty()) throw UsageError("--init given needs --u0 FILE and --v0 FILE");
  make_output_directory(flags.output, common.force, true);
  const Numbers<T> in = read_input<T>(common, flags);
  const Table<T> &M = in.V;
  const Record record = make_record(common, in.meta, flags.init == "nuclear" || flags.init == "random");

  const Threads pool(common);
  History history(common, "relu-nmd", flags.max_iter, step_text);
  auto config = config_of(common, flags, M.rows, M.cols, pool);
  history.watch(config);
  Run run;
  run.threads = pool.workers();
  check_status(Api<T>::relu_nmd_size(&config, &run.workspace), "relu-nmd with --solver " + flags.solver, config);
  if (common.dry_run) return say_plan(common, flags, in, run);
  const Factors<T> f = decompose(flags, in, config, history, run);

  const fs::path directory = flags.output;
  make_output_directory(directory, common.force);
  Table<double> curve = convergence(history.steps());
  curve.cols = 4;  // these methods have no kkt residual
  curve.names.pop_back();
  const std::vector<std::string> written = {"U." + flags.format, "V." + flags.format, "convergence.csv",
                                            "summary.json"};
  write_table(directory / written[0], f.U, common.force);
  write_table(directory / written[1], f.V, common.force);
  write_csv(directory / written[2], curve, common.force);
  const std::string text = summary(flags, M, record, f.report, run, written);
  write_file(directory / written[3], text, common.force);
  if (common.json) {
    put(text);
  } else {
    print(flags, M, f.report, run);
  }
  conclude(common, flags, f.report);
}

std::vector<std::string> names_of(const std::map<std::string, int32_t> &list) {
  std::vector<std::string> names;
  for (const auto &entry : list) names.push_back(entry.first);
  return names;
}

}  // namespace

void add_relu_nmd(CLI::App &app, Common &common) {
  auto flags = std::make_shared<ReluFlags>();
  CLI::App &verb = *app.add_subcommand("relu-nmd", "U and V, of any sign, with max(0, U V) close to the data");
  add_examples(verb,
               {"orthant relu-nmd links.mat:adj_matrix -k 20 -o model",
                "orthant relu-nmd digits-idx3-ubyte.gz -k 32 --max-iter 300 -o digits",
                "orthant relu-nmd data.npy -k 10 --solver nmd-tm --alpha 0.9 --f64 -o published",
                "orthant relu-nmd data.npy -k 10 --u0 model/U.npy --v0 model/V.npy -o better", "",
                "For sparse or binary data of high rank, where a few numbers for each row and column give the zeros.",
                "DIR receives U and V as .npy (or .csv), convergence.csv and summary.json."});
  verb.add_option("input", flags->input, "FILE.mat:NAME, .npy, .csv or IDX; numbers from 0 up")->required();
  verb.add_option("-k,--rank", flags->rank, "columns of U")->required()->check(CLI::Range(1, 32768))->type_name("R");
  verb.add_option("-o,--output", flags->output, "directory for the results")->required()->type_name("DIR");
  verb.add_option("--solver,--method", flags->solver,
                  "auto, then qn, never diverge and end lowest; qn in little memory; the others as published")
      ->check(CLI::IsMember(names_of(solvers)))
      ->capture_default_str();
  verb.add_option("--init", flags->init, "start: truncated SVD, small nuclear norm, random, or given")
      ->check(CLI::IsMember(names_of(starts)))
      ->capture_default_str();
  verb.add_option("--u0", flags->u0, "U to start from, with --v0")->type_name("FILE");
  verb.add_option("--v0", flags->v0, "V to start from, with --u0")->type_name("FILE");
  verb.add_option("--max-iter", flags->max_iter, "most iterations; 0: none, score the start")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol", flags->tol, "stop at this relative error; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol-error", flags->tol_error,
                  "stop when 11 iterations change the relative error by less; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--alpha", flags->alpha, "momentum of the published methods; default: as published")
      ->check(CLI::Range(0.0, 1.0));
  verb.add_option("--beta", flags->beta, "nmd-tm: share of the new factors; default: 0.95")
      ->check(CLI::Range(0.0, 1.0));
  verb.add_option("--lambda", flags->lambda, "nmd-tm: ridge; default: 0.0001")->check(CLI::NonNegativeNumber);
  verb.add_option("--format", flags->format, "of U and V")->check(CLI::IsMember({"npy", "csv"}))->capture_default_str();
  verb.add_flag("--transpose", flags->transpose, "transpose the data first");
  verb.add_flag("--f64", flags->f64, "work in double precision");
  verb.add_flag("--strict", flags->strict, "exit code 4 where the run ends without meeting a tolerance");
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common] { flags->f64 ? relu_nmd<double>(common, *flags) : relu_nmd<float>(common, *flags); });
}

}  // namespace orthant::tool
