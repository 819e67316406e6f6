// SVG plots: pictures.hpp, second half.
#include <algorithm>
#include <cmath>
#include <utility>

#include "pictures.hpp"

namespace orthant::tool {

Rgb series_colour(std::size_t index) {
  static constexpr Rgb colours[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115},   {204, 121, 167},
                                    {230, 159, 0}, {86, 180, 233}, {128, 128, 128}, {140, 86, 60}};
  return colours[index % (sizeof colours / sizeof *colours)];
}

namespace {

constexpr double kTitleSize = 16, kLabelSize = 13.5, kTickSize = 12;

// Of one letter of a common sans serif.
double em_of(char c) {
  const auto in = [c](const char *set) { return c != 0 && std::string(set).find(c) != std::string::npos; };
  if (in("ijl.,:;'|!I ")) return 0.28;
  if (in("frt()[]-/")) return 0.34;
  if (in("mwMW%@")) return 0.86;
  return c >= 'A' && c <= 'Z' ? 0.68 : 0.56;
}

// Pixels that a text takes in a common sans serif; a few per cent off, which margins absorb.
double wide(const std::string &text, double size) {
  double em = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // the rest of a UTF-8 sequence
    em += em_of(c);
  }
  return em * size;
}

std::string px(double v) {
  std::string s = fixed(v, 1);
  return s.size() > 2 && s.compare(s.size() - 2, 2, ".0") == 0 ? s.substr(0, s.size() - 2) : s;
}

std::string power_of_ten(int exponent) {
  static constexpr const char *digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string s = exponent < 0 ? "10⁻" : "10";
  for (const char c : std::to_string(std::abs(exponent))) s += digits[c - '0'];
  return s;
}

std::string with_minus(std::string s) {  // a true minus sign
  if (!s.empty() && s[0] == '-') s.replace(0, 1, "−");
  return s;
}

// ---- Axes ----------------------------------------------------------------------------------------------------------

struct Tick {
  double value;
  std::string label;  // empty: a minor tick
};
struct Ruler {
  bool log = false;
  double lo = 0, hi = 1;
  std::vector<Tick> ticks;
  std::string factor;  // "×10⁻³", which the labels leave out

  double place(double v) const {  // in [0, 1] inside the axis, NaN for what it cannot show
    if (!std::isfinite(v) || (log && v <= 0)) return kAuto;
    return log ? (std::log(v) - std::log(lo)) / (std::log(hi) - std::log(lo)) : (v - lo) / (hi - lo);
  }
};

struct Extent {
  double lo = INFINITY, hi = -INFINITY;
  void add(double v, bool log) {
    if (!std::isfinite(v) || (log && v <= 0)) return;
    lo = std::min(lo, v);
    hi = std::max(hi, v);
  }
};

double round_step(double rough) {
  const double unit = std::pow(10, std::floor(std::log10(rough))), f = rough / unit;
  if (f < 1.5) return unit;
  if (f < 3.5) return 2 * unit;
  return f < 7.5 ? 5 * unit : 10 * unit;
}

// To 1, 2 or 5 times a power of ten.
double rounded_down(double v) {
  const double unit = std::pow(10, std::floor(std::log10(v) + 1e-9)), f = v / unit;
  if (f > 4.999) return 5 * unit;
  return f > 1.999 ? 2 * unit : unit;
}
double rounded_up(double v) {
  const double unit = std::pow(10, std::floor(std::log10(v) + 1e-9)), f = v / unit;
  if (f < 1.001) return unit;
  if (f < 2.001) return 2 * unit;
  return f < 5.001 ? 5 * unit : 10 * unit;
}

void linear_ticks(Ruler &r, double step) {
  const double largest = std::max(std::abs(r.lo), std::abs(r.hi));
  int exponent = static_cast<int>(std::floor(std::log10(largest)));
  exponent = largest >= 1e5 || largest < 1e-2 ? exponent : 0;
  const double unit = std::pow(10, exponent);
  if (exponent) r.factor = "×" + power_of_ten(exponent);
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step / unit) + 1e-9)));
  const double first = std::ceil(r.lo / step - 1e-6), last = std::floor(r.hi / step + 1e-6);
  for (double k = first; k <= last && k < first + 100; ++k)
    r.ticks.push_back({k * step, with_minus(fixed(k * step / unit, decimals))});
}

Ruler linear_ruler(const PlotAxis &axis, Extent e, bool round_ends, int wanted) {
  Ruler r;
  if (!(e.lo <= e.hi)) {
    e.lo = 0;
    e.hi = 1;
  }
  r.lo = std::isfinite(axis.from) ? axis.from : e.lo;
  r.hi = std::isfinite(axis.to) ? axis.to : e.hi;
  // Ends far beyond any data would overflow below; one value, or ends in the wrong order, get some room around.
  r.lo = std::clamp(r.lo, -1e300, 1e300);
  r.hi = std::clamp(r.hi, -1e300, 1e300);
  const double least = 1e-9 * std::max(std::abs(r.lo), std::abs(r.hi));
  if (!(r.hi - r.lo > std::max(least, 1e-290))) {
    const double room = std::abs(r.lo) < 1e-280 ? 1 : 0.1 * std::abs(r.lo);
    r.hi = r.lo + room;
    r.lo -= room;
  }
  const double step = round_step((r.hi - r.lo) / wanted);
  if (round_ends && !std::isfinite(axis.from)) r.lo = step * std::floor(r.lo / step + 1e-6);
  if (round_ends && !std::isfinite(axis.to)) r.hi = step * std::ceil(r.hi / step - 1e-6);
  linear_ticks(r, step);
  return r;
}

Ruler log_ruler(const PlotAxis &axis, Extent e, bool round_ends, int wanted) {
  Ruler r;
  r.log = true;
  if (!(e.lo <= e.hi)) {
    e.lo = 0.1;
    e.hi = 1;
  }
  r.lo = axis.from > 0 ? axis.from : e.lo;
  r.hi = axis.to > 0 ? axis.to : e.hi;
  r.lo = std::clamp(r.lo, 1e-300, 1e299);
  r.hi = std::clamp(r.hi, 1e-300, 1e300);
  if (!(r.hi > 1.02 * r.lo)) {
    r.hi = std::max(r.lo, r.hi) * 1.5;
    r.lo /= 1.5;
  }
  if (round_ends) {
    if (!(axis.from > 0)) r.lo = rounded_down(r.lo);
    if (!(axis.to > 0)) r.hi = rounded_up(r.hi);
  }
  const int low = static_cast<int>(std::floor(std::log10(r.lo) + 1e-9));
  const int high = static_cast<int>(std::ceil(std::log10(r.hi) - 1e-9));
  const double decades = std::log10(r.hi) - std::log10(r.lo);
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / wanted)));
  const bool plain = low >= -3 && high <= 4;
  for (int k = low; k <= high; ++k)
    for (int m = 1; m < 10; ++m) {
      const double v = m * std::pow(10, k);
      if (v < r.lo * 0.9999 || v > r.hi * 1.0001) continue;
      const bool between = decades < 2.2 && (m == 2 || m == 5);
      const bool labelled = m == 1 ? k % stride == 0 : between;
      if (m > 1 && !between && decades > 7) continue;
      std::string label = plain || decades < 2.2 ? rounded(v, 3) : power_of_ten(k);
      r.ticks.push_back({v, labelled ? std::move(label) : std::string()});
    }
  if (std::count_if(r.ticks.begin(), r.ticks.end(), [](const Tick &t) { return !t.label.empty(); }) < 2) {
    r.ticks.clear();  // too narrow for 1, 2, 5: evenly stepped numbers on the log axis
    linear_ticks(r, round_step((r.hi - r.lo) / wanted));
  }
  return r;
}

Ruler ruler(const PlotAxis &axis, Extent e, bool round_ends, int wanted) {
  return axis.log ? log_ruler(axis, e, round_ends, wanted) : linear_ruler(axis, e, round_ends, wanted);
}

// ---- Drawing -------------------------------------------------------------------------------------------------------

struct Ink {
  std::string text, muted, grid, axis;
};
Ink ink_for(Ground ground) {
  if (ground == Ground::paper)
    return {"fill=\"#1b1f24\"", "fill=\"#57606a\"", "stroke=\"#e4e7eb\"", "stroke=\"#6b737c\""};
  return {"fill=\"currentColor\"", "fill=\"currentColor\" fill-opacity=\".68\"",
          "stroke=\"currentColor\" stroke-opacity=\".13\"", "stroke=\"currentColor\" stroke-opacity=\".55\""};
}

struct Canvas {
  std::string out;

  void text(double x, double y, double size, const std::string &ink, const std::string &text,
            const char *anchor = "start", const std::string &more = {}) {
    out += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" font-size=\"" + px(size) + "\" " + ink + " text-anchor=\"" +
           anchor + "\"" + more + ">" + escape_xml(text) + "</text>\n";
  }
  void line(double x1, double y1, double x2, double y2, const std::string &ink, double width = 1) {
    out += "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) + "\" " + ink +
           " stroke-width=\"" + px(width) + "\"/>\n";
  }
};

std::string opacity(double v) { return v < 1 ? " stroke-opacity=\"" + rounded(v, 2) + "\"" : ""; }

struct LegendEntry {
  std::string name, colour;
  bool line, dashed, marked;
  double width, opacity;
};

struct Frame {
  double left, top, right, bottom;  // of the data area
  Ink ink;
  int width, height;
};

// Ground, title, note and legend; the area below them.
Frame open(Canvas &c, int width, int height, Ground ground, const std::string &title, const std::string &note,
           const std::vector<LegendEntry> &legend) {
  Frame f{};
  f.width = std::max(width, 120);
  f.height = std::max(height, 90);
  f.ink = ink_for(ground);
  c.out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(f.width) + " " +
          std::to_string(f.height) + "\" width=\"" + std::to_string(f.width) + "\" height=\"" +
          std::to_string(f.height) +
          "\" font-family=\"'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif\" role=\"img\">\n";
  if (!title.empty()) c.out += "<title>" + escape_xml(title) + "</title>\n";
  if (ground == Ground::paper) c.out += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  const double edge = ground == Ground::paper ? 18 : 2;
  double y = ground == Ground::paper ? 14 : 2;
  if (!title.empty()) {
    y += kTitleSize;
    c.text(edge, y, kTitleSize, f.ink.text, title, "start", " font-weight=\"600\"");
    y += 6;
  }
  if (!note.empty()) {
    y += kLabelSize;
    c.text(edge, y, kLabelSize - 0.5, f.ink.muted, note);
    y += 5;
  }
  if (!legend.empty()) {
    double x = edge;
    y += 16;
    for (const LegendEntry &e : legend) {
      const double sample = e.line ? 24 : 11, w = sample + 7 + wide(e.name, kLabelSize);
      if (x > edge && x + w > f.width - edge) {
        x = edge;
        y += 20;
      }
      const std::string colour = escape_xml(e.colour);
      if (e.line) {
        c.line(x, y - 4.5, x + sample, y - 4.5,
               "stroke=\"" + colour + "\"" + (e.dashed ? " stroke-dasharray=\"5 4\"" : "") + opacity(e.opacity),
               e.width);
        if (e.marked)
          c.out += "<circle cx=\"" + px(x + sample / 2) + "\" cy=\"" + px(y - 4.5) + "\" r=\"3\" fill=\"" + colour +
                   "\"/>\n";
      } else {
        c.out += "<rect x=\"" + px(x) + "\" y=\"" + px(y - 10) + "\" width=\"11\" height=\"11\" rx=\"2\" fill=\"" +
                 colour + "\"/>\n";
      }
      c.text(x + sample + 7, y, kLabelSize, f.ink.text, e.name);
      x += w + 20;
    }
    y += 6;
  }
  f.left = edge;
  f.top = y + 12;
  f.right = f.width - edge;
  f.bottom = f.height - (ground == Ground::paper ? 14 : 2);
  return f;
}

// The vertical axis: takes its room from the left of the frame, draws grid, labels and title.
void draw_y_axis(Canvas &c, Frame &f, const Ruler &r, const std::string &label) {
  double widest = 0;
  for (const Tick &t : r.ticks) widest = std::max(widest, wide(t.label, kTickSize));
  const double label_room = label.empty() ? 0 : kLabelSize + 8, middle = (f.top + f.bottom) / 2;
  if (!label.empty())
    c.text(0, 0, kLabelSize, f.ink.text, label, "middle",
           " transform=\"translate(" + px(f.left + kLabelSize - 2) + " " + px(middle) + ") rotate(-90)\"");
  f.left += label_room + widest + 8;
  if (!r.factor.empty()) c.text(f.left, f.top - 8, kTickSize, f.ink.muted, r.factor, "end");
  for (const Tick &t : r.ticks) {
    const double y = f.bottom - r.place(t.value) * (f.bottom - f.top);
    if (t.label.empty()) continue;
    c.line(f.left, y, f.right, y, f.ink.grid);
    c.text(f.left - 7, y + 4.2, kTickSize, f.ink.muted, t.label, "end");
  }
}

void draw_x_axis(Canvas &c, const Frame &f, const Ruler &r, const std::string &label) {
  c.line(f.left, f.bottom, f.right, f.bottom, f.ink.axis, 1.2);
  double free_from = -INFINITY;  // labels that would touch their left neighbour are left out
  for (const Tick &t : r.ticks) {
    const double x = f.left + r.place(t.value) * (f.right - f.left), w = wide(t.label, kTickSize);
    c.line(x, f.bottom, x, f.bottom + (t.label.empty() ? 3 : 5), f.ink.axis);
    if (t.label.empty() || x - w / 2 < free_from) continue;
    c.text(x, f.bottom + 18, kTickSize, f.ink.muted, t.label, "middle");
    free_from = x + w / 2 + 6;
  }
  const std::string factor = r.factor.empty() ? "" : "  " + r.factor;
  if (!label.empty() || !factor.empty())
    c.text((f.left + f.right) / 2, f.bottom + 37, kLabelSize, f.ink.text, label + factor, "middle");
}

// Coordinates in the data area's own system.
struct Point {
  double x, y;
};
Point point(const Frame &f, const Ruler &rx, const Ruler &ry, double x, double y) {
  // Far outside is as good as infinitely far, and keeps the digits few.
  const double u = std::clamp(rx.place(x), -20.0, 20.0), v = std::clamp(ry.place(y), -20.0, 20.0);
  return {u * (f.right - f.left), (1 - v) * (f.bottom - f.top)};
}

std::string polyline(const std::vector<Point> &points) {
  std::string d;
  bool down = false;
  Point last{};
  for (const Point p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
      down = false;
      continue;
    }
    if (down && std::abs(p.x - last.x) < 0.15 && std::abs(p.y - last.y) < 0.15) continue;
    d += (down ? "L" : "M") + px(p.x) + " " + px(p.y);
    if (!down) d += "h0";  // a lone point shows as a dot with round caps
    down = true;
    last = p;
  }
  return d;
}

// One closed outline for each run of finite bounds.
std::string ribbon(const std::vector<Point> &lo, const std::vector<Point> &hi) {
  std::string d;
  for (std::size_t i = 0, n = std::min(lo.size(), hi.size()); i < n;) {
    const auto valid = [&](std::size_t k) {
      return std::isfinite(hi[k].x) && std::isfinite(hi[k].y) && std::isfinite(lo[k].y);
    };
    std::size_t end = i;
    while (end < n && valid(end)) ++end;
    for (std::size_t k = i; k < end; ++k) d += (k == i ? "M" : "L") + px(hi[k].x) + " " + px(hi[k].y);
    for (std::size_t k = end; k-- > i;) d += "L" + px(lo[k].x) + " " + px(lo[k].y);
    if (end > i) d += "Z";
    i = end + 1;
  }
  return d;
}

// Inside, the data area's corner is the origin, and what leaves the area is cut off.
void open_area(Canvas &c, const Frame &f) {
  const double slack = 4, w = f.right - f.left + 2 * slack, h = f.bottom - f.top + 2 * slack;
  c.out += "<svg x=\"" + px(f.left - slack) + "\" y=\"" + px(f.top - slack) + "\" width=\"" + px(w) + "\" height=\"" +
           px(h) + "\" viewBox=\"" + px(-slack) + " " + px(-slack) + " " + px(w) + " " + px(h) + "\">\n";
}

std::string colour_or(const std::string &given, std::size_t index) {
  return given.empty() ? css_colour(series_colour(index)) : given;
}

}  // namespace

std::string svg(const Plot &plot) {
  std::vector<LegendEntry> legend;
  Extent ex, ey;
  for (std::size_t k = 0; k < plot.series.size(); ++k) {
    const Series &s = plot.series[k];
    if (plot.legend && !s.name.empty())
      legend.push_back({s.name, colour_or(s.colour, k), true, s.dashed, s.marked, s.width, s.opacity});
    for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i) {
      ex.add(s.x[i], plot.x.log);
      ey.add(s.y[i], plot.y.log);
      if (i < s.lo.size()) ey.add(s.lo[i], plot.y.log);
      if (i < s.hi.size()) ey.add(s.hi[i], plot.y.log);
    }
  }
  Canvas c;
  Frame f = open(c, plot.width, plot.height, plot.ground, plot.title, plot.note, legend);
  f.bottom = std::max(f.top + 20, f.bottom - (plot.x.label.empty() ? 22 : 40));
  const Ruler ry = ruler(plot.y, ey, true, std::max(2, static_cast<int>((f.bottom - f.top) / 50)));
  draw_y_axis(c, f, ry, plot.y.label);
  f.right = std::max(f.left + 20, f.right - 8);  // half of the last label on the x axis
  const Ruler rx = ruler(plot.x, ex, false, std::max(2, static_cast<int>((f.right - f.left) / 75)));
  draw_x_axis(c, f, rx, plot.x.label);
  open_area(c, f);
  for (std::size_t k = 0; k < plot.series.size(); ++k) {
    const Series &s = plot.series[k];
    const std::size_t n = std::min(s.x.size(), s.y.size());
    const std::string colour = escape_xml(colour_or(s.colour, k));
    std::vector<Point> line, lo, hi;
    for (std::size_t i = 0; i < n; ++i) {
      line.push_back(point(f, rx, ry, s.x[i], s.y[i]));
      if (i < s.lo.size()) lo.push_back(point(f, rx, ry, s.x[i], s.lo[i]));
      if (i < s.hi.size()) hi.push_back(point(f, rx, ry, s.x[i], s.hi[i]));
    }
    const std::string band = ribbon(lo, hi), path = polyline(line);
    if (!band.empty()) c.out += "<path d=\"" + band + "\" fill=\"" + colour + "\" fill-opacity=\".17\"/>\n";
    if (!path.empty())
      c.out += "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"" + px(s.width) +
               "\" stroke-linejoin=\"round\"" + opacity(s.opacity) +
               (s.dashed ? " stroke-dasharray=\"6 4\"" : " stroke-linecap=\"round\"") + "/>\n";
    for (std::size_t i = 0; s.marked && i < n; ++i)
      if (std::isfinite(line[i].x) && std::isfinite(line[i].y))
        c.out +=
            "<circle cx=\"" + px(line[i].x) + "\" cy=\"" + px(line[i].y) + "\" r=\"3.2\" fill=\"" + colour + "\"/>\n";
  }
  c.out += "</svg>\n</svg>\n";
  return c.out;
}

std::string svg(const BarChart &chart) {
  std::vector<LegendEntry> legend;
  Extent e;
  for (std::size_t k = 0; k < chart.sets.size(); ++k) {
    const BarSet &s = chart.sets[k];
    if (!s.name.empty()) legend.push_back({s.name, colour_or(s.colour, k), false, false, false, 0, 1});
    for (const std::vector<double> *v : {&s.values, &s.lo, &s.hi})
      for (const double x : *v) e.add(x, chart.y.log);
  }
  if (!chart.y.log && e.lo <= e.hi) e.add(0, false);  // a bar's length means something only from zero
  if (chart.y.log && e.lo <= e.hi) e.lo /= 1.6;       // the smallest bar has some length too
  Canvas c;
  Frame f = open(c, chart.width, chart.height, chart.ground, chart.title, chart.note, legend);
  const double full = f.right - f.left, slots = std::max<double>(1, static_cast<double>(chart.groups.size()));
  double longest = 0;
  for (const std::string &g : chart.groups) longest = std::max(longest, wide(g, kTickSize));
  const bool slanted = longest > (full - 60) / slots - 6;
  const double foot = slanted ? std::min(12 + 0.55 * longest, 0.35 * f.height) + 14 : 26;
  f.bottom = std::max(f.top + 20, f.bottom - foot);
  if (chart.values_shown) f.top += 10;
  const Ruler r = ruler(chart.y, e, true, std::max(2, static_cast<int>((f.bottom - f.top) / 50)));
  draw_y_axis(c, f, r, chart.y.label);
  f.right = std::max(f.left + 20, f.right);
  const double slot = (f.right - f.left) / slots, height = f.bottom - f.top;
  const double sets = std::max<double>(1, static_cast<double>(chart.sets.size()));
  const double bar = std::min(56.0, 0.78 * slot / sets);
  const double zero = std::clamp(chart.y.log ? 0.0 : r.place(0), 0.0, 1.0);
  const auto y_of = [&](double v) { return f.bottom - std::clamp(r.place(v), 0.0, 1.0) * height; };
  for (std::size_t g = 0; g < chart.groups.size(); ++g) {
    const double middle = f.left + (static_cast<double>(g) + 0.5) * slot;
    for (std::size_t k = 0; k < chart.sets.size(); ++k) {
      const BarSet &s = chart.sets[k];
      if (g >= s.values.size() || !std::isfinite(r.place(s.values[g]))) continue;
      const double x = middle + (static_cast<double>(k) - sets / 2) * bar, y = y_of(s.values[g]),
                   base = f.bottom - zero * height;
      c.out += "<rect x=\"" + px(x + 1) + "\" y=\"" + px(std::min(y, base)) + "\" width=\"" +
               px(std::max(1.0, bar - 2)) + "\" height=\"" + px(std::abs(base - y)) + "\" fill=\"" +
               escape_xml(colour_or(s.colour, k)) + "\"/>\n";
      double above = std::min(y, base);
      if (g < s.lo.size() && g < s.hi.size() && std::isfinite(r.place(s.lo[g])) && std::isfinite(r.place(s.hi[g]))) {
        const double a = y_of(s.lo[g]), b = y_of(s.hi[g]), m = x + bar / 2;
        c.line(m, a, m, b, f.ink.axis, 1.3);
        for (const double end : {a, b}) c.line(m - 4, end, m + 4, end, f.ink.axis, 1.3);
        above = std::min({above, a, b});
      }
      const std::string label = with_minus(rounded(s.values[g], 3));
      if (chart.values_shown && wide(label, 11) < bar + 6)
        c.text(x + bar / 2, above - 4, 11, f.ink.muted, label, "middle");
    }
    if (slanted)
      c.text(0, 0, kTickSize, f.ink.text, chart.groups[g], "end",
             " transform=\"translate(" + px(middle + 4) + " " + px(f.bottom + 14) + ") rotate(-33)\"");
    else
      c.text(middle, f.bottom + 18, kTickSize, f.ink.text, chart.groups[g], "middle");
  }
  c.line(f.left, f.bottom - zero * height, f.right, f.bottom - zero * height, f.ink.axis, 1.2);
  c.out += "</svg>\n";
  return c.out;
}

}  // namespace orthant::tool
