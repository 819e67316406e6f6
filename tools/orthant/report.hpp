// One self-contained HTML page that shows an unmixed scene: pictures and plots inside, nothing fetched from outside.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pictures.hpp"

namespace orthant::tool {

// What is known of one endmember.  Whatever is empty or NaN is left out of the page.
struct Material {
  std::string name;
  Rgb colour{};                                 // of its curve, and in the picture of the mixture
  Plane estimate, truth;                        // abundances
  std::vector<double> spectrum, true_spectrum;  // a value for each band
  double angle = kAuto;                         // spectral angle to the truth, radians
  double rmse = kAuto;                          // of the abundances
  double rmse_known = kAuto;                    // of the abundances found with the true endmembers
};

// Gives every material a colour: one that suits a name such as "vegetation" or "water", else the next in the list; none
// twice as long as there are enough.
void colour_materials(std::vector<Material> &materials);

struct ReportPage {
  std::string title, lead;  // the lead is two sentences on what the page shows
  Picture scene;            // a composite for the eye
  std::string scene_note;   // which bands, how many pixels
  Plane residual;           // |y - E a| / sqrt(bands) of every pixel
  std::string spectrum_label = "reflectance";
  std::vector<double> wavelength;  // micrometres; empty: bands are counted
  std::vector<Material> materials;
  Range abundances{0, 1};  // what the maps' darkest and brightest colours mean

  struct Figure {
    std::string value, label;  // "0.0123", "abundance error"
  };
  std::vector<Figure> headline;  // three or four numbers to remember

  struct Overall {  // scores over all materials, see orthant_scores
    double angle = kAuto, rmse = kAuto, armse = kAuto, rmse_known = kAuto, armse_known = kAuto;
  } overall;

  struct Step {
    std::string name, detail;
    double seconds = 0;
    double pixels = 0;  // 0: no rate is shown
  };
  std::vector<Step> steps;
  std::vector<std::pair<std::string, double>> memory;  // what, bytes
  std::string command;
  std::vector<std::pair<std::string, std::string>> facts;  // seed, version, input, ...
};
std::string html(const ReportPage &page);

// The spectra of all materials in one plot: truth solid, estimate dashed where there is a truth.
Plot spectra_plot(const std::vector<Material> &materials, const std::vector<double> &wavelength,
                  const std::string &label);

// Wavelengths with a missing value put where bands were left out, so that a line breaks there.
void add_curve(Plot &plot, const std::vector<double> &wavelength, const std::vector<double> &values, Series series);

}  // namespace orthant::tool
