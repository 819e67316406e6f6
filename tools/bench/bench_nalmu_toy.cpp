// `orthant-bench nalmu --part toy`: the toy problem of the source, and the least error that multipliers
// can have on it (tools/docs/algorithms.md, "NALMU").
#include <cmath>
#include <cstdio>
#include <memory>
#include <random>

#include "bench_nalmu.hpp"
#include "nalmu_runs.hpp"

namespace orthant::tool {
namespace {

constexpr int bands = 20, rank = 5, columns = 500, layers = 20;
constexpr double sigma = 0.1;

// W known, H0 = 1; mu = 50 rand, H = randn + mu, Y = W H + sigma randn.  W and mu are the seed's, the rest the draw's.
struct Toy {
  Vector W, H, Y;
  Toy(uint64_t seed, uint64_t draw) {
    std::mt19937_64 common(seed), own(seed * 1000 + draw);
    std::uniform_real_distribution<double> uniform;
    std::normal_distribution<double> normal;
    double mu[rank];
    for (double &x : mu) x = 50 * uniform(common);
    for (int i = 0; i < bands * rank; ++i) W.push_back(static_cast<float>(uniform(common)));
    for (int j = 0; j < columns; ++j) {
      for (const double x : mu) H.push_back(static_cast<float>(std::max(0.0, normal(own) + x)));
      for (int i = 0; i < bands; ++i) {
        double y = sigma * normal(own);
        for (int k = 0; k < rank; ++k)
          y += double(W[static_cast<size_t>(i + bands * k)]) * double(H[static_cast<size_t>(k + rank * j)]);
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

// The least error to be expected of any multipliers of one value a component and layer, to first order about the mean.
// They decide where the iterates of the mean are, h_1 .. h_K-1 > 0 freely and h_K = mu, and nothing else.  With
// V_k = d log h_k / d W'y, P_k = diag(1 / G h_k) G diag(h_k), G = W'W and b = G mu, a layer is
//   V_k+1 = (I - P_k) V_k + diag(1 / b),  V_1 = diag(1 / b),
// and the error of n columns  n (|M G - I|^2 + sigma^2 tr(M G M')),  M = diag(mu) V_K.  Adam on log h from several
// starts, one of them h_k = mu.  First order holds where the entries of mu are far above their deviation, one.
class Limit {
 public:
  explicit Limit(const Toy &toy) {
    for (int j = 0; j < columns; ++j)
      for (int k = 0; k < rank; ++k) mu[k] += double(toy.H[static_cast<size_t>(k + rank * j)]) / columns;
    for (int i = 0; i < rank; ++i)
      for (int j = 0; j < rank; ++j) {
        for (int l = 0; l < bands; ++l) G[i][j] += entry(toy, l, i) * entry(toy, l, j);
        b[i] += G[i][j] * mu[j];
      }
  }
  double least() {
    double best = HUGE_VAL;
    for (int start = 0; start < 4; ++start) {
      std::mt19937_64 random(static_cast<uint64_t>(start));
      std::normal_distribution<double> normal;
      for (auto &x : logs)
        for (int i = 0; i < rank; ++i) x[i] = std::log(mu[i]) + 0.5 * start * normal(random);
      best = std::min(best, descend());
    }
    return best;
  }

 private:
  static double entry(const Toy &toy, int i, int k) { return double(toy.W[static_cast<size_t>(i + bands * k)]); }
  using Square = double[rank][rank];
  static constexpr int free = layers - 1, steps = 3000;
  double mu[rank] = {}, b[rank] = {};
  Square G = {};
  double logs[free][rank], slope[free][rank];

  double descend() {
    double m[free][rank] = {}, v[free][rank] = {}, best = HUGE_VAL;
    for (int t = 0; t < steps; ++t) {
      const double error = evaluate(), rate = 0.025 * (1 + std::cos(M_PI * t / steps));
      const double unbias_m = 1 - std::pow(0.9, t + 1), unbias_v = 1 - std::pow(0.999, t + 1);
      best = std::min(best, error);
      for (int k = 0; k < free; ++k)
        for (int i = 0; i < rank; ++i) {
          const double g = slope[k][i] / error;  // of log error
          m[k][i] += 0.1 * (g - m[k][i]);
          v[k][i] += 0.001 * (g * g - v[k][i]);
          logs[k][i] -= rate * m[k][i] / unbias_m / (std::sqrt(v[k][i] / unbias_v) + 1e-8);
        }
    }
    return best;
  }

  double evaluate() {
    Square V[layers] = {}, P[free], back = {};
    for (int i = 0; i < rank; ++i) V[0][i][i] = 1 / b[i];
    for (int k = 0; k < free; ++k)
      for (int i = 0; i < rank; ++i) {
        double d = 0;
        for (int j = 0; j < rank; ++j) d += P[k][i][j] = G[i][j] * std::exp(logs[k][j]);
        for (double &p : P[k][i]) p /= d;
        for (int j = 0; j < rank; ++j) {
          V[k + 1][i][j] = V[k][i][j] + (i == j ? 1 / b[i] : 0);
          for (int l = 0; l < rank; ++l) V[k + 1][i][j] -= P[k][i][l] * V[k][l][j];
        }
      }
    double error = 0;
    for (int i = 0; i < rank; ++i) {
      double M[rank], MG[rank] = {};
      for (int j = 0; j < rank; ++j) M[j] = mu[i] * V[free][i][j];
      for (int j = 0; j < rank; ++j)
        for (int l = 0; l < rank; ++l) MG[j] += M[l] * G[l][j];
      for (int j = 0; j < rank; ++j) {
        const double e = MG[j] - (i == j);
        error += columns * (e * e + sigma * sigma * MG[j] * M[j]);
        for (int l = 0; l < rank; ++l) back[i][l] += 2 * columns * mu[i] * e * G[j][l];
        back[i][j] += 2 * columns * mu[i] * sigma * sigma * MG[j];
      }
    }
    for (int k = free - 1; k >= 0; --k) {
      Square before, of_P = {};
      for (double &s : slope[k]) s = 0;
      for (int i = 0; i < rank; ++i) {
        double row = 0;
        for (int j = 0; j < rank; ++j) {
          for (int l = 0; l < rank; ++l) of_P[i][j] -= back[i][l] * V[k][j][l];
          row += of_P[i][j] * P[k][i][j];
          before[i][j] = back[i][j];
          for (int l = 0; l < rank; ++l) before[i][j] -= P[k][l][i] * back[l][j];
        }
        for (int j = 0; j < rank; ++j) slope[k][j] += P[k][i][j] * (of_P[i][j] - row);
      }
      std::copy_n(&before[0][0], rank * rank, &back[0][0]);
    }
    return error;
  }
};

struct Schedule {
  const char *name;
  int32_t nu, tied, positivity, columns, steps;
  double rate, last_rate;
};
// The first three are the source's: Adam, 500 steps on all columns at once, a rate of 1e-2.  The last takes a hundred
// columns at a time, one hundred after the other, forty times the steps, and a falling rate.
constexpr Schedule schedules[] = {{"log", ORTHANT_NU_LOG, 0, ORTHANT_POSITIVITY_DIRECT, columns, 500, 1e-2, 1e-2},
                                  {"last", ORTHANT_NU_LAST, 0, ORTHANT_POSITIVITY_DIRECT, columns, 500, 1e-2, 1e-2},
                                  {"tied", ORTHANT_NU_LOG, 1, ORTHANT_POSITIVITY_DIRECT, columns, 500, 1e-2, 1e-2},
                                  {"last long", ORTHANT_NU_LAST, 0, ORTHANT_POSITIVITY_EXP, 100, 20000, 5e-2, 1.5e-4}};

std::unique_ptr<NalmuTrainer> train(const Schedule &s, const Toy &toy) {
  auto c = sized<orthant_nalmu_train_config>();
  c.bands = bands;
  c.endmembers = rank;
  c.columns = s.columns;
  c.layers = layers;
  c.factors = ORTHANT_NALMU_ONE;
  c.positivity = s.positivity;
  c.loss_h = ORTHANT_FIT_L2;
  c.nu = s.nu;
  c.tied = s.tied;
  c.rate = s.rate;
  c.rate_decay = std::pow(s.last_rate / s.rate, 1.0 / s.steps);
  auto trainer = std::make_unique<NalmuTrainer>(c);
  for (int step = 0; step < s.steps; ++step) {
    const auto from = static_cast<size_t>(step % (columns / s.columns) * s.columns);
    trainer->step(toy.Y.data() + bands * from, toy.W.data(), toy.H.data() + rank * from, 1);
  }
  return trainer;
}

// Exact nonnegative least squares: where multiplicative updates end.
Vector exact(const Toy &toy) {
  auto c = sized<orthant_unmix_config>();
  c.bands = bands;
  c.endmembers = rank;
  size_t bytes = 0;
  check_status(orthant_unmix_size_f32(&c, &bytes), "toy");
  const Workspace memory(bytes);
  orthant_unmix_f32 *u = nullptr;
  check_status(orthant_unmix_init_f32(&c, toy.W.data(), bands, memory.data(), bytes, &u), "toy");
  Vector H(toy.H.size());
  const orthant_matrix_f32 Y = matrix(toy.Y.data(), bands, columns);
  check_status(orthant_unmix_run_f32(u, &Y, H.data(), rank, nullptr), "toy");
  return H;
}

// The table, each row printed too.
class Notes {
 public:
  void add(int seed, const std::string &method, int depth, double error, const std::string &rest = ",,,") {
    csv += format("toy,%d,%s,%s,%.6g,%s\n", seed, method.c_str(), depth > 0 ? std::to_string(depth).c_str() : "", error,
                  rest.c_str());
    std::printf("%4d %-24s %6d %12.5g", seed, method.c_str(), depth, error);
  }
  std::string csv =
      "part,seed,method,layers,test_error,training_s,training_least_s,training_greatest_s,times_faster_than_pytorch\n";
};

// Seconds of PyTorch's training; 0: it did not run.
double time_peer(const NalmuBench &o, const Common &common, Notes &notes) {
  if (o.peer.empty()) return 0;
  FILE *pipe = popen((o.python + " '" + o.peer + "' time 3").c_str(), "r");
  double seconds = 0, least = 0, most = 0;
  if (!pipe || std::fscanf(pipe, "%lf,%lf,%lf", &seconds, &least, &most) != 3) warn(common, "PyTorch did not run");
  if (pipe) pclose(pipe);
  notes.csv += format("toy,1,pytorch log,20,,%.4f,%.4f,%.4f,1\n", seconds, least, most);
  return seconds;
}

// Error of MU after `depth` iterations.
double multiplicative(const Toy &toy, int depth) {
  auto c = sized<orthant_nalmu_config>();
  c.bands = bands;
  c.pixels = columns;
  c.endmembers = rank;
  c.layers = depth;
  c.factors = ORTHANT_NALMU_ONE;
  Vector W = toy.W, H;
  infer(c, toy.Y, W, H);
  return distance(H, toy.H);
}

double layered(NalmuTrainer &trainer, const Toy &toy) {
  const NalmuBlob blob(trainer.handle());
  auto c = sized<orthant_nalmu_config>();
  c.bands = bands;
  c.pixels = columns;
  c.model = blob.model();
  Vector W = toy.W, H;
  infer(c, toy.Y, W, H);
  return distance(H, toy.H);
}

// Trains by one schedule, `repeat` times for the clock; the error on the other draw.  peer: seconds of PyTorch, or 0.
double run_schedule(const Schedule &s, const Toy &known, const Toy &fresh, int seed, int repeat, double peer,
                    Notes &notes) {
  std::vector<double> seconds;
  std::unique_ptr<NalmuTrainer> trainer;
  for (int k = 0; k < repeat; ++k) {
    const double begun = seconds_now();
    trainer = train(s, known);
    seconds.push_back(seconds_now() - begun);
  }
  const double error = layered(*trainer, fresh), median = middle(seconds);
  const std::string faster = peer > 0 ? format("%.1f", peer / median) : "";
  notes.add(seed, cat("nalmu ", s.name), layers, error,
            format("%.4f,%.4f,%.4f,%s", median, *std::min_element(seconds.begin(), seconds.end()),
                   *std::max_element(seconds.begin(), seconds.end()), faster.c_str()));
  std::printf(" %10.4f\n", median);
  std::fflush(stdout);
  return error;
}

}  // namespace

std::string nalmu_toy(const NalmuBench &o, const Common &common) {
  Notes notes;
  const double torch = time_peer(o, common, notes);
  std::printf("%4s %-24s %6s %12s %10s\n", "seed", "method", "layers", "test error", "training s");
  int possible = 0, won[std::size(schedules)] = {};
  for (int seed = 1; seed <= o.seeds; ++seed) {
    const Toy known(static_cast<uint64_t>(seed), 1), fresh(static_cast<uint64_t>(seed), 2);
    double mu100 = 0;
    for (const int depth : {20, 100, 1000}) {
      const double error = multiplicative(fresh, depth);
      if (depth == 100) mu100 = error;
      notes.add(seed, "mu", depth, error);
      std::printf("\n");
    }
    notes.add(seed, "exact nnls", 0, distance(exact(fresh), fresh.H));
    std::printf("\n");
    const double limit = Limit(known).least();
    notes.add(seed, "limit by component", layers, limit);
    std::printf("\n");
    possible += limit < mu100;
    for (size_t i = 0; i < std::size(schedules); ++i) {
      const bool timed = seed == 1, compared = timed && i == 0;  // the first is PyTorch's too
      const double error =
          run_schedule(schedules[i], known, fresh, seed, timed ? o.repeat : 1, compared ? torch : 0, notes);
      won[i] += error < mu100;
    }
  }
  std::printf("below MU at 100, of %d seeds: %d can be by their limit", o.seeds, possible);
  for (size_t i = 0; i < std::size(schedules); ++i) std::printf("; %d nalmu %s", won[i], schedules[i].name);
  std::printf("\n");
  return notes.csv;
}

}  // namespace orthant::tool
