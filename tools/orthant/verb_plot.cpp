// orthant plot: a file as a picture.  A raster becomes a PNG, spectra and convergence curves become an SVG.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "input.hpp"
#include "report.hpp"

namespace orthant::tool {
namespace {

struct PlotOptions {
  std::vector<std::string> files;
  std::string output, kind = "auto", title, map = "viridis", x, log = "auto";
  std::vector<int> bands;
  std::vector<double> stretch;
  std::vector<std::string> columns;
  int zoom = 0;
  ImageFlags image;
};

std::string stem_of(const std::string &argument) {
  if (argument == "-") return "stdin";
  fs::path path = argument_path(argument).filename();
  if (path.extension() == ".hdr") path = path.stem();  // scene.img.hdr
  const size_t variable = argument.rfind(".mat:");
  const std::string stem = path.stem().string();
  return variable == std::string::npos ? stem : stem + "-" + argument.substr(variable + 5);
}

void write_picture(const PlotOptions &o, const Common &common, const std::string &ending, const std::string &bytes) {
  if (o.output == "-") {
    if (common.json) throw UsageError("-o - and --json both want standard output; give the name of a file");
    return put_bytes(bytes);
  }
  const fs::path path = o.output.empty() ? fs::path(stem_of(o.files[0]) + ending) : fs::path(o.output);
  if (path.extension() != ending)
    throw UsageError("-o " + path.string() + ": this picture is written as " + ending + "; choose a name that ends so");
  write_file(path, bytes, common.force);
  if (common.json)
    put(Json().object().value("schema_version", 1).value("picture", path.string()).end().text());
  else
    std::printf("%s\n", path.string().c_str());
}

// ---- Rasters -------------------------------------------------------------------------------------------------------

std::string band_label(const Image<float> &image, size_t i) {
  if (i < image.meta.band_names.size() && !image.meta.band_names[i].empty()) return image.meta.band_names[i];
  if (i < image.meta.wavelength.size()) return rounded(image.meta.wavelength[i]) + " µm";
  return "band " + std::to_string(i < image.kept_bands.size() ? image.kept_bands[i] + 1 : static_cast<int64_t>(i) + 1);
}

// Bands are counted from 1 as in the file, bad ones included.
size_t place_of_band(const Image<float> &image, int64_t band) {
  const auto &kept = image.kept_bands;
  const auto at = std::find(kept.begin(), kept.end(), band - 1);
  if (kept.empty() && band >= 1 && band <= image.bands) return static_cast<size_t>(band - 1);
  if (at != kept.end()) return static_cast<size_t>(at - kept.begin());
  const int64_t all = std::max(image.file_bands, image.bands);
  if (band >= 1 && band <= all)
    throw UsageError("--bands: band " + std::to_string(band) + " of " + image.meta.source +
                     " is marked bad; choose another");
  throw UsageError("--bands: there is no band " + std::to_string(band) + " in " + image.meta.source + ", which has " +
                   std::to_string(all));
}

std::vector<size_t> chosen_bands(const PlotOptions &o, const Image<float> &image) {
  std::vector<size_t> chosen;
  for (const int b : o.bands) chosen.push_back(place_of_band(image, b));
  if (!chosen.empty()) return chosen;
  const auto bands = static_cast<size_t>(image.bands);
  if (image.meta.default_bands.size() == 3 || image.meta.default_bands.size() == 1) {
    try {
      for (const int64_t b : image.meta.default_bands) chosen.push_back(place_of_band(image, b));
      return chosen;
    } catch (const UsageError &) {
      chosen.clear();  // the file recommends a band that it marks bad
    }
  }
  const auto &w = image.meta.wavelength;
  if (w.size() == bands && bands > 12) {
    for (const double colour : {0.65, 0.55, 0.46}) {
      const auto closer = [colour](double a, double b) { return std::abs(a - colour) < std::abs(b - colour); };
      chosen.push_back(static_cast<size_t>(std::min_element(w.begin(), w.end(), closer) - w.begin()));
    }
    return chosen;
  }
  // Without wavelengths: many bands are most likely 0.4 to 2.5 µm, fewer 0.4 to 1 µm.
  if (bands > 150) return {bands * 12 / 100, bands * 7 / 100, bands * 3 / 100};
  if (bands > 12) return {bands * 42 / 100, bands * 25 / 100, bands * 10 / 100};
  for (size_t i = 0; i < bands; ++i) chosen.push_back(i);  // few: abundances, most likely
  return chosen;
}

ColourMap map_named(const std::string &name) {
  if (name == "grey") return ColourMap::grey;
  if (name == "magma") return ColourMap::magma;
  return name == "balance" ? ColourMap::balance : ColourMap::viridis;
}

void plot_raster(const PlotOptions &o, const Common &common, const Data &data) {
  if (o.files.size() > 1) throw UsageError("maps are drawn from one file at a time");
  ImageOptions options = image_options(o.image);
  options.notice = false;  // what there is, is drawn
  Image<float> image = to_image<float>(data, options);
  for (const std::string &note : image.meta.notes) detail(common, note);
  apply_scale(image, o.image);  // colours are stretched anyway
  if (image.lines > 100000 || image.samples > 100000 || image.pixels() > 400'000'000)
    throw UsageError(image.meta.source + ": " + std::to_string(image.samples) + " x " + std::to_string(image.lines) +
                     " pixels are too many for a picture; give --shape LINESxSAMPLES if these are not the true sizes");
  const int width = static_cast<int>(image.samples), height = static_cast<int>(image.lines);
  const std::vector<size_t> bands = chosen_bands(o, image);
  const double low = o.stretch.empty() ? 2 : o.stretch[0], high = o.stretch.empty() ? 98 : o.stretch[1];
  std::vector<Plane> planes;
  for (const size_t b : bands)
    planes.push_back(plane_of(image.values.data() + b, width, height, static_cast<size_t>(image.bands)));
  const int zoom = o.zoom > 0 ? o.zoom : enlargement(width, height, 640);
  const bool composite =
      bands.size() == 3 && (!o.bands.empty() || image.bands > 12 || image.meta.default_bands.size() == 3);
  if (composite) {
    detail(common, "red, green, blue: " + band_label(image, bands[0]) + ", " + band_label(image, bands[1]) + ", " +
                       band_label(image, bands[2]));
    const Picture picture = draw_composite(planes[0], planes[1], planes[2], low, high);
    return write_picture(o, common, ".png", png(enlarge(picture, zoom)));
  }
  // One range for all maps: fractions as they are, other data between the percentiles of all of them.
  Plane all;
  for (const Plane &p : planes) all.values.insert(all.values.end(), p.values.begin(), p.values.end());
  const Range ends = percentiles(all, 0, 100);
  const bool fractions = o.stretch.empty() && ends.lo >= -0.01 && ends.hi <= 1.01 && ends.hi > 0.2;
  Scale scale{map_named(o.map), fractions ? Range{0, 1} : percentiles(all, low, high)};
  if (scale.map == ColourMap::balance) {
    const double reach = std::max(std::abs(scale.range.lo), std::abs(scale.range.hi));
    scale.range = {-reach, reach};
  }
  std::vector<Panel> panels;
  for (size_t i = 0; i < planes.size(); ++i) {
    Picture picture = draw_map(planes[i], scale.range, scale.map);
    panels.push_back({band_label(image, bands[i]), o.zoom > 0 ? enlarge(picture, o.zoom) : std::move(picture)});
  }
  write_picture(o, common, ".png", png(contact_sheet(panels, 0, &scale)));
}

// ---- Spectra and curves --------------------------------------------------------------------------------------------

std::vector<double> column_of(const Table<double> &t, int64_t j) {
  std::vector<double> v;
  for (int64_t i = 0; i < t.rows; ++i) v.push_back(t(i, j));
  return v;
}

std::string column_name(const Table<double> &t, int64_t j) {
  const auto i = static_cast<size_t>(j);
  return i < t.names.size() && !t.names[i].empty() ? t.names[i] : "column " + std::to_string(j + 1);
}

int64_t column_named(const Table<double> &t, const std::string &name) {
  for (int64_t j = 0; j < t.cols; ++j)
    if (column_name(t, j) == name) return j;
  std::string have;
  for (int64_t j = 0; j < t.cols; ++j) have += (j ? ", " : "") + column_name(t, j);
  throw UsageError(t.meta.source + ": no column '" + name + "'; there are " + have);
}

bool counts_steps(const std::string &name) {
  for (const char *known :
       {"iter", "iters", "iteration", "iterations", "outer", "step", "seconds", "time", "s", "epoch"})
    if (name == known) return true;
  return false;
}

bool is_relative_error(const std::string &name) { return name == "relative_error" || name == "rel_error"; }

bool is_history(const Table<double> &t) {
  return std::any_of(t.names.begin(), t.names.end(), counts_steps) && t.cols > 1;
}

// A label for one of several tables: the column, and the file where there are several.
std::string series_name(const PlotOptions &o, size_t file, const std::string &column, bool alone) {
  if (o.files.size() == 1) return column;
  return alone ? stem_of(o.files[file]) : stem_of(o.files[file]) + " " + column;
}

constexpr size_t kMostSeries = 40;

Plot spectra_of(const PlotOptions &o, const std::vector<Table<double>> &tables) {
  Plot plot;
  plot.title = o.title.empty() ? "Spectra" : o.title;
  bool waves = true;
  for (const auto &t : tables) waves = waves && static_cast<int64_t>(t.meta.wavelength.size()) == t.rows;
  plot.x.label = waves ? "wavelength (µm)" : "band";
  double least = INFINITY, largest = -INFINITY;
  for (size_t f = 0; f < tables.size(); ++f) {
    const Table<double> &t = tables[f];
    std::vector<int64_t> columns;
    for (const std::string &name : o.columns) columns.push_back(column_named(t, name));
    for (int64_t j = 0; o.columns.empty() && j < t.cols; ++j) columns.push_back(j);
    for (const int64_t j : columns) {
      Series s;
      s.name = series_name(o, f, column_name(t, j), columns.size() == 1);
      const std::vector<double> values = column_of(t, j);
      for (const double v : values)
        if (std::isfinite(v)) least = std::min(least, v), largest = std::max(largest, v);
      s.dashed = plot.series.size() >= 8;  // the colours begin again
      add_curve(plot, waves ? t.meta.wavelength : std::vector<double>(), values, std::move(s));
    }
  }
  if (plot.series.size() > kMostSeries)
    throw UsageError(std::to_string(plot.series.size()) +
                     " spectra are too many for one plot; choose some with --columns");
  if (least >= 0 && std::isfinite(least)) plot.y.from = 0;
  plot.y.label = largest <= 1.5 ? "reflectance" : "value";
  plot.y.log = o.log == "y" || o.log == "xy";
  plot.x.log = o.log == "x" || o.log == "xy";
  return plot;
}

Plot curves_of(const PlotOptions &o, const std::vector<Table<double>> &tables) {
  Plot plot;
  plot.title = o.title.empty() ? "Convergence" : o.title;
  plot.y.log = o.log == "auto" || o.log == "y" || o.log == "xy";
  plot.x.log = o.log == "x" || o.log == "xy";
  for (size_t f = 0; f < tables.size(); ++f) {
    const Table<double> &t = tables[f];
    int64_t x = 0;
    if (!o.x.empty()) {
      x = column_named(t, o.x);
    } else {
      while (x + 1 < t.cols && !counts_steps(column_name(t, x))) ++x;
      if (!counts_steps(column_name(t, x))) x = 0;
    }
    plot.x.label = column_name(t, x);
    std::vector<int64_t> columns;
    for (const std::string &name : o.columns) columns.push_back(column_named(t, name));
    // The objective has a scale of its own, so that it stands alone or not at all.
    const bool relative = std::any_of(t.names.begin(), t.names.end(),
                                      [](const std::string &n) { return n == "kkt" || is_relative_error(n); });
    for (int64_t j = 0; o.columns.empty() && j < t.cols; ++j) {
      const std::string name = column_name(t, j);
      if (j != x && !counts_steps(name) && !(relative && name == "objective")) columns.push_back(j);
    }
    for (const int64_t j : columns) {
      Series s;
      s.name = series_name(o, f, column_name(t, j), columns.size() == 1);
      s.x = column_of(t, x);
      s.y = column_of(t, j);
      s.dashed = plot.series.size() >= 8;
      plot.series.push_back(std::move(s));
    }
    plot.y.label = columns.size() == 1 ? column_name(t, columns[0]) : "";
  }
  if (plot.series.size() > kMostSeries)
    throw UsageError(std::to_string(plot.series.size()) +
                     " curves are too many for one plot; choose some with --columns");
  return plot;
}

void run_plot(const PlotOptions &o, const Common &common) {
  if (!o.stretch.empty() && !(o.stretch[0] >= 0 && o.stretch[0] < o.stretch[1] && o.stretch[1] <= 100))
    throw UsageError("--stretch takes two percentiles LOW,HIGH with 0 <= LOW < HIGH <= 100");
  std::vector<Data> data;
  for (const std::string &file : o.files) data.push_back(read_data(file));
  // A plain matrix is an image if one of its sides holds the pixels of the sizes that stand beside it.
  const int64_t pixels = data[0].lines > 0 && data[0].samples > 0 ? data[0].lines * data[0].samples : 0;
  const bool shaped = pixels > 0 && (data[0].axis[0].count == pixels || data[0].axis[1].count == pixels);
  if (o.kind == "maps" ||
      (o.kind == "auto" && (data[0].raster || !o.image.shape.empty() || !o.bands.empty() || shaped)))
    return plot_raster(o, common, data[0]);
  std::vector<Table<double>> tables;
  for (const Data &d : data) {
    tables.push_back(to_table<double>(d));
    for (const std::string &note : tables.back().meta.notes) detail(common, note);
  }
  const bool curves = o.kind == "curves" || (o.kind == "auto" && !data[0].spectra && is_history(tables[0]));
  write_picture(o, common, ".svg", svg(curves ? curves_of(o, tables) : spectra_of(o, tables)));
}

}  // namespace

void add_plot(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("plot", "PNG maps of an image, SVG of spectra or of convergence curves");
  const auto o = std::make_shared<PlotOptions>();
  verb->add_option("FILE", o->files, "an image, a spectral library, a table; several tables share one plot")
      ->required();
  verb->add_option("-o,--output", o->output, "the picture; default: the file's name in this directory, .png or .svg");
  verb->add_option("--kind", o->kind, "what the file holds")
      ->check(CLI::IsMember({"auto", "maps", "spectra", "curves"}))
      ->capture_default_str();
  verb->add_option("--bands", o->bands, "three bands, from 1, as red, green and blue; any other number as maps")
      ->delimiter(',');
  verb->add_option("--stretch", o->stretch, "percentiles LOW,HIGH that become darkest and brightest; default 2,98")
      ->delimiter(',')
      ->expected(2);
  verb->add_option("--map", o->map, "colours of a map")
      ->check(CLI::IsMember({"viridis", "magma", "grey", "balance"}))
      ->capture_default_str();
  verb->add_option("--zoom", o->zoom, "screen pixels for each pixel; 0: by size")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  verb->add_option("--columns", o->columns, "which spectra or curves, by name")->delimiter(',');
  verb->add_option("--x", o->x, "the column along the axis of curves, such as seconds");
  verb->add_option("--log", o->log, "logarithmic axes")
      ->check(CLI::IsMember({"auto", "none", "x", "y", "xy"}))
      ->capture_default_str();
  verb->add_option("--title", o->title, "above the plot");
  add_image_flags(*verb, o->image);
  add_common(*verb, common, flags_output);
  add_examples(*verb, {"orthant plot scene.hdr --bands 48,27,13          colour composite, PNG",
                       "orthant plot maps/abundances.img                 a sheet of all maps, PNG",
                       "orthant plot endmembers.sli -o spectra.svg       spectra against wavelength",
                       "orthant plot hals/convergence.csv mu/convergence.csv --columns kkt --x seconds -o race.svg"});
  verb->callback([o, &common] { run_plot(*o, common); });
}

}  // namespace orthant::tool
