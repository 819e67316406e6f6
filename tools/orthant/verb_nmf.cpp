// orthant nmf: W and H with W H close to a nonnegative matrix.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "api.hpp"
#include "input.hpp"
#include "nmf_terms.hpp"

namespace orthant::tool {

namespace {

struct NmfFlags {
  std::string input, solver = "ehals", init = "cols", w0, h0, format = "npy", output;
  int rank = 0, max_iter = 500, sweeps = 0;
  double tol = 1e-4, tol_obj = 0, rho = 0;
  bool f64 = false, transpose = false, strict = false;
  ImageFlags image;
  TermsFlags terms;
};

constexpr std::pair<const char *, int32_t> solvers[] = {{"ehals", ORTHANT_NMF_EHALS},   {"hals", ORTHANT_NMF_HALS},
                                                        {"ahals", ORTHANT_NMF_AHALS},   {"anls", ORTHANT_NMF_ANLS},
                                                        {"aoadmm", ORTHANT_NMF_AOADMM}, {"pg", ORTHANT_NMF_PG},
                                                        {"mu", ORTHANT_NMF_MU},         {"murnmf", ORTHANT_NMF_MURNMF},
                                                        {"aurnmf", ORTHANT_NMF_AURNMF}};
constexpr std::pair<const char *, int32_t> starts[] = {
    {"cols", ORTHANT_START_COLS},         {"spas", ORTHANT_START_SPAS},     {"spa", ORTHANT_START_SPA},
    {"random", ORTHANT_START_RANDOM},     {"nndsvd", ORTHANT_START_NNDSVD}, {"nndsvda", ORTHANT_START_NNDSVDA},
    {"nndsvdar", ORTHANT_START_NNDSVDAR}, {"given", ORTHANT_START_GIVEN}};

template <size_t N>
int32_t code_of(const std::pair<const char *, int32_t> (&list)[N], const std::string &name) {
  for (const auto &[text, code] : list) {
    if (name == text) return code;
  }
  return 0;
}
template <size_t N>
std::set<std::string> names_of(const std::pair<const char *, int32_t> (&list)[N]) {
  std::set<std::string> names;
  for (const auto &entry : list) names.insert(entry.first);
  return names;
}

// The data, and which columns of them take part: of an image, pixels with missing values do not.
template <class T>
struct Input {
  Table<T> V;
  std::vector<int64_t> valid;
  int64_t columns = 0;  // with the missing ones
};

template <class T>
Input<T> read_input(const Common &common, const NmfFlags &flags) {
  Input<T> in;
  const Data data = read_data(flags.input);
  if (data.raster || !flags.image.shape.empty()) {
    Image<T> image = to_image<T>(data, image_options(flags.image));
    const Scaled scaled = flags.image.scale == "auto" ? Scaled{} : apply_scale(image, flags.image, false);
    if (!scaled.reason.empty()) say(common, scaled.reason);
    in.valid = valid_pixels(image);
    in.columns = image.pixels();
    in.V.rows = image.bands;
    in.V.cols = static_cast<int64_t>(in.valid.size());
    in.V.meta = std::move(image.meta);
    if (in.V.cols < in.columns) {
      say(common, cat(in.columns - in.V.cols, " pixels have missing values; their columns of H are NaN"));
      if (in.V.cols == 0) throw InputError(flags.input + ": every pixel has a missing value");
      for (int64_t p : in.valid) in.V.values.insert(in.V.values.end(), image.pixel(p), image.pixel(p) + image.bands);
    } else {
      in.V.values = std::move(image.values);
    }
  } else {
    in.V = to_table<T>(data);
    in.columns = in.V.cols;
  }
  say_notes(common, in.V.meta);
  if (flags.transpose) {
    if (in.columns != in.V.cols) throw UsageError("--transpose: not with missing pixels");
    Table<T> turned = in.V;
    std::swap(turned.rows, turned.cols);
    for (int64_t j = 0; j < in.V.cols; ++j) {
      for (int64_t i = 0; i < in.V.rows; ++i) turned(j, i) = in.V(i, j);
    }
    in.V = std::move(turned);
    in.columns = in.V.cols;
  }
  for (int64_t j = 0; j < in.V.cols; ++j) {
    for (int64_t i = 0; i < in.V.rows; ++i) {
      const double v = static_cast<double>(in.V(i, j));
      if (v >= 0 && std::isfinite(v)) continue;
      const char *what = v < 0 ? "is negative; shift or clip the data, nmf needs numbers from 0 up"
                               : "is missing or infinite; fill it in or leave that row or column out";
      throw InputError(cat(flags.input, ": entry (", i, ", ", j, ") is ", shortest(v), " and ", what));
    }
  }
  return in;
}

struct Step {
  double seconds;
  orthant_report report;
};
struct History {
  const Common *common;
  Progress *progress;
  double started, last_seconds = 0;
  int max_iter;
  double tol;
  std::vector<Step> steps;
};

int32_t on_progress(void *user, const orthant_report *so_far) {
  History &h = *static_cast<History *>(user);
  h.steps.push_back({seconds_now() - h.started, *so_far});
  h.progress->update(static_cast<double>(so_far->iters) / std::max(h.max_iter, 1),
                     cat("iteration ", so_far->iters, ", kkt ", rounded(so_far->kkt, 2), ", relative error ",
                         rounded(so_far->rel_error)));
  return interrupted();
}

template <class T>
void fill_given(Table<T> &factor, const std::string &file, const char *flag) {
  const Table<T> given = read_table<T>(file, factor.rows);
  if (given.rows != factor.rows || given.cols != factor.cols) {
    throw InputError(
        cat(file, ": is ", given.rows, " x ", given.cols, ", ", flag, " must be ", factor.rows, " x ", factor.cols));
  }
  for (T v : given.values) {
    if (!(v >= 0) || !std::isfinite(v)) throw InputError(file + ": a starting factor must be finite and nonnegative");
  }
  factor.values = given.values;
}

template <class T>
void nmf(Common &common, NmfFlags flags) {
  if (flags.w0.empty() != flags.h0.empty()) throw UsageError("--w0 and --h0 belong together; give both");
  if (!flags.w0.empty()) flags.init = "given";
  if (flags.init == "given" && flags.w0.empty()) throw UsageError("--init given needs --w0 FILE and --h0 FILE");
  make_output_directory(flags.output, common.force, true);
  const bool chance = flags.init != "given" && flags.init != "spa" && flags.init != "nndsvd" && flags.init != "nndsvda";
  const Record record = make_record(common, flags.input, chance);
  const Input<T> in = read_input<T>(common, flags);
  const Table<T> &V = in.V;
  if (flags.rank > std::min(V.rows, V.cols)) {
    throw UsageError(cat("-k ", flags.rank, " is more than the smaller side of the ", V.rows, " x ", V.cols,
                         " data; choose a smaller rank"));
  }
  if (chance) say(common, "seed " + std::to_string(common.seed));

  const Pool pool(common.threads);
  Progress progress(common, "nmf");
  History history{&common, &progress, 0, 0, flags.max_iter, flags.tol, {}};
  auto config = sized<orthant_nmf_config>();
  config.rows = static_cast<int32_t>(V.rows), config.cols = static_cast<int32_t>(V.cols), config.rank = flags.rank;
  config.method = code_of(solvers, flags.solver);
  config.start = code_of(starts, flags.init);
  // On the command line 0 means 0: no iteration, no tolerance.
  config.max_iter = flags.max_iter == 0 ? -1 : flags.max_iter;
  config.sweeps = flags.sweeps;
  config.tol = flags.tol == 0 ? -1 : flags.tol;
  config.tol_obj = flags.tol_obj;
  config.rho = flags.rho;
  configure(config, flags.terms);
  config.seed = common.seed;
  config.progress = on_progress;
  config.user = &history;
  config.parallel = pool.parallel();
  Terms<T> terms(flags.terms, V.rows, V.cols, flags.rank);
  size_t bytes = 0;
  check_status(Api<T>::nmf_size(&config, &bytes), "nmf with --solver " + flags.solver + " --init " + flags.init);
  if (common.dry_run) {
    say(common, cat("would factor ", V.rows, " x ", V.cols, " into rank ", flags.rank, " (", flags.solver, " from ",
                    flags.init, ", ", element_text<T>(), ") in ", flags.output));
    say(common, "memory: data " + bytes_text(static_cast<double>(V.values.size() * sizeof(T))) + ", factors " +
                    bytes_text(static_cast<double>((V.rows + V.cols) * flags.rank) * sizeof(T)) + ", workspace " +
                    bytes_text(static_cast<double>(bytes)) + " for " + std::to_string(pool.workers()) + " threads");
    return;
  }

  Table<T> W, H;
  W.rows = V.rows, W.cols = flags.rank;
  H.rows = flags.rank, H.cols = V.cols;
  W.values.resize(static_cast<size_t>(W.rows * W.cols));
  H.values.resize(static_cast<size_t>(H.rows * H.cols));
  if (flags.init == "given") {
    fill_given(W, flags.w0, "--w0");
    fill_given(H, flags.h0, "--h0");
  }
  const Workspace workspace(bytes);
  typename Api<T>::Nmf *handle = nullptr;
  check_status(Api<T>::nmf_init(&config, workspace.data(), bytes, &handle), "nmf");
  terms.set(handle);
  const auto data = matrix(V.values.data(), V.rows, V.cols);
  const double t0 = seconds_now();
  check_status(Api<T>::nmf_start(handle, &data, W.values.data(), config.rows, H.values.data(), config.rank),
               flags.input + ": start by " + flags.init);
  const double start_seconds = seconds_now() - t0;
  watch_interrupt();
  history.started = seconds_now();
  auto report = sized<orthant_report>();
  check_status(Api<T>::nmf_run(handle, &data, W.values.data(), config.rows, H.values.data(), config.rank, &report),
               flags.input);
  const double run_seconds = seconds_now() - history.started;
  // The final report may be more exact than the one on the way.
  if (!history.steps.empty() && history.steps.back().report.iters == report.iters) history.steps.pop_back();
  history.steps.push_back({run_seconds, report});

  const fs::path directory = flags.output;
  make_output_directory(directory, common.force);
  Table<T> whole_H = H;
  if (in.columns != H.cols) {
    whole_H.cols = in.columns;
    whole_H.values.assign(static_cast<size_t>(H.rows * in.columns), std::numeric_limits<T>::quiet_NaN());
    for (size_t j = 0; j < in.valid.size(); ++j) {
      for (int64_t k = 0; k < H.rows; ++k) whole_H(k, in.valid[j]) = H(k, static_cast<int64_t>(j));
    }
  }
  Table<double> curve;
  curve.cols = 5;
  curve.names = {"iteration", "seconds", "objective", "relative_error", "kkt"};
  curve.rows = static_cast<int64_t>(history.steps.size());
  curve.values.resize(static_cast<size_t>(curve.rows * curve.cols));
  for (int64_t i = 0; i < curve.rows; ++i) {
    const Step &step = history.steps[static_cast<size_t>(i)];
    curve(i, 0) = step.report.iters, curve(i, 1) = step.seconds, curve(i, 2) = step.report.objective;
    curve(i, 3) = step.report.rel_error, curve(i, 4) = step.report.kkt;
  }
  const std::vector<std::string> written = {"W." + flags.format, "H." + flags.format, "convergence.csv",
                                            "summary.json"};
  write_table(directory / written[0], W, common.force);
  write_table(directory / written[1], whole_H, common.force);
  write_csv(directory / written[2], curve, common.force);

  Json json;
  json.object().value("schema_version", 1).value("verb", "nmf");
  write_record(json, record);
  json.value("rows", V.rows).value("columns", V.cols).value("rank", flags.rank);
  json.value("solver", flags.solver).value("init", flags.init).value("element", element_text<T>());
  write_terms(json, flags.terms);
  json.value("tolerance", flags.tol).value("max_iterations", flags.max_iter);
  json.value("iterations", report.iters).value("stop", stop_text(report.stop));
  json.value("objective", report.objective).value("relative_error", report.rel_error).value("kkt", report.kkt);
  json.object("seconds").value("start", start_seconds).value("run", run_seconds).end();
  json.value("threads", pool.workers()).value("workspace_bytes", static_cast<uint64_t>(bytes));
  json.value("directory", directory.string()).value("files", written).end();
  write_file(directory / written[3], json.text(), common.force);
  if (common.json) {
    put(json.text());
  } else {
    put(cat("iterations      ", report.iters, ", stopped by ", stop_text(report.stop), "\nobjective       ",
            rounded(report.objective, 8), "\nrelative error  ", rounded(report.rel_error, 6), "\nkkt             ",
            rounded(report.kkt, 3), "\n"));
    put(cat("time            start ", duration_text(start_seconds), ", run ", duration_text(run_seconds),
            "\nwritten to      ", directory.string(), ": W (", V.rows, " x ", flags.rank, "), H (", flags.rank, " x ",
            in.columns, "), convergence.csv, summary.json\n"));
  }
  if (report.stop == ORTHANT_STOP_CANCELLED) {
    warn(common,
         cat("interrupted after ", report.iters, " iterations; the factors so far are in ", directory.string()));
    common.exit_code = exit_interrupted;
  } else if (report.stop != ORTHANT_STOP_KKT && report.stop != ORTHANT_STOP_OBJECTIVE && report.stop != ORTHANT_STOP_STEP &&
             flags.strict) {
    warn(common,
         "not converged: kkt " + rounded(report.kkt, 3) + " is above " + rounded(flags.tol) + "; raise --max-iter");
    common.exit_code = exit_not_converged;
  }
}

}  // namespace

void add_nmf(CLI::App &app, Common &common) {
  auto flags = std::make_shared<NmfFlags>();
  CLI::App &verb = *app.add_subcommand("nmf", "nonnegative W and H with W H close to the data");
  add_examples(verb, {"orthant nmf table.csv -k 5 -o factors",
                      "orthant nmf faces.mat:fea --transpose -k 25 -o faces          each row of the file is one face",
                      "orthant nmf data.npy -k 10 --solver anls --tol 1e-6 --f64 -o factors",
                      "orthant nmf data.npy -k 3 --w0 W.npy --h0 H.npy -o better",
                      "orthant nmf data.npy -k 5 --solver aurnmf --l1-h 0.1 --weights rows=noise.csv -o sparse", "",
                      "DIR receives W and H as .npy (or .csv), convergence.csv and summary.json."});
  verb.add_option("input", flags->input, "FILE.mat:NAME, .npy, .csv, IDX, or an ENVI image (bands x pixels)")
      ->required();
  verb.add_option("-k,--rank", flags->rank, "columns of W")->required()->check(CLI::Range(1, 1000000))->type_name("R");
  verb.add_option("-o,--output", flags->output, "directory for the results")->required()->type_name("DIR");
  verb.add_option("--solver,--method", flags->solver, "ehals is the fastest; all but mu reach a small KKT residual")
      ->check(CLI::IsMember(names_of(solvers)))
      ->capture_default_str();
  verb.add_option("--init", flags->init,
                  "start: random columns of the data, SPA on a sample, SPA, random, SVD, or given")
      ->check(CLI::IsMember(names_of(starts)))
      ->capture_default_str();
  verb.add_option("--w0", flags->w0, "W to start from, with --h0")->type_name("FILE");
  verb.add_option("--h0", flags->h0, "H to start from, with --w0")->type_name("FILE");
  verb.add_option("--max-iter", flags->max_iter, "most outer iterations; 0: none, score the start")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol", flags->tol, "stop at this relative KKT residual; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol-obj", flags->tol_obj,
                  "stop when the objective falls by less than this share of its first value; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--sweeps", flags->sweeps, "inner sweeps of hals, ehals, ahals, steps of aoadmm; 0: by rule")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--rho", flags->rho, "penalty of aoadmm; 0: trace/rank")->check(CLI::NonNegativeNumber);
  verb.add_option("--format", flags->format, "of W and H")->check(CLI::IsMember({"npy", "csv"}))->capture_default_str();
  verb.add_flag("--transpose", flags->transpose, "turn the data over first");
  verb.add_flag("--f64", flags->f64, "work in double precision");
  verb.add_flag("--strict", flags->strict, "exit code 4 where the run ends without meeting a tolerance");
  add_terms_flags(verb, flags->terms);
  add_image_flags(verb, flags->image);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common] { flags->f64 ? nmf<double>(common, *flags) : nmf<float>(common, *flags); });
}

}  // namespace orthant::tool
