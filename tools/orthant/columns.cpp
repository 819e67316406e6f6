#include "columns.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "parse.hpp"

namespace orthant::tool {

// ---- The file -------------------------------------------------------------------------------------------------------

NumberFile::NumberFile(const fs::path &path) : name_(path.string()) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd_ < 0) throw InputError(name_ + ": " + std::strerror(errno) + "; check the name");
  struct stat about {};
  if (::fstat(fd_, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(fd_);
    throw InputError(name_ + ": is not a regular file; give the name of a data file");
  }
  bytes_ = about.st_size;
}

NumberFile::~NumberFile() { ::close(fd_); }

std::string NumberFile::identity() const {
  struct stat about {};
  ::fstat(fd_, &about);
  return cat(name_, ' ', about.st_size, ' ', about.st_mtim.tv_sec, ' ', about.st_mtim.tv_nsec);
}

void NumberFile::read(void *to, int64_t count, int64_t from) {
  for (int64_t done = 0; done < count;) {
    const ssize_t n = ::pread(fd_, static_cast<char *>(to) + done, static_cast<size_t>(count - done), from + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw InputError(name_ + ": cannot be read: " + std::strerror(errno));
    if (n == 0) throw InputError(name_ + ": became shorter while it was read; fetch it again");
    done += n;
  }
  if (!hash_ || from != hashed_) return;
  hash_->add({static_cast<const char *>(to), static_cast<size_t>(count)});
  hashed_ += count;
}

std::string NumberFile::head(int64_t count) {
  std::string bytes(static_cast<size_t>(std::min(count, bytes_)), '\0');
  read(bytes.data(), static_cast<int64_t>(bytes.size()), 0);
  return bytes;
}

void NumberFile::begin_hash() {
  hash_.emplace();
  hashed_ = 0;
}

void NumberFile::hash_to(int64_t end) {
  std::vector<char> piece(size_t{1} << 20);
  while (hashed_ < end)
    read(piece.data(), std::min<int64_t>(static_cast<int64_t>(piece.size()), end - hashed_), hashed_);
}

std::string NumberFile::digits() {
  hash_to(bytes_);
  std::string text = hash_->digits();
  hash_.reset();
  return text;
}

// ---- Numbers as they are stored -------------------------------------------------------------------------------------

Ignored::Ignored(double stated, Element element) : stated_(stated), narrow_(stated) {
  const double size = std::abs(stated);
  if (size <= static_cast<double>(std::numeric_limits<float>::max())) {
    narrow_ = static_cast<double>(static_cast<float>(stated));
  }
  if (element == Element::f32 && std::isfinite(stated)) within_ = 4 * std::numeric_limits<float>::epsilon() * size;
  if (size >= 1e30 && std::isfinite(stated)) within_ = 1e-5 * size;
}

bool Ignored::fits(Element element) const {
  if (element == Element::f32 || element == Element::f64) return true;
  const auto bits = 8 * static_cast<int>(element_size(element));
  const bool is_signed =
      element == Element::i8 || element == Element::i16 || element == Element::i32 || element == Element::i64;
  const double least = is_signed ? -std::ldexp(1, bits - 1) : 0;
  const double beyond = std::ldexp(1, is_signed ? bits - 1 : bits);
  return stated_ == std::floor(stated_) && stated_ >= least && stated_ < beyond;
}

namespace {

template <class S>
double load(const char *p, bool swap) {
  char raw[sizeof(S)];
  std::memcpy(raw, p, sizeof(S));
  if (swap) std::reverse(raw, raw + sizeof(S));
  S value;
  std::memcpy(&value, raw, sizeof(S));
  return static_cast<double>(value);
}

// Gives the memory of numbers that will not be read again back to the system, page by page as lines are done with.
class Spent {
 public:
  Spent(const Data &data, int64_t band_stride, Extent lines) : data_(data), size_(element_size(data.element)) {
    const int64_t line = lines.stride;
    // Where a line holds all bands it is one run, else each band has a run of its own.
    if (data.raster && line >= band_stride) runs_.push_back({0, line});
    for (int64_t b = 0; data.raster && line < band_stride && b < data.axis[0].count; ++b) {
      runs_.push_back({b * band_stride, line});
    }
  }
  void lines(int64_t first, int64_t last) const {
    for (const Run &run : runs_) {
      // The page at the first line ends what was given back before, but at the start of a run it is another's.
      const uintptr_t begin = page_after(run.from), from = page_before(run.from + first * run.line);
      const uintptr_t start = std::max(begin, from), end = page_before(run.from + last * run.line);
      if (end > start) ::madvise(reinterpret_cast<void *>(start), end - start, MADV_DONTNEED);
    }
  }

 private:
  struct Run {
    int64_t from, line;  // in elements
  };
  uintptr_t address(int64_t element) const {
    return reinterpret_cast<uintptr_t>(data_.bytes.data()) + static_cast<uintptr_t>(element) * size_;
  }
  uintptr_t page_before(int64_t element) const { return address(element) / page_ * page_; }
  uintptr_t page_after(int64_t element) const { return (address(element) + page_ - 1) / page_ * page_; }
  const uintptr_t page_ = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const Data &data_;
  size_t size_;
  std::vector<Run> runs_;
};

// Lines that follow each other without a gap are one.
Placed joined(Placed p) {
  if (p.samples.count == 1) {
    p.samples = p.lines;
    p.lines = {1, 0};
  } else if (p.lines.count > 1 && p.lines.stride == p.samples.stride * p.samples.count) {
    p.samples.count *= p.lines.count;
    p.lines = {1, 0};
  }
  return p;
}

}  // namespace

// A part of the numbers: where its first is, and how far apart bands, lines and samples are, in elements.
template <class T>
struct ColumnSource<T>::Block {
  const char *at;
  int64_t band, line, sample;
};

template <class T>
ColumnSource<T>::ColumnSource(const Data &data, const Placed &placed, const std::vector<int64_t> &kept,
                              const std::vector<Ignored> &ignored, int64_t room)
    : data_(data), whole_(placed), cut_(joined(placed)), kept_(kept), ignored_(ignored) {
  columns_ = placed.lines.count * placed.samples.count;
  room_ = std::clamp<int64_t>(room, 1, 1 << 24);
  panel_ = std::clamp<int64_t>(room_ / (rows() * static_cast<int64_t>(sizeof(T))), 1, columns_);
}

// From the file, all bands, lines and samples of these reaches, in as few pieces as they lie there, into `buffer_`.
template <class T>
typename ColumnSource<T>::Block ColumnSource<T>::block(Reach bands, Reach lines, Reach samples) const {
  const auto size = static_cast<int64_t>(element_size(data_.element));
  const Extent extent[3] = {whole_.bands, cut_.lines, cut_.samples};
  const Reach reach[3] = {bands, lines, samples};
  int64_t begin = 0, packed[3] = {0, 0, 0};
  std::array<int, 3> order = {0, 1, 2};
  for (int k = 0; k < 3; ++k) begin += extent[k].stride * reach[k].first;
  std::sort(order.begin(), order.end(), [&](int a, int b) { return extent[a].stride < extent[b].stride; });
  // Axes that follow each other without a gap are one run; the others are counted through.
  int64_t run = 1, count = 1, jump[2] = {0, 0}, jumps[2] = {1, 1};
  int outer = 0;
  for (const int k : order) {
    if (reach[k].count == 1) continue;
    packed[k] = count;
    count *= reach[k].count;
    if (outer == 0 && extent[k].stride == run) {
      run = count;
    } else if (outer == 2) {
      throw InputError(data_.meta.source + ": its numbers lie in no order that can be read in parts");
    } else {
      jump[outer] = extent[k].stride;
      jumps[outer++] = reach[k].count;
    }
  }
  buffer_.resize(static_cast<size_t>(count * size));
  char *to = buffer_.data();
  for (int64_t j = 0; j < jumps[1]; ++j) {
    for (int64_t i = 0; i < jumps[0]; ++i, to += run * size) {
      data_.file->read(to, run * size, data_.file_offset + (begin + i * jump[0] + j * jump[1]) * size);
    }
  }
  return {buffer_.data(), packed[0], packed[1], packed[2]};
}

// out[k + rows * (s + row * l)] for kept rows k0 .. k1, tiled so that any interleave reads each cache line once while
// it is at hand.
template <class T>
template <class S>
void ColumnSource<T>::gather(const Block &from, size_t k0, size_t k1, int64_t first_band, Reach lines, Reach samples,
                             int64_t row, T *out, Tally &tally) const {
  const bool swap = data_.big_endian != host_big_endian();
  constexpr int64_t line_tile = 4, sample_tile = 64;
  const int64_t l2 = lines.first + lines.count, s2 = samples.first + samples.count;
  bool whole = true;
  for (int64_t l0 = lines.first; l0 < l2; l0 += line_tile) {
    for (int64_t s0 = samples.first; s0 < s2; s0 += sample_tile) {
      for (size_t k = k0; k < k1; ++k) {
        for (int64_t l = l0; l < std::min(l0 + line_tile, l2); ++l) {
          const char *in =
              from.at + ((kept_[k] - first_band) * from.band + l * from.line) * static_cast<int64_t>(sizeof(S));
          T *to = out + static_cast<int64_t>(k) + rows() * ((l - lines.first) * row - samples.first);
          for (int64_t s = s0; s < std::min(s0 + sample_tile, s2); ++s) {
            double v = load<S>(in + s * from.sample * static_cast<int64_t>(sizeof(S)), swap);
            bool missing = false;
            for (size_t i = 0; i < ignored_.size() && !missing; ++i) {
              missing = ignored_[i](v);
              tally.missing[i] += missing;
            }
            if (missing) v = std::numeric_limits<double>::quiet_NaN();
            whole = whole && (std::isnan(v) || v == std::floor(v));
            to[rows() * s] = static_cast<T>(v);
          }
        }
      }
    }
  }
  tally.whole = tally.whole && whole;
}

template <class T>
void ColumnSource<T>::gather_any(const Block &from, size_t k0, size_t k1, int64_t first_band, Reach lines,
                                 Reach samples, int64_t row, T *out, Tally &tally) const {
  tally.missing.resize(ignored_.size(), 0);
  as_element(data_.element, [&](auto zero) {
    gather<decltype(zero)>(from, k0, k1, first_band, lines, samples, row, out, tally);
  });
}

// A file is read from its begin to its end, whatever the order of its axes, so that it can be hashed on the way.
template <class T>
std::vector<T> ColumnSource<T>::all(bool spend, Tally &tally) const {
  const int64_t bands = rows(), lines = whole_.lines.count, samples = whole_.samples.count;
  std::vector<T> values;
  values.reserve(static_cast<size_t>(bands * columns_));
  tally.missing.resize(ignored_.size(), 0);
  if (!data_.file) {
    const Spent spent(data_, whole_.bands.stride, whole_.lines);
    const Block from{data_.bytes.data(), whole_.bands.stride, whole_.lines.stride, whole_.samples.stride};
    constexpr int64_t piece = 4;
    for (int64_t l = 0; l < lines; l += piece) {
      const int64_t n = std::min(piece, lines - l);
      values.resize(static_cast<size_t>(bands * samples * (l + n)));  // and no memory is touched before its turn
      gather_any(from, 0, kept_.size(), 0, {l, n}, {0, samples}, samples, values.data() + bands * samples * l, tally);
      if (spend) spent.lines(l, l + n);
    }
    return values;
  }
  const std::lock_guard<std::mutex> one(lock_);
  values.resize(static_cast<size_t>(bands * columns_));
  if (data_.file_hash) {
    data_.file->begin_hash();
    data_.file->hash_to(data_.file_offset);
  }
  const Extent extent[3] = {whole_.bands, cut_.lines, cut_.samples};
  int slow = 0;
  for (int k = 1; k < 3; ++k) {
    if (extent[k].count > 1 && (extent[slow].count == 1 || extent[k].stride > extent[slow].stride)) slow = k;
  }
  const int64_t total = extent[0].count * extent[1].count * extent[2].count;
  const int64_t slice = total / extent[slow].count * static_cast<int64_t>(element_size(data_.element));
  const int64_t step = std::max<int64_t>(1, room_ / slice);
  for (int64_t at = 0; at < extent[slow].count; at += step) {
    Reach reach[3] = {{0, extent[0].count}, {0, extent[1].count}, {0, extent[2].count}};
    reach[slow] = {at, std::min(step, extent[slow].count - at)};
    const Block from = block(reach[0], reach[1], reach[2]);
    const auto k0 = std::lower_bound(kept_.begin(), kept_.end(), reach[0].first) - kept_.begin();
    const auto k1 = std::lower_bound(kept_.begin(), kept_.end(), reach[0].first + reach[0].count) - kept_.begin();
    T *out = values.data() + bands * (reach[1].first * extent[2].count + reach[2].first);
    gather_any(from, static_cast<size_t>(k0), static_cast<size_t>(k1), reach[0].first, {0, reach[1].count},
               {0, reach[2].count}, extent[2].count, out, tally);
  }
  buffer_ = {};
  held_samples_ = held_lines_ = {0, 0};
  return values;
}

// Reads what holds this column, and where columns are read in order as much behind it as there is room for.
template <class T>
void ColumnSource<T>::fetch(int64_t column, int64_t count) const {
  const int64_t each = whole_.bands.count * static_cast<int64_t>(element_size(data_.element));
  const int64_t samples = cut_.samples.count, line = column / samples, sample = column % samples;
  const bool in_order = column == 0 || column == held_end_;
  const int64_t room = std::max<int64_t>(1, room_ / each), most = in_order ? room : std::min(room, count);
  if (most >= samples) {
    held_lines_ = {line, std::min(most / samples, cut_.lines.count - line)};
    held_samples_ = {0, samples};
  } else {
    held_lines_ = {line, 1};
    held_samples_ = {sample, std::min(most, samples - sample)};
  }
  held_end_ = (line + held_lines_.count - 1) * samples + held_samples_.first + held_samples_.count;
  const Block b = block({0, whole_.bands.count}, held_lines_, held_samples_);
  held_ = {b.band, b.line, b.sample};
}

template <class T>
void ColumnSource<T>::stored(int64_t first, int64_t count, T *out, Tally &tally) const {
  const std::lock_guard<std::mutex> one(lock_);
  const int64_t samples = cut_.samples.count;
  for (int64_t at = first; at < first + count;) {
    const int64_t line = at / samples, sample = at % samples, left = first + count - at;
    const auto within = [](Reach r, int64_t i) { return i >= r.first && i < r.first + r.count; };
    if (!data_.file) {
      const Block from{data_.bytes.data(), whole_.bands.stride, cut_.lines.stride, cut_.samples.stride};
      const int64_t n = std::min(left, samples - sample);
      gather_any(from, 0, kept_.size(), 0, {line, 1}, {sample, n}, n, out + rows() * (at - first), tally);
      at += n;
      continue;
    }
    if (!within(held_lines_, line) || !within(held_samples_, sample)) fetch(at, left);
    const Block from{buffer_.data(), held_[0], held_[1], held_[2]};
    const int64_t n = std::min(left, held_samples_.first + held_samples_.count - sample);
    // Whole lines at once, else what is left of this one.
    const bool whole = sample == 0 && n == samples;
    const int64_t lines = whole ? std::min(left / samples, held_lines_.first + held_lines_.count - line) : 1;
    gather_any(from, 0, kept_.size(), 0, {line - held_lines_.first, lines}, {sample - held_samples_.first, n}, n,
               out + rows() * (at - first), tally);
    at += n * lines;
  }
}

// ---- What is done to them -------------------------------------------------------------------------------------------

template <class T>
void ColumnSource<T>::mask(int64_t first, int64_t count, T *values) const {
  if (mask_.empty()) return;
  for (int64_t p = 0; p < count; ++p) {
    if (!mask_[static_cast<size_t>(first + p)]) {
      std::fill_n(values + rows() * p, rows(), std::numeric_limits<T>::quiet_NaN());
    }
  }
}

template <class T>
bool ColumnSource<T>::corrects(bool apply) {
  gain_ = apply && !data_.gain.empty();
  offset_ = apply && !data_.offset.empty();
  scale_ = apply && data_.scale_factor != 0 ? data_.scale_factor : 1;
  return gain_ || offset_ || scale_ != 1;
}

// Gain and offset, then the scale factor.
template <class T>
void ColumnSource<T>::correct(int64_t count, T *values) const {
  if (!gain_ && !offset_ && scale_ == 1) return;
  for (int64_t p = 0; p < count; ++p, values += rows()) {
    for (size_t k = 0; k < kept_.size(); ++k) {
      const auto band = static_cast<size_t>(kept_[k]);
      auto v = static_cast<double>(values[k]);
      if (gain_) v *= data_.gain[band];
      if (offset_) v += data_.offset[band];
      values[k] = static_cast<T>(v / scale_);
    }
  }
}

template <class T>
void ColumnSource<T>::divide_by(double divisor) {
  divisors_.push_back(divisor);
  if (!facts_) return;
  facts_->largest = static_cast<double>(static_cast<T>(facts_->largest / divisor));
  facts_->bad_value = static_cast<double>(static_cast<T>(facts_->bad_value / divisor));
}

template <class T>
void ColumnSource<T>::keep(const std::vector<int64_t> &rows_kept) {
  std::vector<int64_t> kept;
  for (const int64_t k : rows_kept) kept.push_back(kept_[static_cast<size_t>(k)]);
  kept_ = std::move(kept);
  facts_.reset();
}

template <class T>
void ColumnSource<T>::read(int64_t first, int64_t count, T *out) const {
  Tally tally;
  stored(first, count, out, tally);
  mask(first, count, out);
  fill_.erase(rows(), first, count, out);
  correct(count, out);
  for (const double divisor : divisors_) {
    for (int64_t i = 0; i < rows() * count; ++i) out[i] = static_cast<T>(static_cast<double>(out[i]) / divisor);
  }
}

template <class T>
const ColumnFacts &ColumnSource<T>::facts() const {
  if (facts_) return *facts_;
  ColumnFacts facts;
  each_panel<T>(
      rows(), 0, columns_, panel_, [&](int64_t first, int64_t count, T *out) { read(first, count, out); },
      [&](int64_t first, int64_t count, const T *values) {
        add_facts(facts, fill_.doubtful, rows(), first, count, values);
        return true;
      });
  facts_ = std::move(facts);
  return *facts_;
}

template <class T>
void add_facts(ColumnFacts &facts, const std::vector<bool> &doubtful, int64_t rows, int64_t first, int64_t count,
               const T *values) {
  for (int64_t p = first; p < first + count; ++p, values += rows) {
    const bool counts = doubtful.empty() || !doubtful[static_cast<size_t>(p)];
    bool valid = true;
    int64_t bad = -1;
    for (int64_t b = 0; b < rows; ++b) {
      const auto v = static_cast<double>(values[b]);
      valid = valid && std::isfinite(v);
      if (counts && std::isfinite(v)) facts.largest = std::max(facts.largest, v);
      if (bad < 0 && v < 0) bad = b;
    }
    facts.valid.push_back(valid);
    facts.valid_count += valid;
    if (!valid || bad < 0 || facts.bad_row >= 0) continue;
    facts.bad_row = bad;
    facts.bad = p;
    facts.bad_value = static_cast<double>(values[bad]);
  }
}

// ---- Some of the columns --------------------------------------------------------------------------------------------

template <class T>
ChosenColumns<T>::ChosenColumns(std::shared_ptr<const ColumnSource<T>> source, std::vector<bool> chosen)
    : source_(std::move(source)), chosen_(std::move(chosen)) {
  for (size_t j = 0; j < chosen_.size(); ++j) {
    if (j % group == 0) before_.push_back(count_);
    count_ += chosen_[j];
  }
}

template <class T>
int64_t ChosenColumns<T>::at(int64_t k) const {
  const auto after = std::upper_bound(before_.begin(), before_.end(), k);
  int64_t column = (after - before_.begin() - 1) * group;
  for (int64_t left = k - *(after - 1); left > 0 || !chosen_[static_cast<size_t>(column)]; ++column) {
    left -= chosen_[static_cast<size_t>(column)];
  }
  return column;
}

template <class T>
void ChosenColumns<T>::read(int64_t first, int64_t count, T *out) const {
  int64_t column = count > 0 ? at(first) : 0;
  for (int64_t done = 0; done < count;) {
    while (!chosen_[static_cast<size_t>(column)]) ++column;
    int64_t n = 0;
    while (n < count - done && static_cast<size_t>(column + n) < chosen_.size() &&
           chosen_[static_cast<size_t>(column + n)]) {
      ++n;
    }
    source_->read(column, n, out + source_->rows() * done);
    done += n;
    column += n;
  }
}

#define ORTHANT_TOOL_INSTANCES(T)  \
  template class ColumnSource<T>;  \
  template class ChosenColumns<T>; \
  template void add_facts(ColumnFacts &, const std::vector<bool> &, int64_t, int64_t, int64_t, const T *);
ORTHANT_TOOL_INSTANCES(float)
ORTHANT_TOOL_INSTANCES(double)
#undef ORTHANT_TOOL_INSTANCES

}  // namespace orthant::tool
