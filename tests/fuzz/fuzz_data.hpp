// What all reader fuzz targets do with their bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "io.hpp"

template <class Parse>
int gather_or_refuse(const uint8_t *bytes, size_t size, Parse parse) {
  using namespace orthant::tool;
  try {
    const Data data = parse(std::string_view(reinterpret_cast<const char *>(bytes), size));
    const Table<float> table = data.raster ? Table<float>() : to_table<float>(data);
    ImageOptions options;
    options.notice = true;
    if (!data.spectra) to_image<double>(data, options);
  } catch (const InputError &) {
    // a named refusal is what bad input deserves
  }
  return 0;
}
