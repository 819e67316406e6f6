// orthant_model_*: a model is a checked view of a blob, and its address is the blob's.
#include "blob.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

#define ORTHANT_MODEL_KIND(name, PUBLIC, ...) ORTHANT_SAME(ModelKind::name, MODEL_##PUBLIC);
#include "model_kinds.def"
#undef ORTHANT_MODEL_KIND
#define ORTHANT_ELEMENT(name, PUBLIC, ...) ORTHANT_SAME(Element::name, ELEMENT_##PUBLIC);
#include "elements.def"
#undef ORTHANT_ELEMENT

bool has_record(const orthant_model *m, int32_t i) { return m && i >= 0 && i < Blob(m).records(); }

template <class T>
Status values(const orthant_model *m, int32_t i, size_t from, size_t count, T *out) {
  if (!has_record(m, i) || !out) return E_ARG;
  const Record r = Blob(m).record(i);
  if (from > r.count || count > r.count - from) return E_ARG;
  r.read(from, count, out);
  return OK;
}

Status convert(const orthant_model *m, int32_t element, int32_t alignment, void *out, size_t capacity, size_t *bytes) {
  int32_t log2 = 4;
  if (alignment == 0) alignment = 64;
  while (log2 < 8 && 1 << log2 < alignment) ++log2;
  if (!m || element < 0 || element >= element_types || element == ORTHANT_ELEMENT_I32 || 1 << log2 != alignment)
    return E_ARG;
  return give_blob(E_DATA, out, capacity, bytes,
                   [&](void *to) { return blob_convert(Blob(m), Element(element), log2, to); });
}

}  // namespace
}  // namespace orthant

extern "C" {

orthant_status orthant_model_open(const void *blob, size_t bytes, const orthant_model **out) {
  if (!blob || !out) return ORTHANT_E_ARG;
  if (orthant::blob_open(blob, bytes) != orthant::BlobFault::none) return ORTHANT_E_BLOB;
  *out = static_cast<const orthant_model *>(blob);
  return ORTHANT_OK;
}
orthant_status orthant_model_verify(const orthant_model *m) {
  return !m ? ORTHANT_E_ARG : orthant::Blob(m).verify() ? ORTHANT_OK : ORTHANT_E_BLOB;
}
const char *orthant_model_problem(const void *blob, size_t bytes) {
  using namespace orthant;
  if (!blob) return blob_fault_text(BlobFault::too_short);
  const BlobFault fault = blob_open(blob, bytes);
  if (fault != BlobFault::none) return blob_fault_text(fault);
  return blob_fault_text(Blob(blob).verify() ? BlobFault::none : BlobFault::data_crc);
}

int32_t orthant_model_kind(const orthant_model *m) { return m ? int32_t(orthant::Blob(m).kind()) : 0; }
int32_t orthant_model_records(const orthant_model *m) { return m ? orthant::Blob(m).records() : 0; }
size_t orthant_model_bytes(const orthant_model *m) { return m ? orthant::Blob(m).bytes() : 0; }
const char *orthant_model_kind_name(int32_t kind) {
  return kind >= 0 ? orthant::name_of(orthant::ModelKind(kind)) : nullptr;
}
const char *orthant_element_name(int32_t element) {
  return element >= 0 && element < orthant::element_types ? orthant::name_of(orthant::Element(element)) : nullptr;
}

orthant_status orthant_model_record(const orthant_model *m, int32_t i, orthant_record *out) {
  if (!orthant::has_record(m, i) || !out || out->size < sizeof(uint32_t)) return ORTHANT_E_ARG;
  const orthant::Record r = orthant::Blob(m).record(i);
  orthant::write_struct({0, int32_t(r.type), r.rank, r.zero, {r.dims[0], r.dims[1], r.dims[2], r.dims[3]}, r.scale, 0,
                         r.name, r.data, r.count, r.bytes}, out);
  return ORTHANT_OK;
}
orthant_status orthant_model_values_f32(const orthant_model *m, int32_t i, size_t from, size_t count, float *out) {
  return orthant::values(m, i, from, count, out);
}
#ifdef ORTHANT_F64
orthant_status orthant_model_values_f64(const orthant_model *m, int32_t i, size_t from, size_t count, double *out) {
  return orthant::values(m, i, from, count, out);
}
#endif
orthant_status orthant_model_convert(const orthant_model *m, int32_t element, int32_t alignment, void *out,
                                     size_t capacity, size_t *bytes) {
  return orthant::convert(m, element, alignment, out, capacity, bytes);
}

}  // extern "C"
