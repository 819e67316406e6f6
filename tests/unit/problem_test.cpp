// Refusals in words.  A config is refused just where orthant_*_config_problem has something to say, which has the name
// of the field that was changed; each list names every byte of its struct, so that no field is forgotten.  Data: the
// first bad entry of each kind of matrix, and what is wrong with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class Config>
using Problem = size_t(const Config *, char *, size_t);

template <class Config>
std::string words(Problem<Config> problem, const Config *c) {
  std::vector<char> text(300, 'x');
  const size_t length = problem(c, text.data(), text.size());
  EXPECT_LT(length, text.size());
  EXPECT_EQ(length, strlen(text.data()));
  return text.data();
}

struct Field {
  const char *name;
  size_t at, size;
  enum { whole, number, other } kind;
  bool free;  // every value is good
};
template <class X>
Field field(const char *name, size_t at, bool free) {
  if (std::is_same_v<X, int32_t>) return {name, at, sizeof(X), Field::whole, free};
  if (std::is_same_v<X, double>) return {name, at, sizeof(X), Field::number, free};
  return {name, at, sizeof(X), Field::other, free};
}
#define FIELD(x) field<decltype(Config::x)>(#x, offsetof(Config, x), false)
#define FREE(x) field<decltype(Config::x)>(#x, offsetof(Config, x), true)

template <class Config>
struct Noun {
  Config base{};
  Problem<Config> *problem;
  orthant_status (*size)(const Config *, size_t *);  // null: the noun has none
  std::vector<Field> fields;
};

template <class Config>
bool refused(const Noun<Config> &noun, const Config &c) {
  size_t bytes = 0;
  return noun.size(&c, &bytes) != ORTHANT_OK;
}

// Whether some value is refused, each in words that name the field.
template <class Config, class X>
bool check_values(const Noun<Config> &noun, const Field &f, const std::vector<X> &values) {
  bool any = false;
  for (const X value : values) {
    Config c = noun.base;
    memcpy(reinterpret_cast<unsigned char *>(&c) + f.at, &value, sizeof value);
    const std::string text = words(noun.problem, &c);
    if (noun.size) EXPECT_EQ(refused(noun, c), !text.empty()) << f.name << " = " << value << ": " << text;
    const bool names = (" " + text).find(std::string(" ") + f.name + " is ") != std::string::npos;
    EXPECT_EQ(names, !text.empty()) << f.name << " = " << value << ": " << text;
    any = any || !text.empty();
  }
  return any;
}

template <class Config>
void check(const Noun<Config> &noun) {
  EXPECT_EQ(words(noun.problem, &noun.base), "");
  EXPECT_EQ(words<Config>(noun.problem, nullptr), "the struct is null");
  if (noun.size) EXPECT_FALSE(refused(noun, noun.base));
  std::vector<bool> named(sizeof(Config), false);
  for (const Field &f : noun.fields) {
    std::fill_n(named.begin() + ptrdiff_t(f.at), f.size, true);
    bool any = false;
    if (f.at == 0)
      any = check_values<Config, uint32_t>(noun, f, {0, 3, 5000});
    else if (f.kind == Field::whole)
      any = check_values<Config, int32_t>(noun, f, {INT32_MIN, -7, 77777, INT32_MAX});
    else if (f.kind == Field::number)
      any = check_values<Config, double>(noun, f, {NAN, HUGE_VAL, -HUGE_VAL, -1, 2});
    else
      continue;
    EXPECT_EQ(any, !f.free) << f.name;
  }
  for (size_t i = 0; i < named.size(); ++i) EXPECT_TRUE(named[i]) << "no field is named at byte " << i;
}
#define NOUN(noun_, size_)                         \
  using Config = orthant_##noun_##_config;         \
  Noun<Config> noun;                               \
  noun.base.size = sizeof(Config);                 \
  noun.problem = orthant_##noun_##_config_problem; \
  noun.size = size_;                               \
  [[maybe_unused]] Config &c = noun.base

TEST(ConfigProblem, OfUnmixing) {
  NOUN(unmix, orthant_unmix_size_f32);
  c.bands = 12, c.endmembers = 3;
  noun.fields = std::vector<Field>{FIELD(size),   FIELD(bands),    FIELD(endmembers), FIELD(sum_to_one),
                                   FIELD(method), FIELD(max_iter), FIELD(data),       FIELD(reserved),
                                   FIELD(tol),    FREE(parallel),  FREE(model)};
  check(noun);
  c.bands = 0;
  EXPECT_EQ(words(noun.problem, &c), "bands is 0; it must be at least 1");
  c.bands = 12, c.sum_to_one = 5;
  EXPECT_EQ(words(noun.problem, &c), "sum_to_one is 5; it must be 0 or 1");
  c.sum_to_one = 0, c.endmembers = 40000;
  EXPECT_EQ(words(noun.problem, &c), "endmembers is 40000; it must be from 1 to 32768");
  c.endmembers = 3, c.data = ORTHANT_CSC;
  EXPECT_EQ(words(noun.problem, &c), "data is 1; it must be 0, 3 or 4");
}

TEST(ConfigProblem, OfNmf) {
  NOUN(nmf, orthant_nmf_size_f32);
  c.rows = 20, c.cols = 30, c.rank = 3;
  noun.fields = std::vector<Field>{
      FIELD(size),    FIELD(rows),     FIELD(cols), FIELD(rank),    FIELD(method),     FIELD(start),
      FREE(max_iter), FIELD(sweeps),   FIELD(loss), FIELD(data),    FIELD(ortho_axis), FIELD(full_step),
      FIELD(fixed_w), FIELD(reserved), FIELD(tol),  FIELD(tol_obj), FIELD(rho),        FIELD(beta),
      FIELD(l1_w),    FIELD(l1_h),     FIELD(l2_w), FIELD(l2_h),    FIELD(ortho_w),    FIELD(ortho_h),
      FIELD(volume),  FIELD(delta),    FIELD(tau),  FIELD(anneal),  FIELD(zero_tol),   FIELD(min_step),
      FREE(seed),     FREE(progress),  FREE(user),  FREE(parallel), FREE(model),       FREE(schedule),
      FREE(reduce)};
  check(noun);
  c.tau = 1;
  EXPECT_EQ(words(noun.problem, &c), "tau is 1; it must be finite, at least 0, below 1");
  c.tau = 0, c.l1_w = -2.5e-7;
  EXPECT_EQ(words(noun.problem, &c), "l1_w is -2.5e-7; it must be finite, at least 0");
  c.l1_w = 0, c.tol = NAN;
  EXPECT_EQ(words(noun.problem, &c), "tol is NaN; it must be finite");
}

TEST(ConfigProblem, OfTheOthers) {
  {
    NOUN(endmembers, orthant_endmembers_size_f32);
    c.bands = 8, c.pixels = 40, c.endmembers = 3;
    noun.fields = std::vector<Field>{FIELD(size),   FIELD(bands),    FIELD(pixels),     FIELD(endmembers),
                                     FIELD(method), FIELD(max_iter), FIELD(projection), FIELD(precise),
                                     FREE(seed),    FREE(parallel),  FIELD(draws),      FIELD(data)};
    check(noun);
  }
  {
    NOUN(scores, orthant_scores_size_f32);
    c.bands = 8, c.pixels = 40, c.endmembers = 3;
    noun.fields = std::vector<Field>{FIELD(size), FIELD(bands), FIELD(endmembers), FIELD(pixels)};
    check(noun);
  }
  {
    NOUN(nalmu, orthant_nalmu_size_f32);
    c.bands = 8, c.pixels = 40, c.endmembers = 3, c.layers = 2;
    noun.fields = std::vector<Field>{FIELD(size),    FIELD(bands), FIELD(pixels),   FIELD(endmembers), FIELD(layers),
                                     FIELD(factors), FIELD(given), FIELD(reserved), FREE(model),       FREE(parallel)};
    check(noun);
  }
  {
    NOUN(qp, orthant_qp_size_f32);
    c.n = 9;
    noun.fields = std::vector<Field>{FIELD(size),     FIELD(n),       FIELD(rule), FREE(max_iter), FIELD(full_step),
                                     FIELD(reserved), FIELD(tol),     FIELD(tau),  FIELD(anneal),  FIELD(zero_tol),
                                     FIELD(min_step), FREE(progress), FREE(user),  FREE(parallel)};
    check(noun);
  }
  {
    NOUN(relu_nmd, orthant_relu_nmd_size_f32);
    c.rows = 20, c.cols = 30, c.rank = 3;
    noun.fields = std::vector<Field>{FIELD(size),    FIELD(rows),    FIELD(cols),    FIELD(rank),    FIELD(method),
                                     FIELD(start),   FIELD(z_start), FREE(max_iter), FIELD(history), FIELD(svd_steps),
                                     FIELD(tol),     FIELD(tol_obj), FIELD(alpha),   FIELD(beta),    FIELD(lambda),
                                     FIELD(svd_tol), FREE(seed),     FREE(progress), FREE(user),     FREE(parallel)};
    check(noun);
  }
  {
    NOUN(tsvd, orthant_tsvd_size_f32);
    c.rows = 20, c.cols = 30, c.rank = 3;
    noun.fields = std::vector<Field>{FIELD(size), FIELD(rows), FIELD(cols), FIELD(rank),   FIELD(max_iter),
                                     FIELD(warm), FIELD(tol),  FREE(seed),  FREE(parallel)};
    check(noun);
  }
}

TEST(ConfigProblem, OfLibraries) {
  {
    NOUN(dimension, orthant_dimension_size_f32);
    c.bands = 9;
    noun.fields = std::vector<Field>{FIELD(size),     FIELD(bands),       FIELD(method),
                                     FIELD(reserved), FIELD(false_alarm), FREE(parallel)};
    check(noun);
  }
  {
    NOUN(library, orthant_library_size_f32);
    c.bands = 9, c.spectra = 12;
    noun.fields = std::vector<Field>{FIELD(size),     FIELD(bands),    FIELD(spectra), FIELD(sum_to_one),
                                     FIELD(max_iter), FIELD(reserved), FIELD(l1),      FREE(parallel)};
    check(noun);
  }
  {
    NOUN(mesma, orthant_mesma_size_f32);
    c.bands = 9, c.spectra = 12, c.classes = 4;
    noun.fields =
        std::vector<Field>{FIELD(size),     FIELD(bands),      FIELD(spectra),   FIELD(classes), FIELD(least),
                           FIELD(most),     FIELD(sum_to_one), FIELD(normalize), FIELD(slack),   FIELD(max_shade),
                           FIELD(max_rmse), FIELD(gain),       FREE(parallel)};
    check(noun);
    c.most = 2, c.least = 3;
    EXPECT_EQ(words(noun.problem, &c), "least is 3; it must be from 0 to 2");
  }
  NOUN(bootstrap, orthant_bootstrap_size_f32);
  c.bands = 9, c.spectra = 12, c.classes = 4;
  noun.fields = std::vector<Field>{FIELD(size),  FIELD(bands), FIELD(spectra),    FIELD(classes),  FIELD(each),
                                   FIELD(draws), FREE(seed),   FIELD(sum_to_one), FIELD(reserved), FREE(parallel)};
  check(noun);
  c.draws = 1;
  EXPECT_EQ(words(noun.problem, &c), "draws is 1; it must be 0 or at least 2");
}

TEST(ConfigProblem, OfGraphsAndSymmetricNmf) {
  {
    NOUN(graph, orthant_graph_size_f32);
    c.features = 4, c.samples = 40;
    noun.fields =
        std::vector<Field>{FIELD(size),     FIELD(features),     FIELD(samples),  FIELD(kind),   FIELD(neighbours),
                           FIELD(scale_at), FIELD(unnormalised), FIELD(reserved), FREE(parallel)};
    check(noun);
  }
  {
    NOUN(clusters, orthant_clusters_size);
    c.samples = 40, c.clusters = 3, c.classes = 4;
    noun.fields = std::vector<Field>{FIELD(size), FIELD(samples), FIELD(clusters), FIELD(classes)};
    check(noun);
  }
  {
    NOUN(symnmf, orthant_symnmf_size_f32);
    c.n = 18, c.rank = 3;
    noun.fields = std::vector<Field>{FIELD(size),    FIELD(n),       FIELD(rank),    FIELD(method), FIELD(start),
                                     FIELD(penalty), FREE(max_iter), FIELD(bound),   FIELD(lambda), FIELD(tol),
                                     FIELD(tol_obj), FREE(seed),     FREE(progress), FREE(user),    FREE(parallel)};
    check(noun);
  }
  {
    NOUN(symnet, orthant_symnet_size_f32);
    c.n = 18, c.rank = 3;
    noun.fields = std::vector<Field>{FIELD(size),      FIELD(n),       FIELD(rank),  FIELD(layers),
                                     FIELD(epochs),    FREE(max_iter), FIELD(start), FIELD(lambda_bound),
                                     FIELD(last_only), FIELD(l1_all),  FIELD(bound), FIELD(reserved),
                                     FIELD(beta),      FIELD(rate),    FIELD(decay), FIELD(weight_decay),
                                     FIELD(l1),        FIELD(lambda),  FIELD(leak),  FIELD(leak_until),
                                     FREE(seed),       FREE(progress), FREE(user),   FREE(parallel)};
    check(noun);
  }
}

TEST(ConfigProblem, OfTraining) {
  {
    NOUN(nalmu_train, orthant_nalmu_train_size_f32);
    c.bands = 5, c.endmembers = 2, c.columns = 6, c.layers = 3, c.spread_h = ORTHANT_SPREAD_NETWORK, c.lines = 1;
    noun.fields = std::vector<Field>{
        FIELD(size),   FIELD(bands),      FIELD(endmembers),   FIELD(columns),  FIELD(layers),     FIELD(factors),
        FIELD(order),  FIELD(tied),       FIELD(spread_w),     FIELD(spread_h), FIELD(positivity), FIELD(nu),
        FIELD(loss_w), FIELD(loss_h),     FIELD(keep),         FIELD(lines),    FIELD(kernel),     FIELD(divergence),
        FIELD(beta),   FIELD(low_w),      FIELD(high_w),       FIELD(low_h),    FIELD(high_h),     FIELD(start_h),
        FIELD(rate),   FIELD(rate_decay), FIELD(weight_decay), FIELD(beta1),    FIELD(beta2),      FIELD(epsilon),
        FREE(seed),    FREE(parallel)};
    check(noun);
  }
  {
    NOUN(factormer_train, orthant_factormer_train_size_f32);
    c.max_rows = 9, c.max_cols = 8;
    noun.fields = std::vector<Field>{FIELD(size),        FIELD(max_rows),    FIELD(max_cols),     FIELD(rank),
                                     FIELD(width),       FIELD(heads),       FIELD(layers),       FIELD(hidden),
                                     FIELD(residual),    FIELD(separate),    FIELD(wide_scale),   FIELD(last_norm),
                                     FIELD(accelerates), FIELD(unrolled),    FIELD(epoch_steps),  FIELD(epochs),
                                     FIELD(one_cycle),   FREE(warmup),       FIELD(grow_epochs),  FIELD(loss),
                                     FIELD(rate),        FIELD(epoch_decay), FIELD(weight_decay), FIELD(beta1),
                                     FIELD(beta2),       FIELD(epsilon),     FIELD(clip),         FIELD(rho),
                                     FIELD(gamma),       FREE(seed),         FREE(parallel)};
    check(noun);
  }
  {
    NOUN(schedule_train, orthant_schedule_train_size_f32);
    noun.fields = std::vector<Field>{FIELD(size),       FIELD(problems), FIELD(largest), FIELD(population),
                                     FIELD(iterations), FIELD(reserved), FREE(seed),     FREE(parallel)};
    check(noun);
    c.largest = 3;
    EXPECT_EQ(words(noun.problem, &c), "largest is 3; it must be 0 or from 16 to 2000");
  }
  NOUN(adam, nullptr);
  noun.fields = std::vector<Field>{FIELD(size),  FIELD(reserved), FIELD(rate),        FIELD(beta1),
                                   FIELD(beta2), FIELD(epsilon),  FIELD(weight_decay)};
  check(noun);
}

TEST(ConfigProblem, OfSyntheticData) {
  {
    NOUN(scene, nullptr);
    c.bands = 6, c.lines = c.samples = 4, c.endmembers = 2;
    noun.fields = std::vector<Field>{FIELD(size),       FIELD(bands),    FIELD(lines), FIELD(samples),
                                     FIELD(endmembers), FIELD(reserved), FREE(seed),   FIELD(snr_db)};
    check(noun);
  }
  {
    NOUN(factors, nullptr);
    noun.fields = std::vector<Field>{FIELD(size), FIELD(rank), FIELD(set), FIELD(reserved), FIELD(noise), FREE(seed)};
    check(noun);
  }
  NOUN(mixtures, nullptr);
  c.bands = 6, c.endmembers = 3, c.lines = c.samples = 4, c.spectra = 5, c.map_columns = 2;
  c.abundances = ORTHANT_ABUNDANCES_MAPS;
  noun.fields =
      std::vector<Field>{FIELD(size),    FIELD(bands),      FIELD(endmembers), FIELD(lines), FIELD(samples),
                         FIELD(spectra), FIELD(abundances), FIELD(active),     FIELD(unit),  FIELD(map_columns),
                         FIELD(alpha),   FIELD(snr_db),     FIELD(spread),     FREE(seed),   FREE(parallel)};
  check(noun);
}

// What is refused only together with other fields, and by more than one struct.
TEST(ConfigProblem, OfFieldsTogether) {
  NOUN(nmf, orthant_nmf_size_f32);
  c.rows = 20, c.cols = 30, c.rank = 3, c.full_step = 1;
  EXPECT_EQ(words(noun.problem, &c), "full_step is 1: with zero in its place the rest is good");
  c.method = ORTHANT_NMF_AURNMF;
  EXPECT_EQ(words(noun.problem, &c), "");
  c.full_step = 0, c.method = ORTHANT_NMF_CCD;
  EXPECT_EQ(words(noun.problem, &c), "method is 8: with zero in its place the rest is good");
  c.method = ORTHANT_NMF_MINVOL, c.l1_w = 0.5;
  EXPECT_EQ(words(noun.problem, &c),
            "method is 9, l1_w is 0.5: with zero in the place of one of them the rest is good");
  c.method = 0, c.l1_w = 0;
  orthant_parallel threads{};
  threads.size = sizeof threads;
  c.parallel = &threads;
  EXPECT_EQ(words(noun.problem, &c), "parallel: workers is 0; it must be from 1 to 4096");
  threads.workers = 2;
  EXPECT_EQ(words(noun.problem, &c), "parallel: run is null; it must be given");

  orthant_factormer_config f{};
  f.size = sizeof f, f.rows = f.cols = 4;
  EXPECT_EQ(words(orthant_factormer_config_problem, &f), "model is null; it must be given");
  std::vector<size_t> of(4096 / sizeof(size_t), 1);  // a later struct, with something that we do not know
  const uint32_t size = sizeof c + 8;
  memcpy(of.data(), &c, sizeof c);
  memcpy(of.data(), &size, sizeof size);
  EXPECT_EQ(words(noun.problem, reinterpret_cast<const Config *>(of.data())),
            "size is " + std::to_string(size) + "; this library knows " + std::to_string(sizeof c) +
                " bytes of the struct, and what follows must be zero");
}

TEST(ConfigProblem, IsCutWhereTheRoomEnds) {
  orthant_qp_config c{};
  c.size = sizeof c;
  const std::string whole = "n is 0; it must be at least 1";
  for (size_t room = 0; room < whole.size() + 3; ++room) {
    std::vector<char> text(room + 1, 'x');
    EXPECT_EQ(orthant_qp_config_problem(&c, text.data(), room), whole.size());
    EXPECT_EQ(text[room], 'x');
    if (room > 0) EXPECT_EQ(std::string(text.data()), whole.substr(0, room - 1));
  }
  EXPECT_EQ(orthant_qp_config_problem(&c, nullptr, 0), whole.size());
  c.n = 1;
  char text[2] = "x";
  EXPECT_EQ(orthant_qp_config_problem(&c, text, 2), 0u);
  EXPECT_EQ(text[0], '\0');
}

template <class T>
class DataProblem : public testing::Test {
 protected:
  static constexpr int32_t every = ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM;
  static std::string said(const typename Api<T>::Matrix &X, int32_t what) {
    char text[300];
    EXPECT_LT(Api<T>::matrix_problem(&X, what, text, sizeof text), sizeof text);
    return text;
  }
  // 4 x 3 with one other entry, at (2, 1).
  static std::string dense(T bad, int32_t what) {
    Matrix<T> A(4, 3);
    A.each([&](int32_t i, int32_t j) { return i == 2 && j == 1 ? bad : T(1 + i + j); });
    return said(view(A), what);
  }
  static std::string masked(T bad, T weight, int32_t what) {
    Matrix<T> A(4, 3), M(4, 3);
    A.each([&](int32_t i, int32_t j) { return i == 2 && j == 1 ? bad : T(NAN); });
    M.each([&](int32_t i, int32_t j) { return i == 2 && j == 1 ? weight : T(0.5); });
    typename Api<T>::Matrix X = view(A);
    X.kind = ORTHANT_MASKED, X.weights = M.data(), X.ld_weights = M.ld();
    return said(X, what);
  }
  static std::string sparse(int32_t kind, T bad, int32_t what) {
    const int32_t starts[] = {0, 1, 3, 3}, indices[] = {0, 2, 0};  // majors 0 .. 2, of 3 minors
    const T values[] = {T(1), bad, T(3)};
    return said({sizeof(typename Api<T>::Matrix), kind, 3, 3, 0, 0, values, starts, indices, {}, {}, {}}, what);
  }
};
TYPED_TEST_SUITE(DataProblem, Types, TypeNames);

TYPED_TEST(DataProblem, NamesTheFirstBadEntry) {
  using T = TypeParam;
  const std::string there = "entry (2, 1), counted from 0, is ";
  const T huge = std::numeric_limits<T>::max(), infinity = std::numeric_limits<T>::infinity();
  EXPECT_EQ(this->dense(T(7), this->every), "");
  EXPECT_EQ(this->dense(T(NAN), 0), there + "NaN");
  EXPECT_EQ(this->dense(infinity, 0), there + "infinity, which is not finite");
  EXPECT_EQ(this->dense(T(-2.5), ORTHANT_DATA_NOT_NEGATIVE), there + "-2.5, which is negative");
  EXPECT_EQ(this->dense(T(-2.5), 0), "");
  EXPECT_EQ(this->dense(T(0), ORTHANT_DATA_NOT_NEGATIVE), "");
  EXPECT_EQ(this->dense(T(0), ORTHANT_DATA_POSITIVE), there + "0, which is not positive");
  EXPECT_NE(this->dense(huge, 0).find(", which is too large to square"), std::string::npos);
  // Its square is finite, but not 2^20 times that.
  EXPECT_NE(this->dense(T(0.5) * std::sqrt(huge), ORTHANT_DATA_ROOM).find("the largest: the sum of squares overflows"),
            std::string::npos);
  EXPECT_EQ(this->dense(T(0.5) * std::sqrt(huge), 0), "");

  EXPECT_EQ(this->masked(T(1), T(1), this->every), "");
  EXPECT_EQ(this->masked(T(-3), T(1), this->every), there + "-3, which is negative");
  EXPECT_EQ(this->masked(T(-3), T(0), this->every), "");  // missing
  EXPECT_EQ(this->masked(T(1), T(2), this->every), "weight (2, 1), counted from 0, is 2; it must be from 0 to 1");
  EXPECT_EQ(this->masked(T(1), T(NAN), this->every), "weight (2, 1), counted from 0, is NaN; it must be from 0 to 1");

  EXPECT_EQ(this->sparse(ORTHANT_CSC, T(2), this->every), "");
  EXPECT_EQ(this->sparse(ORTHANT_CSC, T(-2), this->every), there + "-2, which is negative");
  EXPECT_EQ(this->sparse(ORTHANT_CSR, T(-2), this->every), "entry (1, 2), counted from 0, is -2, which is negative");
}

TYPED_TEST(DataProblem, NamesWhatIsNotSymmetric) {
  using T = TypeParam;
  Matrix<T> A(3, 3);
  A.each([](int32_t i, int32_t j) { return T(i + j); });
  EXPECT_EQ(this->said(view(A), ORTHANT_DATA_SYMMETRIC), "");
  A(1, 2) += T(eps<T>);  // symmetric to rounding
  EXPECT_EQ(this->said(view(A), ORTHANT_DATA_SYMMETRIC), "");
  A(1, 2) = T(5);
  EXPECT_EQ(this->said(view(A), ORTHANT_DATA_SYMMETRIC),
            "entry (2, 1), counted from 0, is 3, but entry (1, 2) is 5: not symmetric");
  EXPECT_EQ(this->said(view(A), 0), "");
  // An entry at (2, 1), none at (1, 2).
  EXPECT_EQ(this->sparse(ORTHANT_CSC, T(2), ORTHANT_DATA_SYMMETRIC),
            "entry (2, 1), counted from 0, is 2, but entry (1, 2) is 0: not symmetric");
  EXPECT_EQ(this->sparse(ORTHANT_CSR, T(2), ORTHANT_DATA_SYMMETRIC),
            "entry (1, 2), counted from 0, is 2, but entry (2, 1) is 0: not symmetric");
  Matrix<T> wide(2, 3);
  wide.each([](int32_t, int32_t) { return T(1); });
  EXPECT_EQ(this->said(view(wide), ORTHANT_DATA_SYMMETRIC), "the matrix is 2 x 3, and must be square");
}

TYPED_TEST(DataProblem, NamesTheColumnWhoseSquaresVanish) {
  using T = TypeParam;
  Matrix<T> E(3, 2);
  E.each([](int32_t i, int32_t j) { return j == 0 ? T(1 + i) : T(0); });
  EXPECT_EQ(this->said(view(E), ORTHANT_DATA_COLUMNS), "");
  E(1, 1) = std::numeric_limits<T>::min();
  EXPECT_EQ(this->said(view(E), ORTHANT_DATA_COLUMNS), "column 1, counted from 0, has squares whose sum vanishes");
}

TYPED_TEST(DataProblem, NamesTheFieldOfTheMatrix) {
  using T = TypeParam;
  const T values[9] = {};
  typename Api<T>::Matrix X = Api<T>::dense(values, 3, 3, 3);
  X.ld = 2;
  EXPECT_EQ(this->said(X, 0), "ld is 2; it must be at least 3");
  X.rows = 0;
  EXPECT_EQ(this->said(X, 0), "rows is 0; it must be at least 1");
  X = Api<T>::dense(nullptr, 3, 3, 3);
  EXPECT_EQ(this->said(X, 0), "values is null; it must be given");
  X.kind = 9;
  EXPECT_EQ(this->said(X, 0), "kind is 9; it must be from 0 to 4");
  X.kind = ORTHANT_STREAM;
  EXPECT_EQ(this->said(X, 0), "read is null; it must be given");
  X.kind = ORTHANT_CSC;
  EXPECT_EQ(this->said(X, 0), "starts is null; it must be given");
  const int32_t starts[] = {0, 2, 1, 1}, indices[] = {0, 1};
  X.starts = starts, X.indices = indices, X.values = values;
  EXPECT_EQ(this->said(X, 0), "starts must begin with 0 and not fall, and indices lie within the matrix");
}

}  // namespace
}  // namespace orthant::test
