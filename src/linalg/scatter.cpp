#include "scatter.hpp"

namespace orthant {
namespace {

constexpr int32_t most_blocks = 64;
constexpr int32_t worth_a_block = 4096;  // entries: with the factors of low rank a task of ten microseconds
// Borders cost a byte each and a look at every line.  So many always pay; at most a line has half an entry in each
// block, and the table is a quarter of a sparse matrix in single precision.
constexpr int32_t always_blocks = 4, of_an_entry = 2;
constexpr int32_t sampled_lines = 512, sampled_entries = 64;  // of a line
constexpr int32_t exact = 255;  // entries of a line that a byte counts

// The places of a line are counted in units of 2^shift entries.
inline int32_t shift_of(int32_t entries) { return entries <= exact ? 0 : 24 - __builtin_clz(unsigned(entries)); }

// The first of index[from .. to), ascending, that is not below `least`, or `to`.
int32_t first_not_below(const int32_t *index, int32_t from, int32_t to, int32_t least) {
  while (from < to) {
    const int32_t middle = from + (to - from) / 2;
    if (index[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from;
}

}  // namespace

void ScatterTable::layout(Carver &carve, int32_t lines, int32_t length, int32_t workers) {
  most_ = min_of(min_of(workers, most_blocks), length);
  const bool needed = most_ > 1;
  borders_ = carve.take<int32_t>(needed ? size_t(most_) + 1 : 0);
  block_of_ = carve.take<int32_t>(needed ? size_t(length) : 0);
  places_ = carve.take<uint8_t>(needed ? size_t(most_) - 1 : 0, size_t(lines));
}

void ScatterTable::make(const Parallel &par, const SparseLines &V, int32_t groups) {
  const int32_t entries = V.entries(), wanted = min_of(ceil_div(par.workers, groups), most_);
  const int64_t paid = V.count > 0 ? int64_t(of_an_entry) * entries / V.count : 0;
  const int32_t most = min_of(entries / worth_a_block / groups, int32_t(max_of(int64_t(always_blocks), paid)));
  blocks_ = max_of(1, min_of(wanted, most));
  ordered_ = true;
  if (blocks_ == 1) return;
  choose_borders(V);
  constexpr int32_t parts = 64, unit = 64;  // workers write to cache lines of their own
  bool good[parts];
  const int32_t width = ceil_div(ceil_div(V.count, parts), unit) * unit, tasks = ceil_div(V.count, width);
  parallel_for(par, tasks, [&](int32_t task, int32_t) {
    good[task] = fill_places(V, at_most(width, task * width, V.count));
  });
  for (int32_t task = 0; task < tasks; ++task) ordered_ = ordered_ && good[task];
}

// About as many entries in each block, by the entries of some lines.  Each column of the result has a fifth of its
// weight by itself: it is cleared, and where a sample has nothing of it the matrix may.
void ScatterTable::choose_borders(const SparseLines &V) {
  int32_t *const count = block_of_;
  for (int32_t i = 0; i < V.length; ++i) count[i] = 0;
  const int32_t step = max_of(1, V.count / sampled_lines) | 1;  // odd: what repeats in a matrix is often even
  int64_t sample = 0;
  for (int64_t line = 0; line < V.count; line += step) {
    const int32_t from = V.starts[line], entries = V.starts[line + 1] - from, each = 1 + entries / sampled_entries;
    for (int32_t t = 0; t < entries; t += min_of(each, entries - t)) {
      count[V.indices[from + t]] += each;
      sample += each;
    }
  }
  sample = max_of(sample, int64_t(1));
  // Weights: 4 length count_i + sample, of 5 length sample in all.
  const double all = 5.0 * double(V.length) * double(sample);
  const double each = 4.0 * double(V.length), share = all / blocks_;
  double sum = 0, next = share;
  int32_t block = 0;
  borders_[0] = 0;
  for (int32_t i = 0; i < V.length; ++i) {
    const double weight = each * count[i] + double(sample);
    for (; sum + weight / 2 >= next && block + 1 < blocks_; next = share * (block + 1)) borders_[++block] = i;
    count[i] = block;
    sum += weight;
  }
  while (block < blocks_) borders_[++block] = V.length;
}

// False where indices do not ascend.
bool ScatterTable::fill_places(const SparseLines &V, Range lines) {
  bool good = true;
  for (int32_t line = lines.from; line < lines.to; ++line) {
    uint8_t end[most_blocks] = {};  // where the entries of each block end
    const int32_t *index = V.indices + V.starts[line], entries = V.starts[line + 1] - V.starts[line];
    const int32_t shift = shift_of(entries);
    int32_t before = 0;
    for (int32_t t = 0; t < entries; ++t) {
      good = good & (index[t] >= before);
      before = index[t];
      end[block_of_[before]] = uint8_t((t + 1) >> shift);
    }
    uint8_t place = 0;
    for (int32_t block = 0; block + 1 < blocks_; ++block) {
      place = max_of(place, end[block]);
      places_[ptrdiff_t(block) * V.count + line] = place;
    }
  }
  return good;
}

// The runs of a block in these lines.
int32_t ScatterTable::find(const SparseLines &V, int32_t block, Range lines, Run *run) const {
  const bool first = block <= 0, last = block < 0 || block + 1 == blocks_;
  const uint8_t *before = places_ + ptrdiff_t(first ? 0 : block - 1) * V.count;
  const uint8_t *after = places_ + ptrdiff_t(last ? 0 : block) * V.count;
  const Range own = block < 0 ? Range{0, V.length} : columns(block);
  int32_t runs = 0;
  for (int32_t line = lines.from; line < lines.to; ++line) {
    const int32_t start = V.starts[line], entries = V.starts[line + 1] - start;
    int32_t from = first ? 0 : before[line], to = last ? entries : after[line];
    if (entries > exact) {
      const int32_t shift = shift_of(entries), unit = 1 << shift;
      const int32_t *index = V.indices + start;
      from <<= shift;
      if (!first) from = first_not_below(index, from, min_of(entries, from + unit), own.from);
      if (!last) to = first_not_below(index, to << shift, min_of(entries, (to << shift) + unit), own.to);
    }
    run[runs] = {line, start + from, start + to};
    runs += from < to;
  }
  return runs;
}

// The same of some entries of a line whose indices do not ascend: each is a run.
int32_t ScatterTable::look(const SparseLines &V, int32_t block, int32_t line, Range entries, Run *run) const {
  const Range own = columns(block);
  int32_t runs = 0;
  for (int32_t t = entries.from; t < entries.to; ++t) {
    run[runs] = {line, t, t + 1};
    runs += uint32_t(V.indices[t] - own.from) < uint32_t(own.size());
  }
  return runs;
}

}  // namespace orthant
