// The rule of every noun, on data at the edges of the number range: a call that says OK leaves results that are finite
// and feasible, and a report that is; any other status is E_DATA.
//
// Data are uniform, with zeros, sparse, or with one huge entry, repeated pixels, or zero pixels; at scales from the
// smallest denormal number to the largest.  Factors and matrices that a call starts from have scales of their own.
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "nmf_run.hpp"

namespace orthant::test {
namespace {

constexpr int32_t rows = 9, cols = 14, rank = 3;

template <class T>
struct Data {
  std::string name;
  Matrix<T> values;
};

template <class T>
std::vector<double> scales() {
  using Limits = std::numeric_limits<T>;
  const double least = double(Limits::denorm_min()), small = double(Limits::min()), large = double(Limits::max());
  return {least,           5 * small,         sqrt(small), pow(small, 0.3), 1,
          pow(large, 0.3), 0.1 * sqrt(large), sqrt(large), 0.9 * large};
}

// square: of a symmetric matrix.
template <class T>
std::vector<Data<T>> all_data(int32_t m, int32_t n, bool square = false) {
  std::vector<Data<T>> all;
  for (const double scale : scales<T>())
    for (const std::string kind :
         {"uniform", "zeros", "one entry", "a huge entry", "repeated columns", "zero columns", "one column"}) {
      Data<T> d{kind + ", scale " + std::to_string(log10(scale)), Matrix<T>(m, n)};
      Random random(11);
      d.values.each([&](int32_t i, int32_t j) {
        const double x = uniform(random), other = kind == "repeated columns" ? 0.1 * (1 + i + j % 2) : 0.1 + 0.9 * x;
        const bool zero = (kind == "zeros" && x < 0.4) || (kind == "zero columns" && j % 3 == 0) ||
                          (kind == "one column" && j > 0) || (kind == "one entry" && (i != 2 || j != 3));
        return zero ? 0 : scale * other;
      });
      if (kind == "a huge entry")
        d.values(1, 4) = T(std::min(1e6 * scale, 0.9 * double(std::numeric_limits<T>::max())));
      for (int32_t j = 0; square && j < n; ++j)
        for (int32_t i = 0; i < j; ++i) d.values(j, i) = d.values(i, j);
      all.push_back(std::move(d));
    }
  return all;
}

// What must hold of a report; MINVOL's objective may be negative.
void expect_report(const orthant_report &r, bool negative = false) {
  for (const double x : {r.objective, r.rel_error, r.kkt, r.gap, r.bound}) EXPECT_TRUE(std::isfinite(x)) << x;
  EXPECT_TRUE(r.rel_error >= 0 && r.kkt >= 0 && (negative || r.objective >= 0));
  EXPECT_TRUE(r.stop >= ORTHANT_STOP_ITERATIONS && r.stop <= ORTHANT_STOP_ERROR);
}
template <class T>
void expect_matrix(const Matrix<T> &A, bool any_sign = false) {
  EXPECT_TRUE(A.intact());
  EXPECT_TRUE(all_finite(A));
  if (!any_sign) EXPECT_TRUE(nonnegative(A));
}
void expect_named(orthant_status st) { EXPECT_TRUE(st == ORTHANT_OK || st == ORTHANT_E_DATA) << st; }

template <class T>
void start_at(Matrix<T> &X, double scale, uint64_t seed) {
  Random random(seed);
  X.each([&](int32_t, int32_t) { return scale * (0.1 + 0.9 * uniform(random)); });
}

template <class T>
class Extremes : public testing::Test {};
TYPED_TEST_SUITE(Extremes, Types, TypeNames);

TYPED_TEST(Extremes, Unmixing) {
  using T = TypeParam;
  for (const auto &library : all_data<T>(rows, rank))
    for (const auto &image : all_data<T>(rows, cols))
      for (int32_t method = ORTHANT_UNMIX_BPP; method <= ORTHANT_UNMIX_CLIP; ++method)
        for (int32_t sum = 0; sum <= 1; ++sum)
          for (const int32_t endmembers : {rank, 1}) {
            SCOPED_TRACE("E: " + library.name + "; Y: " + image.name + "; method " + std::to_string(method) + ", sum " +
                         std::to_string(sum) + ", endmembers " + std::to_string(endmembers));
            orthant_unmix_config c{};
            c.size = sizeof c, c.bands = rows, c.endmembers = endmembers, c.method = method, c.sum_to_one = sum;
            c.max_iter = 30;
            size_t bytes = 0;
            if (Api<T>::unmix_size(&c, &bytes) != ORTHANT_OK) continue;
            std::vector<unsigned char> memory(bytes);
            typename Api<T>::Unmix *s = nullptr;
            const orthant_status init =
                Api<T>::unmix_init(&c, library.values.data(), library.values.ld(), memory.data(), bytes, &s);
            expect_named(init);
            if (init != ORTHANT_OK) continue;
            Matrix<T> A(endmembers, cols);
            orthant_report report = empty_report();
            const auto Y = view(image.values);
            const orthant_status st = Api<T>::unmix_run(s, &Y, A.data(), A.ld(), &report);
            expect_named(st);
            expect_report(report);
            for (int32_t j = 0; j < cols; ++j) {
              double total = 0, size = 0;
              bool finite = true, feasible = true;
              for (int32_t k = 0; k < endmembers; ++k) {
                finite = finite && std::isfinite(A(k, j));
                feasible = feasible && (method == ORTHANT_UNMIX_UNCONSTRAINED || A(k, j) >= T(0));
                total += double(A(k, j)), size += fabs(double(A(k, j)));
              }
              EXPECT_TRUE(finite || st == ORTHANT_E_DATA) << "pixel " << j;
              if (!finite) continue;
              EXPECT_TRUE(feasible) << "pixel " << j;
              if (sum) EXPECT_NEAR(total, 1, 16 * eps<T> * std::max(size, 1.)) << "pixel " << j;
            }
          }
}

TYPED_TEST(Extremes, Nmf) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, cols))
    for (const int32_t loss : nmf_losses())
      for (const int32_t method : methods_of_loss(loss, 0.5))
        for (const int32_t start : {ORTHANT_START_COLS, ORTHANT_START_SPA, ORTHANT_START_NNDSVD, ORTHANT_START_GIVEN})
          for (const double left :
               {1., double(std::numeric_limits<T>::min()), sqrt(double(std::numeric_limits<T>::max()))}) {
            if (left != 1 && start != ORTHANT_START_GIVEN) continue;
            SCOPED_TRACE(d.name + "; " + method_name(method) + ", " + start_name(start) + ", " + loss_name(loss) +
                         ", W " + std::to_string(log10(left)));
            orthant_nmf_config c{};
            c.size = sizeof c, c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = start;
            c.max_iter = 6, c.loss = loss, c.beta = loss == ORTHANT_LOSS_BETA ? 0.5 : 0;
            if (!supported(c)) continue;
            NmfRun<T> f(d.values, c);
            start_at(f.W, left, 3);
            start_at(f.H, 1, 4);
            const orthant_status st = f.start();
            expect_named(st);
            if (st != ORTHANT_OK) continue;
            const orthant_report report = f.run();
            expect_report(report, method == ORTHANT_NMF_MINVOL);
            expect_matrix(f.W);
            expect_matrix(f.H);
          }
}

TYPED_TEST(Extremes, Endmembers) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, cols))
    for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method)
      for (int32_t projection = 0; projection <= ORTHANT_PROJECTION_PUBLISHED; ++projection)
        for (const int32_t endmembers : {1, 2, 3})
          for (const bool directed : {false, true}) {
            if (method != ORTHANT_ENDMEMBERS_VCA && (projection > 0 || directed)) continue;
            SCOPED_TRACE(d.name + "; method " + std::to_string(method) + ", projection " + std::to_string(projection) +
                         ", endmembers " + std::to_string(endmembers) + (directed ? ", zero directions" : ""));
            orthant_endmembers_config c{};
            c.size = sizeof c, c.bands = rows, c.pixels = cols, c.endmembers = endmembers, c.method = method;
            c.projection = projection;
            if (method == ORTHANT_ENDMEMBERS_NFINDR && endmembers < 2) continue;
            const Placed<typename Api<T>::Endmembers> placed(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
            Matrix<T> E(rows, endmembers), D(endmembers, endmembers);
            std::vector<int32_t> pixel(size_t(endmembers), -1);
            D.fill(0);
            const auto Y = view(d.values);
            const orthant_status st = Api<T>::endmembers_run(placed.get(), &Y, directed ? D.data() : nullptr, D.ld(),
                                                             E.data(), E.ld(), pixel.data());
            expect_named(st);
            if (st != ORTHANT_OK) continue;
            expect_matrix(E, true);
            for (int32_t k = 0; k < endmembers; ++k) {
              EXPECT_TRUE(pixel[size_t(k)] >= 0 && pixel[size_t(k)] < cols);
              for (int32_t l = 0; l < k; ++l) EXPECT_NE(pixel[size_t(k)], pixel[size_t(l)]);
            }
          }
}

TYPED_TEST(Extremes, SymmetricNmf) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, rows, true))
    for (int32_t method = 0; method <= ORTHANT_SYMNMF_PGD; ++method)
      for (int32_t start = 0; start <= ORTHANT_SYMNMF_START_GIVEN; ++start)
        for (const double from :
             {1., sqrt(double(std::numeric_limits<T>::min())), sqrt(double(std::numeric_limits<T>::max()))}) {
          if (from != 1 && start != ORTHANT_SYMNMF_START_GIVEN) continue;
          SCOPED_TRACE(d.name + "; method " + std::to_string(method) + ", start " + std::to_string(start) + ", U " +
                       std::to_string(log10(from)));
          orthant_symnmf_config c{};
          c.size = sizeof c, c.n = rows, c.rank = rank, c.method = method, c.start = start, c.max_iter = 6, c.bound = 1;
          const Placed<typename Api<T>::Symnmf> placed(Api<T>::symnmf_size, Api<T>::symnmf_init, c);
          if (!placed.get()) continue;
          Matrix<T> U(rows, rank);
          start_at(U, from, 3);
          const auto X = view(d.values);
          orthant_status st = Api<T>::symnmf_start(placed.get(), &X, U.data(), U.ld());
          expect_named(st);
          if (st != ORTHANT_OK) continue;
          orthant_report report = empty_report();
          st = Api<T>::symnmf_run(placed.get(), &X, U.data(), U.ld(), &report);
          expect_named(st);
          if (st != ORTHANT_OK) continue;
          expect_report(report);
          expect_matrix(U);
        }
}

TYPED_TEST(Extremes, SymmetricNet) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, rows, true))
    for (int32_t start = 0; start <= ORTHANT_SYMNMF_START_GIVEN; ++start)
      for (const double from :
           {1., sqrt(double(std::numeric_limits<T>::min())), pow(double(std::numeric_limits<T>::max()), 0.3),
            sqrt(double(std::numeric_limits<T>::max()))})
        for (const double rate : {0., 1e9, 1e-9}) {
          if (from != 1 && start != ORTHANT_SYMNMF_START_GIVEN) continue;
          SCOPED_TRACE(d.name + "; start " + std::to_string(start) + ", U " + std::to_string(log10(from)) + ", rate " +
                       std::to_string(rate));
          orthant_symnet_config c{};
          c.size = sizeof c, c.n = rows, c.rank = rank, c.layers = 3, c.epochs = c.max_iter = 5, c.start = start;
          c.rate = rate, c.bound = 1;
          const Placed<typename Api<T>::Symnet> placed(Api<T>::symnet_size, Api<T>::symnet_init, c);
          if (!placed.get()) continue;
          Matrix<T> U(rows, rank);
          start_at(U, from, 3);
          const auto X = view(d.values);
          orthant_status st = Api<T>::symnet_start(placed.get(), &X, U.data(), U.ld());
          expect_named(st);
          if (st != ORTHANT_OK) continue;
          orthant_report report = empty_report();
          st = Api<T>::symnet_run(placed.get(), &X, U.data(), U.ld(), &report);
          expect_named(st);
          if (st != ORTHANT_OK) continue;
          expect_report(report);
          expect_matrix(U);
        }
}

TYPED_TEST(Extremes, ReluDecomposition) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, cols))
    for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method)
      for (int32_t start = 0; start <= ORTHANT_RELU_START_GIVEN; ++start) {
        SCOPED_TRACE(d.name + "; method " + std::to_string(method) + ", start " + std::to_string(start));
        orthant_relu_nmd_config c{};
        c.size = sizeof c, c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = start;
        c.max_iter = 6;
        const Placed<typename Api<T>::ReluNmd> placed(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c);
        if (!placed.get()) continue;
        Matrix<T> U(rows, rank), V(rank, cols);
        start_at(U, 1, 3);
        start_at(V, 1, 4);
        const auto M = view(d.values);
        orthant_status st = Api<T>::relu_nmd_start(placed.get(), &M, U.data(), U.ld(), V.data(), V.ld());
        expect_named(st);
        if (st != ORTHANT_OK) continue;
        orthant_report report = empty_report();
        st = Api<T>::relu_nmd_run(placed.get(), &M, U.data(), U.ld(), V.data(), V.ld(), &report);
        expect_named(st);
        if (st != ORTHANT_OK) continue;
        expect_report(report);
        expect_matrix(U, true);
        expect_matrix(V, true);
      }
}

TYPED_TEST(Extremes, TruncatedSvd) {
  using T = TypeParam;
  const std::vector<Data<T>> starts = all_data<T>(cols, rank);
  for (const auto &d : all_data<T>(rows, cols)) {
    std::vector<T> cold;  // the values that every start must find: here the block holds all there is
    for (const auto &warm : starts)
      for (int32_t is_warm = cold.empty() ? 0 : 1; is_warm <= 1; ++is_warm) {
        SCOPED_TRACE(d.name + (is_warm ? "; warm from " + warm.name : ""));
        orthant_tsvd_config c{};
        c.size = sizeof c, c.rows = rows, c.cols = cols, c.rank = rank, c.warm = is_warm, c.max_iter = 3;
        const Placed<typename Api<T>::Tsvd> placed(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
        Matrix<T> U(rows, rank), V(cols, rank), s(rank, 1);
        V.set(warm.values);
        const auto X = view(d.values);
        orthant_report report = empty_report();
        const orthant_status st =
            Api<T>::tsvd_run(placed.get(), &X, U.data(), U.ld(), s.data(), V.data(), V.ld(), &report);
        expect_named(st);
        if (st != ORTHANT_OK) continue;
        expect_report(report);
        expect_matrix(U, true);
        expect_matrix(V, true);
        expect_matrix(s);
        if (!is_warm) cold.assign(s.data(), s.data() + rank);
        for (int32_t k = 0; k < rank; ++k) {
          double length = 0;
          for (int32_t i = 0; i < rows; ++i) length += double(U(i, k)) * double(U(i, k));
          EXPECT_TRUE(s(k, 0) <= 100 * T(eps<T>) * s(0, 0) || fabs(length - 1) < 1e3 * eps<T>) << k << ' ' << length;
          EXPECT_NEAR(double(s(k, 0)), double(cold[size_t(k)]), 1e3 * eps<T> * double(cold[0])) << k;
        }
      }
  }
}

TYPED_TEST(Extremes, QuadraticProgram) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, rows, true))
    for (int32_t rule = 0; rule <= ORTHANT_QP_LEMMA_B; ++rule)
      for (const double linear : scales<T>())
        for (const double from : {1., double(std::numeric_limits<T>::min()), double(std::numeric_limits<T>::max())}) {
          SCOPED_TRACE(d.name + "; rule " + std::to_string(rule) + ", d " + std::to_string(log10(linear)) + ", x " +
                       std::to_string(log10(from)));
          orthant_qp_config c{};
          c.size = sizeof c, c.n = rows, c.rule = rule, c.max_iter = 6;
          const Placed<typename Api<T>::Qp> placed(Api<T>::qp_size, Api<T>::qp_init, c);
          Matrix<T> l(rows, 1), x(rows, 1);
          start_at(l, linear, 3);
          start_at(x, from, 4);
          for (int32_t i = 0; i < rows; ++i) l(i, 0) = i % 3 ? -l(i, 0) : l(i, 0);
          orthant_report report = empty_report();
          const orthant_status st =
              Api<T>::qp_run(placed.get(), d.values.data(), d.values.ld(), l.data(), x.data(), &report);
          expect_named(st);
          if (st != ORTHANT_OK) continue;
          expect_report(report, true);
          expect_matrix(x);
        }
}

TYPED_TEST(Extremes, Nalmu) {
  using T = TypeParam;
  for (const auto &library : all_data<T>(rows, rank))
    for (const auto &d : all_data<T>(rows, cols))
      for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH}) {
        SCOPED_TRACE("W: " + library.name + "; Y: " + d.name + "; factors " + std::to_string(factors));
        orthant_nalmu_config c{};
        c.size = sizeof c, c.bands = rows, c.pixels = cols, c.endmembers = rank, c.layers = 5, c.factors = factors;
        const Placed<typename Api<T>::Nalmu> placed(Api<T>::nalmu_size, Api<T>::nalmu_init, c);
        Matrix<T> W(rows, rank), H(rank, cols);
        W.set(library.values);
        const auto Y = view(d.values);
        orthant_report report = empty_report();
        const orthant_status st = Api<T>::nalmu_run(placed.get(), &Y, W.data(), W.ld(), H.data(), H.ld(), &report);
        expect_named(st);
        if (st != ORTHANT_OK) continue;
        expect_report(report);
        expect_matrix(W);
        expect_matrix(H);
      }
}

TYPED_TEST(Extremes, Graph) {
  using T = TypeParam;
  for (const auto &d : all_data<T>(rows, cols))
    for (int32_t kind = 0; kind <= ORTHANT_GRAPH_BINARY; ++kind)
      for (int32_t unnormalised = 0; unnormalised <= 1; ++unnormalised) {
        SCOPED_TRACE(d.name + "; kind " + std::to_string(kind) + ", unnormalised " + std::to_string(unnormalised));
        orthant_graph_config c{};
        c.size = sizeof c, c.features = rows, c.samples = cols, c.kind = kind, c.unnormalised = unnormalised;
        size_t bytes = 0;
        int32_t entries = 0;
        ASSERT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_OK);
        ASSERT_EQ(orthant_graph_capacity(&c, &entries), ORTHANT_OK);
        std::vector<unsigned char> memory(bytes);
        std::vector<int32_t> starts(cols + 1), indices(static_cast<size_t>(entries));
        std::vector<T> values(static_cast<size_t>(entries));
        const auto M = view(d.values);
        const orthant_status st =
            Api<T>::graph_run(&c, memory.data(), bytes, &M, starts.data(), indices.data(), values.data(), entries);
        expect_named(st);
        if (st != ORTHANT_OK) continue;
        for (int32_t t = 0; t < starts[cols]; ++t)
          EXPECT_TRUE(std::isfinite(values[size_t(t)]) && values[size_t(t)] >= T(0));
      }
}

// Data that are so small that their squares vanish are refused, as those are whose squares overflow: every error would
// look like none.
TYPED_TEST(Extremes, TinyDataAreRefused) {
  using T = TypeParam;
  Matrix<T> V(rows, rows), W(rows, rank), H(rank, rows);
  start_at(V, double(sizeof(T) == 4 ? 1e-25 : 1e-200), 5);
  for (int32_t j = 0; j < rows; ++j)
    for (int32_t i = 0; i < j; ++i) V(j, i) = V(i, j);
  const auto data = view(V);
  for (const int32_t method : with_default(nmf_methods())) {
    orthant_nmf_config c{};
    c.size = sizeof c, c.rows = c.cols = rows, c.rank = rank, c.method = method;
    c.start = ORTHANT_START_GIVEN;
    start_at(W, 1, 3);
    start_at(H, 1, 4);
    const Placed<typename Api<T>::Nmf> placed(Api<T>::nmf_size, Api<T>::nmf_init, c);
    if (!placed.get()) continue;
    EXPECT_EQ(Api<T>::nmf_start(placed.get(), &data, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_E_DATA) << method;
    EXPECT_EQ(Api<T>::nmf_run(placed.get(), &data, W.data(), W.ld(), H.data(), H.ld(), nullptr), ORTHANT_E_DATA);
  }
  orthant_symnmf_config sym{};
  sym.size = sizeof sym, sym.n = rows, sym.rank = rank;
  const Placed<typename Api<T>::Symnmf> symnmf(Api<T>::symnmf_size, Api<T>::symnmf_init, sym);
  EXPECT_EQ(Api<T>::symnmf_start(symnmf.get(), &data, W.data(), W.ld()), ORTHANT_E_DATA);
  orthant_symnet_config net{};
  net.size = sizeof net, net.n = rows, net.rank = rank;
  const Placed<typename Api<T>::Symnet> symnet(Api<T>::symnet_size, Api<T>::symnet_init, net);
  EXPECT_EQ(Api<T>::symnet_start(symnet.get(), &data, W.data(), W.ld()), ORTHANT_E_DATA);
  orthant_relu_nmd_config relu{};
  relu.size = sizeof relu, relu.rows = relu.cols = rows, relu.rank = rank;
  const Placed<typename Api<T>::ReluNmd> nmd(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, relu);
  EXPECT_EQ(Api<T>::relu_nmd_start(nmd.get(), &data, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_E_DATA);
  orthant_tsvd_config svd{};
  svd.size = sizeof svd, svd.rows = svd.cols = rows, svd.rank = rank;
  const Placed<typename Api<T>::Tsvd> tsvd(Api<T>::tsvd_size, Api<T>::tsvd_init, svd);
  std::vector<T> s(rank);
  EXPECT_EQ(Api<T>::tsvd_run(tsvd.get(), &data, W.data(), W.ld(), s.data(), W.data(), W.ld(), nullptr), ORTHANT_E_DATA);
  orthant_endmembers_config extract{};
  extract.size = sizeof extract, extract.bands = extract.pixels = rows, extract.endmembers = rank;
  const Placed<typename Api<T>::Endmembers> found(Api<T>::endmembers_size, Api<T>::endmembers_init, extract);
  int32_t pixel[rank];
  EXPECT_EQ(Api<T>::endmembers_run(found.get(), &data, nullptr, 0, W.data(), W.ld(), pixel), ORTHANT_E_DATA);
}

}  // namespace
}  // namespace orthant::test
