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

const char *orthant_nmf_method_name(int32_t method) {
  static const char *const names[] = {"auto", "ehals", "hals", "ahals",  "anls",   "aoadmm",
                                      "pg",   "mu",    "ccd",  "minvol", "murnmf", "aurnmf"};
  return method >= 0 && method <= ORTHANT_NMF_AURNMF ? names[method] : nullptr;
}
const char *orthant_nmf_start_name(int32_t start) {
  static const char *const names[] = {"auto",   "cols",    "spas",     "spa",   "random",
                                      "nndsvd", "nndsvda", "nndsvdar", "given", "sub"};
  return start >= 0 && start <= ORTHANT_START_SUB ? names[start] : nullptr;
}
const char *orthant_nmf_loss_name(int32_t loss) {
  static const char *const names[] = {"frobenius", "kl", "is", "beta"};
  return loss >= 0 && loss <= ORTHANT_LOSS_BETA ? names[loss] : nullptr;
}

}  // extern "C"
