// Matrices of the kinds that people factor, made from a seed: what `orthant-bench clock` judges defaults on besides its
// low-rank matrices and the files of images.
#pragma once
#include <vector>

#include "orthant.h"

namespace orthant::tool {

// Dense, or by columns where `starts` is not empty.
struct ClockMatrix {
  int rows = 0, cols = 0;
  std::vector<float> values;
  std::vector<int32_t> starts, indices;

  bool sparse() const { return !starts.empty(); }
  orthant_matrix_f32 view() const;
};

// Magnitudes of a short-time spectrum: `notes` harmonic sounds, each with onsets that decay, whose partials interfere,
// over a noise floor.  Rows are frequencies.
ClockMatrix harmonic_sounds(int frequencies, int frames, int notes, uint64_t seed);
// Expression of genes in samples of a few classes: log-normal levels, modules of genes that a class raises, log-normal
// errors.
ClockMatrix gene_modules(int genes, int samples, int modules, uint64_t seed);
// Words of documents from a few topics over a vocabulary by Zipf's law, as tf-idf with columns of length one; sparse.
ClockMatrix zipf_topics(int words, int documents, int topics, uint64_t seed);
// tf-idf of counts by columns (words x documents): of the first words that occur twice, columns of length one.
ClockMatrix tf_idf(int words, int documents, std::vector<int32_t> starts, std::vector<int32_t> indices,
                   std::vector<float> counts);

}  // namespace orthant::tool
