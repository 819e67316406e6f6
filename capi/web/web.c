/* What a page calls: jobs of orthant.h as functions of numbers and arrays.  Configs, handles and reports stay on this
 * side, so that no offset of a struct is written down in JavaScript.  Column-major, each array without gaps;
 * `..._bytes` is the workspace, 0 where the config is refused; status as in the header. */
#include <string.h>

#include <orthant/experimental.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

static orthant_endmembers_config extraction(int32_t bands, int32_t pixels, int32_t count, int32_t method, int32_t seed)
{
  orthant_endmembers_config c;
  memset(&c, 0, sizeof c);
  c.size = sizeof c;
  c.bands = bands;
  c.pixels = pixels;
  c.endmembers = count;
  c.method = method;
  c.seed = (uint32_t)seed;
  return c;
}

size_t EXPORT(endmembers_bytes)(int32_t bands, int32_t pixels, int32_t count, int32_t method)
{
  const orthant_endmembers_config c = extraction(bands, pixels, count, method, 0);
  size_t bytes = 0;
  return orthant_endmembers_size_f32(&c, &bytes) ? 0 : bytes;
}

/* Y bands x pixels, E out bands x count, pixel out count */
orthant_status EXPORT(endmembers)(int32_t bands, int32_t pixels, int32_t count, int32_t method, int32_t seed,
                                  const float *Y, float *E, int32_t *pixel, void *mem, size_t bytes)
{
  const orthant_endmembers_config c = extraction(bands, pixels, count, method, seed);
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(Y, bands, pixels, bands);
  orthant_endmembers_f32 *job;
  orthant_status st = orthant_endmembers_init_f32(&c, mem, bytes, &job);
  if (!st) st = orthant_endmembers_run_f32(job, &data, 0, 0, E, bands, pixel);
  return st;
}

static orthant_unmix_config unmixing(int32_t bands, int32_t count, int32_t sum_to_one)
{
  orthant_unmix_config c = {sizeof c, bands, count, sum_to_one, 0, 0, 0, 0, 0, 0, 0};
  return c;
}

size_t EXPORT(unmix_bytes)(int32_t bands, int32_t count, int32_t sum_to_one)
{
  const orthant_unmix_config c = unmixing(bands, count, sum_to_one);
  size_t bytes = 0;
  return orthant_unmix_size_f32(&c, &bytes) ? 0 : bytes;
}

/* Y bands x pixels, E bands x count, A out count x pixels, rms out pixels; figures out: |Y - E A| / |Y|, largest kkt.
 * A pixel that cannot be unmixed has NaN in A; it is an error where no other is left. */
orthant_status EXPORT(unmix)(int32_t bands, int32_t pixels, int32_t count, int32_t sum_to_one, const float *Y,
                             const float *E, float *A, float *rms, double *figures, void *mem, size_t bytes)
{
  const orthant_unmix_config c = unmixing(bands, count, sum_to_one);
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(Y, bands, pixels, bands);
  orthant_report r = {sizeof r, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  orthant_unmix_f32 *job;
  orthant_status st = orthant_unmix_init_f32(&c, E, bands, mem, bytes, &job);
  if (!st) st = orthant_unmix_run_f32(job, &data, A, count, 0);
  for (int32_t j = 0; st == ORTHANT_E_DATA && j < pixels; ++j)
    if (A[(size_t)j * (size_t)count] == A[(size_t)j * (size_t)count]) st = ORTHANT_OK;
  if (!st) st = orthant_unmix_check_f32(job, &data, A, count, rms, 0, &r);
  figures[0] = r.rel_error;
  figures[1] = r.kkt;
  return st;
}

static orthant_nmf_config factoring(int32_t rows, int32_t cols, int32_t rank, int32_t loss, double beta,
                                    int32_t max_iter, double tol, int32_t seed)
{
  orthant_nmf_config c;
  memset(&c, 0, sizeof c);
  c.size = sizeof c;
  c.rows = rows;
  c.cols = cols;
  c.rank = rank;
  c.loss = loss;
  c.beta = beta;
  c.max_iter = max_iter;
  c.tol = tol;
  c.seed = (uint32_t)seed;
  return c;
}

size_t EXPORT(nmf_bytes)(int32_t rows, int32_t cols, int32_t rank, int32_t loss)
{
  const orthant_nmf_config c = factoring(rows, cols, rank, loss, 0, 0, 0, 0);
  size_t bytes = 0;
  return orthant_nmf_size_f32(&c, &bytes) ? 0 : bytes;
}

/* V rows x cols, W out rows x rank, H out rank x cols; figures out: |V - W H| / |V|, kkt, iterations */
orthant_status EXPORT(nmf)(int32_t rows, int32_t cols, int32_t rank, int32_t loss, double beta, int32_t max_iter,
                           double tol, int32_t seed, const float *V, float *W, float *H, double *figures, void *mem, size_t bytes)
{
  const orthant_nmf_config c = factoring(rows, cols, rank, loss, beta, max_iter, tol, seed);
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, rows, cols, rows);
  orthant_report r = {sizeof r, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  orthant_nmf_f32 *job;
  orthant_status st = orthant_nmf_init_f32(&c, mem, bytes, &job);
  if (!st) st = orthant_nmf_start_f32(job, &data, W, rows, H, rank);
  if (!st) st = orthant_nmf_run_f32(job, &data, W, rows, H, rank, &r);
  figures[0] = r.rel_error;
  figures[1] = r.kkt;
  figures[2] = r.iters;
  return st;
}

/* wavelength out bands, E out bands x count, A out count x pixels, Y out bands x pixels */
orthant_status EXPORT(scene)(int32_t bands, int32_t lines, int32_t samples, int32_t count, int32_t seed, double snr_db,
                             float *wavelength, float *E, float *A, float *Y)
{
  const orthant_scene_config c = {sizeof c, bands, lines, samples, count, 0, (uint32_t)seed, snr_db};
  return orthant_scene_run_f32(&c, wavelength, E, bands, A, count, Y, bands);
}
