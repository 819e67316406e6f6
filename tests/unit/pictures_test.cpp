// PNG that decodes to its pixels, SVG that is well-formed whatever the data: tools/orthant/pictures.hpp.
#include "pictures.hpp"

#include <clocale>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <png.h>

namespace orthant::tool {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

Picture decoded(const std::string &bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  Picture p;
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) return p;
  image.format = PNG_FORMAT_RGB;
  p.width = static_cast<int>(image.width), p.height = static_cast<int>(image.height);
  p.rgb.resize(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, p.rgb.data(), 0, nullptr)) p.rgb.clear();
  return p;
}

// What is wrong with an XML document of elements, attributes, text and the five entities; empty if nothing.
std::string fault(const std::string &xml) {
  std::vector<std::string> open;
  size_t i = 0;
  const auto bad = [&](const char *what) { return std::string(what) + " at " + xml.substr(i, 60); };
  const auto text_fault = [&](size_t from, size_t to) {
    for (size_t k = from; k < to; ++k) {
      const auto c = static_cast<unsigned char>(xml[k]);
      if (c == '<' || (c < 32 && c != '\n' && c != '\t')) return true;
      if (c != '&') continue;
      bool known = false;
      for (const char *entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
        known = known || xml.compare(k, strlen(entity), entity) == 0;
      if (!known) return true;
    }
    return false;
  };
  while (i < xml.size()) {
    const size_t tag = xml.find('<', i);
    if (text_fault(i, std::min(tag, xml.size()))) return bad("bad text");
    if (tag == std::string::npos) break;
    i = tag;
    const size_t end = xml.find('>', i);
    if (end == std::string::npos) return bad("open tag");
    if (xml[i + 1] == '/') {
      if (open.empty() || open.back() != xml.substr(i + 2, end - i - 2)) return bad("wrong closing tag");
      open.pop_back();
    } else {
      size_t k = i + 1;
      while (k < end && (isalnum(static_cast<unsigned char>(xml[k])))) ++k;
      const std::string name = xml.substr(i + 1, k - i - 1);
      std::vector<std::string> seen;
      while (k < end && xml[k] == ' ') {
        const size_t equals = xml.find("=\"", k);
        if (equals == std::string::npos || equals > end) return bad("attribute without value");
        const std::string attribute = xml.substr(k + 1, equals - k - 1);
        const size_t quote = xml.find('"', equals + 2);
        if (quote == std::string::npos || text_fault(equals + 2, quote)) return bad("bad attribute");
        if (std::find(seen.begin(), seen.end(), attribute) != seen.end()) return bad("attribute given twice");
        seen.push_back(attribute);
        k = quote + 1;
      }
      const bool empty = xml[k] == '/';
      if (k + (empty ? 1 : 0) != end) return bad("malformed tag");
      if (!empty) open.push_back(name);
    }
    i = end + 1;
  }
  return open.empty() ? "" : "unclosed " + open.back();
}

void expect_good(const std::string &svg) {
  EXPECT_EQ(fault(svg), "");
  EXPECT_EQ(svg.rfind("<svg", 0), 0u);
  // No number may be missing.  Words such as "infrared" occur only in texts, and the tests use none.
  for (const char *word : {"nan", "inf", "NaN", "\"-\"", " - "})
    EXPECT_EQ(svg.find(word), std::string::npos) << word << "\n" << svg;
}

Series curve(std::vector<double> x, std::vector<double> y) {
  Series s;
  s.name = "a";
  s.x = std::move(x), s.y = std::move(y);
  return s;
}

TEST(Pictures, PngDecodesToItsPixels) {
  for (const auto &[width, height] : {std::pair(1, 1), std::pair(1, 9), std::pair(7, 1), std::pair(33, 21)}) {
    Picture p;
    p.width = width, p.height = height;
    for (int i = 0; i < 3 * width * height; ++i) p.rgb.push_back(static_cast<std::uint8_t>(i * 37 + i / 5));
    const Picture q = decoded(png(p));
    EXPECT_EQ(q.width, width);
    EXPECT_EQ(q.height, height);
    EXPECT_EQ(q.rgb, p.rgb);
  }
}

TEST(Pictures, PngRefusesWhatIsNoPicture) {
  EXPECT_THROW(png(Picture{}), std::runtime_error);
  EXPECT_THROW(png(Picture{2, 2, {1, 2, 3}}), std::runtime_error);
  EXPECT_THROW(png(Picture{-2, -2, std::vector<std::uint8_t>(12)}), std::runtime_error);
}

TEST(Pictures, DataUriIsBase64) {
  const Picture p{1, 1, {1, 2, 3}};
  const std::string uri = png_data_uri(p), head = "data:image/png;base64,iVBORw0KGgo";  // the PNG signature
  EXPECT_EQ(uri.compare(0, head.size(), head), 0);
  EXPECT_EQ((uri.size() - strlen("data:image/png;base64,")) % 4, 0u);
}

TEST(Pictures, MapCoversTheRangeAndMarksMissingValues) {
  const float values[] = {0, 1, -5, 7, std::nanf(""), INFINITY};
  const Picture p = draw_map(plane_of(values, 3, 2), {0, 1}, ColourMap::viridis);
  const auto pixel = [&](size_t i) { return std::vector<int>{p.rgb[3 * i], p.rgb[3 * i + 1], p.rgb[3 * i + 2]}; };
  EXPECT_EQ(pixel(0), (std::vector<int>{68, 1, 84}));
  EXPECT_EQ(pixel(1), (std::vector<int>{253, 231, 37}));
  EXPECT_EQ(pixel(2), pixel(0));
  EXPECT_EQ(pixel(3), pixel(1));
  EXPECT_EQ(pixel(4), (std::vector<int>{158, 158, 158}));
  EXPECT_EQ(pixel(5), pixel(4));
}

TEST(Pictures, ColourMapsGrowLighterEvenly) {
  const auto lightness = [](Rgb c) { return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b; };
  for (const ColourMap map : {ColourMap::viridis, ColourMap::magma, ColourMap::grey})
    for (int i = 1; i <= 256; ++i)
      EXPECT_GE(lightness(colour_at(map, i / 256.0)), lightness(colour_at(map, (i - 1) / 256.0)) - 0.5);
}

TEST(Pictures, ConstantAndMissingPlanes) {
  const std::vector<float> same(12, 3.5f), none(12, std::nanf("")), strided = {1, 9, 2, 9, 3, 9, 4, 9};
  for (const auto &v : {same, none}) {
    const Plane p = plane_of(v.data(), 4, 3);
    EXPECT_EQ(decoded(png(draw_map(p, percentiles(p, 2, 98), ColourMap::grey))).width, 4);
    EXPECT_EQ(draw_composite(p, p, p).rgb.size(), 36u);
    EXPECT_EQ(draw_true_colour(p, p, p).rgb.size(), 36u);
    EXPECT_EQ(draw_mixture({p, p}, {{1, 2, 3}, {4, 5, 6}}).rgb.size(), 36u);
  }
  EXPECT_EQ(plane_of(strided.data(), 2, 2, 2).values, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_TRUE(draw_map(Plane{}, {}, ColourMap::grey).rgb.empty());
  EXPECT_TRUE(draw_mixture({}, {}).rgb.empty());
  EXPECT_TRUE(plane_of(same.data(), 0, 5).values.empty());
}

TEST(Pictures, PercentilesSkipMissingValues) {
  std::vector<float> v(101);
  for (size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>((i * 37) % 101);
  v.push_back(std::nanf(""));
  const Range r = percentiles(plane_of(v.data(), 102, 1), 2, 98);
  EXPECT_EQ(r.lo, 2);
  EXPECT_EQ(r.hi, 98);
}

TEST(Pictures, EnlargeRepeatsPixels) {
  const Picture p = enlarge({2, 1, {1, 2, 3, 4, 5, 6}}, 3);
  EXPECT_EQ(p.width, 6);
  EXPECT_EQ(p.height, 3);
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 6; ++x) EXPECT_EQ(p.rgb[static_cast<size_t>(3 * (6 * y + x))], x < 3 ? 1 : 4);
}

TEST(Pictures, ContactSheetHoldsEveryPanel) {
  const Picture red{2, 2, {255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0}};
  const Scale scale;
  for (int n : {1, 2, 5}) {
    std::vector<Panel> panels(static_cast<size_t>(n),
                              Panel{"a label that is far too long for its panel, with ° and \xff", red});
    const Picture sheet = contact_sheet(panels, 0, &scale);
    size_t count = 0;
    for (size_t i = 0; i < sheet.rgb.size(); i += 3)
      count += sheet.rgb[i] == 255 && sheet.rgb[i + 1] == 0 && sheet.rgb[i + 2] == 0;
    EXPECT_EQ(count, static_cast<size_t>(n) * 320 * 320);
    EXPECT_EQ(sheet.rgb.size(), 3 * static_cast<size_t>(sheet.width) * static_cast<size_t>(sheet.height));
  }
  EXPECT_TRUE(contact_sheet({}).rgb.empty());
  EXPECT_TRUE(contact_sheet({{"empty", {}}}).rgb.empty());
  const Picture line{3000, 1, std::vector<std::uint8_t>(9000, 7)};
  EXPECT_FALSE(contact_sheet({{"a", line}, {"b", red}}, 7).rgb.empty());
}

TEST(Pictures, TextIsEscaped) {
  EXPECT_EQ(escape_xml("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escape_xml("µm ° 日"), "µm ° 日");
  for (const char *broken : {"\xff", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x01"})
    EXPECT_EQ(escape_xml(broken).compare(0, 3, "\uFFFD"), 0);
  Plot plot;
  plot.title = plot.note = plot.x.label = plot.y.label = "</text><script>\"&'\x02";
  plot.series = {curve({0, 1}, {0, 1})};
  plot.series[0].name = plot.series[0].colour = "\"/><x y='";
  const std::string out = svg(plot);
  expect_good(out);
  EXPECT_EQ(out.find("<script"), std::string::npos);
  BarChart bars;
  bars.title = bars.y.label = "<&>";
  bars.groups = {"<g>"};
  bars.sets = {{"<s>", {1}, {}, {}, "\">"}};
  expect_good(svg(bars));
}

TEST(Pictures, PlotsOfDifficultData) {
  const std::vector<std::vector<double>> values = {{},
                                                   {1},
                                                   {kNaN},
                                                   {kNaN, kNaN},
                                                   {5, 5, 5},
                                                   {0, 0, 0},
                                                   {-1, 0, 1},
                                                   {kInf, 1, 2},
                                                   {-kInf, kInf},
                                                   {1, kNaN, 3},
                                                   {1e-300, 1e300},
                                                   {-1e308, 1e308},
                                                   {1e-9, 1.1e-9, 2e-9},
                                                   {1e12, 1e12 + 1},
                                                   {5e-324, 1},
                                                   {3, 3.00001},
                                                   {7, 100},
                                                   {2.1, 2.3, 2.2}};
  for (const auto &x : values)
    for (const auto &y : values)
      for (int log = 0; log < 4; ++log) {
        Plot plot;
        plot.x.log = log & 1, plot.y.log = log & 2;
        plot.series = {curve(x, y)};
        plot.series[0].lo = y, plot.series[0].hi = x;
        plot.series[0].marked = true;
        expect_good(svg(plot));
        if (HasFailure()) return;
      }
  for (const auto &v : values)
    for (const bool log : {false, true}) {
      BarChart bars;
      bars.y.log = log;
      bars.groups = {"a", "b", "a name so long that it must be written on a slant below its bars"};
      bars.sets = {{"s", v, v, {2, 2, 2}, ""}, {"", {1, 2}, {}, {}, ""}};
      bars.values_shown = false;
      expect_good(svg(bars));
    }
}

TEST(Pictures, DegenerateSizesAndRanges) {
  for (const int size : {-5, 0, 1, 60, 100000}) {
    Plot plot;
    plot.width = plot.height = size;
    plot.title = "t", plot.x.label = "x", plot.y.label = "y";
    for (int k = 0; k < 30; ++k) plot.series.push_back(curve({0, 1, 2}, {1, 4, 2}));
    expect_good(svg(plot));
    BarChart bars;
    bars.width = bars.height = size;
    expect_good(svg(bars));
  }
  for (const auto &[from, to] : {std::pair(0.0, 0.0), std::pair(1.0, -1.0), std::pair(kAuto, 5.0),
                                 std::pair(-kInf, kInf), std::pair(1e300, 1e301)})
    for (const bool log : {false, true}) {
      Plot plot;
      plot.x.log = plot.y.log = log;
      plot.x.from = plot.y.from = from, plot.x.to = plot.y.to = to;
      plot.series = {curve({1, 2, 3}, {10, 20, 30})};
      expect_good(svg(plot));
    }
}

TEST(Pictures, LinesBreakAtMissingValues) {
  Plot plot;
  plot.series = {curve({0, 1, 2, 3, 4}, {1, 2, kNaN, 2, 1})};
  const std::string out = svg(plot);
  const size_t path = out.find("<path d=\"");
  ASSERT_NE(path, std::string::npos);
  const std::string d = out.substr(path, out.find('"', path + 9) - path);
  EXPECT_EQ(std::count(d.begin(), d.end(), 'M'), 2);
}

TEST(Pictures, NumbersForPeople) {
  EXPECT_EQ(rounded(0.0520), "0.052");
  EXPECT_EQ(rounded(123456, 3), "1.23e+05");
  EXPECT_EQ(rounded(kNaN), "-");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(1e300, 0).size(), 301u);
  EXPECT_EQ(duration_text(0.00321), "3.21 ms");
  EXPECT_EQ(bytes_text(1536), "1.50 KiB");
  EXPECT_EQ(count_text(1234), "1234");
  EXPECT_EQ(count_text(12345678), "12 345 678");
  EXPECT_EQ(count_text(-123456), "-123 456");
}

TEST(Pictures, NumbersDoNotFollowTheLocale) {
  const char *old = std::setlocale(LC_ALL, nullptr);
  const std::string before = old ? old : "C";
  for (const char *name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"}) std::setlocale(LC_ALL, name);
  EXPECT_EQ(rounded(1.5), "1.5");
  EXPECT_EQ(fixed(1234.5, 1), "1234.5");
  std::setlocale(LC_ALL, before.c_str());
}

}  // namespace
}  // namespace orthant::tool
