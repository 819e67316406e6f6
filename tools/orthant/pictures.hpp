// Pictures: PNG maps and SVG plots, made in memory and returned as bytes.
//
// Nothing here opens a file or calls the library.  NaN and Inf in the data are missing values: a grey pixel, a gap in a
// line.  Every size is accepted, an empty picture too.  Numbers are printed independently of the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace orthant::tool {

// ---- Numbers and text ----------------------------------------------------------------------------------------------

// `digits` significant digits, without trailing zeros: "0.052", "1.2e-07"; "-" for NaN.
std::string rounded(double value, int digits = 4);
// Exactly `decimals` decimals: "0.0520".
std::string fixed(double value, int decimals);
// To be read: "3.2 ms", "41 s"; "1.3 KiB", "24 MiB"; "12 345 678".
std::string duration_text(double seconds);
std::string bytes_text(double bytes);
std::string count_text(double count);
// Text inside XML or HTML, attributes included.  Characters that XML forbids, and broken UTF-8, become U+FFFD.
std::string escape_xml(const std::string &text);

// ---- Pixels --------------------------------------------------------------------------------------------------------

struct Rgb {
  std::uint8_t r, g, b;
};
std::string css_colour(Rgb colour);  // "#rrggbb"

// 8-bit RGB, row by row from the top left.
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // 3 * width * height
};

// One value a pixel, row by row from the top left.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;
};
// A plane out of interleaved data: pixel i is values[i * stride].
template <class T>
Plane plane_of(const T *values, int width, int height, std::size_t stride = 1) {
  Plane p;
  if (width <= 0 || height <= 0) return p;
  p.width = width;
  p.height = height;
  p.values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::size_t i = 0; i < p.values.size(); ++i) p.values[i] = static_cast<float>(values[i * stride]);
  return p;
}

struct Range {
  double lo = 0, hi = 1;
};
// The values below which `low` and `high` percent of the finite values lie; {0, 1} if there are none.
Range percentiles(const Plane &plane, double low, double high);

enum class ColourMap {
  viridis,  // perceptually even, dark to light: abundances
  magma,    // the same, warmer: residuals
  grey,
  balance,  // blue, white, red: signed differences, white at the middle of the range
};
Rgb colour_at(ColourMap map, double t);  // t in [0, 1], clipped; NaN: the colour of missing data

Picture draw_map(const Plane &plane, Range range, ColourMap map);
// Three planes as red, green and blue, each stretched between its own percentiles.
Picture draw_composite(const Plane &red, const Plane &green, const Plane &blue, double low = 2, double high = 98);
// Reflectance as a camera shows it: one scale for all three, from zero, dark tones lifted by a gamma of 1.7.
Picture draw_true_colour(const Plane &red, const Plane &green, const Plane &blue);
// The materials' colours mixed in each pixel by abundance; shares[k] belongs to colours[k].
Picture draw_mixture(const std::vector<Plane> &shares, const std::vector<Rgb> &colours);
// Every pixel `factor` times as wide and high.
Picture enlarge(const Picture &picture, int factor);
// The factor that brings a picture of this size to about `wanted` pixels on its longer side; at least 1.
int enlargement(int width, int height, int wanted);

struct Panel {
  std::string label;
  Picture picture;
};
// Labelled panels in rows on white; columns 0: about as wide as high.  With a map, its colour bar stands at the right.
struct Scale {
  ColourMap map = ColourMap::viridis;
  Range range;
};
Picture contact_sheet(const std::vector<Panel> &panels, int columns = 0, const Scale *scale = nullptr);

// A PNG file.  Throws std::runtime_error for an empty picture or where libpng refuses.
std::string png(const Picture &picture);
// The same as an address for <img src>.
std::string png_data_uri(const Picture &picture);

// ---- Plots ---------------------------------------------------------------------------------------------------------

// Colours that stay apart for colour-blind readers and on light and dark ground [Okabe, Ito 2008, without yellow].
Rgb series_colour(std::size_t index);

constexpr double kAuto = std::numeric_limits<double>::quiet_NaN();

struct PlotAxis {
  std::string label;
  bool log = false;                 // values <= 0 are then missing
  double from = kAuto, to = kAuto;  // default: from the data, at round numbers
};
struct Series {
  std::string name;                     // empty: not in the legend
  std::vector<double> x, y;             // the shorter length counts
  std::vector<double> lo, hi;           // a band around y, such as quartiles; may be empty
  std::string colour;                   // "#rrggbb"; empty: series_colour(position)
  bool dashed = false, marked = false;  // marked: a dot at each point
  double width = 2, opacity = 1;        // of the line
};
// paper: dark on white, for a file.  page: inherits the text colour, no ground, for SVG inside HTML.
enum class Ground { paper, page };
struct Plot {
  std::string title, note;  // the note stands under the title, smaller
  PlotAxis x, y;
  std::vector<Series> series;
  bool legend = true;
  int width = 720, height = 440;
  Ground ground = Ground::paper;
};
std::string svg(const Plot &plot);

// Groups of bars: values[g] of every set stands over groups[g].
struct BarSet {
  std::string name;
  std::vector<double> values, lo, hi;  // lo and hi: whiskers; may be empty
  std::string colour;
};
struct BarChart {
  std::string title, note;
  std::vector<std::string> groups;
  PlotAxis y;
  std::vector<BarSet> sets;
  bool values_shown = true;  // the number above each bar
  int width = 720, height = 440;
  Ground ground = Ground::paper;
};
std::string svg(const BarChart &chart);

}  // namespace orthant::tool
