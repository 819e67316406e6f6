#include "input.hpp"

#include <algorithm>
#include <cmath>

#include "api.hpp"

namespace orthant::tool {

void add_image_flags(CLI::App &verb, ImageFlags &flags) {
  verb.add_option("--shape", flags.shape,
                  "LINESxSAMPLES of an image that is stored as a plain matrix (.mat, .npy, .csv); its side of that "
                  "length holds the pixels")
      ->type_name("LxS");
  verb.add_option("--order", flags.order,
                  "order of the pixels of such a matrix: 'line' if samples run fastest, 'column' if lines do; auto: "
                  "column for .mat (as MATLAB's reshape does), line for all others")
      ->check(CLI::IsMember({"auto", "line", "column"}))
      ->capture_default_str();
  verb.add_option("--scale", flags.scale,
                  "what the image is divided by: a number, 'max', or 'none' for the numbers as stored; auto: the "
                  "scale factor the header states, else the maximum where all values are whole numbers above 1 "
                  "(counts), else 1")
      ->type_name("auto|max|none|N")
      ->capture_default_str();
  verb.add_flag("--keep-bad-bands", flags.keep_bad_bands, "use bands that the header's bad band list leaves out");
  verb.add_flag("--keep-ignored", flags.keep_ignored, "take the header's data ignore value as a number");
}

void parse_shape(const std::string &text, int64_t &lines, int64_t &samples) {
  if (text.empty()) return;
  const size_t x = text.find_first_of("xX");
  const std::optional<double> l = parse_number(text.substr(0, x));
  const std::optional<double> s = x == std::string::npos ? std::nullopt : parse_number(text.substr(x + 1));
  const auto good = [](std::optional<double> v) { return v && *v >= 1 && *v <= 2147483647 && *v == std::floor(*v); };
  if (!good(l) || !good(s)) throw UsageError("--shape '" + text + "': give LINESxSAMPLES, such as 100x80");
  lines = static_cast<int64_t>(*l);
  samples = static_cast<int64_t>(*s);
}

ImageOptions image_options(const ImageFlags &flags) {
  ImageOptions options;
  parse_shape(flags.shape, options.lines, options.samples);
  if (flags.order == "line") options.order = PixelOrder::line;
  if (flags.order == "column") options.order = PixelOrder::column;
  options.bad_bands = !flags.keep_bad_bands;
  options.ignore = !flags.keep_ignored;
  options.scale = flags.scale == "auto";
  return options;
}

template <class T>
Scaled apply_scale(Image<T> &image, const ImageFlags &flags, bool partner_whole) {
  Scaled scaled;
  double top = 0;
  for (T v : image.values) {
    if (std::isfinite(v)) top = std::max(top, static_cast<double>(v));
  }
  if (flags.scale == "auto") {
    if (!image.whole || top <= 1) return scaled;
    if (partner_whole) {
      scaled.guessed = true;
      scaled.reason = "image and endmembers are both whole numbers and taken to be in the same unit; not scaled";
      return scaled;
    }
    scaled.divisor = top;
    scaled.guessed = true;
    scaled.reason = image.meta.source + ": whole numbers up to " + shortest(top) +
                    " and no stated scale factor; divided by " + shortest(top) + " (choose with --scale N|max|none)";
  } else if (flags.scale == "max") {
    if (top <= 0) throw InputError(image.meta.source + ": has no positive value to divide by; see --scale");
    scaled.divisor = top;
    scaled.reason = "divided by the maximum, " + shortest(top);
  } else if (flags.scale != "none") {
    const std::optional<double> value = parse_number(flags.scale);
    if (!value || !(*value > 0) || !std::isfinite(*value)) {
      throw UsageError("--scale '" + flags.scale + "': give a positive number, max, none or auto");
    }
    scaled.divisor = *value;
  }
  if (scaled.divisor != 1) {
    for (T &v : image.values) v = static_cast<T>(static_cast<double>(v) / scaled.divisor);
  }
  return scaled;
}

void say_scaled(const Common &common, const Scaled &scaled) {
  if (scaled.guessed) {
    warn(common, scaled.reason);
  } else if (!scaled.reason.empty()) {
    say(common, scaled.reason);
  }
}

void say_notes(const Common &common, const Meta &meta) {
  for (const std::string &note : meta.notes) {
    const bool doubted = std::find(meta.doubts.begin(), meta.doubts.end(), note) != meta.doubts.end();
    const std::string text = meta.source + ": " + note;
    if (doubted) {
      warn(common, text);
    } else {
      say(common, text);
    }
  }
}

template <class T>
std::vector<int64_t> valid_pixels(const Image<T> &image) {
  std::vector<int64_t> valid;
  for (int64_t p = 0; p < image.pixels(); ++p) {
    const T *y = image.pixel(p);
    if (std::all_of(y, y + image.bands, [](T v) { return std::isfinite(v); })) valid.push_back(p);
  }
  return valid;
}

void endmembers_exist(int64_t endmembers, int64_t bands, int64_t pixels) {
  if (endmembers < 1 || endmembers > std::min(bands, pixels)) {
    throw UsageError(cat(endmembers, " endmembers cannot be found in ", pixels, " pixels of ", bands,
                         " bands; ask for fewer with -p"));
  }
}

int32_t endmember_method(const std::string &name) {
  if (name == "spa") return ORTHANT_ENDMEMBERS_SPA;
  return name == "nfindr" ? ORTHANT_ENDMEMBERS_NFINDR : ORTHANT_ENDMEMBERS_VCA;
}

template <class T>
Extracted<T> extract_endmembers(const Common &common, const Image<T> &image, int64_t endmembers,
                                const std::string &method, const Pool &pool) {
  const std::vector<int64_t> valid = valid_pixels(image);
  const auto pixels = static_cast<int64_t>(valid.size());
  endmembers_exist(endmembers, image.bands, pixels);
  if (method == "nfindr" && endmembers < 2) {
    throw UsageError(
        "-p 1 with nfindr: it looks for a simplex, which has at least 2 endmembers; give -p 2 or more, or "
        "take vca or spa");
  }
  // Missing pixels are left out by copying the others together.
  std::vector<T> copy;
  const T *values = image.values.data();
  if (pixels < image.pixels()) {
    copy.reserve(static_cast<size_t>(pixels * image.bands));
    for (int64_t p : valid) copy.insert(copy.end(), image.pixel(p), image.pixel(p) + image.bands);
    values = copy.data();
  }
  auto config = sized<orthant_endmembers_config>();
  config.bands = static_cast<int32_t>(image.bands);
  config.pixels = static_cast<int32_t>(pixels);
  config.endmembers = static_cast<int32_t>(endmembers);
  config.method = endmember_method(method);
  config.seed = common.seed;
  config.parallel = pool.parallel();
  const std::string doing = image.meta.source + ": " + method;
  size_t bytes = 0;
  check_status(Api<T>::endmembers_size(&config, &bytes), doing);
  const Workspace workspace(bytes);
  typename Api<T>::Endmembers *handle = nullptr;
  check_status(Api<T>::endmembers_init(&config, workspace.data(), bytes, &handle), doing);

  Extracted<T> result;
  Table<T> &E = result.spectra;
  E.rows = image.bands;
  E.cols = endmembers;
  E.values.resize(static_cast<size_t>(E.rows * E.cols));
  E.meta.wavelength = image.meta.wavelength;
  E.meta.fwhm = image.meta.fwhm;
  std::vector<int32_t> index(static_cast<size_t>(endmembers));
  const auto Y = matrix(values, image.bands, pixels);
  const orthant_status status =
      Api<T>::endmembers_run(handle, &Y, nullptr, 0, E.values.data(), static_cast<int32_t>(E.rows), index.data());
  if (status == ORTHANT_E_DATA) {
    throw InputError(cat(doing, ": fewer than ", endmembers, " independent pixels; ask for fewer endmembers with -p"));
  }
  check_status(status, doing);
  for (int64_t k = 0; k < endmembers; ++k) {
    E.names.push_back(cat("e", k + 1));
    result.pixel.push_back(valid[static_cast<size_t>(index[static_cast<size_t>(k)])]);
  }
  return result;
}

#define ORTHANT_TOOL_INSTANCES(T)                                                                          \
  template Scaled apply_scale(Image<T> &, const ImageFlags &, bool);                                       \
  template std::vector<int64_t> valid_pixels(const Image<T> &);                                            \
  template Extracted<T> extract_endmembers(const Common &, const Image<T> &, int64_t, const std::string &, \
                                           const Pool &);
ORTHANT_TOOL_INSTANCES(float)
ORTHANT_TOOL_INSTANCES(double)
#undef ORTHANT_TOOL_INSTANCES

}  // namespace orthant::tool
