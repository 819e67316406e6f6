#include "counting.hpp"

#include <algorithm>
#include <cstdlib>

namespace orthant::tool {

template <class T>
Counted count_spectra(const Common &, const Image<T> &image, const std::string &rule, const Pool &pool) {
  need_memory(image, rule);
  const std::vector<int64_t> valid = valid_pixels(image);
  const auto pixels = static_cast<int64_t>(valid.size());
  if (pixels <= image.bands) {
    throw InputError(cat(image.meta.source, ": ", pixels, " whole pixels of ", image.bands,
                         " bands are too few to estimate the noise; give -p a number"));
  }
  std::vector<T> copy;
  const T *values = image.values.data();
  if (pixels < image.pixels()) {
    copy.reserve(static_cast<size_t>(pixels * image.bands));
    for (const int64_t p : valid) copy.insert(copy.end(), image.pixel(p), image.pixel(p) + image.bands);
    values = copy.data();
  }
  auto c = sized<orthant_dimension_config>();
  c.bands = static_cast<int32_t>(image.bands);
  c.method = ORTHANT_DIMENSION_HYSIME;
  if (rule == "hfc") c.method = ORTHANT_DIMENSION_HFC;
  if (rule == "nwhfc") c.method = ORTHANT_DIMENSION_NWHFC;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(Api<T>::dimension_size(&c, &bytes), rule, c);
  const Workspace memory(bytes);
  typename Api<T>::Dimension *handle = nullptr;
  check_status(Api<T>::dimension_init(&c, memory.data(), bytes, &handle), rule);
  Counted out;
  for (std::vector<double> *v : {&out.power, &out.limit, &out.noise}) v->resize(static_cast<size_t>(image.bands));
  int32_t count = 0;
  const auto Y = matrix(values, image.bands, pixels);
  check_status(Api<T>::dimension_run(handle, &Y, out.power.data(), out.limit.data(), out.noise.data(), &count),
               image.meta.source + ": " + rule);
  out.count = count;
  return out;
}

template <class T>
Counted count_endmembers(const Common &common, const Image<T> &image, const std::string &text, const Pool &pool) {
  Counted out;
  const std::string rule = text == "auto" ? "hysime" : text;
  if (rule == "hysime" || rule == "hfc" || rule == "nwhfc") {
    out = count_spectra(common, image, rule, pool);
    out.reason = cat(rule, ": ", out.count, " endmembers stand out of the noise");
    if (out.count < 1) throw InputError(image.meta.source + ": " + rule + " finds noise alone; give -p a number");
    return out;
  }
  char *end = nullptr;
  out.count = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || out.count < 1 || out.count > 100000)
    throw UsageError("-p " + text + ": give a number from 1 to 100000, or auto, hysime, hfc or nwhfc");
  return out;
}

std::string eigenvalue_plot(const Counted &counted, const std::string &source) {
  Plot plot;
  plot.title = cat(counted.count, " endmembers in ", source);
  plot.note = "counted where the power is above its limit";
  plot.x.label = "direction";
  plot.y.label = "power";
  plot.y.log = true;
  Series power, limit;
  power.name = "power";
  power.marked = true;
  limit.name = "limit";
  limit.dashed = true;
  const size_t shown = std::min(counted.power.size(), static_cast<size_t>(std::max<int64_t>(30, 3 * counted.count)));
  for (size_t k = 0; k < shown; ++k) {
    for (Series *s : {&power, &limit}) s->x.push_back(static_cast<double>(k + 1));
    power.y.push_back(counted.power[k]);
    limit.y.push_back(counted.limit[k]);
  }
  plot.series = {power, limit};
  return svg(plot);
}

#define ORTHANT_TOOL_INSTANCES(T)                                                                      \
  template Counted count_spectra(const Common &, const Image<T> &, const std::string &, const Pool &); \
  template Counted count_endmembers(const Common &, const Image<T> &, const std::string &, const Pool &);
ORTHANT_TOOL_INSTANCES(float)
ORTHANT_TOOL_INSTANCES(double)
#undef ORTHANT_TOOL_INSTANCES

}  // namespace orthant::tool
