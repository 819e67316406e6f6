// orthant unmix: abundances, residual and KKT status for every pixel of an image.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "api.hpp"
#include "input.hpp"
#include "library_unmix.hpp"
#include "memory.hpp"
#include "rasters.hpp"
#include "report.hpp"
#include "spectra.hpp"
#include "streamed.hpp"
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

void write_pictures(const fs::path &directory, const Image<float> &A, const Image<float> &quality, bool fractions,
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
  const std::vector<bool> sound = sound_bits(scene.image);
  const auto count = static_cast<size_t>(std::count(sound.begin(), sound.end(), true));
  if (count < fewest) return {};
  const size_t step = (count + most - 1) / most, bands = static_cast<size_t>(scene.image.bands);
  std::vector<T> pixels;
  for (size_t p = 0, k = 0; p < sound.size(); ++p) {
    if (!sound[p] || k++ % step != 0) continue;
    const std::vector<T> y = pixel_of(scene.image, static_cast<int64_t>(p));
    pixels.insert(pixels.end(), y.begin(), y.end());
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
    divide(scene.image, *factor);
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
  options.room = data_room(common);
  Progress looking(common, "looking at the image");
  options.watch = [&](double fraction) { looking.update_timed(fraction, ""); };
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
  looking.end();
  if (image.source) say_stays(common, image);
  say_notes(common, image.meta);
  if (!image.shaped) {
    warn(common, flags.image + ": is a plain matrix; taken as one line of " + std::to_string(image.samples) +
                     " pixels, give --shape LINESxSAMPLES for maps");
  }
  if (library) scene.E = match_library(common, *library, scene.image);
  scene.scaled = apply_scale(scene.image, flags.input);
  if (!scene.scaled.reason.empty()) say(common, scene.scaled.reason);
  const std::vector<bool> valid = valid_bits(image);
  scene.missing = std::count(valid.begin(), valid.end(), false);
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

// A raster of the image's shape, without its values.
template <class T>
Image<float> like(const Image<T> &image, std::vector<std::string> band_names, const Record &record) {
  Image<float> out;
  out.bands = static_cast<int64_t>(band_names.size());
  out.lines = image.lines;
  out.samples = image.samples;
  out.meta.band_names = std::move(band_names);
  out.meta.carried = image.meta.carried;
  out.meta.description = record.text();
  return out;
}

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

// How good it is, over the pixels that have a result; sums until `finish`.
struct Quality {
  double tolerance = 0, worst_kkt = 0, mean_rms = 0, rel_error = 0, objective = 0, data = 0;
  int64_t worst = 0, above = 0, solved = 0;
  std::vector<double> mean;  // abundance of each endmember

  void finish() {
    const double n = static_cast<double>(std::max<int64_t>(solved, 1));
    for (double &m : mean) m /= n;
    mean_rms /= n;
    rel_error = data > 0 ? std::sqrt(2 * objective / data) : 0;
  }
};

// Abundances and quality as they come: into the two rasters of a directory, or in memory until GDAL writes them.
class Maps {
 public:
  Maps(const Common &common, const UnmixFlags &flags, Image<float> A, Image<float> quality, std::optional<int64_t> kept)
      : flags_(flags), force_(common.force), tiff_(is_geotiff(flags.output)) {
    if (tiff_) {
      A_ = std::move(A);
      quality_ = std::move(quality);
      return;
    }
    make_output_directory(flags.output, force_);
    const fs::path directory = flags.output;
    files_.push_back(std::make_unique<RasterFile>(directory / "abundances.img", std::move(A), force_, kept));
    files_.push_back(std::make_unique<RasterFile>(directory / "quality.img", std::move(quality), force_, kept));
  }
  template <class T>
  void write(const T *A, const float *quality, int64_t pixels) {
    if (!tiff_) {
      files_[0]->write(A, pixels);
      return files_[1]->write(quality, pixels);
    }
    A_.values.insert(A_.values.end(), A, A + pixels * A_.bands);
    quality_.values.insert(quality_.values.end(), quality, quality + pixels * quality_.bands);
  }
  void write_missing(int64_t pixels) {
    if (!tiff_) {
      for (const auto &file : files_) file->write_missing(pixels);
      return;
    }
    for (Image<float> *image : {&A_, &quality_}) {
      image->values.resize(static_cast<size_t>(image->bands * image->pixels()),
                           std::numeric_limits<float>::quiet_NaN());
    }
  }
  const std::vector<std::unique_ptr<RasterFile>> &files() const { return files_; }
  // Everything but the summary; the names of the files.
  template <class T>
  std::vector<std::string> commit(const Table<T> &E, bool shaped) {
    if (tiff_) return commit_tiffs(E);
    const fs::path directory = flags_.output;
    std::vector<std::string> written = {"abundances.img", "quality.img", "endmembers.sli"};
    Image<float> A, quality;
    if (shaped) {
      A = files_[0]->thinned();
      quality = files_[1]->thinned();
    }
    for (const auto &file : files_) file->commit();
    write_sli(directory / written[2], E, force_);
    // Without a shape of the image, maps would be strips one line high.
    const bool fractions = flags_.method == "fcls" || flags_.normalize;
    if (shaped) write_pictures(directory, A, quality, fractions, force_, written);
    return written;
  }

 private:
  template <class T>
  std::vector<std::string> commit_tiffs(const Table<T> &E) {
    const fs::path quality = beside(flags_.output, "-quality.tif"), spectra = beside(flags_.output, "-endmembers.sli");
    write_geotiff(flags_.output, A_, force_);
    write_geotiff(quality, quality_, force_);
    write_sli(spectra, E, force_);
    return {fs::path(flags_.output).filename().string(), quality.filename().string(), spectra.filename().string()};
  }
  const UnmixFlags &flags_;
  bool force_, tiff_;
  std::vector<std::unique_ptr<RasterFile>> files_;
  Image<float> A_, quality_;
};

// What the solver found, and its time.
struct Solved {
  int64_t done = 0;
  int32_t iterations = 0;
  double run_seconds = 0, check_seconds = 0;
  Quality quality;
};

// In panels of pixels, so that the user sees progress and can stop, and that an image need not fit in memory; pixels
// are independent of each other.
template <class T>
class Unmixing {
 public:
  // layers: of a model whose proposal is the result; ready: the abundances, where they need no solver; or null, empty.
  Unmixing(const Common &common, const UnmixFlags &flags, const orthant_unmix_config &config, size_t bytes,
           const Scene<T> &scene, const orthant_model *layers, const std::vector<T> &ready, Journal &journal)
      : common_(common),
        flags_(flags),
        config_(config),
        scene_(scene),
        layers_(layers),
        ready_(ready),
        journal_(journal),
        workspace_(bytes),
        resumable_(scene.image.source != nullptr || journal.found()) {
    check_status(Api<T>::unmix_init(&config_, scene.E.values.data(), config.bands, workspace_.data(), bytes, &handle_),
                 "unmix");
    solved_.quality.tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;
    solved_.quality.mean.assign(static_cast<size_t>(scene.E.cols), 0.0);
  }

  void run(const Record &record) {
    const Image<T> &image = scene_.image;
    std::vector<std::string> names = {"residual rms", "kkt", "kkt above tolerance"};
    if (flags_.normalize) names.push_back("sum before normalization");
    if (journal_.found()) exchange(false);
    maps_.emplace(common_, flags_, like(image, scene_.E.names, record), like(image, names, record),
                  resumable_ ? std::optional<int64_t>(solved_.done) : std::nullopt);
    if (journal_.found()) {
      say(common_, cat("going on after ", solved_.done, " of ", image.pixels(), " pixels of a run that ended early"));
      for (size_t k = 0; k < 2; ++k) maps_->files()[k]->set_missing(journal_.number(cat("missing", k)) != 0);
    }
    if (resumable_ && !journal_.found()) {
      save();
      saved_ = -1e9;
    }
    watch_interrupt();
    Progress progress(common_, "unmixing");
    const int64_t pixels = image.pixels();
    // By the number of bands alone: a solver goes from pixel to pixel within a panel, so that other panels are other
    // bits.
    const int64_t most = std::clamp<int64_t>((1 << 22) / image.bands / 128 * 128, 128, 16384);
    const auto act = [&](int64_t first, int64_t n, const T *values) {
      panel(first, n, values);
      progress.update_timed(static_cast<double>(solved_.done) / static_cast<double>(pixels),
                            count_text(static_cast<double>(solved_.done)) + " pixels");
      if (resumable_ && seconds_now() - saved_ > 2) save();
      return !interrupted();
    };
    if (image.source) {
      each_panel<T>(
          image.bands, solved_.done, pixels, most,
          [&](int64_t first, int64_t n, T *out) { image.source->read(first, n, out); }, act);
    } else {
      bool more = true;
      for (int64_t p = solved_.done; p < pixels && more; p += most) {
        more = act(p, std::min(most, pixels - p), image.pixel(p));
      }
    }
    if (solved_.done < pixels && resumable_) save();
    if (solved_.done < pixels && !resumable_) maps_->write_missing(pixels - solved_.done);
  }
  bool resumable() const { return resumable_; }
  Solved &solved() { return solved_; }
  Maps &maps() { return *maps_; }

 private:
  void panel(int64_t first, int64_t n, const T *pixels) {
    const int64_t r = scene_.E.cols;
    A_.resize(static_cast<size_t>(n * r));
    rms_.resize(static_cast<size_t>(n));
    kkt_.resize(static_cast<size_t>(n));
    auto Y = matrix(pixels, scene_.image.bands, n);
    Y.kind = config_.data;
    auto report = sized<orthant_report>();
    const double begun = seconds_now();
    orthant_status status = ORTHANT_OK;
    if (!ready_.empty()) {
      std::copy_n(ready_.begin() + first * r, n * r, A_.begin());
    } else if (layers_) {
      run_layers(layers_, config_, Y, scene_.E, A_.data(), report);
    } else {
      status = Api<T>::unmix_run(handle_, &Y, A_.data(), config_.endmembers, &report);
    }
    const double solved = seconds_now();
    if (status != ORTHANT_E_DATA) check_status(status, "unmix");  // missing pixels are known already
    solved_.iterations = std::max(solved_.iterations, report.iters);
    check_status(Api<T>::unmix_check(handle_, &Y, A_.data(), config_.endmembers, rms_.data(), kkt_.data(), &report),
                 "check");
    solved_.run_seconds += solved - begun;
    solved_.check_seconds += seconds_now() - solved;
    const int64_t bands = flags_.normalize ? 4 : 3;
    quality_.assign(static_cast<size_t>(n * bands), std::numeric_limits<float>::quiet_NaN());
    for (int64_t p = 0; p < n; ++p) {
      judge(first + p, pixels + p * scene_.image.bands, A_.data() + p * r, static_cast<double>(rms_[size_t(p)]),
            static_cast<double>(kkt_[size_t(p)]), quality_.data() + p * bands);
    }
    maps_->write(A_.data(), quality_.data(), n);
    solved_.done += n;
  }
  // With --normalize, abundances become shares of their sum, which is the pixel's brightness; all zero where it is
  // zero.
  void judge(int64_t at, const T *y, T *a, double rms, double kkt, float *out) {
    Quality &q = solved_.quality;
    const size_t r = q.mean.size();
    const T sum = std::accumulate(a, a + r, T(0));
    for (size_t k = 0; k < r && flags_.normalize && sum > 0; ++k) a[k] /= sum;
    if (!std::isfinite(rms)) return;
    const bool above = !(kkt <= q.tolerance);  // NaN is no success either
    out[0] = static_cast<float>(rms);
    out[1] = static_cast<float>(kkt);
    out[2] = above ? 1.0f : 0.0f;
    if (flags_.normalize) out[3] = static_cast<float>(sum);
    ++q.solved;
    q.above += above;
    if (kkt > q.worst_kkt) {
      q.worst_kkt = kkt;
      q.worst = at;
    }
    q.mean_rms += rms;
    q.objective += rms * rms * static_cast<double>(scene_.image.bands) / 2;
    for (int64_t b = 0; b < scene_.image.bands; ++b) q.data += std::pow(static_cast<double>(y[b]), 2);
    for (size_t k = 0; k < r; ++k) q.mean[k] += static_cast<double>(a[k]);
  }
  // All that a later run goes on with, to the journal or from it.
  void exchange(bool save) {
    const auto field = [&](const std::string &name, auto &value) {
      if (save) return journal_.set(name, static_cast<double>(value));
      value = static_cast<std::remove_reference_t<decltype(value)>>(journal_.number(name));
    };
    Quality &q = solved_.quality;
    field("done", solved_.done);
    field("iterations", solved_.iterations);
    field("run_seconds", solved_.run_seconds);
    field("check_seconds", solved_.check_seconds);
    field("worst_kkt", q.worst_kkt);
    field("worst", q.worst);
    field("above", q.above);
    field("solved", q.solved);
    field("rms", q.mean_rms);
    field("objective", q.objective);
    field("data", q.data);
    for (size_t k = 0; k < q.mean.size(); ++k) field(cat("mean", k), q.mean[k]);
  }
  void save() {
    for (size_t k = 0; k < maps_->files().size(); ++k) {
      maps_->files()[k]->sync();
      journal_.set(cat("missing", k), maps_->files()[k]->missing());
    }
    exchange(true);
    journal_.save();
    saved_ = seconds_now();
  }
  const Common &common_;
  const UnmixFlags &flags_;
  const orthant_unmix_config &config_;
  const Scene<T> &scene_;
  const orthant_model *layers_;
  const std::vector<T> &ready_;
  Journal &journal_;
  Workspace workspace_;
  typename Api<T>::Unmix *handle_ = nullptr;
  bool resumable_;
  Solved solved_;
  std::optional<Maps> maps_;
  std::vector<T> A_, rms_, kkt_;
  std::vector<float> quality_;
  double saved_ = -1e9;
};

template <class T>
void print(const Scene<T> &scene, const Solved &s, const std::string &directory) {
  const Quality &q = s.quality;
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
  const bool tiff = is_geotiff(flags.output);
  const int64_t each = (image.source ? 0 : image.bands) + (tiff ? scene.E.cols + 3 : 0);
  const auto values = static_cast<double>(image.pixels() * each);
  say(common, cat("would unmix ", image.lines, " lines x ", image.samples, " samples x ", image.bands, " bands with ",
                  scene.E.cols, " endmembers (", flags.method, ", ", element_text<T>(), ") into ", flags.output));
  say(common, "memory: image and results " + bytes_text(sizeof(T) * values) + ", workspace " +
                  bytes_text(static_cast<double>(workspace)) + " for " + std::to_string(threads) + " threads");
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
std::string summary(const UnmixFlags &flags, const Record &record, const Scene<T> &scene, const Solved &s,
                    const Clock &clock, const Machine &machine, const std::vector<std::string> &written) {
  const Quality &q = s.quality;
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

void conclude(Common &common, const UnmixFlags &flags, const Solved &s, int64_t pixels) {
  const bool tiff = is_geotiff(flags.output);
  const fs::path directory = flags.output;
  const Quality &q = s.quality;
  if (s.done < pixels) {
    warn(common, cat("interrupted after ", s.done, " of ", pixels, " pixels; the rest is NaN in ",
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

// What an unfinished run depends on: the command, the program, the image's file and the endmembers.
template <class T>
std::string work_text(const Common &common, const Scene<T> &scene) {
  const std::string_view spectra(reinterpret_cast<const char *>(scene.E.values.data()),
                                 scene.E.values.size() * sizeof(T));
  return cat(common.command, "\n", version_text("orthant"), "\n", scene.image.file_state, "\n", scene.image.bands, " ",
             shortest(scene.scaled.divisor), " ", sha256(spectra));
}

template <class T>
void refuse_streamed(const UnmixFlags &flags, const Scene<T> &scene, const BothFactors &both) {
  if (flags.by_library.chosen()) need_memory(scene.image, "--sparse, --mesma or --bootstrap");
  if (both.endmembers > 0) need_memory(scene.image, "a --model of both factors");
  if (is_geotiff(flags.output)) need_memory(scene.image, "a GeoTIFF");
}

// Of an earlier run of the same work, or empty.
template <class T>
Journal journal_of(Common &common, const UnmixFlags &flags, const Scene<T> &scene) {
  Journal journal(is_geotiff(flags.output) ? fs::path() : fs::path(flags.output), work_text(common, scene));
  if (journal.of_other() && !common.force) {
    throw OutputError(cat(flags.output,
                          ": holds an unfinished run of another command, or of inputs that were changed; ",
                          "give the same command to go on with it, or --force to begin anew"));
  }
  if (journal.of_other()) journal.remove({"abundances.img", "quality.img"});
  if (journal.found()) {
    common.force = true;  // what is there is this run's own
    const auto bytes = [&](int64_t bands) { return static_cast<int64_t>(journal.number("done")) * bands * 4; };
    journal.found_with({{"abundances.img", bytes(scene.E.cols)}, {"quality.img", bytes(flags.normalize ? 4 : 3)}});
  }
  return journal;
}

// What was not written as it came, and what is said of all; of a run that ended early only how to go on.
template <class T>
void write_results(Common &common, const UnmixFlags &flags, const Record &record, const Scene<T> &scene,
                   Unmixing<T> &unmixing, const Clock &clock, const Machine &machine, const Journal &journal) {
  Solved &s = unmixing.solved();
  if (s.done < scene.image.pixels() && unmixing.resumable()) {
    warn(common, cat("interrupted after ", s.done, " of ", scene.image.pixels(), " pixels, which are kept in ",
                     flags.output, "; the same command goes on from there"));
    common.exit_code = exit_interrupted;
    return;
  }
  s.quality.finish();

  const std::vector<std::string> written = unmixing.maps().commit(scene.E, scene.image.shaped);
  const std::string text = summary(flags, record, scene, s, clock, machine, written);
  write_file(summary_path(flags.output), text, common.force);
  if (unmixing.resumable()) journal.remove({});
  if (common.json) {
    put(text);
  } else {
    print(scene, s, fs::path(flags.output).string());
  }
  if (s.done == scene.image.pixels()) judge_sums(common, flags, scene, s.quality);
  conclude(common, flags, s, scene.image.pixels());
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
  refuse_streamed(flags, scene, both);
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
  Journal journal = journal_of(common, flags, scene);
  Unmixing<T> unmixing(common, flags, config, machine.workspace, scene, by_layers ? model->model() : nullptr, moved,
                       journal);
  unmixing.run(record);
  if (!moved.empty()) unmixing.solved().run_seconds += layers_seconds;
  write_results(common, flags, record, scene, unmixing, clock, machine, journal);
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
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output | flags_memory);
  verb.callback([flags, &common, method] {
    if (flags->normalize) {
      if (method->count() > 0 && flags->method != "nnls") throw UsageError("--normalize is of --method nnls alone");
      flags->method = "nnls";
    }
    flags->f64 ? unmix<double>(common, *flags) : unmix<float>(common, *flags);
  });
}

}  // namespace orthant::tool
