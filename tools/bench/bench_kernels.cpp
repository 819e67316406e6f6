// bench_kernels: what the built-in kernels reach against BLIS and against the machine, and one HALS iteration against
// its bound.  Works on the library's inside; everything else in this folder goes through orthant.h.
//   bound of an iteration = the larger of  rows*cols*4 bytes / measured reading speed
//                                     and  4*rows*cols*rank flops / the faster product of these two shapes
// `bench_kernels relu`: iterations of ReLU decompositions on two threads against their bound, in relu_row.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "io.hpp"
#include "nmf.hpp"
#include "pool.hpp"
#include "relu_nmd.hpp"
#include "rng.hpp"
#include "workspace.hpp"

using orthant::Mat;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Median seconds of nine batches, each long enough for the clock.
double median(const std::function<void()> &call) {
  call();
  const double begin = now();
  call();
  const int batch = std::max(1, int(2e-3 / std::max(1e-7, now() - begin)));
  std::vector<double> t;
  for (int i = 0; i < 9; ++i) {
    const double from = now();
    for (int b = 0; b < batch; ++b) call();
    t.push_back((now() - from) / batch);
  }
  std::sort(t.begin(), t.end());
  return t[4];
}

std::vector<float> random_numbers(size_t n, uint64_t seed) {
  const orthant::Rng rng(seed, 0);
  std::vector<float> v(n);
  for (size_t i = 0; i < n; ++i) v[i] = float(rng.uniform(i));
  return v;
}

Mat<float> mat(std::vector<float> &v, int rows, int cols) { return {v.data(), rows, cols, rows}; }

using Gemm = decltype(orthant::Kernels<float>::gemm_tn);

void product_row(const char *kind, int M, int N, int K) {
  const bool tn = kind[0] == 't';
  auto a = random_numbers(size_t(M) * size_t(K), 1), b = random_numbers(size_t(N) * size_t(K), 2);
  std::vector<float> c(size_t(M) * size_t(N));
  const double flops = 2.0 * M * N * K;
  std::printf("%s,%d,%d,%d", kind, M, N, K);
  for (const orthant::Level level : {orthant::Level::plain, orthant::Level::avx2, orthant::Level::avx512}) {
    if (level > orthant::level()) {
      std::printf(",");
      continue;
    }
    const auto &k = orthant::table_at<orthant::Kernels<float>>(level);
    const double t = median([&] {
      if (tn) k.gemm_tn(M, N, K, a.data(), K, b.data(), K, c.data(), M, false);
      else k.gemm_nn(M, N, K, a.data(), M, b.data(), K, c.data(), M, false, nullptr);
    });
    std::printf(",%.1f", flops / t * 1e-9);
  }
#ifdef ORTHANT_BLIS
  const double t = median([&] {
    orthant::blis_gemm<float>(tn, M, N, K, a.data(), tn ? K : M, b.data(), K, c.data(), M, false);
  });
  std::printf(",%.1f\n", flops / t * 1e-9);
#else
  std::printf(",\n");
#endif
  std::fflush(stdout);
}

double reading_speed() {
  auto v = random_numbers(size_t(16) << 20, 3);
  float sink = 0;
  const orthant::Kernels<float> &k = orthant::fastest<orthant::Kernels<float>>();
  const double t = median([&] {
    float s, low;
    k.scan(int32_t(v.size()), v.data(), &s, &low);
    sink += s;
  });
  return sink > 0 ? double(v.size()) * 4 / t : 0;
}

// The workspace of a solver, and where its blocks begin there.
template <class Solver>
orthant::tool::Workspace room_for(const Solver &solver) {
  orthant::Carver measure;
  typename Solver::Blocks blocks;
  solver.layout(measure, blocks);
  size_t bytes = 0;
  measure.total(&bytes);
  return orthant::tool::Workspace(bytes);
}
void *base_of(const orthant::tool::Workspace &workspace) {
  return orthant::Carver::align(workspace.data(), workspace.bytes(), workspace.bytes());
}

// Of HALS from the factors W and H, serial.
double iteration_seconds(orthant::Nmf<float> &nmf, const orthant::Operand<float> &V, std::vector<float> &W,
                         std::vector<float> &H, int rank) {
  nmf.c.rows = V.rows();
  nmf.c.cols = V.cols();
  nmf.c.rank = rank;
  nmf.c.method = orthant::NmfMethod::hals;
  nmf.c.start = orthant::NmfStart::given;
  nmf.c.outer.max_iter = 10;
  const orthant::tool::Workspace workspace = room_for(nmf);
  void *base = base_of(workspace);
  nmf.start(base, V, mat(W, V.rows(), rank), mat(H, rank, V.cols()));
  orthant::Report report;
  return median([&] { nmf.run(base, V, mat(W, V.rows(), rank), mat(H, rank, V.cols()), &report); }) / 10;
}

void iteration_row(int rows, int cols, int rank, double bytes_per_second) {
  auto V = random_numbers(size_t(rows) * size_t(cols), 4), W = random_numbers(size_t(rows) * size_t(rank), 5);
  auto H = random_numbers(size_t(cols) * size_t(rank), 6);
  auto C = random_numbers(size_t(std::max(rows, cols)) * size_t(rank), 7);
  const orthant::Ops<float> ops;
  const double flops = 2.0 * rows * cols * rank;
  const double tn = median([&] { ops.tn(mat(V, rows, cols), mat(W, rows, rank), mat(C, cols, rank)); });
  const double nn = median([&] { ops.nn(mat(V, rows, cols), mat(H, cols, rank), mat(C, rows, rank)); });
  orthant::Nmf<float> nmf;
  const double iteration = iteration_seconds(nmf, orthant::Operand<float>(mat(V, rows, cols)), W, H, rank);
  const double best = flops / std::min(tn, nn), by_flops = 2 * flops / best;
  const double by_bytes = 4.0 * rows * cols / bytes_per_second, bound = std::max(by_flops, by_bytes);
  std::printf("iteration,%d,%d,%d,%.4f,%.4f,%.4f,%.2f\n", rows, cols, rank, iteration * 1e3, by_bytes * 1e3,
              by_flops * 1e3, iteration / bound);
  std::fflush(stdout);
}

// One HALS iteration on a sparse matrix against its two products, and two readings of what the products touch.
void sparse_row(const std::string &argument) {
  if (!orthant::tool::fs::exists(orthant::tool::argument_path(argument))) {
    std::fprintf(stderr, "%s is not there: the sparse row is left out\n", argument.c_str());
    return;
  }
  const orthant::tool::Data data = orthant::tool::read_data(argument);
  const std::vector<float> values(data.sparse->values.begin(), data.sparse->values.end());
  const int rows = int(data.axis[0].count), cols = int(data.axis[1].count), rank = 20;
  const orthant::Operand<float> V(orthant::Kind::csc, rows, cols, values.data(), data.sparse->starts.data(),
                                  data.sparse->indices.data());
  auto W = random_numbers(size_t(rows) * rank, 5), H = random_numbers(size_t(cols) * rank, 6);
  std::vector<float> Ft(size_t(cols) * rank), Bt(size_t(rows) * rank);
  const orthant::Ops<float> ops;
  const double products = median([&] {
    V.left_all(ops, {}, mat(W, rank, rows), mat(Ft, rank, cols));
    V.right_all(ops, {}, mat(H, rank, cols), mat(Bt, rank, rows));
  });
  orthant::Nmf<float> nmf;
  nmf.c.data = orthant::Kind::csc;
  const double iteration = iteration_seconds(nmf, V, W, H, rank);
  std::printf("# nonzeros %zu; products and iteration in ms\n", values.size());
  std::printf("sparse,rows,cols,rank,products,iteration,share\n");
  std::printf("sparse,%d,%d,%d,%.4f,%.4f,%.2f\n", rows, cols, rank, products * 1e3, iteration * 1e3,
              iteration / products);
}

template <class Call>
double seconds(const Call &call) {
  const double begin = now();
  call();
  return now() - begin;
}

// What an iteration of a ReLU decomposition is made of, on two threads: the products of its tiles and the passes
// through its matrices.
class ReluParts {
 public:
  static constexpr int rank = 32, tile = 64, threads = 2;
  enum Part { uv, utz, zvt, update, parts };

  ReluParts(int rows, int cols)
      : tall_(std::min(rows, cols)), wide_(std::max(rows, cols)), Z_(random_numbers(size_t(rows) * cols, 1)), T_(Z_),
        U_(random_numbers(size_t(tall_) * rank, 2)), Ut_(U_), X_(random_numbers(size_t(tile) * rank, 3)) {
    for (Room &r : room_) {
      for (auto *x : {&r.P, &r.Z, &r.T}) x->resize(size_t(tall_) * tile);
      r.F.resize(size_t(rank) * tile);
      r.B.resize(size_t(tall_) * rank);
    }
  }

  // Seconds of one part for all columns: each thread repeats it on one tile of its own.
  double part(const orthant::Parallel &par, Part which) {
    const int repeats = wide_ / tile / threads;
    const double spent = seconds([&] {
      orthant::parallel_for(par, threads, [&](int32_t i, int32_t) {
        for (int repeat = 0; repeat < repeats; ++repeat) once(room_[i], which, repeat > 0);
      });
    });
    return spent * wide_ / (repeats * threads * tile);
  }

  // Seconds to read all of a matrix, or with `both` to read and write all of two.
  double stream(const orthant::Parallel &par, bool both) {
    return seconds([&] {
      orthant::parallel_for(par, threads, [&](int32_t i, int32_t) {
        const size_t half = Z_.size() / threads;
        float *z = Z_.data() + half * size_t(i), *t = T_.data() + half * size_t(i), sum = 0, low = 0;
        if (both) {
          for (size_t k = 0; k < half; ++k) {
            z[k] = 1 - z[k];
            t[k] = 1 - t[k];
          }
        } else {
          orthant::fastest<orthant::Kernels<float>>().scan(int32_t(half), z, &sum, &low);
        }
        sink_[i] += sum;
      });
    });
  }

 private:
  struct Room {
    std::vector<float> P, F, B, Z, T;
  };

  void once(Room &r, Part which, bool add) {
    if (which == uv) ops_.nn(mat(U_, tall_, rank), mat(X_, rank, tile), mat(r.P, tall_, tile));
    if (which == utz) ops_.nn(mat(Ut_, rank, tall_), mat(r.P, tall_, tile), mat(r.F, rank, tile));
    if (which == zvt) ops_.nn(mat(r.P, tall_, tile), mat(X_, tile, rank), mat(r.B, tall_, rank), add);
    if (which == update) {
      float squares, error;
      momentum_(tall_, tile, 0.7f, 1, 1, r.P.data(), tall_, r.T.data(), tall_, r.Z.data(), tall_, &squares, &error);
    }
  }

  int tall_, wide_;  // of the tiles
  std::vector<float> Z_, T_, U_, Ut_, X_;
  Room room_[threads];
  float sink_[threads] = {};
  const orthant::Ops<float> ops_;
  const decltype(orthant::ReluKernels<float>::momentum) momentum_ =
      orthant::fastest<orthant::ReluKernels<float>>().momentum;
};

orthant::ReluNmd<float> relu_solver(int rows, int cols, bool tm, int iterations, const orthant::Parallel &par) {
  orthant::ReluNmd<float> nmd;
  nmd.c.rows = rows;
  nmd.c.cols = cols;
  nmd.c.rank = ReluParts::rank;
  nmd.c.method = tm ? orthant::ReluMethod::tm : orthant::ReluMethod::quasi_newton;
  nmd.c.history = 5;
  nmd.c.start = orthant::ReluStart::random;
  nmd.c.alpha = tm ? 0.7 : 0;
  nmd.c.beta = tm ? 0.95 : 1;
  nmd.c.lambda = tm ? 1e-4 : 0;
  nmd.c.par = par;
  nmd.c.outer.max_iter = iterations;
  return nmd;
}

// One iteration on rows x cols, 10000 images of 784 pixels as columns or as rows, rank 32, f32, two threads.  The bound
// is the larger of
//   flops: 6 rows cols rank at the rate of the fastest of the three products of a tile, both threads at once
//   bytes: NMD-TM reads and writes Z and T once, QN reads M once; at the rate of a plain loop that does that
// The last columns: the three products and NMD-TM's update of T and Z, each alone on one tile.
// Each round measures all of them, and the share within it: the speed of a shared machine drifts.
void relu_row(int rows, int cols, bool tm) {
  constexpr int rounds = 21, iterations = 4, rank = ReluParts::rank;
  const orthant::tool::Pool pool(ReluParts::threads);
  const orthant_parallel *p = pool.parallel();
  const orthant::Parallel par{p->workers, p->run, p->user};
  ReluParts parts(rows, cols);
  auto M = random_numbers(size_t(rows) * cols, 1);
  for (float &x : M) x = std::max(0.f, x - 0.8f);  // four fifths are zeros, as in the digits
  orthant::ReluNmd<float> nmd = relu_solver(rows, cols, tm, iterations, par);
  const orthant::tool::Workspace workspace = room_for(nmd);
  void *base = base_of(workspace);
  std::vector<float> u(size_t(rows) * rank), v(size_t(cols) * rank);
  const orthant::Operand<float> data(mat(M, rows, cols));
  orthant::Report report;
  const auto run = [&] { nmd.run(base, data, mat(u, rows, rank), mat(v, rank, cols), &report); };
  nmd.start(base, data, mat(u, rows, rank), mat(v, rank, cols));
  run();  // the default begins with steps of another kind
  run();
  std::vector<double> spent, by_flops, by_bytes, share, part[ReluParts::parts];
  for (int round = 0; round < rounds; ++round) {
    for (int which = 0; which < ReluParts::parts; ++which)
      part[which].push_back(parts.part(par, ReluParts::Part(which)));
    by_flops.push_back(
        3 * std::min({part[ReluParts::uv].back(), part[ReluParts::utz].back(), part[ReluParts::zvt].back()}));
    by_bytes.push_back(parts.stream(par, tm));
    spent.push_back(seconds(run) / iterations);
    share.push_back(spent.back() / std::max(by_flops.back(), by_bytes.back()));
  }
  for (auto *x : {&spent, &by_flops, &by_bytes, &share}) std::sort(x->begin(), x->end());
  for (auto &x : part) std::sort(x.begin(), x.end());
  std::printf("%s,%d,%d,%d,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f", tm ? "NMD-TM" : "QN", rows, cols, rank,
              1e3 * spent[rounds / 2], 1e3 * by_flops[rounds / 2], 1e3 * by_bytes[rounds / 2], share[rounds / 2],
              share[rounds / 4], share[rounds * 3 / 4]);
  for (const auto &x : part) std::printf(",%.2f", 1e3 * x[rounds / 2]);
  std::printf("\n");
}

}  // namespace

int main(int argc, char **argv) {
  if (argc > 2) {
    sparse_row(argv[2]);
    return 0;
  }
  if (argc > 1 && std::string(argv[1]) == "relu") {
    std::printf("# f32, two threads, %s kernels; medians of 21 rounds with quartiles of the share\n",
                orthant::fastest<orthant::Kernels<float>>().name);
    std::printf("method,rows,cols,rank,ms,ms_by_flops,ms_by_bytes,share,share_q1,share_q3,"
                "ms_uv,ms_utz,ms_zvt,ms_update\n");
    for (const bool tm : {true, false}) relu_row(784, 10000, tm);
    for (const bool tm : {true, false}) relu_row(10000, 784, tm);
    return 0;
  }
  std::printf("# f32, one thread, GFLOP/s; AVX-512 is %s\n", orthant::fastest<orthant::Kernels<float>>().name);
  std::printf("product,M,N,K,plain,avx2,avx512,blis\n");
  const int shapes[][3] = {{4, 4, 198},    {10, 10, 10},   {10, 10, 198},  {100, 100, 100},
                           {128, 10, 198}, {330, 10, 198}, {16, 10, 4096}, {24, 20, 2000},
                           {12, 50, 5000}, {512, 512, 512}, {2048, 2048, 2048}};
  for (const auto &s : shapes) product_row("tn", s[0], s[1], s[2]);
  const int tall[][3] = {{25, 10, 25},   {100, 100, 100}, {198, 10, 330},  {4096, 10, 16},  {2000, 20, 24},
                         {5000, 50, 12}, {10000, 4, 16},  {512, 512, 512}, {2048, 2048, 2048}};
  for (const auto &s : tall) product_row("nn", s[0], s[1], s[2]);
  const double speed = reading_speed();
  std::printf("# reading: %.1f GB/s\n", speed * 1e-9);
  std::printf("iteration,rows,cols,rank,ms,ms_by_bytes,ms_by_flops,share\n");
  const int sets[][3] = {{198, 10000, 10}, {4096, 165, 10}, {10000, 198, 4}, {2000, 2000, 20}, {5000, 3000, 50}};
  for (const auto &s : sets) iteration_row(s[0], s[1], s[2], speed);
  sparse_row((argc > 1 ? argv[1] : "../shared/data") + std::string("/reuters/Reuters21578.mat:fea"));
}
