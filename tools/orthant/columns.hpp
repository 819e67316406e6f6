// The columns of a matrix as a file has them: the bands of a pixel, or a column of a table.  They are gathered from
// where the numbers lie, in memory or in an open file, in any order of the axes, any type and byte order, and every
// number is treated alone: a panel of columns is the same bits as that part of the whole, which is how data that do not
// fit are read.
#pragma once

#include <future>
#include <mutex>

#include "fill.hpp"
#include "sha256.hpp"

namespace orthant::tool {

// A file that stays open.
class NumberFile {
 public:
  explicit NumberFile(const fs::path &path);
  ~NumberFile();
  NumberFile(const NumberFile &) = delete;
  NumberFile &operator=(const NumberFile &) = delete;

  int64_t bytes() const { return bytes_; }
  std::string identity() const;                      // another one where the file was changed
  void read(void *to, int64_t count, int64_t from);  // InputError where the file ends before
  std::string head(int64_t count);                   // as many of its first bytes as there are
  // From here on what is read in order is hashed on the way; `hashed` reads what is missing up to there.
  void begin_hash();
  void hash_to(int64_t end);
  std::string digits();

 private:
  std::string name_;
  int fd_ = -1;
  int64_t bytes_ = 0, hashed_ = 0;
  std::optional<Sha256> hash_;
};

// Where the bands and pixels of an image are in the data.
struct Placed {
  Extent bands, lines, samples;
};

// Whether a number of the file is the stated one, which a header may round: in the file's own type, of f32 within two
// units in the last place, as GDAL compares; of constants beyond 1e30, which nobody measures, to five digits.
class Ignored {
 public:
  Ignored(double stated, Element element);
  bool operator()(double v) const { return v == stated_ || v == narrow_ || std::abs(v - stated_) <= within_; }
  bool fits(Element element) const;  // whether it can occur
  double stated() const { return stated_; }

 private:
  double stated_, narrow_, within_ = 0;
};

// What was met on the way: how many numbers equal each value that means missing, and whether all others are whole.
struct Tally {
  std::vector<int64_t> missing;
  bool whole = true;
};

// What one pass over the values of all columns tells.
struct ColumnFacts {
  std::vector<bool> valid;  // columns without a missing value
  int64_t valid_count = 0;
  double largest = 0;             // of the columns that are not doubtful
  int64_t bad_row = -1, bad = 0;  // the first entry of a valid column that is negative or infinite: its row and column
  double bad_value = 0;
};

template <class T>
class ColumnSource {
 public:
  // room: bytes that may be held of the file at a time.
  ColumnSource(const Data &data, const Placed &placed, const std::vector<int64_t> &kept,
               const std::vector<Ignored> &ignored, int64_t room);

  int64_t rows() const { return static_cast<int64_t>(kept_.size()); }
  int64_t columns() const { return columns_; }
  const std::vector<int64_t> &kept() const { return kept_; }

  // The numbers as they are stored, NaN where they mean missing: all of them, or columns first .. first + count.
  std::vector<T> all(bool spend, Tally &tally) const;
  void stored(int64_t first, int64_t count, T *out, Tally &tally) const;

  // What is done to them after that, in this order; each sets a step for `read`, and is also done to a panel at hand.
  void set_mask(std::vector<char> mask) { mask_ = std::move(mask); }
  void mask(int64_t first, int64_t count, T *values) const;
  void set_fill(Fill<T> fill) { fill_ = std::move(fill); }
  const Fill<T> &fill() const { return fill_; }
  bool corrects(bool apply);  // gain, offset and scale factor of the header; whether there are any
  void correct(int64_t count, T *values) const;
  void divide_by(double divisor);
  void keep(const std::vector<int64_t> &rows);  // these of the rows alone

  void read(int64_t first, int64_t count, T *out) const;  // with every step
  const ColumnFacts &facts() const;                       // by a pass over all, where it is not known
  void set_facts(ColumnFacts facts) { facts_ = std::move(facts); }
  int64_t panel() const { return panel_; }  // columns that are well read at a time

 private:
  struct Reach {
    int64_t first, count;
  };
  struct Block;
  Block block(Reach bands, Reach lines, Reach samples) const;
  void fetch(int64_t column, int64_t count) const;
  template <class S>
  void gather(const Block &from, size_t k0, size_t k1, int64_t first_band, Reach lines, Reach samples, int64_t row,
              T *out, Tally &tally) const;
  void gather_any(const Block &from, size_t k0, size_t k1, int64_t first_band, Reach lines, Reach samples, int64_t row,
                  T *out, Tally &tally) const;

  Data data_;
  Placed whole_, cut_;  // as the data have them; with lines joined to one where they can be
  std::vector<int64_t> kept_;
  std::vector<Ignored> ignored_;
  int64_t columns_, room_, panel_;
  std::vector<char> mask_;
  Fill<T> fill_;
  bool gain_ = false, offset_ = false;
  double scale_ = 1;
  std::vector<double> divisors_;
  mutable std::optional<ColumnFacts> facts_;
  // Of the file, what was read last: whole lines, or a part of one.
  mutable std::mutex lock_;
  mutable std::vector<char> buffer_;
  mutable Reach held_lines_{0, 0}, held_samples_{0, 0};
  mutable int64_t held_end_ = 0;       // the column behind them
  mutable std::vector<int64_t> held_;  // strides of it
};

// What `facts` asks of one panel.
template <class T>
void add_facts(ColumnFacts &facts, const std::vector<bool> &doubtful, int64_t rows, int64_t first, int64_t count,
               const T *values);

// Calls act(first, count, values) for panels of at most `most` columns, in order, from column `begin` on, while the
// next one is being read (where the system gives a thread); act may change the values, and ends it by returning false.
template <class T, class Read, class Act>
void each_panel(int64_t rows, int64_t begin, int64_t columns, int64_t most, Read read, Act act) {
  std::vector<T> here(static_cast<size_t>(rows * std::min(most, columns - begin))), next(here.size());
  std::future<void> reading;
  const auto start = [&](int64_t first, T *to) {
    const int64_t count = std::min(most, columns - first);
    if (count > 0) reading = std::async([=, &read] { read(first, count, to); });
  };
  start(begin, next.data());
  for (int64_t first = begin; first < columns; first += most) {
    reading.get();
    here.swap(next);
    start(first + most, next.data());
    if (!act(first, std::min(most, columns - first), here.data())) return;
  }
}

// Some of the columns of a source: those whose bit is set, in order.
template <class T>
class ChosenColumns {
 public:
  ChosenColumns(std::shared_ptr<const ColumnSource<T>> source, std::vector<bool> chosen);
  int64_t columns() const { return count_; }
  int64_t at(int64_t k) const;  // of the source
  void read(int64_t first, int64_t count, T *out) const;
  const ColumnSource<T> &source() const { return *source_; }
  const std::vector<bool> &chosen() const { return chosen_; }

 private:
  static constexpr int64_t group = 4096;
  std::shared_ptr<const ColumnSource<T>> source_;
  std::vector<bool> chosen_;
  std::vector<int64_t> before_;  // chosen columns before each group
  int64_t count_ = 0;
};

}  // namespace orthant::tool
