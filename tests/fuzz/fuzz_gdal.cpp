// Anything at all is given to the reader of GeoTIFF, which gives it to GDAL: it throws InputError or returns what can
// be gathered.  netCDF and HDF5 are for their own libraries to read.
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_data.hpp"

// Memory of a damaged file that GDAL does not free is no fault of the reader.
extern "C" const char *__lsan_default_suppressions() { return "leak:libgdal\nleak:libproj\n"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant::tool;
  static const int memory = memfd_create("fuzz.tif", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(memory);
  std::string file(reinterpret_cast<const char *>(bytes), size);
  if (file.size() < 4 || file.compare(0, 2, "II") != 0) return 0;
  file.replace(0, 4, std::string("II*\0", 4));
  if (ftruncate(memory, 0) != 0 || pwrite(memory, file.data(), file.size(), 0) != static_cast<ssize_t>(file.size()))
    return 0;
  return gather_or_refuse(bytes, size, [&](std::string_view) {
    Data data = read_gdal(path, "");
    if (data.axis[0].count * data.axis[1].count * data.axis[2].count > 1 << 20) throw InputError("large");
    return data;
  });
}
