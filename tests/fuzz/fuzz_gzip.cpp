// Anything at all is given to the gzip reader: it throws InputError or returns what can be gathered.
#include "fuzz_data.hpp"
#include "parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant::tool;
  return gather_or_refuse(bytes, size, [](std::string_view s) {
    Data data = parse_csv(inflate_gzip(s, 1 << 24, "fuzz.gz"), "fuzz.csv.gz");
    // Written out in full a few numbers may fill the memory.
    if (data.axis[0].count * data.axis[1].count > 1 << 20) throw InputError("large");
    return data;
  });
}
