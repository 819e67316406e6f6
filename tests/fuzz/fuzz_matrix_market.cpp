// Anything at all is given to the MatrixMarket reader: it throws InputError or returns what can be gathered.
#include "fuzz_data.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  using namespace orthant::tool;
  return gather_or_refuse(bytes, size, [](std::string_view s) {
    Data data = parse_matrix_market(s, "fuzz.mtx");
    // Written out in full a few numbers may fill the memory.
    if (data.axis[0].count * data.axis[1].count > 1 << 20) throw InputError("large");
    return data;
  });
}
