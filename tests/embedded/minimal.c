/* The three calls of FCLS unmixing, and nothing else; with EMPTY not even these.  The difference of the two images is
 * what the library costs in flash, with all it needs of the compiler's and the C library. */
#include "orthant.h"

const orthant_unmix_config *volatile config;
const orthant_matrix_f32 *volatile pixels;
float *volatile numbers;
orthant_report *volatile report;
volatile size_t bytes;

int main(void) {
#ifndef EMPTY
  orthant_unmix_f32 *handle = NULL;
  size_t needed = 0;
  orthant_status status = orthant_unmix_size_f32(config, &needed);
  status |= orthant_unmix_init_f32(config, numbers, 198, numbers, bytes, &handle);
  status |= orthant_unmix_run_f32(handle, pixels, numbers, 4, report);
  return (int)status;
#else
  return config != NULL && pixels != NULL && numbers != NULL && report != NULL && bytes != 0;
#endif
}
