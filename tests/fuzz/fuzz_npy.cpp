// Anything at all is given to the NPY reader: it throws InputError or returns what can be gathered.
#include "fuzz_data.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  return gather_or_refuse(bytes, size, [](std::string_view s) { return orthant::tool::parse_npy(s, "fuzz.npy"); });
}
