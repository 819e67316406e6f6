// The C++ handles: results, moves, and misuse, which is an exception or does not compile.
#include <cmath>
#include <cstdio>
#include <string>
#include <type_traits>
#include <vector>

#include "orthant/experimental.hpp"
#include "orthant/orthant.hpp"

namespace {

int failures = 0;
void expect(bool good, const char *what) {
  if (good) return;
  std::printf("FAILED: %s\n", what);
  ++failures;
}
template <class Call>
void refused(orthant_status status, const char *what, Call call, const std::string &words = {}) {
  try {
    call();
  } catch (const orthant::Error &e) {
    if (std::string(e.what()).find(words) == std::string::npos) std::printf("said: %s\n", e.what());
    return expect(e.status == status && std::string(e.what()).find(words) != std::string::npos, what);
  }
  expect(false, what);
}

void in_words() {
  orthant_nmf_config c{};
  c.rows = 2, c.cols = 3, c.rank = 1;
  orthant::Nmf<float> nmf(c);
  std::vector<float> W, H;
  refused(ORTHANT_E_DATA, "a negative entry is named", [&] { nmf.factor({1, 1, 1, -2, 1, 1}, W, H); },
          "entry (1, 1), counted from 0, is -2, which is negative");
  c.rank = -4;
  refused(ORTHANT_E_ARG, "a field is named", [&] { orthant::Nmf<float> bad(c); },
          "rank is -4; it must be from 1 to 32768");
}

// A handle in a copied buffer would point into the old one; a const model cannot be taken from under its users.
static_assert(!std::is_copy_constructible_v<orthant::Nmf<float>> && std::is_move_constructible_v<orthant::Nmf<float>>);
static_assert(!std::is_copy_constructible_v<orthant::Unmixer<float>>);
static_assert(!std::is_copy_constructible_v<orthant::Model>);
static_assert(!std::is_constructible_v<orthant::Unmixer<float>, orthant_unmix_config, std::vector<double>>);

std::vector<unsigned char> model_blob() {
  orthant_nalmu_train_config c{};
  c.size = sizeof c, c.bands = 20, c.endmembers = 3, c.columns = 4, c.layers = 2, c.factors = ORTHANT_NALMU_ONE;
  size_t bytes = 0;
  orthant::require(orthant_nalmu_train_size_f32(&c, &bytes), "size");
  std::vector<unsigned char> memory(bytes);
  orthant_nalmu_train_f32 *train = nullptr;
  orthant::require(orthant_nalmu_train_init_f32(&c, nullptr, 0, memory.data(), bytes, &train), "init");
  orthant::require(orthant_nalmu_train_save_f32(train, 0, nullptr, 0, &bytes), "save");
  std::vector<unsigned char> blob(bytes);
  orthant::require(orthant_nalmu_train_save_f32(train, 0, blob.data(), bytes, &bytes), "save");
  return blob;
}

template <class T>
void all() {
  orthant_scene_config s{};
  s.size = sizeof s, s.bands = 20, s.lines = 5, s.samples = 6, s.endmembers = 3, s.snr_db = -1;
  std::vector<T> wavelength(20), E(60), truth(90), Y(600);
  orthant::require(
      orthant::Experimental<T>::scene_run(&s, wavelength.data(), E.data(), 20, truth.data(), 3, Y.data(), 20), "scene");

  orthant_unmix_config u{};
  u.bands = 20, u.endmembers = 3, u.sum_to_one = 1;
  orthant::Unmixer<T> first(u, E);
  orthant::Unmixer<T> unmixer(std::move(first));
  const auto near = [&](const std::vector<T> &A) {
    for (size_t i = 0; i < A.size(); ++i)
      if (!(std::fabs(A[i] - truth[i]) < T(1e-3))) return false;
    return A.size() == truth.size();
  };
  expect(near(unmixer.abundances(Y)), "unmixing");
  auto with_nan = Y;
  with_nan[4 * 20 + 7] = T(NAN);
  const auto whole = unmixer.abundances(Y), lost = unmixer.abundances(with_nan);
  for (size_t i = 0; i < lost.size(); ++i)
    expect(i / 3 == 4 ? std::isnan(lost[i]) : std::fabs(lost[i] - whole[i]) < T(1e-5),
           "a pixel without a number is NaN, and no other changes");
  refused(ORTHANT_E_DATA, "no pixel is left", [&] { unmixer.abundances(std::vector<T>(40, T(NAN))); });
  auto model = std::make_shared<const orthant::Model>(model_blob().data(), model_blob().size());
  model->verify();
  orthant::Unmixer<T> proposed(u, E, model);
  model.reset();  // the unmixer has its share
  expect(near(proposed.abundances(Y)), "unmixing with a model");
  refused(ORTHANT_E_ARG, "endmembers of another shape", [&] { orthant::Unmixer<T>(u, std::vector<T>(59)); });
  refused(ORTHANT_E_ARG, "half a pixel", [&] { unmixer.abundances(std::vector<T>(30)); });
  refused(ORTHANT_E_BLOB, "no model", [&] { orthant::Model(Y.data(), 200); });

  orthant_dimension_config d{};
  d.bands = 20;
  const auto counted = orthant::Dimension<T>(d).count(Y);
  expect(counted.count == 3 && counted.power[2] > counted.limit[2] && counted.noise.size() == 20, "three endmembers");
  orthant_library_config l{};
  l.bands = 20, l.spectra = 3, l.sum_to_one = 1;
  std::vector<T> deviations;
  expect(near(orthant::LibraryUnmixer<T>(l, E, std::vector<T>(20, T(1e-4))).abundances(Y, &deviations)), "library");
  expect(deviations.size() == truth.size(), "deviations");
  refused(ORTHANT_E_ARG, "variances of another length", [&] { orthant::LibraryUnmixer<T>(l, E, {T(1)}); });
  orthant_mesma_config m{};
  m.bands = 20, m.spectra = m.classes = 3, m.sum_to_one = 1, m.gain = -1;
  expect(near(orthant::Mesma<T>(m, E, {0, 1, 2}).models(Y).fractions), "mesma");
  refused(ORTHANT_E_ARG, "classes of another length", [&] { orthant::Mesma<T>(m, E, {0, 1}); });
  orthant_bootstrap_config b{};
  b.bands = 20, b.spectra = b.classes = 3, b.sum_to_one = 1, b.draws = 3;
  expect(near(orthant::Bootstrap<T>(b, E, {0, 1, 2}).fractions(Y, deviations)) && deviations[4] < T(1e-3), "bootstrap");

  orthant_nmf_config c{};
  c.rows = 20, c.cols = 30, c.rank = 3, c.max_iter = 10, c.tol = -1, c.method = ORTHANT_NMF_HALS;
  std::vector<T> W, H;
  orthant::Nmf<T> nmf(c);
  expect(nmf.factor(Y, W, H).iters == 10 && nmf.resume(Y, W, H).iters == 20, "nmf goes on");
  refused(ORTHANT_E_ARG, "another shape", [&] { nmf.factor(E, W, H); });
  refused(ORTHANT_E_ARG, "no rank", [&] { orthant::Nmf<T>(orthant_nmf_config{}); });
  std::vector<T> Ws, Hs;
  orthant::Stream<T> stream(20, 30, [&](int32_t column, int32_t count, T *out) {
    if (Y.empty()) throw std::out_of_range("no columns");
    std::copy_n(Y.begin() + 20 * column, 20 * count, out);
  });
  u.data = c.data = ORTHANT_STREAM;
  orthant::Nmf<T> streamed(c);
  streamed.factor(stream, Ws, Hs);
  nmf.factor(Y, W, H);
  expect(Ws == W && Hs == H, "a stream has the factors of the matrix");
  orthant::Unmixer<T> of_stream(u, E);
  expect(of_stream.abundances(stream) == unmixer.abundances(Y), "and its abundances");
  std::vector<T> gone;
  gone.swap(Y);
  try {
    of_stream.abundances(stream);
    expect(false, "a read that throws ends the call");
  } catch (const std::out_of_range &e) {
    expect(std::string(e.what()) == "no columns", "what it throws arrives");
  }
  gone.swap(Y);
  std::vector<T> bad = Y;
  bad[3] = T(-1);
  refused(ORTHANT_E_DATA, "negative data", [&] { nmf.factor(bad, W, H); });

  orthant_relu_nmd_config r{};
  r.rows = 20, r.cols = 30, r.rank = 3;
  expect(orthant::ReluNmd<T>(r).factor(Y, W, H).rel_error < 0.05, "relu_nmd");
  std::vector<T> X(64), U;
  for (size_t i = 0; i < 64; ++i) X[i] = T(i % 8 / 4 == i / 32);
  orthant_symnmf_config y{};
  y.n = 8, y.rank = 2;
  expect(orthant::SymNmf<T>(y).factor(X, U).rel_error < 0.01, "symnmf");
}

}  // namespace

int main() {
  in_words();
  all<float>();
#ifdef WITH_F64
  all<double>();
#endif
  return failures != 0;
}
