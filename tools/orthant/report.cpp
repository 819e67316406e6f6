#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace orthant::tool {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

const char *const kStyle = R"css(
:root{color-scheme:light dark;--ground:#f7f7f5;--card:#fff;--text:#1a1e23;--soft:#5a646e;--line:#e3e5e8;
  --mark:#0072b2;--faint:#eef0f2}
@media (prefers-color-scheme:dark){:root{--ground:#0e1115;--card:#161a20;--text:#e8ebee;--soft:#9aa4af;--line:#272d35;
  --mark:#56b4e9;--faint:#1e242c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);
  font:16px/1.55 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:clamp(20px,4vw,56px) clamp(16px,3vw,32px) 48px}
h1{font-size:clamp(1.8rem,4.6vw,2.9rem);line-height:1.1;letter-spacing:-.022em;font-weight:680;margin:.5rem 0 .7rem}
h2{font-size:1.3rem;letter-spacing:-.01em;font-weight:640;margin:3.4rem 0 .4rem}
h3{font-size:1.05rem;font-weight:620;margin:0;display:flex;align-items:center;gap:.55em}
p{max-width:68ch;margin:.3rem 0 1.1rem;color:var(--soft)}
p.lead{font-size:1.08rem}
.brand{display:flex;align-items:center;gap:.55em;font-size:.92rem;font-weight:600;letter-spacing:.01em;
  color:var(--soft)}
.brand svg{width:1.5em;height:1.5em}
figure{margin:0}
figcaption{font-size:.86rem;color:var(--soft);margin-top:.45rem}
figcaption b{color:var(--text);font-weight:600}
img{display:block;width:100%;height:auto;image-rendering:pixelated;border-radius:5px;background:var(--faint)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:22px;margin-top:1.8rem}
.one{max-width:620px}
.headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;background:var(--line);
  border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:2rem 0 0}
.headline div{background:var(--card);padding:16px 20px}
.headline b{display:block;font-size:clamp(1.3rem,2.6vw,1.72rem);font-weight:640;letter-spacing:-.02em;
  font-variant-numeric:tabular-nums;line-height:1.2;white-space:nowrap}
.headline span{font-size:.86rem;color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.86rem;color:var(--soft);margin-top:.4rem}
.legend span{display:inline-flex;align-items:center;gap:.45em}
i.chip{display:inline-block;width:.8em;height:.8em;border-radius:3px;flex:none}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,500px),1fr));gap:20px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px 14px}
.card header{display:flex;justify-content:space-between;align-items:baseline;gap:1em;flex-wrap:wrap;
  margin-bottom:12px}
.card header small{font-size:.86rem;color:var(--soft);font-variant-numeric:tabular-nums}
.maps{display:grid;grid-template-columns:repeat(3,1fr);gap:10px;margin-bottom:14px}
.maps.single{grid-template-columns:1fr}
.maps figcaption{margin-top:.25rem;font-size:.8rem}
.card svg{display:block;width:100%;height:auto}
.bars{display:flex;flex-wrap:wrap;gap:.7rem 2.4rem;margin:.2rem 0 1.3rem}
.bar{display:flex;align-items:center;gap:.6em;font-size:.84rem;color:var(--soft);font-variant-numeric:tabular-nums}
.bar i{display:block;width:120px;height:10px;border-radius:3px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.95rem}
th,td{text-align:right;padding:.52rem .7rem;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:500;color:var(--soft);font-size:.84rem;vertical-align:bottom}
th:first-child,td:first-child{text-align:left;padding-left:0}
th:last-child,td:last-child{padding-right:0}
td:first-child i.chip{margin-right:.6em}
td small{color:var(--soft);font-size:.84rem}
td.text{text-align:left;color:var(--soft);white-space:normal}
tfoot td{font-weight:620;border-bottom:0}
tr.more td{font-weight:400;color:var(--soft);border-bottom:0;padding-top:0}
.gauge{width:28%;min-width:110px}
th.gauge{text-align:left}
.gauge i{display:block;height:6px;border-radius:3px;background:var(--mark);margin:2px 0;min-width:2px}
.gauge i+i{opacity:.38}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 48px}
pre{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;overflow-x:auto;
  font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.4rem;font-size:.92rem;margin:1rem 0 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:560px){.card{padding:14px}.headline{grid-template-columns:1fr 1fr}.headline div{padding:12px 14px}
  .maps{gap:6px}h2{margin-top:2.6rem}.wide{display:none}}
@media print{body{background:#fff}.card,.headline{break-inside:avoid}}
)css";

// Three axes and the corner between them where everything is nonnegative.
const char *const kMark =
    R"(<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 13L12 2A11 11 0 0 1 21.5 18.5Z" fill="#0072b2"/>)"
    R"(<path d="M12 13L21.5 18.5A11 11 0 0 1 2.5 18.5Z" fill="#009e73"/>)"
    R"(<path d="M12 13L2.5 18.5A11 11 0 0 1 12 2Z" fill="#e69f00"/></svg>)";

bool given(double v) { return std::isfinite(v); }
bool given(const Plane &p) { return !p.values.empty(); }

std::string image(const Picture &picture, const std::string &what) {
  if (picture.rgb.empty()) return "";
  return "<img width=\"" + std::to_string(picture.width) + "\" height=\"" + std::to_string(picture.height) +
         "\" alt=\"" + escape_xml(what) + "\" src=\"" + png_data_uri(picture) + "\">";
}

std::string figure(const Picture &picture, const std::string &what, const std::string &caption) {
  return "<figure>" + image(picture, what) + "<figcaption>" + caption + "</figcaption></figure>\n";
}

std::string chip(Rgb colour) { return "<i class=\"chip\" style=\"background:" + css_colour(colour) + "\"></i>"; }

std::string colour_bar(ColourMap map, const std::string &lo, const std::string &hi, const std::string &what) {
  std::string stops;
  for (int k = 0; k <= 8; ++k) stops += (k ? "," : "") + css_colour(colour_at(map, k / 8.0));
  return "<span class=\"bar\">" + escape_xml(what) + " " + escape_xml(lo) +
         "<i style=\"background:linear-gradient(90deg," + stops + ")\"></i>" + escape_xml(hi) + "</span>\n";
}

Plane difference(const Plane &a, const Plane &b) {
  Plane d = a;
  for (std::size_t i = 0; i < d.values.size(); ++i)
    d.values[i] = i < b.values.size() ? a.values[i] - b.values[i] : std::numeric_limits<float>::quiet_NaN();
  return d;
}

// The next 1, 2 or 5 times a power of ten.
double round_up(double v) {
  if (!(v > 0) || !std::isfinite(v)) return 1;
  const double unit = std::pow(10, std::floor(std::log10(v)));
  for (const double f : {1.0, 2.0, 5.0})
    if (v <= 1.0001 * f * unit) return f * unit;
  return 10 * unit;
}

// The range in which all error maps are drawn: most errors fit, the same for every material.
double error_reach(const std::vector<Material> &materials) {
  Plane all;
  for (const Material &m : materials)
    if (given(m.truth))
      for (const float v : difference(m.estimate, m.truth).values) all.values.push_back(std::abs(v));
  return all.values.empty() ? 0 : round_up(percentiles(all, 0, 99.5).hi);
}

std::string angle_text(double radians) { return given(radians) ? fixed(kDegrees * radians, 2) + "°" : "–"; }
std::string score_text(double v) { return given(v) ? fixed(v, 4) : "–"; }

std::string material_card(const ReportPage &page, const Material &m, double reach) {
  std::string s = "<article class=\"card\"><header><h3>" + chip(m.colour) + escape_xml(m.name) + "</h3>";
  std::string scores;
  if (given(m.angle)) scores += angle_text(m.angle) + " from the truth";
  if (given(m.rmse)) scores += (scores.empty() ? "" : " · ") + std::string("RMSE ") + score_text(m.rmse);
  if (!scores.empty()) s += "<small>" + scores + "</small>";
  s += "</header>\n";
  if (given(m.estimate)) {
    s += given(m.truth) ? "<div class=\"maps\">" : "<div class=\"maps single\">";
    if (given(m.truth))
      s += figure(draw_map(m.truth, page.abundances, ColourMap::viridis), "true abundance of " + m.name, "truth");
    s += figure(draw_map(m.estimate, page.abundances, ColourMap::viridis), "abundance of " + m.name,
                given(m.truth) ? "estimate" : "abundance");
    if (given(m.truth))
      s += figure(draw_map(difference(m.estimate, m.truth), {-reach, reach}, ColourMap::balance), "error of " + m.name,
                  "error");
    s += "</div>\n";
  }
  if (!m.spectrum.empty() || !m.true_spectrum.empty()) {
    Plot plot = spectra_plot({m}, page.wavelength, page.spectrum_label);
    for (Series &series : plot.series) series.name.clear();
    plot.title.clear();
    plot.note.clear();
    plot.legend = false;
    plot.ground = Ground::page;
    plot.width = 440;
    plot.height = 195;
    s += svg(plot);
  }
  return s + "</article>\n";
}

std::string scores_section(const ReportPage &page) {
  const auto &o = page.overall;
  const auto any = [&](double Material::*field) {
    return std::any_of(page.materials.begin(), page.materials.end(),
                       [&](const Material &m) { return given(m.*field); });
  };
  const bool angles = any(&Material::angle), scored = any(&Material::rmse), known = any(&Material::rmse_known);
  if (!angles && !scored && !known) return "";
  double largest = 0;
  for (const Material &m : page.materials)
    for (const double v : {m.rmse, m.rmse_known})
      if (given(v)) largest = std::max(largest, v);
  std::string s = "<h2>How close to the truth</h2>\n";
  if (known && scored && o.rmse > 0) {
    // Squared errors of independent causes add, so the share is one of squares.
    const double part = std::clamp(1 - (o.rmse_known * o.rmse_known) / (o.rmse * o.rmse), 0.0, 1.0);
    s += "<p>Unmixed once more with the true endmembers, the scene shows what the noise alone costs: an abundance RMSE "
         "of " +
         score_text(o.rmse_known) + " instead of " + score_text(o.rmse) + ". " +
         (part > 0.005 ? fixed(100 * part, 0) + " % of the squared error comes from the extraction of the endmembers."
                       : std::string("The extraction of the endmembers adds nothing to it.")) +
         "</p>\n";
  }
  s += "<div class=\"scroll\"><table><thead><tr><th>material</th>";
  if (angles) s += "<th>spectral angle</th>";
  if (scored) s += "<th>RMSE</th>";
  if (known) s += "<th>RMSE, true<br>endmembers</th>";
  s += known ? "<th class=\"gauge wide\">upper: as found<br>lower: with true endmembers</th>"
             : "<th class=\"wide\"></th>";
  s += "</tr></thead>\n<tbody>\n";
  const auto gauge = [&](double v) {
    return given(v) && largest > 0 ? "<i style=\"width:" + fixed(100 * v / largest, 1) + "%\"></i>" : std::string();
  };
  for (const Material &m : page.materials) {
    s += "<tr><td>" + chip(m.colour) + escape_xml(m.name) + "</td>";
    if (angles) s += "<td>" + angle_text(m.angle) + "</td>";
    if (scored) s += "<td>" + score_text(m.rmse) + "</td>";
    if (known) s += "<td>" + score_text(m.rmse_known) + "</td>";
    s += "<td class=\"gauge wide\">" + gauge(m.rmse) + gauge(m.rmse_known) + "</td></tr>\n";
  }
  s += "</tbody>\n<tfoot><tr><td>all together</td>";
  if (angles) s += "<td>" + angle_text(o.angle) + "</td>";
  if (scored) s += "<td>" + score_text(o.rmse) + "</td>";
  if (known) s += "<td>" + score_text(o.rmse_known) + "</td>";
  s += "<td class=\"wide\"></td></tr>\n";
  if (given(o.armse) || given(o.armse_known)) {
    s += "<tr class=\"more\"><td>mean over pixels (aRMSE)</td>";
    if (angles) s += "<td></td>";
    if (scored) s += "<td>" + score_text(o.armse) + "</td>";
    if (known) s += "<td>" + score_text(o.armse_known) + "</td>";
    s += "<td class=\"wide\"></td></tr>\n";
  }
  return s + "</tfoot></table></div>\n";
}

std::string costs_section(const ReportPage &page) {
  if (page.steps.empty() && page.memory.empty()) return "";
  std::string s = "<h2>What it cost</h2>\n<div class=\"two\">\n";
  if (!page.steps.empty()) {
    s += "<div class=\"scroll\"><table><thead><tr><th>step</th><th>time</th><th>pixels per "
         "second</th></tr></thead>\n<tbody>\n";
    for (const auto &step : page.steps) {
      const double rate = step.pixels > 0 && step.seconds > 0 ? step.pixels / step.seconds : 0;
      s += "<tr><td>" + escape_xml(step.name) +
           (step.detail.empty() ? "" : "<br><small>" + escape_xml(step.detail) + "</small>") + "</td><td>" +
           duration_text(step.seconds) + "</td><td>" + (rate > 0 ? count_text(rate) : "") + "</td></tr>\n";
    }
    s += "</tbody></table></div>\n";
  }
  if (!page.memory.empty()) {
    s += "<div class=\"scroll\"><table><thead><tr><th>memory</th><th>size</th></tr></thead>\n<tbody>\n";
    for (const auto &[what, bytes] : page.memory)
      s += "<tr><td>" + escape_xml(what) + "</td><td>" + bytes_text(bytes) + "</td></tr>\n";
    s += "</tbody></table></div>\n";
  }
  return s + "</div>\n";
}

Rgb material_colour(const std::string &name, std::size_t index) {
  struct Known {
    const char *part;
    Rgb colour;
  };
  static constexpr Known known[] = {
      {"veg", {0, 158, 115}},    {"tree", {0, 158, 115}},       {"grass", {122, 182, 72}}, {"soil", {160, 98, 52}},
      {"dirt", {160, 98, 52}},   {"water", {0, 114, 178}},      {"lake", {0, 114, 178}},   {"roof", {213, 94, 0}},
      {"road", {120, 124, 134}}, {"asphalt", {120, 124, 134}},  {"sand", {230, 175, 60}},  {"snow", {86, 180, 233}},
      {"metal", {86, 180, 233}}, {"concrete", {176, 168, 186}},
  };
  for (const Known &k : known)
    if (name.find(k.part) != std::string::npos) return k.colour;
  return series_colour(index);
}

}  // namespace

void colour_materials(std::vector<Material> &materials) {
  const auto taken = [&](Rgb c, std::size_t before) {
    return std::any_of(materials.begin(), materials.begin() + static_cast<std::ptrdiff_t>(before),
                       [&](const Material &m) { return m.colour.r == c.r && m.colour.g == c.g && m.colour.b == c.b; });
  };
  for (std::size_t i = 0; i < materials.size(); ++i) {
    Rgb c = material_colour(materials[i].name, i);
    for (std::size_t k = 0; k < 8 && taken(c, i); ++k) c = series_colour(k);
    materials[i].colour = c;
  }
}

void add_curve(Plot &plot, const std::vector<double> &wavelength, const std::vector<double> &values, Series series) {
  const bool counted = wavelength.size() != values.size();
  // Bands further apart than three usual steps have others between them that were left out.
  std::vector<double> steps;
  for (std::size_t i = 1; i < values.size() && !counted; ++i)
    steps.push_back(std::abs(wavelength[i] - wavelength[i - 1]));
  double usual = INFINITY;
  if (!steps.empty()) {
    std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
    usual = steps[steps.size() / 2];
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = counted ? static_cast<double>(i + 1) : wavelength[i];
    if (!counted && i > 0 && std::abs(x - wavelength[i - 1]) > 3.5 * usual) {
      series.x.push_back(kAuto);
      series.y.push_back(kAuto);
    }
    series.x.push_back(x);
    series.y.push_back(values[i]);
  }
  plot.series.push_back(std::move(series));
}

Plot spectra_plot(const std::vector<Material> &materials, const std::vector<double> &wavelength,
                  const std::string &label) {
  Plot plot;
  plot.title = "Spectra";
  plot.y.label = label;
  double least = INFINITY;
  bool both = false, counted = true;
  for (const Material &m : materials) {
    const bool truth = !m.true_spectrum.empty();
    both = both || (truth && !m.spectrum.empty());
    Series s;
    s.name = m.name;
    s.colour = css_colour(m.colour);
    if (truth) {  // broad and pale, so that an estimate that lies on it is seen too
      s.width = 5;
      s.opacity = 0.38;
      add_curve(plot, wavelength, m.true_spectrum, s);
      s.name.clear();
      s.dashed = true;
      s.width = 1.8;
      s.opacity = 1;
    }
    if (!m.spectrum.empty()) add_curve(plot, wavelength, m.spectrum, s);
    for (const auto *values : {&m.spectrum, &m.true_spectrum}) {
      for (const double v : *values) least = std::isfinite(v) ? std::min(least, v) : least;
      if (!values->empty() && values->size() == wavelength.size()) counted = false;
    }
  }
  plot.x.label = counted ? "band" : "wavelength (µm)";
  if (least >= 0 && std::isfinite(least)) plot.y.from = 0;
  if (both) plot.note = "solid and pale: truth; dashed: estimate";
  return plot;
}

namespace {

std::string headline_section(const ReportPage &page) {
  if (page.headline.empty()) return "";
  std::string s = "<div class=\"headline\">";
  for (const auto &f : page.headline) {
    s += "<div><b>" + escape_xml(f.value) + "</b><span>" + escape_xml(f.label) + "</span></div>";
  }
  return s + "</div>\n";
}

// The scene beside the mixture of its materials' colours.
std::string scene_section(const ReportPage &page) {
  std::vector<Plane> shares;
  std::vector<Rgb> colours;
  std::string legend;
  for (const Material &m : page.materials) {
    legend += "<span>" + chip(m.colour) + escape_xml(m.name) + "</span>";
    if (!given(m.estimate)) continue;
    shares.push_back(m.estimate);
    colours.push_back(m.colour);
  }
  const Picture mixture = draw_mixture(shares, colours);
  if (page.scene.rgb.empty() && mixture.rgb.empty()) return "";
  std::string s = "<div class=\"pair\">\n";
  if (!page.scene.rgb.empty()) {
    s += figure(page.scene, "the scene as a colour composite",
                "<b>As the eye would see it.</b> " + escape_xml(page.scene_note));
  }
  if (!mixture.rgb.empty()) {
    s += figure(mixture, "the materials of each pixel",
                "<b>What it is made of.</b> Each pixel mixes its materials’ colours by abundance."
                "<span class=\"legend\">" +
                    legend + "</span>");
  }
  return s + "</div>\n";
}

std::string materials_section(const ReportPage &page) {
  if (page.materials.empty()) return "";
  bool truth = false, spectra = false;
  for (const Material &m : page.materials) {
    truth = truth || given(m.truth);
    spectra = spectra || !m.spectrum.empty();
  }
  const double reach = error_reach(page.materials);
  std::string s = "<h2>Materials</h2>\n";
  if (truth && spectra) {
    s += "<p>For each endmember its abundance in every pixel, true and estimated, and its spectrum: the pale line is "
         "the truth, the dashed one the estimate.</p>\n";
  }
  s += "<div class=\"bars\">" +
       colour_bar(ColourMap::viridis, rounded(page.abundances.lo, 3), rounded(page.abundances.hi, 3), "abundance");
  if (truth) {
    s += colour_bar(ColourMap::balance, "−" + rounded(reach, 3), "+" + rounded(reach, 3), "error, estimate − truth:");
  }
  s += "</div>\n<div class=\"cards\">\n";
  for (const Material &m : page.materials) s += material_card(page, m, reach);
  return s + "</div>\n";
}

std::string residual_section(const ReportPage &page) {
  if (!given(page.residual)) return "";
  const double hi = round_up(percentiles(page.residual, 0, 99).hi);
  return "<h2>What is left</h2>\n<p>The part of each pixel’s spectrum that the mixture does not explain, root mean "
         "square over the bands. Uniform speckle is noise; shapes are what the model misses.</p>\n"
         "<div class=\"one\">" +
         image(draw_map(page.residual, {0, hi}, ColourMap::magma), "residual of each pixel") +
         "</div>\n<div class=\"bars\" style=\"margin-top:.7rem\">" +
         colour_bar(ColourMap::magma, "0", rounded(hi, 3), "residual") + "</div>\n";
}

std::string repeat_section(const ReportPage &page) {
  if (page.command.empty() && page.facts.empty()) return "";
  std::string s = "<h2>To make it again</h2>\n";
  if (!page.command.empty()) s += "<pre>" + escape_xml(page.command) + "</pre>\n";
  if (page.facts.empty()) return s;
  s += "<dl>";
  for (const auto &[what, value] : page.facts) {
    s += "<dt>" + escape_xml(what) + "</dt><dd>" + escape_xml(value) + "</dd>";
  }
  return s + "</dl>\n";
}

}  // namespace

std::string html(const ReportPage &page) {
  std::string s =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>" +
      escape_xml(page.title) + "</title>\n<style>" + kStyle + "</style></head>\n<body><main>\n";
  s += "<div class=\"brand\">" + std::string(kMark) + "Orthant</div>\n<h1>" + escape_xml(page.title) + "</h1>\n";
  if (!page.lead.empty()) s += "<p class=\"lead\">" + escape_xml(page.lead) + "</p>\n";
  s += headline_section(page) + scene_section(page) + materials_section(page) + scores_section(page);
  s += residual_section(page) + costs_section(page) + repeat_section(page);
  return s + "</main></body></html>\n";
}

}  // namespace orthant::tool
