// Rasters that are written as their pixels come, and the journal by which a run that ended early is gone on with.
#pragma once

#include <map>

#include "outputs.hpp"

namespace orthant::tool {

// An ENVI raster of f32, band-interleaved by pixel; its header follows at `commit`.
class RasterFile {
 public:
  // shape: all but the values, which no pixel has yet; kept: pixels that an earlier run wrote, where the file may stay
  // for a later one.
  RasterFile(fs::path path, Image<float> shape, bool force, std::optional<int64_t> kept);

  template <class T>
  void write(const T *values, int64_t pixels);
  void write_missing(int64_t pixels);
  void sync() const { file_.sync(); }
  void commit();
  // The whole image or, of one of more than four million pixels or of many bands, every second, third, ... line and
  // sample of it: for pictures, which need no more.
  Image<float> thinned() const;
  const Image<float> &shape() const { return shape_; }
  bool missing() const { return missing_; }  // whether a value is NaN
  void set_missing(bool missing) { missing_ = missing; }

 private:
  fs::path path_;
  Image<float> shape_;
  bool force_, missing_ = false;
  OutputFile file_;
  std::vector<float> narrow_;
};

// What stands before the numbers of an array of NumPy, rows x cols in Fortran's order.
template <class T>
std::string npy_head(int64_t rows, int64_t cols);

// What a later run needs of an earlier one: names and numbers, exactly, on the disk after each `save`.
class Journal {
 public:
  // key: what the result depends on.
  Journal(const fs::path &directory, const std::string &key);
  bool found() const { return found_; }  // of a run with the same key
  // The same where these files still have so many bytes; else it is as if there were none.
  bool found_with(const std::vector<std::pair<std::string, int64_t>> &files);
  bool of_other() const { return other_; }  // of one with another
  double number(const std::string &name) const;
  void set(const std::string &name, double value) { numbers_[name] = value; }
  void save() const;
  void remove(const std::vector<std::string> &files) const;  // with what is unfinished of these

 private:
  fs::path path_;
  std::string key_;
  bool found_ = false, other_ = false;
  std::map<std::string, double> numbers_;
};

}  // namespace orthant::tool
