#include "lettering.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace orthant::tool {
namespace {

// A glyph is its advance, then strokes.  Each number is one digit of base 36, each point an x and a y, upwards.  The
// baseline is 4, small letters reach b (11), capitals e (14); an em is 14.  A stroke "/" joins its points by straight
// lines, "~" is a quadratic spline whose inner points are the corners of its control polygon.
const char *const kGlyphs[] = {
    "5",                                                  // space
    "3 /0e08 /0404",                                      // !
    "5 /0e0b /2e2b",                                      // "
    "9 /3e14 /6e44 /0b7b /0777",                          // #
    "9 ~6c6e0e0969640406 /3f33",                          // $
    "b /048e ~0c0e3e3a0a0c ~565888845456",                // %
    "9 ~741c1e5e5b07046479",                              // &
    "3 /0e0b",                                            // '
    "5 ~2f0c0522",                                        // (
    "5 ~0f2c2502",                                        // )
    "6 /2e2a /0d4b /4d0b",                                // *
    "9 /3b35 /0868",                                      // +
    "4 /1402",                                            // ,
    "7 /0848",                                            // -
    "3 /0404",                                            // .
    "6 /035f",                                            // /
    "9 ~090e6e640409",                                    // 0
    "9 /1c3e34",                                          // 1
    "9 ~0c0e6e6904 /0464",                                // 2
    "9 ~0c0e6e6929 ~2969640406",                          // 3
    "9 /444e0767",                                        // 4
    "9 /5e0e09 ~092a6a640406",                            // 5
    "9 ~5e0e04646a0a07",                                  // 6
    "9 /0e6e24",                                          // 7
    "9 ~3e0e09696e3e ~390904646939",                      // 8
    "9 ~14646e0e08686b",                                  // 9
    "4 /0505 /0a0a",                                      // :
    "4 /1402 /1a1a",                                      // ;
    "9 /6b0865",                                          // <
    "9 /0a6a /0666",                                      // =
    "9 /0b6805",                                          // >
    "8 ~0c0e5e5a2a27 /2424",                              // ?
    "b ~74040e8e8757 ~595b2b275759",                      // @
    "9 /044e84 /1777",                                    // A
    "9 /343404 /040e3e /0939 ~3e6e6939 ~39797434 /3404",  // B
    "9 ~7c6e0e046476",                                    // C
    "a /3e0e0434 ~3e7e7434",                              // D
    "8 /6e0e0464 /0959",                                  // E
    "8 /6e0e04 /0959",                                    // F
    "a ~7c6e0e047479 /4979",                              // G
    "a /040e /747e /0979",                                // H
    "3 /040e",                                            // I
    "8 /5e57 ~57540407",                                  // J
    "8 /040e /7e07 /2974",                                // K
    "7 /0e0454",                                          // L
    "b /040e468e84",                                      // M
    "a /040e747e",                                        // N
    "a ~090e8e840409",                                    // O
    "8 /040e3e /0838 ~3e6e6838",                          // P
    "a ~090e8e840409 /5683",                              // Q
    "9 /040e3e /0838 ~3e6e6838 /3874",                    // R
    "8 ~6c6e0e0969640406",                                // S
    "9 /0e8e /444e",                                      // T
    "a /0e08 ~08047478 /787e",                            // U
    "9 /0e448e",                                          // V
    "d /0e346e94ce",                                      // W
    "8 /047e /0e74",                                      // X
    "9 /0e488e /4844",                                    // Y
    "9 /0e7e0474",                                        // Z
    "5 /2f0f0222",                                        // [
    "6 /0f53",                                            // backslash
    "5 /0f2f2202",                                        // ]
    "9 /0b3e6b",                                          // ^
    "8 /0272",                                            // _
    "5 /0e2c",                                            // `
    "9 ~686b0b046468 /6b64",                              // a
    "8 ~080b6b640408 /0f04",                              // b
    "7 ~6a5b0b045465",                                    // c
    "9 ~686b0b046468 /6f64",                              // d
    "8 /0868 ~686b0b045466",                              // e
    "5 ~4f2f2c /2c24 /0b4b",                              // f
    "9 ~686b0b046468 /6b63 ~63601001",                    // g
    "8 /0f04 ~080b5b58 /5854",                            // h
    "3 /0b04 /0e0e",                                      // i
    "4 /1b13 ~131000 /1e1e",                              // j
    "7 /0f04 /5b06 /2854",                                // k
    "3 /0f04",                                            // l
    "b /0b04 ~080b4b48 /4844 ~484b8b88 /8884",            // m
    "8 /0b04 ~080b5b58 /5854",                            // n
    "8 ~080b6b640408",                                    // o
    "8 ~080b6b640408 /0b00",                              // p
    "9 ~686b0b046468 /6b60",                              // q
    "5 /0b04 ~080b4b",                                    // r
    "7 ~595b0b0858540406",                                // s
    "6 /2e27 ~272444 /0b4b",                              // t
    "8 /0b07 ~07045457 /5b54",                            // u
    "7 /0b346b",                                          // v
    "b /0b245b84ab",                                      // w
    "6 /045b /0b54",                                      // x
    "7 /0b34 /6b10",                                      // y
    "7 /0b5b0454",                                        // z
    "5 ~3f1f1909 ~09191333",                              // {
    "3 /0f02",                                            // |
    "5 ~0f2f2939 ~39292303",                              // }
    "9 ~071a5669",                                        // ~
};
constexpr const char *kDegree = "5 ~0c0e3e3b0b0c", *kMicro = "8 /0b00 ~07045457 /5b54", *kMinus = "9 /0868",
                     *kUnknown = "9 /040e6e6404";
constexpr double kUnits = 14, kThickness = 1.35;

const char *glyph_beyond_ascii(const std::string &sequence) {
  if (sequence == "°") return kDegree;
  if (sequence == "µ") return kMicro;
  if (sequence == "−") return kMinus;
  return sequence == "\u202f" ? kGlyphs[0] : kUnknown;
}

// The glyphs of a UTF-8 text.
std::vector<const char *> glyphs_of(const std::string &text) {
  std::vector<const char *> glyphs;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0) == 0x80) ++length;
    const std::string sequence = text.substr(i, length);
    glyphs.push_back(c >= 32 && c < 127 ? kGlyphs[c - 32] : glyph_beyond_ascii(sequence));
    i += length;
  }
  return glyphs;
}

int digit(char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; }

struct Point {
  double x, y;
};

std::vector<Point> flattened(bool smooth, const std::vector<Point> &p) {
  if (!smooth || p.size() < 3) return p;
  std::vector<Point> line = {p[0]};
  const auto middle = [](Point a, Point b) { return Point{(a.x + b.x) / 2, (a.y + b.y) / 2}; };
  for (std::size_t i = 1; i + 1 < p.size(); ++i) {
    const Point a = line.back(), b = p[i], c = i + 2 == p.size() ? p[i + 1] : middle(p[i], p[i + 1]);
    for (int k = 1; k <= 8; ++k) {
      const double t = k / 8.0, u = 1 - t;
      line.push_back({u * u * a.x + 2 * u * t * b.x + t * t * c.x, u * u * a.y + 2 * u * t * b.y + t * t * c.y});
    }
  }
  return line;
}

double distance(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace

double text_width(const std::string &text, double size) {
  double units = 0;
  for (const char *glyph : glyphs_of(text)) units += digit(glyph[0]);
  return units * size / kUnits;
}

void draw_text(std::uint8_t *rgb, int width, int height, const std::string &text, double left, double baseline,
               double size) {
  const double scale = size / kUnits, radius = std::max(0.6, kThickness * scale / 2);
  // The covered share of each pixel of the text's rectangle.
  const int x0 = static_cast<int>(left - 2), y0 = static_cast<int>(baseline - 1.1 * size);
  const int w = static_cast<int>(text_width(text, size)) + 6, h = static_cast<int>(1.6 * size) + 2;
  std::vector<double> cover(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), 0);
  const auto draw = [&](const std::vector<Point> &line) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      const Point a = line[i], b = line[i + 1];
      const double reach = radius + 1;
      for (int y = std::max(0, static_cast<int>(std::min(a.y, b.y) - reach)); y < h && y < std::max(a.y, b.y) + reach;
           ++y)
        for (int x = std::max(0, static_cast<int>(std::min(a.x, b.x) - reach)); x < w && x < std::max(a.x, b.x) + reach;
             ++x) {
          const double ink = std::clamp(radius + 0.5 - distance({x + 0.5, y + 0.5}, a, b), 0.0, 1.0);
          double &c = cover[static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x)];
          c = std::max(c, ink);
        }
    }
  };
  double pen = left - x0 + scale;  // half the gap between letters
  for (const char *glyph : glyphs_of(text)) {
    std::vector<Point> points;
    bool smooth = false;
    for (const char *p = glyph + 1;; ++p) {
      if (*p == ' ' || *p == 0) {
        if (!points.empty()) draw(flattened(smooth, points));
        points.clear();
        if (*p == 0) break;
      } else if (*p == '/' || *p == '~') {
        smooth = *p == '~';
      } else {
        points.push_back({pen + scale * digit(p[0]), baseline - y0 - scale * (digit(p[1]) - 4)});
        ++p;
      }
    }
    pen += scale * digit(glyph[0]);
  }
  for (int y = std::max(0, -y0); y < h && y0 + y < height; ++y)
    for (int x = std::max(0, -x0); x < w && x0 + x < width; ++x) {
      const double ink = cover[static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x)];
      if (ink <= 0) continue;
      std::uint8_t *pixel = rgb + 3 * (static_cast<std::size_t>(y0 + y) * static_cast<std::size_t>(width) +
                                       static_cast<std::size_t>(x0 + x));
      for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] + ink * (30 - pixel[c])));
    }
}

}  // namespace orthant::tool
