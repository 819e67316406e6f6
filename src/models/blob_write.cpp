// Writing a weight blob, and its conversion to other element types.
#include "blob_layout.hpp"

namespace orthant {

using namespace blob_layout;

BlobWriter::BlobWriter(ModelKind kind, int32_t records, void *out, int32_t align_log2)
    : out_(static_cast<unsigned char *>(out)), end_(header_bytes + uint64_t(records) * record_bytes),
      kind_(uint32_t(kind)), records_(uint32_t(records)), align_(uint32_t(align_log2)),
      good_(records >= 1 && records <= blob_max_records && align_log2 >= 4 && align_log2 <= 8) {
  if (out_ && good_) memset(out_, 0, size_t(end_));
}

void BlobWriter::add(const BlobItem &item) {
  item_ = item;
  const size_t length = strlen(item.name);
  const uint64_t count = element_count(item.rank, item.dims);
  good_ = good_ && length > 0 && length < blob_name_bytes && int32_t(item.type) < element_types && count > 0 &&
          good_scale(item.type, item.scale, item.zero) && (!last_ || strcmp(last_, item.name) < 0) && added_ < records_;
  if (!good_) return;
  last_ = item.name;
  const uint64_t offset = rounded_up(end_, align_), bytes = count * element_bytes[int32_t(item.type)];
  if (offset + bytes > UINT32_MAX - 256 || offset + bytes > SIZE_MAX / 2) {
    good_ = false;  // offsets are 32 bits wide
    return;
  }
  if (out_) write_record(offset, bytes);
  end_ = offset + bytes;
  ++added_;
}

// Of item_, after the gap before its payload.
void BlobWriter::write_record(uint64_t offset, uint64_t bytes) {
  memset(out_ + end_, 0, size_t(offset - end_));
  unsigned char *r = out_ + header_bytes + added_ * record_bytes;
  memcpy(r, item_.name, strlen(item_.name));
  r[of_type] = static_cast<unsigned char>(item_.type);
  r[of_rank] = static_cast<unsigned char>(item_.rank);
  for (int32_t k = 0; k < 4; ++k) put(r + of_dims + 4 * k, item_.dims[k], 4);
  put(r + of_offset, offset, 4);
  put(r + of_bytes, bytes, 4);
  put(r + of_scale, same_bits<uint32_t>(item_.scale), 4);
  put(r + of_zero_point, same_bits<uint32_t>(item_.zero), 4);
  payload_ = out_ + offset;
}

namespace {

// Round to nearest, ties to even; the caller has refused what does not fit.
uint32_t float_to_half(float x) {
  const uint32_t bits = same_bits<uint32_t>(x), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
  if (magnitude < 0x38800000u) {  // below 2^-14: a multiple of 2^-24
    const float scaled = same_bits<float>(magnitude) * 0x1p24f;
    const uint32_t whole = uint32_t(scaled);
    const float rest = scaled - float(whole);
    return sign | (whole + (rest > 0.5f || (rest == 0.5f && (whole & 1)) ? 1u : 0u));
  }
  const uint32_t odd = magnitude >> 13 & 1;
  return sign | ((magnitude - 0x38000000u + 0xFFFu + odd) >> 13);
}
uint32_t float_to_bfloat(float x) {
  const uint32_t bits = same_bits<uint32_t>(x);
  return (bits + 0x7FFFu + (bits >> 16 & 1)) >> 16;
}

// The largest magnitudes that are written as finite numbers.
constexpr double largest_written[element_types] = {
#define ORTHANT_ELEMENT(name, PUBLIC, number, bytes, most) most,
#include "elements.def"
#undef ORTHANT_ELEMENT
};

bool fits(Element type, double x) {
  const double most = largest_written[int32_t(type)];
  return is_finite(x) && x <= most && x >= -most - (is_integer(type) ? 1 : 0);
}

// A number that fits, as the bits that stand for it.
uint64_t stored(Element type, double x) {
  switch (type) {
    case Element::f32: return same_bits<uint32_t>(float(x));
    case Element::f16: return float_to_half(float(x));
    case Element::bf16: return float_to_bfloat(float(x));
    case Element::f64: return same_bits<uint64_t>(x);
    case Element::i8:
    case Element::i16:
    case Element::i32: break;
  }
  return uint64_t(int64_t(x));
}

}  // namespace

template <class T>
void BlobWriter::store(size_t from, size_t n, const T *values) {
  if (!out_ || !good_) return;
  const size_t width = element_bytes[int32_t(item_.type)];
  unsigned char *p = payload_ + from * width;
  for (size_t k = 0; k < n; ++k, p += width) {
    double x = double(values[k]);
    good_ = is_finite(x);
    if (is_integer(item_.type)) x = floor(x / double(item_.scale) + 0.5) + double(item_.zero);
    good_ = good_ && fits(item_.type, x);
    if (!good_) return;
    put(p, stored(item_.type, x), int32_t(width));
  }
}

size_t BlobWriter::finish() {
  if (!good_ || added_ != records_) return 0;
  const uint64_t total = rounded_up(end_, align_);
  if (out_) write_header(total);
  return size_t(total);
}

void BlobWriter::write_header(uint64_t total) {
  const uint64_t data = rounded_up(header_bytes + uint64_t(records_) * record_bytes, align_);
  memset(out_ + end_, 0, size_t(total - end_));
  memcpy(out_, magic, sizeof magic);
  put(out_ + at_major, major_version, 2);
  put(out_ + at_endian, endian_tag, 4);
  put(out_ + at_kind, kind_, 4);
  put(out_ + at_records, records_, 4);
  put(out_ + at_total, total, 8);
  put(out_ + at_directory, header_bytes, 4);
  put(out_ + at_data, data, 4);
  put(out_ + at_align, align_, 4);
  put(out_ + at_data_crc, crc32(0, out_ + data, size_t(total - data)), 4);
  put(out_ + at_directory_crc, directory_crc(out_, records_), 4);
}

// ---- conversion

void blob_quantize(Element type, double low, double high, float *scale, int32_t *zero) {
  low = min_of(low, 0.0);
  high = max_of(high, 0.0);
  const double steps = type == Element::i8 ? 255 : 65535, bottom = type == Element::i8 ? -128 : -32768;
  *scale = float((high - low) / steps);
  // A whole number of steps must reach both ends, whatever the rounding of the scale.
  while (*scale > 0 && (floor(high / double(*scale) + 0.5) - floor(low / double(*scale) + 0.5)) > steps)
    *scale *= 1.0f + FLT_EPSILON;
  if (!(*scale >= FLT_MIN)) *scale = 1;
  *zero = int32_t(bottom - floor(low / double(*scale) + 0.5));
}

namespace {

constexpr size_t chunk = 16;  // numbers on the stack

// body(first, numbers, values) for all numbers of a record.
template <class Body>
void by_chunks(const Record &r, const Body &body) {
  double values[chunk];
  for (size_t k = 0; k < r.count; k += chunk) {
    const size_t n = min_of(chunk, r.count - k);
    r.read(k, n, values);
    body(k, n, values);
  }
}

// How a record is written where matrices become `type`.
BlobItem converted(const Record &r, Element type) {
  BlobItem item = {r.name, r.type, r.rank, {r.dims[0], r.dims[1], r.dims[2], r.dims[3]}, r.scale, r.zero};
  if (r.rank < 2 || r.type == Element::i32 || r.type == type) return item;
  item.type = type;
  item.scale = 1;
  item.zero = 0;
  if (!is_integer(type)) return item;
  double low = 0, high = 0;
  by_chunks(r, [&](size_t, size_t n, const double *values) {
    for (size_t j = 0; j < n; ++j) {
      low = min_of(low, values[j]);
      high = max_of(high, values[j]);
    }
  });
  blob_quantize(type, low, high, &item.scale, &item.zero);
  return item;
}

}  // namespace

size_t blob_convert(const Blob &from, Element type, int32_t align_log2, void *out) {
  BlobWriter writer(from.kind(), from.records(), out, align_log2);
  for (int32_t i = 0; i < from.records(); ++i) {
    const Record r = from.record(i);
    writer.add(converted(r, type));
    if (out) by_chunks(r, [&](size_t k, size_t n, const double *values) { writer.store(k, n, values); });
  }
  return writer.finish();
}

#define INSTANTIATE(T) template void BlobWriter::store<T>(size_t, size_t, const T *);
ORTHANT_FOR_TYPES(INSTANTIATE)
#ifndef ORTHANT_F64
INSTANTIATE(double)
#endif

}  // namespace orthant
