#include "fill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

// What was found of one kind: how often, and where first.
struct Found {
  int64_t count = 0;
  size_t first = 0;
  void add(size_t at) {
    if (count++ == 0) first = at;
  }
};

bool beyond_measure(double v) { return std::abs(v) >= 1e30 || v == 1e20 || v == -1e20 || v == 1e20f || v == -1e20f; }

// The lowest and the largest number, and the lowest but one.
struct Ends {
  double least = std::numeric_limits<double>::infinity(), next = least, most = -least;
  Found found;  // of the lowest
};

template <class T>
Ends ends_of(const std::vector<T> &values) {
  Ends e;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto v = static_cast<double>(values[i]);
    if (std::isnan(v)) continue;
    e.most = std::max(e.most, v);
    if (v < e.least) {
      e.next = e.least;
      e.least = v;
      e.found = {};
    } else if (v > e.least) {
      e.next = std::min(e.next, v);
    }
    if (v == e.least) e.found.add(i);
  }
  return e;
}

// Whether the lowest number is no measurement: see fill.hpp.
bool is_fill(const Ends &e) {
  constexpr double usual[] = {-99, -999, -9999, -99999, -32767, -32768, -2147483648.0};
  if (!(e.least < 0) || !std::isfinite(e.next)) return false;
  const double gap = e.next - e.least, others = e.most - e.next;
  const bool known = std::find(std::begin(usual), std::end(usual), e.least) != std::end(usual);
  if (!known && e.found.count < 2) return false;
  return gap > (known ? 0.25 : 1.0) * others;
}

template <class T>
void erase_value(std::vector<T> &values, double value) {
  for (T &v : values) {
    if (static_cast<double>(v) == value) v = std::numeric_limits<T>::quiet_NaN();
  }
}

// Where the number at this place stands, for a message.
std::string place_text(size_t at, int64_t bands, int64_t samples) {
  const auto pixel = static_cast<int64_t>(at) / bands;
  if (samples == 0) return cat("spectrum ", pixel + 1, ", band ", static_cast<int64_t>(at) % bands + 1);
  return cat("line ", pixel / samples, ", sample ", pixel % samples, " (from 0)");
}

// The value in the file's own digits: an f32 number as f32 prints it.
template <class T>
std::string digits(T v) {
  return std::is_same_v<T, float> ? format("%.7g", static_cast<double>(v)) : shortest(static_cast<double>(v));
}

std::string declared_by(const std::string &value, bool image) {
  return cat("treated as missing; the line 'data ignore value = ", value, "' in the header",
             image ? cat(" or --ignore=", value, " declares it, --keep-ignored takes it as a number") : " declares it");
}

template <class T>
void erase_extremes(std::vector<T> &values, int64_t bands, int64_t samples, Meta &meta) {
  Found huge;
  T value = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!beyond_measure(static_cast<double>(values[i]))) continue;
    if (huge.count == 0) value = values[i];
    huge.add(i);
    values[i] = std::numeric_limits<T>::quiet_NaN();
  }
  if (huge.count > 0) {
    caution(meta, cat(huge.count, " values such as ", digits(value), " at ", place_text(huge.first, bands, samples),
                      " are beyond what is measured: ", declared_by(digits(value), samples > 0)));
  }
  constexpr int most_constants = 4;
  for (int k = 0; k < most_constants; ++k) {
    const Ends e = ends_of(values);
    if (!is_fill(e)) return;
    const std::string text = digits(values[e.found.first]);
    caution(meta, cat(e.found.count, " values are ", text, ", first at ", place_text(e.found.first, bands, samples),
                      ", which looks like fill that nobody declared: ", declared_by(text, samples > 0)));
    erase_value(values, e.least);
  }
}

// The number at which the range of the sensor or of the file ends, where the largest of all is no larger; 0: unknown.
double range_end(Element element, double most) {
  const double end = element == Element::i16 ? 32767 : 65535;
  return most > end ? 0 : end;
}

enum class Kind { plain, missing, constant, saturated, full };

// What the numbers of one pixel look like.
template <class T>
Kind kind_of(const T *pixel, int64_t bands, double end) {
  int64_t present = 0, ends = 0;
  bool same = true;
  T value = 0;
  for (int64_t b = 0; b < bands; ++b) {
    if (std::isnan(pixel[b])) continue;
    if (present++ == 0) value = pixel[b];
    same = same && pixel[b] == value;
    ends += end > 0 && static_cast<double>(pixel[b]) == end;
  }
  constexpr int64_t enough = 4;  // bands in which measurements are not the same by chance
  if (present == 0) return Kind::missing;
  if (same && present >= enough) return ends > 0 ? Kind::full : Kind::constant;
  return ends > 0 ? Kind::saturated : Kind::plain;
}

}  // namespace

template <class T>
std::vector<int64_t> notice_fill(std::vector<T> &values, const StoredNumbers &stored, Meta &meta) {
  const int64_t bands = stored.bands, samples = stored.samples;
  erase_extremes(values, bands, samples, meta);
  const double end = range_end(stored.element, ends_of(values).most);
  const auto length = static_cast<size_t>(bands);
  std::vector<int64_t> doubtful;
  Found constant, saturated, full;
  for (size_t at = 0; at < values.size(); at += length) {
    const Kind kind = kind_of(values.data() + at, bands, end);
    if (kind == Kind::constant) constant.add(at);
    if (kind == Kind::saturated) saturated.add(at);
    if (kind == Kind::constant || kind == Kind::saturated) doubtful.push_back(static_cast<int64_t>(at / length));
    if (kind != Kind::full) continue;
    full.add(at);
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(at), bands, std::numeric_limits<T>::quiet_NaN());
  }
  if (full.count > 0) {
    caution(meta, cat(full.count, " pixels are ", shortest(end), " in all bands, first at ",
                      place_text(full.first, bands, samples), ": ", declared_by(shortest(end), true)));
  }
  if (constant.count > 0) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(constant.first);
    const T value = *std::find_if(first, first + bands, [](T v) { return !std::isnan(v); });
    caution(meta, cat(constant.count, " pixels hold the same number in all bands, first ", digits(value), " at ",
                      place_text(constant.first, bands, samples),
                      "; they are no endmembers and set no scale; --ignore=", digits(value), " makes that missing"));
  }
  if (saturated.count > 0) {
    caution(meta, cat(saturated.count, " pixels are saturated (", shortest(end), " in some band), first at ",
                      place_text(saturated.first, bands, samples), "; they are no endmembers and set no scale"));
  }
  return doubtful;
}

template <class T>
void notice_fill_of_spectra(std::vector<T> &values, int64_t bands, Meta &meta) {
  erase_extremes(values, bands, 0, meta);
}

template std::vector<int64_t> notice_fill(std::vector<float> &, const StoredNumbers &, Meta &);
template std::vector<int64_t> notice_fill(std::vector<double> &, const StoredNumbers &, Meta &);
template void notice_fill_of_spectra(std::vector<float> &, int64_t, Meta &);
template void notice_fill_of_spectra(std::vector<double> &, int64_t, Meta &);

}  // namespace orthant::tool
