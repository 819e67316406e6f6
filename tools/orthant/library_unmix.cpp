#include "library_unmix.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <numeric>

#include "counting.hpp"

namespace orthant::tool {

void add_library_flags(CLI::App &verb, LibraryFlags &flags) {
  const char *group = "Libraries of many spectra";
  CLI::Option *sparse = verb.add_option("--sparse", flags.sparse,
                                        "unmix by a whole library, with this penalty on the sum of the abundances")
                            ->check(CLI::NonNegativeNumber)
                            ->type_name("L1");
  CLI::Option *mesma = verb.add_flag("--mesma", flags.mesma, "the best model of one spectrum a class for each pixel");
  CLI::Option *bootstrap = verb.add_option("--bootstrap", flags.draws,
                                           "fractions of the classes and their scatter over so many draws of spectra")
                               ->check(CLI::Range(2, 1000000))
                               ->type_name("DRAWS");
  sparse->excludes(mesma)->excludes(bootstrap);
  mesma->excludes(bootstrap);
  std::vector<CLI::Option *> all = {sparse, mesma, bootstrap};
  all.push_back(verb.add_option("--each", flags.each, "--bootstrap: spectra of each class in a draw; 0: 1"));
  all.push_back(verb.add_flag("--sum-to-one", flags.sum_to_one, "abundances sum to one; with --mesma: no shade"));
  all.push_back(
      verb.add_flag("--noise", flags.noise,
                    "weigh each band by its noise, estimated from the image; --bootstrap then draws noise too"));
  all.push_back(verb.add_flag("--deviations", flags.deviations, "--sparse: standard deviations of the abundances too"));
  all.push_back(verb.add_option("--classes", flags.classes,
                                "a label for each spectrum, with commas, or a file of one a line; else their names "
                                "without a number at the end")
                    ->type_name("LABELS"));
  all.push_back(verb.add_option("--least-classes", flags.least, "--mesma: classes of a model; 0: 1"));
  all.push_back(verb.add_option("--most-classes", flags.most, "--mesma: the same; 0: all"));
  all.push_back(verb.add_flag("--brightness", flags.normalize, "--mesma: divide all spectra by their root mean square"));
  all.push_back(verb.add_option("--slack", flags.slack, "--mesma: fractions in [-X, 1 + X]; 0: 0.05; < 0: any"));
  all.push_back(verb.add_option("--max-shade", flags.max_shade, "--mesma: 0: 0.8; < 0: any"));
  all.push_back(verb.add_option("--max-rmse", flags.max_rmse, "--mesma: in the image's unit; 0: 0.025; < 0: any"));
  all.push_back(
      verb.add_option("--gain", flags.gain, "--mesma: RMSE that one more class must gain; 0: 0.007; < 0: none"));
  for (CLI::Option *option : all) option->group(group);
}

const char *LibraryFlags::method() const {
  if (mesma) return "mesma";
  return draws > 0 ? "bootstrap" : "sparse";
}

namespace {

std::vector<std::string> labels_of(const std::string &given) {
  std::vector<std::string> labels;
  std::ifstream file(given);
  std::string line, text = given;
  if (file) {
    while (std::getline(file, line)) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) labels.push_back(line);
    }
    return labels;
  }
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    labels.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return labels;
}

std::string without_number(std::string name) {
  const std::string whole = name;
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
  while (!name.empty() && std::string(" _-.:#").find(name.back()) != std::string::npos) name.pop_back();
  return name.empty() ? whole : name;
}

}  // namespace

Classes classes_of(const std::vector<std::string> &spectra, const std::string &given) {
  Classes out;
  const std::vector<std::string> labels = given.empty() ? std::vector<std::string>() : labels_of(given);
  if (!given.empty() && labels.size() != spectra.size()) {
    throw UsageError(cat("--classes ", given, ": has ", labels.size(), " labels, the library ", spectra.size(),
                         " spectra; give a label for each, separated by commas or one on each line of a file"));
  }
  for (size_t k = 0; k < spectra.size(); ++k) {
    const std::string label = given.empty() ? without_number(spectra[k]) : labels[k];
    const auto at = std::find(out.names.begin(), out.names.end(), label);
    out.of.push_back(static_cast<int32_t>(at - out.names.begin()));
    if (at == out.names.end()) out.names.push_back(label);
  }
  return out;
}

namespace {

template <class T>
Image<T> raster_like(const Image<T> &image, std::vector<std::string> band_names, const Record &record) {
  Image<T> out;
  out.bands = static_cast<int64_t>(band_names.size());
  out.lines = image.lines;
  out.samples = image.samples;
  out.values.assign(static_cast<size_t>(out.bands * out.pixels()), std::numeric_limits<T>::quiet_NaN());
  out.meta.band_names = std::move(band_names);
  out.meta.carried = image.meta.carried;
  out.meta.description = record.text();
  return out;
}

// What one way of unmixing leaves: rasters by their file names, and what is said of them.
template <class T>
struct Found {
  std::vector<std::pair<std::string, Image<T>>> rasters;  // the first is drawn
  std::vector<std::pair<std::string, double>> facts;
  Table<T> used;  // spectra
  int64_t done = 0;
  double seconds = 0;
};

// Panels of pixels until the end or Ctrl-C; run(first, count) works on one.
template <class Run>
int64_t by_panels_of_pixels(const Common &common, int64_t pixels, const Run &run) {
  watch_interrupt();
  Progress progress(common, "unmixing");
  const int64_t panel = std::max<int64_t>(2048, pixels / 100);
  int64_t done = 0;
  while (done < pixels && !interrupted()) {
    const int64_t count = std::min(panel, pixels - done);
    run(done, count);
    done += count;
    progress.update(static_cast<double>(done) / static_cast<double>(pixels),
                    count_text(static_cast<double>(done)) + " pixels");
  }
  return done;
}

template <class T>
std::vector<double> means_of(const Image<T> &raster) {
  std::vector<double> sum(static_cast<size_t>(raster.bands), 0.0);
  double pixels = 0;
  for (int64_t p = 0; p < raster.pixels(); ++p) {
    if (!std::isfinite(raster.pixel(p)[0])) continue;
    pixels += 1;
    for (int64_t k = 0; k < raster.bands; ++k) sum[static_cast<size_t>(k)] += static_cast<double>(raster.pixel(p)[k]);
  }
  for (double &s : sum) s /= std::max(pixels, 1.0);
  return sum;
}

template <class T>
std::vector<T> variances_of(const Common &common, const LibraryFlags &flags, const Image<T> &image, const Pool &pool) {
  std::vector<T> variance;
  if (!flags.noise) return variance;
  for (const double deviation : count_spectra(common, image, "hysime", pool).noise)
    variance.push_back(static_cast<T>(deviation * deviation));
  return variance;
}

// The classes of the spectra, which should be fewer than these.
Classes classes_for(const Common &common, const LibraryFlags &flags, const std::vector<std::string> &names) {
  Classes classes = classes_of(names, flags.classes);
  if (classes.names.size() == names.size() && flags.classes.empty())
    warn(common, "every spectrum is a class of its own; with --classes spectra of one material share a class");
  return classes;
}

template <class T>
Found<T> sparse(const Common &common, const LibraryFlags &flags, const Record &record, const Image<T> &image,
                const Table<T> &E, const Pool &pool) {
  auto c = sized<orthant_library_config>();
  c.bands = static_cast<int32_t>(image.bands);
  c.spectra = static_cast<int32_t>(E.cols);
  c.sum_to_one = flags.sum_to_one;
  c.l1 = std::max(flags.sparse, 0.0);
  c.parallel = pool.parallel();
  const std::vector<T> variance = variances_of(common, flags, image, pool);
  size_t bytes = 0;
  check_status(Api<T>::library_size(&c, &bytes), "unmix by a library");
  const Workspace memory(bytes);
  typename Api<T>::Library *handle = nullptr;
  check_status(Api<T>::library_init(&c, E.values.data(), c.bands, flags.noise ? variance.data() : nullptr,
                                    memory.data(), bytes, &handle),
               "unmix by a library");
  Found<T> f;
  Image<T> A = raster_like(image, E.names, record), D = A;
  Image<T> quality = raster_like(image, {"residual rms", "spectra in use"}, record);
  double kkt = 0, objective = 0;
  const double begun = seconds_now();
  f.done = by_panels_of_pixels(common, image.pixels(), [&](int64_t first, int64_t count) {
    const auto Y = matrix(image.pixel(first), image.bands, count);
    auto report = sized<orthant_report>();
    const orthant_status status = Api<T>::library_run(handle, &Y, A.pixel(first), c.spectra,
                                                      flags.deviations ? D.pixel(first) : nullptr, c.spectra, &report);
    if (status != ORTHANT_E_DATA) check_status(status, "unmix by a library");  // missing pixels are known already
    kkt = std::max(kkt, report.kkt);
    objective += report.objective;
  });
  f.seconds = seconds_now() - begun;
  for (int64_t p = 0; p < image.pixels(); ++p) {
    if (!std::isfinite(A.pixel(p)[0])) continue;
    std::vector<double> rest(image.pixel(p), image.pixel(p) + image.bands);
    double squares = 0, used = 0;
    for (int64_t k = 0; k < E.cols; ++k) {
      const double a = static_cast<double>(A.pixel(p)[k]);
      used += a > 0;
      for (int64_t b = 0; a > 0 && b < image.bands; ++b)
        rest[static_cast<size_t>(b)] -= a * static_cast<double>(E(b, k));
    }
    for (const double r : rest) squares += r * r;
    quality.pixel(p)[0] = static_cast<T>(std::sqrt(squares / static_cast<double>(image.bands)));
    quality.pixel(p)[1] = static_cast<T>(used);
  }
  const std::vector<double> mean = means_of(quality);
  f.facts = {{"largest_kkt", kkt}, {"objective", objective}, {"mean_residual_rms", mean[0]}, {"mean_spectra", mean[1]}};
  f.rasters.emplace_back("abundances.img", std::move(A));
  f.rasters.emplace_back("quality.img", std::move(quality));
  if (flags.deviations) f.rasters.emplace_back("deviations.img", std::move(D));
  return f;
}

template <class T>
orthant_mesma_config mesma_config(const LibraryFlags &flags, const Image<T> &image, const Table<T> &E, size_t classes,
                                  const Pool &pool) {
  auto c = sized<orthant_mesma_config>();
  c.bands = static_cast<int32_t>(image.bands);
  c.spectra = static_cast<int32_t>(E.cols);
  c.classes = static_cast<int32_t>(classes);
  c.least = flags.least;
  c.most = flags.most;
  c.sum_to_one = flags.sum_to_one;
  c.normalize = flags.normalize;
  c.slack = flags.slack;
  c.max_shade = flags.max_shade;
  c.max_rmse = flags.max_rmse;
  c.gain = flags.gain;
  c.parallel = pool.parallel();
  return c;
}

template <class T>
Found<T> mesma(const Common &common, const LibraryFlags &flags, const Record &record, const Image<T> &image,
               const Table<T> &E, const Pool &pool) {
  const Classes classes = classes_for(common, flags, E.names);
  const orthant_mesma_config c = mesma_config(flags, image, E, classes.names.size(), pool);
  size_t bytes = 0;
  check_status(Api<T>::mesma_size(&c, &bytes), cat("mesma with ", c.classes, " classes"));
  const Workspace memory(bytes);
  typename Api<T>::Mesma *handle = nullptr;
  check_status(Api<T>::mesma_init(&c, E.values.data(), c.bands, classes.of.data(), memory.data(), bytes, &handle),
               "mesma");
  Found<T> f;
  std::vector<std::string> with_shade = classes.names;
  if (!flags.sum_to_one) with_shade.push_back("shade");
  Image<T> A = raster_like(image, with_shade, record), models = raster_like(image, classes.names, record);
  Image<T> quality = raster_like(image, {"rmse", "classes in the model"}, record);
  int32_t tried = 0;
  const double begun = seconds_now();
  f.done = by_panels_of_pixels(common, image.pixels(), [&](int64_t first, int64_t count) {
    const auto Y = matrix(image.pixel(first), image.bands, count);
    std::vector<int32_t> model(static_cast<size_t>(c.classes * count));
    std::vector<T> share(model.size()), rms(static_cast<size_t>(count));
    auto report = sized<orthant_report>();
    const orthant_status status =
        Api<T>::mesma_run(handle, &Y, model.data(), c.classes, share.data(), c.classes, rms.data(), &report);
    if (status != ORTHANT_E_DATA) check_status(status, "mesma");
    tried = std::max(tried, report.iters);
    for (int64_t p = 0; p < count; ++p) {
      const T *a = share.data() + p * c.classes;
      T sum = 0, used = 0;
      for (int32_t k = 0; k < c.classes; ++k) {
        const int32_t spectrum = model[static_cast<size_t>(k + p * c.classes)];
        A.pixel(first + p)[k] = a[k];
        models.pixel(first + p)[k] = static_cast<T>(spectrum + 1);
        sum += a[k];
        used += spectrum >= 0 ? T(1) : T(0);
      }
      if (!flags.sum_to_one) A.pixel(first + p)[c.classes] = T(1) - sum;
      quality.pixel(first + p)[0] = rms[static_cast<size_t>(p)];
      quality.pixel(first + p)[1] = used;
    }
  });
  f.seconds = seconds_now() - begun;
  double modelled = 0;
  for (int64_t p = 0; p < f.done; ++p) modelled += std::isfinite(quality.pixel(p)[0]) ? 1 : 0;
  const std::vector<double> mean = means_of(quality);
  f.facts = {{"modelled_pixels", modelled},
             {"mean_rmse", mean[0]},
             {"mean_classes", mean[1]},
             {"most_models_tried", static_cast<double>(tried)}};
  f.rasters.emplace_back("fractions.img", std::move(A));
  f.rasters.emplace_back("models.img", std::move(models));
  f.rasters.emplace_back("quality.img", std::move(quality));
  return f;
}

template <class T>
Found<T> bootstrap(const Common &common, const LibraryFlags &flags, const Record &record, const Image<T> &image,
                   const Table<T> &E, const Pool &pool) {
  const Classes classes = classes_for(common, flags, E.names);
  auto c = sized<orthant_bootstrap_config>();
  c.bands = static_cast<int32_t>(image.bands);
  c.spectra = static_cast<int32_t>(E.cols);
  c.classes = static_cast<int32_t>(classes.names.size());
  c.each = flags.each;
  c.draws = flags.draws;
  c.sum_to_one = flags.sum_to_one;
  c.seed = common.seed;
  c.parallel = pool.parallel();
  const std::vector<T> variance = variances_of(common, flags, image, pool);
  size_t bytes = 0;
  check_status(Api<T>::bootstrap_size(&c, &bytes), "bootstrap");
  const Workspace memory(bytes);
  typename Api<T>::Bootstrap *handle = nullptr;
  check_status(Api<T>::bootstrap_init(&c, E.values.data(), c.bands, classes.of.data(),
                                      variance.empty() ? nullptr : variance.data(), memory.data(), bytes, &handle),
               "bootstrap");
  Found<T> f;
  Image<T> A = raster_like(image, classes.names, record), D = A;
  const double begun = seconds_now();
  f.done = by_panels_of_pixels(common, image.pixels(), [&](int64_t first, int64_t count) {
    const auto Y = matrix(image.pixel(first), image.bands, count);
    const orthant_status status =
        Api<T>::bootstrap_run(handle, &Y, A.pixel(first), c.classes, D.pixel(first), c.classes, nullptr);
    if (status != ORTHANT_E_DATA) check_status(status, "bootstrap");
  });
  f.seconds = seconds_now() - begun;
  const std::vector<double> scatter = means_of(D);
  for (size_t k = 0; k < scatter.size(); ++k) f.facts.emplace_back("mean_deviation_of " + classes.names[k], scatter[k]);
  f.rasters.emplace_back("fractions.img", std::move(A));
  f.rasters.emplace_back("deviations.img", std::move(D));
  return f;
}

template <class T>
Found<T> run_method(const Common &common, const LibraryFlags &flags, const Record &record, const Image<T> &image,
                    const Table<T> &E, const Pool &pool) {
  if (flags.mesma) return mesma(common, flags, record, image, E, pool);
  if (flags.draws > 0) return bootstrap(common, flags, record, image, E, pool);
  return sparse(common, flags, record, image, E, pool);
}

// The maps of the most abundant bands, at most twelve.
template <class T>
void write_maps(const fs::path &path, const Image<T> &A, const std::vector<double> &mean, bool force) {
  std::vector<size_t> order(mean.size());
  std::iota(order.begin(), order.end(), size_t(0));
  if (order.size() > 12) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return mean[a] > mean[b]; });
    order.resize(12);
  }
  const int width = static_cast<int>(A.samples), height = static_cast<int>(A.lines);
  std::vector<Panel> panels;
  const Scale scale{ColourMap::viridis, {0, 1}};
  for (const size_t k : order) {
    const Plane plane = plane_of(A.values.data() + k, width, height, static_cast<size_t>(A.bands));
    panels.push_back(
        {A.meta.band_names[k], enlarge(draw_map(plane, scale.range, scale.map), enlargement(width, height, 300))});
  }
  write_file(path, png(contact_sheet(panels, 0, &scale)), force);
}

template <class T>
std::string summary_of(const Record &record, const LibraryFlags &flags, const Found<T> &f,
                       const std::vector<double> &mean, const std::string &directory,
                       const std::vector<std::string> &written) {
  const Image<T> &A = f.rasters.front().second;
  Json json;
  json.object().value("schema_version", 1).value("verb", "unmix");
  write_record(json, record);
  json.value("method", flags.method()).value("element", element_text<T>());
  if (flags.sparse >= 0) json.value("l1", flags.sparse);
  if (flags.draws > 0) json.value("draws", flags.draws);
  json.value("sum_to_one", flags.sum_to_one).value("finished", f.done == A.pixels());
  json.array("abundances");
  for (size_t k = 0; k < mean.size(); ++k)
    json.object().value("name", A.meta.band_names[k]).value("mean", mean[k]).end();
  json.end();
  for (const auto &[name, value] : f.facts) json.value(name.c_str(), value);
  json.value("seconds", f.seconds).value("directory", directory).value("files", written).end();
  return json.text();
}

template <class T>
void print(const Found<T> &f, const std::vector<double> &mean, const std::string &directory) {
  const Image<T> &A = f.rasters.front().second;
  std::vector<size_t> order(mean.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return mean[a] > mean[b]; });
  for (size_t k = 0; k < std::min<size_t>(order.size(), 12); ++k)
    put(cat(fixed(mean[order[k]], 4), "  ", A.meta.band_names[order[k]], "\n"));
  if (order.size() > 12) put(cat("        and ", order.size() - 12, " others with less\n"));
  for (const auto &[name, value] : f.facts) put(cat(name, " ", rounded(value), "\n"));
  put(cat(f.done, " pixels in ", duration_text(f.seconds), ", written to ", directory, "\n"));
}

}  // namespace

template <class T>
void unmix_by_library(Common &common, const LibraryFlags &flags, const std::string &output, const Record &record,
                      const Image<T> &image, const Table<T> &E, const Pool &pool) {
  if (common.dry_run) {
    say(common, cat("would unmix ", image.lines, " lines x ", image.samples, " samples x ", image.bands,
                    " bands by a library of ", E.cols, " spectra (", flags.method(), ", ", element_text<T>(), ") into ",
                    output));
    return;
  }
  const Found<T> f = run_method(common, flags, record, image, E, pool);
  const fs::path directory = output;
  make_output_directory(directory, common.force);
  std::vector<std::string> written;
  for (const auto &[name, raster] : f.rasters) {
    write_envi(directory / name, raster, common.force);
    written.push_back(name);
  }
  const Image<T> &A = f.rasters.front().second;
  const std::vector<double> mean = means_of(A);
  write_sli(directory / "endmembers.sli", E, common.force);
  written.push_back("endmembers.sli");
  if (image.shaped) {
    write_maps(directory / "maps.png", A, mean, common.force);
    written.push_back("maps.png");
  }
  const std::string text = summary_of(record, flags, f, mean, output, written);
  write_file(directory / "summary.json", text, common.force);
  if (common.json)
    put(text);
  else
    print(f, mean, output);
  if (f.done == image.pixels()) return;
  warn(common, cat("interrupted after ", f.done, " of ", image.pixels(), " pixels; the rest is NaN"));
  common.exit_code = exit_interrupted;
}

#define ORTHANT_TOOL_INSTANCES(T)                                                                     \
  template void unmix_by_library(Common &, const LibraryFlags &, const std::string &, const Record &, \
                                 const Image<T> &, const Table<T> &, const Pool &);
ORTHANT_TOOL_INSTANCES(float)
ORTHANT_TOOL_INSTANCES(double)
#undef ORTHANT_TOOL_INSTANCES

}  // namespace orthant::tool
