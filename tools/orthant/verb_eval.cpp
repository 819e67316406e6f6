// orthant eval: an unmixing against the truth, matched by assignment.
#include <algorithm>
#include <cmath>

#include "api.hpp"
#include "input.hpp"
#include "spectra.hpp"

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

void settle(EvalFlags &flags) {
  if (!flags.directory.empty() && !fs::is_directory(flags.directory)) {
    throw InputError(flags.directory +
                     ": is no directory that unmix wrote; for single files use --abundances and --endmembers");
  }
  if (flags.abundances.empty()) flags.abundances = in_directory(flags.directory, "abundances.img");
  if (flags.endmembers.empty()) flags.endmembers = in_directory(flags.directory, "endmembers.sli");
  if (flags.true_abundances.empty() && flags.true_endmembers.empty()) {
    throw UsageError("eval needs a truth: --truth-abundances FILE, --truth-endmembers FILE, or both");
  }
  if (!flags.true_abundances.empty() && flags.abundances.empty()) {
    throw UsageError("no estimated abundances: give a directory that unmix wrote, or --abundances FILE");
  }
  if (!flags.true_endmembers.empty() && flags.endmembers.empty()) {
    throw UsageError("no estimated endmembers: give a directory that unmix wrote, or --endmembers FILE");
  }
}

struct Spectra {
  Table<double> estimate, truth;
};

// The truth on the bands of the estimate, and both on those that they share, where both state wavelengths.
void match_bands(const Common &common, const Data &truth, Spectra &s) {
  const Grid grid = grid_of(s.estimate.meta, s.estimate.rows), own = grid_of(s.truth.meta, s.truth.rows);
  if (!truth.spectra || !grid.known() || !own.known()) return;
  OnGrid<double> matched = onto_grid(s.truth, truth.good, grid);
  for (const std::string &text : matched.said) say(common, s.truth.meta.source + ": " + text);
  if (matched.bands.empty()) {
    throw InputError(s.truth.meta.source + ": has no wavelength in common with " + s.estimate.meta.source);
  }
  s.estimate = taken_rows(s.estimate, {}, {}, matched.bands).spectra;
  s.truth = std::move(matched.spectra);
}

Spectra read_spectra(const Common &common, const EvalFlags &flags) {
  const Data data = read_data(flags.endmembers), true_data = read_data(flags.true_endmembers);
  Spectra s;
  s.estimate = to_table<double>(data);
  s.truth = to_table<double>(true_data, s.estimate.rows);
  // A plain matrix may hold one spectrum a row; the truth then shows which side the bands are.
  if (s.estimate.rows != s.truth.rows) s.estimate = to_table<double>(data, s.truth.rows);
  match_bands(common, true_data, s);
  const Table<double> &E = s.estimate;
  if (E.rows != s.truth.rows || E.cols != s.truth.cols) {
    throw InputError(cat(flags.true_endmembers, ": is ", s.truth.rows, " bands x ", s.truth.cols, " endmembers, ",
                         flags.endmembers, " is ", E.rows, " x ", E.cols,
                         "; both need the same bands and the same number of endmembers"));
  }
  return s;
}

struct Maps {
  Image<double> estimate, truth;
  int64_t pixels = 0;                       // that have both
  std::vector<double> values, true_values;  // of these, endmembers x pixels
};

Maps read_maps(const Common &common, const EvalFlags &flags, int64_t endmembers) {
  Maps m;
  ImageOptions options = image_options(flags.input);
  options.notice = false;  // abundances are no measurements
  options.bands = endmembers;
  const Data data = read_data(flags.abundances), true_data = read_data(flags.true_abundances);
  m.estimate = to_image<double>(data, options);
  const Image<double> &A = m.estimate, &A_true = m.truth;
  if (A.shaped && options.lines == 0) {
    options.lines = A.lines;
    options.samples = A.samples;
  }
  options.bands = A.bands;
  if (true_data.raster) options.lines = options.samples = 0;  // it states its shape itself
  m.truth = to_image<double>(true_data, options);
  if (A.bands != A_true.bands || A.lines != A_true.lines || A.samples != A_true.samples) {
    throw InputError(cat(flags.true_abundances, ": is ", A_true.lines, " lines x ", A_true.samples, " samples x ",
                         A_true.bands, " endmembers, ", flags.abundances, " is ", A.lines, " x ", A.samples, " x ",
                         A.bands, "; give --shape, or the right truth"));
  }
  if (endmembers > 0 && A.bands != endmembers) {
    throw InputError(cat(flags.abundances, ": has ", A.bands, " abundances, ", flags.endmembers, " has ", endmembers,
                         " endmembers"));
  }
  const std::vector<int64_t> valid = valid_pixels(A), valid_true = valid_pixels(A_true);
  std::vector<int64_t> both;
  std::set_intersection(valid.begin(), valid.end(), valid_true.begin(), valid_true.end(), std::back_inserter(both));
  m.pixels = static_cast<int64_t>(both.size());
  if (both.empty()) throw InputError(flags.abundances + ": no pixel has both an estimate and a truth");
  if (m.pixels < A.pixels()) warn(common, cat(A.pixels() - m.pixels, " pixels have a missing value and are left out"));
  m.values = gathered(A, both);
  m.true_values = gathered(A_true, both);
  return m;
}

struct Scores {
  size_t endmembers = 0;
  std::vector<std::string> names, true_names;
  std::vector<int32_t> match;
  std::vector<double> angle, rmse;  // degrees, of each true endmember; NaN where it is not known
  orthant_scores overall = sized<orthant_scores>();
};

constexpr double degrees = 180 / 3.14159265358979323846;

// Root mean square of a - b, both with a stride, in the unit of the largest, for no square to overflow.
double rms_difference(const double *a, const double *b, size_t stride, size_t count) {
  double largest = 0, sum = 0;
  for (size_t j = 0; j < count; ++j) largest = std::max({largest, std::abs(a[stride * j]), std::abs(b[stride * j])});
  int unit = 0;
  std::frexp(largest, &unit);
  for (size_t j = 0; j < count; ++j) {
    sum += std::pow(std::ldexp(a[stride * j], -unit) - std::ldexp(b[stride * j], -unit), 2);
  }
  return std::ldexp(std::sqrt(sum / static_cast<double>(count)), unit);
}

// Either of the two may be empty.
Scores compare(const Spectra &spectra, const Maps &maps) {
  const bool with_E = spectra.estimate.cols > 0, with_A = maps.pixels > 0;
  auto config = sized<orthant_scores_config>();
  config.bands = static_cast<int32_t>(spectra.estimate.rows);
  config.endmembers = static_cast<int32_t>(with_A ? maps.estimate.bands : spectra.estimate.cols);
  config.pixels = static_cast<int32_t>(maps.pixels);
  const auto p = static_cast<size_t>(config.endmembers);
  size_t bytes = 0;
  check_status(orthant_scores_size_f64(&config, &bytes), "eval", config);
  const Workspace workspace(bytes);
  Scores s;
  s.endmembers = p;
  s.match.resize(p);
  s.angle.assign(p, std::nan(""));
  s.rmse.assign(p, std::nan(""));
  const auto data = [](bool known, const std::vector<double> &v) { return known ? v.data() : nullptr; };
  check_status(orthant_scores_run_f64(&config, workspace.data(), bytes, data(with_E, spectra.estimate.values),
                                      config.bands, data(with_E, spectra.truth.values), config.bands,
                                      data(with_A, maps.values), config.endmembers, data(with_A, maps.true_values),
                                      config.endmembers, s.match.data(), with_E ? s.angle.data() : nullptr, &s.overall),
               "eval");
  for (double &angle : s.angle) angle *= degrees;
  for (size_t t = 0; t < p && with_A; ++t) {
    s.rmse[t] = rms_difference(maps.values.data() + s.match[t], maps.true_values.data() + t, p,
                               static_cast<size_t>(maps.pixels));
  }
  const auto names = [&](const Table<double> &E, const Image<double> &A, const char *letter) {
    return names_or_numbers(E.names.empty() ? A.meta.band_names : E.names, config.endmembers, letter);
  };
  s.names = names(spectra.estimate, maps.estimate, "e");
  s.true_names = names(spectra.truth, maps.truth, "truth ");
  return s;
}

std::string json_text(const Common &common, const Scores &s, bool with_E, int64_t pixels) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "eval").value("orthant_version", orthant_version());
  json.value("command", common.command);
  json.array("endmembers");
  for (size_t t = 0; t < s.endmembers; ++t) {
    json.object().value("truth", s.true_names[t]).value("estimate", s.names[static_cast<size_t>(s.match[t])]);
    if (with_E) json.value("angle_degrees", s.angle[t]);
    if (pixels > 0) json.value("rmse", s.rmse[t]);
    json.end();
  }
  json.end();
  if (with_E) json.value("mean_angle_degrees", s.overall.mean_angle * degrees);
  if (pixels > 0) json.value("rmse", s.overall.rmse).value("armse", s.overall.armse).value("pixels", pixels);
  json.end();
  return json.text();
}

void print(const Scores &s, bool with_E, bool with_A) {
  put(format("%-20s %-20s%s%s\n", "truth", "estimate", with_E ? "  angle (degrees)" : "", with_A ? "      RMSE" : ""));
  for (size_t t = 0; t < s.endmembers; ++t) {
    put(format("%-20s %-20s", s.true_names[t].c_str(), s.names[static_cast<size_t>(s.match[t])].c_str()));
    if (with_E) put(format("  %15.4f", s.angle[t]));
    if (with_A) put(format("  %8.5f", s.rmse[t]));
    put("\n");
  }
  if (with_E) put(format("mean spectral angle  %.4f degrees\n", s.overall.mean_angle * degrees));
  if (with_A) put(format("RMSE                 %.5f\naRMSE                %.5f\n", s.overall.rmse, s.overall.armse));
}

void eval(Common &common, EvalFlags flags) {
  settle(flags);
  const bool with_E = !flags.true_endmembers.empty();
  Spectra spectra;
  Maps maps;
  if (with_E) spectra = read_spectra(common, flags);
  if (!flags.true_abundances.empty()) maps = read_maps(common, flags, spectra.estimate.cols);
  const Scores s = compare(spectra, maps);
  if (common.json) {
    put(json_text(common, s, with_E, maps.pixels));
  } else {
    print(s, with_E, maps.pixels > 0);
  }
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
