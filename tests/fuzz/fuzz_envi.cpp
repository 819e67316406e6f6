// Anything at all is given to the ENVI reader: it throws InputError or returns what can be gathered.
#include "fuzz_data.hpp"

// The header ends at the first zero byte; what follows is the data file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  return gather_or_refuse(bytes, size, [](std::string_view s) {
    const size_t zero = s.find('\0');
    const std::string_view data = zero == s.npos ? std::string_view() : s.substr(zero + 1);
    return orthant::tool::parse_envi(s.substr(0, zero), data, "fuzz.hdr");
  });
}
