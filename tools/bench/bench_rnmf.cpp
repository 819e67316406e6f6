// `orthant-bench rnmf`: the additive against the multiplicative method from dense and from sparse starts, and what
// weights and penalties cost in an iteration.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "api.hpp"
#include "bench.hpp"
#include "factored.hpp"

namespace orthant::tool {
namespace {

constexpr int seeds = 20, iterations = 3000, every = 10;

struct Problem {
  int rows, cols, rank;
  std::vector<double> V, W, H;
};

// V = L R, uniform factors of the true rank; a uniform start of another rank, each entry zero with the given chance.
Problem exact(int rows, int cols, int truth, int rank, double zeros, uint64_t seed) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  const auto matrix = [&](int r, int c) {
    std::vector<double> x(size_t(r) * size_t(c));
    for (double &v : x) v = uniform();
    return x;
  };
  const std::vector<double> L = matrix(rows, truth), R = matrix(truth, cols);
  Problem p{rows, cols, rank, std::vector<double>(size_t(rows) * size_t(cols)), matrix(rows, rank), matrix(rank, cols)};
  for (int j = 0; j < cols; ++j)
    for (int k = 0; k < truth; ++k)
      for (int i = 0; i < rows; ++i) p.V[size_t(i + rows * j)] += L[size_t(i + rows * k)] * R[size_t(k + truth * j)];
  for (std::vector<double> *x : {&p.W, &p.H})
    for (double &v : *x) v = uniform() < zeros ? 0 : v;
  return p;
}

// 1/2 |V - W H|^2 after each iteration.
std::vector<double> curve(Problem p, int method, double tau) {
  std::vector<double> out;
  auto c = sized<orthant_nmf_config>();
  c.rows = p.rows;
  c.cols = p.cols;
  c.rank = p.rank;
  c.method = method;
  c.start = ORTHANT_START_GIVEN;
  c.max_iter = iterations;
  c.tol = -1;
  c.min_step = -1;
  c.tau = tau;
  c.user = &out;
  c.progress = [](void *user, const orthant_report *r) {
    static_cast<std::vector<double> *>(user)->push_back(r->objective);
    return int32_t(0);
  };
  size_t bytes = 0;
  check_status(orthant_nmf_size_f64(&c, &bytes), "planning the benchmark");
  const Workspace memory(bytes);
  orthant_nmf_f64 *nmf = nullptr;
  check_status(orthant_nmf_init_f64(&c, memory.data(), bytes, &nmf), "placing the handle");
  const orthant_matrix_f64 V = matrix(p.V.data(), p.rows, p.cols);
  check_status(orthant_nmf_start_f64(nmf, &V, p.W.data(), p.rows, p.H.data(), p.rank), "starting");
  check_status(orthant_nmf_run_f64(nmf, &V, p.W.data(), p.rows, p.H.data(), p.rank, nullptr), "running");
  return out;
}

void figures(const Common &common, const fs::path &directory) {
  const struct {
    int rows, cols, truth, rank;
    double zeros;
    const char *title;
  } all[] = {{30, 8, 2, 3, 0, "dense start: 30 x 8 of rank 2 fitted with 3"},
             {40, 10, 3, 4, 1.0 / 3, "a third of the start zero: 40 x 10 of rank 3 fitted with 4"}};
  const struct {
    const char *name;
    int method;
    double tau;
  } methods[] = {{"multiplicative", ORTHANT_NMF_MURNMF, 0},
                 {"additive", ORTHANT_NMF_AURNMF, 0},
                 {"additive from tau = 0.5", ORTHANT_NMF_AURNMF, 0.5}};
  constexpr int count = 3;
  std::string csv = bench_head() + "figure,method,iteration,median,least,quarter,three_quarters,greatest\n";
  for (int f = 0; f < 2; ++f) {
    const auto &s = all[f];
    std::vector<double> medians[count], ends[count];
    for (int m = 0; m < count; ++m) {
      std::vector<std::vector<double>> runs;
      for (int seed = 0; seed < seeds; ++seed)
        runs.push_back(curve(exact(s.rows, s.cols, s.truth, s.rank, s.zeros, common.seed + static_cast<uint64_t>(seed)),
                             methods[m].method, methods[m].tau));
      for (int i = every; i <= iterations; i += every) {
        std::vector<double> here;
        for (const auto &run : runs) here.push_back(run[size_t(i - 1)]);
        const double median = quantile(here, 0.5), low = quantile(here, 0.25), high = quantile(here, 0.75);
        csv += format("%d,%s,%d,%.4g,%.4g,%.4g,%.4g,%.4g\n", f + 1, methods[m].name, i, median, quantile(here, 0), low,
                      high, quantile(here, 1));
        medians[m].push_back(median);
        ends[m] = here;
      }
    }
    std::printf("figure %d, %s, after %d iterations\n", f + 1, s.title, iterations);
    for (int m = 0; m < count; ++m) {
      int below = 0;
      for (size_t i = 0; i < medians[0].size(); ++i) below += medians[m][i] < medians[0][i];
      std::printf("  %-24s median %.2e, least %.2e, greatest %.2e", methods[m].name, quantile(ends[m], 0.5),
                  quantile(ends[m], 0), quantile(ends[m], 1));
      if (m > 0) std::printf("; median below multiplicative at %d of %zu tenth steps", below, medians[0].size());
      std::printf("\n");
    }
  }
  if (directory.empty()) return;
  write_file(directory / "rnmf-figures.csv", csv, common.force);
  draw_results(csv, directory, common.force);
}

// ---- The cost of terms ----------------------------------------------------------------------------------------------

std::vector<float> diagonal_weights(int n) {
  std::vector<float> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) x[i] = 0.5f + static_cast<float>(i % 7) / 7.f;
  return x;
}

// Ones, and 1/2n beside the diagonal.
std::vector<float> dense_weights(int n) {
  const auto side = static_cast<size_t>(n);
  std::vector<float> x(side * side, 0.5f / static_cast<float>(n));
  for (size_t i = 0; i < side; ++i) x[i + side * i] = 1.f;
  return x;
}

class Timed {
 public:
  enum What { none, shorthand, diagonal, dense };
  Timed(const Problem &p, int method, What what)
      : V_(p.V.begin(), p.V.end()), W_(p.W.begin(), p.W.end()), H_(p.H.begin(), p.H.end()) {
    auto c = sized<orthant_nmf_config>();
    c.rows = p.rows;
    c.cols = p.cols;
    c.rank = p.rank;
    c.method = method;
    c.start = ORTHANT_START_GIVEN;
    c.max_iter = 20;
    c.tol = -1;
    c.min_step = -1;
    if (what != none) {
      c.l1_w = c.l1_h = 0.01;
      c.l2_w = c.l2_h = 0.02;
      c.ortho_w = c.ortho_h = 0.001;
    }
    rows_ = p.rows;
    rank_ = p.rank;
    size_t bytes = 0;
    check_status(orthant_nmf_size_f32(&c, &bytes), "planning the benchmark");
    memory_.resize(bytes);
    check_status(orthant_nmf_init_f32(&c, memory_.data(), bytes, &nmf_), "placing the handle");
    if (what == diagonal || what == dense) {
      rows_weights_ = what == dense ? dense_weights(p.rows) : diagonal_weights(p.rows);
      cols_weights_ = what == dense ? dense_weights(p.cols) : diagonal_weights(p.cols);
      const int kind = what == dense ? ORTHANT_SYMMETRIC : ORTHANT_DIAGONAL;
      auto t = sized<orthant_terms_f32>();
      t.weight_rows = {kind, p.rows, 1, rows_weights_.data()};
      t.weight_cols = {kind, p.cols, 1, cols_weights_.data()};
      penalty_w_.left = t.weight_rows;
      penalty_h_.right = t.weight_cols;
      t.penalties_w = t.penalties_h = 1;
      t.penalty_w = &penalty_w_;
      t.penalty_h = &penalty_h_;
      check_status(orthant_nmf_terms_f32(nmf_, &t), "setting the terms");
    }
    data_ = matrix(V_.data(), p.rows, p.cols);
    check_status(orthant_nmf_start_f32(nmf_, &data_, W_.data(), rows_, H_.data(), rank_), "starting");
  }
  Timed(const Timed &) = delete;
  Timed &operator=(const Timed &) = delete;
  double iteration() {
    auto r = sized<orthant_report>();
    const double begin = seconds_now();
    check_status(orthant_nmf_run_f32(nmf_, &data_, W_.data(), rows_, H_.data(), rank_, &r), "running");
    const double seconds = seconds_now() - begin;
    if (!std::isfinite(r.objective)) throw OutputError("a run went wrong");
    return seconds / 20;
  }

 private:
  std::vector<float> V_, W_, H_, rows_weights_, cols_weights_;
  std::vector<unsigned char> memory_;
  orthant_penalty_f32 penalty_w_{}, penalty_h_{};
  orthant_matrix_f32 data_{};
  orthant_nmf_f32 *nmf_ = nullptr;
  int rows_ = 0, rank_ = 0;
};

void times(const Common &common, const fs::path &directory, int repeat) {
  const int shapes[][3] = {{198, 10000, 10}, {500, 400, 10}, {2000, 1500, 20}};
  const char *const names[] = {"none", "l1 l2 ortho", "and diagonal weights, pairs", "and dense weights, pairs"};
  std::string csv = bench_head() + "rows,cols,rank,method,terms,median_s,least_s,greatest_s,times_none\n";
  std::printf("\n%5s %6s %4s %-15s %-28s %12s %10s\n", "rows", "cols", "rank", "method", "terms", "s an iteration",
              "times none");
  for (const auto &s : shapes)
    for (const int method : {ORTHANT_NMF_MURNMF, ORTHANT_NMF_AURNMF}) {
      const Problem p = exact(s[0], s[1], s[2], s[2], 0, common.seed);
      const int kinds = s[1] > 2000 ? 3 : 4;  // a dense matrix of weights for each column of 10 000 would be 400 MB
      std::vector<std::unique_ptr<Timed>> runs;
      for (int k = 0; k < kinds; ++k) runs.push_back(std::make_unique<Timed>(p, method, static_cast<Timed::What>(k)));
      std::vector<std::vector<double>> seconds(static_cast<size_t>(kinds));
      for (auto &run : runs) run->iteration();
      for (int i = 0; i < repeat; ++i)  // alternately, so that a drift of the machine's speed meets all of them
        for (size_t k = 0; k < runs.size(); ++k) seconds[k].push_back(runs[k]->iteration());
      for (size_t k = 0; k < runs.size(); ++k) {
        std::vector<double> ratios;  // of neighbours in time
        for (size_t i = 0; i < seconds[k].size(); ++i) ratios.push_back(seconds[k][i] / seconds[0][i]);
        const double median = quantile(seconds[k], 0.5), ratio = quantile(ratios, 0.5);
        const char *name = method == ORTHANT_NMF_MURNMF ? "multiplicative" : "additive";
        std::printf("%5d %6d %4d %-15s %-28s %12.3e %10.3f\n", s[0], s[1], s[2], name, names[k], median, ratio);
        csv += format("%d,%d,%d,%s,\"%s\",%.4g,%.4g,%.4g,%.3f\n", s[0], s[1], s[2], name, names[k], median,
                      quantile(seconds[k], 0), quantile(seconds[k], 1), ratio);
      }
    }
  if (!directory.empty()) write_file(directory / "rnmf-times.csv", csv, common.force);
}

}  // namespace

void add_bench_rnmf(CLI::App &app, Common &common) {
  struct Options {
    std::string directory;
    int repeat = 15;
    bool figures = true, times = true;
  };
  const auto o = std::make_shared<Options>();
  CLI::App *verb =
      app.add_subcommand("rnmf", "additive against multiplicative updates; the cost of weights and penalties");
  verb->add_option("-o,--output", o->directory, "directory for rnmf-figures.csv, rnmf-times.csv and two figures");
  verb->add_option("--repeat", o->repeat, "runs behind each median")->check(CLI::Range(1, 1000))->capture_default_str();
  verb->add_flag("!--no-figures", o->figures, "only the times");
  verb->add_flag("!--no-times", o->times, "only the figures");
  add_common(*verb, common, flags_seed | flags_output);
  verb->callback([o, &common] {
    if (o->figures) figures(common, o->directory);
    if (o->times) times(common, o->directory, o->repeat);
  });
}

}  // namespace orthant::tool
