#include "pictures.hpp"

#include <png.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "lettering.hpp"

namespace orthant::tool {
namespace {

std::size_t product(int a, int b) {
  return a > 0 && b > 0 ? static_cast<std::size_t>(a) * static_cast<std::size_t>(b) : 0;
}

std::string trimmed(std::string s) {
  if (s.find('.') == std::string::npos) return s;
  s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return s;
}

template <class... Rest>
std::string printed(double value, Rest... rest) {
  std::array<char, 400> text;  // the longest double in fixed notation has 309 digits before the point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, rest...);
  return end.ec == std::errc() ? std::string(text.data(), end.ptr) : std::string("?");
}

}  // namespace

// ---- Numbers and text ----------------------------------------------------------------------------------------------

std::string rounded(double value, int digits) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string s = printed(value, std::chars_format::general, std::max(1, digits));
  const std::size_t e = s.find('e');
  return e == std::string::npos ? trimmed(s) : trimmed(s.substr(0, e)) + s.substr(e);
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return rounded(value, 1);
  std::string s = printed(value, std::chars_format::fixed, std::clamp(decimals, 0, 60));
  if (s[0] == '-' && s.find_first_not_of("-0.") == std::string::npos) s.erase(0, 1);  // no "-0.00"
  return s;
}

namespace {
// Three significant digits in fixed notation: "3.21", "32.1", "321".
std::string three_digits(double v) {
  if (v < 9.995) return fixed(v, 2);
  return fixed(v, v < 99.95 ? 1 : 0);
}
}  // namespace

std::string duration_text(double s) {
  if (!std::isfinite(s)) return "-";
  if (s < 1e-3) return three_digits(1e6 * s) + " µs";
  if (s < 1) return three_digits(1e3 * s) + " ms";
  if (s < 120) return three_digits(s) + " s";
  return three_digits(s / 60) + " min";
}

std::string bytes_text(double bytes) {
  static constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  for (; bytes >= 1023.5 && unit < 4; ++unit) bytes /= 1024;
  return (unit == 0 ? fixed(bytes, 0) : three_digits(bytes)) + " " + units[unit];
}

std::string count_text(double count) {
  std::string s = fixed(count, 0);
  const std::size_t first = s[0] == '-' ? 1 : 0;
  if (s.size() - first <= 4 || !std::isfinite(count)) return s;
  for (std::size_t i = s.size() - 3; i > first; i = i > 3 ? i - 3 : 0) s.insert(i, 1, ' ');
  return s;
}

namespace {
// Bytes of a character of UTF-8 by its first; 0: no character begins with it.
std::size_t utf8_length(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if ((first & 0xF0) == 0xE0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}
}  // namespace

std::string escape_xml(const std::string &text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const unsigned c = byte(i);
    std::size_t length = utf8_length(c);
    std::uint32_t code = length == 1 ? c : c & (0xFF >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) {
        length = 0;
        break;
      }
      code = code << 6 | (byte(i + k) & 0x3F);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    const bool forbidden = control || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF;
    if (length == 0 || overlong || forbidden || code > 0x10FFFF) {
      out += "\uFFFD";
      i += 1;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.append(text, i, length);
    }
    i += length;
  }
  return out;
}

// ---- Pixels --------------------------------------------------------------------------------------------------------

std::string css_colour(Rgb c) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string s = "#";
  for (const int v : {int{c.r}, int{c.g}, int{c.b}}) s += {hex[v >> 4], hex[v & 15]};
  return s;
}

Range percentiles(const Plane &plane, double low, double high) {
  std::vector<float> v;
  v.reserve(plane.values.size());
  for (const float x : plane.values)
    if (std::isfinite(x)) v.push_back(x);
  if (v.empty()) return {};
  const auto value_at = [&](double percent) {
    const double rank = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(v.size() - 1);
    const auto place = v.begin() + static_cast<std::ptrdiff_t>(std::llround(rank));
    std::nth_element(v.begin(), place, v.end());
    return static_cast<double>(*place);
  };
  return {value_at(low), value_at(high)};
}

Rgb colour_at(ColourMap map, double t) {
  // Nine points of matplotlib's viridis and magma and of ColorBrewer's RdBu reversed; linear in between, which stays
  // within two steps of 255 of the full tables.
  static constexpr Rgb points[][9] = {
      {{68, 1, 84},
       {71, 44, 122},
       {59, 81, 139},
       {44, 113, 142},
       {33, 144, 141},
       {39, 173, 129},
       {92, 200, 99},
       {170, 220, 50},
       {253, 231, 37}},
      {{0, 0, 4},
       {28, 16, 68},
       {79, 18, 123},
       {129, 37, 129},
       {181, 54, 122},
       {229, 80, 100},
       {251, 135, 97},
       {254, 194, 135},
       {252, 253, 191}},
      {{0, 0, 0},
       {32, 32, 32},
       {64, 64, 64},
       {96, 96, 96},
       {128, 128, 128},
       {159, 159, 159},
       {191, 191, 191},
       {223, 223, 223},
       {255, 255, 255}},
      {{33, 102, 172},
       {67, 147, 195},
       {146, 197, 222},
       {209, 229, 240},
       {247, 247, 247},
       {253, 219, 199},
       {244, 165, 130},
       {214, 96, 77},
       {178, 24, 43}},
  };
  if (std::isnan(t)) return map == ColourMap::grey ? Rgb{196, 140, 140} : Rgb{158, 158, 158};
  const double place = 8 * std::clamp(t, 0.0, 1.0);
  const int i = std::min(7, static_cast<int>(place));
  const double f = place - i;
  const Rgb a = points[static_cast<int>(map)][i], b = points[static_cast<int>(map)][i + 1];
  const auto mix = [f](int p, int q) { return static_cast<std::uint8_t>(std::lround(p + f * (q - p))); };
  return {mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b)};
}

namespace {

// Where a value stands in a range; a range of one value puts that value at the middle.
double place_in(Range range, double v) {
  if (!std::isfinite(v)) return std::numeric_limits<double>::quiet_NaN();
  if (!(range.hi > range.lo)) return 0.5 + 0.5 * ((v > range.lo) - (v < range.lo));
  return (v - range.lo) / (range.hi - range.lo);
}

Picture blank(int width, int height, std::uint8_t grey) {
  Picture p;
  if (product(width, height) == 0) return p;
  p.width = width;
  p.height = height;
  p.rgb.assign(3 * product(width, height), grey);
  return p;
}

void put(Picture &p, std::size_t i, Rgb c) { p.rgb[3 * i] = c.r, p.rgb[3 * i + 1] = c.g, p.rgb[3 * i + 2] = c.b; }

}  // namespace

Picture draw_map(const Plane &plane, Range range, ColourMap map) {
  Picture p = blank(plane.width, plane.height, 0);
  const std::size_t n = std::min(plane.values.size(), p.rgb.size() / 3);
  for (std::size_t i = 0; i < n; ++i) put(p, i, colour_at(map, place_in(range, static_cast<double>(plane.values[i]))));
  return p;
}

Picture draw_composite(const Plane &red, const Plane &green, const Plane &blue, double low, double high) {
  Picture p = blank(red.width, red.height, 0);
  const Plane *planes[] = {&red, &green, &blue};
  for (std::size_t c = 0; c < 3; ++c) {
    const Range range = percentiles(*planes[c], low, high);
    const std::size_t n = std::min(planes[c]->values.size(), p.rgb.size() / 3);
    for (std::size_t i = 0; i < n; ++i) {
      const double t = place_in(range, static_cast<double>(planes[c]->values[i]));
      p.rgb[3 * i + c] = std::isnan(t) ? 0 : static_cast<std::uint8_t>(std::lround(255 * std::clamp(t, 0.0, 1.0)));
    }
  }
  return p;
}

Picture draw_true_colour(const Plane &red, const Plane &green, const Plane &blue) {
  Picture p = blank(red.width, red.height, 0);
  const Plane *planes[] = {&red, &green, &blue};
  double white = 0;
  for (const Plane *plane : planes) white = std::max(white, percentiles(*plane, 0, 99).hi);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < std::min(planes[c]->values.size(), p.rgb.size() / 3); ++i) {
      const double t = place_in({0, white}, static_cast<double>(planes[c]->values[i]));
      const double shown = std::isnan(t) ? 0 : std::pow(std::clamp(t, 0.0, 1.0), 1 / 1.7);
      p.rgb[3 * i + c] = static_cast<std::uint8_t>(std::lround(255 * shown));
    }
  return p;
}

Picture draw_mixture(const std::vector<Plane> &shares, const std::vector<Rgb> &colours) {
  if (shares.empty()) return {};
  Picture p = blank(shares[0].width, shares[0].height, 0);
  for (std::size_t i = 0; i < p.rgb.size() / 3; ++i) {
    double sum = 0, mix[3] = {0, 0, 0};
    for (std::size_t k = 0; k < std::min(shares.size(), colours.size()); ++k) {
      if (i >= shares[k].values.size()) continue;
      const double a = std::max(0.0, static_cast<double>(shares[k].values[i]));  // a NaN ends up in `sum`
      const double share = std::isnan(shares[k].values[i]) ? std::numeric_limits<double>::quiet_NaN() : a;
      sum += share;
      mix[0] += share * colours[k].r;
      mix[1] += share * colours[k].g;
      mix[2] += share * colours[k].b;
    }
    const bool valid = std::isfinite(sum) && sum > 0;
    for (std::size_t c = 0; c < 3; ++c)
      p.rgb[3 * i + c] = valid ? static_cast<std::uint8_t>(std::lround(std::min(255.0, mix[c] / sum))) : 158;
  }
  return p;
}

Picture enlarge(const Picture &picture, int factor) {
  if (factor <= 1) return picture;
  Picture p = blank(picture.width * factor, picture.height * factor, 0);
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) {
      const std::size_t from = product(y / factor, picture.width) + static_cast<std::size_t>(x / factor);
      const std::size_t to = product(y, p.width) + static_cast<std::size_t>(x);
      std::copy_n(&picture.rgb[3 * from], 3, &p.rgb[3 * to]);
    }
  return p;
}

int enlargement(int width, int height, int wanted) {
  return std::max(1, static_cast<int>(std::lround(wanted / std::max(1.0, 1.0 * std::max(width, height)))));
}

namespace {

void paste(Picture &on, const Picture &picture, int left, int top) {
  for (int y = std::max(0, -top); y < picture.height && top + y < on.height; ++y) {
    const int width = std::min(picture.width, on.width - left);
    if (width <= 0) return;
    std::copy_n(&picture.rgb[3 * product(y, picture.width)], 3 * static_cast<std::size_t>(width),
                &on.rgb[3 * (product(top + y, on.width) + static_cast<std::size_t>(left))]);
  }
}

void write_text(Picture &on, const std::string &text, double left, double baseline, double size) {
  draw_text(on.rgb.data(), on.width, on.height, text, left, baseline, size);
}

}  // namespace

Picture contact_sheet(const std::vector<Panel> &panels, int columns, const Scale *scale) {
  int width = 0, height = 0;
  for (const Panel &p : panels) {
    width = std::max(width, p.picture.width);
    height = std::max(height, p.picture.height);
  }
  if (width == 0 || height == 0) return {};
  const int n = static_cast<int>(panels.size());
  const int zoom = enlargement(width, height, 320), w = width * zoom, h = height * zoom;
  if (columns <= 0) columns = std::max(1, static_cast<int>(std::ceil(std::sqrt(n * 1.0 * h / w) - 0.01)));
  columns = std::min(columns, n);
  const int rows = (n + columns - 1) / columns;
  const double size = 17;  // height of the letters' em, in pixels
  const int edge = 24, gap = 20, caption = 30, bar = scale ? 78 : 0;
  Picture sheet = blank(2 * edge + columns * w + (columns - 1) * gap + bar,
                        2 * edge + rows * (h + caption) + (rows - 1) * (gap - 6), 255);
  for (int i = 0; i < n; ++i) {
    const int left = edge + i % columns * (w + gap), top = edge + i / columns * (h + caption + gap - 6);
    std::string label = panels[static_cast<std::size_t>(i)].label;
    while (!label.empty() && text_width(label, size) > w) label.pop_back();
    write_text(sheet, label, left, top + size, size);
    paste(sheet, enlarge(panels[static_cast<std::size_t>(i)].picture, zoom), left, top + caption);
  }
  if (scale) {
    const int left = sheet.width - edge - bar + gap, top = edge + caption, length = h;
    Picture strip = blank(16, length, 0);
    for (std::size_t i = 0; i < strip.rgb.size() / 3; ++i) {
      const double t = 1 - (static_cast<double>(i / 16) + 0.5) / length;
      put(strip, i, colour_at(scale->map, t));
    }
    paste(sheet, strip, left, top);
    for (const double t : {0.0, 0.5, 1.0}) {
      const double v = scale->range.lo + t * (scale->range.hi - scale->range.lo);
      const double y = top + (1 - t) * (length - 1);
      write_text(sheet, rounded(v, 3), left + 22, std::max(top + 11.0, std::min(y + 5, top + length - 1.0)), 14);
    }
  }
  return sheet;
}

std::string png(const Picture &picture) {
  if (picture.rgb.empty() || picture.rgb.size() != 3 * product(picture.width, picture.height))
    throw std::runtime_error("a picture without pixels cannot be written as PNG");
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr))
    throw std::runtime_error(std::string("libpng: ") + image.message);
  bytes.resize(size);
  return bytes;
}

std::string png_data_uri(const Picture &picture) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string bytes = png(picture);
  std::string out = "data:image/png;base64,";
  out.reserve(out.size() + 4 * bytes.size() / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0u; };
    const unsigned block = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += digits[block >> 18];
    out += digits[block >> 12 & 63];
    out += i + 1 < bytes.size() ? digits[block >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? digits[block & 63] : '=';
  }
  return out;
}

}  // namespace orthant::tool
