// MATLAB files through matio, where the build has it.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>

#include "parse.hpp"

#ifdef HAVE_MATIO
#include <matio.h>
#endif

namespace orthant::tool {

#ifndef HAVE_MATIO

Data read_mat(const std::string &path, const std::string &) {
  throw InputError(path + ": this build has no MATLAB reader; build with libmatio-dev, or save the variable as .npy");
}
std::vector<std::string> list_mat(const std::string &path) {
  read_mat(path, "");
  return {};
}

#else

namespace {

struct CloseMat {
  void operator()(mat_t *m) const { Mat_Close(m); }
};
struct FreeVar {
  void operator()(matvar_t *v) const { Mat_VarFree(v); }
};
using Mat = std::unique_ptr<mat_t, CloseMat>;
using Var = std::unique_ptr<matvar_t, FreeVar>;

std::string &last_complaint() {
  static std::string text;
  return text;
}

// Whether the signature of HDF5 stands at the very beginning, where MATLAB has 512 bytes of its own.
bool is_hdf5(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  return file.read(magic, sizeof magic) && std::memcmp(magic, "\x89HDF", sizeof magic) == 0;
}

Mat open_mat(const std::string &path) {
  check_mat_bounds(path);
  last_complaint().clear();
  Mat_LogInitFunc("orthant", [](int, char *message) { last_complaint() = message; });
  Mat mat(Mat_Open(path.c_str(), MAT_ACC_RDONLY));
  if (!mat && is_hdf5(path)) {
    throw InputError(path + ": is an HDF5 file without MATLAB's header; " + advice_on_hdf5());
  }
  if (!mat) throw InputError(path + ": is not a MATLAB file that matio reads (version 4, 5 or 7.3)");
  return mat;
}

bool dense(const matvar_t &v) { return v.class_type >= MAT_C_DOUBLE && v.class_type <= MAT_C_UINT64; }

// The number of elements, or -1 when it passes every sensible size.
int64_t elements(const matvar_t &v) {
  if (v.rank < 1 || !v.dims) return 0;
  int64_t n = 1;
  for (int k = 0; k < v.rank; ++k) {
    if (v.dims[k] > static_cast<size_t>(std::numeric_limits<int32_t>::max()) ||
        !multiply(n, static_cast<int64_t>(v.dims[k]), n)) {
      return -1;
    }
  }
  return n;
}

// Whether a variable that was read holds `count` real elements of its size in one piece.  matio takes sides, bytes and
// flags each as the file says; of a complex variable data are two pointers.
bool holds(const matvar_t &v, int64_t count) {
  size_t bytes = 0;
  return v.data && !v.isComplex && count >= 0 && v.data_size > 0 &&
         !__builtin_mul_overflow(static_cast<size_t>(count), static_cast<size_t>(v.data_size), &bytes) &&
         bytes <= v.nbytes;
}

std::string describe(const matvar_t &v) {
  std::string text = v.name ? v.name : "?";
  for (char &c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  text += "  ";
  for (int k = 0; k < v.rank && v.dims; ++k) text += (k ? " x " : "") + std::to_string(v.dims[k]);
  constexpr const char *names[] = {"empty",  "cell",   "struct", "object", "char",     "sparse",
                                   "double", "single", "int8",   "uint8",  "int16",    "uint16",
                                   "int32",  "uint32", "int64",  "uint64", "function", "opaque"};
  const auto c = static_cast<size_t>(v.class_type);
  return text + "  " + (c < std::size(names) ? names[c] : "?");
}

std::string text_of(const matvar_t &v) {
  std::string text;
  // Of UTF-8 the bytes, which may be more than the sides say.
  const int64_t n = v.data_type == MAT_T_UTF8 ? static_cast<int64_t>(v.nbytes) : elements(v);
  if (n <= 0 || n > 4096 || !holds(v, n)) return text;
  for (int64_t i = 0; i < n; ++i) {
    unsigned code = 0;
    if (v.data_size == 1) code = static_cast<const uint8_t *>(v.data)[i];
    if (v.data_size == 2) code = static_cast<const uint16_t *>(v.data)[i];
    if (code == 0) continue;
    // UTF-16 beyond ASCII is rare in names of materials; it is shown as '?'.
    text += code >= 0x20 && (code < 0x7f || v.data_size == 1) ? static_cast<char>(code) : '?';
  }
  return std::string(trim(text));
}

// Of a matrix of bytes, of two bytes or of doubles.
double code_at(const matvar_t &v, size_t at) {
  if (v.data_size == 1) return static_cast<const uint8_t *>(v.data)[at];
  return v.data_size == 2 ? static_cast<const uint16_t *>(v.data)[at] : static_cast<const double *>(v.data)[at];
}

// A cell array of strings, or a matrix of character codes with a name in each row.
std::vector<std::string> names_of(const matvar_t &v) {
  std::vector<std::string> names;
  const int64_t n = elements(v);
  if (n <= 0 || n > (1 << 20) || !holds(v, n)) return names;
  if (v.class_type == MAT_C_CELL) {
    if (static_cast<size_t>(v.data_size) != sizeof(matvar_t *)) return names;
    for (int64_t i = 0; i < n; ++i) {
      const matvar_t *cell = static_cast<matvar_t *const *>(v.data)[i];
      if (!cell || cell->class_type != MAT_C_CHAR) return {};
      names.push_back(text_of(*cell));
    }
  } else if (v.rank == 2 && (v.data_size == 1 || v.data_size == 2 ||
                             (v.class_type == MAT_C_DOUBLE && v.data_size == sizeof(double)))) {
    const size_t rows = v.dims[0], cols = v.dims[1];
    for (size_t i = 0; i < rows; ++i) {
      std::string name;
      for (size_t j = 0; j < cols; ++j) {
        const size_t at = i + rows * j;
        const double code = code_at(v, at);
        if (!(code >= 0 && code < 256)) return {};
        name += code < 32 ? ' ' : static_cast<char>(static_cast<unsigned char>(code));
      }
      names.emplace_back(trim(name));
    }
  }
  return names;
}

bool sounds_like_names(const std::string &name) {
  const std::string n = lower(name);
  return n.find("name") != n.npos || n == "cood" || n.find("label") != n.npos || n.find("material") != n.npos;
}

// Names of spectra and the image's sides, which such files often keep in variables of their own.
void read_companions(mat_t *mat, Data &data) {
  Mat_Rewind(mat);
  while (Var v{Mat_VarReadNextInfo(mat)}) {
    if (!v->name) continue;
    const std::string name = v->name, low = lower(name);
    const int64_t n = elements(*v);
    const bool lines = low == "nrow" || low == "nrows" || low == "lines";
    const bool samples = low == "ncol" || low == "ncols" || low == "cols" || low == "samples";
    const bool list = v->class_type == MAT_C_CELL || ((dense(*v) || v->class_type == MAT_C_CHAR) && n <= (1 << 20));
    if (n == 1 && v->class_type == MAT_C_DOUBLE && (lines || samples)) {
      if (Mat_VarReadDataAll(mat, v.get()) != 0 || !holds(*v, 1) || v->data_type != MAT_T_DOUBLE) continue;
      const double value = *static_cast<const double *>(v->data);
      if (value >= 1 && value <= 1e9) (lines ? data.lines : data.samples) = static_cast<int64_t>(value);
    } else if (sounds_like_names(name) && list && n > 0) {
      if (Mat_VarReadDataAll(mat, v.get()) != 0) continue;
      std::vector<std::string> names = names_of(*v);
      if (!names.empty()) data.name_lists.push_back(std::move(names));
    }
  }
  if (data.lines == 0 || data.samples == 0) data.lines = data.samples = 0;
}

Element element_of(const matvar_t &v, const std::string &name) {
  switch (v.data_type) {
    case MAT_T_INT8:
      return Element::i8;
    case MAT_T_UINT8:
      return Element::u8;
    case MAT_T_INT16:
      return Element::i16;
    case MAT_T_UINT16:
      return Element::u16;
    case MAT_T_INT32:
      return Element::i32;
    case MAT_T_UINT32:
      return Element::u32;
    case MAT_T_INT64:
      return Element::i64;
    case MAT_T_UINT64:
      return Element::u64;
    case MAT_T_SINGLE:
      return Element::f32;
    case MAT_T_DOUBLE:
      return Element::f64;
    default:
      throw InputError(name + ": its element type is not supported; save it as double or single");
  }
}

// MATLAB keeps whole numbers and logical values, which are ones, in fewer bytes than a double has.
double number_at(const char *at, Element element) {
  return as_element(element, [&](auto value) {
    std::memcpy(&value, at, sizeof value);
    return static_cast<double>(value);
  });
}

std::shared_ptr<const Sparse> sparse_of(const matvar_t &v, const std::string &name) {
  const auto *sparse = static_cast<const mat_sparse_t *>(v.data);
  if (v.rank != 2) throw InputError(name + ": is a sparse array of more than 2 dimensions");
  const size_t rows = v.dims[0], cols = v.dims[1];
  if (!sparse || sparse->njc != cols + 1 || !sparse->data || !sparse->ir || !sparse->jc) {
    throw InputError(name + ": is a sparse matrix whose arrays are inconsistent");
  }
  const Element element = element_of(v, name);
  const auto *values = static_cast<const char *>(sparse->data);
  // Logical values are bytes to matio even where the file has doubles; what a logical matrix stores are ones.
  const bool ones = v.isLogical && sparse->ndata != sparse->jc[cols];
  auto out = std::make_shared<Sparse>();
  out->starts.push_back(0);
  for (size_t j = 0; j < cols; ++j) {
    if (sparse->jc[j] > sparse->jc[j + 1] || sparse->jc[j + 1] > sparse->ndata || sparse->jc[j + 1] > sparse->nir) {
      throw InputError(name + ": the column starts of this sparse matrix are inconsistent");
    }
    for (size_t k = sparse->jc[j]; k < sparse->jc[j + 1]; ++k) {
      if (sparse->ir[k] >= rows) throw InputError(name + ": a row of this sparse matrix lies outside it");
      out->indices.push_back(static_cast<int32_t>(sparse->ir[k]));
      out->values.push_back(ones ? 1 : number_at(values + k * element_size(element), element));
    }
    if (out->indices.size() > size_t{0x7fffffff}) throw InputError(name + ": has more than 2147483647 nonzeros");
    out->starts.push_back(static_cast<int32_t>(out->indices.size()));
  }
  return out;
}

}  // namespace

std::vector<std::string> list_mat(const std::string &path) {
  const Mat mat = open_mat(path);
  std::vector<std::string> lines;
  while (Var v{Mat_VarReadNextInfo(mat.get())}) lines.push_back(describe(*v));
  return lines;
}

namespace {

std::string list_text(const std::string &path) {
  std::string list;
  for (const std::string &line : list_mat(path)) list += "\n  " + line;
  return list;
}

// Memory is bounded before anything is read: compression cannot grow a byte more than 1032 times.
void check_size(mat_t *mat, const matvar_t &info, const std::string &path, const std::string &name) {
  std::error_code ignored;
  const auto file_size = static_cast<int64_t>(fs::file_size(path, ignored));
  const int64_t announced = elements(info);
  if (announced < 0 || (Mat_GetVersion(mat) != MAT_FT_MAT73 && dense(info) && announced > file_size * 1032)) {
    throw InputError(name + ": announces more numbers than a file of " + std::to_string(file_size) + " bytes holds");
  }
}

// The field that "FIELD.FIELD..." leads to from a struct to a struct.
const matvar_t *find_field(matvar_t *whole, std::string_view fields, const std::string &name) {
  while (!fields.empty()) {
    const size_t end = std::min(fields.find('.'), fields.size());
    const std::string field(fields.substr(0, end));
    fields.remove_prefix(std::min(end + 1, fields.size()));
    const bool has = whole && whole->class_type == MAT_C_STRUCT && whole->data && elements(*whole) > 0;
    matvar_t *inside = has ? Mat_VarGetStructFieldByName(whole, field.c_str(), 0) : nullptr;
    if (!inside) {
      std::string list;
      const unsigned count = has ? Mat_VarGetNumberOfFields(whole) : 0;
      char *const *names = has ? Mat_VarGetStructFieldnames(whole) : nullptr;
      for (unsigned k = 0; names && k < count; ++k) list += (k ? ", " : "; it has ") + excerpt(names[k]);
      throw InputError(
          cat(name, ": no such field '", excerpt(field), "'", has ? list : "; what is before it is no struct"));
    }
    whole = inside;
  }
  return whole;
}

// The variable, or the field that NAME.FIELD names; a numeric matrix or array of three sides.
const matvar_t &find_numbers(matvar_t *whole, std::string_view fields, const std::string &name) {
  const matvar_t *v = whole ? find_field(whole, fields, name) : nullptr;
  if (!v || !v->data || elements(*v) < 0) throw InputError(name + ": cannot be read: " + excerpt(last_complaint()));
  if (v->isComplex) throw InputError(name + ": is complex, which is not supported; save real numbers");
  if (!dense(*v) && v->class_type != MAT_C_SPARSE) {
    throw InputError(name + ": is no numeric matrix (" + describe(*v) + ")");
  }
  if (v->rank < 2 || v->rank > 3 || elements(*v) == 0) {
    throw InputError(name + ": is empty or has more than 3 dimensions (" + describe(*v) + ")");
  }
  return *v;
}

// Of a variable that is `whole` or a part of it, which lives on with the data.
Data data_of(const matvar_t &v, const std::shared_ptr<const matvar_t> &whole, const std::string &name) {
  Data data;
  data.meta.source = name;
  data.meta.format = "MATLAB variable";
  data.big_endian = host_big_endian();
  if (v.class_type == MAT_C_SPARSE) {
    data.element = Element::f64;
    data.meta.format = "MATLAB sparse matrix";
    data.sparse = sparse_of(v, name);
  } else {
    data.element = element_of(v, name);
    const size_t size = static_cast<size_t>(elements(v)) * element_size(data.element);
    if (size != v.nbytes || !holds(v, elements(v))) throw InputError(name + ": its size and its type disagree");
    data.bytes = {static_cast<const char *>(v.data), size};
    data.owner = whole;
  }
  data.line_fastest = true;
  const auto side = [&](int k) { return static_cast<int64_t>(v.dims[k]); };
  data.raster = data.sides_assumed = v.rank == 3;
  if (data.raster) {
    data.axis[0] = {side(2), side(0) * side(1)};
    data.axis[1] = {side(0), 1};
    data.axis[2] = {side(1), side(0)};
  } else {
    data.axis[0] = {side(0), 1};
    data.axis[1] = {side(1), side(0)};
  }
  return data;
}

}  // namespace

Data read_mat(const std::string &path, const std::string &variable) {
  const Mat mat = open_mat(path);
  if (variable.empty()) {
    const std::string list = list_text(path);
    throw InputError(path + ": select a variable, " + path + ":NAME; it holds" + (list.empty() ? " none" : list));
  }
  const std::string name = path + ":" + variable;
  const size_t dot = variable.find('.');
  const std::string first = variable.substr(0, dot);
  const Var info(Mat_VarReadInfo(mat.get(), first.c_str()));
  if (!info) throw InputError(name + ": no such variable; the file holds" + list_text(path));
  check_size(mat.get(), *info, path, name);
  Mat_Rewind(mat.get());
  const std::shared_ptr<matvar_t> whole = Var(Mat_VarRead(mat.get(), first.c_str()));
  const std::string_view fields = std::string_view(variable).substr(std::min(first.size() + 1, variable.size()));
  Data data = data_of(find_numbers(whole.get(), fields, name), whole, name);
  read_companions(mat.get(), data);
  return data;
}

#endif

}  // namespace orthant::tool
