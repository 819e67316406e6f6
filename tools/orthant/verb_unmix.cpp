// orthant unmix: abundances, residual and KKT status for every pixel of an image.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "api.hpp"
#include "input.hpp"
#include "library_unmix.hpp"
#include "report.hpp"
#include "spectra.hpp"
#include "weights.hpp"

namespace orthant::tool {

namespace {

struct UnmixFlags {
  std::string image, library, method = "fcls", solver = "exact", model, output;
  EndmemberSearch extraction;
  int64_t endmembers = 0;
  double tol = 0;
  int max_iter = 0;
  bool missing = false, normalize = false, f64 = false, strict = false;
  ImageFlags input;
  LibraryFlags by_library;
};

int32_t solver_code(const UnmixFlags &flags) {
  if (flags.method == "ucls" || flags.method == "scls") return ORTHANT_UNMIX_UNCONSTRAINED;
  std::string name = flags.solver;
  std::replace(name.begin(), name.end(), '-', '_');
  return name == "exact" || name == "nalmu" ? 0 : code_of(orthant_unmix_method_name, name);
}

// The library's words with hyphens, `exact` for its choice; what is unconstrained is asked for by --method.
std::vector<std::string> solver_names() {
  std::vector<std::string> all = words(orthant_unmix_method_name);
  all[0] = "exact";
  all.erase(all.begin() + ORTHANT_UNMIX_UNCONSTRAINED);
  all.emplace_back("nalmu");
  for (std::string &name : all) std::replace(name.begin(), name.end(), '_', '-');
  return all;
}

// How the library's rows belong to the image's bands where not both state wavelengths: one by one, or those that the
// image kept of its file; empty: not at all.
template <class T>
std::vector<int64_t> rows_in_order(const Table<T> &E, const Image<T> &image) {
  std::vector<int64_t> rows;
  if (E.rows == image.file_bands) return image.kept_bands;
  for (int64_t b = 0; b < image.bands && E.rows == image.bands; ++b) rows.push_back(b);
  return rows;
}

// The library on the bands of the image; bands that it does not have are left out of the image too.
template <class T>
Table<T> match_library(const Common &common, const Data &data, Image<T> &image) {
  const bool all = data.axis[0].count == image.file_bands || data.axis[1].count == image.file_bands;
  const Table<T> library = to_table<T>(data, all ? image.file_bands : image.bands);
  const std::string &name = library.meta.source;
  say_notes(common, library.meta);
  if (library.turned) say(common, cat(name, ": each of its ", library.cols, " rows is taken as a spectrum"));
  const Grid grid = grid_of(image.meta, image.bands), own = grid_of(library.meta, library.rows);
  const bool by_wavelength = grid.known() && own.known();
  const std::vector<int64_t> rows = rows_in_order(library, image);
  if (!by_wavelength && rows.empty()) {
    throw InputError(cat(name, ": has spectra of ", library.rows, " bands (", library.rows, " x ", library.cols,
                         "), the image has ", image.bands,
                         "; give endmembers for the bands of the image, or wavelengths in both files"));
  }
  if (!by_wavelength && !grid.wavelength.empty() && !own.wavelength.empty()) {
    warn(common, name + ": bands are taken in order, for not all wavelengths of both files are numbers");
  }
  const std::vector<double> good = data.spectra ? data.good : std::vector<double>();  // an image has left its own out
  OnGrid<T> matched = by_wavelength ? onto_grid(library, good, grid) : taken_rows(library, good, grid, rows);
  for (const std::string &text : matched.said) say(common, name + ": " + text);
  Table<T> E = std::move(matched.spectra);
  const bool fewer = E.rows < image.bands;
  if (E.rows == 0 || (fewer && E.rows < E.cols)) {
    throw InputError(cat(name, ": has ", E.cols, " spectra and only ", E.rows, " of the image's ", image.bands,
                         " bands; give endmembers for the bands of the image"));
  }
  if (fewer) keep_bands(image, matched.bands);
  if (E.names.empty()) {
    for (int64_t j = 0; j < E.cols; ++j) E.names.push_back(cat("e", j + 1));
  }
  return E;
}

template <class T>
double largest(const std::vector<T> &values) {
  double top = 0;
  for (T v : values) top = std::max(top, static_cast<double>(v));  // std::max passes over NaN
  return top;
}

// Names as parts of file names: letters, digits, '-', '_', '.', and no two the same.
std::vector<std::string> file_names(const std::vector<std::string> &names) {
  std::vector<std::string> out;
  std::set<std::string> taken;
  for (const std::string &name : names) {
    std::string safe;
    for (char c : name.substr(0, 80)) {
      const bool plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
      if (plain || safe.empty() || safe.back() != '-') safe += plain ? c : '-';
    }
    std::string unique = safe;
    for (int k = 2; !taken.insert(unique).second; ++k) unique = safe + "-" + std::to_string(k);
    out.push_back(unique);
  }
  return out;
}

template <class T>
void write_pictures(const fs::path &directory, const Image<T> &A, const Image<float> &quality, bool fractions,
                    bool force, std::vector<std::string> &written) {
  const int width = static_cast<int>(A.samples), height = static_cast<int>(A.lines);
  const int factor = enlargement(width, height, 400);
  const auto save = [&](const std::string &name, const Picture &picture) {
    write_file(directory / name, png(picture), force);
    written.push_back(name);
  };
  std::vector<Plane> planes;
  std::vector<Material> materials(static_cast<size_t>(A.bands));
  std::vector<Panel> panels;
  std::vector<Rgb> colours;
  double top = 1;
  for (int64_t k = 0; k < A.bands; ++k) {
    planes.push_back(plane_of(A.values.data() + k, width, height, static_cast<size_t>(A.bands)));
    if (!fractions) top = std::max(top, percentiles(planes.back(), 0, 99.5).hi);
    materials[static_cast<size_t>(k)].name = A.meta.band_names[static_cast<size_t>(k)];
  }
  colour_materials(materials);
  for (const Material &m : materials) colours.push_back(m.colour);
  const Range range{0, top};
  const std::vector<std::string> names = file_names(A.meta.band_names);
  for (size_t k = 0; k < planes.size(); ++k) {
    const Picture picture = enlarge(draw_map(planes[k], range, ColourMap::viridis), factor);
    save("map-" + names[k] + ".png", picture);
    panels.push_back({A.meta.band_names[k], picture});
  }
  const Scale scale{ColourMap::viridis, range};
  save("maps.png", contact_sheet(panels, 0, &scale));
  save("mixture.png", enlarge(draw_mixture(planes, colours), factor));
  const Plane residual = plane_of(quality.values.data(), width, height, static_cast<size_t>(quality.bands));
  save("residual.png", enlarge(draw_map(residual, {0, percentiles(residual, 0, 99.5).hi}, ColourMap::magma), factor));
}

// Where results go: into a directory, or beside a GeoTIFF of the abundances.
bool is_geotiff(const std::string &output) {
  const std::string ending = fs::path(output).extension().string();
  return ending == ".tif" || ending == ".tiff" || ending == ".TIF";
}
// maps.tif, maps-quality.tif, ...
fs::path beside(const std::string &output, const std::string &rest) {
  return fs::path(output).replace_extension().string() + rest;
}
fs::path summary_path(const std::string &output) {
  return is_geotiff(output) ? beside(output, "-summary.json") : fs::path(output) / "summary.json";
}
void check_output(const UnmixFlags &flags, const Common &common) {
  if (!is_geotiff(flags.output)) return make_output_directory(flags.output, common.force, true);
  refuse_geotiff(flags.output);
  refuse_existing(flags.output, common.force);
  for (const char *rest : {"-quality.tif", "-endmembers.sli", "-endmembers.sli.hdr", "-summary.json"}) {
    refuse_existing(beside(flags.output, rest), common.force);
  }
}

// The image and, where they are given, the endmembers, in one unit.
template <class T>
struct Scene {
  Image<T> image;
  Table<T> E;
  Scaled scaled;
  int64_t missing = 0;
  std::vector<int64_t> found;  // the endmembers' pixels, where they come from the image
};

// What NNLS says of the unit: the sums of the abundances of a sample of the pixels, and how well they fit.
struct Sums {
  double low = 0, median = 0, high = 0;  // tenth, half, nine tenths of them
  double rel_error = 0;
  bool known = false;  // there were enough pixels
};

template <class T>
Sums nnls_sums(const Scene<T> &scene) {
  constexpr size_t fewest = 4;
  const size_t most = scene.E.cols > 50 ? 100 : 1000;
  const std::vector<int64_t> sound = sound_pixels(scene.image);
  if (sound.size() < fewest) return {};
  const size_t step = (sound.size() + most - 1) / most, bands = static_cast<size_t>(scene.image.bands);
  std::vector<T> pixels;
  for (size_t k = 0; k < sound.size(); k += step) {
    pixels.insert(pixels.end(), scene.image.pixel(sound[k]), scene.image.pixel(sound[k]) + bands);
  }
  const size_t n = pixels.size() / bands, r = static_cast<size_t>(scene.E.cols);
  auto config = sized<orthant_unmix_config>();
  config.bands = static_cast<int32_t>(bands);
  config.endmembers = static_cast<int32_t>(r);
  size_t bytes = 0;
  if (Api<T>::unmix_size(&config, &bytes) != ORTHANT_OK) return {};
  const Workspace memory(bytes);
  typename Api<T>::Unmix *handle = nullptr;
  if (Api<T>::unmix_init(&config, scene.E.values.data(), config.bands, memory.data(), bytes, &handle) != ORTHANT_OK) {
    return {};
  }
  std::vector<T> A(n * r), rms(n), kkt(n);
  const auto Y = matrix(pixels.data(), scene.image.bands, static_cast<int64_t>(n));
  auto report = sized<orthant_report>();
  if (Api<T>::unmix_run(handle, &Y, A.data(), config.endmembers, &report) != ORTHANT_OK) return {};
  if (Api<T>::unmix_check(handle, &Y, A.data(), config.endmembers, rms.data(), kkt.data(), &report) != ORTHANT_OK) {
    return {};
  }
  double data = 0, residual = 0;
  std::vector<double> sums(n, 0.0);
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < r; ++k) sums[i] += static_cast<double>(A[i * r + k]);
    residual += std::pow(static_cast<double>(rms[i]), 2) * static_cast<double>(bands);
  }
  for (const T y : pixels) data += std::pow(static_cast<double>(y), 2);
  std::sort(sums.begin(), sums.end());
  const double rel_error = data > 0 ? std::sqrt(residual / data) : 1;
  return {sums[n / 10], sums[n / 2], sums[n - 1 - n / 10], rel_error, true};
}

// The image in the unit of the endmembers, where nothing is stated: the sums of NNLS are one where the units agree.
// Whole numbers that no usual factor brings there are refused; of others the user is warned.
template <class T>
void settle_unit(const Common &common, const UnmixFlags &flags, Scene<T> &scene) {
  const double top = largest_value(scene.image), library_top = largest(scene.E.values);
  const bool whole = scene.image.whole && top > 1;
  const bool apart = library_top > 0 && (top > 5 * library_top || library_top > 5 * top);
  const std::string tops = "the image reaches " + rounded(top) + ", the endmembers " + rounded(library_top);
  if (flags.input.scale != "auto") {
    if (apart) warn(common, tops + ": are they in the same unit? see --scale");
    return;
  }
  if (!whole && !apart) return;
  const Sums sums = nnls_sums(scene);
  constexpr double usual[] = {1, 100, 1000, 10000, 0.01, 0.001, 0.0001};
  constexpr double far_off = 0.3;  // a fit that is worse says nothing of the unit
  const auto fits = [&](double factor) { return sums.median > 0.6 * factor && sums.median < 1.6 * factor; };
  const auto factor = std::find_if(std::begin(usual), std::end(usual), fits);
  if (sums.known && sums.rel_error < far_off && factor != std::end(usual)) {
    if (*factor == 1) return;
    scene.scaled.divisor = *factor;
    divide(scene.image.values, *factor);
    warn(common, cat(flags.image, ": states no scale factor; ", tops, ", and NNLS abundances sum to ",
                     rounded(sums.median), ": divided by ", shortest(*factor), " (--scale N or none decides)"));
    return;
  }
  const std::string question = flags.image + ": " + tops + ", and no scale factor is stated; ";
  if (whole) {
    throw InputError(question +
                     "what brings one into the unit of the other is not clear: give --scale N (10000 for "
                     "reflectance times 10000, max if the endmembers belong to an image that was divided by "
                     "its largest number), or --scale none if they are in the same unit");
  }
  warn(common, question + "are they in the same unit? see --scale");
}

// `moved`: endmembers of a model that moves them, from a start of its own where neither -e nor -p is given.
template <class T>
Scene<T> read_scene(const Common &common, const UnmixFlags &flags, int64_t moved) {
  Scene<T> scene;
  const Data data = read_data(flags.image, Checksum::sha256);
  ImageOptions options = image_options(flags.input);
  options.spend = true;
  std::optional<Data> library;
  if (!flags.library.empty()) {
    library = read_data(flags.library);
    for (const Extent &side : library->axis) {
      if (side.count > 1 && (side.count == data.axis[0].count || side.count == data.axis[1].count)) {
        options.bands = side.count;
        break;
      }
    }
  }
  scene.image = to_image<T>(data, options);
  const Image<T> &image = scene.image;
  say_notes(common, image.meta);
  if (!image.shaped) {
    warn(common, flags.image + ": is a plain matrix; taken as one line of " + std::to_string(image.samples) +
                     " pixels, give --shape LINESxSAMPLES for maps");
  }
  if (library) scene.E = match_library(common, *library, scene.image);
  scene.scaled = apply_scale(scene.image, flags.input);
  if (!scene.scaled.reason.empty()) say(common, scene.scaled.reason);
  scene.missing = image.pixels() - static_cast<int64_t>(valid_pixels(image).size());
  if (scene.missing == image.pixels() && !(flags.missing && library)) {
    throw InputError(flags.image + ": every pixel has a missing value; --missing with -e fits the bands they have");
  }
  if (scene.missing > 0) {
    warn(common,
         cat(scene.missing, " pixels have missing values and ",
             flags.missing ? "are fitted by the bands they have" : "get NaN; --missing fits the bands they have"));
  }
  if (library) {
    settle_unit(common, flags, scene);
  } else {
    if (flags.input.scale == "auto") say_unit(common, image);
    if (flags.endmembers > 0) endmembers_exist(flags.endmembers, image.bands, image.pixels());
    scene.E.rows = image.bands;
    scene.E.cols = flags.endmembers > 0 ? flags.endmembers : moved;
    scene.E.values.resize(static_cast<size_t>(scene.E.rows * scene.E.cols));
    for (int64_t k = 0; k < scene.E.cols; ++k) scene.E.names.push_back(cat("e", k + 1));
  }
  return scene;
}

template <class T>
Image<T> like(const Image<T> &image, std::vector<std::string> band_names, const Record &record) {
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

// What the solver found, and its time.  NaN: a pixel that is missing, or was not reached.
template <class T>
struct Solved {
  Image<T> A;
  std::vector<T> rms, kkt, sum;  // sum: of the abundances before they were divided by it; else empty
  int64_t done = 0;
  int32_t iterations = 0;
  double run_seconds = 0, check_seconds = 0;
};

// The layers of a model alone: the same time for every pixel, and no bound on the error, which the check measures.
template <class T>
void run_layers(const orthant_model *model, const orthant_unmix_config &config, const typename Api<T>::Matrix &Y,
                const Table<T> &E, T *A, orthant_report &report) {
  auto c = sized<orthant_nalmu_config>();
  c.bands = config.bands;
  c.pixels = Y.cols;
  c.endmembers = config.endmembers;
  c.factors = ORTHANT_NALMU_ONE;
  c.model = model;
  c.parallel = config.parallel;
  size_t bytes = 0;
  const orthant_status planned = Api<T>::nalmu_size(&c, &bytes);
  if (planned == ORTHANT_E_BLOB)
    throw InputError(
        cat("--model: does not fit; needed is a nalmu model of one factor for ", c.endmembers, " endmembers"));
  check_status(planned, "unmix by layers", c);
  const Workspace memory(bytes);
  typename Api<T>::Nalmu *handle = nullptr;
  check_status(Api<T>::nalmu_init(&c, memory.data(), bytes, &handle), "unmix by layers");
  std::vector<T> W = E.values;  // which the call only reads
  check_status(Api<T>::nalmu_run(handle, &Y, W.data(), c.bands, A, c.endmembers, &report), "unmix by layers");
}

// Of a model whose layers move the endmembers too; 0: of another.
struct BothFactors {
  int64_t endmembers = 0;
  bool own_start = false;  // it holds where the endmembers begin
};
BothFactors both_factors_of(const orthant_model *model) {
  BothFactors found;
  const int32_t kind = orthant_model_kind(model);
  if (kind != ORTHANT_MODEL_NALMU && kind != ORTHANT_MODEL_RALMU) return found;
  auto record = sized<orthant_record>();
  bool both = false;
  for (int32_t i = 0; orthant_model_record(model, i, &record) == ORTHANT_OK; ++i) {
    const std::string name = record.name;
    if (name == "A_W") both = true;
    if (name == "W0") found.own_start = true;
    double endmembers = 0;
    if (name == "config" && orthant_model_values_f64(model, i, 1, 1, &endmembers) == ORTHANT_OK) {
      found.endmembers = static_cast<int64_t>(endmembers);
    }
  }
  return both ? found : BothFactors();
}

// The layers on the given pixels at once, whose sums move the endmembers; the abundances of the layers.
template <class T>
std::vector<T> move_endmembers(const std::string &file, const orthant_model *model, const std::vector<int64_t> &used,
                               Scene<T> &scene, const Pool &pool) {
  const int64_t bands = scene.image.bands, count = static_cast<int64_t>(used.size());
  std::vector<T> pixels;
  pixels.reserve(static_cast<size_t>(bands * count));
  for (const int64_t p : used) {  // as training has them, not negative
    for (int64_t b = 0; b < bands; ++b) pixels.push_back(std::max(T(0), scene.image.pixel(p)[b]));
  }
  auto c = sized<orthant_nalmu_config>();
  c.bands = static_cast<int32_t>(bands);
  c.pixels = static_cast<int32_t>(count);
  c.endmembers = static_cast<int32_t>(scene.E.cols);
  c.model = model;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  const orthant_status planned = Api<T>::nalmu_size(&c, &bytes);
  if (planned == ORTHANT_E_BLOB) {
    throw InputError(cat(file, ": does not fit ", scene.E.cols, " endmembers, ", bands, " bands and ", count,
                         " pixels; a model whose multipliers of abundances go by component fits any number of pixels"));
  }
  check_status(planned, "layers of both factors");
  const Workspace memory(bytes);
  typename Api<T>::Nalmu *handle = nullptr;
  check_status(Api<T>::nalmu_init(&c, memory.data(), bytes, &handle), "layers of both factors");
  std::vector<T> H(static_cast<size_t>(scene.E.cols * count));
  const auto Y = matrix(pixels.data(), bands, count);
  check_status(Api<T>::nalmu_run(handle, &Y, scene.E.values.data(), c.bands, H.data(), c.endmembers, nullptr),
               "layers of both factors");
  return H;
}

// In panels of pixels, so that the user sees progress and can stop; pixels are independent of each other.  `ready`:
// the abundances, where they need no solver.
template <class T>
Solved<T> solve(const Common &common, const orthant_unmix_config &config, size_t bytes, const orthant_model *layers,
                const std::vector<T> &ready, const Scene<T> &scene, const Record &record) {
  const Image<T> &image = scene.image;
  const int64_t pixels = image.pixels();
  Solved<T> s;
  s.A = like(image, scene.E.names, record);
  s.rms.assign(static_cast<size_t>(pixels), std::numeric_limits<T>::quiet_NaN());
  s.kkt = s.rms;
  const Workspace workspace(bytes);
  typename Api<T>::Unmix *handle = nullptr;
  check_status(Api<T>::unmix_init(&config, scene.E.values.data(), config.bands, workspace.data(), bytes, &handle),
               "unmix");
  watch_interrupt();
  Progress progress(common, "unmixing");
  const int64_t panel = std::max<int64_t>(16384, pixels / 100);
  while (s.done < pixels && !interrupted()) {
    const int64_t n = std::min(panel, pixels - s.done);
    auto Y = matrix(image.pixel(s.done), image.bands, n);
    Y.kind = config.data;
    auto report = sized<orthant_report>();
    const double begun = seconds_now();
    orthant_status status = ORTHANT_OK;
    if (!ready.empty()) {
      std::copy_n(ready.begin() + s.done * scene.E.cols, n * scene.E.cols, s.A.pixel(s.done));
    } else if (layers) {
      run_layers(layers, config, Y, scene.E, s.A.pixel(s.done), report);
    } else {
      status = Api<T>::unmix_run(handle, &Y, s.A.pixel(s.done), config.endmembers, &report);
    }
    const double solved = seconds_now();
    if (status != ORTHANT_E_DATA) check_status(status, "unmix");  // missing pixels are known already
    s.iterations = std::max(s.iterations, report.iters);
    check_status(Api<T>::unmix_check(handle, &Y, s.A.pixel(s.done), config.endmembers, s.rms.data() + s.done,
                                     s.kkt.data() + s.done, &report),
                 "check");
    s.run_seconds += solved - begun;
    s.check_seconds += seconds_now() - solved;
    s.done += n;
    progress.update(static_cast<double>(s.done) / static_cast<double>(pixels),
                    count_text(static_cast<double>(s.done)) + " pixels");
  }
  return s;
}

// Abundances as shares of their sum, which is the pixel's brightness; all zero where that is zero.
template <class T>
void normalize(Solved<T> &s) {
  const int64_t r = s.A.bands;
  for (int64_t p = 0; p < s.A.pixels(); ++p) {
    T *a = s.A.pixel(p);
    s.sum.push_back(std::accumulate(a, a + r, T(0)));
    if (!(s.sum.back() > 0)) continue;
    for (int64_t k = 0; k < r; ++k) a[k] /= s.sum.back();
  }
}

// How good it is, over the pixels that have a result.
struct Quality {
  Image<float> raster;
  double tolerance = 0, worst_kkt = 0, mean_rms = 0, rel_error = 0, objective = 0;
  int64_t worst = 0, above = 0, solved = 0;
  std::vector<double> mean;  // abundance of each endmember
};

template <class T>
Quality judge(const Scene<T> &scene, const Solved<T> &s, const Record &record) {
  Quality q;
  q.tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;
  q.mean.assign(static_cast<size_t>(s.A.bands), 0.0);
  Image<float> shape;
  shape.lines = s.A.lines;
  shape.samples = s.A.samples;
  shape.meta.carried = s.A.meta.carried;
  std::vector<std::string> names = {"residual rms", "kkt", "kkt above tolerance"};
  if (!s.sum.empty()) names.push_back("sum before normalization");
  q.raster = like(shape, names, record);
  double data = 0;
  for (int64_t p = 0; p < s.A.pixels(); ++p) {
    const double rms = static_cast<double>(s.rms[static_cast<size_t>(p)]);
    const double kkt = static_cast<double>(s.kkt[static_cast<size_t>(p)]);
    if (!std::isfinite(rms)) continue;
    const bool above = !(kkt <= q.tolerance);  // NaN is no success either
    float *out = q.raster.pixel(p);
    out[0] = static_cast<float>(rms);
    out[1] = static_cast<float>(kkt);
    out[2] = above ? 1.0f : 0.0f;
    if (!s.sum.empty()) out[3] = static_cast<float>(s.sum[static_cast<size_t>(p)]);
    ++q.solved;
    q.above += above;
    if (kkt > q.worst_kkt) {
      q.worst_kkt = kkt;
      q.worst = p;
    }
    q.mean_rms += rms;
    q.objective += rms * rms * static_cast<double>(scene.image.bands) / 2;
    for (int64_t b = 0; b < scene.image.bands; ++b) data += std::pow(static_cast<double>(scene.image.pixel(p)[b]), 2);
    for (int64_t k = 0; k < s.A.bands; ++k) q.mean[static_cast<size_t>(k)] += static_cast<double>(s.A.pixel(p)[k]);
  }
  const double n = static_cast<double>(std::max<int64_t>(q.solved, 1));
  for (double &m : q.mean) m /= n;
  q.mean_rms /= n;
  q.rel_error = data > 0 ? std::sqrt(2 * q.objective / data) : 0;
  return q;
}

template <class T>
void print(const Scene<T> &scene, const Solved<T> &s, const Quality &q, const std::string &directory) {
  const auto line = [&](int64_t p) { return p / scene.image.samples; };
  const auto sample = [&](int64_t p) { return p % scene.image.samples; };
  put("endmember                mean abundance\n");
  for (size_t k = 0; k < q.mean.size(); ++k) {
    put(format("%-24s %.4f", scene.E.names[k].c_str(), q.mean[k]));
    if (!scene.found.empty()) put(cat("   from line ", line(scene.found[k]), ", sample ", sample(scene.found[k])));
    put("\n");
  }
  put(cat("relative error    ", rounded(q.rel_error), "\nmean residual rms ", rounded(q.mean_rms), "\n"));
  put(cat("largest kkt       ", rounded(q.worst_kkt, 3), " at line ", line(q.worst), ", sample ", sample(q.worst),
          " (from 0); tolerance ", rounded(q.tolerance), ", ", q.above, " pixels above\n"));
  const double done = static_cast<double>(s.done);
  put(cat("unmixed           ", count_text(done), " pixels in ", duration_text(s.run_seconds), ", ",
          count_text(std::round(done / std::max(s.run_seconds, 1e-9))), " a second\n"));
  if (is_geotiff(directory)) {
    return put(cat("written to        ", directory, " and beside it -quality.tif, -endmembers.sli, -summary.json\n"));
  }
  put(cat("written to        ", directory, ": abundances.img, quality.img, endmembers.sli, summary.json",
          scene.image.shaped ? ", maps.png, ...\n" : "\n"));
}

template <class T>
std::vector<std::string> write_geotiffs(const Common &common, const UnmixFlags &flags, const Scene<T> &scene,
                                        const Solved<T> &s, const Quality &q) {
  const fs::path quality = beside(flags.output, "-quality.tif"), spectra = beside(flags.output, "-endmembers.sli");
  Image<float> A;
  A.bands = s.A.bands;
  A.lines = s.A.lines;
  A.samples = s.A.samples;
  A.meta = s.A.meta;
  A.values.assign(s.A.values.begin(), s.A.values.end());
  write_geotiff(flags.output, A, common.force);
  write_geotiff(quality, q.raster, common.force);
  write_sli(spectra, scene.E, common.force);
  return {fs::path(flags.output).filename().string(), quality.filename().string(), spectra.filename().string()};
}

template <class T>
orthant_unmix_config config_of(const UnmixFlags &flags, const Scene<T> &scene, const Pool &pool) {
  auto config = sized<orthant_unmix_config>();
  config.bands = static_cast<int32_t>(scene.image.bands);
  config.endmembers = static_cast<int32_t>(scene.E.cols);
  config.sum_to_one = flags.method == "fcls" || flags.method == "scls";
  config.method = solver_code(flags);
  config.max_iter = flags.max_iter;
  config.tol = flags.tol;
  if (flags.missing && scene.missing > 0) config.data = ORTHANT_MASKED;
  config.parallel = pool.parallel();
  return config;
}

template <class T>
size_t workspace_of(const UnmixFlags &flags, const orthant_unmix_config &config) {
  size_t bytes = 0;
  const orthant_status planned = Api<T>::unmix_size(&config, &bytes);
  if (planned == ORTHANT_E_BLOB) {
    throw InputError(
        cat(flags.model, ": does not fit; needed is a nalmu model for ", config.endmembers,
            " endmembers, multipliers by component, such as `orthant train --library` makes of -e's file"));
  }
  check_status(planned, "unmix with --method " + flags.method + " --solver " + flags.solver, config);
  return bytes;
}

template <class T>
void say_plan(const Common &common, const UnmixFlags &flags, const Scene<T> &scene, size_t workspace, int threads) {
  const Image<T> &image = scene.image;
  const auto values = static_cast<double>(image.pixels() * (image.bands + scene.E.cols + 2));
  say(common, cat("would unmix ", image.lines, " lines x ", image.samples, " samples x ", image.bands, " bands with ",
                  scene.E.cols, " endmembers (", flags.method, ", ", element_text<T>(), ") into ", flags.output));
  say(common, "memory: image and results " + bytes_text(sizeof(T) * values) + ", workspace " +
                  bytes_text(static_cast<double>(workspace)) + " for " + std::to_string(threads) + " threads");
}

template <class T>
std::vector<std::string> write_results(const Common &common, const UnmixFlags &flags, const Scene<T> &scene,
                                       const Solved<T> &s, const Quality &q) {
  if (is_geotiff(flags.output)) return write_geotiffs(common, flags, scene, s, q);
  const fs::path directory = flags.output;
  make_output_directory(directory, common.force);
  std::vector<std::string> written = {"abundances.img", "quality.img", "endmembers.sli"};
  write_envi(directory / written[0], s.A, common.force);
  write_envi(directory / written[1], q.raster, common.force);
  write_sli(directory / written[2], scene.E, common.force);
  // Without a shape of the image, maps would be strips one line high.
  if (scene.image.shaped)
    write_pictures(directory, s.A, q.raster, flags.method == "fcls" || flags.normalize, common.force, written);
  return written;
}

// Of the whole call, beside what `Solved` has.
struct Clock {
  double started = seconds_now(), read = 0, extract = 0;
};

struct Machine {
  int threads;
  size_t workspace;
};

template <class T>
std::string summary(const UnmixFlags &flags, const Record &record, const Scene<T> &scene, const Solved<T> &s,
                    const Quality &q, const Clock &clock, const Machine &machine,
                    const std::vector<std::string> &written) {
  const Image<T> &image = scene.image;
  Json json;
  json.object().value("schema_version", 1).value("verb", "unmix");
  write_record(json, record);
  json.object("image").value("lines", image.lines).value("samples", image.samples).value("bands", image.bands);
  json.value("divided_by", scene.scaled.divisor).value("missing_pixels", scene.missing);
  json.value("notes", image.meta.notes).value("warnings", image.meta.warnings).end();
  json.value("method", flags.method).value("solver", flags.solver).value("model", flags.model);
  json.value("normalized", flags.normalize);
  json.value("element", element_text<T>());
  json.array("endmembers");
  for (size_t k = 0; k < q.mean.size(); ++k) {
    json.object().value("name", scene.E.names[k]).value("mean_abundance", q.mean[k]);
    if (!scene.found.empty()) {
      json.value("line", scene.found[k] / image.samples).value("sample", scene.found[k] % image.samples);
    }
    json.end();
  }
  json.end().value("finished", s.done == image.pixels()).value("pixels_solved", q.solved);
  json.value("most_inner_iterations", s.iterations);
  json.object("kkt").value("largest", q.worst_kkt).value("line", q.worst / image.samples);
  json.value("sample", q.worst % image.samples).value("tolerance", q.tolerance).value("pixels_above", q.above).end();
  json.value("relative_error", q.rel_error).value("mean_residual_rms", q.mean_rms).value("objective", q.objective);
  json.object("seconds").value("read", clock.read).value("extract", clock.extract).value("unmix", s.run_seconds);
  json.value("check", s.check_seconds).value("total", seconds_now() - clock.started).end();
  json.value("threads", machine.threads).value("workspace_bytes", static_cast<uint64_t>(machine.workspace));
  json.value("directory", fs::path(flags.output).string()).value("files", written).end();
  return json.text();
}

// Where the sums of NNLS explain a bad fit, or propose shares of them.
template <class T>
void judge_sums(const Common &common, const UnmixFlags &flags, const Scene<T> &scene, const Quality &q) {
  const bool to_one = flags.method == "fcls" || flags.method == "scls";
  const Sums sums = nnls_sums(scene);
  const std::string range =
      cat("from ", rounded(sums.low, 3), " to ", rounded(sums.high, 3), " in eight pixels of ten");
  constexpr double bad_fit = 0.3, good_fit = 0.2;
  if (to_one && sums.known && q.rel_error > bad_fit && sums.rel_error < q.rel_error / 3) {
    warn(common, cat("the relative error is ", rounded(q.rel_error, 3), " with abundances that sum to one and ",
                     rounded(sums.rel_error, 3), " without; NNLS sums are ", rounded(sums.median, 3),
                     ": image and endmembers are in different units (--scale), or brightness varies (--normalize)"));
  } else if (q.rel_error > 0.5) {
    warn(common, cat("the relative error is ", rounded(q.rel_error, 3),
                     ": these endmembers explain little of the image; are bands and units the same?"));
  } else if (sums.known && !flags.normalize && sums.rel_error < good_fit && sums.high > 1.25 * sums.low) {
    say(common, "brightness varies: NNLS abundances sum to " + range +
                    "; --normalize takes NNLS and divides by the sum, which is often better than FCLS then");
  }
}

template <class T>
void conclude(Common &common, const UnmixFlags &flags, const Solved<T> &s, const Quality &q) {
  const bool tiff = is_geotiff(flags.output);
  const fs::path directory = flags.output;
  if (s.done < s.A.pixels()) {
    warn(common, cat("interrupted after ", s.done, " of ", s.A.pixels(), " pixels; the rest is NaN in ",
                     (tiff ? directory : directory / "abundances.img").string()));
    common.exit_code = exit_interrupted;
  } else if (q.above > 0) {
    warn(common,
         cat("the kkt residual of ", q.above, " pixels is above ", rounded(q.tolerance), "; they are marked in ",
             (tiff ? beside(flags.output, "-quality.tif") : directory / "quality.img").string()));
    if (flags.strict) common.exit_code = exit_not_converged;
  }
}

// Endmembers come from one place.
void check_sources(const UnmixFlags &flags, const BothFactors &both) {
  const int sources = !flags.library.empty() + (flags.endmembers > 0) + both.own_start;
  if (sources == 0) {
    throw UsageError("unmix needs endmembers: either -e LIBRARY, or -p N to find N of them in the image");
  }
  if (sources == 1) return;
  if (both.own_start) throw UsageError(flags.model + ": holds where the endmembers begin; leave out -e and -p");
  throw UsageError("unmix takes endmembers from -e LIBRARY or from the image by -p N, not from both");
}

template <class T>
void unmix(Common &common, const UnmixFlags &flags) {
  Clock clock;
  std::optional<Weights> model;
  if (!flags.model.empty()) model.emplace(flags.model);
  const BothFactors both = model ? both_factors_of(model->model()) : BothFactors();
  check_sources(flags, both);
  if (flags.endmembers > 0) endmembers_exist(flags.endmembers, flags.extraction);
  if (flags.by_library.chosen() && is_geotiff(flags.output)) {
    throw UsageError("--sparse, --mesma and --bootstrap write a directory; " + flags.output + " is a GeoTIFF");
  }
  check_output(flags, common);
  const bool chance = (flags.endmembers > 0 && flags.extraction.method == "vca") || flags.by_library.draws > 0;
  if (chance) say(common, "seed " + std::to_string(common.seed));
  Scene<T> scene = read_scene<T>(common, flags, both.endmembers);
  const Record record = make_record(common, scene.image.meta, chance);
  clock.read = seconds_now() - clock.started;

  const Threads pool(common);
  if (flags.by_library.chosen()) {
    if (flags.library.empty()) throw UsageError("--sparse, --mesma and --bootstrap need a library: -e LIBRARY");
    return unmix_by_library(common, flags.by_library, flags.output, record, scene.image, scene.E, pool);
  }
  orthant_unmix_config config = config_of(flags, scene, pool);
  const bool by_layers = flags.solver == "nalmu";
  if (by_layers && (flags.model.empty() || flags.method != "nnls" || scene.missing > 0)) {
    throw UsageError("--solver nalmu needs --model, --method nnls and an image without missing values");
  }
  if (model && !by_layers && both.endmembers == 0) config.model = model->model();
  const Machine machine{pool.workers(), workspace_of<T>(flags, config)};
  if (common.dry_run) return say_plan(common, flags, scene, machine.workspace, machine.threads);
  const double begun = seconds_now();
  if (flags.endmembers > 0) {
    Extracted<T> extracted = extract_endmembers(common, scene.image, flags.endmembers, flags.extraction, pool);
    scene.E = std::move(extracted.spectra);
    scene.found = std::move(extracted.pixel);
  }
  std::vector<T> moved;
  const double layers_begun = seconds_now();
  if (both.endmembers > 0) {
    const auto used = by_layers ? valid_pixels(scene.image) : sound_pixels(scene.image);
    moved = move_endmembers(flags.model, model->model(), used, scene, pool);
    if (!by_layers) moved.clear();
  }
  const double layers_seconds = seconds_now() - layers_begun;
  clock.extract = seconds_now() - begun;
  scene.E.meta.description = record.text();
  Solved<T> s = solve(common, config, machine.workspace, by_layers ? model->model() : nullptr, moved, scene, record);
  if (!moved.empty()) s.run_seconds += layers_seconds;
  if (flags.normalize) normalize(s);
  const Quality q = judge(scene, s, record);

  const std::vector<std::string> written = write_results(common, flags, scene, s, q);
  const std::string text = summary(flags, record, scene, s, q, clock, machine, written);
  write_file(summary_path(flags.output), text, common.force);
  if (common.json) {
    put(text);
  } else {
    print(scene, s, q, fs::path(flags.output).string());
  }
  if (s.done == s.A.pixels()) judge_sums(common, flags, scene, q);
  conclude(common, flags, s, q);
}

}  // namespace

void add_unmix(CLI::App &app, Common &common) {
  auto flags = std::make_shared<UnmixFlags>();
  CLI::App &verb = *app.add_subcommand("unmix", "abundances, residual and KKT status for every pixel of an image");
  add_examples(
      verb, {"orthant unmix scene.hdr -e library.sli -o maps",
             "orthant unmix scene.hdr -p 5 -o maps                          endmembers from the image itself",
             "orthant unmix cube.mat:Y --shape 100x100 -e cube.mat:M --scale max -o maps",
             "orthant unmix cube.npy -e spectra.csv --method nnls --scale 10000 -o maps",
             "orthant unmix scene.hdr -e library.sli --model library.orw -o maps",
             "orthant unmix scene.hdr --model scene.orw -o maps             endmembers too are the model's",
             "orthant unmix scene.hdr -e usgs.sli --sparse 0.001 -o maps    by a library of hundreds",
             "orthant unmix scene.hdr -e library.sli --mesma -o maps        one spectrum a class, the best",
             "orthant unmix scene.tif -e library.csv -o maps.tif            a GeoTIFF, and what belongs to it beside",
             "orthant unmix EMIT_L2A.nc:reflectance -e library.csv -o maps   any array of netCDF and HDF5", "",
             "DIR receives abundances.img with .hdr (f32, band names are the endmembers' names), quality.img",
             "(residual rms and KKT residual of each pixel), endmembers.sli, maps as PNG, and summary.json.",
             "A plain matrix in a .mat file is taken in MATLAB's order, pixel = line + lines*sample; in .npy",
             "and .csv as pixel = sample + samples*line. Maps come out upright either way; see --order."});
  verb.add_option("image", flags->image,
                  "ENVI header or data, FILE.mat:NAME, .npy, .csv, GeoTIFF, FILE.nc:NAME, FILE.h5:NAME")
      ->required();
  verb.add_option("-e,--endmembers", flags->library, "spectra: .sli, .csv, .npy, FILE.mat:NAME")->type_name("LIBRARY");
  verb.add_option("-p,--extract", flags->endmembers, "find so many endmembers in the image first")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  verb.add_option("-o,--output", flags->output, "directory for the results, or a GeoTIFF, NAME.tif")
      ->required()
      ->type_name("DIR|TIF");
  CLI::Option *const method =
      verb.add_option("--method", flags->method,
                      "fcls: abundances nonnegative, sum to one; nnls: nonnegative; scls: sum to one; ucls: free")
          ->check(CLI::IsMember({"fcls", "nnls", "scls", "ucls"}))
          ->capture_default_str();
  verb.add_option("--solver", flags->solver, "how; exact is best, the others are for comparison")
      ->check(CLI::IsMember(solver_names()))
      ->capture_default_str();
  verb.add_option(
          "--model", flags->model,
          "weights from `orthant train`: the exact solver starts from their proposal, the result is as exact; with "
          "--solver nalmu the proposal is the result, in a fixed time for each pixel, and quality.img says how good. "
          "Of both factors: their layers make the endmembers, and what solves for abundances takes those")
      ->type_name("FILE");
  verb.add_option("--extract-method", flags->extraction.method, "with -p: how endmembers are found")
      ->check(CLI::IsMember(endmember_methods()))
      ->capture_default_str();
  add_draws(verb, flags->extraction);
  verb.add_flag(
      "--normalize", flags->normalize,
      "NNLS, then each pixel's abundances divided by their sum: for scenes whose brightness varies; the sum is "
      "a band of quality.img");
  verb.add_option("--tol", flags->tol, "inner stop of the iterative solvers; 0: 1e-6 (f32), 1e-12 (f64)");
  verb.add_option("--max-iter", flags->max_iter, "inner iterations a pixel; 0: by the solver");
  verb.add_flag("--missing", flags->missing, "fit each pixel by the bands it has, where some are NaN or ignored");
  verb.add_flag("--f64", flags->f64, "work in double precision");
  verb.add_flag("--strict", flags->strict, "exit code 4 where a pixel's KKT residual is above 1e-5 (f64: 1e-10)");
  add_library_flags(verb, flags->by_library);
  add_image_flags(verb, flags->input);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common, method] {
    if (flags->normalize) {
      if (method->count() > 0 && flags->method != "nnls") throw UsageError("--normalize is of --method nnls alone");
      flags->method = "nnls";
    }
    flags->f64 ? unmix<double>(common, *flags) : unmix<float>(common, *flags);
  });
}

}  // namespace orthant::tool
