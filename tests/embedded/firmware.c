/* A camera's inner loop: endmembers in flash, a line of pixels, static buffers, no C library but memcpy and memset.
 * Unmixes with FCLS, verifies the abundances against those it mixed the pixels from, and prints what it cost. */
#include "board.h"
#include "orthant.h"

enum { BANDS = 198, ENDMEMBERS = 4, PIXELS = 32 };

static float endmembers[BANDS * ENDMEMBERS], line[BANDS * PIXELS], truth[ENDMEMBERS * PIXELS];
static float abundance[ENDMEMBERS * PIXELS];
static unsigned char workspace[ORTHANT_UNMIX_BYTES_F32(BANDS, ENDMEMBERS)];

static uint32_t state = 1;
static float uniform(void) { /* [0, 1) */
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) * (1.0f / 16777216.0f);
}

/* Smooth bumps on a slope, as reflectance is; abundances of which every second pixel lacks one, so that constraints are
 * active; a little noise. */
static void generate(void) {
  for (int k = 0; k < ENDMEMBERS; ++k)
    for (int i = 0; i < BANDS; ++i) {
      const float x = (float)i / BANDS, d = x - (float)(k + 1) / (ENDMEMBERS + 1);
      endmembers[i + BANDS * k] = 0.1f + 0.3f * x * (float)(k & 1) + 0.5f / (1.0f + 40.0f * d * d);
    }
  for (int j = 0; j < PIXELS; ++j) {
    float sum = 0;
    for (int k = 0; k < ENDMEMBERS; ++k) {
      const float a = k == j / 2 % ENDMEMBERS && j % 2 ? 0.0f : 0.05f + uniform();
      truth[k + ENDMEMBERS * j] = a;
      sum += a;
    }
    for (int k = 0; k < ENDMEMBERS; ++k) truth[k + ENDMEMBERS * j] /= sum;
    for (int i = 0; i < BANDS; ++i) {
      float y = 0.0005f * (uniform() - 0.5f);
      for (int k = 0; k < ENDMEMBERS; ++k) y += endmembers[i + BANDS * k] * truth[k + ENDMEMBERS * j];
      line[i + BANDS * j] = y;
    }
  }
}

static void say(const char *what, uint32_t number) {
  board_print(what);
  board_print(" ");
  board_print_unsigned(number);
  board_print("\n");
}

int main(void) {
  orthant_unmix_config c = {sizeof(orthant_unmix_config), BANDS, ENDMEMBERS, 1, 0, 0, 0, 0.0, NULL};
  const orthant_matrix_f32 pixels = ORTHANT_DENSE_F32(line, BANDS, PIXELS, BANDS);
  orthant_unmix_f32 *handle = NULL;
  orthant_report report = {sizeof(orthant_report), 0, 0, 0, 0.0, 0.0, 0.0};
  size_t bytes = 0, stack[5];
  generate();

  board_paint_stack();
  orthant_status status = orthant_unmix_size_f32(&c, &bytes);
  stack[0] = board_stack_used();
  board_paint_stack();
  if (status == ORTHANT_OK)
    status = orthant_unmix_init_f32(&c, endmembers, BANDS, workspace, sizeof workspace, &handle);
  stack[1] = board_stack_used();
  board_paint_stack();
  board_start_clock();
  if (status == ORTHANT_OK) status = orthant_unmix_run_f32(handle, &pixels, abundance, ENDMEMBERS, NULL);
  const uint32_t ticks = board_clock();
  stack[2] = board_stack_used();
  board_paint_stack(); /* so little noise that the report is computed from the data once more */
  if (status == ORTHANT_OK) status = orthant_unmix_run_f32(handle, &pixels, abundance, ENDMEMBERS, &report);
  stack[3] = board_stack_used();
  board_paint_stack();
  if (status == ORTHANT_OK)
    status = orthant_unmix_check_f32(handle, &pixels, abundance, ENDMEMBERS, NULL, NULL, &report);
  stack[4] = board_stack_used();
  if (status != ORTHANT_OK) {
    say("status, negated", (uint32_t)-status);
    return 1;
  }

  float worst = 0, least = 0, off = 0;
  for (int j = 0; j < PIXELS; ++j) {
    float sum = 0;
    for (int k = 0; k < ENDMEMBERS; ++k) {
      const float a = abundance[k + ENDMEMBERS * j], d = a - truth[k + ENDMEMBERS * j];
      worst = d > worst ? d : -d > worst ? -d : worst;
      least = a < least ? a : least;
      sum += a;
    }
    off = sum - 1.0f > off ? sum - 1.0f : 1.0f - sum > off ? 1.0f - sum : off;
  }
  say("workspace", (uint32_t)bytes);
  say("stack_size", (uint32_t)stack[0]);
  say("stack_init", (uint32_t)stack[1]);
  say("stack_run", (uint32_t)stack[2]);
  say("stack_run_report", (uint32_t)stack[3]);
  say("stack_check", (uint32_t)stack[4]);
  say("instructions_per_pixel", ticks / PIXELS * board_clock_tick());
  say("worst_error_ppm", (uint32_t)(worst * 1e6f));
  say("sum_error_ppb", (uint32_t)(off * 1e9f));
  return worst < 0.02f && off < 2e-6f && !(least < 0.0f) && report.kkt < 1e-5 && report.rel_error < 1e-3 ? 0 : 1;
}
