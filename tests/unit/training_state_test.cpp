// States and models of a training belong to the network that made them: every setting of it is compared, and the one
// that differs is named.
#include <gtest/gtest.h>

#include <functional>

#include "model_bytes.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T>
class TrainingState : public testing::Test {};
TYPED_TEST_SUITE(TrainingState, Types, TypeNames);

template <class T>
struct NalmuTraining {
  using Config = orthant_nalmu_train_config;
  using Handle = typename Api<T>::NalmuTrain;
  static constexpr auto save = Api<T>::nalmu_train_save;
  static constexpr auto load = Api<T>::nalmu_train_load;
  static constexpr auto problem = Api<T>::nalmu_train_problem;
  static Config usual() {
    Config c{};
    c.size = sizeof c, c.bands = 5, c.endmembers = 2, c.columns = 6, c.layers = 3;
    c.high_w = 4, c.high_h = 2, c.low_w = c.low_h = 0.01;
    return c;
  }
  static orthant_status size(const Config *c, size_t *bytes) { return Api<T>::nalmu_train_size(c, bytes); }
  static orthant_status init(const Config *c, void *mem, size_t bytes, Handle **out) {
    return Api<T>::nalmu_train_init(c, nullptr, 0, mem, bytes, out);
  }
};

template <class T>
struct FactormerTraining {
  using Config = orthant_factormer_train_config;
  using Handle = typename Api<T>::FactormerTrain;
  static constexpr auto save = Api<T>::factormer_train_save;
  static constexpr auto load = Api<T>::factormer_train_load;
  static constexpr auto problem = Api<T>::factormer_train_problem;
  static Config usual() {
    Config c{};
    c.size = sizeof c, c.max_rows = 8, c.max_cols = 7, c.rank = 2, c.width = 8, c.heads = 2, c.layers = 2, c.hidden = 6;
    return c;
  }
  static orthant_status size(const Config *c, size_t *bytes) { return Api<T>::factormer_train_size(c, bytes); }
  static orthant_status init(const Config *c, void *mem, size_t bytes, Handle **out) {
    return Api<T>::factormer_train_init(c, mem, bytes, out);
  }
};

template <class Training>
struct Trainee {
  std::vector<unsigned char> memory;
  typename Training::Handle *s = nullptr;
  explicit Trainee(const typename Training::Config &c) {
    size_t bytes = 0;
    EXPECT_EQ(Training::size(&c, &bytes), ORTHANT_OK);
    memory.assign(bytes, 0xFF);
    EXPECT_EQ(Training::init(&c, memory.data(), bytes, &s), ORTHANT_OK);
  }
  std::string saved(int32_t state) const {
    size_t bytes = 0;
    EXPECT_EQ(Training::save(s, state, nullptr, 0, &bytes), ORTHANT_OK);
    std::string out(bytes, '\0');
    EXPECT_EQ(Training::save(s, state, &out[0], bytes, &bytes), ORTHANT_OK);
    return out;
  }
};

// What is asked of a trainee with another config: a refusal that names the field, and nothing changed.
template <class Training>
void refuses(const typename Training::Config &made, const typename Training::Config &other, const std::string &field) {
  const Trainee<Training> maker(made);
  for (const int32_t state : {0, 1}) {
    if (state == 0 && field == "positivity") continue;  // a model holds multipliers, whatever they were made from
    const ModelBytes file(maker.saved(state));
    Trainee<Training> loader(other);
    const std::string before = loader.saved(1);
    EXPECT_STREQ(Training::problem(loader.s, file.verified()), field.empty() ? "ok" : field.c_str()) << state;
    EXPECT_EQ(Training::load(loader.s, file.verified()), field.empty() ? ORTHANT_OK : ORTHANT_E_BLOB) << field;
    if (!field.empty()) EXPECT_EQ(loader.saved(1), before) << field;
  }
}

TYPED_TEST(TrainingState, OfNalmuIsOfOneNetwork) {
  using Training = NalmuTraining<TypeParam>;
  using Config = orthant_nalmu_train_config;
  const Config usual = Training::usual();
  const std::pair<const char *, std::function<void(Config &)>> changes[] = {
      {"endmembers", [](Config &c) { c.endmembers = 3; }},
      {"layers", [](Config &c) { c.layers = 4; }},
      {"factors", [](Config &c) { c.factors = ORTHANT_NALMU_ONE; }},
      {"order", [](Config &c) { c.order = 1; }},
      {"tied", [](Config &c) { c.tied = 1; }},
      {"bands", [](Config &c) { c.spread_w = ORTHANT_SPREAD_FULL; }},
      {"columns", [](Config &c) { c.spread_h = ORTHANT_SPREAD_FULL; }},
      {"kernel", [](Config &c) { c.kernel = 5; }},
      {"positivity", [](Config &c) { c.positivity = ORTHANT_POSITIVITY_SOFTPLUS; }},
      {"divergence", [](Config &c) { c.divergence = ORTHANT_LOSS_KL; }},
      {"low_w", [](Config &c) { c.low_w = 0.02; }},
      {"low_h", [](Config &c) { c.low_h = 0; }},
      {"high_w", [](Config &c) { c.high_w = 3; }},
      {"high_h", [](Config &c) { c.high_h = 0; }},
      {"start_h", [](Config &c) { c.start_h = 0.5; }},
      {"", [](Config &c) { c.rate = 0.5, c.nu = ORTHANT_NU_LAST, c.loss_w = ORTHANT_FIT_L2, c.columns = 9; }},
  };
  for (const auto &[field, change] : changes) {
    Config other = usual;
    change(other);
    refuses<Training>(usual, other, field);
  }
}

TYPED_TEST(TrainingState, OfNalmuKeepsItsFirstW) {
  using T = TypeParam;
  using Training = NalmuTraining<T>;
  const auto c = Training::usual();
  const Trainee<Training> from_ones(c);
  const auto with_start = [&](double at) {
    Trainee<Training> t(c);
    std::vector<T> W0(size_t(c.bands * c.endmembers), T(0.5));
    W0[3] = T(at);
    EXPECT_EQ(Api<T>::nalmu_train_init(&c, W0.data(), c.bands, t.memory.data(), t.memory.size(), &t.s), ORTHANT_OK);
    return t;
  };
  const ModelBytes ones(from_ones.saved(1)), given(with_start(0.25).saved(1));
  struct Case { const ModelBytes &file; Trainee<Training> into; bool fits; };
  Case cases[] = {{ones, Trainee<Training>(c), true}, {given, Trainee<Training>(c), false},
                  {ones, with_start(0.25), false}, {given, with_start(0.25), true}, {given, with_start(0.75), false}};
  for (Case &k : cases) {
    EXPECT_STREQ(Training::problem(k.into.s, k.file.verified()), k.fits ? "ok" : "W0");
    EXPECT_EQ(Training::load(k.into.s, k.file.verified()), k.fits ? ORTHANT_OK : ORTHANT_E_BLOB);
  }
}

// A file that was made shorter on the way holds W to a hundredth of its largest number, whichever that is; each number
// is compared, the first too.
TYPED_TEST(TrainingState, OfNalmuComparesEveryNumberOfItsFirstW) {
  using T = TypeParam;
  using Training = NalmuTraining<T>;
  const auto c = Training::usual();
  const auto with_start = [&](size_t which, double at) {
    Trainee<Training> t(c);
    std::vector<T> W0(size_t(c.bands * c.endmembers), T(1));
    W0[which] = T(at);
    EXPECT_EQ(Api<T>::nalmu_train_init(&c, W0.data(), c.bands, t.memory.data(), t.memory.size(), &t.s), ORTHANT_OK);
    return t;
  };
  for (const size_t which : {size_t(0), size_t(4), size_t(9)}) {
    SCOPED_TRACE(which);
    const ModelBytes file(with_start(which, 10.01).saved(0));
    const orthant_model *model = file.verified();
    size_t bytes = 0;
    ASSERT_EQ(orthant_model_convert(model, ORTHANT_ELEMENT_BF16, 0, nullptr, 0, &bytes), ORTHANT_OK);
    std::string shorter(bytes, 0);
    ASSERT_EQ(orthant_model_convert(model, ORTHANT_ELEMENT_BF16, 0, &shorter[0], bytes, &bytes), ORTHANT_OK);
    const ModelBytes rounded(shorter);
    for (const double at : {10.01, 10.06, 10.3}) {
      const Trainee<Training> into = with_start(which, at);
      EXPECT_STREQ(Training::problem(into.s, model), at == 10.01 ? "ok" : "W0") << at;
      EXPECT_STREQ(Training::problem(into.s, rounded.verified()), at < 10.1 ? "ok" : "W0") << at;
    }
  }
}

TYPED_TEST(TrainingState, OfTheFactormerIsOfOneNetwork) {
  using Training = FactormerTraining<TypeParam>;
  using Config = orthant_factormer_train_config;
  const Config usual = Training::usual();
  const std::pair<const char *, std::function<void(Config &)>> changes[] = {
      {"rank", [](Config &c) { c.rank = 3; }},
      {"width", [](Config &c) { c.width = 6; }},
      {"heads", [](Config &c) { c.heads = 4; }},
      {"layers", [](Config &c) { c.layers = 1; }},
      {"layers", [](Config &c) { c.layers = 1, c.separate = 1; }},  // as many parameters
      {"hidden", [](Config &c) { c.hidden = 7; }},
      {"residual", [](Config &c) { c.residual = ORTHANT_RESIDUAL_NORM; }},
      {"separate", [](Config &c) { c.separate = 1; }},
      {"wide_scale", [](Config &c) { c.wide_scale = 1; }},
      {"last_norm", [](Config &c) { c.last_norm = 1; }},
      {"accelerates", [](Config &c) { c.accelerates = 1; }},
      {"", [](Config &c) { c.rate = 0.5, c.epochs = 3, c.max_rows = 20, c.clip = 1; }},
  };
  for (const auto &[field, change] : changes) {
    Config other = usual;
    change(other);
    refuses<Training>(usual, other, field);
  }
  const Trainee<Training> factormer(usual);
  const Trainee<NalmuTraining<TypeParam>> nalmu(NalmuTraining<TypeParam>::usual());
  const ModelBytes file(nalmu.saved(1));
  EXPECT_STREQ(Training::problem(factormer.s, file.verified()), "kind");
  EXPECT_STREQ(Training::problem(factormer.s, nullptr), "null");
}

}  // namespace
}  // namespace orthant::test
