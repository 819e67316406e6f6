#include "input.hpp"

#include <algorithm>
#include <cmath>

#include "api.hpp"
#include "streamed.hpp"

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
  verb.add_option("--bands-side", flags.bands_side,
                  "of an array of three sides (.npy, .mat): whether the first or the last holds the bands; auto: the "
                  "last, or the first where only that fits the endmembers")
      ->check(CLI::IsMember({"auto", "first", "last"}))
      ->capture_default_str();
  verb.add_option("--scale", flags.scale,
                  "what the image is divided by: a number, 'max' (its largest), or 'none' for the numbers as stored; "
                  "auto: the scale factor the header states, else what brings whole numbers into the unit of the "
                  "endmembers, if one of 1, 100, 1000 and 10000 does")
      ->type_name("auto|max|none|N")
      ->capture_default_str();
  verb.add_option("--ignore", flags.ignored,
                  "this value, as stored, means missing, as the header's data ignore value "
                  "does; may be given again, --ignore=-9999 --ignore=0")
      ->allow_extra_args(false)
      ->type_name("VALUE");
  if (!verb.get_option_no_throw("--mask")) {
    verb.add_option("--mask", flags.mask,
                    "pixels to use: an image of one band, or a table of lines x samples; where it is 0 or missing the "
                    "pixel is left out")
        ->type_name("FILE");
  }
  verb.add_flag("--keep-bad-bands", flags.keep_bad_bands, "use bands that the header's bad band list leaves out");
  verb.add_flag("--keep-ignored", flags.keep_ignored,
                "take the header's data ignore value, and what looks like fill, as numbers");
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

namespace {

// A value for each pixel, in the order of an image's.
std::vector<char> read_pixel_mask(const std::string &file) {
  const Data data = read_data(file);
  std::vector<double> values;
  if (data.raster) {
    Image<double> image = to_image<double>(data);
    if (image.bands != 1) throw InputError(cat(file, ": has ", image.bands, " bands; a mask has one"));
    values = std::move(image.values);
  } else {
    values = transposed(to_table<double>(data)).values;  // a line of the image is a row of the table
  }
  std::vector<char> mask;
  for (const double v : values) mask.push_back(v != 0 && !std::isnan(v));
  return mask;
}

}  // namespace

ImageOptions image_options(const ImageFlags &flags) {
  ImageOptions options;
  parse_shape(flags.shape, options.lines, options.samples);
  if (flags.order == "line") options.order = PixelOrder::line;
  if (flags.order == "column") options.order = PixelOrder::column;
  if (flags.bands_side == "first") options.band_side = BandSide::first;
  if (flags.bands_side == "last") options.band_side = BandSide::last;
  options.bad_bands = !flags.keep_bad_bands;
  options.ignore = options.notice = !flags.keep_ignored;
  options.scale = flags.scale == "auto";
  for (const std::string &text : flags.ignored) {
    const std::optional<double> value = parse_number(text);
    if (!value) throw UsageError("--ignore '" + text + "': give a number, as it is stored in the file");
    options.ignored.push_back(*value);
  }
  if (!flags.mask.empty()) options.mask = read_pixel_mask(flags.mask);
  return options;
}

template <class T>
double largest_value(const Image<T> &image) {
  if (image.source) return image.source->facts().largest;
  double top = 0;
  for (int64_t p = 0; p < image.pixels(); ++p) {
    if (!image.doubtful.empty() && image.doubtful[static_cast<size_t>(p)]) continue;
    for (int64_t b = 0; b < image.bands; ++b) {
      const T v = image.pixel(p)[b];
      if (std::isfinite(v)) top = std::max(top, static_cast<double>(v));
    }
  }
  return top;
}

template <class T>
void divide(Image<T> &image, double divisor) {
  image.source ? image.source->divide_by(divisor) : divide(image.values, divisor);
}

template <class T>
void divide(std::vector<T> &values, double divisor) {
  for (T &v : values) v = static_cast<T>(static_cast<double>(v) / divisor);
}

namespace {

// largest: of the numbers that count.
Scaled scale_of(const std::string &source, const ImageFlags &flags, double largest) {
  Scaled scaled;
  if (flags.scale == "auto" || flags.scale == "none") return scaled;
  if (flags.scale == "max") {
    scaled.divisor = largest;
    if (scaled.divisor <= 0) throw InputError(source + ": has no positive value to divide by; see --scale");
    scaled.reason = "divided by the maximum, " + shortest(scaled.divisor);
    return scaled;
  }
  const std::optional<double> value = parse_number(flags.scale);
  if (!value || !(*value > 0) || !std::isfinite(*value)) {
    throw UsageError("--scale '" + flags.scale + "': give a positive number, max, none or auto");
  }
  scaled.divisor = *value;
  return scaled;
}

}  // namespace

template <class T>
Scaled apply_scale(Image<T> &image, const ImageFlags &flags) {
  Scaled scaled = scale_of(image.meta.source, flags, largest_value(image));
  if (scaled.divisor != 1) divide(image, scaled.divisor);
  return scaled;
}

template <class T>
Scaled apply_scale(Table<T> &table, const ImageFlags &flags) {
  double largest = 0;
  for (const T v : table.values) largest = std::isfinite(v) ? std::max(largest, static_cast<double>(v)) : largest;
  Scaled scaled = scale_of(table.meta.source, flags, largest);
  if (scaled.divisor != 1) divide(table.values, scaled.divisor);
  return scaled;
}

template <class T>
void say_unit(const Common &common, const Image<T> &image) {
  const double top = image.whole ? largest_value(image) : 0;
  if (top <= 1) return;
  warn(common,
       image.meta.source + ": whole numbers up to " + shortest(top) +
           " and no stated scale factor; taken as they are, and endmembers are in their unit (--scale N divides)");
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
  for (const std::string &text : meta.warnings) warn(common, meta.source + ": " + text);
}

template <class T>
std::vector<bool> valid_bits(const Image<T> &image) {
  if (image.source) return image.source->facts().valid;
  std::vector<bool> valid;
  for (int64_t p = 0; p < image.pixels(); ++p) {
    const T *y = image.pixel(p);
    valid.push_back(std::all_of(y, y + image.bands, [](T v) { return std::isfinite(v); }));
  }
  return valid;
}

template <class T>
std::vector<bool> sound_bits(const Image<T> &image) {
  std::vector<bool> sound = valid_bits(image);
  for (size_t p = 0; p < image.doubtful.size(); ++p) sound[p] = sound[p] && !image.doubtful[p];
  return sound;
}

std::vector<int64_t> numbers_of(const std::vector<bool> &bits) {
  std::vector<int64_t> numbers;
  for (size_t p = 0; p < bits.size(); ++p) {
    if (bits[p]) numbers.push_back(static_cast<int64_t>(p));
  }
  return numbers;
}

template <class T>
std::vector<T> pixel_of(const Image<T> &image, int64_t p) {
  std::vector<T> pixel(static_cast<size_t>(image.bands));
  if (image.source) {
    image.source->read(p, 1, pixel.data());
  } else {
    pixel.assign(image.pixel(p), image.pixel(p) + image.bands);
  }
  return pixel;
}

template <class T>
void need_memory(const Image<T> &image, const std::string &what) {
  if (!image.source) return;
  throw UsageError(cat(image.meta.source, ": ", what, " needs all pixels at once, and they take more than half of the ",
                       "memory at hand; raise --memory, or cut the image into parts"));
}

void endmembers_exist(int64_t endmembers, int64_t bands, int64_t pixels) {
  if (endmembers < 1 || endmembers > std::min(bands, pixels)) {
    throw UsageError(cat(endmembers, " endmembers cannot be found in ", pixels, " pixels of ", bands,
                         " bands; ask for fewer with -p"));
  }
}

std::vector<std::string> endmember_methods() {
  std::vector<std::string> all = words(orthant_endmembers_method_name);
  all.erase(all.begin());  // `auto`: the user sees what is the default
  return all;
}

void add_draws(CLI::App &verb, EndmemberSearch &how) {
  verb.add_option("--draws", how.draws, "with vca: so many draws of its random directions; the largest simplex is kept")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void endmembers_exist(int64_t endmembers, const EndmemberSearch &how) {
  if (how.method == "nfindr" && endmembers == 1) {
    throw UsageError(
        "nfindr looks for the largest simplex, and one endmember spans none; ask for -p 2 or more, or "
        "take vca or spa");
  }
}

orthant_endmembers_config endmembers_config(const Common &common, int64_t bands, int64_t pixels, int64_t endmembers,
                                            const EndmemberSearch &how, const Pool &pool) {
  endmembers_exist(endmembers, how);
  auto config = sized<orthant_endmembers_config>();
  config.bands = static_cast<int32_t>(bands);
  config.pixels = static_cast<int32_t>(pixels);
  config.endmembers = static_cast<int32_t>(endmembers);
  config.method = code_of(orthant_endmembers_method_name, how.method);
  config.draws = how.draws;
  config.seed = common.seed;
  config.parallel = pool.parallel();
  return config;
}

namespace {

// VCA gives projected pixels, which rounding and noise make negative where the pixel itself is not.
template <class T>
void keep_signs(Table<T> &E, const Image<T> &image, const std::vector<int64_t> &pixel) {
  for (int64_t k = 0; k < E.cols; ++k) {
    const std::vector<T> y = pixel_of(image, pixel[static_cast<size_t>(k)]);
    for (int64_t b = 0; b < E.rows; ++b) E(b, k) = std::max(E(b, k), std::min(T(0), y[static_cast<size_t>(b)]));
  }
}

// The pixels that may be endmembers, as the library takes them: as they lie, copied together, or read as they are
// needed.
template <class T>
class SoundPixels {
 public:
  explicit SoundPixels(const Image<T> &image) {
    std::vector<bool> sound = sound_bits(image);
    if (image.source) {
      stream_.emplace(ChosenColumns<T>(image.source, std::move(sound)));
      view_ = stream_->view();
      return;
    }
    number_ = numbers_of(sound);
    const auto pixels = static_cast<int64_t>(number_.size());
    const T *values = image.values.data();
    if (pixels < image.pixels()) {
      copy_.reserve(static_cast<size_t>(pixels * image.bands));
      for (const int64_t p : number_) copy_.insert(copy_.end(), image.pixel(p), image.pixel(p) + image.bands);
      values = copy_.data();
    }
    view_ = matrix(values, image.bands, pixels);
  }
  const typename Api<T>::Matrix &view() const { return view_; }
  int64_t number(int64_t k) const { return stream_ ? stream_->columns().at(k) : number_[static_cast<size_t>(k)]; }
  void rethrow() const {
    if (stream_) stream_->rethrow();
  }

 private:
  std::optional<StreamedMatrix<T>> stream_;
  std::vector<int64_t> number_;
  std::vector<T> copy_;
  typename Api<T>::Matrix view_{};
};

}  // namespace

template <class T>
Extracted<T> extract_endmembers(const Common &common, const Image<T> &image, int64_t endmembers,
                                const EndmemberSearch &how, const Pool &pool) {
  if (how.method == "nfindr") need_memory(image, "nfindr");
  const SoundPixels<T> pixels(image);
  const auto &Y = pixels.view();
  endmembers_exist(endmembers, image.bands, Y.cols);
  orthant_endmembers_config config = endmembers_config(common, image.bands, Y.cols, endmembers, how, pool);
  config.data = Y.kind;
  const std::string doing = image.meta.source + ": " + how.method;
  size_t bytes = 0;
  check_status(Api<T>::endmembers_size(&config, &bytes), doing, config);
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
  const orthant_status status =
      Api<T>::endmembers_run(handle, &Y, nullptr, 0, E.values.data(), static_cast<int32_t>(E.rows), index.data());
  pixels.rethrow();
  if (status == ORTHANT_E_DATA) {
    throw InputError(cat(doing, ": fewer than ", endmembers, " independent pixels; ask for fewer endmembers with -p"));
  }
  check_status(status, doing);
  for (int64_t k = 0; k < endmembers; ++k) {
    E.names.push_back(cat("e", k + 1));
    result.pixel.push_back(pixels.number(index[static_cast<size_t>(k)]));
  }
  keep_signs(E, image, result.pixel);
  return result;
}

#define ORTHANT_TOOL_INSTANCES(T)                                                                              \
  template Scaled apply_scale(Image<T> &, const ImageFlags &);                                                 \
  template Scaled apply_scale(Table<T> &, const ImageFlags &);                                                 \
  template void divide(std::vector<T> &, double);                                                              \
  template void divide(Image<T> &, double);                                                                    \
  template double largest_value(const Image<T> &);                                                             \
  template void say_unit(const Common &, const Image<T> &);                                                    \
  template std::vector<bool> valid_bits(const Image<T> &);                                                     \
  template std::vector<bool> sound_bits(const Image<T> &);                                                     \
  template std::vector<T> pixel_of(const Image<T> &, int64_t);                                                 \
  template void need_memory(const Image<T> &, const std::string &);                                            \
  template Extracted<T> extract_endmembers(const Common &, const Image<T> &, int64_t, const EndmemberSearch &, \
                                           const Pool &);
ORTHANT_TOOL_INSTANCES(float)
ORTHANT_TOOL_INSTANCES(double)
#undef ORTHANT_TOOL_INSTANCES

}  // namespace orthant::tool
