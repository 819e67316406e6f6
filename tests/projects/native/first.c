/* Unmix one pixel in static memory. */
#include <orthant.h>
#include <stdio.h>

enum { BANDS = 5, ENDMEMBERS = 2 };
static const float E[BANDS * ENDMEMBERS] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.9f, 0.7f, 0.5f, 0.3f, 0.1f};
static unsigned char memory[ORTHANT_UNMIX_BYTES_F32(BANDS, ENDMEMBERS)];

int main(void) {
  const float y[BANDS] = {0.3f, 0.325f, 0.35f, 0.375f, 0.4f}; /* three quarters of the first, a quarter of the second */
  float a[ENDMEMBERS];
  const orthant_matrix_f32 pixel = ORTHANT_DENSE_F32(y, BANDS, 1, BANDS);
  orthant_unmix_config c = {sizeof c, BANDS, ENDMEMBERS, 1, 0, 0, 0, 0, 0, 0, 0};
  orthant_unmix_f32 *unmix;
  orthant_status st = orthant_unmix_init_f32(&c, E, BANDS, memory, sizeof memory, &unmix);
  if (!st) st = orthant_unmix_run_f32(unmix, &pixel, a, ENDMEMBERS, 0);
  if (!st) printf("C: %.3f %.3f\n", (double)a[0], (double)a[1]);
  return st != ORTHANT_OK || a[0] < 0.74f || a[0] > 0.76f;
}
