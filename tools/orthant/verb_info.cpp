// orthant info: what a file holds, its statistics, and what is wrong with it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "input.hpp"
#include "parse.hpp"

namespace orthant::tool {

namespace {

struct InfoFlags {
  std::string file;
  bool check = false;
  ImageFlags input;
};

struct Statistics {
  int64_t count = 0, missing = 0, infinite = 0, negative = 0, zero_rows = 0, zero_cols = 0;
  double least = std::numeric_limits<double>::infinity(), most = -least;
  double mean = 0, deviation = 0;
};

// Of a rows x cols matrix, of which `visit` calls its argument with (i, j, v) for `stored` entries: the others are
// zero.
template <class Visit>
Statistics statistics(int64_t rows, int64_t cols, int64_t stored, Visit visit) {
  Statistics s;
  std::vector<char> row_used(static_cast<size_t>(rows), 0), col_used(static_cast<size_t>(cols), 0);
  const int64_t zeros = rows * cols - stored;
  s.count = zeros;
  if (zeros > 0) s.least = s.most = 0;
  visit([&](int64_t i, int64_t j, double v) {
    if (v != 0) row_used[static_cast<size_t>(i)] = col_used[static_cast<size_t>(j)] = 1;
    s.missing += std::isnan(v);
    s.infinite += std::isinf(v);
    if (!std::isfinite(v)) return;
    ++s.count;
    s.negative += v < 0;
    s.least = std::min(s.least, v);
    s.most = std::max(s.most, v);
  });
  s.zero_rows = std::count(row_used.begin(), row_used.end(), 0);
  s.zero_cols = std::count(col_used.begin(), col_used.end(), 0);
  if (s.count == 0) return s;
  // In the unit of the largest, for neither the sum nor the squares to overflow.
  int unit = 0;
  std::frexp(std::max(-s.least, s.most), &unit);
  double sum = 0, squares = 0;
  visit([&](int64_t, int64_t, double v) {
    const double x = std::isfinite(v) ? std::ldexp(v, -unit) : 0;
    sum += x;
    squares += x * x;
  });
  const double n = static_cast<double>(s.count), mean = sum / n;
  s.mean = std::ldexp(mean, unit);
  s.deviation = std::ldexp(std::sqrt(std::max(0.0, squares / n - mean * mean)), unit);
  return s;
}

Statistics statistics(const std::vector<double> &values, int64_t rows) {
  const auto cols = static_cast<int64_t>(values.size()) / rows;
  return statistics(rows, cols, rows * cols, [&](auto take) {
    for (int64_t j = 0; j < cols; ++j) {
      for (int64_t i = 0; i < rows; ++i) take(i, j, values[static_cast<size_t>(i + rows * j)]);
    }
  });
}

Statistics statistics(const Sparse &A, int64_t rows) {
  const auto cols = static_cast<int64_t>(A.starts.size()) - 1;
  return statistics(rows, cols, static_cast<int64_t>(A.values.size()), [&](auto take) {
    for (int64_t j = 0; j < cols; ++j) {
      for (int32_t t = A.starts[static_cast<size_t>(j)]; t < A.starts[static_cast<size_t>(j) + 1]; ++t) {
        take(A.indices[static_cast<size_t>(t)], j, A.values[static_cast<size_t>(t)]);
      }
    }
  });
}

// A MATLAB file without a variable: what there is to select.
void list_variables(const Common &common, const std::string &file) {
  const std::vector<std::string> variables = list_mat(file);
  if (common.json) {
    Json json;
    json.object().value("schema_version", 1).value("verb", "info").value("input", file);
    json.value("format", "MATLAB file").value("variables", variables).end();
    put(json.text());
    return;
  }
  put(cat(file, ": MATLAB file, select a variable with ", file, ":NAME\n"));
  for (const std::string &line : variables) put(cat("  ", line, "\n"));
}

// An image (lines above 0) or a table, and what was found out about it.
struct Facts {
  int64_t rows = 0, cols = 0, lines = 0, samples = 0;
  std::vector<std::string> names, problems;
  Meta meta;
  Statistics statistics;
};

std::vector<std::string> problems_of(const Statistics &s, bool image) {
  std::vector<std::string> problems;
  const auto problem = [&](int64_t n, const char *what) {
    if (n > 0) problems.push_back(count_text(static_cast<double>(n)) + what);
  };
  problem(s.missing, " values are missing (NaN, empty, or the ignore value)");
  problem(s.infinite, " values are infinite");
  problem(s.negative, " values are negative; nmf refuses them");
  problem(s.zero_rows, image ? " bands are zero everywhere" : " rows are zero everywhere");
  problem(s.zero_cols, image ? " pixels are zero in all bands" : " columns are zero everywhere");
  return problems;
}

// What is wrong with the wavelengths.
void add_wavelength_problems(const std::vector<double> &wavelength, std::vector<std::string> &problems) {
  const auto bad =
      std::count_if(wavelength.begin(), wavelength.end(), [](double w) { return !(w > 0) || std::isinf(w); });
  if (bad > 0) {
    problems.push_back(cat(bad, " of ", wavelength.size(), " wavelengths are no positive numbers"));
  } else if (!std::is_sorted(wavelength.begin(), wavelength.end()) &&
             !std::is_sorted(wavelength.rbegin(), wavelength.rend())) {
    problems.push_back("wavelengths are not in order");
  }
}

// A header without its data.
Facts facts_of_header(const Data &data) {
  Facts f;
  f.rows = data.axis[0].count;
  if (data.raster) {
    f.lines = data.axis[1].count;
    f.samples = data.axis[2].count;
  } else {
    f.cols = data.axis[1].count;
  }
  f.meta = data.meta;
  f.names = data.raster ? f.meta.band_names : f.meta.spectra_names;
  f.problems = data.meta.warnings;
  add_wavelength_problems(f.meta.wavelength, f.problems);
  return f;
}

Facts facts_of(const InfoFlags &flags, const Data &data) {
  Facts f;
  std::vector<double> values;
  if (data.sparse && flags.input.shape.empty()) {
    f.rows = data.axis[0].count;
    f.cols = data.axis[1].count;
    f.meta = data.meta;
    f.statistics = statistics(*data.sparse, f.rows);
    f.problems = problems_of(f.statistics, false);
    return f;
  }
  if (data.raster || !flags.input.shape.empty()) {
    ImageOptions options = image_options(flags.input);
    options.spend = true;
    Image<double> image = to_image<double>(data, options);
    f.rows = image.bands;
    f.lines = image.lines;
    f.samples = image.samples;
    values = std::move(image.values);
    f.meta = std::move(image.meta);
    f.names = f.meta.band_names;
  } else {
    Table<double> table = to_table<double>(data, 0, image_options(flags.input));
    f.rows = table.rows;
    values = std::move(table.values);
    f.meta = std::move(table.meta);
    f.names = table.names;
  }
  f.cols = static_cast<int64_t>(values.size()) / f.rows;
  f.statistics = statistics(values, f.rows);
  f.problems = problems_of(f.statistics, f.lines > 0);
  f.problems.insert(f.problems.end(), f.meta.warnings.begin(), f.meta.warnings.end());
  add_wavelength_problems(f.meta.wavelength, f.problems);
  return f;
}

std::string json_text(const std::string &file, const Data &data, const Facts &f) {
  const Statistics &s = f.statistics;
  Json json;
  json.object().value("schema_version", 1).value("verb", "info").value("input", file);
  json.value("input_sha256", f.meta.sha256).value("format", f.meta.format).value("element", element_name(data.element));
  if (f.lines > 0) {
    json.value("lines", f.lines).value("samples", f.samples).value("bands", f.rows);
  } else {
    json.value("rows", f.rows).value("columns", f.cols);
    if (data.sparse) json.value("nonzeros", static_cast<int64_t>(data.sparse->values.size()));
    if (data.lines) json.value("stated_lines", data.lines).value("stated_samples", data.samples);
  }
  json.object("statistics").value("count", s.count).value("minimum", s.least).value("maximum", s.most);
  json.value("mean", s.mean).value("standard_deviation", s.deviation).value("missing", s.missing);
  json.value("negative", s.negative).end();
  if (!f.meta.wavelength.empty()) json.value("wavelength_micrometres", f.meta.wavelength);
  if (!f.names.empty()) json.value("names", f.names);
  json.value("description", f.meta.description).value("notes", f.meta.notes).value("problems", f.problems).end();
  return json.text();
}

// The first eight of them.
std::string names_text(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(names.size(), 8); ++i) text += (i ? ", " : "") + names[i];
  return text + (names.size() > 8 ? ", ..." : "");
}

void print(const std::string &file, const Data &data, const Facts &f) {
  const Statistics &s = f.statistics;
  put(cat(file, "\n  format       ", f.meta.format, ", ", element_name(data.element),
          data.big_endian && element_size(data.element) > 1 ? ", big-endian" : "", "\n"));
  if (f.lines > 0) {
    put(cat("  shape        ", f.lines, " lines x ", f.samples, " samples x ", f.rows, " bands\n"));
  } else {
    put(cat("  shape        ", f.rows, " x ", f.cols, data.spectra ? " (bands x spectra)" : "", "\n"));
  }
  if (data.sparse) {
    const auto stored = static_cast<double>(data.sparse->values.size());
    const double share = stored / (static_cast<double>(f.rows) * static_cast<double>(f.cols));
    put(cat("  nonzeros     ", count_text(stored), ", ", rounded(100 * share), " %\n"));
  }
  if (f.lines == 0 && data.lines > 0) {
    put(cat("  image shape  ", data.lines, "x", data.samples, ", stated in the file\n"));
  }
  if (!f.meta.wavelength.empty()) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double w : f.meta.wavelength) {
      low = std::min(low, std::isfinite(w) ? w : low);
      high = std::max(high, std::isfinite(w) ? w : high);
    }
    put(cat("  wavelength   ", rounded(low), " to ", rounded(high), " micrometres\n"));
  }
  if (!f.names.empty()) put(cat("  names        ", names_text(f.names), "\n"));
  if (s.count > 0)
    put(cat("  values       ", rounded(s.least), " to ", rounded(s.most), ", mean ", rounded(s.mean),
            ", standard deviation ", rounded(s.deviation), "\n"));
  for (const auto &[key, value] : f.meta.carried) {
    std::string text = value.substr(0, 90);
    std::replace(text.begin(), text.end(), '\n', ' ');
    put(format("  %-12s %s\n", key.c_str(), text.c_str()));
  }
  if (!f.meta.description.empty()) put(cat("  description  ", f.meta.description, "\n"));
  if (!f.meta.sha256.empty()) put(cat("  sha256       ", f.meta.sha256, "\n"));
  for (const std::string &note : f.meta.notes) put(cat("  note         ", note, "\n"));
  for (const std::string &text : f.problems) put(cat("  problem      ", text, "\n"));
  if (f.problems.empty()) put("  problems     none\n");
}

void info(Common &common, const InfoFlags &flags) {
  if (lower(fs::path(flags.file).extension().string()) == ".mat") return list_variables(common, flags.file);
  const std::optional<Data> lone = read_lone_header(flags.file);
  const Data data = lone ? *lone : read_data(flags.file, Checksum::sha256);
  const Facts f = lone ? facts_of_header(data) : facts_of(flags, data);
  if (common.json) {
    put(json_text(flags.file, data, f));
  } else {
    print(flags.file, data, f);
  }
  if (flags.check && !f.problems.empty()) common.exit_code = exit_input;
}

}  // namespace

void add_info(CLI::App &app, Common &common) {
  auto flags = std::make_shared<InfoFlags>();
  CLI::App &verb = *app.add_subcommand("info", "header, statistics and problems of a file");
  add_examples(verb, {"orthant info scene.hdr", "orthant info cube.mat              the variables of a MATLAB file",
                      "orthant info cube.mat:Y --json",
                      "orthant info table.csv --check     exit code 3 where a problem is found"});
  verb.add_option("file", flags->file, "ENVI header or data, .sli, FILE.mat:NAME, .npy, .csv, IDX")->required();
  verb.add_flag("--check", flags->check, "exit code 3 where a problem is found");
  add_image_flags(verb, flags->input);
  add_common(verb, common, flags_basic);
  verb.callback([flags, &common] { info(common, *flags); });
}

}  // namespace orthant::tool
