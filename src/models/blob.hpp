// The weight blob: numbers with names, read where they lie (flash, a mapped file).  Little-endian, a 64-byte header,
// 64-byte records in ascending order of name, then the payloads, each at a multiple of the alignment:
//
//   header  0 magic[8]   8 major u16  10 minor u16  12 endian u32  16 kind u32  20 records u32  24 bytes u64
//          32 directory u32 (64)  36 data u32  40 log2 alignment u32  44 CRC of header and directory (itself zero)
//          48 CRC of the data u32  52 flags u32 (0)  56 zero[8]
//   record  0 name[24]  24 type u8  25 rank u8  26 flags u16 (0)  28 dims u32[4]  44 offset u32  48 bytes u32
//          52 scale f32  56 zero point i32  60 zero[4]
//
// There is one way to lay out given records: payload i begins where payload i-1 ends, rounded up; the file ends where
// the last one ends, rounded up; gaps are zero.  So overlaps and holes need no search.  Fields are read byte by byte:
// any address and any byte order of the host will do for that; payloads want the alignment.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace orthant {

#define ORTHANT_MODEL_KIND(name, PUBLIC, number, text) name = number,
enum class ModelKind : uint32_t {
#include "model_kinds.def"
};
#undef ORTHANT_MODEL_KIND
#define ORTHANT_MODEL_KIND(name, PUBLIC, number, text) +1
constexpr uint32_t model_kinds = 0
#include "model_kinds.def"
    ;
#undef ORTHANT_MODEL_KIND

#define ORTHANT_ELEMENT(name, PUBLIC, number, bytes, most) name = number,
enum class Element : uint8_t {
#include "elements.def"
};
#undef ORTHANT_ELEMENT
#define ORTHANT_ELEMENT(name, PUBLIC, number, bytes, most) bytes,
constexpr size_t element_bytes[] = {
#include "elements.def"
};
#undef ORTHANT_ELEMENT
constexpr int32_t element_types = int32_t(sizeof element_bytes / sizeof element_bytes[0]);

// Their words; null outside.
const char *name_of(ModelKind kind);
const char *name_of(Element element);

// In which results of type T are written.
template <class T>
constexpr Element own_element = sizeof(T) == 4 ? Element::f32 : Element::f64;
constexpr int32_t blob_max_records = 256, blob_name_bytes = 24;

// What is wrong with a blob: one name and one text for each refusal.
enum class BlobFault : int32_t {
#define ORTHANT_BLOB_FAULT(name, text) name,
#include "blob_fault.def"
#undef ORTHANT_BLOB_FAULT
};
const char *blob_fault_text(BlobFault fault);

// One array of a blob.  The value of element i is scale * (stored - zero); scale is 1 and zero 0 for floating types.
struct Record {
  const char *name = nullptr;  // in the blob, with its NUL
  Element type = Element::f32;
  int32_t rank = 0;
  uint32_t dims[4] = {0, 0, 0, 0};  // beyond rank: 0; dims[0] runs fastest
  const unsigned char *data = nullptr;
  size_t count = 0, bytes = 0;
  float scale = 1;
  int32_t zero = 0;

  bool is(int32_t wanted_rank, uint32_t d0 = 0, uint32_t d1 = 0, uint32_t d2 = 0, uint32_t d3 = 0) const {
    return rank == wanted_rank && dims[0] == d0 && dims[1] == d1 && dims[2] == d2 && dims[3] == d3;
  }
  // Elements from .. from + n as numbers of type T.
  template <class T>
  void read(size_t from, size_t n, T *out) const;
  template <class T>
  T value(size_t i) const {
    T x;
    read(i, 1, &x);
    return x;
  }
};

// A blob that passed blob_open.
class Blob {
 public:
  explicit Blob(const void *at) : at_(static_cast<const unsigned char *>(at)) {}
  ModelKind kind() const;
  int32_t records() const;
  size_t bytes() const;
  int32_t align_log2() const;
  Record record(int32_t i) const;
  bool find(const char *name, Record *out) const;  // by bisection
  bool verify() const;                             // reads all data for their CRC

 private:
  const unsigned char *at_;
};

// Every check but that of the data's CRC, in time linear in the records; BlobFault::none where it is good.
BlobFault blob_open(const void *at, size_t bytes);

// ---- Writing, into memory of the caller's at any address ------------------------------------------------------------

struct BlobItem {
  const char *name;  // at most 23 printable characters
  Element type;
  int32_t rank;
  uint32_t dims[4];  // beyond rank: 0
  float scale = 1;
  int32_t zero = 0;
};

// As with a Carver the same calls measure, with a null `out`, and write: add the records in ascending order of name,
// after each one store its values, finish.
class BlobWriter {
 public:
  BlobWriter(ModelKind kind, int32_t records, void *out, int32_t align_log2 = 6);
  void add(const BlobItem &item);
  // Elements from .. from + n of the record added last, converted to its type; what does not fit (NaN and Inf never
  // do) spoils the blob.
  template <class T>
  void store(size_t from, size_t n, const T *values);
  // Seals the blob and gives its bytes; 0 where these records cannot make one.
  size_t finish();

 private:
  void write_record(uint64_t offset, uint64_t bytes);
  void write_header(uint64_t total);

  unsigned char *out_, *payload_ = nullptr;
  const char *last_ = nullptr;
  uint64_t end_;
  uint32_t kind_, records_, align_, added_ = 0;
  BlobItem item_{};
  bool good_;
};

// The scale and zero point that spread [low, high] (zero included) over an integer type.
void blob_quantize(Element type, double low, double high, float *scale, int32_t *zero);

// The same records with matrices (rank 2 and above) as `type`; scalars, vectors and i32 stay, as biases and limits want
// their precision and weigh little.  The bytes, or 0 where a value does not fit; null out: only measures.
size_t blob_convert(const Blob &from, Element type, int32_t align_log2, void *out);

uint32_t crc32(uint32_t crc, const unsigned char *data, size_t bytes);  // as in zlib; begin with 0

}  // namespace orthant
