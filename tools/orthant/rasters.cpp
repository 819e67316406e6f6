#include "rasters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "parse.hpp"

namespace orthant::tool {

namespace {

OutputFile begun_file(const fs::path &path, bool force, int64_t bands, std::optional<int64_t> kept) {
  if (!kept) return OutputFile(path, force);
  return OutputFile(path, force, *kept * bands * static_cast<int64_t>(sizeof(float)));
}

}  // namespace

RasterFile::RasterFile(fs::path path, Image<float> shape, bool force, std::optional<int64_t> kept)
    : path_(std::move(path)),
      shape_(std::move(shape)),
      force_(force),
      file_(begun_file(path_, force, shape_.bands, kept)) {
  refuse_existing(path_.string() + ".hdr", force_);
}

template <class T>
void RasterFile::write(const T *values, int64_t pixels) {
  narrow_.assign(values, values + pixels * shape_.bands);
  for (const float v : narrow_) missing_ = missing_ || std::isnan(v);
  file_.write(narrow_.data(), narrow_.size() * sizeof(float));
}
template void RasterFile::write(const float *, int64_t);
template void RasterFile::write(const double *, int64_t);

void RasterFile::write_missing(int64_t pixels) {
  constexpr int64_t piece = 1 << 16;
  const std::vector<float> none(static_cast<size_t>(std::min(pixels, piece) * shape_.bands),
                                std::numeric_limits<float>::quiet_NaN());
  for (; pixels > 0; pixels -= piece) write(none.data(), std::min(pixels, piece));
}

// The data before the header: a header stands only beside data that are complete.
void RasterFile::commit() {
  file_.commit();
  write_file(path_.string() + ".hdr", envi_header(shape_, missing_), force_);
}

Image<float> RasterFile::thinned() const {
  const int64_t most = std::min<int64_t>(1 << 22, (1 << 25) / shape_.bands), bands = shape_.bands;
  int64_t step = 1;
  const auto count = [&](int64_t n) { return (n + step - 1) / step; };
  while (count(shape_.lines) * count(shape_.samples) > most) ++step;
  Image<float> image = shape_;
  image.lines = count(shape_.lines);
  image.samples = count(shape_.samples);
  image.values.reserve(static_cast<size_t>(image.pixels() * bands));
  std::vector<float> line(static_cast<size_t>(shape_.samples * bands));
  const auto bytes = static_cast<int64_t>(line.size() * sizeof(float));
  for (int64_t l = 0; l < shape_.lines; l += step) {
    file_.read(line.data(), line.size() * sizeof(float), l * bytes);
    for (int64_t s = 0; s < shape_.samples; s += step) {
      image.values.insert(image.values.end(), line.begin() + s * bands, line.begin() + (s + 1) * bands);
    }
  }
  return image;
}

Journal::Journal(const fs::path &directory, const std::string &key)
    : path_(unfinished_name(directory / "journal")), key_(sha256(key)) {
  std::error_code none;
  if (!fs::is_regular_file(path_, none)) return;
  std::istringstream text(read_file(path_));
  std::string found, name, value;
  text >> found;
  other_ = found != key_;
  if (other_) return;
  found_ = true;
  while (text >> name >> value) numbers_[name] = std::strtod(value.c_str(), nullptr);
}

bool Journal::found_with(const std::vector<std::pair<std::string, int64_t>> &files) {
  for (const auto &[file, bytes] : files) {
    std::error_code none;
    const auto held = fs::file_size(unfinished_name(path_.parent_path() / file), none);
    if (none || static_cast<int64_t>(held) < bytes) found_ = false;
  }
  if (!found_) numbers_.clear();
  return found_;
}

double Journal::number(const std::string &name) const {
  const auto at = numbers_.find(name);
  return at == numbers_.end() ? 0 : at->second;
}

void Journal::save() const {
  std::string text = key_ + "\n";
  for (const auto &[name, value] : numbers_) text += name + " " + shortest(value) + "\n";
  write_file(path_, text, true);
}

void Journal::remove(const std::vector<std::string> &files) const {
  std::error_code ignored;
  for (const std::string &file : files) fs::remove(unfinished_name(path_.parent_path() / file), ignored);
  fs::remove(path_, ignored);
}

}  // namespace orthant::tool
