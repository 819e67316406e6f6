/* A camera's inner loop: endmembers in flash, a line of pixels, static buffers, no C library but memcpy and memset.
 * Unmixes with FCLS, compares the abundances with those that a workstation found in double, and prints what it cost. */
#include "board.h"
#include "orthant.h"
#include "pixels.h"

static float line[BANDS * PIXELS], abundance[ENDMEMBERS * PIXELS];
static unsigned char workspace[ORTHANT_UNMIX_BYTES_F32(BANDS, ENDMEMBERS)];

static void say(const char *what, uint32_t number) {
  board_print(what);
  board_print(" ");
  board_print_unsigned(number);
  board_print("\n");
}

int main(void) {
  static orthant_unmix_config c;
  static orthant_report report;
  const orthant_matrix_f32 pixels = ORTHANT_DENSE_F32(line, BANDS, PIXELS, BANDS);
  orthant_unmix_f32 *handle = NULL;
  size_t bytes = 0, stack[5];
  generate(line, PIXELS);
  c.size = sizeof c, c.bands = BANDS, c.endmembers = ENDMEMBERS, c.sum_to_one = 1;
  report.size = sizeof report;

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
      const float a = abundance[k + ENDMEMBERS * j], d = a - expected[k + ENDMEMBERS * j];
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
  say("instructions_per_pixel", ticks * board_clock_tick() / PIXELS);
  say("worst_error_ppb", (uint32_t)(worst * 1e9f));
  say("of_which_are_allowed", (uint32_t)(expected_within * 1e9f));
  say("sum_error_ppb", (uint32_t)(off * 1e9f));
  return worst <= expected_within && off < 2e-6f && !(least < 0.0f) && report.kkt < 1e-5 && report.rel_error < 1e-3 ? 0 : 1;
}
