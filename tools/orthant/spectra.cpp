#include "spectra.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace orthant::tool {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Positions in order of their wavelengths.
std::vector<size_t> ascending(const std::vector<double> &wavelength) {
  std::vector<size_t> order(wavelength.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return wavelength[a] < wavelength[b]; });
  return order;
}

// For each band the distance to the nearest other one that is not at the same place.
std::vector<double> spacing_of(const std::vector<double> &wavelength) {
  const std::vector<size_t> order = ascending(wavelength);
  std::vector<double> spacing(wavelength.size(), std::numeric_limits<double>::infinity());
  for (size_t k = 0; k + 1 < order.size(); ++k) {
    const double apart = wavelength[order[k + 1]] - wavelength[order[k]];
    if (!(apart > 0)) continue;
    spacing[order[k]] = std::min(spacing[order[k]], apart);
    spacing[order[k + 1]] = std::min(spacing[order[k + 1]], apart);
  }
  return spacing;
}

// Within this, two wavelengths are the same band: a tenth of the spacing, and what rounding in a header may hide.
double tolerance(double spacing) { return std::clamp(0.1 * spacing, 1e-5, 5e-3); }

// For each band of the grid the row of its wavelength, -1: none.
std::vector<int64_t> matched_rows(const std::vector<double> &wavelength, const Grid &grid) {
  const std::vector<double> spacing = spacing_of(wavelength), wanted = spacing_of(grid.wavelength);
  std::vector<int64_t> rows;
  for (size_t i = 0; i < grid.wavelength.size(); ++i) {
    const auto apart = [&](size_t j) { return std::abs(wavelength[j] - grid.wavelength[i]); };
    // Of detectors that overlap two bands may have one wavelength; then the one at the same place in the list.
    size_t best = i < wavelength.size() ? i : 0;
    for (size_t j = 0; j < wavelength.size(); ++j) best = apart(j) < apart(best) ? j : best;
    const double within = tolerance(std::min(spacing[best], wanted[i]));
    rows.push_back(apart(best) <= within ? static_cast<int64_t>(best) : -1);
  }
  return rows;
}

// Of a row of spectra, 0: unknown.
double own_width(const Meta &spectra, size_t row) {
  return spectra.fwhm.size() == spectra.wavelength.size() ? spectra.fwhm[row] : 0;
}

// Whether the matched rows say all that the spectra know of the grid: no band within their range is without a row
// unless all rows have a band, and they are not so fine that a band's response spans several, but for those as wide.
bool match_suffices(const Meta &spectra, const Grid &grid, const std::vector<int64_t> &rows) {
  const std::vector<double> &wavelength = spectra.wavelength;
  const auto [low, high] = std::minmax_element(wavelength.begin(), wavelength.end());
  const std::vector<double> spacing = spacing_of(wavelength);
  std::vector<char> used(wavelength.size(), 0);
  bool all_bands = true, fine = false;
  int64_t matched = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool inside = grid.wavelength[i] >= *low && grid.wavelength[i] <= *high;
    if (rows[i] < 0) {
      all_bands = all_bands && !inside;
      continue;
    }
    ++matched;
    const auto row = static_cast<size_t>(rows[i]);
    used[row] = 1;
    const bool as_wide = !grid.fwhm.empty() && own_width(spectra, row) >= 0.8 * grid.fwhm[i];
    fine = fine || (!grid.fwhm.empty() && !as_wide && spacing[row] < 0.5 * grid.fwhm[i]);
  }
  const bool all_rows = std::find(used.begin(), used.end(), 0) == used.end();
  if (all_rows && matched == static_cast<int64_t>(rows.size())) return true;
  return matched > 0 && !fine && (all_bands || all_rows);
}

// One spectrum where it has numbers, in order of wavelength.
struct Curve {
  std::vector<double> wavelength, value, fwhm;
  double usual_spacing = 0;
};

template <class T>
Curve curve_of(const Table<T> &spectra, const std::vector<double> &good, const std::vector<size_t> &order, int64_t k) {
  Curve c;
  for (const size_t j : order) {
    const auto v = static_cast<double>(spectra(static_cast<int64_t>(j), k));
    const double w = spectra.meta.wavelength[j];
    const bool bad = !good.empty() && good[j] == 0;
    // Of several at one wavelength the first.
    if (bad || !std::isfinite(v) || (!c.wavelength.empty() && !(w > c.wavelength.back()))) continue;
    c.wavelength.push_back(w);
    c.value.push_back(v);
    c.fwhm.push_back(own_width(spectra.meta, j));
  }
  std::vector<double> steps;
  for (size_t j = 0; j + 1 < c.wavelength.size(); ++j) steps.push_back(c.wavelength[j + 1] - c.wavelength[j]);
  if (steps.empty()) return c;
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
  c.usual_spacing = steps[steps.size() / 2];
  return c;
}

double linear(const Curve &c, size_t low, size_t high, double at) {
  if (low == high) return c.value[low];
  const double share = (at - c.wavelength[low]) / (c.wavelength[high] - c.wavelength[low]);
  return (1 - share) * c.value[low] + share * c.value[high];
}

// The response of a Gaussian, by the trapezoidal rule.
double gaussian(const Curve &c, double at, double fwhm) {
  const double reach = 1.5 * fwhm;  // where the response is 0.2 % of its top
  const size_t n = c.wavelength.size();
  double sum = 0, weights = 0;
  for (size_t j = 0; j < n; ++j) {
    const double apart = c.wavelength[j] - at;
    if (std::abs(apart) > reach) continue;
    const double left = j > 0 ? c.wavelength[j] - c.wavelength[j - 1] : 0;
    const double right = j + 1 < n ? c.wavelength[j + 1] - c.wavelength[j] : 0;
    const double limit = 2 * c.usual_spacing;  // a gap counts for no more
    const double width = std::min(left, limit) + std::min(right, limit);
    const double weight = width * std::exp(-4 * std::log(2.0) * apart * apart / (fwhm * fwhm));
    weights += weight;
    sum += weight * c.value[j];
  }
  return weights > 0 ? sum / weights : nan;
}

// The value of a curve in a band, NaN: none.  by_response: whether a Gaussian was taken.
double value_at(const Curve &c, double at, double fwhm, bool &by_response) {
  constexpr double widest_gap = 4;  // usual spacings
  if (c.wavelength.empty()) return nan;
  const double slack = tolerance(c.usual_spacing);
  if (at < c.wavelength.front() - slack || at > c.wavelength.back() + slack) return nan;
  const auto after = std::lower_bound(c.wavelength.begin(), c.wavelength.end(), at) - c.wavelength.begin();
  const size_t high = std::min(static_cast<size_t>(after), c.wavelength.size() - 1);
  const size_t low = high == 0 || c.wavelength[high] <= at ? high : high - 1;
  const double gap = c.wavelength[high] - c.wavelength[low];
  if (gap > widest_gap * c.usual_spacing) return nan;
  const double own = c.fwhm[low], squares = fwhm * fwhm - own * own;
  const double left = squares > 0 ? std::sqrt(squares) : 0;
  by_response = left > 0 && std::max(gap, c.usual_spacing) <= left;
  return by_response ? gaussian(c, at, left) : linear(c, low, high, at);
}

std::string in_micrometres(double low, double high) { return format("%.4g to %.4g micrometres", low, high); }

// What was left out, by number and by the first and last of them.
std::string left_out(const Grid &grid, size_t count, const std::vector<int64_t> &bands, const char *why) {
  std::vector<int64_t> missing;
  for (int64_t i = 0; i < static_cast<int64_t>(count); ++i) {
    if (!std::binary_search(bands.begin(), bands.end(), i)) missing.push_back(i);
  }
  if (missing.empty()) return "";
  std::string list;
  constexpr size_t most = 8;
  for (size_t k = 0; k < std::min(missing.size(), most); ++k) {
    list += k ? ", " : "";
    const auto at = static_cast<size_t>(missing[k]);
    list += at < grid.wavelength.size() ? format("%.4g", grid.wavelength[at]) : cat("band ", at + 1);
  }
  return cat(missing.size(), " of ", count, " bands are left out, ", why, ": ", list,
             missing.size() > most ? ", ..." : "", grid.wavelength.empty() ? "" : " micrometres");
}

template <class T>
void describe_bands(OnGrid<T> &out, const Grid &grid) {
  Meta &meta = out.spectra.meta;
  meta.wavelength.clear();
  meta.fwhm.clear();
  for (const int64_t i : out.bands) {
    if (!grid.wavelength.empty()) meta.wavelength.push_back(grid.wavelength[static_cast<size_t>(i)]);
    if (!grid.fwhm.empty()) meta.fwhm.push_back(grid.fwhm[static_cast<size_t>(i)]);
  }
}

// The spectra without their numbers.
template <class T>
Table<T> emptied(const Table<T> &spectra) {
  Table<T> out;
  out.cols = spectra.cols;
  out.names = spectra.names;
  out.meta = spectra.meta;
  out.whole = spectra.whole;
  return out;
}

}  // namespace

bool Grid::known() const {
  return !wavelength.empty() &&
         std::all_of(wavelength.begin(), wavelength.end(), [](double w) { return std::isfinite(w) && w > 0; });
}

Grid grid_of(const Meta &meta, int64_t bands) {
  const auto count = static_cast<size_t>(bands);
  Grid grid;
  if (meta.wavelength.size() != count) return grid;
  grid.wavelength = meta.wavelength;
  if (meta.fwhm.size() == count) grid.fwhm = meta.fwhm;
  return grid;
}

template <class T>
OnGrid<T> taken_rows(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid,
                     const std::vector<int64_t> &rows) {
  OnGrid<T> out;
  out.spectra = emptied(spectra);
  std::vector<int64_t> taken;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t j = rows[i];
    if (j < 0 || (!good.empty() && good[static_cast<size_t>(j)] == 0)) continue;
    bool complete = true;
    for (int64_t k = 0; k < spectra.cols; ++k) complete = complete && std::isfinite(spectra(j, k));
    if (!complete) continue;
    taken.push_back(j);
    out.bands.push_back(static_cast<int64_t>(i));
  }
  out.spectra.rows = static_cast<int64_t>(taken.size());
  for (int64_t k = 0; k < spectra.cols; ++k) {
    for (const int64_t j : taken) out.spectra.values.push_back(spectra(j, k));
  }
  describe_bands(out, grid);
  if (!std::is_sorted(taken.begin(), taken.end()))
    out.said.push_back("bands are matched by wavelength, in another order");
  const std::string missing = left_out(grid, rows.size(), out.bands, "which the spectra do not have or mark as bad");
  if (!missing.empty()) out.said.push_back(missing);
  return out;
}

template <class T>
OnGrid<T> onto_grid(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid) {
  const std::vector<int64_t> rows = matched_rows(spectra.meta.wavelength, grid);
  if (!match_suffices(spectra.meta, grid, rows)) return resampled(spectra, good, grid);
  OnGrid<T> out = taken_rows(spectra, good, grid, rows);
  if (out.spectra.rows < spectra.rows) {
    out.said.insert(out.said.begin(),
                    cat(out.spectra.rows, " of its ", spectra.rows, " bands are taken, by wavelength"));
  }
  return out;
}

template <class T>
OnGrid<T> resampled(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid) {
  OnGrid<T> out;
  out.spectra = emptied(spectra);
  const size_t n = grid.wavelength.size();
  const std::vector<size_t> order = ascending(spectra.meta.wavelength);
  std::vector<std::vector<double>> value;  // of each spectrum, in each band
  bool any_response = false, any_linear = false;
  for (int64_t k = 0; k < spectra.cols; ++k) {
    const Curve curve = curve_of(spectra, good, order, k);
    value.emplace_back();
    for (size_t i = 0; i < n; ++i) {
      bool by_response = false;
      value.back().push_back(value_at(curve, grid.wavelength[i], grid.fwhm.empty() ? 0 : grid.fwhm[i], by_response));
      (by_response ? any_response : any_linear) = true;
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (std::all_of(value.begin(), value.end(), [&](const auto &v) { return !std::isnan(v[i]); })) {
      out.bands.push_back(static_cast<int64_t>(i));
    }
  }
  out.spectra.rows = static_cast<int64_t>(out.bands.size());
  for (const auto &v : value) {
    for (const int64_t i : out.bands) out.spectra.values.push_back(static_cast<T>(v[static_cast<size_t>(i)]));
  }
  describe_bands(out, grid);
  const auto [low, high] = std::minmax_element(spectra.meta.wavelength.begin(), spectra.meta.wavelength.end());
  std::string how = any_response ? "by Gaussian responses of the FWHM stated" : "linearly";
  if (any_response && any_linear) how += ", linearly where the spectra are too coarse for them";
  out.said.push_back(cat("resampled from ", spectra.rows, " bands, ", in_micrometres(*low, *high), ", to ",
                         out.spectra.rows, ", ", how));
  const std::string missing = left_out(grid, n, out.bands, "beyond the spectra or in a gap of theirs");
  if (!missing.empty()) out.said.push_back(missing);
  return out;
}

template OnGrid<float> taken_rows(const Table<float> &, const std::vector<double> &, const Grid &,
                                  const std::vector<int64_t> &);
template OnGrid<double> taken_rows(const Table<double> &, const std::vector<double> &, const Grid &,
                                   const std::vector<int64_t> &);
template OnGrid<float> onto_grid(const Table<float> &, const std::vector<double> &, const Grid &);
template OnGrid<double> onto_grid(const Table<double> &, const std::vector<double> &, const Grid &);
template OnGrid<float> resampled(const Table<float> &, const std::vector<double> &, const Grid &);
template OnGrid<double> resampled(const Table<double> &, const std::vector<double> &, const Grid &);

}  // namespace orthant::tool
