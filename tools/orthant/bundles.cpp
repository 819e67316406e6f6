#include "bundles.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "api.hpp"

namespace orthant::tool {

namespace {

// Endmembers by VCA, on `draws` random tenths of the pixels one after the other.
template <class T>
std::vector<T> draw_spectra(const T *pixels, int64_t bands, int64_t count, int64_t endmembers, int draws, uint64_t seed,
                            const orthant_parallel *parallel) {
  const auto m = static_cast<size_t>(bands), r = static_cast<size_t>(endmembers);
  const int64_t drawn = std::min(count, std::max<int64_t>(count / 10, 4 * endmembers));
  auto config = sized<orthant_endmembers_config>();
  config.bands = static_cast<int32_t>(bands);
  config.pixels = static_cast<int32_t>(drawn);
  config.endmembers = static_cast<int32_t>(endmembers);
  config.parallel = parallel;
  size_t bytes = 0;
  check_status(Api<T>::endmembers_size(&config, &bytes), "bundles", config);
  const Workspace memory(bytes);
  std::mt19937_64 engine(seed);
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::vector<T> Y(m * static_cast<size_t>(drawn)), E(m * r), spectra;
  std::vector<int32_t> index(r);
  for (int k = 0; k < draws; ++k) {
    for (size_t i = 0; i < static_cast<size_t>(drawn); ++i) {  // without replacement
      std::swap(order[i], order[i + static_cast<size_t>(engine() % (order.size() - i))]);
      std::copy_n(pixels + order[i] * bands, bands, Y.begin() + static_cast<std::ptrdiff_t>(i * m));
    }
    config.seed = engine();
    typename Api<T>::Endmembers *handle = nullptr;
    check_status(Api<T>::endmembers_init(&config, memory.data(), bytes, &handle), "bundles");
    const auto data = matrix(Y.data(), bands, drawn);
    const orthant_status status =
        Api<T>::endmembers_run(handle, &data, nullptr, 0, E.data(), config.bands, index.data());
    if (status == ORTHANT_E_DATA) {
      throw InputError(
          cat("a tenth of the pixels has fewer than ", endmembers, " independent ones; ask for fewer with -p"));
    }
    check_status(status, "bundles");
    for (T e : E) spectra.push_back(std::max(T(0), e));  // VCA gives projected pixels, which noise makes negative
  }
  return spectra;
}

// Groups and their means, from those of the first draw on.
template <class T>
void assign_groups(Bundles<T> &b, int draws) {
  const auto m = static_cast<size_t>(b.bands), r = static_cast<size_t>(b.endmembers), length = m * r;
  auto scores = sized<orthant_scores_config>();
  scores.bands = static_cast<int32_t>(b.bands);
  scores.endmembers = static_cast<int32_t>(b.endmembers);
  size_t bytes = 0;
  check_status(Api<T>::scores_size(&scores, &bytes), "bundles", scores);
  const Workspace memory(bytes);
  b.group.assign(static_cast<size_t>(draws) * r, 0);
  b.mean.assign(b.spectra.begin(), b.spectra.begin() + static_cast<std::ptrdiff_t>(length));
  std::vector<int32_t> match(r);
  for (int round = 0; round < 20; ++round) {
    const std::vector<int32_t> before = b.group;
    std::vector<T> mean(length);
    for (int k = 0; k < draws; ++k) {
      const T *spectra = b.spectra.data() + length * static_cast<size_t>(k);
      auto out = sized<orthant_scores>();
      check_status(Api<T>::scores_run(&scores, memory.data(), bytes, spectra, scores.bands, b.mean.data(), scores.bands,
                                      nullptr, 0, nullptr, 0, match.data(), nullptr, &out),
                   "bundles");
      for (size_t g = 0; g < r; ++g) {
        const auto j = static_cast<size_t>(match[g]);  // the draw's spectrum that belongs to group g
        b.group[static_cast<size_t>(k) * r + j] = static_cast<int32_t>(g);
        for (size_t i = 0; i < m; ++i) mean[g * m + i] += spectra[j * m + i] / static_cast<T>(draws);
      }
    }
    b.mean = mean;
    if (round > 0 && b.group == before) break;
  }
}

}  // namespace

template <class T>
Bundles<T> make_bundles(const T *pixels, int64_t bands, int64_t count, int64_t endmembers, int draws, uint64_t seed,
                        const orthant_parallel *parallel) {
  Bundles<T> b;
  b.bands = bands;
  b.endmembers = endmembers;
  b.spectra = draw_spectra(pixels, bands, count, endmembers, draws, seed, parallel);
  assign_groups(b, draws);
  return b;
}

template Bundles<float> make_bundles(const float *, int64_t, int64_t, int64_t, int, uint64_t, const orthant_parallel *);
template Bundles<double> make_bundles(const double *, int64_t, int64_t, int64_t, int, uint64_t,
                                      const orthant_parallel *);

}  // namespace orthant::tool
