#include "bench_nalmu.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <numeric>

#include "api.hpp"
#include "bundles.hpp"
#include "input.hpp"
#include "nalmu_runs.hpp"

namespace orthant::tool {
namespace {

// ---- Warm starts: exact unmixing with 20 endmembers of the USGS library ---------------------------------------------

// The 20 most alike in a chain: from the first spectrum on, always the nearest one that is not taken and at least half
// a degree away.
Vector alike(const Table<float> &library, int r) {
  const int64_t m = library.rows;
  const auto cosine = [&](int64_t a, int64_t b) {
    double ab = 0, aa = 0, bb = 0;
    for (int64_t i = 0; i < m; ++i) {
      ab += double(library(i, a)) * double(library(i, b));
      aa += double(library(i, a)) * double(library(i, a));
      bb += double(library(i, b)) * double(library(i, b));
    }
    return ab / std::sqrt(aa * bb);
  };
  std::vector<int64_t> chosen{0};
  while (static_cast<int>(chosen.size()) < r) {
    int64_t best = -1;
    double top = -1;
    for (int64_t j = 0; j < library.cols; ++j) {
      double nearest = -1;
      for (int64_t k : chosen) nearest = std::max(nearest, cosine(j, k));
      if (nearest < std::cos(0.5 * M_PI / 180) && nearest > top) {
        top = nearest;
        best = j;
      }
    }
    chosen.push_back(best);
  }
  Vector E;
  for (int64_t k : chosen)
    for (int64_t i = 0; i < m; ++i) E.push_back(library(i, k));
  return E;
}

// The pixels in the order of their supports.
Vector by_support(const Vector &Y, int m, const Vector &A, int r) {
  std::vector<std::pair<uint32_t, size_t>> order(Y.size() / size_t(m));
  for (size_t j = 0; j < order.size(); ++j) {
    order[j].second = j;
    for (int k = 0; k < r; ++k) order[j].first |= uint32_t(A[size_t(k) + size_t(r) * j] > 0) << k;
  }
  std::sort(order.begin(), order.end());
  Vector out;
  out.reserve(Y.size());
  for (const auto &[support, j] : order) {
    const auto from = Y.begin() + ptrdiff_t(j) * m;
    out.insert(out.end(), from, from + m);
  }
  return out;
}

constexpr int warm_endmembers = 20, warm_pixels = 100000;

// Mixtures of given endmembers, of one kind.
struct Mixtures {
  const Vector &E;
  int m, kind;
  uint64_t seed;
  Vector Y, W, H;

  void make(int lines, int samples, uint64_t index, int count) {
    constexpr int r = warm_endmembers;
    std::vector<int32_t> group(r);
    std::iota(group.begin(), group.end(), 0);
    auto c = sized<orthant_mixtures_config>();
    c.bands = m;
    c.endmembers = r;
    c.lines = lines;
    c.samples = samples;
    c.spectra = r;
    c.abundances = kind;
    c.active = 5;
    c.seed = seed;
    const size_t n = size_t(lines) * size_t(samples) * size_t(count);
    Y.resize(n * size_t(m));
    W.resize(size_t(m) * r * size_t(count));
    H.resize(n * r);
    check_status(
        orthant_mixtures_run_f32(&c, index, count, E.data(), m, group.data(), nullptr, Y.data(), W.data(), H.data()),
        "mixing");
  }
};

std::unique_ptr<NalmuBlob> trained(const Common &common, Mixtures mixtures, int layers, int steps) {
  auto c = sized<orthant_nalmu_train_config>();
  c.bands = mixtures.m;
  c.endmembers = warm_endmembers;
  c.columns = 256;
  c.layers = layers;
  c.factors = ORTHANT_NALMU_ONE;
  c.nu = ORTHANT_NU_LAST;
  c.start_h = 1.0 / warm_endmembers;
  c.rate = 1e-2;
  NalmuTrainer trainer(c);
  for (int step = 0; step < steps; ++step) {
    mixtures.make(16, 16, static_cast<uint64_t>(step) * 4, 4);
    const double loss = trainer.step(mixtures.Y.data(), mixtures.W.data(), mixtures.H.data(), 4);
    if (step + 1 == steps) say(common, format("%d layers trained to a loss of %.4f", layers, loss));
  }
  return std::make_unique<NalmuBlob>(trainer.handle());
}

// `ordered`: pixels of one support stand side by side.  That order is known only with the solution: it bounds what an
// order of the pixels can gain.
struct Start {
  const char *name;
  const orthant_model *model;
  int32_t method;
  bool ordered;
};

// Exact unmixing with one start.
class WarmRun {
 public:
  WarmRun(const Vector &E, int m, bool sum_to_one, const Start &start) : m_(m) {
    auto c = sized<orthant_unmix_config>();
    c.bands = m;
    c.endmembers = warm_endmembers;
    c.sum_to_one = sum_to_one;
    c.method = start.method;
    c.model = start.model;
    size_t bytes = 0;
    check_status(orthant_unmix_size_f32(&c, &bytes), "planning");
    memory_ = std::make_unique<Workspace>(bytes);
    check_status(orthant_unmix_init_f32(&c, E.data(), m, memory_->data(), bytes, &unmix_), "placing");
  }
  double seconds(const float *Y, Vector &A, int from, int count) {
    constexpr int r = warm_endmembers;
    const orthant_matrix_f32 data = matrix(Y + size_t(from) * size_t(m_), m_, count);
    const double begun = seconds_now();
    check_status(orthant_unmix_run_f32(unmix_, &data, A.data() + size_t(from) * r, r, &report_), "unmixing");
    return seconds_now() - begun;
  }
  int32_t iterations() const { return report_.iters; }  // of the last call
  double largest_kkt(const float *Y, const Vector &A) {
    const orthant_matrix_f32 data = matrix(Y, m_, warm_pixels);
    auto report = sized<orthant_report>();
    check_status(orthant_unmix_check_f32(unmix_, &data, A.data(), warm_endmembers, nullptr, nullptr, &report),
                 "checking");
    return report.kkt;
  }

 private:
  int m_;
  std::unique_ptr<Workspace> memory_;
  orthant_unmix_f32 *unmix_ = nullptr;
  orthant_report report_ = sized<orthant_report>();
};

// One row of the table, printed too.
std::string time_start(const Start &start, bool sum_to_one, const Mixtures &mixtures, int repeat, Vector &A) {
  WarmRun run(mixtures.E, mixtures.m, sum_to_one, start);
  const Vector sorted = start.ordered ? by_support(mixtures.Y, mixtures.m, A, warm_endmembers) : Vector();
  const float *y = start.ordered ? sorted.data() : mixtures.Y.data();
  std::vector<double> seconds;
  for (int k = 0; k < repeat; ++k) seconds.push_back(run.seconds(y, A, 0, warm_pixels));
  double worst = 0;
  for (int j = 0; j < warm_pixels; j += 10) {  // one at a time: the longest of a pixel, each the least of three looks
    double least = 1e9;
    for (int k = 0; k < 3; ++k) least = std::min(least, run.seconds(y, A, j, 1));
    worst = std::max(worst, least);
  }
  run.seconds(y, A, 0, warm_pixels);
  const int32_t iterations = run.iterations();
  const double kkt = run.largest_kkt(y, A);
  const double us = 1e6 / warm_pixels, median = middle(seconds) * us;
  const char *problem = sum_to_one ? "FCLS" : "NNLS";
  const char *mixed = mixtures.kind == ORTHANT_ABUNDANCES_DIRICHLET ? "dirichlet" : "dead leaves";
  std::printf("%-8s %-12s %-20s %12.4f %12.2f %10.1e\n", problem, mixed, start.name, median, worst * 1e6, kkt);
  std::fflush(stdout);
  return format("warm,%s,%s,%s,%d,%.4f,%.4f,%.4f,%.2f,%d,%.2e\n", problem, mixed, start.name, warm_pixels, median,
                *std::min_element(seconds.begin(), seconds.end()) * us,
                *std::max_element(seconds.begin(), seconds.end()) * us, worst * 1e6, iterations, kkt);
}

std::string warm(const NalmuBench &o, const Common &common) {
  std::string csv =
      "part,problem,abundances,start,pixels,median_us_per_pixel,least,greatest,worst_pixel_us,most_iterations,"
      "largest_kkt\n";
  const Table<float> library = read_table<float>(o.data + "/usgs/USGS_pruned_3_deg.mat:B");
  const int m = static_cast<int>(library.rows);
  const Vector E = alike(library, warm_endmembers);
  std::printf("%-8s %-12s %-20s %12s %12s %10s\n", "problem", "abundances", "start", "us a pixel", "worst pixel",
              "kkt");
  for (const int kind : {ORTHANT_ABUNDANCES_DIRICHLET, ORTHANT_ABUNDANCES_DEAD_LEAVES}) {
    Mixtures mixtures{E, m, kind, common.seed, {}, {}, {}};
    mixtures.make(250, 400, 0, 1);
    // Models trained on mixtures of the same kind, another seed.  Zeros propose nothing: each pixel starts anew.
    const Mixtures for_training{E, m, kind, common.seed + 1, {}, {}, {}};
    const auto nothing = trained(common, for_training, 1, 0);
    const auto one = trained(common, for_training, 1, 200);
    const auto eight = trained(common, for_training, 8, 200);
    nothing->clear("A_H");
    const Start starts[] = {{"cold", nothing->model(), ORTHANT_UNMIX_ACTIVE_SET, false},
                            {"previous pixel", nullptr, ORTHANT_UNMIX_ACTIVE_SET, false},
                            {"grouped", nullptr, ORTHANT_UNMIX_BPP, false},
                            {"model of 1 layer", one->model(), ORTHANT_UNMIX_ACTIVE_SET, false},
                            {"model of 8 layers", eight->model(), ORTHANT_UNMIX_ACTIVE_SET, false},
                            {"ordered by solution", nullptr, ORTHANT_UNMIX_ACTIVE_SET, true}};
    Vector A(size_t(warm_endmembers) * warm_pixels);
    for (const bool sum_to_one : {true, false}) {
      for (const Start &start : starts) {
        if (sum_to_one && start.method == ORTHANT_UNMIX_BPP) continue;
        csv += time_start(start, sum_to_one, mixtures, o.repeat, A);
      }
    }
  }
  return csv;
}

// ---- Real scenes ----------------------------------------------------------------------------------------------------

struct Scene {
  std::string name;
  int m = 0, n = 0, r = 0;
  Vector Y, E, A;
};

Scene scene(const std::string &data, const std::string &name) {
  Scene s;
  s.name = name;
  const bool jasper = name == "jasper";
  const std::string file = data + (jasper ? "/jasper_ridge/jasperRidge2_R198.mat" : "/moffett/moffett.mat");
  const auto load = [&](const char *variable, int64_t rows) { return read_table<float>(file + ":" + variable, rows); };
  const Table<float> E = load(jasper ? "M" : "GT", jasper ? 198 : 184), Y = load("Y", E.rows);
  s.m = static_cast<int>(Y.rows);
  s.n = static_cast<int>(Y.cols);
  s.r = static_cast<int>(E.cols);
  s.Y = Y.values;
  s.E = E.values;
  const float top = *std::max_element(s.Y.begin(), s.Y.end());
  for (float &y : s.Y) y = std::max(0.f, y / top);
  if (jasper) {
    s.A = load("A", s.r).values;
  } else {
    const Data d = read_data(file + ":S_GT");  // 50 x 50 x 3
    ImageOptions options;
    options.bands = s.r;
    const Image<float> A = to_image<float>(d, options);
    s.A.resize(size_t(s.r) * size_t(s.n));  // pixel = line + lines * sample, as Y's
    for (int64_t line = 0; line < A.lines; ++line)
      for (int64_t sample = 0; sample < A.samples; ++sample)
        for (int k = 0; k < s.r; ++k)
          s.A[size_t(k) + size_t(s.r) * size_t(line + A.lines * sample)] = A.pixel(sample + A.samples * line)[k];
  }
  return s;
}

void vca(const Scene &s, uint64_t seed, const Pool &pool, Vector &E) {
  auto c = sized<orthant_endmembers_config>();
  c.bands = s.m;
  c.pixels = s.n;
  c.endmembers = s.r;
  c.seed = seed;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_endmembers_size_f32(&c, &bytes), "endmembers");
  const Workspace memory(bytes);
  orthant_endmembers_f32 *h = nullptr;
  check_status(orthant_endmembers_init_f32(&c, memory.data(), bytes, &h), "endmembers");
  E.resize(size_t(s.m) * size_t(s.r));
  std::vector<int32_t> pixel(static_cast<size_t>(s.r));
  const orthant_matrix_f32 data = matrix(s.Y.data(), s.m, s.n);
  check_status(orthant_endmembers_run_f32(h, &data, nullptr, 0, E.data(), s.m, pixel.data()), "endmembers");
  for (float &e : E) e = std::max(0.f, e);  // projected pixels, which noise makes negative
}

struct Marks {
  double angle, armse;
};
// Abundances are divided by their sum first: the truth sums to one.  That is the scale of minimum volume too, whose
// endmembers sum to one: whatever else gave them one (abundances that sum to one in least squares) did worse.
Marks judge(const Scene &s, const Vector &E, Vector A) {
  for (int j = 0; j < s.n; ++j) {
    float *a = A.data() + size_t(j) * size_t(s.r), sum = 0;
    for (int k = 0; k < s.r; ++k) sum += a[k];
    for (int k = 0; k < s.r; ++k) a[k] = sum > 0 ? a[k] / sum : 1.f / static_cast<float>(s.r);
  }
  auto c = sized<orthant_scores_config>();
  c.bands = s.m;
  c.endmembers = s.r;
  c.pixels = s.n;
  size_t bytes = 0;
  check_status(orthant_scores_size_f32(&c, &bytes), "scores");
  const Workspace memory(bytes);
  auto out = sized<orthant_scores>();
  check_status(orthant_scores_run_f32(&c, memory.data(), bytes, E.data(), s.m, s.E.data(), s.m, A.data(), s.r,
                                      s.A.data(), s.r, nullptr, nullptr, &out),
               "scores");
  return {out.mean_angle * 180 / M_PI, out.armse};
}

// Abundances of n pixels Y of m bands: FCLS, or NNLS.
Vector abundances(const Vector &Y, int m, int n, const Vector &E, bool sum_to_one, const Pool &pool) {
  auto c = sized<orthant_unmix_config>();
  c.bands = m;
  c.endmembers = static_cast<int32_t>(E.size()) / m;
  c.sum_to_one = sum_to_one;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_unmix_size_f32(&c, &bytes), "abundances");
  const Workspace memory(bytes);
  orthant_unmix_f32 *u = nullptr;
  check_status(orthant_unmix_init_f32(&c, E.data(), m, memory.data(), bytes, &u), "abundances");
  Vector A(size_t(c.endmembers) * size_t(n));
  const orthant_matrix_f32 data = matrix(Y.data(), m, n);
  check_status(orthant_unmix_run_f32(u, &data, A.data(), c.endmembers, nullptr), "abundances");
  return A;
}

// Classical NMF from W = E and H = A.
void classical(const Scene &s, int32_t method, int iterations, const Pool &pool, Vector &W, Vector &H) {
  auto c = sized<orthant_nmf_config>();
  c.rows = s.m;
  c.cols = s.n;
  c.rank = s.r;
  c.method = method;
  c.start = ORTHANT_START_GIVEN;
  c.max_iter = iterations;
  c.tol = -1;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_nmf_size_f32(&c, &bytes), "nmf");
  const Workspace memory(bytes);
  orthant_nmf_f32 *h = nullptr;
  check_status(orthant_nmf_init_f32(&c, memory.data(), bytes, &h), "nmf");
  const orthant_matrix_f32 data = matrix(s.Y.data(), s.m, s.n);
  check_status(orthant_nmf_start_f32(h, &data, W.data(), s.m, H.data(), s.r), "nmf");
  check_status(orthant_nmf_run_f32(h, &data, W.data(), s.m, H.data(), s.r, nullptr), "nmf");
}

// The columns with one more row, `value`: the usual soft constraint that abundances sum to one.
Vector with_row(const Vector &M, int rows, float value) {
  Vector out;
  for (size_t j = 0; j < M.size(); j += size_t(rows)) {
    out.insert(out.end(), M.begin() + ptrdiff_t(j), M.begin() + ptrdiff_t(j) + rows);
    out.push_back(value);
  }
  return out;
}
Vector without_row(const Vector &M, int rows) {  // rows: of the result
  Vector out;
  for (size_t j = 0; j < M.size(); j += size_t(rows) + 1)
    out.insert(out.end(), M.begin() + ptrdiff_t(j), M.begin() + ptrdiff_t(j) + rows);
  return out;
}

// The recipe, the same for every scene.  Bundles of 20 spectra; a row of 0.3 times the length of the mean pixel;
// mixtures of bundle spectra by the image's own abundances (NNLS with the bundles' means), 30 dB; 4 samples of 256
// pixels a step.
struct Recipe {
  static constexpr int draws = 20, columns = 256, batch = 4, steps = 300, layers = 25;
  static constexpr double row = 0.3, rate = 1e-2, decay = 0.985;
};

struct Learned {
  Vector means, W, H;               // the bundles' means; what the layers make of them
  Vector untrained_W, untrained_H;  // the same with all multipliers one
  double first_loss = 0, last_loss = 0, seconds = 0;
};
// The length of the row that `Recipe::row` adds.
float row_of(const Scene &s) {
  double square = 0;
  for (const float y : s.Y) square += double(y) * double(y);
  return static_cast<float>(Recipe::row * std::sqrt(square / s.n));
}

orthant_mixtures_config mixtures_of(const Scene &s, const Bundles<float> &b, uint64_t seed, const Pool &pool) {
  auto c = sized<orthant_mixtures_config>();
  c.bands = s.m;
  c.endmembers = s.r;
  c.lines = 1;
  c.samples = Recipe::columns;
  c.parallel = pool.parallel();
  c.spectra = static_cast<int32_t>(b.group.size());
  c.abundances = ORTHANT_ABUNDANCES_MAPS;
  c.map_columns = s.n;
  c.seed = seed;
  return c;
}

orthant_nalmu_train_config training_of(const Scene &s, const Pool &pool) {
  auto c = sized<orthant_nalmu_train_config>();
  c.bands = s.m + 1;
  c.endmembers = s.r;
  c.columns = Recipe::columns;
  c.layers = Recipe::layers;
  c.order = 1;  // abundances first: the starting ones are constant and hold no information for the endmembers
  c.spread_w = ORTHANT_SPREAD_FULL;
  c.rate = Recipe::rate;
  c.rate_decay = Recipe::decay;
  c.start_h = 1.0 / s.r;
  c.parallel = pool.parallel();
  return c;
}

// What the layers of a trainer make of the scene, whose columns are Y, from W0.
void apply(NalmuTrainer &trainer, const Scene &s, const Vector &Y, const Vector &W0, const Pool &pool, Vector &W,
           Vector &H) {
  const NalmuBlob blob(trainer.handle());
  auto c = sized<orthant_nalmu_config>();
  c.bands = s.m + 1;
  c.pixels = s.n;
  c.model = blob.model();
  c.parallel = pool.parallel();
  W = W0;
  infer(c, Y, W, H);
  W = without_row(W, s.m);
}

Learned learn(const Scene &s, uint64_t seed, const Pool &pool) {
  Learned out;
  const Bundles<float> b = make_bundles(s.Y.data(), s.m, s.n, s.r, Recipe::draws, seed, pool.parallel());
  out.means = b.mean;
  const float row = row_of(s);
  const Vector Y = with_row(s.Y, s.m, row), W0 = with_row(b.mean, s.m, row);
  const Vector maps = abundances(Y, s.m + 1, s.n, W0, false, pool);
  const orthant_mixtures_config mixtures = mixtures_of(s, b, seed, pool);
  const orthant_nalmu_train_config training = training_of(s, pool);
  const double begun = seconds_now();
  NalmuTrainer trainer(training, W0.data());
  const auto number = [](int rows, int cols) { return size_t(rows) * size_t(cols) * Recipe::batch; };
  Vector y(number(s.m, Recipe::columns)), w(number(s.m, s.r)), h(number(s.r, Recipe::columns));
  for (int step = 0; step < Recipe::steps; ++step) {
    check_status(
        orthant_mixtures_run_f32(&mixtures, static_cast<uint64_t>(step) * Recipe::batch, Recipe::batch,
                                 b.spectra.data(), s.m, b.group.data(), maps.data(), y.data(), w.data(), h.data()),
        "mixing");
    const Vector with_y = with_row(y, s.m, row), with_w = with_row(w, s.m, row);
    const double loss = trainer.step(with_y.data(), with_w.data(), h.data(), Recipe::batch);
    if (step < 10) out.first_loss += loss / 10;
    if (step >= Recipe::steps - 10) out.last_loss += loss / 10;
  }
  out.seconds = seconds_now() - begun;
  apply(trainer, s, Y, W0, pool, out.W, out.H);
  NalmuTrainer none(training, W0.data());
  apply(none, s, Y, W0, pool, out.untrained_W, out.untrained_H);
  return out;
}

std::string scenes(const NalmuBench &o, const Common &common) {
  std::string csv = "part,scene,seed,method,angle_degrees,armse\n";
  const Pool pool(1);
  for (const char *name : {"jasper", "moffett"}) {
    const Scene s = scene(o.data, name);
    std::vector<std::pair<std::string, std::vector<Marks>>> table;
    for (int seed = 1; seed <= o.seeds; ++seed) {
      const auto note = [&](const std::string &method, const Marks &marks) {
        csv += format("scenes,%s,%d,%s,%.4f,%.5f\n", name, seed, method.c_str(), marks.angle, marks.armse);
        for (auto &[known, list] : table)
          if (known == method) return list.push_back(marks);
        table.push_back({method, {marks}});
      };
      Vector E;
      vca(s, static_cast<uint64_t>(seed), pool, E);
      const Vector A = abundances(s.Y, s.m, s.n, E, true, pool);
      // NNLS, then divided by the sum, which `judge` does: where brightness varies FCLS bends the abundances.
      const auto nnls = [&](const Vector &W) { return judge(s, W, abundances(s.Y, s.m, s.n, W, false, pool)); };
      note("vca + fcls", judge(s, E, A));
      note("vca + nnls / sum", nnls(E));
      for (const int layers : {25, 1000}) {
        auto c = sized<orthant_nalmu_config>();
        c.bands = s.m;
        c.pixels = s.n;
        c.endmembers = s.r;
        c.layers = layers;
        c.parallel = pool.parallel();
        Vector W = E, H;
        infer(c, s.Y, W, H);
        note(format("mu %d", layers), judge(s, W, H));
      }
      {
        Vector W = E, H = A;
        classical(s, ORTHANT_NMF_HALS, 500, pool, W, H);
        note("hals 500", judge(s, W, H));
        W = E;
        H = A;
        classical(s, ORTHANT_NMF_MINVOL, 500, pool, W, H);
        note("minimum volume 500", judge(s, W, H));
      }
      const Learned l = learn(s, static_cast<uint64_t>(seed), pool);
      note("bundles + fcls", judge(s, l.means, abundances(s.Y, s.m, s.n, l.means, true, pool)));
      note("bundles + nnls / sum", nnls(l.means));
      note("bundles + mu 25", judge(s, l.untrained_W, l.untrained_H));
      note("nalmu 25", judge(s, l.W, l.H));
      note("nalmu 25 + fcls", judge(s, l.W, abundances(s.Y, s.m, s.n, l.W, true, pool)));
      note("nalmu 25 + nnls / sum", nnls(l.W));
      say(common, format("%s, seed %d: loss %.3f to %.3f in %.1f s", name, seed, l.first_loss, l.last_loss, l.seconds));
    }
    std::printf("%s, %d seeds, median (least to greatest)\n", name, o.seeds);
    for (const auto &[method, list] : table) {
      std::vector<double> marks[2];
      for (const Marks &m : list) {
        marks[0].push_back(m.angle);
        marks[1].push_back(m.armse);
      }
      for (std::vector<double> &list_of : marks) std::sort(list_of.begin(), list_of.end());
      std::printf("  %-21s angle %7.2f (%.2f to %.2f)   armse %7.4f (%.4f to %.4f)\n", method.c_str(), middle(marks[0]),
                  marks[0].front(), marks[0].back(), middle(marks[1]), marks[1].front(), marks[1].back());
    }
    std::fflush(stdout);
  }
  return csv;
}

}  // namespace

void add_bench_nalmu(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("nalmu", "unrolled multiplicative updates: the toy, warm starts, real scenes");
  const auto o = std::make_shared<NalmuBench>();
  verb->add_option("--part", o->part, "what to run")
      ->check(CLI::IsMember({"toy", "warm", "scenes"}))
      ->capture_default_str();
  verb->add_option("--data", o->data, "directory of the real data sets")->capture_default_str();
  verb->add_option("--peer", o->peer, "nalmu_torch.py: time the toy's training in PyTorch too");
  verb->add_option("--python", o->python, "the Python that has PyTorch")->capture_default_str();
  verb->add_option("--seeds", o->seeds, "how many")->check(CLI::Range(1, 1000))->capture_default_str();
  verb->add_option("--svg", o->svg, "draw the results into this directory")->type_name("DIR");
  verb->add_option("-o,--output", o->output, "write the table as CSV");
  verb->add_option("--repeat", o->repeat, "calls behind each median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  add_common(*verb, common, flags_seed | flags_output);
  verb->callback([o, &common] {
    using Part = std::string (*)(const NalmuBench &, const Common &);
    const std::map<std::string, Part> parts = {{"toy", nalmu_toy}, {"warm", warm}, {"scenes", scenes}};
    const std::string csv = bench_head() + parts.at(o->part)(*o, common);
    if (!o->output.empty()) write_file(o->output, csv, common.force);
    if (!o->svg.empty()) draw_results(csv, o->svg, common.force);
  });
}

}  // namespace orthant::tool
