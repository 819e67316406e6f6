// Versions, build, status texts.
#include "shim.hpp"

extern "C" {

const char *orthant_status_text(orthant_status status) {
  switch (status) {
#define ORTHANT_STATUS(name, code, text) \
  case code: return text;
#include "status.def"
#undef ORTHANT_STATUS
    default: return "unknown status";
  }
}

const char *orthant_version(void) { return ORTHANT_VERSION; }
int32_t orthant_abi(void) { return ORTHANT_ABI; }

const char *orthant_build(void) {
#ifdef ORTHANT_BLIS
#define ORTHANT_BACKEND "blis+lapacke"
#else
#define ORTHANT_BACKEND "builtin"
#endif
#ifdef ORTHANT_F64
  return ORTHANT_BACKEND " f32 f64";
#else
  return ORTHANT_BACKEND " f32";
#endif
}

const char *orthant_build_kernels(void) { return orthant::fastest<orthant::Kernels<float>>().name; }

}  // extern "C"
