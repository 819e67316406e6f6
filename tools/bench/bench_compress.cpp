// `orthant-bench compress`: a nonnegative dictionary W (M ~ W H) stored as max(0, U V) of low rank.
//
// For each method and rank: |W - What| / |W|, and how well the compressed dictionary still explains the data,
// min over A >= 0 of |M - What A| / |M|, by exact nonnegative least squares over all columns.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "api.hpp"
#include "bench.hpp"

namespace orthant::tool {
namespace {

struct Method {
  const char *name;
  int32_t code, max_iter;
  double alpha;
};
constexpr Method methods[] = {{"TSVD", 0, -1, 0},
                              {"default", 0, 300, 0},
                              {"NMD-TM", ORTHANT_RELU_NMD_TM, 300, 0},
                              {"3B-NMD", ORTHANT_RELU_NMD_3B, 300, 0},
                              {"A-NMD", ORTHANT_RELU_NMD_ANMD, 300, 0.7},
                              {"EM-NMD", ORTHANT_RELU_NMD_EM, 300, 0},
                              {"A-EM", ORTHANT_RELU_NMD_AEM, 300, 0}};

// max(0, U V) of the decomposition, and its relative error.
Table<float> compressed(const Table<float> &W, const Method &method, int rank, uint64_t seed, const Pool &pool,
                        double *error, double *seconds) {
  auto c = sized<orthant_relu_nmd_config>();
  c.rows = static_cast<int32_t>(W.rows);
  c.cols = static_cast<int32_t>(W.cols);
  c.rank = rank;
  c.method = method.code;
  c.max_iter = method.max_iter;
  c.alpha = method.alpha;
  c.seed = seed;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_relu_nmd_size_f32(&c, &bytes), "planning the compression");
  const Workspace memory(bytes);
  orthant_relu_nmd_f32 *nmd = nullptr;
  const orthant_matrix_f32 data = matrix(W.values.data(), W.rows, W.cols);
  std::vector<float> U(static_cast<size_t>(W.rows * rank)), V(static_cast<size_t>(W.cols * rank));
  auto report = sized<orthant_report>();
  const double begin = seconds_now();
  check_status(orthant_relu_nmd_init_f32(&c, memory.data(), bytes, &nmd), "placing the compression");
  check_status(orthant_relu_nmd_start_f32(nmd, &data, U.data(), c.rows, V.data(), rank), "starting the compression");
  check_status(orthant_relu_nmd_run_f32(nmd, &data, U.data(), c.rows, V.data(), rank, &report), "the compression");
  *seconds = seconds_now() - begin;
  *error = report.rel_error;
  Table<float> X = W;
  for (int64_t j = 0; j < W.cols; ++j) {
    float *x = &X(0, j);
    std::fill(x, x + W.rows, 0.f);
    for (int k = 0; k < rank; ++k) {
      const float v = V[static_cast<size_t>(k + rank * j)];
      for (int64_t i = 0; i < W.rows; ++i) x[i] += U[static_cast<size_t>(i + W.rows * k)] * v;
    }
    for (int64_t i = 0; i < W.rows; ++i) x[i] = std::max(x[i], 0.f);
  }
  return X;
}

double explained(const Table<float> &V, const Table<float> &W, const Pool &pool) {
  auto c = sized<orthant_unmix_config>();
  c.bands = static_cast<int32_t>(W.rows);
  c.endmembers = static_cast<int32_t>(W.cols);
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_unmix_size_f32(&c, &bytes), "planning the least squares");
  const Workspace memory(bytes);
  orthant_unmix_f32 *unmix = nullptr;
  check_status(orthant_unmix_init_f32(&c, W.values.data(), c.bands, memory.data(), bytes, &unmix),
               "placing the least squares");
  const orthant_matrix_f32 data = matrix(V.values.data(), V.rows, V.cols);
  std::vector<float> A(static_cast<size_t>(V.cols * W.cols));
  auto report = sized<orthant_report>();
  check_status(orthant_unmix_run_f32(unmix, &data, A.data(), c.endmembers, &report), "the least squares");
  return report.rel_error;
}

// The first columns as images, side `side` pixels, stored column by column.
Picture sheet(const Table<float> &W, int side, int count) {
  std::vector<Panel> panels;
  for (int k = 0; k < std::min<int>(count, static_cast<int>(W.cols)); ++k) {
    Plane plane{side, side, std::vector<float>(static_cast<size_t>(side) * static_cast<size_t>(side))};
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) plane.values[static_cast<size_t>(x + side * y)] = 1 - W(y + side * x, k);
    panels.push_back({"", enlarge(draw_map(plane, {0, 1}, ColourMap::grey), enlargement(side, side, 64))});
  }
  return contact_sheet(panels, 10);
}

}  // namespace

static void bench_compress(const BenchOptions &o, const Common &common) {
  const struct {
    const char *name, *file;
    bool transpose;
    int size, side;
    bool minimum_volume;
  } sets[] = {{"ORL minvol", "orl/ORL_64x64.mat:fea", true, 100, 64, true},
              {"ORL HALS", "orl/ORL_64x64.mat:fea", true, 100, 64, false},
              {"CBCL minvol", "cbcl/CBCL.mat:X", false, 100, 19, true},
              {"CBCL HALS", "cbcl/CBCL.mat:X", false, 100, 19, false}};
  const Pool pool(1);  // a dictionary is small
  std::string csv = bench_head() + "set,pixels,images,dictionary,method,rank,dictionary_error,data_error,seconds\n";
  for (const auto &set : sets) {
    const std::string argument = o.data + "/" + set.file;
    if (!chosen(o.only, set.name)) continue;
    if (!present(common, set.name, argument)) continue;
    const Dictionary d =
        nmf_dictionary(read_table<float>(argument), set.transpose, set.size, common.seed, pool, set.minimum_volume);
    const auto zeros = std::count(d.W.values.begin(), d.W.values.end(), 0.f);
    std::printf("%s: %d x %d data, dictionary of %d, %.1f %% zeros, error %.5f\n", set.name, static_cast<int>(d.V.rows),
                static_cast<int>(d.V.cols), set.size,
                100. * static_cast<double>(zeros) / static_cast<double>(d.W.values.size()), d.rel_error);
    std::printf("  %-14s %5s %16s %12s %9s\n", "method", "rank", "dictionary error", "data error", "seconds");
    const auto file = [&](const char *what) {
      fs::create_directories(o.svg);
      std::string name = format("compress-%s-%s", set.name, what);
      std::replace(name.begin(), name.end(), ' ', '-');
      return fs::path(o.svg) / name;
    };
    for (const Method &method : methods) {
      for (int rank = 10; rank <= 50; rank += 10) {
        double error = 0, seconds = 0;
        const Table<float> What = compressed(d.W, method, rank, common.seed, pool, &error, &seconds);
        const double data_error = explained(d.V, What, pool);
        csv += format("%s,%d,%d,%d,%s,%d,%.6g,%.6g,%.4g\n", set.name, static_cast<int>(d.V.rows),
                      static_cast<int>(d.V.cols), set.size, method.name, rank, error, data_error, seconds);
        std::printf("  %-14s %5d %16.5f %12.5f %9.2f\n", method.name, rank, error, data_error, seconds);
        std::fflush(stdout);
        if (!o.svg.empty() && rank == 30 && method.code == 0)
          write_file(file(method.max_iter < 0 ? "tsvd-30.png" : "default-30.png"), png(sheet(What, set.side, 30)),
                     common.force);
      }
    }
    if (!o.svg.empty()) write_file(file("basis.png"), png(sheet(d.W, set.side, 30)), common.force);
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
  if (!o.svg.empty()) draw_results(csv, o.svg, common.force);
}

void add_bench_compress(CLI::App &app, Common &common) {
  CLI::App *verb = app.add_subcommand("compress", "nonnegative dictionaries of faces as max(0, U V) of low rank");
  const auto o = std::make_shared<BenchOptions>();
  add_flags(*verb, *o, common);
  verb->callback([o, &common] { bench_compress(*o, common); });
}

}  // namespace orthant::tool
