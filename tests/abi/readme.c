/* A C program with static memory, linked with the archive alone: a factorization, and an unmixing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "orthant.h"

enum { rows = 30, cols = 40, rank = 3, pixels = 25 };
static float V[rows * cols], W[rows * rank], H[rank * cols];
static float E[rows * rank], A[rank * pixels], truth[rank * pixels], Y[rows * pixels];
static unsigned char scratch[ORTHANT_NMF_BYTES_F32(rows, cols, rank)];
static unsigned char unmix_scratch[ORTHANT_UNMIX_BYTES_F32(rows, rank)];

static float noise(unsigned *state) {
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) / 16777216.0f;
}

static int check(const char *what, orthant_status status) {
  if (status != ORTHANT_OK) printf("%s: %s\n", what, orthant_status_text(status));
  return status == ORTHANT_OK;
}

int main(void) {
  unsigned state = 1;
  int i, j, k;
  orthant_nmf_config c;
  orthant_nmf_f32 *nmf = NULL;
  orthant_unmix_config u;
  orthant_unmix_f32 *unmix = NULL;
  orthant_report report;
  double sum, worst = 0;
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, rows, cols, rows);
  const orthant_matrix_f32 image = ORTHANT_DENSE_F32(Y, rows, pixels, rows);

  if (strcmp(orthant_version(), ORTHANT_VERSION) != 0 || orthant_abi() != ORTHANT_ABI) return 1;
  for (i = 0; i < rows * rank; ++i) E[i] = W[i] = noise(&state);
  for (i = 0; i < rank * cols; ++i) H[i] = noise(&state);
  for (j = 0; j < cols; ++j)
    for (i = 0; i < rows; ++i)
      for (k = 0; k < rank; ++k) V[i + rows * j] += W[i + rows * k] * H[k + rank * j];

  memset(&c, 0, sizeof c);
  c.size = sizeof c, c.rows = rows, c.cols = cols, c.rank = rank, c.max_iter = 2000;
  memset(&report, 0, sizeof report);
  report.size = sizeof report;
  if (!check("init", orthant_nmf_init_f32(&c, scratch, sizeof scratch, &nmf))) return 2;
  if (!check("start", orthant_nmf_start_f32(nmf, &data, W, rows, H, rank))) return 3;
  if (!check("run", orthant_nmf_run_f32(nmf, &data, W, rows, H, rank, &report))) return 4;
  printf("%s: %d iterations, relative error %.2e, kkt %.2e\n", orthant_build(), (int)report.iters, report.rel_error,
         report.kkt);
  if (!(report.rel_error < 0.02) || report.stop != ORTHANT_STOP_KKT) return 5;

  for (j = 0; j < pixels; ++j) {
    for (sum = 0, k = 0; k < rank; ++k) sum += (double)(truth[k + rank * j] = noise(&state));
    for (k = 0; k < rank; ++k) truth[k + rank * j] /= (float)sum;
    for (i = 0; i < rows; ++i)
      for (k = 0; k < rank; ++k) Y[i + rows * j] += E[i + rows * k] * truth[k + rank * j];
  }
  memset(&u, 0, sizeof u);
  u.size = sizeof u, u.bands = rows, u.endmembers = rank, u.sum_to_one = 1;
  if (!check("init", orthant_unmix_init_f32(&u, E, rows, unmix_scratch, sizeof unmix_scratch, &unmix))) return 6;
  if (!check("run", orthant_unmix_run_f32(unmix, &image, A, rank, &report))) return 7;
  for (i = 0; i < rank * pixels; ++i)
    if (fabs((double)(A[i] - truth[i])) > worst) worst = fabs((double)(A[i] - truth[i]));
  printf("unmixing: largest abundance error %.2e, kkt %.2e\n", worst, report.kkt);
  return worst < 1e-4 ? 0 : 8;
}
