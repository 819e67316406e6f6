// The final objective of every method on public data against tests/golden/quality.csv, and what each run must hold.
//
//   quality_test --write FILE    writes the table anew, and long runs of the default with several seeds ("best"),
//                                which take minutes: a changed row is read and committed by a person
//
// Skipped without the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "io.hpp"
#include "nmf_run.hpp"
#include "public_data.hpp"

namespace orthant::test {
namespace {

struct Set {
  const char *name, *file;
  bool transposed;  // samples are rows of the file
  int32_t rank;
};
const Set sets[] = {
    {"yale", "yale/Yale_64x64.mat:fea", true, 10},
    {"jasper", "jasper_ridge/jasperRidge2_R198.mat:Y", false, 4},
    {"jasper", "jasper_ridge/jasperRidge2_R198.mat:Y", false, 10},
    {"cbcl", "cbcl/CBCL.mat:X", false, 49},
    {"coil20", "coil20/COIL20.mat:X", true, 20},
    {"orl", "orl/ORL_64x64.mat:fea", true, 25},
};
void PrintTo(const Set &s, std::ostream *os) { *os << s.name << " rank " << s.rank; }

// All methods but MU must come below this from the same start (columns, seed 0), in f32.  The evidence is the table:
// the default needs 30 to 160 iterations, the slowest (PG on CBCL) some 1600.  MU is at 5e-3 to 0.1 after 1500, still
// falling: it is given fewer iterations, and its residual is printed.
constexpr double tolerance = 1e-3;
int32_t most_iterations(int32_t method) { return method == ORTHANT_NMF_MU ? 300 : 4000; }

bool load(const Set &s, tool::Table<float> *V) {
  const std::string path = public_data(s.file);
  if (path.empty()) return false;
  tool::Table<float> t = tool::read_table<float>(path);
  if (s.transposed) {
    V->rows = t.cols, V->cols = t.rows;
    V->values.resize(t.values.size());
    for (int64_t j = 0; j < V->cols; ++j)
      for (int64_t i = 0; i < V->rows; ++i) (*V)(i, j) = t(j, i);
  } else {
    *V = std::move(t);
  }
  return true;
}

struct Outcome {
  int32_t stop = 0, iters = 0;
  double objective = 0, rel_error = 0, kkt = 0, worst_rise = 0, half_norm2 = 0;
};

struct Trace {
  double last = -1, worst_rise = 0;
};
int32_t watch(void *user, const orthant_report *so_far) {
  Trace &t = *static_cast<Trace *>(user);
  if (t.last >= 0) t.worst_rise = std::max(t.worst_rise, so_far->objective - t.last);
  t.last = so_far->objective;
  return 0;
}

Outcome factor(const tool::Table<float> &V, int32_t rank, int32_t method, uint64_t seed, int32_t max_iter, double tol) {
  const int32_t m = int32_t(V.rows), n = int32_t(V.cols);
  Trace trace;
  orthant_nmf_config c = nmf_config(rank, method, ORTHANT_START_COLS, max_iter, seed);
  c.tol = tol;
  c.progress = watch, c.user = &trace;
  NmfRun<float> run(Api<float>::dense(V.values.data(), m, n, m), c);
  EXPECT_EQ(run.start(), ORTHANT_OK);
  const orthant_report r = run.run();
  Outcome o;
  o.stop = r.stop, o.iters = r.iters, o.kkt = r.kkt, o.worst_rise = trace.worst_rise;
  // Not the report's objective: entry by entry, in double.
  std::vector<double> fit(size_t(m), 0.0);
  for (int32_t j = 0; j < n; ++j) {
    for (int32_t i = 0; i < m; ++i) fit[size_t(i)] = double(V(i, j));
    for (int32_t k = 0; k < rank; ++k) {
      const double h = double(run.H(k, j));
      for (int32_t i = 0; i < m; ++i) fit[size_t(i)] -= double(run.W(i, k)) * h;
    }
    for (int32_t i = 0; i < m; ++i) {
      o.objective += fit[size_t(i)] * fit[size_t(i)] / 2;
      o.half_norm2 += double(V(i, j)) * double(V(i, j)) / 2;
    }
  }
  o.rel_error = sqrt(o.objective / o.half_norm2);
  EXPECT_NEAR(r.objective, o.objective, 8 * double(std::numeric_limits<float>::epsilon()) * o.half_norm2);
  return o;
}

std::string key(const Set &s, const std::string &method, uint64_t seed) {
  return std::string(s.name) + "," + std::to_string(s.rank) + "," + method + "," + std::to_string(seed);
}

// The final objectives of the table, by key.
std::map<std::string, double> recorded() {
  std::map<std::string, double> table;
  const char *path = getenv("ORTHANT_GOLDEN");
  std::ifstream in(path ? path : "tests/golden/quality.csv");
  std::string line, field[4], value;
  while (std::getline(in, line)) {
    std::istringstream row(line);
    for (std::string &f : field) std::getline(row, f, ',');
    if (std::getline(row, value, ',') && field[0] != "data")
      table[field[0] + "," + field[1] + "," + field[2] + "," + field[3]] = atof(value.c_str());
  }
  return table;
}

class Quality : public testing::TestWithParam<Set> {};

TEST_P(Quality, EveryMethodDoesAsWellAsItDid) {
  const Set &s = GetParam();
  tool::Table<float> V;
  if (!load(s, &V)) GTEST_SKIP() << "data sets are not part of the repository";
  const std::map<std::string, double> table = recorded();
  for (const int32_t method : half_step_methods()) {
    SCOPED_TRACE(method_name(method));
    const Outcome o = factor(V, s.rank, method, 0, most_iterations(method), tolerance);
    printf("%-8s rank %2d %-7s %5d iterations, objective %.6e, relative error %.5f, kkt %.2e\n", s.name, s.rank,
           method_name(method).c_str(), o.iters, o.objective, o.rel_error, o.kkt);
    if (method != ORTHANT_NMF_MU) {
      EXPECT_LE(o.kkt, tolerance);
      EXPECT_EQ(o.stop, ORTHANT_STOP_KKT);
    }
    if (descends(method)) {
      EXPECT_LE(o.worst_rise, 8 * double(std::numeric_limits<float>::epsilon()) * o.half_norm2);
    }
    const auto row = table.find(key(s, method_name(method), 0));
    if (row == table.end()) {
      ADD_FAILURE() << "no row in tests/golden/quality.csv";
    } else {
      // Other instruction sets round otherwise, and an iterate at a loose stop may be a few checks earlier or later.
      EXPECT_LE(o.objective, row->second * 1.02) << "the recorded one is " << row->second;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Data, Quality, testing::ValuesIn(sets), [](const testing::TestParamInfo<Set> &i) {
  return std::string(i.param.name) + "_rank_" + std::to_string(i.param.rank);
});

int write(const char *path) {
  FILE *out = fopen(path, "w");
  if (!out) return perror(path), 1;
  fprintf(out, "data,rank,method,seed,objective,rel_error,kkt,iterations,stop\n");
  for (const Set &s : sets) {
    tool::Table<float> V;
    if (!load(s, &V)) return fclose(out), 1;
    const auto row = [&](const std::string &method, uint64_t seed, const Outcome &o) {
      fprintf(out, "%s,%.7g,%.6f,%.2e,%d,%d\n", key(s, method, seed).c_str(), o.objective, o.rel_error, o.kkt, o.iters,
          o.stop);
      fflush(out);
    };
    for (const int32_t method : half_step_methods())
      row(method_name(method), 0, factor(V, s.rank, method, 0, most_iterations(method), tolerance));
    for (uint64_t seed = 0; seed < 3; ++seed)  // what is known to be reachable: the best of these
      row("best", seed, factor(V, s.rank, ORTHANT_NMF_EHALS, seed, 2000, 1e-5));
  }
  return fclose(out);
}

}  // namespace
}  // namespace orthant::test

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc == 3 && std::string(argv[1]) == "--write") return orthant::test::write(argv[2]);
  return RUN_ALL_TESTS();
}
