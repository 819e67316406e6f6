// Zero means default in every field of every config: a run with zero gives the bits of a run with the default that the
// header states.  ORTHANT_NONE is none where the header says "< 0: none", and refused elsewhere.  Each list names every
// byte of its struct, so that no field is forgotten.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "typed_api.hpp"

namespace orthant::test {
namespace {

constexpr double computed = HUGE_VAL;  // a default that depends on the data: not compared
enum class None { refused, taken, same };  // what ORTHANT_NONE is; same: the default itself

template <class Config>
using Change = std::function<void(Config &)>;

template <class Config>
struct Number {
  const char *name;
  size_t at, size;
  double by_default;
  None none;
  Change<Config> where;  // makes a config in which the field matters
};

template <class Config>
struct Noun {
  Config base{};
  std::function<std::string(const Config &)> run;  // the bits of its results, or of its refusal
  std::vector<Number<Config>> numbers;
  std::vector<std::pair<size_t, size_t>> others;  // required, switches, seeds, pointers, what has no default
};

template <class Config>
void set(Config &c, const Number<Config> &n, double value) {
  unsigned char *at = reinterpret_cast<unsigned char *>(&c) + n.at;
  const int32_t whole = int32_t(value);
  if (n.size == sizeof whole) memcpy(at, &whole, sizeof whole);
  else memcpy(at, &value, sizeof value);
}

const std::string refused = "refused";

template <class Config>
void check(const Noun<Config> &noun) {
  std::vector<bool> named(sizeof(Config), false);
  const auto name = [&](size_t at, size_t size) { std::fill_n(named.begin() + ptrdiff_t(at), size, true); };
  for (const auto &[at, size] : noun.others) name(at, size);
  for (const Number<Config> &n : noun.numbers) {
    SCOPED_TRACE(n.name);
    name(n.at, n.size);
    Config c = noun.base;
    if (n.where) n.where(c);
    set(c, n, 0);
    const std::string zero = noun.run(c);
    EXPECT_NE(zero, refused);
    if (n.by_default != computed) {
      set(c, n, n.by_default);
      EXPECT_EQ(noun.run(c) == zero, true) << "zero is not " << n.by_default;
    }
    set(c, n, ORTHANT_NONE);
    const std::string none = noun.run(c);
    switch (n.none) {
      case None::refused: EXPECT_EQ(none == refused, true) << "none is taken"; break;
      case None::same: EXPECT_EQ(none == zero, true) << "none is not the default"; break;
      case None::taken:
        EXPECT_NE(none, refused);
        EXPECT_EQ(none == zero, false) << "none is nothing else than the default";
        break;
    }
  }
  for (size_t i = 0; i < named.size(); ++i) EXPECT_TRUE(named[i]) << "no field is named at byte " << i;
}

// Of the struct Config: a number with its default, and what else there is.
#define NUMBER(field, by_default, none, ...) \
  { #field, offsetof(Config, field), sizeof(Config::field), by_default, None::none, Change<Config>(__VA_ARGS__) }
#define OTHER(field) {offsetof(Config, field), sizeof(Config::field)}
#define WHERE(...) [](Config &c) { __VA_ARGS__; }

template <class X>
std::string bytes_of(const X &x) { return std::string(reinterpret_cast<const char *>(&x), sizeof x); }

// A handle of this config in memory of its own; null where it is refused.
template <class Handle, class Size, class Init, class Config>
struct Held {
  std::vector<unsigned char> memory;
  Handle *s = nullptr;
  Held(Size size, Init init, const Config &c) {
    size_t bytes = 0;
    if (size(&c, &bytes) != ORTHANT_OK) return;
    memory.assign(bytes, 0xFF);
    EXPECT_EQ(init(&c, memory.data(), bytes, &s), ORTHANT_OK);
  }
};
template <class Handle, class Size, class Init, class Config>
Held<Handle, Size, Init, Config> hold(Size size, Init init, const Config &c) {
  return Held<Handle, Size, Init, Config>(size, init, c);
}

// Nonnegative numbers of rank 3 and some noise.
template <class T>
Matrix<T> data(int32_t rows, int32_t cols, double noise = 0.1) {
  Random random(5);
  Matrix<T> A(rows, 3), B(3, cols), V(rows, cols);
  A.fill_uniform(random);
  B.fill_uniform(random);
  const Matrix<double> AB = A * B;
  return V.each([&](int32_t i, int32_t j) { return AB(i, j) + noise * uniform(random); });
}

template <class T>
class Defaults : public testing::Test {};
TYPED_TEST_SUITE(Defaults, Types, TypeNames);

TYPED_TEST(Defaults, OfUnmixing) {
  using T = TypeParam;
  using Config = orthant_unmix_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.bands = 12, noun.base.endmembers = 3;
  const Matrix<T> E = data<T>(12, 3), Y = data<T>(12, 9);
  noun.run = [&](const Config &c) {
    size_t bytes = 0;
    typename Api<T>::Unmix *s = nullptr;
    if (Api<T>::unmix_size(&c, &bytes) != ORTHANT_OK) return refused;
    std::vector<unsigned char> memory(bytes);
    EXPECT_EQ(Api<T>::unmix_init(&c, E.data(), E.ld(), memory.data(), bytes, &s), ORTHANT_OK);
    Matrix<T> A(3, 9);
    orthant_report r = empty_report();
    const auto image = view(Y);
    EXPECT_EQ(Api<T>::unmix_run(s, &image, A.data(), A.ld(), &r), ORTHANT_OK);
    return A.bits() + bytes_of(r);
  };
  noun.numbers = {
      NUMBER(method, ORTHANT_UNMIX_ACTIVE_SET, refused),
      NUMBER(max_iter, 90, refused),
      NUMBER(max_iter, 1000, refused, WHERE(c.method = ORTHANT_UNMIX_HALS, c.tol = -1)),
      NUMBER(tol, sizeof(T) == 4 ? 1e-6 : 1e-12, taken, WHERE(c.method = ORTHANT_UNMIX_FAST_PG)),
  };
  noun.others = {OTHER(size), OTHER(bands), OTHER(endmembers), OTHER(sum_to_one), OTHER(data), OTHER(reserved),
                 OTHER(parallel), OTHER(model)};
  check(noun);
}

TYPED_TEST(Defaults, OfNmf) {
  using T = TypeParam;
  using Config = orthant_nmf_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.rows = 20, noun.base.cols = 20, noun.base.rank = 3;
  const Matrix<T> V = data<T>(20, 20);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Nmf>(Api<T>::nmf_size, Api<T>::nmf_init, c);
    if (!held.s) return refused;
    Matrix<T> W = data<T>(20, 3), H = data<T>(3, 20);  // of START_GIVEN
    W(0, 0) = T(1e-13);
    orthant_report r = empty_report();
    const auto matrix = view(V);
    EXPECT_EQ(Api<T>::nmf_start(held.s, &matrix, W.data(), W.ld(), H.data(), H.ld()), ORTHANT_OK);
    EXPECT_EQ(Api<T>::nmf_run(held.s, &matrix, W.data(), W.ld(), H.data(), H.ld(), &r), ORTHANT_OK);
    return W.bits() + H.bits() + bytes_of(r);
  };
  const auto aurnmf = WHERE(c.method = ORTHANT_NMF_AURNMF, c.tol = -1, c.max_iter = 40);
  const auto minvol = WHERE(c.method = ORTHANT_NMF_MINVOL, c.max_iter = 20);
  noun.numbers = {
      NUMBER(method, ORTHANT_NMF_CCD, refused, WHERE(c.loss = ORTHANT_LOSS_KL, c.max_iter = 20)),
      NUMBER(method, ORTHANT_NMF_MU, refused, WHERE(c.loss = ORTHANT_LOSS_IS, c.max_iter = 20)),
      NUMBER(start, ORTHANT_START_COLS, refused),
      NUMBER(start, ORTHANT_START_SPA, refused, minvol),
      NUMBER(max_iter, 500, taken, WHERE(c.method = ORTHANT_NMF_MU, c.tol = -1)),
      NUMBER(max_iter, 1000, taken, WHERE(c.method = ORTHANT_NMF_MURNMF, c.tol = -1, c.min_step = -1)),
      NUMBER(sweeps, 1, refused, WHERE(c.method = ORTHANT_NMF_HALS)),
      NUMBER(sweeps, 10, refused, WHERE(c.method = ORTHANT_NMF_AOADMM)),
      NUMBER(sweeps, 10, refused, minvol),
      NUMBER(loss, ORTHANT_LOSS_FROBENIUS, refused),
      NUMBER(ortho_axis, ORTHANT_ORTHO_COMPONENTS, refused, WHERE(c.ortho_h = 0.1)),
      NUMBER(ortho_axis, ORTHANT_ORTHO_OBSERVATIONS, refused, WHERE(c.method = ORTHANT_NMF_MURNMF, c.ortho_h = 0.1)),
      NUMBER(tol, 1e-4, taken),
      NUMBER(tol_obj, ORTHANT_NONE, same),
      NUMBER(rho, computed, refused, WHERE(c.method = ORTHANT_NMF_AOADMM)),
      NUMBER(l1_w, 0, refused), NUMBER(l1_h, 0, refused), NUMBER(l2_w, 0, refused), NUMBER(l2_h, 0, refused),
      NUMBER(ortho_w, 0, refused), NUMBER(ortho_h, 0, refused),
      NUMBER(volume, 0.1, taken, minvol),
      NUMBER(delta, 0.1, refused, minvol),
      NUMBER(tau, 0.1, refused, aurnmf),
      NUMBER(anneal, 0.01, taken, aurnmf),
      NUMBER(zero_tol, 1e-12, taken,
             WHERE(c.method = ORTHANT_NMF_AURNMF, c.start = ORTHANT_START_GIVEN, c.max_iter = 1)),
      NUMBER(min_step, 1e-9, taken, WHERE(c.method = ORTHANT_NMF_MURNMF, c.tol = -1, c.l1_w = c.l1_h = 50)),
  };
  noun.others = {OTHER(size), OTHER(rows), OTHER(cols), OTHER(rank), OTHER(data), OTHER(full_step), OTHER(fixed_w),
                 OTHER(reserved), OTHER(beta), OTHER(seed), OTHER(progress), OTHER(user), OTHER(parallel), OTHER(model),
                 OTHER(schedule), OTHER(reduce)};
  check(noun);
}

TYPED_TEST(Defaults, OfEndmembers) {
  using T = TypeParam;
  using Config = orthant_endmembers_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.bands = 8, noun.base.pixels = 40, noun.base.endmembers = 3;
  const Matrix<T> Y = data<T>(8, 40);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Endmembers>(Api<T>::endmembers_size, Api<T>::endmembers_init, c);
    if (!held.s) return refused;
    Matrix<T> E(8, 3);
    int32_t pixel[3];
    const auto image = view(Y);
    EXPECT_EQ(Api<T>::endmembers_run(held.s, &image, nullptr, 0, E.data(), E.ld(), pixel), ORTHANT_OK);
    return E.bits() + bytes_of(pixel);
  };
  noun.numbers = {
      NUMBER(method, ORTHANT_ENDMEMBERS_VCA, refused),
      NUMBER(max_iter, 9, refused, WHERE(c.method = ORTHANT_ENDMEMBERS_NFINDR)),
      NUMBER(projection, ORTHANT_PROJECTION_PROJECTIVE, refused),
      NUMBER(draws, 1, refused),
  };
  noun.others = {OTHER(size), OTHER(bands), OTHER(pixels), OTHER(endmembers), OTHER(precise), OTHER(data),
                 OTHER(seed), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfGraphs) {
  using T = TypeParam;
  using Config = orthant_graph_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.features = 4, noun.base.samples = 40;
  const Matrix<T> M = data<T>(4, 40);
  noun.run = [&](const Config &c) {
    int32_t capacity = 0;
    size_t bytes = 0;
    if (orthant_graph_capacity(&c, &capacity) != ORTHANT_OK) return refused;
    EXPECT_EQ(Api<T>::graph_size(&c, &bytes), ORTHANT_OK);
    std::vector<unsigned char> memory(bytes);
    std::vector<int32_t> starts(41), indices(size_t(capacity), 0);
    std::vector<T> values(size_t(capacity), T(0));
    const auto samples = view(M);
    EXPECT_EQ(Api<T>::graph_run(&c, memory.data(), bytes, &samples, starts.data(), indices.data(), values.data(),
                                capacity),
              ORTHANT_OK);
    std::string bits(reinterpret_cast<const char *>(starts.data()), starts.size() * sizeof(int32_t));
    bits.append(reinterpret_cast<const char *>(indices.data()), indices.size() * sizeof(int32_t));
    return bits.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  };
  noun.numbers = {
      NUMBER(kind, ORTHANT_GRAPH_GAUSSIAN, refused),
      NUMBER(neighbours, 6, refused),
      NUMBER(scale_at, 7, refused),
  };
  noun.others = {OTHER(size), OTHER(features), OTHER(samples), OTHER(unnormalised), OTHER(reserved), OTHER(parallel)};
  check(noun);
}

template <class T>
Matrix<T> symmetric(int32_t n) {
  const Matrix<T> A = data<T>(n, n);
  return Matrix<T>(n, n).each([&](int32_t i, int32_t j) { return A(std::min(i, j), std::max(i, j)); });
}

TYPED_TEST(Defaults, OfSymmetricNmf) {
  using T = TypeParam;
  using Config = orthant_symnmf_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.n = 18, noun.base.rank = 3;
  const Matrix<T> X = symmetric<T>(18);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Symnmf>(Api<T>::symnmf_size, Api<T>::symnmf_init, c);
    if (!held.s) return refused;
    Matrix<T> U(18, 3);
    orthant_report r = empty_report();
    const auto matrix = view(X);
    EXPECT_EQ(Api<T>::symnmf_start(held.s, &matrix, U.data(), U.ld()), ORTHANT_OK);
    EXPECT_EQ(Api<T>::symnmf_run(held.s, &matrix, U.data(), U.ld(), &r), ORTHANT_OK);
    return U.bits() + bytes_of(r);
  };
  noun.numbers = {
      NUMBER(method, ORTHANT_SYMNMF_HALS, refused),
      NUMBER(start, ORTHANT_SYMNMF_START_SCALED, refused),
      NUMBER(penalty, ORTHANT_PENALTY_PRACTICAL, refused),
      NUMBER(max_iter, 500, taken, WHERE(c.tol = -1)),
      NUMBER(lambda, computed, refused),
      NUMBER(tol, 1e-5, taken, WHERE(c.method = ORTHANT_SYMNMF_PGD, c.max_iter = 5000)),
      NUMBER(tol_obj, ORTHANT_NONE, same),
  };
  noun.others = {OTHER(size), OTHER(n), OTHER(rank), OTHER(bound), OTHER(seed), OTHER(progress), OTHER(user),
                 OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfSymNmfNet) {
  using T = TypeParam;
  using Config = orthant_symnet_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.n = 12, noun.base.rank = 2, noun.base.epochs = 6;
  const Matrix<T> X = symmetric<T>(12);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Symnet>(Api<T>::symnet_size, Api<T>::symnet_init, c);
    if (!held.s) return refused;
    Matrix<T> U(12, 2);
    orthant_report r = empty_report();
    const auto matrix = view(X);
    EXPECT_EQ(Api<T>::symnet_start(held.s, &matrix, U.data(), U.ld()), ORTHANT_OK);
    EXPECT_EQ(Api<T>::symnet_run(held.s, &matrix, U.data(), U.ld(), &r), ORTHANT_OK);
    return U.bits() + bytes_of(r);
  };
  noun.numbers = {
      NUMBER(layers, 10, refused),
      NUMBER(epochs, 400, refused, WHERE(c.max_iter = 5)),
      NUMBER(max_iter, 6, taken),
      NUMBER(start, ORTHANT_SYMNMF_START_SPECTRAL, refused),
      NUMBER(lambda_bound, ORTHANT_SYMNET_SUFFICIENT, refused),
      NUMBER(beta, computed, taken),
      NUMBER(rate, 0.1, refused),
      NUMBER(decay, 0.1, refused),
      NUMBER(weight_decay, ORTHANT_NONE, same),
      NUMBER(l1, 0, refused),
      NUMBER(lambda, computed, refused),
      NUMBER(leak, 1, taken, WHERE(c.rate = 2)),
      NUMBER(leak_until, 0.9, refused),
  };
  noun.others = {OTHER(size), OTHER(n), OTHER(rank), OTHER(last_only), OTHER(l1_all), OTHER(bound), OTHER(reserved),
                 OTHER(seed), OTHER(progress), OTHER(user), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfReluDecomposition) {
  using T = TypeParam;
  using Config = orthant_relu_nmd_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.rows = 20, noun.base.cols = 24, noun.base.rank = 3;
  const Matrix<T> full = data<T>(20, 24, 0.5);
  const Matrix<T> M = Matrix<T>(20, 24).each([&](int32_t i, int32_t j) { return std::max(full(i, j) - T(0.9), T(0)); });
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::ReluNmd>(Api<T>::relu_nmd_size, Api<T>::relu_nmd_init, c);
    if (!held.s) return refused;
    Matrix<T> U(20, c.rank), V(c.rank, 24);
    orthant_report r = empty_report();
    const auto matrix = view(M);
    EXPECT_EQ(Api<T>::relu_nmd_start(held.s, &matrix, U.data(), U.ld(), V.data(), V.ld()), ORTHANT_OK);
    EXPECT_EQ(Api<T>::relu_nmd_run(held.s, &matrix, U.data(), U.ld(), V.data(), V.ld(), &r), ORTHANT_OK);
    return U.bits() + V.bits() + bytes_of(r);
  };
  const auto tm = WHERE(c.method = ORTHANT_RELU_NMD_TM, c.max_iter = 10);
  const auto three_blocks = WHERE(c.method = ORTHANT_RELU_NMD_3B, c.max_iter = 10);
  const auto anmd = WHERE(c.method = ORTHANT_RELU_NMD_ANMD, c.max_iter = 10);
  const auto anaive = WHERE(c.method = ORTHANT_RELU_NMD_ANAIVE, c.max_iter = 10);
  const auto aem = WHERE(c.method = ORTHANT_RELU_NMD_AEM, c.max_iter = 10);
  noun.numbers = {
      NUMBER(method, computed, refused),  // the default is two of them
      NUMBER(start, ORTHANT_RELU_START_TSVD, refused),
      NUMBER(z_start, ORTHANT_RELU_Z_DATA, refused, tm),
      NUMBER(max_iter, 1000, taken, WHERE(c.tol = c.tol_obj = -1)),
      NUMBER(history, 5, refused, WHERE(c.method = ORTHANT_RELU_NMD_QN, c.max_iter = 30)),
      NUMBER(svd_steps, 10, refused, anaive),
      NUMBER(tol, 1e-4, taken, WHERE(c.rank = 20, c.tol_obj = -1, c.max_iter = 40)),
      NUMBER(tol_obj, 1e-5, taken, WHERE(c.tol = -1, c.max_iter = 2000)),
      NUMBER(alpha, 0.95, taken, tm), NUMBER(alpha, 0.7, taken, three_blocks), NUMBER(alpha, 0.9, taken, anmd),
      NUMBER(alpha, 0.7, taken, anaive), NUMBER(alpha, 0.6, taken, aem),
      NUMBER(beta, 0.95, refused, tm),
      NUMBER(lambda, 1e-4, taken, tm),
      NUMBER(svd_tol, 1e-4, taken, anaive),
  };
  noun.others = {OTHER(size), OTHER(rows), OTHER(cols), OTHER(rank), OTHER(seed), OTHER(progress), OTHER(user),
                 OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfTruncatedSvd) {
  using T = TypeParam;
  using Config = orthant_tsvd_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.rows = 40, noun.base.cols = 30, noun.base.rank = 3;
  const Matrix<T> X = data<T>(40, 30);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Tsvd>(Api<T>::tsvd_size, Api<T>::tsvd_init, c);
    if (!held.s) return refused;
    Matrix<T> U(40, 3), s(3, 1), V(30, 3);
    orthant_report r = empty_report();
    const auto matrix = view(X);
    EXPECT_EQ(Api<T>::tsvd_run(held.s, &matrix, U.data(), U.ld(), s.data(), V.data(), V.ld(), &r), ORTHANT_OK);
    return U.bits() + s.bits() + V.bits() + bytes_of(r);
  };
  noun.numbers = {
      NUMBER(max_iter, 100, refused, WHERE(c.tol = -1)),
      NUMBER(tol, sizeof(T) == 4 ? 1e-6 : 1e-12, taken),
  };
  noun.others = {OTHER(size), OTHER(rows), OTHER(cols), OTHER(rank), OTHER(warm), OTHER(seed), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfQuadraticPrograms) {
  using T = TypeParam;
  using Config = orthant_qp_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.n = 8;
  const Matrix<T> A = data<T>(12, 8);
  const Matrix<T> G(transposed(A) * A);
  std::vector<T> d(8);
  for (int32_t i = 0; i < 8; ++i) d[size_t(i)] = i % 3 == 0 ? T(0.5) : T(-1);
  noun.run = [&](const Config &c) {
    const auto held = hold<typename Api<T>::Qp>(Api<T>::qp_size, Api<T>::qp_init, c);
    if (!held.s) return refused;
    std::vector<T> x(8, T(1));
    orthant_report r = empty_report();
    EXPECT_EQ(Api<T>::qp_run(held.s, G.data(), G.ld(), d.data(), x.data(), &r), ORTHANT_OK);
    return std::string(reinterpret_cast<const char *>(x.data()), 8 * sizeof(T)) + bytes_of(r);
  };
  noun.numbers = {
      NUMBER(rule, ORTHANT_QP_LEE_SEUNG, refused),
      NUMBER(max_iter, 1000, taken, WHERE(c.min_step = -1)),
      NUMBER(tol, ORTHANT_NONE, same),
      NUMBER(tau, 0.5, refused),
      NUMBER(anneal, 0.25, taken),
      NUMBER(zero_tol, 1e-9, taken, WHERE(c.max_iter = 45, c.min_step = c.anneal = -1)),
      NUMBER(min_step, 1e-9, taken),
  };
  noun.others = {OTHER(size), OTHER(n), OTHER(full_step), OTHER(reserved), OTHER(progress), OTHER(user),
                 OTHER(parallel)};
  check(noun);
}

// ---- orthant/experimental.h

TYPED_TEST(Defaults, OfSyntheticData) {
  using T = TypeParam;
  {
    using Config = orthant_scene_config;
    Noun<Config> noun;
    noun.base.size = sizeof(Config), noun.base.bands = 6, noun.base.lines = noun.base.samples = 4;
    noun.base.endmembers = 2;
    noun.run = [](const Config &c) {
      Matrix<T> wavelength(6, 1), E(6, 2), A(2, 16), Y(6, 16);
      const orthant_status st = Api<T>::scene_run(&c, wavelength.data(), E.data(), E.ld(), A.data(), A.ld(), Y.data(),
                                                  Y.ld());
      return st == ORTHANT_OK ? E.bits() + A.bits() + Y.bits() : refused;
    };
    noun.numbers = {NUMBER(snr_db, 30, taken)};
    noun.others = {OTHER(size), OTHER(bands), OTHER(lines), OTHER(samples), OTHER(endmembers), OTHER(reserved),
                   OTHER(seed)};
    check(noun);
  }
  {
    using Config = orthant_factors_config;
    Noun<Config> noun;
    noun.base.size = sizeof(Config);
    noun.run = [](const Config &c) {
      int32_t rows = 0, cols = 0;
      std::vector<T> V(100 * 100);
      const orthant_status st = Api<T>::factors_run(&c, 3, &rows, &cols, V.data(), V.size());
      return st == ORTHANT_OK ? std::string(reinterpret_cast<const char *>(V.data()), V.size() * sizeof(T)) : refused;
    };
    noun.numbers = {NUMBER(rank, 10, refused), NUMBER(set, ORTHANT_FACTORS_TRAINING, refused),
                    NUMBER(noise, 0.01, taken)};
    noun.others = {OTHER(size), OTHER(reserved), OTHER(seed)};
    check(noun);
  }
  using Config = orthant_mixtures_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.bands = 6, noun.base.endmembers = 3, noun.base.lines = 4;
  noun.base.samples = 4, noun.base.spectra = 5;
  const Matrix<T> S = data<T>(6, 5);
  noun.run = [&](const Config &c) {
    std::vector<T> Y(6 * 16), W(6 * 3), H(3 * 16);
    const orthant_status st = Api<T>::mixtures_run(&c, 1, 1, S.data(), S.ld(), nullptr, nullptr, Y.data(), W.data(),
                                                   H.data());
    return st == ORTHANT_OK ? std::string(reinterpret_cast<const char *>(Y.data()), Y.size() * sizeof(T)) : refused;
  };
  noun.numbers = {
      NUMBER(abundances, ORTHANT_ABUNDANCES_DIRICHLET, refused),
      NUMBER(active, 3, refused),
      NUMBER(alpha, 1, refused),
      NUMBER(snr_db, 30, taken),
      NUMBER(spread, ORTHANT_NONE, same),
  };
  noun.others = {OTHER(size), OTHER(bands), OTHER(endmembers), OTHER(lines), OTHER(samples), OTHER(spectra),
                 OTHER(unit), OTHER(map_columns), OTHER(seed), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfTheTrainingOfNalmu) {
  using T = TypeParam;
  using Config = orthant_nalmu_train_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.bands = 5, noun.base.endmembers = 2, noun.base.columns = 6;
  noun.base.layers = 3;
  std::vector<T> Y(30), W(10), H(12);
  Random random(3);
  for (std::vector<T> *x : {&Y, &W, &H})
    for (T &value : *x) value = T(0.1 + uniform(random));
  noun.run = [&](const Config &c) {
    size_t bytes = 0;
    typename Api<T>::NalmuTrain *s = nullptr;
    if (Api<T>::nalmu_train_size(&c, &bytes) != ORTHANT_OK) return refused;
    std::vector<unsigned char> memory(bytes);
    EXPECT_EQ(Api<T>::nalmu_train_init(&c, nullptr, 0, memory.data(), bytes, &s), ORTHANT_OK);
    orthant_report r = empty_report();
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(Api<T>::nalmu_train_step(s, 1, Y.data(), W.data(), H.data(), 1, &r), ORTHANT_OK);
    EXPECT_EQ(Api<T>::nalmu_train_save(s, 1, nullptr, 0, &bytes), ORTHANT_OK);
    std::string out(bytes, '\0');
    EXPECT_EQ(Api<T>::nalmu_train_save(s, 1, &out[0], bytes, &bytes), ORTHANT_OK);
    return out + bytes_of(r);
  };
  const auto network = WHERE(c.spread_h = ORTHANT_SPREAD_NETWORK);
  noun.numbers = {
      NUMBER(factors, ORTHANT_NALMU_BOTH, refused),
      NUMBER(spread_w, ORTHANT_SPREAD_COMPONENT, refused),
      NUMBER(spread_h, ORTHANT_SPREAD_COMPONENT, refused),
      NUMBER(positivity, ORTHANT_POSITIVITY_EXP, refused),
      NUMBER(nu, ORTHANT_NU_LINEAR, refused),
      NUMBER(loss_w, ORTHANT_FIT_NMSE, taken),
      NUMBER(loss_h, ORTHANT_FIT_NMSE, taken),
      NUMBER(keep, 3, refused),
      NUMBER(lines, 1, refused, network),
      NUMBER(kernel, 3, refused, network),
      NUMBER(divergence, ORTHANT_LOSS_FROBENIUS, refused),
      NUMBER(low_w, ORTHANT_NONE, same), NUMBER(high_w, ORTHANT_NONE, same), NUMBER(low_h, ORTHANT_NONE, same),
      NUMBER(high_h, ORTHANT_NONE, same),
      NUMBER(start_h, 1, refused),
      NUMBER(rate, 1e-2, refused),
      NUMBER(rate_decay, 1, refused),
      NUMBER(weight_decay, ORTHANT_NONE, same),
      NUMBER(beta1, 0.9, refused), NUMBER(beta2, 0.999, refused), NUMBER(epsilon, 1e-8, refused),
  };
  noun.others = {OTHER(size), OTHER(bands), OTHER(endmembers), OTHER(columns), OTHER(layers), OTHER(order), OTHER(tied),
                 OTHER(beta), OTHER(seed), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfTheTrainingOfTheFactormer) {
  using T = TypeParam;
  using Config = orthant_factormer_train_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config), noun.base.max_rows = 9, noun.base.max_cols = 8, noun.base.rank = 2;
  noun.base.width = 8, noun.base.heads = 2, noun.base.layers = 1, noun.base.hidden = 6, noun.base.epoch_steps = 2;
  noun.base.rate = 1e-2;
  const Matrix<T> V = data<T>(9, 8);
  noun.run = [&](const Config &c) {
    const auto held =
        hold<typename Api<T>::FactormerTrain>(Api<T>::factormer_train_size, Api<T>::factormer_train_init, c);
    if (!held.s) return refused;
    orthant_report r = empty_report();
    const auto matrix = view(V);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(Api<T>::factormer_train_step(held.s, 1, &matrix, 1, &r), ORTHANT_OK);
    size_t bytes = 0;
    EXPECT_EQ(Api<T>::factormer_train_save(held.s, 1, nullptr, 0, &bytes), ORTHANT_OK);
    std::string out(bytes, '\0');
    EXPECT_EQ(Api<T>::factormer_train_save(held.s, 1, &out[0], bytes, &bytes), ORTHANT_OK);
    return out + bytes_of(r);
  };
  const auto accelerates = WHERE(c.accelerates = 1);
  noun.numbers = {
      NUMBER(rank, 10, refused, WHERE(c.max_rows = c.max_cols = 12)),
      NUMBER(width, 100, refused, WHERE(c.heads = 4)),
      NUMBER(heads, 4, refused),
      NUMBER(layers, 4, refused),
      NUMBER(hidden, 16, refused),
      NUMBER(residual, ORTHANT_RESIDUAL_INPUT, refused),
      NUMBER(unrolled, 2, refused), NUMBER(unrolled, 5, refused, WHERE(c.accelerates = 1, c.grow_epochs = 1)),
      NUMBER(epoch_steps, 15000, refused), NUMBER(epochs, 15, refused, WHERE(c.one_cycle = 1)),
      NUMBER(warmup, ORTHANT_NONE, same, WHERE(c.one_cycle = 1)),
      NUMBER(grow_epochs, 2, refused, accelerates),
      NUMBER(rate, 1e-4, refused), NUMBER(rate, 1e-5, refused, accelerates),
      NUMBER(epoch_decay, 0.9, refused),
      NUMBER(weight_decay, 0.01, taken),
      NUMBER(beta1, 0.9, refused), NUMBER(beta2, 0.999, refused), NUMBER(epsilon, 1e-8, refused),
      NUMBER(clip, ORTHANT_NONE, same),
      NUMBER(rho, 1, refused),
      NUMBER(loss, ORTHANT_FACTORMER_LOG_RMSE, refused),
      NUMBER(gamma, 0.2, refused, WHERE(c.accelerates = 1, c.grow_epochs = 1)),
  };
  noun.others = {OTHER(size), OTHER(max_rows), OTHER(max_cols), OTHER(separate), OTHER(wide_scale), OTHER(last_norm),
                 OTHER(accelerates), OTHER(one_cycle), OTHER(seed), OTHER(parallel)};
  check(noun);
}

TYPED_TEST(Defaults, OfAdam) {
  using T = TypeParam;
  using Config = orthant_adam_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config);
  noun.run = [](const Config &c) {
    T x = T(0.5), m = T(0), v = T(0);
    for (int64_t step = 1; step <= 5; ++step) {
      const T g = T(0.1 * double(step) - 0.2);
      if (Api<T>::adam_step(&c, step, 1, &g, &x, &m, &v) != ORTHANT_OK) return refused;
    }
    return bytes_of(x) + bytes_of(m) + bytes_of(v);
  };
  noun.numbers = {NUMBER(rate, 1e-3, refused), NUMBER(beta1, 0.9, refused), NUMBER(beta2, 0.999, refused),
                  NUMBER(epsilon, 1e-8, refused), NUMBER(weight_decay, ORTHANT_NONE, same)};
  noun.others = {OTHER(size), OTHER(reserved)};
  check(noun);
}

// The size tells the numbers apart; a run is long.
TYPED_TEST(Defaults, OfTheTrainingOfASchedule) {
  using T = TypeParam;
  using Config = orthant_schedule_train_config;
  Noun<Config> noun;
  noun.base.size = sizeof(Config);
  noun.run = [](const Config &c) {
    size_t bytes = 0;
    return Api<T>::schedule_train_size(&c, &bytes) == ORTHANT_OK ? bytes_of(bytes) : refused;
  };
  noun.numbers = {NUMBER(problems, 48, refused), NUMBER(largest, 200, refused), NUMBER(population, 16, refused),
                  NUMBER(iterations, 60, refused)};
  noun.others = {OTHER(size), OTHER(reserved), OTHER(seed), OTHER(parallel)};
  check(noun);
}

}  // namespace
}  // namespace orthant::test
