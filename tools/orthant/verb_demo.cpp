// orthant demo: a scene with known truth, taken apart and shown.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <tuple>

#include "input.hpp"
#include "report.hpp"

namespace orthant::tool {
namespace {

struct DemoOptions {
  std::string directory = "orthant-demo", method = "vca";
  int lines = 120, samples = 160, bands = 224, endmembers = 6;
  double snr = 30;
};

struct Scene {
  orthant_scene_config config{};
  std::vector<float> wavelength, E, A, Y;
  std::vector<std::string> names;
  double seconds = 0;

  int pixels() const { return config.lines * config.samples; }
  size_t bands() const { return static_cast<size_t>(config.bands); }
  size_t endmembers() const { return static_cast<size_t>(config.endmembers); }
  orthant_matrix_f32 matrix() const { return ORTHANT_DENSE_F32(Y.data(), config.bands, pixels(), config.bands); }
};

Scene make_scene(const DemoOptions &o, uint64_t seed) {
  Scene s;
  s.config.size = sizeof s.config;
  s.config.bands = o.bands;
  s.config.lines = o.lines;
  s.config.samples = o.samples;
  s.config.endmembers = o.endmembers;
  s.config.seed = seed;
  s.config.snr_db = o.snr;
  const size_t pixels = static_cast<size_t>(s.pixels());
  s.wavelength.resize(s.bands());
  s.E.resize(s.bands() * s.endmembers());
  s.A.resize(s.endmembers() * pixels);
  s.Y.resize(s.bands() * pixels);
  const double start = seconds_now();
  check_status(orthant_scene_run_f32(&s.config, s.wavelength.data(), s.E.data(), o.bands, s.A.data(), o.endmembers,
                                     s.Y.data(), o.bands),
               "making the scene");
  s.seconds = seconds_now() - start;
  for (int i = 0; i < o.endmembers; ++i) s.names.emplace_back(orthant_scene_name(i));
  return s;
}

struct Extraction {
  std::string method, source;  // as the literature writes them
  std::vector<float> E;
  std::vector<int32_t> pixel;
  double seconds = 0;
  size_t bytes = 0;
};

Extraction extract(const Scene &scene, const std::string &method, const orthant_parallel *parallel) {
  Extraction x;
  static const std::map<std::string, std::pair<const char *, const char *>> known = {
      {"vca", {"VCA", "Nascimento and Dias 2005"}},
      {"spa", {"SPA", "Araújo and others 2001"}},
      {"nfindr", {"N-FINDR", "Winter 1999"}}};
  std::tie(x.method, x.source) = known.at(method);
  orthant_endmembers_config c{};
  c.size = sizeof c;
  c.bands = scene.config.bands;
  c.pixels = scene.pixels();
  c.endmembers = scene.config.endmembers;
  c.method = code_of(orthant_endmembers_method_name, method);
  c.seed = scene.config.seed;
  c.parallel = parallel;
  check_status(orthant_endmembers_size_f32(&c, &x.bytes), "planning the extraction", c);
  const Workspace memory(x.bytes);
  orthant_endmembers_f32 *handle = nullptr;
  const orthant_matrix_f32 Y = scene.matrix();
  x.E.resize(scene.E.size());
  x.pixel.resize(scene.endmembers());
  const double start = seconds_now();
  check_status(orthant_endmembers_init_f32(&c, memory.data(), x.bytes, &handle), "preparing the extraction");
  check_status(orthant_endmembers_run_f32(handle, &Y, nullptr, 0, x.E.data(), c.bands, x.pixel.data()),
               "extracting endmembers");
  x.seconds = seconds_now() - start;
  return x;
}

struct Unmixing {
  std::vector<float> A, rms;
  orthant_report report{};
  double seconds = 0;  // of the fastest run
  int runs = 0;
  size_t bytes = 0;
};

Unmixing unmix(const Scene &scene, const std::vector<float> &E, const orthant_parallel *parallel) {
  Unmixing u;
  orthant_unmix_config c{};
  c.size = sizeof c;
  c.bands = scene.config.bands;
  c.endmembers = scene.config.endmembers;
  c.sum_to_one = 1;
  c.parallel = parallel;
  check_status(orthant_unmix_size_f32(&c, &u.bytes), "planning the unmixing", c);
  const Workspace memory(u.bytes);
  orthant_unmix_f32 *handle = nullptr;
  const orthant_matrix_f32 Y = scene.matrix();
  u.A.resize(scene.A.size());
  u.rms.resize(static_cast<size_t>(scene.pixels()));
  const double begin = seconds_now();
  while (u.runs < 5 && (u.runs == 0 || seconds_now() - begin < 0.5)) {  // a short job is timed more than once
    const double start = seconds_now();
    check_status(orthant_unmix_init_f32(&c, E.data(), c.bands, memory.data(), u.bytes, &handle),
                 "preparing the unmixing");
    check_status(orthant_unmix_run_f32(handle, &Y, u.A.data(), c.endmembers, nullptr), "unmixing");
    const double seconds = seconds_now() - start;
    u.seconds = u.runs++ == 0 ? seconds : std::min(u.seconds, seconds);
  }
  u.report.size = sizeof u.report;
  check_status(orthant_unmix_check_f32(handle, &Y, u.A.data(), c.endmembers, u.rms.data(), nullptr, &u.report),
               "checking the abundances");
  return u;
}

struct Score {
  std::vector<int32_t> match;  // estimate match[i] belongs to truth i
  std::vector<double> angle;   // radians, in the order of the truth
  std::vector<double> rmse;    // of each abundance map
  orthant_scores total{};
};

Score score(const Scene &scene, const std::vector<float> &E, const std::vector<float> &A) {
  Score s;
  const size_t p = scene.endmembers(), pixels = static_cast<size_t>(scene.pixels());
  s.match.resize(p);
  s.angle.resize(p);
  s.total.size = sizeof s.total;
  const int32_t bands = scene.config.bands, endmembers = scene.config.endmembers;
  const orthant_scores_config c = {sizeof c, bands, endmembers, scene.pixels()};
  size_t bytes = 0;
  check_status(orthant_scores_size_f32(&c, &bytes), "planning the comparison", c);
  const Workspace memory(bytes);
  check_status(orthant_scores_run_f32(&c, memory.data(), bytes, E.data(), bands, scene.E.data(), bands, A.data(),
                                      endmembers, scene.A.data(), endmembers, s.match.data(), s.angle.data(), &s.total),
               "comparing with the truth");
  for (size_t i = 0; i < p; ++i) {
    const size_t j = static_cast<size_t>(s.match[i]);
    double sum = 0;
    for (size_t n = 0; n < pixels; ++n) {
      const double d = static_cast<double>(A[j + p * n]) - static_cast<double>(scene.A[i + p * n]);
      sum += d * d;
    }
    s.rmse.push_back(std::sqrt(sum / static_cast<double>(pixels)));
  }
  return s;
}

// ---- What is shown -------------------------------------------------------------------------------------------------

std::vector<double> spectrum(const std::vector<float> &E, size_t bands, size_t column) {
  const auto first = E.begin() + static_cast<std::ptrdiff_t>(bands * column);
  return {first, first + static_cast<std::ptrdiff_t>(bands)};
}

std::vector<Material> materials_of(const Scene &scene, const Extraction &x, const Unmixing &u, const Score &s,
                                   const Score &known) {
  std::vector<Material> materials(scene.endmembers());
  for (size_t i = 0; i < materials.size(); ++i) {
    Material &m = materials[i];
    const size_t j = static_cast<size_t>(s.match[i]);
    m.name = scene.names[i];
    m.truth = plane_of(scene.A.data() + i, scene.config.samples, scene.config.lines, scene.endmembers());
    m.estimate = plane_of(u.A.data() + j, scene.config.samples, scene.config.lines, scene.endmembers());
    m.true_spectrum = spectrum(scene.E, scene.bands(), i);
    m.spectrum = spectrum(x.E, scene.bands(), j);
    m.angle = s.angle[i];
    m.rmse = s.rmse[i];
    m.rmse_known = known.rmse[i];
  }
  colour_materials(materials);
  return materials;
}

size_t nearest_band(const Scene &scene, float wavelength) {
  size_t best = 0;
  for (size_t i = 1; i < scene.bands(); ++i)
    if (std::abs(scene.wavelength[i] - wavelength) < std::abs(scene.wavelength[best] - wavelength)) best = i;
  return best;
}

Picture composite(const Scene &scene) {
  Plane planes[3];
  const float wavelengths[] = {0.65f, 0.55f, 0.46f};
  for (size_t c = 0; c < 3; ++c)
    planes[c] = plane_of(scene.Y.data() + nearest_band(scene, wavelengths[c]), scene.config.samples, scene.config.lines,
                         scene.bands());
  return draw_true_colour(planes[0], planes[1], planes[2]);
}

std::string snr_text(double snr) { return snr < 0 ? "no noise" : "noise at " + rounded(snr == 0 ? 30 : snr) + " dB"; }

std::string rate_text(double pixels, double seconds) {
  const double rate = pixels / seconds;
  if (rate >= 1e6) return rounded(rate / 1e6, 3) + " million";
  return rate >= 1e3 ? rounded(rate / 1e3, 3) + " thousand" : rounded(rate, 3);
}

ReportPage page_of(const Scene &scene, const Extraction &x, const Unmixing &u, const Unmixing &known_u, const Score &s,
                   const Score &known, int workers, const Record &record) {
  const std::string count = std::to_string(scene.config.endmembers);
  const std::string size =
      std::to_string(scene.config.samples) + " × " + std::to_string(scene.config.lines) + " pixels";
  const std::string on = workers == 1 ? "one thread" : std::to_string(workers) + " threads";
  const auto fcls = [&on](const Unmixing &job) {
    return "FCLS, exact, " + on + (job.runs > 1 ? ", fastest of " + std::to_string(job.runs) : "");
  };
  const double pixels = scene.pixels();
  ReportPage page;
  page.title = "A scene, taken apart";
  page.lead =
      "A synthetic hyperspectral scene of " + size + " and " + std::to_string(scene.config.bands) +
      " bands, in which " + count +
      " materials mix. From the pixels alone their spectra were found and each pixel split into fractions of them, " +
      "which can be compared here with the truth.";
  page.headline = {{fixed(s.total.armse, 4), "mean abundance error of a pixel"},
                   {fixed(57.29577951308232 * s.total.mean_angle, 2) + "°", "mean spectral angle to the truth"},
                   {rate_text(pixels, u.seconds), "pixels unmixed per second, " + on},
                   {bytes_text(static_cast<double>(u.bytes)), "memory to unmix any number of pixels"}};
  page.scene = composite(scene);
  page.scene_note = "Bands at 0.65, 0.55 and 0.46 µm as red, green and blue; " + snr_text(scene.config.snr_db) + ".";
  page.residual = plane_of(u.rms.data(), scene.config.samples, scene.config.lines);
  page.wavelength.assign(scene.wavelength.begin(), scene.wavelength.end());
  page.materials = materials_of(scene, x, u, s, known);
  page.overall = {s.total.mean_angle, s.total.rmse, s.total.armse, known.total.rmse, known.total.armse};
  page.steps = {{"scene", "synthetic, with noise", scene.seconds, pixels},
                {"extraction", x.method + ", " + count + " endmembers, " + on, x.seconds, pixels},
                {"unmixing", fcls(u), u.seconds, pixels},
                {"unmixing, true endmembers", fcls(known_u), known_u.seconds, pixels}};
  const auto bytes = [](size_t n) { return static_cast<double>(n); };
  page.memory = {{"the scene itself, f32", bytes(scene.Y.size() * sizeof(float))},
                 {"workspace of the extraction", bytes(x.bytes)},
                 {"workspace of the unmixing", bytes(u.bytes)}};
  page.command = record.command;
  page.facts = {{"seed", std::to_string(scene.config.seed)},
                {"version", orthant_version()},
                {"build", std::string(orthant_build()) + ", " + orthant_build_kernels()},
                {"largest KKT residual", rounded(u.report.kkt, 2) + " of a pixel’s data norm"},
                {"methods", x.method + ": " + x.source + ". FCLS: Heinz and Chang 2001, by an active set."}};
  return page;
}

void write_files(const DemoOptions &o, const ReportPage &page, const Scene &scene, const Extraction &x,
                 const Record &record) {
  const fs::path directory = o.directory;
  const auto image = [&](const fs::path &name, size_t bands, const std::vector<float> &values,
                         std::vector<std::string> names, const std::string &what) {
    Image<float> i;
    i.bands = static_cast<int64_t>(bands);
    i.lines = o.lines;
    i.samples = o.samples;
    i.values = values;
    i.meta.band_names = std::move(names);
    if (bands == page.wavelength.size() && i.meta.band_names.empty()) i.meta.wavelength = page.wavelength;
    i.meta.description = what + ". " + record.text();
    write_envi(directory / name, i, true);
  };
  const auto library = [&](const fs::path &name, bool truth, const std::string &what) {
    Table<float> t;
    t.rows = o.bands;
    t.cols = o.endmembers;
    for (const Material &m : page.materials) {
      for (const double v : truth ? m.true_spectrum : m.spectrum) t.values.push_back(static_cast<float>(v));
      t.names.push_back(m.name);
    }
    t.meta.wavelength = page.wavelength;
    t.meta.spectra_names = t.names;
    t.meta.description = what + ". " + record.text();
    write_sli(directory / name, t, true);
  };
  // The estimate goes out in the order of the truth, so that the files lie side by side.
  std::vector<float> estimate(scene.A.size());
  const size_t p = scene.endmembers();
  for (size_t i = 0; i < p; ++i)
    for (size_t n = 0; n < estimate.size() / p; ++n) estimate[i + p * n] = page.materials[i].estimate.values[n];
  image("scene.img", scene.bands(), scene.Y, {}, "synthetic scene");
  image("abundances.img", p, estimate, scene.names, "abundances by FCLS with extracted endmembers");
  image("truth-abundances.img", p, scene.A, scene.names, "true abundances");
  library("endmembers.sli", false, "endmembers by " + x.method);
  library("truth-endmembers.sli", true, "true endmembers");

  std::vector<Panel> panels;
  for (const Material &m : page.materials) panels.push_back({m.name, draw_map(m.estimate, {0, 1}, ColourMap::viridis)});
  const Scale scale{ColourMap::viridis, {0, 1}};
  const int zoom = enlargement(o.samples, o.lines, 640);
  write_file(directory / "scene.png", png(enlarge(page.scene, zoom)), true);
  write_file(directory / "maps.png", png(contact_sheet(panels, 0, &scale)), true);
  Plot spectra = spectra_plot(page.materials, page.wavelength, page.spectrum_label);
  spectra.title = "Endmember spectra";
  write_file(directory / "spectra.svg", svg(spectra), true);
  write_file(directory / "report.html", html(page), true);
}

// `text` with blanks up to `width` characters; a negative width puts them before it.
std::string padded(const std::string &text, int width) {
  int length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  const std::string blanks(static_cast<size_t>(std::max(0, std::abs(width) - length)), ' ');
  return width < 0 ? blanks + text : text + blanks;
}

std::string summary(const Scene &scene, const ReportPage &page) {
  const auto degrees = [](double radians) { return fixed(57.29577951308232 * radians, 2) + "°"; };
  std::string s = "\n  " + std::to_string(scene.config.samples) + " x " + std::to_string(scene.config.lines) +
                  " pixels, " + std::to_string(scene.config.bands) + " bands, " +
                  std::to_string(scene.config.endmembers) + " materials, " + snr_text(scene.config.snr_db) + ", seed " +
                  std::to_string(scene.config.seed) + "\n\n";
  s += "  " + padded("material", 16) + padded("angle", -8) + padded("RMSE", -10) + padded("with true endmembers", -24) +
       "\n";
  for (const Material &m : page.materials)
    s += "  " + padded(m.name, 16) + padded(degrees(m.angle), -8) + padded(fixed(m.rmse, 4), -10) +
         padded(fixed(m.rmse_known, 4), -24) + "\n";
  s += "  " + padded("together", 16) + padded(degrees(page.overall.angle), -8) +
       padded(fixed(page.overall.rmse, 4), -10) + padded(fixed(page.overall.rmse_known, 4), -24) + "\n";
  s += "  " + padded("mean of pixels", 16) + padded("", -8) + padded(fixed(page.overall.armse, 4), -10) +
       padded(fixed(page.overall.armse_known, 4), -24) + "\n\n";
  for (const auto &step : page.steps)
    s += "  " + padded(step.name, 27) + padded(duration_text(step.seconds), -10) +
         padded(rate_text(step.pixels, step.seconds), -15) + " pixels/s\n";
  return s + "\n";
}

std::string summary_json(const Scene &scene, const ReportPage &page, const Record &record, const std::string &report) {
  Json j;
  j.object().value("schema_version", 1);
  write_record(j, record);
  j.value("report", report);
  j.object("scene").value("lines", scene.config.lines).value("samples", scene.config.samples);
  j.value("bands", scene.config.bands)
      .value("endmembers", scene.config.endmembers)
      .value("snr_db", scene.config.snr_db)
      .end();
  j.object("scores")
      .value("mean_angle", page.overall.angle)
      .value("rmse", page.overall.rmse)
      .value("armse", page.overall.armse);
  j.value("rmse_true_endmembers", page.overall.rmse_known)
      .value("armse_true_endmembers", page.overall.armse_known)
      .end();
  j.array("materials");
  for (const Material &m : page.materials)
    j.object()
        .value("name", m.name)
        .value("angle", m.angle)
        .value("rmse", m.rmse)
        .value("rmse_true_endmembers", m.rmse_known)
        .end();
  j.end().array("steps");
  for (const auto &step : page.steps) j.object().value("name", step.name).value("seconds", step.seconds).end();
  return j.end().end().text();
}

void run_demo(const DemoOptions &o, const Common &common) {
  make_output_directory(o.directory, common.force);
  Threads pool(common);
  say(common, "making the scene");
  const Scene scene = make_scene(o, common.seed);
  say(common, "extracting endmembers");
  const Extraction x = extract(scene, o.method, pool.parallel());
  say(common, "unmixing");
  const Unmixing u = unmix(scene, x.E, pool.parallel()), known_u = unmix(scene, scene.E, pool.parallel());
  const Score s = score(scene, x.E, u.A), known = score(scene, scene.E, known_u.A);
  const Record record = make_record(common, {}, true);
  const ReportPage page = page_of(scene, x, u, known_u, s, known, pool.workers(), record);
  write_files(o, page, scene, x, record);
  const std::string report = (fs::path(o.directory) / "report.html").string();
  if (common.json)
    put(summary_json(scene, page, record, report));
  else if (common.quiet)
    std::printf("%s\n", report.c_str());
  else
    std::printf("%s%s\n", summary(scene, page).c_str(), report.c_str());
}

}  // namespace

void add_demo(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("demo", "Make a scene with known truth, unmix it, and show how well that went");
  const auto o = std::make_shared<DemoOptions>();
  verb->add_option("-o,--output", o->directory, "directory for the report, maps, spectra and data")
      ->capture_default_str();
  verb->add_option("--snr", o->snr, "signal to noise ratio in dB; below 0: no noise")->capture_default_str();
  verb->add_option("--method", o->method, "how endmembers are found in the scene")
      ->check(CLI::IsMember(endmember_methods()))
      ->capture_default_str();
  verb->add_option("--lines", o->lines, "lines of the scene")->check(CLI::Range(8, 20000))->capture_default_str();
  verb->add_option("--samples", o->samples, "samples of the scene")->check(CLI::Range(8, 20000))->capture_default_str();
  verb->add_option("--bands", o->bands, "bands between 0.4 and 2.5 µm")
      ->check(CLI::Range(16, 10000))
      ->capture_default_str();
  verb->add_option("--endmembers", o->endmembers, "materials in the scene")
      ->check(CLI::Range(2, ORTHANT_SCENE_MAX_ENDMEMBERS))
      ->capture_default_str();
  add_common(*verb, common, flags_seed | flags_output | flags_work);
  add_examples(*verb, {"orthant demo", "orthant demo -o noisy --snr 15 --seed 7 --endmembers 5"});
  verb->callback([o, &common] { run_demo(*o, common); });
}

}  // namespace orthant::tool
