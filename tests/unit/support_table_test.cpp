// Which methods take which data, losses, starts and penalties: every combination that the interface can name either
// gives the answer of the dense matrix, or is refused by size and init alike.
#include <cmath>
#include <string>

#include "kinds.hpp"
#include "nmf_run.hpp"

namespace orthant::test {
namespace {

// One matrix in all kinds.  Masked: nothing missing, weights one.
template <class T>
EveryKind<T> data_of(int32_t rows, int32_t cols, double zeros, uint64_t seed, bool symmetric = false) {
  Matrix<T> V(rows, cols);
  Random random(seed);
  V.each([&](int32_t, int32_t) {
    const bool zero = uniform(random) < zeros;
    const double x = 0.05 + uniform(random);
    return zero ? 0 : x;
  });
  V.visit([&](int32_t i, int32_t j) {
    if (symmetric && j > i) V(i, j) = V(j, i);
  });
  EveryKind<T> data(V);
  data.weights = Matrix<T>(rows, cols, 2).fill(1);
  return data;
}

// ---- NMF

enum class Penalty { none, l1, l2, components, observations };
constexpr Penalty penalties[] = {Penalty::none, Penalty::l1, Penalty::l2, Penalty::components, Penalty::observations};
const char *const penalty_names[] = {"no penalty", "l1", "l2", "overlap of components", "overlap of observations"};

constexpr int32_t rows = 19, cols = 26, rank = 3, iterations = 3;

orthant_nmf_config config_of(int32_t method, int32_t kind, int32_t loss, int32_t start, Penalty penalty,
                              int32_t fixed_w) {
  orthant_nmf_config c = nmf_config(rank, method, start, iterations, 3);
  c.rows = rows, c.cols = cols, c.data = kind, c.loss = loss, c.fixed_w = fixed_w;
  c.beta = loss == ORTHANT_LOSS_BETA ? 1.5 : 0;
  switch (penalty) {
    case Penalty::none: break;
    case Penalty::l1: c.l1_w = 0.05, c.l1_h = 0.03; break;
    case Penalty::l2: c.l2_w = 0.04, c.l2_h = 0.06; break;
    case Penalty::components: c.ortho_axis = ORTHANT_ORTHO_COMPONENTS; break;
    case Penalty::observations: c.ortho_axis = ORTHANT_ORTHO_OBSERVATIONS; break;
  }
  if (penalty >= Penalty::components) c.ortho_w = 0.03, c.ortho_h = 0.02;
  return c;
}

// What orthant.h says of the combinations, in its order.
bool documented(const orthant_nmf_config &c, Penalty penalty) {
  const bool sparse = c.data == ORTHANT_CSC || c.data == ORTHANT_CSR, masked = c.data == ORTHANT_MASKED;
  const bool streamed = c.data == ORTHANT_STREAM;
  const bool frobenius = c.loss == ORTHANT_LOSS_FROBENIUS, kl = c.loss == ORTHANT_LOSS_KL;
  const bool overlap = penalty >= Penalty::components;
  const bool half_steps = c.method <= ORTHANT_NMF_MU;
  if (!start_takes(c.start, c.data)) return false;
  if (c.start == ORTHANT_START_SUB && !(c.data == ORTHANT_DENSE && frobenius && half_steps && !c.fixed_w)) return false;
  if (!frobenius) {
    const bool by_products = c.method == 0 || c.method == ORTHANT_NMF_MU;
    const bool by_coordinates = c.method == ORTHANT_NMF_CCD && kl && !sparse && !streamed;
    if (!by_products && !by_coordinates) return false;
    return !masked && !overlap && (kl || (!sparse && penalty != Penalty::l2));
  }
  switch (c.method) {
    case ORTHANT_NMF_CCD: return false;
    case ORTHANT_NMF_MINVOL: return !masked && !streamed && penalty == Penalty::none && !c.fixed_w;
    case ORTHANT_NMF_MURNMF:
    case ORTHANT_NMF_AURNMF: return c.data == ORTHANT_DENSE && !c.fixed_w;
    case ORTHANT_NMF_AOADMM: return !overlap;
    default: return penalty != Penalty::observations;
  }
}

// The method of a job whose method is 0, where the default depends on the kind of data: the dense answer is that of the
// same method.
int32_t meant(const orthant_nmf_config &c) {
  if (c.method != 0) return c.method;
  if (c.loss == ORTHANT_LOSS_FROBENIUS) return c.data == ORTHANT_MASKED ? ORTHANT_NMF_EHALS : 0;
  return c.loss == ORTHANT_LOSS_KL && c.data == ORTHANT_DENSE ? ORTHANT_NMF_CCD : ORTHANT_NMF_MU;
}

// A penalty of one factor alone, whichever, is one.
TEST(SupportTableOfPenalties, OfOneFactorAreRefusedAsOfBoth) {
  using Field = double orthant_nmf_config::*;
  for (const Field field : {&orthant_nmf_config::l1_w, &orthant_nmf_config::l1_h, &orthant_nmf_config::l2_w,
                            &orthant_nmf_config::l2_h, &orthant_nmf_config::ortho_w, &orthant_nmf_config::ortho_h}) {
    orthant_nmf_config c = config_of(ORTHANT_NMF_MINVOL, ORTHANT_DENSE, ORTHANT_LOSS_FROBENIUS, 0, Penalty::none, 0);
    EXPECT_TRUE(supported(c));
    c.*field = 0.02;
    EXPECT_FALSE(supported(c));
  }
}

template <class T>
class SupportTable : public testing::Test {};
TYPED_TEST_SUITE(SupportTable, Types, TypeNames);

// An iterate is a smooth function of the products with V, whose errors are (rows + cols) eps, amplified in each half
// step by the condition of a Gram matrix of rank 3, below 1e2 for random data; three iterations leave the order as it
// is.  MINVOL makes ten gradient steps of each, whose momentum amplifies by another factor of ten.  The same holds of a
// start: of an SVD too, whose steps are the same for all kinds.
template <class T>
double tolerance_of(int32_t method) {
  return 1e2 * (rows + cols) * eps<T> * (method == ORTHANT_NMF_MINVOL ? 10 : 1);
}

template <class T>
void compare_with_dense(const EveryKind<T> &data, const orthant_nmf_config &c, NmfRun<T> &f, const NmfRun<T> &given) {
  ASSERT_EQ(f.status(), ORTHANT_OK);
  const auto begin_at = [](const NmfRun<T> &from, NmfRun<T> &to) {
    to.W.set(from.W);
    to.H.set(from.H);
  };
  begin_at(given, f);
  ASSERT_EQ(f.start(), ORTHANT_OK);
  ASSERT_TRUE(all_finite(f.W) && all_finite(f.H));

  // The start, but for the one whose scale is known only where nothing is missing.
  const bool other_scale = c.data == ORTHANT_MASKED && c.start == ORTHANT_START_RANDOM;
  orthant_nmf_config d = c;
  d.method = meant(c);
  const bool sparse = c.data == ORTHANT_CSC || c.data == ORTHANT_CSR;
  const bool penalized = c.l1_w + c.l1_h + c.l2_w + c.l2_h + c.ortho_w + c.ortho_h > 0;  // and so without a schedule
  const bool ehals = d.method == ORTHANT_NMF_EHALS || (d.method == 0 && penalized);
  if (sparse && ehals) d.sweeps = 4;  // by its rule dense V has more
  if (c.data != ORTHANT_DENSE && !other_scale) {
    const bool without_spa = c.method == ORTHANT_NMF_MINVOL && c.data == ORTHANT_CSR;
    if (without_spa && c.start == 0) d.start = ORTHANT_START_COLS;
    NmfRun<T> dense(data.dense, d);
    begin_at(given, dense);
    ASSERT_EQ(dense.start(), ORTHANT_OK);
    EXPECT_LE(difference(f.W, dense.W), tolerance_of<T>(c.method));
    EXPECT_LE(difference(f.H, dense.H), tolerance_of<T>(c.method));
  }

  // The iterates, from the same start.
  d.start = ORTHANT_START_GIVEN;
  NmfRun<T> dense(data.dense, d);
  begin_at(f, dense);
  ASSERT_EQ(dense.start(), ORTHANT_OK);
  ASSERT_EQ(f.try_run(), ORTHANT_OK);
  ASSERT_EQ(dense.try_run(), ORTHANT_OK);
  ASSERT_TRUE(all_finite(f.W) && all_finite(f.H));
  EXPECT_EQ(f.report.iters, iterations);
  const double tolerance = tolerance_of<T>(c.method);
  EXPECT_LE(difference(f.W, dense.W), tolerance);
  EXPECT_LE(difference(f.H, dense.H), tolerance);
  EXPECT_NEAR(f.report.objective, dense.report.objective, tolerance * fabs(dense.report.objective) + tolerance);
  EXPECT_NEAR(f.report.rel_error, dense.report.rel_error, tolerance);
  EXPECT_LE(f.report.rel_error, 2);
}

TYPED_TEST(SupportTable, EveryCombinationOfNmfIsRightOrRefused) {
  using T = TypeParam;
  const EveryKind<T> holes = data_of<T>(rows, cols, 0.4, 11), positive = data_of<T>(rows, cols, 0, 12);
  NmfRun<T> given(holes.dense, config_of(0, ORTHANT_DENSE, 0, ORTHANT_START_GIVEN, Penalty::none, 0));
  Random random(13);
  given.W.fill_uniform(random);
  given.H.fill_uniform(random);
  int supported = 0, refused = 0;
  for (const int32_t method : with_default(nmf_methods()))
    for (const int32_t kind : kinds)
      for (const int32_t loss : nmf_losses())
        for (const int32_t start : with_default(nmf_starts()))
          for (const Penalty penalty : penalties)
            for (const int32_t fixed_w : {0, 1}) {
              const orthant_nmf_config c = config_of(method, kind, loss, start, penalty, fixed_w);
              SCOPED_TRACE(method_name(method) + ", " + kind_names[kind] + ", " + loss_name(loss) + ", start " +
                           start_name(start) + ", " + penalty_names[int(penalty)] + ", fixed_w " +
                           std::to_string(fixed_w));
              const EveryKind<T> &data = loss == ORTHANT_LOSS_IS ? positive : holes;
              NmfRun<T> f(data.view(kind), c);
              // What this table does not know yet is right wherever the library takes it.
              const bool newer = method > ORTHANT_NMF_AURNMF || start > ORTHANT_START_ROUGH;
              if (newer ? f.status() != ORTHANT_OK : !documented(c, penalty)) {
                EXPECT_EQ(f.status(), ORTHANT_E_UNSUPPORTED);
                ++refused;
                continue;
              }
              ++supported;
              compare_with_dense<T>(data, c, f, given);
              if (testing::Test::HasFatalFailure()) return;
            }
  EXPECT_GT(supported, 0);
  EXPECT_GT(refused, 0);
}

// ---- The other nouns that take a matrix: each kind gives the dense answer, or is refused as its header says

// max |U V - X Y| over max |X Y|: factors of a product are free in their signs and scales.
template <class T>
double product_difference(const Matrix<T> &U, const Matrix<T> &V, const Matrix<T> &X, const Matrix<T> &Y) {
  return difference(U * V, X * Y);
}

TYPED_TEST(SupportTable, ReluDecompositionOfEveryKind) {
  using T = TypeParam;
  const EveryKind<T> data = data_of<T>(rows, cols, 0.5, 21);
  for (int32_t method = 0; method <= ORTHANT_RELU_NMD_AEM; ++method)
    for (int32_t start = ORTHANT_RELU_START_TSVD; start <= ORTHANT_RELU_START_GIVEN; ++start)
      for (int32_t z = ORTHANT_RELU_Z_DATA; z <= ORTHANT_RELU_Z_FEASIBLE; ++z) {
        orthant_relu_nmd_config c{};
        c.size = sizeof c;
        c.rows = rows, c.cols = cols, c.rank = rank, c.method = method, c.start = start, c.z_start = z;
        c.max_iter = iterations, c.seed = 5;
        Random random(22);
        Matrix<T> U0(rows, rank), V0(rank, cols), U1(rows, rank), V1(rank, cols);
        U0.fill_normal(random);
        V0.fill_normal(random);
        for (const int32_t kind : kinds) {
          SCOPED_TRACE("method " + std::to_string(method) + ", start " + std::to_string(start) + ", z " +
                       std::to_string(z) + ", " + kind_names[kind]);
          Matrix<T> U(rows, rank), V(rank, cols);
          U.set(U0), V.set(V0);
          Placed<typename Api<T>::ReluNmd> s(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c);
          const auto M = data.view(kind);
          orthant_report r = empty_report();
          const orthant_status begin = Api<T>::relu_nmd_start(s.get(), &M, U.data(), U.ld(), V.data(), V.ld());
          const auto go = [&] { return Api<T>::relu_nmd_run(s.get(), &M, U.data(), U.ld(), V.data(), V.ld(), &r); };
          if (!is_whole(kind)) {
            EXPECT_EQ(begin, ORTHANT_E_UNSUPPORTED);
            EXPECT_EQ(go(), ORTHANT_E_UNSUPPORTED);
            continue;
          }
          ASSERT_EQ(begin, ORTHANT_OK);
          ASSERT_EQ(go(), ORTHANT_OK);
          EXPECT_TRUE(U.intact() && V.intact());
          ASSERT_TRUE(all_finite(U) && all_finite(V));
          if (kind == ORTHANT_DENSE) U1.set(U), V1.set(V);
          EXPECT_LE(product_difference(U, V, U1, V1), 1e3 * (rows + cols) * eps<T>);
        }
      }
}

TYPED_TEST(SupportTable, TruncatedSvdOfEveryKind) {
  using T = TypeParam;
  const EveryKind<T> data = data_of<T>(rows, cols, 0.5, 31);
  orthant_tsvd_config c{};
  c.size = sizeof c;
  c.rows = rows, c.cols = cols, c.rank = rank;
  Matrix<T> first(rank, 1);
  for (const int32_t kind : kinds) {
    SCOPED_TRACE(kind_names[kind]);
    Placed<typename Api<T>::Tsvd> s(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
    Matrix<T> U(rows, rank), values(rank, 1), V(cols, rank);
    orthant_report r = empty_report();
    const auto X = data.view(kind);
    const orthant_status st = Api<T>::tsvd_run(s.get(), &X, U.data(), U.ld(), values.data(), V.data(), V.ld(), &r);
    EXPECT_EQ(st, is_whole(kind) ? ORTHANT_OK : ORTHANT_E_UNSUPPORTED);
    if (st != ORTHANT_OK) continue;
    EXPECT_TRUE(U.intact() && values.intact() && V.intact());
    if (kind == ORTHANT_DENSE) first.set(values);
    EXPECT_LE(difference(values, first), 1e2 * (rows + cols) * eps<T>);
  }
}

TYPED_TEST(SupportTable, SymmetricNmfAndItsNetOfEveryKind) {
  using T = TypeParam;
  constexpr int32_t n = 21;
  const EveryKind<T> data = data_of<T>(n, n, 0.5, 41, true);
  // As above; NEWTON solves with n x n matrices whose condition is that of their least eigenvalue.
  const double tolerance = 1e3 * n * eps<T>;
  const auto each_kind = [&](auto begin, auto go) {
    Matrix<T> U0(n, rank), U1(n, rank);
    Random random(42);
    U0.fill_uniform(random);
    for (const int32_t kind : kinds) {
      SCOPED_TRACE(kind_names[kind]);
      Matrix<T> U(n, rank);
      U.set(U0);
      const auto X = data.view(kind);
      const orthant_status wanted = is_whole(kind) ? ORTHANT_OK : ORTHANT_E_UNSUPPORTED;
      EXPECT_EQ(begin(X, U), wanted);
      EXPECT_EQ(go(X, U), wanted);
      if (wanted != ORTHANT_OK) continue;
      EXPECT_TRUE(U.intact());
      ASSERT_TRUE(all_finite(U));
      if (kind == ORTHANT_DENSE) U1.set(U);
      EXPECT_LE(difference(U, U1), tolerance);
    }
  };
  for (int32_t start = 0; start <= ORTHANT_SYMNMF_START_SPECTRAL; ++start) {
    for (int32_t method = 0; method <= ORTHANT_SYMNMF_PGD; ++method) {
      SCOPED_TRACE("method " + std::to_string(method) + ", start " + std::to_string(start));
      orthant_symnmf_config c{};
      c.size = sizeof c;
      c.n = n, c.rank = rank, c.method = method, c.start = start, c.max_iter = iterations, c.seed = 6;
      Placed<typename Api<T>::Symnmf> s(Api<T>::symnmf_size, Api<T>::symnmf_init, c);
      orthant_report r = empty_report();
      each_kind([&](const auto &X, auto &U) { return Api<T>::symnmf_start(s.get(), &X, U.data(), U.ld()); },
                [&](const auto &X, auto &U) { return Api<T>::symnmf_run(s.get(), &X, U.data(), U.ld(), &r); });
    }
    SCOPED_TRACE("net, start " + std::to_string(start));
    orthant_symnet_config c{};
    c.size = sizeof c;
    c.n = n, c.rank = rank, c.start = start, c.layers = 3, c.max_iter = iterations, c.seed = 6;
    Placed<typename Api<T>::Symnet> s(Api<T>::symnet_size, Api<T>::symnet_init, c);
    orthant_report r = empty_report();
    each_kind([&](const auto &X, auto &U) { return Api<T>::symnet_start(s.get(), &X, U.data(), U.ld()); },
              [&](const auto &X, auto &U) { return Api<T>::symnet_run(s.get(), &X, U.data(), U.ld(), &r); });
  }
}

TYPED_TEST(SupportTable, GraphOfEveryKind) {
  using T = TypeParam;
  const EveryKind<T> data = data_of<T>(rows, cols, 0.5, 51);
  for (int32_t kind_of_graph = 0; kind_of_graph <= ORTHANT_GRAPH_BINARY; ++kind_of_graph) {
    orthant_graph_config c{};
    c.size = sizeof c;
    c.features = rows, c.samples = cols, c.kind = kind_of_graph;
    size_t bytes = 0;
    ASSERT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_OK);
    constexpr int32_t capacity = cols * cols;
    Matrix<T> first(cols, cols, 0);
    for (const int32_t kind : kinds) {
      SCOPED_TRACE("graph " + std::to_string(kind_of_graph) + ", " + kind_names[kind]);
      Arena memory(bytes, 5);
      Matrix<T> values(capacity, 1), X(cols, cols, 0);
      std::vector<int32_t> starts(cols + 1), indices(capacity);
      const auto M = data.view(kind);
      const orthant_status st = Api<T>::graph_run(&c, memory.data(), bytes, &M, starts.data(), indices.data(),
                                                  values.data(), capacity);
      const bool supported = kind == ORTHANT_DENSE || kind == ORTHANT_CSC;
      EXPECT_EQ(st, supported ? ORTHANT_OK : ORTHANT_E_UNSUPPORTED);
      EXPECT_TRUE(memory.intact() && values.intact());
      if (st != ORTHANT_OK) continue;
      ASSERT_EQ(Api<T>::graph_dense(cols, starts.data(), indices.data(), values.data(), X.data(), X.ld()), ORTHANT_OK);
      if (kind == ORTHANT_DENSE) first.set(X);
      EXPECT_LE(difference(X, first), 1e2 * (rows + cols) * eps<T>);
    }
  }
}

// Unmixing knows its kind from the config: what it does not take is refused before there is a handle; and any handle
// refuses data of another kind than its own.
TYPED_TEST(SupportTable, UnmixingOfEveryKind) {
  using T = TypeParam;
  const EveryKind<T> data = data_of<T>(rows, cols, 0.2, 61);
  Matrix<T> E(rows, rank);
  Random random(62);
  E.fill_uniform(random);
  for (int32_t method = 0; method <= ORTHANT_UNMIX_CLIP; ++method)
    for (const int32_t sum_to_one : {0, 1}) {
      Matrix<T> first(rank, cols);
      for (const int32_t kind : kinds) {
        SCOPED_TRACE("method " + std::to_string(method) + ", sum " + std::to_string(sum_to_one) + ", " +
                     kind_names[kind]);
        orthant_unmix_config c{};
        c.size = sizeof c;
        c.bands = rows, c.endmembers = rank, c.method = method, c.sum_to_one = sum_to_one, c.data = kind;
        size_t bytes = 0;
        typename Api<T>::Unmix *handle = nullptr;
        const bool sums = method == 0 || method == ORTHANT_UNMIX_ACTIVE_SET || method >= ORTHANT_UNMIX_UNCONSTRAINED;
        const bool taken = kind != ORTHANT_CSC && kind != ORTHANT_CSR;
        const orthant_status wanted = !taken ? ORTHANT_E_ARG : sum_to_one && !sums ? ORTHANT_E_UNSUPPORTED : ORTHANT_OK;
        EXPECT_EQ(Api<T>::unmix_size(&c, &bytes), wanted);
        if (wanted != ORTHANT_OK) bytes = 1 << 16;
        Arena memory(bytes, 5);
        ASSERT_EQ(Api<T>::unmix_init(&c, E.data(), E.ld(), memory.data(), bytes, &handle), wanted);
        if (wanted != ORTHANT_OK) continue;
        Matrix<T> A(rank, cols);
        orthant_report r = empty_report();
        for (const int32_t other : kinds) {
          const auto Y = data.view(other);
          EXPECT_EQ(Api<T>::unmix_run(handle, &Y, A.data(), A.ld(), &r), other == kind ? ORTHANT_OK : ORTHANT_E_ARG);
        }
        EXPECT_TRUE(memory.intact() && A.intact());
        if (kind == ORTHANT_DENSE) first.set(A);
        // The iterative methods stop at their tolerance, 1e-6 or 1e-12, wherever that is reached.
        const double stopped = sizeof(T) == 4 ? 1e-6 : 1e-12;
        EXPECT_LE(difference(A, first), 1e2 * (rows * eps<T> + stopped));
      }
    }
}

// These are dense by their headers, and say E_ARG of all else.
TYPED_TEST(SupportTable, WhatIsDenseAloneRefusesOtherKinds) {
  using T = TypeParam;
  const EveryKind<T> data = data_of<T>(rows, cols, 0.2, 71);
  Matrix<T> W(rows, rank), H(rank, cols);
  for (const int32_t kind : kinds) {
    SCOPED_TRACE(kind_names[kind]);
    const auto V = data.view(kind);
    const orthant_status wanted = kind == ORTHANT_DENSE ? ORTHANT_OK : ORTHANT_E_ARG;
    for (int32_t method = ORTHANT_ENDMEMBERS_VCA; method <= ORTHANT_ENDMEMBERS_NFINDR; ++method) {
      orthant_endmembers_config c{};
      c.size = sizeof c;
      c.bands = rows, c.pixels = cols, c.endmembers = rank, c.method = method;
      Placed<typename Api<T>::Endmembers> s(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
      std::vector<int32_t> pixel(rank);
      EXPECT_EQ(Api<T>::endmembers_run(s.get(), &V, nullptr, 0, W.data(), W.ld(), pixel.data()), wanted);
    }
    for (const int32_t factors : {ORTHANT_NALMU_ONE, ORTHANT_NALMU_BOTH}) {
      orthant_nalmu_config c{};
      c.size = sizeof c;
      c.bands = rows, c.pixels = cols, c.endmembers = rank, c.layers = 2, c.factors = factors;
      Placed<typename Api<T>::Nalmu> s(Api<T>::nalmu_size, Api<T>::nalmu_init, c);
      W.fill(1);
      orthant_report r = empty_report();
      EXPECT_EQ(Api<T>::nalmu_run(s.get(), &V, W.data(), W.ld(), H.data(), H.ld(), &r), wanted);
    }
    orthant_factormer_train_config t{};
    t.size = sizeof t;
    t.max_rows = rows, t.max_cols = cols, t.rank = rank, t.width = 8, t.heads = 2, t.layers = 1, t.hidden = 8;
    Placed<typename Api<T>::FactormerTrain> train(Api<T>::factormer_train_size, Api<T>::factormer_train_init, t);
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::factormer_train_step(train.get(), 1, &V, 0, &r), wanted);
  }
  EXPECT_TRUE(W.intact() && H.intact());
}

}  // namespace
}  // namespace orthant::test
