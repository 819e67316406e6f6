// Anything at all is given to the blob reader; what it accepts is read whole.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "blob.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant;
  void *copy = nullptr;
  if (posix_memalign(&copy, 256, size + (size == 0)) != 0) return 0;
  memcpy(copy, bytes, size);
  if (blob_open(copy, size) == BlobFault::none) {
    const Blob blob(copy);
    const bool verified = blob.verify();
    double sum = 0;
    for (int32_t i = 0; i < blob.records(); ++i) {
      const Record r = blob.record(i);
      for (size_t k = 0; k < r.count; ++k) sum += r.value<double>(k);
      Record found;
      if (!blob.find(r.name, &found) || found.data != r.data) abort();
    }
    if (verified && sum == 0.1234567) abort();  // keeps the reads
    const size_t needed = blob_convert(blob, Element::f32, 6, nullptr);
    if (needed != 0 && needed < 1 << 20) {
      void *out = aligned_alloc(256, (needed + 255) / 256 * 256);
      if (const size_t written = blob_convert(blob, Element::f32, 6, out); written != 0)
        if (written != needed || blob_open(out, written) != BlobFault::none || !Blob(out).verify()) abort();
      free(out);
    }
  }
  free(copy);
  return 0;
}
