/* The calls of one job, and nothing else: of FCLS unmixing, or with NMF, NALMU or FACTORMER of that; with EMPTY of none.
 * The difference of two images is what the library costs in flash, with all it needs of the compiler's and
 * the C library. */
#include "orthant.h"

const void *volatile config;
const void *volatile data;
void *volatile memory;
float *volatile numbers;
orthant_report *volatile report;
volatile size_t bytes;

int main(void) {
  orthant_status status = 0;
#ifndef EMPTY
  size_t needed = 0;
#endif
#if defined(NMF)
  orthant_nmf_f32 *handle = NULL;
  status |= orthant_nmf_size_f32(config, &needed);
  status |= orthant_nmf_init_f32(config, memory, bytes, &handle);
  status |= orthant_nmf_start_f32(handle, data, numbers, 198, numbers, 4);
  status |= orthant_nmf_run_f32(handle, data, numbers, 198, numbers, 4, report);
#elif defined(NALMU)
  const orthant_model *model = NULL;
  orthant_nalmu_config c = *(const orthant_nalmu_config *)config;
  orthant_nalmu_f32 *handle = NULL;
  status |= orthant_model_open(data, bytes, &model);
  c.model = model;
  status |= orthant_nalmu_size_f32(&c, &needed);
  status |= orthant_nalmu_init_f32(&c, memory, bytes, &handle);
  status |= orthant_nalmu_run_f32(handle, data, numbers, 198, numbers, 4, report);
#elif defined(FACTORMER)
  const orthant_model *model = NULL;
  orthant_factormer_config c = *(const orthant_factormer_config *)config;
  orthant_factormer_f32 *handle = NULL;
  status |= orthant_model_open(data, bytes, &model);
  c.model = model;
  status |= orthant_factormer_size_f32(&c, &needed);
  status |= orthant_factormer_init_f32(&c, memory, bytes, &handle);
  status |= orthant_factormer_run_f32(handle, data, numbers, 198, numbers, 4, NULL, 0, NULL, 0);
#elif !defined(EMPTY)
  orthant_unmix_f32 *handle = NULL;
  status |= orthant_unmix_size_f32(config, &needed);
  status |= orthant_unmix_init_f32(config, numbers, 198, memory, bytes, &handle);
  status |= orthant_unmix_run_f32(handle, data, numbers, 4, report);
#endif
  return (int)status +
         (config != NULL && data != NULL && memory != NULL && numbers != NULL && report != NULL && bytes != 0);
}
