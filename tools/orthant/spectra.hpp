// Spectra brought onto the bands of an image: matched by wavelength, or resampled.
#pragma once

#include "io.hpp"

namespace orthant::tool {

// The bands of an image or a sensor, in micrometres; fwhm may be empty.
struct Grid {
  std::vector<double> wavelength, fwhm;
  bool known() const;  // a wavelength for each band, each a positive number
};
Grid grid_of(const Meta &meta, int64_t bands);  // lists of another length are left out

template <class T>
struct OnGrid {
  Table<T> spectra;               // on those bands of the grid that they have
  std::vector<int64_t> bands;     // which these are, from 0
  std::vector<std::string> said;  // how the bands were matched and which were left out, a sentence each
};

// The spectra on the grid.  Rows that `good` marks 0 (empty: none) and missing numbers do not exist.
//   - Where a row lies within a tenth of the spacing of each band that it could stand for, rows are taken as they are,
//     in any order, as many as match.
//   - Else each band is the response of a Gaussian of the grid's FWHM (less that of the spectra, if known), or linear
//     between its neighbours where the grid states no FWHM or the spectra are too coarse for it.
// Bands beyond the spectra, or in a gap of theirs wider than four usual spacings, are left out.
template <class T>
OnGrid<T> onto_grid(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid);
// For each band of the grid, whose wavelengths need not be known, the row of the spectra, -1: none.
template <class T>
OnGrid<T> taken_rows(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid,
                     const std::vector<int64_t> &rows);
// Resampled in any case.
template <class T>
OnGrid<T> resampled(const Table<T> &spectra, const std::vector<double> &good, const Grid &grid);

}  // namespace orthant::tool
