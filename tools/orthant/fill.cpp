#include "fill.hpp"

#include <algorithm>

#include "parse.hpp"

namespace orthant::tool {

namespace {

bool beyond_measure(double v) { return std::abs(v) >= 1e30 || v == 1e20 || v == -1e20 || v == 1e20f || v == -1e20f; }

// Whether the number at this place of the lowest is no measurement, where those below it are none: see fill.hpp.
bool is_fill(const Ends &e, int at) {
  constexpr double usual[] = {-99, -999, -9999, -99999, -32767, -32768, -2147483648.0};
  const double least = e.low[at], next = e.low[at + 1];
  if (!(least < 0) || !std::isfinite(next)) return false;
  const double gap = next - least, others = e.most - next;
  const bool known = std::find(std::begin(usual), std::end(usual), least) != std::end(usual);
  if (!known && e.found[at].count < 2) return false;
  return gap > (known ? 0.25 : 1.0) * others;
}

// Where the number at this place stands, for a message.
std::string place_text(int64_t at, int64_t bands, int64_t samples) {
  const int64_t pixel = at / bands;
  if (samples == 0) return cat("spectrum ", pixel + 1, ", band ", at % bands + 1);
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

// The number at which the range of the sensor or of the file ends.
double range_end(Element element) { return element == Element::i16 ? 32767 : 65535; }

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

void Ends::add(double v, int64_t at) {
  most = std::max(most, v);
  if (v > low[kept - 1]) return;
  int k = 0;
  while (v > low[k]) ++k;
  if (v != low[k]) {  // a new one, which moves the others up
    std::move_backward(low + k, low + kept - 1, low + kept);
    std::move_backward(found + k, found + kept - 1, found + kept);
    low[k] = v;
    found[k] = {};
  }
  found[k].add(at);
}

template <class T>
void Fill<T>::erase(int64_t bands, int64_t first, int64_t count, T *values) const {
  if (!extremes && constants.empty() && full.empty()) return;
  for (int64_t p = 0; p < count; ++p, values += bands) {
    const bool all = !full.empty() && full[static_cast<size_t>(first + p)];
    for (int64_t b = 0; b < bands; ++b) {
      const bool fill = all || (extremes && beyond_measure(static_cast<double>(values[b]))) ||
                        std::find(constants.begin(), constants.end(), values[b]) != constants.end();
      if (fill) values[b] = std::numeric_limits<T>::quiet_NaN();
    }
  }
}

template <class T>
FillSurvey<T>::FillSurvey(const StoredNumbers &stored) : stored_(stored), end_(range_end(stored.element)) {
  fill_.held.assign(static_cast<size_t>(stored.bands), false);
}

// The first pass takes it that there are no constants, and that no number is beyond the end of the range.
template <class T>
void FillSurvey<T>::add(int64_t first, int64_t count, T *values) {
  if (!first_pass_) {
    fill_.erase(stored_.bands, first, count, values);
    return add_kinds(first, count, values);
  }
  const int64_t begin = first * stored_.bands;
  for (int64_t i = 0; i < count * stored_.bands; ++i) {
    const auto v = static_cast<double>(values[i]);
    if (beyond_measure(v)) {
      if (huge_.count == 0) huge_value_ = values[i];
      huge_.add(begin + i);
      values[i] = std::numeric_limits<T>::quiet_NaN();
    } else if (!std::isnan(v)) {
      ends_.add(v, begin + i);
    }
  }
  if (stored_.samples > 0) add_kinds(first, count, values);
}

template <class T>
void FillSurvey<T>::add_kinds(int64_t first, int64_t count, const T *values) {
  const int64_t bands = stored_.bands;
  const auto mark = [&](std::vector<bool> &bits, int64_t p) {
    if (bits.empty()) bits.assign(static_cast<size_t>(stored_.pixels), false);
    bits[static_cast<size_t>(p)] = true;
  };
  for (int64_t p = first; p < first + count; ++p, values += bands) {
    const Kind kind = kind_of(values, bands, end_);
    if (kind == Kind::full) {
      full_.add(p * bands);
      mark(fill_.full, p);
      continue;
    }
    if (kind == Kind::missing) continue;
    for (int64_t b = 0; b < bands; ++b) {
      if (!std::isnan(values[b]) && !fill_.held[static_cast<size_t>(b)]) fill_.held[static_cast<size_t>(b)] = true;
    }
    if (kind == Kind::plain) continue;
    mark(fill_.doubtful, p);
    if (kind == Kind::constant && constant_.count == 0) {
      constant_value_ = *std::find_if(values, values + bands, [](T v) { return !std::isnan(v); });
    }
    (kind == Kind::constant ? constant_ : saturated_).add(p * bands);
  }
}

template <class T>
bool FillSurvey<T>::again() {
  if (!first_pass_) return false;
  first_pass_ = false;
  fill_.extremes = huge_.count > 0;
  constexpr int most_constants = 4;
  for (int k = 0; k < most_constants && is_fill(ends_, k); ++k) {
    fill_.constants.push_back(static_cast<T>(ends_.low[k]));
    constants_.push_back(ends_.found[k]);
  }
  const bool beyond = ends_.most > end_;
  if (beyond) end_ = 0;
  // Marks of pixels that were taken for saturated change only where some were.
  if (fill_.constants.empty() && (!beyond || saturated_.count + full_.count == 0)) return false;
  constant_ = saturated_ = full_ = {};
  fill_.full.clear();
  fill_.doubtful.clear();
  fill_.held.assign(fill_.held.size(), false);
  return true;
}

template <class T>
Fill<T> FillSurvey<T>::conclude(Meta &meta) {
  const int64_t bands = stored_.bands, samples = stored_.samples;
  const auto place = [&](const Found &f) { return place_text(f.first, bands, samples); };
  if (huge_.count > 0) {
    caution(meta, cat(huge_.count, " values such as ", digits(huge_value_), " at ", place(huge_),
                      " are beyond what is measured: ", declared_by(digits(huge_value_), samples > 0)));
  }
  for (size_t k = 0; k < constants_.size(); ++k) {
    const std::string text = digits(fill_.constants[k]);
    caution(meta, cat(constants_[k].count, " values are ", text, ", first at ", place(constants_[k]),
                      ", which looks like fill that nobody declared: ", declared_by(text, samples > 0)));
  }
  if (full_.count > 0) {
    caution(meta, cat(full_.count, " pixels are ", shortest(end_), " in all bands, first at ", place(full_), ": ",
                      declared_by(shortest(end_), true)));
  }
  if (constant_.count > 0) {
    caution(meta, cat(constant_.count, " pixels hold the same number in all bands, first ", digits(constant_value_),
                      " at ", place(constant_), "; they are no endmembers and set no scale; --ignore=",
                      digits(constant_value_), " makes that missing"));
  }
  if (saturated_.count > 0) {
    caution(meta, cat(saturated_.count, " pixels are saturated (", shortest(end_), " in some band), first at ",
                      place(saturated_), "; they are no endmembers and set no scale"));
  }
  return std::move(fill_);
}

template <class T>
void notice_fill_of_spectra(std::vector<T> &values, int64_t bands, Meta &meta) {
  const int64_t spectra = bands > 0 ? static_cast<int64_t>(values.size()) / bands : 0;
  FillSurvey<T> survey({bands, 0, spectra, Element::f64});
  survey.add(0, spectra, values.data());
  survey.again();
  survey.conclude(meta).erase(bands, 0, spectra, values.data());
}

template struct Fill<float>;
template struct Fill<double>;
template class FillSurvey<float>;
template class FillSurvey<double>;
template void notice_fill_of_spectra(std::vector<float> &, int64_t, Meta &);
template void notice_fill_of_spectra(std::vector<double> &, int64_t, Meta &);

}  // namespace orthant::tool
