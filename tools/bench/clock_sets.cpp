#include "clock_sets.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace orthant::tool {
namespace {

using Engine = std::mt19937_64;

// The same on every machine, unlike the distributions of the standard library.
double uniform(Engine &engine) { return static_cast<double>(engine() >> 11) * 0x1p-53; }
double normal(Engine &engine) {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(engine)));
  return radius * std::cos(6.283185307179586 * uniform(engine));
}
int below(Engine &engine, int n) { return static_cast<int>(uniform(engine) * n); }

// Loudness of a note in each frame: onsets now and then, each decays.
std::vector<double> onsets(int frames, Engine &engine) {
  std::vector<double> loud(static_cast<size_t>(frames));
  const double rate = 0.01 + 0.03 * uniform(engine), decay = 0.85 + 0.13 * uniform(engine);
  double now = 0;
  for (double &l : loud) {
    if (uniform(engine) < rate) now += 0.3 + uniform(engine);
    l = now;
    now *= decay;
  }
  loud[static_cast<size_t>(below(engine, frames))] += 0.5;  // no note is silent
  return loud;
}

}  // namespace

orthant_matrix_f32 ClockMatrix::view() const {
  if (sparse()) {
    return ORTHANT_SPARSE_F32(ORTHANT_CSC, values.data(), starts.data(), indices.data(), rows, cols);
  }
  return ORTHANT_DENSE_F32(values.data(), rows, cols, rows);
}

ClockMatrix harmonic_sounds(int frequencies, int frames, int notes, uint64_t seed) {
  Engine engine(seed * 1000003 + 1);
  const size_t m = static_cast<size_t>(frequencies), n = static_cast<size_t>(frames);
  std::vector<double> real(m * n), imaginary(m * n);
  for (int k = 0; k < notes; ++k) {
    const double pitch = (frequencies / 60.0) * std::exp2(3 * uniform(engine)), dull = 0.5 + 1.5 * uniform(engine);
    const std::vector<double> loud = onsets(frames, engine);
    for (int h = 1; h * pitch < frequencies; ++h) {
      const double phase = 6.283185307179586 * uniform(engine), turn = 6.283185307179586 * uniform(engine);
      const int first = std::max(0, static_cast<int>(h * pitch) - 4), last = std::min(frequencies - 1, first + 9);
      for (int i = first; i <= last; ++i) {
        const double off = (i - h * pitch) / 1.2, size = std::pow(h, -dull) * std::exp(-off * off);
        for (size_t j = 0; j < n; ++j) {
          const double angle = phase + turn * static_cast<double>(j);
          real[static_cast<size_t>(i) + m * j] += size * loud[j] * std::cos(angle);
          imaginary[static_cast<size_t>(i) + m * j] += size * loud[j] * std::sin(angle);
        }
      }
    }
  }
  ClockMatrix V{frequencies, frames, std::vector<float>(m * n), {}, {}};
  for (size_t at = 0; at < m * n; ++at) {
    const double x = real[at] + 0.003 * normal(engine), y = imaginary[at] + 0.003 * normal(engine);
    V.values[at] = static_cast<float>(std::sqrt(x * x + y * y));
  }
  return V;
}

ClockMatrix gene_modules(int genes, int samples, int modules, uint64_t seed) {
  Engine engine(seed * 1000003 + 2);
  const size_t m = static_cast<size_t>(genes), n = static_cast<size_t>(samples);
  std::vector<double> raised(static_cast<size_t>(modules) * n);  // log of what a module does to a sample
  for (int k = 0; k < modules; ++k) {
    for (size_t j = 0; j < n; ++j) {
      const bool active = static_cast<int>(j) % modules == k || uniform(engine) < 0.2;
      raised[static_cast<size_t>(k) + static_cast<size_t>(modules) * j] = active ? 1 + 0.3 * normal(engine) : 0;
    }
  }
  ClockMatrix V{genes, samples, std::vector<float>(m * n), {}, {}};
  for (size_t i = 0; i < m; ++i) {
    const double level = 1.7 * normal(engine), answer = 0.5 + uniform(engine);
    const size_t module = static_cast<size_t>(below(engine, 2 * modules));  // half of the genes are in none
    for (size_t j = 0; j < n; ++j) {
      const bool in = module < static_cast<size_t>(modules);
      const double by_module = in ? answer * raised[module + static_cast<size_t>(modules) * j] : 0;
      V.values[i + m * j] = static_cast<float>(std::exp(level + by_module + 0.35 * normal(engine)));
    }
  }
  return V;
}

ClockMatrix tf_idf(int words, int documents, std::vector<int32_t> starts, std::vector<int32_t> indices,
                   std::vector<float> counts) {
  std::vector<int> holders(static_cast<size_t>(words)), row(static_cast<size_t>(words), -1);
  for (const int32_t i : indices) ++holders[static_cast<size_t>(i)];
  ClockMatrix V{0, documents, {}, {0}, {}};
  for (size_t i = 0; i < holders.size(); ++i) {
    if (holders[i] > 1) row[i] = V.rows++;
  }
  for (size_t j = 0; j < static_cast<size_t>(documents); ++j) {
    double squares = 0;
    const size_t first = V.values.size();
    for (int32_t t = starts[j]; t < starts[j + 1]; ++t) {
      const size_t word = static_cast<size_t>(indices[static_cast<size_t>(t)]);
      if (row[word] < 0) continue;
      const double rare = std::log(static_cast<double>(documents) / holders[word]) + 1;
      const double value = counts[static_cast<size_t>(t)] * rare;
      V.indices.push_back(row[word]);
      V.values.push_back(static_cast<float>(value));
      squares += value * value;
    }
    for (size_t t = first; t < V.values.size(); ++t) V.values[t] /= static_cast<float>(std::sqrt(squares));
    V.starts.push_back(static_cast<int32_t>(V.values.size()));
  }
  return V;
}

ClockMatrix zipf_topics(int words, int documents, int topics, uint64_t seed) {
  Engine engine(seed * 1000003 + 3);
  const size_t m = static_cast<size_t>(words);
  // Of each topic the running sums of its words' weights: Zipf's, each topic with words of its own before.
  std::vector<std::vector<double>> sums(static_cast<size_t>(topics), std::vector<double>(m));
  for (std::vector<double> &topic : sums) {
    double sum = 0;
    for (size_t i = 0; i < m; ++i) {
      const double own = uniform(engine) < 0.05 ? 20 : 1;
      topic[i] = sum += own / (10 + static_cast<double>(i));
    }
  }
  std::vector<int32_t> starts{0}, indices;
  std::vector<float> counts;
  for (int j = 0; j < documents; ++j) {
    const int main = below(engine, topics), second = below(engine, topics);
    const int length = static_cast<int>(std::exp(4 + 0.6 * normal(engine))) + 5;
    std::map<int32_t, float> document;
    for (int t = 0; t < length; ++t) {
      const std::vector<double> &topic = sums[static_cast<size_t>(uniform(engine) < 0.75 ? main : second)];
      const auto word = std::lower_bound(topic.begin(), topic.end(), uniform(engine) * topic.back());
      document[static_cast<int32_t>(word - topic.begin())] += 1;
    }
    for (const auto &[word, count] : document) {
      indices.push_back(word);
      counts.push_back(count);
    }
    starts.push_back(static_cast<int32_t>(indices.size()));
  }
  return tf_idf(words, documents, starts, indices, counts);
}

}  // namespace orthant::tool
