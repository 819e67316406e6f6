/* same_c make FILE: V of the README's example (60 x 80), endmembers (50 x 4) and pixels (50 x 400), all f32.
 * same_c run FILE OUT: W, H of V at rank 4, abundances A that sum to one; then, as f64, objective and kkt of both reports. */
#include <stdio.h>
#include <string.h>

#include "orthant/experimental.h"

enum { ROWS = 60, COLS = 80, RANK = 4, BANDS = 50, LINES = 20, PIXELS = LINES * LINES };
static float V[ROWS * COLS], W[ROWS * RANK], H[RANK * COLS], E[BANDS * RANK], Y[BANDS * PIXELS], A[RANK * PIXELS];
static float wavelength[BANDS];
static unsigned char nmf_memory[ORTHANT_NMF_BYTES_F32(ROWS, COLS, RANK)];
static unsigned char unmix_memory[ORTHANT_UNMIX_BYTES_F32(BANDS, RANK)];

#define ALL(a) sizeof(a) / sizeof(a)[0]

static int make(FILE *f) {
  int i;
  orthant_scene_config c;
  memset(&c, 0, sizeof c);
  c.size = sizeof c, c.bands = BANDS, c.lines = c.samples = LINES, c.endmembers = RANK;
  for (i = 0; i < ROWS * COLS; ++i) V[i] = (float)((i * 7919) % 101);
  if (orthant_scene_run_f32(&c, wavelength, E, BANDS, A, RANK, Y, BANDS)) return 0;
  return fwrite(V, sizeof *V, ALL(V), f) == ALL(V) && fwrite(E, sizeof *E, ALL(E), f) == ALL(E) &&
         fwrite(Y, sizeof *Y, ALL(Y), f) == ALL(Y);
}

static int run(FILE *in, FILE *out) {
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, ROWS, COLS, ROWS), image = ORTHANT_DENSE_F32(Y, BANDS, PIXELS, BANDS);
  orthant_nmf_config c;
  orthant_unmix_config u;
  orthant_nmf_f32 *nmf;
  orthant_unmix_f32 *unmix;
  orthant_report r[2];
  double numbers[4];
  if (fread(V, sizeof *V, ALL(V), in) != ALL(V) || fread(E, sizeof *E, ALL(E), in) != ALL(E) ||
      fread(Y, sizeof *Y, ALL(Y), in) != ALL(Y))
    return 0;
  memset(&c, 0, sizeof c), memset(&u, 0, sizeof u), memset(r, 0, sizeof r);
  c.size = sizeof c, c.rows = ROWS, c.cols = COLS, c.rank = RANK;
  u.size = sizeof u, u.bands = BANDS, u.endmembers = RANK, u.sum_to_one = 1;
  r[0].size = r[1].size = sizeof r[0];
  if (orthant_nmf_init_f32(&c, nmf_memory, sizeof nmf_memory, &nmf) ||
      orthant_nmf_start_f32(nmf, &data, W, ROWS, H, RANK) || orthant_nmf_run_f32(nmf, &data, W, ROWS, H, RANK, &r[0]) ||
      orthant_unmix_init_f32(&u, E, BANDS, unmix_memory, sizeof unmix_memory, &unmix) ||
      orthant_unmix_run_f32(unmix, &image, A, RANK, &r[1]))
    return 0;
  numbers[0] = r[0].objective, numbers[1] = r[0].kkt, numbers[2] = r[1].objective, numbers[3] = r[1].kkt;
  return fwrite(W, sizeof *W, ALL(W), out) == ALL(W) && fwrite(H, sizeof *H, ALL(H), out) == ALL(H) &&
         fwrite(A, sizeof *A, ALL(A), out) == ALL(A) && fwrite(numbers, sizeof *numbers, 4, out) == 4;
}

int main(int argc, char **argv) {
  FILE *first = NULL, *second = NULL;
  int good = 0;
  if (argc == 3 && strcmp(argv[1], "make") == 0 && (first = fopen(argv[2], "wb"))) good = make(first);
  if (argc == 4 && strcmp(argv[1], "run") == 0 && (first = fopen(argv[2], "rb")) && (second = fopen(argv[3], "wb")))
    good = run(first, second);
  if (first && fclose(first)) good = 0;
  if (second && fclose(second)) good = 0;
  if (!good) fprintf(stderr, "same_c: failed\n");
  return !good;
}
