// `orthant-bench data`: what sparse, missing and penalized data cost, and what masks gain.
//   sparse     one HALS iteration on Reuters, beside scikit-learn's coordinate descent on the same sparse matrix
//   missing    Jasper Ridge with 30 % of the entries hidden: error of the hidden ones
//   penalties  an iteration with l1, l2 and overlap penalties on both factors, against one without
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>

#include "api.hpp"
#include "bench.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output, data = "../shared/data", peer, python = "/usr/bin/python3";
  int repeat = 9;
};

double median(int repeat, const std::function<double()> &call) {
  std::vector<double> t;
  for (int i = 0; i < repeat; ++i) t.push_back(call());
  std::sort(t.begin(), t.end());
  return t[t.size() / 2];
}

// A factorization with its memory.
struct Job {
  orthant_nmf_config config = sized<orthant_nmf_config>();
  std::vector<unsigned char> memory;
  std::vector<float> W, H;
  orthant_report report{};
  orthant_nmf_f32 *handle = nullptr;

  Job(const orthant_matrix_f32 &V, int rank, int method, uint64_t seed, const Pool &pool) {
    config.rows = V.rows;
    config.cols = V.cols;
    config.rank = rank;
    config.method = method;
    config.data = V.kind;
    config.tol = -1;
    config.seed = seed;
    config.parallel = pool.parallel();
    W.resize(size_t(V.rows) * size_t(rank));
    H.resize(size_t(V.cols) * size_t(rank));
  }
  void start(const orthant_matrix_f32 &V) {
    size_t bytes = 0;
    check_status(orthant_nmf_size_f32(&config, &bytes), "planning the benchmark");
    memory.resize(bytes);
    check_status(orthant_nmf_init_f32(&config, memory.data(), bytes, &handle), "placing the handle");
    check_status(orthant_nmf_start_f32(handle, &V, W.data(), config.rows, H.data(), config.rank), "starting");
  }
  double run(const orthant_matrix_f32 &V) {
    report = sized<orthant_report>();
    const double begin = seconds_now();
    check_status(orthant_nmf_run_f32(handle, &V, W.data(), config.rows, H.data(), config.rank, &report), "running");
    return seconds_now() - begin;
  }
};

void row(std::string &csv, const std::string &part, const std::string &what, double value, const std::string &unit) {
  csv += part + "," + what + "," + shortest(value) + "," + unit + "\n";
  std::printf("%-10s %-44s %12.5g %s\n", part.c_str(), what.c_str(), value, unit.c_str());
  std::fflush(stdout);
}

// Both from the same start, to the same objective; the peer's whole call, ours with its start.
void race_peer(const Options &o, const Common &common, const Data &data, const orthant_matrix_f32 &V, const Pool &pool,
               std::string &csv) {
  const fs::path folder = fs::temp_directory_path() / format("orthant-bench-%d", static_cast<int>(getpid()));
  fs::create_directories(folder);
  const auto put_table = [&](const char *name, const auto &numbers) {
    Table<double> table(int64_t(numbers.size()), 1);
    std::copy(numbers.begin(), numbers.end(), table.values.begin());
    write_npy(folder / name, table, true);
  };
  Job start(V, 20, ORTHANT_NMF_HALS, common.seed, pool);
  start.config.start = ORTHANT_START_RANDOM;
  start.start(V);
  put_table("values.npy", data.sparse->values);
  put_table("starts.npy", data.sparse->starts);
  put_table("indices.npy", data.sparse->indices);
  put_table("W.npy", start.W);
  put_table("H.npy", start.H);
  const std::string command = "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 BLIS_NUM_THREADS=1 " + o.python + " '" +
                              o.peer + "' '" + folder.string() + "' 20 50";
  double seconds = 0, objective = 0;
  FILE *pipe = popen(command.c_str(), "r");
  const bool good = pipe && std::fscanf(pipe, "%lf,%lf", &seconds, &objective) == 2;
  if (!pipe || pclose(pipe) != 0 || !good) throw OutputError("the peer failed: " + command);
  fs::remove_all(folder);
  row(csv, "sparse", "scikit-learn CD, 50 iterations", seconds, "s");
  row(csv, "sparse", "scikit-learn CD, objective", objective, "");
  for (const int method : {ORTHANT_NMF_HALS, ORTHANT_NMF_EHALS}) {
    const std::string name = method == ORTHANT_NMF_HALS ? "HALS" : "EHALS";
    for (int iterations = 1; iterations <= 400; iterations = std::max(iterations + 1, iterations * 5 / 4)) {
      Job ours(V, 20, method, common.seed, pool);
      ours.config.start = ORTHANT_START_GIVEN;
      ours.config.max_iter = iterations;
      ours.W = start.W;
      ours.H = start.H;
      const double begin = seconds_now();
      ours.start(V);
      ours.run(V);
      const double time = seconds_now() - begin;
      if (ours.report.objective > objective) continue;
      row(csv, "sparse", "orthant " + name + " to that objective, from the same start", time, "s");
      row(csv, "sparse", "orthant " + name + ", iterations", iterations, "");
      break;
    }
  }
}

void sparse(const Options &o, const Common &common, std::string &csv) {
  const std::string file = o.data + "/reuters/Reuters21578.mat:fea";
  if (!present(common, "Reuters", file)) return;
  const Data data = read_data(file);
  const std::vector<float> values(data.sparse->values.begin(), data.sparse->values.end());
  const orthant_matrix_f32 V =
      ORTHANT_SPARSE_F32(ORTHANT_CSC, values.data(), data.sparse->starts.data(), data.sparse->indices.data(),
                         int32_t(data.axis[0].count), int32_t(data.axis[1].count));
  const Pool one(1);
  Job job(V, 20, ORTHANT_NMF_HALS, common.seed, one);
  job.config.max_iter = 10;
  job.start(V);
  job.run(V);
  row(csv, "sparse", "Reuters rank 20, HALS, seconds an iteration", median(o.repeat, [&] { return job.run(V); }) / 10,
      "s");
  const double bytes = 4.0 * double(job.W.size() + job.H.size()), nonzeros = 8.0 * double(values.size()) + 4.0 * V.cols;
  row(csv, "sparse", "workspace over the factors", double(job.memory.size()) / bytes, "times");
  row(csv, "sparse", "data", nonzeros, "bytes");
  if (!o.peer.empty()) race_peer(o, common, data, V, one, csv);
}

void missing(const Options &o, const Common &common, std::string &csv) {
  const std::string file = o.data + "/jasper_ridge/jasperRidge2_R198.mat:Y";
  if (!present(common, "Jasper Ridge", file)) return;
  const Table<float> Y = read_table<float>(file);
  const size_t n = Y.values.size();
  const Pool two(2);
  for (const int rank : {4, 8}) {
    double error[3] = {}, size = 0;
    for (uint64_t seed = common.seed; seed < common.seed + 3; ++seed) {
      std::mt19937_64 engine(seed);
      std::vector<float> weights(n, 1.f), filled[3] = {Y.values, Y.values, Y.values};
      for (size_t i = 0; i < n; ++i)
        if (engine() % 10 < 3) weights[i] = 0.f;
      for (int64_t i = 0; i < Y.rows; ++i) {  // the mean of a band is the best constant guess
        double sum = 0, count = 0;
        for (int64_t j = 0; j < Y.cols; ++j) {
          const size_t at = size_t(i + Y.rows * j);
          if (weights[at] > 0) {
            sum += double(Y.values[at]);
            count += 1;
          }
        }
        for (int64_t j = 0; j < Y.cols; ++j) {
          const size_t at = size_t(i + Y.rows * j);
          if (weights[at] == 0) {
            filled[1][at] = 0;
            filled[2][at] = float(sum / count);
          }
        }
      }
      for (int way = 0; way < 3; ++way) {
        orthant_matrix_f32 V = matrix(filled[way].data(), Y.rows, Y.cols);
        if (way == 0) {
          V.kind = ORTHANT_MASKED;
          V.weights = weights.data();
          V.ld_weights = V.ld;
        }
        Job job(V, rank, ORTHANT_NMF_EHALS, common.seed, two);
        job.config.max_iter = 150;
        job.start(V);
        job.run(V);
        for (int64_t j = 0; j < Y.cols; ++j)
          for (int64_t i = 0; i < Y.rows; ++i) {
            const size_t at = size_t(i + Y.rows * j);
            if (weights[at] > 0) continue;
            double e = double(Y.values[at]);
            if (way == 0) size += e * e;
            for (int k = 0; k < rank; ++k)
              e -= double(job.W[size_t(i + Y.rows * k)]) * double(job.H[size_t(k + rank * j)]);
            error[way] += e * e;
          }
      }
    }
    const char *names[] = {"masked", "filled with zeros", "filled with the band's mean"};
    for (int way = 0; way < 3; ++way)
      row(csv, "missing", format("Jasper Ridge, 30 %% hidden, rank %d, %s", rank, names[way]),
          std::sqrt(error[way] / size), "relative error of the hidden");
  }
}

void penalties(const Options &o, const Common &common, std::string &csv) {
  const Pool one(1);
  for (const auto &[rows, cols, rank] : {std::array<int, 3>{198, 10000, 10}, {2000, 2000, 20}}) {
    std::mt19937_64 engine(common.seed);
    std::vector<float> values(size_t(rows) * size_t(cols));
    for (float &v : values) v = float(engine() >> 40) * 0x1p-24f;
    const orthant_matrix_f32 V = matrix(values.data(), rows, cols);
    const std::pair<const char *, int> methods[] = {
        {"HALS", ORTHANT_NMF_HALS}, {"EHALS", ORTHANT_NMF_EHALS}, {"ANLS", ORTHANT_NMF_ANLS}};
    for (const auto &[name, method] : methods) {
      Job plain(V, rank, method, common.seed, one), full(V, rank, method, common.seed, one);
      full.config.l1_w = full.config.l1_h = 0.1;
      full.config.l2_w = full.config.l2_h = 0.1;
      full.config.ortho_w = full.config.ortho_h = 0.1;
      plain.config.max_iter = full.config.max_iter = 10;
      plain.start(V);
      full.start(V);
      plain.run(V);
      full.run(V);
      std::vector<double> ratio;
      for (int i = 0; i < o.repeat; ++i) {  // side by side, so that a drift of the machine meets both
        const double a = plain.run(V), b = full.run(V);
        ratio.push_back(b / a);
      }
      std::sort(ratio.begin(), ratio.end());
      row(csv, "penalties", format("%dx%d rank %d, %s, with all over without", rows, cols, rank, name),
          ratio[ratio.size() / 2], "times");
    }
  }
}

}  // namespace

void add_bench_data(CLI::App &app, Common &common) {
  CLI::App &verb = *app.add_subcommand("data", "sparse, missing and penalized data");
  const auto o = std::make_shared<Options>();
  verb.add_option("--data", o->data, "directory of the real data sets; those that are absent are named")
      ->capture_default_str();
  verb.add_option("--peer", o->peer, "peer_sparse.py: run scikit-learn on the sparse matrix from the same start");
  verb.add_option("--python", o->python, "the Python that has scikit-learn")->capture_default_str();
  verb.add_option("-o,--output", o->output, "write the table as CSV");
  verb.add_option("--repeat", o->repeat, "calls behind each median")->check(CLI::Range(1, 1000))->capture_default_str();
  add_common(verb, common, flags_seed | flags_output);
  verb.callback([o, &common] {
    std::string csv = bench_head() + "part,what,value,unit\n";
    sparse(*o, common, csv);
    missing(*o, common, csv);
    penalties(*o, common, csv);
    if (!o->output.empty()) write_file(o->output, csv, common.force);
  });
}

}  // namespace orthant::tool
