// What GDAL reads better than a reader of our own would: GeoTIFF, JPEG 2000 and virtual rasters; arrays of netCDF and
// HDF5; and GeoTIFF written.  Georeference goes in and out as the keys of an ENVI header, which GDAL itself makes.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>

#include "parse.hpp"

#ifdef HAVE_GDAL
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#endif

namespace orthant::tool {

bool is_for_gdal(const fs::path &path, const std::string &ending, bool described) {
  for (const char *known : {".tif", ".tiff", ".nc", ".nc4", ".h5", ".he5", ".hdf5", ".jp2", ".vrt"}) {
    if (ending == known) return true;
  }
  if (described) return false;
  std::array<char, 8> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  const std::string_view bytes(head.data(), head.size());
  for (const std::string_view magic :
       {std::string_view("II*\0", 4), std::string_view("MM\0*", 4), std::string_view("II+\0", 4),
        std::string_view("MM\0+", 4), std::string_view("CDF\x01", 4), std::string_view("CDF\x02", 4),
        std::string_view("CDF\x05", 4), std::string_view("\x89HDF", 4), std::string_view("\0\0\0\x0cjP", 6)}) {
    if (bytes.substr(0, magic.size()) == magic) return true;
  }
  return false;
}

#ifndef HAVE_GDAL

namespace {
constexpr const char *advice = "this build has no GDAL: install libgdal-dev and build anew";
}

Data read_gdal(const std::string &path, const std::string &) {
  throw InputError(path + ": GeoTIFF, netCDF and HDF5 are read through GDAL, and " + advice +
                   ", or convert the file, gdal_translate -of ENVI " + path + " scene.img");
}
void write_geotiff(const fs::path &path, const Image<float> &, bool) { refuse_geotiff(path); }
void refuse_geotiff(const fs::path &path) {
  throw OutputError(path.string() + ": GeoTIFF is written through GDAL, and " + advice +
                    ", or give a directory, which receives ENVI files");
}
std::string advice_on_hdf5() { return std::string("HDF5 is read through GDAL, and ") + advice + ", or save as .npy"; }

#else

void refuse_geotiff(const fs::path &) {}
std::string advice_on_hdf5() { return "name it with .h5 and select an array, FILE.h5:NAME"; }

namespace {

// GDAL with its drivers, and its complaints kept for messages.
class Quiet {
 public:
  Quiet() {
    GDALAllRegister();
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
  }
  ~Quiet() { CPLPopErrorHandler(); }
  Quiet(const Quiet &) = delete;
  Quiet &operator=(const Quiet &) = delete;
};
std::string complaint() {
  const std::string text = CPLGetLastErrorMsg();
  return text.empty() ? "" : ": " + text.substr(0, 200);
}

struct Close {
  void operator()(GDALDataset *d) const { GDALClose(d); }
};
using Dataset = std::unique_ptr<GDALDataset, Close>;

// A file in GDAL's memory, under a name of its own.
class MemoryFile {
 public:
  explicit MemoryFile(const char *ending) : name_(cat("/vsimem/orthant/", std::to_string(++count_), ending)) {}
  MemoryFile(const char *ending, const std::string &bytes) : MemoryFile(ending) { fill(name_, bytes); }
  ~MemoryFile() {
    VSIUnlink(name_.c_str());
    VSIUnlink(fs::path(name_).replace_extension(".hdr").c_str());
  }
  MemoryFile(const MemoryFile &) = delete;
  MemoryFile &operator=(const MemoryFile &) = delete;
  const std::string &name() const { return name_; }
  std::string header() const { return fs::path(name_).replace_extension(".hdr").string(); }

  static void fill(const std::string &name, const std::string &bytes) {
    VSILFILE *file = VSIFOpenL(name.c_str(), "wb");
    if (!file) return;
    VSIFWriteL(bytes.data(), 1, bytes.size(), file);
    VSIFCloseL(file);
  }
  static std::string bytes_of(const std::string &name) {
    vsi_l_offset size = 0;
    const GByte *bytes = VSIGetMemFileBuffer(name.c_str(), &size, FALSE);
    return bytes ? std::string(reinterpret_cast<const char *>(bytes), size) : std::string();
  }

 private:
  inline static int count_ = 0;
  std::string name_;
};

std::optional<Element> element_of(GDALDataType type) {
  switch (type) {
    case GDT_Byte:
      return Element::u8;
    case GDT_UInt16:
      return Element::u16;
    case GDT_Int16:
      return Element::i16;
    case GDT_UInt32:
      return Element::u32;
    case GDT_Int32:
      return Element::i32;
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 5, 0)
    case GDT_UInt64:
      return Element::u64;
    case GDT_Int64:
      return Element::i64;
#endif
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 7, 0)
    case GDT_Int8:
      return Element::i8;
#endif
    case GDT_Float32:
      return Element::f32;
    case GDT_Float64:
      return Element::f64;
    default:
      return {};
  }
}

// A stated value that means missing, as a number of the file's own type has it.
void set_ignore(double value, Data &data) {
  if (std::isnan(value)) return;  // which is missing anyway
  data.ignore = data.element == Element::f32 ? static_cast<double>(static_cast<float>(value)) : value;
}

// Small files may announce what would fill the memory.
void check_bytes(int64_t count, size_t each, const std::string &path, const std::string &name) {
  constexpr int64_t much = int64_t{1} << 28, growth = 2000;
  std::error_code ignored;
  const auto held = static_cast<int64_t>(fs::file_size(path, ignored));
  int64_t bytes = 0;
  if (!multiply(count, static_cast<int64_t>(each), bytes) || (bytes > much && bytes / growth > held)) {
    throw InputError(cat(name, ": announces ", count, " numbers, which a file of ", held, " bytes does not hold"));
  }
}

// Where the raster lies, as ENVI's keys: GDAL writes a header for it.
void carry_georeference(GDALDataset &from, Meta &meta) {
  std::array<double, 6> transform{};
  const bool placed = from.GetGeoTransform(transform.data()) == CE_None;
  if (!placed && from.GetGCPCount() == 0) return;
  const MemoryFile file(".img");
  GDALDriver *envi = GetGDALDriverManager()->GetDriverByName("ENVI");
  Dataset to(envi ? envi->Create(file.name().c_str(), 1, 1, 1, GDT_Byte, nullptr) : nullptr);
  if (!to) return;
  if (placed) {
    to->SetGeoTransform(transform.data());
    to->SetSpatialRef(from.GetSpatialRef());
  } else {
    to->SetGCPs(from.GetGCPCount(), from.GetGCPs(), from.GetGCPSpatialRef());
  }
  to.reset();
  try {
    const Data data = parse_envi(MemoryFile::bytes_of(file.header()), std::string_view("\0", 1), file.header());
    meta.carried = data.meta.carried;
  } catch (const InputError &) {
    note(meta, "its georeference cannot be expressed in an ENVI header and was left out");
  }
}

// The other way: GDAL reads the keys from a header of a few pixels; it takes no file of a single byte.
void apply_georeference(const Meta &meta, GDALDataset &to) {
  if (meta.carried.empty()) return;
  constexpr int samples = 16;
  const MemoryFile file(".img", std::string(samples, '\0'));
  std::string header =
      cat("ENVI\nsamples = ", samples, "\nlines = 1\nbands = 1\nheader offset = 0\ndata type = 1\ninterleave = bsq\n");
  for (const auto &[key, value] : meta.carried) header += cat(key, " = ", value, "\n");
  MemoryFile::fill(file.header(), header);
  const Dataset from(GDALDataset::Open(file.name().c_str(), GDAL_OF_RASTER));
  if (!from) return;
  std::array<double, 6> transform{};
  if (from->GetGeoTransform(transform.data()) == CE_None) to.SetGeoTransform(transform.data());
  if (from->GetGCPCount() > 0) to.SetGCPs(from->GetGCPCount(), from->GetGCPs(), from->GetGCPSpatialRef());
  if (from->GetSpatialRef()) to.SetSpatialRef(from->GetSpatialRef());
}

// ---- Rasters --------------------------------------------------------------------------------------------------------

// Names, wavelengths, scale and offset of each band, and the value that means missing.
void read_bands(GDALDataset &set, int bands, Data &data) {
  Meta &meta = data.meta;
  std::string unit;
  bool named = false, scaled = false, several = false;
  for (int b = 1; b <= bands; ++b) {
    GDALRasterBand &band = *set.GetRasterBand(b);
    meta.band_names.emplace_back(band.GetDescription());
    named = named || !meta.band_names.back().empty();
    const char *centre = band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY");
    const char *width = band.GetMetadataItem("FWHM_UM", "IMAGERY");
    if (centre) unit = "um";
    if (!centre) {
      centre = band.GetMetadataItem("wavelength");
      width = band.GetMetadataItem("fwhm");
      if (const char *text = band.GetMetadataItem("wavelength_units")) unit = text;
    }
    if (const auto v = parse_number(centre ? centre : "")) meta.wavelength.push_back(*v);
    if (const auto v = parse_number(width ? width : "")) meta.fwhm.push_back(*v);
    int has_scale = 0, has_offset = 0, has_ignore = 0;
    data.gain.push_back(band.GetScale(&has_scale));
    data.offset.push_back(band.GetOffset(&has_offset));
    scaled = scaled || (has_scale && data.gain.back() != 1) || (has_offset && data.offset.back() != 0);
    const double ignore = band.GetNoDataValue(&has_ignore);
    if (!has_ignore) continue;
    const std::optional<double> before = data.ignore;
    if (!before) set_ignore(ignore, data);
    several = several || (before && static_cast<float>(*before) != static_cast<float>(ignore));
  }
  if (several) note(meta, "its bands state several nodata values; the first, " + shortest(*data.ignore) + ", is taken");
  if (!named) meta.band_names.clear();
  if (!scaled) data.gain.clear();
  if (!scaled) data.offset.clear();
  const auto all = static_cast<size_t>(bands);
  if (meta.wavelength.size() != all) meta.wavelength.clear();
  if (meta.fwhm.size() != all || meta.wavelength.empty()) meta.fwhm.clear();
  if (meta.wavelength.empty()) return;
  const double scale = wavelength_scale(meta, unit, meta.wavelength);
  for (std::vector<double> *list : {&meta.wavelength, &meta.fwhm}) {
    for (double &v : *list) v *= scale;
    if (scale == 0) list->clear();
  }
}

// NaN where the raster's own mask or its alpha band hides a pixel.
void hide_masked(GDALDataset &set, int64_t bands, std::string &values, Data &data) {
  const int samples = set.GetRasterXSize(), lines = set.GetRasterYSize();
  std::vector<GByte> mask(static_cast<size_t>(samples) * static_cast<size_t>(lines));
  if (set.GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Read, 0, 0, samples, lines, mask.data(), samples, lines,
                                                    GDT_Byte, 0, 0, nullptr) != CE_None) {
    throw InputError(data.meta.source + ": GDAL cannot read its mask" + complaint());
  }
  const auto each = element_size(data.element) * static_cast<size_t>(bands);
  const float single = std::numeric_limits<float>::quiet_NaN();
  const double full = std::numeric_limits<double>::quiet_NaN();
  for (size_t p = 0; p < mask.size(); ++p) {
    if (mask[p] != 0) continue;
    for (size_t b = 0; b < static_cast<size_t>(bands); ++b) {
      char *at = values.data() + p * each + b * element_size(data.element);
      if (data.element == Element::f32) std::memcpy(at, &single, sizeof single);
      if (data.element == Element::f64) std::memcpy(at, &full, sizeof full);
    }
  }
  const auto hidden = std::count(mask.begin(), mask.end(), GByte{0});
  if (hidden > 0) note(data.meta, cat(hidden, " pixels are hidden by its mask and count as missing"));
}

Data read_raster(const std::string &path) {
  const Dataset set(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY));
  if (!set) throw InputError(path + ": GDAL cannot read it" + complaint());
  const int samples = set->GetRasterXSize(), lines = set->GetRasterYSize();
  int bands = set->GetRasterCount();
  if (bands == 0) throw InputError(path + ": holds no raster; name one of its subdatasets, which gdalinfo lists");
  if (bands > 1 && set->GetRasterBand(bands)->GetColorInterpretation() == GCI_AlphaBand) --bands;
  GDALDataType type = set->GetRasterBand(1)->GetRasterDataType();
  for (int b = 2; b <= bands; ++b) type = GDALDataTypeUnion(type, set->GetRasterBand(b)->GetRasterDataType());
  const bool masked = (set->GetRasterBand(1)->GetMaskFlags() & (GMF_PER_DATASET | GMF_ALL_VALID)) == GMF_PER_DATASET;
  if (masked) type = GDALDataTypeUnion(type, GDT_Float32);

  Data data;
  data.meta.source = path;
  const std::optional<Element> element = element_of(type);
  if (!element) {
    throw InputError(cat(path, ": has numbers of type ", GDALGetDataTypeName(type), "; save it as real numbers"));
  }
  data.element = *element;
  data.meta.format = set->GetDriver()->GetMetadataItem(GDAL_DMD_LONGNAME);
  data.big_endian = host_big_endian();
  data.raster = true;
  data.axis[0] = {bands, 1};
  data.axis[1] = {lines, int64_t{bands} * samples};
  data.axis[2] = {samples, bands};
  const auto each = static_cast<GSpacing>(element_size(data.element));
  int64_t count = 0;
  if (!multiply(int64_t{lines} * samples, bands, count)) count = -1;
  check_bytes(count, element_size(data.element), path, path);
  auto values = std::make_shared<std::string>(static_cast<size_t>(count * each), '\0');
  // Rows of blocks at a time: GDAL keeps those that it has read, which would be all numbers once more.
  int wide = 0, tall = 1;
  set->GetRasterBand(1)->GetBlockSize(&wide, &tall);
  const int step = (1 + 127 / tall) * tall;
  for (int line = 0; line < lines; line += step) {
    const int n = std::min(step, lines - line);
    if (set->RasterIO(GF_Read, 0, line, samples, n, values->data() + each * bands * samples * line, samples, n, type,
                      bands, nullptr, each * bands, each * bands * samples, each, nullptr) != CE_None) {
      throw InputError(path + ": GDAL cannot read its numbers" + complaint());
    }
    set->FlushCache();
  }
  read_bands(*set, bands, data);
  if (masked) hide_masked(*set, bands, *values, data);
  carry_georeference(*set, data.meta);
  data.bytes = *values;
  data.owner = std::move(values);
  return data;
}

// ---- Arrays of netCDF and HDF5 --------------------------------------------------------------------------------------

using Group = std::shared_ptr<GDALGroup>;
using Array = std::shared_ptr<GDALMDArray>;

bool numeric(const GDALMDArray &array) {
  return array.GetDataType().GetClass() == GEDTC_NUMERIC && element_of(array.GetDataType().GetNumericDataType());
}

std::string shape_text(const GDALMDArray &array) {
  std::string text;
  for (const auto &side : array.GetDimensions()) text += (text.empty() ? "" : " x ") + std::to_string(side->GetSize());
  return text;
}

// All arrays of numbers in a group and the groups in it.
void collect(const Group &group, int depth, std::vector<Array> &arrays) {
  constexpr size_t most = 2000;
  if (depth > 8 || arrays.size() > most) return;
  for (const std::string &name : group->GetMDArrayNames()) {
    Array array = group->OpenMDArray(name);
    if (array && numeric(*array)) arrays.push_back(std::move(array));
  }
  for (const std::string &name : group->GetGroupNames()) {
    if (const Group inside = group->OpenGroup(name)) collect(inside, depth + 1, arrays);
  }
}

// The array that NAME or /GROUP/NAME means; without a name the only cube, or the only array at all.
Array choose(const std::vector<Array> &arrays, const std::string &variable, const std::string &path) {
  std::vector<Array> found;
  const auto take = [&](auto fits) {
    if (found.empty()) std::copy_if(arrays.begin(), arrays.end(), std::back_inserter(found), fits);
  };
  if (variable.empty()) {
    take([](const Array &a) { return a->GetDimensionCount() == 3; });
    take([&](const Array &) { return arrays.size() == 1; });
  } else {
    take([&](const Array &a) { return a->GetFullName() == variable || a->GetFullName() == "/" + variable; });
    take([&](const Array &a) { return a->GetName() == variable; });
  }
  if (found.size() == 1) return found[0];
  std::string list;
  constexpr size_t most = 40;
  for (size_t k = 0; k < std::min(arrays.size(), most); ++k) {
    list += cat("\n  ", excerpt(arrays[k]->GetFullName()), "  ", shape_text(*arrays[k]));
  }
  throw InputError(
      cat(path, ": ",
          variable.empty() ? "select an array, " : "has not one array '" + excerpt(variable) + "'; select one, ", path,
          ":NAME; it holds", list.empty() ? " no numbers" : list));
}

std::vector<double> numbers_of(GDALMDArray &array) {
  std::vector<double> values(static_cast<size_t>(array.GetDimensions()[0]->GetSize()));
  const GUInt64 start = 0;
  const size_t count = values.size();
  if (!array.Read(&start, &count, nullptr, nullptr, GDALExtendedDataType::Create(GDT_Float64), values.data()))
    return {};
  return values;
}

std::vector<double> attribute_of(const GDALGroup &group, const std::string &name) {
  const auto attribute = group.GetAttribute(name);
  return attribute ? attribute->ReadAsDoubleArray() : std::vector<double>();
}

// A list of `length` numbers anywhere in the file whose name has one of these parts; "good_wavelengths" has none.
Array find_list(const std::vector<Array> &arrays, size_t length, std::initializer_list<const char *> parts) {
  for (const char *part : parts) {
    for (const Array &a : arrays) {
      const std::string name = lower(a->GetName());
      const bool judges = name.find("good") != std::string::npos && std::string_view(part).find("good") != 0;
      if (a->GetDimensionCount() == 1 && a->GetDimensions()[0]->GetSize() == length && !judges &&
          name.find(part) != std::string::npos) {
        return a;
      }
    }
  }
  return nullptr;
}

std::string units_of(const GDALMDArray &array) {
  if (!array.GetUnit().empty()) return array.GetUnit();
  const auto attribute = array.GetAttribute("units");
  const char *text = attribute ? attribute->ReadAsString() : nullptr;
  return text ? text : "";
}

// PRISMA keeps wavelengths, widths and scales as attributes of the file; VNIR and SWIR have their own.
bool describe_prisma(const GDALGroup &root, const std::string &array, size_t bands, Data &data) {
  const std::string part = lower(array).rfind("vnir", 0) == 0 ? "Vnir" : "Swir";
  std::vector<double> centres = attribute_of(root, "List_Cw_" + part);
  if (centres.size() != bands) return false;
  data.meta.fwhm = attribute_of(root, "List_Fwhm_" + part);
  if (data.meta.fwhm.size() != bands) data.meta.fwhm.clear();
  data.good.clear();
  for (double &v : centres) data.good.push_back(v > 0 ? 1 : 0);  // a centre of 0: a band that is not there
  for (std::vector<double> *list : {&centres, &data.meta.fwhm}) {
    for (double &v : *list) v *= 1e-3;
  }
  data.meta.wavelength = std::move(centres);
  const std::vector<double> least = attribute_of(root, "L2Scale" + part + "Min");
  const std::vector<double> most = attribute_of(root, "L2Scale" + part + "Max");
  if (least.size() == 1 && most.size() == 1) {
    data.gain.assign(bands, (most[0] - least[0]) / 65535);
    data.offset.assign(bands, least[0]);
  }
  return true;
}

void describe_bands(const std::vector<Array> &arrays, size_t bands, Data &data) {
  Meta &meta = data.meta;
  const Array centres = find_list(arrays, bands, {"wavelength", "wvl", "lambda", "wl"});
  if (!centres) return;
  meta.wavelength = numbers_of(*centres);
  const double scale = wavelength_scale(meta, units_of(*centres), meta.wavelength);
  if (const Array widths = find_list(arrays, bands, {"fwhm", "bandwidth"})) meta.fwhm = numbers_of(*widths);
  for (std::vector<double> *list : {&meta.wavelength, &meta.fwhm}) {
    for (double &v : *list) v *= scale;
    if (scale == 0) list->clear();
  }
  if (const Array good = find_list(arrays, bands, {"good_wavelengths", "good_bands"})) data.good = numbers_of(*good);
}

// Which side of a cube is its bands: by name, by a list of wavelengths as long, else the first.
size_t band_side(const GDALMDArray &array, const std::vector<Array> &arrays, const std::vector<double> &prisma,
                 Meta &meta) {
  const auto &sides = array.GetDimensions();
  for (size_t k = 0; k < sides.size(); ++k) {
    const std::string name = lower(sides[k]->GetName());
    for (const char *part : {"band", "wave", "spectral", "lambda", "channel"}) {
      if (name.find(part) != std::string::npos) return k;
    }
  }
  for (size_t k = 0; k < sides.size(); ++k) {
    const auto length = static_cast<size_t>(sides[k]->GetSize());
    if (prisma.size() == length || find_list(arrays, length, {"wavelength"})) return k;
  }
  note(meta, "nothing says which side of " + shape_text(array) + " is bands; the first was taken");
  return 0;
}

// GDAL's raster of the same array, where its sides are those of the image, says where it lies.
void place_array(const std::string &path, const GDALMDArray &array, const std::string &driver, Data &data) {
  const std::string name = driver == "netCDF" ? cat("NETCDF:\"", path, "\":", array.GetFullName())
                                              : cat(driver, ":\"", path, "\":/", array.GetFullName());
  const Dataset set(GDALDataset::Open(name.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY));
  if (set && set->GetRasterXSize() == data.axis[2].count && set->GetRasterYSize() == data.axis[1].count) {
    carry_georeference(*set, data.meta);
  }
}

// Whether the coordinates of the lines rise, as those of a grid do that begins in the south.
bool from_the_south(const GDALDimension &lines) {
  const Array coordinates = lines.GetIndexingVariable();
  if (!coordinates || coordinates->GetDimensionCount() != 1 || !numeric(*coordinates)) return false;
  const std::string name = lower(coordinates->GetName());
  if (name != "y" && name != "lat" && name != "latitude" && name != "northing") return false;
  const std::vector<double> v = numbers_of(*coordinates);
  return v.size() > 1 && v.back() > v.front();
}

// The numbers, with line `south` (or none, -1) from its end.
std::shared_ptr<std::string> values_of(const std::string &path, const GDALMDArray &array, Data &data, int south) {
  std::vector<GUInt64> start;
  std::vector<size_t> count;
  std::vector<GInt64> step;
  int64_t total = 1;
  for (const auto &side : array.GetDimensions()) {
    const bool turned = static_cast<int>(step.size()) == south;
    start.push_back(turned ? side->GetSize() - 1 : 0);
    step.push_back(turned ? -1 : 1);
    count.push_back(static_cast<size_t>(side->GetSize()));
    if (side->GetSize() == 0) throw InputError(data.meta.source + ": is empty: a side of it is 0");
    if (!multiply(total, static_cast<int64_t>(side->GetSize()), total)) total = -1;
  }
  check_bytes(total, element_size(data.element), path, data.meta.source);
  auto values = std::make_shared<std::string>(static_cast<size_t>(total) * element_size(data.element), '\0');
  if (!array.Read(start.data(), count.data(), step.data(), nullptr, array.GetDataType(), values->data())) {
    throw InputError(data.meta.source + ": GDAL cannot read its numbers" + complaint());
  }
  return values;
}

void read_corrections(const GDALMDArray &array, size_t bands, Data &data) {
  bool has = false;
  const double ignore = array.GetNoDataValueAsDouble(&has);
  if (has) set_ignore(ignore, data);
  bool has_scale = false, has_offset = false;
  const double scale = array.GetScale(&has_scale), offset = array.GetOffset(&has_offset);
  if (!has_scale && !has_offset) return;
  data.gain.assign(bands, has_scale ? scale : 1);
  data.offset.assign(bands, has_offset ? offset : 0);
}

// A cube: bands, lines and samples wherever they are.
void read_cube(const std::string &path, const GDALGroup &root, const std::vector<Array> &arrays,
               const GDALMDArray &array, const std::string &driver, Data &data) {
  const auto &sides = array.GetDimensions();
  const std::string part = lower(array.GetName()).rfind("vnir", 0) == 0 ? "List_Cw_Vnir" : "List_Cw_Swir";
  const size_t band = band_side(array, arrays, attribute_of(root, part), data.meta);
  const size_t line = band == 0 ? 1 : 0, sample = band == 2 ? 1 : 2;
  int64_t strides[3] = {0, 0, 1};
  strides[1] = static_cast<int64_t>(sides[2]->GetSize());
  strides[0] = strides[1] * static_cast<int64_t>(sides[1]->GetSize());
  data.raster = true;
  const size_t order[3] = {band, line, sample};
  for (size_t k = 0; k < 3; ++k) data.axis[k] = {static_cast<int64_t>(sides[order[k]]->GetSize()), strides[order[k]]};
  const auto bands = static_cast<size_t>(data.axis[0].count);
  read_corrections(array, bands, data);
  if (!describe_prisma(root, array.GetName(), bands, data)) describe_bands(arrays, bands, data);
  auto values = values_of(path, array, data, from_the_south(*sides[line]) ? static_cast<int>(line) : -1);
  data.bytes = *values;
  data.owner = std::move(values);
  place_array(path, array, driver, data);
}

Data read_array(const std::string &path, const std::string &variable) {
  const Dataset set(GDALDataset::Open(path.c_str(), GDAL_OF_MULTIDIM_RASTER | GDAL_OF_READONLY));
  const Group root = set ? set->GetRootGroup() : nullptr;
  if (!root) throw InputError(path + ": GDAL cannot read it" + complaint());
  std::vector<Array> arrays;
  collect(root, 0, arrays);
  const Array array = choose(arrays, variable, path);
  const auto &sides = array->GetDimensions();
  Data data;
  data.meta.source = path + ":" + array->GetFullName();
  data.meta.format = cat(set->GetDriver()->GetDescription(), " array");
  data.element = *element_of(array->GetDataType().GetNumericDataType());
  data.big_endian = host_big_endian();
  if (sides.empty() || sides.size() > 3) {
    throw InputError(cat(data.meta.source, ": has ", sides.size(), " dimensions; 1 to 3 are read"));
  }
  if (variable.empty()) note(data.meta, "its array " + array->GetFullName() + " was taken");
  if (sides.size() == 3) {
    read_cube(path, *root, arrays, *array, set->GetDriver()->GetDescription(), data);
    return data;
  }
  data.pixels_first = true;
  const auto cols = sides.size() == 2 ? static_cast<int64_t>(sides[1]->GetSize()) : 1;
  data.axis[0] = {static_cast<int64_t>(sides[0]->GetSize()), cols};
  data.axis[1] = {cols, 1};
  read_corrections(*array, 0, data);
  auto values = values_of(path, *array, data, -1);
  data.bytes = *values;
  data.owner = std::move(values);
  return data;
}

}  // namespace

Data read_gdal(const std::string &path, const std::string &variable) {
  const Quiet quiet;
  std::array<char, 4> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  const std::string_view magic(head.data(), head.size());
  const bool arrays = magic == "\x89HDF" || magic.substr(0, 3) == "CDF";
  if (!arrays && !variable.empty()) throw InputError(path + ": has no arrays to select; leave :" + variable + " out");
  return arrays ? read_array(path, variable) : read_raster(path);
}

void write_geotiff(const fs::path &path, const Image<float> &image, bool force) {
  const Quiet quiet;
  refuse_existing(path, force);
  const auto fail = [&] { throw OutputError(path.string() + ": GDAL cannot write it" + complaint()); };
  const MemoryFile file(".tif");
  GDALDriver *driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  CPLStringList options;
  options.SetNameValue("BIGTIFF", "IF_SAFER");
  options.SetNameValue("INTERLEAVE", "PIXEL");
  const auto bands = static_cast<int>(image.bands), samples = static_cast<int>(image.samples);
  const auto lines = static_cast<int>(image.lines);
  Dataset set(driver ? driver->Create(file.name().c_str(), samples, lines, bands, GDT_Float32, options.List())
                     : nullptr);
  if (!set) fail();
  apply_georeference(image.meta, *set);
  if (!image.meta.description.empty()) {
    set->SetMetadataItem("TIFFTAG_IMAGEDESCRIPTION", image.meta.description.c_str());
  }
  const bool missing = std::any_of(image.values.begin(), image.values.end(), [](float v) { return std::isnan(v); });
  for (int b = 0; b < bands; ++b) {
    GDALRasterBand &band = *set->GetRasterBand(b + 1);
    if (static_cast<size_t>(b) < image.meta.band_names.size()) {
      band.SetDescription(image.meta.band_names[static_cast<size_t>(b)].c_str());
    }
    if (missing) band.SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
  }
  constexpr GSpacing each = sizeof(float);
  if (set->RasterIO(GF_Write, 0, 0, samples, lines, const_cast<float *>(image.values.data()), samples, lines,
                    GDT_Float32, bands, nullptr, each * bands, each * bands * samples, each, nullptr) != CE_None) {
    fail();
  }
  set.reset();
  const std::string bytes = MemoryFile::bytes_of(file.name());
  if (bytes.empty()) fail();
  write_file(path, bytes, force);
}

#endif

}  // namespace orthant::tool
