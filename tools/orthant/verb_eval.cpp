// orthant eval: an unmixing against the truth, matched by assignment.
#include <algorithm>
#include <cmath>

#include "api.hpp"
#include "input.hpp"

namespace orthant::tool {

namespace {

struct EvalFlags {
  std::string directory, abundances, endmembers, true_abundances, true_endmembers;
  ImageFlags input;
};

std::string in_directory(const std::string &directory, const char *name) {
  const fs::path path = fs::path(directory) / name;
  return !directory.empty() && fs::exists(path) ? path.string() : "";
}

// Copies the pixels `kept` together, endmembers x pixels.
std::vector<double> gathered(const Image<double> &A, const std::vector<int64_t> &kept) {
  std::vector<double> out;
  for (int64_t p : kept) out.insert(out.end(), A.pixel(p), A.pixel(p) + A.bands);
  return out;
}

std::vector<std::string> names_or_numbers(std::vector<std::string> names, int64_t count, const char *letter) {
  for (auto k = static_cast<int64_t>(names.size()); k < count; ++k) {
    names.push_back(letter + std::to_string(k + 1));
  }
  return names;
}

void eval(Common &common, EvalFlags flags) {
  if (!flags.directory.empty() && !fs::is_directory(flags.directory)) {
    throw InputError(flags.directory +
                     ": is no directory that unmix wrote; for single files use --abundances and --endmembers");
  }
  if (flags.abundances.empty()) flags.abundances = in_directory(flags.directory, "abundances.img");
  if (flags.endmembers.empty()) flags.endmembers = in_directory(flags.directory, "endmembers.sli");
  const bool with_A = !flags.true_abundances.empty(), with_E = !flags.true_endmembers.empty();
  if (!with_A && !with_E)
    throw UsageError("eval needs a truth: --truth-abundances FILE, --truth-endmembers FILE, or both");
  if (with_A && flags.abundances.empty())
    throw UsageError("no estimated abundances: give a directory that unmix wrote, or --abundances FILE");
  if (with_E && flags.endmembers.empty())
    throw UsageError("no estimated endmembers: give a directory that unmix wrote, or --endmembers FILE");

  auto config = sized<orthant_scores_config>();
  Table<double> E, E_true;
  std::vector<std::string> names, true_names;
  if (with_E) {
    const Data data = read_data(flags.endmembers), truth = read_data(flags.true_endmembers);
    E = to_table<double>(data);
    E_true = to_table<double>(truth, E.rows);
    // A plain matrix may hold one spectrum a row; the truth then shows which side the bands are.
    if (E.rows != E_true.rows) E = to_table<double>(data, E_true.rows);
    if (E.rows != E_true.rows || E.cols != E_true.cols) {
      throw InputError(cat(flags.true_endmembers, ": is ", E_true.rows, " bands x ", E_true.cols, " endmembers, ",
                           flags.endmembers, " is ", E.rows, " x ", E.cols,
                           "; both need the same bands and the same number of endmembers"));
    }
    config.bands = static_cast<int32_t>(E.rows);
    config.endmembers = static_cast<int32_t>(E.cols);
    names = E.names;
    true_names = E_true.names;
  }
  Image<double> A, A_true;
  std::vector<int64_t> both;
  std::vector<double> a, a_true;
  if (with_A) {
    ImageOptions options = image_options(flags.input);
    options.bands = config.endmembers;
    const Data data = read_data(flags.abundances), truth = read_data(flags.true_abundances);
    A = to_image<double>(data, options);
    if (A.shaped && options.lines == 0) {
      options.lines = A.lines;
      options.samples = A.samples;
    }
    options.bands = A.bands;
    // A truth that is a raster states its shape itself.
    ImageOptions for_truth = options;
    if (truth.raster) for_truth.lines = for_truth.samples = 0;
    A_true = to_image<double>(truth, for_truth);
    if (A.bands != A_true.bands || A.lines != A_true.lines || A.samples != A_true.samples) {
      throw InputError(cat(flags.true_abundances, ": is ", A_true.lines, " lines x ", A_true.samples, " samples x ",
                           A_true.bands, " endmembers, ", flags.abundances, " is ", A.lines, " x ", A.samples, " x ",
                           A.bands, "; give --shape, or the right truth"));
    }
    if (with_E && A.bands != E.cols) {
      throw InputError(
          cat(flags.abundances, ": has ", A.bands, " abundances, ", flags.endmembers, " has ", E.cols, " endmembers"));
    }
    const std::vector<int64_t> valid = valid_pixels(A), valid_true = valid_pixels(A_true);
    std::set_intersection(valid.begin(), valid.end(), valid_true.begin(), valid_true.end(), std::back_inserter(both));
    if (both.empty()) throw InputError(flags.abundances + ": no pixel has both an estimate and a truth");
    if (static_cast<int64_t>(both.size()) < A.pixels()) {
      say(common, cat(A.pixels() - static_cast<int64_t>(both.size()), " pixels have a missing value and are left out"));
    }
    a = gathered(A, both);
    a_true = gathered(A_true, both);
    config.endmembers = static_cast<int32_t>(A.bands);
    config.pixels = static_cast<int32_t>(both.size());
    if (names.empty()) names = A.meta.band_names;
    if (true_names.empty()) true_names = A_true.meta.band_names;
  }

  const auto p = static_cast<size_t>(config.endmembers);
  size_t bytes = 0;
  check_status(orthant_scores_size_f64(&config, &bytes), "eval");
  const Workspace workspace(bytes);
  std::vector<int32_t> match(p);
  std::vector<double> angle(p, std::nan(""));
  auto scores = sized<orthant_scores>();
  check_status(orthant_scores_run_f64(&config, workspace.data(), bytes, with_E ? E.values.data() : nullptr,
                                      config.bands, with_E ? E_true.values.data() : nullptr, config.bands,
                                      with_A ? a.data() : nullptr, config.endmembers, with_A ? a_true.data() : nullptr,
                                      config.endmembers, match.data(), with_E ? angle.data() : nullptr, &scores),
               "eval");
  names = names_or_numbers(names, config.endmembers, "e");
  true_names = names_or_numbers(true_names, config.endmembers, "truth ");

  const double degrees = 180 / std::acos(-1.0);
  std::vector<double> rmse(p, std::nan(""));
  for (size_t t = 0; t < p && with_A; ++t) {
    const auto found = [&](size_t j) { return a[static_cast<size_t>(match[t]) + p * j]; };
    const auto truth = [&](size_t j) { return a_true[t + p * j]; };
    // In the unit of the largest, for no square to overflow.
    double largest = 0, sum = 0;
    for (size_t j = 0; j < both.size(); ++j) largest = std::max({largest, std::abs(found(j)), std::abs(truth(j))});
    int unit = 0;
    std::frexp(largest, &unit);
    for (size_t j = 0; j < both.size(); ++j)
      sum += std::pow(std::ldexp(found(j), -unit) - std::ldexp(truth(j), -unit), 2);
    rmse[t] = std::ldexp(std::sqrt(sum / static_cast<double>(both.size())), unit);
  }

  if (common.json) {
    Json json;
    json.object().value("schema_version", 1).value("verb", "eval").value("orthant_version", orthant_version());
    json.value("command", common.command);
    json.array("endmembers");
    for (size_t t = 0; t < p; ++t) {
      json.object().value("truth", true_names[t]).value("estimate", names[static_cast<size_t>(match[t])]);
      if (with_E) json.value("angle_degrees", angle[t] * degrees);
      if (with_A) json.value("rmse", rmse[t]);
      json.end();
    }
    json.end();
    if (with_E) json.value("mean_angle_degrees", scores.mean_angle * degrees);
    if (with_A)
      json.value("rmse", scores.rmse).value("armse", scores.armse).value("pixels", static_cast<int64_t>(both.size()));
    json.end();
    put(json.text());
    return;
  }
  std::printf("%-20s %-20s%s%s\n", "truth", "estimate", with_E ? "  angle (degrees)" : "", with_A ? "      RMSE" : "");
  for (size_t t = 0; t < p; ++t) {
    std::printf("%-20s %-20s", true_names[t].c_str(), names[static_cast<size_t>(match[t])].c_str());
    if (with_E) std::printf("  %15.4f", angle[t] * degrees);
    if (with_A) std::printf("  %8.5f", rmse[t]);
    put("\n");
  }
  if (with_E) std::printf("mean spectral angle  %.4f degrees\n", scores.mean_angle * degrees);
  if (with_A) std::printf("RMSE                 %.5f\naRMSE                %.5f\n", scores.rmse, scores.armse);
}

}  // namespace

void add_eval(CLI::App &app, Common &common) {
  auto flags = std::make_shared<EvalFlags>();
  CLI::App &verb =
      *app.add_subcommand("eval", "spectral angles and abundance errors against a truth, matched by assignment");
  add_examples(verb,
               {"orthant eval maps --truth-abundances gt.mat:A --truth-endmembers gt.mat:M",
                "orthant eval --endmembers found.sli --truth-endmembers library.sli",
                "orthant eval --abundances maps/abundances.img --truth-abundances truth.hdr --json", "",
                "A truth that is a plain matrix takes the estimate's lines and samples; in a .mat file its pixels",
                "count as line + lines*sample, in others as sample + samples*line; see --order."});
  verb.add_option("directory", flags->directory, "what unmix wrote")->type_name("DIR");
  verb.add_option("--abundances", flags->abundances, "estimated abundances, in place of the directory's")
      ->type_name("FILE");
  verb.add_option("--endmembers", flags->endmembers, "estimated endmembers, in place of the directory's")
      ->type_name("FILE");
  verb.add_option("--truth-abundances", flags->true_abundances, "true abundances, endmembers x pixels or an image")
      ->type_name("FILE");
  verb.add_option("--truth-endmembers", flags->true_endmembers, "true spectra, bands x endmembers")->type_name("FILE");
  verb.add_option("--shape", flags->input.shape, "LINESxSAMPLES, where neither side states it")->type_name("LxS");
  verb.add_option("--order", flags->input.order, "order of the pixels of a plain matrix, as in unmix")
      ->check(CLI::IsMember({"auto", "line", "column"}))
      ->capture_default_str();
  add_common(verb, common, flags_basic);
  verb.callback([flags, &common] { eval(common, *flags); });
}

}  // namespace orthant::tool
