#include "bench_nalmu.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "api.hpp"
#include "input.hpp"

namespace orthant::tool {
namespace {

using Vector = std::vector<float>;

double middle(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// A trained model where it may lie.
class Blob {
 public:
  explicit Blob(orthant_nalmu_train_f32 *s) {
    size_t bytes = 0;
    check_status(orthant_nalmu_train_save_f32(s, 0, nullptr, 0, &bytes), "save");
    memory_.resize(bytes + 64);
    at_ = memory_.data() + (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64;
    check_status(orthant_nalmu_train_save_f32(s, 0, at_, bytes, &bytes), "save");
    check_status(orthant_model_open(at_, bytes, &model_), "open");
    bytes_ = bytes;
  }
  Blob(const Blob &) = delete;
  Blob &operator=(const Blob &) = delete;
  const orthant_model *model() const { return model_; }
  std::string_view view() const { return {reinterpret_cast<const char *>(at_), bytes_}; }

 private:
  std::vector<unsigned char> memory_;
  unsigned char *at_ = nullptr;
  size_t bytes_ = 0;
  const orthant_model *model_ = nullptr;
};

class Trainer {
 public:
  explicit Trainer(const orthant_nalmu_train_config &c, const float *W0 = nullptr) : memory_(bytes(c)) {
    check_status(orthant_nalmu_train_init_f32(&c, W0, c.bands, memory_.data(), memory_.bytes(), &s_), "training");
  }
  double step(const Vector &Y, const Vector &W, const Vector &H, int32_t count, bool learn = true) {
    auto r = sized<orthant_report>();
    check_status(orthant_nalmu_train_step_f32(s_, count, Y.data(), W.data(), H.data(), learn, &r), "training");
    return r.objective;
  }
  orthant_nalmu_train_f32 *handle() { return s_; }

 private:
  static size_t bytes(const orthant_nalmu_train_config &c) {
    size_t n = 0;
    check_status(orthant_nalmu_train_size_f32(&c, &n), "training");
    return n;
  }
  Workspace memory_;
  orthant_nalmu_train_f32 *s_ = nullptr;
};

void infer(orthant_nalmu_config c, const Vector &Y, Vector &W, Vector &H) {
  size_t bytes = 0;
  check_status(orthant_nalmu_size_f32(&c, &bytes), "nalmu");
  const Workspace memory(bytes);
  orthant_nalmu_f32 *s = nullptr;
  check_status(orthant_nalmu_init_f32(&c, memory.data(), bytes, &s), "nalmu");
  const int32_t r = static_cast<int32_t>(W.size()) / c.bands;
  H.resize(static_cast<size_t>(r) * static_cast<size_t>(c.pixels));
  const orthant_matrix_f32 data = matrix(Y.data(), c.bands, c.pixels);
  check_status(orthant_nalmu_run_f32(s, &data, W.data(), c.bands, H.data(), r, nullptr), "nalmu");
}

// ---- The toy: r 5, m 20, n 500, W known, H0 = 1; mu = 50 rand, H = randn + mu, noise 0.1 -------------------------------

struct Toy {
  Vector W, H, Y;
  Toy(uint64_t seed, uint64_t draw) {
    constexpr int m = 20, r = 5, n = 500;
    std::mt19937_64 common(seed), own(seed * 1000 + draw);
    std::uniform_real_distribution<double> uniform;
    std::normal_distribution<double> normal;
    std::vector<double> mu(r);
    for (double &x : mu) x = 50 * uniform(common);
    for (int i = 0; i < m * r; ++i) W.push_back(static_cast<float>(uniform(common)));
    for (int j = 0; j < n; ++j) {
      for (int k = 0; k < r; ++k) H.push_back(static_cast<float>(std::max(0.0, normal(own) + mu[static_cast<size_t>(k)])));
      for (int i = 0; i < m; ++i) {
        double y = 0.1 * normal(own);
        for (int k = 0; k < r; ++k) y += double(W[static_cast<size_t>(i + m * k)]) * double(H[static_cast<size_t>(k + r * j)]);
        Y.push_back(static_cast<float>(std::max(0.0, y)));
      }
    }
  }
};

double distance(const Vector &a, const Vector &b) {
  double s = 0;
  for (size_t i = 0; i < a.size(); ++i) s += (double(a[i]) - double(b[i])) * (double(a[i]) - double(b[i]));
  return s;
}

std::string toy(const NalmuBench &o, const Common &common) {
  std::string csv = "part,seed,method,layers,test_error,training_s,training_least_s,training_greatest_s,times_faster_than_pytorch\n";
  double torch = 0;
  if (!o.peer.empty()) {
    FILE *pipe = popen((o.python + " '" + o.peer + "' time 3").c_str(), "r");
    double least = 0, most = 0;
    if (!pipe || std::fscanf(pipe, "%lf,%lf,%lf", &torch, &least, &most) != 3) warn(common, "PyTorch did not run");
    if (pipe) pclose(pipe);
    csv += format("toy,1,pytorch log,20,,%.4f,%.4f,%.4f,1\n", torch, least, most);
  }
  std::printf("%4s %-12s %6s %12s %10s\n", "seed", "method", "layers", "test error", "training s");
  int beaten = 0;
  for (int seed = 1; seed <= o.seeds; ++seed) {
    const Toy train(static_cast<uint64_t>(seed), 1), test(static_cast<uint64_t>(seed), 2);
    double mu100 = 0, log20 = 0, last20 = 0;
    for (const int layers : {20, 100, 1000}) {
      auto c = sized<orthant_nalmu_config>();
      c.bands = 20, c.pixels = 500, c.endmembers = 5, c.layers = layers, c.factors = ORTHANT_NALMU_ONE;
      Vector W = test.W, H;
      infer(c, test.Y, W, H);
      const double e = distance(H, test.H);
      if (layers == 100) mu100 = e;
      csv += format("toy,%d,mu,%d,%.6g,,,,\n", seed, layers, e);
      std::printf("%4d %-12s %6d %12.5g\n", seed, "mu", layers, e);
    }
    for (const char *method : {"log", "last", "tied"}) {
      auto c = sized<orthant_nalmu_train_config>();
      c.bands = 20, c.endmembers = 5, c.columns = 500, c.layers = 20, c.factors = ORTHANT_NALMU_ONE;
      c.positivity = ORTHANT_POSITIVITY_DIRECT, c.loss_h = ORTHANT_FIT_L2, c.rate = 1e-2;
      c.nu = method[1] == 'a' ? ORTHANT_NU_LAST : ORTHANT_NU_LOG, c.tied = method[0] == 't';
      std::vector<double> seconds;
      std::unique_ptr<Trainer> t;
      for (int i = 0; i < (seed == 1 ? o.repeat : 1); ++i) {
        t.reset(new Trainer(c));
        const double begun = seconds_now();
        for (int epoch = 0; epoch < 500; ++epoch) t->step(train.Y, train.W, train.H, 1);
        seconds.push_back(seconds_now() - begun);
      }
      const Blob blob(t->handle());
      auto i = sized<orthant_nalmu_config>();
      i.bands = 20, i.pixels = 500, i.model = blob.model();
      Vector W = test.W, H;
      infer(i, test.Y, W, H);
      const double e = distance(H, test.H), s = middle(seconds);
      if (method[1] == 'o') log20 = e;
      if (method[1] == 'a') last20 = e;
      csv += format("toy,%d,nalmu %s,20,%.6g,%.4f,%.4f,%.4f,%s\n", seed, method, e, s,
                    *std::min_element(seconds.begin(), seconds.end()), *std::max_element(seconds.begin(), seconds.end()),
                    torch > 0 && method[1] == 'o' && seed == 1 ? format("%.1f", torch / s).c_str() : "");
      std::printf("%4d nalmu %-6s %6d %12.5g %10.4f\n", seed, method, 20, e, s);
    }
    beaten += log20 < mu100 && last20 < mu100;
  }
  std::printf("NALMU (log and last) at 20 below MU at 100: %d of %d seeds\n", beaten, o.seeds);
  return csv;
}

// ---- Warm starts: exact unmixing with 20 endmembers of the USGS library --------------------------------------------------

// The 20 most alike in a chain: from the first spectrum on, always the nearest one that is not taken and at least half a
// degree away.
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
      if (nearest < std::cos(0.5 * M_PI / 180) && nearest > top) top = nearest, best = j;
    }
    chosen.push_back(best);
  }
  Vector E;
  for (int64_t k : chosen)
    for (int64_t i = 0; i < m; ++i) E.push_back(library(i, k));
  return E;
}

std::string warm(const NalmuBench &o, const Common &common) {
  std::string csv = "part,problem,abundances,start,pixels,median_us_per_pixel,least,greatest,worst_pixel_us,mean_iterations_worst,largest_kkt\n";
  const Table<float> library = read_table<float>(o.data + "/usgs/USGS_pruned_3_deg.mat:B");
  constexpr int r = 20, pixels = 100000;
  const int m = static_cast<int>(library.rows);
  const Vector E = alike(library, r);
  std::vector<int32_t> group(r);
  for (int k = 0; k < r; ++k) group[static_cast<size_t>(k)] = k;
  const auto mixtures = [&](int kind, uint64_t seed, int lines, int samples, uint64_t index, int count, Vector &Y, Vector &W,
                            Vector &H) {
    auto c = sized<orthant_mixtures_config>();
    c.bands = m, c.endmembers = r, c.lines = lines, c.samples = samples, c.spectra = r, c.abundances = kind, c.active = 5;
    c.seed = seed;
    const size_t n = size_t(lines) * size_t(samples) * size_t(count);
    Y.resize(n * size_t(m)), W.resize(size_t(m) * r * size_t(count)), H.resize(n * r);
    check_status(orthant_mixtures_run_f32(&c, index, count, E.data(), m, group.data(), nullptr, Y.data(), W.data(), H.data()),
                 "mixing");
  };
  std::printf("%-8s %-12s %-18s %12s %12s %10s\n", "problem", "abundances", "start", "us a pixel", "worst pixel", "kkt");
  for (const int kind : {ORTHANT_ABUNDANCES_DIRICHLET, ORTHANT_ABUNDANCES_DEAD_LEAVES}) {
    Vector Y, W, H, Yt, Wt, Ht;
    mixtures(kind, common.seed, 250, 400, 0, 1, Y, W, H);
    // The model: eight layers, trained on mixtures of the same kind, another seed.
    auto tc = sized<orthant_nalmu_train_config>();
    tc.bands = m, tc.endmembers = r, tc.columns = 256, tc.layers = 8, tc.factors = ORTHANT_NALMU_ONE;
    tc.nu = ORTHANT_NU_LAST, tc.start_h = 1.0 / r, tc.rate = 1e-2;
    Trainer trainer(tc);
    double loss = 0;
    for (int step = 0; step < 300; ++step) {
      mixtures(kind, common.seed + 1, 16, 16, static_cast<uint64_t>(step) * 8, 8, Yt, Wt, Ht);
      loss = trainer.step(Yt, Wt, Ht, 8);
    }
    const Blob model(trainer.handle());
    say(common, cat("trained to a loss of ", format("%.4f", loss)));
    for (const bool sum : {true, false})
      for (const char *start : {"cold", "previous pixel", "grouped", "model"}) {
        if (sum && start[0] == 'g') continue;
        auto c = sized<orthant_unmix_config>();
        c.bands = m, c.endmembers = r, c.sum_to_one = sum;
        c.method = start[0] == 'g' ? ORTHANT_UNMIX_BPP : ORTHANT_UNMIX_ACTIVE_SET;
        if (start[0] == 'm') c.model = model.model();
        size_t bytes = 0;
        check_status(orthant_unmix_size_f32(&c, &bytes), "planning");
        const Workspace memory(bytes);
        orthant_unmix_f32 *u = nullptr;
        check_status(orthant_unmix_init_f32(&c, E.data(), m, memory.data(), bytes, &u), "placing");
        Vector A(size_t(r) * pixels);
        auto report = sized<orthant_report>();
        const auto part = [&](int from, int n, orthant_report *to) {
          const orthant_matrix_f32 data = matrix(Y.data() + size_t(from) * size_t(m), m, n);
          check_status(orthant_unmix_run_f32(u, &data, A.data() + size_t(from) * r, r, to), "unmixing");
        };
        std::vector<double> seconds;
        double worst = 0;
        for (int k = 0; k < o.repeat; ++k) {
          const double begun = seconds_now();
          if (start[0] == 'c')
            for (int j = 0; j < pixels; ++j) part(j, 1, nullptr);
          else part(0, pixels, &report);
          seconds.push_back(seconds_now() - begun);
        }
        for (int j = 0; j < pixels; j += 10) {  // one at a time: the longest that a pixel takes, the least of three looks
          double least = 1e9;
          for (int k = 0; k < 3; ++k) {
            const double begun = seconds_now();
            part(j, 1, nullptr);
            least = std::min(least, seconds_now() - begun);
          }
          worst = std::max(worst, least);
        }
        part(0, pixels, &report);
        const orthant_matrix_f32 data = matrix(Y.data(), m, pixels);
        check_status(orthant_unmix_check_f32(u, &data, A.data(), r, nullptr, nullptr, &report), "checking");
        const double us = 1e6 / pixels, median = middle(seconds) * us;
        const char *mixed = kind == ORTHANT_ABUNDANCES_DIRICHLET ? "dirichlet" : "dead leaves";
        csv += format("warm,%s,%s,%s,%d,%.4f,%.4f,%.4f,%.2f,%d,%.2e\n", sum ? "FCLS" : "NNLS", mixed, start, pixels, median,
                      *std::min_element(seconds.begin(), seconds.end()) * us,
                      *std::max_element(seconds.begin(), seconds.end()) * us, worst * 1e6, report.iters, report.kkt);
        std::printf("%-8s %-12s %-18s %12.4f %12.2f %10.1e\n", sum ? "FCLS" : "NNLS", mixed, start, median, worst * 1e6,
                    report.kkt);
        std::fflush(stdout);
      }
  }
  return csv;
}

// ---- Real scenes ---------------------------------------------------------------------------------------------------------

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
  const auto load = [&](const char *variable, int64_t rows) {
    return read_table<float>(file + ":" + variable, rows);
  };
  const Table<float> E = load(jasper ? "M" : "GT", jasper ? 198 : 184), Y = load("Y", E.rows);
  s.m = static_cast<int>(Y.rows), s.n = static_cast<int>(Y.cols), s.r = static_cast<int>(E.cols);
  s.Y = Y.values, s.E = E.values;
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

void vca(const Scene &s, const Vector &Y, int n, uint64_t seed, Vector &E) {
  auto c = sized<orthant_endmembers_config>();
  c.bands = s.m, c.pixels = n, c.endmembers = s.r, c.seed = seed;
  size_t bytes = 0;
  check_status(orthant_endmembers_size_f32(&c, &bytes), "endmembers");
  const Workspace memory(bytes);
  orthant_endmembers_f32 *h = nullptr;
  check_status(orthant_endmembers_init_f32(&c, memory.data(), bytes, &h), "endmembers");
  E.resize(size_t(s.m) * size_t(s.r));
  std::vector<int32_t> pixel(static_cast<size_t>(s.r));
  const orthant_matrix_f32 data = matrix(Y.data(), s.m, n);
  check_status(orthant_endmembers_run_f32(h, &data, nullptr, 0, E.data(), s.m, pixel.data()), "endmembers");
}

double angle(const float *a, const float *b, int m) {
  double ab = 0, aa = 0, bb = 0;
  for (int i = 0; i < m; ++i) ab += double(a[i]) * double(b[i]), aa += double(a[i]) * double(a[i]), bb += double(b[i]) * double(b[i]);
  return std::acos(std::min(1.0, ab / std::sqrt(std::max(aa * bb, 1e-30))));
}

// Bundles: VCA on 40 random tenths of the pixels, the spectra put into r groups by k-means on the angle, which begins at
// the r of them that are farthest apart.
void bundles(const Scene &s, uint64_t seed, Vector &S, std::vector<int32_t> &group, Vector &mean) {
  std::mt19937_64 engine(seed);
  const int n = s.n / 10;
  S.clear();
  for (int k = 0; k < 40; ++k) {
    Vector Y, E;
    for (int j = 0; j < n; ++j) {
      const size_t p = size_t(engine() % uint64_t(s.n)) * size_t(s.m);
      Y.insert(Y.end(), s.Y.begin() + ptrdiff_t(p), s.Y.begin() + ptrdiff_t(p) + s.m);
    }
    vca(s, Y, n, engine(), E);
    for (float e : E) S.push_back(std::max(0.f, e));  // VCA gives projected pixels, which noise makes negative
  }
  const int count = 40 * s.r;
  const auto at = [&](int j) { return S.data() + size_t(j) * size_t(s.m); };
  mean.assign(at(0), at(0) + s.m);
  for (int k = 1; k < s.r; ++k) {
    int best = 0;
    double top = -1;
    for (int j = 0; j < count; ++j) {
      double nearest = 9;
      for (int l = 0; l < k; ++l) nearest = std::min(nearest, angle(at(j), mean.data() + l * s.m, s.m));
      if (nearest > top) top = nearest, best = j;
    }
    mean.insert(mean.end(), at(best), at(best) + s.m);
  }
  group.assign(static_cast<size_t>(count), 0);
  for (int round = 0; round < 30; ++round) {
    std::vector<int> members(static_cast<size_t>(s.r));
    for (int j = 0; j < count; ++j) {
      double least = 9;
      for (int k = 0; k < s.r; ++k)
        if (const double a = angle(at(j), mean.data() + k * s.m, s.m); a < least) least = a, group[size_t(j)] = k;
      ++members[size_t(group[size_t(j)])];
    }
    for (int k = 0; k < s.r; ++k) {
      if (members[size_t(k)] == 0) continue;
      std::fill(mean.begin() + k * s.m, mean.begin() + (k + 1) * s.m, 0.f);
      for (int j = 0; j < count; ++j)
        for (int i = 0; i < s.m && group[size_t(j)] == k; ++i)
          mean[size_t(k * s.m + i)] += at(j)[i] / static_cast<float>(members[size_t(k)]);
    }
  }
}

struct Marks {
  double angle, armse;
};
// Abundances are divided by their sum first: the truth sums to one.
Marks judge(const Scene &s, const Vector &E, Vector A) {
  for (int j = 0; j < s.n; ++j) {
    float *a = A.data() + size_t(j) * size_t(s.r), sum = 0;
    for (int k = 0; k < s.r; ++k) sum += a[k];
    for (int k = 0; k < s.r; ++k) a[k] = sum > 0 ? a[k] / sum : 1.f / static_cast<float>(s.r);
  }
  auto c = sized<orthant_scores_config>();
  c.bands = s.m, c.endmembers = s.r, c.pixels = s.n;
  size_t bytes = 0;
  check_status(orthant_scores_size_f32(&c, &bytes), "scores");
  const Workspace memory(bytes);
  auto out = sized<orthant_scores>();
  check_status(orthant_scores_run_f32(&c, memory.data(), bytes, E.data(), s.m, s.E.data(), s.m, A.data(), s.r, s.A.data(), s.r,
                                      nullptr, nullptr, &out), "scores");
  return {out.mean_angle * 180 / M_PI, out.armse};
}

void fcls(const Scene &s, const Vector &E, Vector &A) {
  auto c = sized<orthant_unmix_config>();
  c.bands = s.m, c.endmembers = s.r, c.sum_to_one = 1;
  size_t bytes = 0;
  check_status(orthant_unmix_size_f32(&c, &bytes), "fcls");
  const Workspace memory(bytes);
  orthant_unmix_f32 *u = nullptr;
  check_status(orthant_unmix_init_f32(&c, E.data(), s.m, memory.data(), bytes, &u), "fcls");
  A.resize(size_t(s.r) * size_t(s.n));
  const orthant_matrix_f32 data = matrix(s.Y.data(), s.m, s.n);
  check_status(orthant_unmix_run_f32(u, &data, A.data(), s.r, nullptr), "fcls");
}

std::string scenes(const NalmuBench &o, const Common &common) {
  std::string csv = "part,scene,seed,method,angle_degrees,armse\n";
  for (const char *name : {"jasper", "moffett"}) {
    const Scene s = scene(o.data, name);
    std::vector<std::pair<std::string, std::vector<Marks>>> table;
    const auto note = [&](int seed, const std::string &method, const Marks &marks) {
      csv += format("scenes,%s,%d,%s,%.4f,%.5f\n", name, seed, method.c_str(), marks.angle, marks.armse);
      for (auto &[known, list] : table)
        if (known == method) return list.push_back(marks);
      table.push_back({method, {marks}});
    };
    for (int seed = 1; seed <= o.seeds; ++seed) {
      Vector E, A, S, mean;
      vca(s, s.Y, s.n, static_cast<uint64_t>(seed), E);
      fcls(s, E, A);
      note(seed, "vca + fcls", judge(s, E, A));
      for (const int layers : {25, 1000}) {
        auto c = sized<orthant_nalmu_config>();
        c.bands = s.m, c.pixels = s.n, c.endmembers = s.r, c.layers = layers;
        Vector W = E, H;
        infer(c, s.Y, W, H);
        note(seed, format("mu %d", layers), judge(s, W, H));
      }
      {
        auto c = sized<orthant_nmf_config>();
        c.rows = s.m, c.cols = s.n, c.rank = s.r, c.method = ORTHANT_NMF_HALS, c.start = ORTHANT_START_GIVEN, c.max_iter = 500;
        c.tol = -1;
        size_t bytes = 0;
        check_status(orthant_nmf_size_f32(&c, &bytes), "hals");
        const Workspace memory(bytes);
        orthant_nmf_f32 *h = nullptr;
        check_status(orthant_nmf_init_f32(&c, memory.data(), bytes, &h), "hals");
        Vector W = E, H = A;
        const orthant_matrix_f32 data = matrix(s.Y.data(), s.m, s.n);
        check_status(orthant_nmf_start_f32(h, &data, W.data(), s.m, H.data(), s.r), "hals");
        check_status(orthant_nmf_run_f32(h, &data, W.data(), s.m, H.data(), s.r, nullptr), "hals");
        note(seed, "hals 500", judge(s, W, H));
      }
      // The recipe, the same for every scene: bundles, dead leaves of 16 x 16, 8 a batch, 400 steps.
      std::vector<int32_t> group;
      bundles(s, static_cast<uint64_t>(seed), S, group, mean);
      auto mc = sized<orthant_mixtures_config>();
      mc.bands = s.m, mc.endmembers = s.r, mc.lines = mc.samples = 16, mc.spectra = static_cast<int32_t>(group.size());
      mc.abundances = ORTHANT_ABUNDANCES_DEAD_LEAVES, mc.alpha = 0.5, mc.spread = 0.2, mc.seed = static_cast<uint64_t>(seed);
      auto tc = sized<orthant_nalmu_train_config>();
      tc.bands = s.m, tc.endmembers = s.r, tc.columns = 256, tc.layers = 25, tc.spread_w = ORTHANT_SPREAD_FULL;
      tc.loss_w = ORTHANT_FIT_ANGLE, tc.loss_h = ORTHANT_FIT_NMSE, tc.rate = 3e-3, tc.rate_decay = 0.995;
      tc.start_h = 1.0 / s.r;
      Trainer trainer(tc, mean.data());
      Vector Y(size_t(s.m) * 256 * 8), W(size_t(s.m) * size_t(s.r) * 8), H(size_t(s.r) * 256 * 8);
      for (uint64_t step = 0; step < 400; ++step) {
        check_status(orthant_mixtures_run_f32(&mc, 8 * step, 8, S.data(), s.m, group.data(), nullptr, Y.data(), W.data(), H.data()),
                     "mixing");
        trainer.step(Y, W, H, 8);
      }
      const Blob blob(trainer.handle());
      auto c = sized<orthant_nalmu_config>();
      c.bands = s.m, c.pixels = s.n, c.model = blob.model();
      Vector Wn = mean, Hn;
      infer(c, s.Y, Wn, Hn);
      note(seed, "nalmu 25", judge(s, Wn, Hn));
      fcls(s, mean, A);
      note(seed, "bundle means + fcls", judge(s, mean, A));
      if (!o.model.empty() && seed == 1 && s.r == 4) write_file(o.model, blob.view(), common.force);
    }
    std::printf("%s, %d seeds, median (least to greatest)\n", name, o.seeds);
    for (const auto &[method, list] : table) {
      std::vector<double> a, b;
      for (const Marks &m : list) a.push_back(m.angle), b.push_back(m.armse);
      std::sort(a.begin(), a.end()), std::sort(b.begin(), b.end());
      std::printf("  %-20s angle %7.2f (%.2f to %.2f)   armse %7.4f (%.4f to %.4f)\n", method.c_str(), middle(a), a.front(),
                  a.back(), middle(b), b.front(), b.back());
    }
    std::fflush(stdout);
  }
  return csv;
}

}  // namespace

std::string bench_nalmu(const NalmuBench &o, const Common &common) {
  return o.part == "toy" ? toy(o, common) : o.part == "warm" ? warm(o, common) : scenes(o, common);
}

}  // namespace orthant::tool
