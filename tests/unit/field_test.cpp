// Files as people have them: what the numbers of an image and of a library mean, for the program named in ORTHANT_TOOL.
// Each case writes its files, runs one command and says what is expected of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>

#include "io.hpp"

using namespace orthant::tool;

namespace {

bool has(const std::string &text, const std::string &part) { return text.find(part) != text.npos; }

// Three materials as functions of the wavelength in micrometres: linear, linear and quadratic, so that both kinds of
// resampling have a right answer: linear ones are their own response, a parabola's grows by bend * sigma^2.
constexpr double bend = 0.4;
double material(int k, double wavelength) {
  if (k == 0) return 0.1 + 0.3 * wavelength;
  if (k == 1) return 0.8 - 0.25 * wavelength;
  return 0.2 + bend * (wavelength - 1.2) * (wavelength - 1.2);
}

constexpr int lines = 6, samples = 5, materials = 3;
const std::vector<double> grid = {0.45, 0.52, 0.6, 0.7, 0.85, 1.25, 1.65, 2.2};
using Spectrum = std::function<double(int, double)>;

std::string list(const std::vector<double> &values, double unit = 1) {
  std::string text = "{";
  for (const double v : values) text += (text.size() > 1 ? ", " : "") + shortest(std::round(v * unit * 1e6) / 1e6);
  return text + "}";
}
std::string nanometres(const std::vector<double> &wavelength) {
  return "wavelength units = Nanometers\nwavelength = " + list(wavelength, 1000) + "\n";
}

std::string number_bytes(double v, int type) {
  const auto bytes = [](auto x) { return std::string(reinterpret_cast<const char *>(&x), sizeof x); };
  if (type == 2) return bytes(static_cast<int16_t>(v));
  if (type == 4) return bytes(static_cast<float>(v));
  if (type == 12) return bytes(static_cast<uint16_t>(v));
  return bytes(v);
}

struct Outcome {
  int code;
  std::string out, err;
};

class Field {
 public:
  fs::path directory;
  std::string tool;

  std::string path(const std::string &name) const { return (directory / name).string(); }
  void put(const std::string &name, const std::string &bytes) const { write_file(directory / name, bytes, true); }

  // The abundances of a pixel: the first three are pure.
  static double share(int pixel, int k) {
    if (pixel < materials) return pixel == k;
    const double u = pixel % 5 / 4.0, v = pixel % 7 / 6.0;
    if (k == 2) return 1 - v;
    return k == 0 ? u * v : (1 - u) * v;
  }

  // An image band by band, with what its header says besides; edit(value, band, pixel) gives what is stored.
  using Edit = std::function<double(double, int, int)>;
  void image(const std::string &name, const std::string &extra = nanometres(grid), int type = 4,
             const Edit &edit = nullptr, const std::vector<double> &bands = grid, const Spectrum &f = material) const {
    std::string bytes;
    for (size_t b = 0; b < bands.size(); ++b) {
      for (int p = 0; p < lines * samples; ++p) {
        double v = 0;
        for (int k = 0; k < materials; ++k) v += share(p, k) * f(k, bands[b]);
        bytes += number_bytes(edit ? edit(v, static_cast<int>(b), p) : v, type);
      }
    }
    const size_t dot = name.rfind('.');
    put(name, bytes);
    put(name.substr(0, dot) + (std::isupper(static_cast<unsigned char>(name[dot + 1])) ? ".HDR" : ".hdr"),
        header(bands.size(), type) + extra);
  }
  static std::string header(size_t bands, int type) {
    return "ENVI\nsamples = 5\nlines = 6\nbands = " + std::to_string(bands) +
           "\nheader offset = 0\nfile type = ENVI "
           "Standard\ndata type = " +
           std::to_string(type) + "\ninterleave = bsq\nbyte order = 0\n";
  }

  void library(const std::string &extra = nanometres(grid), const std::vector<double> &bands = grid, double times = 1,
               const Edit &edit = nullptr, int spectra = materials) const {
    std::string bytes;
    for (int k = 0; k < spectra; ++k) {
      for (size_t b = 0; b < bands.size(); ++b) {
        const double v = times * material(k % materials, bands[b]) * (1 + 0.1 * (k / materials));
        bytes += number_bytes(edit ? edit(v, static_cast<int>(b), k) : v, 4);
      }
    }
    put("lib.sli", bytes);
    put("lib.hdr", "ENVI\nsamples = " + std::to_string(bands.size()) + "\nlines = " + std::to_string(spectra) +
                       "\nbands = 1\nheader offset = 0\nfile type = ENVI Spectral Library\ndata type = 4\ninterleave "
                       "= bsq\nbyte order = 0\n" +
                       (has(extra, "spectra names") ? "" : "spectra names = {grass, soil, rock}\n") + extra);
  }

  Outcome run(const std::string &arguments) const {
    const std::string command =
        "cd '" + directory.string() + "' && '" + tool + "' " + arguments + " >.out 2>.err </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(directory / ".out"), read_file(directory / ".err")};
  }

  // The abundances in out/ are the truth, within a tolerance, but NaN in these pixels.
  void expect_truth(double tolerance = 1e-4, const std::vector<int> &missing = {}) const {
    const auto found = read_image<float>(path("out/abundances.img"));
    ASSERT_EQ(found.pixels(), lines * samples);
    for (int p = 0; p < lines * samples; ++p) {
      const bool is_missing = std::find(missing.begin(), missing.end(), p) != missing.end();
      for (int k = 0; k < materials; ++k) {
        const auto a = static_cast<double>(found.pixel(p)[k]);
        EXPECT_EQ(std::isnan(a), is_missing) << "pixel " << p;
        if (is_missing) continue;
        EXPECT_NEAR(a, share(p, k), tolerance) << "pixel " << p << ", material " << k;
      }
    }
  }
};

struct Case {
  std::string name;
  std::function<void(const Field &)> make;
  const char *command;
  int code;
  std::vector<std::string> says;  // on either stream
  std::function<void(const Field &)> check;
};
void PrintTo(const Case &c, std::ostream *out) { *out << c.name; }

const auto truth = [](const Field &f) { f.expect_truth(); };
const auto truth_but_13 = [](const Field &f) { f.expect_truth(1e-4, {13}); };
// A value in all bands of pixel 13 (line 2, sample 3), or in one band of it.
Field::Edit at_13(double value, int only_band = -1, double times = 1) {
  return [=](double v, int b, int p) {
    const bool here = p == 13 && (only_band < 0 || b == only_band);
    return here ? value : std::round(v * times * 1e6) / 1e6;
  };
}
Field::Edit rounded_times(double times) {
  return [=](double v, int, int) { return std::round(v * times); };
}
const char *const unmix = "unmix s.hdr -e lib.sli -o out";
const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();

Case ignored(const char *name, const char *header, double stored, int type = 4, double times = 1) {
  return {name,
          [=](const Field &f) {
            const bool whole = type == 2 || type == 12;
            f.image("s.img", nanometres(grid) + "data ignore value = " + header + "\n", type,
                    [=](double v, int, int p) { return p == 13 ? stored
                                                       : whole ? std::round(v * times)
                                                               : v; });
            f.library();
          },
          times == 1 ? unmix : "unmix s.hdr -e lib.sli -o out --scale 10000",
          0,
          {"1 pixels have missing values"},
          times == 1 ? std::function<void(const Field &)>(truth_but_13)
                     : [](const Field &f) { f.expect_truth(1e-2, {13}); }};
}

const double largest = static_cast<double>(std::numeric_limits<float>::max());
const std::vector<Case> cases_of_missing_values = {
    ignored("IgnoreOfFourDigits", "-0.9999", -0.9999),
    ignored("IgnoreAsGdalWritesIt", "-9999.89999999999964", -9999.9),
    ignored("IgnoreRoundedByAHeader", "-3.4028e+38", -largest),
    ignored("IgnoreLowestFloat", "-3.40282346638529e+38", -largest),
    ignored("IgnoreDeletedChannel", "-1.23e34", -1.23e34),
    ignored("IgnoreInBraces", "{-9999}", -9999),
    ignored("IgnoreNan", "NaN", nan),
    ignored("IgnoreMinusInfinity", "-inf", -inf),
    ignored("IgnoreOfDoubles", "-0.9999", -0.9999, 5),
    ignored("IgnoreOfI16", "-9999.0", -9999, 2, 10000),
    ignored("IgnoreOfU16", "65535", 65535, 12, 10000),
    ignored("IgnoreZero", "0", 0),
    {"IgnoreThatCannotOccur",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + "data ignore value = -9999\n", 12, rounded_times(10000));
     },
     "info s.hdr",
     0,
     {"the ignore value -9999 cannot occur in u16 data"},
     nullptr},
    {"IgnoreByTheFlagInAnyFormat",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, at_13(7));
       f.library();
     },
     "unmix s.hdr -e lib.sli -o out --ignore=7 --ignore=-5",
     0,
     {"8 values equal the data ignore value 7"},
     truth_but_13},
    {"IgnoreByTheFlagInATable",
     [](const Field &f) { f.put("t.csv", "1,2\n-9,4\n"); },
     "info t.csv --ignore=-9",
     0,
     {"1 values are missing"},
     nullptr},
    {"MaskLeavesPixelsOut",
     [](const Field &f) {
       f.image("s.img");
       f.library();
       std::string mask;
       for (int l = 0; l < lines; ++l) mask += l == 2 ? "1,1,1,0,1\n" : "1,1,1,1,1\n";
       f.put("mask.csv", mask);
     },
     "unmix s.hdr -e lib.sli -o out --mask mask.csv",
     0,
     {"1 pixels are left out by the mask"},
     truth_but_13},
    {"MaskOfAnotherSize",
     [](const Field &f) {
       f.image("s.img");
       f.library();
       f.put("mask.csv", "1,1\n1,0\n");
     },
     "unmix s.hdr -e lib.sli -o out --mask mask.csv",
     3,
     {"has 30 pixels, the mask has 4"},
     nullptr},
    {"BandWithoutAnyValueIsLeftOut",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + "data ignore value = -9999\n", 4,
               [](double v, int b, int) { return b == 3 ? -9999 : v; });
       f.library();
     },
     unmix,
     0,
     {"1 bands have no value in any pixel", "band 4 at 0.7 micrometres"},
     truth},
    {"BandWithoutAnyValueAndEndmembersOfTheImage",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + "data ignore value = -9999\n", 4,
               [](double v, int b, int) { return b == 3 ? -9999 : v; });
     },
     "extract s.hdr -p 3 -o out.csv",
     0,
     {"3 spectra of 7 bands"},
     nullptr},
};

// Endmembers are pixels 0, 1, 2, wherever the fill stands.
void endmembers_are_pure(const Field &f) {
  const auto E = read_table<double>(f.path("out.csv"));
  ASSERT_EQ(E.rows, 8);
  for (int k = 0; k < materials; ++k) {
    double best = 1;
    for (int64_t j = 0; j < E.cols; ++j) {
      double worst = 0;
      for (size_t b = 0; b < grid.size(); ++b)
        worst = std::max(worst, std::abs(E(static_cast<int64_t>(b), j) - material(k, grid[b])));
      best = std::min(best, worst);
    }
    EXPECT_LT(best, 1e-3) << k;
  }
}

Case undeclared(const char *name, double value, const char *says, int type = 4, int only_band = -1, double times = 1) {
  return {name,
          [=](const Field &f) {
            f.image("s.img", nanometres(grid), type, [=](double v, int b, int p) {
              const bool here = (p == 13 || p == 20) && (only_band < 0 || b == only_band);
              return here ? value : type == 4 ? v : std::round(v * times);
            });
          },
          times == 1 ? "extract s.hdr -p 3 -o out.csv" : "extract s.hdr -p 3 -o out.csv --scale 10000",
          0,
          {"warning: s.hdr: ", says},
          endmembers_are_pure};
}

const std::vector<Case> cases_of_undeclared_fill = {
    undeclared("FillOfMinus9999", -9999, "line 2, sample 3 (from 0), which looks like fill that nobody declared"),
    undeclared("FillInSomeBandsAlone", -9999, "2 values are -9999", 4, 3),
    undeclared("FillOfADeletedChannel", -1.23e34, "beyond what is measured"),
    undeclared("FillOfAnInfinity", -inf, "beyond what is measured", 4, 2),
    undeclared("FillOfClimateData", 1e20, "beyond what is measured"),
    undeclared("FillOfI16", -9999, "16 values are -9999", 2, -1, 10000),
    undeclared("FillOfLowestI16", -32768, "16 values are -32768", 2, -1, 10000),
    undeclared("FillOfU16", 65535, "2 pixels are 65535 in all bands, first at line 2, sample 3", 12, -1, 10000),
    undeclared("SaturationOfU16", 65535, "2 pixels are saturated (65535 in some band)", 12, 3, 10000),
    undeclared("SaturationOfI16", 32767, "2 pixels are saturated (32767 in some band)", 2, 3, 10000),
    undeclared("FillOfZero", 0, "2 pixels hold the same number in all bands, first 0 at line 2, sample 3"),
    undeclared("FillOfOne", 1, "--ignore=1 makes that missing"),
    {"FillOfOnePixelWhereALibraryIsGiven",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, at_13(-9999));
       f.library();
     },
     unmix,
     0,
     {"warning: ", "'data ignore value = -9999'", "--ignore=-9999"},
     truth_but_13},
    {"FillOfASingleNumber",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, at_13(-9999, 3));
       f.library();
     },
     unmix,
     0,
     {"1 values are -9999, first at line 2, sample 3"},
     truth_but_13},
    {"ANumberThatIsOnlyLowIsNoFill",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, at_13(-3.7, 3));
       f.library();
     },
     "unmix s.hdr -e lib.sli -o out --method nnls",
     0,
     {"relative error"},
     [](const Field &f) { EXPECT_FALSE(std::isnan(read_image<float>(f.path("out/abundances.img")).pixel(13)[0])); }},
    {"FillMayBeKept",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, at_13(-9999));
       f.library();
     },
     "unmix s.hdr -e lib.sli -o out --keep-ignored",
     0,
     {"relative error    1\n"},
     nullptr},
    {"SaturationIsNoDivisor",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 12,
               [](double v, int b, int p) { return p == 13 && b == 3 ? 65535 : std::round(v * 10000); });
     },
     "extract s.hdr -p 3 --scale max -o out.csv",
     0,
     {"divided by the maximum, 7"},
     nullptr},
    {"InfoNamesFill",
     [](const Field &f) { f.image("s.img", nanometres(grid), 4, at_13(-9999)); },
     "info s.hdr --check",
     3,
     {"problem      8 values are -9999"},
     nullptr},
    {"DarkAndNegativeNumbersAreNoFill",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, [](double v, int b, int p) { return p % 7 == 0 && b == 0 ? -0.01 : v; });
     },
     "info s.hdr",
     0,
     {"-0.01 to "},
     [](const Field &f) { EXPECT_FALSE(has(f.run("info s.hdr").out, "fill")); }},
};

std::function<void(const Field &)> whole(double times, double library_times) {
  return [=](const Field &f) {
    f.image("s.img", nanometres(grid), 2, rounded_times(times));
    f.library(nanometres(grid), grid, library_times);
  };
}
const auto near_truth = [](const Field &f) { f.expect_truth(1e-3); };
const auto about_truth = [](const Field &f) { f.expect_truth(5e-2); };

const std::vector<Case> cases_of_units = {
    {"WholeNumbersAreMatchedToTheLibrary", whole(10000, 1), unmix, 0, {"warning: ", "divided by 10000 "}, near_truth},
    {"WholeNumbersAgainstPercent", whole(10000, 100), unmix, 0, {"divided by 100 "}, near_truth},
    {"WholePercent", whole(100, 1), unmix, 0, {"divided by 100 "}, about_truth},
    {"WholeNumbersInTheUnitOfTheLibrary", whole(10000, 10000), unmix, 0, {"relative error"}, near_truth},
    {"WholeNumbersOfAnUnknownUnit",
     whole(4000, 1),
     unmix,
     3,
     {"no scale factor is stated", "--scale N", "--scale none"},
     [](const Field &f) { EXPECT_FALSE(fs::exists(f.path("out"))); }},
    {"WholeNumbersWithTheFlag",
     whole(4000, 1),
     "unmix s.hdr -e lib.sli -o out --scale 4000",
     0,
     {"relative error"},
     [](const Field &f) { f.expect_truth(2e-3); }},
    {"WholeNumbersWithAFactorInTheHeader",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + "reflectance scale factor = 4000\n", 2, rounded_times(4000));
       f.library();
     },
     unmix,
     0,
     {"divided by the reflectance scale factor 4000"},
     [](const Field &f) { f.expect_truth(2e-3); }},
    {"LibraryInPercent",
     [](const Field &f) {
       f.image("s.img");
       f.library(nanometres(grid), grid, 100);
     },
     unmix,
     0,
     {"warning: ", "divided by 0.01 "},
     truth},
    {"WholeNumbersAloneKeepTheirUnit",
     whole(10000, 1),
     "extract s.hdr -p 3 -o out.csv",
     0,
     {"whole numbers up to", "taken as they are"},
     [](const Field &f) { EXPECT_GT(read_table<double>(f.path("out.csv")).values[0], 1000); }},
    {"ABadFitBecauseOfTheUnitIsNamed",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, [](double v, int, int) { return 0.4 * v; });
       f.library();
     },
     unmix,
     0,
     {"warning: the relative error is", "different units (--scale), or brightness varies (--normalize)"},
     nullptr},
    {"BrightnessThatVariesProposesNormalize",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, [](double v, int, int p) { return v * (0.7 + 0.02 * p); });
       f.library();
     },
     unmix,
     0,
     {"brightness varies: NNLS abundances sum to from 0.7", "--normalize"},
     nullptr},
    {"NormalizeDividesByTheSum",
     [](const Field &f) {
       f.image("s.img", nanometres(grid), 4, [](double v, int, int p) { return v * (0.5 + 0.03 * p); });
       f.library();
     },
     "unmix s.hdr -e lib.sli -o out --normalize",
     0,
     {"relative error"},
     [](const Field &f) {
       f.expect_truth();
       const auto quality = read_image<float>(f.path("out/quality.img"));
       ASSERT_EQ(quality.bands, 4);
       EXPECT_NEAR(static_cast<double>(quality.pixel(10)[3]), 0.8, 1e-4);
     }},
    {"NormalizeIsOfNnls",
     [](const Field &f) {
       f.image("s.img");
       f.library();
     },
     "unmix s.hdr -e lib.sli -o out --normalize --method fcls",
     2,
     {"--method nnls"},
     nullptr},
};

std::vector<double> steps(double from, double to, double step) {
  std::vector<double> out;
  for (int k = 0; from + k * step < to + step / 2; ++k) out.push_back(from + k * step);
  return out;
}

std::function<void(const Field &)> library_on(const std::vector<double> &bands) {
  return [=](const Field &f) {
    f.image("s.img");
    f.library(nanometres(bands), bands);
  };
}
const std::vector<double> descending(grid.rbegin(), grid.rend());
const std::vector<double> shuffled = {1.25, 0.45, 2.2, 0.52, 0.85, 0.6, 1.65, 0.7};
const std::vector<double> more = {0.45, 0.52, 0.6, 0.62, 0.65, 0.7, 0.85, 1.25, 1.65, 2.2, 2.4};

const std::vector<Case> cases_of_bands = {
    {"LibraryDescends", library_on(descending), unmix, 0, {"matched by wavelength, in another order"}, truth},
    {"LibraryShuffled", library_on(shuffled), unmix, 0, {"matched by wavelength, in another order"}, truth},
    {"LibraryHasMore", library_on(more), unmix, 0, {"8 of its 11 bands are taken, by wavelength"}, truth},
    {"LibraryHasFewer",
     library_on({0.45, 0.6, 0.85, 1.65, 2.2}),
     unmix,
     0,
     {"3 of 8 bands are left out", "0.52, 0.7, 1.25 micrometres"},
     truth},
    {"LibraryIsFiner", library_on(steps(0.4, 2.5, 0.01)), unmix, 0, {"8 of its 211 bands are taken"}, truth},
    {"LibraryOnAnotherGrid",
     library_on(steps(0.397, 2.5, 0.01)),
     unmix,
     0,
     {"resampled from 211 bands, 0.397 to 2.497 micrometres, to 8, linearly"},
     truth},
    {"LibraryCoversAPart",
     library_on(steps(0.55, 2.5, 0.007)),
     unmix,
     0,
     {"2 of 8 bands are left out, beyond the spectra or in a gap of theirs: 0.45, 0.52 micrometres"},
     truth},
    {"LibraryElsewhere", library_on(steps(8, 12, 0.1)), unmix, 3, {"only 0 of the image's 8 bands"}, nullptr},
    {"LibraryInMicrometres",
     [](const Field &f) {
       f.image("s.img");
       f.library("wavelength units = Micrometers\nwavelength = " + list(grid) + "\n");
     },
     unmix,
     0,
     {"relative error"},
     truth},
    {"LibraryInNanometresThatSaysMicrometres",
     [](const Field &f) {
       f.image("s.img");
       f.library("wavelength units = Micrometers\nwavelength = " + list(grid, 1000) + "\n");
     },
     unmix,
     0,
     {"wavelengths up to 2200 cannot be 'micrometers'; taken as nanometres"},
     truth},
    {"LibraryWithoutWavelengths",
     [](const Field &f) {
       f.image("s.img");
       f.library("");
     },
     unmix,
     0,
     {"relative error"},
     truth},
    {"LibraryTurnedOverIsRefused",
     [](const Field &f) {
       f.image("s.img");
       f.library(nanometres({0.45, 0.6, 0.85, 1.65, 2.2}) + "spectra names = {a, b, c, d, e, f, g, h}\n",
                 {0.45, 0.6, 0.85, 1.65, 2.2}, 1, nullptr, 8);
     },
     unmix,
     3,
     {"has 8 spectra and only 5 of the image's 8 bands"},
     nullptr},
    {"LibraryTurnedOverWithoutWavelengthsIsRefused",
     [](const Field &f) {
       f.image("s.img");
       f.library("spectra names = {a, b, c, d, e, f, g, h}\n", {0.45, 0.6, 0.85, 1.65, 2.2}, 1, nullptr, 8);
     },
     unmix,
     3,
     {"has spectra of 5 bands (5 x 8), the image has 8"},
     nullptr},
    {"ImageDescends",
     [](const Field &f) {
       f.image("s.img", nanometres(descending), 4, nullptr, descending);
       f.library();
     },
     unmix,
     0,
     {"in another order"},
     truth},
    {"BadBandsOfTheImage",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + "bbl = {1, 1, 0, 1, 1, 0, 1, 1}\n", 4,
               [](double v, int b, int) { return b == 2 || b == 5 ? 0.3 : v; });
       f.library();
     },
     unmix,
     0,
     {"2 of 8 bands left out by the bad band list"},
     truth},
    {"BadBandsOfTheImageAndALibraryWithoutWavelengths",
     [](const Field &f) {
       f.image("s.img", "bbl = {1, 1, 0, 1, 1, 0, 1, 1}\n", 4,
               [](double v, int b, int) { return b == 2 || b == 5 ? 0.3 : v; });
       f.library("");
     },
     unmix,
     0,
     {"2 of 8 bands left out by the bad band list"},
     truth},
    {"BadBandsOfTheLibrary",
     [](const Field &f) {
       f.image("s.img");
       f.library(nanometres(grid) + "bbl = {1, 1, 0, 1, 1, 0, 1, 1}\n", grid, 1,
                 [](double v, int b, int) { return b == 2 || b == 5 ? 0 : v; });
     },
     unmix,
     0,
     {"2 of 8 bands are left out, which the spectra do not have or mark as bad: 0.6, 1.25"},
     truth},
    {"BadBandsOfALibraryWithoutWavelengths",
     [](const Field &f) {
       f.image("s.img", "");
       f.library("bbl = {1, 1, 0, 1, 1, 0, 1, 1}\n", grid, 1,
                 [](double v, int b, int) { return b == 2 || b == 5 ? 0 : v; });
     },
     unmix,
     0,
     {"mark as bad: band 3, band 6"},
     truth},
};

Case deleted_channel(const std::string &name, const std::string &declared) {
  return {name,
          [=](const Field &f) {
            f.image("s.img");
            f.library(nanometres(grid) + declared, grid, 1,
                      [](double v, int b, int k) { return b == 3 && k == 1 ? -1.23e34 : v; });
          },
          unmix,
          0,
          {"1 of 8 bands are left out", ": 0.7 micrometres"},
          truth};
}

// What a Gaussian of 50 nm makes of a material.
double response(int k, double w) { return material(k, w) + (k == 2 ? bend * 0.05 * 0.05 / (8 * std::log(2.0)) : 0); }
const std::vector<double> fine = steps(0.4, 2.5, 0.005);
std::string width(size_t bands) { return "fwhm = " + list(std::vector<double>(bands, 50)) + "\n"; }

void is_resampled(const Field &f) {
  const auto E = read_table<double>(f.path("out.sli"));
  ASSERT_EQ(E.rows, 8);
  EXPECT_EQ(E.names, (std::vector<std::string>{"grass", "soil", "rock"}));
  for (size_t b = 1; b < grid.size(); ++b) {
    EXPECT_NEAR(E.meta.wavelength[b], grid[b], 1e-9);
    for (int k = 0; k < materials; ++k)
      EXPECT_NEAR(E(static_cast<int64_t>(b), k), response(k, grid[b]), 2e-5) << b << " " << k;
  }
}

const std::vector<Case> cases_of_grids = {
    deleted_channel("DeletedChannelDeclared", "data ignore value = -1.23e34\n"),
    deleted_channel("DeletedChannelUndeclared", ""),
    {"GaussianResponseOfTheImagesWidth",
     [](const Field &f) {
       f.image("s.img", nanometres(grid) + width(8), 4, nullptr, grid, response);
       f.library(nanometres(fine), fine);
     },
     "unmix s.hdr -e lib.sli -o out --method nnls",
     0,
     {"by Gaussian responses of the FWHM stated"},
     [](const Field &f) { f.expect_truth(1e-3); }},
    {"LibraryOfTheSameSensorIsNotSmoothedAgain",
     [](const Field &f) {
       const std::vector<double> all = steps(0.4, 2.5, 0.01);
       f.image("s.img", nanometres(grid) + width(8));
       f.library(nanometres(all) + width(all.size()), all);
     },
     unmix,
     0,
     {"8 of its 211 bands are taken, by wavelength"},
     truth},
    {"ResampleWritesALibraryForTheImage",
     [](const Field &f) {
       f.put("s.hdr", Field::header(8, 4) + nanometres(grid) + width(8));
       f.library(nanometres(fine), fine);
     },
     "resample lib.sli --to s.hdr -o out.sli",
     0,
     {"3 spectra on 8 bands", "resampled from 421 bands"},
     is_resampled},
    {"EvalMatchesBandsByWavelength",
     [](const Field &f) {
       f.library(nanometres({0.45, 0.6, 1.65, 2.2}), {0.45, 0.6, 1.65, 2.2});
       fs::copy_file(f.path("lib.sli"), f.path("found.sli"));
       fs::copy_file(f.path("lib.hdr"), f.path("found.hdr"));
       f.library(nanometres(descending), descending);
     },
     "eval --endmembers found.sli --truth-endmembers lib.sli",
     0,
     {"mean spectral angle  0.0000 degrees"},
     nullptr},
    {"WavelengthsThatAreNoNumbersMatchNothing",
     [](const Field &f) {
       f.image("s.img");
       f.library("wavelength units = nm\nwavelength = {nan, 520, 600, 700, 850, 1250, 1650, 2200}\n");
     },
     unmix,
     0,
     {"bands are taken in order"},
     truth},
    {"ResampleBeginsWithExamples",
     [](const Field &) {},
     "resample --help",
     0,
     {"Examples:\n  orthant resample"},
     nullptr},
    {"ResampleNeedsWavelengths",
     [](const Field &f) {
       f.library("");
       f.image("s.img");
     },
     "resample lib.sli --to s.hdr -o out.sli",
     3,
     {"states no wavelength for each band"},
     nullptr},
};

std::function<void(const Field &)> with(const std::string &extra) {
  return [=](const Field &f) {
    f.image("s.img", extra);
    f.library();
  };
}
const std::string eight = "8 bands";

const std::vector<Case> cases_of_files = {
    {"UpperCaseHeader", [](const Field &f) { f.image("IMG.DAT"); }, "info IMG.HDR", 0, {eight}, nullptr},
    {"UpperCaseData", [](const Field &f) { f.image("IMG.DAT"); }, "info IMG.DAT", 0, {eight}, nullptr},
    {"HeaderOfHyspex", [](const Field &f) { f.image("s.hyspex"); }, "info s.hdr", 0, {eight}, nullptr},
    {"HeaderOfCue", [](const Field &f) { f.image("s.cue"); }, "info s.hdr", 0, {eight}, nullptr},
    {"OtherEndingOfAnotherSize",
     [](const Field &f) {
       f.image("s.hyspex");
       f.put("s.hyspex", "short");
     },
     "info s.hdr",
     3,
     {"the header asks for 960 bytes; beside it: s.hyspex (5 bytes)", "give the data file itself"},
     nullptr},
    {"TwoDataFiles",
     [](const Field &f) {
       f.image("s.bil");
       f.put("s.img", std::string(100, 'x'));
     },
     "info s.hdr",
     0,
     {eight, "from s.bil (960 bytes", "not from s.img (100 bytes)"},
     nullptr},
    {"HeaderAlone",
     [](const Field &f) { f.put("s.hdr", Field::header(8, 4) + nanometres(grid)); },
     "info s.hdr",
     0,
     {eight, "0.45 to 2.2 micrometres", "no data file beside this header"},
     nullptr},
    {"HeaderAloneIsNoImage",
     [](const Field &f) { f.put("s.hdr", Field::header(8, 4)); },
     "unmix s.hdr -p 2 -o out",
     3,
     {"no data file beside this header; tried s, s.img"},
     nullptr},
    {"WavelengthInBrackets",
     with("wavelength = [450 520 600 700 850 1250 1650 2200]\n"),
     "info s.hdr",
     0,
     {"'[450 520 600", "not a number; the list was left out"},
     nullptr},
    {"ListWithoutAnEnd",
     with("wavelength = {450, 520,\nsensor type = HySpex\n"),
     "info s.hdr",
     0,
     {"the list of 'wavelength' has no closing brace and was left out", "HySpex"},
     nullptr},
    {"DefaultBandsThatCannotBeRead",
     with("default bands = {red}\n"),
     "info s.hdr",
     0,
     {"the list was left out"},
     nullptr},
    {"UnitsNanometres",
     with("wavelength units = nanometres\nwavelength = " + list(grid, 1000) + "\n"),
     "info s.hdr",
     0,
     {"0.45 to 2.2 micrometres"},
     nullptr},
    {"RepeatedKey",
     with("coordinate system string = {A}\ncoordinate system string = {B}\n"),
     "info s.hdr",
     0,
     {"coordinate system string {B}", "is given twice, as '{A}' and '{B}'; the last one was taken"},
     nullptr},
    {"RepeatedKeyOfTheNumbers", with("data type = 5\n"), "info s.hdr", 3, {"'data type' is given twice"}, nullptr},
    {"NamesWithACommaAreNoted",
     [](const Field &f) {
       f.image("s.img");
       f.library(nanometres(grid) + "spectra names = {grass (dry, old), soil, rock}\n");
     },
     unmix,
     0,
     {"'spectra names' has 4 values for 3 spectra", "e1"},
     truth},
    {"TitleOfALibraryIsNotNoted",
     [](const Field &f) { f.library(nanometres(grid) + "band names = {\n Spectral Library}\n"); },
     "info lib.hdr",
     0,
     {"8 x 3 (bands x spectra)"},
     [](const Field &f) { EXPECT_FALSE(has(f.run("info lib.hdr").out, "note")); }},
    {"WavelengthNan",
     with("wavelength units = nm\nwavelength = {nan, 520, 600, 700, 850, 1250, 1650, 2200}\n"),
     "info s.hdr --check",
     3,
     {"1 of 8 wavelengths are no positive numbers", "0.52 to 2.2 micrometres"},
     nullptr},
    {"WavelengthUnsorted",
     with("wavelength units = nm\nwavelength = {1250, 450, 520, 600, 700, 850, 1650, 2200}\n"),
     "info s.hdr --check",
     3,
     {"wavelengths are not in order", "0.45 to 2.2 micrometres"},
     nullptr},
    {"GeoreferenceAndWhatElseIsKept",
     with(nanometres(grid) +
          "geo points = {\n 1, 1, 52.1, 13.2,\n 5, 1, 52.1, 13.3}\nx start = 7\ny start = 9\n"
          "sensor type = HySpex\nacquisition time = 2020-05-01\nsmoothing = {1, 2, 3, 4, 5, 6, 7, 8}\n"),
     unmix,
     0,
     {"relative error"},
     [](const Field &f) {
       for (const char *name : {"out/abundances.img.hdr", "out/quality.img.hdr"}) {
         const std::string text = read_file(f.path(name));
         for (const char *line : {"geo points = {\n1, 1, 52.1, 13.2,\n5, 1, 52.1, 13.3}\n", "x start = 7\n",
                                  "y start = 9\n", "sensor type = HySpex\n", "acquisition time = 2020-05-01\n"}) {
           EXPECT_TRUE(has(text, line)) << name << line;
         }
         EXPECT_FALSE(has(text, "smoothing")) << "a list of bands, which the output does not have";
         EXPECT_FALSE(has(text, "wavelength"));
       }
     }},
    {"NfindrOfOne",
     with(nanometres(grid)),
     "extract s.hdr -p 1 --method nfindr -o out.csv",
     2,
     {"ask for -p 2 or more"},
     nullptr},
};

Case foreign(const std::string &format, const std::string &magic) {
  return {"BytesOf" + format + "AreNoNumbers",
          [=](const Field &f) {
            f.image("s.img");
            f.put("s.img", magic + std::string(3000, 'x'));
          },
          "unmix s.img -p 2 -o out",
          3,
          {"s.img: is a " + format + " file"},
          nullptr};
}

// A NumPy array of three sides, of the image.
void put_array(const Field &f, bool bands_first) {
  std::string numbers;
  for (int i = 0; i < 8 * lines * samples; ++i) {
    const int b = bands_first ? i / (lines * samples) : i % 8, p = bands_first ? i % (lines * samples) : i / 8;
    double v = 0;
    for (int k = 0; k < materials; ++k) v += Field::share(p, k) * material(k, grid[static_cast<size_t>(b)]);
    numbers += number_bytes(v, 4);
  }
  const std::string dict = std::string("{'descr': '<f4', 'fortran_order': False, 'shape': ") +
                           (bands_first ? "(8, 6, 5), }" : "(6, 5, 8), }") + "\n";
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(dict.size());
  head += '\0';
  f.put("s.npy", head + dict + numbers);
}

Case array_of(const std::string &name, bool bands_first, const std::string &says) {
  return {name,
          [=](const Field &f) {
            put_array(f, bands_first);
            f.library();
          },
          "unmix s.npy -e lib.sli -o out",
          0,
          {says},
          truth};
}

// A material that is zero in half the bands: what VCA projects must not become negative there.
Case endmembers_without_rounding() {
  return {"EndmembersAreNotNegativeByRounding",
          [](const Field &f) {
            const Spectrum half = [](int k, double w) { return k == 0 && w > 0.65 ? 0 : material(k, w); };
            f.image("s.img", nanometres(grid), 4, nullptr, grid, half);
          },
          "extract s.hdr -p 3 -o out.csv",
          0,
          {"3 spectra of 8 bands"},
          [](const Field &f) {
            const auto E = read_table<double>(f.path("out.csv"));
            EXPECT_GE(*std::min_element(E.values.begin(), E.values.end()), 0);
          }};
}

const std::vector<Case> cases_of_formats = {
    foreign("TIFF", std::string("II*\0", 4)),
    foreign("netCDF", "CDF\1"),
    foreign("HDF5", "\x89HDF\r\n\x1a\n"),
    foreign("PNG", "\x89PNG\r\n"),
    foreign("gzip", "\x1f\x8b\x08"),
    array_of("ArrayOfBandsFirst", true, "taken as bands, lines, samples (8 x 6 x 5)"),
    array_of("ArrayOfBandsLast", false, "taken as lines, samples, bands (6 x 5 x 8)"),
    endmembers_without_rounding(),
};

class FieldCase : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const char *named = std::getenv("ORTHANT_TOOL");
    if (!named) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
    field.tool = fs::absolute(named).string();
    std::string pattern = (fs::temp_directory_path() / "orthant-field-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    field.directory = pattern;
  }
  void TearDown() override {
    if (!field.directory.empty()) fs::remove_all(field.directory);
  }
  Field field;
};

TEST_P(FieldCase, IsAnsweredAsItsUserExpects) {
  const Case &c = GetParam();
  c.make(field);
  const Outcome o = field.run(c.command);
  EXPECT_EQ(o.code, c.code) << o.out << o.err;
  for (const std::string &text : c.says)
    EXPECT_TRUE(has(o.out, text) || has(o.err, text)) << text << "\n" << o.out << o.err;
  if (c.check && !HasFailure()) c.check(field);
}

std::string name_of(const testing::TestParamInfo<Case> &given) { return given.param.name; }
INSTANTIATE_TEST_SUITE_P(Missing, FieldCase, testing::ValuesIn(cases_of_missing_values), name_of);
INSTANTIATE_TEST_SUITE_P(Fill, FieldCase, testing::ValuesIn(cases_of_undeclared_fill), name_of);
INSTANTIATE_TEST_SUITE_P(Units, FieldCase, testing::ValuesIn(cases_of_units), name_of);
INSTANTIATE_TEST_SUITE_P(Bands, FieldCase, testing::ValuesIn(cases_of_bands), name_of);
INSTANTIATE_TEST_SUITE_P(Grids, FieldCase, testing::ValuesIn(cases_of_grids), name_of);
INSTANTIATE_TEST_SUITE_P(Files, FieldCase, testing::ValuesIn(cases_of_files), name_of);
INSTANTIATE_TEST_SUITE_P(Formats, FieldCase, testing::ValuesIn(cases_of_formats), name_of);

}  // namespace
