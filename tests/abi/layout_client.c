/* The header alone, twice; the sizes that callers were compiled with; static arrays from the macros. */
#include "orthant.h"
#include "orthant.h"

#define ASSERT(name, condition) typedef char assert_##name[(condition) ? 1 : -1]

ASSERT(status, sizeof(orthant_status) == 4);
ASSERT(report, sizeof(orthant_report) == 72);
ASSERT(unmix_tol, offsetof(orthant_unmix_config, tol) == 32);
ASSERT(nmf_rank, offsetof(orthant_nmf_config, rank) == 12);
ASSERT(nmf_tol, offsetof(orthant_nmf_config, tol) == 56);
ASSERT(nmf_seed, offsetof(orthant_nmf_config, seed) == 184);
ASSERT(nmf_progress, offsetof(orthant_nmf_config, progress) == 192);
ASSERT(scores, sizeof(orthant_scores) == 32);
#if UINTPTR_MAX == 0xFFFFFFFFFFFFFFFFu
ASSERT(matrix_f32, sizeof(orthant_matrix_f32) == 72);
ASSERT(matrix_f64, sizeof(orthant_matrix_f64) == 72);
ASSERT(parallel, sizeof(orthant_parallel) == 24);
ASSERT(unmix, sizeof(orthant_unmix_config) == 56);
ASSERT(nmf, sizeof(orthant_nmf_config) == 240);
ASSERT(endmembers, sizeof(orthant_endmembers_config) == 56);
#endif
ASSERT(status_codes, ORTHANT_OK == 0 && ORTHANT_E_ARG == -1 && ORTHANT_E_SCRATCH == -2 && ORTHANT_E_DATA == -3 &&
                         ORTHANT_E_UNSUPPORTED == -5 && ORTHANT_E_READ == -6);

unsigned char unmix_scratch[ORTHANT_UNMIX_BYTES_F32(224, 6)];
unsigned char nmf_scratch[ORTHANT_NMF_BYTES_F64(50, 40, 3)];
unsigned char *orthant_layout_client(void);
unsigned char *orthant_layout_client(void) { return unmix_scratch[0] ? nmf_scratch : unmix_scratch; }
