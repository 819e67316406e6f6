// bench_kernels: what the built-in kernels reach against BLIS and against the machine, and one HALS iteration against its
// bound.  Works on the library's inside; everything else in this folder goes through orthant.h.
//   bound of an iteration = the larger of  rows*cols*4 bytes / measured reading speed
//                                     and  4*rows*cols*rank flops / the faster product of these two shapes
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "io.hpp"
#include "nmf.hpp"
#include "rng.hpp"

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
  for (const auto *k : {orthant::on_plain<orthant::Kernels<float>>(), orthant::on_avx2<orthant::Kernels<float>>(), orthant::on_avx512<orthant::Kernels<float>>()}) {
    const bool runs = k->name[0] == 'p' || (k->name[3] == '5' ? __builtin_cpu_supports("avx512dq") : __builtin_cpu_supports("avx2"));
    if (!runs) { std::printf(","); continue; }
    const double t = median([&] {
      if (tn) k->gemm_tn(M, N, K, a.data(), K, b.data(), K, c.data(), M, false);
      else k->gemm_nn(M, N, K, a.data(), M, b.data(), K, c.data(), M, false, 0);
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

// Of HALS from the factors W and H, serial.
double iteration_seconds(orthant::Nmf<float> &nmf, const orthant::Operand<float> &V, std::vector<float> &W,
                         std::vector<float> &H, int rank) {
  nmf.c.rows = V.rows(), nmf.c.cols = V.cols(), nmf.c.rank = rank;
  nmf.c.method = orthant::NmfMethod::hals, nmf.c.start = orthant::NmfStart::given;
  nmf.c.outer.max_iter = 10;
  orthant::Carver measure;
  orthant::Nmf<float>::Blocks blocks;
  nmf.layout(measure, blocks);
  size_t bytes = 0;
  measure.total(&bytes);
  std::vector<unsigned char> memory(bytes);
  void *base = orthant::Carver::align(memory.data(), bytes, bytes);
  nmf.start(base, V, mat(W, V.rows(), rank), mat(H, rank, V.cols()));
  orthant::Report report;
  return median([&] { nmf.run(base, V, mat(W, V.rows(), rank), mat(H, rank, V.cols()), &report); }) / 10;
}

void iteration_row(int rows, int cols, int rank, double bytes_per_second) {
  auto V = random_numbers(size_t(rows) * size_t(cols), 4), W = random_numbers(size_t(rows) * size_t(rank), 5);
  auto H = random_numbers(size_t(cols) * size_t(rank), 6), C = random_numbers(size_t(std::max(rows, cols)) * size_t(rank), 7);
  const orthant::Ops<float> ops;
  const double flops = 2.0 * rows * cols * rank;
  const double tn = median([&] { ops.tn(mat(V, rows, cols), mat(W, rows, rank), mat(C, cols, rank)); });
  const double nn = median([&] { ops.nn(mat(V, rows, cols), mat(H, cols, rank), mat(C, rows, rank)); });
  orthant::Nmf<float> nmf;
  const double iteration = iteration_seconds(nmf, orthant::Operand<float>(mat(V, rows, cols)), W, H, rank);
  const double best = flops / std::min(tn, nn), by_flops = 2 * flops / best, by_bytes = 4.0 * rows * cols / bytes_per_second;
  const double bound = std::max(by_flops, by_bytes);
  std::printf("iteration,%d,%d,%d,%.4f,%.4f,%.4f,%.2f\n", rows, cols, rank, iteration * 1e3, by_bytes * 1e3, by_flops * 1e3,
              iteration / bound);
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
  std::printf("# nonzeros %zu; products and iteration in ms\nsparse,rows,cols,rank,products,iteration,share\n", values.size());
  std::printf("sparse,%d,%d,%d,%.4f,%.4f,%.2f\n", rows, cols, rank, products * 1e3, iteration * 1e3, iteration / products);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc > 2) return sparse_row(argv[2]), 0;
  std::printf("# f32, one thread, GFLOP/s; AVX-512 is %s\n", orthant::fastest<orthant::Kernels<float>>().name);
  std::printf("product,M,N,K,plain,avx2,avx512,blis\n");
  const int shapes[][3] = {{4, 4, 198},   {10, 10, 10},   {10, 10, 198},   {100, 100, 100}, {128, 10, 198}, {330, 10, 198},
                           {16, 10, 4096}, {24, 20, 2000}, {12, 50, 5000}, {512, 512, 512}, {2048, 2048, 2048}};
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
